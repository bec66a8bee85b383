//! Respondents for as long as a command reads them: what came by a pipe, or was unpacked.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempPath};

use super::{Registered, nameless};

/// A file that is to leave nothing behind, and that others open by a path whose ending says the format.
///
/// Respondents are not to lie on a disk that did not have them: the bytes are in memory where the system has a place for such
/// files and room in it, else in the folder for temporary files. On Linux the file has no name, so that it goes with the
/// process even where that is killed; what has a name is a link that leads to it, in which nobody’s answers stand.
#[derive(Debug)]
pub struct Scratch {
    file: File,
    in_memory: bool,
    name: Name,
}

/// How others get at the file.
#[derive(Debug)]
struct Name {
    path: TempPath,
    /// Goes with the file should a signal end the process.
    _registered: Registered,
}

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";

impl Scratch {
    /// An empty one; the names of its links begin with `prefix`.
    ///
    /// # Errors
    /// Those of the system.
    pub fn new(prefix: &str, ending: &str) -> io::Result<Scratch> {
        let in_memory = tempfile::tempfile_in(MEMORY).and_then(|file| {
            Ok(Scratch {
                name: link(&file, prefix, ending)?,
                in_memory: true,
                file,
            })
        });
        in_memory.or_else(|_| Scratch::on_disk(prefix, ending))
    }

    fn on_disk(prefix: &str, ending: &str) -> io::Result<Scratch> {
        let unnamed = tempfile::tempfile().and_then(|file| {
            let name = link(&file, prefix, ending)?;
            Ok((file, name))
        });
        // a system without such links
        let (file, name) = unnamed.or_else(|_| {
            let named = builder(prefix, ending, |builder| builder.tempfile());
            let named = named.map_err(|error| {
                let (folder, error) = (std::env::temp_dir(), nameless(error));
                let message = format!("no room to keep it in {}: {error}", folder.display());
                io::Error::new(error.kind(), message)
            })?;
            let (file, path) = named.into_parts();
            Ok::<_, io::Error>((file, Name::new(path)))
        })?;
        Ok(Scratch {
            file,
            in_memory: false,
            name,
        })
    }

    /// Where to read it from the start.
    pub fn path(&self) -> &Path {
        &self.name.path
    }

    /// Moves what was written to disk, where memory has no room for more.
    fn move_to_disk(&mut self) -> io::Result<()> {
        let written = self.file.stream_position()?;
        let name = self.path().file_name().unwrap_or_default().to_os_string();
        let name = PathBuf::from(name);
        let ending = name.extension().unwrap_or_default().to_string_lossy();
        let mut larger = Scratch::on_disk("opine-moved-", &ending)?;
        self.file.seek(SeekFrom::Start(0))?;
        io::copy(&mut (&self.file).take(written), &mut larger.file)?;
        *self = larger;
        Ok(())
    }
}

impl Write for Scratch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.file.write(bytes) {
            Err(error) if self.in_memory && error.kind() == io::ErrorKind::StorageFull => {
                self.move_to_disk()?;
                self.file.write(bytes)
            }
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Name {
    fn new(path: TempPath) -> Name {
        Name {
            _registered: Registered::new(&path),
            path,
        }
    }
}

fn builder<T>(
    prefix: &str,
    ending: &str,
    make: impl FnOnce(&Builder) -> io::Result<T>,
) -> io::Result<T> {
    let suffix = format!(".{ending}");
    let mut builder = Builder::new();
    builder.prefix(prefix).suffix(&suffix);
    make(&builder)
}

/// A link to a file that has no name.
#[cfg(target_os = "linux")]
fn link(file: &File, prefix: &str, ending: &str) -> io::Result<Name> {
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::{MetadataExt, symlink};
    let own = file.metadata()?;
    let is_own = |path: &String| {
        let found = fs::metadata(path);
        found.is_ok_and(|found| (found.dev(), found.ino()) == (own.dev(), own.ino()))
    };
    // by number, which leads nowhere once the process is gone; a container may have other numbers, or no /proc
    let processes = [std::process::id().to_string(), "self".to_owned()];
    let mut targets = processes
        .map(|process| format!("/proc/{process}/fd/{}", file.as_raw_fd()))
        .into_iter();
    let target = targets.find(is_own).ok_or(io::ErrorKind::Unsupported)?;
    let link = builder(prefix, ending, |builder| {
        builder.make(|path| symlink(&target, path))
    })?;
    Ok(Name::new(link.into_temp_path()))
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &str, _: &str) -> io::Result<Name> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch() -> Scratch {
        Scratch::new("opine-test-", "csv").unwrap()
    }

    #[test]
    fn what_is_written_is_read_by_the_path() {
        let mut scratch = scratch();
        scratch.write_all(b"x\n1\n").unwrap();
        scratch.flush().unwrap();
        assert_eq!(scratch.path().extension().unwrap(), "csv");
        // more than once, each time from the start
        for _ in 0..2 {
            assert_eq!(fs::read(scratch.path()).unwrap(), b"x\n1\n");
        }
        let path = scratch.path().to_owned();
        drop(scratch);
        assert!(fs::symlink_metadata(path).is_err());
    }

    #[test]
    fn what_memory_has_no_room_for_goes_on_on_disk() {
        let mut scratch = scratch();
        scratch.write_all(b"x\n").unwrap();
        scratch.move_to_disk().unwrap();
        scratch.write_all(b"1\n").unwrap();
        assert_eq!(fs::read(scratch.path()).unwrap(), b"x\n1\n");
        assert_eq!(scratch.path().extension().unwrap(), "csv");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn no_name_leads_to_the_bytes_once_the_process_is_gone() {
        let scratch = scratch();
        let target = fs::read_link(scratch.path()).unwrap();
        assert!(target.starts_with("/proc"), "{target:?}");
    }
}
