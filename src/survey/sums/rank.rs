//! The rank of the matrix of replicate weights, without keeping the matrix.

/// Random combinations of the rows of the matrix: as many times four as it has columns, so that it keeps the rank.
///
/// Row r goes with a random factor to combination r mod 4R. Where there are not more rows than that, they are kept as they
/// are; above it, random combinations of rows of rank k have rank k with probability 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sketch {
    columns: usize,
    /// Column by column.
    combinations: Vec<f64>,
}

impl Sketch {
    pub fn new(columns: usize) -> Sketch {
        Sketch {
            columns,
            combinations: vec![0.0; 4 * columns * columns],
        }
    }

    /// Adds the rows of a batch, NaN for 0, of which the first is row `first` of the file.
    pub fn add(&mut self, first: u64, replicates: &[&[f64]]) {
        let combinations = 4 * self.columns as u64;
        if combinations == 0 {
            return;
        }
        let rows = replicates.first().map_or(0, |weights| weights.len()) as u64;
        let factors: Vec<f64> = (first..first + rows).map(factor).collect();
        let start = (first % combinations) as usize;
        let columns = self.combinations.chunks_mut(combinations as usize);
        for (column, weights) in columns.zip(replicates) {
            let mut rest = weights.iter().zip(&factors);
            let mut from = start;
            while rest.len() > 0 {
                for (combination, (weight, factor)) in column[from..].iter_mut().zip(&mut rest) {
                    *combination += factor * if weight.is_nan() { 0.0 } else { *weight };
                }
                from = 0;
            }
        }
    }

    pub fn merge(&mut self, other: &Sketch) {
        if self.columns == 0 {
            self.clone_from(other);
            return;
        }
        let pairs = self.combinations.iter_mut().zip(&other.combinations);
        pairs.for_each(|(to, from)| *to += from);
    }

    /// The triangle R of W = QR with W the combinations: it has the rank of W, the lengths of its columns and their angles,
    /// and none of its rows. Row by row, as many rows as columns.
    pub fn triangle(&self) -> Vec<f64> {
        let columns = self.columns;
        let mut triangle = vec![0.0; columns * columns];
        let mut basis: Vec<Vec<f64>> = Vec::new();
        for (column, entries) in self.by_column().enumerate() {
            let mut rest = entries.to_vec();
            let whole = norm(&rest);
            // twice: what one pass leaves of a column that nearly follows is mostly rounding
            for _ in 0..2 {
                for (row, other) in basis.iter().enumerate() {
                    let along: f64 = rest.iter().zip(other).map(|(a, b)| a * b).sum();
                    triangle[row * columns + column] += along;
                    rest.iter_mut()
                        .zip(other)
                        .for_each(|(a, b)| *a -= along * b);
                }
            }
            let left = norm(&rest);
            // below is rounding, of which no direction is to be made
            match left > 1e-14 * whole {
                true => {
                    triangle[column * columns + column] = left;
                    rest.iter_mut().for_each(|entry| *entry /= left);
                }
                // a column that follows from others keeps its place in the triangle
                false => rest.fill(0.0),
            }
            basis.push(rest);
        }
        triangle
    }

    /// What triangles say together: one row below the other.
    pub fn stacked(columns: usize, triangles: impl IntoIterator<Item = Vec<f64>>) -> Sketch {
        let rows: Vec<f64> = triangles.into_iter().flatten().collect();
        let column = |at: usize| rows.iter().skip(at).step_by(columns.max(1)).copied();
        Sketch {
            columns,
            combinations: (0..columns).flat_map(column).collect(),
        }
    }

    fn by_column(&self) -> impl Iterator<Item = &[f64]> {
        let height = self.combinations.len() / self.columns.max(1);
        self.combinations.chunks(height.max(1))
    }

    /// The number of columns that are no combination of those before them, to one part in 10^5 as R's `degf` has it.
    pub fn rank(&self) -> usize {
        let mut basis: Vec<Vec<f64>> = Vec::new();
        for column in self.by_column() {
            let mut rest = column.to_vec();
            let whole = norm(&rest);
            for _ in 0..2 {
                for other in &basis {
                    let along: f64 = rest.iter().zip(other).map(|(a, b)| a * b).sum();
                    rest.iter_mut()
                        .zip(other)
                        .for_each(|(a, b)| *a -= along * b);
                }
            }
            let left = norm(&rest);
            if left > 1e-5 * whole {
                rest.iter_mut().for_each(|entry| *entry /= left);
                basis.push(rest);
            }
        }
        basis.len()
    }
}

fn norm(entries: &[f64]) -> f64 {
    entries
        .iter()
        .map(|entry| entry * entry)
        .sum::<f64>()
        .sqrt()
}

/// A factor between 1 and 2 that looks random: splitmix64 of the row.
fn factor(row: u64) -> f64 {
    let mut bits = row.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    1.0 + ((bits ^ (bits >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_is_that_of_the_matrix() {
        let rows = 10_000;
        let column = |k: u64| {
            (0..rows)
                .map(|row| factor(row * 7 + k))
                .collect::<Vec<f64>>()
        };
        let (a, b) = (column(1), column(2));
        let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + 2.0 * b).collect();
        let mut sketch = Sketch::new(3);
        sketch.add(0, &[&a, &b, &sum]);
        assert_eq!(sketch.rank(), 2);
        let triangle = Sketch::stacked(3, [sketch.triangle()]);
        assert_eq!(triangle.rank(), 2);
        let mut few = Sketch::new(2);
        few.add(0, &[&[1.0, 0.0], &[0.0, 1.0]]);
        assert_eq!(few.rank(), 2);
    }
}
