//! What can be said of the weights that were made.

use polars::prelude::{Column as Series, DataFrame, PolarsResult};

use super::error::Error;
use super::weigh::Weighted;
use crate::survey::weighting::{Diagnosis, LevelFit, Warning, diagnose, warnings};

/// Weights before and after, the margins they were made for, and what is to be said of both.
pub struct Diagnostics {
    pub before: Diagnosis,
    pub after: Diagnosis,
    pub fits: Vec<LevelFit>,
    pub warnings: Vec<Warning>,
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
        let after = diagnose(&self.weighed.weights)?;
        Ok(Diagnostics {
            before: diagnose(&self.base)?,
            warnings: warnings(&after, &self.weighed.fits),
            after,
            fits: self.weighed.fits.clone(),
            steps: self.weighed.notes.clone(),
            history: self.weighed.history.clone(),
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
    /// One row a fact: `what` is weights, margin, step, iteration or warning.
    ///
    /// # Errors
    /// None that data can cause.
    pub fn frame(&self) -> PolarsResult<DataFrame> {
        let lines = self.lines();
        let texts = |name: &str, of: fn(&Line) -> Option<String>| {
            Series::new(name.into(), lines.iter().map(of).collect::<Vec<_>>())
        };
        let numbers = |name: &str, of: fn(&Line) -> Option<f64>| {
            Series::new(name.into(), lines.iter().map(of).collect::<Vec<_>>())
        };
        DataFrame::new(
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
        type Of = fn(&Diagnosis) -> f64;
        let facts: [(&str, Of); 9] = [
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
            .map(|(name, of)| Line {
                what: "weights",
                level: Some((*name).to_owned()),
                before: Some(of(&self.before)),
                after: Some(of(&self.after)),
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
