//! What a model predicts at the limit of coefficients without bound.
//!
//! Let N be the directions in which coefficients may move without a change for anybody's support, columns of a matrix. Each
//! respondent pulls along z = N′x, where his own response gains on one that has no share for him: s x for a number, s = ±1 by
//! the response; x in the equation of his level less x in that of the other, for levels without an order; for a scale the
//! threshold between less x, or the opposite. The limit is reached along any direction d with z′d > 0 for all of them. So a
//! comparison of a row x has a limit where its own move N′x is a sum of the z, none taken off: it then runs up in every such
//! direction; where the opposite is one it runs down, and where it is 0 it is estimated. All others may go either way.
//!
//! Source: C. J. Geyer, "Likelihood inference in exponential families and directions of recession", Electronic Journal of
//! Statistics 3 (2009), 259–289, section 3, for the limit; the sums are Farkas' lemma.

use std::collections::BTreeSet;

use super::basis::{Basis, Dependent};
use super::family::Family;
use super::likelihood::Support;
use super::prepare::Prepared;
use super::separation::{moved, rounded, unit};
use super::support::line_moves;
use crate::statistics::simplex::{Outcome, Simplex, Terms};
use crate::survey::sample::Patterns;

/// Where a comparison lies once coefficients that run on have reached their limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heading {
    /// It is estimated.
    Still,
    Up,
    Down,
    /// It has no limit, or another one by each way there.
    Open,
}

/// What is predicted of a row at the limit.
#[derive(Clone, Debug, PartialEq)]
pub enum Reach {
    /// It hangs on coefficients that are estimated; of a response of levels those with a share, all where none are named.
    Inside(Vec<bool>),
    /// Nothing is left to be estimated: 0 or 1 for each response.
    Value(Vec<f64>),
    /// The responses that have no limit; the share of the others is 0.
    Open(Vec<bool>),
}

/// Everybody used, and which way the predictors run.
pub struct Limit<'p> {
    /// All who are used, those whose response is separated among them.
    pub patterns: Patterns<'p>,
    /// A⁻¹ times the score of one respondent of each pattern; of those who are separated, 0.
    pub influence: Vec<f64>,
    lines: Lines,
    cone: Cone,
}

/// Those who are left: their patterns, the levels that these have, A⁻¹ times their scores of `dim` numbers each.
pub struct Remaining<'r, 'p> {
    pub patterns: &'r Patterns<'p>,
    pub support: &'r [bool],
    pub influence: &'r [f64],
    pub dim: usize,
}

