//! Why raking did not come to an end, in words that help.

use super::margins::{Goal, Margins, by_level, relative_difference};

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
pub(super) fn described(
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

/// The rows of each level of a margin.
pub(super) fn level_rows(margins: &Margins, place: usize) -> Vec<usize> {
    let levels = margins.sides[place].levels.len();
    rows_by_level(&margins.cells.levels[place], levels, &margins.cells.rows)
}

/// The rows of cells, by level.
pub(super) fn rows_by_level(level_of_cell: &[u32], levels: usize, cells: &[usize]) -> Vec<usize> {
    let mut rows = vec![0; levels];
    for (&level, count) in level_of_cell.iter().zip(cells) {
        rows[level as usize] += count;
    }
    rows
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
