//! What SPSS put into extension records: encodings, long names, measures, sets, and the labels of long strings.

use encoding_rs::Encoding;

use super::dictionary::Dictionary;
use crate::survey::microdata::Measure;
use crate::survey::microdata::codebook::native::{Alignment, Display};
use crate::survey::microdata::decoding::texts::trimmed;

/// A reader of the bytes of an extension; `None` at their end.
pub(super) struct Items<'a> {
    rest: &'a [u8],
    big_endian: bool,
}

impl<'a> Items<'a> {
    pub(super) fn new(dictionary: &'a Dictionary, subtype: i32) -> Items<'a> {
        Items {
            rest: dictionary
                .extension(subtype)
                .map_or(&[], |extension| extension.data.as_slice()),
            big_endian: dictionary.big_endian,
        }
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        let bytes = self.take(4)?.try_into().ok()?;
        Some(match self.big_endian {
            true => u32::from_be_bytes(bytes),
            false => u32::from_le_bytes(bytes),
        })
    }

    /// A length and as many bytes.
    pub(super) fn counted(&mut self) -> Option<&'a [u8]> {
        let length = self.u32()?;
        self.take(length as usize)
    }

    pub(super) fn f64(&mut self) -> Option<f64> {
        let bytes = self.take(8)?.try_into().ok()?;
        Some(number(bytes, self.big_endian))
    }
}

pub(super) fn number(bytes: [u8; 8], big_endian: bool) -> f64 {
    match big_endian {
        true => f64::from_be_bytes(bytes),
        false => f64::from_le_bytes(bytes),
    }
}

/// What a file says of its encoding.
pub(super) enum Stated {
    Nothing,
    Known(&'static Encoding),
    /// Under that name.
    Unknown(String),
    Ebcdic,
}

/// The encoding by its name (subtype 20) or by the code page (subtype 3).
pub(super) fn encoding(dictionary: &Dictionary) -> Stated {
    if let Some(extension) = dictionary.extension(20) {
        let name = String::from_utf8_lossy(trimmed(&extension.data))
            .trim()
            .to_owned();
        if let Some(encoding) = Encoding::for_label(name.as_bytes()) {
            return Stated::Known(encoding);
        }
        // cp850, CP-936, windows-874
        let page = name.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        return match page.parse().map_or(Stated::Nothing, code_page) {
            Stated::Nothing if !name.is_empty() => Stated::Unknown(name),
            stated => stated,
        };
    }
    let mut items = Items::new(dictionary, 3);
    // the last of eight numbers
    let page = (0..8).map(|_| items.u32()).last().flatten();
    page.map_or(Stated::Nothing, code_page)
}

fn code_page(page: u32) -> Stated {
    let label = match page {
        65001 => "utf-8".to_owned(),
        874 | 1250..=1258 => format!("windows-{page}"),
        28591..=28606 => format!("iso-8859-{}", page - 28590),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        866 => "ibm866".to_owned(),
        20866 => "koi8-r".to_owned(),
        1 => return Stated::Ebcdic,
        437 | 737 | 775 | 850 | 852 | 855 | 857 | 858 | 860..=865 | 869 => {
            return Stated::Unknown(format!("code page {page}"));
        }
        // 2 and 3 are ASCII with who knows what above 127
        _ => return Stated::Nothing,
    };
    Encoding::for_label(label.as_bytes()).map_or(Stated::Nothing, Stated::Known)
}

/// A measure and a column on the screen for each record: 3 items, or 2 where the width of the column is left out.
pub(super) fn display(dictionary: &Dictionary) -> Vec<(Option<Measure>, Option<Display>)> {
    let records = dictionary.records.len();
    let length = dictionary
        .extension(11)
        .map_or(0, |extension| extension.data.len());
    let has_width = match length / 4 {
        items if items == records * 3 => true,
        items if items == records * 2 => false,
        _ => return Vec::new(),
    };
    let mut items = Items::new(dictionary, 11);
    (0..records)
        .map(|_| {
            let measure = match items.u32() {
                Some(1) => Some(Measure::Nominal),
                Some(2) => Some(Measure::Ordinal),
                Some(3) => Some(Measure::Scale),
                _ => None,
            };
            let width = if has_width { items.u32() } else { Some(0) };
            let alignment = match items.u32() {
                Some(0) => Some(Alignment::Left),
                Some(1) => Some(Alignment::Right),
                Some(2) => Some(Alignment::Centre),
                _ => None,
            };
            let display = width.zip(alignment);
            (
                measure,
                display.map(|(width, alignment)| Display { width, alignment }),
            )
        })
        .collect()
}

/// The pairs of `NAME=value` in subtypes 13 and 14, cut at tabs and zero bytes.
pub(super) fn pairs(dictionary: &Dictionary, subtype: i32) -> Vec<(&[u8], &[u8])> {
    let data = dictionary
        .extension(subtype)
        .map_or(&[][..], |extension| extension.data.as_slice());
    data.split(|byte| *byte == b'\t')
        .filter_map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=')?;
            let (name, value) = (pair.get(..at)?, pair.get(at + 1..)?);
            let end = value
                .iter()
                .position(|byte| *byte == 0)
                .unwrap_or(value.len());
            Some((name, value.get(..end)?))
        })
        .collect()
}

/// A multiple-response set as written: names in the short form.
pub(super) struct Set<'a> {
    pub name: &'a [u8],
    pub label: &'a [u8],
    pub counted: Option<&'a [u8]>,
    /// A number where the answers are named by the labels of the value that counts.
    pub by_label: Option<&'a [u8]>,
    pub variables: Vec<&'a [u8]>,
}

/// The sets of subtypes 7 and 19; lines that are not understood are passed over.
pub(super) fn sets(dictionary: &Dictionary) -> Vec<Set<'_>> {
    dictionary
        .extensions
        .iter()
        .filter(|extension| matches!(extension.subtype, 7 | 19))
        .flat_map(|extension| {
            let mut rest = extension.data.as_slice();
            std::iter::from_fn(move || set(&mut rest))
        })
        .collect()
}

fn set<'a>(rest: &mut &'a [u8]) -> Option<Set<'a>> {
    let name = until(rest, b'=')?.trim_ascii();
    let kind = cut(rest, 1)?;
    let mut by_label = None;
    let counts = match kind {
        b"C" => None,
        b"D" => Some(counted(rest)?),
        b"E" => {
            cut(rest, 1)?;
            by_label = Some(until(rest, b' ')?);
            Some(counted(rest)?)
        }
        _ => return None,
    };
    cut(rest, 1)?;
    let label = counted(rest)?;
    let variables = until(rest, b'\n')?;
    Some(Set {
        name,
        label,
        counted: counts,
        by_label,
        variables: variables
            .split(|byte| *byte == b' ')
            .filter(|name| !name.is_empty())
            .collect(),
    })
}

/// A length in digits, a blank, and as many bytes.
fn counted<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = std::str::from_utf8(until(rest, b' ')?).ok()?.parse().ok()?;
    cut(rest, length)
}

fn cut<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

/// Up to a byte, which is passed over; the last line may lack its end.
fn until<'a>(rest: &mut &'a [u8], end: u8) -> Option<&'a [u8]> {
    if rest.is_empty() {
        return None;
    }
    let at = rest.iter().position(|byte| *byte == end);
    if at.is_none() && end != b'\n' {
        return None;
    }
    let at = at.unwrap_or(rest.len());
    let taken = rest.get(..at)?;
    *rest = rest.get(at + 1..).unwrap_or_default();
    Some(taken)
}
