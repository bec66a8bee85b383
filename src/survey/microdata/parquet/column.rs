//! One column of a row group, handed out in pieces of any number of rows.

use std::fs::File;

use super::block::{self, Block, Physical, Reading};
use super::coding::{Coding, taken};
use super::delta;
use super::dictionary::Dictionary;
use super::fault::{Fault, damaged};
use super::footer::Chunk;
use super::header::DataHeader;
use super::levels::{Levels, numbers_of_codes};
use super::pages::{Page, Pages};
use super::rooms::{Buffers, Rooms};
use super::runs::Runs;
use super::schema::Leaf;
use super::shape::{Shape, value_of_float};
use super::spread::{Present, spread};
use crate::survey::microdata::{Column, MissingValues, Value, View};

/// Where the reading of a column stands.
pub(super) struct ColumnReader<'a> {
    pages: Pages<'a>,
    rooms: &'a Rooms,
    leaf: Leaf,
    view: View,
    missing: &'a MissingValues,
    dictionary: Option<Dictionary>,
    page: OpenPage,
    levels: Vec<u8>,
}

/// A data page, partly read.
#[derive(Default)]
struct OpenPage {
    bytes: Vec<u8>,
    /// Rows that were not handed out yet.
    rows: usize,
    /// Which rows are there; all of them where there is nothing.
    levels: Option<Runs>,
    values: Option<Stored>,
}

impl OpenPage {
    /// Whether the bytes end where the values that the header announces do.
    fn check_end(&self) -> Result<(), Fault> {
        let is_read = self.levels.as_ref().is_none_or(Runs::is_read)
            && match &self.values {
                None => true,
                Some(Stored::Ids(runs)) => runs.is_read(),
                Some(Stored::Plain(at)) => *at == self.bytes.len(),
                Some(Stored::Rewritten(bytes, at)) => *at == bytes.len(),
            };
        match is_read {
            true => Ok(()),
            false => Err(damaged(
                "a page goes on behind the values that it announces",
            )),
        }
    }
}

/// The values of a page.
enum Stored {
    Ids(Runs),
    /// Plain values from that place on.
    Plain(usize),
    /// Plain values that were rewritten from another encoding.
    Rewritten(Vec<u8>, usize),
}

impl<'a> ColumnReader<'a> {
    pub(super) fn new(
        file: &'a File,
        chunk: Chunk,
        leaf: Leaf,
        view: View,
        missing: &'a MissingValues,
        buffers: &'a Buffers,
    ) -> Result<ColumnReader<'a>, Fault> {
        let dictionary = match leaf.physical {
            Physical::Truth => Some(Dictionary::truth(view, missing)?),
            _ => None,
        };
        Ok(ColumnReader {
            pages: Pages::new(file, chunk, &buffers.packed)?,
            rooms: &buffers.unpacked,
            leaf,
            view,
            missing,
            dictionary,
            page: OpenPage {
                bytes: buffers.unpacked.take(),
                ..OpenPage::default()
            },
            levels: Vec::new(),
        })
    }

    /// The next `rows` rows, in the room that a column of them took before, where there is one.
    pub(super) fn read(&mut self, rows: usize, room: Option<Column>) -> Result<Column, Fault> {
        match (self.view, room) {
            (View::Codes, _) => self.codes(rows),
            (View::Numbers, Some(Column::Numbers(room))) => self.numbers(rows, room),
            (View::Numbers, _) => self.numbers(rows, Vec::new()),
        }
    }

    fn codes(&mut self, rows: usize) -> Result<Column, Fault> {
        let mut coding = Coding::default();
        let mut left = rows;
        while left > 0 {
            let count = self.open(left)?;
            let shape = self.leaf.shape;
            let reading = self.reading();
            let page = &mut self.page;
            let present = present(&mut page.levels, &page.bytes, count, &mut self.levels)?;
            match (&mut page.values, &self.dictionary) {
                (Some(Stored::Ids(runs)), Some(dictionary)) => {
                    coding.ids(runs, &page.bytes, &present, dictionary, shape, rows)?;
                }
                (values, dictionary) => {
                    let (block, bytes) =
                        plain(values, &page.bytes, present.count, self.leaf, reading)?;
                    coding.plain(&block, bytes, &present, dictionary.as_ref(), shape)?;
                }
            }
            left -= count;
        }
        Ok(coding.finish(self.dictionary.as_ref()))
    }

    fn numbers(&mut self, rows: usize, mut out: Vec<f64>) -> Result<Column, Fault> {
        out.clear();
        let mut left = rows;
        while left > 0 {
            let count = self.open(left)?;
            let reading = self.reading();
            let page = &mut self.page;
            let present = present(&mut page.levels, &page.bytes, count, &mut self.levels)?;
            left -= count;
            // doubles without a null go straight into the room, with no block between
            if let Some(Stored::Plain(at)) = &mut page.values
                && self.leaf.physical == Physical::Double
                && present.is_full()
                && self.missing.is_empty()
            {
                block::doubles(&page.bytes, at, count, &mut out)?;
                continue;
            }
            let found = match (&mut page.values, &self.dictionary) {
                (Some(Stored::Ids(runs)), Some(dictionary)) => {
                    dictionary.numbers(&taken(runs, &page.bytes, &present)?)?
                }
                (values, _) => {
                    let (block, bytes) =
                        plain(values, &page.bytes, present.count, self.leaf, reading)?;
                    numbers(block, bytes, self.leaf.shape, self.missing)?
                }
            };
            spread(&present, found, f64::NAN, &mut out);
        }
        Ok(Column::Numbers(out))
    }

    fn reading(&self) -> Reading {
        match (self.leaf.physical, self.leaf.shape) {
            (Physical::Fixed(2), Shape::Number) => Reading::Half,
            (_, Shape::Decimal { .. }) => Reading::BigEndian,
            _ => Reading::AsStored,
        }
    }

    /// Called when all rows of the row group were read.
    ///
    /// # Errors
    /// The page or the column goes on behind them.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        match self.page.rows {
            0 => {
                self.page.check_end()?;
                self.pages.finish()
            }
            more => Err(damaged(format!(
                "a page has {more} more values than the row group has rows"
            ))),
        }
    }

    /// Opens pages until there are rows; how many of them, `left` at most.
    fn open(&mut self, left: usize) -> Result<usize, Fault> {
        while self.page.rows == 0 {
            self.page.check_end()?;
            let room = std::mem::take(&mut self.page.bytes);
            match self.pages.next(room)? {
                Page::Data { header, bytes } => self.page = open_page(&header, bytes, self.leaf)?,
                Page::Dictionary { .. } if self.dictionary.is_some() => {
                    return Err(damaged("a second dictionary"));
                }
                Page::Dictionary { values, bytes } => {
                    self.dictionary = Some(Dictionary::read(
                        bytes,
                        values,
                        self.leaf,
                        self.reading(),
                        self.view,
                        self.missing,
                    )?);
                }
            }
        }
        let count = left.min(self.page.rows);
        self.page.rows -= count;
        Ok(count)
    }
}

