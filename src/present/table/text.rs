use std::fmt::Write;

use anstyle::{AnsiColor, Color, Effects, Style};

use super::wrap::{display_width, fill};
use super::{Align, Block, Cell, Column, Emphasis, Row, Table};

/// How a table is set for a terminal or a text file.
#[derive(Clone, Copy, Debug)]
pub struct TextOptions {
    /// Display columns there are; between 60 and 100 are used.
    pub width: usize,
    /// With escape sequences for emphasis. Meaning never rests on them alone.
    pub styled: bool,
}

impl Default for TextOptions {
    fn default() -> TextOptions {
        TextOptions {
            width: 100,
            styled: false,
        }
    }
}

const NARROWEST: usize = 60;
const WIDEST: usize = 100;
const GAP: usize = 2;
const NARROWEST_LABEL: usize = 24;

/// The table in lines: rules above and below the head and at the end, two spaces between columns.
pub fn text(table: &Table, options: TextOptions) -> String {
    let table = &table.printable();
    let setting = Setting::new(table, options);
    let mut out = String::new();
    setting.title(&mut out);
    setting.head(&mut out);
    for (position, block) in table.blocks.iter().enumerate() {
        if position > 0 {
            out.push('\n');
        }
        setting.block(&mut out, block);
    }
    setting.rule(&mut out);
    setting.foot(&mut out);
    out
}

/// The widths that were settled on, once for the whole table.
struct Setting<'a> {
    table: &'a Table,
    options: TextOptions,
    width: usize,
    label: usize,
    columns: Vec<Placed<'a>>,
}

/// A column that is shown: which, how wide, and how many columns its cells need after the point.
struct Placed<'a> {
    index: usize,
    column: &'a Column,
    width: usize,
    decimals: usize,
}

impl Placed<'_> {
    fn is_words(&self) -> bool {
        self.column.align == Align::Left
    }
}

