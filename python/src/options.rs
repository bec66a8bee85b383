//! Keyword arguments as they come from Python: names of flags, and texts, lists, numbers and truths.

use opine::{Design, Lonely, MissingWeights, OpenOptions, RepType, Replicates};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::errors::{raised, wrong_option};

/// An option that was named.
pub struct Named<'py> {
    pub name: String,
    value: Bound<'py, PyAny>,
}

/// The options that are not None, in their order.
pub fn named<'py>(options: &Bound<'py, PyDict>) -> PyResult<Vec<Named<'py>>> {
    let mut all = Vec::new();
    for (name, value) in options.iter() {
        if !value.is_none() {
            all.push(Named {
                name: name.extract()?,
                value,
            });
        }
    }
    Ok(all)
}

impl<'py> Named<'py> {
    pub fn unknown(&self) -> PyErr {
        PyTypeError::new_err(format!("there is no option {}", self.name))
    }

    pub fn text(&self) -> PyResult<String> {
        self.value
            .extract()
            .map_err(|_| wrong_option(&self.name, "a text"))
    }

    /// One text, or several.
    pub fn texts(&self) -> PyResult<Vec<String>> {
        texts(&self.value).map_err(|_| wrong_option(&self.name, "a text or a list of them"))
    }

    pub fn number(&self) -> PyResult<f64> {
        self.value
            .extract()
            .map_err(|_| wrong_option(&self.name, "a number"))
    }

    pub fn whole(&self) -> PyResult<u32> {
        self.value
            .extract()
            .map_err(|_| wrong_option(&self.name, "a whole number"))
    }

    pub fn is_set(&self) -> PyResult<bool> {
        self.value
            .extract()
            .map_err(|_| wrong_option(&self.name, "True or False"))
    }

    pub fn numbers(&self) -> PyResult<Vec<f64>> {
        self.value
            .extract()
            .map_err(|_| wrong_option(&self.name, "a list of numbers"))
    }

    /// Two numbers, of which each may be None.
    pub fn ends(&self) -> PyResult<(Option<f64>, Option<f64>)> {
        self.value
            .extract()
            .map_err(|_| wrong_option(&self.name, "a pair of numbers, (0.2, 5)"))
    }

    /// Names with what belongs to each: a dictionary, or texts `NAME=A,B` that are taken apart by `split`.
    pub fn lists(&self, takes: &str) -> PyResult<Vec<(String, Vec<String>)>> {
        let wrong = || wrong_option(&self.name, takes);
        if let Ok(table) = self.value.cast::<PyDict>() {
            let mut all = Vec::new();
            for (name, list) in table.iter() {
                let list = texts(&list).map_err(|_| wrong())?;
                all.push((name.extract().map_err(|_| wrong())?, list));
            }
            return Ok(all);
        }
        let written = texts(&self.value).map_err(|_| wrong())?.into_iter();
        let parts = written.map(|text| {
            let (name, list) = text.split_once('=').ok_or_else(wrong)?;
            let list = list.split(',').map(|entry| entry.trim().to_owned());
            Ok((name.trim().to_owned(), list.collect()))
        });
        parts.collect()
    }

    /// Texts `NAME=A,B`, also of a dictionary; an entry with a comma in it is put in quotes.
    pub fn written_lists(&self, takes: &str) -> PyResult<Vec<String>> {
        if !self.value.is_instance_of::<PyDict>() {
            return self.texts();
        }
        let quoted = |entry: &String| match entry.contains([',', '"']) {
            true => format!("\"{}\"", entry.replace('"', "\"\"")),
            false => entry.clone(),
        };
        let lists = self.lists(takes)?.into_iter();
        let written = lists.map(|(name, list)| {
            let list: Vec<String> = list.iter().map(quoted).collect();
            format!("{name}={}", list.join(","))
        });
        Ok(written.collect())
    }

    /// Targets: the name of a file, or {"sex": {"Female": 0.51, "Male": 0.49}, "income": 50_000}.
    pub fn targets(&self) -> PyResult<Targets> {
        let wrong = || {
            wrong_option(
                &self.name,
                "a file of targets, or {variable: {level: target}}",
            )
        };
        let Ok(table) = self.value.cast::<PyDict>() else {
            let path: std::path::PathBuf = self.value.extract().map_err(|_| wrong())?;
            return Ok(Targets::File(path));
        };
        let mut rows = Vec::new();
        for (variable, levels) in table.iter() {
            let variable: String = variable.extract().map_err(|_| wrong())?;
            let Ok(levels) = levels.cast::<PyDict>() else {
                // the total of a number
                let total = levels.extract().map_err(|_| wrong())?;
                rows.push((variable, String::new(), total));
                continue;
            };
            for (level, target) in levels.iter() {
                let level = level.str()?.to_string();
                let target = target.extract().map_err(|_| wrong())?;
                rows.push((variable.clone(), level, target));
            }
        }
        Ok(Targets::Rows(rows))
    }
}

