//! Tables that a person brings to a chart: estimates, or lists of labels and percentages, the smallest files that charts are
//! drawn from.

use std::collections::HashSet;

use super::error::Error;
use super::group_name;
use crate::frames::nets::parts_of_nets_in_groups;
use crate::frames::words::nearest;
use crate::frames::{Estimate, Estimates, FIXED_COLUMNS, Flag, ROUNDING_COLUMNS, read_json};
use crate::published::figures::percent::Percent;
use crate::published::figures::store::Qualifier;
use crate::published::figures::topline::Intervals;
use crate::published::lists::{ListedFigure, mark_nets};
use crate::statistics::interval::{self, Sample};
use crate::tabular::{self, Bound, ColumnChoice, Header, LABEL, Number, PERCENT, ShareTable};

/// The source of what comes from a list.
pub const LIST: &str = "list";

/// The column that holds a per cent as it is printed.
const PRINTED: &str = "printed";

/// What a file that a chart is drawn of holds.
pub enum Input {
    /// Estimates, and what was assumed to read them.
    Estimates(Estimates, Option<String>),
    /// Labels and percentages.
    List(Box<List>),
}

/// Reads estimates from JSON, estimates or a list from text in any dialect or a workbook; `file` is what messages call it.
///
/// # Errors
/// It is neither, or can’t be read.
pub fn read(file: &str, bytes: &[u8], options: &tabular::Options) -> Result<Input, Error> {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if start.trim_ascii_start().starts_with(b"[") || start.trim_ascii_start().starts_with(b"{") {
        let estimates = read_json(&String::from_utf8_lossy(start))?;
        return match estimates.is_empty() {
            true => Err(Error::Empty),
            false => Ok(Input::Estimates(estimates, None)),
        };
    }
    let header = Header::named(&["variable", "estimate"])
        .or(&["a", "b", "relation"])
        .or(&[LABEL, PERCENT])
        .or(&[PERCENT])
        .or_by_shape();
    let mut table = tabular::read_bytes(file, bytes, &header, options)?;
    if table.is_empty() {
        return Err(Error::Empty);
    }
    // a comparison as it is printed: rows of differences and tests below its two shares
    let is_test = |row: usize| {
        (0..table.names().len()).any(|at| table.text(row, at).starts_with("two-sided p"))
    };
    if table.column("relation").is_some() || (0..table.len()).any(is_test) {
        return Err(Error::Comparisons);
    }
    if table.column("variable").is_some() && table.column("estimate").is_some() {
        let estimates = table.to_estimates()?;
        return Ok(Input::Estimates(estimates, table.note()));
    }
    let names = table.names().join(", ");
    let found = match options.columns.is_empty() {
        true => None,
        false => table.clone().into_shares(&ColumnChoice::default())?,
    };
    match table.into_shares(&options.columns)? {
        Some(mut shares) => {
            if found.is_some_and(|found| found.is_like(&shares)) {
                shares
                    .table
                    .assume("the columns that are named are found without");
            }
            Ok(Input::List(Box::new(List {
                shares,
                without: Vec::new(),
            })))
        }
        None => Err(Error::Columns(names)),
    }
}

/// Reads estimates alone.
///
/// # Errors
/// It is something else, or can’t be read.
pub fn read_estimates(
    file: &str,
    bytes: &[u8],
    options: &tabular::Options,
) -> Result<(Estimates, Option<String>), Error> {
    match read(file, bytes, options)? {
        Input::Estimates(estimates, note) => Ok((estimates, note)),
        Input::List(list) => Err(Error::Columns(list.names().join(", "))),
    }
}

fn estimates(rows: Vec<Estimate>) -> Result<Estimates, Error> {
    match rows.is_empty() {
        true => Err(Error::Empty),
        false => Ok(Estimates::from_rows(&rows)?),
    }
}

/// A list, a row a share.
pub struct List {
    shares: ShareTable,
    /// Answers that are left out: shares are of those who gave others.
    without: Vec<String>,
}

impl List {
    /// Leaves answers out, by their labels: `p/(1 − d)` with d the shares left out, on `n (1 − d)` respondents.
    pub fn leave_out(&mut self, answers: &[String]) {
        self.without = answers.to_vec();
    }

