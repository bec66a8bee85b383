//! Parquet files of respondents, read page by page.
//!
//! Only the columns that are asked for are read from the disk, row group by row group, at most a row group a thread at
//! once. A column that is stored as ids of a dictionary becomes codes without any text or number between. What is read:
//!
//! | stored as | kind | codes view | numbers view |
//! | --- | --- | --- | --- |
//! | string, category, enum | text | the text | what the text reads as, if it is a number |
//! | boolean | text | "false", "true" | 0, 1 |
//! | integers, signed or not | number | the number; beyond 2^53, where it is no `f64`, its digits as a text | the nearest `f64` |
//! | float, double, float16 | number | the number; NaN is null, -0 is 0 | the number |
//! | decimal up to 128 bits | number | the nearest `f64` where that prints the same digits, else the digits as a text | the nearest `f64` |
//! | date | date | 2023-06-01 | days since 1970-01-01 |
//! | timestamp, INT96 | date and time | 2023-06-01T08:30:00.250 as it is stored, in UTC where the file says so | seconds since 1970-01-01 |
//! | time of day | text | 08:30:00 | |
//! | UUID | text | in hexadecimal digits | |
//!
//! All encodings of the format are read, and the compressions zstd, snappy, gzip, brotli and lz4. Nested columns and bytes that
//! are no text are not: they are left out of the codebook, with a note, and asking for one is an error that says so. Labels, measurement levels and missing
//! values come from a note in the footer (`opine.codebook`) where opine wrote the file.

pub(super) mod block;
mod coding;
mod column;
mod delta;
mod dictionary;
pub(super) mod disk;
pub(super) mod fault;
mod footer;
mod header;
pub(super) mod levels;
pub(super) mod moment;
pub(super) mod note;
mod pages;
mod rooms;
mod runs;
mod scan;
mod schema;
pub(super) mod shape;
mod spread;
mod thrift;

use std::fs::File;
use std::path::{Path, PathBuf};

use self::footer::{Footer, Group};
use self::schema::{Field, Leaf};
use crate::survey::microdata::decoding::rounded::RoundedColumns;
use crate::survey::microdata::{
    Batch, Codebook, ColumnRequest, Error, Source, Variable, View, inference::names,
};

/// An open Parquet file.
struct ParquetFile {
    path: PathBuf,
    file: File,
    codebook: Codebook,
    fields: Vec<Field>,
    groups: Vec<Group>,
    rows: u64,
    notes: Vec<String>,
    rounded: RoundedColumns,
}

/// Opens a Parquet file of respondents: reads its footer, and the start of columns of which that does not say whether they
/// are text.
///
/// # Errors
/// [`Error::Io`], and [`Error::Damaged`] where it is no Parquet file or its footer contradicts itself.
pub fn open(path: &Path) -> Result<Box<dyn Source>, Error> {
    let opened = File::open(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    let mut footer = Footer::read(&opened).map_err(|fault| fault.in_file(path))?;
    let given = footer.fields.iter().map(|field| field.name.clone());
    let (names, notes) = names::distinct(given.collect());
    for (field, name) in footer.fields.iter_mut().zip(names) {
        field.name = name;
    }
    let variables = footer
        .fields
        .iter()
        .filter_map(|field| {
            let leaf = field.leaf.as_ref().ok()?;
            Some(Variable::bare(&field.name, leaf.shape.kind()))
        })
        .collect();
    let mut codebook = Codebook {
        variables,
        ..Codebook::default()
    };
    for (key, text) in &footer.notes {
        if key == note::KEY {
            note::restore(text, &mut codebook).map_err(|fault| fault.in_file(path))?;
        }
    }
    let mut source = ParquetFile {
        path: path.to_owned(),
        file: opened,
        codebook,
        fields: footer.fields,
        groups: footer.groups,
        rows: footer.rows,
        notes,
        rounded: RoundedColumns::default(),
    };
    source.leave_out_bytes();
    let unread = source.fields.iter().filter_map(|field| {
        let why = field.leaf.as_ref().err()?;
        Some((field.name.clone(), why.clone()))
    });
    source.codebook.unread = unread.collect();
    source.notes.extend(source.codebook.note_of_unread());
    Ok(Box::new(source))
}

/// Why a column can't be read: bytes that are no text, and columns within columns.
pub(super) const BINARY: &str = "is binary";
pub(super) const NESTED: &str = "is nested (a list, a map or a structure)";

/// Whether the first bytes of a column are text.
pub(super) fn starts_with_text(source: &dyn Source, name: &str) -> bool {
    let request = ColumnRequest {
        name: name.to_owned(),
        view: View::Codes,
    };
    // an error is the way to end a scan: one batch will do
    let enough = |_: &mut Batch| Err(Error::Stopped(String::new()));
    // other damage is said when the column is read
    !matches!(source.scan(&[request], &enough), Err(Error::NoText { .. }))
}

/// The texts in the footer of a Parquet file, without the schema that Arrow's writers leave there.
pub(super) fn footer_notes(path: &Path, file: &File) -> Result<Vec<(String, String)>, Error> {
    let footer = Footer::read(file).map_err(|fault| fault.in_file(path))?;
    let notes = footer.notes.into_iter();
    Ok(notes.filter(|(key, _)| key != ARROW_SCHEMA).collect())
}

const ARROW_SCHEMA: &str = "ARROW:schema";

impl Source for ParquetFile {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        Some(self.rows)
    }

    fn notes(&self) -> Vec<String> {
        self.notes
            .iter()
            .cloned()
            .chain(self.rounded.note())
            .collect()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        scan::scan(self, requests, each)
    }
}

impl ParquetFile {
    /// Takes columns out whose bytes are no text, of those that may be: a picture or a shape among the answers must not keep
    /// anyone from reading the others.
    fn leave_out_bytes(&mut self) {
        let maybe = self
            .fields
            .iter()
            .filter(|field| field.maybe_text && field.leaf.is_ok());
        let names: Vec<String> = maybe.map(|field| field.name.clone()).collect();
        for name in names {
            if starts_with_text(self, &name) {
                continue;
            }
            self.codebook
                .variables
                .retain(|variable| variable.name != name);
            for field in self.fields.iter_mut().filter(|field| field.name == name) {
                field.leaf = Err(BINARY.to_owned());
            }
        }
    }

    /// The column of that name.
    fn leaf(&self, name: &str) -> Result<Leaf, Error> {
        match self.fields.iter().find(|field| field.name == name) {
            Some(field) => match &field.leaf {
                Ok(leaf) => Ok(*leaf),
                Err(why) => Err(Error::Damaged {
                    path: self.path.clone(),
                    message: format!("variable {name} {why}"),
                }),
            },
            None => Err(no_variable(&self.codebook, name)),
        }
    }
}

fn no_variable(codebook: &Codebook, name: &str) -> Error {
    match codebook.variable(name) {
        Err(error) => error,
        Ok(_) => Error::NoVariable {
            name: name.to_owned(),
            nearest: None,
        },
    }
}
