//! The columns of a model made independent of each other: a change of basis, and what is collinear.
//!
//! A cubic in a year of birth has four columns that agree to ten digits. Here X is replaced by Q = X T, whose columns are
//! orthogonal under the weights; everything is solved in Q, where it is well conditioned, and mapped back. T only has to be
//! the same matrix wherever it is used, so it may be rounded; what must not lose digits is Q, which is worked out with 32
//! digits where X needs them.

use crate::statistics::linear::dot;
use crate::statistics::special::Sum;

/// What a column still has, as a share of its square, once those before it are taken off: below the first number its digits
/// are gone, below the second there is nothing.
const NEEDS_DIGITS: f64 = 1e-4;
const NOTHING_NEW: f64 = 1e-22;

/// The change of basis of some columns.
#[derive(Clone, Debug)]
pub struct Basis {
    /// The columns that say something new, by their place.
    pub kept: Vec<usize>,
    /// The others, each as a combination of kept columns.
    pub dependent: Vec<Dependent>,
    /// T by columns of Q: entries of the kept columns up to its own.
    change: Vec<Vec<Sum>>,
    needs_digits: bool,
}

/// A column that is Σ coefficient × column.
#[derive(Clone, Debug, PartialEq)]
pub struct Dependent {
    pub column: usize,
    pub combination: Vec<(usize, f64)>,
}

impl Basis {
    /// Of rows of X, `width` numbers each, under weights.
    pub fn new(rows: &[f64], width: usize, weights: &[f64]) -> Basis {
        let quick =
            Basis::of_cross_products(&cross_products(rows, width, weights), width, NEEDS_DIGITS);
        if quick.dependent.is_empty() {
            return quick;
        }
        let exact = exact_cross_products(rows, width, weights);
        Basis {
            needs_digits: true,
            ..Basis::of_cross_products(&exact, width, NOTHING_NEW)
        }
    }

    /// Gram and Schmidt on X′WX.
    fn of_cross_products(a: &[Sum], width: usize, least: f64) -> Basis {
        let mut basis = Basis {
            kept: Vec::new(),
            dependent: Vec::new(),
            change: Vec::new(),
            needs_digits: false,
        };
        for column in 0..width {
            let size = a[column * width + column];
            // the products of this column with the columns of Q, then what is left of it
            let products: Vec<Sum> = basis
                .change
                .iter()
                .map(|own| {
                    let each = own.iter().zip(&basis.kept);
                    each.map(|(t, kept)| *t * a[*kept * width + column]).sum()
                })
                .collect();
            let mut combination = vec![Sum::ZERO; basis.kept.len()];
            for (own, product) in basis.change.iter().zip(&products) {
                for (entry, t) in combination.iter_mut().zip(own) {
                    *entry += *t * *product;
                }
            }
            let explained: Sum = products.iter().map(|product| *product * *product).sum();
            let rest = size - explained;
            if rest.value() <= least * size.value() || size.value() <= 0.0 {
                let each = basis.kept.iter().zip(&combination);
                basis.dependent.push(Dependent {
                    column,
                    combination: each.map(|(kept, entry)| (*kept, entry.value())).collect(),
                });
                continue;
            }
            let root = rest.sqrt();
            let mut own: Vec<Sum> = combination.iter().map(|entry| -(*entry / root)).collect();
            own.push(Sum::from(1.0) / root);
            basis.change.push(own);
            basis.kept.push(column);
        }
        basis
    }

    /// Number of columns of Q.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// The row of Q of a row of X.
    pub fn row(&self, x: &[f64]) -> Vec<f64> {
        let chosen: Vec<f64> = self.kept.iter().map(|kept| x[*kept]).collect();
        let of_column = |own: &Vec<Sum>| match self.needs_digits {
            true => {
                let each = own.iter().zip(&chosen);
                each.map(|(t, x)| *t * *x).sum::<Sum>().value()
            }
            false => own.iter().zip(&chosen).map(|(t, x)| t.high * x).sum(),
        };
        self.change.iter().map(of_column).collect()
    }

