//! Respondents in a polars frame.

use polars::prelude::{Column, DataFrame, DataType, PolarsResult, TimeUnit};

use super::parquet::{BINARY, NESTED};
use super::{Codebook, Kind, MemoryColumn, Variable};

/// The columns of a frame: numbers as numbers, dates as days and seconds since 1970-01-01, spans of time in seconds, truth values
/// as "false" and "true", everything else as the text that polars makes of it. A whole number that is no `f64` exactly makes
/// its column text, so that two identifiers never become one. Nested and binary columns, and those of which polars makes no
/// text, stand among the unread.
///
/// # Errors
/// Those of polars, of a column that it can't give as numbers.
pub fn from_polars(frame: &DataFrame) -> PolarsResult<(Codebook, Vec<MemoryColumn>)> {
    let mut codebook = Codebook::default();
    let mut columns = Vec::new();
    for column in frame.columns() {
        let name = column.name();
        match from_column(column)? {
            Ok((kind, values)) => {
                codebook.variables.push(Variable::bare(name, kind));
                columns.push(values);
            }
            Err(why) => codebook.unread.push((name.to_string(), why)),
        }
    }
    Ok((codebook, columns))
}

/// What a column holds, or why it can't be read.
type Readable = Result<(Kind, MemoryColumn), String>;

fn from_column(column: &Column) -> PolarsResult<Readable> {
    let per_second = |unit: TimeUnit| match unit {
        TimeUnit::Milliseconds => 1e3,
        TimeUnit::Microseconds => 1e6,
        TimeUnit::Nanoseconds => 1e9,
    };
    Ok(Ok(match column.dtype() {
        DataType::Date => (Kind::Date, numbers(column, 1.0)?),
        DataType::Datetime(unit, _) => (Kind::DateTime, numbers(column, per_second(*unit))?),
        DataType::Duration(unit) => (Kind::Number, numbers(column, per_second(*unit))?),
        DataType::Null => {
            let nothing = vec![f64::NAN; column.len()];
            (Kind::Number, MemoryColumn::Numbers(nothing))
        }
        dtype if dtype.is_primitive_numeric() => match is_exact(column)? {
            true => (Kind::Number, numbers(column, 1.0)?),
            false => (Kind::Text, texts(column)?),
        },
        dtype if dtype.is_nested() => return Ok(Err(NESTED.to_owned())),
        DataType::Binary | DataType::BinaryOffset => return Ok(Err(BINARY.to_owned())),
        dtype => match texts(column) {
            Ok(texts) => (Kind::Text, texts),
            Err(_) => {
                return Ok(Err(format!(
                    "is of a type that opine does not read ({dtype})"
                )));
            }
        },
    }))
}

/// Whether every value is an `f64`.
fn is_exact(column: &Column) -> PolarsResult<bool> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if column.dtype().is_float() {
        return Ok(true);
    }
    let numbers = column.cast(&DataType::Float64)?;
    let mut numbers = numbers.f64()?.iter().flatten();
    Ok(numbers.all(|number| number.abs() < EXACT))
}

fn numbers(column: &Column, divided_by: f64) -> PolarsResult<MemoryColumn> {
    let numbers = column.to_physical_repr().cast(&DataType::Float64)?;
    let numbers = numbers.f64()?.iter();
    let numbers = numbers.map(|number| number.map_or(f64::NAN, |number| number / divided_by));
    Ok(MemoryColumn::Numbers(numbers.collect()))
}

fn texts(column: &Column) -> PolarsResult<MemoryColumn> {
    let texts = column.cast(&DataType::String)?;
    Ok(MemoryColumn::from_texts(texts.str()?.iter()))
}
