//! Respondent files written: Parquet with its codebook, CSV, SPSS, Stata, and frames of statistics.
//!
//! A file is never half there: it is written beside its place and renamed.

mod entry;
mod extent;
mod in_order;
pub mod names;
pub mod parquet;
mod spss;
mod stamp;
mod stata;

pub use spss::write_spss;
pub use stata::write_stata;

use std::fs::File;
use std::io::Write;
use std::path::Path;

use self::parquet::{Column, Values};
use crate::files::Replacement;
use crate::frames::{self, Column as FrameColumn, Frame};
use crate::survey::microdata::memory::MemoryColumn;
use crate::survey::microdata::parquet::{footer_notes, moment, note};
use crate::survey::microdata::value::written;
use crate::survey::microdata::{
    Codebook, Coded, Error, Kind, Memory, MultipleResponse, Source, Value,
};

/// A column to be written.
#[derive(Clone, Debug)]
pub enum WriteColumn {
    /// Numbers, NaN for null.
    Numbers(Vec<f64>),
    Texts(Vec<Option<String>>),
    Codes(Coded),
}

impl WriteColumn {
    pub fn len(&self) -> usize {
        match self {
            WriteColumn::Numbers(numbers) => numbers.len(),
            WriteColumn::Texts(texts) => texts.len(),
            WriteColumn::Codes(coded) => coded.codes.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// As a person writes it; nothing for null.
    fn text(&self, row: usize) -> String {
        match self {
            WriteColumn::Numbers(numbers) => match numbers.get(row) {
                Some(number) if !number.is_nan() => written(*number),
                _ => String::new(),
            },
            WriteColumn::Texts(texts) => texts.get(row).cloned().flatten().unwrap_or_default(),
            WriteColumn::Codes(coded) => value_of(coded, row).text(),
        }
    }
}

/// Writes respondents as a Parquet file: zstd, row groups of 131,072, and the codebook as a note in the footer, so that
/// [`parquet::open`](crate::survey::microdata::parquet::open) gives labels, measurement levels and missing values back.
///
/// Numbers that are all whole become integers, and come back as they were. Where the codebook says that a variable is a date
/// (days since 1970-01-01, or 2023-06-01 as text) or a date with time, it is written as one. A column that has numbers and
/// texts becomes texts. What the codebook says of variables that are not among the columns is left out.
/// Further notes stand beside the codebook, as texts under their keys.
///
/// # Errors
/// [`Error::Stopped`] where columns differ in length or share a name; [`Error::Io`].
pub fn write_parquet(
    path: &Path,
    columns: &[(String, WriteColumn)],
    codebook: &Codebook,
    notes: &[(String, String)],
) -> Result<(), Error> {
    let rows = rows_of(columns)?;
    let described = |name: &str| codebook.variables.iter().find(|v| v.name == name);
    let stored: Vec<Column> = columns
        .iter()
        .map(|(name, column)| Column {
            name: name.clone(),
            values: values(column, described(name).map(|v| v.kind)),
        })
        .collect();
    let has = |name: &String| columns.iter().any(|(column, _)| column == name);
    let whole = |set: &&MultipleResponse| set.variables.iter().all(has);
    let kept = Codebook {
        sets: codebook.sets.iter().filter(whole).cloned().collect(),
        title: codebook.title.clone(),
        variables: columns
            .iter()
            .filter_map(|(name, _)| described(name).cloned())
            .collect(),
        ..Codebook::default()
    };
    let codebook = [(note::KEY.to_owned(), note::write(&kept))];
    write_parquet_file(path, rows, &stored, &[&codebook, notes].concat())
}

/// Writes respondents as CSV: a header, then a line each; null is an empty field.
///
/// # Errors
/// [`Error::Stopped`] where columns differ in length or share a name; [`Error::Io`].
pub fn write_csv(path: &Path, columns: &[(String, WriteColumn)]) -> Result<(), Error> {
    let rows = rows_of(columns)?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(columns.iter().map(|(name, _)| name))
        .map_err(|error| Error::Stopped(error.to_string()))?;
    for row in 0..rows {
        writer
            .write_record(columns.iter().map(|(_, column)| column.text(row)))
            .map_err(|error| Error::Stopped(error.to_string()))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Error::Stopped(error.to_string()))?;
    replace(path, &bytes)
}

/// Writes a frame as a Parquet file with texts in its footer.
///
/// # Errors
/// As [`frame_to_parquet`], and [`Error::Io`].
pub fn write_frame(path: &Path, frame: &Frame, notes: &[(String, String)]) -> Result<(), Error> {
    let columns: Vec<Column> = frame.columns().iter().map(stored).collect();
    write_parquet_file(path, frame.height(), &columns, notes)
}

fn write_parquet_file(
    path: &Path,
    rows: usize,
    columns: &[Column],
    notes: &[(String, String)],
) -> Result<(), Error> {
    let wrong = |source| io(path, source);
    let mut new = Replacement::new(path).map_err(wrong)?;
    parquet::pieces(rows, columns, notes, |piece| {
        new.file().write_all(piece).map_err(wrong)
    })?;
    new.put().map_err(wrong)
}

/// The bytes of a Parquet file with that frame, and texts in its footer.
///
/// # Errors
/// A text of more than 2 GB.
pub fn frame_to_parquet(frame: &Frame, notes: &[(String, String)]) -> Result<Vec<u8>, Error> {
    let columns: Vec<Column> = frame.columns().iter().map(stored).collect();
    parquet::file(frame.height(), &columns, notes)
}

fn stored(column: &FrameColumn) -> Column<'_> {
    let values = match &column.values {
        frames::Values::Texts(texts) => Values::Shared(texts),
        frames::Values::Numbers(numbers) => Values::Numbers(numbers.into()),
        frames::Values::Integers(whole) => Values::Int64(whole.into()),
        frames::Values::Truths(truths) => Values::Truths(truths.clone()),
    };
    Column {
        name: column.name.clone(),
        values,
    }
}

/// Reads a Parquet file whole: its frame and the texts in its footer, without the schema that other writers leave there.
/// Dates and truth values are texts, numbers that are all whole are whole.
///
/// # Errors
/// [`Error::Io`], [`Error::Damaged`].
pub fn read_frame(path: &Path) -> Result<(Frame, Vec<(String, String)>), Error> {
    let file = File::open(path).map_err(|source| io(path, source))?;
    let notes = footer_notes(path, &file)?;
    let source = super::parquet::open(path)?;
    let memory = Memory::read(source.as_ref(), &[])?;
    let named = memory.codebook().variables.iter().zip(memory.columns());
    let columns: Vec<FrameColumn> = named
        .map(|(variable, column)| frame_column(&variable.name, column))
        .collect();
    let rows = columns.first().map_or(0, |column| column.values.len());
    let frame = Frame::new(rows, columns).map_err(|error| Error::Stopped(error.to_string()))?;
    Ok((frame, notes))
}

/// Whole numbers above this are no counts.
const MOST: f64 = 1e12;

/// A column as a frame has it: numbers that are all whole are whole there too, as they may be labels.
fn frame_column(name: &str, column: &MemoryColumn) -> FrameColumn {
    match column {
        MemoryColumn::Numbers(numbers) => {
            let given = |number: &f64| (!number.is_nan()).then_some(*number);
            let whole =
                |number: &f64| number.is_nan() || (number.fract() == 0.0 && number.abs() < MOST);
            match numbers.iter().all(whole) {
                true => {
                    let whole = numbers.iter().map(|number| given(number).map(|n| n as i64));
                    FrameColumn::new(name, whole.collect::<Vec<_>>())
                }
                false => FrameColumn::new(name, numbers.iter().map(given).collect::<Vec<_>>()),
            }
        }
        MemoryColumn::Texts { codes, values } => {
            let text = |code: &u32| match values.get(*code as usize) {
                None | Some(Value::Null) => None,
                Some(value) => Some(value.text()),
            };
            FrameColumn::new(name, codes.iter().map(text).collect::<Vec<_>>())
        }
    }
}

/// The number of rows, which all columns share.
fn rows_of(columns: &[(String, WriteColumn)]) -> Result<usize, Error> {
    let Some((first, column)) = columns.first() else {
        return Ok(0);
    };
    let rows = column.len();
    let mut names = std::collections::HashSet::new();
    for (name, column) in columns {
        if column.len() != rows {
            return Err(Error::Stopped(format!(
                "{name} has {} rows, {first} has {rows}",
                column.len()
            )));
        }
        if !names.insert(name) {
            return Err(Error::Stopped(format!("two columns are named {name}")));
        }
    }
    Ok(rows)
}

fn values(column: &WriteColumn, kind: Option<Kind>) -> Values<'_> {
    match column {
        WriteColumn::Numbers(numbers) => numeric(numbers, kind),
        WriteColumn::Texts(texts) => textual(texts.iter().map(Option::as_deref).collect(), kind),
        WriteColumn::Codes(coded) => coded_values(coded, kind),
    }
}

