//! The table of sums as it lies in a Parquet or CSV file.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::spec::{Spec, VERSION, decimal};
use super::write::SPECIFICATION;
use crate::frames::{Cell, Column, Frame};
use crate::statistics::special::Sum;
use crate::survey::microdata;
use crate::survey::microdata::write::{frame_to_parquet, read_frame};
use crate::survey::sums::error::Error;
use crate::tabular::{Header, text_and_delimiter};

/// The key of the version in the metadata of a Parquet file; the specification is beside it.
pub const KEY: &str = "opine.sums";
const SPEC_KEY: &str = "opine.sums.spec";
/// The key of the checksum over the table.
const CHECKSUM_KEY: &str = "opine.sums.crc32";
/// The first column.
const MARK: &str = "opine_sums";
/// Whole numbers above this are no counts of respondents.
const MOST: f64 = 1e12;

/// The columns of a table, by name.
pub struct Table {
    pub rows: usize,
    /// Written by an opine that left no checksum yet: damage would not be noticed.
    pub unchecked: bool,
    texts: HashMap<String, Vec<Option<String>>>,
    numbers: HashMap<String, Vec<Option<f64>>>,
}

const TEXTS: [&str; 4] = ["part", "item", "level", "term"];
const NUMBERS: [&str; 4] = ["replicate", "n", "weighted", "w"];
/// An engine that adds floats has no second halves, and a design with units no squares.
const OPTIONAL: [&str; 3] = ["w_low", "w2", "w2_low"];

/// Whether a file holds sums: by its ending .sums, or by what is in it.
pub fn is_sums(path: &Path) -> bool {
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    if ending == "sums" {
        return true;
    }
    // whoever opens a pipe to look into it takes from it what the reader needs
    if !path.is_file() {
        return false;
    }
    let Ok(mut file) = File::open(path) else {
        return false;
    };
    match ending.as_str() {
        "parquet" => {
            let mut magic = [0; 4];
            file.read_exact(&mut magic).is_ok()
                && magic == *b"PAR1"
                && microdata::parquet::open(path)
                    .is_ok_and(|source| source.codebook().position(MARK).is_ok())
        }
        "csv" | "tsv" | "tab" | "txt" => {
            let mut start = Vec::new();
            let read = file.take(4096).read_to_end(&mut start);
            // an even number of bytes is whole in UTF-16
            start.truncate(start.len() & !1);
            let text = text_and_delimiter("", &start, &Header::named(&[MARK]));
            let first = |text: &str| {
                let end = text.find([',', ';', '\t', '|']).unwrap_or(text.len());
                text.get(..end)
                    .map(|first| first.trim().trim_matches('"').to_lowercase())
            };
            read.is_ok() && text.is_ok_and(|(text, _)| first(&text).as_deref() == Some(MARK))
        }
        _ => false,
    }
}

/// The bytes of a Parquet file with the table and its specification.
pub fn to_parquet(spec: &Spec, frame: &Frame) -> Result<Vec<u8>, Error> {
    let notes = [
        (KEY.to_owned(), VERSION.to_string()),
        (SPEC_KEY.to_owned(), spec.to_json()),
        (CHECKSUM_KEY.to_owned(), checksum(frame).to_string()),
    ];
    frame_to_parquet(frame, &notes).map_err(|error| Error::Spoilt(error.to_string()))
}

/// CRC-32 of the names and cells of a table, the same for a table that was written and read again: numbers are taken by their
/// bits as `f64`, and what files may keep as null (NaN, an empty text) is null.
fn checksum(frame: &Frame) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for column in frame.columns() {
        hasher.update(column.name.as_bytes());
        for row in 0..frame.height() {
            let number = match column.cell(row) {
                Cell::Text(text) if !text.is_empty() => {
                    // the length parts an entry from the next
                    hasher.update(&(text.len() as u64).to_le_bytes());
                    hasher.update(text.as_bytes());
                    continue;
                }
                Cell::Text(_) | Cell::Null => f64::NAN,
                // -0 becomes a whole 0 on its way through a file
                Cell::Number(number) => number + 0.0,
                Cell::Integer(whole) => whole as f64,
                Cell::Truth(truth) => f64::from(u8::from(truth)),
            };
            match number.is_nan() {
                true => hasher.update(&[0]),
                false => hasher.update(&number.to_bits().to_le_bytes()),
            }
        }
    }
    hasher.finalize()
}

