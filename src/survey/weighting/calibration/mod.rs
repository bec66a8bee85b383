//! Calibration: weights that reproduce totals, as near to the base weights as they can be.

pub(super) mod columns;
mod distance;
pub(super) mod normal_equations;

use columns::check_finite;
pub use columns::{Auxiliaries, CONSTANT, Columns};
pub use distance::Distance;

use super::Error;
use super::base::{checked_tolerance, checked_total};
use normal_equations::{Factor, change_rows, sums};

/// Halvings of a step before it is given up.
const HALVINGS: usize = 30;

/// After so many steps that together lead hardly nearer, the totals count as out of reach.
const STALLED: usize = 20;

/// When calibration stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrateOptions {
    /// The largest difference from a total that is let stand, as a share of the column's size: Σ d times the root of
    /// its weighted mean square (of a number less its mean, where there is a constant).
    pub tolerance: f64,
    /// The largest number of Newton steps.
    pub iterations: usize,
}

impl Default for CalibrateOptions {
    fn default() -> Self {
        CalibrateOptions {
            tolerance: 1e-11,
            iterations: 200,
        }
    }
}

/// Calibrated weights, and how they came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibrated {
    /// One a row, in the order of the rows.
    pub weights: Vec<f64>,
    /// The number of Newton steps.
    pub iterations: usize,
    /// Columns that are combinations of those before them; their totals follow from the others' and hold too.
    pub redundant: Vec<String>,
    /// For each step the largest difference from a total before it, measured as the tolerance is.
    pub history: Vec<f64>,
}

/// Weights w = d F(x′λ), one a row, with Σ w x equal to the totals of the auxiliaries.
///
/// λ is found by Newton's method with step halving. `base` are the weights d.
///
/// ```
/// use opine::internals::survey::weighting::{Auxiliaries, CalibrateOptions, Columns, Distance, calibrate};
///
/// // three people aged 20, 40 and 60; in the population the mean is 45
/// let columns = Columns::new(3).number("age", vec![20.0, 40.0, 60.0])?;
/// let auxiliaries = Auxiliaries::new(columns, vec![3.0, 135.0])?;
/// let calibrated = calibrate(&auxiliaries, &[1.0; 3], Distance::Linear, CalibrateOptions::default())?;
/// assert!((calibrated.weights[0] - 0.625).abs() < 1e-12 && (calibrated.weights[2] - 1.375).abs() < 1e-12);
/// # Ok::<(), opine::internals::survey::weighting::Error>(())
/// ```
///
/// Errors: base weights that are negative, not finite or all 0; bounds that do not enclose 1; a missing answer in a
/// row whose base weight is not 0; a column that nobody has but that has a total; [`Error::Dependent`], a column that
/// is a combination of others while its total is not; [`Error::Unreachable`], totals that no such weights have, with
/// the auxiliary that is furthest off and what was reached.
///
/// Source: Deville and Särndal, JASA 87 (1992). In R: `calibrate(design, ~a + b, totals, calfun = "linear")`, with
/// `bounds` and `calfun = "raking"` or `"logit"`.
pub fn calibrate(
    auxiliaries: &Auxiliaries,
    base: &[f64],
    distance: Distance,
    options: CalibrateOptions,
) -> Result<Calibrated, Error> {
    auxiliaries.calibrate(1.0, base, distance, options)
}

impl Auxiliaries {
    /// The same with each total multiplied by `times`: totals that are shares are those of any sum of weights.
    ///
    /// Errors: as [`calibrate`]; a product that is not finite.
    pub fn calibrate(
        &self,
        times: f64,
        base: &[f64],
        distance: Distance,
        options: CalibrateOptions,
    ) -> Result<Calibrated, Error> {
        distance.check()?;
        let sum = checked_total(base, self.columns.rows())?;
        self.columns.check(base)?;
        checked_tolerance(options.tolerance)?;
        let totals: Vec<f64> = self.totals.iter().map(|total| total * times).collect();
        check_finite(&self.columns, &totals)?;
        Newton::new(&self.columns, &totals, base, distance, sum)?.solve(options)
    }
}

