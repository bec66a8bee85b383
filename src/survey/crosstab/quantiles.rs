//! Medians and other quantiles in the cells of a table.

use super::cell::Cell;
use super::measure::Measure;
use super::request::Percent;
use super::table::{Maker, Row, RowPart, Table, TableKind};
use crate::frames::Statistic;
use crate::statistics::special::Sum;
use crate::survey::estimate::{Distribution, QuantileRule};
use crate::survey::sums::{ValueSums, Weighted};

/// Adds a row for each probability: the smallest value with at least that share of the weight at or below it, with
/// Woodruff's interval. Quantiles are not compared.
///
/// R: `svyquantile(qrule = "math", interval.type = "mean")`.
pub fn add(
    maker: &Maker,
    table: &mut Table,
    operand: usize,
    probabilities: &[f64],
    outside: Option<&[bool]>,
) {
    let numbers = maker.respondents.answers[operand].numbers();
    let numbers: Vec<f64> = match outside {
        None => numbers.to_vec(),
        Some(outside) => {
            let pairs = numbers.iter().zip(outside);
            pairs
                .map(|(number, outside)| if *outside { f64::NAN } else { *number })
                .collect()
        }
    };
    let numbers = numbers.as_slice();
    let measure = Measure::mean(
        &maker.tallier.numbers(|row| numbers[row]),
        maker.sampling.layout,
    );
    table.bases = maker.bases(&measure.base);
    table.answered = measure.base.domains[0].n;
    table.kind = TableKind::Quantiles;
    let distributions: Vec<Distribution> = maker
        .columns
        .iter()
        .map(|column| distribution(maker, numbers, column.block, column.domain))
        .collect();
    for p in probabilities {
        let cells = maker
            .columns
            .iter()
            .zip(&distributions)
            .map(|(column, distribution)| {
                let mut cell = maker
                    .estimator
                    .cell(&measure, maker.place(column), Percent::Column);
                cell = Cell {
                    estimate: None,
                    se: None,
                    ci_low: None,
                    ci_high: None,
                    deff: None,
                    n_eff: None,
                    std_dev: None,
                    ..cell
                };
                quantile(maker, numbers, column.domain, distribution, *p, &mut cell);
                let base = measure.base.domains[column.domain];
                let least = (base.n as f64).min(base.effective());
                cell.small_base = least < maker.request.options.flag_base;
                cell.untested = least < maker.request.options.least_base;
                cell
            });
        table.rows.push(Row {
            part: RowPart::Quantile,
            level: Some(p.to_string()),
            statistic: Statistic::Quantile,
            indented: false,
            cells: cells.collect(),
            differences: Vec::new(),
        });
    }
}

/// The weighted distribution of those in a domain.
fn distribution(
    maker: &Maker,
    numbers: &[f64],
    block: Option<usize>,
    domain: usize,
) -> Distribution {
    let layout = maker.sampling.layout;
    let place = block.map_or(0, |block| block + 1);
    let patterns = &layout.domains[domain].patterns;
    let mut values = ValueSums {
        domains: vec![Vec::new()],
        by_value: false,
    };
    for (row, value) in numbers.iter().enumerate() {
        let (_, pattern) = layout.places[row * layout.blocks + place];
        if !value.is_nan() && pattern != 0 && patterns.binary_search(&pattern).is_ok() {
            values.domains[0].push(Weighted {
                // -0 is 0
                value: value + 0.0,
                weight: Sum::from(maker.respondents.weight[row]),
                count: 1,
            });
        }
    }
    values.compact();
    Distribution::new(&values.domains[0])
}

/// The quantile with the values at P −+ t SE as its bounds, P the share at or below it.
fn quantile(
    maker: &Maker,
    numbers: &[f64],
    domain: usize,
    distribution: &Distribution,
    p: f64,
    cell: &mut Cell,
) {
    let rule = QuantileRule::Math;
    cell.estimate = distribution.quantile(p, rule);
    let Some(estimate) = cell.estimate else {
        return;
    };
    cell.note.clear();
    let below = maker.tallier.numbers(|row| match numbers[row] {
        y if y.is_nan() => f64::NAN,
        y => f64::from(u8::from(y <= estimate)),
    });
    let measure = Measure::mean(&below, maker.sampling.layout);
    let share = measure.domains[domain].y / measure.base.domains[domain].weight;
    let variance = maker.estimator.share_variance(&measure, domain, share);
    let Some(t) = maker.estimator.critical.value(cell.df) else {
        "no degrees of freedom, so no interval".clone_into(&mut cell.note);
        return;
    };
    let margin = t * variance.max(0.0).sqrt();
    let bound = |share: f64| {
        let inside = (0.0..=1.0).contains(&share);
        inside.then(|| distribution.quantile(share, rule)).flatten()
    };
    (cell.ci_low, cell.ci_high) = (bound(share - margin), bound(share + margin));
    match cell.ci_low.zip(cell.ci_high) {
        Some((low, high)) => cell.se = Some((high - low) / (2.0 * t)),
        None => {
            "a bound lies beyond the values: too few respondents for this quantile"
                .clone_into(&mut cell.note);
        }
    }
}
