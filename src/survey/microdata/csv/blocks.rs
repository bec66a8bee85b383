//! A file as blocks of whole records, in UTF-8.

use std::io::Read;

use encoding_rs::{CoderResult, Decoder, Encoding, WINDOWS_1252};

use super::record::Fields;
use super::walk::{Walked, walk};
use crate::survey::microdata::Error;
use crate::survey::microdata::decoding::packed::PackedFile;
use crate::survey::microdata::decoding::parallel::Blocks;
use crate::survey::microdata::error::damaged;

/// Bytes read at a time.
const BLOCK: usize = 4 << 20;
/// No record is longer; a quote that is never closed would otherwise take the whole file into memory.
const LONGEST: usize = 64 << 20;

/// How the bytes are to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub delimiter: u8,
    pub letters: Letters,
    /// Lines end in a carriage return alone.
    pub returns: bool,
    pub header: Header,
}

/// In what the texts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    Utf8,
    /// UTF-8 with single bytes of Windows-1252 among it: files that were put together of several.
    Mixed,
    Other(&'static Encoding),
}

/// What lies before the first respondent, in UTF-8.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Header {
    pub bytes: usize,
    pub lines: u64,
}

/// Whole records.
pub(super) struct Block {
    bytes: Vec<u8>,
    start: usize,
    pub first_row: u64,
    /// Counted from 1.
    pub first_line: u64,
    pub rows: usize,
}

impl Block {
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }
}

/// Reads a file block after block.
pub(super) struct FileBlocks {
    file: PackedFile,
    input: Input,
    layout: Layout,
    carry: Vec<u8>,
    started: bool,
    ended: bool,
    row: u64,
    line: u64,
    /// Bytes that may still be handed out.
    left: u64,
    complete: bool,
}

impl Blocks for FileBlocks {
    type Block = Block;

    fn next(&mut self) -> Result<Option<Block>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        let block = self.next_records()?;
        let read = block.as_ref().map_or(0, |block| block.bytes().len() as u64);
        self.left = self.left.saturating_sub(read);
        Ok(block)
    }
}

impl FileBlocks {
    /// Stops behind the block that reaches `most` bytes.
    pub(super) fn open(file: &PackedFile, layout: Layout, most: u64) -> Result<FileBlocks, Error> {
        Ok(FileBlocks {
            file: file.clone(),
            input: Input::open(file, layout.letters, layout.returns)?,
            layout,
            carry: Vec::new(),
            started: false,
            ended: false,
            row: 0,
            line: 1,
            left: most,
            complete: false,
        })
    }

    /// Whether the end of the file was reached.
    pub(super) fn complete(&self) -> bool {
        self.complete
    }

    fn next_records(&mut self) -> Result<Option<Block>, Error> {
        let mut bytes = std::mem::take(&mut self.carry);
        bytes.reserve(BLOCK);
        let start = self.skipped(&mut bytes)?;
        loop {
            if !self.ended {
                self.ended = self.input.fill(&mut bytes, BLOCK)?;
            }
            let content = bytes.get(start..).unwrap_or_default();
            if content.is_empty() && self.ended {
                self.complete = true;
                return Ok(None);
            }
            let measured = self.measure(content)?;
            if measured.cut > 0 {
                return Ok(Some(self.cut(bytes, start, &measured)));
            }
            if bytes.len() > LONGEST {
                let (line, most) = (self.line, LONGEST >> 20);
                return Err(damaged(
                    &self.file.path,
                    format!("line {line}: a record of over {most} MB; is a quote left open?"),
                ));
            }
        }
    }

    /// Where the records start: behind the header in the first block.
    fn skipped(&mut self, bytes: &mut Vec<u8>) -> Result<usize, Error> {
        if self.started {
            return Ok(0);
        }
        self.started = true;
        self.line += self.layout.header.lines;
        while bytes.len() < self.layout.header.bytes && !self.ended {
            self.ended = self.input.fill(bytes, BLOCK)?;
        }
        Ok(self.layout.header.bytes.min(bytes.len()))
    }

    fn cut(&mut self, mut bytes: Vec<u8>, start: usize, measured: &Walked) -> Block {
        let end = (start + measured.cut).min(bytes.len());
        // what is cut off of a record begins the next block
        self.carry = bytes.split_off(end);
        let block = Block {
            bytes,
            start,
            first_row: self.row,
            first_line: self.line,
            rows: measured.rows as usize,
        };
        self.row += measured.rows;
        self.line += measured.lines;
        block
    }

    /// How much of the bytes is whole records.
    fn measure(&self, bytes: &[u8]) -> Result<Walked, Error> {
        let cut = match self.ended {
            true => bytes.len(),
            false => bytes
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1),
        };
        let whole = bytes.get(..cut).unwrap_or_default();
        if is_plain(bytes) {
            let open_end = whole.last().is_some_and(|last| *last != b'\n');
            let lines =
                whole.iter().filter(|byte| **byte == b'\n').count() as u64 + u64::from(open_end);
            return Ok(Walked {
                cut,
                rows: lines,
                lines,
                ..Walked::default()
            });
        }
        // a line end may stand within quotes: only a walk tells which end a record
        let walked = walk(bytes, self.layout.delimiter, None, self.ended, &mut Nobody);
        walked.map_err(|wrong| damaged(&self.file.path, wrong.message(self.line, 0)))
    }
}

