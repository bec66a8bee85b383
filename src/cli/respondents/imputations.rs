//! Imputations that stand in files of their own, or one under the other in one.

use std::path::{Path, PathBuf};

use super::{FileArgs, Respondents};
use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::survey::estimate::Imputations;
use crate::survey::microdata::{Memory, Source, Value};

/// Where further imputations are.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Imputations")]
pub struct ImputationArgs {
    /// Files of the other imputations, FILE being one of them: 'imp*.csv', or a.csv,b.csv
    ///
    /// Each is a file of all respondents. What all say together is by Rubin’s rules; answers that are imputed in columns side
    /// by side are mi(pv1..pv5).
    #[arg(
        long,
        value_name = "FILES",
        value_delimiter = ',',
        hide_short_help = true
    )]
    imputations: Vec<String>,
    /// The column that numbers the imputations in FILE
    ///
    /// Number 0 is the data as they were, and is left out.
    #[arg(
        long,
        value_name = "COLUMN",
        conflicts_with = "imputations",
        hide_short_help = true
    )]
    imputation: Option<String>,
}

impl ImputationArgs {
    /// The option that was named, if any.
    pub fn named(&self) -> Option<&'static str> {
        match (self.imputations.is_empty(), &self.imputation) {
            (false, _) => Some("--imputations"),
            (_, Some(_)) => Some("--imputation"),
            (true, None) => None,
        }
    }

    /// The respondents of each imputation; `None` where there is one file of one.
    ///
    /// # Errors
    /// Files that are not there; a single imputation; a column that numbers none.
    pub fn sources(
        &self,
        file: &FileArgs,
        source: &Respondents,
        session: &Session,
    ) -> Result<Option<Vec<Box<dyn Source>>>, Failure> {
        if let Some(column) = &self.imputation {
            return by_column(source, column, session).map(Some);
        }
        if self.imputations.is_empty() {
            return Ok(None);
        }
        let mut paths: Vec<PathBuf> = vec![file.file.clone()];
        for pattern in &self.imputations {
            for path in matching(pattern)? {
                if !paths.iter().any(|known| is_same(known, &path)) {
                    paths.push(path);
                }
            }
        }
        if paths.len() < 2 {
            return Err(Failure::Usage(format!(
                "--imputations {}: {} alone is one imputation, and it takes two and more",
                self.imputations.join(","),
                file.file.display()
            )));
        }
        let mut all: Vec<Box<dyn Source>> = Vec::new();
        for path in &paths {
            session.paths.input(path)?;
            all.push(Box::new(Respondents::open(path, &file.options(), session)?));
        }
        Ok(Some(all))
    }
}

/// The same texts for each of so many imputations.
pub fn for_sources(texts: &[String], count: usize) -> Imputations {
    Imputations {
        texts: vec![texts.to_vec(); count],
        written: Vec::new(),
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// The files that a name means: one star stands for any letters in the name of a file.
fn matching(pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let path = Path::new(pattern);
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let Some((before, after)) = name.split_once('*') else {
        return Ok(vec![path.to_owned()]);
    };
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::file(folder, error))?;
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::file(folder, error))?;
        let own = entry.file_name().to_string_lossy().into_owned();
        let fits = own.len() >= before.len() + after.len()
            && own.starts_with(before)
            && own.ends_with(after);
        if fits {
            found.push(entry.path());
        }
    }
    found.sort();
    match found.is_empty() {
        true => Err(Failure::Usage(format!(
            "--imputations {pattern}: no file of {} has such a name",
            folder.display()
        ))),
        false => Ok(found),
    }
}

fn by_column(
    source: &Respondents,
    column: &str,
    session: &Session,
) -> Result<Vec<Box<dyn Source>>, Failure> {
    let (parts, without) = Memory::read(source, &[])?.split(column)?;
    if without > 0 {
        session.note(&format!(
            "{without} rows without a value of {column} are of no imputation, and are left out"
        ));
    }
    let is_original = |value: &Value| *value == Value::Number(0.0) || value.text() == "0";
    if parts.iter().any(|(value, _)| is_original(value)) {
        session.note(&format!(
            "{column} 0 are the data as they were, and are left out"
        ));
    }
    let kept = parts.into_iter().filter(|(value, _)| !is_original(value));
    let kept: Vec<Box<dyn Source>> = kept
        .map(|(_, part)| Box::new(part) as Box<dyn Source>)
        .collect();
    match kept.len() {
        0 | 1 => Err(Failure::Usage(format!(
            "--imputation {column}: it numbers {} imputation, and it takes two and more",
            kept.len()
        ))),
        _ => Ok(kept),
    }
}
