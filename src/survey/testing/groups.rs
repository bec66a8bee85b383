//! Means and ranks of groups against each other, and a mean against 0.

use super::items::{TestItem, TestKind};
use super::{TestRequest, TestResult};
use crate::frames::Test;
use crate::frames::words::{first_of, thousands};
use crate::statistics::linear::Cholesky;
use crate::statistics::special::{Sum, fisher_f, normal, origin, student_t};
use crate::survey::estimate::{Error, choices};
use crate::survey::sample::{Patterns, Sample, SampleColumn};

choices! {
    /// What a rank test compares: a score of R/N, R the weight below a value and half the weight at it, N all weight.
    RankScore {
        /// R/N.
        Wilcoxon = "wilcoxon",
        /// Φ⁻¹(R/N).
        VanDerWaerden = "vanderwaerden",
        /// 1 where R > N/2.
        Median = "median",
        /// R/N, by the name that it has with several groups.
        KruskalWallis = "kruskalwallis",
    }
}

impl RankScore {
    /// The name in words.
    pub fn title(self) -> &'static str {
        match self {
            RankScore::Wilcoxon => "Wilcoxon’s rank scores",
            RankScore::VanDerWaerden => "van der Waerden’s normal scores",
            RankScore::Median => "shares above the median",
            RankScore::KruskalWallis => "Kruskal and Wallis’s rank scores",
        }
    }
}

/// ttest(y): the mean of y against 0, t = ȳ/se on df − 1.
///
/// R: `svyttest(y ~ 0, design)`; of differences `svyttest(I(y - z) ~ 0, design)`.
pub fn compare_mean(
    item: &TestItem,
    sample: &Sample,
    y: &SampleColumn,
    rows: Vec<u32>,
    request: &TestRequest,
) -> TestResult {
    let n = sample.respondents(&rows) as usize;
    if n == 0 {
        return item.without_answer(n, "nobody has an answer");
    }
    let patterns = Patterns::new(sample, &[y], rows);
    let means = GroupMeans::new(&patterns, &scores_of(&patterns, y), &|_| Some(0), 1);
    let row = means.contrast(&[1.0], patterns.df() - 1.0, request.level);
    item.tested(row, n, None)
}

/// ttest(y, g): the mean of the second group less that of the first, t on df − 1.
///
/// R: `svyttest(y ~ g, design)`.
///
/// # Errors
/// Another number of groups than two.
pub fn compare_two(
    item: &TestItem,
    sample: &Sample,
    (y, g): (&SampleColumn, &SampleColumn),
    rows: Vec<u32>,
    request: &TestRequest,
) -> Result<TestResult, Error> {
    let groups = Groups::new(g, &rows);
    match groups.codes.len() {
        2 => compared(item, sample, (y, g), (rows, groups), request),
        0 | 1 => Ok(item.without_answer(sample.respondents(&rows) as usize, &groups.too_few(g))),
        several => Err(Error::Request(format!(
            "{}: {} has {} levels ({}); a t test compares two: anova({}, {}), or --where to choose two",
            item.text,
            g.text,
            thousands(several as f64),
            first_of(&groups.names(g)),
            y.text,
            g.text
        ))),
    }
}

/// More groups than this are none that anybody compares: their covariance has as many rows and columns.
const MOST_GROUPS: usize = 1_000;

/// ranktest(y, g) and anova(y, g): t of two groups; of more F = Wald/(k − 1) on k − 1 and df + 1 − k.
///
/// R: `svyranktest(y ~ g, design, test = )`; `regTermTest(svyglm(y ~ g, design), ~g)`. Source: T. Lumley and A. J. Scott,
/// "Two-sample rank tests under complex sampling", Biometrika 100 (2013).
///
/// # Errors
/// None yet: groups that are too few give a row without an answer.
pub fn compare_groups(
    item: &TestItem,
    sample: &Sample,
    (y, g): (&SampleColumn, &SampleColumn),
    rows: Vec<u32>,
    request: &TestRequest,
) -> Result<TestResult, Error> {
    let groups = Groups::new(g, &rows);
    match groups.codes.len() {
        0 | 1 => Ok(item.without_answer(sample.respondents(&rows) as usize, &groups.too_few(g))),
        several if several > MOST_GROUPS => {
            let why = format!(
                "{} has {} levels, too many to be compared: join levels",
                g.text,
                thousands(several as f64)
            );
            Ok(item.without_answer(sample.respondents(&rows) as usize, &why))
        }
        _ => compared(item, sample, (y, g), (rows, groups), request),
    }
}

