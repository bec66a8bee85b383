//! What adding rows would do: the lines as they would be stored, or why they are refused. Nothing
//! is written here.

use super::changes::{Change, ChangeKind, Remark};
use super::rows::{StoredFile, StoredRow, csv_value, present_bytes};
use crate::frames::words::nearest;
use crate::published::figures::store::finding::{Finding, Severity, quoted};
use crate::published::figures::store::incoming::NewRow;
use crate::published::figures::store::read::{line_ends, scan};
use crate::published::figures::store::schema::{Kind, Table};
use crate::published::figures::store::{Store, rules};
use std::collections::HashMap;

/// Rows that can be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// Where they are added.
    pub table: Table,
    /// Every row with its columns in the order of the file, defaults filled in.
    pub rows: Vec<Vec<(String, String)>>,
    /// The lines as they are stored.
    pub text: String,
    /// Warnings and notes on the new rows.
    pub findings: Vec<Finding>,
    /// The whole file as it will be: the bytes that are there now, then the lines.
    pub(super) file: Vec<u8>,
}

impl Addition {
    /// The store as it is with the rows.
    pub fn store(&self, before: &Store) -> Store {
        before.with_file(self.table, self.file.clone())
    }

    /// What is new: a row, or what another source says of something that is there.
    pub(super) fn changes(&self, before: &Store, remark: &Remark) -> Vec<Change> {
        let after = StoredFile::read(&self.store(before), self.table);
        let first = after.rows.len().saturating_sub(self.rows.len());
        let (old, new) = after.rows.split_at(first);
        let old = by_id(old);
        let texts = self.rows.iter().map(|row| csv_line(row));
        let change = |(row, text): (&StoredRow, String)| Change {
            kind: match is_second_source(&old, row) {
                true => ChangeKind::SecondSource,
                false => ChangeKind::Added,
            },
            table: self.table,
            id: row.name(),
            column: String::new(),
            before: String::new(),
            after: text,
            remark: remark.clone(),
        };
        new.iter().zip(texts).map(change).collect()
    }

    /// The rows of what another source has said already, and who: neither is a correction of the other.
    pub fn second_sources(&self, before: &Store) -> Vec<(String, Vec<String>)> {
        let known = StoredFile::read(before, self.table);
        let after = StoredFile::read(&self.store(before), self.table);
        let new = after.rows.iter().skip(known.rows.len());
        let known = by_id(&known.rows);
        let others = |row: &StoredRow| {
            let others = known.get(&row.id()).into_iter().flatten();
            let others = others.filter(|other| row.is_second_source(other));
            others.map(|other| other.name()).collect()
        };
        new.map(|row| (row.name(), others(row)))
            .filter(|(_, others): &(String, Vec<String>)| !others.is_empty())
            .collect()
    }
}

/// What is said of each thing, whoever says it.
fn by_id(rows: &[StoredRow]) -> HashMap<String, Vec<&StoredRow>> {
    let mut by_id: HashMap<String, Vec<&StoredRow>> = HashMap::new();
    for row in rows {
        by_id.entry(row.id()).or_default().push(row);
    }
    by_id
}

fn is_second_source(known: &HashMap<String, Vec<&StoredRow>>, row: &StoredRow) -> bool {
    let others = known.get(&row.id()).into_iter().flatten();
    others.into_iter().any(|other| row.is_second_source(other))
}

/// A row as a line of its file, without the line end.
fn csv_line(row: &[(String, String)]) -> String {
    let values: Vec<String> = row.iter().map(|(_, value)| csv_value(value)).collect();
    values.join(",")
}

/// Lays out the rows as lines of the table's file and reads the file that this would make: the rows
/// must pass all that a stored row must. One bad row refuses them all.
///
/// # Errors
/// The findings for which the rows are refused. They carry no line, since there is none yet; where
/// there are several rows, the message begins with the number of the row.
pub fn plan(store: &Store, table: Table, rows: &[NewRow]) -> Result<Addition, Vec<Finding>> {
    let broken = unfit(store, table);
    if !broken.is_empty() {
        return Err(broken);
    }
    let names = store
        .headers
        .get(&table)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let (filled, refused) = fill(table, names, rows);
    if !refused.is_empty() {
        return Err(refused);
    }
    let mut file = present_bytes(store, table);
    let line_end = scan(&file).line_end.unwrap_or("\n");
    if !file.ends_with(b"\n") && !file.ends_with(line_end.as_bytes()) {
        file.extend_from_slice(line_end.as_bytes());
    }
    let mut text = String::new();
    let mut first_lines = Vec::new();
    let present_lines = line_ends(&file);
    for row in &filled {
        first_lines.push(present_lines + line_ends(text.as_bytes()) + 1);
        text.push_str(&csv_line(row));
        text.push_str(line_end);
    }
    file.extend_from_slice(text.as_bytes());
    let findings = findings_on(&store.with_file(table, file.clone()), table, &first_lines);
    if findings.iter().any(Finding::is_error) {
        return Err(findings.into_iter().filter(Finding::is_error).collect());
    }
    Ok(Addition {
        table,
        rows: filled,
        text,
        findings,
        file,
    })
}

/// The same for rows of several tables, each of which may refer to those before it.
///
/// # Errors
/// The findings for which the rows of the first table that has any are refused.
pub fn plan_all(
    store: &Store,
    rows: &[(Table, Vec<NewRow>)],
) -> Result<Vec<Addition>, Vec<Finding>> {
    let mut after = store.clone();
    let mut additions = Vec::new();
    for (table, rows) in rows {
        let addition = plan(&after, *table, rows)?;
        after = addition.store(&after);
        additions.push(addition);
    }
    Ok(additions)
}

