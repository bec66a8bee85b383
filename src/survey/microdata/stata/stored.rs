//! Numbers as they stand in the rows of a Stata file, for the writer.

use super::{BYTE, DOUBLE, DOUBLE_STEP, FLOAT, FLOAT_STEP, INT, LONG, converted};
use crate::survey::microdata::{Kind, Storage};

/// The plain missing value of a label; the letters follow it.
pub(crate) const LETTERS: i32 = LONG.base;

/// A number or a missing value; `None` is the plain one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stored {
    Number(f64),
    Letter(Option<u8>),
}

/// The number of a letter among labels.
pub(crate) fn letter_code(letter: u8) -> i32 {
    LETTERS + above(Some(letter)) as i32
}

/// 1 for `a`, 0 for none.
fn above(letter: Option<u8>) -> u8 {
    letter.map_or(0, |letter| letter.saturating_sub(b'a' - 1).min(26))
}

/// What the reader makes this number of: days from 1960, or milliseconds.
pub(crate) fn stored(kind: Kind, number: f64) -> f64 {
    let exact = match kind {
        Kind::Number | Kind::Text => return number,
        Kind::Date => number + super::CALENDAR,
        Kind::DateTime => (number + super::CALENDAR * 86_400.0) * 1000.0,
    };
    // the detour over 1970 costs a bit now and then, and what was recorded is whole
    match converted(kind, exact.round()) == number {
        true => exact.round(),
        false => exact,
    }
}

/// Appends a number in little-endian order.
pub(crate) fn put(storage: Storage, cell: Stored, into: &mut Vec<u8>) {
    match (storage, cell) {
        (Storage::Byte, Stored::Number(number)) => into.extend((number as i8).to_le_bytes()),
        (Storage::Int, Stored::Number(number)) => into.extend((number as i16).to_le_bytes()),
        (Storage::Long, Stored::Number(number)) => into.extend((number as i32).to_le_bytes()),
        (Storage::Float, Stored::Number(number)) => into.extend((number as f32).to_le_bytes()),
        (_, Stored::Number(number)) => into.extend(number.to_le_bytes()),
        (storage, Stored::Letter(letter)) => missing(storage, above(letter), into),
    }
}

fn missing(storage: Storage, above: u8, into: &mut Vec<u8>) {
    match storage {
        Storage::Byte => into.extend((BYTE.base as i8 + above as i8).to_le_bytes()),
        Storage::Int => into.extend((INT.base as i16 + i16::from(above)).to_le_bytes()),
        Storage::Long => into.extend((LONG.base + i32::from(above)).to_le_bytes()),
        Storage::Float => into.extend((FLOAT + u32::from(above) * FLOAT_STEP).to_le_bytes()),
        _ => into.extend((DOUBLE + u64::from(above) * DOUBLE_STEP).to_le_bytes()),
    }
}
