//! Margins, checked and crossed once, to weight any number of base weights by.

use super::base::checked_total;
use super::cells::{Cells, Side, by_cell};
use super::targets::{MarginTotal, TargetKind, counts_agree};
use super::{Error, Margin, MissingPolicy};

/// The name of the level of those without an answer, under [`MissingPolicy::OwnCategory`].
pub const OWN_CATEGORY: &str = "(missing)";

/// Margins with the cells of their crossing.
///
/// What depends on the rows is computed here, once: to weight replicates takes their base weights by cell and no more.
/// What depends on the base weights (the total that shares are scaled to, the share of those without an answer) is
/// computed anew for the base weights that are given.
#[derive(Clone, Debug)]
pub struct Margins {
    pub(super) sides: Vec<CheckedMargin>,
    pub(super) cells: Cells,
    /// What the targets are scaled to; without it, the sum of the base weights.
    total: Option<f64>,
}

/// A margin after its checks.
#[derive(Clone, Debug)]
pub(super) struct CheckedMargin {
    pub(super) name: String,
    /// With the level for missing answers, where it has one.
    pub(super) levels: Vec<String>,
    /// As they were given. The level for missing answers has 0 here.
    pub(super) targets: Vec<f64>,
    /// Which level is the one for missing answers.
    pub(super) own: Option<usize>,
}

/// The targets of one set of base weights, as counts of one total.
#[derive(Clone, Debug)]
pub(super) struct Goal {
    pub(super) total: f64,
    /// For each margin, for each level.
    pub(super) targets: Vec<Vec<f64>>,
}

impl Margins {
    /// Checks the margins of a sample of `rows` rows and crosses them.
    ///
    /// What the targets are is decided for all margins together: see [`TargetKind::from_totals`]. Shares and per cents are
    /// each scaled to `population`, without it to the sum of the base weights; counts to the total of the first margin.
    ///
    /// Errors: no margin; lengths that differ; codes beyond the levels; targets that are negative, not finite, all 0,
    /// absent for a level of the sample; sums that are neither those of shares nor of per cents nor of counts; totals of
    /// counts, or a population beside them, further apart than rounding takes them; with [`MissingPolicy::Refuse`] rows
    /// without an answer.
    pub fn new(
        margins: &[Margin],
        rows: usize,
        missing: MissingPolicy,
        population: Option<f64>,
    ) -> Result<Margins, Error> {
        if let Some(total) = population
            && !(total.is_finite() && total > 0.0)
        {
            return Err(Error::Population(total));
        }
        if margins.is_empty() {
            return Err(Error::NoMargins);
        }
        // the last number is that of the rows that are left out
        if rows >= u32::MAX as usize {
            return Err(Error::TooManyRows(rows));
        }
        let mut sides = Vec::with_capacity(margins.len());
        for margin in margins {
            if sides
                .iter()
                .any(|side: &CheckedMargin| side.name == margin.name)
            {
                return Err(Error::MarginTwice(margin.name.clone()));
            }
            sides.push(CheckedMargin::new(margin, rows, missing)?);
        }
        let total = common_total(&sides, population)?;
        let crossing: Vec<Side> = margins
            .iter()
            .zip(&sides)
            .map(|(margin, side)| Side {
                codes: &margin.codes,
                size: side.levels.len(),
                missing: side.own.and_then(|own| u32::try_from(own).ok()),
            })
            .collect();
        Ok(Margins {
            cells: Cells::new(&crossing, rows),
            sides,
            total,
        })
    }

    /// The number of cells of the crossing that occur.
    pub fn cells(&self) -> usize {
        self.cells.len()
    }

    /// The number of rows of the sample.
    pub fn rows(&self) -> usize {
        self.cells.of_row.len()
    }

    /// The number of rows that are left out for a missing answer.
    pub fn dropped(&self) -> usize {
        self.rows() - self.cells.rows.iter().sum::<usize>()
    }

    /// Which rows are weighted: all but those left out for a missing answer.
    pub fn kept(&self) -> Vec<bool> {
        let kept = |cell: &u32| *cell != super::cells::NONE;
        self.cells.of_row.iter().map(kept).collect()
    }

