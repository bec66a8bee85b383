//! A part beside the whole that contains it: the part is tested against the rest.

use super::error::Error;
use super::inference::{Inference, NO_VARIANCE};
use super::pair::NOISE;
use super::pair::Pair;
use super::shares::{Share, Test, around, two_sided};
use super::side::Size;
use crate::frames::Flag;
use crate::frames::words::thousands;
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
        if least > 1.0 + NOISE || most < -NOISE {
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
        // The rest is a share: f c <= T and f (1 - c) <= 1 - T. Short of 1, where no rest is left.
        let most = limit(t, c).min(limit(1.0 - t, 1.0 - c)).min(0.999_999);
        // all of them are tried, as the error need not rise or fall all the way
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
        Test::from_z(difference / self.se.1)
    }

    /// The narrowest and the widest interval of part − whole.
    pub fn intervals(&self, difference: f64, z: f64) -> Option<(Interval, Interval)> {
        around(difference, z * self.se.0).zip(around(difference, z * self.se.1))
    }
}

impl Pair<'_, '_> {
    pub(super) fn part_of(&self, level: f64) -> Result<Inference, Error> {
        let (part, whole) = (self.part(), self.whole());
        let (Some(of_part), Ok(of_whole)) = (self.size_of_part(), &whole.size) else {
            return Ok(self.unsampled());
        };
        let weight = self.weight;
        let share = |p: f64, size: &Size| Share { p, n: size.n_eff };
        let (c, t) = (share(part.share, &of_part), share(whole.share, of_whole));
        let Some(rest_n) = rest_size(of_whole, &of_part, c, t, weight) else {
            let note = format!(
                "no interval: the part has {} respondents and the whole {}",
                thousands(of_part.n_or_effective()),
                thousands(of_whole.n_or_effective())
            );
            return Ok(Inference {
                notes: vec![note],
                ..Inference::default()
            });
        };
        let both = PartAndWhole {
            part: c,
            whole: t,
            rest_n,
            part_range: part.range,
            whole_range: whole.range,
        };
        let found = match both.compare(weight) {
            Ok(found) => found,
            Err(impossible) => {
                return Ok(Inference {
                    notes: vec![impossible.to_string()],
                    cannot_hold: true,
                    ..Inference::default()
                });
            }
        };
        if found.se.1 <= 0.0 {
            return Ok(Inference {
                notes: vec![NO_VARIANCE.to_owned()],
                ..Inference::default()
            });
        }
        let d = self.a.share - self.b.share;
        let (narrowest, widest) = found.intervals(d, two_sided(level)?).unzip();
        let note = match weight {
            Some(weight) => format!(
                "the part is {:.1}% of the whole ({})",
                100.0 * weight,
                self.weight_source
            ),
            None => "the weight of the part in the whole is not known: interval, se, z and p are those of the \
                     weight that leaves most open"
                .to_owned(),
        };
        Ok(Inference {
            se: Some(found.se.1),
            widest,
            narrowest: narrowest.filter(|_| weight.is_none()),
            test: found.test(d),
            method: "against the rest".to_owned(),
            rest: found.rest,
            notes: vec![note],
            cannot_hold: false,
        })
    }
}

impl Pair<'_, '_> {
    /// The sample of the part. Where its weight was given and its n is not known, or is that of the
    /// whole, it has that share of the respondents of the whole.
    fn size_of_part(&self) -> Option<Size> {
        let (part, whole) = (self.part(), self.whole());
        let by_weight = || {
            let (weight, whole) = (self.given_weight?, whole.size.as_ref().ok()?);
            Some(Size {
                n: whole.n.map(|n| weight * n),
                n_eff: weight * whole.n_eff,
                of_countries: false,
                ..*whole
            })
        };
        match (&part.size, &whole.size) {
            (Ok(part), Ok(whole)) if part.n_or_effective() >= whole.n_or_effective() => {
                by_weight().or(Some(*part))
            }
            (Ok(part), _) => Some(*part),
            (Err(_), _) if part.flags.contains(&Flag::NoN) => by_weight(),
            (Err(_), _) => None,
        }
    }
}

/// The effective size of the rest: what of the whole is not the part, with the design effect of the
/// whole. For a mean of countries whose own variances are known, `Var r = (Var T - f^2 Var c)/(1 - f)^2`.
fn rest_size(
    whole: &Size,
    of_part: &Size,
    part: Share,
    total: Share,
    weight: Option<f64>,
) -> Option<f64> {
    if let Some(f) = weight.filter(|_| whole.of_countries) {
        let rest = ((total.p - f * part.p) / (1.0 - f)).clamp(0.0, 1.0);
        let variance = (total.variance() - f * f * part.variance()) / ((1.0 - f) * (1.0 - f));
        let n = rest * (1.0 - rest) / variance;
        if n > 0.0 && n.is_finite() {
            return Some(n);
        }
    }
    let n = match (whole.n, of_part.n) {
        (Some(whole_n), Some(part_n)) => (whole_n - part_n) * whole.n_eff / whole_n,
        // Margins of error alone: effective sizes add up where the design effects are alike.
        _ => whole.n_eff - of_part.n_eff,
    };
    (n > 0.0).then_some(n)
}
