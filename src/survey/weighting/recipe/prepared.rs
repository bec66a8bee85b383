//! Steps made ready for a sample, so that many sets of base weights can go through them.

use std::borrow::Cow;

use super::error::Error;
use super::ready::{Ready, ready};
use super::step::{Normalise, Recipe};
use crate::survey::microdata::Memory;
use crate::survey::weighting::{
    self, Columns, LevelFit, Margins, ScaleTo, StrictOptions, Variable, calibrate, nonresponse,
    normalise, trim, trim_strictly,
};

/// The steps of a recipe on the variables of a sample.
pub struct Prepared {
    steps: Vec<Ready>,
}

/// Weights after all steps, and what the variance has to know of them.
#[derive(Clone, Debug)]
pub struct Weighed {
    pub weights: Vec<f64>,
    /// The steps that held weights to totals, in order.
    pub calibrations: Vec<Held>,
    /// What each step did, for people.
    pub notes: Vec<String>,
    /// Largest deviation by iteration of the last step that iterates.
    pub history: Vec<f64>,
    /// Targets before and after, of all margins.
    pub fits: Vec<LevelFit>,
}

/// A step that held weights to totals: its place, the weights before it and after it.
#[derive(Clone, Debug)]
pub struct Held {
    pub step: usize,
    pub before: Vec<f64>,
    pub after: Vec<f64>,
}

impl Prepared {
    /// Looks up the variables of all steps.
    ///
    /// # Errors
    /// Unknown variables and levels, targets that can't be, steps in an order that can't be.
    pub fn new(memory: &Memory, rows: usize, recipe: &Recipe) -> Result<Prepared, Error> {
        let steps: Result<Vec<Ready>, Error> = recipe
            .steps
            .iter()
            .map(|step| ready(memory, rows, recipe, step))
            .collect();
        let steps = steps?;
        if let Some(Ready::Trim { strict: true, .. }) = steps.first() {
            return Err(Error::Asked(
                "strict trimming repeats the step before it, and there is none".to_owned(),
            ));
        }
        Ok(Prepared { steps })
    }

    /// Takes base weights through all steps.
    ///
    /// # Errors
    /// Those of the steps, with the name of the step.
    pub fn weigh(&self, base: &[f64]) -> Result<Weighed, Error> {
        let mut weighed = Weighed {
            weights: base.to_vec(),
            calibrations: Vec::new(),
            notes: Vec::new(),
            history: Vec::new(),
            fits: Vec::new(),
        };
        for at in 0..self.steps.len() {
            self.step(at, &mut weighed).map_err(|error| Error::Step {
                step: self.steps[at].name().to_owned(),
                error,
            })?;
        }
        for held in &weighed.calibrations {
            if let Ready::Margins { margins, .. } = &self.steps[held.step] {
                let fits = margins.fit(&held.before, &weighed.weights)?;
                weighed.fits.extend(fits);
            }
        }
        Ok(weighed)
    }

    /// The weights alone.
    ///
    /// # Errors
    /// Those of the steps.
    pub fn weights(&self, base: &[f64]) -> Result<Vec<f64>, weighting::Error> {
        let mut weights = base.to_vec();
        for at in 0..self.steps.len() {
            weights = self.once(at, &weights)?.0;
        }
        Ok(weights)
    }

    /// The regression of a step that held weights to totals.
    ///
    /// # Errors
    /// As [`Columns::of_margins`].
    pub fn columns(&self, step: usize) -> Result<Option<Columns>, weighting::Error> {
        match self.steps.get(step) {
            Some(Ready::Margins { margins, given, .. }) => {
                Columns::of_margins(given, margins.rows()).map(Some)
            }
            Some(Ready::Calibrate { auxiliaries, .. }) => Ok(Some(auxiliaries.columns().clone())),
            _ => Ok(None),
        }
    }

