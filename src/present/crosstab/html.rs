//! Banner tables as a page, with inline styles so that a table can be copied out of it.

use std::fmt::Write;

use super::content::{BannerTable, CellWeight, Line, LineCell, LineKind};
use super::heads::{BaseState, BlockHead, Head};
use crate::frames::words::unbroken;
use crate::present::table::{NOWRAP, escape, page};

const INK: &str = "#1C2024";
const INK2: &str = "#454C53";
const MUTED: &str = "#626B74";
const AXIS: &str = "#8A939B";
const GRID: &str = "#E3E7EA";
/// Word processors take a font from the element that it stands in alone.
const FONT: &str = "font:13px/17px 'Noto Sans','Segoe UI',Helvetica,Arial,sans-serif";

/// Letters of the head of a column before it is set in lines.
const HEAD: usize = 11;
/// Pixels that letters have behind a number.
const LETTERS: usize = 24;

/// A page of tables, one under the other.
pub fn html(tables: &[BannerTable]) -> String {
    let title = tables.first();
    let title = title.map_or("Tables", |table| table.title.as_str());
    let css = format!(
        "th.stub{{min-width:{}px}}@media (max-width:700px){{.stub{{position:sticky;left:0;background:#FFFFFF;min-width:110px!important}}}}\
         @media print{{section{{break-inside:avoid}}}}",
        stub_width(tables)
    );
    let body = format!(
        "<div style=\"max-width:1200px;margin:0 auto;padding:24px\">\n{}</div>\n",
        html_fragment(tables)
    );
    page(title, &css, &body)
}

/// The same without a page around it, to be put into one.
pub fn html_fragment(tables: &[BannerTable]) -> String {
    let mut out = String::new();
    tables.iter().for_each(|table| section(&mut out, table));
    out
}

/// Pixels that the longest label has at least, so that it is not set in many lines.
fn stub_width(tables: &[BannerTable]) -> usize {
    let lines = tables.iter().flat_map(|table| &table.lines);
    let longest = lines.map(|line| line.label.chars().count()).max();
    (5 * longest.unwrap_or(0)).clamp(150, 280)
}

fn section(out: &mut String, table: &BannerTable) {
    let _ = writeln!(
        out,
        "<section style=\"margin:0 0 40px;color:{INK};{FONT}\">\n\
         <p style=\"margin:0 0 2px;font-size:12px;color:{MUTED}\">{}</p>\n\
         <h1 style=\"margin:0;font-size:20px;line-height:26px;font-weight:700\">{}</h1>\n\
         <p style=\"margin:2px 0 14px;font-size:14px;line-height:20px;color:{INK2}\">{} {}</p>",
        table.name(),
        escape(&table.title),
        escape(&table.measure),
        escape(&table.base)
    );
    let _ = writeln!(
        out,
        "<div style=\"overflow-x:auto\"><table aria-label=\"{}: {}\" style=\"border-collapse:collapse;width:100%;border-bottom:1px solid {AXIS};{FONT}\">",
        escape(&table.variable),
        escape(&table.measure)
    );
    head(out, table);
    out.push_str("<tbody>\n");
    for base in &table.bases {
        let heads = table.heads.iter().enumerate();
        let entries = heads.map(|(at, head)| base.text(at, head));
        let entries: Vec<String> = entries.collect();
        base_row(out, table, base.kind.label(100), &entries);
    }
    let _ = writeln!(
        out,
        "<tr><td colspan=\"{}\" style=\"height:6px;font-size:1px;line-height:1px;border-bottom:1px solid {GRID}\"></td></tr>",
        table.heads.len() + 1
    );
    for (at, line) in table.lines.iter().enumerate() {
        row(out, table, line, at);
    }
    out.push_str("</tbody></table></div>\n");
    let _ = writeln!(
        out,
        "<div style=\"margin-top:10px;font-size:11px;line-height:15px;color:{MUTED};max-width:820px\">"
    );
    for paragraph in &table.foot {
        let _ = writeln!(
            out,
            "<p style=\"margin:0 0 3px\">{}</p>",
            escape(&unbroken(paragraph))
        );
    }
    out.push_str("</div>\n</section>\n");
}