/// The equations of one calibration, with numbers less their centres.
struct Newton<'a> {
    columns: &'a Columns,
    /// The totals as they were given.
    given: &'a [f64],
    base: &'a [f64],
    distance: Distance,
    centres: Vec<f64>,
    /// The totals, less the centres.
    totals: Vec<f64>,
    /// The factor at λ = 0.
    start: Factor,
    /// What a difference from each total is measured by; the columns in use are those of `start`.
    size: Vec<f64>,
}

/// Where a λ leads.
struct State {
    lambda: Vec<f64>,
    products: Vec<f64>,
    /// Totals less sums.
    missed: Vec<f64>,
    /// The largest of them, by size, and the sum of their squares.
    apart: f64,
    squares: f64,
}

impl<'a> Newton<'a> {
    fn new(
        columns: &'a Columns,
        given: &'a [f64],
        base: &'a [f64],
        distance: Distance,
        sum: f64,
    ) -> Result<Self, Error> {
        let p = columns.len();
        let centres = columns.centres(base);
        // the total of the constant is the number of people, each of whom a centre is taken off
        let people = if columns.has_constant() {
            given[0]
        } else {
            0.0
        };
        let totals: Vec<f64> = given
            .iter()
            .zip(&centres)
            .map(|(total, centre)| total - centre * people)
            .collect();
        let (products, _) = sums(columns, &centres, &vec![0.0; p], |row, _| (base[row], 0.0));
        let start = Factor::new(&products, p, |_| true);
        start.check_finite(columns)?;
        let size = (0..p).map(|j| start.norm(j) * sum.sqrt()).collect();
        let newton = Newton {
            columns,
            given,
            base,
            distance,
            centres,
            totals,
            start,
            size,
        };
        check_dependent(&newton)?;
        Ok(newton)
    }

    fn solve(&self, options: CalibrateOptions) -> Result<Calibrated, Error> {
        let p = self.totals.len();
        let mut state = self.at(vec![0.0; p]);
        let mut history = vec![state.apart];
        let mut squares = vec![state.squares];
        while state.apart > options.tolerance {
            if history.len() > options.iterations || stalled(&squares) {
                return Err(self.unreachable(&state, history.len() - 1));
            }
            let in_use = |j: usize| self.start.kept.binary_search(&j).is_ok();
            let factor = Factor::new(&state.products, p, in_use);
            // A column may lose all rows that can still move: then the base weights' matrix, which is never singular,
            // makes a shorter step in a good direction.
            let whole = factor.dependent.is_empty();
            let step = if whole { &factor } else { &self.start }.solve(&state.missed);
            state = match self.shortened(&state, &step) {
                Some(next) => next,
                None if whole => {
                    let step = self.start.solve(&state.missed);
                    self.shortened(&state, &step)
                        .ok_or_else(|| self.unreachable(&state, history.len()))?
                }
                None => return Err(self.unreachable(&state, history.len())),
            };
            history.push(state.apart);
            squares.push(state.squares);
        }
        let names = self.columns.names();
        Ok(Calibrated {
            weights: self.weights(&state.lambda),
            iterations: history.len() - 1,
            redundant: self
                .start
                .dependent
                .iter()
                .map(|(j, _)| names[*j].clone())
                .collect(),
            history,
        })
    }

    /// The sums at λ.
    fn at(&self, lambda: Vec<f64>) -> State {
        let columns = self.columns;
        let (products, sums) = sums(columns, &self.centres, &lambda, |row, u| {
            let (ratio, slope) = self.distance.ratio(u);
            let base = self.base[row];
            // an infinite ratio times 0 would be NaN
            if base == 0.0 {
                (0.0, 0.0)
            } else {
                (base * slope, base * ratio)
            }
        });
        let missed: Vec<f64> = self
            .totals
            .iter()
            .zip(&sums)
            .map(|(total, sum)| total - sum)
            .collect();
        let (mut apart, mut squares) = (0.0_f64, 0.0);
        for &j in &self.start.kept {
            let by_size = (missed[j] / self.size[j]).abs();
            // a step too far overflows the exponential: it is to be halved, not let through as NaN
            apart = if by_size.is_finite() {
                apart.max(by_size)
            } else {
                f64::INFINITY
            };
            squares += by_size * by_size;
        }
        State {
            lambda,
            products,
            missed,
            apart,
            squares,
        }
    }

