//! A wide or long table of figures into polls, samples, questions and figures.

use super::error::ImportError;
use super::mapping::{Mapping, N, Values, our_name};
use super::rows::{StoreRows, gather};
use super::shares::{fill_nets, shares_under_our_names};
use super::{TidyColumn, column};
use crate::frames::non_answers::{NonAnswer, non_answer};
use crate::frames::words::thousands;
use crate::published::figures::store::incoming::{sample_sizes, typed_values};
use crate::published::figures::store::{Kind, NewRow, Store, Table};
use crate::tabular::{self, Decimal, Header, Options, Unit};

/// Rows for the files of a store, and what became of the table.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// A column of theirs and what it became, in the order of the table.
    pub columns: Vec<(String, String)>,
    /// What is new, in the order in which it has to be added.
    pub rows: Vec<(Table, Vec<NewRow>)>,
    /// What was assumed, changed or left out, a line a kind.
    pub notes: Vec<String>,
}

/// Reads a table and lays out what of it is new to the store.
///
/// # Errors
/// [`ImportError`].
pub fn import(
    store: &Store,
    file: &str,
    bytes: &[u8],
    mapping: &Mapping,
    options: &Options,
) -> Result<Imported, ImportError> {
    let named: Vec<&str> = mapping
        .columns
        .iter()
        .map(|(_, theirs)| theirs.as_str())
        .collect();
    let named: Vec<&str> = named
        .into_iter()
        .chain(mapping.answers.iter().map(String::as_str))
        .collect();
    let header = match named.is_empty() {
        true => Header::by_shape(),
        false => Header::named(&named).or_by_shape(),
    };
    let mut table = tabular::read_bytes(file, bytes, &header, options)?;
    if table.column("printed").is_some() && options.decimal.is_none() && options.unit.is_none() {
        // a table of our own leaves nothing open
        let own = Options {
            decimal: Some(Decimal::Point),
            unit: Some(Unit::Percents),
            ..options.clone()
        };
        table = tabular::read_bytes(file, bytes, &header, &own)?;
        table.take_marks_as_settled();
    }
    let (mut around, mut theirs) = (Values::new(), Vec::new());
    let has_figures = |table: &tabular::Table| {
        let is_percent = |name: &String| our_name(&our_form(name)) == Ok("printed");
        let named = !mapping.answers.is_empty() || mapping.gives("printed");
        named || table.names().iter().any(is_percent)
    };
    let in_shape = !has_figures(&table) || !options.columns.is_empty();
    if in_shape
        && let Some(shares) =
            shares_under_our_names(table.clone(), store, mapping, &options.columns)?
    {
        (table, around, theirs) = (shares.table, shares.around, shares.theirs);
    }
    let meanings = meanings(&table, mapping)?;
    let (mut rows, mut columns) = rows(&mut table, &meanings, mapping)?;
    for (name, _) in &mut columns {
        if let Some((_, of_file)) = theirs.iter().find(|(ours, _)| ours == name) {
            name.clone_from(of_file);
        }
    }
    for row in &mut rows {
        for (ours, value) in &around {
            row.entry(ours).or_insert_with(|| value.clone());
        }
    }
    if in_shape {
        fill_nets(store, &mut rows);
    }
    if !meanings.contains(&Meaning::Ours("answer_kind")) {
        fill_answer_kinds(&mut rows);
    }
    let StoreRows { rows, mut notes } = gather(store, &rows)?;
    notes.extend(table.note());
    Ok(Imported {
        columns,
        rows,
        notes,
    })
}

/// Answers that are none are kept apart by their words.
fn fill_answer_kinds(rows: &mut [Values]) {
    for row in rows {
        let answer = row.get("answer").or(row.get("response"));
        let kind = match answer.and_then(|answer| non_answer(answer)) {
            Some(NonAnswer::DontKnow) => "dont_know",
            Some(NonAnswer::Refused | NonAnswer::NoAnswer) => "refused",
            Some(NonAnswer::None | NonAnswer::Other) | None => continue,
        };
        row.entry("answer_kind").or_insert_with(|| kind.to_owned());
    }
}

/// A name of theirs as ours are written.
fn our_form(name: &str) -> String {
    name.to_lowercase().replace(' ', "_")
}

