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
            } if n.is_nan() || n <= 0.0 => Err(Error::Respondents(n)),
            _ => Ok(self),
        }
    }
}

/// The effective sample size of respondents drawn without replacement from a population that they are no small part of:
/// `n_eff (N − 1)/(N − n)`, with n respondents of N people and n_eff what they are worth in a population without end.
///
/// An interval of any method on it is narrower by √((N − n)/(N − 1)), or nearly.
///
/// # Errors
/// A sample size that is none; a population that is not larger than the sample.
///
/// Source: Cochran, Sampling Techniques (1977), theorem 3.2: the variance of a share is P Q/n (N − n)/(N − 1).
/// In R: `n_eff * (N - 1) / (N - n)`.
///
/// ```
/// use opine::internals::statistics::interval::finite_population;
///
/// // 250 of the 400 in a village are worth 665 of a large country
/// assert!((finite_population(250.0, 250.0, 400.0)? - 665.0).abs() < 1e-9);
/// # Ok::<(), opine::internals::statistics::interval::Error>(())
/// ```
pub fn finite_population(n_eff: f64, respondents: f64, population: f64) -> Result<f64, Error> {
    for size in [n_eff, respondents] {
        if !(size > 0.0 && size.is_finite()) {
            return Err(Error::SampleSize(size));
        }
    }
    if !(population > respondents && population.is_finite()) {
        return Err(Error::Population {
            population,
            respondents,
        });
    }
    Ok(n_eff * (population - 1.0) / (population - respondents))
}
