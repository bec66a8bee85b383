//! The pages of a column in one row group.
//!
//! A column of which few entries differ is stored as a dictionary and ids into it, any other as its plain values. Each page
//! says first which of its rows are there (definition levels), then has the values of those.

use std::hash::Hash;

use super::thrift::{Structure, put_varint};
use crate::survey::microdata::Error;
use crate::survey::microdata::decoding::codec::Packer;
use crate::survey::microdata::decoding::coding::QuickMap;

/// Plain values of a page, in bytes, unless one entry alone is longer.
const PAGE: usize = 1 << 20;
/// Entries of a dictionary.
const MOST_ENTRIES: usize = 1 << 16;

/// Numbers of encodings in the format.
pub(super) const PLAIN: i32 = 0;
pub(super) const RLE: i32 = 3;
pub(super) const RLE_DICTIONARY: i32 = 8;

/// Pages that are ready for the file.
#[derive(Default)]
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    /// Bytes before compression, headers included.
    pub(super) unpacked: usize,
    /// Where the data begin, after a dictionary if there is one.
    pub(super) data: Option<usize>,
}

impl Chunk {
    pub(super) fn has_dictionary(&self) -> bool {
        self.data.is_some_and(|data| data > 0)
    }

    /// Adds a page: a header of that type whose field `id` says the rest.
    fn page(
        &mut self,
        packer: &mut Packer,
        (kind, id, rest): (i32, i16, Structure),
        body: &[u8],
    ) -> Result<(), Error> {
        let packed = packer.pack(body)?;
        let header = Structure::default()
            .i32(1, kind)
            .i32(2, size(body.len())?)
            .i32(3, size(packed.len())?)
            // the format has its 32 bits in a signed number
            .i32(4, crc32fast::hash(&packed) as i32)
            .structure(id, rest)
            .finish();
        self.unpacked += header.len() + body.len();
        self.bytes.extend(header);
        self.bytes.extend(packed);
        Ok(())
    }

    fn dictionary(
        &mut self,
        packer: &mut Packer,
        entries: usize,
        plain: &[u8],
    ) -> Result<(), Error> {
        let rest = Structure::default().i32(1, size(entries)?).i32(2, PLAIN);
        self.page(packer, (2, 7, rest), plain)
    }

    fn data(
        &mut self,
        packer: &mut Packer,
        there: &[u32],
        encoding: i32,
        values: &[u8],
    ) -> Result<(), Error> {
        let mut levels = Vec::new();
        put_runs(&mut levels, there, 1);
        let mut body = Vec::with_capacity(4 + levels.len() + values.len());
        body.extend(size(levels.len())?.to_le_bytes());
        body.extend(levels);
        body.extend(values);
        let rest = Structure::default()
            .i32(1, size(there.len())?)
            .i32(2, encoding)
            .i32(3, RLE)
            .i32(4, RLE);
        self.data.get_or_insert(self.bytes.len());
        self.page(packer, (0, 5, rest), &body)
    }
}

/// An entry of a column that may have a dictionary.
pub(super) trait Entry: Copy + Send + Sync {
    /// What tells it from others: the bits of a float, as -0 and NaN are kept as they are.
    type Key: Eq + Hash;

    fn key(self) -> Self::Key;

    fn put(self, bytes: &mut Vec<u8>);
}

impl Entry for i32 {
    type Key = i32;

    fn key(self) -> i32 {
        self
    }

    fn put(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
}

impl Entry for i64 {
    type Key = i64;

    fn key(self) -> i64 {
        self
    }

    fn put(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
}

impl Entry for f64 {
    type Key = u64;

    fn key(self) -> u64 {
        self.to_bits()
    }

    fn put(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
}

impl<'a> Entry for &'a str {
    type Key = &'a str;

    fn key(self) -> &'a str {
        self
    }

