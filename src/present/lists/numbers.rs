//! Means, totals and other numbers of respondents, for a chart with an axis in their unit.

use super::error::Error;
use super::{NO_PART_OF_THE_LABEL, is_printed, small_base};
use crate::frames::words::distinct;
use crate::frames::{Estimate, Flag, Statistic};
use crate::present::chart::{Group, Mark, Row, Scale, Value};
use crate::present::table::digits::{decimals, decimals_of_interval, number, signed};

/// Where one variable is so many times another, nothing can be read of the smaller one.
const APART: f64 = 100.0;

/// Whether rows are numbers, and what they are measured on; `None` for shares, and for figures that were printed.
///
/// # Errors
/// Shares beside numbers, or numbers that have no axis in common.
pub(super) fn scale_of(rows: &[Estimate]) -> Result<Option<Scale>, Error> {
    let number = |row: &&Estimate| row.statistic != Statistic::Proportion;
    let (Some(first), false) = (rows.iter().find(number), is_printed(rows)) else {
        return Ok(None);
    };
    let unlike = |a: &Estimate, b: &Estimate| Error::Unlike {
        a: a.variable.clone(),
        of_a: word(a).0,
        b: b.variable.clone(),
        of_b: word(b).0,
    };
    if let Some(other) = rows.iter().find(|row| kind(row) != kind(first)) {
        return Err(unlike(first, other));
    }
    let size = |row: &Estimate| row.estimate.map_or(0.0, f64::abs);
    let largest = |variable: &str| {
        let own = rows.iter().filter(|row| row.variable == variable);
        own.max_by(|a, b| size(a).total_cmp(&size(b)))
    };
    let variables = distinct(rows.iter().map(|row| row.variable.as_str()));
    let sizes = || variables.iter().filter_map(|variable| largest(variable));
    let least = sizes().min_by(|a, b| size(a).total_cmp(&size(b)));
    let most = sizes().max_by(|a, b| size(a).total_cmp(&size(b)));
    if let (Some(least), Some(most)) = (least, most)
        && size(least) > 0.0
        && size(most) / size(least) > APART
    {
        return Err(Error::Apart {
            a: least.variable.clone(),
            of_a: printed(least.estimate, least.se),
            b: most.variable.clone(),
            of_b: printed(most.estimate, most.se),
        });
    }
    Ok(Some(Scale::Numbers {
        head: unit(rows).map_or_else(|| head(rows), |(_, word)| word.to_owned()),
        from_zero: kind(first) == Kind::Sum || kind(first) == Kind::People,
    }))
}

/// What numbers are counted in: large ones in millions, as nobody reads ten digits, sums of shares in per cent, their
/// differences in points.
fn unit(rows: &[Estimate]) -> Option<(f64, &'static str)> {
    match rows.first().map(|row| row.statistic) {
        Some(Statistic::ShareDifference) => return Some((0.01, "points")),
        Some(Statistic::ShareSum) => return Some((0.01, "%")),
        _ => {}
    }
    let sizes = rows.iter().filter_map(|row| row.estimate).map(f64::abs);
    match sizes.fold(0.0, f64::max) {
        size if size >= 1e10 => Some((1e9, "billions")),
        size if size >= 1e7 => Some((1e6, "millions")),
        _ => None,
    }
}

/// Rows of numbers in the unit that they are drawn in.
pub(super) fn in_unit(rows: &[Estimate]) -> Vec<Estimate> {
    let (by, _) = unit(rows).unwrap_or((1.0, ""));
    let scaled = |row: &Estimate| Estimate {
        estimate: row.estimate.map(|value| value / by),
        se: row.se.map(|value| value / by),
        ci_low: row.ci_low.map(|value| value / by),
        ci_high: row.ci_high.map(|value| value / by),
        ..row.clone()
    };
    rows.iter().map(scaled).collect()
}

/// Statistics that may stand on one axis.
#[derive(PartialEq, Eq)]
enum Kind {
    /// In the unit of the variable: means, medians.
    Place,
    /// Totals of a number.
    Sum,
    /// Respondents, and totals of a level: numbers of people.
    People,
    Other(Statistic),
}

fn kind(row: &Estimate) -> Kind {
    match row.statistic {
        Statistic::Mean | Statistic::Quantile => Kind::Place,
        Statistic::Total if row.level.is_none() => Kind::Sum,
        Statistic::Total | Statistic::Count => Kind::People,
        other => Kind::Other(other),
    }
}

