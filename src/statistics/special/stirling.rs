//! The two pieces from which densities at large shapes are built without cancellation.
//!
//! ln Γ of a billion is 2e10, and a beta density would be the small difference of three such numbers. Written with
//! Stirling's formula the large parts cancel on paper, and what is left are remainders and deviances, all of them small
//! and none of them negative. Source: C. Loader, Fast and accurate computation of binomial probabilities (2000).

use statrs::function::gamma::ln_gamma;

/// ½ ln 2π.
pub(super) const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

/// From here on the asymptotic series is exact to the last digit.
const SERIES_FROM: f64 = 8.0;

/// B₂ₖ/(2k(2k − 1)) for k = 1..10, Abramowitz and Stegun 6.1.40.
const SERIES: [f64; 10] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3617.0 / 122_400.0,
    43_867.0 / 244_188.0,
    -174_611.0 / 125_400.0,
];

/// What Stirling's formula leaves of the gamma function: Δ(a) = ln Γ(a) − (a − ½) ln a + a − ½ ln 2π, for a > 0.
///
/// Below the series statrs has ln Γ to its last digits; above, its rounding would be all that is left of the difference.
pub(super) fn remainder(a: f64) -> f64 {
    if a < SERIES_FROM {
        return ln_gamma(a) - (a - 0.5) * a.ln() + a - HALF_LN_TAU;
    }
    let inverse_square = 1.0 / (a * a);
    let series = SERIES
        .iter()
        .rev()
        .fold(0.0, |sum, term| sum * inverse_square + term);
    series / a
}

/// u − ln(1 + u) for u ≥ −1, exact near 0 where it is u²/2; `log` is ln(1 + u), which the caller may know better than
/// from a rounded u.
///
/// With r = u/(2 + u) the logarithm is 2(r + r³/3 + r⁵/5 + …), and its first term leaves u − 2r = ur.
pub(super) fn deviance(u: f64, log: impl Fn() -> f64) -> f64 {
    // out here the difference loses less than a digit
    if !(-0.35..=0.5).contains(&u) {
        return u - log();
    }
    let r = u / (2.0 + u);
    let square = r * r;
    let (mut sum, mut power) = (0.0, 1.0);
    for odd in (3..=41).step_by(2) {
        power *= square;
        let term = power / f64::from(odd);
        sum += term;
        if term <= f64::EPSILON / 8.0 * sum {
            break;
        }
    }
    r * (u - 2.0 * sum)
}
