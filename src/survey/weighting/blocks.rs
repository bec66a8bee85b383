//! Columns a block of rows at a time: each part of them as places and values, so that inner loops are short.

use std::ops::Range;

use rayon::prelude::*;

use super::columns::Columns;
use super::parts::Places;

/// Rows of a block: its places and values stay in the fastest memory.
const ROWS: usize = 512;

/// Rows that a thread takes at a time.
const CHUNK: usize = 16_384;

/// A block of rows. In each row a part is not 0 in one column at most: a dummy, a number or the constant.
pub(super) struct Block {
    /// The rows.
    pub(super) rows: Range<usize>,
    pub(super) parts: Vec<Places>,
}

impl Block {
    /// x′b of the rows; `b` has one number more than there are columns, which is 0.
    pub(super) fn fitted(&self, b: &[f64], fitted: &mut Vec<f64>) {
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
pub(super) fn each(
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
pub(super) fn change(
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
        each(columns, centres, start..start + values.len(), |block| {
            block.fitted(&b, &mut fitted);
            let own = &mut values[block.rows.start - start..block.rows.end - start];
            for ((row, value), fitted) in block.rows.clone().zip(own).zip(&fitted) {
                *value = change(row, *value, *fitted);
            }
        });
    };
    values.par_chunks_mut(CHUNK).enumerate().for_each(of_chunk);
}
