//! Tests of respondents: whether answers differ by a group more than sampling by the design alone explains.
//!
//! | item | asks | R |
//! | --- | --- | --- |
//! | `chisq(a, b)` | are the answers to `b` independent of `a`? | `svychisq(~a + b, design)` |
//! | `ttest(y, g)` | have the two groups of `g` one mean? | `svyttest(y ~ g, design)` |
//! | `ttest(y)`, `ttest(y - z)` | is the mean, or that of the differences, 0? | `svyttest(y ~ 0, design)` |
//! | `ranktest(y, g)` | is one group higher in rank than another? | `svyranktest(y ~ g, design)` |
//! | `anova(y, g)` | have all groups of `g` one mean? | `regTermTest(svyglm(y ~ g, design), ~g)` |
//!
//! [`run`] takes the items of a [`TestRequest`] with a [`Design`]; all tests of one request are a family, in which p-values
//! are adjusted. Respondents without an answer to a variable of a test lie outside of its domain, and so do those whom
//! `--where` leaves out: they stay in the design.

mod balance;
mod chi_square;
mod groups;
mod items;
mod two_way;

pub use balance::{Balance, BalanceRow, GroupSpread, balance};
pub use chi_square::ChiSquareStatistic;
pub use groups::RankScore;
pub use items::{TestItem, TestKind};
pub use two_way::{DesignEffects, TwoWay};

use rayon::prelude::*;

use crate::frames::Test;
use crate::statistics::adjust::{Adjust, adjusted};
use crate::survey::design::Design;
use crate::survey::estimate::{Calibrated, Error, Filter, Group};
use crate::survey::microdata::Source;
use crate::survey::sample::{ColumnKind, ColumnRequest, Sample, SampleRequest, SumsAsRows};

/// What is to be tested.
#[derive(Clone, Debug)]
pub struct TestRequest {
    pub items: Vec<TestItem>,
    /// Each test anew in every group.
    pub by: Vec<Group>,
    /// The subpopulation.
    pub filter: Option<Filter>,
    pub statistic: ChiSquareStatistic,
    pub score: RankScore,
    pub adjust: Adjust,
    /// Confidence level of intervals.
    pub level: f64,
}

/// Which options of a [`TestRequest`] were named; the others have what is usual.
#[derive(Clone, Copy, Debug, Default)]
pub struct NamedOptions {
    pub statistic: bool,
    pub score: bool,
    pub adjust: bool,
    pub level: bool,
}

impl TestRequest {
    /// An option that was named and changes nothing of these tests, and why.
    pub fn without_effect(&self, named: NamedOptions) -> Option<(&'static str, &'static str)> {
        let has = |kind: TestKind| self.items.iter().any(|item| item.kind == kind);
        let is_family = self.items.len() > 1 || !self.by.is_empty();
        let has_intervals = has(TestKind::TTest) || has(TestKind::RankTest);
        let idle = [
            (
                named.statistic && !has(TestKind::ChiSquare),
                "statistic",
                "no chisq is asked for",
            ),
            (
                named.score && !has(TestKind::RankTest),
                "score",
                "no ranktest is asked for",
            ),
            (
                named.adjust && !is_family,
                "adjust",
                "one test by itself is no family",
            ),
            (
                named.level && !has_intervals && !is_family,
                "level",
                "no interval is asked for",
            ),
        ];
        let idle = idle.into_iter().find(|(is_idle, ..)| *is_idle);
        idle.map(|(_, option, why)| (option, why))
    }
}

/// The tests of a request, one a row.
pub struct TestResults<'r> {
    pub tests: Vec<TestResult>,
    pub sample: Sample<'r>,
    pub adjust: Adjust,
    pub level: f64,
    /// How many respondents of the subpopulation have no answer, by variable.
    pub missing: Vec<(String, u64)>,
}

/// One test: its row, and what its sentence is made of.
#[derive(Clone, Debug)]
pub struct TestResult {
    pub item: TestItem,
    pub row: Test,
    /// The two levels that are compared: the first is taken off the second.
    pub levels: Option<(String, String)>,
}

