use super::difference::{Error, two_sided};
use super::share::Share;
use crate::statistics::interval::Interval;

/// A ratio and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    pub value: f64,
    pub interval: Interval,
}

/// How large a difference of two independent shares is on other scales.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effects {
    /// a / b; `None` where a share is 0.
    pub ratio: Option<Ratio>,
    /// The odds of a over those of b; `None` where a share is 0 or 1.
    pub odds_ratio: Option<Ratio>,
    /// `2 asin sqrt a - 2 asin sqrt b`.
    pub cohens_h: f64,
}

/// Ratio, odds ratio and Cohen's h of two independent shares (0..1, effective sizes), intervals on the
/// log scale: `exp(log(a/b) ∓ z sqrt((1-a)/(a n_a) + (1-b)/(b n_b)))` and
/// `exp(log OR ∓ z sqrt(1/(n_a a (1-a)) + 1/(n_b b (1-b))))`.
///
/// # Errors
/// A level that is none.
///
/// Source: Katz and others, Biometrics 34 (1978); Woolf, Annals of Human Genetics 19 (1955); Cohen,
/// Statistical Power Analysis (1988), 6.2. R: `epitools::riskratio`, `epitools::oddsratio.wald`,
/// `pwr::ES.h`.
pub fn effects(a: Share, b: Share, level: f64) -> Result<Effects, Error> {
    let z = two_sided(level)?;
    let on_log_scale = |value: f64, variance: f64| {
        let factor = (z * variance.sqrt()).exp();
        let known = value > 0.0 && value.is_finite() && factor.is_finite();
        known.then_some(Ratio {
            value,
            interval: Interval {
                low: value / factor,
                high: value * factor,
            },
        })
    };
    let relative = |share: Share| (1.0 - share.p) / (share.p * share.n);
    let of_odds = |share: Share| 1.0 / (share.n * share.p * (1.0 - share.p));
    let odds = |share: Share| share.p / (1.0 - share.p);
    let angle = |share: Share| 2.0 * share.p.sqrt().asin();
    Ok(Effects {
        ratio: on_log_scale(a.p / b.p, relative(a) + relative(b)),
        odds_ratio: on_log_scale(odds(a) / odds(b), of_odds(a) + of_odds(b)),
        cohens_h: angle(a) - angle(b),
    })
}
