//! Net scores: some responses of a question less others, as “favourable less unfavourable”.

use super::error::Error;
use super::inference::{Inference, NO_VARIANCE};
use super::pair::Pair;
use super::relation::Relation;
use super::score::Score;
use super::shares::{Share, Test, around, two_sided};
use super::side::Side;
use crate::statistics::interval::Interval;

/// A score with its effective sample size.
#[derive(Clone, Copy)]
struct Sized<'x> {
    score: &'x Score,
    n: f64,
}

impl Sized<'_> {
    fn variance(self) -> f64 {
        self.score.variance(self.n)
    }
}

/// The Wald interval of a score: `s ∓ z sqrt((sum c^2 p - s^2) / n_eff)`, cut to −1..1; none without variance.
pub(super) fn interval(score: &Score, n_eff: f64, level: f64) -> Result<Option<Interval>, Error> {
    let margin = two_sided(level)? * score.variance(n_eff).sqrt();
    Ok(around(score.value(), margin).filter(|interval| interval.low < interval.high))
}

/// A score against a fixed value: `z = (s - v) / se`.
pub(super) fn against(
    side: &Side,
    score: &Score,
    value: f64,
    level: f64,
) -> Result<Inference, Error> {
    let Share { n, .. } = match side.sampled() {
        Ok(share) => share,
        Err(reason) => return Ok(without(format!("no interval: {reason}"))),
    };
    let se = score.variance(n).sqrt();
    Ok(match interval(score, n, level)? {
        None => without(NO_VARIANCE.to_owned()),
        Some(Interval { low, high }) => Inference {
            se: Some(se),
            widest: Some(Interval {
                low: low - value,
                high: high - value,
            }),
            test: Test::from_z((score.value() - value) / se),
            method: "Wald".to_owned(),
            ..Inference::default()
        },
    })
}

fn without(note: String) -> Inference {
    Inference {
        notes: vec![note],
        ..Inference::default()
    }
}

impl Pair<'_, '_> {
    /// The difference of two net scores, −2..2.
    ///
    /// Independent samples: the variances add. One question of the same people: the difference is a score
    /// itself. Two questions of the same people, or a panel: the covariance is not known, so the standard
    /// error lies between `|se_a - se_b|` and `se_a + se_b`. A part and its whole: against the rest, whose
    /// shares are `(T_j - f c_j) / (1 - f)`.
    pub(super) fn scores(&self, a: &Score, b: &Score, level: f64) -> Result<Inference, Error> {
        let sampled = self.a.sampled().and_then(|a| Ok((a, self.b.sampled()?)));
        let Ok((of_a, of_b)) = sampled else {
            return Ok(self.unsampled());
        };
        let (a, b) = (
            Sized {
                score: a,
                n: of_a.n,
            },
            Sized {
                score: b,
                n: of_b.n,
            },
        );
        let (se_a, se_b) = (a.variance().sqrt(), b.variance().sqrt());
        let mut found = Inference {
            method: "Wald".to_owned(),
            ..Inference::default()
        };
        let (narrow, wide) = match self.relation {
            Relation::SameQuestion => {
                // of two effective sizes of the same people the smaller is the careful one
                let se = a.score.less(b.score).variance(a.n.min(b.n)).sqrt();
                (se, se)
            }
            Relation::SameRespondents | Relation::Panel => {
                found.notes.push(
                    "how the two scores go together is not known: interval, se, z and p are those of the worst case"
                        .to_owned(),
                );
                ((se_a - se_b).abs(), se_a + se_b)
            }
            Relation::PartOf => {
                let (part, whole) = if self.b_is_part { (b, a) } else { (a, b) };
                match self.against_rest(part, whole) {
                    Ok((rest, se)) => {
                        found.rest = Some(rest);
                        found.method = "against the rest".to_owned();
                        (se, se)
                    }
                    Err(note) => return Ok(without(note)),
                }
            }
            Relation::Independent | Relation::FixedValue => {
                let se = se_a.hypot(se_b);
                (se, se)
            }
        };
        if wide <= 0.0 {
            return Ok(without(NO_VARIANCE.to_owned()));
        }
        let (d, z) = (a.score.value() - b.score.value(), two_sided(level)?);
        let wald = |se: f64| Interval {
            low: (d - z * se).max(-2.0),
            high: (d + z * se).min(2.0),
        };
        found.se = Some(wide);
        found.widest = Some(wald(wide));
        found.narrowest = (narrow < wide).then(|| wald(narrow));
        found.test = Test::from_z(d / wide);
        Ok(found)
    }

    /// The score of the rest, and the standard error `(1 - f) sqrt(Var c + Var r)` of part less whole.
    fn against_rest(&self, part: Sized, whole: Sized) -> Result<(f64, f64), String> {
        let weight = self.weight.ok_or(
            "no interval: the weight of the part in the whole is not known; say it with --share or --average",
        )?;
        let asked = |side: &Side| {
            let size = side.size.as_ref();
            size.map_or(f64::NAN, |size| size.n_or_effective())
        };
        let (of_part, of_whole) = (asked(self.part()), asked(self.whole()));
        let n = (of_whole - of_part) * whole.n / of_whole;
        if n.is_nan() || n <= 0.0 {
            return Err("no interval: the part has as many respondents as the whole".to_owned());
        }
        let rest = |whole: f64, part: f64| (whole - weight * part) / (1.0 - weight);
        let value = rest(whole.score.value(), part.score.value());
        let spread = rest(whole.score.spread(), part.score.spread());
        // what the rounding of both prints can make of it
        let half = |side: &Side| 0.5 * (side.range.1 - side.range.0);
        let room = (half(self.whole()) + weight * half(self.part())) / (1.0 - weight);
        // a score is never larger than the share of those it counts; either may be off by the rounding
        if value.abs() > spread + 2.0 * room || spread > 1.0 + room {
            return Err(format!(
                "can’t all be right: if the part is {:.1}% of the whole, the rest would be at {:.1}",
                100.0 * weight,
                100.0 * value
            ));
        }
        let of_rest = (spread - value * value).max(0.0) / n;
        Ok((value, (1.0 - weight) * (part.variance() + of_rest).sqrt()))
    }
}
