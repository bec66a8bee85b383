//! The face of the library: what [`opine`](crate) offers to other programs. `lib.rs` shows it.
//!
//! It stands over all floors and adds no statistics: a name a person can guess, the options that are usual, one [`Error`].

#[cfg(feature = "charts")]
mod chart;
mod comparisons;
mod error;
mod estimates;
mod figures;
mod intervals;
mod sums;
mod survey;
mod tables;
mod weighting;

#[cfg(feature = "charts")]
pub use chart::{Chart, ChartKind};
pub use comparisons::Comparisons;
pub use error::Error;
pub use estimates::SurveyEstimates;
pub use figures::{Bound, Figures, Selection};
pub use intervals::{interval, sample_size};
pub use sums::Sums;
pub use survey::{Survey, SurveyRequest};
pub use tables::Tables;
pub use weighting::{Weighted, Weighting};
