//! All records of a block in one pass, eight bytes at a time.

use super::record::{Fields, Wrong};

/// What a block holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Walked {
    pub rows: u64,
    pub lines: u64,
    /// Behind the last whole record.
    pub cut: usize,
    /// Rows with fewer fields than asked for, which are filled up.
    pub short: u64,
    /// Where the first of them starts, from 0.
    pub first_short_line: u64,
}

/// Hands out the fields of all records. Where the text is not `ended`, a record that its end cuts off is left out.
/// No record may have more than `width` fields, if that is given; those that it lacks are handed out empty.
pub(super) fn walk(
    bytes: &[u8],
    delimiter: u8,
    width: Option<usize>,
    ended: bool,
    into: &mut impl Fields,
) -> Result<Walked, Wrong> {
    let mut records = Records {
        bytes,
        delimiter,
        width,
        into,
        scratch: Vec::new(),
        start: 0,
        column: 0,
        inside: false,
        closed: None,
        escaped: false,
        second: usize::MAX,
        line: 0,
        walked: Walked::default(),
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let all = |byte: u8| ONES * u64::from(byte);
    let (delimiters, breaks, quotes) = (all(delimiter), all(b'\n'), all(b'"'));
    for (place, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let (between, ends) = (zeros(word ^ delimiters), zeros(word ^ breaks));
        let quotes = zeros(word ^ quotes);
        if records.passes_over(between, ends, quotes, place * 8) {
            continue;
        }
        let mut marks = between | ends | quotes;
        while marks != 0 {
            records.mark(place * 8 + marks.trailing_zeros() as usize / 8)?;
            marks &= marks - 1;
        }
    }
    let tail = bytes.len() - rest.len();
    for (place, byte) in rest.iter().enumerate() {
        if *byte == delimiter || *byte == b'\n' || *byte == b'"' {
            records.mark(tail + place)?;
        }
    }
    if ended {
        records.finish()?;
    }
    Ok(records.walked)
}

const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
const ONES: u64 = 0x0101_0101_0101_0101;

/// The top bit of every byte that is zero, and no other.
fn zeros(word: u64) -> u64 {
    // no byte carries into the next, as it does in the shorter form with a subtraction
    !(((word & LOW) + LOW) | word | LOW)
}

struct Records<'a, F> {
    bytes: &'a [u8],
    delimiter: u8,
    width: Option<usize>,
    into: &'a mut F,
    scratch: Vec<u8>,
    /// Of the field.
    start: usize,
    column: usize,
    /// Between quotes.
    inside: bool,
    /// Where the quote stands that closed the field.
    closed: Option<usize>,
    /// The field has quotes written twice.
    escaped: bool,
    /// The second of such two.
    second: usize,
    /// On which the record starts.
    line: u64,
    walked: Walked,
}

