//! Numbers and strings from the head of a binary file; no length that the file claims is believed beyond its end.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::survey::microdata::Error;
use crate::survey::microdata::error::{damaged, unreadable};

/// Reads a file in order, in the byte order that is set.
pub(crate) struct Bytes {
    path: PathBuf,
    file: BufReader<File>,
    at: u64,
    length: u64,
    pub big_endian: bool,
}

pub(crate) fn is_padding(byte: &u8) -> bool {
    matches!(byte, 0 | b' ' | b'\r' | b'\n' | 0x1a)
}

/// Whether NUL bytes, blanks, line ends and the end mark of old systems are all that is left.
pub(crate) fn only_padding(reader: &mut impl Read) -> io::Result<bool> {
    let mut block = [0; 4096];
    loop {
        match reader.read(&mut block) {
            Ok(0) => return Ok(true),
            Ok(count) if block[..count].iter().all(is_padding) => {}
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// What is wrong with a file that goes on behind its end.
pub(crate) fn left_over(at: u64, count: u64) -> String {
    format!(
        "{count} bytes are left over behind the end of the data (byte {at}): the end is not where the file says, or something was \
         appended to it"
    )
}

impl Bytes {
    pub(crate) fn open(path: &Path) -> Result<Bytes, Error> {
        let file = File::open(path).map_err(|source| unreadable(path, source))?;
        let metadata = file.metadata().map_err(|source| unreadable(path, source))?;
        Ok(Bytes {
            path: path.to_owned(),
            file: BufReader::with_capacity(1 << 16, file),
            at: 0,
            length: metadata.len(),
            big_endian: false,
        })
    }

    /// Where the next byte stands.
    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn left(&self) -> u64 {
        self.length.saturating_sub(self.at)
    }

    pub(crate) fn wrong(&self, message: impl std::fmt::Display) -> Error {
        damaged(&self.path, format!("at byte {}: {message}", self.at))
    }

    /// The next bytes.
    ///
    /// # Errors
    /// The file ends before, or can't be read.
    pub(crate) fn take(&mut self, count: u64) -> Result<Vec<u8>, Error> {
        self.holds(count)?;
        let mut bytes = vec![0; usize::try_from(count).unwrap_or(0)];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        self.holds(N as u64)?;
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.file
            .read_exact(bytes)
            .map_err(|source| unreadable(&self.path, source))?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn holds(&self, count: u64) -> Result<(), Error> {
        match count <= self.left() {
            true => Ok(()),
            false => Err(self.wrong(format!("the file ends; {count} more bytes are announced"))),
        }
    }

    pub(crate) fn skip(&mut self, count: u64) -> Result<(), Error> {
        self.holds(count)?;
        self.seek(self.at + count)
    }

    pub(crate) fn seek(&mut self, at: u64) -> Result<(), Error> {
        if at > self.length {
            return Err(self.wrong(format!(
                "it points to byte {at}, behind the end of the file"
            )));
        }
        let by = i64::try_from(at).unwrap_or(i64::MAX) - i64::try_from(self.at).unwrap_or(i64::MAX);
        self.file
            .seek_relative(by)
            .map_err(|source| unreadable(&self.path, source))?;
        self.at = at;
        Ok(())
    }

    /// Refuses what stands behind the end that a file announces: either the end is wrong or the file is, and what follows might be
    /// respondents. NUL bytes, blanks and line ends are no data: disks, tapes and transfers leave them.
    pub(crate) fn only_padding_left(&mut self) -> Result<(), Error> {
        self.only_padding_before(self.length)
    }

    /// The same of a part of the file.
    pub(crate) fn only_padding_before(&mut self, end: u64) -> Result<(), Error> {
        let (at, count) = (self.at, end.saturating_sub(self.at));
        let padded = only_padding(&mut self.file.by_ref().take(count));
        match padded.map_err(|source| unreadable(&self.path, source))? {
            true => {
                self.at = end;
                Ok(())
            }
            false => Err(damaged(&self.path, left_over(at, count))),
        }
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Error> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Error> {
        let bytes = self.array()?;
        Ok(self.pick(u16::from_le_bytes(bytes), u16::from_be_bytes(bytes)))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Error> {
        let bytes = self.array()?;
        Ok(self.pick(u32::from_le_bytes(bytes), u32::from_be_bytes(bytes)))
    }

    pub(crate) fn i32(&mut self) -> Result<i32, Error> {
        Ok(self.u32()? as i32)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Error> {
        let bytes = self.array()?;
        Ok(self.pick(u64::from_le_bytes(bytes), u64::from_be_bytes(bytes)))
    }

    pub(crate) fn f64(&mut self) -> Result<f64, Error> {
        Ok(f64::from_bits(self.u64()?))
    }

    /// A count that must not be negative and whose items, of at least `size` bytes each, must fit into the file.
    pub(crate) fn count(&mut self, size: u64) -> Result<u64, Error> {
        let count = self.i32()?;
        match u64::try_from(count) {
            Ok(count) if count.saturating_mul(size) <= self.left() => Ok(count),
            _ => Err(self.wrong(format!(
                "{count} items of {size} bytes are announced, the file is too short for them"
            ))),
        }
    }

    fn pick<T>(&self, little: T, big: T) -> T {
        match self.big_endian {
            true => big,
            false => little,
        }
    }
}
