//! What is done to the weights, as options say it or a recipe.

use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::respondents::DesignArgs;
use crate::cli::streams::Session;
use crate::cli::values;
use crate::frames::words::and;
use crate::survey::design::Design;
use crate::survey::weighting::recipe::{
    Normalise, RakingVariance, Recipe, Step, Targets, Weighted, WeightingResult, distance,
    limit_unit, missing_policy,
};
use crate::survey::weighting::{LevelFit, LimitUnit, Limits, Method, MissingPolicy};
use crate::tabular;

/// What is done to the weights.
#[derive(clap::Args, Clone, Debug)]
pub struct Steps {
    /// Rake to margins: a CSV with variable,level,target
    #[arg(long, value_name = "TARGETS", group = "way")]
    rake: Option<PathBuf>,
    /// Poststratify to the targets of one variable or crossing
    #[arg(long, value_name = "TARGETS", group = "way")]
    poststratify: Option<PathBuf>,
    /// Calibrate to totals of categories and numbers
    #[arg(long, value_name = "TARGETS", group = "way")]
    calibrate: Option<PathBuf>,
    /// The steps of a recipe, a TOML file
    #[arg(long, value_name = "RECIPE", group = "way", conflicts_with_all = ["trim", "normalise", "inclusion", "population", "name"])]
    recipe: Option<PathBuf>,
    /// Distance of calibration: linear, raking or logit [default: linear]
    #[arg(long, value_name = "DISTANCE", requires = "calibrate")]
    distance: Option<String>,
    /// Bounds of new over old weight in calibration: 0.4,2.5
    #[arg(long, value_name = "LOW,HIGH", requires = "calibrate", value_parser = pair)]
    bounds: Option<(Option<f64>, Option<f64>)>,
    /// Cut weights to bounds, either of which may be empty: 0.3,3
    #[arg(long, value_name = "LOW,HIGH", value_parser = pair)]
    trim: Option<(Option<f64>, Option<f64>)>,
    /// They are numbers of weight (default), median, mean or quantile
    #[arg(long, value_name = "UNIT", requires = "trim", value_parser = limit_unit)]
    trim_unit: Option<LimitUnit>,
    /// Trim and weight in turn until both hold
    #[arg(long, requires = "trim")]
    pub strict: bool,
    /// Let go of what was cut, in the place of spreading it over the others
    #[arg(long, requires = "trim", conflicts_with = "strict")]
    no_redistribution: bool,
    /// Largest relative difference from a target [default: 1e-10]; poststratification meets any at once
    #[arg(long, value_name = "T", requires = "way", value_parser = values::positive)]
    pub tolerance: Option<f64>,
    /// Most iterations [default: 1000; 200 for calibration]
    #[arg(long, value_name = "N", requires = "way")]
    pub iterations: Option<usize>,
    /// Number of people that targets given as shares are scaled to [default: the sum of the base weights]
    #[arg(long, value_name = "N", value_parser = values::positive)]
    pub population: Option<f64>,
    /// Missing answers to targets: refuse, drop or category
    ///
    /// drop gives weight 0, category a share of their own.
    #[arg(long, value_name = "HOW", requires = "way", value_parser = missing_policy)]
    no_answer: Option<MissingPolicy>,
    /// Scale the weights: respondents (a mean of 1) or a total
    #[arg(long, value_name = "TO", value_parser = normalise)]
    normalise: Option<Normalise>,
    /// Column of inclusion probabilities, in the place of weights
    #[arg(long, value_name = "COLUMN", conflicts_with = "weights")]
    inclusion: Option<String>,
    /// Replicate weights by the same steps: jk1, jkn, bootstrap:200, …
    ///
    /// One of jk1, jkn, brr, fay:0.3, bootstrap:200, subbootstrap:200, sdr:80.
    #[arg(long, value_name = "TYPE[:N]", value_parser = replicates)]
    pub make_replicates: Option<Method>,
    /// Seed of the bootstrap [default: 1]
    #[arg(long, value_name = "SEED", requires = "make_replicates")]
    seed: Option<u64>,
    /// Name of the new column [default: new_weight]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// Targets that are met so nearly are met exactly.
const EXACT: f64 = 1e-9;

/// The largest relative difference from a target.
fn deviation(result: &WeightingResult) -> f64 {
    let apart = |fit: &LevelFit| (fit.after - fit.target).abs() / fit.target.max(EXACT);
    match result.fits.as_slice() {
        [] => result.history.last().copied().unwrap_or(0.0),
        fits => fits.iter().map(apart).fold(0.0, f64::max),
    }
}

pub fn raking_variance(text: &str) -> Result<RakingVariance, String> {
    match text {
        "greg" => Ok(RakingVariance::Greg),
        "projection" => Ok(RakingVariance::Projection),
        _ => Err("it is greg or projection".to_owned()),
    }
}

fn pair(text: &str) -> Result<(Option<f64>, Option<f64>), String> {
    let wrong = || format!("{text:?}: write LOW,HIGH; one of them may be empty");
    let (low, high) = text.split_once(',').ok_or_else(wrong)?;
    let end = |text: &str| match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| wrong()),
    };
    let ends = (end(low)?, end(high)?);
    if ends == (None, None) {
        return Err(wrong());
    }
    Ok(ends)
}

