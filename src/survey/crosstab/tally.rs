//! The loops over respondents: the sums of one question in every cell of the banner.
//!
//! Respondents are added to atoms and patterns ([`LevelAtoms`], [`NumberAtoms`]), which a file of sums holds just as well, and
//! these to cells and domains ([`LevelTally`], [`NumberTally`]).

use super::layout::{Layout, Respondent};
use super::respondents::Respondents;
use super::sets::SetAnswers;
use crate::statistics::special::{Sum, origin};
use crate::survey::estimate::Residuals;
use crate::survey::microdata::Codes;
use crate::survey::sums::Mode;

/// Sums by cell and level. Levels of a set overlap; nobody lies in two levels of a variable.
#[derive(Default)]
pub struct LevelTally {
    pub levels: usize,
    /// Σ w, cell by cell and in it level by level.
    pub weight: Vec<Sum>,
    /// Σ w², likewise; only where rows are the units.
    pub square: Vec<Sum>,
    /// Rows with a weight, domain by domain and in it level by level.
    pub count: Vec<u64>,
    /// Σ w², likewise.
    pub square_of_domain: Vec<f64>,
    /// Σ w of all replicates, domain by domain, in it level by level, in it replicate by replicate.
    pub replicates: Vec<f64>,
    /// What a calibration leaves of w, by unit; domain by domain and in it level by level. Only after a calibration.
    pub residuals: Vec<Vec<f64>>,
}

/// Sums of a number y by cell, of those who have it.
#[derive(Default)]
pub struct NumberTally {
    /// Σ w, Σ w y by cell.
    pub weight: Vec<Sum>,
    pub y: Vec<Sum>,
    /// Σ w², Σ w² y, Σ w² y² by cell; only where rows are the units.
    pub squares: [Vec<Sum>; 3],
    /// By domain.
    pub domains: Vec<NumberDomain>,
    /// Σ w and Σ w y of all replicates, domain by domain.
    pub replicates: Vec<[f64; 2]>,
    /// What a calibration leaves of w and of w y, by unit; domain by domain. Only after a calibration.
    pub residuals: Vec<[Vec<f64>; 2]>,
    /// What was taken off y before it was added up.
    pub origin: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NumberDomain {
    /// Rows with a weight.
    pub count: u64,
    /// Σ w².
    pub square: Sum,
    /// Σ w y².
    pub yy: Sum,
}

/// What a scan over the kept respondents needs.
#[derive(Clone, Copy)]
pub struct Tallier<'a> {
    pub respondents: &'a Respondents,
    pub layout: &'a Layout,
    pub mode: Mode,
    /// Number of replicates.
    pub replicates: usize,
    /// What a calibration of the weights leaves of scores.
    pub residuals: Option<&'a dyn Residuals>,
}

