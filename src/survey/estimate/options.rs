//! How to estimate: what programs decide otherwise, and how sure one wants to be.

use std::str::FromStr;

use super::{Request, RowLimits};
use crate::statistics::interval::Method;
use crate::survey::expr::{Expr, Node, Verb};

/// What programs decide otherwise, and how sure one wants to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Confidence level, 0.95.
    pub level: f64,
    pub ci: Ci,
    pub rule: QuantileRule,
    /// `None` for what the weights allow: [`DeffKind::Srs`] with finite populations, or where the weights of the whole file add
    /// up to twice the respondents and more, else [`DeffKind::Replace`].
    pub deff: Option<DeffKind>,
    pub domain_df: DomainDf,
    pub incomplete: Incomplete,
    pub missing: Missing,
    /// Levels as they are coded in the place of their labels.
    pub codes: bool,
    /// Leave out answers that the codebook has and nobody gave; otherwise their share is 0.
    pub drop_empty: bool,
    /// What stands between the answers of an entry that lists several; found out where nothing is said.
    pub separator: Option<char>,
    /// Estimates on a base below this are flagged, 100: the smaller of n and effective n.
    pub flag_base: f64,
    /// Covariances are wanted between any two rows, also of one domain: each respondent is kept.
    pub covariance: bool,
    pub limits: RowLimits,
}

/// Bases below this are flagged where nothing else is said.
pub const SMALL_BASE: f64 = 100.0;

impl Default for Options {
    fn default() -> Options {
        Options {
            level: 0.95,
            ci: Ci::Method(Method::Logit),
            rule: QuantileRule::Math,
            deff: None,
            domain_df: DomainDf::Domain,
            incomplete: Incomplete::Domain,
            missing: Missing::Exclude,
            codes: false,
            drop_empty: false,
            separator: None,
            flag_base: SMALL_BASE,
            covariance: false,
            limits: RowLimits::default(),
        }
    }
}

/// How the interval of a proportion is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ci {
    /// Those of published figures too, on the effective sample size.
    Method(Method),
    /// The profile of the binomial likelihood, scaled by the design effect; R: `svyciprop(method = "likelihood")`.
    Likelihood,
    /// The logit under the name that R gives it where it is what SUDAAN and SPSS print.
    Xlogit,
}

impl Ci {
    pub fn name(self) -> &'static str {
        match self {
            Ci::Method(method) => method.name(),
            Ci::Likelihood => "likelihood",
            Ci::Xlogit => "xlogit",
        }
    }

    /// The name in a caption.
    pub fn title(self) -> &'static str {
        match self {
            Ci::Method(method) => method.title(),
            Ci::Likelihood => "likelihood",
            Ci::Xlogit => "logit",
        }
    }
}

impl FromStr for Ci {
    type Err = crate::statistics::interval::Error;

    fn from_str(given: &str) -> Result<Ci, Self::Err> {
        match given {
            "likelihood" => Ok(Ci::Likelihood),
            "xlogit" => Ok(Ci::Xlogit),
            _ => given.parse().map(Ci::Method),
        }
    }
}

