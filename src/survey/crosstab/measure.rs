//! One row of a table as a variable: y of those in its base, added up in every cell.

use std::cell::OnceCell;
use std::rc::Rc;

use super::layout::Layout;
use super::tally::{LevelTally, NumberTally};
use crate::statistics::special::Sum;

/// Who is in the base of a row.
#[derive(Default)]
pub struct Base {
    /// Σ w by cell.
    pub weight: Vec<Sum>,
    /// Σ w² by cell; only where rows are the units.
    pub square: Vec<Sum>,
    pub domains: Vec<BaseDomain>,
    /// Σ w of all replicates, domain by domain.
    pub replicates: Vec<f64>,
    /// What a calibration leaves of w, by unit; domain by domain.
    pub residuals: Vec<Vec<f64>>,
    /// The sums of weight as floats, once somebody has asked for them.
    rounded: OnceCell<Vec<f64>>,
}

#[derive(Clone, Copy, Default)]
pub struct BaseDomain {
    /// Rows with a weight.
    pub n: u64,
    pub weight: f64,
    /// Σ w².
    pub square: f64,
}

impl BaseDomain {
    /// Kish's effective base, (Σ w)²/Σ w².
    pub fn effective(&self) -> f64 {
        match self.square > 0.0 {
            true => self.weight * self.weight / self.square,
            false => 0.0,
        }
    }
}

/// y and its base.
pub struct Measure {
    pub base: Rc<Base>,
    /// Σ w y by cell.
    pub y: Vec<Sum>,
    /// Σ w² y and Σ w² y² by cell; only where rows are the units.
    pub square_y: Vec<Sum>,
    pub square_yy: Vec<Sum>,
    pub domains: Vec<MeasureDomain>,
    /// Σ w y of all replicates, domain by domain.
    pub replicates: Vec<f64>,
    /// What a calibration leaves of w y, by unit; domain by domain.
    pub residuals: Vec<Vec<f64>>,
    pub quantity: Quantity,
    /// What was taken off y; 0 of shares.
    pub origin: f64,
    /// Centred scores of the share or mean of each domain, by unit, once somebody has asked for them.
    pub(super) scores: Vec<OnceCell<Vec<f64>>>,
}

/// What y is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// 1 or 0, of a respondent.
    Share,
    /// How many of the answers that a respondent gave are counted; the base weighs all that were given.
    ShareOfAnswers,
    Number,
}

impl Quantity {
    pub fn is_share(self) -> bool {
        self != Quantity::Number
    }
}

#[derive(Clone, Copy, Default)]
pub struct MeasureDomain {
    /// Σ w y.
    pub y: f64,
    /// Σ w y².
    pub yy: f64,
    /// Rows with a weight and y other than 0.
    pub count: u64,
    /// The sums have no digits left for the spread, as those of a file may.
    pub is_far: bool,
}

/// Whether the numbers lie so far from 0 that their squares, added up as floats, say nothing of their spread. What is spread by
/// nothing at all has sums without any remainder; of respondents the mean was taken off before they were squared.
fn is_far(weight: Sum, y: Sum, yy: Sum) -> bool {
    if weight.value() <= 0.0 || y.value() == 0.0 {
        return false;
    }
    let mean = y / weight;
    let square = mean * mean;
    let spread = ((yy / weight - square) / square).value().abs();
    (1e-28..1e-10).contains(&spread)
}

impl Base {
    /// Σ w by cell, rounded: once for all rows that have this base.
    pub fn rounded_weight(&self) -> &[f64] {
        let round = || self.weight.iter().map(|sum| sum.value()).collect();
        self.rounded.get_or_init(round)
    }

    /// Those who are at one of some levels.
    pub fn from_levels(tally: &LevelTally, layout: &Layout, levels: &[usize]) -> Base {
        let weight = by_cell(&tally.weight, tally.levels, levels);
        let entry = |domain: usize, level: &usize| domain * tally.levels + level;
        let domains = layout.domains.iter().enumerate().map(|(at, domain)| {
            let places = || levels.iter().map(|level| entry(at, level));
            BaseDomain {
                n: places().map(|place| tally.count[place]).sum(),
                weight: total(&weight, domain.cells.clone()),
                square: places().map(|place| tally.square_of_domain[place]).sum(),
            }
        });
        Base {
            domains: domains.collect(),
            square: by_cell(&tally.square, tally.levels, levels),
            replicates: by_replicate(tally, layout, levels.iter().map(|level| (*level, 1.0))),
            residuals: left_of(tally, levels.iter().map(|level| (*level, 1.0))),
            rounded: OnceCell::new(),
            weight,
        }
    }

