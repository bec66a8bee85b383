//! The files of a run: none that is written is one that is read, nor one of the user’s own.

use std::any::TypeId;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use clap::{ArgMatches, Command};

use super::failure::Failure;
use crate::files::Identity;
use crate::present::provenance::Provenance;
use crate::tabular::sheet_of;

/// What a run reads and writes, by what it is on the disk: a link, `./poll.csv` and /dev/stdin are the file they lead to.
///
/// What the command line names is known before the command begins; what else it reads or writes, it adds here before it
/// writes the first of its files. A clash ends the run while everything is as it was.
pub struct Paths {
    /// Whether `-` is a stream of the process, which may be a file.
    of_process: bool,
    entries: Mutex<Vec<Entry>>,
    /// What came by standard input and other pipes, of which no second reading is possible.
    streamed: Mutex<Provenance>,
}

struct Entry {
    name: String,
    path: PathBuf,
    identity: Identity,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Input,
    /// Respondents that `--in-place` would let go.
    Respondents,
    Output,
}

/// Options whose value is a file that is written; a path in any other is read.
pub const OUTPUTS: [&str; 4] = [
    "output",
    "covariance",
    "coefficients_covariance",
    "write_plan",
];
/// Those whose value is a folder that files are written to or read from: the command names the files.
pub const FOLDERS: [&str; 5] = ["out", "report", "dir", "data", "into"];

impl Paths {
    /// The paths that a command line names.
    pub fn new(
        command: &Command,
        matches: &ArgMatches,
        of_process: bool,
    ) -> Result<Paths, Failure> {
        let paths = Paths {
            of_process,
            entries: Mutex::default(),
            streamed: Mutex::default(),
        };
        if of_process {
            paths.add(Path::new("/dev/stdout"), "standard output", Role::Output)?;
        }
        paths.add_named(command, matches)?;
        Ok(paths)
    }

    fn add_named(&self, command: &Command, matches: &ArgMatches) -> Result<(), Failure> {
        let is_set = |id| matches.try_get_one::<bool>(id).ok().flatten() == Some(&true);
        let in_place = is_set("in_place");
        let has_output = matches
            .try_get_one::<PathBuf>("output")
            .ok()
            .flatten()
            .is_some();
        for arg in command.get_arguments() {
            let id = arg.get_id().as_str();
            if FOLDERS.contains(&id) {
                continue;
            }
            let role = match OUTPUTS.contains(&id) {
                true => Role::Output,
                // the file is what -o names, else it is the output itself: no other may take its place
                false if id == "file" && in_place && has_output => continue,
                false if id == "file" && in_place => Role::Output,
                false
                    if id == "file"
                        && command.get_arguments().any(|a| a.get_id() == "in_place") =>
                {
                    Role::Respondents
                }
                false => Role::Input,
            };
            if arg.get_value_parser().type_id() == TypeId::of::<PathBuf>() {
                for path in matches.get_many::<PathBuf>(id).into_iter().flatten() {
                    self.add_path(path, role)?;
                }
            } else if arg.is_positional()
                && arg.get_value_parser().type_id() == TypeId::of::<String>()
            {
                // a figure, item or selector may be a file as well
                let texts = matches.get_many::<String>(id).into_iter().flatten();
                for path in texts
                    .map(Path::new)
                    .filter(|path| is_stream(path) || sheet_of(path).0.is_file())
                {
                    self.add_path(path, role)?;
                }
            }
        }
        let below = matches.subcommand();
        match below.and_then(|(name, matches)| Some((command.find_subcommand(name)?, matches))) {
            Some((command, matches)) => self.add_named(command, matches),
            None => Ok(()),
        }
    }

