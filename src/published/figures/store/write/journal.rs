//! What a change replaces, kept until all of its files are in their places.
//!
//! Each file is replaced at once, but a change has two and more: its own and changes.csv. A process that is killed between two of
//! them leaves its journal behind, and the next one that locks the folder puts the files back as they were: a change is whole or
//! not there. A file that somebody has changed since is theirs, and stays.

use crate::files;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The name of the journal, beside changes.csv.
pub(super) const FILE: &str = ".opine.journal";

/// The first line, by which another version of the journal would be told from this one.
const HEAD: &str = "opine journal 1\n";

/// A file that is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its name in the folder.
    pub name: String,
    /// Its bytes; `None` where it was not there.
    pub before: Option<Vec<u8>>,
    /// Those it is given.
    pub after: Vec<u8>,
}

/// Keeps what is about to be replaced.
///
/// # Errors
/// Those of the system.
pub(super) fn begin(journal: &Path, entries: &[Entry]) -> io::Result<()> {
    let mut bytes = HEAD.as_bytes().to_vec();
    for entry in entries {
        let before = entry.before.as_ref();
        let length = before.map_or("-".to_owned(), |before| before.len().to_string());
        let line = format!("{length} {} {}\n", entry.after.len(), entry.name);
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(before.map_or(&[], Vec::as_slice));
        bytes.extend_from_slice(&entry.after);
    }
    files::replace(journal, &bytes)
}

/// All files are in their places.
///
/// # Errors
/// Those of the system.
pub(super) fn end(journal: &Path) -> io::Result<()> {
    fs::remove_file(journal)
}

/// What a process that was killed had begun to replace; `None` where nothing is open.
///
/// # Errors
/// Those of the system; a journal of another version.
pub(super) fn read(journal: &Path) -> io::Result<Option<Vec<Entry>>> {
    let bytes = match fs::read(journal) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let unknown = || io::Error::new(io::ErrorKind::InvalidData, "it is of another version");
    let entries = bytes.strip_prefix(HEAD.as_bytes()).and_then(entries);
    entries.map(Some).ok_or_else(unknown)
}

fn entries(mut rest: &[u8]) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(rest.get(..end)?).ok()?;
        rest = rest.get(end + 1..)?;
        let mut parts = line.splitn(3, ' ');
        let before: Option<usize> = match parts.next()? {
            "-" => None,
            length => Some(length.parse().ok()?),
        };
        let after: usize = parts.next()?.parse().ok()?;
        let name = parts.next()?.to_owned();
        let mut take = |length: usize| {
            let (taken, left) = rest.split_at_checked(length)?;
            rest = left;
            Some(taken.to_vec())
        };
        entries.push(Entry {
            name,
            before: match before {
                Some(length) => Some(take(length)?),
                None => None,
            },
            after: take(after)?,
        });
    }
    Some(entries)
}

/// Puts the files back as they were, but for those that hold something else by now.
///
/// # Errors
/// The first file that can’t be put back, with what the system says.
pub(super) fn undo(
    entries: &[Entry],
    path: impl Fn(&str) -> PathBuf,
) -> Result<(), (PathBuf, io::Error)> {
    for entry in entries {
        let path = path(&entry.name);
        if fs::read(&path).ok().as_ref() != Some(&entry.after) {
            continue;
        }
        let done = match &entry.before {
            Some(before) => files::replace(&path, before),
            None => fs::remove_file(&path),
        };
        done.map_err(|error| (path, error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, before: Option<&str>, after: &str) -> Entry {
        Entry {
            name: name.to_owned(),
            before: before.map(|text| text.as_bytes().to_vec()),
            after: after.as_bytes().to_vec(),
        }
    }

    #[test]
    fn a_change_that_was_cut_off_is_undone() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let entries = [
            entry("changes.csv", None, "when\n1\n"),
            entry("polls.csv", Some("a\nb \"ü\n\n"), "a\nb\nc\n"),
            entry("figures.csv", Some(""), "x\n"),
            entry("samples.csv", Some("s\n"), "s\nt\n"),
        ];
        begin(&at(FILE), &entries).unwrap();
        assert_eq!(read(&at(FILE)).unwrap().unwrap(), entries);
        // two are in their places, one is not yet, one was written by somebody else since
        fs::write(at("changes.csv"), "when\n1\n").unwrap();
        fs::write(at("polls.csv"), "a\nb\nc\n").unwrap();
        fs::write(at("figures.csv"), "").unwrap();
        fs::write(at("samples.csv"), "theirs\n").unwrap();
        undo(&entries, at).unwrap();
        assert!(!at("changes.csv").exists());
        let text = |name| fs::read_to_string(at(name)).unwrap();
        assert_eq!(text("polls.csv"), "a\nb \"ü\n\n");
        assert_eq!(text("figures.csv"), "");
        assert_eq!(text("samples.csv"), "theirs\n");
        end(&at(FILE)).unwrap();
        assert_eq!(read(&at(FILE)).unwrap(), None);
        fs::write(at(FILE), "opine journal 2\n").unwrap();
        assert!(read(&at(FILE)).is_err());
    }
}
