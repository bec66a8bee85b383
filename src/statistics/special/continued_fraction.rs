//! Continued fractions by Lentz's method as Thompson and Barnett (1986) modified it.

/// Replaces a denominator that vanishes.
const TINY: f64 = 1e-300;

/// Terms that no fraction here needs: a few hundred do, near the mean of a distribution too small for quadrature.
const MOST_TERMS: u32 = 10_000;

/// b₀ + a₁/(b₁ + a₂/(b₂ + …)), where `term(k)` is (aₖ, bₖ).
pub(super) fn evaluate(b0: f64, term: impl Fn(f64) -> (f64, f64)) -> f64 {
    let nonzero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut value = nonzero(b0);
    let (mut c, mut d) = (value, 0.0);
    for k in 1..=MOST_TERMS {
        let (a, b) = term(f64::from(k));
        d = 1.0 / nonzero(b + a * d);
        c = nonzero(b + a / c);
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}
