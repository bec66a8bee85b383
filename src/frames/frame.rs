use std::collections::HashSet;

use super::Error;

/// Named columns of one length: what is written as CSV, JSON, Parquet or on a sheet, and becomes a polars frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    rows: usize,
    columns: Vec<Column>,
}

/// A column: its name, and a value a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    pub values: Values,
}

/// The values of a column, all of one kind; `None` for null.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    Texts(Vec<Option<String>>),
    Numbers(Vec<Option<f64>>),
    Integers(Vec<Option<i64>>),
    Truths(Vec<Option<bool>>),
}

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Null,
    Text(&'a str),
    Number(f64),
    Integer(i64),
    Truth(bool),
}

impl Frame {
    /// A frame of these columns, in their order.
    ///
    /// # Errors
    /// [`Error::Length`] where a column has another number of rows, [`Error::Twice`] where two have one name.
    pub fn new(rows: usize, columns: Vec<Column>) -> Result<Frame, Error> {
        let mut names = HashSet::new();
        for column in &columns {
            let found = column.values.len();
            if found != rows {
                return Err(Error::Length {
                    column: column.name.clone(),
                    found,
                    rows,
                });
            }
            if !names.insert(column.name.as_str()) {
                return Err(Error::Twice(column.name.clone()));
            }
        }
        Ok(Frame { rows, columns })
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.rows
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub(super) fn columns_mut(&mut self) -> &mut [Column] {
        &mut self.columns
    }

    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Column {
    pub fn new(name: impl Into<String>, values: impl Into<Values>) -> Column {
        Column {
            name: name.into(),
            values: values.into(),
        }
    }

    /// The value of a row; null beyond the last.
    pub fn cell(&self, row: usize) -> Cell<'_> {
        let cell = match &self.values {
            Values::Texts(texts) => texts.get(row).and_then(Option::as_deref).map(Cell::Text),
            Values::Numbers(numbers) => numbers.get(row).copied().flatten().map(Cell::Number),
            Values::Integers(whole) => whole.get(row).copied().flatten().map(Cell::Integer),
            Values::Truths(truths) => truths.get(row).copied().flatten().map(Cell::Truth),
        };
        cell.unwrap_or(Cell::Null)
    }

    /// The column as texts: a whole number without a decimal point, any other with all the digits that tell it from its
    /// neighbours.
    pub fn texts(&self) -> Vec<Option<String>> {
        let text = |row| match self.cell(row) {
            Cell::Null => None,
            Cell::Text(text) => Some(text.to_owned()),
            Cell::Number(number) => Some(digits(number)),
            Cell::Integer(whole) => Some(whole.to_string()),
            Cell::Truth(truth) => Some(truth.to_string()),
        };
        (0..self.values.len()).map(text).collect()
    }

    /// The column as numbers; `None` where a text that is there is no number.
    pub fn numbers(&self) -> Option<Vec<Option<f64>>> {
        let number = |row| match self.cell(row) {
            Cell::Null => Some(None),
            Cell::Text(text) => text.parse().ok().map(Some),
            Cell::Number(number) => Some(Some(number)),
            Cell::Integer(whole) => Some(Some(whole as f64)),
            Cell::Truth(truth) => Some(Some(f64::from(u8::from(truth)))),
        };
        (0..self.values.len()).map(number).collect()
    }
}

/// A number as JSON has it: 0.5, 12.0, 1e300.
fn digits(number: f64) -> String {
    match serde_json::Number::from_f64(number) {
        Some(finite) => finite.to_string(),
        None => number.to_string(),
    }
}

impl Values {
    pub fn len(&self) -> usize {
        match self {
            Values::Texts(texts) => texts.len(),
            Values::Numbers(numbers) => numbers.len(),
            Values::Integers(whole) => whole.len(),
            Values::Truths(truths) => truths.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// `From` a vector whose entries become those of a kind of values.
macro_rules! from_vector {
    ($($entry:ty => $kind:ident, $convert:expr;)*) => {
        $(impl From<Vec<$entry>> for Values {
            fn from(entries: Vec<$entry>) -> Values {
                Values::$kind(entries.into_iter().map($convert).collect())
            }
        })*
    };
}

from_vector! {
    String => Texts, Some;
    &str => Texts, |text| Some(text.to_owned());
    Option<String> => Texts, |text| text;
    Option<&str> => Texts, |text| text.map(str::to_owned);
    f64 => Numbers, Some;
    Option<f64> => Numbers, |number| number;
    i64 => Integers, Some;
    Option<i64> => Integers, |whole| whole;
    bool => Truths, Some;
    Option<bool> => Truths, |truth| truth;
}
