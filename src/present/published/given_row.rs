//! What is drawn of one estimate that comes from a file.

use super::given_list::LIST;
use crate::frames::{Estimate, Flag, Statistic};
use crate::present::chart::{Mark, Row, RowKind, Value};

/// Whether figures were printed by somebody, and not computed from respondents.
pub(super) fn is_printed(rows: &[Estimate]) -> bool {
    let printed = |row: &Estimate| row.groups.iter().any(|(name, _)| name == "printed");
    rows.iter().any(printed)
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
