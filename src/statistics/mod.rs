//! Pure functions without input or output: distributions, intervals of shares, p-values of families, averages of estimates, linear
//! programs.

pub mod adjust;
pub mod interval;
pub mod linear;
pub mod pool;
pub mod simplex;
pub mod special;
