//! The exact frame as a sheet: names in the first row, numbers unrounded, unknown as an empty cell.

use rust_xlsxwriter::{FormatAlign, Worksheet};

use super::{XlsxError, cell_text, formats};
use crate::frames::{Cell, Frame, Values};

pub(crate) fn write(sheet: &mut Worksheet, frame: &Frame) -> Result<(), XlsxError> {
    let bold = formats::default().set_bold();
    let right = bold.clone().set_align(FormatAlign::Right);
    for (at, column) in frame.columns().iter().enumerate() {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        let is_number = matches!(column.values, Values::Numbers(_) | Values::Integers(_));
        let head = if is_number { &right } else { &bold };
        sheet.write_string_with_format(0, at, cell_text(&column.name), head)?;
        let mut widest = column.name.chars().count();
        for row in 0..frame.height() {
            let line = u32::try_from(row + 1).unwrap_or(u32::MAX);
            widest = widest.max(cell(sheet, line, at, column.cell(row))?);
        }
        sheet.set_column_width(at, width(widest))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_repeat_rows(0, 0)?
        .set_footer("&L&8&A&R&8&P / &N");
    Ok(())
}

/// Writes one value; how many letters it takes.
fn cell(sheet: &mut Worksheet, row: u32, column: u16, cell: Cell) -> Result<usize, XlsxError> {
    let number = match cell {
        Cell::Null => return Ok(0),
        Cell::Truth(truth) => {
            sheet.write_boolean(row, column, truth)?;
            return Ok(5);
        }
        Cell::Text(text) => {
            sheet.write_string(row, column, cell_text(text))?;
            return Ok(text.chars().count());
        }
        Cell::Number(number) => number,
        Cell::Integer(whole) => whole as f64,
    };
    match number.is_finite() {
        true => sheet.write_number(row, column, number)?,
        // a sheet has no infinite number
        false => sheet.write_string(row, column, number.to_string())?,
    };
    Ok(match number.fract() == 0.0 {
        true => number.to_string().len(),
        // what a sheet prints of a fraction, and room before the column behind it
        false => 13,
    })
}

/// Columns of letters, between what a number needs and what a screen has room for.
pub(super) fn width(letters: usize) -> f64 {
    letters.clamp(6, 60) as f64 + 2.0
}
