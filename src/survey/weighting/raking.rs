//! Raking, iterative proportional fitting of the margins, and poststratification, which is one margin at once.
//!
//! Why it goes over cells, and when it stops: docs/design/raking.md.

use super::base::checked_tolerance;
use super::cells::{multiplied_out, shared_out};
use super::margins::{Goal, Margins, by_level, level_rows, relative_difference};
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
/// use opine::internals::survey::weighting::{Margin, MissingPolicy, RakeOptions, rake};
///
/// let levels = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
/// let sex = Margin::new("sex", levels("women", "men"), vec![0, 0, 0, 1], vec![0.5, 0.5]);
/// let age = Margin::new("age", levels("18-49", "50+"), vec![0, 0, 1, 1], vec![0.4, 0.6]);
/// let raked = rake(&[sex, age], &[1.0; 4], MissingPolicy::Refuse, None, RakeOptions::default())?;
/// assert!((raked.weights[0] - 0.8).abs() < 1e-9 && (raked.weights[3] - 2.0).abs() < 1e-9);
/// # Ok::<(), opine::internals::survey::weighting::Error>(())
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
        // weights near the largest float may round to none
        let is_weight = |weight: &f64| *weight <= f64::MAX / 2.0;
        if apart.is_nan() || apart > options.tolerance || !cells.iter().all(is_weight) {
            let found = not_converged(self, &by_cell, &cells, &goal, history.len());
            return Err(Error::NotConverged(Box::new(found)));
        }
        Ok(Raked {
            weights: shared_out(&self.cells, base, (&by_cell, &cells)),
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
                        sums[level as usize].add(*weight);
                    }
                });
                for (sum, target) in sums.iter().zip(targets) {
                    apart = worse(apart, relative_difference(*sum, *target, goal.total));
                }
                let factors: Vec<f64> = sums
                    .iter()
                    .zip(targets)
                    // a level without weight has the target 0: any other was refused at the start
                    .map(|(sum, target)| if *sum > 0.0 { target / sum } else { 0.0 })
                    .collect();
                chunks::change(cells, |cell, weight| {
                    let level = level_of_cell[cell] as usize;
                    match factors[level].is_infinite() {
                        true => weight / sums[level] * targets[level],
                        false => weight * factors[level],
                    }
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
    // in the first round `before` is infinite, so that margins that hold at once are settled
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

/// Base weights, one a row, times target/sum of base weights of the level of each row.
///
/// For several variables at once, cell weighting, give the margin of their [crossing](super::crossed). `missing` and
/// `population` are as for [`Margins::new`].
///
/// Errors: as [`Margins::new`]; base weights that are negative, not finite or all 0; a target above 0 for a level
/// without base weight.
///
/// Source: Holt and Smith, JRSS A 142 (1979). In R: `postStratify(design, ~a, population)`.
pub fn poststratify(
    margin: &Margin,
    base: &[f64],
    missing: MissingPolicy,
    population: Option<f64>,
) -> Result<Vec<f64>, Error> {
    let margin = std::slice::from_ref(margin);
    Margins::new(margin, base.len(), missing, population)?.poststratify(base)
}

impl Margins {
    /// Poststratification to the only margin of these.
    ///
    /// Errors: several margins; otherwise as [`poststratify`].
    pub fn poststratify(&self, base: &[f64]) -> Result<Vec<f64>, Error> {
        let (by_cell, goal) = self.start(base)?;
        let ([targets], [level_of_cell]) = (goal.targets.as_slice(), self.cells.levels.as_slice())
        else {
            return Err(Error::SeveralMargins(self.sides.len()));
        };
        let factors: Vec<f64> = by_cell
            .iter()
            .zip(level_of_cell)
            .map(|(sum, &level)| {
                if *sum > 0.0 {
                    targets[level as usize] / sum
                } else {
                    0.0
                }
            })
            .collect();
        Ok(multiplied_out(&self.cells, base, &factors))
    }
}

/// Pairs of levels up to this number are searched for a contradiction.
const LARGEST_PAIR: usize = 1 << 24;

/// Margins that do not hold after all the rounds of raking that were allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct NotConverged {
    /// The rounds that were done.
    pub iterations: usize,
    /// The variable with the level that is furthest off.
    pub variable: String,
    /// The level that is furthest off, relatively.
    pub level: String,
    /// Its number of rows.
    pub respondents: usize,
    /// Its target.
    pub target: f64,
    /// Its sum of weights.
    pub achieved: f64,
    /// What the targets of a variable add up to.
    pub total: f64,
    /// The neighbour, of fewer rows than the other one, to merge it with.
    pub merge_with: Option<String>,
    /// Two margins that no weights can hold together, where there are such.
    pub contradiction: Option<String>,
}

impl std::fmt::Display for NotConverged {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let with_share = |sum: f64| format!("{} ({:.2}%)", rounded(sum), 100.0 * sum / self.total);
        write!(
            out,
            "the margins do not hold after {} rounds: {} “{}” ({} respondents) should be {} and is {}",
            self.iterations,
            self.variable,
            self.level,
            self.respondents,
            with_share(self.target),
            with_share(self.achieved)
        )?;
        if let Some(contradiction) = &self.contradiction {
            write!(out, "; {contradiction}")?;
        }
        match &self.merge_with {
            Some(other) => write!(out, "; merge “{}” with “{other}”", self.level),
            None => write!(out, "; leave {} out", self.variable),
        }?;
        write!(out, ", or allow more rounds")
    }
}

