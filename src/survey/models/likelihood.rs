//! What is maximised: the weighted likelihood of a family, its score and its information, and the way to the maximum.

use std::ops::Range;

use rayon::prelude::*;

use super::family::{Family, Link, Mean};
use crate::statistics::linear::{Cholesky, dot};

/// The patterns of a model in its own basis.
#[derive(Clone, Debug)]
pub struct Data {
    /// Rows of Q.
    pub q: Vec<f64>,
    /// Columns of Q.
    pub width: usize,
    pub offset: Vec<f64>,
    /// Numbers, or codes of the response from 0 on.
    pub y: Vec<f64>,
    /// Which levels of the response each pattern can have, levels by pattern; nothing where all can.
    pub support: Vec<bool>,
}

impl Data {
    pub fn row(&self, at: usize) -> &[f64] {
        &self.q[at * self.width..(at + 1) * self.width]
    }

    pub fn len(&self) -> usize {
        self.y.len()
    }

    /// The levels of the response that a pattern can have.
    pub fn support(&self, at: usize) -> Support<'_> {
        let count = self.support.len() / self.y.len().max(1);
        Support(&self.support[at * count..(at + 1) * count])
    }
}

/// The levels of a response that a row can have: those where coefficients without bound leave it a share. Without entries all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Support<'s>(pub &'s [bool]);

impl Support<'_> {
    pub const ALL: Support<'static> = Support(&[]);

    pub fn has(self, level: usize) -> bool {
        self.0.is_empty() || self.0.get(level).copied().unwrap_or(false)
    }

    /// Whether the threshold above a level of a scale lies between two levels that it can have.
    pub fn has_threshold(self, at: usize) -> bool {
        self.has(at) && self.has(at + 1)
    }
}

/// Deviance, score and information at some parameters.
pub struct State {
    pub deviance: f64,
    pub score: Vec<f64>,
    pub information: Vec<f64>,
}

impl State {
    pub fn zero(dim: usize) -> State {
        State {
            deviance: 0.0,
            score: vec![0.0; dim],
            information: vec![0.0; dim * dim],
        }
    }

    fn add(&mut self, other: &State) {
        let add = |sums: &mut [f64], more: &[f64]| {
            sums.iter_mut()
                .zip(more)
                .for_each(|(sum, more)| *sum += more);
        };
        self.deviance += other.deviance;
        add(&mut self.score, &other.score);
        add(&mut self.information, &other.information);
    }
}

/// Patterns that are added up before they are added to others: fixed, so that the digits do not hang on the threads.
const CHUNK: usize = 16_384;

/// The sum of the states of chunks of so many patterns, in their order; `None` where one has none.
pub fn in_chunks(
    patterns: usize,
    dim: usize,
    chunk_state: impl Fn(Range<usize>) -> Option<State> + Sync,
) -> Option<State> {
    if patterns <= CHUNK {
        return chunk_state(0..patterns);
    }
    let chunk = |at: usize| chunk_state(at * CHUNK..patterns.min((at + 1) * CHUNK));
    let each: Option<Vec<State>> = (0..patterns.div_ceil(CHUNK))
        .into_par_iter()
        .map(chunk)
        .collect();
    let mut sum = State::zero(dim);
    each?.iter().for_each(|state| sum.add(state));
    Some(sum)
}

/// What a prediction is made from.
#[derive(Clone, Copy, Debug)]
pub struct RowOfQ<'r> {
    pub q: &'r [f64],
    pub offset: f64,
    pub support: Support<'r>,
}

/// A likelihood by patterns, its parameters those of the basis.
pub trait Likelihood {
    /// Number of parameters.
    fn parameters(&self) -> usize;

    /// Parameters to begin with.
    fn start(&self, data: &Data, weights: &[f64]) -> Vec<f64>;

    /// `None` where the parameters can't be. The information is the expected one, or −∂ score/∂θ.
    fn state(&self, data: &Data, weights: &[f64], theta: &[f64], observed: bool) -> Option<State>;

    /// The score of one respondent of each pattern, pattern by pattern.
    fn scores(&self, data: &Data, theta: &[f64]) -> Vec<f64>;

    /// How many numbers are predicted of a row: 1, or one a response.
    fn responses(&self) -> usize;

    /// What is predicted of a row, and the derivative of each by the parameters.
    fn predicted(&self, row: RowOfQ, theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>);

    /// The derivative of what is predicted by a variable, where dq is that of the row, and its derivative by the parameters.
    fn slopes(&self, row: RowOfQ, dq: &[f64], theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>);
}

