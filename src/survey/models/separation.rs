//! Coefficients that run on: where a response is told without error, the likelihood has no maximum.

use super::family::Family;
use super::likelihood::{Data, NoMaximum};
use super::prepare::Prepared;
use crate::statistics::linear::dot;

/// How far a predictor has to move for a respondent to count as told, as a share of the largest move.
const MOVES: f64 = 1e-4;
/// What is rounding in a move, as a share of the largest.
const RESTS: f64 = 1e-6;

/// The patterns whose response is told without error, where that is why there is no maximum.
///
/// Newton's method follows a direction d in which the likelihood rises for ever: x′d ≥ 0 wherever the response is 1, x′d ≤ 0
/// wherever it is 0 (of counts: 0 wherever it is above 0). The last steps of a search that does not end are such a
/// direction, and that they are is checked for every pattern here. Those with x′d ≠ 0 are told, and leave; the others keep a
/// likelihood of their own, whose maximum may run on again.
///
/// Source: K. Konis, Linear programming algorithms for detecting separated data in binary logistic regression models
/// (2007), chapter 2, for what separation is; R: `detectseparation::detect_separation`, which finds d by a linear program.
pub fn separated(prepared: &Prepared, data: &Data, no_maximum: &NoMaximum) -> Option<Vec<bool>> {
    if !matches!(prepared.family, Family::Binomial | Family::Poisson) {
        return None;
    }
    let sign = |y: f64| match (prepared.family, y) {
        (Family::Binomial, 1.0) => Some(1.0),
        (_, 0.0) => Some(-1.0),
        _ => None,
    };
    // the way so far, then the last step: the one tells all at once, the other what is still on its way
    for direction in [&no_maximum.theta, &no_maximum.step] {
        let moves: Vec<f64> = (0..data.len())
            .map(|at| dot(data.row(at), direction))
            .collect();
        let largest = moves
            .iter()
            .fold(0.0, |most, move_| f64::max(most, move_.abs()));
        if !(largest > 0.0 && largest.is_finite()) {
            continue;
        }
        let fits = |(at, moved): (usize, &f64)| match sign(data.y[at]) {
            Some(sign) => sign * moved > -RESTS * largest,
            None => moved.abs() <= RESTS * largest,
        };
        if moves.iter().enumerate().all(fits) {
            let told: Vec<bool> = moves
                .iter()
                .map(|moved| moved.abs() > MOVES * largest)
                .collect();
            if told.contains(&true) {
                return Some(told);
            }
        }
    }
    None
}