    /// Those who have a number.
    pub fn from_numbers(tally: &NumberTally, layout: &Layout) -> Base {
        let domains = layout.domains.iter().zip(&tally.domains);
        Base {
            domains: domains
                .map(|(domain, of)| BaseDomain {
                    n: of.count,
                    weight: total(&tally.weight, domain.cells.clone()),
                    square: of.square.value(),
                })
                .collect(),
            weight: tally.weight.clone(),
            square: tally.squares[0].clone(),
            replicates: tally.replicates.iter().map(|sums| sums[0]).collect(),
            residuals: tally.residuals.iter().map(|of| of[0].clone()).collect(),
            rounded: OnceCell::new(),
        }
    }

    /// All answers to a set: a respondent weighs w s, s the number of answers given. Kish's base stays that of respondents.
    pub fn of_answers(mentions: &NumberTally, layout: &Layout) -> Base {
        let mut base = Base::from_numbers(mentions, layout);
        base.weight.clone_from(&mentions.y);
        base.rounded = OnceCell::new();
        base.square.clone_from(&mentions.squares[2]);
        base.replicates = mentions.replicates.iter().map(|sums| sums[1]).collect();
        base.residuals = mentions.residuals.iter().map(|of| of[1].clone()).collect();
        for (of, domain) in base.domains.iter_mut().zip(&layout.domains) {
            let effective = of.effective();
            of.weight = total(&base.weight, domain.cells.clone());
            of.square = match effective > 0.0 {
                true => of.weight * of.weight / effective,
                false => 0.0,
            };
        }
        base
    }
}

impl Measure {
    /// Whether a share is that of all or of nobody: by the count, whatever the rounding of a sum says.
    pub fn edge(&self, domain: usize) -> Option<f64> {
        let (base, of) = (self.base.domains[domain], self.domains[domain]);
        match self.quantity.is_share() {
            true if of.count == 0 => Some(0.0),
            // of several answers all may have given this one, and it is still not all answers
            true if of.count == base.n && of.y > 0.999_999 * base.weight => Some(1.0),
            _ => None,
        }
    }

    /// y is 1 at some levels.
    pub fn share_of_levels(
        tally: &LevelTally,
        layout: &Layout,
        base: &Rc<Base>,
        levels: &[usize],
    ) -> Measure {
        let y = by_cell(&tally.weight, tally.levels, levels);
        let domains = layout.domains.iter().enumerate().map(|(at, domain)| {
            let count = levels
                .iter()
                .map(|level| tally.count[at * tally.levels + level]);
            let y = total(&y, domain.cells.clone());
            MeasureDomain {
                y,
                yy: y,
                count: count.sum(),
                is_far: false,
            }
        });
        let square = by_cell(&tally.square, tally.levels, levels);
        Measure {
            base: Rc::clone(base),
            domains: domains.collect(),
            // y is 0 or 1, and so its own square
            square_yy: square.clone(),
            square_y: square,
            replicates: by_replicate(tally, layout, levels.iter().map(|level| (*level, 1.0))),
            residuals: left_of(tally, levels.iter().map(|level| (*level, 1.0))),
            quantity: Quantity::Share,
            origin: 0.0,
            scores: vec![OnceCell::new(); layout.domains.len()],
            y,
        }
    }

    /// y is a number for each of some levels, which are the base.
    pub fn mean_of_levels(tally: &LevelTally, layout: &Layout, scores: &[(usize, f64)]) -> Measure {
        let levels: Vec<usize> = scores.iter().map(|(level, _)| *level).collect();
        let base = Base::from_levels(tally, layout, &levels);
        let scored = |of: &[Sum], power: i32| -> Vec<Sum> {
            let of_cell = |sums: &[Sum]| {
                let terms = scores
                    .iter()
                    .map(|(level, score)| sums[*level] * score.powi(power));
                terms.sum()
            };
            of.chunks(tally.levels.max(1)).map(of_cell).collect()
        };
        let y = scored(&tally.weight, 1);
        let yy = scored(&tally.weight, 2);
        let domains = layout.domains.iter().enumerate().map(|(at, domain)| {
            let with_score = scores.iter().filter(|(_, score)| *score != 0.0);
            MeasureDomain {
                y: total(&y, domain.cells.clone()),
                yy: total(&yy, domain.cells.clone()),
                count: with_score
                    .map(|(level, _)| tally.count[at * tally.levels + level])
                    .sum(),
                is_far: false,
            }
        });
        Measure {
            domains: domains.collect(),
            square_y: scored(&tally.square, 1),
            square_yy: scored(&tally.square, 2),
            replicates: by_replicate(tally, layout, scores.iter().copied()),
            residuals: left_of(tally, scores.iter().copied()),
            quantity: Quantity::Number,
            origin: 0.0,
            scores: vec![OnceCell::new(); layout.domains.len()],
            base: Rc::new(base),
            y,
        }
    }

