//! Distributions and intervals.

pub mod interval;
pub mod special;
