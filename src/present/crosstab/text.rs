//! A banner table in lines: pages of columns that fit the width, cut between blocks, stub and Total repeated.

use std::fmt::Write;

use anstyle::{Effects, Style};

use super::content::{BannerTable, BaseKind, Line, LineKind};
use super::heads::BlockHead;
use crate::present::table::{TextOptions, digits, display_width, fill};

const NARROWEST: usize = 60;
const WIDEST: usize = 100;
/// Blanks between columns, and more between blocks.
const GAP: usize = 2;
const BLOCK_GAP: usize = 2;
/// From the end of a column to that of the next one: no more where there is room.
const EASY: usize = 9;
/// A column of which the name is wider has it in lines; on narrower columns where that saves a page.
const WIDEST_NAME: usize = 16;
const NARROW_NAME: usize = 8;

/// The table for a terminal or a text file.
pub fn text(table: &BannerTable, options: TextOptions) -> String {
    let table = &table.printable();
    let width = options.width.clamp(NARROWEST, WIDEST);
    let label = label_width(table, width);
    let laid_out = |name: usize| {
        let columns = 0..table.heads.len();
        let fields: Vec<Field> = columns.map(|at| Field::new(table, at, name)).collect();
        let pages = pages(table, &fields, width.saturating_sub(label));
        (fields, pages)
    };
    let (easy, narrow) = (laid_out(WIDEST_NAME), laid_out(NARROW_NAME));
    let (fields, pages) = match narrow.1.len() < easy.1.len() {
        true => narrow,
        false => easy,
    };
    let drawn: Vec<Page> = pages
        .into_iter()
        .map(|columns| Page::new(table, &fields, columns, (label, width)))
        .collect();
    let widest = drawn.iter().map(|page| page.width).max().unwrap_or(0);
    let heading = [title(table), format!("{} {}", table.measure, table.base)];
    let heading_width = heading
        .iter()
        .map(|text| display_width(text))
        .max()
        .unwrap_or(0);
    let printer = Printer {
        table,
        width: widest.max(heading_width.min(width)).max(NARROWEST),
        label,
        styled: options.styled,
    };
    let mut out = String::new();
    for (at, page) in drawn.iter().enumerate() {
        match at {
            0 => printer.heading(&mut out, &heading),
            _ => {
                let _ = writeln!(out, "\n{}, continued", table.name());
            }
        }
        printer.page(&mut out, page);
    }
    for line in table
        .foot
        .iter()
        .flat_map(|paragraph| fill(paragraph, printer.width, 0))
    {
        let _ = writeln!(out, "{line}");
    }
    out
}

fn title(table: &BannerTable) -> String {
    format!("{}. {}", table.name(), table.title)
}

/// What a column takes.
struct Field {
    /// The name in lines.
    name: Vec<String>,
    /// Columns of its widest entry.
    width: usize,
    /// Columns of its widest cell.
    cells: usize,
    /// Columns behind a cell: letters with a blank before them, or the stars of a small base.
    behind: usize,
    stars: usize,
}

impl Field {
    /// With a name that is in lines where it is wider than that.
    fn new(table: &BannerTable, at: usize, widest_name: usize) -> Field {
        let head = &table.heads[at];
        let cells = table.lines.iter().filter_map(|line| line.cells.get(at));
        let widest = cells
            .clone()
            .map(|cell| display_width(&cell.text))
            .max()
            .unwrap_or(0);
        let bases = table.bases.iter();
        let bases = bases
            .filter_map(|line| line.values.get(at).copied().flatten())
            .map(|n| display_width(&digits::number(n, 0)))
            .max()
            .unwrap_or(0);
        let word = head
            .name
            .split_whitespace()
            .map(display_width)
            .max()
            .unwrap_or(0);
        let room = display_width(&head.name)
            .min(widest_name)
            .max(word)
            .max(bases)
            .max(widest);
        let name = fill(&head.name, room, 0);
        let letters = cells
            .map(|cell| display_width(&cell.letters))
            .max()
            .unwrap_or(0);
        let stars = head.state.sign().len();
        Field {
            width: name
                .iter()
                .map(|line| display_width(line))
                .max()
                .unwrap_or(0)
                .max(bases)
                .max(widest),
            cells: widest,
            behind: if letters > 0 { letters + 1 } else { 0 }.max(stars),
            stars,
            name,
        }
    }
}

