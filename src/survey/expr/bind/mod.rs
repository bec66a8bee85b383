//! Names are looked up in a codebook, and it is settled how an expression is worked out.

mod conditions;
mod literal;
pub(super) mod plan;
pub(super) mod predicate;

use std::sync::Arc;

pub use literal::NamedLiteral;
use plan::{Coding, Numeric, Truth, band_levels};
pub use predicate::answers;

use super::function::{cut, unknown};
use super::item::STATISTICS;
use super::{Arithmetic, Error, Expr, Node, Reason};
use crate::survey::microdata::{self, Codebook, ColumnRequest, Kind, Value, Variable, View};

/// What an expression is wanted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// Levels: for shares, groups, strata.
    Codes,
    /// Numbers, NaN where missing: for means and totals. A condition is 1 where true, 0 where false.
    Numbers,
    /// True, false or unknown: for a domain, or the share of a condition.
    Condition,
}

/// An expression whose names are known: which columns it needs, and how it runs on them.
#[derive(Clone, Debug)]
pub struct Bound {
    requests: Vec<ColumnRequest>,
    literals: Vec<NamedLiteral>,
    pub(super) plan: Plan,
}

#[derive(Clone, Debug)]
pub(super) enum Plan {
    Codes(Coding),
    Numbers(Numeric),
    Condition(Truth),
}

/// Looks up the names of an expression in a codebook and settles how it is worked out.
///
/// Conditions on texts, dates and labelled numbers are asked of the distinct values; conditions on numbers without labels,
/// or of the measurement level scale, go over the numbers themselves.
///
/// # Errors
/// An unknown variable or function, a text where a number is wanted, comparisons that cannot mean anything; without the
/// text, which [`Error::within`] adds.
///
/// ```
/// use opine::internals::survey::expr::{FALSE, Output, TRUE, UNKNOWN, OutputKind, bind, condition};
/// use opine::internals::survey::microdata::{Batch, Codebook, Column, Kind, Variable, View};
///
/// let codebook = Codebook {
///     variables: vec![Variable::bare("age", Kind::Number)],
///     ..Codebook::default()
/// };
/// let bound = bind(&condition("age >= 65")?, &codebook, OutputKind::Condition)?;
/// assert_eq!(bound.requests()[0].view, View::Numbers);
///
/// let batch = Batch {
///     first_row: 0,
///     rows: 3,
///     columns: vec![Column::Numbers(vec![64.0, 65.0, f64::NAN])],
/// };
/// let Output::Truth(truth) = bound.run(&batch, &[0]) else {
///     panic!("a condition is true, false or unknown")
/// };
/// assert_eq!(truth, [FALSE, TRUE, UNKNOWN]);
/// # Ok::<(), opine::internals::survey::expr::Error>(())
/// ```
pub fn bind(expr: &Expr, codebook: &Codebook, output: OutputKind) -> Result<Bound, Error> {
    let mut binder = Binder {
        codebook,
        requests: Vec::new(),
        literals: Vec::new(),
    };
    let plan = match output {
        OutputKind::Codes => Plan::Codes(binder.coding(expr)?),
        OutputKind::Numbers => Plan::Numbers(binder.wanted_numbers(expr)?),
        OutputKind::Condition if !expr.is_condition() => {
            let reason = Reason::NoCondition(expr.to_string());
            return Err(Error::new(reason, expr.span.clone()));
        }
        OutputKind::Condition => Plan::Condition(binder.truth(expr)?),
    };
    Ok(Bound {
        requests: binder.requests,
        literals: binder.literals,
        plan,
    })
}

/// A number that counts for some alone: `of`, or 1 where there is none, for those of whom the filter holds and all numbers of
/// `beside` are known; 0 for all others. It is never missing, so that a sum of it over everybody is one over those.
///
/// # Errors
/// As [`bind`].
pub fn bind_within(
    expr: Option<&Expr>,
    filter: &Expr,
    beside: &[&Expr],
    codebook: &Codebook,
) -> Result<Bound, Error> {
    let mut binder = Binder {
        codebook,
        requests: Vec::new(),
        literals: Vec::new(),
    };
    let value = expr.map(|expr| binder.wanted_numbers(expr)).transpose()?;
    let beside = beside.iter().map(|other| binder.wanted_numbers(other));
    let plan = Plan::Numbers(Numeric::Within {
        known: beside.collect::<Result<_, _>>()?,
        value: Box::new(value.unwrap_or(Numeric::Constant(1.0))),
        filter: Box::new(binder.truth(filter)?),
    });
    Ok(Bound {
        requests: binder.requests,
        literals: binder.literals,
        plan,
    })
}

impl Bound {
    /// The columns that it needs, each once; a variable may be needed in both views.
    pub fn requests(&self) -> &[ColumnRequest] {
        &self.requests
    }

    /// Whether its numbers count for some respondents alone, as those of [`bind_within`] do.
    pub fn is_within(&self) -> bool {
        matches!(self.plan, Plan::Numbers(Numeric::Within { .. }))
    }

    /// The values that it names for equality, each with the number of its column among the requests.
    pub fn literals(&self) -> impl Iterator<Item = (&NamedLiteral, usize)> {
        self.literals.iter().map(|named| (named, named.request))
    }

    /// All its levels in their order, where that is known without the respondents: the bands of `cut`, false and true of
    /// a condition.
    pub fn level_order(&self) -> Option<Vec<Value>> {
        match &self.plan {
            Plan::Codes(coding) => coding.level_order(),
            Plan::Numbers(_) | Plan::Condition(_) => None,
        }
    }

