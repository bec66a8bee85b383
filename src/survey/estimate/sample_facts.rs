//! What is known of a sample before anything is estimated.

use crate::survey::design::Error;

/// Who was sampled, as the data say it.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    pub rows: u64,
    /// In order; one without a name where there are no strata; none for replicate weights.
    pub strata: Vec<Stratum>,
    pub stages: Vec<StageFacts>,
    /// `None` where the design can't be used as it is.
    pub df: Option<f64>,
    pub weights: WeightFacts,
    pub replicates: Option<ReplicateFacts>,
    /// What looks wrong, the worst first.
    pub findings: Vec<Finding>,
}

impl Sample {
    /// Whether nothing would be estimated from it.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.refuses)
    }
}

/// One stratum of the first stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stratum {
    /// Its values, one after the other; empty without strata.
    pub name: String,
    pub psus: u64,
    pub rows: u64,
    /// Sum of the weights.
    pub weight: f64,
    /// Smallest and largest weight above 0.
    pub weight_range: Option<(f64, f64)>,
    /// fpc of the first stage: a population count or a sampling fraction.
    pub fpc: Option<f64>,
    /// One PSU, and not all there are.
    pub lonely: bool,
}

/// Units of one stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StageFacts {
    /// Its column; empty where rows are the units.
    pub column: String,
    pub units: u64,
    /// Fewest, middle and most units in a group of the stage: PSUs in a stratum, units in a PSU.
    pub fewest: u64,
    pub median: f64,
    pub most: u64,
    /// Smallest and largest sampling fraction; `None` where drawn with replacement or fpc is not known.
    pub fraction: Option<(f64, f64)>,
}

/// The weights of the respondents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightFacts {
    /// Of the weights above 0.
    pub min: Option<f64>,
    pub median: Option<f64>,
    pub max: Option<f64>,
    pub sum: f64,
    pub zero: u64,
    pub missing: u64,
    pub negative: u64,
    /// n Σw²/(Σw)² of the weights above 0: what unequal weights alone cost. Kish, Survey Sampling (1965), section 11.7.
    pub deff: Option<f64>,
    /// (Σw)²/Σw².
    pub n_eff: Option<f64>,
}

/// Replicate weights.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicateFacts {
    pub columns: usize,
    pub rep_type: &'static str,
    pub scale: f64,
}

/// Something to know before estimating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether nothing would be estimated.
    pub refuses: bool,
    pub message: String,
}

impl Finding {
    pub(super) fn note(message: impl Into<String>) -> Finding {
        Finding {
            refuses: false,
            message: message.into(),
        }
    }

    pub(super) fn refusal(error: &Error) -> Finding {
        Finding {
            refuses: true,
            message: error.to_string(),
        }
    }
}
