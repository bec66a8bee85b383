//! A regression by classes of rows: what sums have to know so that no row has to be kept.

use super::cells::{Cells, NONE, Side};
use super::columns::Columns;
use super::parts::Dummies;
use super::residuals::Calibration;
use super::{Error, Margins};

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
            size: part.levels + 1,
            missing: u32::try_from(part.levels).ok(),
        })
        .collect();
    let cells = Cells::of(&sides, rows);
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
                super::unreached::rows_by_level(level_of_cell, side.levels.len(), &self.cells.rows)
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
                let mut means = super::margins::by_level(level_of_cell, levels, &sums);
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
