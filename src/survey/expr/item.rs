//! Items: statistics and linear combinations of them.

use std::fmt;
use std::ops::Range;

use super::ast::write_filter;
use super::function::{check, split, unknown};
use super::{Arithmetic, Error, Expr, Literal, Node, Reason};
use crate::frames::Statistic;

/// What is to be estimated: a statistic, or Σ coefficient × statistic + constant.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// As typed, without space around it; the places of its parts are in this text.
    pub text: String,
    /// What it is to be called, where the text says it: `Favourable = prop(q1 in [1, 2])`.
    pub name: Option<String>,
    /// At least one, in the order of the text.
    pub terms: Vec<Term>,
    pub constant: f64,
}

/// A statistic with its coefficient.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    pub coefficient: f64,
    pub statistic: Verb,
    /// Of whom, where that is not everybody in the domain: `mean(y, where t == 1)`.
    pub filter: Option<Expr>,
    /// The place of the statistic in the text of its item.
    pub span: Range<usize>,
}

impl Item {
    /// Whether one of its statistics [divides](Expr::divides) within.
    pub fn divides(&self) -> bool {
        self.terms.iter().any(|term| term.statistic.divides())
    }

    /// The item that a text says, with a name before it if it is to have one (`Favourable = prop(q1 in [1, 2])`): `mean(x)`, `prop(q1 in ['Yes', 'Rather yes'])`, `2 * mean(a) + total(b) / 1000 - 3`.
    ///
    /// # Errors
    /// What is not understood, what is no statistic and no linear combination of statistics, an unknown statistic, wrong
    /// arguments; with the place in the text.
    pub fn parse(text: &str) -> Result<Item, Error> {
        let text = text.trim();
        Item::read(text).map_err(|error| error.within(text))
    }

    fn read(text: &str) -> Result<Item, Error> {
        let (name, statistic) = named(text);
        let expr = Expr::parse(&statistic)?;
        let sum = Sum::from_expr(&expr)?;
        if sum.terms.is_empty() {
            return Err(Error::new(Reason::ConstantItem, expr.span));
        }
        let item = Item {
            text: text.to_owned(),
            name,
            terms: sum.terms,
            constant: sum.constant,
        };
        match item.terms.iter().find(|term| term.rows_for_quantiles() > 1) {
            Some(term) if !item.is_plain() => {
                Err(Error::new(Reason::SeveralQuantiles, term.span.clone()))
            }
            _ => Ok(item),
        }
    }

    /// The text in the canonical form: however an item is typed, what is the same but for spaces, quotes and backquotes
    /// reads the same.
    pub fn canonical(&self) -> String {
        let (name, statistic) = named(&self.text);
        match (Expr::parse(&statistic), name) {
            (Ok(expr), Some(name)) => format!("{name} = {expr}"),
            (Ok(expr), None) => expr.to_string(),
            (Err(_), _) => self.text.clone(),
        }
    }

    /// Whether another item is the same combination of the same statistics, whatever it is called and however typed.
    pub fn means(&self, other: &Item) -> bool {
        let same = |(one, other): (&Term, &Term)| {
            one.coefficient == other.coefficient && one.to_string() == other.to_string()
        };
        self.constant == other.constant
            && self.terms.len() == other.terms.len()
            && self.terms.iter().zip(&other.terms).all(same)
    }

    /// What a combination is: of shares alone, each once at most, a difference or a sum of them. `100 * prop(x)` is a number
    /// that is counted in per cents already.
    pub fn combined_statistic(&self) -> Statistic {
        let is_share = |term: &Term| match &term.statistic {
            Verb::Prop(_) => true,
            Verb::Mean(of) => of.is_condition(),
            _ => false,
        };
        let mut factors = self.terms.iter().map(|term| term.coefficient);
        let once = factors.all(|factor| factor.abs() <= 1.0) && self.constant.abs() <= 1.0;
        let less = self.constant < 0.0 || self.terms.iter().any(|term| term.coefficient < 0.0);
        match self.terms.iter().all(is_share) && once {
            true if less => Statistic::ShareDifference,
            true => Statistic::ShareSum,
            false => Statistic::Combination,
        }
    }

