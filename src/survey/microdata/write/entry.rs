//! What stands in a column, whatever the format: the entry that is written for a value.

use crate::survey::microdata::value::written;
use crate::survey::microdata::{
    Column, ColumnRequest, Error, Kind, Source, Value, Variable, View, time,
};

/// A value as the formats of statistics programs know them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Entry<'a> {
    Nothing,
    /// Days or seconds since 1970 where the variable is a date.
    Number(f64),
    /// A missing value with a letter: `.a` to `.z`.
    Letter(u8),
    Text(&'a str),
}

impl Entry<'_> {
    pub(super) fn from_value<'a>(variable: &Variable, value: &'a Value) -> Entry<'a> {
        let text = match value {
            Value::Null => return Entry::Nothing,
            Value::Number(number) if number.is_nan() => return Entry::Nothing,
            Value::Number(number) => return Entry::Number(*number),
            Value::Text(text) => text.as_str(),
        };
        let moment = match variable.kind {
            Kind::Text => return Entry::Text(text),
            Kind::Date => time::days(text),
            Kind::DateTime => time::seconds(text),
            Kind::Number => None,
        };
        match (moment, text.as_bytes()) {
            (Some(number), _) => Entry::Number(number),
            (None, [b'.', letter])
                if (letter.is_ascii_alphabetic() || *letter == b'_')
                    && variable.missing.values.contains(value) =>
            {
                Entry::Letter(letter.to_ascii_lowercase())
            }
            _ => Entry::Text(text),
        }
    }
}

impl Entry<'_> {
    /// As it stands in a column of texts.
    pub(super) fn text(self) -> String {
        match self {
            Entry::Number(number) => written(number),
            Entry::Text(text) => text.to_owned(),
            Entry::Nothing | Entry::Letter(_) => String::new(),
        }
    }
}

/// The numbers among the missing values of a variable.
pub(super) fn missing_numbers(variable: &Variable) -> Vec<f64> {
    let entries = variable.missing.values.iter();
    let number = |value| match Entry::from_value(variable, value) {
        Entry::Number(number) => Some(number),
        _ => None,
    };
    entries.filter_map(number).collect()
}

/// Requests of all columns in the views that lose nothing.
pub(super) fn requests(source: &dyn Source) -> Vec<ColumnRequest> {
    let variables = source.codebook().variables.iter();
    let request = |variable: &Variable| ColumnRequest {
        name: variable.name.clone(),
        view: match variable.kind {
            Kind::Text => View::Codes,
            // elsewhere whole numbers may be longer than a float holds, and are texts among the codes
            _ if variable.missing.is_empty() && variable.native.storage.is_some() => View::Numbers,
            _ => View::Codes,
        },
    };
    variables.map(request).collect()
}

/// Calls `each` with what a column has, each value of its dictionary once: the value and whether it occurs.
pub(super) fn each_value(
    variable: &Variable,
    column: &Column,
    mut each: impl FnMut(Entry) -> Result<(), Error>,
) -> Result<(), Error> {
    match column {
        Column::Numbers(numbers) => numbers.iter().try_for_each(|number| match number.is_nan() {
            true => each(Entry::Nothing),
            false => each(Entry::Number(*number)),
        }),
        Column::Codes(coded) => {
            let mut seen = vec![false; coded.values.len()];
            for row in 0..coded.codes.len() {
                if let Some(seen) = seen.get_mut(coded.codes.get(row) as usize) {
                    *seen = true;
                }
            }
            let occurring = coded.values.iter().zip(seen).filter(|(_, seen)| *seen);
            occurring
                .map(|(value, _)| Entry::from_value(variable, value))
                .try_for_each(each)
        }
    }
}
