//! From a request to what a scan adds up: names are looked up, and each item says which sums it takes.

use std::collections::HashMap;

use super::error::Error;
use super::numbers::{Combination, Linear};
use super::options::Incomplete;
use super::request::{Filter, Request};
use super::standardisation::can_be;
use crate::frames::Statistic;
use crate::survey::design::Design;
use crate::survey::expr::{Bound, Expr, Item, Node, OutputKind, Verb, bind};
use crate::survey::microdata::{self, Codebook, Kind, Value, Variable, View};
use crate::survey::sums::{DesignColumns, ItemPlan, Key, Mode, Plan, Requests, Weights};

/// A variable with more levels than this has no proportions.
const MOST_LEVELS: usize = 2_000;

/// One item as it is estimated; its place is that of its sums.
pub struct PlannedItem {
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

/// A plan, and what its parts are for.
pub struct PlannedRequest {
    pub plan: Plan,
    pub items: Vec<PlannedItem>,
    pub by: Vec<LevelNames>,
}

impl PlannedRequest {
    /// The title of the file, and of its variables those that are used.
    pub fn codebook(&self, whole: &Codebook) -> Codebook {
        let requests = &self.plan.requests;
        let used = |variable: &&Variable| requests.iter().any(|of| of.name == variable.name);
        Codebook {
            title: whole.title.clone(),
            variables: whole.variables.iter().filter(used).cloned().collect(),
            ..Codebook::default()
        }
    }
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
) -> Result<PlannedRequest, Error> {
    let mut requests = Requests::default();
    let columns = design_columns(design, codebook, weights, &mut requests)?;
    let mut by = Vec::new();
    let mut names = Vec::new();
    for group in &request.by {
        let bound = bound(&group.expr, &group.text, codebook, OutputKind::Codes)?;
        names.push(LevelNames::new(&bound, request.options.codes));
        by.push(requests.operand(&group.text, bound));
    }
    if let Some(standard) = &request.standard {
        standard.check()?;
        let whole = |item: &Item| item.terms.iter().all(|term| can_be(&term.statistic));
        if let Some(item) = request.items.iter().find(|item| !whole(item)) {
            return Err(Error::Request(format!(
                "{}: standardised are means, shares and ratios",
                item.text
            )));
        }
        let bound = bound(&standard.expr, &standard.text, codebook, OutputKind::Codes)?;
        names.push(LevelNames::new(&bound, request.options.codes));
        by.push(requests.operand(&standard.text, bound));
    }
    let condition = match &request.filter {
        None => None,
        Some(Filter { text, expr }) => {
            let bound = bound(expr, text, codebook, OutputKind::Condition)?;
            Some(requests.operand(text, bound))
        }
    };
    let mut items = Vec::new();
    let mut plans = Vec::new();
    for item in &request.items {
        let (mut planned, plan) = plan_item(item, codebook, request.options.codes, &mut requests)?;
        if let Some(name) = &item.name {
            planned.variable.clone_from(name);
        }
        items.push(planned);
        plans.push(plan);
    }
    Ok(PlannedRequest {
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

fn bound(expr: &Expr, text: &str, codebook: &Codebook, kind: OutputKind) -> Result<Bound, Error> {
    bind(expr, codebook, kind).map_err(|error| Error::Expression(error.within(text)))
}

fn plan_item(
    item: &Item,
    codebook: &Codebook,
    codes: bool,
    requests: &mut Requests,
) -> Result<(PlannedItem, ItemPlan), Error> {
    if item.is_plain() {
        match &item.terms[0].statistic {
            Verb::Quantile(of, probabilities) => {
                let bound = located(item, bind(of, codebook, OutputKind::Numbers))?;
                let planned = PlannedItem {
                    variable: argument_name(of),
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

fn located<T>(item: &Item, bound: Result<T, crate::survey::expr::Error>) -> Result<T, Error> {
    bound.map_err(|error| Error::Expression(error.within(&item.text)))
}

/// Whether a total of it has a row a level: texts, numbers with labels, and what is made of levels.
fn has_levels(of: &Expr, codebook: &Codebook) -> bool {
    if of.is_condition() {
        return false;
    }
    match bind(of, codebook, OutputKind::Codes) {
        Err(_) => false,
        Ok(bound) => match bound.variable() {
            Some(variable) => {
                let answer = |(value, _): &(Value, String)| !variable.missing.holds(value);
                variable.kind == Kind::Text || variable.labels.iter().any(answer)
            }
            None => bind(of, codebook, OutputKind::Numbers).is_err(),
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
) -> Result<(PlannedItem, ItemPlan), Error> {
    let bound = located(item, bind(of, codebook, OutputKind::Codes))?;
    let planned = PlannedItem {
        variable: argument_name(of),
        shape: Shape::Levels {
            total,
            levels: LevelNames::new(&bound, codes),
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
) -> Result<(PlannedItem, ItemPlan), Error> {
    let mut operands = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut squared: Vec<usize> = Vec::new();
    let mut place = |of: &Expr| -> Result<usize, Error> {
        let text = of.to_string();
        if let Some(at) = places.get(&text) {
            return Ok(*at);
        }
        let bound = located(item, bind(of, codebook, OutputKind::Numbers))?;
        operands.push(requests.operand(&text, bound));
        places.insert(text, operands.len());
        Ok(operands.len())
    };
    let mut terms = Vec::new();
    for term in &item.terms {
        let linear = match &term.statistic {
            Verb::Prop(of) if !of.is_condition() => {
                return Err(Error::Request(format!(
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
                return Err(Error::Request(format!(
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
    let (statistic, variable) = statistic_and_name(item);
    let planned = PlannedItem {
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
fn argument_name(of: &Expr) -> String {
    match &of.node {
        Node::Name(name) => name.clone(),
        _ => of.to_string(),
    }
}

/// The statistic of an item of numbers and what it is about.
fn statistic_and_name(item: &Item) -> (Statistic, String) {
    if !item.is_plain() {
        return (Statistic::Combination, item.text.clone());
    }
    match &item.terms[0].statistic {
        Verb::Mean(of) => (Statistic::Mean, argument_name(of)),
        Verb::Prop(of) => (Statistic::Proportion, argument_name(of)),
        Verb::Total(of) => (Statistic::Total, argument_name(of)),
        Verb::Count(Some(of)) => (Statistic::Count, of.to_string()),
        Verb::Count(None) => (Statistic::Count, "count()".to_owned()),
        Verb::Ratio(y, x) => (Statistic::Ratio, format!("{y}/{x}")),
        Verb::Var(of) => (Statistic::Variance, argument_name(of)),
        Verb::Sd(of) => (Statistic::StandardDeviation, argument_name(of)),
        Verb::Quantile(of, _) => (Statistic::Combination, argument_name(of)),
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
pub fn threshold_plan(planned: PlannedRequest, thresholds: Vec<Thresholds>) -> Plan {
    let mut plan = planned.plan;
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

/// How the levels of a variable or a group are called and ordered.
#[derive(Clone, Debug, Default)]
pub struct LevelNames {
    variable: Option<Variable>,
    order: Option<Vec<Value>>,
    codes: bool,
}

impl LevelNames {
    pub fn new(bound: &Bound, codes: bool) -> LevelNames {
        LevelNames {
            variable: bound.variable().cloned(),
            order: bound.level_order(),
            codes,
        }
    }

    /// Its label, or the value as it is written; both where two values have one label.
    pub fn name(&self, value: &Value) -> String {
        match (&self.variable, self.codes) {
            (Some(variable), false) => variable.name_of(value),
            _ => value.text(),
        }
    }

    /// Whether the value is an answer.
    pub fn is_answer(&self, value: &Value) -> bool {
        match &self.variable {
            Some(variable) => !variable.missing.holds(value),
            None => *value != Value::Null,
        }
    }

    /// Whether the levels have an order of their own: labels, numbers, bands. Texts have that of the alphabet.
    pub fn is_scale(&self) -> bool {
        let variable = self.variable.as_ref();
        self.order.is_some()
            || variable.is_some_and(|of| of.kind != Kind::Text || !of.labels.is_empty())
    }

    /// Places of the values in the order to be shown: that of the scale, else by size or by code point.
    pub fn order(&self, values: &[Value]) -> Vec<usize> {
        let labelled = self
            .variable
            .iter()
            .flat_map(|v| &v.labels)
            .map(|(value, _)| value);
        let known: Vec<&Value> = match &self.order {
            Some(order) => order.iter().collect(),
            None => labelled.collect(),
        };
        let texts = known.iter().any(|value| matches!(value, Value::Text(_)));
        let place = |value: &Value| {
            let at = known.iter().position(|other| *other == value);
            // labelled numbers go by size, among those without a label
            match texts || self.order.is_some() {
                true => at.unwrap_or(known.len()),
                false => 0,
            }
        };
        let mut places: Vec<usize> = (0..values.len()).collect();
        places.sort_by(|a, b| {
            let (a, b) = (&values[*a], &values[*b]);
            place(a).cmp(&place(b)).then_with(|| a.order(b))
        });
        places
    }
}

/// The columns of the design among those that are read.
pub fn design_columns(
    design: &Design,
    codebook: &Codebook,
    weights: Option<Weights>,
    requests: &mut Requests,
) -> Result<DesignColumns, Error> {
    let mut request = |name: &str, view: View, what: &str| -> Result<usize, Error> {
        let variable = codebook
            .variable(name)
            .map_err(|error| Error::DesignColumn {
                what: what.to_owned(),
                error,
            })?;
        if view == View::Numbers && variable.kind == Kind::Text {
            return Err(Error::DesignColumn {
                what: what.to_owned(),
                error: microdata::Error::NoNumber {
                    name: name.to_owned(),
                    found: "it holds texts".to_owned(),
                },
            });
        }
        Ok(requests.position(microdata::ColumnRequest {
            name: name.to_owned(),
            view,
        }))
    };
    let mut columns = DesignColumns {
        weights: Weights::One,
        combined: true,
        ..DesignColumns::default()
    };
    columns.weights = match (weights, &design.weights) {
        (Some(weights), _) => weights,
        (None, Some(name)) => Weights::Column(request(name, View::Numbers, "weights")?),
        (None, None) => Weights::One,
    };
    for name in &design.strata {
        columns.strata.push(request(name, View::Codes, "strata")?);
    }
    for (stage, name) in design.psu.iter().enumerate() {
        let at = request(name, View::Codes, "psu")?;
        if stage < design.stages() {
            columns.psu.push(at);
        }
    }
    for name in &design.fpc {
        columns.fpc.push(request(name, View::Numbers, "fpc")?);
    }
    if let Some(replicates) = &design.replicates {
        columns.combined = replicates.combined_weights;
        for name in replicate_columns(&replicates.columns, codebook)? {
            columns
                .replicates
                .push(request(&name, View::Numbers, "replicates")?);
        }
    }
    Ok(columns)
}

/// The columns that a regular expression matches, in the order of the file.
fn replicate_columns(pattern: &str, codebook: &Codebook) -> Result<Vec<String>, Error> {
    let regex = regex_lite::Regex::new(pattern).map_err(|error| {
        Error::Request(format!(
            "replicates {pattern:?} is no regular expression: {error}"
        ))
    })?;
    let names = codebook.variables.iter().map(|variable| &variable.name);
    let found: Vec<String> = names.filter(|name| regex.is_match(name)).cloned().collect();
    match found.is_empty() {
        true => Err(Error::Request(format!(
            "replicates {pattern:?} matches no column"
        ))),
        false => Ok(found),
    }
}
