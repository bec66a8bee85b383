//! Options that were named and can change nothing of what is asked.

use super::Crosstab;
use super::request::{Percent, Question, Request, Test};
use super::table::{RowPart, TableKind};
use crate::survey::estimate::{DomainDf, Missing, choices};

choices! {
    /// An option that is about some tables alone.
    TableOption {
        Adjust = "adjust",
        Against = "against",
        Alpha = "alpha",
        Box = "box",
        Ci = "ci",
        ColumnNet = "column_net",
        DomainDf = "domain_df",
        DropEmpty = "drop_empty",
        Mean = "show mean",
        Mentions = "show mentions",
        Missing = "missing",
        NoTotal = "no_total",
        Pairs = "pairs",
        Percent = "percent",
        Set = "set",
        SetBase = "set_base",
        Test = "test",
        TestNets = "test_nets",
        Tests = "tests",
        ZeroCells = "zero_cells",
    }
}

impl Request {
    /// Whether no columns are compared: by what is asked, or as there are none.
    pub fn is_untested(&self) -> bool {
        let grids = !self.grids.is_empty() || self.find_grids;
        self.options.test == Test::None || self.banner.is_empty() && !grids
    }

    /// The first of the options that were named which can change nothing of these tables, whatever the data hold; and why.
    pub fn without_effect(&self, named: &[TableOption]) -> Option<(TableOption, String)> {
        let why = |option: TableOption| self.idle(option).map(|why| (option, why));
        named.iter().copied().find_map(why)
    }

    fn idle(&self, option: TableOption) -> Option<String> {
        let untested = self.is_untested();
        let has_banner = !self.banner.is_empty();
        let (has_effect, why) = match option {
            TableOption::Adjust
            | TableOption::Against
            | TableOption::Alpha
            | TableOption::Pairs
            | TableOption::Tests
            | TableOption::ZeroCells => (!untested, "nothing is tested"),
            TableOption::Test => (
                self.options.test == Test::None || has_banner || !self.grids.is_empty(),
                "there are no columns to compare; name a banner",
            ),
            TableOption::TestNets => (!self.column_nets.is_empty(), "there are no nets of columns"),
            TableOption::ColumnNet | TableOption::DropEmpty => {
                (has_banner, "there is no banner; name its columns")
            }
            TableOption::NoTotal => (has_banner, "the total is the only column"),
            TableOption::DomainDf => (
                self.options.domain_df != DomainDf::Answered,
                "tables count the PSUs of a column (domain) or of the design",
            ),
            TableOption::SetBase => (
                !self.sets.is_empty(),
                "it is about sets that are declared beside it",
            ),
            TableOption::Set => {
                let unused = self.sets.iter().find(|set| !self.asks_for(&set.name));
                return unused.map(|set| format!("neither rows nor columns name {}", set.name));
            }
            // these depend on the questions of the file
            TableOption::Box
            | TableOption::Ci
            | TableOption::Mean
            | TableOption::Mentions
            | TableOption::Missing
            | TableOption::Percent => return None,
        };
        (!has_effect).then(|| why.to_owned())
    }

    /// Whether a set is among the questions or in the banner.
    fn asks_for(&self, set: &str) -> bool {
        let is_set = |name: &str| name.trim_start_matches('$') == set;
        let is_question = |question: &Question| match question {
            Question::Name(name) => is_set(name),
            Question::Item(item) => {
                let terms = item.terms.iter();
                let mut parts = terms
                    .flat_map(|term| term.statistic.arguments().into_iter().chain(&term.filter));
                parts.any(|part| part.names().into_iter().any(is_set))
            }
        };
        let mut factors = self.banner.iter().flat_map(|part| &part.factors);
        self.tables.is_empty()
            || self.tables.iter().any(|table| is_question(&table.question))
            || factors.any(|factor| factor.names().into_iter().any(is_set))
    }
}

impl Crosstab {
    /// The same of what can be told only of the tables that came out.
    pub fn without_effect(&self, named: &[TableOption]) -> Option<(TableOption, &'static str)> {
        let why = |option: TableOption| self.idle(option).map(|why| (option, why));
        named.iter().copied().find_map(why)
    }

    fn idle(&self, option: TableOption) -> Option<&'static str> {
        let any = |kind: TableKind| self.tables.iter().any(|table| table.kind == kind);
        let shares = || {
            any(TableKind::Levels)
                || any(TableKind::Set)
                || any(TableKind::Condition)
                || any(TableKind::Grid)
        };
        let has = |part: RowPart| {
            let mut rows = self.tables.iter().flat_map(|table| &table.rows);
            rows.any(|row| row.part == part)
        };
        let (has_effect, why) = match option {
            TableOption::Percent if self.request.options.percent == Percent::Responses => (
                any(TableKind::Set),
                "it is about questions with several answers, and none is asked for",
            ),
            TableOption::Percent => (shares(), "no share is asked for"),
            TableOption::Ci => (shares(), "it is about the intervals of shares"),
            TableOption::Missing => (
                self.request.options.missing == Missing::Exclude || any(TableKind::Levels),
                "it is about the levels of a question",
            ),
            TableOption::Box => (
                has(RowPart::Net),
                match self.tables.iter().any(|table| table.lacks_order) {
                    true => {
                        "the answers have no order but that of the alphabet; a codebook or a plan gives it, or name nets"
                    }
                    false => "no question has so many answers at either end",
                },
            ),
            TableOption::Mentions => (
                has(RowPart::Mentions),
                "no question with several answers is asked for",
            ),
            TableOption::Mean => (
                has(RowPart::Mean),
                "no question has scores or labelled codes; give them as scores",
            ),
            _ => return None,
        };
        (!has_effect).then_some(why)
    }
}
