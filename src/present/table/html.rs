use std::fmt::Write;

use super::{Align, Cell, Column, Emphasis, Row, Table};
use crate::frames::words::printable;

/// The table as an HTML fragment: one `figure` with a `table` whose heads are marked for screen
/// readers, and the foot as its caption. All text is escaped; there are classes and no styles.
pub fn html(table: &Table) -> String {
    let table = &table.printable();
    let mut out = String::from("<figure class=\"opine\">\n<table>\n");
    caption(&mut out, table);
    head(&mut out, table);
    let columns = table.columns.len() + 1;
    for block in &table.blocks {
        out.push_str("<tbody>\n");
        if let Some(head) = &block.head {
            let note = block
                .note
                .iter()
                .map(|note| format!("<br><small>{}</small>", escape(note)));
            let note: String = note.collect();
            let head = escape(head);
            let _ = writeln!(
                out,
                "<tr><th colspan=\"{columns}\" scope=\"rowgroup\">{head}{note}</th></tr>"
            );
        }
        for row in &block.rows {
            body_row(&mut out, row, &table.columns);
        }
        out.push_str("</tbody>\n");
    }
    out.push_str("</table>\n");
    foot(&mut out, table);
    out.push_str("</figure>\n");
    out
}

/// A sentence beside a table.
pub fn html_paragraph(text: &str) -> String {
    format!("<p>{}</p>", escape(text))
}

fn caption(out: &mut String, table: &Table) {
    let mut parts = Vec::new();
    if !table.title.is_empty() {
        parts.push(format!("<strong>{}</strong>", escape(&table.title)));
    }
    parts.extend(Some(escape(&table.aside)).filter(|aside| !aside.is_empty()));
    parts.extend(table.subtitle.as_deref().map(escape));
    if !parts.is_empty() {
        let _ = writeln!(out, "<caption>{}</caption>", parts.join("<br>"));
    }
}

fn head(out: &mut String, table: &Table) {
    out.push_str("<thead>\n<tr><td></td>");
    for column in &table.columns {
        let _ = write!(
            out,
            "<th scope=\"col\" class=\"{}\">{}</th>",
            class(column.align),
            escape(&column.head)
        );
    }
    out.push_str("</tr>\n</thead>\n");
}

fn class(align: Align) -> &'static str {
    match align {
        Align::Left => "text",
        Align::Right | Align::Decimal => "number",
    }
}

fn body_row(out: &mut String, row: &Row, columns: &[Column]) {
    let notes: String = row
        .notes
        .iter()
        .map(|note| format!("<br><small>{}</small>", escape(note)))
        .collect();
    let indent = match row.indent {
        0 => String::new(),
        steps => format!(" class=\"indent-{steps}\""),
    };
    let _ = write!(
        out,
        "<tr><th scope=\"row\"{indent}>{}{notes}</th>",
        escape(&row.label)
    );
    for (position, column) in columns.iter().enumerate() {
        let cell = row
            .cells
            .get(position)
            .map_or_else(String::new, |cell| emphasised(cell, column.emphasis));
        let _ = write!(out, "<td class=\"{}\">{cell}</td>", class(column.align));
    }
    out.push_str("</tr>\n");
}

fn emphasised(cell: &Cell, of_column: Emphasis) -> String {
    let text = escape(&cell.text);
    match cell.emphasis.unwrap_or(of_column) {
        _ if text.is_empty() => text,
        Emphasis::Strong => format!("<strong>{text}</strong>"),
        Emphasis::Wrong => format!("<em class=\"wrong\">{text}</em>"),
        Emphasis::Plain | Emphasis::Dim => text,
    }
}

fn foot(out: &mut String, table: &Table) {
    if table.legend.is_empty() && table.foot.is_empty() {
        return;
    }
    out.push_str("<figcaption>\n");
    if !table.legend.is_empty() {
        out.push_str("<dl>\n");
        for (letter, meaning) in &table.legend {
            let letter = escape(&letter.to_string());
            let _ = writeln!(out, "<dt>{letter}</dt><dd>{}</dd>", escape(meaning));
        }
        out.push_str("</dl>\n");
    }
    for paragraph in &table.foot {
        let _ = writeln!(out, "<p>{}</p>", escape(paragraph));
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
