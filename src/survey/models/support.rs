//! Levels of a response that coefficients without bound leave no share: what is left of a likelihood at their limit.
//!
//! Along a direction d in which the likelihood of a response of levels rises for ever, nobody's own level loses to another. Of
//! log P_k/P_base = x′b_k that is x′d_y ≥ x′d_l for all l; of a scale, P(y ≤ k) = F(ζ_k − x′b), the thresholds above the level
//! of a respondent don't fall, dζ_k ≥ x′db, and those below don't rise. A level that is left behind, or that lies beyond a
//! threshold which has run on, has a share of 0 at the limit. What remains is the likelihood of the levels that keep a share,
//! the *support* of each respondent; who has one such level alone adds nothing more. The coefficients that are estimable from
//! these likelihoods have the estimates, and the errors, that they have at the limit; the others have no bound.
//!
//! Source: C. J. Geyer, "Likelihood inference in exponential families and directions of recession", Electronic Journal of
//! Statistics 3 (2009), 259–289, theorem 6: the limiting conditional model. A scale is no exponential family, but its
//! likelihood is concave (J. W. Pratt, Journal of the American Statistical Association 76, 1981), which is all that the theorem
//! needs; its limit is a scale of fewer levels.

use super::basis::transformed;
use super::family::Family;
use super::likelihood::{Data, Likelihood, NoMaximum, RowOfQ, State, Support};
use super::prepare::Prepared;
use super::separation::{MOVES, ON_ITS_WAY, RESTS, THERE, recession};
use crate::statistics::linear::{dot, symmetric_eigen};

/// The levels that each pattern can still have, levels by pattern, where some lose their share on the way that the search for
/// a maximum went; `None` where the likelihood does not rise for ever.
///
/// That way is often a direction, which is checked for every pattern; where it is none, a linear program looks for one.
pub fn support_left(
    prepared: &Prepared,
    data: &Data,
    no_maximum: &NoMaximum,
    estimable: Option<&Estimable>,
) -> Option<Vec<bool>> {
    let full = |theta: &Vec<f64>| match estimable {
        Some(estimable) => estimable.full(theta),
        None => theta.clone(),
    };
    let mut of_search = [&no_maximum.theta, &no_maximum.step]
        .into_iter()
        .filter_map(|direction| support_along(prepared, data, &full(direction)));
    of_search
        .next()
        .or_else(|| support_by_program(prepared, data, &full(&no_maximum.theta)))
}

/// The same at what looks like a maximum, where shares are so near to 0 that rounding has ended the search.
pub fn support_left_at(
    prepared: &Prepared,
    data: &Data,
    theta: &[f64],
    estimable: Option<&Estimable>,
) -> Option<Vec<bool>> {
    let theta = estimable.map_or_else(|| theta.to_vec(), |estimable| estimable.full(theta));
    let is_there = |at: usize| {
        let shares = rival_shares(prepared, data, &theta, at);
        shares.iter().any(|(_, share)| *share < THERE)
    };
    match (0..data.len()).any(is_there) {
        true => support_by_program(prepared, data, &theta),
        false => None,
    }
}

/// How far the predictor of each level moves in a direction; of a scale, each threshold less the predictor.
pub fn line_moves(family: Family, q: &[f64], direction: &[f64]) -> Vec<f64> {
    match family {
        Family::Multinomial => {
            let others = direction.chunks(q.len()).map(|own| dot(q, own));
            std::iter::once(0.0).chain(others).collect()
        }
        Family::Ordinal => {
            let (slopes, thresholds) = direction.split_at(q.len() - 1);
            let moved = dot(&q[1..], slopes);
            thresholds.iter().map(|own| own - moved).collect()
        }
        _ => vec![dot(q, direction)],
    }
}

