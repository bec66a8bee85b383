//! Replicate weights: the sample, re-drawn or half of it, over and over.

mod factors;
mod hadamard;
mod units;

pub use hadamard::Hadamard;
pub use units::FirstStage;

use rayon::prelude::*;

use factors::{Balanced, Bootstrap, Jackknife, Successive};
use units::Units;

use super::{Error, chunks};

/// How replicates are made.
///
/// f_h is the sampling fraction of the stratum, n_h its units, R the replicates. θ is estimated with each replicate's
/// weights; V = scale Σ rscales_r (θ_r − c)², c the mean of the θ_r or the estimate of the full sample.
///
/// | method | factor of a unit | scale, rscales | df | source |
/// | --- | --- | --- | --- | --- |
/// | jk1 | one unit 0, the others n/(n−1) | (1−f)(R−1)/R, 1 | n − 1 | Wolter, Introduction to Variance Estimation (2007), chapter 4 |
/// | jkn | one unit 0, its stratum's others n_h/(n_h−1) | 1, (1−f_h)(n_h−1)/n_h | units − strata | the same |
/// | brr | one of two 2, the other 0, by a Hadamard matrix | 1/R, 1 | strata | McCarthy, Review of the ISI 37 (1969) |
/// | fay | 2 − ρ and ρ instead | 1/(R(1−ρ)²), 1 | strata | Judkins, J. Official Statistics 6 (1990) |
/// | bootstrap | 1 − λ + λ n_h/(n_h−1) times drawn, n_h−1 of n_h with replacement, λ = √(1−f_h) | 1/(R−1), 1 | units − strata | Rao and Wu, JASA 83 (1988); Rao, Wu and Yue, Survey Methodology 18 (1992) |
/// | subbootstrap | the same with λ = 1: takes no fractions | 1/(R−1), 1 | units − strata | the same |
/// | sdr | 1 + λ 2^(−3/2) (a − b), a and b of neighbours in the order of the file | 4/R, 1 | units − strata | Fay and Train, ASA Proceedings of the Section on Government Statistics (1995) |
///
/// Degrees of freedom are never more than R − 1. Without strata the whole sample is one.
/// In R: `as.svrepdesign(design, type = "JKn")` and so on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// The jackknife without strata.
    Jk1,
    /// The stratified jackknife.
    Jkn,
    /// Balanced half-samples; exactly two units a stratum. The order of the Hadamard matrix is the smallest above the
    /// number of strata: its column of ones is left out, so that the mean of the replicates is the full sample's.
    Brr,
    /// Balanced half-samples that keep a share of the other half.
    Fay {
        /// ρ, 0 ≤ ρ < 1.
        rho: f64,
    },
    /// The rescaled bootstrap.
    Bootstrap {
        /// R.
        replicates: usize,
        /// The start of the random numbers.
        seed: u64,
    },
    /// The rescaled bootstrap, always as if drawn with replacement.
    Subbootstrap {
        /// R.
        replicates: usize,
        /// The start of the random numbers.
        seed: u64,
    },
    /// Successive differences, for systematic samples.
    Successive {
        /// At least so many replicates: the next order of a Hadamard matrix is taken. `None`: one more than units.
        replicates: Option<usize>,
    },
}

impl Method {
    /// The name that a design file knows it by.
    pub fn name(self) -> &'static str {
        match self {
            Method::Jk1 => "jk1",
            Method::Jkn => "jkn",
            Method::Brr => "brr",
            Method::Fay { .. } => "fay",
            Method::Bootstrap { .. } => "bootstrap",
            Method::Subbootstrap { .. } => "subbootstrap",
            Method::Successive { .. } => "sdr",
        }
    }
}

/// Replicates of a sample. Factors are worked out where they are asked for: no matrix is kept.
#[derive(Clone, Debug)]
pub struct Replicates {
    method: Method,
    units: Units,
    factors: Factors,
    replicates: usize,
    scale: f64,
    rscales: Vec<f64>,
    df: usize,
}

