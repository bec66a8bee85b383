//! From a raw sample to weights: the steps of a recipe on a file, and estimates that know of them.
//!
//! A [`Recipe`] is steps in their order with their [`Targets`]; [`weigh`] takes the base weights of a file and its design
//! through them. The estimates of [`Weighted`] use the variance after weighting: residuals on what the weights were held
//! to, or replicates that went through the same steps.

mod error;
mod matching;
mod replicates;
mod sample;
mod steps;
mod targets;
mod toml_file;
mod variance;
mod weighted;
mod write;

pub use error::Error;
pub use replicates::ReplicateWeights;
pub use steps::{CalibratedStep, PreparedSteps, WeightingResult};
pub use targets::{Target, TargetValues, Targets};
pub use toml_file::{distance, limit_unit, missing_policy};
pub use variance::RakingVariance;
pub use weighted::{Diagnostics, Weighted, weigh};
pub use write::write;

use crate::survey::weighting::{Distance, Limits, MissingPolicy};

/// One step from base weights to weights.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Respondents of each class take over the weight of those who did not answer.
    Nonresponse {
        /// Who answered: a condition.
        responded: String,
        /// What makes the classes: an expression.
        classes: String,
    },
    Poststratify(Targets),
    Rake {
        targets: Targets,
        tolerance: Option<f64>,
        iterations: Option<usize>,
    },
    Calibrate {
        targets: Targets,
        distance: Distance,
        tolerance: Option<f64>,
        iterations: Option<usize>,
    },
    Trim {
        limits: Limits,
        /// Repeated with the weighting before it until both hold.
        strict: bool,
        /// What was cut is spread over the others.
        redistribute: bool,
    },
    Normalise(Normalise),
}

impl Step {
    /// What the step holds the sample to.
    pub fn targets(&self) -> Option<&Targets> {
        match self {
            Step::Poststratify(targets)
            | Step::Rake { targets, .. }
            | Step::Calibrate { targets, .. } => Some(targets),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Normalise {
    /// To the number of respondents with a weight: the mean weight is 1.
    Respondents,
    /// To a total.
    Total(f64),
}

impl Step {
    /// The name in recipes and messages.
    pub fn name(&self) -> &'static str {
        match self {
            Step::Nonresponse { .. } => "nonresponse",
            Step::Poststratify(_) => "poststratify",
            Step::Rake { .. } => "rake",
            Step::Calibrate { .. } => "calibrate",
            Step::Trim { .. } => "trim",
            Step::Normalise(_) => "normalise",
        }
    }
}

/// Steps in their order, and what they start from.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    pub steps: Vec<Step>,
    /// What becomes of respondents without an answer to a variable of the targets.
    pub missing: MissingPolicy,
    /// The number of people that shares are scaled to; otherwise the sum of the base weights.
    pub population: Option<f64>,
    /// Whether it was read from a file: a key without effect is a note there, where an option is refused.
    pub from_file: bool,
    /// Column of inclusion probabilities that the base weights are the inverse of.
    pub inclusion: Option<String>,
    /// Name of the column of the new weights.
    pub name: String,
}

impl Default for Recipe {
    fn default() -> Recipe {
        Recipe {
            steps: Vec::new(),
            missing: MissingPolicy::Refuse,
            population: None,
            from_file: false,
            inclusion: None,
            name: "new_weight".to_owned(),
        }
    }
}
