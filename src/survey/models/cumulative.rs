//! Answers on a scale: P(y ≤ k) = F(ζ_k − x′b).

use std::ops::Range;

use super::family::{Link, Mean};
use super::likelihood::{Data, Likelihood, RowOfQ, State, Support, in_chunks};
use crate::statistics::linear::dot;

/// The cumulative model. Parameters are the slopes of the columns of Q but the first, which is the constant, then the
/// thresholds, which rise.
///
/// R: `svyolr(y ~ x, design)`, whose standard errors rest on an approximate Hessian, and `ordinal::clm(weights = )` for the
/// coefficients; Stata: `svy: ologit`. Source: P. McCullagh, "Regression models for ordinal data", Journal of the Royal
/// Statistical Society B 42 (1980).
pub struct Cumulative {
    link: Link,
    slopes: usize,
    thresholds: usize,
}

/// A response between two thresholds: what the thresholds say, with derivatives by the predictor of each.
struct Between {
    upper: Option<Mean>,
    lower: Option<Mean>,
    share: f64,
}

impl Cumulative {
    pub fn new(link: Link, width: usize, responses: usize) -> Cumulative {
        Cumulative {
            link,
            slopes: width.saturating_sub(1),
            thresholds: responses.saturating_sub(1),
        }
    }

    fn between(&self, q: &[f64], response: usize, theta: &[f64], support: Support) -> Between {
        let (slopes, thresholds) = theta.split_at(self.slopes);
        let predictor = dot(&q[1..], slopes);
        // a threshold beyond which there is no support has run on
        let at = |threshold: usize| {
            let own = thresholds.get(threshold);
            let own = own.filter(|_| support.has_threshold(threshold));
            own.map(|own| self.link.mean(own - predictor))
        };
        let upper = at(response);
        let lower = response.checked_sub(1).and_then(at);
        let share = match (&upper, &lower) {
            _ if !support.has(response) => 0.0,
            (Some(upper), Some(lower)) if lower.mu > 0.5 => lower.rest - upper.rest,
            (Some(upper), Some(lower)) => upper.mu - lower.mu,
            (Some(upper), None) => upper.mu,
            (None, Some(lower)) => lower.rest,
            (None, None) => 1.0,
        };
        Between {
            upper,
            lower,
            share,
        }
    }

    /// Deviance, score and information of some patterns.
    fn chunk(
        &self,
        data: &Data,
        weights: &[f64],
        theta: &[f64],
        (observed, range): (bool, Range<usize>),
    ) -> Option<State> {
        let mut state = State::zero(self.slopes + self.thresholds);
        for at in range.filter(|at| weights[*at] != 0.0) {
            let (w, q, response) = (weights[at], data.row(at), data.y[at] as usize);
            let support = data.support(at);
            let between = self.between(q, response, theta, support);
            if !data.support.is_empty() && !rises(&theta[self.slopes..], support) {
                return None;
            }
            if between.share.is_nan() || between.share <= 0.0 {
                return None;
            }
            state.deviance -= 2.0 * w * between.share.ln();
            let gradient = self.first(&between, response, q);
            let pull = w / between.share;
            state
                .score
                .iter_mut()
                .zip(&gradient)
                .for_each(|(sum, g)| *sum += pull * g);
            if observed {
                add_square(&mut state.information, &gradient, pull / between.share);
                self.add_second(&mut state.information, &between, response, q, -pull);
                continue;
            }
            for other in 0..=self.thresholds {
                let between = self.between(q, other, theta, support);
                if between.share > 0.0 {
                    let gradient = self.first(&between, other, q);
                    add_square(&mut state.information, &gradient, w / between.share);
                }
            }
        }
        Some(state)
    }

    /// The derivatives of a share by the parameters: of each threshold, and of the predictor that all slopes share.
    fn first(&self, between: &Between, response: usize, q: &[f64]) -> Vec<f64> {
        let first = |mean: &Option<Mean>| mean.map_or(0.0, |mean| mean.first);
        let (upper, lower) = (first(&between.upper), first(&between.lower));
        let mut gradient: Vec<f64> = q[1..].iter().map(|q| -(upper - lower) * q).collect();
        gradient.resize(self.slopes + self.thresholds, 0.0);
        if response < self.thresholds {
            gradient[self.slopes + response] += upper;
        }
        if response > 0 {
            gradient[self.slopes + response - 1] -= lower;
        }
        gradient
    }