    /// T: the coefficients of the kept columns from those of Q, row by row.
    pub fn back(&self) -> Vec<f64> {
        let p = self.len();
        let mut back = vec![0.0; p * p];
        for (k, own) in self.change.iter().enumerate() {
            for (j, entry) in own.iter().enumerate() {
                back[j * p + k] = entry.value();
            }
        }
        back
    }
}

fn cross_products(rows: &[f64], width: usize, weights: &[f64]) -> Vec<Sum> {
    let mut sums = vec![0.0; width * width];
    for (row, weight) in rows.chunks(width.max(1)).zip(weights) {
        for j in 0..width {
            let left = weight * row[j];
            if left != 0.0 {
                for (sum, x) in sums[j * width + j..(j + 1) * width]
                    .iter_mut()
                    .zip(&row[j..])
                {
                    *sum += left * x;
                }
            }
        }
    }
    mirrored(sums.into_iter().map(Sum::from).collect(), width)
}

fn exact_cross_products(rows: &[f64], width: usize, weights: &[f64]) -> Vec<Sum> {
    let mut sums = vec![Sum::ZERO; width * width];
    for (row, weight) in rows.chunks(width.max(1)).zip(weights) {
        for j in 0..width {
            let left = Sum::product(*weight, row[j]);
            for k in j..width {
                sums[j * width + k].add_sum(left * row[k]);
            }
        }
    }
    mirrored(sums.into_iter().map(Sum::tidy).collect(), width)
}

fn mirrored(mut a: Vec<Sum>, width: usize) -> Vec<Sum> {
    for j in 0..width {
        for k in 0..j {
            a[j * width + k] = a[k * width + j];
        }
    }
    a
}

/// M V M′ of `rows` rows of M.
pub fn transformed(m: &[f64], v: &[f64], rows: usize, width: usize) -> Vec<f64> {
    let mut half = vec![0.0; rows * width];
    for (row, to) in m.chunks(width.max(1)).zip(half.chunks_mut(width.max(1))) {
        for (k, entry) in to.iter_mut().enumerate() {
            *entry = dot(row, &v[k * width..(k + 1) * width]);
        }
    }
    let mut whole = vec![0.0; rows * rows];
    for j in 0..rows {
        for k in 0..=j {
            let entry = dot(
                &half[j * width..(j + 1) * width],
                &m[k * width..(k + 1) * width],
            );
            whole[j * rows + k] = entry;
            whole[k * rows + j] = entry;
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn powers(from: u32, to: u32) -> Vec<f64> {
        (from..to)
            .flat_map(|x| (0..4).map(move |power| f64::from(x).powi(power)))
            .collect()
    }

    #[test]
    fn powers_of_a_year_are_no_collinearity() {
        let rows = powers(1950, 2050);
        let basis = Basis::new(&rows, 4, &[1.0; 100]);
        assert_eq!((basis.kept.len(), basis.dependent.len()), (4, 0));
        let q: Vec<Vec<f64>> = rows.chunks(4).map(|x| basis.row(x)).collect();
        for j in 0..4 {
            for k in 0..4 {
                let product: f64 = q.iter().map(|q| q[j] * q[k]).sum();
                let expected = f64::from(u8::from(j == k));
                assert!((product - expected).abs() < 1e-11, "{j} {k}: {product}");
            }
        }
    }

    #[test]
    fn a_difference_of_two_columns_is_told_as_such() {
        let rows: Vec<f64> = (0..30_u32)
            .flat_map(|i| {
                let (a, b) = (f64::from(i * i % 17) + 0.1, f64::from(i * 7 % 11) / 3.0);
                [1.0, a, b, a - b]
            })
            .collect();
        let basis = Basis::new(&rows, 4, &[1.0; 30]);
        assert_eq!(basis.kept, [0, 1, 2]);
        let [dependent] = basis.dependent.as_slice() else {
            panic!("{basis:?}")
        };
        for ((column, coefficient), expected) in dependent.combination.iter().zip([0.0, 1.0, -1.0])
        {
            assert!(
                (coefficient - expected).abs() < 1e-12,
                "{column}: {coefficient}"
            );
        }
    }
}
