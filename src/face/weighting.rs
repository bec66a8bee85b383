use std::path::Path;

use super::error::Error;
use super::estimates::SurveyEstimates;
use super::survey::{Survey, SurveyRequest};
use super::tables::Tables;
use crate::frames::Frame;
use crate::present::survey::WeightingTables;
use crate::survey::design::Design;
use crate::survey::weighting::recipe::{self, RakingVariance, Recipe, Step, Targets, weigh};
use crate::survey::weighting::{LimitUnit, Limits};
use crate::tabular;

/// Weights in the making: steps in their order, from the weights of the design on.
///
/// Targets are rows `variable,level,target`, counts or shares; a crossing is written `a:b` with levels `x:y`, an empty level
/// is the total of a number.
///
/// ```
/// use opine::Survey;
///
/// let sample = Survey::open("examples/poll.csv")?;
/// let weighted = sample
///     .weigh()
///     .rake_to([("sex", "Female", 0.51), ("sex", "Male", 0.49)])?
///     .trim(0.2, 5.0)
///     .run()?;
/// assert_eq!(weighted.weights().len(), 2000);
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone)]
pub struct Weighting<'s> {
    survey: &'s Survey,
    recipe: Recipe,
    design: Option<Design>,
}

impl<'s> Weighting<'s> {
    pub(super) fn new(survey: &'s Survey) -> Weighting<'s> {
        Weighting {
            survey,
            recipe: Recipe::default(),
            design: None,
        }
    }

    /// The steps of a recipe, which may bring a design.
    ///
    /// # Errors
    /// A file that can't be read (`file`), or is no recipe (`table`).
    pub fn recipe(mut self, path: impl AsRef<Path>) -> Result<Weighting<'s>, Error> {
        (self.recipe, self.design) = Recipe::read(path.as_ref(), &tabular::Options::default())?;
        Ok(self)
    }

    /// Raking to the targets of a file, text or a workbook.
    ///
    /// # Errors
    /// A file that can't be read, or holds no targets (`file`, `table`).
    pub fn rake(self, targets: impl AsRef<Path>) -> Result<Weighting<'s>, Error> {
        let targets = Targets::read(targets.as_ref(), &tabular::Options::default())?;
        Ok(self.step(rake(targets)))
    }

    /// Raking to these targets: variable, level, count or share. In R: `rake(design, sample.margins, population.margins)`.
    ///
    /// # Errors
    /// A target that can't be (`table`).
    pub fn rake_to<'t>(
        self,
        targets: impl IntoIterator<Item = (&'t str, &'t str, f64)>,
    ) -> Result<Weighting<'s>, Error> {
        let targets = self::targets(targets)?;
        Ok(self.step(rake(targets)))
    }

    /// Poststratification to the targets of one variable or crossing. In R: `postStratify(design, strata, population)`.
    ///
    /// # Errors
    /// A target that can't be (`table`).
    pub fn poststratify_to<'t>(
        self,
        targets: impl IntoIterator<Item = (&'t str, &'t str, f64)>,
    ) -> Result<Weighting<'s>, Error> {
        let targets = self::targets(targets)?;
        Ok(self.step(Step::Poststratify(targets)))
    }

    /// Weights below and above these multiples of the mean are cut, and what was cut is spread over the others.
    pub fn trim(self, low: f64, high: f64) -> Weighting<'s> {
        self.step(Step::Trim {
            limits: Limits {
                low: Some(low),
                high: Some(high),
                unit: LimitUnit::Mean,
            },
            strict: false,
            redistribute: true,
        })
    }

    fn step(mut self, step: Step) -> Weighting<'s> {
        self.recipe.steps.push(step);
        self
    }

    /// Takes the weights through the steps.
    ///
    /// # Errors
    /// Targets that don't fit the sample, or that no weights reach (`weighting`); what is wrong with the design (`design`) or
    /// the file (`file`, `format`).
    pub fn run(self) -> Result<Weighted<'s>, Error> {
        let design = self.design.as_ref().unwrap_or(self.survey.declared());
        let weighted = weigh(self.survey.source(), design, &self.recipe, None)?;
        Ok(Weighted {
            survey: self.survey,
            diagnostics: weighted.diagnostics()?,
            weighted,
        })
    }
}

fn rake(targets: Targets) -> Step {
    Step::Rake {
        targets,
        tolerance: None,
        iterations: None,
    }
}

fn targets<'t>(rows: impl IntoIterator<Item = (&'t str, &'t str, f64)>) -> Result<Targets, Error> {
    let mut targets = Targets::default();
    for (variable, level, target) in rows {
        let added = targets.add(variable, level, target);
        added.map_err(|message| Error::new("table", message).at(variable))?;
    }
    Ok(targets)
}

/// Respondents with their new weights, and a variance that knows how these came about.
///
/// ```
/// let sample = opine::Survey::open("examples/poll.csv")?;
/// let weighted = sample.weigh().rake("examples/targets.csv")?.run()?;
/// let mean = weighted.weights().iter().sum::<f64>() / 2000.0;
/// assert!((mean - 1.0).abs() < 1e-9);
/// println!("{}", weighted.tables());
/// # Ok::<(), opine::Error>(())
/// ```
pub struct Weighted<'s> {
    survey: &'s Survey,
    weighted: recipe::Weighted,
    diagnostics: recipe::Diagnostics,
}

impl Weighted<'_> {
    /// One a respondent, in the order of the file.
    pub fn weights(&self) -> &[f64] {
        &self.weighted.result.weights
    }

    /// What was done, then what one should know of it.
    pub fn notes(&self) -> Vec<String> {
        let warnings = self.diagnostics.warnings.iter();
        let warnings = warnings.map(|warning| warning.text.clone());
        self.diagnostics
            .steps
            .iter()
            .cloned()
            .chain(warnings)
            .collect()
    }

    /// The facts, a row each: weights, margins, steps, warnings.
    ///
    /// # Errors
    /// None that data can cause.
    pub fn frame(&self) -> Result<Frame, Error> {
        Ok(self.diagnostics.frame()?)
    }

    /// Weights and margins before and after.
    pub fn tables(&self) -> Tables {
        Tables(WeightingTables::new(&self.diagnostics).into_short())
    }

    /// Estimates with the new weights, of a question to the survey they were made for.
    ///
    /// # Errors
    /// Those of [`SurveyRequest::run`].
    ///
    /// ```
    /// use opine::Survey;
    ///
    /// let sample = Survey::open("examples/poll.csv")?;
    /// let weighted = sample.weigh().rake("examples/targets.csv")?.run()?;
    /// let by_sex = weighted.run(sample.estimate("prop(sex)"))?;
    /// // the margin is what the weights were held to
    /// assert_eq!(by_sex.rows()[0].se, Some(0.0));
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn run(&self, request: SurveyRequest) -> Result<SurveyEstimates, Error> {
        let request = request.build()?;
        let source = self.survey.source();
        let estimates = self
            .weighted
            .estimate(source, &request, RakingVariance::Greg)?;
        SurveyEstimates::new(estimates, self.survey.title())
    }
}
