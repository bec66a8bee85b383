//! Models against reference values: coefficients, terms, contrasts, statistics, margins.

use std::fmt::Write;

use serde_json::Value;
use tempfile::TempDir;

use crate::survey::testing::{Comparison, data, design_file, golden, rows};

/// A command line of an entry, and the folder of its files.
struct Model {
    id: String,
    _folder: TempDir,
    args: Vec<String>,
}

impl Model {
    fn new(entry: &Value) -> Model {
        let (folder, design) = design_file(entry);
        let text = |key: &str| entry[key].as_str().map(str::to_owned);
        let mut args = vec![
            "fit".to_owned(),
            data(entry["data"].as_str().unwrap()),
            text("formula").unwrap(),
        ];
        let family = text("family").unwrap();
        let (family, link) = match family.trim_end_matches(')').split_once('(') {
            Some((family, link)) => (family.to_owned(), Some(link.to_owned())),
            None => (family, None),
        };
        let mut add = |flag: &str, value: String| args.extend([flag.to_owned(), value]);
        add("--design", design);
        add("--family", family.clone());
        link.into_iter().for_each(|link| add("--link", link));
        text("where")
            .into_iter()
            .for_each(|condition| add("--where", condition));
        let options = &entry["options"];
        if let Some(information) = options["information"].as_str() {
            add("--information", information.to_owned());
        }
        if let ("ordinal", Some(levels)) = (family.as_str(), options["levels"].as_array()) {
            let quoted: Vec<String> = levels
                .iter()
                .map(|level| format!("\"{}\"", level.as_str().unwrap()))
                .collect();
            add("--order", quoted.join(","));
        }
        if let ("multinomial", Some(base)) = (family.as_str(), options["base"].as_str()) {
            let formula = text("formula").unwrap();
            let response = formula.split('~').next().unwrap().trim();
            add("--reference", format!("{response}={base}"));
        }
        if let Some(recipe) = recipe(&entry["weighting"], folder.path()) {
            add("--recipe", recipe);
        }
        Model {
            id: entry["id"].as_str().unwrap().to_owned(),
            _folder: folder,
            args,
        }
    }

    fn rows(&self, more: &[&str]) -> Vec<Value> {
        let args: Vec<&str> = self
            .args
            .iter()
            .map(String::as_str)
            .chain(more.iter().copied())
            .collect();
        rows(&args).unwrap_or_else(|error| panic!("{} {more:?}: {error}", self.id))
    }
}

/// The recipe of an entry's weighting, with its targets beside it.
fn recipe(weighting: &Value, folder: &std::path::Path) -> Option<String> {
    let method = weighting["method"].as_str()?;
    let mut targets = "variable,level,target\n".to_owned();
    let spec = &weighting["spec"];
    match spec["totals"].as_object() {
        Some(totals) => {
            let total = |name: &str| totals[name].as_f64().unwrap();
            let rest = total("(Intercept)") - total("stypeH") - total("stypeM");
            let (h, m, api99) = (total("stypeH"), total("stypeM"), total("api99"));
            write!(
                targets,
                "stype,E,{rest}\nstype,H,{h}\nstype,M,{m}\napi99,,{api99}\n"
            )
            .unwrap();
        }
        None => {
            for (variable, levels) in spec.as_object().unwrap() {
                for (level, target) in levels.as_object().unwrap() {
                    writeln!(targets, "{variable},{level},{target}").unwrap();
                }
            }
        }
    }
    std::fs::write(folder.join("targets.csv"), targets).unwrap();
    let path = folder.join("recipe.toml");
    let step = format!("[[step]]\nmethod = \"{method}\"\ntargets = \"targets.csv\"\n");
    std::fs::write(&path, step).unwrap();
    Some(path.display().to_string())
}

fn of_kind(kinds: &[&str]) -> Vec<Value> {
    let entries = golden("models2.json").into_iter();
    entries
        .filter(|entry| kinds.contains(&entry["kind"].as_str().unwrap()))
        .collect()
}

