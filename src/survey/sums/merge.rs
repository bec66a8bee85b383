//! Sums of threads, batches, files into one, in an order that depends on their content alone.

use super::error::Error;
use super::merge_items::merged_items;
use super::renumbered::{Renumbered, order};
use super::tally::{Cell, PlacedRows, RowCounts, Sums, Unit};
use crate::survey::microdata::Value;

/// Merges sums that were made alike: over the same groups and items, by the same design.
///
/// Strata, units, domains and levels come out in the order of their values, cells by domain and then by unit. The result is
/// the same, digit for digit, whatever the order of the parts and however respondents were spread over them.
///
/// # Errors
/// [`Error::Unlike`] where parts have other items, groups or stages.
pub fn merge(parts: Vec<Sums>) -> Result<Sums, Error> {
    let by_values = |a: &Vec<Value>, b: &Vec<Value>| order(a, b);
    let mut all = Sums::default();
    let strata = Renumbered::of(parts.iter().map(|part| &part.strata), by_values);
    let domains = Renumbered::of(parts.iter().map(|part| &part.domains), by_values);
    let placed: Vec<Vec<Unit>> = parts
        .iter()
        .zip(&strata.numbers)
        .map(|(part, numbers)| {
            let renumber = |unit: &Unit| Unit {
                stratum: numbers[unit.stratum as usize],
                ..unit.clone()
            };
            part.units.iter().map(renumber).collect()
        })
        .collect();
    let units = Renumbered::of(placed.iter(), |a: &Unit, b: &Unit| {
        a.stratum
            .cmp(&b.stratum)
            .then_with(|| order(&a.path, &b.path))
    });
    all.units = merged_units(&units, &placed)?;
    let moved: Vec<Vec<Cell>> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let renumber = |cell: &Cell| Cell {
                unit: units.numbers[at][cell.unit as usize],
                domain: domains.numbers[at][cell.domain as usize],
                ..*cell
            };
            part.cells.iter().map(renumber).collect()
        })
        .collect();
    let cells = Renumbered::of(moved.iter(), |a: &Cell, b: &Cell| {
        (a.domain, a.unit).cmp(&(b.domain, b.unit))
    });
    all.cells = merged_cells(&cells, &moved);
    all.rows = parts
        .iter()
        .map(|part| part.rows)
        .fold(RowCounts::default(), added);
    parts.iter().for_each(|part| all.sketch.merge(&part.sketch));
    all.items = merged_items(&parts, &cells, &domains)?;
    all.places = merged_places(&parts, &units);
    all.tidy();
    all.strata = strata.values;
    all.domains = domains.values;
    Ok(all)
}

fn added(a: RowCounts, b: RowCounts) -> RowCounts {
    RowCounts {
        all: a.all + b.all,
        without_weight: a.without_weight + b.without_weight,
        negative_weight: a.negative_weight + b.negative_weight,
        incomplete: a.incomplete + b.incomplete,
    }
}

fn merged_units(units: &Renumbered<Unit>, parts: &[Vec<Unit>]) -> Result<Vec<Unit>, Error> {
    let blank = |unit: &Unit| Unit {
        fpc: Vec::new(),
        rows: 0,
        weighted: 0,
        ..unit.clone()
    };
    let mut all: Vec<Unit> = units.values.iter().map(blank).collect();
    for (part, numbers) in parts.iter().zip(&units.numbers) {
        for (unit, number) in part.iter().zip(numbers) {
            let to = &mut all[*number as usize];
            to.rows += unit.rows;
            to.weighted += unit.weighted;
            if to.fpc.is_empty() {
                to.fpc.clone_from(&unit.fpc);
            } else if to.fpc.len() != unit.fpc.len() {
                return Err(Error::unlike("fpc"));
            }
            for (to, from) in to.fpc.iter_mut().zip(&unit.fpc) {
                let missing = to.0.is_nan() || from.0.is_nan();
                to.0 = if missing { f64::NAN } else { to.0.min(from.0) };
                to.1 = to.1.max(from.1);
            }
        }
    }
    Ok(all)
}

/// The runs of rows in their order, with the new numbers of their units.
fn merged_places(parts: &[Sums], units: &Renumbered<Unit>) -> Vec<PlacedRows> {
    let mut runs: Vec<PlacedRows> = Vec::new();
    for (part, numbers) in parts.iter().zip(&units.numbers) {
        runs.extend(part.places.iter().map(|run| {
            PlacedRows {
                first_row: run.first_row,
                units: run
                    .units
                    .iter()
                    .map(|unit| numbers[*unit as usize])
                    .collect(),
            }
        }));
    }
    runs.sort_by_key(|run| run.first_row);
    runs
}

fn merged_cells(cells: &Renumbered<Cell>, parts: &[Vec<Cell>]) -> Vec<Cell> {
    let blank = |cell: &Cell| Cell {
        unit: cell.unit,
        domain: cell.domain,
        ..Cell::default()
    };
    let mut all: Vec<Cell> = cells.values.iter().map(blank).collect();
    for (part, numbers) in parts.iter().zip(&cells.numbers) {
        for (cell, number) in part.iter().zip(numbers) {
            let to = &mut all[*number as usize];
            to.rows += cell.rows;
            to.weighted += cell.weighted;
            to.weight.add_sum(cell.weight);
            to.square.add_sum(cell.square);
        }
    }
    all
}