fn compared(
    item: &TestItem,
    sample: &Sample,
    (y, g): (&SampleColumn, &SampleColumn),
    (rows, groups): (Vec<u32>, Groups),
    request: &TestRequest,
) -> Result<TestResult, Error> {
    let n = sample.respondents(&rows) as usize;
    // the values first: ranks go through the patterns in their order
    let patterns = Patterns::new(sample, &[y, g], rows);
    let values = scores_of(&patterns, y);
    let (scores, title) = match item.kind {
        TestKind::RankTest => (
            ranked(&patterns, &values, request.score),
            request.score.title(),
        ),
        _ => (values, ""),
    };
    let group = |pattern: usize| {
        let code = g.code(patterns.example[pattern] as usize);
        groups.codes.binary_search(&code).ok()
    };
    let count = groups.codes.len();
    let means = GroupMeans::new(&patterns, &scores, &group, count);
    let df = patterns.df() + 1.0 - count as f64;
    let names = groups.names(g);
    if let ([first, second], false) = (names.as_slice(), item.kind == TestKind::Anova) {
        let mut row = means.contrast(&[-1.0, 1.0], df, request.level);
        title.clone_into(&mut row.note);
        return Ok(item.tested(row, n, Some((first.clone(), second.clone()))));
    }
    let Some((row, wald)) = means.wald(df) else {
        return Ok(item.without_answer(n, "the groups have no variance, or too few PSUs"));
    };
    let note = match title {
        "" => format!("Wald statistic {wald}"),
        title => format!("{title}; Wald statistic {wald}"),
    };
    Ok(item.tested(Test { note, ..row }, n, None))
}

impl TestItem {
    fn tested(&self, row: Test, n: usize, levels: Option<(String, String)>) -> TestResult {
        TestResult {
            item: self.clone(),
            row: Test {
                test: self.kind.name().to_owned(),
                n: Some(n as f64),
                ..row
            },
            levels,
        }
    }
}

/// The groups in which somebody is, by code.
struct Groups {
    codes: Vec<u32>,
}

impl Groups {
    fn new(g: &SampleColumn, rows: &[u32]) -> Groups {
        let mut codes: Vec<u32> = rows.iter().map(|row| g.code(*row as usize)).collect();
        codes.sort_unstable();
        codes.dedup();
        Groups { codes }
    }

    fn names(&self, g: &SampleColumn) -> Vec<String> {
        let name = |code: &u32| g.names().get(*code as usize).cloned();
        self.codes.iter().filter_map(name).collect()
    }

    fn too_few(&self, g: &SampleColumn) -> String {
        match self.names(g).as_slice() {
            [only] => format!(
                "{} has only {only} among those with an answer: there is nothing to compare",
                g.text
            ),
            _ => "nobody has an answer to both".to_owned(),
        }
    }
}

/// The values of the patterns.
fn scores_of(patterns: &Patterns, y: &SampleColumn) -> Vec<f64> {
    let examples = patterns.example.iter();
    examples.map(|row| y.number(*row as usize)).collect()
}

/// The rank scores of values that are in order.
fn ranked(patterns: &Patterns, values: &[f64], score: RankScore) -> Vec<f64> {
    let (_, all) = patterns.total();
    let mut below = Sum::ZERO;
    let mut scores = Vec::with_capacity(values.len());
    let weighted: Vec<(f64, f64)> = values
        .iter()
        .copied()
        .zip(patterns.weight.iter().copied())
        .collect();
    for tied in weighted.chunk_by(|one, next| one.0 == next.0) {
        let at: Sum = tied.iter().map(|(_, w)| Sum::from(*w)).sum();
        let rank = (below + at * 0.5).value() / all;
        let own = match score {
            RankScore::Wilcoxon | RankScore::KruskalWallis => rank,
            RankScore::VanDerWaerden => normal::quantile(rank).unwrap_or(f64::NAN),
            RankScore::Median => f64::from(u8::from(rank > 0.5)),
        };
        scores.extend(std::iter::repeat_n(own, tied.len()));
        below += at;
    }
    scores
}

/// Means of groups and their covariance.
struct GroupMeans {
    means: Vec<f64>,
    /// Row by row.
    covariance: Vec<f64>,
    /// What was taken off the numbers, and so off all means.
    origin: f64,
}

