//! Differences of rows of estimates: their sentences and their table.

use super::sentence::p_words;
use crate::frames::words::{capitalised, signed_points, thousands};
use crate::frames::{Estimate, Statistic};
use crate::present::table::digits::number;
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::published::compare::{RowDifference, row_label};
use crate::statistics::adjust::Adjust;

/// A difference with its sign: points for shares, else in units of the variable.
fn with_sign(number: f64, shares: bool) -> String {
    if shares {
        return signed_points(100.0 * number);
    }
    let size = plain(number.abs());
    match number {
        _ if size.trim_matches(['0', '.']).is_empty() => size,
        above if above > 0.0 => format!("+{size}"),
        _ => format!("−{size}"),
    }
}

/// Three digits that count, as many decimals as that takes.
fn plain(number: f64) -> String {
    let sign = if number < 0.0 { "−" } else { "" };
    let size = number.abs();
    let decimals = match size {
        size if size >= 100.0 => 1,
        size if size >= 1.0 || size == 0.0 => 2,
        _ => 4,
    };
    format!("{sign}{size:.decimals$}")
}

fn span((low, high): (f64, f64), shares: bool) -> String {
    format!("{} to {}", with_sign(low, shares), with_sign(high, shares))
}

/// "q1, Favourable, region R1 is 4.0 points above …": what the interval says, in a family the adjusted p-value.
fn sentence(
    one: &RowDifference,
    (a, b): (String, String),
    shares: bool,
    level: f64,
    family: usize,
) -> String {
    let d = one.row.estimate.unwrap_or_default();
    let size = with_sign(d.abs(), shares);
    let size = size.trim_start_matches('+');
    let unit = match (shares, size) {
        (false, _) => "",
        (true, "1.0") => " point",
        (true, _) => " points",
    };
    let side = if d < 0.0 { "below" } else { "above" };
    let Some(interval) = one.row.interval() else {
        return capitalised(&format!(
            "{a} is {size}{unit} {side} {b}; {}.",
            one.row.note
        ));
    };
    let percent = (1000.0 * level).round() / 10.0;
    let words = match one.narrowest {
        Some(best) => format!(
            "{percent}% interval at best {}, at worst {}",
            span(best, shares),
            span(interval, shares)
        ),
        None => format!("{percent}% interval {}", span(interval, shares)),
    };
    let apart = |(low, high): (f64, f64)| low > 0.0 || high < 0.0;
    let clear = match family > 1 {
        true => one.row.p_adjusted.is_some_and(|p| p < 1.0 - level),
        false => apart(interval),
    };
    let holds = match (clear, one.narrowest.is_some_and(apart)) {
        (true, _) => "The gap is more than sampling alone explains.",
        (false, true) => {
            "Whether the gap is more than sampling alone explains depends on how the two go together, which is not \
             known."
        }
        (false, false) => {
            "Sampling alone can make such a gap: it does not show which is higher, nor that they are equal."
        }
    };
    capitalised(&format!(
        "{a} is {size}{unit} {side} {b} ({words}). {holds}"
    ))
}

/// Writes the sentence of each difference of two rows, in the order in which [`rows_differences`] makes them.
///
/// [`rows_differences`]: crate::published::compare::rows_differences
pub fn write_row_sentences(compared: &mut [RowDifference], rows: &[Estimate], level: f64) {
    let shares = rows
        .first()
        .is_some_and(|row| row.statistic.printed_scale() != 1.0);
    let family = compared.len();
    let mut pairs = Vec::new();
    for (place, a) in rows.iter().enumerate() {
        pairs.extend(
            rows.iter()
                .skip(place + 1)
                .map(|b| (row_label(a), row_label(b))),
        );
    }
    for (one, names) in compared.iter_mut().zip(pairs) {
        one.row.sentence = sentence(one, names, shares, level, family);
    }
}

