//! Errors with the path of the file.

use std::io;
use std::path::Path;

use super::Error;

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
