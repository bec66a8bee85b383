//! The price of estimates from respondents: a hundred thousand of them in memory, in 20 strata of 20 PSUs.

use divan::Bencher;
use opine::internals::survey::design::Design;
use opine::internals::survey::estimate::{Request, estimate};
use opine::internals::survey::microdata::Memory;

use sample::{ELEMENTS, TAYLOR, design_columns, drawn, in_memory, levels, numbers};

mod sample;

fn main() {
    divan::main();
}

const REPLICATES: &str = "weights = 'w'\nreplicates = '^r[0-9]'\nrep_type = 'brr'\ndf = 40";

fn respondents() -> Memory {
    let mut columns = design_columns();
    columns.extend([
        ("y".to_owned(), numbers(|row| f64::from(drawn(row, 2, 101)))),
        ("g".to_owned(), levels(3, 9)),
        ("h".to_owned(), levels(4, 6)),
    ]);
    for item in 0..10 {
        columns.push((format!("q{item}"), levels(10 + item, 4 + item % 2)));
    }
    for replicate in 0..40 {
        let half = |row| f64::from(drawn(drawn(row, 0, 400), 100 + replicate, 2));
        columns.push((format!("r{replicate}"), numbers(half)));
    }
    in_memory(columns)
}

fn bench(bencher: Bencher, design: &str, items: &[&str], by: &[&str]) {
    let sample = respondents();
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
