//! Small dense linear algebra: factors of positive definite matrices, eigenvectors of symmetric ones.
//!
//! Matrices are row-major slices of `n * n` numbers. Meant for tens to some hundreds of rows: house effects, coefficients.

/// The lower factor L of a symmetric positive definite matrix, A = L Lᵀ.
///
/// Source: Golub and Van Loan, Matrix Computations, 4th ed., 4.2. R: `t(chol(A))`.
#[derive(Clone, Debug)]
pub struct Cholesky {
    n: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// Factors the lower triangle of `a`, `n` rows; `None` where it is not positive definite in floats.
    ///
    /// ```
    /// use opine::internals::statistics::linear::Cholesky;
    ///
    /// let factor = Cholesky::new(vec![4.0, 2.0, 2.0, 3.0], 2).unwrap();
    /// let mut x = [2.0, 5.0];
    /// factor.solve(&mut x);
    /// assert!((x[0] + 0.5).abs() < 1e-15 && (x[1] - 2.0).abs() < 1e-15);
    /// assert!((factor.log_determinant() - 8.0f64.ln()).abs() < 1e-15);
    /// ```
    pub fn new(mut a: Vec<f64>, n: usize) -> Option<Cholesky> {
        if a.len() != n * n {
            return None;
        }
        for j in 0..n {
            // parted behind the pivot: its row is read while the rows below are written
            let (above, below) = a.split_at_mut(j * n + j + 1);
            let row = &above[j * n..j * n + j];
            let pivot = above[j * n + j] - dot(row, row);
            if !(pivot > 0.0 && pivot.is_finite()) {
                return None;
            }
            let root = pivot.sqrt();
            let row: Vec<f64> = row.to_vec();
            above[j * n + j] = root;
            for i in j + 1..n {
                let at = i * n - (j * n + j + 1);
                let product = dot(&below[at..at + j], &row);
                below[at + j] = (below[at + j] - product) / root;
            }
        }
        Some(Cholesky { n, lower: a })
    }

    /// log |A|.
    pub fn log_determinant(&self) -> f64 {
        2.0 * (0..self.n)
            .map(|i| self.lower[i * self.n + i].ln())
            .sum::<f64>()
    }

    /// The squares of the diagonal of L: what each row of A has that the rows above it don't explain.
    pub fn pivots(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.n).map(|i| self.lower[i * self.n + i].powi(2))
    }

    /// A⁻¹.
    pub fn inverse(&self) -> Vec<f64> {
        let n = self.n;
        let mut inverse = vec![0.0; n * n];
        for (i, column) in inverse.chunks_mut(n.max(1)).enumerate() {
            column[i] = 1.0;
            self.solve(column);
        }
        inverse
    }

    /// L⁻¹ B L⁻ᵀ of a symmetric B: with the eigenvalues of A⁻¹ B.
    pub fn sandwich(&self, b: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut half = b.to_vec();
        half.chunks_mut(n.max(1))
            .for_each(|row| self.solve_lower(row));
        let mut whole = vec![0.0; n * n];
        for (k, row) in whole.chunks_mut(n.max(1)).enumerate() {
            (0..n).for_each(|i| row[i] = half[i * n + k]);
            self.solve_lower(row);
        }
        whole
    }

    /// x A⁻¹ x.
    pub fn quadratic(&self, x: &[f64]) -> f64 {
        let mut half = x.to_vec();
        self.solve_lower(&mut half);
        dot(&half, &half)
    }

    /// L⁻¹ x in the place of x: of two such vectors the product is x A⁻¹ y.
    pub fn solve_lower(&self, x: &mut [f64]) {
        for i in 0..self.n.min(x.len()) {
            let row = &self.lower[i * self.n..i * self.n + i];
            x[i] = (x[i] - dot(row, &x[..i])) / self.lower[i * self.n + i];
        }
    }

    /// A⁻¹ x in the place of x.
    pub fn solve(&self, x: &mut [f64]) {
        self.solve_lower(x);
        for i in (0..self.n.min(x.len())).rev() {
            let value = x[i] / self.lower[i * self.n + i];
            x[i] = value;
            for (k, entry) in self.lower[i * self.n..i * self.n + i].iter().enumerate() {
                x[k] -= entry * value;
            }
        }
    }
}

/// The sum of products; the shorter slice decides.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Eigenvalues of a symmetric matrix and its eigenvectors, one a row, by Jacobi's rotations.
///
/// Numbers that `a` does not have are NaN, and with them all eigenvalues.
///
/// Source: Golub and Van Loan, 8.5. R: `eigen(A, symmetric = TRUE)`, but for order and signs.
///
/// ```
/// use opine::internals::statistics::linear::symmetric_eigen;
///
/// let (mut values, _) = symmetric_eigen(&[2.0, 1.0, 1.0, 2.0], 2);
/// values.sort_by(f64::total_cmp);
/// assert!((values[0] - 1.0).abs() < 1e-14 && (values[1] - 3.0).abs() < 1e-14);
/// ```
pub fn symmetric_eigen(a: &[f64], n: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
    let entry = |i: usize, j: usize| a.get(i * n + j).copied().unwrap_or(f64::NAN);
    let mut a: Vec<Vec<f64>> = (0..n)
        .map(|i| (0..n).map(|j| entry(i, j)).collect())
        .collect();
    let mut vectors: Vec<Vec<f64>> = (0..n)
        .map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect())
        .collect();
    // sweeps converge quadratically, so a handful do; the bound is for a matrix that holds NaN
    for _ in 0..60 {
        let off: f64 = (0..n)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| a[i][j] * a[i][j])
            .sum();
        let scale: f64 = (0..n).map(|i| a[i][i] * a[i][i]).sum();
        // both are squares: off the diagonal 1e-16 of what is on it
        if off <= 1e-32 * scale || off == 0.0 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    ((0..n).map(|i| a[i][i]).collect(), vectors)
}

/// Makes the element (p, q) zero.
fn rotate(a: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    // the smaller root: turns of at most 45 degrees, with which the sweeps converge
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    // -0 has the sign -1; either zero turns the same way
    let t = if theta == 0.0 { 1.0 } else { t };
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for row in a.iter_mut() {
        let (x, y) = (row[p], row[q]);
        row[p] = c * x - s * y;
        row[q] = s * x + c * y;
    }
    turn(a, p, q, (c, s));
    turn(vectors, p, q, (c, s));
}

fn turn(rows: &mut [Vec<f64>], p: usize, q: usize, (c, s): (f64, f64)) {
    let (head, tail) = rows.split_at_mut(q);
    for (x, y) in head[p].iter_mut().zip(tail[0].iter_mut()) {
        (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_that_is_cut_off_has_no_eigenvalues() {
        for length in 0..9 {
            let (values, vectors) = symmetric_eigen(&vec![1.0; length], 3);
            assert_eq!((values.len(), vectors.len()), (3, 3));
            assert!(values.iter().any(|value| value.is_nan()), "{length}");
        }
    }
}
