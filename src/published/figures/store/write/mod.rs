//! Changing a folder so that nothing is ever lost: under a lock, by replacing whole files at once, and with a line in
//! changes.csv for each thing that is done.
//!
//! What is to be written is planned first, without touching a file ([`addition`], [`revision`], [`removal`]); here it is put
//! on the disk.

pub mod addition;
pub mod changes;
mod dependents;
pub mod init;
mod journal;
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
/// be; a process that is killed leaves one of the two, and no change that is half done: see [`journal`].
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

/// Plans under the lock and writes what was planned: changes.csv first, then the files in their order. Where one of them can’t
/// be written, those before it are put back, and where the process is killed between two of them, the next one puts them back.
fn written<T>(
    dir: &Path,
    tables: &[Table],
    plan: impl FnOnce(&Store) -> Result<(T, Writing), WriteError>,
) -> Result<T, WriteError> {
    let places = Places::find(dir, tables)?;
    let _locks = places.lock_sound(dir)?; // let go when the files are closed, also by a kill
    let (planned, writing) = plan(&Store::open(dir)?)?;
    if writing.files.is_empty() {
        return Ok(planned);
    }
    let mut replacements = vec![(
        changes::FILE,
        places.changes.clone(),
        changes::with_lines(&places.changes, &writing.changes)?,
    )];
    for (table, bytes) in writing.files {
        replacements.push((table.file_name(), places.path(table)?, bytes));
    }
    let protected =
        |path: &Path| fs::metadata(path).is_ok_and(|file| file.permissions().readonly());
    if let Some((_, path, _)) = replacements.iter().find(|(_, path, _)| protected(path)) {
        return Err(WriteError::WriteProtected(path.clone()));
    }
    let entry = |(name, path, after): &(&str, PathBuf, Vec<u8>)| journal::Entry {
        name: (*name).to_owned(),
        before: fs::read(path).ok(),
        after: after.clone(),
    };
    let entries: Vec<journal::Entry> = replacements.iter().map(entry).collect();
    let journal = places.journal();
    journal::begin(&journal, &entries)
        .map_err(failed("cannot keep what is replaced in", &journal))?;
    for (_, path, bytes) in &replacements {
        if let Err(source) = files::replace(path, bytes) {
            places.undo(dir, &entries)?;
            return Err(failed("cannot replace", path)(source));
        }
    }
    journal::end(&journal).map_err(failed("cannot finish the change in", &journal))?;
    Ok(planned)
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    // files of ours that nobody has heard of: it is their folder that is said
    let internal = path
        .file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(".opine."));
    let path = path.parent().filter(|_| internal).unwrap_or(path);
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

    fn journal(&self) -> PathBuf {
        self.changes.with_file_name(journal::FILE)
    }

    /// Puts back what a change has replaced.
    fn undo(&self, dir: &Path, entries: &[journal::Entry]) -> Result<(), WriteError> {
        let path = |name: &str| {
            let path = dir.join(name);
            path.canonicalize().unwrap_or(path)
        };
        journal::undo(entries, path)
            .map_err(|(path, source)| failed("cannot put back", &path)(source))?;
        let journal = self.journal();
        journal::end(&journal).map_err(failed("cannot finish the change in", &journal))
    }

    /// The locks of a folder in which no change is half done: what a killed process left of one is put back first, under the locks
    /// of all files.
    fn lock_sound(&self, dir: &Path) -> Result<Vec<File>, WriteError> {
        let journal = self.journal();
        let open = || {
            journal::read(&journal).map_err(failed("cannot read what a change left in", &journal))
        };
        loop {
            let locks = self.lock()?;
            if open()?.is_none() {
                return Ok(locks);
            }
            drop(locks);
            let all = Places::find(dir, &Table::ALL)?;
            let _locks = all.lock()?;
            if let Some(entries) = open()? {
                all.undo(dir, &entries)?;
            }
        }
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
        let journal = self.journal();
        for path in paths().chain([&journal]) {
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
    let file = file.map_err(failed("cannot lock", &path))?;
    file.lock().map_err(failed("cannot lock", &path))?;
    Ok(file)
}
