//! Poll trends.

pub mod golden;
