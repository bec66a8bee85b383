//! Texts of a file that is in another encoding than it says, or says none, or cuts characters in two.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Decodes the texts of a file, and remembers what did not go as the file says.
pub(crate) struct Texts {
    /// `None` where the file does not say it.
    encoding: Option<&'static Encoding>,
    faults: Mutex<BTreeMap<Fault, Affected>>,
}

/// How a text was not what it should have been.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// Bytes that the encoding of the file does not have.
    Undecodable,
    /// The file names no encoding, and it is not UTF-8.
    Assumed,
    /// Its room ends within a character.
    Cut,
}

/// Whose texts have a fault.
#[derive(Default)]
struct Affected {
    names: Vec<String>,
    others: usize,
    example: String,
}

/// Names that a note lists.
const NAMED: usize = 3;

impl Texts {
    pub(crate) fn new(encoding: Option<&'static Encoding>) -> Texts {
        Texts {
            encoding,
            faults: Mutex::default(),
        }
    }

    /// A text of `whose` without the blanks and zero bytes that fill its field up.
    ///
    /// Where the field ends within a character, what is left of it is left out. A text that is not in the encoding of the
    /// file is read as Windows-1252, which has a letter for every byte, so that none is lost.
    pub(crate) fn decode(&self, whose: &str, field: &[u8]) -> String {
        let bytes = trimmed(field);
        if bytes.is_ascii() && self.encoding.is_none_or(Encoding::is_ascii_compatible) {
            return String::from_utf8_lossy(bytes).into_owned();
        }
        let (text, fault) = self.decoded(bytes, bytes.len() == field.len());
        if let Some(fault) = fault {
            self.affect(fault, whose, &text);
        }
        text
    }

    /// The same without blanks in front of it: for labels, which targets and codebooks name.
    pub(crate) fn label(&self, whose: &str, field: &[u8]) -> String {
        self.decode(whose, field).trim().to_owned()
    }

    fn decoded(&self, bytes: &[u8], full: bool) -> (String, Option<Fault>) {
        let encoding = self.encoding.unwrap_or(UTF_8);
        let strict = |bytes| encoding.decode_without_bom_handling_and_without_replacement(bytes);
        if let Some(text) = strict(bytes) {
            return (text.into_owned(), None);
        }
        // a text that is shorter than its field was not cut off
        let whole = match full {
            true => whole_characters(encoding, bytes),
            false => None,
        };
        // without a word of the file, a lone letter of Windows-1252 at the end is likelier than UTF-8 with but one letter
        let whole = whole.filter(|whole| self.encoding.is_some() || !whole.is_ascii());
        if let Some(text) = whole.and_then(strict) {
            return (text.into_owned(), Some(Fault::Cut));
        }
        let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
        let fault = match self.encoding {
            Some(_) => Fault::Undecodable,
            None => Fault::Assumed,
        };
        (text.into_owned(), Some(fault))
    }

    fn affect(&self, fault: Fault, whose: &str, text: &str) {
        let mut faults = lock(&self.faults);
        let affected = faults.entry(fault).or_insert_with(|| Affected {
            example: excerpt(text),
            ..Affected::default()
        });
        if affected.names.iter().any(|name| name == whose) {
            return;
        }
        match affected.names.len() < NAMED {
            true => affected.names.push(whose.to_owned()),
            false => affected.others += 1,
        }
    }

    /// What was assumed so far.
    pub(crate) fn notes(&self) -> Vec<String> {
        let encoding = self.encoding.map_or("UTF-8", Encoding::name);
        let note = |(fault, affected): (&Fault, &Affected)| {
            let (whose, example) = (affected.list(), &affected.example);
            match fault {
                Fault::Undecodable => format!(
                    "texts of {whose} are not in {encoding}, which the file says they are in; they are read as Windows-1252, \
                     as “{example}”"
                ),
                Fault::Assumed => format!(
                    "the file does not say in which encoding its texts are; those of {whose} are read as Windows-1252, as \
                     “{example}”; --encoding names another"
                ),
                Fault::Cut => format!(
                    "texts of {whose} end within a character, for lack of room; what is left of it is left out, as in \
                     “{example}”"
                ),
            }
        };
        lock(&self.faults).iter().map(note).collect()
    }
}

impl Affected {
    fn list(&self) -> String {
        let names = self.names.join(", ");
        match self.others {
            0 => names,
            // the same variable may come again after the list is full
            _ => format!("{names} and others"),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Without the blanks and zero bytes behind it.
pub(crate) fn trimmed(bytes: &[u8]) -> &[u8] {
    let padding = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    let end = bytes.iter().rposition(|byte| !padding(byte));
    bytes
        .get(..end.map_or(0, |end| end + 1))
        .unwrap_or_default()
}

/// The text without the character that its end cuts in two.
fn whole_characters<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Option<&'a [u8]> {
    if encoding == UTF_8 {
        let error = std::str::from_utf8(bytes).err()?;
        return match error.error_len() {
            None => bytes.get(..error.valid_up_to()),
            Some(_) => None,
        };
    }
    // up to four bytes a character in the encodings of East Asia
    let mut ends = (1..=3).filter_map(|cut| bytes.get(..bytes.len().checked_sub(cut)?));
    ends.find(|whole| {
        let decoded = encoding.decode_without_bom_handling_and_without_replacement(whole);
        decoded.is_some()
    })
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::GBK;

    use super::*;

    #[test]
    fn cut_wrong_and_unsaid() {
        let utf8 = Texts::new(Some(UTF_8));
        assert_eq!(utf8.decode("q", "Zürich\0\0  ".as_bytes()), "Zürich");
        assert!(utf8.notes().is_empty());
        assert_eq!(utf8.decode("q", b"caf\xc3"), "caf");
        assert_eq!(utf8.decode("q", b"Orl\xe9 "), "Orlé");
        assert_eq!(utf8.decode("r", b"Z\xfcrich"), "Zürich");
        let notes = utf8.notes();
        assert!(
            notes[0].starts_with("texts of q, r are not in UTF-8"),
            "{notes:?}"
        );
        assert!(
            notes[1].starts_with("texts of q end within a character"),
            "{notes:?}"
        );
        let unsaid = Texts::new(None);
        assert_eq!(unsaid.decode("q", b"Orl\xe9"), "Orlé");
        assert_eq!(unsaid.decode("q", b"\xc3\xa9t\xc3"), "ét");
        assert_eq!(unsaid.decode("q", "Köln".as_bytes()), "Köln");
        let gbk = Texts::new(Some(GBK));
        let mut bytes = GBK.encode("中国").0.into_owned();
        bytes.pop();
        assert_eq!(gbk.decode("q", &bytes), "中");
    }

    #[test]
    fn every_byte_has_a_letter() {
        let bytes: Vec<u8> = (0x80..=0xff).collect();
        let text = Texts::new(None).decode("q", &bytes);
        assert_eq!(WINDOWS_1252.encode(&text).0.as_ref(), bytes);
    }
}
