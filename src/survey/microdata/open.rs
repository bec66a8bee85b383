//! The right reader for a file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::{damaged, unreadable};
use super::{Error, Source};

/// How a delimited file is to be read, where it does not say so itself. The other formats need none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// The byte between fields; found out where `None`.
    pub delimiter: Option<u8>,
    /// A label of the WHATWG encoding standard, such as `windows-1252`; found out where `None`.
    pub encoding: Option<String>,
    /// Entries that are missing besides the empty one, such as `NA` or `-99`.
    pub na: Vec<String>,
    /// Variables that are text even if every entry is a number.
    pub text: Vec<String>,
}

/// What the first bytes of a file say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Spss,
    Stata,
    Transport,
    Sas,
    Parquet,
    Arrow,
    Zip,
    Gzip,
    /// Nothing that we know: delimited text, or an old Stata file.
    Other,
}

/// Opens a file of respondents by its ending: .csv, .tsv, .txt, .parquet, .arrow, .ipc, .feather, .sav, .zsav, .por, .dta
/// and .xpt, in capitals or not.
///
/// # Errors
/// [`Error::Format`] for other endings; [`Error::Damaged`] where the content is of another format than the ending says,
/// and for .sas7bdat, which must be exported first; and those of the readers.
pub fn open(path: &Path, options: &OpenOptions) -> Result<Box<dyn Source>, Error> {
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let expected: &[Content] = match ending.as_str() {
        "csv" | "tsv" | "tab" | "txt" => &[Content::Other],
        "parquet" => &[Content::Parquet],
        "arrow" | "ipc" | "feather" => &[Content::Arrow],
        "sav" | "zsav" => &[Content::Spss],
        "por" => &[Content::Other],
        "dta" => &[Content::Stata, Content::Other],
        "xpt" => &[Content::Transport],
        "sas7bdat" => &[],
        _ => return Err(Error::Format(path.to_owned())),
    };
    let content = content(path)?;
    if !expected.contains(&content) {
        return Err(damaged(path, mismatch(&ending, content)));
    }
    match ending.as_str() {
        "parquet" => super::parquet::open(path),
        "arrow" | "ipc" | "feather" => super::ipc::open(path),
        "sav" | "zsav" => super::spss::open(path),
        "por" => super::portable::open(path),
        "dta" => super::stata::open(path),
        "xpt" => super::transport::open(path),
        _ => super::csv::open(path, options),
    }
}

const SAS_MAGIC: [u8; 20] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc2, 0xea, 0x81, 0x60, 0xb3, 0x14, 0x11, 0xcf,
];

fn content(path: &Path) -> Result<Content, Error> {
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(64).read_to_end(&mut start))
        .map_err(|source| unreadable(path, source))?;
    let known: [(&[u8], Content); 10] = [
        (b"$FL2", Content::Spss),
        (b"$FL3", Content::Spss),
        (b"<stata_dta>", Content::Stata),
        (b"HEADER RECORD*******LIB", Content::Transport),
        (&SAS_MAGIC, Content::Sas),
        (b"PAR1", Content::Parquet),
        (b"ARROW1", Content::Arrow),
        (b"FEA1", Content::Arrow),
        (b"PK\x03\x04", Content::Zip),
        (b"\x1f\x8b", Content::Gzip),
    ];
    let found = known.iter().find(|(magic, _)| start.starts_with(magic));
    Ok(found.map_or(Content::Other, |(_, content)| *content))
}

fn mismatch(ending: &str, content: Content) -> String {
    let export = "export it to .csv, .parquet or .xpt";
    let rename = |what: &str, endings: &str| {
        format!("the ending says .{ending}, the content is {what}; rename it to {endings}")
    };
    match content {
        _ if ending == "sas7bdat" => {
            format!("SAS data sets (.sas7bdat) can't be read; in SAS, {export}")
        }
        Content::Spss => rename("an SPSS file", ".sav"),
        Content::Stata => rename("a Stata file", ".dta"),
        Content::Transport => rename("a SAS transport file", ".xpt"),
        Content::Parquet => rename("Parquet", ".parquet"),
        Content::Arrow => rename("Arrow IPC", ".arrow"),
        Content::Sas => {
            format!("this is a SAS data set (.sas7bdat), which can't be read; in SAS, {export}")
        }
        Content::Zip => {
            "this is a ZIP archive or a workbook; unpack it, or save the sheet as .csv".to_owned()
        }
        Content::Gzip => "this is compressed by gzip; unpack it".to_owned(),
        Content::Other => {
            format!("this is no .{ending} file: its first bytes are not those of that format")
        }
    }
}
