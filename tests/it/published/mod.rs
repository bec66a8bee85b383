//! What others printed.

pub mod changes;
pub mod coherence;
pub mod compare;
pub mod figures;
pub mod lists;
pub mod pool;
pub mod trend;
pub mod typed;
