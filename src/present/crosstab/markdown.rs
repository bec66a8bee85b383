//! A banner table as GitHub Markdown.

use std::fmt::Write;

use super::content::{BannerTable, CellWeight, LineKind};

/// One table with the names of blocks over their first columns; letters stand behind the numbers.
pub fn markdown(table: &BannerTable) -> String {
    let table = &table.printable();
    let mut out = String::new();
    let _ = writeln!(out, "**{}. {}**\n", table.name(), escape(&table.title));
    let _ = writeln!(out, "{} {}\n", escape(&table.measure), escape(&table.base));
    let heads = table.heads.iter().enumerate().map(|(at, head)| {
        let block = table.blocks.iter().find(|block| block.columns.start == at);
        let over = block.map_or_else(String::new, |block| {
            format!("*{}*<br>", escape(&block.title))
        });
        let letter = head.letter.iter().map(|letter| format!("<br>{letter}"));
        format!(
            "{over}{}{}{}",
            escape(&head.name),
            escape(head.state.sign()),
            letter.collect::<String>()
        )
    });
    line(&mut out, "", heads);
    line(
        &mut out,
        "---",
        table.heads.iter().map(|_| "--:".to_owned()),
    );
    for base in &table.bases {
        let heads = table.heads.iter().enumerate();
        let values = heads.map(|(at, head)| escape(&base.text(at, head)));
        line(&mut out, base.kind.label(100), values);
    }
    for row in &table.lines {
        let strong = row.kind == LineKind::Net;
        let cells = row.cells.iter().map(|cell| {
            let number = escape(&cell.text);
            let strong = match cell.weight {
                CellWeight::Plain => strong,
                weight => weight == CellWeight::Strong,
            };
            let number = match strong && !number.is_empty() {
                true => format!("**{number}**"),
                false => number,
            };
            match cell.letters.is_empty() {
                true => number,
                false => format!("{number} {}", cell.letters),
            }
        });
        let label = escape(&row.label);
        let label = match row.kind {
            LineKind::Net => format!("**NET {label}**"),
            LineKind::Part => format!("&emsp;{label}"),
            LineKind::Further => format!("&emsp;&emsp;*{label}*"),
            _ => label,
        };
        line(&mut out, &label, cells);
    }
    for paragraph in &table.foot {
        let _ = write!(out, "\n{}\n", escape(paragraph));
    }
    out
}

fn line(out: &mut String, label: &str, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = std::iter::once(label.to_owned()).chain(cells).collect();
    let _ = writeln!(out, "| {} |", cells.join(" | "));
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
