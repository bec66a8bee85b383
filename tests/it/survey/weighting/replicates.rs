//! Replicate weights: matrices, factors, the variances they lead to, and weighting them again.

use opine::internals::survey::weighting::{
    Error, FirstStage, Hadamard, MISSING, Margin, Margins, Method, MissingPolicy, RakeOptions,
    Replicates, Variable,
};
use proptest::prelude::*;

#[test]
fn hadamard_matrices_are_orthogonal_and_balanced() {
    for order in [1, 2].into_iter().chain((4..=256).step_by(4)) {
        let Some(matrix) = Hadamard::with_order(order) else {
            assert_eq!(order, 236);
            continue;
        };
        let row = |i: usize| (0..order).map(|j| matrix.sign(i, j)).collect::<Vec<f64>>();
        let rows: Vec<Vec<f64>> = (0..order).map(row).collect();
        for i in 0..order {
            assert!(rows[0][i] == 1.0 && rows[i][0] == 1.0);
            for j in 0..order {
                let product: f64 = rows[i].iter().zip(&rows[j]).map(|(a, b)| a * b).sum();
                assert_eq!(
                    product,
                    if i == j { order as f64 } else { 0.0 },
                    "{order} {i} {j}"
                );
            }
        }
    }
    let least = |n| Hadamard::at_least(n).unwrap().order();
    assert_eq!(
        [1, 2, 3, 5, 21, 25, 49, 233].map(least),
        [1, 2, 4, 8, 24, 28, 52, 240]
    );
}

fn names(n: usize) -> Vec<String> {
    (1..=n).map(|h| format!("h{h}")).collect()
}

fn variable<'a>(levels: &'a [String], codes: &'a [u32]) -> Variable<'a> {
    Variable {
        name: "stratum",
        levels,
        codes,
    }
}

fn totals(replicates: &Replicates, base: &[f64], y: &[f64]) -> Vec<f64> {
    let total = |_, weights: Vec<f64>| Ok(weights.iter().zip(y).map(|(w, y)| w * y).sum());
    replicates.each(base, total).unwrap()
}

/// Σ (1 − f_h) n_h/(n_h − 1) Σ (u − ū)² of rows as units.
fn textbook(strata: &[u32], fractions: &[f64], u: &[f64]) -> f64 {
    let of = |h: u32| {
        strata
            .iter()
            .zip(u)
            .filter(move |(g, _)| **g == h)
            .map(|(_, u)| *u)
    };
    (0..)
        .zip(fractions)
        .map(|(h, f)| {
            let n = of(h).count() as f64;
            let mean = of(h).sum::<f64>() / n;
            (1.0 - f) * n / (n - 1.0) * of(h).map(|u| (u - mean).powi(2)).sum::<f64>()
        })
        .sum()
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1e-12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn jackknife_variances_of_a_total_are_the_textbooks(
        y in prop::collection::vec(-5.0_f64..5.0, 12..60),
        f in prop::collection::vec(0.0_f64..0.9, 3),
    ) {
        let strata: Vec<u32> = (0..y.len() as u32).map(|row| row % 3).collect();
        let levels = names(3);
        let stage = FirstStage {
            rows: y.len(),
            strata: Some(variable(&levels, &strata)),
            fractions: Some(&f),
            psu: None,
        };
        let base = vec![2.0; y.len()];
        let scores: Vec<f64> = y.iter().map(|y| 2.0 * y).collect();
        let full: f64 = scores.iter().sum();
        let jkn = Replicates::new(&stage, Method::Jkn).unwrap();
        let thetas = totals(&jkn, &base, &y);
        for centre in [None, Some(full)] {
            prop_assert!(near(jkn.variance(&thetas, centre).unwrap(), textbook(&strata, &f, &scores), 1e-9));
        }
        prop_assert_eq!((jkn.len(), jkn.df()), (y.len(), y.len() - 3));
        let stage = FirstStage { strata: None, fractions: Some(&f[..1]), ..stage };
        let jk1 = Replicates::new(&stage, Method::Jk1).unwrap();
        let one = vec![0; y.len()];
        let found = jk1.variance(&totals(&jk1, &base, &y), None).unwrap();
        prop_assert!(near(found, textbook(&one, &f[..1], &scores), 1e-9));
    }

    #[test]
    fn half_samples_have_the_variance_of_pairs(y in prop::collection::vec(-5.0_f64..5.0, 23)) {
        let y: Vec<f64> = y.iter().chain(&y).map(|y| y * y).zip(0..).map(|(y, i)| y + f64::from(i)).collect();
        let strata: Vec<u32> = (0..46).map(|row| row / 2).collect();
        let levels = names(23);
        let stage = FirstStage { rows: 46, strata: Some(variable(&levels, &strata)), ..Default::default() };
        let base = [3.0; 46];
        let scores: Vec<f64> = y.iter().map(|y| 3.0 * y).collect();
        let wanted = textbook(&strata, &[0.0; 23], &scores);
        let full: f64 = scores.iter().sum();
        for method in [Method::Brr, Method::Fay { rho: 0.3 }, Method::Successive { replicates: None }] {
            let made = Replicates::new(&stage, method).unwrap();
            let thetas = totals(&made, &base, &y);
            prop_assert_eq!(made.df(), 23);
            prop_assert!(near(made.variance(&thetas, None).unwrap(), wanted, 1e-9), "{:?}", method);
            prop_assert!(near(thetas.iter().sum::<f64>() / made.len() as f64, full, 1e-9));
        }
    }

    #[test]
    fn successive_differences_of_a_ring(y in prop::collection::vec(-5.0_f64..5.0, 5..40)) {
        let n = y.len();
        let stage = FirstStage { rows: n, ..Default::default() };
        let made = Replicates::new(&stage, Method::Successive { replicates: None }).unwrap();
        let squares: f64 = (0..n).map(|k| (y[k] - y[(k + 1) % n]).powi(2)).sum();
        let found = made.variance(&totals(&made, &vec![1.0; n], &y), None).unwrap();
        prop_assert!(near(found, squares / 2.0, 1e-9));
    }
}

