//! Sums of products of columns over the rows, block by block, and the linear equations they make.

use std::ops::Range;

use rayon::prelude::*;

use super::columns::{Columns, Places};
use crate::statistics::special::Sum;
use crate::survey::weighting::{Error, chunks};

/// A column is a combination of those before it where what they leave of its sum of squares is below this share of it.
const DEPENDENT: f64 = 1e-11;

/// The upper triangle of Σ g x x′ with numbers less their centres, p × p in rows, and Σ h x.
///
/// `weights` gives (g, h) of a row and its x′λ.
pub(in crate::internals::survey::weighting) fn sums(
    columns: &Columns,
    centres: &[f64],
    lambda: &[f64],
    weights: impl Fn(usize, f64) -> (f64, f64) + Sync,
) -> (Vec<f64>, Vec<f64>) {
    let p = columns.len();
    // one column more, for what is in none
    let wide = p + 1;
    let mut lambda = lambda.to_vec();
    lambda.push(0.0);
    let sums = chunks::sums(columns.rows(), wide * wide + wide, |range, sums| {
        let (products, totals) = sums.split_at_mut(wide * wide);
        let (mut fitted, mut slopes, mut scaled) = (Vec::new(), Vec::new(), Vec::new());
        each_block(columns, centres, range, |block| {
            block.fitted(&lambda, &mut fitted);
            let of_row = |(row, u): (usize, &f64)| weights(row, *u);
            let ratios: Vec<f64>;
            (slopes, ratios) = block.rows.clone().zip(&fitted).map(of_row).unzip();
            for (place, part) in block.parts.iter().enumerate() {
                scaled.clear();
                scaled.extend(slopes.iter().zip(&part.values).map(|(g, a)| g * a));
                for ((column, value), h) in part.columns.iter().zip(&part.values).zip(&ratios) {
                    totals[*column as usize].add(h * value);
                }
                for other in &block.parts[place..] {
                    add_products(products, wide, (part, &scaled), other);
                }
            }
        });
    });
    let row = |i: usize| &sums[i * wide..i * wide + p];
    let products = (0..p).flat_map(|i| row(i).iter().copied()).collect();
    (products, row(wide).to_vec())
}

/// Σ (g a) b of two parts, the first with its values times g.
fn add_products(
    products: &mut [Sum],
    wide: usize,
    (part, scaled): (&Places, &[f64]),
    other: &Places,
) {
    if let (Some(i), Some(j)) = (part.only, other.only) {
        let sum = &mut products[i as usize * wide + j as usize];
        let pairs = scaled.iter().zip(&other.values);
        pairs.for_each(|(a, b)| sum.add(a * b));
        return;
    }
    let pairs = part.columns.iter().zip(&other.columns);
    for ((&i, &j), (a, b)) in pairs.zip(scaled.iter().zip(&other.values)) {
        products[i as usize * wide + j as usize].add(a * b);
    }
}

/// The Cholesky factor of Σ g x x′, without the columns that are combinations of those before them.
///
/// Columns are scaled to a sum of squares of 1 first, so that what counts as dependent has no units.
#[derive(Clone, Debug)]
pub(in crate::internals::survey::weighting) struct Factor {
    /// √(diagonal) of each column; 0 where it is empty.
    scale: Vec<f64>,
    /// The columns that are independent, in order.
    pub(in crate::internals::survey::weighting) kept: Vec<usize>,
    /// For each of them its row of the factor, as long as its place + 1.
    rows: Vec<Vec<f64>>,
    /// The other columns, each with its row against those before it.
    pub(in crate::internals::survey::weighting) dependent: Vec<(usize, Vec<f64>)>,
}

impl Factor {
    /// Of the upper triangle of a p × p matrix in rows; columns of which `usable` is false are left out.
    pub(in crate::internals::survey::weighting) fn new(
        products: &[f64],
        p: usize,
        usable: impl Fn(usize) -> bool,
    ) -> Factor {
        let scale: Vec<f64> = (0..p).map(|j| products[j * p + j].sqrt()).collect();
        let mut factor = Factor {
            scale,
            kept: Vec::new(),
            rows: Vec::new(),
            dependent: Vec::new(),
        };
        for j in (0..p).filter(|j| usable(*j)) {
            let mut row = Vec::with_capacity(factor.kept.len() + 1);
            for (place, &i) in factor.kept.iter().enumerate() {
                let scaled = products[i * p + j] / (factor.scale[i] * factor.scale[j]);
                let other = &factor.rows[place];
                let done: f64 = row
                    .iter()
                    .zip(other)
                    .map(|(a, b): (&f64, &f64)| a * b)
                    .sum();
                row.push((scaled - done) / other[place]);
            }
            let left = 1.0 - row.iter().map(|a| a * a).sum::<f64>();
            // a column of zeros has made NaN of its row, with which no comparison holds
            if factor.scale[j] > 0.0 && left > DEPENDENT {
                row.push(left.sqrt());
                factor.rows.push(row);
                factor.kept.push(j);
            } else {
                factor.dependent.push((j, row));
            }
        }
        factor
    }

