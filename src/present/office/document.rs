//! Documents: headings, paragraphs and tables in the styles that a word processor knows by name, in the form of WordprocessingML.

use std::fmt::Write;

use super::package::{DECLARATION, OfficeError, Package, Properties, Relation, Relations, escape};

/// A document, from its head to its foot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// What the properties call it.
    pub title: String,
    pub blocks: Vec<Block>,
    /// For tables of many columns.
    pub landscape: bool,
    /// The face of all texts, by its name; Arial without.
    pub typeface: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph in a style.
    Text(Style, String),
    Table(DocumentTable),
}

/// Styles by the names that every word processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Title,
    Subtitle,
    Heading1,
    Heading2,
    /// Over a table, with a number that the word processor counts.
    Caption,
    Normal,
    /// Small print under a table.
    Note,
}

impl Style {
    fn id(self) -> &'static str {
        match self {
            Style::Title => "Title",
            Style::Subtitle => "Subtitle",
            Style::Heading1 => "Heading1",
            Style::Heading2 => "Heading2",
            Style::Caption => "Caption",
            Style::Normal => "Normal",
            Style::Note => "FootnoteText",
        }
    }
}

/// A table: rows of cells under a head that is repeated on every page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentTable {
    /// Said to those who cannot see it.
    pub description: String,
    pub head: Vec<Vec<DocumentCell>>,
    pub rows: Vec<Vec<DocumentCell>>,
    /// Whether it is kept on one page where it fits.
    pub together: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentCell {
    pub text: String,
    /// Small and raised behind the text: letters of a banner.
    pub raised: String,
    /// How many columns it takes; 0 is 1.
    pub span: usize,
    pub right: bool,
    pub bold: bool,
    pub look: Look,
    /// Steps from the left.
    pub indent: usize,
    /// A rule over it.
    pub rule: Rule,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    #[default]
    Plain,
    Muted,
    Wrong,
}

/// What stands under a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    #[default]
    None,
    Hairline,
    Ink,
}

impl DocumentCell {
    pub fn new(text: impl Into<String>) -> DocumentCell {
        DocumentCell {
            text: text.into(),
            ..DocumentCell::default()
        }
    }

    pub fn number(text: impl Into<String>) -> DocumentCell {
        DocumentCell {
            right: true,
            ..DocumentCell::new(text)
        }
    }
}

/// Letters that a column has room for, however short its numbers are.
const LEAST_LETTERS: usize = 6;

fn longest_word(text: &str) -> usize {
    let words = text.split_whitespace();
    words.map(|word| word.chars().count()).max().unwrap_or(0)
}

const STYLES: &str = include_str!("parts/styles.xml");
const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// Twentieths of a point: A4 with margins of 20 and 16 mm.
const PAGE: (u32, u32) = (11_906, 16_838);
const SIDE: u32 = 1_134;
const TOP: u32 = 907;

/// The bytes of a document.
///
/// Headings, captions and notes are in the styles “Title”, “Subtitle”, “heading 1”, “caption” and so on, tables in “Plain Table 2”:
/// another template changes them all. Heads of tables are repeated, rows never broken. The same input gives the same bytes.
///
/// # Errors
/// None but those of the zip.
pub fn docx(document: &Document) -> Result<Vec<u8>, OfficeError> {
    let mut package = Package::default();
    let none = Relations::default();
    let ties = Relations::new(&[
        (Relation::Styles, "styles.xml"),
        (Relation::Footer, "footer1.xml"),
    ]);
    package.add("word/document.xml", MAIN, document.xml(), &ties);
    package.add(
        "word/styles.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml",
        match &document.typeface {
            Some(face) => STYLES.replace("\"Arial\"", &format!("\"{}\"", escape(face))),
            None => STYLES.to_owned(),
        },
        &none,
    );
    package.add(
        "word/footer1.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml",
        footer(),
        &none,
    );
    let properties = Properties {
        title: document.title.clone(),
    };
    package.finish("word/document.xml", &properties)
}

const MAIN: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

/// "2 / 5", counted by whoever shows it.
fn footer() -> String {
    let field = |name: &str| {
        format!("<w:fldSimple w:instr=\" {name} \"><w:r><w:t>1</w:t></w:r></w:fldSimple>")
    };
    format!(
        "{DECLARATION}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>{}<w:r><w:t xml:space=\"preserve\"> / </w:t></w:r>{}</w:p></w:ftr>",
        field("PAGE"),
        field("NUMPAGES")
    )
}

impl Document {
    fn measure(&self) -> u32 {
        let width = if self.landscape { PAGE.1 } else { PAGE.0 };
        width - 2 * SIDE
    }

    /// Lines of a table that are kept on one page, with room for what introduces it.
    fn most_together(&self) -> usize {
        if self.landscape { 26 } else { 42 }
    }

