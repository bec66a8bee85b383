//! Confidence intervals for a share, from the share and an effective sample size alone.
//!
//! Shares are 0..1 throughout. The effective sample size n_eff = n/deff and the number of successes x = p n_eff are
//! never rounded: with a design effect neither is a whole number, and every formula here extends to real numbers.
//!
//! [`share`] gives one interval; [`Shares`] prepares a method and a level for many.
//!
//! ```
//! use opine::internals::statistics::interval::{Method, share};
//!
//! // 90 per cent of 1,004 people, design effect 1.3
//! let ci = share(Method::Wilson, 0.90, 1004.0 / 1.3, 0.95)?;
//! assert!((ci.low - 0.8768).abs() < 1e-4 && (ci.high - 0.9192).abs() < 1e-4);
//! # Ok::<(), opine::internals::statistics::interval::Error>(())
//! ```

mod exact;
mod method;
mod sample;
mod sample_size;
mod wald;
mod wilson;

pub use method::Method;
pub use sample::{Sample, finite_population};
pub use sample_size::{sample_size, sample_size_in_population};

use crate::statistics::special;

/// The bounds of an interval, 0 ≤ low ≤ high ≤ 1.
///
/// ```
/// let worried = opine::interval(0.63, 1500.0)?;
/// assert!(worried.low < 0.63 && 0.63 < worried.high);
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

impl Interval {
    /// The same interval, of which rounding has not cut off the estimate.
    fn holding(self, p: f64) -> Self {
        Interval {
            low: self.low.min(p),
            high: self.high.max(p),
        }
    }
}

/// Why there is no interval, or no sample size.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The share is outside 0..1.
    #[error("a share lies between 0 and 1, not {0}: 52 per cent is 0.52")]
    Share(f64),
    /// The level is not strictly inside 0..1.
    #[error("a confidence level lies strictly between 0 and 1, not {0}: 95 per cent is 0.95")]
    Level(f64),
    /// The effective sample size is not finite and above 0.
    #[error("an effective sample size must be finite and above 0, not {0}")]
    SampleSize(f64),
    /// The number of respondents is none, or leaves the t of beta no degrees of freedom.
    #[error("a sample has respondents, and the beta interval needs more than one, not {0}")]
    Respondents(f64),
    /// The degrees of freedom are not above 0.
    #[error("degrees of freedom must be above 0, not {0}")]
    DegreesOfFreedom(f64),
    /// Korn and Graubard's interval without degrees of freedom.
    #[error(
        "the beta interval needs the degrees of freedom of the design (PSUs − strata); clopper-pearson is the one that does without"
    )]
    NeedsDf,
    /// Korn and Graubard's interval without the number of respondents.
    #[error(
        "the beta interval needs the number of respondents beside the effective sample size; clopper-pearson is the one that does without"
    )]
    NeedsRespondents,
    /// The method has no width at 0 and 100 per cent.
    #[error("{method} gives no interval at 0 or 100 per cent; wilson does")]
    Degenerate {
        /// The method asked for.
        method: Method,
    },
    /// No method has this name.
    #[error("there is no interval method \"{given}\"; did you mean {nearest}? There are {known}", known = method::known())]
    UnknownMethod {
        /// What was asked for.
        given: String,
        /// The method whose name is spelled most like it.
        nearest: Method,
    },
    /// The margin of error is not strictly inside 0..1.
    #[error("a margin of error lies strictly between 0 and 1, not {0}: 3 points are 0.03")]
    Margin(f64),
    /// The design effect is not finite and above 0.
    #[error("a design effect must be finite and above 0, not {0}; without one it is 1")]
    DesignEffect(f64),
    /// The population is not larger than the sample.
    #[error("{}", population_in_words(*.population, *.respondents))]
    Population {
        /// How many people there are.
        population: f64,
        /// How many of them were asked.
        respondents: f64,
    },
    /// A distribution refused a quantity made of the arguments.
    #[error(transparent)]
    Distribution(#[from] special::Error),
    /// The sample size goes beyond every population.
    #[error("no sample is large enough: it would take {0:.0} people")]
    TooLarge(f64),
}

fn population_in_words(population: f64, respondents: f64) -> String {
    match (population == respondents, population.is_finite()) {
        (true, true) => {
            format!("all {population} were asked: what they answered has no sampling error")
        }
        (false, true) if population > 0.0 => format!(
            "{respondents} respondents of a population of {population}: a sample is smaller than its population"
        ),
        _ => format!("a population is a number of people, not {population}"),
    }
}

