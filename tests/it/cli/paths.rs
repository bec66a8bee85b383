//! No output is an input, under whatever name, and nothing of the user’s own is replaced.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::cli::program::{Run, command, opine_in, own_copy};

/// A folder with respondents, targets, a design, a recipe, a list and sums.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let rows = (0..60).map(|at| {
        let (sex, region) = (["f", "m"][at % 2], ["N", "S"][at / 3 % 2]);
        format!("{sex},{region},{},{}\n", at % 7, 1 + at % 3)
    });
    write(
        "p.csv",
        &format!("sex,region,x,w\n{}", rows.collect::<String>()),
    );
    write("t.csv", "variable,level,target\nsex,f,0.5\nsex,m,0.5\n");
    write(
        "s.csv",
        "variable,level,target\nregion,N,0.5\nregion,S,0.5\n",
    );
    write("d.toml", "weights = \"w\"\n");
    write(
        "r.toml",
        "[[step]]\nmethod = \"rake\"\ntargets = \"t.csv\"\n",
    );
    write("list.csv", "label,percent,n\nYes,62,1000\nNo,38,1000\n");
    let made = opine_in(
        folder.path(),
        &["sums", "p.csv", "prop(sex)", "-o", "p.sums"],
        "",
    );
    assert_eq!(made.code, 0, "{}", made.err);
    let made = opine_in(
        folder.path(),
        &["estimate", "p.csv", "mean(x)", "--by", "sex", "-o", "e.csv"],
        "",
    );
    assert_eq!(made.code, 0, "{}", made.err);
    folder
}

/// Command lines with an output `OUT`, and the file of theirs that it must not be.
const LINES: [(&str, &str); 22] = [
    ("estimate p.csv mean(x) -o OUT --format csv", "p.csv"),
    ("estimate p.csv mean(x) --format xlsx -o OUT", "p.csv"),
    ("estimate p.csv mean(x) --format parquet -o OUT", "p.csv"),
    ("estimate p.csv mean(x) prop(sex) --covariance OUT", "p.csv"),
    (
        "estimate p.csv mean(x) --design d.toml --format text -o OUT",
        "d.toml",
    ),
    (
        "estimate p.csv mean(x) --by sex --standardise s.csv --format json -o OUT",
        "s.csv",
    ),
    ("estimate p.sums --format csv -o OUT", "p.sums"),
    ("describe p.csv --format md -o OUT", "p.csv"),
    (
        "design p.csv --design d.toml --format html -o OUT",
        "d.toml",
    ),
    ("sums p.csv mean(x) -o OUT", "p.csv"),
    ("sums p.csv mean(x) --print-sql duckdb -o OUT", "p.csv"),
    ("weight p.csv --rake t.csv -o OUT", "p.csv"),
    ("weight p.csv --rake t.csv -o OUT", "t.csv"),
    ("weight p.csv --recipe r.toml -o OUT", "r.toml"),
    ("weight p.csv --recipe r.toml -o OUT", "t.csv"),
    (
        "weight p.csv --rake t.csv --in-place --then mean(x) prop(sex) --covariance OUT",
        "p.csv",
    ),
    (
        "weight p.csv --rake t.csv --then mean(x) prop(sex) --covariance OUT",
        "t.csv",
    ),
    (
        "compare e.csv --row sex=f --row sex=m --format csv -o OUT",
        "e.csv",
    ),
    ("chart dot list.csv -o OUT", "list.csv"),
    ("chart dot list.csv -o x.svg --font OUT", "x.svg"),
    (
        "summary --data data --format csv -o OUT",
        "data/figures.csv",
    ),
    ("list polls --format csv -o OUT", "data/polls.csv"),
];

fn run(folder: &Path, line: &str, out: &str) -> Run {
    let words: Vec<&str> = line
        .split(' ')
        .map(|word| if word == "OUT" { out } else { word })
        .collect();
    opine_in(folder, &words, "")
}

