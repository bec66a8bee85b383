//! Blocks of an Arrow file: record batches and dictionaries, of which only the buffers that are wanted are read.

use std::fs::File;

use super::arrays::Array;
use super::flatbuffers::Table;
use super::schema::{Extent, Storage};
use crate::survey::microdata::decoding::codec::{Codec, Unpacker};
use crate::survey::microdata::parquet::disk;
use crate::survey::microdata::parquet::fault::{Fault, damaged};

/// A buffer may always unpack to that much, ...
const LARGE: u64 = 64 << 20;
/// ... and to more only where it is packed no tighter than that.
const TIGHTEST: u64 = 1 << 10;

/// Blocks and buffers begin at multiples of up to that many bytes: so much may lie between two of them.
const ALIGNMENT: u64 = 64;

/// Numbers of messages in the format.
const DICTIONARY: u8 = 2;
const RECORDS: u8 = 3;

/// Where a block stands in the file, as the footer has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    start: u64,
    head: u64,
    body: u64,
}

impl Place {
    /// An offset of 8 bytes, a length of 4, padding of 4, a length of 8.
    pub(super) fn read(bytes: &[u8; 24]) -> Result<Place, Fault> {
        let [start, head, body] = *bytes.as_chunks::<8>().0 else {
            return Err(Fault::Cut);
        };
        // the upper half is padding, and may hold anything
        let head = i64::from_le_bytes(head) as i32;
        Ok(Place {
            start: size(i64::from_le_bytes(start))?,
            head: size(i64::from(head))?,
            body: size(i64::from_le_bytes(body))?,
        })
    }
}

/// A record batch, or the values of a dictionary, which are one.
pub(super) struct Block {
    pub(super) rows: u64,
    /// Of a dictionary: its number, and whether its values stand after those that are there.
    pub(super) dictionary: Option<(i64, bool)>,
    codec: Option<Codec>,
    /// Rows of every node, and how many of them are null; `None` where the writer did not count.
    nodes: Vec<(u64, Option<u64>)>,
    /// Places in the body, and lengths.
    buffers: Vec<(u64, u64)>,
    /// Buffers that each column of views has more than the others.
    views: Vec<usize>,
    /// Where the body begins in the file.
    data: u64,
}

impl Block {
    /// The head of a block. Its buffers lie in the file, and unpack to something plausible: nothing is allocated by a size
    /// that was not checked.
    pub(super) fn read(file: &File, place: Place) -> Result<Block, Fault> {
        let length = file.metadata()?.len();
        let data = place.start.checked_add(place.head).ok_or(Fault::Cut)?;
        if data.checked_add(place.body).is_none_or(|end| end > length) {
            return Err(Fault::Cut);
        }
        let mut bytes = vec![0; usize::try_from(place.head).map_err(|_| Fault::Cut)?];
        disk::read_at(file, place.start, &mut bytes)?;
        // before version 1.0 the length of the message stood there alone
        let message = match bytes.strip_prefix(&[0xff; 4]) {
            Some(rest) => rest.get(4..),
            None => bytes.get(4..),
        };
        let message = Table::root(message.ok_or(Fault::Cut)?)?;
        let header = message.needed(2)?;
        let (batch, dictionary) = match message.u8(1)? {
            RECORDS => (header, None),
            DICTIONARY => (header.needed(1)?, Some((header.i64(0)?, header.truth(2)?))),
            _ => return Err(damaged("a block that is no record batch")),
        };
        let block = Block {
            rows: size(batch.i64(0)?)?,
            dictionary,
            codec: codec(&batch)?,
            nodes: batch
                .list::<16>(1)?
                .iter()
                .map(|both| Ok((first(both)?, first(&second(both)).ok())))
                .collect::<Result<_, Fault>>()?,
            buffers: batch
                .list::<16>(2)?
                .iter()
                .map(|both| Ok((first(both)?, first(&second(both))?)))
                .collect::<Result<_, Fault>>()?,
            views: batch
                .list::<8>(4)?
                .iter()
                .map(|count| Ok(size(i64::from_le_bytes(*count))? as usize))
                .collect::<Result<_, Fault>>()?,
            data,
        };
        block.check(file, place.body)?;
        Ok(block)
    }

    /// The buffers lie one behind the other, and fill the body.
    fn check(&self, file: &File, body: u64) -> Result<(), Fault> {
        let mut end = 0;
        for (offset, length) in &self.buffers {
            if offset.checked_add(*length).is_none_or(|end| end > body) {
                return Err(Fault::Cut);
            }
            if *length > 0 {
                follows(end, *offset, "the buffers of a block")?;
                end = offset + length;
            }
            if self.codec.is_some() && *length > 0 {
                self.unpacked(file, (*offset, *length))?;
            }
        }
        follows(end, body, "the buffers of a block")
    }

    /// A compressed buffer begins with its length once unpacked; `None` for one that is not packed.
    fn unpacked(&self, file: &File, (offset, length): (u64, u64)) -> Result<Option<usize>, Fault> {
        if length < 8 {
            return Err(Fault::Cut);
        }
        let mut unpacked = [0; 8];
        disk::read_at(file, self.data + offset, &mut unpacked)?;
        match i64::from_le_bytes(unpacked) {
            // packing it would not have paid
            -1 => Ok(None),
            unpacked if size(unpacked)? <= LARGE.max(length.saturating_mul(TIGHTEST)) => {
                Ok(Some(unpacked as usize))
            }
            unpacked => Err(damaged(format!(
                "a buffer of {length} bytes is said to unpack to {unpacked}"
            ))),
        }
    }

