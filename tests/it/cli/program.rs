//! The real program, as a user starts it.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

/// What a run printed and how it ended.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs `opine` in an empty folder of its own, so that the shipped data are used.
pub fn opine(args: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    opine_in(folder.path(), args, "")
}

/// Runs `opine` in a folder, with a text on standard input.
pub fn opine_in(folder: &Path, args: &[&str], input: &str) -> Run {
    use std::io::Write;
    let mut child = command(folder, args).stdin(Stdio::piped()).spawn().unwrap();
    let _deadline = Deadline::new(&child);
    let written = child.stdin.take().unwrap().write_all(input.as_bytes());
    // A program that needs no input may have ended before it was written.
    drop(written);
    ended(child.wait_with_output().unwrap())
}

pub fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_opine"));
    command
        .current_dir(folder)
        .args(args)
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Kills a process that is still there after five minutes, so that one that hangs fails its test and not the whole run.
pub struct Deadline {
    /// Hung up when the process is no longer waited for.
    _waiting: Sender<()>,
}

impl Deadline {
    pub fn new(child: &Child) -> Deadline {
        let id = child.id().to_string();
        let (waiting, hung_up) = mpsc::channel::<()>();
        std::thread::spawn(move || {
            let longest = Duration::from_secs(300);
            if hung_up.recv_timeout(longest) == Err(RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-KILL", &id]).status();
            }
        });
        Deadline { _waiting: waiting }
    }
}

fn ended(output: Output) -> Run {
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!run.err.contains("panicked"), "{}", run.err);
    run
}

/// The rows of a JSON answer.
pub fn rows(run: &Run) -> Vec<serde_json::Value> {
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

/// A number of a row.
pub fn number(row: &serde_json::Value, column: &str) -> f64 {
    row[column]
        .as_f64()
        .unwrap_or_else(|| panic!("no {column} in {row}"))
}

/// A folder with an own copy of the shipped data.
pub fn own_copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let run = opine_in(folder.path(), &["init", "."], "");
    assert_eq!(run.code, 0, "{}", run.err);
    folder
}

/// What is drawn in an SVG file, without what it says of the inputs it was made of.
pub fn picture(svg: &str) -> String {
    let lines = svg.lines().filter(|line| !line.starts_with("<metadata>"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Runs a line as a shell would, the program on its path, a home of its own.
pub fn shell(folder: &Path, line: &str) -> (bool, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_opine")).parent().unwrap();
    let path = format!(
        "{}:{}",
        program.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", path)
        .env("HOME", folder)
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    // 1: findings, which an example of a strict check has.
    (matches!(output.status.code(), Some(0 | 1)), err)
}
