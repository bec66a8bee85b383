//! Whether the answers differ by the columns of a block at all.

use super::layout::Layout;
use super::tally::LevelTally;
use super::variance::Sampling;
use crate::statistics::special::{Sum, fisher_f};
use crate::survey::design::{ElementScore, Score};
use crate::survey::sums::Mode;
use crate::survey::testing::TwoWay;

/// The test of a whole table.
#[derive(Clone, Debug, PartialEq)]
pub struct Independence {
    pub statistic: f64,
    pub df1: f64,
    /// Infinite where the design has no number of its own.
    pub df2: f64,
    pub p_value: f64,
    /// Rows with an answer and a place in the block.
    pub n: u64,
}

/// Why a table has no test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untested {
    /// Nothing is left to compare, or empty cells leave C′DC without an inverse.
    Nothing,
    /// It has so many contrasts, more than [`MOST_CONTRASTS`].
    Wide(usize),
}

/// A table with more of these, as of names or places, is not tested: its covariance has as many rows and columns.
pub const MOST_CONTRASTS: usize = 400;

/// Rao and Scott's F of a table of levels by columns that nobody shares.
///
/// With p_ij the shares of the cells and V their covariance, X² = n Σ (p_ij − p_i. p_.j)²/(p_i. p_.j) and
/// Δ = (C′DC/n)⁻¹ C′DVDC, D = diag(1/p), C the interaction columns of a two-way layout: F = X²/tr Δ on d and d ν degrees of
/// freedom, d = (tr Δ)²/tr Δ². Levels and columns without weight are left out.
///
/// # Errors
/// Why there is none.
///
/// Source: J. N. K. Rao and A. J. Scott, "On chi-squared tests for multiway contingency tables with cell proportions
/// estimated from survey data", Annals of Statistics 12 (1984); R: `svychisq(~a + b, design)`.
pub fn independence(
    sampling: &Sampling,
    tally: &LevelTally,
    levels: &[usize],
    columns: &[usize],
    df: Option<f64>,
) -> Result<Independence, Untested> {
    let table = Table::new(sampling, tally, levels, columns).ok_or(Untested::Nothing)?;
    let (rows, across) = table.shares.size();
    let contrasts = (rows - 1) * (across - 1);
    if contrasts > MOST_CONTRASTS {
        return Err(Untested::Wide(contrasts));
    }
    let middle = table.middle(sampling).ok_or(Untested::Nothing)?.concat();
    let effects = table.shares.design_effects(&middle);
    let effects = effects.ok_or(Untested::Nothing)?;
    let df1 = effects.d0;
    let df2 = df.map_or(f64::INFINITY, |df| df * df1);
    // n stands in X² and in Δ, and cancels
    let statistic = table.shares.chi_square() / effects.trace;
    let p_value = fisher_f::upper_tail(statistic, df1, df2);
    Ok(Independence {
        statistic,
        df1,
        df2,
        p_value: p_value.map_err(|_| Untested::Nothing)?,
        n: table.n,
    })
}

/// The table of shares, and where its cells come from.
struct Table<'a> {
    tally: &'a LevelTally,
    layout: &'a Layout,
    /// Levels down, domains of columns across.
    levels: Vec<usize>,
    columns: Vec<usize>,
    weight: f64,
    n: u64,
    shares: TwoWay,
}

