//! Whether sums can come of respondents: each is one person or more with a weight above 0.
//!
//! Of n of them with weights w, (Σw)²/n ≤ Σw² ≤ (Σw)² and, of any number y, (Σwy)² ≤ Σw Σwy² (Cauchy and Schwarz). A part of
//! a cell holds no more than the cell, and its levels (no answer is one of them) hold all of it.

use std::collections::BTreeMap;

use super::table::Table;
use crate::statistics::special::Sum;
use crate::survey::sums::error::Error;
use crate::survey::sums::tally::{NumberSums, Sums, at, triangle};

/// An engine that adds floats loses that share at most, with a billion respondents.
const ROUNDING: f64 = 1e-6;
/// Squares below this may have underflowed.
const TINY: f64 = 1e-290;

/// How many respondents, and what their weights add up to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weighed {
    pub(super) n: u64,
    pub(super) w: Sum,
}

impl Weighed {
    pub(super) fn add(&mut self, other: Weighed) {
        self.n += other.n;
        self.w.add_sum(other.w);
    }

    fn weight(self) -> f64 {
        self.w.value()
    }

    /// With the sum of the squares, where it is known.
    fn check(self, square: Option<Sum>) -> Result<(), String> {
        let (n, w) = (self.n, self.weight());
        if (n == 0) != (w == 0.0) {
            return Err(format!("{n} respondents don’t weigh {w} together"));
        }
        let Some(square) = square.map(Sum::value) else {
            return Ok(());
        };
        let (least, most) = (w * w / n.max(1) as f64, w * w);
        match most < TINY || !most.is_finite() || between(square, least, most) {
            true => Ok(()),
            false => Err(format!(
                "w2 is {square}, and {n} weights that add up to {w} have squares that add up to between {least} and {most}"
            )),
        }
    }
}

fn between(number: f64, least: f64, most: f64) -> bool {
    number >= least - ROUNDING * least.abs() && number <= most + ROUNDING * most.abs()
}

/// A row of respondents with a weight.
pub(super) fn check_row(
    table: &Table,
    row: usize,
    weighed: Weighed,
    square: Option<Sum>,
) -> Result<(), Error> {
    weighed
        .check(square)
        .map_err(|what| table.wrong(row, &what))
}

/// What a file says of itself, in rows that a database may leave out.
pub(super) struct Whole {
    pub(super) rows: Option<u64>,
    pub(super) weight: Option<f64>,
    /// In how many domains a respondent may lie: one, or the total and one a block of a banner.
    pub(super) blocks: u64,
}

/// The cells of a unit hold no more than the unit, and the units no more than the file. `rows` are those of the units, and of
/// the cells.
pub(super) fn check_units(
    table: &Table,
    sums: &Sums,
    whole: &Whole,
    (units, cells): (&[usize], &[usize]),
) -> Result<(), Error> {
    let mut held = vec![(0u64, 0u64); sums.units.len()];
    let mut weight = Sum::ZERO;
    for (cell, row) in sums.cells.iter().zip(cells) {
        if cell.weighted > cell.rows {
            return Err(table.wrong(*row, "more respondents have a weight than there are"));
        }
        let (rows, weighted) = &mut held[cell.unit as usize];
        *rows += cell.rows;
        *weighted += cell.weighted;
        weight.add_sum(cell.weight);
    }
    for ((unit, row), (rows, weighted)) in sums.units.iter().zip(units).zip(held) {
        let too_many = weighted > unit.weighted.saturating_mul(whole.blocks)
            || rows > unit.rows.saturating_mul(whole.blocks);
        if unit.weighted > unit.rows || too_many {
            let what = format!(
                "{} respondents, {} with a weight, and its cells hold {rows} and {weighted}",
                unit.rows, unit.weighted
            );
            return Err(table.wrong(*row, &what));
        }
    }
    let rows: u64 = sums.units.iter().map(|unit| unit.rows).sum();
    if let Some(all) = whole.rows.filter(|all| rows > *all) {
        return Err(Error::Spoilt(format!(
            "the units hold {rows} respondents, and the file is said to have {all}"
        )));
    }
    let weight = weight.value() / whole.blocks as f64;
    match whole.weight.filter(|all| weight > all * (1.0 + ROUNDING)) {
        None => Ok(()),
        Some(all) => Err(Error::Spoilt(format!(
            "the cells weigh {weight}, and the whole file is said to weigh {all}"
        ))),
    }
}

/// What an item holds of each cell, with a row of it.
pub(super) type ByCell = BTreeMap<usize, (usize, Weighed)>;

/// An item holds of each cell no more than there is; all of it where `whole`.
pub(super) fn check_cells(
    table: &Table,
    sums: &Sums,
    item: &str,
    held: &ByCell,
    whole: bool,
) -> Result<(), Error> {
    for (cell, tally) in sums.cells.iter().enumerate() {
        let (row, part) = held.get(&cell).copied().unwrap_or_default();
        let (n, w) = (tally.weighted, tally.weight.value());
        let (less, more) = (part.n < n, part.n > n);
        let equal = between(part.weight(), w, w);
        if more || part.weight() > w && !equal || whole && (less || !equal) {
            let what = format!(
                "{item} has {} respondents who weigh {} in its cell, and the cell {n} who weigh {w}",
                part.n,
                part.weight()
            );
            return Err(table.wrong(row, &what));
        }
    }
    Ok(())
}

/// Squares of numbers are no less than what their sums leave them.
pub(super) fn check_numbers(item: &str, sums: &Sums, numbers: &NumberSums) -> Result<(), Error> {
    let width = numbers.width;
    let (pairs, moments) = (triangle(width), triangle(width.saturating_sub(1)).max(1));
    let mut first = vec![Sum::ZERO; numbers.count.len() * width];
    for (cell, place) in sums.cells.iter().enumerate() {
        for a in 0..width {
            first[place.domain as usize * width + a].add_sum(numbers.first[cell * width + a]);
        }
    }
    let wrong = |what: &str, a: f64, square: f64| {
        Error::Spoilt(format!(
            "{item}: the squares of its numbers add up to {square} {what}, and no respondents whose numbers add up to {a} have that"
        ))
    };
    let possible = |w: f64, a: f64, square: f64| {
        let least = a * a / w;
        square >= 0.0 && (!least.is_finite() || least < TINY || between(square, least, f64::MAX))
    };
    for (domain, n) in numbers.count.iter().enumerate().filter(|(_, n)| **n > 0) {
        let w = first[domain * width].value();
        for a in 1..width {
            let sum = first[domain * width + a].value();
            let square = numbers.moment[domain * moments + at(a - 1, a - 1, width - 1)].value();
            if !possible(w, sum, square) {
                return Err(wrong(&format!("in a group of {n}"), sum, square));
            }
        }
    }
    for products in numbers.product.chunks(pairs.max(1)) {
        let w = products[0].value();
        for a in (1..width).filter(|_| w > 0.0) {
            let (sum, square) = (products[a].value(), products[at(a, a, width)].value());
            if !possible(w, sum, square) {
                return Err(wrong("with squared weights", sum, square));
            }
        }
    }
    Ok(())
}
