//! Trends as tables.

use super::words::{foot, relative_to, share_words};
use crate::frames::words::{signed_points, thousands};
use crate::frames::{HouseRow, PollRow, TrendRow, VarianceRow};
use crate::present::table::{Align, Block, Cell, Column, Row, Table};
use crate::published::trend::{LevelBy, Measure, Trend};

/// Days as a table; whether the shares were moved to sum to 100.
pub fn day_table(trend: &Trend, rows: &[TrendRow], together: bool) -> Table {
    let lead = matches!(trend.measure, Measure::Lead(..));
    let value = |value: Option<f64>| value.map_or_else(String::new, |v| share_words(v, lead));
    let between = if lead { " to " } else { "–" };
    let table_rows = rows.iter().map(|row| Row {
        label: row.date.clone(),
        cells: vec![
            Cell::from(value(row.estimate)),
            Cell::dim(format!(
                "{}{between}{}",
                value(row.ci_low),
                value(row.ci_high)
            )),
            Cell::from(row.note.clone()),
        ],
        ..Row::default()
    });
    Table {
        title: trend.measure.label(),
        aside: if lead {
            "points, by day"
        } else {
            "per cent, by day"
        }
        .to_owned(),
        columns: vec![
            Column::new(if lead { "points" } else { "%" }, Align::Decimal),
            Column::new(&band_head(trend), Align::Right),
            Column::new("", Align::Left),
        ],
        blocks: vec![Block {
            rows: table_rows.collect(),
            ..Block::default()
        }],
        foot: foot(&[trend], together),
        ..Table::default()
    }
}

fn band_head(trend: &Trend) -> String {
    format!("{}% band", (1000.0 * trend.options.level).round() / 10.0)
}

/// Houses as a table.
pub fn house_table(trend: &Trend, rows: &[HouseRow]) -> Table {
    let table_rows = rows.iter().map(|row| Row {
        label: row.house.clone(),
        cells: vec![
            Cell::from(row.polls.to_string()),
            Cell::from(signed_points(100.0 * row.estimate)),
            Cell::dim(format!(
                "{} to {}",
                signed_points(100.0 * row.ci_low),
                signed_points(100.0 * row.ci_high)
            )),
            Cell::from(format!("{} – {}", row.first, row.last)),
        ],
        ..Row::default()
    });
    let mut foot_lines = vec![format!("Points beyond {}.", relative_to(trend))];
    if !matches!(trend.options.level_by, LevelBy::Results(_)) {
        foot_lines.push(
            "No result is in it: that a house prints more or less says nothing about who is right."
                .to_owned(),
        );
    }
    foot_lines.extend(foot(&[trend], false));
    Table {
        title: format!("{}: what each house prints", trend.measure.label()),
        aside: "points".to_owned(),
        columns: vec![
            Column::new("polls", Align::Right),
            Column::new("effect", Align::Decimal),
            Column::new(&band_head(trend), Align::Right),
            Column::new("polled", Align::Left).from_width(80),
        ],
        blocks: vec![Block {
            rows: table_rows.collect(),
            ..Block::default()
        }],
        foot: foot_lines,
        ..Table::default()
    }
}

/// Polls as a table: those that are used.
pub fn poll_table(trend: &Trend, rows: &[PollRow]) -> Table {
    let percent = |value: Option<f64>| {
        value.map_or_else(String::new, |value| format!("{:.1}", 100.0 * value))
    };
    let table_rows = rows.iter().filter(|row| row.used).map(|row| Row {
        label: row.house.clone(),
        cells: vec![
            Cell::from(row.end.clone()),
            Cell::from(row.n.map_or_else(String::new, thousands)),
            Cell::from(percent(row.printed)),
            Cell::dim(percent(row.fitted)),
            Cell::from(
                row.z
                    .map_or_else(String::new, |z| format!("{z:.1}").replace('-', "−")),
            ),
            Cell::from(row.weight.map_or_else(String::new, |w| {
                format!("{:.1}%", 100.0 * w).replace('-', "−")
            })),
        ],
        ..Row::default()
    });
    Table {
        title: format!("{}: the polls beside the line", trend.measure.label()),
        columns: vec![
            Column::new("until", Align::Left),
            Column::new("n", Align::Right),
            Column::new("printed", Align::Right),
            Column::new("fitted", Align::Right),
            Column::new("z", Align::Right),
            Column::new("weight", Align::Right).from_width(70),
        ],
        blocks: vec![Block {
            rows: table_rows.collect(),
            ..Block::default()
        }],
        foot: foot(&[trend], false),
        ..Table::default()
    }
}

/// The standard deviations as a table, in points.
pub fn variance_table(trend: &Trend, rows: &[VarianceRow]) -> Table {
    let words = |parameter: &str| {
        match parameter {
            "sigma_day" => "opinion, in a day",
            "sigma_30_days" => "opinion, in 30 days",
            "omega" => "between houses",
            "tau" => "beyond sampling and house",
            _ => "variance beside that of sampling",
        }
        .to_owned()
    };
    let table_rows = rows.iter().map(|row| {
        let scale = if row.parameter == "phi" { 1.0 } else { 100.0 };
        let band = match (row.ci_low, row.ci_high) {
            (Some(low), Some(high)) => format!("{:.2}–{:.2}", scale * low, scale * high),
            _ => String::new(),
        };
        Row {
            label: words(&row.parameter),
            cells: vec![
                Cell::from(format!("{:.2}", scale * row.estimate)),
                Cell::dim(band),
            ],
            ..Row::default()
        }
    });
    Table {
        title: format!("{}: what moves and what differs", trend.measure.label()),
        aside: "standard deviations, points".to_owned(),
        columns: vec![
            Column::new("", Align::Right),
            Column::new("95%", Align::Right),
        ],
        blocks: vec![Block {
            rows: table_rows.collect(),
            ..Block::default()
        }],
        foot: foot(&[trend], false),
        ..Table::default()
    }
}
