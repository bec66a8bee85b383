//! Pure functions without input or output: distributions, intervals of shares, p-values of families, averages of estimates.

pub mod adjust;
pub mod interval;
pub mod linear;
pub mod pool;
pub mod special;
