//! What must hold of every trend, whatever its polls.

use opine::internals::published::trend::{Functional, Grid, Parameters, Series, Smoothed};
use proptest::prelude::*;

/// Polls of some houses, in the order of their times.
fn series() -> impl Strategy<Value = Series> {
    let poll = (0u32..400, 0usize..5, 0.2f64..0.6, 0.008f64..0.03);
    prop::collection::vec(poll, 3..25).prop_map(|mut polls| {
        polls.sort_by_key(|poll| poll.0);
        Series {
            times: polls.iter().map(|poll| f64::from(poll.0) / 2.0).collect(),
            values: polls.iter().map(|poll| poll.2).collect(),
            sampling: polls.iter().map(|poll| poll.3).collect(),
            houses_of: polls.iter().map(|poll| poll.1).collect(),
            houses: 5,
        }
    })
}

fn parameters() -> impl Strategy<Value = Parameters> {
    (0.0005f64..0.006, 0.003f64..0.04, 0.0f64..0.01).prop_map(|(sigma, omega, tau)| Parameters {
        sigma,
        omega,
        tau,
    })
}

/// Means and standard deviations of the level on some days.
fn levels(series: &Series, days: &[f64], parameters: Parameters) -> Vec<(f64, f64)> {
    let grid = Grid::new(series, days);
    let smoothed = Smoothed::new(series, &grid, parameters).unwrap();
    let each = grid.days().iter().map(|&day| {
        let level = Functional::level(day);
        (
            smoothed.mean(&level),
            smoothed.covariance(&level, &level).sqrt(),
        )
    });
    each.collect()
}

fn same(a: &[(f64, f64)], b: &[(f64, f64)], tolerance: f64) -> Result<(), TestCaseError> {
    for (one, other) in a.iter().zip(b) {
        prop_assert!((one.0 - other.0).abs() < tolerance, "{one:?} {other:?}");
        prop_assert!((one.1 - other.1).abs() < tolerance, "{one:?} {other:?}");
    }
    Ok(())
}

/// The same polls, the first of them asked in two halves.
fn halved(series: &Series) -> Series {
    let mut halves = series.clone();
    halves.sampling[0] *= 2f64.sqrt();
    halves.times.insert(0, series.times[0]);
    halves.values.insert(0, series.values[0]);
    halves.sampling.insert(0, halves.sampling[0]);
    halves.houses_of.insert(0, series.houses_of[0]);
    halves
}

/// x of A x = b, by Gauss with pivots: no line of the library in it.
fn solved(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> (Vec<f64>, f64) {
    let n = b.len();
    let mut log_determinant = 0.0;
    for k in 0..n {
        let pivot = (k..n)
            .max_by(|i, j| a[*i][k].abs().total_cmp(&a[*j][k].abs()))
            .unwrap();
        a.swap(k, pivot);
        b.swap(k, pivot);
        log_determinant += a[k][k].abs().ln();
        let (above, below) = a.split_at_mut(k + 1);
        let above = &above[k];
        for (i, row) in below.iter_mut().enumerate() {
            let factor = row[k] / above[k];
            for (entry, pivot) in row[k..].iter_mut().zip(&above[k..]) {
                *entry -= factor * pivot;
            }
            b[k + 1 + i] -= factor * b[k];
        }
    }
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| a[k][j] * b[j]).sum();
        b[k] = (b[k] - known) / a[k][k];
    }
    (b, log_determinant)
}

/// The model as generalised least squares with the whole covariance matrix of the polls.
struct Dense {
    v: Vec<Vec<f64>>,
    values: Vec<f64>,
    times: Vec<f64>,
    sigma2: f64,
    origin: f64,
}

impl Dense {
    fn new(series: &Series, p: Parameters) -> Dense {
        let origin = series.times[0];
        let n = series.len();
        let walk = |a: f64, b: f64| p.sigma * p.sigma * (a.min(b) - origin);
        let entry = |i: usize, j: usize| {
            let house = f64::from(u8::from(series.houses_of[i] == series.houses_of[j]));
            let own = series.sampling[i].powi(2) + p.tau * p.tau;
            walk(series.times[i], series.times[j])
                + p.omega * p.omega * house
                + if i == j { own } else { 0.0 }
        };
        Dense {
            v: (0..n)
                .map(|i| (0..n).map(|j| entry(i, j)).collect())
                .collect(),
            values: series.values.clone(),
            times: series.times.clone(),
            sigma2: p.sigma * p.sigma,
            origin,
        }
    }

    /// The mean and the variance of the level on a day: universal kriging with an unknown start.
    fn level(&self, day: f64) -> (f64, f64) {
        let n = self.values.len();
        let c: Vec<f64> = self
            .times
            .iter()
            .map(|time| self.sigma2 * (time.min(day) - self.origin))
            .collect();
        let (ones, _) = solved(self.v.clone(), vec![1.0; n]);
        let (w, _) = solved(self.v.clone(), c.clone());
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let total: f64 = ones.iter().sum();
        let start = dot(&ones, &self.values) / total;
        let centred: Vec<f64> = self.values.iter().map(|y| y - start).collect();
        let gap = 1.0 - w.iter().sum::<f64>();
        let own = self.sigma2 * (day - self.origin);
        (
            start + dot(&w, &centred),
            own - dot(&w, &c) + gap * gap / total,
        )
    }

