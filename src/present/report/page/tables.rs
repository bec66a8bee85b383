//! A table in the page: rows that become blocks on a phone, flags as words beside the label.

use super::markup::escape;
use crate::frames::Flag;
use crate::frames::words::capitalised;
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};

/// Columns that need more than this many characters of a terminal have no room here.
const MOST_WIDTH: usize = 100;

pub(super) fn table(table: &Table) -> String {
    laid_out(table, "")
}

/// A table whose numbers are named one by one on a phone, where the heads of its columns go.
pub(super) fn with_heads(table: &Table) -> String {
    laid_out(table, HEADED)
}

/// The class of tables whose cells say what they are.
const HEADED: &str = "headed";

fn laid_out(table: &Table, class: &str) -> String {
    let columns = columns(table, class == HEADED);
    let class = match class {
        "" => String::new(),
        class => format!(" class=\"{class}\""),
    };
    let mut out = format!(
        "<table role=\"table\"{class}>\n<caption>{}<small>{}</small></caption>\n",
        escape(&table.title),
        escape(&table.aside)
    );
    out += "<thead role=\"rowgroup\">\n<tr role=\"row\"><td role=\"cell\"></td>";
    for shown in &columns {
        let class = shown.class();
        let head = escape(&shown.column.head);
        out += &format!("<th role=\"columnheader\" scope=\"col\" class=\"{class}\">{head}</th>");
    }
    out += "</tr>\n</thead>\n";
    for block in &table.blocks {
        out += &rows(block, &columns);
    }
    out + "</table>\n" + &foot(table)
}

/// A column that is shown, with its position among all.
struct VisibleColumn<'t> {
    position: usize,
    column: &'t Column,
    /// Whether any of its values has a decimal point.
    decimals: bool,
    /// Whether each cell names its column.
    headed: bool,
}

impl VisibleColumn<'_> {
    fn class(&self) -> &'static str {
        match (self.column.align, self.column.head.as_str()) {
            (Align::Left, _) => "text dim",
            (Align::Decimal, _) => "number value",
            (Align::Right, "n") => "number n",
            (Align::Right, _) => "number",
        }
    }
}

/// The columns with room; the one without a head is that of the flags.
fn columns(table: &Table, headed: bool) -> Vec<VisibleColumn<'_>> {
    let rows = || table.blocks.iter().flat_map(|block| &block.rows);
    let has_point = |position: usize| {
        let mut cells = rows().filter_map(|row| row.cells.get(position));
        cells.any(|cell| cell.text.contains('.'))
    };
    table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.needs_width <= MOST_WIDTH && !column.head.is_empty())
        .map(|(position, column)| VisibleColumn {
            position,
            column,
            decimals: column.align == Align::Decimal && has_point(position),
            headed,
        })
        .collect()
}

fn rows(block: &Block, columns: &[VisibleColumn]) -> String {
    let mut out = "<tbody role=\"rowgroup\">\n".to_owned();
    if let Some(head) = &block.head {
        let note = block.note.as_deref().map_or_else(String::new, small);
        out += &format!(
            "<tr role=\"row\" class=\"group\"><th role=\"rowheader\" scope=\"rowgroup\" colspan=\"{}\">{}{note}</th></tr>\n",
            columns.len() + 1,
            escape(head)
        );
    }
    for row in &block.rows {
        out += &self::row(row, columns);
    }
    out + "</tbody>\n"
}

fn small(text: &str) -> String {
    format!("<small>{}</small>", escape(text))
}

