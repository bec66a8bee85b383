use super::error::Error;
use crate::statistics::interval::{self, Interval, Method};

/// The interval of a share, by Wilson's method at 95 per cent: how sure is a published 63 per cent of 1,500 people?
///
/// `share` is 0..1, `n_eff` the number of respondents over the design effect. Other methods and levels:
/// [`Method::interval`].
///
/// # Errors
/// A share outside of 0..1, a sample size that is none (`range`).
///
/// Source: Wilson, Journal of the American Statistical Association 22 (1927). In R:
/// `binom::binom.wilson(share * n_eff, n_eff)`.
///
/// ```
/// let sure = opine::interval(0.63, 1500.0)?;
/// assert!((sure.low - 0.6053).abs() < 1e-4 && (sure.high - 0.6541).abs() < 1e-4);
///
/// let exact = opine::Method::ClopperPearson.interval(0.63, 1500.0, 0.9)?;
/// assert!(exact.low > sure.low && exact.high < sure.high);
/// # Ok::<(), opine::Error>(())
/// ```
pub fn interval(share: f64, n_eff: f64) -> Result<Interval, Error> {
    Method::Wilson.interval(share, n_eff, 0.95)
}

impl Method {
    /// The interval of a share by this method. `level` lies strictly inside 0..1.
    ///
    /// # Errors
    /// An argument out of its range; wald and logit at 0 and 100 per cent; beta, which needs the degrees of freedom of a
    /// design (`range`).
    ///
    /// ```
    /// let narrow = opine::Method::Jeffreys.interval(0.5, 100.0, 0.5)?;
    /// assert!(narrow.high - narrow.low < 0.07);
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn interval(self, share: f64, n_eff: f64, level: f64) -> Result<Interval, Error> {
        Ok(interval::share(self, share, n_eff, level)?)
    }
}

/// The number of respondents it takes for a margin of error at 95 per cent, for a share near `share`, with a design effect:
/// the smallest n with z √(deff p(1 − p)/n) ≤ moe.
///
/// `moe` is half the width of the interval, 0.03 for three points; 0.5 is the share that takes most.
///
/// # Errors
/// An argument out of its range (`range`).
///
/// Source: Cochran, Sampling Techniques (1977), chapter 4. In R: `ceiling(qnorm(0.975)^2 * deff * p * (1 - p) / moe^2)`.
///
/// ```
/// assert_eq!(opine::sample_size(0.03, 0.5, 1.0)?, 1068);
/// assert_eq!(opine::sample_size(0.03, 0.5, 1.5)?, 1601);
/// # Ok::<(), opine::Error>(())
/// ```
pub fn sample_size(moe: f64, share: f64, deff: f64) -> Result<u64, Error> {
    Ok(interval::sample_size(moe, share, deff, 0.95)?)
}
