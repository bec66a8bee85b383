//! One tolerant reader for every small table a person brings: targets, populations, lists for charts, estimates from
//! elsewhere, rows to be added, codebooks, wide tables of figures. Text in any dialect, and workbooks.
//!
//! What a file does not say about itself is found out from the file: encoding, delimiter, header, the rows that are none,
//! the decimal mark and the order of dates column by column. What was assumed is in [`Table::note`], one line to be shown.
//! What the file leaves open is never guessed: [`Error::Unsettled`] names the option that settles it.
//!
//! ```
//! use opine::internals::tabular::{self, Header, Options};
//!
//! let file = "Vertrauen, Mai 2023\n\nAntwort;Anteil;n\nviel;48,5;1.004\nwenig;<1;1.010\nweiß nicht;n/a;\n\nQuelle: selbst\n";
//! let header = Header::named(&["antwort", "anteil"]);
//! let mut table = tabular::read_bytes("trust.csv", file.as_bytes(), &header, &Options::default())?;
//! let (percent, n) = (table.need("Anteil")?, table.need("n")?);
//! let percents = table.percents(percent)?;
//! assert_eq!(percents[0].as_ref().map(|number| number.value), Some(48.5));
//! assert_eq!(percents[1].as_ref().map(|number| number.bound), Some(tabular::Bound::Under));
//! assert_eq!(percents[2], None);
//! assert_eq!(table.counts(n)?, [Some(1004.0), Some(1010.0), None]);
//! assert_eq!(
//!     table.note().as_deref(),
//!     Some(
//!         "trust.csv: semicolons between fields; 1 line above the header and 1 line below the table left out; \
//!          decimal commas in Anteil; points between thousands in n"
//!     )
//! );
//! # Ok::<(), tabular::Error>(())
//! ```

mod date;
mod delimited;
mod encoding;
mod error;
mod estimates;
mod grid;
mod header;
mod number;
mod shape;
mod sizes;
mod table;
#[cfg(feature = "xlsx")]
mod workbook;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

pub use date::{Date, DateFault, DateOrder, Span, dates};
pub(crate) use date::{DateReading, date_reading, full_year, places_in_time};
pub(crate) use delimited::text_and_delimiter;
pub(crate) use encoding::likely_encoding;
pub use error::{Error, Place};
pub use header::Header;
pub use number::{Bound, Decimal, Number};
pub use shape::{ColumnChoice, LABEL, N, PERCENT, ShareTable};
pub use table::{Table, Unit};
#[cfg(feature = "xlsx")]
pub(crate) use workbook::{SheetCell, SheetRows};

/// What a person says of a table that the table leaves open.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The decimal mark of its texts.
    pub decimal: Option<Decimal>,
    /// What comes first in its dates.
    pub dates: Option<DateOrder>,
    /// What its per cents are, where all are at most 1.
    pub unit: Option<Unit>,
    /// Which column of a table of shares holds what.
    pub columns: ColumnChoice,
    /// How large it may be.
    pub limits: Limits,
}

/// How large a table may be: what is larger is none that a person made, and is refused before memory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes that a packed file may unpack to.
    pub unpacked: usize,
    /// Cells, empty ones included.
    pub cells: usize,
    /// Cells side by side.
    pub columns: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            bytes: 64 << 20,
            unpacked: 128 << 20,
            cells: 2_000_000,
            columns: 16_384,
        }
    }
}

impl Limits {
    fn too_many_cells(&self, file: &str) -> Error {
        Error::Unreadable {
            file: file.to_owned(),
            message: format!(
                "this is no small table: it has more than {} cells, or more than {} side by side",
                self.cells, self.columns
            ),
        }
    }
}

/// Reads the table of a file, `FILE.xlsx#Sheet` where a sheet of a workbook is meant.
///
/// # Errors
/// [`Error`], with the place where something is wrong.
pub fn read(path: &Path, header: &Header, options: &Options) -> Result<Table, Error> {
    let (path, sheet) = sheet_of(path);
    let bytes = bytes_of(&path, &options.limits)?;
    let options = Options {
        sheet: sheet.or_else(|| options.sheet.clone()),
        ..options.clone()
    };
    read_bytes(&path.display().to_string(), &bytes, header, &options)
}

/// The same of bytes that are at hand; `file` is what messages call them.
///
/// # Errors
/// [`Error`], with the place where something is wrong.
pub fn read_bytes(
    file: &str,
    bytes: &[u8],
    header: &Header,
    options: &Options,
) -> Result<Table, Error> {
    if bytes.trim_ascii().is_empty() {
        return Err(Error::Empty(file.to_owned()));
    }
    #[cfg(feature = "xlsx")]
    if workbook::is_workbook(bytes) {
        return workbook::table(file, bytes, header, options);
    }
    if let Some(message) = no_table(bytes) {
        return Err(Error::Unreadable {
            file: file.to_owned(),
            message: message.to_owned(),
        });
    }
    if let Some(sheet) = &options.sheet {
        return Err(Error::Sheet {
            file: file.to_owned(),
            message: format!("this is a text, which has no sheet {sheet}"),
        });
    }
    let grid = delimited::grid(file, bytes, header, &options.limits)?;
    grid::table(file, grid, header, options)
}

