//! Arrow IPC files of respondents (.arrow, .ipc, .feather of version 2), read record batch by record batch.
//!
//! Types become kinds and values as in [`parquet`](super::parquet); dictionaries of any value (categories, enums) too. Only
//! the columns that are asked for are read. A record batch is in memory as a whole, and handed out in batches of at most
//! 131,072 respondents. The codebook of opine is read from the metadata of the schema or of the file, where it is there.

mod arrays;
mod blocks;

use std::fs::File;
use std::path::{Path, PathBuf};

use polars_arrow::array::Array;
use polars_arrow::io::ipc::read::{
    Dictionaries, FileMetadata, read_batch, read_file_dictionaries, read_file_metadata,
};
use rayon::prelude::*;

use self::arrays::shape_of;
use super::parquet::fault::{Fault, damaged};
use super::parquet::note;
use super::parquet::shape::Shape;
use super::{Batch, Codebook, Column, ColumnRequest, Error, MissingValues, Source, Variable};

const MOST_ROWS: usize = 131_072;
const MAGIC: &[u8; 6] = b"ARROW1";

/// An open Arrow file.
struct IpcFile {
    path: PathBuf,
    metadata: FileMetadata,
    codebook: Codebook,
    /// The columns of the schema; why one can't be read, where it can't.
    fields: Vec<(String, Result<Shape, String>)>,
    /// Respondents before each record batch.
    first_rows: Vec<u64>,
    rows: u64,
}

/// A column that is asked for.
struct Requested<'a> {
    request: &'a ColumnRequest,
    /// Its place in the schema and among the columns that are read.
    index: usize,
    place: usize,
    shape: Shape,
    missing: &'a MissingValues,
}

/// Opens an Arrow IPC file of respondents: reads its footer and the heads of its record batches.
///
/// # Errors
/// [`Error::Io`], and [`Error::Damaged`] where it is no such file, is of feather version 1, or contradicts itself.
pub fn open(path: &Path) -> Result<Box<dyn Source>, Error> {
    let mut file = opened(path)?;
    let ipc = |file: &mut File| -> Result<IpcFile, Fault> {
        check_magic(file)?;
        let metadata = guarded(|| read_file_metadata(file))?;
        if !metadata.ipc_schema.is_little_endian {
            return Err(damaged("big-endian; opine reads little-endian files"));
        }
        let dictionaries = metadata.dictionaries.iter().flatten();
        for block in dictionaries {
            blocks::check(file, block)?;
        }
        let mut first_rows = Vec::new();
        let mut rows = 0u64;
        for block in &metadata.blocks {
            first_rows.push(rows);
            rows = rows
                .checked_add(blocks::check(file, block)?)
                .ok_or(Fault::Cut)?;
        }
        let fields: Vec<(String, Result<Shape, String>)> = metadata
            .schema
            .iter_values()
            .map(|field| (field.name.to_string(), shape_of(&field.dtype)))
            .collect();
        Ok(IpcFile {
            path: path.to_owned(),
            codebook: codebook(&fields, &metadata)?,
            metadata,
            fields,
            first_rows,
            rows,
        })
    };
    let source = ipc(&mut file).map_err(|fault| fault.of(path))?;
    Ok(Box::new(source))
}

