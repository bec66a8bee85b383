//! Records and their fields in a block of text.

/// Takes the fields of the records.
pub(super) trait Fields {
    /// The entry of a column, without its quotes.
    fn field(&mut self, column: usize, entry: &[u8]);
    /// The record is complete.
    fn end(&mut self) {}
    /// The next column whose entry is of use; those before it may be passed over.
    #[inline]
    fn next_column(&self) -> usize {
        0
    }
}

/// What is wrong with a record, and on which line of the block it starts, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The end of the text inside a quoted field.
    Open { line: u64 },
    /// Text between a closing quote and the next delimiter.
    Tail { line: u64 },
    /// More fields than the header has.
    Width { line: u64, fields: usize },
}

impl Wrong {
    pub(super) fn message(self, first_line: u64, width: usize) -> String {
        match self {
            Wrong::Open { line } => format!(
                "line {}: a quoted field starts in this record and never ends",
                first_line + line
            ),
            Wrong::Tail { line } => format!(
                "line {}: there is text after a closing quote; a quote within a field is written twice",
                first_line + line
            ),
            Wrong::Width { line, fields } => format!(
                "line {}: {fields} {} where the header has {width}",
                first_line + line,
                if fields == 1 { "field" } else { "fields" }
            ),
        }
    }
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Where the next one starts.
    pub next: usize,
    /// None for an empty line.
    pub fields: usize,
    /// Lines that it takes up.
    pub lines: u64,
    /// Whether a line end closes it, and not the end of the text.
    pub closed: bool,
}

/// Reads the record at `at`, quoted fields and all. An empty line is a record of no fields.
pub(super) fn record(
    bytes: &[u8],
    at: usize,
    delimiter: u8,
    scratch: &mut Vec<u8>,
    into: &mut impl Fields,
) -> Result<Record, Wrong> {
    let (mut at, mut fields, mut lines) = (at, 0, 0);
    if let Some(next) = line_end(bytes, at) {
        return Ok(Record {
            next,
            fields,
            lines: 1,
            closed: next > at && bytes.get(next - 1) == Some(&b'\n'),
        });
    }
    loop {
        let end = if bytes.get(at) == Some(&b'"') {
            let (end, breaks) = quoted(bytes, at + 1, scratch).ok_or(Wrong::Open { line: 0 })?;
            lines += breaks;
            into.field(fields, scratch);
            end
        } else {
            let end = unquoted(bytes, at, delimiter);
            into.field(fields, without_return(bytes, at, end));
            end
        };
        fields += 1;
        if bytes.get(end) == Some(&delimiter) {
            at = end + 1;
            continue;
        }
        let next = line_end(bytes, end).ok_or(Wrong::Tail { line: 0 })?;
        let closed = next > end && bytes.get(next - 1) == Some(&b'\n');
        return Ok(Record {
            next,
            fields,
            lines: lines + 1,
            closed,
        });
    }
}

/// Behind the line end at `at`, or the end of the text there.
fn line_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at..).unwrap_or_default() {
        [] => Some(bytes.len()),
        [b'\n', ..] => Some(at + 1),
        // the text may end between the two bytes of a line end
        [b'\r'] | [b'\r', b'\n', ..] => Some((at + 2).min(bytes.len())),
        _ => None,
    }
}

/// The content of a quoted field into `scratch`; behind its closing quote, and the line breaks within.
fn quoted(bytes: &[u8], from: usize, scratch: &mut Vec<u8>) -> Option<(usize, u64)> {
    scratch.clear();
    let mut at = from;
    loop {
        let rest = bytes.get(at..)?;
        let length = rest.iter().position(|byte| *byte == b'"')?;
        scratch.extend_from_slice(&rest[..length]);
        at += length + 1;
        if bytes.get(at) != Some(&b'"') {
            let breaks = scratch.iter().filter(|byte| **byte == b'\n').count();
            return Some((at, breaks as u64));
        }
        scratch.push(b'"');
        at += 1;
    }
}

fn unquoted(bytes: &[u8], at: usize, delimiter: u8) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest
        .iter()
        // a quote in the midst of a field is a character as any other
        .position(|byte| *byte == delimiter || *byte == b'\n');
    at + length.unwrap_or(rest.len())
}

/// A field that a line end of two bytes follows ends before both.
fn without_return(bytes: &[u8], from: usize, to: usize) -> &[u8] {
    let field = bytes.get(from..to).unwrap_or_default();
    let ends_line = bytes.get(to).is_none_or(|byte| *byte == b'\n');
    match field {
        [head @ .., b'\r'] if ends_line => head,
        _ => field,
    }
}