    /// The shares of those who gave other answers, and their numbers; `None` for a row that is left out. `questions` sets apart
    /// what was asked, row by row.
    fn of_the_rest(
        &self,
        answer: Option<usize>,
        questions: &[Vec<String>],
        percents: Vec<Option<Number>>,
        sizes: Vec<Option<f64>>,
    ) -> Result<Vec<Option<ShareAndSize>>, Error> {
        let shares = percents.into_iter().zip(sizes);
        if self.without.is_empty() {
            return Ok(shares.map(Some).collect());
        }
        let plain = |text: &str| text.trim().to_lowercase().replace('’', "'");
        let answer_of =
            |row: usize| answer.map_or("", |answer| self.shares.table.text(row, answer));
        let shares: Vec<ShareAndSize> = shares.collect();
        for name in &self.without {
            if (0..shares.len()).all(|row| plain(answer_of(row)) != plain(name)) {
                let near = nearest(name, (0..shares.len()).map(answer_of));
                return Err(Error::NoAnswer {
                    name: name.clone(),
                    nearest: near.map(str::to_owned),
                });
            }
        }
        let is_out = |row: usize| {
            let mut names = self.without.iter();
            names.any(|name| plain(name) == plain(answer_of(row)))
        };
        let rest = shares.iter().enumerate().map(|(row, (percent, size))| {
            let beside = (0..shares.len())
                .filter(|other| is_out(*other) && questions.get(*other) == questions.get(row));
            let out: f64 = beside
                .filter_map(|other| shares.get(other)?.0.as_ref())
                .map(|number| number.value)
                .sum();
            if is_out(row) || out <= 0.0 || out >= 100.0 {
                return None;
            }
            let left = 1.0 - out / 100.0;
            let percent = percent.as_ref().map(|number| Number {
                value: number.value / left,
                text: format!("{:.1}", number.value / left),
                ..number.clone()
            });
            Some((percent, size.map(|n| n * left)))
        });
        Ok(rest.collect())
    }
}

/// A share as printed, and its number of respondents.
type ShareAndSize = (Option<Number>, Option<f64>);

impl List {
    fn names(&self) -> Vec<String> {
        self.shares.table.names().to_vec()
    }

    /// The question as asked, where the table has it in its corner or above; that it is taken for one is noted.
    pub fn take_question(&mut self) -> Option<String> {
        self.shares.take_question()
    }

    /// What was assumed to read it, once it is read.
    pub fn note(&self) -> Option<String> {
        self.shares.table.note()
    }

    fn lacks(&self, kind: &'static str) -> Error {
        Error::List {
            kind,
            expected: "label and percent",
            found: self.names().join(", "),
        }
    }

    /// Shares by their labels, for dots and bars; each row gets its interval. Columns that tell rows apart are groups.
    ///
    /// # Errors
    /// No labels, a cell that is no per cent or number of respondents.
    pub fn plain(&mut self, intervals: Intervals) -> Result<Estimates, Error> {
        if self.shares.label.is_none() {
            // the years of a list of years and per cents
            let first = self.shares.groups.first().copied();
            self.shares.label = Some(first.ok_or_else(|| self.lacks("dots and bars"))?);
            self.shares.groups.remove(0);
        }
        self.rows(false, intervals)
    }

    /// Shares of the answers of one question or of several groups, for stacked bars: labels are answers.
    ///
    /// # Errors
    /// No labels; an answer that a group has twice; a cell that is no per cent or number of respondents.
    pub fn of_answers(&mut self, intervals: Intervals) -> Result<Estimates, Error> {
        let label = self
            .shares
            .label
            .ok_or_else(|| self.lacks("stacked bars"))?;
        let mut seen = HashSet::new();
        for row in 0..self.shares.table.len() {
            let mut of = self.shares.group_texts(row);
            of.push(self.shares.table.text(row, label).to_owned());
            if !seen.insert(of.clone()) {
                of.retain(|text| !text.is_empty());
                return Err(Error::Twice {
                    what: of.join(", "),
                    line: self.shares.table.line(row),
                });
            }
        }
        self.rows(true, intervals)
    }

    /// Shares over time, for trends: one of the groups holds the times.
    ///
    /// # Errors
    /// A cell that is no per cent or number of respondents; in a column of times, a date that is none.
    pub fn of_waves(&mut self, intervals: Intervals) -> Result<Estimates, Error> {
        self.rows(false, intervals)
    }

