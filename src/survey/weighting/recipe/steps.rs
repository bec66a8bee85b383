//! The steps of a recipe with the variables of a sample looked up, so that many sets of base weights can go through them.

use std::borrow::Cow;

use super::error::Error;
use super::sample::{self, Coded};
use super::targets::{TargetValues, Targets};
use super::{Normalise, Recipe, Step};
use crate::survey::expr::{Expr, condition};
use crate::survey::microdata::Memory;
use crate::survey::weighting::{
    self, Auxiliaries, CalibrateOptions, Columns, Distance, LevelFit, Limits, Margin, Margins,
    MissingPolicy, RakeOptions, Redistribute, ScaleTo, StrictOptions, Variable, calibrate,
    nonresponse, normalise, trim, trim_strictly,
};

/// A step that any number of base weights can go through.
pub enum PreparedStep {
    Nonresponse {
        responded: Vec<bool>,
        classes: Coded,
        name: String,
    },
    Margins {
        name: &'static str,
        margins: Margins,
        /// What the margins were made from.
        given: Vec<Margin>,
        /// Raked; otherwise poststratified.
        rake: Option<RakeOptions>,
        /// What was done to the targets.
        rounded: Vec<String>,
    },
    Calibrate {
        auxiliaries: Box<Auxiliaries>,
        distance: Distance,
        options: CalibrateOptions,
        /// Respondents with all answers, where the others are left out.
        complete: Option<Vec<bool>>,
    },
    Trim {
        limits: Limits,
        strict: bool,
        redistribute: Redistribute,
    },
    Normalise(Normalise),
}

impl PreparedStep {
    pub fn name(&self) -> &'static str {
        match self {
            PreparedStep::Nonresponse { .. } => "nonresponse",
            PreparedStep::Margins { name, .. } => name,
            PreparedStep::Calibrate { .. } => "calibrate",
            PreparedStep::Trim { .. } => "trim",
            PreparedStep::Normalise(_) => "normalise",
        }
    }
}

/// Looks a step up.
fn prepare(
    memory: &Memory,
    rows: usize,
    recipe: &Recipe,
    step: &Step,
) -> Result<PreparedStep, Error> {
    let in_step = |error: weighting::Error| Error::Step {
        step: step.name().to_owned(),
        error,
    };
    match step {
        Step::Nonresponse { responded, classes } => {
            let who = condition(responded).map_err(Error::Expression)?;
            let expr = Expr::parse(classes).map_err(Error::Expression)?;
            Ok(PreparedStep::Nonresponse {
                responded: sample::holds(memory, responded, &who)?,
                classes: sample::coded(memory, classes, &expr)?,
                name: classes.clone(),
            })
        }
        Step::Poststratify(targets) => margins(memory, rows, recipe, targets, None, "poststratify"),
        Step::Rake {
            targets,
            tolerance,
            iterations,
        } => {
            let mut options = RakeOptions::default();
            options.tolerance = tolerance.unwrap_or(options.tolerance);
            options.iterations = iterations.unwrap_or(options.iterations);
            margins(memory, rows, recipe, targets, Some(options), "rake")
        }
        Step::Calibrate {
            targets,
            distance,
            tolerance,
            iterations,
        } => {
            let mut options = CalibrateOptions::default();
            options.tolerance = tolerance.unwrap_or(options.tolerance).max(1e-14);
            options.iterations = iterations.unwrap_or(options.iterations);
            let auxiliaries = Box::new(auxiliaries(memory, rows, targets, &in_step)?);
            Ok(PreparedStep::Calibrate {
                complete: match recipe.missing {
                    MissingPolicy::Drop => Some(auxiliaries.columns().complete()),
                    _ => None,
                },
                auxiliaries,
                distance: *distance,
                options,
            })
        }
        Step::Trim {
            limits,
            strict,
            redistribute,
        } => Ok(PreparedStep::Trim {
            limits: *limits,
            strict: *strict,
            redistribute: match redistribute {
                true => Redistribute::Equally,
                false => Redistribute::Not,
            },
        }),
        Step::Normalise(to) => Ok(PreparedStep::Normalise(*to)),
    }
}

fn margins(
    memory: &Memory,
    rows: usize,
    recipe: &Recipe,
    targets: &Targets,
    rake: Option<RakeOptions>,
    name: &'static str,
) -> Result<PreparedStep, Error> {
    let in_step = |error: weighting::Error| Error::Step {
        step: name.to_owned(),
        error,
    };
    let mut all: Vec<Margin> = Vec::new();
    let mut rounded = Vec::new();
    for target in &targets.variables {
        let TargetValues::Levels(levels) = &target.values else {
            return Err(Error::Invalid(format!(
                "{name}: {} is a number, and {name} takes levels; calibrate takes totals of numbers",
                target.text
            )));
        };
        let coded = sample::coded_as(memory, target)?;
        let mut levels = levels.clone();
        if let Some(sum) = rounded_shares(&mut levels) {
            rounded.push(format!(
                "the targets of {} add up to {sum}: they are taken as rounded shares",
                target.text
            ));
        }
        let margin = Margin::matched(target.text.clone(), coded.levels, coded.codes, &levels);
        all.push(margin.map_err(in_step)?);
    }
    let population = recipe.population.or(targets.count);
    Ok(PreparedStep::Margins {
        name,
        margins: Margins::new(&all, rows, recipe.missing, population).map_err(in_step)?,
        given: all,
        rounded,
        rake,
    })
}

