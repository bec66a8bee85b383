//! What goes wrong below a file's name.

use std::io;
use std::path::Path;

use crate::survey::microdata::Error;

#[derive(Debug)]
pub(crate) enum Fault {
    Io(io::Error),
    /// The bytes end before what they announce.
    Cut,
    Damaged(String),
    /// Bytes that should be a text are not in UTF-8.
    NoText,
    /// A number is needed and this was found.
    NoNumber(String),
}

/// A fault of the content, in words.
pub(crate) fn damaged(message: impl Into<String>) -> Fault {
    Fault::Damaged(message.into())
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Fault::Cut,
            _ => Fault::Io(error),
        }
    }
}

impl Fault {
    /// The fault as one of that file.
    pub(crate) fn in_file(self, path: &Path) -> Error {
        let path = path.to_owned();
        match self {
            Fault::Io(source) => Error::Io { path, source },
            Fault::Cut => Error::Damaged {
                path,
                message: "the file ends too early, or a size in it is wrong".to_owned(),
            },
            Fault::Damaged(message) => Error::Damaged { path, message },
            Fault::NoText => Error::Damaged {
                path,
                message: "a text is not UTF-8".to_owned(),
            },
            Fault::NoNumber(found) => Error::Damaged {
                path,
                message: format!("{found} is no number"),
            },
        }
    }

    /// The fault as one of that variable of the file.
    pub(crate) fn in_variable(self, path: &Path, name: &str) -> Error {
        match self {
            Fault::NoNumber(found) => Error::NoNumber {
                name: name.to_owned(),
                found,
            },
            Fault::NoText => Error::NoText {
                path: path.to_owned(),
                name: name.to_owned(),
            },
            Fault::Damaged(message) => damaged(format!("variable {name}: {message}")).in_file(path),
            Fault::Cut => damaged(format!(
                "variable {name}: its data end too early, or a size is wrong"
            ))
            .in_file(path),
            other => other.in_file(path),
        }
    }
}
