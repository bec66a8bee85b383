//! Changing a folder so that nothing is ever lost: under a lock, by replacing whole files at once, and with a line in
//! changes.csv for each thing that is done.
//!
//! What is to be written is planned first, without touching a file ([`addition`], [`revision`], [`removal`]); here it is put
//! on the disk.

pub mod addition;
pub mod changes;
mod dependents;
pub mod init;
pub mod removal;
pub mod revision;
mod rows;

pub use addition::{Addition, plan, plan_all};
pub use changes::{Change, ChangeKind, Remark, read_changes};
pub use init::{InitError, init};
pub use removal::{Removal, plan_removal};
pub use revision::{ColumnChange, Revision, plan_revision};
pub use rows::{StoredFile, StoredRow};

use super::Store;
use super::finding::Finding;
use super::incoming::NewRow;
use super::open::StoreError;
use super::schema::Table;
use crate::files;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The file that is locked while a folder is changed. It stays where it is: taking it away would let two
/// in at once.
const LOCK: &str = ".opine.lock";

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The rows are wrong, or would be.
    #[error("the rows are refused: nothing was written")]
    Refused(Vec<Finding>),
    /// No row has the id.
    #[error("{file} has no {row} “{id}”{}", .near.as_ref().map_or(String::new(), |near| format!("; did you mean {near}?")))]
    NoRow {
        /// The file.
        file: &'static str,
        /// What its rows are.
        row: &'static str,
        /// The id.
        id: String,
        /// The id that was probably meant.
        near: Option<String>,
    },
    /// Several rows have the id.
    #[error("“{id}” is {} rows: {}; name one of them", .rows.len(), .rows.join(", "))]
    SeveralRows {
        /// The id.
        id: String,
        /// What would name one of them.
        rows: Vec<String>,
    },
    /// Other rows refer to it.
    #[error("{what}, since {}", dependence(.rows))]
    Dependents {
        /// What can’t be done.
        what: String,
        /// The rows that would refer to nothing.
        rows: Vec<String>,
    },
    /// The folder cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// changes.csv is something else.
    #[error("{0} is no list of changes: its first line should be {1}; move it away")]
    OtherChanges(PathBuf, String),
    /// The file may not be written.
    #[error("{0} is write-protected: nothing was written")]
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

/// How many names a message lists.
const LISTED: usize = 6;

fn dependence(rows: &[String]) -> String {
    let listed: Vec<&str> = rows.iter().take(LISTED).map(String::as_str).collect();
    let more = match rows.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match rows.len() {
        1 => format!("1 row depends on it: {}", listed.join("")),
        count => format!("{count} rows depend on it: {}{more}", listed.join(", ")),
    }
}

/// Files of a store as they will be, in the order in which they are written, and what is written of them in changes.csv.
pub struct Writing {
    files: Vec<(Table, Vec<u8>)>,
    changes: Vec<Change>,
}

/// Adds the rows to the table's file in the folder. The bytes that are there stay as they are.
/// Whoever else changes it at the same time waits; whoever reads sees the file as it was or as it will
/// be; a process that is killed leaves one of the two.
///
/// # Errors
/// [`WriteError`]; the folder is then as it was.
pub fn commit(
    dir: &Path,
    table: Table,
    rows: &[NewRow],
    remark: &Remark,
) -> Result<Addition, WriteError> {
    written(dir, &[table], |store| {
        let addition = plan(store, table, rows).map_err(WriteError::Refused)?;
        let files = match addition.rows.is_empty() {
            true => Vec::new(),
            false => vec![(table, addition.file.clone())],
        };
        let changes = addition.changes(store, remark);
        Ok((addition, Writing { files, changes }))
    })
}

/// The same for rows of several tables, in an order in which each refers to those before it.
///
/// # Errors
/// [`WriteError`]; the folder is then as it was.
pub fn commit_all(
    dir: &Path,
    rows: &[(Table, Vec<NewRow>)],
    remark: &Remark,
) -> Result<Vec<Addition>, WriteError> {
    let tables: Vec<Table> = rows.iter().map(|(table, _)| *table).collect();
    written(dir, &tables, |store| {
        let additions = plan_all(store, rows).map_err(WriteError::Refused)?;
        let mut before = store.clone();
        let (mut files, mut changes) = (Vec::new(), Vec::new());
        for addition in &additions {
            files.push((addition.table, addition.file.clone()));
            changes.extend(addition.changes(&before, remark));
            before = addition.store(&before);
        }
        Ok((additions, Writing { files, changes }))
    })
}

