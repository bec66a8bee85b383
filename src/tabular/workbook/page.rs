//! Tables of a page in HTML, each as a sheet that is called by its number: 1, 2, 3.
//!
//! Read as browsers read it and not as XML: tags that nobody closed, attributes without quotation marks, references without a
//! semicolon. What a reader of the page does not see (scripts, hidden elements) is none of its text, and neither is what stands in
//! superscript: `62<sup>1</sup>` is 62 with a footnote.

use super::super::encoding;
use super::super::grid::{Cell, Region};
use super::{Budget, Cells, Fault, MOST_MERGED, Result, Sheet};

/// As much of a page is looked at to tell that it is one.
const LOOK: usize = 1 << 20;
/// Elements whose text is none of the page.
const UNSEEN: [&str; 9] = [
    "script", "style", "template", "noscript", "head", "title", "textarea", "svg", "sup",
];
/// Elements without an end.
const VOID: [&str; 10] = [
    "br", "img", "hr", "input", "col", "wbr", "meta", "link", "area", "source",
];
/// Elements that stand on a line of their own.
const BLOCKS: [&str; 8] = ["br", "p", "div", "li", "ul", "ol", "hr", "dd"];
/// After so many unseen elements without an end no other end is looked for: each time the whole rest of the page is.
const MOST_UNENDED: usize = 32;
/// As wide and as high as the standard lets a cell be.
const MOST_SPANNED: (usize, u64) = (1000, 65_534);

/// Whether some bytes are a page: tags, with a table among them or as a document of HTML.
pub(super) fn is_page(bytes: &[u8]) -> bool {
    let mut start = bytes.get(..bytes.len().min(LOOK)).unwrap_or_default();
    start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let text = start.trim_ascii_start().to_ascii_lowercase();
    let holds = |part: &[u8]| text.windows(part.len()).any(|window| window == part);
    let begins = |part: &[u8]| text.starts_with(part);
    match () {
        () if !begins(b"<") => false,
        () if begins(b"<!doctype html") || begins(b"<html") => true,
        // a workbook in XML has tables, too, which are none of HTML
        () if begins(b"<?xml") => holds(b"<html"),
        () => holds(b"<table") && holds(b"<tr"),
    }
}

/// The tables of a page.
///
/// # Errors
/// It has none, or more cells than the budget allows.
pub(super) fn sheets(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Sheet>> {
    budget.read_again(bytes.len())?;
    let decoded = encoding::decode(bytes).map_err(Fault::Damaged)?;
    let mut page = Page::default();
    let mut rest = decoded.text.as_str();
    let mut unended = 0;
    while let Some((token, after)) = next(rest) {
        rest = after;
        match token {
            Token::Text(text) => page.text(text, budget)?,
            Token::End(name) => page.end(&name, budget)?,
            Token::Start(tag) if UNSEEN.contains(&tag.name.as_str()) || tag.is_hidden() => {
                page.notes += usize::from(tag.name == "sup" && page.in_cell());
                if !VOID.contains(&tag.name.as_str()) && unended < MOST_UNENDED {
                    match after_element(rest, &tag.name) {
                        Some(after) => rest = after,
                        None => unended += 1,
                    }
                }
            }
            Token::Start(tag) => page.start(&tag, budget)?,
        }
    }
    while !page.open.is_empty() {
        page.end("table", budget)?;
    }
    let (notes, tables) = (page.notes, page.tables);
    let mut sheets = Vec::new();
    for (_, table) in { tables }
        .into_iter()
        .filter(|(_, table)| !table.cells.rows.is_empty())
    {
        let name = (sheets.len() + 1).to_string();
        let mut sheet = table.cells.into_sheet(name, true, budget)?;
        sheet.grid.notes.extend(decoded.note.clone());
        if notes > 0 {
            let s = if notes == 1 { "" } else { "s" };
            let note = format!("{notes} footnote mark{s} in superscript left out");
            sheet.grid.notes.push(note);
        }
        sheets.push(sheet);
    }
    match sheets.is_empty() {
        true => Err(
            "it is a page in HTML without a table in it, which a script may draw; copy the table into a spreadsheet and save it as .xlsx or .csv"
                .into(),
        ),
        false => Ok(sheets),
    }
}

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        let known = self.attributes.iter().find(|(known, _)| known == name);
        known.map(|(_, value)| value.as_str())
    }

    fn is_hidden(&self) -> bool {
        let style = self.attribute("style").unwrap_or_default();
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        self.attribute("hidden").is_some() || style.to_ascii_lowercase().contains("display:none")
    }

    fn span<N: std::str::FromStr + Ord + From<u8>>(&self, name: &str, most: N) -> N {
        let given = self
            .attribute(name)
            .and_then(|text| text.trim().parse().ok());
        given.unwrap_or(N::from(1)).clamp(N::from(1), most)
    }
}