impl Tallier<'_> {
    fn elements(&self) -> bool {
        self.mode == Mode::Elements
    }

    /// Adds every respondent up by level.
    pub fn levels(&self, codes: &Codes, levels: usize) -> LevelTally {
        let mut tally = self.level_atoms(codes, levels).tally(self.layout);
        tally.residuals = self.level_residuals(levels, |row, add| add(codes.get(row) as usize));
        tally
    }

    /// The same by atom.
    pub fn level_atoms(&self, codes: &Codes, levels: usize) -> LevelAtoms {
        let mut atoms = LevelAtoms::new(self, levels);
        match codes {
            Codes::Narrow(codes) => {
                for respondent in self.layout.respondents() {
                    atoms.add(self, respondent, usize::from(codes[respondent.row]));
                }
            }
            Codes::Wide(codes) => {
                for respondent in self.layout.respondents() {
                    atoms.add(self, respondent, codes[respondent.row] as usize);
                }
            }
        }
        atoms
    }

    /// Adds the answers of a set up: its levels, nets of them, and as the last level the base. A net is a list of levels.
    pub fn set(&self, answers: &SetAnswers, nets: &[Vec<usize>]) -> LevelTally {
        let mut tally = self.set_atoms(answers, nets).tally(self.layout);
        tally.residuals = self.level_residuals(tally.levels, |row, add| {
            answers.each_level(row, nets, add);
        });
        tally
    }

    /// The same by atom.
    pub fn set_atoms(&self, answers: &SetAnswers, nets: &[Vec<usize>]) -> LevelAtoms {
        let mut atoms = LevelAtoms::new(self, answers.levels.len() + nets.len() + 1);
        for respondent in self.layout.respondents() {
            answers.each_level(respondent.row, nets, &mut |level| {
                atoms.add(self, respondent, level);
            });
        }
        atoms
    }

    /// Σ w² s 1[level] by atom and level, s the number of answers that a respondent gave; only where rows are the units.
    pub fn squares_by_mentions(&self, answers: &SetAnswers) -> Vec<Sum> {
        if !self.elements() {
            return Vec::new();
        }
        let levels = answers.levels.len();
        let mut atoms = vec![Sum::ZERO; self.layout.atoms * levels];
        let in_base = |respondent: &Respondent| answers.base[respondent.row];
        for respondent in self.layout.respondents().filter(in_base) {
            let given = answers.row(respondent.row);
            let square = Sum::product(respondent.weight, respondent.weight) * given.len() as f64;
            for (atom, _) in respondent.places {
                for level in given {
                    atoms[*atom as usize * levels + usize::from(*level)].add_sum(square);
                }
            }
        }
        atoms
    }

    /// Adds a number up; NaN for no answer. From numbers that lie far from 0 for their spread their mean is taken first: what
    /// their squares have no digits for.
    pub fn numbers(&self, y: impl Fn(usize) -> f64) -> NumberTally {
        let answers = (0..self.respondents.rows).map(&y);
        let origin = origin(answers.filter(|y| !y.is_nan()));
        let y = |row: usize| match origin == 0.0 {
            true => y(row),
            false => y(row) - origin,
        };
        let mut tally = self.number_atoms(y).tally(self.layout);
        tally.residuals = self.number_residuals(y);
        tally.origin = origin;
        tally
    }

    /// The same by atom.
    pub fn number_atoms(&self, y: impl Fn(usize) -> f64) -> NumberAtoms {
        let mut atoms = NumberAtoms::new(self.layout, self.elements(), self.replicates);
        for respondent in self.layout.respondents() {
            let (row, w) = (respondent.row, respondent.weight);
            let y = y(row);
            if y.is_nan() {
                continue;
            }
            let wy = Sum::product(w, y);
            for (atom, pattern) in respondent.places {
                let (atom, pattern) = (*atom as usize, *pattern as usize);
                atoms.weight[atom].add(w);
                atoms.y[atom].add_sum(wy);
                let of_pattern = &mut atoms.patterns[pattern];
                of_pattern.count += u64::from(w > 0.0);
                of_pattern.square.add_sum(Sum::product(w, w));
                of_pattern.yy.add_sum(wy * y);
                if self.elements() {
                    atoms.squares[0][atom].add_sum(Sum::product(w, w));
                    atoms.squares[1][atom].add_sum(wy * w);
                    atoms.squares[2][atom].add_sum(wy * wy);
                }
                let own = pattern * self.replicates..(pattern + 1) * self.replicates;
                let own = &mut atoms.replicates[own];
                for (sums, w) in own.iter_mut().zip(self.replicates_of(row)) {
                    sums[0].add(*w);
                    sums[1].add_sum(Sum::product(*w, y));
                }
            }
        }
        atoms
    }

    /// Respondents with a weight by atom and level; `each` gives the levels of a respondent.
    pub fn counts(&self, levels: usize, each: impl Fn(usize, &mut dyn FnMut(usize))) -> Vec<u64> {
        let mut counts = vec![0; self.layout.atoms * levels];
        let has_weight = |respondent: &Respondent| respondent.weight > 0.0;
        for respondent in self.layout.respondents().filter(has_weight) {
            for (atom, _) in respondent.places {
                each(respondent.row, &mut |level| {
                    counts[*atom as usize * levels + level] += 1
                });
            }
        }
        counts
    }

    fn replicates_of(&self, row: usize) -> &[f64] {
        &self.respondents.replicates[row * self.replicates..(row + 1) * self.replicates]
    }

    /// What a calibration leaves of w in each domain and level; `each` gives the levels of a respondent.
    fn level_residuals(
        &self,
        levels: usize,
        each: impl Fn(usize, &mut dyn FnMut(usize)),
    ) -> Vec<Vec<f64>> {
        let Some(residuals) = self.residuals else {
            return Vec::new();
        };
        let mut of_level: Vec<Vec<usize>> = vec![Vec::new(); levels];
        for row in 0..self.respondents.rows {
            each(row, &mut |level| of_level[level].push(row));
        }
        let domains = 0..self.layout.domains.len();
        let places = domains.flat_map(|domain| of_level.iter().map(move |rows| (domain, rows)));
        let weight = |row: usize| self.respondents.weight[row];
        places
            .map(|(domain, rows)| self.residuals_of(residuals, domain, rows, weight))
            .collect()
    }

    fn number_residuals(&self, y: impl Fn(usize) -> f64) -> Vec<[Vec<f64>; 2]> {
        let Some(residuals) = self.residuals else {
            return Vec::new();
        };
        let answered = |row: &usize| !y(*row).is_nan();
        let rows: Vec<usize> = (0..self.respondents.rows).filter(answered).collect();
        let weight = |row: usize| self.respondents.weight[row];
        let of_domain = |domain: usize| {
            [
                self.residuals_of(residuals, domain, &rows, weight),
                self.residuals_of(residuals, domain, &rows, |row| weight(row) * y(row)),
            ]
        };
        (0..self.layout.domains.len()).map(of_domain).collect()
    }

    /// What a calibration leaves of scores that those of a domain have, added up by unit.
    fn residuals_of(
        &self,
        residuals: &dyn Residuals,
        domain: usize,
        rows: &[usize],
        score: impl Fn(usize) -> f64,
    ) -> Vec<f64> {
        let inside = rows
            .iter()
            .filter(|row| self.layout.contains(domain, **row));
        let scores: Vec<(u64, f64)> = inside.map(|row| (*row as u64, score(*row))).collect();
        let mut units = vec![Sum::ZERO; self.layout.units];
        let left = residuals.residual_scores(&scores);
        for (unit, left) in self.layout.unit_of_row.iter().zip(left) {
            units[*unit as usize].add(left);
        }
        units.into_iter().map(Sum::value).collect()
    }
}

