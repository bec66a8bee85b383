use std::sync::Arc;

use crate::survey::microdata::Value;

/// How a column is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// Codes into a dictionary of values: for levels, groups, strata, PSUs and conditions.
    Codes,
    /// Numbers, NaN where missing (user-missing values of the codebook too): for weights, means and totals.
    Numbers,
}

/// One column of a scan.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ColumnRequest {
    pub name: String,
    pub view: View,
}

/// Some respondents in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The number of respondents before these.
    pub first_row: u64,
    pub rows: usize,
    /// In the order of the requests, each of `rows` entries.
    pub columns: Vec<Column>,
}

impl Batch {
    /// Some of the rows, in the order given.
    pub fn select(&self, rows: &[usize]) -> Batch {
        let column = |column: &Column| match column {
            Column::Numbers(numbers) => {
                Column::Numbers(rows.iter().map(|row| numbers[*row]).collect())
            }
            Column::Codes(coded) => Column::Codes(Coded {
                codes: match &coded.codes {
                    Codes::Narrow(codes) => {
                        Codes::Narrow(rows.iter().map(|row| codes[*row]).collect())
                    }
                    Codes::Wide(codes) => Codes::Wide(rows.iter().map(|row| codes[*row]).collect()),
                },
                values: Arc::clone(&coded.values),
            }),
        };
        Batch {
            first_row: self.first_row,
            rows: rows.len(),
            columns: self.columns.iter().map(column).collect(),
        }
    }
}

/// The entries of one variable in a batch.
#[derive(Clone, Debug)]
pub enum Column {
    Codes(Coded),
    Numbers(Vec<f64>),
}

/// Codes and what they stand for. The dictionary belongs to this column of this batch: another batch may number the same
/// values otherwise. It holds each value at most once, may hold values that no row has, and holds
/// [`Value::Null`] where something is missing without a kind.
#[derive(Clone, Debug)]
pub struct Coded {
    pub codes: Codes,
    pub values: Arc<Vec<Value>>,
}

/// One code a row, narrow where 256 values are enough.
#[derive(Clone, Debug)]
pub enum Codes {
    Narrow(Vec<u8>),
    Wide(Vec<u32>),
}

impl Codes {
    pub fn len(&self) -> usize {
        match self {
            Codes::Narrow(codes) => codes.len(),
            Codes::Wide(codes) => codes.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code of a row.
    pub fn get(&self, row: usize) -> u32 {
        match self {
            Codes::Narrow(codes) => u32::from(codes[row]),
            Codes::Wide(codes) => codes[row],
        }
    }
}
