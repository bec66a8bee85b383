//! Signals, pipes, devices, links and names as systems have them.
#![cfg(unix)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::program::{command, opine_in, own_copy};

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

/// How a process ended, which must not take a minute.
fn ended(child: &mut Child, what: &str) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if started.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("{what}: still running");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What a script printed, with `$OPINE` for the program. It writes to files, so that a writer left behind holds nothing open.
fn shell(folder: &Path, script: &str) -> (Option<i32>, String, String) {
    let [out, err] = ["script.out", "script.err"].map(|name| folder.join(name));
    let mut child = Command::new("sh")
        .args(["-c", script])
        .current_dir(folder)
        .env("OPINE", env!("CARGO_BIN_EXE_opine"))
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out).unwrap())
        .stderr(fs::File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let status = ended(&mut child, script);
    let text = |path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    (status.code(), text(out), text(err))
}

/// A program that has read respondents from a pipe, which stays open.
fn reading(scratch: &Path, run: &mut Command) -> Child {
    let mut child = run
        .env("TMPDIR", scratch)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let rows = format!("x\n{}", "1\n2\n".repeat(10_000));
    child
        .stdin
        .as_mut()
        .unwrap()
        .write_all(rows.as_bytes())
        .unwrap();
    let started = Instant::now();
    while of_process(child.id(), scratch) == 0 {
        if started.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("nothing was read");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

fn send(signal: &str, child: &Child) {
    let kill = Command::new("kill")
        .args([format!("-{signal}"), child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

#[test]
fn no_signal_leaves_respondents_behind() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = folder.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    let ignored = |signal: &str| {
        let script = format!("trap '' {signal}; exec \"$OPINE\" estimate - 'mean(x)'");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(folder.path());
        shell.env("OPINE", env!("CARGO_BIN_EXE_opine"));
        shell.stdout(Stdio::null()).stderr(Stdio::null());
        shell
    };
    for signal in ["INT", "TERM", "HUP"] {
        // whoever started the tests may have had a signal ignored, as nohup does, which what they start inherits
        if !is_ignored(signal) {
            let mut run = command(folder.path(), &["estimate", "-", "mean(x)"]);
            let mut child = reading(&scratch, &mut run);
            let id = child.id();
            // the pipe stays open until the program has ended
            let input = child.stdin.take();
            send(signal, &child);
            assert!(!ended(&mut child, signal).success(), "{signal}");
            drop(input);
            assert_eq!(names(&scratch), Vec::<String>::new(), "{signal}");
            assert_eq!(of_process(id, &scratch), 0, "{signal}");
        }
        let mut child = reading(&scratch, &mut ignored(signal));
        send(signal, &child);
        drop(child.stdin.take());
        let status = ended(&mut child, signal);
        assert!(status.success(), "ignored {signal}: {status}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_killed_process_leaves_no_respondents() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = folder.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    let mut run = command(folder.path(), &["estimate", "-", "mean(x)"]);
    let mut child = reading(&scratch, &mut run);
    let input = child.stdin.take();
    send("KILL", &child);
    assert!(!ended(&mut child, "KILL").success());
    drop(input);
    // nothing but a link, which leads nowhere now
    for name in names(&scratch) {
        let path = scratch.join(&name);
        assert!(fs::symlink_metadata(&path).unwrap().is_symlink(), "{name}");
        assert!(fs::metadata(&path).is_err(), "{name}");
    }
    let prefix = format!("opine-input-{}-", child.id());
    let in_memory = names("/dev/shm".as_ref());
    assert!(!in_memory.iter().any(|name| name.starts_with(&prefix)));
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_unpacked_lies_on_no_disk() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = folder.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    let file = [env!("CARGO_MANIFEST_DIR"), "tests", "files", "plain.sav"];
    let bytes = fs::read(file.iter().collect::<std::path::PathBuf>()).unwrap();
    let packed = folder.path().join("p.sav.gz");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&bytes).unwrap();
    fs::write(&packed, gzip.finish().unwrap()).unwrap();
    let script = "TMPDIR=scratch \"$OPINE\" describe p.sav.gz --json; ls -A scratch";
    let (code, out, err) = shell(folder.path(), script);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.trim_end().ends_with(']'), "{out}");
}

/// Known on Linux.
fn is_ignored(signal: &str) -> bool {
    let number = match signal {
        "HUP" => 1,
        "INT" => 2,
        _ => 15,
    };
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap());
    mask >> (number - 1) & 1 == 1
}

/// What is written into a pipe once is read whole: no command opens the pipe to look into it and opens it again to read.
#[test]
fn every_command_opens_a_pipe_once() {
    let folder = tempfile::tempdir().unwrap();
    for (name, file) in [
        ("poll.csv", "poll.csv"),
        ("list.csv", "tonight.csv"),
        ("targets.csv", "targets.csv"),
    ] {
        fs::copy(Path::new("examples").join(file), folder.path().join(name)).unwrap();
    }
    let commands = [
        ("poll.csv", "describe FILE"),
        ("poll.csv", "estimate FILE 'prop(q1)' --weights weight"),
        (
            "poll.csv",
            "crosstab FILE --rows q1 --columns sex --weights weight",
        ),
        ("poll.csv", "topline FILE --rows q1 --weights weight"),
        ("poll.csv", "test FILE 'chisq(q1, sex)' --weights weight"),
        ("poll.csv", "fit FILE 'therm_us ~ sex' --weights weight"),
        (
            "poll.csv",
            "sums FILE 'prop(q1)' --weights weight -o s.sums",
        ),
        ("poll.csv", "design FILE --weights weight"),
        ("poll.csv", "weight FILE --rake targets.csv -o w.csv"),
        ("targets.csv", "weight poll.csv --rake FILE -o w.csv"),
        ("list.csv", "check FILE"),
        ("list.csv", "compare FILE"),
        ("list.csv", "summary FILE"),
        ("list.csv", "chart bar FILE -o l.svg"),
    ];
    for (content, words) in commands {
        let script = format!("\"$OPINE\" {}", words.replace("FILE", content));
        let (whole, _, err) = shell(folder.path(), &script);
        assert!(matches!(whole, Some(0 | 1)), "{words}: {err}");
        // a list of figures is known by its ending
        let pipes: &[&str] = if content == "list.csv" {
            &["p.csv"]
        } else {
            &["p", "p.csv"]
        };
        for pipe in pipes {
            let words = words.replace("FILE", pipe);
            // a writer whose pipe nobody opened would wait for ever
            let script = format!(
                "rm -f {pipe}; mkfifo {pipe}; cat {content} > {pipe} & \"$OPINE\" {words}; \
                 code=$?; kill $! 2>/dev/null; exit $code"
            );
            let (code, _, err) = shell(folder.path(), &script);
            assert_eq!(code, whole, "{words}: {err}");
        }
    }
}

#[test]
fn pipes_are_read_and_what_never_ends_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("d.csv"), "x,q\n1,a\n2,b\n4,a\n").unwrap();
    let shell = |script: &str| shell(folder.path(), script);
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

/// A limit on the length of files stands for a disk that is full: the write fails half way.
#[test]
fn a_write_that_fails_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for name in ["poll.csv", "targets.csv"] {
        fs::copy(examples.join(name), path.join(name)).unwrap();
    }
    let estimate = "estimate poll.csv 'prop(q1)' 'mean(therm_us)' --by region,age";
    let shares = opine_in(
        path,
        &[
            "estimate", "poll.csv", "prop(q1)", "--by", "region", "--csv",
        ],
        "",
    );
    fs::write(path.join("shares.csv"), shares.out).unwrap();
    let writers = [
        (
            estimate,
            &[
                "csv", "json", "md", "html", "tex", "xlsx", "docx", "parquet",
            ][..],
        ),
        (
            "crosstab poll.csv --columns region,age",
            &["xlsx", "docx", "pptx", "html"],
        ),
        ("topline poll.csv", &["xlsx", "docx", "pptx"]),
        (
            "weight poll.csv --rake targets.csv",
            &["csv", "sav", "zsav", "dta", "parquet"],
        ),
        ("sums poll.csv 'prop(q1)' --by region,age,party", &["sums"]),
        ("chart dot shares.csv", &["svg", "png", "pdf", "pptx"]),
    ];
    for (line, endings) in writers {
        for ending in endings {
            let file = format!("out.{ending}");
            fs::write(path.join(&file), "as it was").unwrap();
            let script = format!("trap '' XFSZ; ulimit -f 1; $OPINE {line} -q -o {file}");
            let (code, _, err) = shell(path, &script);
            assert_eq!(code, Some(3), "{script}: {err}");
            assert!(
                err.contains(&file) && err.contains("too large"),
                "{script}: {err}"
            );
            assert_eq!(
                fs::read(path.join(&file)).unwrap(),
                b"as it was",
                "{script}"
            );
            fs::remove_file(path.join(&file)).unwrap();
            let mut left = names(path);
            left.sort();
            let known = [
                "poll.csv",
                "script.err",
                "script.out",
                "shares.csv",
                "targets.csv",
            ];
            assert_eq!(left, known, "{script}");
        }
    }
}

/// Three hundred writers of one store, thirty at a time, of which a third are killed, whatever they are doing.
/// Whatever fails, a message names what people know: their files and folders.
#[test]
#[cfg(target_os = "linux")]
fn no_message_names_a_temporary_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("d.csv"), "g,x\na,1\nb,2\na,3\nb,4\n").unwrap();
    fs::write(
        path.join("t.csv"),
        "variable,level,target\ng,a,0.5\ng,b,0.5\n",
    )
    .unwrap();
    fs::write(path.join("l.csv"), "label,percent,n\na,40,100\nb,60,100\n").unwrap();
    assert_eq!(opine_in(path, &["init", "store"], "").code, 0);
    // nobody makes a file in /proc
    let mut scripts: Vec<String> = [
        "csv", "json", "md", "html", "tex", "parquet", "xlsx", "docx",
    ]
    .iter()
    .flat_map(|format| {
        [
            format!("$OPINE estimate d.csv 'mean(x)' -o /proc/o.{format}"),
            format!("$OPINE crosstab d.csv --rows x --columns g -o /proc/o.{format}"),
        ]
    })
    .collect();
    for format in ["csv", "dta", "sav", "zsav", "parquet"] {
        scripts.push(format!(
            "$OPINE weight d.csv --rake t.csv -o /proc/o.{format}"
        ));
    }
    for format in ["png", "svg", "pdf"] {
        scripts.push(format!("$OPINE chart bar l.csv -o /proc/o.{format}"));
    }
    for script in [
        "$OPINE sums d.csv 'mean(x)' -o /proc/o.sums",
        "$OPINE report --out /proc/report",
        "$OPINE init /proc/store",
        "TMPDIR=/proc $OPINE estimate - 'mean(x)' < d.csv",
        "gzip -k d.csv; mv d.csv.gz d.sav; TMPDIR=/proc $OPINE estimate d.sav 'mean(x)'",
        "mkdir store/.opine.journal; $OPINE remove poll egf2023 --data store",
        "rm -r store/.opine.*; mkdir store/.opine.lock; $OPINE remove poll egf2023 --data store",
    ] {
        scripts.push(script.to_owned());
    }
    for script in scripts {
        let (code, out, err) = shell(path, &script);
        // what is unpacked on the way needs no room
        assert!(
            code == Some(3) || script.starts_with("gzip"),
            "{script}: {code:?} {out} {err}"
        );
        for internal in [".opine", "opine-"] {
            assert!(!err.contains(internal), "{script}: {err}");
        }
    }
}

