//! Whether two variables are independent, by six statistics of one table.

use super::TestResult;
use super::items::TestItem;
use super::two_way::{DesignEffects, TwoWay};
use crate::frames::Test;
use crate::frames::words::thousands;
use crate::statistics::linear::Cholesky;
use crate::statistics::special::{chi_square as chi2, fisher_f, mixture};
use crate::survey::estimate::choices;
use crate::survey::sample::{Patterns, Sample, SampleColumn};

choices! {
    /// The statistics of a table of shares p_ij with covariance V; ν the degrees of freedom of the design.
    ///
    /// With X² = n Σ (p_ij − p_i. p_.j)²/(p_i. p_.j) and δ_k its generalised design effects (Rao and Scott 1984), the
    /// eigenvalues of (C′DC/n)⁻¹ (C′DVDC): C the interaction columns of a two-way layout, D = diag(1/p).
    ChiSquareStatistic {
        /// X²/Σδ on d0 and d0 ν, d0 = (Σδ)²/Σδ²: the second-order correction.
        F = "f",
        /// X²; its p from X²/mean(δ) on (r − 1)(c − 1): the first-order correction.
        Chisq = "chisq",
        /// Wald's statistic of the differences N_ij − N_i. N_.j/N, over q, on q and ν.
        Wald = "wald",
        /// The same times (ν − q + 1)/ν, on q and ν − q + 1.
        AdjWald = "adjwald",
        /// X²; its p that of Σ δ_k χ²₁ against χ²/ddf on ddf = d0 ν, exactly.
        Lincom = "lincom",
        /// The same by a saddlepoint.
        Saddlepoint = "saddlepoint",
    }
}

impl ChiSquareStatistic {
    /// The name in words.
    pub fn title(self) -> &'static str {
        match self {
            ChiSquareStatistic::F => "Rao–Scott F",
            ChiSquareStatistic::Chisq => {
                "Pearson’s X² with the first-order correction of Rao and Scott"
            }
            ChiSquareStatistic::Wald => "Wald F of the differences from independence",
            ChiSquareStatistic::AdjWald => "adjusted Wald F of the differences from independence",
            ChiSquareStatistic::Lincom => {
                "Pearson’s X² with its exact distribution under the design"
            }
            ChiSquareStatistic::Saddlepoint => {
                "Pearson’s X² with a saddlepoint of its distribution under the design"
            }
        }
    }
}

/// A table of more interactions than this is no table that anybody reads.
const MOST_DEGREES: usize = 1_000;

/// The test of a table of two variables.
///
/// R: `svychisq(~a + b, design, statistic = )`. Source: J. N. K. Rao and A. J. Scott, Annals of Statistics 12 (1984);
/// D. R. Thomas and J. N. K. Rao, Journal of the American Statistical Association 82 (1987) for the choice among them.
pub fn chi_square(
    item: &TestItem,
    sample: &Sample,
    (a, b): (&SampleColumn, &SampleColumn),
    rows: Vec<u32>,
    (df, statistic): (f64, ChiSquareStatistic),
) -> TestResult {
    let n = sample.respondents(&rows) as usize;
    let patterns = Patterns::new(sample, &[a, b], rows);
    let place = |at: usize| {
        let row = patterns.example[at] as usize;
        (a.code(row), b.code(row))
    };
    let places: Vec<(u32, u32)> = (0..patterns.count()).map(place).collect();
    let (levels, columns) = (
        distinct(places.iter().map(|p| p.0)),
        distinct(places.iter().map(|p| p.1)),
    );
    let of_one = |text: &str, count: usize| {
        (count < 2).then(|| {
            format!("{text} has one level among those who have both: there is nothing to compare")
        })
    };
    if n == 0 {
        return item.without_answer(n, "nobody has an answer to both");
    }
    if let Some(why) = of_one(&a.text, levels.len()).or(of_one(&b.text, columns.len())) {
        return item.without_answer(n, &why);
    }
    if (levels.len() - 1) * (columns.len() - 1) > MOST_DEGREES {
        let why = format!(
            "a table of {} by {} is too large to be tested",
            thousands(levels.len() as f64),
            thousands(columns.len() as f64)
        );
        return item.without_answer(n, &why);
    }
    let at = |(one, other): &(u32, u32)| {
        let row = levels.binary_search(one).unwrap_or(0);
        row * columns.len() + columns.binary_search(other).unwrap_or(0)
    };
    let table = Tabulated {
        cell: places.iter().map(at).collect(),
        size: (levels.len(), columns.len()),
        patterns: &patterns,
    };
    let is_number = |(row, _): &(Test, f64)| row.statistic.is_some_and(f64::is_finite);
    let Some((mut row, smallest)) = table.test(statistic, df).filter(is_number) else {
        return item.without_answer(
            n,
            "empty cells, or a variance of 0, leave nothing to be tested",
        );
    };
    if df <= 0.0 {
        return item.without_answer(
            n,
            &format!("{df} degrees of freedom: PSUs less strata have to be more than 0"),
        );
    }
    row.note = statistic.title().to_owned();
    if smallest < 5.0 {
        row.note += &format!(
            "; the smallest expected count is {smallest:.1}, under 5 of the effective sample: the p may be off"
        );
    }
    row.n = Some(n as f64);
    TestResult {
        item: item.clone(),
        row,
        levels: None,
    }
}

