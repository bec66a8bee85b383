//! Whether the answers differ by the columns of a block at all.

use super::layout::Layout;
use super::tally::LevelTally;
use super::variance::Sampling;
use crate::statistics::special::{Sum, fisher_f};
use crate::survey::design::{ElementScore, Score};
use crate::survey::sums::Mode;

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

/// Rao and Scott's F of a table of levels by columns that nobody shares.
///
/// With p_ij the shares of the cells and V their covariance, X² = n Σ (p_ij − p_i. p_.j)²/(p_i. p_.j) and
/// Δ = (C′DC/n)⁻¹ C′DVDC, D = diag(1/p), C the interaction columns of a two-way layout: F = X²/tr Δ on d and d ν degrees of
/// freedom, d = (tr Δ)²/tr Δ². Levels and columns without weight are left out.
///
/// `None` where nothing is left to compare, or where empty cells leave C′DC without an inverse.
///
/// Source: J. N. K. Rao and A. J. Scott, "On chi-squared tests for multiway contingency tables with cell proportions
/// estimated from survey data", Annals of Statistics 12 (1984); R: `svychisq(~a + b, design)`.
pub fn independence(
    sampling: &Sampling,
    tally: &LevelTally,
    levels: &[usize],
    columns: &[usize],
    df: Option<f64>,
) -> Option<Independence> {
    let table = Table::new(sampling, tally, levels, columns)?;
    let chi_square = table.chi_square();
    let of_columns = table.inner();
    let factor = cholesky(of_columns)?;
    let middle = sandwich(&factor, table.middle(sampling)?);
    let q = factor.len();
    let trace: f64 = (0..q).map(|k| middle[k][k]).sum();
    let square: f64 = middle.iter().flatten().map(|x| x * x).sum();
    if !(trace > 0.0 && square.is_finite()) {
        return None;
    }
    let df1 = trace * trace / square;
    let df2 = df.map_or(f64::INFINITY, |df| df * df1);
    // n stands in X² and in Δ, and cancels
    let statistic = chi_square / trace;
    Some(Independence {
        statistic,
        df1,
        df2,
        p_value: fisher_f::upper_tail(statistic, df1, df2).ok()?,
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
    /// Shares, row by row.
    p: Vec<f64>,
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
            p: p.collect(),
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

    fn size(&self) -> (usize, usize) {
        (self.levels.len(), self.columns.len())
    }

    /// X²/n.
    fn chi_square(&self) -> f64 {
        let (rows, columns) = self.size();
        let of_row: Vec<f64> = self.p.chunks(columns).map(|row| row.iter().sum()).collect();
        let of_column = |j: usize| (0..rows).map(|i| self.p[i * columns + j]).sum::<f64>();
        let of_column: Vec<f64> = (0..columns).map(of_column).collect();
        let mut sum = 0.0;
        for (i, row) in of_row.iter().enumerate() {
            for (j, column) in of_column.iter().enumerate() {
                let expected = row * column;
                sum += (self.p[i * columns + j] - expected).powi(2) / expected;
            }
        }
        sum
    }

    /// 1/p, 0 of an empty cell.
    fn inverse(&self, at: usize) -> f64 {
        match self.p[at] > 0.0 {
            true => 1.0 / self.p[at],
            false => 0.0,
        }
    }

    /// C′DC. A column of C is the product of δ_ki − 1/r and δ_lj − 1/c.
    fn inner(&self) -> Vec<Vec<f64>> {
        let (rows, columns) = self.size();
        let part =
            |k: usize, i: usize, count: usize| f64::from(u8::from(k == i)) - 1.0 / count as f64;
        let q = (rows - 1) * (columns - 1);
        let of_cell: Vec<Vec<f64>> = (0..rows * columns)
            .map(|at| {
                let (i, j) = (at / columns, at % columns);
                let column = |k: usize| {
                    part(k / (columns - 1), i, rows) * part(k % (columns - 1), j, columns)
                };
                (0..q).map(column).collect()
            })
            .collect();
        let mut inner = vec![vec![0.0; q]; q];
        for (at, of_cell) in of_cell.iter().enumerate() {
            let d = self.inverse(at);
            for (k, row) in inner.iter_mut().enumerate() {
                let left = d * of_cell[k];
                row.iter_mut()
                    .zip(of_cell)
                    .for_each(|(sum, right)| *sum += left * right);
            }
        }
        inner
    }

    /// C′ times a table.
    fn contrasts(&self, table: &[f64]) -> Vec<f64> {
        let (rows, columns) = self.size();
        let of_row: Vec<f64> = table
            .chunks(columns)
            .map(|row| row.iter().sum::<f64>() / columns as f64)
            .collect();
        let of_column: Vec<f64> = (0..columns)
            .map(|j| (0..rows).map(|i| table[i * columns + j]).sum::<f64>() / rows as f64)
            .collect();
        let all = of_row.iter().sum::<f64>() / rows as f64;
        let mut contrasts = Vec::with_capacity((rows - 1) * (columns - 1));
        for k in 0..rows - 1 {
            for l in 0..columns - 1 {
                contrasts.push(table[k * columns + l] - of_row[k] - of_column[l] + all);
            }
        }
        contrasts
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
        let count = sampling
            .units
            .stages
            .last()
            .map_or(0, |stage| stage.group.len());
        let (rows, columns) = self.size();
        let mut of_unit: Vec<Option<Vec<f64>>> = vec![None; count];
        for (j, column) in self.columns.iter().enumerate() {
            for cell in self.layout.domains[*column].cells.clone() {
                let unit = self.layout.cells[cell].unit as usize;
                let sums = of_unit[unit].get_or_insert_with(|| vec![0.0; rows * columns]);
                for (i, level) in self.levels.iter().enumerate() {
                    // a unit has one cell in each domain
                    sums[i * columns + j] =
                        self.tally.weight[cell * self.tally.levels + level].value();
                }
            }
        }
        let scores: Vec<(u32, Vec<f64>)> = (0..)
            .zip(of_unit)
            .filter_map(|(unit, sums)| {
                let sums = sums?;
                let all: f64 = sums.iter().sum();
                let scaled = sums
                    .iter()
                    .enumerate()
                    .map(|(at, sum)| (sum - self.p[at] * all) * self.inverse(at) / self.weight);
                Some((unit, self.contrasts(&scaled.collect::<Vec<f64>>())))
            })
            .collect();
        sampling.covariances(&scores)
    }

    /// The same where rows are the units: a row in a cell has w g/N with g = C′D (its cell less p).
    fn middle_of_elements(&self, sampling: &Sampling) -> Vec<Vec<f64>> {
        let (rows, columns) = self.size();
        let of_cell: Vec<Vec<f64>> = (0..rows * columns)
            .map(|at| {
                let one = |other: usize| {
                    let own = f64::from(u8::from(other == at));
                    (own - self.p[other]) * self.inverse(other) / self.weight
                };
                self.contrasts(&(0..rows * columns).map(one).collect::<Vec<f64>>())
            })
            .collect();
        let q = (rows - 1) * (columns - 1);
        let strata = sampling.units.strata.len();
        let (mut sums, mut products) = (
            vec![vec![Sum::ZERO; q]; strata],
            vec![vec![Sum::ZERO; q * q]; strata],
        );
        let mut met = vec![false; strata];
        for (j, column) in self.columns.iter().enumerate() {
            for cell in self.layout.domains[*column].cells.clone() {
                let stratum = self.layout.cells[cell].unit as usize;
                for (i, level) in self.levels.iter().enumerate() {
                    let at = cell * self.tally.levels + level;
                    let (w, ww) = (self.tally.weight[at], self.tally.square[at]);
                    if ww.value() == 0.0 {
                        continue;
                    }
                    met[stratum] = true;
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
            .zip(&met)
            .filter(|(_, met)| **met)
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
        let (rows, columns) = self.size();
        let contrasts = |p: &[f64]| {
            let scaled = p.iter().enumerate().map(|(at, p)| p * self.inverse(at));
            self.contrasts(&scaled.collect::<Vec<f64>>())
        };
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
            contrasts(&p)
        };
        let full = contrasts(&self.p);
        let each: Vec<Vec<f64>> = (0..count).map(of_replicate).collect();
        let column = |k: usize| each.iter().map(|of| of[k]).collect::<Vec<f64>>();
        let all: Vec<Vec<f64>> = (0..full.len()).map(column).collect();
        Some(symmetric(full.len(), |k, l| {
            replication.covariance((&all[k], full[k]), (&all[l], full[l]))
        }))
    }
}

impl Sampling<'_> {
    /// The covariances of totals, from the scores of each unit.
    fn covariances(&self, scores: &[(u32, Vec<f64>)]) -> Vec<Vec<f64>> {
        let q = scores.first().map_or(0, |(_, scores)| scores.len());
        if let Some(strata) = self.simple() {
            let mut all = vec![vec![0.0; q]; q];
            let mut next = scores.iter().peekable();
            for (units, factor) in strata {
                // units of lonely strata add nothing
                while next
                    .next_if(|(unit, _)| (*unit as usize) < units.start)
                    .is_some()
                {}
                let mut own: Vec<&Vec<f64>> = Vec::new();
                while let Some((_, scores)) = next.next_if(|(unit, _)| (*unit as usize) < units.end)
                {
                    own.push(scores);
                }
                add_stratum(&mut all, &own, units.len() as f64, factor);
            }
            return mirrored(all);
        }
        let strata = scores
            .iter()
            .map(|(unit, _)| self.units.stratum(*unit))
            .collect();
        let lonely = self.design.lonely;
        let inflation = self.units.inflation(&strata, lonely);
        symmetric(q, |k, l| {
            let scores: Vec<Score> = scores
                .iter()
                .map(|(unit, scores)| Score {
                    unit: *unit,
                    a: scores[k],
                    b: scores[l],
                })
                .collect();
            self.units.covariance(&scores, lonely, inflation)
        })
    }
}

/// (1 − f) n/(n − 1) Σ (z − z̄)(z − z̄)′ over n units, of which those not listed have 0; the upper triangle.
fn add_stratum(all: &mut [Vec<f64>], own: &[&Vec<f64>], n: f64, factor: f64) {
    let q = all.len();
    let mut mean = vec![0.0; q];
    for scores in own {
        mean.iter_mut()
            .zip(*scores)
            .for_each(|(mean, score)| *mean += score / n);
    }
    let mut off = vec![0.0; q];
    let silent = n - own.len() as f64;
    for scores in own {
        off.iter_mut()
            .zip(*scores)
            .zip(&mean)
            .for_each(|((off, score), mean)| *off = score - mean);
        for k in 0..q {
            let left = factor * off[k];
            let row = &mut all[k][k..];
            row.iter_mut()
                .zip(&off[k..])
                .for_each(|(sum, right)| *sum += left * right);
        }
    }
    for k in 0..q {
        for l in k..q {
            // units without a score are at −z̄
            all[k][l] += factor * silent * mean[k] * mean[l];
        }
    }
}

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

/// The lower L of A = L L′; `None` where A has no inverse.
fn cholesky(mut a: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let q = a.len();
    for k in 0..q {
        let size = a[k][k];
        for l in 0..=k {
            let (above, below) = a.split_at(k);
            let left = if l < k { &above[l] } else { &below[0] };
            let inner: f64 = below[0][..l]
                .iter()
                .zip(&left[..l])
                .map(|(x, y)| x * y)
                .sum();
            let entry = a[k][l] - inner;
            a[k][l] = match l == k {
                // what rounding leaves of a dependent column is no pivot
                true if entry > 1e-12 * size => entry.sqrt(),
                true => return None,
                false => entry / a[l][l],
            };
        }
    }
    Some(a)
}

/// L⁻¹ B L⁻¹′.
fn sandwich(factor: &[Vec<f64>], b: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    // B is symmetric: its rows are its columns
    let half: Vec<Vec<f64>> = b.into_iter().map(|row| solved(factor, row)).collect();
    let q = factor.len();
    (0..q)
        .map(|l| solved(factor, half.iter().map(|row| row[l]).collect()))
        .collect()
}

/// L⁻¹ b.
fn solved(factor: &[Vec<f64>], mut b: Vec<f64>) -> Vec<f64> {
    for k in 0..b.len() {
        let (known, rest) = b.split_at_mut(k);
        let inner: f64 = factor[k][..k].iter().zip(&*known).map(|(l, x)| l * x).sum();
        rest[0] = (rest[0] - inner) / factor[k][k];
    }
    b
}
