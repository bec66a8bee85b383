//! Arrow IPC files of respondents (.arrow, .ipc, .feather of version 2), read record batch by record batch.
//!
//! Types become kinds and values as in [`parquet`](crate::survey::microdata::parquet); dictionaries of any value (categories, enums) too. Only
//! the columns that are asked for are read. A record batch is in memory as a whole, and handed out in batches of at most
//! 131,072 respondents. The codebook of opine is read from the metadata of the schema or of the file, where it is there.

mod arrays;
mod block;
mod flatbuffers;
mod schema;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use self::arrays::{Array, Values};
use self::block::{Block, Place};
use self::flatbuffers::Table;
use self::schema::{Extent, Field, Storage};
use crate::survey::microdata::decoding::rounded::RoundedColumns;
use crate::survey::microdata::parquet::disk;
use crate::survey::microdata::parquet::fault::{Fault, damaged};
use crate::survey::microdata::parquet::note;
use crate::survey::microdata::parquet::shape::Shape;
use crate::survey::microdata::parquet::{BINARY, starts_with_text};
use crate::survey::microdata::{
    Batch, Codebook, Column, ColumnRequest, Error, MissingValues, Source, Variable,
    inference::names,
};

const MOST_ROWS: usize = 131_072;
const MAGIC: &[u8; 6] = b"ARROW1";

/// An open Arrow file.
struct IpcFile {
    path: PathBuf,
    file: File,
    codebook: Codebook,
    fields: Vec<Field>,
    dictionaries: Vec<Place>,
    batches: Vec<Place>,
    /// Respondents before each record batch.
    first_rows: Vec<u64>,
    rows: u64,
    notes: Vec<String>,
    rounded: RoundedColumns,
}

/// A column that is asked for.
struct Requested<'a> {
    request: &'a ColumnRequest,
    /// Its place in the schema.
    index: usize,
    /// What stands before it in a record batch.
    before: Extent,
    field: &'a Field,
    shape: Shape,
    missing: &'a MissingValues,
}

/// Opens an Arrow IPC file of respondents: reads its footer and the heads of its record batches.
///
/// # Errors
/// [`Error::Io`], and [`Error::Damaged`] where it is no such file, is of feather version 1, or contradicts itself.
pub fn open(path: &Path) -> Result<Box<dyn Source>, Error> {
    let file = File::open(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    let mut source = read(path, file).map_err(|fault| fault.in_file(path))?;
    source.leave_out_bytes();
    let unread = source.fields.iter().filter_map(|field| {
        let why = field.shape.as_ref().err()?;
        Some((field.name.clone(), why.clone()))
    });
    source.codebook.unread = unread.collect();
    source.notes.extend(source.codebook.note_of_unread());
    Ok(Box::new(source))
}

fn read(path: &Path, mut file: File) -> Result<IpcFile, Fault> {
    check_magic(&mut file)?;
    let (bytes, start) = footer(&file)?;
    let footer = Table::root(&bytes)?;
    // fields of the footer: 1 schema, 2 dictionaries, 3 record batches, 4 metadata
    let schema = footer.needed(1)?;
    if schema.i16(0, 0)? != 0 {
        return Err(damaged("big-endian; opine reads little-endian files"));
    }
    let places = |field: usize| {
        let blocks = footer.list::<24>(field)?.iter();
        blocks.map(Place::read).collect::<Result<Vec<_>, Fault>>()
    };
    let (dictionaries, batches) = (places(2)?, places(3)?);
    block::check_places(&file, &[&dictionaries[..], &batches].concat(), start)?;
    for place in &dictionaries {
        // read for its checks alone: damage shows when the file is opened
        Block::read(&file, *place)?;
    }
    let (mut first_rows, mut rows) = (Vec::new(), 0u64);
    for place in &batches {
        first_rows.push(rows);
        let block = Block::read(&file, *place)?;
        rows = rows.checked_add(block.rows).ok_or(Fault::Cut)?;
    }
    let mut fields = schema::fields(&schema)?;
    let given = fields.iter().map(|field| field.name.clone());
    let (distinct, assumed) = names::distinct(given.collect());
    for (field, name) in fields.iter_mut().zip(distinct) {
        field.name = name;
    }
    let notes = [schema.tables(2)?, footer.tables(4)?].concat();
    Ok(IpcFile {
        path: path.to_owned(),
        codebook: codebook(&fields, &notes)?,
        file,
        fields,
        dictionaries,
        batches,
        first_rows,
        rows,
        notes: assumed,
        rounded: RoundedColumns::default(),
    })
}

/// The footer and where it begins: before its own length, four bytes, and the mark of the end.
fn footer(file: &File) -> Result<(Vec<u8>, u64), Fault> {
    let mut end = [0; 10];
    let after = file.metadata()?.len().checked_sub(10).ok_or(Fault::Cut)?;
    disk::read_at(file, after, &mut end)?;
    let [length @ .., _, _, _, _, _, _] = end;
    if !end.ends_with(MAGIC) {
        return Err(Fault::Cut);
    }
    let length = u32::from_le_bytes(length);
    let start = after.checked_sub(u64::from(length)).ok_or(Fault::Cut)?;
    let mut bytes = vec![0; length as usize];
    disk::read_at(file, start, &mut bytes)?;
    Ok((bytes, start))
}

fn codebook(fields: &[Field], notes: &[Table]) -> Result<Codebook, Fault> {
    let variables = fields
        .iter()
        .filter_map(|field| {
            let shape = field.shape.as_ref().ok()?;
            Some(Variable::bare(&field.name, shape.kind()))
        })
        .collect();
    let mut codebook = Codebook {
        variables,
        ..Codebook::default()
    };
    for entry in notes {
        if entry.text(0)? == Some(note::KEY) {
            note::restore(entry.text(1)?.unwrap_or_default(), &mut codebook)?;
        }
    }
    Ok(codebook)
}

impl Source for IpcFile {
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
        let requested = self.requested(requests)?;
        let of_file = |fault: Fault| fault.in_file(&self.path);
        let dictionaries = self.dictionaries(&requested).map_err(of_file)?;
        (0..self.batches.len())
            .into_par_iter()
            .with_max_len(1)
            .try_for_each(|batch| {
                let arrays = self.arrays(batch, &requested).map_err(of_file)?;
                self.hand_out(batch, &arrays, &dictionaries, &requested, each)
            })
    }
}