enum Token<'t> {
    Text(&'t str),
    Start(Tag),
    End(String),
}

/// What comes next in a page, and the rest of it.
fn next(text: &str) -> Option<(Token<'_>, &str)> {
    if text.is_empty() {
        return None;
    }
    let opens = |rest: &str| {
        let next = rest.chars().nth(1);
        next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
    };
    if !(text.starts_with('<') && opens(text)) {
        let after_first = text.chars().next().map_or(0, char::len_utf8);
        let tail = text.get(after_first..).unwrap_or_default();
        let end = tail.find('<').map_or(text.len(), |at| after_first + at);
        let (text, rest) = text.split_at(end);
        return Some((Token::Text(text), rest));
    }
    let behind = |text: &'_ str, end: &str| -> usize {
        text.find(end).map_or(text.len(), |at| at + end.len())
    };
    if text.starts_with("<!--") {
        return Some((
            Token::Text(""),
            text.get(behind(text, "-->")..).unwrap_or_default(),
        ));
    }
    if text.starts_with("<!") || text.starts_with("<?") {
        return Some((
            Token::Text(""),
            text.get(behind(text, ">")..).unwrap_or_default(),
        ));
    }
    let inside = text.get(1..).unwrap_or_default();
    let end = end_of_tag(inside);
    let rest = inside.get(end + 1..).unwrap_or_default();
    let inside = inside.get(..end).unwrap_or_default();
    Some(match inside.strip_prefix('/') {
        Some(name) => (Token::End(name_of(name).0), rest),
        None => {
            let (name, attributes) = name_of(inside);
            let attributes = attributes_of(attributes);
            (Token::Start(Tag { name, attributes }), rest)
        }
    })
}

/// Where a tag ends: at the first `>` outside quotation marks.
fn end_of_tag(inside: &str) -> usize {
    let mut quote = None;
    for (at, c) in inside.char_indices() {
        match (quote, c) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    // a quotation mark that nobody closed
    inside.find('>').unwrap_or(inside.len())
}

fn name_of(inside: &str) -> (String, &str) {
    let is_part = |c: char| !c.is_whitespace() && c != '/' && c != '>';
    let end = inside.find(|c| !is_part(c)).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(end);
    (name.to_ascii_lowercase(), rest)
}

fn attributes_of(text: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=')
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end.max(1).min(rest.len()));
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('=').map(str::trim_start) {
            None => ("", after),
            Some(value) => match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                Some(quote) => {
                    let inside = value.get(1..).unwrap_or_default();
                    inside.split_once(quote).unwrap_or((inside, ""))
                }
                None => {
                    let end = value.find(char::is_whitespace).unwrap_or(value.len());
                    value.split_at(end)
                }
            },
        };
        attributes.push((name.to_ascii_lowercase(), value.to_owned()));
        rest = after.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
    }
    attributes
}

/// What follows an element and all that is in it; `None` where it does not end.
fn after_element<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let raw = matches!(name, "script" | "style" | "textarea" | "title");
    let mut depth = 1_usize;
    let mut rest = text;
    while let Some((token, after)) = next(rest) {
        rest = after;
        match token {
            Token::Start(tag) if !raw && tag.name == name => depth += 1,
            Token::End(end) if end == name => depth -= 1,
            // a cell or row that is hidden need not be closed
            Token::End(end) if end == "table" && matches!(name, "td" | "th" | "tr") => depth = 0,
            _ => {}
        }
        if depth == 0 {
            return Some(rest);
        }
    }
    None
}

#[derive(Default)]
struct Page {
    /// Tables that are open, the innermost last, each with its place on the page.
    open: Vec<(usize, TableCells)>,
    tables: std::collections::BTreeMap<usize, TableCells>,
    count: usize,
    notes: usize,
}

/// The cells of a table, as far as it is read.
#[derive(Default)]
struct TableCells {
    cells: Cells,
    row: u64,
    column: usize,
    /// The row up to which each column is taken by a cell that spans rows.
    taken: Vec<u64>,
    current: Option<Current>,
}

/// A cell or caption that is read.
struct Current {
    columns: usize,
    rows: u64,
    is_caption: bool,
    text: String,
}

impl Page {
    fn in_cell(&self) -> bool {
        self.open
            .last()
            .is_some_and(|(_, table)| table.current.is_some())
    }

