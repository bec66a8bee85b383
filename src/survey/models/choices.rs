//! Levels of a response that are told away: what is left of a multinomial likelihood at the limit of coefficients without bound.
//!
//! Along a direction d = (d_1 … d_K) in which the likelihood of log P_k/P_base = x′b_k rises for ever, nobody’s own level falls
//! behind another: x′d_y ≥ x′d_l for all l. Where one is left behind, its share is 0 at the limit, and what remains is the
//! multinomial likelihood of the levels that keep up; who has one such level alone tells nothing more. The coefficients that
//! these likelihoods settle have the estimates, and the errors, that they have at the limit; the others have no bound.
//!
//! Source: C. J. Geyer, "Likelihood inference in exponential families and directions of recession", Electronic Journal of
//! Statistics 3 (2009), 259–289, theorem 6: the limiting conditional model.

use super::basis::transformed;
use super::family::Family;
use super::likelihood::{Data, Likelihood, NoMaximum, State};
use super::prepare::Prepared;
use super::separation::{MOVES, RESTS};
use crate::statistics::linear::{dot, symmetric_eigen};

/// Which levels each pattern can still have, levels by pattern, where the way of the search leaves some behind; `None` where
/// it is no way on which the likelihood rises for ever. Of a scale only those are told who have no other level left.
pub fn levels_left(
    prepared: &Prepared,
    data: &Data,
    no_maximum: &NoMaximum,
    settled: Option<&Settled>,
) -> Option<Vec<bool>> {
    let of_search = [&no_maximum.theta, &no_maximum.step];
    of_search.into_iter().find_map(|direction| {
        let direction = match settled {
            Some(settled) => settled.full(direction),
            None => direction.clone(),
        };
        left_by(prepared, data, &direction)
    })
}

fn left_by(prepared: &Prepared, data: &Data, direction: &[f64]) -> Option<Vec<bool>> {
    let count = prepared.responses.len();
    let leads: Vec<Vec<f64>> = (0..data.len())
        .map(|at| leads(prepared, data, at, direction))
        .collect();
    let possible = |at: usize, level: usize| data.possible(at, level);
    let is_multinomial = prepared.family == Family::Multinomial;
    let counted = |at: usize, k: usize| !is_multinomial || possible(at, k);
    let all = || {
        let each = leads.iter().enumerate();
        each.flat_map(|(at, own)| {
            let own = own.iter().enumerate();
            own.filter(move |(k, _)| counted(at, *k))
                .map(|(_, lead)| *lead)
        })
    };
    let largest = all().fold(0.0, |most, lead: f64| f64::max(most, lead.abs()));
    if !largest.is_finite() || largest == 0.0 || all().any(|lead| lead < -RESTS * largest) {
        return None;
    }
    let is_behind = |lead: f64| lead > MOVES * largest;
    let mut left = Vec::with_capacity(data.len() * count);
    let mut is_news = false;
    for (at, own) in leads.iter().enumerate() {
        let told = own.iter().filter(|lead| is_behind(**lead)).count();
        for level in 0..count {
            let stays = match is_multinomial {
                true => possible(at, level) && !is_behind(own[level]),
                // thresholds that run on to one side alone leave a scale of fewer levels, which is none of this model
                false if told > 0 && told < own.len() => return None,
                false => told == 0 || level as f64 == data.y[at],
            };
            is_news |= !stays && possible(at, level);
            left.push(stays);
        }
    }
    is_news.then_some(left)
}

/// How far the level of a pattern gains on each other level, or threshold, in a direction.
fn leads(prepared: &Prepared, data: &Data, at: usize, direction: &[f64]) -> Vec<f64> {
    let (q, own) = (data.row(at), data.y[at] as usize);
    match prepared.family {
        Family::Multinomial => {
            let others = direction.chunks(data.width).map(|other| dot(q, other));
            let moves: Vec<f64> = std::iter::once(0.0).chain(others).collect();
            let own = moves.get(own).copied().unwrap_or(f64::NAN);
            moves.iter().map(|other| own - other).collect()
        }
        _ => {
            let (slopes, thresholds) = direction.split_at(data.width - 1);
            let moved = dot(&q[1..], slopes);
            let above = thresholds.get(own).map(|upper| upper - moved);
            let below = own.checked_sub(1).and_then(|below| thresholds.get(below));
            let below = below.map(|lower| moved - lower);
            above.into_iter().chain(below).collect()
        }
    }
}

