//! Respondents as tests and models need them: each row with its unit, its weight and its values, in one pass.
//!
//! Means and shares follow from sums and never keep a respondent ([`sums`](super::sums)). A rank, a likelihood or a margin
//! asks for the values together, so here the rows are kept, or added up while they are read where many are alike, and compressed:
//! [`Patterns`] has one entry a combination of values and, for the variance, one a unit and combination. Whatever is then estimated from the weights of the
//! patterns has a variance by one of two ways, which [`Patterns::covariance`] hides: the design variance of the total of its
//! scores w s(pattern), or the estimate made anew with each column of replicate weights.

mod cells;
mod columns;
mod numbering;
mod pass;
mod patterns;
mod read;
mod sums_as_rows;
mod tally;

pub use columns::{ColumnKind, ColumnRequest, Entries, NO_ANSWER, SampleColumn};
pub use patterns::Patterns;
pub use read::SampleRequest;
pub use sums_as_rows::SumsAsRows;

use std::sync::Arc;

use rayon::prelude::*;

use crate::statistics::special::Sum;
use crate::survey::design::{Design, Replication, Units};
use crate::survey::estimate::Residuals;
use crate::survey::sums::Mode;

/// The respondents of a subpopulation, and the design that all of them were drawn by.
#[derive(Clone)]
pub struct Sample<'r> {
    pub design: Design,
    pub units: Units,
    pub mode: Mode,
    pub replication: Option<Replication>,
    /// Degrees of freedom of the whole design.
    pub df: f64,
    /// Rows of the file without a weight.
    pub without_weight: u64,
    /// The row of the file that each respondent is; the first of those who are added up.
    pub file_row: Vec<u64>,
    /// The unit of the last stage that each lies in; the stratum where rows are the units.
    pub unit: Vec<u32>,
    /// Weights above 0, times `scale`: those without one are not among them.
    pub weight: Vec<f64>,
    /// 1, but where the weights are so small or large that their squares are no floats: a power of two.
    pub scale: f64,
    /// Whole replicate weights, replicate by replicate.
    pub replicates: Vec<Vec<f64>>,
    pub columns: Vec<SampleColumn>,
    /// What one should look at, and what one should know.
    pub warnings: Vec<String>,
    pub notes: Vec<String>,
    /// Where the weights were made to hold totals.
    calibration: Option<Calibration<'r>>,
    /// Where rows stand for several respondents.
    multiplicity: Option<Multiplicity>,
}

/// Respondents that are looked at together: few enough to stay in the cache.
const CHUNK: usize = 1 << 14;

/// How many respondents each row stands for, Σ w² of them, and what their weight has beyond the digits of a float.
#[derive(Clone, Default)]
struct Multiplicity {
    n: Vec<u64>,
    square: Vec<Sum>,
    beyond: Vec<f64>,
}

/// What a calibration takes from scores, and the unit of every row of the file.
#[derive(Clone)]
struct Calibration<'r> {
    residuals: &'r dyn Residuals,
    unit_of_row: Arc<Vec<u32>>,
}

