//! Text to rows of cells: what parts the fields, quotation marks, the three kinds of line ends.

use super::error::{Error, Place};
use super::grid::{Cell, Grid, Row};
use super::header::Header;
use super::{Limits, encoding};

/// Of equals, the first.
const DELIMITERS: [char; 4] = ['\t', ';', '|', ','];
/// Characters that are looked at to find the delimiter.
const LOOK: usize = 1 << 18;

/// The rows of a text.
///
/// # Errors
/// No text, an open quotation mark, more cells than the limits allow.
pub(super) fn grid(
    file: &str,
    bytes: &[u8],
    header: &Header,
    limits: &Limits,
) -> Result<Grid, Error> {
    let decoded = decoded(file, bytes)?;
    let (text, first_line, delimiter) = fields_of(file, &decoded.text, header);
    let mut rows = Vec::new();
    let mut cells = 0;
    for record in Records::new(text, delimiter, first_line) {
        let row = record.map_err(|line| Error::Cell {
            place: Box::new(Place::line(file, line)),
            message: "a quotation mark is opened here and never closed".to_owned(),
        })?;
        cells += row.cells.len();
        if cells > limits.cells || row.cells.len() > limits.columns {
            return Err(limits.too_many_cells(file));
        }
        if !row.is_blank() {
            rows.push(row);
        }
    }
    let is_drawn = delimiter == '|' && rows.iter().any(is_rule);
    if is_drawn {
        rows = without_drawing(rows);
    }
    let mut notes: Vec<String> = decoded.note.into_iter().collect();
    let read_as = match delimiter {
        '\t' => Some("tabs between fields"),
        ';' => Some("semicolons between fields"),
        '|' if is_drawn => Some("a table drawn with strokes, as in Markdown"),
        '|' => Some("strokes between fields"),
        _ => None,
    };
    notes.extend(read_as.map(str::to_owned));
    Ok(Grid {
        sheet: None,
        rows,
        merged: Vec::new(),
        comma_parts_fields: delimiter == ',',
        notes,
    })
}

/// Whether a row is a line that is drawn below the header: `|---|---:|`, and `-----+-----` of databases.
fn is_rule(row: &Row) -> bool {
    let is_line = |text: &str| text.contains('-') && text.chars().all(|c| "-:=+ ".contains(c));
    let mut texts = row.cells.iter().map(|cell| cell.text.as_str());
    texts.all(|text| text.is_empty() || is_line(text))
}

/// The rows of a table that is drawn, without its lines, its outer strokes and its emphasis. A stroke behind `\` is none.
fn without_drawing(rows: Vec<Row>) -> Vec<Row> {
    let unescaped = |row: Row| {
        let mut cells: Vec<Cell> = Vec::with_capacity(row.cells.len());
        for cell in row.cells {
            match cells.last_mut() {
                Some(last) if last.text.ends_with('\\') => {
                    last.text.pop();
                    *last = Cell::text(&format!("{}|{}", last.text, cell.text));
                }
                _ => cells.push(cell),
            }
        }
        Row { cells, ..row }
    };
    let mut rows: Vec<Row> = rows
        .into_iter()
        .filter(|row| !is_rule(row))
        .map(unescaped)
        .collect();
    let is_text = |cell: Option<&Cell>| cell.is_some_and(|cell| !cell.text.is_empty());
    let cut = || rows.iter().filter(|row| row.cells.len() > 1);
    let is_open = [
        cut().any(|row| is_text(row.cells.first())),
        cut().any(|row| is_text(row.cells.last())),
    ];
    for row in rows.iter_mut().filter(|row| row.cells.len() > 1) {
        if !is_open[0] {
            row.cells.remove(0);
        }
        if !is_open[1] {
            row.cells.pop();
        }
    }
    for row in &mut rows {
        row.fields = row.cells.len();
        for cell in &mut row.cells {
            *cell = Cell::text(without_emphasis(&cell.text));
        }
    }
    rows
}

/// `US` of `**US**`; a sign on one side alone is one of a footnote.
fn without_emphasis(text: &str) -> &str {
    let inside = |mark: &&str| text.strip_prefix(*mark)?.strip_suffix(*mark);
    let marks = ["**", "__", "*", "_", "`"];
    let inner = marks.iter().find_map(inside);
    inner.filter(|inner| !inner.is_empty()).unwrap_or(text)
}

fn decoded(file: &str, bytes: &[u8]) -> Result<encoding::Decoded, Error> {
    encoding::decode(bytes).map_err(|message| Error::Unreadable {
        file: file.to_owned(),
        message,
    })
}

/// The text from the line on that it begins in, and what parts its fields.
fn fields_of<'t>(file: &str, text: &'t str, header: &Header) -> (&'t str, u64, char) {
    let (text, first_line, named) = after_sep(text);
    let delimiter = named
        .or_else(|| by_ending(file, text))
        .unwrap_or_else(|| likely(text, header));
    (text, first_line, delimiter)
}

