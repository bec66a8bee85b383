//! Miettinen and Nurminen's interval of a difference: all values that the score test does not reject.

use super::share::Share;
use crate::statistics::interval::Interval;

/// Halvings until the bounds of an interval of length 2 are the same to the last digit.
const HALVINGS: usize = 100;

/// The D with `(a - b - D)^2 <= z^2 V(D)`, `V = (s_1 (1 - s_1)/n_1 + s_2 (1 - s_2)/n_2) N/(N - 1)` at the
/// maximum likelihood shares with `s_1 - s_2 = D`.
pub(super) fn interval(a: Share, b: Share, z: f64) -> Interval {
    let d = a.p - b.p;
    let rejected = |value: f64| {
        let distance = d - value;
        distance * distance > z * z * variance(a, b, value)
    };
    Interval {
        low: edge(-1.0, d, rejected),
        high: edge(1.0, d, rejected),
    }
}

/// Between a value far out and one inside: where the test begins to reject.
fn edge(far: f64, inside: f64, rejected: impl Fn(f64) -> bool) -> f64 {
    if !rejected(far) {
        return far;
    }
    let (mut out, mut within) = (far, inside);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (out + within);
        match rejected(middle) {
            true => out = middle,
            false => within = middle,
        }
    }
    within
}

fn variance(a: Share, b: Share, d: f64) -> f64 {
    let s2 = restricted(a, b, d);
    let s1 = (s2 + d).clamp(0.0, 1.0);
    let all = a.n + b.n;
    (s1 * (1.0 - s1) / a.n + s2 * (1.0 - s2) / b.n) * all / (all - 1.0)
}

/// The maximum likelihood share of b given that a's is larger by d: where the score
/// `x_1/(s + d) - (n_1 - x_1)/(1 - s - d) + x_2/s - (n_2 - x_2)/(1 - s)` is 0. It falls in s all the way,
/// so halving finds it where the closed form, a root of a cubic, loses digits at the edges.
fn restricted(a: Share, b: Share, d: f64) -> f64 {
    let (mut low, mut high) = ((-d).max(0.0), (1.0 - d).min(1.0));
    let part = |successes: f64, share: f64| match successes > 0.0 {
        true => successes / share,
        false => 0.0,
    };
    let score = |s: f64| {
        let s1 = s + d;
        part(a.p * a.n, s1) - part((1.0 - a.p) * a.n, 1.0 - s1) + part(b.p * b.n, s)
            - part((1.0 - b.p) * b.n, 1.0 - s)
    };
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        match score(middle) > 0.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    0.5 * (low + high)
}
