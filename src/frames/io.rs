use polars::prelude::*;
use serde_json::{Map, Number, Value};

use super::frame::as_text;
use super::{Error, Estimates};

/// The frame as CSV, RFC 4180, numbers in full, null as an empty cell.
pub fn frame_to_csv(frame: &DataFrame) -> Result<String, Error> {
    let columns = frame.columns().iter();
    let columns = columns
        .map(cells)
        .collect::<Result<Vec<Vec<Option<String>>>, Error>>()?;
    let mut text = String::new();
    let names = frame.columns().iter().map(|column| column.name().as_str());
    push_line(&mut text, names.map(Some));
    for row in 0..frame.height() {
        let entries = columns.iter().map(|column| column.get(row)?.as_deref());
        push_line(&mut text, entries);
    }
    Ok(text)
}

/// A line of fields; an empty text is in quotation marks, as an empty field is null.
fn push_line<'a>(text: &mut String, entries: impl Iterator<Item = Option<&'a str>>) {
    for (place, entry) in entries.enumerate() {
        if place > 0 {
            text.push(',');
        }
        match entry {
            None => {}
            Some(entry) if entry.is_empty() || entry.contains(['"', ',', '\n', '\r']) => {
                text.push('"');
                text.push_str(&entry.replace('"', "\"\""));
                text.push('"');
            }
            Some(entry) => text.push_str(entry),
        }
    }
    text.push('\n');
}

/// The entries of a column as they stand in CSV; a number has all the digits that tell it from its neighbours.
fn cells(column: &Column) -> Result<Vec<Option<String>>, Error> {
    let number = |number: f64| match Number::from_f64(number) {
        Some(finite) => finite.to_string(),
        None => number.to_string(),
    };
    Ok(match column.dtype() {
        DataType::Float64 => {
            let numbers = column.f64()?.iter();
            numbers.map(|entry| entry.map(number)).collect()
        }
        _ => {
            let texts = as_text(column)?;
            let texts = texts.iter();
            texts.map(|entry| entry.map(str::to_owned)).collect()
        }
    })
}

/// The frame as CSV for a spreadsheet: a byte order mark first, so that it is read as UTF-8, and an
/// apostrophe before text that would be run as a formula.
pub fn frame_to_spreadsheet(frame: &DataFrame) -> Result<String, Error> {
    let harmless = |text: &str| match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    let mut columns = Vec::new();
    for column in frame.columns() {
        columns.push(match column.dtype() {
            DataType::String => {
                let text = column.str()?;
                let texts: Vec<Option<String>> = (0..text.len())
                    .map(|row| text.get(row).map(harmless))
                    .collect();
                Column::new(column.name().clone(), texts)
            }
            _ => column.clone(),
        });
    }
    let frame = DataFrame::new(frame.height(), columns)?;
    Ok(format!("\u{feff}{}", frame_to_csv(&frame)?))
}

/// The frame as a JSON array of objects, one a row, numbers unrounded, unknown as null.
pub fn frame_to_json(frame: &DataFrame) -> Result<String, Error> {
    let mut rows = vec![Map::new(); frame.height()];
    for column in frame.columns() {
        for (row, object) in rows.iter_mut().enumerate() {
            object.insert(column.name().to_string(), json_value(column.get(row)?));
        }
    }
    let rows: Vec<String> = rows
        .into_iter()
        .map(|row| format!("  {}", Value::Object(row)))
        .collect();
    Ok(match rows.is_empty() {
        true => "[]\n".to_owned(),
        false => format!("[\n{}\n]\n", rows.join(",\n")),
    })
}

/// A whole number is written without a decimal point, so that n reads as the count it is.
fn json_value(value: AnyValue<'_>) -> Value {
    match value {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(truth) => Value::Bool(truth),
        AnyValue::String(text) => Value::String(text.to_owned()),
        AnyValue::StringOwned(text) => Value::String(text.to_string()),
        AnyValue::Float64(x) if x.fract() == 0.0 && x.abs() < 1e15 => Value::from(x as i64),
        AnyValue::Float64(x) => Number::from_f64(x).map_or(Value::Null, Value::Number),
        AnyValue::UInt64(x) => Value::from(x),
        AnyValue::Int64(x) => Value::from(x),
        AnyValue::UInt32(x) => Value::from(x),
        AnyValue::Int32(x) => Value::from(x),
        other => Value::String(other.to_string()),
    }
}

/// Reads estimates from a JSON array of objects.
pub fn read_json(text: &str) -> Result<Estimates, Error> {
    let rows: Vec<Map<String, Value>> = serde_json::from_str(text).map_err(|error| {
        Error::Text(format!(
            "the JSON is no array of objects, one a row: {error}"
        ))
    })?;
    let mut names: Vec<String> = Vec::new();
    for name in rows.iter().flat_map(|row| row.keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let cell = |value: Option<&Value>| match value {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    };
    let cells = names
        .iter()
        .map(|name| rows.iter().map(|row| cell(row.get(name))).collect())
        .collect();
    from_cells(names, cells)
}

fn from_cells(names: Vec<String>, cells: Vec<Vec<Option<String>>>) -> Result<Estimates, Error> {
    let height = cells.first().map_or(0, Vec::len);
    let columns = names
        .iter()
        .zip(cells)
        .map(|(name, cells)| Column::new(name.as_str().into(), cells))
        .collect();
    Estimates::from_frame(DataFrame::new(height, columns)?)
}