    /// The group columns by their names in small letters; one that is called as a column of estimates is told from it.
    fn groups(&mut self) -> Result<Vec<(String, Vec<String>)>, Error> {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for at in self.shares.groups.clone() {
            let mut name = self
                .names()
                .get(at)
                .map_or(String::new(), |name| name.to_lowercase());
            let fixed = |name: &str| {
                FIXED_COLUMNS.contains(&name) || ROUNDING_COLUMNS.contains(&name) || name == PRINTED
            };
            while name.is_empty() || fixed(&name) || groups.iter().any(|(known, _)| *known == name)
            {
                name.push_str("_group");
            }
            groups.push((name, self.group(at)?));
        }
        Ok(groups)
    }

    /// A grouping column; dates as a program writes them.
    fn group(&mut self, column: usize) -> Result<Vec<String>, Error> {
        let table = &mut self.shares.table;
        let rows = 0..table.len();
        // where some are dates, one that is none is a slip, and no word
        if table
            .dated(column)
            .is_none_or(|(dated, there)| dated == 0 || (dated < there && 2 * dated < there))
        {
            return Ok(rows.map(|row| table.text(row, column).to_owned()).collect());
        }
        let dates = table.dates(column)?;
        Ok(dates
            .iter()
            .map(|date| date.map_or(String::new(), |date| date.to_string()))
            .collect())
    }

    /// The per cents and the respondents.
    fn figures_of_rows(&mut self) -> Result<PercentsAndSizes, Error> {
        let shares = &mut self.shares;
        let percents = shares.table.percents(shares.percent)?;
        let sizes = match shares.n {
            Some(n) => shares.table.counts(n)?,
            None => vec![None; shares.table.len()],
        };
        Ok((percents, sizes))
    }

    /// Labels are variables, or levels where they are the answers of a question.
    fn rows(&mut self, are_levels: bool, intervals: Intervals) -> Result<Estimates, Error> {
        let (percents, sizes) = self.figures_of_rows()?;
        let groups = self.groups()?;
        let label = self.shares.label;
        let question = |row: usize| -> Vec<String> {
            groups
                .iter()
                .filter_map(|(_, values)| values.get(row).cloned())
                .collect()
        };
        let questions: Vec<Vec<String>> = (0..percents.len()).map(question).collect();
        let shares = self.of_the_rest(label, &questions, percents, sizes)?;
        let mut rows = Vec::new();
        for (row, share) in shares.into_iter().enumerate() {
            let Some((percent, size)) = share else {
                continue;
            };
            if let (Some(0.0), Some(n)) = (size, self.shares.n) {
                let message = "a sample has at least one respondent";
                return Err(self.shares.table.wrong(row, n, message).into());
            }
            let text = label.map_or("", |label| self.shares.table.text(row, label));
            let n = size.or(intervals.assumed_n);
            let assumed = size.is_none() && intervals.assumed_n.is_some();
            let variable = match text {
                _ if are_levels => LIST,
                "" => LIST,
                text => text,
            };
            let mut estimate = match percent {
                Some(number) => listed(variable, &number, n, assumed, intervals)?,
                None => not_asked(variable, n),
            };
            estimate.level = are_levels.then(|| text.to_owned());
            let of_row = groups
                .iter()
                .map(|(name, values)| (name.clone(), values.get(row).cloned()));
            estimate.groups.extend(of_row);
            rows.push(estimate);
        }
        flag_nets(&mut rows);
        estimates(rows)
    }
}

/// Answers that add up others of their group are NETs.
fn flag_nets(rows: &mut [Estimate]) {
    let group = |row: &Estimate| -> Vec<String> {
        let groups = row.groups.iter().filter(|(name, _)| name != PRINTED);
        groups
            .map(|(_, value)| value.clone().unwrap_or_default())
            .collect()
    };
    let answers: Vec<(usize, Vec<String>, String, f64)> = rows
        .iter()
        .enumerate()
        .filter_map(|(at, row)| {
            let label = row.level.clone()?;
            Some((at, group(row), label, 100.0 * row.estimate?))
        })
        .collect();
    let values: Vec<(&Vec<String>, &str, f64)> = answers
        .iter()
        .map(|(_, group, label, value)| (group, label.as_str(), *value))
        .collect();
    let parts = parts_of_nets_in_groups(&values);
    for ((at, ..), _) in { answers.iter().zip(&parts) }.filter(|(_, parts)| !parts.is_empty()) {
        if let Some(row) = rows.get_mut(*at) {
            row.flags.push(Flag::Net);
        }
    }
}

