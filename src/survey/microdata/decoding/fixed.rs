//! Rows of equal length: the columns that are asked for out of blocks of rows.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::survey::microdata::decoding::coding::{Coder, QuickMap};
use crate::survey::microdata::decoding::parallel::{Blocks, each_block};
use crate::survey::microdata::decoding::texts::Texts;
use crate::survey::microdata::error::{damaged, unreadable};
use crate::survey::microdata::memory::{BATCH, number_code};
use crate::survey::microdata::{
    Batch, Codebook, Column, ColumnRequest, Error, Kind, Value, Variable, View, time,
};

/// About as many bytes of rows are read at a time.
const BLOCK: usize = 8 << 20;

/// What stands in a row for a variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    /// As stored, before dates are converted.
    Number(f64),
    System,
    /// A missing value with a letter: `.a` to `.z`, or `._`.
    Special(u8),
    /// The whole field, in the encoding of the file.
    Text(&'a [u8]),
}

/// How the rows of a format are laid out.
pub(crate) trait Rows: Sync {
    fn codebook(&self) -> &Codebook;
    fn path(&self) -> &Path;
    /// In which encoding its texts are.
    fn texts(&self) -> &Texts;
    /// A text of a variable, with what fills its field up; [`Value::Null`] where it is blank.
    fn text(&self, variable: usize, field: &[u8]) -> Value {
        let variable = self.codebook().variables.get(variable);
        let name = variable.map_or("", |variable| variable.name.as_str());
        text_value(self.texts().decode(name, field))
    }
    /// What stands in that row for a variable. `scratch` may hold a text that stands in several pieces.
    fn cell<'a>(&'a self, variable: usize, row: &'a [u8], scratch: &'a mut Vec<u8>) -> Cell<'a>;
    /// A stored number as days or seconds since 1970, where the variable is a date.
    fn converted(&self, kind: Kind, stored: f64) -> f64;
}

/// Whole rows.
pub(crate) struct RowBlock {
    pub bytes: Vec<u8>,
    pub first_row: u64,
    pub rows: usize,
}

impl RowBlock {
    /// The block that follows on `read` rows, which it is counted among; `None` where it has none.
    pub fn after(read: &mut u64, bytes: Vec<u8>, rows: usize) -> Option<RowBlock> {
        let first_row = *read;
        *read += rows as u64;
        (rows > 0).then_some(RowBlock {
            bytes,
            first_row,
            rows,
        })
    }
}

/// How many rows to read at a time.
pub(crate) fn block_rows(row_bytes: usize) -> usize {
    (BLOCK / row_bytes.max(1)).clamp(1, BATCH)
}

/// Scans blocks of rows.
pub(crate) fn scan<B>(
    rows: &dyn Rows,
    row_bytes: usize,
    blocks: B,
    requests: &[ColumnRequest],
    each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
) -> Result<(), Error>
where
    B: Blocks<Block = RowBlock>,
{
    let requested = requests
        .iter()
        .map(|request| Ok((rows.codebook().position(&request.name)?, request.view)))
        .collect::<Result<Vec<(usize, View)>, Error>>()?;
    let read = each_block(blocks, |block| {
        let columns = requested
            .iter()
            .map(|(variable, view)| column(rows, row_bytes, *variable, *view, &block))
            .collect::<Result<Vec<Column>, Error>>()?;
        each(&mut Batch {
            first_row: block.first_row,
            rows: block.rows,
            columns,
        })
    });
    read.map(|_| ())
}

