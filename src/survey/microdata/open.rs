//! The right reader for a file.

use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use crate::survey::microdata::codebook::annotated::Annotated;
use crate::survey::microdata::decoding::packed::{PackedFile, Packing, Unpacked, archive};
use crate::survey::microdata::error::damaged;
use crate::survey::microdata::unchanged::{FileState, Unchanged};
use crate::survey::microdata::{Error, Source};
use crate::tabular::{self, DateOrder, Decimal};

/// How a delimited file is to be read, where it does not say so itself. The other formats need none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// The byte between fields; found out where `None`.
    pub delimiter: Option<u8>,
    /// A label of the WHATWG encoding standard, such as `windows-1252`; found out where `None`.
    pub encoding: Option<String>,
    /// Entries that are missing besides the empty one, such as `NA` or `-99`; numbers match as numbers. `None` takes those of
    /// delimited text that are usual, and none elsewhere; a list takes their place, even an empty one.
    pub na: Option<Vec<String>>,
    /// Variables whose entries are text as they stand, even if every one is a number.
    pub text: Vec<String>,
    /// The decimal mark of delimited text; found out by column where `None`, unless commas part the fields.
    pub decimal: Option<Decimal>,
    /// Whether that mark is meant of other tables, too: then it may have nothing to do here.
    pub decimal_elsewhere: bool,
    /// What comes first in the dates of delimited text, where the column leaves it open.
    pub dates: Option<DateOrder>,
    /// A small table that tells of the variables: labels, levels and their order, what is missing.
    pub codebook: Option<PathBuf>,
}

impl OpenOptions {
    /// The encoding that is asked for.
    ///
    /// # Errors
    /// A name that is none.
    pub(super) fn encoding(&self, path: &Path) -> Result<Option<&'static Encoding>, Error> {
        let Some(label) = &self.encoding else {
            return Ok(None);
        };
        match Encoding::for_label(label.as_bytes()) {
            Some(encoding) => Ok(Some(encoding)),
            None => {
                let known =
                    "utf-8, utf-16le, windows-1252, iso-8859-2, windows-1251, shift_jis, gbk …";
                let message = format!("there is no encoding {label}; there are {known}");
                Err(damaged(path, message))
            }
        }
    }

    /// What is asked for of text where the file is none.
    fn refuse_for_text(&self, path: &Path, format: Format) -> Result<(), Error> {
        let refuse = |option, why: &str| {
            Err(Error::NoEffect {
                path: path.to_owned(),
                option,
                why: why.to_owned(),
            })
        };
        if self.delimiter.is_some() {
            return refuse(
                "--delimiter",
                "its fields have their places, and nothing stands between them",
            );
        }
        if self.decimal.is_some() && !self.decimal_elsewhere {
            return refuse("--decimal", "its numbers are no text");
        }
        if self.dates.is_some() {
            return refuse("--dates", "its dates are no text");
        }
        match format {
            Format::Parquet | Format::Arrow => self.refuse_encoding(path, "its texts are in UTF-8"),
            _ => Ok(()),
        }
    }

    /// An encoding that is asked for where the file says its own.
    pub(super) fn refuse_encoding(&self, path: &Path, why: &str) -> Result<(), Error> {
        match self.encoding {
            None => Ok(()),
            Some(_) => Err(Error::NoEffect {
                path: path.to_owned(),
                option: "--encoding",
                why: why.to_owned(),
            }),
        }
    }
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Delimited,
    Parquet,
    Arrow,
    Spss,
    Portable,
    Stata,
    Transport,
}

/// What the first bytes of a file say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Format(Format),
    /// Encrypted by SPSS.
    Encrypted,
    Sas,
    RData,
    /// An archive, or a workbook, which is one.
    Zip,
    Gzip,
    Zstd,
    /// A workbook of old, or an encrypted one.
    Compound,
    /// Nothing that we know: delimited text, a portable file, or an old Stata file.
    Other,
}

/// The ending in small letters, without its point.
fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_lowercase()
}

