//! The price of banner tables: a hundred thousand respondents in memory, in 20 strata of 20 PSUs, all letters tested.
//!
//! Goals, whole process, two quiet cores: 200 questions by 30 columns of 10^5 rows under 1 s, 50 by 20 of 10^6 under 1.5 s.

use divan::Bencher;
use opine::internals::survey::crosstab::{BannerPart, Question, Request, Test, crosstab};
use opine::internals::survey::design::Design;
use opine::internals::survey::microdata::Memory;

use sample::{ELEMENTS, TAYLOR, design_columns, in_memory, levels};

mod sample;

fn main() {
    divan::main();
}

const QUESTIONS: u32 = 200;
/// 9, 6, 4 and 11 columns: thirty.
const BANNER: [(&str, u32); 4] = [("region", 9), ("age", 6), ("party", 4), ("job", 11)];

fn respondents() -> Memory {
    let mut columns = design_columns();
    for (at, (name, count)) in (2..).zip(BANNER) {
        columns.push((name.to_owned(), levels(at, count)));
    }
    for question in 0..QUESTIONS {
        columns.push((
            format!("q{question}"),
            levels(10 + question, 4 + question % 3),
        ));
    }
    in_memory(columns)
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
    let (sample, design) = (respondents(), Design::from_toml(design));
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
