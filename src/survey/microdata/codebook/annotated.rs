//! A file whose variables are told more of than it says itself: labels, their order, values that are no answer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::survey::microdata::inference::few::{FewValues, values_of};
use crate::survey::microdata::memory::as_numbers;
use crate::survey::microdata::{
    Batch, Codebook, Column, ColumnRequest, Error, Kind, Source, Value, Variable, View, time,
};

/// A file with another codebook for the same variables.
pub(crate) struct Annotated {
    source: Box<dyn Source>,
    codebook: Codebook,
    /// What is missing of each variable beside what the file says.
    added: Vec<Vec<Value>>,
    /// Whether the file calls something missing of a variable that the codebook doesn’t: its numbers lack it.
    less: Vec<bool>,
    named: Vec<NamedMissing>,
    /// The columns that were read, by their places, and their values where some were named as missing.
    read: Mutex<Option<BTreeMap<usize, FewValues>>>,
    notes: Vec<String>,
    /// The name of the table that tells of the variables, where one does.
    told_by: Option<String>,
}

/// An entry that was named as missing, and whether it occurred.
struct NamedMissing {
    text: String,
    values: Vec<Value>,
    occurred: AtomicBool,
}

impl NamedMissing {
    /// `98` is the number wherever the variable is one, and the letters elsewhere.
    fn new(text: &str) -> NamedMissing {
        let text = text.trim().to_owned();
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        let number = number.map(|number| Value::Number(number + 0.0));
        NamedMissing {
            values: std::iter::once(Value::Text(text.clone()))
                .chain(number)
                .collect(),
            text,
            occurred: AtomicBool::new(false),
        }
    }
}

impl Annotated {
    /// The variables of `codebook` are those of the file.
    pub(crate) fn new(source: Box<dyn Source>, codebook: Codebook) -> Annotated {
        let own = source.codebook().variables.iter().zip(&codebook.variables);
        let added = own.clone().map(|(own, variable)| {
            let values = variable.missing.values.iter();
            let more = values.filter(|value| !own.missing.values.contains(value));
            more.cloned().collect()
        });
        let less = own.map(|(own, variable)| {
            let mut values = own.missing.values.iter();
            let given_back = values.any(|value| !variable.missing.values.contains(value));
            given_back || own.missing.ranges != variable.missing.ranges
        });
        Annotated {
            added: added.collect(),
            less: less.collect(),
            source,
            codebook,
            named: Vec::new(),
            read: Mutex::default(),
            notes: Vec::new(),
            told_by: None,
        }
    }

    /// With the name of the table that the annotations are from, and what was assumed about it.
    pub(crate) fn told_by(self, name: String, notes: Vec<String>) -> Annotated {
        Annotated {
            notes,
            told_by: Some(name),
            ..self
        }
    }

    /// That a table tells nothing of the columns that were read.
    fn told_in_vain(&self) -> Option<String> {
        let name = self.told_by.as_ref()?;
        let read = lock(&self.read);
        let (own, told) = (&self.source.codebook().variables, &self.codebook.variables);
        let read = read.as_ref()?;
        let is_told = |at: &usize| own.get(*at) != told.get(*at);
        if read.keys().any(is_told) {
            return None;
        }
        let names = read.keys().filter_map(|at| told.get(*at));
        let names: Vec<&str> = names.map(|variable| variable.name.as_str()).collect();
        let of = match names.len() {
            0 => "no column was read".to_owned(),
            1..=3 => format!("it tells nothing of {}", names.join(", ")),
            many => format!("it tells nothing of the {many} columns that were read"),
        };
        Some(format!("--codebook changes nothing: {name}: {of}"))
    }

    /// The same file with these entries missing in every variable; numbers match as numbers.
    pub(crate) fn with_missing(source: Box<dyn Source>, texts: &[String]) -> Annotated {
        let named: Vec<NamedMissing> = texts.iter().map(|text| NamedMissing::new(text)).collect();
        let mut codebook = source.codebook().clone();
        for variable in &mut codebook.variables {
            for value in named.iter().flat_map(|named| &named.values) {
                let fits = (variable.kind == Kind::Number) == matches!(value, Value::Number(_));
                if fits && !variable.missing.values.contains(value) {
                    variable.missing.values.push(value.clone());
                }
            }
        }
        Annotated {
            named,
            ..Annotated::new(source, codebook)
        }
    }

    /// A column as the file has it, with what is missing besides left out of the numbers.
    fn masked(&self, at: usize, view: View, column: Column) -> Result<Column, Error> {
        let (Some(variable), Some(added)) = (self.codebook.variables.get(at), self.added.get(at))
        else {
            return Ok(column);
        };
        match (view, column) {
            (View::Codes, column) => {
                self.note_values(at, &column);
                Ok(column)
            }
            (View::Numbers, Column::Numbers(mut numbers)) => {
                let missing: Vec<(f64, &Value)> = added
                    .iter()
                    .filter_map(|value| Some((number(variable, value)?, value)))
                    .collect();
                for number in &mut numbers {
                    if let Some((_, value)) = missing.iter().find(|(at, _)| at == number) {
                        self.note_value(value);
                        *number = f64::NAN;
                    }
                }
                self.note_numbers(at, &numbers);
                Ok(Column::Numbers(numbers))
            }
            (View::Numbers, Column::Codes(coded)) => {
                let codes: Vec<u32> = (0..coded.codes.len())
                    .map(|row| coded.codes.get(row))
                    .collect();
                let numbers = as_numbers(variable, &codes, &coded.values)?;
                self.note_values(at, &Column::Codes(coded));
                Ok(Column::Numbers(numbers))
            }
        }
    }

