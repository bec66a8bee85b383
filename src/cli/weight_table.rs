//! Weights and margins before and after, for reading.

use crate::recipe::Diagnostics;
use crate::table::{Align, Block, Cell, Column, Row, Table};

/// The margins, if there are any, and the weights.
pub fn table(diagnostics: &Diagnostics) -> Vec<Table> {
    let mut tables = Vec::new();
    if !diagnostics.fits.is_empty() {
        tables.push(margins(diagnostics));
    }
    tables.push(weights(diagnostics));
    tables
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
                        Cell::from(fit.respondents.to_string()),
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
            Cell::from(format!("{before:.decimals$}")),
            Cell::from(format!("{after:.decimals$}")),
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