fn row(row: &Row, columns: &[VisibleColumn]) -> String {
    let notes: String = row.notes.iter().map(|note| small(note)).collect();
    let class = match row.indent {
        // The question of the rows under it.
        0 if row.cells.is_empty() => " class=\"question\"".to_owned(),
        0 => String::new(),
        steps => format!(" class=\"indent-{steps}\""),
    };
    let mut out = format!(
        "<tr role=\"row\"{class}><th role=\"rowheader\" scope=\"row\">{}{}{notes}</th>",
        escape(&row.label),
        flags(row, columns)
    );
    let wrong = row
        .cells
        .iter()
        .any(|cell| cell.emphasis == Some(Emphasis::Wrong));
    for shown in columns {
        let cell = row.cells.get(shown.position);
        let mut text = cell.map_or_else(String::new, |cell| content(cell, shown));
        if wrong && shown.column.align == Align::Decimal {
            text = format!("<s class=\"wrong\">{text}</s>");
        }
        // after the line through the number, which strikes no space
        if shown.decimals && cell.is_some_and(|cell| is_whole(&cell.text)) {
            text.push_str("\u{2008}\u{2007}");
        }
        let head = match shown.headed && shown.column.head != "n" {
            true => format!(" data-head=\"{}\"", escape(&shown.column.head)),
            false => String::new(),
        };
        out += &format!(
            "<td role=\"cell\" class=\"{}\"{head}>{text}</td>",
            shown.class()
        );
    }
    out + "</tr>\n"
}

/// A number without decimals: it is set left by the width of these.
fn is_whole(text: &str) -> bool {
    !text.is_empty() && !text.contains('.')
}

fn content(cell: &Cell, shown: &VisibleColumn) -> String {
    let text = escape(&cell.text);
    match cell.emphasis.unwrap_or(shown.column.emphasis) {
        _ if text.is_empty() => text,
        Emphasis::Strong => format!("<strong>{text}</strong>"),
        Emphasis::Wrong => format!("<em class=\"wrong\">{text}</em>"),
        Emphasis::Dim => format!("<span class=\"dim\">{text}</span>"),
        Emphasis::Plain => text,
    }
}

/// The letters after the last column as words.
fn flags(row: &Row, columns: &[VisibleColumn]) -> String {
    let shown = |position| columns.iter().any(|column| column.position == position);
    let last = row.cells.len().saturating_sub(1);
    let letters = row.cells.get(last).filter(|_| !shown(last));
    let letters = letters.map_or("", |cell| cell.text.as_str());
    let words: String = Flag::ALL
        .into_iter()
        .filter(|flag| letters.contains(flag.letter()))
        .map(|flag| {
            let (class, word) = word(flag);
            format!(" <span class=\"flag{class}\">{word}</span>")
        })
        .collect();
    match words.is_empty() {
        true => words,
        false => format!("<br>{}", words.trim_start()),
    }
}

fn word(flag: Flag) -> (&'static str, &'static str) {
    match flag {
        Flag::ApproximateN => ("", "n approximate"),
        Flag::SmallBase => ("", "base under 100"),
        Flag::Conflict => (" conflict", "conflict"),
        Flag::Computed => ("", "computed"),
        Flag::AssumedN => ("", "n assumed"),
        Flag::NoN => ("", "no n"),
        Flag::NotProbability => ("", "not a probability sample"),
        Flag::Bound => ("", "a bound"),
        Flag::SecondHand => ("", "second-hand"),
        Flag::UnknownSampling => ("", "sampling not stated"),
        Flag::CannotHold => (" wrong", "can’t hold"),
        Flag::Net => ("", "net"),
        Flag::Reference => ("", "reference"),
        Flag::Empty => ("", "nobody"),
        Flag::Separated => ("", "no bound"),
        Flag::Collinear => ("", "left out"),
    }
}

fn foot(table: &Table) -> String {
    let meanings: Vec<String> = table
        .legend
        .iter()
        .map(|(_, meaning)| capitalised(meaning) + ".")
        .collect();
    let paragraphs = table.foot.iter().cloned();
    let legend = Some(meanings.join(" ")).filter(|text| !text.is_empty());
    let text: String = paragraphs
        .chain(legend)
        .map(|paragraph| format!("<p>{}</p>\n", escape(&paragraph)))
        .collect();
    format!("<div class=\"foot\">\n{text}</div>\n")
}