impl GroupMeans {
    fn new(
        patterns: &Patterns,
        values: &[f64],
        group: &dyn Fn(usize) -> Option<usize>,
        count: usize,
    ) -> GroupMeans {
        let of_pattern: Vec<Option<usize>> = (0..patterns.count()).map(group).collect();
        let origin = origin(values.iter().copied());
        let values: Vec<f64> = values.iter().map(|value| value - origin).collect();
        let sums = |weights: &[f64]| {
            let mut sums = vec![(Sum::ZERO, Sum::ZERO); count];
            for ((own, value), weight) in of_pattern.iter().zip(&values).zip(weights) {
                if let Some((w, y)) = own.and_then(|own| sums.get_mut(own)) {
                    w.add(*weight);
                    y.add_sum(Sum::product(*weight, *value));
                }
            }
            sums
        };
        let means = |weights: &[f64]| -> Vec<f64> {
            let sums = sums(weights).into_iter();
            sums.map(|(w, y)| (y / w).value()).collect()
        };
        let full = means(&patterns.weight);
        let weight: Vec<f64> = sums(&patterns.weight)
            .iter()
            .map(|(w, _)| w.value())
            .collect();
        let scores = || {
            let mut scores = vec![0.0; patterns.count() * count];
            for (pattern, own) in of_pattern.iter().enumerate() {
                if let Some(own) = own {
                    scores[pattern * count + own] = (values[pattern] - full[*own]) / weight[*own];
                }
            }
            scores
        };
        let again =
            |weights: &[f64]| Some(means(weights)).filter(|m| m.iter().all(|m| m.is_finite()));
        GroupMeans {
            covariance: patterns.covariance(&full, scores, again),
            means: full,
            origin,
        }
    }

    /// Σ c m with its t.
    fn contrast(&self, c: &[f64], df: f64, level: f64) -> Test {
        let k = self.means.len();
        let centred: f64 = c.iter().zip(&self.means).map(|(c, m)| c * m).sum();
        let estimate = centred + c.iter().sum::<f64>() * self.origin;
        let mut variance = 0.0;
        for (row, left) in c.iter().enumerate() {
            for (column, right) in c.iter().enumerate() {
                variance += left * right * self.covariance[row * k + column];
            }
        }
        let se = variance.max(0.0).sqrt();
        if !(df > 0.0 && se.is_finite()) {
            let note = match se.is_finite() {
                true => format!("{df} degrees of freedom: PSUs less strata have to be more"),
                false => "a replicate has nobody in a group".to_owned(),
            };
            return Test {
                estimate: Some(estimate),
                note,
                ..Test::default()
            };
        }
        if se == 0.0 {
            return Test {
                estimate: Some(estimate),
                se: Some(0.0),
                df2: Some(df),
                note: "the standard error is 0: there is nothing to test".to_owned(),
                ..Test::default()
            };
        }
        let width = student_t::quantile_upper(0.5 * (1.0 - level), df).map_or(f64::NAN, |t| t * se);
        Test {
            statistic: Some(estimate / se),
            df2: Some(df),
            p_value: student_t::two_sided_p(estimate / se, df).ok(),
            estimate: Some(estimate),
            se: Some(se),
            ci_low: Some(estimate - width),
            ci_high: Some(estimate + width),
            ..Test::default()
        }
    }

    /// F of all means being one, and Wald's statistic.
    fn wald(&self, df: f64) -> Option<(Test, f64)> {
        let k = self.means.len();
        let q = k - 1;
        let v = |a: usize, b: usize| self.covariance[a * k + b];
        let differences: Vec<f64> = (1..k).map(|at| self.means[at] - self.means[0]).collect();
        let covariance: Vec<f64> = (0..q * q)
            .map(|at| {
                let (a, b) = (at / q + 1, at % q + 1);
                v(a, b) - v(a, 0) - v(0, b) + v(0, 0)
            })
            .collect();
        let wald = Cholesky::new(covariance, q)?.quadratic(&differences);
        let f = wald / q as f64;
        let p_value = fisher_f::upper_tail(f, q as f64, df).ok()?;
        let row = Test {
            statistic: Some(f),
            df1: Some(q as f64),
            df2: Some(df),
            p_value: Some(p_value),
            ..Test::default()
        };
        Some((row, wald))
    }
}