/// How far shares in a published table may be from 100 for their rounding: five levels without decimals are 2.5 at most,
/// and seldom 1.
const ROUNDED_SHARES: f64 = 1.0;

/// Targets that add up to nearly 100, or 1, are shares that somebody rounded: they are scaled to 100. What they added up to.
fn rounded_shares(levels: &mut [(String, f64)]) -> Option<f64> {
    let sum: f64 = levels.iter().map(|(_, target)| target).sum();
    let near = |total: f64| {
        let apart = (sum / total - 1.0).abs();
        apart > 1e-6 && apart <= ROUNDED_SHARES / 100.0
    };
    if !near(100.0) && !near(1.0) {
        return None;
    }
    for (_, target) in levels {
        *target *= 100.0 / sum;
    }
    Some((sum * 1e6).round() / 1e6)
}

/// A constant, the dummies of the levels and the numbers, with their totals.
///
/// The number of all is `count()`, else the sum of the targets of the first variable with levels; of each variable with
/// levels the first is left out, as the constant stands for it.
fn auxiliaries(
    memory: &Memory,
    rows: usize,
    targets: &Targets,
    in_step: &dyn Fn(weighting::Error) -> Error,
) -> Result<Auxiliaries, Error> {
    let summed = targets
        .variables
        .iter()
        .find_map(|target| match &target.values {
            TargetValues::Levels(levels) => {
                Some(levels.iter().map(|(_, number)| number).sum::<f64>())
            }
            TargetValues::Number(_) => None,
        });
    let count = targets.count.or(summed);
    let mut columns = match count {
        Some(_) => Columns::new(rows),
        None => Columns::without_constant(rows),
    };
    let mut totals: Vec<f64> = count.into_iter().collect();
    for target in &targets.variables {
        match &target.values {
            TargetValues::Number(total) => {
                let values = sample::numbers(memory, &target.text, &target.expr)?;
                columns = columns.number(&target.text, values).map_err(in_step)?;
                totals.push(*total);
            }
            TargetValues::Levels(levels) => {
                let coded = sample::coded_as(memory, target)?;
                // checks levels that nobody has, levels without a target, and targets given twice
                let margin = Margin::matched(
                    target.text.clone(),
                    coded.levels.clone(),
                    coded.codes.clone(),
                    levels,
                )
                .map_err(in_step)?;
                let own: f64 = margin.targets.iter().sum();
                let all = count.unwrap_or(own);
                if (own - all).abs() > 1e-6 * all.abs() {
                    return Err(Error::Invalid(format!(
                        "calibrate: the targets of {} add up to {own}, those of all to {all}: they must agree",
                        target.text
                    )));
                }
                let first_kept = usize::from(columns.has_constant() || !totals.is_empty());
                totals.extend(&margin.targets[first_kept.min(margin.targets.len())..]);
                columns = columns
                    .levels(&target.text, coded.levels, coded.codes)
                    .map_err(in_step)?;
            }
        }
    }
    if totals.len() != columns.len() {
        return Err(Error::Invalid(
            "calibrate: give count(), the number of all, beside levels".to_owned(),
        ));
    }
    Auxiliaries::new(columns, totals).map_err(in_step)
}

/// The steps of a recipe on the variables of a sample.
pub struct PreparedSteps {
    steps: Vec<PreparedStep>,
}

/// Weights after all steps, and what the variance has to know of them.
#[derive(Clone, Debug)]
pub struct WeightingResult {
    pub weights: Vec<f64>,
    /// The steps that held weights to totals, in order.
    pub calibrations: Vec<CalibratedStep>,
    /// What each step did, for people.
    pub notes: Vec<String>,
    /// Largest deviation by iteration of the last step that iterates.
    pub history: Vec<f64>,
    /// Targets before and after, of all margins.
    pub fits: Vec<LevelFit>,
}

/// A step that held weights to totals: its place, the weights before it and after it.
#[derive(Clone, Debug)]
pub struct CalibratedStep {
    pub step: usize,
    pub before: Vec<f64>,
    pub after: Vec<f64>,
}

impl PreparedSteps {
    /// Looks up the variables of all steps.
    ///
    /// # Errors
    /// Unknown variables and levels, targets that can't be, steps in an order that can't be.
    pub fn new(memory: &Memory, rows: usize, recipe: &Recipe) -> Result<PreparedSteps, Error> {
        let steps: Result<Vec<PreparedStep>, Error> = recipe
            .steps
            .iter()
            .map(|step| prepare(memory, rows, recipe, step))
            .collect();
        let steps = steps?;
        if let Some(PreparedStep::Trim { strict: true, .. }) = steps.first() {
            return Err(Error::Invalid(
                "strict trimming repeats the step before it, and there is none".to_owned(),
            ));
        }
        Ok(PreparedSteps { steps })
    }