    /// Whether it is one statistic, times 1 and plus 0.
    pub fn is_plain(&self) -> bool {
        self.constant == 0.0 && matches!(self.terms.as_slice(), [term] if term.coefficient == 1.0)
    }
}

/// The name before a single `=`, and the text with blanks in the place of both, so that places stay what they are.
fn named(text: &str) -> (Option<String>, String) {
    let Some((name, rest)) = text.split_once('=') else {
        return (None, text.to_owned());
    };
    let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '_' | '-');
    if rest.starts_with('=') || name.trim().is_empty() || !name.chars().all(plain) {
        return (None, text.to_owned());
    }
    let blanks = " ".repeat(name.len() + 1);
    (Some(name.trim().to_owned()), format!("{blanks}{rest}"))
}

impl Term {
    fn rows_for_quantiles(&self) -> usize {
        match &self.statistic {
            Verb::Quantile(_, at) => at.len(),
            _ => 1,
        }
    }
}

impl fmt::Display for Term {
    /// The statistic, with of whom it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let statistic = self.statistic.to_string();
        let open = statistic.strip_suffix(')').unwrap_or(&statistic);
        f.write_str(open)?;
        write_filter(f, self.filter.as_ref(), !open.ends_with('('))?;
        f.write_str(")")
    }
}

/// A linear combination in the making.
struct Sum {
    terms: Vec<Term>,
    constant: f64,
}

impl Sum {
    fn from_expr(expr: &Expr) -> Result<Sum, Error> {
        let wrong = |reason| Err(Error::new(reason, expr.span.clone()));
        match &expr.node {
            Node::Number(number) => Ok(Sum {
                terms: Vec::new(),
                constant: *number,
            }),
            Node::Neg(inner) => Sum::from_expr(inner)?.times(-1.0, expr),
            Node::Binary {
                operator,
                left,
                right,
            } => Sum::calculated(
                *operator,
                Sum::from_expr(left)?,
                Sum::from_expr(right)?,
                expr,
            ),
            Node::Call {
                function,
                arguments,
                filter,
            } => match function.as_str() {
                "cut" | "split" => wrong(Reason::LevelsItem(expr.to_string())),
                _ => Ok(Sum {
                    terms: vec![Term {
                        coefficient: 1.0,
                        statistic: Verb::from_call(function, arguments, expr)?,
                        filter: filter.as_deref().cloned(),
                        span: expr.span.clone(),
                    }],
                    constant: 0.0,
                }),
            },
            Node::Name(_) => wrong(Reason::BareVariable(expr.to_string())),
            Node::Cross(_) => wrong(Reason::LevelsItem(expr.to_string())),
            Node::Text(_) | Node::Truth(_) => wrong(Reason::ConstantItem),
            _ => match compares_statistics(expr) {
                true => wrong(Reason::ComparedStatistics),
                false => wrong(Reason::ConditionItem(expr.to_string())),
            },
        }
    }

    fn calculated(operator: Arithmetic, left: Sum, right: Sum, expr: &Expr) -> Result<Sum, Error> {
        let wrong = |reason| Err(Error::new(reason, expr.span.clone()));
        match operator {
            Arithmetic::Add => left.plus(right, expr),
            Arithmetic::Subtract => left.plus(right.times(-1.0, expr)?, expr),
            Arithmetic::Multiply => match (left.terms.is_empty(), right.terms.is_empty()) {
                (true, _) => right.times(left.constant, expr),
                (_, true) => left.times(right.constant, expr),
                _ => wrong(Reason::Product),
            },
            Arithmetic::Divide if !right.terms.is_empty() => wrong(Reason::Quotient),
            Arithmetic::Divide if right.constant == 0.0 => wrong(Reason::ByZero),
            Arithmetic::Divide => left.each(|number| number / right.constant, expr),
        }
    }

    fn plus(mut self, other: Sum, expr: &Expr) -> Result<Sum, Error> {
        self.terms.extend(other.terms);
        self.constant += other.constant;
        self.each(|number| number, expr)
    }

