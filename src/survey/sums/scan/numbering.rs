//! Numbers for values and for combinations of values, in the order in which they occur.

use std::collections::HashMap;

use crate::survey::microdata::{Coded, Codes, Value};

/// A value as a key: numbers by their bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Null,
    Bits(u64),
    Text(String),
}

impl From<&Value> for Key {
    fn from(value: &Value) -> Key {
        match value {
            Value::Null => Key::Null,
            // −0 is 0
            Value::Number(number) => Key::Bits((number + 0.0).to_bits()),
            Value::Text(text) => Key::Text(text.clone()),
        }
    }
}

/// The values of one column that were met so far.
#[derive(Default)]
pub struct Dictionary {
    index: HashMap<Key, u32>,
    pub values: Vec<Value>,
}

impl Dictionary {
    /// The number of each of a batch's values.
    pub fn translate(&mut self, values: &[Value]) -> Vec<u32> {
        values.iter().map(|value| self.number(value)).collect()
    }

    pub fn number(&mut self, value: &Value) -> u32 {
        let next = self.values.len() as u32;
        let number = *self.index.entry(Key::from(value)).or_insert(next);
        if number == next {
            self.values.push(value.clone());
        }
        number
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }
}

/// Numbers for pairs (above, below): a unit within its stratum, a domain crossed with another, a cell of unit and domain.
///
/// A table while it is small, a map above that.
#[derive(Default)]
pub struct Pairs {
    /// The pairs by number.
    pub pairs: Vec<(u32, u32)>,
    table: Vec<u32>,
    stride: usize,
    map: HashMap<u64, u32>,
    sparse: bool,
}

const UNKNOWN: u32 = u32::MAX;
/// 64 MB of table; above it a map is faster, too (most of the table would never be used).
const LARGEST_TABLE: usize = 16 << 20;

impl Pairs {
    /// Makes room for pairs below these counts.
    pub fn reserve(&mut self, above: usize, below: usize) {
        if self.sparse || (below <= self.stride && above * self.stride <= self.table.len()) {
            return;
        }
        let stride = below.next_power_of_two().max(self.stride);
        // no fewer than there are: a batch may meet fewer units than the ones before it
        let known = self.table.len().checked_div(self.stride).unwrap_or(0);
        let rows = above.max(known).next_power_of_two();
        match stride.checked_mul(rows) {
            Some(size) if size <= LARGEST_TABLE => {
                self.table = vec![UNKNOWN; size.max(self.table.len())];
                self.stride = stride;
                for (number, (above, below)) in self.pairs.iter().enumerate() {
                    self.table[*above as usize * stride + *below as usize] = number as u32;
                }
            }
            _ => self.go_sparse(),
        }
    }

    fn go_sparse(&mut self) {
        self.sparse = true;
        self.table = Vec::new();
        let numbered = self.pairs.iter().enumerate();
        self.map = numbered
            .map(|(number, (above, below))| (joined(*above, *below), number as u32))
            .collect();
    }

    /// The number of a pair; room must have been made.
    #[inline]
    pub fn number(&mut self, above: u32, below: u32) -> u32 {
        let next = self.pairs.len() as u32;
        let slot = match self.sparse {
            true => self.map.entry(joined(above, below)).or_insert(UNKNOWN),
            false => &mut self.table[above as usize * self.stride + below as usize],
        };
        if *slot == UNKNOWN {
            *slot = next;
            self.pairs.push((above, below));
        }
        *slot
    }
}

fn joined(above: u32, below: u32) -> u64 {
    u64::from(above) << 32 | u64::from(below)
}

/// The entries of a coded column, translated.
pub fn translated(codes: &Codes, numbers: &[u32]) -> Vec<u32> {
    match codes {
        Codes::Narrow(codes) => codes
            .iter()
            .map(|code| numbers[usize::from(*code)])
            .collect(),
        Codes::Wide(codes) => codes.iter().map(|code| numbers[*code as usize]).collect(),
    }
}

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
        self.number_below(vec![0; rows], 1, columns)
    }

    /// The same below a number of each row, of which there are `above`.
    pub fn number_below<'c>(
        &mut self,
        mut numbers: Vec<u32>,
        mut above: usize,
        columns: impl Iterator<Item = &'c Coded>,
    ) -> Vec<u32> {
        for ((dictionary, pairs), column) in self.columns.iter_mut().zip(columns) {
            number_below(dictionary, pairs, &mut numbers, above, column);
            above = pairs.pairs.len();
        }
        numbers
    }

    /// Takes in the crossings of another chain, where those above have these numbers of `count` here: the number of each.
    pub fn absorb(&mut self, other: Chain, above: &[u32], mut count: usize) -> Vec<u32> {
        let mut numbers = above.to_vec();
        for ((dictionary, pairs), (values, more)) in self.columns.iter_mut().zip(other.columns) {
            let below = dictionary.translate(&values.values);
            pairs.reserve(count.max(1), dictionary.len().max(1));
            let place = |(above, own): &(u32, u32)| {
                pairs.number(numbers[*above as usize], below[*own as usize])
            };
            numbers = more.pairs.iter().map(place).collect();
            count = pairs.pairs.len();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_and_a_map_number_alike() {
        let (mut dense, mut sparse) = (Pairs::default(), Pairs::default());
        sparse.sparse = true;
        for (above, below) in [(0, 0), (3, 1), (0, 0), (900, 70), (3, 1), (2, 65)] {
            dense.reserve(above as usize + 1, below as usize + 1);
            sparse.reserve(above as usize + 1, below as usize + 1);
            assert_eq!(dense.number(above, below), sparse.number(above, below));
        }
        assert_eq!(dense.pairs.len(), 4);
    }

    #[test]
    fn a_table_that_grows_to_one_side_keeps_the_other() {
        let mut pairs = Pairs::default();
        pairs.reserve(40, 1);
        assert_eq!(pairs.number(39, 0), 0);
        pairs.reserve(1, 9);
        assert_eq!(pairs.number(0, 8), 1);
        assert_eq!(pairs.number(39, 0), 0);
    }
}