    /// The base weights by cell, and what they are to be weighted to.
    pub(super) fn start(&self, base: &[f64]) -> Result<(Vec<f64>, Goal), Error> {
        let sum = checked_total(base, self.rows())?;
        let by_cell = by_cell(&self.cells, base);
        let total = self.total.unwrap_or(sum);
        let mut targets = Vec::with_capacity(self.sides.len());
        for place in 0..self.sides.len() {
            targets.push(self.side_targets(place, &by_cell, total)?);
        }
        Ok((by_cell, Goal { total, targets }))
    }

    fn side_targets(&self, place: usize, by_cell: &[f64], total: f64) -> Result<Vec<f64>, Error> {
        let side = &self.sides[place];
        let base = by_level(&self.cells.levels[place], side.levels.len(), by_cell);
        // those without an answer keep the share that they have by base weight
        let own = match side.own {
            Some(level) => base[level] / base.iter().sum::<f64>(),
            None => 0.0,
        };
        let scale = total * (1.0 - own) / side.sum();
        let mut targets: Vec<f64> = side.targets.iter().map(|target| target * scale).collect();
        if let Some(level) = side.own {
            targets[level] = total * own;
        }
        let nobody = (0..targets.len()).find(|&level| targets[level] > 0.0 && base[level] <= 0.0);
        match nobody {
            None => Ok(targets),
            Some(level) => Err(Error::NobodyHas {
                variable: side.name.clone(),
                level: side.levels[level].clone(),
                target: side.targets[level],
                hint: "merge it with a level that some have, or give it the target 0".to_owned(),
            }),
        }
    }
}

impl CheckedMargin {
    fn new(margin: &Margin, rows: usize, policy: MissingPolicy) -> Result<CheckedMargin, Error> {
        let (mut targets, missing) = margin.checked(rows)?;
        if missing > 0 && policy == MissingPolicy::Refuse {
            return Err(Error::Missing {
                variable: margin.name.clone(),
                count: missing,
            });
        }
        let mut levels = margin.levels.clone();
        let mut own = None;
        if missing > 0 && policy == MissingPolicy::OwnCategory {
            own = Some(levels.len());
            levels.push(OWN_CATEGORY.to_owned());
            targets.push(0.0);
        }
        Ok(CheckedMargin {
            name: margin.name.clone(),
            levels,
            targets,
            own,
        })
    }

    /// What the targets add up to.
    pub(super) fn sum(&self) -> f64 {
        self.targets.iter().sum()
    }
}

/// Sums of cells by the level of one margin.
pub(super) fn by_level(level_of_cell: &[u32], levels: usize, cells: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; levels];
    for (&level, weight) in level_of_cell.iter().zip(cells) {
        sums[level as usize] += weight;
    }
    sums
}

/// What all margins are scaled to, where that does not depend on the base weights.
fn common_total(sides: &[CheckedMargin], population: Option<f64>) -> Result<Option<f64>, Error> {
    let of_side = |side: &CheckedMargin| {
        let targets = side.targets.iter().copied().enumerate();
        let given = targets.filter(|(level, _)| Some(*level) != side.own);
        MarginTotal::new(&side.name, given.map(|(_, target)| target))
    };
    let mut totals: Vec<MarginTotal> = sides.iter().map(of_side).collect();
    if TargetKind::from_totals(&totals)? != TargetKind::Counts {
        return Ok(population);
    }
    if let Some(total) = population {
        // the first is what all are scaled to
        totals.insert(0, MarginTotal::new("the population", [total]));
    }
    counts_agree(&totals)?;
    Ok(totals.first().map(|total| total.sum.value()))
}

/// How far a sum is from its target, as a share of it; of the total where the target is 0.
pub(super) fn relative_difference(sum: f64, target: f64, total: f64) -> f64 {
    let measure = if target > 0.0 { target } else { total };
    ((sum - target) / measure).abs()
}

/// The rows of each level of a margin.
pub(super) fn level_rows(margins: &Margins, place: usize) -> Vec<usize> {
    let levels = margins.sides[place].levels.len();
    rows_by_level(&margins.cells.levels[place], levels, &margins.cells.rows)
}

/// The rows of cells, by level.
pub(super) fn rows_by_level(level_of_cell: &[u32], levels: usize, cells: &[usize]) -> Vec<usize> {
    let mut rows = vec![0; levels];
    for (&level, count) in level_of_cell.iter().zip(cells) {
        rows[level as usize] += count;
    }
    rows
}
