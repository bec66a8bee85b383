//! The difference of two figures by the relation of their samples, and several differences as one family.

use super::error::Error;
use super::inference::{Inference, NO_VARIANCE};
use super::net_score;
use super::pair::{NOISE, Pair};
use super::relation::Relation;
use super::shares::{
    DifferenceMethod, Share, Test, around, independent, joint_range, joint_variance, pooled_test,
    two_sided,
};
use super::side::Side;
use crate::frames::words::points_range;
use crate::frames::{Comparison, Flag};
use crate::statistics::adjust::{Adjust, adjusted};
use crate::statistics::interval::{self, Interval, Method};

/// How differences are to be made.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// For independent samples; all else is by its variance.
    pub method: DifferenceMethod,
    /// 0..1.
    pub level: f64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            method: DifferenceMethod::default(),
            level: 0.95,
        }
    }
}

/// A difference with what it rests on.
#[derive(Clone, Debug)]
pub struct Difference {
    pub row: Comparison,
    pub relation: Relation,
    /// Where the covariance is not known: the interval at best. That of the row is the one at worst.
    pub narrowest: Option<Interval>,
    /// The method of the interval, for people.
    pub method: String,
    /// The share of the rest, for a part and its whole.
    pub rest: Option<f64>,
    /// The difference is within what the rounding of the print allows.
    pub may_be_rounding: bool,
    /// Points of margin of one share near 50%, 0..1; the yardstick for words of a lead.
    pub margin: Option<f64>,
}

impl Pair<'_, '_> {
    /// The difference a − b by the relation of the two.
    ///
    /// Where the covariance is not known, interval, se, z and p-value of the row are those of the case that
    /// makes the difference least certain, and `narrowest` is the interval at best.
    ///
    /// # Errors
    /// A level that is none, a method without an interval for these shares.
    pub fn compare(&self, options: Options) -> Result<Difference, Error> {
        let sampled = self.a.sampled().and_then(|a| Ok((a, self.b.sampled()?)));
        let mut found = match (&self.a.score, &self.b.score, self.relation, sampled) {
            (Some(a), Some(b), _, _) => self.scores(a, b, options.level)?,
            (Some(_), None, _, _) | (None, Some(_), _, _) => {
                let labels = [self.a, self.b].map(|side| side.label.clone());
                let [a, b] = labels;
                return Err(Error::ShareAndScore(a, b));
            }
            (_, _, Relation::PartOf, _) => self.part_of(options.level)?,
            (_, _, _, Ok((a, b))) => self.by_relation(a, b, options)?,
            (_, _, _, Err(_)) => self.unsampled(),
        };
        found.say_at_least(&[self.a, self.b]);
        let mut row = row_of(self.a, &self.b.id, self.b.share, self.b.range);
        // the difference from a bound is a bound itself: its range is that of the rounding
        if [self.a, self.b]
            .iter()
            .any(|side| side.flags.contains(&Flag::Bound))
        {
            row.estimate = None;
        }
        row.relation = self.relation.name().to_owned();
        row.flags.extend(&self.b.flags);
        let margin = match (&self.a.size, self.relation) {
            (Ok(size), Relation::SameQuestion) if self.a.score.is_none() => {
                Some(two_sided(options.level)? * (0.25 / size.n_eff).sqrt())
            }
            _ => None,
        };
        Ok(finished(row, self.relation, found, margin))
    }

    fn by_relation(&self, a: Share, b: Share, options: Options) -> Result<Inference, Error> {
        match self.relation {
            Relation::SameQuestion | Relation::SameRespondents | Relation::Panel => {
                self.same_people(a, b, options.level)
            }
            _ => independent_samples(a, b, options),
        }
    }

    /// Two answers of one question that together are more than everybody, or a part above its NET.
    fn impossible(&self) -> Option<String> {
        let joint = self
            .joint
            .as_ref()
            .filter(|_| self.relation == Relation::SameQuestion)?;
        let (a, b) = (self.a, self.b);
        if joint.high <= 0.0 && a.range.0 + b.range.0 > 1.0 + NOISE {
            return Some(
                "can’t all be right: two answers of one question are more than 100%".to_owned(),
            );
        }
        let above = |part: &Side, net: &Side| {
            joint.low > 0.0 && joint.low == part.share && part.range.0 > net.range.1 + NOISE
        };
        (above(a, b) || above(b, a))
            .then(|| "can’t all be right: a part is above its NET".to_owned())
    }