/// What weights are held to.
pub enum Targets {
    File(std::path::PathBuf),
    Rows(Vec<(String, String, f64)>),
}

fn texts(value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    match value.cast::<PyString>() {
        Ok(text) => Ok(vec![text.extract()?]),
        Err(_) => {
            let entries: Vec<Bound<'_, PyAny>> = value.extract()?;
            // numbers are levels, too
            entries
                .iter()
                .map(|entry| Ok(entry.str()?.to_string()))
                .collect()
        }
    }
}

/// How a file is read, as options tell; those of the design are left.
pub fn reading<'py>(options: Vec<Named<'py>>) -> PyResult<(OpenOptions, Vec<Named<'py>>)> {
    let mut reading = OpenOptions::default();
    let mut left = Vec::new();
    for option in options {
        match option.name.as_str() {
            "codebook" => reading.codebook = Some(option.text()?.into()),
            "na" => reading.na = Some(option.texts()?),
            "text" => reading.text = option.texts()?,
            "encoding" => reading.encoding = Some(option.text()?),
            "delimiter" => match option.text()?.as_bytes() {
                [byte] => reading.delimiter = Some(*byte),
                _ => return Err(wrong_option("delimiter", "one character")),
            },
            _ => left.push(option),
        }
    }
    Ok((reading, left))
}

/// The design that options tell, of which every part can have an effect.
pub fn design(options: Vec<Named<'_>>) -> PyResult<Design> {
    let design = declared(options)?;
    match design.without_effect() {
        Some((part, why)) => {
            let message = format!("{part} has no effect: {why}");
            Err(raised(&message, "request", Some(part), None))
        }
        None => Ok(design),
    }
}

fn declared(options: Vec<Named<'_>>) -> PyResult<Design> {
    let mut design = Design::default();
    let mut about: Vec<Named<'_>> = Vec::new();
    for option in options {
        match option.name.as_str() {
            "weights" => design.weights = Some(option.text()?),
            "strata" => design.strata = option.texts()?,
            "psu" => design.psu = option.texts()?,
            "fpc" => design.fpc = option.texts()?,
            "nest" => design.nest = option.is_set()?,
            "lonely" => design.lonely = choice::<Lonely>(&option)?,
            "missing_weights" => design.missing_weights = choice::<MissingWeights>(&option)?,
            "df" => design.df = Some(option.number()?),
            "replicates" | "rep_type" | "rho" | "scale" | "rscales" | "mse"
            | "combined_weights" => about.push(option),
            _ => return Err(option.unknown()),
        }
    }
    let find = |name: &str| about.iter().find(|option| option.name == name);
    let Some(columns) = find("replicates") else {
        return match about.first() {
            Some(option) => {
                let message = format!("{} goes with replicates", option.name);
                Err(raised(&message, "request", Some(&option.name), None))
            }
            None => Ok(design),
        };
    };
    let Some(rep_type) = find("rep_type") else {
        let message = "replicates needs rep_type: how they were made";
        return Err(raised(message, "request", Some("rep_type"), None));
    };
    let mut replicates = Replicates::new(&columns.text()?, choice::<RepType>(rep_type)?);
    for option in &about {
        match option.name.as_str() {
            "rho" => replicates.rho = Some(option.number()?),
            "scale" => replicates.scale = Some(option.number()?),
            "rscales" => replicates.rscales = Some(option.numbers()?),
            "mse" => replicates.mse = Some(option.is_set()?),
            "combined_weights" => replicates.combined_weights = option.is_set()?,
            _ => {}
        }
    }
    design.replicates = Some(replicates);
    Ok(design)
}

fn choice<T: std::str::FromStr<Err: std::fmt::Display>>(option: &Named<'_>) -> PyResult<T> {
    option.text()?.parse().map_err(|error: T::Err| {
        let message = format!("{}: {error}", option.name);
        raised(&message, "request", Some(&option.name), None)
    })
}
