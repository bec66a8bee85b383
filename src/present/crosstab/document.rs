//! Banner tables and toplines as a document: a heading a question, its table, small print under it.

use super::content::{BannerTable, CellWeight, Line, LineKind};
use super::foot;
use super::heads::Head;
use crate::present::office::{
    Block, Document, DocumentCell, DocumentTable, Look, OfficeError, Rule, Style, docx,
};
use crate::survey::crosstab::Crosstab;

/// Columns that a page has room for beside the stub, upright and on its side.
const UPRIGHT: usize = 8;
const SIDEWAYS: usize = 15;
/// More lines than this are not kept on one page.
const MOST_TOGETHER: usize = 40;

/// The bytes of a .docx of some tables of `crosstab`, under a heading; in a face by its name.
///
/// # Errors
/// None but those of the zip.
pub fn document(
    crosstab: &Crosstab,
    tables: &[BannerTable],
    (heading, file): (&str, &str),
    typeface: Option<String>,
) -> Result<Vec<u8>, OfficeError> {
    let widest = tables.iter().map(|table| table.heads.len()).max();
    let text = |style: Style, text: String| Block::Text(style, text);
    let mut blocks = vec![
        text(Style::Title, heading.to_owned()),
        text(Style::Subtitle, foot::sample(crosstab)),
    ];
    for table in tables {
        blocks.push(text(
            Style::Heading2,
            format!("{}  {}", table.name(), super::workbook::title(table)),
        ));
        blocks.push(text(
            Style::Normal,
            format!("{} {}", table.measure, table.base),
        ));
        for columns in table.parts(SIDEWAYS, |_| 1) {
            blocks.push(Block::Table(part(table, &columns)));
        }
        let sample = foot::sample(crosstab);
        let own = table.foot.iter().filter(|paragraph| **paragraph != sample);
        blocks.extend(own.map(|paragraph| text(Style::Note, paragraph.clone())));
    }
    if tables.is_empty() {
        blocks.push(text(Style::Note, foot::source(crosstab, file)));
    }
    docx(&Document {
        title: heading.to_owned(),
        blocks,
        landscape: widest.is_some_and(|columns| columns > UPRIGHT),
        typeface,
    })
}

/// Some columns of a table.
fn part(table: &BannerTable, columns: &[usize]) -> DocumentTable {
    let heads: Vec<&Head> = columns
        .iter()
        .filter_map(|at| table.heads.get(*at))
        .collect();
    let mut head = Vec::new();
    if !table.blocks.is_empty() {
        head.push(block_heads(table, &heads));
    }
    let has_letters = heads.iter().any(|head| head.letter.is_some());
    let under = |is_last: bool| if is_last { Rule::Ink } else { Rule::None };
    let names = heads.iter().map(|head| DocumentCell {
        bold: head.block.is_none(),
        rule: under(!has_letters),
        ..DocumentCell::number(format!("{}{}", head.name, head.state.sign()))
    });
    let corner = |rule: Rule| DocumentCell {
        rule,
        ..DocumentCell::default()
    };
    head.push(
        std::iter::once(corner(under(!has_letters)))
            .chain(names)
            .collect(),
    );
    if has_letters {
        let letters = heads.iter().map(|head| DocumentCell {
            look: Look::Muted,
            rule: Rule::Ink,
            ..DocumentCell::number(head.letter.clone().unwrap_or_default())
        });
        head.push(std::iter::once(corner(Rule::Ink)).chain(letters).collect());
    }
    let mut rows: Vec<Vec<DocumentCell>> = Vec::new();
    for (at, base) in table.bases.iter().enumerate() {
        let rule = match at + 1 == table.bases.len() {
            true => Rule::Hairline,
            false => Rule::None,
        };
        let muted = |cell: DocumentCell| DocumentCell {
            look: Look::Muted,
            rule,
            ..cell
        };
        let values = columns.iter().zip(&heads);
        let values =
            values.map(|(column, head)| muted(DocumentCell::number(base.text(*column, head))));
        let label = muted(DocumentCell::new(base.kind.label(100)));
        rows.push(std::iter::once(label).chain(values).collect());
    }
    rows.extend(table.lines.iter().map(|line| row(line, columns)));
    DocumentTable {
        description: format!("{}. {}", table.title, table.measure),
        together: rows.len() + head.len() <= MOST_TOGETHER,
        head,
        rows,
    }
}

/// A head over the columns of each block.
fn block_heads(table: &BannerTable, heads: &[&Head]) -> Vec<DocumentCell> {
    let mut cells = vec![DocumentCell::default()];
    for run in heads.chunk_by(|one, next| one.block == next.block) {
        let title = run.first().and_then(|head| table.blocks.get(head.block?));
        cells.push(DocumentCell {
            bold: true,
            span: run.len(),
            rule: match title {
                Some(_) => Rule::Hairline,
                None => Rule::None,
            },
            ..DocumentCell::new(title.map_or("", |block| block.title.as_str()))
        });
    }
    cells
}

fn row(line: &Line, columns: &[usize]) -> Vec<DocumentCell> {
    let is_net = line.kind == LineKind::Net;
    let label = match line.kind {
        LineKind::Net => format!("NET {}", line.label),
        _ => line.label.clone(),
    };
    let label = DocumentCell {
        bold: is_net,
        indent: match line.kind {
            LineKind::Part => 1,
            LineKind::Further => 2,
            _ => 0,
        },
        look: match line.kind {
            LineKind::Further => Look::Muted,
            _ => Look::Plain,
        },
        ..DocumentCell::new(label)
    };
    let cells = columns.iter().map(|at| {
        let Some(cell) = line.cells.get(*at) else {
            return DocumentCell::default();
        };
        DocumentCell {
            raised: cell.letters.clone(),
            bold: match cell.weight {
                CellWeight::Plain => is_net,
                weight => weight == CellWeight::Strong,
            },
            look: match (cell.weight, line.kind) {
                (CellWeight::Muted, _) | (_, LineKind::Further) => Look::Muted,
                _ => Look::Plain,
            },
            ..DocumentCell::number(&cell.text)
        }
    });
    std::iter::once(label).chain(cells).collect()
}
