//! Bytes into records and cells (RFC 4180), with the line of each. It never gives up: what breaks
//! the form is noted, the reading goes on at the most likely place.
//!
//! Written here and not left to a CSV library since the findings need the line of every cell and
//! where a quotation mark was opened, and since a mark that is never closed must not swallow the
//! rest of the file.

use std::borrow::Cow;
use std::ops::Range;

/// What was found in a file.
#[derive(Debug, Default)]
pub struct Scan<'a> {
    /// The records in order, blank lines left out; the first is the header.
    pub records: Vec<Record<'a>>,
    /// Where the form is broken, in order.
    pub problems: Vec<Problem>,
    /// How the first line ends, if it does.
    pub line_end: Option<&'static str>,
}

/// One record.
#[derive(Debug)]
pub struct Record<'a> {
    /// The line where it begins, from 1.
    pub line: u64,
    /// Its cells, at least one.
    pub cells: Vec<Cell<'a>>,
    /// The bytes that it takes, its line end too.
    pub span: Range<usize>,
}

/// One cell.
#[derive(Debug)]
pub struct Cell<'a> {
    /// Its text without the quotation marks around it; bytes that are no UTF-8 are replaced.
    pub text: Cow<'a, str>,
    /// The line where it begins.
    pub line: u64,
    /// The bytes that it takes, quotation marks too.
    pub span: Range<usize>,
}

/// A place where the form is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line.
    pub line: u64,
    /// The place of the cell in its record, from 0.
    pub cell: usize,
    /// What it is.
    pub kind: ProblemKind,
}

/// How the form can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// A quotation mark that opens a cell is never closed. The cell was ended with its line.
    Unclosed,
    /// Something follows the closing quotation mark.
    AfterQuote,
    /// Space after the closing quotation mark.
    SpaceAfterQuote,
    /// A quotation mark inside a cell that does not begin with one.
    StrayQuote,
    /// Space before the opening quotation mark, so that it does not open anything.
    SpaceBeforeQuote,
    /// A byte that is not UTF-8.
    NotUtf8(u8),
    /// So many unclosed quotation marks that the rest of the file was not read.
    GaveUp,
}

/// Each unclosed mark costs a look ahead, perhaps to the end of the file. After so many bytes in
/// all, reading stops.
const MOST_LOOK_AHEAD: usize = 64 << 20;

/// Reads all of it. A byte order mark must have been taken off.
pub fn scan(bytes: &[u8]) -> Scan<'_> {
    let mut scanner = Scanner {
        bytes,
        at: 0,
        line: 1,
        cell: 0,
        looked_ahead: 0,
        found: Scan::default(),
    };
    while scanner.at < bytes.len() {
        let record = scanner.record();
        if !is_blank(&record) {
            scanner.found.records.push(record);
        }
    }
    scanner.found
}

fn is_blank(record: &Record) -> bool {
    matches!(record.cells.as_slice(), [only] if only.text.trim().is_empty())
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
    /// The place of the current cell in its record.
    cell: usize,
    /// Bytes that were read for the end of cells that had none.
    looked_ahead: usize,
    found: Scan<'a>,
}

