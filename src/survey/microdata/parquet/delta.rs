//! The rarer encodings, rewritten as plain values: differences of numbers, of lengths and of texts, and split bytes.

use super::block::Physical;
use super::fault::{Fault, damaged};
use super::runs::varint;

/// No page becomes larger than that when it is rewritten.
const LARGEST: usize = 512 << 20;

/// Numbers given by their differences (DELTA_BINARY_PACKED), as plain values.
pub(super) fn numbers(bytes: &[u8], physical: Physical) -> Result<Vec<u8>, Fault> {
    let mut at = 0;
    let numbers = differences(bytes, &mut at)?;
    match physical {
        Physical::Int32 => Ok(numbers
            .iter()
            // a writer may let differences wrap at 32 bits: the low half is right all the same
            .flat_map(|number| (*number as i32).to_le_bytes())
            .collect()),
        Physical::Int64 => Ok(numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect()),
        _ => Err(damaged("differences of what is no whole number")),
    }
}

/// Texts behind the differences of their lengths (DELTA_LENGTH_BYTE_ARRAY), as plain values.
pub(super) fn lengths(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut at = 0;
    let lengths = differences(bytes, &mut at)?;
    let mut out = Vec::new();
    for length in lengths {
        put(&mut out, &[], slice(bytes, &mut at, length)?)?;
    }
    Ok(out)
}

/// Texts of which the beginning of the one before is left out (DELTA_BYTE_ARRAY), as plain values.
pub(super) fn beginnings(bytes: &[u8], physical: Physical) -> Result<Vec<u8>, Fault> {
    let mut at = 0;
    let shared = differences(bytes, &mut at)?;
    let lengths = differences(bytes, &mut at)?;
    if shared.len() != lengths.len() {
        return Err(damaged("as many beginnings as ends are needed"));
    }
    let mut out: Vec<u8> = Vec::new();
    let mut before = 0..0;
    for (shared, length) in shared.into_iter().zip(lengths) {
        let end = slice(bytes, &mut at, length)?;
        let beginning = usize::try_from(shared)
            .ok()
            .and_then(|shared| out.get(before.clone())?.get(..shared))
            .ok_or_else(|| damaged("a text shares more than the one before has"))?
            .to_vec();
        put(&mut out, &beginning, end)?;
        before = out.len() - beginning.len() - end.len()..out.len();
    }
    match physical {
        Physical::Bytes => Ok(out),
        Physical::Fixed(size) => without_lengths(&out, size),
        _ => Err(damaged("beginnings of what is no text")),
    }
}

/// Values of which the first bytes stand together, then the second ones and so on (BYTE_STREAM_SPLIT), as plain values.
pub(super) fn streams(bytes: &[u8], physical: Physical) -> Result<Vec<u8>, Fault> {
    let size = physical
        .size()
        .ok_or_else(|| damaged("split bytes of values without a size"))?;
    let count = bytes.len() / size;
    let mut out = vec![0; count * size];
    for (place, stream) in bytes.chunks_exact(count.max(1)).take(size).enumerate() {
        for (value, byte) in out.chunks_exact_mut(size).zip(stream) {
            value[place] = *byte;
        }
    }
    Ok(out)
}

fn put(out: &mut Vec<u8>, beginning: &[u8], end: &[u8]) -> Result<(), Fault> {
    let length = beginning.len() + end.len();
    // shared beginnings are written out: a small page can ask for a large one
    if out.len() + length > LARGEST {
        return Err(damaged("a page of texts is too large"));
    }
    out.extend_from_slice(&u32::try_from(length).map_err(|_| Fault::Cut)?.to_le_bytes());
    out.extend_from_slice(beginning);
    out.extend_from_slice(end);
    Ok(())
}

fn without_lengths(out: &[u8], size: usize) -> Result<Vec<u8>, Fault> {
    let mut fixed = Vec::with_capacity(out.len());
    for value in out.chunks(size + 4) {
        match value.split_first_chunk::<4>() {
            Some((length, value)) if u32::from_le_bytes(*length) as usize == size => {
                fixed.extend_from_slice(value);
            }
            _ => return Err(damaged("a value has another length than its column")),
        }
    }
    Ok(fixed)
}

