//! The price of a command as a whole process: start-up, reading the store, the work, the output.

use std::process::{Command, Stdio};

use divan::Bencher;

fn main() {
    divan::main();
}

/// The command lines that are timed, as one would type them.
const COMMANDS: [&str; 9] = [
    "--version",
    "interval 63 -n 1500",
    "summary egf2023 -q",
    "list figures --csv -q",
    "check -q",
    "report -q",
    "trend us2016.csv --response Clinton -q",
    "trend us2016.csv --lead Clinton-Trump --show daily --csv -q",
    "trend us2016.csv --backtest -q",
];

#[divan::bench(args = COMMANDS, sample_count = 20, sample_size = 1)]
fn opine(bencher: Bencher, command: &str) {
    let folder = std::env::temp_dir().join(format!("opine-bench-{}", std::process::id()));
    if let Err(error) = std::fs::create_dir_all(&folder) {
        panic!("{}: {error}", folder.display());
    }
    let polls = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/us2016.csv");
    if let Err(error) = std::fs::copy(polls, folder.join("us2016.csv")) {
        panic!("{polls}: {error}");
    }
    bencher.bench(|| {
        Command::new(env!("CARGO_BIN_EXE_opine"))
            .args(command.split(' '))
            .current_dir(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
    });
    let _ = std::fs::remove_dir_all(&folder);
}
