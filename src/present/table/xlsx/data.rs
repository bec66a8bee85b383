//! The exact frame as a sheet: names in the first row, numbers unrounded, unknown as an empty cell.

use polars::prelude::{AnyValue, DataFrame};
use rust_xlsxwriter::{Format, Worksheet};

use super::{XlsxError, cell_text};

pub(crate) fn write(sheet: &mut Worksheet, frame: &DataFrame) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (at, column) in frame.columns().iter().enumerate() {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        sheet.write_string_with_format(0, at, cell_text(column.name()), &bold)?;
        let mut widest = column.name().chars().count();
        for row in 0..frame.height() {
            let line = u32::try_from(row + 1).unwrap_or(u32::MAX);
            widest = widest.max(cell(sheet, line, at, column.get(row)?)?);
        }
        sheet.set_column_width(at, width(widest))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Writes one value; how many letters it takes.
fn cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: AnyValue<'_>,
) -> Result<usize, XlsxError> {
    let text = match value {
        AnyValue::Null => return Ok(0),
        AnyValue::Boolean(truth) => {
            sheet.write_boolean(row, column, truth)?;
            return Ok(5);
        }
        AnyValue::String(text) => text.to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        number => match number.extract::<f64>().filter(|number| number.is_finite()) {
            Some(number) => {
                sheet.write_number(row, column, number)?;
                return Ok(10);
            }
            None => number.to_string(),
        },
    };
    sheet.write_string(row, column, cell_text(&text))?;
    Ok(text.chars().count())
}

/// Columns of letters, between what a number needs and what a screen has room for.
pub(super) fn width(letters: usize) -> f64 {
    letters.clamp(6, 60) as f64 + 2.0
}