/// What the own level of a pattern is compared with: other levels, of a scale thresholds, that have not run on.
fn rivals(family: Family, count: usize, own: usize, support: Support) -> Vec<usize> {
    let is_rival = |at: &usize| match family {
        Family::Multinomial => *at != own && support.has(*at),
        _ => support.has_threshold(*at),
    };
    let all = match family {
        Family::Multinomial => count,
        _ => count - 1,
    };
    (0..all).filter(is_rival).collect()
}

/// How far the own level gains on a rival.
fn lead(family: Family, lines: &[f64], own: usize, rival: usize) -> f64 {
    match family {
        Family::Multinomial => lines[own] - lines[rival],
        _ if rival < own => -lines[rival],
        _ => lines[rival],
    }
}

/// The levels left by a direction; `None` where some respondent's own level loses, or nothing is left behind.
fn support_along(prepared: &Prepared, data: &Data, direction: &[f64]) -> Option<Vec<bool>> {
    let (family, count) = (prepared.family, prepared.responses.len());
    let leads: Vec<Vec<(usize, f64)>> = (0..data.len())
        .map(|at| {
            let lines = line_moves(family, data.row(at), direction);
            let own = data.y[at] as usize;
            let rivals = rivals(family, count, own, data.support(at)).into_iter();
            rivals
                .map(|rival| (rival, lead(family, &lines, own, rival)))
                .collect()
        })
        .collect();
    let all = || leads.iter().flatten().map(|(_, lead)| *lead);
    let largest = all().fold(0.0, |most, lead: f64| f64::max(most, lead.abs()));
    if !largest.is_finite() || largest == 0.0 || all().any(|lead| lead < -RESTS * largest) {
        return None;
    }
    let is_behind = |lead: f64| lead > MOVES * largest;
    let mut left = Vec::with_capacity(data.len() * count);
    for (at, leads) in leads.iter().enumerate() {
        let (own, support) = (data.y[at] as usize, data.support(at));
        let behind: Vec<usize> = leads
            .iter()
            .filter(|(_, lead)| is_behind(*lead))
            .map(|(rival, _)| *rival)
            .collect();
        let is_beyond = |level: usize| match family {
            Family::Multinomial => behind.contains(&level),
            // a threshold between the level and the own one has run on
            _ => behind
                .iter()
                .any(|threshold| (level.min(own)..level.max(own)).contains(threshold)),
        };
        left.extend((0..count).map(|level| support.has(level) && !is_beyond(level)));
    }
    let is_news = all().any(is_behind);
    is_news.then_some(left)
}

/// The share of each rival; of a threshold, of all levels beyond it.
fn rival_shares(prepared: &Prepared, data: &Data, theta: &[f64], at: usize) -> Vec<(usize, f64)> {
    let (own, support) = (data.y[at] as usize, data.support(at));
    let lines = line_moves(prepared.family, data.row(at), theta);
    let most = lines.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let share = |rival: usize| match prepared.family {
        // not above its share, and as near to 0 as that
        Family::Multinomial => (lines[rival] - most).exp(),
        _ if rival < own => prepared.link.mean(lines[rival]).mu,
        _ => prepared.link.mean(lines[rival]).rest,
    };
    let rivals = rivals(prepared.family, prepared.responses.len(), own, support).into_iter();
    rivals.map(|rival| (rival, share(rival))).collect()
}

/// The levels left by a direction that a linear program finds among those that leave alone all rivals with a share.
fn support_by_program(prepared: &Prepared, data: &Data, theta: &[f64]) -> Option<Vec<bool>> {
    let family = prepared.family;
    let (mut far, mut near) = (Vec::new(), Vec::new());
    for at in 0..data.len() {
        let own = data.y[at] as usize;
        for (rival, share) in rival_shares(prepared, data, theta, at) {
            let gradient = lead_gradient(family, data.row(at), theta.len(), (own, rival));
            match share < ON_ITS_WAY {
                true => near.push(gradient),
                false => far.extend(gradient),
            }
        }
    }
    let direction = recession(&far, &near, theta.len())?;
    support_along(prepared, data, &direction)
}

