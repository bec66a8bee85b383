//! Missing values in an SPSS file: it has room for three, or for a range and one, and knows no letters.

use std::collections::BTreeMap;

use super::super::entry::{Entry, missing_numbers};
use super::super::extent::Extent;
use super::plan::{Stored, stored};
use crate::survey::microdata::value::written;
use crate::survey::microdata::{Kind, Value, Variable, spss};

/// The missing values of a variable, as stored.
#[derive(Default)]
pub(super) struct Missing {
    pub range: Option<(f64, f64)>,
    pub values: Vec<Stored>,
}

/// Numbers for missing values with letters, as stored.
pub(super) type LetterNumbers = BTreeMap<u8, f64>;

/// How many values there is room for without a range.
const ROOM: usize = 3;
/// Above it a float does not hold every whole number.
const LARGEST: f64 = 1e15;

/// Numbers for the letters of a variable: the last below the power of ten that is above everything in use, as 97, 98 and 99
/// where the largest is 80. They stand side by side, so that a range can name them.
pub(super) fn letter_numbers(
    variable: &Variable,
    extent: &Extent,
    notes: &mut Vec<String>,
) -> Result<LetterNumbers, String> {
    let labelled = variable.labels.iter().map(|(value, _)| value);
    let declared = labelled.chain(&variable.missing.values);
    let mut letters = extent.letters.clone();
    letters.extend(
        declared.filter_map(|value| match Entry::from_value(variable, value) {
            Entry::Letter(letter) => Some(letter),
            _ => None,
        }),
    );
    if letters.is_empty() {
        return Ok(LetterNumbers::new());
    }
    let count = letters.len() as f64;
    let used = highest_used(variable, extent);
    let powers = (1..=15).map(|power| 10_f64.powi(power));
    let above = powers.into_iter().find(|above| above - count > used);
    let Some(above) = above.filter(|above| *above <= LARGEST) else {
        let problem = "has missing values with letters, which SPSS does not know, and no numbers are free for them: write \
                       .dta or .parquet";
        return Err(problem.to_owned());
    };
    let first = above - count;
    let numbers: LetterNumbers = letters
        .into_iter()
        .zip((0..).map(|at| first + f64::from(at)))
        .collect();
    let replaced: Vec<String> = numbers
        .iter()
        .take(4)
        .map(|(letter, number)| format!(".{} is {}", char::from(*letter), written(*number)))
        .collect();
    let more = if numbers.len() > 4 { " and so on" } else { "" };
    notes.push(format!(
        "missing values of {} are numbers in SPSS: {}{more}",
        variable.name,
        replaced.join(", ")
    ));
    Ok(numbers)
}

/// The largest number that has a meaning, as stored.
fn highest_used(variable: &Variable, extent: &Extent) -> f64 {
    let named = variable.labels.iter().map(|(value, _)| value);
    let named = named.chain(&variable.missing.values);
    let named = named.filter_map(|value| match Entry::from_value(variable, value) {
        Entry::Number(number) => Some(number),
        _ => None,
    });
    let ranges = variable.missing.ranges.iter().map(|(_, high)| *high);
    let highest = extent.bounds.map(|(_, high)| high);
    let used = named.chain(ranges).chain(highest);
    used.map(|number| spss::stored(variable.kind, number))
        .fold(0.0, f64::max)
}

/// The missing values of a variable with those that letters became.
pub(super) fn missing(
    variable: &Variable,
    extent: &Extent,
    width: usize,
    letters: &LetterNumbers,
) -> Result<Missing, String> {
    match width {
        0 => missing_among_numbers(variable, extent, letters),
        _ => missing_among_texts(variable, width),
    }
}

fn missing_among_texts(variable: &Variable, width: usize) -> Result<Missing, String> {
    let values = variable.missing.values.iter();
    let values: Vec<Stored> = values
        .filter_map(|value| {
            stored(
                variable,
                Entry::from_value(variable, value),
                width,
                &LetterNumbers::new(),
            )
        })
        .collect();
    let long = values.iter().find_map(|value| match value {
        Stored::Text(text) if text.len() > 8 => Some(text),
        _ => None,
    });
    match long {
        Some(text) => Err(format!(
            "has the missing value '{text}'; SPSS has room for 8 bytes"
        )),
        None if values.len() > ROOM => Err(no_room()),
        None => Ok(Missing {
            range: None,
            values,
        }),
    }
}

fn missing_among_numbers(
    variable: &Variable,
    extent: &Extent,
    letters: &LetterNumbers,
) -> Result<Missing, String> {
    let given = missing_numbers(variable);
    let given = given
        .into_iter()
        .map(|number| spss::stored(variable.kind, number));
    let mut values: Vec<f64> = given.chain(letters.values().copied()).collect();
    let range = match variable.missing.ranges.as_slice() {
        [] if values.len() <= ROOM => None,
        [] => {
            let range = range_without_answers(variable, extent, &values).ok_or_else(no_room)?;
            values.retain(|value| *value < range.0 || range.1 < *value);
            Some(range)
        }
        [range] => Some(stored_range(variable.kind, *range)),
        _ => return Err(no_room()),
    };
    if range.is_some() && values.len() > 1 {
        return Err(no_room());
    }
    Ok(Missing {
        range,
        values: values.into_iter().map(Stored::Number).collect(),
    })
}

/// With the words LOWEST and HIGHEST where it has no end.
fn stored_range(kind: Kind, (low, high): (f64, f64)) -> (f64, f64) {
    let bound = |bound: f64| spss::stored(kind, bound);
    let low = if low.is_finite() {
        bound(low)
    } else {
        -f64::MAX.next_down()
    };
    let high = if high.is_finite() {
        bound(high)
    } else {
        f64::MAX
    };
    (low, high)
}

/// A range that holds all missing values but one, and no answer: those above all answers, or those below them.
fn range_without_answers(
    variable: &Variable,
    extent: &Extent,
    values: &[f64],
) -> Option<(f64, f64)> {
    let answers = variable.labels.iter().filter_map(|(value, _)| match value {
        Value::Number(number) if !variable.missing.holds(value) => Some(*number),
        _ => None,
    });
    let (low, high) = answers
        .map(|number| (number, number))
        .chain(extent.answers)
        .map(|(low, high)| {
            (
                spss::stored(variable.kind, low),
                spss::stored(variable.kind, high),
            )
        })
        .fold(
            (f64::INFINITY, f64::NEG_INFINITY),
            |(low, high), (least, most)| (low.min(least), high.max(most)),
        );
    let within = |fits: &dyn Fn(f64) -> bool| {
        let fitting: Vec<f64> = values
            .iter()
            .copied()
            .filter(|value| fits(*value))
            .collect();
        let least = fitting.iter().copied().fold(f64::INFINITY, f64::min);
        let most = fitting.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // one may stand by itself beside the range
        (fitting.len() + 1 >= values.len()).then_some((least, most))
    };
    within(&|value| value > high).or_else(|| within(&|value| value < low))
}

fn no_room() -> String {
    "has more missing values than SPSS has room for: three, or a range and one".to_owned()
}
