//! What an interval has to know of the sample.

use super::Error;

/// The size of a sample, as far as it is known. A bare effective sample size will do for all methods but beta:
/// `Sample::from(850.0)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Effective sample size, respondents over design effect; above 0, need not be whole.
    pub n_eff: f64,
    /// Number of respondents, unweighted; beta needs it.
    pub respondents: Option<f64>,
    /// Degrees of freedom of the design, PSUs − strata; wald, logit and asin then take Student's t, and beta needs them.
    pub df: Option<f64>,
}

impl From<f64> for Sample {
    fn from(n_eff: f64) -> Self {
        Sample {
            n_eff,
            respondents: None,
            df: None,
        }
    }
}

impl Sample {
    /// The sample itself, if its numbers can be those of one.
    pub(super) fn checked(self) -> Result<Self, Error> {
        if !(self.n_eff > 0.0 && self.n_eff.is_finite()) {
            return Err(Error::SampleSize(self.n_eff));
        }
        match self {
            Sample { df: Some(df), .. } if df.is_nan() || df <= 0.0 => {
                Err(Error::DegreesOfFreedom(df))
            }
            Sample {
                respondents: Some(n),
                ..
            } if n.is_nan() || n <= 1.0 => Err(Error::Respondents(n)),
            _ => Ok(self),
        }
    }
}