/// Makes all tests in one pass over the respondents, with weights that were made before where there are some: variances are
/// then those of what the targets do not explain, as `svyttest` and `svychisq` have them of a design from `calibrate`.
///
/// ```
/// use opine::internals::survey::design::Design;
/// use opine::internals::survey::microdata::{self, OpenOptions};
/// use opine::internals::survey::testing::{TestItem, TestRequest, run};
///
/// let poll = microdata::open("examples/poll.csv".as_ref(), &OpenOptions::default())?;
/// let design = Design { weights: Some("weight".to_owned()), ..Design::default() };
/// let request = TestRequest::new(vec![TestItem::parse("chisq(party, q1)")?]);
/// let results = run(poll.as_ref(), &design, &request, None)?;
/// assert!(results.tests[0].row.p_value.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Names and types that don't fit the file, a design that can't be; groups that are not as many as a test compares.
pub fn run<'r>(
    source: &dyn Source,
    design: &Design,
    request: &TestRequest,
    weights: Option<&'r Calibrated<'r>>,
) -> Result<TestResults<'r>, Error> {
    for item in &request.items {
        item.check(source.codebook())?;
    }
    let (sets, places) = columns_of(request);
    let columns: Vec<Vec<ColumnRequest>> = sets.iter().map(|set| set.all.clone()).collect();
    let of_whom = SampleRequest {
        filter: request.filter.clone(),
        weights,
        keeps_rows: false,
    };
    let samples = Sample::read_each(source, design, &columns, &of_whom)?;
    tests_of(samples, &sets, &places, request)
}

/// The same of sums without respondents, one for each item, of the shares of one of its variables by the other: only tables can
/// be tested from these.
///
/// # Errors
/// As [`run`]; tests of numbers and ranks, which take the respondents.
pub fn run_of_sums(
    sums: &[SumsAsRows],
    request: &TestRequest,
) -> Result<TestResults<'static>, Error> {
    let of_numbers = |item: &&TestItem| item.kind != TestKind::ChiSquare;
    if let Some(item) = request.items.iter().find(of_numbers) {
        return Err(Error::Request(format!(
            "{}: sums hold shares, and this takes the respondents; chisq can be tested of sums",
            item.text
        )));
    }
    let (sets, places) = columns_of(request);
    let each = sets.iter().zip(sums);
    let samples = each.map(|(set, rows)| rows.sample(set.all.clone(), request.filter.clone()));
    tests_of(samples.collect::<Result<_, _>>()?, &sets, &places, request)
}

/// Columns that are read together, the groups among them.
struct ColumnSet {
    all: Vec<ColumnRequest>,
    by: Vec<usize>,
}

/// Where the columns of an item stand: in which set, and where in it.
struct ItemPlace {
    set: usize,
    columns: Vec<usize>,
}

/// The columns of all items: a set for each table, whose respondents are added up by its cells, and one for all others.
fn columns_of(request: &TestRequest) -> (Vec<ColumnSet>, Vec<ItemPlace>) {
    let (mut sets, mut places) = (Vec::new(), Vec::new());
    let mut of_numbers = None;
    for item in &request.items {
        let set = match item.kind {
            TestKind::ChiSquare => sets.len(),
            _ => *of_numbers.get_or_insert(sets.len()),
        };
        if set == sets.len() {
            sets.push(ColumnSet::new(&request.by));
        }
        let each = item.columns();
        let columns = each.map(|(text, expr, kind)| sets[set].place(text, expr, kind));
        let columns = columns.collect();
        places.push(ItemPlace { set, columns });
    }
    (sets, places)
}

