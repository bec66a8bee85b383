//! How many people to ask.

use super::{Error, two_sided};

/// Beyond this a whole number of people has no exact f64, and the Earth has none either.
const MOST: f64 = 9_007_199_254_740_992.0;

/// What rounding can add to a sample size that is whole by right, relative to it.
const NOISE: f64 = 1e-12;

/// The smallest number of respondents n ≥ 1 with z √(deff p(1 − p)/n) ≤ moe.
///
/// `moe` is half the width of the interval, `p` the share expected, 0..1; `moe` lies strictly inside 0..1. `deff` is
/// the design effect, above 0, and 1 for a simple random sample. z is the normal quantile at (1 + level)/2.
///
/// # Errors
/// An argument out of its range; a sample of more than 9e15.
///
/// Source: Cochran, Sampling Techniques (1977), chapter 4, without the correction for a finite population,
/// which [`sample_size_in_population`] has.
/// In R: `ceiling(qnorm((1 + level) / 2)^2 * deff * p * (1 - p) / moe^2)`.
///
/// ```
/// use opine::internals::statistics::interval::sample_size;
///
/// // three points at 50 per cent: 1067.07, hence 1,068
/// assert_eq!(sample_size(0.03, 0.5, 1.0, 0.95)?, 1068);
/// assert_eq!(sample_size(0.03, 0.5, 1.5, 0.95)?, 1601);
/// # Ok::<(), opine::internals::statistics::interval::Error>(())
/// ```
pub fn sample_size(moe: f64, p: f64, deff: f64, level: f64) -> Result<u64, Error> {
    whole(without_end(moe, p, deff, level)?)
}

/// The same of a population of so many people: n/(1 + (n − 1)/N), rounded up, with n the size, not rounded, that an
/// endless population takes. Never more than all of them.
///
/// On that many the interval of [`finite_population`](super::finite_population) has the margin.
///
/// # Errors
/// As [`sample_size`]; a population under 1.
///
/// Source: Cochran, Sampling Techniques (1977), 4.4. In R, with n as there: `ceiling(n / (1 + (n - 1) / N))`.
///
/// ```
/// use opine::internals::statistics::interval::sample_size_in_population;
///
/// // three points in a village of 400
/// assert_eq!(sample_size_in_population(0.03, 0.5, 1.0, 0.95, 400.0)?, 292);
/// # Ok::<(), opine::internals::statistics::interval::Error>(())
/// ```
pub fn sample_size_in_population(
    moe: f64,
    p: f64,
    deff: f64,
    level: f64,
    population: f64,
) -> Result<u64, Error> {
    let n = without_end(moe, p, deff, level)?;
    if !(population >= 1.0 && population.is_finite()) {
        return Err(Error::Population {
            population,
            respondents: 1.0,
        });
    }
    // A size under 1 would make the divisor grow with a small population.
    let n = n.max(1.0);
    whole(n / (1.0 + (n - 1.0) / population))
}

/// z² deff p(1 − p)/moe², the size before it is rounded.
fn without_end(moe: f64, p: f64, deff: f64, level: f64) -> Result<f64, Error> {
    let (_, z) = two_sided(level)?;
    if !(moe > 0.0 && moe < 1.0) {
        return Err(Error::Margin(moe));
    }
    if !(0.0..=1.0).contains(&p) {
        return Err(Error::Share(p));
    }
    if !(deff > 0.0 && deff.is_finite()) {
        return Err(Error::DesignEffect(deff));
    }
    Ok((z / moe).powi(2) * deff * p * (1.0 - p))
}

fn whole(n: f64) -> Result<u64, Error> {
    let whole = (n * (1.0 - NOISE)).ceil().max(1.0);
    if whole <= MOST {
        Ok(whole as u64)
    } else {
        Err(Error::TooLarge(whole))
    }
}
