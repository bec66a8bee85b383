//! The chi-square distribution. Degrees of freedom need not be whole.
//!
//! ```
//! use opine::internals::statistics::special::chi_square;
//!
//! let p = chi_square::upper_tail(20.0, 1.0)?;
//! assert!((p / 7.744216431044084e-06 - 1.0).abs() < 1e-13);
//! # Ok::<(), opine::internals::statistics::special::Error>(())
//! ```

use super::incomplete_gamma::Gamma;
use super::tail::{Side, end_of_support, smaller};
use super::{Error, finite_degrees_of_freedom, point, probability};

/// The probability below x on `df` degrees of freedom, P(df/2, x/2); 0 for x ≤ 0.
///
/// # Errors
/// x is not a number; df is not finite and above 0.
///
/// In R: `pchisq(x, df)`. Source: DLMF 8.2, computed as in [`upper_tail`].
///
/// ```
/// let p = opine::internals::statistics::special::chi_square::cdf(3.0, 2.0)?;
/// assert!((p - (1.0 - (-1.5f64).exp())).abs() < 1e-15);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn cdf(x: f64, df: f64) -> Result<f64, Error> {
    probability_on(Side::Lower, x, df)
}

/// The probability above x on `df` degrees of freedom, Q(df/2, x/2), to full relative accuracy far out; 1 for x ≤ 0.
///
/// # Errors
/// x is not a number; df is not finite and above 0.
///
/// In R: `pchisq(x, df, lower.tail = FALSE)`. Source: continued fractions DLMF 8.9.1 and 8.9.2, the density
/// after Loader (2000).
///
/// ```
/// let p = opine::internals::statistics::special::chi_square::upper_tail(1500.0, 500.0)?;
/// assert!((p / 1.7082138295394246e-100 - 1.0).abs() < 1e-12);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn upper_tail(x: f64, df: f64) -> Result<f64, Error> {
    probability_on(Side::Upper, x, df)
}

/// The x with probability p below it; 0 and ∞ at p = 0 and 1.
///
/// # Errors
/// p is outside \[0, 1\]; df is not finite and above 0.
///
/// In R: `qchisq(p, df)`. Source: [`cdf`] inverted by Newton's method.
///
/// ```
/// let x = opine::internals::statistics::special::chi_square::quantile(0.95, 1.0)?;
/// assert!((x - 3.841458820694124).abs() < 1e-14);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn quantile(p: f64, df: f64) -> Result<f64, Error> {
    quantile_on(Side::Lower, p, df)
}

/// The x with probability q above it; ∞ and 0 at q = 0 and 1.
///
/// # Errors
/// q is outside \[0, 1\]; df is not finite and above 0.
///
/// In R: `qchisq(q, df, lower.tail = FALSE)`. Source: [`upper_tail`] inverted by Newton's method.
///
/// ```
/// // on 2 degrees of freedom x = −2 ln q
/// let x = opine::internals::statistics::special::chi_square::quantile_upper(1e-100, 2.0)?;
/// assert!((x / (200.0 * 10f64.ln()) - 1.0).abs() < 1e-14);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn quantile_upper(q: f64, df: f64) -> Result<f64, Error> {
    quantile_on(Side::Upper, q, df)
}

fn probability_on(side: Side, x: f64, df: f64) -> Result<f64, Error> {
    let (x, df) = (point(x)?, finite_degrees_of_freedom(df)?);
    Ok(if x <= 0.0 {
        side.at_lowest()
    } else if x.is_infinite() {
        side.at_highest()
    } else {
        Gamma::new(0.5 * df).tail(0.5 * x).probability(side)
    })
}

fn quantile_on(side: Side, p: f64, df: f64) -> Result<f64, Error> {
    let (p, df) = (probability(p)?, finite_degrees_of_freedom(df)?);
    Ok(
        end_of_support(side, p, 0.0, f64::INFINITY).unwrap_or_else(|| {
            let (side, p) = smaller(side, p);
            df * Gamma::new(0.5 * df).ln_ratio(side, p).exp()
        }),
    )
}
