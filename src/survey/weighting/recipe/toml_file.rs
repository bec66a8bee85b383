//! A recipe as a TOML file, so that weights can be made again.
//!
//! ```toml
//! name = "weight"           # the new column
//! missing = "refuse"        # or drop, category
//! population = 1200000      # what shares are scaled to; else the sum of the base weights
//!
//! [design]                  # as in a design file
//! weights = "base"
//! psu = ["psu"]
//!
//! [[step]]
//! method = "nonresponse"
//! responded = "status == 'complete'"
//! classes = "region:cut(age, 40)"
//!
//! [[step]]
//! method = "rake"
//! targets = "targets.csv"   # beside the recipe
//!
//! [[step]]
//! method = "trim"
//! low = 0.3
//! high = 3
//! unit = "median"           # weight, median, mean, quantile
//! strict = true
//!
//! [[step]]
//! method = "normalise"
//! to = "respondents"        # or a total
//! ```

use std::path::Path;

use toml::{Table, Value};

use super::error::Error;
use super::targets::Targets;
use super::{Normalise, Recipe, Step};
use crate::survey::design::Design;
use crate::survey::weighting::{Distance, LimitUnit, Limits, MissingPolicy};
use crate::tabular;

impl Recipe {
    /// Reads a recipe, and the design in it if there is one; its files of targets are read by `options`.
    ///
    /// # Errors
    /// [`Error::Recipe`] with the step and what would be right.
    pub fn read(
        path: &Path,
        options: &tabular::Options,
    ) -> Result<(Recipe, Option<Design>), Error> {
        let io = |source| Error::Io {
            path: path.to_owned(),
            source,
        };
        if std::fs::metadata(path).map_err(io)?.len() > LARGEST {
            return Err(Error::Recipe {
                path: path.display().to_string(),
                message: "this is no recipe: it has more than 16 MB".to_owned(),
            });
        }
        let text = crate::files::read_small_text(path).map_err(io)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Recipe::parse(&text, folder, options).map_err(|error| match error {
            Error::Recipe { message, .. } => Error::Recipe {
                path: path.display().to_string(),
                message,
            },
            other => other,
        })
    }

    /// The same from a text; files of targets lie in `folder`.
    ///
    /// # Errors
    /// As [`Recipe::read`].
    pub fn parse(
        text: &str,
        folder: &Path,
        options: &tabular::Options,
    ) -> Result<(Recipe, Option<Design>), Error> {
        let table: Table = text
            .parse()
            .map_err(|error: toml::de::Error| wrong(error.to_string().trim_end()))?;
        known(
            &table,
            &[
                "name",
                "missing",
                "population",
                "inclusion",
                "design",
                "step",
            ],
            "a recipe",
        )?;
        let mut recipe = Recipe {
            from_file: true,
            ..Recipe::default()
        };
        if let Some(name) = text_of(&table, "name")? {
            recipe.name = name;
        }
        if let Some(missing) = text_of(&table, "missing")? {
            recipe.missing = missing_policy(&missing).map_err(|message| wrong(&message))?;
        }
        recipe.population = number(&table, "population")?;
        recipe.inclusion = text_of(&table, "inclusion")?;
        let design = match table.get("design") {
            None => None,
            Some(Value::Table(design)) => Some(Design::from_toml(&design.to_string())?),
            Some(other) => {
                return Err(wrong(&format!("design is a table of its own, not {other}")));
            }
        };
        let steps = match table.get("step") {
            Some(Value::Array(steps)) if !steps.is_empty() => steps,
            _ => return Err(wrong("a recipe has steps: [[step]] with a method each")),
        };
        for (at, entry) in steps.iter().enumerate() {
            let Value::Table(entry) = entry else {
                return Err(wrong(&format!("step {}: a table with a method", at + 1)));
            };
            recipe
                .steps
                .push(step(entry, folder, options).map_err(|error| match error {
                    Error::Recipe { path, message } => Error::Recipe {
                        path,
                        message: format!("step {}: {message}", at + 1),
                    },
                    other => other,
                })?);
        }
        Ok((recipe, design))
    }
}

