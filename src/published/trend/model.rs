//! The local-level model at given parameters: opinion as a Brownian line, a random effect a house, noise a poll.
//!
//! ```text
//! y_i = x(t_i) + h_j(i) + e_i      x Brownian with variance σ² a day, its level diffuse
//!                                  h_j ~ N(0, ω²)      e_i ~ N(0, s_i² + τ²)
//! ```
//!
//! Computed in the precision form: the precision matrix of x at the distinct times is tridiagonal, the houses border it.
//! With A the block of times, C that between times and houses and G = A⁻¹ C, the houses are N(h̄, S⁻¹) with
//! S = D − Cᵀ G, and given them x is A⁻¹ b − G h with covariance A⁻¹. A pass costs O(T J² + J³).

use crate::statistics::linear::{Cholesky, dot};

/// Under this share a standard deviation is taken as this: a walk that stands still has a precision without bound.
const LEAST_SD: f64 = 1e-6;

/// Polls of one series, as shares, in the order of their times.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Days, half days too: the middle of the field period.
    pub times: Vec<f64>,
    /// Shares, or differences of shares.
    pub values: Vec<f64>,
    /// Standard deviations of sampling, s_i.
    pub sampling: Vec<f64>,
    /// Which house asked: 0 to `houses` − 1.
    pub houses_of: Vec<usize>,
    /// How many houses there are.
    pub houses: usize,
}

impl Series {
    /// Number of polls.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no poll.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Polls of each house.
    pub fn polls_by_house(&self) -> Vec<usize> {
        let mut counts = vec![0; self.houses];
        for &house in &self.houses_of {
            counts[house] += 1;
        }
        counts
    }

    /// The effects in the model: none where one house asked all, since its level is the level.
    fn effects(&self) -> usize {
        if self.houses > 1 { self.houses } else { 0 }
    }
}

/// Standard deviations of the model, as shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// σ, of opinion's step in a day.
    pub sigma: f64,
    /// ω, of the houses.
    pub omega: f64,
    /// τ, of what polls differ by beyond sampling and house.
    pub tau: f64,
}

/// The distinct times of a series and of the days asked for, and where each poll and each day stands among them.
#[derive(Clone, Debug)]
pub struct Grid {
    times: Vec<f64>,
    polls: Vec<usize>,
    days: Vec<usize>,
}

impl Grid {
    /// The times of `series` and `days`. Days without polls are states without data.
    pub fn new(series: &Series, days: &[f64]) -> Grid {
        let mut times: Vec<f64> = series.times.iter().chain(days).copied().collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        let place = |time: &f64| times.partition_point(|known| known < time);
        Grid {
            polls: series.times.iter().map(place).collect(),
            days: days.iter().map(place).collect(),
            times,
        }
    }

    /// Where the days asked for stand.
    pub fn days(&self) -> &[usize] {
        &self.days
    }
}

/// A series smoothed at given parameters: everything that is asked of it is a linear function of times and houses.
#[derive(Clone, Debug)]
pub struct Smoothed<'a> {
    series: &'a Series,
    grid: &'a Grid,
    /// Poll by poll 1/(s² + τ²).
    weights: Vec<f64>,
    tri: Tridiagonal,
    /// A⁻¹ b, about the centre.
    free: Vec<f64>,
    /// G, a row a time.
    gains: Vec<f64>,
    effects: usize,
    factor: Option<Cholesky>,
    house_means: Vec<f64>,
    centre: f64,
    log_likelihood: f64,
}

/// A linear function of the level at some times and of the houses' effects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Functional {
    /// Places of times in the grid with their coefficients.
    pub times: Vec<(usize, f64)>,
    /// A coefficient a house; empty for none.
    pub houses: Vec<f64>,
}

/// Means, variances and covariances of some functions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moments {
    /// One a function.
    pub means: Vec<f64>,
    /// One a function.
    pub variances: Vec<f64>,
    /// One a pair.
    pub covariances: Vec<f64>,
}

