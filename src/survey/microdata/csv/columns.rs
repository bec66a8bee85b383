//! The columns of a block that are asked for.

use super::record::Fields;
use crate::survey::microdata::decoding::coding::{Coder, QuickMap};
use crate::survey::microdata::inference::evidence::{Form, Missing, Rules, excerpt};
use crate::survey::microdata::inference::number::trimmed;
use crate::survey::microdata::{Column, Value, View};

/// One column that is requested.
#[derive(Clone, Copy, Debug)]
pub(super) struct Requested {
    pub column: usize,
    pub rules: Rules,
    pub view: View,
    /// Which of the requests it answers.
    pub request: usize,
}

/// An entry that contradicts the kind or the view of its column.
#[derive(Clone, Debug)]
pub(super) enum Contradiction {
    /// The column was numbers in the part that was looked at.
    NoLongerNumber {
        row: u64,
        column: usize,
        entry: String,
    },
    /// Numbers are asked of a text column.
    NoNumber {
        column: usize,
        entry: String,
    },
    NotUtf8 {
        row: u64,
    },
}

/// Builds the requested columns of a block; those stand in the order of the file.
pub(super) struct Columns<'a> {
    building: Vec<Building>,
    next: usize,
    row: u64,
    missing: &'a Missing,
    pub(super) contradiction: Option<Contradiction>,
}

struct Building {
    requested: Requested,
    entries: Entries,
}

enum Entries {
    Numbers(Vec<f64>),
    Codes(Box<Known>),
}

/// The codes of the entries seen so far; the short ones by their bytes.
struct Known {
    coder: Coder,
    single: [u32; 256],
    short: QuickMap<u64, u32>,
    /// Of dates, which take long to read.
    long: QuickMap<Vec<u8>, u32>,
}

const UNKNOWN: u32 = u32::MAX;

impl<'a> Columns<'a> {
    /// `requested` in the order of its columns.
    pub(super) fn new(requested: &[Requested], rows: usize, missing: &'a Missing) -> Columns<'a> {
        let building = requested.iter().map(|requested| Building {
            requested: *requested,
            entries: match requested.view {
                View::Numbers => Entries::Numbers(Vec::with_capacity(rows)),
                View::Codes => Entries::Codes(Box::new(Known::new(rows))),
            },
        });
        Columns {
            building: building.collect(),
            next: 0,
            row: 0,
            missing,
            contradiction: None,
        }
    }

    /// In the order of the requests.
    pub(super) fn finish(self) -> Vec<Column> {
        let mut columns: Vec<(usize, Column)> = self
            .building
            .into_iter()
            .map(|building| {
                let column = match building.entries {
                    Entries::Numbers(numbers) => Column::Numbers(numbers),
                    Entries::Codes(known) => Column::Codes(known.coder.finish()),
                };
                (building.requested.request, column)
            })
            .collect();
        columns.sort_by_key(|(request, _)| *request);
        columns.into_iter().map(|(_, column)| column).collect()
    }
}

impl Fields for Columns<'_> {
    #[inline]
    fn field(&mut self, column: usize, entry: &[u8]) {
        // more than one request may be for the same column
        while let Some(building) = self.building.get_mut(self.next) {
            if building.requested.column != column {
                return;
            }
            self.next += 1;
            if let Err(contradiction) = building.take(entry, self.missing, self.row) {
                // its column lacks an entry from here on: the block is not handed out
                self.contradiction.get_or_insert(contradiction);
            }
        }
    }

    #[inline]
    fn end(&mut self) {
        self.next = 0;
        self.row += 1;
    }

    #[inline]
    fn next_column(&self) -> usize {
        let next = self.building.get(self.next);
        next.map_or(usize::MAX, |building| building.requested.column)
    }
}

impl Building {
    #[inline]
    fn take(&mut self, entry: &[u8], missing: &Missing, row: u64) -> Result<(), Contradiction> {
        match &mut self.entries {
            Entries::Numbers(numbers) => {
                numbers.push(
                    self.requested
                        .number(entry, missing, row)?
                        .unwrap_or(f64::NAN),
                );
            }
            Entries::Codes(known) => {
                let code = match known.get(entry) {
                    Some(code) => code,
                    None => known.learn(entry, self.requested, missing, row)?,
                };
                known.coder.push(code);
            }
        }
        Ok(())
    }
}

