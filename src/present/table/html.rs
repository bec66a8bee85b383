use std::fmt::Write;

use super::{Align, Cell, Column, Emphasis, Row, Table};
use crate::frames::words::{printable, unbroken};

/// The colours of the charts.
const INK: &str = "#1C2024";
const MUTED: &str = "#626B74";
const AXIS: &str = "#8A939B";
const WRONG: &str = "#B0124A";
/// Faces that a reader's machine has. Word processors take a font from the element that it stands in alone.
const FONT: &str = "font:13px/18px 'Noto Sans','Segoe UI',Helvetica,Arial,sans-serif";

/// The attribute of a cell that stays on one line.
pub(crate) const NOWRAP: &str = " nowrap=\"\"";

/// Tables as a page, and the sentences beside them.
///
/// Every style stands in the element that it is of, so that a table keeps its look where it is copied into a word processor or a
/// mail. Row heads are heads, at the left; a number and its interval are cells of their own. All text is escaped.
pub fn html(tables: &[Table], sentences: &[String]) -> String {
    let title = tables.first().map_or("", |table| table.title.as_str());
    let body = format!(
        "<div style=\"max-width:1000px;margin:0 auto;padding:24px;color:{INK};{FONT}\">\n{}</div>\n",
        html_fragment(tables, sentences)
    );
    page(title, "", &body)
}

/// The same without a page around it, to be put into one: a `figure` a table, its foot as the caption.
pub fn html_fragment(tables: &[Table], sentences: &[String]) -> String {
    let mut out: String = tables.iter().map(figure).collect();
    for text in sentences {
        let _ = writeln!(out, "<p style=\"margin:0 0 8px\">{}</p>", escape(text));
    }
    out
}

/// For word processors that open the page: they hand no font down to paragraphs and cells.
const OPENED: &str = "p,h1,th,td{font-family:'Noto Sans','Segoe UI',Helvetica,Arial,sans-serif}th,td{font-size:13px}";

/// A whole page: the encoding, a width for telephones, a title.
pub(crate) fn page(title: &str, css: &str, body: &str) -> String {
    let title = if title.is_empty() { "Tables" } else { title };
    let style = format!("<style>{OPENED}{css}</style>\n");
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>{}</title>\n{style}</head>\n<body style=\"margin:0;background:#FFFFFF\">\n{body}</body></html>\n",
        escape(title)
    )
}

fn figure(table: &Table) -> String {
    let table = &table.with_intervals_apart().printable();
    let mut out = format!("<figure class=\"opine\" style=\"margin:0 0 32px;color:{INK}\">\n");
    title(&mut out, table);
    let label = match table.title.as_str() {
        "" => String::new(),
        title => format!(" aria-label=\"{}\"", escape(title)),
    };
    let _ = writeln!(
        out,
        "<table{label} style=\"border-collapse:collapse;border-bottom:1px solid {AXIS};{FONT}\">"
    );
    head(&mut out, table);
    for block in &table.blocks {
        out.push_str("<tbody>\n");
        if let Some(head) = &block.head {
            block_head(&mut out, table, head, block.note.as_deref());
        }
        let step = usize::from(block.head.is_some());
        for row in &block.rows {
            body_row(&mut out, row, step, &table.columns);
        }
        out.push_str("</tbody>\n");
    }
    out.push_str("</table>\n");
    foot(&mut out, table);
    out.push_str("</figure>\n");
    out
}

/// What stands over the table. No `caption`, which word processors set in their own way.
fn title(out: &mut String, table: &Table) {
    let mut parts = Vec::new();
    if !table.title.is_empty() {
        let title = escape(&table.title);
        parts.push(format!(
            "<strong style=\"font-size:16px;line-height:22px;font-weight:700\">{title}</strong>"
        ));
    }
    let under = [Some(table.aside.as_str()), table.subtitle.as_deref()];
    let under = under.into_iter().flatten().filter(|text| !text.is_empty());
    parts.extend(under.map(escape));
    if !parts.is_empty() {
        let _ = writeln!(
            out,
            "<p style=\"margin:0 0 8px;{FONT}\">{}</p>",
            parts.join("<br>")
        );
    }
}