fn normalise(text: &str) -> Result<Normalise, String> {
    match (text, text.parse::<f64>()) {
        ("respondents", _) => Ok(Normalise::Respondents),
        (_, Ok(total)) if total > 0.0 && total.is_finite() => Ok(Normalise::Total(total)),
        _ => Err("it is respondents, or a total above 0".to_owned()),
    }
}

fn replicates(text: &str) -> Result<Method, String> {
    let (kind, number) = match text.split_once(':') {
        Some((kind, number)) => (kind, Some(number)),
        None => (text, None),
    };
    let count = |default: usize| match number {
        None => Ok(default),
        Some(text) => text
            .parse()
            .map_err(|_| format!("{text:?} is no number of replicates")),
    };
    match (kind, number) {
        ("jk1", None) => Ok(Method::Jk1),
        ("jkn", None) => Ok(Method::Jkn),
        ("brr", None) => Ok(Method::Brr),
        ("fay", Some(rho)) => match rho.parse() {
            Ok(rho) if (0.0..1.0).contains(&rho) => Ok(Method::Fay { rho }),
            _ => Err("fay:RHO takes a number from 0 to below 1".to_owned()),
        },
        ("bootstrap", _) => Ok(Method::Bootstrap {
            replicates: count(200)?,
            seed: 1,
        }),
        ("subbootstrap", _) => Ok(Method::Subbootstrap {
            replicates: count(200)?,
            seed: 1,
        }),
        ("sdr", _) => Ok(Method::Successive {
            replicates: match number {
                None => None,
                Some(_) => Some(count(0)?),
            },
        }),
        _ => Err(
            "it is one of jk1, jkn, brr, fay:RHO, bootstrap:N, subbootstrap:N, sdr:N".to_owned(),
        ),
    }
}

/// The files of targets that a recipe names. One that can’t be read has none; that it can’t is said when it is used.
fn targets_of_recipe(path: &Path) -> Vec<PathBuf> {
    let text = crate::files::read_small_text(path).unwrap_or_default();
    let recipe: toml::Table = text.parse().unwrap_or_default();
    let steps = recipe.get("step").and_then(toml::Value::as_array);
    let files = steps.into_iter().flatten();
    let files = files.filter_map(|step| step.get("targets")?.as_str());
    files.map(|file| path.with_file_name(file)).collect()
}

/// The recipe of a file, and the design that it brings; the files that it names are read.
pub fn recipe_of(
    path: &Path,
    options: &tabular::Options,
    session: &Session,
) -> Result<(Recipe, Option<Design>), Failure> {
    for targets in targets_of_recipe(path) {
        session.paths.input(&targets)?;
    }
    Ok(Recipe::read(path, options)?)
}

