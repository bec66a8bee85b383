//! Respondents held in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::survey::microdata::decoding::coding::Coder;
use crate::survey::microdata::time;
use crate::survey::microdata::{
    Batch, Codebook, Coded, Codes, Column, ColumnRequest, Error, Kind, MultipleResponse, Source,
    Value, Variable, View,
};

/// Rows of a batch.
pub(super) const BATCH: usize = 65_536;

/// A file of respondents in memory, with every column in the order of the file. Where a pass over the rows is not enough,
/// as in raking, this is what to work on: 8 bytes a number, 4 bytes a text.
#[derive(Clone, Debug)]
pub struct Memory {
    codebook: Codebook,
    rows: usize,
    columns: Vec<MemoryColumn>,
}

/// The entries of one variable.
#[derive(Clone, Debug)]
pub enum MemoryColumn {
    /// Numbers as recorded, user-missing ones too; NaN where nothing was recorded.
    Numbers(Vec<f64>),
    /// Codes into values that are each held once.
    Texts {
        codes: Vec<u32>,
        values: Arc<Vec<Value>>,
    },
}

impl MemoryColumn {
    /// Texts, `None` where nothing was recorded.
    pub fn from_texts<T: AsRef<str>>(texts: impl IntoIterator<Item = Option<T>>) -> MemoryColumn {
        let mut coder = Coder::default();
        let codes = texts
            .into_iter()
            .map(|text| match text {
                Some(text) => coder.text(text.as_ref()),
                None => coder.null(),
            })
            .collect();
        MemoryColumn::Texts {
            codes,
            values: coder.finish().values,
        }
    }

    fn len(&self) -> usize {
        match self {
            MemoryColumn::Numbers(numbers) => numbers.len(),
            MemoryColumn::Texts { codes, .. } => codes.len(),
        }
    }
}

impl Memory {
    /// The columns stand in the order of the codebook's variables.
    ///
    /// # Errors
    /// Another number of columns than variables, columns of different lengths, or a code that stands for no value.
    pub fn new(codebook: Codebook, columns: Vec<MemoryColumn>) -> Result<Memory, Error> {
        let (variables, given) = (codebook.variables.len(), columns.len());
        if variables != given {
            let message = format!("{given} columns are given for {variables} variables");
            return Err(Error::Stopped(message));
        }
        let rows = columns.first().map_or(0, MemoryColumn::len);
        for (variable, column) in codebook.variables.iter().zip(&columns) {
            let (name, found) = (&variable.name, column.len());
            if found != rows {
                let message =
                    format!("{name} has {found} entries where the first column has {rows}");
                return Err(Error::Stopped(message));
            }
            if let MemoryColumn::Texts { codes, values } = column
                && let Some(code) = codes.iter().find(|code| **code as usize >= values.len())
            {
                let message = format!(
                    "{name}: code {code} stands for none of its {} values",
                    values.len()
                );
                return Err(Error::Stopped(message));
            }
        }
        Ok(Memory {
            codebook,
            rows,
            columns,
        })
    }

    /// The named variables of another file, in that order; all of them where `names` is empty.
    ///
    /// # Errors
    /// [`Error::NoVariable`], and those of the scan.
    pub fn read(source: &dyn Source, names: &[String]) -> Result<Memory, Error> {
        let codebook = chosen(source.codebook(), names)?;
        let requests: Vec<ColumnRequest> = codebook
            .variables
            .iter()
            .map(|variable| ColumnRequest {
                name: variable.name.clone(),
                view: stored_view(variable),
            })
            .collect();
        let parts = Mutex::new(Vec::new());
        source.scan(&requests, &|batch| {
            lock(&parts).push(std::mem::take(batch));
            Ok(())
        })?;
        let mut parts = parts.into_inner().unwrap_or_else(PoisonError::into_inner);
        // a scan hands out its batches in any order
        parts.sort_by_key(|batch: &Batch| batch.first_row);
        let rows = parts.iter().map(|batch| batch.rows).sum();
        let mut columns: Vec<Joined> = requests
            .iter()
            .map(|request| Joined::new(request.view, rows))
            .collect();
        for batch in parts {
            for (joined, column) in columns.iter_mut().zip(batch.columns) {
                joined.append(column)?;
            }
        }
        Memory::new(codebook, columns.into_iter().map(Joined::finish).collect())
    }

