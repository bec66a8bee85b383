//! The real program.

pub mod commands;
pub mod effects;
pub mod examples;
pub mod fuzz;
pub mod help;
pub mod import;
pub mod in_process;
pub mod outputs;
pub mod paths;
pub mod program;
pub mod readme;
pub mod snapshots;
pub mod style;
pub mod tables;
pub mod texts;
pub mod topline;
pub mod trend;
