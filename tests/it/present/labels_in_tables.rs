//! Labels of SPSS and Stata files as the heads and rows of tables.

use std::path::Path;

use opine::internals::survey::microdata::write::write_spss;
use opine::internals::survey::microdata::{
    Codebook, Kind, Memory, MemoryColumn, MissingValues, Value, Variable,
};

use crate::cli::program::{opine_in, rows};

/// A question with every odd label, in a file of SPSS.
fn survey(path: &Path) {
    let label = |code: f64, label: &str| (Value::Number(code), label.to_owned());
    let question = Variable {
        label: Some(
            "How worried are you, if at all, about relations between the United States and China in the coming ten \
             years, thinking of trade, security and climate?"
                .to_owned(),
        ),
        labels: vec![
            label(1.0, "Very worried about what may come of them in the years ahead, whoever governs in either country"),
            label(2.0, "Worried "),
            label(3.0, "Worried"),
            label(4.0, "Gar nicht besorgt – 完全不担心"),
            label(5.0, ""),
            label(8.0, "Don’t know"),
            label(9.0, "Don’t know"),
        ],
        missing: MissingValues {
            values: vec![Value::Number(8.0), Value::Number(9.0)],
            ranges: Vec::new(),
        },
        ..Variable::bare("q1", Kind::Number)
    };
    let region = Variable {
        labels: vec![label(1.0, "North"), label(2.0, "Łódź")],
        ..Variable::bare("region", Kind::Number)
    };
    let answers = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 9.0, f64::NAN];
    let many = |of: &dyn Fn(usize) -> f64| MemoryColumn::Numbers((0..720).map(of).collect());
    let columns = vec![
        many(&|row| answers[row % 9]),
        many(&|row| 1.0 + f64::from(row % 4 == 0)),
    ];
    let codebook = Codebook {
        variables: vec![question, region],
        ..Codebook::default()
    };
    write_spss(path, &Memory::new(codebook, columns).unwrap()).unwrap();
}

fn estimated(args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    survey(&folder.path().join("survey.sav"));
    let run = opine_in(
        folder.path(),
        &[&["estimate", "survey.sav"], args].concat(),
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    run.out
}

#[test]
fn text_with_groups() {
    insta::assert_snapshot!(estimated(&["prop(q1)", "--by", "region"]));
}

#[test]
fn text_with_what_is_missing() {
    insta::assert_snapshot!(estimated(&["prop(q1)", "--missing", "show"]));
}

#[test]
fn codes() {
    insta::assert_snapshot!(estimated(&[
        "prop(q1)",
        "--codes",
        "--missing",
        "show",
        "--format",
        "md"
    ]));
}

#[test]
fn two_codes_with_one_label_are_two_rows_everywhere() {
    for format in ["text", "md", "html", "latex", "csv"] {
        let out = estimated(&["prop(q1)", "--format", format]);
        for name in ["Worried (2)", "Worried (3)"] {
            assert!(out.contains(name), "{format}: {out}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    survey(&folder.path().join("survey.sav"));
    let run = |args: &[&str]| {
        opine_in(
            folder.path(),
            &[&["estimate", "survey.sav"], args, &["--json"]].concat(),
            "",
        )
    };
    let found = rows(&run(&["prop(q1)"]));
    let levels: Vec<&str> = found
        .iter()
        .map(|row| row["level"].as_str().unwrap())
        .collect();
    assert_eq!(
        levels[1..],
        [
            "Worried (2)",
            "Worried (3)",
            "Gar nicht besorgt – 完全不担心",
            "5",
            "6"
        ]
    );
    let total: f64 = found
        .iter()
        .map(|row| row["estimate"].as_f64().unwrap())
        .sum();
    assert!((total - 1.0).abs() < 1e-12);
    // a label in an item means all that bear it
    let both = rows(&run(&["prop(q1 in ['Worried'])"]));
    assert!((both[0]["estimate"].as_f64().unwrap() - 2.0 / 6.0).abs() < 1e-12);
    let groups = rows(&run(&["count()", "--by", "q1:region"]));
    assert_eq!(groups.len(), 12);
}
