//! Estimates against reference values: every entry through the library, one of each kind through the program.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use opine::internals::frames::Estimate;
use opine::internals::survey::design::Design;
use opine::internals::survey::estimate::{Options, Request, estimate};
use opine::internals::survey::microdata::{self, OpenOptions};
use serde_json::{Map, Value};

fn golden(name: &str) -> Vec<Value> {
    let path = folder().join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn data(entry: &Value) -> PathBuf {
    folder().join("data").join(entry["data"].as_str().unwrap())
}

/// The design of an entry as a design file.
fn toml(entry: &Value) -> String {
    let design = entry["design"].as_object().unwrap();
    let lines = design
        .iter()
        .map(|(key, value)| format!("{key} = {value}\n"));
    lines.collect()
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

/// What is asked for, in the grammar of the command line.
fn items(entry: &Value) -> Vec<String> {
    let variables = texts(&entry["vars"]);
    match entry["stat"].as_str().unwrap_or("contrast") {
        "contrast" => vec![format!("mean({}) - mean({})", variables[0], variables[1])],
        "ratio" => vec![format!("ratio({}, {})", variables[0], variables[1])],
        "quantile" => {
            let rows = entry["rows"].as_array().unwrap();
            let mut levels: Vec<f64> = rows.iter().map(|row| number(&row["level"])).collect();
            levels.sort_by(f64::total_cmp);
            levels.dedup();
            let levels: Vec<String> = levels.iter().map(f64::to_string).collect();
            let quantiles = |x: &String| format!("quantile({x}, {})", levels.join(", "));
            variables.iter().map(quantiles).collect()
        }
        stat => variables.iter().map(|x| format!("{stat}({x})")).collect(),
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().unwrap(),
        number => number.as_f64().unwrap(),
    }
}

fn options(entry: &Value) -> Options {
    let mut options = Options::default();
    for (key, value) in entry["options"].as_object().unwrap_or(&Map::new()) {
        let value = value.as_str().unwrap();
        match key.as_str() {
            "ci" => options.ci = value.parse().unwrap(),
            "qrule" => options.rule = value.parse().unwrap(),
            "deff" => options.deff = Some(value.parse().unwrap()),
            other => panic!("option {other}"),
        }
    }
    options
}

fn estimated(entry: &Value) -> Vec<Estimate> {
    let source = microdata::open(&data(entry), &OpenOptions::default()).unwrap();
    let design = Design::from_toml(&toml(entry)).unwrap();
    let mut request = Request::builder(items(entry)).options(options(entry));
    for group in texts(&entry["by"]) {
        request = request.by(group);
    }
    if let Some(filter) = entry["where"].as_str() {
        request = request.filter(filter);
    }
    estimate(source.as_ref(), &design, &request.build().unwrap())
        .unwrap()
        .rows
}

/// |x − reference| within the tolerance of the reference; a standard error or bound may be off by 1e-10 of the estimate.
fn close(found: Option<f64>, reference: f64, tolerance: f64, slack: f64) -> bool {
    found.is_some_and(|x| (x - reference).abs() <= tolerance * reference.abs() + 1e-12 + slack)
}

/// What of a reference row is compared, with its tolerance.
fn compared(entry: &Value, row: &Estimate) -> Vec<(&'static str, Option<f64>, f64)> {
    let mut all = vec![
        ("estimate", row.estimate, 1e-9),
        ("df", row.df, 1e-9),
        ("se", row.se, 1e-7),
        ("deff", row.deff, 1e-7),
    ];
    // a proportion has an interval to compare where the entry names its method
    if entry["stat"] != "prop" || entry["options"]["ci"].is_string() {
        all.push(("ci_low", row.ci_low, 1e-7));
        all.push(("ci_high", row.ci_high, 1e-7));
    }
    all
}

fn matches(entry: &Value, reference: &Value, row: &Estimate) -> bool {
    let groups: BTreeMap<&str, &str> = reference["by"]
        .as_object()
        .map(|by| {
            by.iter()
                .map(|(k, v)| (k.as_str(), v.as_str().unwrap()))
                .collect()
        })
        .unwrap_or_default();
    let same_level = match (&reference["level"], &row.level) {
        (Value::Null, _) => true,
        (level, Some(found)) if entry["stat"] == "quantile" => {
            number(level) == found.parse::<f64>().unwrap()
        }
        (level, Some(found)) => level == found.as_str(),
        (_, None) => false,
    };
    let ratio = entry["stat"] == "ratio";
    let same_variable =
        ratio || reference["var"].is_null() || reference["var"] == row.variable.as_str();
    same_level && same_variable && groups.iter().all(|(name, value)| row.group(name) == *value)
}

#[test]
fn estimates_are_those_of_the_reference() {
    let mut wrong = Vec::new();
    let mut rows = 0;
    for entry in golden("estimates.json") {
        let found = estimated(&entry);
        for reference in entry["rows"].as_array().unwrap() {
            rows += 1;
            let fitting: Vec<&Estimate> = found
                .iter()
                .filter(|row| matches(&entry, reference, row))
                .collect();
            let [row] = fitting.as_slice() else {
                wrong.push(format!(
                    "{}: {} rows for {reference}",
                    entry["id"],
                    fitting.len()
                ));
                continue;
            };
            let slack = 1e-10 * row.estimate.unwrap_or(0.0).abs();
            for (name, found, tolerance) in compared(&entry, row) {
                let slack = if matches!(name, "se" | "ci_low" | "ci_high") {
                    slack
                } else {
                    0.0
                };
                let Some(expected) = reference[name].as_f64() else {
                    continue;
                };
                if !close(found, expected, tolerance, slack) {
                    wrong.push(format!("{} {name}: {found:?}, not {expected}", entry["id"]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows > 350, "{rows} rows");
}

#[test]
fn contrasts_are_those_of_the_reference() {
    let contrasts = golden("tests.json")
        .into_iter()
        .filter(|entry| entry["test"] == "contrast");
    let mut count = 0;
    for entry in contrasts {
        count += 1;
        let row = &estimated(&entry)[0];
        let result = &entry["result"];
        assert!(
            close(row.estimate, number(&result["estimate"]), 1e-9, 0.0),
            "{}",
            entry["id"]
        );
        assert!(
            close(row.se, number(&result["se"]), 1e-7, 0.0),
            "{}",
            entry["id"]
        );
    }
    assert_eq!(count, 5);
}

/// The first entry of each statistic and design, through the program itself.
#[test]
fn the_program_gives_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let design = folder.path().join("design.toml");
    let mut seen = std::collections::BTreeSet::new();
    for entry in golden("estimates.json") {
        let kind = format!("{}{}{}", entry["stat"], entry["data"], entry["options"]);
        if !seen.insert(kind) {
            continue;
        }
        std::fs::write(&design, toml(&entry)).unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_opine"));
        program
            .arg("estimate")
            .arg(data(&entry))
            .args(items(&entry));
        program
            .arg("--design")
            .arg(&design)
            .args(["--format", "json"]);
        for (flag, key) in [
            ("--ci", "ci"),
            ("--qrule", "qrule"),
            ("--deff-kind", "deff"),
        ] {
            if let Some(value) = entry["options"][key].as_str() {
                program.args([flag, value]);
            }
        }
        if !texts(&entry["by"]).is_empty() {
            program.args(["--by", &texts(&entry["by"]).join(",")]);
        }
        if let Some(text) = entry["where"].as_str() {
            program.args(["--where", text]);
        }
        let output = program.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        let expected = estimated(&entry);
        assert_eq!(rows.len(), expected.len());
        for (row, expected) in rows.iter().zip(expected) {
            assert_eq!(
                row["estimate"].as_f64(),
                expected.estimate,
                "{}",
                entry["id"]
            );
            assert_eq!(row["se"].as_f64(), expected.se, "{}", entry["id"]);
            assert_eq!(row["ci_low"].as_f64(), expected.ci_low, "{}", entry["id"]);
        }
    }
    assert!(seen.len() > 40);
}
