//! From a request to what a scan adds up: names are looked up, and each item says which sums it takes.

use std::collections::HashMap;

use super::Error;
use super::design_columns::design_columns;
use super::level_names::LevelNames;
use super::levels::listed::{ListedAnswers, MOST_ANSWERS};
use super::numbers::{Combination, Linear};
use super::options::{Incomplete, Options};
use super::request::{Filter, Request};
use super::standardisation::{PlannedStandard, can_be};
use crate::frames::Statistic;
use crate::frames::non_answers::is_non_answer;
use crate::survey::design::Design;
use crate::survey::expr::{
    Arithmetic, Bound, Comparison, Expr, Item, NamedLiteral, Node, OutputKind, Split, Term, Verb,
    bind, bind_within, split,
};
use crate::survey::microdata::{
    Codebook, ColumnRequest, Kind, Measure, MissingValues, Value, Variable, View,
};
use crate::survey::sums::{ItemPlan, Key, Mode, Operand, Plan, Requests, Weights};

/// A variable with more levels than this has no proportions.
const MOST_LEVELS: usize = 2_000;

/// One item as it is estimated; its place is that of its sums. An item that was asked for is one of these, or several where
/// each answer of a list has a share.
pub struct PlannedItem {
    /// The place of the item among those asked for.
    pub item: usize,
    /// What it is about, for the column `variable`.
    pub variable: String,
    pub shape: Shape,
    /// Whether it is of some of the domain alone: those of a filter, or who answered all of several items.
    pub filtered: bool,
    /// Whether it is the share of one answer among those that an entry lists: `prop(q contains '3')`.
    pub of_listed: bool,
}

impl PlannedItem {
    /// What its levels are called.
    pub fn level_names(&self) -> Option<&LevelNames> {
        match &self.shape {
            Shape::Levels { levels, .. } => Some(levels),
            _ => None,
        }
    }

    /// Values of its levels that are no answers.
    pub fn no_answers(&self) -> MissingValues {
        match &self.shape {
            Shape::Levels { levels, .. } => levels.missing(),
            _ => MissingValues::default(),
        }
    }
}

pub enum Shape {
    /// Shares or totals of the levels of a variable.
    Levels { total: bool, levels: LevelNames },
    /// A statistic of numbers.
    Numbers {
        combination: Combination,
        statistic: Statistic,
    },
    /// The share of one answer, or of several as a net, where respondents give any number of them.
    Listed { name: String, net: bool },
    /// Quantiles at these probabilities.
    Quantiles(Vec<f64>),
}

/// A plan, and what its parts are for.
pub struct PlannedRequest {
    pub plan: Plan,
    pub items: Vec<PlannedItem>,
    pub by: Vec<LevelNames>,
    pub standard: Option<PlannedStandard>,
}

