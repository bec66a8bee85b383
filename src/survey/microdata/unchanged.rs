//! A file that must stay as it was while it is read.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::error::damaged;
use super::{Batch, Codebook, ColumnRequest, Error, Source};

/// Respondents of a file whose length and time are those of its opening: a file that another program writes meanwhile gives
/// the head of one state and the rows of another, and several passes over it need not see the same people.
pub(super) struct Unchanged {
    path: PathBuf,
    state: Option<FileState>,
    source: Box<dyn Source>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FileState {
    length: u64,
    modified: Option<SystemTime>,
}

impl FileState {
    /// `None` of what is no file: a pipe has no length, and is read once.
    pub(super) fn read(path: &Path) -> Option<FileState> {
        let metadata = std::fs::metadata(path).ok()?;
        metadata.is_file().then(|| FileState {
            length: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }
}

impl Unchanged {
    /// `state` is that of the file before its head was read.
    pub(super) fn since(
        state: Option<FileState>,
        path: &Path,
        source: Box<dyn Source>,
    ) -> Unchanged {
        Unchanged {
            path: path.to_owned(),
            state,
            source,
        }
    }
}

impl Source for Unchanged {
    fn codebook(&self) -> &Codebook {
        self.source.codebook()
    }

    fn rows(&self) -> Option<u64> {
        self.source.rows()
    }

    fn notes(&self) -> Vec<String> {
        self.source.notes()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let scanned = self.source.scan(requests, each);
        let stopped = matches!(scanned, Err(Error::Stopped(_)));
        // whatever else went wrong most likely went wrong because of that
        match self.state == FileState::read(&self.path) || stopped {
            true => scanned,
            false => Err(damaged(
                &self.path,
                "it was changed while it was read: read it again when it is written to its end",
            )),
        }
    }
}