    fn same_people(&self, a: Share, b: Share, level: f64) -> Result<Inference, Error> {
        if let Some(note) = self.impossible() {
            return Ok(Inference {
                notes: vec![note],
                cannot_hold: true,
                ..Inference::default()
            });
        }
        let (d, z) = (a.p - b.p, two_sided(level)?);
        let (least, most) = joint_range(a.p, b.p);
        let at = |joint: f64| joint_variance(a, b, joint).sqrt();
        // The more people gave both answers, the smaller the variance.
        let known = self.joint.as_ref().map(|joint| {
            let clamped = |share: f64| share.clamp(least, most);
            (clamped(joint.low), clamped(joint.high))
        });
        let (low, high) = match self.relation {
            // not known where two NETs share some of their parts: nobody at least, the smaller of them at most
            Relation::SameQuestion => known.map_or((0.0, most), |range| range),
            _ => known.unwrap_or((least, most)),
        };
        let (widest, narrowest) = (at(low), at(high));
        let mut notes = Vec::new();
        if let Some(joint) = self.joint.as_ref().filter(|joint| !joint.source.is_empty()) {
            notes.push(format!("joint share by {}", joint.source));
            if let (Some(best), Some(worst)) = (around(d, z * at(most)), around(d, z * at(least))) {
                notes.push(format!(
                    "without it the interval would be {} at best, {} at worst",
                    points_range(best.low, best.high),
                    points_range(worst.low, worst.high)
                ));
            }
        } else if self.joint.is_some() && low > 0.0 {
            notes.push("those of one answer are among those of the other".to_owned());
        } else if low < high {
            notes.push(format!(
                "how many gave both answers is not known, {:.1}% to {:.1}%: interval, se, z and p are those of the \
                 least",
                100.0 * low,
                100.0 * high
            ));
        }
        if widest <= 0.0 {
            notes.push(NO_VARIANCE.to_owned());
            return Ok(Inference {
                notes,
                ..Inference::default()
            });
        }
        let narrow = (low < high).then(|| around(d, z * narrowest)).flatten();
        Ok(Inference {
            se: Some(widest),
            widest: around(d, z * widest),
            narrowest: narrow,
            test: Test::from_z(d / widest),
            method: "Wald".to_owned(),
            notes,
            ..Inference::default()
        })
    }
}

fn independent_samples(a: Share, b: Share, options: Options) -> Result<Inference, Error> {
    let interval = independent(options.method, a, b, options.level)?;
    Ok(Inference {
        se: Some((a.variance() + b.variance()).sqrt()),
        widest: Some(interval),
        test: pooled_test(a, b),
        method: options.method.title().to_owned(),
        ..Inference::default()
    })
}

/// A share against a fixed value: the Wilson interval of the share less the value, and the test
/// `z = (p - v) / sqrt(v (1 - v)/n_eff)` that goes with it; `value` in 0..1. A score, which lies in −1..1, is
/// held against such a value by its own interval.
///
/// R: `prop.test(x, n, p = value, correct = FALSE)`.
///
/// # Errors
/// A level or value that is none.
pub fn against(side: &Side, text: &str, value: f64, level: f64) -> Result<Difference, Error> {
    let least = if side.score.is_some() { -1.0 } else { 0.0 };
    if !(least..=1.0).contains(&value) {
        return Err(interval::Error::Share(value).into());
    }
    let mut row = row_of(side, text, value, (value, value));
    row.relation = Relation::FixedValue.name().to_owned();
    if side.flags.contains(&Flag::Bound) {
        row.estimate = None;
    }
    let mut found = match side.sampled() {
        _ if let Some(of) = &side.score => net_score::against(side, of, value, level)?,
        Ok(share) => {
            let ci = interval::share(Method::Wilson, share.p, share.n, level)?;
            let null = Share {
                p: value,
                n: share.n,
            };
            Inference {
                se: Some(share.variance().sqrt()),
                widest: Some(Interval {
                    low: ci.low - value,
                    high: ci.high - value,
                }),
                test: Test::from_z((share.p - value) / null.variance().sqrt()),
                method: "Wilson".to_owned(),
                ..Inference::default()
            }
        }
        Err(reason) => Inference {
            notes: vec![format!("no interval: {reason}")],
            ..Inference::default()
        },
    };
    found.say_at_least(&[side]);
    Ok(finished(row, Relation::FixedValue, found, None))
}

/// The row with everything that needs no sample.
fn row_of(a: &Side, b: &str, b_share: f64, b_range: (f64, f64)) -> Comparison {
    // the bound of a score has no other end
    let end = |end: f64| Some(end).filter(|end| end.is_finite());
    Comparison {
        a: a.id.clone(),
        b: b.to_owned(),
        estimate: Some(a.share - b_share),
        rounding_low: end(a.range.0 - b_range.1),
        rounding_high: end(a.range.1 - b_range.0),
        flags: a.flags.clone(),
        ..Comparison::default()
    }
}

fn finished(
    mut row: Comparison,
    relation: Relation,
    found: Inference,
    margin: Option<f64>,
) -> Difference {
    row.se = found.se;
    row.ci_low = found.widest.map(|interval| interval.low);
    row.ci_high = found.widest.map(|interval| interval.high);
    row.z = found.test.map(|test| test.z);
    row.p_value = found.test.map(|test| test.p_value);
    row.p_adjusted = row.p_value;
    row.flags
        .retain(|flag| *flag != Flag::CannotHold || row.se.is_none());
    row.flags
        .extend(found.cannot_hold.then_some(Flag::CannotHold));
    row.flags.sort();
    row.flags.dedup();
    row.note = found.notes.join("; ");
    let may_be_rounding = row
        .rounding_low
        .zip(row.rounding_high)
        .filter(|_| row.estimate.is_some())
        .is_some_and(|(low, high)| low < high && low <= NOISE && high >= -NOISE);
    Difference {
        row,
        relation,
        narrowest: found.narrowest,
        method: found.method,
        rest: found.rest,
        may_be_rounding,
        margin,
    }
}

/// Adjusts the p-values of comparisons that were asked for together; those without one don't count.
pub fn family(compared: &mut [Difference], method: Adjust) {
    let known: Vec<f64> = compared.iter().filter_map(|one| one.row.p_value).collect();
    let adjusted = adjusted(method, &known);
    let with_p = compared.iter_mut().filter(|one| one.row.p_value.is_some());
    for (one, value) in with_p.zip(adjusted) {
        one.row.p_adjusted = Some(value);
    }
}