/// Corrects a row in the folder: what is not named stays byte for byte as it is.
///
/// # Errors
/// [`WriteError`]; the folder is then as it was.
pub fn revise(
    dir: &Path,
    table: Table,
    id: &str,
    values: &[(String, String)],
    remark: &Remark,
) -> Result<Revision, WriteError> {
    written(dir, &[table], |store| {
        let revision = plan_revision(store, table, id, values)?;
        let files = match revision.columns.is_empty() {
            true => Vec::new(),
            false => vec![(table, revision.file.clone())],
        };
        let changes = revision.changes(remark);
        Ok((revision, Writing { files, changes }))
    })
}

/// Takes rows out of the folder, and with `with_dependents` those that refer to them.
///
/// # Errors
/// [`WriteError`]; the folder is then as it was.
pub fn remove(
    dir: &Path,
    table: Table,
    ids: &[String],
    with_dependents: bool,
    remark: &Remark,
) -> Result<Removal, WriteError> {
    written(dir, &Table::ALL, |store| {
        let removal = plan_removal(store, table, ids, with_dependents)?;
        let files = removal.files.clone();
        let changes = removal.changes(remark);
        Ok((removal, Writing { files, changes }))
    })
}

/// Plans under the lock and writes what was planned: changes.csv first, so that no change goes unwritten, then the files in
/// their order. Where one of them can’t be written, those before it are put back.
fn written<T>(
    dir: &Path,
    tables: &[Table],
    plan: impl FnOnce(&Store) -> Result<(T, Writing), WriteError>,
) -> Result<T, WriteError> {
    let places = Places::find(dir, tables)?;
    let _locks = places.lock()?; // let go when the files are closed, also by a kill
    let (planned, writing) = plan(&Store::open(dir)?)?;
    if writing.files.is_empty() {
        return Ok(planned);
    }
    let mut replacements = vec![(
        places.changes.clone(),
        changes::with_lines(&places.changes, &writing.changes)?,
    )];
    for (table, bytes) in writing.files {
        replacements.push((places.path(table)?, bytes));
    }
    let protected =
        |path: &Path| fs::metadata(path).is_ok_and(|file| file.permissions().readonly());
    if let Some((path, _)) = replacements.iter().find(|(path, _)| protected(path)) {
        return Err(WriteError::WriteProtected(path.clone()));
    }
    let mut before: Vec<(&Path, Option<Vec<u8>>)> = Vec::new();
    for (path, bytes) in &replacements {
        before.push((path, fs::read(path).ok()));
        if let Err(source) = files::replace(path, bytes) {
            put_back(&before);
            return Err(failed("cannot replace", path)(source));
        }
    }
    Ok(planned)
}

/// The files as they were; one that can’t be put back is as it would have been.
fn put_back(before: &[(&Path, Option<Vec<u8>>)]) {
    for (path, bytes) in before {
        let _ = match bytes {
            Some(bytes) => files::replace(path, bytes),
            None => fs::remove_file(path),
        };
    }
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    move |source| WriteError::Io {
        doing,
        path: path.to_path_buf(),
        source,
    }
}

/// Where the files of a folder are: those themselves where the folder has links to them, so that links stay links.
struct Places {
    tables: Vec<(Table, PathBuf)>,
    changes: PathBuf,
}

impl Places {
    fn find(dir: &Path, tables: &[Table]) -> Result<Places, WriteError> {
        if !dir.is_dir() {
            Store::open(dir)?; // says what is there instead
        }
        let dir = dir.canonicalize().map_err(failed("cannot find", dir))?;
        let real = |name: &str| {
            let path = dir.join(name);
            path.canonicalize().unwrap_or(path)
        };
        let tables = tables.iter().map(|table| (*table, real(table.file_name())));
        Ok(Places {
            tables: tables.collect(),
            changes: real(changes::FILE),
        })
    }

    fn path(&self, table: Table) -> Result<PathBuf, WriteError> {
        let place = self.tables.iter().find(|(known, _)| *known == table);
        place.map(|(_, path)| path.clone()).ok_or_else(|| {
            let unlocked = io::Error::other("the file is not locked");
            failed("cannot replace", Path::new(table.file_name()))(unlocked)
        })
    }

    /// Locks every folder that a file is in, in the order of their names, so that no two wait for each other; and clears what
    /// killed processes left there.
    fn lock(&self) -> Result<Vec<File>, WriteError> {
        let paths = || {
            self.tables
                .iter()
                .map(|(_, path)| path)
                .chain([&self.changes])
        };
        let folders: BTreeSet<&Path> = paths().filter_map(|path| path.parent()).collect();
        let locks = folders.into_iter().map(lock).collect::<Result<_, _>>()?;
        for path in paths() {
            if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
                files::clear_leftovers(folder, &name.to_string_lossy());
            }
        }
        Ok(locks)
    }
}

fn lock(folder: &Path) -> Result<File, WriteError> {
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