fn slice<'a>(bytes: &'a [u8], at: &mut usize, length: i64) -> Result<&'a [u8], Fault> {
    let length = usize::try_from(length).map_err(|_| damaged("a text of negative length"))?;
    let end = at.checked_add(length).ok_or(Fault::Cut)?;
    let found = bytes.get(*at..end).ok_or(Fault::Cut)?;
    *at = end;
    Ok(found)
}

/// Blocks of bit-packed differences.
fn differences(bytes: &[u8], at: &mut usize) -> Result<Vec<i64>, Fault> {
    let block = size(bytes, at)?;
    let parts = size(bytes, at)?;
    let count = size(bytes, at)?;
    let mut value = zigzag(bytes, at)?;
    // differences of no bits take no bytes: what is there is no bound
    if count > LARGEST / 8 {
        return Err(damaged(format!("a page of {count} differences")));
    }
    // the format asks for multiples of 32 values a part; whole bytes need no more than 8
    if parts == 0 || !block.is_multiple_of(parts) || block / parts % 8 != 0 || block > 1 << 20 {
        return Err(damaged(format!("differences in {parts} parts of {block}")));
    }
    let mut out = Vec::new();
    if count > 0 {
        out.push(value);
    }
    while out.len() < count {
        let least = zigzag(bytes, at)?;
        let widths = at.checked_add(parts).and_then(|end| bytes.get(*at..end));
        let widths = widths.ok_or(Fault::Cut)?;
        *at += parts;
        for width in widths {
            let left = count - out.len();
            // the widths of parts that are not needed stand there still, and may be anything
            if left == 0 {
                break;
            }
            let width = usize::from(*width);
            let packed = slice(bytes, at, (block / parts / 8 * width) as i64)?;
            for place in 0..left.min(block / parts) {
                let difference = bits(packed, place * width, width)?;
                value = value.wrapping_add(least).wrapping_add(difference);
                out.push(value);
            }
        }
    }
    Ok(out)
}

/// `width` bits from the `from`th on.
fn bits(packed: &[u8], from: usize, width: usize) -> Result<i64, Fault> {
    if width > 64 {
        return Err(damaged(format!("differences of {width} bits")));
    }
    // 64 bits that begin within a byte reach into a ninth one
    let mut word = [0; 16];
    let there = &packed[(from / 8).min(packed.len())..];
    let length = there.len().min(16);
    word[..length].copy_from_slice(&there[..length]);
    let word = u128::from_le_bytes(word) >> (from % 8);
    Ok((word & ((1 << width) - 1)) as u64 as i64)
}

fn size(bytes: &[u8], at: &mut usize) -> Result<usize, Fault> {
    usize::try_from(varint(bytes, at)?).map_err(|_| Fault::Cut)
}

fn zigzag(bytes: &[u8], at: &mut usize) -> Result<i64, Fault> {
    let raw = varint(bytes, at)?;
    Ok((raw >> 1) as i64 ^ -((raw & 1) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_format() {
        // 7, 5, 3, 1, 2, 3, 4, 5: differences -2 -2 -2 1 1 1 1, least -2, the rest in two bits
        let mut bytes = vec![128, 1, 4, 8, 14, 3, 2, 0, 0, 0];
        bytes.extend([0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0]);
        let plain = numbers(&bytes, Physical::Int32).unwrap();
        let found: Vec<i32> = plain
            .chunks_exact(4)
            .map(|four| i32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        assert_eq!(found, [7, 5, 3, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn hostile_counts_are_refused() {
        assert!(numbers(&[128, 1, 4, 255, 255, 255, 255, 15, 0], Physical::Int64).is_err());
        assert!(numbers(&[128, 1, 0, 8, 0], Physical::Int64).is_err());
        assert!(lengths(&[128, 1, 4, 1, 1]).is_err());
    }

    #[test]
    fn split_bytes_come_together() {
        let plain = streams(&[1, 2, 0, 0, 0, 0, 0, 0], Physical::Int32).unwrap();
        assert_eq!(plain, [1, 0, 0, 0, 2, 0, 0, 0]);
        assert!(streams(&[], Physical::Double).unwrap().is_empty());
    }
}
