//! SAS transport files, versions 5 and 8: .xpt.
//!
//! The missing values `.A` to `.Z` and `._` are texts in the codes, listed as missing; the plain `.` is null. All are NaN
//! in the numbers. The first data set of a file is read. No file says in what its texts are: they are UTF-8 where they can be
//! and Windows-1252 otherwise.
//! Value labels stand in no transport file: SAS keeps them in a catalogue of formats.
//!
//! The format after SAS Technical Support papers TS-140 and TS-140-2, "Record Layout of a SAS Version 5 or 6 (8 or 9) Data
//! Set in SAS Transport (XPORT) Format".

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::survey::microdata::decoding::bytes::Bytes;
use crate::survey::microdata::decoding::fixed::{
    Cell, PlainRows, Rows, letters, list_letters, scan,
};
use crate::survey::microdata::decoding::texts::Texts;
use crate::survey::microdata::error::{damaged, unreadable};
use crate::survey::microdata::{
    Batch, Codebook, ColumnRequest, Error, Kind, OpenOptions, Source, Variable, inference::names,
};

struct Transport {
    path: PathBuf,
    codebook: Codebook,
    columns: Vec<Column>,
    data: u64,
    row_bytes: usize,
    rows: u64,
    texts: Texts,
    notes: Vec<String>,
}

/// A variable in a row.
struct Column {
    at: usize,
    width: usize,
    text: bool,
}

/// A variable is described in that many bytes.
const NAMESTR: u64 = 140;
/// Records are 80 bytes.
const RECORD: u64 = 80;

/// Opens the first data set, and looks through the data for missing values with letters.
pub(super) fn open(path: &Path, options: &OpenOptions) -> Result<Box<dyn Source>, Error> {
    let mut bytes = Bytes::open(path)?;
    bytes.big_endian = true;
    let texts = Texts::new(options.encoding(path)?);
    let (codebook, columns, mut notes) = head(&mut bytes, &texts)?;
    let row_bytes = columns.iter().map(|column| column.width).sum();
    let data = bytes.at();
    let (end, announced) = data_end(&mut bytes)?;
    notes.extend(further_data_sets(&mut bytes, end, &texts)?);
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
    let rows_end = data + rows * row_bytes as u64;
    bytes.seek(rows_end)?;
    bytes.only_padding_before(end)?;
    let mut transport = Transport {
        path: path.to_owned(),
        codebook,
        columns,
        data,
        row_bytes,
        rows,
        texts,
        notes,
    };
    let found = letters(&transport, row_bytes, transport.blocks()?)?;
    for (variable, found) in transport.codebook.variables.iter_mut().zip(&found) {
        list_letters(variable, found);
    }
    Ok(Box::new(transport))
}

