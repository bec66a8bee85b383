//! The distinct values of a column and their codes.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::block::Block;
use super::fault::{Fault, damaged};
use super::shape::{Shape, value_of_float};
use crate::survey::microdata::{Column, Value};

/// Gives every stored value that it meets the next code.
#[derive(Clone, Default)]
pub(crate) struct Levels {
    values: Vec<Value>,
    null: Option<u32>,
    words: HashMap<u64, u32, BuildHasherDefault<Quick>>,
    bigs: HashMap<i128, u32, BuildHasherDefault<Quick>>,
    texts: HashMap<Box<[u8]>, u32, BuildHasherDefault<Quick>>,
    /// Codes of texts that were met, by their length and ends: most columns have few texts, each met again and again.
    recent: Vec<u32>,
}

const RECENT: usize = 256;

impl Levels {
    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    pub(crate) fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// The code of nothing.
    pub(crate) fn null(&mut self) -> u32 {
        match self.null {
            Some(code) => code,
            None => {
                let code = next(&mut self.values, Value::Null);
                self.null = Some(code);
                code
            }
        }
    }

    /// Appends the code of every value of the block; `bytes` are those that its texts stand in.
    pub(crate) fn code(
        &mut self,
        block: &Block,
        bytes: &[u8],
        shape: Shape,
        out: &mut Vec<u32>,
    ) -> Result<(), Fault> {
        match block {
            Block::Ints(ints) => out.extend(ints.iter().map(|stored| self.int(*stored, shape))),
            Block::Bigs(bigs) => out.extend(bigs.iter().map(|stored| self.big(*stored, shape))),
            Block::Floats(floats) => out.extend(floats.iter().map(|number| self.float(*number))),
            Block::Texts(ranges) => {
                for range in ranges {
                    let text = bytes.get(range.clone()).ok_or(Fault::Cut)?;
                    out.push(self.text(text, shape)?);
                }
            }
        }
        Ok(())
    }

    pub(crate) fn int(&mut self, stored: i64, shape: Shape) -> u32 {
        let values = &mut self.values;
        let code = self.words.entry(stored as u64);
        *code.or_insert_with(|| next(values, shape.value_of_int(stored)))
    }

    pub(crate) fn big(&mut self, stored: i128, shape: Shape) -> u32 {
        let values = &mut self.values;
        let code = self.bigs.entry(stored);
        *code.or_insert_with(|| next(values, shape.value_of_big(stored)))
    }

    pub(crate) fn float(&mut self, number: f64) -> u32 {
        match value_of_float(number) {
            Value::Number(number) => {
                let values = &mut self.values;
                // by its bits: -0 is 0 by now, and the two have one code
                let code = self.words.entry(number.to_bits());
                *code.or_insert_with(|| next(values, Value::Number(number)))
            }
            _ => self.null(),
        }
    }

    pub(crate) fn text(&mut self, text: &[u8], shape: Shape) -> Result<u32, Fault> {
        let slot = slot(text);
        let recent = self.recent.get(slot).copied();
        if let Some(code) = recent
            && let Some(Value::Text(known)) = self.values.get(code as usize)
            && known.as_bytes() == text
            && shape == Shape::Text
        {
            return Ok(code);
        }
        let code = match self.texts.get(text) {
            Some(code) => *code,
            None => {
                let code = next(&mut self.values, shape.value_of_bytes(text)?);
                self.texts.insert(text.into(), code);
                code
            }
        };
        // no value has that code
        self.recent.resize(RECENT, u32::MAX);
        self.recent[slot] = code;
        Ok(code)
    }
}

/// A place among the recent texts: from the length, the first and the last eight bytes.
fn slot(text: &[u8]) -> usize {
    let word = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(first), Some(last)) => {
            u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29)
        }
        _ => text
            .iter()
            .fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    let mixed = (word ^ (text.len() as u64).rotate_left(56)).wrapping_mul(SPREAD);
    (mixed >> 32) as usize % RECENT
}

/// A batch has far fewer than 2^32 rows, a dictionary page far fewer values.
fn next(values: &mut Vec<Value>, value: Value) -> u32 {
    values.push(value);
    (values.len() - 1) as u32
}

/// A quick hash for short keys. They are those of one column, so nobody gains by making them collide.
#[derive(Clone, Copy, Default)]
struct Quick(u64);

// 2^64 by the golden ratio
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Quick {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word ^ SPREAD) * u128::from(SPREAD);
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        // zeros at the end make no two texts one: the length was hashed before
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last));
    }

    fn write_u64(&mut self, word: u64) {
        self.mix(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.mix(word as u64);
    }
}

/// The number of a text value: what it reads as. `None` where it reads as none.
pub(crate) fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(f64::NAN),
        Value::Number(number) => Some(*number),
        Value::Text(text) if text.trim().is_empty() => Some(f64::NAN),
        Value::Text(text) => text
            .trim()
            .parse()
            .ok()
            // `inf` and `nan` are numbers to Rust
            .filter(|number: &f64| number.is_finite()),
    }
}

/// The codes of texts as numbers.
pub(crate) fn numbers_of_codes(
    codes: &[u32],
    values: &[Value],
    missing: &dyn Fn(&Value) -> bool,
) -> Result<Vec<f64>, Fault> {
    let table: Vec<Option<f64>> = values
        .iter()
        .map(|value| match missing(value) {
            true => Some(f64::NAN),
            false => number_of(value),
        })
        .collect();
    codes
        .iter()
        .map(|code| {
            let place = *code as usize;
            match table.get(place) {
                Some(Some(number)) => Ok(*number),
                Some(None) => Err(Fault::NoNumber(values[place].text())),
                None => Err(damaged("a code beyond the dictionary")),
            }
        })
        .collect()
}

/// A column of codes, narrow where they fit.
pub(crate) fn coded(codes: Vec<u32>, values: Vec<Value>) -> Column {
    use crate::survey::microdata::{Coded, Codes};
    let codes = match values.len() <= 256 {
        true => Codes::Narrow(codes.iter().map(|code| *code as u8).collect()),
        false => Codes::Wide(codes),
    };
    Column::Codes(Coded {
        codes,
        values: values.into(),
    })
}