/// The bytes of every file.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(contents(&path)),
            false => files.push((
                path.display().to_string(),
                fs::read(&path).unwrap_or_default(),
            )),
        }
    }
    files.sort();
    files
}

#[test]
fn an_output_that_is_an_input_is_refused_under_every_name() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("below")).unwrap();
    assert_eq!(opine_in(path, &["init", "data"], "").code, 0);
    fs::write(path.join("x.svg"), "no font").unwrap();
    for (line, input) in LINES {
        let link = format!("link.{}", input.replace('/', "."));
        let hard = format!("hard.{}", input.replace('/', "."));
        drop(fs::remove_file(path.join(&link)));
        drop(fs::remove_file(path.join(&hard)));
        std::os::unix::fs::symlink(path.join(input), path.join(&link)).unwrap();
        fs::hard_link(path.join(input), path.join(&hard)).unwrap();
        let before = contents(path);
        for name in [
            input.to_owned(),
            format!("./{input}"),
            format!("below/../{input}"),
            path.join(input).display().to_string(),
            link.clone(),
            hard.clone(),
        ] {
            let run = run(path, line, &name);
            assert_eq!(run.code, 2, "{line} with {name}: {}", run.err);
            assert!(run.err.contains(&name), "{line} with {name}: {}", run.err);
            assert!(
                contents(path) == before,
                "{line} with {name} wrote something"
            );
        }
    }
}

#[test]
fn standard_input_and_output_are_files_too() {
    let folder = folder();
    let path = folder.path();
    let before = contents(path);
    let from_file = |args: &[&str], input: &str| {
        let input = fs::File::open(path.join(input)).unwrap();
        let output = command(path, args)
            .stdin(Stdio::from(input))
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, err) = from_file(
        &["estimate", "-", "mean(x)", "--csv", "-o", "p.csv"],
        "p.csv",
    );
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("standard input"), "{err}");
    let (code, err) = from_file(&["chart", "dot", "-", "-o", "list.csv"], "list.csv");
    assert_eq!(code, Some(2), "{err}");
    let (code, err) = from_file(
        &["describe", "/dev/stdin", "--format", "csv", "-o", "p.csv"],
        "p.csv",
    );
    assert_eq!(code, Some(2), "{err}");
    // `>>` would write the results behind the respondents
    let end = fs::File::options()
        .append(true)
        .open(path.join("p.csv"))
        .unwrap();
    let run = command(path, &["estimate", "p.csv", "mean(x)", "--csv"])
        .stdout(Stdio::from(end))
        .output();
    let run = run.unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("standard output"));
    assert!(contents(path) == before);
}

#[test]
fn two_outputs_are_two_files() {
    let folder = folder();
    for second in ["a.csv", "./a.csv"] {
        let line = "estimate p.csv mean(x) prop(sex) -o a.csv --covariance OUT";
        let run = run(folder.path(), line, second);
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(!folder.path().join("a.csv").exists());
    }
}

