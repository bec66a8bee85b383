//! .xls of Excel 97 and later: a stream of records (BIFF8). Read here, since calamine takes memory for all cells of the
//! rectangle that cells in far corners span, and does not tell per cents.

use super::super::grid::{Cell, Region};
use super::compound::Compound;
use super::format::{Format, built_in};
use super::{
    Budget, Cells, Fault, MOST_MERGED, Result, Sheet, fault_cell, number_cell, truth_cell,
};

pub(super) fn sheets(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Sheet>> {
    let compound = Compound::new(bytes)?;
    if compound.stream("EncryptedPackage")?.is_some() {
        return Err(LOCKED.into());
    }
    let stream = match compound.stream("Workbook")? {
        Some(stream) => stream,
        None if compound.stream("Book")?.is_some() => return Err(OLD.into()),
        None => return Err("it is no workbook; save its table as .xlsx or .csv".into()),
    };
    let globals = Globals::read(&stream, budget)?;
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut begun = Vec::new();
    for (at, name, visible) in &globals.sheets {
        // one part under many names would be gone over for each
        if begun.contains(at) || begun.len() == MOST_SHEETS {
            return Err(damaged());
        }
        begun.push(*at);
        let cells = globals.cells(stream.get(*at..).ok_or_else(damaged)?, budget)?;
        sheets.push(cells.into_sheet(name.clone(), *visible, budget)?);
    }
    Ok(sheets)
}

const MOST_SHEETS: usize = 256;
const LOCKED: &str = "it is locked with a password; save it without one";
const OLD: &str = "it is a workbook of Excel 95 or older; save it as .xlsx or .csv";

fn damaged() -> Fault {
    Fault::from("the workbook is damaged: its records do not fit together")
}

/// What stands before the sheets.
#[derive(Default)]
struct Globals {
    /// Where each begins, its name, whether it is shown.
    sheets: Vec<(usize, String, bool)>,
    texts: Vec<String>,
    formats: Vec<Format>,
}

/// A record, with what continues it.
struct Record<'s> {
    kind: u16,
    data: &'s [u8],
    more: Vec<&'s [u8]>,
}

struct Records<'s>(&'s [u8]);

impl<'s> Iterator for Records<'s> {
    type Item = Record<'s>;

    fn next(&mut self) -> Option<Record<'s>> {
        let (kind, data) = self.one()?;
        let mut more = Vec::new();
        while self.0.starts_with(&[0x3c, 0]) {
            more.push(self.one()?.1);
        }
        Some(Record { kind, data, more })
    }
}

impl<'s> Records<'s> {
    fn one(&mut self) -> Option<(u16, &'s [u8])> {
        let mut head = Fields(self.0);
        let (kind, length) = (head.u16()?, head.u16()?);
        let data = head.take(usize::from(length))?;
        self.0 = head.0;
        Some((kind, data))
    }
}

/// Fields of a record one after the other.
struct Fields<'s>(&'s [u8]);

impl<'s> Fields<'s> {
    fn take(&mut self, length: usize) -> Option<&'s [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn f64(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    /// Row, column and format of a cell.
    fn cell(&mut self) -> Option<(u64, usize, usize)> {
        let (row, column, format) = (self.u16()?, self.u16()?, self.u16()?);
        Some((u64::from(row) + 1, usize::from(column), usize::from(format)))
    }

    /// Characters of one byte or of two.
    fn characters(&mut self, length: usize, wide: bool) -> Option<String> {
        match wide {
            true => {
                let units = self.take(length.checked_mul(2)?)?.as_chunks::<2>().0;
                let units: Vec<u16> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
                Some(String::from_utf16_lossy(&units))
            }
            false => Some(
                self.take(length)?
                    .iter()
                    .map(|byte| char::from(*byte))
                    .collect(),
            ),
        }
    }

    /// A text with its length before it.
    fn text(&mut self, length: usize) -> Option<String> {
        let flags = self.u8()?;
        // what they count stands behind the characters, and is not read
        let runs = if flags & 8 != 0 { self.u16()? } else { 0 };
        let _ = runs;
        if flags & 4 != 0 {
            self.u32()?;
        }
        self.characters(length, flags & 1 != 0)
    }
}

