//! Steps made ready for a sample, so that many sets of base weights can go through them.

use super::error::Error;
use super::sample::{self, Coded};
use super::step::{Normalise, Recipe, Step};
use super::targets::{TargetOf, Targets};
use crate::expr::{Expr, condition};
use crate::microdata::Memory;
use crate::weighting::{
    self, Auxiliaries, CalibrateOptions, Columns, Distance, LevelFit, Limits, Margin, Margins,
    RakeOptions, Redistribute, ScaleTo, StrictOptions, Variable, calibrate, nonresponse, normalise,
    trim, trim_strictly,
};

/// The steps of a recipe on the variables of a sample.
pub struct Prepared {
    steps: Vec<Ready>,
}

enum Ready {
    Nonresponse {
        responded: Vec<bool>,
        classes: Coded,
        name: String,
    },
    Margins {
        name: &'static str,
        margins: Margins,
        columns: Columns,
        /// Raked; otherwise poststratified.
        rake: Option<RakeOptions>,
    },
    Calibrate {
        auxiliaries: Box<Auxiliaries>,
        distance: Distance,
        options: CalibrateOptions,
    },
    Trim {
        limits: Limits,
        strict: bool,
        redistribute: Redistribute,
    },
    Normalise(Normalise),
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
        for held in weighed.calibrations.clone() {
            if let Ready::Margins { margins, .. } = &self.steps[held.step] {
                weighed
                    .fits
                    .extend(margins.fit(&held.before, &weighed.weights)?);
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
    pub fn columns(&self, step: usize) -> Option<&Columns> {
        match self.steps.get(step)? {
            Ready::Margins { columns, .. } => Some(columns),
            Ready::Calibrate { auxiliaries, .. } => Some(auxiliaries.columns()),
            _ => None,
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
                ..
            } => Ok((
                margins.poststratify(before)?,
                "poststratified".to_owned(),
                Vec::new(),
            )),
            Ready::Margins {
                margins,
                rake: Some(options),
                ..
            } => {
                let raked = margins.rake(before, *options)?;
                let note = format!("raked in {} iterations", raked.iterations);
                Ok((raked.weights, note, raked.history))
            }
            Ready::Calibrate {
                auxiliaries,
                distance,
                options,
            } => {
                let calibrated = calibrate(auxiliaries, before, *distance, *options)?;
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

impl Ready {
    fn name(&self) -> &'static str {
        match self {
            Ready::Nonresponse { .. } => "nonresponse",
            Ready::Margins { name, .. } => name,
            Ready::Calibrate { .. } => "calibrate",
            Ready::Trim { .. } => "trim",
            Ready::Normalise(_) => "normalise",
        }
    }
}

fn ready(memory: &Memory, rows: usize, recipe: &Recipe, step: &Step) -> Result<Ready, Error> {
    let in_step = |error: weighting::Error| Error::Step {
        step: step.name().to_owned(),
        error,
    };
    match step {
        Step::Nonresponse { responded, classes } => {
            let who = condition(responded).map_err(Error::Expression)?;
            let expr = Expr::parse(classes).map_err(Error::Expression)?;
            Ok(Ready::Nonresponse {
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
            Ok(Ready::Calibrate {
                auxiliaries: Box::new(auxiliaries(memory, rows, targets, &in_step)?),
                distance: *distance,
                options,
            })
        }
        Step::Trim {
            limits,
            strict,
            redistribute,
        } => Ok(Ready::Trim {
            limits: *limits,
            strict: *strict,
            redistribute: match redistribute {
                true => Redistribute::Equally,
                false => Redistribute::Not,
            },
        }),
        Step::Normalise(to) => Ok(Ready::Normalise(*to)),
    }
}

fn margins(
    memory: &Memory,
    rows: usize,
    recipe: &Recipe,
    targets: &Targets,
    rake: Option<RakeOptions>,
    name: &'static str,
) -> Result<Ready, Error> {
    let in_step = |error: weighting::Error| Error::Step {
        step: name.to_owned(),
        error,
    };
    let mut all: Vec<Margin> = Vec::new();
    for target in &targets.variables {
        let TargetOf::Levels(levels) = &target.of else {
            return Err(Error::Asked(format!(
                "{name}: {} is a number, and {name} takes levels; calibrate takes totals of numbers",
                target.text
            )));
        };
        let coded = sample::coded_as(memory, target)?;
        let margin = Margin::matched(target.text.clone(), coded.levels, coded.codes, levels);
        all.push(margin.map_err(in_step)?);
    }
    let population = recipe.population.or(targets.count);
    Ok(Ready::Margins {
        name,
        columns: Columns::of_margins(&all, rows).map_err(in_step)?,
        margins: Margins::new(&all, rows, recipe.missing, population).map_err(in_step)?,
        rake,
    })
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
        .find_map(|target| match &target.of {
            TargetOf::Levels(levels) => Some(levels.iter().map(|(_, number)| number).sum::<f64>()),
            TargetOf::Number(_) => None,
        });
    let count = targets.count.or(summed);
    let mut columns = match count {
        Some(_) => Columns::new(rows),
        None => Columns::without_constant(rows),
    };
    let mut totals: Vec<f64> = count.into_iter().collect();
    for target in &targets.variables {
        match &target.of {
            TargetOf::Number(total) => {
                let values = sample::numbers(memory, &target.text, &target.expr)?;
                columns = columns.number(&target.text, values).map_err(in_step)?;
                totals.push(*total);
            }
            TargetOf::Levels(levels) => {
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
                    return Err(Error::Asked(format!(
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
        return Err(Error::Asked(
            "calibrate: give count(), the number of all, beside levels".to_owned(),
        ));
    }
    Auxiliaries::new(columns, totals).map_err(in_step)
}
