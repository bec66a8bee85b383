//! What the margins were before weighting, what they should be, and what they are.

use super::cells::by_cell;
use super::margins::by_level;
use super::unreached::level_rows;
use super::{Error, Margins};

/// One level of a margin, before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelFit {
    /// The variable.
    pub variable: String,
    /// The level.
    pub level: String,
    /// Its rows.
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
        let (before, goal) = self.start(before)?;
        if after.len() != self.rows() {
            return Err(Error::Length {
                what: "the new weights".to_owned(),
                given: after.len(),
                rows: self.rows(),
            });
        }
        let after = by_cell(&self.cells, after);
        let mut fits = Vec::new();
        for (place, (side, targets)) in self.sides.iter().zip(&goal.targets).enumerate() {
            let level_of_cell = &self.cells.levels[place];
            let before = by_level(level_of_cell, targets.len(), &before);
            let after = by_level(level_of_cell, targets.len(), &after);
            let rows = level_rows(self, place);
            let all_rows: usize = rows.iter().sum();
            for level in 0..targets.len() {
                fits.push(LevelFit {
                    variable: side.name.clone(),
                    level: side.levels[level].clone(),
                    respondents: rows[level],
                    target: targets[level],
                    before: before[level],
                    after: after[level],
                    target_share: share(targets, level),
                    sample_share: rows[level] as f64 / all_rows as f64,
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
