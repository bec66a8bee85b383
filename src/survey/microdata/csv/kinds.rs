//! The first pass: which columns are numbers.

use std::sync::Mutex;

use super::super::error::damaged;
use super::super::packed::PackedFile;
use super::super::parallel::each_block;
use super::super::{Error, Kind};
use super::blocks::{Block, FileBlocks, Layout};
use super::dialect::not_utf8;
use super::number::{number, trimmed};
use super::record::Fields;
use super::walk::walk;

/// Bytes that the kinds are inferred from: all of a smaller file.
const INFERRED_BYTES: u64 = 64 << 20;

/// What the first pass says of a file.
pub(super) struct InferredKinds {
    pub kinds: Vec<Kind>,
    /// Where the whole file was seen.
    pub rows: Option<u64>,
}

/// What all entries of a column have been so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
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
pub(super) fn infer(
    file: &PackedFile,
    layout: Layout,
    width: usize,
    na: &[Vec<u8>],
) -> Result<InferredKinds, Failed> {
    let blocks = FileBlocks::open(file, layout, INFERRED_BYTES).map_err(Failed::Other)?;
    let seen = Mutex::new((vec![Seen::Missing; width], 0));
    let not_text = Mutex::new(false);
    let stopped = each_block(blocks, |block| {
        if let Err(error) = std::str::from_utf8(block.bytes()) {
            *lock(&not_text) = true;
            let valid = block.bytes().get(..error.valid_up_to()).unwrap_or_default();
            let lines = valid.iter().filter(|byte| **byte == b'\n').count() as u64;
            return Err(not_utf8(file, block.first_line + lines));
        }
        let mut kinds = Kinds {
            seen: lock(&seen).0.clone(),
            na,
        };
        fields(file, &block, layout.delimiter, width, &mut kinds)?;
        let mut all = lock(&seen);
        for (all, block) in all.0.iter_mut().zip(kinds.seen) {
            *all = block.max(*all);
        }
        all.1 += block.rows as u64;
        Ok(())
    });
    let read = stopped.map_err(|error| match *lock(&not_text) {
        true => Failed::NotUtf8(error),
        false => Failed::Other(error),
    })?;
    let (seen, rows) = seen
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let kind = |seen| match seen {
        Seen::Number => Kind::Number,
        Seen::Missing | Seen::Text => Kind::Text,
    };
    Ok(InferredKinds {
        kinds: seen.into_iter().map(kind).collect(),
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
    file: &PackedFile,
    block: &Block,
    delimiter: u8,
    width: usize,
    into: &mut impl Fields,
) -> Result<(), Error> {
    match walk(block.bytes(), delimiter, Some(width), true, into) {
        Ok(_) => Ok(()),
        Err(wrong) => Err(damaged(&file.path, wrong.message(block.first_line, width))),
    }
}

struct Kinds<'a> {
    seen: Vec<Seen>,
    na: &'a [Vec<u8>],
}

impl Fields for Kinds<'_> {
    fn field(&mut self, column: usize, entry: &[u8]) {
        let Some(seen) = self.seen.get_mut(column) else {
            return;
        };
        if *seen == Seen::Text {
            return;
        }
        let entry = trimmed(entry);
        if entry.is_empty() || self.na.iter().any(|na| na == entry) {
            return;
        }
        *seen = match number(entry) {
            Some(_) => Seen::Number,
            None => Seen::Text,
        };
    }
}
