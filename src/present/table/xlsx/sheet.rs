//! A table as a sheet.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

use super::data::width;
use super::formats::{AXIS, INK, MUTED, default};
use super::number::{Content, Printed, content};
use super::{XlsxError, cell_text};
use crate::frames::words::unbroken;
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table, fill};

/// What can't be right, in the colour of the charts.
const WRONG: Color = Color::RGB(0xB0_12_4A);
/// Letters of a line of text over a narrow table.
const LINE: usize = 60;
/// A sheet that is wider lies on its side when printed: letters between the margins of A4.
const UPRIGHT: f64 = 90.0;

/// Title, head, rows and foot of one table; `said` are the sentences beside it.
pub(super) fn write(
    sheet: &mut Worksheet,
    table: &Table,
    sentences: &[String],
) -> Result<(), XlsxError> {
    let mut writer = Writer {
        places: places(table),
        has_notes: rows(table).any(|row| !row.notes.is_empty()),
        widths: Vec::new(),
        sheet,
        row: 0,
    };
    writer.set_widths(table)?;
    writer.title(table)?;
    let head = writer.row;
    writer.head(table)?;
    for block in &table.blocks {
        writer.block(block, &table.columns)?;
    }
    writer.foot(table, sentences)?;
    writer.print_set_up(head)
}

fn rows(table: &Table) -> impl Iterator<Item = &Row> {
    table.blocks.iter().flat_map(|block| &block.rows)
}

/// Where a column of the table stands, and whether it needs two: one for each end of its intervals.
struct Place {
    first: u16,
    two: bool,
}

fn places(table: &Table) -> Vec<Place> {
    let mut next = 1;
    let columns = table.columns.iter().enumerate();
    columns
        .map(|(at, column)| {
            let mut cells = rows(table).filter_map(|row| row.cells.get(at));
            let two = is_numeric(column)
                && cells.any(|cell| matches!(content(&cell.text), Content::Interval(..)));
            let place = Place { first: next, two };
            next = next.saturating_add(1 + u16::from(two));
            place
        })
        .collect()
}

/// Columns set to the right hold numbers; digits in a column of words are a name.
fn is_numeric(column: &Column) -> bool {
    column.align != Align::Left
}

struct Writer<'a> {
    sheet: &'a mut Worksheet,
    places: Vec<Place>,
    /// Notes have a last column of their own, so that rows can be sorted.
    has_notes: bool,
    /// Of all columns, in letters.
    widths: Vec<f64>,
    row: u32,
}