    /// A column that stands after those of that extent.
    pub(super) fn array(
        &self,
        file: &File,
        before: Extent,
        storage: Storage,
    ) -> Result<Array, Fault> {
        let skipped = self.views.get(..before.views).ok_or(Fault::Cut)?;
        let skipped = skipped.iter().copied().fold(0, usize::saturating_add);
        let (rows, nulls) = *self.nodes.get(before.nodes).ok_or(Fault::Cut)?;
        if rows != self.rows {
            return Err(damaged(format!(
                "a column of {rows} rows in a record batch of {}",
                self.rows
            )));
        }
        let count = match storage {
            Storage::Nothing | Storage::Other => 0,
            Storage::Bytes { .. } => 3,
            Storage::Views => {
                let more = *self.views.get(before.views).ok_or(Fault::Cut)?;
                more.saturating_add(2)
            }
            _ => 2,
        };
        let from = before.buffers.saturating_add(skipped);
        let buffers = self.buffers.get(from..from.saturating_add(count));
        let mut unpacker = Unpacker::default();
        let buffers = buffers.ok_or(Fault::Cut)?.iter();
        let buffers = buffers
            .map(|place| self.buffer(file, *place, &mut unpacker))
            .collect::<Result<Vec<_>, Fault>>()?;
        let rows = usize::try_from(rows).map_err(|_| Fault::Cut)?;
        Array::new(storage, rows, nulls, buffers)
    }

    fn buffer(
        &self,
        file: &File,
        (offset, length): (u64, u64),
        unpacker: &mut Unpacker,
    ) -> Result<Vec<u8>, Fault> {
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| Fault::Cut)?];
        disk::read_at(file, self.data + offset, &mut bytes)?;
        let codec = match self.codec {
            Some(codec) if length > 0 => codec,
            _ => return Ok(bytes),
        };
        match self.unpacked(file, (offset, length))? {
            None => Ok(bytes.split_off(8)),
            Some(unpacked) => {
                let mut room = vec![0; unpacked];
                unpacker.unpack(codec, &bytes[8..], &mut room)?;
                Ok(room)
            }
        }
    }
}

/// The places of all blocks of a file fill it from the schema at its beginning up to the footer, so that none is left out
/// because a list lost it.
pub(super) fn check_places(file: &File, places: &[Place], footer: u64) -> Result<(), Fault> {
    let what = "the blocks of the file";
    let mut places: Vec<&Place> = places.iter().collect();
    places.sort_by_key(|place| place.start);
    let mut end = end_of_schema(file)?;
    for place in places {
        follows(end.unwrap_or(place.start), place.start, what)?;
        let next = place.start.checked_add(place.head);
        let next = next.and_then(|next| next.checked_add(place.body));
        end = Some(next.ok_or(Fault::Cut)?);
    }
    // what ends the stream stands between
    follows(end.unwrap_or(footer), footer, what)
}

/// Where the message of the schema ends, which the file begins with. `None` where it has no length: polars writes it so, and
/// before version 1.0 there was no mark.
fn end_of_schema(file: &File) -> Result<Option<u64>, Fault> {
    let mut head = [0; ALIGNMENT as usize + 8];
    let there = file.metadata()?.len().min(head.len() as u64) as usize;
    disk::read_at(file, 0, &mut head[..there])?;
    let (words, _) = head.as_chunks::<4>();
    // behind the mark of the file and what fills it up
    let mut words = words.iter().enumerate().skip(2);
    let marked = words.find(|(_, word)| **word != [0; 4]);
    Ok(match (marked, words.next()) {
        (Some((_, [0xff, 0xff, 0xff, 0xff])), Some((at, length))) => {
            Some(at as u64 * 4 + 4 + u64::from(u32::from_le_bytes(*length)))
        }
        _ => None,
    })
}

/// `next` begins where `end` is, but for padding.
fn follows(end: u64, next: u64, what: &str) -> Result<(), Fault> {
    match next.checked_sub(end) {
        Some(between) if between < ALIGNMENT + 8 => Ok(()),
        Some(between) => Err(damaged(format!(
            "{between} bytes lie between {what}, and nothing announces them"
        ))),
        None => Err(damaged(format!("{what} overlap"))),
    }
}

fn codec(batch: &Table) -> Result<Option<Codec>, Fault> {
    match batch.table(3)? {
        None => Ok(None),
        Some(compression) => match compression.u8(0)? {
            0 => Ok(Some(Codec::Lz4Frame)),
            1 => Ok(Some(Codec::Zstd)),
            other => Err(damaged(format!("no compression has the number {other}"))),
        },
    }
}

/// The first number of a pair.
fn first(pair: &[u8; 16]) -> Result<u64, Fault> {
    let [bytes @ .., _, _, _, _, _, _, _, _] = *pair;
    size(i64::from_le_bytes(bytes))
}

/// The pair with its second number first.
fn second(pair: &[u8; 16]) -> [u8; 16] {
    let mut turned = *pair;
    turned.rotate_left(8);
    turned
}

fn size(number: i64) -> Result<u64, Fault> {
    u64::try_from(number).map_err(|_| damaged(format!("a block says a size of {number}")))
}
