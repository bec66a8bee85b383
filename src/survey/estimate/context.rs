//! Everything that is the same for all items of a request: the sums, the design, and what each domain has of it.

use std::ops::Range;

use super::calibration::{Element, ResidualSums, Residuals};
use super::degrees::Degrees;
use super::options::{DeffKind, Options};
use super::scores::{DesignVariance, ElementSums, Scores, added_by_unit};
use crate::survey::microdata::Value;
use crate::survey::sums::{Mode, Sum, Sums};

/// Everything that is the same for all items: the sums, the design, what each domain is.
pub struct Context<'a> {
    pub sums: &'a Sums,
    pub mode: Mode,
    pub variance: DesignVariance<'a>,
    pub options: Options,
    /// What a design effect compares with.
    pub deff: DeffKind,
    /// Units of the last stage, cells and degrees of freedom of domains.
    pub degrees: &'a Degrees<'a>,
    /// Takes the scores of rows to those that a calibration leaves.
    pub residuals: Option<&'a dyn Residuals>,
    /// The same from sums, where rows are not kept.
    pub residual_sums: Option<&'a ResidualSums<'a>>,
}

impl<'a> Context<'a> {
    /// Where the cells of a domain stand.
    pub fn cells(&self, domain: usize) -> Range<usize> {
        self.degrees.cells.get(domain).cloned().unwrap_or_default()
    }

    /// Scores of the cells of a domain as scores of units; `None` of a cell in which nobody answered. The score of a cell is
    /// that of the sums that are given.
    pub fn units(&self, domain: usize, score: impl Fn(&Sums, usize) -> Option<Sum>) -> Scores {
        let range = self.cells(domain);
        if let Some(residual_sums) = self.residual_sums {
            let score = |sums: &Sums, cell: usize| score(sums, cell).unwrap_or(Sum::ZERO).value();
            let mut all = vec![0.0; self.sums.units.len()];
            for cell in range {
                all[self.sums.cells[cell].unit as usize] = score(self.sums, cell);
            }
            residual_sums.units(domain, &score, &mut all);
            let units = self.degrees.last_stage.iter().zip(all);
            return Scores::Units(added_by_unit(
                units.map(|(place, score)| (*place, Sum::from(score))),
            ));
        }
        let score = |cell: usize| score(self.sums, cell);
        if let Some(residuals) = self.residuals {
            let row = |cell: usize| self.row(self.sums.cells[cell].unit as usize);
            let rows: Vec<(u64, f64)> = range
                .map(|cell| (row(cell), score(cell).unwrap_or(Sum::ZERO).value()))
                .collect();
            let all = residuals.residual_scores(&rows);
            let of_unit = |unit: usize| {
                all.get(self.row(unit) as usize)
                    .copied()
                    .unwrap_or(f64::NAN)
            };
            let units = self.degrees.last_stage.iter().enumerate();
            return Scores::Units(added_by_unit(
                units.map(|(unit, place)| (*place, Sum::from(of_unit(unit)))),
            ));
        }
        let place = |cell: usize| self.degrees.last_stage[self.sums.cells[cell].unit as usize];
        let scores = range.filter_map(|cell| Some((place(cell), score(cell)?)));
        match self.mode {
            Mode::Rows => Scores::Units(added_by_unit(scores)),
            _ => {
                let mut scores: Vec<(u32, Sum)> = scores.collect();
                scores.shrink_to_fit();
                Scores::Units(scores)
            }
        }
    }

    /// The row of the file that a unit is, where rows are kept: the last part of its path.
    fn row(&self, unit: usize) -> u64 {
        match self.sums.units[unit].path.last() {
            Some(Value::Number(row)) => *row as u64,
            _ => u64::MAX,
        }
    }

    /// Scores of the strata of a domain where rows are the units; `None` of one in which nobody answered.
    pub fn elements(&self, domain: usize, score: impl Fn(usize) -> Option<ElementSums>) -> Scores {
        let strata = self
            .cells(domain)
            .filter_map(|cell| Some((self.stratum(cell), score(cell)?)));
        let mut strata: Vec<(u32, ElementSums)> = strata.collect();
        // room for four is the least that a vector takes, and most of a million domains lie in one stratum
        strata.shrink_to_fit();
        Scores::Elements(strata)
    }

    fn stratum(&self, cell: usize) -> u32 {
        let unit = self.sums.cells[cell].unit;
        self.sums.units[unit as usize].stratum
    }

    /// How many respondents the stratum of a cell has, in any domain or none, where rows are the units.
    pub fn sampled(&self, cell: usize) -> f64 {
        let stage = self.variance.units.stages.first();
        let sampled = stage.and_then(|stage| stage.sampled.get(self.stratum(cell) as usize));
        sampled.map_or(f64::NAN, |n| *n as f64)
    }

    /// The same after a calibration, if there is one that sums know of. `score` is that of a cell of some sums, `element`
    /// that of its respondents less a f.
    pub fn classed_elements(
        &self,
        domain: usize,
        score: impl Fn(&Sums, usize) -> f64,
        element: impl Fn(&Sums, usize, Sum) -> Element,
    ) -> Option<Scores> {
        let residual_sums = self.residual_sums?;
        Some(Scores::Elements(
            residual_sums.elements(domain, &score, &element),
        ))
    }

    /// The variance that a simple random sample of that size would give Σ w g, with S² the variance of g.
    ///
    /// `None` without replacement where the weights add up to the respondents, but for the rounding of weights that were
    /// scaled to them: such weights name no population.
    pub fn srs_variance(&self, spread: f64, weight: f64, n: u64, kind: DeffKind) -> Option<f64> {
        let n = n as f64;
        let replaced = weight * weight * spread / n;
        match kind {
            DeffKind::Replace => Some(replaced),
            DeffKind::Srs if weight <= n * (1.0 + 1e-6) => None,
            DeffKind::Srs => Some(replaced * (weight - n) / weight),
        }
    }
}

/// Adds sums up, cell by cell.
pub fn total(range: Range<usize>, sums: &[Sum], width: usize, at: usize) -> Sum {
    let mut total = Sum::ZERO;
    for cell in range {
        total.add_sum(sums[cell * width + at]);
    }
    total
}