impl<'p> Limit<'p> {
    /// From the columns of the model that are not empty, their basis, the columns among them that the rows left don’t
    /// determine, and the directions of the basis that no response knows.
    pub fn new(
        prepared: &'p Prepared<'p>,
        remaining: &Remaining,
        (columns, basis): (&[usize], &Basis),
        (dependent, unknown): (Vec<Dependent>, Vec<Vec<f64>>),
    ) -> Limit<'p> {
        let patterns = prepared.patterns(prepared.rows.clone());
        // a pattern is left as a whole or not at all, and has the same first respondent in both
        let mut known: Vec<(u32, usize)> = remaining
            .patterns
            .example
            .iter()
            .copied()
            .zip(0..)
            .collect();
        known.sort_unstable();
        let place = |example: &u32| {
            let at = known.binary_search_by_key(example, |(row, _)| *row).ok()?;
            known.get(at).map(|(_, pattern)| *pattern)
        };
        let lines = Lines {
            family: prepared.family,
            responses: prepared.responses.len(),
            dependent,
            unknown,
        };
        let (dim, count) = (remaining.dim, prepared.responses.len());
        let mut influence = Vec::with_capacity(patterns.count() * dim);
        let mut moves: Vec<Vec<f64>> = Vec::new();
        for example in &patterns.example {
            let left = place(example);
            match left {
                Some(own) => {
                    influence.extend_from_slice(&remaining.influence[own * dim..(own + 1) * dim]);
                }
                None => influence.extend(std::iter::repeat_n(0.0, dim)),
            }
            let row = *example as usize;
            let y = prepared.y(row);
            let support = match (left, remaining.support.is_empty()) {
                (Some(_), true) => continue,
                (Some(own), false) => remaining.support[own * count..(own + 1) * count].to_vec(),
                (None, _) => (0..count).map(|level| level as f64 == y).collect(),
            };
            let x = prepared.columns.row(&prepared.values(row));
            let x: Vec<f64> = columns.iter().map(|column| x[*column]).collect();
            moves.extend(lines.pulls(&lines.moves(&x, &basis.row(&x), true), y, &support));
        }
        Limit {
            patterns,
            influence,
            lines,
            cone: Cone::new(moves),
        }
    }

    /// What is predicted of a row of the columns that are not empty, q in the basis.
    pub fn reach(&self, x: &[f64], q: &[f64]) -> Reach {
        let lines = self.lines.moves(x, q, true);
        let count = self.lines.responses;
        match self.lines.family {
            Family::Multinomial => {
                let heading = |one: usize, other: usize| {
                    let apart = lines[one].iter().zip(&lines[other]);
                    self.cone
                        .heading(&apart.map(|(a, b)| a - b).collect::<Vec<f64>>())
                };
                let is_behind =
                    |level: &usize| (0..count).any(|other| heading(*level, other) == Heading::Down);
                let kept: Vec<bool> = (0..count).map(|level| !is_behind(&level)).collect();
                let levels: Vec<usize> = (0..count).filter(|level| kept[*level]).collect();
                let mut pairs = levels.windows(2);
                let is_open = pairs.any(|pair| heading(pair[0], pair[1]) != Heading::Still);
                reach_of_levels(kept, is_open)
            }
            Family::Ordinal => {
                let headings: Vec<Heading> =
                    lines.iter().map(|own| self.cone.heading(own)).collect();
                let is_kept = |level: usize| {
                    let above = headings.get(level) == Some(&Heading::Down);
                    let below = level.checked_sub(1).and_then(|below| headings.get(below));
                    !above && below != Some(&Heading::Up)
                };
                let kept: Vec<bool> = (0..count).map(is_kept).collect();
                let is_open = headings.contains(&Heading::Open);
                reach_of_levels(kept, is_open)
            }
            family => match self.cone.heading(&lines[0]) {
                Heading::Still => Reach::Inside(Vec::new()),
                Heading::Down => Reach::Value(vec![0.0]),
                // a count has no upper limit
                Heading::Up if family == Family::Binomial => Reach::Value(vec![1.0]),
                _ => Reach::Open(vec![true]),
            },
        }
    }

    /// What the slope is of a row with this reach, dx and dq its derivatives.
    pub fn slope_reach(&self, reach: &Reach, dx: &[f64], dq: &[f64]) -> Reach {
        let kept = match reach {
            Reach::Value(values) => return Reach::Value(vec![0.0; values.len()]),
            Reach::Open(_) => return reach.clone(),
            Reach::Inside(kept) => kept,
        };
        let lines = self.lines.moves(dx, dq, false);
        let support = Support(kept);
        let is_still = |own: &[f64]| self.cone.heading(own) == Heading::Still;
        let is_estimated = match self.lines.family {
            Family::Multinomial => {
                let levels: Vec<usize> = (0..lines.len()).filter(|at| support.has(*at)).collect();
                levels.windows(2).all(|pair| {
                    let apart = lines[pair[0]].iter().zip(&lines[pair[1]]);
                    is_still(&apart.map(|(a, b)| a - b).collect::<Vec<f64>>())
                })
            }
            Family::Ordinal => {
                let mut thresholds = (0..lines.len()).filter(|at| support.has_threshold(*at));
                thresholds.all(|at| is_still(&lines[at]))
            }
            _ => is_still(&lines[0]),
        };
        match (is_estimated, kept.is_empty()) {
            (true, _) => reach.clone(),
            (false, true) => Reach::Open(vec![true; self.lines.responses.max(1)]),
            (false, false) => Reach::Open(kept.clone()),
        }
    }
}

/// Of levels of which these keep a share.
fn reach_of_levels(kept: Vec<bool>, is_open: bool) -> Reach {
    match kept.iter().filter(|is| **is).count() {
        _ if is_open => Reach::Open(kept),
        1 => Reach::Value(kept.iter().map(|is| f64::from(u8::from(*is))).collect()),
        _ => Reach::Inside(kept),
    }
}

/// The predictors of a model by the directions without bound: of a number one, of a response without an order one a level, of a
/// scale one a threshold.
struct Lines {
    family: Family,
    responses: usize,
    /// Columns that the rows left don’t determine, a direction each, in each equation: that column less what it was made of.
    dependent: Vec<Dependent>,
    /// Directions of the basis.
    unknown: Vec<Vec<f64>>,
}

