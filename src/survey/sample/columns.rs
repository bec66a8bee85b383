//! The values of respondents: numbers, or levels in their order.

use std::collections::HashMap;

use crate::survey::estimate::LevelNames;
use crate::survey::expr::{Bound, Expr};
use crate::survey::microdata::{Codes, MissingValues, Value};
use crate::survey::sums::Key;

/// The code of those without an answer.
pub const NO_ANSWER: u32 = u32::MAX;

/// What a column of a sample is to hold.
#[derive(Clone, Debug)]
pub struct ColumnRequest {
    /// As it was written.
    pub text: String,
    pub expr: Expr,
    pub kind: ColumnKind,
}

/// Numbers, or levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Numbers,
    Levels,
}

/// The values of the respondents of a sample.
#[derive(Clone, Debug)]
pub struct SampleColumn {
    pub text: String,
    pub entries: Entries,
}

/// One entry a respondent.
#[derive(Clone, Debug)]
pub enum Entries {
    /// NaN where there is no answer.
    Numbers(Vec<f64>),
    /// [`NO_ANSWER`] where there is none.
    Levels {
        codes: Vec<u32>,
        /// What the levels are called, in their order.
        names: Vec<String>,
        /// Whether this order is more than that of the alphabet.
        is_scale: bool,
    },
}

impl SampleColumn {
    /// Whether a respondent has an answer.
    pub fn is_known(&self, row: usize) -> bool {
        match &self.entries {
            Entries::Numbers(numbers) => !numbers[row].is_nan(),
            Entries::Levels { codes, .. } => codes[row] != NO_ANSWER,
        }
    }

    /// The respondents without an answer.
    pub fn gaps(&self) -> Box<dyn Iterator<Item = usize> + '_> {
        match &self.entries {
            Entries::Numbers(numbers) => {
                Box::new((0..numbers.len()).filter(|row| numbers[*row].is_nan()))
            }
            Entries::Levels { codes, .. } => {
                Box::new((0..codes.len()).filter(|row| codes[*row] == NO_ANSWER))
            }
        }
    }

    /// Takes the mark off those of some respondents who have no answer.
    pub(super) fn mark_unknown(&self, rows: &[u32], known: &mut [bool]) {
        let marks = known.iter_mut().zip(rows);
        match &self.entries {
            Entries::Numbers(numbers) => {
                marks.for_each(|(known, row)| *known &= !numbers[*row as usize].is_nan());
            }
            Entries::Levels { codes, .. } => {
                marks.for_each(|(known, row)| *known &= codes[*row as usize] != NO_ANSWER);
            }
        }
    }

    /// The numbers; NaN of levels.
    pub fn number(&self, row: usize) -> f64 {
        match &self.entries {
            Entries::Numbers(numbers) => numbers[row],
            Entries::Levels { .. } => f64::NAN,
        }
    }

    /// The code of the level; that of no answer where these are numbers.
    pub fn code(&self, row: usize) -> u32 {
        match &self.entries {
            Entries::Numbers(_) => NO_ANSWER,
            Entries::Levels { codes, .. } => codes[row],
        }
    }

    /// What the levels are called, in their order; none of numbers.
    pub fn names(&self) -> &[String] {
        match &self.entries {
            Entries::Numbers(_) => &[],
            Entries::Levels { names, .. } => names,
        }
    }
}

/// The levels of a column as they come in from batches, each with a dictionary of its own.
pub(super) struct LevelsInFile {
    names: LevelNames,
    missing: MissingValues,
    known: HashMap<Key, u32>,
    values: Vec<Value>,
}

impl LevelsInFile {
    pub fn new(bound: &Bound) -> LevelsInFile {
        let names = LevelNames::new(bound, false);
        LevelsInFile {
            missing: names.missing(),
            names,
            known: HashMap::new(),
            values: Vec::new(),
        }
    }

    /// The numbers of levels that exist whether or not anybody in the batch has them.
    pub fn translate(&mut self, values: &[Value]) -> Vec<u32> {
        values.iter().map(|value| self.code(value)).collect()
    }

    fn code(&mut self, value: &Value) -> u32 {
        if self.missing.holds(value) {
            return NO_ANSWER;
        }
        let next = self.values.len() as u32;
        let code = *self.known.entry(Key::from(value)).or_insert(next);
        if code == next {
            self.values.push(value.clone());
        }
        code
    }

    /// The levels in their order: that of an expression that makes them, of labels in the codebook, else of the values. Of
    /// batches their codes, each with the numbers that these have here.
    pub fn finish(self, batches: &[(Codes, Vec<u32>)]) -> Entries {
        let order = self.names.order(&self.values);
        let mut rank = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            rank[*old] = new as u32;
        }
        let count = batches.iter().map(|(codes, _)| codes.len()).sum();
        let mut all = Vec::with_capacity(count);
        for (codes, numbers) in batches {
            let new = |number: &u32| match *number {
                NO_ANSWER => NO_ANSWER,
                number => rank[number as usize],
            };
            let table: Vec<u32> = numbers.iter().map(new).collect();
            match codes {
                Codes::Narrow(codes) => all.extend(codes.iter().map(|code| table[*code as usize])),
                Codes::Wide(codes) => all.extend(codes.iter().map(|code| table[*code as usize])),
            }
        }
        Entries::Levels {
            codes: all,
            is_scale: self.names.is_scale(),
            names: order
                .iter()
                .map(|at| self.names.name(&self.values[*at]))
                .collect(),
        }
    }
}
