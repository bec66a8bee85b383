//! What others printed: the store of figures, whether they can hold together, how two of them stand to each other.

pub mod changes;
pub mod coherence;
pub mod compare;
pub mod figures;
pub mod lines;
pub mod lists;
pub mod pool;
pub mod trend;
