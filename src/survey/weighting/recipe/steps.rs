//! The steps of a recipe with the variables of a sample looked up, so that many sets of base weights can go through them.

use std::borrow::Cow;

use super::error::Error;
use super::matching::{MatchedTarget, MatchedTargets, matched};
use super::sample::{self, Coded};
use super::targets::{Target, TargetValues, Targets};
use super::{Normalise, Recipe, Step};
use crate::survey::expr::{Expr, condition};
use crate::survey::microdata::Memory;
use crate::survey::weighting::{
    self, Auxiliaries, CalibrateOptions, Columns, Distance, LevelFit, Limits, MISSING, Margin,
    Margins, MissingPolicy, RakeOptions, Redistribute, ScaleTo, StrictOptions, TargetKind,
    Variable, chunks, nonresponse, normalise, trim, trim_strictly,
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
    },
    Calibrate {
        auxiliaries: Box<Auxiliaries>,
        /// What the totals are multiplied by: 1 for counts; for shares a population, without it the sum of the weights.
        total: Option<f64>,
        distance: Distance,
        options: CalibrateOptions,
        /// Those who are weighted, where others are left out: for a missing answer, or a level with the target 0.
        kept: Option<Vec<bool>>,
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

/// How far, relatively, a population may be from counts that it is the total of.
const SAME: f64 = 1e-6;

/// What the steps of a recipe are prepared for: a sample, as the steps so far leave it.
struct Preparation<'m> {
    memory: &'m Memory,
    recipe: &'m Recipe,
    /// Those with a weight: nobody else is asked for answers or needs a target.
    in_sample: Vec<bool>,
    /// What the targets were taken as.
    notes: Vec<String>,
    /// Those with a weight who miss an answer that a target is about.
    unanswered: usize,
    /// Whether there are shares or per cents, which a population scales.
    shares: bool,
    /// What the targets that are counts were taken as, and their number of all.
    counts: Option<(String, Option<f64>)>,
}