    fn restricted_log_likelihood(&self) -> f64 {
        let n = self.values.len();
        let (ones, log_determinant) = solved(self.v.clone(), vec![1.0; n]);
        let total: f64 = ones.iter().sum();
        let start = ones
            .iter()
            .zip(&self.values)
            .map(|(w, y)| w * y)
            .sum::<f64>()
            / total;
        let centred: Vec<f64> = self.values.iter().map(|y| y - start).collect();
        let (weighted, _) = solved(self.v.clone(), centred.clone());
        let square: f64 = weighted.iter().zip(&centred).map(|(w, r)| w * r).sum();
        -0.5 * ((n as f64 - 1.0) * std::f64::consts::TAU.ln()
            + log_determinant
            + total.ln()
            + square)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_dense_computation_gives_the_same(series in series(), p in parameters()) {
        let dense = Dense::new(&series, p);
        let (first, last) = (series.times[0], *series.times.last().unwrap());
        let days = [first, (first + last) / 2.0, last, last + 20.0];
        for (day, (mean, sd)) in days.iter().zip(levels(&series, &days, p)) {
            let (expected, variance) = dense.level(*day);
            prop_assert!((mean - expected).abs() < 1e-8, "{mean} {expected}");
            prop_assert!((sd - variance.sqrt()).abs() < 1e-8, "{sd} {}", variance.sqrt());
        }
        let grid = Grid::new(&series, &[]);
        let smoothed = Smoothed::new(&series, &grid, p).unwrap();
        let expected = dense.restricted_log_likelihood();
        prop_assert!((smoothed.log_likelihood() - expected).abs() < 1e-7);
    }

    #[test]
    fn a_poll_in_two_halves_is_the_poll_where_nothing_is_beyond_sampling(series in series(), p in parameters()) {
        let p = Parameters { tau: 0.0, ..p };
        let days = [series.times[0], 250.0];
        same(&levels(&series, &days, p), &levels(&halved(&series), &days, p), 1e-9)?;
    }

    #[test]
    fn two_halves_weigh_more_by_the_half_of_what_is_beyond_sampling(series in series(), p in parameters()) {
        // two of variance 2 s² + τ² weigh as one of s² + τ²/2, which is s'² + τ²
        let mut one = series.clone();
        one.sampling[0] = (series.sampling[0].powi(2) + p.tau * p.tau / 2.0).sqrt().max(p.tau);
        let own = one.sampling[0].powi(2) + p.tau * p.tau / 2.0;
        let mut halves = one.clone();
        halves.sampling[0] = own.sqrt();
        let mut lighter = one;
        lighter.sampling[0] = (own - p.tau * p.tau / 2.0).sqrt();
        let days = [series.times[0], 250.0];
        same(&levels(&lighter, &days, p), &levels(&halved(&halves), &days, p), 1e-9)?;
    }

    #[test]
    fn shifted_dates_shift_the_answer(series in series(), p in parameters(), by in -20_000i32..20_000) {
        let by = f64::from(by);
        let shifted = Series { times: series.times.iter().map(|time| time + by).collect(), ..series.clone() };
        let days = [series.times[0], 100.0, 250.0];
        let later: Vec<f64> = days.iter().map(|day| day + by).collect();
        same(&levels(&series, &days, p), &levels(&shifted, &later, p), 1e-12)?;
    }

    #[test]
    fn effects_sum_to_zero(series in series(), p in parameters()) {
        let grid = Grid::new(&series, &[]);
        let smoothed = Smoothed::new(&series, &grid, p).unwrap();
        let sum: f64 = (0..5).map(|house| smoothed.mean(&Functional::house(house, 5))).sum();
        prop_assert!(sum.abs() < 1e-12, "{sum}");
    }

    #[test]
    fn a_house_that_prints_two_more_stands_two_higher(m in 1usize..12, p in parameters(), s in 0.008f64..0.03) {
        // twins that asked on the same days: their difference is 2 points, drawn to 0 by what is known of houses
        let times: Vec<f64> = (0..m).flat_map(|k| [7.0 * k as f64; 2]).collect();
        let values = (0..m).flat_map(|k| { let y = 0.4 + 0.01 * (k as f64).sin(); [y, y + 0.02] });
        let series = Series {
            values: values.collect(),
            sampling: vec![s; 2 * m],
            houses_of: (0..2 * m).map(|k| k % 2).collect(),
            houses: 2,
            times,
        };
        let grid = Grid::new(&series, &[]);
        let smoothed = Smoothed::new(&series, &grid, p).unwrap();
        let effect = |house| smoothed.mean(&Functional::house(house, 2));
        let noise = (s * s + p.tau * p.tau) / m as f64;
        let drawn = p.omega * p.omega / (p.omega * p.omega + noise);
        prop_assert!((effect(1) - effect(0) - 0.02 * drawn).abs() < 1e-10);
    }

    #[test]
    fn a_day_after_the_last_poll_adds_the_variance_of_a_day(series in series(), p in parameters(), days in 1u32..200) {
        let last = *series.times.last().unwrap();
        let found = levels(&series, &[last, last + f64::from(days)], p);
        let grown = found[1].1.powi(2) - found[0].1.powi(2);
        prop_assert!((grown - f64::from(days) * p.sigma * p.sigma).abs() < 1e-12);
        prop_assert!((found[1].0 - found[0].0).abs() < 1e-12);
    }

    #[test]
    fn the_weights_of_a_level_sum_to_one_and_give_it(series in series(), p in parameters()) {
        let grid = Grid::new(&series, &[220.0]);
        let smoothed = Smoothed::new(&series, &grid, p).unwrap();
        let level = Functional::level(grid.days()[0]);
        let weights = smoothed.poll_weights(&level);
        let sum: f64 = weights.iter().sum();
        let mean: f64 = weights.iter().zip(&series.values).map(|(w, y)| w * y).sum();
        prop_assert!((sum - 1.0).abs() < 1e-9, "{sum}");
        prop_assert!((mean - smoothed.mean(&level)).abs() < 1e-9);
    }
}
