//! Arrow arrays as columns of a batch.

use std::ops::Range;

use super::schema::Storage;
use crate::survey::microdata::parquet::block::half;
use crate::survey::microdata::parquet::fault::{Fault, damaged};
use crate::survey::microdata::parquet::levels::{Levels, coded, numbers_of_codes};
use crate::survey::microdata::parquet::shape::{Shape, value_of_float};
use crate::survey::microdata::{Column, MissingValues, Value, View};

const MILLISECONDS_OF_DAY: i64 = 86_400_000;

/// The values of a column in a record batch.
#[derive(Debug)]
pub(super) struct Array {
    storage: Storage,
    rows: usize,
    /// A bit for each row that is there; empty where all are.
    validity: Vec<u8>,
    buffers: Vec<Vec<u8>>,
}

impl Array {
    /// The buffers as the format has them, that of validity first.
    ///
    /// # Errors
    /// Buffers that are too short for so many rows or too long, and others than so many `nulls`.
    pub(super) fn new(
        storage: Storage,
        rows: usize,
        nulls: Option<u64>,
        mut buffers: Vec<Vec<u8>>,
    ) -> Result<Array, Fault> {
        let validity = match buffers.is_empty() {
            true => Vec::new(),
            false => buffers.remove(0),
        };
        let array = Array {
            storage,
            rows,
            validity,
            buffers,
        };
        let bytes = match storage {
            Storage::Nothing | Storage::Other => return Ok(array),
            Storage::Bits => Some(rows.div_ceil(8)),
            Storage::Int { width, .. } | Storage::Float { width } => rows.checked_mul(width),
            Storage::Milliseconds => rows.checked_mul(8),
            Storage::Fixed { length } => rows.checked_mul(length),
            Storage::Bytes { large } => {
                let width = if large { 8 } else { 4 };
                rows.checked_add(1).and_then(|n| n.checked_mul(width))
            }
            Storage::Views => rows.checked_mul(16),
        };
        let bytes = bytes.ok_or(Fault::Cut)?;
        let valid = array.validity.is_empty() || array.validity.len() >= rows.div_ceil(8);
        // an array without rows may lack even the place of its end
        if !valid || rows > 0 && array.values().len() < bytes {
            return Err(Fault::Cut);
        }
        // bits are not cut to the rows by every writer
        let behind = match storage {
            Storage::Bits => &[],
            _ => array.values().get(bytes..).unwrap_or(&[]),
        };
        if !is_padding(behind) {
            return Err(damaged(format!(
                "{} bytes are left over behind its {rows} rows",
                behind.len()
            )));
        }
        array.check_nulls(nulls)?;
        Ok(array)
    }

    fn check_nulls(&self, announced: Option<u64>) -> Result<(), Fault> {
        let nulls = match self.validity.is_empty() {
            true => 0,
            false => (0..self.rows).filter(|row| self.is_null(*row)).count(),
        };
        match announced {
            Some(announced) if announced != nulls as u64 => Err(damaged(format!(
                "{announced} nulls are announced, and {nulls} are there"
            ))),
            _ => Ok(()),
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    fn is_null(&self, row: usize) -> bool {
        match self.storage {
            Storage::Nothing | Storage::Other => true,
            _ => !self.validity.is_empty() && !bit(&self.validity, row),
        }
    }

    fn values(&self) -> &[u8] {
        self.buffers.first().map_or(&[], Vec::as_slice)
    }

    /// Values of that width, which the array has as many of as rows.
    fn entries<const N: usize>(&self) -> &[[u8; N]] {
        self.values().as_chunks().0
    }

    /// A whole number of up to 64 bits.
    fn int(&self) -> Box<dyn Fn(usize) -> i64 + '_> {
        match self.storage {
            Storage::Bits => {
                let bits = self.values();
                Box::new(|row| i64::from(bit(bits, row)))
            }
            Storage::Int { width, signed } => match (width, signed) {
                (1, true) => self.whole(|bytes| i64::from(i8::from_le_bytes(bytes))),
                (1, false) => self.whole(|bytes| i64::from(u8::from_le_bytes(bytes))),
                (2, true) => self.whole(|bytes| i64::from(i16::from_le_bytes(bytes))),
                (2, false) => self.whole(|bytes| i64::from(u16::from_le_bytes(bytes))),
                (4, true) => self.whole(|bytes| i64::from(i32::from_le_bytes(bytes))),
                (4, false) => self.whole(|bytes| i64::from(u32::from_le_bytes(bytes))),
                _ => self.whole(i64::from_le_bytes),
            },
            // down, and not towards zero: there are days before 1970
            _ => self.whole(|bytes| i64::from_le_bytes(bytes).div_euclid(MILLISECONDS_OF_DAY)),
        }
    }

    fn whole<const N: usize>(&self, read: fn([u8; N]) -> i64) -> Box<dyn Fn(usize) -> i64 + '_> {
        let entries = self.entries();
        Box::new(move |row| read(entries[row]))
    }