fn codebook(
    fields: &[(String, Result<Shape, String>)],
    metadata: &FileMetadata,
) -> Result<Codebook, Fault> {
    let variables = fields
        .iter()
        .filter_map(|(name, shape)| Some(Variable::bare(name, shape.as_ref().ok()?.kind())))
        .collect();
    let mut codebook = Codebook {
        variables,
        ..Codebook::default()
    };
    let places = [&metadata.custom_schema_metadata, &metadata.custom_metadata];
    for (key, text) in places.into_iter().flatten().flat_map(|notes| notes.iter()) {
        if key.as_str() == note::KEY {
            note::restore(text, &mut codebook)?;
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

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let (requested, projection) = self.requested(requests)?;
        let dictionaries = self.dictionaries()?;
        (0..self.metadata.blocks.len())
            .into_par_iter()
            .with_max_len(1)
            .try_for_each(|block| {
                let arrays = self.arrays(block, &projection, &dictionaries)?;
                self.hand_out(block, &arrays, &requested, each)
            })
    }
}

impl IpcFile {
    fn requested<'a>(
        &'a self,
        requests: &'a [ColumnRequest],
    ) -> Result<(Vec<Requested<'a>>, Vec<usize>), Error> {
        let mut requested = requests
            .iter()
            .map(|request| self.find(request))
            .collect::<Result<Vec<_>, Error>>()?;
        let mut projection: Vec<usize> = requested.iter().map(|column| column.index).collect();
        projection.sort_unstable();
        projection.dedup();
        for column in &mut requested {
            column.place = projection.partition_point(|index| *index < column.index);
        }
        Ok((requested, projection))
    }

    fn find<'a>(&'a self, request: &'a ColumnRequest) -> Result<Requested<'a>, Error> {
        let fields = self.fields.iter();
        let found = fields
            .enumerate()
            .find(|(_, (name, _))| *name == request.name);
        if let Some((_, (name, Err(why)))) = found {
            let fault = damaged(format!("variable {name} {why}"));
            return Err(fault.of(&self.path));
        }
        let missing = &self.codebook.variable(&request.name)?.missing;
        match found {
            Some((index, (_, Ok(shape)))) => Ok(Requested {
                request,
                index,
                place: 0,
                shape: *shape,
                missing,
            }),
            _ => Err(Error::NoVariable {
                name: request.name.clone(),
                nearest: None,
            }),
        }
    }

    fn dictionaries(&self) -> Result<Dictionaries, Error> {
        let mut file = opened(&self.path)?;
        guarded(|| {
            read_file_dictionaries(
                &mut file,
                &self.metadata,
                &mut Vec::new(),
                Default::default(),
            )
        })
        .map_err(|fault| fault.of(&self.path))
    }

    /// The columns of a record batch, in the order of the projection.
    fn arrays(
        &self,
        block: usize,
        projection: &[usize],
        dictionaries: &Dictionaries,
    ) -> Result<Vec<Box<dyn Array>>, Error> {
        if projection.is_empty() {
            return Ok(Vec::new());
        }
        let mut file = opened(&self.path)?;
        guarded(|| {
            read_batch(
                &mut file,
                dictionaries,
                &self.metadata,
                Some(projection),
                None,
                block,
                false,
                &mut Vec::new(),
                &mut Vec::new(),
                Default::default(),
            )
        })
        .map(|batch| batch.into_arrays())
        .map_err(|fault| fault.of(&self.path))
    }

    fn hand_out(
        &self,
        block: usize,
        arrays: &[Box<dyn Array>],
        requested: &[Requested],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let first_row = self.first_rows[block];
        let after = self.first_rows.get(block + 1).copied();
        let rows = (after.unwrap_or(self.rows) - first_row) as usize;
        let mut done = 0;
        while done < rows {
            let count = (rows - done).min(MOST_ROWS);
            let columns = requested
                .iter()
                .map(|column| {
                    self.column(arrays, column, done, count)
                        .map_err(|fault| fault.in_variable(&self.path, &column.request.name))
                })
                .collect::<Result<_, Error>>()?;
            each(&mut Batch {
                first_row: first_row + done as u64,
                rows: count,
                columns,
            })?;
            done += count;
        }
        Ok(())
    }

    fn column(
        &self,
        arrays: &[Box<dyn Array>],
        requested: &Requested,
        from: usize,
        count: usize,
    ) -> Result<Column, Fault> {
        let array = arrays
            .get(requested.place)
            .filter(|array| array.len() >= from + count)
            .ok_or(Fault::Cut)?;
        let array = array.sliced(from, count);
        let view = requested.request.view;
        arrays::column(array.as_ref(), requested.shape, view, requested.missing)
    }
}

fn opened(path: &Path) -> Result<File, Error> {
    File::open(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })
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

/// What polars says, or that it panicked, as a fault: it does so on some damaged files.
fn guarded<T>(read: impl FnOnce() -> polars::prelude::PolarsResult<T>) -> Result<T, Fault> {
    match crate::files::guard::guarded(read) {
        Some(Ok(read)) => Ok(read),
        Some(Err(error)) => Err(damaged(error.to_string())),
        None => Err(damaged("its buffers make no sense")),
    }
}
