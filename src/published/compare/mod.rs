//! Differences of published figures: how two samples stand to each other, the difference with its
//! interval and test, several comparisons as one family.
//!
//! ```
//! use opine::internals::published::compare::{Options, Pair, Relation, TypedFigure, TypedSample};
//!
//! let sample = TypedSample { n: Some(1000.0), ..TypedSample::default() };
//! let (a, b) = (TypedFigure::parse("48")?.side(&sample, 0.95)?, TypedFigure::parse("45")?.side(&sample, 0.95)?);
//! let pair = Pair::typed(&a, &b, Relation::SameQuestion, None)?;
//! let lead = pair.compare(Options::default())?;
//! // The lead of 3 points of one poll: its margin is 6 points, not the 3 of a share.
//! let (low, high) = lead.row.interval().unwrap();
//! assert!((high - low - 2.0 * 0.0596).abs() < 1e-3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod combination;
mod difference;
mod error;
mod inference;
mod like_for_like;
mod named;
mod net_score;
mod pair;
mod part_of;
mod relation;
mod rows;
mod score;
mod shares;
mod side;
mod typed;

pub use combination::{
    Average, Combination, CombinationError, CombineError, Net, Pooling, Population,
    PopulationError, combine,
};
pub use difference::{Difference, Options, against, family};
pub use error::Error;
pub use inference::AT_LEAST;
pub use named::{CombinationOptions, NamedError, named_figures};
pub use pair::{Joint, Pair, PairOptions};
pub use part_of::{CannotHold, PartAndWhole, PartOf};
pub use relation::{Relation, RelationByIds, Unclear, UnknownRelation, relation_by_ids};
pub use rows::{RowDifference, RowsError, row_label, rows_difference, rows_differences};
pub use score::Score;
pub use shares::{
    DifferenceMethod, Effects, Error as DifferenceError, Ratio, Share, Test, effects, independent,
    joint_range, joint_variance, pooled_test, two_sided,
};
pub use side::{Side, Size, StoredFigure, sides};
pub use typed::{TypedFigure, TypedSample, typed_size};
