//! Numbers are numbers in every format that programs read.

use std::path::Path;

use serde_json::Value;

use super::program::{opine_in, rows};

/// Commands that print rows, over the shipped figures and the example files.
const COMMANDS: [&str; 31] = [
    "list polls",
    "list samples",
    "list questions",
    "list figures",
    "summary",
    "export",
    "bounds egf2023/worried/net",
    "card egf2023",
    "check",
    "size --moe 3",
    "interval 62 -n 1000",
    "interval 62 --moe 3",
    "compare 48@1000 45@1000",
    "describe poll.csv",
    "describe poll.csv --balance sex",
    "design poll.csv --strata stratum --psu psu --weights weight",
    "estimate poll.csv prop(q1) mean(therm_us) --by party",
    "estimate poll.csv mean(therm_us) --by party --pairwise",
    "crosstab poll.csv --columns party --rows q1",
    "crosstab poll.csv --columns party --rows q1 --pairs",
    "crosstab poll.csv --columns party --rows q1 --tests",
    "topline poll.csv --rows q1",
    "topline poll.csv poll.csv --wave b,a --rows q1 --pairs",
    "test poll.csv chisq(q1,party) ttest(therm_us,sex)",
    "fit poll.csv therm_us~party",
    "fit poll.csv therm_us~party --terms",
    "fit poll.csv therm_us~party --margins party",
    "pool 48@1000 45@1000",
    "trend us2016.csv",
    "weight poll.csv --rake targets.csv",
    "schema trend",
];

/// Texts that may look like numbers: labels, dates, and what was printed as it was printed.
const TEXTS: [&str; 8] = [
    "level",
    "label",
    "printed",
    "moe_printed",
    "deff_printed",
    "field_start",
    "field_end",
    "field_dates",
];

#[test]
fn numbers_are_numbers_in_json_and_whole_ones_whole_in_csv() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["poll.csv", "targets.csv", "us2016.csv"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("examples")
            .join(name);
        std::fs::copy(from, folder.path().join(name)).unwrap();
    }
    for command in COMMANDS {
        let words: Vec<&str> = command.split(' ').collect();
        let run = opine_in(folder.path(), &[&words[..], &["--json"]].concat(), "");
        let answer = match command {
            // findings end with 1
            "check" => serde_json::from_str(&run.out).unwrap(),
            _ => rows(&run),
        };
        assert!(!answer.is_empty(), "{command}");
        for (name, value) in answer.iter().filter_map(Value::as_object).flatten() {
            let number = value
                .as_str()
                .and_then(|text| text.replace(',', "").parse::<f64>().ok());
            assert!(
                number.is_none() || TEXTS.contains(&name.as_str()),
                "{command}: {name} is the text {value}"
            );
        }
        let csv = opine_in(folder.path(), &[&words[..], &["--csv"]].concat(), "").out;
        let names: Vec<String> = answer[0].as_object().unwrap().keys().cloned().collect();
        let mut lines = csv::Reader::from_reader(csv.as_bytes());
        for line in lines.records() {
            for (name, cell) in names.iter().zip(&line.unwrap()) {
                let padded = cell.parse::<f64>().is_ok() && cell.ends_with(".0");
                assert!(
                    !padded || TEXTS.contains(&name.as_str()),
                    "{command}: {name} is {cell}"
                );
            }
        }
    }
}

#[test]
fn a_figure_is_a_number_beside_what_it_is_printed_with() {
    let folder = tempfile::tempdir().unwrap();
    let listed = rows(&opine_in(
        folder.path(),
        &["list", "figures", "egf2023", "--json"],
        "",
    ));
    let about = listed
        .iter()
        .find(|row| row["qualifier"] == "about")
        .unwrap();
    assert!(about["percent"].is_number());
    let samples = rows(&opine_in(folder.path(), &["list", "samples", "--json"], ""));
    assert!(
        samples
            .iter()
            .all(|row| row["n"].is_number() || row["n"].is_null())
    );
    let table = opine_in(folder.path(), &["list", "figures", "egf2023"], "").out;
    assert!(
        table.contains('≈') && !table.contains("qualifier"),
        "{table}"
    );
}
