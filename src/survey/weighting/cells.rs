//! The cells of crossed margins that occur in the sample: weighting goes over cells, not over rows.

use std::collections::HashMap;

use rayon::prelude::*;

use super::chunks;

/// The cell of a row that is left out.
pub(super) const NONE: u32 = u32::MAX;

/// Crossings up to this size are indexed directly; beyond it, up to four times the number of rows.
const DENSE: u64 = 1 << 20;

const CHUNK: usize = 16_384;

/// Rows whose keys a thread counts at a time.
const COUNTED: usize = 1 << 17;

/// A variable of the crossing: one code a row, all below `size`, except those of rows that are left out.
pub(super) struct Side<'a> {
    pub(super) codes: &'a [u32],
    /// The number of levels, with the one for missing answers.
    pub(super) size: usize,
    /// Where missing answers go; without it such a row is left out.
    pub(super) missing: Option<u32>,
}

/// Which cell each row is in, and which levels each cell is.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    /// The cell of each row, or [`NONE`].
    pub(super) of_row: Vec<u32>,
    /// For each margin the level of each cell.
    pub(super) levels: Vec<Vec<u32>>,
    /// The number of rows of each cell.
    pub(super) rows: Vec<usize>,
}

impl Cells {
    /// The cells that occur, in the order of the levels of the first margin, then the second …
    pub(super) fn new(sides: &[Side], rows: usize) -> Cells {
        let mut cells = Cells {
            of_row: vec![0; rows],
            levels: Vec::new(),
            rows: vec![rows],
        };
        // Where the whole crossing is small, one key a row; otherwise a margin at a time, so that keys stay within the
        // square of the number of rows.
        let dense = DENSE.max(4 * rows as u64);
        let mut group: Vec<&Side> = Vec::new();
        let mut crossed = 1_u64;
        for side in sides {
            let wider = crossed.saturating_mul(side.size.max(1) as u64);
            if !group.is_empty() && wider > dense {
                cells.cross(&group, crossed);
                (group, crossed) = (Vec::new(), cells.rows.len() as u64);
            }
            crossed = crossed.saturating_mul(side.size.max(1) as u64);
            group.push(side);
        }
        if !group.is_empty() {
            cells.cross(&group, crossed);
        }
        cells
    }

    /// The number of cells.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    fn cross(&mut self, group: &[&Side], size: u64) {
        let (numbered, occurring) = match small(self.of_row.len(), size) {
            Some(size) => self.dense(group, size),
            None => self.sparse(group),
        };
        let mut old_levels = std::mem::take(&mut self.levels);
        let mut new_levels: Vec<Vec<u32>> = vec![Vec::with_capacity(occurring.len()); group.len()];
        let mut old_cells = Vec::with_capacity(occurring.len());
        for &(key, _) in &occurring {
            let mut rest = key;
            for (side, levels) in group.iter().zip(&mut new_levels).rev() {
                levels.push((rest % side.size as u64) as u32);
                rest /= side.size as u64;
            }
            old_cells.push(rest as usize);
        }
        for levels in &mut old_levels {
            *levels = old_cells.iter().map(|&cell| levels[cell]).collect();
        }
        self.levels = old_levels;
        self.levels.append(&mut new_levels);
        self.rows = occurring.iter().map(|&(_, rows)| rows).collect();
        self.of_row = numbered;
    }

    /// The cell of each row and the keys that occur, in order, with the number of their rows. A key is the cell so far and
    /// the levels of a row as the digits of one number; `size` is above all keys.
    fn dense(&self, group: &[&Side], size: u32) -> (Vec<u32>, Vec<(u64, usize)>) {
        let mut keys = vec![0_u32; self.of_row.len()];
        let of_chunk = |(chunk, keys): (usize, &mut [u32])| {
            let rows = chunk * CHUNK..chunk * CHUNK + keys.len();
            keys.copy_from_slice(&self.of_row[rows.clone()]);
            for side in group {
                let codes = side.codes.get(rows.clone()).unwrap_or_default();
                let (size, missing) = (side.size as u32, side.missing.unwrap_or(NONE));
                for (key, &code) in keys.iter_mut().zip(codes) {
                    let level = if code == NONE { missing } else { code };
                    // wraps only where the row is left out and the product thrown away
                    let below = key.wrapping_mul(size).wrapping_add(level);
                    *key = if *key == NONE || level == NONE {
                        NONE
                    } else {
                        below
                    };
                }
            }
        };
        keys.par_chunks_mut(CHUNK).enumerate().for_each(of_chunk);
        let counts = counted(&keys, size as usize);
        let mut number = vec![NONE; size as usize + 1];
        let mut occurring = Vec::new();
        for (key, rows) in counts.into_iter().enumerate().filter(|(_, rows)| *rows > 0) {
            number[key] = occurring.len() as u32;
            occurring.push((key as u64, rows));
        }
        keys.par_chunks_mut(CHUNK).for_each(|keys| {
            // rows left out have a key beyond the table, whose last place says so
            let number_of = |key: u32| number[key.min(size) as usize];
            keys.iter_mut().for_each(|key| *key = number_of(*key));
        });
        (keys, occurring)
    }

    /// The same for keys that are no place in a table.
    fn sparse(&self, group: &[&Side]) -> (Vec<u32>, Vec<(u64, usize)>) {
        let keys = self.keys(group);
        let mut counts: HashMap<u64, usize> = HashMap::new();
        for &key in keys.iter().filter(|&&key| key != u64::MAX) {
            *counts.entry(key).or_default() += 1;
        }
        let mut occurring: Vec<(u64, usize)> = counts.into_iter().collect();
        occurring.sort_unstable();
        // there are no more keys than rows, and fewer than 2³² rows
        let keyed = occurring.iter().map(|&(key, _)| key);
        let number: HashMap<u64, u32> = keyed.zip(0_u32..).collect();
        let cell = |key: &u64| number.get(key).copied().unwrap_or(NONE);
        let numbered = keys.par_iter().with_min_len(CHUNK).map(cell).collect();
        (numbered, occurring)
    }

    /// The key of each row; `u64::MAX` for rows left out.
    fn keys(&self, group: &[&Side]) -> Vec<u64> {
        let mut keys = vec![0_u64; self.of_row.len()];
        keys.par_chunks_mut(CHUNK)
            .enumerate()
            .for_each(|(chunk, keys)| {
                let rows = chunk * CHUNK..chunk * CHUNK + keys.len();
                for (key, &cell) in keys.iter_mut().zip(&self.of_row[rows.clone()]) {
                    *key = if cell == NONE { u64::MAX } else { cell.into() };
                }
                for side in group {
                    let codes = side.codes.get(rows.clone()).unwrap_or_default();
                    let size = side.size as u64;
                    let missing = side.missing.map_or(u64::MAX, u64::from);
                    for (key, &code) in keys.iter_mut().zip(codes) {
                        let level = if code == NONE { missing } else { code.into() };
                        *key = if *key == u64::MAX || level == u64::MAX {
                            u64::MAX
                        } else {
                            *key * size + level
                        };
                    }
                }
            });
        keys
    }
}

