//! Thrift's compact protocol, as far as a footer and page headers are written in it.

/// Type numbers of the protocol.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
pub(super) const I32: u8 = 5;
const I64: u8 = 6;
pub(super) const BINARY: u8 = 8;
const LIST: u8 = 9;
pub(super) const STRUCT: u8 = 12;

/// A structure as it grows, field by field in the order of their numbers.
#[derive(Default)]
pub(super) struct Structure {
    bytes: Vec<u8>,
    /// The number of the last field.
    last: i16,
}

impl Structure {
    /// Its bytes, with the mark of its end.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }

    fn field(&mut self, id: i16, kind: u8) {
        match id - self.last {
            step @ 1..=15 => self.bytes.push((step as u8) << 4 | kind),
            _ => {
                self.bytes.push(kind);
                put_int(&mut self.bytes, i64::from(id));
            }
        }
        self.last = id;
    }

    pub(super) fn i32(mut self, id: i16, value: i32) -> Structure {
        self.field(id, I32);
        put_int(&mut self.bytes, i64::from(value));
        self
    }

    pub(super) fn i64(mut self, id: i16, value: usize) -> Structure {
        self.field(id, I64);
        put_int(&mut self.bytes, value as i64);
        self
    }

    pub(super) fn truth(mut self, id: i16, value: bool) -> Structure {
        self.field(id, if value { TRUE } else { FALSE });
        self
    }

    pub(super) fn text(mut self, id: i16, text: &str) -> Structure {
        self.field(id, BINARY);
        put_binary(&mut self.bytes, text.as_bytes());
        self
    }

    pub(super) fn structure(mut self, id: i16, inner: Structure) -> Structure {
        self.field(id, STRUCT);
        self.bytes.extend(inner.finish());
        self
    }

    /// A list of entries that are written already.
    pub(super) fn list(mut self, id: i16, kind: u8, entries: &[Vec<u8>]) -> Structure {
        self.field(id, LIST);
        match entries.len() {
            few @ 0..15 => self.bytes.push((few as u8) << 4 | kind),
            many => {
                self.bytes.push(0xf0 | kind);
                put_varint(&mut self.bytes, many as u64);
            }
        }
        entries.iter().for_each(|entry| self.bytes.extend(entry));
        self
    }
}

/// The entry of a list of numbers.
pub(super) fn int_entry(value: i32) -> Vec<u8> {
    let mut bytes = Vec::new();
    put_int(&mut bytes, i64::from(value));
    bytes
}

/// The entry of a list of texts.
pub(super) fn text_entry(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    put_binary(&mut bytes, text.as_bytes());
    bytes
}

/// A signed number, zigzag.
fn put_int(bytes: &mut Vec<u8>, value: i64) {
    put_varint(bytes, ((value << 1) ^ (value >> 63)) as u64);
}

pub(super) fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn put_binary(bytes: &mut Vec<u8>, binary: &[u8]) {
    put_varint(bytes, binary.len() as u64);
    bytes.extend(binary);
}
