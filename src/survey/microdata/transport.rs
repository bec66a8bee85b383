//! SAS transport files, versions 5 and 8: .xpt.
//!
//! The missing values `.A` to `.Z` and `._` are texts in the codes, listed as missing; the plain `.` is null. All are NaN
//! in the numbers. The first data set of a file is read. Texts are UTF-8 where they can be and Windows-1252 otherwise.
//! Value labels stand in no transport file: SAS keeps them in a catalogue of formats.
//!
//! The format after SAS Technical Support papers TS-140 and TS-140-2, "Record Layout of a SAS Version 5 or 6 (8 or 9) Data
//! Set in SAS Transport (XPORT) Format".

use std::collections::HashSet;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use encoding_rs::WINDOWS_1252;

use super::bytes::Bytes;
use super::error::{damaged, unreadable};
use super::fixed::{Cell, PlainRows, Rows, letters, list_letters, scan};
use super::{Batch, Codebook, ColumnRequest, Error, Kind, Source, Value, Variable};

struct Transport {
    path: PathBuf,
    codebook: Codebook,
    columns: Vec<Column>,
    data: u64,
    row_bytes: usize,
    rows: u64,
}

/// A variable in a row.
struct Column {
    at: usize,
    width: usize,
    text: bool,
}

/// Records are 80 bytes.
const RECORD: u64 = 80;

/// Opens the first data set, and looks through the data for missing values with letters.
pub(super) fn open(path: &Path) -> Result<Box<dyn Source>, Error> {
    let mut bytes = Bytes::open(path)?;
    bytes.big_endian = true;
    let (codebook, columns) = head(path, &mut bytes)?;
    let row_bytes = columns
        .iter()
        .map(|column| column.at + column.width)
        .max()
        .unwrap_or(0);
    let data = bytes.at();
    let (end, announced) = data_end(&mut bytes)?;
    let rows = match (announced, row_bytes) {
        (_, 0) => 0,
        (Some(rows), _) => rows,
        (None, _) => full_rows(path, data, end, row_bytes)?,
    };
    if rows.saturating_mul(row_bytes as u64) > end - data {
        let message = format!(
            "{rows} rows are announced; there are {} bytes of data, which is too little",
            end - data
        );
        return Err(damaged(path, message));
    }
    let mut transport = Transport {
        path: path.to_owned(),
        codebook,
        columns,
        data,
        row_bytes,
        rows,
    };
    let found = letters(&transport, row_bytes, transport.blocks()?)?;
    for (variable, found) in transport.codebook.variables.iter_mut().zip(&found) {
        list_letters(variable, found);
    }
    Ok(Box::new(transport))
}

/// Everything up to the data.
fn head(path: &Path, bytes: &mut Bytes) -> Result<(Codebook, Vec<Column>), Error> {
    // of the library: its header and two records of origin and time
    bytes.skip(RECORD * 3)?;
    header(bytes, &["MEMBER", "MEMBV8"])?;
    header(bytes, &["DSCRPTR", "DSCPTV8"])?;
    bytes.skip(RECORD + 32)?;
    let title = lossy(&bytes.take(40)?);
    bytes.skip(8)?;
    let names = header(bytes, &["NAMESTR", "NAMSTV8"])?;
    let long = names.kind == "NAMSTV8";
    let count = names
        .number(6..10)
        .ok_or_else(|| bytes.wrong("the number of variables is no number"))?;
    let mut codebook = Codebook {
        title: Some(title).filter(|title| !title.is_empty()),
        ..Codebook::default()
    };
    let mut columns = Vec::new();
    let mut seen = HashSet::new();
    for _ in 0..count {
        let (variable, column) = variable(bytes, long)?;
        if !seen.insert(variable.name.to_lowercase()) {
            return Err(damaged(
                path,
                format!("two variables are named {}", variable.name),
            ));
        }
        codebook.variables.push(variable);
        columns.push(column);
    }
    pad(bytes)?;
    loop {
        let next = header(bytes, &["OBS", "OBSV8", "LABELV8", "LABELV9"])?;
        match next.kind.as_str() {
            "LABELV8" => long_labels(bytes, &next, &mut codebook, 0)?,
            "LABELV9" => long_labels(bytes, &next, &mut codebook, 2)?,
            _ => return Ok((codebook, columns)),
        }
    }
}

/// A header record: what it announces, and the rest of it.
struct Header {
    kind: String,
    rest: Vec<u8>,
}

