//! Domains against measures.

use super::cells;
use super::layout::{Layout, is_estimate};
use super::sheet::{Measure, SheetItem};
use crate::frames::{Estimate, Statistic};
use crate::present::table::digits::number;
use crate::present::table::{
    Align, Block, Cell, Column, Emphasis, Row, Table, display_width, fill,
};

/// The narrowest column of labels that is still read.
const LABEL: usize = 24;
const GAP: usize = 2;
/// Words of a head are broken to lines of this many columns.
const HEAD: usize = 14;
/// With this many domains or fewer each estimate stands with its interval.
const WITH_INTERVALS: usize = 4;

/// A column a domain, a block an item; `None` where they don't fit the width.
pub fn domains_across(layout: &Layout, chosen: &[usize]) -> Option<Table> {
    let domains = layout.sheet.domains.len();
    let with_intervals = (domains <= WITH_INTERVALS).then(|| across(layout, chosen, true));
    with_intervals
        .filter(|table| fits(table, layout.display.width))
        .or_else(|| Some(across(layout, chosen, false)))
        .filter(|table| fits(table, layout.display.width))
}

fn across(layout: &Layout, chosen: &[usize], intervals: bool) -> Table {
    let sheet = layout.sheet;
    let items = layout.items(chosen);
    let mut table = layout.framed(chosen);
    let align = if intervals { Align::Left } else { Align::Right };
    let domains = 0..sheet.domains.len();
    table.columns = domains
        .map(|domain| Column::new(&broken(&sheet.domain_name(domain, 0)), align))
        .collect();
    for item in &items {
        table.blocks.push(Block {
            head: (items.len() > 1 && item.by_level).then(|| item.head.clone()),
            note: None,
            rows: across_rows(layout, item, intervals),
        });
    }
    table.subtitle = unit(&items);
    layout.explained(table, chosen)
}

fn across_rows(layout: &Layout, item: &SheetItem, intervals: bool) -> Vec<Row> {
    let sheet = layout.sheet;
    let domains = || 0..sheet.domains.len();
    let mut rows: Vec<Row> = Vec::new();
    for measure in item.measures.iter().filter(|measure| is_estimate(measure)) {
        let cells = domains().map(|domain| match sheet.row(measure, domain) {
            Some(row) => cell(layout, row, item.decimals, intervals),
            None => Cell::default(),
        });
        rows.push(Row {
            label: measure.label.clone(),
            indent: measure.indent,
            cells: cells.collect(),
            notes: Vec::new(),
        });
    }
    let dim = |label: &str, of: &dyn Fn(usize) -> Option<String>| Row {
        label: label.to_owned(),
        indent: 1,
        cells: domains()
            .map(|domain| Cell::dim(of(domain).unwrap_or_default()))
            .collect(),
        notes: Vec::new(),
    };
    let bases: Vec<Bases> = domains()
        .map(|domain| Bases::new(layout, item, domain))
        .collect();
    let of = |domain: usize| bases.get(domain);
    if !intervals {
        let points = if is_in_points(item) {
            "± points"
        } else {
            "±"
        };
        let most = match item.measures.len() {
            1 => points.to_owned(),
            _ => format!("{points}, at most"),
        };
        let decimals = if is_in_points(item) { 1 } else { item.decimals };
        rows.push(dim(&most, &|domain| {
            of(domain)?.margin.map(|margin| number(margin, decimals))
        }));
    }
    rows.push(dim("n", &|domain| of(domain)?.n.map(|n| number(n, 0))));
    if layout.source.is_weighted() {
        rows.push(dim("weighted n", &|domain| {
            of(domain)?.weighted_n.map(|n| number(n, 0))
        }));
    }
    if layout.source.is_complex() {
        let label = match item.measures.len() {
            1 => "effective n",
            _ => "effective n, at least",
        };
        rows.push(dim(label, &|domain| {
            of(domain)?.n_eff.map(|n| number(n, 0))
        }));
    }
    for measure in item.measures.iter().filter(|measure| !is_estimate(measure)) {
        let label = format!("no answer: {}, n", measure.label);
        rows.push(dim(&label, &|domain| {
            sheet.row(measure, domain)?.n.map(|n| number(n, 0))
        }));
    }
    rows
}

