//! Estimate and margin: on the scale of p, of its logit, of its arcsine.

use super::Interval;
use std::f64::consts::FRAC_PI_2;

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

/// logit⁻¹(logit p ∓ z/√(n p(1 − p))) for 0 < p < 1, written in odds: p/(p + (1 − p) e^±margin).
pub(super) fn logit(p: f64, n: f64, z: f64) -> Interval {
    let q = 1.0 - p;
    let margin = z / (n * p * q).sqrt();
    Interval {
        low: p / (p + q * margin.exp()),
        high: p / (p + q * (-margin).exp()),
    }
    .holding(p)
}

/// sin²(arcsin √p ∓ z/(2√n)), the angles cut to 0..π/2.
pub(super) fn asin(p: f64, n: f64, z: f64) -> Interval {
    // not asin(sqrt(p)), which loses half the digits near 100 per cent
    let angle = p.sqrt().atan2((1.0 - p).sqrt());
    let margin = 0.5 * z / n.sqrt();
    let share = |angle: f64| angle.clamp(0.0, FRAC_PI_2).sin().powi(2);
    Interval {
        low: share(angle - margin),
        high: share(angle + margin),
    }
    .holding(p)
}
