//! The beta distribution on \[0, 1\], exact at shapes of any size.
//!
//! The tails are mirror images: where a point close to 1 is needed by its distance from 1, ask for the point of
//! Beta(b, a) instead, as 1 − quantile(p, a, b) = quantile_upper(p, b, a).
//!
//! ```
//! use opine::internals::statistics::special::beta;
//!
//! // Clopper and Pearson's 95 per cent interval of 2 successes among 20
//! let low = beta::quantile(0.025, 2.0, 19.0)?;
//! let high = beta::quantile_upper(0.025, 3.0, 18.0)?;
//! assert!((low - 0.0123485).abs() < 1e-7 && (high - 0.3169827).abs() < 1e-7);
//! # Ok::<(), opine::internals::statistics::special::Error>(())
//! ```

use super::incomplete_beta::Beta;
use super::tail::{Side, end_of_support, smaller};
use super::{Error, point, probability};

/// The probability below x, the regularised incomplete beta integral I_x(a, b); 0 for x ≤ 0, 1 for x ≥ 1.
///
/// # Errors
/// x is not a number; a shape is not finite and above 0.
///
/// In R: `pbeta(x, a, b)`. Source: DLMF 8.17; continued fraction of DiDonato and Morris, ACM TOMS 18 (1992), with the
/// density after Loader (2000); in the body of a large distribution Gauss-Legendre quadrature.
///
/// ```
/// let p = opine::internals::statistics::special::beta::cdf(0.5, 5e8, 5e8)?;
/// assert!((p - 0.5).abs() < 1e-14);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn cdf(x: f64, a: f64, b: f64) -> Result<f64, Error> {
    probability_on(Side::Lower, x, a, b)
}

/// The probability above x, 1 − I_x(a, b) = I_{1−x}(b, a), to full relative accuracy; 1 for x ≤ 0, 0 for x ≥ 1.
///
/// # Errors
/// x is not a number; a shape is not finite and above 0.
///
/// In R: `pbeta(x, a, b, lower.tail = FALSE)`. Source: as [`cdf`].
///
/// ```
/// // Beta(1, 20) has the upper tail (1 − x)²⁰
/// let p = opine::internals::statistics::special::beta::upper_tail(0.75, 1.0, 20.0)?;
/// assert!((p / 0.25f64.powi(20) - 1.0).abs() < 1e-13);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn upper_tail(x: f64, a: f64, b: f64) -> Result<f64, Error> {
    probability_on(Side::Upper, x, a, b)
}

/// The x with probability p below it; 0 and 1 at p = 0 and 1. Below 1e-308 it is 0.
///
/// # Errors
/// p is outside \[0, 1\]; a shape is not finite and above 0.
///
/// In R: `qbeta(p, a, b)`. Source: [`cdf`] inverted by Newton's method on logarithms.
///
/// ```
/// let x = opine::internals::statistics::special::beta::quantile(1e-60, 200.0, 2.0)?;
/// assert!((x - 0.48970503636005447).abs() < 1e-14);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn quantile(p: f64, a: f64, b: f64) -> Result<f64, Error> {
    quantile_on(Side::Lower, p, a, b)
}

/// The x with probability q above it; 1 and 0 at q = 0 and 1.
///
/// # Errors
/// q is outside \[0, 1\]; a shape is not finite and above 0.
///
/// In R: `qbeta(q, a, b, lower.tail = FALSE)`. Source: [`upper_tail`] inverted by Newton's method on logarithms.
///
/// ```
/// // the most that nobody among 50 leaves possible, one-sided, at 95 per cent
/// let x = opine::internals::statistics::special::beta::quantile_upper(0.05, 1.0, 50.0)?;
/// assert!((x - (1.0 - 0.05f64.powf(1.0 / 50.0))).abs() < 1e-15);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn quantile_upper(q: f64, a: f64, b: f64) -> Result<f64, Error> {
    quantile_on(Side::Upper, q, a, b)
}

fn shape(a: f64) -> Result<f64, Error> {
    if a > 0.0 && a.is_finite() {
        Ok(a)
    } else {
        Err(Error::Shape(a))
    }
}

fn probability_on(side: Side, x: f64, a: f64, b: f64) -> Result<f64, Error> {
    let (x, a, b) = (point(x)?, shape(a)?, shape(b)?);
    Ok(if x <= 0.0 {
        side.at_lowest()
    } else if x >= 1.0 {
        side.at_highest()
    } else {
        Beta::new(a, b).tail(x).probability(side)
    })
}

fn quantile_on(side: Side, p: f64, a: f64, b: f64) -> Result<f64, Error> {
    let (p, a, b) = (probability(p)?, shape(a)?, shape(b)?);
    Ok(end_of_support(side, p, 0.0, 1.0).unwrap_or_else(|| {
        let (side, p) = smaller(side, p);
        let ln_odds = Beta::new(a, b).ln_ratio(side, p) + (a / b).ln();
        // an exponential that overflows or vanishes gives 0 or 1, as it should
        1.0 / (1.0 + (-ln_odds).exp())
    }))
}