/// The format that an ending names.
fn format_of(ending: &str) -> Option<Format> {
    Some(match ending {
        "csv" | "tsv" | "tab" | "txt" => Format::Delimited,
        "parquet" => Format::Parquet,
        "arrow" | "ipc" | "feather" => Format::Arrow,
        "sav" | "zsav" => Format::Spss,
        "por" => Format::Portable,
        "dta" => Format::Stata,
        "xpt" => Format::Transport,
        _ => return None,
    })
}

/// Opens a file of respondents by its ending: .csv, .tsv, .txt, .parquet, .arrow, .ipc, .feather, .sav, .zsav, .por, .dta
/// and .xpt, in capitals or not; .xlsx (or .xlsx#Sheet), .xlsm, .xls and .ods; and each but workbooks within .gz or .zst, or alone in a .zip.
///
/// Delimited text is unpacked while it is read; other formats are unpacked to a temporary file, since their readers move
/// about in it.
///
/// # Errors
/// [`Error::Format`] for other endings, with advice where the file is of a program whose files can be written otherwise;
/// [`Error::Damaged`] where the content is of another format than the ending says; [`Error::NoEffect`] for an option that
/// the format has no use for; and those of the readers.
pub fn open(path: &Path, options: &OpenOptions) -> Result<Box<dyn Source>, Error> {
    let file = tabular::sheet_of(path).0;
    let state = FileState::read(&file);
    let source = opened_as_it_is(path, options)?;
    let source = Box::new(Unchanged::since(state, &file, source));
    let source: Box<dyn Source> = match &options.codebook {
        Some(codebook) => Box::new(super::codebook::file::apply(source, codebook)?),
        None => source,
    };
    Ok(source)
}

/// The file without a codebook beside it.
fn opened_as_it_is(path: &Path, options: &OpenOptions) -> Result<Box<dyn Source>, Error> {
    let (path, sheet) = tabular::sheet_of(path);
    let path = path.as_path();
    let own = ending(path);
    if tabular::is_workbook(path) {
        return workbook(path, sheet, options);
    }
    if let Some(advice) = advice(path, &own) {
        return Err(Error::Format {
            path: path.to_owned(),
            advice: Some(advice),
        });
    }
    let (file, ending) = unwrapped(path, &own)?;
    let content = content(&file.head(HEAD)?);
    let Some(format) = format_of(&ending) else {
        return Err(Error::Format {
            path: path.to_owned(),
            advice: None,
        });
    };
    if !fits(format, content) {
        return Err(damaged(path, mismatch(path, &ending, content)));
    }
    let source = opened(&file, format, &ending, options)?;
    Ok(match &options.na {
        Some(texts) if !texts.is_empty() && format != Format::Delimited => {
            Box::new(Annotated::with_missing(source, texts))
        }
        _ => source,
    })
}

/// The same of bytes that are at hand; the ending of `name` says what they are. They are written to a temporary file, since
/// readers move about in what they read.
///
/// # Errors
/// Those of [`open`].
pub fn open_bytes(
    name: &str,
    bytes: &[u8],
    options: &OpenOptions,
) -> Result<Box<dyn Source>, Error> {
    let path = Path::new(name);
    let opened = |path: &Path| open(path, options);
    // of x.por.gz both: the inner one says what is packed
    let packed = matches!(ending(path).as_str(), "gz" | "gzip" | "zst" | "zstd");
    let inner = match packed {
        true => ending(Path::new(path.file_stem().unwrap_or_default())),
        false => String::new(),
    };
    let endings = match inner.is_empty() {
        true => ending(path),
        false => format!("{inner}.{}", ending(path)),
    };
    let source = Unpacked::from_bytes(bytes, path, &endings, opened)?;
    Ok(Box::new(source))
}

#[cfg(feature = "xlsx")]
fn workbook(
    path: &Path,
    sheet: Option<String>,
    options: &OpenOptions,
) -> Result<Box<dyn Source>, Error> {
    let unused = [
        (
            options.delimiter.is_some(),
            "--delimiter",
            "a workbook has cells",
        ),
        (
            options.decimal.is_some() && !options.decimal_elsewhere,
            "--decimal",
            "the numbers of a workbook are no text",
        ),
    ];
    if let Some((_, option, why)) = unused.into_iter().find(|(is_set, ..)| *is_set) {
        return Err(Error::NoEffect {
            path: path.to_owned(),
            option,
            why: why.to_owned(),
        });
    }
    super::workbook::open(path, sheet, options)
}