/// What the foot calls new weights.
pub fn new_weights(made_from: &Option<String>) -> String {
    match made_from {
        Some(column) if !column.starts_with('\u{1}') => format!("new weights, made from {column}"),
        _ => "new weights".to_owned(),
    }
}

/// The design that a recipe brings, or that of the flags: not both.
pub fn design_beside(
    in_recipe: Option<Design>,
    flags: &DesignArgs,
    session: &Session,
) -> Result<Design, Failure> {
    match in_recipe {
        Some(design) if flags.is_empty() => Ok(design),
        Some(_) => Err(Failure::Usage(
            "the recipe brings its design: leave out the flags of the design, or [design] in the recipe".to_owned(),
        )),
        None => flags.read(session),
    }
}

impl Steps {
    /// Options that say more of a step that is not asked for.
    pub fn refuse_without_step(&self) -> Result<(), Failure> {
        let (calibrated, trimmed) = (self.calibrate.is_some(), self.trim.is_some());
        let in_recipe = self.recipe.is_some();
        let rules = [
            (
                self.distance.is_some() && !calibrated,
                "--distance",
                "it goes with --calibrate",
            ),
            (
                self.bounds.is_some() && !calibrated,
                "--bounds",
                "it goes with --calibrate",
            ),
            (
                self.trim_unit.is_some() && !trimmed,
                "--trim-unit",
                "it goes with --trim",
            ),
            (self.strict && !trimmed, "--strict", "it goes with --trim"),
            (
                self.no_redistribution && !trimmed,
                "--no-redistribution",
                "it goes with --trim",
            ),
            (
                self.tolerance.is_some() && in_recipe,
                "--tolerance",
                "the steps of a recipe say their own",
            ),
            (
                self.iterations.is_some() && in_recipe,
                "--iterations",
                "the steps of a recipe say their own",
            ),
        ];
        match rules.into_iter().find(|(is, _, _)| *is) {
            Some((_, option, why)) => Err(Failure::no_effect(option, why)),
            None => Ok(()),
        }
    }

    /// Whether tables of targets are read.
    pub fn has_targets(&self) -> bool {
        let files = [
            &self.rake,
            &self.poststratify,
            &self.calibrate,
            &self.recipe,
        ];
        files.into_iter().any(Option::is_some)
    }

    /// What found nothing to do in these data.
    pub fn note_unused(&self, weighted: &Weighted, session: &Session) {
        let result = &weighted.result;
        let trims = [
            (self.trim.is_some(), "--trim"),
            (self.trim_unit.is_some(), "--trim-unit"),
            (self.strict, "--strict"),
            (self.no_redistribution, "--no-redistribution"),
        ];
        let trims = trims.into_iter().filter(|(is, _)| *is);
        let trims: Vec<String> = trims.map(|(_, option)| option.to_owned()).collect();
        let loose = self.tolerance.is_some_and(|tolerance| tolerance > EXACT);
        let notes = [
            (
                self.no_answer
                    .is_some_and(|how| how != MissingPolicy::Refuse)
                    && weighted.unanswered() == 0,
                "--no-answer changes nothing: nobody with a weight misses an answer".to_owned(),
            ),
            (
                !trims.is_empty() && result.trimmed == 0,
                format!(
                    "{} {} nothing: no weight is outside of the bounds",
                    and(&trims),
                    if trims.len() == 1 {
                        "changes"
                    } else {
                        "change"
                    }
                ),
            ),
            (
                self.iterations.is_some(),
                format!(
                    "--iterations changes nothing: {} {} enough",
                    result.iterations,
                    if result.iterations == 1 {
                        "was"
                    } else {
                        "were"
                    }
                ),
            ),
            (
                loose && deviation(result) <= EXACT,
                "--tolerance changes nothing: the targets are met exactly".to_owned(),
            ),
            (
                self.bounds.is_some()
                    && self.distance.as_deref().is_none_or(|of| of == "linear")
                    && !self.are_reached(weighted),
                "--bounds changes nothing: no weight reaches them".to_owned(),
            ),
        ];
        for (_, note) in notes.into_iter().filter(|(is, _)| *is) {
            session.note(&note);
        }
    }

