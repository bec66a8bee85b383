//! Thrift's compact protocol, as far as Parquet's footer and page headers need it. Never allocates by a length it reads.

use super::fault::{Fault, damaged};

/// Type numbers of the protocol.
pub(super) const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
pub(super) const I32: u8 = 5;
pub(super) const I64: u8 = 6;
const DOUBLE: u8 = 7;
pub(super) const BINARY: u8 = 8;
pub(super) const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
pub(super) const STRUCT: u8 = 12;

/// Structures within structures that are skipped; the format itself has four at most.
const DEEPEST: usize = 16;

/// A place in the bytes of a message.
pub(super) struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// A field of a structure: its number and the type number of its value.
#[derive(Clone, Copy)]
pub(super) struct Tag {
    pub(super) id: i16,
    pub(super) kind: u8,
}

impl<'a> Thrift<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Thrift<'a> {
        Thrift { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let byte = self.bytes.get(self.at).copied().ok_or_else(cut)?;
        self.at += 1;
        Ok(byte)
    }

    fn varint(&mut self) -> Result<u64, Fault> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(damaged("a number in a header never ends"))
    }

    /// A whole number of any width.
    pub(super) fn int(&mut self) -> Result<i64, Fault> {
        let raw = self.varint()?;
        Ok((raw >> 1) as i64 ^ -((raw & 1) as i64))
    }

    /// A count or size, which is never negative.
    pub(super) fn size(&mut self) -> Result<u64, Fault> {
        let value = self.int()?;
        u64::try_from(value).map_err(|_| damaged(format!("a header says a size of {value}")))
    }

    pub(super) fn binary(&mut self) -> Result<&'a [u8], Fault> {
        let length = usize::try_from(self.varint()?).map_err(|_| cut())?;
        let end = self.at.checked_add(length).ok_or_else(cut)?;
        let bytes = self.bytes.get(self.at..end).ok_or_else(cut)?;
        self.at = end;
        Ok(bytes)
    }

    pub(super) fn text(&mut self) -> Result<String, Fault> {
        let bytes = self.binary()?;
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("a name is not UTF-8"))?;
        Ok(text.to_owned())
    }

    /// Calls `each` for every field. Says it `false`, the field is skipped.
    pub(super) fn fields(
        &mut self,
        mut each: impl FnMut(&mut Self, Tag) -> Result<bool, Fault>,
    ) -> Result<(), Fault> {
        let mut id = 0i16;
        while let Some(tag) = self.tag(&mut id)? {
            if !each(self, tag)? {
                self.skip(tag.kind, 0)?;
            }
        }
        Ok(())
    }

    fn tag(&mut self, last: &mut i16) -> Result<Option<Tag>, Fault> {
        let head = self.byte()?;
        if head == 0 {
            return Ok(None);
        }
        *last = match head >> 4 {
            // too far from the last number for four bits: it stands there itself
            0 => i16::try_from(self.int()?).map_err(|_| damaged("a field number out of range"))?,
            step => last.wrapping_add(i16::from(step)),
        };
        Ok(Some(Tag {
            id: *last,
            kind: head & 0x0f,
        }))
    }

    /// Calls `each` for every structure of a list.
    pub(super) fn structures(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let (count, kind) = self.list()?;
        if kind != STRUCT && count > 0 {
            return Err(damaged("a list in a header holds something else"));
        }
        (0..count).try_for_each(|_| each(self))
    }

    /// Number of entries and their type. An entry takes a byte at least, so that the count is bounded by what is there.
    fn list(&mut self) -> Result<(usize, u8), Fault> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.varint()?,
            few => u64::from(few),
        };
        match usize::try_from(count) {
            Ok(count) if count <= self.bytes.len() - self.at => Ok((count, head & 0x0f)),
            _ => Err(cut()),
        }
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Result<(), Fault> {
        if depth > DEEPEST {
            return Err(damaged("a header is nested too deep"));
        }
        match kind {
            TRUE | FALSE => {}
            BYTE => drop(self.byte()?),
            I16 | I32 | I64 => drop(self.varint()?),
            DOUBLE => {
                for _ in 0..8 {
                    self.byte()?;
                }
            }
            BINARY => drop(self.binary()?),
            LIST | SET => {
                let (count, kind) = self.list()?;
                (0..count).try_for_each(|_| self.skip_entry(kind, depth))?;
            }
            MAP => self.skip_map(depth)?,
            STRUCT => {
                let mut id = 0;
                while let Some(tag) = self.tag(&mut id)? {
                    self.skip(tag.kind, depth + 1)?;
                }
            }
            other => return Err(damaged(format!("a header has a field of type {other}"))),
        }
        Ok(())
    }

    /// Truth values take a byte in lists and maps, none in fields.
    fn skip_entry(&mut self, kind: u8, depth: usize) -> Result<(), Fault> {
        match kind {
            TRUE | FALSE => self.byte().map(drop),
            kind => self.skip(kind, depth + 1),
        }
    }

    fn skip_map(&mut self, depth: usize) -> Result<(), Fault> {
        let count = self.varint()?;
        // an empty map has no byte of types
        if count == 0 {
            return Ok(());
        }
        let kinds = self.byte()?;
        if count > (self.bytes.len() - self.at) as u64 {
            return Err(cut());
        }
        for _ in 0..count {
            self.skip_entry(kinds >> 4, depth)?;
            self.skip_entry(kinds & 0x0f, depth)?;
        }
        Ok(())
    }
}

/// The one fault that more bytes may cure.
fn cut() -> Fault {
    Fault::Cut
}

/// Whether a truth value in a field is true.
pub(super) fn truth(kind: u8) -> bool {
    kind == TRUE
}