#[test]
fn the_bootstrap_has_the_textbook_variance_on_average() {
    let y: Vec<f64> = (0..30).map(|row| f64::from(row * row % 17)).collect();
    let strata: Vec<u32> = (0..30).map(|row| row % 2).collect();
    let levels = names(2);
    let f = [0.0, 0.4];
    let stage = FirstStage {
        rows: 30,
        strata: Some(variable(&levels, &strata)),
        fractions: Some(&f),
        psu: None,
    };
    let made = Replicates::new(
        &stage,
        Method::Bootstrap {
            replicates: 20_000,
            seed: 1,
        },
    )
    .unwrap();
    let found = made.variance(&totals(&made, &[1.0; 30], &y), None).unwrap();
    assert!(near(found, textbook(&strata, &f, &y), 0.04), "{found}");
    let refused = Replicates::new(
        &stage,
        Method::Subbootstrap {
            replicates: 10,
            seed: 1,
        },
    )
    .unwrap_err();
    assert_eq!(refused, Error::NoFractions("subbootstrap"));
    let stage = FirstStage {
        fractions: None,
        ..stage
    };
    let made = Replicates::new(
        &stage,
        Method::Subbootstrap {
            replicates: 50,
            seed: 1,
        },
    )
    .unwrap();
    for replicate in 0..50 {
        let factors = made.factors(replicate).unwrap();
        // whole numbers of draws, 14 of 15 in each stratum
        let draws: Vec<f64> = factors.iter().map(|factor| factor * 14.0 / 15.0).collect();
        assert!(draws.iter().all(|draw| (draw - draw.round()).abs() < 1e-9));
        assert!(
            near(draws[..15].iter().sum(), 14.0, 1e-9)
                && near(draws[15..].iter().sum(), 14.0, 1e-9)
        );
    }
}