    /// Looks for the entries that were named as missing.
    fn note_values(&self, at: usize, column: &Column) {
        let Column::Codes(coded) = column else {
            return;
        };
        if self.named.is_empty() {
            return;
        }
        let missing = self.source.codebook().variables.get(at);
        let missing = missing.map(|variable| &variable.missing);
        let mut values = FewValues::default();
        for value in coded.values.iter() {
            if *value != Value::Null && !missing.is_some_and(|missing| missing.holds(value)) {
                self.note_value(value);
                values.add(value.text().as_bytes());
            }
        }
        self.keep(at, values);
    }

    fn note_numbers(&self, at: usize, numbers: &[f64]) {
        if self.named.is_empty() {
            return;
        }
        let mut values = FewValues::default();
        for number in numbers.iter().filter(|number| !number.is_nan()) {
            if !values.is_full() {
                values.add(Value::Number(*number).text().as_bytes());
            }
        }
        self.keep(at, values);
    }

    fn note_value(&self, value: &Value) {
        for named in &self.named {
            if !named.occurred.load(Ordering::Relaxed) && named.values.contains(value) {
                named.occurred.store(true, Ordering::Relaxed);
            }
        }
    }

    fn keep(&self, at: usize, values: FewValues) {
        let mut read = lock(&self.read);
        read.get_or_insert_default()
            .entry(at)
            .or_default()
            .merge(values);
    }

    /// Which entries were named in vain.
    fn unmatched(&self) -> Vec<String> {
        let read = lock(&self.read);
        let Some(read) = read.as_ref() else {
            return Vec::new();
        };
        let own = &self.source.codebook().variables;
        let is_missing_anyway = |named: &NamedMissing| {
            let mut declared = read.keys().filter_map(|at| own.get(*at));
            declared.any(|variable| {
                let mut values = named.values.iter();
                values.any(|value| variable.missing.holds(value))
            })
        };
        let vain = self
            .named
            .iter()
            .filter(|named| !named.occurred.load(Ordering::Relaxed));
        let (anyway, vain): (Vec<_>, Vec<_>) = vain.partition(|named| is_missing_anyway(named));
        let texts = |named: &[&NamedMissing]| -> Vec<String> {
            named.iter().map(|named| named.text.clone()).collect()
        };
        let mut notes = Vec::new();
        if !anyway.is_empty() {
            notes.push(format!(
                "--na {} changes nothing: the file says it is missing",
                texts(&anyway).join(",")
            ));
        }
        let columns = read.iter().filter_map(|(at, values)| {
            let variable = self.codebook.variables.get(*at)?;
            Some((variable.name.as_str(), values))
        });
        let vain = texts(&vain);
        let vain: Vec<&str> = vain.iter().map(String::as_str).collect();
        notes.extend(values_of(&vain, &columns.collect::<Vec<_>>(), ""));
        notes
    }

    /// Whether its values have to be looked at to tell which are missing: its numbers alone don’t say.
    fn is_told_by_values(&self, at: usize) -> bool {
        if self.less.get(at).is_some_and(|less| *less) {
            return true;
        }
        let variable = self.codebook.variables.get(at);
        let text = variable.is_some_and(|variable| variable.kind == Kind::Text);
        text && self.added.get(at).is_some_and(|added| !added.is_empty())
    }
}

/// A missing value as the numbers view has it.
fn number(variable: &Variable, value: &Value) -> Option<f64> {
    match (value, variable.kind) {
        (Value::Number(number), _) => Some(*number),
        (Value::Text(text), Kind::Date) => time::days(text),
        (Value::Text(text), Kind::DateTime) => time::seconds(text),
        _ => None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Source for Annotated {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        self.source.rows()
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = [self.source.notes(), self.notes.clone(), self.unmatched()].concat();
        notes.extend(self.told_in_vain());
        notes
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let places = requests
            .iter()
            .map(|request| Ok((self.codebook.position(&request.name)?, request.view)))
            .collect::<Result<Vec<(usize, View)>, Error>>()?;
        let mut read = lock(&self.read);
        let read_now = read.get_or_insert_default();
        for (at, _) in &places {
            read_now.entry(*at).or_default();
        }
        drop(read);
        let passed: Vec<ColumnRequest> = requests
            .iter()
            .zip(&places)
            .map(|(request, (at, _))| ColumnRequest {
                name: request.name.clone(),
                view: match self.is_told_by_values(*at) {
                    true => View::Codes,
                    false => request.view,
                },
            })
            .collect();
        self.source.scan(&passed, &|batch| {
            let columns = std::mem::take(&mut batch.columns).into_iter();
            batch.columns = columns
                .zip(&places)
                .map(|(column, (at, view))| self.masked(*at, *view, column))
                .collect::<Result<_, Error>>()?;
            each(batch)
        })
    }
}