/// Why there is no maximum.
#[derive(Clone, Debug, PartialEq)]
pub struct NoMaximum {
    /// The last parameters, and the last step.
    pub theta: Vec<f64>,
    pub step: Vec<f64>,
    pub steps: usize,
}

/// Newton steps at most; parameters without bound take all of them.
const MOST_STEPS: usize = 60;

/// The maximum of a likelihood, to the last digit of its score.
///
/// Steps with the expected information until they are short, with the observed one after that; a step that makes the
/// deviance larger is halved.
///
/// # Errors
/// [`NoMaximum`] where the steps do not become short.
pub fn maximum(
    likelihood: &dyn Likelihood,
    data: &Data,
    weights: &[f64],
    start: Option<&[f64]>,
) -> Result<Vec<f64>, NoMaximum> {
    let dim = likelihood.parameters();
    let mut theta = start.map_or_else(|| likelihood.start(data, weights), <[f64]>::to_vec);
    let mut last = f64::INFINITY;
    let mut step = vec![f64::INFINITY; dim];
    let mut observed = start.is_some();
    let mut state = likelihood.state(data, weights, &theta, observed);
    for steps in 0..MOST_STEPS {
        let failed = |theta: &[f64], step: &[f64]| NoMaximum {
            theta: theta.to_vec(),
            step: step.to_vec(),
            steps,
        };
        let Some(here) = state else {
            return Err(failed(&theta, &step));
        };
        let factor = Cholesky::new(here.information.clone(), dim).or_else(|| {
            let expected = likelihood.state(data, weights, &theta, false)?;
            Cholesky::new(expected.information, dim)
        });
        let Some(factor) = factor else {
            return Err(failed(&theta, &step));
        };
        let mut next = here.score.clone();
        factor.solve(&mut next);
        let size = dot(&next, &next).sqrt() / (1.0 + dot(&theta, &theta).sqrt());
        if !size.is_finite() {
            return Err(failed(&theta, &step));
        }
        // past the point where rounding decides, steps no longer shrink
        if size < 1e-15 || size < 1e-11 && size >= 0.5 * last {
            return Ok(theta);
        }
        observed = observed || size < 1e-2;
        // what a step is judged by is what the next one starts from
        let moved = |share: f64| {
            let each = theta.iter().zip(&next);
            let moved: Vec<f64> = each.map(|(t, s)| t + share * s).collect();
            let state = likelihood.state(data, weights, &moved, observed);
            (moved, state)
        };
        let is_better = |at: &Option<State>| {
            at.as_ref()
                .is_some_and(|at| at.deviance <= here.deviance + 1e-9 * here.deviance.abs() + 1e-12)
        };
        let mut share = 1.0;
        let mut tried = moved(share);
        for _ in 0..40 {
            if is_better(&tried.1) {
                break;
            }
            share *= 0.5;
            tried = moved(share);
        }
        step = next.iter().map(|s| share * s).collect();
        (theta, state) = tried;
        last = size;
    }
    Err(NoMaximum {
        theta,
        step,
        steps: MOST_STEPS,
    })
}

/// A family with a link: Σ w x (y − μ) μ′/V = 0.
pub struct Glm {
    pub family: Family,
    pub link: Link,
    /// Columns of Q.
    pub width: usize,
}

impl Glm {
    fn mean(&self, data: &Data, at: usize, theta: &[f64]) -> Mean {
        self.link.mean(dot(data.row(at), theta) + data.offset[at])
    }

    /// Σ w (y − μ)²/V over Σ w.
    pub fn dispersion(&self, data: &Data, weights: &[f64], theta: &[f64]) -> f64 {
        let one = |at: usize| {
            let Mean { mu, rest, .. } = self.mean(data, at, theta);
            weights[at] * (data.y[at] - mu).powi(2) / self.family.variance(mu, rest).0
        };
        (0..data.len()).map(one).sum::<f64>() / weights.iter().sum::<f64>()
    }

    /// μ′/V, without 0/0 where the link is the one of the family.
    fn rate(&self, mean: &Mean) -> f64 {
        match (self.family, self.link) {
            (Family::Binomial, Link::Logit)
            | (Family::Poisson, Link::Log)
            | (Family::Gaussian, Link::Identity) => 1.0,
            (Family::Gamma, Link::Inverse) => -1.0,
            (Family::Gamma, Link::Log) => 1.0 / mean.mu,
            _ => mean.first / self.family.variance(mean.mu, mean.rest).0,
        }
    }

