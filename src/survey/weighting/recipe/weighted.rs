//! A recipe on a file: base weights, steps, and the estimates that know of them.

use std::sync::Arc;

use super::error::Error;
use super::replicates::{ReplicateWeights, replicate_weights};
use super::sample;
use super::steps::{PreparedSteps, WeightingResult};
use super::variance::{RakingVariance, StepResiduals};
use super::{Recipe, Step};
use crate::frames::{self, Column as FrameColumn, Frame};
use crate::survey::crosstab::{self, Crosstab};
use crate::survey::design::Design;
use crate::survey::estimate::{self, Calibrated, Request, SurveyEstimates};
use crate::survey::expr::{Expr, condition, crossed_variables};
use crate::survey::microdata::{Codebook, Memory, Source};
use crate::survey::weighting::{
    Diagnosis, LevelFit, Method, Variable, Warning, diagnose, diagnose_by, inverse_probabilities,
    warnings,
};

/// A sample with its new weights.
pub struct Weighted {
    pub base: Vec<f64>,
    /// Respondents without a base weight, which is 0.
    pub without_weight: u64,
    pub result: WeightingResult,
    /// Weights of replicates, each taken through the same steps.
    pub replicates: Option<ReplicateWeights>,
    prepared: PreparedSteps,
    design: Design,
}

/// Makes the weights of a recipe for a file.
///
/// Where the design has replicate weights, or some are made, each replicate goes through the same steps.
///
/// # Errors
/// What is wrong with the design, the variables, the targets; a step that can't be done.
pub fn weigh(
    source: &dyn Source,
    design: &Design,
    recipe: &Recipe,
    make: Option<Method>,
) -> Result<Weighted, Error> {
    design.check()?;
    let names = variables(source.codebook(), recipe)?;
    let memory = Memory::read(source, &names)?;
    let (base, without_weight) = match &recipe.inclusion {
        Some(column) => {
            let expr = Expr::parse(&quoted(column)).map_err(Error::Expression)?;
            let probabilities = sample::numbers(&memory, column, &expr)?;
            (inverse_probabilities(&probabilities)?, 0)
        }
        None => estimate::base_weights(source, design)?,
    };
    let prepared = PreparedSteps::new(&memory, &base, recipe)?;
    let result = prepared.weigh(&base)?;
    let replicates = replicate_weights(source, design, &base, make, &prepared)?;
    Ok(Weighted {
        base,
        without_weight,
        result,
        replicates,
        prepared,
        design: design.clone(),
    })
}

impl Weighted {
    /// What the targets of each step were taken as: shares, per cents or counts.
    pub fn notes(&self) -> &[String] {
        &self.prepared.notes
    }

    /// Respondents with a weight who miss an answer that a target is about.
    pub fn unanswered(&self) -> usize {
        self.prepared.unanswered
    }

    /// Estimates with the new weights, by a variance that knows how they came about.
    ///
    /// # Errors
    /// As [`estimate::estimate`].
    pub fn estimate(
        &self,
        source: &dyn Source,
        request: &Request,
        raking: RakingVariance,
    ) -> Result<SurveyEstimates, Error> {
        self.with_weights(source, raking, |source, design, calibrated| {
            Ok(match calibrated {
                Some(calibrated) => {
                    estimate::estimate_calibrated(source, design, request, calibrated)?
                }
                None => estimate::estimate(source, design, request)?,
            })
        })
    }

    /// Hands on what something with the new weights is made of: respondents, their design, and unless replicates among its
    /// columns know of the weighting, the weights with what they do to a variance.
    ///
    /// # Errors
    /// Those of the weighting, and of what is made.
    pub fn with_weights<T, E: From<Error>>(
        &self,
        source: &dyn Source,
        raking: RakingVariance,
        then: impl FnOnce(&dyn Source, &Design, Option<&Calibrated>) -> Result<T, E>,
    ) -> Result<T, E> {
        if let Some(replicates) = &self.replicates {
            let (source, design) =
                replicates.with_columns(source, &self.result.weights, &self.design)?;
            return then(&source, &design, None);
        }
        let residuals = StepResiduals::new(&self.prepared, &self.result, raking)?;
        let calibrated = Calibrated {
            weights: Arc::new(self.result.weights.clone()),
            residuals: match self.result.calibrations.is_empty() {
                true => None,
                false => Some(&residuals),
            },
        };
        then(source, &self.design, Some(&calibrated))
    }
}