    /// The step, halved until it leads nearer to the totals.
    fn shortened(&self, from: &State, step: &[f64]) -> Option<State> {
        let mut share = 1.0;
        for _ in 0..HALVINGS {
            let lambda = from
                .lambda
                .iter()
                .zip(step)
                .map(|(old, step)| old + share * step)
                .collect();
            let next = self.at(lambda);
            // Newton's direction always lessens the squares, the largest difference it need not
            if next.apart.is_finite() && next.squares < from.squares {
                return Some(next);
            }
            share /= 2.0;
        }
        None
    }

    fn weights(&self, lambda: &[f64]) -> Vec<f64> {
        let mut weights = self.base.to_vec();
        let columns = self.columns;
        change_rows(
            columns,
            &self.centres,
            lambda,
            &mut weights,
            |_, base, u| {
                if base == 0.0 {
                    0.0
                } else {
                    base * self.distance.ratio(u).0
                }
            },
        );
        weights
    }

    /// The auxiliary that is furthest off, and what was reached of it.
    fn unreachable(&self, state: &State, iterations: usize) -> Error {
        let by_size = |j: &usize| (state.missed[*j] / self.size[*j]).abs();
        let worst = self
            .start
            .kept
            .iter()
            .copied()
            .max_by(|a, b| by_size(a).total_cmp(&by_size(b)));
        let worst = worst.unwrap_or(0);
        let people = if self.columns.has_constant() {
            state.missed[0]
        } else {
            0.0
        };
        let total = self.given[worst];
        Error::Unreachable {
            auxiliary: self.columns.names().swap_remove(worst),
            total,
            reached: total - state.missed[worst] - self.centres[worst] * people,
            iterations,
            hint: match self.distance {
                Distance::LinearBounded { .. } | Distance::Logit { .. } => {
                    "wider bounds, or fewer auxiliaries"
                }
                _ => "fewer auxiliaries, or totals nearer to the sample",
            },
        }
    }
}

/// Whether the last steps hardly led anywhere.
fn stalled(squares: &[f64]) -> bool {
    let before = squares
        .len()
        .checked_sub(STALLED + 1)
        .and_then(|place| squares.get(place));
    match (before, squares.last()) {
        (Some(before), Some(now)) => *now > 0.98 * before,
        _ => false,
    }
}

/// The total of a column that is a combination of others follows from theirs; that of an empty one is 0.
fn check_dependent(newton: &Newton) -> Result<(), Error> {
    let (totals, given) = (&newton.totals, newton.given);
    for (column, row) in &newton.start.dependent {
        let (total, centre) = (totals[*column], newton.centres[*column]);
        let combination = newton.start.combination(*column, row);
        let empty = combination.is_none() && centre == 0.0;
        let terms = combination
            .iter()
            .flatten()
            .zip(totals)
            .map(|(b, total)| b * total);
        let implied: f64 = terms.clone().sum();
        let size = terms.map(f64::abs).sum::<f64>().max(total.abs());
        // a number that is the same everywhere is nothing but rounding errors once its mean is taken off
        let rounding = (1e-12 * given[*column].abs()).max(1e-6 * size);
        if (implied - total).abs() <= if empty { 0.0 } else { rounding } {
            continue;
        }
        let auxiliary = newton.columns.names().swap_remove(*column);
        let total = given[*column];
        if empty {
            return Err(Error::EmptyColumn { auxiliary, total });
        }
        return Err(Error::Dependent {
            auxiliary,
            total,
            implied: total + implied - totals[*column],
        });
    }
    Ok(())
}
