//! Row compression: a byte says what an 8-byte unit is, eight of those bytes ahead of the units that need more.

use std::io::{self, Write};

use super::super::entry::Entry;
use super::plan::{Planned, pieces, units};
use crate::survey::microdata::{Batch, Column, Error, spss};

/// What is added to small whole numbers to make them a byte.
pub(super) const BIAS: f64 = 100.0;

/// Packs units.
pub(super) struct Rows<W> {
    out: W,
    commands: [u8; 8],
    next: usize,
    units: Vec<u8>,
}

impl<W: Write> Rows<W> {
    pub(super) fn new(out: W) -> Rows<W> {
        Rows {
            out,
            commands: [0; 8],
            next: 0,
            units: Vec::with_capacity(64),
        }
    }

    fn command(&mut self, command: u8) -> io::Result<()> {
        self.commands[self.next] = command;
        self.next += 1;
        match self.next {
            8 => self.flush(),
            _ => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.commands)?;
        self.out.write_all(&self.units)?;
        self.commands = [0; 8];
        self.next = 0;
        self.units.clear();
        Ok(())
    }

    fn unit(&mut self, unit: [u8; 8]) -> io::Result<()> {
        self.units.extend(unit);
        self.command(253)
    }

    /// As stored; NaN where nothing was recorded.
    fn number(&mut self, number: f64) -> io::Result<()> {
        let code = number + BIAS;
        match number.fract() == 0.0 && (1.0..=251.0).contains(&code) {
            true => self.command(code as u8),
            false if number.is_nan() => self.command(255),
            false => self.unit(number.to_le_bytes()),
        }
    }

    /// A string in its pieces, each of which has 255 bytes of it.
    fn text(&mut self, text: &str, pieces: &[usize]) -> io::Result<()> {
        let mut rest = text.as_bytes();
        for width in pieces {
            let (mut piece, after) = rest.split_at(rest.len().min(*width));
            rest = after;
            for _ in 0..units(*width) {
                let (start, after) = piece.split_at(piece.len().min(8));
                piece = after;
                let mut unit = [b' '; 8];
                unit[..start.len()].copy_from_slice(start);
                match unit == [b' '; 8] {
                    true => self.command(254)?,
                    false => self.unit(unit)?,
                }
            }
        }
        Ok(())
    }

    /// Ends the last group of commands.
    pub(super) fn finish(mut self) -> io::Result<W> {
        if self.next > 0 {
            self.flush()?;
        }
        Ok(self.out)
    }
}

/// What is written for the entries of a column in a batch.
enum Cells<'a> {
    Numbers(&'a [f64]),
    /// Numbers as stored, by code.
    Stored(Vec<f64>),
    /// By code.
    Texts(Vec<String>),
}

fn cells<'a>(planned: &Planned, column: &'a Column) -> Result<Cells<'a>, Error> {
    let number = |entry| match entry {
        Entry::Number(number) => spss::stored(planned.variable.kind, number),
        Entry::Letter(letter) => planned.letters.get(&letter).copied().unwrap_or(f64::NAN),
        _ => f64::NAN,
    };
    match column {
        Column::Numbers(numbers) if planned.width == 0 => Ok(Cells::Numbers(numbers)),
        Column::Numbers(_) => Err(Error::Stopped(format!(
            "{} came in another view than asked",
            planned.name
        ))),
        Column::Codes(coded) => {
            let entries = coded
                .values
                .iter()
                .map(|value| Entry::from_value(planned.variable, value));
            Ok(match planned.width {
                0 => Cells::Stored(entries.map(number).collect()),
                _ => Cells::Texts(entries.map(Entry::text).collect()),
            })
        }
    }
}

/// Writes the rows of a batch.
pub(super) fn write<W: Write>(
    out: &mut Rows<W>,
    planned: &[Planned],
    batch: &Batch,
    failed: impl Fn(io::Error) -> Error,
) -> Result<(), Error> {
    let mut columns = Vec::new();
    for (planned, column) in planned.iter().zip(&batch.columns) {
        columns.push((
            planned,
            cells(planned, column)?,
            column,
            pieces(planned.width),
        ));
    }
    for row in 0..batch.rows {
        for (planned, cells, column, pieces) in &columns {
            let code = match column {
                Column::Codes(coded) => coded.codes.get(row) as usize,
                Column::Numbers(_) => row,
            };
            let done = match cells {
                Cells::Numbers(numbers) => {
                    let number = numbers.get(code).copied().unwrap_or(f64::NAN);
                    out.number(spss::stored(planned.variable.kind, number))
                }
                Cells::Stored(numbers) => {
                    out.number(numbers.get(code).copied().unwrap_or(f64::NAN))
                }
                Cells::Texts(texts) => out.text(texts.get(code).map_or("", String::as_str), pieces),
            };
            done.map_err(&failed)?;
        }
    }
    Ok(())
}
