//! Figures that come from outside the store: estimates from a file, or a plain list of labels and percentages.

use super::chart::Captions;
use crate::chart::{DotChart, Group, Mark, Row, RowKind, Value};
use crate::estimates::{self, Estimate, Estimates, Flag, Statistic, read_csv, read_json};
use crate::interval::{self, Sample};
use crate::toplines::percent::Percent;
use crate::toplines::topline::Intervals;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("line {line}, column {column}: {message}")]
    Cell {
        line: u64,
        column: String,
        message: String,
    },
    #[error("the CSV can’t be read: {0}")]
    Csv(#[from] csv::Error),
    #[error("there are no rows to draw")]
    Empty,
    #[error(
        "this is neither estimates (columns variable and estimate) nor a list (columns label, percent and, if \
         known, n); its columns are {0}"
    )]
    Columns(String),
    #[error(
        "a dot chart stands on an axis from 0 to 100%, and these are no shares ({0}); `opine estimate` prints them as a table"
    )]
    NoShares(&'static str),
    #[error("these are comparisons: a dot chart draws estimates")]
    Comparisons,
    #[error(transparent)]
    Interval(#[from] interval::Error),
    #[error(transparent)]
    Estimates(#[from] estimates::Error),
}

fn first_line(text: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names = reader.headers().map(|names| {
        names
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect()
    });
    names.unwrap_or_default()
}

/// Whether a text is a CSV with columns label and percent.
pub fn is_plain_list(text: &str) -> bool {
    let names = first_line(text);
    ["label", "percent"]
        .iter()
        .all(|wanted| names.iter().any(|name| name == wanted))
}

/// Reads a CSV with columns label, percent and, where known, n; each row gets its interval.
pub fn plain_list(text: &str, intervals: Intervals) -> Result<Estimates, Error> {
    let names = first_line(text);
    let place = |wanted: &str| names.iter().position(|name| name == wanted);
    let (label, percent, n) = (place("label"), place("percent"), place("n"));
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, |position| position.line());
        let cell = |place: Option<usize>| place.and_then(|place| record.get(place)).unwrap_or("");
        let wrong = |column: &str, message: String| Error::Cell {
            line,
            column: column.to_owned(),
            message,
        };
        let printed =
            printed_percent(cell(percent)).map_err(|message| wrong("percent", message))?;
        let size = size(cell(n))
            .map_err(|message| wrong("n", message))?
            .or(intervals.assumed_n);
        let assumed = cell(n).is_empty() && intervals.assumed_n.is_some();
        rows.push(listed(cell(label), &printed, size, assumed, intervals)?);
    }
    match rows.is_empty() {
        true => Err(Error::Empty),
        false => Ok(Estimates::from_rows(&rows)?),
    }
}

fn printed_percent(text: &str) -> Result<Percent, String> {
    let bare = text.strip_suffix('%').unwrap_or(text).trim();
    let printed = Percent::parse(bare).map_err(|error| match error.fix {
        Some(fix) => format!("“{text}” is no percentage, write {fix}"),
        None => format!("“{text}” is no percentage"),
    })?;
    match (0.0..=100.0).contains(&printed.value) {
        true => Ok(printed),
        false => Err(format!("“{text}” is not between 0 and 100")),
    }
}

fn size(text: &str) -> Result<Option<f64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let n: u64 = text
        .replace(',', "")
        .parse()
        .map_err(|_| format!("“{text}” is no number of respondents"))?;
    match n {
        0 => Err("a sample has at least one respondent".to_owned()),
        n => Ok(Some(n as f64)),
    }
}

