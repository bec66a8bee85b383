//! Poll trends for reading: rows, tables and sentences of what the polls say, what each house prints, what was left out.

mod backtests;
#[cfg(feature = "charts")]
mod chart;
mod rows;
mod tables;
mod words;

pub use backtests::{backtest_rows, backtest_table};
#[cfg(feature = "charts")]
pub use chart::{DotStyle, PollsPicture, effects_chart, polls_chart};
pub use rows::{day_rows, house_rows, poll_rows, variance_rows};
pub use tables::{day_table, house_table, poll_table, variance_table};
pub use words::{agreement, day_sentence, foot, latest, level_words, share_words};