    /// Whether a weight, divided by the one before, is at a bound of calibration.
    fn are_reached(&self, weighted: &Weighted) -> bool {
        let Some((low, high)) = self.bounds else {
            return true;
        };
        let (low, high) = (low.unwrap_or(0.0), high.unwrap_or(f64::INFINITY));
        let mut pairs = weighted
            .result
            .calibrations
            .iter()
            .flat_map(|held| held.before.iter().zip(&held.after))
            .filter(|(before, _)| **before > 0.0);
        pairs.any(|(before, after)| {
            let ratio = after / before;
            ratio <= low + EXACT || ratio >= high - EXACT
        })
    }

    /// The recipe that the flags or the file say, and the design that the file brings.
    pub fn recipe(
        &self,
        options: &tabular::Options,
        session: &Session,
    ) -> Result<(Recipe, Option<Design>), Failure> {
        if let Some(path) = &self.recipe {
            let (mut recipe, design) = recipe_of(path, options, session)?;
            recipe.missing = self.no_answer.unwrap_or(recipe.missing);
            return Ok((recipe, design));
        }
        let mut recipe = Recipe {
            missing: self.no_answer.unwrap_or_default(),
            population: self.population,
            inclusion: self.inclusion.clone(),
            ..Recipe::default()
        };
        if let Some(name) = &self.name {
            recipe.name.clone_from(name);
        }
        let read = |path: &PathBuf| Targets::read(path, options);
        if let Some(path) = &self.rake {
            recipe.steps.push(Step::Rake {
                targets: read(path)?,
                tolerance: self.tolerance,
                iterations: self.iterations,
            });
        }
        if let Some(path) = &self.poststratify {
            recipe.steps.push(Step::Poststratify(read(path)?));
        }
        if let Some(path) = &self.calibrate {
            let bounds = match self.bounds {
                None => None,
                Some((Some(low), Some(high))) => Some((low, high)),
                Some(_) => return Err(Failure::Usage("--bounds takes both: LOW,HIGH".to_owned())),
            };
            recipe.steps.push(Step::Calibrate {
                targets: read(path)?,
                distance: distance(self.distance.as_deref(), bounds).map_err(Failure::Usage)?,
                tolerance: self.tolerance,
                iterations: self.iterations,
            });
        }
        if let Some((low, high)) = self.trim {
            recipe.steps.push(Step::Trim {
                limits: Limits {
                    low,
                    high,
                    unit: self.trim_unit.unwrap_or_default(),
                },
                strict: self.strict,
                redistribute: !self.no_redistribution,
            });
        }
        recipe.steps.extend(self.normalise.map(Step::Normalise));
        if recipe.steps.is_empty() && self.make_replicates.is_none() && recipe.inclusion.is_none() {
            return Err(Failure::Usage(
                "nothing to do: name --rake, --poststratify, --calibrate, --recipe, --trim, --normalise, --inclusion or --make-replicates".to_owned(),
            ));
        }
        Ok((recipe, None))
    }

    pub fn replicates(&self) -> Result<Option<Method>, Failure> {
        match (self.make_replicates, self.seed) {
            (Some(Method::Bootstrap { replicates, .. }), Some(seed)) => {
                Ok(Some(Method::Bootstrap { replicates, seed }))
            }
            (Some(Method::Subbootstrap { replicates, .. }), Some(seed)) => {
                Ok(Some(Method::Subbootstrap { replicates, seed }))
            }
            (Some(method), Some(_)) => Err(Failure::Usage(format!(
                "--seed has no effect on {}: nothing is drawn",
                method.name()
            ))),
            (method, None) => Ok(method),
            (None, Some(_)) => Ok(None),
        }
    }
}
