//! Respondents added up while they are read: a row a unit and combination of values, where these are few.
//!
//! A table of two questions in 1,000 PSUs has some 30,000 cells, a model of four factors under replicate weights 864, whatever
//! the respondents. Then nobody is kept: each thread numbers the cells of its batches and adds weights up, those of all
//! replicates side by side, and what they have is merged. More than a cell for four respondents don't pay: then rows are kept
//! as they are ([`pass`](super::pass)).

use std::sync::Arc;

use super::columns::{ColumnKind, Entries, LevelsInFile};
use super::numbering::{FEW, few_in_order};
use crate::statistics::special::Sum;
use crate::survey::expr::Output;
use crate::survey::microdata::{Coded, Codes, Value};
use crate::survey::sums::{AddedRows, Chain, Operand, ReplicateSums, codes_of, numbers_of};

/// So many cells always pay; beyond them each has to stand for so many respondents, on average.
const FEW_CELLS: usize = 1 << 12;
const LEAST_RESPONDENTS: usize = 4;

/// Sums of one cell.
#[derive(Clone, Default)]
pub struct CellSums {
    pub n: u64,
    pub weight: Sum,
    /// Σ w².
    pub square: Sum,
}

/// The respondents of a batch.
pub struct BatchRows<'b> {
    pub first_row: u64,
    /// Their rows in the batch, and the weight of each.
    pub rows: &'b [u32],
    pub weights: &'b [f64],
    /// Replicate weights of all rows of the batch.
    pub replicates: &'b [&'b [f64]],
}

/// The cells that one thread has met.
#[derive(Default)]
pub struct Cells {
    /// Unit, then column by column.
    crossings: Chain,
    pub sums: Vec<CellSums>,
    /// The first row of the file that lies in each.
    pub first_row: Vec<u64>,
    replicates: ReplicateSums,
    /// The sums of each replicate, once all batches are added.
    pub of_replicates: Vec<Vec<Sum>>,
    respondents: usize,
    /// The first row of the last batch in the order of the file.
    reached: u64,
}

impl Cells {
    /// Of so many columns.
    pub fn new(columns: usize) -> Cells {
        Cells {
            crossings: Chain::new(columns),
            ..Cells::default()
        }
    }

    /// Adds a batch, with the unit of each respondent and how many units there are; `false`, and nothing is added, where that
    /// doesn't pay.
    pub fn add(
        &mut self,
        batch: &BatchRows,
        (units, unit_count): (&[u32], usize),
        columns: &[Coded],
    ) -> bool {
        self.respondents += batch.rows.len();
        let cells = self
            .crossings
            .number_below(units.to_vec(), unit_count, columns.iter());
        let count = self.crossings.len();
        if count > FEW_CELLS + self.respondents / LEAST_RESPONDENTS {
            return false;
        }
        self.sums.resize(count, CellSums::default());
        self.first_row.resize(count, u64::MAX);
        let is_late = batch.first_row < self.reached;
        self.reached = self.reached.max(batch.first_row);
        for ((cell, row), weight) in cells.iter().zip(batch.rows).zip(batch.weights) {
            let own = &mut self.sums[*cell as usize];
            if own.n == 0 || is_late {
                let first = &mut self.first_row[*cell as usize];
                *first = (batch.first_row + u64::from(*row)).min(*first);
            }
            own.n += 1;
            own.weight.add(*weight);
            own.square.add_sum(Sum::product(*weight, *weight));
        }
        if !batch.replicates.is_empty() {
            self.replicates.reserve(batch.replicates.len(), 1, 1, count);
            let added = AddedRows {
                rows: batch.rows,
                entries: &cells,
                numbers: &[],
                products: &[],
            };
            self.replicates.add(batch.replicates, &added);
        }
        true
    }

    /// Whether anybody is in them.
    pub fn is_empty(&self) -> bool {
        self.sums.iter().all(|cell| cell.n == 0)
    }

    /// No more batches come.
    pub fn finish(&mut self) {
        self.of_replicates = std::mem::take(&mut self.replicates).finish();
        let count = self.sums.len();
        self.of_replicates
            .iter_mut()
            .for_each(|sums| sums.resize(count, Sum::ZERO));
    }

