//! What weights look like, and what they cost.

use super::quantile::{in_order, quantile};
use super::{Error, MISSING, Variable};

/// The quantiles that a diagnosis has.
const QUANTILES: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/// Weights above this multiple of the median are listed row by row.
pub const EXTREME: f64 = 5.0;

/// The spread of weights. Weights of 0 belong to rows that are out of the sample and count nowhere but in `zero`.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// The rows with a weight other than 0.
    pub n: usize,
    /// The rows with weight 0.
    pub zero: usize,
    /// The rows with a weight below 0.
    pub negative: usize,
    /// Σ w.
    pub sum: f64,
    /// Kish's design effect of unequal weights, 1 + CV² = n Σ w²/(Σ w)².
    pub deff: f64,
    /// n/deff.
    pub n_eff: f64,
    /// The smallest weight.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// The mean.
    pub mean: f64,
    /// The median.
    pub median: f64,
    /// (p, the quantile at p), Hyndman and Fan's definition 7.
    pub quantiles: Vec<(f64, f64)>,
    /// max/min.
    pub max_to_min: f64,
    /// max/median.
    pub max_to_median: f64,
    /// The rows, counted from 0, with a weight above [`EXTREME`] medians, in the order of the file.
    pub extreme: Vec<usize>,
}

/// The spread of weights, one a row.
///
/// Errors: weights that are not finite, or whose sum is not above 0.
///
/// Source: Kish, Survey Sampling (1965), section 11.7; Kish, "Weighting for unequal P_i", Journal of Official Statistics
/// 8 (1992).
pub fn diagnose(weights: &[f64]) -> Result<Diagnosis, Error> {
    if let Some(row) = weights.iter().position(|weight| !weight.is_finite()) {
        return Err(Error::BaseWeight {
            row: row + 1,
            weight: weights[row],
        });
    }
    let sorted = in_order(weights);
    let n = sorted.len();
    let sum: f64 = sorted.iter().sum();
    let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else {
        return Err(Error::BaseWeightsZero);
    };
    if sum <= 0.0 {
        return Err(Error::BaseWeightsZero);
    }
    let squares: f64 = sorted.iter().map(|w| w * w).sum();
    let median = quantile(&sorted, 0.5);
    let extreme = |(row, weight): (usize, &f64)| (*weight > EXTREME * median).then_some(row);
    let deff = n as f64 * squares / (sum * sum);
    Ok(Diagnosis {
        n,
        zero: weights.len() - n,
        negative: sorted.iter().filter(|w| **w < 0.0).count(),
        sum,
        deff,
        n_eff: n as f64 / deff,
        min,
        max,
        mean: sum / n as f64,
        median,
        quantiles: QUANTILES.map(|p| (p, quantile(&sorted, p))).to_vec(),
        max_to_min: max / min,
        max_to_median: max / median,
        extreme: weights.iter().enumerate().filter_map(extreme).collect(),
    })
}

/// The spread of weights in each group that has any, in the order of the levels; `extreme` has rows of the whole file,
/// but is by the median of the group. Rows without a group are left out.
///
/// Errors: as [`diagnose`]; another number of groups than of weights; a code beyond the levels.
pub fn diagnose_by(weights: &[f64], groups: Variable) -> Result<Vec<(String, Diagnosis)>, Error> {
    if groups.codes.len() != weights.len() {
        return Err(Error::Length {
            what: format!("the variable {}", groups.name),
            given: groups.codes.len(),
            rows: weights.len(),
        });
    }
    super::margin::check_codes(groups.name, groups.codes, groups.levels.len())?;
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); groups.levels.len()];
    for (row, &code) in groups
        .codes
        .iter()
        .enumerate()
        .filter(|(_, code)| **code != MISSING)
    {
        rows[code as usize].push(row);
    }
    let mut by_group = Vec::new();
    for (level, rows) in groups.levels.iter().zip(&rows) {
        let own: Vec<f64> = rows.iter().map(|row| weights[*row]).collect();
        if own.iter().all(|weight| *weight == 0.0) {
            continue;
        }
        let mut diagnosis = diagnose(&own)?;
        diagnosis
            .extreme
            .iter_mut()
            .for_each(|row| *row = rows[*row]);
        by_group.push((level.clone(), diagnosis));
    }
    Ok(by_group)
}
