//! The pages of a column in one row group, read and uncompressed one after the other.

use std::fs::File;

use super::disk;
use super::fault::{Fault, damaged};
use super::footer::Chunk;
use super::header::{self, DataHeader, Header, PageKind};
use super::rooms::Rooms;
use crate::survey::microdata::decoding::codec::{Codec, Unpacker};

/// Read from the file at once, unless a page is larger.
const WINDOW: usize = 256 << 10;
/// Headers hold statistics: the smallest and the largest text, for instance.
const LARGEST_HEADER: usize = 16 << 20;
/// A page may always be as large as that, ...
const LARGE_PAGE: usize = 64 << 20;
/// ... and larger only where it is packed no tighter than that.
const TIGHTEST: usize = 1 << 10;

/// Walks over the pages of a chunk.
pub(super) struct Pages<'a> {
    file: &'a File,
    rooms: &'a Rooms,
    chunk: Chunk,
    codec: Option<Codec>,
    unpacker: Unpacker,
    /// What was read ends at `filled`; the next byte of it stands at `at`.
    window: Vec<u8>,
    at: usize,
    filled: usize,
    /// The place in the file after the window.
    offset: u64,
    /// Pages so far, the dictionary among them.
    count: usize,
}

/// A page with its values uncompressed.
pub(super) enum Page {
    Dictionary { values: usize, bytes: Vec<u8> },
    Data { header: DataHeader, bytes: Vec<u8> },
}

