//! Damaged files end in data or an error.

use opine::internals::survey::microdata::{OpenOptions, open};

use crate::survey::microdata::expected::file;
use crate::survey::microdata::table::{numbers, table};

/// Opens bytes under a name and reads all of them in both views.
pub fn opened(name: &str, bytes: &[u8]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let source = open(&path, &OpenOptions::default()).map_err(|error| error.to_string())?;
    let read = table(source.as_ref()).map_err(|error| error.to_string())?;
    for name in &read.names {
        let _ = numbers(source.as_ref(), name);
    }
    Ok(())
}

/// A file with some bytes changed.
pub fn with_bytes(name: &str, change: impl Fn(&mut Vec<u8>)) -> Result<(), String> {
    let mut bytes = std::fs::read(file(name)).unwrap();
    change(&mut bytes);
    opened(name, &bytes)
}

/// A generator whose sequence is part of the test (splitmix64).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ (word >> 31)) % limit.max(1) as u64) as usize
    }
}

/// 400 copies of a file with bytes changed, most of them in the head; a fifth is cut off as well.
pub fn changed(name: &str) {
    let whole = std::fs::read(file(name)).unwrap();
    let mut seeded = Seeded(name.len() as u64);
    for round in 0..400 {
        let mut bytes = whole.clone();
        let head = if round % 2 == 0 {
            bytes.len().min(2000)
        } else {
            bytes.len()
        };
        for _ in 0..=seeded.below(8) {
            let at = seeded.below(head);
            bytes[at] = match seeded.below(3) {
                0 => 0xff,
                1 => 0x7f,
                _ => seeded.below(256) as u8,
            };
        }
        if round % 5 == 0 {
            bytes.truncate(seeded.below(whole.len()));
        }
        // the outcome does not matter: there is one
        let _ = opened(name, &bytes);
    }
}
