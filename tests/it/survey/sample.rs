//! Respondents kept one by one and those added up while they are read are the same sample.

use opine::internals::survey::design::{Design, RepType, Replicates};
use opine::internals::survey::expr::Expr;
use opine::internals::survey::microdata::{Codebook, Kind, Memory, MemoryColumn, Variable};
use opine::internals::survey::sample::{
    ColumnKind, ColumnRequest, Patterns, Sample, SampleRequest,
};
use proptest::prelude::*;
use rayon::prelude::*;

/// PSU, group, answer, number, weight.
type Person = (u8, u8, Option<u8>, u8, f64);

fn memory(people: &[Person]) -> Memory {
    let number =
        |of: &dyn Fn(&Person) -> f64| MemoryColumn::Numbers(people.iter().map(of).collect());
    let answers: Vec<Option<String>> = people
        .iter()
        .map(|person| person.2.map(|answer| format!("q{answer}")))
        .collect();
    let columns = [
        ("w", Kind::Number, number(&|person| person.4)),
        ("s", Kind::Number, number(&|person| f64::from(person.0 / 2))),
        ("p", Kind::Number, number(&|person| f64::from(person.0))),
        ("g", Kind::Number, number(&|person| f64::from(person.1))),
        (
            "q",
            Kind::Text,
            MemoryColumn::from_texts(answers.iter().map(Option::as_deref)),
        ),
        ("x", Kind::Number, number(&|person| f64::from(person.3))),
        (
            "r1",
            Kind::Number,
            number(&|person| person.4 * f64::from(person.0 % 3)),
        ),
        (
            "r2",
            Kind::Number,
            number(&|person| person.4 * f64::from(person.0 % 2 * 2)),
        ),
    ];
    let variables = columns
        .iter()
        .map(|(name, kind, _)| Variable::bare(name, *kind));
    let codebook = Codebook {
        variables: variables.collect(),
        ..Codebook::default()
    };
    Memory::new(codebook, columns.map(|(_, _, column)| column).to_vec()).unwrap()
}

fn designs() -> Vec<Design> {
    let weights = Design {
        weights: Some("w".to_owned()),
        ..Design::default()
    };
    let strata = Design {
        strata: vec!["s".to_owned()],
        ..weights.clone()
    };
    let psus = Design {
        psu: vec!["p".to_owned()],
        ..strata.clone()
    };
    let replicates = Design {
        replicates: Some(Replicates {
            combined_weights: true,
            ..Replicates::new("^r", RepType::Brr)
        }),
        df: Some(3.0),
        ..weights.clone()
    };
    vec![Design::default(), weights, strata, psus, replicates]
}

fn columns() -> Vec<ColumnRequest> {
    let column = |text: &str, kind| ColumnRequest {
        text: text.to_owned(),
        expr: Expr::parse(text).unwrap(),
        kind,
    };
    vec![
        column("g", ColumnKind::Levels),
        column("q", ColumnKind::Levels),
        column("x", ColumnKind::Numbers),
        column("q == 'q1'", ColumnKind::Numbers),
    ]
}

/// Everything that an estimate takes from a sample, to the last bit.
fn digits(sample: &Sample, of: &[usize]) -> Vec<u64> {
    let columns: Vec<_> = of.iter().map(|at| &sample.columns[*at]).collect();
    let patterns = Patterns::new(sample, &columns, sample.complete(of));
    let scores: Vec<f64> = (0..2 * patterns.count())
        .map(|at| (at as f64 * 0.7).sin())
        .collect();
    let covariance = match sample.replication {
        None => patterns.design_covariance(&scores, 2),
        Some(_) => Vec::new(),
    };
    // of a coarser pattern than was added up, the weight in a replicate has what floats keep
    let replicates: Vec<Vec<f64>> = match of.len() == sample.columns.len() {
        true => patterns.replicates().collect(),
        false => Vec::new(),
    };
    let values = patterns.example.iter().flat_map(|row| {
        let row = *row as usize;
        sample
            .columns
            .iter()
            .map(move |column| column.number(row) + f64::from(column.code(row)))
    });
    let counts = patterns.n.iter().map(|n| *n as f64);
    let missing = sample.missing(of).into_iter().map(|(_, n)| n as f64);
    let all = [sample.everybody() as f64, patterns.df(), patterns.total().1];
    let numbers = all.into_iter().chain(counts).chain(missing);
    let numbers = numbers
        .chain(patterns.weight.iter().copied())
        .chain(covariance);
    let numbers = numbers
        .chain(replicates.into_iter().flatten())
        .chain(values.filter(|x| !x.is_nan()));
    numbers.map(f64::to_bits).collect()
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let person = (
        0_u8..4,
        0_u8..2,
        prop::option::weighted(0.9, 0_u8..2),
        0_u8..2,
        0.2_f64..5.0,
    );
    prop::collection::vec(person, 300..500)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn added_up_or_kept_is_one_sample(mut people in people()) {
        // two PSUs in each stratum, whoever is drawn
        people.extend((0..4).map(|psu| (psu, 0, Some(0), 0, 1.0)));
        let memory = memory(&people);
        for design in designs() {
            let read = |keeps_rows| {
                let request = SampleRequest { filter: None, weights: None, keeps_rows };
                Sample::read(&memory, &design, columns(), &request).unwrap()
            };
            let (kept, added_up) = (read(true), read(false));
            prop_assert_eq!(kept.count(), people.len());
            prop_assert!(added_up.count() <= people.len() / 4);
            for of in [&[0, 1, 2, 3][..], &[0, 1, 2], &[1, 2, 3]] {
                prop_assert_eq!(digits(&kept, of), digits(&added_up, of));
            }
        }
    }
}