impl Header {
    fn number(&self, digits: std::ops::Range<usize>) -> Option<u64> {
        std::str::from_utf8(self.rest.get(digits)?)
            .ok()?
            .trim()
            .parse()
            .ok()
    }
}

fn header(bytes: &mut Bytes, kinds: &[&str]) -> Result<Header, Error> {
    let record = bytes.take(RECORD)?;
    let kind = record
        .strip_prefix(b"HEADER RECORD*******")
        .and_then(|rest| rest.get(..8));
    let kind = String::from_utf8_lossy(kind.unwrap_or_default())
        .trim()
        .to_owned();
    match kinds.contains(&kind.as_str()) {
        true => Ok(Header {
            kind,
            rest: record.get(48..).unwrap_or_default().to_vec(),
        }),
        false => Err(bytes.wrong(format!(
            "a header record {} should stand before here",
            kinds.join(" or ")
        ))),
    }
}

/// To the next record.
fn pad(bytes: &mut Bytes) -> Result<(), Error> {
    let rest = bytes.at().next_multiple_of(RECORD) - bytes.at();
    bytes.skip(rest.min(bytes.left()))
}

fn variable(bytes: &mut Bytes, long: bool) -> Result<(Variable, Column), Error> {
    let text = match bytes.u16()? {
        1 => false,
        2 => true,
        other => return Err(bytes.wrong(format!("there is no type {other}"))),
    };
    bytes.skip(2)?;
    let width = usize::from(bytes.u16()?);
    bytes.skip(2)?;
    let short_name = lossy(&bytes.take(8)?);
    let label = lossy(&bytes.take(40)?);
    let format = lossy(&bytes.take(8)?);
    bytes.skip(20)?;
    let at = bytes.u32()? as usize;
    let long_name = lossy(&bytes.take(32)?);
    bytes.skip(20)?;
    if (!text && !(2..=8).contains(&width)) || width == 0 {
        return Err(bytes.wrong(format!("{short_name} is announced to have {width} bytes")));
    }
    // a row of more bytes than the file has is found out from the data
    if at as u64 > bytes.length() {
        return Err(bytes.wrong(format!("{short_name} stands at byte {at} of a row")));
    }
    let name = match long && !long_name.is_empty() {
        true => long_name,
        false => short_name,
    };
    let mut variable = Variable::bare(&name, kind(text, &format));
    variable.label = Some(label).filter(|label| !label.is_empty());
    Ok((variable, Column { at, width, text }))
}

const DAYS: [&str; 12] = [
    "DATE", "DDMMYY", "MMDDYY", "YYMMDD", "E8601DA", "B8601DA", "IS8601DA", "WEEKDAT", "WORDDAT",
    "MONYY", "JULIAN", "EURDFDE",
];
const MOMENTS: [&str; 6] = [
    "DATETIME", "DATEAMPM", "E8601DT", "B8601DT", "IS8601DT", "EURDFDT",
];

fn kind(text: bool, format: &str) -> Kind {
    let starts = |names: &[&str]| {
        names
            .iter()
            .any(|name| format.to_uppercase().starts_with(name))
    };
    match text {
        true => Kind::Text,
        false if starts(&MOMENTS) => Kind::DateTime,
        false if starts(&DAYS) => Kind::Date,
        false => Kind::Number,
    }
}

/// Labels of more than 40 characters; `formats` more lengths stand before each.
fn long_labels(
    bytes: &mut Bytes,
    header: &Header,
    codebook: &mut Codebook,
    formats: usize,
) -> Result<(), Error> {
    let count = header
        .number(0..32)
        .ok_or_else(|| bytes.wrong("the number of labels is no number"))?;
    for _ in 0..count {
        let variable = usize::from(bytes.u16()?);
        let name = u64::from(bytes.u16()?);
        let label = u64::from(bytes.u16()?);
        let mut rest = 0;
        for _ in 0..formats {
            rest += u64::from(bytes.u16()?);
        }
        bytes.skip(name)?;
        let label = lossy(&bytes.take(label)?);
        bytes.skip(rest)?;
        if let Some(variable) = variable
            .checked_sub(1)
            .and_then(|at| codebook.variables.get_mut(at))
        {
            variable.label = Some(label);
        }
    }
    pad(bytes)
}

