//! Levels whose response is degenerate, one for all or never some: why a likelihood has no maximum, in the words of the file.

use super::columns::Transform;
use super::family::{Family, Link};
use super::prepare::{Prepared, ResponseKind};
use crate::frames::words::{or, thousands};
use crate::survey::sample::Patterns;

/// Who is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    Everybody,
    /// A level of a base.
    Level(usize, usize),
    /// A combination of levels, by its column.
    Column(usize),
}

/// What the response of a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Degeneracy {
    /// Nobody is in the cell.
    Empty,
    /// The condition, or a number that is 0 or 1: the mean of all.
    Always(u8),
    /// A level of the response that nobody has, by its place.
    Never(usize),
    /// The end of a scale that all have, by its place.
    End(usize),
}

/// A cell whose response is degenerate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DegenerateCell {
    pub cell: Cell,
    pub n: u64,
    pub degeneracy: Degeneracy,
}

impl DegenerateCell {
    /// The cells of a model whose response is degenerate among the patterns that count; of a combination only where none of its
    /// levels is such a cell.
    pub fn all(
        prepared: &Prepared,
        patterns: &Patterns,
        counts: impl Fn(usize) -> bool,
    ) -> Vec<DegenerateCell> {
        let mut found: Vec<DegenerateCell> = Vec::new();
        for cell in cells(prepared) {
            let row = |at: usize| patterns.example[at] as usize;
            let is_in = |at: &usize| cell.has(prepared, row(*at));
            let own: Vec<usize> = (0..patterns.count()).filter(is_in).collect();
            if own.is_empty() {
                // a combination that nobody has: its coefficient is none already
                continue;
            }
            let own = || own.iter().copied().filter(|at| counts(*at));
            let n = own().map(|at| patterns.n[at]).sum();
            let responses: Vec<f64> = own().map(|at| prepared.y(row(at))).collect();
            for degeneracy in degeneracies(prepared, cell, &responses) {
                let is_new = |known: &DegenerateCell| {
                    known.degeneracy != degeneracy || !known.cell.holds(cell, prepared)
                };
                if found.iter().all(is_new) {
                    found.push(DegenerateCell {
                        cell,
                        n,
                        degeneracy,
                    });
                }
            }
        }
        found
    }

    /// "of the 48 with sch_wide = No nobody has stype = H or M", a text a cell.
    pub fn in_words(all: &[DegenerateCell], prepared: &Prepared, response: &str) -> Vec<String> {
        let same_cell = |one: &DegenerateCell, other: &DegenerateCell| one.cell == other.cell;
        let cells = all.chunk_by(same_cell);
        cells
            .filter_map(|own| {
                let never = own.iter().filter_map(|found| match found.degeneracy {
                    Degeneracy::Never(level) => Some(level),
                    _ => None,
                });
                own.first()?.words(prepared, response, never.collect())
            })
            .collect()
    }

    fn words(&self, prepared: &Prepared, response: &str, never: Vec<usize>) -> Option<String> {
        let cell = self.cell.name(prepared);
        let n = thousands(self.n as f64);
        let (among, all) = match (&cell, self.n) {
            (None, _) => (String::new(), format!("all {n}")),
            (Some(cell), 1) => (
                format!("of the one with {cell} "),
                format!("the one with {cell}"),
            ),
            (Some(cell), _) => (
                format!("of the {n} with {cell} "),
                format!("all {n} with {cell}"),
            ),
        };
        let names = prepared.response_names();
        let rest = (0..names.len()).find(|level| !never.contains(level));
        let never_names: Vec<String> = never
            .iter()
            .filter_map(|level| names.get(*level).cloned())
            .collect();
        let only = match self.degeneracy {
            Degeneracy::End(level) => Some(level),
            Degeneracy::Never(_) if never.len() + 1 == names.len() => rest,
            _ => None,
        };
        if let Some(level) = only.and_then(|level| names.get(level)) {
            return Some(format!("{among}everybody has {response} = {level}"));
        }
        let is_condition = prepared.response == ResponseKind::Condition;
        Some(match self.degeneracy {
            Degeneracy::Empty => format!("nobody has {}", cell.unwrap_or_default()),
            Degeneracy::Always(0) if is_condition => format!("{among}nobody has {response}"),
            Degeneracy::Always(_) if is_condition => format!("{among}everybody has {response}"),
            Degeneracy::Always(value) => format!("{response} is {value} for {all}"),
            Degeneracy::Never(_) | Degeneracy::End(_) => {
                format!("{among}nobody has {response} = {}", or(&never_names))
            }
        })
    }

