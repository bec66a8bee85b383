//! Plans of tables that are kept from wave to wave, and batteries.

use std::path::Path;

use serde_json::Value;

use crate::cli::program::{Run, opine_in, rows};

/// A poll with a battery of three questions, a question with several answers and a codebook.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["poll.csv", "codebook.csv"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/tables");
        std::fs::copy(from.join(name), folder.path().join(name)).unwrap();
    }
    folder
}

const DESIGN: [&str; 6] = [
    "--codebook",
    "codebook.csv",
    "--weights",
    "weight",
    "--psu",
    "psu",
];
const SET: [&str; 2] = ["--set", "news=n_tv,n_web,n_paper:Yes"];

fn crosstab(folder: &Path, more: &[&str]) -> Run {
    opine_in(
        folder,
        &[&["crosstab", "poll.csv"], &DESIGN[..], more].concat(),
        "",
    )
}

#[test]
fn a_plan_that_was_drafted_makes_the_same_tables() {
    let folder = folder();
    let asked = [
        &SET[..],
        &["--columns", "party,sex,party:sex,news", "--grids", "auto"],
        &[
            "--net",
            "Worried=Very worried,Somewhat worried",
            "--box",
            "1",
        ],
        &[
            "--column-net",
            "party:Left=Blue,Green",
            "--scores",
            "vote:1,0",
        ],
        &["--where", "id > 20"],
    ]
    .concat();
    let drafted = crosstab(
        folder.path(),
        &[&asked[..], &["--write-plan", "tabs.toml", "-q"]].concat(),
    );
    assert_eq!(
        (drafted.code, drafted.out.as_str()),
        (0, ""),
        "{}",
        drafted.err
    );
    let first = crosstab(folder.path(), &[&asked[..], &["--json"]].concat());
    let again = ["--plan", "tabs.toml", "--where", "id > 20", "--json"];
    let again = crosstab(folder.path(), &again);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(first.out, again.out);
    assert!(rows(&again).len() > 500);
    // what was drafted stays
    let twice = crosstab(
        folder.path(),
        &["--columns", "party", "--write-plan", "tabs.toml"],
    );
    assert_eq!(twice.code, 2);
    assert!(twice.err.contains("is there already"), "{}", twice.err);
}

#[test]
fn a_battery_stands_side_by_side_then_by_the_banner_then_by_itself() {
    let folder = folder();
    let grid = [
        "--grid",
        "Worries=w_us,w_ru,w_cn",
        "--columns",
        "party",
        "--json",
    ];
    let net = ["--net", "Worried=Very worried,Somewhat worried"];
    let made = rows(&crosstab(folder.path(), &[&grid[..], &net].concat()));
    let mut tables: Vec<&str> = made
        .iter()
        .map(|row| row["variable"].as_str().unwrap())
        .collect();
    tables.dedup();
    assert_eq!(
        tables,
        ["Worries", "Worries: Worried", "w_us", "w_ru", "w_cn"]
    );
    // a row of the battery is the net in the question’s own table
    let of = |variable: &str, level: &str, column: &str| -> &Value {
        let is = |row: &&Value| {
            row["variable"] == variable && row["level"] == level && row["column"] == column
        };
        made.iter().find(is).unwrap()
    };
    for (item, label) in [("w_us", "the US"), ("w_ru", "Russia"), ("w_cn", "China")] {
        for column in ["Total", "Blue", "Red", "Green"] {
            let (row, own) = (
                of("Worries: Worried", label, column),
                of(item, "Worried", column),
            );
            for key in ["estimate", "se", "n", "letters", "ci_low"] {
                assert_eq!(row[key], own[key], "{label} {column} {key}");
            }
        }
    }
    // without nets each answer has its table; without a banner there is one
    let answers = rows(&crosstab(folder.path(), &grid));
    let of_battery = answers
        .iter()
        .filter(|row| row["variable"] == "Worries: Don't know");
    assert_eq!(of_battery.count(), 12);
    let alone = ["--grid", "Worries=w_us,w_ru,w_cn", "--json"];
    let alone = rows(&crosstab(folder.path(), &alone));
    assert!(alone.iter().all(|row| row["variable"] == "Worries"));
}

