use std::collections::HashSet;
use std::sync::Arc;

use super::Error;

/// Named columns of one length: what is written as CSV, JSON, Parquet or on a sheet, and becomes a polars frame.
///
/// ```
/// use opine::{Column, Frame};
///
/// let frame = Frame::new(2, vec![Column::new("share", vec![0.63, 0.37])])?;
/// assert_eq!(frame.height(), 2);
/// assert_eq!(frame.to_csv(), "share\n0.63\n0.37\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    rows: usize,
    columns: Vec<Column>,
}

/// A column: its name, and a value a row.
///
/// ```
/// use opine::{Cell, Column};
///
/// let n = Column::new("n", vec![Some(1500.0), None]);
/// assert_eq!(n.numbers(), Some(vec![Some(1500.0), None]));
/// assert!(matches!(n.cell(1), Cell::Null));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// No other column of its frame has it.
    pub name: String,
    /// One a row.
    pub values: Values,
}

/// The values of a column, all of one kind; `None` for null.
///
/// ```
/// use opine::{Column, Values};
///
/// let sides = Column::new("side", vec!["for", "against"]);
/// assert!(matches!(sides.values, Values::Texts(_)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Words. Cells of the same text may share it: most columns say one thing in many rows.
    Texts(Vec<Option<Arc<str>>>),
    /// Numbers of any kind.
    Numbers(Vec<Option<f64>>),
    /// Whole numbers.
    Integers(Vec<Option<i64>>),
    /// Yes or no.
    Truths(Vec<Option<bool>>),
}

/// A value of a row.
///
/// ```
/// use opine::{Cell, Column};
///
/// let share = Column::new("share", vec![0.63]);
/// assert!(matches!(share.cell(0), Cell::Number(p) if p == 0.63));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// Of a column of texts.
    Text(&'a str),
    /// Of a column of numbers.
    Number(f64),
    /// Of a column of whole numbers.
    Integer(i64),
    /// Of a column of truth values.
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

    /// The columns, in their order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub(super) fn columns_mut(&mut self) -> &mut [Column] {
        &mut self.columns
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Column {
    /// A column of a vector: of texts, numbers, whole numbers or truth values, or of options of them.
    ///
    /// ```
    /// use opine::{Column, Frame};
    ///
    /// let columns = vec![Column::new("answer", vec!["yes", "no"]), Column::new("n", vec![Some(620), None])];
    /// let frame = Frame::new(2, columns)?;
    /// assert_eq!(frame.to_csv(), "answer,n\nyes,620\nno,\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

/// A number with the digits that tell it from its neighbours, a whole one without a decimal point: 0.5, 1500, 1e300.
pub(super) fn digits(number: f64) -> String {
    match serde_json::Number::from_f64(number) {
        Some(_) if number.fract() == 0.0 && number.abs() < 1e15 => (number as i64).to_string(),
        Some(finite) => finite.to_string(),
        None => number.to_string(),
    }
}

impl Values {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Values::Texts(texts) => texts.len(),
            Values::Numbers(numbers) => numbers.len(),
            Values::Integers(whole) => whole.len(),
            Values::Truths(truths) => truths.len(),
        }
    }

    /// Whether there are none.
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
    String => Texts, |text| Some(text.into());
    &str => Texts, |text| Some(text.into());
    Option<String> => Texts, |text| text.map(Into::into);
    Option<&str> => Texts, |text| text.map(Into::into);
    Option<Arc<str>> => Texts, |text| text;
    f64 => Numbers, Some;
    Option<f64> => Numbers, |number| number;
    i64 => Integers, Some;
    Option<i64> => Integers, |whole| whole;
    bool => Truths, Some;
    Option<bool> => Truths, |truth| truth;
}
