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
//! | replicate | [`Replicates`], whose weights go through the same steps with [`Replicates::reweighted`] |
//! | know the variance | [`Calibration`], [`Margins::project`], from sums [`ByClass`] |
//!
//! Sums go over chunks of fixed size merged in order: the digits don't depend on the number of threads.

mod base;
mod calibration;
mod cells;
mod chunks;
mod diagnostics;
mod error;
mod margin;
mod margins;
mod nonresponse;
mod raking;
pub mod recipe;
mod replicates;
mod targets;
mod trimming;
mod variance;

pub use base::{ScaleTo, inverse_probabilities, normalise};
pub use calibration::{
    Auxiliaries, CONSTANT, CalibrateOptions, Calibrated, Columns, Distance, calibrate,
};
pub use diagnostics::{
    Diagnosis, EXTREME, FEW_RESPONDENTS, HIGH_DEFF, HIGH_WEIGHT, LevelFit, OFF_TARGET, SMALL_SHARE,
    WIDE_RANGE, Warning, diagnose, diagnose_by, warnings,
};
pub use error::Error;
pub use margin::{Crossing, MISSING, Margin, MissingPolicy, Variable, crossed};
pub use margins::{Margins, OWN_CATEGORY};
pub use nonresponse::{ResponseAdjusted, ResponseClass, nonresponse};
pub use raking::{NotConverged, RakeOptions, Raked, poststratify, rake};
pub use replicates::{FirstStage, Hadamard, Method, Replicates};
pub use targets::{DecimalSum, MarginTotal, TargetKind};
pub use trimming::{LimitUnit, Limits, Redistribute, StrictOptions, Trimmed, trim, trim_strictly};
pub use variance::{ByClass, Calibration, RowClasses};
