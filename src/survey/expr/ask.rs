use std::cmp::Ordering;

use crate::survey::microdata::{MissingValues, Value, Variable};

use super::{Comparison, FALSE, Literal, TRUE, UNKNOWN};

/// What a condition asks of one value of a dictionary.
#[derive(Clone, Debug)]
pub(super) enum Ask {
    /// Whether one of the literals names it.
    Equal { named: Vec<Named>, negated: bool },
    /// Whether it stands so to every one of the literals.
    Ordered(Vec<(Comparison, Literal)>),
    /// Whether it is missing, of whatever kind.
    Null { negated: bool },
}

/// The same of a number, where no labels and kinds of missing answers matter.
#[derive(Clone, Debug)]
pub(super) enum NumberAsk {
    Equal { numbers: Vec<f64>, negated: bool },
    Ordered(Vec<(Comparison, f64)>),
    Null { negated: bool },
}

/// A literal and the values that bear it as their label.
#[derive(Clone, Debug)]
pub(super) struct Named {
    literal: Literal,
    number: Option<f64>,
    labelled: Vec<Value>,
}

/// The number that a text writes.
pub(super) fn number_in(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|n: &f64| n.is_finite())
}

impl Named {
    pub(super) fn new(literal: Literal, variable: Option<&Variable>) -> Named {
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
        Named {
            literal,
            number,
            labelled,
        }
    }

    /// Whether a value is meant: by its text, its label, or the number it is or writes.
    pub(super) fn means(&self, value: &Value) -> bool {
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

    /// Whether it is the label of a value.
    pub(super) fn is_label(&self) -> bool {
        !self.labelled.is_empty()
    }
}

impl Ask {
    /// The answer for one value.
    ///
    /// A missing answer is unknown, unless it is asked for by its own name or label.
    pub(super) fn of(&self, value: &Value, missing: &MissingValues) -> u8 {
        match self {
            Ask::Null { negated } => u8::from(missing.holds(value) != *negated),
            Ask::Equal { named, negated } => {
                match named.iter().any(|literal| literal.means(value)) {
                    true => u8::from(!negated),
                    false if missing.holds(value) => UNKNOWN,
                    false => u8::from(*negated),
                }
            }
            Ask::Ordered(_) if missing.holds(value) => UNKNOWN,
            Ask::Ordered(bounds) => bounds.iter().fold(TRUE, |all, (operator, literal)| {
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
    pub(super) fn admits(self, order: Ordering) -> bool {
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
pub(super) fn order_of_values(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Text(left), Value::Number(right)) => number_in(left)?.partial_cmp(right),
        (Value::Number(left), Value::Text(right)) => left.partial_cmp(&number_in(right)?),
        (Value::Null, _) | (_, Value::Null) => None,
    }
}
