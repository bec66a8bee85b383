use std::fmt::Write;

use super::{Align, Cell, Emphasis, Row, Table};

/// The table as GitHub Markdown: heads of blocks are rows of their own, notes follow their label.
pub fn markdown(table: &Table) -> String {
    let table = &table.printable();
    let mut out = String::new();
    if !table.title.is_empty() {
        let _ = writeln!(out, "**{}**", escape(&table.title));
        if !table.aside.is_empty() {
            let _ = writeln!(out, "{}", escape(&table.aside));
        }
        out.push('\n');
    }
    if let Some(subtitle) = &table.subtitle {
        let _ = writeln!(out, "{}\n", escape(subtitle));
    }
    header(&mut out, table);
    for block in &table.blocks {
        if let Some(head) = &block.head {
            let note = block
                .note
                .iter()
                .map(|note| format!("<br>{}", escape(note)));
            let label = format!("**{}**{}", escape(head), note.collect::<String>());
            line(
                &mut out,
                &label,
                table.columns.iter().map(|_| String::new()),
            );
        }
        for row in &block.rows {
            let cells = table.columns.iter().enumerate();
            let cells = cells.map(|(i, column)| match row.cells.get(i) {
                Some(cell) => emphasised(cell, column.emphasis),
                None => String::new(),
            });
            line(&mut out, &label(row), cells);
        }
    }
    foot(&mut out, table);
    out
}

fn header(out: &mut String, table: &Table) {
    line(
        out,
        "",
        table.columns.iter().map(|column| escape(&column.head)),
    );
    let rules = table.columns.iter().map(|column| match column.align {
        Align::Left => "---".to_owned(),
        Align::Right | Align::Decimal => "--:".to_owned(),
    });
    line(out, "---", rules);
}

fn line(out: &mut String, label: &str, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = std::iter::once(label.to_owned()).chain(cells).collect();
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn label(row: &Row) -> String {
    let notes = row
        .notes
        .iter()
        .map(|note| format!("<br>*{}*", escape(note)));
    format!(
        "{}{}{}",
        "&emsp;".repeat(row.indent),
        escape(&row.label),
        notes.collect::<String>()
    )
}

fn emphasised(cell: &Cell, of_column: Emphasis) -> String {
    let text = escape(&cell.text);
    match cell.emphasis.unwrap_or(of_column) {
        _ if text.is_empty() => text,
        Emphasis::Strong => format!("**{text}**"),
        Emphasis::Wrong => format!("*{text}*"),
        Emphasis::Plain | Emphasis::Dim => text,
    }
}

fn foot(out: &mut String, table: &Table) {
    for (letter, meaning) in &table.legend {
        let _ = write!(out, "\n{letter}: {}  ", escape(meaning));
    }
    for paragraph in &table.foot {
        let _ = write!(out, "\n\n{}", escape(paragraph));
    }
    out.push('\n');
}

/// Keeps what stands in a cell from being read as Markdown or HTML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '*' | '_' | '`' | '\\' | '[' | ']' => out.extend(['\\', letter]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\n' | '\r' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}
