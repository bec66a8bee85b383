//! Cells that no law connects with others: one small program each.

use super::cells::{Cells, Statement};
use crate::published::figures::store::Figure;
use crate::statistics::simplex::{End, Outcome, Simplex, Terms};

/// A program larger than this (cells times rows) is left out, and that is said.
const LARGEST: usize = 6_000_000;

/// Connected cells, the laws between them, and what was stated of them.
pub struct Component<'s> {
    pub statements: Vec<Statement<'s>>,
    simplex: Simplex,
    laws: Vec<(f64, f64)>,
    /// Rows that were asked about, after those of laws and figures.
    targets: usize,
    /// A search was given up: whether all that was asked about can hold is not known.
    undecided: bool,
}

/// Which figures of a component are believed.
pub type Believed = Vec<bool>;

/// A component that is too large to be looked at.
pub struct TooLarge {
    pub figures: usize,
    pub cells: usize,
}

/// Splits the cells of some people into what is connected. Each target (a sum of cells that is asked about)
/// keeps its cells together; `only` leaves out what is not connected with a target.
pub fn components<'s>(
    cells: Cells<'s>,
    targets: &[Terms],
    only: bool,
) -> Vec<Result<Component<'s>, TooLarge>> {
    let mut groups = Groups::new(cells.cells.len());
    let laws = cells.laws.iter().map(|law| &law.terms);
    let statement = cells.statements.iter().map(|statement| &statement.terms);
    for terms in laws.chain(statement).chain(targets) {
        groups.join(terms);
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut place = vec![None; cells.cells.len()];
    let mut number = vec![0; cells.cells.len()];
    for cell in 0..cells.cells.len() {
        let root = groups.root(cell);
        let part = *place[root].get_or_insert_with(|| {
            parts.push(Part::default());
            parts.len() - 1
        });
        place[cell] = Some(part);
        number[cell] = parts[part].cells;
        parts[part].cells += 1;
    }
    let of = |terms: &Terms| terms.first().and_then(|&(cell, _)| place[cell]);
    let local = |terms: &Terms| {
        terms
            .iter()
            .map(|&(c, factor)| (number[c], factor))
            .collect()
    };
    for law in &cells.laws {
        if let Some(part) = of(&law.terms) {
            parts[part]
                .laws
                .push((local(&law.terms), law.low, law.high));
        }
    }
    for target in targets {
        if let Some(part) = of(target) {
            parts[part].targets.push(local(target));
        }
    }
    for mut statement in cells.statements {
        if let Some(part) = of(&statement.terms) {
            statement.terms = local(&statement.terms);
            parts[part].statements.push(statement);
        }
    }
    let is_needed = |part: &Part| !part.statements.is_empty() && !only || !part.targets.is_empty();
    parts
        .into_iter()
        .filter(is_needed)
        .map(Part::build)
        .collect()
}

#[derive(Default)]
struct Part<'s> {
    cells: usize,
    laws: Vec<(Terms, f64, f64)>,
    statements: Vec<Statement<'s>>,
    targets: Vec<Terms>,
}

impl<'s> Part<'s> {
    fn build(self) -> Result<Component<'s>, TooLarge> {
        let rows: Vec<Terms> = self
            .laws
            .iter()
            .map(|(terms, _, _)| terms.clone())
            .chain(
                self.statements
                    .iter()
                    .map(|statement| statement.terms.clone()),
            )
            .chain(self.targets.iter().cloned())
            .collect();
        // the tableau is dense: so many floats, and each pivot goes through them
        if self.cells * rows.len() > LARGEST {
            return Err(TooLarge {
                figures: self
                    .statements
                    .iter()
                    .map(|statement| statement.figures.len())
                    .sum(),
                cells: self.cells,
            });
        }
        Ok(Component {
            simplex: Simplex::new(self.cells, &rows),
            laws: self
                .laws
                .iter()
                .map(|&(_, low, high)| (low, high))
                .collect(),
            statements: self.statements,
            targets: self.targets.len(),
            undecided: false,
        })
    }
}

impl<'s> Component<'s> {
    /// The number of a target's row.
    pub fn target(&self, number: usize) -> Option<usize> {
        (number < self.targets).then(|| self.laws.len() + self.statements.len() + number)
    }

    /// Whether a search was given up: what was not found impossible was then not found possible either.
    pub fn is_undecided(&self) -> bool {
        self.undecided
    }

