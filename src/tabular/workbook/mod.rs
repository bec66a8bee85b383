//! Workbooks: which sheet is meant, and its cells as they are shown.
//!
//! A workbook of 100 kB can ask for all the memory there is: by what it unpacks to, by cells in far corners, by one text in a
//! million cells, by columns that repeat. So each kind is read within a [`Budget`]; docs/design/tabular.md says how.

mod compound;
mod format;
mod open_document;
mod page;
mod xls;
mod xlsx;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::error::Error;
use super::grid::{self, Cell, Grid, Kind, Region, Row};
use super::header::Header;
use super::table::Table;
use super::{Limits, Options};
use crate::frames::words::{and, nearest};

/// What a kind of workbook is known by.
const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Why a workbook can’t be read.
pub(super) enum Fault {
    /// It is another thing, or damaged; in words.
    Damaged(String),
    TooLarge,
}

impl From<&str> for Fault {
    fn from(message: &str) -> Fault {
        Fault::Damaged(message.to_owned())
    }
}

type Result<T> = std::result::Result<T, Fault>;

/// Whether some bytes are a workbook, or a page whose tables are its sheets.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP) || bytes.starts_with(COMPOUND) || page::is_page(bytes)
}

/// The table of a workbook.
///
/// # Errors
/// It can’t be read, is too large, or has several sheets that fit.
pub(super) fn table(
    file: &str,
    bytes: &[u8],
    header: &Header,
    options: &Options,
) -> std::result::Result<Table, Error> {
    let sheets = sheets(bytes, &options.limits).map_err(|fault| match fault {
        Fault::Damaged(message) => Error::Unreadable {
            file: file.to_owned(),
            message,
        },
        Fault::TooLarge => options.limits.too_many_cells(file),
    })?;
    let grid = the_sheet(file, sheets, header, options)?;
    grid::table(file, grid, header, options)
}

/// A sheet of a workbook.
pub(super) struct Sheet {
    grid: Grid,
    visible: bool,
}

/// A cell as it stands in a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SheetCell {
    Text(String),
    Number(f64),
    /// What a formula gives that went wrong.
    Fault(String),
}

/// The rows of a sheet that are not blank, with the number that each has there; and what was assumed to choose it.
pub(crate) struct SheetRows {
    pub rows: Vec<(u64, Vec<SheetCell>)>,
    pub notes: Vec<String>,
}

/// All rows of a workbook’s sheet: of the one that is named, or the only one with a table.
///
/// # Errors
/// It can’t be read, is too large, or has several sheets that fit.
pub(super) fn rows(
    file: &str,
    bytes: &[u8],
    options: &Options,
) -> std::result::Result<SheetRows, Error> {
    let sheets = sheets(bytes, &options.limits).map_err(|fault| match fault {
        Fault::Damaged(message) => Error::Unreadable {
            file: file.to_owned(),
            message,
        },
        Fault::TooLarge => Error::Unreadable {
            file: file.to_owned(),
            message: format!(
                "the workbook has more than {} cells; save the sheet as .csv",
                options.limits.cells
            ),
        },
    })?;
    let grid = the_sheet(file, sheets, &Header::by_shape(), options)?;
    let cell = |cell: Cell| match cell.kind {
        Kind::Number(value) => SheetCell::Number(value),
        // 48.5 that is shown with a per cent sign in quotation marks is no share
        Kind::Hundredths(value) => SheetCell::Number(value / 100.0),
        Kind::Fault => SheetCell::Fault(cell.text),
        Kind::Text | Kind::Date(_) => SheetCell::Text(cell.text),
    };
    let row = |row: Row| (row.number, row.cells.into_iter().map(cell).collect());
    Ok(SheetRows {
        rows: grid.rows.into_iter().map(row).collect(),
        notes: grid.notes,
    })
}