/// A row a domain, a column a level; `None` where these don't fit the width. Bases that find no room are left out, the
/// number of respondents never.
pub fn domains_down(layout: &Layout, at: usize) -> Option<Table> {
    let mut bases = vec![Base::Margin, Base::N];
    bases.extend(layout.source.is_complex().then_some(Base::NEff));
    bases.extend(layout.source.is_weighted().then_some(Base::WeightedN));
    loop {
        let table = down(layout, at, &bases)?;
        if fits(&table, layout.display.width) {
            return Some(table);
        }
        match bases.len() {
            0..=2 => return None,
            _ => bases.pop(),
        };
    }
}

/// A column on what the estimates of a row rest on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Base {
    Margin,
    N,
    NEff,
    WeightedN,
}

impl Base {
    fn column(self) -> Column {
        let head = match self {
            Base::Margin => "±",
            Base::N => "n",
            Base::NEff => "eff.\nn",
            Base::WeightedN => "weighted\nn",
        };
        Column::new(head, Align::Right).emphasis(Emphasis::Dim)
    }

    fn cell(self, bases: &Bases, item: &SheetItem) -> Cell {
        let decimals = if is_in_points(item) { 1 } else { item.decimals };
        match self {
            Base::Margin => cells::with_decimals(bases.margin, decimals).into(),
            Base::N => cells::count(bases.n).into(),
            Base::NEff => cells::count(bases.n_eff).into(),
            Base::WeightedN => cells::count(bases.weighted_n).into(),
        }
    }
}

fn down(layout: &Layout, at: usize, bases: &[Base]) -> Option<Table> {
    let sheet = layout.sheet;
    let item = sheet.items.get(at)?;
    let measures: Vec<&Measure> = item.measures.iter().filter(|m| is_estimate(m)).collect();
    let mut table = layout.framed(&[at]);
    let head = |measure: &&Measure| Column::new(&broken(&measure.label), Align::Right);
    table.columns = measures.iter().map(head).collect();
    table.columns.extend(bases.iter().map(|base| base.column()));
    let row = |domain: usize, label: String| {
        let cells = measures
            .iter()
            .map(|measure| match sheet.row(measure, domain) {
                Some(row) => cell(layout, row, item.decimals, false),
                None => Cell::default(),
            });
        let found = Bases::new(layout, item, domain);
        Row {
            label,
            cells: cells
                .chain(bases.iter().map(|base| base.cell(&found, item)))
                .collect(),
            notes: missing(layout, item, domain).into_iter().collect(),
            ..Row::default()
        }
    };
    table.blocks = match sheet.groups() {
        1 => vec![Block {
            rows: (0..sheet.domains.len())
                .map(|domain| row(domain, sheet.domain_name(domain, 0)))
                .collect(),
            ..Block::default()
        }],
        _ => {
            let block = |run: Vec<usize>| Block {
                head: run.first().map(|domain| sheet.domains[*domain][0].clone()),
                note: None,
                rows: run
                    .into_iter()
                    .map(|domain| row(domain, sheet.domain_name(domain, 1)))
                    .collect(),
            };
            sheet.by_first_group().into_iter().map(block).collect()
        }
    };
    table.subtitle = unit(&[item]);
    let mut table = layout.explained(table, &[at]);
    let least = match bases.contains(&Base::NEff) {
        true => "; eff. n: the smallest effective n of the row",
        false => "",
    };
    let margin = "±: the widest half interval of the row";
    table.foot.insert(0, format!("{margin}{least}."));
    Some(table)
}

