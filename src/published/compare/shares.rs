//! Two shares: their difference, its interval and its test, and how large it is on other scales. Nothing here
//! knows where the shares come from.

use crate::frames::words::nearest;
use crate::statistics::interval::{self, Interval, Method};
use crate::statistics::special::normal;
use std::str::FromStr;

/// A share, 0..1, and the effective size of its sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    pub p: f64,
    pub n: f64,
}

impl Share {
    /// p(1 − p)/n.
    pub fn variance(self) -> f64 {
        self.p * (1.0 - self.p) / self.n
    }
}

/// How the interval of a difference of two independent shares is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DifferenceMethod {
    #[default]
    Newcombe,
    Wald,
    AgrestiCaffo,
    MiettinenNurminen,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("there is no interval of a difference “{given}”; {hint}")]
    UnknownMethod { given: String, hint: String },
    #[error("wald gives no interval where both shares are 0 or 100 per cent; newcombe does")]
    Degenerate,
    #[error(transparent)]
    Interval(#[from] interval::Error),
    #[error(transparent)]
    Distribution(#[from] crate::statistics::special::Error),
}

impl DifferenceMethod {
    pub const ALL: [DifferenceMethod; 4] = [
        DifferenceMethod::Newcombe,
        DifferenceMethod::Wald,
        DifferenceMethod::AgrestiCaffo,
        DifferenceMethod::MiettinenNurminen,
    ];

    pub fn name(self) -> &'static str {
        match self {
            DifferenceMethod::Newcombe => "newcombe",
            DifferenceMethod::Wald => "wald",
            DifferenceMethod::AgrestiCaffo => "agresti-caffo",
            DifferenceMethod::MiettinenNurminen => "miettinen-nurminen",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            DifferenceMethod::Newcombe => "Newcombe",
            DifferenceMethod::Wald => "Wald",
            DifferenceMethod::AgrestiCaffo => "Agresti–Caffo",
            DifferenceMethod::MiettinenNurminen => "Miettinen–Nurminen",
        }
    }
}

impl FromStr for DifferenceMethod {
    type Err = Error;

    fn from_str(given: &str) -> Result<DifferenceMethod, Error> {
        let names = DifferenceMethod::ALL.map(DifferenceMethod::name);
        DifferenceMethod::ALL
            .into_iter()
            .find(|method| method.name() == given)
            .ok_or_else(|| Error::UnknownMethod {
                given: given.to_owned(),
                hint: match nearest(given, names) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("there are {}", names.join(", ")),
                },
            })
    }
}

/// The two-sided normal point: 1.96 for a level of 0.95.
///
/// # Errors
/// A level that is not strictly between 0 and 1.
pub fn two_sided(level: f64) -> Result<f64, Error> {
    match level > 0.0 && level < 1.0 {
        true => Ok(normal::quantile_upper(0.5 * (1.0 - level))?),
        false => Err(interval::Error::Level(level).into()),
    }
}

/// The interval of a − b for shares of two independent samples; all in 0..1, sizes effective.
///
/// * newcombe: with the Wilson bounds l, u of each share, `d - sqrt((a - l_a)^2 + (u_b - b)^2)` to
///   `d + sqrt((u_a - a)^2 + (b - l_b)^2)`. Newcombe, Statistics in Medicine 17 (1998), method 10.
///   R: `DescTools::BinomDiffCI(x1, n1, x2, n2, method = "score")`.
/// * wald: `d ∓ z sqrt(a(1-a)/n_a + b(1-b)/n_b)`. R: `prop.test(correct = FALSE)$conf.int`.
/// * agresti-caffo: wald after one success and one failure more in either sample. Agresti and Caffo,
///   The American Statistician 54 (2000). R: `PropCIs::wald2ci(adjust = "AC")`.
/// * miettinen-nurminen: all D that the score test does not reject. Statistics in Medicine 4 (1985).
///   R: `DescTools::BinomDiffCI(method = "mn")`.
///
/// # Errors
/// A share or size that is none, a level that is none, wald without a width.
///
/// ```
/// use opine::internals::published::compare::{DifferenceMethod, Share, independent};
/// let (a, b) = (Share { p: 0.699, n: 500.0 }, Share { p: 0.547, n: 500.0 });
/// let ci = independent(DifferenceMethod::Newcombe, a, b, 0.95)?;
/// assert!((ci.low - 0.092).abs() < 5e-4 && (ci.high - 0.210).abs() < 5e-4);
/// # Ok::<(), opine::internals::published::compare::DifferenceError>(())
/// ```
pub fn independent(
    method: DifferenceMethod,
    a: Share,
    b: Share,
    level: f64,
) -> Result<Interval, Error> {
    // Wilson also checks shares, sizes and level, whatever the method.
    let wilson = |share: Share| interval::share(Method::Wilson, share.p, share.n, level);
    let (of_a, of_b) = (wilson(a)?, wilson(b)?);
    let (d, z) = (a.p - b.p, two_sided(level)?);
    Ok(match method {
        DifferenceMethod::Newcombe => Interval {
            low: d - (a.p - of_a.low).hypot(of_b.high - b.p),
            high: d + (of_a.high - a.p).hypot(b.p - of_b.low),
        },
        DifferenceMethod::Wald => around(d, z * (a.variance() + b.variance()).sqrt())
            .filter(|ci| ci.low < ci.high)
            .ok_or(Error::Degenerate)?,
        DifferenceMethod::AgrestiCaffo => {
            let more = |share: Share| Share {
                p: (share.p * share.n + 1.0) / (share.n + 2.0),
                n: share.n + 2.0,
            };
            let (a, b) = (more(a), more(b));
            let margin = z * (a.variance() + b.variance()).sqrt();
            around(a.p - b.p, margin).ok_or(Error::Degenerate)?
        }
        DifferenceMethod::MiettinenNurminen => score_interval(a, b, z),
    })
}

