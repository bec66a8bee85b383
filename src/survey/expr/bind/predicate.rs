//! Comparisons with literals: what is refused, and which values or numbers pass.

use std::cmp::Ordering;
use std::ops::Range;

use crate::frames::words::most_alike;
use crate::survey::expr::ast::quoted;
use crate::survey::expr::{Comparison, Error, Expr, FALSE, Literal, Reason, TRUE, UNKNOWN};
use crate::survey::microdata::{Kind, Measure, MissingValues, Value, Variable, iso_date};

/// What is asked with literals: equality to one of several, or an order to each.
pub struct LiteralTest {
    literals: Vec<(Comparison, Literal, Range<usize>)>,
    /// Whether any of the literals will do; otherwise all must.
    equality: bool,
    negated: bool,
}

impl LiteralTest {
    /// `in` and `not in`.
    pub fn among(list: &[Expr], negated: bool) -> Result<LiteralTest, Error> {
        let literals = list.iter().map(|expr| entry(Comparison::Equal, expr));
        Ok(LiteralTest {
            literals: literals.collect::<Result<_, _>>()?,
            equality: true,
            negated,
        })
    }

    /// A comparison with one literal.
    pub fn to(operator: Comparison, literal: &Expr) -> Result<LiteralTest, Error> {
        Ok(LiteralTest {
            literals: vec![entry(operator, literal)?],
            equality: operator.is_equality(),
            negated: operator == Comparison::NotEqual,
        })
    }

    /// Comparisons that must all hold.
    pub fn ordered(ends: &[(Comparison, &Expr)]) -> Result<LiteralTest, Error> {
        let literals = ends.iter().map(|(operator, expr)| entry(*operator, expr));
        Ok(LiteralTest {
            literals: literals.collect::<Result<_, _>>()?,
            equality: false,
            negated: false,
        })
    }

    /// Values that somebody is expected to have: those that are named for equality.
    pub fn named(&self, variable: &Variable) -> Vec<(String, NamedValue)> {
        let literals = self.literals.iter().filter(|_| self.equality);
        literals
            .map(|(_, literal, _)| {
                let text = match literal {
                    Literal::Text(text) => quoted(text),
                    Literal::Number(number) => number.to_string(),
                    Literal::Truth(truth) => truth.to_string(),
                };
                (text, NamedValue::new(literal.clone(), Some(variable)))
            })
            .collect()
    }

    /// As asked of values.
    pub fn on_values(self, variable: Option<&Variable>) -> Predicate {
        let literals = self.literals.into_iter();
        match self.equality {
            true => Predicate::Equal {
                named: literals
                    .map(|(_, literal, _)| NamedValue::new(literal, variable))
                    .collect(),
                negated: self.negated,
            },
            false => Predicate::Ordered(
                literals
                    .map(|(operator, literal, _)| (operator, literal))
                    .collect(),
            ),
        }
    }

    /// As asked of the numbers of a variable, where these alone decide: measured numbers, and no literal that names a
    /// missing answer or a label.
    pub fn on_measured(&self, variable: &Variable) -> Option<NumberPredicate> {
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
        self.with_numbers(number_of)
            .filter(|predicate| match predicate {
                NumberPredicate::Equal { numbers, .. } => !numbers.iter().any(names_missing),
                _ => true,
            })
    }

