//! The codebook with counts: what a first look at a file needs.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::frames::look_alike_warnings;
use crate::frames::words::and;
use crate::statistics::special::Sum;
use crate::survey::microdata::decoding::coding::QuickMap;
use crate::survey::microdata::decoding::rounded::rounded_note;
use crate::survey::microdata::{
    Batch, Codes, Column, ColumnRequest, Error, Kind, MultipleResponse, Source, Value, Variable,
    View,
};
use crate::tabular::places_in_time;

/// Distinct values of a variable that are counted; beyond, their number is not known.
pub const DISTINCT: usize = 1000;

/// A file of respondents, variable by variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    pub rows: u64,
    /// In the order of the file.
    pub variables: Vec<VariableSummary>,
    /// Questions with several answers, in the order of the file.
    pub sets: Vec<SetSummary>,
}

/// A question with several answers, each of which is a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct SetSummary {
    pub name: String,
    pub label: Option<String>,
    /// The value that says that an answer was given; `None` where each variable names an answer.
    pub counted: Option<Value>,
    /// The variables, with the number of respondents who gave that answer: those with the value that counts, or with any.
    pub variables: Vec<(String, u64)>,
}

/// What the entries of a variable are.
#[derive(Clone, Debug, PartialEq)]
pub struct VariableSummary {
    pub name: String,
    pub label: Option<String>,
    pub kind: Kind,
    /// Entries that are an answer.
    pub valid: u64,
    /// Entries where nothing was recorded.
    pub null: u64,
    /// Recorded values that are no answer, with their counts: in the order of the labels, then by
    /// [`Value::order`](crate::survey::microdata::Value::order). At most [`DISTINCT`], the rest is in `other_missing`.
    pub missing: Vec<LevelCount>,
    /// Entries of missing values beyond those in `missing`.
    pub other_missing: u64,
    /// The answers with their counts, in the same order; values with a label that nobody gave count 0. `None` where there
    /// are more than [`DISTINCT`] distinct ones.
    pub levels: Option<Vec<LevelCount>>,
    /// Of the answers, where the variable is numbers and has any.
    pub numbers: Option<NumberSummary>,
}

/// A value, its label and the number of entries.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelCount {
    pub value: Value,
    pub label: Option<String>,
    pub count: u64,
}

/// Unweighted; dates in days and moments in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberSummary {
    pub min: f64,
    /// Of an even number of answers, the mean of the middle two.
    pub median: f64,
    /// The sum of the answers by their number. The sum is compensated (Neumaier), so it does not depend on their order by
    /// more than a rounding.
    pub mean: f64,
    pub max: f64,
}

/// Numbers that are held in memory at a time: 256 MB of them, or one column.
const HELD: u64 = 32 << 20;

/// Counts every variable of a file: one scan of all of them for the counts, and further ones of the numbers with more than
/// [`DISTINCT`] distinct values for their medians, which are exact. Those hold 256 MB of numbers at a time, or one column
/// where that is longer.
///
/// # Errors
/// Those of the scans.
pub fn describe(source: &dyn Source) -> Result<Description, Error> {
    let variables = &source.codebook().variables;
    let (rows, counts) = counts(source)?;
    let mut summaries: Vec<VariableSummary> = variables
        .iter()
        .zip(&counts)
        .map(|(variable, counts)| summary(variable, counts))
        .collect();
    let open: Vec<usize> = summaries
        .iter()
        .enumerate()
        .filter(|(_, summary)| {
            summary.kind != Kind::Text && summary.valid > 0 && summary.numbers.is_none()
        })
        .map(|(at, _)| at)
        .collect();
    let at_a_time = usize::try_from(HELD / rows.max(1)).unwrap_or(1).max(1);
    for some in open.chunks(at_a_time) {
        for (at, numbers) in some.iter().zip(columns(source, some)?) {
            if let Some(summary) = summaries.get_mut(*at) {
                summary.numbers = summary_of_numbers(numbers);
            }
        }
    }
    let sets = source.codebook().sets.iter();
    Ok(Description {
        rows,
        sets: sets.map(|set| set_summary(set, &summaries)).collect(),
        variables: summaries,
    })
}

fn set_summary(set: &MultipleResponse, summaries: &[VariableSummary]) -> SetSummary {
    let given = |name: &String| {
        let summary = summaries.iter().find(|summary| summary.name == *name);
        let count = summary.map_or(0, |summary| match &set.counted {
            None => summary.valid,
            Some(counted) => {
                let levels = summary.levels.iter().flatten();
                let counting = levels.filter(|level| level.value == *counted);
                counting.map(|level| level.count).sum()
            }
        });
        (name.clone(), count)
    };
    SetSummary {
        name: set.name.clone(),
        label: set.label.clone(),
        counted: set.counted.clone(),
        variables: set.variables.iter().map(given).collect(),
    }
}

