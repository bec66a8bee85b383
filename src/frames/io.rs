use std::ops::Range;

use serde_json::{Map, Number, Value};

use super::frame::digits;
use super::{Cell, Column, Error, Estimates, Frame, Values};

impl Frame {
    /// The frame as CSV, RFC 4180, numbers in full, null as an empty cell.
    pub fn to_csv(&self) -> String {
        self.csv_pieces().collect()
    }

    /// The same in pieces of some thousand rows, so that no text of a million rows has to be held.
    pub fn csv_pieces(&self) -> impl Iterator<Item = String> {
        let mut head = String::new();
        let names = self.columns().iter().map(|column| column.name.as_str());
        push_line(&mut head, names.map(Cell::Text));
        let rows = self.pieces().map(|rows| {
            let mut text = String::new();
            for row in rows {
                let cells = self.columns().iter().map(|column| column.cell(row));
                push_line(&mut text, cells);
            }
            text
        });
        std::iter::once(head).chain(rows)
    }

    fn pieces(&self) -> impl Iterator<Item = Range<usize>> {
        const ROWS: usize = 4_096;
        let height = self.height();
        let starts = (0..height).step_by(ROWS);
        starts.map(move |from| from..height.min(from + ROWS))
    }

    /// The frame as CSV for a spreadsheet: a byte order mark first, so that it is read as UTF-8, and an
    /// apostrophe before text and names of columns that would be run as a formula.
    pub fn to_spreadsheet(&self) -> String {
        let mut frame = self.clone();
        for column in frame.columns_mut() {
            column.name = harmless(std::mem::take(&mut column.name));
            if let Values::Texts(texts) = &mut column.values {
                for text in texts {
                    *text = text.take().map(|text| harmless(text.to_string()).into());
                }
            }
        }
        format!("\u{feff}{}", frame.to_csv())
    }

    /// The frame as a JSON array of objects, one a row, numbers unrounded, unknown as null.
    pub fn to_json(&self) -> String {
        self.json_pieces().collect()
    }

    /// The same in pieces of some thousand rows.
    pub fn json_pieces(&self) -> impl Iterator<Item = String> {
        let names = self.columns().iter().map(|column| column.name.as_str());
        let names: Vec<String> = names.map(|name| Value::from(name).to_string()).collect();
        let rows = self.pieces().map(move |rows| {
            let mut text = String::new();
            for row in rows {
                text.push_str(if row == 0 { "\n  {" } else { ",\n  {" });
                for (place, (name, column)) in names.iter().zip(self.columns()).enumerate() {
                    if place > 0 {
                        text.push(',');
                    }
                    text.push_str(name);
                    text.push(':');
                    text.push_str(&json_value(column.cell(row)).to_string());
                }
                text.push('}');
            }
            text
        });
        let end = if self.height() == 0 { "]\n" } else { "\n]\n" };
        let (start, end) = ("[".to_owned(), end.to_owned());
        std::iter::once(start)
            .chain(rows)
            .chain(std::iter::once(end))
    }
}

/// A text that no spreadsheet takes for a formula. Blanks and marks that nobody sees may stand before the sign, and where
/// Chinese, Japanese or Korean is written its full-width form counts.
fn harmless(text: String) -> String {
    let unseen = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(letter, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
    };
    let starts_formula = |letter| {
        matches!(
            letter,
            '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        )
    };
    let first = text.trim_start_matches(unseen).chars().next();
    let moved = text.starts_with(['\t', '\r']);
    match moved || first.is_some_and(starts_formula) {
        true => format!("'{text}"),
        false => text,
    }
}

/// A line of cells; an empty text is in quotation marks, as an empty field is null.
fn push_line<'a>(line: &mut String, cells: impl Iterator<Item = Cell<'a>>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            line.push(',');
        }
        match cell {
            Cell::Null => {}
            Cell::Text(text) if text.is_empty() || text.contains(['"', ',', '\n', '\r']) => {
                line.push('"');
                line.push_str(&text.replace('"', "\"\""));
                line.push('"');
            }
            Cell::Text(text) => line.push_str(text),
            Cell::Number(number) => line.push_str(&digits(number)),
            Cell::Integer(whole) => line.push_str(&whole.to_string()),
            Cell::Truth(truth) => line.push_str(if truth { "true" } else { "false" }),
        }
    }
    line.push('\n');
}

/// A whole number is written without a decimal point, so that n reads as the count it is.
fn json_value(cell: Cell<'_>) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Truth(truth) => Value::Bool(truth),
        Cell::Text(text) => Value::String(text.to_owned()),
        Cell::Number(x) if x.fract() == 0.0 && x.abs() < 1e15 => Value::from(x as i64),
        Cell::Number(x) => Number::from_f64(x).map_or(Value::Null, Value::Number),
        Cell::Integer(whole) => Value::from(whole),
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
        .map(|(name, cells)| Column::new(name.as_str(), cells))
        .collect();
    Estimates::from_frame(Frame::new(height, columns)?)
}
