//! Tables as a workbook: a sheet a table, and the exact frame on a sheet of its own.

mod data;
pub(crate) mod formats;
mod names;
mod number;
mod sheet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::Table;
use crate::frames::{Column, Frame, Values};
pub(crate) use data::write as write_frame;
pub(crate) use names::{DATA, Names};

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum XlsxError {
    #[error("the workbook can’t be made: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    #[error(
        "the workbook can’t be made: a table has {} columns, and a sheet takes 16,384 with the labels; write .csv, or fewer columns",
        crate::frames::words::thousands(*.0 as f64)
    )]
    Columns(usize),
}

/// The bytes of an XLSX workbook.
///
/// Each table has a sheet with its title, head, rows, and foot, set up to be printed one page wide with its head on every page. In
/// columns of numbers a printed number is a number with the format it was printed in, an interval two of them; all else is text,
/// so that nothing runs as a formula. Sheet `data` holds `frame`: every column, unrounded. The same input gives the
/// same bytes.
///
/// # Errors
/// More rows or columns than a sheet has room for.
pub fn xlsx(tables: &[Table], sentences: &[String], frame: &Frame) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // a date of the making would make every file another one
    workbook.set_properties(
        &DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?),
    );
    // widths of columns are counted in digits of this face
    workbook.set_default_format(&formats::default(), formats::ROW, formats::COLUMN)?;
    let mut names = Names::default();
    for (at, table) in tables.iter().enumerate() {
        let sentences_below = match at + 1 == tables.len() {
            true => sentences,
            false => &[],
        };
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(names.next(&table.title))?;
        sheet::write(
            worksheet,
            &table.with_intervals_apart().printable(),
            sentences_below,
        )?;
    }
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(names::DATA)?;
    data::write(worksheet, frame)?;
    Ok(workbook.save_to_buffer()?)
}

/// The most letters that a cell may hold.
const LONGEST: usize = 32_767;

/// What stands at the end of a text that is cut.
const CUT: &str = " … [cut: a cell holds 32,767 letters]";

/// A text as a cell may hold it.
pub(crate) fn cell_text(text: &str) -> String {
    let shown = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
    let room = match is_cut(text) {
        true => LONGEST - CUT.encode_utf16().count(),
        false => LONGEST,
    };
    let fitting = text.chars().filter(shown).scan(0, |taken, letter| {
        // letters beyond the first plane count twice there
        *taken += letter.len_utf16();
        (*taken <= room).then_some(letter)
    });
    let mut fitting: String = fitting.collect();
    if is_cut(text) {
        fitting.push_str(CUT);
    }
    fitting
}

/// Whether a text is longer than a cell.
fn is_cut(text: &str) -> bool {
    text.len() > LONGEST && text.encode_utf16().count() > LONGEST
}

/// That texts of tables or rows are longer than the cells of a workbook.
pub fn cut_note<'t>(texts: impl Iterator<Item = &'t str>, rows: &Frame) -> Option<String> {
    let in_column = |column: &Column| match &column.values {
        Values::Texts(texts) => {
            let texts = texts.iter().flatten();
            texts.filter(|text| is_cut(text)).count()
        }
        _ => 0,
    };
    let in_rows: usize = rows.columns().iter().map(in_column).sum();
    let what = match texts.filter(|text| is_cut(text)).count() + in_rows {
        0 => return None,
        1 => "a text is".to_owned(),
        count => format!("{count} texts are"),
    };
    Some(format!(
        "{what} cut at 32,767 letters, the most that a cell of a workbook takes"
    ))
}