/// A text in any encoding, and what parts its fields: for tables whose cells another reader takes letter by letter.
///
/// # Errors
/// No text.
pub(crate) fn text_and_delimiter(
    file: &str,
    bytes: &[u8],
    header: &Header,
) -> Result<(String, char), Error> {
    let decoded = decoded(file, bytes)?;
    let (text, _, delimiter) = fields_of(file, &decoded.text, header);
    Ok((text.to_owned(), delimiter))
}

/// The text after a first line `sep=;`, by which spreadsheets tell each other the delimiter.
fn after_sep(text: &str) -> (&str, u64, Option<char>) {
    let Some(rest) = text
        .strip_prefix("sep=")
        .or_else(|| text.strip_prefix("SEP="))
    else {
        return (text, 1, None);
    };
    let mut characters = rest.chars();
    let delimiter = characters.next().filter(|c| DELIMITERS.contains(c));
    let rest = characters.as_str();
    let after = rest
        .strip_prefix("\r\n")
        .or_else(|| rest.strip_prefix(['\r', '\n']));
    match (delimiter, after) {
        (Some(delimiter), Some(after)) => (after, 2, Some(delimiter)),
        _ => (text, 1, None),
    }
}

/// Only tabs part fields where the ending says so.
fn by_ending(file: &str, text: &str) -> Option<char> {
    let lower = file.to_lowercase();
    let tabs = lower.ends_with(".tsv") || lower.ends_with(".tab");
    (tabs && text.contains('\t')).then_some('\t')
}

/// The delimiter under which a row names the columns, else that which cuts most rows alike.
fn likely(text: &str, header: &Header) -> char {
    let mut end = text.len().min(LOOK);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = text.get(..end).unwrap_or(text);
    // the end of what is looked at may be in the middle of a record
    let whole = match end == text.len() {
        true => start,
        false => start
            .rfind(['\r', '\n'])
            .and_then(|at| start.get(..at))
            .unwrap_or(start),
    };
    let mut best = (Score::default(), ',');
    for delimiter in DELIMITERS {
        let score = Score::new(whole, delimiter, header);
        if score.is_above(&best.0) {
            best = (score, delimiter);
        }
    }
    best.1
}

#[derive(Default)]
struct Score {
    /// How many of the columns that are looked for the best row names.
    named: usize,
    /// The share of rows with as many fields as most have; 0 where most have one.
    alike: f64,
    fields: usize,
}

impl Score {
    fn new(text: &str, delimiter: char, header: &Header) -> Score {
        let mut named = 0;
        let mut counts: Vec<usize> = Vec::new();
        let mut rows = 0_usize;
        for row in Records::new(text, delimiter, 1).map_while(Result::ok) {
            if row.is_blank() {
                continue;
            }
            rows += 1;
            named = named.max(header.matches(&row));
            // a row of a million fields must not ask for as many counts
            if counts.len() <= row.fields.min(1000) {
                counts.resize(row.fields.min(1000) + 1, 0);
            }
            if let Some(count) = counts.get_mut(row.fields.min(1000)) {
                *count += 1;
            }
        }
        // a row of one field was not cut at all
        let several = counts.iter().enumerate().skip(2);
        let (fields, count) = several
            .max_by_key(|(_, count)| **count)
            .map_or((0, 0), |(fields, count)| (fields, *count));
        Score {
            named,
            alike: count as f64 / rows.max(1) as f64,
            fields,
        }
    }

    fn is_above(&self, other: &Score) -> bool {
        if self.named != other.named {
            return self.named > other.named;
        }
        let near = (self.alike - other.alike).abs() < 1e-9;
        match near {
            true => self.alike > 0.0 && self.fields > other.fields,
            false => self.alike > other.alike,
        }
    }
}