    fn times(self, factor: f64, expr: &Expr) -> Result<Sum, Error> {
        self.each(|number| number * factor, expr)
    }

    /// The combination with all its numbers changed, which must stay finite.
    fn each(mut self, change: impl Fn(f64) -> f64, expr: &Expr) -> Result<Sum, Error> {
        let numbers = self.terms.iter_mut().map(|term| &mut term.coefficient);
        for number in numbers.chain([&mut self.constant]) {
            // the sum with 0 makes 0 of -0
            *number = change(*number) + 0.0;
            if !number.is_finite() {
                return Err(Error::new(Reason::NotFinite, expr.span.clone()));
            }
        }
        Ok(self)
    }
}

/// Whether a statistic stands in a condition, where `prop(…)` around it would not help.
fn compares_statistics(expr: &Expr) -> bool {
    match &expr.node {
        Node::Call { function, .. } => STATISTICS.contains(&function.as_str()),
        _ => expr.parts().into_iter().any(compares_statistics),
    }
}

/// A statistic and what it is of.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    /// The mean of numbers, or of a condition as 0 and 1.
    Mean(Expr),
    /// The share in which a condition holds; of anything else, the share of each level.
    Prop(Expr),
    /// The total of numbers; of categories, of each level.
    Total(Expr),
    /// How many, or in how many a condition holds.
    Count(Option<Expr>),
    /// The total of the first over the total of the second.
    Ratio(Expr, Expr),
    /// Quantiles at probabilities strictly between 0 and 1, at least one. `median(y)` is the one at 0.5.
    Quantile(Expr, Vec<f64>),
    /// The variance in the population.
    Var(Expr),
    /// The standard deviation in the population.
    Sd(Expr),
    /// The correlation of two numbers.
    Cor(Expr, Expr),
    /// Cronbach’s alpha of two items or more.
    Alpha(Vec<Expr>),
}

/// The names of the statistics.
pub(super) const STATISTICS: [&str; 11] = [
    "mean", "prop", "total", "count", "ratio", "quantile", "median", "var", "sd", "cor", "alpha",
];

/// Whether a text begins like an item, numbers and signs apart: `2 * mean(x)`.
pub fn begins_with_statistic(text: &str) -> bool {
    let words = text.trim_start_matches(|char: char| !char.is_alphabetic());
    let call = words.split_once('(').map(|(name, _)| name.trim_end());
    call.is_some_and(|name| STATISTICS.contains(&name))
}

