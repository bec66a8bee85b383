//! Sums of threads, batches, files into one, in an order that depends on their content alone.

use std::cmp::Ordering;

use super::error::Error;
use super::tally::{
    Cell, ItemSums, LevelSums, LiteralCount, NumberSums, PlacedRows, ReplicateColumn, RowCounts,
    Sums, Unit, ValueSums, triangle, widen_fpc,
};
use crate::statistics::special::Sum;
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
    let strata = Renumbering::new(parts.iter().map(|part| &part.strata), by_values);
    let domains = Renumbering::new(parts.iter().map(|part| &part.domains), by_values);
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
    let units = Renumbering::new(placed.iter(), |a: &Unit, b: &Unit| {
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
    let cells = Renumbering::new(moved.iter(), |a: &Cell, b: &Cell| {
        (a.domain, a.unit).cmp(&(b.domain, b.unit))
    });
    all.cells = merged_cells(&cells, &moved);
    all.rows = parts
        .iter()
        .map(|part| part.rows)
        .fold(RowCounts::default(), added);
    for part in &parts {
        for (item, count) in &part.asked {
            *all.asked.entry(*item).or_default() += count;
        }
        all.weight.add_sum(part.weight);
        all.sketch.merge(&part.sketch);
    }
    all.weight = all.weight.tidy();
    all.replicate_columns = merged_replicate_columns(&parts);
    all.literals = merged_literals(&parts);
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
        infinite_weight: a.infinite_weight + b.infinite_weight,
        incomplete: a.incomplete + b.incomplete,
        without_group: a.without_group + b.without_group,
        undecided: a.undecided + b.undecided,
    }
}

fn merged_replicate_columns(parts: &[Sums]) -> Vec<ReplicateColumn> {
    let columns = parts.iter().map(|part| part.replicate_columns.len()).max();
    let mut all = vec![ReplicateColumn::default(); columns.unwrap_or(0)];
    for part in parts {
        for (to, from) in all.iter_mut().zip(&part.replicate_columns) {
            *to = ReplicateColumn {
                sum: to.sum + from.sum,
                low: to.low.min(from.low),
                high: to.high.max(from.high),
                missing: to.missing + from.missing,
                negative: to.negative + from.negative,
                differs: to.differs || from.differs,
            };
        }
    }
    all
}

fn merged_literals(parts: &[Sums]) -> Vec<LiteralCount> {
    let literals = parts.iter().map(|part| part.literals.len()).max();
    let mut all = vec![LiteralCount::default(); literals.unwrap_or(0)];
    for part in parts {
        for (to, from) in all.iter_mut().zip(&part.literals) {
            to.rows += from.rows;
            to.inside += from.inside;
            to.others.extend(from.others.iter().cloned());
        }
    }
    all
}

fn merged_units(units: &Renumbering<Unit>, parts: &[Vec<Unit>]) -> Result<Vec<Unit>, Error> {
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
                widen_fpc(to, *from);
            }
        }
    }
    Ok(all)
}

