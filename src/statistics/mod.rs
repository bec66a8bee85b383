//! Pure functions without input or output: distributions, intervals of shares, p-values of families, linear programs.

pub mod adjust;
pub mod interval;
pub mod linear;
pub mod simplex;
pub mod special;
