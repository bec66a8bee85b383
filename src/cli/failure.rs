use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

/// Why a command did not do what was asked, by exit code.
#[derive(Debug)]
pub enum Failure {
    /// 1: errors in the data. What they are has been printed.
    Findings(String),
    /// 2: asked for in a way that can’t be done.
    Usage(String),
    /// 3: a file can’t be read or written.
    File(String),
}

impl Failure {
    pub fn usage(error: impl Display) -> Failure {
        Failure::Usage(error.to_string())
    }

    pub fn file(path: &Path, error: impl Display) -> Failure {
        Failure::File(format!("{}: {error}", path.display()))
    }

    /// Prints it to standard error and gives the exit code.
    pub fn report(self) -> ExitCode {
        let (code, message) = match self {
            Failure::Findings(message) => (1, message),
            Failure::Usage(message) => (2, message),
            Failure::File(message) => (3, message),
        };
        if !message.is_empty() {
            anstream::eprintln!("error: {message}");
        }
        ExitCode::from(code)
    }
}