/// The rows and their differences.
pub fn rows_table(
    rows: &[Estimate],
    compared: &[RowDifference],
    level: f64,
    adjust: Adjust,
) -> Table {
    let shares = rows
        .first()
        .is_some_and(|row| row.statistic.printed_scale() != 1.0);
    let percent = (1000.0 * level).round() / 10.0;
    let sources = rows
        .iter()
        .any(|row| Some(&row.source) != rows.first().map(|row| &row.source));
    let several = compared.len() > 1;
    let labels: Vec<String> = rows
        .iter()
        .map(|row| match sources {
            true => format!("{}: {}", row.source, row_label(row)),
            false => row_label(row),
        })
        .collect();
    let mut pairs = Vec::new();
    for (at, a) in labels.iter().enumerate() {
        pairs.extend(labels.iter().skip(at + 1).map(|b| format!("{a} − {b}")));
    }
    let differences = compared.iter().zip(&pairs).map(|(one, pair)| Row {
        label: match several {
            true => pair.clone(),
            false => "Difference".to_owned(),
        },
        cells: vec![
            Cell::from(
                one.row
                    .estimate
                    .map_or(String::new(), |d| with_sign(d, shares)),
            ),
            match one.row.interval() {
                Some(interval) => Cell::from(span(interval, shares)),
                None => Cell::no_interval(),
            },
            Cell::default(),
            Cell::from(
                one.row
                    .p_adjusted
                    .map_or(String::new(), |p| format!("p {}", p_words(p))),
            ),
        ],
        notes: notes(one, shares, several),
        ..Row::default()
    });
    let head = match rows.first().map(|row| row.statistic) {
        Some(Statistic::ShareDifference) => "points",
        _ if shares => "%",
        _ => "",
    };
    let mut foot = Vec::new();
    let note = compared.first().map_or("", |one| one.row.note.as_str());
    if !note.is_empty() {
        foot.push(format!("{}.", capitalised(note)));
    }
    if several {
        foot.push(format!(
            "p-values adjusted by {} as one family; intervals are not: each is {percent}% by itself.",
            adjust.title()
        ));
    }
    Table {
        subtitle: compared
            .first()
            .filter(|_| !several)
            .map(|one| one.row.sentence.clone()),
        columns: vec![
            Column::new(head, Align::Decimal).emphasis(Emphasis::Strong),
            Column::new(&format!("{percent}% interval"), Align::Right),
            Column::new("n", Align::Right).emphasis(Emphasis::Dim),
            Column::new("", Align::Left),
        ],
        blocks: vec![
            Block {
                rows: rows
                    .iter()
                    .zip(&labels)
                    .map(|(row, label)| estimate_row(row, label, shares))
                    .collect(),
                ..Block::default()
            },
            Block {
                rows: differences.collect(),
                ..Block::default()
            },
        ],
        foot,
        ..Table::default()
    }
}

fn notes(one: &RowDifference, shares: bool, several: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if several {
        notes.push(one.row.sentence.clone());
    }
    if let (Some(best), false) = (one.narrowest, several) {
        notes.push(format!("at best {}", span(best, shares)));
    }
    notes
}

fn estimate_row(row: &Estimate, label: &str, shares: bool) -> Row {
    let value = |x: f64| match shares {
        true => number(100.0 * x, 1),
        false => plain(x),
    };
    let interval = row.interval();
    Row {
        label: label.to_owned(),
        cells: vec![
            Cell::from(row.estimate.map_or(String::new(), value)),
            match interval {
                Some((low, high)) if low < 0.0 => {
                    Cell::from(format!("{} to {}", value(low), value(high)))
                }
                Some((low, high)) => Cell::from(format!("{}–{}", value(low), value(high))),
                None => Cell::no_interval(),
            },
            row.n
                .map_or_else(|| Cell::dim("unknown"), |n| Cell::from(thousands(n))),
        ],
        ..Row::default()
    }
}
