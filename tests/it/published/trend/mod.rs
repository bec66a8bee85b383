//! Poll trends.

pub mod golden;
pub mod laws;
pub mod simulated;
