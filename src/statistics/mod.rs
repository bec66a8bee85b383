//! Pure functions without input or output: distributions, intervals of shares, p-values of families.

pub mod adjust;
pub mod interval;
pub mod linear;
pub mod special;
