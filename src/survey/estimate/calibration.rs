//! What a calibration does to the scores of an estimate.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::Error;
use super::scores::ElementSums;
use crate::survey::design::Design;
use crate::survey::microdata::Source;
use crate::survey::sums::{Classes, Mode, Plan, Sum, Sums, Weights, scan};

/// What a calibration does to the scores of an estimate.
pub trait Residuals: Sync {
    /// From the scores of rows, by their number, to those of all rows of the design in order.
    fn residual_scores(&self, scores: &[(u64, f64)]) -> Vec<f64>;

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
pub struct FittedTotals {
    units: Vec<Vec<(u32, f64)>>,
}

/// Units that a thread takes at a time.
const UNITS: usize = 64;

impl FittedTotals {
    /// Adds the rows of each unit up.
    pub fn new(regression: &dyn Regression, unit_of_row: &[u32], units: usize) -> FittedTotals {
        let (starts, rows) = rows_by_unit(unit_of_row, units);
        let of_unit = |(sums, entries): &mut (Vec<Sum>, Vec<(u32, f64)>), unit: usize| {
            let mut met: Vec<u32> = Vec::new();
            for row in &rows[starts[unit]..starts[unit + 1]] {
                entries.clear();
                regression.explained(*row as usize, entries);
                for (column, value) in entries.iter() {
                    let place = *column as usize;
                    if place >= sums.len() {
                        sums.resize(place + 1, Sum::ZERO);
                    }
                    if sums[place] == Sum::ZERO {
                        met.push(*column);
                    }
                    sums[place].add(*value);
                }
            }
            // a sum that came back to 0 on its way is met twice
            met.sort_unstable();
            met.dedup();
            let taken = met.iter().map(|column| {
                let sum = std::mem::take(&mut sums[*column as usize]);
                (*column, sum.value())
            });
            taken.collect::<Vec<(u32, f64)>>()
        };
        let units = (0..units).into_par_iter().with_min_len(UNITS);
        FittedTotals {
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

/// The sums that residuals are made from, beside those of the estimates.
pub struct ResidualSums<'a> {
    regression: &'a dyn Regression,
    passes: Vec<ClassSums>,
    spread: UnitFits<'a>,
}

/// What the regression explains of each unit.
enum UnitFits<'a> {
    Units(Arc<FittedTotals>),
    /// Rows are the units: by stratum and class.
    Elements(Box<Elements<'a>>),
}

struct Elements<'a> {
    part: ClassSums,
    cells: Cells<'a>,
    /// Of each unit of the part Σ a and Σ a² of all respondents, in any domain or none.
    all: Vec<(Sum, Sum)>,
}

/// Sums by class, and where the cells of each domain stand.
struct ClassSums {
    sums: Sums,
    cells: Vec<Range<usize>>,
    /// The largest class, and one.
    classes: usize,
}

/// What the respondents of a cell add to the scores of their stratum.
#[derive(Clone, Copy, Debug, Default)]
pub struct Element {
    /// Σ (u − a f) and Σ (u − a f)².
    pub score: Sum,
    pub square: Sum,
    /// Σ a and Σ a² of those that the estimate is made from.
    pub weight: Sum,
    pub weight_square: Sum,
}

/// Makes the plan of a scan for a design, weights and a mode.
pub type Replan<'a> = dyn Fn(&Design, Weights, Mode) -> Result<Plan, Error> + 'a;

impl<'a> ResidualSums<'a> {
    /// Goes over the respondents once a pass; once more where rows are the units.
    ///
    /// # Errors
    /// What the source says.
    pub fn scan(
        source: &dyn Source,
        regression: &'a dyn Regression,
        (design, sums): (&Design, &Sums),
        replan: &Replan,
    ) -> Result<ResidualSums<'a>, Error> {
        let whole = Design::default();
        let mut passes = Vec::new();
        for at in 0..regression.passes() {
            let (classes, weights) = regression.pass(at);
            let plan = replan(&whole, Weights::PerRow(Arc::new(weights)), Mode::Units)?;
            passes.push(ClassSums::scan(source, plan, classes)?);
        }
        let elements = design.elements().then(|| regression.cells()).flatten();
        let spread = match elements {
            None => {
                let units = sums.unit_of_row();
                UnitFits::Units(Arc::new(FittedTotals::new(
                    regression,
                    &units,
                    sums.units.len(),
                )))
            }
            Some(cells) => {
                let weights = Weights::PerRow(Arc::new(cells.weights.to_vec()));
                let strata = Design {
                    strata: design.strata.clone(),
                    ..Design::default()
                };
                let plan = replan(&strata, weights, Mode::Elements)?;
                let part = ClassSums::scan(source, plan, cells.classes.clone())?;
                let all = part.weights(cells.weights);
                UnitFits::Elements(Box::new(Elements { part, cells, all }))
            }
        };
        Ok(ResidualSums {
            regression,
            passes,
            spread,
        })
    }