/// What to say of cells that started as `base` and ended as `cells`.
fn not_converged(
    margins: &Margins,
    base: &[f64],
    cells: &[f64],
    goal: &Goal,
    iterations: usize,
) -> NotConverged {
    let (mut place, mut level, mut achieved, mut worst) = (0, 0, 0.0, f64::NEG_INFINITY);
    for (side, targets) in goal.targets.iter().enumerate() {
        let sums = by_level(&margins.cells.levels[side], targets.len(), cells);
        for (which, (sum, target)) in sums.iter().zip(targets).enumerate() {
            let apart = relative_difference(*sum, *target, goal.total);
            if apart > worst || apart.is_nan() {
                (place, level, achieved, worst) = (side, which, *sum, apart);
            }
        }
    }
    let side = &margins.sides[place];
    let rows = level_rows(margins, place);
    NotConverged {
        iterations,
        variable: side.name.clone(),
        level: side.levels[level].clone(),
        respondents: rows[level],
        target: goal.targets[place][level],
        achieved,
        total: goal.total,
        merge_with: smaller_neighbour(&rows, level).map(|other| side.levels[other].clone()),
        contradiction: contradiction(margins, base, goal),
    }
}

/// To seven digits, for people.
pub(super) fn rounded(number: f64) -> String {
    match format!("{number:.6e}").parse::<f64>() {
        Ok(short) => short.to_string(),
        Err(_) => number.to_string(),
    }
}

/// With two levels, merging would leave nothing to weight by.
fn smaller_neighbour(rows: &[usize], level: usize) -> Option<usize> {
    if rows.iter().filter(|rows| **rows > 0).count() <= 2 {
        return None;
    }
    let below = level.checked_sub(1);
    let above = Some(level + 1).filter(|above| *above < rows.len());
    below
        .into_iter()
        .chain(above)
        .filter(|other| rows[*other] > 0)
        .min_by_key(|other| rows[*other])
}

/// A level whose people are all in levels of another margin that have too little room for them.
fn contradiction(margins: &Margins, base: &[f64], goal: &Goal) -> Option<String> {
    let sides = margins.sides.len();
    let pairs = (0..sides).flat_map(|a| (0..sides).map(move |b| (a, b)));
    pairs
        .filter(|(a, b)| a != b)
        .find_map(|(a, b)| between(margins, base, goal, a, b))
}

fn between(margins: &Margins, base: &[f64], goal: &Goal, a: usize, b: usize) -> Option<String> {
    let (of_a, of_b) = (&margins.sides[a], &margins.sides[b]);
    let width = of_b.levels.len();
    if of_a.levels.len().saturating_mul(width) > LARGEST_PAIR {
        return None;
    }
    let mut together = vec![false; of_a.levels.len() * width];
    let pairs = margins.cells.levels[a].iter().zip(&margins.cells.levels[b]);
    for ((&level_a, &level_b), _) in pairs.zip(base).filter(|(_, weight)| **weight > 0.0) {
        together[level_a as usize * width + level_b as usize] = true;
    }
    for (level, reached) in together.chunks(width.max(1)).enumerate() {
        let target = goal.targets[a][level];
        let within: Vec<usize> = (0..width).filter(|other| reached[*other]).collect();
        let room: f64 = within.iter().map(|other| goal.targets[b][*other]).sum();
        // room for the rounding of sums
        if target > room * (1.0 + 1e-9) {
            let names: Vec<String> = within
                .iter()
                .map(|other| format!("“{}”", of_b.levels[*other]))
                .collect();
            return Some(format!(
                "no weights can do that: everyone with {} “{}” (target {}) has {} {} (target {})",
                of_a.name,
                of_a.levels[level],
                rounded(target),
                of_b.name,
                names.join(" or "),
                rounded(room),
            ));
        }
    }
    None
}