/// The size of a crossing that is indexed directly.
fn small(rows: usize, size: u64) -> Option<u32> {
    let size = u32::try_from(size).ok()?;
    (u64::from(size) <= DENSE.max(4 * rows as u64) && size < NONE).then_some(size)
}

/// How many rows each key below `size` has.
fn counted(keys: &[u32], size: usize) -> Vec<usize> {
    let count = |keys: &[u32]| {
        let mut counts = vec![0_u32; size];
        for key in keys {
            if let Some(count) = counts.get_mut(*key as usize) {
                *count += 1;
            }
        }
        counts
    };
    // counts of a part take no more room than its rows
    let parts: Vec<Vec<u32>> = keys.par_chunks(COUNTED.max(size)).map(count).collect();
    let mut all = vec![0_usize; size];
    for part in parts {
        for (sum, rows) in all.iter_mut().zip(part) {
            *sum += rows as usize;
        }
    }
    all
}

/// The sum of the weights of each cell.
pub(super) fn by_cell(cells: &Cells, weights: &[f64]) -> Vec<f64> {
    // one more, for rows left out
    let none = cells.len();
    let mut all = chunks::sums(weights.len(), none + 1, |range, sums| {
        let rows = weights.get(range.clone()).unwrap_or_default();
        let of_row = cells.of_row.get(range).unwrap_or_default();
        for (&cell, weight) in of_row.iter().zip(rows) {
            sums[none.min(cell as usize)].add(*weight);
        }
    });
    all.truncate(none);
    all
}

/// Each weight times the factor of its cell; 0 for rows left out.
pub(super) fn multiplied_out(cells: &Cells, weights: &[f64], factors: &[f64]) -> Vec<f64> {
    let none = factors.len();
    let mut factors = factors.to_vec();
    factors.push(0.0);
    let weights = weights.par_iter().zip(&cells.of_row);
    weights
        .with_min_len(CHUNK)
        .map(|(weight, cell)| weight * factors[none.min(*cell as usize)])
        .collect()
}

/// Each weight as the same part of what its cell has after as it was before; 0 for rows left out.
pub(super) fn shared_out(
    cells: &Cells,
    weights: &[f64],
    (before, after): (&[f64], &[f64]),
) -> Vec<f64> {
    let both = || after.iter().zip(before);
    let factor = |(after, before): (&f64, &f64)| match *before > 0.0 {
        true => after / before,
        false => 0.0,
    };
    let factors: Vec<f64> = both().map(factor).collect();
    let mut shared = multiplied_out(cells, weights, &factors);
    // a cell of tiny weights may have a factor that is no float, though the weights themselves are some
    if factors.iter().any(|factor| factor.is_infinite()) {
        for ((new, weight), cell) in shared.iter_mut().zip(weights).zip(&cells.of_row) {
            let cell = *cell as usize;
            if factors.get(cell).is_some_and(|factor| factor.is_infinite()) {
                *new = weight / before[cell] * after[cell];
            }
        }
    }
    shared
}
