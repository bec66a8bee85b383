//! The price of estimates from respondents: a hundred thousand of them in memory, in 20 strata of 20 PSUs.

use std::sync::Arc;

use divan::Bencher;
use opine::survey::design::Design;
use opine::survey::estimate::{Request, estimate};
use opine::survey::microdata::{Codebook, Kind, Memory, MemoryColumn, Value, Variable};

fn main() {
    divan::main();
}

const ROWS: u32 = 100_000;
const TAYLOR: &str = "weights = 'w'\nstrata = ['stratum']\npsu = ['psu']";
const ELEMENTS: &str = "weights = 'w'\nstrata = ['stratum']";
const REPLICATES: &str = "weights = 'w'\nreplicates = '^r[0-9]'\nrep_type = 'brr'\ndf = 40";

/// A hash of a row and a column, from 0 to below `below`.
fn drawn(row: u32, column: u32, below: u32) -> u32 {
    let mut bits = row.wrapping_mul(0x9e37_79b9) ^ column.wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ (bits >> 16)).wrapping_mul(0x7feb_352d);
    bits = (bits ^ (bits >> 15)).wrapping_mul(0x846c_a68b);
    (bits ^ (bits >> 16)) % below
}

fn numbers(of: impl Fn(u32) -> f64) -> MemoryColumn {
    MemoryColumn::Numbers((0..ROWS).map(of).collect())
}

/// Levels a, b … and null for one row in thirty.
fn levels(column: u32, count: u32) -> MemoryColumn {
    let named = (0..count).map(|level| Value::Text(format!("level {level}")));
    let code = |row| match drawn(row, column + 50, 30) {
        0 => count,
        _ => drawn(row, column, count),
    };
    MemoryColumn::Texts {
        codes: (0..ROWS).map(code).collect(),
        values: Arc::new(named.chain([Value::Null]).collect()),
    }
}

fn sample() -> Memory {
    let mut columns = vec![
        (
            "stratum".to_owned(),
            numbers(|row| f64::from(drawn(row, 0, 400) / 20)),
        ),
        (
            "psu".to_owned(),
            numbers(|row| f64::from(drawn(row, 0, 400))),
        ),
        (
            "w".to_owned(),
            numbers(|row| 0.5 + f64::from(drawn(row, 1, 1000)) * 1e-3),
        ),
        ("y".to_owned(), numbers(|row| f64::from(drawn(row, 2, 101)))),
        ("g".to_owned(), levels(3, 9)),
        ("h".to_owned(), levels(4, 6)),
    ];
    for item in 0..10 {
        columns.push((format!("q{item}"), levels(10 + item, 4 + item % 2)));
    }
    for replicate in 0..40 {
        let half = |row| f64::from(drawn(drawn(row, 0, 400), 100 + replicate, 2));
        columns.push((format!("r{replicate}"), numbers(half)));
    }
    let variable = |(name, column): &(String, MemoryColumn)| match column {
        MemoryColumn::Numbers(_) => Variable::bare(name, Kind::Number),
        MemoryColumn::Texts { .. } => Variable::bare(name, Kind::Text),
    };
    let codebook = Codebook {
        variables: columns.iter().map(variable).collect(),
        ..Codebook::default()
    };
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    match Memory::new(codebook, columns) {
        Ok(sample) => sample,
        Err(error) => panic!("{error}"),
    }
}

fn bench(bencher: Bencher, design: &str, items: &[&str], by: &[&str]) {
    let sample = sample();
    let request = by
        .iter()
        .fold(Request::builder(items.iter().copied()), |request, group| {
            request.by(*group)
        });
    let (Ok(design), Ok(request)) = (Design::from_toml(design), request.build()) else {
        panic!("a bench that asks for nothing");
    };
    bencher.bench(|| estimate(&sample, &design, &request).map(|estimates| estimates.rows.len()));
}

const TEN: [&str; 10] = [
    "prop(q0)", "prop(q1)", "prop(q2)", "prop(q3)", "prop(q4)", "prop(q5)", "prop(q6)", "prop(q7)",
    "prop(q8)", "prop(q9)",
];

#[divan::bench(args = [TAYLOR, ELEMENTS, REPLICATES])]
fn ten_proportions(bencher: Bencher, design: &str) {
    bench(bencher, design, &TEN, &[]);
}

#[divan::bench(args = [TAYLOR, ELEMENTS])]
fn ten_proportions_in_54_groups(bencher: Bencher, design: &str) {
    bench(bencher, design, &TEN, &["g", "h"]);
}

#[divan::bench(args = [TAYLOR, ELEMENTS, REPLICATES])]
fn mean_in_9_groups(bencher: Bencher, design: &str) {
    bench(bencher, design, &["mean(y)"], &["g"]);
}

#[divan::bench(args = [TAYLOR, REPLICATES])]
fn median_in_9_groups(bencher: Bencher, design: &str) {
    bench(bencher, design, &["median(y)"], &["g"]);
}
