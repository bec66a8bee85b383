use std::ops::Range;

use crate::survey::microdata::{Kind, Measure, Value, Variable};

use super::ask::{Ask, Named, NumberAsk, number_in};
use super::display::quoted;
use super::function::nearest;
use super::{Comparison, Error, Expr, Literal, Reason};

/// What is asked with literals: equality to one of several, or an order to each.
pub(super) struct Question {
    literals: Vec<(Comparison, Literal, Range<usize>)>,
    /// Whether any of the literals will do; otherwise all must.
    equality: bool,
    negated: bool,
}

impl Question {
    /// `in` and `not in`.
    pub(super) fn among(list: &[Expr], negated: bool) -> Result<Question, Error> {
        let literals = list.iter().map(|expr| entry(Comparison::Equal, expr));
        Ok(Question {
            literals: literals.collect::<Result<_, _>>()?,
            equality: true,
            negated,
        })
    }

    /// A comparison with one literal.
    pub(super) fn to(operator: Comparison, literal: &Expr) -> Result<Question, Error> {
        Ok(Question {
            literals: vec![entry(operator, literal)?],
            equality: operator.is_equality(),
            negated: operator == Comparison::NotEqual,
        })
    }

    /// Comparisons that must all hold.
    pub(super) fn ordered(ends: &[(Comparison, &Expr)]) -> Result<Question, Error> {
        let literals = ends.iter().map(|(operator, expr)| entry(*operator, expr));
        Ok(Question {
            literals: literals.collect::<Result<_, _>>()?,
            equality: false,
            negated: false,
        })
    }

    /// As asked of values.
    pub(super) fn of_values(self, variable: Option<&Variable>) -> Ask {
        let literals = self.literals.into_iter();
        match self.equality {
            true => Ask::Equal {
                named: literals
                    .map(|(_, literal, _)| Named::new(literal, variable))
                    .collect(),
                negated: self.negated,
            },
            false => Ask::Ordered(
                literals
                    .map(|(operator, literal, _)| (operator, literal))
                    .collect(),
            ),
        }
    }

    /// As asked of the numbers of a variable, where these alone decide: measured numbers, and no literal that names a
    /// missing answer or a label.
    pub(super) fn of_measured(&self, variable: &Variable) -> Option<NumberAsk> {
        if !is_measured(variable) {
            return None;
        }
        let is_label = |literal: &Literal| match literal {
            Literal::Text(text) => variable.labels.iter().any(|(_, label)| label == text),
            _ => false,
        };
        if self
            .literals
            .iter()
            .any(|(_, literal, _)| is_label(literal))
        {
            return None;
        }
        let names_missing = |number: &f64| variable.missing.holds(&Value::Number(*number));
        self.with_numbers(number_of).filter(|ask| match ask {
            NumberAsk::Equal { numbers, .. } => !numbers.iter().any(names_missing),
            _ => true,
        })
    }

    /// As asked of numbers that are worked out.
    pub(super) fn of_numbers(&self, of: &Expr) -> Result<NumberAsk, Error> {
        let number = |literal: &Literal| match literal {
            Literal::Number(number) => Some(*number),
            Literal::Truth(truth) => Some(f64::from(u8::from(*truth))),
            Literal::Text(_) => None,
        };
        self.with_numbers(number).ok_or_else(|| {
            let texts = self.literals.iter();
            let mut text = texts.filter_map(|(_, literal, span)| match literal {
                Literal::Text(text) => Some((quoted(text), span.clone())),
                _ => None,
            });
            let (text, span) = text.next_back().unwrap_or((String::new(), of.span.clone()));
            let of = of.to_string();
            Error::new(Reason::TextBesideNumber { text, of }, span)
        })
    }

