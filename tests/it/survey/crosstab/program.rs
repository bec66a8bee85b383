//! Banner tables against reference values, through the program: cells, comparisons, tests of tables.

use std::collections::HashMap;
use std::process::Command;

use serde_json::Value;

use super::golden::{entries, folder, texts, toml};
use crate::cli::program::opine_in;

/// The arguments that ask for an entry.
fn arguments(entry: &Value) -> Vec<String> {
    let mut arguments: Vec<String> = Vec::new();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let quoted = |level: &String| match level.contains(',') {
        true => format!("\"{level}\""),
        false => level.clone(),
    };
    let mut sets: Vec<String> = Vec::new();
    let mut add_set = |arguments: &mut Vec<String>, set: &Value| {
        let counted = set["counted"]
            .as_str()
            .map_or_else(String::new, |of| format!(":{of}"));
        let spec = format!(
            "{}={}{counted}",
            text(&set["name"]),
            texts(&set["variables"]).join(",")
        );
        if !sets.contains(&spec) {
            arguments.extend(["--set".to_owned(), spec.clone()]);
            sets.push(spec);
        }
        if let Some(base) = set["base"].as_str() {
            arguments.extend(["--set-base".to_owned(), base.to_owned()]);
        }
    };
    let add_nets = |arguments: &mut Vec<String>, nets: &Value| {
        for (name, levels) in nets.as_object().into_iter().flatten() {
            let levels: Vec<String> = texts(levels).iter().map(quoted).collect();
            arguments.extend(["--net".to_owned(), format!("{name}={}", levels.join(","))]);
        }
    };
    for row in entry["rows"].as_array().into_iter().flatten() {
        let of = |name: &str| text(&row[name]);
        add_nets(&mut arguments, &row["nets"]);
        let item = match row.as_object().unwrap().keys().next().unwrap().as_str() {
            "prop" => format!("prop({})", of("prop")),
            "mean" => format!("mean({})", of("mean")),
            "scores" => {
                let scores = row["values"].as_object().unwrap().iter();
                let scores: Vec<String> = scores
                    .map(|(level, score)| format!("{level}={score}"))
                    .collect();
                let scores = format!("{}:{}", of("scores"), scores.join(","));
                arguments.extend(["--scores".to_owned(), scores]);
                of("scores")
            }
            _ => {
                add_set(&mut arguments, &row["set"]);
                arguments.extend(["--show".to_owned(), "mentions".to_owned()]);
                text(&row["set"]["name"])
            }
        };
        arguments.extend(["--rows".to_owned(), item]);
    }
    let mut banner = Vec::new();
    for column in entry["columns"].as_array().into_iter().flatten() {
        banner.push(match column["by"].is_array() {
            true => texts(&column["by"]).join(":"),
            false => {
                add_set(&mut arguments, &column["set"]);
                text(&column["set"]["name"])
            }
        });
    }
    if !banner.is_empty() {
        arguments.extend(["--columns".to_owned(), banner.join(",")]);
    }
    if entry["grid"].is_array() {
        add_nets(&mut arguments, &entry["nets"]);
        arguments.extend([
            "--grid".to_owned(),
            format!("grid={}", texts(&entry["grid"]).join(",")),
        ]);
    }
    if let Some(condition) = entry["where"].as_str() {
        arguments.extend(["--where".to_owned(), condition.to_owned()]);
    }
    arguments
}

