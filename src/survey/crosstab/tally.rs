//! The loops over respondents: the sums of one question in every cell of the banner.

use super::layout::Layout;
use super::respondents::Respondents;
use super::sets::SetAnswers;
use crate::statistics::special::Sum;
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
}

#[derive(Clone, Copy, Default)]
pub struct NumberDomain {
    /// Rows with a weight.
    pub count: u64,
    /// Σ w².
    pub square: f64,
    /// Σ w y².
    pub yy: f64,
}

/// What a scan over the kept respondents needs.
pub struct Tallier<'a> {
    pub respondents: &'a Respondents,
    pub layout: &'a Layout,
    pub mode: Mode,
    /// Number of replicates.
    pub replicates: usize,
}

impl Tallier<'_> {
    fn elements(&self) -> bool {
        self.mode == Mode::Elements
    }

    /// Adds every respondent up by level.
    pub fn levels(&self, codes: &Codes, levels: usize) -> LevelTally {
        let mut atoms = LevelAtoms::new(self, levels);
        match codes {
            Codes::Narrow(codes) => {
                for (row, level) in codes.iter().enumerate() {
                    atoms.add(self, row, usize::from(*level));
                }
            }
            Codes::Wide(codes) => {
                for (row, level) in codes.iter().enumerate() {
                    atoms.add(self, row, *level as usize);
                }
            }
        }
        atoms.finish(self)
    }

    /// Adds the answers of a set up: its levels, nets of them, and as the last level the base. A net is a list of levels.
    pub fn set(&self, answers: &SetAnswers, nets: &[Vec<usize>]) -> LevelTally {
        let own = answers.levels.len();
        let mut atoms = LevelAtoms::new(self, own + nets.len() + 1);
        for row in (0..self.respondents.rows).filter(|row| answers.base[*row]) {
            let given = answers.of(row);
            for level in given {
                atoms.add(self, row, usize::from(*level));
            }
            for (at, net) in nets.iter().enumerate() {
                if given.iter().any(|level| net.contains(&usize::from(*level))) {
                    atoms.add(self, row, own + at);
                }
            }
            atoms.add(self, row, own + nets.len());
        }
        atoms.finish(self)
    }

    /// Σ w² s 1[level] by cell and level, s the number of answers that a respondent gave; only where rows are the units.
    pub fn squares_by_mentions(&self, answers: &SetAnswers) -> Vec<Sum> {
        if !self.elements() {
            return Vec::new();
        }
        let (levels, blocks) = (answers.levels.len(), self.layout.blocks);
        let mut atoms = vec![Sum::ZERO; self.layout.atoms * levels];
        for row in (0..self.respondents.rows).filter(|row| answers.base[*row]) {
            let given = answers.of(row);
            let weight = self.respondents.weight[row];
            let square = Sum::product(weight, weight) * given.len() as f64;
            for (atom, _) in &self.layout.places[row * blocks..(row + 1) * blocks] {
                for level in given {
                    atoms[*atom as usize * levels + usize::from(*level)].add_sum(square);
                }
            }
        }
        self.by_cell(&atoms, levels)
    }

    /// Adds a number up; NaN for no answer.
    pub fn numbers(&self, y: impl Fn(usize) -> f64) -> NumberTally {
        let layout = self.layout;
        let blocks = layout.blocks;
        let elements = self.elements();
        let zero = || vec![Sum::ZERO; layout.atoms];
        let none = || if elements { zero() } else { Vec::new() };
        let (mut weight, mut sum) = (zero(), zero());
        let mut squares = [none(), none(), none()];
        let mut patterns = vec![NumberDomain::default(); layout.patterns];
        let mut replicates = vec![[0.0; 2]; layout.patterns * self.replicates];
        for row in 0..self.respondents.rows {
            let y = y(row);
            if y.is_nan() {
                continue;
            }
            let w = self.respondents.weight[row];
            let wy = Sum::product(w, y);
            for (atom, pattern) in &layout.places[row * blocks..(row + 1) * blocks] {
                let (atom, pattern) = (*atom as usize, *pattern as usize);
                weight[atom].add(w);
                sum[atom].add_sum(wy);
                let of_pattern = &mut patterns[pattern];
                of_pattern.count += u64::from(w > 0.0);
                of_pattern.square += w * w;
                of_pattern.yy += w * y * y;
                if elements {
                    squares[0][atom].add_sum(Sum::product(w, w));
                    squares[1][atom].add_sum(wy * w);
                    squares[2][atom].add_sum(wy * wy);
                }
                let own =
                    &mut replicates[pattern * self.replicates..(pattern + 1) * self.replicates];
                for (sums, w) in own.iter_mut().zip(self.replicates_of(row)) {
                    sums[0] += w;
                    sums[1] += w * y;
                }
            }
        }
        NumberTally {
            weight: self.by_cell(&weight, 1),
            y: self.by_cell(&sum, 1),
            squares: squares.map(|of| self.by_cell(&of, 1)),
            domains: self.by_domain(&patterns, 1, |to, from| {
                to.count += from.count;
                to.square += from.square;
                to.yy += from.yy;
            }),
            replicates: self.by_domain(&replicates, self.replicates, |to, from| {
                to[0] += from[0];
                to[1] += from[1];
            }),
        }
    }

    fn replicates_of(&self, row: usize) -> &[f64] {
        &self.respondents.replicates[row * self.replicates..(row + 1) * self.replicates]
    }

    /// From sums of atoms to those of cells, `width` each.
    fn by_cell(&self, atoms: &[Sum], width: usize) -> Vec<Sum> {
        if atoms.is_empty() {
            return Vec::new();
        }
        let mut cells = vec![Sum::ZERO; self.layout.cells.len() * width];
        for (cell, sums) in cells.chunks_mut(width).enumerate() {
            for atom in self.layout.atoms_of(cell) {
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
        &self,
        patterns: &[T],
        width: usize,
        add: impl Fn(&mut T, T),
    ) -> Vec<T> {
        let mut domains = vec![T::default(); self.layout.domains.len() * width];
        if width == 0 {
            return domains;
        }
        for (domain, sums) in self.layout.domains.iter().zip(domains.chunks_mut(width)) {
            for pattern in &domain.patterns {
                let from = *pattern as usize * width;
                for (to, from) in sums.iter_mut().zip(&patterns[from..from + width]) {
                    add(to, *from);
                }
            }
        }
        domains
    }
}

/// Sums by atom and level in the making.
struct LevelAtoms {
    levels: usize,
    weight: Vec<Sum>,
    square: Vec<Sum>,
    /// Rows with a weight and Σ w², by pattern and level.
    patterns: Vec<(u64, f64)>,
    replicates: Vec<f64>,
}

impl LevelAtoms {
    fn new(tallier: &Tallier, levels: usize) -> LevelAtoms {
        let atoms = tallier.layout.atoms * levels;
        let patterns = tallier.layout.patterns * levels;
        LevelAtoms {
            levels,
            weight: vec![Sum::ZERO; atoms],
            square: match tallier.elements() {
                true => vec![Sum::ZERO; atoms],
                false => Vec::new(),
            },
            patterns: vec![(0, 0.0); patterns],
            replicates: vec![0.0; patterns * tallier.replicates],
        }
    }

    #[inline(always)]
    fn add(&mut self, tallier: &Tallier, row: usize, level: usize) {
        let blocks = tallier.layout.blocks;
        let w = tallier.respondents.weight[row];
        let counted = u64::from(w > 0.0);
        for (atom, pattern) in &tallier.layout.places[row * blocks..(row + 1) * blocks] {
            let at = *atom as usize * self.levels + level;
            self.weight[at].add(w);
            if !self.square.is_empty() {
                self.square[at].add_sum(Sum::product(w, w));
            }
            let at = *pattern as usize * self.levels + level;
            let of_pattern = &mut self.patterns[at];
            of_pattern.0 += counted;
            of_pattern.1 += w * w;
            if tallier.replicates > 0 {
                let own =
                    &mut self.replicates[at * tallier.replicates..(at + 1) * tallier.replicates];
                for (sum, w) in own.iter_mut().zip(tallier.replicates_of(row)) {
                    *sum += w;
                }
            }
        }
    }

    fn finish(self, tallier: &Tallier) -> LevelTally {
        let levels = self.levels;
        let both = tallier.by_domain(&self.patterns, levels, |to, from| {
            to.0 += from.0;
            to.1 += from.1;
        });
        LevelTally {
            levels,
            weight: tallier.by_cell(&self.weight, levels),
            square: tallier.by_cell(&self.square, levels),
            count: both.iter().map(|(count, _)| *count).collect(),
            square_of_domain: both.iter().map(|(_, square)| *square).collect(),
            replicates: tallier.by_domain(
                &self.replicates,
                levels * tallier.replicates,
                |to, from| {
                    *to += from;
                },
            ),
        }
    }
}