impl<'a> Table<'a> {
    fn new(
        sampling: &'a Sampling,
        tally: &'a LevelTally,
        levels: &[usize],
        columns: &[usize],
    ) -> Option<Table<'a>> {
        let layout = sampling.layout;
        let weight = |level: usize, domain: usize| {
            let cells = layout.domains[domain].cells.clone();
            let sums = cells.map(|cell| tally.weight[cell * tally.levels + level]);
            sums.sum::<Sum>().value()
        };
        let all: Vec<Vec<f64>> = levels
            .iter()
            .map(|level| {
                columns
                    .iter()
                    .map(|column| weight(*level, *column))
                    .collect()
            })
            .collect();
        let rows: Vec<usize> = (0..levels.len())
            .filter(|i| all[*i].iter().sum::<f64>() > 0.0)
            .collect();
        let across: Vec<usize> = (0..columns.len())
            .filter(|j| all.iter().map(|row| row[*j]).sum::<f64>() > 0.0)
            .collect();
        if rows.len() < 2 || across.len() < 2 {
            return None;
        }
        let total: f64 = all.iter().flatten().sum();
        let p = rows
            .iter()
            .flat_map(|i| across.iter().map(|j| all[*i][*j] / total));
        let count = |i: &usize, j: &usize| tally.count[columns[*j] * tally.levels + levels[*i]];
        Some(Table {
            shares: TwoWay::new(rows.len(), across.len(), p.collect())?,
            n: rows
                .iter()
                .flat_map(|i| across.iter().map(move |j| count(i, j)))
                .sum(),
            levels: rows.iter().map(|i| levels[*i]).collect(),
            columns: across.iter().map(|j| columns[*j]).collect(),
            tally,
            layout,
            weight: total,
        })
    }

    /// C′DVDC.
    fn middle(&self, sampling: &Sampling) -> Option<Vec<Vec<f64>>> {
        match sampling.mode {
            Mode::Elements => Some(self.middle_of_elements(sampling)),
            Mode::Replicates => self.middle_of_replicates(sampling),
            Mode::Units | Mode::Rows => Some(self.middle_of_units(sampling)),
        }
    }

    /// C′D of the scores (T_ij − p_ij T)/N of each unit.
    fn middle_of_units(&self, sampling: &Sampling) -> Vec<Vec<f64>> {
        let stage = sampling.units.stages.last();
        let count = stage.map_or(0, |stage| stage.group.len());
        let (rows, columns) = self.shares.size();
        // unit by unit, the cells of the table
        let mut totals = vec![0.0; count * rows * columns];
        let mut is_present = vec![!self.tally.residuals.is_empty(); count];
        for (j, column) in self.columns.iter().enumerate() {
            for (i, level) in self.levels.iter().enumerate() {
                let place = i * columns + j;
                if let Some(left) = self.tally.residuals.get(column * self.tally.levels + level) {
                    for (unit, left) in left.iter().enumerate() {
                        totals[unit * rows * columns + place] = *left;
                    }
                    continue;
                }
                for cell in self.layout.domains[*column].cells.clone() {
                    let unit = self.layout.cells[cell].unit as usize;
                    is_present[unit] = true;
                    // a unit has one cell in each domain
                    totals[unit * rows * columns + place] =
                        self.tally.weight[cell * self.tally.levels + level].value();
                }
            }
        }
        sampling.covariances(&self.unit_contrasts(totals, &is_present))
    }

    fn unit_contrasts(&self, mut totals: Vec<f64>, is_present: &[bool]) -> UnitContrasts {
        let (rows, columns) = self.shares.size();
        let inverse: Vec<f64> = (0..rows * columns)
            .map(|at| self.shares.inverse(at))
            .collect();
        let mut contrasts = UnitContrasts {
            number: self.shares.degrees(),
            units: (0..)
                .zip(is_present)
                .filter(|(_, is)| **is)
                .map(|(unit, _)| unit)
                .collect(),
            scores: Vec::new(),
        };
        contrasts
            .scores
            .resize(contrasts.units.len() * contrasts.number, 0.0);
        let present = totals.chunks_exact_mut(rows * columns).zip(is_present);
        let present = present.filter(|(_, is)| **is).map(|(totals, _)| totals);
        let mut margins = Vec::new();
        for (totals, scores) in present.zip(contrasts.scores.chunks_exact_mut(contrasts.number)) {
            let all: f64 = totals.iter().sum();
            let of_cell = totals.iter_mut().zip(self.shares.p()).zip(&inverse);
            for ((total, p), inverse) in of_cell {
                *total = (*total - p * all) / self.weight * inverse;
            }
            self.shares.write_contrasts(totals, &mut margins, scores);
        }
        contrasts
    }

    /// The same where rows are the units: a row in a cell has w g/N with g = C′D (its cell less p).
    fn middle_of_elements(&self, sampling: &Sampling) -> Vec<Vec<f64>> {
        let (rows, columns) = self.shares.size();
        let mut of_cell = self.shares.contrast_scores();
        of_cell
            .iter_mut()
            .flatten()
            .for_each(|score| *score /= self.weight);
        let q = (rows - 1) * (columns - 1);
        let strata = sampling.units.strata.len();
        let (mut sums, mut products) = (
            vec![vec![Sum::ZERO; q]; strata],
            vec![vec![Sum::ZERO; q * q]; strata],
        );
        let mut seen = vec![false; strata];
        for (j, column) in self.columns.iter().enumerate() {
            for cell in self.layout.domains[*column].cells.clone() {
                let stratum = self.layout.cells[cell].unit as usize;
                for (i, level) in self.levels.iter().enumerate() {
                    let at = cell * self.tally.levels + level;
                    let (w, ww) = (self.tally.weight[at], self.tally.square[at]);
                    if ww.value() == 0.0 {
                        continue;
                    }
                    seen[stratum] = true;
                    let g = &of_cell[i * columns + j];
                    for k in 0..q {
                        sums[stratum][k].add_sum(w * g[k]);
                        for l in k..q {
                            products[stratum][k * q + l].add_sum(ww * (g[k] * g[l]));
                        }
                    }
                }
            }
        }
        let present = (0_u32..)
            .zip(&seen)
            .filter(|(_, seen)| **seen)
            .map(|(at, _)| at)
            .collect();
        let lonely = sampling.design.lonely;
        let inflation = sampling.units.inflation(&present, lonely);
        symmetric(q, |k, l| {
            let scores: Vec<ElementScore> = present
                .iter()
                .map(|stratum| ElementScore {
                    stratum: *stratum,
                    a: sums[*stratum as usize][k],
                    b: sums[*stratum as usize][l],
                    product: products[*stratum as usize][k * q + l],
                    about_means: None,
                })
                .collect();
            sampling
                .units
                .element_covariance(&scores, lonely, inflation)
        })
    }

    fn middle_of_replicates(&self, sampling: &Sampling) -> Option<Vec<Vec<f64>>> {
        let replication = sampling.replication?;
        let count = replication.rscales.len();
        let (rows, columns) = self.shares.size();
        let of_replicate = |replicate: usize| {
            let mut p = vec![0.0; rows * columns];
            for (i, level) in self.levels.iter().enumerate() {
                for (j, column) in self.columns.iter().enumerate() {
                    let at = column * self.tally.levels + level;
                    p[i * columns + j] = self.tally.replicates[at * count + replicate];
                }
            }
            let all: f64 = p.iter().sum();
            p.iter_mut().for_each(|p| *p /= all);
            self.shares.contrasts_of(&p)
        };
        let full = self.shares.contrasts_of(self.shares.p());
        let each: Vec<Vec<f64>> = (0..count).map(of_replicate).collect();
        let column = |k: usize| each.iter().map(|of| of[k]).collect::<Vec<f64>>();
        let all: Vec<Vec<f64>> = (0..full.len()).map(column).collect();
        Some(symmetric(full.len(), |k, l| {
            replication.covariance((&all[k], full[k]), (&all[l], full[l]))
        }))
    }
}

