//! A Parquet file from columns: row groups, pages of version 1 packed by zstd where that is in the build, a footer with notes.
//!
//! Every column may have nulls. There are no statistics: nobody skips rows in files of this size.

mod pages;
mod thrift;

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use self::pages::{Chunk, PLAIN, RLE, RLE_DICTIONARY};
use self::thrift::{BINARY, I32, STRUCT, Structure, int_entry, text_entry};
use crate::survey::microdata::Error;
use crate::survey::microdata::decoding::codec::Packer;

/// Rows of a row group: as many as a batch of the reader has at most.
const ROWS_OF_GROUP: usize = 131_072;
const MAGIC: &[u8; 4] = b"PAR1";
const OPTIONAL: i32 = 1;

/// A column and its name.
pub struct Column<'a> {
    pub name: String,
    pub values: Values<'a>,
}

/// What a column holds, `None` for null.
pub enum Values<'a> {
    Truths(Vec<Option<bool>>),
    Int64(Cow<'a, [Option<i64>]>),
    Numbers(Cow<'a, [Option<f64>]>),
    /// Days since 1970-01-01.
    Dates(Vec<Option<i32>>),
    /// Microseconds since 1970-01-01, in the time of the place.
    DateTimes(Vec<Option<i64>>),
    Texts(Vec<Option<&'a str>>),
    /// Texts of which neighbours may be one.
    Shared(&'a [Option<Arc<str>>]),
    /// Places among texts that are each held once; null where there is none.
    Levels {
        ids: Vec<u32>,
        levels: Vec<Option<String>>,
    },
}

/// The bytes of a file with these columns of `rows` rows, and notes in its footer.
///
/// # Errors
/// A text of more than 2 GB.
pub fn file(rows: usize, columns: &[Column], notes: &[(String, String)]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    pieces(rows, columns, notes, |piece| {
        bytes.extend(piece);
        Ok(())
    })?;
    Ok(bytes)
}

/// The same a row group at a time, so that none but that which is being made is held.
///
/// # Errors
/// As [`file`], and those of `put`.
pub fn pieces(
    rows: usize,
    columns: &[Column],
    notes: &[(String, String)],
    mut put: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    put(MAGIC)?;
    let mut start = MAGIC.len();
    let mut groups = Vec::new();
    for from in (0..rows).step_by(ROWS_OF_GROUP) {
        let to = rows.min(from + ROWS_OF_GROUP);
        let chunks: Vec<Chunk> = columns
            .par_iter()
            .map(|column| column.values.chunk(from, to))
            .collect::<Result<_, _>>()?;
        let (mut size, mut descriptions) = (0, Vec::new());
        for (column, chunk) in columns.iter().zip(chunks) {
            size += chunk.unpacked;
            descriptions.push(column.description(&chunk, start, to - from).finish());
            start += chunk.bytes.len();
            put(&chunk.bytes)?;
        }
        let group = Structure::default()
            .list(1, STRUCT, &descriptions)
            .i64(2, size)
            .i64(3, to - from);
        groups.push(group.finish());
    }
    let mut footer = footer(rows, columns, &groups, notes).finish();
    let length = u32::try_from(footer.len());
    let length = length.map_err(|_| Error::Stopped("the footer is over 4 GB".to_owned()))?;
    footer.extend(length.to_le_bytes());
    footer.extend(MAGIC);
    put(&footer)
}

/// What a footer says of the whole file.
fn footer(
    rows: usize,
    columns: &[Column],
    groups: &[Vec<u8>],
    notes: &[(String, String)],
) -> Structure {
    let root = Structure::default()
        .text(4, "schema")
        .i32(5, columns.len() as i32);
    let leaves = columns.iter().map(|column| column.element().finish());
    let schema: Vec<Vec<u8>> = [root.finish()].into_iter().chain(leaves).collect();
    let notes: Vec<Vec<u8>> = notes
        .iter()
        .map(|(key, text)| Structure::default().text(1, key).text(2, text).finish())
        .collect();
    Structure::default()
        .i32(1, 2)
        .list(2, STRUCT, &schema)
        .i64(3, rows)
        .list(4, STRUCT, groups)
        .list(5, STRUCT, &notes)
        .text(6, concat!("opine version ", env!("CARGO_PKG_VERSION")))
}

impl Column<'_> {
    /// The node of the schema. What older readers look for (a converted type) stands beside the logical type where there is one.
    fn element(&self) -> Structure {
        let empty = |id| Structure::default().structure(id, Structure::default());
        let (converted, logical) = match &self.values {
            Values::Texts(_) | Values::Shared(_) | Values::Levels { .. } => {
                (Some(0), Some(empty(1)))
            }
            Values::Dates(_) => (Some(6), Some(empty(6))),
            Values::DateTimes(_) => {
                let microseconds = empty(2);
                let local = Structure::default()
                    .truth(1, false)
                    .structure(2, microseconds);
                // no old type beside it: that one means universal time
                (None, Some(Structure::default().structure(8, local)))
            }
            _ => (None, None),
        };
        let mut element = Structure::default()
            .i32(1, self.values.physical())
            .i32(3, OPTIONAL)
            .text(4, &self.name);
        if let Some(converted) = converted {
            element = element.i32(6, converted);
        }
        match logical {
            Some(logical) => element.structure(10, logical),
            None => element,
        }
    }

    /// What the footer says of a chunk that begins at that place of the file.
    fn description(&self, chunk: &Chunk, start: usize, rows: usize) -> Structure {
        let mut encodings = vec![int_entry(PLAIN), int_entry(RLE)];
        if chunk.has_dictionary() {
            encodings.push(int_entry(RLE_DICTIONARY));
        }
        let mut place = Structure::default()
            .i32(1, self.values.physical())
            .list(2, I32, &encodings)
            .list(3, BINARY, &[text_entry(&self.name)])
            .i32(4, Packer::NUMBER)
            .i64(5, rows)
            .i64(6, chunk.unpacked)
            .i64(7, chunk.bytes.len())
            .i64(9, start + chunk.data.unwrap_or(0));
        if chunk.has_dictionary() {
            place = place.i64(11, start);
        }
        // 2: a place that the format has given up, and wants to be 0
        Structure::default().i64(2, 0).structure(3, place)
    }
}

impl Values<'_> {
    /// The number of the physical type in the format.
    fn physical(&self) -> i32 {
        match self {
            Values::Truths(_) => 0,
            Values::Dates(_) => 1,
            Values::Int64(_) | Values::DateTimes(_) => 2,
            Values::Numbers(_) => 5,
            Values::Texts(_) | Values::Shared(_) | Values::Levels { .. } => 6,
        }
    }

    /// The pages of a range of rows.
    fn chunk(&self, from: usize, to: usize) -> Result<Chunk, Error> {
        match self {
            Values::Truths(values) => pages::truths(&values[from..to]),
            Values::Dates(values) => pages::chunk(&values[from..to]),
            Values::Int64(values) => pages::chunk(&values[from..to]),
            Values::DateTimes(values) => pages::chunk(&values[from..to]),
            Values::Numbers(values) => pages::chunk(&values[from..to]),
            Values::Texts(values) => pages::chunk(&values[from..to]),
            Values::Shared(values) => {
                let texts = values[from..to].iter().map(Option::as_deref);
                pages::chunk(&texts.collect::<Vec<_>>())
            }
            Values::Levels { ids, levels } => {
                let text = |id: &u32| levels.get(*id as usize)?.as_deref();
                pages::chunk(&ids[from..to].iter().map(text).collect::<Vec<_>>())
            }
        }
    }
}