impl Drop for ColumnReader<'_> {
    fn drop(&mut self) {
        self.rooms.give(std::mem::take(&mut self.page.bytes));
    }
}

/// Splits a page into its levels and its values.
fn open_page(header: &DataHeader, bytes: Vec<u8>, leaf: Leaf) -> Result<OpenPage, Fault> {
    let mut at = 0;
    let mut levels = None;
    match &header.split {
        Some(split) => {
            // levels of repetition come first; a column that is not nested has nothing to learn from them
            let start = split.repetition;
            at = start + split.definition;
            if leaf.optional {
                levels = Some(Runs::new(start, at, 1)?);
            }
        }
        None if leaf.optional => {
            if header.level_encoding != 3 {
                return Err(damaged("levels in an encoding that was given up"));
            }
            let end = prefixed(&bytes, 0)?;
            levels = Some(Runs::new(4, end, 1)?);
            at = end;
        }
        None => {}
    }
    let stored = bytes.get(at..).ok_or(Fault::Cut)?;
    let values = values(header, stored, at, leaf.physical)?;
    Ok(OpenPage {
        bytes,
        rows: header.values,
        levels,
        values: Some(values),
    })
}

/// The end of bytes that follow their length.
fn prefixed(bytes: &[u8], at: usize) -> Result<usize, Fault> {
    let length = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    let length = u32::from_le_bytes(*length.ok_or(Fault::Cut)?) as usize;
    match at
        .checked_add(4)
        .and_then(|start| start.checked_add(length))
    {
        Some(end) if end <= bytes.len() => Ok(end),
        _ => Err(Fault::Cut),
    }
}

