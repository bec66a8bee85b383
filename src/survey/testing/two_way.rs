//! A table of shares against independence: X², its contrasts, and what a design does to its distribution.

use crate::statistics::linear::{Cholesky, symmetric_eigen};

/// Shares of a table of levels by columns, every one of which has some weight.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoWay {
    rows: usize,
    columns: usize,
    /// Row by row; they add up to 1.
    p: Vec<f64>,
}

impl TwoWay {
    /// `None` where there are not two rows and two columns, or one of them has no weight.
    pub fn new(rows: usize, columns: usize, p: Vec<f64>) -> Option<TwoWay> {
        let table = TwoWay { rows, columns, p };
        let fits = rows >= 2 && columns >= 2 && table.p.len() == rows * columns;
        let above = |shares: Vec<f64>| shares.into_iter().all(|share| share > 0.0);
        (fits && above(table.of_rows()) && above(table.of_columns())).then_some(table)
    }

    /// Shares, row by row.
    pub fn p(&self) -> &[f64] {
        &self.p
    }

    /// Number of rows and of columns.
    pub fn size(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// (r − 1)(c − 1).
    pub fn degrees(&self) -> usize {
        (self.rows - 1) * (self.columns - 1)
    }

    /// p_i. of each row.
    pub fn of_rows(&self) -> Vec<f64> {
        let rows = self.p.chunks(self.columns.max(1));
        rows.map(|row| row.iter().sum()).collect()
    }

    /// p_.j of each column.
    pub fn of_columns(&self) -> Vec<f64> {
        let sum = |j: usize| self.p.iter().skip(j).step_by(self.columns.max(1)).sum();
        (0..self.columns).map(sum).collect()
    }

    /// Σ (p_ij − p_i. p_.j)²/(p_i. p_.j): X² a respondent.
    pub fn chi_square(&self) -> f64 {
        let (rows, columns) = (self.of_rows(), self.of_columns());
        let mut sum = 0.0;
        for (i, row) in rows.iter().enumerate() {
            for (j, column) in columns.iter().enumerate() {
                let expected = row * column;
                sum += (self.p[i * self.columns + j] - expected).powi(2) / expected;
            }
        }
        sum
    }

    /// 1/p of a cell, 0 of an empty one: an entry of D.
    pub fn inverse(&self, at: usize) -> f64 {
        match self.p[at] {
            p if p > 0.0 => 1.0 / p,
            _ => 0.0,
        }
    }

    /// C′ times a table. C has the interaction columns of a two-way layout less their projection on constant and main
    /// effects: a column is the product of δ_ki − 1/r and δ_lj − 1/c.
    pub fn contrasts(&self, table: &[f64]) -> Vec<f64> {
        let mut contrasts = vec![0.0; self.degrees()];
        self.write_contrasts(table, &mut Vec::new(), &mut contrasts);
        contrasts
    }

    /// The same into a place of as many; `margins` is room that is used again.
    pub fn write_contrasts(&self, table: &[f64], margins: &mut Vec<f64>, contrasts: &mut [f64]) {
        let (rows, columns) = self.size();
        margins.clear();
        margins.resize(rows + columns, 0.0);
        let (of_row, of_column) = margins.split_at_mut(rows);
        for (row, of_row) in table.chunks_exact(columns).zip(of_row.iter_mut()) {
            *of_row = row.iter().sum::<f64>() / columns as f64;
            of_column
                .iter_mut()
                .zip(row)
                .for_each(|(sum, entry)| *sum += entry);
        }
        of_column.iter_mut().for_each(|sum| *sum /= rows as f64);
        let all = of_row.iter().sum::<f64>() / rows as f64;
        let lines = table.chunks_exact(columns).zip(of_row.iter());
        for ((row, of_row), out) in lines.zip(contrasts.chunks_exact_mut(columns - 1)) {
            let entries = row.iter().zip(of_column.iter());
            for (contrast, (entry, of_column)) in out.iter_mut().zip(entries) {
                *contrast = entry - of_row - of_column + all;
            }
        }
    }

    /// The scores of C′D p: what a respondent in each cell adds to it, times w/W.
    pub fn contrast_scores(&self) -> Vec<Vec<f64>> {
        let cells = self.rows * self.columns;
        let of_cell = |at: usize| {
            let one = |other: usize| {
                let own = f64::from(u8::from(other == at));
                (own - self.p[other]) * self.inverse(other)
            };
            self.contrasts(&(0..cells).map(one).collect::<Vec<f64>>())
        };
        (0..cells).map(of_cell).collect()
    }

    /// C′D p of other shares than these, with D of these.
    pub fn contrasts_of(&self, p: &[f64]) -> Vec<f64> {
        let scaled = p.iter().enumerate().map(|(at, p)| p * self.inverse(at));
        self.contrasts(&scaled.collect::<Vec<f64>>())
    }

    /// C′DC.
    fn inner(&self) -> Vec<f64> {
        let (rows, columns) = self.size();
        let part =
            |k: usize, i: usize, count: usize| f64::from(u8::from(k == i)) - 1.0 / count as f64;
        let q = self.degrees();
        let mut inner = vec![0.0; q * q];
        for at in 0..rows * columns {
            let (i, j) = (at / columns, at % columns);
            let column =
                |k: usize| part(k / (columns - 1), i, rows) * part(k % (columns - 1), j, columns);
            let entries: Vec<f64> = (0..q).map(column).collect();
            let d = self.inverse(at);
            for (k, row) in inner.chunks_mut(q).enumerate() {
                let left = d * entries[k];
                row.iter_mut()
                    .zip(&entries)
                    .for_each(|(sum, right)| *sum += left * right);
            }
        }
        inner
    }

    /// Δ a respondent as a symmetric matrix: L⁻¹ (C′DVDC) L⁻ᵀ with L Lᵀ = C′DC, from the covariance C′DVDC of the contrasts.
    /// `None` where empty cells leave C′DC without an inverse.
    fn delta_matrix(&self, middle: &[f64]) -> Option<Vec<f64>> {
        let q = self.degrees();
        let inner = self.inner();
        let factor = Cholesky::new(inner.clone(), q).filter(|factor| {
            let diagonal = (0..q).map(|k| inner[k * q + k]);
            factor
                .pivots()
                .zip(diagonal)
                .all(|(pivot, size)| pivot > 1e-12 * size)
        })?;
        Some(factor.sandwich(middle))
    }

    /// What the design makes of X²; `None` where empty cells leave nothing to be tested.
    pub fn design_effects(&self, middle: &[f64]) -> Option<DesignEffects> {
        let q = self.degrees();
        let matrix = self.delta_matrix(middle)?;
        let trace: f64 = (0..q).map(|k| matrix[k * q + k]).sum();
        let square: f64 = matrix.iter().map(|x| x * x).sum();
        (trace > 0.0 && square.is_finite()).then_some(DesignEffects {
            q,
            matrix,
            trace,
            d0: trace * trace / square,
        })
    }
}

/// Rao and Scott's generalised design effects δ_k of a table, each a respondent: of n δ.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignEffects {
    q: usize,
    matrix: Vec<f64>,
    /// Σ δ_k.
    pub trace: f64,
    /// (Σ δ_k)²/Σ δ_k².
    pub d0: f64,
}

impl DesignEffects {
    /// δ_k, largest first.
    pub fn values(&self) -> Vec<f64> {
        let (mut values, _) = symmetric_eigen(&self.matrix, self.q);
        values.sort_by(|a, b| b.total_cmp(a));
        values
    }
}