fn sheets(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>> {
    let mut budget = Budget::new(limits);
    if bytes.starts_with(COMPOUND) {
        return xls::sheets(bytes, &mut budget);
    }
    if !bytes.starts_with(ZIP) {
        return page::sheets(bytes, &mut budget);
    }
    let damaged = |_| Fault::from("the workbook is damaged: it can’t be unpacked");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .collect();
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    if has("mimetype") {
        let mime = entry(&mut archive, "mimetype", &mut budget)?.unwrap_or_default();
        let spreadsheet = b"application/vnd.oasis.opendocument.spreadsheet";
        return match mime.starts_with(spreadsheet) {
            true => open_document::sheets(&mut archive, &mut budget),
            false => Err("it is no spreadsheet; save its table as .csv or .xlsx".into()),
        };
    }
    match () {
        () if has("xl/workbook.bin") => {
            Err("it is a binary workbook (.xlsb); save it as .xlsx or .csv".into())
        }
        () if has("word/") || has("ppt/") => {
            Err("it is no spreadsheet; save its table as .csv or .xlsx".into())
        }
        () if has("_rels/") || has("[Content_Types].xml") => {
            xlsx::sheets(&mut archive, &mut budget)
        }
        () if has("Index/") => Err("it is a file of Numbers; export it as .xlsx or .csv".into()),
        () => Err("it is a ZIP archive; unpack it first".into()),
    }
}

/// What may still be read.
pub(super) struct Budget {
    bytes: usize,
    texts: usize,
    cells: usize,
    columns: usize,
}

/// Merged cells of a workbook beyond these are none that a person made.
const MOST_MERGED: usize = 100_000;

impl Budget {
    /// Takes bytes that are gone over once more.
    fn read_again(&mut self, bytes: usize) -> Result<()> {
        self.bytes = self.bytes.checked_sub(bytes).ok_or(Fault::TooLarge)?;
        Ok(())
    }

    fn new(limits: &Limits) -> Budget {
        Budget {
            bytes: limits.unpacked,
            texts: limits.unpacked,
            cells: limits.cells,
            columns: limits.columns,
        }
    }
}

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// The bytes of an entry, as many as are left.
fn entry(archive: &mut Archive, name: &str, budget: &mut Budget) -> Result<Option<Vec<u8>>> {
    let Ok(packed) = archive.by_name(name) else {
        return Ok(None);
    };
    unpacked(packed, budget).map(Some)
}

fn unpacked(packed: impl Read, budget: &mut Budget) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = budget.bytes as u64 + 1;
    let read = packed.take(most).read_to_end(&mut bytes);
    read.map_err(|_| Fault::from("the workbook is damaged: it can’t be unpacked"))?;
    if bytes.len() > budget.bytes {
        return Err(Fault::TooLarge);
    }
    budget.bytes -= bytes.len();
    Ok(bytes)
}

/// Cells of a sheet as they come, in any order.
#[derive(Default)]
pub(super) struct Cells {
    rows: BTreeMap<u64, Vec<(usize, Cell)>>,
    merged: Vec<Region>,
}

impl Cells {
    /// Adds a cell: the row from 1, the column from 0.
    fn add(&mut self, row: u64, column: usize, cell: Cell, budget: &mut Budget) -> Result<()> {
        if cell.text.is_empty() {
            return Ok(());
        }
        let length = cell.text.len();
        if column >= budget.columns || budget.cells == 0 || length > budget.texts {
            return Err(Fault::TooLarge);
        }
        budget.cells -= 1;
        budget.texts -= length;
        self.rows.entry(row).or_default().push((column, cell));
        Ok(())
    }

    /// The rows that are not blank, each up to its last cell.
    fn into_sheet(self, name: String, visible: bool, budget: &mut Budget) -> Result<Sheet> {
        let mut rows = Vec::with_capacity(self.rows.len());
        let mut before = 0;
        for (number, cells) in self.rows {
            let width = cells
                .iter()
                .map(|(column, _)| column + 1)
                .max()
                .unwrap_or(0);
            let empty = width.saturating_sub(cells.len());
            budget.cells = budget.cells.checked_sub(empty).ok_or(Fault::TooLarge)?;
            let mut row = vec![Cell::empty(); width];
            for (column, cell) in cells {
                if let Some(place) = row.get_mut(column) {
                    *place = cell;
                }
            }
            rows.push(Row {
                number,
                fields: width,
                cells: row,
                after_blank: number > before + 1,
            });
            before = number;
        }
        Ok(Sheet {
            grid: Grid {
                sheet: Some(name),
                rows,
                merged: self.merged,
                comma_parts_fields: false,
                notes: Vec::new(),
            },
            visible,
        })
    }
}

