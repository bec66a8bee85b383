//! The incomplete beta integral: the tails of Beta(a, b), exact at shapes of any size.
//!
//! Shapes of a billion meet in a point x so close to the mean that x itself says little: what counts is the excess
//! n x − a with n = a + b, and for x near 1 the complement y = 1 − x. A [`Point`] carries both from where they are known
//! exactly. Beside x it can be given by the ratio f = (x/y)/(a/b), which is the F statistic and the square of Student's t.

use super::continued_fraction;
use super::normal;
use super::quadrature;
use super::stirling::{HALF_LN_TAU, deviance, remainder};
use super::tail::{Side, Tail, representable, solve};

/// With both shapes above this quadrature is faster than the continued fraction in the body of the distribution, where
/// the squared excess is below this multiple of its variance.
const LARGE: f64 = 2e4;
const BODY: f64 = 6.0;

/// Ratios within these bounds and their products with a shape neither overflow nor vanish.
const PLAIN: std::ops::Range<f64> = 1e-150..1e150;

#[derive(Clone, Copy)]
pub(super) struct Beta {
    a: f64,
    b: f64,
    /// ln of the density of ln(x/y) at the mean, x = a/(a + b).
    ln_peak: f64,
}

/// A point x, its complement y, and how far it is from the mean: excess = n x − a = b − n y, and its deviance
/// a(u − ln(1 + u)) + b(v − ln(1 + v)) with u = excess/a and v = −excess/b.
#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
    excess: f64,
    deviance: f64,
}

impl Point {
    fn mirrored(self) -> Point {
        Point {
            x: self.y,
            y: self.x,
            excess: -self.excess,
            deviance: self.deviance,
        }
    }
}

impl Beta {
    /// The shapes must be above 0; they are held to where their products are numbers.
    pub(super) fn new(a: f64, b: f64) -> Self {
        let (a, b) = (representable(a), representable(b));
        let n = a + b;
        Beta {
            a,
            b,
            ln_peak: 0.5 * (a / n * b).ln() - HALF_LN_TAU + remainder(n)
                - remainder(a)
                - remainder(b),
        }
    }

    fn mirrored(self) -> Beta {
        Beta {
            a: self.b,
            b: self.a,
            ..self
        }
    }

    /// The tails at x in [0, 1].
    pub(super) fn tail(&self, x: f64) -> Tail {
        self.tail_at(self.point(x))
    }

    /// The tails where (x/y)/(a/b) is the given ratio, finite and above 0; `above_one` is ratio − 1.
    pub(super) fn tail_at_ratio(&self, ratio: f64, above_one: f64) -> Tail {
        let point = if !PLAIN.contains(&ratio) {
            return self.tail_at_ln_ratio(ratio.ln());
        } else if ratio <= 1.0 {
            self.point_below_mean(ratio, above_one, || ratio.ln())
        } else {
            self.mirrored()
                // 1/f - 1 from f - 1, as the subtraction would cancel near the mean
                .point_below_mean(1.0 / ratio, -above_one / ratio, || -ratio.ln())
                .mirrored()
        };
        self.tail_at(point)
    }

    /// The tails where the logarithm of the ratio is w.
    pub(super) fn tail_at_ln_ratio(&self, w: f64) -> Tail {
        self.tail_at(self.point_at_ln_ratio(w))
    }

    /// The logarithm of the ratio that has the given probability, strictly inside (0, 1), on one side.
    pub(super) fn ln_ratio(&self, side: Side, probability: f64) -> f64 {
        if side == Side::Upper {
            return -self.mirrored().ln_ratio(Side::Lower, probability);
        }
        let at = |w: f64| {
            let point = self.point_at_ln_ratio(w);
            (self.tail_at(point), -point.excess)
        };
        solve(at, side, probability, self.start(probability))
    }

    /// n x − a with the rounding of n and of n x added back.
    fn point(&self, x: f64) -> Point {
        let Beta { a, b, .. } = *self;
        let (n, y) = (a + b, 1.0 - x);
        let (larger, smaller) = (a.max(b), a.min(b));
        // what Dekker's sum loses; exact only with the larger part taken off first
        let rounding_of_n = smaller - (n - larger);
        let nx = n * x;
        let rounding_of_nx = n.mul_add(x, -nx);
        let excess = (nx - a) + (rounding_of_nx + rounding_of_n * x);
        Point {
            x,
            y,
            excess,
            deviance: a * deviance(excess / a, || (x * (n / a)).ln())
                + b * deviance(-excess / b, || (y * (n / b)).ln()),
        }
    }

    fn point_at_ln_ratio(&self, w: f64) -> Point {
        if w <= 0.0 {
            self.point_below_mean(w.exp(), w.exp_m1(), || w)
        } else {
            self.mirrored()
                .point_below_mean((-w).exp(), (-w).exp_m1(), || -w)
                .mirrored()
        }
    }

