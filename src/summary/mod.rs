//! Published figures as lines to be read: one line a quantity, with its interval, its source, what
//! else was printed of it and what it cannot hold with.
//!
//! The same [`Section`]s become the frame for CSV and JSON, the table, and the dot chart.

mod caveats;
mod chart;
mod claims;
mod difference;
mod given;
mod lines;
mod panels;
mod stacked;
mod table;
mod trend;

pub use chart::{Captions, dot_chart, subject};
pub use claims::{claims, claims_with_context};
pub use difference::{DifferenceError, difference_chart};
pub use given::{
    Error as GivenError, chart_of_estimates, is_plain_list, plain_list, read_estimates,
    subject_of_estimates,
};
pub use lines::{Line, Other, Section, by_poll, estimates, line, totals_behind};
pub use panels::{CountryPanels, Spread, by_country};
pub use stacked::{StackedError, stacked_chart};
pub(crate) use table::{also_printed, interval_text};
pub use table::{claims_table, count, table};
pub use trend::{TrendError, trend_chart};