/// Reads the table and its specification.
///
/// # Errors
/// A file that can't be read, or that is no table of sums of this version.
pub fn read(path: &Path) -> Result<(Spec, Table), Error> {
    let bytes = std::fs::read(path).map_err(|source| {
        Error::File(microdata::Error::Io {
            path: path.to_owned(),
            source,
        })
    })?;
    let within = |message: String| Error::Spoilt(format!("{}: {message}", path.display()));
    let (frame, unchecked) = match bytes.starts_with(b"PAR1") {
        true => parquet_frame(path).map_err(within)?,
        false => (csv_frame(path, &bytes).map_err(within)?, false),
    };
    let read = || {
        let texts = text_column(&frame, "level")?;
        let items = text_column(&frame, "item")?;
        // anywhere, as an engine gives the rows in any order
        let at = items
            .iter()
            .position(|item| item.as_deref() == Some(SPECIFICATION));
        let json = at.and_then(|at| texts[at].as_deref());
        let json = json.ok_or_else(|| {
            "it has no specification: the row whose item is # is missing".to_owned()
        })?;
        let spec = Spec::from_json(json).map_err(|error| error.to_string())?;
        let table = Table::from_frame(&frame, &spec)?;
        Ok((spec, Table { unchecked, ..table }))
    };
    read().map_err(within)
}

/// The table, and whether a checksum is missing that should be there: a database that filled it leaves no version either.
fn parquet_frame(path: &Path) -> Result<(Frame, bool), String> {
    let (frame, notes) = read_frame(path).map_err(|error| match error {
        microdata::Error::Damaged { message, .. } => message,
        other => other.to_string(),
    })?;
    let note = |key: &str| notes.iter().find(|(name, _)| name == key);
    let Some((_, written)) = note(CHECKSUM_KEY) else {
        return Ok((frame, note(KEY).is_some()));
    };
    match *written == checksum(&frame).to_string() {
        true => Ok((frame, false)),
        false => Err(
            "it is damaged: its sums don’t have the checksum that was written with them; make it again"
                .to_owned(),
        ),
    }
}

/// Delimited text as columns of text, an empty entry being null. Engines write it in many ways, but the labels letter by letter:
/// blanks around them are theirs.
fn csv_frame(path: &Path, bytes: &[u8]) -> Result<Frame, String> {
    let name = path.display().to_string();
    let (text, delimiter) = text_and_delimiter(&name, bytes, &Header::named(&[MARK]))
        .map_err(|error| error.to_string())?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut columns: Vec<Vec<Option<String>>> = vec![Vec::new(); headers.len()];
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        for (column, entry) in columns.iter_mut().zip(&record) {
            column.push((!entry.is_empty()).then(|| entry.to_owned()));
        }
    }
    let height = columns.first().map_or(0, Vec::len);
    let columns = headers.iter().zip(columns);
    let columns = columns
        .map(|(name, entries)| Column::new(name.trim(), entries))
        .collect();
    Frame::new(height, columns).map_err(|error| error.to_string())
}

fn column<'f>(frame: &'f Frame, name: &str) -> Result<&'f Column, String> {
    frame.column(name).ok_or_else(|| {
        format!("it has no column {name}: a table of sums has all the columns that opine writes")
    })
}

fn text_column(frame: &Frame, name: &str) -> Result<Vec<Option<String>>, String> {
    Ok(column(frame, name)?.texts())
}

