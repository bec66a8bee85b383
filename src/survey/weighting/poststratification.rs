//! Poststratification: one margin, or one crossing, at once.

use super::cells::multiplied_out;
use super::{Error, Margin, Margins, MissingPolicy};

/// Base weights, one a row, times target/sum of base weights of the level of each row.
///
/// For several variables at once, cell weighting, give the margin of their [crossing](super::crossed). `missing` and
/// `population` are as for [`Margins::new`].
///
/// Errors: as [`Margins::new`]; base weights that are negative, not finite or all 0; a target above 0 for a level
/// without base weight.
///
/// Source: Holt and Smith, JRSS A 142 (1979). In R: `postStratify(design, ~a, population)`.
pub fn poststratify(
    margin: &Margin,
    base: &[f64],
    missing: MissingPolicy,
    population: Option<f64>,
) -> Result<Vec<f64>, Error> {
    let margin = std::slice::from_ref(margin);
    Margins::new(margin, base.len(), missing, population)?.poststratify(base)
}

impl Margins {
    /// Poststratification to the only margin of these.
    ///
    /// Errors: several margins; otherwise as [`poststratify`].
    pub fn poststratify(&self, base: &[f64]) -> Result<Vec<f64>, Error> {
        let (by_cell, goal) = self.start(base)?;
        let ([targets], [level_of_cell]) = (goal.targets.as_slice(), self.cells.levels.as_slice())
        else {
            return Err(Error::SeveralMargins(self.sides.len()));
        };
        let factors: Vec<f64> = by_cell
            .iter()
            .zip(level_of_cell)
            .map(|(sum, &level)| {
                if *sum > 0.0 {
                    targets[level as usize] / sum
                } else {
                    0.0
                }
            })
            .collect();
        Ok(multiplied_out(&self.cells, base, &factors))
    }
}