fn column(
    rows: &dyn Rows,
    row_bytes: usize,
    at: usize,
    view: View,
    block: &RowBlock,
) -> Result<Column, Error> {
    let Some(variable) = rows.codebook().variables.get(at) else {
        return Err(damaged(rows.path(), "a variable is missing"));
    };
    let each_row = block.bytes.chunks_exact(row_bytes.max(1)).take(block.rows);
    let mut scratch = Vec::new();
    match view {
        View::Numbers => {
            let mut numbers = Vec::with_capacity(block.rows);
            let missing = MissingNumbers::new(variable);
            for row in each_row {
                let number = match rows.cell(at, row, &mut scratch) {
                    Cell::Number(stored) => missing.answered(rows.converted(variable.kind, stored)),
                    Cell::System | Cell::Special(_) => f64::NAN,
                    Cell::Text(text) => text_as_number(variable, &rows.text(at, text))?,
                };
                numbers.push(number);
            }
            Ok(Column::Numbers(numbers))
        }
        View::Codes => {
            let mut codes = CellCodes {
                coder: Coder::with_capacity(block.rows),
                numbers: QuickMap::default(),
                texts: QuickMap::default(),
                special: [None; 256],
            };
            for row in each_row {
                let cell = rows.cell(at, row, &mut scratch);
                codes.push(rows, at, variable.kind, cell);
            }
            Ok(Column::Codes(codes.coder.finish()))
        }
    }
}

/// The user-missing numbers of a variable.
struct MissingNumbers<'a> {
    values: Vec<f64>,
    ranges: &'a [(f64, f64)],
}

impl MissingNumbers<'_> {
    fn new(variable: &Variable) -> MissingNumbers<'_> {
        let number = |value: &Value| match value {
            Value::Number(number) => Some(*number),
            Value::Text(text) => match variable.kind {
                Kind::Date => time::days(text),
                Kind::DateTime => time::seconds(text),
                Kind::Number | Kind::Text => None,
            },
            Value::Null => None,
        };
        MissingNumbers {
            values: variable.missing.values.iter().filter_map(number).collect(),
            ranges: &variable.missing.ranges,
        }
    }

    fn answered(&self, number: f64) -> f64 {
        let missing = self.values.contains(&number)
            || self
                .ranges
                .iter()
                .any(|(low, high)| *low <= number && number <= *high);
        match missing {
            true => f64::NAN,
            // zero has no sign, as in the codes
            false => number + 0.0,
        }
    }
}

fn text_as_number(variable: &Variable, value: &Value) -> Result<f64, Error> {
    if variable.missing.holds(value) {
        return Ok(f64::NAN);
    }
    let text = value.text();
    let number = text
        .trim()
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| Error::NoNumber {
        name: variable.name.clone(),
        found: format!("'{text}' is one of its entries"),
    })
}

/// A text as a value: none where it is empty.
pub(crate) fn text_value(text: String) -> Value {
    match text.is_empty() {
        true => Value::Null,
        false => Value::Text(text),
    }
}

/// The codes of the cells seen so far.
struct CellCodes {
    coder: Coder,
    numbers: QuickMap<u64, u32>,
    texts: QuickMap<Vec<u8>, u32>,
    special: [Option<u32>; 256],
}

impl CellCodes {
    fn push(&mut self, rows: &dyn Rows, variable: usize, kind: Kind, cell: Cell) {
        let code = match cell {
            Cell::System => self.coder.null(),
            Cell::Special(letter) => {
                let coder = &mut self.coder;
                *self.special[usize::from(letter)]
                    .get_or_insert_with(|| coder.text(&special(letter)))
            }
            Cell::Number(stored) => {
                let coder = &mut self.coder;
                *self
                    .numbers
                    // by what is stored: a day is written out once for all its rows
                    .entry(stored.to_bits())
                    .or_insert_with(|| number_code(coder, kind, rows.converted(kind, stored)))
            }
            Cell::Text(text) => match self.texts.get(text) {
                Some(code) => *code,
                None => {
                    let code = self.coder.value(&rows.text(variable, text));
                    self.texts.insert(text.to_vec(), code);
                    code
                }
            },
        };
        self.coder.push(code);
    }
}

