//! A new folder.

use crate::files;
use crate::published::figures::store::open::shipped;
use crate::published::figures::store::schema::Table;
use std::fs;
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

/// Makes the folder where it is missing, and writes a copy of the shipped data into it.
///
/// # Errors
/// [`InitError`] if a file of the store is there already, or the system refuses.
pub fn init(dir: &Path) -> Result<Vec<PathBuf>, InitError> {
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
    fs::create_dir_all(dir).map_err(failed(dir))?;
    for (table, path) in &paths {
        files::create_new(path, shipped(*table).as_bytes()).map_err(failed(path))?;
    }
    Ok(paths.into_iter().map(|(_, path)| path).collect())
}
