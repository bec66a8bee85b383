//! The tables everything meets in: typed polars frames with fixed columns.
//!
//! [`Estimates`] has one row an estimate. Rows go in as [`Estimate`] and come out again by column
//! name, so a frame that was filtered, sorted or read from a file is as good as a fresh one.
//! [`Comparisons`] has one row a comparison of two.

mod captions;
mod comparisons;
mod crosstab;
mod flags;
mod frame;
mod io;
mod row;
mod tests;
pub mod words;

pub use captions::Captions;
pub use comparisons::{COMPARISON_COLUMNS, Comparison, Comparisons};
pub use crosstab::{CROSSTAB_COLUMNS, CrosstabRow, crosstab_frame};
pub use flags::Flag;
pub use frame::{Error, Estimates, FIXED_COLUMNS, ROUNDING_COLUMNS};
pub use io::{frame_to_csv, frame_to_json, frame_to_spreadsheet, read_csv, read_json};
pub use row::{Estimate, Statistic};
pub use tests::{TEST_COLUMNS, Test, tests_frame};