    /// The weights before a step, 0 for respondents that it leaves out for a missing answer.
    pub fn base<'w>(&self, step: usize, before: &'w [f64]) -> Cow<'w, [f64]> {
        match self.steps.get(step) {
            Some(Ready::Margins { margins, .. }) if margins.dropped() > 0 => {
                kept_alone(before, Some(&margins.kept()))
            }
            Some(Ready::Calibrate { complete, .. }) => kept_alone(before, complete.as_deref()),
            _ => Cow::Borrowed(before),
        }
    }

    /// The margins of a step that raked or poststratified.
    pub fn margins(&self, step: usize) -> Option<&Margins> {
        match self.steps.get(step)? {
            Ready::Margins { margins, .. } => Some(margins),
            _ => None,
        }
    }

    fn step(&self, at: usize, weighed: &mut Weighed) -> Result<(), weighting::Error> {
        let before = std::mem::take(&mut weighed.weights);
        let (after, note, history) = self.once(at, &before)?;
        if !history.is_empty() {
            weighed.history = history;
        }
        weighed.notes.push(note);
        match &self.steps[at] {
            Ready::Margins { .. } | Ready::Calibrate { .. } => weighed.calibrations.push(Held {
                step: at,
                before,
                after: after.clone(),
            }),
            Ready::Trim { strict: true, .. } => {
                // both hold: the trimmed weights are those that the totals were held with
                if let Some(held) = weighed.calibrations.last_mut() {
                    held.after.clone_from(&after);
                }
            }
            Ready::Normalise(_) => rescale(weighed, &before, &after),
            _ => {}
        }
        weighed.weights = after;
        Ok(())
    }

    /// One step: the weights after it, what it did, and how it came near.
    fn once(
        &self,
        at: usize,
        before: &[f64],
    ) -> Result<(Vec<f64>, String, Vec<f64>), weighting::Error> {
        match &self.steps[at] {
            Ready::Nonresponse {
                responded,
                classes,
                name,
            } => {
                let variable = Variable {
                    name,
                    levels: &classes.levels,
                    codes: &classes.codes,
                };
                let adjusted = nonresponse(before, responded, variable)?;
                let answered = responded.iter().filter(|answered| **answered).count();
                let note = format!(
                    "{answered} of {} answered; their weights were raised in {} classes",
                    responded.len(),
                    adjusted.classes.len()
                );
                Ok((adjusted.weights, note, Vec::new()))
            }
            Ready::Margins {
                margins,
                rake: None,
                rounded,
                ..
            } => {
                let note = noted("poststratified".to_owned(), rounded);
                Ok((margins.poststratify(before)?, note, Vec::new()))
            }
            Ready::Margins {
                margins,
                rake: Some(options),
                rounded,
                ..
            } => {
                let raked = margins.rake(before, *options)?;
                let note = format!("raked in {} iterations", raked.iterations);
                Ok((raked.weights, noted(note, rounded), raked.history))
            }
            Ready::Calibrate {
                auxiliaries,
                distance,
                options,
                complete,
            } => {
                let base = kept_alone(before, complete.as_deref());
                let calibrated = calibrate(auxiliaries, &base, *distance, *options)?;
                let note = match calibrated.redundant.is_empty() {
                    true => format!("calibrated in {} steps", calibrated.iterations),
                    false => format!(
                        "calibrated in {} steps; {} follow from the others",
                        calibrated.iterations,
                        calibrated.redundant.join(", ")
                    ),
                };
                Ok((calibrated.weights, note, calibrated.history))
            }
            Ready::Trim {
                limits,
                strict: false,
                redistribute,
            } => {
                let trimmed = trim(before, *limits, *redistribute)?;
                let note = match trimmed.outside {
                    1 => "1 weight cut to its bound".to_owned(),
                    several => format!("{several} weights cut to their bounds"),
                };
                Ok((trimmed.weights, note, Vec::new()))
            }
            Ready::Trim { limits, .. } => {
                let again = |weights: &[f64]| Ok(self.once(at - 1, weights)?.0);
                let trimmed = trim_strictly(before, *limits, StrictOptions::default(), again)?;
                let note = format!("trimmed and weighted in turn, {} times", trimmed.passes);
                Ok((trimmed.weights, note, Vec::new()))
            }
            Ready::Normalise(to) => {
                let to = match to {
                    Normalise::Respondents => ScaleTo::Respondents,
                    Normalise::Total(total) => ScaleTo::Total(*total),
                };
                Ok((normalise(before, to)?, "scaled".to_owned(), Vec::new()))
            }
        }
    }
}

/// Weights that are scaled at the end were held to scaled totals from the start.
fn rescale(weighed: &mut Weighed, before: &[f64], after: &[f64]) {
    let factor = after.iter().sum::<f64>() / before.iter().sum::<f64>();
    for held in &mut weighed.calibrations {
        held.before.iter_mut().for_each(|weight| *weight *= factor);
        held.after.iter_mut().for_each(|weight| *weight *= factor);
    }
}

/// Weights, 0 for those that are not kept.
fn kept_alone<'w>(weights: &'w [f64], kept: Option<&[bool]>) -> Cow<'w, [f64]> {
    let Some(kept) = kept else {
        return Cow::Borrowed(weights);
    };
    let rows = weights.iter().zip(kept);
    Cow::Owned(
        rows.map(|(weight, kept)| if *kept { *weight } else { 0.0 })
            .collect(),
    )
}

fn noted(note: String, rounded: &[String]) -> String {
    let all = std::iter::once(&note).chain(rounded);
    all.map(String::as_str).collect::<Vec<&str>>().join("; ")
}
