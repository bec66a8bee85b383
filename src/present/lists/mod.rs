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
pub use estimates::{chart_of_estimates, subject_of_estimates};
pub use foot::level_of_intervals;
pub use list::{Input, List, read, read_estimates};
pub use numbers::measure_of;
pub use stacked::stacked_of_estimates;
pub use trend::trend_of_estimates;