/// The width of the labels at the left.
fn label_width(table: &BannerTable, width: usize) -> usize {
    let line = |line: &Line| indent(line.kind) + display_width(&label(line));
    let labels = table.lines.iter().map(line).max().unwrap_or(0);
    let bases = table
        .bases
        .iter()
        .map(|line| display_width(line.kind.label(width / 4)));
    let most = (width * 2 / 5).max(20);
    labels.min(most).max(bases.max().unwrap_or(0)).max(12)
}

fn label(line: &Line) -> String {
    match line.kind {
        LineKind::Net => format!("NET {}", line.label),
        _ => line.label.clone(),
    }
}

fn indent(kind: LineKind) -> usize {
    match kind {
        LineKind::Part => 2,
        LineKind::Further => 4,
        _ => 0,
    }
}

/// How far the end of a column lies from that of the one before it.
fn distance(table: &BannerTable, fields: &[Field], before: Option<usize>, at: usize) -> usize {
    let field = &fields[at];
    let Some(before) = before else {
        return GAP + field.width;
    };
    let last = &fields[before];
    let gap = match table.heads[before].block == table.heads[at].block {
        true => 0,
        false if table.heads[before].block.is_none() => 0,
        false => BLOCK_GAP,
    };
    let names = field.width + GAP.max(last.stars + 1);
    let cells = last.behind + 1 + field.cells;
    names.max(cells) + gap
}

/// The columns of each page: those without a block first on all of them, then whole blocks while they fit.
fn pages(table: &BannerTable, fields: &[Field], room: usize) -> Vec<Vec<usize>> {
    let totals: Vec<usize> = (0..fields.len())
        .filter(|at| table.heads[*at].block.is_none())
        .collect();
    let taken = |columns: &[usize]| {
        let mut before = None;
        let mut end = 0;
        for at in columns {
            end += distance(table, fields, before, *at);
            before = Some(*at);
        }
        end + before.map_or(0, |at| fields[at].behind)
    };
    let with = |page: &[usize], more: &[usize]| [page, more].concat();
    let mut pages: Vec<Vec<usize>> = Vec::new();
    let mut page = totals.clone();
    for block in &table.blocks {
        let columns: Vec<usize> = block.columns.clone().collect();
        if taken(&with(&page, &columns)) <= room {
            page = with(&page, &columns);
            continue;
        }
        if page.len() > totals.len() {
            pages.push(std::mem::replace(&mut page, totals.clone()));
        }
        // a block that is wider than a page is cut, too, into parts of one size if these fit
        let cut = |size: usize| -> Vec<Vec<usize>> {
            let parts = columns.chunks(size.max(1));
            parts.map(|part| with(&totals, part)).collect()
        };
        let fits = |parts: &[Vec<usize>]| parts.iter().all(|part| taken(part) <= room);
        let mut parts = (1..=columns.len())
            .map(|count| cut(columns.len().div_ceil(count)))
            .find(|parts| fits(parts))
            .unwrap_or_else(|| cut(1));
        if let Some(last) = parts.pop() {
            pages.extend(parts);
            page = last;
        }
    }
    if pages.is_empty() || page.len() > totals.len() {
        pages.push(page);
    }
    pages
}

/// Columns side by side, and where each ends.
struct Page<'a> {
    fields: &'a [Field],
    columns: Vec<usize>,
    ends: Vec<usize>,
    width: usize,
}