/// Scores of some contrasts.
struct UnitContrasts {
    /// How many contrasts.
    number: usize,
    /// Units that have scores, in order.
    units: Vec<u32>,
    /// Unit by unit.
    scores: Vec<f64>,
}

impl UnitContrasts {
    fn scores_at(&self, unit: usize) -> &[f64] {
        &self.scores[unit * self.number..(unit + 1) * self.number]
    }
}

impl Sampling<'_> {
    /// The covariances of totals, from the scores of each unit.
    fn covariances(&self, contrasts: &UnitContrasts) -> Vec<Vec<f64>> {
        let q = contrasts.number;
        if q == 0 {
            return Vec::new();
        }
        if let Some(strata) = self.simple() {
            // respondents as units come in the order of the file, which is to show in no digit; PSUs have one of their own
            let exact = self.design.elements();
            let mut all = vec![Sum::ZERO; q * q];
            for (units, factor) in strata {
                let first = |end: usize| {
                    contrasts
                        .units
                        .partition_point(|unit| (*unit as usize) < end)
                };
                let own = first(units.start) * q..first(units.end) * q;
                add_stratum(
                    &mut all,
                    &contrasts.scores[own],
                    (q, units.len() as f64),
                    factor,
                    exact,
                );
            }
            let values: Vec<f64> = all.into_iter().map(Sum::value).collect();
            return mirrored(values.chunks_exact(q).map(<[f64]>::to_vec).collect());
        }
        let units = &contrasts.units;
        let strata = units.iter().map(|unit| self.units.stratum(*unit)).collect();
        let lonely = self.design.lonely;
        let inflation = self.units.inflation(&strata, lonely);
        symmetric(q, |k, l| {
            let scores: Vec<Score> = units
                .iter()
                .enumerate()
                .map(|(at, unit)| Score {
                    unit: *unit,
                    a: Sum::from(contrasts.scores_at(at)[k]),
                    b: Sum::from(contrasts.scores_at(at)[l]),
                })
                .collect();
            self.units.covariance(&scores, lonely, inflation)
        })
    }
}

