//! Signals, pipes, devices, links and names as systems have them.
#![cfg(unix)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::program::command;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// How many temporary files a process has, wherever they lie.
fn of_process(id: u32, scratch: &Path) -> usize {
    let there = [names(scratch), names("/dev/shm".as_ref())].concat();
    let prefix = format!("opine-input-{id}-");
    there
        .iter()
        .filter(|name| name.starts_with(&prefix))
        .count()
}

#[test]
fn no_signal_leaves_respondents_behind() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = folder.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    for signal in ["INT", "TERM", "HUP"] {
        let mut child = command(folder.path(), &["estimate", "-", "mean(x)"])
            .env("TMPDIR", &scratch)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input
            .write_all("x\n1\n2\n".repeat(10_000).as_bytes())
            .unwrap();
        let started = Instant::now();
        while of_process(child.id(), &scratch) == 0 {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "nothing was read"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        let kill = Command::new("kill")
            .args([format!("-{signal}"), child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        let ended = child.wait().unwrap();
        assert!(!ended.success(), "{signal}");
        drop(input);
        assert_eq!(names(&scratch), Vec::<String>::new(), "{signal}");
        assert_eq!(of_process(child.id(), &scratch), 0, "{signal}");
    }
}

#[test]
fn pipes_are_read_and_what_never_ends_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("d.csv"), "x,q\n1,a\n2,b\n4,a\n").unwrap();
    let shell = |script: &str| {
        let output = Command::new("sh")
            .args(["-c", script])
            .current_dir(folder.path())
            .env("OPINE", env!("CARGO_BIN_EXE_opine"))
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let mean = "estimate $FILE 'mean(x)' --csv";
    for (before, file) in [
        ("mkfifo p; cat d.csv > p &", "p"),
        ("cat d.csv |", "/dev/stdin"),
        ("<d.csv", "/dev/stdin"),
        ("cat d.csv |", "-"),
    ] {
        let (code, out, err) = shell(&format!(
            "{before} \"$OPINE\" {}",
            mean.replace("$FILE", file)
        ));
        assert_eq!(code, Some(0), "{before} {file}: {err}");
        assert!(out.contains("mean,2.333"), "{out}");
    }
    for (args, part) in [
        ("weight d.csv --rake /dev/zero -o o.csv", "no small table"),
        ("estimate d.csv 'mean(x)' --design /dev/zero", "16 MB"),
        ("weight d.csv --recipe /dev/zero -o o.csv", "16 MB"),
        ("crosstab d.csv --plan /dev/zero", "16 MB"),
    ] {
        let (code, _, err) = shell(&format!("\"$OPINE\" {args}"));
        assert!(
            matches!(code, Some(2 | 3)) && err.contains(part),
            "{args}: {code:?} {err}"
        );
    }
    // a message does not know the name of the file that a pipe was kept in
    let (code, _, err) = shell("printf 'x,y\\n1\\n2,3,4\\n' | \"$OPINE\" estimate - 'mean(x)'");
    assert_eq!(code, Some(3), "{err}");
    assert!(err.contains("standard input: line 3"), "{err}");
}

#[test]
fn long_names_and_links_are_written() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("d.csv"), "x\n1\n2\n4\n").unwrap();
    std::os::unix::fs::symlink("target.csv", folder.path().join("link.csv")).unwrap();
    let long = format!("{}.csv", "ä".repeat(125));
    for _ in 0..2 {
        for to in ["link.csv", &long] {
            let run = command(folder.path(), &["estimate", "d.csv", "mean(x)", "-o", to]).output();
            let run = run.unwrap();
            assert!(
                run.status.success(),
                "{to}: {}",
                String::from_utf8_lossy(&run.stderr)
            );
        }
        assert!(folder.path().join("link.csv").is_symlink());
        assert!(
            fs::read_to_string(folder.path().join("target.csv"))
                .unwrap()
                .contains("mean")
        );
        assert!(folder.path().join(&long).is_file());
    }
}