    /// Rows with the same value of a column, apart, in the order of the values; and how many rows have none.
    ///
    /// # Errors
    /// [`Error::NoVariable`].
    pub fn split(&self, name: &str) -> Result<(Vec<(Value, Memory)>, usize), Error> {
        let by = self.columns.get(self.codebook.position(name)?);
        let value = |row: usize| match by {
            Some(MemoryColumn::Numbers(numbers)) if numbers[row].is_nan() => Value::Null,
            Some(MemoryColumn::Numbers(numbers)) => Value::Number(numbers[row]),
            Some(MemoryColumn::Texts { codes, values }) => values[codes[row] as usize].clone(),
            None => Value::Null,
        };
        let mut order: Vec<(Value, usize)> = (0..self.rows).map(|row| (value(row), row)).collect();
        // rows of one value stay in their order
        order.sort_by(|(one, _), (other, _)| one.order(other));
        let mut parts = Vec::new();
        let mut without = 0;
        for of_value in order.chunk_by(|(one, _), (next, _)| one == next) {
            let Some((value, _)) = of_value.first() else {
                continue;
            };
            if *value == Value::Null {
                without = of_value.len();
                continue;
            }
            let rows = || of_value.iter().map(|(_, row)| *row);
            let column = |column: &MemoryColumn| match column {
                MemoryColumn::Numbers(numbers) => {
                    MemoryColumn::Numbers(rows().map(|row| numbers[row]).collect())
                }
                MemoryColumn::Texts { codes, values } => MemoryColumn::Texts {
                    codes: rows().map(|row| codes[row]).collect(),
                    values: Arc::clone(values),
                },
            };
            let columns = self.columns.iter().map(column).collect();
            parts.push((value.clone(), Memory::new(self.codebook.clone(), columns)?));
        }
        Ok((parts, without))
    }

    /// The entries of the variables, in their order.
    pub fn columns(&self) -> &[MemoryColumn] {
        &self.columns
    }

    fn column(&self, at: usize, view: View, from: usize, rows: usize) -> Result<Column, Error> {
        let (Some(column), Some(variable)) =
            (self.columns.get(at), self.codebook.variables.get(at))
        else {
            return Err(Error::Stopped("a column is missing".to_owned()));
        };
        Ok(match (column, view) {
            (MemoryColumn::Numbers(numbers), View::Numbers) => {
                let of_batch = part(numbers, from, rows).iter();
                Column::Numbers(of_batch.map(|number| answered(variable, *number)).collect())
            }
            (MemoryColumn::Numbers(numbers), View::Codes) => {
                Column::Codes(coded(variable.kind, part(numbers, from, rows)))
            }
            (MemoryColumn::Texts { codes, values }, View::Codes) => Column::Codes(Coded {
                codes: narrowed(part(codes, from, rows), values.len()),
                values: Arc::clone(values),
            }),
            (MemoryColumn::Texts { codes, values }, View::Numbers) => {
                let of_batch = part(codes, from, rows);
                Column::Numbers(as_numbers(variable, of_batch, values)?)
            }
        })
    }
}

impl Source for Memory {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        Some(self.rows as u64)
    }

    fn notes(&self) -> Vec<String> {
        self.codebook.note_of_unread().into_iter().collect()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        use rayon::prelude::*;
        let columns = requests
            .iter()
            .map(|request| Ok((self.codebook.position(&request.name)?, request.view)))
            .collect::<Result<Vec<(usize, View)>, Error>>()?;
        let batches = self.rows.div_ceil(BATCH);
        (0..batches).into_par_iter().try_for_each(|batch| {
            let from = batch * BATCH;
            let rows = BATCH.min(self.rows - from);
            let columns = columns
                .iter()
                .map(|(at, view)| self.column(*at, *view, from, rows))
                .collect::<Result<Vec<Column>, Error>>()?;
            each(&mut Batch {
                first_row: from as u64,
                rows,
                columns,
            })
        })
    }
}

fn part<T>(entries: &[T], from: usize, rows: usize) -> &[T] {
    entries.get(from..from + rows).unwrap_or_default()
}

/// The codebook of the named variables, and the sets of which all are there; a name that is given twice counts once.
fn chosen(codebook: &Codebook, names: &[String]) -> Result<Codebook, Error> {
    // what can't be read was said where the rest is read from
    let whole = Codebook {
        unread: Vec::new(),
        ..codebook.clone()
    };
    if names.is_empty() {
        return Ok(whole);
    }
    let mut chosen = Codebook {
        variables: Vec::with_capacity(names.len()),
        ..whole
    };
    for name in names {
        let variable = codebook.variable(name)?;
        if chosen.variables.iter().all(|other| other.name != *name) {
            chosen.variables.push(variable.clone());
        }
    }
    let there = |name: &String| {
        chosen
            .variables
            .iter()
            .any(|variable| variable.name == *name)
    };
    let kept = |set: &MultipleResponse| set.variables.iter().all(there);
    chosen.sets = codebook
        .sets
        .iter()
        .filter(|set| kept(set))
        .cloned()
        .collect();
    Ok(chosen)
}

