//! The rows of an SPSS file: plain, row-compressed, and both within zlib (.zsav).

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::ZlibDecoder;

use crate::survey::microdata::Error;
use crate::survey::microdata::decoding::bytes::{Bytes, is_padding, only_padding};
use crate::survey::microdata::decoding::fixed::{RowBlock, block_rows};
use crate::survey::microdata::decoding::parallel::Blocks;
use crate::survey::microdata::error::{damaged, unreadable};

/// A missing number: the largest negative one.
pub(crate) const SYSTEM: f64 = -f64::MAX;
/// SPSS writes blocks of 4 MB.
const LARGEST: u64 = 64 << 20;

/// A block of a .zsav file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed {
    at: u64,
    length: u64,
    unpacked: u64,
}

/// The index of the blocks at the end of a .zsav file, checked against the file.
pub(super) fn packed(bytes: &mut Bytes) -> Result<Vec<Packed>, Error> {
    let _header_start = bytes.u64()?;
    let start = bytes.u64()?;
    let length = bytes.u64()?;
    let first = bytes.at();
    bytes.seek(start)?;
    if length > bytes.left() || length < 24 {
        return Err(bytes.wrong(format!("an index of {length} bytes is announced")));
    }
    bytes.skip(16)?;
    let largest = u64::from(bytes.u32()?);
    let count = u64::from(bytes.u32()?);
    if largest > LARGEST {
        return Err(bytes.wrong(format!(
            "blocks of {largest} bytes are announced; SPSS writes 4 MB"
        )));
    }
    if count.saturating_mul(24).saturating_add(24) != length {
        return Err(bytes.wrong(format!(
            "{count} blocks are announced in an index of {length} bytes"
        )));
    }
    let mut blocks = Vec::new();
    for _ in 0..count {
        bytes.skip(8)?;
        let at = bytes.u64()?;
        let unpacked = u64::from(bytes.u32()?);
        let length = u64::from(bytes.u32()?);
        let end = at.saturating_add(length);
        if unpacked > largest || at < first || end > start {
            let message = format!(
                "a block of {length} bytes at {at}, {unpacked} unpacked, does not fit into the file"
            );
            return Err(bytes.wrong(message));
        }
        blocks.push(Packed {
            at,
            length,
            unpacked,
        });
    }
    bytes.only_padding_left()?;
    Ok(blocks)
}

/// The number of bytes that the blocks unpack to.
pub(super) fn unpacked(blocks: &[Packed]) -> u64 {
    blocks.iter().map(|block| block.unpacked).sum()
}

/// Unpacks the blocks one after the other.
pub(super) struct Unpacked {
    file: File,
    blocks: std::vec::IntoIter<Packed>,
    current: Vec<u8>,
    at: usize,
}

impl Unpacked {
    pub(super) fn new(file: File, blocks: Vec<Packed>) -> Unpacked {
        Unpacked {
            file,
            blocks: blocks.into_iter(),
            current: Vec::new(),
            at: 0,
        }
    }

    fn unpack(&mut self, block: Packed) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(block.at))?;
        self.current.clear();
        self.at = 0;
        let packed = BufReader::new((&mut self.file).take(block.length));
        ZlibDecoder::new(packed)
            // a byte more than is announced shows that there is more
            .take(block.unpacked + 1)
            .read_to_end(&mut self.current)?;
        match self.current.len() as u64 == block.unpacked {
            true => Ok(()),
            false => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("a block unpacks to another size than {}", block.unpacked),
            )),
        }
    }
}

impl Read for Unpacked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.current.len() {
            match self.blocks.next() {
                Some(block) => self.unpack(block)?,
                None => return Ok(0),
            }
        }
        let rest = self.current.get(self.at..).unwrap_or_default();
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

/// Row compression: a byte for each 8-byte unit says what it is, eight of those bytes ahead of what they need.
pub(super) struct Compressed<R> {
    path: PathBuf,
    reader: R,
    row_bytes: usize,
    rows: Option<u64>,
    bias: f64,
    big_endian: bool,
    commands: [u8; 8],
    next: usize,
    read: u64,
    /// The mark of the end was read, or the last byte.
    ended: bool,
    /// What stands behind the last row was looked at.
    done: bool,
}