/// "No answer: Refused 3, Don't know 5".
fn missing(layout: &Layout, item: &SheetItem, domain: usize) -> Option<String> {
    let kinds = item.measures.iter().filter(|measure| !is_estimate(measure));
    let counts: Vec<String> = kinds
        .filter_map(|measure| {
            let n = layout.sheet.row(measure, domain)?.n.filter(|n| *n > 0.0)?;
            Some(format!("{} {}", measure.label, number(n, 0)))
        })
        .collect();
    (!counts.is_empty()).then(|| format!("no answer: {}", counts.join(", ")))
}

fn is_share(item: &SheetItem) -> bool {
    item.unit == "%"
}

/// Whether half an interval is so many points.
fn is_in_points(item: &SheetItem) -> bool {
    is_share(item) || item.unit == "points"
}

/// What the numbers are, where the head of no column says it.
fn unit(items: &[&SheetItem]) -> Option<String> {
    let levels = |item: &&&SheetItem| item.by_level;
    let first = items.iter().find(levels)?;
    let alike = items
        .iter()
        .filter(levels)
        .all(|item| item.unit == first.unit);
    match (is_share(first), alike) {
        (true, true) => Some("Per cent of those who answered.".to_owned()),
        (false, true) => Some("Weighted totals.".to_owned()),
        (_, false) => None,
    }
}

/// "54", "54b", with its interval "54 (51.3–56.6)".
fn cell(layout: &Layout, row: &Estimate, decimals: usize, interval: bool) -> Cell {
    let letter = match (cells::letter(row, layout.display), interval) {
        // the numbers of a column stand under each other
        ("", false) if layout.letters => " ",
        (letter, _) => letter,
    };
    let text = format!("{}{letter}", cells::estimate(row, layout.display, decimals));
    if row.estimate.is_none() || layout.display.hides(row) {
        return Cell::from(text);
    }
    let error = cells::se(row, layout.display, decimals);
    if !interval {
        return Cell::from(text).with_error(error);
    }
    let width = if row.statistic == Statistic::Proportion {
        3
    } else {
        0
    };
    match row.interval() {
        Some(_) => {
            let bounds = cells::interval(row, layout.display, decimals).text;
            Cell::from(format!("{text:<width$} ({bounds})")).with_error(error)
        }
        None => Cell::from(text).with_error(error),
    }
}

/// What the estimates of an item in one domain rest on, all levels together.
struct Bases {
    n: Option<f64>,
    weighted_n: Option<f64>,
    n_eff: Option<f64>,
    margin: Option<f64>,
}

impl Bases {
    fn new(layout: &Layout, item: &SheetItem, domain: usize) -> Bases {
        let measures = item.measures.iter().filter(|measure| is_estimate(measure));
        let rows: Vec<&Estimate> = measures
            .filter_map(|measure| layout.sheet.row(measure, domain))
            .collect();
        let least = |a: f64, b: f64| a.min(b);
        let most = |a: f64, b: f64| a.max(b);
        let shown = rows.iter().filter(|row| !layout.display.hides(row));
        Bases {
            n: rows.iter().filter_map(|row| row.n).reduce(least),
            weighted_n: rows.iter().filter_map(|row| row.weighted_n).reduce(least),
            n_eff: rows.iter().filter_map(|row| row.n_eff).reduce(least),
            margin: shown.filter_map(|row| cells::margin(row)).reduce(most),
        }
    }
}

/// A head over several lines.
fn broken(head: &str) -> String {
    let longest = head
        .split_whitespace()
        .map(display_width)
        .max()
        .unwrap_or(0);
    fill(head, longest.clamp(7, HEAD), 0).join("\n")
}

fn fits(table: &Table, width: usize) -> bool {
    let cells = |place: usize| {
        let rows = table.blocks.iter().flat_map(|block| &block.rows);
        let cells = rows.filter_map(move |row| row.cells.get(place));
        cells
            .map(|cell| display_width(&cell.text))
            .max()
            .unwrap_or(0)
    };
    let columns = table.columns.iter().enumerate().map(|(place, column)| {
        let head = column.head.lines().map(display_width).max().unwrap_or(0);
        head.max(cells(place)) + GAP
    });
    LABEL + columns.sum::<usize>() <= width
}
