//! Banner tables of respondents.

pub mod attack;
pub mod golden;
pub mod houses;
pub mod odd;
pub mod plans;
pub mod program;
pub mod simulated;
pub mod sums;
pub mod suppression;
pub mod waves;
pub mod weighted;