/// Records one by one, each with the line it begins in.
struct Records<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    line: u64,
    delimiter: u8,
    after_blank: bool,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, delimiter: char, line: u64) -> Records<'t> {
        Records {
            text,
            bytes: text.as_bytes(),
            at: 0,
            line,
            delimiter: u8::try_from(delimiter).unwrap_or(b','),
            after_blank: false,
        }
    }

    /// A field and whether the record ends with it; the line of a quotation mark that stays open.
    fn field(&mut self) -> Result<(String, bool), u64> {
        let opened = self.line;
        let start = self.at;
        let is_end = |byte: u8| byte == b'\n' || byte == b'\r';
        // spaces before a quotation mark are none of the field
        let blanks = self.rest().iter().take_while(|byte| **byte == b' ').count();
        let mut field = String::new();
        if self.bytes.get(start + blanks) == Some(&b'"') {
            self.at = start + blanks + 1;
            loop {
                let Some(length) = self.rest().iter().position(|byte| *byte == b'"') else {
                    return Err(opened);
                };
                self.line += line_ends(self.rest().get(..length).unwrap_or_default());
                field.push_str(self.text.get(self.at..self.at + length).unwrap_or_default());
                self.at += length + 1;
                match self.bytes.get(self.at) {
                    Some(b'"') => {
                        field.push('"');
                        self.at += 1;
                    }
                    _ => break,
                }
            }
        }
        let delimiter = self.delimiter;
        let rest = self.rest();
        let length = rest
            .iter()
            .position(|byte| *byte == delimiter || is_end(*byte))
            .unwrap_or(rest.len());
        // behind a closing mark too: nothing is lost, whatever was meant
        field.push_str(self.text.get(self.at..self.at + length).unwrap_or_default());
        self.at += length;
        let ends = match self.bytes.get(self.at) {
            None => true,
            Some(byte) if *byte == delimiter => {
                self.at += 1;
                false
            }
            Some(b'\r') if self.bytes.get(self.at + 1) == Some(&b'\n') => {
                self.at += 2;
                self.line += 1;
                true
            }
            Some(_) => {
                self.at += 1;
                self.line += 1;
                true
            }
        };
        Ok((field, ends))
    }

    fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Row, u64>;

    fn next(&mut self) -> Option<Result<Row, u64>> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let number = self.line;
        let mut cells = Vec::new();
        loop {
            match self.field() {
                Err(line) => {
                    self.at = self.bytes.len();
                    return Some(Err(line));
                }
                Ok((field, ends)) => {
                    cells.push(Cell::text(&field));
                    if ends {
                        break;
                    }
                }
            }
        }
        let row = Row {
            number,
            fields: cells.len(),
            cells,
            after_blank: self.after_blank,
        };
        self.after_blank = row.is_blank();
        Some(Ok(row))
    }
}

/// Line ends of all three kinds.
fn line_ends(bytes: &[u8]) -> u64 {
    let mut count = 0;
    let mut before = 0;
    for byte in bytes {
        count += u64::from(*byte == b'\r' || (*byte == b'\n' && before != b'\r'));
        before = *byte;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, delimiter: char) -> Vec<(u64, Vec<String>)> {
        let records = Records::new(text, delimiter, 1).map(Result::unwrap);
        let texts = |row: &Row| row.cells.iter().map(|cell| cell.text.clone()).collect();
        records
            .filter(|row| !row.is_blank())
            .map(|row| (row.number, texts(&row)))
            .collect()
    }

    #[test]
    fn quotation_marks_and_line_ends() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "a,b\n\"1, one\",\" \"\"2\"\"\nlines\"\n\n 3 ,4".replace('\n', end);
            let lines = format!("\"2\"{end}lines");
            let expected = [
                (1, vec!["a", "b"]),
                (2, vec!["1, one", &lines]),
                (5, vec!["3", "4"]),
            ];
            let read = rows(&text, ',');
            for ((line, cells), (expected_line, expected)) in read.iter().zip(&expected) {
                assert_eq!((line, cells.len()), (expected_line, expected.len()));
                assert!(cells.iter().zip(expected).all(|(a, b)| a == b), "{cells:?}");
            }
            assert_eq!(read.len(), 3);
        }
        assert_eq!(
            rows("5\" screens;x", ';'),
            [(1, vec!["5\" screens".to_owned(), "x".to_owned()])]
        );
        assert_eq!(Records::new("a\n\"b\nc", ',', 1).last(), Some(Err(2)));
    }

    #[test]
    fn a_drawn_table_is_its_cells() {
        let cells = |text: &str| {
            let grid = grid(
                "t.md",
                text.as_bytes(),
                &Header::by_shape(),
                &Limits::default(),
            );
            let rows = grid.unwrap().rows;
            let texts = |row: &Row| row.cells.iter().map(|cell| cell.text.clone()).collect();
            rows.iter().map(texts).collect::<Vec<Vec<String>>>()
        };
        let expected = [
            ["Country", "Yes|no", "n"],
            ["US", "34%", "3,576"],
            ["UK", "", "*"],
        ];
        for text in [
            "| Country | Yes\\|no | n |\n|:--|---:|---|\n| **US** | `34%` | 3,576 |\n| _UK_ | | * |\n",
            "Country | Yes\\|no | n\n---|---|---\nUS | 34% | 3,576\n*UK* | | *\n",
            " Country | Yes\\|no |   n\n---------+--------+------\n US      | 34%    | 3,576\n UK      |        | *\n",
        ] {
            assert_eq!(cells(text), expected, "{text}");
        }
    }

    #[test]
    fn the_delimiter_is_that_which_cuts_rows_alike() {
        let any = Header::by_shape();
        for (text, delimiter) in [
            ("label;percent;n\nA;48,5;1000\nB;41,2;1000\n", ';'),
            ("label,percent\nA,48.5\n", ','),
            (
                "Trust, by land, 2023\nland\tanteil\nA\t48,5\nB\t1,5\n",
                '\t',
            ),
            ("a|b\n1|2\n", '|'),
            ("one\ntwo\n", ','),
            ("a;b,c;d\n1;2,5;3\n2;2,5;3\n", ';'),
        ] {
            assert_eq!(likely(text, &any), delimiter, "{text}");
        }
        let named = Header::named(&["label", "percent"]);
        assert_eq!(likely("a;b;c;d;e\nlabel,percent\nA,1\n", &named), ',');
    }
}
