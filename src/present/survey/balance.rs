//! How alike two groups are, as a table.

use super::foot::{sentence, weights_sentence};
use crate::frames::words::{and, thousands};
use crate::frames::{Column as FrameColumn, Error, Frame};
use crate::present::table::digits::{decimals, number, percent};
use crate::present::table::{Align, Block, Column, Emphasis, Row, Table};
use crate::survey::testing::{Balance, BalanceRow};

/// From here on a difference is called out, by the custom of the field.
const LARGE: f64 = 0.1;

/// A row a number, a block a variable with levels.
pub fn balance_table(balance: &Balance, file: &str) -> Table {
    let mut blocks: Vec<Block> = Vec::new();
    for row in &balance.rows {
        let head = row.level.as_ref().map(|_| row.variable.clone());
        let line = Row {
            label: row.level.clone().unwrap_or_else(|| row.variable.clone()),
            cells: vec![
                mean(row, 0).into(),
                mean(row, 1).into(),
                row.smd
                    .map_or_else(String::new, |smd| number(smd, 2))
                    .into(),
                thousands((row.groups[0].n + row.groups[1].n) as f64).into(),
            ],
            ..Row::default()
        };
        match blocks.last_mut() {
            Some(block) if block.head == head => block.rows.push(line),
            _ => blocks.push(Block {
                head,
                note: None,
                rows: vec![line],
            }),
        }
    }
    let large = balance
        .rows
        .iter()
        .filter(|row| row.smd.is_some_and(|smd| smd.abs() >= LARGE));
    let mut foot = vec![
        weights_sentence(&balance.design),
        format!(
            "Difference: {} less {} over the root of the mean of both variances; of {} {} {} {LARGE} or more.",
            balance.levels[1],
            balance.levels[0],
            balance.rows.len(),
            large.clone().count(),
            if large.count() == 1 { "is" } else { "are" }
        ),
    ];
    foot.extend(balance_notes(balance).iter().map(|note| sentence(note)));
    foot.push(format!("Source: {file}."));
    Table {
        title: format!("Balance by {}", balance.group),
        columns: vec![
            Column::new(&balance.levels[0], Align::Right),
            Column::new(&balance.levels[1], Align::Right),
            Column::new("difference", Align::Decimal).emphasis(Emphasis::Strong),
            Column::new("n", Align::Right).emphasis(Emphasis::Dim),
        ],
        blocks,
        foot,
        ..Table::default()
    }
}

fn mean(row: &BalanceRow, group: usize) -> String {
    let spread = &row.groups[group];
    match row.level.is_some() {
        true => percent(spread.mean, 0) + "%",
        false => number(spread.mean, decimals(spread.sd)),
    }
}

/// What was left out.
pub fn balance_notes(balance: &Balance) -> Vec<String> {
    let mut notes = balance.notes.clone();
    if !balance.left_out.is_empty() {
        notes.push(format!(
            "left out, with more than 30 levels: {}",
            and(&balance.left_out)
        ));
    }
    notes
}

/// One row a number or level.
///
/// # Errors
/// Columns that make no frame.
pub fn balance_frame(balance: &Balance) -> Result<Frame, Error> {
    let rows = &balance.rows;
    let numbers = |name: &str, of: &dyn Fn(&BalanceRow) -> Option<f64>| {
        let finite = |row: &BalanceRow| of(row).filter(|x| x.is_finite());
        FrameColumn::new(name, rows.iter().map(finite).collect::<Vec<Option<f64>>>())
    };
    let columns = vec![
        FrameColumn::new(
            "variable",
            rows.iter()
                .map(|row| row.variable.clone())
                .collect::<Vec<String>>(),
        ),
        FrameColumn::new(
            "level",
            rows.iter()
                .map(|row| row.level.clone())
                .collect::<Vec<Option<String>>>(),
        ),
        numbers("mean1", &|row| Some(row.groups[0].mean)),
        numbers("mean2", &|row| Some(row.groups[1].mean)),
        numbers("sd1", &|row| Some(row.groups[0].sd)),
        numbers("sd2", &|row| Some(row.groups[1].sd)),
        numbers("smd", &|row| row.smd),
        numbers("n1", &|row| Some(row.groups[0].n as f64)),
        numbers("n2", &|row| Some(row.groups[1].n as f64)),
    ];
    Frame::new(rows.len(), columns)
}