/// What a statistic is called, and at the head of a column.
fn word(row: &Estimate) -> (String, String) {
    let plain = |word: &str| (word.to_owned(), word.to_owned());
    match (row.statistic, row.level.as_deref()) {
        (Statistic::Proportion, _) => ("share".to_owned(), "%".to_owned()),
        (Statistic::Quantile, Some("0.5")) => plain("median"),
        (Statistic::StandardDeviation, _) => ("standard deviation".to_owned(), "sd".to_owned()),
        (Statistic::Combination, _) => ("combination".to_owned(), "estimate".to_owned()),
        (other, _) => plain(other.name()),
    }
}

/// What all numbers are, over their column.
fn head(rows: &[Estimate]) -> String {
    let heads: Vec<String> = rows.iter().map(|row| word(row).1).collect();
    match distinct(heads.iter().map(String::as_str)).as_slice() {
        [one] => (*one).to_owned(),
        _ => "estimate".to_owned(),
    }
}

/// The variable of numbers that are in its unit, where it is one: “Mean” alone says nothing.
fn of_one_variable(rows: &[Estimate]) -> Option<&str> {
    let kinds = [Kind::Place, Kind::Sum];
    let variables = distinct(rows.iter().map(|row| row.variable.as_str()));
    match variables.as_slice() {
        [one] if !one.is_empty() && rows.iter().all(|row| kinds.contains(&kind(row))) => Some(one),
        _ => None,
    }
}

