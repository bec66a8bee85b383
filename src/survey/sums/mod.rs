//! The scan: respondents to sums that merge. It knows nothing of estimators.
//!
//! Every linear estimator of a survey and its variance by linearisation follow from sums that can be made apart and added
//! up: the weighted sums of each unit of the design in each domain, and where rows are the units the sums of squares of
//! each stratum. One [`scan`] makes those of all items and domains together; [`merge`] puts them in an order that depends
//! on their content alone.

mod add;
mod adder;
mod at_values;
mod chain;
mod columns;
mod error;
pub mod file;
mod finish;
mod gather;
mod incomplete;
mod keys;
mod lay_out;
mod merge;
mod merge_items;
mod plan;
mod regrow;
mod renumbered;
mod replicates;
mod sampled;
mod scan;
mod sketch;
mod smallest;
mod spec;
pub mod sql;
mod state;
mod table;
mod tally;
mod terms;

pub use crate::statistics::special::Sum;
pub use error::Error;
pub use keys::Key;
pub use merge::merge;
pub use plan::{Classes, DesignColumns, ItemPlan, Mode, Operand, Plan, Requests, Weights};
pub(crate) use sampled::sampling_fraction;
pub use scan::scan;
pub use sketch::Sketch;
pub use smallest::Small;
pub use tally::{
    Cell, ItemSums, LevelSums, NumberSums, RowCounts, Sums, Unit, ValueSums, Weighted, at, triangle,
};