impl Preparation<'_> {
    fn step(&mut self, step: &Step) -> Result<PreparedStep, Error> {
        match step {
            Step::Nonresponse { responded, classes } => {
                let who = condition(responded).map_err(Error::Expression)?;
                let expr = Expr::parse(classes).map_err(Error::Expression)?;
                let who = sample::holds(self.memory, responded, &who)?;
                // from here on those who did not answer have no weight
                let rows = self.in_sample.iter_mut().zip(&who);
                rows.for_each(|(in_sample, answered)| *in_sample &= answered);
                Ok(PreparedStep::Nonresponse {
                    responded: who,
                    classes: sample::coded(self.memory, classes, &expr)?,
                    name: classes.clone(),
                })
            }
            Step::Poststratify(targets) => self.margins(targets, None, "poststratify"),
            Step::Rake {
                targets,
                tolerance,
                iterations,
            } => {
                let mut options = RakeOptions::default();
                options.tolerance = tolerance.unwrap_or(options.tolerance);
                options.iterations = iterations.unwrap_or(options.iterations);
                self.margins(targets, Some(options), "rake")
            }
            Step::Calibrate {
                targets,
                distance,
                tolerance,
                iterations,
            } => {
                let mut options = CalibrateOptions::default();
                options.tolerance = tolerance.unwrap_or(options.tolerance);
                options.iterations = iterations.unwrap_or(options.iterations);
                self.calibration(targets, *distance, options)
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

    fn matched(&mut self, targets: &Targets, step: &str) -> Result<MatchedTargets, Error> {
        let matched = matched(self.memory, targets, step, &self.in_sample)?;
        match (matched.kind, &matched.note) {
            (TargetKind::Counts, note) => {
                let totals = || "the totals of numbers".to_owned();
                self.counts = Some((note.clone().unwrap_or_else(totals), matched.count));
            }
            (TargetKind::Shares | TargetKind::Percents, _) => self.shares = true,
        }
        self.notes.extend(matched.note.clone());
        Ok(matched)
    }

    /// A population scales shares and per cents. As an option without effect it is refused; in a file it is noted, but for
    /// one that contradicts the counts.
    fn check_population(&mut self) -> Result<(), Error> {
        let (Some(population), false) = (self.recipe.population, self.shares) else {
            return Ok(());
        };
        let agrees = |(_, count): &(String, Option<f64>)| {
            count.is_some_and(|count| (count - population).abs() <= SAME * count)
        };
        let noted = self.recipe.from_file && self.counts.as_ref().is_none_or(agrees);
        match &self.counts {
            None if noted => {
                let note = "population has no effect: there are no targets to be scaled";
                self.notes.push(note.to_owned());
            }
            Some(_) if noted => {
                let note = "population has no effect: the targets are counts, and add up to it";
                self.notes.push(note.to_owned());
            }
            None => {
                return Err(Error::Invalid(
                    "there are no targets that a population could scale: leave it out".to_owned(),
                ));
            }
            Some((taken, _)) => {
                return Err(Error::Weighting(weighting::Error::PopulationOfCounts(
                    taken.clone(),
                )));
            }
        }
        Ok(())
    }

    /// Raking, or poststratification without options.
    fn margins(
        &mut self,
        targets: &Targets,
        rake: Option<RakeOptions>,
        name: &'static str,
    ) -> Result<PreparedStep, Error> {
        let in_step = |error: weighting::Error| Error::Step {
            step: name.to_owned(),
            error,
        };
        let number = |target: &&Target| matches!(target.values, TargetValues::Number(_));
        if let Some(number) = targets.variables.iter().find(number) {
            return Err(Error::Invalid(format!(
                "{name}: {} is a number, and {name} takes levels; calibrate takes totals of numbers",
                number.text
            )));
        }
        let matched = self.matched(targets, name)?;
        let population = match matched.kind {
            TargetKind::Counts => matched.count,
            TargetKind::Shares | TargetKind::Percents => self.recipe.population,
        };
        let margins: Vec<Margin> = matched
            .variables
            .into_iter()
            .filter_map(|variable| match variable {
                MatchedTarget::Levels(margin) => Some(margin),
                MatchedTarget::Number { .. } => None,
            })
            .collect();
        if rake.is_none() && margins.len() > 1 {
            return Err(in_step(weighting::Error::SeveralMargins(margins.len())));
        }
        let policy = self.missing_policy(&margins).map_err(in_step)?;
        let rows = self.in_sample.len();
        let missing = |row: &usize| margins.iter().any(|margin| margin.codes[*row] == MISSING);
        let answers = self.in_sample.iter().enumerate();
        let in_sample = answers.filter(|(_, in_sample)| **in_sample);
        self.unanswered += in_sample.filter(|(row, _)| missing(row)).count();
        self.leave_out(&margins, policy);
        Ok(PreparedStep::Margins {
            name,
            margins: Margins::new(&margins, rows, policy, population).map_err(in_step)?,
            given: margins,
            rake,
        })
    }

    /// Those whose weight is 0 after the margins hold are out of the sample from there on.
    fn leave_out(&mut self, margins: &[Margin], policy: MissingPolicy) {
        for margin in margins {
            for (code, in_sample) in margin.codes.iter().zip(&mut self.in_sample) {
                *in_sample &= match margin.targets.get(*code as usize) {
                    Some(target) => *target > 0.0,
                    None => policy == MissingPolicy::OwnCategory,
                };
            }
        }
    }

    /// Those out of the sample have no answers and weight 0; what becomes of the others without is for the recipe to say.
    fn missing_policy(&self, margins: &[Margin]) -> Result<MissingPolicy, weighting::Error> {
        let missing = |margin: &Margin| {
            let rows = margin.codes.iter().zip(&self.in_sample);
            rows.filter(|(code, in_sample)| **code == MISSING && **in_sample)
                .count()
        };
        match self.recipe.missing {
            MissingPolicy::Drop => Ok(MissingPolicy::Drop),
            MissingPolicy::OwnCategory if margins.iter().any(|margin| missing(margin) > 0) => {
                Ok(MissingPolicy::OwnCategory)
            }
            // only those out of the sample lack an answer, and they make no category
            MissingPolicy::OwnCategory => Ok(MissingPolicy::Drop),
            MissingPolicy::Refuse => match margins.iter().find(|margin| missing(margin) > 0) {
                None => Ok(MissingPolicy::Drop),
                Some(margin) => Err(weighting::Error::Missing {
                    variable: margin.name.clone(),
                    count: missing(margin),
                }),
            },
        }
    }

    /// A constant, the dummies of the levels and the numbers, with their totals.
    ///
    /// The number of all is `count()`, else what the targets of a variable with levels add up to; of each variable with
    /// levels the first is left out, as the constant stands for it.
    fn calibration(
        &mut self,
        targets: &Targets,
        distance: Distance,
        options: CalibrateOptions,
    ) -> Result<PreparedStep, Error> {
        let in_step = |error: weighting::Error| Error::Step {
            step: "calibrate".to_owned(),
            error,
        };
        let matched = self.matched(targets, "calibrate")?;
        let (all, total) = match (matched.kind, self.recipe.population) {
            (TargetKind::Counts, _) => (matched.count, Some(1.0)),
            (_, population) => (Some(1.0), population),
        };
        let rows = self.in_sample.len();
        let mut columns = match all {
            Some(_) => Columns::new(rows),
            None => Columns::without_constant(rows),
        };
        let mut totals: Vec<f64> = all.into_iter().collect();
        let mut kept = vec![true; rows];
        for variable in matched.variables {
            match variable {
                MatchedTarget::Number {
                    name,
                    values,
                    total,
                } => {
                    columns = columns.number(&name, values).map_err(in_step)?;
                    totals.push(total);
                }
                MatchedTarget::Levels(margin) => {
                    let margin = without_zero_levels(margin, &mut kept);
                    let first = usize::from(!totals.is_empty());
                    totals.extend(margin.targets.iter().skip(first));
                    columns = columns
                        .levels(&margin.name, margin.levels, margin.codes)
                        .map_err(in_step)?;
                }
            }
        }
        if self.recipe.missing == MissingPolicy::Drop {
            let complete = columns.complete();
            let answers = self.in_sample.iter().zip(&kept).zip(&complete);
            self.unanswered += answers
                .filter(|((in_sample, kept), complete)| **in_sample && **kept && !**complete)
                .count();
            kept.iter_mut()
                .zip(complete)
                .for_each(|(kept, complete)| *kept &= complete);
        }
        let rows = self.in_sample.iter_mut().zip(&kept);
        rows.for_each(|(in_sample, kept)| *in_sample &= kept);
        Ok(PreparedStep::Calibrate {
            auxiliaries: Box::new(Auxiliaries::new(columns, totals).map_err(in_step)?),
            total,
            distance,
            options,
            kept: kept.contains(&false).then_some(kept),
        })
    }
}

/// A margin without the levels of which the target is 0: those who have them are kept no more, and their weight is 0.
fn without_zero_levels(margin: Margin, kept: &mut [bool]) -> Margin {
    let mut places = Vec::with_capacity(margin.levels.len());
    let (mut levels, mut targets) = (Vec::new(), Vec::new());
    for (level, target) in margin.levels.into_iter().zip(margin.targets) {
        places.push(match target > 0.0 {
            true => levels.len() as u32,
            false => MISSING,
        });
        if target > 0.0 {
            levels.push(level);
            targets.push(target);
        }
    }
    let mut codes = margin.codes;
    for (code, kept) in codes.iter_mut().zip(kept) {
        if let Some(place) = places.get(*code as usize) {
            *kept &= *place != MISSING;
            *code = *place;
        }
    }
    Margin::new(margin.name, levels, codes, targets)
}

/// The steps of a recipe on the variables of a sample.
pub struct PreparedSteps {
    steps: Vec<PreparedStep>,
    /// What the targets were taken as, a note a step that has some.
    pub notes: Vec<String>,
    /// Those with a weight who miss an answer that a target is about.
    pub unanswered: usize,
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
    /// Most iterations that a step took.
    pub iterations: usize,
    /// Weights that were outside of the bounds of a step that trims.
    pub trimmed: usize,
}

/// What one step did to weights.
#[derive(Default)]
struct StepOutcome {
    weights: Vec<f64>,
    /// For people.
    note: String,
    /// Largest deviation by iteration, where the step iterates.
    history: Vec<f64>,
    iterations: usize,
    trimmed: usize,
}

/// A step that held weights to totals: its place, the weights before it and after it.
#[derive(Clone, Debug)]
pub struct CalibratedStep {
    pub step: usize,
    pub before: Vec<f64>,
    pub after: Vec<f64>,
}

impl PreparedSteps {
    /// Looks up the variables of all steps, for a sample with these base weights.
    ///
    /// # Errors
    /// Unknown variables and levels, targets that can't be, steps in an order that can't be.
    pub fn new(memory: &Memory, base: &[f64], recipe: &Recipe) -> Result<PreparedSteps, Error> {
        if let Some(Step::Trim { strict: true, .. }) = recipe.steps.first() {
            return Err(Error::Invalid(
                "strict trimming repeats the step before it, and there is none".to_owned(),
            ));
        }
        if base.iter().all(|weight| *weight == 0.0) {
            return Err(Error::Weighting(weighting::Error::BaseWeightsZero));
        }
        let mut preparation = Preparation {
            memory,
            recipe,
            in_sample: base.iter().map(|weight| *weight != 0.0).collect(),
            notes: Vec::new(),
            unanswered: 0,
            shares: false,
            counts: None,
        };
        let mut steps = Vec::with_capacity(recipe.steps.len());
        for step in &recipe.steps {
            steps.push(preparation.step(step)?);
        }
        preparation.check_population()?;
        Ok(PreparedSteps {
            steps,
            notes: preparation.notes,
            unanswered: preparation.unanswered,
        })
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
            iterations: 0,
            trimmed: 0,
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
            weights = self.once(at, &weights)?.weights;
        }
        Ok(weights)
    }

    /// The regression of a step that held weights to totals.
    ///
    /// # Errors
    /// As [`Columns::from_margins`].
    pub fn columns(&self, step: usize) -> Result<Option<Columns>, weighting::Error> {
        match self.steps.get(step) {
            Some(PreparedStep::Margins { margins, given, .. }) => {
                Columns::from_margins(given, margins.rows()).map(Some)
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
            Some(PreparedStep::Calibrate { kept, .. }) => kept_alone(before, kept.as_deref()),
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
        let outcome = self.once(at, &before)?;
        let after = outcome.weights;
        if !outcome.history.is_empty() {
            result.history = outcome.history;
        }
        result.notes.push(outcome.note);
        result.iterations = result.iterations.max(outcome.iterations);
        result.trimmed += outcome.trimmed;
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

    fn once(&self, at: usize, before: &[f64]) -> Result<StepOutcome, weighting::Error> {
        let plain = |weights, note| StepOutcome {
            weights,
            note,
            ..StepOutcome::default()
        };
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
                Ok(plain(adjusted.weights, note))
            }
            PreparedStep::Margins {
                margins,
                rake: None,
                ..
            } => {
                let note = "poststratified".to_owned();
                Ok(plain(margins.poststratify(before)?, note))
            }
            PreparedStep::Margins {
                margins,
                rake: Some(options),
                ..
            } => {
                let raked = margins.rake(before, *options)?;
                let note = format!("raked in {} iterations", raked.iterations);
                Ok(StepOutcome {
                    history: raked.history,
                    iterations: raked.iterations,
                    ..plain(raked.weights, note)
                })
            }
            PreparedStep::Calibrate {
                auxiliaries,
                total,
                distance,
                options,
                kept,
            } => {
                let base = kept_alone(before, kept.as_deref());
                auxiliaries.columns().check_levels(&base)?;
                let total = total.unwrap_or_else(|| chunks::sum(before));
                let calibrated = auxiliaries.calibrate(total, &base, *distance, *options)?;
                let note = match calibrated.redundant.is_empty() {
                    true => format!("calibrated in {} steps", calibrated.iterations),
                    false => format!(
                        "calibrated in {} steps; {} follow from the others",
                        calibrated.iterations,
                        calibrated.redundant.join(", ")
                    ),
                };
                Ok(StepOutcome {
                    history: calibrated.history,
                    iterations: calibrated.iterations,
                    ..plain(calibrated.weights, note)
                })
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
                Ok(StepOutcome {
                    trimmed: trimmed.outside,
                    ..plain(trimmed.weights, note)
                })
            }
            PreparedStep::Trim { limits, .. } => {
                let again = |weights: &[f64]| Ok(self.once(at - 1, weights)?.weights);
                let trimmed = trim_strictly(before, *limits, StrictOptions::default(), again)?;
                let note = format!("trimmed and weighted in turn, {} times", trimmed.passes);
                Ok(StepOutcome {
                    trimmed: trimmed.outside,
                    ..plain(trimmed.weights, note)
                })
            }
            PreparedStep::Normalise(to) => {
                let to = match to {
                    Normalise::Respondents => ScaleTo::Respondents,
                    Normalise::Total(total) => ScaleTo::Total(*total),
                };
                Ok(plain(normalise(before, to)?, "scaled".to_owned()))
            }
        }
    }
}

/// Weights that are scaled at the end were held to scaled totals from the start.
fn rescale(result: &mut WeightingResult, before: &[f64], after: &[f64]) {
    let factor = chunks::sum(after) / chunks::sum(before);
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