    fn xml(&self) -> String {
        let mut body = String::new();
        let mut captions = 0;
        for (at, block) in self.blocks.iter().enumerate() {
            // what introduces a table stays with it
            let keep = match self.blocks.get(at + 1..).and_then(<[Block]>::first) {
                Some(Block::Table(_)) => "<w:keepNext/>",
                Some(Block::Text(..)) | None => "",
            };
            match block {
                Block::Text(Style::Caption, text) => {
                    captions += 1;
                    let _ = write!(
                        body,
                        "<w:p><w:pPr><w:pStyle w:val=\"Caption\"/>{keep}</w:pPr><w:r><w:t xml:space=\"preserve\">Table </w:t></w:r>\
                         <w:fldSimple w:instr=\" SEQ Table \\* ARABIC \"><w:r><w:t>{captions}</w:t></w:r></w:fldSimple>\
                         <w:r><w:t xml:space=\"preserve\">. {}</w:t></w:r></w:p>",
                        escape(text)
                    );
                }
                Block::Text(style, text) => {
                    let _ = write!(
                        body,
                        "<w:p><w:pPr><w:pStyle w:val=\"{}\"/>{keep}</w:pPr>{}</w:p>",
                        style.id(),
                        run(text, "")
                    );
                }
                Block::Table(table) => table.xml(&mut body, self.measure(), self.most_together()),
            }
        }
        let (width, height, turned) = match self.landscape {
            true => (PAGE.1, PAGE.0, " w:orient=\"landscape\""),
            false => (PAGE.0, PAGE.1, ""),
        };
        format!(
            "{DECLARATION}<w:document {NAMESPACES}><w:body>{body}<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/>\
             <w:pgSz w:w=\"{width}\" w:h=\"{height}\"{turned}/><w:pgMar w:top=\"{TOP}\" w:right=\"{SIDE}\" w:bottom=\"{TOP}\" \
             w:left=\"{SIDE}\" w:header=\"454\" w:footer=\"454\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
        )
    }
}

/// A run of text with its look; nothing of an empty one.
fn run(text: &str, look: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!(
            "<w:r>{}<w:t xml:space=\"preserve\">{}</w:t></w:r>",
            match look.is_empty() {
                true => String::new(),
                false => format!("<w:rPr>{look}</w:rPr>"),
            },
            escape(text)
        ),
    }
}

impl DocumentTable {
    fn columns(&self) -> usize {
        let spans = |row: &Vec<DocumentCell>| row.iter().map(|cell| cell.span.max(1)).sum();
        self.head
            .iter()
            .chain(&self.rows)
            .map(spans)
            .max()
            .unwrap_or(1)
    }

    /// Half points: tables of many columns are set smaller.
    fn size(&self) -> u32 {
        match self.columns() {
            0..=8 => 18,
            9..=12 => 16,
            _ => 14,
        }
    }

    /// A letter of Arial at this size, in twentieths of a point, digits among them.
    fn letter(&self) -> f64 {
        f64::from(self.size()) / 2.0 * 20.0 * 0.55
    }

    /// As wide as their words need; the first column has what is left, and what lacks is taken from it.
    fn widths(&self, measure: u32) -> Vec<u32> {
        let columns = self.columns();
        let letter = self.letter();
        let mut letters = vec![LEAST_LETTERS; columns];
        let heads = self.head.iter().map(|row| (row, true));
        for (row, is_head) in heads.chain(self.rows.iter().map(|row| (row, false))) {
            let mut at = 0;
            for cell in row {
                let span = cell.span.max(1);
                if let Some(most) = letters.get_mut(at).filter(|_| span == 1) {
                    let whole = cell.text.chars().count();
                    let needs = match (at, cell.right, is_head) {
                        (0, ..) => whole + 2 * cell.indent,
                        (_, false, _) => whole.min(30),
                        // numbers and intervals stay on one line, names of columns are set in lines
                        (_, true, false) if whole < 20 => whole,
                        _ => longest_word(&cell.text),
                    };
                    *most = (*most).max(needs + cell.raised.chars().count());
                }
                at += span;
            }
        }
        let mut widths: Vec<u32> = letters
            .iter()
            .map(|letters| (*letters as f64 * letter) as u32 + 170)
            .collect();
        let others: u32 = widths.iter().skip(1).sum();
        let Some(first) = widths.first_mut() else {
            return widths;
        };
        let least = measure / 5;
        let room = measure.saturating_sub(others);
        *first = (*first).max(2 * measure / 5).min(room).max(least);
        let all: u32 = widths.iter().sum();
        if all > measure {
            let share = f64::from(measure) / f64::from(all);
            widths
                .iter_mut()
                .for_each(|width| *width = (f64::from(*width) * share) as u32);
        }
        widths
    }

