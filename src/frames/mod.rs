//! The tables everything meets in: typed frames with fixed columns.
//!
//! [`Estimates`] has one row an estimate. Rows go in as [`Estimate`] and come out again by column
//! name, so a frame that was filtered, sorted or read from a file is as good as a fresh one.
//! [`Comparisons`] has one row a comparison of two.

pub(crate) mod calendar;
mod captions;
mod coefficients;
mod comparisons;
mod crosstab;
mod estimates;
mod flags;
mod frame;
mod io;
mod look_alikes;
pub mod nets;
pub mod non_answers;
#[cfg(feature = "frames")]
mod polars;
mod row;
mod test_rows;
mod trends;
pub mod words;

pub use captions::Captions;
pub use coefficients::{COEFFICIENT_COLUMNS, Coefficient, coefficients_frame};
pub use comparisons::{COMPARISON_COLUMNS, Comparison, Comparisons};
pub use crosstab::{CROSSTAB_COLUMNS, CrosstabRow, crosstab_frame};
pub use estimates::{CONTEXT_COLUMNS, Estimates, FIXED_COLUMNS, ROUNDING_COLUMNS};
pub use flags::Flag;
pub use frame::{Cell, Column, Frame, Values};
pub use io::read_json;
pub(crate) use look_alikes::{look_alike, look_alike_warnings};
pub use row::{Estimate, Statistic};
pub use test_rows::{TEST_COLUMNS, Test, tests_frame};
pub use trends::{
    BacktestRow, HouseRow, PollRow, TrendRow, VarianceRow, backtest_frame, house_frame, poll_frame,
    trend_frame, variance_frame,
};

/// What is wrong with a frame.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the table has a column `{0}` that must hold numbers, and does not")]
    NotNumeric(String),
    #[error("row {row} of the table has no `{column}`: it must be there in each row")]
    Missing { row: usize, column: &'static str },
    #[error("the column `{column}` has {found} rows, where the table has {rows}")]
    Length {
        column: String,
        found: usize,
        rows: usize,
    },
    #[error("two columns of the table are named `{0}`")]
    Twice(String),
    #[error("{0}")]
    Text(String),
}
