//! The header of a page.

use super::fault::{Fault, damaged};
use super::thrift::Thrift;
use super::thrift::truth;

/// What a page header says.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    pub(super) kind: PageKind,
    /// Bytes of the page in the file.
    pub(super) packed: usize,
    /// Bytes once uncompressed.
    pub(super) unpacked: usize,
    /// The CRC-32 of the bytes in the file, where the writer left one.
    pub(super) checksum: Option<u32>,
}

#[derive(Debug, PartialEq)]
pub(super) enum PageKind {
    Dictionary {
        values: usize,
    },
    Data(DataHeader),
    /// Nothing that is needed here.
    Other,
}

#[derive(Debug, Default, PartialEq)]
pub(super) struct DataHeader {
    /// Entries with the nulls among them.
    pub(super) values: usize,
    pub(super) encoding: i64,
    pub(super) level_encoding: i64,
    /// Version 2: levels before the values, never compressed.
    pub(super) split: Option<Split>,
}

/// Lengths in a page of version 2.
#[derive(Debug, PartialEq)]
pub(super) struct Split {
    pub(super) repetition: usize,
    pub(super) definition: usize,
    pub(super) compressed: bool,
}

/// Reads a header from the start of `bytes`; also how long it is.
pub(super) fn read(bytes: &[u8]) -> Result<(Header, usize), Fault> {
    let mut thrift = Thrift::new(bytes);
    let (mut kind, mut packed, mut unpacked, mut checksum) = (-1, None, None, None);
    let (mut first, mut second, mut dictionary) = (None, None, None);
    thrift.fields(|thrift, tag| {
        match tag.id {
            1 => kind = thrift.int()?,
            2 => unpacked = Some(size(thrift)?),
            3 => packed = Some(size(thrift)?),
            // a signed number in the format, whose bits are the checksum
            4 => checksum = Some(thrift.int()? as u32),
            5 => first = Some(version_1(thrift)?),
            7 => dictionary = Some(count(thrift)?),
            8 => second = Some(version_2(thrift)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let kind = match kind {
        0 => first.map(PageKind::Data),
        1 => Some(PageKind::Other),
        2 => dictionary.map(|values| PageKind::Dictionary { values }),
        3 => second.map(PageKind::Data),
        other => return Err(damaged(format!("no page has the type {other}"))),
    };
    match (kind, packed, unpacked) {
        (Some(kind), Some(packed), Some(unpacked)) => Ok((
            Header {
                kind,
                packed,
                unpacked,
                checksum,
            },
            thrift.position(),
        )),
        _ => Err(damaged("a page header lacks what it must have")),
    }
}

/// Sizes and counts of pages are 32-bit numbers.
fn size(thrift: &mut Thrift) -> Result<usize, Fault> {
    let size = thrift.size()?;
    match i32::try_from(size) {
        Ok(size) => Ok(size.unsigned_abs() as usize),
        Err(_) => Err(damaged(format!("a page header says a size of {size}"))),
    }
}

fn count(thrift: &mut Thrift) -> Result<usize, Fault> {
    let mut values = 0;
    thrift.fields(|thrift, tag| {
        if tag.id == 1 {
            values = size(thrift)?;
        }
        Ok(tag.id == 1)
    })?;
    Ok(values)
}

fn version_1(thrift: &mut Thrift) -> Result<DataHeader, Fault> {
    let mut header = DataHeader::default();
    thrift.fields(|thrift, tag| {
        match tag.id {
            1 => header.values = size(thrift)?,
            2 => header.encoding = thrift.int()?,
            3 => header.level_encoding = thrift.int()?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(header)
}

fn version_2(thrift: &mut Thrift) -> Result<DataHeader, Fault> {
    let mut header = DataHeader::default();
    let (mut repetition, mut definition, mut compressed) = (0, 0, true);
    thrift.fields(|thrift, tag| {
        match tag.id {
            1 => header.values = size(thrift)?,
            4 => header.encoding = thrift.int()?,
            5 => definition = size(thrift)?,
            6 => repetition = size(thrift)?,
            7 => compressed = truth(tag.kind),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    // runs, the only encoding that levels of version 2 may have
    header.level_encoding = 3;
    header.split = Some(Split {
        repetition,
        definition,
        compressed,
    });
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A data page of version 1: sizes, then count, encoding and the encodings of levels, as zigzag numbers.
    fn page(unpacked: &[u8]) -> Vec<u8> {
        let rest = [0x15, 8, 0x2c, 0x15, 6, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0];
        [&[0x15, 0, 0x15], unpacked, &rest].concat()
    }

    #[test]
    fn a_header_of_version_1() {
        let bytes = page(&[20]);
        let (header, length) = read(&bytes).unwrap();
        assert_eq!(length, bytes.len());
        assert_eq!((header.packed, header.unpacked), (4, 10));
        let PageKind::Data(data) = header.kind else {
            panic!("no data page");
        };
        assert_eq!((data.values, data.encoding, data.level_encoding), (3, 0, 3));
    }

    #[test]
    fn what_a_header_must_not_say() {
        for unpacked in [&[1][..], &[0xff, 0xff, 0xff, 0xff, 0x7f], &[0xff; 11]] {
            assert!(matches!(read(&page(unpacked)), Err(Fault::Damaged(_))));
        }
        for length in 0..page(&[20]).len() {
            assert!(matches!(read(&page(&[20])[..length]), Err(Fault::Cut)));
        }
    }
}
