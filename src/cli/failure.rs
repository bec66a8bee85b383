//! Why a command did not do what was asked, and the exit code that says so.

use std::borrow::Cow;
use std::fmt::Display;
use std::path::Path;
use std::process;

use crate::Error;
use crate::present::report;
use crate::survey::estimate;
use crate::survey::microdata;
use crate::survey::models;
use crate::survey::sums;
use crate::survey::weighting;
use crate::survey::weighting::recipe;
use crate::tabular;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitCode {
    /// 0: fine.
    Fine,
    /// 1: errors in the data, or something else that was looked for.
    Findings,
    /// 2: asked for in a way that can’t be done.
    Usage,
    /// 3: a file can’t be read or written.
    File,
    /// 130: stopped, as by Ctrl-C.
    Interrupted,
}

impl ExitCode {
    /// The number that a process ends with.
    pub fn code(self) -> u8 {
        match self {
            ExitCode::Fine => 0,
            ExitCode::Findings => 1,
            ExitCode::Usage => 2,
            ExitCode::File => 3,
            ExitCode::Interrupted => 130,
        }
    }
}

impl process::Termination for ExitCode {
    fn report(self) -> process::ExitCode {
        process::ExitCode::from(self.code())
    }
}

#[derive(Debug)]
pub(super) enum Failure {
    /// What was found has been printed.
    Findings(String),
    Usage(String),
    File(String),
    /// One that programs can tell from others: its code, the place and the nearest name are known.
    Coded(ExitCode, Error),
}

impl Failure {
    /// Wrong use that has a code of its own.
    pub fn coded(error: impl Into<Error>) -> Failure {
        Failure::Coded(ExitCode::Usage, error.into())
    }

    pub fn usage(error: impl Display) -> Failure {
        Failure::Usage(error.to_string())
    }

    pub fn file(path: &Path, error: impl Display) -> Failure {
        Failure::File(format!("{}: {error}", path.display()))
    }

    /// An option that changes nothing of what is asked.
    pub fn no_effect(option: &str, why: &str) -> Failure {
        Failure::Usage(format!("{option} has no effect here: {why}"))
    }

    pub fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Findings(_) => ExitCode::Findings,
            Failure::Usage(_) => ExitCode::Usage,
            Failure::File(_) => ExitCode::File,
            Failure::Coded(exit, _) => *exit,
        }
    }

    /// Empty where everything has been said.
    pub fn message(&self) -> Cow<'_, str> {
        match self {
            Failure::Findings(message) | Failure::Usage(message) | Failure::File(message) => {
                Cow::Borrowed(message)
            }
            Failure::Coded(_, error) => Cow::Owned(error.to_string()),
        }
    }

    /// The same with what another program asks of it: a code that stays.
    #[cfg(feature = "mcp")]
    pub fn into_error(self) -> Error {
        match self {
            Failure::Findings(message) => Error::new("data", message),
            Failure::Usage(message) => Error::new("request", message),
            Failure::File(message) => Error::new("file", message),
            Failure::Coded(_, error) => error,
        }
    }
}

// A file that can’t be read is another failure than a question that can’t be answered.

impl From<microdata::Error> for Failure {
    fn from(error: microdata::Error) -> Failure {
        match error {
            microdata::Error::NoVariable { .. }
            | microdata::Error::Unread { .. }
            | microdata::Error::NoNumber { .. }
            | microdata::Error::NoEffect { .. } => Failure::coded(error),
            microdata::Error::Table(table) => table.into(),
            _ => Failure::Coded(ExitCode::File, error.into()),
        }
    }
}

impl From<tabular::Error> for Failure {
    fn from(error: tabular::Error) -> Failure {
        match error.is_unreadable() {
            true => Failure::Coded(ExitCode::File, error.into()),
            false => Failure::coded(error),
        }
    }
}

impl From<estimate::Error> for Failure {
    fn from(error: estimate::Error) -> Failure {
        match error {
            estimate::Error::File(file) | estimate::Error::Sums(sums::Error::File(file)) => {
                file.into()
            }
            estimate::Error::Sums(sums::Error::Spoilt(_)) => {
                Failure::Coded(ExitCode::File, error.into())
            }
            _ => Failure::coded(error),
        }
    }
}

impl From<models::Error> for Failure {
    fn from(error: models::Error) -> Failure {
        match error {
            models::Error::Estimate(error) => error.into(),
            models::Error::Usage(message) => Failure::Usage(message),
            models::Error::Data(message) => Failure::Findings(message),
        }
    }
}

impl From<recipe::Error> for Failure {
    fn from(error: recipe::Error) -> Failure {
        match error {
            recipe::Error::Estimate(error) => error.into(),
            recipe::Error::File(error) => error.into(),
            recipe::Error::Table(error) => error.into(),
            recipe::Error::Io { .. } => Failure::Coded(ExitCode::File, error.into()),
            recipe::Error::Step {
                error: weighting::Error::Missing { variable, count },
                step,
            } if step == "calibrate" => Failure::Usage(format!(
                "calibrate: {variable} is missing in {count} row{}: leave out those without, or fill them in (--no-answer drop)",
                if count == 1 { "" } else { "s" }
            )),
            recipe::Error::Step {
                error: error @ weighting::Error::Missing { .. },
                step,
            } => Failure::Usage(format!("{step}: {error} (--no-answer drop, or category)")),
            other => Failure::coded(other),
        }
    }
}

impl From<report::Error> for Failure {
    fn from(error: report::Error) -> Failure {
        match error {
            report::Error::File { .. } => Failure::File(error.to_string()),
            _ => Failure::usage(error),
        }
    }
}
