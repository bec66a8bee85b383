//! Respondents in a polars frame.

use polars::prelude::{Column, DataFrame, DataType, PolarsResult, TimeUnit};

use crate::survey::microdata::{Kind, MemoryColumn, Variable};

/// The columns of a frame: numbers as numbers, dates as days and seconds since 1970-01-01, truth values as "false" and "true",
/// everything else as the text that polars makes of it. A whole number that is no `f64` exactly makes its column text, so
/// that two identifiers never become one.
///
/// # Errors
/// Those of polars, of a column that it can't give as numbers or text.
pub fn from_polars(frame: &DataFrame) -> PolarsResult<Vec<(Variable, MemoryColumn)>> {
    let columns = frame.columns().iter();
    columns
        .map(|column| {
            let (kind, values) = from_column(column)?;
            Ok((Variable::bare(column.name(), kind), values))
        })
        .collect()
}

fn from_column(column: &Column) -> PolarsResult<(Kind, MemoryColumn)> {
    Ok(match column.dtype() {
        DataType::Date => (Kind::Date, numbers(column, 1.0)?),
        DataType::Datetime(unit, _) => {
            let per_second = match unit {
                TimeUnit::Milliseconds => 1e3,
                TimeUnit::Microseconds => 1e6,
                TimeUnit::Nanoseconds => 1e9,
            };
            (Kind::DateTime, numbers(column, per_second)?)
        }
        dtype if dtype.is_primitive_numeric() => match is_exact(column)? {
            true => (Kind::Number, numbers(column, 1.0)?),
            false => (Kind::Text, texts(column)?),
        },
        _ => (Kind::Text, texts(column)?),
    })
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
