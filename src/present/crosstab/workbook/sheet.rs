//! The sheet of a table: title, heads, bases, each row with its letters under it, notes, chart.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet};

use super::chart::{self, ChartRows};
use super::places::{CONTENTS, Place, lines_of, link, title};
use crate::present::crosstab::content::{
    BannerTable, BaseKind, CellFormat, CellWeight, Line, LineKind,
};
use crate::present::crosstab::heads::BaseState;
use crate::present::table::xlsx::cell_text;
use crate::present::table::xlsx::formats::{
    AXIS, FONT, Formats, GRID, HIDDEN, INK, MUTED, TEXT, number, percent, signed,
};
use crate::present::table::{XlsxError, fill};

/// Letters that the stub has room for, and the columns.
const STUB: usize = 26;
const WIDEST_STUB: usize = 44;
const COLUMN: usize = 10;
const WIDEST_COLUMN: usize = 24;
/// Rows of a title and of what is measured before the head moves down, with the blank one under them.
const HEADING: usize = 3;
/// Points of the printed page, A4 across less its margins.
const PAGE: (f64, f64) = (770.0, 510.0);
/// What is printed is not made smaller than by this to have it on one page.
const LEAST_SCALE: f64 = 0.7;

/// Letters that the columns of a sheet have room for: labels and names whole, in lines.
#[derive(Clone, Debug)]
pub struct Widths {
    stub: usize,
    columns: Vec<usize>,
}

impl Widths {
    /// For tables that stand under each other.
    pub fn new(tables: &[BannerTable]) -> Widths {
        let mut widths = Widths {
            stub: STUB,
            columns: Vec::new(),
        };
        for table in tables {
            let letters = |line: &Line| line.label.chars().count() + 6;
            let longest = table.lines.iter().map(letters).max().unwrap_or(0);
            widths.stub = widths.stub.max(longest.clamp(STUB, WIDEST_STUB));
            for (at, head) in table.heads.iter().enumerate() {
                let words = head.name.split_whitespace();
                let word = words.map(|word| word.chars().count()).max();
                let width = (word.unwrap_or(0) + 2).clamp(COLUMN, WIDEST_COLUMN);
                match widths.columns.get_mut(at) {
                    Some(own) => *own = width.max(*own),
                    None => widths.columns.push(width),
                }
            }
        }
        widths
    }

    fn column(&self, at: usize) -> usize {
        self.columns.get(at).copied().unwrap_or(COLUMN)
    }

    /// Points of all columns: a letter is seven pixels wide, and a column has five more.
    fn points(&self) -> f64 {
        let columns = self.columns.iter();
        let letters: usize = self.stub + columns.sum::<usize>();
        0.75 * (7 * letters + 5 * (1 + self.columns.len())) as f64
    }

    /// Letters of so many points on average that a line of text over the whole page has room for.
    fn line(&self, letter: f64) -> usize {
        (self.points().max(chart::WIDTH * 0.75) / letter) as usize
    }

    fn title(&self, table: &BannerTable) -> Vec<String> {
        let title = format!("{}. {}", table.name(), title(table));
        fill(&title, self.line(7.2), 0)
    }

    fn measure(&self, table: &BannerTable) -> Vec<String> {
        let text = format!("{} {}", table.measure, table.base);
        fill(&text, self.line(5.0), 0)
    }

    fn foot(&self, table: &BannerTable) -> Vec<String> {
        let paragraphs = table.foot.iter();
        let width = self.line(4.5);
        paragraphs.flat_map(|text| fill(text, width, 0)).collect()
    }

    /// Rows above the first base line: a link, title and measure with a blank row, three of heads.
    fn head(&self, table: &BannerTable) -> u32 {
        let heading = self.title(table).len() + self.measure(table).len();
        4 + heading.max(HEADING) as u32
    }

    /// Rows that a table takes on a sheet of several.
    pub fn height(&self, table: &BannerTable) -> u32 {
        let lines: u32 = table.lines.iter().map(|line| rows_of(table, line)).sum();
        let foot = self.foot(table).len() as u32;
        self.head(table) + table.bases.len() as u32 + lines + foot + 2
    }
}

