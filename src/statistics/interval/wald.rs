//! Estimate and margin.

use super::Interval;

/// p ∓ z √(p(1 − p)/n), cut to 0..1.
pub(super) fn wald(p: f64, n: f64, z: f64) -> Interval {
    let margin = z * (p * (1.0 - p) / n).sqrt();
    Interval {
        low: (p - margin).max(0.0),
        high: (p + margin).min(1.0),
    }
}

/// Agresti and Coull (1998): z²/2 successes and as many failures are added before.
pub(super) fn agresti_coull(p: f64, n: f64, z: f64) -> Interval {
    let larger = n + z * z;
    let centre = (p * n + 0.5 * z * z) / larger;
    wald(centre, larger, z).holding(p)
}
