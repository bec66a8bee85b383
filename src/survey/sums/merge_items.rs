//! The sums of the items of several parts added up.

use super::error::Error;
use super::renumbered::Renumbered;
use super::tally::{Cell, ItemSums, LevelSums, NumberSums, Sums, ValueSums, triangle};
use crate::statistics::special::Sum;
use crate::survey::microdata::Value;

pub fn merged_items(
    parts: &[Sums],
    cells: &Renumbered<Cell>,
    domains: &Renumbered<Vec<Value>>,
) -> Result<Vec<ItemSums>, Error> {
    let count = parts.first().map_or(0, |part| part.items.len());
    if parts.iter().any(|part| part.items.len() != count) {
        return Err(Error::unlike("the number of items"));
    }
    (0..count)
        .map(|item| {
            let of: Vec<&ItemSums> = parts.iter().map(|part| &part.items[item]).collect();
            match of[0] {
                ItemSums::Levels(_) => {
                    let of = all_of(&of, |item| match item {
                        ItemSums::Levels(sums) => Some(sums),
                        _ => None,
                    })?;
                    Ok(ItemSums::Levels(merged_levels(&of, cells, domains)))
                }
                ItemSums::Numbers(_) => {
                    let of = all_of(&of, |item| match item {
                        ItemSums::Numbers(sums) => Some(sums),
                        _ => None,
                    })?;
                    merged_numbers(&of, cells, domains).map(ItemSums::Numbers)
                }
                ItemSums::Values(_) => {
                    let of = all_of(&of, |item| match item {
                        ItemSums::Values(sums) => Some(sums),
                        _ => None,
                    })?;
                    Ok(ItemSums::Values(merged_values(&of, domains)))
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
    cells: &Renumbered<Cell>,
    domains: &Renumbered<Vec<Value>>,
) -> LevelSums {
    let levels = Renumbered::of(parts.iter().map(|part| &part.levels), Value::order);
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
    cells: &Renumbered<Cell>,
    domains: &Renumbered<Vec<Value>>,
) -> Result<NumberSums, Error> {
    let width = parts.iter().map(|part| part.width).max().unwrap_or(0);
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

fn merged_values(parts: &[&ValueSums], domains: &Renumbered<Vec<Value>>) -> ValueSums {
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
