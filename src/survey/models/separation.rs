//! Coefficients that run on: where a response is told without error, the likelihood has no maximum; and what the model
//! predicts at their limit.

use std::collections::BTreeSet;

use super::basis::{Basis, Dependent};
use super::family::Family;
use super::likelihood::{Data, NoMaximum};
use super::prepare::Prepared;
use crate::statistics::linear::dot;
use crate::statistics::simplex::{End, Outcome, Simplex, Terms};
use crate::survey::sample::Patterns;

/// How far a predictor has to move for a respondent to count as told, as a share of the largest move.
pub(super) const MOVES: f64 = 1e-4;
/// What is rounding in a move, as a share of the largest.
pub(super) const RESTS: f64 = 1e-6;
/// Nearer than this to the response a mean may be on its way to it, and at a maximum it looks as if it were there.
const ON_ITS_WAY: f64 = 1e-4;
const THERE: f64 = 1e-8;

/// The patterns whose response is told without error, where that is why there is no maximum.
///
/// The likelihood rises for ever in a direction d where x′d ≥ 0 wherever the response is 1, x′d ≤ 0 wherever it is 0 (of
/// counts: 0 wherever it is above 0). Those with x′d ≠ 0 are told, and leave; the others keep a likelihood of their own, whose
/// maximum may run on again. The way that the search went is often such a direction, which is checked for every pattern; where
/// it is none, a linear program looks for one: d that leaves alone all whose mean is not near their response.
///
/// Source: K. Konis, Linear programming algorithms for detecting separated data in binary logistic regression models
/// (2007), chapter 2, for what separation is; R: `detectseparation::detect_separation`, which finds d by a linear program.
pub fn separated(prepared: &Prepared, data: &Data, no_maximum: &NoMaximum) -> Option<Vec<bool>> {
    if !matches!(prepared.family, Family::Binomial | Family::Poisson) {
        return None;
    }
    // the way so far, then the last step: the one tells all at once, the other what is still on its way
    let of_search = [&no_maximum.theta, &no_maximum.step];
    let mut of_search = of_search
        .into_iter()
        .filter_map(|direction| separated_patterns(prepared, data, direction));
    of_search.next().or_else(|| {
        let direction = recession(prepared, data, &no_maximum.theta)?;
        separated_patterns(prepared, data, &direction)
    })
}

/// The same at what looks like a maximum, where means are so near to 0 or 1 that rounding has ended the search.
pub fn separated_at(prepared: &Prepared, data: &Data, theta: &[f64]) -> Option<Vec<bool>> {
    let is_there = |at: usize| is_near(prepared, data, theta, at, THERE);
    if !matches!(prepared.family, Family::Binomial | Family::Poisson)
        || !(0..data.len()).any(is_there)
    {
        return None;
    }
    let direction = recession(prepared, data, theta)?;
    separated_patterns(prepared, data, &direction)
}

/// "100%" where the link has an edge and some mean has come to it.
pub fn edge(prepared: &Prepared, data: &Data, theta: &[f64]) -> Option<&'static str> {
    let (family, link) = (prepared.family, prepared.link);
    if matches!(family, Family::Ordinal | Family::Multinomial) || link.has_no_edge(family) {
        return None;
    }
    let means = || {
        let predictor = |at: usize| dot(data.row(at), theta) + data.offset[at];
        (0..data.len()).map(move |at| link.mean(predictor(at)))
    };
    if family == Family::Binomial && means().any(|mean| mean.rest < ON_ITS_WAY) {
        return Some("100%");
    }
    let largest = means().map(|mean| mean.mu).fold(0.0, f64::max);
    let zero = if family == Family::Binomial {
        "0%"
    } else {
        "0"
    };
    means()
        .any(|mean| mean.mu < ON_ITS_WAY * largest)
        .then_some(zero)
}

/// Which way the predictor of a pattern may run: up, down, or not at all.
fn sign(prepared: &Prepared, y: f64) -> Option<f64> {
    match (prepared.family, y) {
        (Family::Binomial, 1.0) => Some(1.0),
        (_, 0.0) => Some(-1.0),
        _ => None,
    }
}

fn is_near(prepared: &Prepared, data: &Data, theta: &[f64], at: usize, distance: f64) -> bool {
    let mean = prepared
        .link
        .mean(dot(data.row(at), theta) + data.offset[at]);
    // 1 − μ has digits where μ has none
    let off = if data.y[at] == 1.0 {
        mean.rest
    } else {
        mean.mu
    };
    sign(prepared, data.y[at]).is_some() && off < distance
}

