//! What a delimited file does not say about itself: its delimiter, its encoding, and the names in its header.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use std::collections::HashMap;

use super::super::error::damaged;
use super::super::packed::PackedFile;
use super::super::{Error, OpenOptions};
use super::blocks::{Header, Input, Layout, Nobody};
use super::record::{Fields, record};

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Bytes that are looked at for the delimiter, and by which the header must have ended.
const LOOK: usize = 1 << 20;
/// Rows below the header that are looked at for the delimiter.
const ROWS: usize = 50;

/// The encoding that is asked for, or that the mark at the start of the file names; `None` is UTF-8.
pub(super) fn encoding(
    file: &PackedFile,
    options: &OpenOptions,
) -> Result<Option<&'static Encoding>, Error> {
    if let Some(encoding) = options.encoding(&file.path)? {
        return Ok(Some(encoding).filter(|encoding| *encoding != encoding_rs::UTF_8));
    }
    let mut start = Vec::new();
    Input::open(file, None)?.fill(&mut start, 4)?;
    Ok(match start.as_slice() {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => None,
    })
}

/// The layout and the names of the columns.
pub(super) fn layout(
    file: &PackedFile,
    ending: &str,
    options: &OpenOptions,
    encoding: Option<&'static Encoding>,
) -> Result<(Layout, Vec<String>), Error> {
    let mut bytes = Vec::new();
    let ended = Input::open(file, encoding)?.fill(&mut bytes, LOOK)?;
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
    let delimiter = options
        .delimiter
        .or_else(|| by_ending(ending))
        .unwrap_or_else(|| likely(&bytes, ended));
    let mut names = Names::default();
    let mut header = Header::default();
    let mut scratch = Vec::new();
    loop {
        let read = record(&bytes, header.bytes, delimiter, &mut scratch, &mut names)
            .map_err(|wrong| damaged(&file.path, wrong.message(1 + header.lines, 0)))?;
        if !read.closed && !ended {
            return Err(damaged(
                &file.path,
                "the first line is longer than 1 MB and names no columns",
            ));
        }
        header.bytes = read.next;
        header.lines += read.lines;
        if read.fields > 0 {
            break;
        }
    }
    let layout = Layout {
        delimiter,
        encoding,
        header,
    };
    Ok((layout, checked(file, names.0, header.lines)?))
}

/// Only tabs separate fields where the ending says so.
fn by_ending(ending: &str) -> Option<u8> {
    matches!(ending, "tsv" | "tab").then_some(b'\t')
}

#[derive(Default)]
struct Names(Vec<Vec<u8>>);

impl Fields for Names {
    fn field(&mut self, _: usize, entry: &[u8]) {
        self.0.push(entry.trim_ascii().to_vec());
    }
}

/// Each column has a name, and none the name of another.
fn checked(file: &PackedFile, names: Vec<Vec<u8>>, line: u64) -> Result<Vec<String>, Error> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut checked = Vec::with_capacity(names.len());
    for (at, name) in names.into_iter().enumerate() {
        let column = at + 1;
        let name = String::from_utf8(name).map_err(|_| not_utf8(file, line))?;
        if name.is_empty() {
            return Err(damaged(
                &file.path,
                format!("line {line}: column {column} has no name"),
            ));
        }
        if name.contains('\r') {
            let message = "the lines end in a carriage return alone; save the file with the line ends of today";
            return Err(damaged(&file.path, message));
        }
        if let Some(other) = seen.insert(name.clone(), column) {
            let message =
                format!("line {line}: columns {other} and {column} are both named {name}");
            return Err(damaged(&file.path, message));
        }
        checked.push(name);
    }
    Ok(checked)
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
        .rev()
        .max_by_key(|(score, _)| *score)
        .filter(|((_, fields), _)| *fields > 1)
        .map_or(b',', |(_, candidate)| candidate)
}

/// Whether all rows have as many fields as the header, and how many the header has.
fn score(bytes: &[u8], ended: bool, delimiter: u8) -> (bool, usize) {
    let (mut at, mut header, mut rows) = (0, 0, 0);
    let mut scratch = Vec::new();
    while at < bytes.len() && rows <= ROWS {
        let Ok(read) = record(bytes, at, delimiter, &mut scratch, &mut Nobody) else {
            return (false, header);
        };
        if !read.closed && !ended {
            break;
        }
        match (header, read.fields) {
            (_, 0) => {}
            (0, fields) => header = fields,
            (header, fields) if header != fields => return (false, header),
            _ => rows += 1,
        }
        at = read.next;
    }
    (header > 1, header)
}

/// Whether the part that is looked at first is UTF-8; what the end of it cuts in two does not count.
pub(super) fn starts_in_utf8(file: &PackedFile) -> Result<bool, Error> {
    let mut bytes = Vec::new();
    Input::open(file, None)?.fill(&mut bytes, LOOK)?;
    Ok(match std::str::from_utf8(&bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    })
}
