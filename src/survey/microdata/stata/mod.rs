//! Stata files: .dta of the formats 102 to 115 (Stata 1 to 12) and 117 to 119 (Stata 13 and later).
//!
//! The extended missing values `.a` to `.z` are texts in the codes, listed as missing with their labels; the plain `.` is
//! null. All are NaN in the numbers. Texts are UTF-8 from format 118 on; before, no file says in what they are, and they are
//! read as UTF-8 where they can be and as Windows-1252 otherwise. Days (`%td`) and moments (`%tc`) are dates; weeks, months, quarters and years stay numbers.
//!
//! The format after "File formats .dta" in the manual of Stata.

mod head;
mod stored;
mod tail;

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use encoding_rs::UTF_8;

use crate::frames::calendar::days_from;
use crate::survey::microdata::codebook::native::{
    Characteristic, Format, NativeAttributes, Origin, Storage,
};
use crate::survey::microdata::decoding::bytes::Bytes;
use crate::survey::microdata::decoding::fixed::{
    Cell, LabelBudget, PlainRows, Rows, letters, list_letters, scan, special, stored_value,
};
use crate::survey::microdata::decoding::texts::Texts;
use crate::survey::microdata::error::{damaged, unreadable};
use crate::survey::microdata::{
    Batch, Codebook, ColumnRequest, Error, Kind, OpenOptions, Source, Value, Variable,
    inference::names,
};
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
    texts: Texts,
    notes: Vec<String>,
}

/// Opens a file by its head and its labels, and looks through the data for missing values with letters.
pub(super) fn open(path: &Path, options: &OpenOptions) -> Result<Box<dyn Source>, Error> {
    let mut bytes = Bytes::open(path)?;
    let head = head::read(&mut bytes)?;
    let texts = Texts::new(match head.release {
        118.. => {
            options.refuse_encoding(path, "files of Stata 14 and later are in UTF-8")?;
            Some(UTF_8)
        }
        _ => options.encoding(path)?,
    });
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
    let (codebook, notes) = codebook(path, &head, &sets, &texts)?;
    let mut stata = Stata {
        path: path.to_owned(),
        head,
        codebook,
        offsets,
        strings,
        texts,
        notes,
    };
    let found = letters(&stata, row_bytes, stata.blocks()?)?;
    for (variable, found) in stata.codebook.variables.iter_mut().zip(&found) {
        list_letters(variable, found);
    }
    Ok(Box::new(stata))
}

