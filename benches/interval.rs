//! The price of an interval and of the quantiles under it.

use divan::{Bencher, black_box};
use opine::internals::statistics::interval::{Method, Shares};
use opine::internals::statistics::special::{beta, normal, student_t};

fn main() {
    divan::main();
}

#[divan::bench(args = Method::ALL)]
fn interval(bencher: Bencher, method: Method) {
    let sample = opine::internals::statistics::interval::Sample {
        n_eff: 772.3,
        respondents: Some(1004.0),
        df: None,
    };
    let sample = if method == Method::Beta {
        opine::internals::statistics::interval::Sample {
            df: Some(39.0),
            ..sample
        }
    } else {
        sample
    };
    let prepared = Shares::new(method, 0.95);
    bencher.bench(|| {
        prepared
            .as_ref()
            .map(|prepared| prepared.interval(black_box(0.62), black_box(sample)))
    });
}

#[divan::bench]
fn normal_quantile() -> Option<f64> {
    normal::quantile(black_box(0.975)).ok()
}

#[divan::bench(args = [3.0, 39.0, 1e6])]
fn t_quantile(df: f64) -> Option<f64> {
    student_t::quantile(black_box(0.975), df).ok()
}

#[divan::bench(args = [(2.0, 19.0), (50.0, 450.0), (5e3, 5e3), (5e8, 5e8)])]
fn beta_quantile((a, b): (f64, f64)) -> Option<f64> {
    beta::quantile(black_box(0.025), a, b).ok()
}
