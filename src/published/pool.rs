//! Polls of one thing, pooled: what goes in, on which scale, and what may not.

use crate::frames::{Estimate, Statistic};
use crate::statistics::pool::{Error as PoolError, PoolMethod, PoolTest, Pooled, pool};

/// The scale that polls are averaged on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolScale {
    /// As they are.
    Raw,
    /// ln p/(1 − p), with variance deff/(n p q); given back as shares.
    Logit,
}

impl std::str::FromStr for PoolScale {
    type Err = String;

    fn from_str(given: &str) -> Result<PoolScale, String> {
        match given {
            "raw" => Ok(PoolScale::Raw),
            "logit" => Ok(PoolScale::Logit),
            _ => Err(format!("{given} is none of raw, logit")),
        }
    }
}

/// One poll or estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolEntry {
    /// What it is called.
    pub label: String,
    pub value: f64,
    /// Half the step that it was printed in; 0 of an estimate.
    pub rounding: f64,
    pub variance: f64,
    pub n: Option<f64>,
    /// Whether its design effect is known; else it is worth its respondents at most.
    pub knows_deff: bool,
    pub is_share: bool,
    /// Of shares less others, which are printed in points.
    pub in_points: bool,
}

/// Why polls can't be pooled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Something is missing of one of them.
    #[error("{0}")]
    Entry(String),
    #[error(
        "{0} is under 10% or over 90%, where an average of shares is pulled to the middle: --scale logit, or --scale raw to take it so"
    )]
    Scale(String),
    #[error(transparent)]
    Pool(#[from] PoolError),
}

/// An average of polls, given back on their own scale.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolResult {
    pub entries: Vec<PoolEntry>,
    /// On the scale of the average.
    pub pooled: Pooled,
    pub scale: PoolScale,
    pub method: PoolMethod,
    pub test: PoolTest,
    pub is_share: bool,
    pub in_points: bool,
}

impl PoolEntry {
    /// From a row of estimates: its standard error, else p q over what its respondents are worth.
    ///
    /// # Errors
    /// A row without a number, or with neither an error nor respondents.
    pub fn from_estimate(row: &Estimate, label: String) -> Result<PoolEntry, Error> {
        let is_share = row.statistic == Statistic::Proportion || row.statistic == Statistic::Margin;
        let wrong = |what: &str| Error::Entry(format!("{label}: {what}"));
        let value = row.estimate.ok_or_else(|| wrong("there is no number"))?;
        let known = row.n_eff.or_else(|| Some(row.n? / row.deff.unwrap_or(1.0)));
        let variance = match (row.se, known) {
            (Some(se), _) if se > 0.0 => se * se,
            (_, Some(n)) if is_share && n > 0.0 => value * (1.0 - value) / n,
            _ => {
                return Err(wrong(
                    "neither a standard error nor a number of respondents is known",
                ));
            }
        };
        Ok(PoolEntry {
            knows_deff: row.se.is_some() || row.deff.is_some(),
            label,
            value,
            rounding: 0.0,
            variance,
            n: row.n,
            is_share,
            in_points: row.statistic == Statistic::ShareDifference,
        })
    }
}

/// The average of polls that are independent of each other.
///
/// # Errors
/// Fewer than two, shares near 0 or 1 without a word on the scale, a variance of 0.
pub fn pool_entries(
    entries: Vec<PoolEntry>,
    scale: Option<PoolScale>,
    (method, test): (PoolMethod, PoolTest),
    level: f64,
) -> Result<PoolResult, Error> {
    let is_share = entries.iter().all(|entry| entry.is_share);
    let in_points = entries.iter().all(|entry| entry.in_points);
    let extreme = |entry: &&PoolEntry| !(0.1..=0.9).contains(&entry.value);
    if let (None, true, Some(entry)) = (scale, is_share, entries.iter().find(extreme)) {
        // 0.48@1000 is a share that was to be 48@1000
        let percent = 100.0 * entry.value;
        if entries.iter().all(|entry| entry.value < 0.01) && entry.value > 0.0 {
            return Err(Error::Entry(format!(
                "{}: {percent} is read as {percent}%; shares are per cents here: {}",
                entry.label,
                (1e4 * percent).round() / 100.0
            )));
        }
        return Err(Error::Scale(entry.label.clone()));
    }
    let scale = scale.unwrap_or(PoolScale::Raw);
    let (mut y, mut v) = (Vec::new(), Vec::new());
    for entry in &entries {
        match scale {
            PoolScale::Raw => {
                y.push(entry.value);
                v.push(entry.variance);
            }
            PoolScale::Logit => {
                let p = entry.value;
                if !(p > 0.0 && p < 1.0) {
                    return Err(Error::Entry(format!(
                        "{}: 0% and 100% have no logit",
                        entry.label
                    )));
                }
                y.push((p / (1.0 - p)).ln());
                v.push(entry.variance / (p * (1.0 - p)).powi(2));
            }
        }
    }
    Ok(PoolResult {
        pooled: pool(&y, &v, method, test, level)?,
        entries,
        scale,
        method,
        test,
        is_share,
        in_points,
    })
}

impl PoolResult {
    /// A number of the scale of the average as the polls have it.
    pub fn back(&self, x: f64) -> f64 {
        match self.scale {
            PoolScale::Raw => x,
            PoolScale::Logit => 1.0 / (1.0 + (-x).exp()),
        }
    }

    /// The standard error on the scale of the polls; on logits by the delta method.
    pub fn se(&self) -> f64 {
        let m = self.back(self.pooled.estimate);
        match self.scale {
            PoolScale::Raw => self.pooled.se,
            PoolScale::Logit => self.pooled.se * m * (1.0 - m),
        }
    }
}
