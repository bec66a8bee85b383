//! Estimates of respondents.

pub mod bases;
pub mod choices;
pub mod designs;
pub mod distributions;
pub mod far_from_zero;
pub mod golden;
pub mod laws;
pub mod oracle;
pub mod order;
pub mod pairwise;
pub mod reference;
pub mod replicates;
pub mod samples;
pub mod standardise;
