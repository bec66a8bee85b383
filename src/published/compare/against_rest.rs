//! A part and the whole of two given figures: the sizes and the weight, then [`PartAndWhole`].

use super::difference::two_sided;
use super::error::Error;
use super::found::{Found, NO_VARIANCE};
use super::pair::Pair;
use super::part::PartAndWhole;
use super::share::Share;
use super::side::Size;
use crate::frames::Flag;
use crate::frames::words::thousands;

impl Pair<'_, '_> {
    pub(super) fn part_of(&self, level: f64) -> Result<Found, Error> {
        let (part, whole) = (self.part(), self.whole());
        let (Some(of_part), Ok(of_whole)) = (self.size_of_part(), &whole.size) else {
            return Ok(self.unsampled());
        };
        let weight = self.weight;
        let share = |p: f64, size: &Size| Share { p, n: size.n_eff };
        let (c, t) = (share(part.share, &of_part), share(whole.share, of_whole));
        let Some(rest_n) = rest_size(of_whole, of_part.n, c, t, weight) else {
            let note = format!(
                "no interval: the part has {} respondents and the whole {}",
                thousands(of_part.n),
                thousands(of_whole.n)
            );
            return Ok(Found {
                notes: vec![note],
                ..Found::default()
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
                return Ok(Found {
                    notes: vec![impossible.to_string()],
                    cannot_hold: true,
                    ..Found::default()
                });
            }
        };
        if found.se.1 <= 0.0 {
            return Ok(Found {
                notes: vec![NO_VARIANCE.to_owned()],
                ..Found::default()
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
        Ok(Found {
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
                n: weight * whole.n,
                n_eff: weight * whole.n_eff,
                of_countries: false,
                ..*whole
            })
        };
        match (&part.size, &whole.size) {
            (Ok(part), Ok(whole)) if part.n >= whole.n => by_weight().or(Some(*part)),
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
    part_n: f64,
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
    let n = (whole.n - part_n) * whole.n_eff / whole.n;
    (n > 0.0).then_some(n)
}