impl<F: Fields> Records<'_, F> {
    /// Passes over a word at once: within quotes if none closes, or outside if no field that ends in it is of use.
    #[inline]
    fn passes_over(&mut self, delimiters: u64, ends: u64, quotes: u64, at: usize) -> bool {
        // what comes behind a closing quote has to be looked at
        if quotes != 0 || self.closed.is_some() {
            return false;
        }
        if self.inside {
            self.walked.lines += u64::from(ends.count_ones());
            return true;
        }
        let count = delimiters.count_ones() as usize;
        if ends != 0 || self.column + count > self.into.next_column() {
            return false;
        }
        if count > 0 {
            self.column += count;
            self.start = at + (63 - delimiters.leading_zeros() as usize) / 8 + 1;
        }
        true
    }

    /// A delimiter, a line end or a quote.
    #[inline]
    fn mark(&mut self, at: usize) -> Result<(), Wrong> {
        let byte = self.bytes.get(at).copied().unwrap_or_default();
        if self.inside {
            self.mark_inside(at, byte);
            return Ok(());
        }
        if byte == self.delimiter {
            self.field(at, false)?;
            self.column += 1;
            self.start = at + 1;
            return Ok(());
        }
        if byte == b'\n' {
            return self.close(at);
        }
        if self.closed.is_some() {
            return Err(Wrong::Tail { line: self.line });
        }
        // a quote elsewhere than at the start of a field is a character as any other
        self.inside = at == self.start;
        Ok(())
    }

    fn mark_inside(&mut self, at: usize, byte: u8) {
        if byte == b'\n' {
            self.walked.lines += 1;
        } else if byte == b'"' && at != self.second {
            if self.bytes.get(at + 1) == Some(&b'"') {
                self.escaped = true;
                self.second = at + 1;
            } else {
                self.inside = false;
                self.closed = Some(at);
            }
        }
    }

    #[inline]
    fn field(&mut self, end: usize, ends_line: bool) -> Result<(), Wrong> {
        if self.closed.is_some() {
            return self.quoted_field(end, ends_line);
        }
        let field = self.bytes.get(self.start..end).unwrap_or_default();
        let field = match field {
            [head @ .., b'\r'] if ends_line => head,
            _ => field,
        };
        self.into.field(self.column, field);
        Ok(())
    }

    fn quoted_field(&mut self, end: usize, ends_line: bool) -> Result<(), Wrong> {
        let closed = self.closed.take().unwrap_or(end);
        match self.bytes.get(closed + 1..end).unwrap_or_default() {
            [] => {}
            [b'\r'] if ends_line => {}
            _ => return Err(Wrong::Tail { line: self.line }),
        }
        let content = self.bytes.get(self.start + 1..closed).unwrap_or_default();
        if !std::mem::take(&mut self.escaped) {
            self.into.field(self.column, content);
            return Ok(());
        }
        self.scratch.clear();
        let mut skip = false;
        for byte in content {
            // of two quotes the second is left out
            skip = *byte == b'"' && !skip;
            if *byte != b'"' || skip {
                self.scratch.push(*byte);
            }
        }
        self.into.field(self.column, &self.scratch);
        Ok(())
    }

    /// The line ends at `at`, and the record with it.
    #[inline]
    fn close(&mut self, at: usize) -> Result<(), Wrong> {
        let first = self.column == 0 && self.closed.is_none();
        let empty = first && matches!(self.bytes.get(self.start..at), Some([] | [b'\r']));
        if !empty {
            self.field(at, true)?;
            let fields = self.column + 1;
            match self.width {
                Some(width) if fields > width => {
                    return Err(Wrong::Width {
                        line: self.line,
                        fields,
                    });
                }
                Some(width) if fields < width => self.fill(fields, width),
                _ => {}
            }
            self.into.end();
            self.walked.rows += 1;
        }
        self.column = 0;
        self.start = at + 1;
        self.walked.lines += 1;
        self.line = self.walked.lines;
        self.walked.cut = (at + 1).min(self.bytes.len());
        Ok(())
    }

    /// The fields that a row lacks.
    #[cold]
    fn fill(&mut self, fields: usize, width: usize) {
        for column in fields..width {
            self.into.field(column, b"");
        }
        if self.walked.short == 0 {
            self.walked.first_short_line = self.line;
        }
        self.walked.short += 1;
    }

    /// The last line may lack its end.
    fn finish(&mut self) -> Result<(), Wrong> {
        if self.inside {
            return Err(Wrong::Open { line: self.line });
        }
        match self.walked.cut < self.bytes.len() {
            true => self.close(self.bytes.len()),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::survey::microdata::csv::record::record;

    #[derive(Default, Debug, PartialEq)]
    struct All {
        rows: Vec<Vec<Vec<u8>>>,
        row: Vec<Vec<u8>>,
    }

    impl Fields for All {
        fn field(&mut self, _: usize, entry: &[u8]) {
            self.row.push(entry.to_vec());
        }

        fn end(&mut self) {
            self.rows.push(std::mem::take(&mut self.row));
        }
    }

    /// The same record by record.
    fn one_by_one(bytes: &[u8]) -> Result<(All, Walked), Wrong> {
        let (mut all, mut walked) = (All::default(), Walked::default());
        let mut scratch = Vec::new();
        while walked.cut < bytes.len() {
            let read = record(bytes, walked.cut, b',', &mut scratch, &mut all).map_err(
                |wrong| match wrong {
                    Wrong::Open { .. } => Wrong::Open { line: walked.lines },
                    _ => Wrong::Tail { line: walked.lines },
                },
            )?;
            if read.fields > 0 {
                all.end();
                walked.rows += 1;
            }
            walked.cut = read.next;
            walked.lines += read.lines;
        }
        Ok((all, walked))
    }

    #[test]
    fn short_rows_are_filled_and_long_ones_refused() {
        let mut all = All::default();
        let walked = walk(b"a,b,c\n\nd\ne,f\ng,,\n", b',', Some(3), true, &mut all).unwrap();
        assert_eq!(
            (walked.rows, walked.short, walked.first_short_line),
            (4, 2, 2)
        );
        assert!(all.rows.iter().all(|row| row.len() == 3));
        let wrong = walk(b"a,b,c\nd,e,f,\n", b',', Some(3), true, &mut All::default());
        assert_eq!(wrong, Err(Wrong::Width { line: 1, fields: 4 }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn as_record_by_record(bytes in prop::collection::vec(prop::sample::select(b"ab,,\"\"\n\r".to_vec()), 0..40)) {
            let mut all = All::default();
            let walked = walk(&bytes, b',', None, true, &mut all);
            match (walked, one_by_one(&bytes)) {
                (Ok(walked), Ok((expected, other))) => {
                    prop_assert_eq!(&all, &expected);
                    prop_assert_eq!(walked, other);
                }
                (Err(wrong), Err(other)) => prop_assert_eq!(wrong, other),
                (walked, other) => prop_assert!(false, "{:?} {:?}", walked, other),
            }
        }

        /// However a text is cut off, what is whole stays the same.
        #[test]
        fn cut_off(bytes in prop::collection::vec(prop::sample::select(b"ab,\"\"\n\r".to_vec()), 0..40), at in 0usize..40) {
            let mut whole = All::default();
            if walk(&bytes, b',', None, true, &mut whole).is_ok() {
                let part = bytes.get(..at).unwrap_or(&bytes);
                let mut all = All::default();
                let first = walk(part, b',', None, false, &mut all);
                let cut = first.map_err(|wrong| TestCaseError::fail(format!("{wrong:?}")))?.cut;
                let mut rest = All { rows: all.rows, row: Vec::new() };
                let second = walk(&bytes[cut..], b',', None, true, &mut rest);
                prop_assert!(second.is_ok());
                prop_assert_eq!(rest, whole);
            }
        }
    }
}