fn head(out: &mut String, table: &BannerTable) {
    let _ = writeln!(out, "<thead style=\"border-top:1px solid {INK}\">");
    if !table.blocks.is_empty() {
        out.push_str("<tr><td class=\"stub\"></td>");
        let mut at = 0;
        for block in &table.blocks {
            out.push_str(&"<td></td>".repeat(block.columns.start - at));
            block_head(out, block);
            at = block.columns.end;
        }
        out.push_str("</tr>\n");
    }
    let lettered = table.heads.iter().any(|head| head.letter.is_some());
    let rule = format!("border-bottom:1px solid {INK};padding-bottom:5px");
    let under = if lettered { "" } else { rule.as_str() };
    let _ = write!(out, "<tr><td class=\"stub\" style=\"{under}\"></td>");
    for (at, head) in table.heads.iter().enumerate() {
        let bold = if head.block.is_none() {
            "font-weight:700;"
        } else {
            ""
        };
        let _ = write!(
            out,
            "<th scope=\"col\" style=\"{}white-space:normal;padding-right:{LETTERS}px;font-weight:400;{under}\"><span style=\"{bold}color:{INK};display:inline-block;min-width:{}ch\">{}{}</span></th>",
            cell_style(table, at),
            head.name.chars().count().min(HEAD),
            escape(&head.name),
            head.state.sign(),
        );
    }
    out.push_str("</tr>\n");
    if lettered {
        let _ = write!(
            out,
            "<tr><th scope=\"row\" class=\"stub\" style=\"text-align:left;font-weight:400;color:{MUTED};padding:5px 0;{rule}\">column</th>"
        );
        for (at, head) in table.heads.iter().enumerate() {
            let _ = write!(
                out,
                "<td style=\"{}padding-top:0;{rule}\"><span style=\"color:{MUTED}\">{}</span>{}</td>",
                cell_style(table, at),
                head.letter.as_deref().unwrap_or(""),
                raised("", "")
            );
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</thead>\n");
}

fn block_head(out: &mut String, block: &BlockHead) {
    let _ = write!(
        out,
        "<th scope=\"colgroup\" colspan=\"{}\" style=\"padding:6px 0 4px 18px;text-align:left;font-weight:700\"><p style=\"margin:0;border-bottom:1px solid {AXIS};padding:0 0 4px\">{}</p></th>",
        block.columns.len(),
        escape(&block.title)
    );
}

/// A block stands 18 off the one before it.
fn cell_style(table: &BannerTable, at: usize) -> String {
    let first = table.blocks.iter().any(|block| block.columns.start == at);
    let left = if first { 18 } else { 10 };
    format!("padding:5px 0 5px {left}px;text-align:right;vertical-align:bottom;white-space:nowrap;")
}

/// Letters in a box of their own, so that digits stand under each other.
fn raised(letters: &str, title: &str) -> String {
    let title = match title.is_empty() {
        true => String::new(),
        false => format!(" title=\"{}\"", escape(title)),
    };
    // a word processor takes "left" for the side of the whole cell, and leaves "start" alone
    format!(
        "<sup style=\"display:inline-block;min-width:{LETTERS}px;text-align:start;font-size:10px;line-height:0;color:{INK2};font-weight:400\"{title}>{}</sup>",
        escape(letters)
    )
}

fn base_row(out: &mut String, table: &BannerTable, label: &str, entries: &[String]) {
    let _ = write!(
        out,
        "<tr><th scope=\"row\" class=\"stub\" style=\"text-align:left;font-weight:400;color:{MUTED};padding:1px 0\">{}</th>",
        escape(label)
    );
    for (at, entry) in entries.iter().enumerate() {
        let _ = write!(
            out,
            "<td{NOWRAP} style=\"{}padding-top:1px;padding-bottom:1px;font-size:12px\"><span style=\"color:{MUTED}\">{}</span>{}</td>",
            cell_style(table, at),
            escape(entry),
            raised("", "")
        );
    }
    out.push_str("</tr>\n");
}

fn row(out: &mut String, table: &BannerTable, line: &Line, at: usize) {
    let first = at == 0;
    let rule = match line.kind {
        LineKind::Net | LineKind::Number if !first => format!("border-top:1px solid {AXIS};"),
        _ => String::new(),
    };
    let (indent, style) = match line.kind {
        LineKind::Net => (0, "font-weight:700;".to_owned()),
        LineKind::Part => (14, "font-weight:400;".to_owned()),
        LineKind::Further => (28, format!("font-weight:400;font-size:12px;color:{MUTED};")),
        LineKind::Missing => (0, format!("font-weight:400;color:{MUTED};")),
        LineKind::Answer | LineKind::Number => (0, "font-weight:400;".to_owned()),
    };
    let net = match line.kind {
        LineKind::Net => {
            format!("<span style=\"font-size:11px;color:{MUTED};font-weight:400\">NET </span>")
        }
        _ => String::new(),
    };
    let _ = write!(
        out,
        "<tr><th scope=\"row\" class=\"stub\" style=\"text-align:left;vertical-align:top;padding:5px 0 5px {indent}px;{rule}{style}\">{net}{}</th>",
        escape(&line.label)
    );
    for (place, (cell, head)) in line.cells.iter().zip(&table.heads).enumerate() {
        let _ = write!(
            out,
            "<td{NOWRAP} style=\"{}vertical-align:top;{rule}\"><span style=\"{}\">{}</span>{}</td>",
            cell_style(table, place),
            number_style(line.kind, head, cell.weight),
            escape(&cell.text),
            raised(&cell.letters, &explanation(cell))
        );
    }
    out.push_str("</tr>\n");
}

fn number_style(kind: LineKind, head: &Head, weight: CellWeight) -> String {
    let bold = match (kind, weight) {
        (_, CellWeight::Strong) | (LineKind::Net, CellWeight::Plain) => "font-weight:700;",
        (_, CellWeight::Muted) => "font-weight:400;",
        _ => "",
    };
    let colour = match (head.state, kind) {
        _ if weight == CellWeight::Muted => MUTED,
        (BaseState::TooSmall, _) | (_, LineKind::Further | LineKind::Missing) => MUTED,
        (BaseState::Small, _) => INK2,
        _ => INK,
    };
    format!("{bold}color:{colour}")
}

/// "higher than Blue, Independent".
fn explanation(cell: &LineCell) -> String {
    match cell.letters.chars().next() {
        None => String::new(),
        Some('+' | '-') => String::new(),
        Some(_) => format!("higher than {}", cell.higher_than.join(", ")),
    }
}
