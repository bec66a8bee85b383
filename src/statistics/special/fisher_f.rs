//! Fisher's F distribution, the ratio of two mean squares. Degrees of freedom need not be whole; infinitely many below
//! the line make it a chi-square over its degrees of freedom.
//!
//! ```
//! use opine::internals::statistics::special::fisher_f;
//!
//! // a Rao-Scott test: 2.7 and 113.2 degrees of freedom
//! let p = fisher_f::upper_tail(2.5, 2.7, 113.2)?;
//! assert!((p - 0.0693415170634018).abs() < 1e-15);
//! # Ok::<(), opine::internals::statistics::special::Error>(())
//! ```

use super::incomplete_beta::Beta;
use super::incomplete_gamma::Gamma;
use super::tail::{Side, end_of_support, smaller};
use super::{Error, degrees_of_freedom, finite_degrees_of_freedom, point, probability};

/// The probability below f on `df1` and `df2` degrees of freedom; 0 for f ≤ 0.
///
/// # Errors
/// f is not a number; df1 is not finite and above 0; df2 is not above 0.
///
/// In R: `pf(f, df1, df2)`. Source: as [`upper_tail`].
///
/// ```
/// // F(2, 2) has the cdf f/(1 + f)
/// let p = opine::internals::statistics::special::fisher_f::cdf(3.0, 2.0, 2.0)?;
/// assert!((p - 0.75).abs() < 1e-15);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn cdf(f: f64, df1: f64, df2: f64) -> Result<f64, Error> {
    probability_on(Side::Lower, f, df1, df2)
}

/// The probability above f on `df1` and `df2` degrees of freedom, I_x(df2/2, df1/2) with x = df2/(df2 + df1 f), to full
/// relative accuracy far out; 1 for f ≤ 0.
///
/// # Errors
/// f is not a number; df1 is not finite and above 0; df2 is not above 0.
///
/// In R: `pf(f, df1, df2, lower.tail = FALSE)`. Source: Abramowitz and Stegun 26.6.2, the incomplete beta as in
/// [`beta::cdf`](super::beta::cdf).
///
/// ```
/// let p = opine::internals::statistics::special::fisher_f::upper_tail(40.0, 6.0, 999.0)?;
/// assert!((p / 9.418723782207074e-44 - 1.0).abs() < 1e-12);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn upper_tail(f: f64, df1: f64, df2: f64) -> Result<f64, Error> {
    probability_on(Side::Upper, f, df1, df2)
}

/// The f with probability p below it; 0 and ∞ at p = 0 and 1.
///
/// # Errors
/// p is outside \[0, 1\]; df1 is not finite and above 0; df2 is not above 0.
///
/// In R: `qf(p, df1, df2)`. Source: [`cdf`] inverted by Newton's method.
///
/// ```
/// let f = opine::internals::statistics::special::fisher_f::quantile(0.75, 2.0, 2.0)?;
/// assert!((f - 3.0).abs() < 1e-14);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn quantile(p: f64, df1: f64, df2: f64) -> Result<f64, Error> {
    quantile_on(Side::Lower, p, df1, df2)
}

/// The f with probability q above it; ∞ and 0 at q = 0 and 1.
///
/// # Errors
/// q is outside \[0, 1\]; df1 is not finite and above 0; df2 is not above 0.
///
/// In R: `qf(q, df1, df2, lower.tail = FALSE)`. Source: [`upper_tail`] inverted by Newton's method.
///
/// ```
/// let f = opine::internals::statistics::special::fisher_f::quantile_upper(0.05, 1.0, f64::INFINITY)?;
/// assert!((f - 3.841458820694124).abs() < 1e-14);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn quantile_upper(q: f64, df1: f64, df2: f64) -> Result<f64, Error> {
    quantile_on(Side::Upper, q, df1, df2)
}

fn probability_on(side: Side, f: f64, df1: f64, df2: f64) -> Result<f64, Error> {
    let f = point(f)?;
    let (df1, df2) = (finite_degrees_of_freedom(df1)?, degrees_of_freedom(df2)?);
    Ok(if f <= 0.0 {
        side.at_lowest()
    } else if f.is_infinite() {
        side.at_highest()
    } else if df2.is_infinite() {
        Gamma::new(0.5 * df1).tail_at_ratio(f).probability(side)
    } else {
        Beta::new(0.5 * df1, 0.5 * df2)
            .tail_at_ratio(f, f - 1.0)
            .probability(side)
    })
}

fn quantile_on(side: Side, p: f64, df1: f64, df2: f64) -> Result<f64, Error> {
    let p = probability(p)?;
    let (df1, df2) = (finite_degrees_of_freedom(df1)?, degrees_of_freedom(df2)?);
    Ok(
        end_of_support(side, p, 0.0, f64::INFINITY).unwrap_or_else(|| {
            let (side, p) = smaller(side, p);
            let ln_f = if df2.is_infinite() {
                Gamma::new(0.5 * df1).ln_ratio(side, p)
            } else {
                Beta::new(0.5 * df1, 0.5 * df2).ln_ratio(side, p)
            };
            ln_f.exp()
        }),
    )
}
