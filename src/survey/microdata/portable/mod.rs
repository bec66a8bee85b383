//! SPSS portable files: .por, text in lines of 80 letters with numbers to the base 30.
//!
//! User-missing values stay in the codes, and the codebook names them; they are NaN in the numbers. A string that is blank
//! is missing. Names have 8 letters. No file says in what its texts are: they are UTF-8 where they can be and Windows-1252
//! otherwise.
//!
//! The format after the PSPP developer's guide, "Portable File Format".

mod head;
mod letters;
mod number;

use std::path::{Path, PathBuf};

use crate::survey::microdata::codebook::native::{Format, NativeAttributes, Origin, Storage};
use crate::survey::microdata::decoding::fixed::{
    Cell, LabelBudget, RowBlock, Rows, block_rows, scan, stored_value, text_value,
};
use crate::survey::microdata::decoding::parallel::Blocks;
use crate::survey::microdata::decoding::texts::Texts;
use crate::survey::microdata::{
    Batch, Codebook, ColumnRequest, Error, Kind, OpenOptions, Source, Value, Variable,
    inference::names, spss,
};
use head::{Alphabet, Head, Reader, Record, Stored};
use letters::{Letters, Mark};

struct Portable {
    path: PathBuf,
    alphabet: Alphabet,
    codebook: Codebook,
    /// The bytes that each variable has in a row, 0 for numbers.
    widths: Vec<usize>,
    offsets: Vec<usize>,
    row_bytes: usize,
    data: Mark,
    texts: Texts,
    notes: Vec<String>,
}

/// Opens a file by its head.
pub(super) fn open(path: &Path, options: &OpenOptions) -> Result<Box<dyn Source>, Error> {
    let (head, letters) = head::read(Letters::open(path)?)?;
    let texts = Texts::new(options.encoding(path)?);
    let (codebook, notes) = codebook(path, &head, &texts)?;
    let widths: Vec<usize> = head
        .variables
        .iter()
        .map(|variable| variable.width)
        .collect();
    let mut offsets = Vec::new();
    let mut row_bytes = 0;
    for width in &widths {
        offsets.push(row_bytes);
        row_bytes += row_width(*width);
    }
    Ok(Box::new(Portable {
        path: path.to_owned(),
        alphabet: head.alphabet,
        codebook,
        widths,
        offsets,
        row_bytes,
        data: letters.mark(),
        texts,
        notes,
    }))
}

fn row_width(width: usize) -> usize {
    if width == 0 { 8 } else { width }
}

fn codebook(path: &Path, head: &Head, texts: &Texts) -> Result<(Codebook, Vec<String>), Error> {
    let dictionary = Dictionary { head, texts };
    let text = |bytes: &[u8]| dictionary.text("its head", bytes);
    let given: Vec<String> = head
        .variables
        .iter()
        .map(|record| text(&record.name))
        .collect();
    let (names, notes) = names::distinct(given.clone());
    let mut codebook = Codebook::default();
    for (record, name) in head.variables.iter().zip(&names) {
        codebook.variables.push(dictionary.variable(record, name));
    }
    let mut budget = LabelBudget::default();
    for set in &head.label_sets {
        for place in &set.variables {
            budget.take(set.labels.len(), path)?;
            let Some(variable) = codebook.variables.get_mut(*place) else {
                continue;
            };
            for (stored, label) in &set.labels {
                let value = dictionary.value(&variable.name, variable.kind, stored);
                let label = dictionary.label(&variable.name, label);
                variable.labels.push((value, label));
            }
        }
    }
    codebook.notes = head.documents.iter().map(|line| text(line)).collect();
    codebook.origin = Origin::Spss {
        weight: head
            .weight
            .as_deref()
            .map(text)
            .filter(|name| given.contains(name)),
        counted_labels: Vec::new(),
        file_attributes: None,
        variable_attributes: None,
    };
    Ok((codebook, notes))
}

/// The head with its texts as letters.
struct Dictionary<'a> {
    head: &'a Head,
    texts: &'a Texts,
}

