//! A table as a sheet.

use rust_xlsxwriter::{Color, Format, FormatAlign, Worksheet};

use super::data::width;
use super::number::{Content, Printed, content};
use super::{XlsxError, cell_text};
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};

/// What is muted, and what can't be right, in the colours of the charts.
const MUTED: Color = Color::RGB(0x62_6B_74);
const WRONG: Color = Color::RGB(0xB0_12_4A);

/// Title, head, rows and foot of one table; `said` are the sentences beside it.
pub(super) fn write(
    sheet: &mut Worksheet,
    table: &Table,
    said: &[String],
) -> Result<(), XlsxError> {
    let mut writer = Writer {
        places: places(table),
        has_notes: rows(table).any(|row| !row.notes.is_empty()),
        sheet,
        row: 0,
    };
    writer.title(table)?;
    writer.head(table)?;
    for block in &table.blocks {
        writer.block(block, &table.columns)?;
    }
    writer.foot(table, said)?;
    writer.widths(table)
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

    fn title(&mut self, table: &Table) -> Result<(), XlsxError> {
        let plain = Format::new();
        if !table.title.is_empty() {
            self.line(&table.title, &Format::new().set_bold().set_font_size(14))?;
        }
        let under = table.subtitle.iter().chain([&table.aside]);
        for text in under.filter(|text| !text.is_empty()) {
            self.line(text, &plain)?;
        }
        if self.row > 0 {
            self.row += 1;
        }
        Ok(())
    }

    fn head(&mut self, table: &Table) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold();
        let right = bold.clone().set_align(FormatAlign::Right);
        for (at, column) in table.columns.iter().enumerate() {
            let Some(Place { first, two }) = self.places.get(at) else {
                continue;
            };
            let (first, two) = (*first, *two);
            let format = if is_numeric(column) { &right } else { &bold };
            if two {
                self.text(first, &format!("{}, low", column.head), format)?;
                self.text(first + 1, &format!("{}, high", column.head), format)?;
            } else {
                self.text(first, &column.head, format)?;
            }
        }
        if self.has_notes {
            self.text(self.after(), "notes", &bold)?;
        }
        self.row += 1;
        self.sheet.set_freeze_panes(self.row, 1)?;
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
            self.line(head, &Format::new().set_bold())?;
        }
        if let Some(note) = &block.note {
            self.line(note, &Format::new().set_font_color(MUTED))?;
        }
        let step = usize::from(block.head.is_some());
        for row in &block.rows {
            self.table_row(row, step, columns)?;
        }
        Ok(())
    }

    fn table_row(&mut self, row: &Row, step: usize, columns: &[Column]) -> Result<(), XlsxError> {
        let indent = u8::try_from(step + row.indent).unwrap_or(u8::MAX).min(15);
        self.text(0, &row.label, &Format::new().set_indent(indent))?;
        for (at, (cell, column)) in row.cells.iter().zip(columns).enumerate() {
            self.cell(at, cell, column)?;
        }
        if !row.notes.is_empty() {
            let muted = Format::new().set_font_color(MUTED);
            self.text(self.after(), &row.notes.join("; "), &muted)?;
        }
        self.row = self.row.saturating_add(1);
        Ok(())
    }

    fn cell(&mut self, at: usize, cell: &Cell, column: &Column) -> Result<(), XlsxError> {
        let Some(Place { first, .. }) = self.places.get(at) else {
            return Ok(());
        };
        let first = *first;
        let format = emphasised(cell.emphasis.unwrap_or(column.emphasis));
        if !is_numeric(column) {
            return self.text(first, &cell.text, &format);
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

    fn foot(&mut self, table: &Table, said: &[String]) -> Result<(), XlsxError> {
        let muted = Format::new().set_font_color(MUTED);
        self.row = self.row.saturating_add(1);
        for (letter, meaning) in &table.legend {
            self.line(&format!("{letter}  {meaning}"), &muted)?;
        }
        for text in table.foot.iter().chain(said) {
            self.line(text, &muted)?;
        }
        Ok(())
    }

    fn widths(&mut self, table: &Table) -> Result<(), XlsxError> {
        let letters = |text: &str| text.chars().count();
        let labels = table.blocks.iter().flat_map(|block| {
            let step = usize::from(block.head.is_some());
            let of_row = move |row: &Row| letters(&row.label) + 2 * (step + row.indent);
            block.rows.iter().map(of_row)
        });
        self.sheet
            .set_column_width(0, width(labels.max().unwrap_or(0).max(22)))?;
        for (at, column) in table.columns.iter().enumerate() {
            let Some(Place { first, two }) = self.places.get(at) else {
                continue;
            };
            let cells = rows(table).filter_map(|row| row.cells.get(at));
            let widest = cells.map(|cell| letters(&cell.text)).max().unwrap_or(0);
            if *two {
                let head = letters(&column.head) + letters(", high");
                self.sheet.set_column_width(*first, width(head))?;
                self.sheet.set_column_width(*first + 1, width(head))?;
            } else {
                let widest = widest.max(letters(&column.head));
                self.sheet.set_column_width(*first, width(widest))?;
            }
        }
        if self.has_notes {
            self.sheet.set_column_width(self.after(), width(60))?;
        }
        Ok(())
    }
}

fn emphasised(emphasis: Emphasis) -> Format {
    let format = Format::new();
    match emphasis {
        Emphasis::Plain => format,
        Emphasis::Strong => format.set_bold(),
        Emphasis::Dim => format.set_font_color(MUTED),
        Emphasis::Wrong => format.set_font_color(WRONG).set_font_strikethrough(),
    }
}