    fn put(self, bytes: &mut Vec<u8>) {
        bytes.extend((self.len() as u32).to_le_bytes());
        bytes.extend(self.as_bytes());
    }
}

/// The pages of these rows.
pub(super) fn chunk<T: Entry>(entries: &[Option<T>]) -> Result<Chunk, Error> {
    let mut packer = Packer::new()?;
    let mut chunk = Chunk::default();
    if let Some(Dictionary { count, plain, ids }) = Dictionary::of_few(entries) {
        chunk.dictionary(&mut packer, count, &plain)?;
        let width = (usize::BITS - (count - 1).leading_zeros()).max(1);
        let mut values = vec![width as u8];
        put_runs(&mut values, &ids, width);
        chunk.data(&mut packer, &presence(entries), RLE_DICTIONARY, &values)?;
        return Ok(chunk);
    }
    let (mut from, mut values) = (0, Vec::new());
    for (row, entry) in entries.iter().enumerate() {
        if let Some(entry) = entry {
            entry.put(&mut values);
        }
        if values.len() >= PAGE || row + 1 == entries.len() {
            let there = presence(&entries[from..=row]);
            chunk.data(&mut packer, &there, PLAIN, &values)?;
            values.clear();
            from = row + 1;
        }
    }
    Ok(chunk)
}

/// The pages of rows that are true or false: a bit each.
pub(super) fn truths(entries: &[Option<bool>]) -> Result<Chunk, Error> {
    let mut chunk = Chunk::default();
    let bits: Vec<u32> = entries.iter().flatten().copied().map(u32::from).collect();
    let mut values = Vec::new();
    put_packed(&mut values, &bits, 1);
    // eight and eight are padded, plain values are not
    values.truncate(bits.len().div_ceil(8));
    chunk.data(&mut Packer::new()?, &presence(entries), PLAIN, &values)?;
    Ok(chunk)
}

/// 1 for a row that is there, 0 for null.
fn presence<T>(entries: &[Option<T>]) -> Vec<u32> {
    entries
        .iter()
        .map(|entry| u32::from(entry.is_some()))
        .collect()
}

/// The distinct entries of a chunk, in the order in which they first stand there.
struct Dictionary {
    count: usize,
    plain: Vec<u8>,
    /// One for each row that is there.
    ids: Vec<u32>,
}

impl Dictionary {
    /// `None` where a dictionary would save nothing.
    fn of_few<T: Entry>(entries: &[Option<T>]) -> Option<Dictionary> {
        let there = entries.iter().flatten().count();
        // an entry has to come twice on average for an id to be worth it
        let most = MOST_ENTRIES.min(there / 2);
        let mut known: QuickMap<T::Key, u32> = QuickMap::default();
        let (mut plain, mut ids) = (Vec::new(), Vec::with_capacity(there));
        for entry in entries.iter().flatten() {
            let next = known.len() as u32;
            let id = *known.entry(entry.key()).or_insert(next);
            if id == next {
                entry.put(&mut plain);
                if known.len() > most || plain.len() > PAGE {
                    return None;
                }
            }
            ids.push(id);
        }
        (!known.is_empty()).then_some(Dictionary {
            count: known.len(),
            plain,
            ids,
        })
    }
}

/// Runs of one number, and numbers packed in eights, in turns.
fn put_runs(bytes: &mut Vec<u8>, numbers: &[u32], width: u32) {
    let (mut packed, mut at) = (0, 0);
    while let Some(number) = numbers.get(at) {
        let run = numbers[at..]
            .iter()
            .take_while(|other| *other == number)
            .count();
        // what is packed before the run has to be a multiple of eight: the run gives what lacks
        let lacking = (at - packed).next_multiple_of(8) - (at - packed);
        if run >= lacking + 8 {
            put_eights(bytes, &numbers[packed..at + lacking], width);
            put_varint(bytes, ((run - lacking) as u64) << 1);
            bytes.extend(&number.to_le_bytes()[..width.div_ceil(8) as usize]);
            packed = at + run;
        }
        at += run;
    }
    put_eights(bytes, &numbers[packed..], width);
}

fn put_eights(bytes: &mut Vec<u8>, numbers: &[u32], width: u32) {
    if !numbers.is_empty() {
        put_varint(bytes, (numbers.len().div_ceil(8) as u64) << 1 | 1);
        put_packed(bytes, numbers, width);
    }
}

/// Numbers of `width` bits each, the lowest first; zeros up to a multiple of eight numbers.
fn put_packed(bytes: &mut Vec<u8>, numbers: &[u32], width: u32) {
    let (mut bits, mut count) = (0u64, 0);
    for at in 0..numbers.len().next_multiple_of(8) {
        bits |= u64::from(numbers.get(at).copied().unwrap_or(0)) << count;
        count += width;
        while count >= 8 {
            bytes.push(bits as u8);
            bits >>= 8;
            count -= 8;
        }
    }
}

/// Sizes in page headers are 32-bit numbers.
fn size(length: usize) -> Result<i32, Error> {
    i32::try_from(length).map_err(|_| stopped("a text is longer than Parquet can hold"))
}

fn stopped(error: impl ToString) -> Error {
    Error::Stopped(error.to_string())
}