    /// Adds a factor times the second derivatives of a share.
    fn add_second(
        &self,
        a: &mut [f64],
        between: &Between,
        response: usize,
        q: &[f64],
        factor: f64,
    ) {
        let dim = self.slopes + self.thresholds;
        let sides = [
            (&between.upper, response, 1.0),
            (&between.lower, response.wrapping_sub(1), -1.0),
        ];
        for (mean, threshold, sign) in sides {
            let Some(mean) = mean else { continue };
            // the predictor of a threshold is ζ − q′c
            let mut direction: Vec<f64> = q[1..].iter().map(|q| -q).collect();
            direction.resize(dim, 0.0);
            direction[self.slopes + threshold] = 1.0;
            let scale = factor * sign * mean.second;
            for (row, left) in direction
                .iter()
                .enumerate()
                .filter(|(_, left)| **left != 0.0)
            {
                let to = &mut a[row * dim..(row + 1) * dim];
                to.iter_mut()
                    .zip(&direction)
                    .for_each(|(sum, right)| *sum += scale * left * right);
            }
        }
    }
}

impl Likelihood for Cumulative {
    fn parameters(&self) -> usize {
        self.slopes + self.thresholds
    }

    fn start(&self, data: &Data, weights: &[f64]) -> Vec<f64> {
        let mut below = vec![0.0; self.thresholds + 1];
        for (y, w) in data.y.iter().zip(weights) {
            below[(*y as usize).min(self.thresholds)] += w;
        }
        let total: f64 = below.iter().sum();
        let mut sum = 0.0;
        let mut theta = vec![0.0; self.slopes];
        for share in &below[..self.thresholds] {
            sum += share / total;
            theta.push(self.link.predictor(sum.clamp(1e-6, 1.0 - 1e-6)));
        }
        theta
    }

    fn state(&self, data: &Data, weights: &[f64], theta: &[f64], observed: bool) -> Option<State> {
        let dim = self.parameters();
        if data.support.is_empty() && !rises(&theta[self.slopes..], Support::ALL) {
            return None;
        }
        let chunk = |range: Range<usize>| self.chunk(data, weights, theta, (observed, range));
        in_chunks(data.len(), dim, chunk)
    }

    fn scores(&self, data: &Data, theta: &[f64]) -> Vec<f64> {
        let mut scores = Vec::with_capacity(data.len() * self.parameters());
        for at in 0..data.len() {
            let (q, response) = (data.row(at), data.y[at] as usize);
            let between = self.between(q, response, theta, data.support(at));
            let gradient = self.first(&between, response, q);
            scores.extend(gradient.into_iter().map(|g| g / between.share));
        }
        scores
    }

    fn responses(&self) -> usize {
        self.thresholds + 1
    }

    fn predicted(&self, row: RowOfQ, theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let share = |response: usize| {
            let between = self.between(row.q, response, theta, row.support);
            (between.share, self.first(&between, response, row.q))
        };
        (0..=self.thresholds).map(share).unzip()
    }

    fn slopes(&self, row: RowOfQ, dq: &[f64], theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let rise = dot(&dq[1..], &theta[..self.slopes]);
        let q = row.q;
        let slope = |response: usize| {
            let between = self.between(q, response, theta, row.support);
            let mut slope = 0.0;
            let mut gradient = vec![0.0; self.parameters()];
            let sides = [
                (&between.upper, response, 1.0),
                (&between.lower, response.wrapping_sub(1), -1.0),
            ];
            for (mean, threshold, sign) in sides {
                let Some(mean) = mean else { continue };
                slope -= sign * mean.first * rise;
                for (j, entry) in gradient[..self.slopes].iter_mut().enumerate() {
                    *entry += sign * (mean.second * rise * q[j + 1] - mean.first * dq[j + 1]);
                }
                gradient[self.slopes + threshold] -= sign * mean.second * rise;
            }
            (slope, gradient)
        };
        (0..=self.thresholds).map(slope).unzip()
    }
}

/// Whether the thresholds between the levels that a row can have rise.
fn rises(thresholds: &[f64], support: Support) -> bool {
    let mut pairs = thresholds.windows(2).enumerate();
    pairs.all(|(at, pair)| {
        pair[0] < pair[1] || !support.has_threshold(at) || !support.has_threshold(at + 1)
    })
}

fn add_square(a: &mut [f64], gradient: &[f64], scale: f64) {
    let dim = gradient.len();
    for (row, left) in gradient
        .iter()
        .enumerate()
        .filter(|(_, left)| **left != 0.0)
    {
        let to = &mut a[row * dim..(row + 1) * dim];
        to.iter_mut()
            .zip(gradient)
            .for_each(|(sum, right)| *sum += scale * left * right);
    }
}