    /// Every column has a finite sum of squares.
    pub(in crate::internals::survey::weighting) fn check_finite(
        &self,
        columns: &Columns,
    ) -> Result<(), Error> {
        match self.scale.iter().position(|scale| !scale.is_finite()) {
            None => Ok(()),
            Some(column) => Err(Error::AuxiliaryTooLarge(
                columns.names().swap_remove(column),
            )),
        }
    }

    /// The solution b of (Σ g x x′) b = right; 0 for columns that are left out.
    pub(in crate::internals::survey::weighting) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut b: Vec<f64> = Vec::with_capacity(self.kept.len());
        for (&j, row) in self.kept.iter().zip(&self.rows) {
            let done: f64 = b.iter().zip(row).map(|(b, l)| b * l).sum();
            b.push((right[j] / self.scale[j] - done) / row[b.len()]);
        }
        self.back(b)
    }

    /// A dependent column as a combination of those that are kept; nothing where it is empty.
    pub(in crate::internals::survey::weighting) fn combination(
        &self,
        column: usize,
        row: &[f64],
    ) -> Option<Vec<f64>> {
        if self.scale[column] <= 0.0 {
            return None;
        }
        let mut row = row.to_vec();
        row.resize(self.kept.len(), 0.0);
        let mut b = self.back(row);
        b.iter_mut().for_each(|b| *b *= self.scale[column]);
        Some(b)
    }

    /// √(sum of squares) of a column.
    pub(in crate::internals::survey::weighting) fn norm(&self, column: usize) -> f64 {
        self.scale[column]
    }

    fn back(&self, mut b: Vec<f64>) -> Vec<f64> {
        for place in (0..b.len()).rev() {
            b[place] /= self.rows[place][place];
            let (value, row) = (b[place], &self.rows[place]);
            for (before, l) in b[..place].iter_mut().zip(row) {
                *before -= value * l;
            }
        }
        let mut all = vec![0.0; self.scale.len()];
        for (&j, value) in self.kept.iter().zip(b) {
            all[j] = value / self.scale[j];
        }
        all
    }
}

/// Rows of a block: its places and values stay in the fastest memory.
const ROWS: usize = 512;

/// Rows that a thread takes at a time.
const CHUNK: usize = 16_384;

/// A block of rows. In each row a part is not 0 in one column at most: a dummy, a number or the constant.
pub(in crate::internals::survey::weighting) struct Block {
    /// The rows.
    pub(in crate::internals::survey::weighting) rows: Range<usize>,
    pub(in crate::internals::survey::weighting) parts: Vec<Places>,
}

impl Block {
    /// x′b of the rows; `b` has one number more than there are columns, which is 0.
    pub(in crate::internals::survey::weighting) fn fitted(&self, b: &[f64], fitted: &mut Vec<f64>) {
        fitted.clear();
        fitted.resize(self.rows.len(), 0.0);
        for part in &self.parts {
            for ((sum, column), value) in fitted.iter_mut().zip(&part.columns).zip(&part.values) {
                *sum += value * b[*column as usize];
            }
        }
    }
}

/// Shows the rows of a range block by block; numbers are less their centres.
pub(in crate::internals::survey::weighting) fn each_block(
    columns: &Columns,
    centres: &[f64],
    range: Range<usize>,
    mut show: impl FnMut(&Block),
) {
    let mut block = Block {
        rows: 0..0,
        parts: vec![Places::default(); columns.parts()],
    };
    for start in range.clone().step_by(ROWS) {
        block.rows = start..range.end.min(start + ROWS);
        columns.fill(block.rows.clone(), centres, &mut block.parts);
        show(&block);
    }
}

/// Each value changed in place, given its row and the row's x′b. `b` has one number a column.
pub(in crate::internals::survey::weighting) fn change_rows(
    columns: &Columns,
    centres: &[f64],
    b: &[f64],
    values: &mut [f64],
    change: impl Fn(usize, f64, f64) -> f64 + Sync,
) {
    let mut b = b.to_vec();
    b.push(0.0);
    let of_chunk = |(chunk, values): (usize, &mut [f64])| {
        let start = chunk * CHUNK;
        let mut fitted = Vec::new();
        each_block(columns, centres, start..start + values.len(), |block| {
            block.fitted(&b, &mut fitted);
            let own = &mut values[block.rows.start - start..block.rows.end - start];
            for ((row, value), fitted) in block.rows.clone().zip(own).zip(&fitted) {
                *value = change(row, *value, *fitted);
            }
        });
    };
    values.par_chunks_mut(CHUNK).enumerate().for_each(of_chunk);
}
