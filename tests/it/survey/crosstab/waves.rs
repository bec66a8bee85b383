//! Several files as waves of a poll.

use std::path::Path;
use std::sync::Arc;

use opine::internals::survey::crosstab::{BannerPart, Question, Request, crosstab};
use opine::internals::survey::design::Design;
use opine::internals::survey::microdata::{
    Codebook, Kind, Memory, MemoryColumn, Source, Value, Variable, Waves,
};
use serde_json::Value as Json;

use crate::cli::program::{Run, number, opine_in, rows};

fn numbers(name: &str, labels: &[(f64, &str)], values: &[f64]) -> (Variable, MemoryColumn) {
    let mut variable = Variable::bare(name, Kind::Number);
    let label = |(value, label): &(f64, &str)| (Value::Number(*value), (*label).to_owned());
    variable.labels = labels.iter().map(label).collect();
    (variable, MemoryColumn::Numbers(values.to_vec()))
}

fn source(columns: Vec<(Variable, MemoryColumn)>) -> Arc<dyn Source> {
    let (variables, columns) = columns.into_iter().unzip();
    let codebook = Codebook {
        variables,
        ..Codebook::default()
    };
    Arc::new(Memory::new(codebook, columns).unwrap())
}

/// Shares of the levels of a question by wave: level, wave, share.
fn shares(waves: &Waves, question: &str) -> Vec<(String, String, f64)> {
    let request = Request {
        tables: vec![Question::parse(question).unwrap().into()],
        banner: vec![BannerPart::parse("wave").unwrap()],
        ..Request::default()
    };
    let made = crosstab(waves, "waves", &Design::default(), &request).unwrap();
    let rows = made
        .estimates()
        .into_iter()
        .filter(|row| !row.block.is_empty());
    rows.map(|row| {
        let share = row.estimate.estimate.unwrap_or(f64::NAN);
        (row.estimate.level.unwrap_or_default(), row.column, share)
    })
    .collect()
}

#[test]
fn levels_go_by_their_labels_whatever_their_codes() {
    let first = [(1.0, "Agree"), (2.0, "Disagree"), (3.0, "Neither")];
    let second = [(2.0, "Agree"), (1.0, "Disagree"), (3.0, "Unsure how")];
    let waves = Waves::new(
        vec![
            (
                "2024".to_owned(),
                source(vec![
                    numbers("q1", &first, &[1.0, 1.0, 2.0, 3.0]),
                    numbers("old", &[], &[1.0, 2.0, 3.0, 4.0]),
                ]),
            ),
            (
                "2025".to_owned(),
                source(vec![
                    numbers("Q1", &second, &[2.0, 2.0, 1.0, 3.0]),
                    (
                        Variable::bare("new", Kind::Text),
                        MemoryColumn::from_texts([Some("a"), None, Some("b"), None]),
                    ),
                ]),
            ),
        ],
        "wave",
    )
    .unwrap();
    let found = shares(&waves, "q1");
    let share = |level: &str, wave: &str| {
        let is = |row: &&(String, String, f64)| row.0 == level && row.1 == wave;
        found.iter().find(is).unwrap().2
    };
    assert_eq!(share("Agree", "2024"), 0.5);
    assert_eq!(share("Agree", "2025"), 0.5);
    assert_eq!(share("Disagree", "2025"), 0.25);
    assert_eq!(share("Neither", "2025"), 0.0);
    assert_eq!(share("Unsure how", "2024"), 0.0);
    assert_eq!(share("Unsure how", "2025"), 0.25);
    assert_eq!(
        waves.differences(),
        [
            "q1: levels have other codes in 2025 than in 2024, and go by their labels: Agree is 2 there, Disagree is 1 there",
            "q1: new in 2025 is Unsure how",
            "q1: not in 2025 is Neither",
        ]
    );
    assert_eq!(
        waves.missing_variables(&[]),
        ["not in 2025: old", "not in 2024: new"]
    );
    assert_eq!(waves.missing_variables(&["old"]), ["not in 2024: new"]);
    // who was not asked has no answer
    let new = shares(&waves, "new");
    assert!(
        new.iter()
            .filter(|row| row.1 == "2024")
            .all(|row| row.2.is_nan())
    );
}

#[test]
fn codes_with_labels_and_texts_are_the_same_answers() {
    let labels = [(1.0, "Yes"), (2.0, "No")];
    let text = |answers: &[&str]| {
        let texts = MemoryColumn::from_texts(answers.iter().map(|text| Some(*text)));
        (Variable::bare("q", Kind::Text), texts)
    };
    let of = |one, other| Waves::new(vec![("a".to_owned(), one), ("b".to_owned(), other)], "wave");
    let coded = || source(vec![numbers("q", &labels, &[1.0, 1.0, 2.0, 1.0])]);
    let waves = of(coded(), source(vec![text(&["No", "Yes", "No", "No"])])).unwrap();
    let found = shares(&waves, "q");
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.contains(&("Yes".to_owned(), "a".to_owned(), 0.75)));
    assert!(found.contains(&("Yes".to_owned(), "b".to_owned(), 0.25)));
    let plain = source(vec![numbers("q", &[], &[1.0])]);
    let error = of(plain, source(vec![text(&["No"])]))
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("q is of another kind in b than in a"),
        "{error}"
    );
}

