//! The folders that a tool server was started with: what may be read, and where something may be written.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::cli::failure::Failure;
use crate::frames::words::nearest;
use crate::published::figures::store::Table;
use crate::tabular::sheet_of;

/// Folders by what they are on the disk. The first is that of the process, so that a file in it goes by its short name.
///
/// A name is followed to its end, links and `..` with it, and that end must lie in one of the folders. Who can change the
/// folders while a tool runs can still mislead it: the server keeps its client in, not the owner of the machine.
pub struct Folders {
    roots: Vec<PathBuf>,
}

/// Endings of files that tools read, for the list of what there is.
const ENDINGS: [&str; 16] = [
    "csv", "tsv", "txt", "parquet", "arrow", "sav", "zsav", "por", "dta", "xpt", "xlsx", "ods",
    "sums", "json", "zip", "gz",
];
/// A list of files is to be read by a model: the first so many, so many folders deep.
const MOST_LISTED: usize = 200;
const DEEPEST: usize = 3;

impl Folders {
    /// Enters the first folder: names are relative to it from then on.
    pub fn enter(named: &[PathBuf]) -> Result<Folders, Failure> {
        let named = match named {
            [] => &[PathBuf::from(".")],
            named => named,
        };
        let mut roots = Vec::new();
        for folder in named {
            let root = fs::canonicalize(folder).map_err(|error| Failure::file(folder, error))?;
            if !root.is_dir() {
                return Err(Failure::Usage(format!(
                    "{} is no folder: name the folders whose files the tools may read",
                    folder.display()
                )));
            }
            roots.push(root);
        }
        if let Some(first) = roots.first() {
            std::env::set_current_dir(first).map_err(|error| Failure::file(first, error))?;
        }
        Ok(Folders { roots })
    }

    /// What tells a client which folders these are.
    pub fn names(&self) -> Vec<String> {
        let names = self.roots.iter().map(|root| root.display().to_string());
        names.collect()
    }

    /// A file that is read, `NAME` or `NAME.xlsx#Sheet`, as the program is to open it.
    pub fn input(&self, name: &str) -> Result<String, Error> {
        let (path, sheet) = sheet_of(Path::new(name));
        let end = self.end_of(name, &path)?;
        // a pipe would be waited for, a device has no end
        if !end.is_file() {
            return Err(Error::new("file", format!("{name} is no file")).at(name));
        }
        let sheet = sheet.map(|sheet| format!("#{sheet}"));
        Ok(self.short(&end) + &sheet.unwrap_or_default())
    }

    /// A folder with figures; its tables may be links as well.
    pub fn store(&self, name: &str) -> Result<String, Error> {
        let end = self.end_of(name, Path::new(name))?;
        for table in Table::ALL {
            let file = end.join(table.file_name());
            if file.exists() {
                self.end_of(name, &file)?;
            }
        }
        Ok(self.short(&end))
    }

    /// A selector, a typed figure, or a file of that name: the program takes either in the same place.
    pub fn selector(&self, text: &str) -> Result<String, Error> {
        let (path, _) = sheet_of(Path::new(text));
        let is_there = |path: &Path| path.symlink_metadata().is_ok();
        if text != "-" && !self.candidates(&path).iter().any(|path| is_there(path)) {
            return Ok(text.to_owned());
        }
        let end = self.end_of(text, &path)?;
        match end.is_dir() {
            true => self.store(text),
            false => self.input(text),
        }
    }

    /// A file that does not exist yet, in a folder that does. Nothing is ever replaced.
    pub fn output(&self, name: &str) -> Result<String, Error> {
        let path = Path::new(name);
        let (Some(file), Some(parent)) = (path.file_name(), path.parent()) else {
            return Err(Error::new("file", format!("{name} names no file")).at(name));
        };
        let parent = match parent.as_os_str().is_empty() {
            true => Path::new("."),
            false => parent,
        };
        let end = self.end_of(name, parent)?.join(file);
        match end.symlink_metadata() {
            Ok(_) => Err(Error::new(
                "file",
                format!("there is a file {name} already, and tools replace none: name another"),
            )
            .at(name)),
            Err(_) => Ok(self.short(&end)),
        }
    }

    /// The files that tools read, shortest path first, and whether there are more.
    pub fn list(&self) -> (Vec<String>, bool) {
        let mut files = Vec::new();
        let mut open: Vec<(PathBuf, usize)> =
            self.roots.iter().map(|root| (root.clone(), 0)).collect();
        while let Some((folder, depth)) = open.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let (path, hidden) = (
                    entry.path(),
                    entry.file_name().to_string_lossy().starts_with('.'),
                );
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() && depth < DEEPEST && !hidden => {
                        open.push((path, depth + 1));
                    }
                    Ok(kind) if kind.is_file() && is_read(&path) => files.push(self.short(&path)),
                    _ => {}
                }
            }
        }
        files.sort_by_key(|file| (file.matches('/').count(), file.clone()));
        let more = files.len() > MOST_LISTED;
        files.truncate(MOST_LISTED);
        (files, more)
    }

    /// Where a name may lead: as it stands, or below each of the folders.
    fn candidates(&self, path: &Path) -> Vec<PathBuf> {
        match path.is_absolute() {
            true => vec![path.to_owned()],
            false => self.roots.iter().map(|root| root.join(path)).collect(),
        }
    }

    /// Where a name ends on the disk, within the folders.
    fn end_of(&self, name: &str, path: &Path) -> Result<PathBuf, Error> {
        let mut outside = false;
        for candidate in self.candidates(path) {
            if let Ok(end) = fs::canonicalize(&candidate) {
                if self.roots.iter().any(|root| end.starts_with(root)) {
                    return Ok(end);
                }
                outside = true;
            }
        }
        Err(match outside {
            true => Error::new(
                "outside",
                format!(
                    "{name} is outside of the folders that tools may use: {}",
                    self.names().join(", ")
                ),
            )
            .at(name),
            false => {
                let (files, _) = self.list();
                let near = nearest(name, files.iter().map(String::as_str)).map(str::to_owned);
                let meant = near.as_ref().map(|near| format!("; did you mean {near}?"));
                let message = format!(
                    "there is no file {name}{}",
                    meant
                        .as_deref()
                        .unwrap_or("; describe without a file lists them")
                );
                Error::new("file", message).at(name).hinting(near)
            }
        })
    }

    /// A path below the first folder by what follows it.
    fn short(&self, end: &Path) -> String {
        let short = self
            .roots
            .first()
            .and_then(|first| end.strip_prefix(first).ok());
        match short {
            Some(short) if short.as_os_str().is_empty() => ".".to_owned(),
            Some(short) => short.display().to_string(),
            None => end.display().to_string(),
        }
    }
}

fn is_read(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    ENDINGS.contains(&ending.to_lowercase().as_str())
}