/// The view that keeps everything: missing kinds are lost in the one of numbers.
fn stored_view(variable: &Variable) -> View {
    match variable.kind {
        Kind::Text => View::Codes,
        _ if variable.missing.is_empty() => View::Numbers,
        _ => View::Codes,
    }
}

/// A number, or NaN where the codebook says that it is no answer.
pub(super) fn answered(variable: &Variable, number: f64) -> f64 {
    match variable.missing.is_empty() || !variable.missing.holds(&Value::Number(number)) {
        true => number,
        false => f64::NAN,
    }
}

/// What a recorded number stands for in the codes.
pub(super) fn number_code(coder: &mut Coder, kind: Kind, number: f64) -> u32 {
    if number.is_nan() {
        return coder.null();
    }
    let written = match kind {
        Kind::Date => time::date(number),
        Kind::DateTime => time::date_time(number),
        Kind::Number | Kind::Text => None,
    };
    match written {
        Some(written) => coder.text(&written),
        None => coder.number(number),
    }
}

pub(super) fn coded(kind: Kind, numbers: &[f64]) -> Coded {
    let mut coder = Coder::with_capacity(numbers.len());
    for number in numbers {
        let code = number_code(&mut coder, kind, *number);
        coder.push(code);
    }
    coder.finish()
}

pub(super) fn narrowed(codes: &[u32], values: usize) -> Codes {
    match values <= 256 {
        true => Codes::Narrow(codes.iter().map(|code| *code as u8).collect()),
        false => Codes::Wide(codes.to_vec()),
    }
}

/// The numbers that coded values stand for.
pub(super) fn as_numbers(
    variable: &Variable,
    codes: &[u32],
    values: &[Value],
) -> Result<Vec<f64>, Error> {
    let numbers: Vec<Option<f64>> = values
        .iter()
        .map(|value| as_number(variable, value))
        .collect();
    codes
        .iter()
        .map(|code| {
            let code = *code as usize;
            numbers
                .get(code)
                .copied()
                .flatten()
                .ok_or_else(|| Error::NoNumber {
                    name: variable.name.clone(),
                    found: match values.get(code) {
                        Some(value) => format!("'{}' is one of its entries", value.text()),
                        None => "an entry stands for nothing".to_owned(),
                    },
                })
        })
        .collect()
}

/// NaN where nothing was answered; `None` where a text is no number.
fn as_number(variable: &Variable, value: &Value) -> Option<f64> {
    match value {
        _ if variable.missing.holds(value) => Some(f64::NAN),
        Value::Null => Some(f64::NAN),
        Value::Number(number) => Some(*number),
        Value::Text(text) => match variable.kind {
            Kind::Date => time::days(text),
            Kind::DateTime => time::seconds(text),
            Kind::Number | Kind::Text => text
                .trim()
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite()),
        },
    }
}

/// The columns of many batches as one.
enum Joined {
    Numbers(Vec<f64>),
    Codes { coder: Box<Coder>, codes: Vec<u32> },
}

impl Joined {
    fn new(view: View, rows: usize) -> Joined {
        match view {
            View::Numbers => Joined::Numbers(Vec::with_capacity(rows)),
            View::Codes => Joined::Codes {
                coder: Box::default(),
                codes: Vec::with_capacity(rows),
            },
        }
    }

    fn append(&mut self, column: Column) -> Result<(), Error> {
        match (self, column) {
            (Joined::Numbers(numbers), Column::Numbers(more)) => numbers.extend(more),
            (Joined::Codes { coder, codes }, Column::Codes(more)) => {
                // values that no row has stay out: a dictionary of the file may hold any number of them
                let mut known = vec![None; more.values.len()];
                for row in 0..more.codes.len() {
                    let code = more.codes.get(row) as usize;
                    let (Some(known), Some(value)) = (known.get_mut(code), more.values.get(code))
                    else {
                        return Err(Error::Stopped(format!("code {code} stands for nothing")));
                    };
                    codes.push(*known.get_or_insert_with(|| coder.value(value)));
                }
            }
            _ => {
                return Err(Error::Stopped(
                    "a column came in another view than asked".to_owned(),
                ));
            }
        }
        Ok(())
    }

    fn finish(self) -> MemoryColumn {
        match self {
            Joined::Numbers(numbers) => MemoryColumn::Numbers(numbers),
            Joined::Codes { coder, codes } => MemoryColumn::Texts {
                codes,
                values: coder.finish().values,
            },
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