    /// y as it was added up.
    pub fn mean(tally: &NumberTally, layout: &Layout) -> Measure {
        let domains = layout.domains.iter().zip(&tally.domains);
        Measure {
            base: Rc::new(Base::from_numbers(tally, layout)),
            domains: domains
                .map(|(domain, of)| {
                    let sum = |all: &[Sum]| all[domain.cells.clone()].iter().copied().sum();
                    MeasureDomain {
                        y: total(&tally.y, domain.cells.clone()),
                        yy: of.yy.value(),
                        count: of.count,
                        is_far: is_far(sum(&tally.weight), sum(&tally.y), of.yy),
                    }
                })
                .collect(),
            y: tally.y.clone(),
            square_y: tally.squares[1].clone(),
            square_yy: tally.squares[2].clone(),
            replicates: tally.replicates.iter().map(|sums| sums[1]).collect(),
            residuals: tally.residuals.iter().map(|of| of[1].clone()).collect(),
            quantity: Quantity::Number,
            origin: tally.origin,
            scores: vec![OnceCell::new(); layout.domains.len()],
        }
    }

    /// The same with the respondents that another counts.
    pub fn with_counts(mut self, other: &Measure) -> Measure {
        for (of, other) in self.domains.iter_mut().zip(&other.domains) {
            of.count = other.count;
        }
        self
    }

    /// The share of answers among all that were given, Σ w y/Σ w s, s the number of answers that a respondent gave: with the
    /// base of answers, what holds of a share by its sums holds of this ratio.
    ///
    /// `squares` are Σ w² s 1[level] by cell and level; empty where rows are not the units.
    pub fn of_answers(
        self,
        base: &Rc<Base>,
        squares: &[Sum],
        layout: &Layout,
        levels: &[usize],
    ) -> Measure {
        let width = squares.len() / layout.cells.len().max(1);
        Measure {
            base: Rc::clone(base),
            // Σ w s · w y, where a share has Σ w · w y
            square_y: by_cell(squares, width, levels),
            quantity: Quantity::ShareOfAnswers,
            scores: vec![OnceCell::new(); layout.domains.len()],
            ..self
        }
    }
}

/// Some of the levels of each cell added up.
fn by_cell(sums: &[Sum], width: usize, levels: &[usize]) -> Vec<Sum> {
    if width == 0 {
        return Vec::new();
    }
    match levels {
        [one] => sums.chunks(width).map(|of| of[*one]).collect(),
        _ => {
            let of_cell = |of: &[Sum]| levels.iter().map(|level| of[*level]).sum();
            sums.chunks(width).map(of_cell).collect()
        }
    }
}

/// Σ w of each replicate at some levels, each times its score.
fn by_replicate(
    tally: &LevelTally,
    layout: &Layout,
    scores: impl Iterator<Item = (usize, f64)> + Clone,
) -> Vec<f64> {
    let entries = layout.domains.len() * tally.levels;
    let replicates = tally.replicates.len().checked_div(entries).unwrap_or(0);
    let mut all = vec![0.0; layout.domains.len() * replicates];
    if replicates == 0 {
        return all;
    }
    for (domain, sums) in all.chunks_mut(replicates).enumerate() {
        for (level, score) in scores.clone() {
            let from = (domain * tally.levels + level) * replicates;
            for (to, from) in sums
                .iter_mut()
                .zip(&tally.replicates[from..from + replicates])
            {
                *to += score * from;
            }
        }
    }
    all
}

/// What a calibration leaves of the weights at some levels, each times its score, domain by domain.
fn left_of(
    tally: &LevelTally,
    scores: impl Iterator<Item = (usize, f64)> + Clone,
) -> Vec<Vec<f64>> {
    let of_domain = |levels: &[Vec<f64>]| {
        let mut all = vec![0.0; levels.first().map_or(0, Vec::len)];
        for (level, score) in scores.clone() {
            for (to, from) in all.iter_mut().zip(&levels[level]) {
                *to += score * from;
            }
        }
        all
    };
    let domains = tally.residuals.chunks(tally.levels.max(1));
    domains.map(of_domain).collect()
}

fn total(sums: &[Sum], cells: std::ops::Range<usize>) -> f64 {
    let mut total = Sum::ZERO;
    sums[cells].iter().for_each(|sum| total.add_sum(*sum));
    total.value()
}
