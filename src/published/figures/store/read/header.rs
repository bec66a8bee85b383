//! The first line of a file: which column is where.

use super::scan::Record;
use crate::frames::words::nearest;
use crate::published::figures::store::finding::{Finding, Severity, quoted};
use crate::published::figures::store::rules;
use crate::published::figures::store::schema::{Column, Table};

/// The header of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// All names in the order of the file, those that the dictionary does not know too.
    pub names: Vec<String>,
}

impl Header {
    /// Reads the header, and says what is wrong with it. `None` if the rows cannot be read by it.
    pub fn read(
        table: Table,
        record: Option<&Record>,
        findings: &mut Vec<Finding>,
    ) -> Option<Header> {
        let names: Vec<String> = match record {
            Some(record) => record
                .cells
                .iter()
                .map(|cell| trimmed(&cell.text).to_string())
                .collect(),
            None => Vec::new(),
        };
        let header = Header { names };
        let line = record.map_or(1, |record| record.line);
        let before = findings.iter().filter(|finding| finding.is_error()).count();
        match header.unreadable(table) {
            Some(finding) => findings.push(finding.line(line)),
            None => findings.extend(header.check(table).into_iter().map(|f| f.line(line))),
        }
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        (errors == before).then_some(header)
    }

    /// Where the column is, from 0.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// A header that is none: no names at all, or other separators.
    fn unreadable(&self, table: Table) -> Option<Finding> {
        let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
        let first_line = format!("the first line names the columns: {}", names.join(","));
        let error =
            |rule, message: String| Finding::new(rule, Severity::Error, table.file_name(), message);
        let [first, others @ ..] = self.names.as_slice() else {
            return Some(
                error(rules::HEADER_MISSING, "the file is empty".to_string()).fix(first_line),
            );
        };
        let separated_by = |mark: char| {
            let parts: Vec<&str> = first.split(mark).map(str::trim).collect();
            parts.len() > 1 && parts.iter().any(|part| names.contains(part))
        };
        let marks = [(';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars")];
        if let Some((_, word)) = marks
            .into_iter()
            .find(|(mark, _)| others.is_empty() && separated_by(*mark))
        {
            let message = format!("the columns are separated by {word}");
            return Some(
                error(rules::DELIMITER, message).fix("save the file with commas between them"),
            );
        }
        let known = self
            .names
            .iter()
            .any(|name| names.contains(&name.to_lowercase().as_str()));
        (!known).then(|| {
            let message = format!("{} … are no names of columns", quoted(first));
            error(rules::HEADER_MISSING, message).fix(first_line)
        })
    }

    fn check(&self, table: Table) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (place, name) in self.names.iter().enumerate() {
            let at = self
                .names
                .iter()
                .take(place)
                .position(|earlier| earlier == name);
            if let Some(first) = at.filter(|_| !name.is_empty()) {
                findings.push(duplicate(table, name, first + 1, place + 1));
            } else if table.column(name).is_none() {
                findings.push(self.unknown(table, name, place + 1));
            }
        }
        let missing = table.columns().iter().filter(|column| column.required);
        let missing = missing.filter(|column| self.place(column.name).is_none());
        findings.extend(missing.map(|column| self.missing(table, column)));
        findings
    }

    fn unknown(&self, table: Table, name: &str, number: usize) -> Finding {
        let message = match name {
            "" => format!("column {number} has no name: it is kept and not used"),
            _ => format!(
                "there is no column {} here: it is kept and not used",
                quoted(name)
            ),
        };
        let free = table.columns().iter().map(|column| column.name);
        let free = free.filter(|known| self.place(known).is_none());
        Finding::new(
            rules::COLUMN_UNKNOWN,
            Severity::Warning,
            table.file_name(),
            message,
        )
        .column(name)
        .maybe_fix(nearest(name, free).map(|near| format!("did you mean {near}?")))
    }

    fn missing(&self, table: Table, column: &Column) -> Finding {
        let strangers = self.names.iter().map(String::as_str);
        let strangers = strangers.filter(|name| table.column(name).is_none());
        let fix = match nearest(column.name, strangers) {
            Some(near) => format!("rename the column {} to {}", quoted(near), column.name),
            None => format!("add a column {}: {}", column.name, column.meaning),
        };
        let message = format!("the column {} is missing", column.name);
        Finding::new(
            rules::COLUMN_MISSING,
            Severity::Error,
            table.file_name(),
            message,
        )
        .column(column.name)
        .fix(fix)
    }
}

fn duplicate(table: Table, name: &str, first: usize, again: usize) -> Finding {
    let message = format!(
        "columns {first} and {again} are both named {}",
        quoted(name)
    );
    Finding::new(
        rules::HEADER_DUPLICATE,
        Severity::Error,
        table.file_name(),
        message,
    )
    .column(name)
    .fix("rename or delete one of them")
}

/// Without white space and the invisible marks that spreadsheets and web pages leave.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}
