//! What a delimited file does not say about itself: its encoding, its line ends, its delimiter, and the rows before its first
//! respondent.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::blocks::{Header, Input, Layout, Letters, Nobody};
use super::record::{Fields, record};
use crate::survey::microdata::decoding::packed::PackedFile;
use crate::survey::microdata::error::damaged;
use crate::survey::microdata::inference::header::Head;
use crate::survey::microdata::{Error, OpenOptions};
use crate::tabular::likely_encoding;

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Bytes that are looked at for the delimiter, and by which the header must have ended.
const LOOK: usize = 1 << 20;
/// Rows below the header that are looked at.
const ROWS: usize = 60;

/// In what the texts of a file are, and a note where that was found out.
///
/// # Errors
/// An encoding that is none, and those of reading.
pub(super) fn letters(
    file: &PackedFile,
    options: &OpenOptions,
) -> Result<(Letters, Option<String>), Error> {
    if let Some(encoding) = options.encoding(&file.path)? {
        return Ok((Letters::new(encoding), None));
    }
    let start = file.head(LOOK as u64)?;
    match start.as_slice() {
        [0xff, 0xfe, ..] => return Ok((Letters::Other(UTF_16LE), None)),
        [0xfe, 0xff, ..] => return Ok((Letters::Other(UTF_16BE), None)),
        _ => {}
    }
    Ok(match likely_encoding(&start) {
        Some(encoding) => {
            let note = format!(
                "it is not in UTF-8 and is read as {}; --encoding names another",
                encoding.name()
            );
            (Letters::Other(encoding), Some(note))
        }
        None => match std::str::from_utf8(&start) {
            Err(error) if error.error_len().is_some() => (Letters::Mixed, Some(MIXED.to_owned())),
            _ => (Letters::Utf8, None),
        },
    })
}

pub(super) const MIXED: &str =
    "some of its bytes are not UTF-8 and are read as windows-1252; --encoding names another";

impl Letters {
    fn new(encoding: &'static Encoding) -> Letters {
        match encoding == UTF_8 {
            true => Letters::Utf8,
            false => Letters::Other(encoding),
        }
    }
}

/// The layout, and what the rows before the first respondent say.
pub(super) fn layout(
    file: &PackedFile,
    ending: &str,
    options: &OpenOptions,
    letters: Letters,
) -> Result<(Layout, Head), Error> {
    let mut bytes = Vec::new();
    let ended = Input::open(file, letters, false)?.fill(&mut bytes, LOOK)?;
    if bytes.trim_ascii().is_empty() {
        return Err(damaged(
            &file.path,
            "the file is empty; its first line should name the columns",
        ));
    }
    if bytes.contains(&0) {
        return Err(damaged(&file.path, "this is no text: it holds zero bytes"));
    }
    if let Some(given @ (b'"' | b'\n' | b'\r' | 0x80..)) = options.delimiter {
        let shown = char::from(given).escape_default();
        return Err(damaged(
            &file.path,
            format!("{shown} can't stand between fields; a comma, a semicolon or a tab can"),
        ));
    }
    let returns = ends_in_returns(&bytes);
    if returns {
        bytes
            .iter_mut()
            .filter(|byte| **byte == b'\r')
            .for_each(|byte| *byte = b'\n');
    }
    let (mut header, declared) = first_line(&bytes);
    let delimiter = options
        .delimiter
        .or(declared)
        .or_else(|| by_ending(ending))
        .unwrap_or_else(|| likely(bytes.get(header.bytes..).unwrap_or_default(), ended));
    let mut rows = Rows {
        bytes: &bytes,
        delimiter,
        ended,
        at: header,
    };
    let names = match rows.next() {
        Some(names) => names.map_err(|wrong| damaged(&file.path, wrong))?,
        None => {
            let message = "the first line is longer than 1 MB and names no columns";
            return Err(damaged(&file.path, message));
        }
    };
    header = rows.at;
    let names = texts(names).ok_or_else(|| not_utf8(file, header.lines))?;
    let mut below = Vec::new();
    let mut ends = Vec::new();
    // what is wrong with a row is said where all are read
    while let Some(Ok(row)) = rows.next() {
        let Some(row) = texts(row).filter(|_| below.len() < ROWS) else {
            break;
        };
        below.push(row);
        ends.push(rows.at);
    }
    let head = Head::new(names, &below);
    let layout = Layout {
        delimiter,
        letters,
        returns,
        header: match head.skipped.checked_sub(1).and_then(|at| ends.get(at)) {
            Some(end) => *end,
            None => header,
        },
    };
    Ok((layout, head))
}

