//! Stata files: .dta of the formats 105 to 115 (Stata 5 to 12) and 117 to 119 (Stata 13 and later).
//!
//! The extended missing values `.a` to `.z` are texts in the codes, listed as missing with their labels; the plain `.` is
//! null. All are NaN in the numbers. Texts are UTF-8 from format 118 on; before, they are UTF-8 where they can be and
//! Windows-1252 otherwise. Days (`%td`) and moments (`%tc`) are dates; weeks, months, quarters and years stay numbers.
//!
//! The format after "File formats .dta" in the manual of Stata.

mod head;
mod stored;
mod tail;

use std::collections::HashSet;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use encoding_rs::WINDOWS_1252;

use super::bytes::Bytes;
use super::error::{damaged, unreadable};
use super::fixed::{
    Cell, LabelBudget, PlainRows, Rows, letters, list_letters, scan, special, stored_value,
};
use super::native::{Characteristic, Format, NativeAttributes, Origin, Storage};
use super::{Batch, Codebook, ColumnRequest, Error, Kind, Source, Value, Variable};
pub(super) use stored::{LETTERS, Stored, letter_code, put, stored};

use head::{Column, Head, width};
use tail::{LabelSets, Strings};

struct Stata {
    path: PathBuf,
    head: Head,
    codebook: Codebook,
    /// Where each variable stands in a row.
    offsets: Vec<usize>,
    strings: Strings,
}

/// Opens a file by its head and its labels, and looks through the data for missing values with letters.
pub(super) fn open(path: &Path) -> Result<Box<dyn Source>, Error> {
    let mut bytes = Bytes::open(path)?;
    let head = head::read(&mut bytes)?;
    let row_bytes = head.row_bytes();
    if row_bytes == 0 {
        return Err(damaged(path, "the file has no variables"));
    }
    let needed = head.rows.saturating_mul(row_bytes as u64);
    let there = bytes.length().saturating_sub(head.data);
    if needed > there {
        let message = format!(
            "{} rows are announced; there are {there} bytes of data, which is too little",
            head.rows
        );
        return Err(damaged(path, message));
    }
    let mut strings = Strings::default();
    if let Some(at) = head.strings
        && head
            .columns
            .iter()
            .any(|column| column.storage == Some(Storage::LongString))
    {
        strings = tail::strings(&mut bytes, &head, at)?;
    }
    let sets = tail::label_sets(&mut bytes, &head)?;
    let mut offsets = Vec::new();
    let mut offset = 0;
    for column in &head.columns {
        offsets.push(offset);
        offset += column.storage.map_or(0, width);
    }
    let codebook = codebook(path, &head, &sets)?;
    let mut stata = Stata {
        path: path.to_owned(),
        head,
        codebook,
        offsets,
        strings,
    };
    let found = letters(&stata, row_bytes, stata.blocks()?)?;
    for (variable, found) in stata.codebook.variables.iter_mut().zip(&found) {
        list_letters(variable, found);
    }
    Ok(Box::new(stata))
}

fn codebook(path: &Path, head: &Head, sets: &LabelSets) -> Result<Codebook, Error> {
    let text = |bytes: &[u8]| lossy(head.release, bytes);
    let mut codebook = Codebook {
        title: Some(text(&head.title)).filter(|title| !title.is_empty()),
        ..Codebook::default()
    };
    let mut seen = HashSet::new();
    let mut budget = LabelBudget::default();
    for column in &head.columns {
        let kind = kind(column);
        let mut variable = Variable::bare(&text(&column.name), kind);
        if !seen.insert(variable.name.clone()) {
            return Err(damaged(
                path,
                format!("two variables are named {}", variable.name),
            ));
        }
        variable.label = Some(text(&column.label)).filter(|label| !label.is_empty());
        let set = sets.get(&column.label_set).filter(|_| kind != Kind::Text);
        budget.take(set.map_or(0, Vec::len), path)?;
        for (value, label) in set.into_iter().flatten() {
            let value = match value
                .checked_sub(LONG.base)
                .filter(|above| head.release >= 113 && *above >= 0)
            {
                Some(above) => match letter(i64::from(above)) {
                    Cell::Special(letter) => Value::Text(special(letter)),
                    _ => Value::Null,
                },
                None => stored_value(kind, converted(kind, f64::from(*value))),
            };
            variable.labels.push((value, text(label)));
        }
        variable.native = NativeAttributes {
            format: Some(Format::Stata(text(&column.format))),
            storage: column.storage,
            display: None,
            label_set: Some(text(&column.label_set)).filter(|name| !name.is_empty()),
        };
        codebook.variables.push(variable);
    }
    let characteristics: Vec<Characteristic> = head
        .characteristics
        .iter()
        .map(|[of, name, content]| Characteristic {
            of: text(of),
            name: text(name),
            text: text(content),
        })
        .collect();
    codebook.notes = notes(&characteristics);
    codebook.origin = Origin::Stata { characteristics };
    Ok(codebook)
}

