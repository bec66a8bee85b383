//! Banner tables of respondents.

pub mod golden;
