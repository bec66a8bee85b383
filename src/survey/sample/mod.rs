//! Respondents as tests and models need them: each row with its unit, its weight and its values, in one pass.
//!
//! Means and shares follow from sums and never keep a respondent ([`sums`](super::sums)). A rank, a likelihood or a margin
//! asks for the values together, so here the rows are kept, and at once compressed: [`Patterns`] has one entry a
//! combination of values and, for the variance, one a unit and combination. Whatever is then estimated from the weights of the
//! patterns has a variance by one of two ways, which [`Patterns::covariance`] hides: the design variance of the total of its
//! scores w s(pattern), or the estimate made anew with each column of replicate weights.

mod columns;
mod patterns;
mod read;
mod sums_as_rows;

pub use columns::{ColumnKind, ColumnRequest, Entries, NO_ANSWER, SampleColumn};
pub use patterns::Patterns;
pub use read::SampleRequest;
pub use sums_as_rows::SumsAsRows;

use std::sync::Arc;

use crate::statistics::special::Sum;
use crate::survey::design::{Design, Replication, Units};
use crate::survey::estimate::Residuals;
use crate::survey::sums::{Mode, Sums};

/// The respondents of a subpopulation, and the design that all of them were drawn by.
pub struct Sample<'r> {
    pub design: Design,
    pub units: Units,
    pub mode: Mode,
    pub replication: Option<Replication>,
    /// Degrees of freedom of the whole design.
    pub df: f64,
    /// Who is in the file, and what was counted on the way.
    pub sums: Sums,
    /// The row of the file that each respondent is.
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
    /// Where a row stands for several respondents.
    multiplicity: Option<Multiplicity>,
}

/// How many respondents each row stands for, and Σ w² of them.
#[derive(Default)]
struct Multiplicity {
    n: Vec<u64>,
    square: Vec<Sum>,
}

/// What a calibration takes from scores, and the unit of every row of the file.
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

    /// How many respondents some rows are.
    pub fn respondents(&self, rows: &[u32]) -> u64 {
        rows.iter().map(|row| self.n(*row as usize)).sum()
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
        let all = 0..self.count() as u32;
        let known = |row: &u32| {
            let mut chosen = columns.iter().filter_map(|at| self.columns.get(*at));
            chosen.all(|column| column.is_known(*row as usize))
        };
        all.filter(known).collect()
    }

    /// How many have no answer in each of some columns, by its text; those without any gap are left out.
    pub fn missing(&self, columns: &[usize]) -> Vec<(String, u64)> {
        let mut missing: Vec<(String, u64)> = Vec::new();
        for column in columns.iter().filter_map(|at| self.columns.get(*at)) {
            let gaps = (0..self.count()).filter(|row| !column.is_known(*row));
            let gaps: u64 = gaps.map(|row| self.n(row)).sum();
            if gaps > 0 && !missing.iter().any(|(text, _)| *text == column.text) {
                missing.push((column.text.clone(), gaps));
            }
        }
        missing
    }

    /// Degrees of freedom of some respondents: PSUs less strata of those in which they are. A number that the design names is
    /// kept, and so are those of replicate weights.
    pub fn df_of(&self, rows: &[u32]) -> f64 {
        if self.design.df.is_some() || self.mode == Mode::Replicates {
            return self.df;
        }
        let mut units: Vec<u32> = rows.iter().map(|row| self.unit[*row as usize]).collect();
        let count = self.respondents(rows);
        units.sort_unstable();
        units.dedup();
        let mut strata: Vec<u32> = units.iter().map(|unit| self.units.stratum(*unit)).collect();
        let psus = match self.units.elements {
            true => count,
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
}
