//! Weights and margins before and after, for reading.

use crate::frames::{Estimate, Statistic};
use crate::present::table::digits::{number, signed};
use crate::present::table::{Align, Block, Cell, Column, Row, Table};
use crate::survey::weighting::Diagnosis;
use crate::survey::weighting::recipe::Diagnostics;

/// What is shown of a weighting.
#[derive(Default)]
pub struct WeightingTables {
    /// The margins, if there are any.
    pub margins: Option<Table>,
    /// The weights of all, before and after.
    pub weights: Table,
    /// The weights by group.
    pub groups: Option<Table>,
    /// Estimates with the weights before and after.
    pub estimates: Option<Table>,
    /// The largest deviation from a target by iteration.
    pub convergence: Option<Table>,
}

impl WeightingTables {
    /// What the diagnostics alone say.
    pub fn new(diagnostics: &Diagnostics) -> WeightingTables {
        let history = &diagnostics.history;
        WeightingTables {
            margins: (!diagnostics.fits.is_empty()).then(|| margins(diagnostics)),
            weights: weights(diagnostics),
            convergence: (!history.is_empty()).then(|| convergence(history)),
            ..WeightingTables::default()
        }
    }

    /// The tables for a terminal; the page has the iterations, too.
    pub fn into_short(self) -> Vec<Table> {
        let all = [
            self.margins,
            Some(self.weights),
            self.groups,
            self.estimates,
        ];
        all.into_iter().flatten().collect()
    }
}

/// Kish's design effect and effective number of respondents by group.
pub fn weighting_groups(variable: &str, groups: &[(String, Diagnosis)]) -> Table {
    let rows = groups.iter().map(|(level, diagnosis)| Row {
        label: level.clone(),
        cells: vec![
            Cell::from(number(diagnosis.n as f64, 0)),
            Cell::from(number(diagnosis.deff, 2)),
            Cell::from(number(diagnosis.n_eff, 0)),
            Cell::from(number(diagnosis.min, 3)),
            Cell::from(number(diagnosis.max, 3)),
        ],
        ..Row::default()
    });
    Table {
        title: format!("New weights by {variable}"),
        columns: vec![
            Column::new("n", Align::Right),
            Column::new("deff", Align::Decimal),
            Column::new("effective n", Align::Right),
            Column::new("smallest", Align::Decimal),
            Column::new("largest", Align::Decimal),
        ],
        blocks: vec![Block {
            rows: rows.collect(),
            ..Block::default()
        }],
        ..Table::default()
    }
}

/// Estimates with the weights that came in and with the new ones, row by row.
pub fn weighting_estimates(before: &[Estimate], after: &[Estimate]) -> Table {
    let same = |one: &Estimate, other: &Estimate| {
        one.variable == other.variable
            && one.level == other.level
            && one.groups == other.groups
            && one.statistic == other.statistic
    };
    let rows = after.iter().map(|row| {
        let earlier = before.iter().find(|one| same(one, row));
        let shown = |of: fn(&Estimate) -> Option<f64>, row: Option<&Estimate>| {
            let value = row.and_then(|row| of(row).map(|value| figure(row, value)));
            Cell::from(value.unwrap_or_default())
        };
        Row {
            label: label(row),
            cells: vec![
                shown(|row| row.estimate, earlier),
                shown(|row| row.se, earlier),
                shown(|row| row.estimate, Some(row)),
                shown(|row| row.se, Some(row)),
            ],
            ..Row::default()
        }
    });
    Table {
        title: "Estimates before and after weighting".to_owned(),
        columns: vec![
            Column::new("before", Align::Decimal),
            Column::new("SE before", Align::Decimal),
            Column::new("after", Align::Decimal),
            Column::new("SE after", Align::Decimal),
        ],
        blocks: vec![Block {
            rows: rows.collect(),
            ..Block::default()
        }],
        foot: vec![
            "Before: with the weights that came in. The SE after knows what the weights were held to."
                .to_owned(),
        ],
        ..Table::default()
    }
}