fn distinct(codes: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut all: Vec<u32> = codes.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The patterns of two variables as cells of a table.
struct Tabulated<'a> {
    patterns: &'a Patterns<'a>,
    /// The cell of each pattern.
    cell: Vec<usize>,
    size: (usize, usize),
}

impl Tabulated<'_> {
    /// Sums of weights by cell.
    fn totals(&self, weights: &[f64]) -> Vec<f64> {
        let mut totals = vec![0.0; self.size.0 * self.size.1];
        for (cell, weight) in self.cell.iter().zip(weights) {
            totals[*cell] += weight;
        }
        totals
    }

    /// The statistic, and the smallest expected count of the effective sample.
    fn test(&self, statistic: ChiSquareStatistic, df: f64) -> Option<(Test, f64)> {
        let totals = self.totals(&self.patterns.weight);
        let weight: f64 = totals.iter().sum();
        let p: Vec<f64> = totals.iter().map(|total| total / weight).collect();
        let shares = TwoWay::new(self.size.0, self.size.1, p)?;
        let smallest = |of: Vec<f64>| of.into_iter().fold(f64::INFINITY, f64::min);
        let expected = smallest(shares.of_rows()) * smallest(shares.of_columns());
        // what lies half-way between two printed digits is to be printed the same in every order of the respondents
        let smallest = (self.effective_n() * expected * 1e9).round() / 1e9;
        let row = match statistic {
            ChiSquareStatistic::Wald | ChiSquareStatistic::AdjWald => {
                self.wald(&totals, df, statistic == ChiSquareStatistic::AdjWald)?
            }
            _ => self.rao_scott(&shares, weight, (statistic, df))?,
        };
        let row = Test {
            test: "chisq".to_owned(),
            ..row
        };
        Some((row, smallest))
    }

    /// (Σ w)²/Σ w².
    fn effective_n(&self) -> f64 {
        let sample = self.patterns.sample;
        let rows = self.patterns.rows.iter().map(|row| *row as usize);
        let (sum, square) = rows.fold((0.0, 0.0), |(sum, square), row| {
            (
                sum + sample.weight[row],
                square + sample.square(row).value(),
            )
        });
        sum * sum / square
    }

    fn rao_scott(
        &self,
        shares: &TwoWay,
        weight: f64,
        (statistic, df): (ChiSquareStatistic, f64),
    ) -> Option<Test> {
        let of_cell = shares.contrast_scores();
        let full = shares.contrasts_of(shares.p());
        let scores = || {
            let each = self.cell.iter().flat_map(|cell| &of_cell[*cell]);
            each.map(|score| score / weight).collect()
        };
        let again = |weights: &[f64]| {
            let totals = self.totals(weights);
            let all: f64 = totals.iter().sum();
            let p: Vec<f64> = totals.iter().map(|total| total / all).collect();
            Some(shares.contrasts_of(&p))
        };
        let middle = self.patterns.covariance(&full, scores, again);
        let effects = shares.design_effects(&middle)?;
        let n = self.patterns.sample.respondents(&self.patterns.rows) as f64;
        let (x, q) = (shares.chi_square(), shares.degrees() as f64);
        let DesignEffects { trace, d0, .. } = effects;
        Some(match statistic {
            ChiSquareStatistic::Chisq => Test {
                statistic: Some(n * x),
                df1: Some(q),
                p_value: chi2::upper_tail(q * x / trace, q).ok(),
                ..Test::default()
            },
            ChiSquareStatistic::Lincom => Test {
                statistic: Some(n * x),
                p_value: mixture::upper_tail(&effects.values(), x, d0 * df).ok(),
                ..Test::default()
            },
            ChiSquareStatistic::Saddlepoint => Test {
                statistic: Some(n * x),
                p_value: mixture::saddlepoint(&effects.values(), x, d0 * df).ok(),
                ..Test::default()
            },
            _ => Test {
                statistic: Some(x / trace),
                df1: Some(d0),
                df2: Some(d0 * df),
                p_value: fisher_f::upper_tail(x / trace, d0, d0 * df).ok(),
                ..Test::default()
            },
        })
    }

    /// Y = N_ij − N_i. N_.j/N without the first row and column.
    fn differences(&self, totals: &[f64]) -> (Vec<f64>, Margins) {
        let margins = Margins::new(totals, self.size);
        let (rows, columns) = self.size;
        let mut y = Vec::new();
        for i in 1..rows {
            for j in 1..columns {
                let expected = margins.rows[i] * margins.columns[j] / margins.all;
                y.push(totals[i * columns + j] - expected);
            }
        }
        (y, margins)
    }

    fn wald(&self, totals: &[f64], df: f64, adjusted: bool) -> Option<Test> {
        let (y, margins) = self.differences(totals);
        let (rows, columns) = self.size;
        let q = y.len();
        let scores = || {
            let mut scores = Vec::with_capacity(self.cell.len() * q);
            for cell in &self.cell {
                let (a, b) = (cell / columns, cell % columns);
                for i in 1..rows {
                    for j in 1..columns {
                        scores.push(margins.score((i, j), (a, b)));
                    }
                }
            }
            scores
        };
        let again = |weights: &[f64]| Some(self.differences(&self.totals(weights)).0);
        let covariance = self.patterns.covariance(&y, scores, again);
        let form = Cholesky::new(covariance, q)?.quadratic(&y);
        let q = q as f64;
        let (statistic, df2) = match adjusted {
            true => (form * (df - q + 1.0) / (df * q), df - q + 1.0),
            false => (form / q, df),
        };
        Some(Test {
            statistic: Some(statistic),
            df1: Some(q),
            df2: Some(df2),
            p_value: fisher_f::upper_tail(statistic, q, df2).ok(),
            ..Test::default()
        })
    }
}

/// N_i., N_.j and N.
struct Margins {
    rows: Vec<f64>,
    columns: Vec<f64>,
    all: f64,
}

impl Margins {
    fn new(totals: &[f64], (rows, columns): (usize, usize)) -> Margins {
        let of_column = |j: usize| (0..rows).map(|i| totals[i * columns + j]).sum();
        Margins {
            rows: totals.chunks(columns).map(|row| row.iter().sum()).collect(),
            columns: (0..columns).map(of_column).collect(),
            all: totals.iter().sum(),
        }
    }

    /// What somebody in the cell (a, b) adds to N_ij − N_i. N_.j/N.
    fn score(&self, (i, j): (usize, usize), (a, b): (usize, usize)) -> f64 {
        let is = |truth: bool| f64::from(u8::from(truth));
        let product = self.rows[i] * self.columns[j] / self.all;
        let margins = is(a == i) * self.columns[j] + is(b == j) * self.rows[i] - product;
        is(a == i && b == j) - margins / self.all
    }
}