impl Requested {
    #[inline]
    fn number(
        self,
        entry: &[u8],
        missing: &Missing,
        row: u64,
    ) -> Result<Option<f64>, Contradiction> {
        let entry = trimmed(entry);
        let is_missing = || self.rules.is_missing(entry, missing);
        match self.rules.number(entry) {
            // a number is no answer only where it was named so
            Some(_) if matches!(missing, Missing::Named(_)) && is_missing() => Ok(None),
            Some(number) => Ok(Some(number)),
            None if is_missing() => Ok(None),
            None => self.number_of_other(entry, row).map(Some),
        }
    }

    /// The number of an entry that is none by itself.
    fn number_of_other(self, entry: &[u8], row: u64) -> Result<f64, Contradiction> {
        match self.rules.form {
            Form::Number(_) => Err(Contradiction::NoLongerNumber {
                row,
                column: self.column,
                entry: excerpt(entry),
            }),
            Form::Date(_) => {
                let date = self.rules.date(entry).and_then(|(_, number)| number);
                date.ok_or_else(|| self.no_number(entry))
            }
            // digits that a text column keeps as written count by their value here
            Form::Text | Form::Verbatim => digits(entry).ok_or_else(|| self.no_number(entry)),
        }
    }

    fn no_number(self, entry: &[u8]) -> Contradiction {
        Contradiction::NoNumber {
            column: self.column,
            entry: excerpt(entry),
        }
    }
}

fn digits(entry: &[u8]) -> Option<f64> {
    let unsigned = entry.strip_prefix(b"-").unwrap_or(entry);
    if unsigned.is_empty() || !unsigned.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(entry).ok()?.parse().ok()
}

impl Known {
    fn new(rows: usize) -> Known {
        Known {
            coder: Coder::with_capacity(rows),
            single: [UNKNOWN; 256],
            short: QuickMap::default(),
            long: QuickMap::default(),
        }
    }

    #[inline]
    fn get(&self, entry: &[u8]) -> Option<u32> {
        match entry {
            [byte] => Some(self.single[usize::from(*byte)]).filter(|code| *code != UNKNOWN),
            _ if entry.len() < 8 => self.short.get(&packed(entry)).copied(),
            _ if self.long.is_empty() => None,
            _ => self.long.get(entry).copied(),
        }
    }

    #[inline(never)]
    fn learn(
        &mut self,
        entry: &[u8],
        requested: Requested,
        missing: &Missing,
        row: u64,
    ) -> Result<u32, Contradiction> {
        let bare = trimmed(entry);
        let rules = requested.rules;
        let text = |entry| std::str::from_utf8(entry).map_err(|_| Contradiction::NotUtf8 { row });
        let code = match rules.form {
            _ if rules.is_missing(bare, missing) => self.coder.null(),
            Form::Number(_) => {
                let number = requested.number(entry, missing, row)?;
                self.coder.value(&number.map_or(Value::Null, Value::Number))
            }
            Form::Date(_) => {
                let code = match rules.date(bare) {
                    Some((value, _)) => self.coder.value(&value),
                    // behind the part that was looked at, anything may come
                    None => self.coder.text(text(bare)?),
                };
                if entry.len() >= 8 {
                    self.long.insert(entry.to_vec(), code);
                }
                code
            }
            Form::Text => self.coder.text(text(bare)?),
            Form::Verbatim => self.coder.text(text(entry)?),
        };
        match entry {
            [byte] => self.single[usize::from(*byte)] = code,
            _ if entry.len() < 8 => drop(self.short.insert(packed(entry), code)),
            // long ones are looked up by their value each time
            _ => {}
        }
        Ok(code)
    }
}

/// Up to seven bytes and their number in one word.
#[inline]
fn packed(entry: &[u8]) -> u64 {
    // the length in front keeps apart what zero bytes at the start would make one
    entry.iter().fold(entry.len() as u64, |word, byte| {
        (word << 8) | u64::from(*byte)
    })
}
