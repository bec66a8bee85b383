//! From what is asked to what a scan adds up.

use std::collections::HashMap;

use super::design_columns::design_columns;
use super::error::Error;
use super::level_names::LevelNames;
use super::linear::{Combination, Linear};
use super::request::{Incomplete, Request};
use super::standard::can_be;
use crate::survey::design::Design;
use crate::survey::expr::{Bound, Expr, Item, Node, Verb, Wanted, bind};
use crate::survey::microdata::{Codebook, Kind, Value};
use crate::survey::sums::{ItemPlan, Key, Mode, Plan, Requests, Weights};

/// A variable with more levels than this has no proportions.
const MOST_LEVELS: usize = 2_000;

/// One item as it is estimated; its place is that of its sums.
pub struct Planned {
    /// What it is about, for the column `variable`.
    pub variable: String,
    pub shape: Shape,
}

pub enum Shape {
    /// Shares or totals of the levels of a variable.
    Levels { total: bool, levels: LevelNames },
    /// A statistic of numbers.
    Numbers {
        combination: Combination,
        statistic: Statistic,
    },
    /// Quantiles at these probabilities.
    Quantiles(Vec<f64>),
}

/// What a row of numbers is called, and how its interval is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    Mean,
    Total,
    Count,
    /// The share of a condition.
    Proportion,
    Ratio,
    Variance,
    Sd,
    Combination,
}

/// A plan, and what its parts are for.
pub struct Planning {
    pub plan: Plan,
    pub items: Vec<Planned>,
    pub by: Vec<LevelNames>,
}

/// Looks everything up in the codebook.
///
/// # Errors
/// Names and types that don't fit, with their place in the text.
pub fn plan(
    request: &Request,
    design: &Design,
    codebook: &Codebook,
    weights: Option<Weights>,
    mode: Mode,
) -> Result<Planning, Error> {
    let mut requests = Requests::default();
    let columns = design_columns(design, codebook, weights, &mut requests)?;
    let mut by = Vec::new();
    let mut names = Vec::new();
    for group in &request.by {
        let bound = bound(&group.expr, &group.text, codebook, Wanted::Codes)?;
        names.push(LevelNames::of(&bound, request.options.codes));
        by.push(requests.operand(&group.text, bound));
    }
    if let Some(standard) = &request.standard {
        standard.check()?;
        let whole = |item: &Item| item.terms.iter().all(|term| can_be(&term.statistic));
        if let Some(item) = request.items.iter().find(|item| !whole(item)) {
            return Err(Error::Asked(format!(
                "{}: standardised are means, shares and ratios",
                item.text
            )));
        }
        let bound = bound(&standard.expr, &standard.text, codebook, Wanted::Codes)?;
        names.push(LevelNames::of(&bound, request.options.codes));
        by.push(requests.operand(&standard.text, bound));
    }
    let condition = match &request.condition {
        None => None,
        Some((text, expr)) => {
            let bound = bound(expr, text, codebook, Wanted::Condition)?;
            Some(requests.operand(text, bound))
        }
    };
    let mut items = Vec::new();
    let mut plans = Vec::new();
    for item in &request.items {
        let (mut planned, plan) = planned(item, codebook, request.options.codes, &mut requests)?;
        if let Some(name) = &item.name {
            planned.variable.clone_from(name);
        }
        items.push(planned);
        plans.push(plan);
    }
    Ok(Planning {
        plan: Plan {
            requests: requests.all,
            design: columns,
            by,
            condition,
            items: plans,
            mode,
            rank: mode == Mode::Replicates && design.df.is_none(),
            drop_incomplete: request.options.incomplete == Incomplete::Drop,
            keep_places: false,
        },
        items,
        by: names,
    })
}

fn bound(expr: &Expr, text: &str, codebook: &Codebook, wanted: Wanted) -> Result<Bound, Error> {
    bind(expr, codebook, wanted).map_err(|error| Error::Expression(error.within(text)))
}

fn planned(
    item: &Item,
    codebook: &Codebook,
    codes: bool,
    requests: &mut Requests,
) -> Result<(Planned, ItemPlan), Error> {
    if item.is_plain() {
        match &item.terms[0].statistic {
            Verb::Quantile(of, probabilities) => {
                let bound = within(item, bind(of, codebook, Wanted::Numbers))?;
                let planned = Planned {
                    variable: about(of),
                    shape: Shape::Quantiles(probabilities.clone()),
                };
                let operand = requests.operand(&of.to_string(), bound);
                let plan = ItemPlan::Values {
                    operand,
                    by_value: false,
                };
                return Ok((planned, plan));
            }
            Verb::Prop(of) if !of.is_condition() => {
                return levels(item, of, false, codebook, codes, requests);
            }
            Verb::Total(of) if has_levels(of, codebook) => {
                return levels(item, of, true, codebook, codes, requests);
            }
            _ => {}
        }
    }
    numbers(item, codebook, requests)
}

fn within<T>(item: &Item, bound: Result<T, crate::survey::expr::Error>) -> Result<T, Error> {
    bound.map_err(|error| Error::Expression(error.within(&item.text)))
}

/// Whether a total of it has a row a level: texts, numbers with labels, and what is made of levels.
fn has_levels(of: &Expr, codebook: &Codebook) -> bool {
    if of.is_condition() {
        return false;
    }
    match bind(of, codebook, Wanted::Codes) {
        Err(_) => false,
        Ok(bound) => match bound.variable() {
            Some(variable) => {
                let answer = |(value, _): &(Value, String)| !variable.missing.holds(value);
                variable.kind == Kind::Text || variable.labels.iter().any(answer)
            }
            None => bind(of, codebook, Wanted::Numbers).is_err(),
        },
    }
}

