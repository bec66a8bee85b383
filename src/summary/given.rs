//! Figures that come from outside the store: estimates from a file, or a plain list of labels and percentages.

use super::distinct::distinct;
use super::given_error::Error;
use super::given_foot::foot;
use super::given_levels::{by_level, is_printed};
use super::given_list::{LIST, first_line};
use super::given_numbers::{groups as numbers, in_unit, scale_of};
use crate::chart::{DotChart, Group, Mark, Row, RowKind, Value};
use crate::estimates::{Captions, Estimate, Estimates, Flag, Statistic, read_csv, read_json};
use crate::toplines::topline::Intervals;

/// Reads estimates from CSV or JSON text.
pub fn read_estimates(text: &str) -> Result<Estimates, Error> {
    let text = text.trim_start_matches('\u{feff}');
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

/// Why an estimate of respondents is not shown: fewer than 30 of them, or what they are worth. What was printed is shown.
pub(super) fn small_base(row: &Estimate) -> Option<String> {
    const LEAST: f64 = 30.0;
    let given = row.source == LIST || is_printed(std::slice::from_ref(row));
    let base = row
        .n
        .into_iter()
        .chain(row.n_eff)
        .fold(f64::INFINITY, f64::min);
    (!given && base < LEAST).then(|| "base under 30".to_owned())
}

/// Columns that say how a figure was printed, not what it is of.
pub(super) const NO_PART_OF_THE_LABEL: [&str; 2] = ["printed", "reported_by"];

pub(super) fn dot_row(row: &Estimate, all: &[Estimate]) -> Row {
    let varies = |of: &dyn Fn(&Estimate) -> String| all.iter().any(|other| of(other) != of(row));
    let mut parts = Vec::new();
    let level = row.level.clone().unwrap_or_default();
    if varies(&|row| row.variable.clone()) || level.is_empty() || all.len() == 1 {
        parts.push(row.variable.clone());
    }
    if !level.is_empty()
        && (varies(&|row| row.level.clone().unwrap_or_default()) || parts.is_empty())
    {
        parts.push(level);
    }
    for (name, value) in row
        .groups
        .iter()
        .filter(|(name, _)| !NO_PART_OF_THE_LABEL.contains(&name.as_str()))
    {
        if varies(&|row| row.group(name).to_owned()) {
            parts.extend(value.clone());
        }
    }
    Row {
        label: parts.join(", "),
        note: (row.flags.contains(&Flag::SmallBase) && small_base(row).is_none())
            .then(|| Flag::SmallBase.legend().to_owned()),
        kind: RowKind::Plain,
        indent: 0,
        possible: None,
        values: vec![dot_value(row)],
    }
}

fn dot_value(row: &Estimate) -> Value {
    if let Some(why) = small_base(row) {
        return Value {
            remark: Some(why),
            ..Value::default()
        };
    }
    let drawn = row
        .estimate
        .filter(|_| row.statistic == Statistic::Proportion)
        .map(|share| 100.0 * share);
    let printed = match (row.group("printed"), row.estimate) {
        (printed, _) if !printed.is_empty() => printed.to_owned(),
        (_, Some(share)) if row.statistic == Statistic::Proportion => {
            format!("{:.0}", 100.0 * share)
        }
        (_, Some(number)) => format!("{number:.1}"),
        (_, None) => String::new(),
    };
    let (mark, remark) = match (drawn, row.interval()) {
        (None, _) => (Mark::NotFound, Some("no per cent".to_owned())),
        _ if row.flags.contains(&Flag::CannotHold) => {
            (Mark::Impossible, Some("can’t hold".to_owned()))
        }
        _ if row.flags.contains(&Flag::Bound) => (Mark::AtLeast, Some("a bound".to_owned())),
        (_, Some((low, high))) => {
            let (low, high) = (100.0 * low, 100.0 * high);
            (Mark::Interval { low, high }, None)
        }
        (_, None) if row.flags.contains(&Flag::NoN) => {
            (Mark::NoSampleSize, Some("no n".to_owned()))
        }
        (_, None) => (Mark::NoSampleSize, Some("no interval".to_owned())),
    };
    Value {
        name: None,
        printed,
        at: drawn,
        mark,
        ends: None,
        remark,
    }
}

/// What the intervals rest on, as far as the rows say.
pub(super) fn footer(rows: &[Estimate], intervals: Intervals) -> Vec<String> {
    let given = rows.iter().all(|row| row.source == "list");
    let with = rows.iter().filter(|row| row.interval().is_some()).count();
    let mut sentences = Vec::new();
    if given && with > 0 {
        sentences.push(format!(
            "{} intervals on n as given: sampling alone, as if a simple random sample.",
            intervals.method.title()
        ));
    }
    for flag in [
        Flag::AssumedN,
        Flag::SmallBase,
        Flag::SecondHand,
        Flag::UnknownSampling,
        Flag::NotProbability,
    ] {
        let having = rows.iter().filter(|row| row.flags.contains(&flag)).count();
        match having {
            0 => {}
            all if all == rows.len() && all > 1 => {
                sentences.push(flag.said_of_all(with > 0).to_owned())
            }
            some => sentences.push(format!("{some} of {}: {}.", rows.len(), flag.legend())),
        }
    }
    vec![sentences.join(" ")]
        .into_iter()
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}
