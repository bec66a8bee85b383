//! Respondents.

pub mod crosstab;
pub mod estimate;
pub mod expr;
pub mod microdata;
pub mod models;
pub mod sample;
pub mod sums;
pub mod testing;
pub mod weighting;
mod weights;