/// How the values of a page are read; `stored` stands at `at` in the page.
fn values(
    header: &DataHeader,
    stored: &[u8],
    at: usize,
    physical: Physical,
) -> Result<Stored, Fault> {
    let end = at + stored.len();
    // 0 PLAIN, 2 PLAIN_DICTIONARY, 3 RLE, 5 DELTA_BINARY_PACKED, 6 DELTA_LENGTH_BYTE_ARRAY, 7 DELTA_BYTE_ARRAY,
    // 8 RLE_DICTIONARY, 9 BYTE_STREAM_SPLIT
    Ok(match (header.encoding, physical) {
        (0, Physical::Truth) => Stored::Ids(Runs::bits(at, end, header.values)?),
        (0, _) => Stored::Plain(at),
        (3, Physical::Truth) => match stored.is_empty() {
            // truth values have their length before them in both versions of a page, unlike ids
            true => Stored::Ids(Runs::new(at, end, 1)?),
            false => Stored::Ids(Runs::new(at + 4, at + prefixed(stored, 0)?, 1)?),
        },
        // a page of nulls alone may leave out the width of the ids
        (2 | 8, _) => match stored.first() {
            Some(width) => Stored::Ids(Runs::new(at + 1, end, u32::from(*width))?),
            None => Stored::Ids(Runs::new(at, end, 1)?),
        },
        // nulls alone: not even the head of the encoding need be there
        (5..=7 | 9, _) if stored.is_empty() => Stored::Plain(at),
        (5, physical) => Stored::Rewritten(delta::numbers(stored, physical)?, 0),
        (6, Physical::Bytes) => Stored::Rewritten(delta::lengths(stored)?, 0),
        (7, physical) => Stored::Rewritten(delta::beginnings(stored, physical)?, 0),
        (9, physical) => Stored::Rewritten(delta::streams(stored, physical)?, 0),
        (encoding, _) => {
            return Err(damaged(format!(
                "values in encoding {encoding}, which opine does not read"
            )));
        }
    })
}

/// Which of the next `rows` rows are there.
fn present<'a>(
    levels: &mut Option<Runs>,
    bytes: &[u8],
    rows: usize,
    room: &'a mut Vec<u8>,
) -> Result<Present<'a>, Fault> {
    room.clear();
    let count = match levels {
        None => rows,
        Some(runs) => present_in(runs, bytes, rows, room)?,
    };
    Ok(Present {
        rows,
        count,
        levels: room,
    })
}

/// How many of the next `rows` rows are there; their levels where it is neither all nor none.
fn present_in(
    runs: &mut Runs,
    bytes: &[u8],
    rows: usize,
    levels: &mut Vec<u8>,
) -> Result<usize, Fault> {
    if runs.take_all(bytes, 1, rows)? {
        return Ok(rows);
    }
    if runs.take_all(bytes, 0, rows)? {
        return Ok(0);
    }
    runs.take(bytes, rows, levels)?;
    match levels.iter().any(|level| *level > 1) {
        true => Err(damaged("a level beyond 1")),
        false => Ok(levels.iter().map(|level| usize::from(*level)).sum()),
    }
}

/// The next plain values and the bytes that texts among them stand in.
fn plain<'a>(
    values: &'a mut Option<Stored>,
    bytes: &'a [u8],
    count: usize,
    leaf: Leaf,
    reading: Reading,
) -> Result<(Block, &'a [u8]), Fault> {
    let (bytes, at) = match values {
        Some(Stored::Plain(at)) => (bytes, at),
        Some(Stored::Rewritten(bytes, at)) => (&bytes[..], at),
        // nothing but nulls needs no dictionary
        _ if count == 0 => return Ok((Block::Ints(Vec::new()), bytes)),
        _ => return Err(damaged("ids without a dictionary")),
    };
    let block = block::plain(bytes, at, count, leaf.physical, reading)?;
    Ok((block, bytes))
}

/// Plain values as numbers, NaN where the codebook says that one is missing.
fn numbers(
    block: Block,
    bytes: &[u8],
    shape: Shape,
    missing: &MissingValues,
) -> Result<Vec<f64>, Fault> {
    let numeric = shape.is_numeric();
    Ok(match block {
        Block::Floats(numbers) if missing.is_empty() => numbers,
        Block::Floats(numbers) => each(&numbers, missing, |number| number, value_of_float),
        Block::Ints(ints) if numeric => each(
            &ints,
            missing,
            |stored| shape.number_of_int(stored),
            |stored| shape.value_of_int(stored),
        ),
        Block::Bigs(bigs) if numeric => each(
            &bigs,
            missing,
            |stored| shape.number_of_big(stored),
            |stored| shape.value_of_big(stored),
        ),
        // what their texts read as; a time of day, stored as a number, reads as none
        block => {
            let mut levels = Levels::default();
            let mut codes = Vec::new();
            levels.code(&block, bytes, shape, &mut codes)?;
            numbers_of_codes(&codes, levels.values(), &|value| missing.holds(value))?
        }
    })
}

fn each<T: Copy>(
    stored: &[T],
    missing: &MissingValues,
    number: impl Fn(T) -> f64,
    value: impl Fn(T) -> Value,
) -> Vec<f64> {
    match missing.is_empty() {
        true => stored.iter().map(|stored| number(*stored)).collect(),
        false => stored
            .iter()
            .map(|stored| match missing.holds(&value(*stored)) {
                true => f64::NAN,
                false => number(*stored),
            })
            .collect(),
    }
}