/// The runs of rows in their order, with the new numbers of their units.
fn merged_places(parts: &[Sums], units: &Renumbering<Unit>) -> Vec<PlacedRows> {
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

fn merged_cells(cells: &Renumbering<Cell>, parts: &[Vec<Cell>]) -> Vec<Cell> {
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

pub fn merged_items(
    parts: &[Sums],
    cells: &Renumbering<Cell>,
    domains: &Renumbering<Vec<Value>>,
) -> Result<Vec<ItemSums>, Error> {
    let count = parts.first().map_or(0, |part| part.items.len());
    if parts.iter().any(|part| part.items.len() != count) {
        return Err(Error::unlike("the number of items"));
    }
    (0..count)
        .map(|item| {
            let items: Vec<&ItemSums> = parts.iter().map(|part| &part.items[item]).collect();
            match items[0] {
                ItemSums::Levels(_) => {
                    let sums = all_of(&items, |item| match item {
                        ItemSums::Levels(sums) => Some(sums),
                        _ => None,
                    })?;
                    Ok(ItemSums::Levels(merged_levels(&sums, cells, domains)))
                }
                ItemSums::Numbers(_) => {
                    let sums = all_of(&items, |item| match item {
                        ItemSums::Numbers(sums) => Some(sums),
                        _ => None,
                    })?;
                    merged_numbers(&sums, cells, domains).map(ItemSums::Numbers)
                }
                ItemSums::Values(_) => {
                    let sums = all_of(&items, |item| match item {
                        ItemSums::Values(sums) => Some(sums),
                        _ => None,
                    })?;
                    Ok(ItemSums::Values(merged_values(&sums, domains)))
                }
            }
        })
        .collect()
}

fn all_of<'p, T>(
    items: &[&'p ItemSums],
    kind: impl Fn(&'p ItemSums) -> Option<&'p T>,
) -> Result<Vec<&'p T>, Error> {
    let found: Option<Vec<&T>> = items.iter().map(|item| kind(item)).collect();
    found.ok_or_else(|| Error::unlike("the kind of an item"))
}

/// Adds rows of `from` entries to rows of `to` ones: row r goes to `rows[r]`, entry k of it to `entries[k]`.
fn add_rows<T: Copy>(
    into: &mut [T],
    to: usize,
    part: &[T],
    from: usize,
    rows: &[u32],
    entries: &[u32],
    add: impl Fn(&mut T, T),
) {
    // a part that met nobody has rows of no entries, which can't be cut
    if from == 0 {
        return;
    }
    for (row, number) in part.chunks(from).zip(rows) {
        let at = *number as usize * to;
        for (entry, number) in row.iter().zip(entries) {
            add(&mut into[at + *number as usize], *entry);
        }
    }
}

fn add_sum(to: &mut Sum, from: Sum) {
    to.add_sum(from);
}

fn merged_levels(
    parts: &[&LevelSums],
    cells: &Renumbering<Cell>,
    domains: &Renumbering<Vec<Value>>,
) -> LevelSums {
    let levels = Renumbering::new(parts.iter().map(|part| &part.levels), Value::order);
    let width = levels.values.len();
    let squares = parts.iter().any(|part| !part.square.is_empty());
    let replicates = parts
        .iter()
        .map(|part| part.replicates.len())
        .max()
        .unwrap_or(0);
    let mut all = LevelSums {
        weight: vec![Sum::ZERO; cells.values.len() * width],
        square: vec![
            Sum::ZERO;
            if squares {
                cells.values.len() * width
            } else {
                0
            }
        ],
        count: vec![0; domains.values.len() * width],
        replicates: vec![vec![Sum::ZERO; domains.values.len() * width]; replicates],
        levels: Vec::new(),
    };
    for (at, part) in parts.iter().enumerate() {
        let (to, from) = (width, part.levels.len());
        let (cells, domains, levels) = (
            &cells.numbers[at],
            &domains.numbers[at],
            &levels.numbers[at],
        );
        add_rows(
            &mut all.weight,
            to,
            &part.weight,
            from,
            cells,
            levels,
            add_sum,
        );
        add_rows(
            &mut all.square,
            to,
            &part.square,
            from,
            cells,
            levels,
            add_sum,
        );
        add_rows(
            &mut all.count,
            to,
            &part.count,
            from,
            domains,
            levels,
            |to, n| *to += n,
        );
        for (into, part) in all.replicates.iter_mut().zip(&part.replicates) {
            add_rows(into, to, part, from, domains, levels, add_sum);
        }
    }
    all.levels = levels.values;
    all
}

fn merged_numbers(
    parts: &[&NumberSums],
    cells: &Renumbering<Cell>,
    domains: &Renumbering<Vec<Value>>,
) -> Result<NumberSums, Error> {
    let width = parts.iter().map(|part| part.width).max().unwrap_or(0);
    // a thread that met nobody knows no width
    if parts
        .iter()
        .any(|part| part.width != width && !part.count.is_empty())
    {
        return Err(Error::unlike("the numbers of an item"));
    }
    let squares = parts.iter().any(|part| !part.product.is_empty());
    let replicates = parts
        .iter()
        .map(|part| part.replicates.len())
        .max()
        .unwrap_or(0);
    let (pairs, moments) = (triangle(width), triangle(width.saturating_sub(1)).max(1));
    let mut all = NumberSums {
        origins: Vec::new(),
        width,
        first: vec![Sum::ZERO; cells.values.len() * width],
        product: vec![
            Sum::ZERO;
            if squares {
                cells.values.len() * pairs
            } else {
                0
            }
        ],
        moment: vec![Sum::ZERO; domains.values.len() * moments],
        count: vec![0; domains.values.len()],
        replicates: vec![vec![Sum::ZERO; domains.values.len() * width]; replicates],
    };
    let same: Vec<u32> = (0..pairs.max(moments) as u32).collect();
    for (at, part) in parts.iter().enumerate() {
        let (cells, domains) = (&cells.numbers[at], &domains.numbers[at]);
        let into = &mut all;
        add_rows(
            &mut into.first,
            width,
            &part.first,
            width,
            cells,
            &same,
            add_sum,
        );
        add_rows(
            &mut into.product,
            pairs,
            &part.product,
            pairs,
            cells,
            &same,
            add_sum,
        );
        add_rows(
            &mut into.moment,
            moments,
            &part.moment,
            moments,
            domains,
            &same,
            add_sum,
        );
        add_rows(
            &mut into.count,
            1,
            &part.count,
            1,
            domains,
            &same,
            |to, n| *to += n,
        );
        for (into, part) in into.replicates.iter_mut().zip(&part.replicates) {
            add_rows(into, width, part, width, domains, &same, add_sum);
        }
    }
    Ok(all)
}

fn merged_values(parts: &[&ValueSums], domains: &Renumbering<Vec<Value>>) -> ValueSums {
    let mut all = ValueSums {
        domains: vec![Vec::new(); domains.values.len()],
        by_value: parts.iter().any(|part| part.by_value),
    };
    for (part, numbers) in parts.iter().zip(&domains.numbers) {
        for (entries, number) in part.domains.iter().zip(numbers) {
            all.domains[*number as usize].extend_from_slice(entries);
        }
    }
    all.compact();
    all
}

/// What was met in several parts, in order, and the new number of each part's old ones.
pub struct Renumbering<T> {
    pub values: Vec<T>,
    pub numbers: Vec<Vec<u32>>,
}

impl<T: Clone> Renumbering<T> {
    pub fn new<'p>(
        parts: impl Iterator<Item = &'p Vec<T>>,
        order: impl Fn(&T, &T) -> Ordering,
    ) -> Renumbering<T>
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
        Renumbering { values, numbers }
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