/// The notes of the data, `note1`, `note2` and so on; `note0` is their number.
fn notes(characteristics: &[Characteristic]) -> Vec<String> {
    let mut notes: Vec<(u32, &str)> = characteristics
        .iter()
        .filter(|characteristic| characteristic.of == "_dta")
        .filter_map(|characteristic| {
            let number = characteristic.name.strip_prefix("note")?.parse().ok()?;
            Some((number, characteristic.text.as_str()))
        })
        .filter(|(number, _)| *number > 0)
        .collect();
    notes.sort_by_key(|(number, _)| *number);
    notes.into_iter().map(|(_, text)| text.to_owned()).collect()
}

fn kind(column: &Column) -> Kind {
    if matches!(column.storage, Some(Storage::Text(_) | Storage::LongString)) {
        return Kind::Text;
    }
    let format = column.format.strip_prefix(b"%").unwrap_or(&column.format);
    let format = format.strip_prefix(b"-").unwrap_or(format);
    match format {
        [b't', b'd', ..] | [b'd', ..] => Kind::Date,
        [b't', b'c' | b'C', ..] => Kind::DateTime,
        _ => Kind::Number,
    }
}

/// Days from 1960, where Stata starts, to 1970.
const CALENDAR: f64 = 3653.0;

/// Stata counts days, and milliseconds.
fn converted(kind: Kind, stored: f64) -> f64 {
    match kind {
        Kind::Date => stored - CALENDAR,
        Kind::DateTime => stored / 1000.0 - CALENDAR * 86_400.0,
        Kind::Number | Kind::Text => stored,
    }
}

fn lossy(release: u16, bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_end().to_owned(),
        Err(_) if release >= 118 => String::from_utf8_lossy(bytes).trim_end().to_owned(),
        Err(_) => {
            let decoded = WINDOWS_1252.decode_without_bom_handling(bytes).0;
            decoded.trim_end().to_owned()
        }
    }
}

/// Where the missing values of a type start: above all its numbers.
struct Above {
    base: i32,
}

const BYTE: Above = Above { base: 101 };
const INT: Above = Above { base: 32_741 };
const LONG: Above = Above {
    base: 2_147_483_621,
};
const FLOAT: u32 = 0x7f00_0000;
const FLOAT_STEP: u32 = 0x800;
const DOUBLE: u64 = 0x7fe0_0000_0000_0000;
const DOUBLE_STEP: u64 = 0x0100_0000_0000;

/// 0 is `.`, 1 is `.a`.
fn letter(above: i64) -> Cell<'static> {
    match u8::try_from(above) {
        Ok(above @ 1..=26) => Cell::Special(b'a' + above - 1),
        _ => Cell::System,
    }
}

impl Stata {
    fn blocks(&self) -> Result<PlainRows<File>, Error> {
        let mut file = File::open(&self.path).map_err(|source| unreadable(&self.path, source))?;
        file.seek(SeekFrom::Start(self.head.data))
            .map_err(|source| unreadable(&self.path, source))?;
        Ok(PlainRows {
            path: self.path.clone(),
            reader: file,
            row_bytes: self.head.row_bytes(),
            rows: Some(self.head.rows),
            read: 0,
        })
    }