impl PlannedRequest {
    /// What the file says of itself, and of its variables those that are used.
    pub fn codebook(&self, whole: &Codebook) -> Codebook {
        let requests = &self.plan.requests;
        let used =
            |variable: &&Variable| requests.iter().any(|request| request.name == variable.name);
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
    listed: &ListedAnswers,
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
    let standard = request
        .standard
        .as_ref()
        .map(|standard| standard.planned(codebook))
        .transpose()?;
    if let (Some(standard), Some(written)) = (&standard, &request.standard) {
        let whole = |item: &Item| item.terms.iter().all(|term| can_be(&term.statistic));
        if let Some(item) = request.items.iter().find(|item| !whole(item)) {
            return Err(Error::Request(format!(
                "{}: standardised are means, shares and ratios",
                item.text
            )));
        }
        let bound = bound(&standard.expr, &written.text, codebook, OutputKind::Codes)?;
        names.push(LevelNames::new(&bound, request.options.codes));
        by.push(requests.operand(&written.text, bound));
    }
    let condition = match &request.filter {
        None => None,
        Some(Filter { text, expr }) => {
            let bound = bound(expr, text, codebook, OutputKind::Condition)?;
            Some(requests.operand(text, bound))
        }
    };
    let mut planner = Planner {
        request,
        codebook,
        listed,
        options: request.options,
        requests,
        items: Vec::new(),
        plans: Vec::new(),
        filters: HashMap::new(),
    };
    for at in 0..request.items.len() {
        planner.item(at)?;
    }
    Ok(PlannedRequest {
        plan: Plan {
            requests: planner.requests.all,
            literals: planner.requests.literals,
            item_filters: planner.filters,
            items: planner.plans,
            design: columns,
            by,
            condition,
            mode,
            rank: mode == Mode::Replicates && design.df.is_none(),
            drop_incomplete: request.options.incomplete == Incomplete::Drop,
            keep_places: false,
            // groups of a standard are domains that have no row of their own
            domain_limit: match request.standard {
                Some(_) => None,
                None => request.options.limits.domains(),
            },
        },
        items: planner.items,
        by: names,
        standard,
    })
}

fn bound(expr: &Expr, text: &str, codebook: &Codebook, kind: OutputKind) -> Result<Bound, Error> {
    bind(expr, codebook, kind).map_err(|error| Error::Expression(error.within(text)))
}

fn located<T>(item: &Item, bound: Result<T, crate::survey::expr::Error>) -> Result<T, Error> {
    bound.map_err(|error| Error::Expression(error.within(&item.text)))
}

/// Plans the items of a request one after the other.
struct Planner<'a> {
    request: &'a Request,
    codebook: &'a Codebook,
    listed: &'a ListedAnswers,
    options: Options,
    requests: Requests,
    items: Vec<PlannedItem>,
    plans: Vec<ItemPlan>,
    filters: HashMap<usize, Operand>,
}

