//! A row an estimate.

use super::cells::Columns;
use super::display::DisplayColumn;
use super::layout::{Layout, is_estimate};
use super::sheet::{Measure, SheetItem};
use crate::present::table::digits::number;
use crate::present::table::{Block, Row, Table};

/// Some items with a row an estimate: domains, levels or items down, statistics across.
pub fn table(layout: &Layout, chosen: &[usize]) -> Table {
    let items = layout.items(chosen);
    let columns = columns(layout, &items);
    let mut table = layout.framed(chosen);
    table.columns = columns.heads();
    table.blocks = match layout.sheet.groups() {
        0 => whole(layout, &items, &columns),
        _ => by_domain(layout, &items, &columns),
    };
    if let [only] = items.as_slice()
        && let [block] = table.blocks.as_mut_slice()
        && only.by_level
    {
        table.subtitle = block.note.take();
        block.head = None;
    }
    layout.explained(table, chosen)
}

fn columns<'a>(layout: &Layout<'a>, items: &[&SheetItem]) -> Columns<'a> {
    let display = layout.display;
    let unit = items.first().map(|item| item.unit.clone());
    let unit = unit.filter(|unit| items.iter().all(|item| item.unit == *unit));
    let rows = || {
        let measures = items.iter().flat_map(|item| &item.measures);
        measures.flat_map(|m| (0..m.at.len()).filter_map(|d| layout.sheet.row(m, d)))
    };
    // what is the same for all levels stands in the head of their block
    let in_heads = items.iter().all(|item| item.by_level);
    let mut usual = vec![DisplayColumn::Ci];
    if !in_heads {
        usual.push(DisplayColumn::N);
    }
    if layout.source.is_weighted() && !in_heads {
        usual.push(DisplayColumn::WeightedN);
    }
    if layout.source.is_complex() {
        usual.push(DisplayColumn::NEff);
    }
    Columns {
        show: display.show.clone().unwrap_or(usual),
        level: layout.source.estimates.request.options.level,
        unit,
        letters: rows().any(|row| !super::cells::letter(row, display).is_empty()),
        display,
    }
}

/// Without groups: levels under their question, numbers one after the other.
fn whole(layout: &Layout, items: &[&SheetItem], columns: &Columns) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for item in items {
        let rows = item
            .measures
            .iter()
            .filter_map(|measure| row(layout, item, measure, 0, columns));
        let several = item.by_level || item.measures.len() > 1;
        if several {
            blocks.push(Block {
                head: Some(item.head.clone()),
                note: item.by_level.then(|| base(layout, item, 0)),
                rows: rows.collect(),
            });
        } else {
            match blocks.last_mut().filter(|_| open) {
                Some(block) => block.rows.extend(rows),
                None => blocks.push(Block {
                    rows: rows.collect(),
                    ..Block::default()
                }),
            }
        }
        open = !several;
    }
    blocks
}

fn by_domain(layout: &Layout, items: &[&SheetItem], columns: &Columns) -> Vec<Block> {
    let sheet = layout.sheet;
    let mut blocks = Vec::new();
    for item in items {
        let single = match item.measures.as_slice() {
            [only] if !item.by_level => Some(only),
            _ => None,
        };
        let headed = |text: String| match items.len() {
            1 => text,
            _ => format!("{}: {text}", item.head),
        };
        match single {
            Some(measure) if sheet.groups() > 1 => {
                for run in sheet.by_first_group() {
                    let first = run.first().map(|domain| sheet.domains[*domain][0].clone());
                    let rows = run.iter().filter_map(|domain| {
                        let label = sheet.domain_name(*domain, 1);
                        named(row(layout, item, measure, *domain, columns), label)
                    });
                    blocks.push(Block {
                        head: first.map(headed),
                        note: None,
                        rows: rows.collect(),
                    });
                }
            }
            Some(measure) => {
                let rows = (0..sheet.domains.len()).filter_map(|domain| {
                    let label = sheet.domain_name(domain, 0);
                    named(row(layout, item, measure, domain, columns), label)
                });
                blocks.push(Block {
                    head: (items.len() > 1).then(|| item.head.clone()),
                    note: None,
                    rows: rows.collect(),
                });
            }
            None => {
                for domain in 0..sheet.domains.len() {
                    let measures = item.measures.iter();
                    let rows = measures
                        .filter_map(|measure| row(layout, item, measure, domain, columns))
                        .collect();
                    blocks.push(Block {
                        head: Some(headed(sheet.domain_name(domain, 0))),
                        note: item.by_level.then(|| base(layout, item, domain)),
                        rows,
                    });
                }
            }
        }
    }
    blocks
}

fn named(row: Option<Row>, label: String) -> Option<Row> {
    row.map(|row| Row { label, ..row })
}

fn row(
    layout: &Layout,
    item: &SheetItem,
    measure: &Measure,
    domain: usize,
    columns: &Columns,
) -> Option<Row> {
    let row = layout.sheet.row(measure, domain)?;
    if !is_estimate(measure) {
        let n = number(row.n.unwrap_or(0.0), 0);
        return Some(Row {
            label: format!("No answer: {} (n {n})", measure.label),
            ..Row::default()
        });
    }
    Some(Row {
        label: measure.label.clone(),
        indent: measure.indent,
        cells: columns.cells(row, item.decimals),
        notes: Vec::new(),
    })
}

/// "1,942 respondents, weighted 201,433".
fn base(layout: &Layout, item: &SheetItem, domain: usize) -> String {
    let measured = item.measures.iter().find(|measure| is_estimate(measure));
    let row = measured.and_then(|measure| layout.sheet.row(measure, domain));
    let n = row.and_then(|row| row.n).unwrap_or(0.0);
    let s = if n == 1.0 { "" } else { "s" };
    let mut base = format!("{} respondent{s}", number(n, 0));
    if layout.source.is_weighted()
        && let Some(weight) = row.and_then(|row| row.weighted_n)
    {
        base += &format!(", weighted {}", number(weight, 0));
    }
    base
}
