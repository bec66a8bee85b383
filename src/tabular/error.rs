use std::fmt;
use std::io;

use crate::frames::words::and;

/// Where in a file a cell is: by line and column of a text, by sheet and cell of a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// As it was named on the command line.
    pub file: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The line of a text or the row of a sheet, from 1; 0 for all of them.
    pub line: u64,
    /// The name of the column.
    pub column: Option<String>,
    /// The column of a sheet in letters.
    pub letters: Option<String>,
}

impl Place {
    pub(super) fn line(file: &str, line: u64) -> Place {
        Place {
            file: file.to_owned(),
            line,
            ..Place::default()
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, ", sheet {sheet}")?;
        }
        match (&self.letters, self.line) {
            (_, 0) => {}
            (Some(letters), line) => write!(f, ", cell {letters}{line}")?,
            (None, line) if self.sheet.is_some() => write!(f, ", row {line}")?,
            (None, line) => write!(f, ", line {line}")?,
        }
        match &self.column {
            Some(column) if !column.is_empty() => write!(f, ", column {column}"),
            _ => Ok(()),
        }
    }
}

/// Why a small table can’t be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// It is no table, or damaged, or larger than a small table is.
    #[error("{file}: {message}")]
    Unreadable {
        /// The file.
        file: String,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// There is nothing in it.
    #[error("{0}: it is empty: what was to write it may have failed")]
    Empty(String),
    /// Which of several sheets is meant is not known.
    #[error("{file}: {message}")]
    Sheet {
        /// The file.
        file: String,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// No row names the columns.
    #[error("{file}: {}", missing_columns(.missing, .columns, .near.as_deref()))]
    Columns {
        /// The file, and the sheet of a workbook.
        file: String,
        /// The columns that are looked for and not there.
        missing: Vec<String>,
        /// Those that are there.
        columns: Vec<String>,
        /// The one that was probably meant.
        near: Option<String>,
    },
    /// A cell, or a row, holds what its column can’t hold.
    #[error("{place}: {message}")]
    Cell {
        /// Where.
        place: Box<Place>,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// A cell has two readings, and nothing in the file tells which is meant.
    #[error("{place}: {message}")]
    Unsettled {
        /// The first such cell.
        place: Box<Place>,
        /// Both readings, and the option that settles it.
        message: String,
    },
}

impl Error {
    /// Whether it is the file that can’t be read, not what is in it that can’t be used.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Error::Io { .. } | Error::Unreadable { .. })
    }
}

fn missing_columns(missing: &[String], columns: &[String], near: Option<&str>) -> String {
    let (is, s) = match missing.len() {
        1 => ("is", ""),
        _ => ("are", "s"),
    };
    let there = match columns {
        [] => "no row names columns".to_owned(),
        [only] => format!("its only column is {only}"),
        columns => format!("its columns are {}", columns.join(", ")),
    };
    let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
    format!("there {is} no column{s} {}; {there}{near}", and(missing))
}