impl Description {
    /// Answers to one question that look alike and are counted apart.
    pub fn warnings(&self) -> Vec<String> {
        let of_variable = |summary: &VariableSummary| {
            let levels = summary.levels.iter().flatten();
            let names: Vec<String> = levels
                .map(|level| level.label.clone().unwrap_or_else(|| level.value.text()))
                .collect();
            look_alike_warnings(&summary.name, names.iter().map(String::as_str))
        };
        self.variables.iter().flat_map(of_variable).collect()
    }

    /// Numbers with more digits than a float has, of variables whose values are few: the file itself tells of the others.
    pub fn notes(&self) -> Vec<String> {
        let is_text = |level: &LevelCount| matches!(level.value, Value::Text(_));
        let is_long = |summary: &&VariableSummary| {
            summary.kind == Kind::Number && summary.levels.iter().flatten().any(is_text)
        };
        let long = self.variables.iter().filter(is_long);
        let names: Vec<String> = long.map(|summary| summary.name.clone()).collect();
        match names.is_empty() {
            true => Vec::new(),
            false => vec![rounded_note(&and(&names))],
        }
    }
}

fn counts(source: &dyn Source) -> Result<(u64, Vec<Counts>), Error> {
    let variables = &source.codebook().variables;
    let requests: Vec<ColumnRequest> = variables
        .iter()
        .map(|variable| request(variable, View::Codes))
        .collect();
    let counting = Mutex::new((0, vec![Counts::default(); variables.len()]));
    source.scan(&requests, &|batch| {
        let counted = counted(variables, batch)?;
        let mut all = lock(&counting);
        all.0 += batch.rows as u64;
        for (all, counts) in all.1.iter_mut().zip(counted) {
            all.add(counts);
        }
        Ok(())
    })?;
    Ok(counting
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn request(variable: &Variable, view: View) -> ColumnRequest {
    ColumnRequest {
        name: variable.name.clone(),
        view,
    }
}

/// Counts of values, as long as there are few of them.
#[derive(Clone, Default)]
struct Counts {
    valid: u64,
    null: u64,
    other_missing: u64,
    missing: Tally,
    levels: Tally,
    /// There are more than [`DISTINCT`] answers.
    many: bool,
}

/// Numbers by their bits, texts by themselves.
#[derive(Clone, Default)]
struct Tally {
    numbers: QuickMap<u64, u64>,
    texts: HashMap<String, u64>,
}

impl Tally {
    fn len(&self) -> usize {
        self.numbers.len() + self.texts.len()
    }

    /// Counts the value unless it is new and there are enough.
    fn add(&mut self, value: &Value, count: u64) -> bool {
        let full = self.len() >= DISTINCT;
        match value {
            Value::Null => {}
            Value::Number(number) => match self.numbers.get_mut(&number.to_bits()) {
                Some(counted) => *counted += count,
                None if full => return false,
                None => drop(self.numbers.insert(number.to_bits(), count)),
            },
            Value::Text(text) => match self.texts.get_mut(text) {
                Some(counted) => *counted += count,
                None if full => return false,
                None => drop(self.texts.insert(text.clone(), count)),
            },
        }
        true
    }

    fn count(&self, value: &Value) -> u64 {
        let found = match value {
            Value::Null => None,
            Value::Number(number) => self.numbers.get(&number.to_bits()),
            Value::Text(text) => self.texts.get(text),
        };
        found.copied().unwrap_or(0)
    }

    fn values(&self) -> impl Iterator<Item = (Value, u64)> {
        let numbers = self
            .numbers
            .iter()
            .map(|(bits, count)| (Value::Number(f64::from_bits(*bits)), *count));
        let texts = self
            .texts
            .iter()
            .map(|(text, count)| (Value::Text(text.clone()), *count));
        numbers.chain(texts)
    }
}

impl Counts {
    fn add_value(&mut self, variable: &Variable, value: &Value, count: u64) {
        if *value == Value::Null {
            self.null += count;
        } else if variable.missing.holds(value) {
            if !self.missing.add(value, count) {
                self.other_missing += count;
            }
        } else {
            self.valid += count;
            self.many = self.many || !self.levels.add(value, count);
        }
    }

    fn add(&mut self, other: Counts) {
        self.valid += other.valid;
        self.null += other.null;
        self.other_missing += other.other_missing;
        for (value, count) in other.missing.values() {
            if !self.missing.add(&value, count) {
                self.other_missing += count;
            }
        }
        self.many = self.many || other.many;
        for (value, count) in other.levels.values() {
            self.many = self.many || !self.levels.add(&value, count);
        }
    }
}

fn counted(variables: &[Variable], batch: &Batch) -> Result<Vec<Counts>, Error> {
    let column = |(variable, column): (&Variable, &Column)| {
        let Column::Codes(coded) = column else {
            return Err(Error::Stopped(format!(
                "{} came in another view than asked",
                variable.name
            )));
        };
        let mut of_codes = vec![0_u64; coded.values.len()];
        let mut count = |code: usize| {
            if let Some(count) = of_codes.get_mut(code) {
                *count += 1;
            }
        };
        match &coded.codes {
            Codes::Narrow(codes) => codes.iter().for_each(|code| count(usize::from(*code))),
            Codes::Wide(codes) => codes.iter().for_each(|code| count(*code as usize)),
        }
        let mut counts = Counts::default();
        for (value, count) in coded.values.iter().zip(of_codes) {
            if count > 0 {
                counts.add_value(variable, value, count);
            }
        }
        Ok(counts)
    };
    variables.iter().zip(&batch.columns).map(column).collect()
}

/// All but the numbers of a variable with many values.
fn summary(variable: &Variable, counts: &Counts) -> VariableSummary {
    let few = variable.kind == Kind::Number && !counts.many;
    VariableSummary {
        name: variable.name.clone(),
        label: variable.label.clone(),
        kind: variable.kind,
        valid: counts.valid,
        null: counts.null,
        missing: ordered(variable, &counts.missing, true),
        other_missing: counts.other_missing,
        levels: (!counts.many).then(|| ordered(variable, &counts.levels, false)),
        numbers: few.then(|| summary_of_counts(&counts.levels)).flatten(),
    }
}

/// Labelled values in the order of their labels, then the others by size or letter.
fn ordered(variable: &Variable, tally: &Tally, missing: bool) -> Vec<LevelCount> {
    let labelled = variable
        .labels
        .iter()
        .filter(|(value, _)| *value != Value::Null && variable.missing.holds(value) == missing)
        .map(|(value, label)| LevelCount {
            value: value.clone(),
            label: Some(label.clone()),
            count: tally.count(value),
        });
    let mut levels: Vec<LevelCount> = labelled.collect();
    let mut others: Vec<LevelCount> = tally
        .values()
        .filter(|(value, _)| variable.label_of(value).is_none())
        .map(|(value, count)| LevelCount {
            value,
            label: None,
            count,
        })
        .collect();
    others.sort_by(|a, b| a.value.order(&b.value));
    let texts: Vec<String> = others.iter().map(|level| level.value.text()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let times = match variable.kind {
        Kind::Text if variable.labels.is_empty() => places_in_time(&texts),
        _ => None,
    };
    if let Some(times) = times {
        let mut timed: Vec<(f64, LevelCount)> = times.into_iter().zip(others).collect();
        timed.sort_by(|a, b| a.0.total_cmp(&b.0));
        others = timed.into_iter().map(|(_, level)| level).collect();
    }
    levels.extend(others);
    levels
}

/// The same from the counts of few distinct numbers.
fn summary_of_counts(levels: &Tally) -> Option<NumberSummary> {
    // whole numbers that no float holds exactly are texts among the values
    let long = levels.texts.iter();
    let long = long.filter_map(|(text, count)| Some((text.parse().ok()?, *count)));
    let numbers = levels.numbers.iter();
    let numbers = numbers.map(|(bits, count)| (f64::from_bits(*bits), *count));
    let mut counted: Vec<(f64, u64)> = numbers.chain(long).collect();
    counted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n: u64 = counted.iter().map(|(_, count)| count).sum();
    let at = |place: u64| {
        let mut before = 0;
        let found = counted.iter().find(|(_, count)| {
            before += count;
            place < before
        });
        found.map(|(number, _)| *number)
    };
    let mut sum = Sum::ZERO;
    for (number, count) in &counted {
        sum.add_sum(Sum::product(*number, *count as f64));
    }
    Some(NumberSummary {
        min: at(0)?,
        median: middle(at(n.checked_sub(1)? / 2)?, at(n / 2)?),
        mean: (sum / Sum::from(n as f64)).value(),
        max: at(n - 1)?,
    })
}

/// The answers of some variables.
fn columns(source: &dyn Source, variables: &[usize]) -> Result<Vec<Vec<f64>>, Error> {
    let requests: Vec<ColumnRequest> = variables
        .iter()
        .filter_map(|at| source.codebook().variables.get(*at))
        .map(|variable| request(variable, View::Numbers))
        .collect();
    let all = Mutex::new(vec![Vec::new(); requests.len()]);
    source.scan(&requests, &|batch| {
        for (all, column) in lock(&all).iter_mut().zip(&batch.columns) {
            if let Column::Numbers(numbers) = column {
                all.extend(numbers.iter().filter(|number| !number.is_nan()));
            }
        }
        Ok(())
    })?;
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The same from the answers themselves.
fn summary_of_numbers(mut numbers: Vec<f64>) -> Option<NumberSummary> {
    // sorted, nothing depends on the order in which the threads came
    numbers.sort_unstable_by(f64::total_cmp);
    let n = numbers.len();
    let mut sum = Sum::ZERO;
    for number in &numbers {
        sum.add(*number);
    }
    Some(NumberSummary {
        min: *numbers.first()?,
        median: middle(*numbers.get(n.checked_sub(1)? / 2)?, *numbers.get(n / 2)?),
        mean: (sum / Sum::from(n as f64)).value(),
        max: *numbers.last()?,
    })
}

/// Of two numbers; halves first, so that it does not overflow.
fn middle(low: f64, high: f64) -> f64 {
    match low == high {
        true => low,
        false => low / 2.0 + high / 2.0,
    }
}