impl Planner<'_> {
    fn item(&mut self, at: usize) -> Result<(), Error> {
        let request = self.request;
        let item = &request.items[at];
        let [term] = item.terms.as_slice() else {
            return self.numbers(at, item);
        };
        if !item.is_plain() {
            return self.numbers(at, item);
        }
        match &term.statistic {
            Verb::Quantile(argument, probabilities) => {
                let bound = located(item, bind(argument, self.codebook, OutputKind::Numbers))?;
                let operand = self.requests.operand(&argument.to_string(), bound);
                self.count_non_answers(argument);
                let plan = ItemPlan::Values {
                    operand,
                    by_value: false,
                };
                let shape = Shape::Quantiles(probabilities.clone());
                self.push(
                    at,
                    item,
                    (argument_name(argument), shape, plan),
                    term.filter.as_ref(),
                )
            }
            Verb::Prop(argument) if !argument.is_condition() => {
                match located(item, split(argument))? {
                    Some(split) => self.listed(at, item, split, term.filter.as_ref()),
                    None => self.levels(at, item, argument, false),
                }
            }
            Verb::Total(argument) if self.has_levels(argument) => {
                self.levels(at, item, argument, true)
            }
            _ => self.numbers(at, item),
        }
    }

    /// Adds an item, of some of the domain alone where it has a filter.
    fn push(
        &mut self,
        at: usize,
        item: &Item,
        (variable, shape, plan): (String, Shape, ItemPlan),
        filter: Option<&Expr>,
    ) -> Result<(), Error> {
        let variable = match (&item.name, filter) {
            (Some(name), _) => name.clone(),
            (None, Some(filter)) if item.is_plain() => format!("{variable} where {filter}"),
            (None, _) => variable,
        };
        if let Some(filter) = filter {
            let bound = located(item, bind(filter, self.codebook, OutputKind::Condition))?;
            let operand = self.requests.operand(&filter.to_string(), bound);
            self.filters.insert(self.items.len(), operand);
        }
        self.items.push(PlannedItem {
            item: at,
            variable,
            shape,
            filtered: filter.is_some() || needs_all_answers(item),
            of_listed: item.is_plain()
                && matches!(
                    item.terms.first().map(|term| &term.statistic),
                    Some(Verb::Prop(Expr {
                        node: Node::Contains { .. },
                        ..
                    }))
                ),
        });
        self.plans.push(plan);
        Ok(())
    }

    /// Whether a total of it has a row a level: texts, numbers with labels, and what is made of levels.
    fn has_levels(&self, argument: &Expr) -> bool {
        if argument.is_condition() {
            return false;
        }
        match bind(argument, self.codebook, OutputKind::Codes) {
            Err(_) => false,
            Ok(bound) => match bound.variable() {
                Some(variable) => {
                    let answer = |(value, _): &(Value, String)| !variable.missing.holds(value);
                    variable.kind == Kind::Text || variable.labels.iter().any(answer)
                }
                None => bind(argument, self.codebook, OutputKind::Numbers).is_err(),
            },
        }
    }

    fn levels(
        &mut self,
        at: usize,
        item: &Item,
        argument: &Expr,
        total: bool,
    ) -> Result<(), Error> {
        let bound = located(item, bind(argument, self.codebook, OutputKind::Codes))?;
        let shape = Shape::Levels {
            total,
            levels: LevelNames::new(&bound, self.options.codes),
        };
        let operand = self.requests.operand(&argument.to_string(), bound);
        let plan = ItemPlan::Levels {
            missing: operand.missing(),
            operand,
            most: MOST_LEVELS,
            room: usize::MAX,
        };
        let filter = item.terms.first().and_then(|term| term.filter.as_ref());
        self.push(at, item, (argument_name(argument), shape, plan), filter)
    }

    /// A share for each answer of a list: whoever gave any is in the base of all, so each answer is an item of its own.
    fn listed(
        &mut self,
        at: usize,
        item: &Item,
        split: Split,
        filter: Option<&Expr>,
    ) -> Result<(), Error> {
        let variable = located(item, bind(split.argument, self.codebook, OutputKind::Codes))?;
        let variable = variable.variable().cloned();
        let Some((separator, answers)) = self.listed.answers(split.variable, split.separator)
        else {
            return Err(Error::Request(format!(
                "{}: the answers of {} are found out where the respondents are; of sums ask for each, as in prop({} contains 'A')",
                item.text, split.variable, split.variable
            )));
        };
        if answers.len() > MOST_ANSWERS {
            return Err(Error::Request(format!(
                "{}: {} has more than {MOST_ANSWERS} different answers; ask for some, as in prop({} contains 'A')",
                item.text, split.variable, split.variable
            )));
        }
        let contains = |answer: &str| Expr {
            node: Node::Contains {
                value: Box::new(split.argument.clone()),
                answer: answer.to_owned(),
                negated: false,
                separator: Some(separator),
            },
            span: split.argument.span.clone(),
        };
        let name = |answer: &str| {
            let value = Value::Text(answer.to_owned());
            let label = variable
                .as_ref()
                .and_then(|variable| variable.label_of(&value));
            label.unwrap_or(answer).to_owned()
        };
        let mut shares: Vec<(String, bool, Vec<&str>)> = Vec::new();
        for net in &self.request.nets {
            let member = |level: &String| {
                answers
                    .iter()
                    .map(String::as_str)
                    .find(|answer| name(answer) == *level)
            };
            if let Some(members) = net.levels.iter().map(member).collect() {
                shares.push((net.name.clone(), true, members));
            }
        }
        shares.extend(
            answers
                .iter()
                .map(|answer| (name(answer), false, vec![answer.as_str()])),
        );
        for (name, net, answers) in shares {
            let mut conditions: Vec<Expr> = answers.into_iter().map(contains).collect();
            let expr = match conditions.len() {
                1 => conditions.remove(0),
                _ => Expr {
                    node: Node::Or(conditions),
                    span: split.argument.span.clone(),
                },
            };
            let bound = located(item, bind(&expr, self.codebook, OutputKind::Numbers))?;
            let plan = ItemPlan::Numbers {
                operands: vec![self.requests.operand(&expr.to_string(), bound)],
                products: Vec::new(),
            };
            let shape = Shape::Listed { name, net };
            self.push(at, item, (split.variable.to_owned(), shape, plan), filter)?;
        }
        Ok(())
    }

    /// A statistic of numbers, or a combination of them on the rows that have all.
    fn numbers(&mut self, at: usize, item: &Item) -> Result<(), Error> {
        let filters = Filters::from_terms(item)?;
        let mut operands = Operands {
            item,
            codebook: self.codebook,
            each_its_own: matches!(filters, Filters::Several(_)),
            requests: &mut self.requests,
            operands: Vec::new(),
            products: Vec::new(),
            places: HashMap::new(),
            order: &self.request.order,
        };
        let mut terms = Vec::new();
        for term in &item.terms {
            terms.push((term.coefficient, operands.linear(term)?));
        }
        let plan = operands.finish(&mut terms);
        let arguments = item.terms.iter().flat_map(|term| match &term.statistic {
            Verb::Prop(_) | Verb::Count(_) => Vec::new(),
            verb => verb.arguments(),
        });
        arguments.for_each(|argument| self.count_non_answers(argument));
        let (statistic, variable) = statistic_and_name(item);
        let shape = Shape::Numbers {
            combination: Combination {
                terms,
                constant: item.constant,
            },
            statistic,
        };
        let filter = match filters {
            Filters::None => None,
            Filters::One(filter) => Some(filter),
            Filters::Several(any) => any,
        };
        self.push(at, item, (variable, shape, plan), filter.as_ref())
    }

    /// Codes that are labelled as no answer and not declared missing count as numbers: how many have them is to be known.
    fn count_non_answers(&mut self, argument: &Expr) {
        // in a condition a code is what it is named to be
        if argument.is_condition() {
            return;
        }
        if let Node::Name(name) = &argument.node
            && let Ok(variable) = self.codebook.variable(name)
            && variable.kind == Kind::Number
        {
            for (value, label) in &variable.labels {
                if is_non_answer(label) && !variable.missing.holds(value) {
                    let column = self.requests.position(ColumnRequest {
                        name: name.clone(),
                        view: View::Numbers,
                    });
                    let named = NamedLiteral::labelled(value, label, variable);
                    self.requests.count(named, column);
                }
            }
        }
        for part in argument.parts() {
            self.count_non_answers(part);
        }
    }
}

