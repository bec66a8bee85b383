//! Weights: what they are weighted to, what they are then, and what that does to the variance.
//!
//! Pure functions of arrays. A variable is the names of its levels and one code a row, [`MISSING`] where there is no
//! answer; weights are one number a row, 0 for rows that are out of the sample.
//!
//! | to | there is |
//! | --- | --- |
//! | start | [`inverse_probabilities`], [`normalise`], [`nonresponse`] |
//! | weight | [`rake`], [`poststratify`], [`calibrate`] |
//! | cut | [`trim`], [`trim_strictly`] |
//! | look | [`diagnose`], [`Margins::fit`], [`warnings()`] |
//! | replicate | [`Replicates`], with its weights made anew by [`Replicates::reweighted`] |
//! | know the variance | [`Calibration`], [`Margins::project`], from sums [`ByClass`] |
//!
//! Sums go over chunks of fixed size merged in order: the digits don't depend on the number of threads.

mod auxiliaries;
mod base;
mod blocks;
mod calibration;
mod cells;
mod chunks;
mod columns;
mod crossing;
mod diagnostics;
mod distance;
mod error;
mod explained;
mod fit;
mod margin;
mod margins;
mod nonresponse;
mod normal_equations;
mod parts;
mod poststratification;
mod quantile;
mod raking;
pub mod recipe;
mod replicates;
mod residuals;
mod trimming;
mod unreached;
mod warnings;

pub use auxiliaries::Auxiliaries;
pub use base::{ScaleTo, inverse_probabilities, normalise};
pub use calibration::{CalibrateOptions, Calibrated, calibrate};
pub use columns::{CONSTANT, Columns};
pub use crossing::{Crossing, Variable, crossed};
pub use diagnostics::{Diagnosis, EXTREME, diagnose, diagnose_by};
pub use distance::Distance;
pub use error::Error;
pub use explained::{ByClass, RowClasses};
pub use fit::LevelFit;
pub use margin::{MISSING, Margin, MissingPolicy, Unit};
pub use margins::{Margins, OWN_CATEGORY};
pub use nonresponse::{ResponseAdjusted, ResponseClass, nonresponse};
pub use poststratification::poststratify;
pub use raking::{RakeOptions, Raked, rake};
pub use replicates::{FirstStage, Hadamard, Method, Replicates};
pub use residuals::Calibration;
pub use trimming::{LimitUnit, Limits, Redistribute, StrictOptions, Trimmed, trim, trim_strictly};
pub use unreached::NotConverged;
pub use warnings::{
    FEW_RESPONDENTS, HIGH_DEFF, HIGH_WEIGHT, OFF_TARGET, SMALL_SHARE, WIDE_RANGE, Warning, warnings,
};
