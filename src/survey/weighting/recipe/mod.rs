//! From a raw sample to weights: the steps of a recipe on a file, and estimates that know of them.
//!
//! A [`Recipe`] is steps in their order with their [`Targets`]; [`weigh`] takes the base weights of a file and its design
//! through them. The estimates of [`Weighted`] use the variance after weighting: residuals on what the weights were held
//! to, or replicates that went through the same steps.

mod diagnostics;
mod error;
mod prepared;
mod ready;
mod replicated;
mod residuals;
mod sample;
mod step;
mod targets;
mod toml_file;
mod weigh;
mod write;

pub use diagnostics::Diagnostics;
pub use error::Error;
pub use prepared::{Held, Prepared, Weighed};
pub use replicated::Made;
pub use residuals::RakingVariance;
pub use step::{Normalise, Recipe, Step};
pub use targets::{Target, TargetOf, Targets};
pub use toml_file::{distance, limit_unit, missing_policy};
pub use weigh::{Weighted, weigh};
pub use write::write;
