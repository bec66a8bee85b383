//! Figures that come from outside the store: estimates from a file, or a plain list of labels and percentages.

use super::given_error::Error;
use super::given_foot::foot;
use super::given_levels::by_level;
use super::given_list::first_line;
use super::given_numbers::{groups as numbers, in_unit, scale_of};
use super::given_row::dot_row;
use crate::frames::words::distinct;
use crate::frames::{Captions, Estimate, Estimates, read_csv, read_json};
use crate::present::chart::{DotChart, Group};
use crate::published::figures::topline::Intervals;

/// Reads estimates from CSV or JSON text.
pub fn read_estimates(text: &str) -> Result<Estimates, Error> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(Error::Nothing);
    }
    if text.trim_start().starts_with(['[', '{']) {
        let estimates = read_json(text)?;
        return if estimates.is_empty() {
            Err(Error::Empty)
        } else {
            Ok(estimates)
        };
    }
    let names = first_line(text);
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if has("relation") {
        return Err(Error::Comparisons);
    }
    if !has("variable") || !has("estimate") {
        return Err(Error::Columns(names.join(", ")));
    }
    let estimates = read_csv(text)?;
    if estimates.is_empty() {
        Err(Error::Empty)
    } else {
        Ok(estimates)
    }
}

/// Estimates as a dot chart, in the order of their rows; shares of levels by groups stand level by level, numbers item
/// by item on an axis of their own.
pub fn chart_of_estimates(
    estimates: &Estimates,
    captions: Captions,
    intervals: Intervals,
) -> Result<DotChart, Error> {
    let rows = estimates.rows()?;
    let scale = scale_of(&rows)?;
    let groups = match (&scale, by_level(&rows)) {
        (Some(_), _) => numbers(&in_unit(&rows)),
        (None, Some(groups)) => groups,
        (None, None) => by_source(&rows),
    };
    Ok(DotChart {
        title: captions.title,
        subtitle: captions.subtitle,
        groups,
        footer: foot(&rows, intervals, &captions.foot),
        level: intervals.level,
        scale: scale.unwrap_or_default(),
    })
}

fn by_source(rows: &[Estimate]) -> Vec<Group> {
    let sources = distinct(rows.iter().map(|row| row.source.as_str()));
    let groups = sources.iter().map(|source| Group {
        head: (sources.len() > 1).then(|| (*source).to_owned()),
        note: None,
        rows: rows
            .iter()
            .filter(|row| row.source == *source)
            .map(|row| dot_row(row, rows))
            .collect(),
    });
    groups.collect()
}