/// Fields that nobody wants.
pub(super) struct Nobody;

impl Fields for Nobody {
    fn field(&mut self, _: usize, _: &[u8]) {}

    fn next_column(&self) -> usize {
        usize::MAX
    }
}

fn is_plain(bytes: &[u8]) -> bool {
    let empty_line = |pair: (&u8, &u8)| *pair.0 == b'\n' && (*pair.1 == b'\n' || *pair.1 == b'\r');
    let next = bytes.get(1..).unwrap_or_default();
    // without branches the compiler takes many bytes at once
    let odd = bytes.iter().zip(next).fold(false, |odd, pair| {
        odd | (*pair.1 == b'"') | empty_line(pair)
    });
    // the first byte is no second one of a pair
    !odd && !matches!(bytes.first(), Some(b'"' | b'\n' | b'\r'))
}

/// The bytes of a file as UTF-8, without the mark at its start.
pub(super) struct Input {
    file: PackedFile,
    reader: Box<dyn Read + Send>,
    letters: Letters,
    decoder: Option<Decoder>,
    /// Carriage returns are line ends.
    returns: bool,
    /// Bytes as they stand in the file; of mixed letters, those that wait for the rest of a character.
    raw: Vec<u8>,
    started: bool,
}

impl Input {
    pub(super) fn open(file: &PackedFile, letters: Letters, returns: bool) -> Result<Input, Error> {
        Ok(Input {
            file: file.clone(),
            reader: file.reader()?,
            letters,
            decoder: match letters {
                Letters::Other(encoding) => Some(encoding.new_decoder_with_bom_removal()),
                Letters::Utf8 | Letters::Mixed => None,
            },
            returns,
            raw: Vec::new(),
            started: false,
        })
    }

    /// Up to `more` bytes of the file behind those that are there; whether the file ends.
    pub(super) fn fill(&mut self, bytes: &mut Vec<u8>, more: usize) -> Result<bool, Error> {
        let before = bytes.len();
        let ended = match self.letters {
            Letters::Other(_) => self.decoded(bytes, more)?,
            Letters::Mixed => self.mixed(bytes, more)?,
            // it reads until there are so many: fewer mean the end
            Letters::Utf8 => self.read(bytes, more)? < more,
        };
        let new = bytes.get(before..).unwrap_or_default();
        if !std::mem::replace(&mut self.started, true) && new.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(before..before + 3);
        }
        if self.returns {
            let new = bytes.get_mut(before..).unwrap_or_default();
            new.iter_mut()
                .filter(|byte| **byte == b'\r')
                .for_each(|byte| *byte = b'\n');
        }
        Ok(ended)
    }

    fn mixed(&mut self, bytes: &mut Vec<u8>, more: usize) -> Result<bool, Error> {
        let mut raw = std::mem::take(&mut self.raw);
        let read = self.read(&mut raw, more)?;
        let ended = read < more;
        let mut rest = raw.len();
        for chunk in raw.utf8_chunks() {
            bytes.extend(chunk.valid().as_bytes());
            rest -= chunk.valid().len() + chunk.invalid().len();
            let invalid = chunk.invalid();
            // what is cut off at the end may be whole with the next bytes
            let cut = rest == 0
                && !ended
                && std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none());
            match cut {
                true => self.raw.extend(invalid),
                false => bytes.extend(WINDOWS_1252.decode_without_bom_handling(invalid).0.bytes()),
            }
        }
        Ok(ended)
    }

    fn read(&mut self, bytes: &mut Vec<u8>, more: usize) -> Result<usize, Error> {
        let read = self.reader.by_ref().take(more as u64).read_to_end(bytes);
        read.map_err(|source| self.file.failed(source))
    }

    fn decoded(&mut self, bytes: &mut Vec<u8>, more: usize) -> Result<bool, Error> {
        let mut raw = std::mem::take(&mut self.raw);
        raw.clear();
        let read = self.read(&mut raw, more)?;
        let ended = read < more;
        let Some(decoder) = &mut self.decoder else {
            return Ok(ended);
        };
        let before = bytes.len();
        let room = decoder
            .max_utf8_buffer_length(raw.len())
            .unwrap_or(raw.len());
        bytes.resize(before + room, 0);
        let (result, _, written, replaced) =
            decoder.decode_to_utf8(&raw, &mut bytes[before..], ended);
        bytes.truncate(before + written);
        if replaced || result == CoderResult::OutputFull {
            let name = decoder.encoding().name();
            return Err(damaged(
                &self.file.path,
                format!("some of its bytes are no {name}"),
            ));
        }
        self.raw = raw;
        Ok(ended)
    }
}
