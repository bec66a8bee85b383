//! What stands behind the data of a Stata file: long strings and the labels of values.

use std::collections::HashMap;

use super::head::{Head, expect};
use crate::survey::microdata::Error;
use crate::survey::microdata::decoding::bytes::Bytes;

/// Labels by the name of their set, each with the number as stored and its text up to a zero byte if it has one.
pub(super) type LabelSets = HashMap<Vec<u8>, Vec<(i32, Vec<u8>)>>;

/// The long strings, by what stands in the data for them.
#[derive(Default)]
pub(super) struct Strings {
    places: HashMap<(u64, u64), (usize, usize)>,
    texts: Vec<u8>,
}

impl Strings {
    pub(super) fn get(&self, variable: u64, row: u64) -> &[u8] {
        match self.places.get(&(variable, row)) {
            Some((start, end)) => self.texts.get(*start..*end).unwrap_or_default(),
            None => &[],
        }
    }
}

/// Labels of a set that share their texts may come to so many bytes.
const LONGEST: u64 = 16 << 20;

/// Reads all long strings into memory.
pub(super) fn strings(bytes: &mut Bytes, head: &Head, at: u64) -> Result<Strings, Error> {
    bytes.seek(at)?;
    expect(bytes, "<strls>")?;
    let mut strings = Strings::default();
    loop {
        match bytes.array::<3>()?.as_slice() {
            b"GSO" => {}
            b"</s" => return Ok(strings),
            _ => return Err(bytes.wrong("GSO or </strls> should stand before here")),
        }
        let variable = u64::from(bytes.u32()?);
        let row = match head.release {
            117 => u64::from(bytes.u32()?),
            _ => bytes.u64()?,
        };
        // whether it is a text, which ends with a zero byte, or any bytes
        bytes.skip(1)?;
        let length = u64::from(bytes.u32()?);
        let text = bytes.take(length)?;
        let start = strings.texts.len();
        strings.texts.extend_from_slice(&text);
        strings
            .places
            .insert((variable, row), (start, strings.texts.len()));
    }
}

/// Reads the label sets.
pub(super) fn label_sets(bytes: &mut Bytes, head: &Head) -> Result<LabelSets, Error> {
    let mut sets = LabelSets::new();
    bytes.seek(head.labels)?;
    if head.release < 108 {
        return old_label_sets(bytes);
    }
    let tagged = head.release >= 117;
    if tagged {
        expect(bytes, "<value_labels>")?;
    }
    let name_bytes = match head.release {
        ..110 => 9,
        110..118 => 33,
        118.. => 129,
    };
    loop {
        if tagged {
            match bytes.array::<5>()?.as_slice() {
                b"<lbl>" => {}
                b"</val" => {
                    expect(bytes, "ue_labels></stata_dta>")?;
                    bytes.only_padding_left()?;
                    return Ok(sets);
                }
                _ => return Err(bytes.wrong("<lbl> or </value_labels> should stand before here")),
            }
        } else if bytes.left() < 4 + name_bytes + 3 + 8 {
            bytes.only_padding_left()?;
            return Ok(sets);
        }
        let length = bytes.count(1)?;
        let name = super::head::cut(bytes.take(name_bytes)?);
        bytes.skip(3)?;
        let end = bytes.at().saturating_add(length);
        let labels = labels(bytes, end)?;
        sets.insert(name, labels);
        bytes.seek(end)?;
        if tagged {
            expect(bytes, "</lbl>")?;
        }
    }
}

/// The label sets of Stata 1 to 5: a set has small numbers and labels of 8 bytes.
fn old_label_sets(bytes: &mut Bytes) -> Result<LabelSets, Error> {
    const HEAD: u64 = 2 + 10;
    let mut sets = LabelSets::new();
    while bytes.left() >= HEAD {
        let count = u64::from(bytes.u16()?);
        let name = super::head::cut(bytes.take(9)?);
        bytes.skip(1)?;
        if count * 10 > bytes.left() {
            return Err(bytes.wrong(format!(
                "{count} labels are announced, the file is too short for them"
            )));
        }
        let numbers = (0..count)
            .map(|_| Ok(i32::from(bytes.u16()? as i16)))
            .collect::<Result<Vec<i32>, Error>>()?;
        let mut labels = Vec::new();
        for number in numbers {
            labels.push((number, bytes.take(8)?));
        }
        sets.insert(name, labels);
    }
    bytes.only_padding_left()?;
    Ok(sets)
}

fn labels(bytes: &mut Bytes, end: u64) -> Result<Vec<(i32, Vec<u8>)>, Error> {
    let count = bytes.count(8)?;
    let length = bytes.count(1)?;
    let offsets = (0..count)
        .map(|_| bytes.u32())
        .collect::<Result<Vec<u32>, Error>>()?;
    let values = (0..count)
        .map(|_| bytes.i32())
        .collect::<Result<Vec<i32>, Error>>()?;
    if bytes.at().saturating_add(length) > end {
        return Err(bytes.wrong(format!(
            "{length} bytes of labels are announced, the set is too short for them"
        )));
    }
    let texts = bytes.take(length)?;
    let text = |offset: u32| {
        let rest = texts.get(offset as usize..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == 0);
        rest.get(..end.map_or(rest.len(), |end| end + 1))
            .unwrap_or_default()
    };
    let (mut labels, mut total) = (Vec::new(), 0);
    for (value, offset) in values.into_iter().zip(offsets) {
        let label = text(offset);
        total += label.len() as u64;
        if total > length.max(LONGEST) {
            return Err(bytes.wrong("the labels of a set overlap"));
        }
        labels.push((value, label.to_vec()));
    }
    Ok(labels)
}
