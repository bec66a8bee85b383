//! The real program.

pub mod commands;
pub mod control_characters;
pub mod effects;
pub mod examples;
pub mod fuzz;
pub mod help;
pub mod import;
pub mod in_process;
pub mod limits;
#[cfg(feature = "mcp")]
pub mod mcp;
pub mod minus;
pub mod outputs;
pub mod pages;
pub mod paths;
pub mod press_release;
pub mod program;
pub mod readme;
pub mod skill;
pub mod snapshots;
pub mod style;
pub mod system;
pub mod tables;
pub mod texts;
pub mod topline;
pub mod trend;