/// Of whom the terms of an item are.
enum Filters {
    None,
    /// All of the same.
    One(Expr),
    /// Not all of the same: those of any of them, where every term has some.
    Several(Option<Expr>),
}

impl Filters {
    fn from_terms(item: &Item) -> Result<Filters, Error> {
        let filters: Vec<Option<&Expr>> = item.terms.iter().map(|t| t.filter.as_ref()).collect();
        let Some(first) = filters.first().copied() else {
            return Ok(Filters::None);
        };
        if filters.iter().all(|filter| *filter == first) {
            return Ok(first.map_or(Filters::None, |filter| Filters::One(filter.clone())));
        }
        let apart = |term: &&Term| {
            term.filter.is_some() && matches!(term.statistic, Verb::Var(_) | Verb::Sd(_))
        };
        if let Some(term) = item.terms.iter().find(apart) {
            return Err(Error::Request(format!(
                "{}: {} can’t be combined with others that are of other respondents; put the same where into all, or take them one by one",
                item.text,
                term.statistic.name()
            )));
        }
        let all: Option<Vec<Expr>> = filters.into_iter().map(Option::<&Expr>::cloned).collect();
        Ok(Filters::Several(all.map(|mut filters| {
            filters.dedup();
            Expr {
                span: 0..0,
                node: Node::Or(filters),
            }
        })))
    }
}