fn write(folder: &Path, name: &str, seed: usize, psu: &str) {
    let mut text = "psu,party,vote\n".to_owned();
    for row in 0..300 {
        let (mixed, party) = (
            (row * 7919 + seed * 104_729) % 1_009,
            ["Blue", "Red"][row % 2],
        );
        let vote = ["Yes", "No", "Perhaps"][(mixed + seed * usize::from(mixed > 700)) % 3];
        text += &format!("{psu}{},{party},{vote}\n", row % 30);
    }
    std::fs::write(folder.join(name), text).unwrap();
}

fn run(folder: &Path, more: &[&str]) -> Run {
    opine_in(folder, &[&["crosstab"], more].concat(), "")
}

#[test]
fn files_are_waves_and_a_wave_is_compared_with_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    (1..=3).for_each(|wave| write(folder, &format!("w{wave}.csv"), wave, ""));
    let files = ["w1.csv", "w2.csv", "w3.csv"];
    let asked = [
        "--wave",
        "year",
        "--rows",
        "vote",
        "--against",
        "previous",
        "--adjust",
        "none",
    ];
    let pairs = rows(&run(
        folder,
        &[&files[..], &asked, &["--pairs", "--json"]].concat(),
    ));
    let names: Vec<(&str, &str)> = pairs
        .iter()
        .filter(|row| row["a"].as_str().unwrap().starts_with("vote/Yes"))
        .map(|row| (row["a"].as_str().unwrap(), row["b"].as_str().unwrap()))
        .collect();
    assert_eq!(
        names,
        [
            ("vote/Yes:year=w2", "vote/Yes:year=w1"),
            ("vote/Yes:year=w3", "vote/Yes:year=w2"),
        ]
    );
    // waves drawn apart: the variances add up
    let alone = |file: &str| -> f64 {
        let json = ["estimate", file, "prop(vote)", "--json"];
        let all = rows(&opine_in(folder, &json, ""));
        number(all.iter().find(|row| row["level"] == "Yes").unwrap(), "se")
    };
    let (one, two) = (alone("w1.csv"), alone("w2.csv"));
    let se = number(
        &pairs
            .iter()
            .find(|row| row["a"] == "vote/Yes:year=w2")
            .unwrap()
            .clone(),
        "se",
    );
    assert!((se - one.hypot(two)).abs() < 1e-12, "{se}");
    // PSUs of one name are the same, and it is said
    let psu = ["--psu", "psu"];
    let same = run(
        folder,
        &[&files[..], &asked, &psu, &["--pairs", "--json"]].concat(),
    );
    assert!(
        same.err
            .contains("30 PSUs have the same name in several waves"),
        "{}",
        same.err
    );
    let apart = [
        "--psu", "psu", "--strata", "year", "--nest", "--pairs", "--json",
    ];
    let apart = run(folder, &[&files[..], &asked, &apart].concat());
    let se_of = |run: &Run| {
        let all = rows(run);
        number(
            all.iter()
                .find(|row: &&Json| row["a"] == "vote/Yes:year=w2")
                .unwrap(),
            "se",
        )
    };
    assert!((se_of(&same) - se_of(&apart)).abs() > 1e-6);
    (1..=3).for_each(|wave| write(folder, &format!("w{wave}.csv"), wave, &format!("{wave}-")));
    let named = run(
        folder,
        &[&files[..], &asked, &psu, &["--pairs", "--json"]].concat(),
    );
    assert!((se_of(&named) - se_of(&apart)).abs() < 1e-12);
    assert!(!named.err.contains("same name"), "{}", named.err);
}

#[test]
fn waves_say_what_does_not_go_together() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "w1.csv", 1, "");
    std::fs::write(
        folder.join("w2.csv"),
        "psu,party,vote,year\n1,Blue,Yes,2025\n2,Red,No,2025\n",
    )
    .unwrap();
    for (arguments, message) in [
        (
            &["w1.csv", "w2.csv"][..],
            "name what tells them apart, as in --wave year",
        ),
        (&["w1.csv", "--wave", "year"], "--wave has no effect"),
        (
            &["w1.csv", "w2.csv", "--wave", "year"],
            "year is in w2, and not in all files",
        ),
    ] {
        let run = run(folder, arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
    let text = run(
        folder,
        &[
            "w1.csv",
            "w2.csv",
            "--wave",
            "wave",
            "--rows",
            "vote",
            "--min-base",
            "0",
        ],
    );
    assert!(
        text.out.contains("Source: w1.csv + w2.csv."),
        "{}{}",
        text.out,
        text.err
    );
}
