//! The program against reference values: every entry of weights.json, as a user would type it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cli::program::{number, opine_in, rows};

fn entries() -> Vec<Value> {
    serde_json::from_str(include_str!("../../../golden/weights.json")).unwrap()
}

/// A file of the golden data.
pub fn data(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/data");
    path.join(name).to_str().unwrap().to_owned()
}

/// The targets of an entry as a file: R's `(Intercept)` is the number of all, the first level what is left of it.
fn targets(spec: &Value) -> String {
    let mut lines = vec!["variable,level,target".to_owned()];
    if let Some(totals) = spec["totals"].as_object() {
        let total = |name: &str| totals[name].as_f64().unwrap();
        let rest = total("(Intercept)") - total("stypeH") - total("stypeM");
        lines.push(format!("count(),,{}", total("(Intercept)")));
        lines.push(format!("stype,E,{rest}"));
        lines.push(format!("stype,H,{}", total("stypeH")));
        lines.push(format!("stype,M,{}", total("stypeM")));
        lines.push(format!("api99,,{}", total("api99")));
        return lines.join("\n");
    }
    for (variable, levels) in spec.as_object().unwrap() {
        for (level, target) in levels.as_object().into_iter().flatten() {
            lines.push(format!("{variable},{level},{target}"));
        }
    }
    lines.join("\n")
}

/// The step of an entry as flags, and as a part of a recipe.
fn step(entry: &Value) -> (Vec<String>, String) {
    let spec = &entry["spec"];
    let word = |text: &str| text.to_owned();
    match entry["method"].as_str().unwrap() {
        "calibrate" => {
            let distance = spec["calfun"].as_str().unwrap();
            let mut flags = ["--calibrate", "t.csv", "--distance", distance]
                .map(word)
                .to_vec();
            let mut recipe = format!(
                "[[step]]\nmethod = \"calibrate\"\ntargets = \"t.csv\"\ndistance = \"{distance}\"\ntolerance = 1e-10\n"
            );
            if let Some(bounds) = spec["bounds"].as_array() {
                flags.extend([word("--bounds"), format!("{},{}", bounds[0], bounds[1])]);
                recipe += &format!("bounds = [{}, {}]\n", bounds[0], bounds[1]);
            }
            flags.extend(["--tolerance", "1e-10"].map(word));
            (flags, recipe)
        }
        "poststratify" => (
            ["--poststratify", "t.csv"].map(word).to_vec(),
            "[[step]]\nmethod = \"poststratify\"\ntargets = \"t.csv\"\n".to_owned(),
        ),
        method => {
            let mut flags = ["--rake", "t.csv", "--tolerance", "1e-10"]
                .map(word)
                .to_vec();
            let mut recipe =
                "[[step]]\nmethod = \"rake\"\ntargets = \"t.csv\"\ntolerance = 1e-10\n".to_owned();
            if method == "rake+trim" {
                let (low, high) = (&spec["lower"], &spec["upper"]);
                flags.extend([word("--trim"), format!("{low},{high}")]);
                recipe += &format!("[[step]]\nmethod = \"trim\"\nlow = {low}\nhigh = {high}\n");
            }
            (flags, recipe)
        }
    }
}

fn near(found: f64, expected: &Value, tolerance: f64, what: &str) {
    let expected = expected.as_f64().unwrap();
    let off = (found - expected).abs() / expected.abs().max(1.0);
    assert!(off < tolerance, "{what}: {found}, expected {expected}");
}

fn design(entry: &Value, folder: &Path) {
    let lines = entry["design"].as_object().unwrap().iter();
    let lines: String = lines
        .map(|(key, value)| format!("{key} = {value}\n"))
        .collect();
    std::fs::write(folder.join("d.toml"), lines).unwrap();
}

fn run(folder: &Path, file: &str, args: &[&str]) -> Vec<Value> {
    let fixed = ["weight", file, "--design", "d.toml", "--format", "json"];
    rows(&opine_in(folder, &[&fixed, args].concat(), ""))
}

const THEN: [&str; 3] = ["--then", "mean(api00)", "total(enroll)"];

#[test]
fn every_golden_entry_through_the_program() {
    for entry in entries() {
        let id = entry["id"].as_str().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        design(&entry, folder);
        std::fs::write(folder.join("t.csv"), targets(&entry["spec"])).unwrap();
        let (flags, recipe) = step(&entry);
        std::fs::write(folder.join("r.toml"), recipe).unwrap();
        let file = data(entry["data"].as_str().unwrap());
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        let written = [&THEN[..], &["-o", "out.csv", "-q"]].concat();
        let found = run(folder, &file, &[&flags[..], &written].concat());
        for (row, key) in found.iter().zip(["mean_api00", "total_enroll"]) {
            near(number(row, "estimate"), &entry[key]["estimate"], 1e-8, id);
            near(number(row, "se"), &entry[key]["se"], 1e-6, id);
        }
        weights(&entry, &folder.join("out.csv"));
        let by_recipe = [&["--recipe", "r.toml"], &THEN[..]].concat();
        assert_eq!(run(folder, &file, &by_recipe), found, "{id}: a recipe");
        if entry["projection"].is_object() {
            let projected = [&flags[..], &["--raking-variance", "projection"], &THEN].concat();
            let found = run(folder, &file, &projected);
            for (row, key) in found.iter().zip(["mean_api00", "total_enroll"]) {
                near(number(row, "se"), &entry["projection"][key]["se"], 1e-6, id);
            }
        }
    }
}

/// Sum, sum of squares, extremes and the first ten of what was written.
fn weights(entry: &Value, written: &Path) {
    let id = entry["id"].as_str().unwrap();
    let mut reader = csv::Reader::from_path(written).unwrap();
    let weight =
        |record: csv::StringRecord| -> f64 { record.iter().next_back().unwrap().parse().unwrap() };
    let weights: Vec<f64> = reader
        .records()
        .map(|record| weight(record.unwrap()))
        .collect();
    near(weights.iter().sum(), &entry["sum"], 1e-8, id);
    let squares = weights.iter().map(|w| w * w).sum();
    near(squares, &entry["sum_sq"], 1e-8, id);
    near(
        weights.iter().copied().fold(f64::MAX, f64::min),
        &entry["min"],
        1e-8,
        id,
    );
    near(
        weights.iter().copied().fold(f64::MIN, f64::max),
        &entry["max"],
        1e-8,
        id,
    );
    for (found, expected) in weights.iter().zip(entry["first10"].as_array().unwrap()) {
        near(*found, expected, 1e-8, id);
    }
}
