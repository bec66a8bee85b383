//! A list as a table: what was printed, with the interval that sampling alone gives it.

use super::estimates::telling_groups;
use super::foot::foot;
use super::group_name;
use super::list::LIST;
use crate::frames::words::{distinct, thousands};
use crate::frames::{Error, Estimate, Estimates, Flag};
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::published::figures::percent::Percent;
use crate::published::figures::rounding;
use crate::published::figures::store::Qualifier;
use crate::published::figures::topline::Intervals;
use crate::statistics::interval::Sample;

/// The estimates of a list with the intervals of all shares that each printed one may stand for.
///
/// # Errors
/// Rows that are no estimates.
pub fn with_rounding(estimates: &Estimates, intervals: Intervals) -> Result<Estimates, Error> {
    let mut rows = estimates.rows()?;
    for row in rows.iter_mut().filter(|row| row.interval().is_some()) {
        let printed = row.group("printed").trim_start_matches('≈').to_owned();
        let (Ok(percent), Some(n)) = (Percent::parse(&printed), row.n) else {
            continue;
        };
        let (low, high) = percent.stands_for(Qualifier::Exact);
        let sample = Sample {
            n_eff: n,
            respondents: Some(n),
            df: None,
        };
        let union = rounding::union(
            intervals.method,
            (low / 100.0, high / 100.0),
            sample,
            intervals.level,
        );
        if let Ok(union) = union {
            (row.rounding_low, row.rounding_high) = (Some(union.low), Some(union.high));
        }
    }
    Estimates::from_rows(&rows)
}

/// The shares of a list, a block a group.
///
/// # Errors
/// Rows that are no estimates.
pub fn table_of_list(
    estimates: &Estimates,
    title: &str,
    intervals: Intervals,
) -> Result<Table, Error> {
    let rows = estimates.rows()?;
    let columns = telling_groups(&rows);
    let head = |row: &Estimate| {
        let parts = columns.iter().map(|name| group_name(row.group(name)));
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    };
    let heads: Vec<String> = rows.iter().map(head).collect();
    let one_label =
        distinct(rows.iter().map(|row| row.variable.as_str())).len() == 1 && rows.len() > 1;
    let blocks = match one_label {
        true => vec![Block {
            head: rows
                .first()
                .map(|row| row.variable.clone())
                .filter(|label| label != LIST),
            note: None,
            rows: rows
                .iter()
                .zip(&heads)
                .map(|(row, head)| line(row, head.clone()))
                .collect(),
        }],
        false => distinct(heads.iter().map(String::as_str))
            .into_iter()
            .map(|head| Block {
                head: Some(head.to_owned()).filter(|head| !head.is_empty()),
                note: None,
                rows: rows
                    .iter()
                    .zip(&heads)
                    .filter(|(_, of)| *of == head)
                    .map(|(row, _)| line(row, row.variable.clone()))
                    .collect(),
            })
            .collect(),
    };
    let level = 100.0 * intervals.level;
    let occurring = Flag::ALL
        .into_iter()
        .filter(|flag| rows.iter().any(|row| row.flags.contains(flag)));
    let s = if rows.len() == 1 { "" } else { "s" };
    Ok(Table {
        title: title.to_owned(),
        aside: format!(
            "{} figure{s}, {level}% intervals",
            thousands(rows.len() as f64)
        ),
        columns: vec![
            Column::new("%", Align::Decimal).emphasis(Emphasis::Strong),
            Column::new(&format!("{level}% interval"), Align::Right),
            Column::new("with rounding", Align::Right),
            Column::new("n", Align::Right).emphasis(Emphasis::Dim),
            Column::new("", Align::Left),
        ],
        blocks,
        legend: occurring
            .map(|flag| (flag.letter(), flag.legend().to_owned()))
            .collect(),
        foot: foot(&rows, intervals, &[]),
        ..Table::default()
    })
}

fn line(row: &Estimate, label: String) -> Row {
    let interval = |bounds: Option<(f64, f64)>| match bounds {
        Some((low, high)) => Cell::from(format!("{:.1}–{:.1}", 100.0 * low, 100.0 * high)),
        None if row.estimate.is_none() => Cell::dim(row.note.clone()),
        None => Cell::no_interval(),
    };
    Row {
        label,
        indent: 0,
        cells: vec![
            Cell::from(row.group("printed")),
            interval(row.interval()),
            interval(row.rounding_low.zip(row.rounding_high)),
            row.n
                .map_or(Cell::dim("unknown"), |n| Cell::from(thousands(n))),
            Cell::from(
                row.flags
                    .iter()
                    .map(|flag| flag.letter())
                    .collect::<String>(),
            ),
        ],
        notes: Vec::new(),
    }
}