    /// B of an estimate in a domain; `score` gives the score of a cell of some sums.
    fn coefficients(&self, domain: usize, score: &dyn Fn(&Sums, usize) -> f64) -> Vec<f64> {
        let of_pass = |part: &ClassSums| {
            let mut sums = vec![0.0; part.classes];
            for cell in part.cells.get(domain).cloned().unwrap_or_default() {
                if let Some(sum) = sums.get_mut(part.class(part.sums.cells[cell].unit)) {
                    *sum += score(&part.sums, cell);
                }
            }
            sums
        };
        let sums: Vec<Vec<f64>> = self.passes.iter().map(of_pass).collect();
        self.regression.coefficients(&sums)
    }

    /// The scores of units less what is explained of them. `units` has a score for every unit of the sums.
    pub fn units(&self, domain: usize, score: &dyn Fn(&Sums, usize) -> f64, units: &mut [f64]) {
        let UnitFits::Units(explained) = &self.spread else {
            units.fill(f64::NAN);
            return;
        };
        let b = self.coefficients(domain, score);
        for (unit, score) in units.iter_mut().enumerate() {
            *score -= explained.fitted(unit, &b);
        }
    }

    /// The scores of strata where rows are the units, e = u − a f of every respondent.
    pub fn elements(
        &self,
        domain: usize,
        score: &dyn Fn(&Sums, usize) -> f64,
        element: &dyn Fn(&Sums, usize, Sum) -> Element,
    ) -> Vec<(u32, ElementSums)> {
        let UnitFits::Elements(elements) = &self.spread else {
            return Vec::new();
        };
        let Elements { part, cells, all } = elements.as_ref();
        let b = self.coefficients(domain, score);
        let mut of_unit: Vec<Option<usize>> = vec![None; part.sums.units.len()];
        for cell in part.cells.get(domain).cloned().unwrap_or_default() {
            of_unit[part.sums.cells[cell].unit as usize] = Some(cell);
        }
        let mut strata: Vec<(u32, ElementSums)> = Vec::new();
        for (unit, (weight, square)) in all.iter().enumerate() {
            let f = Sum::from(cells.fitted(part.class(unit as u32), &b));
            let inside = of_unit[unit].map(|cell| element(&part.sums, cell, f));
            let (mut e, mut e_square) = (-(f * *weight), f * f * *square);
            if let Some(inside) = inside {
                e = inside.score - f * (*weight - inside.weight);
                e_square = inside.square + f * f * (*square - inside.weight_square);
            }
            let stratum = part.sums.units[unit].stratum;
            // units stand in the order of their strata
            match strata.last_mut() {
                Some(last) if last.0 == stratum => {
                    last.1.sum += e;
                    last.1.square += e_square;
                }
                _ => {
                    let first = ElementSums {
                        sum: e,
                        square: e_square,
                        about_mean: None,
                    };
                    strata.push((stratum, first));
                }
            }
        }
        strata
    }
}

impl ClassSums {
    fn scan(source: &dyn Source, mut plan: Plan, classes: Classes) -> Result<ClassSums, Error> {
        let count = classes.count;
        plan.design.classes = Some(classes);
        plan.keep_places = plan.mode == Mode::Elements;
        let sums = scan(source, &plan)?;
        Ok(ClassSums {
            cells: sums.cells_by_domain(),
            classes: count,
            sums,
        })
    }

    /// The class of a unit: the last part of its path.
    fn class(&self, unit: u32) -> usize {
        match self.sums.units[unit as usize].path.last() {
            Some(crate::survey::microdata::Value::Number(class)) => *class as usize,
            _ => usize::MAX,
        }
    }

    /// Σ a and Σ a² of each unit.
    fn weights(&self, weights: &[f64]) -> Vec<(Sum, Sum)> {
        let mut all = vec![(Sum::ZERO, Sum::ZERO); self.sums.units.len()];
        for (unit, weight) in self.sums.unit_of_row().iter().zip(weights) {
            let (sum, square) = &mut all[*unit as usize];
            sum.add(*weight);
            square.add_sum(Sum::product(*weight, *weight));
        }
        all
    }
}
