//! How often a band holds what was true, over simulated series.

use opine::internals::published::trend::{
    Functional, Grid, Mixture, Parameters, Series, Smoothed, Variances,
};

/// Numbers that look normal: the sum of twelve uniform ones.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// 40 polls of 6 houses in 200 days, and the level of the last day.
fn simulate(random: &mut Random) -> (Series, f64) {
    let truth = Parameters {
        sigma: 0.002,
        omega: 0.015,
        tau: 0.008,
    };
    let mut level = vec![0.45];
    for _ in 0..200 {
        let next = level[level.len() - 1] + truth.sigma * random.normal();
        level.push(next);
    }
    let houses: Vec<f64> = (0..6).map(|_| truth.omega * random.normal()).collect();
    let mut polls: Vec<(usize, usize)> = (0..40)
        .map(|_| {
            (
                (200.0 * random.uniform()) as usize,
                (6.0 * random.uniform()) as usize,
            )
        })
        .collect();
    polls.sort_unstable();
    let s = (0.25f64 / 1000.0).sqrt();
    let values = polls.iter().map(|(day, house)| {
        level[*day] + houses[*house] + (s * s + truth.tau * truth.tau).sqrt() * random.normal()
    });
    let series = Series {
        values: values.collect(),
        times: polls.iter().map(|(day, _)| *day as f64).collect(),
        sampling: vec![s; polls.len()],
        houses_of: polls.iter().map(|(_, house)| *house).collect(),
        houses: 6,
    };
    (series, level[200])
}

#[test]
#[ignore = "a hundred fits; docs/design/trends.md has the figure"]
fn bands_hold_the_truth_in_about_95_of_100() {
    let mut random = Random(20_161_108);
    let held = (0..100).filter(|_| {
        let (series, truth) = simulate(&mut random);
        let mixture = Mixture::new(&series, Variances::Integrated).unwrap();
        let grid = Grid::new(&series, &[200.0]);
        let level = Functional::level(grid.days()[0]);
        let (mut mean, mut square) = (0.0, 0.0);
        for (node, weight) in &mixture.nodes {
            let smoothed = Smoothed::new(&series, &grid, *node).unwrap();
            let one = smoothed.mean(&level);
            mean += weight * one;
            square += weight * (smoothed.covariance(&level, &level) + one * one);
        }
        (mean - truth).abs() < 1.959_964 * (square - mean * mean).sqrt()
    });
    let held = held.count();
    println!("{held} of 100");
    assert!((88..=99).contains(&held), "{held}");
}
