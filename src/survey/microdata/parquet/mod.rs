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
//! All encodings of the format are read, and the compressions zstd, snappy, gzip, brotli and lz4. Nested columns are not:
//! they are left out of the codebook, and asking for one is an error that says so. Labels, measurement levels and missing
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
use super::{Batch, Codebook, ColumnRequest, Error, Source, Variable};

/// An open Parquet file.
struct ParquetFile {
    path: PathBuf,
    file: File,
    codebook: Codebook,
    fields: Vec<Field>,
    groups: Vec<Group>,
    rows: u64,
}

/// Opens a Parquet file of respondents: reads its footer and nothing else.
///
/// # Errors
/// [`Error::Io`], and [`Error::Damaged`] where it is no Parquet file or its footer contradicts itself.
pub fn open(path: &Path) -> Result<Box<dyn Source>, Error> {
    let opened = File::open(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    let footer = Footer::read(&opened).map_err(|fault| fault.of(path))?;
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
            note::restore(text, &mut codebook).map_err(|fault| fault.of(path))?;
        }
    }
    Ok(Box::new(ParquetFile {
        path: path.to_owned(),
        file: opened,
        codebook,
        fields: footer.fields,
        groups: footer.groups,
        rows: footer.rows,
    }))
}

/// The texts in the footer of a Parquet file, without the schema that Arrow's writers leave there.
pub(super) fn footer_notes(path: &Path, file: &File) -> Result<Vec<(String, String)>, Error> {
    let footer = Footer::read(file).map_err(|fault| fault.of(path))?;
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

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        scan::scan(self, requests, each)
    }
}

impl ParquetFile {
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
