use std::path::Path;

use super::error::Error;
use super::estimates::SurveyEstimates;
use super::results::Results;
use super::survey::{Survey, SurveyRequest};
use super::tables::Tables;
use crate::frames::Frame;
use crate::present::survey::WeightingTables;
use crate::survey::design::Design;
use crate::survey::weighting::recipe::{
    self, Normalise, RakingVariance, Recipe, Step, Targets, limit_unit, missing_policy, weigh,
};
use crate::survey::weighting::{Distance, LimitUnit, Limits};
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
    calibration: CalibrationOptions,
}

impl Survey {
    /// Asks for weights.
    ///
    /// ```
    /// use opine::Survey;
    ///
    /// let sample = Survey::open("examples/poll.csv")?;
    /// let weighted = sample.weigh().rake("examples/targets.csv")?.run()?;
    /// println!("{}", weighted.tables());
    /// let estimates = weighted.run(sample.estimate("prop(q1)"))?;
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn weigh(&self) -> Weighting<'_> {
        Weighting::new(self)
    }
}

/// What is said of raking and calibration in all steps.
#[derive(Clone, Default)]
struct CalibrationOptions {
    distance: Option<String>,
    bounds: Option<(f64, f64)>,
    tolerance: Option<f64>,
    iterations: Option<usize>,
}

