//! .xlsx and .xlsm, through calamine. What it reads is unpacked here first, within the budget, and packed anew without
//! compression, so that it sees nothing that was not measured.

use std::io::{Cursor, Write};

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxError};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::grid::{Cell, Region};
use super::format::Format;
use super::{
    Archive, Budget, Cells, Fault, MOST_MERGED, Result, Sheet, fault_cell, number_cell, truth_cell,
    unpacked,
};
use crate::files::guard::guarded;

/// Parts of a workbook that hold no cells.
const OTHER_PARTS: [&str; 9] = [
    "media/",
    "drawings/",
    "charts/",
    "embeddings/",
    "pivotCache/",
    "pivotTables/",
    "externalLinks/",
    "customXml/",
    "printerSettings/",
];
/// Sheets beyond these are not read.
const MOST_SHEETS: usize = 256;

pub(super) fn sheets(archive: &mut Archive, budget: &mut Budget) -> Result<Vec<Sheet>> {
    let (packed, largest) = packed_anew(archive, budget)?;
    guarded(|| read(packed, largest, budget))
        .unwrap_or_else(|| Err(damaged("its parts do not fit together")))
}

fn damaged(what: impl std::fmt::Display) -> Fault {
    Fault::Damaged(format!("the workbook is damaged: {what}"))
}

fn wrong(error: XlsxError) -> Fault {
    match error {
        XlsxError::Password => "it is locked with a password; save it without one".into(),
        other => damaged(other),
    }
}

/// The parts with cells, and the length of the largest.
fn packed_anew(archive: &mut Archive, budget: &mut Budget) -> Result<(Vec<u8>, usize)> {
    let mut largest = 0;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(damaged)?;
        let name = part.name().map_err(damaged)?.into_owned();
        let lower = name.to_lowercase();
        let text = lower.ends_with(".xml") || lower.ends_with(".rels");
        let other = |part: &&str| lower.contains(&part.to_lowercase());
        if part.is_dir() || !text || OTHER_PARTS.iter().any(other) {
            continue;
        }
        let mut bytes = unpacked(part, budget)?;
        largest = largest.max(bytes.len());
        if bytes.contains(&0) {
            return Err(damaged(format!("{name} is no text in UTF-8")));
        }
        if lower.ends_with("sharedstrings.xml") {
            without_counts(&mut bytes);
        }
        writer.start_file(name, stored).map_err(damaged)?;
        writer.write_all(&bytes).map_err(damaged)?;
    }
    Ok((writer.finish().map_err(damaged)?.into_inner(), largest))
}

/// The number of texts that a workbook says it has is taken for true, and memory for as many.
fn without_counts(bytes: &mut [u8]) {
    const COUNT: &[u8] = b"uniqueCount";
    let head = bytes
        .windows(2)
        .position(|pair| pair == b"</")
        .unwrap_or(bytes.len());
    for at in 0..head.saturating_sub(COUNT.len()) {
        if let Some(word) = bytes.get_mut(at..at + COUNT.len())
            && word == COUNT
        {
            word.copy_from_slice(b"otherCount_");
        }
    }
}

fn read(packed: Vec<u8>, largest: usize, budget: &mut Budget) -> Result<Vec<Sheet>> {
    let mut workbook: Xlsx<Cursor<Vec<u8>>> = Xlsx::new(Cursor::new(packed)).map_err(wrong)?;
    let from_1904 = workbook.has_1904_epoch();
    let listed: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .take(MOST_SHEETS)
        .collect();
    // many sheets may be one part, which is gone over for each of them
    if largest.saturating_mul(listed.len().saturating_sub(1)) > 4 * budget.texts {
        return Err(Fault::TooLarge);
    }
    let mut sheets = Vec::new();
    for (name, visible) in listed {
        let mut cells = Cells {
            merged: merged(&mut workbook, &name)?,
            ..Cells::default()
        };
        let mut reader = workbook.worksheet_cells_reader(&name).map_err(wrong)?;
        let codes = reader
            .styles()
            .iter()
            .map(|style| style.number_format.as_ref());
        let formats: Vec<Format> = codes
            .map(|code| {
                code.map_or(Format::General, |code| {
                    Format::new(&code.format_code, from_1904)
                })
            })
            .collect();
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(wrong)? {
            let (row, column) = cell.get_position();
            let format = formats.get(style).copied().unwrap_or(Format::General);
            let cell = self::cell(cell.get_value(), &format);
            cells.add(u64::from(row) + 1, column as usize, cell, budget)?;
        }
        sheets.push(cells.into_sheet(name, visible, budget)?);
    }
    Ok(sheets)
}

fn merged(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<Vec<Region>> {
    let regions = workbook.merge_cells_by_sheet_name(name).map_err(wrong)?;
    let region = |region: &calamine::Dimensions| Region {
        rows: (u64::from(region.start.0) + 1, u64::from(region.end.0) + 1),
        columns: (region.start.1 as usize, region.end.1 as usize),
    };
    match regions.len() > MOST_MERGED {
        true => Err(Fault::TooLarge),
        false => Ok(regions.iter().map(region).collect()),
    }
}

fn cell(value: &DataRef, format: &Format) -> Cell {
    match value {
        DataRef::Empty => Cell::empty(),
        DataRef::Int(number) => number_cell(*number as f64, format),
        DataRef::Float(number) => number_cell(*number, format),
        DataRef::DateTime(moment) => number_cell(moment.as_f64(), format),
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::text(text),
        DataRef::Bool(truth) => truth_cell(*truth),
        DataRef::Error(error) => fault_cell(&error.to_string()),
    }
}