/// Everything up to the data.
fn head(bytes: &mut Bytes, texts: &Texts) -> Result<(Codebook, Vec<Column>, Vec<String>), Error> {
    // of the library: its header and two records of origin and time
    bytes.skip(RECORD * 3)?;
    let member = header(bytes, &["MEMBER", "MEMBV8"])?;
    // under VAX/VMS the description of a variable lacks its last four bytes
    let size = match member.number(26..30) {
        Some(136) => 136,
        Some(140) | None => NAMESTR,
        Some(other) => {
            return Err(bytes.wrong(format!(
                "a variable is described in {other} bytes, which are 140 or 136"
            )));
        }
    };
    header(bytes, &["DSCRPTR", "DSCPTV8"])?;
    // the name and all that, then a date and blanks before the label
    bytes.skip(RECORD + 32)?;
    let title = texts.decode("its head", &bytes.take(40)?);
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
    let (mut columns, mut at) = (Vec::new(), 0);
    for _ in 0..count {
        let (variable, width, text) = variable(bytes, texts, long, size)?;
        codebook.variables.push(variable);
        columns.push(Column { at, width, text });
        at += width;
    }
    let given = codebook
        .variables
        .iter()
        .map(|variable| variable.name.clone());
    let (names, notes) = names::distinct(given.collect());
    for (variable, name) in codebook.variables.iter_mut().zip(names) {
        variable.name = name;
    }
    pad(bytes)?;
    loop {
        let next = header(bytes, &["OBS", "OBSV8", "LABELV8", "LABELV9"])?;
        match next.kind.as_str() {
            "LABELV8" => long_labels(bytes, texts, &next, &mut codebook, 0)?,
            "LABELV9" => long_labels(bytes, texts, &next, &mut codebook, 2)?,
            _ => return Ok((codebook, columns, notes)),
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
    // nothing need follow on the last header of a file
    let rest = bytes.at().next_multiple_of(RECORD) - bytes.at();
    bytes.skip(rest.min(bytes.left()))
}

/// A variable, the bytes it has in a row, and whether it is text. The place in a row that stands here is not used: macros of
/// SAS fill in that of another layout, and the values stand in the order of the variables whatever it says.
fn variable(
    bytes: &mut Bytes,
    texts: &Texts,
    long: bool,
    size: u64,
) -> Result<(Variable, usize, bool), Error> {
    let head = |field: &[u8]| texts.decode("its head", first_part(field));
    let text = match bytes.u16()? {
        1 => false,
        2 => true,
        other => return Err(bytes.wrong(format!("there is no type {other}"))),
    };
    bytes.skip(2)?;
    let width = usize::from(bytes.u16()?);
    bytes.skip(2)?;
    let short_name = head(&bytes.take(8)?);
    let label = bytes.take(40)?;
    let format = head(&bytes.take(8)?);
    bytes.skip(24)?;
    let long_name = head(&bytes.take(32)?);
    bytes.skip(size - (NAMESTR - 20))?;
    if (!text && !(2..=8).contains(&width)) || width == 0 {
        return Err(bytes.wrong(format!("{short_name} is announced to have {width} bytes")));
    }
    let name = match long && !long_name.is_empty() {
        true => long_name,
        false => short_name,
    };
    let mut variable = Variable::bare(&name, kind(text, &format));
    let label = texts.label(&format!("the labels of {name}"), first_part(&label));
    variable.label = Some(label).filter(|label| !label.is_empty());
    Ok((variable, width, text))
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
            // by the start: DDMMYYD differs from DDMMYY in its signs, WEEKDATX from WEEKDAT in its order
            .any(|name| format.to_uppercase().starts_with(name))
    };
    match text {
        true => Kind::Text,
        // first, since DATETIME starts with DATE
        false if starts(&MOMENTS) => Kind::DateTime,
        false if starts(&DAYS) => Kind::Date,
        false => Kind::Number,
    }
}

/// Labels of more than 40 characters; `formats` more lengths stand before each.
fn long_labels(
    bytes: &mut Bytes,
    texts: &Texts,
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
        let label = bytes.take(label)?;
        bytes.skip(rest)?;
        if let Some(variable) = variable
            .checked_sub(1)
            .and_then(|at| codebook.variables.get_mut(at))
        {
            let whose = format!("the labels of {}", variable.name);
            variable.label = Some(texts.label(&whose, first_part(&label)));
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
        let next = records
            .chunks_exact(RECORD as usize)
            .position(starts_data_set);
        if let Some(next) = next {
            return Ok((start + next as u64 * RECORD, announced));
        }
    }
    Ok((bytes.length(), announced))
}

fn starts_data_set(record: &[u8]) -> bool {
    record.starts_with(b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!")
        || record.starts_with(b"HEADER RECORD*******MEMBV8  HEADER RECORD!!!!!!!")
}

/// What is not read of the file: the data sets behind the first, from `start` on.
fn further_data_sets(
    bytes: &mut Bytes,
    start: u64,
    texts: &Texts,
) -> Result<Option<String>, Error> {
    const NAMED: usize = 5;
    let (mut names, mut count) = (Vec::new(), 0);
    bytes.seek(start)?;
    while bytes.left() >= RECORD {
        if !starts_data_set(&bytes.take(RECORD)?) {
            continue;
        }
        count += 1;
        // a second header, and behind it the record with the name of the data set
        if names.len() < NAMED && bytes.left() >= RECORD * 2 {
            bytes.skip(RECORD + 8)?;
            names.push(texts.decode("its head", first_part(&bytes.take(32)?)));
            bytes.skip(RECORD - 40)?;
        }
    }
    // version 5 has 8 letters for a name and goes on with the word SASDATA
    let names = names
        .iter()
        .map(|name| name.split_whitespace().next().unwrap_or_default());
    let named: Vec<&str> = names.collect();
    let (named, more) = (
        named.join(", "),
        if count > NAMED { " and others" } else { "" },
    );
    Ok(match count {
        0 => None,
        1 => Some(format!(
            "a second data set of the file, {named}, is not read"
        )),
        _ => Some(format!(
            "{count} further data sets of the file are not read: {named}{more}"
        )),
    })
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

/// A field up to its first zero byte.
fn first_part(field: &[u8]) -> &[u8] {
    let end = field.iter().position(|byte| *byte == 0);
    field.get(..end.unwrap_or(field.len())).unwrap_or_default()
}

/// A number of IBM mainframes: a sign, a power of 16 and up to 56 bits of fraction.
fn number(field: &[u8]) -> Cell<'static> {
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(field) {
        *to = *from;
    }
    // a power without a fraction is no way to write a number, which leaves these to what is missing
    match bytes {
        [0, 0, 0, 0, 0, 0, 0, 0] => return Cell::Number(0.0),
        [b'.', 0, 0, 0, 0, 0, 0, 0] => return Cell::System,
        [letter @ (b'_' | b'A'..=b'Z'), 0, 0, 0, 0, 0, 0, 0] => return Cell::Special(letter),
        _ => {}
    }
    let word = u64::from_be_bytes(bytes);
    let power = ((word >> 56) & 0x7f) as i32 - 64;
    let fraction = (word & 0x00ff_ffff_ffff_ffff) as f64;
    // the fraction was rounded to 53 bits; a power of two changes none of them
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

    fn texts(&self) -> &Texts {
        &self.texts
    }

    fn cell<'a>(&'a self, variable: usize, row: &'a [u8], _: &'a mut Vec<u8>) -> Cell<'a> {
        let Some(column) = self.columns.get(variable) else {
            return Cell::System;
        };
        let field = row
            .get(column.at..column.at + column.width)
            .unwrap_or_default();
        match column.text {
            true => Cell::Text(first_part(field)),
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

    fn notes(&self) -> Vec<String> {
        [self.notes.clone(), self.texts.notes()].concat()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        scan(self, self.row_bytes, self.blocks()?, requests, each)
    }
}