/// A lead by each parameter.
fn lead_gradient(family: Family, q: &[f64], dim: usize, (own, rival): (usize, usize)) -> Vec<f64> {
    let mut gradient = vec![0.0; dim];
    let width = q.len();
    let mut add = |first: usize, values: &[f64], sign: f64| {
        let entries = gradient[first..].iter_mut().zip(values);
        entries.for_each(|(entry, value)| *entry += sign * value);
    };
    match family {
        Family::Multinomial => {
            for (level, sign) in [(own, 1.0), (rival, -1.0)] {
                if let Some(equation) = level.checked_sub(1) {
                    add(equation * width, q, sign);
                }
            }
        }
        _ => {
            let sign = if rival < own { -1.0 } else { 1.0 };
            add(0, &q[1..], -sign);
            add(width - 1 + rival, &[1.0], sign);
        }
    }
    gradient
}

/// The combinations of parameters that are estimable from the levels left: θ = C φ, the columns of C those directions that some
/// respondent's response knows.
#[derive(Clone, Debug)]
pub struct Estimable {
    /// Rows are the parameters of all levels.
    map: Vec<f64>,
    /// The directions that nobody's response knows, one a row.
    pub unknown: Vec<Vec<f64>>,
    /// Number of φ.
    count: usize,
}

/// What is rounding in an eigenvalue, as a share of the largest.
const NO_INFORMATION: f64 = 1e-10;

impl Estimable {
    /// Of a likelihood of all parameters; `None` where all of them are estimable.
    pub fn new(likelihood: &dyn Likelihood, data: &Data, weights: &[f64]) -> Option<Estimable> {
        if data.support.is_empty() {
            return None;
        }
        let dim = likelihood.parameters();
        let start = likelihood.start(data, weights);
        let state = likelihood.state(data, weights, &start, false)?;
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
        Some(Estimable {
            map: rows.collect(),
            unknown,
            count: known.len(),
        })
    }

    /// Whether a combination of all parameters is estimable.
    pub fn has(&self, combination: &[f64]) -> bool {
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

/// A likelihood of the combinations of parameters that are estimable.
pub struct EstimableLikelihood {
    pub full: Box<dyn Likelihood + Send + Sync>,
    pub estimable: Estimable,
}

impl EstimableLikelihood {
    fn narrowed(
        &self,
        (values, gradients): (Vec<f64>, Vec<Vec<f64>>),
    ) -> (Vec<f64>, Vec<Vec<f64>>) {
        let own = gradients.iter();
        let own = own.map(|gradient| self.estimable.narrowed(gradient));
        (values, own.collect())
    }
}

impl Likelihood for EstimableLikelihood {
    fn parameters(&self) -> usize {
        self.estimable.count
    }

    fn start(&self, data: &Data, weights: &[f64]) -> Vec<f64> {
        // what is taken off moves nothing that anybody's response knows
        self.estimable.narrowed(&self.full.start(data, weights))
    }

    fn state(&self, data: &Data, weights: &[f64], theta: &[f64], observed: bool) -> Option<State> {
        let full = self.estimable.full(theta);
        let state = self.full.state(data, weights, &full, observed)?;
        Some(State {
            deviance: state.deviance,
            score: self.estimable.narrowed(&state.score),
            information: self.estimable.sandwich(&state.information),
        })
    }

    fn scores(&self, data: &Data, theta: &[f64]) -> Vec<f64> {
        let full = self.estimable.full(theta);
        self.estimable.narrowed(&self.full.scores(data, &full))
    }

    fn responses(&self) -> usize {
        self.full.responses()
    }

    fn predicted(&self, row: RowOfQ, theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        self.narrowed(self.full.predicted(row, &self.estimable.full(theta)))
    }

    fn slopes(&self, row: RowOfQ, dq: &[f64], theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        self.narrowed(self.full.slopes(row, dq, &self.estimable.full(theta)))
    }
}