impl<'a> Scanner<'a> {
    fn record(&mut self) -> Record<'a> {
        let (line, start) = (self.line, self.at);
        let mut cells = Vec::new();
        loop {
            self.cell = cells.len();
            cells.push(if self.peek(0) == Some(b'"') {
                self.quoted()
            } else {
                self.bare()
            });
            match self.peek(0) {
                Some(b',') => self.at += 1,
                _ => break,
            }
        }
        self.take_line_end();
        let span = start..self.at;
        Record { line, cells, span }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn slice(&self, from: usize, to: usize) -> &'a [u8] {
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// A cell without quotation marks around it: all up to the next comma or line end.
    fn bare(&mut self) -> Cell<'a> {
        let (start, line) = (self.at, self.line);
        self.at = self.end_of_bare(start);
        let raw = self.slice(start, self.at);
        if raw.contains(&b'"') {
            let kind = match raw.trim_ascii_start().first() {
                Some(b'"') => ProblemKind::SpaceBeforeQuote,
                _ => ProblemKind::StrayQuote,
            };
            self.problem(line, kind);
        }
        Cell {
            text: self.decode(raw, line),
            line,
            span: start..self.at,
        }
    }

    /// A cell in quotation marks, which may hold commas, line ends, and marks that are doubled.
    fn quoted(&mut self) -> Cell<'a> {
        let (open, line) = (self.at, self.line);
        let Some((close, doubled)) = self.closing_quote(open + 1) else {
            return self.unclosed(open, self.bytes.len());
        };
        let raw = self.slice(open + 1, close);
        let lines = line_ends(raw);
        let end = self.end_of_bare(close + 1);
        let rest = self.slice(close + 1, end);
        let goes_on = !rest.trim_ascii().is_empty();
        if goes_on && lines > 0 {
            // the mark that seemed to close it opens a cell further down
            return self.unclosed(open, close);
        }
        let mut text = self.decode(raw, line);
        self.line += lines;
        if doubled {
            text = Cow::Owned(text.replace("\"\"", "\""));
        }
        if goes_on {
            self.problem(line, ProblemKind::AfterQuote);
            text = Cow::Owned(format!("{text}\"{}", self.decode(rest, self.line)));
        } else if !rest.is_empty() {
            self.problem(self.line, ProblemKind::SpaceAfterQuote);
        }
        self.at = end;
        Cell {
            text,
            line,
            span: open..end,
        }
    }

    /// Where the cell is closed, and whether marks are doubled in it.
    fn closing_quote(&self, from: usize) -> Option<(usize, bool)> {
        let (mut at, mut doubled) = (from, false);
        loop {
            at += self
                .bytes
                .get(at..)?
                .iter()
                .position(|&byte| byte == b'"')?;
            if self.bytes.get(at + 1) != Some(&b'"') {
                return Some((at, doubled));
            }
            doubled = true;
            at += 2;
        }
    }

    /// Ends an unclosed cell with the line in which it was opened, so that the next line is read
    /// again as a record.
    fn unclosed(&mut self, open: usize, looked_to: usize) -> Cell<'a> {
        let line = self.line;
        self.problem(line, ProblemKind::Unclosed);
        let rest = self.slice(open + 1, self.bytes.len());
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let end = open + 1 + length.unwrap_or(rest.len());
        let text = self.decode(self.slice(open + 1, end), line);
        self.looked_ahead += looked_to - open;
        self.at = if self.looked_ahead <= MOST_LOOK_AHEAD {
            end
        } else {
            self.problem(line, ProblemKind::GaveUp);
            self.bytes.len()
        };
        Cell {
            text,
            line,
            span: open..end,
        }
    }

    fn end_of_bare(&self, from: usize) -> usize {
        let rest = self.slice(from, self.bytes.len());
        let length = rest
            .iter()
            .position(|byte| matches!(byte, b',' | b'\n' | b'\r'));
        from + length.unwrap_or(rest.len())
    }

    /// LF, CRLF or CR.
    fn take_line_end(&mut self) {
        let end = match (self.peek(0), self.peek(1)) {
            (Some(b'\r'), Some(b'\n')) => "\r\n",
            (Some(b'\r'), _) => "\r",
            (Some(b'\n'), _) => "\n",
            _ => return,
        };
        self.at += end.len();
        self.line += 1;
        self.found.line_end.get_or_insert(end);
    }

    fn decode(&mut self, raw: &'a [u8], line: u64) -> Cow<'a, str> {
        match std::str::from_utf8(raw) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) => {
                let (good, bad) = raw
                    .split_at_checked(error.valid_up_to())
                    .unwrap_or_default();
                let byte = bad.first().copied().unwrap_or_default();
                self.problem(line + line_ends(good), ProblemKind::NotUtf8(byte));
                Cow::Owned(String::from_utf8_lossy(raw).into_owned())
            }
        }
    }

    fn problem(&mut self, line: u64, kind: ProblemKind) {
        self.found.problems.push(Problem {
            line,
            cell: self.cell,
            kind,
        });
    }
}

/// How many lines end in it: LF, CRLF and CR each count as one.
pub fn line_ends(raw: &[u8]) -> u64 {
    let feeds = raw.iter().filter(|&&byte| byte == b'\n').count();
    let lone_returns = raw
        .iter()
        .enumerate()
        .filter(|&(index, &byte)| byte == b'\r' && raw.get(index + 1) != Some(&b'\n'));
    (feeds + lone_returns.count()) as u64
}
