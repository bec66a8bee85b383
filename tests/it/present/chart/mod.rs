//! Charts.

pub mod banner;
pub mod changes;
pub mod coefficients;
pub mod colour;
pub mod dots;
pub mod files;
pub mod kinds;
pub mod layout;
pub mod lists;
pub mod numbers;
pub mod polls;
pub mod pooled;
pub mod series;
pub mod shares;
pub mod spread;
pub mod weights;