impl<'a> Page<'a> {
    fn new(
        table: &BannerTable,
        fields: &'a [Field],
        columns: Vec<usize>,
        (label, width): (usize, usize),
    ) -> Page<'a> {
        let mut distances: Vec<usize> = columns
            .iter()
            .enumerate()
            .map(|(place, at)| {
                let before = place.checked_sub(1).map(|place| columns[place]);
                distance(table, fields, before, *at)
            })
            .collect();
        let behind = columns.last().map_or(0, |at| fields[*at].behind);
        let mut left = width.saturating_sub(label + distances.iter().sum::<usize>() + behind);
        // room that is left goes to the columns that stand closest
        while left > 0 {
            let closest = distances
                .iter_mut()
                .skip(1)
                .min_by_key(|distance| **distance);
            match closest {
                Some(distance) if *distance < EASY => *distance += 1,
                _ => break,
            }
            left -= 1;
        }
        let mut end = label;
        let ends: Vec<usize> = distances
            .iter()
            .map(|distance| {
                end += distance;
                end
            })
            .collect();
        Page {
            fields,
            columns,
            ends,
            width: end + behind,
        }
    }

    /// Where the entries of a column begin.
    fn start(&self, place: usize) -> usize {
        self.ends[place] - self.fields[self.columns[place]].width
    }
}

struct Printer<'a> {
    table: &'a BannerTable,
    width: usize,
    label: usize,
    styled: bool,
}

/// How a line is set off.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Plain,
    Strong,
    Dim,
}

