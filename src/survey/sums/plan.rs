//! What one scan adds up: columns, design, domains, items.

use std::borrow::Cow;
use std::collections::HashMap;

use super::scan::{Key, numbers_of};
use crate::survey::design::Design;
use crate::survey::expr::{Bound, NamedLiteral, Output};
use crate::survey::microdata::{Batch, ColumnRequest, MissingValues};

/// What one scan adds up.
pub struct Plan {
    /// The columns to be read.
    pub requests: Vec<ColumnRequest>,
    pub design: DesignColumns,
    /// Expressions whose crossing makes the domains.
    pub by: Vec<Operand>,
    /// Which respondents are in any domain at all.
    pub condition: Option<Operand>,
    pub items: Vec<ItemPlan>,
    /// What a unit of the variance is.
    pub mode: Mode,
    /// Whether the rank of the replicate weights is wanted, for the degrees of freedom.
    pub rank: bool,
    /// Rows with a missing answer to any item are left out of the design, too.
    pub drop_incomplete: bool,
    /// Whether it is kept which unit each row lies in.
    pub keep_places: bool,
    /// Of whom an item is, where that is not everybody in the domain, by the place of the item.
    pub item_filters: HashMap<usize, Operand>,
    /// Values that expressions name, to be counted.
    pub literals: Vec<CountedLiteral>,
    /// How many domains there may be, where what is made of them has a bound.
    pub domain_limit: Option<DomainLimit>,
}

/// The most domains that respondents may lie in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainLimit {
    pub most: usize,
    /// What is said where there are more.
    pub why: String,
}

/// A value that is counted while the rows go by.
pub struct CountedLiteral {
    pub named: NamedLiteral,
    /// Where its variable stands among the requests.
    pub column: usize,
}

/// What the scores of the variance are added up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Units of the last stage that enters the variance.
    Units,
    /// Rows are the units; kept are sums and products by stratum.
    Elements,
    /// Rows are the units, or the last stage of them, and each is kept.
    Rows,
    /// Replicate weights: no units at all.
    Replicates,
}

/// Where the columns of the design stand among the requests.
#[derive(Clone, Debug, Default)]
pub struct DesignColumns {
    pub weights: Weights,
    pub strata: Vec<usize>,
    /// Those of the stages that enter the variance.
    pub psu: Vec<usize>,
    pub fpc: Vec<usize>,
    pub replicates: Vec<usize>,
    /// Replicates are whole weights.
    pub combined: bool,
    /// Units within strata that no column names: they stand in the place of PSUs.
    pub classes: Option<Classes>,
}

/// A class of each row of the file, in its order, below `count`.
#[derive(Clone, Debug)]
pub struct Classes {
    pub of_row: std::sync::Arc<Vec<u32>>,
    pub count: usize,
}

/// Where weights come from.
#[derive(Clone, Debug, Default)]
pub enum Weights {
    /// All are 1.
    #[default]
    One,
    /// A column of numbers.
    Column(usize),
    /// A number that is worked out.
    Expression(Box<Operand>),
    /// 1 where the weight is above 0, else 0: to count respondents.
    Counting(Box<Weights>),
    /// N/n of all stages, by stratum and units.
    Implied(HashMap<Vec<Key>, f64>),
    /// One a row of the file, in its order.
    PerRow(std::sync::Arc<Vec<f64>>),
}

/// An expression and where its columns stand among the requests.
#[derive(Clone, Debug)]
pub struct Operand {
    /// As it was written.
    pub text: String,
    pub bound: Bound,
    pub columns: Vec<usize>,
    /// What is taken off its numbers: squares of numbers far from 0 have no digits for their spread.
    pub origin: f64,
}

impl Operand {
    /// As numbers, NaN where missing.
    pub fn numbers<'b>(&self, batch: &'b Batch) -> Cow<'b, [f64]> {
        let numbers = numbers_of(self.run(batch));
        match self.origin == 0.0 {
            true => numbers,
            // outside of its filter a number stands as 0, and stays it
            false if self.bound.is_within() => {
                let centred = |y: &f64| if *y == 0.0 { 0.0 } else { y - self.origin };
                Cow::Owned(numbers.iter().map(centred).collect())
            }
            false => Cow::Owned(numbers.iter().map(|y| y - self.origin).collect()),
        }
    }

    pub fn run<'b>(&self, batch: &'b Batch) -> Output<'b> {
        self.bound.run(batch, &self.columns)
    }

    /// Values that are no answer; null alone where the levels are made by the expression.
    pub fn missing(&self) -> MissingValues {
        let variable = self.bound.variable();
        variable
            .map(|variable| variable.missing.clone())
            .unwrap_or_default()
    }
}