/// What a column of theirs means.
#[derive(Clone, PartialEq, Eq)]
enum Meaning {
    Ours(&'static str),
    Answer,
    /// Follows from the others.
    Computed,
    Unused,
}

fn meanings(table: &tabular::Table, mapping: &Mapping) -> Result<Vec<Meaning>, ImportError> {
    let mut meanings = vec![Meaning::Unused; table.names().len()];
    let mut mark = |at: usize, meaning: Meaning| {
        if let Some(place) = meanings.get_mut(at) {
            *place = meaning;
        }
    };
    let mut taken: Vec<&str> = mapping.constants.iter().map(|(name, _)| *name).collect();
    for (ours, theirs) in &mapping.columns {
        mark(table.need(theirs)?, Meaning::Ours(ours));
        taken.push(ours);
    }
    for theirs in &mapping.answers {
        mark(table.need(theirs)?, Meaning::Answer);
    }
    for (at, name) in table.names().iter().enumerate() {
        let Ok(ours) = our_name(&our_form(name)) else {
            continue;
        };
        // percent, n, moe and deff are numbers made of what stands beside them in a table of our own
        let exact = |names: &[&str]| names.iter().any(|name| table.column(name).is_some());
        let computed = match name.as_str() {
            "percent" => exact(&["printed"]),
            "n" => exact(&["sample_n"]),
            "moe" => exact(&["moe_printed"]),
            "deff" => exact(&["deff_printed"]),
            _ => false,
        };
        if computed {
            mark(at, Meaning::Computed);
        } else if !taken.contains(&ours)
            && !mapping.columns.iter().any(|(_, theirs)| theirs == name)
        {
            mark(at, Meaning::Ours(ours));
            taken.push(ours);
        }
    }
    if let Some(at) = table
        .column("flags")
        .filter(|_| table.column("printed").is_some())
    {
        mark(at, Meaning::Computed);
    }
    Ok(meanings)
}

/// What the values of one of our columns look like.
fn kind(ours: &str) -> Kind {
    let TidyColumn { table, column, .. } = match column(ours) {
        Some(column) => *column,
        None => return Kind::Count,
    };
    table
        .column(column)
        .map_or(Kind::Text, |column| column.kind)
}

type Columns = Vec<(String, String)>;

/// A column of an answer: its name, and a value with its qualifier a row.
type AnswerColumn = (String, Vec<(String, Option<&'static str>)>);

/// The table row by row, a row an answer; and what became of each column.
fn rows(
    table: &mut tabular::Table,
    meanings: &[Meaning],
    mapping: &Mapping,
) -> Result<(Vec<Values>, Columns), ImportError> {
    let constants: Values = mapping
        .constants
        .iter()
        .map(|(name, value)| (*name, value.clone()))
        .collect();
    let mut rows = vec![constants; table.len()];
    let mut columns = Vec::new();
    let mut answers: Vec<AnswerColumn> = Vec::new();
    for (at, meaning) in meanings.iter().enumerate() {
        let name = table.names().get(at).cloned().unwrap_or_default();
        let became = match meaning {
            Meaning::Ours(ours) => {
                // a size that is called approximate, and a bound, are told beside the number
                let (values, told_in) = match *ours {
                    N | "sample_n" => (sample_sizes(table, at)?, "n_kind"),
                    ours => (typed_values(table, at, kind(ours))?, "qualifier"),
                };
                let there = values.iter().filter(|(value, _)| !value.is_empty()).count();
                for (row, (value, told)) in rows.iter_mut().zip(values) {
                    if !value.is_empty() {
                        row.insert(ours, value);
                    }
                    if let Some(told) = told {
                        row.entry(told_in).or_insert_with(|| told.to_owned());
                    }
                }
                became(ours, there, table.len())
            }
            Meaning::Answer => {
                let values = typed_values(table, at, Kind::Percent)?;
                let there = values.iter().filter(|(value, _)| !value.is_empty()).count();
                answers.push((name.clone(), values));
                format!(
                    "figures of the answer “{name}”: {} values",
                    thousands(there as f64)
                )
            }
            Meaning::Computed => "follows from other columns: not stored".to_owned(),
            Meaning::Unused => "not used".to_owned(),
        };
        if !name.is_empty() {
            columns.push((name, became));
        }
    }
    if answers.is_empty() && !meanings.contains(&Meaning::Ours("printed")) {
        return Err(ImportError::Meaning(
            "no column is known to hold the figures: --map percent=COLUMN, --map answers=A+B+C where every answer has a column, or \
             --label and --percent as in opine chart"
                .to_owned(),
        ));
    }
    match answers.is_empty() {
        true => Ok((rows, columns)),
        false => Ok((long(&rows, &answers), columns)),
    }
}

fn became(ours: &'static str, there: usize, all: usize) -> String {
    let place = match column(ours) {
        Some(TidyColumn { table, column, .. }) => format!("{column} in {}", table.file_name()),
        None => "n in samples.csv, and in figures.csv where it differs within a sample".to_owned(),
    };
    let empty = match all.saturating_sub(there) {
        0 => String::new(),
        empty => format!(", {} empty", thousands(empty as f64)),
    };
    let s = if there == 1 { "" } else { "s" };
    format!("{place}: {} value{s}{empty}", thousands(there as f64))
}

/// A row an answer of a wide table; an empty cell is no figure.
fn long(rows: &[Values], answers: &[AnswerColumn]) -> Vec<Values> {
    let mut long = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        for (answer, values) in answers {
            let Some((value, qualifier)) = values.get(at).filter(|(value, _)| !value.is_empty())
            else {
                continue;
            };
            let mut row = row.clone();
            row.insert("printed", value.clone());
            row.insert("answer", answer.clone());
            if let Some(qualifier) = qualifier {
                row.insert("qualifier", (*qualifier).to_owned());
            }
            long.push(row);
        }
    }
    long
}