    fn float<const N: usize>(&self, read: fn([u8; N]) -> f64) -> Cells<'_> {
        let entries = self.entries();
        Cells::Float(Box::new(move |row| read(entries[row])))
    }

    fn cells(&self) -> Cells<'_> {
        match self.storage {
            Storage::Nothing | Storage::Other => Cells::Nothing,
            Storage::Int { width: 16, .. } => {
                let entries = self.entries();
                Cells::Big(Box::new(|row| i128::from_le_bytes(entries[row])))
            }
            Storage::Bits | Storage::Int { .. } | Storage::Milliseconds => Cells::Int(self.int()),
            Storage::Float { width: 2 } => self.float(|bytes| half(u16::from_le_bytes(bytes))),
            Storage::Float { width: 4 } => self.float(|bytes| f64::from(f32::from_le_bytes(bytes))),
            Storage::Float { .. } => self.float(f64::from_le_bytes),
            Storage::Fixed { length } => {
                let values = self.values();
                Cells::Bytes(Box::new(move |row| {
                    values.get(row * length..(row + 1) * length)
                }))
            }
            Storage::Bytes { large: false } => {
                self.between(|place| u64::from(u32::from_le_bytes(place)))
            }
            Storage::Bytes { large: true } => self.between(u64::from_le_bytes),
            Storage::Views => Cells::Bytes(Box::new(|row| self.viewed(row))),
        }
    }

    /// Bytes of the last buffer between two places.
    fn between<const N: usize>(&self, read: fn([u8; N]) -> u64) -> Cells<'_> {
        let places = self.entries();
        let bytes = self.buffers.get(1).map_or(&[][..], Vec::as_slice);
        Cells::Bytes(Box::new(move |row| {
            let place = |at: usize| usize::try_from(read(places[at])).ok();
            bytes.get(place(row)?..place(row + 1)?)
        }))
    }

    /// A length; then the bytes, or after the first four of them the buffer and the place where they stand.
    fn viewed(&self, row: usize) -> Option<&[u8]> {
        let view: &[u8; 16] = self.entries().get(row)?;
        let [length, _, buffer, place] = *view.as_chunks::<4>().0 else {
            return None;
        };
        let length = u32::from_le_bytes(length) as usize;
        if length <= 12 {
            return view.get(4..4 + length);
        }
        let place = u32::from_le_bytes(place) as usize;
        let buffer = self
            .buffers
            .get(1..)?
            .get(u32::from_le_bytes(buffer) as usize)?;
        buffer.get(place..place.checked_add(length)?)
    }
}

/// What may stand behind the last value: part of the last eight bytes, which may be cut out of more values, and zeros.
fn is_padding(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().all(|byte| *byte == 0);
    bytes.len() < 8 || bytes.len() < 64 && zeros
}

/// Bits from the lowest of the first byte on.
fn bit(bytes: &[u8], row: usize) -> bool {
    bytes
        .get(row / 8)
        .is_some_and(|byte| byte >> (row % 8) & 1 == 1)
}