impl<'a> Pages<'a> {
    pub(super) fn new(file: &'a File, chunk: Chunk, rooms: &'a Rooms) -> Result<Pages<'a>, Fault> {
        Ok(Pages {
            file,
            rooms,
            chunk,
            codec: codec(chunk.codec)?,
            unpacker: Unpacker::default(),
            window: rooms.take(),
            at: 0,
            filled: 0,
            offset: chunk.start,
            count: 0,
        })
    }

    /// The next page. `room` is a buffer of a page that is done.
    pub(super) fn next(&mut self, mut room: Vec<u8>) -> Result<Page, Fault> {
        loop {
            let header = self.header()?;
            self.check(&header)?;
            self.need(header.packed)?;
            let packed = self.at..self.at + header.packed;
            self.at = packed.end;
            self.count += 1;
            if let Some(checksum) = header.checksum {
                self.verify(checksum, &self.window[packed.clone()])?;
            }
            match header.kind {
                PageKind::Other => continue,
                PageKind::Dictionary { values } => {
                    self.unpack(packed, header.unpacked, 0, true, &mut room)?;
                    return Ok(Page::Dictionary {
                        values,
                        bytes: room,
                    });
                }
                PageKind::Data(data) => {
                    let (levels, compressed) = match &data.split {
                        None => (0, true),
                        Some(split) => (split.repetition + split.definition, split.compressed),
                    };
                    self.unpack(packed, header.unpacked, levels, compressed, &mut room)?;
                    return Ok(Page::Data {
                        header: data,
                        bytes: room,
                    });
                }
            }
        }
    }

    /// Called behind the last row.
    ///
    /// # Errors
    /// Data or bytes that are none come after it.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        let behind = || damaged("the column goes on behind the rows of its row group");
        while self.reach(1)? > 0 {
            let header = self.header().map_err(|_| behind())?;
            if matches!(&header.kind, PageKind::Data(data) if data.values > 0) {
                return Err(behind());
            }
            self.need(header.packed)?;
            self.at += header.packed;
        }
        Ok(())
    }

    fn header(&mut self) -> Result<Header, Fault> {
        let mut wanted = 64;
        loop {
            let there = self.reach(wanted)?;
            match header::read(&self.window[self.at..self.filled]) {
                Ok((header, length)) => {
                    self.at += length;
                    return Ok(header);
                }
                // the header may go on behind the window
                Err(Fault::Cut) if there >= wanted && wanted < LARGEST_HEADER => {
                    wanted = there.max(wanted) * 2;
                }
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Refuses pages that unpack to more than the footer says or a plausible writer makes.
    fn check(&self, header: &Header) -> Result<(), Fault> {
        let bound = LARGE_PAGE.max(header.packed.saturating_mul(TIGHTEST));
        let announced = usize::try_from(self.chunk.unpacked).unwrap_or(usize::MAX);
        match header.unpacked > bound || header.unpacked > announced {
            true => Err(damaged(format!(
                "a page of {} bytes is said to unpack to {}",
                header.packed, header.unpacked
            ))),
            false => Ok(()),
        }
    }

    /// Refuses a page that is not what was written. The checksum is that of the bytes as they lie in the file.
    fn verify(&self, checksum: u32, bytes: &[u8]) -> Result<(), Fault> {
        match crc32fast::hash(bytes) == checksum {
            true => Ok(()),
            false => Err(damaged(format!(
                "page {} is damaged: its bytes don’t have the checksum that was written with them",
                self.count
            ))),
        }
    }

    /// Makes `count` bytes stand in the window.
    fn need(&mut self, count: usize) -> Result<(), Fault> {
        match self.reach(count)? >= count {
            true => Ok(()),
            false => Err(Fault::Cut),
        }
    }

    /// Reads on until `count` bytes stand in the window or the chunk ends; how many stand there.
    fn reach(&mut self, count: usize) -> Result<usize, Fault> {
        let there = self.filled - self.at;
        let left = usize::try_from(self.chunk.end - self.offset).unwrap_or(usize::MAX);
        if there >= count || left == 0 {
            return Ok(there);
        }
        let more = (count - there).max(WINDOW).min(left);
        let filled = there + more;
        self.window.copy_within(self.at..self.filled, 0);
        // only ever grown: what lies behind `filled` is old
        if self.window.len() < filled {
            self.window.resize(filled, 0);
        }
        disk::read_at(self.file, self.offset, &mut self.window[there..filled])?;
        self.offset += more as u64;
        (self.at, self.filled) = (0, filled);
        Ok(filled)
    }

    /// The bytes of a page, those after the first `levels` uncompressed.
    fn unpack(
        &mut self,
        packed: std::ops::Range<usize>,
        unpacked: usize,
        levels: usize,
        compressed: bool,
        room: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let packed = &self.window[packed];
        let codec = match self.codec {
            Some(codec) if compressed => codec,
            _ if packed.len() == unpacked => {
                room.clear();
                room.extend_from_slice(packed);
                return Ok(());
            }
            _ => {
                return Err(damaged(format!(
                    "a page that is not compressed has {} bytes and announces {unpacked}",
                    packed.len()
                )));
            }
        };
        if levels > packed.len() || levels > unpacked {
            return Err(damaged("the levels of a page are longer than the page"));
        }
        room.resize(unpacked, 0);
        let (plain, rest) = packed.split_at(levels);
        let (before, after) = room.split_at_mut(levels);
        before.copy_from_slice(plain);
        // a page of nulls alone may have no values to unpack
        match rest.is_empty() || after.is_empty() {
            true => Ok(()),
            false => self.unpacker.unpack(codec, rest, after),
        }
    }
}

impl Drop for Pages<'_> {
    fn drop(&mut self) {
        self.rooms.give(std::mem::take(&mut self.window));
    }
}

/// The compression of that number in the format; `None` for none.
fn codec(number: i64) -> Result<Option<Codec>, Fault> {
    Ok(Some(match number {
        0 => return Ok(None),
        1 => Codec::Snappy,
        2 => Codec::Gzip,
        4 => Codec::Brotli,
        5 => Codec::Lz4Hadoop,
        6 => Codec::Zstd,
        7 => Codec::Lz4Raw,
        3 => {
            return Err(damaged(
                "compressed by LZO; opine reads zstd, snappy, gzip, brotli and lz4",
            ));
        }
        other => return Err(damaged(format!("no compression has the number {other}"))),
    }))
}