fn flagged(row: &Value, flag: &str) -> bool {
    row["flags"]
        .as_str()
        .unwrap()
        .split(' ')
        .any(|own| own == flag)
}

#[test]
fn coefficients_are_those_of_the_reference() {
    let mut compared = Comparison::default();
    let entries = [
        golden("models.json"),
        of_kind(&["fit", "ordinal", "multinomial", "separated"]),
    ]
    .concat();
    for entry in &entries {
        let model = Model::new(entry);
        let rows = model.rows(&[]);
        // models.json holds its result without a level above
        let result = if entry["result"].is_null() {
            entry
        } else {
            &entry["result"]
        };
        for expected in result["terms"].as_array().unwrap() {
            let term = expected["term"].as_str().unwrap();
            let names = |row: &Value| match (entry["kind"].as_str(), row["level"].as_str()) {
                (Some("multinomial"), Some(level)) => {
                    format!("{level}:{}", row["term"].as_str().unwrap())
                }
                _ => row["term"].as_str().unwrap().to_owned(),
            };
            let found = rows
                .iter()
                .find(|row| names(row) == term && !flagged(row, "reference"));
            let row = found.unwrap_or_else(|| panic!("{} has no {term}", model.id));
            let what = |name: &str| format!("{} {term} {name}", model.id);
            let slack = 1e-10 * expected["estimate"].as_f64().unwrap().abs();
            compared.close(
                &what("estimate"),
                &row["estimate"],
                &expected["estimate"],
                1e-9,
            );
            compared.within(&what("se"), &row["se"], &expected["se"], (1e-7, slack));
            compared.close(&what("t"), &row["statistic"], &expected["t"], 1e-7);
            compared.close(&what("p"), &row["p_value"], &expected["p"], 1e-6);
            compared.within(
                &what("low"),
                &row["ci_low"],
                &expected["ci_low"],
                (1e-7, slack),
            );
            compared.within(
                &what("high"),
                &row["ci_high"],
                &expected["ci_high"],
                (1e-7, slack),
            );
            compared.close(&what("df"), &row["df"], &result["df_residual"], 1e-9);
        }
        for unbounded in result["unbounded"].as_array().into_iter().flatten() {
            let row = rows
                .iter()
                .find(|row| row["term"] == *unbounded && !flagged(row, "reference"))
                .unwrap();
            assert!(
                row["estimate"].is_null() && flagged(row, "separated"),
                "{}: {row}",
                model.id
            );
        }
    }
    assert!(entries.len() >= 55, "{} entries", entries.len());
    compared.finish(1_500);
}

/// A cubic far from 0 keeps eleven digits.
#[test]
fn powers_far_from_zero_keep_their_digits() {
    let mut compared = Comparison::default();
    for entry in of_kind(&["fit"]) {
        let id = entry["id"].as_str().unwrap();
        if !id.contains("cubic") {
            continue;
        }
        let rows = Model::new(&entry).rows(&[]);
        for expected in entry["result"]["terms"].as_array().unwrap() {
            let row = rows
                .iter()
                .find(|row| row["term"] == expected["term"])
                .unwrap();
            compared.close(id, &row["estimate"], &expected["estimate"], 1e-11);
        }
    }
    compared.finish(8);
}

