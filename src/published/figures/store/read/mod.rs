//! A file into the rows of its table: encoding, form, header, types, keys.

mod form;
mod header;
mod row;
mod scan;
mod typed;

pub use form::{form_findings, text_bytes};
pub use header::trimmed;
pub use row::{folded, plain_id};
pub use scan::{Record, Scan, line_ends, scan};
pub use typed::{Typed, label_of};

use super::finding::{Finding, Severity, quoted};
use super::rules;
use super::schema::Table;
use crate::published::figures::percent::Percent;
use header::Header;
use row::{Row, peek};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// What a file gives.
#[derive(Debug)]
pub struct TableRead<T> {
    /// The rows that can be used, their keys unique.
    pub rows: Vec<T>,
    /// The rows that cannot be used, so that what they refer to is checked too.
    pub broken: Vec<T>,
    /// Whether the rows could be read at all; if not, references to them are not checked.
    pub readable: bool,
    /// The key of every row and the line of the first that has it: of rows that cannot be used too,
    /// so that one wrong value does not make every reference to its row wrong.
    pub keys: HashMap<String, u64>,
    /// The header, if there is one.
    pub header: Header,
}

impl<T> Default for TableRead<T> {
    fn default() -> TableRead<T> {
        TableRead {
            rows: Vec::new(),
            broken: Vec::new(),
            readable: false,
            keys: HashMap::new(),
            header: Header::default(),
        }
    }
}

impl<T> TableRead<T> {
    /// All rows, those that cannot be used too.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.iter_mut().chain(&mut self.broken)
    }

    /// Checks all rows, and keeps those that can be used and pass.
    pub fn keep(&mut self, mut passes: impl FnMut(&T) -> bool) {
        self.rows.retain(&mut passes);
        for row in &self.broken {
            passes(row);
        }
    }
}

/// A key of several values.
pub fn key_of<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().collect::<Vec<_>>().join("\u{1f}")
}

/// Reads a file.
pub fn read_table<T: Typed>(bytes: &[u8], findings: &mut Vec<Finding>) -> TableRead<T> {
    let table = T::TABLE;
    let mut read = TableRead::default();
    let Some(text) = text_bytes(table.file_name(), bytes, findings) else {
        return read;
    };
    if text.len() < bytes.len() {
        let message = "the file begins with a byte order mark, which is read over";
        findings.push(Finding::new(rules::BOM, Severity::Note, table.file_name(), message).line(1));
    }
    let scan = scan(text);
    let header = Header::read(table, scan.records.first(), findings);
    let names = header.as_ref().map_or(&[][..], |header| &header.names);
    findings.extend(form_findings(table.file_name(), names, &scan));
    let Some(header) = header else { return read };
    let lines_with_problems: HashSet<u64> =
        scan.problems.iter().map(|problem| problem.line).collect();
    for record in scan.records.iter().skip(1) {
        read_row(
            &header,
            record,
            lines_with_problems.contains(&record.line),
            &mut read,
            findings,
        );
    }
    TableRead {
        readable: true,
        header,
        ..read
    }
}

/// Reads a row. If its form is told to be broken already, that is why its fields are too many or too few.
fn read_row<T: Typed>(
    header: &Header,
    record: &Record,
    form_is_told: bool,
    read: &mut TableRead<T>,
    findings: &mut Vec<Finding>,
) {
    let table = T::TABLE;
    if record.cells.iter().all(|cell| cell.text.trim().is_empty()) {
        let message = "the row has no values: it is left out";
        let finding = Finding::new(
            rules::ROW_EMPTY,
            Severity::Warning,
            table.file_name(),
            message,
        );
        findings.push(finding.line(record.line));
        return;
    }
    let key = key(table, header, record);
    if let Some(finding) = ragged(table, header, record) {
        findings.extend(Some(finding).filter(|_| !form_is_told));
        key.map(|key| read.keys.entry(key).or_insert(record.line));
        return;
    }
    let mut row = Row::new(table, header, record, findings);
    let typed = T::read(&mut row);
    let broken = row.broken;
    let first = key.map(|key| read.keys.entry(key));
    match first {
        Some(Entry::Occupied(first)) => {
            findings.push(duplicate(table, first.key(), *first.get(), record));
            return;
        }
        Some(Entry::Vacant(free)) => drop(free.insert(record.line)),
        None => {}
    }
    if broken {
        read.broken.push(typed)
    } else {
        read.rows.push(typed)
    }
}

/// The key of a row, defaults filled in; none where a part that it needs is empty, which is told elsewhere.
fn key(table: Table, header: &Header, record: &Record) -> Option<String> {
    let columns = table.key().iter().filter_map(|name| table.column(name));
    let parts = columns.map(|column| match peek(header, record, column.name) {
        "" if column.required => None,
        "" => Some(column.default),
        value => Some(value),
    });
    parts.collect::<Option<Vec<&str>>>().map(key_of)
}

fn duplicate(table: Table, key: &str, first: u64, record: &Record) -> Finding {
    let (file, columns) = (table.file_name(), table.key());
    let values = quoted(&key.replace('\u{1f}', "/"));
    let message = format!(
        "the {} {values} is in line {first} already",
        table.row_name()
    );
    let finding = Finding::new(rules::DUPLICATE_KEY, Severity::Error, file, message);
    let finding = finding.line(record.line);
    match columns {
        [only] => finding
            .column(*only)
            .fix("delete one of the rows, or rename it"),
        _ => finding.fix(format!(
            "delete one of the rows, or correct one of {}",
            columns.join(", ")
        )),
    }
}

/// A row with other than the header's number of fields. Even empty ones at the end are an error:
/// they are there too where a comma inside a value has moved all that follows.
fn ragged(table: Table, header: &Header, record: &Record) -> Option<Finding> {
    let (fields, wanted) = (record.cells.len(), header.names.len());
    let surplus = record.cells.get(wanted..).unwrap_or_default();
    let fix = if fields < wanted {
        format!(
            "add what is missing: an empty value still needs its comma, {} in all",
            wanted - 1
        )
    } else if let Some(number) = decimal_comma(table, header, record) {
        number
    } else if surplus.iter().all(|cell| cell.text.trim().is_empty()) {
        "put values that hold a comma in quotation marks; if none does, delete the commas at the end"
            .to_string()
    } else {
        "put values that hold a comma in quotation marks".to_string()
    };
    let message = format!("{fields} fields where the header has {wanted}");
    (fields != wanted).then(|| {
        let finding = Finding::new(rules::RAGGED, Severity::Error, table.file_name(), message);
        finding.line(record.line).fix(fix)
    })
}

/// Whether `47,5` without quotation marks is why there is a field too many.
fn decimal_comma(table: Table, header: &Header, record: &Record) -> Option<String> {
    if record.cells.len() != header.names.len() + 1 {
        return None;
    }
    let numbers = ["percent", "moe", "deff"]
        .into_iter()
        .filter(|name| table.column(name).is_some());
    numbers
        .filter_map(|name| header.place(name))
        .find_map(|place| {
            let cell = |at: usize| record.cells.get(at).map(|cell| cell.text.trim());
            let (whole, decimals) = (cell(place)?, cell(place + 1)?);
            let short = decimals.len() <= 2 && decimals.bytes().all(|byte| byte.is_ascii_digit());
            let number = Percent::parse(&format!("{whole}.{decimals}"))
                .ok()
                .filter(|_| short)?;
            Some(format!(
                "a decimal comma? write {number} for {whole},{decimals}"
            ))
        })
}