impl Dictionary<'_> {
    fn text(&self, whose: &str, bytes: &[u8]) -> String {
        self.texts.decode(whose, &self.head.alphabet.text(bytes))
    }

    fn label(&self, name: &str, bytes: &[u8]) -> String {
        let whose = format!("the labels of {name}");
        self.texts.label(&whose, &self.head.alphabet.text(bytes))
    }

    fn variable(&self, record: &Record, name: &str) -> Variable {
        let kind = spss::kind(record.width, record.print >> 16 & 0xff);
        let mut variable = Variable::bare(name, kind);
        variable.label = record.label.as_deref().map(|label| self.label(name, label));
        let missing = record.missing.iter();
        variable.missing.values = missing
            .map(|stored| self.value(name, kind, stored))
            .collect();
        let ranges = record.ranges.iter();
        variable.missing.ranges = ranges
            .map(|(low, high)| (spss::converted(kind, *low), spss::converted(kind, *high)))
            .collect();
        variable.native = NativeAttributes {
            format: Some(Format::Spss {
                print: record.print,
                write: record.write,
            }),
            storage: Some(match record.width {
                0 => Storage::Double,
                width => Storage::Text(width),
            }),
            ..NativeAttributes::default()
        };
        variable
    }

    /// A value of the head as it stands in the codes.
    fn value(&self, name: &str, kind: Kind, stored: &Stored) -> Value {
        match stored {
            Stored::Number(None) => Value::Null,
            Stored::Number(Some(number)) => stored_value(kind, spss::converted(kind, *number)),
            Stored::Text(bytes) => text_value(self.text(name, bytes)),
        }
    }
}

/// The rows, each laid out with 8 bytes a number and the width of a string.
struct Cases<'a> {
    reader: Reader<'a>,
    widths: &'a [usize],
    row_bytes: usize,
    read: u64,
    ended: bool,
}

impl Cases<'_> {
    /// Appends a row; false at the mark behind the last one.
    fn case(&mut self, into: &mut Vec<u8>) -> Result<bool, Error> {
        let mut first = self.reader.letter()?;
        // a row begins with a number or the length of a text, and neither begins so: the digits end at T
        if first == b'Z' {
            let alphabet = self.reader.alphabet;
            let fills = |byte| matches!(alphabet.letter(byte), b'Z' | b' ');
            self.reader.letters.only_filling_left(fills)?;
            return Ok(false);
        }
        for (at, width) in self.widths.iter().enumerate() {
            if at > 0 {
                first = self.reader.letter()?;
            }
            match *width {
                0 => {
                    let number = self.reader.number_from(first)?;
                    into.extend(number.unwrap_or(spss::SYSTEM).to_le_bytes());
                }
                width => {
                    let text = self.reader.text_from(first, width)?;
                    let end = into.len() + width;
                    into.extend(self.reader.alphabet.text(&text));
                    into.resize(end, b' ');
                }
            }
        }
        Ok(true)
    }
}

impl Blocks for Cases<'_> {
    type Block = RowBlock;

    fn next(&mut self) -> Result<Option<RowBlock>, Error> {
        let most = block_rows(self.row_bytes);
        let (mut bytes, mut rows) = (Vec::new(), 0);
        while !self.ended && rows < most {
            match self.case(&mut bytes)? {
                true => rows += 1,
                false => self.ended = true,
            }
        }
        Ok(RowBlock::after(&mut self.read, bytes, rows))
    }
}

impl Rows for Portable {
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
        let (Some(width), Some(at)) = (self.widths.get(variable), self.offsets.get(variable))
        else {
            return Cell::System;
        };
        let field = row.get(*at..).unwrap_or_default();
        match (*width, field.first_chunk()) {
            (0, Some(bytes)) => match f64::from_le_bytes(*bytes) {
                spss::SYSTEM => Cell::System,
                number => Cell::Number(number),
            },
            (0, None) => Cell::System,
            (width, _) => Cell::Text(field.get(..width).unwrap_or_default()),
        }
    }

    fn converted(&self, kind: Kind, stored: f64) -> f64 {
        spss::converted(kind, stored)
    }
}

impl Source for Portable {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        None
    }

    fn notes(&self) -> Vec<String> {
        [self.notes.clone(), self.texts.notes()].concat()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let cases = Cases {
            reader: Reader {
                letters: Letters::from(&self.path, self.data)?,
                alphabet: &self.alphabet,
            },
            widths: &self.widths,
            row_bytes: self.row_bytes,
            read: 0,
            ended: false,
        };
        scan(self, self.row_bytes, cases, requests, each)
    }
}
