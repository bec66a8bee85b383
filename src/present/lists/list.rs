//! Tables that a person brings to a chart: estimates, or lists of labels and percentages, the smallest files that charts are
//! drawn from.

use super::error::Error;
use crate::frames::words::nearest;
use crate::frames::{Estimate, Estimates, Flag, read_json};
use crate::published::figures::percent::Percent;
use crate::published::figures::store::Qualifier;
use crate::published::figures::topline::Intervals;
use crate::published::lists::ListedFigure;
use crate::statistics::interval::{self, Sample};
use crate::tabular::{self, Bound, Header, Number, Table};

/// The source of what comes from a list.
pub const LIST: &str = "list";

/// What a file that a chart is drawn of holds.
pub enum Input {
    /// Estimates, and what was assumed to read them.
    Estimates(Estimates, Option<String>),
    /// Labels and percentages.
    List(Box<List>),
}

const LABEL: &str = "label|series";
const ANSWER: &str = "response|level|answer";
const PERCENT: &str = "percent|percentage|per cent|%|pct|share|proportion|fraction|prozent|anteil";
const NET_OF: &str = "net_of|parts";
const N: &str = "n|base|sample size|respondents";

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
    if table.column("relation").is_some() {
        return Err(Error::Comparisons);
    }
    if table.column("variable").is_some() && table.column("estimate").is_some() {
        let estimates = table.to_estimates()?;
        return Ok(Input::Estimates(estimates, table.note()));
    }
    List::new(table).map(|list| Input::List(Box::new(list)))
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

/// A list by the names of its columns.
pub struct List {
    table: Table,
    percent: usize,
    n: Option<usize>,
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
        let answer_of = |row: usize| answer.map_or("", |answer| self.table.text(row, answer));
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
    /// The per cents are in the column that is called so, else in the only one of numbers that are not called bases.
    fn new(table: Table) -> Result<List, Error> {
        let n = table.column(N);
        let numeric = (0..table.names().len()).filter(|at| {
            let named = table.names().get(*at).is_some_and(|name| !name.is_empty());
            named && Some(*at) != n && table.is_numeric(*at) && !table.is_dated(*at)
        });
        let numeric: Vec<usize> = numeric.collect();
        let percent = match (table.column(PERCENT), numeric.as_slice()) {
            (Some(_), _) => Some(table.need(PERCENT)?),
            (None, [only]) => Some(*only),
            (None, _) => None,
        };
        match percent {
            Some(percent) => Ok(List {
                percent,
                n,
                table,
                without: Vec::new(),
            }),
            None => Err(Error::Columns(table.names().join(", "))),
        }
    }

    fn names(&self) -> Vec<String> {
        self.table.names().to_vec()
    }

    /// What was assumed to read it, once it is read.
    pub fn note(&self) -> Option<String> {
        self.table.note()
    }

    /// The column of the labels: by its name, else the first of words.
    fn label(&self) -> Option<usize> {
        let words = |at: &usize| {
            let named = self
                .table
                .names()
                .get(*at)
                .is_some_and(|name| !name.is_empty());
            named && *at != self.percent && Some(*at) != self.n && !self.table.is_numeric(*at)
        };
        let first = || (0..self.table.names().len()).find(words);
        self.table.column(LABEL).or_else(first)
    }

    fn lacks(&self, kind: &'static str, wanted: &'static str) -> Error {
        Error::List {
            kind,
            wanted,
            found: self.names().join(", "),
        }
    }

    /// A list of labels, percentages and, where known, n; each row gets its interval.
    ///
    /// # Errors
    /// No labels, a cell that is no per cent or number of respondents.
    pub fn plain(&mut self, intervals: Intervals) -> Result<Estimates, Error> {
        let label = self
            .label()
            .ok_or_else(|| self.lacks("dots and bars", "label and percent"))?;
        self.rows(Some(label), None, &[], intervals)
    }

    /// A list for stacked bars: labels, responses (or levels), percentages and, where known, n. Any further column is a grouping
    /// column.
    ///
    /// # Errors
    /// A column that is missing, a cell that is no per cent or number of respondents.
    pub fn of_answers(&mut self, intervals: Intervals) -> Result<Estimates, Error> {
        let wanted = "label, response and percent";
        let (Some(answer), Some(label)) = (self.table.column(ANSWER), self.table.column("label"))
        else {
            return Err(self.lacks("stacked bars", wanted));
        };
        self.grouped(Some(label), Some(answer), intervals)
    }

    /// A list for trends: labels (or series), a time, percentages and, where known, n. Any further column is a grouping
    /// column.
    ///
    /// # Errors
    /// As [`List::of_answers`]; in a column of times, a date that is none.
    pub fn of_waves(&mut self, intervals: Intervals) -> Result<Estimates, Error> {
        let (label, answer) = (self.table.column("series|label"), self.table.column(ANSWER));
        self.grouped(label, answer, intervals)
    }

