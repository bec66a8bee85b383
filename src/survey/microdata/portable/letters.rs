//! The letters of a portable file: lines are joined, and short ones filled up with blanks.

use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::survey::microdata::Error;
use crate::survey::microdata::decoding::bytes::{is_padding, left_over};
use crate::survey::microdata::error::{damaged, unreadable};

/// Letters of a line.
const LINE: usize = 80;

/// Where a file can be taken up again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    at: u64,
    column: usize,
}

pub(super) struct Letters {
    path: PathBuf,
    file: BufReader<File>,
    /// The next byte of the file.
    at: u64,
    /// Letters of the line so far.
    column: usize,
    /// Blanks that a short line lacks.
    blanks: usize,
}

impl Letters {
    pub(super) fn open(path: &Path) -> Result<Letters, Error> {
        let file = File::open(path).map_err(|source| unreadable(path, source))?;
        Ok(Letters {
            path: path.to_owned(),
            file: BufReader::with_capacity(1 << 18, file),
            at: 0,
            column: 0,
            blanks: 0,
        })
    }

    /// Goes to a mark.
    pub(super) fn from(path: &Path, mark: Mark) -> Result<Letters, Error> {
        let mut letters = Letters::open(path)?;
        letters
            .file
            .seek(SeekFrom::Start(mark.at))
            .map_err(|source| unreadable(path, source))?;
        letters.at = mark.at;
        letters.column = mark.column;
        Ok(letters)
    }

    /// Behind a letter that stands in the file.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            at: self.at,
            column: self.column,
        }
    }

    pub(super) fn wrong(&self, message: impl std::fmt::Display) -> Error {
        damaged(&self.path, format!("at byte {}: {message}", self.at))
    }

    fn byte(&mut self) -> Result<Option<u8>, Error> {
        let buffer = self
            .file
            .fill_buf()
            .map_err(|source| unreadable(&self.path, source))?;
        let byte = buffer.first().copied();
        if byte.is_some() {
            self.file.consume(1);
            self.at += 1;
        }
        Ok(byte)
    }

    /// The next letter; an error at the end of the file.
    pub(super) fn next(&mut self) -> Result<u8, Error> {
        loop {
            if self.blanks > 0 {
                self.blanks -= 1;
                return Ok(b' ');
            }
            match self.byte()? {
                Some(b'\r') => {}
                Some(b'\n') => {
                    self.blanks = LINE.saturating_sub(self.column);
                    self.column = 0;
                }
                Some(letter) => {
                    self.column += 1;
                    return Ok(letter);
                }
                None => return Err(self.wrong("the file ends before its mark Z")),
            }
        }
    }

    /// Refuses what stands behind the last row, but the marks and blanks that fill its line up.
    pub(super) fn only_filling_left(&mut self, fills: impl Fn(u8) -> bool) -> Result<(), Error> {
        let at = self.at;
        let mut others = 0;
        while let Some(byte) = self.byte()? {
            others += u64::from(!fills(byte) && !is_padding(&byte));
        }
        match others {
            0 => Ok(()),
            count => Err(damaged(&self.path, left_over(at, count))),
        }
    }

    pub(super) fn take(&mut self, count: usize) -> Result<Vec<u8>, Error> {
        let mut taken = Vec::new();
        for _ in 0..count {
            taken.push(self.next()?);
        }
        Ok(taken)
    }
}