/// Bytes of the largest file that is read as a recipe.
const LARGEST: u64 = 16 << 20;

/// What becomes of missing answers, by its name.
///
/// # Errors
/// Another name.
pub fn missing_policy(name: &str) -> Result<MissingPolicy, String> {
    match name {
        "refuse" => Ok(MissingPolicy::Refuse),
        "drop" => Ok(MissingPolicy::Drop),
        "category" => Ok(MissingPolicy::OwnCategory),
        other => Err(format!("{other} is none of refuse, drop, category")),
    }
}

fn wrong(message: &str) -> Error {
    Error::Recipe {
        path: "recipe".to_owned(),
        message: message.to_owned(),
    }
}

/// Refuses keys that say nothing.
fn known(table: &Table, keys: &[&str], table_name: &str) -> Result<(), Error> {
    match table.keys().find(|key| !keys.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(wrong(&format!(
            "{key} is no part of {table_name}; these are: {}",
            keys.join(", ")
        ))),
    }
}

fn step(table: &Table, folder: &Path, options: &tabular::Options) -> Result<Step, Error> {
    let method = text_of(table, "method")?.ok_or_else(|| wrong("method is missing"))?;
    let keys = |own: &[&'static str]| {
        let all: Vec<&str> = std::iter::once("method")
            .chain(own.iter().copied())
            .collect();
        known(table, &all, &method)
    };
    match method.as_str() {
        "nonresponse" => {
            keys(&["responded", "classes"])?;
            let needed =
                |key: &str| text_of(table, key)?.ok_or_else(|| wrong(&format!("{key} is missing")));
            Ok(Step::Nonresponse {
                responded: needed("responded")?,
                classes: needed("classes")?,
            })
        }
        "poststratify" => {
            keys(&["targets"])?;
            Ok(Step::Poststratify(targets(table, folder, options)?))
        }
        "rake" => {
            keys(&["targets", "tolerance", "iterations"])?;
            Ok(Step::Rake {
                targets: targets(table, folder, options)?,
                tolerance: number(table, "tolerance")?,
                iterations: whole(table, "iterations")?,
            })
        }
        "calibrate" => {
            keys(&["targets", "distance", "bounds", "tolerance", "iterations"])?;
            let bounds = match table.get("bounds") {
                None => None,
                Some(Value::Array(ends)) if ends.len() == 2 => Some((
                    as_number("bounds", &ends[0])?,
                    as_number("bounds", &ends[1])?,
                )),
                Some(other) => {
                    return Err(wrong(&format!(
                        "bounds are two numbers, as [0.3, 3], not {other}"
                    )));
                }
            };
            let name = text_of(table, "distance")?;
            Ok(Step::Calibrate {
                targets: targets(table, folder, options)?,
                distance: distance(name.as_deref(), bounds).map_err(|message| wrong(&message))?,
                tolerance: number(table, "tolerance")?,
                iterations: whole(table, "iterations")?,
            })
        }
        "trim" => {
            keys(&["low", "high", "unit", "strict", "redistribute"])?;
            let unit = text_of(table, "unit")?;
            let limits = Limits {
                low: number(table, "low")?,
                high: number(table, "high")?,
                unit: limit_unit(unit.as_deref().unwrap_or("weight")).map_err(|m| wrong(&m))?,
            };
            if limits.low.is_none() && limits.high.is_none() {
                return Err(wrong("trim needs low, high or both"));
            }
            Ok(Step::Trim {
                limits,
                strict: flag(table, "strict")?.unwrap_or(false),
                redistribute: flag(table, "redistribute")?.unwrap_or(true),
            })
        }
        "normalise" => {
            keys(&["to"])?;
            match table.get("to") {
                None => Ok(Step::Normalise(Normalise::Respondents)),
                Some(Value::String(text)) if text == "respondents" => {
                    Ok(Step::Normalise(Normalise::Respondents))
                }
                Some(value) => Ok(Step::Normalise(Normalise::Total(as_number("to", value)?))),
            }
        }
        other => Err(wrong(&format!(
            "{other} is no method; these are: nonresponse, poststratify, rake, calibrate, trim, normalise"
        ))),
    }
}