/// The patterns that a direction tells; `None` where it is not one in which the likelihood rises for ever.
fn separated_patterns(prepared: &Prepared, data: &Data, direction: &[f64]) -> Option<Vec<bool>> {
    let moves: Vec<f64> = (0..data.len())
        .map(|at| dot(data.row(at), direction))
        .collect();
    let largest = moves
        .iter()
        .fold(0.0, |most, move_| f64::max(most, move_.abs()));
    if !(largest > 0.0 && largest.is_finite()) {
        return None;
    }
    let fits = |(at, moved): (usize, &f64)| match sign(prepared, data.y[at]) {
        Some(sign) => sign * moved > -RESTS * largest,
        None => moved.abs() <= RESTS * largest,
    };
    let told: Vec<bool> = moves
        .iter()
        .map(|moved| moved.abs() > MOVES * largest)
        .collect();
    (moves.iter().enumerate().all(fits) && told.contains(&true)).then_some(told)
}

/// A direction that leaves alone all patterns whose mean is not near their response, and moves as many of the others as a
/// linear program can, none of them away from it.
fn recession(prepared: &Prepared, data: &Data, theta: &[f64]) -> Option<Vec<f64>> {
    let width = data.width;
    let (near, far): (Vec<usize>, Vec<usize>) =
        (0..data.len()).partition(|at| is_near(prepared, data, theta, *at, ON_ITS_WAY));
    let rows: Vec<f64> = far
        .iter()
        .flat_map(|at| data.row(*at).iter().copied())
        .collect();
    let free = Basis::new(&rows, width, &vec![1.0; far.len()]).dependent;
    let mut distinct = BTreeSet::new();
    let mut cone: Vec<Vec<f64>> = Vec::new();
    for at in near {
        let sign = sign(prepared, data.y[at]).unwrap_or(0.0);
        let moved = moved(&free, data.row(at));
        let moved: Vec<f64> = moved.iter().map(|z| sign * z).collect();
        if let Some(unit) = unit(&moved)
            && distinct.insert(rounded(&unit))
        {
            cone.push(unit);
        }
    }
    let mut rows: Vec<Terms> = cone
        .iter()
        .map(|own| own.iter().copied().enumerate().collect())
        .collect();
    let sum = |k: usize| (k, cone.iter().map(|own| own[k]).sum());
    rows.push((0..free.len()).map(sum).collect());
    let mut simplex = Simplex::new(free.len(), &rows);
    for cell in 0..free.len() {
        simplex.bound(cell, -1.0, 1.0);
    }
    for row in 0..cone.len() {
        let row = simplex.row(row);
        simplex.bound(row, 0.0, f64::INFINITY);
    }
    let (most, _) = simplex.extreme(cone.len(), End::High)?;
    if most < MOVES {
        return None;
    }
    let mut direction = vec![0.0; width];
    for (k, own) in free.iter().enumerate() {
        let step = simplex.value(k);
        direction[own.column] += step;
        for (column, b) in &own.combination {
            direction[*column] -= step * b;
        }
    }
    Some(direction)
}

/// x′N, the columns of N each by a column that some rows don't settle: that column less what it was made of.
fn moved(free: &[Dependent], x: &[f64]) -> Vec<f64> {
    let of = |own: &Dependent| {
        let explained = own.combination.iter().map(|(column, b)| b * x[*column]);
        x[own.column] - explained.sum::<f64>()
    };
    free.iter().map(of).collect()
}

/// What is rounding in a move, as a share of its largest entry.
const NO_MOVE: f64 = 1e-7;

/// The same direction with a largest entry of 1; `None` where there is no move.
fn unit(moved: &[f64]) -> Option<Vec<f64>> {
    let largest = moved.iter().fold(0.0, |most, z| f64::max(most, z.abs()));
    let tidy = |z: &f64| {
        if z.abs() < NO_MOVE * largest {
            0.0
        } else {
            z / largest
        }
    };
    (largest > NO_MOVE).then(|| moved.iter().map(tidy).collect())
}

/// Nine digits, by which directions are told apart.
fn rounded(unit: &[f64]) -> Vec<i64> {
    unit.iter().map(|z| (z * 1e9).round() as i64).collect()
}

/// Where the prediction of a row of columns lies once coefficients that run on have reached their limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It hangs on coefficients that are estimated.
    Inside,
    /// The mean is 0 there, or 1.
    Zero,
    One,
    /// It has no limit, or another one by each way there.
    Open,
}

