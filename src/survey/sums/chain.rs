use super::keys::{Dictionary, Pairs, translated};
use crate::survey::microdata::{Coded, Value};

/// Columns crossed one after the other.
#[derive(Default)]
pub struct Chain {
    pub columns: Vec<(Dictionary, Pairs)>,
}

impl Chain {
    pub fn new(columns: usize) -> Chain {
        Chain {
            columns: (0..columns).map(|_| Default::default()).collect(),
        }
    }

    /// Number of crossings met, with one for the crossing of nothing.
    pub fn len(&self) -> usize {
        self.columns
            .last()
            .map_or(1, |(_, pairs)| pairs.pairs.len())
    }

    /// The crossing of each row.
    pub fn number<'c>(
        &mut self,
        rows: usize,
        columns: impl Iterator<Item = &'c Coded>,
    ) -> Vec<u32> {
        let mut numbers = vec![0; rows];
        let mut above = 1;
        for ((dictionary, pairs), column) in self.columns.iter_mut().zip(columns) {
            number_below(dictionary, pairs, &mut numbers, above, column);
            above = pairs.pairs.len();
        }
        numbers
    }

    /// The values of a crossing.
    pub fn values(&self, number: u32) -> Vec<Value> {
        let mut number = number;
        let mut values: Vec<Value> = Vec::with_capacity(self.columns.len());
        for (dictionary, pairs) in self.columns.iter().rev() {
            let (above, below) = pairs.pairs[number as usize];
            values.push(dictionary.values[below as usize].clone());
            number = above;
        }
        values.reverse();
        values
    }
}

/// Replaces the number above of each row by that of the pair with its value.
pub fn number_below(
    dictionary: &mut Dictionary,
    pairs: &mut Pairs,
    numbers: &mut [u32],
    above: usize,
    column: &Coded,
) {
    let values = dictionary.translate(&column.values);
    pairs.reserve(above.max(1), dictionary.len().max(1));
    let below = translated(&column.codes, &values);
    for (number, below) in numbers.iter_mut().zip(below) {
        *number = pairs.number(*number, below);
    }
}
