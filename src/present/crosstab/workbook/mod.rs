//! Banner tables as a workbook: contents with links, notes, a sheet a table with a chart, and the exact rows.

mod chart;
mod contents;
mod places;
mod sheet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::content::BannerTable;
use crate::frames::Frame;
use crate::present::table::XlsxError;
use crate::present::table::xlsx::formats::{self, Formats};
use crate::present::table::xlsx::{DATA, Names, write_frame};
use crate::survey::crosstab::Crosstab;
pub(super) use chart::colours;
use places::Place;
pub(super) use places::title;
use sheet::{TableSheet, Widths};

/// How a book is made.
#[derive(Clone, Debug)]
pub struct BookOptions {
    /// All tables on one sheet, one under the other.
    pub one_sheet: bool,
    pub charts: bool,
    /// What the contents are headed by: "Tables of poll.csv".
    pub title: String,
    /// The name of the file that the tables are of.
    pub file: String,
    /// What the notes say besides, with a name each.
    pub notes: Vec<(&'static str, String)>,
    /// A sheet of the differences, if they are wanted.
    pub pairs: Option<Frame>,
}

/// A sheet has so many columns.
const MOST_COLUMNS: usize = 16_384;

/// The bytes of an XLSX workbook.
///
/// Shares are numbers in 0..1, bases and means numbers, in formats that print them; letters stand in a row of their own under
/// each row, so that every number stays one. All texts are texts, so that nothing runs as a formula. `frame` is the sheet
/// `data`: every cell unrounded. The same input gives the same bytes.
///
/// # Errors
/// More rows or columns than a sheet has room for.
pub fn workbook(
    crosstab: &Crosstab,
    tables: &[BannerTable],
    frame: &Frame,
    options: &BookOptions,
) -> Result<Vec<u8>, XlsxError> {
    let columns = tables.iter().map(|table| 1 + table.heads.len()).max();
    let columns = columns.unwrap_or(0);
    if columns > MOST_COLUMNS {
        return Err(XlsxError::Columns(columns));
    }
    let mut workbook = Workbook::new();
    // a date of the making would make every file another one
    workbook.set_properties(
        &DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?),
    );
    let formats = Formats::new();
    // widths of columns are counted in digits of this face
    workbook.set_default_format(&formats::default(), formats::ROW, formats::COLUMN)?;
    let places = places(tables, options.one_sheet);
    contents::contents(
        workbook.add_worksheet(),
        &formats,
        crosstab,
        tables,
        &places,
        options,
    )?;
    contents::notes(
        workbook.add_worksheet(),
        &formats,
        crosstab,
        tables,
        options,
    )?;
    match options.one_sheet {
        false => {
            for (table, place) in tables.iter().zip(&places) {
                let worksheet = workbook.add_worksheet();
                worksheet.set_name(&place.sheet)?;
                let widths = Widths::new(std::slice::from_ref(table));
                let look = (widths, options.charts);
                let mut sheet = TableSheet::new(worksheet, &formats, place, look);
                sheet.write(table)?;
                sheet.finish(table)?;
            }
        }
        true => {
            let worksheet = workbook.add_worksheet();
            let mut ranges = Vec::new();
            if let Some(first) = places.first() {
                worksheet.set_name(&first.sheet)?;
                let look = (Widths::new(tables), options.charts);
                let mut sheet = TableSheet::new(worksheet, &formats, first, look);
                for table in tables {
                    ranges.push(sheet.write_in_group(table)?);
                }
                sheet.finish_group(tables)?;
            }
            for (table, range) in tables.iter().zip(ranges) {
                workbook.define_name(format!("Table_{}", table.number), &range)?;
            }
        }
    }
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(DATA)?;
    write_frame(worksheet, frame)?;
    if let Some(pairs) = &options.pairs {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(places::PAIRS)?;
        write_frame(worksheet, pairs)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// The sheet of each table and the row at which it begins.
fn places(tables: &[BannerTable], one_sheet: bool) -> Vec<Place> {
    let mut names = Names::default();
    // sheets that have their names already
    for taken in [places::CONTENTS, places::NOTES, places::PAIRS] {
        names.next(taken);
    }
    let mut row = 0;
    let widths = Widths::new(tables);
    tables
        .iter()
        .map(|table| {
            if one_sheet {
                let place = Place {
                    sheet: places::TABLES.to_owned(),
                    row,
                };
                row += widths.height(table);
                return place;
            }
            Place {
                sheet: names.next(&format!("{} {}", table.number, table.variable)),
                row: 0,
            }
        })
        .collect()
}