/// The letters of missing values that each variable has in its data, as a set of the bytes.
pub(crate) fn letters<B>(
    rows: &dyn Rows,
    row_bytes: usize,
    blocks: B,
) -> Result<Vec<[bool; 256]>, Error>
where
    B: Blocks<Block = RowBlock>,
{
    let variables = rows.codebook().variables.len();
    let all = Mutex::new(vec![[false; 256]; variables]);
    each_block(blocks, |block| {
        let mut found = vec![[false; 256]; variables];
        let mut scratch = Vec::new();
        for (at, found) in found.iter_mut().enumerate() {
            if rows
                .codebook()
                .variables
                .get(at)
                .is_some_and(|variable| variable.kind == Kind::Text)
            {
                continue;
            }
            for row in block.bytes.chunks_exact(row_bytes.max(1)).take(block.rows) {
                if let Cell::Special(letter) = rows.cell(at, row, &mut scratch) {
                    found[usize::from(letter)] = true;
                }
            }
        }
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        for (all, found) in all.iter_mut().zip(&found) {
            for (all, found) in all.iter_mut().zip(found) {
                *all |= found;
            }
        }
        Ok(())
    })?;
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Makes the letters that a variable has, in its data or its labels, missing values.
pub(crate) fn list_letters(variable: &mut Variable, found: &[bool; 256]) {
    for (letter, found) in (0..=255_u8).zip(found) {
        let value = Value::Text(special(letter));
        if *found
            || variable
                .labels
                .iter()
                .any(|(labelled, _)| *labelled == value)
        {
            variable.missing.values.push(value);
        }
    }
}

/// Variables may share a set of labels, so that a small file could ask for any number of them.
const MOST_LABELS: usize = 4_000_000;

/// Counts labels that are handed to variables.
#[derive(Default)]
pub(crate) struct LabelBudget(usize);

impl LabelBudget {
    /// Room for so many more.
    pub(crate) fn take(&mut self, labels: usize, path: &Path) -> Result<(), Error> {
        self.0 = self.0.saturating_add(labels);
        match self.0 <= MOST_LABELS {
            true => Ok(()),
            false => {
                let message =
                    format!("its variables have more than {MOST_LABELS} value labels in all");
                Err(damaged(path, message))
            }
        }
    }
}

/// How a missing value with a letter is written.
pub(crate) fn special(letter: u8) -> String {
    format!(".{}", char::from(letter))
}

/// A stored number as it stands in the codes of its variable.
pub(crate) fn stored_value(kind: Kind, converted: f64) -> Value {
    let mut coder = Coder::default();
    let _ = number_code(&mut coder, kind, converted);
    coder
        .finish()
        .values
        .first()
        .cloned()
        .unwrap_or(Value::Null)
}

/// Rows that stand in a file one after the other.
pub(crate) struct PlainRows<R> {
    pub path: PathBuf,
    pub reader: R,
    pub row_bytes: usize,
    /// Rows that the file says it has; `None` where it ends when it ends.
    pub rows: Option<u64>,
    pub read: u64,
}

impl<R: Read + Send> Blocks for PlainRows<R> {
    type Block = RowBlock;

    fn next(&mut self) -> Result<Option<RowBlock>, Error> {
        let left = self
            .rows
            .map_or(u64::MAX, |rows| rows.saturating_sub(self.read));
        let rows = block_rows(self.row_bytes).min(usize::try_from(left).unwrap_or(usize::MAX));
        let mut bytes = Vec::with_capacity(rows * self.row_bytes);
        let read = (&mut self.reader)
            .take((rows * self.row_bytes) as u64)
            .read_to_end(&mut bytes)
            .map_err(|source| unreadable(&self.path, source))?;
        let whole = read / self.row_bytes.max(1);
        if whole < rows && self.rows.is_some() {
            let (found, expected) = (self.read + whole as u64, self.read + left);
            return Err(damaged(
                &self.path,
                format!("the file ends after {found} of {expected} rows"),
            ));
        }
        Ok(RowBlock::after(&mut self.read, bytes, whole))
    }
}