/// "stype: E, region North": what a row is about.
fn label(row: &Estimate) -> String {
    let mut parts = vec![match &row.level {
        Some(level) => format!("{}: {level}", row.variable),
        None => format!("{} {}", row.statistic.name(), row.variable),
    }];
    parts.extend(row.groups.iter().filter_map(|(name, level)| {
        let level = level.as_ref()?;
        Some(format!("{name} {level}"))
    }));
    parts.join(", ")
}

/// A share in per cent, a number with as many decimals as its size bears.
fn figure(row: &Estimate, value: f64) -> String {
    match row.statistic {
        Statistic::Proportion | Statistic::ShareSum => return format!("{:.1}%", 100.0 * value),
        Statistic::ShareDifference => return format!("{} points", signed(100.0 * value, 1)),
        _ => {}
    }
    match value.abs() {
        size if size >= 1000.0 => number(value, 0),
        size if size >= 10.0 => number(value, 1),
        _ => number(value, 3),
    }
}

/// At most so many iterations are listed: the first and the last.
const LISTED: usize = 12;

fn convergence(history: &[f64]) -> Table {
    let last = history.len().saturating_sub(1);
    let listed = history.iter().enumerate();
    let rows = listed
        .filter(|(at, _)| *at < LISTED || *at == last)
        .map(|(at, deviation)| Row {
            label: (at + 1).to_string(),
            cells: vec![Cell::from(format!("{deviation:.1e}"))],
            ..Row::default()
        });
    Table {
        title: "Largest deviation from a target, by iteration".to_owned(),
        columns: vec![Column::new("deviation", Align::Right)],
        blocks: vec![Block {
            rows: rows.collect(),
            ..Block::default()
        }],
        foot: vec!["Deviations are relative to the target.".to_owned()],
        ..Table::default()
    }
}

fn margins(diagnostics: &Diagnostics) -> Table {
    let percent = |share: f64| Cell::from(format!("{:.1}%", 100.0 * share));
    let blocks = diagnostics
        .fits
        .chunk_by(|one, next| one.variable == next.variable)
        .map(|levels| Block {
            head: Some(levels[0].variable.clone()),
            note: None,
            rows: levels
                .iter()
                .map(|fit| Row {
                    label: fit.level.clone(),
                    cells: vec![
                        Cell::from(number(fit.respondents as f64, 0)),
                        percent(fit.before_share),
                        percent(fit.after_share),
                        percent(fit.target_share),
                    ],
                    ..Row::default()
                })
                .collect(),
        });
    Table {
        title: "Shares before and after weighting".to_owned(),
        columns: vec![
            Column::new("n", Align::Right),
            Column::new("before", Align::Decimal),
            Column::new("after", Align::Decimal),
            Column::new("target", Align::Decimal),
        ],
        blocks: blocks.collect(),
        foot: vec![
            "n is the unweighted number of respondents; before: with the weights that came in."
                .to_owned(),
        ],
        ..Table::default()
    }
}

fn weights(diagnostics: &Diagnostics) -> Table {
    let (before, after) = (&diagnostics.before, &diagnostics.after);
    let row = |label: &str, before: f64, after: f64, decimals: usize| Row {
        label: label.to_owned(),
        cells: vec![
            Cell::from(number(before, decimals)),
            Cell::from(number(after, decimals)),
        ],
        ..Row::default()
    };
    let rows = vec![
        row(
            "respondents with a weight",
            before.n as f64,
            after.n as f64,
            0,
        ),
        row("sum", before.sum, after.sum, 0),
        row("smallest", before.min, after.min, 3),
        row("median", before.median, after.median, 3),
        row("mean", before.mean, after.mean, 3),
        row("largest", before.max, after.max, 3),
        row("design effect of the weights", before.deff, after.deff, 2),
        row(
            "effective number of respondents",
            before.n_eff,
            after.n_eff,
            0,
        ),
        row(
            "above 5 medians",
            before.extreme.len() as f64,
            after.extreme.len() as f64,
            0,
        ),
    ];
    Table {
        title: "Weights".to_owned(),
        columns: vec![
            Column::new("before", Align::Decimal),
            Column::new("after", Align::Decimal),
        ],
        blocks: vec![Block {
            head: None,
            note: None,
            rows,
        }],
        foot: vec!["The design effect is 1 + CV² of the weights (Kish, 1965): what unequal weights alone cost.".to_owned()],
        ..Table::default()
    }
}
