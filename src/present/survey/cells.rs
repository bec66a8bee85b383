//! Estimates as the texts of cells.

use super::look::Look;
use crate::frames::{Estimate, Statistic};
use crate::present::table::Cell;
use crate::present::table::digits::{number, percent, range};

/// What stands where an estimate is not shown.
pub const HIDDEN: &str = "/";

/// The estimate: "54", "644.2", `*`, `-`, `/` where the base is too small.
pub fn estimate(row: &Estimate, look: &Look, decimals: usize) -> String {
    match (row.estimate, row.statistic) {
        (None, _) => String::new(),
        (Some(_), _) if look.hides(row) => HIDDEN.to_owned(),
        (Some(share), Statistic::Proportion) => percent(share, look.decimals),
        (Some(value), _) => number(value, decimals),
    }
}

/// The letter of a small base.
pub fn letter(row: &Estimate, look: &Look) -> &'static str {
    match look.flags(row) && !look.hides(row) {
        true => "b",
        false => "",
    }
}

/// The interval: per cents with one decimal, numbers as the estimate.
pub fn interval(row: &Estimate, look: &Look, decimals: usize) -> Cell {
    if look.hides(row) {
        return Cell::from(HIDDEN);
    }
    match (row.interval(), row.statistic) {
        (None, _) if row.estimate.is_none() => Cell::default(),
        (None, _) => Cell::dim("no interval"),
        (Some((low, high)), Statistic::Proportion) => {
            Cell::from(range(100.0 * low, 100.0 * high, 1))
        }
        (Some((low, high)), _) => Cell::from(range(low, high, decimals)),
    }
}

/// Half the width of the interval.
pub fn margin(row: &Estimate) -> Option<f64> {
    let scale = match row.statistic {
        Statistic::Proportion => 100.0,
        _ => 1.0,
    };
    row.interval().map(|(low, high)| scale * (high - low) / 2.0)
}

/// The standard error: points with two decimals for shares, one digit more than the estimate else.
pub fn se(row: &Estimate, look: &Look, decimals: usize) -> String {
    match (row.se, row.statistic) {
        (None, _) => String::new(),
        (Some(_), _) if look.hides(row) => HIDDEN.to_owned(),
        (Some(se), Statistic::Proportion) => number(100.0 * se, 2),
        (Some(se), _) => number(se, decimals + 1),
    }
}

/// A whole number, where it is known.
pub fn count(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| number(value, 0))
}

pub fn with_decimals(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(String::new, |value| number(value, decimals))
}