/// The numbers that the terms of an item are linear in: z_1 … and the products after them.
struct Operands<'a> {
    item: &'a Item,
    codebook: &'a Codebook,
    /// Whether a term with a filter has it within its numbers: the terms are not all of the same respondents.
    each_its_own: bool,
    requests: &'a mut Requests,
    operands: Vec<Operand>,
    products: Vec<(usize, usize)>,
    places: HashMap<String, usize>,
    /// Answers of items that are text, lowest first.
    order: &'a [String],
}

impl Operands<'_> {
    /// The place of a number among the basics.
    fn place(&mut self, argument: &Expr) -> Result<usize, Error> {
        let text = argument.to_string();
        if let Some(at) = self.places.get(&text) {
            return Ok(*at);
        }
        let bound = located(
            self.item,
            bind(argument, self.codebook, OutputKind::Numbers),
        )?;
        Ok(self.add(text, bound))
    }

    /// The place of a number that counts for some alone; of 1 where none is named.
    fn place_within(
        &mut self,
        argument: Option<&Expr>,
        filter: &Expr,
        beside: &[&Expr],
    ) -> Result<usize, Error> {
        let others: Vec<String> = beside.iter().map(ToString::to_string).collect();
        let number = argument.map_or_else(|| "1".to_owned(), ToString::to_string);
        let text = format!("{number} within {filter} [{}]", others.join(", "));
        if let Some(at) = self.places.get(&text) {
            return Ok(*at);
        }
        let bound = bind_within(argument, filter, beside, self.codebook);
        let bound = located(self.item, bound)?;
        Ok(self.add(text, bound))
    }

    fn add(&mut self, text: String, bound: Bound) -> usize {
        self.operands.push(self.requests.operand(&text, bound));
        self.places.insert(text, self.operands.len());
        self.operands.len()
    }

    fn linear(&mut self, term: &Term) -> Result<Linear, Error> {
        let item = self.item;
        match (
            &term.statistic,
            term.filter.as_ref().filter(|_| self.each_its_own),
        ) {
            (Verb::Prop(argument), _) if !argument.is_condition() => Err(Error::Request(format!(
                "{}: prop({argument}) has one share a level; in a combination it takes a condition, as in prop({argument} == 'Yes')",
                item.text
            ))),
            (Verb::Quantile(..), _) => Err(Error::Request(format!(
                "{}: a quantile stands alone, not in a combination",
                item.text
            ))),
            (Verb::Cor(..) | Verb::Alpha(_), _) if !item.is_plain() => {
                Err(Error::Request(format!(
                    "{}: {} stands alone, not in a combination",
                    item.text,
                    term.statistic.name()
                )))
            }
            (Verb::Cor(x, y), _) => {
                let [x, y] = [self.place(x)?, self.place(y)?];
                for (a, b) in [(x, y), (x, x), (y, y)] {
                    self.multiply(a, b);
                }
                Ok(Linear::Correlation([x, y, x, x, y]))
            }
            (Verb::Alpha(items), _) => self.alpha(items),
            (Verb::Mean(argument) | Verb::Prop(argument), None) => {
                Ok(Linear::Mean(self.place(argument)?))
            }
            (Verb::Mean(argument) | Verb::Prop(argument), Some(filter)) => Ok(Linear::MeanWithin(
                self.place_within(Some(argument), filter, &[])?,
                self.place_within(None, filter, &[argument])?,
            )),
            (Verb::Total(argument) | Verb::Count(Some(argument)), None) => {
                Ok(Linear::Total(self.place(argument)?))
            }
            (Verb::Total(argument) | Verb::Count(Some(argument)), Some(filter)) => Ok(
                Linear::Total(self.place_within(Some(argument), filter, &[])?),
            ),
            (Verb::Count(None), None) => Ok(Linear::Count),
            (Verb::Count(None), Some(filter)) => {
                Ok(Linear::Total(self.place_within(None, filter, &[])?))
            }
            (Verb::Ratio(y, x), None) => Ok(Linear::Ratio(self.place(y)?, self.place(x)?)),
            (Verb::Ratio(y, x), Some(filter)) => Ok(Linear::Ratio(
                self.place_within(Some(y), filter, &[x])?,
                self.place_within(Some(x), filter, &[y])?,
            )),
            (Verb::Var(argument) | Verb::Sd(argument), _) => {
                let y = self.place(argument)?;
                self.multiply(y, y);
                // the place of the square is known when all numbers are
                match term.statistic {
                    Verb::Var(_) => Ok(Linear::Variance(y, y)),
                    _ => Ok(Linear::Sd(y, y)),
                }
            }
        }
    }

    /// Has the product of the basics at two places, or the square of one, added up, too.
    fn multiply(&mut self, a: usize, b: usize) {
        let pair = (a - 1, b - 1);
        if !self.products.contains(&pair) {
            self.products.push(pair);
        }
    }

    /// The items one after the other, then their sum, and the squares of all.
    fn alpha(&mut self, items: &[Expr]) -> Result<Linear, Error> {
        let coded: Vec<Expr> = items.iter().map(|item| self.coded(item)).collect();
        let sum = coded.iter().cloned().reduce(|sum, item| Expr {
            span: sum.span.start..item.span.end,
            node: Node::Binary {
                operator: Arithmetic::Add,
                left: Box::new(sum),
                right: Box::new(item),
            },
        });
        for part in coded.iter().chain(&sum) {
            let bound = located(self.item, bind(part, self.codebook, OutputKind::Numbers));
            let bound = bound.map_err(|error| match self.order.is_empty() {
                true => Error::Request(format!(
                    "{error}\ntext takes its order from --order: --order 'Low,Mid,High'"
                )),
                false => error,
            })?;
            let at = self.operands.len();
            self.products.push((at, at));
            self.operands
                .push(self.requests.operand(&part.to_string(), bound));
        }
        Ok(Linear::Alpha {
            items: 1,
            count: items.len(),
            squares: 0,
        })
    }

    /// A text as the place of its answer in the order, from 1; any other answer is none. Numbers stay what they are.
    fn coded(&self, item: &Expr) -> Expr {
        let is_text = match &item.node {
            Node::Name(name) => self
                .codebook
                .variable(name)
                .is_ok_and(|variable| variable.kind == Kind::Text),
            _ => false,
        };
        if !is_text || self.order.is_empty() {
            return item.clone();
        }
        let node = |node| Expr {
            node,
            span: item.span.clone(),
        };
        let levels: Vec<Expr> = self
            .order
            .iter()
            .map(|level| node(Node::Text(level.clone())))
            .collect();
        let one = |(at, level): (usize, &Expr)| {
            node(Node::Binary {
                operator: Arithmetic::Multiply,
                left: Box::new(node(Node::Number(at as f64 + 1.0))),
                right: Box::new(node(Node::Compare {
                    operator: Comparison::Equal,
                    left: Box::new(item.clone()),
                    right: Box::new(level.clone()),
                })),
            })
        };
        let places = levels.iter().enumerate().map(one);
        let place = places.reduce(|sum, next| {
            node(Node::Binary {
                operator: Arithmetic::Add,
                left: Box::new(sum),
                right: Box::new(next),
            })
        });
        // what is divided by 0 is no answer
        node(Node::Binary {
            operator: Arithmetic::Divide,
            left: Box::new(place.unwrap_or_else(|| item.clone())),
            right: Box::new(node(Node::In {
                value: Box::new(item.clone()),
                list: levels,
                negated: false,
            })),
        })
    }

    /// Gives the products their places, which are behind all numbers.
    fn finish(self, terms: &mut [(f64, Linear)]) -> ItemPlan {
        let (count, products) = (self.operands.len(), self.products);
        let product = |a: usize, b: usize| {
            let at = products.iter().position(|pair| *pair == (a - 1, b - 1));
            1 + count + at.unwrap_or(0)
        };
        let square = |y: usize| product(y, y);
        for (_, linear) in terms {
            match linear {
                Linear::Variance(y, at) | Linear::Sd(y, at) => *at = square(*y),
                Linear::Correlation([x, y, xy, xx, yy]) => {
                    (*xy, *xx, *yy) = (product(*x, *y), square(*x), square(*y));
                }
                Linear::Alpha { squares, .. } => *squares = 1 + count,
                _ => {}
            }
        }
        ItemPlan::Numbers {
            operands: self.operands,
            products,
        }
    }
}

