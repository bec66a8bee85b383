//! A recipe on a file: base weights, steps, and the estimates that know of them.

use std::sync::Arc;

use super::error::Error;
use super::prepared::{Prepared, Weighed};
use super::replicated::{Made, made};
use super::residuals::{Held, RakingVariance};
use super::sample;
use super::step::{Recipe, Step};
use crate::survey::design::Design;
use crate::survey::estimate::{self, Calibrated, Request, SurveyEstimates};
use crate::survey::expr::{Expr, condition};
use crate::survey::microdata::{Codebook, Memory, Source};
use crate::survey::weighting::{Diagnosis, Method, Variable, diagnose_by, inverse_probabilities};

/// A sample with its new weights.
pub struct Weighted {
    pub base: Vec<f64>,
    pub weighed: Weighed,
    /// Weights of replicates, each taken through the same steps.
    pub replicates: Option<Made>,
    prepared: Prepared,
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
    let base = match &recipe.inclusion {
        Some(column) => {
            let expr = Expr::parse(&quoted(column)).map_err(Error::Expression)?;
            inverse_probabilities(&sample::numbers(&memory, column, &expr)?)?
        }
        None => estimate::base_weights(source, design)?,
    };
    let prepared = Prepared::new(&memory, base.len(), recipe)?;
    let weighed = prepared.weigh(&base)?;
    let replicates = made(source, design, &base, make, &prepared)?;
    Ok(Weighted {
        base,
        weighed,
        replicates,
        prepared,
        design: design.clone(),
    })
}

impl Weighted {
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
        if let Some(made) = &self.replicates {
            return made.estimate(source, &self.weighed.weights, &self.design, request);
        }
        let held = Held::new(&self.prepared, &self.weighed, raking)?;
        let calibrated = Calibrated {
            weights: Arc::new(self.weighed.weights.clone()),
            residuals: match self.weighed.calibrations.is_empty() {
                true => None,
                false => Some(&held),
            },
        };
        Ok(estimate::estimate_calibrated(
            source,
            &self.design,
            request,
            &calibrated,
        )?)
    }
}

impl Weighted {
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
        Ok(diagnose_by(&self.weighed.weights, variable)?)
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
                targets
                    .variables
                    .iter()
                    .for_each(|target| add(&target.expr));
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
