//! The price of banner tables: a hundred thousand respondents in memory, in 20 strata of 20 PSUs, all letters tested.
//!
//! Goals, whole process, two quiet cores: 200 questions by 30 columns of 10^5 rows under 1 s, 50 by 20 of 10^6 under 1.5 s.

use std::sync::Arc;

use divan::Bencher;
use opine::survey::crosstab::{BannerPart, Question, Request, Test, crosstab};
use opine::survey::design::Design;
use opine::survey::microdata::{Codebook, Kind, Memory, MemoryColumn, Value, Variable};

fn main() {
    divan::main();
}

const ROWS: u32 = 100_000;
const QUESTIONS: u32 = 200;
const TAYLOR: &str = "weights = 'w'\nstrata = ['stratum']\npsu = ['psu']";
const ELEMENTS: &str = "weights = 'w'\nstrata = ['stratum']";
/// 9, 6, 4 and 11 columns: thirty.
const BANNER: [(&str, u32); 4] = [("region", 9), ("age", 6), ("party", 4), ("job", 11)];

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

/// Levels, and null for one row in thirty.
fn levels(column: u32, count: u32) -> MemoryColumn {
    let named = (0..count).map(|level| Value::Text(format!("level {level}")));
    let code = |row| match drawn(row, column + 500, 30) {
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
    ];
    for (at, (name, count)) in (2..).zip(BANNER) {
        columns.push((name.to_owned(), levels(at, count)));
    }
    for question in 0..QUESTIONS {
        columns.push((
            format!("q{question}"),
            levels(10 + question, 4 + question % 3),
        ));
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

fn request(questions: u32, test: Test) -> Request {
    let mut request = Request::default();
    let names = (0..questions).map(|at| Question::parse(&format!("q{at}")));
    request.tables = names.flatten().map(Into::into).collect();
    let parts = BANNER.iter().map(|(name, _)| BannerPart::parse(name));
    request.banner = parts.flatten().collect();
    request.options.test = test;
    request
}

fn run(bencher: Bencher, design: &str, request: Request) {
    let (sample, design) = (sample(), Design::from_toml(design));
    let design = design.unwrap_or_else(|error| panic!("{error}"));
    bencher.bench_local(|| {
        let made = crosstab(&sample, "bench", &design, &request);
        made.unwrap_or_else(|error| panic!("{error}")).tables.len()
    });
}

/// Cost in questions.
#[divan::bench(args = [10, 50, 200], sample_count = 5)]
fn letters_by_questions(bencher: Bencher, questions: u32) {
    run(bencher, TAYLOR, request(questions, Test::Design));
}

/// What the letters cost: the same without a test.
#[divan::bench(args = [10, 50, 200], sample_count = 5)]
fn untested_by_questions(bencher: Bencher, questions: u32) {
    run(bencher, TAYLOR, request(questions, Test::None));
}

/// Where rows are the units: exact sums of squares by stratum.
#[divan::bench(args = [10, 50], sample_count = 5)]
fn elements_by_questions(bencher: Bencher, questions: u32) {
    run(bencher, ELEMENTS, request(questions, Test::Design));
}

/// Kish's test needs no variance of a pair.
#[divan::bench(args = [50], sample_count = 5)]
fn kish(bencher: Bencher, questions: u32) {
    run(bencher, TAYLOR, request(questions, Test::Kish));
}