fn head(out: &mut String, table: &Table) {
    let rules = format!("border-top:1px solid {INK};border-bottom:1px solid {INK}");
    let _ = write!(out, "<thead>\n<tr><td style=\"{rules}\"></td>");
    for column in &table.columns {
        let _ = write!(
            out,
            "<th scope=\"col\"{} style=\"{}vertical-align:bottom;font-weight:400;color:{MUTED};{rules}\">{}</th>",
            unbroken_cell(column.align),
            of_column(column.align),
            escape(&column.head).replace('\n', "<br>")
        );
    }
    out.push_str("</tr>\n</thead>\n");
}

/// Word processors break an interval behind its dash whatever `white-space` says, and know the attribute alone.
fn unbroken_cell(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Right | Align::Decimal => NOWRAP,
    }
}

fn of_column(align: Align) -> &'static str {
    match align {
        Align::Left => "text-align:left;padding:4px 0 4px 18px;",
        Align::Right | Align::Decimal => {
            "text-align:right;padding:4px 0 4px 18px;white-space:nowrap;"
        }
    }
}

fn block_head(out: &mut String, table: &Table, head: &str, note: Option<&str>) {
    let note = note.map(|note| {
        format!(
            "<br><span style=\"font-weight:400;color:{MUTED}\">{}</span>",
            escape(note)
        )
    });
    let _ = writeln!(
        out,
        "<tr><th colspan=\"{}\" scope=\"rowgroup\" style=\"text-align:left;font-weight:700;padding:10px 0 2px\">{}{}</th></tr>",
        table.columns.len() + 1,
        escape(head),
        note.unwrap_or_default()
    );
}

/// Pixels that a part stands to the right of its whole.
const STEP: usize = 14;

fn body_row(out: &mut String, row: &Row, step: usize, columns: &[Column]) {
    let notes = row.notes.iter().map(|note| {
        format!(
            "<br><span style=\"font-size:12px;color:{MUTED}\">{}</span>",
            escape(note)
        )
    });
    let _ = write!(
        out,
        "<tr><th scope=\"row\" style=\"text-align:left;vertical-align:top;font-weight:400;padding:4px 0 4px {}px\">{}{}</th>",
        STEP * (step + row.indent),
        escape(&row.label),
        notes.collect::<String>()
    );
    for (position, column) in columns.iter().enumerate() {
        let cell = row.cells.get(position).cloned().unwrap_or_default();
        let _ = write!(
            out,
            "<td{} style=\"{}vertical-align:top;{}\">{}</td>",
            unbroken_cell(column.align),
            of_column(column.align),
            emphasis(&cell, column.emphasis),
            escape(cell.text.trim())
        );
    }
    out.push_str("</tr>\n");
}

fn emphasis(cell: &Cell, of_column: Emphasis) -> String {
    match cell.emphasis.unwrap_or(of_column) {
        Emphasis::Plain => String::new(),
        Emphasis::Strong => "font-weight:700".to_owned(),
        Emphasis::Dim => format!("color:{MUTED}"),
        Emphasis::Wrong => format!("color:{WRONG}"),
    }
}

fn foot(out: &mut String, table: &Table) {
    let legend = table.legend.iter();
    let legend: Vec<String> = legend
        .map(|(letter, meaning)| format!("{letter}: {meaning}"))
        .collect();
    let legend = legend.join("; ");
    let paragraphs: Vec<&String> = std::iter::once(&legend)
        .chain(&table.foot)
        .filter(|text| !text.is_empty())
        .collect();
    if paragraphs.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "<figcaption style=\"margin:8px 0 0;max-width:720px;{FONT};font-size:12px;line-height:16px;color:{MUTED}\">"
    );
    for paragraph in paragraphs {
        let _ = writeln!(
            out,
            "<p style=\"margin:0 0 3px\">{}</p>",
            escape(&unbroken(paragraph))
        );
    }
    out.push_str("</figcaption>\n");
}

/// What HTML would read as markup; control characters, which it may not hold, become spaces.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in printable(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(letter),
        }
    }
    out
}