#[test]
fn a_seed_makes_the_same_replicates() {
    let stage = FirstStage {
        rows: 40,
        ..Default::default()
    };
    let made = |seed| {
        Replicates::new(
            &stage,
            Method::Bootstrap {
                replicates: 5,
                seed,
            },
        )
        .unwrap()
    };
    let factors = |seed| {
        (0..5)
            .map(|r| made(seed).factors(r).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(factors(7), factors(7));
    assert_ne!(factors(7), factors(8));
    assert_ne!(factors(7)[0], factors(7)[1]);
    // one bit of this must never change: a seed in a report is a promise
    let first: Vec<u32> = factors(2026)[0][..8]
        .iter()
        .map(|f| (f * 39.0 / 40.0).round() as u32)
        .collect();
    assert_eq!(first, [0, 0, 0, 0, 1, 1, 2, 1]);
}

#[test]
fn units_are_within_strata_in_the_order_of_the_file() {
    let levels = names(3);
    let strata = [2, 0, 2, 0, 2, 0];
    let psu = [5, 5, 9, 7, 5, 5];
    let stage = FirstStage {
        rows: 6,
        strata: Some(variable(&levels, &strata)),
        psu: Some(&psu),
        fractions: None,
    };
    let made = Replicates::new(&stage, Method::Jkn).unwrap();
    assert_eq!(made.unit_of_row(), [2, 0, 3, 1, 2, 0]);
    assert_eq!(
        made.weights(&[1.0; 6], 0).unwrap(),
        [1.0, 0.0, 1.0, 2.0, 1.0, 0.0]
    );
    assert!(made.weights(&[1.0; 6], 4).is_err() && made.weights(&[1.0; 5], 0).is_err());
}

#[test]
fn what_is_wrong_with_a_design_is_named() {
    let levels = names(3);
    let strata = [0, 0, 1, 2, 2, 2];
    let stage = FirstStage {
        rows: 6,
        strata: Some(variable(&levels, &strata)),
        ..Default::default()
    };
    let refused =
        |stage: &FirstStage, method| Replicates::new(stage, method).unwrap_err().to_string();
    let text = refused(&stage, Method::Jkn);
    assert!(text.contains("the strata “h2”"), "{text}");
    // a unit that was certain to be in the sample is not lonely
    let certain = FirstStage {
        fractions: Some(&[0.0, 1.0, 0.0]),
        ..stage
    };
    let made = Replicates::new(&certain, Method::Jkn).unwrap();
    assert_eq!((made.len(), made.df()), (5, 3));
    let strata = [0, 0, 1, 1, 1, 1];
    let stage = FirstStage {
        rows: 6,
        strata: Some(variable(&levels, &strata)),
        ..Default::default()
    };
    assert!(refused(&stage, Method::Brr).contains("h2 (4)"));
    assert!(refused(&stage, Method::Jk1).contains("take jkn"));
    assert!(refused(&stage, Method::Fay { rho: 1.0 }).contains("rho"));
    assert!(
        refused(
            &stage,
            Method::Bootstrap {
                replicates: 1,
                seed: 0
            }
        )
        .contains("at least 2")
    );
    let missing = [0, 0, 1, 1, 1, MISSING];
    let stage = FirstStage {
        strata: Some(variable(&levels, &missing)),
        ..stage
    };
    assert!(refused(&stage, Method::Jkn).contains("missing in 1"));
    let one = FirstStage {
        rows: 1,
        ..Default::default()
    };
    assert!(refused(&one, Method::Jk1).contains("the sample"));
}

fn margins(rows: usize) -> Margins {
    let codes = |by: usize, n: usize| (0..rows).map(|row| (row * 31 / by % n) as u32).collect();
    let margin = |name, by, n: usize| {
        let targets: Vec<f64> = (0..n).map(|level| 1.0 + 0.1 * level as f64).collect();
        let sum: f64 = targets.iter().sum();
        let shares = targets.iter().map(|target| target / sum).collect();
        Margin::new(name, names(n), codes(by, n), shares)
    };
    Margins::new(
        &[margin("a", 1, 5), margin("b", 7, 4), margin("c", 3, 2)],
        rows,
        MissingPolicy::Refuse,
        None,
    )
    .unwrap()
}

#[test]
fn replicates_are_raked_again() {
    let (rows, base) = (400, vec![1.5; 400]);
    let margins = margins(rows);
    let stage = FirstStage {
        rows,
        ..Default::default()
    };
    let made = Replicates::new(
        &stage,
        Method::Bootstrap {
            replicates: 20,
            seed: 3,
        },
    )
    .unwrap();
    let steps = |weights: &[f64]| Ok(margins.rake(weights, RakeOptions::default())?.weights);
    for weights in made.reweighted(&base, steps).unwrap() {
        for fit in margins.fit(&weights, &weights).unwrap() {
            assert!(near(fit.after_share, fit.target_share, 1e-9));
        }
    }
    let failing = |_: &[f64]| Err(Error::NoMargins);
    let error = made.reweighted(&base, failing).unwrap_err();
    assert!(error.to_string().starts_with("in replicate 1: "), "{error}");
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let rows = 100_000;
    let base: Vec<f64> = (0..rows)
        .map(|row| 1.0 + (row % 97) as f64 / 31.0)
        .collect();
    let stage = FirstStage {
        rows,
        ..Default::default()
    };
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let margins = margins(rows);
            let made = Replicates::new(
                &stage,
                Method::Bootstrap {
                    replicates: 4,
                    seed: 3,
                },
            )
            .unwrap();
            let steps =
                |weights: &[f64]| Ok(margins.rake(weights, RakeOptions::default())?.weights);
            let mut all = made.reweighted(&base, steps).unwrap();
            all.push(margins.rake(&base, RakeOptions::default()).unwrap().weights);
            all.push(crate::survey::weighting::steps::calibrated_large(&base));
            all
        })
    };
    let bits = |all: Vec<Vec<f64>>| {
        all.into_iter()
            .flatten()
            .map(f64::to_bits)
            .collect::<Vec<u64>>()
    };
    assert!(bits(run(1)) == bits(run(2)));
}

