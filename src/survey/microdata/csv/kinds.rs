//! The first pass: what the columns are.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::blocks::{Block, FileBlocks, Layout};
use super::dialect::not_utf8;
use super::record::Fields;
use super::walk::walk;
use crate::survey::microdata::Error;
use crate::survey::microdata::decoding::packed::PackedFile;
use crate::survey::microdata::decoding::parallel::each_block;
use crate::survey::microdata::error::damaged;
use crate::survey::microdata::inference::evidence::{Evidence, Look};

/// Bytes that the first pass looks at: all of a smaller file.
const INFERRED_BYTES: u64 = 64 << 20;

/// What the first pass says of a file.
#[derive(Default)]
pub(super) struct FirstPass {
    pub columns: Vec<Evidence>,
    /// Where the whole file was seen.
    pub rows: Option<u64>,
    pub short: ShortRows,
}

/// Rows with fewer fields than the header.
#[derive(Clone, Copy, Default)]
pub(super) struct ShortRows {
    pub count: u64,
    /// Where the first of them starts; 0 for none.
    pub first_line: u64,
}

impl ShortRows {
    /// Together with those of another block.
    fn add(&mut self, other: ShortRows) {
        self.count += other.count;
        self.first_line = match (self.first_line, other.first_line) {
            (0, line) | (line, 0) => line,
            (one, other) => one.min(other),
        };
    }
}

/// How a file is not what it was taken for.
pub(super) enum Failed {
    NotUtf8(Error),
    Other(Error),
}

/// Gathers what the entries of each column are.
pub(super) fn first_pass(
    file: &PackedFile,
    layout: Layout,
    width: usize,
    look: &Look,
) -> Result<FirstPass, Failed> {
    let blocks = FileBlocks::open(file, layout, INFERRED_BYTES).map_err(Failed::Other)?;
    let all = Mutex::new((None, 0, ShortRows::default()));
    let not_text = Mutex::new(false);
    let stopped = each_block(blocks, |block| {
        if let Err(error) = std::str::from_utf8(block.bytes()) {
            *lock(&not_text) = true;
            let valid = block.bytes().get(..error.valid_up_to()).unwrap_or_default();
            let lines = valid.iter().filter(|byte| **byte == b'\n').count() as u64;
            return Err(not_utf8(file, block.first_line + lines));
        }
        let mut entries = Entries {
            columns: vec![Evidence::new(look); width],
            look,
        };
        let short = fields(file, &block, layout.delimiter, width, &mut entries)?;
        let mut all = lock(&all);
        match &mut all.0 {
            None => all.0 = Some(entries.columns),
            Some(columns) => {
                for (column, more) in columns.iter_mut().zip(entries.columns) {
                    column.merge(more);
                }
            }
        }
        all.1 += block.rows as u64;
        all.2.add(short);
        Ok(())
    });
    let read = stopped.map_err(|error| match *lock(&not_text) {
        true => Failed::NotUtf8(error),
        false => Failed::Other(error),
    })?;
    let (columns, rows, short) = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(FirstPass {
        columns: columns.unwrap_or_else(|| vec![Evidence::new(look); width]),
        rows: read.complete().then_some(rows),
        short,
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All fields of a block; those that a short row lacks are empty.
pub(super) fn fields(
    file: &PackedFile,
    block: &Block,
    delimiter: u8,
    width: usize,
    into: &mut impl Fields,
) -> Result<ShortRows, Error> {
    match walk(block.bytes(), delimiter, Some(width), true, into) {
        Ok(walked) => Ok(ShortRows {
            count: walked.short,
            first_line: match walked.short {
                0 => 0,
                _ => block.first_line + walked.first_short_line,
            },
        }),
        Err(wrong) => Err(damaged(&file.path, wrong.message(block.first_line, width))),
    }
}

struct Entries<'a> {
    columns: Vec<Evidence>,
    look: &'a Look,
}

impl Fields for Entries<'_> {
    #[inline]
    fn field(&mut self, column: usize, entry: &[u8]) {
        if let Some(evidence) = self.columns.get_mut(column) {
            evidence.add(entry, self.look);
        }
    }
}