fn number_column(frame: &Frame, name: &str) -> Result<Vec<Option<f64>>, String> {
    let column = column(frame, name)?;
    let number = |row: usize| match column.cell(row) {
        Cell::Null => Ok(None),
        Cell::Number(number) => Ok(Some(number)),
        Cell::Integer(whole) => Ok(Some(whole as f64)),
        Cell::Truth(truth) => Ok(Some(f64::from(u8::from(truth)))),
        Cell::Text(text) => match decimal(text.trim()) {
            Some(number) => Ok(Some(number)),
            None => Err(format!("row {}: {name} is {text:?}, no number", row + 1)),
        },
    };
    (0..frame.height()).map(number).collect()
}

impl Table {
    fn from_frame(frame: &Frame, spec: &Spec) -> Result<Table, String> {
        let mut table = Table {
            rows: frame.height(),
            unchecked: false,
            texts: HashMap::new(),
            numbers: HashMap::new(),
        };
        let names = &spec.columns;
        let labels = names.strata.iter().chain(&names.psu).chain(&names.by);
        for name in labels.map(String::as_str).chain(TEXTS) {
            table
                .texts
                .insert(name.to_owned(), text_column(frame, name)?);
        }
        let fpc = names
            .fpc
            .iter()
            .flat_map(|(low, high)| [low.as_str(), high.as_str()]);
        for name in fpc.chain(NUMBERS) {
            table
                .numbers
                .insert(name.to_owned(), number_column(frame, name)?);
        }
        for name in OPTIONAL {
            if frame.column(name).is_some() {
                table
                    .numbers
                    .insert(name.to_owned(), number_column(frame, name)?);
            }
        }
        Ok(table)
    }

    /// A text of a row.
    pub fn label(&self, name: &str, row: usize) -> Option<&str> {
        self.texts.get(name)?.get(row)?.as_deref()
    }

    /// What a row holds.
    pub fn part(&self, row: usize) -> Result<&str, Error> {
        let part = self.label("part", row);
        part.ok_or_else(|| self.wrong(row, "it says no part"))
    }

    pub fn number(&self, name: &str, row: usize) -> Option<f64> {
        *self.numbers.get(name)?.get(row)?
    }

    /// A count of a row.
    pub fn count(&self, name: &str, row: usize) -> Result<u64, Error> {
        match self.number(name, row) {
            Some(number) if (0.0..=MOST).contains(&number) && number.fract() == 0.0 => {
                Ok(number as u64)
            }
            Some(number) => Err(self.wrong(row, &format!("{name} is {number}, no count"))),
            None => Err(self.wrong(row, &format!("{name} is missing"))),
        }
    }

    /// A sum of a row, with its second half where there is one.
    pub fn sum(&self, name: &str, row: usize) -> Result<Sum, Error> {
        let high = self.number(name, row);
        let high = high.ok_or_else(|| self.wrong(row, &format!("{name} is missing")))?;
        let low = match name {
            "w" => "w_low",
            _ => "w2_low",
        };
        let sum = Sum {
            high,
            low: self.number(low, row).unwrap_or(0.0),
        };
        match sum.high.is_finite() && sum.low.is_finite() {
            true => Ok(sum),
            false => Err(self.wrong(
                row,
                &format!("{name} is {}, and a sum is a number", sum.value()),
            )),
        }
    }

    /// A sum of weights, which no respondents make less than 0.
    pub fn weight(&self, name: &str, row: usize) -> Result<Sum, Error> {
        let sum = self.sum(name, row)?;
        match sum.value() >= 0.0 {
            true => Ok(sum),
            false => Err(self.wrong(
                row,
                &format!(
                    "{name} is {}, and no respondents add up to that",
                    sum.value()
                ),
            )),
        }
    }

    /// What is wrong, and in which row.
    pub fn wrong(&self, row: usize, what: &str) -> Error {
        Error::Spoilt(format!("row {} of the sums: {what}", row + 1))
    }
}
