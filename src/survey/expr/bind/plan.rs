//! How a bound expression is worked out.

use std::sync::Arc;

use super::predicate::{NumberPredicate, Predicate};
use crate::survey::expr::{Arithmetic, Comparison};
use crate::survey::microdata::{MissingValues, Value, Variable};

/// How the truth of a condition is found. Columns are numbers of requests.
#[derive(Clone, Debug)]
pub enum Truth {
    Constant(bool),
    /// Asked of each distinct value, then looked up row by row.
    Levels {
        coding: Coding,
        predicate: Predicate,
    },
    Numbers {
        numeric: Numeric,
        predicate: NumberPredicate,
    },
    ComparedNumbers {
        operator: Comparison,
        left: Numeric,
        right: Numeric,
    },
    ComparedLevels {
        operator: Comparison,
        left: Coding,
        right: Coding,
    },
    /// Whether a condition is unknown.
    Unknown {
        condition: Box<Truth>,
        negated: bool,
    },
    Not(Box<Truth>),
    And(Vec<Truth>),
    Or(Vec<Truth>),
}

/// How numbers are found; NaN where missing.
#[derive(Clone, Debug)]
pub enum Numeric {
    Column(usize),
    Constant(f64),
    Neg(Box<Numeric>),
    Binary {
        operator: Arithmetic,
        left: Box<Numeric>,
        right: Box<Numeric>,
    },
    /// 1 where true, 0 where false.
    Truth(Box<Truth>),
    /// The value where the filter holds and it and all others are known, else 0.
    Within {
        value: Box<Numeric>,
        known: Vec<Numeric>,
        filter: Box<Truth>,
    },
}

/// How levels are found.
#[derive(Clone, Debug)]
pub enum Coding {
    Column {
        request: usize,
        variable: Arc<Variable>,
    },
    /// The bands in their order, null last.
    Cut {
        numeric: Numeric,
        breaks: Vec<f64>,
        levels: Arc<Vec<Value>>,
    },
    Cross(Vec<Coding>),
    Truth(Box<Truth>),
    /// The distinct numbers.
    Numbers(Numeric),
}

static NONE_MISSING: MissingValues = MissingValues {
    values: Vec::new(),
    ranges: Vec::new(),
};

impl Coding {
    /// Which of its values are no answers; null never is one.
    pub fn missing(&self) -> &MissingValues {
        match self {
            Coding::Column { variable, .. } => &variable.missing,
            _ => &NONE_MISSING,
        }
    }

    /// All its levels in their order, where that is known before any respondent is.
    pub fn level_order(&self) -> Option<Vec<Value>> {
        match self {
            Coding::Cut { levels, .. } => {
                let bands = levels.iter().filter(|level| **level != Value::Null);
                Some(bands.cloned().collect())
            }
            Coding::Truth(_) => Some(truth_levels().to_vec()),
            _ => None,
        }
    }
}

/// The levels of a condition, in the order of their codes.
pub fn truth_levels() -> [Value; 2] {
    ["false", "true"].map(|level| Value::Text(level.to_owned()))
}

/// The levels of a cut: right-open bands, then null.
pub fn band_levels(breaks: &[f64]) -> Vec<Value> {
    let written = |number: &f64| Value::Number(*number).text();
    let first = breaks.first().map(|b| format!("under {}", written(b)));
    let between = breaks.windows(2).map(|pair| match pair {
        [from, to] => format!("{} to under {}", written(from), written(to)),
        _ => String::new(),
    });
    let last = breaks.last().map(|b| format!("{} and over", written(b)));
    first
        .into_iter()
        .chain(between)
        .chain(last)
        .map(Value::Text)
        .chain([Value::Null])
        .collect()
}
