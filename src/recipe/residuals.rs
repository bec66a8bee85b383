//! What weighting leaves of the variance of an estimate.

use super::error::Error;
use super::prepared::{Prepared, Weighed};
use crate::estimate::Residuals;
use crate::weighting::{Calibration, Margins};

/// How raking enters the variance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RakingVariance {
    /// Residuals of the regression on the dummies of all margins, with base weights.
    #[default]
    Greg,
    /// Scores less their mean by margin, margin by margin, ten rounds: what R's `rake()` does.
    Projection,
}

impl RakingVariance {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            RakingVariance::Greg => "greg",
            RakingVariance::Projection => "projection",
        }
    }
}

/// The steps that held weights to totals, last first, ready for any number of estimates.
pub struct Held<'p> {
    steps: Vec<(Way<'p>, Vec<f64>)>,
}

enum Way<'p> {
    Greg(Box<Calibration>),
    Projection(&'p Margins),
}

/// Rounds over the margins; R's `rake()` keeps as many.
const ROUNDS: usize = 10;

impl<'p> Held<'p> {
    /// Prepares the regressions.
    ///
    /// # Errors
    /// Base weights that can't be.
    pub fn new(
        prepared: &'p Prepared,
        weighed: &Weighed,
        raking: RakingVariance,
    ) -> Result<Held<'p>, Error> {
        let mut steps = Vec::new();
        for held in weighed.calibrations.iter().rev() {
            let way = match (prepared.margins(held.step), raking) {
                (Some(margins), RakingVariance::Projection) => Way::Projection(margins),
                _ => match prepared.columns(held.step) {
                    Some(columns) => {
                        let calibration =
                            Calibration::prepare(columns.clone(), held.before.clone())?;
                        Way::Greg(Box::new(calibration))
                    }
                    None => continue,
                },
            };
            steps.push((way, held.after.clone()));
        }
        Ok(Held { steps })
    }
}

impl Residuals for Held<'_> {
    /// z = u/w of every row, 0 outside of the domain; its residuals e; w e. Step by step, the last first.
    fn residuals(&self, scores: &[(u64, f64)]) -> Vec<f64> {
        let rows = self.steps.first().map_or(0, |(_, weights)| weights.len());
        let mut all = vec![0.0; rows];
        for (row, score) in scores {
            if let Some(place) = all.get_mut(*row as usize) {
                *place = *score;
            }
        }
        for (way, weights) in &self.steps {
            for (score, weight) in all.iter_mut().zip(weights) {
                *score = if *weight == 0.0 { 0.0 } else { *score / weight };
            }
            // lengths are those of the sample, so that neither can fail
            let done = match way {
                Way::Greg(calibration) => calibration.residual(&mut all),
                Way::Projection(margins) => margins.project(&mut all, ROUNDS),
            };
            if done.is_err() {
                return vec![f64::NAN; rows];
            }
            all.iter_mut()
                .zip(weights)
                .for_each(|(score, weight)| *score *= weight);
        }
        all
    }
}