/// Targets in a file beside the recipe, or in the recipe itself as tables of levels.
fn targets(table: &Table, folder: &Path, options: &tabular::Options) -> Result<Targets, Error> {
    match table.get("targets") {
        Some(Value::String(file)) => Targets::read(&folder.join(file), options),
        Some(Value::Table(variables)) => {
            let mut targets = Targets::default();
            for (variable, levels) in variables {
                let lines = match levels {
                    Value::Table(levels) => levels
                        .iter()
                        .map(|(level, value)| Ok((level.as_str(), as_number(level, value)?)))
                        .collect::<Result<Vec<_>, Error>>()?,
                    one => vec![("", as_number(variable, one)?)],
                };
                for (level, target) in lines {
                    targets
                        .add(variable, level, target)
                        .map_err(|message| wrong(&message))?;
                }
            }
            Ok(targets)
        }
        _ => Err(wrong(
            "targets are missing: the name of a CSV file, or a table of levels for each variable",
        )),
    }
}

/// A distance by its name; with bounds, linear is cut to them and logit needs them.
///
/// # Errors
/// An unknown name, bounds that don't go with it.
pub fn distance(name: Option<&str>, bounds: Option<(f64, f64)>) -> Result<Distance, String> {
    match (name.unwrap_or("linear"), bounds) {
        ("linear", None) => Ok(Distance::Linear),
        ("linear", Some((low, high))) => Ok(Distance::LinearBounded { low, high }),
        ("raking", None) => Ok(Distance::Raking),
        ("raking", Some(_)) => {
            Err("distance raking has no bounds; take logit or linear".to_owned())
        }
        ("logit", Some((low, high))) => Ok(Distance::Logit { low, high }),
        ("logit", None) => {
            Err("distance logit needs bounds of new over old weight, as in 0.4,2.5".to_owned())
        }
        (other, _) => Err(format!("{other} is none of linear, raking, logit")),
    }
}

/// What the limits of trimming are numbers of, by its name.
///
/// # Errors
/// Another name.
pub fn limit_unit(name: &str) -> Result<LimitUnit, String> {
    match name {
        "weight" => Ok(LimitUnit::Weight),
        "median" => Ok(LimitUnit::Median),
        "mean" => Ok(LimitUnit::Mean),
        "quantile" => Ok(LimitUnit::Quantile),
        other => Err(format!("{other} is none of weight, median, mean, quantile")),
    }
}

fn text_of(table: &Table, key: &str) -> Result<Option<String>, Error> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(wrong(&format!("{key} takes a text in quotes, not {other}"))),
    }
}

fn flag(table: &Table, key: &str) -> Result<Option<bool>, Error> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::Boolean(flag)) => Ok(Some(*flag)),
        Some(other) => Err(wrong(&format!("{key} is true or false, not {other}"))),
    }
}

fn as_number(key: &str, value: &Value) -> Result<f64, Error> {
    match value {
        Value::Integer(number) => Ok(*number as f64),
        Value::Float(number) => Ok(*number),
        other => Err(wrong(&format!("{key} takes a number, not {other}"))),
    }
}

fn whole(table: &Table, key: &str) -> Result<Option<usize>, Error> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::Integer(number)) if *number > 0 => Ok(usize::try_from(*number).ok()),
        Some(other) => Err(wrong(&format!(
            "{key} takes a whole number above 0, not {other}"
        ))),
    }
}

fn number(table: &Table, key: &str) -> Result<Option<f64>, Error> {
    table
        .get(key)
        .map(|value| as_number(key, value))
        .transpose()
}