impl Printer<'_> {
    fn heading(&self, out: &mut String, heading: &[String; 2]) {
        for line in fill(&heading[0], self.width, 0) {
            let _ = writeln!(out, "{}", self.set(Weight::Strong, &line));
        }
        for line in fill(&heading[1], self.width, 0) {
            let _ = writeln!(out, "{line}");
        }
    }

    fn page(&self, out: &mut String, page: &Page) {
        self.rule(out);
        self.block_heads(out, page);
        self.names(out, page);
        self.letters(out, page);
        self.rule(out);
        for base in &self.table.bases {
            let label = base.kind.label(self.label);
            let entries = page.columns.iter().map(|at| {
                let stars = match base.kind {
                    BaseKind::Respondents => self.table.heads[*at].state.sign(),
                    _ => "",
                };
                match base.values.get(*at).copied().flatten() {
                    Some(n) => (digits::number(n, 0), stars.to_owned()),
                    None => Default::default(),
                }
            });
            self.entries(out, page, (label, Weight::Dim), entries.collect());
        }
        for (at, line) in self.table.lines.iter().enumerate() {
            if self.stands_off(at) {
                out.push('\n');
            }
            self.line(out, page, line);
        }
        self.rule(out);
    }

    /// A blank line before the first row, between nets, and before what is no answer.
    fn stands_off(&self, at: usize) -> bool {
        let kind = self.table.lines[at].kind;
        let Some(before) = at.checked_sub(1).map(|at| self.table.lines[at].kind) else {
            return true;
        };
        let main = self.table.lines[..at]
            .iter()
            .rev()
            .find(|line| line.kind != LineKind::Further);
        let main = main.map_or(before, |line| line.kind);
        match kind {
            LineKind::Net => true,
            LineKind::Answer => main == LineKind::Part || main == LineKind::Net,
            LineKind::Number | LineKind::Missing => main != kind,
            LineKind::Part | LineKind::Further => false,
        }
    }

    fn rule(&self, out: &mut String) {
        let _ = writeln!(out, "{}", "─".repeat(self.width));
    }

    /// What stands over a block, with a rule up to the end of its columns.
    fn block_heads(&self, out: &mut String, page: &Page) {
        let mut spans: Vec<(usize, usize, Vec<String>)> = Vec::new();
        for block in &self.table.blocks {
            let own = (0..page.columns.len())
                .filter(|place| block.columns.contains(&page.columns[*place]));
            let places: Vec<usize> = own.collect();
            let (Some(first), Some(last)) = (places.first(), places.last()) else {
                continue;
            };
            let (start, end) = (page.start(*first), page.ends[*last]);
            // a name that is wider than its columns begins before them
            let before = spans.last().map_or(self.label, |(_, end, _)| *end) + GAP;
            let preferred = end.saturating_sub(display_width(&block.name));
            let start = start.min(preferred.max(before));
            spans.push((start, end, block_title(block, end - start)));
        }
        let most = spans
            .iter()
            .map(|(_, _, lines)| lines.len())
            .max()
            .unwrap_or(0);
        for line in 0..most {
            let mut text = String::new();
            for (start, end, lines) in &spans {
                let Some(part) = (line + lines.len())
                    .checked_sub(most)
                    .and_then(|at| lines.get(at))
                else {
                    continue;
                };
                pad(&mut text, *start);
                text.push_str(part);
                let left = end.saturating_sub(start + display_width(part));
                if line + 1 == most && left > 1 {
                    text.push(' ');
                    text.push_str(&"─".repeat(left - 1));
                }
            }
            let _ = writeln!(out, "{}", text.trim_end());
        }
    }

    fn names(&self, out: &mut String, page: &Page) {
        let lines = |at: &usize| page.fields[*at].name.len();
        let most = page.columns.iter().map(lines).max().unwrap_or(0);
        for line in 0..most {
            let entries = page.columns.iter().map(|at| {
                let name = &page.fields[*at].name;
                let place = (line + name.len()).checked_sub(most);
                let text = place
                    .and_then(|place| name.get(place))
                    .cloned()
                    .unwrap_or_default();
                let stars = if line + 1 == most {
                    self.table.heads[*at].state.sign()
                } else {
                    ""
                };
                (text, stars.to_owned())
            });
            self.entries(out, page, ("", Weight::Plain), entries.collect());
        }
    }

    fn letters(&self, out: &mut String, page: &Page) {
        let letter = |at: &usize| self.table.heads[*at].letter.clone();
        if page.columns.iter().filter_map(letter).count() == 0 {
            return;
        }
        let entries = page
            .columns
            .iter()
            .map(|at| (letter(at).unwrap_or_default(), String::new()));
        self.entries(out, page, ("", Weight::Plain), entries.collect());
    }

    fn line(&self, out: &mut String, page: &Page, line: &Line) {
        let indent = indent(line.kind);
        let mut lines = fill(&label(line), self.label.saturating_sub(indent), 2).into_iter();
        let first = lines.next().unwrap_or_default();
        let weight = match line.kind {
            LineKind::Net => Weight::Strong,
            LineKind::Further | LineKind::Missing => Weight::Dim,
            _ => Weight::Plain,
        };
        let entries = page.columns.iter().map(|at| {
            let cell = line.cells.get(*at).cloned().unwrap_or_default();
            let letters = match cell.letters.is_empty() {
                true => String::new(),
                false => format!(" {}", cell.letters),
            };
            (cell.text, letters)
        });
        let label = format!("{}{first}", " ".repeat(indent));
        self.entries(out, page, (&label, weight), entries.collect());
        for rest in lines {
            let text = format!("{}{rest}", " ".repeat(indent + 2));
            let _ = writeln!(out, "{}", self.set(weight, &text));
        }
    }

    /// A label, and in each column an entry that ends where the column does, with what stands behind it.
    fn entries(
        &self,
        out: &mut String,
        page: &Page,
        (label, weight): (&str, Weight),
        entries: Vec<(String, String)>,
    ) {
        // widths are counted on plain text; escapes are put in afterwards
        let mut text = self.set(weight, label);
        let mut taken = display_width(label);
        for ((entry, behind), end) in entries.into_iter().zip(&page.ends) {
            if entry.is_empty() && behind.is_empty() {
                continue;
            }
            let start = end.saturating_sub(display_width(&entry)).max(taken);
            text.push_str(&" ".repeat(start - taken));
            text.push_str(&self.set(weight, &entry));
            text.push_str(&behind);
            taken = start + display_width(&entry) + display_width(&behind);
        }
        let _ = writeln!(out, "{}", text.trim_end());
    }

    fn set(&self, weight: Weight, text: &str) -> String {
        let style = match weight {
            Weight::Plain => return text.to_owned(),
            Weight::Strong => Style::new().effects(Effects::BOLD),
            Weight::Dim => Style::new().effects(Effects::DIMMED),
        };
        match self.styled && !text.is_empty() {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }
}

/// The question if it fits a line, else the name, else the question in lines.
fn block_title(block: &BlockHead, room: usize) -> Vec<String> {
    for text in [&block.title, &block.name] {
        if display_width(text) <= room {
            return vec![text.clone()];
        }
    }
    fill(&block.name, room.max(8), 0)
}

fn pad(text: &mut String, to: usize) {
    let taken = display_width(text);
    text.push_str(&" ".repeat(to.saturating_sub(taken).max(usize::from(taken > 0))));
}
