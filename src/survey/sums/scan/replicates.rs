//! Sums of many replicate weights at once.

use crate::statistics::special::Sum;

/// Replicates that are added side by side: additions to one sum wait for each other, those to eight don't.
const LANES: usize = 8;
/// Rows whose weights are laid side by side at a time; they stay in the nearest cache.
const BLOCK: usize = 128;

/// One sum for each of eight replicates.
#[derive(Clone, Copy, Default)]
struct Wide {
    high: [f64; LANES],
    low: [f64; LANES],
}

/// Sums of all replicates, entry by entry.
#[derive(Default)]
pub struct ReplicateSums {
    replicates: usize,
    /// Eight replicates each, the last with spare ones.
    groups: Vec<Vec<Wide>>,
}

/// The rows of a batch that are added, and to which entry of each replicate.
pub struct AddedRows<'a> {
    pub rows: &'a [u32],
    /// The entry that takes w; those after it take w z_1, w z_2 …
    pub entries: &'a [u32],
    /// z_1 … of every row of the batch, column by column.
    pub numbers: &'a [&'a [f64]],
    /// The basics after those, each as a float and what it leaves.
    pub products: &'a [(Vec<f64>, Vec<f64>)],
}

impl ReplicateSums {
    /// Lays rows of `old` entries out in rows of `new` ones, and makes room for `rows` of them.
    pub fn reserve(&mut self, replicates: usize, old: usize, new: usize, rows: usize) {
        self.replicates = replicates;
        self.groups
            .resize(replicates.div_ceil(LANES), Vec::default());
        for group in &mut self.groups {
            regrow(group, old, new, rows);
        }
    }

    /// Adds a batch: `weights` are those of each replicate, NaN for 0.
    pub fn add(&mut self, weights: &[&[f64]], kept: &AddedRows) {
        let mut beside = [[0.0; LANES]; BLOCK];
        for (sums, weights) in self.groups.iter_mut().zip(weights.chunks(LANES)) {
            let blocks = kept.rows.chunks(BLOCK).zip(kept.entries.chunks(BLOCK));
            for (rows, entries) in blocks {
                for (lane, weights) in weights.iter().enumerate() {
                    for (place, row) in beside.iter_mut().zip(rows) {
                        let weight = weights[*row as usize];
                        place[lane] = if weight.is_nan() { 0.0 } else { weight };
                    }
                }
                for ((weights, row), entry) in beside.iter().zip(rows).zip(entries) {
                    let entry = *entry as usize;
                    sums[entry].add(weights);
                    let row = *row as usize;
                    for (after, column) in kept.numbers.iter().enumerate() {
                        sums[entry + 1 + after].add_products(weights, column[row]);
                    }
                    let entry = entry + 1 + kept.numbers.len();
                    for (after, (high, low)) in kept.products.iter().enumerate() {
                        sums[entry + after].add_products(weights, high[row]);
                        sums[entry + after].add_products(weights, low[row]);
                    }
                }
            }
        }
    }

    /// The sums of each replicate, entry by entry.
    pub fn finish(self) -> Vec<Vec<Sum>> {
        let one = |replicate: usize| {
            let (group, lane) = (&self.groups[replicate / LANES], replicate % LANES);
            let sum = |wide: &Wide| Sum {
                high: wide.high[lane],
                low: wide.low[lane],
            };
            group.iter().map(sum).collect()
        };
        (0..self.replicates).map(one).collect()
    }
}

impl Wide {
    /// Adds a weight of each replicate.
    #[inline(always)]
    fn add(&mut self, weights: &[f64; LANES]) {
        self.add_all(weights, &[0.0; LANES]);
    }

    /// Adds the weights times a number, exact.
    #[inline(always)]
    fn add_products(&mut self, weights: &[f64; LANES], number: f64) {
        let (mut high, mut low) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            let product = Sum::product(weights[lane], number);
            (high[lane], low[lane]) = (product.high, product.low);
        }
        self.add_all(&high, &low);
    }

    /// Adds a sum to each. Loops over arrays of their own become instructions that work on several lanes at once.
    #[inline(always)]
    fn add_all(&mut self, high: &[f64; LANES], low: &[f64; LANES]) {
        let mut sums = *self;
        for lane in 0..LANES {
            let mut sum = Sum {
                high: sums.high[lane],
                low: sums.low[lane],
            };
            sum.add_sum(Sum {
                high: high[lane],
                low: low[lane],
            });
            (sums.high[lane], sums.low[lane]) = (sum.high, sum.low);
        }
        *self = sums;
    }
}

/// Lays rows of `old` entries out in rows of `new` ones, and makes room for `rows` of them.
pub fn regrow<T: Clone + Copy + Default>(
    entries: &mut Vec<T>,
    old: usize,
    new: usize,
    rows: usize,
) {
    if old != new && !entries.is_empty() {
        let count = entries.len() / old;
        let mut wider = vec![T::default(); count.max(rows) * new];
        for (from, to) in entries.chunks(old).zip(wider.chunks_mut(new)) {
            to[..old].copy_from_slice(from);
        }
        *entries = wider;
    }
    let size = rows * new;
    if entries.len() < size {
        entries.resize(
            // half as much again, so that units that come one by one do not copy all sums each time
            size.max(entries.len() * 3 / 2).next_multiple_of(new),
            T::default(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_at_once_are_one_after_the_other() {
        let column = |k: u32| -> Vec<f64> {
            let weight = |row: u32| f64::from((row * 7919 + k * 104_729) % 1000) * 1e-3;
            (0..1000).map(weight).collect()
        };
        let columns: Vec<Vec<f64>> = (0..11).map(column).collect();
        let weights: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let numbers = column(99);
        let rows: Vec<u32> = (0..1000).filter(|row| row % 3 > 0).collect();
        let entries: Vec<u32> = rows.iter().map(|row| row % 5 * 2).collect();
        let mut sums = ReplicateSums::default();
        sums.reserve(weights.len(), 2, 2, 5);
        let kept = AddedRows {
            rows: &rows,
            entries: &entries,
            numbers: &[&numbers],
            products: &[],
        };
        sums.add(&weights, &kept);
        for (weights, found) in weights.iter().zip(sums.finish()) {
            let mut expected = [Sum::ZERO; 10];
            for (row, entry) in rows.iter().zip(&entries) {
                let (row, entry) = (*row as usize, *entry as usize);
                expected[entry].add(weights[row]);
                expected[entry + 1].add_sum(Sum::product(weights[row], numbers[row]));
            }
            assert_eq!(found[..10], expected);
        }
    }
}