    fn text(&mut self, text: &str, budget: &Budget) -> Result<()> {
        let Some((_, table)) = self.open.last_mut() else {
            return Ok(());
        };
        match &mut table.current {
            Some(current) if current.text.len() + text.len() > budget.texts => Err(Fault::TooLarge),
            Some(current) => {
                unescape(text, &mut current.text);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn start(&mut self, tag: &Tag, budget: &mut Budget) -> Result<()> {
        let name = tag.name.as_str();
        if name == "table" {
            self.count += 1;
            self.open.push((self.count, TableCells::default()));
            return Ok(());
        }
        let Some((_, table)) = self.open.last_mut() else {
            return Ok(());
        };
        match name {
            "tr" => {
                table.close(budget)?;
                table.row += 1;
                table.column = 0;
            }
            "td" | "th" | "caption" => {
                table.close(budget)?;
                let is_caption = name == "caption";
                if is_caption || table.row == 0 {
                    table.row += 1;
                    table.column = 0;
                }
                table.current = Some(Current {
                    columns: tag.span("colspan", MOST_SPANNED.0),
                    rows: tag.span("rowspan", MOST_SPANNED.1),
                    is_caption,
                    text: String::new(),
                });
            }
            _ if BLOCKS.contains(&name) => self.space(),
            _ => {}
        }
        Ok(())
    }

    fn space(&mut self) {
        let current = self
            .open
            .last_mut()
            .and_then(|(_, table)| table.current.as_mut());
        if let Some(current) = current {
            current.text.push(' ');
        }
    }

    fn end(&mut self, name: &str, budget: &mut Budget) -> Result<()> {
        let Some((_, table)) = self.open.last_mut() else {
            return Ok(());
        };
        match name {
            "td" | "th" | "caption" | "tr" | "tbody" | "thead" | "tfoot" => table.close(budget)?,
            "table" => {
                table.close(budget)?;
                self.tables.extend(self.open.pop());
            }
            _ if BLOCKS.contains(&name) => self.space(),
            _ => {}
        }
        Ok(())
    }
}

impl TableCells {
    /// Puts the cell that is read into its place.
    fn close(&mut self, budget: &mut Budget) -> Result<()> {
        let Some(current) = self.current.take() else {
            return Ok(());
        };
        let is_taken = |taken: &Vec<u64>, column: usize, row: u64| {
            taken.get(column).is_some_and(|until| *until >= row)
        };
        while is_taken(&self.taken, self.column, self.row) {
            self.column += 1;
        }
        let (first, last) = (self.column, self.column + current.columns - 1);
        if last >= budget.columns {
            return Err(Fault::TooLarge);
        }
        let until = self.row.saturating_add(current.rows - 1);
        if current.rows > 1 {
            if self.taken.len() <= last {
                self.taken.resize(last + 1, 0);
            }
            for taken in self.taken.iter_mut().take(last + 1).skip(first) {
                *taken = until;
            }
        }
        let text: Vec<&str> = current.text.split_whitespace().collect();
        let cell = Cell::text(&text.join(" "));
        let spans = (current.columns > 1 || current.rows > 1) && !current.is_caption;
        if spans && !cell.text.is_empty() && self.cells.merged.len() < MOST_MERGED {
            self.cells.merged.push(Region {
                rows: (self.row, until),
                columns: (first, last),
            });
        }
        self.cells.add(self.row, first, cell, budget)?;
        self.column = last + 1;
        Ok(())
    }
}

/// The letters of Latin-1 from U+00A0 on, by the names that HTML has for them.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
    micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave \
    Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml \
    Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth \
    ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
/// Others that stand in tables.
const OTHERS: [(&str, char); 28] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("ndash", '–'),
    ("mdash", '—'),
    ("minus", '−'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("sbquo", '‚'),
    ("bdquo", '„'),
    ("hellip", '…'),
    ("bull", '•'),
    ("le", '≤'),
    ("ge", '≥'),
    ("asymp", '≈'),
    ("thinsp", '\u{2009}'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("dagger", '†'),
    ("Dagger", '‡'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
];

/// Adds a text with its references resolved; what is none stays as it is written.
fn unescape(text: &str, to: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        to.push_str(before);
        let inside = from.get(1..).unwrap_or_default();
        let end = inside
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '#'))
            .unwrap_or(inside.len());
        let (name, after) = inside.split_at(end);
        match referred(name) {
            // a hyphen that is not seen
            Some('\u{ad}') => rest = after.strip_prefix(';').unwrap_or(after),
            Some(letter) => {
                to.push(letter);
                rest = after.strip_prefix(';').unwrap_or(after);
            }
            None => {
                to.push('&');
                rest = inside;
            }
        }
    }
    to.push_str(rest);
}

/// The letter that a reference names: `auml`, `#228`, `#xe4`.
fn referred(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|letter| *letter != '\0');
    }
    let other = OTHERS.iter().find(|(known, _)| *known == name);
    let of_latin = || {
        let place = LATIN.split_whitespace().position(|known| known == name)?;
        char::from_u32(0xa0 + u32::try_from(place).ok()?)
    };
    other.map(|(_, letter)| *letter).or_else(of_latin)
}
