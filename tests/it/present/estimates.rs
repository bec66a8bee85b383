//! Estimates, designs and codebooks as people read them.

use std::path::Path;

use crate::cli::program::{Run, command, number, opine_in, rows};

/// A folder with the files that the tests read.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for from in [
        "examples/poll.csv",
        "tests/files/apistrat.csv",
        "tests/files/apiclus2.csv",
    ] {
        let name = Path::new(from).file_name().unwrap();
        std::fs::copy(from, folder.path().join(name)).unwrap();
    }
    folder
}

/// Runs a line of words; words in single quotes keep their spaces.
pub fn line(folder: &Path, line: &str) -> Run {
    let mut words: Vec<String> = Vec::new();
    for (at, part) in line.split('\'').enumerate() {
        match at % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    opine_in(folder, &words, "")
}

fn read(text: &str) -> String {
    let folder = folder();
    let Run { code, out, err } = line(folder.path(), text);
    assert_eq!(code, 0, "{text}: {err}");
    out
}

/// A file with these lines, and what a command prints of it.
fn of_lines(lines: &str, words: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.csv"), lines).unwrap();
    line(folder.path(), words)
}

pub const POLL: &str = "--weights weight --strata stratum --psu psu";

#[test]
fn shares_without_groups() {
    insta::assert_snapshot!(read(&format!(
        "estimate poll.csv prop(q1) {POLL} --net 'Worried=Somewhat worried,Very worried'"
    )));
}

#[test]
fn a_banner_with_intervals_in_every_format() {
    for format in ["text", "md", "html", "latex"] {
        let out = read(&format!(
            "estimate poll.csv prop(q1) {POLL} --by sex --format {format}"
        ));
        insta::assert_snapshot!(format!("banner_{format}"), out);
    }
}

#[test]
fn several_items_in_one_table() {
    insta::assert_snapshot!(read(
        "estimate apistrat.csv mean(api00) total(enroll) prop(sch_wide) ratio(api00,api99) \
         'quantile(api00, 0.25, 0.5)' --strata stype --fpc fpc"
    ));
}

#[test]
fn a_row_a_domain_where_there_are_many() {
    let out = read(&format!(
        "estimate poll.csv prop(q1) {POLL} --by region,age,party"
    ));
    insta::assert_snapshot!(out.lines().take(30).collect::<Vec<_>>().join("\n"));
    // 48 domains: none is cut off at the width
    assert!(out.lines().all(|line| line.chars().count() <= 100), "{out}");
}

#[test]
fn a_narrow_terminal_has_narrow_tables() {
    let folder = folder();
    let words = [
        "estimate",
        "poll.csv",
        "prop(q1)",
        "--by",
        "region,age",
        "--weights",
        "weight",
    ];
    let output = command(folder.path(), &words)
        .env("COLUMNS", "60")
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.lines().all(|line| line.chars().count() <= 60), "{out}");
}

#[test]
fn small_bases_are_flagged_or_hidden_in_tables_alone() {
    let folder = folder();
    let asked = "estimate apistrat.csv mean(api00) --by stype,sch_wide --strata stype --fpc fpc";
    let shown = line(folder.path(), asked).out;
    insta::assert_snapshot!("small_bases", shown);
    assert!(shown.contains("  /  "));
    let all = line(folder.path(), &format!("{asked} --min-base 0")).out;
    assert!(!all.contains("  /  "));
    let exact = rows(&line(folder.path(), &format!("{asked} --json")));
    assert!(exact.iter().all(|row| row["estimate"].is_number()));
    let flagged = |rows: &[serde_json::Value]| {
        let small = rows.iter().filter(|row| row["flags"] == "small_base");
        small.count()
    };
    let unflagged = rows(&line(
        folder.path(),
        &format!("{asked} --flag-base 0 --json"),
    ));
    assert!(flagged(&exact) > 0);
    assert_eq!(flagged(&unflagged), 0);
}

#[test]
fn designs() {
    insta::assert_snapshot!("design", read(&format!("design poll.csv {POLL}")));
    insta::assert_snapshot!(
        "design_two_stages",
        read("design apiclus2.csv --psu dnum,snum --fpc fpc1,fpc2")
    );
}

#[test]
fn a_design_that_would_be_refused_ends_with_1() {
    let lines = "s,p,w,y\na,1,2,1\na,2,2,2\nb,1,-1,3\nc,3,,4\n";
    let words = "x.csv --weights w --strata s --psu p";
    let run = of_lines(lines, &format!("design {words}"));
    assert_eq!(run.code, 1, "{}", run.err);
    insta::assert_snapshot!(run.out);
    // what is said here is what estimate says
    let run = of_lines(lines, &format!("estimate mean(y) {words}"));
    assert_ne!(run.code, 0);
    let json = of_lines(lines, &format!("design {words} --json"));
    let found: Vec<serde_json::Value> = serde_json::from_str(&json.out).unwrap();
    assert_eq!(found.len(), 4);
    assert_eq!(found[0]["negative_weights"], 1.0);
    assert_eq!(found[2]["lonely"], true);
}

#[test]
fn the_design_effect_of_weights_is_that_of_kish() {
    let run = of_lines("w\n1\n2\n3\n", "design x.csv --weights w --json");
    let row = &rows(&run)[0];
    assert!((number(row, "deff") - 3.0 * 14.0 / 36.0).abs() < 1e-12);
    assert!((number(row, "n_eff") - 36.0 / 14.0).abs() < 1e-12);
    assert_eq!(number(row, "df"), 2.0);
}

#[test]
fn a_codebook() {
    insta::assert_snapshot!(read("describe poll.csv"));
    let all = read("describe apistrat.csv --all");
    assert!(all.lines().count() > read("describe apistrat.csv").lines().count());
}

#[test]
fn odd_files_have_tables_too() {
    let long =
        "a very long label that goes on and on, much longer than any column of a table may be";
    let hundred: String = (0..150)
        .map(|k| format!("level {:02},{k}\n", k % 100))
        .collect();
    for (lines, words) in [
        ("q,y\nYes,1\n".to_owned(), "prop(q) mean(y)"),
        ("q,y\n".to_owned(), "prop(q) count()"),
        ("q,y\n,1\n,2\n".to_owned(), "prop(q)"),
        ("q,y\nYes,1\nYes,2\n".to_owned(), "prop(q)"),
        ("q,y\nYes,1\nNo,2\n".to_owned(), "prop(q) --by q"),
        (format!("q,y\n{hundred}"), "prop(q)"),
        (format!("q,y\n{hundred}"), "prop(q) --by y"),
        (format!("q,y\n{hundred}"), "mean(y) --by q --min-base 0"),
        (
            format!("q,y\n\"{long}\",1\n\"{long}er\",2\n"),
            "prop(q) --by y --min-base 0",
        ),
        (
            "q,y\nYes,1\nNo,2\n,3\n".to_owned(),
            "prop(q) --missing show",
        ),
        (
            "q,y\n0.0000001,1e300\n0.0000002,-1e300\n".to_owned(),
            "mean(q) mean(y) --min-base 0",
        ),
    ] {
        for format in ["text", "md", "html", "latex", "csv", "json"] {
            let asked = format!("estimate x.csv {words} --format {format}");
            if words.contains("--min-base") && matches!(format, "csv" | "json") {
                continue;
            }
            let run = of_lines(&lines, &asked);
            assert_eq!(run.code, 0, "{asked}: {}", run.err);
        }
        assert!(of_lines(&lines, "design x.csv").code <= 1);
        assert_eq!(of_lines(&lines, "describe x.csv").code, 0);
    }
}
