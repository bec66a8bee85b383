//! `opine compare` of rows that a file of estimates has.

use std::path::Path;

use super::args::Args;
use super::pick::{RowPick, cell};
use crate::cli::failure::Failure;
use crate::cli::output::Document;
use crate::cli::streams::Session;
use crate::cli::tables::TableFile;
use crate::frames::words::nearest;
use crate::frames::{Comparison, Comparisons, Estimate};
use crate::present::lists;
use crate::present::published::{rows_table, write_row_sentences};
use crate::published::compare::{row_label, rows_differences};
use crate::published::lists::ListedFigure;
use crate::tabular::{self, Unit};

/// Whether a text on the command line means a file of estimates.
pub fn is_file(text: &str) -> bool {
    let json = Path::new(text)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    text == "-" || json || tabular::is_table(Path::new(text))
}

/// What a file on the command line holds.
pub enum FileRows {
    Estimates(Vec<Estimate>),
    /// A plain list of labels and per cents.
    List(Vec<ListedFigure>),
}

/// Reads a file, which is said where something had to be assumed.
pub fn read(path: &str, args: &Args, session: &Session) -> Result<FileRows, Failure> {
    let options = tabular::Options {
        decimal: args.decimal,
        unit: match (args.shares, args.percents) {
            (true, _) => Some(Unit::Shares),
            (_, true) => Some(Unit::Percents),
            _ => None,
        },
        columns: args.columns.choice(),
        ..tabular::Options::default()
    };
    let file = TableFile::open(path, options, session)?;
    let wrong = |error: lists::Error| match error {
        lists::Error::Table(error) => error.into(),
        other => Failure::Usage(format!("{path}: {other}")),
    };
    let (rows, note) = match lists::read(&file.name, &file.bytes, &file.options).map_err(wrong)? {
        lists::Input::List(mut list) => {
            let figures = list.figures().map_err(wrong)?;
            (FileRows::List(figures), list.note())
        }
        lists::Input::Estimates(estimates, note) => {
            if args.shares || args.percents {
                return Err(Failure::no_effect(
                    "--shares and --percents",
                    "estimates are shares of 1",
                ));
            }
            args.columns
                .refuse("rows of estimates are taken as they are")?;
            let rows = estimates.rows();
            let rows = rows.map_err(|error| Failure::Usage(format!("{path}: {error}")))?;
            (FileRows::Estimates(rows), note)
        }
    };
    if let Some(note) = note {
        session.note(&note);
    }
    Ok(rows)
}

/// The row that a pick means, or the only one.
fn only<'r>(
    path: &str,
    rows: &'r [Estimate],
    pick: Option<&RowPick>,
) -> Result<&'r Estimate, Failure> {
    let fitting: Vec<&Estimate> = rows
        .iter()
        .filter(|row| pick.is_none_or(|pick| pick.fits(row)))
        .collect();
    let picked = pick.map_or(String::new(), |pick| format!(" with {}", pick.written()));
    match fitting.as_slice() {
        [row] => Ok(row),
        [] => Err(Failure::Usage(format!(
            "{path} has no row{picked}{}",
            pick.map_or(String::new(), |pick| hint(rows, pick))
        ))),
        several => {
            let shown: Vec<String> = several.iter().take(6).map(|row| row_label(row)).collect();
            let more = if several.len() > shown.len() {
                "; …"
            } else {
                ""
            };
            Err(Failure::Usage(format!(
                "{path} has {} rows{picked}: pick one with --row COLUMN=VALUE,… ({}{more})",
                several.len(),
                shown.join("; ")
            )))
        }
    }
}

/// The nearest name of a column or of a value that is there.
fn hint(rows: &[Estimate], pick: &RowPick) -> String {
    let fixed = ["source", "variable", "level", "statistic"].map(str::to_owned);
    let groups = rows
        .iter()
        .flat_map(|row| row.groups.iter().map(|(name, _)| name.clone()));
    let columns: Vec<String> = fixed.into_iter().chain(groups).collect();
    for (name, value) in &pick.columns {
        if !columns.contains(name) {
            let near = nearest(name, columns.iter().map(String::as_str));
            let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            return format!(": there is no column {name}{near}");
        }
        let values: Vec<String> = rows.iter().map(|row| cell(row, name)).collect();
        if !values.contains(value) {
            let near = nearest(value, values.iter().map(String::as_str));
            let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            return format!(": no {name} is “{value}”{near}");
        }
    }
    String::new()
}

/// A file with its estimates.
pub type EstimatesFile = (String, Vec<Estimate>);

/// The rows to compare: of one file by a pick each, or of several files, one each.
fn picked_rows(files: Vec<EstimatesFile>, picks: &[RowPick]) -> Result<Vec<Estimate>, Failure> {
    let mut rows = Vec::new();
    match (files.as_slice(), picks) {
        ([(path, all)], []) => {
            if all.len() != 2 {
                return Err(Failure::Usage(format!(
                    "{path} has {} rows: pick two of them, each with --row COLUMN=VALUE,…",
                    all.len()
                )));
            }
            rows.clone_from(all);
        }
        ([(path, all)], picks) => {
            for pick in picks {
                rows.push(only(path, all, Some(pick))?.clone());
            }
        }
        (files, picks) if picks.len() <= 1 || picks.len() == files.len() => {
            for (at, (path, all)) in files.iter().enumerate() {
                let pick = picks.get(at).or(picks.first().filter(|_| picks.len() == 1));
                rows.push(only(path, all, pick)?.clone());
            }
        }
        _ => {
            return Err(Failure::Usage(format!(
                "{} files and {} times --row: give it once for all, or once for each file",
                files.len(),
                picks.len()
            )));
        }
    }
    match rows.len() {
        0 | 1 => Err(Failure::Usage(
            "one row only: pick another with --row COLUMN=VALUE,…".to_owned(),
        )),
        _ => Ok(rows),
    }
}

pub fn run(files: Vec<EstimatesFile>, args: &Args, session: &Session) -> Result<(), Failure> {
    let (level, adjust) = (args.level, args.adjust);
    let rows = picked_rows(files, &args.row)?;
    if adjust.is_some() && rows.len() < 3 {
        return Err(Failure::Usage(
            "--adjust has no effect here: there is one comparison only".to_owned(),
        ));
    }
    let adjust = adjust.unwrap_or_default();
    let mut compared = rows_differences(&rows, level, adjust).map_err(Failure::usage)?;
    write_row_sentences(&mut compared, &rows, level);
    let table = rows_table(&rows, &compared, level, adjust);
    let rows: Vec<Comparison> = compared.into_iter().map(|one| one.row).collect();
    args.output.print(
        &Document {
            tables: vec![table],
            sentences: Vec::new(),
            frame: Comparisons::from_rows(&rows)
                .map_err(Failure::usage)?
                .into_frame(),
        },
        session,
    )
}
