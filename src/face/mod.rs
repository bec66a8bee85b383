//! The face of the library: what [`opine`](crate) offers to other programs. `lib.rs` shows it.
//!
//! It stands over all floors and adds no statistics: a name a person can guess, the options that are usual, one [`Error`].

use std::fmt::Display;
use std::str::FromStr;

#[cfg(feature = "charts")]
mod chart;
mod comparisons;
mod crosstab;
mod error;
mod estimates;
mod figures;
mod intervals;
mod models;
mod results;
mod sums;
mod survey;
mod tables;
mod weighting;

#[cfg(feature = "charts")]
pub use chart::{Chart, ChartKind};
pub use comparisons::Comparisons;
pub use crosstab::{Crosstab, CrosstabRequest};
pub use error::Error;
pub use estimates::SurveyEstimates;
pub use figures::{Bound, Figures, Selection};
pub use intervals::{interval, sample_size};
pub use models::{FitRequest, TestsRequest};
pub use results::Results;
pub use sums::Sums;
pub use survey::{Survey, SurveyRequest};
pub use tables::Tables;
pub use weighting::{Weighted, Weighting};

/// An option that stands as text. A request keeps the first that can't be read, and fails with it when it is run.
fn option_of<T: FromStr<Err: Display>>(
    option: &str,
    text: &str,
    wrong: &mut Option<Error>,
) -> Option<T> {
    match text.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            let message = format!("{option}: {error}");
            wrong.get_or_insert(Error::new("request", message).at(option));
            None
        }
    }
}
