//! What sheets are called, and where tables begin on them.

use rust_xlsxwriter::Url;

use crate::present::crosstab::content::BannerTable;
use crate::present::table::fill;
use crate::present::table::xlsx::cell_text;

pub const CONTENTS: &str = "Contents";
pub const NOTES: &str = "Notes";
pub const TABLES: &str = "Tables";
pub const PAIRS: &str = "pairs";

/// A link to a place in the book.
pub fn link(sheet: &str, cell: &str, text: &str) -> Url {
    let sheet = sheet.replace('\'', "''");
    Url::new(format!("internal:'{sheet}'!{cell}")).set_text(cell_text(text))
}

/// The title as it heads a sheet.
pub fn title(table: &BannerTable) -> String {
    match table.title == table.variable {
        true => table.title.clone(),
        false => format!("{} ({})", table.title, table.variable),
    }
}

/// Where a table begins.
#[derive(Clone, Debug)]
pub struct Place {
    pub sheet: String,
    pub row: u32,
}

/// Lines that a text takes in a column of so many letters.
pub fn lines_of(text: &str, width: usize) -> usize {
    fill(text, width, 0).len()
}
