use std::borrow::Cow;

use super::add::{LevelAdder, NumberAdder, Places, ValueAdder};
use super::columns::{codes_of, numbers_of};
use super::error::Error;
use super::keys::{Dictionary, Key, translated};
use super::plan::ItemPlan;
use crate::survey::microdata::{Batch, Value};

/// The sums of one item.
pub enum Adder {
    Levels(Dictionary, LevelAdder),
    Numbers(NumberAdder),
    Values(ValueAdder),
}

impl Adder {
    pub fn new(item: &ItemPlan) -> Adder {
        match item {
            ItemPlan::Levels { .. } => Adder::Levels(Dictionary::default(), LevelAdder::default()),
            ItemPlan::Numbers { .. } | ItemPlan::AtMost { .. } => {
                Adder::Numbers(NumberAdder::default())
            }
            ItemPlan::Values { by_value, .. } => Adder::Values(ValueAdder::new(*by_value)),
        }
    }

    /// Adds a batch; `keys` are the domains met so far.
    pub fn add(
        &mut self,
        item: &ItemPlan,
        batch: &Batch,
        places: &Places,
        (cells, domains): (usize, usize),
        keys: &dyn Fn() -> Vec<Vec<Value>>,
    ) -> Result<(), Error> {
        match (self, item) {
            (
                Adder::Levels(dictionary, adder),
                ItemPlan::Levels {
                    operand,
                    most,
                    room,
                    ..
                },
            ) => {
                let coded = codes_of(operand.run(batch));
                let numbers = dictionary.translate(&coded.values);
                if dictionary.len() > *most || dictionary.len().saturating_mul(cells) > *room {
                    return Err(Error::Levels {
                        variable: operand.text.clone(),
                        most: *most,
                    });
                }
                adder.reserve(cells, domains, dictionary.len(), places);
                adder.add(places, &translated(&coded.codes, &numbers));
            }
            (Adder::Numbers(adder), ItemPlan::Numbers { operands, squares }) => {
                let columns: Vec<Cow<[f64]>> = operands
                    .iter()
                    .map(|operand| numbers_of(operand.run(batch)))
                    .collect();
                let columns: Vec<&[f64]> = columns.iter().map(AsRef::as_ref).collect();
                adder.reserve(cells, domains, item.width(), places);
                adder.add(places, &columns, squares);
            }
            (
                Adder::Numbers(adder),
                ItemPlan::AtMost {
                    operand,
                    thresholds,
                    count,
                },
            ) => {
                let limits: Vec<Option<&Vec<f64>>> = keys()
                    .iter()
                    .map(|values| thresholds.get(&values.iter().map(Key::from).collect::<Vec<_>>()))
                    .collect();
                let values = numbers_of(operand.run(batch));
                let columns = at_most(&values, places.domains, &limits, *count);
                let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
                adder.reserve(cells, domains, item.width(), places);
                adder.add(places, &columns, &[]);
            }
            (Adder::Values(adder), ItemPlan::Values { operand, .. }) => {
                adder.reserve(domains);
                adder.add(places, &numbers_of(operand.run(batch)));
            }
            _ => {}
        }
        Ok(())
    }
}

/// 1 where a value is at or below the threshold of its domain, 0 above, NaN where missing.
fn at_most(
    values: &[f64],
    domains: &[u32],
    limits: &[Option<&Vec<f64>>],
    count: usize,
) -> Vec<Vec<f64>> {
    let column = |k: usize| {
        let share = |(value, domain): (&f64, &u32)| match (value.is_nan(), *domain) {
            (true, _) | (_, 0) => f64::NAN,
            (false, domain) => match limits[domain as usize - 1] {
                Some(limits) => f64::from(*value <= limits[k]),
                None => f64::NAN,
            },
        };
        values.iter().zip(domains).map(share).collect()
    };
    (0..count).map(column).collect()
}