#[test]
#[ignore = "by hand, a minute or two; docs/design/trust.md has the figures"]
fn a_storm_of_writers_loses_no_row() {
    let folder = own_copy();
    let mut random = ChaCha8Rng::seed_from_u64(30);
    let mut below = |most: u32| random.next_u32() % most;
    let (mut added, mut killed) = (0, 0);
    for round in 0..10 {
        let mut writers: Vec<(String, Child)> = (0..30)
            .map(|at| {
                let poll = format!("storm{round}x{at}");
                let line = [
                    "add", "poll", "--data", ".", "--poll", &poll, "--title", "A storm",
                ];
                let line = [&line[..], &["--sampling", "probability", "-q"]].concat();
                let child = command(folder.path(), &line).spawn().unwrap();
                (poll, child)
            })
            .collect();
        for _ in 0..10 {
            std::thread::sleep(Duration::from_millis(u64::from(below(150))));
            // one that has ended has nothing to be killed
            let _ = writers[below(30) as usize].1.kill();
        }
        let of_writer = |(poll, child): &mut (String, Child)| {
            let status = ended(child, poll);
            assert!(matches!(status.code(), Some(0) | None), "{poll}: {status}");
            status.success().then(|| poll.clone())
        };
        let done: Vec<String> = writers.iter_mut().filter_map(of_writer).collect();
        (added, killed) = (added + done.len(), killed + 30 - done.len());
        // what a killed writer began the next one ends or takes back
        let line = [
            "add",
            "poll",
            "--data",
            ".",
            "--poll",
            &format!("after{round}"),
        ];
        let line = [&line[..], &["--title", "Calm", "--sampling", "probability"]].concat();
        let run = opine_in(folder.path(), &line, "");
        assert_eq!(run.code, 0, "{}", run.err);
        let polls = fs::read_to_string(folder.path().join("polls.csv")).unwrap();
        for poll in &done {
            let head = format!("{poll},");
            let rows = polls.lines().filter(|row| row.starts_with(&head)).count();
            assert_eq!(rows, 1, "{poll}");
        }
        let hidden = names(folder.path())
            .into_iter()
            .filter(|name| name.starts_with('.'));
        assert_eq!(hidden.collect::<Vec<_>>(), [".opine.lock"]);
    }
    let run = opine_in(folder.path(), &["check", "--data", "."], "");
    assert_eq!(run.code, 0, "{}", run.err);
    println!("{added} rows added, {killed} writers killed");
}
