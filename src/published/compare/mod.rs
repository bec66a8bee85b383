//! Differences of published figures: how two samples stand to each other, the difference with its
//! interval and test, several comparisons as one family, and the sentence that says what holds.
//!
//! ```
//! use opine::published::compare::{DifferenceMethod, Options, Pair, Relation, Side};
//! use opine::published::figures::percent::Percent;
//!
//! let side = |text: &str| Side::typed(text, &Percent::parse(text).unwrap(), 1000.0, None, 0.95);
//! let (a, b) = (side("48")?, side("45")?);
//! let pair = Pair::typed(&a, &b, Relation::SameQuestion, None)?;
//! let lead = pair.compare(Options::default())?;
//! // The lead of 3 points of one poll: its margin is 6 points, not the 3 of a share.
//! let (low, high) = lead.row.interval().unwrap();
//! assert!((high - low - 2.0 * 0.0596).abs() < 1e-3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod against_rest;
mod average;
mod combination;
mod difference;
mod effect;
mod error;
mod found;
mod like_for_like;
mod made;
mod net_scores;
mod outcome;
mod pair;
mod part;
mod pooled;
mod pooling;
mod population;
mod relation;
mod row;
mod rows;
mod rows_table;
mod score;
mod score_difference;
mod sentence;
mod share;
mod side;
mod table;

pub use average::Average;
pub use combination::{Combination, CombinationError, Net};
pub use difference::{
    DifferenceMethod, Error as DifferenceError, Test, independent, joint_range, joint_variance,
    pooled_test, two_sided,
};
pub use effect::{Effects, Ratio, effects};
pub use error::Error;
pub use made::made;
pub use outcome::{Compared, Options, against, family};
pub use pair::{Joint, Pair, Said};
pub use part::{CannotHold, PartAndWhole, PartOf};
pub use pooling::{MadeError, Pooling};
pub use population::{Population, PopulationError};
pub use relation::{Found, Relation, Unclear, UnknownRelation, found};
pub use row::{RowsCompared, row_label};
pub use rows::{RowsError, rows_difference, rows_differences};
pub use rows_table::rows_table;
pub use score::Score;
pub use sentence::{Family, write_sentences, write_sentences_against};
pub use share::Share;
pub use side::{Side, Size, Wanted, stored};
pub use table::{effects_block, table};