impl Writer<'_> {
    fn line(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.text(0, text, format)?;
        self.row = self.row.saturating_add(1);
        Ok(())
    }

    /// Text is written as text: what begins with = is no formula.
    fn text(&mut self, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        let text = cell_text(text);
        if !text.is_empty() {
            self.sheet
                .write_string_with_format(self.row, column, text, format)?;
        }
        Ok(())
    }

    /// A paragraph in lines as wide as the table, a row each: a cell would wrap it within its column, and none is merged.
    fn paragraph(&mut self, text: &str, format: &Format, points: f64) -> Result<(), XlsxError> {
        let room = (self.widths.iter().sum::<f64>() * 10.0 / points) as usize;
        for line in fill(text, room.max(LINE), 0) {
            self.line(&line, format)?;
        }
        Ok(())
    }

    fn title(&mut self, table: &Table) -> Result<(), XlsxError> {
        let plain = default();
        if !table.title.is_empty() {
            let title = default().set_bold().set_font_size(14).set_font_color(INK);
            self.paragraph(&table.title, &title, 15.0)?;
        }
        let under = table.subtitle.iter().chain([&table.aside]);
        for text in under.filter(|text| !text.is_empty()) {
            self.paragraph(text, &plain, 10.0)?;
        }
        if self.row > 0 {
            self.row += 1;
        }
        Ok(())
    }

    fn head(&mut self, table: &Table) -> Result<(), XlsxError> {
        let bold = default()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Bottom)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(INK);
        let right = bold.clone().set_align(FormatAlign::Right);
        let left = bold.clone().set_align(FormatAlign::Left).set_indent(1);
        self.rule(&bold)?;
        let mut lines = 1;
        for (at, column) in table.columns.iter().enumerate() {
            let Some(Place { first, two }) = self.places.get(at) else {
                continue;
            };
            let (first, two) = (*first, *two);
            let format = if is_numeric(column) { &right } else { &left };
            let texts = match two {
                true => vec![
                    format!("{}, low", column.head),
                    format!("{}, high", column.head),
                ],
                false => vec![column.head.clone()],
            };
            for (place, text) in (first..).zip(texts) {
                lines = lines.max(self.lines(&text, place, 0));
                self.text(place, &text, format)?;
            }
        }
        if self.has_notes {
            self.text(self.after(), "notes", &left)?;
        }
        self.next(lines)?;
        self.sheet.set_freeze_panes(self.row, 1)?;
        Ok(())
    }

    /// The lines that a text takes in a column, so many steps from its edge.
    fn lines(&self, text: &str, column: u16, steps: u8) -> usize {
        let width = self.widths.get(usize::from(column)).copied();
        let room = width.unwrap_or(8.0) as usize;
        let room = room.saturating_sub(1 + 2 * usize::from(steps));
        let lines = text.lines().map(|line| fill(line, room, 0).len());
        lines.sum::<usize>().max(1)
    }

    /// The next row, under one of so many lines.
    fn next(&mut self, lines: usize) -> Result<(), XlsxError> {
        if lines > 1 {
            let points = 13.0 * lines as f64 + 2.0;
            self.sheet.set_row_height(self.row, points)?;
        }
        self.row = self.row.saturating_add(1);
        Ok(())
    }

    /// A line under or over all columns.
    fn rule(&mut self, format: &Format) -> Result<(), XlsxError> {
        for column in (0..).take(self.widths.len()) {
            self.sheet.write_blank(self.row, column, format)?;
        }
        Ok(())
    }

    /// The column after the last of the table.
    fn after(&self) -> u16 {
        self.places
            .last()
            .map_or(1, |place| place.first + 1 + u16::from(place.two))
    }

    fn block(&mut self, block: &Block, columns: &[Column]) -> Result<(), XlsxError> {
        if let Some(head) = &block.head {
            self.line(head, &default().set_bold())?;
        }
        if let Some(note) = &block.note {
            self.paragraph(note, &default().set_font_color(MUTED), 10.0)?;
        }
        let step = usize::from(block.head.is_some());
        for row in &block.rows {
            self.table_row(row, step, columns)?;
        }
        Ok(())
    }

    fn table_row(&mut self, row: &Row, step: usize, columns: &[Column]) -> Result<(), XlsxError> {
        let indent = u8::try_from(step + row.indent).unwrap_or(u8::MAX).min(15);
        let words = default()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left);
        self.text(0, &row.label, &words.clone().set_indent(indent))?;
        let mut lines = self.lines(&row.label, 0, indent);
        for (at, (cell, column)) in row.cells.iter().zip(columns).enumerate() {
            self.cell(at, cell, column)?;
            if let (false, Some(place)) = (is_numeric(column), self.places.get(at)) {
                lines = lines.max(self.lines(&cell.text, place.first, 1));
            }
        }
        if !row.notes.is_empty() {
            let notes = row.notes.join("; ");
            let muted = words.set_indent(1).set_font_color(MUTED);
            self.text(self.after(), &notes, &muted)?;
            lines = lines.max(self.lines(&notes, self.after(), 1));
        }
        self.next(lines)
    }

    fn cell(&mut self, at: usize, cell: &Cell, column: &Column) -> Result<(), XlsxError> {
        let Some(Place { first, .. }) = self.places.get(at) else {
            return Ok(());
        };
        let first = *first;
        let format = emphasised(cell.emphasis.unwrap_or(column.emphasis));
        let format = format.set_align(FormatAlign::Top);
        if !is_numeric(column) {
            let words = format.set_align(FormatAlign::Left).set_indent(1);
            return self.text(first, &cell.text, &words.set_text_wrap());
        }
        match content(&cell.text) {
            Content::Number(number) => self.number(first, &number, &format),
            Content::Interval(low, high) => {
                self.number(first, &low, &format)?;
                self.number(first + 1, &high, &format)
            }
            Content::Text => self.text(first, &cell.text, &format.set_align(FormatAlign::Right)),
        }
    }

    fn number(&mut self, column: u16, number: &Printed, format: &Format) -> Result<(), XlsxError> {
        let format = format.clone().set_num_format(&number.format);
        self.sheet
            .write_number_with_format(self.row, column, number.value, &format)?;
        Ok(())
    }

    fn foot(&mut self, table: &Table, sentences: &[String]) -> Result<(), XlsxError> {
        let rule = default().set_border_top(FormatBorder::Thin);
        self.rule(&rule.set_border_top_color(AXIS))?;
        self.row = self.row.saturating_add(1);
        let muted = default().set_font_size(9).set_font_color(MUTED);
        for (letter, meaning) in &table.legend {
            self.paragraph(&format!("{letter}  {meaning}"), &muted, 9.0)?;
        }
        for text in table.foot.iter().chain(sentences) {
            self.paragraph(&unbroken(text), &muted, 9.0)?;
        }
        Ok(())
    }

    fn set_widths(&mut self, table: &Table) -> Result<(), XlsxError> {
        let letters = |text: &str| text.chars().count();
        let labels = table.blocks.iter().flat_map(|block| {
            let step = usize::from(block.head.is_some());
            let of_row = move |row: &Row| letters(&row.label) + 2 * (step + row.indent);
            block.rows.iter().map(of_row)
        });
        self.widths.push(width(labels.max().unwrap_or(0).max(22)));
        for (at, (column, place)) in table.columns.iter().zip(&self.places).enumerate() {
            let cells = rows(table).filter_map(|row| row.cells.get(at));
            let widest = cells.map(|cell| letters(&cell.text)).max().unwrap_or(0);
            // a head is set in lines
            let words = column.head.split_whitespace().map(letters);
            let word = words.max().unwrap_or(0);
            match place.two {
                true => self.widths.extend([width(word.max(8)); 2]),
                false => self.widths.push(width(widest.max(word))),
            }
        }
        if self.has_notes {
            self.widths.push(width(60));
        }
        for (column, width) in (0..).zip(&self.widths) {
            self.sheet.set_column_width(column, *width)?;
        }
        Ok(())
    }

    /// One page wide, the head on every page.
    fn print_set_up(&mut self, head: u32) -> Result<(), XlsxError> {
        self.sheet
            .set_screen_gridlines(false)
            .set_paper_size(9)
            .set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
            .set_print_fit_to_pages(1, 0)
            .set_footer("&L&8&A&R&8&P / &N");
        if self.widths.iter().sum::<f64>() > UPRIGHT {
            self.sheet.set_landscape();
        }
        self.sheet.set_repeat_rows(head, head)?;
        self.sheet.set_repeat_columns(0, 0)?;
        Ok(())
    }
}

fn emphasised(emphasis: Emphasis) -> Format {
    let format = default();
    match emphasis {
        Emphasis::Plain => format,
        Emphasis::Strong => format.set_bold(),
        Emphasis::Dim => format.set_font_color(MUTED),
        Emphasis::Wrong => format.set_font_color(WRONG),
    }
}
