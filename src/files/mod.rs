//! Files that are never half there: written beside, synced, renamed.

pub mod guard;

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Puts `bytes` at `path` at once: whoever reads sees the file as it was or as it will be, and a
/// process that is killed leaves one of the two. Keeps the rights of a file that is replaced.
///
/// # Errors
/// Those of the system; a write-protected file is not replaced. The file is then as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut new = Replacement::of(path)?;
    new.file().write_all(bytes)?;
    new.put()
}

/// A file that is written piece by piece and takes its place at the end; without [`Replacement::put`] it is gone.
pub struct Replacement {
    path: PathBuf,
    old: Option<Permissions>,
    new: NamedTempFile,
}

impl Replacement {
    /// An empty file beside `path`.
    ///
    /// # Errors
    /// Those of the system; a write-protected file is not replaced.
    pub fn of(path: &Path) -> io::Result<Replacement> {
        let old = fs::metadata(path)
            .ok()
            .map(|metadata| metadata.permissions());
        if old.as_ref().is_some_and(Permissions::readonly) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "the file is write-protected",
            ));
        }
        Ok(Replacement {
            path: path.to_owned(),
            old,
            new: beside(path)?,
        })
    }

    pub fn file(&mut self) -> &mut File {
        self.new.as_file_mut()
    }

    /// Puts the file where it belongs, at once.
    ///
    /// # Errors
    /// Those of the system.
    pub fn put(self) -> io::Result<()> {
        if let Some(permissions) = self.old {
            self.new.as_file().set_permissions(permissions)?;
        }
        self.new.as_file().sync_all()?;
        self.new.persist(&self.path).map_err(|error| error.error)?;
        sync_folder(folder_of(&self.path))
    }
}

/// The same for a file that must not be there yet.
///
/// # Errors
/// Those of the system, [`io::ErrorKind::AlreadyExists`] among them.
pub fn create_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut new = beside(path)?;
    new.write_all(bytes)?;
    new.as_file().sync_all()?;
    new.persist_noclobber(path).map_err(|error| error.error)?;
    sync_folder(folder_of(path))
}

fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    temporary(folder_of(path), &name)
}

/// The folder a file is in; `.` for a bare name.
fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

const SUFFIX: &str = ".opine.tmp";

/// A temporary file in the folder, with the rights a new file would have.
fn temporary(folder: &Path, name: &str) -> io::Result<NamedTempFile> {
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // the umask takes its share
        builder.permissions(Permissions::from_mode(0o666));
        builder.tempfile_in(folder)
    }
    #[cfg(not(unix))]
    builder.tempfile_in(folder)
}

/// Deletes what killed processes left of a file's replacements. Only where nobody else may be writing it.
pub fn clear_leftovers(folder: &Path, name: &str) {
    let prefix = format!(".{name}.");
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let found = entry.file_name();
        let found = found.to_string_lossy();
        if found.starts_with(&prefix) && found.ends_with(SUFFIX) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes new names last through a power cut. Only Unix has a way to ask for it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}