impl Globals {
    fn read(stream: &[u8], budget: &mut Budget) -> Result<Globals> {
        let mut globals = Globals::default();
        let mut codes: Vec<(u16, String)> = Vec::new();
        let mut formats: Vec<u16> = Vec::new();
        let mut from_1904 = false;
        for record in Records(stream) {
            let mut fields = Fields(record.data);
            match record.kind {
                // BOF, FILEPASS, DATEMODE, BOUNDSHEET, SST, FORMAT, XF, EOF
                0x0809 if fields.u16() != Some(0x0600) => return Err(OLD.into()),
                0x002f => return Err(LOCKED.into()),
                0x0022 => from_1904 = fields.u16() == Some(1),
                0x0085 => globals.sheets.extend(listed(&mut fields)),
                0x00fc => globals.texts = texts(&record, budget).ok_or_else(damaged)??,
                0x041e => codes.extend(code(&mut fields)),
                0x00e0 => {
                    fields.u16();
                    formats.push(fields.u16().unwrap_or(0));
                }
                0x000a => break,
                _ => {}
            }
        }
        let format = |number: &u16| {
            let own = codes.iter().find(|(own, _)| own == number);
            Format::new(own.map_or(built_in(*number), |(_, code)| code), from_1904)
        };
        globals.formats = formats.iter().map(format).collect();
        Ok(globals)
    }

    fn cells(&self, sheet: &[u8], budget: &mut Budget) -> Result<Cells> {
        let mut cells = Cells::default();
        let mut depth = 0;
        // a formula whose value is a text is followed by it
        let mut formula = None;
        for record in Records(sheet) {
            budget.read_again(4 + record.data.len())?;
            match record.kind {
                // a chart in the sheet has records of its own
                0x0809 => depth += 1,
                0x000a => depth -= 1,
                _ => {}
            }
            match depth {
                0 => break,
                1 => self.record(&record, &mut cells, &mut formula, budget)?,
                _ => {}
            }
        }
        Ok(cells)
    }

    fn record(
        &self,
        record: &Record,
        cells: &mut Cells,
        formula: &mut Option<(u64, usize)>,
        budget: &mut Budget,
    ) -> Result<()> {
        let mut fields = Fields(record.data);
        match record.kind {
            // MULRK, MERGECELLS, STRING; NUMBER, RK, LABELSST, LABEL, BOOLERR, FORMULA
            0x00bd => self.many(fields, cells, budget).ok_or_else(damaged)?,
            0x00e5 => {
                cells.merged.extend(merged(&mut fields));
                match cells.merged.len() > MOST_MERGED {
                    true => Err(Fault::TooLarge),
                    false => Ok(()),
                }
            }
            0x0207 => match formula.take() {
                Some((row, column)) => {
                    let length = fields.u16().map(usize::from);
                    let text = length
                        .and_then(|length| fields.text(length))
                        .unwrap_or_default();
                    cells.add(row, column, Cell::text(&text), budget)
                }
                None => Ok(()),
            },
            0x0203 | 0x027e | 0x00fd | 0x0204 | 0x0205 | 0x0006 => {
                let (row, column, format) = fields.cell().ok_or_else(damaged)?;
                let format = self.formats.get(format).copied().unwrap_or(Format::General);
                let cell = match record.kind {
                    0x0203 => fields.f64().map(|value| number_cell(value, &format)),
                    0x027e => fields
                        .u32()
                        .map(|value| number_cell(packed_number(value), &format)),
                    0x00fd => {
                        let at = fields.u32().map(|at| at as usize);
                        at.and_then(|at| self.texts.get(at))
                            .map(|text| Cell::text(text))
                    }
                    0x0204 => {
                        let length = fields.u16().map(usize::from);
                        length
                            .and_then(|length| fields.text(length))
                            .map(|text| Cell::text(&text))
                    }
                    0x0205 => truth_or_fault(&mut fields),
                    _ => {
                        *formula = Some((row, column));
                        result(&mut fields, &format)
                    }
                };
                cells.add(row, column, cell.ok_or_else(damaged)?, budget)
            }
            _ => Ok(()),
        }
    }

    /// Numbers side by side.
    fn many(
        &self,
        mut fields: Fields,
        cells: &mut Cells,
        budget: &mut Budget,
    ) -> Option<Result<()>> {
        let (row, first) = (u64::from(fields.u16()?) + 1, usize::from(fields.u16()?));
        for column in first.. {
            // behind the last number the column of it stands once more, in two bytes
            if fields.0.len() < 6 {
                break;
            }
            let (format, value) = (usize::from(fields.u16()?), fields.u32()?);
            let format = self.formats.get(format).copied().unwrap_or(Format::General);
            let added = cells.add(
                row,
                column,
                number_cell(packed_number(value), &format),
                budget,
            );
            if added.is_err() {
                return Some(added);
            }
        }
        Some(Ok(()))
    }
}