/// What is added up for one item.
pub enum ItemPlan {
    /// Weights by level.
    Levels {
        operand: Operand,
        /// Values that are no answer.
        missing: MissingValues,
        /// More levels than this are an error: the wrong variable was asked for.
        most: usize,
        /// And so are more sums than this.
        room: usize,
    },
    /// Weights and weighted numbers of the rows that have all of them: basics 1, y_1 … y_k, then the products of the pairs
    /// named.
    Numbers {
        operands: Vec<Operand>,
        products: Vec<(usize, usize)>,
    },
    /// The weighted distribution of a number in each domain: of respondents, or of the weight that each value has in all.
    Values { operand: Operand, by_value: bool },
    /// Weights of the rows at or below each threshold of their domain: basics 1, 1[y ≤ t_1] … 1[y ≤ t_k].
    AtMost {
        operand: Operand,
        /// As many for every domain, NaN for none.
        thresholds: HashMap<Vec<Key>, Vec<f64>>,
        count: usize,
    },
}

impl ItemPlan {
    /// Number of basics of an item of numbers.
    pub fn width(&self) -> usize {
        match self {
            ItemPlan::Numbers { operands, products } => 1 + operands.len() + products.len(),
            ItemPlan::AtMost { count, .. } => 1 + count,
            ItemPlan::Levels { .. } | ItemPlan::Values { .. } => 0,
        }
    }
}

/// Collects the columns that a plan needs, each once.
#[derive(Default)]
pub struct Requests {
    pub all: Vec<ColumnRequest>,
    pub literals: Vec<CountedLiteral>,
}

impl Requests {
    /// The position of a request, made where it is new.
    pub fn position(&mut self, request: ColumnRequest) -> usize {
        match self.all.iter().position(|other| *other == request) {
            Some(at) => at,
            None => {
                self.all.push(request);
                self.all.len() - 1
            }
        }
    }

    /// Has a value counted, each of a variable once.
    pub fn count(&mut self, named: NamedLiteral, column: usize) {
        let known = self.literals.iter().any(|literal| {
            literal.column == column
                && literal.named.text == named.text
                && literal.named.label == named.label
        });
        if !known {
            self.literals.push(CountedLiteral { named, column });
        }
    }

    /// An expression with the positions of its columns.
    pub fn operand(&mut self, text: &str, bound: Bound) -> Operand {
        let requests = bound.requests().iter().cloned();
        let columns: Vec<usize> = requests.map(|request| self.position(request)).collect();
        for (named, request) in bound.literals() {
            self.count(named.clone(), columns[request]);
        }
        Operand {
            text: text.to_owned(),
            bound,
            columns,
            origin: 0.0,
        }
    }
}

impl Mode {
    /// What a design calls for; `rows` where each row has to be kept.
    pub fn new(design: &Design, rows: bool) -> Mode {
        match (&design.replicates, rows) {
            (Some(_), _) => Mode::Replicates,
            (None, rows) if rows || design.rows_are_last_stage() => Mode::Rows,
            (None, _) if design.elements() => Mode::Elements,
            (None, _) => Mode::Units,
        }
    }
}

impl ItemPlan {
    /// The name of each basic: 1, the expressions, the products.
    pub fn basics(&self) -> Vec<String> {
        match self {
            ItemPlan::Numbers { operands, products } => {
                let texts = operands.iter().map(|operand| operand.text.clone());
                let product = |(a, b): &(usize, usize)| match (operands.get(*a)?, operands.get(*b)?)
                {
                    (one, _) if a == b => Some(format!("{}^2", one.text)),
                    (one, other) => Some(format!("{} * {}", one.text, other.text)),
                };
                std::iter::once("1".to_owned())
                    .chain(texts)
                    .chain(products.iter().filter_map(product))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The name of each sum of products z_a z_b, a ≤ b, in the order of [`at`](super::at): that of z_b beside z_0 = 1, else
    /// both with a comma between, which no expression has outside of parentheses.
    pub fn terms(&self) -> Vec<String> {
        let basics = self.basics();
        let pair = |a: usize| {
            let basics = &basics;
            (a..basics.len()).map(move |b| match a {
                0 => basics[b].clone(),
                _ => format!("{}, {}", basics[a], basics[b]),
            })
        };
        (0..basics.len()).flat_map(pair).collect()
    }
}
