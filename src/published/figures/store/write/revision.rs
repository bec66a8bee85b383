//! What correcting a row would do. Nothing is written here.

use super::WriteError;
use super::addition::{unfit, unknown_column, without_sign};
use super::changes::{Change, ChangeKind, Remark};
use super::dependents::{dependents, lost_names, referring_files};

use super::rows::{StoredFile, StoredRow, csv_value};
use crate::published::figures::store::finding::{Finding, Severity, quoted};
use crate::published::figures::store::schema::Table;
use crate::published::figures::store::{Store, rules};
use std::collections::BTreeMap;

/// A row that can be corrected.
#[derive(Debug, Clone)]
pub struct Revision {
    /// The table.
    pub table: Table,
    /// The row as it is called now.
    pub id: String,
    /// As it will be called.
    pub new_id: String,
    /// The line where it begins.
    pub line: u64,
    /// What changes; nothing where all is so already.
    pub columns: Vec<ColumnChange>,
    /// The values that were given and are there already.
    pub unchanged: Vec<String>,
    /// What would be wrong and is not now, and what else is wrong with the row.
    pub findings: Vec<Finding>,
    pub(super) file: Vec<u8>,
}

/// A value that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnChange {
    /// The column.
    pub column: String,
    /// The value that is there.
    pub before: String,
    /// The value that will be.
    pub after: String,
}

impl Revision {
    /// The store with the row as it will be.
    pub fn store(&self, before: &Store) -> Store {
        before.with_file(self.table, self.file.clone())
    }

    pub(super) fn changes(&self, remark: &Remark) -> Vec<Change> {
        let change = |column: &ColumnChange| Change {
            kind: ChangeKind::Corrected,
            table: self.table,
            id: self.id.clone(),
            column: column.column.clone(),
            before: column.before.clone(),
            after: column.after.clone(),
            remark: remark.clone(),
        };
        self.columns.iter().map(change).collect()
    }
}

/// Puts the values into the row of that id; an empty one empties its cell. All else in the file stays byte for byte as it is.
///
/// # Errors
/// The id names no row or several; a value is wrong; rows refer to the id that the row would lose.
pub fn plan_revision(
    store: &Store,
    table: Table,
    id: &str,
    values: &[(String, String)],
) -> Result<Revision, WriteError> {
    let broken = unfit(store, table);
    if !broken.is_empty() {
        return Err(WriteError::Refused(broken));
    }
    let file = StoredFile::read(store, table);
    let row = file.find(id)?;
    let mut revision = Revision {
        table,
        id: row.name(),
        new_id: row.name(),
        line: row.line,
        columns: Vec::new(),
        unchanged: Vec::new(),
        findings: Vec::new(),
        file: file.bytes.clone(),
    };
    revision.change(store, row, values)?;
    let after = revision.store(store);
    let changed = StoredFile::read(&after, table);
    if let Some(row) = changed.rows.iter().find(|row| row.line == revision.line) {
        revision.new_id = row.name();
    }
    let rows = orphans(store, &file, &changed, row.line);
    if !rows.is_empty() {
        return Err(WriteError::Dependents {
            what: format!("{} can’t become {}", revision.id, revision.new_id),
            rows,
        });
    }
    revision.findings = store.new_findings(&after);
    if revision.findings.iter().any(Finding::is_error) {
        let errors = revision.findings.into_iter().filter(Finding::is_error);
        return Err(WriteError::Refused(errors.collect()));
    }
    Ok(revision)
}

impl Revision {
    /// Cell by cell from the last, so that the places of those before it stay.
    fn change(
        &mut self,
        store: &Store,
        row: &StoredRow,
        values: &[(String, String)],
    ) -> Result<(), WriteError> {
        let mut cells = BTreeMap::new();
        for (column, value) in values {
            let value = without_sign(self.table, column, value.trim());
            let Some((before, span)) = row.written(column) else {
                return Err(WriteError::Refused(vec![self.no_cell(store, row, column)]));
            };
            if before == value {
                self.unchanged
                    .push(format!("{column} is {} already", quoted(value)));
                continue;
            }
            self.columns.push(ColumnChange {
                column: column.clone(),
                before: before.to_owned(),
                after: value.to_owned(),
            });
            cells.insert(span.start, (span, csv_value(value)));
        }
        for (span, text) in cells.into_values().rev() {
            self.file.splice(span, text.into_bytes());
        }
        Ok(())
    }

    /// Why a value has no place in its row.
    fn no_cell(&self, store: &Store, row: &StoredRow, column: &str) -> Finding {
        let names = store
            .headers
            .get(&self.table)
            .map(Vec::as_slice)
            .unwrap_or_default();
        match names.iter().any(|name| name == column) {
            false => unknown_column(self.table, names, column, column),
            true => Finding::new(
                rules::RAGGED,
                Severity::Error,
                self.table.file_name(),
                format!("the row ends before its column {column}"),
            )
            .line(row.line)
            .fix("give it as many fields as the header has"),
        }
    }
}

/// The rows that refer to the name which the row in that line would lose.
fn orphans(store: &Store, before: &StoredFile, after: &StoredFile, line: u64) -> Vec<String> {
    let place = |file: &StoredFile| file.rows.iter().position(|row| row.line == line);
    let (Some(at), Some(now)) = (place(before), place(after)) else {
        return Vec::new();
    };
    let (old, new) = (before.rows.get(at), after.rows.get(now));
    if old.map(StoredRow::name) == new.map(StoredRow::name) {
        return Vec::new();
    }
    let mut lost = lost_names(before, &[at]);
    lost.retain(|name| !new.is_some_and(|row| row.names().contains(name)));
    let files = referring_files(store, before.table);
    let rows = files.iter().flat_map(|file| {
        let places = dependents(before.table, &lost, file);
        places
            .into_iter()
            .filter_map(|place| file.rows.get(place).map(StoredRow::name_with_kind))
    });
    rows.collect()
}

impl Store {
    /// What is wrong in a store that was made of this one and is not wrong here; lines may have moved.
    pub(super) fn new_findings(&self, after: &Store) -> Vec<Finding> {
        let alike =
            |a: &Finding, b: &Finding| (a.rule, &a.file, &a.column) == (b.rule, &b.file, &b.column);
        let count = |store: &Store, finding: &Finding| {
            store
                .findings
                .iter()
                .filter(|other| alike(other, finding))
                .count()
        };
        let new = |finding: &&Finding| {
            let known = self
                .findings
                .iter()
                .any(|other| alike(other, finding) && other.message == finding.message);
            !known && count(after, finding) > count(self, finding)
        };
        after.findings.iter().filter(new).cloned().collect()
    }
}