    /// Deviance, score and the upper triangle of the information of some patterns.
    fn chunk(
        &self,
        data: &Data,
        weights: &[f64],
        theta: &[f64],
        (observed, range): (bool, Range<usize>),
    ) -> Option<State> {
        let mut state = State::zero(self.width);
        for at in range.filter(|at| weights[*at] != 0.0) {
            let w = weights[at];
            let mean = self.mean(data, at, theta);
            if !self.family.allows(mean.mu, mean.rest) {
                return None;
            }
            let (variance, slope) = self.family.variance(mean.mu, mean.rest);
            let (rate, residual) = (self.rate(&mean), data.y[at] - mean.mu);
            let mut weight = rate * mean.first;
            if observed {
                let change = mean.second / variance
                    - mean.first * mean.first * slope / (variance * variance);
                let change = if self.family.is_canonical(self.link) {
                    0.0
                } else {
                    change
                };
                weight -= residual * change;
            }
            state.deviance += w * self.family.deviance(data.y[at], mean.mu, mean.rest);
            let row = data.row(at);
            let pull = w * residual * rate;
            state
                .score
                .iter_mut()
                .zip(row)
                .for_each(|(sum, q)| *sum += pull * q);
            add_outer(&mut state.information, row, w * weight);
        }
        Some(state)
    }
}

impl Likelihood for Glm {
    fn parameters(&self) -> usize {
        self.width
    }

    fn start(&self, data: &Data, weights: &[f64]) -> Vec<f64> {
        let total: f64 = weights.iter().sum();
        let mean = weights.iter().zip(&data.y).map(|(w, y)| w * y).sum::<f64>() / total;
        let p = self.width;
        let (mut a, mut b) = (vec![0.0; p * p], vec![0.0; p]);
        for (at, w) in weights.iter().enumerate() {
            let mu = self.family.start(data.y[at], mean);
            let z = self.link.predictor(mu) - data.offset[at];
            let at_start = self.link.mean(self.link.predictor(mu));
            let variance = self.family.variance(at_start.mu, at_start.rest).0;
            let weight = w * at_start.first * at_start.first / variance;
            if weight > 0.0 && z.is_finite() && weight.is_finite() {
                add_outer(&mut a, data.row(at), weight);
                b.iter_mut()
                    .zip(data.row(at))
                    .for_each(|(b, q)| *b += weight * z * q);
            }
        }
        match Cholesky::new(mirrored(a, p), p) {
            Some(factor) => {
                factor.solve(&mut b);
                b
            }
            None => vec![0.0; p],
        }
    }

    fn state(&self, data: &Data, weights: &[f64], theta: &[f64], observed: bool) -> Option<State> {
        let p = self.width;
        let chunk = |range: Range<usize>| self.chunk(data, weights, theta, (observed, range));
        let state = in_chunks(data.len(), p, chunk)?;
        Some(State {
            information: mirrored(state.information, p),
            ..state
        })
    }

    fn scores(&self, data: &Data, theta: &[f64]) -> Vec<f64> {
        let mut scores = Vec::with_capacity(data.q.len());
        for at in 0..data.len() {
            let mean = self.mean(data, at, theta);
            let pull = (data.y[at] - mean.mu) * self.rate(&mean);
            scores.extend(data.row(at).iter().map(|q| pull * q));
        }
        scores
    }

    fn responses(&self) -> usize {
        1
    }

    fn predicted(&self, row: RowOfQ, theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let mean = self.link.mean(dot(row.q, theta) + row.offset);
        let gradient = row.q.iter().map(|q| mean.first * q).collect();
        (vec![mean.mu], vec![gradient])
    }

    fn slopes(&self, row: RowOfQ, dq: &[f64], theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let mean = self.link.mean(dot(row.q, theta) + row.offset);
        let slope = dot(dq, theta);
        let each = row.q.iter().zip(dq);
        let gradient = each
            .map(|(q, dq)| mean.second * slope * q + mean.first * dq)
            .collect();
        (vec![mean.first * slope], vec![gradient])
    }
}

/// Adds w q q′ to the upper triangle.
pub fn add_outer(a: &mut [f64], q: &[f64], w: f64) {
    let p = q.len();
    for j in 0..p {
        let left = w * q[j];
        for (sum, right) in a[j * p + j..(j + 1) * p].iter_mut().zip(&q[j..]) {
            *sum += left * right;
        }
    }
}

/// A symmetric matrix from its upper triangle.
pub fn mirrored(mut a: Vec<f64>, p: usize) -> Vec<f64> {
    for j in 0..p {
        for k in 0..j {
            a[j * p + k] = a[k * p + j];
        }
    }
    a
}