/// What gives the factors of one replicate.
#[derive(Clone, Debug)]
enum Factors {
    Jackknife(Jackknife),
    Balanced(Balanced),
    Bootstrap(Bootstrap),
    Successive(Successive),
}

impl Replicates {
    /// Replicates of a sample.
    ///
    /// Errors: strata with one unit (and a fraction below 1), by name; lengths that differ; missing strata; fractions
    /// outside 0..1; fewer than two replicates; with jk1 several strata; with brr and fay other than two units a
    /// stratum, or ρ outside 0 ≤ ρ < 1; fractions where the method has no use for them.
    pub fn new(stage: &FirstStage, method: Method) -> Result<Replicates, Error> {
        let units = Units::new(stage)?;
        units.check_lonely()?;
        let takes_fractions = !matches!(
            method,
            Method::Brr | Method::Fay { .. } | Method::Subbootstrap { .. }
        );
        if !takes_fractions && units.strata.iter().any(|stratum| stratum.fraction > 0.0) {
            return Err(Error::NoFractions(method.name()));
        }
        let scheme = match method {
            Method::Jk1 => factors::jk1(&units)?,
            Method::Jkn => factors::jkn(&units),
            Method::Brr => factors::balanced(&units, 0.0, "brr")?,
            Method::Fay { rho } => factors::balanced(&units, rho, "fay")?,
            Method::Bootstrap { replicates, seed } | Method::Subbootstrap { replicates, seed } => {
                factors::bootstrap(&units, replicates, seed)?
            }
            Method::Successive { replicates } => factors::successive(&units, replicates)?,
        };
        Ok(Replicates {
            method,
            factors: scheme.factors,
            replicates: scheme.rscales.len(),
            scale: scheme.scale,
            df: scheme.df.min(scheme.rscales.len().saturating_sub(1)),
            rscales: scheme.rscales,
            units,
        })
    }

    /// How they were made.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The number of replicates, R.
    pub fn len(&self) -> usize {
        self.replicates
    }

    /// Whether there is none: a sample of certain units has no sampling variance.
    pub fn is_empty(&self) -> bool {
        self.replicates == 0
    }

    /// The number of first-stage units.
    pub fn units(&self) -> usize {
        self.units.len()
    }

    /// The unit of each row, numbered by stratum, within it in the order of the file.
    pub fn unit_of_row(&self) -> &[u32] {
        &self.units.of_row
    }

    /// The factor before the sum of squares.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The factor of each replicate's square.
    pub fn rscales(&self) -> &[f64] {
        &self.rscales
    }

    /// Degrees of freedom.
    pub fn df(&self) -> usize {
        self.df
    }

    /// The factor of each unit in a replicate, counted from 0.
    ///
    /// Errors: a replicate that there is not.
    pub fn factors(&self, replicate: usize) -> Result<Vec<f64>, Error> {
        if replicate >= self.replicates {
            return Err(Error::NoReplicate {
                replicate,
                replicates: self.replicates,
            });
        }
        let mut factors = vec![1.0; self.units.len()];
        match &self.factors {
            Factors::Jackknife(jackknife) => jackknife.fill(&self.units, replicate, &mut factors),
            Factors::Balanced(balanced) => balanced.fill(&self.units, replicate, &mut factors),
            Factors::Bootstrap(bootstrap) => bootstrap.fill(&self.units, replicate, &mut factors),
            Factors::Successive(successive) => successive.fill(replicate, &mut factors),
        }
        Ok(factors)
    }

