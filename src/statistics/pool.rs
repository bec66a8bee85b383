//! The average of several estimates of one thing that may differ by more than sampling.
//!
//! ```
//! use opine::internals::statistics::pool::{PoolMethod, PoolTest, pool};
//!
//! let (y, v) = ([0.48, 0.51, 0.46, 0.50], [0.00025, 0.00017, 0.00030, 0.00012]);
//! let pooled = pool(&y, &v, PoolMethod::Reml, PoolTest::HksjCut, 0.95)?;
//! assert!(pooled.ci_low < 0.49 && pooled.ci_high > 0.50);
//! # Ok::<(), opine::internals::statistics::pool::Error>(())
//! ```

use std::fmt;
use std::str::FromStr;

use super::special::{self, chi_square, normal, student_t};

/// How the variance between estimates, τ², is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PoolMethod {
    /// The restricted maximum of the likelihood.
    #[default]
    Reml,
    /// DerSimonian and Laird's moments.
    Dl,
    /// Paule and Mandel's: Q(τ²) = k − 1.
    Pm,
    /// The maximum of the likelihood.
    Ml,
    /// None: all estimate the same.
    Fixed,
}

/// Which error the average has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PoolTest {
    /// That of Hartung, Knapp, Sidik and Jonkman, not below that of z; t on k − 1.
    #[default]
    HksjCut,
    /// √(Σ w (y − m)²/((k − 1) Σ w)); t on k − 1.
    Hksj,
    /// 1/√Σ w; normal.
    Z,
}

/// Each method with its name.
const METHODS: [(PoolMethod, &str); 5] = [
    (PoolMethod::Reml, "reml"),
    (PoolMethod::Dl, "dl"),
    (PoolMethod::Pm, "pm"),
    (PoolMethod::Ml, "ml"),
    (PoolMethod::Fixed, "fixed"),
];

/// Each test with its name.
const TESTS: [(PoolTest, &str); 3] = [
    (PoolTest::HksjCut, "hksj-cut"),
    (PoolTest::Hksj, "hksj"),
    (PoolTest::Z, "z"),
];

fn by_name<T: Copy>(all: &[(T, &str)], given: &str) -> Result<T, String> {
    let found = all.iter().find(|(_, name)| *name == given);
    found.map(|(value, _)| *value).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|(_, name)| *name).collect();
        format!("{given} is none of {}", names.join(", "))
    })
}

impl FromStr for PoolMethod {
    type Err = String;

    fn from_str(given: &str) -> Result<PoolMethod, String> {
        by_name(&METHODS, given)
    }
}

impl FromStr for PoolTest {
    type Err = String;

    fn from_str(given: &str) -> Result<PoolTest, String> {
        by_name(&TESTS, given)
    }
}

impl fmt::Display for PoolMethod {
    /// As it is printed: REML.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PoolMethod::Reml => "REML",
            PoolMethod::Dl => "DerSimonian–Laird",
            PoolMethod::Pm => "Paule–Mandel",
            PoolMethod::Ml => "ML",
            PoolMethod::Fixed => "fixed effect",
        })
    }
}

/// Why there is no average.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("an average takes two estimates and more")]
    TooFew,
    #[error("an estimate has no variance above 0")]
    Variance,
    #[error(transparent)]
    Special(#[from] special::Error),
}

/// The average, and how much the estimates differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Pooled {
    pub k: usize,
    pub estimate: f64,
    pub se: f64,
    pub ci_low: f64,
    pub ci_high: f64,
    /// Degrees of freedom of the interval; `None` for the normal.
    pub df: Option<f64>,
    /// Σ (y − ȳ)²/v about the average of a fixed effect, and its p on k − 1.
    pub q: f64,
    pub q_p: f64,
    /// Between estimates; `None` of a fixed effect.
    pub tau2: Option<f64>,
    /// 1 − (k − 1)/Q, cut at 0.
    pub i2: f64,
    /// τ²/(τ² + s²), s² the typical variance within.
    pub i2_tau2: Option<f64>,
    /// 1 + τ²/s².
    pub h2: Option<f64>,
    /// Where another such estimate would lie; from three on.
    pub prediction: Option<(f64, f64)>,
    /// The share of each in the average.
    pub weights: Vec<f64>,
}