    /// Takes base weights through all steps.
    ///
    /// # Errors
    /// Those of the steps, with the name of the step.
    pub fn weigh(&self, base: &[f64]) -> Result<WeightingResult, Error> {
        let mut result = WeightingResult {
            weights: base.to_vec(),
            calibrations: Vec::new(),
            notes: Vec::new(),
            history: Vec::new(),
            fits: Vec::new(),
        };
        for at in 0..self.steps.len() {
            self.step(at, &mut result).map_err(|error| Error::Step {
                step: self.steps[at].name().to_owned(),
                error,
            })?;
        }
        for held in &result.calibrations {
            if let PreparedStep::Margins { margins, .. } = &self.steps[held.step] {
                let fits = margins.fit(&held.before, &result.weights)?;
                result.fits.extend(fits);
            }
        }
        Ok(result)
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
            Some(PreparedStep::Margins { margins, given, .. }) => {
                Columns::of_margins(given, margins.rows()).map(Some)
            }
            Some(PreparedStep::Calibrate { auxiliaries, .. }) => {
                Ok(Some(auxiliaries.columns().clone()))
            }
            _ => Ok(None),
        }
    }

    /// The weights before a step, 0 for respondents that it leaves out for a missing answer.
    pub fn base<'w>(&self, step: usize, before: &'w [f64]) -> Cow<'w, [f64]> {
        match self.steps.get(step) {
            Some(PreparedStep::Margins { margins, .. }) if margins.dropped() > 0 => {
                kept_alone(before, Some(&margins.kept()))
            }
            Some(PreparedStep::Calibrate { complete, .. }) => {
                kept_alone(before, complete.as_deref())
            }
            _ => Cow::Borrowed(before),
        }
    }

    /// The margins of a step that raked or poststratified.
    pub fn margins(&self, step: usize) -> Option<&Margins> {
        match self.steps.get(step)? {
            PreparedStep::Margins { margins, .. } => Some(margins),
            _ => None,
        }
    }

    fn step(&self, at: usize, result: &mut WeightingResult) -> Result<(), weighting::Error> {
        let before = std::mem::take(&mut result.weights);
        let (after, note, history) = self.once(at, &before)?;
        if !history.is_empty() {
            result.history = history;
        }
        result.notes.push(note);
        match &self.steps[at] {
            PreparedStep::Margins { .. } | PreparedStep::Calibrate { .. } => {
                result.calibrations.push(CalibratedStep {
                    step: at,
                    before,
                    after: after.clone(),
                })
            }
            PreparedStep::Trim { strict: true, .. } => {
                // both hold: the trimmed weights are those that the totals were held with
                if let Some(held) = result.calibrations.last_mut() {
                    held.after.clone_from(&after);
                }
            }
            PreparedStep::Normalise(_) => rescale(result, &before, &after),
            _ => {}
        }
        result.weights = after;
        Ok(())
    }

    /// One step: the weights after it, what it did, and how it came near.
    fn once(
        &self,
        at: usize,
        before: &[f64],
    ) -> Result<(Vec<f64>, String, Vec<f64>), weighting::Error> {
        match &self.steps[at] {
            PreparedStep::Nonresponse {
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
            PreparedStep::Margins {
                margins,
                rake: None,
                rounded,
                ..
            } => {
                let note = with_notes("poststratified".to_owned(), rounded);
                Ok((margins.poststratify(before)?, note, Vec::new()))
            }
            PreparedStep::Margins {
                margins,
                rake: Some(options),
                rounded,
                ..
            } => {
                let raked = margins.rake(before, *options)?;
                let note = format!("raked in {} iterations", raked.iterations);
                Ok((raked.weights, with_notes(note, rounded), raked.history))
            }
            PreparedStep::Calibrate {
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
            PreparedStep::Trim {
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
            PreparedStep::Trim { limits, .. } => {
                let again = |weights: &[f64]| Ok(self.once(at - 1, weights)?.0);
                let trimmed = trim_strictly(before, *limits, StrictOptions::default(), again)?;
                let note = format!("trimmed and weighted in turn, {} times", trimmed.passes);
                Ok((trimmed.weights, note, Vec::new()))
            }
            PreparedStep::Normalise(to) => {
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
fn rescale(result: &mut WeightingResult, before: &[f64], after: &[f64]) {
    let factor = after.iter().sum::<f64>() / before.iter().sum::<f64>();
    for held in &mut result.calibrations {
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

fn with_notes(note: String, rounded: &[String]) -> String {
    let all = std::iter::once(&note).chain(rounded);
    all.map(String::as_str).collect::<Vec<&str>>().join("; ")
}