/// (1 − f) n/(n − 1) Σ (z − z̄)(z − z̄)′ over n units, of which those not listed have 0; the upper triangle.
fn add_stratum(all: &mut [Sum], own: &[f64], (q, n): (usize, f64), factor: f64, exact: bool) {
    let mut total = vec![Sum::ZERO; q];
    for scores in own.chunks_exact(q) {
        let pairs = total.iter_mut().zip(scores);
        pairs.for_each(|(total, score)| total.add(*score));
    }
    // squares of what is left are all of one size: their sum loses no digits as that of the scores might
    let mean: Vec<f64> = total.iter().map(|total| total.value() / n).collect();
    let units = own.len() / q;
    // units without a score are at −z̄; one row stands for all of them, and rows of 0 fill the last four up
    let silent = n - units as f64;
    let mut off = vec![0.0; (units + 1).next_multiple_of(AT_ONCE) * q];
    let root = factor.sqrt();
    for (off, scores) in off.chunks_exact_mut(q).zip(own.chunks_exact(q)) {
        let each = off.iter_mut().zip(scores).zip(&mean);
        each.for_each(|((off, score), mean)| *off = root * (score - mean));
    }
    let rest = off[units * q..].iter_mut().zip(&mean);
    rest.for_each(|(off, mean)| *off = -(factor * silent).sqrt() * mean);
    match exact {
        true => add_squares_exactly(all, &off, q),
        false => add_squares(all, &off, q),
    }
}

/// The products of all pairs in each row, to the digits of floats.
fn add_squares(all: &mut [Sum], rows: &[f64], q: usize) {
    let mut sums = vec![0.0; q * q];
    for four in rows.chunks_exact(AT_ONCE * q) {
        let rows: [&[f64]; AT_ONCE] = std::array::from_fn(|at| &four[at * q..(at + 1) * q]);
        for k in 0..q {
            let left = rows.map(|row| row[k]);
            let [one, two, three, four] = rows.map(|row| &row[k..]);
            let right = one.iter().zip(two).zip(three).zip(four);
            let sums = &mut sums[k * q + k..(k + 1) * q];
            for (sum, (((one, two), three), four)) in sums.iter_mut().zip(right) {
                *sum += left[0] * one + left[1] * two + left[2] * three + left[3] * four;
            }
        }
    }
    all.iter_mut().zip(sums).for_each(|(all, sum)| all.add(sum));
}

/// The same with sums that no order of the rows changes.
fn add_squares_exactly(all: &mut [Sum], rows: &[f64], q: usize) {
    for row in rows.chunks_exact(q) {
        for k in 0..q {
            let sums = &mut all[k * q + k..(k + 1) * q];
            sums.iter_mut()
                .zip(&row[k..])
                .for_each(|(sum, right)| sum.add(row[k] * right));
        }
    }
}

/// Units whose products are added in one go.
const AT_ONCE: usize = 4;

fn symmetric(q: usize, of: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    let mut all = vec![vec![0.0; q]; q];
    for (k, row) in all.iter_mut().enumerate() {
        for (l, entry) in row.iter_mut().enumerate().skip(k) {
            *entry = of(k, l);
        }
    }
    mirrored(all)
}

/// The upper triangle copied to the lower one.
fn mirrored(mut all: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for k in 0..all.len() {
        let (above, rest) = all.split_at_mut(k);
        if let Some(row) = rest.first_mut() {
            for (entry, other) in row.iter_mut().zip(above.iter()) {
                *entry = other[k];
            }
        }
    }
    all
}
