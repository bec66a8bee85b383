//! What weights look like and what they cost, how the margins fit before and after, and what is to be said of both.

use super::cells::by_cell;
use super::margins::by_level;
use super::{Error, MISSING, Margins, Variable};
use crate::frames::look_alike_warnings;

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
    // in order of size: the order of the rows changes no digit
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

/// The weights that are not 0, in order.
pub(super) fn in_order(weights: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = weights.iter().copied().filter(|w| *w != 0.0).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The quantile at `p` of sorted values, linear between the order statistics at (n − 1)p; NaN of none.
///
/// Source: Hyndman and Fan, Am. Stat. 50 (1996), definition 7. In R: `quantile(w, p)`.
pub(super) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = p.clamp(0.0, 1.0) * last as f64;
    let below = (place.floor() as usize).min(last);
    let (a, b) = (sorted[below], sorted[(below + 1).min(last)]);
    a + (place - below as f64) * (b - a)
}

/// One level of a margin, before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelFit {
    /// The variable.
    pub variable: String,
    /// The level.
    pub level: String,
    /// Its rows with a base weight.
    pub respondents: usize,
    /// Its target, as a count.
    pub target: f64,
    /// Its sum of base weights.
    pub before: f64,
    /// Its sum of new weights.
    pub after: f64,
    /// The target as a share of the variable's.
    pub target_share: f64,
    /// The share of its rows in those of the variable.
    pub sample_share: f64,
    /// The share of the base weights.
    pub before_share: f64,
    /// The share of the new weights.
    pub after_share: f64,
}

impl Margins {
    /// All levels of all margins, with base weights before and new weights after, one a row.
    ///
    /// Errors: as [`Margins::rake`] for the base weights; new weights of another length.
    pub fn fit(&self, before: &[f64], after: &[f64]) -> Result<Vec<LevelFit>, Error> {
        // who has no weight is no respondent
        let weighted: Vec<f64> = before.iter().map(|w| f64::from(*w != 0.0)).collect();
        let (before, goal) = self.start(before)?;
        if after.len() != self.rows() {
            return Err(Error::Length {
                what: "the new weights".to_owned(),
                given: after.len(),
                rows: self.rows(),
            });
        }
        let after = by_cell(&self.cells, after);
        let weighted = by_cell(&self.cells, &weighted);
        let mut fits = Vec::new();
        for (place, (side, targets)) in self.sides.iter().zip(&goal.targets).enumerate() {
            let level_of_cell = &self.cells.levels[place];
            let before = by_level(level_of_cell, targets.len(), &before);
            let after = by_level(level_of_cell, targets.len(), &after);
            let respondents = by_level(level_of_cell, targets.len(), &weighted);
            for level in 0..targets.len() {
                fits.push(LevelFit {
                    variable: side.name.clone(),
                    level: side.levels[level].clone(),
                    respondents: respondents[level] as usize,
                    target: targets[level],
                    before: before[level],
                    after: after[level],
                    target_share: share(targets, level),
                    sample_share: share(&respondents, level),
                    before_share: share(&before, level),
                    after_share: share(&after, level),
                });
            }
        }
        Ok(fits)
    }
}

fn share(sums: &[f64], level: usize) -> f64 {
    sums[level] / sums.iter().sum::<f64>()
}

/// A design effect above this is warned of: more than half the sample is lost. A convention of this program.
pub const HIGH_DEFF: f64 = 2.0;

/// Weights above this multiple of their mean are warned of.
///
/// Source: the cap of 5 in DeBell and Krosnick, Computing Weights for American National Election Study Survey Data, ANES
/// Technical Report nes012427 (2009).
pub const HIGH_WEIGHT: f64 = 5.0;

/// A largest weight above this multiple of the smallest is warned of. A convention of this program.
pub const WIDE_RANGE: f64 = 10.0;

/// Levels with fewer respondents are warned of. A convention of this program; small cells and what merging them does:
/// Kalton and Flores-Cervantes, "Weighting methods", Journal of Official Statistics 19 (2003).
pub const FEW_RESPONDENTS: usize = 30;

/// Levels with a smaller share of the sample are warned of. A convention of this program; small categories and raking:
/// Battaglia, Hoaglin and Frankel, "Practical Considerations in Raking Survey Data", Survey Practice 2 (2009).
pub const SMALL_SHARE: f64 = 0.05;

/// A level that is further from its target than this share of the total after weighting is warned of.
pub const OFF_TARGET: f64 = 0.005;

/// Something to know about weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// A word for programs.
    pub code: &'static str,
    /// A sentence for people.
    pub text: String,
}

/// What is to be said of weights and of the margins they were made for.
pub fn warnings(weights: &Diagnosis, fits: &[LevelFit]) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut warn = |code, text| found.push(Warning { code, text });
    if weights.negative > 0 {
        let text = format!(
            "{} weights are negative; the raking or logit distance keeps them above 0",
            weights.negative
        );
        warn("negative", text);
    }
    if weights.deff > HIGH_DEFF {
        let text = format!(
            "The design effect of the weights is {:.2}: {} respondents are worth {:.0} with equal weights",
            weights.deff, weights.n, weights.n_eff
        );
        warn("deff", text);
    }
    if weights.max > HIGH_WEIGHT * weights.mean {
        let text = format!(
            "The largest weight is {:.1} times the mean; trim at {HIGH_WEIGHT}, or weight by fewer levels",
            weights.max / weights.mean
        );
        warn("high-weight", text);
    }
    if weights.min > 0.0 && weights.max_to_min > WIDE_RANGE {
        let text = format!(
            "The largest weight is {:.1} times the smallest",
            weights.max_to_min
        );
        warn("range", text);
    }
    for fit in fits {
        if let Some((code, text)) = level_warning(fit) {
            warn(code, text);
        }
    }
    for levels in fits.chunk_by(|one, next| one.variable == next.variable) {
        if let Some(first) = levels.first() {
            let names = levels.iter().map(|fit| fit.level.as_str());
            for text in look_alike_warnings(&first.variable, names) {
                warn("look-alike", text);
            }
        }
    }
    found
}

fn level_warning(fit: &LevelFit) -> Option<(&'static str, String)> {
    let LevelFit {
        variable,
        level,
        respondents,
        ..
    } = fit;
    if (fit.after_share - fit.target_share).abs() > OFF_TARGET {
        let (after, target) = (100.0 * fit.after_share, 100.0 * fit.target_share);
        let text = format!(
            "{variable} “{level}” is {after:.1}% of the weights and should be {target:.1}%"
        );
        return Some(("off-target", text));
    }
    if *respondents == 0 {
        return None;
    }
    if *respondents < FEW_RESPONDENTS {
        let text = format!(
            "{variable} “{level}” has only {respondents} respondent{}; merge it with another level",
            if *respondents == 1 { "" } else { "s" }
        );
        return Some(("few", text));
    }
    if fit.sample_share < SMALL_SHARE {
        let share = 100.0 * fit.sample_share;
        let text =
            format!("{variable} “{level}” is only {share:.1}% of the sample; think of merging it");
        return Some(("small", text));
    }
    None
}