/// From sums of atoms to those of cells, `width` each.
pub fn by_cell(layout: &Layout, atoms: &[Sum], width: usize) -> Vec<Sum> {
    if atoms.is_empty() {
        return Vec::new();
    }
    let mut cells = vec![Sum::ZERO; layout.cells.len() * width];
    for (cell, sums) in cells.chunks_mut(width.max(1)).enumerate() {
        for atom in layout.atoms_of(cell) {
            let from = *atom as usize * width;
            for (to, from) in sums.iter_mut().zip(&atoms[from..from + width]) {
                to.add_sum(*from);
            }
        }
    }
    cells
}

/// From sums of patterns to those of domains, `width` each.
fn by_domain<T: Copy + Default>(
    layout: &Layout,
    patterns: &[T],
    width: usize,
    add: impl Fn(&mut T, T),
) -> Vec<T> {
    let mut domains = vec![T::default(); layout.domains.len() * width];
    if width == 0 {
        return domains;
    }
    for (domain, sums) in layout.domains.iter().zip(domains.chunks_mut(width)) {
        for pattern in &domain.patterns {
            let from = *pattern as usize * width;
            for (to, from) in sums.iter_mut().zip(&patterns[from..from + width]) {
                add(to, *from);
            }
        }
    }
    domains
}

/// Sums by atom and level, and by pattern and level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelAtoms {
    pub levels: usize,
    /// Σ w, atom by atom and in it level by level.
    pub weight: Vec<Sum>,
    /// Σ w², likewise; only where rows are the units.
    pub square: Vec<Sum>,
    /// Rows with a weight and Σ w², by pattern and level.
    pub patterns: Vec<(u64, Sum)>,
    /// Σ w of all replicates, by pattern and level.
    pub replicates: Vec<Sum>,
}

impl LevelAtoms {
    fn new(tallier: &Tallier, levels: usize) -> LevelAtoms {
        let elements = tallier.elements();
        LevelAtoms::empty(tallier.layout, levels, elements, tallier.replicates)
    }