/// Why nothing can be added: a file that new rows refer to cannot be read, or the file itself is
/// broken in its form, so that a new line might be taken for a part of an old one.
pub(super) fn unfit(store: &Store, table: Table) -> Vec<Finding> {
    let readable = |file: &str| {
        let names = Table::of_file(file).and_then(|table| store.headers.get(&table));
        names.is_some_and(|names| !names.is_empty())
    };
    let own = |finding: &&Finding| {
        let form = [rules::QUOTE, rules::ENCODING].contains(&finding.rule);
        finding.is_error()
            && (!readable(&finding.file) || form && finding.file == table.file_name())
    };
    store.findings.iter().filter(own).cloned().collect()
}

type Filled = Vec<Vec<(String, String)>>;

/// Every row in the order of the header, with the defaults.
fn fill(table: Table, names: &[String], rows: &[NewRow]) -> (Filled, Vec<Finding>) {
    let (mut filled, mut refused) = (Vec::new(), Vec::new());
    for (place, row) in rows.iter().enumerate() {
        let cells = new_cells(table, names, row);
        for problem in cells.problems {
            // a fault of the header is told once, not once a row
            let of_header = problem.rule == rules::COLUMN_UNKNOWN;
            let known = |other: &Finding| other.message == problem.message;
            match of_header {
                true if refused.iter().any(known) => {}
                true => refused.push(problem),
                false => refused.push(numbered(problem, place, rows.len(), None)),
            }
        }
        let value = |name: &String| {
            let value = cells.values.iter().find(|(known, _)| known == name);
            let default = table.column(name).map_or("", |column| column.default);
            (
                name.clone(),
                value.map_or(default, |(_, value)| *value).to_string(),
            )
        };
        filled.push(names.iter().map(value).collect());
    }
    (filled, refused)
}

/// What a row gives: values that are not empty, by the names in the header.
struct NewCells<'r> {
    values: Vec<(&'r str, &'r str)>,
    problems: Vec<Finding>,
}

fn new_cells<'r>(table: Table, names: &'r [String], row: &'r NewRow) -> NewCells<'r> {
    let mut cells = NewCells {
        values: Vec::new(),
        problems: Vec::new(),
    };
    let error =
        |rule, message: String| Finding::new(rule, Severity::Error, table.file_name(), message);
    for (name, value) in row
        .0
        .iter()
        .map(|(name, value)| (name.trim(), value.trim()))
    {
        let snake = name.replace('-', "_");
        let value = without_sign(table, &snake, value);
        let known = names
            .iter()
            .find(|known| *known == name || **known == snake);
        let problem = match known {
            Some(known) if cells.values.iter().any(|(earlier, _)| earlier == known) => Some(error(
                rules::HEADER_DUPLICATE,
                format!("{known} is given twice"),
            )),
            Some(_) if value.is_empty() => None,
            Some(known) => {
                cells.values.push((known, value));
                None
            }
            None if table.column(&snake).is_some() && value.is_empty() => None,
            None => Some(unknown_column(table, names, name, &snake)),
        };
        cells
            .problems
            .extend(problem.map(|finding| finding.column(name)));
    }
    if cells.values.is_empty() && cells.problems.is_empty() {
        let message = format!("the {} has no values", table.row_name());
        cells.problems.push(error(rules::ROW_EMPTY, message));
    }
    cells
}

/// A percentage as people type it, `50%`, is the number.
pub(super) fn without_sign<'v>(table: Table, column: &str, value: &'v str) -> &'v str {
    let is_percent = table
        .column(column)
        .is_some_and(|column| column.kind == Kind::Percent);
    let bare = value.strip_suffix('%').filter(|_| is_percent);
    bare.map_or(value, str::trim_end)
}

pub(super) fn unknown_column(table: Table, names: &[String], name: &str, snake: &str) -> Finding {
    let file = table.file_name();
    let (message, fix) = match table.column(snake) {
        Some(column) => (
            format!("{file} has no column {}", column.name),
            Some(format!(
                "add {} to its first line, and a comma to every row",
                column.name
            )),
        ),
        None => (
            format!("{} is no column of {file}", quoted(name)),
            nearest(snake, names.iter().map(String::as_str))
                .map(|near| format!("did you mean {near}?")),
        ),
    };
    Finding::new(rules::COLUMN_UNKNOWN, Severity::Error, file, message).maybe_fix(fix)
}

/// The findings on the new rows in the file that they would make.
fn findings_on(would_be: &Store, table: Table, first_lines: &[u64]) -> Vec<Finding> {
    let on_new = |finding: &&Finding| finding.file == table.file_name();
    let row_of = |line: u64| {
        first_lines
            .partition_point(|first| *first <= line)
            .checked_sub(1)
    };
    let findings = would_be.findings.iter().filter(on_new);
    findings
        .filter_map(|finding| {
            let place = row_of(finding.line?)?;
            let line = first_lines.get(place).copied();
            Some(numbered(finding.clone(), place, first_lines.len(), line))
        })
        .collect()
}

/// Says which of several rows it is about, as they have no lines yet.
fn numbered(mut finding: Finding, place: usize, rows: usize, line: Option<u64>) -> Finding {
    if rows > 1 {
        let line = line.map_or(String::new(), |line| format!(" (to be line {line})"));
        finding.message = format!("row {} of {rows}{line}: {}", place + 1, finding.message);
    }
    finding.line = None;
    finding
}