    fn add_path(&self, path: &Path, role: Role) -> Result<(), Failure> {
        // targets.xlsx#Sheet is the workbook
        let (path, _) = sheet_of(path);
        let path = path.as_path();
        match (is_stream(path), role) {
            (false, _) => self.add(path, &path.display().to_string(), role),
            (true, Role::Output) => Ok(()),
            (true, _) if self.of_process => {
                self.add(Path::new("/dev/stdin"), "standard input", role)
            }
            (true, _) => Ok(()),
        }
    }

    /// A file that is read and not named on the command line.
    pub fn input(&self, path: &Path) -> Result<(), Failure> {
        self.add_path(path, Role::Input)
    }

    /// A file beside an output, which the command line does not name: one that is there and not ours stays.
    pub fn beside(&self, path: &Path, is_ours: fn(&Path) -> bool) -> Result<(), Failure> {
        if path.exists() && !is_ours(path) {
            return Err(Failure::Usage(format!(
                "{} would be replaced, and opine did not write it: move it away, or write to another place",
                path.display()
            )));
        }
        self.add_path(path, Role::Output)
    }

    /// What was read from a pipe.
    pub fn streamed(&self, bytes: impl Read) -> io::Result<()> {
        let mut streamed = self.streamed.lock().unwrap_or_else(PoisonError::into_inner);
        streamed.read(bytes)
    }

    /// What made the files of this run: a pipe was read and is gone, and an input that can’t be read again is left out.
    pub fn provenance(&self) -> Provenance {
        let streamed = self.streamed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut provenance = streamed.clone();
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let inputs = entries.iter().filter(|entry| entry.role != Role::Output);
        for entry in inputs.filter(|entry| entry.path.is_file()) {
            let _ = File::open(&entry.path).and_then(|file| provenance.read(file));
        }
        provenance
    }

    fn add(&self, path: &Path, name: &str, role: Role) -> Result<(), Failure> {
        let Some(identity) = Identity::from_path(path) else {
            return Ok(());
        };
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = Entry {
            name: name.to_owned(),
            path: path.to_owned(),
            identity,
            role,
        };
        let clashes = |other: &&Entry| {
            other.identity == entry.identity && [other.role, role].contains(&Role::Output)
        };
        if let Some(other) = entries.iter().find(clashes) {
            return Err(refusal(other, &entry));
        }
        // a style file is opened by each that asks for it
        if !entries
            .iter()
            .any(|other| other.path == entry.path && other.role == role)
        {
            entries.push(entry);
        }
        Ok(())
    }
}

fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
}

fn refusal(one: &Entry, other: &Entry) -> Failure {
    let (output, file) = match one.role {
        Role::Output => (one, other),
        _ => (other, one),
    };
    let same = match output.name == file.name {
        true => String::new(),
        false => format!(", the same file as {},", file.name),
    };
    let output = &output.name;
    Failure::Usage(match file.role {
        Role::Input => format!(
            "{output}{same} is read by this command, and what it holds would be lost: write to another file"
        ),
        Role::Respondents => format!(
            "{output}{same} holds the respondents: write to another file, or add --in-place to put the new weights into this \
             one"
        ),
        Role::Output => {
            format!("{output}{same} would be written twice by this command: name two files")
        }
    })
}

/// The first line of a file of text that says where it is from.
pub const SIGNATURE: &str = "# Written by opine";

/// Whether a file was written by opine, by how it begins. The PNG and the CSV of a picture are where its SVG is.
pub fn is_ours(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    match ending.to_string_lossy().as_ref() {
        "svg" => begins(path, |head| {
            head.starts_with("<svg xmlns=") && head.contains("font-family=\"Noto Sans, Segoe UI")
        }),
        "html" => begins(path, |head| head.contains(":root{--paper:")),
        "toml" => begins(path, |head| head.starts_with(SIGNATURE)),
        "png" | "csv" => is_ours(&path.with_extension("svg")),
        _ => false,
    }
}

pub fn begins(path: &Path, like: impl Fn(&str) -> bool) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(1000).read_to_end(&mut head));
    read.is_ok() && like(&String::from_utf8_lossy(&head))
}