fn codebook(
    path: &Path,
    head: &Head,
    sets: &LabelSets,
    texts: &Texts,
) -> Result<(Codebook, Vec<String>), Error> {
    let text = |bytes: &[u8]| texts.decode("its head", bytes);
    let given = head.columns.iter().map(|column| text(&column.name));
    let (names, notes) = names::distinct(given.collect());
    let mut codebook = Codebook {
        title: Some(text(up_to_zero(&head.title))).filter(|title| !title.is_empty()),
        ..Codebook::default()
    };
    let mut budget = LabelBudget::default();
    for (column, name) in head.columns.iter().zip(names) {
        let kind = kind(column);
        let whose = format!("the labels of {name}");
        let label = |bytes: &[u8]| texts.label(&whose, up_to_zero(bytes));
        let mut variable = Variable::bare(&name, kind);
        variable.label = Some(label(&column.label)).filter(|label| !label.is_empty());
        let set = sets.get(&column.label_set).filter(|_| kind != Kind::Text);
        budget.take(set.map_or(0, Vec::len), path)?;
        for (value, text) in set.into_iter().flatten() {
            let value = match value
                .checked_sub(LONG.base)
                // letters are known from format 113 on
                .filter(|above| head.release >= 113 && *above >= 0)
            {
                Some(above) => match letter(i64::from(above)) {
                    Cell::Special(letter) => Value::Text(special(letter)),
                    _ => Value::Null,
                },
                None => stored_value(kind, converted(kind, f64::from(*value))),
            };
            variable.labels.push((value, label(text)));
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
    codebook.notes = notes_of_the_data(&characteristics);
    codebook.origin = Origin::Stata { characteristics };
    Ok((codebook, notes))
}

/// The notes of the data, `note1`, `note2` and so on; `note0` is their number.
fn notes_of_the_data(characteristics: &[Characteristic]) -> Vec<String> {
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
    match bare_format(column) {
        // %d is what Stata called %td before
        [b't', b'd', ..] | [b'd', ..] => Kind::Date,
        [b't', b'c' | b'C', ..] => Kind::DateTime,
        _ => Kind::Number,
    }
}

/// The format without the sign of formats and of what stands on the left.
fn bare_format(column: &Column) -> &[u8] {
    let format = column.format.strip_prefix(b"%").unwrap_or(&column.format);
    format.strip_prefix(b"-").unwrap_or(format)
}

/// %tC counts the milliseconds with leap seconds, %tc without.
fn counts_leap_seconds(column: &Column) -> bool {
    bare_format(column).starts_with(b"tC")
}

/// The months that began with the end of a leap second (Bulletin C of the IERS).
const AFTER_LEAP_SECONDS: [(i64, i64); 27] = [
    (1972, 7),
    (1973, 1),
    (1974, 1),
    (1975, 1),
    (1976, 1),
    (1977, 1),
    (1978, 1),
    (1979, 1),
    (1980, 1),
    (1981, 7),
    (1982, 7),
    (1983, 7),
    (1985, 7),
    (1988, 1),
    (1990, 1),
    (1991, 1),
    (1992, 7),
    (1993, 7),
    (1994, 7),
    (1996, 1),
    (1997, 7),
    (1999, 1),
    (2006, 1),
    (2009, 1),
    (2012, 7),
    (2015, 7),
    (2017, 1),
];

/// Milliseconds since 1960 as clocks show them; a leap second itself is once more the second before.
///
/// Stata: `cofC()`.
fn without_leap_seconds(stored: f64) -> f64 {
    let mut passed = 0.0;
    for (year, month) in AFTER_LEAP_SECONDS {
        let midnight = (days_from(year, month, 1) as f64 + CALENDAR) * 86_400_000.0;
        if stored < midnight + passed {
            break;
        }
        passed += 1000.0;
    }
    stored - passed
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

/// A field ends with its first zero byte; what stands behind it is whatever was in memory.
fn up_to_zero(field: &[u8]) -> &[u8] {
    let end = field.iter().position(|byte| *byte == 0);
    // the zero byte tells that the text ends here and not for lack of room
    field
        .get(..end.map_or(field.len(), |end| end + 1))
        .unwrap_or_default()
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
/// The missing double of Stata 1 to 5: 2 to the 333rd.
const OLD_DOUBLE: u64 = (1023 + 333) << 52;
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
            OLD_DOUBLE if self.head.release <= 105 => Cell::System,
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
        // eight bytes in all: the more variables there may be, the fewer are left for the row
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

    fn texts(&self) -> &Texts {
        &self.texts
    }

    fn cell<'a>(&'a self, variable: usize, row: &'a [u8], _: &'a mut Vec<u8>) -> Cell<'a> {
        let (Some(column), Some(offset)) =
            (self.head.columns.get(variable), self.offsets.get(variable))
        else {
            return Cell::System;
        };
        let field = row.get(*offset..).unwrap_or_default();
        match self.stored(column, field) {
            Cell::Number(moment) if counts_leap_seconds(column) => {
                Cell::Number(without_leap_seconds(moment))
            }
            cell => cell,
        }
    }

    fn converted(&self, kind: Kind, stored: f64) -> f64 {
        converted(kind, stored)
    }
}

impl Stata {
    /// What is stored in the bytes of a variable.
    fn stored<'a>(&'a self, column: &Column, field: &'a [u8]) -> Cell<'a> {
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
                Cell::Text(up_to_zero(field.get(..width).unwrap_or_default()))
            }
            Some(Storage::LongString) => match field.first_chunk() {
                Some(word) => Cell::Text(self.reference(*word)),
                None => Cell::System,
            },
            None => Cell::System,
        }
    }
}

impl Source for Stata {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        Some(self.head.rows)
    }

    fn notes(&self) -> Vec<String> {
        [self.notes.clone(), self.texts.notes()].concat()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        scan(self, self.head.row_bytes(), self.blocks()?, requests, each)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first moment of a day in milliseconds since 1960.
    fn midnight(year: i64, month: i64) -> f64 {
        (days_from(year, month, 1) as f64 + CALENDAR) * 86_400_000.0
    }

    #[test]
    fn moments_lose_the_leap_seconds_before_them() {
        for (year, month, passed) in [
            (1960, 1, 0.0),
            (1972, 7, 1.0),
            (2000, 1, 22.0),
            (2010, 6, 24.0),
            (2023, 6, 27.0),
        ] {
            let clock = midnight(year, month);
            assert_eq!(
                without_leap_seconds(clock + 1000.0 * passed),
                clock,
                "{year}"
            );
        }
        for (at, (year, month)) in (0_u32..).zip(AFTER_LEAP_SECONDS) {
            let (clock, before) = (midnight(year, month), 1000.0 * f64::from(at));
            // 23:59:59, the leap second, 00:00:00
            assert_eq!(without_leap_seconds(clock + before - 1.0), clock - 1.0);
            assert_eq!(without_leap_seconds(clock + before), clock - 1000.0);
            assert_eq!(without_leap_seconds(clock + before + 999.0), clock - 1.0);
            assert_eq!(without_leap_seconds(clock + before + 1000.0), clock);
        }
    }
}