impl<'a> Setting<'a> {
    fn new(table: &'a Table, options: TextOptions) -> Setting<'a> {
        let width = options.width.clamp(NARROWEST, WIDEST);
        let mut columns = place(table, width);
        let taken = |columns: &[Placed]| columns.iter().map(|c| c.width + GAP).sum::<usize>();
        // Too many columns for the terminal: the last ones that may go, go.
        while taken(&columns) + NARROWEST_LABEL > width {
            match columns.iter().rposition(|c| c.column.needs_width > 0) {
                Some(last) => drop(columns.remove(last)),
                None => break,
            }
        }
        // words at the end of the rows are broken where nothing else makes the table fit
        let over = (taken(&columns) + NARROWEST_LABEL).saturating_sub(width);
        if let Some(last) = columns
            .last_mut()
            .filter(|last| over > 0 && last.is_words())
        {
            let label = widest_label(table).min(width / 3).max(NARROWEST_LABEL);
            let narrower = over + label - NARROWEST_LABEL;
            last.width = last.width.saturating_sub(narrower).max(NARROWEST_LABEL);
        }
        let label = width.saturating_sub(taken(&columns)).max(NARROWEST_LABEL);
        Setting {
            table,
            options,
            width,
            label: label.min(widest_label(table).max(NARROWEST_LABEL)),
            columns,
        }
        .stretched()
    }

    /// A short table with few columns is as wide as it needs; with a title aside it is as wide as may be.
    fn stretched(mut self) -> Self {
        let columns: usize = self.columns.iter().map(|c| c.width + GAP).sum();
        let needed = (self.label + columns).max(widest_note(self.table).min(self.width));
        let title = display_width(&self.table.title) + display_width(&self.table.aside) + 2 * GAP;
        let full = self.width;
        self.width = needed.max(title).max(NARROWEST).min(full.max(needed));
        self.label = self.width - columns;
        self
    }

    fn title(&self, out: &mut String) {
        // a question as asked may be longer than a line
        let mut lines = fill(&self.table.title, self.width, 0);
        if let Some(last) = lines.pop().filter(|last| !last.is_empty()) {
            for line in &lines {
                let _ = writeln!(out, "{}", self.styled(Emphasis::Strong, line));
            }
            let aside = &self.table.aside;
            let room = self.width.saturating_sub(display_width(&last));
            let last = self.styled(Emphasis::Strong, &last);
            match display_width(aside) + GAP <= room {
                true => {
                    let _ = writeln!(out, "{}", format!("{last}{aside:>room$}").trim_end());
                }
                false if aside.is_empty() => {
                    let _ = writeln!(out, "{last}");
                }
                false => {
                    let _ = writeln!(out, "{last}\n{aside}");
                }
            }
        }
        for line in self
            .table
            .subtitle
            .iter()
            .flat_map(|s| fill(s, self.width, 0))
        {
            let _ = writeln!(out, "{line}");
        }
    }

    fn rule(&self, out: &mut String) {
        let _ = writeln!(out, "{}", "─".repeat(self.width));
    }

    fn head(&self, out: &mut String) {
        self.rule(out);
        if self.columns.iter().all(|c| c.column.head.is_empty()) {
            return;
        }
        // heads of several lines stand on the rule
        let most = self.columns.iter().map(|c| c.column.head.lines().count());
        let most = most.max().unwrap_or(1).max(1);
        for line in 0..most {
            self.head_line(out, |head| {
                let above = most - head.lines().count().min(most);
                line.checked_sub(above)
                    .and_then(|at| head.lines().nth(at))
                    .unwrap_or("")
            });
        }
        self.rule(out);
    }

    fn head_line<'h>(&'h self, out: &mut String, of: impl Fn(&'h str) -> &'h str) {
        let mut line = " ".repeat(self.label);
        for placed in &self.columns {
            let (head, width) = (of(&placed.column.head), placed.width);
            let pad = width.saturating_sub(display_width(head));
            let behind = match placed.column.align {
                Align::Left => pad,
                Align::Right => 0,
                Align::Decimal => placed.decimals.min(pad),
            };
            let _ = write!(
                line,
                "{}{head}{}",
                " ".repeat(GAP + pad - behind),
                " ".repeat(behind)
            );
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }

    fn block(&self, out: &mut String, block: &Block) {
        for head in block.head.iter().flat_map(|head| fill(head, self.width, 2)) {
            let _ = writeln!(out, "{}", self.styled(Emphasis::Strong, &head));
        }
        for note in block.note.iter().flat_map(|note| fill(note, self.width, 0)) {
            let _ = writeln!(out, "{}", self.styled(Emphasis::Dim, &note));
        }
        let step = if block.head.is_some() { 2 } else { 0 };
        for row in &block.rows {
            self.row(out, row, step);
        }
    }

    fn row(&self, out: &mut String, row: &Row, step: usize) {
        let indent = step + 2 * row.indent;
        let room = self.label.saturating_sub(indent);
        let mut lines = fill(&row.label, room, 2).into_iter();
        let first = lines.next().unwrap_or_default();
        let mut line = format!("{}{first}", " ".repeat(indent));
        line.push_str(&" ".repeat(self.label.saturating_sub(indent + display_width(&first))));
        let mut broken = Vec::new();
        for placed in &self.columns {
            line.push_str(&" ".repeat(GAP));
            let mut cell = row.cells.get(placed.index).cloned();
            if let Some(cell) = cell
                .as_mut()
                .filter(|cell| placed.is_words() && display_width(&cell.text) > placed.width)
            {
                let mut lines = fill(&cell.text, placed.width, 0).into_iter();
                cell.text = lines.next().unwrap_or_default();
                broken = lines.collect();
            }
            line.push_str(&self.cell(placed, cell.as_ref()));
        }
        let _ = writeln!(out, "{}", line.trim_end());
        let last = self.columns.last().map_or(0, |last| last.width);
        let mut broken = broken.into_iter();
        while lines.len() > 0 || broken.len() > 0 {
            let label = lines.next().map(|rest| " ".repeat(indent + 2) + &rest);
            let mut line = label.unwrap_or_default();
            if let Some(more) = broken.next() {
                let pad = (self.width - last).saturating_sub(display_width(&line));
                line += &" ".repeat(pad);
                line += &more;
            }
            let _ = writeln!(out, "{line}");
        }
        for note in row
            .notes
            .iter()
            .flat_map(|n| fill(n, self.width - indent - 2, 0))
        {
            let note = self.styled(Emphasis::Dim, &note);
            let _ = writeln!(out, "{}{note}", " ".repeat(indent + 2));
        }
    }

    fn cell(&self, placed: &Placed, cell: Option<&Cell>) -> String {
        let text = cell.map_or("", |cell| cell.text.as_str());
        let emphasis = cell
            .and_then(|cell| cell.emphasis)
            .unwrap_or(placed.column.emphasis);
        let pad = placed.width.saturating_sub(display_width(text));
        let behind = match placed.column.align {
            Align::Left => pad,
            Align::Right => 0,
            Align::Decimal => placed.decimals.saturating_sub(after_point(text)).min(pad),
        };
        let text = self.styled(emphasis, text);
        format!("{}{text}{}", " ".repeat(pad - behind), " ".repeat(behind))
    }

    fn foot(&self, out: &mut String) {
        for (letter, meaning) in &self.table.legend {
            for (position, line) in fill(meaning, self.width - 3, 0).iter().enumerate() {
                let key = if position == 0 { *letter } else { ' ' };
                let _ = writeln!(out, "{key}  {line}");
            }
        }
        if !self.table.foot.is_empty() && !self.table.legend.is_empty() {
            out.push('\n');
        }
        for line in self.table.foot.iter().flat_map(|p| fill(p, self.width, 0)) {
            let _ = writeln!(out, "{line}");
        }
    }

    fn styled(&self, emphasis: Emphasis, text: &str) -> String {
        let style = match emphasis {
            Emphasis::Plain => return text.to_owned(),
            Emphasis::Strong => Style::new().effects(Effects::BOLD),
            Emphasis::Dim => Style::new().effects(Effects::DIMMED),
            Emphasis::Wrong => Style::new().fg_color(Some(Color::Ansi(AnsiColor::Red))),
        };
        if !self.options.styled || text.is_empty() {
            return text.to_owned();
        }
        format!("{style}{text}{style:#}")
    }
}

/// The columns that the width allows, each as wide as its widest cell.
fn place(table: &Table, width: usize) -> Vec<Placed<'_>> {
    let shown = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, c)| c.needs_width <= width);
    shown
        .map(|(index, column)| {
            let cells: Vec<&str> = rows(table)
                .filter_map(|row| row.cells.get(index))
                .map(|cell| cell.text.as_str())
                .collect();
            let decimals = match column.align {
                Align::Decimal => cells
                    .iter()
                    .map(|text| after_point(text))
                    .max()
                    .unwrap_or(0),
                Align::Left | Align::Right => 0,
            };
            let need = |text: &&str| match column.align {
                Align::Decimal => display_width(text) - after_point(text) + decimals,
                Align::Left | Align::Right => display_width(text),
            };
            let widest = cells.iter().map(need).max().unwrap_or(0);
            Placed {
                index,
                column,
                width: widest.max(column.head.lines().map(display_width).max().unwrap_or(0)),
                decimals,
            }
        })
        .collect()
}

fn rows(table: &Table) -> impl Iterator<Item = &Row> {
    table.blocks.iter().flat_map(|block| &block.rows)
}

fn widest_label(table: &Table) -> usize {
    let step = |block: &Block| if block.head.is_some() { 2 } else { 0 };
    let widths = table.blocks.iter().flat_map(|block| {
        let step = step(block);
        block
            .rows
            .iter()
            .map(move |row| step + 2 * row.indent + display_width(&row.label))
    });
    widths.max().unwrap_or(0)
}

fn widest_note(table: &Table) -> usize {
    let notes = rows(table).flat_map(|row| row.notes.iter().map(move |note| (row.indent, note)));
    notes
        .map(|(indent, note)| 2 * indent + 4 + display_width(note))
        .max()
        .unwrap_or(0)
}

/// Columns that a number takes from its decimal point on; 0 for whole numbers and words.
fn after_point(text: &str) -> usize {
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || "−+≈≥≤".contains(c));
    match text.find('.') {
        Some(point) if numeric => display_width(text.get(point..).unwrap_or("")),
        _ => 0,
    }
}
