//! What the program writes and reads is read back as what it was.

use std::collections::BTreeSet;
use std::path::Path;

use super::program::{Run, opine_in};

/// Questions of which charts are drawn, each command with the groups that a chart of it shows.
const COMMANDS: [(&[&str], &[&str]); 4] = [
    (&["estimate", "poll.csv", "prop(q1)"], &[""]),
    (
        &["estimate", "poll.csv", "prop(q1)", "--by", "party"],
        &["Blue", "Independent", "Red"],
    ),
    (
        &["crosstab", "poll.csv", "--rows", "q1", "--columns", "party"],
        &["Total", "Blue", "Independent", "Red"],
    ),
    (&["topline", "poll.csv", "--rows", "q1"], &[""]),
];
const ANSWERS: [&str; 4] = [
    "Not at all worried",
    "Not very worried",
    "Somewhat worried",
    "Very worried",
];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let poll = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/poll.csv");
    std::fs::copy(poll, folder.path().join("poll.csv")).unwrap();
    folder
}

fn run(folder: &Path, args: &[&str]) -> Run {
    let run = opine_in(folder, args, "");
    assert_eq!(run.code, 0, "{args:?}: {}", run.err);
    run
}

/// The answers and whole per cents of what was drawn; intervals, letters and bases are none.
fn drawn(folder: &Path) -> BTreeSet<(String, i64)> {
    let mut numbers = csv::Reader::from_path(folder.join("read.csv")).unwrap();
    let names = numbers.headers().unwrap().clone();
    let at = |name: &str| names.iter().position(|known| known == name).unwrap();
    let (variable, level, estimate) = (at("variable"), at("level"), at("estimate"));
    let rows = numbers.records().map(|row| {
        let row = row.unwrap();
        let label = [&row[level], &row[variable]]
            .into_iter()
            .find(|text| !text.is_empty());
        let share: f64 = row[estimate].parse().unwrap();
        (label.unwrap().to_owned(), (100.0 * share).round() as i64)
    });
    rows.collect()
}

#[test]
fn tables_of_every_command_are_read_back_from_every_format() {
    let folder = folder();
    for (command, groups) in COMMANDS {
        let mut first: Option<BTreeSet<(String, i64)>> = None;
        for ending in ["json", "csv", "html", "md", "xlsx"] {
            // Markdown has no cells of its own for intervals and letters
            if ending == "md" && groups.len() > 1 {
                continue;
            }
            let file = format!("t.{ending}");
            run(folder.path(), &[command, &["-o", &file]].concat());
            // twice: the numbers of the first chart, whatever they are of, are replaced
            run(folder.path(), &["chart", "bar", &file, "-o", "read.svg"]);
            let said = run(folder.path(), &["chart", "bar", &file, "-o", "read.svg"]).err;
            assert!(
                !folder.path().join("read.numbers.csv").exists(),
                "{command:?} as {ending}"
            );
            let rows = drawn(folder.path());
            let labels: BTreeSet<&str> = rows.iter().map(|(label, _)| label.as_str()).collect();
            assert_eq!(
                labels,
                BTreeSet::from(ANSWERS),
                "{command:?} as {ending}: {said}"
            );
            let svg = std::fs::read_to_string(folder.path().join("read.svg")).unwrap();
            for group in groups {
                assert!(svg.contains(group), "{command:?} as {ending}: no {group}");
            }
            match &first {
                Some(first) => assert_eq!(&rows, first, "{command:?} as {ending}"),
                None => first = Some(rows),
            }
        }
    }
}

#[test]
fn a_comparison_is_no_list() {
    let folder = folder();
    for ending in ["html", "md", "xlsx", "csv"] {
        let file = format!("c.{ending}");
        run(
            folder.path(),
            &["compare", "48@1000", "45@1000", "-o", &file],
        );
        let run = opine_in(folder.path(), &["chart", "bar", &file, "-o", "c.svg"], "");
        assert_eq!(run.code, 2, "{ending}: {}", run.err);
        assert!(run.err.contains("comparisons"), "{ending}: {}", run.err);
    }
}

#[test]
fn an_empty_corner_is_over_the_labels_and_a_thousand_is_no_unit() {
    let folder = folder();
    let list = ",%,95% interval,with rounding,n\nTrust,62,58.9–65.0,58.4–65.5,\"1,000\"\nDistrust,38,35.0–41.1,34.5–41.6,unknown\n";
    std::fs::write(folder.path().join("l.csv"), list).unwrap();
    run(folder.path(), &["chart", "bar", "l.csv", "-o", "read.svg"]);
    let rows = drawn(folder.path());
    let expected = [("Distrust".to_owned(), 38), ("Trust".to_owned(), 62)];
    assert_eq!(rows, BTreeSet::from(expected));
    // letters below heads go, those that are heads stay
    let letters = "Answer,A,B\nYes,40,55\nNo,60,45\n";
    std::fs::write(folder.path().join("l.csv"), letters).unwrap();
    run(folder.path(), &["chart", "bar", "l.csv", "-o", "read.svg"]);
    let svg = std::fs::read_to_string(folder.path().join("read.svg")).unwrap();
    assert!(svg.contains(">A<") && svg.contains(">B<"), "{svg}");
}