impl Weighted {
    /// Banner tables with the new weights, by a variance that knows how they came about.
    ///
    /// # Errors
    /// As [`crosstab::crosstab`].
    pub fn crosstab(
        &self,
        source: &dyn Source,
        name: &str,
        request: &crosstab::Request,
        raking: RakingVariance,
    ) -> Result<Crosstab, Error> {
        self.with_weights(source, raking, |source, design, calibrated| {
            let mut made = match calibrated {
                Some(residuals) => {
                    crosstab::crosstab_calibrated(source, name, design, request, residuals)?
                }
                None => crosstab::crosstab(source, name, design, request)?,
            };
            // columns that were added here are no questions of the file
            made.left_out.retain(|(name, _)| !name.starts_with('\u{1}'));
            Ok(made)
        })
    }

    /// The same estimates with the weights that came in, and a variance that knows of no weighting.
    ///
    /// # Errors
    /// As [`estimate::estimate`].
    pub fn estimate_before(
        &self,
        source: &dyn Source,
        request: &Request,
    ) -> Result<SurveyEstimates, Error> {
        if self.design.replicates.is_some() {
            return Ok(estimate::estimate(source, &self.design, request)?);
        }
        let base = Calibrated {
            weights: Arc::new(self.base.clone()),
            residuals: None,
        };
        Ok(estimate::estimate_calibrated(
            source,
            &self.design,
            request,
            &base,
        )?)
    }

    /// What the new weights cost in each group of an expression.
    ///
    /// # Errors
    /// An expression that does not fit the file.
    pub fn diagnose_by(
        &self,
        source: &dyn Source,
        groups: &str,
    ) -> Result<Vec<(String, Diagnosis)>, Error> {
        let expr = Expr::parse(groups).map_err(Error::Expression)?;
        let names: Vec<String> = expr.names().iter().map(|name| (*name).to_owned()).collect();
        for name in &names {
            source.codebook().variable(name)?;
        }
        let memory = Memory::read(source, &names)?;
        let coded = sample::coded(&memory, groups, &expr)?;
        let variable = Variable {
            name: groups,
            levels: &coded.levels,
            codes: &coded.codes,
        };
        Ok(diagnose_by(&self.result.weights, variable)?)
    }
}