    fn whole(&self, number: i32, above: &Above, only: i32) -> Cell<'static> {
        // before format 113 the largest number alone is missing
        match (self.head.release < 113, number >= above.base) {
            (true, _) if number == only => Cell::System,
            (false, true) => letter(i64::from(number) - i64::from(above.base)),
            _ => Cell::Number(f64::from(number)),
        }
    }

    fn float(&self, bits: u32) -> Cell<'static> {
        match bits {
            FLOAT..0x8000_0000
                if self.head.release < 113 || !(bits - FLOAT).is_multiple_of(FLOAT_STEP) =>
            {
                Cell::System
            }
            FLOAT..0x8000_0000 => letter(i64::from((bits - FLOAT) / FLOAT_STEP)),
            _ => Cell::Number(f64::from(f32::from_bits(bits))),
        }
    }

    fn double(&self, bits: u64) -> Cell<'static> {
        match bits {
            DOUBLE..0x8000_0000_0000_0000
                if self.head.release < 113 || !(bits - DOUBLE).is_multiple_of(DOUBLE_STEP) =>
            {
                Cell::System
            }
            DOUBLE..0x8000_0000_0000_0000 => letter(((bits - DOUBLE) / DOUBLE_STEP) as i64),
            _ => Cell::Number(f64::from_bits(bits)),
        }
    }

    /// The variable and the row under which a long string stands.
    fn reference(&self, word: [u8; 8]) -> &[u8] {
        let variable_bytes = match self.head.release {
            117 => 4,
            118 => 2,
            _ => 3,
        };
        let (variable, row) = word.split_at(variable_bytes);
        let number = |bytes: &[u8]| match self.head.big_endian {
            true => bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
            false => bytes
                .iter()
                .rev()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        };
        self.strings.get(number(variable), number(row))
    }
}

/// The number of bytes that the type has, in the order of the machine.
fn ordered<const N: usize>(field: &[u8], big_endian: bool) -> [u8; N] {
    let mut bytes = *field.first_chunk().unwrap_or(&[0; N]);
    if big_endian {
        bytes.reverse();
    }
    bytes
}

impl Rows for Stata {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn text(&self, bytes: &[u8]) -> Result<Value, Error> {
        let text = lossy(self.head.release, bytes);
        Ok(match text.is_empty() {
            true => Value::Null,
            false => Value::Text(text),
        })
    }

    fn cell<'a>(&'a self, variable: usize, row: &'a [u8], _: &'a mut Vec<u8>) -> Cell<'a> {
        let (Some(column), Some(offset)) =
            (self.head.columns.get(variable), self.offsets.get(variable))
        else {
            return Cell::System;
        };
        let field = row.get(*offset..).unwrap_or_default();
        let big = self.head.big_endian;
        match column.storage {
            Some(Storage::Byte) => self.whole(
                i32::from(i8::from_le_bytes(ordered(field, big))),
                &BYTE,
                127,
            ),
            Some(Storage::Int) => self.whole(
                i32::from(i16::from_le_bytes(ordered(field, big))),
                &INT,
                32_767,
            ),
            Some(Storage::Long) => {
                self.whole(i32::from_le_bytes(ordered(field, big)), &LONG, i32::MAX)
            }
            Some(Storage::Float) => self.float(u32::from_le_bytes(ordered(field, big))),
            Some(Storage::Double) => self.double(u64::from_le_bytes(ordered(field, big))),
            Some(Storage::Text(width)) => {
                let text = field.get(..width).unwrap_or_default();
                let end = text
                    .iter()
                    .position(|byte| *byte == 0)
                    .unwrap_or(text.len());
                Cell::Text(text.get(..end).unwrap_or_default())
            }
            Some(Storage::LongString) => match field.first_chunk() {
                Some(word) => Cell::Text(self.reference(*word)),
                None => Cell::System,
            },
            None => Cell::System,
        }
    }

    fn converted(&self, kind: Kind, stored: f64) -> f64 {
        converted(kind, stored)
    }
}

impl Source for Stata {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        Some(self.head.rows)
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        scan(self, self.head.row_bytes(), self.blocks()?, requests, each)
    }
}