/// Per cents and numbers of respondents, row by row.
type PercentsAndSizes = (Vec<Option<Number>>, Vec<Option<f64>>);

impl List {
    /// The figures as they were printed, for a check or a comparison: labels are answers, the columns that tell rows apart
    /// set questions apart, and net_of names the parts of a NET, `;` between them. Rows without a per cent are left out.
    ///
    /// # Errors
    /// No labels, a cell that is no per cent or number of respondents.
    pub fn figures(&mut self) -> Result<Vec<ListedFigure>, Error> {
        let label = self
            .shares
            .label
            .ok_or_else(|| self.lacks("a check or a comparison"))?;
        let (percents, sizes) = self.figures_of_rows()?;
        let groups = self.groups()?;
        let telling = self.shares.telling_groups();
        let tells: Vec<bool> = self
            .shares
            .groups
            .iter()
            .map(|at| telling.contains(at))
            .collect();
        let (table, net_of) = (&self.shares.table, self.shares.net_of);
        let mut figures = Vec::new();
        for (row, (number, n)) in percents.iter().zip(sizes).enumerate() {
            let text = |column: usize| table.text(row, column).to_owned();
            let Some(number) = number else { continue };
            let percent = match Percent::parse(&number.text) {
                Ok(percent) => percent,
                Err(error) => {
                    return Err(table
                        .wrong(row, self.shares.percent, error.to_string())
                        .into());
                }
            };
            let value = |values: &Vec<String>| values.get(row).cloned().unwrap_or_default();
            let question = groups.iter().zip(&tells).filter(|(_, tells)| **tells);
            let mut question: Vec<String> = question
                .map(|((_, values), _)| group_name(&value(values)))
                .collect();
            question.retain(|part| !part.is_empty());
            let parts = net_of.map_or(String::new(), text);
            figures.push(ListedFigure {
                question: question.join(", "),
                groups: groups
                    .iter()
                    .map(|(name, values)| (name.clone(), value(values)))
                    .collect(),
                label: text(label),
                percent,
                qualifier: match number.bound {
                    Bound::Exact => Qualifier::Exact,
                    Bound::About => Qualifier::About,
                    Bound::Under | Bound::AtMost => Qualifier::AtMost,
                    Bound::Over | Bound::AtLeast => Qualifier::AtLeast,
                },
                n: n.filter(|n| *n > 0.0),
                net_of: parts
                    .split(';')
                    .map(|part| part.trim().to_owned())
                    .filter(|part| !part.is_empty())
                    .collect(),
                label_is_sample: self.shares.label_is_sample(),
                parts: Vec::new(),
                line: table.line(row),
            });
        }
        mark_nets(&mut figures);
        match figures.is_empty() {
            true => Err(Error::Empty),
            false => Ok(figures),
        }
    }
}

/// A row without a per cent.
fn not_asked(label: &str, n: Option<f64>) -> Estimate {
    Estimate {
        n,
        note: "not asked".to_owned(),
        ..Estimate::proportion(LIST, label, None)
    }
}

/// A per cent as it is printed: `<1` with its sign.
fn printed(number: &Number) -> String {
    let sign = match number.bound {
        Bound::Exact => "",
        Bound::Under => "<",
        Bound::AtMost => "≤",
        Bound::Over => ">",
        Bound::AtLeast => "≥",
        Bound::About => "≈",
    };
    format!("{sign}{}", number.text)
}

fn listed(
    label: &str,
    number: &Number,
    n: Option<f64>,
    assumed: bool,
    intervals: Intervals,
) -> Result<Estimate, Error> {
    let value = Percent::parse(&number.text).map_or(number.value, |percent| percent.value);
    let share = value / 100.0;
    let mut row = Estimate::proportion(LIST, label, None);
    row.groups = vec![(PRINTED.to_owned(), Some(printed(number)))];
    row.estimate = Some(share);
    row.n = n;
    if !matches!(number.bound, Bound::Exact | Bound::About) {
        row.note = "no interval: a bound was printed".to_owned();
        if matches!(number.bound, Bound::Over | Bound::AtLeast) {
            row.flags = vec![Flag::Bound];
        }
        return Ok(row);
    }
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
