//! Which rows refer to a row: without it they would speak of nothing.

use super::rows::{StoredFile, StoredRow};
use crate::published::figures::store::Store;
use crate::published::figures::store::records::normal_id;
use crate::published::figures::store::schema::Table;
use std::collections::HashSet;

/// The files that rows of a table may be referred to from.
pub const fn referring(table: Table) -> &'static [Table] {
    match table {
        Table::Polls => &[Table::Samples, Table::Questions, Table::Figures],
        Table::Samples => &[Table::Figures],
        Table::Questions => &[Table::Questions, Table::Figures],
        Table::Figures => &[Table::Claims],
        Table::Responses => &[Table::Questions, Table::Figures],
        Table::Bases => &[Table::Samples, Table::Figures],
        Table::Countries => &[Table::Polls, Table::Samples, Table::Figures],
        Table::Sources => &[Table::Samples, Table::Figures],
        Table::Claims => &[],
    }
}

/// What only the rows at `gone` stand for, such as a sample whose last row goes.
pub fn lost_names(file: &StoredFile, gone: &[usize]) -> Vec<String> {
    let staying = file.rows.iter().enumerate();
    let staying = staying.filter(|(place, _)| !gone.contains(place));
    let staying: HashSet<String> = staying.flat_map(|(_, row)| row.names()).collect();
    let rows = gone.iter().filter_map(|place| file.rows.get(*place));
    let mut names: Vec<String> = rows
        .flat_map(StoredRow::names)
        .filter(|name| !staying.contains(name))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The rows of a file that speak of rows of a table by those names.
pub fn dependents(table: Table, names: &[String], other: &StoredFile) -> Vec<usize> {
    let refers = |row: &StoredRow| names.iter().any(|name| row.refers_to(table, name));
    let rows = other.rows.iter().enumerate();
    rows.filter(|(_, row)| refers(row))
        .map(|(place, _)| place)
        .collect()
}

/// The files beside a table’s own that may refer to it.
pub fn referring_files(store: &Store, table: Table) -> Vec<StoredFile> {
    let tables = referring(table).iter();
    tables
        .map(|table| StoredFile::read(store, *table))
        .collect()
}

impl StoredRow {
    /// What others call the row by.
    pub fn names(&self) -> Vec<String> {
        match self.value("reported_by") {
            "" => vec![self.id()],
            _ => vec![self.id(), self.name()],
        }
    }

    /// Whether the row speaks of the row of that name in another table.
    fn refers_to(&self, table: Table, name: &str) -> bool {
        let of = |column| self.value(column);
        let listed = |column, separator| of(column).split(separator).any(|id| id.trim() == name);
        match table {
            Table::Polls => of("poll") == name,
            Table::Samples => {
                let sample = format!("{}:{}:{}", of("poll"), of("country"), of("base"));
                of("n").is_empty() && normal_id(&sample) == name
            }
            Table::Questions => {
                let (poll, question) = name.split_once('/').unwrap_or((name, ""));
                of("poll") == poll
                    && match of("question") == question {
                        // a question of that id is the row itself, or a figure of it
                        true => !of("response").is_empty(),
                        false => joint_questions(of("joint_of")).any(|joint| joint == question),
                    }
            }
            Table::Figures => ["figures", "beside"]
                .iter()
                .any(|column| of(column).split(';').any(|id| normal_id(id.trim()) == name)),
            Table::Responses => {
                of("response") == name || listed("responses", ';') || listed("net_of", ';')
            }
            Table::Bases => of("base") == name,
            Table::Countries => of("country") == name || listed("countries", ' '),
            Table::Sources => of("reported_by") == name,
            Table::Claims => false,
        }
    }
}

fn joint_questions(joint: &str) -> impl Iterator<Item = &str> {
    let parts = joint.split('&').map(str::trim);
    parts.filter_map(|part| part.split_once(':').map(|(question, _)| question))
}
