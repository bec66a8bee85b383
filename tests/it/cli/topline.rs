//! `opine topline`: questions with their answers, and earlier waves beside them.

use std::path::Path;

use crate::cli::program::{Run, number, rows};
use crate::present::estimates::{POLL, line};

/// The poll as the newest wave, and two made of it: March without every third respondent, January of the others, with a
/// question less and an answer more.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let poll = std::fs::read_to_string("examples/poll.csv").unwrap();
    let codebook = Path::new("examples/poll-codebook.csv");
    std::fs::copy(codebook, folder.path().join("poll-codebook.csv")).unwrap();
    let (head, respondents) = poll.split_once('\n').unwrap();
    let of = |third: bool| {
        let lines = respondents.lines().enumerate();
        let lines = lines
            .filter(|(at, _)| (at % 3 == 0) == third)
            .map(|(_, line)| line);
        lines.collect::<Vec<&str>>()
    };
    std::fs::write(folder.path().join("may.csv"), &poll).unwrap();
    std::fs::write(
        folder.path().join("march.csv"),
        format!("{head}\n{}\n", of(false).join("\n")),
    )
    .unwrap();
    let without = |line: &str| line.rsplit_once(',').unwrap().0.to_owned();
    let january: Vec<String> = of(true).into_iter().map(without).collect();
    let january = january
        .join("\n")
        .replacen("Not at all worried", "Refused", 20);
    std::fs::write(
        folder.path().join("january.csv"),
        format!("{}\n{january}\n", without(head)),
    )
    .unwrap();
    folder
}

const NETS: &str = "--net 'Worried=Very worried,Somewhat worried' --net 'Not worried=Not very worried,Not at all worried'";

fn run(folder: &Path, words: &str) -> Run {
    line(
        folder,
        &format!("topline {words} --codebook poll-codebook.csv {POLL}"),
    )
}

fn read(words: &str) -> String {
    let folder = folder();
    let Run { code, out, err } = run(folder.path(), words);
    assert_eq!(code, 0, "{words}: {err}");
    out
}

#[test]
fn one_wave_has_shares_with_their_intervals() {
    insta::assert_snapshot!(read(&format!("may.csv --rows q1,therm_us {NETS}")));
}

#[test]
fn earlier_waves_stand_beside_the_newest_with_the_change() {
    let words =
        format!("may.csv march.csv january.csv --wave May,March,January --rows q1,therm_us {NETS}");
    insta::assert_snapshot!(read(&words));
    for format in ["md", "latex"] {
        let out = read(&format!("{words} --format {format}"));
        insta::assert_snapshot!(format!("waves_{format}"), out);
    }
    let folder = folder();
    let run = run(folder.path(), &words);
    assert!(
        run.err.contains("q1: in January alone: Refused"),
        "{}",
        run.err
    );
}

#[test]
fn the_rows_are_those_of_estimate_and_the_changes_their_differences() {
    let folder = folder();
    let one = |file: &str| {
        let words = format!("estimate {file} prop(q1) mean(therm_us) {POLL} --json");
        rows(&line(folder.path(), &words))
    };
    let words = "may.csv march.csv --rows q1,therm_us --json";
    let all = rows(&run(folder.path(), words));
    let (may, march) = (one("may.csv"), one("march.csv"));
    let same = |row: &serde_json::Value, other: &serde_json::Value| {
        row["level"] == other["level"] && row["statistic"] == other["statistic"]
    };
    for (wave, reference) in [("may", &may), ("march", &march)] {
        let own: Vec<_> = all.iter().filter(|row| row["wave"] == wave).collect();
        assert_eq!(own.len(), reference.len());
        for row in own {
            let other = reference.iter().find(|other| same(row, other)).unwrap();
            for column in [
                "estimate",
                "se",
                "ci_low",
                "ci_high",
                "df",
                "n",
                "weighted_n",
            ] {
                let (ours, theirs) = (number(row, column), number(other, column));
                assert!(
                    (ours - theirs).abs() <= 1e-12 * theirs.abs(),
                    "{column}: {row}"
                );
            }
        }
    }
    let changes = rows(&run(folder.path(), &format!("{words} --pairs")));
    assert_eq!(changes.len(), may.len());
    for change in changes {
        let level = change["a"].as_str().unwrap().trim_start_matches("q1/");
        let level = level.split(':').next().unwrap();
        let find = |rows: &[serde_json::Value]| {
            let found = rows
                .iter()
                .find(|row| row["level"] == level || level == "therm_us" && row["level"].is_null());
            let row = found.unwrap();
            (
                number(row, "estimate"),
                number(row, "se"),
                number(row, "df"),
            )
        };
        let ((p, se, df), (q, other, more)) = (find(&may), find(&march));
        assert!((number(&change, "estimate") - (p - q)).abs() < 1e-12);
        assert!((number(&change, "se") - se.hypot(other)).abs() < 1e-12);
        assert!((number(&change, "df") - (df + more)).abs() < 1e-12);
        assert_eq!(change["relation"], "independent");
    }
}

#[test]
fn what_an_earlier_wave_did_not_ask_is_no_error() {
    let folder = folder();
    let words = "may.csv january.csv --rows therm_us,q1 --net 'q1:Calm=Not at all worried'";
    let run = run(folder.path(), words);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("– not asked"), "{}", run.out);
}

#[test]
fn options_without_effect_are_refused() {
    let folder = folder();
    for (words, why) in [
        ("may.csv --wave May", "there is one file"),
        ("may.csv --pairs --json", "there is one wave"),
        (
            "may.csv march.csv --wave May",
            "--wave names 1 waves, and there are 2 files",
        ),
        ("may.csv march.csv --pairs", "tables have the changes"),
        ("may.csv may.csv", "two waves are called may"),
        ("may.csv --no-charts", "--no-charts"),
        (
            "may.csv --sheets one --no-charts -o may.xlsx",
            "one sheet of all tables has no charts",
        ),
        ("may.csv --decimals 1 --json", "--decimals"),
        ("may.csv --net 'X=No such'", "no question has a level"),
    ] {
        let run = run(folder.path(), words);
        assert_eq!(run.code, 2, "{words}: {}", run.err);
        assert!(run.err.contains(why), "{words}: {}", run.err);
    }
}
