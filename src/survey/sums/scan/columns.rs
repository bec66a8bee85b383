//! What an expression gives, as codes or as numbers.

use std::borrow::Cow;
use std::sync::Arc;

use super::numbering::Dictionary;
use crate::survey::expr::Output;
use crate::survey::microdata::{Batch, Coded, Codes, Column, MissingValues, Value};

/// Codes of any output: truth as its own values.
pub fn codes_of(output: Output<'_>) -> Cow<'_, Coded> {
    match output {
        Output::Codes(coded) => coded,
        Output::Truth(truth) => Cow::Owned(Coded {
            codes: Codes::Narrow(truth),
            values: Arc::new(vec![
                // in the order of the codes of truth: false, true, unknown
                Value::Text("false".to_owned()),
                Value::Text("true".to_owned()),
                Value::Null,
            ]),
        }),
        Output::Numbers(numbers) => {
            let mut dictionary = Dictionary::default();
            let number = |y: &f64| match y.is_nan() {
                true => dictionary.number(&Value::Null),
                false => dictionary.number(&Value::Number(*y)),
            };
            let codes = numbers.iter().map(number).collect();
            Cow::Owned(Coded {
                codes: Codes::Wide(codes),
                values: Arc::new(dictionary.values),
            })
        }
    }
}

/// Numbers of any output: truth as 0 and 1.
pub fn numbers_of(output: Output<'_>) -> Cow<'_, [f64]> {
    match output {
        Output::Numbers(numbers) => numbers,
        Output::Truth(truth) => {
            let number = |truth: u8| match truth {
                0 => 0.0,
                1 => 1.0,
                _ => f64::NAN,
            };
            Cow::Owned(truth.into_iter().map(number).collect())
        }
        Output::Codes(coded) => {
            let number = |value: &Value| match value {
                Value::Number(number) => *number,
                _ => f64::NAN,
            };
            let table: Vec<f64> = coded.values.iter().map(number).collect();
            let rows = 0..coded.codes.len();
            Cow::Owned(
                rows.map(|row| table[coded.codes.get(row) as usize])
                    .collect(),
            )
        }
    }
}

/// Which codes stand for no answer.
pub fn missing_codes(coded: &Coded, missing: &MissingValues) -> Vec<bool> {
    coded
        .values
        .iter()
        .map(|value| missing.holds(value))
        .collect()
}

pub fn coded(batch: &Batch, at: usize) -> Option<&Coded> {
    match batch.columns.get(at) {
        Some(Column::Codes(coded)) => Some(coded),
        _ => None,
    }
}

pub fn numbers(batch: &Batch, at: usize) -> &[f64] {
    match batch.columns.get(at) {
        Some(Column::Numbers(numbers)) => numbers,
        _ => &[],
    }
}
