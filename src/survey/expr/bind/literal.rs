//! Values that a condition names and that somebody is expected to have: where nobody does, it was a slip.

use std::sync::Arc;

use super::predicate::{ListedAnswer, NamedValue, answers};
use crate::survey::expr::Literal;
use crate::survey::microdata::{Value, Variable};

/// A value of a variable that an expression names.
#[derive(Clone, Debug)]
pub struct NamedLiteral {
    /// As it is written: `'Very worried'`, `99`.
    pub text: String,
    pub variable: Arc<Variable>,
    /// Its label, where it stands here because that says that it is no answer.
    pub label: Option<String>,
    /// The number of its column among the requests of the expression.
    pub(super) request: usize,
    meaning: Meaning,
}

#[derive(Clone, Debug)]
enum Meaning {
    Value(NamedValue),
    /// An answer among those of an entry, and what stands between them.
    Listed(ListedAnswer, char),
}

impl NamedLiteral {
    pub(super) fn value(
        text: String,
        value: NamedValue,
        variable: &Variable,
        request: usize,
    ) -> NamedLiteral {
        NamedLiteral {
            text,
            variable: Arc::new(variable.clone()),
            label: None,
            request,
            meaning: Meaning::Value(value),
        }
    }

    /// A code that is counted since its label says that it is no answer; its column is that of the caller.
    pub fn labelled(code: &Value, label: &str, variable: &Variable) -> NamedLiteral {
        let literal = match code {
            Value::Number(number) => Literal::Number(*number),
            other => Literal::Text(other.text()),
        };
        let value = NamedValue::new(literal, None);
        NamedLiteral {
            label: Some(label.to_owned()),
            ..NamedLiteral::value(code.text(), value, variable, 0)
        }
    }

    pub(super) fn listed(
        text: String,
        answer: ListedAnswer,
        separator: char,
        variable: &Variable,
        request: usize,
    ) -> NamedLiteral {
        NamedLiteral {
            text,
            variable: Arc::new(variable.clone()),
            label: None,
            request,
            meaning: Meaning::Listed(answer, separator),
        }
    }

    /// Whether a value is the one that is named.
    pub fn means(&self, value: &Value) -> bool {
        match &self.meaning {
            Meaning::Value(named) => named.means(value),
            Meaning::Listed(answer, _) => answer.is_in(value),
        }
    }

    /// The same of a number as it stands in a column of numbers.
    pub fn means_number(&self, number: f64) -> bool {
        match &self.meaning {
            Meaning::Value(named) => named.means_number(number),
            Meaning::Listed(..) => false,
        }
    }

    /// Whether the codebook has the value, be there somebody with it or not.
    pub fn is_labelled(&self) -> bool {
        let labels = &self.variable.labels;
        labels.iter().any(|(value, _)| self.means(value))
            || self
                .variable
                .missing
                .values
                .iter()
                .any(|value| self.means(value))
    }

    /// What could have been named in its place: the name of a value, or the answers that it lists.
    pub fn names(&self, value: &Value) -> Vec<String> {
        match (&self.meaning, value) {
            (_, value) if self.variable.missing.holds(value) => Vec::new(),
            (Meaning::Listed(_, separator), Value::Text(text)) => {
                answers(text, *separator).map(str::to_owned).collect()
            }
            _ => vec![self.variable.name_of(value)],
        }
    }
}
