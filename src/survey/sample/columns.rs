//! The values of respondents: numbers, or levels in their order.

use std::collections::HashMap;

use crate::survey::estimate::LevelNames;
use crate::survey::expr::{Bound, Expr};
use crate::survey::microdata::{MissingValues, Value};
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

    /// Codes in the order of the values, the same for equal values, and how many there may be.
    pub(super) fn ranks(&self, rows: &[u32]) -> (Vec<u32>, usize) {
        match &self.entries {
            Entries::Levels { codes, names, .. } => {
                let last = names.len() as u32;
                let of_rows = rows.iter().map(|row| codes[*row as usize].min(last));
                (of_rows.collect(), names.len() + 1)
            }
            Entries::Numbers(numbers) => {
                let mut distinct: Vec<f64> =
                    rows.iter().map(|row| numbers[*row as usize]).collect();
                distinct.sort_unstable_by(f64::total_cmp);
                distinct.dedup();
                let rank = |row: &u32| {
                    let number = numbers[*row as usize];
                    distinct.partition_point(|other| *other < number) as u32
                };
                (rows.iter().map(rank).collect(), distinct.len())
            }
        }
    }
}

/// Levels as they come in from batches, each with a dictionary of its own.
pub(super) struct LevelsInFile {
    names: LevelNames,
    missing: MissingValues,
    known: HashMap<Key, u32>,
    values: Vec<Value>,
    codes: Vec<u32>,
}

impl LevelsInFile {
    pub fn new(bound: &Bound) -> LevelsInFile {
        let names = LevelNames::new(bound, false);
        LevelsInFile {
            missing: names.missing(),
            names,
            known: HashMap::new(),
            values: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// Levels that exist whether or not anybody in the batch has them.
    pub fn add(&mut self, codes: &[u32], values: &[Value]) {
        let translated: Vec<u32> = values.iter().map(|value| self.code(value)).collect();
        let codes = codes.iter().map(|code| translated[*code as usize]);
        self.codes.extend(codes);
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

    /// The levels in their order: that of an expression that makes them, of labels in the codebook, else of the values.
    pub fn finish(self) -> Entries {
        let order = self.names.order(&self.values);
        let mut rank = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            rank[*old] = new as u32;
        }
        let new = |code: &u32| match *code {
            NO_ANSWER => NO_ANSWER,
            code => rank[code as usize],
        };
        Entries::Levels {
            codes: self.codes.iter().map(new).collect(),
            is_scale: self.names.is_scale(),
            names: order
                .iter()
                .map(|at| self.names.name(&self.values[*at]))
                .collect(),
        }
    }
}