impl Functional {
    /// The level at a time.
    pub fn level(time: usize) -> Functional {
        Functional {
            times: vec![(time, 1.0)],
            houses: Vec::new(),
        }
    }

    /// The effect of one of `houses` houses.
    pub fn house(house: usize, houses: usize) -> Functional {
        let coefficients = (0..houses).map(|one| f64::from(u8::from(one == house)));
        Functional {
            times: Vec::new(),
            houses: coefficients.collect(),
        }
    }
}

impl<'a> Smoothed<'a> {
    /// Smooths; `None` for a series without polls, or one whose numbers are none.
    pub fn new(series: &'a Series, grid: &'a Grid, parameters: Parameters) -> Option<Smoothed<'a>> {
        let effects = series.effects();
        let sigma2 = parameters.sigma.max(LEAST_SD).powi(2);
        let omega2 = parameters.omega.max(LEAST_SD).powi(2);
        let variances: Vec<f64> = series
            .sampling
            .iter()
            .map(|s| s * s + parameters.tau * parameters.tau)
            .collect();
        let weights: Vec<f64> = variances.iter().map(|variance| 1.0 / variance).collect();
        let total: f64 = weights.iter().sum();
        // the likelihood does not know the level; about their mean the values lose no digits
        let centre = dot(&weights, &series.values) / total;
        if !centre.is_finite() {
            return None;
        }
        let times = grid.times.len();
        let mut diagonal = vec![0.0; times];
        let mut b = vec![0.0; times];
        let mut gains = vec![0.0; times * effects];
        let mut house_diagonal = vec![1.0 / omega2; effects];
        let mut house_b = vec![0.0; effects];
        let mut squares = 0.0;
        for (i, (&w, &y)) in weights.iter().zip(&series.values).enumerate() {
            let (time, y) = (grid.polls[i], y - centre);
            diagonal[time] += w;
            b[time] += w * y;
            squares += w * y * y;
            if effects > 0 {
                let house = series.houses_of[i];
                gains[time * effects + house] += w;
                house_diagonal[house] += w;
                house_b[house] += w * y;
            }
        }
        let between = gains.clone();
        let steps: Vec<f64> = grid
            .times
            .windows(2)
            .map(|pair| sigma2 * (pair[1] - pair[0]))
            .collect();
        let tri = Tridiagonal::new(diagonal, &steps)?;
        tri.solve_rows(&mut gains, effects);
        let mut free = b.clone();
        tri.solve_rows(&mut free, 1);
        let mut log_determinant = tri.log_determinant();
        let mut explained = dot(&b, &free);
        let (factor, house_means) = match effects {
            0 => (None, Vec::new()),
            effects => {
                let mut schur = vec![0.0; effects * effects];
                let mut reduced = house_b;
                for (i, &d) in house_diagonal.iter().enumerate() {
                    schur[i * effects + i] = d;
                }
                for (time, row) in between.chunks(effects).enumerate() {
                    let gain = &gains[time * effects..(time + 1) * effects];
                    for (i, &c) in row.iter().enumerate().filter(|(_, c)| **c != 0.0) {
                        // the lower triangle is all that the factor reads
                        for (s, g) in schur[i * effects..=i * effects + i].iter_mut().zip(gain) {
                            *s -= c * g;
                        }
                        reduced[i] -= c * free[time];
                    }
                }
                let factor = Cholesky::new(schur, effects)?;
                log_determinant += factor.log_determinant();
                let mut means = reduced.clone();
                factor.solve(&mut means);
                explained += dot(&reduced, &means);
                (Some(factor), means)
            }
        };
        let n = series.len() as f64;
        let log_likelihood = -0.5
            // the diffuse level takes one
            * ((n - 1.0) * (2.0 * std::f64::consts::PI).ln()
                + variances.iter().map(|variance| variance.ln()).sum::<f64>()
                + steps.iter().map(|step| step.ln()).sum::<f64>()
                + effects as f64 * omega2.ln()
                + log_determinant
                + squares
                - explained);
        log_likelihood.is_finite().then_some(Smoothed {
            series,
            grid,
            weights,
            tri,
            free,
            gains,
            effects,
            factor,
            house_means,
            centre,
            log_likelihood,
        })
    }

    /// The restricted log likelihood,
    /// −½ \[(N − 1) log 2π + Σ log(s² + τ²) + Σ log(σ² Δt) + J log ω² + log|H| + yᵀWy − bᵀH⁻¹b\].
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    fn gain(&self, time: usize) -> &[f64] {
        &self.gains[time * self.effects..(time + 1) * self.effects]
    }

    /// c − g, the coefficients that the houses have in a function once x is taken apart into what is free of them.
    fn loadings(&self, function: &Functional) -> Vec<f64> {
        let mut loadings = function.houses.clone();
        loadings.resize(self.effects, 0.0);
        for (time, coefficient) in &function.times {
            for (c, g) in loadings.iter_mut().zip(self.gain(*time)) {
                *c -= coefficient * g;
            }
        }
        loadings
    }

    /// The mean of a function.
    pub fn mean(&self, function: &Functional) -> f64 {
        let times = function.times.iter();
        let level: f64 = times
            .map(|(time, coefficient)| coefficient * (self.centre + self.free[*time]))
            .sum();
        level + dot(&self.loadings(function), &self.house_means)
    }

    /// The covariance of two functions.
    pub fn covariance(&self, a: &Functional, b: &Functional) -> f64 {
        let times = self.times_covariance(a, b);
        let Some(factor) = &self.factor else {
            return times;
        };
        let mut left = self.loadings(a);
        factor.solve_lower(&mut left);
        if a == b {
            return times + dot(&left, &left);
        }
        let mut right = self.loadings(b);
        factor.solve_lower(&mut right);
        times + dot(&left, &right)
    }

    /// Means and variances of some functions, and the covariances of some pairs of them, each triangle solved once.
    pub fn moments(&self, functions: &[Functional], pairs: &[(usize, usize)]) -> Moments {
        let loadings: Vec<Vec<f64>> = functions.iter().map(|one| self.loadings(one)).collect();
        let known = functions.iter().zip(&loadings);
        let means = known.map(|(function, loadings)| {
            let times = function.times.iter();
            let level: f64 = times
                .map(|(time, coefficient)| coefficient * (self.centre + self.free[*time]))
                .sum();
            level + dot(loadings, &self.house_means)
        });
        let means = means.collect();
        let scaled: Vec<Vec<f64>> = loadings
            .into_iter()
            .map(|mut loadings| {
                if let Some(factor) = &self.factor {
                    factor.solve_lower(&mut loadings);
                }
                loadings
            })
            .collect();
        let covariance = |a: usize, b: usize| {
            self.times_covariance(&functions[a], &functions[b]) + dot(&scaled[a], &scaled[b])
        };
        Moments {
            means,
            variances: (0..functions.len()).map(|k| covariance(k, k)).collect(),
            covariances: pairs.iter().map(|(a, b)| covariance(*a, *b)).collect(),
        }
    }

    /// The covariance of two functions where the houses are known.
    fn times_covariance(&self, a: &Functional, b: &Functional) -> f64 {
        let mut sum = 0.0;
        for (i, c) in &a.times {
            for (j, d) in &b.times {
                sum += c * d * self.tri.inverse(*i, *j);
            }
        }
        sum
    }

    /// What each poll weighs in a function of the level: ∂ mean / ∂ y_i. The weights of a level sum to 1.
    pub fn poll_weights(&self, function: &Functional) -> Vec<f64> {
        let mut column = vec![0.0; self.grid.times.len()];
        let mut houses = self.loadings(function);
        if let Some(factor) = &self.factor {
            factor.solve(&mut houses);
        }
        for (time, coefficient) in &function.times {
            column[*time] += coefficient;
        }
        self.tri.solve_rows(&mut column, 1);
        for (time, entry) in column.iter_mut().enumerate() {
            *entry -= dot(self.gain(time), &houses);
        }
        let polls = self.weights.iter().enumerate();
        polls
            .map(|(i, w)| {
                let house = houses.get(self.series.houses_of[i]).copied();
                w * (column[self.grid.polls[i]] + house.unwrap_or_default())
            })
            .collect()
    }

    /// What the model says of each poll: level and house.
    pub fn fitted(&self) -> Vec<f64> {
        let level: Vec<f64> = (0..self.grid.times.len())
            .map(|time| self.mean(&Functional::level(time)))
            .collect();
        let polls = self.grid.polls.iter().zip(&self.series.houses_of);
        polls
            .map(|(time, house)| {
                level[*time] + self.house_means.get(*house).copied().unwrap_or_default()
            })
            .collect()
    }
}

