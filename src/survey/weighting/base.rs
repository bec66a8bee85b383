//! Base weights: what they must be, where they come from, what they add up to.

use super::Error;
use super::chunks;

/// What weights are scaled to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScaleTo {
    /// The number of rows with a weight other than 0: the weights have mean 1.
    Respondents,
    /// A population.
    Total(f64),
}

/// Base weights are finite, not negative, not all 0, one a row. Their sum is returned.
pub(super) fn checked_total(base: &[f64], rows: usize) -> Result<f64, Error> {
    if base.len() != rows {
        return Err(Error::Length {
            what: "the base weights".to_owned(),
            given: base.len(),
            rows,
        });
    }
    let wrong = |w: &f64| !(w.is_finite() && *w >= 0.0);
    // all of them without a way out first: that is many at a time
    if base.iter().fold(false, |any, w| any | wrong(w))
        && let Some(row) = base.iter().position(wrong)
    {
        return Err(Error::BaseWeight {
            row: row + 1,
            weight: base.get(row).copied().unwrap_or(f64::NAN),
        });
    }
    let total = chunks::sum(base);
    if !total.is_finite() {
        return Err(Error::BaseWeightsInfinite);
    }
    if total <= 0.0 {
        return Err(Error::BaseWeightsZero);
    }
    Ok(total)
}

/// Sums are not more exact than this, relatively.
const FINEST: f64 = 1e-14;

/// A tolerance that can be met.
pub(super) fn checked_tolerance(tolerance: f64) -> Result<(), Error> {
    if tolerance.is_finite() && tolerance >= FINEST {
        Ok(())
    } else {
        Err(Error::Tolerance(tolerance))
    }
}

/// Base weights from the probability of each row to be in the sample: 1/π.
///
/// Errors: a probability that is not in (0, 1]. Source: Horvitz and Thompson, JASA 47 (1952). In R: `svydesign(probs = ~pi)`.
pub fn inverse_probabilities(probabilities: &[f64]) -> Result<Vec<f64>, Error> {
    // the inverse of the smallest floats is infinite
    let outside = |p: &f64| !(*p > 0.0 && *p <= 1.0 && (1.0 / p).is_finite());
    if let Some(row) = probabilities.iter().position(outside) {
        return Err(Error::Probability {
            row: row + 1,
            probability: probabilities.get(row).copied().unwrap_or(f64::NAN),
        });
    }
    Ok(probabilities.iter().map(|p| 1.0 / p).collect())
}

/// The weights, multiplied by one number so that they add up to `to`.
///
/// Errors: weights that are not finite, or whose sum is not above 0; a population that is not finite and above 0.
pub fn normalise(weights: &[f64], to: ScaleTo) -> Result<Vec<f64>, Error> {
    if let Some(row) = weights.iter().position(|w| !w.is_finite()) {
        return Err(Error::BaseWeight {
            row: row + 1,
            weight: weights.get(row).copied().unwrap_or(f64::NAN),
        });
    }
    let sum = chunks::sum(weights);
    if sum.is_nan() || sum <= 0.0 {
        return Err(Error::BaseWeightsZero);
    }
    let total = match to {
        ScaleTo::Respondents => weights.iter().filter(|w| **w != 0.0).count() as f64,
        ScaleTo::Total(total) if total.is_finite() && total > 0.0 => total,
        ScaleTo::Total(total) => return Err(Error::Population(total)),
    };
    Ok(weights.iter().map(|w| w * (total / sum)).collect())
}
