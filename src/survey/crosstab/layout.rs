//! Where respondents are added up: by unit of the design and column.
//!
//! A respondent lies in one *pattern* of each block (one level; of a set, one combination of answers) and so in one *atom*,
//! a pattern within a unit of the design. Respondents are added to atoms, one a block, and atoms to the *cells* of the
//! columns, so that columns may overlap and nobody is added up twice for it.

use std::ops::Range;

use super::respondents::Respondents;
use crate::survey::design::Units;
use crate::survey::sums::{Mode, Pairs};

/// Who lies in which pattern of a block, and which patterns make a domain.
pub struct Membership {
    /// `OUTSIDE` of who has no place in the block.
    of_row: Vec<u32>,
    pub patterns: usize,
    /// The patterns of each domain, in order.
    pub domains: Vec<Vec<u32>>,
}

const OUTSIDE: u32 = u32::MAX;

impl Membership {
    /// The pattern of each respondent; `None` of who has no place in the block.
    pub fn of_rows(&self) -> impl Iterator<Item = Option<usize>> {
        let rows = self.of_row.iter();
        rows.map(|pattern| (*pattern != OUTSIDE).then_some(*pattern as usize))
    }

    pub fn new(of_row: Vec<Option<u32>>, patterns: usize) -> Membership {
        Membership {
            of_row: of_row
                .into_iter()
                .map(|pattern| pattern.unwrap_or(OUTSIDE))
                .collect(),
            patterns,
            domains: Vec::new(),
        }
    }

    /// Patterns of respondents who are not known one by one.
    pub fn of_patterns(patterns: usize) -> Membership {
        Membership::new(Vec::new(), patterns)
    }

    /// One domain of all.
    pub fn everyone(rows: usize) -> Membership {
        Membership {
            of_row: vec![0; rows],
            patterns: 1,
            domains: vec![vec![0]],
        }
    }
}

/// Atoms, cells and domains of a banner.
pub struct Layout {
    /// Blocks, the total as the first.
    blocks: usize,
    /// Rows unit by unit: the sums of one unit are few enough to stay at hand while they are added up, those of all are not.
    order: Vec<u32>,
    /// Where each row stands in that order.
    position: Vec<u32>,
    /// In that order the weight, and the atom and the pattern in each block; 0 and 0 of those outside.
    weights: Vec<f64>,
    places: Vec<(u32, u32)>,
    /// Of each respondent the unit of the last stage; where rows are the units, the stratum.
    pub unit_of_row: Vec<u32>,
    /// How many such units there are.
    pub units: usize,
    pub atoms: usize,
    /// With one for those outside.
    pub patterns: usize,
    pub cells: Vec<Cell>,
    /// The atoms of the cells, one cell after the other.
    cell_atoms: Vec<u32>,
    pub domains: Vec<Domain>,
}

/// A respondent, with the atom and the pattern in each block; 0 and 0 of those outside.
#[derive(Clone, Copy)]
pub struct Respondent<'a> {
    pub row: usize,
    pub weight: f64,
    pub places: &'a [(u32, u32)],
}

/// Respondents of one unit in one domain.
pub struct Cell {
    /// Of the last stage; where rows are the units, the stratum.
    pub unit: u32,
    /// Rows with a weight.
    pub weighted: u64,
    atoms: Range<usize>,
}

/// Respondents of one column, of a block, or of two columns at once.
pub struct Domain {
    /// In the order of the units.
    pub cells: Range<usize>,
    pub patterns: Vec<u32>,
    /// Where its block stands, the total as the first.
    pub block: usize,
}

impl Layout {
    /// Numbers the atoms. `units` are those of the whole design.
    pub fn new(
        memberships: Vec<Membership>,
        respondents: &Respondents,
        units: &Units,
        mode: Mode,
    ) -> Layout {
        let unit_of: Vec<u32> = match mode {
            Mode::Units | Mode::Rows => {
                let last = respondents.sums.last_stage(units);
                let places = respondents.unit.iter();
                places.map(|unit| last[*unit as usize]).collect()
            }
            Mode::Elements => {
                let stratum = |unit: &u32| respondents.sums.units[*unit as usize].stratum;
                respondents.unit.iter().map(stratum).collect()
            }
            Mode::Replicates => vec![0; respondents.rows],
        };
        let blocks = memberships.len();
        let most = unit_of.iter().max().map_or(1, |unit| *unit as usize + 1);
        let patterns = 1 + memberships
            .iter()
            .map(|membership| membership.patterns)
            .sum::<usize>();
        let mut pairs = Pairs::default();
        pairs.reserve(most, patterns);
        // atom 0 holds those outside
        pairs.number(0, 0);
        let order = by_unit(&unit_of, most);
        let mut position = vec![0; order.len()];
        for (row, at) in order.iter().zip(0..) {
            position[*row as usize] = at;
        }
        let mut places = vec![(0, 0); respondents.rows * blocks];
        let mut first_patterns = Vec::with_capacity(blocks);
        let mut first_pattern = 1;
        for membership in &memberships {
            first_patterns.push(first_pattern);
            first_pattern += membership.patterns as u32;
        }
        for (row, own) in order.iter().zip(places.chunks_mut(blocks.max(1))) {
            let row = *row as usize;
            if respondents
                .inside
                .as_ref()
                .is_some_and(|inside| !inside[row])
            {
                continue;
            }
            let blocks = memberships.iter().zip(&first_patterns);
            for (place, (membership, first_pattern)) in own.iter_mut().zip(blocks) {
                let pattern = membership.of_row[row];
                if pattern != OUTSIDE {
                    let pattern = first_pattern + pattern;
                    *place = (pairs.number(unit_of[row], pattern), pattern);
                }
            }
        }
        let weights: Vec<f64> = order
            .iter()
            .map(|row| respondents.weight[*row as usize])
            .collect();
        let mut weighted = vec![0_u64; pairs.pairs.len()];
        for (weight, own) in weights.iter().zip(places.chunks(blocks.max(1))) {
            for (atom, _) in own {
                weighted[*atom as usize] += u64::from(*weight > 0.0);
            }
        }
        Layout {
            blocks,
            order,
            position,
            weights,
            places,
            units: unit_count(units, mode),
            unit_of_row: unit_of,
            ..Layout::from_atoms(&memberships, &pairs.pairs, &weighted)
        }
    }