/// All rows of a workbook’s sheet, where they are respondents and not a small table.
///
/// # Errors
/// It can’t be read, is too large, or has several sheets that fit.
#[cfg(feature = "xlsx")]
pub(crate) fn sheet_rows(file: &str, bytes: &[u8], options: &Options) -> Result<SheetRows, Error> {
    workbook::rows(file, bytes, options)
}

/// The file and the sheet that `FILE.xlsx#Sheet` names, or the table that `FILE.html#2` does; a file that is called so itself is taken as it is.
pub fn sheet_of(path: &Path) -> (PathBuf, Option<String>) {
    let text = path.to_string_lossy();
    match text.rsplit_once('#') {
        Some((file, sheet))
            if !path.exists() && !sheet.is_empty() && has_sheets(Path::new(file)) =>
        {
            (PathBuf::from(file), Some(sheet.to_owned()))
        }
        _ => (path.to_owned(), None),
    }
}

/// Whether the ending is that of a workbook, or of a page whose tables are taken as its sheets.
fn has_sheets(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    let is_page = ending.is_some_and(|ending| ending == "html" || ending == "htm");
    is_page || is_workbook(path)
}

/// Whether the ending is that of a workbook.
pub fn is_workbook(path: &Path) -> bool {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    matches!(ending.as_deref(), Some("xlsx" | "xlsm" | "xls" | "ods"))
}

/// Whether the ending, before any sheet, is that of a table: text or workbook; or any other ending of a file that is there.
pub fn is_table(path: &Path) -> bool {
    let (path, _) = sheet_of(path);
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    let is_text = |ending: &str| {
        matches!(
            ending,
            "csv" | "tsv" | "tab" | "txt" | "md" | "html" | "htm"
        )
    };
    is_workbook(&path) || ending.is_some_and(|ending| is_text(&ending) || path.is_file())
}

/// The bytes of a file, as many as the limits allow.
///
/// # Errors
/// Those of the system; a file that is larger.
pub fn bytes_of(path: &Path, limits: &Limits) -> Result<Vec<u8>, Error> {
    let file = path.display().to_string();
    match File::open(path) {
        Ok(source) => bytes_from(&file, source, limits),
        Err(source) => Err(Error::Io { file, source }),
    }
}

/// The same of what can be read but once, such as standard input.
///
/// # Errors
/// As [`bytes_of`].
pub fn bytes_from(file: &str, source: impl Read, limits: &Limits) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let most = limits.bytes as u64 + 1;
    let read = source.take(most).read_to_end(&mut bytes);
    let file = file.to_owned();
    match read {
        Err(source) => Err(Error::Io { file, source }),
        Ok(_) if bytes.len() > limits.bytes => Err(Error::Unreadable {
            file,
            message: format!(
                "this is no small table: it has more than {} MB",
                limits.bytes >> 20
            ),
        }),
        Ok(_) => Ok(bytes),
    }
}

/// What some bytes are, that are neither text nor a workbook, and what to do with them.
fn no_table(bytes: &[u8]) -> Option<&'static str> {
    let start = bytes.trim_ascii_start();
    let signatures: [(&[u8], &str); 12] = [
        (b"\x1f\x8b", "it is compressed by gzip; unpack it first"),
        (
            b"\x28\xb5\x2f\xfd",
            "it is compressed by zstd; unpack it first",
        ),
        (b"BZh", "it is compressed by bzip2; unpack it first"),
        (b"\xfd7zXZ", "it is compressed by xz; unpack it first"),
        (b"7z\xbc\xaf", "it is a 7z archive; unpack it first"),
        (b"%PDF", "it is a PDF; save its table as .csv or .xlsx"),
        (
            b"{\\rtf",
            "it is a text of a word processor; save its table as .csv",
        ),
        (b"PAR1", "it is a Parquet file, no small table"),
        (b"$FL2", "it is a file of SPSS, no small table"),
        (b"<!DOCTYPE", HTML),
        (b"<html", HTML),
        (
            b"<?xml",
            "it is XML; open it in a spreadsheet and save it as .xlsx or .csv",
        ),
    ];
    let mut signatures = signatures.iter();
    let same = |signature: &[u8]| {
        let head = start.get(..signature.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(signature))
    };
    signatures
        .find(|(signature, _)| same(signature))
        .map(|(_, message)| *message)
}

const HTML: &str = "it is a page in HTML, whatever its ending says; open it in a spreadsheet and save it as .xlsx or .csv";
