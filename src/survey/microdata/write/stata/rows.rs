//! The rows of a Stata file, and the long strings behind them.

use std::io::{self, Write};

use super::super::entry::Entry;
use super::plan::Planned;
use crate::survey::microdata::{Batch, Column, Error, Storage, stata};

/// Long strings, in the order of the rows, where they wait for the end of the data.
pub(super) struct LongStrings<W> {
    pub out: W,
}

impl<W: Write> LongStrings<W> {
    /// Writes a string; gives back what stands for it among the data.
    fn add(&mut self, text: &str, variable: usize, row: u64) -> io::Result<[u8; 8]> {
        let mut word = [0; 8];
        if text.is_empty() {
            return Ok(word);
        }
        // from 1: nought and nought stand for the empty text
        let (variable, row) = (variable as u32 + 1, row + 1);
        let length = u32::try_from(text.len() + 1)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a text of 4 GB"))?;
        // a text with zero bytes is but bytes
        let (kind, length, end): (u8, u32, &[u8]) = match text.contains('\0') {
            true => (129, length - 1, &[]),
            false => (130, length, &[0]),
        };
        self.out.write_all(b"GSO")?;
        self.out.write_all(&variable.to_le_bytes())?;
        self.out.write_all(&row.to_le_bytes())?;
        self.out.write_all(&[kind])?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(end)?;
        word[..2].copy_from_slice(&(variable as u16).to_le_bytes());
        word[2..].copy_from_slice(&row.to_le_bytes()[..6]);
        Ok(word)
    }
}

/// What is written for the entries of a column in a batch.
enum Cells<'a> {
    Numbers(&'a [f64]),
    /// By code: bytes as they stand in a row.
    Bytes(Vec<Vec<u8>>),
    /// By code.
    Texts(Vec<String>),
}

/// An entry of a column of numbers as it stands in a row.
fn number(planned: &Planned, entry: Entry, into: &mut Vec<u8>) {
    let stored = |number| match planned.letters.get(&f64::to_bits(number)) {
        Some(letter) => stata::Stored::Letter(Some(*letter)),
        None => stata::Stored::Number(stata::stored(planned.variable.kind, number)),
    };
    let cell = match entry {
        Entry::Number(number) => stored(number),
        Entry::Letter(letter) => stata::Stored::Letter(Some(letter)),
        _ => stata::Stored::Letter(None),
    };
    stata::put(planned.storage, cell, into);
}

fn cells<'a>(planned: &Planned, column: &'a Column) -> Result<Cells<'a>, Error> {
    let is_text = matches!(planned.storage, Storage::Text(_) | Storage::LongString);
    let coded = match column {
        Column::Numbers(numbers) if !is_text => return Ok(Cells::Numbers(numbers)),
        Column::Numbers(_) => {
            let message = format!("{} came in another view than asked", planned.name);
            return Err(Error::Stopped(message));
        }
        Column::Codes(coded) => coded,
    };
    let entries = coded
        .values
        .iter()
        .map(|value| Entry::from_value(planned.variable, value));
    Ok(match is_text {
        true => {
            let text = |text: String| match planned.holds(&text) {
                true => text,
                false => String::new(),
            };
            Cells::Texts(entries.map(Entry::text).map(text).collect())
        }
        false => Cells::Bytes(
            entries
                .map(|entry| {
                    let mut bytes = Vec::new();
                    number(planned, entry, &mut bytes);
                    bytes
                })
                .collect(),
        ),
    })
}

/// Writes the rows of a batch.
pub(super) fn write<W: Write, S: Write>(
    out: &mut W,
    strings: &mut LongStrings<S>,
    planned: &[Planned],
    batch: &Batch,
    failed: impl Fn(io::Error) -> Error,
) -> Result<(), Error> {
    let mut columns = Vec::new();
    for (planned, column) in planned.iter().zip(&batch.columns) {
        columns.push((planned, cells(planned, column)?, column));
    }
    let mut bytes = Vec::new();
    for row in 0..batch.rows {
        bytes.clear();
        for (at, (planned, cells, column)) in columns.iter().enumerate() {
            let code = match column {
                Column::Codes(coded) => coded.codes.get(row) as usize,
                Column::Numbers(_) => row,
            };
            match cells {
                Cells::Numbers(numbers) => {
                    let found = numbers.get(code).copied().filter(|number| !number.is_nan());
                    number(
                        planned,
                        found.map_or(Entry::Nothing, Entry::Number),
                        &mut bytes,
                    );
                }
                Cells::Bytes(cells) => bytes.extend(cells.get(code).into_iter().flatten()),
                Cells::Texts(texts) => {
                    let text = texts.get(code).map_or("", String::as_str);
                    match planned.storage {
                        Storage::Text(width) => {
                            let end = bytes.len() + width;
                            bytes.extend(text.as_bytes());
                            bytes.resize(end, 0);
                        }
                        _ => {
                            let row = batch.first_row + row as u64;
                            bytes.extend(strings.add(text, at, row).map_err(&failed)?);
                        }
                    }
                }
            }
        }
        out.write_all(&bytes).map_err(&failed)?;
    }
    Ok(())
}
