//! Numbers for combinations of values, in the order of the values.

use rayon::prelude::*;

use super::CHUNK;
use super::columns::{Entries, SampleColumn};

/// Numbers up to this are looked up in a table, larger ones sorted.
pub const LARGEST_TABLE: usize = 1 << 22;
/// So many different values of a number are kept in a list while they are looked for.
pub const FEW: usize = 256;

/// The number of the combination of values that each row has, in the order of the values, and how many there are.
pub fn numbered(columns: &[&SampleColumn], rows: &[u32]) -> (Vec<u32>, usize) {
    let ranks: Vec<Ranks> = columns
        .iter()
        .map(|column| Ranks::new(column, rows))
        .collect();
    if width(&ranks) <= LARGEST_TABLE as u64 {
        return looked_up(&ranks, rows);
    }
    let mut numbers = vec![0_u64; rows.len()];
    let (mut rest, mut count) = (ranks.as_slice(), 1);
    while !rest.is_empty() {
        // as many columns at a time as leave numbers that can be looked up, but one at least
        let fit = |taken: &usize| count * width(&rest[..*taken]) <= LARGEST_TABLE as u64;
        let taken = (1..=rest.len()).take_while(fit).count().max(1);
        let (own, others) = rest.split_at(taken);
        let chunks = numbers.par_chunks_mut(CHUNK).zip(rows.par_chunks(CHUNK));
        chunks.enumerate().for_each(|(chunk, (numbers, rows))| {
            own.iter()
                .for_each(|ranks| ranks.number_below(numbers, chunk * CHUNK, rows));
        });
        count = renumber(&mut numbers) as u64;
        rest = others;
    }
    let numbers = numbers.par_iter().map(|number| *number as u32).collect();
    (numbers, count as usize)
}

/// The same of combinations that are few enough for a table of all that there may be.
fn looked_up(ranks: &[Ranks], rows: &[u32]) -> (Vec<u32>, usize) {
    let mut numbers = vec![0_u32; rows.len()];
    let chunks = numbers.par_chunks_mut(CHUNK).zip(rows.par_chunks(CHUNK));
    chunks.enumerate().for_each(|(chunk, (numbers, rows))| {
        let mut own = vec![0_u64; rows.len()];
        for ranks in ranks {
            ranks.number_below(&mut own, chunk * CHUNK, rows);
        }
        let each = numbers.iter_mut().zip(own);
        each.for_each(|(number, own)| *number = own as u32);
    });
    let mut place = vec![0_u32; width(ranks) as usize];
    numbers
        .iter()
        .for_each(|number| place[*number as usize] = 1);
    let count = placed(&mut place);
    numbers
        .par_iter_mut()
        .for_each(|number| *number = place[*number as usize]);
    (numbers, count)
}

/// Makes of marks of what occurs its numbers, in the same order, and says how many there are.
fn placed(marks: &mut [u32]) -> usize {
    let mut next = 0;
    for entry in marks {
        let occurs = *entry;
        *entry = next;
        next += occurs;
    }
    next as usize
}

/// How many combinations there may be.
fn width(ranks: &[Ranks]) -> u64 {
    let each = ranks.iter().map(|ranks| ranks.count.max(1) as u64);
    each.fold(1, u64::saturating_mul)
}

/// Codes in the order of the values, the same for equal values.
struct Ranks<'c> {
    by: RankedBy<'c>,
    /// How many there may be.
    count: usize,
}

