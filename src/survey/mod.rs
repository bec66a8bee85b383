//! Respondents: their files, the questions asked of them, the design they were sampled by, sums, estimates, weights.

pub mod crosstab;
pub mod design;
pub mod estimate;
pub mod expr;
pub mod microdata;
pub mod models;
pub mod sample;
pub mod sums;
pub mod testing;
pub mod topline;
pub mod weighting;
