//! From bytes to text: what the first bytes name, else UTF-8, else the older of two encodings of the West in which the words
//! have letters where letters belong.

use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A text, and what was assumed to read it.
pub(super) struct Decoded {
    pub text: String,
    pub note: Option<String>,
}

/// The text of some bytes.
///
/// # Errors
/// What they are instead.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, String> {
    if bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err("it is in UTF-32, which hardly a program reads; save it in UTF-8".to_owned());
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return Ok(match encoding == UTF_8 {
            true => utf8(rest),
            false => Decoded {
                text: encoding.decode_without_bom_handling(rest).0.into_owned(),
                note: None,
            },
        });
    }
    if let Some(encoding) = wide(bytes) {
        return Ok(Decoded {
            text: encoding.decode_without_bom_handling(bytes).0.into_owned(),
            note: Some(format!("taken as {}", encoding.name())),
        });
    }
    if bytes.contains(&0) {
        return Err("it is no text: it holds zero bytes".to_owned());
    }
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) => Decoded {
            text: text.to_owned(),
            note: None,
        },
        Err(_) if mostly_utf8(bytes) => utf8(bytes),
        Err(_) => western(bytes),
    })
}

/// The encoding that the start of a text without a mark is in: UTF-16, or one of the West where it is not mostly UTF-8; `None`
/// is UTF-8, or what holds no letters.
pub(crate) fn likely_encoding(start: &[u8]) -> Option<&'static Encoding> {
    let is_utf8 = || match std::str::from_utf8(start) {
        Ok(_) => true,
        // what the end of the part cuts in two does not count
        Err(error) => error.error_len().is_none() || mostly_utf8(start),
    };
    wide(start).or_else(|| (!is_utf8()).then(|| western_encoding(start).0))
}

/// UTF-16 without a mark: every second byte of western text is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let zeros = |offset: usize| {
        start
            .iter()
            .skip(offset)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let half = start.len() / 2;
    match bytes.len().is_multiple_of(2) && half > 0 {
        true if odd > half / 3 && even <= half / 20 => Some(UTF_16LE),
        true if even > half / 3 && odd <= half / 20 => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether more letters are well-formed in UTF-8 than broken: such a file was put together of several, or cut off.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > broken
}

/// UTF-8 in which single bytes of another encoding stand.
fn utf8(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len());
    let mut strays = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            strays += 1;
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
        }
    }
    let s = if strays == 1 { "" } else { "s" };
    Decoded {
        text,
        note: (strays > 0).then(|| {
            format!("{strays} character{s} that UTF-8 does not have taken as windows-1252")
        }),
    }
}

/// Windows-1252 or Mac Roman, whichever has fewer signs in the middle of words.
fn western(bytes: &[u8]) -> Decoded {
    let (encoding, text) = western_encoding(bytes);
    let name = match encoding == MACINTOSH {
        true => "Mac Roman",
        false => "windows-1252",
    };
    Decoded {
        text,
        note: Some(format!("taken as {name}")),
    }
}

/// The encoding, and the text in it.
fn western_encoding(bytes: &[u8]) -> (&'static Encoding, String) {
    let decode =
        |encoding: &'static Encoding| encoding.decode_without_bom_handling(bytes).0.into_owned();
    let (windows, mac) = (decode(WINDOWS_1252), decode(MACINTOSH));
    let carriage_returns = bytes.contains(&b'\r') && !bytes.contains(&b'\n');
    let (odd_windows, odd_mac) = (oddities(&windows), oddities(&mac));
    // the lines of old Macs end so
    match odd_mac < odd_windows || (odd_mac == odd_windows && carriage_returns) {
        true => (MACINTOSH, mac),
        false => (WINDOWS_1252, windows),
    }
}

/// How often a text has what no language writes: signs inside words, a capital within small letters, control characters.
fn oddities(text: &str) -> usize {
    let mut odd = 0;
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let after = characters.peek().copied().unwrap_or(' ');
        if !c.is_ascii() {
            let within = before.is_alphabetic() && after.is_alphabetic();
            odd += match c {
                c if c.is_control() => 3,
                // Þ ß õ Ä Ù ö ÷ of windows-1252, as Mac Roman has their bytes
                'ﬁ' | 'ﬂ' | 'ı' | 'ƒ' | 'Ÿ' | 'ˆ' | '˜' => 2,
                c if c.is_uppercase() && before.is_lowercase() => 2,
                c if c.is_uppercase() && before.is_alphabetic() && after.is_lowercase() => 2,
                c if c.is_alphabetic() => {
                    2 * usize::from(before.is_numeric() && after.is_numeric())
                }
                '\u{a0}' | '\u{202f}' | '’' => 0,
                // signs that stand beside a word, and not in it
                'º' | 'ª' | '°' | '%' | '€' | '£' | '“' | '”' | '„' | '«' | '»' | '¿' | '¡' => {
                    2 * usize::from(within)
                }
                '‘' | '·' | '–' | '—' | '\u{ad}' => usize::from(within),
                _ if before.is_alphabetic() || after.is_alphabetic() => 2,
                _ => 1,
            };
        }
        before = c;
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str = "Länder;Österreich;café;Côte d’Ivoire;España;niño;Größe;São Paulo;Ærø;à été;MÜNCHEN;1\u{a0}010;– “so”";

    fn decoded(bytes: &[u8]) -> (String, Option<String>) {
        let decoded = decode(bytes).unwrap();
        (decoded.text, decoded.note)
    }

    #[test]
    fn each_encoding_gives_the_same_words() {
        let text = WORDS.to_owned();
        assert_eq!(decoded(WORDS.as_bytes()), (text.clone(), None));
        let marked = [b"\xef\xbb\xbf", WORDS.as_bytes()].concat();
        assert_eq!(decoded(&marked), (text.clone(), None));
        for (little, marked) in [(true, true), (true, false), (false, true), (false, false)] {
            let units = marked
                .then_some(0xfeff)
                .into_iter()
                .chain(WORDS.encode_utf16());
            let bytes: Vec<u8> = match little {
                true => units.flat_map(u16::to_le_bytes).collect(),
                false => units.flat_map(u16::to_be_bytes).collect(),
            };
            assert_eq!(decoded(&bytes).0, text, "{little} {marked}");
        }
        for (encoding, name) in [(WINDOWS_1252, "windows-1252"), (MACINTOSH, "Mac Roman")] {
            for word in WORDS.split(';') {
                let bytes = encoding.encode(word).0.into_owned();
                if !word.is_ascii() {
                    let (read, note) = decoded(&bytes);
                    assert_eq!(read, word, "{name}: {note:?}");
                }
            }
            let (read, note) = decoded(&encoding.encode(WORDS).0);
            assert_eq!(
                (read, note),
                (text.clone(), Some(format!("taken as {name}")))
            );
        }
    }

    #[test]
    fn a_stray_byte_and_a_cut_character_change_no_other() {
        let mut bytes = "Länder;Größe;ça".as_bytes().to_vec();
        bytes.extend(b";M\xfcnchen");
        let (text, note) = decoded(&bytes);
        assert_eq!(text, "Länder;Größe;ça;München");
        assert!(note.unwrap().starts_with("1 character that UTF-8"));
        assert!(decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").is_err());
        assert!(decode(&[0xff, 0xfe, 0, 0, 65, 0, 0, 0]).is_err());
    }
}