/// How the stored values of an array are got at; by row, all of which are there.
enum Cells<'a> {
    Int(Box<dyn Fn(usize) -> i64 + 'a>),
    Big(Box<dyn Fn(usize) -> i128 + 'a>),
    Float(Box<dyn Fn(usize) -> f64 + 'a>),
    /// `None` where a place is beyond the buffer.
    Bytes(Box<dyn Fn(usize) -> Option<&'a [u8]> + 'a>),
    Nothing,
}

/// A column: values, or ids into the arrays of a dictionary one after the other.
pub(super) struct Values<'a> {
    pub(super) array: &'a Array,
    pub(super) dictionary: Option<&'a [Array]>,
    pub(super) shape: Shape,
}

impl Values<'_> {
    /// These rows in that view.
    pub(super) fn column(
        &self,
        rows: Range<usize>,
        view: View,
        missing: &MissingValues,
    ) -> Result<Column, Fault> {
        match view {
            View::Codes => {
                let mut levels = Levels::default();
                let codes = self.codes(rows, &mut levels)?;
                Ok(coded(codes, levels.into_values()))
            }
            View::Numbers => self.numbers(rows, missing).map(Column::Numbers),
        }
    }

    fn codes(&self, rows: Range<usize>, levels: &mut Levels) -> Result<Vec<u32>, Fault> {
        let Some(dictionary) = self.dictionary else {
            return codes(self.array, rows, self.shape, levels);
        };
        let mut known = Vec::new();
        for part in dictionary {
            known.extend(codes(part, 0..part.rows, self.shape, levels)?);
        }
        let nulls = rows.clone().any(|row| self.array.is_null(row));
        let null = if nulls { levels.null() } else { 0 };
        self.looked_up(rows, &known, null)
    }

    fn numbers(&self, rows: Range<usize>, missing: &MissingValues) -> Result<Vec<f64>, Fault> {
        if self.shape.is_numeric() {
            let Some(dictionary) = self.dictionary else {
                return Ok(numbers(self.array, rows, self.shape, missing));
            };
            let parts = dictionary.iter();
            let known: Vec<f64> = parts
                .flat_map(|part| numbers(part, 0..part.rows, self.shape, missing))
                .collect();
            return self.looked_up(rows, &known, f64::NAN);
        }
        let mut levels = Levels::default();
        let codes = self.codes(rows, &mut levels)?;
        numbers_of_codes(&codes, levels.values(), &|value| missing.holds(value))
    }

    /// What the ids stand for.
    fn looked_up<T: Copy>(
        &self,
        rows: Range<usize>,
        known: &[T],
        null: T,
    ) -> Result<Vec<T>, Fault> {
        let id = self.array.int();
        rows.map(|row| match self.array.is_null(row) {
            true => Ok(null),
            false => {
                let place = usize::try_from(id(row)).ok();
                let value = place.and_then(|place| known.get(place));
                let beyond = || damaged("an id beyond the dictionary");
                value.copied().ok_or_else(beyond)
            }
        })
        .collect()
    }
}

fn codes(
    array: &Array,
    rows: Range<usize>,
    shape: Shape,
    levels: &mut Levels,
) -> Result<Vec<u32>, Fault> {
    let cells = array.cells();
    rows.map(|row| {
        Ok(match &cells {
            _ if array.is_null(row) => levels.null(),
            Cells::Int(get) => levels.int(get(row), shape),
            Cells::Big(get) => levels.big(get(row), shape),
            Cells::Float(get) => levels.float(get(row)),
            Cells::Bytes(get) => levels.text(get(row).ok_or(Fault::Cut)?, shape)?,
            Cells::Nothing => levels.null(),
        })
    })
    .collect()
}

/// Of a shape that is numeric.
fn numbers(array: &Array, rows: Range<usize>, shape: Shape, missing: &MissingValues) -> Vec<f64> {
    let cells = array.cells();
    let keep = |value: &dyn Fn() -> Value, number: f64| match missing.is_empty()
        || !missing.holds(&value())
    {
        true => number,
        false => f64::NAN,
    };
    rows.map(|row| match &cells {
        _ if array.is_null(row) => f64::NAN,
        Cells::Int(get) => {
            let stored = get(row);
            keep(&|| shape.value_of_int(stored), shape.number_of_int(stored))
        }
        Cells::Big(get) => {
            let stored = get(row);
            keep(&|| shape.value_of_big(stored), shape.number_of_big(stored))
        }
        Cells::Float(get) => keep(&|| value_of_float(get(row)), get(row)),
        Cells::Bytes(_) | Cells::Nothing => f64::NAN,
    })
    .collect()
}
