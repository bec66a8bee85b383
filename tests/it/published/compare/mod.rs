//! Differences of published figures.

pub mod combinations;
pub mod golden;
pub mod program;
pub mod relations;
pub mod rows;
