//! Coefficients that run on: where a response is separated without error, the likelihood has no maximum.

use std::collections::BTreeSet;

use super::basis::{Basis, Dependent};
use super::family::Family;
use super::likelihood::{Data, NoMaximum};
use super::prepare::Prepared;
use crate::statistics::linear::dot;
use crate::statistics::simplex::{End, Simplex, Terms};

/// How far a predictor has to move for a respondent to count as separated, as a share of the largest move.
pub(super) const MOVES: f64 = 1e-4;
/// What is rounding in a move, as a share of the largest.
pub(super) const RESTS: f64 = 1e-6;
/// Nearer than this to the response a mean may be on its way to it, and at a maximum it looks as if it were there.
pub(super) const ON_ITS_WAY: f64 = 1e-4;
pub(super) const THERE: f64 = 1e-8;

/// The patterns whose response is separated without error, where that is why there is no maximum.
///
/// The likelihood rises for ever in a direction d where x′d ≥ 0 wherever the response is 1, x′d ≤ 0 wherever it is 0 (of
/// counts: 0 wherever it is above 0). Those with x′d ≠ 0 are separated, and leave; the others keep a likelihood of their own, whose
/// maximum may run on again. The way that the search went is often such a direction, which is checked for every pattern; where
/// it is none, a linear program looks for one: d that leaves alone all whose mean is not near their response.
///
/// Source: K. Konis, Linear programming algorithms for detecting separated data in binary logistic regression models
/// (2007), chapter 2, for what separation is; R: `detectseparation::detect_separation`, which finds d by a linear program.
pub fn separated(prepared: &Prepared, data: &Data, no_maximum: &NoMaximum) -> Option<Vec<bool>> {
    if !matches!(prepared.family, Family::Binomial | Family::Poisson) {
        return None;
    }
    // the way so far, then the last step: the one separates all at once, the other what is still on its way
    let of_search = [&no_maximum.theta, &no_maximum.step];
    let mut of_search = of_search
        .into_iter()
        .filter_map(|direction| separated_patterns(prepared, data, direction));
    of_search.next().or_else(|| {
        let direction = recession_at(prepared, data, &no_maximum.theta)?;
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
    let direction = recession_at(prepared, data, theta)?;
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

/// The patterns that a direction separates; `None` where it is not one in which the likelihood rises for ever.
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
    let out: Vec<bool> = moves
        .iter()
        .map(|moved| moved.abs() > MOVES * largest)
        .collect();
    (moves.iter().enumerate().all(fits) && out.contains(&true)).then_some(out)
}

/// A direction that leaves alone all patterns whose mean is not near their response, and moves the others to it.
fn recession_at(prepared: &Prepared, data: &Data, theta: &[f64]) -> Option<Vec<f64>> {
    let (mut far, mut near) = (Vec::new(), Vec::new());
    for at in 0..data.len() {
        let row = data.row(at);
        match sign(prepared, data.y[at]) {
            Some(sign) if is_near(prepared, data, theta, at, ON_ITS_WAY) => {
                near.push(row.iter().map(|q| sign * q).collect());
            }
            _ => far.extend_from_slice(row),
        }
    }
    recession(&far, &near, data.width)
}

/// A direction d with z′d = 0 for all rows z that are far, `width` numbers each, and z′d ≥ 0 for those that are near, above 0
/// for as many as a linear program can; `None` where there is none.
pub fn recession(far: &[f64], near: &[Vec<f64>], width: usize) -> Option<Vec<f64>> {
    let free = Basis::new(far, width, &vec![1.0; far.len() / width.max(1)]).dependent;
    let mut distinct = BTreeSet::new();
    let mut cone: Vec<Vec<f64>> = Vec::new();
    for row in near {
        if let Some(unit) = unit(&moved(&free, row))
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
pub(super) fn moved(free: &[Dependent], x: &[f64]) -> Vec<f64> {
    let rest = |own: &Dependent| {
        let explained = own.combination.iter().map(|(column, b)| b * x[*column]);
        x[own.column] - explained.sum::<f64>()
    };
    free.iter().map(rest).collect()
}

/// What is rounding in a move, as a share of its largest entry.
const NO_MOVE: f64 = 1e-7;

/// The same direction with a largest entry of 1; `None` where there is no move.
pub(super) fn unit(moved: &[f64]) -> Option<Vec<f64>> {
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
pub(super) fn rounded(unit: &[f64]) -> Vec<i64> {
    unit.iter().map(|z| (z * 1e9).round() as i64).collect()
}