    /// Whether it is why a likelihood has no maximum, whatever the others are: of a scale, a level that a cell lacks is not.
    pub fn is_enough(&self, family: Family) -> bool {
        let lacks = matches!(self.degeneracy, Degeneracy::Never(_));
        family != Family::Ordinal || !lacks || self.cell == Cell::Everybody
    }

    /// Whether the link can predict what all have: the coefficient then lies at an edge, and has a bound.
    pub fn is_at_edge(&self, link: Link) -> bool {
        match self.degeneracy {
            Degeneracy::Always(mean) => link == Link::Identity || link == Link::Log && mean == 1,
            _ => false,
        }
    }
}

impl Cell {
    /// Whether a respondent is in it.
    pub fn has(self, prepared: &Prepared, row: usize) -> bool {
        match self {
            Cell::Everybody => true,
            Cell::Level(base, level) => prepared.values(row)[base] == level as f64,
            Cell::Column(column) => prepared.columns.row(&prepared.values(row))[column] != 0.0,
        }
    }

    /// "party = Other with q3 = Agree"; none of everybody.
    fn name(self, prepared: &Prepared) -> Option<String> {
        let columns = &prepared.columns;
        match self {
            Cell::Everybody => None,
            Cell::Level(base, level) => {
                let base = &columns.bases[base];
                Some(format!("{} = {}", base.text, base.levels.get(level)?))
            }
            Cell::Column(column) => Some(columns.cell(&columns.all[column])),
        }
    }

    /// Whether all of another cell are in it.
    fn holds(self, other: Cell, prepared: &Prepared) -> bool {
        let columns = &prepared.columns;
        match (self, other) {
            (Cell::Everybody, _) => true,
            (Cell::Level(base, level), Cell::Column(column)) => {
                let mut parts = columns.all[column].parts.iter();
                parts.any(|(factor, own)| {
                    columns.factors[*factor].base == base && *own == Some(level)
                })
            }
            _ => false,
        }
    }
}

/// Everybody, the levels whose columns the model has, and their combinations.
fn cells(prepared: &Prepared) -> Vec<Cell> {
    let columns = &prepared.columns;
    let is_of_levels = |term: &Vec<usize>| {
        let mut factors = term.iter().map(|factor| &columns.factors[*factor]);
        factors.all(|factor| factor.transform == Transform::Levels)
    };
    let mut bases: Vec<usize> = Vec::new();
    for term in columns.terms.iter().filter(|term| is_of_levels(term)) {
        bases.extend(term.iter().map(|factor| columns.factors[*factor].base));
    }
    bases.sort_unstable();
    bases.dedup();
    let levels = bases.into_iter().flat_map(|base| {
        let own = columns.bases[base].in_use().into_iter();
        own.map(move |level| Cell::Level(base, level))
    });
    let combined = columns.all.iter().enumerate().filter(|(_, column)| {
        column.parts.len() > 1 && column.parts.iter().all(|(_, level)| level.is_some())
    });
    let combined = combined.map(|(at, _)| Cell::Column(at));
    std::iter::once(Cell::Everybody)
        .chain(levels)
        .chain(combined)
        .collect()
}

/// In which ways the responses of a cell are degenerate.
fn degeneracies(prepared: &Prepared, cell: Cell, responses: &[f64]) -> Vec<Degeneracy> {
    if responses.is_empty() {
        return vec![Degeneracy::Empty];
    }
    let all = |value: f64| responses.iter().all(|y| *y == value);
    let last = prepared.responses.len().saturating_sub(1);
    let never = (0..=last).filter(|at| !responses.contains(&(*at as f64)));
    match prepared.family {
        Family::Binomial if all(1.0) => vec![Degeneracy::Always(1)],
        Family::Binomial | Family::Poisson if all(0.0) => vec![Degeneracy::Always(0)],
        // a level between two others that nobody has pulls their thresholds together
        Family::Ordinal if cell == Cell::Everybody => never.map(Degeneracy::Never).collect(),
        Family::Ordinal => match [0, last].into_iter().find(|at| all(*at as f64)) {
            Some(end) => vec![Degeneracy::End(end)],
            None => never.map(Degeneracy::Never).collect(),
        },
        Family::Multinomial => never.map(Degeneracy::Never).collect(),
        _ => Vec::new(),
    }
}