    /// Takes in what another thread has, whose units have these numbers here.
    pub fn absorb(&mut self, other: Cells, (units, unit_count): (&[u32], usize)) {
        let places = self.crossings.absorb(other.crossings, units, unit_count);
        self.sums.resize(self.crossings.len(), CellSums::default());
        self.first_row.resize(self.sums.len(), u64::MAX);
        for ((place, more), row) in places.iter().zip(other.sums).zip(other.first_row) {
            let own = &mut self.sums[*place as usize];
            let first = &mut self.first_row[*place as usize];
            *first = row.min(*first);
            own.n += more.n;
            own.weight.add_sum(more.weight);
            own.square.add_sum(more.square);
        }
        let replicates = other.of_replicates.len().max(self.of_replicates.len());
        self.of_replicates.resize(replicates, Vec::new());
        for own in &mut self.of_replicates {
            own.resize(self.sums.len(), Sum::ZERO);
        }
        for (own, more) in self.of_replicates.iter_mut().zip(other.of_replicates) {
            for (place, more) in places.iter().zip(more) {
                own[*place as usize].add_sum(more);
            }
        }
    }

    /// The cells that somebody is in, in the order of the file.
    pub fn in_order(&self) -> Vec<u32> {
        let cells = (0..self.sums.len() as u32).filter(|cell| self.sums[*cell as usize].n > 0);
        let mut cells: Vec<u32> = cells.collect();
        cells.sort_unstable_by_key(|cell| self.first_row[*cell as usize]);
        cells
    }

    /// The values of some cells, column by column.
    pub fn entries(&self, cells: &[u32], columns: &[(ColumnKind, &Operand)]) -> Vec<Entries> {
        let mut numbers = cells.to_vec();
        let mut entries = Vec::with_capacity(columns.len());
        let crossed = self.crossings.columns.iter().zip(columns).rev();
        for ((dictionary, pairs), (kind, operand)) in crossed {
            let mut codes = Vec::with_capacity(cells.len());
            for number in &mut numbers {
                let (above, below) = pairs.pairs[*number as usize];
                *number = above;
                codes.push(below);
            }
            let number = |code: &u32| match dictionary.values.get(*code as usize) {
                Some(Value::Number(number)) => *number,
                _ => f64::NAN,
            };
            entries.push(match kind {
                ColumnKind::Numbers => Entries::Numbers(codes.iter().map(number).collect()),
                ColumnKind::Levels => {
                    let mut levels = LevelsInFile::new(&operand.bound);
                    let names = levels.translate(&dictionary.values);
                    levels.finish(&[(Codes::Wide(codes), names)])
                }
            });
        }
        entries.reverse();
        entries
    }
}

/// A column as codes; `None` of numbers with many values.
pub fn coded_column(kind: ColumnKind, output: Output<'_>) -> Option<Coded> {
    match (kind, output) {
        (ColumnKind::Levels, output) => Some(codes_of(output).into_owned()),
        // in the order of the codes of truth: false, true, unknown
        (ColumnKind::Numbers, Output::Truth(truth)) => Some(Coded {
            codes: Codes::Narrow(truth),
            values: Arc::new(vec![Value::Number(0.0), Value::Number(1.0), Value::Null]),
        }),
        (ColumnKind::Numbers, output) => coded_numbers(&numbers_of(output)),
    }
}

fn coded_numbers(numbers: &[f64]) -> Option<Coded> {
    let known = numbers.iter().copied().filter(|number| !number.is_nan());
    let different = few_in_order(known)?;
    let unknown = different.len();
    if unknown >= FEW {
        return None;
    }
    let code = |number: &f64| match number.is_nan() {
        true => unknown as u8,
        false => different.partition_point(|other| other < number) as u8,
    };
    // −0 is 0
    let values = different.iter().map(|number| Value::Number(number + 0.0));
    Some(Coded {
        codes: Codes::Narrow(numbers.iter().map(code).collect()),
        values: Arc::new(values.chain([Value::Null]).collect()),
    })
}
