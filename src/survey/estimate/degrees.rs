//! Degrees of freedom of domains.

use std::ops::Range;

use super::options::DomainDf;
use crate::survey::design::{Design, Units};
use crate::survey::microdata::{MissingValues, Value};
use crate::survey::sums::{ItemSums, Mode, Sums};

/// What the degrees of freedom of any domains follow from.
pub struct Degrees<'a> {
    pub sums: &'a Sums,
    pub units: &'a Units,
    pub design: &'a Design,
    pub mode: Mode,
    pub kind: DomainDf,
    /// Values of the levels of each item that are no answers.
    pub missing: &'a [MissingValues],
    /// Those of the whole design.
    pub whole: Option<f64>,
    /// Of each unit of the sums, the unit of the last stage.
    pub last_stage: Vec<u32>,
    /// Where the cells of each domain stand.
    pub cells: Vec<Range<usize>>,
}

impl<'a> Degrees<'a> {
    pub fn new(
        sums: &'a Sums,
        units: &'a Units,
        design: &'a Design,
        missing: &'a [MissingValues],
        (mode, kind, whole): (Mode, DomainDf, Option<f64>),
    ) -> Degrees<'a> {
        Degrees {
            last_stage: match mode {
                Mode::Units | Mode::Rows => sums.last_stage(units),
                Mode::Elements | Mode::Replicates => (0..sums.units.len() as u32).collect(),
            },
            cells: sums.cells_by_domain(),
            sums,
            units,
            design,
            mode,
            kind,
            missing,
            whole,
        }
    }

    /// Those of some domains together: PSUs less strata, of those in which they have respondents with a weight. With
    /// [`DomainDf::Answered`], and for an item that is of some of the domain alone, in which somebody answered it.
    ///
    /// A number that the design names is kept, and so are those of replicate weights.
    pub fn in_domains(&self, domains: &[usize], item: usize, filtered: bool) -> Option<f64> {
        if self.design.df.is_some() || self.mode == Mode::Replicates {
            return self.whole;
        }
        match (self.kind, filtered) {
            (DomainDf::Design, _) => self.whole,
            (DomainDf::Domain, false) => Some(self.psus_less_strata(domains, None)),
            _ => Some(self.psus_less_strata(domains, Some(item))),
        }
    }

    /// Whether the kind that was chosen makes a difference to some domain.
    pub fn are_chosen(&self) -> bool {
        if self.design.df.is_some() || self.mode == Mode::Replicates {
            return false;
        }
        let mut domains = 0..self.sums.domains.len();
        let usual = |domain: usize| Some(self.psus_less_strata(&[domain], None));
        match self.kind {
            DomainDf::Domain => false,
            DomainDf::Design => domains.any(|domain| usual(domain) != self.whole),
            DomainDf::Answered => domains.any(|domain| {
                let mut items = 0..self.sums.items.len();
                items
                    .any(|item| Some(self.psus_less_strata(&[domain], Some(item))) != usual(domain))
            }),
        }
    }

    fn psus_less_strata(&self, domains: &[usize], item: Option<usize>) -> f64 {
        let (psus, strata) = self.psus(domains, item);
        psus as f64 - strata as f64
    }

    /// PSUs and strata in which some domains have respondents with a weight; of those who answered an item, if one is named.
    pub fn psus(&self, domains: &[usize], item: Option<usize>) -> (u64, usize) {
        let of_domain = |domain: &usize| self.cells.get(*domain).cloned().unwrap_or_default();
        let cells = domains.iter().flat_map(of_domain);
        let counted: Vec<(usize, u64)> = cells
            .map(|at| (at, self.weighted(at, item)))
            .filter(|(_, weighted)| *weighted > 0)
            .collect();
        let unit = |at: &usize| self.sums.cells[*at].unit as usize;
        let strata = counted
            .iter()
            .map(|(at, _)| self.sums.units[unit(at)].stratum);
        let psus = match (self.units.elements, item) {
            (true, None) => counted.iter().map(|(_, weighted)| weighted).sum(),
            (true, Some(item)) => domains
                .iter()
                .map(|domain| self.answered(*domain, item))
                .sum(),
            (false, _) => {
                let psu =
                    |(at, _): &(usize, u64)| self.units.first_stage_unit(self.last_stage[unit(at)]);
                different(counted.iter().map(psu)) as u64
            }
        };
        (psus, different(strata))
    }

    /// Respondents of a cell with a weight; where an item is named and nobody of them answered it, none. How many answered is
    /// known by domain, not by cell.
    fn weighted(&self, at: usize, item: Option<usize>) -> u64 {
        let cell = &self.sums.cells[at];
        let answered = match item.and_then(|item| self.sums.items.get(item)) {
            None | Some(ItemSums::Values(_)) => true,
            Some(ItemSums::Numbers(sums)) => sums
                .first
                .get(at * sums.width)
                .is_some_and(|weight| weight.value() != 0.0),
            Some(ItemSums::Levels(sums)) => {
                let width = sums.levels.len();
                let weights = sums.weight.get(at * width..(at + 1) * width);
                let answers = sums.levels.iter().zip(weights.unwrap_or_default());
                answers
                    .filter(|(level, _)| self.is_answer(item, level))
                    .any(|(_, weight)| weight.value() != 0.0)
            }
        };
        if answered { cell.weighted } else { 0 }
    }

    /// Respondents of a domain with a weight who answered an item.
    fn answered(&self, domain: usize, item: usize) -> u64 {
        match self.sums.items.get(item) {
            None => 0,
            Some(ItemSums::Numbers(sums)) => sums.count.get(domain).copied().unwrap_or(0),
            Some(ItemSums::Levels(sums)) => {
                let width = sums.levels.len();
                let counts = sums.count.get(domain * width..(domain + 1) * width);
                let answers = sums.levels.iter().zip(counts.unwrap_or_default());
                answers
                    .filter(|(level, _)| self.is_answer(Some(item), level))
                    .map(|(_, count)| count)
                    .sum()
            }
            Some(ItemSums::Values(sums)) => {
                let entries = sums.domains.get(domain).map_or(&[][..], Vec::as_slice);
                entries.iter().map(|entry| entry.count).sum()
            }
        }
    }

    fn is_answer(&self, item: Option<usize>, level: &Value) -> bool {
        match item.and_then(|item| self.missing.get(item)) {
            Some(missing) => !missing.holds(level),
            None => *level != Value::Null,
        }
    }
}

/// How many different numbers there are. Those of one domain stand in order, which sorting finds at once.
fn different(numbers: impl Iterator<Item = u32>) -> usize {
    let mut numbers: Vec<u32> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.len()
}
