//! The file that came in, with its new weights.

use std::path::Path;

use super::error::Error;
use super::weigh::Weighted;
use crate::microdata::write::{WriteColumn, write_csv, write_parquet};
use crate::microdata::{
    Coded, Codes, Kind, Memory, MemoryColumn, OpenOptions, Source, Variable, open,
};

/// Writes the rows and columns of a file in their order, then the new weight, then replicate weights if there are any.
///
/// A delimited file that is written as CSV keeps its entries letter by letter.
///
/// # Errors
/// An ending that is none of .csv and .parquet; a column of that name that is there already; a file that can't be read or
/// written.
pub fn write(
    weighted: &Weighted,
    from: &Path,
    options: &OpenOptions,
    name: &str,
    to: &Path,
) -> Result<(), Error> {
    let ending = |path: &Path| {
        path.extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase()
    };
    let as_csv = match ending(to).as_str() {
        "csv" => true,
        "parquet" => false,
        _ => {
            return Err(Error::Asked(format!(
                "{}: weighted respondents are written as .csv or .parquet",
                to.display()
            )));
        }
    };
    let source = open(from, options)?;
    let names: Vec<String> = source
        .codebook()
        .variables
        .iter()
        .map(|v| v.name.clone())
        .collect();
    let delimited = ["csv", "tsv", "txt", "tab"].contains(&ending(from).as_str());
    let source: Box<dyn Source> = match as_csv && delimited {
        false => source,
        true => open(
            from,
            &OpenOptions {
                na: Vec::new(),
                text: names.clone(),
                ..options.clone()
            },
        )?,
    };
    let mut added = vec![(name.to_owned(), weighted.weighed.weights.clone())];
    if let Some(made) = &weighted.replicates {
        let own = made
            .names()
            .into_iter()
            .map(|replicate| format!("{name}_{replicate}"));
        added.extend(own.zip(made.weights.iter().cloned()));
    }
    if let Some((taken, _)) = added.iter().find(|(new, _)| names.contains(new)) {
        return Err(Error::Asked(format!(
            "the file has a column {taken} already: name the new one otherwise, with --name"
        )));
    }
    let memory = Memory::read(source.as_ref(), &names)?;
    let mut codebook = memory.codebook().clone();
    let mut columns: Vec<(String, WriteColumn)> = names
        .into_iter()
        .zip(memory.columns().iter().map(written))
        .collect();
    for (new, weights) in added {
        codebook.variables.push(Variable::bare(&new, Kind::Number));
        columns.push((new, WriteColumn::Numbers(weights)));
    }
    match as_csv {
        true => write_csv(to, &columns)?,
        false => write_parquet(to, &columns, &codebook)?,
    }
    Ok(())
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
