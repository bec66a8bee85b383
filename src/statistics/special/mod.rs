//! The distribution functions of survey statistics, exact over the whole range that surveys need.
//!
//! One file a distribution: [`normal`], [`student_t`], [`chi_square`], [`fisher_f`], [`beta`], and [`mixture`] for tails
//! of weighted sums of chi-squares. Each of the first five has
//!
//! * `cdf`, the probability below a point, and `upper_tail`, the probability above it. Neither is one minus the other:
//!   a p-value of 1e-200 keeps its digits;
//! * `quantile`, the point with a given probability below it, and `quantile_upper`, the point with a given probability
//!   above it. `quantile_upper(1e-20)` has an answer where `quantile(1.0 - 1e-20)` can have none.
//!
//! Degrees of freedom need not be whole numbers. For degrees of freedom and shapes from 0.01 to 1e9 and
//! probabilities down to 1e-300 relative errors are below 1e-12, measured against 50-digit arithmetic; at 0.001 they are
//! below 1e-11.
//!
//! How it is done: under every distribution but the normal lies an incomplete beta or gamma integral. Its tail is the
//! density in the *logarithm* of the variable times a slowly varying factor, the relative tail. The density comes from
//! Stirling remainders and deviances (Loader 2000), which do not cancel at large shapes; the relative tail comes from
//! a continued fraction or, in the body of a large distribution, from Gauss-Legendre quadrature. In the
//! logarithm of the variable all tails are log-concave, so that Newton's method on the logarithm of the tail finds
//! every quantile.
//!
//! A point that is not a number, a parameter out of its range and a probability outside \[0, 1\] are an [`Error`].
//! Nothing here panics, and every loop is bounded.

pub mod beta;
pub mod chi_square;
pub mod fisher_f;
pub mod mixture;
pub mod normal;
pub mod student_t;
mod sum;

mod continued_fraction;
mod incomplete_beta;
mod incomplete_gamma;
mod quadrature;
mod stirling;
mod tail;

pub use sum::{Sum, mean_and_spread, origin, squared_distance, sum_of_squares};

/// The condition that an argument of a distribution function broke.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// A probability outside \[0, 1\], or none at all.
    #[error("a probability lies between 0 and 1, not {0}")]
    Probability(f64),
    /// A point that is not a number.
    #[error("a distribution has no value at a point that is not a number")]
    Point,
    /// Degrees of freedom that are not above 0; infinitely many make sense for Student's t and under F only.
    #[error(
        "degrees of freedom must be above 0 (and finite, save for t and the denominator of F), not {0}"
    )]
    DegreesOfFreedom(f64),
    /// A shape of the beta distribution that is not finite and above 0.
    #[error("a shape of the beta distribution must be finite and above 0, not {0}")]
    Shape(f64),
}

fn probability(p: f64) -> Result<f64, Error> {
    if (0.0..=1.0).contains(&p) {
        Ok(p)
    } else {
        Err(Error::Probability(p))
    }
}

fn point(x: f64) -> Result<f64, Error> {
    if x.is_nan() { Err(Error::Point) } else { Ok(x) }
}

fn degrees_of_freedom(df: f64) -> Result<f64, Error> {
    if df > 0.0 {
        Ok(df)
    } else {
        Err(Error::DegreesOfFreedom(df))
    }
}

fn finite_degrees_of_freedom(df: f64) -> Result<f64, Error> {
    if df.is_finite() {
        degrees_of_freedom(df)
    } else {
        Err(Error::DegreesOfFreedom(df))
    }
}
