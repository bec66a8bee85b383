//! Why respondents can’t be read or written.

use std::io;
use std::path::{Path, PathBuf};

use crate::tabular;

/// Why a respondent file can't be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system says no.
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    /// The content is not what its format asks for.
    #[error("{}: {message}", path.display())]
    Damaged { path: PathBuf, message: String },
    /// Bytes of a variable that should be text are none.
    #[error("{}: variable {name}: a text is not UTF-8", path.display())]
    NoText { path: PathBuf, name: String },
    /// The ending names no format we read; what the file is and what to do with it, where that is known.
    #[error("{}: {}", path.display(), no_format(.advice.as_deref()))]
    Format {
        path: PathBuf,
        advice: Option<String>,
    },
    /// No variable of that name.
    #[error("no variable {name}{}", hint(.nearest))]
    NoVariable {
        name: String,
        nearest: Option<String>,
    },
    /// A variable of that name is there and can’t be read.
    #[error("{name} {why}, and can’t be read")]
    Unread { name: String, why: String },
    /// A number is needed and the variable has something else.
    #[error("{name} is no number: {found}")]
    NoNumber { name: String, found: String },
    /// A format has no room for something of that variable.
    #[error("{}: {name} {problem}", path.display())]
    NoRoom {
        path: PathBuf,
        name: String,
        problem: String,
    },
    /// An option that can have no effect on that file.
    #[error("{}: {option} has no effect: {why}", path.display())]
    NoEffect {
        path: PathBuf,
        option: &'static str,
        why: String,
    },
    /// A table that tells of the file can't be read.
    #[error(transparent)]
    Table(#[from] tabular::Error),
    /// What the reader of the batches said.
    #[error("{0}")]
    Stopped(String),
}

const FORMATS: &str = "the ending says no format; opine reads .csv, .tsv, .parquet, .arrow (.ipc, .feather), .sav, .zsav, .por, .dta, \
                       .xpt, .xlsx and .ods, also within .gz, .zst or .zip";

fn no_format(advice: Option<&str>) -> &str {
    advice.unwrap_or(FORMATS)
}

impl Error {
    /// The same error, of another file than it was noticed in: of a packed one, and not of what it was unpacked to.
    pub(crate) fn of_file(mut self, file: &Path) -> Error {
        match &mut self {
            Error::Io { path, .. }
            | Error::Damaged { path, .. }
            | Error::NoText { path, .. }
            | Error::Format { path, .. }
            | Error::NoRoom { path, .. }
            | Error::NoEffect { path, .. } => *path = file.to_owned(),
            Error::NoVariable { .. }
            | Error::Unread { .. }
            | Error::NoNumber { .. }
            | Error::Table(_)
            | Error::Stopped(_) => {}
        }
        self
    }
}

fn hint(nearest: &Option<String>) -> String {
    match nearest {
        Some(name) => format!("; did you mean {name}?"),
        None => String::new(),
    }
}

/// The file system says no.
pub(super) fn unreadable(path: &Path, source: io::Error) -> Error {
    Error::Io {
        path: path.to_owned(),
        source,
    }
}

/// The content is not what its format asks for.
pub(super) fn damaged(path: &Path, message: impl Into<String>) -> Error {
    Error::Damaged {
        path: path.to_owned(),
        message: message.into(),
    }
}