/// The average of estimates y with variances v.
///
/// Weights 1/(v + τ²); REML and ML the root of the score of the likelihood, DL (Q − (k − 1))/(Σw − Σw²/Σw), PM the root of
/// Q(τ²) = k − 1, all cut at 0. The prediction interval is m ∓ t √(τ² + se²) with t on k − 2.
///
/// # Errors
/// Fewer than two estimates; a variance that is not above 0.
///
/// In R: `metafor::rma(y, v, method = "REML", test = "adhoc")`, whose prediction interval has t on k − 1. Source: W.
/// Viechtbauer, "Bias and efficiency of meta-analytic variance estimators", Journal of Educational and Behavioral Statistics
/// 30 (2005); C. Röver, G. Knapp and T. Friede, BMC Medical Research Methodology 15 (2015) for the cut.
pub fn pool(
    y: &[f64],
    v: &[f64],
    method: PoolMethod,
    test: PoolTest,
    level: f64,
) -> Result<Pooled, Error> {
    let k = y.len().min(v.len());
    if k < 2 {
        return Err(Error::TooFew);
    }
    if !v.iter().all(|v| *v > 0.0 && v.is_finite()) || !y.iter().all(|y| y.is_finite()) {
        return Err(Error::Variance);
    }
    let data = Data { y, v };
    let rest = k as f64 - 1.0;
    let at_zero = data.at(0.0);
    let q = at_zero.q;
    let s2 = rest * at_zero.sum / (at_zero.sum * at_zero.sum - at_zero.squares);
    let tau2 = match method {
        PoolMethod::Fixed => None,
        PoolMethod::Dl => {
            let scale = at_zero.sum - at_zero.squares / at_zero.sum;
            Some(((q - rest) / scale).max(0.0))
        }
        PoolMethod::Pm => Some(data.root(|at| at.q - rest)),
        PoolMethod::Ml => Some(data.root(|at| at.spread - at.sum)),
        PoolMethod::Reml => Some(data.root(|at| at.spread - at.sum + at.squares / at.sum)),
    };
    let at = data.at(tau2.unwrap_or(0.0));
    let plain = (1.0 / at.sum).sqrt();
    let hksj = (at.q / (rest * at.sum)).sqrt();
    let (se, df) = match test {
        PoolTest::Z => (plain, None),
        PoolTest::Hksj => (hksj, Some(rest)),
        PoolTest::HksjCut => (hksj.max(plain), Some(rest)),
    };
    let upper = 0.5 * (1.0 - level);
    let width = se
        * match df {
            None => normal::quantile_upper(upper)?,
            Some(df) => student_t::quantile_upper(upper, df)?,
        };
    let prediction = match tau2 {
        Some(tau2) if k >= 3 => {
            let t = student_t::quantile_upper(upper, k as f64 - 2.0)?;
            let half = t * (tau2 + se * se).sqrt();
            Some((at.mean - half, at.mean + half))
        }
        _ => None,
    };
    Ok(Pooled {
        k,
        estimate: at.mean,
        se,
        ci_low: at.mean - width,
        ci_high: at.mean + width,
        df,
        q,
        q_p: chi_square::upper_tail(q, rest)?,
        tau2,
        i2: (1.0 - rest / q).max(0.0),
        i2_tau2: tau2.map(|tau2| tau2 / (tau2 + s2)),
        h2: tau2.map(|tau2| 1.0 + tau2 / s2),
        prediction,
        weights: v
            .iter()
            .map(|v| 1.0 / (v + tau2.unwrap_or(0.0)) / at.sum)
            .collect(),
    })
}

struct Data<'a> {
    y: &'a [f64],
    v: &'a [f64],
}

/// What the weights of some τ² make.
struct Weighted {
    /// Σ w and Σ w².
    sum: f64,
    squares: f64,
    mean: f64,
    /// Σ w (y − m)² and Σ w² (y − m)².
    q: f64,
    spread: f64,
}

impl Data<'_> {
    fn at(&self, tau2: f64) -> Weighted {
        let weights: Vec<f64> = self.v.iter().map(|v| 1.0 / (v + tau2)).collect();
        let sum: f64 = weights.iter().sum();
        let mean = weights.iter().zip(self.y).map(|(w, y)| w * y).sum::<f64>() / sum;
        let each = || weights.iter().zip(self.y);
        Weighted {
            sum,
            squares: weights.iter().map(|w| w * w).sum(),
            mean,
            q: each().map(|(w, y)| w * (y - mean).powi(2)).sum(),
            spread: each().map(|(w, y)| (w * (y - mean)).powi(2)).sum(),
        }
    }

    /// Where a function of τ² that begins above 0 crosses it; 0 where it does not begin above.
    fn root(&self, equation: impl Fn(&Weighted) -> f64) -> f64 {
        let f = |tau2: f64| equation(&self.at(tau2));
        if f(0.0) <= 0.0 {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, self.v.iter().copied().fold(0.0, f64::max));
        for _ in 0..200 {
            if f(high) <= 0.0 {
                break;
            }
            low = high;
            high *= 2.0;
        }
        // until both ends are the same float
        for _ in 0..200 {
            let middle = f64::midpoint(low, high);
            match f(middle) > 0.0 {
                true => low = middle,
                false => high = middle,
            }
        }
        f64::midpoint(low, high)
    }
}
