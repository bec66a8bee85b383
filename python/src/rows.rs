//! Rows of the program as a frame, and frames as the program reads them.

use std::sync::Arc;

use opine::{Column, Frame, LentColumns, LentKind, Values};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use serde_json::{Map, Value};

use crate::arrow::{self, ArrowColumns};

/// The JSON of the program as an Arrow stream.
#[pyfunction]
pub fn stream<'py>(py: Python<'py>, rows: &str) -> PyResult<Bound<'py, PyCapsule>> {
    arrow::export(py, &frame(rows)?)
}

/// The same as CSV.
#[pyfunction]
pub fn csv_of_rows(rows: &str) -> PyResult<String> {
    Ok(frame(rows)?.to_csv())
}

fn wrong(error: impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn frame(rows: &str) -> PyResult<Frame> {
    let rows: Vec<Map<String, Value>> = serde_json::from_str(rows).map_err(wrong)?;
    let names: Vec<&String> = rows
        .first()
        .map(|row| row.keys().collect())
        .unwrap_or_default();
    let columns = names.into_iter().map(|name| {
        let cells: Vec<&Value> = rows
            .iter()
            .map(|row| row.get(name).unwrap_or(&Value::Null))
            .collect();
        Column::new(name.as_str(), values(&cells))
    });
    Frame::new(rows.len(), columns.collect()).map_err(wrong)
}

/// Numbers where every cell is one or null, and so on; a list becomes one text, its parts separated by semicolons.
fn values(cells: &[&Value]) -> Values {
    let known = || cells.iter().filter(|cell| !cell.is_null());
    let some = known().next().is_some();
    if some && known().all(|cell| cell.is_boolean()) {
        return Values::Truths(cells.iter().map(|cell| cell.as_bool()).collect());
    }
    if some && known().all(|cell| cell.is_i64()) {
        return Values::Integers(cells.iter().map(|cell| cell.as_i64()).collect());
    }
    if some && known().all(|cell| cell.is_number()) {
        return Values::Numbers(cells.iter().map(|cell| cell.as_f64()).collect());
    }
    Values::Texts(cells.iter().map(|cell| text(cell).map(Arc::from)).collect())
}

fn text(cell: &Value) -> Option<String> {
    match cell {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let parts: Vec<String> = parts.iter().filter_map(text).collect();
            Some(parts.join(";"))
        }
        other => Some(other.to_string()),
    }
}

/// A frame of another library as the CSV of a list that the program reads: whole percentages have no decimals, since a figure is
/// as exact as it was printed.
#[pyfunction]
pub fn csv(frame: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let lent = ArrowColumns::import(frame)?;
    let rows = lent.rows();
    let columns = lent.columns().into_iter().enumerate();
    let columns = columns.map(|(at, (name, kind))| {
        let values = match kind {
            LentKind::Text | LentKind::Scale => {
                let (texts, mut codes) = (lent.texts(at), vec![0; rows]);
                lent.codes(at, 0, &mut codes);
                let texts = codes
                    .iter()
                    .map(|code| texts.get(*code as usize).cloned().flatten().map(Arc::from));
                Values::Texts(texts.collect())
            }
            _ => {
                let mut numbers = vec![f64::NAN; rows];
                lent.numbers(at, 0, &mut numbers);
                as_printed(&numbers)
            }
        };
        Column::new(name, values)
    });
    let frame = Frame::new(rows, columns.collect()).map_err(wrong)?;
    Ok(frame.to_csv().into_bytes())
}

fn as_printed(numbers: &[f64]) -> Values {
    let known = |number: &f64| Some(*number).filter(|number| number.is_finite());
    match numbers
        .iter()
        .filter_map(known)
        .all(|number| number.fract() == 0.0 && number.abs() < 1e15)
    {
        true => Values::Integers(
            numbers
                .iter()
                .map(|number| known(number).map(|n| n as i64))
                .collect(),
        ),
        false => Values::Numbers(numbers.iter().map(known).collect()),
    }
}
