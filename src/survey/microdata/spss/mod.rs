//! SPSS system files: .sav and .zsav.
//!
//! User-missing values stay in the codes, and the codebook names them; they are NaN in the numbers. A string that is blank
//! is missing. Sizes that a file claims are held against its length before anything is allocated for them.
//!
//! The format after the PSPP developer's guide, "System File Format".

mod data;
mod dates;
mod dictionary;
mod extensions;
mod resolve;

use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::survey::microdata::decoding::bytes::Bytes;
use crate::survey::microdata::decoding::fixed::{Cell, PlainRows, Rows, scan};
use crate::survey::microdata::decoding::texts::Texts;
use crate::survey::microdata::error::{damaged, unreadable};
use crate::survey::microdata::{Batch, Codebook, ColumnRequest, Error, Kind, OpenOptions, Source};
pub(super) use data::SYSTEM;
pub(super) use dates::{converted, kind, stored};

use data::{Compressed, Packed, Unpacked, packed, unpacked};
use dictionary::Dictionary;
use extensions::{Items, Stated, number};
use resolve::{Place, Resolver};

struct Spss {
    path: PathBuf,
    dictionary: Dictionary,
    texts: Texts,
    notes: Vec<String>,
    codebook: Codebook,
    places: Vec<Place>,
    packed: Vec<Packed>,
    system: f64,
}

/// Opens a file by its head.
pub(super) fn open(path: &Path, options: &OpenOptions) -> Result<Box<dyn Source>, Error> {
    let mut bytes = Bytes::open(path)?;
    let mut dictionary = dictionary::read(&mut bytes)?;
    let (texts, unknown) = texts(path, &dictionary, options)?;
    let resolver = Resolver {
        path,
        dictionary: &dictionary,
        texts: &texts,
    };
    let (codebook, places, names) = resolver.codebook()?;
    let notes = unknown.into_iter().chain(names).collect();
    let system = Items::new(&dictionary, 4).f64().unwrap_or(SYSTEM);
    let mut blocks = Vec::new();
    if dictionary.compression == 2 {
        blocks = packed(&mut bytes)?;
    }
    // never 0, as a head without variables is refused
    let row_bytes = dictionary.slots as u64 * 8;
    let length = match dictionary.compression {
        2 => unpacked(&blocks),
        _ => bytes.length() - dictionary.data_start,
    };
    // a compressed row takes a byte for each 8 at the least
    let least = if dictionary.compression == 0 {
        row_bytes
    } else {
        row_bytes / 8
    };
    if let Some(rows) = dictionary.rows
        && rows.saturating_mul(least) > length
    {
        let message = format!(
            "{rows} rows are announced; there are {length} bytes of data, which is too little"
        );
        return Err(damaged(path, message));
    }
    if let (0, Some(rows)) = (dictionary.compression, dictionary.rows)
        && length / row_bytes > rows
    {
        return Err(data_left_over(path, rows));
    }
    if let (0, Some(rows)) = (dictionary.compression, dictionary.rows) {
        bytes.seek(dictionary.data_start + rows * row_bytes)?;
        bytes.only_padding_left()?;
    }
    if dictionary.compression == 0 && dictionary.rows.is_none() {
        let whole = length / row_bytes;
        if !length.is_multiple_of(row_bytes) {
            return Err(damaged(
                path,
                format!("the file ends within row {}", whole + 1),
            ));
        }
        dictionary.rows = Some(whole);
    }
    Ok(Box::new(Spss {
        path: path.to_owned(),
        dictionary,
        texts,
        notes,
        codebook,
        places,
        packed: blocks,
        system,
    }))
}

/// The number of rows that a file says is wrong, or it was not written to its end before.
fn data_left_over(path: &Path, rows: u64) -> Error {
    let message = format!("{rows} rows are announced, and the data go on behind them");
    damaged(path, message)
}

/// The texts in the encoding that the file names, or in the one that is named for it; a note where we don’t know it.
fn texts(
    path: &Path,
    dictionary: &Dictionary,
    options: &OpenOptions,
) -> Result<(Texts, Option<String>), Error> {
    let known = match extensions::encoding(dictionary) {
        Stated::Nothing => return Ok((Texts::new(options.encoding(path)?), None)),
        Stated::Known(encoding) => encoding,
        Stated::Unknown(name) => {
            let encoding = options.encoding(path)?;
            let note = format!(
                "the file says its texts are in {name}, which opine does not know; they are read as UTF-8 or Windows-1252, \
                 and --encoding names another"
            );
            return Ok((Texts::new(encoding), encoding.is_none().then_some(note)));
        }
        Stated::Ebcdic => {
            let message =
                "its texts are in EBCDIC, which opine does not read; save it in SPSS as UTF-8";
            return Err(damaged(path, message));
        }
    };
    let why = format!("the file says that its texts are in {}", known.name());
    options.refuse_encoding(path, &why)?;
    Ok((Texts::new(Some(known)), None))
}

impl Rows for Spss {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn texts(&self) -> &Texts {
        &self.texts
    }

    fn cell<'a>(&'a self, variable: usize, row: &'a [u8], scratch: &'a mut Vec<u8>) -> Cell<'a> {
        match self.places.get(variable) {
            Some(Place::Number { at }) => {
                let bytes = row.get(*at..).and_then(|rest| rest.first_chunk());
                let value = bytes.map_or(self.system, |bytes| {
                    number(*bytes, self.dictionary.big_endian)
                });
                match value == self.system {
                    true => Cell::System,
                    false => Cell::Number(value),
                }
            }
            Some(Place::Text { pieces }) => match pieces.as_slice() {
                [(at, length)] => Cell::Text(row.get(*at..at + length).unwrap_or_default()),
                pieces => {
                    scratch.clear();
                    for (at, length) in pieces {
                        scratch.extend_from_slice(row.get(*at..at + length).unwrap_or_default());
                    }
                    Cell::Text(scratch)
                }
            },
            None => Cell::System,
        }
    }

    fn converted(&self, kind: Kind, stored: f64) -> f64 {
        converted(kind, stored)
    }
}

impl Source for Spss {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        self.dictionary.rows
    }

    fn notes(&self) -> Vec<String> {
        [self.notes.clone(), self.texts.notes()].concat()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let row_bytes = self.dictionary.slots * 8;
        let rows = self.dictionary.rows;
        let mut file = File::open(&self.path).map_err(|source| unreadable(&self.path, source))?;
        file.seek(SeekFrom::Start(self.dictionary.data_start))
            .map_err(|source| unreadable(&self.path, source))?;
        let (bias, big_endian) = (self.dictionary.bias, self.dictionary.big_endian);
        match self.dictionary.compression {
            0 => {
                let blocks = PlainRows {
                    path: self.path.clone(),
                    reader: file,
                    row_bytes,
                    rows,
                    read: 0,
                };
                scan(self, row_bytes, blocks, requests, each)
            }
            1 => {
                let reader = BufReader::with_capacity(1 << 20, file);
                let blocks = Compressed::new(&self.path, reader, row_bytes, rows, bias, big_endian);
                scan(self, row_bytes, blocks, requests, each)
            }
            _ => {
                let reader =
                    BufReader::with_capacity(1 << 16, Unpacked::new(file, self.packed.clone()));
                let blocks = Compressed::new(&self.path, reader, row_bytes, rows, bias, big_endian);
                scan(self, row_bytes, blocks, requests, each)
            }
        }
    }
}
