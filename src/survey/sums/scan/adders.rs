//! The loops over respondents. All else is done once a batch or once a value.

use std::borrow::Cow;

use super::columns::{codes_of, numbers_of};
use super::numbering::{Dictionary, Key, translated};
use super::replicates::{AddedRows, ReplicateSums, regrow};
use crate::statistics::special::Sum;
use crate::survey::expr::{Output, TRUE};
use crate::survey::microdata::{Batch, Value};
use crate::survey::sums::error::Error;
use crate::survey::sums::plan::ItemPlan;
use crate::survey::sums::tally::{LevelSums, NumberSums, ValueSums, Weighted, at, triangle};

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
            (Adder::Numbers(adder), ItemPlan::Numbers { operands, products }) => {
                let columns: Vec<Cow<[f64]>> = operands
                    .iter()
                    .map(|operand| operand.numbers(batch))
                    .collect();
                let columns: Vec<&[f64]> = columns.iter().map(AsRef::as_ref).collect();
                adder.reserve(cells, domains, item.width(), places);
                adder.add(places, &columns, products);
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

/// Where the respondents of a batch belong. Cell 0 and domain 0 stand for those outside of all domains.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    pub cells: &'a [u32],
    pub domains: &'a [u32],
    pub weights: &'a [f64],
    /// Whether squares are kept: rows are the units.
    pub elements: bool,
    /// Weights of each replicate, NaN for 0; empty without any.
    pub replicates: &'a [&'a [f64]],
}

impl Places<'_> {
    /// Cells and domains where all but those of whom a condition holds are outside.
    pub fn of_those(&self, condition: Output) -> (Vec<u32>, Vec<u32>) {
        let Output::Truth(truth) = condition else {
            return (self.cells.to_vec(), self.domains.to_vec());
        };
        let inside = |places: &[u32]| {
            let rows = places.iter().zip(&truth);
            // place 0 is outside
            rows.map(|(place, truth)| place * u32::from(*truth == TRUE))
                .collect()
        };
        (inside(self.cells), inside(self.domains))
    }

    /// The rows that lie in some domain.
    fn inside(&self) -> Vec<u32> {
        let rows = self.domains.iter().enumerate();
        rows.filter(|(_, domain)| **domain != 0)
            .map(|(row, _)| row as u32)
            .collect()
    }
}

/// Sums by level of one thread: more room than levels, so that it seldom has to be made.
#[derive(Default)]
pub struct LevelAdder {
    pub stride: usize,
    /// Which levels occur, be it without a weight or outside of all domains.
    pub occurs: Vec<bool>,
    /// Without those of replicates.
    pub sums: LevelSums,
    pub replicates: ReplicateSums,
}

impl LevelAdder {
    /// Makes room for so many cells, domains and levels.
    pub fn reserve(&mut self, cells: usize, domains: usize, levels: usize, places: &Places) {
        let stride = levels.next_power_of_two().max(self.stride).max(4);
        let old = self.stride;
        regrow(&mut self.sums.weight, old, stride, cells);
        if places.elements {
            regrow(&mut self.sums.square, old, stride, cells);
        }
        regrow(&mut self.sums.count, old, stride, domains);
        let replicates = places.replicates.len();
        self.replicates.reserve(replicates, old, stride, domains);
        self.stride = stride;
        self.occurs.resize(stride, false);
    }

    /// Adds a batch: `levels` is the level of each respondent.
    pub fn add(&mut self, places: &Places, levels: &[u32]) {
        let stride = self.stride;
        let rows = places
            .cells
            .iter()
            .zip(places.domains)
            .zip(places.weights)
            .zip(levels);
        for (((cell, domain), weight), level) in rows.clone() {
            self.sums.weight[*cell as usize * stride + *level as usize].add(*weight);
            self.sums.count[*domain as usize * stride + *level as usize] +=
                u64::from(*weight != 0.0);
            self.occurs[*level as usize] = true;
        }
        if places.elements {
            for (((cell, _), weight), level) in rows {
                self.sums.square[*cell as usize * stride + *level as usize]
                    .add_sum(Sum::product(*weight, *weight));
            }
        }
        if !places.replicates.is_empty() {
            let rows = places.inside();
            let entry = |row: &u32| {
                let row = *row as usize;
                places.domains[row] * stride as u32 + levels[row]
            };
            let kept = AddedRows {
                entries: &rows.iter().map(entry).collect::<Vec<u32>>(),
                rows: &rows,
                numbers: &[],
                products: &[],
            };
            self.replicates.add(places.replicates, &kept);
        }
    }
}

/// Sums of numbers of one thread.
#[derive(Default)]
pub struct NumberAdder {
    /// Without those of replicates.
    pub sums: NumberSums,
    pub replicates: ReplicateSums,
}

impl NumberAdder {
    pub fn reserve(&mut self, cells: usize, domains: usize, width: usize, places: &Places) {
        let sums = &mut self.sums;
        sums.width = width;
        regrow(&mut sums.first, width, width, cells);
        if places.elements {
            regrow(&mut sums.product, triangle(width), triangle(width), cells);
        }
        regrow(
            &mut sums.moment,
            triangle(width - 1).max(1),
            triangle(width - 1).max(1),
            domains,
        );
        regrow(&mut sums.count, 1, 1, domains);
        let replicates = places.replicates.len();
        self.replicates.reserve(replicates, width, width, domains);
    }

