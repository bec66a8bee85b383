//! Who was sampled and how: weights, strata, stages, finite populations, replicate weights, lonely units.
//!
//! A [`Design`] is what the user declares, by the names of columns; [`Units`] is what the data say about it. Between them
//! lie the variance of everything: by linearisation through all stages ([`Units::covariance`]) or from replicates
//! ([`Replication`]).

mod error;
mod replicates;
mod spec;
mod taylor;
mod toml_file;
mod units;

pub use error::Error;
pub use replicates::Replication;
pub use spec::{Design, Lonely, MissingWeights, NamedParts, RepType, Replicates, WeightCounts};
pub use units::{DesignUse, ElementScore, Score, Stage, Units};