/// What is measured, for the line under a title: “Mean of age.”, “Per cent.”
pub fn measure_of(rows: &[Estimate]) -> String {
    let words: Vec<String> = rows.iter().map(|row| word(row).0).collect();
    let words = distinct(words.iter().map(String::as_str));
    let text = match words.as_slice() {
        [] | ["share"] => return "Per cent.".to_owned(),
        ["difference of shares"] => return "Difference of shares, in points.".to_owned(),
        ["sum of shares"] => return "Sum of shares, in per cent.".to_owned(),
        ["count"] => "number of respondents, weighted where there are weights".to_owned(),
        [one] => match of_one_variable(rows) {
            Some(variable) => format!("{one} of {variable}"),
            None => (*one).to_owned(),
        },
        several => several.join(", "),
    };
    let text = match unit(rows) {
        Some((_, unit)) => format!("{text}, in {unit}"),
        None => text,
    };
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// An item of numbers: what tells it from others of the same file.
type Item = (String, Statistic, Option<String>);

fn item(row: &Estimate) -> Item {
    (row.variable.clone(), row.statistic, row.level.clone())
}

/// The items of rows, in their order, each with what it is called beside the others and its decimals.
pub(super) struct Items {
    items: Vec<(Item, String, usize)>,
}

impl Items {
    pub fn from_rows(rows: &[Estimate]) -> Items {
        let mut items: Vec<Item> = Vec::new();
        for row in rows {
            if !items.contains(&item(row)) {
                items.push(item(row));
            }
        }
        let varies = |of: &dyn Fn(&Item) -> String| {
            let first = items.first().map(of);
            items.iter().any(|item| Some(of(item)) != first)
        };
        let variables = varies(&|item| item.0.clone());
        let statistics = varies(&|item| item.1.name().to_owned());
        let levels = varies(&|item| item.2.clone().unwrap_or_default());
        let name = |(variable, statistic, level): &Item| {
            let mut parts = Vec::new();
            if variables || !(statistics || levels) {
                parts.push(variable.clone());
            }
            match (statistic, level.as_deref()) {
                (Statistic::Quantile, Some("0.5")) if statistics || levels => {
                    parts.push("median".to_owned());
                }
                (Statistic::Quantile, Some(at)) if statistics || levels => {
                    parts.push(format!("quantile {at}"));
                }
                (_, level) => {
                    parts.extend(statistics.then(|| statistic.name().to_owned()));
                    parts.extend(level.filter(|_| levels).map(str::to_owned));
                }
            }
            parts.join(", ")
        };
        let named = items
            .iter()
            .map(|one| (one.clone(), name(one), decimals_of(rows, one)));
        Items {
            items: named.collect(),
        }
    }

    fn find(&self, row: &Estimate) -> Option<&(Item, String, usize)> {
        let own = item(row);
        self.items.iter().find(|(item, ..)| *item == own)
    }

    /// What the item of a row is called.
    pub fn name(&self, row: &Estimate) -> String {
        self.find(row)
            .map_or_else(String::new, |(_, name, _)| name.clone())
    }

    /// A number of the row with the digits that its item bears.
    pub fn printed(&self, row: &Estimate, value: f64) -> String {
        number(value, self.decimals(row))
    }

    fn decimals(&self, row: &Estimate) -> usize {
        let decimals = self.find(row).map_or(2, |(.., decimals)| *decimals);
        decimals_of_interval(decimals, row.interval())
    }
}

/// Two digits of the middle standard error, but no more than all numbers of the item have: medians are often whole.
fn decimals_of(rows: &[Estimate], of: &Item) -> usize {
    let own = || rows.iter().filter(|row| item(row) == *of);
    let mut errors: Vec<f64> = own()
        .filter_map(|row| row.se.filter(|se| *se > 0.0))
        .collect();
    errors.sort_by(f64::total_cmp);
    let most = decimals(errors.get(errors.len() / 2).copied().unwrap_or(0.0));
    let numbers = || {
        own()
            .flat_map(|row| [row.estimate, row.ci_low, row.ci_high])
            .flatten()
    };
    let all_have = |digits: &usize| {
        let by = 10_f64.powi(*digits as i32);
        numbers().all(|number| ((number * by).round() - number * by).abs() < 1e-9 * by)
    };
    (0..most).find(all_have).unwrap_or(most)
}

fn printed(value: Option<f64>, se: Option<f64>) -> String {
    number(value.unwrap_or(0.0), decimals(se.unwrap_or(0.0)))
}

/// The domains of each item under it; items without domains one under the other.
pub(super) fn number_groups(rows: &[Estimate]) -> Vec<Group> {
    let items = Items::from_rows(rows);
    let domains = rows.iter().any(|row| !domain(row, rows).is_empty());
    if items.items.len() < 2 || !domains {
        let label = |row: &Estimate| match domain(row, rows) {
            domain if domain.is_empty() => items.name(row),
            domain => domain,
        };
        let rows = rows.iter().map(|row| number_row(row, label(row), &items));
        return vec![Group {
            rows: rows.collect(),
            ..Group::default()
        }];
    }
    let group = |(of, name, _): &(Item, String, usize)| {
        let own = rows.iter().filter(|row| item(row) == *of);
        let label = |row: &Estimate| match domain(row, rows) {
            domain if domain.is_empty() => "All".to_owned(),
            domain => domain,
        };
        Group {
            head: Some(name.clone()),
            note: None,
            rows: own.map(|row| number_row(row, label(row), &items)).collect(),
        }
    };
    items.items.iter().map(group).collect()
}

/// The values of the groups of a row, and its source beside others.
fn domain(row: &Estimate, all: &[Estimate]) -> String {
    let mut parts = Vec::new();
    if all.iter().any(|other| other.source != row.source) {
        parts.push(row.source.clone());
    }
    let tells_apart = |name: &str| !NO_PART_OF_THE_LABEL.contains(&name);
    let groups = row.groups.iter().filter(|(name, _)| tells_apart(name));
    parts.extend(groups.filter_map(|(_, value)| value.clone()));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn number_row(row: &Estimate, label: String, items: &Items) -> Row {
    let value = match (row.estimate, small_base(row)) {
        (Some(_), Some(why)) => missing(why),
        (None, _) if row.note.is_empty() => missing("no estimate".to_owned()),
        (None, _) => missing(row.note.clone()),
        (Some(estimate), None) => Value {
            printed: match row.statistic {
                Statistic::ShareDifference => signed(estimate, items.decimals(row)),
                _ => items.printed(row, estimate),
            },
            at: Some(estimate),
            mark: row
                .interval()
                .map_or(Mark::NoSampleSize, |(low, high)| Mark::Interval {
                    low,
                    high,
                }),
            ends: row
                .interval()
                .map(|(low, high)| (items.printed(row, low), items.printed(row, high))),
            remark: row.interval().is_none().then(|| "no interval".to_owned()),
            name: None,
        },
    };
    Row {
        label,
        note: (value.mark != Mark::NotFound && row.flags.contains(&Flag::SmallBase))
            .then(|| Flag::SmallBase.legend().to_owned()),
        values: vec![value],
        ..Row::default()
    }
}

fn missing(why: String) -> Value {
    Value {
        remark: Some(why),
        ..Value::default()
    }
}