/// What is left of coefficients without bound: everybody used, and which way the predictor runs.
///
/// Let N be the directions in which coefficients may move without a change for those who are left, columns of a matrix. The
/// predictor of a row x runs by x′N d, where s x′N d > 0 for all who are told, s = ±1 by their response. A row with x′N = 0
/// is estimated. x′N in the cone of the s x′N of those who are told is positive in every such direction, and the mean runs
/// to 1; the opposite to 0. All others may go either way.
///
/// Source: C. J. Geyer, "Likelihood inference in exponential families and directions of recession", Electronic Journal of
/// Statistics 3 (2009), 259–289, section 3, for the limit.
pub struct Limit<'p> {
    /// All who are used, those who are told among them.
    pub patterns: Patterns<'p>,
    /// A⁻¹ times the score of one respondent of each pattern; of those who are told, 0.
    pub influence: Vec<f64>,
    /// The columns of N, each by a column that the rows left don't settle: that column less what it was made of.
    directions: Vec<Dependent>,
    /// s x′N of those who are told, in units of the largest.
    cone: Vec<Vec<f64>>,
    size: Vec<f64>,
    /// Whether the mean may be 1, as a share, or has no upper limit.
    is_share: bool,
}

impl<'p> Limit<'p> {
    /// From the patterns of those who are left, their influence of `dim` numbers each, the columns of the model that are not
    /// empty, and those among them that the rows left don’t settle.
    pub fn new(
        prepared: &'p Prepared<'p>,
        (left, influence, dim): (&Patterns, &[f64], usize),
        columns: &[usize],
        directions: Vec<Dependent>,
    ) -> Limit<'p> {
        let patterns = prepared.patterns(prepared.rows.clone());
        // a pattern is left as a whole or not at all, and has the same first respondent in both
        let mut known: Vec<(u32, usize)> = left.example.iter().copied().zip(0..).collect();
        known.sort_unstable();
        let place = |example: &u32| {
            let at = known.binary_search_by_key(example, |(row, _)| *row).ok()?;
            known.get(at).map(|(_, pattern)| *pattern)
        };
        let mut limit = Limit {
            influence: Vec::with_capacity(patterns.count() * dim),
            patterns,
            size: vec![0.0; directions.len()],
            directions,
            cone: Vec::new(),
            is_share: prepared.family == Family::Binomial,
        };
        let mut moves: Vec<Vec<f64>> = Vec::new();
        for example in &limit.patterns.example {
            if let Some(own) = place(example) {
                let own = &influence[own * dim..(own + 1) * dim];
                limit.influence.extend_from_slice(own);
                continue;
            }
            limit.influence.extend(std::iter::repeat_n(0.0, dim));
            let row = *example as usize;
            let x = prepared.columns.row(&prepared.values(row));
            let x: Vec<f64> = columns.iter().map(|column| x[*column]).collect();
            let sign = if prepared.y(row) > 0.0 { 1.0 } else { -1.0 };
            moves.push(
                moved(&limit.directions, &x)
                    .iter()
                    .map(|z| sign * z)
                    .collect(),
            );
        }
        for own in &moves {
            for (size, z) in limit.size.iter_mut().zip(own) {
                *size = f64::max(*size, z.abs());
            }
        }
        let mut distinct = BTreeSet::new();
        for own in &moves {
            let own = own.iter().zip(&limit.size);
            let own: Vec<f64> = own
                .map(|(z, size)| z / size.max(f64::MIN_POSITIVE))
                .collect();
            if let Some(unit) = unit(&own)
                && distinct.insert(rounded(&unit))
            {
                limit.cone.push(unit);
            }
        }
        limit
    }

    /// x′N in units of the largest move of each direction.
    fn moved(&self, x: &[f64]) -> Vec<f64> {
        let moved = moved(&self.directions, x).into_iter().zip(&self.size);
        moved
            .map(|(z, size)| if *size > 0.0 { z / size } else { z })
            .collect()
    }

    /// Where the prediction of a row of the columns that are not empty lies.
    pub fn reach(&self, x: &[f64]) -> Reach {
        let Some(unit) = unit(&self.moved(x)) else {
            return Reach::Inside;
        };
        let opposite: Vec<f64> = unit.iter().map(|z| -z).collect();
        if self.has(&unit) {
            return if self.is_share {
                Reach::One
            } else {
                Reach::Open
            };
        }
        match self.has(&opposite) {
            true => Reach::Zero,
            false => Reach::Open,
        }
    }

    /// Whether a direction is a sum of those of the cone, none of them taken off.
    fn has(&self, direction: &[f64]) -> bool {
        let rows: Vec<Terms> = (0..direction.len())
            .map(|k| {
                self.cone
                    .iter()
                    .enumerate()
                    .map(|(at, own)| (at, own[k]))
                    .collect()
            })
            .collect();
        let mut simplex = Simplex::new(self.cone.len(), &rows);
        for cell in 0..self.cone.len() {
            simplex.bound(cell, 0.0, f64::INFINITY);
        }
        for (k, z) in direction.iter().enumerate() {
            let row = simplex.row(k);
            simplex.bound(row, *z, *z);
        }
        simplex.check() == Outcome::Possible
    }
}
