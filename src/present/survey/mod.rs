//! Estimates of respondents as tables, as the field prints them.
//!
//! [`tables`] lays [`SurveyEstimates`](crate::survey::estimate::SurveyEstimates) out:
//!
//! * shares without decimals, bounds with one; `*` for under half a per cent, `-` for nobody, the key in the foot;
//! * other statistics to two digits of their standard error;
//! * one column a domain while these fit the width, a row a domain where they do not;
//! * NETs above their parts; bases always: respondents, their weight, what they are worth;
//! * bases under [`DisplayOptions::flag_base`] flagged, under [`DisplayOptions::min_base`] not shown.
//!
//! [`comparisons`] does the same for differences of domains, [`design_tables`] for what a design is, [`tests_table`] for tests,
//! [`ModelTables`] for models.

mod balance;
mod cells;
#[cfg(feature = "charts")]
mod coefficients;
mod comparisons;
mod describe;
mod design;
mod display;
pub(super) mod foot;
mod grid;
mod layout;
mod long;
mod margins;
#[cfg(feature = "charts")]
mod margins_chart;
mod models;
mod sheet;
pub(super) mod source;
mod tables;
mod tests;
mod weighting;

pub use balance::{balance_frame, balance_notes, balance_table};
#[cfg(feature = "charts")]
pub use coefficients::{CoefficientError, coefficient_chart, coefficient_subject};
pub use comparisons::comparisons;
pub use describe::{description, description_frame, is_shortened};
pub use design::{LISTED_STRATA, design_frame, design_tables};
pub use display::{DisplayColumn, DisplayOptions, LEAST_BASE};
pub use foot::notes;
pub use margins::margin_frame;
#[cfg(feature = "charts")]
pub use margins_chart::{MarginError, MarginPicture, margin_picture, margin_subject};
pub use models::{
    ModelTables, coefficients_covariance, margin_comparisons, margin_rows, model_notes,
};
pub use tables::tables;
pub use tests::{test_notes, test_sentences, tests_table};
pub use weighting::{WeightingTables, weighting_estimates, weighting_groups};
