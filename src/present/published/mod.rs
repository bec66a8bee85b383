//! Published figures as lines to be read: one line a quantity, with its interval, its source, what
//! else was printed of it and what it cannot hold with.
//!
//! The same [`Section`]s become the frame for CSV and JSON, the table, and the dot chart.

mod caveats;
mod chart;
mod claims;
mod comparison;
mod panels;
mod stacked;
mod table;
mod trend;

pub use crate::frames::Captions;
pub use crate::published::lines::{Line, Other, Section, by_poll, estimates, line, totals_behind};
pub use chart::{dot_chart, subject};
pub use claims::{claims, claims_with_context};
pub use comparison::{
    ComparisonRows, DifferenceError, Family, comparison_table, difference_chart, effects_block,
    rows_table, subject_of_comparisons, write_row_sentences, write_sentences,
    write_sentences_against,
};
pub use panels::{CountryPanels, Spread, by_country};
pub use stacked::{StackedError, stacked_chart};
pub(crate) use table::{also_printed, interval_text};
pub use table::{claims_table, count, table};
pub use trend::{TrendError, trend_chart};
