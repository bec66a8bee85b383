//! Comparisons as people read them: what they show in sentences, as tables, and as a chart of differences.

#[cfg(feature = "charts")]
mod change;
#[cfg(feature = "charts")]
mod chart;
mod rows;
mod sentence;
mod table;

#[cfg(feature = "charts")]
pub use change::{ChangedFigure, change_chart};
#[cfg(feature = "charts")]
pub use chart::{ComparisonRows, DifferenceError, difference_chart};
pub use rows::{rows_table, write_row_sentences};
pub use sentence::{Family, write_sentences, write_sentences_against};
pub use table::{comparison_table, effects_block};