fn texts(row: Vec<Vec<u8>>) -> Option<Vec<String>> {
    row.into_iter()
        .map(|field| String::from_utf8(field).ok())
        .collect()
}

/// Whether lines end in a carriage return alone, as programs for the Mac of old write them.
fn ends_in_returns(bytes: &[u8]) -> bool {
    let (mut quoted, mut returns, mut others) = (false, 0_usize, 0_usize);
    let next = bytes.iter().skip(1).map(Some).chain(std::iter::once(None));
    for (byte, next) in bytes.iter().zip(next) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => others += 1,
            b'\r' if !quoted => returns += usize::from(next.is_some_and(|next| *next != b'\n')),
            _ => {}
        }
    }
    // the last line of such a file may lack an end; a stray sign in another makes no lines
    returns > 0 && returns >= others
}

/// A first line `sep=;`, by which spreadsheets tell each other the delimiter.
fn first_line(bytes: &[u8]) -> (Header, Option<u8>) {
    let line = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let declared = line
        .strip_prefix(b"sep=")
        .or_else(|| line.strip_prefix(b"SEP="));
    match declared {
        Some([delimiter, b'\n'] | [delimiter, b'\r', b'\n']) => {
            let header = Header {
                bytes: line.len(),
                lines: 1,
            };
            (header, Some(*delimiter))
        }
        _ => (Header::default(), None),
    }
}

/// Only tabs separate fields where the ending says so.
fn by_ending(ending: &str) -> Option<u8> {
    matches!(ending, "tsv" | "tab").then_some(b'\t')
}

/// The first rows, one by one, as far as they are whole.
struct Rows<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    ended: bool,
    /// Behind the last.
    at: Header,
}

#[derive(Default)]
struct Row(Vec<Vec<u8>>);

impl Fields for Row {
    fn field(&mut self, _: usize, entry: &[u8]) {
        self.0.push(entry.trim_ascii().to_vec());
    }
}

impl Rows<'_> {
    fn next(&mut self) -> Option<Result<Vec<Vec<u8>>, String>> {
        let mut scratch = Vec::new();
        while self.at.bytes < self.bytes.len() {
            let mut row = Row::default();
            let read = record(
                self.bytes,
                self.at.bytes,
                self.delimiter,
                &mut scratch,
                &mut row,
            );
            let read = match read {
                Ok(read) => read,
                Err(wrong) => return Some(Err(wrong.message(1 + self.at.lines, 0))),
            };
            // the end of what was looked at cuts it off
            if !read.closed && !self.ended {
                return None;
            }
            self.at.bytes = read.next;
            self.at.lines += read.lines;
            if read.fields > 0 {
                return Some(Ok(row.0));
            }
        }
        None
    }
}

pub(super) fn not_utf8(file: &PackedFile, line: u64) -> Error {
    let message = format!("line {line} is not in UTF-8; name its encoding, such as windows-1252");
    damaged(&file.path, message)
}

/// The delimiter that cuts the header into more than one name and the rows alike; of several, the one with most names;
/// of none, the one with most names; the comma where there is but one column.
fn likely(bytes: &[u8], ended: bool) -> u8 {
    CANDIDATES
        .into_iter()
        .map(|candidate| (score(bytes, ended, candidate), candidate))
        // of equals `max_by_key` takes the last, which is now the first candidate
        .rev()
        .max_by_key(|(score, _)| *score)
        .filter(|((_, fields), _)| *fields > 1)
        .map_or(b',', |(_, candidate)| candidate)
}

/// How well the rows fit the header, and how many names that has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    None,
    /// No row is longer, and most are as long.
    Most,
    All,
}

fn score(bytes: &[u8], ended: bool, delimiter: u8) -> (Fit, usize) {
    let (mut at, mut header, mut rows, mut short, mut long) = (0, 0, 0, 0, 0);
    let mut scratch = Vec::new();
    while at < bytes.len() && rows <= ROWS {
        // text behind a closing quote: another sign stands between the fields
        let Ok(read) = record(bytes, at, delimiter, &mut scratch, &mut Nobody) else {
            return (Fit::None, header);
        };
        if !read.closed && !ended {
            break;
        }
        match (header, read.fields) {
            (_, 0) => {}
            (0, fields) => header = fields,
            (header, fields) => {
                rows += 1;
                short += usize::from(fields < header);
                long += usize::from(fields > header);
            }
        }
        at = read.next;
    }
    let fit = match (short, long) {
        _ if header < 2 => Fit::None,
        (0, 0) => Fit::All,
        (short, 0) if short * 2 < rows => Fit::Most,
        _ => Fit::None,
    };
    (fit, header)
}
