//! Files that are never half there: written beside, synced, renamed.

pub mod guard;
mod scratch;
mod temporaries;

pub use scratch::Scratch;
pub use temporaries::{Registered, clear_temporaries, nameless};

use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The folder with all above it, where it is not there yet.
///
/// # Errors
/// Those of the system, and a file that stands in its place.
pub fn create_folder(path: &Path) -> io::Result<()> {
    match fs::create_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(io::Error::other("this is a file, and a folder is wanted"))
        }
        done => done,
    }
}

/// Puts `bytes` at `path` at once: whoever reads sees the file as it was or as it will be, and a
/// process that is killed leaves one of the two. Keeps the rights of a file that is replaced.
///
/// # Errors
/// Those of the system; a write-protected file is not replaced. The file is then as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut new = Replacement::new(path)?;
    new.file().write_all(bytes)?;
    new.put()
}

/// A file that is written piece by piece and takes its place at the end; without [`Replacement::put`] it is gone.
///
/// A link stays a link, and the file it leads to is replaced. What is no file, a pipe or a terminal, is written to as it is.
pub struct Replacement(Writing);

enum Writing {
    Beside {
        path: PathBuf,
        old: Option<Permissions>,
        new: NamedTempFile,
        /// Goes with the file should a signal end the process.
        registered: Registered,
    },
    /// Renaming would put a file in the place of the pipe or device.
    Straight(File),
}

impl Replacement {
    /// An empty file beside `path`.
    ///
    /// # Errors
    /// Those of the system; a write-protected file is not replaced.
    pub fn new(path: &Path) -> io::Result<Replacement> {
        let Ok(metadata) = fs::metadata(path) else {
            // a link whose file is not there yet
            let path = match fs::read_link(path) {
                Ok(target) => folder_of(path).join(target),
                Err(_) => path.to_owned(),
            };
            let new = beside(&path)?;
            return Ok(Replacement(Writing::Beside {
                path,
                old: None,
                registered: Registered::new(new.path()),
                new,
            }));
        };
        // a folder is left to the renaming, which says that it is one
        if !metadata.is_file() && !metadata.is_dir() {
            let file = File::options().write(true).open(path)?;
            return Ok(Replacement(Writing::Straight(file)));
        }
        if metadata.permissions().readonly() {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "the file is write-protected",
            ));
        }
        // beside the file that a link leads to: the link stays, and the renaming stays on one disk
        let path = fs::canonicalize(path)?;
        let new = beside(&path)?;
        Ok(Replacement(Writing::Beside {
            path,
            old: Some(metadata.permissions()),
            registered: Registered::new(new.path()),
            new,
        }))
    }

    pub fn file(&mut self) -> &mut File {
        match &mut self.0 {
            Writing::Beside { new, .. } => new.as_file_mut(),
            Writing::Straight(file) => file,
        }
    }

    /// Puts the file where it belongs, at once.
    ///
    /// # Errors
    /// Those of the system.
    pub fn put(self) -> io::Result<()> {
        let (path, old, new, _registered) = match self.0 {
            Writing::Beside {
                path,
                old,
                new,
                registered,
            } => (path, old, new, registered),
            Writing::Straight(mut file) => return file.flush(),
        };
        if let Some(permissions) = old {
            new.as_file().set_permissions(permissions)?;
        }
        // before the renaming: else a power cut could leave the new name with nothing in it
        new.as_file().sync_all()?;
        new.persist(&path).map_err(|error| error.error)?;
        sync_folder(folder_of(&path))
    }
}

/// The text of a small file, as a design or a plan is one. A pipe or a device may never end.
///
/// # Errors
/// Those of the system, and [`io::ErrorKind::FileTooLarge`].
pub fn read_small_text(path: &Path) -> io::Result<String> {
    const MOST: u64 = 16 << 20;
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it goes on after 16 MB, and is no such file",
        ));
    }
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Which file a path leads to, whatever way it is written: by links of either kind, by `..`, as /dev/stdin.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// Device and number there, which all hard links of a file share.
    #[cfg(unix)]
    Inode(u64, u64),
    /// One that is not there yet, or on a system without such numbers.
    Path(PathBuf),
}

impl Identity {
    /// `None` for what is no file: a folder, a pipe, a terminal, /dev/null.
    pub fn from_path(path: &Path) -> Option<Identity> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => Identity::from_file(path, &metadata),
            Ok(_) => None,
            Err(_) => {
                let folder = fs::canonicalize(folder_of(path)).ok()?;
                Some(Identity::Path(folder.join(path.file_name()?)))
            }
        }
    }

    #[cfg(unix)]
    fn from_file(_: &Path, metadata: &fs::Metadata) -> Option<Identity> {
        use std::os::unix::fs::MetadataExt;
        Some(Identity::Inode(metadata.dev(), metadata.ino()))
    }

    #[cfg(not(unix))]
    fn from_file(path: &Path, _: &fs::Metadata) -> Option<Identity> {
        fs::canonicalize(path).ok().map(Identity::Path)
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
    let folder = folder_of(path);
    // else the system names a file that nobody has heard of
    if !folder.exists() {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            format!("there is no folder {}", folder.display()),
        ));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    temporary(folder, &name)
}

/// What the temporary files of a name begin with. Names have 255 bytes at most, and theirs are longer by some.
fn prefix(name: &str) -> String {
    const MOST: usize = 200;
    let end = name.floor_char_boundary(MOST.min(name.len()));
    format!(".{}.", &name[..end])
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
    let prefix = prefix(name);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // the umask takes its share
        builder.permissions(Permissions::from_mode(0o666));
        builder.tempfile_in(folder).map_err(nameless)
    }
    #[cfg(not(unix))]
    builder.tempfile_in(folder).map_err(nameless)
}

/// Deletes what killed processes left of a file's replacements. Only where nobody else may be writing it.
pub fn clear_leftovers(folder: &Path, name: &str) {
    let prefix = prefix(name);
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