/// The variables that the steps name.
fn variables(codebook: &Codebook, recipe: &Recipe) -> Result<Vec<String>, Error> {
    let mut names: Vec<String> = recipe.inclusion.iter().cloned().collect();
    let mut add = |expr: &Expr| names.extend(expr.names().iter().map(|name| (*name).to_owned()));
    for step in &recipe.steps {
        match step {
            Step::Poststratify(targets)
            | Step::Rake { targets, .. }
            | Step::Calibrate { targets, .. } => {
                for target in &targets.variables {
                    let parts =
                        crossed_variables(&target.text, codebook).map_err(Error::Expression)?;
                    parts.iter().for_each(|(_, expr)| add(expr));
                }
            }
            Step::Nonresponse { responded, classes } => {
                add(&condition(responded).map_err(Error::Expression)?);
                add(&Expr::parse(classes).map_err(Error::Expression)?);
            }
            Step::Trim { .. } | Step::Normalise(_) => {}
        }
    }
    names.sort();
    names.dedup();
    for name in &names {
        codebook.variable(name)?;
    }
    if names.is_empty() {
        // a reader of nothing still counts the rows
        names.extend(
            codebook
                .variables
                .first()
                .map(|variable| variable.name.clone()),
        );
    }
    Ok(names)
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Weights before and after, the margins they were made for, and what is to be said of both.
pub struct Diagnostics {
    pub before: Diagnosis,
    pub after: Diagnosis,
    pub fits: Vec<LevelFit>,
    pub warnings: Vec<Warning>,
    /// What the targets were taken as.
    pub notes: Vec<String>,
    /// What each step did.
    pub steps: Vec<String>,
    /// Largest deviation from a target by iteration.
    pub history: Vec<f64>,
}

impl Weighted {
    /// Looks at the new weights.
    ///
    /// # Errors
    /// Weights that are all 0.
    pub fn diagnostics(&self) -> Result<Diagnostics, Error> {
        let after = diagnose(&self.result.weights)?;
        Ok(Diagnostics {
            before: diagnose(&self.base)?,
            warnings: warnings(&after, &self.result.fits),
            after,
            fits: self.result.fits.clone(),
            notes: self.prepared.notes.clone(),
            steps: self.result.notes.clone(),
            history: self.result.history.clone(),
        })
    }
}

/// One line of the exact form.
#[derive(Default)]
struct Line {
    what: &'static str,
    variable: Option<String>,
    level: Option<String>,
    n: Option<f64>,
    target: Option<f64>,
    before: Option<f64>,
    after: Option<f64>,
    target_share: Option<f64>,
    before_share: Option<f64>,
    after_share: Option<f64>,
    text: Option<String>,
}

impl Diagnostics {
    /// One row a fact: `what` is weights, margin, note, step, iteration or warning.
    ///
    /// # Errors
    /// None that data can cause.
    pub fn frame(&self) -> Result<Frame, frames::Error> {
        let lines = self.lines();
        let texts = |name: &str, field: fn(&Line) -> Option<String>| {
            FrameColumn::new(name, lines.iter().map(field).collect::<Vec<_>>())
        };
        let numbers = |name: &str, field: fn(&Line) -> Option<f64>| {
            FrameColumn::new(name, lines.iter().map(field).collect::<Vec<_>>())
        };
        Frame::new(
            lines.len(),
            vec![
                texts("what", |line| Some(line.what.to_owned())),
                texts("variable", |line| line.variable.clone()),
                texts("level", |line| line.level.clone()),
                numbers("n", |line| line.n),
                numbers("target", |line| line.target),
                numbers("before", |line| line.before),
                numbers("after", |line| line.after),
                numbers("target_share", |line| line.target_share),
                numbers("before_share", |line| line.before_share),
                numbers("after_share", |line| line.after_share),
                texts("text", |line| line.text.clone()),
            ],
        )
    }

    fn lines(&self) -> Vec<Line> {
        type Fact = fn(&Diagnosis) -> f64;
        let facts: [(&str, Fact); 9] = [
            ("n", |d| d.n as f64),
            ("sum", |d| d.sum),
            ("deff", |d| d.deff),
            ("n_eff", |d| d.n_eff),
            ("min", |d| d.min),
            ("median", |d| d.median),
            ("mean", |d| d.mean),
            ("max", |d| d.max),
            ("extreme", |d| d.extreme.len() as f64),
        ];
        let mut lines: Vec<Line> = facts
            .iter()
            .map(|(name, fact)| Line {
                what: "weights",
                level: Some((*name).to_owned()),
                before: Some(fact(&self.before)),
                after: Some(fact(&self.after)),
                ..Line::default()
            })
            .collect();
        lines.extend(self.fits.iter().map(|fit| Line {
            what: "margin",
            variable: Some(fit.variable.clone()),
            level: Some(fit.level.clone()),
            n: Some(fit.respondents as f64),
            target: Some(fit.target),
            before: Some(fit.before),
            after: Some(fit.after),
            target_share: Some(fit.target_share),
            before_share: Some(fit.before_share),
            after_share: Some(fit.after_share),
            ..Line::default()
        }));
        lines.extend(self.notes.iter().map(|note| Line {
            what: "note",
            text: Some(note.clone()),
            ..Line::default()
        }));
        lines.extend(self.steps.iter().map(|step| Line {
            what: "step",
            text: Some(step.clone()),
            ..Line::default()
        }));
        lines.extend(self.history.iter().enumerate().map(|(at, deviation)| Line {
            what: "iteration",
            n: Some(at as f64 + 1.0),
            after: Some(*deviation),
            ..Line::default()
        }));
        lines.extend(self.warnings.iter().map(|warning| Line {
            what: "warning",
            level: Some(warning.code.to_owned()),
            text: Some(warning.text.clone()),
            ..Line::default()
        }));
        lines
    }
}
