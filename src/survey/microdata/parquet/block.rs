//! Plain values as they are stored, before anything is known of their meaning.

use std::ops::Range;

use super::fault::{Fault, damaged};

// INT96 counts days by their Julian number, which is that on 1970-01-01
const JULIAN_1970: i128 = 2_440_588;
const NANOSECONDS_OF_DAY: i128 = 86_400_000_000_000;

/// The types that Parquet stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Physical {
    Truth,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    Bytes,
    Fixed(usize),
}

impl Physical {
    /// Bytes of a value, where all have as many.
    pub(super) fn size(self) -> Option<usize> {
        match self {
            Physical::Truth | Physical::Bytes => None,
            Physical::Int32 | Physical::Float => Some(4),
            Physical::Int64 | Physical::Double => Some(8),
            Physical::Int96 => Some(12),
            Physical::Fixed(size) => Some(size),
        }
    }
}

/// How values of fixed length are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    AsStored,
    /// Bytes of a whole number, the high ones first.
    BigEndian,
    /// Floating-point numbers of 16 bits.
    Half,
}

/// Some values that are there (no nulls among them).
#[derive(Debug)]
pub(crate) enum Block {
    Ints(Vec<i64>),
    Bigs(Vec<i128>),
    Floats(Vec<f64>),
    /// Where the texts stand in the bytes that were handed in.
    Texts(Vec<Range<usize>>),
}

/// Reads `count` plain values from `bytes[at..]` and moves `at` behind them.
pub(super) fn plain(
    bytes: &[u8],
    at: &mut usize,
    count: usize,
    physical: Physical,
    reading: Reading,
) -> Result<Block, Fault> {
    if physical == Physical::Bytes {
        let ranges = texts(bytes, at, count)?;
        return match reading {
            Reading::BigEndian => ranges
                .into_iter()
                .map(|range| big_endian(&bytes[range]))
                .collect::<Result<_, _>>()
                .map(Block::Bigs),
            _ => Ok(Block::Texts(ranges)),
        };
    }
    let size = physical
        .size()
        .ok_or_else(|| damaged("plain truth values where none can be"))?;
    let length = count.checked_mul(size).ok_or(Fault::Cut)?;
    let start = *at;
    let end = start.checked_add(length).ok_or(Fault::Cut)?;
    let stored = bytes.get(start..end).ok_or(Fault::Cut)?;
    *at = end;
    Ok(match physical {
        // before the readings: decimals of 32 and 64 bits are asked for as big-endian too, and stand low byte first
        Physical::Int32 => Block::Ints(each(stored, |four| i64::from(i32::from_le_bytes(four)))),
        Physical::Int64 => Block::Ints(each(stored, i64::from_le_bytes)),
        Physical::Float => Block::Floats(each(stored, |four| f64::from(f32::from_le_bytes(four)))),
        Physical::Double => Block::Floats(each(stored, f64::from_le_bytes)),
        Physical::Int96 => Block::Bigs(each(stored, nanoseconds)),
        _ if reading == Reading::Half => {
            Block::Floats(each(stored, |two| half(u16::from_le_bytes(two))))
        }
        _ if reading == Reading::BigEndian => Block::Bigs(
            stored
                .chunks_exact(size)
                .map(big_endian)
                .collect::<Result<_, _>>()?,
        ),
        _ => Block::Texts((start..end).step_by(size).map(|at| at..at + size).collect()),
    })
}

/// Appends `count` plain numbers of eight bytes from `bytes[at..]` and moves `at` behind them.
pub(super) fn doubles(
    bytes: &[u8],
    at: &mut usize,
    count: usize,
    out: &mut Vec<f64>,
) -> Result<(), Fault> {
    let length = count.checked_mul(8).ok_or(Fault::Cut)?;
    let stored = bytes.get(*at..).and_then(|rest| rest.get(..length));
    let (values, _) = stored.ok_or(Fault::Cut)?.as_chunks();
    *at += length;
    out.extend(values.iter().map(|value| f64::from_le_bytes(*value)));
    Ok(())
}

fn each<const N: usize, T>(stored: &[u8], read: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (values, _) = stored.as_chunks::<N>();
    values.iter().map(|value| read(*value)).collect()
}

fn texts(bytes: &[u8], at: &mut usize, count: usize) -> Result<Vec<Range<usize>>, Fault> {
    // a text takes four bytes at least
    let mut ranges = Vec::with_capacity(count.min(bytes.len() / 4));
    for _ in 0..count {
        let length = bytes.get(*at..).and_then(|rest| rest.first_chunk::<4>());
        let length = u32::from_le_bytes(*length.ok_or(Fault::Cut)?) as usize;
        let start = *at + 4;
        let end = start.checked_add(length).ok_or(Fault::Cut)?;
        if end > bytes.len() {
            return Err(Fault::Cut);
        }
        ranges.push(start..end);
        *at = end;
    }
    Ok(ranges)
}

/// Nanoseconds since 1970 of a nanosecond of the day and a Julian day.
fn nanoseconds(stored: [u8; 12]) -> i128 {
    let [a, b, c, d, e, f, g, h, day @ ..] = stored;
    let of_day = i64::from_le_bytes([a, b, c, d, e, f, g, h]);
    let day = i128::from(i32::from_le_bytes(day));
    (day - JULIAN_1970) * NANOSECONDS_OF_DAY + i128::from(of_day)
}

fn big_endian(stored: &[u8]) -> Result<i128, Fault> {
    let negative = stored.first().is_some_and(|byte| byte & 0x80 != 0);
    let filler = if negative { 0xff } else { 0 };
    let (beyond, kept) = stored.split_at(stored.len().saturating_sub(16));
    let mut number = [filler; 16];
    number[16 - kept.len()..].copy_from_slice(kept);
    let number = i128::from_be_bytes(number);
    // the sixteen bytes kept may begin with another sign than the whole number
    match beyond.iter().any(|byte| *byte != filler) || (number < 0) != negative {
        true => Err(damaged("a decimal has more than 128 bits")),
        false => Ok(number),
    }
}

/// A floating-point number of 16 bits (IEEE 754 binary16).
pub(crate) fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f64::from(bits & 0x3ff);
    sign * match exponent {
        // subnormal: no hidden 1 before the fraction
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves() {
        assert_eq!(half(0x3c00), 1.0);
        assert_eq!(half(0xc000), -2.0);
        assert_eq!(half(0x0001), 2f64.powi(-24));
        assert_eq!(half(0x7bff), 65_504.0);
        assert!(half(0x7e00).is_nan());
    }

    #[test]
    fn big_endian_numbers_keep_their_sign() {
        assert_eq!(big_endian(&[0xff]).unwrap(), -1);
        assert_eq!(big_endian(&[0, 0xff]).unwrap(), 255);
        assert_eq!(big_endian(&[]).unwrap(), 0);
        assert_eq!(big_endian(&[0xff; 20]).unwrap(), -1);
        assert!(big_endian(&[1; 20]).is_err());
    }

    #[test]
    fn texts_must_be_there() {
        let bytes = [1, 0, 0, 0, b'a', 9, 0, 0, 0];
        let mut at = 0;
        let found = texts(&bytes, &mut at, 1).unwrap();
        assert_eq!(found.first(), Some(&(4..5)));
        assert!(texts(&bytes, &mut at, 1).is_err());
    }
}