/// A sheet in the making.
pub struct TableSheet<'a> {
    sheet: &'a mut Worksheet,
    formats: &'a Formats,
    name: String,
    charts: bool,
    row: u32,
    /// Points from the top, for the page that it has to fit.
    points: f64,
    widths: Widths,
    /// Where the chart begins, in rows and points.
    chart_at: Option<(u32, f64, f64)>,
}

/// A row of numbers, and one of letters under those that are compared; an interval has two.
fn rows_of(table: &BannerTable, line: &Line) -> u32 {
    let interval = line.cells.iter().any(|cell| cell.bounds.is_some());
    match (has_letters(table, line), interval) {
        (true, _) | (_, true) => 2,
        _ => 1,
    }
}

fn has_letters(table: &BannerTable, line: &Line) -> bool {
    let lettered = table.heads.iter().any(|head| head.letter.is_some());
    let tested = table
        .lines
        .iter()
        .flat_map(|line| &line.cells)
        .any(|cell| !cell.letters.is_empty());
    lettered
        && tested
        && matches!(
            line.kind,
            LineKind::Net | LineKind::Answer | LineKind::Part | LineKind::Number
        )
}

impl<'a> TableSheet<'a> {
    pub fn new(
        sheet: &'a mut Worksheet,
        formats: &'a Formats,
        place: &Place,
        (widths, charts): (Widths, bool),
    ) -> TableSheet<'a> {
        TableSheet {
            sheet,
            formats,
            name: place.sheet.clone(),
            charts,
            row: place.row,
            points: 0.0,
            widths,
            chart_at: None,
        }
    }

    /// The table with its notes, and the chart under them.
    pub fn write(&mut self, table: &BannerTable) -> Result<(), XlsxError> {
        self.set_widths()?;
        self.heading(table)?;
        self.heads(table)?;
        self.bases(table)?;
        let first = self.row;
        let mut rows = Vec::new();
        for (at, line) in table.lines.iter().enumerate() {
            rows.push(self.row);
            self.line(table, line, at + 1 == table.lines.len())?;
        }
        self.foot(table)?;
        if self.charts {
            let rows = ChartRows {
                sheet: &self.name,
                heads: first - table.bases.len() as u32 - 2,
                rows: &rows,
            };
            if let Some((chart, height)) = chart::chart(table, &rows) {
                self.next(15.0)?;
                self.chart_at = Some((self.row, self.points, height));
                self.sheet.insert_chart(self.row, 0, &chart)?;
            }
        }
        Ok(())
    }

    /// Panes, print set-up, the page.
    pub fn finish(&mut self, table: &BannerTable) -> Result<(), XlsxError> {
        let head = self.widths.head(table);
        self.sheet.set_freeze_panes(head, 1)?;
        self.sheet.set_repeat_rows(head - 3, head - 1)?;
        self.sheet.set_repeat_columns(0, 0)?;
        self.print_set_up(&table.name());
        let (wide, high) = PAGE;
        let scale: f64 = (wide / self.widths.points()).min(1.0);
        // as large as the width allows, or a little smaller where that saves a page of a few lines
        let fits = |points: f64| {
            let own = (high / points).min(scale);
            (own >= LEAST_SCALE * scale).then_some(own)
        };
        let Some((row, above, chart)) = self.chart_at else {
            let pages = u16::from(fits(self.points).is_some());
            self.sheet.set_print_fit_to_pages(1, pages);
            return Ok(());
        };
        match fits(above + chart).is_some_and(|together| together >= 0.5) {
            true => {
                self.sheet.set_print_fit_to_pages(1, 1);
            }
            false => {
                // breaks are kept where the scale is given, not where pages are fitted
                // and columns are a little wider in some programs
                let percent = (94.0 * fits(above).unwrap_or(scale)).floor().max(10.0);
                self.sheet.set_print_scale(percent as u16);
                self.sheet.set_page_breaks(&[row])?;
            }
        }
        Ok(())
    }

    /// One table of several on a sheet: folded away by its outline; gives its range.
    pub fn write_in_group(&mut self, table: &BannerTable) -> Result<String, XlsxError> {
        let first = self.row;
        self.charts = false;
        self.write(table)?;
        let last = self.row;
        self.sheet.group_rows(first + 2, last.max(first + 3) - 1)?;
        self.row = first + self.widths.height(table);
        let column = rust_xlsxwriter::utility::column_number_to_name(table.heads.len() as u16);
        let sheet = self.name.replace('\'', "''");
        Ok(format!("='{sheet}'!$A${}:${column}${}", first + 1, last))
    }

    /// The page of a sheet with all tables.
    pub fn finish_group(&mut self, tables: &[BannerTable]) -> Result<(), XlsxError> {
        self.sheet.set_freeze_panes(0, 1)?;
        self.sheet.set_repeat_columns(0, 0)?;
        self.print_set_up("Tables");
        self.sheet.set_print_fit_to_pages(1, 0);
        let mut breaks = Vec::new();
        let mut row = 0;
        for table in tables {
            row += self.widths.height(table);
            breaks.push(row);
        }
        breaks.pop();
        // a sheet has room for so many breaks
        breaks.truncate(1_000);
        if !breaks.is_empty() {
            self.sheet.set_page_breaks(&breaks)?;
        }
        Ok(())
    }

    fn print_set_up(&mut self, name: &str) {
        self.sheet
            .set_screen_gridlines(false)
            .set_landscape()
            .set_paper_size(9)
            .set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
            .set_footer(format!("&L&8{name}&R&8&P / &N"));
    }

    /// The next row, so many points further down.
    fn next(&mut self, points: f64) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, points)?;
        self.row += 1;
        self.points += points;
        Ok(())
    }

    fn set_widths(&mut self) -> Result<(), XlsxError> {
        self.sheet.set_column_width(0, self.widths.stub as f64)?;
        for (at, width) in self.widths.columns.iter().enumerate() {
            self.sheet.set_column_width(column(at), *width as f64)?;
        }
        Ok(())
    }

    fn heading(&mut self, table: &BannerTable) -> Result<(), XlsxError> {
        let formats = self.formats;
        self.sheet.write_url_with_format(
            self.row,
            0,
            link(CONTENTS, "A1", CONTENTS),
            &formats.link,
        )?;
        self.next(15.0)?;
        // lines stand in rows of their own: a cell would wrap them within the stub, and none is merged
        let (title, measure) = (self.widths.title(table), self.widths.measure(table));
        for line in &title {
            let text = cell_text(line);
            self.sheet
                .write_string_with_format(self.row, 0, text, &formats.title)?;
            self.next(22.0)?;
        }
        for line in &measure {
            let text = cell_text(line);
            self.sheet
                .write_string_with_format(self.row, 0, text, &formats.muted)?;
            self.next(15.0)?;
        }
        for _ in title.len() + measure.len()..HEADING {
            self.next(15.0)?;
        }
        Ok(())
    }

    fn heads(&mut self, table: &BannerTable) -> Result<(), XlsxError> {
        let bold = self.formats.text.clone().set_bold().set_num_format(TEXT);
        let mut lines = 1;
        for block in &table.blocks {
            let room: usize = block.columns.clone().map(|at| self.widths.column(at)).sum();
            lines = lines.max(lines_of(&block.title, room));
            let format = left_line(
                &bold
                    .clone()
                    .set_align(FormatAlign::Left)
                    .set_align(FormatAlign::Bottom)
                    .set_text_wrap()
                    .set_border_bottom(FormatBorder::Thin)
                    .set_border_bottom_color(AXIS),
            );
            let (first, last) = (column(block.columns.start), column(block.columns.end - 1));
            let text = cell_text(&block.title);
            match first == last {
                true => {
                    self.sheet
                        .write_string_with_format(self.row, first, text, &format)?;
                }
                false => {
                    self.sheet
                        .merge_range(self.row, first, self.row, last, &text, &format)?;
                }
            }
        }
        self.next(14.0 * lines as f64 + 2.0)?;
        let mut lines = 1;
        for (at, head) in table.heads.iter().enumerate() {
            let text = format!("{}{}", head.name, head.state.sign());
            let width = self.widths.column(at);
            // digits and small letters are narrower than the room that a letter is counted with
            lines = lines.max(lines_of(&text, width));
            let mut format = self.edge(table, at, &self.formats.text);
            format = format
                .set_num_format(TEXT)
                .set_align(FormatAlign::Right)
                .set_align(FormatAlign::Bottom)
                .set_text_wrap();
            if head.block.is_none() {
                format = format.set_bold();
            }
            if head.state != BaseState::Enough {
                format = format.set_font_color(AXIS);
            }
            self.sheet
                .write_string_with_format(self.row, column(at), cell_text(&text), &format)?;
        }
        self.next(14.0 * lines as f64 + 2.0)?;
        let rule = |format: Format| {
            format
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(INK)
                .set_font_size(9)
                .set_font_color(MUTED)
        };
        let label = rule(self.formats.muted.clone());
        let lettered = table.heads.iter().any(|head| head.letter.is_some());
        let name = if lettered { "column" } else { "" };
        self.sheet
            .write_string_with_format(self.row, 0, name, &label)?;
        for (at, head) in table.heads.iter().enumerate() {
            let format = rule(self.edge(table, at, &self.formats.muted));
            let format = format.set_num_format(TEXT).set_align(FormatAlign::Right);
            let letter = head.letter.as_deref().unwrap_or("");
            self.sheet
                .write_string_with_format(self.row, column(at), letter, &format)?;
        }
        self.next(if lettered { 14.0 } else { 3.0 })
    }

    /// A pale line at the left of each block.
    fn edge(&self, table: &BannerTable, at: usize, format: &Format) -> Format {
        match table.blocks.iter().any(|block| block.columns.start == at) {
            true => left_line(format),
            false => format.clone(),
        }
    }

    fn bases(&mut self, table: &BannerTable) -> Result<(), XlsxError> {
        for (line, base) in table.bases.iter().enumerate() {
            let last = line + 1 == table.bases.len();
            let rule = |format: Format| match last {
                true => format
                    .set_border_bottom(FormatBorder::Thin)
                    .set_border_bottom_color(GRID),
                false => format,
            };
            let label = rule(self.formats.muted.clone());
            self.sheet.write_string_with_format(
                self.row,
                0,
                base.kind.label(self.widths.stub),
                &label,
            )?;
            for (at, value) in base.values.iter().enumerate() {
                let format = rule(self.edge(table, at, &self.formats.muted));
                let stars = match base.kind {
                    BaseKind::Respondents => table.heads[at].state.sign(),
                    _ => "",
                };
                let shown = match stars {
                    "" => number(0),
                    stars => format!("#,##0\"{stars}\""),
                };
                let format = format.set_num_format(shown).set_align(FormatAlign::Right);
                match value {
                    Some(value) => self.sheet.write_number_with_format(
                        self.row,
                        column(at),
                        *value,
                        &format,
                    )?,
                    None => self.sheet.write_blank(self.row, column(at), &format)?,
                };
            }
            self.next(14.0)?;
        }
        Ok(())
    }

    fn line(&mut self, table: &BannerTable, line: &Line, last: bool) -> Result<(), XlsxError> {
        let interval = line.cells.iter().any(|cell| cell.bounds.is_some());
        if interval {
            type End = fn((f64, f64)) -> f64;
            let ends: [(&str, End); 2] = [("low", |ends| ends.0), ("high", |ends| ends.1)];
            for (name, end) in ends {
                let label = format!("{}, {name}", line.label);
                let values = line.cells.iter().map(|cell| cell.bounds.map(end));
                self.numbers(
                    table,
                    line,
                    &label,
                    values.collect(),
                    last && name == "high",
                )?;
            }
            return Ok(());
        }
        let label = match line.kind {
            LineKind::Net => format!("NET {}", line.label),
            _ => line.label.clone(),
        };
        let letters = has_letters(table, line);
        let values = line.cells.iter().map(|cell| cell.value).collect();
        self.numbers(table, line, &label, values, last && !letters)?;
        match letters {
            true => self.letters(table, line, last),
            false => Ok(()),
        }
    }

    fn numbers(
        &mut self,
        table: &BannerTable,
        line: &Line,
        label: &str,
        values: Vec<Option<f64>>,
        last: bool,
    ) -> Result<(), XlsxError> {
        let rule = |format: Format| match last {
            true => format
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(AXIS),
            false => format,
        };
        let muted = matches!(line.kind, LineKind::Further | LineKind::Missing);
        let indent = match line.kind {
            LineKind::Part => 1,
            LineKind::Further => 2,
            _ => 0,
        };
        let mut stub = rule(
            if muted {
                &self.formats.muted
            } else {
                &self.formats.text
            }
            .clone(),
        );
        stub = stub
            .set_indent(indent)
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left);
        if line.kind == LineKind::Net {
            stub = stub.set_bold();
        }
        self.sheet
            .write_string_with_format(self.row, 0, cell_text(label), &stub)?;
        for (at, value) in values.iter().enumerate() {
            let head = &table.heads[at];
            let base = if muted {
                &self.formats.muted
            } else {
                &self.formats.text
            };
            let mut format = rule(self.edge(table, at, base)).set_align(FormatAlign::Right);
            format = format.set_align(FormatAlign::Top).set_num_format(
                match (head.state, line.cells.get(at).map(|c| c.format)) {
                    (BaseState::TooSmall, _) => HIDDEN.to_owned(),
                    (_, Some(CellFormat::Percent(decimals))) => percent(decimals),
                    (_, Some(CellFormat::Number(decimals))) => number(decimals),
                    (_, Some(CellFormat::Signed(decimals))) => signed(decimals),
                    _ => number(1),
                },
            );
            let weight = line
                .cells
                .get(at)
                .map_or(CellWeight::Plain, |cell| cell.weight);
            format = match weight {
                CellWeight::Strong => format.set_bold(),
                CellWeight::Muted => format.set_font_color(MUTED),
                CellWeight::Plain if line.kind == LineKind::Net => format.set_bold(),
                CellWeight::Plain if head.block.is_none() && !muted => format.set_bold(),
                CellWeight::Plain => format,
            };
            if head.state != BaseState::Enough {
                format = format.set_font_color(AXIS);
            }
            match value {
                // a chart would draw a number that the format only hides
                Some(_) if head.state == BaseState::TooSmall => self
                    .sheet
                    .write_string_with_format(self.row, column(at), "**", &format)?,
                Some(value) => {
                    self.sheet
                        .write_number_with_format(self.row, column(at), *value, &format)?
                }
                None => match line.cells.get(at).map(|cell| cell.text.as_str()) {
                    Some("–") => self.sheet.write_string_with_format(
                        self.row,
                        column(at),
                        "–",
                        &format.set_num_format(TEXT),
                    )?,
                    _ => self.sheet.write_blank(self.row, column(at), &format)?,
                },
            };
        }
        let lines = lines_of(
            label,
            self.widths.stub.saturating_sub(2 * usize::from(indent)),
        );
        let one = if line.kind == LineKind::Net {
            18.0
        } else {
            15.0
        };
        self.next(one + 13.0 * (lines - 1) as f64)
    }

    /// Small, at the top, so that they belong to the number above.
    fn letters(&mut self, table: &BannerTable, line: &Line, last: bool) -> Result<(), XlsxError> {
        let rule = |format: Format| match last {
            true => format
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(AXIS),
            false => format,
        };
        self.sheet
            .write_blank(self.row, 0, &rule(self.formats.muted.clone()))?;
        let mut most = 1;
        for (at, cell) in line.cells.iter().enumerate() {
            let format = rule(self.edge(table, at, &self.formats.muted))
                .set_font_size(8)
                .set_num_format(TEXT)
                .set_text_wrap()
                .set_align(FormatAlign::Right)
                .set_align(FormatAlign::Top);
            if cell.letters.is_empty() {
                self.sheet.write_blank(self.row, column(at), &format)?;
                continue;
            }
            // in lines, or the cells beside would cut them
            let room = self.widths.column(at) - 1;
            most = most.max(fill(&cell.letters, room, 0).len());
            self.sheet
                .write_string_with_format(self.row, column(at), &cell.letters, &format)?;
        }
        self.next(2.0 + 11.0 * most as f64)
    }

    fn foot(&mut self, table: &BannerTable) -> Result<(), XlsxError> {
        let format = Format::new()
            .set_font_name(FONT)
            .set_font_size(9)
            .set_font_color(MUTED);
        for line in self.widths.foot(table) {
            self.sheet
                .write_string_with_format(self.row, 0, cell_text(&line), &format)?;
            self.next(14.0)?;
        }
        Ok(())
    }
}

fn left_line(format: &Format) -> Format {
    format
        .clone()
        .set_border_left(FormatBorder::Thin)
        .set_border_left_color(GRID)
}

/// The column of a head: the stub is the first.
fn column(at: usize) -> u16 {
    u16::try_from(at + 1).unwrap_or(u16::MAX)
}
