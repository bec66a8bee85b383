//! Weights, and what they do to the variance.

pub mod calibration;
pub mod command;
pub mod files;
pub mod golden;
pub mod golden_command;
pub mod odd;
pub mod raking;
pub mod refused;
pub mod replicates;
pub mod sample;
pub mod simulated;
pub mod steps;
pub mod targets;
pub mod variance;