/// Whole numbers, dates, or numbers as they are.
fn numeric<'a>(numbers: &[f64], kind: Option<Kind>) -> Values<'a> {
    let stored = |number: f64| match kind {
        // microseconds: a second is broken in binary already
        Some(Kind::DateTime) => (number * 1e6).round(),
        _ => number,
    };
    let exact =
        |number: f64| (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64);
    let whole: Option<Vec<Option<i64>>> = numbers
        .iter()
        .map(|number| match number.is_nan() {
            true => Some(None),
            false => exact(stored(*number)).map(Some),
        })
        .collect();
    match whole {
        Some(whole) => integers(whole, kind),
        None => {
            let there = |number: &f64| (!number.is_nan()).then_some(*number);
            Values::Numbers(numbers.iter().map(there).collect::<Vec<_>>().into())
        }
    }
}

/// The largest number up to which every whole number is an `f64` exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Whole numbers as integers, days or microseconds.
fn integers<'a>(whole: Vec<Option<i64>>, kind: Option<Kind>) -> Values<'a> {
    match kind {
        Some(Kind::Date) => {
            let days: Option<Vec<Option<i32>>> = whole
                .iter()
                .map(|day| match day {
                    None => Some(None),
                    Some(day) => i32::try_from(*day).ok().map(Some),
                })
                .collect();
            days.map_or(Values::Int64(whole.into()), Values::Dates)
        }
        Some(Kind::DateTime) => Values::DateTimes(whole),
        _ => Values::Int64(whole.into()),
    }
}