/// The interval of a share.
///
/// `p` is the share, 0..1. `sample` is the effective sample size n_eff > 0 or a [`Sample`], which adds the degrees of
/// freedom of the design and the number of respondents. `level` lies strictly inside 0..1. With z the normal quantile
/// at (1 + level)/2, α = 1 − level, q = 1 − p, n = n_eff and x = p n:
///
/// | method | interval | source |
/// | --- | --- | --- |
/// | wilson | u with (p − u)² = z² u(1 − u)/n | Wilson, JASA 22 (1927) |
/// | wilson-cc | as wilson, from p − 1/2n below and p + 1/2n above | Newcombe, Stat. Med. 17 (1998), method 4 |
/// | wald | p ∓ z √(pq/n), cut to 0..1 | Cochran, Sampling Techniques (1977), chapter 3 |
/// | agresti-coull | wald with x + z²/2 of n + z² | Agresti and Coull, Am. Stat. 52 (1998) |
/// | clopper-pearson | Beta(x, n − x + 1) at α/2, Beta(x + 1, n − x) at 1 − α/2 | Clopper and Pearson, Biometrika 26 (1934) |
/// | jeffreys | Beta(x + ½, n − x + ½) at α/2 and 1 − α/2 | Brown, Cai and DasGupta, Stat. Sci. 16 (2001) |
/// | logit | logit⁻¹(logit p ∓ z/√(npq)) | Korn and Graubard, Survey Methodology 24 (1998) |
/// | asin | sin²(arcsin √p ∓ z/(2√n)), angles cut to 0..π/2 | Anscombe, Biometrika 35 (1948) |
/// | beta | clopper-pearson with n = n_eff (t_{respondents − 1}/t_df)² | Korn and Graubard (1998) |
///
/// Where the sample has degrees of freedom, wald, logit and asin take Student's t for z; the others do not know them,
/// but for beta, which needs them. Jeffreys' interval is the plain one also at 0 and 100 per cent, and does not hold the
/// estimate there; all others always do.
///
/// # Errors
/// An argument out of its range; wald and logit at 0 and 100 per cent; beta without degrees of freedom or respondents.
///
/// In R: `binom::binom.confint(x, n, level, methods = c("wilson", "asymptotic", "agresti-coull", "exact"))`,
/// `prop.test(x, n, conf.level = level)$conf.int` for wilson-cc away from 50 per cent,
/// `qbeta(c(.025, .975), x + .5, n - x + .5)` for jeffreys; for logit, asin and beta
/// `survey::svyciprop(~y, design, method = "logit")`, `"asin"`, `"beta"` on respondents.
///
/// ```
/// use opine::internals::statistics::interval::{Method, Sample, share};
///
/// let nobody = share(Method::ClopperPearson, 0.0, 57.0, 0.95)?;
/// assert!((nobody.high - 0.06266748091448493).abs() < 1e-14);
///
/// // 183 respondents in 15 PSUs of one stratum, design effect 4.6
/// let sample = Sample { n_eff: 183.0 / 4.6, respondents: Some(183.0), df: Some(14.0) };
/// let korn_graubard = share(Method::Beta, 0.31, sample, 0.95)?;
/// assert!(korn_graubard.low < 0.18 && korn_graubard.high > 0.47);
/// # Ok::<(), opine::internals::statistics::interval::Error>(())
/// ```
pub fn share(
    method: Method,
    p: f64,
    sample: impl Into<Sample>,
    level: f64,
) -> Result<Interval, Error> {
    Shares::new(method, level)?.interval(p, sample)
}

/// A method and a level made ready for many shares: the quantile is looked up once.
///
/// ```
/// use opine::internals::statistics::interval::{Method, Shares};
///
/// let wilson = Shares::new(Method::Wilson, 0.95)?;
/// for p in [0.1, 0.5, 0.9] {
///     let ci = wilson.interval(p, 850.0)?;
///     assert!(ci.low < p && p < ci.high);
/// }
/// # Ok::<(), opine::internals::statistics::interval::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    method: Method,
    /// The probability left out on either side, α/2.
    tail: f64,
    z: f64,
}

impl Shares {
    /// Prepares the method at a level strictly inside 0..1.
    ///
    /// # Errors
    /// The level is not strictly inside 0..1.
    pub fn new(method: Method, level: f64) -> Result<Self, Error> {
        let (tail, z) = two_sided(level)?;
        Ok(Shares { method, tail, z })
    }

    /// The interval of a share `p`, 0..1, as [`share`] gives it.
    ///
    /// # Errors
    /// As [`share`].
    pub fn interval(&self, p: f64, sample: impl Into<Sample>) -> Result<Interval, Error> {
        let sample = sample.into().checked()?;
        if !(0.0..=1.0).contains(&p) {
            return Err(Error::Share(p));
        }
        let n = sample.n_eff;
        Ok(match self.method {
            Method::Wilson => wilson::score(p, n, self.z),
            Method::WilsonCc => wilson::continuity_corrected(p, n, self.z),
            Method::Wald => wald::wald(self.inside(p)?, n, self.t(&sample)?),
            Method::AgrestiCoull => wald::agresti_coull(p, n, self.z),
            Method::ClopperPearson => exact::clopper_pearson(p, n, self.tail)?,
            Method::Jeffreys => exact::jeffreys(p, n, self.tail)?,
            Method::Logit => wald::logit(self.inside(p)?, n, self.t(&sample)?),
            Method::Asin => wald::asin(p, n, self.t(&sample)?),
            Method::Beta => exact::korn_graubard(p, &sample, self.tail)?,
        })
    }

    /// The quantile of t where the sample has degrees of freedom, otherwise z.
    fn t(&self, sample: &Sample) -> Result<f64, Error> {
        match sample.df {
            Some(df) => Ok(special::student_t::quantile_upper(self.tail, df)?),
            None => Ok(self.z),
        }
    }

    /// The share, if the method has a width there.
    fn inside(&self, p: f64) -> Result<f64, Error> {
        if p > 0.0 && p < 1.0 {
            Ok(p)
        } else {
            Err(Error::Degenerate {
                method: self.method,
            })
        }
    }
}

/// α/2 and z of a two-sided level.
fn two_sided(level: f64) -> Result<(f64, f64), Error> {
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::Level(level));
    }
    let tail = 0.5 * (1.0 - level);
    // from the tail: (1 + level)/2 has lost digits where the level is near 1
    Ok((tail, special::normal::quantile_upper(tail)?))
}