/// The precision of a Brownian line at some times with independent observations, as L D Lᵀ with a unit bidiagonal L.
#[derive(Clone, Debug)]
struct Tridiagonal {
    pivots: Vec<f64>,
    /// L(k + 1, k).
    below: Vec<f64>,
    /// The diagonal of the inverse.
    variances: Vec<f64>,
}

impl Tridiagonal {
    /// `diagonal` holds the precision of the observations at each time, `steps` the variance of each step.
    fn new(diagonal: Vec<f64>, steps: &[f64]) -> Option<Tridiagonal> {
        let n = diagonal.len();
        let mut pivots = Vec::with_capacity(n);
        let mut below = Vec::with_capacity(n.saturating_sub(1));
        // the pivot less the precision of the step to come, carried on by itself: their difference would cancel
        let mut known = 0.0;
        for (k, observed) in diagonal.iter().enumerate() {
            known += observed;
            match steps.get(k) {
                Some(step) => {
                    let q = 1.0 / step;
                    let pivot = known + q;
                    below.push(-q / pivot);
                    pivots.push(pivot);
                    known = known * q / pivot;
                }
                None => pivots.push(known),
            }
        }
        if pivots
            .iter()
            .any(|pivot| !(*pivot > 0.0 && pivot.is_finite()))
        {
            return None;
        }
        let mut variances = vec![0.0; n];
        let mut later = 0.0;
        for k in (0..n).rev() {
            let l = below.get(k).copied().unwrap_or_default();
            variances[k] = 1.0 / pivots[k] + l * l * later;
            later = variances[k];
        }
        Some(Tridiagonal {
            pivots,
            below,
            variances,
        })
    }

    fn log_determinant(&self) -> f64 {
        self.pivots.iter().map(|pivot| pivot.ln()).sum()
    }

    /// A⁻¹ X in the place of X, which has `width` columns.
    fn solve_rows(&self, x: &mut [f64], width: usize) {
        if width == 0 {
            return;
        }
        for (k, l) in self.below.iter().enumerate() {
            let (head, tail) = x.split_at_mut((k + 1) * width);
            for (next, entry) in tail.iter_mut().zip(&head[k * width..]) {
                *next -= l * entry;
            }
        }
        for (row, pivot) in x.chunks_mut(width).zip(&self.pivots) {
            row.iter_mut().for_each(|entry| *entry /= pivot);
        }
        for (k, l) in self.below.iter().enumerate().rev() {
            let (head, tail) = x.split_at_mut((k + 1) * width);
            for (entry, next) in head[k * width..].iter_mut().zip(tail.iter()) {
                *entry -= l * next;
            }
        }
    }

    /// An entry of the inverse.
    fn inverse(&self, a: usize, b: usize) -> f64 {
        let (first, last) = (a.min(b), a.max(b));
        let chain: f64 = self.below[first..last].iter().map(|l| -l).product();
        chain * self.variances[last]
    }
}