    /// As asked of numbers that are worked out.
    pub fn on_numbers(&self, expr: &Expr) -> Result<NumberPredicate, Error> {
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
            let (text, span) = text
                .next_back()
                .unwrap_or((String::new(), expr.span.clone()));
            let expr = expr.to_string();
            Error::new(Reason::TextBesideNumber { text, expr }, span)
        })
    }

    fn with_numbers(&self, number: impl Fn(&Literal) -> Option<f64>) -> Option<NumberPredicate> {
        let literals = self.literals.iter();
        Some(match self.equality {
            true => NumberPredicate::Equal {
                numbers: literals
                    .map(|(_, literal, _)| number(literal))
                    .collect::<Option<_>>()?,
                negated: self.negated,
            },
            false => NumberPredicate::Ordered(
                literals
                    .map(|(operator, literal, _)| Some((*operator, number(literal)?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }

    /// With literals of dates as the values of the variable are written: `2023-6-1` is `2023-06-01`.
    pub fn with_dates(mut self, variable: &Variable) -> LiteralTest {
        if !matches!(variable.kind, Kind::Date | Kind::DateTime) {
            return self;
        }
        for (_, literal, _) in &mut self.literals {
            if let Literal::Text(text) = literal
                && let Some(date) = iso_date(text)
                && !(self.equality && is_value_or_label(text, variable))
            {
                *text = date;
            }
        }
        self
    }

    /// Refuses what would be unknown or false of everyone by the kind of the variable alone.
    pub fn check_for(&self, variable: &Variable, expr: &Expr) -> Result<(), Error> {
        self.literals
            .iter()
            .try_for_each(|(operator, literal, span)| {
                let reason = match variable.kind {
                    Kind::Date | Kind::DateTime => self.no_date(literal, variable, expr),
                    Kind::Number if !self.equality => no_order(*operator, literal, variable, expr),
                    _ if !self.equality && matches!(literal, Literal::Truth(_)) => {
                        Some(Reason::OrderedTruth)
                    }
                    _ => None,
                };
                reason.map_or(Ok(()), |reason| Err(Error::new(reason, span.clone())))
            })
    }

    fn no_date(&self, literal: &Literal, variable: &Variable, expr: &Expr) -> Option<Reason> {
        match literal {
            Literal::Text(text) if self.equality && is_value_or_label(text, variable) => None,
            Literal::Text(text) if iso_date(text).is_some() => None,
            _ => Some(Reason::NoDate(expr.to_string())),
        }
    }

    /// Levels that are made here have no order but that of their bands, which is no order of texts.
    pub fn check_for_levels(&self, order: Option<Vec<Value>>, expr: &Expr) -> Result<(), Error> {
        self.literals.iter().try_for_each(|(_, literal, span)| {
            let reason = match (literal, &order) {
                _ if !self.equality => Some(Reason::OrderedLevels(expr.to_string())),
                (Literal::Text(text), Some(levels)) => no_level(text, levels),
                (Literal::Text(_), None) => None,
                _ => Some(Reason::LevelsForNumber(expr.to_string())),
            };
            reason.map_or(Ok(()), |reason| Err(Error::new(reason, span.clone())))
        })
    }
}

/// Whether a variable has numbers that stand for themselves, and so perhaps very many distinct ones.
pub fn is_measured(variable: &Variable) -> bool {
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
    expr: &Expr,
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
                    instead: format!("{expr} {operator} {}", value.text()),
                },
                None => Reason::TextBesideNumber {
                    text: quoted(text),
                    expr: expr.to_string(),
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
            nearest: most_alike(text, known.iter().map(String::as_str)).map(quoted),
        }),
    }
}

/// Whether a text is the label of a value, or stands for no answer.
fn is_value_or_label(text: &str, variable: &Variable) -> bool {
    let named = NamedValue::new(Literal::Text(text.to_owned()), Some(variable));
    let mut missing = variable.missing.values.iter();
    named.is_label() || missing.any(|value| named.means(value))
}

/// The number that a literal is or writes.
fn number_of(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Number(number) => Some(*number),
        Literal::Text(text) => number_in(text),
        Literal::Truth(_) => None,
    }
}

/// What a condition asks of one value of a dictionary.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// Whether one of the literals names it.
    Equal {
        named: Vec<NamedValue>,
        negated: bool,
    },
    /// Whether it stands so to every one of the literals.
    Ordered(Vec<(Comparison, Literal)>),
    /// Whether it is missing, of whatever kind.
    Null { negated: bool },
    /// Whether it lists an answer.
    Contains { answer: ListedAnswer, negated: bool },
}

/// The same of a number, where no labels and kinds of missing answers matter.
#[derive(Clone, Debug)]
pub enum NumberPredicate {
    Equal { numbers: Vec<f64>, negated: bool },
    Ordered(Vec<(Comparison, f64)>),
    Null { negated: bool },
}

/// A literal and the values that bear it as their label.
#[derive(Clone, Debug)]
pub struct NamedValue {
    literal: Literal,
    number: Option<f64>,
    labelled: Vec<Value>,
}

/// One of the answers of an entry that may list several: `3` in `2;3;5`, not in `13`.
#[derive(Clone, Debug)]
pub struct ListedAnswer {
    /// As the entries write it.
    answer: String,
    /// Codes that have it as their label.
    labelled: Vec<String>,
    separator: char,
}

/// What stands between answers where nothing is said and no entry shows it.
pub const SEPARATOR: char = ';';

impl ListedAnswer {
    pub fn new(answer: &str, separator: Option<char>, variable: &Variable) -> ListedAnswer {
        let labels = variable.labels.iter();
        ListedAnswer {
            answer: answer.to_owned(),
            labelled: labels
                .filter(|(_, label)| label == answer)
                .map(|(value, _)| value.text())
                .collect(),
            separator: separator.unwrap_or(SEPARATOR),
        }
    }