/// A number as its format shows it.
fn number_cell(value: f64, format: &format::Format) -> Cell {
    match format.date(value) {
        Some(date) => Cell {
            text: date.to_string(),
            kind: Kind::Date(date),
        },
        None => {
            let (text, shown) = format.number(value);
            let kind = match format.in_hundredths() {
                true => Kind::Hundredths(shown),
                false => Kind::Number(shown),
            };
            Cell { text, kind }
        }
    }
}

fn truth_cell(truth: bool) -> Cell {
    Cell::text(if truth { "TRUE" } else { "FALSE" })
}

fn fault_cell(text: &str) -> Cell {
    Cell {
        text: text.to_owned(),
        // #N/A is how a spreadsheet writes that there is none
        kind: if text == "#N/A" {
            Kind::Text
        } else {
            Kind::Fault
        },
    }
}

/// The sheet that is named, else the only one that fits.
fn the_sheet(
    file: &str,
    mut sheets: Vec<Sheet>,
    header: &Header,
    options: &Options,
) -> std::result::Result<Grid, Error> {
    let names: Vec<String> = sheets
        .iter()
        .filter_map(|sheet| sheet.grid.sheet.clone())
        .collect();
    if let Some(wanted) = &options.sheet {
        let same = |name: &&String| **name == *wanted;
        let alike = |name: &&String| name.trim().to_lowercase() == wanted.trim().to_lowercase();
        let name = names.iter().find(same).or_else(|| names.iter().find(alike));
        let Some(at) = name.and_then(|name| names.iter().position(|other| other == name)) else {
            let near = nearest(wanted, names.iter().map(String::as_str));
            let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            return Err(Error::Sheet {
                file: file.to_owned(),
                message: format!("there is no sheet {wanted}; it has {}{near}", and(&names)),
            });
        };
        return Ok(sheets.swap_remove(at).grid);
    }
    sheets.retain(|sheet| !sheet.grid.rows.is_empty());
    if sheets.len() <= 1 {
        let only = sheets.pop().map(|sheet| sheet.grid);
        return only.ok_or_else(|| Error::Empty(file.to_owned()));
    }
    let fitting = |named: bool, visible: bool| -> Vec<usize> {
        let fits = |sheet: &Sheet| {
            sheet.visible == visible
                && header
                    .locate(&sheet.grid)
                    .is_some_and(|(_, by)| by || !named)
        };
        (0..sheets.len())
            .filter(|at| sheets.get(*at).is_some_and(fits))
            .collect()
    };
    let tries = [(true, true), (false, true), (true, false), (false, false)];
    let fitting = tries
        .iter()
        .map(|(named, visible)| fitting(*named, *visible));
    let fitting = fitting
        .into_iter()
        .find(|fitting| !fitting.is_empty())
        .unwrap_or_default();
    // of tables that fit, rows for programs say it all; a printed one beside them is of the same
    let exact = |at: &&usize| {
        let mut rows = sheets
            .get(**at)
            .into_iter()
            .flat_map(|sheet| &sheet.grid.rows);
        rows.next().is_some_and(|row| header.is_of_program(row))
    };
    let all: Vec<usize> = fitting.iter().filter(exact).copied().collect();
    let fitting = if all.len() == 1 { all } else { fitting };
    match fitting.as_slice() {
        [] => {
            let missing = header.missing(None);
            let such = match missing.is_empty() {
                true => "a table".to_owned(),
                false => format!("the columns {}", and(&missing)),
            };
            Err(Error::Sheet {
                file: file.to_owned(),
                message: format!("none of its sheets ({}) has {such}", and(&names)),
            })
        }
        [only] => {
            let mut grid = sheets.swap_remove(*only).grid;
            let name = grid.sheet.clone().unwrap_or_default();
            grid.notes
                .push(format!("sheet {name} of {} read", names.len()));
            Ok(grid)
        }
        several => {
            let of = |at: &usize| sheets.get(*at).and_then(|sheet| sheet.grid.sheet.clone());
            let fitting: Vec<String> = several.iter().filter_map(of).collect();
            let first = fitting.first().cloned().unwrap_or_default();
            Err(Error::Sheet {
                file: file.to_owned(),
                message: format!(
                    "the sheets {} have such a table; name one, as in {file}#{first}",
                    and(&fitting)
                ),
            })
        }
    }
}