#[cfg(not(feature = "xlsx"))]
fn workbook(path: &Path, _: Option<String>, _: &OpenOptions) -> Result<Box<dyn Source>, Error> {
    Err(damaged(
        path,
        "opine was built without workbooks; save the sheet as .csv",
    ))
}

/// Opens delimited text with all its entries as they stand, letter by letter and none of them missing; `None` for other
/// files.
///
/// # Errors
/// Those of [`open`].
pub fn open_as_written(
    path: &Path,
    options: &OpenOptions,
) -> Result<Option<Box<dyn Source>>, Error> {
    if tabular::is_workbook(&tabular::sheet_of(path).0) {
        return Ok(None);
    }
    let (file, ending) = unwrapped(path, &ending(path))?;
    if format_of(&ending) != Some(Format::Delimited) {
        return Ok(None);
    }
    let state = FileState::read(path);
    let source = super::csv::open_as_written(&file, &ending, options)?;
    Ok(Some(Box::new(Unchanged::since(state, path, source))))
}

fn opened(
    file: &PackedFile,
    format: Format,
    ending: &str,
    options: &OpenOptions,
) -> Result<Box<dyn Source>, Error> {
    if format == Format::Delimited {
        return super::csv::open(file, ending, options);
    }
    options.refuse_for_text(&file.path, format)?;
    let read = |path: &Path| match format {
        Format::Parquet => super::parquet::open(path),
        Format::Arrow => super::ipc::open(path),
        Format::Spss => super::spss::open(path, options),
        Format::Portable => super::portable::open(path, options),
        Format::Stata => super::stata::open(path, options),
        // delimited text was opened above
        Format::Transport | Format::Delimited => super::transport::open(path, options),
    };
    match file.packing {
        Packing::Plain => read(&file.path),
        _ => Ok(Box::new(Unpacked::open(file, ending, read)?)),
    }
}

/// The file within a compressed one, and the ending of its name.
fn unwrapped(path: &Path, own: &str) -> Result<(PackedFile, String), Error> {
    let plain = PackedFile::plain(path);
    match content(&plain.head(HEAD)?) {
        packed @ (Content::Gzip | Content::Zstd) => {
            let packed = PackedFile {
                packing: match packed {
                    Content::Gzip => Packing::Gzip,
                    _ => Packing::Zstd,
                },
                ..plain
            };
            let inner = match own {
                "gz" | "gzip" | "zst" | "zstd" => {
                    ending(Path::new(path.file_stem().unwrap_or_default()))
                }
                // compressed, whatever the ending says
                other => other.to_owned(),
            };
            named(packed, inner)
        }
        Content::Zip if own == "zip" => {
            let entry = archive(path)?.only(path)?;
            let inner = ending(Path::new(&entry.name));
            let packed = PackedFile {
                packing: Packing::Zip(entry),
                ..plain
            };
            named(packed, inner)
        }
        _ => Ok((plain, own.to_owned())),
    }
}

/// Where the name of what is packed says no format, its content may.
fn named(packed: PackedFile, inner: String) -> Result<(PackedFile, String), Error> {
    if let Some(advice) = advice(&packed.path, &inner) {
        return Err(damaged(&packed.path, advice));
    }
    if format_of(&inner).is_some() {
        return Ok((packed, inner));
    }
    let within = match content(&packed.head(HEAD)?) {
        Content::Format(format) => usual_ending(format),
        Content::Other => "csv",
        Content::Gzip | Content::Zstd | Content::Zip => {
            let message = "what is compressed in it is compressed again; unpack it";
            return Err(damaged(&packed.path, message));
        }
        other => return Err(damaged(&packed.path, mismatch(&packed.path, &inner, other))),
    };
    Ok((packed, within.to_owned()))
}

/// Bytes that tell what a file is.
const HEAD: u64 = 64;
const SAS_MAGIC: [u8; 20] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc2, 0xea, 0x81, 0x60, 0xb3, 0x14, 0x11, 0xcf,
];