#[test]
fn weights_are_put_into_the_file_itself_on_request() {
    let folder = folder();
    let path = folder.path();
    let before = fs::read_to_string(path.join("p.csv")).unwrap();
    let refused = run(path, "weight p.csv --rake t.csv -o OUT", "p.csv");
    assert!(refused.err.contains("--in-place"), "{}", refused.err);
    std::os::unix::fs::symlink("p.csv", path.join("link.csv")).unwrap();
    let run = run(
        path,
        "weight link.csv --rake t.csv --in-place --name one -o OUT",
        "p.csv",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let after = fs::read_to_string(path.join("p.csv")).unwrap();
    let first: Vec<&str> = after
        .lines()
        .map(|line| line.rsplit_once(',').unwrap().0)
        .collect();
    assert_eq!(first, before.lines().collect::<Vec<_>>());
    assert!(
        fs::symlink_metadata(path.join("link.csv"))
            .unwrap()
            .is_symlink()
    );
    for line in [
        "weight p.csv --rake t.csv --in-place -o other.csv",
        "weight - --rake t.csv --in-place",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let run = opine_in(path, &words, &before);
        assert_eq!(run.code, 2, "{line}: {}", run.err);
        assert!(run.err.contains("--in-place"), "{}", run.err);
    }
}

#[test]
fn a_link_stays_a_link_and_a_pipe_stays_a_pipe() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("real.csv"), "old").unwrap();
    std::os::unix::fs::symlink("real.csv", path.join("link.csv")).unwrap();
    assert_eq!(
        run(path, "estimate p.csv mean(x) -o OUT", "link.csv").code,
        0
    );
    assert!(
        fs::symlink_metadata(path.join("link.csv"))
            .unwrap()
            .is_symlink()
    );
    assert!(
        fs::read_to_string(path.join("real.csv"))
            .unwrap()
            .starts_with("source,")
    );
    let nothing = run(
        path,
        "estimate p.csv mean(x) --format csv -o OUT",
        "/dev/null",
    );
    assert_eq!(nothing.code, 0, "{}", nothing.err);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    let piped = run(
        path,
        "estimate p.csv mean(x) --format csv -o OUT",
        "/dev/stdout",
    );
    assert!(
        piped.out.starts_with("source,"),
        "{}{}",
        piped.out,
        piped.err
    );
}

#[test]
fn files_of_the_users_own_beside_an_output_stay() {
    let folder = folder();
    let path = folder.path();
    let own = |name: &str| fs::write(path.join(name), "my own\n").unwrap();
    let is_own =
        |name: &str| fs::read_to_string(path.join(name)).is_ok_and(|text| text == "my own\n");
    own("w.design.toml");
    let weight = "weight p.csv --rake t.csv --make-replicates jk1 -o OUT";
    let refused = run(path, weight, "w.csv");
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("w.design.toml"), "{}", refused.err);
    assert!(is_own("w.design.toml") && !path.join("w.csv").exists());
    fs::remove_file(path.join("w.design.toml")).unwrap();
    // what was written before is written again
    for _ in 0..2 {
        assert_eq!(run(path, weight, "w.csv").code, 0);
    }
    fs::create_dir(path.join("out")).unwrap();
    for name in [
        "weights.csv",
        "targets.png",
        "weighting.html",
        "weights.svg",
    ] {
        own(&format!("out/{name}"));
        let refused = run(path, "weight p.csv --rake t.csv --report OUT", "out");
        assert_eq!(refused.code, 2, "{name}: {}", refused.err);
        assert!(refused.err.contains(name), "{}", refused.err);
        assert_eq!(fs::read_dir(path.join("out")).unwrap().count(), 1);
        fs::remove_file(path.join("out").join(name)).unwrap();
    }
    for _ in 0..2 {
        let again = run(path, "weight p.csv --rake t.csv --report OUT", "out");
        assert_eq!(again.code, 0, "{}", again.err);
    }
    own("x.csv");
    own("x.numbers.csv");
    let chart = "chart dot list.csv -o OUT";
    assert_eq!(run(path, chart, "x.svg").code, 2);
    fs::remove_file(path.join("x.numbers.csv")).unwrap();
    for _ in 0..2 {
        assert_eq!(run(path, chart, "x.svg").code, 0);
    }
    assert!(is_own("x.csv"));
}

#[test]
fn a_report_beside_own_files_of_its_names_is_refused_whole() {
    let folder = own_copy();
    let path = folder.path();
    fs::create_dir(path.join("plots")).unwrap();
    fs::write(path.join("plots/headline.csv"), "my own\n").unwrap();
    let run = opine_in(path, &["report"], "");
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(run.err.contains("headline.csv"), "{}", run.err);
    assert_eq!(fs::read_dir(path.join("plots")).unwrap().count(), 1);
}
