//! Totals of which it is not known how they were formed: whatever the weights of the countries, a total lies
//! between the least and the greatest of them.

use std::collections::HashMap;

use super::program::Group;
use super::program::{Cells, Statement, members, weights};
use super::rules;
use super::words::{number, places, warning};
use crate::published::figures::quantity::{Key, Quantity, quantities};
use crate::published::figures::store::{Aggregate, Figure, Finding, Store};
use crate::published::figures::topline::printed;

/// Totals outside of all their countries. Medians are left out: they are not of the countries printed alone.
pub fn findings(store: &Store, group: &Group) -> Vec<Finding> {
    let cells = Cells::new(store, group.people, &group.figures);
    let quantities = quantities(&group.figures);
    let by_key: HashMap<&Key, &Quantity> = quantities.iter().map(|q| (&q.key, q)).collect();
    let mut findings = Vec::new();
    for total in &quantities {
        let aggregate = cells.aggregate(total.key.question, total.key.country);
        let unknown = !matches!(aggregate, None | Some(Aggregate::Median));
        let linear = weights(store, group.people, total.key.country, aggregate).is_some();
        let Some(countries) = members(store, group.people.poll, total.key.country) else {
            continue;
        };
        if !unknown || linear {
            continue;
        }
        let of = |country: &&str| {
            let key = Key {
                country,
                ..total.key.clone()
            };
            by_key.get(&key).copied()
        };
        let Some(parts) = countries.iter().map(of).collect::<Option<Vec<_>>>() else {
            continue;
        };
        let hulls: Vec<(f64, f64)> = parts.iter().map(|part| hull(part)).collect();
        let low = hulls.iter().map(|hull| hull.0).fold(100.0, f64::min);
        let high = hulls.iter().map(|hull| hull.1).fold(0.0, f64::max);
        for value in &total.values {
            let (least, most) = Statement::range(&value.figures);
            if most < low - NOISE || least > high + NOISE {
                let shown: Vec<&Figure> = parts.iter().filter_map(|part| first(part)).collect();
                findings.push(outside(
                    store,
                    value.figures.first().copied(),
                    &shown,
                    low,
                    high,
                ));
            }
        }
    }
    findings.into_iter().flatten().collect()
}

/// Ends are multiples of half a printed digit; what is left under that is noise of the arithmetic.
const NOISE: f64 = 1e-9;

/// All that the values of a quantity leave open: any of them may be right.
fn hull(quantity: &Quantity) -> (f64, f64) {
    let ranges = quantity
        .values
        .iter()
        .map(|value| Statement::range(&value.figures));
    // from an empty range, so that the first value sets both ends
    ranges.fold((100.0, 0.0), |(low, high): (f64, f64), (l, h)| {
        (low.min(l), high.max(h))
    })
}

fn first<'s>(quantity: &Quantity<'s>) -> Option<&'s Figure> {
    quantity.values.first()?.figures.first().copied()
}

fn outside(
    store: &Store,
    total: Option<&Figure>,
    countries: &[&Figure],
    low: f64,
    high: f64,
) -> Option<Finding> {
    let total = total?;
    let message = format!(
        "{} is outside of all its countries: “{}” with {}\nWhatever their weights, {} to {} is possible",
        printed(total),
        store.label(total),
        places(store, countries),
        number(low),
        number(high)
    );
    let figures: Vec<&Figure> = std::iter::once(total)
        .chain(countries.iter().copied())
        .collect();
    let fix = "correct the total or a country";
    Some(warning(rules::TOTAL_MIXTURE, &figures, message, fix))
}