fn content(head: &[u8]) -> Content {
    let known: [(&[u8], Content); 15] = [
        (b"$FL2", Content::Format(Format::Spss)),
        (b"$FL3", Content::Format(Format::Spss)),
        (b"<stata_dta>", Content::Format(Format::Stata)),
        (
            b"HEADER RECORD*******LIB",
            Content::Format(Format::Transport),
        ),
        (b"PAR1", Content::Format(Format::Parquet)),
        (b"ARROW1", Content::Format(Format::Arrow)),
        (b"FEA1", Content::Format(Format::Arrow)),
        (&SAS_MAGIC, Content::Sas),
        (b"RDX", Content::RData),
        // an .rds that is not compressed: XDR, and the upper bytes of its version
        (b"X\n\0\0\0", Content::RData),
        (b"PK\x03\x04", Content::Zip),
        // an archive of no files
        (b"PK\x05\x06", Content::Zip),
        (b"\x1f\x8b", Content::Gzip),
        (b"\x28\xb5\x2f\xfd", Content::Zstd),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Content::Compound),
    ];
    // a length and zero bytes stand before the word
    if head.get(8..17) == Some(b"ENCRYPTED") {
        return Content::Encrypted;
    }
    let known = known.iter().find(|(magic, _)| head.starts_with(magic));
    known.map_or(Content::Other, |(_, content)| *content)
}

fn fits(format: Format, content: Content) -> bool {
    match content {
        Content::Format(found) => found == format,
        Content::Other => matches!(format, Format::Delimited | Format::Portable | Format::Stata),
        _ => false,
    }
}

fn usual_ending(format: Format) -> &'static str {
    match format {
        Format::Delimited => "csv",
        Format::Parquet => "parquet",
        Format::Arrow => "arrow",
        Format::Spss => "sav",
        Format::Portable => "por",
        Format::Stata => "dta",
        Format::Transport => "xpt",
    }
}

/// What to do with a file of a program whose files we don’t read.
fn advice(path: &Path, ending: &str) -> Option<String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    Some(match ending {
        "sas7bdat" => sas_advice(&name, &stem),
        "rds" => format!(
            "data of R (.rds) can’t be read; in R: haven::write_sav(readRDS(\"{name}\"), \"{stem}.sav\"), or \
             arrow::write_parquet(readRDS(\"{name}\"), \"{stem}.parquet\")"
        ),
        "rdata" | "rda" => format!(
            "data of R (.{ending}) can’t be read; in R: load(\"{name}\"), and then haven::write_sav(DATA, \"{stem}.sav\") or \
             arrow::write_parquet(DATA, \"{stem}.parquet\") with the name of the data that ls() lists"
        ),
        _ => return None,
    })
}

fn sas_advice(name: &str, stem: &str) -> String {
    format!(
        "SAS data sets (.sas7bdat) can’t be read; in SAS, export it to .csv, .parquet or .xpt; or in R: \
         haven::write_sav(haven::read_sas(\"{name}\"), \"{stem}.sav\")"
    )
}

fn mismatch(path: &Path, ending: &str, content: Content) -> String {
    let rename = |format: Format| {
        let what = match format {
            Format::Delimited => "text",
            Format::Parquet => "Parquet",
            Format::Arrow => "Arrow IPC",
            Format::Spss => "an SPSS file",
            Format::Portable => "a portable file of SPSS",
            Format::Stata => "a Stata file",
            Format::Transport => "a SAS transport file",
        };
        let usual = usual_ending(format);
        format!("the ending says .{ending}, the content is {what}; rename it to .{usual}")
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    match content {
        Content::Format(format) => rename(format),
        Content::Encrypted => "this file is encrypted by SPSS; open it there with its password and save it without one".to_owned(),
        Content::Sas => sas_advice(&name, &stem),
        Content::RData => "these are data of R; in R, write them with haven::write_sav or arrow::write_parquet".to_owned(),
        Content::Zip => "this is a ZIP archive or a workbook; rename an archive to .zip, or save the sheet as .csv".to_owned(),
        Content::Gzip | Content::Zstd => "this is compressed twice; unpack it".to_owned(),
        Content::Compound => "this is a workbook of Excel 2003 and before, or an encrypted one; save the sheet as .csv".to_owned(),
        Content::Other => {
            format!("this is no .{ending} file: its first bytes are not those of that format")
        }
    }
}
