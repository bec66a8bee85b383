//! Cells that no law connects with others: one small program each.

use super::cells::{Cells, Said};
use super::simplex::{End, Outcome, Simplex, Terms};
use crate::published::figures::store::Figure;

/// A program larger than this (cells times rows) is left out, and that is said.
const LARGEST: usize = 6_000_000;

/// Connected cells, the laws between them, and what was said of them.
pub struct Component<'s> {
    pub said: Vec<Said<'s>>,
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
    let said = cells.said.iter().map(|said| &said.terms);
    for terms in laws.chain(said).chain(targets) {
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
    for mut said in cells.said {
        if let Some(part) = of(&said.terms) {
            said.terms = local(&said.terms);
            parts[part].said.push(said);
        }
    }
    let wanted = |part: &Part| !part.said.is_empty() && !only || !part.targets.is_empty();
    parts.into_iter().filter(wanted).map(Part::build).collect()
}

#[derive(Default)]
struct Part<'s> {
    cells: usize,
    laws: Vec<(Terms, f64, f64)>,
    said: Vec<Said<'s>>,
    targets: Vec<Terms>,
}

impl<'s> Part<'s> {
    fn build(self) -> Result<Component<'s>, TooLarge> {
        let rows: Vec<Terms> = self
            .laws
            .iter()
            .map(|(terms, _, _)| terms.clone())
            .chain(self.said.iter().map(|said| said.terms.clone()))
            .chain(self.targets.iter().cloned())
            .collect();
        if self.cells * rows.len() > LARGEST {
            return Err(TooLarge {
                figures: self.said.iter().map(|said| said.figures.len()).sum(),
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
            said: self.said,
            targets: self.targets.len(),
            undecided: false,
        })
    }
}

impl<'s> Component<'s> {
    /// The number of a target's row.
    pub fn target(&self, number: usize) -> Option<usize> {
        (number < self.targets).then(|| self.laws.len() + self.said.len() + number)
    }

    /// Whether a search was given up: what was not found impossible was then not found possible either.
    pub fn is_undecided(&self) -> bool {
        self.undecided
    }

    /// Gives up searches earlier: for tests.
    pub fn limit(&mut self, steps: usize) {
        self.simplex.limit(steps);
    }

    /// The row of something that was said.
    pub fn row(&self, said: usize) -> usize {
        self.laws.len() + said
    }

    fn believe(&mut self, believed: &[bool], ranges: impl Fn(usize) -> (f64, f64)) {
        for (row, &(low, high)) in self.laws.iter().enumerate() {
            let variable = self.simplex.row(row);
            self.simplex.bound(variable, low, high);
        }
        for (number, &believed) in believed.iter().enumerate() {
            let (low, high) = match believed {
                true => ranges(number),
                false => (f64::NEG_INFINITY, f64::INFINITY),
            };
            let variable = self.simplex.row(self.laws.len() + number);
            self.simplex.bound(variable, low, high);
        }
    }

    /// Whether what is believed can hold at once; if not, what of it is in the way.
    pub fn clash(&mut self, believed: &[bool]) -> Option<Vec<usize>> {
        let ranges: Vec<(f64, f64)> = self.ranges();
        self.believe(believed, |said| ranges[said]);
        self.asked()
    }

    /// The same where each said value stands for some of its prints alone.
    pub fn clash_of_prints(&mut self, prints: &[(usize, Vec<&'s Figure>)]) -> bool {
        let mut believed = vec![false; self.said.len()];
        let mut ranges = vec![(0.0, 100.0); self.said.len()];
        for (said, figures) in prints {
            believed[*said] = true;
            ranges[*said] = Said::range(figures);
        }
        self.believe(&believed, |said| ranges[said]);
        self.asked().is_some()
    }

    /// Whether a row can lie at or beyond a value.
    pub fn reaches(&mut self, believed: &[bool], row: usize, end: End, value: f64) -> bool {
        let ranges = self.ranges();
        self.believe(believed, |said| ranges[said]);
        let variable = self.simplex.row(row);
        match end {
            End::Low => self.simplex.bound(variable, f64::NEG_INFINITY, value),
            End::High => self.simplex.bound(variable, value, f64::INFINITY),
        }
        let outcome = self.simplex.check();
        self.simplex
            .bound(variable, f64::NEG_INFINITY, f64::INFINITY);
        self.undecided |= outcome == Outcome::Unknown;
        outcome == Outcome::Possible
    }

    /// How far down or up a row can go with what is believed; its own bounds must not be.
    pub fn extreme(&mut self, believed: &[bool], row: usize, end: End) -> Option<f64> {
        let ranges = self.ranges();
        self.believe(believed, |said| ranges[said]);
        self.simplex.extreme(row, end).map(|(value, _)| value)
    }

    fn ranges(&self) -> Vec<(f64, f64)> {
        self.said.iter().map(|said| said.range).collect()
    }

    fn asked(&mut self) -> Option<Vec<usize>> {
        let variables = match self.simplex.check() {
            Outcome::Possible => return None,
            Outcome::Impossible(variables) => variables,
            Outcome::Unknown => {
                self.undecided = true;
                return None;
            }
        };
        let first = self.simplex.row(self.laws.len());
        let said = variables.into_iter().filter_map(|v| v.checked_sub(first));
        Some(said.filter(|said| *said < self.said.len()).collect())
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