/// `d ∓ margin`, cut to −1..1; `None` where the margin is no number.
pub(super) fn around(d: f64, margin: f64) -> Option<Interval> {
    margin.is_finite().then(|| Interval {
        low: (d - margin).max(-1.0),
        high: (d + margin).min(1.0),
    })
}

/// z and its two-sided p-value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    pub z: f64,
    pub p_value: f64,
}

impl Test {
    /// `None` where z is no number: a difference without a standard error.
    pub fn from_z(z: f64) -> Option<Test> {
        let p_value = 2.0 * normal::upper_tail(z.abs()).ok()?;
        z.is_finite().then_some(Test {
            z,
            p_value: p_value.min(1.0),
        })
    }
}

/// The test of a = b for shares of two independent samples: with the pooled share
/// `p = (a n_a + b n_b) / (n_a + n_b)`, `z = (a - b) / sqrt(p (1 - p) (1/n_a + 1/n_b))`, two-sided.
/// `None` where both shares are 0 or both 1.
///
/// R: `prop.test(x, n, correct = FALSE)`, whose X-squared is z squared.
pub fn pooled_test(a: Share, b: Share) -> Option<Test> {
    let pooled = (a.p * a.n + b.p * b.n) / (a.n + b.n);
    let variance = pooled * (1.0 - pooled) * (1.0 / a.n + 1.0 / b.n);
    Test::from_z((a.p - b.p) / variance.sqrt())
}

/// The variance of a − b for two shares of the same people, of whom the share `joint` gave both
/// answers: `Var a + Var b - 2 (joint - a b) / max(n_a, n_b)`, which for one n is
/// `(a + b - 2 joint - (a - b)^2) / n`; never below 0.
///
/// `joint` = 0 for two answers of one question of which only one can be given (the multinomial:
/// `(a + b - (a - b)^2) / n`). With different sizes the smaller sample lies within the larger.
/// Source: Franklin, The "margin of error" for differences in polls (2007).
pub fn joint_variance(a: Share, b: Share, joint: f64) -> f64 {
    let covariance = (joint - a.p * b.p) / a.n.max(b.n);
    (a.variance() + b.variance() - 2.0 * covariance).max(0.0)
}

/// The shares that two answers leave for those who gave both (Fréchet 1935):
/// `max(0, a + b - 1)` to `min(a, b)`.
pub fn joint_range(a: f64, b: f64) -> (f64, f64) {
    ((a + b - 1.0).max(0.0), a.min(b))
}

/// Halvings until the bounds of an interval of length 2 are the same to the last digit.
const HALVINGS: usize = 100;

/// Miettinen and Nurminen’s interval, all values that the score test does not reject: the D with
/// `(a - b - D)^2 <= z^2 V(D)`, `V = (s_1 (1 - s_1)/n_1 + s_2 (1 - s_2)/n_2) N/(N - 1)` at the maximum likelihood
/// shares with `s_1 - s_2 = D`.
fn score_interval(a: Share, b: Share, z: f64) -> Interval {
    let d = a.p - b.p;
    // as a product: at the edges the variance can be 0, and z would be divided by it
    let rejected = |value: f64| {
        let distance = d - value;
        distance * distance > z * z * restricted_variance(a, b, value)
    };
    Interval {
        low: edge(-1.0, d, rejected),
        high: edge(1.0, d, rejected),
    }
}

/// Between a value far out and one inside: where the test begins to reject.
fn edge(far: f64, inside: f64, rejected: impl Fn(f64) -> bool) -> f64 {
    if !rejected(far) {
        return far;
    }
    let (mut out, mut within) = (far, inside);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (out + within);
        match rejected(middle) {
            true => out = middle,
            false => within = middle,
        }
    }
    within
}

fn restricted_variance(a: Share, b: Share, d: f64) -> f64 {
    let s2 = restricted_share(a, b, d);
    let s1 = (s2 + d).clamp(0.0, 1.0);
    let all = a.n + b.n;
    // one respondent in all leaves no degree of freedom, and so rejects nothing
    match all > 1.0 {
        true => (s1 * (1.0 - s1) / a.n + s2 * (1.0 - s2) / b.n) * all / (all - 1.0),
        false => f64::INFINITY,
    }
}

/// The maximum likelihood share of b given that a's is larger by d: where the score
/// `x_1/(s + d) - (n_1 - x_1)/(1 - s - d) + x_2/s - (n_2 - x_2)/(1 - s)` is 0. It falls in s all the way,
/// so halving finds it where the closed form, a root of a cubic, loses digits at the edges.
fn restricted_share(a: Share, b: Share, d: f64) -> f64 {
    let (mut low, mut high) = ((-d).max(0.0), (1.0 - d).min(1.0));
    // at an edge of the support 0/0 is a term that the likelihood does not have
    let part = |successes: f64, share: f64| match successes > 0.0 {
        true => successes / share,
        false => 0.0,
    };
    let score = |s: f64| {
        let s1 = s + d;
        part(a.p * a.n, s1) - part((1.0 - a.p) * a.n, 1.0 - s1) + part(b.p * b.n, s)
            - part((1.0 - b.p) * b.n, 1.0 - s)
    };
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        match score(middle) > 0.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    0.5 * (low + high)
}

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
