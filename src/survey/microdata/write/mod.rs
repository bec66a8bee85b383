//! Respondent files written: Parquet with its codebook, CSV, SPSS, Stata, and frames of statistics.
//!
//! A file is never half there: it is written beside its place and renamed.

mod entry;
mod extent;
mod in_order;
pub mod names;
mod spss;
mod stamp;
mod stata;

pub use spss::write_spss;
pub use stata::write_stata;

use std::fs::File;
use std::path::Path;

use polars::io::parquet::write::KeyValueMetadata;
use polars::prelude::{
    Column as Series, DataFrame, DataType, Int32Chunked, Int64Chunked, IntoColumn, NewChunkedArray,
    ParquetCompression, ParquetReader, ParquetWriter, PlSmallStr, PolarsError, SerReader,
    StringChunked, TimeUnit,
};

use super::parquet::{footer_notes, moment, note};
use super::value::written;
use super::{Codebook, Coded, Error, Kind, Value};

/// Rows of a row group: as many as a batch of the reader has at most.
const ROWS_OF_GROUP: usize = 131_072;

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
/// [`parquet::open`](super::parquet::open) gives labels, measurement levels and missing values back.
///
/// Numbers that are all whole become integers, and come back as they were. Where the codebook says that a variable is a date
/// (days since 1970-01-01, or 2023-06-01 as text) or a date with time, it is written as one. A column that has numbers and
/// texts becomes texts. What the codebook says of variables that are not among the columns is left out.
///
/// # Errors
/// [`Error::Stopped`] where columns differ in length or share a name; [`Error::Io`].
pub fn write_parquet(
    path: &Path,
    columns: &[(String, WriteColumn)],
    codebook: &Codebook,
) -> Result<(), Error> {
    let rows = rows_of(columns)?;
    let described = |name: &str| codebook.variables.iter().find(|v| v.name == name);
    let series = columns
        .iter()
        .map(|(name, column)| series(name, column, described(name).map(|v| v.kind)))
        .collect();
    let mut frame = DataFrame::new(rows, series).map_err(stopped)?;
    let kept = Codebook {
        sets: codebook.sets.clone(),
        title: codebook.title.clone(),
        variables: columns
            .iter()
            .filter_map(|(name, _)| described(name).cloned())
            .collect(),
        ..Codebook::default()
    };
    write_frame(
        path,
        &mut frame,
        &[(note::KEY.to_owned(), note::write(&kept))],
    )
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
/// [`Error::Stopped`] where polars can't write a column; [`Error::Io`].
pub fn write_frame(
    path: &Path,
    frame: &mut DataFrame,
    metadata: &[(String, String)],
) -> Result<(), Error> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Zstd(None))
        .with_row_group_size(Some(ROWS_OF_GROUP))
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata.to_vec())))
        .finish(frame)
        .map_err(stopped)?;
    replace(path, &bytes)
}

/// Reads a Parquet file whole: its frame and the texts in its footer, without those of polars itself.
///
/// # Errors
/// [`Error::Io`], [`Error::Damaged`].
pub fn read_frame(path: &Path) -> Result<(DataFrame, Vec<(String, String)>), Error> {
    let file = File::open(path).map_err(|source| io(path, source))?;
    let notes = footer_notes(path, &file)?;
    // polars panics on some damaged files
    match crate::files::guard::guarded(|| ParquetReader::new(file).finish()) {
        Some(Ok(frame)) => Ok((frame, notes)),
        Some(Err(error)) => Err(damaged(path, error.to_string())),
        None => Err(damaged(path, "its pages make no sense".to_owned())),
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

fn series(name: &str, column: &WriteColumn, kind: Option<Kind>) -> Series {
    let plain = match column {
        WriteColumn::Numbers(numbers) => numeric(name, numbers, kind),
        WriteColumn::Texts(texts) => {
            let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
            textual(name, &texts, kind)
        }
        WriteColumn::Codes(coded) => of_codes(name, coded, kind),
    };
    plain.unwrap_or_else(|| Series::full_null(name.into(), column.len(), &DataType::String))
}

/// Whole numbers, dates, or numbers as they are.
fn numeric(name: &str, numbers: &[f64], kind: Option<Kind>) -> Option<Series> {
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
        Some(whole) => typed(name, &whole, kind),
        None => {
            let numbers: Vec<Option<f64>> = numbers
                .iter()
                .map(|number| (!number.is_nan()).then_some(*number))
                .collect();
            Some(Series::new(name.into(), numbers))
        }
    }
}

/// The largest number up to which every whole number is an `f64` exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Whole numbers as integers, days or microseconds.
fn typed(name: &str, whole: &[Option<i64>], kind: Option<Kind>) -> Option<Series> {
    let integers = || Int64Chunked::from_slice_options(name.into(), whole).into_column();
    match kind {
        Some(Kind::Date) => {
            let days: Option<Vec<Option<i32>>> = whole
                .iter()
                .map(|day| match day {
                    None => Some(None),
                    Some(day) => i32::try_from(*day).ok().map(Some),
                })
                .collect();
            match days {
                Some(days) => Int32Chunked::from_slice_options(name.into(), &days)
                    .into_column()
                    .cast(&DataType::Date)
                    .ok(),
                None => Some(integers()),
            }
        }
        Some(Kind::DateTime) => integers()
            .cast(&DataType::Datetime(TimeUnit::Microseconds, None))
            .ok(),
        _ => Some(integers()),
    }
}

/// Texts, or the dates that all of them are.
fn textual(name: &str, texts: &[Option<&str>], kind: Option<Kind>) -> Option<Series> {
    let read: fn(&str) -> Option<i64> = match kind {
        Some(Kind::Date) => moment::days_of,
        Some(Kind::DateTime) => moment::microseconds_of,
        _ => |_| None,
    };
    let dates: Option<Vec<Option<i64>>> = texts
        .iter()
        .map(|text| match text {
            None => Some(None),
            Some(text) => read(text).map(Some),
        })
        .collect();
    match dates {
        Some(dates) if matches!(kind, Some(Kind::Date | Kind::DateTime)) => {
            typed(name, &dates, kind)
        }
        _ => {
            let name = PlSmallStr::from_str(name);
            Some(StringChunked::from_slice_options(name, texts).into_column())
        }
    }
}

/// Numbers where all values are numbers, or whole numbers that only texts hold exactly; else texts.
fn of_codes(name: &str, coded: &Coded, kind: Option<Kind>) -> Option<Series> {
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
        return numeric(name, &numbers, kind);
    }
    if kind == Some(Kind::Number) {
        let whole: Option<Vec<Option<i64>>> = rows()
            .map(|value| match value {
                Value::Null => Some(None),
                value => value.text().parse().ok().map(Some),
            })
            .collect();
        if let Some(whole) = whole {
            return typed(name, &whole, kind);
        }
    }
    let written: Vec<Option<String>> = coded
        .values
        .iter()
        .map(|value| match value {
            Value::Null => None,
            value => Some(value.text()),
        })
        .collect();
    let texts: Vec<Option<&str>> = (0..coded.codes.len())
        .map(|row| written.get(coded.codes.get(row) as usize)?.as_deref())
        .collect();
    textual(name, &texts, kind)
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

fn damaged(path: &Path, message: String) -> Error {
    Error::Damaged {
        path: path.to_owned(),
        message,
    }
}

fn stopped(error: PolarsError) -> Error {
    Error::Stopped(error.to_string())
}
