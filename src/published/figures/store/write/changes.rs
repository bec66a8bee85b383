//! `changes.csv`: what was done to a folder, one thing a row, the oldest first. Nothing is ever taken out of it.

use super::rows::csv_value;
use super::{WriteError, failed};
use crate::frames::calendar;
use crate::published::figures::store::read::{Scan, scan};
use crate::published::figures::store::schema::Table;
use std::fmt;
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The name of the file.
pub const FILE: &str = "changes.csv";

const COLUMNS: [&str; 9] = [
    "when", "change", "file", "id", "column", "before", "after", "by_whom", "reason",
];

/// What was done. The three that are easily confused are told apart: a source more is no correction, and neither takes
/// anything back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// A row that had not been there.
    Added,
    /// A figure or sample that another source gives too: both stand.
    SecondSource,
    /// A value of a row that is there.
    Corrected,
    /// A row that is there no more.
    Withdrawn,
}

impl ChangeKind {
    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::SecondSource => "second_source",
            ChangeKind::Corrected => "corrected",
            ChangeKind::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who changes something and why, as far as they say; it is never taken from the machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remark {
    /// Who.
    pub by_whom: String,
    /// Why.
    pub reason: String,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What.
    pub kind: ChangeKind,
    /// To which table.
    pub table: Table,
    /// To which row: its id, with its source.
    pub id: String,
    /// Which column was corrected; empty where it is about the whole row.
    pub column: String,
    /// The value that was there, or the whole line.
    pub before: String,
    /// The value that is there now, or the whole line.
    pub after: String,
    /// Who and why.
    pub remark: Remark,
}

impl Change {
    fn line(&self, when: &str) -> String {
        let values = [
            when,
            self.kind.as_str(),
            self.table.file_name(),
            &self.id,
            &self.column,
            &self.before,
            &self.after,
            &self.remark.by_whom,
            &self.remark.reason,
        ];
        let values: Vec<String> = values.iter().map(|value| csv_value(value)).collect();
        values.join(",")
    }
}

/// The file with lines for what is done now.
pub(super) fn with_lines(path: &Path, changes: &[Change]) -> Result<Vec<u8>, WriteError> {
    let mut bytes = present(path)?;
    let line_end = scan(&bytes).line_end.unwrap_or("\n");
    if bytes.is_empty() {
        bytes.extend_from_slice(COLUMNS.join(",").as_bytes());
    }
    if !bytes.ends_with(line_end.as_bytes()) {
        bytes.extend_from_slice(line_end.as_bytes());
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let when = timestamp(now.map_or(0, |since| since.as_secs()));
    for change in changes {
        bytes.extend_from_slice(change.line(&when).as_bytes());
        bytes.extend_from_slice(line_end.as_bytes());
    }
    Ok(bytes)
}

/// The bytes of the file; none where it is not there yet.
fn present(path: &Path) -> Result<Vec<u8>, WriteError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("cannot read", path)(error)),
    };
    let file = scan(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    match file.records.is_empty() || begins_as_changes(&file) {
        true => Ok(bytes),
        false => Err(WriteError::OtherChanges(
            path.to_path_buf(),
            COLUMNS.join(","),
        )),
    }
}

fn begins_as_changes(file: &Scan) -> bool {
    let head = file.records.first();
    head.is_some_and(|head| head.cells.iter().map(|cell| cell.text.trim()).eq(COLUMNS))
}

/// 2026-11-30T11:20:05Z.
fn timestamp(seconds: u64) -> String {
    let day = i64::try_from(seconds / 86_400).unwrap_or_default();
    let (year, month, date) = calendar::civil(day);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// What was done to a folder, as [`COLUMNS`] name it: a row a thing, the oldest first. None where nothing was.
///
/// # Errors
/// [`WriteError`] if the file can’t be read or is something else.
pub fn read_changes(dir: &Path) -> Result<Vec<Vec<(&'static str, String)>>, WriteError> {
    let bytes = present(&dir.join(FILE))?;
    let file = scan(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let row = |cells: Vec<String>| COLUMNS.into_iter().zip(cells).collect();
    let records = file.records.iter().skip(1).map(|record| {
        let cells = record.cells.iter().map(|cell| cell.text.to_string());
        row(cells
            .chain(std::iter::repeat_n(String::new(), COLUMNS.len()))
            .collect())
    });
    Ok(records.collect())
}

#[cfg(test)]
mod tests {
    use super::timestamp;

    #[test]
    fn times_are_of_the_calendar() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00Z");
        assert_eq!(timestamp(951_827_696), "2000-02-29T12:34:56Z");
    }
}
