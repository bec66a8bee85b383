//! Conditions of the respondents of a batch, in Kleene's logic.

use super::Rows;
use crate::survey::expr::bind::plan::{Coding, Truth};
use crate::survey::expr::bind::predicate::{Predicate, order_of_values};
use crate::survey::expr::{Comparison, FALSE, TRUE, UNKNOWN};
use crate::survey::microdata::{Coded, Codes, MissingValues, Value};

/// Not yet asked.
const OPEN: u8 = u8::MAX;

/// The most pairs of values whose comparison is kept, rather than made anew row by row.
const MOST_PAIRS: usize = 1 << 16;

impl Rows<'_, '_> {
    pub(super) fn truth(&self, truth: &Truth) -> Vec<u8> {
        match truth {
            Truth::Constant(truth) => vec![u8::from(*truth); self.batch.rows],
            Truth::Levels { coding, predicate } => {
                let coded = self.coded(coding);
                levels_matching(&coded, predicate, coding.missing())
            }
            Truth::Numbers { numeric, predicate } => self.numbers_matching(numeric, predicate),
            Truth::ComparedNumbers {
                operator,
                left,
                right,
            } => self.compared_numbers(*operator, left, right),
            Truth::ComparedLevels {
                operator,
                left,
                right,
            } => self.compared_levels(*operator, left, right),
            Truth::Unknown { condition, negated } => {
                let mut truths = self.truth(condition);
                for truth in &mut truths {
                    *truth = u8::from((*truth == UNKNOWN) != *negated);
                }
                truths
            }
            Truth::Not(inner) => {
                let mut truths = self.truth(inner);
                for truth in &mut truths {
                    *truth = not(*truth);
                }
                truths
            }
            Truth::And(parts) => self.folded(parts, TRUE, and),
            Truth::Or(parts) => self.folded(parts, FALSE, or),
        }
    }

    fn folded(&self, parts: &[Truth], of_none: u8, join: impl Fn(u8, u8) -> u8) -> Vec<u8> {
        let Some((first, rest)) = parts.split_first() else {
            return vec![of_none; self.batch.rows];
        };
        let mut truths = self.truth(first);
        for part in rest {
            for (truth, other) in truths.iter_mut().zip(self.truth(part)) {
                *truth = join(*truth, other);
            }
        }
        truths
    }

    fn compared_levels(&self, operator: Comparison, left: &Coding, right: &Coding) -> Vec<u8> {
        let (left_coded, right_coded) = (self.coded(left), self.coded(right));
        let left_values = present(&left_coded, left.missing());
        let right_values = present(&right_coded, right.missing());
        let compare = |a: usize, b: usize| match (left_values.get(a), right_values.get(b)) {
            (Some(Some(a)), Some(Some(b))) => compared(operator, a, b),
            _ => UNKNOWN,
        };
        let codes = (0..self.batch.rows).map(|row| {
            let [a, b] = [&left_coded, &right_coded].map(|coded| coded.codes.get(row));
            (a as usize, b as usize)
        });
        let width = right_values.len();
        let pairs = left_values.len().saturating_mul(width);
        if pairs > MOST_PAIRS {
            return codes.map(|(a, b)| compare(a, b)).collect();
        }
        let mut known = vec![OPEN; pairs];
        codes
            .map(|(a, b)| match known.get_mut(a * width + b) {
                Some(known) => {
                    if *known == OPEN {
                        *known = compare(a, b);
                    }
                    *known
                }
                None => UNKNOWN,
            })
            .collect()
    }
}

/// The values of a dictionary, `None` where missing.
fn present<'v>(coded: &'v Coded, missing: &MissingValues) -> Vec<Option<&'v Value>> {
    let values = coded.values.iter();
    values
        .map(|value| (!missing.holds(value)).then_some(value))
        .collect()
}

/// Values that have no order to each other, as a text and a number, differ.
fn compared(operator: Comparison, left: &Value, right: &Value) -> u8 {
    match order_of_values(left, right) {
        Some(order) => u8::from(operator.admits(order)),
        None if operator.is_equality() => u8::from(operator == Comparison::NotEqual),
        None => UNKNOWN,
    }
}

fn levels_matching(coded: &Coded, predicate: &Predicate, missing: &MissingValues) -> Vec<u8> {
    match &coded.codes {
        Codes::Narrow(codes) => {
            let mut answers = [UNKNOWN; 256];
            for (answer, value) in answers.iter_mut().zip(coded.values.iter()) {
                *answer = predicate.truth(value, missing);
            }
            codes
                .iter()
                .map(|code| answers[usize::from(*code)])
                .collect()
        }
        Codes::Wide(codes) => {
            // a large dictionary may serve many batches: only the values that occur here are asked
            let mut answers = vec![OPEN; coded.values.len()];
            let mut answer = |code: &u32| {
                let at = *code as usize;
                let (answer, value) = answers.get_mut(at).zip(coded.values.get(at))?;
                if *answer == OPEN {
                    *answer = predicate.truth(value, missing);
                }
                Some(*answer)
            };
            codes
                .iter()
                .map(|code| answer(code).unwrap_or(UNKNOWN))
                .collect()
        }
    }
}

fn not(truth: u8) -> u8 {
    match truth {
        FALSE => TRUE,
        TRUE => FALSE,
        _ => UNKNOWN,
    }
}

fn and(left: u8, right: u8) -> u8 {
    if (left == FALSE) | (right == FALSE) {
        FALSE
    } else {
        // neither is false: unknown has the greater code
        left.max(right)
    }
}

fn or(left: u8, right: u8) -> u8 {
    if (left == TRUE) | (right == TRUE) {
        TRUE
    } else {
        // neither is true: unknown has the greater code
        left.max(right)
    }
}
