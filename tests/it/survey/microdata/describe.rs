//! The codebook with counts.

use opine::internals::survey::microdata::{
    Codebook, DISTINCT, Kind, LevelCount, Memory, MemoryColumn, NumberSummary, Value, Variable,
    describe,
};
use proptest::prelude::*;

use crate::cli::program::{opine, rows};
use crate::survey::microdata::expected::{file, source};

fn level(value: f64, label: Option<&str>, count: u64) -> LevelCount {
    LevelCount {
        value: Value::Number(value),
        label: label.map(str::to_owned),
        count,
    }
}

fn one_column(variable: Variable, numbers: Vec<f64>) -> Memory {
    let codebook = Codebook {
        variables: vec![variable],
        ..Codebook::default()
    };
    Memory::new(codebook, vec![MemoryColumn::Numbers(numbers)]).unwrap()
}

#[test]
fn an_spss_file() {
    let described = describe(source("rows.sav").as_ref()).unwrap();
    assert_eq!(described.rows, 40);
    let of = |name: &str| described.variables.iter().find(|v| v.name == name).unwrap();
    let vote = of("vote");
    assert_eq!((vote.valid, vote.null), (21, 6));
    assert_eq!(
        vote.missing,
        [
            level(8.0, Some("Weiß nicht"), 7),
            level(9.0, Some("Verweigert"), 6)
        ]
    );
    let levels = [
        level(1.0, Some("Ja"), 7),
        level(2.0, Some("Nein"), 7),
        level(3.0, Some(""), 7),
    ];
    assert_eq!(vote.levels.as_deref(), Some(levels.as_slice()));
    let summary = NumberSummary {
        min: 1.0,
        median: 2.0,
        mean: 2.0,
        max: 3.0,
    };
    assert_eq!(vote.numbers, Some(summary));
    let income = of("income");
    assert_eq!(
        (income.valid, income.null, income.missing.len()),
        (17, 5, 3)
    );
    let day = of("day");
    assert_eq!(day.kind, Kind::Date);
    assert_eq!(day.numbers.unwrap().min, 19_358.0);
    let party = of("party");
    assert_eq!(
        (party.valid, party.null, party.missing[0].count),
        (24, 8, 8)
    );
    assert_eq!(party.numbers, None);
    assert_eq!(
        party.levels.as_ref().unwrap()[0].label.as_deref(),
        Some("Alpha")
    );
}

#[test]
fn labels_that_nobody_gave() {
    let mut answer = Variable::bare("answer", Kind::Number);
    for (value, label) in [(5.0, "often"), (1.0, "never")] {
        answer.labels.push((Value::Number(value), label.to_owned()));
    }
    let described = describe(&one_column(answer, vec![3.0, 1.0, 2.0])).unwrap();
    let levels = [
        level(5.0, Some("often"), 0),
        level(1.0, Some("never"), 1),
        level(2.0, None, 1),
        level(3.0, None, 1),
    ];
    assert_eq!(
        described.variables[0].levels.as_deref(),
        Some(levels.as_slice())
    );
}

#[test]
fn nothing_valid() {
    let described = describe(&one_column(
        Variable::bare("x", Kind::Number),
        vec![f64::NAN; 3],
    ))
    .unwrap();
    let x = &described.variables[0];
    assert_eq!((x.valid, x.null, x.numbers), (0, 3, None));
    assert_eq!(x.levels.as_deref(), Some([].as_slice()));
}

#[test]
fn many_values() {
    let numbers: Vec<f64> = (0..200_000).map(|row| f64::from(row) / 4.0).collect();
    let described = describe(&one_column(Variable::bare("x", Kind::Number), numbers)).unwrap();
    let x = &described.variables[0];
    assert_eq!(x.levels, None);
    let summary = NumberSummary {
        min: 0.0,
        median: 24_999.875,
        mean: 24_999.875,
        max: 49_999.75,
    };
    assert_eq!(x.numbers, Some(summary));
    let most: Vec<f64> = (0..DISTINCT).map(|value| value as f64).collect();
    let described = describe(&one_column(Variable::bare("x", Kind::Number), most)).unwrap();
    assert_eq!(
        described.variables[0].levels.as_ref().map(Vec::len),
        Some(DISTINCT)
    );
}

proptest! {
    /// Whether by counts or by the column, the numbers are those of the sorted answers.
    #[test]
    fn numbers_by_both_ways(numbers in prop::collection::vec(-50i32..50, 1..80), spread in any::<bool>()) {
        let mut all: Vec<f64> = numbers.iter().map(|number| f64::from(*number)).collect();
        if spread {
            all.extend((0..2 * DISTINCT).map(|number| 0.5 + number as f64));
        }
        let described = describe(&one_column(Variable::bare("x", Kind::Number), all.clone())).unwrap();
        let found = described.variables[0].numbers.unwrap();
        all.sort_by(f64::total_cmp);
        let n = all.len();
        prop_assert_eq!((found.min, found.max), (all[0], all[n - 1]));
        prop_assert_eq!(found.median, (all[(n - 1) / 2] + all[n / 2]) / 2.0);
        prop_assert!((found.mean - all.iter().sum::<f64>() / n as f64).abs() < 1e-9);
        prop_assert_eq!(described.variables[0].levels.is_none(), spread);
    }
}

/// Questions with several answers stand behind the variables, with how many gave each.
#[test]
fn sets_of_answers_are_shown() {
    let path = std::fs::canonicalize(file("sets.sav")).unwrap();
    let path = path.display().to_string();
    let text = opine(&["describe", &path]);
    assert!(
        text.out.contains("Questions with several answers"),
        "{}",
        text.out
    );
    let rows = rows(&opine(&["describe", &path, "--json"]));
    let sets: Vec<&serde_json::Value> = rows
        .iter()
        .filter(|row| row["kind"] == "several answers")
        .collect();
    assert!(!sets.is_empty());
    let answers = rows
        .iter()
        .filter(|row| row["variable"] == sets[0]["variable"] && row["level"].is_string());
    assert!(answers.count() > 1);
}
