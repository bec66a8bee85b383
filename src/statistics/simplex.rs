//! A small exact-bounds simplex: is there a point within all bounds, which bounds rule it out, and how
//! far can one row go.
//!
//! The variables are cells and rows (linear functions of the cells), each with bounds. The tableau
//! writes the basic variables in terms of the others, as in Dutertre & de Moura 2006, *A fast
//! linear-arithmetic solver for DPLL(T)*: bounds may change between two questions while the basis
//! stays, and where no point exists the row that is stuck names the bounds that rule it out (Farkas).

/// A linear function of cells: pairs of cell and coefficient.
pub type Terms = Vec<(usize, f64)>;

/// One end of a variable's bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Low,
    High,
}

/// Whether a point lies within all bounds.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Possible,
    /// The variables whose bounds rule it out.
    Impossible(Vec<usize>),
    /// More steps than were allowed.
    Unknown,
}

/// Cells are shares in points, 0 to 100, or counts of respondents: less than this is noise of the arithmetic.
const NOISE: f64 = 1e-7;
/// A variable this near to a bound is at it.
const AT: f64 = 1e-9;
/// A coefficient smaller than this is none.
const ZERO: f64 = 1e-10;

/// Cells first, then rows. `basis[i]` is the variable that line i of the tableau gives, `free[j]` that of column j.
#[derive(Clone, Debug)]
pub struct Simplex {
    cells: usize,
    low: Vec<f64>,
    high: Vec<f64>,
    value: Vec<f64>,
    basis: Vec<usize>,
    free: Vec<usize>,
    lines: Vec<Vec<f64>>,
    /// Steps after which a search is given up.
    limit: usize,
}

impl Simplex {
    /// Cells from 0 to 100 unless [`Simplex::bound`] says otherwise, rows without bounds.
    pub fn new(cells: usize, rows: &[Terms]) -> Simplex {
        let count = cells + rows.len();
        let line = |terms: &Terms| {
            let mut line = vec![0.0; cells];
            for &(cell, coefficient) in terms {
                line[cell] += coefficient;
            }
            line
        };
        let bounds = |of_cell: f64, of_row: f64| {
            let mut bounds = vec![of_cell; cells];
            bounds.resize(count, of_row);
            bounds
        };
        Simplex {
            cells,
            low: bounds(0.0, f64::NEG_INFINITY),
            high: bounds(100.0, f64::INFINITY),
            value: vec![0.0; count],
            basis: (cells..count).collect(),
            free: (0..cells).collect(),
            lines: rows.iter().map(line).collect(),
            // twenty times the steps after which a search turns careful
            limit: 20 * (4 * count + 50),
        }
    }

    /// Gives up earlier: for tests.
    pub fn limit(&mut self, steps: usize) {
        self.limit = steps;
    }

    /// The variable of a row.
    pub fn row(&self, row: usize) -> usize {
        self.cells + row
    }

    /// Where a variable is, after a search.
    pub fn value(&self, variable: usize) -> f64 {
        self.value[variable]
    }

    /// Sets the bounds of a variable.
    pub fn bound(&mut self, variable: usize, low: f64, high: f64) {
        self.low[variable] = low;
        self.high[variable] = high;
    }

    /// Looks for a point within all bounds.
    pub fn check(&mut self) -> Outcome {
        // A variable whose own bounds cross rules everything out by itself; pivots would never find it.
        if let Some(empty) = (0..self.value.len()).find(|&v| self.low[v] > self.high[v] + NOISE) {
            return Outcome::Impossible(vec![empty]);
        }
        self.settle();
        let patience = 4 * (self.lines.len() + self.cells) + 50;
        for step in 0..self.limit {
            // Bland's rule can't go in circles; the greatest violation is quicker while it doesn't.
            let careful = step > patience;
            let Some((line, end)) = self.violated(careful) else {
                return Outcome::Possible;
            };
            let Some(column) = self.helping(line, end, careful) else {
                return Outcome::Impossible(self.stuck(line));
            };
            let leaving = self.basis[line];
            let bound = match end {
                End::Low => self.low[leaving],
                End::High => self.high[leaving],
            };
            self.shift(
                column,
                (bound - self.value[leaving]) / self.lines[line][column],
            );
            self.value[leaving] = bound; // not a hair beside it, or it would seem able to move
            self.pivot(line, column);
            if step % 64 == 63 {
                self.settle(); // steps add up noise
            }
        }
        Outcome::Unknown
    }

    /// The greatest (or least) value of a row within all bounds, and the variables whose bounds set it; `None`
    /// where there is no point, or no end was found.
    pub fn extreme(&mut self, row: usize, end: End) -> Option<(f64, Vec<usize>)> {
        let target = self.row(row);
        if self.check() != Outcome::Possible {
            return None;
        }
        let direction = match end {
            End::High => 1.0,
            End::Low => -1.0,
        };
        // Bland's rule from the first step, which always ends: the bound is for what noise can do
        for step in 0..40 * (self.lines.len() + self.cells) + 500 {
            // A row without bounds never leaves the basis.
            let line = self.basis.iter().position(|&basic| basic == target)?;
            let gains = |column: usize| {
                let rate = direction * self.lines[line][column];
                let variable = self.free[column];
                rate > ZERO && self.value[variable] < self.high[variable] - AT
                    || rate < -ZERO && self.value[variable] > self.low[variable] + AT
            };
            let Some(column) = (0..self.cells)
                .filter(|&column| gains(column))
                .min_by_key(|&column| self.free[column])
            else {
                return Some((self.value[target], self.stuck(line)));
            };
            let up = (direction * self.lines[line][column]).signum();
            self.advance(column, up)?;
            if step % 64 == 63 {
                self.settle();
            }
        }
        None
    }