/// Texts, or the dates that all of them are.
fn textual(texts: Vec<Option<&str>>, kind: Option<Kind>) -> Values<'_> {
    match dates(&texts, kind) {
        Some(dates) => integers(dates, kind),
        None => Values::Texts(texts),
    }
}

/// Days or microseconds, where the kind is of dates and all texts are dates.
fn dates(texts: &[Option<&str>], kind: Option<Kind>) -> Option<Vec<Option<i64>>> {
    let read: fn(&str) -> Option<i64> = match kind {
        Some(Kind::Date) => moment::days_of,
        Some(Kind::DateTime) => moment::microseconds_of,
        _ => return None,
    };
    texts
        .iter()
        .map(|text| match text {
            None => Some(None),
            Some(text) => read(text).map(Some),
        })
        .collect()
}

/// Numbers where all values are numbers, or whole numbers that only texts hold exactly; else texts.
fn coded_values(coded: &Coded, kind: Option<Kind>) -> Values<'_> {
    let rows = || (0..coded.codes.len()).map(|row| value_of(coded, row));
    let has = |wanted: fn(&Value) -> bool| coded.values.iter().any(wanted);
    let (numbers, texts) = (
        has(|value| matches!(value, Value::Number(_))),
        has(|value| matches!(value, Value::Text(_))),
    );
    if !texts && kind != Some(Kind::Text) && (numbers || kind == Some(Kind::Number)) {
        let numbers: Vec<f64> = rows()
            .map(|value| match value {
                Value::Number(number) => *number,
                _ => f64::NAN,
            })
            .collect();
        return numeric(&numbers, kind);
    }
    if kind == Some(Kind::Number) {
        let whole: Option<Vec<Option<i64>>> = rows()
            .map(|value| match value {
                Value::Null => Some(None),
                value => value.text().parse().ok().map(Some),
            })
            .collect();
        if let Some(whole) = whole {
            return integers(whole, kind);
        }
    }
    let levels: Vec<Option<String>> = coded
        .values
        .iter()
        .map(|value| match value {
            Value::Null => None,
            value => Some(value.text()),
        })
        .collect();
    let ids: Vec<u32> = (0..coded.codes.len())
        .map(|row| coded.codes.get(row))
        .collect();
    let text = |id: &u32| levels.get(*id as usize)?.as_deref();
    match dates(&ids.iter().map(text).collect::<Vec<_>>(), kind) {
        Some(dates) => integers(dates, kind),
        None => Values::Levels { ids, levels },
    }
}

fn value_of(coded: &Coded, row: usize) -> &Value {
    let code = coded.codes.get(row) as usize;
    coded.values.get(code).unwrap_or(&Value::Null)
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    crate::files::replace(path, bytes).map_err(|source| io(path, source))
}

fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io {
        path: path.to_owned(),
        source,
    }
}
