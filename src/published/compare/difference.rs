use std::str::FromStr;

use super::score_difference;
use super::share::Share;
use crate::frames::words::nearest;
use crate::statistics::interval::{self, Interval, Method};
use crate::statistics::special::normal;

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
/// use opine::published::compare::{DifferenceMethod, Share, independent};
/// let (a, b) = (Share { p: 0.699, n: 500.0 }, Share { p: 0.547, n: 500.0 });
/// let ci = independent(DifferenceMethod::Newcombe, a, b, 0.95)?;
/// assert!((ci.low - 0.092).abs() < 5e-4 && (ci.high - 0.210).abs() < 5e-4);
/// # Ok::<(), opine::published::compare::DifferenceError>(())
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
        DifferenceMethod::MiettinenNurminen => score_difference::interval(a, b, z),
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
    pub fn of(z: f64) -> Option<Test> {
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
    Test::of((a.p - b.p) / variance.sqrt())
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