    /// Moves a free variable as far as the bounds let it; what stops it first leaves the basis.
    fn advance(&mut self, column: usize, up: f64) -> Option<()> {
        let entering = self.free[column];
        let own = match up > 0.0 {
            true => self.high[entering] - self.value[entering],
            false => self.value[entering] - self.low[entering],
        };
        let mut least = (own, None);
        for (line, coefficients) in self.lines.iter().enumerate() {
            let rate = up * coefficients[column];
            let basic = self.basis[line];
            let room = match rate {
                // a hair outside of its bound it has no room, not less than none
                rate if rate > ZERO => (self.high[basic] - self.value[basic]).max(0.0) / rate,
                rate if rate < -ZERO => (self.value[basic] - self.low[basic]).max(0.0) / -rate,
                _ => continue,
            };
            // of equals the first leaves the basis, the other half of Bland's rule
            let tied = least
                .1
                .is_some_and(|other: usize| room == least.0 && basic < self.basis[other]);
            if room < least.0 || tied {
                least = (room, Some(line));
            }
        }
        if !least.0.is_finite() {
            return None;
        }
        self.shift(column, up * least.0);
        match least.1 {
            Some(line) => {
                let leaving = self.basis[line];
                let rising = up * self.lines[line][column] > 0.0;
                let bound = if rising {
                    self.high[leaving]
                } else {
                    self.low[leaving]
                };
                self.value[leaving] = bound;
                self.pivot(line, column);
            }
            None if up > 0.0 => self.value[entering] = self.high[entering],
            None => self.value[entering] = self.low[entering],
        }
        Some(())
    }

    /// Brings the free variables within their bounds and computes the basic ones from them.
    fn settle(&mut self) {
        for &variable in &self.free {
            let value = self.value[variable].max(self.low[variable]);
            self.value[variable] = value.min(self.high[variable]);
        }
        for (line, &basic) in self.lines.iter().zip(&self.basis) {
            let terms = line.iter().zip(&self.free);
            self.value[basic] = terms
                .filter(|(coefficient, _)| **coefficient != 0.0)
                .map(|(coefficient, &variable)| coefficient * self.value[variable])
                .sum();
        }
    }

    /// A basic variable outside of its bounds: the first one, or the one that is farthest.
    fn violated(&self, first: bool) -> Option<(usize, End)> {
        let outside = self.basis.iter().enumerate().filter_map(|(line, &basic)| {
            let (under, over) = (
                self.low[basic] - self.value[basic],
                self.value[basic] - self.high[basic],
            );
            match under.max(over) > NOISE {
                true if under > over => Some((line, End::Low, under)),
                true => Some((line, End::High, over)),
                false => None,
            }
        });
        let found = match first {
            true => outside.min_by_key(|(line, _, _)| self.basis[*line]),
            false => outside.max_by(|a, b| a.2.total_cmp(&b.2)),
        };
        found.map(|(line, end, _)| (line, end))
    }

    /// A free variable that can move the basic one back to its bound: the first one, or the one with
    /// the greatest coefficient.
    fn helping(&self, line: usize, end: End, first: bool) -> Option<usize> {
        let direction = match end {
            End::Low => 1.0,
            End::High => -1.0,
        };
        let helps = |&(column, coefficient): &(usize, &f64)| {
            let (rate, variable) = (direction * coefficient, self.free[column]);
            rate > ZERO && self.value[variable] < self.high[variable] - AT
                || rate < -ZERO && self.value[variable] > self.low[variable] + AT
        };
        let helping = self.lines[line].iter().enumerate().filter(helps);
        let found = match first {
            true => helping.min_by_key(|(column, _)| self.free[*column]),
            false => helping.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())),
        };
        found.map(|(column, _)| column)
    }

    /// The variables of a line: where it can't move any further their bounds are why.
    fn stuck(&self, line: usize) -> Vec<usize> {
        let free = self.lines[line].iter().zip(&self.free);
        free.filter(|(coefficient, _)| coefficient.abs() > ZERO)
            .map(|(_, &variable)| variable)
            .chain([self.basis[line]])
            .collect()
    }

    /// Moves a free variable, and the basic ones with it.
    fn shift(&mut self, column: usize, by: f64) {
        self.value[self.free[column]] += by;
        for (line, &basic) in self.lines.iter().zip(&self.basis) {
            self.value[basic] += line[column] * by;
        }
    }

    /// Solves the line for the variable of the column, and puts that into all other lines.
    fn pivot(&mut self, line: usize, column: usize) {
        // Taken out, so that the loop below, which skips empty lines, does not put it into itself.
        let mut solved = std::mem::take(&mut self.lines[line]);
        let pivot = solved[column];
        for coefficient in &mut solved {
            *coefficient /= -pivot;
        }
        solved[column] = 1.0 / pivot;
        let used: Vec<(usize, f64)> = solved
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, coefficient)| coefficient.abs() > ZERO)
            .collect();
        for other in self.lines.iter_mut().filter(|other| !other.is_empty()) {
            let factor = other[column];
            if factor == 0.0 {
                continue;
            }
            other[column] = 0.0;
            for &(position, coefficient) in &used {
                // What cancels is made 0: a coefficient of 1e-17 would seem to let a variable move.
                let sum = other[position] + factor * coefficient;
                other[position] = if sum.abs() < ZERO { 0.0 } else { sum };
            }
        }
        self.lines[line] = solved;
        std::mem::swap(&mut self.basis[line], &mut self.free[column]);
    }
}
