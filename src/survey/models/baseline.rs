//! Answers without an order: log P_k/P_base = x′b_k.

use std::ops::Range;

use super::likelihood::{Data, Likelihood, RowOfQ, State, Support, in_chunks};
use crate::statistics::linear::dot;

/// The baseline-category logit. Parameters are those of each response but the first, one after the other; responses are
/// codes from 0, the base, on.
///
/// R: `svyVGAM::svy_vglm(y ~ x, family = multinomial(refLevel = 1))`; Stata: `svy: mlogit`.
pub struct Baseline {
    pub width: usize,
    pub responses: usize,
}

impl Baseline {
    /// The shares of all responses; of those without support 0.
    fn shares(&self, q: &[f64], theta: &[f64], support: Support) -> Vec<f64> {
        let each = theta.chunks(self.width).map(|own| dot(q, own));
        let mut predictors: Vec<f64> = std::iter::once(0.0).chain(each).collect();
        for (level, predictor) in predictors.iter_mut().enumerate() {
            if !support.has(level) {
                *predictor = f64::NEG_INFINITY;
            }
        }
        let most = predictors.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let grown: Vec<f64> = predictors.iter().map(|eta| (eta - most).exp()).collect();
        let all: f64 = grown.iter().sum();
        grown.into_iter().map(|share| share / all).collect()
    }

    /// Deviance, score and the blocks of the information up to its diagonal, of some patterns.
    fn chunk(
        &self,
        data: &Data,
        weights: &[f64],
        theta: &[f64],
        range: Range<usize>,
    ) -> Option<State> {
        let (p, dim) = (self.width, self.parameters());
        let mut state = State::zero(dim);
        for at in range.filter(|at| weights[*at] != 0.0) {
            let (w, q) = (weights[at], data.row(at));
            let shares = self.shares(q, theta, data.support(at));
            let y = data.y[at] as usize;
            state.deviance -= 2.0 * w * shares.get(y)?.ln();
            for k in 1..self.responses {
                let pull = w * (f64::from(u8::from(k == y)) - shares[k]);
                let own = &mut state.score[(k - 1) * p..k * p];
                own.iter_mut().zip(q).for_each(|(sum, q)| *sum += pull * q);
                for l in 1..=k {
                    let spread = w * shares[k] * (f64::from(u8::from(k == l)) - shares[l]);
                    for (i, left) in q.iter().enumerate() {
                        let row = ((k - 1) * p + i) * dim + (l - 1) * p;
                        let to = &mut state.information[row..row + p];
                        let left = spread * left;
                        to.iter_mut()
                            .zip(q)
                            .for_each(|(sum, right)| *sum += left * right);
                    }
                }
            }
        }
        Some(state)
    }
}

impl Likelihood for Baseline {
    fn parameters(&self) -> usize {
        self.width * (self.responses - 1)
    }

    fn start(&self, _: &Data, _: &[f64]) -> Vec<f64> {
        vec![0.0; self.parameters()]
    }

    fn state(&self, data: &Data, weights: &[f64], theta: &[f64], _: bool) -> Option<State> {
        let dim = self.parameters();
        let chunk = |range: Range<usize>| self.chunk(data, weights, theta, range);
        let mut state = in_chunks(data.len(), dim, chunk)?;
        for row in 0..dim {
            for column in 0..row {
                state.information[column * dim + row] = state.information[row * dim + column];
            }
        }
        state.deviance.is_finite().then_some(state)
    }

    fn scores(&self, data: &Data, theta: &[f64]) -> Vec<f64> {
        let mut scores = Vec::with_capacity(data.len() * self.parameters());
        for at in 0..data.len() {
            let q = data.row(at);
            let shares = self.shares(q, theta, data.support(at));
            for (k, share) in shares.iter().enumerate().skip(1) {
                let pull = f64::from(u8::from(k as f64 == data.y[at])) - share;
                scores.extend(q.iter().map(|q| pull * q));
            }
        }
        scores
    }

    fn responses(&self) -> usize {
        self.responses
    }

    fn predicted(&self, row: RowOfQ, theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let q = row.q;
        let shares = self.shares(q, theta, row.support);
        let gradient = |k: usize| {
            let blocks = (1..self.responses).flat_map(|l| {
                let spread = shares[k] * (f64::from(u8::from(k == l)) - shares[l]);
                q.iter().map(move |q| spread * q)
            });
            blocks.collect()
        };
        let gradients = (0..self.responses).map(gradient).collect();
        (shares, gradients)
    }

    fn slopes(&self, row: RowOfQ, dq: &[f64], theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let (p, q) = (self.width, row.q);
        let shares = self.shares(q, theta, row.support);
        let rise = |l: usize| match l {
            0 => 0.0,
            l => dot(dq, &theta[(l - 1) * p..l * p]),
        };
        let rises: Vec<f64> = (0..self.responses).map(rise).collect();
        let mean = dot(&shares, &rises);
        let slopes: Vec<f64> = (0..self.responses)
            .map(|k| shares[k] * (rises[k] - mean))
            .collect();
        let gradient = |k: usize| {
            let mut gradient = Vec::with_capacity(self.parameters());
            for l in 1..self.responses {
                let own = f64::from(u8::from(k == l));
                // of the shares, then of what they are multiplied with
                let by_share = shares[k] * (own - shares[l]) * (rises[k] - mean)
                    - shares[k] * shares[l] * (rises[l] - mean);
                let by_rise = shares[k] * (own - shares[l]);
                gradient.extend(q.iter().zip(dq).map(|(q, dq)| by_share * q + by_rise * dq));
            }
            gradient
        };
        (slopes, (0..self.responses).map(gradient).collect())
    }
}
