//! What several parts met, in one order.

use std::cmp::Ordering;

use crate::survey::microdata::Value;

/// What was met in several parts, in order, and the new number of each part's old ones.
pub struct Renumbered<T> {
    pub values: Vec<T>,
    pub numbers: Vec<Vec<u32>>,
}

impl<T: Clone> Renumbered<T> {
    pub fn of<'p>(
        parts: impl Iterator<Item = &'p Vec<T>>,
        order: impl Fn(&T, &T) -> Ordering,
    ) -> Renumbered<T>
    where
        T: 'p,
    {
        let parts: Vec<&Vec<T>> = parts.collect();
        let mut all: Vec<(usize, usize)> = parts
            .iter()
            .enumerate()
            .flat_map(|(part, values)| (0..values.len()).map(move |at| (part, at)))
            .collect();
        all.sort_by(|a, b| order(&parts[a.0][a.1], &parts[b.0][b.1]));
        let mut numbers: Vec<Vec<u32>> = parts.iter().map(|values| vec![0; values.len()]).collect();
        let mut values: Vec<T> = Vec::new();
        for (part, at) in all {
            let value = &parts[part][at];
            if values
                .last()
                .is_none_or(|last| order(last, value) != Ordering::Equal)
            {
                values.push(value.clone());
            }
            numbers[part][at] = values.len() as u32 - 1;
        }
        Renumbered { values, numbers }
    }
}

/// The order of lists of values.
pub fn order(a: &[Value], b: &[Value]) -> Ordering {
    let first = a.iter().zip(b).map(|(a, b)| a.order(b));
    first
        .into_iter()
        .find(|order| *order != Ordering::Equal)
        .unwrap_or_else(|| a.len().cmp(&b.len()))
}
