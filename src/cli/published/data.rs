//! The store of published figures as arguments name it, and what is wrong in it.

use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Color, Style};

use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::frames::words::{printable, printable_lines};
use crate::present::table::{TextOptions, fill};
use crate::published::figures::store::{Finding, Origin, Severity, Store, Table, WriteError};

/// Which store of published figures.
#[derive(clap::Args, Clone, Debug)]
pub struct DataArgs {
    /// Folder with the data [default: ./data where it holds a figures.csv, else the shipped data]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

const HERE: &str = "data";

impl DataArgs {
    /// The folder in use, `None` for the shipped data.
    pub fn folder(&self) -> Option<&Path> {
        let here = Path::new(HERE);
        match &self.data {
            Some(folder) => Some(folder),
            None => here.join("figures.csv").is_file().then_some(here),
        }
    }

    /// The folder to be changed, which the shipped data are not.
    pub fn own_folder(&self, verb: &str) -> Result<&Path, Failure> {
        self.folder().ok_or_else(|| {
            Failure::Usage(format!(
                "the shipped data can’t be {verb}: make an own copy with `opine init my-polls`, then go on with --data my-polls"
            ))
        })
    }

    /// Opens the store with whatever is wrong in it; says on standard error which it is.
    pub fn open(&self, session: &Session) -> Result<Store, Failure> {
        let store = match self.folder() {
            Some(folder) => {
                for table in Table::ALL {
                    session.paths.input(&folder.join(table.file_name()))?;
                }
                Store::open(folder).map_err(|error| Failure::File(error.to_string()))?
            }
            None => Store::embedded(),
        };
        match &store.origin {
            Origin::Embedded => session.say("data: the shipped figures"),
            Origin::Folder(folder) => session.say(&format!("data: {}", folder.display())),
        }
        Ok(store)
    }

    /// Opens the store to compute from it: an error in the data stops it.
    pub fn open_sound(&self, session: &Session) -> Result<Store, Failure> {
        let store = self.open(session)?;
        let errors: Vec<&Finding> = store
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Error)
            .collect();
        match errors.len() {
            0 => Ok(store),
            count => {
                print_findings(&store, &errors, session);
                let s = if count == 1 { "" } else { "s" };
                Err(Failure::Findings(format!(
                    "{count} error{s} in the data: nothing was computed"
                )))
            }
        }
    }
}

/// Why the store was not changed: bad rows are findings in the data, an id that names no one row is wrong use.
pub fn refused(store: &Store, error: WriteError, session: &Session) -> Failure {
    match &error {
        WriteError::Refused(findings) => {
            print_findings(store, &findings.iter().collect::<Vec<_>>(), session);
            Failure::Findings(error.to_string())
        }
        WriteError::NoRow { .. } | WriteError::SeveralRows { .. } => Failure::usage(error),
        WriteError::Dependents { .. } => Failure::usage(error),
        _ => Failure::File(error.to_string()),
    }
}

/// Prints findings to standard error, as when they stop a command.
pub fn print_findings(store: &Store, findings: &[&Finding], session: &Session) {
    for finding in findings {
        let look = session.streams.error_look();
        session
            .streams
            .write_error(&paragraph(store, finding, look));
    }
}

/// A finding for people: severity, place and rule; what is wrong; why; what would be right.
pub fn paragraph(store: &Store, finding: &Finding, look: TextOptions) -> String {
    let (message, fix) = (printable_lines(&finding.message), finding.fix.as_deref());
    let width = look.width.clamp(60, 100);
    let severity = format!("{:<7}", finding.severity.as_str());
    let color = match finding.severity {
        Severity::Error => Some(AnsiColor::Red),
        Severity::Warning => Some(AnsiColor::Yellow),
        Severity::Note => None,
    };
    let style = Style::new().fg_color(color.map(Color::Ansi));
    let severity = match look.styled {
        true => format!("{style}{severity}{style:#}"),
        false => severity,
    };
    let place = printable(&place(store, finding)).into_owned();
    let rule = format!("[{}]", finding.rule);
    let room = width.saturating_sub(8 + place.chars().count());
    let mut out = format!("{severity} {place}{rule:>room$}\n");
    let mut parts = message.lines().map(|line| (line, "  "));
    for (line, indent) in parts
        .next()
        .into_iter()
        .chain(parts.map(|(line, _)| (line, "    ")))
    {
        for piece in fill(line, width - indent.len(), 0) {
            out += &format!("{indent}{piece}\n");
        }
    }
    for (position, piece) in fix
        .iter()
        .flat_map(|fix| fill(&printable(fix), width - 6, 0))
        .enumerate()
    {
        let arrow = if position == 0 { "→" } else { " " };
        out += &format!("    {arrow} {piece}\n");
    }
    out + "\n"
}

/// `figures.csv:12:6 percent`.
fn place(store: &Store, finding: &Finding) -> String {
    let mut place = finding.file.clone();
    if let Some(line) = finding.line {
        place += &format!(":{line}");
    }
    if let Some(column) = &finding.column {
        if let Some(number) = store.column_number(&finding.file, column) {
            place += &format!(":{number}");
        }
        place += &format!(" {column}");
    }
    place
}
