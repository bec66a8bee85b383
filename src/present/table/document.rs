//! Tables as a document: a caption, the table, small print under it.

use super::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::present::office::{
    Block as DocumentBlock, Document, DocumentCell, DocumentTable, Look, OfficeError, Rule, Style,
    docx,
};

/// More lines than this are not kept on one page.
const MOST_TOGETHER: usize = 30;
/// Tables of more columns lie on their side.
const MOST_UPRIGHT: usize = 8;

/// The bytes of a .docx: the tables one under the other, then the sentences beside them; in a face by its name.
///
/// # Errors
/// None but those of the zip.
pub fn document(
    tables: &[Table],
    sentences: &[String],
    typeface: Option<String>,
) -> Result<Vec<u8>, OfficeError> {
    let tables: Vec<Table> = tables
        .iter()
        .map(|table| table.with_intervals_apart().printable())
        .collect();
    let title = tables.first().map_or("", |table| table.title.as_str());
    let widest = tables.iter().map(|table| table.columns.len()).max();
    let mut document = Document {
        title: title.to_owned(),
        blocks: Vec::new(),
        landscape: widest.is_some_and(|columns| columns > MOST_UPRIGHT),
        typeface,
    };
    for table in &tables {
        add(&mut document.blocks, table);
    }
    let paragraphs = sentences.iter().cloned();
    document
        .blocks
        .extend(paragraphs.map(|text| DocumentBlock::Text(Style::Normal, text)));
    docx(&document)
}

fn add(blocks: &mut Vec<DocumentBlock>, table: &Table) {
    let mut text = |style: Style, text: &str| {
        if !text.is_empty() {
            blocks.push(DocumentBlock::Text(style, text.to_owned()));
        }
    };
    text(Style::Caption, &table.title);
    text(Style::Normal, table.subtitle.as_deref().unwrap_or(""));
    text(Style::Normal, &table.aside);
    let columns = 1 + table.columns.len();
    let mut rows: Vec<Vec<DocumentCell>> = Vec::new();
    for block in &table.blocks {
        add_block(&mut rows, block, &table.columns);
    }
    let head = table.columns.iter().map(|column| DocumentCell {
        bold: true,
        right: column.align != Align::Left,
        rule: Rule::Ink,
        ..DocumentCell::new(&column.head)
    });
    let corner = DocumentCell {
        rule: Rule::Ink,
        ..DocumentCell::default()
    };
    blocks.push(DocumentBlock::Table(DocumentTable {
        description: table.title.clone(),
        head: vec![std::iter::once(corner).chain(head).collect()],
        together: rows.len() <= MOST_TOGETHER,
        rows: match rows.is_empty() {
            true => vec![vec![DocumentCell {
                span: columns,
                ..DocumentCell::default()
            }]],
            false => rows,
        },
    }));
    let legend = table.legend.iter();
    let legend = legend.map(|(letter, meaning)| format!("{letter}: {meaning}"));
    let legend = legend.collect::<Vec<String>>().join("; ");
    for paragraph in std::iter::once(&legend).chain(&table.foot) {
        if !paragraph.is_empty() {
            blocks.push(DocumentBlock::Text(Style::Note, paragraph.clone()));
        }
    }
}

fn add_block(rows: &mut Vec<Vec<DocumentCell>>, block: &Block, columns: &[Column]) {
    let whole = 1 + columns.len();
    if let Some(head) = &block.head {
        rows.push(vec![DocumentCell {
            bold: true,
            span: whole,
            ..DocumentCell::new(head)
        }]);
    }
    if let Some(note) = &block.note {
        rows.push(vec![muted(note, whole, 0)]);
    }
    let step = usize::from(block.head.is_some());
    for row in &block.rows {
        rows.push(table_row(row, step, columns));
        let notes = row.notes.iter();
        rows.extend(notes.map(|note| vec![muted(note, whole, step + row.indent + 1)]));
    }
}

fn muted(text: &str, span: usize, indent: usize) -> DocumentCell {
    DocumentCell {
        look: Look::Muted,
        span,
        indent,
        ..DocumentCell::new(text)
    }
}

fn table_row(row: &Row, step: usize, columns: &[Column]) -> Vec<DocumentCell> {
    let label = DocumentCell {
        indent: step + row.indent,
        ..DocumentCell::new(&row.label)
    };
    let cells = columns.iter().enumerate().map(|(at, column)| {
        let Cell { text, emphasis, .. } = row.cells.get(at).cloned().unwrap_or_default();
        let emphasis = emphasis.unwrap_or(column.emphasis);
        DocumentCell {
            right: column.align != Align::Left,
            bold: emphasis == Emphasis::Strong,
            look: match emphasis {
                Emphasis::Dim => Look::Muted,
                Emphasis::Wrong => Look::Wrong,
                Emphasis::Plain | Emphasis::Strong => Look::Plain,
            },
            ..DocumentCell::new(text.trim())
        }
    });
    std::iter::once(label).chain(cells).collect()
}