fn listed(
    label: &str,
    printed: &Percent,
    n: Option<f64>,
    assumed: bool,
    intervals: Intervals,
) -> Result<Estimate, Error> {
    let share = printed.value / 100.0;
    let mut row = Estimate::proportion("list", label, None);
    row.groups = vec![("printed".to_owned(), Some(printed.text.clone()))];
    row.estimate = Some(share);
    let Some(n) = n else {
        row.flags = vec![Flag::NoN];
        row.note = "no interval: no sample size was given".to_owned();
        return Ok(row);
    };
    let sample = Sample {
        n_eff: n,
        respondents: Some(n),
        df: None,
    };
    match interval::share(intervals.method, share, sample, intervals.level) {
        Ok(bounds) => {
            row.ci_low = Some(bounds.low);
            row.ci_high = Some(bounds.high);
        }
        Err(degenerate @ interval::Error::Degenerate { .. }) => row.note = degenerate.to_string(),
        Err(error) => return Err(error.into()),
    }
    row.se = Some((share * (1.0 - share) / n).sqrt());
    row.n = Some(n);
    row.n_eff = Some(n);
    let flags = [(n < 100.0, Flag::SmallBase), (assumed, Flag::AssumedN)];
    row.flags = flags
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, flag)| flag)
        .collect();
    Ok(row)
}

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

/// What estimates of respondents are about: their variable where it is one, else their file; `None` for figures that
/// were printed.
pub fn subject_of_estimates(estimates: &Estimates) -> Option<String> {
    let rows = estimates.rows().ok()?;
    let printed = |row: &Estimate| row.groups.iter().any(|(name, _)| name == "printed");
    if rows.iter().any(printed) {
        return None;
    }
    let variables = distinct(rows.iter().map(|row| row.variable.as_str()));
    let sources = distinct(rows.iter().map(|row| row.source.as_str()));
    match (variables.as_slice(), sources.as_slice()) {
        ([""], [one]) | ([_, _, ..], [one]) => Some((*one).to_owned()),
        ([one], _) => Some((*one).to_owned()),
        _ => None,
    }
}

/// Estimates as a dot chart, in the order of their rows; shares of levels by groups stand level by level.
pub fn chart_of_estimates(
    estimates: &Estimates,
    captions: Captions,
    intervals: Intervals,
) -> Result<DotChart, Error> {
    let rows = estimates.rows()?;
    if let Some(row) = rows
        .iter()
        .find(|row| row.statistic != Statistic::Proportion)
        && rows
            .iter()
            .all(|row| row.statistic != Statistic::Proportion)
        && subject_of_estimates(estimates).is_some()
    {
        return Err(Error::NoShares(row.statistic.name()));
    }
    if let Some(groups) = by_level(&rows) {
        return Ok(DotChart {
            title: captions.title,
            subtitle: captions.subtitle,
            groups,
            footer: footer(&rows, intervals),
            level: intervals.level,
        });
    }
    let sources = distinct(rows.iter().map(|row| row.source.as_str()));
    let groups = sources.iter().map(|source| Group {
        head: (sources.len() > 1).then(|| (*source).to_owned()),
        note: None,
        rows: rows
            .iter()
            .filter(|row| row.source == *source)
            .map(|row| dot_row(row, &rows))
            .collect(),
    });
    Ok(DotChart {
        title: captions.title,
        subtitle: captions.subtitle,
        groups: groups.collect(),
        footer: footer(&rows, intervals),
        level: intervals.level,
    })
}

/// The domains of each level under it, where one source has several levels in several domains.
fn by_level(rows: &[Estimate]) -> Option<Vec<Group>> {
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
    let values = row.groups.iter().filter_map(|(_, value)| value.clone());
    Row {
        label: values.collect::<Vec<_>>().join(", "),
        ..dot_row(row, all)
    }
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Columns that say how a figure was printed, not what it is of.
const NO_PART_OF_THE_LABEL: [&str; 2] = ["printed", "reported_by"];

fn dot_row(row: &Estimate, all: &[Estimate]) -> Row {
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
        note: row
            .flags
            .contains(&Flag::SmallBase)
            .then(|| Flag::SmallBase.legend().to_owned()),
        kind: RowKind::Plain,
        indent: 0,
        possible: None,
        values: vec![dot_value(row)],
    }
}

fn dot_value(row: &Estimate) -> Value {
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
        remark,
    }
}

/// What the intervals rest on, as far as the rows say.
fn footer(rows: &[Estimate], intervals: Intervals) -> Vec<String> {
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
