//! Sums over the rows in chunks of a fixed size, of 32 digits, so that a printed digit depends neither on the threads nor on the
//! order of the rows.

use std::ops::Range;

use rayon::prelude::*;

use crate::statistics::special::Sum;

/// Rows of the smallest chunk: enough work for a thread, few enough that 10⁵ rows already keep several busy.
const ROWS: usize = 16_384;

/// The sums of `width` quantities over `rows` rows. `add` adds those of a range of rows to the array it is given.
///
/// A chunk has at least as many rows as there are sums: the partial sums never take more memory than the rows.
pub(super) fn sums(
    rows: usize,
    width: usize,
    add: impl Fn(Range<usize>, &mut [Sum]) + Sync,
) -> Vec<f64> {
    let size = ROWS.max(width);
    let of_chunk = |range: Range<usize>| {
        let mut sums = vec![Sum::ZERO; width];
        add(range, &mut sums);
        sums
    };
    let values = |sums: Vec<Sum>| sums.into_iter().map(Sum::value).collect();
    if rows <= size {
        return values(of_chunk(0..rows));
    }
    let chunks: Vec<Vec<Sum>> = (0..rows.div_ceil(size))
        .into_par_iter()
        .map(|chunk| of_chunk(chunk * size..rows.min((chunk + 1) * size)))
        .collect();
    let mut total = vec![Sum::ZERO; width];
    for chunk in &chunks {
        for (sum, part) in total.iter_mut().zip(chunk) {
            sum.add_sum(*part);
        }
    }
    values(total)
}

/// The sum of one quantity over the rows.
pub(super) fn sum(values: &[f64]) -> f64 {
    let total = sums(values.len(), 1, |range, sums| {
        let values = values.get(range).unwrap_or_default().iter();
        values.for_each(|value| sums[0].add(*value));
    });
    total.first().copied().unwrap_or(0.0)
}

/// One value a row.
pub(super) fn map(rows: usize, value: impl Fn(usize) -> f64 + Sync + Send) -> Vec<f64> {
    if rows <= ROWS {
        return (0..rows).map(value).collect();
    }
    (0..rows)
        .into_par_iter()
        .with_min_len(ROWS)
        .map(value)
        .collect()
}

/// Each value changed in place, given its row.
pub(super) fn change(values: &mut [f64], value: impl Fn(usize, f64) -> f64 + Sync + Send) {
    let change = |(row, old): (usize, &mut f64)| *old = value(row, *old);
    if values.len() <= ROWS {
        values.iter_mut().enumerate().for_each(change);
    } else {
        values
            .par_iter_mut()
            .with_min_len(ROWS)
            .enumerate()
            .for_each(change);
    }
}