fn levels(
    item: &Item,
    of: &Expr,
    total: bool,
    codebook: &Codebook,
    codes: bool,
    requests: &mut Requests,
) -> Result<(Planned, ItemPlan), Error> {
    let bound = within(item, bind(of, codebook, Wanted::Codes))?;
    let planned = Planned {
        variable: about(of),
        shape: Shape::Levels {
            total,
            levels: LevelNames::of(&bound, codes),
        },
    };
    let operand = requests.operand(&of.to_string(), bound);
    let missing = operand.missing();
    let plan = ItemPlan::Levels {
        operand,
        missing,
        most: MOST_LEVELS,
        room: usize::MAX,
    };
    Ok((planned, plan))
}

/// A statistic of numbers, or a combination of them on the rows that have all.
fn numbers(
    item: &Item,
    codebook: &Codebook,
    requests: &mut Requests,
) -> Result<(Planned, ItemPlan), Error> {
    let mut operands = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut squared: Vec<usize> = Vec::new();
    let mut place = |of: &Expr| -> Result<usize, Error> {
        let text = of.to_string();
        if let Some(at) = places.get(&text) {
            return Ok(*at);
        }
        let bound = within(item, bind(of, codebook, Wanted::Numbers))?;
        operands.push(requests.operand(&text, bound));
        places.insert(text, operands.len());
        Ok(operands.len())
    };
    let mut terms = Vec::new();
    for term in &item.terms {
        let linear = match &term.statistic {
            Verb::Prop(of) if !of.is_condition() => {
                return Err(Error::Asked(format!(
                    "{}: prop({of}) has one share a level; in a combination it takes a condition, as in prop({of} == 'Yes')",
                    item.text
                )));
            }
            Verb::Mean(of) | Verb::Prop(of) => Linear::Mean(place(of)?),
            Verb::Total(of) | Verb::Count(Some(of)) => Linear::Total(place(of)?),
            Verb::Count(None) => Linear::Count,
            Verb::Ratio(y, x) => Linear::Ratio(place(y)?, place(x)?),
            Verb::Var(of) | Verb::Sd(of) => {
                let y = place(of)?;
                if !squared.contains(&(y - 1)) {
                    squared.push(y - 1);
                }
                // the place of the square is known when all numbers are
                match term.statistic {
                    Verb::Var(_) => Linear::Variance(y, y),
                    _ => Linear::Sd(y, y),
                }
            }
            Verb::Quantile(..) => {
                return Err(Error::Asked(format!(
                    "{}: a quantile stands alone, not in a combination",
                    item.text
                )));
            }
        };
        terms.push((term.coefficient, linear));
    }
    let count = operands.len();
    let square = |y: usize| 1 + count + squared.iter().position(|at| *at == y - 1).unwrap_or(0);
    for (_, linear) in &mut terms {
        match linear {
            Linear::Variance(y, at) | Linear::Sd(y, at) => *at = square(*y),
            _ => {}
        }
    }
    let (statistic, variable) = called(item);
    let planned = Planned {
        variable,
        shape: Shape::Numbers {
            combination: Combination {
                terms,
                constant: item.constant,
            },
            statistic,
        },
    };
    let plan = ItemPlan::Numbers {
        operands,
        squares: squared,
    };
    Ok((planned, plan))
}

/// What an argument is called in the column `variable`: a name stands without its backquotes.
fn about(of: &Expr) -> String {
    match &of.node {
        Node::Name(name) => name.clone(),
        _ => of.to_string(),
    }
}

/// The statistic of an item of numbers and what it is about.
fn called(item: &Item) -> (Statistic, String) {
    if !item.is_plain() {
        return (Statistic::Combination, item.text.clone());
    }
    match &item.terms[0].statistic {
        Verb::Mean(of) => (Statistic::Mean, about(of)),
        Verb::Prop(of) => (Statistic::Proportion, about(of)),
        Verb::Total(of) => (Statistic::Total, about(of)),
        Verb::Count(Some(of)) => (Statistic::Count, of.to_string()),
        Verb::Count(None) => (Statistic::Count, "count()".to_owned()),
        Verb::Ratio(y, x) => (Statistic::Ratio, format!("{y}/{x}")),
        Verb::Var(of) => (Statistic::Variance, about(of)),
        Verb::Sd(of) => (Statistic::Sd, about(of)),
        Verb::Quantile(of, _) => (Statistic::Combination, about(of)),
    }
}

/// Thresholds of an item of quantiles, as many for every domain.
#[derive(Clone)]
pub struct Thresholds {
    /// The place of the item.
    pub item: usize,
    pub by_domain: HashMap<Vec<Key>, Vec<f64>>,
    pub count: usize,
}

/// The plan that finds the shares at or below thresholds, for the intervals of quantiles.
pub fn at_most(planning: Planning, thresholds: Vec<Thresholds>) -> Plan {
    let mut plan = planning.plan;
    let mut items: Vec<Option<ItemPlan>> = plan.items.into_iter().map(Some).collect();
    let of = |thresholds: Thresholds| match items[thresholds.item].take() {
        Some(ItemPlan::Values { operand, .. }) => Some(ItemPlan::AtMost {
            operand,
            thresholds: thresholds.by_domain,
            count: thresholds.count,
        }),
        _ => None,
    };
    plan.items = thresholds.into_iter().filter_map(of).collect();
    plan
}
