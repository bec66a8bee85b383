use std::fmt;

use super::function::{check, unknown};
use super::{Error, Expr, Literal, Reason};

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
}

/// The names of the statistics.
pub(super) const STATISTICS: [&str; 9] = [
    "mean", "prop", "total", "count", "ratio", "quantile", "median", "var", "sd",
];

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
        }
    }

    /// What it is of.
    pub fn arguments(&self) -> Vec<&Expr> {
        match self {
            Verb::Mean(of) | Verb::Prop(of) | Verb::Total(of) | Verb::Var(of) | Verb::Sd(of) => {
                vec![of]
            }
            Verb::Count(of) => of.iter().collect(),
            Verb::Ratio(numerator, denominator) => vec![numerator, denominator],
            Verb::Quantile(of, _) => vec![of],
        }
    }

    /// The statistic that a call names.
    pub(super) fn of(function: &str, arguments: &[Expr], call: &Expr) -> Result<Verb, Error> {
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
            ("mean", [of]) => Verb::Mean(of.clone()),
            ("mean", _) => return Err(wrong("one argument: mean(x)")),
            ("prop", [of]) => Verb::Prop(of.clone()),
            ("prop", _) => return Err(wrong("one argument: prop(q1), or prop(q1 == 'Yes')")),
            ("total", [of]) => Verb::Total(of.clone()),
            ("total", _) => return Err(wrong("one argument: total(y)")),
            ("count", []) => Verb::Count(None),
            ("count", [of]) => Verb::Count(Some(counted(of)?)),
            ("count", _) => return Err(wrong("one condition or nothing: count(age >= 65)")),
            ("ratio", [y, x]) => Verb::Ratio(y.clone(), x.clone()),
            ("ratio", _) => return Err(wrong("two arguments: ratio(y, x)")),
            ("median", [of]) => Verb::Quantile(of.clone(), vec![0.5]),
            ("median", _) => return Err(wrong("one argument: median(y)")),
            ("var", [of]) => Verb::Var(of.clone()),
            ("var", _) => return Err(wrong("one argument: var(y)")),
            ("sd", [of]) => Verb::Sd(of.clone()),
            ("sd", _) => return Err(wrong("one argument: sd(y)")),
            (_, [of, first, rest @ ..]) => {
                let at = std::iter::once(first).chain(rest);
                Verb::Quantile(of.clone(), at.map(probability).collect::<Result<_, _>>()?)
            }
            _ => return Err(wrong("numbers and probabilities: quantile(y, 0.25, 0.5)")),
        };
        for argument in verb.arguments() {
            check(argument, &STATISTICS, name)?;
        }
        Ok(verb)
    }
}

fn counted(of: &Expr) -> Result<Expr, Error> {
    match of.is_condition() {
        true => Ok(of.clone()),
        false => {
            // what is inside is looked at first: a statistic there is the worse mistake
            check(of, &STATISTICS, "count")?;
            let reason = Reason::Counted(of.to_string());
            Err(Error::new(reason, of.span.clone()))
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