    /// Adds a batch: `numbers` are z_1 … of every respondent, column by column, NaN in any for a missing answer; the products
    /// of some pairs of them are the basics after these.
    pub fn add(&mut self, places: &Places, numbers: &[&[f64]], products: &[(usize, usize)]) {
        let width = self.sums.width;
        let moments = triangle(width - 1).max(1);
        let mut weighted = vec![Sum::ZERO; width];
        let mut z = vec![Sum::from(1.0); width];
        for row in 0..places.cells.len() {
            for (place, column) in z[1..].iter_mut().zip(numbers) {
                *place = Sum::from(column[row]);
            }
            if z[..=numbers.len()].iter().any(|z| z.high.is_nan()) {
                continue;
            }
            for (after, (a, b)) in products.iter().enumerate() {
                z[1 + numbers.len() + after] = Sum::product(z[1 + a].high, z[1 + b].high);
            }
            let (cell, domain) = (places.cells[row] as usize, places.domains[row] as usize);
            weigh(&mut weighted, &z, places.weights[row], numbers.len());
            let first = &mut self.sums.first[cell * width..(cell + 1) * width];
            first
                .iter_mut()
                .zip(&weighted)
                .for_each(|(sum, term)| sum.add_sum(*term));
            self.sums.count[domain] += u64::from(places.weights[row] != 0.0);
            let moment = &mut self.sums.moment[domain * moments..(domain + 1) * moments];
            for a in 1..width {
                for b in a..width {
                    moment[at(a - 1, b - 1, width - 1)].add_sum(weighted[a] * z[b]);
                }
            }
            if places.elements {
                let size = triangle(width);
                let product = &mut self.sums.product[cell * size..(cell + 1) * size];
                for a in 0..width {
                    for b in a..width {
                        product[at(a, b, width)].add_sum(weighted[a] * weighted[b]);
                    }
                }
            }
        }
        self.add_replicates(places, numbers, products);
    }

    fn add_replicates(&mut self, places: &Places, numbers: &[&[f64]], products: &[(usize, usize)]) {
        if places.replicates.is_empty() {
            return;
        }
        let width = self.sums.width as u32;
        let mut rows = places.inside();
        for column in numbers {
            rows.retain(|row| !column[*row as usize].is_nan());
        }
        let products: Vec<(Vec<f64>, Vec<f64>)> = products
            .iter()
            .map(|(a, b)| multiplied(numbers[*a], numbers[*b]))
            .collect();
        let entry = |row: &u32| places.domains[*row as usize] * width;
        let kept = AddedRows {
            entries: &rows.iter().map(entry).collect::<Vec<u32>>(),
            rows: &rows,
            numbers,
            products: &products,
        };
        self.replicates.add(places.replicates, &kept);
    }
}

/// x y of every row as the float nearest to it and what that leaves.
fn multiplied(x: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let product = |(x, y): (&f64, &f64)| {
        let product = Sum::product(*x, *y);
        (product.high, product.low)
    };
    x.iter().zip(y).map(product).unzip()
}

/// w z_a of every basic: exact for the numbers, to 32 digits for the products after them.
#[inline(always)]
fn weigh(weighted: &mut [Sum], z: &[Sum], weight: f64, numbers: usize) {
    weighted[0] = Sum::from(weight);
    let (plain, products) = weighted[1..].split_at_mut(numbers);
    for (term, z) in plain.iter_mut().zip(&z[1..]) {
        *term = Sum::product(weight, z.high);
    }
    for (term, z) in products.iter_mut().zip(&z[1 + numbers..]) {
        *term = *z * weight;
    }
}

/// Distributions of one thread.
pub struct ValueAdder {
    pub sums: ValueSums,
    /// Entries after they were last put in order, and now.
    settled: usize,
    held: usize,
}

/// Entries are put in order when there are so many new ones, and twice as many as before.
const UNSETTLED: usize = 1 << 20;

impl ValueAdder {
    pub fn new(by_value: bool) -> ValueAdder {
        ValueAdder {
            sums: ValueSums {
                domains: Vec::new(),
                by_value,
            },
            settled: 0,
            held: 0,
        }
    }

    pub fn reserve(&mut self, domains: usize) {
        if self.sums.domains.len() < domains {
            self.sums.domains.resize(domains, Vec::new());
        }
    }

    /// Adds a batch of numbers, NaN for a missing answer.
    pub fn add(&mut self, places: &Places, numbers: &[f64]) {
        for ((domain, weight), value) in places.domains.iter().zip(places.weights).zip(numbers) {
            if !value.is_nan() && *domain != 0 && *weight != 0.0 {
                self.sums.domains[*domain as usize].push(Weighted {
                    // -0 is 0
                    value: value + 0.0,
                    weight: Sum::from(*weight),
                    count: 1,
                });
                self.held += 1;
            }
        }
        if self.held > 2 * self.settled + UNSETTLED {
            self.sums.compact();
            self.settled = self.sums.domains.iter().map(Vec::len).sum();
            self.held = self.settled;
        }
    }
}