/// The arrays of each dictionary, by its number.
type Dictionaries = HashMap<i64, Vec<Array>>;

impl IpcFile {
    /// Takes columns out whose bytes are no text, of those that may be.
    fn leave_out_bytes(&mut self) {
        let maybe = self
            .fields
            .iter()
            .filter(|field| field.maybe_text && field.shape.is_ok());
        let names: Vec<String> = maybe.map(|field| field.name.clone()).collect();
        for name in names {
            if starts_with_text(self, &name) {
                continue;
            }
            self.codebook
                .variables
                .retain(|variable| variable.name != name);
            for field in self.fields.iter_mut().filter(|field| field.name == name) {
                field.shape = Err(BINARY.to_owned());
            }
        }
    }

    fn requested<'a>(&'a self, requests: &'a [ColumnRequest]) -> Result<Vec<Requested<'a>>, Error> {
        let mut befores = Vec::with_capacity(self.fields.len());
        let mut before = Extent::default();
        for field in &self.fields {
            befores.push(before);
            before = before.and(field.extent);
        }
        requests
            .iter()
            .map(|request| self.find(request, &befores))
            .collect()
    }

    fn find<'a>(
        &'a self,
        request: &'a ColumnRequest,
        befores: &[Extent],
    ) -> Result<Requested<'a>, Error> {
        let fields = self.fields.iter().zip(befores).enumerate();
        let mut fields = fields.filter(|(_, (field, _))| field.name == request.name);
        let found = fields.next();
        // first, since the codebook does not have it, and would say that there is no such variable
        if let Some((_, (field, _))) = found
            && let Err(why) = &field.shape
        {
            let fault = damaged(format!("variable {} {why}", field.name));
            return Err(fault.in_file(&self.path));
        }
        let missing = &self.codebook.variable(&request.name)?.missing;
        match found.map(|(index, (field, before))| (index, field, before, &field.shape)) {
            Some((index, field, before, Ok(shape))) => Ok(Requested {
                request,
                index,
                before: *before,
                field,
                shape: *shape,
                missing,
            }),
            _ => Err(Error::NoVariable {
                name: request.name.clone(),
                nearest: None,
            }),
        }
    }

    /// The dictionaries of the requested columns.
    fn dictionaries(&self, requested: &[Requested]) -> Result<Dictionaries, Fault> {
        let mut found = Dictionaries::new();
        for place in &self.dictionaries {
            let block = Block::read(&self.file, *place)?;
            let Some((number, more)) = block.dictionary else {
                return Err(damaged("a dictionary that is none"));
            };
            let column = requested.iter().find(|column| {
                let dictionary = column.field.dictionary;
                dictionary.is_some_and(|(known, _)| known == number)
            });
            if let Some(column) = column {
                let array = block.array(&self.file, Extent::default(), column.field.storage)?;
                let parts = found.entry(number).or_default();
                if !more {
                    parts.clear();
                }
                parts.push(array);
            }
        }
        Ok(found)
    }

    /// The requested columns of a record batch; one that is requested twice is read once.
    fn arrays(
        &self,
        batch: usize,
        requested: &[Requested],
    ) -> Result<HashMap<usize, Array>, Fault> {
        let mut arrays = HashMap::new();
        if requested.is_empty() {
            return Ok(arrays);
        }
        let place = self.batches.get(batch).ok_or(Fault::Cut)?;
        let block = Block::read(&self.file, *place)?;
        for column in requested {
            if let Entry::Vacant(place) = arrays.entry(column.index) {
                let storage = match column.field.dictionary {
                    Some((_, ids)) => ids,
                    None => column.field.storage,
                };
                let array = block.array(&self.file, column.before, storage)?;
                place.insert(array);
            }
        }
        Ok(arrays)
    }

    fn hand_out(
        &self,
        batch: usize,
        arrays: &HashMap<usize, Array>,
        dictionaries: &Dictionaries,
        requested: &[Requested],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let first_row = self.first_rows[batch];
        let after = self.first_rows.get(batch + 1).copied();
        let rows = (after.unwrap_or(self.rows) - first_row) as usize;
        let mut done = 0;
        while done < rows {
            let count = (rows - done).min(MOST_ROWS);
            let columns = requested
                .iter()
                .map(|column| {
                    column
                        .batch(arrays, dictionaries, done..done + count)
                        .map_err(|fault| fault.in_variable(&self.path, &column.request.name))
                })
                .collect::<Result<Vec<Column>, Error>>()?;
            self.look_for_rounded(requested, &columns);
            each(&mut Batch {
                first_row: first_row + done as u64,
                rows: count,
                columns,
            })?;
            done += count;
        }
        Ok(())
    }
}