    /// Whether it gives levels.
    pub fn has_codes(&self) -> bool {
        matches!(self.plan, Plan::Codes(_))
    }

    /// The variable whose codes are passed through; `None` where the levels are made here.
    ///
    /// Its user-missing values are still in the codes; levels that are made here have null for every missing answer.
    pub fn variable(&self) -> Option<&Variable> {
        match &self.plan {
            Plan::Codes(Coding::Column { variable, .. }) => Some(variable),
            _ => None,
        }
    }
}

pub(super) struct Binder<'c> {
    codebook: &'c Codebook,
    requests: Vec<ColumnRequest>,
    literals: Vec<NamedLiteral>,
}

impl<'c> Binder<'c> {
    /// The variable of that name.
    pub(super) fn variable(&self, name: &str, expr: &Expr) -> Result<&'c Variable, Error> {
        self.codebook.variable(name).map_err(|error| {
            let name = name.to_owned();
            let reason = match error {
                microdata::Error::Unread { why, .. } => Reason::Unread { name, why },
                microdata::Error::NoVariable { nearest, .. } => {
                    Reason::NoVariable { name, nearest }
                }
                _ => Reason::NoVariable {
                    name,
                    nearest: None,
                },
            };
            Error::new(reason, expr.span.clone())
        })
    }

    /// The number of the request for a variable in a view.
    pub(super) fn request(&mut self, variable: &Variable, view: View) -> usize {
        let same = |request: &ColumnRequest| request.view == view && request.name == variable.name;
        self.requests.iter().position(same).unwrap_or_else(|| {
            self.requests.push(ColumnRequest {
                name: variable.name.clone(),
                view,
            });
            self.requests.len() - 1
        })
    }

    pub(super) fn column(&mut self, variable: &Variable) -> Coding {
        Coding::Column {
            request: self.request(variable, View::Codes),
            variable: Arc::new(variable.clone()),
        }
    }

    fn wanted_numbers(&mut self, expr: &Expr) -> Result<Numeric, Error> {
        self.numeric(expr).map_err(|error| match error.reason {
            Reason::IsText(name) if matches!(expr.node, Node::Name(_)) => {
                Error::new(Reason::IsTextWhole(name), error.span)
            }
            reason => Error::new(reason, error.span),
        })
    }

    pub(super) fn numeric(&mut self, expr: &Expr) -> Result<Numeric, Error> {
        let wrong = |reason| Err(Error::new(reason, expr.span.clone()));
        match &expr.node {
            Node::Number(number) => Ok(Numeric::Constant(*number)),
            Node::Truth(truth) => Ok(Numeric::Constant(f64::from(u8::from(*truth)))),
            Node::Name(name) => {
                let variable = self.variable(name, expr)?;
                match variable.kind {
                    Kind::Text => wrong(Reason::IsText(expr.to_string())),
                    _ => Ok(Numeric::Column(self.request(variable, View::Numbers))),
                }
            }
            Node::Neg(inner) => Ok(Numeric::Neg(Box::new(self.numeric(inner)?))),
            Node::Binary {
                operator: Arithmetic::Divide,
                right,
                ..
            } if right.node == Node::Number(0.0) => wrong(Reason::ByZero),
            Node::Binary {
                operator,
                left,
                right,
            } => Ok(Numeric::Binary {
                operator: *operator,
                left: Box::new(self.numeric(left)?),
                right: Box::new(self.numeric(right)?),
            }),
            Node::Text(_) => wrong(Reason::TextForNumber(expr.to_string())),
            Node::Call { function, .. } if function != "cut" => Err(self.no_function(expr)),
            Node::Call { .. } | Node::Cross(_) => wrong(Reason::LevelsForNumber(expr.to_string())),
            _ => Ok(Numeric::Truth(Box::new(self.truth(expr)?))),
        }
    }

    pub(super) fn coding(&mut self, expr: &Expr) -> Result<Coding, Error> {
        if expr.is_condition() {
            return Ok(Coding::Truth(Box::new(self.truth(expr)?)));
        }
        match &expr.node {
            Node::Name(name) => {
                let variable = self.variable(name, expr)?;
                Ok(self.column(variable))
            }
            Node::Cross(parts) => {
                let parts = parts.iter().map(|part| self.coding(part));
                Ok(Coding::Cross(parts.collect::<Result<_, _>>()?))
            }
            Node::Call {
                function,
                arguments,
                ..
            } if function == "cut" => {
                let cut = cut(arguments, expr)?;
                Ok(Coding::Cut {
                    numeric: self.numeric(cut.argument)?,
                    levels: Arc::new(band_levels(&cut.breaks)),
                    breaks: cut.breaks,
                })
            }
            Node::Call { .. } => Err(self.no_function(expr)),
            _ if expr.literal().is_some() => {
                let reason = Reason::NoLevels(expr.to_string());
                Err(Error::new(reason, expr.span.clone()))
            }
            _ => Ok(Coding::Numbers(self.numeric(expr)?)),
        }
    }

    /// A call that is no function of an expression: a statistic, or nothing at all.
    fn no_function(&self, expr: &Expr) -> Error {
        let Node::Call { function, .. } = &expr.node else {
            return Error::new(Reason::NoLevels(expr.to_string()), expr.span.clone());
        };
        match STATISTICS.contains(&function.as_str()) {
            true => {
                let reason = Reason::StatisticInside(function.clone());
                Error::new(reason, expr.span.clone())
            }
            false => unknown(function, &[], expr),
        }
    }
}