    /// Gives up searches earlier: for tests.
    pub fn limit(&mut self, steps: usize) {
        self.simplex.limit(steps);
    }

    /// The row of a statement.
    pub fn row(&self, statement: usize) -> usize {
        self.laws.len() + statement
    }

    fn believe(&mut self, believed: &[bool], ranges: impl Fn(usize) -> (f64, f64)) {
        for (row, &(low, high)) in self.laws.iter().enumerate() {
            let variable = self.simplex.row(row);
            self.simplex.bound(variable, low, high);
        }
        for (number, &believed) in believed.iter().enumerate() {
            let (low, high) = match believed {
                true => ranges(number),
                // what is not believed keeps its row, and so the basis: without bounds it says nothing
                false => (f64::NEG_INFINITY, f64::INFINITY),
            };
            let variable = self.simplex.row(self.laws.len() + number);
            self.simplex.bound(variable, low, high);
        }
    }

    /// Whether what is believed can hold at once; if not, what of it is in the way.
    pub fn clash(&mut self, believed: &[bool]) -> Option<Vec<usize>> {
        let ranges: Vec<(f64, f64)> = self.ranges();
        self.believe(believed, |statement| ranges[statement]);
        self.impossible_rows()
    }

    /// The same where each value stands for some of its prints alone.
    pub fn clash_of_prints(&mut self, prints: &[(usize, Vec<&'s Figure>)]) -> bool {
        let mut believed = vec![false; self.statements.len()];
        let mut ranges = vec![(0.0, 100.0); self.statements.len()];
        for (statement, figures) in prints {
            believed[*statement] = true;
            ranges[*statement] = Statement::range(figures);
        }
        self.believe(&believed, |statement| ranges[statement]);
        self.impossible_rows().is_some()
    }

    /// Whether it is certain that a row can’t lie at or beyond a value: not where the search was given up.
    pub fn stays_short(&mut self, believed: &[bool], row: usize, end: End, value: f64) -> bool {
        let ranges = self.ranges();
        self.believe(believed, |statement| ranges[statement]);
        let variable = self.simplex.row(row);
        // The row is a question, not something believed: its bound is taken back below.
        match end {
            End::Low => self.simplex.bound(variable, f64::NEG_INFINITY, value),
            End::High => self.simplex.bound(variable, value, f64::INFINITY),
        }
        let outcome = self.simplex.check();
        self.simplex
            .bound(variable, f64::NEG_INFINITY, f64::INFINITY);
        self.undecided |= outcome == Outcome::Unknown;
        matches!(outcome, Outcome::Impossible(_))
    }

    /// How far down or up a row can go with what is believed; its own bounds must not be.
    pub fn extreme(&mut self, believed: &[bool], row: usize, end: End) -> Option<f64> {
        let ranges = self.ranges();
        self.believe(believed, |statement| ranges[statement]);
        self.simplex.extreme(row, end).map(|(value, _)| value)
    }

    fn ranges(&self) -> Vec<(f64, f64)> {
        self.statements
            .iter()
            .map(|statement| statement.range)
            .collect()
    }

    fn impossible_rows(&mut self) -> Option<Vec<usize>> {
        let variables = match self.simplex.check() {
            Outcome::Possible => return None,
            Outcome::Impossible(variables) => variables,
            Outcome::Unknown => {
                self.undecided = true;
                return None;
            }
        };
        // laws and cells are in the way as well, but nobody can correct them
        let first = self.simplex.row(self.laws.len());
        let statement = variables.into_iter().filter_map(|v| v.checked_sub(first));
        Some(
            statement
                .filter(|statement| *statement < self.statements.len())
                .collect(),
        )
    }
}

/// Disjoint sets of cells.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Groups {
        Groups((0..count).collect())
    }

    fn root(&mut self, mut cell: usize) -> usize {
        while self.0[cell] != cell {
            // halves the path, so that later look-ups are short
            self.0[cell] = self.0[self.0[cell]];
            cell = self.0[cell];
        }
        cell
    }

    fn join(&mut self, terms: &Terms) {
        let Some(&(first, _)) = terms.first() else {
            return;
        };
        for &(cell, _) in terms {
            let (a, b) = (self.root(first), self.root(cell));
            self.0[b] = a;
        }
    }
}
