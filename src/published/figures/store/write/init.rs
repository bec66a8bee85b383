//! A new folder.

use crate::files;
use crate::published::figures::store::open::shipped;
use crate::published::figures::store::schema::Table;
use crate::published::figures::store::{Origin, Store};
use std::io;
use std::path::{Path, PathBuf};

/// Why a folder was not made.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// Files of the store are there already.
    #[error("nothing is overwritten, and these are there already: {}", listed(.0))]
    Exists(Vec<PathBuf>),
    /// The system refused.
    #[error("cannot write {path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

fn listed(paths: &[PathBuf]) -> String {
    paths
        .iter()
        .map(|path| path.display().to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Makes the folder where it is missing, and writes a copy of the shipped data into it; an empty store has of it what belongs to
/// no poll.
///
/// # Errors
/// [`InitError`] if a file of the store is there already, or the system refuses.
pub fn init(dir: &Path, empty: bool) -> Result<Vec<PathBuf>, InitError> {
    let paths = Table::ALL.map(|table| (table, dir.join(table.file_name())));
    let there = paths
        .iter()
        .filter(|(_, path)| path.symlink_metadata().is_ok());
    let there: Vec<PathBuf> = there.map(|(_, path)| path.clone()).collect();
    if !there.is_empty() {
        return Err(InitError::Exists(there));
    }
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |source| InitError::Io { path, source }
    };
    files::create_folder(dir).map_err(failed(dir))?;
    for (table, path) in &paths {
        let text = match empty {
            true => without_polls(*table),
            false => shipped(*table).to_owned(),
        };
        files::create_new(path, text.as_bytes()).map_err(failed(path))?;
    }
    Ok(paths.into_iter().map(|(_, path)| path).collect())
}

impl Store {
    /// The store that [`init`] writes where it is to be empty.
    pub fn empty(dir: &Path) -> Store {
        let files = Table::ALL.map(|table| (table, without_polls(table).into_bytes()));
        Store::from_files(files, Origin::Folder(dir.to_path_buf()))
    }
}

/// What of a shipped file belongs to no poll: the header; of countries all; of responses those that say that there is no opinion,
/// since the same word as an answer of its own would be counted as one.
fn without_polls(table: Table) -> String {
    let mut lines = shipped(table).split_inclusive('\n');
    let head = lines.next().unwrap_or_default();
    let kept = lines.filter(|line| match table {
        Table::Countries => is_country(line),
        Table::Responses => !line.trim_end().ends_with("substantive"),
        _ => false,
    });
    kept.fold(head.to_owned(), |text, line| text + line)
}

/// Sets of countries are of the polls that asked in them.
fn is_country(line: &str) -> bool {
    line.split(',')
        .nth(1)
        .is_some_and(|alpha3| !alpha3.is_empty())
}