impl IpcFile {
    fn look_for_rounded(&self, requested: &[Requested], columns: &[Column]) {
        for (column, batch) in requested.iter().zip(columns) {
            if let (Some(places), Column::Numbers(numbers)) = (column.places(), batch) {
                self.rounded.look(&column.request.name, places, numbers);
            }
        }
    }
}

impl Requested<'_> {
    /// Of numbers that are stored as digits, and may be more than a float has: how many stand behind the point.
    fn places(&self) -> Option<i32> {
        match self.field.storage {
            Storage::Int { width: 8 | 16, .. } => self.shape.places(),
            _ => None,
        }
    }

    /// Some rows of a record batch.
    fn batch(
        &self,
        arrays: &HashMap<usize, Array>,
        dictionaries: &Dictionaries,
        rows: std::ops::Range<usize>,
    ) -> Result<Column, Fault> {
        let array = arrays.get(&self.index);
        let array = array.filter(|array| array.rows() >= rows.end);
        // a dictionary without values may be left out
        let dictionary = self
            .field
            .dictionary
            .map(|(number, _)| dictionaries.get(&number).map_or(&[][..], Vec::as_slice));
        let values = Values {
            array: array.ok_or(Fault::Cut)?,
            dictionary,
            shape: self.shape,
        };
        values.column(rows, self.request.view, self.missing)
    }
}

fn check_magic(file: &mut File) -> Result<(), Fault> {
    use std::io::Read;
    let mut start = Vec::new();
    file.take(6).read_to_end(&mut start)?;
    match start.as_slice() {
        start if start == MAGIC => Ok(()),
        start if start.starts_with(b"FEA1") => Err(damaged(
            "feather of version 1, which opine does not read; write it again as version 2",
        )),
        _ => Err(damaged("does not start like an Arrow IPC file (ARROW1)")),
    }
}
