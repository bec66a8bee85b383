//! Lists of labels and percentages: the smallest files that charts are drawn from.

use super::error::Error;
use crate::frames::{Estimate, Estimates, Flag};
use crate::published::figures::percent::Percent;
use crate::published::figures::topline::Intervals;
use crate::statistics::interval::{self, Sample};

/// The source of what comes from a list.
pub(super) const LIST: &str = "list";

/// The names of the columns, in small letters.
pub(super) fn first_line(text: &str) -> Vec<String> {
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
    let list = List::read(text)?;
    let mut rows = Vec::new();
    for record in &list.records {
        let label = list.cell(record, "label");
        rows.push(list.estimate(record, label, None, intervals)?);
    }
    estimates(rows)
}

/// Whether a text is a CSV with a column percent, and none that only estimates have.
pub fn is_list(text: &str) -> bool {
    let names = first_line(text);
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    has("percent") && !has("estimate")
}

/// Names of the column with the answer.
const ANSWERS: [&str; 3] = ["response", "level", "answer"];

/// A list for stacked bars: columns label, response (or level), percent and, where known, n. Any further
/// column is a grouping column.
///
/// # Errors
/// A column that is missing, a cell that is no per cent or number of respondents.
pub fn list_of_answers(text: &str, intervals: Intervals) -> Result<Estimates, Error> {
    let list = List::read(text)?;
    let answer = list.need(&ANSWERS, "stacked bars", "label, response and percent")?;
    list.need(&["label"], "stacked bars", "label, response and percent")?;
    list.grouped("label", Some(answer), intervals)
}

/// A list for trends: columns label (or series), a time, percent and, where known, n. Any further column is a
/// grouping column.
///
/// # Errors
/// As [`list_of_answers`].
pub fn list_of_waves(text: &str, intervals: Intervals) -> Result<Estimates, Error> {
    let list = List::read(text)?;
    let series = ["series", "label"].into_iter().find(|name| list.has(name));
    let answer = ANSWERS.into_iter().find(|name| list.has(name));
    list.grouped(series.unwrap_or(""), answer, intervals)
}

fn estimates(rows: Vec<Estimate>) -> Result<Estimates, Error> {
    match rows.is_empty() {
        true => Err(Error::Empty),
        false => Ok(Estimates::from_rows(&rows)?),
    }
}

/// A CSV by the names of its columns.
struct List {
    names: Vec<String>,
    records: Vec<csv::StringRecord>,
}

impl List {
    fn read(text: &str) -> Result<List, Error> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        Ok(List {
            names: first_line(text),
            records: reader.records().collect::<Result<_, _>>()?,
        })
    }

    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// The first of some names of a column that is there.
    fn need(
        &self,
        any_of: &[&'static str],
        kind: &'static str,
        wanted: &'static str,
    ) -> Result<&'static str, Error> {
        let found = any_of.iter().copied().find(|name| self.has(name));
        found.ok_or_else(|| Error::List {
            kind,
            wanted,
            found: self.names.join(", "),
        })
    }

    fn cell<'r>(&self, record: &'r csv::StringRecord, name: &str) -> &'r str {
        let place = self.names.iter().position(|known| known == name);
        place.and_then(|place| record.get(place)).unwrap_or("")
    }

    fn estimate(
        &self,
        record: &csv::StringRecord,
        label: &str,
        answer: Option<&str>,
        intervals: Intervals,
    ) -> Result<Estimate, Error> {
        let line = record.position().map_or(0, |position| position.line());
        let wrong = |column: &str, message: String| Error::Cell {
            line,
            column: column.to_owned(),
            message,
        };
        let printed = printed_percent(self.cell(record, "percent"))
            .map_err(|message| wrong("percent", message))?;
        let given = self.cell(record, "n");
        let size = size(given)
            .map_err(|message| wrong("n", message))?
            .or(intervals.assumed_n);
        let assumed = given.is_empty() && intervals.assumed_n.is_some();
        let mut row = listed(label, &printed, size, assumed, intervals)?;
        row.level = answer.map(str::to_owned);
        Ok(row)
    }

    /// All rows, with every further column as a group.
    fn grouped(
        &self,
        label: &str,
        answer: Option<&str>,
        intervals: Intervals,
    ) -> Result<Estimates, Error> {
        let known = |name: &&String| {
            let name = name.as_str();
            name == label || Some(name) == answer || ["percent", "n", ""].contains(&name)
        };
        let groups: Vec<&String> = self.names.iter().filter(|name| !known(name)).collect();
        let mut rows = Vec::new();
        for record in &self.records {
            let variable = match self.cell(record, label) {
                "" => LIST,
                variable => variable,
            };
            let answer = answer.map(|answer| self.cell(record, answer));
            let mut row = self.estimate(record, variable, answer, intervals)?;
            for name in &groups {
                let value = self.cell(record, name).to_owned();
                row.groups.push(((*name).clone(), Some(value)));
            }
            rows.push(row);
        }
        estimates(rows)
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
    let mut row = Estimate::proportion(LIST, label, None);
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
