//! A file whose variables are told more of than it says itself: labels, their order, values that are no answer.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    named: Vec<NamedMissing>,
    read: Mutex<BTreeSet<String>>,
    notes: Vec<String>,
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
        let own = source.codebook().variables.iter();
        let added = own.zip(&codebook.variables).map(|(own, variable)| {
            let values = variable.missing.values.iter();
            let more = values.filter(|value| !own.missing.values.contains(value));
            more.cloned().collect()
        });
        Annotated {
            added: added.collect(),
            source,
            codebook,
            named: Vec::new(),
            read: Mutex::default(),
            notes: Vec::new(),
        }
    }

    /// With what was assumed about the annotations.
    pub(crate) fn with_notes(self, notes: Vec<String>) -> Annotated {
        Annotated { notes, ..self }
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
                self.note_values(&column);
                Ok(column)
            }
            (View::Numbers, Column::Numbers(mut numbers)) => {
                let missing: Vec<f64> = added
                    .iter()
                    .filter_map(|value| number(variable, value))
                    .collect();
                for number in &mut numbers {
                    if missing.contains(number) {
                        self.note_number(*number);
                        *number = f64::NAN;
                    }
                }
                Ok(Column::Numbers(numbers))
            }
            (View::Numbers, Column::Codes(coded)) => {
                let codes: Vec<u32> = (0..coded.codes.len())
                    .map(|row| coded.codes.get(row))
                    .collect();
                let numbers = as_numbers(variable, &codes, &coded.values)?;
                self.note_values(&Column::Codes(coded));
                Ok(Column::Numbers(numbers))
            }
        }
    }

    fn note_values(&self, column: &Column) {
        let Column::Codes(coded) = column else {
            return;
        };
        for named in &self.named {
            if !named.occurred.load(Ordering::Relaxed)
                && coded
                    .values
                    .iter()
                    .any(|value| named.values.contains(value))
            {
                named.occurred.store(true, Ordering::Relaxed);
            }
        }
    }

    fn note_number(&self, number: f64) {
        let value = Value::Number(number);
        for named in &self.named {
            if named.values.contains(&value) {
                named.occurred.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Which entries were named in vain.
    fn unmatched(&self) -> Vec<String> {
        let read = lock(&self.read);
        if read.is_empty() {
            return Vec::new();
        }
        let columns: Vec<&str> = read.iter().map(String::as_str).collect();
        let columns = match columns.as_slice() {
            few @ ([_] | [_, _] | [_, _, _]) => few.join(", "),
            many => format!("the {} columns that were read", many.len()),
        };
        let vain = self
            .named
            .iter()
            .filter(|named| !named.occurred.load(Ordering::Relaxed));
        vain.map(|named| format!("--na {}: no entry of {columns} is that", named.text))
            .collect()
    }

    /// Whether texts have to be looked at to tell which are missing.
    fn is_text_with_more(&self, at: usize) -> bool {
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
        [self.source.notes(), self.notes.clone(), self.unmatched()].concat()
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
        lock(&self.read).extend(requests.iter().map(|request| request.name.clone()));
        let passed: Vec<ColumnRequest> = requests
            .iter()
            .zip(&places)
            .map(|(request, (at, _))| ColumnRequest {
                name: request.name.clone(),
                view: match self.is_text_with_more(*at) {
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
