//! What weighting leaves of the variance: residuals of a regression on the columns of a calibration, for rows, and by
//! classes of rows, so that sums need no row. See docs/design/variance-after-weighting.md.

use super::base::checked_total;
use super::calibration::columns::{Columns, Dummies};
use super::calibration::normal_equations::{Factor, change_rows, each_block, sums};
use super::cells::{Cells, NONE, Side, by_cell};
use super::margins::{by_level, rows_by_level};
use super::{Error, Margins, chunks};

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
    columns: Columns,
    base: Vec<f64>,
    centres: Vec<f64>,
    factor: Factor,
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
        let factor = Factor::new(&products, columns.len(), |_| true);
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
            each_block(&self.columns, &self.centres, range, |block| {
                let rows = block.rows.clone();
                let weighted: Vec<f64> = z[rows.clone()]
                    .iter()
                    .zip(&self.base[rows])
                    // a score may be NaN where there is no weight
                    .map(|(z, d)| if *d == 0.0 { 0.0 } else { d * z })
                    .collect();
                for part in &block.parts {
                    for ((column, value), z) in part.columns.iter().zip(&part.values).zip(&weighted)
                    {
                        sums[*column as usize].add(value * z);
                    }
                }
            });
        });
        let b = self.factor.solve(&right);
        change_rows(&self.columns, &self.centres, &b, z, |row, value, fitted| {
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
        let by_level = self.projected(&by_cell(&self.cells, z), rounds)?;
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

/// Crossings of variables with levels are kept below this, so that sums by class take little room.
const MOST_CLASSES: usize = 4096;

/// Rows of the same dummies, for some of the columns of a regression.
#[derive(Clone, Debug, PartialEq)]
pub struct RowClasses {
    /// The class of each row.
    pub of_row: Vec<u32>,
    /// By class the columns that are 1 in it.
    pub columns: Vec<Vec<u32>>,
}

/// The columns of a regression as classes of rows and numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct ByClass {
    /// Each column of dummies, and the constant, is in one of these.
    pub classes: Vec<RowClasses>,
    /// The other columns, each with its values, less their centre.
    pub numbers: Vec<(u32, Vec<f64>)>,
    /// The number of columns.
    pub columns: usize,
}

impl ByClass {
    /// The columns in which a row is not 0, each with `weight` times its value.
    pub fn entries(&self, row: usize, weight: f64, entries: &mut Vec<(u32, f64)>) {
        for classes in &self.classes {
            if let Some(columns) = classes.columns.get(classes.of_row[row] as usize) {
                entries.extend(columns.iter().map(|column| (*column, weight)));
            }
        }
        for (column, values) in &self.numbers {
            entries.push((*column, weight * values[row]));
        }
    }

    /// Σ r x z by column from sums of r z by class, one list a group of classes, then one sum a number.
    pub fn by_column(&self, sums: &[Vec<f64>]) -> Vec<f64> {
        let mut totals = vec![0.0; self.columns];
        for (classes, sums) in self.classes.iter().zip(sums) {
            for (columns, sum) in classes.columns.iter().zip(sums) {
                for column in columns {
                    totals[*column as usize] += sum;
                }
            }
        }
        let of_numbers = sums.iter().skip(self.classes.len());
        for ((column, _), sum) in self.numbers.iter().zip(of_numbers) {
            totals[*column as usize] = sum.iter().sum();
        }
        totals
    }
}

impl Calibration {
    /// The columns by class. Rows without a base weight may be in any class.
    pub fn by_class(&self) -> ByClass {
        self.columns.by_class(&self.centres)
    }

    /// B from Σ d x z by column; one more entry is let stand.
    pub fn coefficients(&self, totals: &[f64]) -> Vec<f64> {
        self.factor.solve(totals)
    }
}

impl Columns {
    fn by_class(&self, centres: &[f64]) -> ByClass {
        let constant: Vec<u32> = self.has_constant().then_some(0).into_iter().collect();
        let mut groups: Vec<RowClasses> = Vec::new();
        let mut group: Vec<Dummies> = Vec::new();
        let mut size = 1_usize;
        for part in self.dummies() {
            let wider = size.saturating_mul(part.levels.max(1));
            if !group.is_empty() && wider > MOST_CLASSES {
                groups.push(crossed(&group, self.rows()));
                group.clear();
                size = 1;
            }
            size = size.saturating_mul(part.levels.max(1));
            group.push(part);
        }
        if !group.is_empty() || !constant.is_empty() {
            groups.push(crossed(&group, self.rows()));
        }
        if let Some(first) = groups.first_mut() {
            for columns in &mut first.columns {
                columns.extend(&constant);
            }
        }
        ByClass {
            classes: groups,
            numbers: self.numbers(centres),
            columns: self.len(),
        }
    }
}

fn crossed(group: &[Dummies], rows: usize) -> RowClasses {
    let sides: Vec<Side> = group
        .iter()
        .map(|part| Side {
            codes: part.codes,
            // one more level, without a column, for missing answers
            size: part.levels + 1,
            missing: u32::try_from(part.levels).ok(),
        })
        .collect();
    let cells = Cells::new(&sides, rows);
    let column = |part: &Dummies, level: u32| {
        let has = level >= part.first && (level as usize) < part.levels;
        has.then(|| part.column + (level - part.first))
    };
    let of_class = |class: usize| {
        let levels = group.iter().zip(&cells.levels);
        levels
            .filter_map(|(part, levels)| column(part, levels[class]))
            .collect()
    };
    RowClasses {
        columns: (0..cells.len()).map(of_class).collect(),
        of_row: cells.of_row,
    }
}

impl Margins {
    /// The cells of the crossing, with a column for each level of each margin. Rows left out are a class of no columns.
    pub fn by_class(&self) -> ByClass {
        let none = self.cells.len() as u32;
        let of_row = self.cells.of_row.iter();
        let mut columns: Vec<Vec<u32>> = vec![Vec::new(); self.cells.len() + 1];
        let mut first = 0;
        for (side, levels) in self.sides.iter().zip(&self.cells.levels) {
            for (columns, level) in columns.iter_mut().zip(levels) {
                columns.push(first + level);
            }
            first += side.levels.len() as u32;
        }
        ByClass {
            classes: vec![RowClasses {
                of_row: of_row
                    .map(|cell| if *cell == NONE { none } else { *cell })
                    .collect(),
                columns,
            }],
            numbers: Vec::new(),
            columns: first as usize,
        }
    }

    /// What [`Margins::project`] takes off the rows of each level, from the sums of z by cell.
    ///
    /// Errors: fewer sums than cells.
    pub fn projected(&self, sums: &[f64], rounds: usize) -> Result<Vec<f64>, Error> {
        let Some(sums) = sums.get(..self.cells.len()) else {
            return Err(Error::Length {
                what: "the sums by cell".to_owned(),
                given: sums.len(),
                rows: self.cells.len(),
            });
        };
        let mut sums = sums.to_vec();
        let rows: Vec<Vec<usize>> = self
            .sides
            .iter()
            .zip(&self.cells.levels)
            .map(|(side, level_of_cell)| {
                rows_by_level(level_of_cell, side.levels.len(), &self.cells.rows)
            })
            .collect();
        let mut taken: Vec<Vec<f64>> = self
            .sides
            .iter()
            .map(|side| vec![0.0; side.levels.len()])
            .collect();
        for _ in 0..rounds {
            for (place, level_of_cell) in self.cells.levels.iter().enumerate() {
                let levels = self.sides[place].levels.len();
                let mut means = by_level(level_of_cell, levels, &sums);
                for (mean, rows) in means.iter_mut().zip(&rows[place]) {
                    *mean = if *rows > 0 { *mean / *rows as f64 } else { 0.0 };
                }
                for (taken, mean) in taken[place].iter_mut().zip(&means) {
                    *taken += mean;
                }
                for (cell, &level) in level_of_cell.iter().enumerate() {
                    sums[cell] -= means[level as usize] * self.cells.rows[cell] as f64;
                }
            }
        }
        Ok(taken.concat())
    }
}