    /// Nobody yet.
    pub fn empty(layout: &Layout, levels: usize, elements: bool, replicates: usize) -> LevelAtoms {
        let (atoms, patterns) = (layout.atoms * levels, layout.patterns * levels);
        LevelAtoms {
            levels,
            weight: vec![Sum::ZERO; atoms],
            square: vec![Sum::ZERO; if elements { atoms } else { 0 }],
            patterns: vec![(0, Sum::ZERO); patterns],
            replicates: vec![Sum::ZERO; patterns * replicates],
        }
    }

    #[inline(always)]
    fn add(&mut self, tallier: &Tallier, respondent: Respondent, level: usize) {
        let w = respondent.weight;
        let (counted, square) = (u64::from(w > 0.0), Sum::product(w, w));
        for (atom, pattern) in respondent.places {
            let at = *atom as usize * self.levels + level;
            self.weight[at].add(w);
            if !self.square.is_empty() {
                self.square[at].add_sum(square);
            }
            let at = *pattern as usize * self.levels + level;
            let of_pattern = &mut self.patterns[at];
            of_pattern.0 += counted;
            of_pattern.1.add_sum(square);
            if tallier.replicates > 0 {
                let own =
                    &mut self.replicates[at * tallier.replicates..(at + 1) * tallier.replicates];
                for (sum, w) in own.iter_mut().zip(tallier.replicates_of(respondent.row)) {
                    sum.add(*w);
                }
            }
        }
    }

    /// By cell and domain.
    pub fn tally(&self, layout: &Layout) -> LevelTally {
        let levels = self.levels;
        let both = by_domain(layout, &self.patterns, levels, |to, from| {
            to.0 += from.0;
            to.1.add_sum(from.1);
        });
        let width = self.replicates.len() / layout.patterns.max(1);
        LevelTally {
            levels,
            weight: by_cell(layout, &self.weight, levels),
            square: by_cell(layout, &self.square, levels),
            count: both.iter().map(|(count, _)| *count).collect(),
            square_of_domain: both.iter().map(|(_, square)| square.value()).collect(),
            replicates: by_domain(layout, &self.replicates, width, Sum::add_sum)
                .iter()
                .map(|sum| sum.value())
                .collect(),
            residuals: Vec::new(),
        }
    }
}

/// Sums of a number y by atom and by pattern.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberAtoms {
    /// Σ w, Σ w y by atom.
    pub weight: Vec<Sum>,
    pub y: Vec<Sum>,
    /// Σ w², Σ w² y, Σ w² y² by atom; only where rows are the units.
    pub squares: [Vec<Sum>; 3],
    pub patterns: Vec<NumberDomain>,
    /// Σ w and Σ w y of all replicates, pattern by pattern.
    pub replicates: Vec<[Sum; 2]>,
}

impl NumberAtoms {
    /// Nobody yet.
    pub fn new(layout: &Layout, elements: bool, replicates: usize) -> NumberAtoms {
        let zero = || vec![Sum::ZERO; layout.atoms];
        let none = || if elements { zero() } else { Vec::new() };
        NumberAtoms {
            weight: zero(),
            y: zero(),
            squares: [none(), none(), none()],
            patterns: vec![NumberDomain::default(); layout.patterns],
            replicates: vec![[Sum::ZERO; 2]; layout.patterns * replicates],
        }
    }

    /// By cell and domain.
    pub fn tally(&self, layout: &Layout) -> NumberTally {
        let width = self.replicates.len() / layout.patterns.max(1);
        let cells = |sums: &Vec<Sum>| by_cell(layout, sums, 1);
        NumberTally {
            weight: cells(&self.weight),
            y: cells(&self.y),
            squares: self.squares.each_ref().map(cells),
            domains: by_domain(layout, &self.patterns, 1, |to, from| {
                to.count += from.count;
                to.square.add_sum(from.square);
                to.yy.add_sum(from.yy);
            }),
            replicates: by_domain(layout, &self.replicates, width, |to, from| {
                to[0].add_sum(from[0]);
                to[1].add_sum(from[1]);
            })
            .iter()
            .map(|sums| sums.map(Sum::value))
            .collect(),
            residuals: Vec::new(),
            origin: 0.0,
        }
    }
}