    /// The lines that it is set in, about: the longest cell of each row.
    fn lines(&self, widths: &[u32]) -> usize {
        let letter = self.letter();
        let of_row = |row: &Vec<DocumentCell>| {
            let mut at = 0;
            let lines = row.iter().map(|cell| {
                let span = cell.span.max(1);
                let width: u32 = widths.iter().skip(at).take(span).sum();
                at += span;
                let room = f64::from(width.saturating_sub(170)) / letter;
                let letters = cell.text.chars().count() + 2 * cell.indent;
                // a column is as wide as its longest cell, but for what is rounded
                (letters as f64 / room.max(1.0) - 0.05).ceil() as usize
            });
            lines.max().unwrap_or(1).max(1)
        };
        self.head.iter().chain(&self.rows).map(of_row).sum()
    }

    fn xml(&self, out: &mut String, measure: u32, most_together: usize) {
        let widths = self.widths(measure);
        let together = self.together && self.lines(&widths) <= most_together;
        let grid = widths
            .iter()
            .map(|width| format!("<w:gridCol w:w=\"{width}\"/>"));
        let _ = write!(
            out,
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"PlainTable2\"/><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>\
             <w:tblLook w:val=\"0420\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"0\" w:noVBand=\"1\"/>\
             <w:tblDescription w:val=\"{}\"/></w:tblPr><w:tblGrid>{}</w:tblGrid>",
            widths.iter().sum::<u32>(),
            escape(&self.description),
            grid.collect::<String>()
        );
        let size = self.size();
        for row in &self.head {
            row_xml(
                out,
                row,
                &widths,
                "<w:cantSplit/><w:tblHeader/>",
                (size, true),
            );
        }
        for (at, row) in self.rows.iter().enumerate() {
            let keeps = together && at + 1 < self.rows.len();
            row_xml(out, row, &widths, "<w:cantSplit/>", (size, keeps));
        }
        if self.head.is_empty() && self.rows.is_empty() {
            row_xml(out, &[DocumentCell::default()], &widths, "", (size, false));
        }
        // a table is followed by a paragraph
        out.push_str(
            "</w:tbl><w:p><w:pPr><w:pStyle w:val=\"FootnoteText\"/><w:spacing w:after=\"0\" w:line=\"120\" w:lineRule=\"exact\"/></w:pPr></w:p>",
        );
    }
}

fn row_xml(
    out: &mut String,
    row: &[DocumentCell],
    widths: &[u32],
    properties: &str,
    (size, keeps): (u32, bool),
) {
    let _ = write!(out, "<w:tr>");
    if !properties.is_empty() {
        let _ = write!(out, "<w:trPr>{properties}</w:trPr>");
    }
    let mut at = 0;
    for cell in row {
        let span = cell.span.max(1);
        let width: u32 = widths.iter().skip(at).take(span).sum();
        at += span;
        cell_xml(out, cell, (width, span), (size, keeps));
    }
    // rows are of one length
    if at < widths.len() {
        let span = widths.len() - at;
        let width = widths.iter().skip(at).sum();
        cell_xml(out, &DocumentCell::default(), (width, span), (size, keeps));
    }
    out.push_str("</w:tr>");
}

fn cell_xml(
    out: &mut String,
    cell: &DocumentCell,
    (width, span): (u32, usize),
    (size, keeps): (u32, bool),
) {
    let span = match span {
        1 => String::new(),
        many => format!("<w:gridSpan w:val=\"{many}\"/>"),
    };
    let rule = match cell.rule {
        Rule::None => "",
        Rule::Hairline => {
            "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"B3BBC2\"/></w:tcBorders>"
        }
        Rule::Ink => {
            "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"1C2024\"/></w:tcBorders>"
        }
    };
    let colour = match cell.look {
        Look::Plain => "",
        Look::Muted => "<w:color w:val=\"626B74\"/>",
        Look::Wrong => "<w:color w:val=\"B0124A\"/>",
    };
    let bold = if cell.bold { "<w:b/>" } else { "" };
    let look = format!("{bold}{colour}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>");
    let raised = format!(
        "<w:color w:val=\"626B74\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/><w:vertAlign w:val=\"superscript\"/>"
    );
    let keep = if keeps { "<w:keepNext/>" } else { "" };
    let indent = match cell.indent {
        0 => String::new(),
        steps => format!("<w:ind w:left=\"{}\"/>", 200 * steps),
    };
    let align = if cell.right {
        "<w:jc w:val=\"right\"/>"
    } else {
        ""
    };
    let _ = write!(
        out,
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{span}{rule}<w:vAlign w:val=\"bottom\"/></w:tcPr>\
         <w:p><w:pPr>{keep}{indent}{align}</w:pPr>{}{}</w:p></w:tc>",
        run(&cell.text, &look),
        run(&cell.raised, &raised)
    );
}