/// Whether an item is of those who answered everything in it, and its degrees of freedom are theirs.
fn needs_all_answers(item: &Item) -> bool {
    let complete = |term: &Term| matches!(term.statistic, Verb::Cor(..) | Verb::Alpha(_));
    item.terms.iter().any(complete)
}

/// Whether a variable has levels: texts, and numbers with labels that are no measurements.
pub fn has_levels(expr: &Expr, codebook: &Codebook) -> bool {
    match &expr.node {
        Node::Name(name) => codebook.variable(name).is_ok_and(|variable| {
            let answer = |(value, _): &(Value, String)| !variable.missing.holds(value);
            match (variable.kind, variable.measure) {
                (Kind::Text, _) => true,
                (Kind::Date | Kind::DateTime, _) | (_, Some(Measure::Scale)) => false,
                _ => variable.labels.iter().any(answer),
            }
        }),
        Node::Cross(_) | Node::Text(_) => true,
        Node::Call { function, .. } => function == "cut",
        _ => expr.is_condition(),
    }
}

/// What an argument is called in the column `variable`: a name stands without its backquotes.
fn argument_name(argument: &Expr) -> String {
    match &argument.node {
        Node::Name(name) => name.clone(),
        _ => argument.to_string(),
    }
}

/// The statistic of an item of numbers and what it is about.
fn statistic_and_name(item: &Item) -> (Statistic, String) {
    if !item.is_plain() {
        return (item.combined_statistic(), item.text.clone());
    }
    match &item.terms[0].statistic {
        Verb::Mean(argument) => (Statistic::Mean, argument_name(argument)),
        Verb::Prop(argument) => (Statistic::Proportion, argument_name(argument)),
        Verb::Total(argument) => (Statistic::Total, argument_name(argument)),
        Verb::Count(Some(argument)) => (Statistic::Count, argument.to_string()),
        Verb::Count(None) => (Statistic::Count, "count()".to_owned()),
        Verb::Ratio(y, x) => (Statistic::Ratio, format!("{y}/{x}")),
        Verb::Var(argument) => (Statistic::Variance, argument_name(argument)),
        Verb::Sd(argument) => (Statistic::StandardDeviation, argument_name(argument)),
        Verb::Cor(x, y) => (
            Statistic::Correlation,
            format!("{}, {}", argument_name(x), argument_name(y)),
        ),
        Verb::Alpha(items) => (
            Statistic::Alpha,
            items
                .iter()
                .map(argument_name)
                .collect::<Vec<_>>()
                .join(", "),
        ),
        Verb::Quantile(argument, _) => (Statistic::Combination, argument_name(argument)),
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
    let mut filters = std::mem::take(&mut plan.item_filters);
    plan.items = Vec::new();
    // who has the values that are named is known from the first pass
    plan.literals = Vec::new();
    for thresholds in thresholds {
        let Some(ItemPlan::Values { operand, .. }) = items[thresholds.item].take() else {
            continue;
        };
        if let Some(filter) = filters.remove(&thresholds.item) {
            plan.item_filters.insert(plan.items.len(), filter);
        }
        plan.items.push(ItemPlan::AtMost {
            operand,
            thresholds: thresholds.by_domain,
            count: thresholds.count,
        });
    }
    plan
}