    /// Cells and domains of atoms, each a unit and a pattern, with how many respondents of a weight each has; the first atom
    /// and the first pattern are those of nobody's.
    pub fn from_atoms(
        memberships: &[Membership],
        atoms: &[(u32, u32)],
        weighted: &[u64],
    ) -> Layout {
        let mut layout = Layout {
            blocks: memberships.len(),
            order: Vec::new(),
            position: Vec::new(),
            weights: Vec::new(),
            places: Vec::new(),
            unit_of_row: Vec::new(),
            units: 0,
            atoms: atoms.len(),
            patterns: 1 + memberships
                .iter()
                .map(|membership| membership.patterns)
                .sum::<usize>(),
            cells: Vec::new(),
            cell_atoms: Vec::new(),
            domains: Vec::new(),
        };
        layout.make_cells(memberships, atoms, weighted);
        layout
    }

    /// Unit by unit.
    pub fn respondents(&self) -> impl Iterator<Item = Respondent<'_>> {
        let each = self.order.iter().zip(&self.weights);
        let each = each.zip(self.places.chunks_exact(self.blocks.max(1)));
        each.map(|((row, weight), places)| Respondent {
            row: *row as usize,
            weight: *weight,
            places,
        })
    }

    /// Whether a respondent lies in a domain.
    pub fn contains(&self, domain: usize, row: usize) -> bool {
        let domain = &self.domains[domain];
        let position = self.position[row] as usize;
        let (_, pattern) = self.places[position * self.blocks + domain.block];
        pattern != 0 && domain.patterns.binary_search(&pattern).is_ok()
    }

    /// Cells of each domain, by unit.
    fn make_cells(&mut self, memberships: &[Membership], pairs: &[(u32, u32)], weighted: &[u64]) {
        let mut of_pattern: Vec<Vec<u32>> = vec![Vec::new(); self.patterns];
        let mut first_pattern = 1;
        for (block, membership) in memberships.iter().enumerate() {
            for patterns in &membership.domains {
                let domain = self.domains.len() as u32;
                let patterns: Vec<u32> = patterns.iter().map(|at| first_pattern + at).collect();
                patterns
                    .iter()
                    .for_each(|at| of_pattern[*at as usize].push(domain));
                self.domains.push(Domain {
                    cells: 0..0,
                    patterns,
                    block,
                });
            }
            first_pattern += membership.patterns as u32;
        }
        let mut all: Vec<(u32, u32, u32)> = Vec::new();
        for (atom, (unit, pattern)) in pairs.iter().enumerate().skip(1) {
            let domains = of_pattern[*pattern as usize].iter();
            all.extend(domains.map(|domain| (*domain, *unit, atom as u32)));
        }
        all.sort_unstable();
        for of_domain in all.chunk_by(|one, next| one.0 == next.0) {
            let start = self.cells.len();
            for of_cell in of_domain.chunk_by(|one, next| one.1 == next.1) {
                let from = self.cell_atoms.len();
                self.cell_atoms
                    .extend(of_cell.iter().map(|(_, _, atom)| *atom));
                let rows = of_cell.iter().map(|(_, _, atom)| weighted[*atom as usize]);
                self.cells.push(Cell {
                    unit: of_cell[0].1,
                    weighted: rows.sum(),
                    atoms: from..self.cell_atoms.len(),
                });
            }
            self.domains[of_domain[0].0 as usize].cells = start..self.cells.len();
        }
    }

    /// The unit and the pattern of each atom.
    pub fn atom_places(&self) -> Vec<(u32, u32)> {
        let mut places = vec![(0, 0); self.atoms];
        for respondent in self.respondents() {
            let unit = self.unit_of_row[respondent.row];
            for (atom, pattern) in respondent.places.iter().filter(|(atom, _)| *atom != 0) {
                places[*atom as usize] = (unit, *pattern);
            }
        }
        places
    }

    /// The atoms of a cell.
    pub fn atoms_of(&self, cell: usize) -> &[u32] {
        &self.cell_atoms[self.cells[cell].atoms.clone()]
    }
}

/// Rows in the order of their units, and those of one unit in the order of the file.
fn by_unit(unit_of_row: &[u32], units: usize) -> Vec<u32> {
    let mut next = vec![0_u32; units + 1];
    for unit in unit_of_row {
        next[*unit as usize + 1] += 1;
    }
    for unit in 1..next.len() {
        next[unit] += next[unit - 1];
    }
    let mut order = vec![0; unit_of_row.len()];
    for (row, unit) in (0..).zip(unit_of_row) {
        let place = &mut next[*unit as usize];
        order[*place as usize] = row;
        *place += 1;
    }
    order
}

/// Units of the last stage; where rows are the units, strata.
fn unit_count(units: &Units, mode: Mode) -> usize {
    match mode {
        Mode::Elements => units.strata.len(),
        Mode::Replicates => 1,
        Mode::Units | Mode::Rows => units.stages.last().map_or(0, |stage| stage.group.len()),
    }
}
