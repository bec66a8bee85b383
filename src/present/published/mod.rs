//! Published figures as lines to be read: one line a quantity, with its interval, its source, what
//! else was printed of it and what it cannot hold with.
//!
//! The same [`Section`]s become the frame for CSV and JSON, the table, and the dot chart.

mod caveats;
#[cfg(feature = "charts")]
mod chart;
mod claims;
mod comparison;
#[cfg(feature = "charts")]
mod panels;
mod pool;
mod pool_lines;
#[cfg(feature = "charts")]
mod stacked;
mod table;
#[cfg(feature = "charts")]
mod trend;

pub use crate::frames::Captions;
pub use crate::published::lines::{Line, Other, Section, by_poll, estimates, line, totals_behind};
#[cfg(feature = "charts")]
pub use chart::dot_chart;
pub use claims::{claims, claims_with_context};
#[cfg(feature = "charts")]
pub use comparison::{
    ChangedFigure, ComparisonRows, DifferenceError, change_chart, difference_chart,
};
pub use comparison::{
    Family, comparison_table, effects_block, rows_table, write_row_sentences, write_sentences,
    write_sentences_against,
};
#[cfg(feature = "charts")]
pub use panels::{CountryPanels, Spread, by_country};
pub use pool::{pool_about, pool_sentences, pool_table};
pub use pool_lines::{PooledLine, PooledLines, PooledLinesError};
#[cfg(feature = "charts")]
pub use stacked::{StackedError, stacked_chart};
#[cfg(feature = "charts")]
pub(crate) use table::{also_printed, interval_text};
pub use table::{claims_table, count, subject, table};
#[cfg(feature = "charts")]
pub use trend::{Countries, TrendError, trend_chart};