impl<R: Read> Compressed<R> {
    pub(super) fn new(
        path: &Path,
        reader: R,
        row_bytes: usize,
        rows: Option<u64>,
        bias: f64,
        big_endian: bool,
    ) -> Compressed<R> {
        Compressed {
            path: path.to_owned(),
            reader,
            row_bytes,
            rows,
            bias,
            big_endian,
            commands: [0; 8],
            // nothing is left of the commands: the first unit reads some
            next: 8,
            read: 0,
            ended: false,
            done: false,
        }
    }

    fn stored(&self, number: f64) -> [u8; 8] {
        match self.big_endian {
            true => number.to_be_bytes(),
            false => number.to_le_bytes(),
        }
    }

    /// Fills one unit; false at the end of the data.
    fn unit(&mut self, into: &mut [u8]) -> io::Result<bool> {
        loop {
            if self.next == 8 {
                match self.reader.read_exact(&mut self.commands) {
                    Ok(()) => self.next = 0,
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
                    Err(error) => return Err(error),
                }
            }
            let command = self.commands[self.next];
            self.next += 1;
            // 0 fills the last group up, 252 ends the data, 253 says that the unit stands behind the group
            match command {
                0 => continue,
                252 => return Ok(false),
                253 => self.reader.read_exact(into)?,
                254 => into.copy_from_slice(b"        "),
                255 => into.copy_from_slice(&self.stored(SYSTEM)),
                code => into.copy_from_slice(&self.stored(f64::from(code) - self.bias)),
            }
            return Ok(true);
        }
    }

    /// Whether anything follows on the last row: a value, or bytes that are neither the mark of the end nor what fills the last
    /// commands up.
    fn goes_on(&mut self) -> io::Result<bool> {
        let rest = self.commands.get(self.next..).unwrap_or_default();
        let mut rest = rest.iter().skip_while(|command| **command == 0);
        // the mark may stand in the next commands, or be left out
        let padded = match rest.next() {
            Some(252) => rest.all(|command| *command == 0),
            Some(_) => false,
            None => {
                let mut commands = Vec::new();
                self.reader.by_ref().take(8).read_to_end(&mut commands)?;
                let mut commands = commands.iter().skip_while(|command| **command == 0);
                match commands.next() {
                    Some(252) => commands.all(|command| *command == 0),
                    Some(first) => is_padding(first) && commands.all(is_padding),
                    None => true,
                }
            }
        };
        Ok(!padded || !only_padding(&mut self.reader)?)
    }

    /// As many whole rows as there are, at most `rows`.
    fn fill(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        for (row, into) in bytes.chunks_exact_mut(self.row_bytes).enumerate() {
            for (at, unit) in into.chunks_exact_mut(8).enumerate() {
                if self.unit(unit)? {
                    continue;
                }
                self.ended = true;
                return match at {
                    0 => Ok(row),
                    _ => Err(io::ErrorKind::UnexpectedEof.into()),
                };
            }
        }
        Ok(bytes.len() / self.row_bytes)
    }
}

impl<R: Read + Send> Blocks for Compressed<R> {
    type Block = RowBlock;

    fn next(&mut self) -> Result<Option<RowBlock>, Error> {
        let left = self
            .rows
            .map_or(u64::MAX, |rows| rows.saturating_sub(self.read));
        if self.done {
            return Ok(None);
        }
        if left == 0 || self.ended {
            self.done = true;
            return match self.goes_on() {
                Ok(false) => Ok(None),
                Ok(true) => Err(super::data_left_over(&self.path, self.read)),
                Err(source) => Err(self.broken(source)),
            };
        }
        let most_rows = block_rows(self.row_bytes).min(usize::try_from(left).unwrap_or(usize::MAX));
        let mut bytes = vec![0; most_rows * self.row_bytes];
        let rows = self
            .fill(&mut bytes)
            .map_err(|source| self.broken(source))?;
        if rows < most_rows && self.rows.is_some() {
            let (found, expected) = (self.read + rows as u64, self.read + left);
            return Err(damaged(
                &self.path,
                format!("the file ends after {found} of {expected} rows"),
            ));
        }
        Ok(RowBlock::after(&mut self.read, bytes, rows))
    }
}

impl<R> Compressed<R> {
    fn broken(&self, source: io::Error) -> Error {
        match source.kind() {
            io::ErrorKind::UnexpectedEof => damaged(&self.path, "the file ends within a row"),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                damaged(&self.path, format!("the data can't be unpacked: {source}"))
            }
            _ => unreadable(&self.path, source),
        }
    }
}