    /// Whether a value is it or lists it.
    pub fn is_in(&self, value: &Value) -> bool {
        let is = |part: &str| part == self.answer || self.labelled.iter().any(|code| code == part);
        match value {
            Value::Null => false,
            Value::Number(_) => is(&value.text()),
            Value::Text(text) => answers(text, self.separator).any(is),
        }
    }
}

/// The answers that an entry lists, without the space around each.
pub fn answers(entry: &str, separator: char) -> impl Iterator<Item = &str> {
    entry
        .split(separator)
        .map(str::trim)
        .filter(|answer| !answer.is_empty())
}

/// The number that a text writes.
pub fn number_in(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|n: &f64| n.is_finite())
}

impl NamedValue {
    pub fn new(literal: Literal, variable: Option<&Variable>) -> NamedValue {
        let labels = variable.map_or(&[][..], |variable| &variable.labels);
        let (number, labelled) = match &literal {
            Literal::Number(number) => (Some(*number), Vec::new()),
            Literal::Truth(truth) => (Some(f64::from(u8::from(*truth))), Vec::new()),
            Literal::Text(text) => {
                let bearing = labels.iter().filter(|(_, label)| label == text);
                let values = bearing.map(|(value, _)| value.clone()).collect();
                (number_in(text), values)
            }
        };
        NamedValue {
            literal,
            number,
            labelled,
        }
    }

    /// Whether a value is meant: by its text, its label, or the number it is or writes.
    pub fn means(&self, value: &Value) -> bool {
        let itself = match (&self.literal, value) {
            (_, Value::Null) => false,
            (_, Value::Number(number)) => self.number == Some(*number),
            (Literal::Text(literal), Value::Text(text)) => literal == text,
            (Literal::Number(literal), Value::Text(text)) => number_in(text) == Some(*literal),
            (Literal::Truth(truth), Value::Text(text)) => {
                text.eq_ignore_ascii_case(if *truth { "true" } else { "false" })
            }
        };
        itself || self.labelled.contains(value)
    }

    /// Whether a number is meant.
    pub fn means_number(&self, number: f64) -> bool {
        self.number == Some(number)
    }

    /// Whether it is the label of a value.
    pub fn is_label(&self) -> bool {
        !self.labelled.is_empty()
    }
}

impl Predicate {
    /// The answer for one value.
    ///
    /// A missing answer is unknown, unless it is asked for by its own name or label.
    pub fn truth(&self, value: &Value, missing: &MissingValues) -> u8 {
        match self {
            Predicate::Null { negated } => u8::from(missing.holds(value) != *negated),
            Predicate::Contains { answer, negated } => match missing.holds(value) {
                true => UNKNOWN,
                false => u8::from(answer.is_in(value) != *negated),
            },
            Predicate::Equal { named, negated } => {
                match named.iter().any(|literal| literal.means(value)) {
                    true => u8::from(!negated),
                    false if missing.holds(value) => UNKNOWN,
                    false => u8::from(*negated),
                }
            }
            Predicate::Ordered(_) if missing.holds(value) => UNKNOWN,
            Predicate::Ordered(bounds) => bounds.iter().fold(TRUE, |all, (operator, literal)| {
                let one =
                    order(value, literal).map_or(UNKNOWN, |order| u8::from(operator.admits(order)));
                match (all, one) {
                    (FALSE, _) | (_, FALSE) => FALSE,
                    (TRUE, TRUE) => TRUE,
                    _ => UNKNOWN,
                }
            }),
        }
    }
}

impl Comparison {
    /// Whether it holds of two sides that stand in that order.
    pub fn admits(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// How a value stands to a literal: as numbers to a number, by code point to a text.
fn order(value: &Value, literal: &Literal) -> Option<Ordering> {
    match (value, literal) {
        (Value::Text(value), Literal::Text(text)) => Some(value.as_str().cmp(text)),
        (Value::Text(value), Literal::Number(number)) => number_in(value)?.partial_cmp(number),
        (Value::Number(value), Literal::Number(number)) => value.partial_cmp(number),
        (Value::Number(value), Literal::Text(text)) => value.partial_cmp(&number_in(text)?),
        (_, Literal::Truth(_)) | (Value::Null, _) => None,
    }
}

/// How two values stand to each other; a text beside a number is the number it writes.
pub fn order_of_values(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Text(left), Value::Number(right)) => number_in(left)?.partial_cmp(right),
        (Value::Number(left), Value::Text(right)) => left.partial_cmp(&number_in(right)?),
        (Value::Null, _) | (_, Value::Null) => None,
    }
}
