//! What the first pass over the respondents adds up: no more than the answer needs.

use super::by_value::{self, Kept, MOST_VALUES};
use super::error::Error;
use super::plan::Planning;
use super::request::Request;
use super::residuals::{Regression, Residuals};
use crate::survey::design::Design;
use crate::survey::microdata::Source;
use crate::survey::sums::{self, Mode, Sums, scan};

/// The regression of a calibration, where sums by class are enough for its residuals.
///
/// Where rows are the units, covariances and what is made of several domains need each row.
pub fn by_class<'a>(
    residuals: &'a dyn Residuals,
    design: &Design,
    request: &Request,
) -> Option<&'a dyn Regression> {
    let regression = residuals.regression()?;
    let alone = || !request.options.covariance && request.standard.is_none();
    if design.rows_are_last_stage() {
        return None;
    }
    match design.elements() && !(alone() && regression.cells().is_some()) {
        true => None,
        false => Some(regression),
    }
}

/// Sums of one item by value take 64 MB at most; with more, each row is better looked at twice.
const ROOM: usize = 1 << 22;

/// Adds everything up. Quantiles are found from the weight of each value where the rule needs no more than that: by cell
/// first, and where that turns out to be too much, by domain.
pub fn first_pass(
    source: &dyn Source,
    request: &Request,
    planned: &dyn Fn() -> Result<Planning, Error>,
) -> Result<(Planning, Sums), Error> {
    let looks_at_values = by_value::looks_at_values(request.options.rule);
    let mut wide: Vec<String> = Vec::new();
    loop {
        let mut planning = planned()?;
        if looks_at_values {
            // of rows that are units each, no value is shared
            let room = match planning.plan.mode {
                Mode::Rows => 0,
                _ => ROOM,
            };
            planning = by_value::by_value(planning, &Kept { room, wide: &wide });
        }
        match scan(source, &planning.plan) {
            Err(sums::Error::Levels { variable, most })
                if most == MOST_VALUES && !wide.contains(&variable) =>
            {
                wide.push(variable);
            }
            scanned => return Ok((planning, scanned?)),
        }
    }
}
