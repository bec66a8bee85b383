//! What is asked, as it is written: `chisq(party, q1)`.

use super::chi_square::chi_square;
use super::groups::{compare_groups, compare_mean, compare_two};
use super::{Domain, TestRequest, TestResult};
use crate::frames::words::nearest;
use crate::survey::estimate::{Error, has_levels};
use crate::survey::expr::{Expr, Node};
use crate::survey::microdata::{Codebook, Kind};
use crate::survey::sample::{ColumnKind, Sample};

/// One test.
#[derive(Clone, Debug, PartialEq)]
pub struct TestItem {
    /// As it was written.
    pub text: String,
    pub kind: TestKind,
    /// What is compared: numbers, of `chisq` the first variable.
    pub y: Expr,
    /// By what; none for a mean against 0.
    pub by: Option<Expr>,
}

/// Which test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestKind {
    ChiSquare,
    TTest,
    RankTest,
    Anova,
}

/// Each with its name, and what it takes.
const KINDS: [(TestKind, &str, &str); 4] = [
    (
        TestKind::ChiSquare,
        "chisq",
        "two variables with levels: chisq(party, q1)",
    ),
    (
        TestKind::TTest,
        "ttest",
        "a number and two groups, ttest(y, sex), or a number alone: ttest(y), ttest(y - z)",
    ),
    (
        TestKind::RankTest,
        "ranktest",
        "a number and groups: ranktest(y, party)",
    ),
    (
        TestKind::Anova,
        "anova",
        "a number and groups: anova(y, party)",
    ),
];

/// What other programs call tests, and what they are here.
const ELSEWHERE: [(&str, &str); 8] = [
    ("wilcoxon", "ranktest(y, g) is Wilcoxon’s"),
    ("wilcox", "ranktest(y, g) is Wilcoxon’s"),
    ("mannwhitney", "ranktest(y, g) is Mann and Whitney’s"),
    ("kruskal", "ranktest(y, g) is Kruskal and Wallis’s"),
    ("kruskalwallis", "ranktest(y, g) is Kruskal and Wallis’s"),
    ("aov", "anova(y, g) compares means of groups"),
    (
        "cor",
        "correlations have intervals in opine estimate FILE 'cor(x, y)'",
    ),
    ("alpha", "it stands in opine estimate FILE 'alpha(a, b, c)'"),
];

impl TestKind {
    /// As it is written.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// The test of that name.
    pub fn by_name(name: &str) -> Option<TestKind> {
        let own = KINDS.into_iter().find(|(_, known, _)| *known == name);
        own.map(|(kind, ..)| kind)
    }

    fn entry(self) -> (TestKind, &'static str, &'static str) {
        let own = KINDS.into_iter().find(|(kind, ..)| *kind == self);
        own.unwrap_or(KINDS[0])
    }
}

impl TestItem {
    /// The test that a text asks for.
    ///
    /// # Errors
    /// What is no test, a test that there is not (with the nearest name), too few or too many arguments.
    pub fn parse(text: &str) -> Result<TestItem, Error> {
        let text = text.trim();
        let expr = Expr::parse(text).map_err(|error| match text.split_once('~') {
            Some(formula) => Error::Request(no_formula(text, formula)),
            None => Error::Expression(error),
        })?;
        let known: Vec<&str> = KINDS.iter().map(|(_, name, _)| *name).collect();
        let Node::Call {
            function,
            arguments,
            filter,
        } = &expr.node
        else {
            return Err(Error::Request(format!(
                "{text} is no test: write chisq(a, b), ttest(y, g), ranktest(y, g) or anova(y, g)"
            )));
        };
        let Some((kind, _, takes)) = KINDS.into_iter().find(|(_, name, _)| name == function) else {
            let own = ELSEWHERE.iter().find(|(name, _)| *name == function);
            let hint = match (own, nearest(function, known.iter().copied())) {
                (Some((_, hint)), _) => (*hint).to_owned(),
                (None, Some(near)) => format!("did you mean {near}?"),
                (None, None) => format!("there are {}", known.join(", ")),
            };
            return Err(Error::Request(format!(
                "no test {function}; {hint}\n  {text}"
            )));
        };
        if filter.is_some() {
            return Err(Error::Request(format!(
                "{text}: of whom a test is says --where, for all tests"
            )));
        }
        if arguments.iter().any(has_imputations) {
            return Err(Error::Request(format!(
                "{text}: imputed answers stand in opine estimate and opine fit: of groups, the coefficients of 'mi(pv1..pv5) ~ g' are tested"
            )));
        }
        let (y, by) = match (kind, arguments.as_slice()) {
            (_, [y, by]) => (y.clone(), Some(by.clone())),
            (TestKind::TTest, [y]) => (y.clone(), None),
            _ => return Err(Error::Request(format!("{text}: {function} takes {takes}"))),
        };
        Ok(TestItem {
            text: text.to_owned(),
            kind,
            y,
            by,
        })
    }

