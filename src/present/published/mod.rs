//! Published figures as lines to be read: one line a quantity, with its interval, its source, what
//! else was printed of it and what it cannot hold with.
//!
//! The same [`Section`]s become the frame for CSV and JSON, the table, and the dot chart.

mod caveats;
mod chart;
mod claims;
mod comparison;
mod given;
mod given_error;
mod given_foot;
mod given_levels;
mod given_list;
mod given_numbers;
mod given_row;
mod given_stacked;
mod given_trend;
mod panels;
mod stacked;
mod table;
mod times;
mod tones;
mod trend;

pub use crate::frames::Captions;
pub use crate::published::lines::{Line, Other, Section, by_poll, estimates, line, totals_behind};
pub use chart::{dot_chart, subject};
pub use claims::{claims, claims_with_context};
pub use comparison::{
    DifferenceError, Family, comparison_table, difference_chart, effects_block, rows_table,
    subject_of_comparisons, write_row_sentences, write_sentences, write_sentences_against,
};
pub use given::{chart_of_estimates, read_estimates};
pub use given_error::Error as GivenError;
pub use given_foot::level_of_intervals;
pub use given_levels::subject_of_estimates;
pub use given_list::{is_list, is_plain_list, list_of_answers, list_of_waves, plain_list};
pub use given_numbers::measure_of;
pub use given_stacked::stacked_of_estimates;
pub use given_trend::trend_of_estimates;
pub use panels::{CountryPanels, Spread, by_country};
pub use stacked::{StackedError, stacked_chart};
pub(crate) use table::{also_printed, interval_text};
pub use table::{claims_table, count, table};
pub use trend::{TrendError, trend_chart};
