//! What a second pass over the respondents would find, from the sums of each value of a variable.

use std::collections::HashMap;

use super::scan::Key;
use super::tally::{LevelSums, NumberSums, Sums, at, triangle};
use crate::statistics::special::Sum;
use crate::survey::microdata::Value;

impl LevelSums {
    /// The sums of the basics 1, 1\[y ≤ t_1\] … 1\[y ≤ t_count\] for the thresholds of each domain, where the levels are
    /// the values of y: what an item [`AtMost`](super::ItemPlan::AtMost) adds up.
    pub fn at_most(
        &self,
        whole: &Sums,
        thresholds: &HashMap<Vec<Key>, Vec<f64>>,
        count: usize,
    ) -> NumberSums {
        let (width, levels) = (1 + count, self.levels.len());
        let (pairs, moments) = (triangle(width), triangle(count).max(1));
        let domains = whole.domains.len();
        let elements = !self.square.is_empty();
        let mut sums = NumberSums {
            origins: Vec::new(),
            width,
            first: vec![Sum::ZERO; whole.cells.len() * width],
            product: vec![
                Sum::ZERO;
                if elements {
                    whole.cells.len() * pairs
                } else {
                    0
                }
            ],
            moment: vec![Sum::ZERO; domains * moments],
            count: vec![0; domains],
            replicates: vec![vec![Sum::ZERO; domains * width]; self.replicates.len()],
        };
        // z_0 … z_count of each level, by domain
        let basics: Vec<Vec<Option<Vec<bool>>>> = whole
            .domains
            .iter()
            .map(|values| {
                let key: Vec<Key> = values.iter().map(Key::from).collect();
                let limits = thresholds.get(&key);
                self.levels
                    .iter()
                    .map(|level| basics(level, limits))
                    .collect()
            })
            .collect();
        for (at_cell, cell) in whole.cells.iter().enumerate() {
            for (level, z) in basics[cell.domain as usize].iter().enumerate() {
                let (Some(z), place) = (z, at_cell * levels + level) else {
                    continue;
                };
                let weight = self.weight[place];
                for a in (0..width).filter(|a| z[*a]) {
                    sums.first[at_cell * width + a].add_sum(weight);
                    for b in (a..width).filter(|b| z[*b]) {
                        if elements {
                            let pair = at_cell * pairs + at(a, b, width);
                            sums.product[pair].add_sum(self.square[place]);
                        }
                        if a > 0 {
                            let pair = cell.domain as usize * moments + at(a - 1, b - 1, count);
                            sums.moment[pair].add_sum(weight);
                        }
                    }
                }
            }
        }
        for (domain, basics) in basics.iter().enumerate() {
            for (level, z) in basics.iter().enumerate() {
                let (Some(z), place) = (z, domain * levels + level) else {
                    continue;
                };
                sums.count[domain] += self.count[place];
                for (to, from) in sums.replicates.iter_mut().zip(&self.replicates) {
                    for a in (0..width).filter(|a| z[*a]) {
                        to[domain * width + a].add_sum(from[place]);
                    }
                }
            }
        }
        sums
    }

    /// The weight of each value in a domain, in the order of the values, and how many respondents have any.
    pub fn distribution(
        &self,
        whole: &Sums,
        cells: std::ops::Range<usize>,
        domain: usize,
    ) -> (Vec<(f64, Sum)>, u64) {
        let width = self.levels.len();
        let mut values: Vec<(f64, Sum)> = Vec::new();
        let mut n = 0;
        let cells = cells.start.min(whole.cells.len())..cells.end.min(whole.cells.len());
        for (level, value) in self.levels.iter().enumerate() {
            let Value::Number(value) = value else {
                continue;
            };
            n += self.count[domain * width + level];
            let mut weight = Sum::ZERO;
            for cell in cells.clone() {
                weight.add_sum(self.weight[cell * width + level]);
            }
            values.push((*value, weight));
        }
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        (values, n)
    }
}

fn basics(level: &Value, limits: Option<&Vec<f64>>) -> Option<Vec<bool>> {
    match (level, limits) {
        (Value::Number(value), Some(limits)) => {
            let below = limits.iter().map(|limit| value <= limit);
            Some(std::iter::once(true).chain(below).collect())
        }
        _ => None,
    }
}
