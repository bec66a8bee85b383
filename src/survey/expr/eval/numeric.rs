//! Numbers of the respondents of a batch.

use std::borrow::Cow;

use super::Rows;
use crate::survey::expr::bind::plan::{Numeric, Truth};
use crate::survey::expr::bind::predicate::NumberPredicate;
use crate::survey::expr::{Arithmetic, Comparison, FALSE, TRUE, UNKNOWN};

/// Numbers of all respondents: one for all, or one each.
pub(super) enum Numbers<'b> {
    Same(f64),
    Each(Cow<'b, [f64]>),
}

impl<'b> Numbers<'b> {
    pub(super) fn all(self, rows: usize) -> Cow<'b, [f64]> {
        match self {
            Numbers::Same(number) => Cow::Owned(vec![number; rows]),
            Numbers::Each(numbers) => numbers,
        }
    }

    /// In place where they are our own.
    fn map(self, change: impl Fn(f64) -> f64) -> Numbers<'b> {
        match self {
            Numbers::Same(number) => Numbers::Same(change(number)),
            Numbers::Each(Cow::Borrowed(numbers)) => {
                Numbers::Each(numbers.iter().map(|number| change(*number)).collect())
            }
            Numbers::Each(Cow::Owned(mut numbers)) => {
                numbers
                    .iter_mut()
                    .for_each(|number| *number = change(*number));
                Numbers::Each(Cow::Owned(numbers))
            }
        }
    }

    fn with(self, other: Numbers<'b>, change: impl Fn(f64, f64) -> f64) -> Numbers<'b> {
        match (self, other) {
            (left, Numbers::Same(right)) => left.map(|left| change(left, right)),
            (Numbers::Same(left), right) => right.map(|right| change(left, right)),
            (Numbers::Each(left), Numbers::Each(right)) => {
                let mut numbers = left.into_owned();
                for (number, right) in numbers.iter_mut().zip(right.iter()) {
                    *number = change(*number, *right);
                }
                Numbers::Each(Cow::Owned(numbers))
            }
        }
    }
}

impl<'b> Rows<'b, '_> {
    pub(super) fn numbers(&self, numeric: &Numeric) -> Numbers<'b> {
        match numeric {
            Numeric::Column(request) => {
                Numbers::Each(Cow::Borrowed(self.column_of_numbers(*request)))
            }
            Numeric::Constant(number) => Numbers::Same(*number),
            Numeric::Neg(inner) => self.numbers(inner).map(|number| -number),
            Numeric::Binary {
                operator,
                left,
                right,
            } => {
                let (left, right) = (self.numbers(left), self.numbers(right));
                match operator {
                    Arithmetic::Add => left.with(right, |a, b| a + b),
                    Arithmetic::Subtract => left.with(right, |a, b| a - b),
                    Arithmetic::Multiply => left.with(right, |a, b| a * b),
                    // what is divided by 0 is no number, and so no answer
                    Arithmetic::Divide => left.with(right, |a, b| match b == 0.0 {
                        true => f64::NAN,
                        false => a / b,
                    }),
                }
            }
            Numeric::Within {
                value,
                known,
                filter,
            } => Numbers::Each(Cow::Owned(self.within(value, known, filter))),
            Numeric::Truth(truth) => {
                const AS_NUMBER: [f64; 3] = [0.0, 1.0, f64::NAN];
                let truth = self.truth(truth);
                let numbers = truth
                    .iter()
                    // no byte lies beyond the table
                    .map(|t| AS_NUMBER[usize::from((*t).min(UNKNOWN))]);
                Numbers::Each(numbers.collect())
            }
        }
    }

    fn within(&self, value: &Numeric, known: &[Numeric], filter: &Truth) -> Vec<f64> {
        let mut numbers = self.numbers(value).all(self.batch.rows).into_owned();
        for (number, truth) in numbers.iter_mut().zip(self.truth(filter)) {
            if truth != TRUE || number.is_nan() {
                *number = 0.0;
            }
        }
        for other in known {
            let other = self.numbers(other).all(self.batch.rows);
            for (number, other) in numbers.iter_mut().zip(other.iter()) {
                if other.is_nan() {
                    *number = 0.0;
                }
            }
        }
        numbers
    }

    pub(super) fn numbers_matching(
        &self,
        numeric: &Numeric,
        predicate: &NumberPredicate,
    ) -> Vec<u8> {
        let numbers = self.numbers(numeric).all(self.batch.rows);
        match predicate {
            NumberPredicate::Null { negated } => numbers
                .iter()
                .map(|number| u8::from(number.is_nan() != *negated))
                .collect(),
            NumberPredicate::Equal {
                numbers: to,
                negated,
            } => match (to.as_slice(), negated) {
                ([to], false) => judge(&numbers, |number| number == *to),
                ([to], true) => judge(&numbers, |number| number != *to),
                (to, _) => judge(&numbers, |number| to.contains(&number) != *negated),
            },
            NumberPredicate::Ordered(bounds) => match bounds.as_slice() {
                [(operator, bound)] => ordered(&numbers, *operator, *bound),
                // for a range `&` and not `&&`: no branch between the two
                [
                    (Comparison::GreaterOrEqual, low),
                    (Comparison::LessOrEqual, high),
                ] => judge(&numbers, |number| (*low <= number) & (number <= *high)),
                bounds => judge(&numbers, |number| {
                    bounds
                        .iter()
                        .all(|(operator, bound)| operator.holds(number, *bound))
                }),
            },
        }
    }

    pub(super) fn compared_numbers(
        &self,
        operator: Comparison,
        left: &Numeric,
        right: &Numeric,
    ) -> Vec<u8> {
        match (self.numbers(left), self.numbers(right)) {
            (Numbers::Each(left), Numbers::Same(right)) if !right.is_nan() => {
                ordered(&left, operator, right)
            }
            (Numbers::Same(left), Numbers::Each(right)) if !left.is_nan() => {
                ordered(&right, operator.flipped(), left)
            }
            (left, right) => {
                let left = left.all(self.batch.rows);
                let right = right.all(self.batch.rows);
                let pairs = left.iter().zip(right.iter());
                pairs
                    .map(|(left, right)| match left.is_nan() | right.is_nan() {
                        true => UNKNOWN,
                        false => u8::from(operator.holds(*left, *right)),
                    })
                    .collect()
            }
        }
    }
}

impl Comparison {
    /// Whether it holds of two numbers; false where one is NaN, but for `!=`.
    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
        }
    }
}

/// The operator is settled once, so that the loop over the numbers has no choice in it.
fn ordered(numbers: &[f64], operator: Comparison, bound: f64) -> Vec<u8> {
    match operator {
        Comparison::Equal => judge(numbers, |number| number == bound),
        Comparison::NotEqual => judge(numbers, |number| number != bound),
        Comparison::Less => judge(numbers, |number| number < bound),
        Comparison::LessOrEqual => judge(numbers, |number| number <= bound),
        Comparison::Greater => judge(numbers, |number| number > bound),
        Comparison::GreaterOrEqual => judge(numbers, |number| number >= bound),
    }
}

fn judge(numbers: &[f64], holds: impl Fn(f64) -> bool) -> Vec<u8> {
    let known = |number: f64| if holds(number) { TRUE } else { FALSE };
    numbers
        .iter()
        .map(|number| match number.is_nan() {
            true => UNKNOWN,
            false => known(*number),
        })
        .collect()
}
