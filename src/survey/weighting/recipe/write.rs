//! The file that came in, with its new weights.

use std::path::Path;

use super::error::Error;
use super::weighted::Weighted;
use crate::survey::microdata::write::names::Names;
use crate::survey::microdata::write::{
    WriteColumn, write_csv, write_parquet, write_spss, write_stata,
};
use crate::survey::microdata::{
    Codebook, Coded, Codes, Kind, Measure, Memory, MemoryColumn, OpenOptions, Source, Storage,
    Variable, WithColumns, open, open_as_written,
};

/// A format that respondents are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OutputFormat {
    Csv,
    Parquet,
    Spss,
    Stata,
}

impl OutputFormat {
    fn from_path(path: &Path) -> Result<OutputFormat, Error> {
        match ending(path).as_str() {
            "csv" => Ok(OutputFormat::Csv),
            "parquet" => Ok(OutputFormat::Parquet),
            "sav" | "zsav" => Ok(OutputFormat::Spss),
            "dta" => Ok(OutputFormat::Stata),
            _ => Err(Error::Invalid(format!(
                "{}: weighted respondents are written as .csv, .parquet, .sav, .zsav or .dta",
                path.display()
            ))),
        }
    }

    /// The program that has rules for names.
    fn names(self) -> Option<Names> {
        match self {
            OutputFormat::Csv | OutputFormat::Parquet => None,
            OutputFormat::Spss => Some(Names::Spss),
            OutputFormat::Stata => Some(Names::Stata),
        }
    }
}

fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_lowercase()
}

/// Writes the rows and columns of a file in their order, then the new weight, then replicate weights if there are any.
/// Gives notes back on what the format has no room for and is written otherwise. What made the file stands in the footer of a
/// Parquet file, under the keys of `made_by`.
///
/// A delimited file that is written as CSV keeps its entries letter by letter; SPSS and Stata files keep their
/// dictionary. The latter two are written batch by batch, the others from memory.
///
/// # Errors
/// An ending that is none of .csv, .parquet, .sav, .zsav and .dta; a column of that name that is there already, or that
/// the format refuses; a file that can't be read or written.
pub fn write(
    weighted: &Weighted,
    (from, options): (&Path, &OpenOptions),
    name: &str,
    to: &Path,
    made_by: &[(String, String)],
) -> Result<Vec<String>, Error> {
    let format = OutputFormat::from_path(to)?;
    let letter_by_letter = open_as_written(from, options)?;
    let options = &OpenOptions {
        // a file with a dictionary keeps its own missing values, whatever was left out for this estimate
        na: options.na.clone().filter(|_| letter_by_letter.is_some()),
        ..options.clone()
    };
    let source = open(from, options)?;
    let names: Vec<String> = source
        .codebook()
        .variables
        .iter()
        .map(|v| v.name.clone())
        .collect();
    let added = added(weighted, name, &names, format)?;
    // a codebook of the user’s own is still there
    let lost = labels_lost(source.codebook()).filter(|_| options.codebook.is_none());
    match format {
        OutputFormat::Csv => {
            let source = letter_by_letter.unwrap_or(source);
            let memory = Memory::read(source.as_ref(), &names)?;
            write_csv(to, &columns(&memory, names, added))?;
            return Ok(lost.into_iter().collect());
        }
        OutputFormat::Parquet => {
            let memory = Memory::read(source.as_ref(), &names)?;
            let mut codebook = memory.codebook().clone();
            let new = added
                .iter()
                .map(|(new, _)| Variable::bare(new, Kind::Number));
            codebook.variables.extend(new);
            write_parquet(to, &columns(&memory, names, added), &codebook, made_by)?;
        }
        OutputFormat::Spss => return Ok(write_spss(to, &widened(source.as_ref(), added)?)?),
        OutputFormat::Stata => return Ok(write_stata(to, &widened(source.as_ref(), added)?)?),
    }
    Ok(Vec::new())
}

/// That a CSV has no room for labels: question texts under the header, or those of a dictionary.
fn labels_lost(codebook: &Codebook) -> Option<String> {
    let variables = &codebook.variables;
    let some = |label: &Option<String>| label.as_ref().is_some_and(|label| !label.is_empty());
    let what = match (
        variables.iter().any(|variable| some(&variable.label)),
        variables.iter().any(|variable| !variable.labels.is_empty()),
    ) {
        (false, false) => return None,
        (true, false) => "labels of variables",
        (false, true) => "labels of values",
        (true, true) => "labels of variables and of values",
    };
    Some(format!(
        "{what} are left out: a CSV has no room for them; .sav, .dta and .parquet keep them"
    ))
}

/// The new columns and their names, none of which the file has.
fn added(
    weighted: &Weighted,
    name: &str,
    names: &[String],
    format: OutputFormat,
) -> Result<Vec<(String, Vec<f64>)>, Error> {
    let mut added = vec![(name.to_owned(), weighted.result.weights.clone())];
    if let Some(replicates) = &weighted.replicates {
        let own = replicates
            .names()
            .into_iter()
            .map(|replicate| format!("{name}_{replicate}"));
        added.extend(own.zip(replicates.weights.iter().cloned()));
    }
    let same = |one: &str, other: &str| match format {
        // capitals make no other name in SPSS
        OutputFormat::Spss => one.to_lowercase() == other.to_lowercase(),
        _ => one == other,
    };
    let taken = added
        .iter()
        .find_map(|(new, _)| names.iter().find(|name| same(name, new)));
    if let Some(taken) = taken {
        return Err(Error::Invalid(format!(
            "the file has a column {taken} already: name the new one otherwise, with --name"
        )));
    }
    if let Some(rules) = format.names() {
        for (new, _) in &added {
            if let Some(problem) = rules.refuses(new) {
                let message = format!("{new}: {problem}; name it otherwise, with --name");
                return Err(Error::Invalid(message));
            }
        }
    }
    Ok(added)
}

fn widened(source: &dyn Source, added: Vec<(String, Vec<f64>)>) -> Result<WithColumns<'_>, Error> {
    let variable = |name: &str| {
        let mut variable = Variable::bare(name, Kind::Number);
        variable.measure = Some(Measure::Scale);
        variable.native.storage = Some(Storage::Double);
        variable
    };
    let added = added
        .into_iter()
        .map(|(name, weights)| (variable(&name), weights));
    Ok(WithColumns::new(source, added.collect())?)
}

fn columns(
    memory: &Memory,
    names: Vec<String>,
    added: Vec<(String, Vec<f64>)>,
) -> Vec<(String, WriteColumn)> {
    let own = names.into_iter().zip(memory.columns().iter().map(written));
    let new = added
        .into_iter()
        .map(|(new, weights)| (new, WriteColumn::Numbers(weights)));
    own.chain(new).collect()
}

fn written(column: &MemoryColumn) -> WriteColumn {
    match column {
        MemoryColumn::Numbers(numbers) => WriteColumn::Numbers(numbers.clone()),
        MemoryColumn::Texts { codes, values } => WriteColumn::Codes(Coded {
            codes: Codes::Wide(codes.clone()),
            values: values.clone(),
        }),
    }
}
