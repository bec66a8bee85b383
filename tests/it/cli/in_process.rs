//! Commands within one process, with buffers in the place of the terminal.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use opine::cli::{ExitCode, Streams, run_from};
use opine::internals::present::table::TextOptions;

use crate::cli::program::opine;

/// How a command ended, its output and its errors.
fn run(args: &[&str], input: &str) -> (ExitCode, String, String) {
    let (mut output, mut error) = (Vec::new(), Vec::new());
    let streams = Streams::buffers(input.as_bytes(), &mut output, &mut error);
    let code = run_from([&["opine"], args].concat(), streams);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (code, text(output), text(error))
}

/// Command lines of all kinds of ends, whatever folder they run in.
const LINES: [&[&str]; 10] = [
    &["interval", "63", "-n", "1500", "--deff", "1.6"],
    &[
        "compare",
        "48",
        "45",
        "-n",
        "1000",
        "--relation",
        "same-question",
    ],
    &["schema", "check", "--json"],
    &["check", "--rules"],
    &["size", "--moe", "3"],
    &["--version"],
    &["estimate", "--help"],
    &["interval", "163", "-n", "1500"],
    &["compare", "48"],
    &["describe", "nowhere.csv"],
];

#[test]
fn a_command_prints_what_the_program_prints() {
    for line in LINES {
        let (code, output, error) = run(line, "");
        let program = opine(line);
        assert_eq!(i32::from(code.code()), program.code, "{line:?}");
        assert_eq!((output, error), (program.out, program.err), "{line:?}");
    }
}

#[test]
fn commands_run_side_by_side() {
    let alone: Vec<_> = LINES.iter().map(|line| run(line, "")).collect();
    std::thread::scope(|scope| {
        let threads = (0..4).map(|shift| {
            let alone = &alone;
            scope.spawn(move || {
                for at in 0..LINES.len() {
                    let at = (at + 3 * shift) % LINES.len();
                    assert_eq!(run(LINES[at], ""), alone[at], "{:?}", LINES[at]);
                }
            })
        });
        let threads: Vec<_> = threads.collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn a_buffer_is_standard_input() {
    let poll = std::fs::read_to_string("examples/poll.csv").unwrap();
    let from_file = run(&["estimate", "examples/poll.csv", "prop(q1)", "--csv"], "");
    let (code, output, _) = run(&["estimate", "-", "prop(q1)", "--csv"], &poll);
    assert_eq!(code, ExitCode::Fine);
    assert_eq!(output.replace("stdin,", "poll,"), from_file.1);
}

#[test]
fn quiet_stands_before_the_command_or_after_it() {
    let warned = run(&["summary", "egf2023/worried"], "");
    assert!(warned.2.contains("data:"), "{}", warned.2);
    for line in [
        &["-q", "summary", "egf2023/worried"],
        &["summary", "egf2023/worried", "--quiet"],
    ] {
        assert_eq!(
            run(line, ""),
            (ExitCode::Fine, warned.1.clone(), String::new())
        );
    }
}

#[test]
fn a_set_flag_stops_long_work() {
    let (mut output, mut error) = (Vec::new(), Vec::new());
    let flag = Arc::new(AtomicBool::new(true));
    let streams = Streams::buffers(std::io::empty(), &mut output, &mut error).with_interrupt(flag);
    let code = run_from(
        ["opine", "estimate", "examples/poll.csv", "prop(q1)"],
        streams,
    );
    assert_eq!((code, code.code()), (ExitCode::Interrupted, 130));
    assert_eq!(String::from_utf8(error).unwrap(), "stopped\n");
    assert!(output.is_empty());
}

#[test]
fn a_narrow_reader_gets_narrow_tables() {
    let mut output = Vec::new();
    let streams = Streams::buffers(std::io::empty(), &mut output, std::io::sink());
    let look = TextOptions {
        width: 60,
        styled: false,
    };
    run_from(
        ["opine", "summary", "egf2023/view_both"],
        streams.with_look(look),
    );
    let text = String::from_utf8(output).unwrap();
    assert!(
        text.lines().all(|line| line.chars().count() <= 60),
        "{text}"
    );
}
