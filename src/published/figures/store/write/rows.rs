//! Rows as they stand in a file, by their ids: those that can’t be used, too, so that they can be put right.

use super::WriteError;
use crate::frames::words::nearest;
use crate::published::figures::store::Store;
use crate::published::figures::store::read::{Record, scan, trimmed};
use crate::published::figures::store::records::normal_id;
use crate::published::figures::store::schema::Table;
use std::ops::Range;

/// A file of a store with its rows.
pub struct StoredFile {
    pub table: Table,
    pub bytes: Vec<u8>,
    pub rows: Vec<StoredRow>,
}

/// A row as it stands there.
#[derive(Debug, Clone)]
pub struct StoredRow {
    /// The line where it begins, from 1.
    pub line: u64,
    /// The bytes that it takes, its line end too.
    pub span: Range<usize>,
    cells: Vec<StoredCell>,
    table: Table,
}

#[derive(Debug, Clone)]
struct StoredCell {
    column: String,
    value: String,
    span: Range<usize>,
}

impl StoredFile {
    /// The file of a table. Where the folder has none it is the shipped one; of claims, which are about the shipped figures, none
    /// is taken then.
    pub fn read(store: &Store, table: Table) -> StoredFile {
        let bytes = present_bytes(store, table);
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mark = bytes.len() - text.len();
        let moved = |span: &Range<usize>| span.start + mark..span.end + mark;
        let scan = scan(text);
        let mut records = scan.records.iter();
        let head = records.next().map(|head| &head.cells);
        let names: Vec<&str> = head
            .into_iter()
            .flatten()
            .map(|cell| trimmed(&cell.text))
            .collect();
        let row = |record: &Record| StoredRow {
            line: record.line,
            span: moved(&record.span),
            table,
            cells: names
                .iter()
                .zip(&record.cells)
                .map(|(column, cell)| StoredCell {
                    column: (*column).to_owned(),
                    value: trimmed(&cell.text).to_owned(),
                    span: moved(&cell.span),
                })
                .collect(),
        };
        let rows = records.map(row).collect();
        StoredFile { table, bytes, rows }
    }

    /// The one row that an id names: `egf2023/worried/net:all@npr` of figures, `egf2023:KR` of samples, `egf2023/worried` of
    /// questions, and of any file its name and line, `figures.csv:12`.
    pub fn find(&self, id: &str) -> Result<&StoredRow, WriteError> {
        let rows: Vec<&StoredRow> = match self.line_of(id) {
            Some(line) => self.rows.iter().filter(|row| row.line == line).collect(),
            None => {
                let id = self.normal(id);
                self.rows.iter().filter(|row| row.has_id(&id)).collect()
            }
        };
        match rows.as_slice() {
            [row] => Ok(row),
            [] => Err(self.no_row(id)),
            rows => Err(WriteError::SeveralRows {
                id: id.to_owned(),
                rows: self.told_apart(rows),
            }),
        }
    }

    fn line_of(&self, id: &str) -> Option<u64> {
        let line = id.strip_prefix(self.table.file_name())?.strip_prefix(':')?;
        // check prints the column behind it
        line.split(':').next()?.parse().ok()
    }

    fn normal(&self, id: &str) -> String {
        match self.table {
            Table::Figures | Table::Samples => normal_id(id.trim()),
            _ => id.trim().to_owned(),
        }
    }

    fn no_row(&self, id: &str) -> WriteError {
        let ids: Vec<String> = self.rows.iter().map(StoredRow::id).collect();
        WriteError::NoRow {
            file: self.table.file_name(),
            row: self.table.row_name(),
            id: id.to_owned(),
            near: nearest(&self.normal(id), ids.iter().map(String::as_str)).map(str::to_owned),
        }
    }

    /// What names each of some rows: their ids where these differ, else their lines.
    fn told_apart(&self, rows: &[&StoredRow]) -> Vec<String> {
        let names: Vec<String> = rows.iter().map(|row| row.name()).collect();
        let differ =
            |at: usize, name: &String| names.iter().skip(at + 1).all(|other| other != name);
        match names.iter().enumerate().all(|(at, name)| differ(at, name)) {
            true => names,
            false => rows
                .iter()
                .map(|row| format!("{}:{}", self.table.file_name(), row.line))
                .collect(),
        }
    }
}

impl StoredRow {
    /// The values of all columns of its table, in their order.
    pub fn values(&self) -> Vec<&str> {
        let columns = self.table.columns().iter();
        columns.map(|column| self.value(column.name)).collect()
    }

    /// The value of a column, its default where it is empty or not there.
    pub fn value(&self, column: &str) -> &str {
        let cell = self.cell(column).map(|cell| cell.value.as_str());
        let default = || {
            self.table
                .column(column)
                .map_or("", |column| column.default)
        };
        cell.filter(|value| !value.is_empty())
            .unwrap_or_else(default)
    }

    /// The value as it is written, and where; none where the row is too short or the file has no such column.
    pub fn written(&self, column: &str) -> Option<(&str, Range<usize>)> {
        let cell = self.cell(column)?;
        Some((&cell.value, cell.span.clone()))
    }

    fn cell(&self, column: &str) -> Option<&StoredCell> {
        self.cells.iter().find(|cell| cell.column == column)
    }

    /// What it is about, whoever says it.
    pub fn id(&self) -> String {
        let of = |column| self.value(column);
        match self.table {
            Table::Polls => of("poll").to_owned(),
            Table::Samples => {
                normal_id(&format!("{}:{}:{}", of("poll"), of("country"), of("base")))
            }
            Table::Questions => format!("{}/{}", of("poll"), of("question")),
            Table::Figures => normal_id(&format!(
                "{}/{}/{}:{}:{}",
                of("poll"),
                of("question"),
                of("response"),
                of("country"),
                of("base")
            )),
            table => table
                .key()
                .first()
                .map_or("", |key| self.value(key))
                .to_owned(),
        }
    }

    /// The same with who says it, if anybody does.
    pub fn name(&self) -> String {
        match self.value("reported_by") {
            "" => self.id(),
            source => format!("{}@{source}", self.id()),
        }
    }

    /// The same for a list of rows of several kinds: `question egf2023/worried`.
    pub fn name_with_kind(&self) -> String {
        match self.table {
            Table::Figures => self.name(),
            table => format!("{} {}", table.row_name(), self.name()),
        }
    }

    /// Whether both say the same thing's figure or size, and not the same source.
    pub fn is_second_source(&self, other: &StoredRow) -> bool {
        self.id() == other.id() && self.value("reported_by") != other.value("reported_by")
    }

    fn has_id(&self, id: &str) -> bool {
        self.id() == id || self.name() == id
    }
}

/// The file as it is. Where the folder has none the shipped one begins it; of claims only its
/// header, as the shipped ones are about the shipped figures.
pub(super) fn present_bytes(store: &Store, table: Table) -> Vec<u8> {
    let bytes = store
        .files
        .get(&table)
        .map(|bytes| bytes.to_vec())
        .unwrap_or_default();
    if table == Table::Claims && store.shipped.contains(&table) {
        let header = bytes.split_inclusive(|byte| *byte == b'\n').next();
        return header.unwrap_or_default().to_vec();
    }
    bytes
}

/// A value as a cell: in quotation marks where it needs them.
pub(super) fn csv_value(value: &str) -> String {
    if value.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_string()
    }
}