    /// The point with a ratio f ≤ 1; `above_one` is f − 1. A ratio that has vanished still has its logarithm.
    fn point_below_mean(&self, f: f64, above_one: f64, ln_f: impl Fn() -> f64) -> Point {
        let Beta { a, b, .. } = *self;
        let whole = a * f + b;
        let (u, v) = (above_one * (b / whole), -above_one * (a / whole));
        let ln_1p_v = || ((a + b) / whole).ln();
        Point {
            x: a / whole * f,
            y: b / whole,
            excess: a * u,
            deviance: a * deviance(u, || ln_f() + ln_1p_v()) + b * deviance(v, ln_1p_v),
        }
    }

    fn tail_at(&self, point: Point) -> Tail {
        let ln_density = self.ln_peak - point.deviance;
        // x ≤ (a + 1)/(a + b + 2), where the fraction converges fast
        let below = point.excess <= point.y - point.x;
        let (law, from) = if below {
            (*self, point)
        } else {
            (self.mirrored(), point.mirrored())
        };
        Tail {
            side: if below { Side::Lower } else { Side::Upper },
            ln_density,
            relative: law.relative_lower_tail(from),
        }
    }

    fn relative_lower_tail(&self, point: Point) -> f64 {
        let variance = (self.a + self.b) * point.x * point.y;
        if self.a.min(self.b) >= LARGE && point.excess * point.excess < BODY * variance {
            self.by_quadrature(point, variance)
        } else {
            self.by_continued_fraction(point)
        }
    }

    /// The even part of the fraction DLMF 8.17.22 (DiDonato and Morris 1992), in which x enters by the excess
    /// alone where it would otherwise cancel.
    fn by_continued_fraction(&self, point: Point) -> f64 {
        let Beta { a, b, .. } = *self;
        let Point { x, y, excess, .. } = point;
        1.0 / continued_fraction::evaluate(a / (a + 1.0) * (1.0 - excess), |m| {
            // a + (m - 1), not (a + m) - 1: a small shape is not to be rounded away
            let before = a + (2.0 * m - 1.0);
            let numerator =
                (a + (m - 1.0)) / before * ((a + b + (m - 1.0)) * x / before) * (m * (b - m) * x);
            let denominator = m
                + m * (b - m) * x / before
                + (a + m) / (before + 2.0) * (1.0 - excess + m * (1.0 + y));
            (numerator, denominator)
        })
    }

    /// The density at x − s/n relative to that at x, over s.
    fn by_quadrature(&self, point: Point, variance: f64) -> f64 {
        let Beta { a, b, .. } = *self;
        let Point {
            x,
            y,
            excess,
            deviance: here,
        } = point;
        let n = a + b;
        let density = |s: f64| {
            let (left, right) = (x - s / n, y + s / n);
            // the nodes of the rule go on beyond the support
            if left <= 0.0 {
                return 0.0;
            }
            let (u, v) = ((excess - s) / a, (s - excess) / b);
            let there = a * deviance(u, || u.ln_1p()) + b * deviance(v, || v.ln_1p());
            (here - there).exp() * (x / left) * (y / right)
        };
        // near the mean the density falls by the standard deviation, farther out as exp(-s excess/variance)
        let scale = variance.sqrt().min(variance / excess.abs());
        quadrature::decaying(density, scale) / variance
    }

    /// Where the search for a lower quantile begins.
    ///
    /// Both shapes above 1: Carter (1947), Abramowitz and Stegun 26.5.22. First shape small: P ≤ xᵃ/(aB) if b ≥ 1 and
    /// P ≤ (x/y)ᵃ/(aB) always give points below the quantile, from which Newton's method never overshoots. Second shape
    /// small: −ln x (a + (b − 1)/2) is nearly Gamma(b), whose upper quantile has a bound (Laurent and Massart 2000).
    fn start(&self, probability: f64) -> f64 {
        let Beta { a, b, .. } = *self;
        let ln_p = probability.ln();
        let n = a + b;
        let ln_beta = a * (a / n).ln() + b * (b / n).ln() - self.ln_peak;
        let power = (ln_p + a.ln() + ln_beta) / a;
        let ratio_of = |ln_x: f64| ln_x - (-ln_x.exp_m1()).ln() - (a / b).ln();
        if a > 1.0 && b > 1.0 {
            let carter = carter(a, b, probability);
            if power < -1.0 {
                ratio_of(power).max(carter)
            } else {
                carter
            }
        } else if b >= 1.0 {
            // below x = 1, where the odds are finite
            ratio_of(power.min(-f64::EPSILON))
        } else if a >= 1.0 {
            let gamma = b + (-2.0 * b * ln_p).sqrt() - ln_p;
            ratio_of(-gamma / (a + 0.5 * (b - 1.0)))
        } else {
            power - (a / b).ln()
        }
    }
}

fn carter(a: f64, b: f64, probability: f64) -> f64 {
    let z = -normal::lower_quantile(probability);
    let (of_a, of_b) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let h = 2.0 / (of_a + of_b);
    let lambda = (z * z - 3.0) / 6.0;
    let half_log =
        z * (h + lambda).sqrt() / h - (of_b - of_a) * (lambda + 5.0 / 6.0 - 2.0 / (3.0 * h));
    -2.0 * half_log
}