impl<'s> Weighting<'s> {
    pub(super) fn new(survey: &'s Survey) -> Weighting<'s> {
        Weighting {
            survey,
            recipe: Recipe::default(),
            design: None,
            calibration: CalibrationOptions::default(),
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

    /// Poststratification to the targets of a file.
    ///
    /// # Errors
    /// A file that can't be read, or holds no targets (`file`, `table`).
    pub fn poststratify(self, targets: impl AsRef<Path>) -> Result<Weighting<'s>, Error> {
        let targets = Targets::read(targets.as_ref(), &tabular::Options::default())?;
        Ok(self.step(Step::Poststratify(targets)))
    }

    /// Calibration to the targets of a file, also to totals of numbers. In R: `calibrate(design, formula, population)`.
    ///
    /// # Errors
    /// A file that can't be read, or holds no targets (`file`, `table`).
    pub fn calibrate(self, targets: impl AsRef<Path>) -> Result<Weighting<'s>, Error> {
        let targets = Targets::read(targets.as_ref(), &tabular::Options::default())?;
        Ok(self.step(calibrate(targets)))
    }

    /// Calibration to these targets: variable, level, count or share; an empty level is the total of a number.
    ///
    /// # Errors
    /// A target that can't be (`table`).
    pub fn calibrate_to<'t>(
        self,
        targets: impl IntoIterator<Item = (&'t str, &'t str, f64)>,
    ) -> Result<Weighting<'s>, Error> {
        let targets = self::targets(targets)?;
        Ok(self.step(calibrate(targets)))
    }

    /// What calibration keeps small: `linear` if nothing is said, `raking`, or `logit`, which needs bounds.
    pub fn distance(mut self, distance: &str) -> Weighting<'s> {
        self.calibration.distance = Some(distance.to_owned());
        self
    }

    /// Bounds of new over old weight in calibration.
    pub fn bounds(mut self, low: f64, high: f64) -> Weighting<'s> {
        self.calibration.bounds = Some((low, high));
        self
    }

    /// How far from its target a level may be: 1e-9 of all, if nothing is said.
    pub fn tolerance(mut self, tolerance: f64) -> Weighting<'s> {
        self.calibration.tolerance = Some(tolerance);
        self
    }

    /// How many rounds there may be.
    pub fn iterations(mut self, iterations: usize) -> Weighting<'s> {
        self.calibration.iterations = Some(iterations);
        self
    }

    /// Weights below and above these multiples of the mean are cut, and what was cut is spread over the others. An end that
    /// is not there is `None`.
    pub fn trim(self, low: impl Into<Option<f64>>, high: impl Into<Option<f64>>) -> Weighting<'s> {
        self.step(Step::Trim {
            limits: Limits {
                low: low.into(),
                high: high.into(),
                unit: LimitUnit::Mean,
            },
            strict: false,
            redistribute: true,
        })
    }

    /// What the limits of the trimming are multiples of: `mean` if nothing is said, `median`, `weight` for weights as they are,
    /// `quantile`.
    ///
    /// # Errors
    /// Another word, or no trimming before it (`request`).
    pub fn trim_unit(mut self, unit: &str) -> Result<Weighting<'s>, Error> {
        let unit = limit_unit(unit);
        let unit = unit.map_err(|error| Error::new("request", error).at("trim_unit"))?;
        let (limits, ..) = self.trimming("trim_unit")?;
        limits.unit = unit;
        Ok(self)
    }

    /// Trimming and the step before it are repeated until both hold.
    ///
    /// # Errors
    /// No trimming before it (`request`).
    pub fn strict(mut self) -> Result<Weighting<'s>, Error> {
        let (_, strict, _) = self.trimming("strict")?;
        *strict = true;
        Ok(self)
    }

    /// What is cut is not spread over the others.
    ///
    /// # Errors
    /// No trimming before it (`request`).
    pub fn no_redistribution(mut self) -> Result<Weighting<'s>, Error> {
        let (_, _, redistribute) = self.trimming("no_redistribution")?;
        *redistribute = false;
        Ok(self)
    }

    /// The trimming that was asked for last.
    fn trimming(&mut self, option: &str) -> Result<(&mut Limits, &mut bool, &mut bool), Error> {
        let steps = self.recipe.steps.iter_mut().rev();
        let trims = steps.filter_map(|step| match step {
            Step::Trim {
                limits,
                strict,
                redistribute,
            } => Some((limits, strict, redistribute)),
            _ => None,
        });
        let first = trims.into_iter().next();
        first.ok_or_else(|| Error::no_effect(option, "it goes with a trimming before it"))
    }

    /// Weights are scaled to this total; to the number of respondents, a mean of 1, where it is `None`.
    pub fn normalise(self, total: impl Into<Option<f64>>) -> Weighting<'s> {
        self.step(Step::Normalise(match total.into() {
            Some(total) => Normalise::Total(total),
            None => Normalise::Respondents,
        }))
    }

    /// The number of people that shares are scaled to; the sum of the weights that come in, if nothing is said.
    pub fn population(mut self, people: f64) -> Weighting<'s> {
        self.recipe.population = Some(people);
        self
    }

    /// Respondents without an answer to a variable of the targets: `refuse` if nothing is said, `drop` gives them the weight 0,
    /// `category` makes them a level of their own.
    ///
    /// # Errors
    /// Another word (`request`).
    pub fn no_answer(mut self, how: &str) -> Result<Weighting<'s>, Error> {
        let policy = missing_policy(how);
        self.recipe.missing =
            policy.map_err(|error| Error::new("request", error).at("no_answer"))?;
        Ok(self)
    }

    /// The name of the column of the new weights: `new_weight` if nothing is said.
    pub fn name(mut self, name: impl Into<String>) -> Weighting<'s> {
        self.recipe.name = name.into();
        self
    }

    /// What was said of raking and calibration, in their steps.
    fn finish_steps(&mut self) -> Result<(), Error> {
        let options = &self.calibration;
        let wrong = |error: String| Error::new("request", error).at("distance");
        let (mut rakes, mut calibrates) = (false, false);
        for step in &mut self.recipe.steps {
            match step {
                Step::Rake {
                    tolerance,
                    iterations,
                    ..
                } => {
                    rakes = true;
                    (*tolerance, *iterations) = (
                        options.tolerance.or(*tolerance),
                        options.iterations.or(*iterations),
                    );
                }
                Step::Calibrate {
                    distance,
                    tolerance,
                    iterations,
                    ..
                } => {
                    calibrates = true;
                    (*tolerance, *iterations) = (
                        options.tolerance.or(*tolerance),
                        options.iterations.or(*iterations),
                    );
                    if options.distance.is_some() || options.bounds.is_some() {
                        *distance = recipe::distance(options.distance.as_deref(), options.bounds)
                            .map_err(wrong)?;
                    }
                }
                _ => {}
            }
        }
        let idle = [
            (
                options.distance.is_some() && !calibrates,
                "distance",
                "calibration",
            ),
            (
                options.bounds.is_some() && !calibrates,
                "bounds",
                "calibration",
            ),
            (
                options.tolerance.is_some() && !rakes && !calibrates,
                "tolerance",
                "raking or calibration",
            ),
            (
                options.iterations.is_some() && !rakes && !calibrates,
                "iterations",
                "raking or calibration",
            ),
        ];
        match idle.into_iter().find(|(is_idle, ..)| *is_idle) {
            Some((_, option, with)) => {
                Err(Error::no_effect(option, &format!("it goes with {with}")))
            }
            None => Ok(()),
        }
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
    pub fn run(mut self) -> Result<Weighted, Error> {
        self.finish_steps()?;
        let design = match self.design {
            Some(design) => design,
            None => self.survey.declared()?.clone(),
        };
        let weighted = weigh(self.survey.source(), &design, &self.recipe, None)?;
        Ok(Weighted {
            survey: self.survey.clone(),
            name: self.recipe.name,
            declared: design,
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

fn calibrate(targets: Targets) -> Step {
    Step::Calibrate {
        targets,
        distance: Distance::Linear,
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
pub struct Weighted {
    survey: Survey,
    weighted: recipe::Weighted,
    diagnostics: recipe::Diagnostics,
    /// Of the column of the new weights.
    name: String,
    /// The design that the weights were made from.
    declared: Design,
}

impl Weighted {
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

    /// Both: the facts, and the tables of weights and margins.
    ///
    /// # Errors
    /// None that data can cause.
    pub fn results(&self) -> Result<Results, Error> {
        Ok(Results::new(self.frame()?, self.tables(), self.notes()))
    }

    /// Weights and margins before and after.
    pub fn tables(&self) -> Tables {
        Tables::new(
            WeightingTables::new(&self.diagnostics).into_short(),
            self.notes(),
        )
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
        let mut request = request.build()?;
        // the targets make groups depend on each other that share no respondent, and any two may be compared
        request.options.covariance |= !request.by.is_empty();
        let source = self.survey.source();
        let mut estimates = self
            .weighted
            .estimate(source, &request, RakingVariance::Greg)?;
        estimates.check_names()?;
        let replicates = self.weighted.replicates.as_ref();
        estimates.design = Design {
            // the foot names the weights that were used
            weights: Some(self.weights_name()),
            replicates: replicates.map(|replicates| replicates.declared.clone()),
            ..self.declared.clone()
        };
        SurveyEstimates::new(estimates, self.survey.title())
    }

    /// The survey that the weights are of.
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// Writes the respondents with their new weights: the file that they came from, with one column more. .csv, .parquet,
    /// .sav, .zsav or .dta; the last three keep their dictionary. What could not be kept comes back, a line each.
    ///
    /// # Errors
    /// Respondents that came from no file (`request`), a file that can't be written (`file`).
    ///
    /// ```
    /// let folder = std::env::temp_dir().join("opine-doc-weights");
    /// std::fs::create_dir_all(&folder)?;
    ///
    /// let sample = opine::Survey::open("examples/poll.csv")?;
    /// let weighted = sample.weigh().rake("examples/targets.csv")?.name("raked").run()?;
    /// weighted.write(folder.join("weighted.csv"))?;
    /// assert!(std::fs::read_to_string(folder.join("weighted.csv"))?.contains("raked"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write(&self, path: impl AsRef<Path>) -> Result<Vec<String>, Error> {
        let Some((from, options)) = self.survey.file() else {
            let message =
                "these respondents came from no file: take the weights, and put them beside";
            return Err(Error::new("request", message));
        };
        Ok(recipe::write(
            &self.weighted,
            (from, options),
            &self.name,
            path.as_ref(),
            &[],
        )?)
    }

    pub(super) fn inner(&self) -> &recipe::Weighted {
        &self.weighted
    }

    /// What the foot of a table calls the new weights.
    pub(super) fn weights_name(&self) -> String {
        match &self.declared.weights {
            Some(column) => format!("new weights, made from {column}"),
            None => "new weights".to_owned(),
        }
    }
}
