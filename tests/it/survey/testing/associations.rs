//! Correlations, alpha, balance and imputations against reference values.

use serde_json::Value;

use super::{Comparison, data, design_file, golden, refused, rows, texts};

fn of_kind(kind: &str) -> Vec<Value> {
    golden("models2.json")
        .into_iter()
        .filter(|entry| entry["kind"] == kind)
        .collect()
}

/// The rows that an item of an entry gives.
fn estimated(entry: &Value, item: &str, more: &[&str]) -> Vec<Value> {
    let (_folder, design) = design_file(entry);
    let file = data(entry["data"].as_str().unwrap());
    let mut args = vec!["estimate", &file, item, "--design", &design];
    if let Some(condition) = entry["where"].as_str() {
        args.extend(["--where", condition]);
    }
    args.extend(more);
    rows(&args).unwrap_or_else(|error| panic!("{}: {error}", entry["id"]))
}

fn compare(compared: &mut Comparison, id: &str, row: &Value, expected: &Value) {
    for (name, tolerance) in [
        ("estimate", 1e-9),
        ("se", 1e-7),
        ("df", 1e-9),
        ("ci_low", 1e-7),
        ("ci_high", 1e-7),
        ("n", 1e-12),
    ] {
        compared.close(
            &format!("{id} {name}"),
            &row[name],
            &expected[name],
            tolerance,
        );
    }
}

#[test]
fn correlations_and_alphas_are_those_of_the_reference() {
    let mut compared = Comparison::default();
    for (kind, verb) in [("correlation", "cor"), ("alpha", "alpha")] {
        for entry in of_kind(kind) {
            let item = format!("{verb}({})", texts(&entry["vars"]).join(", "));
            let levels = texts(&entry["options"]["levels"]).join(",");
            let order: &[&str] = if levels.is_empty() {
                &[]
            } else {
                &["--order", &levels]
            };
            let found = estimated(&entry, &item, order);
            compare(
                &mut compared,
                entry["id"].as_str().unwrap(),
                &found[0],
                &entry["result"],
            );
        }
    }
    compared.finish(30);
}

#[test]
fn imputations_are_combined_as_in_the_reference() {
    let mut compared = Comparison::default();
    for entry in of_kind("mi") {
        let id = entry["id"].as_str().unwrap();
        let statistic = entry["options"]["statistic"].as_str().unwrap();
        if statistic != "fit" {
            // degrees of freedom without end: Rubin's old ones
            let endless = entry["options"]["df_complete"] == "inf";
            let more: &[&str] = if endless { &["--df", "1e300"] } else { &[] };
            compare(
                &mut compared,
                id,
                &estimated(&entry, statistic, more)[0],
                &entry["result"][0],
            );
            continue;
        }
        let (formula, of_m) = entry["formula"]
            .as_str()
            .unwrap()
            .split_once(", m = ")
            .unwrap();
        let formula = formula.replace(" m ", &format!(" {of_m} "));
        let (_folder, design) = design_file(&entry);
        let file = data(entry["data"].as_str().unwrap());
        let found = rows(&["fit", &file, &formula, "--design", &design]).unwrap();
        for expected in entry["result"].as_array().unwrap() {
            let term = match expected["term"].as_str().unwrap() {
                "m" => of_m,
                term => term,
            };
            let row = found
                .iter()
                .find(|row| row["term"] == term && row["flags"] != "reference")
                .unwrap();
            compare(&mut compared, id, row, expected);
        }
    }
    compared.finish(50);
}

#[test]
fn balance_is_that_of_the_reference() {
    let mut compared = Comparison::default();
    for entry in of_kind("smd") {
        let variables = texts(&entry["vars"]);
        let (_folder, design) = design_file(&entry);
        let file = data(entry["data"].as_str().unwrap());
        let found = rows(&[
            "describe",
            &file,
            "--balance",
            &variables[1],
            "--design",
            &design,
        ])
        .unwrap();
        let level = &entry["options"]["level"];
        let row = found
            .iter()
            .find(|row| row["variable"] == variables[0].as_str() && row["level"] == *level)
            .unwrap();
        for (name, expected) in entry["result"].as_object().unwrap() {
            compared.close(name, &row[name], expected, 1e-9);
        }
    }
    compared.finish(15);
}

#[test]
fn what_goes_with_nothing_is_refused() {
    let (opinion, imputed) = (data("opinion.csv"), data("pv.csv"));
    for (args, word) in [
        (
            &["estimate", &opinion, "cor(therm_us)"][..],
            "two arguments",
        ),
        (
            &["estimate", &opinion, "alpha(therm_us)"],
            "two items or more",
        ),
        (
            &["estimate", &opinion, "2 * cor(therm_us, therm_cn)"],
            "stands alone",
        ),
        (&["estimate", &opinion, "alpha(q2, q4)"], "--order"),
        (
            &["estimate", &opinion, "mean(therm_us)", "--order", "a,b"],
            "--order has no effect",
        ),
        (&["estimate", &imputed, "mean(mi(pv1))"], "two imputations"),
        (
            &[
                "estimate",
                &imputed,
                "mean(mi(pv1..pv5))",
                "--pairwise",
                "--by",
                "stype",
            ],
            "--pairwise",
        ),
        (
            &["fit", &imputed, "mi(pv1..pv5) ~ meals", "--terms"],
            "--terms",
        ),
        (
            &["describe", &opinion, "--weights", "weight"],
            "--weights has no effect",
        ),
        (&["describe", &opinion, "--balance", "party"], "two groups"),
    ] {
        let (code, error) = refused(args);
        assert_eq!(code, 2, "{args:?}: {error}");
        assert!(error.contains(word), "{args:?}: {error}");
    }
}
