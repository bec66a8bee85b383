//! A tail of a distribution, and the quantile that belongs to it.

/// Which tail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Side {
    Lower,
    Upper,
}

impl Side {
    pub(super) fn other(self) -> Side {
        match self {
            Side::Lower => Side::Upper,
            Side::Upper => Side::Lower,
        }
    }

    /// The probability on this side of the lowest point of the support.
    pub(super) fn at_lowest(self) -> f64 {
        match self {
            Side::Lower => 0.0,
            Side::Upper => 1.0,
        }
    }

    /// The probability on this side of the highest point of the support.
    pub(super) fn at_highest(self) -> f64 {
        self.other().at_lowest()
    }
}

/// The probability on one side of a point: density × relative tail, the density being that of the logarithm of the
/// variable. Kept as factors, so that the logarithm outlives the underflow of the probability.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    pub side: Side,
    pub ln_density: f64,
    pub relative: f64,
}

impl Tail {
    /// The probability on the given side.
    pub(super) fn probability(&self, side: Side) -> f64 {
        let own = (self.ln_density.exp() * self.relative).clamp(0.0, 1.0);
        if side == self.side { own } else { 1.0 - own }
    }

    /// The logarithm of the probability on the given side.
    fn ln_probability(&self, side: Side) -> f64 {
        if side == self.side {
            self.ln_density + self.relative.ln()
        } else {
            (-self.ln_density.exp() * self.relative).ln_1p()
        }
    }

    /// Density over probability: how fast the logarithm of the probability changes.
    fn hazard(&self, side: Side) -> f64 {
        if side == self.side {
            1.0 / self.relative
        } else {
            self.ln_density.exp() / self.probability(side)
        }
    }
}

/// A shape within 1e-75 and 1e75. A distribution beyond is a point or two for every purpose, and there the products of
/// shapes and points would overflow.
pub(super) fn representable(shape: f64) -> f64 {
    shape.clamp(1e-75, 1e75)
}

/// The smaller of the two tails that a probability on one side leaves: solving for it loses no digits.
pub(super) fn smaller(side: Side, probability: f64) -> (Side, f64) {
    if probability > 0.5 {
        (side.other(), 1.0 - probability)
    } else {
        (side, probability)
    }
}

/// Steps that no search needs; from a poor start Newton's method takes about ten.
const MOST_STEPS: usize = 100;

/// The w with the given probability on one side, where w is the logarithm of the variable.
///
/// `at` gives the tail at w, and the slope of the logarithm of the density there. The logarithm g of a tail is concave
/// in w, so that Newton's method on g = ln(probability) converges from anywhere. Halley's correction is free, as
/// g″ = g′(slope − g′) for a lower tail; it is held to at most double a step. One step after |g − target| < 1e-8 the
/// error is of the order of 1e-16.
pub(super) fn solve(
    at: impl Fn(f64) -> (Tail, f64),
    side: Side,
    probability: f64,
    start: f64,
) -> f64 {
    let direction = match side {
        Side::Lower => 1.0,
        Side::Upper => -1.0,
    };
    let target = probability.ln();
    let mut w = start;
    for _ in 0..MOST_STEPS {
        let (tail, slope) = at(w);
        let residual = tail.ln_probability(side) - target;
        let hazard = tail.hazard(side);
        let curvature = 1.0 - direction * slope / hazard;
        let step = -direction * residual / hazard / (1.0 + 0.5 * residual * curvature).max(0.5);
        // a tail that is 0 or 1 in floats says no more where to go
        if !step.is_finite() {
            break;
        }
        w = (w + step).clamp(f64::MIN, f64::MAX);
        if residual.abs() < 1e-8 {
            break;
        }
    }
    w
}

/// The quantile at the ends of the support, where nothing is to be solved.
pub(super) fn end_of_support(side: Side, probability: f64, low: f64, high: f64) -> Option<f64> {
    match (side, probability) {
        (Side::Lower, 0.0) | (Side::Upper, 1.0) => Some(low),
        (Side::Lower, 1.0) | (Side::Upper, 0.0) => Some(high),
        _ => None,
    }
}