/// The parameters that the levels left settle: θ = C φ, the columns of C those directions that some respondent’s choice knows.
#[derive(Clone, Debug)]
pub struct Settled {
    /// Rows are the parameters of all levels.
    map: Vec<f64>,
    /// The directions that nobody’s choice knows, one a row.
    unknown: Vec<Vec<f64>>,
    /// Number of φ.
    count: usize,
}

/// What is rounding in an eigenvalue, as a share of the largest.
const NO_INFORMATION: f64 = 1e-10;

impl Settled {
    /// Of a likelihood of all parameters; `None` where the levels left settle all of them.
    pub fn new(likelihood: &dyn Likelihood, data: &Data, weights: &[f64]) -> Option<Settled> {
        let dim = likelihood.parameters();
        let state = likelihood.state(data, weights, &vec![0.0; dim], false)?;
        let (values, vectors) = symmetric_eigen(&state.information, dim);
        let largest = values.iter().copied().fold(0.0, f64::max);
        let is_known = |value: &f64| *value > NO_INFORMATION * largest;
        if values.iter().all(is_known) {
            return None;
        }
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for (value, vector) in values.iter().zip(vectors) {
            match is_known(value) {
                true => known.push(vector),
                false => unknown.push(vector),
            }
        }
        let rows = (0..dim).flat_map(|row| known.iter().map(move |vector| vector[row]));
        Some(Settled {
            map: rows.collect(),
            unknown,
            count: known.len(),
        })
    }

    /// Whether a combination of all parameters is settled.
    pub fn knows(&self, combination: &[f64]) -> bool {
        let size = dot(combination, combination).sqrt();
        let mut unknown = self.unknown.iter();
        unknown.all(|own| dot(own, combination).abs() <= 1e-7 * size)
    }

    /// C φ.
    fn full(&self, own: &[f64]) -> Vec<f64> {
        let rows = self.map.chunks(self.count.max(1));
        rows.map(|row| dot(row, own)).collect()
    }

    /// Rows of all parameters times C.
    pub fn narrowed(&self, rows: &[f64]) -> Vec<f64> {
        let dim = self.map.len() / self.count.max(1);
        let mut narrow = Vec::new();
        for row in rows.chunks(dim.max(1)) {
            for column in 0..self.count {
                let each = row.iter().enumerate();
                narrow.push(
                    each.map(|(k, b)| b * self.map[k * self.count + column])
                        .sum(),
                );
            }
        }
        narrow
    }

    /// C′ A C.
    fn sandwich(&self, a: &[f64]) -> Vec<f64> {
        let dim = self.map.len() / self.count.max(1);
        let mut turned = vec![0.0; self.map.len()];
        for (k, row) in self.map.chunks(self.count.max(1)).enumerate() {
            for (column, entry) in row.iter().enumerate() {
                turned[column * dim + k] = *entry;
            }
        }
        transformed(&turned, a, self.count, dim)
    }
}

/// A likelihood of the parameters that are settled.
pub struct OfSettled {
    pub all: Box<dyn Likelihood + Send + Sync>,
    pub settled: Settled,
}

impl Likelihood for OfSettled {
    fn parameters(&self) -> usize {
        self.settled.count
    }

    fn start(&self, _: &Data, _: &[f64]) -> Vec<f64> {
        vec![0.0; self.settled.count]
    }

    fn state(&self, data: &Data, weights: &[f64], theta: &[f64], observed: bool) -> Option<State> {
        let full = self.settled.full(theta);
        let state = self.all.state(data, weights, &full, observed)?;
        Some(State {
            deviance: state.deviance,
            score: self.settled.narrowed(&state.score),
            information: self.settled.sandwich(&state.information),
        })
    }

    fn scores(&self, data: &Data, theta: &[f64]) -> Vec<f64> {
        let full = self.settled.full(theta);
        self.settled.narrowed(&self.all.scores(data, &full))
    }

    fn responses(&self) -> usize {
        self.all.responses()
    }

    fn predicted(&self, q: &[f64], offset: f64, theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let (means, gradients) = self.all.predicted(q, offset, &self.settled.full(theta));
        let own = gradients
            .iter()
            .map(|gradient| self.settled.narrowed(gradient));
        (means, own.collect())
    }

    fn slopes(
        &self,
        q: &[f64],
        dq: &[f64],
        offset: f64,
        theta: &[f64],
    ) -> (Vec<f64>, Vec<Vec<f64>>) {
        let (slopes, gradients) = self.all.slopes(q, dq, offset, &self.settled.full(theta));
        let own = gradients
            .iter()
            .map(|gradient| self.settled.narrowed(gradient));
        (slopes, own.collect())
    }
}