impl Lines {
    /// How far each predictor moves along each direction; of a slope thresholds don’t.
    fn moves(&self, x: &[f64], q: &[f64], has_thresholds: bool) -> Vec<Vec<f64>> {
        let moved = moved(&self.dependent, x);
        let own = moved.len();
        let mut lines: Vec<Vec<f64>> = match self.family {
            Family::Multinomial => {
                let mut lines = vec![vec![0.0; own * (self.responses - 1)]; self.responses];
                for (equation, line) in lines.iter_mut().skip(1).enumerate() {
                    line[equation * own..(equation + 1) * own].copy_from_slice(&moved);
                }
                lines
            }
            Family::Ordinal => {
                let down: Vec<f64> = moved.iter().map(|z| -z).collect();
                vec![down; self.responses - 1]
            }
            _ => vec![moved],
        };
        for direction in &self.unknown {
            let mut direction = direction.clone();
            if self.family == Family::Ordinal && !has_thresholds {
                direction[q.len() - 1..].fill(0.0);
            }
            let each = line_moves(self.family, q, &direction);
            lines
                .iter_mut()
                .zip(each)
                .for_each(|(line, z)| line.push(z));
        }
        lines
    }

    /// Where a respondent pulls: his own response from each that has no share for him.
    fn pulls(&self, lines: &[Vec<f64>], y: f64, support: &[bool]) -> Vec<Vec<f64>> {
        let turned = |line: &[f64], sign: f64| line.iter().map(|z| sign * z).collect();
        let (own, support) = (y as usize, Support(support));
        match self.family {
            Family::Multinomial => {
                let others = (0..lines.len()).filter(|at| !support.has(*at));
                let apart = |at: usize| lines[own].iter().zip(&lines[at]).map(|(a, b)| a - b);
                others.map(|at| apart(at).collect()).collect()
            }
            Family::Ordinal => {
                let others = (0..lines.len()).filter(|at| !support.has_threshold(*at));
                let sign = |at: usize| if at < own { -1.0 } else { 1.0 };
                others.map(|at| turned(&lines[at], sign(at))).collect()
            }
            _ => vec![turned(&lines[0], if y > 0.0 { 1.0 } else { -1.0 })],
        }
    }
}

/// Directions that are pulled to, in units of the largest pull along each.
struct Cone {
    generators: Vec<Vec<f64>>,
    rounded: BTreeSet<Vec<i64>>,
    size: Vec<f64>,
}

impl Cone {
    fn new(moves: Vec<Vec<f64>>) -> Cone {
        let mut size = vec![0.0; moves.first().map_or(0, Vec::len)];
        for own in &moves {
            for (size, z) in size.iter_mut().zip(own) {
                *size = f64::max(*size, z.abs());
            }
        }
        let mut cone = Cone {
            generators: Vec::new(),
            rounded: BTreeSet::new(),
            size,
        };
        for own in &moves {
            if let Some(unit) = unit(&cone.scaled(own))
                && cone.rounded.insert(rounded(&unit))
            {
                cone.generators.push(unit);
            }
        }
        cone
    }

    fn scaled(&self, moved: &[f64]) -> Vec<f64> {
        let each = moved.iter().zip(&self.size);
        each.map(|(z, size)| if *size > 0.0 { z / size } else { *z })
            .collect()
    }

    fn heading(&self, moved: &[f64]) -> Heading {
        let Some(unit) = unit(&self.scaled(moved)) else {
            return Heading::Still;
        };
        let opposite: Vec<f64> = unit.iter().map(|z| -z).collect();
        if self.has(&unit) {
            return Heading::Up;
        }
        match self.has(&opposite) {
            true => Heading::Down,
            false => Heading::Open,
        }
    }

    /// Whether a direction is a sum of the generators, none of them taken off.
    fn has(&self, direction: &[f64]) -> bool {
        if self.rounded.contains(&rounded(direction)) {
            return true;
        }
        let rows: Vec<Terms> = (0..direction.len())
            .map(|k| {
                let each = self.generators.iter().enumerate();
                each.map(|(at, own)| (at, own[k])).collect()
            })
            .collect();
        let mut simplex = Simplex::new(self.generators.len(), &rows);
        for cell in 0..self.generators.len() {
            simplex.bound(cell, 0.0, f64::INFINITY);
        }
        for (k, z) in direction.iter().enumerate() {
            let row = simplex.row(k);
            simplex.bound(row, *z, *z);
        }
        simplex.check() == Outcome::Possible
    }
}