fn listed(fields: &mut Fields) -> Option<(usize, String, bool)> {
    let (at, hidden, kind, length) = (fields.u32()?, fields.u8()?, fields.u8()?, fields.u8()?);
    let name = fields.text(usize::from(length))?;
    (kind == 0).then_some((at as usize, name, hidden & 3 == 0))
}

fn code(fields: &mut Fields) -> Option<(u16, String)> {
    let (number, length) = (fields.u16()?, fields.u16()?);
    Some((number, fields.text(usize::from(length))?))
}

fn merged(fields: &mut Fields) -> Vec<Region> {
    let count = fields.u16().unwrap_or(0);
    let mut region = || {
        let (first, last) = (u64::from(fields.u16()?), u64::from(fields.u16()?));
        let (left, right) = (usize::from(fields.u16()?), usize::from(fields.u16()?));
        Some(Region {
            rows: (first + 1, last + 1),
            columns: (left, right),
        })
    };
    (0..count).map_while(|_| region()).collect()
}

/// A number in 30 bits: whole, or the upper part of a float, and perhaps a hundred times too large.
fn packed_number(bits: u32) -> f64 {
    let number = match bits & 2 != 0 {
        true => f64::from(i32::from_le_bytes(bits.to_le_bytes()) >> 2),
        false => f64::from_bits(u64::from(bits & !3) << 32),
    };
    if bits & 1 != 0 {
        number / 100.0
    } else {
        number
    }
}

fn truth_or_fault(fields: &mut Fields) -> Option<Cell> {
    let (value, fault) = (fields.u8()?, fields.u8()?);
    Some(match fault {
        0 => truth_cell(value != 0),
        _ => fault_cell(fault_name(value)),
    })
}

fn fault_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        _ => "#ERROR!",
    }
}

/// What a formula gave; a text comes in the next record.
fn result(fields: &mut Fields, format: &Format) -> Option<Cell> {
    let value = fields.take(8)?;
    let marked = value.get(6..) == Some(&[0xff, 0xff]);
    let byte = value.get(2).copied()?;
    Some(match (marked, value.first()?) {
        (false, _) => number_cell(f64::from_le_bytes(value.try_into().ok()?), format),
        (true, 1) => truth_cell(byte != 0),
        (true, 2) => fault_cell(fault_name(byte)),
        (true, _) => Cell::empty(),
    })
}

/// The texts that cells share. A text may go on in the next piece, which says anew how wide its characters are.
fn texts(record: &Record, budget: &mut Budget) -> Option<Result<Vec<String>>> {
    let mut pieces = record.more.iter();
    let mut fields = Fields(record.data);
    // two counts of the texts
    fields.take(8)?;
    let mut texts = Vec::new();
    loop {
        while fields.0.is_empty() {
            match pieces.next() {
                Some(piece) => fields = Fields(piece),
                None => return Some(Ok(texts)),
            }
        }
        let mut left = usize::from(fields.u16()?);
        let flags = fields.u8()?;
        let mut wide = flags & 1 != 0;
        let runs = if flags & 8 != 0 {
            usize::from(fields.u16()?)
        } else {
            0
        };
        let beyond = if flags & 4 != 0 {
            fields.u32()? as usize
        } else {
            0
        };
        let mut text = String::new();
        while left > 0 {
            if fields.0.is_empty() {
                fields = Fields(pieces.next()?);
                wide = fields.u8()? & 1 != 0;
                continue;
            }
            let here = left.min(fields.0.len() / if wide { 2 } else { 1 });
            if here == 0 {
                return None;
            }
            text.push_str(&fields.characters(here, wide)?);
            left -= here;
        }
        let mut skip = (4 * runs).checked_add(beyond)?;
        while skip > 0 {
            if fields.0.is_empty() {
                fields = Fields(pieces.next()?);
            }
            let here = skip.min(fields.0.len());
            if here == 0 {
                return None;
            }
            fields.take(here)?;
            skip -= here;
        }
        match budget.texts.checked_sub(text.len()) {
            Some(rest) => budget.texts = rest,
            None => return Some(Err(Fault::TooLarge)),
        }
        texts.push(text);
    }
}
