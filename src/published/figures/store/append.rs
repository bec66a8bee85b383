//! Adding rows to a folder so that none is ever lost: under a lock, and by replacing the whole file at once.

use super::Store;
use super::finding::Finding;
use super::incoming::NewRow;
use super::open::StoreError;
use super::open::shipped;
use super::plan::{Addition, plan};
use super::schema::Table;
use crate::files;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The file that is locked while rows are added. It stays where it is: taking it away would let two
/// in at once.
const LOCK: &str = ".opine.lock";

/// Why rows were not added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The rows are wrong.
    #[error("the rows are refused: nothing was added")]
    Refused(Vec<Finding>),
    /// The folder cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file may not be written.
    #[error("{0} is write-protected: nothing was added")]
    WriteProtected(PathBuf),
    /// The system refused.
    #[error("{doing} {path}: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

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

/// Adds the rows to the table's file in the folder. The bytes that are there stay as they are.
/// Whoever else adds at the same time waits; whoever reads sees the file as it was or as it will
/// be; a process that is killed leaves one of the two.
///
/// # Errors
/// [`AddError`]; the file is then as it was, unless the message says that the rows were added.
pub fn commit(dir: &Path, table: Table, rows: &[NewRow]) -> Result<Addition, AddError> {
    let path = real_path(dir, table)?;
    let folder = path.parent().unwrap_or(dir);
    let _lock = lock(folder)?; // let go when the file is closed, also by a kill
    files::clear_leftovers(folder, table.file_name());
    let store = Store::open(dir)?;
    let addition = plan(&store, table, rows).map_err(AddError::Refused)?;
    if !addition.rows.is_empty() {
        replace(&path, &addition.file)?;
    }
    Ok(addition)
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> AddError {
    move |source| AddError::Io {
        doing,
        path: path.to_path_buf(),
        source,
    }
}

/// The file itself where the folder has a link to it, so that the link stays one.
fn real_path(dir: &Path, table: Table) -> Result<PathBuf, AddError> {
    if !dir.is_dir() {
        Store::open(dir)?; // says what is there instead
    }
    let dir = dir.canonicalize().map_err(failed("cannot find", dir))?;
    let path = dir.join(table.file_name());
    Ok(path.canonicalize().unwrap_or(path))
}

fn lock(folder: &Path) -> Result<File, AddError> {
    let path = folder.join(LOCK);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path);
    let file = file.map_err(failed("cannot make the lock file", &path))?;
    file.lock().map_err(failed("cannot lock", &path))?;
    Ok(file)
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), AddError> {
    let readonly = fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly());
    match readonly {
        true => Err(AddError::WriteProtected(path.to_path_buf())),
        false => files::replace(path, bytes).map_err(failed("cannot replace", path)),
    }
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
