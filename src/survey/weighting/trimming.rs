//! Trimming: weights cut to bounds, and what was cut given to the others.

use super::diagnostics::{in_order, quantile};
use super::{Error, chunks};
use crate::statistics::special::Sum;

/// What the bounds of trimming are numbers of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LimitUnit {
    /// Weights.
    #[default]
    Weight,
    /// Multiples of the median of the weights that are not 0.
    Median,
    /// Multiples of the mean of the weights that are not 0.
    Mean,
    /// Quantiles of the weights that are not 0, 0..1.
    Quantile,
}

/// The bounds of trimming.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// The smallest weight to stand.
    pub low: Option<f64>,
    /// The largest weight to stand.
    pub high: Option<f64>,
    /// What the two are numbers of.
    pub unit: LimitUnit,
}

/// What happens to the weight that was cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redistribute {
    /// It is spread in equal amounts over the rows that were inside the bounds, which may take them past a bound.
    #[default]
    Equally,
    /// It is lost (or won): the sum of the weights changes.
    Not,
}

/// When strict trimming stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StrictOptions {
    /// How far, relatively, a weight may be past a bound.
    pub tolerance: f64,
    /// The largest number of times that weights are trimmed.
    pub iterations: usize,
}

impl Default for StrictOptions {
    fn default() -> Self {
        StrictOptions {
            tolerance: 1e-9,
            iterations: 1000,
        }
    }
}

/// Trimmed weights, and what was done to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Trimmed {
    /// One a row, in the order of the rows.
    pub weights: Vec<f64>,
    /// The bounds as weights.
    pub bounds: (f64, f64),
    /// The number of rows that were outside at first.
    pub outside: usize,
    /// The weight that the first cut took away, less what it added.
    pub cut: f64,
    /// The number of times that weights were trimmed.
    pub passes: usize,
}

impl Limits {
    /// The bounds as weights; infinite where there is none.
    ///
    /// Errors: bounds that are negative, not finite, not in order, or as quantiles beyond 1.
    pub fn bounds(&self, weights: &[f64]) -> Result<(f64, f64), Error> {
        let highest = if self.unit == LimitUnit::Quantile {
            1.0
        } else {
            f64::MAX
        };
        let fits = |bound: Option<f64>| bound.is_none_or(|bound| (0.0..=highest).contains(&bound));
        if !fits(self.low) || !fits(self.high) {
            return Err(self.refused());
        }
        let sorted = in_order(weights);
        let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
        let in_weights = |bound: f64| match self.unit {
            LimitUnit::Weight => bound,
            LimitUnit::Median => bound * quantile(&sorted, 0.5),
            LimitUnit::Mean => bound * mean,
            LimitUnit::Quantile => quantile(&sorted, bound),
        };
        let low = self.low.map_or(f64::NEG_INFINITY, in_weights);
        let high = self.high.map_or(f64::INFINITY, in_weights);
        if low <= high {
            Ok((low, high))
        } else {
            Err(self.refused())
        }
    }

    fn refused(&self) -> Error {
        Error::Limits {
            low: self.low,
            high: self.high,
        }
    }
}

/// One pass of trimming: weights, one a row, cut to the bounds; what was cut, net, is redistributed.
///
/// Weights of 0 belong to rows that are out of the sample: they stay 0 and count nowhere.
///
/// Errors: weights that are not finite; bounds as in [`Limits::bounds`]; something to redistribute and no row inside.
///
/// Source: Potter, "A study of procedures to identify and trim extreme sampling weights", ASA Proceedings of the Survey
/// Research Methods Section (1990). In R: `trimWeights(design, upper, lower)`.
pub fn trim(weights: &[f64], limits: Limits, redistribute: Redistribute) -> Result<Trimmed, Error> {
    check(weights)?;
    pass(weights, limits.bounds(weights)?, redistribute)
}

/// Trimming and `again` in turn, until weights are inside the bounds after `again`.
///
/// `again` weights the trimmed weights once more, such as `|w| Ok(margins.rake(w, options)?.weights)`; to trim alone,
/// as R's `trimWeights(strict = TRUE)`, it is `|w| Ok(w.to_vec())`. The bounds are those of the weights that come in.
///
/// Errors: as [`trim`] and `again`; [`Error::NotTrimmed`] where both do not hold within the passes allowed.
pub fn trim_strictly(
    weights: &[f64],
    limits: Limits,
    options: StrictOptions,
    mut again: impl FnMut(&[f64]) -> Result<Vec<f64>, Error>,
) -> Result<Trimmed, Error> {
    check(weights)?;
    let bounds = limits.bounds(weights)?;
    let mut trimmed = pass(weights, bounds, Redistribute::Equally)?;
    loop {
        trimmed.weights = again(&trimmed.weights)?;
        let outside = count_outside(&trimmed.weights, bounds, options.tolerance);
        if outside == 0 {
            return Ok(trimmed);
        }
        if trimmed.passes >= options.iterations {
            let largest = trimmed
                .weights
                .iter()
                .copied()
                .fold(f64::NEG_INFINITY, f64::max);
            let smallest = in_order(&trimmed.weights).first().copied().unwrap_or(0.0);
            return Err(Error::NotTrimmed {
                passes: trimmed.passes,
                outside,
                low: bounds.0,
                high: bounds.1,
                smallest,
                largest,
            });
        }
        // the rest of the report stays that of the first cut
        trimmed.weights = pass(&trimmed.weights, bounds, Redistribute::Equally)?.weights;
        trimmed.passes += 1;
    }
}

fn pass(
    weights: &[f64],
    (low, high): (f64, f64),
    redistribute: Redistribute,
) -> Result<Trimmed, Error> {
    let inside = |weight: f64| (low..=high).contains(&weight);
    let mut new = weights.to_vec();
    let (mut outside, mut within, mut cut) = (0, 0_usize, Sum::ZERO);
    for weight in new.iter_mut().filter(|weight| **weight != 0.0) {
        if inside(*weight) {
            within += 1;
            continue;
        }
        let bound = weight.clamp(low, high);
        cut.add(*weight - bound);
        outside += 1;
        *weight = bound;
    }
    let cut = cut.value();
    if redistribute == Redistribute::Equally && cut != 0.0 {
        if within == 0 {
            return Err(Error::NobodyInside { low, high });
        }
        let each = cut / within as f64;
        chunks::change(&mut new, |row, weight| {
            let old = weights[row];
            if old != 0.0 && inside(old) {
                weight + each
            } else {
                weight
            }
        });
    }
    Ok(Trimmed {
        weights: new,
        bounds: (low, high),
        outside,
        cut,
        passes: 1,
    })
}

fn count_outside(weights: &[f64], (low, high): (f64, f64), tolerance: f64) -> usize {
    let past = |weight: &&f64| {
        **weight > high + tolerance * high.abs() || **weight < low - tolerance * low.abs()
    };
    weights
        .iter()
        .filter(|weight| **weight != 0.0)
        .filter(past)
        .count()
}

fn check(weights: &[f64]) -> Result<(), Error> {
    match weights.iter().position(|weight| !weight.is_finite()) {
        None => Ok(()),
        Some(row) => Err(Error::BaseWeight {
            row: row + 1,
            weight: weights[row],
        }),
    }
}
