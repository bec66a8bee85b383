//! Temporary files that no signal leaves behind.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The temporary files of the process.
static TEMPORARIES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn temporaries() -> MutexGuard<'static, Vec<PathBuf>> {
    TEMPORARIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why a temporary file could not be made, without its name, which nobody has heard of.
pub fn nameless(error: io::Error) -> io::Error {
    match error.to_string().split_once(" at path ") {
        Some((why, _)) => io::Error::new(error.kind(), why.to_owned()),
        None => error,
    }
}

/// A temporary file as long as it is there: who deletes or renames it lets this go afterwards.
#[derive(Debug)]
pub struct Registered(PathBuf);

impl Registered {
    pub fn new(path: &Path) -> Registered {
        temporaries().push(path.to_owned());
        Registered(path.to_owned())
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        temporaries().retain(|path| *path != self.0);
    }
}

/// Deletes what is registered: a process that a signal ends drops nothing.
pub fn clear_temporaries() {
    for path in temporaries().drain(..) {
        // one that was just put in its place is gone from here
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_registered_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept");
        fs::write(&path, "x").unwrap();
        let kept = Registered::new(&path);
        assert!(temporaries().contains(&path));
        drop(kept);
        assert!(!temporaries().contains(&path));
    }
}