#[test]
fn a_plan_of_another_wave_is_met_with_names() {
    let folder = folder();
    let plan = r#"
[banner]
columns = ["party", "sex"]
[banner.letters]
"party=Red" = "A"
"party=Orange" = "B"
"party=Blue" = "C"

[[table]]
rows = "w_us"
title = "Worried about the US?"
base = "All adults"
levels = ["Very worried", "Somewhat worryed", "Not worried", "Don't know"]
nets = { Worried = ["Very worried", "Somewhat worryed"] }

[[table]]
rows = "w_mars"

[[table]]
rows = "vote"
where = "sex == 'Male'"
weights = "likely"
"#;
    std::fs::write(folder.path().join("tabs.toml"), plan).unwrap();
    let text = std::fs::read_to_string(folder.path().join("poll.csv")).unwrap();
    let mut lines = text.lines().enumerate().map(|(at, line)| match at {
        0 => format!("{line},likely"),
        at => format!("{line},{}", at % 3),
    });
    let likely: Vec<String> = lines.by_ref().collect();
    std::fs::write(folder.path().join("poll.csv"), likely.join("\n")).unwrap();
    let made = crosstab(folder.path(), &["--plan", "tabs.toml"]);
    assert_eq!(made.code, 0, "{}", made.err);
    for note in [
        "nobody is in the column party=Orange of the plan",
        "columns that the plan has no letter for: party=Green, sex=Female, sex=Male",
        "w_us: nobody has Somewhat worryed; is it Somewhat worried?",
        "w_us: new is Somewhat worried",
        "no table of w_mars: no variable w_mars",
    ] {
        assert!(made.err.contains(note), "{note}\n{}", made.err);
    }
    // the level that is gone is shown with nobody, the one that is new behind; letters are those of before
    for text in [
        "Table 1. Worried about the US?",
        "All adults",
        "Somewhat worryed",
        "Of those with sex == 'Male'",
        "Weighted by likely.",
    ] {
        let out = made.out.replace('\n', " ");
        assert!(out.contains(text), "{text}\n{out}");
    }
    let json = rows(&crosstab(folder.path(), &["--plan", "tabs.toml", "--json"]));
    let letter = |column: &str| {
        let row = json.iter().find(|row| row["column"] == column).unwrap();
        row["letter"].as_str().unwrap().to_owned()
    };
    let letters = ["Blue", "Red", "Green", "Female", "Male"].map(letter);
    assert_eq!(letters, ["C", "A", "D", "E", "F"]);
    // a table of its own subpopulation and weights is that of the same options
    let own = [
        "--rows",
        "vote",
        "--columns",
        "party,sex",
        "--where",
        "sex == 'Male'",
        "--json",
    ];
    let design = [
        "--codebook",
        "codebook.csv",
        "--weights",
        "likely",
        "--psu",
        "psu",
    ];
    let own = [&["crosstab", "poll.csv"], &design[..], &own].concat();
    let own = rows(&opine_in(folder.path(), &own, ""));
    let of_plan: Vec<&Value> = json
        .iter()
        .filter(|row| row["variable"] == "vote")
        .collect();
    assert_eq!(own.len(), of_plan.len());
    for (one, other) in own.iter().zip(of_plan) {
        for key in ["estimate", "se", "n", "weighted_n", "column", "level"] {
            assert_eq!(one[key], other[key]);
        }
    }
    let strict = crosstab(folder.path(), &["--plan", "tabs.toml", "--strict", "-q"]);
    assert_eq!(strict.code, 1, "{}", strict.err);
}

#[test]
fn a_plan_is_refused_where_it_is_wrong() {
    let folder = folder();
    std::fs::write(
        folder.path().join("bad.toml"),
        "[[table]]\nrows = 'vote'\ntitel = 'x'\n",
    )
    .unwrap();
    std::fs::write(
        folder.path().join("ok.toml"),
        "[banner]\ncolumns = ['party']\n",
    )
    .unwrap();
    for (arguments, code, message) in [
        (
            &["--plan", "bad.toml"][..],
            2,
            "bad.toml: table 1: titel is no part of a table; did you mean title?",
        ),
        (
            &["--plan", "ok.toml", "--columns", "sex"],
            2,
            "leave out --columns",
        ),
        (&["--plan", "nowhere.toml"], 3, "nowhere.toml"),
    ] {
        let run = crosstab(folder.path(), arguments);
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
        assert_eq!(run.code, code, "{arguments:?}: {}", run.err);
    }
}
