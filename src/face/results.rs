use std::fmt;
use std::path::Path;

#[cfg(feature = "charts")]
use super::chart::Chart;
use super::error::Error;
use super::tables::Tables;
use crate::files;
use crate::frames::{Captions, Frame};
use crate::present::table::Table;
use crate::survey::microdata::write;

/// What was worked out, in both its forms: rows with every digit, and tables for reading.
///
/// ```
/// let poll = opine::Survey::open("examples/poll.csv")?.weights("weight");
/// let tests = poll.test("chisq(party, q1)").run()?;
/// println!("{}", tests.tables());
/// println!("{}", tests.frame().to_json());
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Results {
    frame: Frame,
    tables: Tables,
    notes: Vec<String>,
}

impl Results {
    pub(super) fn new(frame: Frame, tables: Tables, notes: Vec<String>) -> Results {
        Results {
            frame,
            tables,
            notes,
        }
    }

    /// The rows as columns: [`Frame::to_csv`], [`Frame::to_json`], [`Frame::to_polars`].
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// For reading.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// What one should know: rows left out, weights that are missing, what was assumed.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Dots with their intervals, a row an estimate, where the rows are estimates.
    #[cfg(feature = "charts")]
    pub fn chart(&self) -> Chart<'static> {
        Chart::from_estimates(self.frame.clone(), captions(self.tables.plain()), 0.95)
    }

    /// The bytes of a workbook: a sheet a table, and the rows on a sheet `data`.
    ///
    /// # Errors
    /// More rows or columns than a sheet has room for (`format`).
    #[cfg(feature = "xlsx")]
    pub fn to_xlsx(&self) -> Result<Vec<u8>, Error> {
        workbook(&self.tables, &self.frame)
    }

    /// Writes the rows to a file by its ending, .csv, .json or .parquet, or the workbook to one in .xlsx.
    ///
    /// # Errors
    /// Another ending (`request`), a file that can't be written (`file`).
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        write_results(path.as_ref(), &self.frame, &self.tables)
    }
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tables.fmt(f)
    }
}

/// A sheet a table, and the rows behind them.
#[cfg(feature = "xlsx")]
pub(super) fn workbook(tables: &Tables, frame: &Frame) -> Result<Vec<u8>, Error> {
    use crate::present::table::xlsx;
    let bytes = xlsx(tables.plain(), tables.sentences(), frame);
    bytes.map_err(|error| Error::new("format", error))
}

/// Writes rows, or a workbook, by the ending of the file.
pub(super) fn write_results(path: &Path, frame: &Frame, tables: &Tables) -> Result<(), Error> {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let bytes = match ending.to_lowercase().as_str() {
        "csv" => frame.to_csv().into_bytes(),
        "json" => frame.to_json().into_bytes(),
        "parquet" => {
            let notes = [(Captions::KEY.to_owned(), captions(tables.plain()).to_json())];
            return Ok(write::write_frame(path, frame, &notes)?);
        }
        #[cfg(feature = "xlsx")]
        "xlsx" => workbook(tables, frame)?,
        _ => {
            let message = format!(
                "{}: rows are written as .csv, .json or .parquet, tables as .xlsx",
                path.display()
            );
            return Err(Error::new("request", message).at(path.display()));
        }
    };
    replace(path, &bytes)
}

/// Writes a file beside its place and renames it.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    files::replace(path, bytes).map_err(|error| {
        Error::new("file", format!("{}: {error}", path.display())).at(path.display())
    })
}

/// What tables say around their rows, each paragraph once.
pub(super) fn captions(tables: &[Table]) -> Captions {
    let first = tables.first();
    let mut foot: Vec<String> = Vec::new();
    for paragraph in tables.iter().flat_map(|table| &table.foot) {
        if !foot.contains(paragraph) {
            foot.push(paragraph.clone());
        }
    }
    Captions {
        title: first.map_or_else(String::new, |table| table.title.clone()),
        subtitle: first.and_then(|table| table.subtitle.clone()),
        foot,
    }
}
