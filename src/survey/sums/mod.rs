//! The scan: respondents to sums that merge. It knows nothing of estimators.
//!
//! Every linear estimator of a survey and its variance by linearisation follow from sums that can be made apart and added
//! up: the weighted sums of each unit of the design in each domain, and where rows are the units the sums of squares of
//! each stratum. One [`scan`] makes those of all items and domains together; [`merge`] puts them in an order that depends
//! on their content alone.

mod at_values;
mod error;
pub mod export;
mod merge;
mod plan;
mod rank;
mod sampled_units;
mod scan;
pub mod sql;
mod tally;

pub use crate::statistics::special::Sum;
pub use error::Error;
pub use merge::merge;
pub use plan::{
    Classes, CountedLiteral, DesignColumns, DomainLimit, ItemPlan, Mode, Operand, Plan, Requests,
    Weights,
};
pub use rank::Sketch;
pub(crate) use sampled_units::sampling_fraction;
pub(crate) use scan::{
    AddedRows, Chain, Pairs, ReplicateSums, coded, codes_of, numbers, numbers_of,
    replicate_weights, scan_with,
};
pub use scan::{Key, scan};
pub(crate) use tally::widen_fpc;
pub use tally::{
    Cell, ItemSums, LevelSums, LiteralCount, NumberSums, Origin, ReplicateColumn, RowCounts, Small,
    Sums, Unit, ValueSums, Weighted, at, triangle,
};
