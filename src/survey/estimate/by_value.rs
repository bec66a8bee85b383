//! Quantiles from the weight of each value: where there are few values, one pass finds them with their intervals.

use super::error::Error;
use super::plan::{Planning, Shape, Thresholds};
use super::request::QuantileRule;
use crate::survey::microdata::MissingValues;
use crate::survey::sums::{ItemPlan, ItemSums, Sums};

/// The most distinct values of a variable whose quantiles can be found from sums.
pub const MOST_VALUES: usize = 1_000;

/// How the distributions of a plan are kept.
pub struct Kept<'a> {
    /// As sums in each cell only up to so many of them.
    pub room: usize,
    /// Variables that have more values than that, or need more room: of these the weight of each value in a domain.
    pub wide: &'a [String],
}

/// Whether the quantiles of that rule need no more than the weight of each value.
pub fn looks_at_values(rule: QuantileRule) -> bool {
    QuantileRule::OF_VALUES.contains(&rule)
}

/// Whether any item is a quantile.
pub fn has_quantiles(planning: &Planning) -> bool {
    let mut items = planning.items.iter();
    items.any(|item| matches!(item.shape, Shape::Quantiles(_)))
}

/// Distributions by value, so that no pair of value and weight is kept.
pub fn by_value(mut planning: Planning, kept: &Kept) -> Planning {
    let items = std::mem::take(&mut planning.plan.items).into_iter();
    let item = |item| match item {
        ItemPlan::Values { operand, .. } if kept.wide.contains(&operand.text) => ItemPlan::Values {
            operand,
            by_value: true,
        },
        ItemPlan::Values { operand, .. } => ItemPlan::Levels {
            operand,
            missing: MissingValues::default(),
            most: MOST_VALUES,
            room: kept.room,
        },
        other => other,
    };
    planning.plan.items = items.map(item).collect();
    planning
}

/// The sums of respondents at or below thresholds: from those of each value where they are there; for the other items
/// `scan` goes over the respondents.
pub fn at_most(
    sums: &Sums,
    thresholds: Vec<Thresholds>,
    scan: impl FnOnce(Vec<Thresholds>) -> Result<Sums, Error>,
) -> Result<Sums, Error> {
    let of = |thresholds: &Thresholds| match sums.items.get(thresholds.item) {
        Some(ItemSums::Levels(levels)) => Some(ItemSums::Numbers(levels.at_most(
            sums,
            &thresholds.by_domain,
            thresholds.count,
        ))),
        _ => None,
    };
    let found: Vec<Option<ItemSums>> = thresholds.iter().map(of).collect();
    let left: Vec<Thresholds> = thresholds
        .into_iter()
        .zip(&found)
        .filter_map(|(thresholds, found)| found.is_none().then_some(thresholds))
        .collect();
    if left.len() == found.len() {
        return scan(left);
    }
    let scanned = match left.is_empty() {
        true => Vec::new(),
        false => scan(left)?.items,
    };
    let mut scanned = scanned.into_iter();
    Ok(Sums {
        items: found
            .into_iter()
            .filter_map(|item| item.or_else(|| scanned.next()))
            .collect(),
        strata: sums.strata.clone(),
        units: sums.units.clone(),
        domains: sums.domains.clone(),
        cells: sums.cells.clone(),
        rows: sums.rows,
        ..Sums::default()
    })
}
