//! The records of an SPSS file before its data.

use crate::survey::microdata::Error;
use crate::survey::microdata::decoding::bytes::Bytes;

/// What the head of a file says, still in its own encoding.
#[derive(Default)]
pub(super) struct Dictionary {
    pub compression: i32,
    pub rows: Option<u64>,
    /// The unit of the variable that SPSS weights by, counted from 1; 0 for none.
    pub weight: u32,
    pub bias: f64,
    pub title: Vec<u8>,
    pub records: Vec<Record>,
    /// 8-byte units of a row.
    pub slots: usize,
    pub label_sets: Vec<LabelSet>,
    /// Lines of 80 bytes.
    pub documents: Vec<Vec<u8>>,
    /// By subtype, in the order of the file.
    pub extensions: Vec<Extension>,
    pub data_start: u64,
    pub big_endian: bool,
}

/// A variable, or a piece of a very long string.
pub(super) struct Record {
    /// 0 for numbers, otherwise the bytes of a string.
    pub width: usize,
    /// Its first 8-byte unit in a row.
    pub slot: usize,
    pub name: Vec<u8>,
    pub label: Option<Vec<u8>>,
    /// The number of missing values; -2 for a range, -3 for a range and a value.
    pub missing_kind: i32,
    pub missing: Vec<[u8; 8]>,
    /// The format to print it in: a type, a width, decimals.
    pub print: u32,
    pub write: u32,
}

pub(super) struct LabelSet {
    pub labels: Vec<([u8; 8], Vec<u8>)>,
    /// Units, counted from 1.
    pub slots: Vec<u32>,
}

pub(super) struct Extension {
    pub subtype: i32,
    pub data: Vec<u8>,
}

impl Dictionary {
    pub(super) fn extension(&self, subtype: i32) -> Option<&Extension> {
        self.extensions
            .iter()
            .find(|extension| extension.subtype == subtype)
    }
}

/// Reads the head up to the data.
pub(super) fn read(bytes: &mut Bytes) -> Result<Dictionary, Error> {
    let mut dictionary = header(bytes)?;
    loop {
        match bytes.i32()? {
            2 => variable(bytes, &mut dictionary)?,
            3 => labels(bytes, &mut dictionary)?,
            6 => {
                let lines = bytes.count(80)?;
                for _ in 0..lines {
                    dictionary.documents.push(bytes.take(80)?);
                }
            }
            7 => extension(bytes, &mut dictionary)?,
            999 => {
                bytes.skip(4)?;
                break;
            }
            other => return Err(bytes.wrong(format!("there is no record of type {other}"))),
        }
    }
    if dictionary.records.is_empty() {
        return Err(bytes.wrong("the file has no variables"));
    }
    dictionary.data_start = bytes.at();
    dictionary.big_endian = bytes.big_endian;
    Ok(dictionary)
}

fn header(bytes: &mut Bytes) -> Result<Dictionary, Error> {
    bytes.skip(64)?;
    let layout: [u8; 4] = bytes.array()?;
    bytes.big_endian = match (u32::from_le_bytes(layout), u32::from_be_bytes(layout)) {
        (2 | 3, _) => false,
        (_, 2 | 3) => true,
        (other, _) => return Err(bytes.wrong(format!("the layout code is {other}, not 2 or 3"))),
    };
    // the size of a row stands here; writers disagree on it, the variables say it too
    bytes.skip(4)?;
    let compression = bytes.i32()?;
    if !(0..=2).contains(&compression) {
        return Err(bytes.wrong(format!("there is no compression {compression}")));
    }
    let weight = bytes.u32()?;
    let rows = u64::try_from(bytes.i32()?).ok();
    let bias = bytes.f64()?;
    // when it was written
    bytes.skip(17)?;
    let title = bytes.take(64)?;
    bytes.skip(3)?;
    Ok(Dictionary {
        compression,
        rows,
        weight,
        bias,
        title,
        ..Dictionary::default()
    })
}

fn variable(bytes: &mut Bytes, dictionary: &mut Dictionary) -> Result<(), Error> {
    let width = bytes.i32()?;
    let labelled = bytes.i32()?;
    let missing_kind = bytes.i32()?;
    let print = bytes.u32()?;
    let write = bytes.u32()?;
    let name = bytes.take(8)?;
    let label = match labelled {
        0 => None,
        _ => {
            let length = bytes.count(1)?;
            let label = bytes.take(length)?;
            bytes.skip(length.next_multiple_of(4) - length)?;
            Some(label)
        }
    };
    if !(-3..=3).contains(&missing_kind) || missing_kind == -1 {
        return Err(bytes.wrong(format!(
            "{missing_kind} missing values are announced for a variable"
        )));
    }
    let missing = (0..missing_kind.unsigned_abs())
        .map(|_| bytes.array())
        .collect::<Result<_, Error>>()?;
    let slot = dictionary.slots;
    dictionary.slots += 1;
    match width {
        // a further unit of the string before, and no variable
        -1 => return Ok(()),
        0..=255 => {}
        _ => return Err(bytes.wrong(format!("a string of {width} bytes is announced"))),
    }
    dictionary.records.push(Record {
        width: width as usize,
        slot,
        name,
        label,
        missing_kind,
        missing,
        print,
        write,
    });
    Ok(())
}

fn labels(bytes: &mut Bytes, dictionary: &mut Dictionary) -> Result<(), Error> {
    let count = bytes.count(16)?;
    let mut labels = Vec::new();
    for _ in 0..count {
        let value = bytes.array()?;
        let length = u64::from(bytes.u8()?);
        let label = bytes.take(length)?;
        // the length and the label together fill units of 8 bytes
        bytes.skip((length + 1).next_multiple_of(8) - length - 1)?;
        labels.push((value, label));
    }
    let next = bytes.i32()?;
    if next != 4 {
        return Err(bytes.wrong(format!(
            "value labels are followed by a record of type {next}, not 4"
        )));
    }
    let count = bytes.count(4)?;
    let slots = (0..count)
        .map(|_| bytes.u32())
        .collect::<Result<_, Error>>()?;
    dictionary.label_sets.push(LabelSet { labels, slots });
    Ok(())
}

fn extension(bytes: &mut Bytes, dictionary: &mut Dictionary) -> Result<(), Error> {
    let subtype = bytes.i32()?;
    let size = u64::from(bytes.u32()?);
    let count = u64::from(bytes.u32()?);
    let length = size
        .checked_mul(count)
        .ok_or_else(|| bytes.wrong("an extension is longer than any file"))?;
    let data = bytes.take(length)?;
    dictionary.extensions.push(Extension { subtype, data });
    Ok(())
}
