//! What a calibration does to the scores of an estimate.

use rayon::prelude::*;

use crate::survey::sums::Classes;

/// What a calibration does to the scores of an estimate.
pub trait Residuals: Sync {
    /// From the scores of rows, by their number, to those of all rows of the design in order.
    fn of_rows(&self, scores: &[(u64, f64)]) -> Vec<f64>;

    /// The same from sums, where one regression does it.
    fn regression(&self) -> Option<&dyn Regression>;
}

/// A regression that takes the score u of a respondent to u − a x′B.
///
/// B follows from sums Σ r u over classes of respondents, so that no row has to be kept: one pass adds the scores up by
/// unit and another by class. a is the weight that was held to totals, r that before it over that after it, or what
/// else B is to be made with.
pub trait Regression: Sync {
    /// How many passes over the respondents B takes.
    fn passes(&self) -> usize;

    /// The classes of a pass, and r times the new weight of each respondent.
    fn pass(&self, at: usize) -> (Classes, Vec<f64>);

    /// B from the sums of each class in each pass.
    fn coefficients(&self, sums: &[Vec<f64>]) -> Vec<f64>;

    /// The columns in which x of a row is not 0, each with a x.
    fn explained(&self, row: usize, entries: &mut Vec<(u32, f64)>);

    /// Where a is the new weight itself and x is the same in all of a class.
    fn cells(&self) -> Option<Cells<'_>>;
}

/// Respondents of the same x.
pub struct Cells<'a> {
    pub classes: Classes,
    /// The new weights.
    pub weights: &'a [f64],
    /// The columns that are 1, by class.
    pub columns: Vec<Vec<u32>>,
}

impl Cells<'_> {
    /// x′B of a class.
    pub fn fitted(&self, class: usize, b: &[f64]) -> f64 {
        let columns = self.columns.get(class).map_or(&[][..], Vec::as_slice);
        let coefficient = |column: &u32| b.get(*column as usize);
        columns.iter().filter_map(coefficient).sum()
    }
}

/// Σ a x of each unit, without what is 0.
#[derive(Clone, Debug, Default)]
pub struct Explained {
    units: Vec<Vec<(u32, f64)>>,
}

/// Units that a thread takes at a time.
const UNITS: usize = 64;

impl Explained {
    /// Adds the rows of each unit up, in the order of the file.
    pub fn of(regression: &dyn Regression, unit_of_row: &[u32], units: usize) -> Explained {
        let (starts, rows) = rows_by_unit(unit_of_row, units);
        let of_unit = |(sums, entries): &mut (Vec<f64>, Vec<(u32, f64)>), unit: usize| {
            let mut met: Vec<u32> = Vec::new();
            for row in &rows[starts[unit]..starts[unit + 1]] {
                entries.clear();
                regression.explained(*row as usize, entries);
                for (column, value) in entries.iter() {
                    let place = *column as usize;
                    if place >= sums.len() {
                        sums.resize(place + 1, 0.0);
                    }
                    if sums[place] == 0.0 {
                        met.push(*column);
                    }
                    sums[place] += value;
                }
            }
            // a sum that came back to 0 on its way is met twice
            met.sort_unstable();
            met.dedup();
            let taken = met.iter().map(|column| {
                let sum = std::mem::take(&mut sums[*column as usize]);
                (*column, sum)
            });
            taken.collect::<Vec<(u32, f64)>>()
        };
        let units = (0..units).into_par_iter().with_min_len(UNITS);
        Explained {
            units: units.map_init(Default::default, of_unit).collect(),
        }
    }

    /// Σ a x′B of a unit.
    pub fn fitted(&self, unit: usize, b: &[f64]) -> f64 {
        let entries = self.units.get(unit).map_or(&[][..], Vec::as_slice);
        let term = |(column, sum): &(u32, f64)| b.get(*column as usize).map(|b| b * sum);
        entries.iter().filter_map(term).sum()
    }
}

/// The rows of each unit in their order, one unit after the other, and where each begins.
fn rows_by_unit(unit_of_row: &[u32], units: usize) -> (Vec<usize>, Vec<u32>) {
    let mut starts = vec![0; units + 1];
    for unit in unit_of_row {
        starts[*unit as usize + 1] += 1;
    }
    for unit in 0..units {
        starts[unit + 1] += starts[unit];
    }
    let mut next = starts.clone();
    let mut rows = vec![0; unit_of_row.len()];
    for (row, unit) in (0_u32..).zip(unit_of_row) {
        let place = &mut next[*unit as usize];
        rows[*place] = row;
        *place += 1;
    }
    (starts, rows)
}