    /// The weights of a replicate: base weights, one a row, times the factors of their units.
    ///
    /// Errors: a replicate that there is not, base weights of another length.
    pub fn weights(&self, base: &[f64], replicate: usize) -> Result<Vec<f64>, Error> {
        let rows = self.units.of_row.len();
        if base.len() != rows {
            return Err(Error::Length {
                what: "the base weights".to_owned(),
                given: base.len(),
                rows,
            });
        }
        let factors = self.factors(replicate)?;
        Ok(chunks::map(rows, |row| {
            base[row] * factors[self.units.of_row[row] as usize]
        }))
    }

    /// Something made of each replicate's weights, in parallel, in the order of the replicates.
    ///
    /// `make` is given the replicate, counted from 0, and its weights, one a row. Weight them there by the same steps as
    /// the full sample, so that the variance knows of the weighting. Margins crossed beforehand are used again:
    ///
    /// ```
    /// use opine::internals::survey::weighting::{FirstStage, Margin, Margins, Method, MissingPolicy, RakeOptions, Replicates};
    ///
    /// let levels = vec!["women".to_owned(), "men".to_owned()];
    /// let sex = Margin::new("sex", levels, vec![0, 0, 0, 1, 1, 1], vec![0.5, 0.5]);
    /// let margins = Margins::new(&[sex], 6, MissingPolicy::Refuse, None)?;
    /// let stage = FirstStage { rows: 6, ..Default::default() };
    /// let replicates = Replicates::new(&stage, Method::Jk1)?;
    /// let raked = replicates.reweighted(&[1.0; 6], |w| Ok(margins.rake(w, RakeOptions::default())?.weights))?;
    /// assert_eq!(raked.len(), 6);
    /// # Ok::<(), opine::internals::survey::weighting::Error>(())
    /// ```
    ///
    /// Errors: base weights of another length; the first replicate in which `make` fails, with its error.
    pub fn each<T: Send>(
        &self,
        base: &[f64],
        make: impl Fn(usize, Vec<f64>) -> Result<T, Error> + Sync,
    ) -> Result<Vec<T>, Error> {
        let made: Vec<Result<T, Error>> = (0..self.len())
            .into_par_iter()
            .map(|replicate| {
                let weights = self.weights(base, replicate)?;
                make(replicate, weights).map_err(|error| Error::InReplicate {
                    replicate: replicate + 1,
                    error: Box::new(error),
                })
            })
            .collect();
        // looked through only now: the error is that of the first replicate, not that of the fastest thread
        made.into_iter().collect()
    }

    /// The weights of all replicates, weighted again by `steps`.
    ///
    /// They take 8 bytes a row and replicate; where only estimates are wanted [`Replicates::each`] keeps no weights.
    ///
    /// Errors: as [`Replicates::each`].
    pub fn reweighted(
        &self,
        base: &[f64],
        steps: impl Fn(&[f64]) -> Result<Vec<f64>, Error> + Sync,
    ) -> Result<Vec<Vec<f64>>, Error> {
        self.each(base, |_, weights| steps(&weights))
    }

    /// scale Σ rscales_r (θ_r − c)², of one estimate a replicate; c is `full`, or the mean of the θ_r with rscales > 0
    /// where it is `None`.
    ///
    /// Errors: another number of estimates than of replicates.
    pub fn variance(&self, estimates: &[f64], full: Option<f64>) -> Result<f64, Error> {
        if estimates.len() != self.replicates {
            return Err(Error::EstimateCount {
                estimates: estimates.len(),
                replicates: self.replicates,
            });
        }
        let used = || {
            let pairs = self.rscales.iter().zip(estimates);
            pairs.filter(|(rscale, _)| **rscale > 0.0)
        };
        let mean = || used().map(|(_, theta)| theta).sum::<f64>() / used().count() as f64;
        let centre = full.unwrap_or_else(mean);
        let squares: f64 = used()
            .map(|(rscale, theta)| rscale * (theta - centre).powi(2))
            .sum();
        Ok(self.scale * squares)
    }
}

/// What a method comes to.
struct Scheme {
    factors: Factors,
    scale: f64,
    rscales: Vec<f64>,
    df: usize,
}
