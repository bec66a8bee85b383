//! Codes into a dictionary, built entry by entry.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use crate::survey::microdata::{Coded, Codes, Value};

/// A quick hash for short keys; the keys are those of one block, so nobody gains by making them collide.
#[derive(Clone, Copy, Default)]
pub(crate) struct Quick(u64);

pub(crate) type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Quick {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(SPREAD);
    }
}

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        // the table takes the low bits, the product has its best ones on top
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        // of seven bytes at most, so that the top one is free for their number
        self.mix(u64::from_le_bytes(last) ^ ((rest.len() as u64) << 56));
    }

    fn write_u8(&mut self, word: u8) {
        self.mix(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.mix(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.mix(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.mix(word as u64);
    }
}

/// Gathers the codes of a column and the values they stand for.
#[derive(Default)]
pub(crate) struct Coder {
    narrow: Vec<u8>,
    wide: Option<Vec<u32>>,
    values: Vec<Value>,
    null: Option<u32>,
    numbers: QuickMap<u64, u32>,
    texts: QuickMap<String, u32>,
}

impl Coder {
    pub(crate) fn with_capacity(rows: usize) -> Coder {
        Coder {
            narrow: Vec::with_capacity(rows),
            ..Coder::default()
        }
    }

    /// One more row with that code.
    #[inline]
    pub(crate) fn push(&mut self, code: u32) {
        match &mut self.wide {
            Some(wide) => wide.push(code),
            None => match u8::try_from(code) {
                Ok(code) => self.narrow.push(code),
                Err(_) => self.widen(code),
            },
        }
    }

    #[cold]
    fn widen(&mut self, code: u32) {
        let mut wide = Vec::with_capacity(self.narrow.capacity());
        wide.extend(self.narrow.iter().map(|narrow| u32::from(*narrow)));
        wide.push(code);
        self.narrow = Vec::new();
        self.wide = Some(wide);
    }

    /// The code of nothing.
    pub(crate) fn null(&mut self) -> u32 {
        match self.null {
            Some(code) => code,
            None => {
                let code = next_code(&mut self.values, Value::Null);
                self.null = Some(code);
                code
            }
        }
    }

    /// The code of a number; both zeros are one.
    pub(crate) fn number(&mut self, number: f64) -> u32 {
        let number = number + 0.0;
        let values = &mut self.values;
        *self
            .numbers
            .entry(number.to_bits())
            .or_insert_with(|| next_code(values, Value::Number(number)))
    }

    /// The code of a text.
    pub(crate) fn text(&mut self, text: &str) -> u32 {
        if let Some(code) = self.texts.get(text) {
            return *code;
        }
        let code = next_code(&mut self.values, Value::Text(text.to_owned()));
        self.texts.insert(text.to_owned(), code);
        code
    }

    /// The code of any value.
    pub(crate) fn value(&mut self, value: &Value) -> u32 {
        match value {
            Value::Null => self.null(),
            Value::Number(number) => self.number(*number),
            Value::Text(text) => self.text(text),
        }
    }

    pub(crate) fn finish(self) -> Coded {
        Coded {
            codes: match self.wide {
                Some(wide) => Codes::Wide(wide),
                None => Codes::Narrow(self.narrow),
            },
            values: Arc::new(self.values),
        }
    }
}

/// The number of rows in a block is far below 2^32, so is that of its values.
fn next_code(values: &mut Vec<Value>, value: Value) -> u32 {
    values.push(value);
    (values.len() - 1) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_widen_at_the_257th_value() {
        let mut coder = Coder::with_capacity(10);
        for number in 0..300 {
            let code = coder.number(f64::from(number % 299));
            coder.push(code);
        }
        let coded = coder.finish();
        assert!(matches!(coded.codes, Codes::Wide(_)));
        assert_eq!(coded.values.len(), 299);
        assert_eq!(coded.codes.get(299), 0);
        assert_eq!(coded.codes.get(298), 298);
    }

    #[test]
    fn values_are_held_once() {
        let mut coder = Coder::default();
        let codes = [
            coder.number(0.0),
            coder.number(-0.0),
            coder.text("0"),
            coder.null(),
            coder.value(&Value::Null),
        ];
        assert_eq!(codes, [0, 0, 1, 2, 2]);
    }
}
