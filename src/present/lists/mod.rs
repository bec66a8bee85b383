//! Tables that a person brings, estimates and plain lists of labels and per cents, as charts: dots, stacked bars, trends.

mod error;
mod estimates;
mod foot;
mod list;
mod numbers;
mod stacked;
mod times;
mod tones;
mod trend;

pub use error::Error;
pub use estimates::{chart_of_estimates, read_estimates, subject_of_estimates};
pub use foot::level_of_intervals;
pub use list::{is_list, is_plain_list, list_of_answers, list_of_waves, plain_list};
pub use numbers::measure_of;
pub use stacked::stacked_of_estimates;
pub use trend::trend_of_estimates;
