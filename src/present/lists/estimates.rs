//! Files of estimates: how they are read, what they are about, and their dot chart.

use super::error::Error;
use super::foot::foot;
use super::list::LIST;
use super::numbers::{in_unit, number_groups, scale_of};
use super::{NO_PART_OF_THE_LABEL, group_name, is_printed, small_base};
use crate::frames::non_answers::{is_non_answer, plain};
use crate::frames::words::distinct;
use crate::frames::{Captions, Estimate, Estimates, Flag, Statistic};
use crate::present::chart::{DotChart, Group, Mark, Row, RowKind, Value};
use crate::present::table::digits::half_up;
use crate::published::figures::topline::Intervals;

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
        (Some(_), _) => number_groups(&in_unit(&rows)),
        (None, Some(groups)) => groups,
        (None, None) if rows.iter().all(|row| row.source == LIST) => by_group(&rows),
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

/// The rows of a list under heads that say their group: country, pollster, question.
fn by_group(rows: &[Estimate]) -> Vec<Group> {
    let columns = telling_groups(rows);
    let head = |row: &Estimate| {
        let parts = columns.iter().map(|name| group_name(row.group(name)));
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    };
    let labels = distinct(rows.iter().map(|row| row.variable.as_str()));
    // one answer in several groups: the groups are the rows
    if labels.len() == 1 && rows.len() > 1 {
        let named = |row: &Estimate| Row {
            label: head(row),
            ..dot_row(row, rows)
        };
        return vec![Group {
            head: Some(labels.concat()).filter(|label| label != LIST),
            note: None,
            rows: rows.iter().map(named).collect(),
        }];
    }
    let heads: Vec<String> = rows.iter().map(head).collect();
    let groups = distinct(heads.iter().map(String::as_str))
        .into_iter()
        .map(|head| {
            let own = rows.iter().zip(&heads).filter(|(_, of)| *of == head);
            let labelled = |row: &Estimate| Row {
                label: row.variable.clone(),
                ..dot_row(row, rows)
            };
            Group {
                head: Some(head.to_owned()).filter(|head| !head.is_empty()),
                note: None,
                rows: own.map(|(row, _)| labelled(row)).collect(),
            }
        });
    groups.collect()
}

/// The grouping columns of rows whose values differ.
pub(super) fn telling_groups(rows: &[Estimate]) -> Vec<String> {
    let names = distinct(
        rows.iter()
            .flat_map(|row| row.groups.iter().map(|(name, _)| name.as_str())),
    );
    let tells = |name: &&str| {
        let first = rows.first().map_or("", |row| row.group(name));
        !NO_PART_OF_THE_LABEL.contains(name) && rows.iter().any(|row| row.group(name) != first)
    };
    names.into_iter().filter(tells).map(str::to_owned).collect()
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

/// What estimates of respondents are about: their variable where it is one, else their file; `None` for figures that
/// were printed.
pub fn subject_of_estimates(estimates: &Estimates) -> Option<String> {
    let rows = estimates.rows().ok()?;
    if is_printed(&rows) {
        return None;
    }
    let variables = distinct(rows.iter().map(|row| row.variable.as_str()));
    let sources = distinct(rows.iter().map(|row| row.source.as_str()));
    match (variables.as_slice(), sources.as_slice()) {
        (["" | "count()"], [one]) | ([_, _, ..], [one]) => Some((*one).to_owned()),
        ([one], _) => Some((*one).to_owned()),
        _ => None,
    }
}

/// The domains of each level under it, where one source has several levels in several domains.
pub(super) fn by_level(rows: &[Estimate]) -> Option<Vec<Group>> {
    let head = |row: &Estimate| match &row.level {
        Some(level) => (row.variable.clone(), level.clone()),
        None => (row.variable.clone(), String::new()),
    };
    let grouped = |row: &Estimate| {
        row.level.is_some()
            && !row.groups.is_empty()
            && row
                .groups
                .iter()
                .all(|(name, _)| !NO_PART_OF_THE_LABEL.contains(&name.as_str()))
    };
    let one_source = distinct(rows.iter().map(|row| row.source.as_str())).len() == 1;
    let mut heads: Vec<(String, String)> = Vec::new();
    for row in rows {
        if !heads.contains(&head(row)) {
            heads.push(head(row));
        }
    }
    if !one_source || heads.len() < 2 || heads.len() == rows.len() || !rows.iter().all(grouped) {
        return None;
    }
    let several = heads.iter().any(|(variable, _)| *variable != heads[0].0);
    let group = |of: &(String, String)| {
        let own: Vec<Estimate> = rows
            .iter()
            .filter(|row| head(row) == *of)
            .cloned()
            .collect();
        Group {
            head: Some(match several {
                true => format!("{}: {}", of.0, of.1),
                false => of.1.clone(),
            }),
            note: None,
            rows: own.iter().map(|row| domain_row(row, &own)).collect(),
        }
    };
    Some(heads.iter().map(group).collect())
}

/// A row of one domain, called by its groups alone.
fn domain_row(row: &Estimate, all: &[Estimate]) -> Row {
    let values = row.groups.iter().filter_map(|(_, value)| value.as_deref());
    let values = values.map(group_name);
    Row {
        label: values.collect::<Vec<_>>().join(", "),
        ..dot_row(row, all)
    }
}

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
            parts.extend(value.as_deref().map(group_name));
        }
    }
    let is_no_answer = row.level.as_deref().or(parts.last().map(String::as_str));
    let is_no_answer = is_no_answer.is_some_and(|answer| is_non_answer(&plain(answer)));
    Row {
        kind: match is_no_answer {
            true => RowKind::DontKnow,
            false => RowKind::Plain,
        },
        label: parts.join(", "),
        note: (row.flags.contains(&Flag::SmallBase) && small_base(row).is_none())
            .then(|| Flag::SmallBase.legend().to_owned()),
        values: vec![dot_value(row)],
        ..Row::default()
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
            half_up(100.0 * share, 0).to_string()
        }
        (_, Some(number)) => format!("{number:.1}"),
        (_, None) => String::new(),
    };
    let (mark, remark) = match (drawn, row.interval()) {
        (None, _) if row.source == LIST => (Mark::NotFound, Some(row.note.clone())),
        (None, _) => (Mark::NotFound, Some("no per cent".to_owned())),
        _ if row.flags.contains(&Flag::CannotHold) => {
            (Mark::Impossible, Some("can’t hold".to_owned()))
        }
        _ if row.flags.contains(&Flag::Bound) => (Mark::AtLeast, Some("a bound".to_owned())),
        _ if printed.starts_with(['<', '≤']) => (Mark::AtMost, Some("a bound".to_owned())),
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