fn rows(entry: &Value, more: &[&str]) -> Vec<Value> {
    let folder_of_run = tempfile::tempdir().unwrap();
    let design = folder_of_run.path().join("design.toml");
    std::fs::write(&design, toml(entry)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_opine"))
        .arg("crosstab")
        .arg(folder().join("data").join(entry["data"].as_str().unwrap()))
        .args(arguments(entry))
        .arg("--design")
        .arg(&design)
        .args(["--format", "json"])
        .args(more)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {error}", entry["id"]);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Whether a number is that of the reference.
fn close(found: &Value, reference: &Value, tolerance: f64) -> bool {
    match (found.as_f64(), reference.as_f64()) {
        (None, None) => true,
        (Some(x), Some(y)) => (x - y).abs() <= tolerance * y.abs() + 1e-10,
        _ => false,
    }
}

/// What is wrong with a row, column by column.
fn compare(
    wrong: &mut Vec<String>,
    place: &str,
    (found, reference): (&Value, &Value),
    columns: &[(&str, &str, f64)],
) {
    for (ours, theirs, tolerance) in columns {
        if reference.get(theirs).is_some() && !close(&found[ours], &reference[theirs], *tolerance) {
            wrong.push(format!(
                "{place} {theirs}: {}, not {}",
                found[ours], reference[theirs]
            ));
        }
    }
}

#[test]
fn the_program_gives_the_cells_and_letters_of_the_reference() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in entries() {
        let grid = entry["grid"].is_array();
        let found = rows(&entry, if grid { &[] } else { &["--adjust", "none"] });
        let by_place: HashMap<String, &Value> = found
            .iter()
            .map(|row| {
                let block = if grid {
                    ""
                } else {
                    row["block"].as_str().unwrap()
                };
                let variable = if grid { &Value::Null } else { &row["variable"] };
                let mean = row["statistic"] == "mean" && row["level"].is_null();
                (
                    format!(
                        "{variable} {} {mean} {block} {}",
                        row["level"], row["column"]
                    ),
                    row,
                )
            })
            .collect();
        for reference in entry["cells"].as_array().unwrap() {
            let block = if grid {
                ""
            } else {
                reference["block"].as_str().unwrap()
            };
            let variable = if grid {
                &Value::Null
            } else {
                &reference["row"]
            };
            let mean = reference["statistic"] == "mean" && reference["level"].is_null();
            let place = format!(
                "{variable} {} {mean} {block} {}",
                reference["level"], reference["column"]
            );
            let row = by_place
                .get(&place)
                .unwrap_or_else(|| panic!("{}: no {place}", entry["id"]));
            let same = [
                "df",
                "n",
                "weighted_n",
                "base_n_eff",
                "count",
                "weighted_count",
                "index",
                "estimate",
                "std_dev",
            ];
            let same = same.map(|name| (name, name, 1e-9));
            let errors = ["se", "ci_low", "ci_high", "n_eff"].map(|name| (name, name, 1e-7));
            let place = format!("{} {place}", entry["id"]);
            compare(&mut wrong, &place, (row, reference), &same);
            compare(&mut wrong, &place, (row, reference), &errors);
            if let Some(letters) = reference["letters"].get("design")
                && *letters != row["letters"]
            {
                wrong.push(format!(
                    "{place} letters: {}, not {letters}",
                    row["letters"]
                ));
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 900, "{count}");
}

#[test]
fn the_program_gives_the_comparisons_of_the_reference() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in entries() {
        let grid = entry["grid"].is_array();
        for kind in ["pair", "rest", "total"] {
            let own = |reference: &&Value| reference["kind"].as_str().unwrap_or("pair") == kind;
            let references: Vec<&Value> = entry["comparisons"]
                .as_array()
                .unwrap()
                .iter()
                .filter(own)
                .collect();
            if references.is_empty() {
                continue;
            }
            let against = format!("{kind}{}", if kind == "pair" { "s" } else { "" });
            let mut more = vec!["--pairs"];
            if !grid {
                more.extend(["--against", &against]);
            }
            let kish = rows(&entry, &[more.as_slice(), &["--test", "kish"]].concat());
            let found = rows(&entry, &more);
            for (found, columns) in [
                (
                    found,
                    [
                        ("se", "se"),
                        ("z", "t"),
                        ("df", "df"),
                        ("p_value", "p_value"),
                        ("p_adjusted", "p_holm"),
                    ],
                ),
                (
                    kish,
                    [
                        ("se", "kish"),
                        ("z", "kish"),
                        ("df", "kish"),
                        ("p_value", "kish"),
                        ("p_adjusted", ""),
                    ],
                ),
            ] {
                let by_pair: HashMap<(&str, &str), &Value> = found
                    .iter()
                    .map(|row| {
                        (
                            (row["a"].as_str().unwrap(), row["b"].as_str().unwrap()),
                            row,
                        )
                    })
                    .collect();
                for reference in &references {
                    let text = |name: &str| reference[name].as_str().unwrap_or_default();
                    let what = match reference["level"].as_str() {
                        Some(level) => {
                            format!("{}/{level}", if grid { "grid" } else { text("row") })
                        }
                        None => text("row").to_owned(),
                    };
                    let block = if grid { "grid" } else { text("block") };
                    let (a, b) = (
                        format!("{what}:{block}={}", text("a")),
                        format!("{what}:{block}={}", text("b")),
                    );
                    let row = by_pair.get(&(a.as_str(), b.as_str()));
                    let row = row.unwrap_or_else(|| panic!("{}: no {a} and {b}", entry["id"]));
                    let place = format!("{} {a} {b}", entry["id"]);
                    for (ours, theirs) in columns {
                        let (theirs, of) = match theirs {
                            "kish" => (if ours == "z" { "t" } else { ours }, &reference["kish"]),
                            theirs => (theirs, *reference),
                        };
                        let tolerance = if ours.starts_with('p') { 1e-6 } else { 1e-7 };
                        compare(&mut wrong, &place, (row, of), &[(ours, theirs, tolerance)]);
                    }
                    count += 1;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 3_000, "{count}");
}

#[test]
fn the_program_gives_the_tests_of_the_reference() {
    let mut wrong = Vec::new();
    let tested: Vec<Value> = entries()
        .into_iter()
        .filter(|entry| entry["tests"].is_array())
        .collect();
    for entry in &tested {
        let found = rows(entry, &["--tests"]);
        for reference in entry["tests"].as_array().unwrap() {
            let same = |row: &&Value| {
                row["variable"] == reference["row"] && row["block"] == reference["block"]
            };
            let row = found
                .iter()
                .find(same)
                .unwrap_or_else(|| panic!("no {reference}"));
            let columns = [
                ("statistic", "statistic", 1e-7),
                ("df1", "df1", 1e-7),
                ("df2", "df2", 1e-7),
                ("p_value", "p_value", 1e-6),
            ];
            compare(
                &mut wrong,
                &entry["id"].to_string(),
                (row, reference),
                &columns,
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tested.len() > 15);
}

#[test]
fn the_program_gives_the_other_shares_of_the_reference() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in entries() {
        let cells = || entry["cells"].as_array().unwrap().iter();
        for (percent, estimate, se) in [
            ("row", "row_share", "row_se"),
            ("total", "total_share", "total_se"),
        ] {
            if !cells().any(|cell| cell.get(estimate).is_some()) {
                continue;
            }
            let found = rows(&entry, &["--percent", percent]);
            for reference in cells().filter(|cell| cell.get(estimate).is_some()) {
                let same = |row: &&Value| {
                    row["variable"] == reference["row"]
                        && row["level"] == reference["level"]
                        && row["block"] == reference["block"]
                        && row["column"] == reference["column"]
                };
                let row = found
                    .iter()
                    .find(same)
                    .unwrap_or_else(|| panic!("no {reference}"));
                assert_eq!(row["percent"], percent);
                let place = format!(
                    "{} {} {}",
                    entry["id"], reference["level"], reference["column"]
                );
                compare(
                    &mut wrong,
                    &place,
                    (row, reference),
                    &[("estimate", estimate, 1e-9), ("se", se, 1e-7)],
                );
                count += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 100, "{count}");
}

/// What estimates refuse and say of a sample, tables do, too.
#[test]
fn a_sample_is_looked_at_as_that_of_estimates() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = "w,q,r1,r2,r3\n".to_owned();
    for at in 0..60 {
        let factor = |r: usize| if (at + r).is_multiple_of(2) { 2 } else { 0 };
        let q = ["Yes", "No", "Perhaps"][at % 3];
        file += &format!(
            "{},{q},{},{},{}\n",
            3 + at % 4,
            factor(0),
            factor(1),
            factor(at % 3)
        );
    }
    std::fs::write(folder.path().join("p.csv"), file).unwrap();
    let factors = [
        "crosstab",
        "p.csv",
        "--rows",
        "q",
        "--weights",
        "w",
        "--replicates",
        "^r",
        "--rep-type",
        "brr",
    ];
    let run = opine_in(folder.path(), &factors, "");
    assert!(
        run.code == 2 && run.err.contains("--combined-weights false"),
        "{}",
        run.err
    );
    let nobody = ["crosstab", "p.csv", "--rows", "q", "--where", "q == 'yes'"];
    let run = opine_in(folder.path(), &nobody, "");
    assert!(
        run.code == 0 && run.err.contains("--where q == 'yes': nobody"),
        "{}",
        run.err
    );
}
