//! What weighting leaves of the variance of an estimate.

use std::sync::Arc;

use super::error::Error;
use super::steps::{PreparedSteps, WeightingResult};
use crate::survey::estimate::{Cells, Regression, Residuals};
use crate::survey::sums::Classes;
use crate::survey::weighting::{ByClass, Calibration, Margins};

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
pub struct StepResiduals<'p> {
    steps: Vec<Step<'p>>,
    /// Where there is one step, its columns by class.
    by_class: Option<ByClass>,
    /// The new weights.
    weights: &'p [f64],
}

struct Step<'p> {
    linearisation: Linearisation<'p>,
    before: &'p [f64],
    after: &'p [f64],
}

enum Linearisation<'p> {
    Greg(Box<Calibration>),
    Projection(&'p Margins),
}

/// Rounds over the margins; R's `rake()` keeps as many.
const ROUNDS: usize = 10;

/// Weights that differ by less, relatively, differ by rounding.
const ROUNDING: f64 = 1e-13;

impl<'p> StepResiduals<'p> {
    /// Prepares the regressions.
    ///
    /// # Errors
    /// Base weights that can't be.
    pub fn new(
        prepared: &'p PreparedSteps,
        result: &'p WeightingResult,
        raking: RakingVariance,
    ) -> Result<StepResiduals<'p>, Error> {
        let mut steps = Vec::new();
        for held in result.calibrations.iter().rev() {
            let linearisation = match (prepared.margins(held.step), raking) {
                (Some(margins), RakingVariance::Projection) => Linearisation::Projection(margins),
                _ => match prepared.columns(held.step)? {
                    Some(columns) => {
                        let calibration = Calibration::prepare(
                            columns,
                            prepared.base(held.step, &held.before).into_owned(),
                        )?;
                        Linearisation::Greg(Box::new(calibration))
                    }
                    None => continue,
                },
            };
            steps.push(Step {
                linearisation,
                before: &held.before,
                after: &held.after,
            });
        }
        let by_class = match steps.as_slice() {
            [only] => Some(only.by_class()),
            _ => None,
        };
        Ok(StepResiduals {
            steps,
            by_class,
            weights: &result.weights,
        })
    }

    fn only(&self) -> Option<(&Step<'p>, &ByClass)> {
        Some((self.steps.first()?, self.by_class.as_ref()?))
    }
}

impl Step<'_> {
    fn by_class(&self) -> ByClass {
        match &self.linearisation {
            Linearisation::Greg(calibration) => calibration.by_class(),
            Linearisation::Projection(margins) => margins.by_class(),
        }
    }

    /// z = u/w, its residuals e, and w e.
    fn residuals(&self, scores: &mut [f64]) -> Result<(), Error> {
        for (score, weight) in scores.iter_mut().zip(self.after) {
            // a row without a weight is in no domain
            *score = if *weight == 0.0 { 0.0 } else { *score / weight };
        }
        match &self.linearisation {
            Linearisation::Greg(calibration) => calibration.residual(scores)?,
            Linearisation::Projection(margins) => margins.project(scores, ROUNDS)?,
        }
        let rows = scores.iter_mut().zip(self.after);
        rows.for_each(|(score, weight)| *score *= weight);
        Ok(())
    }

    /// What z = u/w is multiplied by in the sums that B follows from: d/w for the regression, 1/w for means.
    fn ratio(&self, row: usize) -> f64 {
        let (before, after) = (self.before[row], self.after[row]);
        match &self.linearisation {
            _ if after == 0.0 => 0.0,
            Linearisation::Greg(_) => before / after,
            Linearisation::Projection(_) => 1.0 / after,
        }
    }
}

impl Residuals for StepResiduals<'_> {
    /// Step by step, the last first; scores are 0 outside of the domain.
    fn residual_scores(&self, scores: &[(u64, f64)]) -> Vec<f64> {
        let mut all = vec![0.0; self.weights.len()];
        for (row, score) in scores {
            if let Some(place) = all.get_mut(*row as usize) {
                *place = *score;
            }
        }
        for step in &self.steps {
            // lengths are those of the sample, so that it can't fail
            if step.residuals(&mut all).is_err() {
                all.fill(f64::NAN);
            }
        }
        all
    }

    fn regression(&self) -> Option<&dyn Regression> {
        self.by_class.as_ref()?;
        Some(self)
    }
}

impl Regression for StepResiduals<'_> {
    fn passes(&self) -> usize {
        let by_class = self.by_class.as_ref();
        by_class.map_or(0, |by_class| {
            by_class.classes.len() + by_class.numbers.len()
        })
    }

    fn pass(&self, at: usize) -> (Classes, Vec<f64>) {
        let rows = self.weights.len();
        let Some((step, by_class)) = self.only() else {
            return (whole(rows), Vec::new());
        };
        let weight = |row: usize| step.ratio(row) * self.weights[row];
        match by_class.classes.get(at) {
            Some(classes) => (
                Classes {
                    of_row: Arc::new(classes.of_row.clone()),
                    count: classes.columns.len(),
                },
                (0..rows).map(weight).collect(),
            ),
            None => {
                let number = by_class.numbers.get(at - by_class.classes.len());
                let values = number.map_or(&[][..], |(_, values)| values.as_slice());
                let weighted = values.iter().enumerate().map(|(row, x)| weight(row) * x);
                (whole(rows), weighted.collect())
            }
        }
    }

    fn coefficients(&self, sums: &[Vec<f64>]) -> Vec<f64> {
        let Some((step, by_class)) = self.only() else {
            return Vec::new();
        };
        match &step.linearisation {
            Linearisation::Greg(calibration) => calibration.coefficients(&by_class.by_column(sums)),
            Linearisation::Projection(margins) => {
                let sums = sums.first().map_or(&[][..], Vec::as_slice);
                let projected = margins.projected(sums, ROUNDS);
                projected.unwrap_or_else(|_| vec![f64::NAN; by_class.columns])
            }
        }
    }

    fn explained(&self, row: usize, entries: &mut Vec<(u32, f64)>) {
        if let Some((step, by_class)) = self.only()
            && step.after[row] != 0.0
        {
            by_class.entries(row, step.after[row], entries);
        }
    }

    fn cells(&self) -> Option<Cells<'_>> {
        let (step, by_class) = self.only()?;
        // a later step, such as trimming, has changed the weights, and the sums know of this step alone
        let same = |(a, b): (&f64, &f64)| (a - b).abs() <= ROUNDING * b.abs();
        let ([classes], []) = (by_class.classes.as_slice(), by_class.numbers.as_slice()) else {
            return None;
        };
        self.weights
            .iter()
            .zip(step.after)
            .all(same)
            .then(|| Cells {
                classes: Classes {
                    of_row: Arc::new(classes.of_row.clone()),
                    count: classes.columns.len(),
                },
                weights: self.weights,
                columns: classes.columns.clone(),
            })
    }
}

/// All rows in one class.
fn whole(rows: usize) -> Classes {
    Classes {
        of_row: Arc::new(vec![0; rows]),
        count: 1,
    }
}
