//! Levels of the respondents of a batch: columns, bands, crossings.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::Rows;
use crate::survey::expr::bind::plan::{Coding, Numeric, truth_levels};
use crate::survey::expr::crossable;
use crate::survey::microdata::{Coded, Codes, Value};

/// The most pairs of levels that are found in a table; beyond, by hashing.
const MOST_PAIRS: usize = 1 << 18;

/// So many numbers stay in the nearest cache while all breaks go over them.
const TOGETHER: usize = 256;

/// No level has been given to that pair yet.
const OPEN: u32 = u32::MAX;

impl<'b> Rows<'b, '_> {
    pub(super) fn coded(&self, coding: &Coding) -> Cow<'b, Coded> {
        match coding {
            Coding::Column { request, .. } => Cow::Borrowed(self.column_of_codes(*request)),
            Coding::Cut {
                numeric,
                breaks,
                levels,
            } => Cow::Owned(Coded {
                codes: Codes::Narrow(self.bands(numeric, breaks)),
                values: Arc::clone(levels),
            }),
            Coding::Cross(parts) => Cow::Owned(self.crossed(parts)),
            Coding::Truth(truth) => {
                let [no, yes] = truth_levels();
                Cow::Owned(Coded {
                    codes: Codes::Narrow(self.truth(truth)),
                    values: Arc::new(vec![no, yes, Value::Null]),
                })
            }
            Coding::Numbers(numeric) => Cow::Owned(self.distinct(numeric)),
        }
    }

    /// The band of each number: how many breaks it has reached. NaN comes after the last.
    fn bands(&self, numeric: &Numeric, breaks: &[f64]) -> Vec<u8> {
        let numbers = self.numbers(numeric).all(self.batch.rows);
        let missing = u8::try_from(breaks.len() + 1).unwrap_or(u8::MAX);
        let mut bands = Vec::with_capacity(numbers.len());
        for numbers in numbers.chunks(TOGETHER) {
            // as wide as the numbers, so that a comparison and its count share their lanes
            let mut reached = [0u64; TOGETHER];
            for at in breaks {
                for (reached, number) in reached.iter_mut().zip(numbers) {
                    *reached += u64::from(number >= at);
                }
            }
            let each = reached.iter().zip(numbers);
            bands.extend(each.map(|(reached, number)| match number.is_nan() {
                true => missing,
                false => *reached as u8,
            }));
        }
        bands
    }

    /// The distinct numbers as levels.
    fn distinct(&self, numeric: &Numeric) -> Coded {
        let numbers = self.numbers(numeric).all(self.batch.rows);
        let mut found = HashMap::new();
        let mut values = Vec::new();
        let codes = numbers.iter().map(|number| {
            let value = match number.is_nan() {
                true => Value::Null,
                // the sum with 0 makes 0 of -0
                false => Value::Number(number + 0.0),
            };
            let bits = match value {
                Value::Number(number) => number.to_bits(),
                _ => f64::NAN.to_bits(),
            };
            *found.entry(bits).or_insert_with(|| {
                values.push(value);
                values.len() as u32 - 1
            })
        });
        let codes = codes.collect();
        coded(codes, values)
    }

    fn crossed(&self, parts: &[Coding]) -> Coded {
        let mut levels = Levels::default();
        for (position, part) in parts.iter().enumerate() {
            let levels_of_part = Levels::new(&self.coded(part), part);
            // a crossing within a crossing has its names quoted already: again and again they would double
            let part = match part {
                Coding::Cross(_) => levels_of_part,
                _ => levels_of_part.crossable(),
            };
            levels = match position {
                0 => part,
                _ => levels.with(&part),
            };
        }
        let value = |text: Option<String>| text.map_or(Value::Null, Value::Text);
        coded(levels.codes, levels.texts.into_iter().map(value).collect())
    }
}

fn coded(codes: Vec<u32>, values: Vec<Value>) -> Coded {
    let codes = match values.len() <= 256 {
        true => Codes::Narrow(codes.into_iter().map(|code| code as u8).collect()),
        false => Codes::Wide(codes),
    };
    Coded {
        codes,
        values: Arc::new(values),
    }
}

/// Levels by their names; `None` is every missing answer.
#[derive(Default)]
struct Levels {
    codes: Vec<u32>,
    texts: Vec<Option<String>>,
}

impl Levels {
    fn new(coded: &Coded, coding: &Coding) -> Levels {
        let name = |value: &Value| match coding {
            Coding::Column { variable, .. } => variable.name_of(value),
            _ => value.text(),
        };
        let missing = coding.missing();
        let text = |value: &Value| match missing.holds(value) {
            true => None,
            false => Some(name(value)),
        };
        Levels {
            codes: match &coded.codes {
                Codes::Narrow(codes) => codes.iter().map(|code| u32::from(*code)).collect(),
                Codes::Wide(codes) => codes.clone(),
            },
            texts: coded.values.iter().map(text).collect(),
        }
    }

    /// The same levels as they stand in the names of crossed ones.
    fn crossable(mut self) -> Levels {
        for text in self.texts.iter_mut().flatten() {
            if let Cow::Owned(quoted) = crossable(text) {
                *text = quoted;
            }
        }
        self
    }

    /// The pairs that occur, in the order in which they do.
    fn with(&self, other: &Levels) -> Levels {
        let width = other.texts.len();
        let pairs = self.texts.len().saturating_mul(width);
        let mut named = PairNames::new(self, other);
        let both = self.codes.iter().zip(&other.codes);
        let codes = match pairs <= MOST_PAIRS {
            true => {
                let mut known = vec![OPEN; pairs];
                let mut code = |(a, b): (&u32, &u32)| {
                    let at = *a as usize * width + *b as usize;
                    match known.get_mut(at) {
                        Some(known) => {
                            if *known == OPEN {
                                *known = named.code(*a, *b);
                            }
                            *known
                        }
                        None => named.code(*a, *b),
                    }
                };
                both.map(&mut code).collect()
            }
            false => {
                let mut known = HashMap::new();
                both.map(|(a, b)| *known.entry((*a, *b)).or_insert_with(|| named.code(*a, *b)))
                    .collect()
            }
        };
        Levels {
            codes,
            texts: named.texts,
        }
    }
}

/// Pairs of levels, told apart by their names: a dictionary holds each value once.
struct PairNames<'l> {
    left: &'l [Option<String>],
    right: &'l [Option<String>],
    codes: HashMap<Option<String>, u32>,
    texts: Vec<Option<String>>,
}

impl<'l> PairNames<'l> {
    fn new(left: &'l Levels, right: &'l Levels) -> PairNames<'l> {
        PairNames {
            left: &left.texts,
            right: &right.texts,
            codes: HashMap::new(),
            texts: Vec::new(),
        }
    }

    fn code(&mut self, left: u32, right: u32) -> u32 {
        let text_of = |texts: &'l [Option<String>], code: u32| texts.get(code as usize)?.as_deref();
        let text = match (text_of(self.left, left), text_of(self.right, right)) {
            (Some(left), Some(right)) => Some(format!("{left}:{right}")),
            _ => None,
        };
        let texts = &mut self.texts;
        *self.codes.entry(text.clone()).or_insert_with(|| {
            texts.push(text);
            texts.len() as u32 - 1
        })
    }
}