    fn grouped(
        &mut self,
        label: Option<usize>,
        answer: Option<usize>,
        intervals: Intervals,
    ) -> Result<Estimates, Error> {
        let others = (0..self.table.names().len()).filter(|at| {
            let named = self
                .table
                .names()
                .get(*at)
                .is_some_and(|name| !name.is_empty());
            let known = [label, answer, Some(self.percent), self.n];
            named && !known.contains(&Some(*at))
        });
        let mut groups = Vec::new();
        for at in others.collect::<Vec<usize>>() {
            groups.push((
                self.names()
                    .get(at)
                    .map_or(String::new(), |name| name.to_lowercase()),
                self.group(at)?,
            ));
        }
        self.rows(label, answer, &groups, intervals)
    }

    /// A grouping column; dates as a program writes them.
    fn group(&mut self, column: usize) -> Result<Vec<String>, Error> {
        let texts = |list: &List| {
            let rows = 0..list.table.len();
            rows.map(|row| list.table.text(row, column).to_owned())
                .collect()
        };
        // where some are dates, one that is none is a slip, and no word
        let Some((dated, there)) = self.table.dated(column) else {
            return Ok(texts(self));
        };
        if dated == 0 || (dated < there && 2 * dated < there) {
            return Ok(texts(self));
        }
        let dates = self.table.dates(column)?;
        Ok(dates
            .iter()
            .map(|date| date.map_or(String::new(), |date| date.to_string()))
            .collect())
    }

    fn rows(
        &mut self,
        label: Option<usize>,
        answer: Option<usize>,
        groups: &[(String, Vec<String>)],
        intervals: Intervals,
    ) -> Result<Estimates, Error> {
        let percents = self.table.percents(self.percent)?;
        let sizes = match self.n {
            Some(n) => self.table.counts(n)?,
            None => vec![None; self.table.len()],
        };
        let question = |row: usize| -> Vec<String> {
            let own = answer
                .and(label)
                .map(|label| self.table.text(row, label).to_owned());
            let others = groups
                .iter()
                .filter_map(|(_, values)| values.get(row).cloned());
            own.into_iter().chain(others).collect()
        };
        let questions: Vec<Vec<String>> = (0..percents.len()).map(question).collect();
        let shares = self.of_the_rest(answer.or(label), &questions, percents, sizes)?;
        let mut rows = Vec::new();
        for (row, share) in shares.into_iter().enumerate() {
            let Some((percent, size)) = share else {
                continue;
            };
            if let (Some(0.0), Some(n)) = (size, self.n) {
                let message = "a sample has at least one respondent";
                return Err(self.table.wrong(row, n, message).into());
            }
            let label = match label.map_or("", |label| self.table.text(row, label)) {
                "" => LIST,
                label => label,
            };
            let n = size.or(intervals.assumed_n);
            let assumed = size.is_none() && intervals.assumed_n.is_some();
            let mut estimate = match percent {
                Some(number) => listed(label, &number, n, assumed, intervals)?,
                None => not_asked(label, n),
            };
            estimate.level = answer.map(|answer| self.table.text(row, answer).to_owned());
            for (name, values) in groups {
                estimate
                    .groups
                    .push((name.clone(), values.get(row).cloned()));
            }
            rows.push(estimate);
        }
        estimates(rows)
    }
}

impl List {
    /// The figures as they were printed, for a check or a comparison. An answer is what column response (level, answer)
    /// holds, else the label; the other columns tell questions apart, and net_of names the parts of a NET, `;` between
    /// them. Rows without a per cent are left out.
    ///
    /// # Errors
    /// No labels, a cell that is no per cent or number of respondents.
    pub fn figures(&mut self) -> Result<Vec<ListedFigure>, Error> {
        let label = self
            .label()
            .ok_or_else(|| self.lacks("a check or a comparison", "label and percent"))?;
        let answer = self.table.column(ANSWER).unwrap_or(label);
        let net_of = self.table.column(NET_OF);
        let percents = self.table.percents(self.percent)?;
        let sizes = match self.n {
            Some(n) => self.table.counts(n)?,
            None => vec![None; self.table.len()],
        };
        let known = [Some(answer), Some(self.percent), self.n, net_of];
        let others: Vec<usize> = (0..self.table.names().len())
            .filter(|at| !known.contains(&Some(*at)))
            .filter(|at| {
                self.table
                    .names()
                    .get(*at)
                    .is_some_and(|name| !name.is_empty())
            })
            .collect();
        let mut figures = Vec::new();
        for (row, (number, n)) in percents.iter().zip(sizes).enumerate() {
            let text = |column: usize| self.table.text(row, column).to_owned();
            let Some(number) = number else { continue };
            let percent = match Percent::parse(&number.text) {
                Ok(percent) => percent,
                Err(error) => {
                    return Err(self
                        .table
                        .wrong(row, self.percent, error.to_string())
                        .into());
                }
            };
            let mut question: Vec<String> = others.iter().map(|at| text(*at)).collect();
            question.retain(|part| !part.is_empty());
            let parts = net_of.map_or(String::new(), text);
            figures.push(ListedFigure {
                question: question.join(", "),
                label: text(answer),
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
                line: self.table.line(row),
            });
        }
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
        note: "no per cent is given".to_owned(),
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
    row.groups = vec![("printed".to_owned(), Some(printed(number)))];
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
