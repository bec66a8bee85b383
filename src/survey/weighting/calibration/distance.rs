//! The distances that calibration keeps small, each as the ratio of new to base weight it leads to.

use crate::survey::weighting::Error;

/// How new weights may differ from base weights: w = d F(u), u = x′λ.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Distance {
    /// F = 1 + u. There is one solution, at once; weights may be negative.
    #[default]
    Linear,
    /// F = 1 + u, cut to [low, high] and solved again with the cut.
    LinearBounded {
        /// The smallest w/d, below 1.
        low: f64,
        /// The largest w/d, above 1.
        high: f64,
    },
    /// F = eᵘ: weights stay positive. With dummies alone it is raking.
    Raking,
    /// F between low and high, an S-shaped curve through F(0) = 1.
    Logit {
        /// The smallest w/d, below 1.
        low: f64,
        /// The largest w/d, above 1.
        high: f64,
    },
}

impl Distance {
    /// low < 1 < high; both finite for the logit, which divides by their differences.
    pub(super) fn check(self) -> Result<(), Error> {
        let (low, high) = match self {
            Distance::Linear | Distance::Raking => return Ok(()),
            Distance::LinearBounded { low, high } | Distance::Logit { low, high } => (low, high),
        };
        let infinite_logit =
            matches!(self, Distance::Logit { .. }) && !(low.is_finite() && high.is_finite());
        if infinite_logit || !(low < 1.0 && high > 1.0) {
            return Err(Error::Bounds { low, high });
        }
        Ok(())
    }

    /// F(u) and its derivative.
    pub(super) fn ratio(self, u: f64) -> (f64, f64) {
        match self {
            Distance::Linear => (1.0 + u, 1.0),
            Distance::LinearBounded { low, high } => {
                let ratio = (1.0 + u).clamp(low, high);
                // what is not cut comes back bit by bit; at a bound a row no longer moves
                (ratio, if ratio == 1.0 + u { 1.0 } else { 0.0 })
            }
            Distance::Raking => (u.exp(), u.exp()),
            Distance::Logit { low, high } => logit(u, low, high),
        }
    }
}

/// F = (L(U−1) + U(1−L)e^{Au})/((U−1) + (1−L)e^{Au}), A = (U−L)/((U−1)(1−L)); F′ = (F−L)(U−F)/((U−1)(1−L)).
fn logit(u: f64, low: f64, high: f64) -> (f64, f64) {
    let (up, down) = (high - 1.0, 1.0 - low);
    let a = (high - low) / (up * down);
    // e^{−|Au|} never overflows: where Au > 0 numerator and denominator are divided by e^{Au}
    let small = (-(a * u).abs()).exp();
    let (of_low, of_high) = if u > 0.0 {
        (up * small, down)
    } else {
        (up, down * small)
    };
    let ratio = (low * of_low + high * of_high) / (of_low + of_high);
    (ratio, (ratio - low) * (high - ratio) / (up * down))
}
