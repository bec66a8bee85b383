//! The first pass: which columns are numbers.

use std::path::Path;
use std::sync::Mutex;

use super::super::fault::damaged;
use super::super::parallel::each_block;
use super::super::{Error, Kind};
use super::blocks::{Block, FileBlocks, Layout};
use super::dialect::not_utf8;
use super::number::{number, trimmed};
use super::record::Fields;
use super::walk::walk;

/// Bytes that the first pass looks at: all of a smaller file.
const LOOK: u64 = 64 << 20;

/// What the first pass found.
pub(super) struct Looked {
    pub kinds: Vec<Kind>,
    /// Where the whole file was seen.
    pub rows: Option<u64>,
}

/// What all entries of a column have been so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    #[default]
    Missing,
    Number,
    Text,
}

/// How a file is not what it was taken for.
pub(super) enum Failed {
    NotUtf8(Error),
    Other(Error),
}

/// The kinds of the columns. A column is a number when every entry that is not missing is one; a column without any
/// entry is text, which whatever comes later can be.
pub(super) fn look(
    path: &Path,
    layout: Layout,
    width: usize,
    na: &[Vec<u8>],
) -> Result<Looked, Failed> {
    let blocks = FileBlocks::open(path, layout, LOOK).map_err(Failed::Other)?;
    let found = Mutex::new((vec![Found::Missing; width], 0));
    let not_text = Mutex::new(false);
    let stopped = each_block(blocks, |block| {
        if let Err(error) = std::str::from_utf8(block.bytes()) {
            *lock(&not_text) = true;
            let valid = block.bytes().get(..error.valid_up_to()).unwrap_or_default();
            let lines = valid.iter().filter(|byte| **byte == b'\n').count() as u64;
            return Err(not_utf8(path, block.first_line + lines));
        }
        let mut kinds = Kinds {
            found: lock(&found).0.clone(),
            na,
        };
        fields(path, &block, layout.delimiter, width, &mut kinds)?;
        let mut all = lock(&found);
        for (all, block) in all.0.iter_mut().zip(kinds.found) {
            *all = block.max(*all);
        }
        all.1 += block.rows as u64;
        Ok(())
    });
    let read = stopped.map_err(|error| match *lock(&not_text) {
        true => Failed::NotUtf8(error),
        false => Failed::Other(error),
    })?;
    let (found, rows) = found
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let kind = |found| match found {
        Found::Number => Kind::Number,
        Found::Missing | Found::Text => Kind::Text,
    };
    Ok(Looked {
        kinds: found.into_iter().map(kind).collect(),
        rows: read.complete().then_some(rows),
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// All fields of a block.
pub(super) fn fields(
    path: &Path,
    block: &Block,
    delimiter: u8,
    width: usize,
    into: &mut impl Fields,
) -> Result<(), Error> {
    match walk(block.bytes(), delimiter, Some(width), true, into) {
        Ok(_) => Ok(()),
        Err(wrong) => Err(damaged(path, wrong.message(block.first_line, width))),
    }
}

struct Kinds<'a> {
    found: Vec<Found>,
    na: &'a [Vec<u8>],
}

impl Fields for Kinds<'_> {
    fn field(&mut self, column: usize, entry: &[u8]) {
        let Some(found) = self.found.get_mut(column) else {
            return;
        };
        if *found == Found::Text {
            return;
        }
        let entry = trimmed(entry);
        if entry.is_empty() || self.na.iter().any(|na| na == entry) {
            return;
        }
        *found = match number(entry) {
            Some(_) => Found::Number,
            None => Found::Text,
        };
    }
}