/// Where the data end: at the next data set or with the file; and the number of rows, which version 8 announces.
fn data_end(bytes: &mut Bytes) -> Result<(u64, Option<u64>), Error> {
    let data = bytes.at();
    bytes.seek(data - RECORD)?;
    let announced = header(bytes, &["OBS", "OBSV8"])?;
    let announced = Some(announced)
        .filter(|header| header.kind == "OBSV8")
        .and_then(|header| header.number(0..15));
    while bytes.left() >= RECORD {
        let count = bytes.left().min(1 << 20) / RECORD * RECORD;
        let start = bytes.at();
        let records = bytes.take(count)?;
        let next = records.chunks_exact(RECORD as usize).position(|record| {
            record.starts_with(b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!")
                || record.starts_with(b"HEADER RECORD*******MEMBV8  HEADER RECORD!!!!!!!")
        });
        if let Some(next) = next {
            return Ok((start + next as u64 * RECORD, announced));
        }
    }
    Ok((bytes.length(), announced))
}

/// The rows without those of blanks alone that fill the last record.
fn full_rows(path: &Path, data: u64, end: u64, row_bytes: usize) -> Result<u64, Error> {
    let (row, total) = (row_bytes as u64, end - data);
    let mut rows = total / row;
    let mut bytes = Bytes::open(path)?;
    let mut blank = |from: u64, count: u64| -> Result<bool, Error> {
        bytes.seek(from)?;
        Ok(bytes.take(count)?.iter().all(|byte| *byte == b' '))
    };
    if !blank(data + rows * row, total % row)? {
        let message = format!("the file ends within row {}", rows + 1);
        return Err(damaged(path, message));
    }
    // what fills the last record is shorter than a record
    while rows > 0 && total - (rows - 1) * row < RECORD && blank(data + (rows - 1) * row, row)? {
        rows -= 1;
    }
    Ok(rows)
}

fn lossy(bytes: &[u8]) -> String {
    let bytes = bytes
        .split(|byte| *byte == 0)
        .next()
        .unwrap_or_default()
        .trim_ascii_end();
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    }
}

/// A number of IBM mainframes: a sign, a power of 16 and up to 56 bits of fraction.
fn number(field: &[u8]) -> Cell<'static> {
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(field) {
        *to = *from;
    }
    match bytes {
        [0, 0, 0, 0, 0, 0, 0, 0] => return Cell::Number(0.0),
        [b'.', 0, 0, 0, 0, 0, 0, 0] => return Cell::System,
        [letter @ (b'_' | b'A'..=b'Z'), 0, 0, 0, 0, 0, 0, 0] => return Cell::Special(letter),
        _ => {}
    }
    let word = u64::from_be_bytes(bytes);
    let power = ((word >> 56) & 0x7f) as i32 - 64;
    let fraction = (word & 0x00ff_ffff_ffff_ffff) as f64;
    let size = fraction * 2f64.powi(4 * power - 56);
    Cell::Number(if word >> 63 == 1 { -size } else { size })
}

/// Days from 1960, where SAS starts, to 1970.
const CALENDAR: f64 = 3653.0;

impl Transport {
    fn blocks(&self) -> Result<PlainRows<File>, Error> {
        let mut file = File::open(&self.path).map_err(|source| unreadable(&self.path, source))?;
        file.seek(SeekFrom::Start(self.data))
            .map_err(|source| unreadable(&self.path, source))?;
        Ok(PlainRows {
            path: self.path.clone(),
            reader: file,
            row_bytes: self.row_bytes,
            rows: Some(self.rows),
            read: 0,
        })
    }
}

impl Rows for Transport {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn text(&self, bytes: &[u8]) -> Result<Value, Error> {
        let text = lossy(bytes);
        Ok(match text.is_empty() {
            true => Value::Null,
            false => Value::Text(text),
        })
    }

    fn cell<'a>(&'a self, variable: usize, row: &'a [u8], _: &'a mut Vec<u8>) -> Cell<'a> {
        let Some(column) = self.columns.get(variable) else {
            return Cell::System;
        };
        let field = row
            .get(column.at..column.at + column.width)
            .unwrap_or_default();
        match column.text {
            true => Cell::Text(field),
            false => number(field),
        }
    }

    fn converted(&self, kind: Kind, stored: f64) -> f64 {
        match kind {
            Kind::Date => stored - CALENDAR,
            Kind::DateTime => stored - CALENDAR * 86_400.0,
            Kind::Number | Kind::Text => stored,
        }
    }
}

impl Source for Transport {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        Some(self.rows)
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        scan(self, self.row_bytes, self.blocks()?, requests, each)
    }
}