    fn with_numbers(&self, number: impl Fn(&Literal) -> Option<f64>) -> Option<NumberAsk> {
        let literals = self.literals.iter();
        Some(match self.equality {
            true => NumberAsk::Equal {
                numbers: literals
                    .map(|(_, literal, _)| number(literal))
                    .collect::<Option<_>>()?,
                negated: self.negated,
            },
            false => NumberAsk::Ordered(
                literals
                    .map(|(operator, literal, _)| Some((*operator, number(literal)?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }

    /// Refuses what would be unknown or false of everyone by the kind of the variable alone.
    pub(super) fn sensible_for(&self, variable: &Variable, of: &Expr) -> Result<(), Error> {
        self.literals
            .iter()
            .try_for_each(|(operator, literal, span)| {
                let reason = match variable.kind {
                    Kind::Date | Kind::DateTime => self.no_date(literal, variable, of),
                    Kind::Number if !self.equality => no_order(*operator, literal, variable, of),
                    _ if !self.equality && matches!(literal, Literal::Truth(_)) => {
                        Some(Reason::OrderedTruth)
                    }
                    _ => None,
                };
                reason.map_or(Ok(()), |reason| Err(Error::new(reason, span.clone())))
            })
    }

    fn no_date(&self, literal: &Literal, variable: &Variable, of: &Expr) -> Option<Reason> {
        let named = Named::new(literal.clone(), Some(variable));
        let mut missing = variable.missing.values.iter();
        let known = self.equality && (named.is_label() || missing.any(|value| named.means(value)));
        match literal {
            Literal::Text(text) if known || starts_with_year(text) => None,
            _ => Some(Reason::NoDate(of.to_string())),
        }
    }

    /// Levels that are made here have no order but that of their bands, which is no order of texts.
    pub(super) fn sensible_for_levels(
        &self,
        order: Option<Vec<Value>>,
        of: &Expr,
    ) -> Result<(), Error> {
        self.literals.iter().try_for_each(|(_, literal, span)| {
            let reason = match (literal, &order) {
                _ if !self.equality => Some(Reason::OrderedLevels(of.to_string())),
                (Literal::Text(text), Some(levels)) => no_level(text, levels),
                (Literal::Text(_), None) => None,
                _ => Some(Reason::LevelsForNumber(of.to_string())),
            };
            reason.map_or(Ok(()), |reason| Err(Error::new(reason, span.clone())))
        })
    }
}

/// Whether a variable has numbers that stand for themselves, and so perhaps very many distinct ones.
pub(super) fn is_measured(variable: &Variable) -> bool {
    let stands_for_itself = variable.labels.is_empty() || variable.measure == Some(Measure::Scale);
    variable.kind == Kind::Number && stands_for_itself
}

fn entry(operator: Comparison, expr: &Expr) -> Result<(Comparison, Literal, Range<usize>), Error> {
    match expr.literal() {
        Some(literal) => Ok((operator, literal, expr.span.clone())),
        None => {
            let reason = Reason::Listed(expr.to_string());
            Err(Error::new(reason, expr.span.clone()))
        }
    }
}

/// Numbers have no order to a text that writes none; where it is a label, its code is what was meant.
fn no_order(
    operator: Comparison,
    literal: &Literal,
    variable: &Variable,
    of: &Expr,
) -> Option<Reason> {
    match literal {
        Literal::Truth(_) => Some(Reason::OrderedTruth),
        Literal::Number(_) => None,
        Literal::Text(_) if number_of(literal).is_some() => None,
        Literal::Text(text) => {
            let mut labels = variable.labels.iter();
            let labelled = labels.find(|(_, label)| label == text);
            Some(match labelled {
                Some((value, _)) => Reason::OrderedLabel {
                    label: quoted(text),
                    instead: format!("{of} {operator} {}", value.text()),
                },
                None => Reason::TextBesideNumber {
                    text: quoted(text),
                    of: of.to_string(),
                },
            })
        }
    }
}

fn no_level(text: &str, levels: &[Value]) -> Option<Reason> {
    let known: Vec<String> = levels.iter().map(Value::text).collect();
    match known.iter().any(|level| level == text) {
        true => None,
        false => Some(Reason::NoLevel {
            level: quoted(text),
            nearest: nearest(text, known.iter().map(String::as_str))
                .map(|nearest| quoted(&nearest)),
        }),
    }
}

/// 2023, 2023-06, 2023-06-01: what compares by code point as by time.
fn starts_with_year(text: &str) -> bool {
    let (year, rest) = text.split_at_checked(4).unwrap_or((text, "?"));
    let digits = year.bytes().all(|byte| byte.is_ascii_digit());
    digits && (rest.is_empty() || rest.starts_with('-'))
}

/// The number that a literal is or writes.
fn number_of(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Number(number) => Some(*number),
        Literal::Text(text) => number_in(text),
        Literal::Truth(_) => None,
    }
}
