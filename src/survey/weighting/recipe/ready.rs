//! Steps with the variables of a sample looked up.

use super::error::Error;
use super::sample::{self, Coded};
use super::step::{Normalise, Recipe, Step};
use super::targets::{TargetOf, Targets};
use crate::survey::expr::{Expr, condition};
use crate::survey::microdata::Memory;
use crate::survey::weighting::{
    self, Auxiliaries, CalibrateOptions, Columns, Distance, Limits, Margin, Margins, MissingPolicy,
    RakeOptions, Redistribute,
};

/// A step that any number of base weights can go through.
pub enum Ready {
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

impl Ready {
    pub fn name(&self) -> &'static str {
        match self {
            Ready::Nonresponse { .. } => "nonresponse",
            Ready::Margins { name, .. } => name,
            Ready::Calibrate { .. } => "calibrate",
            Ready::Trim { .. } => "trim",
            Ready::Normalise(_) => "normalise",
        }
    }
}

/// Looks a step up.
pub fn ready(memory: &Memory, rows: usize, recipe: &Recipe, step: &Step) -> Result<Ready, Error> {
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
            let auxiliaries = Box::new(auxiliaries(memory, rows, targets, &in_step)?);
            Ok(Ready::Calibrate {
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
    let mut rounded = Vec::new();
    for target in &targets.variables {
        let TargetOf::Levels(levels) = &target.of else {
            return Err(Error::Asked(format!(
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
    Ok(Ready::Margins {
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
