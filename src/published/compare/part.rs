use super::difference::{Test, around};
use super::share::Share;
use crate::statistics::interval::Interval;

/// A part beside the whole that contains it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartAndWhole {
    /// The share in the part and its effective size.
    pub part: Share,
    /// The share in the whole and its effective size.
    pub whole: Share,
    /// The effective size of the rest.
    pub rest_n: f64,
    /// Within what a share that was printed as `part.p` may lie, and one printed as `whole.p`.
    pub part_range: (f64, f64),
    pub whole_range: (f64, f64),
}

/// What the comparison of a part with its whole comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartOf {
    /// The share of the rest, for the weight of the part that was given; `None` for an unknown one.
    pub rest: Option<f64>,
    /// Standard errors of part − whole, the least and the greatest that are possible.
    pub se: (f64, f64),
}

/// The rest would have a share outside 0..1: both figures and the weight can't all be right.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error(
    "can’t all be right: if the part is {:.1}% of the whole, the rest would be at {}{:.1}%",
    100.0 * .weight, if *.rest < 0.0 { "−" } else { "" }, 100.0 * .rest.abs()
)]
pub struct CannotHold {
    pub weight: f64,
    pub rest: f64,
}

/// How finely weights are tried where the weight of the part is not known.
const STEPS: u32 = 1_000;

impl PartAndWhole {
    /// The share of the rest: `r = (T - f c) / (1 - f)`.
    fn rest(&self, weight: f64) -> f64 {
        (self.whole.p - weight * self.part.p) / (1.0 - weight)
    }

    /// Part against whole by the rest, which is an independent sample: with the weight f of the part in
    /// the whole, `r = (T - f c) / (1 - f)`, `c - T = (1 - f)(c - r)`, `Var = (1 - f)^2 (Var c + Var r)`.
    ///
    /// f (strictly between 0 and 1) is n of the part over n of the whole for respondents pooled, 1/K for a mean of K
    /// countries; with `None` the standard errors are the least and greatest over all f that leave
    /// the rest a share.
    ///
    /// # Errors
    /// [`CannotHold`] where the rest would lie outside 0..1 whatever the rounding of the print.
    ///
    /// Source: Franklin (2007), differences of dependent samples, with the rest made explicit.
    pub fn compare(&self, weight: Option<f64>) -> Result<PartOf, CannotHold> {
        let Some(weight) = weight else {
            return Ok(self.any_weight());
        };
        let rest = self.rest(weight);
        let (least, most) = self.rest_range(weight);
        if least > 1.0 || most < 0.0 {
            return Err(CannotHold { weight, rest });
        }
        let rest = rest.clamp(0.0, 1.0);
        let se = self.se(weight, rest);
        Ok(PartOf {
            rest: Some(rest),
            se: (se, se),
        })
    }

    /// The shares of the rest that the rounding of both prints leaves.
    fn rest_range(&self, weight: f64) -> (f64, f64) {
        let rest = |whole: f64, part: f64| (whole - weight * part) / (1.0 - weight);
        (
            rest(self.whole_range.0, self.part_range.1),
            rest(self.whole_range.1, self.part_range.0),
        )
    }

    fn se(&self, weight: f64, rest: f64) -> f64 {
        let rest = Share {
            p: rest,
            n: self.rest_n,
        };
        (1.0 - weight) * (self.part.variance() + rest.variance()).sqrt()
    }

    fn any_weight(&self) -> PartOf {
        let (c, t) = (self.part.p, self.whole.p);
        let limit = |room: f64, by: f64| if by > 0.0 { room / by } else { 1.0 };
        let most = limit(t, c).min(limit(1.0 - t, 1.0 - c)).min(0.999_999);
        let errors = (0..=STEPS).map(|step| {
            let weight = most * f64::from(step) / f64::from(STEPS);
            self.se(weight, self.rest(weight).clamp(0.0, 1.0))
        });
        let se = errors.fold((f64::INFINITY, 0.0), |(least, greatest): (f64, f64), se| {
            (least.min(se), greatest.max(se))
        });
        PartOf { rest: None, se }
    }
}

impl PartOf {
    /// z and p by the greater standard error.
    pub fn test(&self, difference: f64) -> Option<Test> {
        Test::of(difference / self.se.1)
    }

    /// The narrowest and the widest interval of part − whole.
    pub fn intervals(&self, difference: f64, z: f64) -> Option<(Interval, Interval)> {
        around(difference, z * self.se.0).zip(around(difference, z * self.se.1))
    }
}
