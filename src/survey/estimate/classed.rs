//! Scores after a calibration, from sums by unit and by class.

use std::ops::Range;
use std::sync::Arc;

use super::error::Error;
use super::residuals::{Cells, Explained, Regression};
use crate::survey::design::Design;
use crate::survey::microdata::Source;
use crate::survey::sums::{Classes, Mode, Plan, Sum, Sums, Weights, scan};

/// The sums that residuals are made from, beside those of the estimates.
pub struct Classed<'a> {
    regression: &'a dyn Regression,
    passes: Vec<Part>,
    spread: Spread<'a>,
}

/// What the regression explains of each unit.
enum Spread<'a> {
    Units(Arc<Explained>),
    /// Rows are the units: by stratum and class.
    Elements(Box<Elements<'a>>),
}

struct Elements<'a> {
    part: Part,
    cells: Cells<'a>,
    /// Of each unit of the part Σ a and Σ a² of all respondents, in any domain or none.
    all: Vec<(Sum, Sum)>,
}

/// Sums by class, and where the cells of each domain stand.
struct Part {
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

impl<'a> Classed<'a> {
    /// Goes over the respondents once a pass; once more where rows are the units.
    ///
    /// # Errors
    /// What the source says.
    pub fn scan(
        source: &dyn Source,
        regression: &'a dyn Regression,
        (design, sums): (&Design, &Sums),
        replan: &Replan,
    ) -> Result<Classed<'a>, Error> {
        let whole = Design::default();
        let mut passes = Vec::new();
        for at in 0..regression.passes() {
            let (classes, weights) = regression.pass(at);
            let plan = replan(&whole, Weights::Given(Arc::new(weights)), Mode::Units)?;
            passes.push(Part::scan(source, plan, classes)?);
        }
        let elements = design.elements().then(|| regression.cells()).flatten();
        let spread = match elements {
            None => {
                let units = sums.unit_of_row();
                Spread::Units(Arc::new(Explained::of(
                    regression,
                    &units,
                    sums.units.len(),
                )))
            }
            Some(cells) => {
                let weights = Weights::Given(Arc::new(cells.weights.to_vec()));
                let strata = Design {
                    strata: design.strata.clone(),
                    ..Design::default()
                };
                let plan = replan(&strata, weights, Mode::Elements)?;
                let part = Part::scan(source, plan, cells.classes.clone())?;
                let all = part.weights(cells.weights);
                Spread::Elements(Box::new(Elements { part, cells, all }))
            }
        };
        Ok(Classed {
            regression,
            passes,
            spread,
        })
    }

    /// B of an estimate in a domain; `score` gives the score of a cell of some sums.
    fn coefficients(&self, domain: usize, score: &dyn Fn(&Sums, usize) -> f64) -> Vec<f64> {
        let of_pass = |part: &Part| {
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
        let Spread::Units(explained) = &self.spread else {
            units.fill(f64::NAN);
            return;
        };
        let b = self.coefficients(domain, score);
        for (unit, score) in units.iter_mut().enumerate() {
            *score -= explained.fitted(unit, &b);
        }
    }

    /// The scores of strata where rows are the units: stratum, Σ e and Σ e², e = u − a f of every respondent.
    pub fn elements(
        &self,
        domain: usize,
        score: &dyn Fn(&Sums, usize) -> f64,
        element: &dyn Fn(&Sums, usize, Sum) -> Element,
    ) -> Vec<(u32, Sum, Sum)> {
        let Spread::Elements(elements) = &self.spread else {
            return Vec::new();
        };
        let Elements { part, cells, all } = elements.as_ref();
        let b = self.coefficients(domain, score);
        let mut of_unit: Vec<Option<usize>> = vec![None; part.sums.units.len()];
        for cell in part.cells.get(domain).cloned().unwrap_or_default() {
            of_unit[part.sums.cells[cell].unit as usize] = Some(cell);
        }
        let mut strata: Vec<(u32, Sum, Sum)> = Vec::new();
        for (unit, (weight, square)) in all.iter().enumerate() {
            let f = Sum::from(cells.fitted(part.class(unit as u32), &b));
            let inside = of_unit[unit].map(|cell| element(&part.sums, cell, f));
            let (mut e, mut e_square) = (-(f * *weight), f * f * *square);
            if let Some(inside) = inside {
                e = inside.score - f * (*weight - inside.weight);
                e_square = inside.square + f * f * (*square - inside.weight_square);
            }
            let stratum = part.sums.units[unit].stratum;
            match strata.last_mut() {
                Some(last) if last.0 == stratum => {
                    last.1 += e;
                    last.2 += e_square;
                }
                _ => strata.push((stratum, e, e_square)),
            }
        }
        strata
    }
}

impl Part {
    fn scan(source: &dyn Source, mut plan: Plan, classes: Classes) -> Result<Part, Error> {
        let count = classes.count;
        plan.design.classes = Some(classes);
        plan.keep_places = plan.mode == Mode::Elements;
        let sums = scan(source, &plan)?;
        Ok(Part {
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
