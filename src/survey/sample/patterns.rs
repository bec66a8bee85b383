//! Respondents by what they have in common: the combinations of values that occur, and who has them.

use rayon::prelude::*;

use super::tally::{Cell, Tally};
use super::{Sample, columns::SampleColumn, numbering::numbered};
use crate::statistics::special::Sum;
use crate::survey::design::{ElementScore, Score};
use crate::survey::sums::{Mode, triangle};

/// Combinations of values, in the order of the values, and the weight of those who have them.
///
/// An estimate that depends on the respondents through the weights of the patterns has a score a pattern: with s_p that of
/// pattern p, what respondent i adds to it is w_i s_p(i), and its variance is that of the total of these by the design.
/// Nothing here depends on the order of the rows: patterns are sorted, and sums have 32 digits.
pub struct Patterns<'s> {
    pub sample: &'s Sample<'s>,
    /// Those who are meant, by their place in the sample.
    pub rows: Vec<u32>,
    /// The pattern of each.
    pub of_row: Vec<u32>,
    /// One respondent of each pattern.
    pub example: Vec<u32>,
    /// Respondents of each pattern, and the sum of their weights.
    pub n: Vec<u64>,
    pub weight: Vec<f64>,
    cells: Vec<Cell>,
}

impl<'s> Patterns<'s> {
    /// The patterns that some columns make among some respondents, whose places rise.
    pub fn new(sample: &'s Sample<'s>, columns: &[&SampleColumn], rows: Vec<u32>) -> Patterns<'s> {
        let (of_row, count) = numbered(columns, &rows);
        let tally = Tally::new(sample, &rows, &of_row, count);
        let mut weight = vec![Sum::ZERO; count];
        for cell in &tally.cells {
            weight[cell.pattern as usize].add_sum(cell.weight);
        }
        Patterns {
            sample,
            example: tally.example,
            n: tally.n,
            weight: weight.into_iter().map(Sum::value).collect(),
            cells: tally.cells,
            rows,
            of_row,
        }
    }

    /// Number of patterns.
    pub fn count(&self) -> usize {
        self.n.len()
    }

    /// The weight of each pattern in each replicate, one replicate after the other: of a million patterns they are not kept.
    pub fn replicates(&self) -> impl IndexedParallelIterator<Item = Vec<f64>> {
        self.sample.replicates.par_iter().map(|weights| {
            let mut sums = vec![Sum::ZERO; self.count()];
            for (row, pattern) in self.rows.iter().zip(&self.of_row) {
                sums[*pattern as usize].add(weights[*row as usize]);
            }
            sums.into_iter().map(Sum::value).collect()
        })
    }

    /// Degrees of freedom: PSUs less strata in which these respondents are.
    pub fn df(&self) -> f64 {
        self.sample.df_of(&self.rows)
    }

    /// Their number, and the sum of their weights.
    pub fn total(&self) -> (u64, f64) {
        let weight: Sum = self.weight.iter().map(|w| Sum::from(*w)).sum();
        (self.n.iter().sum(), weight.value())
    }

    /// The covariance matrix of estimates, row by row: from their scores, pattern by pattern; of a design with replicate
    /// weights from the estimates made anew with the weights of each.
    ///
    /// `again` is `None` where a replicate gives no estimate; then all is NaN.
    pub fn covariance(
        &self,
        estimates: &[f64],
        scores: impl FnOnce() -> Vec<f64>,
        again: impl Fn(&[f64]) -> Option<Vec<f64>> + Sync,
    ) -> Vec<f64> {
        let q = estimates.len();
        if self.sample.replication.is_none() {
            return self.design_covariance(&scores(), q);
        }
        let made: Option<Vec<Vec<f64>>> =
            self.replicates().map(|weights| again(&weights)).collect();
        let Some(made) = made else {
            return vec![f64::NAN; q * q];
        };
        self.replicate_covariance(estimates, &made)
    }

    /// The covariance matrix of estimates from those of each replicate; NaN in a design without any.
    pub fn replicate_covariance(&self, estimates: &[f64], made: &[Vec<f64>]) -> Vec<f64> {
        let q = estimates.len();
        let Some(replication) = &self.sample.replication else {
            return vec![f64::NAN; q * q];
        };
        let column = |k: usize| {
            made.iter()
                .map(|replicate| replicate[k])
                .collect::<Vec<f64>>()
        };
        let columns: Vec<Vec<f64>> = (0..q).map(column).collect();
        symmetric(q, |k, l| {
            replication.covariance((&columns[k], estimates[k]), (&columns[l], estimates[l]))
        })
    }

    /// The covariance matrix of the totals Σ w s of q scores a pattern.
    pub fn design_covariance(&self, scores: &[f64], q: usize) -> Vec<f64> {
        match (self.sample.mode, &self.sample.calibration) {
            (Mode::Elements, None) => self.element_covariance(scores, q),
            _ => self.unit_covariance(&self.unit_scores(scores, q), q),
        }
    }

    /// The scores of each unit that has somebody: its number, then q scores.
    fn unit_scores(&self, scores: &[f64], q: usize) -> Vec<(u32, Vec<f64>)> {
        if self.sample.calibration.is_some() {
            return self.calibrated_scores(scores, q);
        }
        let mut units: Vec<(u32, Vec<f64>)> = Vec::new();
        for cells in self.cells.chunk_by(|one, next| one.unit == next.unit) {
            let mut sums = vec![0.0; q];
            for cell in cells {
                let w = cell.weight.value();
                let own = &scores[cell.pattern as usize * q..][..q];
                sums.iter_mut().zip(own).for_each(|(sum, s)| *sum += w * s);
            }
            units.push((cells[0].unit, sums));
        }
        units
    }

    /// The same less what the calibration explains: everybody in the file has a residual.
    fn calibrated_scores(&self, scores: &[f64], q: usize) -> Vec<(u32, Vec<f64>)> {
        let sample = self.sample;
        let Some(calibration) = &sample.calibration else {
            return Vec::new();
        };
        let units = calibration
            .unit_of_row
            .iter()
            .max()
            .map_or(0, |most| *most as usize + 1);
        let mut sums = vec![vec![0.0; q]; units];
        for k in 0..q {
            let pairs = self.rows.iter().zip(&self.of_row);
            let listed: Vec<(u64, f64)> = pairs
                .map(|(row, pattern)| {
                    let row = *row as usize;
                    (
                        sample.file_row[row],
                        sample.weight[row] * scores[*pattern as usize * q + k],
                    )
                })
                .collect();
            let residuals = calibration.residuals.residual_scores(&listed);
            for (unit, residual) in calibration.unit_of_row.iter().zip(residuals) {
                sums[*unit as usize][k] += residual;
            }
        }
        (0..).zip(sums).collect()
    }

    fn unit_covariance(&self, scores: &[(u32, Vec<f64>)], q: usize) -> Vec<f64> {
        let (units, lonely) = (&self.sample.units, self.sample.design.lonely);
        let strata = scores
            .iter()
            .map(|(unit, _)| units.stratum(*unit))
            .collect();
        let inflation = units.inflation(&strata, lonely);
        symmetric(q, |k, l| {
            let pair = |(unit, scores): &(u32, Vec<f64>)| Score {
                unit: *unit,
                a: Sum::from(scores[k]),
                b: Sum::from(scores[l]),
            };
            let pairs: Vec<Score> = scores.iter().map(pair).collect();
            units.covariance(&pairs, lonely, inflation)
        })
    }

    /// Rows are the units: by stratum Σ w s and Σ w² s s′.
    fn element_covariance(&self, scores: &[f64], q: usize) -> Vec<f64> {
        let (units, lonely) = (&self.sample.units, self.sample.design.lonely);
        let mut strata: Vec<(u32, Vec<Sum>, Vec<Sum>)> = Vec::new();
        for cells in self.cells.chunk_by(|one, next| one.unit == next.unit) {
            let (mut sums, mut products) = (vec![Sum::ZERO; q], vec![Sum::ZERO; triangle(q)]);
            for cell in cells {
                let own = &scores[cell.pattern as usize * q..][..q];
                let mut at = 0;
                for k in 0..q {
                    sums[k].add_sum(cell.weight * own[k]);
                    let left = cell.square * own[k];
                    for s in &own[k..] {
                        products[at].add_sum(left * *s);
                        at += 1;
                    }
                }
            }
            strata.push((cells[0].unit, sums, products));
        }
        let present = strata.iter().map(|(stratum, ..)| *stratum).collect();
        let inflation = units.inflation(&present, lonely);
        symmetric(q, |k, l| {
            let at = crate::survey::sums::at(k, l, q);
            let element = |(stratum, sums, products): &(u32, Vec<Sum>, Vec<Sum>)| ElementScore {
                stratum: *stratum,
                a: sums[k],
                b: sums[l],
                product: products[at],
                about_means: None,
            };
            let elements: Vec<ElementScore> = strata.iter().map(element).collect();
            units.element_covariance(&elements, lonely, inflation)
        })
    }
}

/// A symmetric matrix, row by row.
fn symmetric(q: usize, entry: impl Fn(usize, usize) -> f64 + Sync) -> Vec<f64> {
    let mut all = vec![0.0; q * q];
    let rows = all.par_chunks_mut(q.max(1)).enumerate();
    rows.for_each(|(k, row)| (0..=k).for_each(|l| row[l] = entry(k, l)));
    for k in 0..q {
        for l in 0..k {
            all[l * q + k] = all[k * q + l];
        }
    }
    all
}
