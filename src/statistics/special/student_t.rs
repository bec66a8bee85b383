//! Student's t distribution. Degrees of freedom need not be whole; infinitely many make it normal.
//!
//! ```
//! use opine::internals::statistics::special::student_t;
//!
//! // a survey of 40 PSUs in one stratum: 39 degrees of freedom
//! let t = student_t::quantile_upper(0.025, 39.0)?;
//! assert!((t - 2.022690920036762).abs() < 1e-14);
//! # Ok::<(), opine::internals::statistics::special::Error>(())
//! ```

use super::incomplete_beta::Beta;
use super::tail::{Side, Tail};
use super::{Error, degrees_of_freedom, normal, point, probability};

/// From here on t and the normal agree in every digit that a probability above 1e-308 has.
const NORMAL_FROM: f64 = 1e20;

/// The probability below t on `df` degrees of freedom.
///
/// # Errors
/// t is not a number; df is not above 0.
///
/// In R: `pt(t, df)`. Source: as [`two_sided_p`], of which it is half, or one minus half.
///
/// ```
/// let p = opine::internals::statistics::special::student_t::cdf(-2.0, 14.0)?;
/// assert!((p - 0.03264397644455599).abs() < 1e-15);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn cdf(t: f64, df: f64) -> Result<f64, Error> {
    upper_tail(-t, df)
}

/// The probability above t on `df` degrees of freedom, to full relative accuracy far out.
///
/// # Errors
/// t is not a number; df is not above 0.
///
/// In R: `pt(t, df, lower.tail = FALSE)`. Source: as [`two_sided_p`], of which it is half, or one minus half.
///
/// ```
/// let p = opine::internals::statistics::special::student_t::upper_tail(30.0, 1.0)?;
/// assert!((p / (0.021212804811070848 / 2.0) - 1.0).abs() < 1e-14);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn upper_tail(t: f64, df: f64) -> Result<f64, Error> {
    let beyond = 0.5 * two_sided_p(t, df)?;
    Ok(if t < 0.0 { 1.0 - beyond } else { beyond })
}

/// The p-value of a two-sided test, P(|T| ≥ |t|) = I_x(df/2, 1/2) with x = df/(df + t²).
///
/// # Errors
/// t is not a number; df is not above 0.
///
/// In R: `2 * pt(-abs(t), df)`. Source: Abramowitz and Stegun 26.5.27 and 26.7.1, the incomplete beta as in
/// [`beta::cdf`](super::beta::cdf).
///
/// ```
/// let p = opine::internals::statistics::special::student_t::two_sided_p(1.96, 14.0)?;
/// assert!((p - 0.07021027194833963).abs() < 1e-15);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn two_sided_p(t: f64, df: f64) -> Result<f64, Error> {
    let (t, df) = (point(t)?.abs(), degrees_of_freedom(df)?);
    if df >= NORMAL_FROM {
        return Ok(2.0 * normal::upper_tail(t)?);
    }
    Ok(if t == 0.0 {
        1.0
    } else if t.is_infinite() {
        0.0
    } else {
        square(t, df).probability(Side::Upper)
    })
}

/// The t with probability p below it; −∞ and ∞ at p = 0 and 1.
///
/// # Errors
/// p is outside \[0, 1\]; df is not above 0.
///
/// In R: `qt(p, df)`, which is less exact far out. Source: [`two_sided_p`] inverted by Newton's method, in the middle
/// its complement.
///
/// ```
/// // a survey without clusters, a million respondents
/// let t = opine::internals::statistics::special::student_t::quantile(0.95, 1e6)?;
/// assert!((t - 1.6448551507220401).abs() < 1e-14);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn quantile(p: f64, df: f64) -> Result<f64, Error> {
    Ok(-quantile_upper(p, df)?)
}

/// The t with probability q above it; ∞ and −∞ at q = 0 and 1. The half-width of an interval of level c is
/// `quantile_upper((1 - c) / 2, df)` standard errors.
///
/// # Errors
/// q is outside \[0, 1\]; df is not above 0.
///
/// In R: `qt(q, df, lower.tail = FALSE)`. Source: as [`quantile`].
///
/// ```
/// let t = opine::internals::statistics::special::student_t::quantile_upper(0.025, 1.0)?;
/// assert!((t / 12.706204736174694 - 1.0).abs() < 1e-14);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn quantile_upper(q: f64, df: f64) -> Result<f64, Error> {
    let (q, df) = (probability(q)?, degrees_of_freedom(df)?);
    if df >= NORMAL_FROM {
        return normal::quantile_upper(q);
    }
    Ok(if q == 0.5 {
        0.0
    } else if q < 0.5 {
        above_median(q, df)
    } else {
        // from one half up 1 - q is exact
        -above_median(1.0 - q, df)
    })
}

/// The quantile for an upper tail q < ½.
fn above_median(q: f64, df: f64) -> f64 {
    if q == 0.0 {
        return f64::INFINITY;
    }
    // the smaller tail of t squared; 1 - 2q is exact where it is taken
    let (side, probability) = if q < 0.25 {
        (Side::Upper, 2.0 * q)
    } else {
        (Side::Lower, 1.0 - 2.0 * q)
    };
    let ln_square = Beta::new(0.5, 0.5 * df).ln_ratio(side, probability);
    (0.5 * ln_square).exp()
}

/// The tails of t², which is F(1, df).
fn square(t: f64, df: f64) -> Tail {
    let law = Beta::new(0.5, 0.5 * df);
    let ratio = t * t;
    if ratio.is_normal() {
        // rounded once: near t = 1 the rounded square would cancel
        law.tail_at_ratio(ratio, t.mul_add(t, -1.0))
    } else {
        // a square that overflows or vanishes still has its logarithm
        law.tail_at_ln_ratio(2.0 * t.ln())
    }
}