macro_rules! choices {
    ($(#[$doc:meta])* $type:ident { $($(#[$line:meta])* $variant:ident = $name:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $type { $($(#[$line])* $variant),+ }

        impl $type {
            pub const ALL: &[$type] = &[$($type::$variant),+];

            /// The name on the command line.
            pub fn name(self) -> &'static str {
                match self { $($type::$variant => $name),+ }
            }
        }

        impl std::str::FromStr for $type {
            type Err = String;

            fn from_str(given: &str) -> Result<Self, String> {
                let found = Self::ALL.iter().copied().find(|choice| choice.name() == given);
                found.ok_or_else(|| {
                    let known: Vec<&str> = Self::ALL.iter().map(|choice| choice.name()).collect();
                    format!("{given} is none of {}", known.join(", "))
                })
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
}
pub(crate) use choices;

choices! {
    /// Where between two values a quantile lies. The numbers are those of Hyndman and Fan, "Sample quantiles in statistical
    /// packages", The American Statistician 50 (1996), carried over to weights as in R's `svyquantile(qrule = ...)`.
    QuantileRule {
        /// The smallest value with at least the share p of the weight at or below it.
        Math = "math",
        /// The same; where the share is met exactly, the mean of that value and the next.
        School = "school",
        Hf1 = "hf1",
        Hf2 = "hf2",
        Hf3 = "hf3",
        Hf4 = "hf4",
        Hf5 = "hf5",
        Hf6 = "hf6",
        Hf7 = "hf7",
        Hf8 = "hf8",
        Hf9 = "hf9",
    }
}

impl QuantileRule {
    /// Quantile rules that look at the weight of each value alone, not at single respondents.
    pub const OF_VALUES: [QuantileRule; 5] = [
        QuantileRule::Math,
        QuantileRule::School,
        QuantileRule::Hf1,
        QuantileRule::Hf2,
        QuantileRule::Hf3,
    ];
}

choices! {
    /// What a design effect compares with: a simple random sample drawn without or with replacement.
    DeffKind {
        /// Without: V_srs = S²/n (N − n)/N, N the sum of weights.
        Srs = "srs",
        /// With: V_srs = S²/n.
        Replace = "replace",
    }
}

choices! {
    /// Degrees of freedom of a domain.
    DomainDf {
        /// PSUs less strata among those in which the domain has respondents, as in R.
        Domain = "domain",
        /// Those of the whole design, as Stata, SUDAAN and NCHS print.
        Design = "design",
        /// PSUs less strata among those in which somebody of the domain answered the item: of a split sample.
        Answered = "answered",
    }
}

choices! {
    /// What becomes of respondents without an answer to an item.
    Incomplete {
        /// They lie outside of the domain of the item and stay in the design.
        Domain = "domain",
        /// They are left out before the design is set, as in Stata; of all items if there are several.
        Drop = "drop",
    }
}

choices! {
    /// What is shown of missing answers.
    Missing {
        /// Nothing; the base says how many answered.
        Exclude = "exclude",
        /// How many there are of each kind, without a share.
        Show = "show",
        /// A share, each kind as a category of its own.
        Category = "category",
    }
}

choices! {
    /// An option that is about some of the items alone.
    NamedOption {
        Ci = "ci",
        Codes = "codes",
        DomainDf = "domain_df",
        DropEmpty = "drop_empty",
        Missing = "missing",
        Net = "net",
        Order = "order",
        QuantileRule = "qrule",
        Separator = "separator",
        Without = "without",
    }
}

impl Request {
    /// The first of the options that were named which can change nothing of these items, whatever the data hold; and why.
    pub fn without_effect(&self, named: &[NamedOption]) -> Option<(NamedOption, &'static str)> {
        let why = |option: NamedOption| self.idle(option).map(|why| (option, why));
        named.iter().copied().find_map(why)
    }

    fn idle(&self, option: NamedOption) -> Option<&'static str> {
        let asks = |is: fn(&Verb) -> bool| self.statistics().any(is);
        let shares = || asks(|verb| matches!(verb, Verb::Prop(_)));
        let shares_of_levels =
            || asks(|verb| matches!(verb, Verb::Prop(argument) if !argument.is_condition()));
        let levels = || {
            asks(
                |verb| matches!(verb, Verb::Prop(argument) | Verb::Total(argument) if !argument.is_condition()),
            )
        };
        let (has_effect, why) = match option {
            NamedOption::Ci => (shares(), "it is about the intervals of prop(…)"),
            NamedOption::Codes => (
                levels() || !self.by.is_empty(),
                "no level and no group is shown",
            ),
            NamedOption::DomainDf => (
                self.options.domain_df == DomainDf::Answered
                    || !self.by.is_empty()
                    || self.filter.is_some(),
                "there are no domains: neither groups nor a condition are named",
            ),
            NamedOption::DropEmpty | NamedOption::Without => {
                (shares_of_levels(), "it is about the shares of prop(…)")
            }
            NamedOption::Missing => (
                self.options.missing == Missing::Exclude || levels(),
                "it is about the levels of prop(…) or total(…)",
            ),
            NamedOption::Net => (levels(), "it is about the levels of prop(…) or total(…)"),
            NamedOption::Order => (
                asks(|verb| matches!(verb, Verb::Alpha(_))),
                "it is about the items of alpha(…)",
            ),
            NamedOption::QuantileRule => (
                asks(|verb| matches!(verb, Verb::Quantile(..))),
                "no quantile or median is asked for",
            ),
            NamedOption::Separator => (
                self.asks_of_lists(),
                "no prop(q contains '…') and no prop(split(q)) is asked for",
            ),
        };
        (!has_effect).then_some(why)
    }

    /// Of all terms of all items.
    pub fn statistics(&self) -> impl Iterator<Item = &Verb> {
        let terms = self.items.iter().flat_map(|item| &item.terms);
        terms.map(|term| &term.statistic)
    }

    /// Whether anything is asked of the answers that an entry lists.
    pub fn asks_of_lists(&self) -> bool {
        fn within(expr: &Expr) -> bool {
            let call = matches!(&expr.node, Node::Call { function, .. } if function == "split");
            call || matches!(expr.node, Node::Contains { .. })
                || expr.parts().into_iter().any(within)
        }
        let terms = self.items.iter().flat_map(|item| &item.terms);
        let items =
            terms.flat_map(|term| term.statistic.arguments().into_iter().chain(&term.filter));
        let groups = self.by.iter().map(|group| &group.expr);
        let filter = self.filter.iter().map(|filter| &filter.expr);
        items.chain(groups).chain(filter).any(within)
    }
}
