//! `opine import`: collections of polls, made into the CSV that trends are made of.

use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::cli::tables::TableFile;
use crate::files;
use crate::published::trend::{Form, Shape, import};
use crate::tabular::{self, DateOrder};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine import president_polls.csv --as 538 -o polls.csv
  opine import sonntagsfrage.csv --as wahlrecht --pollster Forsa -o polls.csv
  opine import table.csv --map 'pollster=Institute,end=Date,n=N,answers=A+B' -o polls.csv

Every kind of change is said with its count; nothing is left out uncounted.")]
pub struct Args {
    /// A table of polls: text in any dialect, .xlsx or .ods, or - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// Its form: 538, raw538, wahlrecht, europeelects, swedishpolls, wikipedia, huffpost
    #[arg(long = "as", value_name = "FORM", value_parser = form, required_unless_present = "map", conflicts_with = "map")]
    form: Option<Form>,
    /// Which column means what, where it has none of these forms: pollster=…,start=…,end=…,n=…,answers=A+B
    #[arg(long, value_name = "COLUMNS")]
    map: Option<String>,
    /// Who asked, where the table is of one house and does not say
    #[arg(long, value_name = "NAME")]
    pollster: Option<String>,
    /// Order of dates, where 5/6/2023 may be two days: dmy or mdy
    #[arg(long, value_name = "ORDER", value_parser = DateOrder::parse)]
    dates: Option<DateOrder>,
    /// The CSV to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

fn form(text: &str) -> Result<Form, String> {
    let known = Form::ALL.iter().find(|(name, _)| *name == text);
    known.map(|(_, form)| *form).ok_or_else(|| {
        let names: Vec<&str> = Form::ALL.iter().map(|(name, _)| *name).collect();
        format!("“{text}” is none of {}", names.join(", "))
    })
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let options = tabular::Options {
        dates: args.dates,
        ..tabular::Options::default()
    };
    let shape = match (&args.form, &args.map) {
        (Some(form), _) => form.shape(),
        (None, Some(map)) => Shape::from_map(map).map_err(Failure::Usage)?,
        (None, None) => {
            return Err(Failure::Usage(
                "name the form with --as or --map".to_owned(),
            ));
        }
    };
    let file = TableFile::open(&args.file, options, session)?;
    let pollster = args.pollster.as_deref();
    let imported = import(&file.name, &file.bytes, &shape, pollster, &file.options)?;
    for change in &imported.changes {
        session.note(change);
    }
    if imported.rows.is_empty() {
        return Err(Failure::Usage(format!(
            "{}: no poll could be read",
            file.name
        )));
    }
    let output: &Path = &args.output;
    match output == Path::new("-") {
        true => session.print_exact(&imported.to_csv())?,
        false => {
            let csv = imported.to_csv();
            files::replace(output, csv.as_bytes()).map_err(|error| Failure::file(output, error))?;
        }
    }
    let mut polls: Vec<&[String]> = imported.rows.iter().map(|row| &row[..4]).collect();
    polls.sort_unstable();
    polls.dedup();
    session.say(&format!(
        "{}: {} polls and results, {} rows",
        output.display(),
        polls.len(),
        imported.rows.len()
    ));
    Ok(())
}
