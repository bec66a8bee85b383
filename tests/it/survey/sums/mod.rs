//! Sums without respondents.

pub mod export;
pub mod items;
pub mod sql;
