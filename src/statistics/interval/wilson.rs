//! The score interval, plain and with continuity correction.

use super::Interval;

/// Wilson (1927): the u with (p − u)² = z² u(1 − u)/n.
pub(super) fn score(p: f64, n: f64, z: f64) -> Interval {
    Interval {
        low: low(p, n, z),
        high: high(p, n, z),
    }
    .holding(p)
}

/// Newcombe (1998), method 4: the score interval from half a respondent less below and half a respondent more above.
pub(super) fn continuity_corrected(p: f64, n: f64, z: f64) -> Interval {
    let half = 0.5 / n;
    Interval {
        low: low(p - half, n, z),
        high: high(p + half, n, z),
    }
    .holding(p)
}

/// The smaller root, as the product of the roots over the larger one: the textbook difference cancels near 0.
fn low(p: f64, n: f64, z: f64) -> f64 {
    if p > 0.0 {
        p * (p * n / numerator(p, n, z))
    } else {
        0.0
    }
}

/// The larger root.
fn high(p: f64, n: f64, z: f64) -> f64 {
    if p < 1.0 {
        (numerator(p, n, z) / (n + z * z)).min(1.0)
    } else {
        1.0
    }
}

/// x + z²/2 + z √(x(1 − p) + z²/4) with x = pn.
fn numerator(p: f64, n: f64, z: f64) -> f64 {
    let x = p * n;
    let half = 0.5 * z;
    x + half * z + z * (x * (1.0 - p) + half * half).sqrt()
}