impl Sample<'_> {
    /// Brings weights whose squares would be no floats near 1; a power of two changes no digit.
    fn scale_weights(&mut self) {
        let largest = self.weight.iter().copied().fold(0.0, f64::max);
        if largest == 0.0 || (1e-100..1e100).contains(&largest) {
            return;
        }
        let power = -largest.log2().round() as i32;
        // in two steps, as the factor itself may be no float
        let halves = [power / 2, power - power / 2].map(|half| 2.0_f64.powi(half));
        let columns = std::iter::once(&mut self.weight).chain(&mut self.replicates);
        for weight in columns.flatten() {
            *weight *= halves[0];
            *weight *= halves[1];
        }
        self.scale = halves[0] * halves[1];
    }

    /// How many respondents a row stands for.
    fn n(&self, row: usize) -> u64 {
        self.multiplicity
            .as_ref()
            .map_or(1, |multiplicity| multiplicity.n[row])
    }

    /// Σ w² of a row.
    pub fn square(&self, row: usize) -> Sum {
        match &self.multiplicity {
            Some(multiplicity) => multiplicity.square[row] * (self.scale * self.scale),
            None => Sum::product(self.weight[row], self.weight[row]),
        }
    }

    /// The weight of a row, to 32 digits.
    fn whole_weight(&self, row: usize) -> Sum {
        Sum {
            high: self.weight[row],
            low: match &self.multiplicity {
                Some(multiplicity) => multiplicity.beyond[row] * self.scale,
                None => 0.0,
            },
        }
    }

    /// How many respondents there are.
    pub fn everybody(&self) -> u64 {
        match &self.multiplicity {
            None => self.count() as u64,
            Some(multiplicity) => multiplicity.n.iter().sum(),
        }
    }

    /// How many respondents some rows are.
    pub fn respondents(&self, rows: &[u32]) -> u64 {
        match &self.multiplicity {
            None => rows.len() as u64,
            Some(_) => rows.iter().map(|row| self.n(*row as usize)).sum(),
        }
    }

    /// A sum of weights as the file has them.
    pub fn unscaled(&self, weight: f64) -> f64 {
        weight / self.scale
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.weight.len()
    }

    /// Those who have an answer in all of some columns.
    pub fn complete(&self, columns: &[usize]) -> Vec<u32> {
        let all: Vec<u32> = (0..self.count() as u32).collect();
        self.complete_among(&all, columns)
    }

    /// Those of some respondents who have an answer in all of some columns.
    pub fn complete_among(&self, rows: &[u32], columns: &[usize]) -> Vec<u32> {
        let chunk = |rows: &[u32]| -> Vec<u32> {
            let mut known = vec![true; rows.len()];
            for column in columns.iter().filter_map(|at| self.columns.get(*at)) {
                column.mark_unknown(rows, &mut known);
            }
            let pairs = rows.iter().zip(known);
            pairs
                .filter_map(|(row, known)| known.then_some(*row))
                .collect()
        };
        let chunks: Vec<Vec<u32>> = rows.par_chunks(CHUNK).map(chunk).collect();
        chunks.concat()
    }

    /// How many have no answer in each of some columns, by its text; those without any gap are left out.
    pub fn missing(&self, columns: &[usize]) -> Vec<(String, u64)> {
        let gaps = |at: &usize| {
            let column = self.columns.get(*at)?;
            let gaps: u64 = column.gaps().map(|row| self.n(row)).sum();
            Some((column.text.clone(), gaps))
        };
        let each: Vec<Option<(String, u64)>> = columns.par_iter().map(gaps).collect();
        let mut missing: Vec<(String, u64)> = Vec::new();
        for (text, gaps) in each.into_iter().flatten() {
            if gaps > 0 && !missing.iter().any(|(known, _)| *known == text) {
                missing.push((text, gaps));
            }
        }
        missing
    }

    /// Which levels of a column some respondents have, by code.
    pub fn present(&self, column: usize, rows: &[u32]) -> Vec<bool> {
        let Some(column) = self.columns.get(column) else {
            return Vec::new();
        };
        let count = column.names().len();
        let chunk = |rows: &[u32]| {
            let mut present = vec![false; count];
            for row in rows {
                if let Some(entry) = present.get_mut(column.code(*row as usize) as usize) {
                    *entry = true;
                }
            }
            present
        };
        let chunks = rows.par_chunks(CHUNK).map(chunk);
        chunks.reduce(
            || vec![false; count],
            |mut all, own| {
                all.iter_mut().zip(own).for_each(|(all, own)| *all |= own);
                all
            },
        )
    }

    /// The number of the combination of values in some columns that each of some respondents has, in the order of the values,
    /// and how many occur.
    pub fn numbered(&self, columns: &[usize], rows: &[u32]) -> (Vec<u32>, usize) {
        let columns = columns.iter().filter_map(|at| self.columns.get(*at));
        let columns: Vec<&SampleColumn> = columns.collect();
        numbering::numbered(&columns, rows)
    }

    /// Degrees of freedom of some respondents: PSUs less strata of those in which they are. A number that the design names is
    /// kept, and so are those of replicate weights.
    pub fn df_of(&self, rows: &[u32]) -> f64 {
        if self.design.df.is_some() || self.mode == Mode::Replicates {
            return self.df;
        }
        let units = self.units_of(rows);
        let mut strata: Vec<u32> = units.iter().map(|unit| self.units.stratum(*unit)).collect();
        let psus = match self.units.elements {
            true => self.respondents(rows),
            false => {
                let first = units.iter().map(|unit| self.units.first_stage_unit(*unit));
                let mut psus: Vec<u32> = first.collect();
                psus.dedup();
                psus.len() as u64
            }
        };
        strata.dedup();
        psus as f64 - strata.len() as f64
    }

    /// The units of some respondents, each once, in their order.
    pub fn units_of(&self, rows: &[u32]) -> Vec<u32> {
        let units = || rows.par_iter().map(|row| self.unit[*row as usize]);
        let count = units().max().map_or(0, |most| most as usize + 1);
        let mut present = vec![false; count];
        for row in rows {
            present[self.unit[*row as usize] as usize] = true;
        }
        let units = (0..count as u32).zip(present);
        units
            .filter_map(|(unit, present)| present.then_some(unit))
            .collect()
    }
}
