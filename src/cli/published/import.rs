//! `opine import`: collections of polls, made into the CSV that trends are made of, or into rows of an own store.

use std::path::{Path, PathBuf};

use super::columns::RemarkArgs;
use super::data::refused;

use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::cli::tables::{ColumnArgs, TableArgs, TableFile};
use crate::cli::values::entries;
use crate::files;
use crate::present::published::count;
use crate::published::figures::store::{
    Addition, Finding, Store, Table, WriteError, commit_all, init, plan_all,
};
use crate::published::figures::tidy::{self, ImportError, Imported, Mapping};
use crate::published::trend::{Form, Shape, import};
use crate::tabular;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine import president_polls.csv --as 538 -o polls.csv
  opine import sonntagsfrage.csv --as wahlrecht --pollster Forsa -o polls.csv
  opine import table.csv --map 'pollster=Institute,end=Date,n=N,answers=A+B' -o polls.csv
  opine import table.csv --into my-polls --set question=vote,source=report \\
      --map 'pollster=Institute,field_end=Date,n=N,answers=A+B' --dry-run
  opine export --all -o archive.csv
  opine import archive.csv --into copy

Every kind of change is said with its count; nothing is left out uncounted.")]
pub struct Args {
    /// A table of polls: text in any dialect, .xlsx or .ods, or - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// Its form: 538, raw538, wahlrecht, europeelects, swedishpolls, wikipedia, huffpost
    #[arg(long = "as", value_name = "FORM", value_parser = form, required_unless_present_any = ["map", "into"], conflicts_with_all = ["map", "into"])]
    form: Option<Form>,
    /// Which column means what: pollster=…,start=…,end=…,n=…,answers=A+B; with --into as in opine schema export
    #[arg(long, value_name = "OURS=THEIRS,…")]
    map: Option<String>,
    /// Into the polls, samples, questions and figures of an own store; a new folder is made as by opine init --empty
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "pollster"])]
    into: Option<PathBuf>,
    /// What every row has, with --into: question=vote,country=US,source=report
    #[arg(long, value_name = "OURS=VALUE,…", requires = "into")]
    set: Option<String>,
    /// Show what became of each column and what would be added, and add nothing
    #[arg(long, requires = "into")]
    dry_run: bool,
    #[command(flatten)]
    remark: RemarkArgs,
    /// Who asked, where the table is of one house and does not say
    #[arg(long, value_name = "NAME")]
    pollster: Option<String>,
    /// The CSV to write
    #[arg(short, long, value_name = "FILE", required_unless_present = "into")]
    output: Option<PathBuf>,
    #[command(flatten)]
    tables: TableArgs,
    #[command(flatten)]
    columns: ColumnArgs,
}

fn form(text: &str) -> Result<Form, String> {
    let known = Form::ALL.iter().find(|(name, _)| *name == text);
    known.map(|(_, form)| *form).ok_or_else(|| {
        let names: Vec<&str> = Form::ALL.iter().map(|(name, _)| *name).collect();
        format!("“{text}” is none of {}", names.join(", "))
    })
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    if let Some(folder) = &args.into {
        return into_store(&args, folder, session);
    }
    args.remark.refuse("changes.csv is of a store (--into)")?;
    args.columns.refuse(
        "--map names the columns of polls; these are for tables that go into a store (--into)",
    )?;
    let options = args.tables.options();
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
    let output: &Path = args.output.as_deref().unwrap_or(Path::new("-"));
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

/// A table into polls, samples, questions and figures of a store.
fn into_store(args: &Args, folder: &Path, session: &Session) -> Result<(), Failure> {
    let list = |text: &Option<String>| text.as_deref().map(entries).unwrap_or_default();
    let mapping = Mapping::parse(&list(&args.map), &list(&args.set)).map_err(Failure::Usage)?;
    for table in Table::ALL {
        session.paths.input(&folder.join(table.file_name()))?;
    }
    let is_new = !folder.exists();
    let store = match is_new {
        true => Store::empty(folder),
        false => Store::open(folder).map_err(|error| Failure::File(error.to_string()))?,
    };
    let options = tabular::Options {
        columns: args.columns.choice(),
        ..args.tables.options()
    };
    let file = TableFile::open(&args.file, options, session)?;
    let imported = tidy::import(&store, &file.name, &file.bytes, &mapping, &file.options);
    let imported = imported.map_err(|error| match error {
        ImportError::Table(error) => error.into(),
        ImportError::Differs(_) => {
            Failure::Findings(format!("{}: {error}: nothing was written", file.name))
        }
        ImportError::Meaning(_) => Failure::Usage(format!("{}: {error}", file.name)),
    })?;
    session.print(&became(&imported))?;
    for note in &imported.notes {
        session.note(note);
    }
    // planned before a new folder is made for them
    let planned = plan_all(&store, &imported.rows).map_err(WriteError::Refused);
    let added = match (planned, args.dry_run) {
        (Ok(_), false) => {
            if is_new {
                init(folder, true).map_err(|error| Failure::File(error.to_string()))?;
            }
            commit_all(folder, &imported.rows, &args.remark.remark())
        }
        (planned, _) => planned,
    };
    let added = added.map_err(|error| refused(&store, once_each(error), session))?;
    let verb = if args.dry_run {
        "would be added"
    } else {
        "added"
    };
    session.say(&format!(
        "{} {verb} to {}{}",
        counts(&added),
        folder.display(),
        args.remark.words()
    ));
    if !args.dry_run {
        session.say(&format!("next: opine check {}", folder.display()));
    }
    Ok(())
}

/// What became of each column of the table.
fn became(imported: &Imported) -> String {
    let widest = imported
        .columns
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    let line = |(name, became): &(String, String)| format!("{name:<widest$}  {became}\n");
    imported.columns.iter().map(line).collect()
}

fn counts(added: &[Addition]) -> String {
    let counts = added.iter().map(|addition| {
        let (rows, name) = (addition.rows.len(), addition.table.row_name());
        match (rows, addition.table) {
            (1, _) => format!("1 {name}"),
            (rows, Table::Countries) => format!("{rows} countries"),
            (rows, _) => count(rows, name),
        }
    });
    match added.is_empty() {
        true => "nothing".to_owned(),
        false => counts.collect::<Vec<_>>().join(", "),
    }
}

/// Findings on many rows that say the same, once with how many say it.
fn once_each(error: WriteError) -> WriteError {
    let WriteError::Refused(findings) = error else {
        return error;
    };
    let bare = |message: &str| match (message.starts_with("row "), message.split_once(": ")) {
        (true, Some((_, rest))) => rest.to_owned(),
        _ => message.to_owned(),
    };
    let mut kept: Vec<(Finding, usize)> = Vec::new();
    for finding in findings {
        let same = |(other, _): &&mut (Finding, usize)| {
            (other.rule, &other.column) == (finding.rule, &finding.column)
                && bare(&other.message) == bare(&finding.message)
        };
        match kept.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => kept.push((finding, 1)),
        }
    }
    let merged = |(mut finding, count): (Finding, usize)| {
        if count > 1 {
            let rows = if count == 2 { "row" } else { "rows" };
            finding.message = format!("{} (and {} more {rows})", finding.message, count - 1);
        }
        finding
    };
    WriteError::Refused(kept.into_iter().map(merged).collect())
}
