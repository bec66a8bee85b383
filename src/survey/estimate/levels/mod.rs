//! Shares and totals of the levels of a variable, with their scores.

pub(super) mod listed;
pub(super) mod typed;

use super::calibration::Element;
use super::context::{Context, total};
use super::scores::NoEstimate;
use super::scores::{ElementSums, PointEstimate, Scores};
use crate::survey::sums::{ItemSums, LevelSums, Mode, Sum, Sums};

/// The levels of one variable in one domain.
pub struct Levels<'a, 'c> {
    context: &'a Context<'c>,
    /// The place of the item.
    item: usize,
    sums: &'a LevelSums,
    domain: usize,
    /// Which levels are answers.
    valid: &'a [bool],
    totals: Vec<Sum>,
    weight: Sum,
    n: u64,
    /// Σ w and Σ w² of the answers, cell by cell: of a thousand levels each would add up the others anew.
    answered: Vec<(Sum, Sum)>,
}

/// What of a set of levels is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelStatistic {
    /// Its share p = T_l/T of those who answered. R: `svymean(~factor)`.
    Share,
    /// Its weighted number T_l. R: `svytotal(~factor)`.
    Total,
}

impl<'a, 'c> Levels<'a, 'c> {
    pub fn new(
        context: &'a Context<'c>,
        (item, sums): (usize, &'a LevelSums),
        valid: &'a [bool],
        domain: usize,
    ) -> Levels<'a, 'c> {
        let width = sums.levels.len();
        let range = context.cells(domain);
        let totals: Vec<Sum> = (0..width)
            .map(|level| total(range.clone(), &sums.weight, width, level))
            .collect();
        let among = |sums: &[Sum]| chosen(sums, valid).sum::<Sum>();
        let in_cell = |sums: &[Sum], cell: usize| {
            let levels = sums.get(cell * width..(cell + 1) * width);
            among(levels.unwrap_or_default())
        };
        let answered = range.map(|cell| (in_cell(&sums.weight, cell), in_cell(&sums.square, cell)));
        let count = sums
            .count
            .get(domain * width..(domain + 1) * width)
            .unwrap_or_default();
        Levels {
            context,
            item,
            sums,
            domain,
            valid,
            weight: among(&totals),
            answered: answered.collect(),
            n: chosen(count, valid).sum(),
            totals,
        }
    }

    /// Respondents at a level.
    pub fn count(&self, level: usize) -> u64 {
        let width = self.sums.levels.len();
        self.sums
            .count
            .get(self.domain * width + level)
            .copied()
            .unwrap_or(0)
    }

    /// Sum of weights at a level.
    pub fn weight(&self, level: usize) -> f64 {
        self.totals[level].value()
    }

    /// The share or total of some levels together.
    pub fn estimate(&self, levels: &[usize], statistic: LevelStatistic) -> PointEstimate {
        let mut estimated = PointEstimate {
            rest: 0.0,
            value: None,
            reason: None,
            scores: None,
            spread: None,
            n: self.n,
            weight: self.weight.value(),
        };
        let part: Sum = levels.iter().map(|level| self.totals[*level]).sum();
        let weight = self.weight.value();
        if statistic == LevelStatistic::Share && weight == 0.0 {
            estimated.reason = Some(NoEstimate::Nobody.to_string());
            return estimated;
        }
        let share = if weight == 0.0 {
            0.0
        } else {
            (part / self.weight).value()
        };
        let n = self.n as f64;
        let scale = if statistic == LevelStatistic::Share {
            1.0 / weight
        } else {
            1.0
        };
        if self.n > 1 {
            estimated.spread = Some(scale * scale * share * (1.0 - share) * n / (n - 1.0));
        }
        estimated.value = Some(match statistic {
            LevelStatistic::Share => share,
            LevelStatistic::Total => part.value(),
        });
        estimated.scores = Some(self.scores(levels, statistic, share));
        estimated
    }

    /// u of a cell: (w 1[level] − p w)/T for a share, w 1[level] for a total.
    fn scores(&self, levels: &[usize], statistic: LevelStatistic, share: f64) -> Scores {
        let (weight, share) = match statistic {
            LevelStatistic::Share => (self.weight.value(), share),
            LevelStatistic::Total => (1.0, 0.0),
        };
        match self.context.mode {
            Mode::Replicates => self.replicates(levels, statistic),
            Mode::Elements => self
                .classed_scores(levels, weight, share)
                .unwrap_or_else(|| self.element_scores(levels, weight, share)),
            Mode::Units | Mode::Rows => self.context.units(self.domain, |sums, cell| {
                let Some(sums) = self.level_sums(sums) else {
                    return Some(Sum::from(f64::NAN));
                };
                let answered = self.answered_in(sums, cell);
                let part = self.at(&sums.weight, cell, levels).value();
                (answered != 0.0).then(|| Sum::from((part - share * answered) / weight))
            }),
        }
    }

    fn level_sums<'s>(&self, sums: &'s Sums) -> Option<&'s LevelSums> {
        match sums.items.get(self.item)? {
            ItemSums::Levels(sums) => Some(sums),
            _ => None,
        }
    }

    /// Σ w of a cell at some levels.
    fn at(&self, sums: &[Sum], cell: usize, levels: &[usize]) -> Sum {
        let width = self.sums.levels.len();
        match levels {
            [one] => sums[cell * width + one],
            _ => levels.iter().map(|level| sums[cell * width + level]).sum(),
        }
    }

    /// Σ w of a cell at all answers.
    fn among(&self, sums: &[Sum], cell: usize) -> Sum {
        let width = self.sums.levels.len();
        chosen(&sums[cell * width..(cell + 1) * width], self.valid).sum()
    }

    /// The same, looked up where it is known.
    fn answered_in(&self, sums: &LevelSums, cell: usize) -> f64 {
        // the sums by class of a calibration have other cells
        if std::ptr::eq(sums, self.sums) {
            let first = self.context.cells(self.domain).start;
            return self.answered[cell - first].0.value();
        }
        self.among(&sums.weight, cell).value()
    }

    /// The same after a calibration that sums know of: u − a f with a = w is w ((1[level] − p)/T − f).
    fn classed_scores(&self, levels: &[usize], weight: f64, share: f64) -> Option<Scores> {
        let scale = Sum::from(1.0) / Sum::from(weight);
        let share = Sum::from(share);
        let u = |sums: &Sums, cell: usize| match self.level_sums(sums) {
            None => f64::NAN,
            Some(sums) => {
                let part = self.at(&sums.weight, cell, levels);
                ((part - share * self.among(&sums.weight, cell)) * scale).value()
            }
        };
        let element = |sums: &Sums, cell: usize, f: Sum| {
            let (inside, outside) = ((Sum::from(1.0) - share) * scale - f, -(share * scale) - f);
            let part_and_all = |sums: &[Sum]| (self.at(sums, cell, levels), self.among(sums, cell));
            let Some(found) = self.level_sums(sums) else {
                return Element::default();
            };
            let (part, all) = part_and_all(&found.weight);
            let (part_square, all_square) = part_and_all(&found.square);
            Element {
                score: inside * part + outside * (all - part),
                square: inside * inside * part_square
                    + outside * outside * (all_square - part_square),
                weight: all,
                weight_square: all_square,
            }
        };
        self.context.classed_elements(self.domain, u, element)
    }

    /// The same by stratum with Σ u², exact: a share that strata fix has a variance of 0.
    fn element_scores(&self, levels: &[usize], weight: f64, share: f64) -> Scores {
        let width = self.sums.levels.len();
        let of_levels = |sums: &[Sum], cell: usize| {
            levels
                .iter()
                .map(|level| sums[cell * width + level])
                .sum::<Sum>()
        };
        let first = self.context.cells(self.domain).start;
        let (share, scale) = (Sum::from(share), Sum::from(1.0) / Sum::from(weight));
        self.context.elements(self.domain, |cell| {
            let (part, all) = (&self.sums.weight, &self.sums.square);
            let (answered, answered_square) = self.answered[cell - first];
            if answered_square.value() == 0.0 {
                return None;
            }
            let sum = of_levels(part, cell) - share * answered;
            // (1 − p)² where the level was given and p² elsewhere, multiplied out
            let square = (Sum::from(1.0) - share * 2.0) * of_levels(all, cell)
                + share * share * answered_square;
            Some(ElementSums {
                sum: sum * scale,
                square: square * scale * scale,
                about_mean: None,
            })
        })
    }

    fn replicates(&self, levels: &[usize], statistic: LevelStatistic) -> Scores {
        let width = self.sums.levels.len();
        let theta = |sums: &[Sum]| {
            let sums = &sums[self.domain * width..(self.domain + 1) * width];
            let part: Sum = levels.iter().map(|level| sums[*level]).sum();
            match statistic {
                LevelStatistic::Total => part.value(),
                LevelStatistic::Share => (part / chosen(sums, self.valid).sum()).value(),
            }
        };
        let part: Sum = levels.iter().map(|level| self.totals[*level]).sum();
        let full = match statistic {
            LevelStatistic::Total => part.value(),
            LevelStatistic::Share => (part / self.weight).value(),
        };
        Scores::Replicates(
            self.sums
                .replicates
                .iter()
                .map(|sums| theta(sums))
                .collect(),
            full,
        )
    }
}

/// The entries that are answers.
fn chosen<'s, T: Copy + 's>(entries: &'s [T], valid: &'s [bool]) -> impl Iterator<Item = T> + 's {
    let pairs = entries.iter().zip(valid);
    pairs.filter(|(_, valid)| **valid).map(|(entry, _)| *entry)
}