enum RankedBy<'c> {
    /// Codes of the sample; none is after all others.
    Codes(&'c [u32]),
    /// Numbers of the sample, and the different ones of the rows that are meant, in their order.
    Values(&'c [f64], Vec<f64>),
    /// Those of the rows that are meant.
    Rows(Vec<u32>),
}

impl<'c> Ranks<'c> {
    fn new(column: &'c SampleColumn, rows: &[u32]) -> Ranks<'c> {
        match &column.entries {
            Entries::Levels { codes, names, .. } => Ranks {
                by: RankedBy::Codes(codes),
                count: names.len() + 1,
            },
            Entries::Numbers(numbers) => match few(numbers, rows) {
                Some(values) => Ranks {
                    count: values.len(),
                    by: RankedBy::Values(numbers, values),
                },
                None => {
                    let keys = rows.par_iter().map(|row| order_key(numbers[*row as usize]));
                    let (ranks, count) = ranks_of_keys(keys.collect());
                    Ranks {
                        by: RankedBy::Rows(ranks),
                        count,
                    }
                }
            },
        }
    }

    /// Crosses the numbers of some rows, of which the first is that one of those that are meant, with their ranks.
    fn number_below(&self, numbers: &mut [u64], first: usize, rows: &[u32]) {
        let width = self.count.max(1) as u64;
        let cross = |number: &mut u64, rank: u32| *number = *number * width + u64::from(rank);
        let each = numbers.iter_mut().zip(rows);
        match &self.by {
            RankedBy::Codes(codes) => {
                let last = width as u32 - 1;
                each.for_each(|(number, row)| cross(number, codes[*row as usize].min(last)));
            }
            RankedBy::Values(all, values) => each.for_each(|(number, row)| {
                let own = all[*row as usize];
                cross(number, values.partition_point(|other| *other < own) as u32);
            }),
            RankedBy::Rows(ranks) => {
                let own = &ranks[first..first + numbers.len()];
                let each = numbers.iter_mut().zip(own);
                each.for_each(|(number, rank)| cross(number, *rank));
            }
        }
    }
}

/// The different numbers of some rows in their order, where they are few.
fn few(numbers: &[f64], rows: &[u32]) -> Option<Vec<f64>> {
    let chunk = |rows: &[u32]| few_in_order(rows.iter().map(|row| numbers[*row as usize]));
    let chunks: Option<Vec<Vec<f64>>> = rows.par_chunks(CHUNK).map(chunk).collect();
    few_in_order(chunks?.into_iter().flatten())
}

pub fn few_in_order(numbers: impl Iterator<Item = f64>) -> Option<Vec<f64>> {
    let mut values: Vec<f64> = Vec::new();
    let mut last = f64::NAN;
    for number in numbers {
        if number == last {
            continue;
        }
        last = number;
        let place = values.partition_point(|other| *other < number);
        if values.get(place) != Some(&number) {
            if values.len() == FEW || number.is_nan() {
                return None;
            }
            values.insert(place, number);
        }
    }
    Some(values)
}

/// A key in the order of the numbers, those that are none last; −0 is 0.
fn order_key(number: f64) -> u64 {
    let bits = (number + 0.0).to_bits();
    match bits >> 63 {
        0 => bits | 1 << 63,
        _ => !bits,
    }
}

/// The rank of each of some keys, and how many there are.
fn ranks_of_keys(keys: Vec<u64>) -> (Vec<u32>, usize) {
    let mut pairs: Vec<(u64, u32)> = keys.into_iter().zip(0..).collect();
    pairs.par_sort_unstable();
    let mut ranks = vec![0; pairs.len()];
    let mut count = 0;
    for same in pairs.chunk_by(|one, next| one.0 == next.0) {
        same.iter()
            .for_each(|(_, row)| ranks[*row as usize] = count);
        count += 1;
    }
    (ranks, count as usize)
}

/// Numbers from 0 on without a gap, in the same order.
fn renumber(numbers: &mut [u64]) -> usize {
    let most = numbers.par_iter().max().copied().unwrap_or(0) as usize;
    if most < 4 * LARGEST_TABLE {
        let mut place = vec![0_u32; most + 1];
        numbers
            .iter()
            .for_each(|number| place[*number as usize] = 1);
        let count = placed(&mut place);
        numbers
            .par_iter_mut()
            .for_each(|number| *number = u64::from(place[*number as usize]));
        return count;
    }
    let (ranks, count) = ranks_of_keys(numbers.to_vec());
    let each = numbers.par_iter_mut().zip(ranks);
    each.for_each(|(number, rank)| *number = u64::from(rank));
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: Vec<f64>) -> SampleColumn {
        SampleColumn {
            text: String::new(),
            entries: Entries::Numbers(values),
        }
    }

    #[test]
    fn few_values_and_many_are_numbered_alike() {
        let few = [0.5, -0.0, 3.0, 0.0, -2.0, 0.5, -2.0];
        let many = (0..2 * FEW).map(|x| x as f64 + 10.0);
        let rows: Vec<u32> = (0..few.len() as u32).collect();
        let alone = numbered(&[&numbers(few.to_vec())], &rows);
        let all: Vec<f64> = few.iter().copied().chain(many).collect();
        let rows: Vec<u32> = (0..all.len() as u32).collect();
        let beside = numbered(&[&numbers(all)], &rows);
        assert_eq!(alone.0, [2, 1, 3, 1, 0, 2, 0]);
        assert_eq!(beside.0[..few.len()], alone.0);
        assert_eq!((alone.1, beside.1), (4, 4 + 2 * FEW));
    }

    #[test]
    fn nobody_has_no_pattern() {
        assert_eq!(numbered(&[&numbers(vec![1.0])], &[]), (vec![], 0));
        assert_eq!(numbered(&[], &[0, 1]), (vec![0, 0], 1));
    }
}