impl Verb {
    /// The name that it is called by.
    pub fn name(&self) -> &'static str {
        match self {
            Verb::Mean(_) => "mean",
            Verb::Prop(_) => "prop",
            Verb::Total(_) => "total",
            Verb::Count(_) => "count",
            Verb::Ratio(..) => "ratio",
            Verb::Quantile(..) => "quantile",
            Verb::Var(_) => "var",
            Verb::Sd(_) => "sd",
            Verb::Cor(..) => "cor",
            Verb::Alpha(_) => "alpha",
        }
    }

    /// Whether one of its arguments [divides](Expr::divides).
    pub fn divides(&self) -> bool {
        self.arguments().into_iter().any(Expr::divides)
    }

    /// What it is of.
    pub fn arguments(&self) -> Vec<&Expr> {
        match self {
            Verb::Mean(argument)
            | Verb::Prop(argument)
            | Verb::Total(argument)
            | Verb::Var(argument)
            | Verb::Sd(argument)
            | Verb::Quantile(argument, _) => vec![argument],
            Verb::Count(argument) => argument.iter().collect(),
            Verb::Ratio(numerator, denominator) => vec![numerator, denominator],
            Verb::Cor(one, other) => vec![one, other],
            Verb::Alpha(items) => items.iter().collect(),
        }
    }

    /// The same, to be changed.
    pub fn arguments_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Verb::Mean(argument)
            | Verb::Prop(argument)
            | Verb::Total(argument)
            | Verb::Var(argument)
            | Verb::Sd(argument)
            | Verb::Quantile(argument, _) => vec![argument],
            Verb::Count(argument) => argument.iter_mut().collect(),
            Verb::Ratio(y, x) | Verb::Cor(y, x) => vec![y, x],
            Verb::Alpha(items) => items.iter_mut().collect(),
        }
    }

    /// The statistic that a call names.
    pub(super) fn from_call(
        function: &str,
        arguments: &[Expr],
        call: &Expr,
    ) -> Result<Verb, Error> {
        let Some(name) = STATISTICS.into_iter().find(|name| *name == function) else {
            return Err(unknown(function, &STATISTICS, call));
        };
        let wrong = |takes| {
            let reason = Reason::Arguments {
                function: name,
                takes,
            };
            Error::new(reason, call.span.clone())
        };
        let verb = match (name, arguments) {
            ("mean", [argument]) => Verb::Mean(argument.clone()),
            ("mean", _) => return Err(wrong("one argument: mean(x)")),
            ("prop", [argument]) => Verb::Prop(argument.clone()),
            ("prop", _) => return Err(wrong("one argument: prop(q1), or prop(q1 == 'Yes')")),
            ("total", [argument]) => Verb::Total(argument.clone()),
            ("total", _) => return Err(wrong("one argument: total(y)")),
            ("count", []) => Verb::Count(None),
            ("count", [argument]) => Verb::Count(Some(counted(argument)?)),
            ("count", _) => return Err(wrong("one condition or nothing: count(age >= 65)")),
            ("ratio", [y, x]) => Verb::Ratio(y.clone(), x.clone()),
            ("ratio", _) => return Err(wrong("two arguments: ratio(y, x)")),
            ("median", [argument]) => Verb::Quantile(argument.clone(), vec![0.5]),
            ("median", _) => return Err(wrong("one argument: median(y)")),
            ("var", [argument]) => Verb::Var(argument.clone()),
            ("var", _) => return Err(wrong("one argument: var(y)")),
            ("sd", [argument]) => Verb::Sd(argument.clone()),
            ("sd", _) => return Err(wrong("one argument: sd(y)")),
            ("cor", [one, other]) => Verb::Cor(one.clone(), other.clone()),
            ("cor", _) => return Err(wrong("two arguments: cor(x, y)")),
            ("alpha", [_, _, ..]) => Verb::Alpha(arguments.to_vec()),
            ("alpha", _) => return Err(wrong("two items or more: alpha(q1, q2, q3)")),
            (_, [argument, first, rest @ ..]) => {
                let at = std::iter::once(first).chain(rest);
                Verb::Quantile(
                    argument.clone(),
                    at.map(probability).collect::<Result<_, _>>()?,
                )
            }
            _ => return Err(wrong("numbers and probabilities: quantile(y, 0.25, 0.5)")),
        };
        for argument in verb.arguments() {
            let parts = match &verb {
                Verb::Prop(_) => split(argument)?,
                _ => None,
            };
            if parts.is_none() {
                check(argument, &STATISTICS, name)?;
            }
        }
        Ok(verb)
    }
}

fn counted(expr: &Expr) -> Result<Expr, Error> {
    match expr.is_condition() {
        true => Ok(expr.clone()),
        false => {
            // what is inside is looked at first: a statistic there is the worse mistake
            check(expr, &STATISTICS, "count")?;
            let reason = Reason::Counted(expr.to_string());
            Err(Error::new(reason, expr.span.clone()))
        }
    }
}

fn probability(expr: &Expr) -> Result<f64, Error> {
    match expr.literal() {
        Some(Literal::Number(at)) if 0.0 < at && at < 1.0 => Ok(at),
        _ => {
            let reason = Reason::Probability(expr.to_string());
            Err(Error::new(reason, expr.span.clone()))
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name())?;
        for (position, argument) in self.arguments().into_iter().enumerate() {
            let before = if position > 0 { ", " } else { "" };
            write!(f, "{before}{argument}")?;
        }
        if let Verb::Quantile(_, at) = self {
            at.iter().try_for_each(|at| write!(f, ", {at}"))?;
        }
        f.write_str(")")
    }
}
