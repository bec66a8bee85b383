//! The incomplete gamma integral: the tails of Gamma(a) with scale 1.

use super::continued_fraction;
use super::normal;
use super::quadrature;
use super::stirling::{HALF_LN_TAU, deviance, remainder};
use super::tail::{Side, Tail, representable, solve};

/// From this shape on quadrature is faster than the continued fractions in the body of the distribution, where the
/// squared excess is below this multiple of the variance.
const LARGE: f64 = 2e4;
const BODY: f64 = 6.0;

/// Nothing lies beyond, and products with it are still numbers.
const CERTAIN: f64 = 1e150;

pub(super) struct Gamma {
    a: f64,
    /// ln of the density of ln x at the mean, x = a.
    ln_peak: f64,
}

/// A point x, and how far it is from the mean: excess = x − a, and its deviance a(u − ln(1 + u)) with u = excess/a.
struct Point {
    x: f64,
    excess: f64,
    deviance: f64,
}

impl Gamma {
    /// The shape must be above 0; it is held to where its products are numbers.
    pub(super) fn new(a: f64) -> Self {
        let a = representable(a);
        Gamma {
            a,
            ln_peak: 0.5 * a.ln() - HALF_LN_TAU - remainder(a),
        }
    }

    /// The tails at x ≥ 0.
    pub(super) fn tail(&self, x: f64) -> Tail {
        let x = x.min(CERTAIN);
        let excess = x - self.a;
        self.tail_at(&self.point(x, excess, || (x / self.a).ln()))
    }

    /// The tails at x = ratio × mean.
    pub(super) fn tail_at_ratio(&self, ratio: f64) -> Tail {
        let ratio = ratio.min(CERTAIN);
        let excess = self.a * (ratio - 1.0);
        self.tail_at(&self.point(self.a * ratio, excess, || ratio.ln()))
    }

    /// ln(x/a) of the x with the given probability, strictly inside (0, 1), on one side.
    pub(super) fn ln_ratio(&self, side: Side, probability: f64) -> f64 {
        let at = |w: f64| {
            let point = self.point(self.a * w.exp(), self.a * w.exp_m1(), || w);
            (self.tail_at(&point), -point.excess)
        };
        solve(at, side, probability, self.start(side, probability))
    }

    fn point(&self, x: f64, excess: f64, ln_ratio: impl Fn() -> f64) -> Point {
        Point {
            x,
            excess,
            deviance: self.a * deviance(excess / self.a, ln_ratio),
        }
    }

    fn tail_at(&self, point: &Point) -> Tail {
        let ln_density = self.ln_peak - point.deviance;
        let (side, relative) = if self.a >= LARGE && point.excess * point.excess < BODY * point.x {
            self.by_quadrature(point)
        } else if point.excess < 1.0 {
            (Side::Lower, self.by_fraction_below(point))
        } else {
            (Side::Upper, self.by_fraction_above(point))
        };
        Tail {
            side,
            ln_density,
            relative,
        }
    }

    /// The lower tail: the even part of the fraction DLMF 8.9.1, in which x − a enters by the excess alone.
    fn by_fraction_below(&self, point: &Point) -> f64 {
        let &Gamma { a, .. } = self;
        let &Point { x, excess, .. } = point;
        1.0 / continued_fraction::evaluate(a / (a + 1.0) * (1.0 - excess), |m| {
            // a + (m - 1), not (a + m) - 1: a small shape is not to be rounded away
            let before = a + (2.0 * m - 1.0);
            let share = x / before;
            let numerator = m * (a + (m - 1.0)) * share * share;
            let denominator = m + m * share + (a + m) / (before + 2.0) * (1.0 - excess + 2.0 * m);
            (numerator, denominator)
        })
    }

    /// The upper tail: 1/(x − a + 1 − 1(1 − a)/(x − a + 3 − 2(2 − a)/(x − a + 5 − …))), DLMF 8.9.2.
    fn by_fraction_above(&self, point: &Point) -> f64 {
        1.0 / continued_fraction::evaluate(point.excess + 1.0, |k| {
            (k * (self.a - k), point.excess + 2.0 * k + 1.0)
        })
    }

    /// The tail away from the mean: the density at x ± s relative to that at x, over s.
    fn by_quadrature(&self, point: &Point) -> (Side, f64) {
        let &Point {
            x,
            excess,
            deviance: here,
        } = point;
        let (side, sign) = if excess < 0.0 {
            (Side::Lower, -1.0)
        } else {
            (Side::Upper, 1.0)
        };
        let density = |s: f64| {
            let there = x + sign * s;
            // the nodes of the rule go on beyond the support
            if there <= 0.0 {
                return 0.0;
            }
            let u = (excess + sign * s) / self.a;
            (here - self.a * deviance(u, || u.ln_1p())).exp() * x / there
        };
        // near the mean the density falls by the standard deviation, farther out as exp(-s excess/x)
        let scale = x.sqrt().min(x / excess.abs());
        (side, quadrature::decaying(density, scale) / x)
    }

    /// Where the search begins. Wilson and Hilferty's cube (1931) is close for all but small shapes. The upper tail begins
    /// no farther out than a bound on the quantile (Laurent and Massart 2000, lemma 1), a lower tail of a small shape at
    /// the bound that P ≤ xᵃ/Γ(a + 1) gives: from there Newton's method needs few steps and never overshoots.
    fn start(&self, side: Side, probability: f64) -> f64 {
        let a = self.a;
        let z = normal::lower_quantile(probability);
        let root = match side {
            Side::Lower => 1.0 - 1.0 / (9.0 * a) + z / (3.0 * a.sqrt()),
            Side::Upper => 1.0 - 1.0 / (9.0 * a) - z / (3.0 * a.sqrt()),
        };
        let cube = 3.0 * root.ln();
        match side {
            Side::Lower => {
                // Γ(a + 1) = √(2πa) (a/e)ᵃ e^Δ, so that the bound on ln(x/a) is free of large numbers
                let bound = (probability.ln() - self.ln_peak + a.ln()) / a - 1.0;
                if root > 0.0 { bound.max(cube) } else { bound }
            }
            Side::Upper => {
                let l = -probability.ln();
                let bound = ((2.0 * l / a).sqrt() + l / a).ln_1p();
                if root > 0.0 { bound.min(cube) } else { bound }
            }
        }
    }
}
