//! Medians and other quantiles in the cells of a table.

use super::cell::Cell;
use super::measure::Measure;
use super::plan::PlannedQuestion;
use super::questions::combination;
use super::request::Percent;
use super::table::{Maker, Row, RowPart, Table, TableKind};
use super::tally::Tallier;
use crate::frames::Statistic;
use crate::statistics::special::Sum;
use crate::survey::estimate::{Distribution, Error, QuantileRule};
use crate::survey::sums::{ValueSums, Weighted};

/// Adds a row for each probability: the smallest value with at least that share of the weight at or below it, with
/// Woodruff's interval. Quantiles are not compared.
///
/// R: `svyquantile(qrule = "math", interval.type = "mean")`.
///
/// # Errors
/// There are only sums.
pub fn add(
    maker: &Maker,
    table: &mut Table,
    question: &PlannedQuestion,
    operand: usize,
    probabilities: &[f64],
) -> Result<(), Error> {
    let tallier = maker.origin.tallier(question.settings.question.text())?;
    let terms = [(1.0, operand)];
    let numbers = combination(tallier.respondents, question.filter, (&terms, 0.0));
    let scan = Scan {
        maker,
        tallier,
        numbers: &numbers,
    };
    let measure = Measure::mean(&tallier.numbers(|row| numbers[row]), maker.sampling.layout);
    table.bases = maker.bases(&measure.base);
    table.answered = measure.base.domains[0].n;
    table.kind = TableKind::Quantiles;
    let distributions: Vec<Distribution> = maker
        .columns
        .iter()
        .map(|column| scan.distribution(column.domain))
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
                scan.quantile(column.domain, distribution, *p, &mut cell);
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
            sum_of: Vec::new(),
            of: None,
            cells: cells.collect(),
            differences: Vec::new(),
        });
    }
    Ok(())
}

/// A number of each respondent.
struct Scan<'a> {
    maker: &'a Maker<'a>,
    tallier: Tallier<'a>,
    numbers: &'a [f64],
}

impl Scan<'_> {
    /// The weighted distribution of those in a domain.
    fn distribution(&self, domain: usize) -> Distribution {
        let mut values = ValueSums {
            domains: vec![Vec::new()],
            by_value: false,
        };
        for (row, value) in self.numbers.iter().enumerate() {
            if !value.is_nan() && self.tallier.layout.contains(domain, row) {
                values.domains[0].push(Weighted {
                    value: value + 0.0,
                    weight: Sum::from(self.tallier.respondents.weight[row]),
                    count: 1,
                });
            }
        }
        values.compact();
        Distribution::new(&values.domains[0])
    }

    /// The quantile with the values at P −+ t SE as its bounds, P the share at or below it.
    fn quantile(&self, domain: usize, distribution: &Distribution, p: f64, cell: &mut Cell) {
        let rule = QuantileRule::Math;
        cell.estimate = distribution.quantile(p, rule);
        let Some(estimate) = cell.estimate else {
            return;
        };
        cell.note.clear();
        let below = self.tallier.numbers(|row| match self.numbers[row] {
            y if y.is_nan() => f64::NAN,
            y => f64::from(u8::from(y <= estimate)),
        });
        let estimator = &self.maker.estimator;
        let measure = Measure::mean(&below, self.maker.sampling.layout);
        let share = measure.domains[domain].y / measure.base.domains[domain].weight;
        let variance = estimator.share_variance(&measure, domain);
        let Some(t) = estimator.critical.value(cell.df) else {
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
}
