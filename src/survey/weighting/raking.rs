//! Raking: iterative proportional fitting of the margins.

use super::base::checked_tolerance;
use super::cells::multiplied_out;
use super::margins::{Goal, Margins, relative_difference};
use super::unreached;
use super::{Error, Margin, MissingPolicy, chunks};

/// Relative differences below this are rounding errors.
const ROUNDING: f64 = 1e-13;

/// When raking stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RakeOptions {
    /// The largest relative difference of a level from its target that is let stand, and the largest relative change
    /// that further rounds would make.
    pub tolerance: f64,
    /// The largest number of rounds over all margins.
    pub iterations: usize,
}

impl Default for RakeOptions {
    fn default() -> Self {
        RakeOptions {
            tolerance: 1e-10,
            iterations: 1000,
        }
    }
}

/// Raked weights, and how they came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Raked {
    /// One a row, in the order of the rows.
    pub weights: Vec<f64>,
    /// The number of rounds.
    pub iterations: usize,
    /// For each round the largest relative difference of a level from its target when the turn came to its margin.
    pub history: Vec<f64>,
}

/// Raking of base weights to margins, in one call: see [`Margins::rake`].
///
/// ```
/// use opine::survey::weighting::{Margin, MissingPolicy, RakeOptions, rake};
///
/// let levels = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
/// let sex = Margin::new("sex", levels("women", "men"), vec![0, 0, 0, 1], vec![0.5, 0.5]);
/// let age = Margin::new("age", levels("18-49", "50+"), vec![0, 0, 1, 1], vec![0.4, 0.6]);
/// let raked = rake(&[sex, age], &[1.0; 4], MissingPolicy::Refuse, None, RakeOptions::default())?;
/// assert!((raked.weights[0] - 0.8).abs() < 1e-9 && (raked.weights[3] - 2.0).abs() < 1e-9);
/// # Ok::<(), opine::survey::weighting::Error>(())
/// ```
///
/// Errors: as [`Margins::new`] and [`Margins::rake`].
pub fn rake(
    margins: &[Margin],
    base: &[f64],
    missing: MissingPolicy,
    population: Option<f64>,
    options: RakeOptions,
) -> Result<Raked, Error> {
    Margins::new(margins, base.len(), missing, population)?.rake(base, options)
}

impl Margins {
    /// Rakes base weights, one a row, until all margins hold.
    ///
    /// In turn each margin's weights are multiplied by target/sum of their level, round after round. It goes over the
    /// cells of the crossing: rows of one cell get one factor, so that base weights keep their ratios within a cell.
    /// Rows left out for a missing answer get 0.
    ///
    /// Errors: base weights that are negative, not finite or all 0; a target above 0 for a level without base weight;
    /// [`Error::NotConverged`] where the margins do not hold within the rounds allowed: it names the level that is
    /// furthest off.
    ///
    /// Source: Deming and Stephan, Ann. Math. Stat. 11 (1940). In R: `rake(design, list(~a, ~b), list(a, b))`, or with
    /// more digits `calibrate(design, ~a + b, totals, calfun = "raking", epsilon = 1e-13)`.
    pub fn rake(&self, base: &[f64], options: RakeOptions) -> Result<Raked, Error> {
        check_options(&options)?;
        let (by_cell, goal) = self.start(base)?;
        let mut cells = by_cell.clone();
        let history = self.iterate(&mut cells, &goal, &options);
        let apart = history.last().copied().unwrap_or(f64::INFINITY);
        if apart.is_nan() || apart > options.tolerance {
            let found = unreached::described(self, &by_cell, &cells, &goal, history.len());
            return Err(Error::NotConverged(Box::new(found)));
        }
        let factors: Vec<f64> = cells
            .iter()
            .zip(&by_cell)
            .map(|(new, old)| if *old > 0.0 { new / old } else { 0.0 })
            .collect();
        Ok(Raked {
            weights: multiplied_out(&self.cells, base, &factors),
            iterations: history.len(),
            history,
        })
    }

    /// Rakes the weights of the cells; the largest relative difference of each round.
    fn iterate(&self, cells: &mut [f64], goal: &Goal, options: &RakeOptions) -> Vec<f64> {
        let mut history = Vec::new();
        while history.len() < options.iterations {
            let mut apart = 0.0_f64;
            for (level_of_cell, targets) in self.cells.levels.iter().zip(&goal.targets) {
                let sums = chunks::sums(cells.len(), targets.len(), |range, sums| {
                    for (&level, weight) in level_of_cell[range.clone()].iter().zip(&cells[range]) {
                        sums[level as usize] += weight;
                    }
                });
                for (sum, target) in sums.iter().zip(targets) {
                    apart = worse(apart, relative_difference(*sum, *target, goal.total));
                }
                let factors: Vec<f64> = sums
                    .iter()
                    .zip(targets)
                    .map(|(sum, target)| if *sum > 0.0 { target / sum } else { 0.0 })
                    .collect();
                chunks::change(cells, |cell, weight| {
                    weight * factors[level_of_cell[cell] as usize]
                });
            }
            let before = history.last().copied().unwrap_or(f64::INFINITY);
            history.push(apart);
            if apart.is_nan() || is_settled(apart, before, options.tolerance) {
                break;
            }
        }
        history
    }
}

/// Where raking is slow, margins that nearly hold are no sign of weights that hardly change any more: what is still to
/// come is judged by the rate at which differences shrink. Beyond rounding errors they do not.
fn is_settled(apart: f64, before: f64, tolerance: f64) -> bool {
    let rate = apart / before;
    let to_come = apart * rate / (1.0 - rate);
    apart <= tolerance && (apart < ROUNDING || (0.0..=tolerance).contains(&to_come))
}

/// The larger of the two, NaN where one is.
fn worse(a: f64, b: f64) -> f64 {
    if b.is_nan() || b > a { b } else { a }
}

fn check_options(options: &RakeOptions) -> Result<(), Error> {
    checked_tolerance(options.tolerance)?;
    if options.iterations == 0 {
        return Err(Error::NoIterations);
    }
    Ok(())
}
