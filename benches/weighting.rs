//! The price of weighting: raking by cells, and replicates raked again.

use divan::Bencher;
use opine::internals::survey::weighting::{
    FirstStage, Margin, Margins, Method, MissingPolicy, RakeOptions, Replicates,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

fn main() {
    divan::main();
}

/// Four margins as in the survey of `generate.py`: 9, 6, 2 and 4 levels, targets off the sample's shares.
fn margins(rows: usize) -> Vec<Margin> {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let sizes = [9_u32, 6, 2, 4];
    let margin = |(at, levels): (usize, &u32)| {
        let names: Vec<String> = (0..*levels).map(|level| level.to_string()).collect();
        let codes: Vec<u32> = (0..rows).map(|_| random.next_u32() % levels).collect();
        let targets: Vec<(String, f64)> = names
            .iter()
            .enumerate()
            .map(|(level, name)| (name.clone(), 1.0 + 0.1 * level as f64))
            .collect();
        let all: f64 = targets.iter().map(|(_, target)| target).sum();
        let shares: Vec<(String, f64)> = targets
            .into_iter()
            .map(|(name, target)| (name, target / all))
            .collect();
        Margin::matched(format!("m{at}"), names, codes, &shares)
    };
    sizes
        .iter()
        .enumerate()
        .map(margin)
        .filter_map(Result::ok)
        .collect()
}

/// Unequal base weights.
fn base(rows: usize) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut weight = || 50.0 + f64::from(random.next_u32() % 100);
    (0..rows).map(|_| weight()).collect()
}

/// Coded columns in memory to new weights, with the crossing and all checks: what the peers are timed at.
#[divan::bench(args = [100_000, 1_000_000, 10_000_000], sample_count = 10, sample_size = 1)]
fn rake_to_four_margins(bencher: Bencher, rows: usize) {
    let (margins, base) = (margins(rows), base(rows));
    bencher.bench(|| {
        let all = Margins::new(&margins, rows, MissingPolicy::Refuse, None)?;
        all.rake(&base, RakeOptions::default())
    });
}

/// The crossing alone.
#[divan::bench(args = [1_000_000], sample_count = 10, sample_size = 1)]
fn cross_four_margins(bencher: Bencher, rows: usize) {
    let margins = margins(rows);
    bencher.bench(|| Margins::new(&margins, rows, MissingPolicy::Refuse, None));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn two_hundred_raked_bootstraps_of_100_000_rows(bencher: Bencher) {
    let rows = 100_000;
    let (margins, base) = (margins(rows), base(rows));
    let first = FirstStage {
        rows,
        strata: None,
        psu: None,
        fractions: None,
    };
    let method = Method::Bootstrap {
        replicates: 200,
        seed: 1,
    };
    bencher.bench(|| {
        let all = Margins::new(&margins, rows, MissingPolicy::Refuse, None)?;
        let replicates = Replicates::new(&first, method)?;
        replicates.reweighted(&base, |base| {
            Ok(all.rake(base, RakeOptions::default())?.weights)
        })
    });
}