    /// Refuses text where a number is compared, and says what would test it.
    ///
    /// # Errors
    /// A text in the place of the number; a number in that of the groups.
    pub(super) fn check(&self, codebook: &Codebook) -> Result<(), Error> {
        let y = &self.y;
        if let (Some(by), TestKind::TTest) = (&self.by, self.kind)
            && let Node::Number(_) = by.node
        {
            return Err(Error::Request(format!(
                "{}: {by} is no group; whether the mean is {by} tests ttest({y} - {by})",
                self.text
            )));
        }
        let is_text = match &y.node {
            Node::Name(name) => {
                let variable = codebook.variable(name);
                variable.is_ok_and(|variable| variable.kind == Kind::Text)
            }
            Node::Call { function, .. } => function == "cut",
            _ => false,
        };
        if self.kind == TestKind::ChiSquare || !is_text {
            return Ok(());
        }
        let name = self.kind.name();
        let instead = match &self.by {
            None => format!("opine estimate FILE 'prop({y})' gives its shares with intervals"),
            Some(by) if !has_levels(by, codebook) => {
                format!("the number comes first, then the groups: {name}({by}, {y})")
            }
            Some(by) if self.kind == TestKind::RankTest => format!(
                "chisq({y}, {by}) tests two variables with levels; of an answer on a scale opine fit FILE '{y} ~ {by}' --family ordinal"
            ),
            Some(by) => format!(
                "chisq({y}, {by}) tests two variables with levels, {name}({y} == 'LEVEL', {by}) a share"
            ),
        };
        Err(Error::Request(format!(
            "{}: {y} has levels, and {name} compares a number; {instead}{}",
            self.text,
            match (&y.node, &self.by) {
                (Node::Name(_), by) if by.as_ref().is_none_or(|by| has_levels(by, codebook)) => {
                    ". If a mark such as NA makes it text, --na NA says so"
                }
                _ => "",
            }
        )))
    }

    /// The columns that it needs.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&str, &Expr, ColumnKind)> {
        let of_y = match self.kind {
            TestKind::ChiSquare => ColumnKind::Levels,
            _ => ColumnKind::Numbers,
        };
        let by = self.by.iter().map(|by| (by, ColumnKind::Levels));
        std::iter::once((&self.y, of_y))
            .chain(by)
            .map(|(expr, kind)| {
                (
                    self.text.get(expr.span.clone()).unwrap_or(&self.text),
                    expr,
                    kind,
                )
            })
    }

    /// Makes the test among some respondents.
    pub(super) fn run(
        &self,
        sample: &Sample,
        columns: &[usize],
        domain: &Domain,
        request: &TestRequest,
    ) -> Result<TestResult, Error> {
        // the degrees of freedom of a table are those of all who could have answered
        let rows = sample.complete_among(&domain.rows, columns);
        let columns: Vec<_> = columns.iter().map(|at| &sample.columns[*at]).collect();
        match (self.kind, columns.as_slice()) {
            (TestKind::ChiSquare, [a, b]) => Ok(chi_square(
                self,
                sample,
                (a, b),
                rows,
                (domain.df, request.statistic),
            )),
            (TestKind::TTest, [y, g]) => compare_two(self, sample, (y, g), rows, request),
            (TestKind::TTest, [y]) => Ok(compare_mean(self, sample, y, rows, request)),
            (TestKind::RankTest | TestKind::Anova, [y, g]) => {
                compare_groups(self, sample, (y, g), rows, request)
            }
            _ => Err(Error::Request(format!("{}: no test", self.text))),
        }
    }

    /// A row of which nothing is known but why.
    pub(super) fn without_answer(&self, n: usize, why: &str) -> TestResult {
        TestResult {
            item: self.clone(),
            row: crate::frames::Test {
                test: self.kind.name().to_owned(),
                n: Some(n as f64),
                note: why.to_owned(),
                ..crate::frames::Test::default()
            },
            levels: None,
        }
    }
}

/// What a formula, as R has it for tests, is written as here.
fn no_formula(text: &str, (left, right): (&str, &str)) -> String {
    // ttest(y ~ g) is y ~ g of the same test
    let test = left.split_once('(').filter(|_| right.trim().ends_with(')'));
    let (left, right) = match test {
        Some((_, y)) => (y.trim(), right.trim().trim_end_matches(')').trim()),
        None => (left.trim(), right.trim()),
    };
    let tests = match (left, right.split_once('+')) {
        ("", Some((a, b))) => format!("chisq({}, {})", a.trim(), b.trim()),
        ("", None) => "chisq(a, b)".to_owned(),
        (y, _) if right == "0" => format!("ttest({y})"),
        (y, _) => format!("ttest({y}, {right}), ranktest({y}, {right}) or anova({y}, {right})"),
    };
    format!("{text}: a test takes no formula: write {tests}; models are opine fit’s")
}

/// Whether a number is one of several imputations.
fn has_imputations(expr: &Expr) -> bool {
    let is_mi = matches!(&expr.node, Node::Call { function, .. } if function == "mi");
    is_mi || expr.parts().into_iter().any(has_imputations)
}