/// All tests, adjusted together.
fn tests_of<'r>(
    mut samples: Vec<Sample<'r>>,
    sets: &[ColumnSet],
    places: &[ItemPlace],
    request: &TestRequest,
) -> Result<TestResults<'r>, Error> {
    let of_sets = samples.iter().zip(sets);
    let domains: Vec<Vec<Domain>> = of_sets
        .map(|(sample, set)| domains(sample, &request.by, &set.by))
        .collect();
    let each = request.items.par_iter().zip(places);
    let each = each.map(|(item, place)| {
        let of_item = (item, place.columns.as_slice());
        item_tests(&samples[place.set], of_item, request, &domains[place.set])
    });
    let mut tests = Vec::new();
    // of several that can't be, the first is named, whichever thread came first
    for own in each.collect::<Vec<Result<Vec<TestResult>, Error>>>() {
        tests.extend(own?);
    }
    let p: Vec<f64> = tests.iter().filter_map(|test| test.row.p_value).collect();
    let mut adjusted = adjusted(request.adjust, &p).into_iter();
    for test in tests.iter_mut().filter(|test| test.row.p_value.is_some()) {
        test.row.p_adjusted = adjusted.next();
    }
    let (mut missing, mut warnings) = (Vec::new(), Vec::new());
    for sample in &samples {
        let all: Vec<usize> = (0..sample.columns.len()).collect();
        let mut own = sample.missing(&all);
        own.retain(|own| !missing.contains(own));
        missing.extend(own);
        let mut own = sample.warnings.clone();
        own.retain(|own| !warnings.contains(own));
        warnings.extend(own);
    }
    let Some(mut sample) = samples.pop() else {
        return Err(Error::Request("no test is asked for".to_owned()));
    };
    sample.warnings = warnings;
    Ok(TestResults {
        tests,
        missing,
        sample,
        adjust: request.adjust,
        level: request.level,
    })
}

/// An item in each group.
fn item_tests(
    sample: &Sample,
    (item, columns): (&TestItem, &[usize]),
    request: &TestRequest,
    domains: &[Domain],
) -> Result<Vec<TestResult>, Error> {
    let mut tests = Vec::new();
    for domain in domains {
        let mut result = item.run(sample, columns, domain, request)?;
        let own = std::iter::once(("item".to_owned(), item.text.clone()));
        result.row.groups = own.chain(domain.groups.iter().cloned()).collect();
        tests.push(result);
    }
    Ok(tests)
}

impl TestRequest {
    /// These tests of everybody, each as it is usual.
    pub fn new(items: Vec<TestItem>) -> TestRequest {
        TestRequest {
            items,
            by: Vec::new(),
            filter: None,
            statistic: ChiSquareStatistic::F,
            score: RankScore::Wilcoxon,
            adjust: Adjust::default(),
            level: 0.95,
        }
    }
}

impl ColumnSet {
    fn new(by: &[Group]) -> ColumnSet {
        let mut set = ColumnSet {
            all: Vec::new(),
            by: Vec::new(),
        };
        let groups = by.iter();
        set.by = groups
            .map(|group| set.place(&group.text, &group.expr, ColumnKind::Levels))
            .collect();
        set
    }

    /// The place of a column, each of which is read once.
    fn place(&mut self, text: &str, expr: &crate::survey::expr::Expr, kind: ColumnKind) -> usize {
        let same = |column: &ColumnRequest| column.expr == *expr && column.kind == kind;
        self.all.iter().position(same).unwrap_or_else(|| {
            self.all.push(ColumnRequest {
                text: text.to_owned(),
                expr: expr.clone(),
                kind,
            });
            self.all.len() - 1
        })
    }
}

/// Whom a test is of.
struct Domain {
    /// Each group with its level.
    groups: Vec<(String, String)>,
    rows: Vec<u32>,
    /// Degrees of freedom of these.
    df: f64,
}

/// The crossings of groups that occur, in their order, with their respondents.
fn domains(sample: &Sample, by: &[Group], columns: &[usize]) -> Vec<Domain> {
    let complete = sample.complete(columns);
    let (domain_of_row, count) = sample.numbered(columns, &complete);
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (row, domain) in complete.iter().zip(domain_of_row) {
        rows[domain as usize].push(*row);
    }
    let named = |row: u32| {
        let each = by.iter().zip(columns).map(|(group, at)| {
            let column = &sample.columns[*at];
            let name = column.names().get(column.code(row as usize) as usize);
            (group.name.clone(), name.cloned().unwrap_or_default())
        });
        each.collect()
    };
    let each = rows.into_iter().filter_map(|rows| {
        Some(Domain {
            groups: named(*rows.first()?),
            df: sample.df_of(&rows),
            rows,
        })
    });
    each.collect()
}
