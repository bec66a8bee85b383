//! Residuals of a regression on the columns of a calibration: what the weighting leaves of the variance.

use super::base::checked_total;
use super::columns::Columns;
use super::normal_equations::{Factor, sums};
use super::{Error, Margins};
use super::{blocks, chunks};

/// The regression on columns x with base weights d, factored once for any number of variables.
///
/// The variance of a total after calibration is that of Σ w e with e = z − x′B, B = (Σ d x x′)⁻¹ Σ d x z over all rows
/// of the design. z is the score of the estimator over the new weight, 0 outside a domain; e is not 0 there.
/// Columns that are combinations of those before them are left out, which changes no residual.
///
/// Source: Särndal, Swensson and Wretman, Model Assisted Survey Sampling (1992), section 6.6; Deville and Särndal, JASA
/// 87 (1992). In R: the variance of a design made by `calibrate()`.
#[derive(Clone, Debug)]
pub struct Calibration {
    pub(super) columns: Columns,
    base: Vec<f64>,
    pub(super) centres: Vec<f64>,
    pub(super) factor: Factor,
}

impl Calibration {
    /// Factors Σ d x x′ over the rows with a base weight.
    ///
    /// Errors: base weights that are negative, not finite or all 0; a missing answer in a row whose base weight is not 0.
    pub fn prepare(columns: Columns, base: Vec<f64>) -> Result<Calibration, Error> {
        checked_total(&base, columns.rows())?;
        columns.check(&base)?;
        let centres = columns.centres(&base);
        let start = vec![0.0; columns.len()];
        let (products, _) = sums(&columns, &centres, &start, |row, _| (base[row], 0.0));
        let factor = Factor::of(&products, columns.len(), |_| true);
        factor.check_finite(&columns)?;
        Ok(Calibration {
            columns,
            base,
            centres,
            factor,
        })
    }

    /// The number of columns that are not combinations of those before them.
    pub fn rank(&self) -> usize {
        self.factor.kept.len()
    }

    /// Each variable, one value a row, becomes its residuals. Rows with base weight 0 become 0.
    ///
    /// Errors: a variable of another length.
    pub fn residuals(&self, variables: &mut [Vec<f64>]) -> Result<(), Error> {
        for z in variables.iter_mut() {
            self.residual(z)?;
        }
        Ok(())
    }

    /// The same for one variable.
    pub fn residual(&self, z: &mut [f64]) -> Result<(), Error> {
        check_length(z, self.columns.rows())?;
        let right = chunks::sums(z.len(), self.columns.len() + 1, |range, sums| {
            blocks::each(&self.columns, &self.centres, range, |block| {
                let rows = block.rows.clone();
                let weighted: Vec<f64> = z[rows.clone()]
                    .iter()
                    .zip(&self.base[rows])
                    .map(|(z, d)| if *d == 0.0 { 0.0 } else { d * z })
                    .collect();
                for part in &block.parts {
                    for ((column, value), z) in part.columns.iter().zip(&part.values).zip(&weighted)
                    {
                        sums[*column as usize] += value * z;
                    }
                }
            });
        });
        let b = self.factor.solve(&right);
        blocks::change(&self.columns, &self.centres, &b, z, |row, value, fitted| {
            if self.base[row] == 0.0 {
                0.0
            } else {
                value - fitted
            }
        });
        Ok(())
    }
}

impl Margins {
    /// z less its unweighted mean by level, margin by margin in their order, `rounds` times; R does ten.
    ///
    /// The linearisation of `rake()` in R, where z is the score over the new weight and the variance is that of Σ w z.
    /// With equal base weights it tends to the residuals of [`Calibration`]; with unequal ones it is not a
    /// linearisation of the estimator. Rows left out for a missing answer become 0.
    ///
    /// Errors: a variable of another length.
    pub fn project(&self, z: &mut [f64], rounds: usize) -> Result<(), Error> {
        check_length(z, self.rows())?;
        // only means by level are taken off: sums by cell are enough
        let by_level = self.projected(&super::cells::by_cell(&self.cells, z), rounds)?;
        let mut taken = vec![0.0; self.cells.len()];
        let mut first = 0;
        for (side, levels) in self.sides.iter().zip(&self.cells.levels) {
            for (taken, level) in taken.iter_mut().zip(levels) {
                *taken += by_level[first + *level as usize];
            }
            first += side.levels.len();
        }
        chunks::change(z, |row, value| {
            let cell = self.cells.of_row[row] as usize;
            taken.get(cell).map_or(0.0, |mean| value - mean)
        });
        Ok(())
    }
}

fn check_length(z: &[f64], rows: usize) -> Result<(), Error> {
    if z.len() == rows {
        return Ok(());
    }
    Err(Error::Length {
        what: "a variable".to_owned(),
        given: z.len(),
        rows,
    })
}