#[test]
fn tests_of_terms_are_those_of_the_reference() {
    let mut compared = Comparison::default();
    for entry in of_kind(&["term_test"]) {
        let model = Model::new(&entry);
        let names: Vec<&str> = entry["options"]["terms"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        let joint = names.join(",");
        let result = &entry["result"];
        for (kind, expected) in [
            ("wald", result),
            ("adjusted", &result["adjusted"]),
            ("lrt", &result["lrt"]),
        ] {
            let rows = model.rows(&["--terms", kind, "--joint", &joint]);
            let row = rows.last().unwrap();
            let what = |name: &str| format!("{} {kind} {name}", model.id);
            let statistic = if kind == "lrt" {
                &expected["statistic"]
            } else {
                &expected["f"]
            };
            compared.close(&what("statistic"), &row["statistic"], statistic, 1e-7);
            compared.close(&what("p"), &row["p_value"], &expected["p_value"], 1e-6);
            compared.close(&what("df1"), &row["df1"], &expected["df1"], 1e-12);
            compared.close(&what("df2"), &row["df2"], &expected["df2"], 1e-12);
            if let [single] = names.as_slice() {
                let same = rows.iter().find(|row| row["term"] == *single).unwrap();
                assert_eq!(same["statistic"], row["statistic"]);
            }
        }
    }
    compared.finish(100);
}

#[test]
fn contrasts_and_statistics_are_those_of_the_reference() {
    let mut compared = Comparison::default();
    for entry in of_kind(&["lincom"]) {
        let model = Model::new(&entry);
        let row = &model.rows(&["--contrast", entry["options"]["expr"].as_str().unwrap()])[0];
        let result = &entry["result"];
        for (name, column, tolerance) in [
            ("estimate", "estimate", 1e-9),
            ("se", "se", 1e-7),
            ("t", "statistic", 1e-7),
            ("df", "df2", 1e-12),
            ("p_value", "p_value", 1e-6),
            ("ci_low", "ci_low", 1e-7),
            ("ci_high", "ci_high", 1e-7),
        ] {
            compared.close(
                &format!("{} {name}", model.id),
                &row[column],
                &result[name],
                tolerance,
            );
        }
    }
    for entry in of_kind(&["fit_statistics"]) {
        let model = Model::new(&entry);
        let rows = model.rows(&["--statistics"]);
        for (name, expected) in entry["result"].as_object().unwrap() {
            let row = rows.iter().find(|row| row["test"] == name.as_str());
            let found = row.map_or(&Value::Null, |row| &row["statistic"]);
            compared.close(&format!("{} {name}", model.id), found, expected, 1e-7);
        }
    }
    compared.finish(35);
}

/// The flags that ask for a margin of an entry.
fn margin_flags(expected: &Value) -> Vec<String> {
    let mut flags = Vec::new();
    match expected["variable"].as_str() {
        Some(variable) => flags.extend(["--margins".to_owned(), variable.to_owned()]),
        None => flags.extend(["--margins".to_owned(), "overall".to_owned()]),
    }
    for (name, value) in expected["at"].as_object().into_iter().flatten() {
        flags.extend(["--at".to_owned(), format!("{name}={value}")]);
    }
    flags
}

#[test]
fn margins_are_those_of_the_reference() {
    let mut compared = Comparison::default();
    for entry in of_kind(&["margins"]) {
        if entry["id"].as_str().unwrap().ends_with("_pairs") {
            continue;
        }
        let model = Model::new(&entry);
        let mut known: Vec<(Vec<String>, Vec<Value>)> = Vec::new();
        for expected in entry["result"].as_array().unwrap() {
            let mut ways = vec![
                (Vec::new(), "se"),
                (vec!["--ci".to_owned(), "wald".to_owned()], "se"),
            ];
            if expected["se_conditional"].is_number() {
                ways.push((
                    vec!["--se".to_owned(), "conditional".to_owned()],
                    "se_conditional",
                ));
            }
            for (flags, se) in ways {
                let flags = [margin_flags(expected), flags].concat();
                if !known.iter().any(|(own, _)| *own == flags) {
                    let more: Vec<&str> = flags.iter().map(String::as_str).collect();
                    known.push((flags.clone(), model.rows(&more)));
                }
                let rows = &known.iter().find(|(own, _)| *own == flags).unwrap().1;
                let same = |row: &&Value, column: &str, key: &str| {
                    expected[key].is_null() || row[column] == expected[key]
                };
                let fitting: Vec<&Value> = rows
                    .iter()
                    .filter(|row| {
                        same(row, "statistic", "what")
                            && same(row, "level", "level")
                            && same(row, "response", "response")
                    })
                    .collect();
                let [row] = fitting.as_slice() else {
                    panic!("{}: {} rows for {expected}", model.id, fitting.len());
                };
                let what = format!("{} {expected}", model.id);
                compared.close(&what, &row["estimate"], &expected["estimate"], 1e-9);
                compared.close(&what, &row["se"], &expected[se], 1e-7);
                compared.close(&what, &row["df"], &expected["df"], 1e-12);
                if flags.last().map(String::as_str) == Some("wald") {
                    compared.close(&what, &row["ci_low"], &expected["ci_low"], 1e-7);
                    compared.close(&what, &row["ci_high"], &expected["ci_high"], 1e-7);
                } else if se == "se" {
                    compared.close(&what, &row["ci_low"], &expected["ci_logit"][0], 1e-7);
                    compared.close(&what, &row["ci_high"], &expected["ci_logit"][1], 1e-7);
                }
            }
        }
    }
    compared.finish(900);
}

#[test]
fn pairs_of_margins_are_those_of_the_reference() {
    let mut compared = Comparison::default();
    for entry in of_kind(&["margins"]) {
        if !entry["id"].as_str().unwrap().ends_with("_pairs") {
            continue;
        }
        let model = Model::new(&entry);
        let expected = entry["result"].as_array().unwrap();
        let variable = expected[0]["variable"].as_str().unwrap();
        for (adjust, column) in [("holm", "p_holm"), ("bh", "p_bh")] {
            let rows = model.rows(&["--margins", variable, "--pairwise", "--adjust", adjust]);
            assert_eq!(rows.len(), expected.len());
            for expected in expected {
                let side = |key: &str| format!("{variable}={}", expected[key].as_str().unwrap());
                let row = rows
                    .iter()
                    .find(|row| row["a"] == side("level") && row["b"] == side("reference"))
                    .unwrap();
                compared.close(&model.id, &row["estimate"], &expected["estimate"], 1e-9);
                compared.close(&model.id, &row["se"], &expected["se"], 1e-7);
                compared.close(&model.id, &row["p_value"], &expected["p_value"], 1e-6);
                compared.close(&model.id, &row["p_adjusted"], &expected[column], 1e-6);
            }
        }
    }
    compared.finish(100);
}

/// An ordinal model with the complementary log-log link and replicate weights: worked out apart, each replicate by Newton steps
/// with a numerical derivative of the score.
#[test]
fn an_ordinal_model_with_cloglog_and_replicates() {
    let expected = [
        (
            "rep_jk1.csv",
            &[
                "--weights",
                "pw0",
                "--rep-type",
                "jk1",
                "--scale",
                "0.914839277851167",
            ][..],
            [
                0.010_382_544_666_252,
                0.016_820_828_916_239,
                0.429_425_499_644_348,
                0.407_427_793_483_976,
            ],
        ),
        (
            "rep_boot.csv",
            &["--weights", "pw", "--rep-type", "bootstrap"],
            [
                0.008_072_005_771_73,
                0.012_774_932_134_869,
                0.346_044_065_147_818,
                0.344_266_793_604_459,
            ],
        ),
    ];
    let estimates = [
        -0.001_269_223_261_744,
        -0.017_182_769_075_414,
        -0.072_961_406_838_89,
        0.485_766_646_076_064,
    ];
    for (file, design, errors) in expected {
        let file = data(file);
        let model = [
            "fit",
            &file,
            "stype ~ meals + ell",
            "--family",
            "ordinal",
            "--link",
            "cloglog",
            "--order",
            "E,M,H",
            "--replicates",
            "^rw[0-9]+$",
        ];
        let rows = rows(&[&model[..], design].concat()).unwrap();
        for (row, (estimate, se)) in rows.iter().zip(estimates.into_iter().zip(errors)) {
            for (found, expected) in [(&row["estimate"], estimate), (&row["se"], se)] {
                let found = found.as_f64().unwrap();
                assert!((found - expected).abs() < 1e-12, "{row}: {expected}");
            }
        }
    }
}