/// Ash, Survey Methodology 40 (2014): rows 1 and 2, 2 and 3 …, then in steps of two, of three.
#[test]
fn successive_units_get_rows_in_cycles() {
    let stage = FirstStage {
        rows: 21,
        ..Default::default()
    };
    let method = Method::Successive {
        replicates: Some(8),
    };
    let made = Replicates::new(&stage, method).unwrap();
    let matrix = Hadamard::with_order(8).unwrap();
    // seven rows without that of ones, numbered from 0 here
    let row = |unit: usize, next: usize| 1 + (unit + next) * (1 + unit / 7) % 7;
    for replicate in 0..8 {
        let factors = made.factors(replicate).unwrap();
        for (unit, factor) in factors.iter().enumerate() {
            let sign = |next| matrix.sign(row(unit, next), replicate);
            let expected = 1.0 + 2.0_f64.powf(-1.5) * (sign(0) - sign(1));
            assert!(near(*factor, expected, 1e-14), "{replicate} {unit}");
        }
    }
}

/// Noise between 0 and 1: SplitMix64 of a number.
fn noise(number: u64) -> f64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) as f64 / u64::MAX as f64
}

/// On average over many orders of the file, fewer replicates find what all of them find.
#[test]
fn fewer_successive_replicates_are_right_on_average() {
    let (units, orders) = (240, 400);
    let stage = FirstStage {
        rows: units,
        ..Default::default()
    };
    let method = Method::Successive {
        replicates: Some(40),
    };
    let made = Replicates::new(&stage, method).unwrap();
    let ratio = |order: usize| {
        // a mean far from 0, a trend, and noise
        let y: Vec<f64> = (0..units)
            .map(|unit| 50.0 + unit as f64 / 100.0 + 10.0 * noise((order * units + unit) as u64))
            .collect();
        let squares: f64 = (0..units)
            .map(|k| (y[k] - y[(k + 1) % units]).powi(2))
            .sum();
        let found = made
            .variance(&totals(&made, &vec![1.0; units], &y), None)
            .unwrap();
        found / (squares / 2.0)
    };
    let mean = (0..orders).map(ratio).sum::<f64>() / orders as f64;
    assert!((mean - 1.0).abs() < 0.05, "{mean}");
}

#[test]
fn fewer_successive_replicates_than_units() {
    let levels = names(3);
    let strata: Vec<u32> = (0..1000).map(|row| row * row % 3).collect();
    let y: Vec<f64> = (0..1000_u32)
        .map(|row| f64::from(row * 7919 % 101))
        .collect();
    let stage = FirstStage {
        rows: 1000,
        strata: Some(variable(&levels[..2], &strata)),
        ..Default::default()
    };
    let method = Method::Successive {
        replicates: Some(80),
    };
    let made = Replicates::new(&stage, method).unwrap();
    assert_eq!((made.len(), made.df()), (80, 79));
    let full: f64 = y.iter().sum();
    let thetas = totals(&made, &[1.0; 1000], &y);
    assert!(near(thetas.iter().sum::<f64>() / 80.0, full, 1e-9));
    let squares: f64 = (0..2)
        .map(|h| {
            let of: Vec<f64> = (0..1000)
                .filter(|row| strata[*row] == h)
                .map(|row| y[row])
                .collect();
            (0..of.len())
                .map(|k| (of[k] - of[(k + 1) % of.len()]).powi(2))
                .sum::<f64>()
        })
        .sum();
    let found = made.variance(&thetas, None).unwrap();
    assert!(
        (0.6..1.6).contains(&(found / (squares / 2.0))),
        "{found} {}",
        squares / 2.0
    );
    // alone, a unit has the variance of its own square
    for unit in [0, 500, 999] {
        let mut alone = vec![0.0; 1000];
        alone[unit] = 3.0;
        let found = made
            .variance(&totals(&made, &[1.0; 1000], &alone), None)
            .unwrap();
        assert!(near(found, 9.0, 1e-9), "{found}");
    }
}
