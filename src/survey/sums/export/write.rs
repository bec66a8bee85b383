//! From sums to the rows of a table.

use super::spec::{Spec, VERSION, level_text};
use crate::frames::{self, Column, Frame};
use crate::statistics::special::Sum;
use crate::survey::microdata::Value;
use crate::survey::sums::error::Error;
use crate::survey::sums::plan::{ItemPlan, Mode, Plan};
use crate::survey::sums::tally::{ItemSums, LevelSums, NumberSums, Sums, at, triangle};

/// A column of halves of sums: its name, and where they stand in a row.
type Half = (&'static str, fn(&Row) -> Option<f64>);

/// The item of the row that holds the specification.
pub const SPECIFICATION: &str = "#";

/// A row of the table before its places are names.
#[derive(Clone, Debug, Default)]
struct Row {
    part: &'static str,
    item: Option<usize>,
    unit: Option<u32>,
    domain: Option<u32>,
    level: Option<String>,
    term: Option<String>,
    replicate: Option<u32>,
    n: Option<u64>,
    weighted: Option<u64>,
    w: Option<Sum>,
    w2: Option<Sum>,
}

/// The table of sums. `counts` are the same sums with every weight 1: how many respondents are in each cell and level.
///
/// # Errors
/// Sums and counts that are not of the same plan.
pub fn lay_out(spec: &Spec, plan: &Plan, sums: &Sums, counts: &Sums) -> Result<Frame, Error> {
    let mut rows = first_rows(sums);
    for (at, (item, plan)) in sums.items.iter().zip(&plan.items).enumerate() {
        match (item, counts.items.get(at)) {
            (ItemSums::Levels(weighted), Some(ItemSums::Levels(counts))) => {
                level_rows(&mut rows, at, sums, weighted, counts);
            }
            (ItemSums::Numbers(weighted), Some(ItemSums::Numbers(counts))) => {
                number_rows(&mut rows, at, sums, weighted, counts, plan);
            }
            _ => {
                return Err(Error::Unlike(
                    "these sums and counts are of other items".to_owned(),
                ));
            }
        }
    }
    if plan.rank {
        rank_rows(&mut rows, sums, spec.replicates);
    }
    frame(spec, plan.mode, sums, &rows).map_err(|error| Error::Spoilt(error.to_string()))
}

/// Sums of an item of banner tables, by cell and level or term, and by domain and level or term.
pub struct BannerItem {
    pub levels: Vec<Option<String>>,
    /// Respondents with a weight, cell by cell and in it level by level.
    pub n: Vec<u64>,
    /// Σ w, likewise.
    pub weight: Vec<Sum>,
    /// Σ w², likewise; only where rows are the units.
    pub square: Vec<Sum>,
    /// Respondents with a weight and Σ w² (of a square of a number Σ w y²), by domain and level.
    pub domains: Vec<(u64, Sum)>,
    /// Σ w of replicates, by domain and level.
    pub replicates: Vec<Sum>,
}

/// The table of sums of banner tables, whose domains are patterns of blocks: a respondent lies in one of each block.
///
/// # Errors
/// None that data can cause.
pub fn lay_out_banner(
    spec: &Spec,
    (mode, rank): (Mode, bool),
    sums: &Sums,
    items: &[BannerItem],
) -> Result<Frame, Error> {
    let mut rows = first_rows(sums);
    for (item, item_sums) in items.iter().enumerate() {
        let width = item_sums.levels.len();
        let blank = |part: &'static str, at: usize| Row {
            part,
            item: Some(item),
            level: item_sums.levels[at % width].clone(),
            ..Row::default()
        };
        rows.extend((0..width).map(|at| blank("level", at)));
        let somebody = item_sums.n.iter().enumerate().filter(|(_, n)| **n > 0);
        rows.extend(somebody.map(|(at, n)| {
            let cell = &sums.cells[at / width];
            Row {
                unit: Some(cell.unit),
                domain: Some(cell.domain),
                n: Some(*n),
                w: item_sums.weight.get(at).copied(),
                w2: item_sums.square.get(at).copied(),
                ..blank("item", at)
            }
        }));
        let known = item_sums.domains.iter().enumerate();
        rows.extend(
            known
                .filter(|(_, (n, _))| *n > 0)
                .map(|(at, (n, square))| Row {
                    domain: Some((at / width) as u32),
                    n: Some(*n),
                    w: Some(square.tidy()),
                    ..blank("moment", at)
                }),
        );
        let replicates = item_sums
            .replicates
            .len()
            .checked_div(item_sums.domains.len());
        let replicates = replicates.unwrap_or(0).max(1);
        let sums = item_sums.replicates.iter().enumerate();
        rows.extend(sums.map(|(at, sum)| Row {
            domain: Some((at / replicates / width) as u32),
            replicate: Some((at % replicates) as u32 + 1),
            w: Some(sum.tidy()),
            ..blank("replicate", at / replicates)
        }));
    }
    if rank {
        rank_rows(&mut rows, sums, spec.replicates);
    }
    frame(spec, mode, sums, &rows).map_err(|error| Error::Spoilt(error.to_string()))
}

/// What is wrong with rows, the units, the cells.
fn first_rows(sums: &Sums) -> Vec<Row> {
    let count = |term: &str, n: u64| Row {
        part: "rows",
        term: Some(term.to_owned()),
        n: Some(n),
        ..Row::default()
    };
    let mut rows = vec![
        Row {
            part: "spec",
            ..Row::default()
        },
        count("all", sums.rows.all),
        count("without_weight", sums.rows.without_weight),
        count("negative_weight", sums.rows.negative_weight),
        count("incomplete", sums.rows.incomplete),
        count("without_group", sums.rows.without_group),
        Row {
            w: Some(sums.weight),
            ..count(
                "weighted",
                sums.units.iter().map(|unit| unit.weighted).sum(),
            )
        },
    ];
    rows.extend(sums.units.iter().enumerate().map(|(unit, tally)| Row {
        part: "unit",
        unit: Some(unit as u32),
        n: Some(tally.rows),
        weighted: Some(tally.weighted),
        ..Row::default()
    }));
    rows.extend(sums.cells.iter().map(|cell| Row {
        part: "cell",
        unit: Some(cell.unit),
        domain: Some(cell.domain),
        n: Some(cell.rows),
        weighted: Some(cell.weighted),
        w: Some(cell.weight),
        w2: Some(cell.square),
        ..Row::default()
    }));
    rows
}

fn level_rows(
    rows: &mut Vec<Row>,
    item: usize,
    sums: &Sums,
    weighted: &LevelSums,
    counts: &LevelSums,
) {
    let width = weighted.levels.len();
    let names: Vec<Option<String>> = weighted.levels.iter().map(level_text).collect();
    rows.extend(names.iter().map(|name| Row {
        part: "level",
        item: Some(item),
        level: name.clone(),
        ..Row::default()
    }));
    for (at, count) in counts
        .weight
        .iter()
        .enumerate()
        .filter(|(_, n)| n.high > 0.0)
    {
        let cell = &sums.cells[at / width];
        rows.push(Row {
            part: "item",
            item: Some(item),
            unit: Some(cell.unit),
            domain: Some(cell.domain),
            level: names[at % width].clone(),
            // a sum of ones is whole, so that its high half is all of it
            n: Some(count.high as u64),
            w: weighted.weight.get(at).copied(),
            w2: weighted.square.get(at).copied(),
            ..Row::default()
        });
    }
    for (replicate, sums) in weighted.replicates.iter().enumerate() {
        for (at, sum) in sums
            .iter()
            .enumerate()
            .filter(|(at, _)| weighted.count[*at] > 0)
        {
            rows.push(Row {
                part: "replicate",
                item: Some(item),
                domain: Some((at / width) as u32),
                level: names[at % width].clone(),
                replicate: Some(replicate as u32 + 1),
                w: Some(*sum),
                ..Row::default()
            });
        }
    }
}

fn number_rows(
    rows: &mut Vec<Row>,
    item: usize,
    sums: &Sums,
    weighted: &NumberSums,
    counts: &NumberSums,
    plan: &ItemPlan,
) {
    let (width, terms) = (weighted.width, plan.terms());
    let pairs = triangle(width);
    let kept = if weighted.product.is_empty() {
        width
    } else {
        pairs
    };
    for (at, cell) in sums.cells.iter().enumerate() {
        let n = counts.first.get(at * width).map_or(0, |n| n.high as u64);
        if n == 0 {
            continue;
        }
        rows.extend((0..kept).map(|term| Row {
            part: "item",
            item: Some(item),
            unit: Some(cell.unit),
            domain: Some(cell.domain),
            term: Some(terms[term].clone()),
            n: Some(n),
            w: (term < width).then(|| weighted.first[at * width + term]),
            w2: weighted.product.get(at * pairs + term).copied(),
            ..Row::default()
        }));
    }
    let moments = triangle(width.saturating_sub(1)).max(1);
    for (domain, n) in weighted.count.iter().enumerate().filter(|(_, n)| **n > 0) {
        let row = |a: usize, b: usize| Row {
            part: "moment",
            item: Some(item),
            domain: Some(domain as u32),
            term: Some(terms[at(a, b, width)].clone()),
            n: Some(*n),
            w: Some(weighted.moment[domain * moments + at(a - 1, b - 1, width - 1)]),
            ..Row::default()
        };
        let pairs = (1..width).flat_map(|a| (a..width).map(move |b| (a, b)));
        rows.extend(pairs.map(|(a, b)| row(a, b)));
        for (replicate, sums) in weighted.replicates.iter().enumerate() {
            rows.extend((0..width).map(|term| Row {
                part: "replicate",
                item: Some(item),
                domain: Some(domain as u32),
                term: Some(terms[term].clone()),
                replicate: Some(replicate as u32 + 1),
                w: Some(sums[domain * width + term]),
                ..Row::default()
            }));
        }
    }
}

/// The triangle that the rank of the replicate weights follows from: row in n, column in replicate.
fn rank_rows(rows: &mut Vec<Row>, sums: &Sums, columns: usize) {
    let triangle = sums.sketch.triangle();
    for (at, entry) in triangle
        .iter()
        .enumerate()
        .filter(|(_, entry)| **entry != 0.0)
    {
        rows.push(Row {
            part: "rank",
            replicate: Some((at % columns) as u32 + 1),
            n: Some((at / columns) as u64 + 1),
            w: Some(Sum::from(*entry)),
            ..Row::default()
        });
    }
}

fn frame(spec: &Spec, mode: Mode, sums: &Sums, rows: &[Row]) -> Result<Frame, frames::Error> {
    let json = spec.to_json();
    let is_spec = |row: &Row| row.part == "spec";
    let item = |row: &Row| match row.item {
        None if is_spec(row) => Some(SPECIFICATION),
        at => at.and_then(|at| spec.items.get(at)).map(String::as_str),
    };
    let level = |row: &Row| match is_spec(row) {
        true => Some(json.clone()),
        false => row.level.clone(),
    };
    let mut columns = vec![
        column("opine_sums", rows.iter().map(|_| VERSION as i64)),
        Column::new("part", rows.iter().map(|row| row.part).collect::<Vec<_>>()),
        Column::new("item", rows.iter().map(item).collect::<Vec<_>>()),
    ];
    let units = sums.units.iter();
    let units: Vec<Vec<&Value>> = match mode {
        // one unit in all, without a name
        Mode::Replicates => Vec::new(),
        _ => units
            .map(|unit| {
                sums.strata[unit.stratum as usize]
                    .iter()
                    .chain(&unit.path)
                    .collect()
            })
            .collect(),
    };
    let names = &spec.columns;
    for (at, name) in names.strata.iter().chain(&names.psu).enumerate() {
        let texts: Vec<Option<String>> = units
            .iter()
            .map(|unit| unit.get(at).and_then(|value| level_text(value)))
            .collect();
        columns.push(labels(name, rows.iter().map(|row| row.unit), &texts));
    }
    for (stage, (low, high)) in names.fpc.iter().enumerate() {
        let fpc = |row: &Row| match (row.part, row.unit) {
            ("unit", Some(unit)) => sums.units[unit as usize].fpc.get(stage).copied(),
            _ => None,
        };
        let lows = rows
            .iter()
            .map(|row| fpc(row).map(|(low, _)| low).filter(|low| !low.is_nan()));
        columns.push(Column::new(low, lows.collect::<Vec<_>>()));
        let highs = rows
            .iter()
            .map(|row| fpc(row).map(|(_, high)| high).filter(|f| !f.is_nan()));
        columns.push(Column::new(high, highs.collect::<Vec<_>>()));
    }
    for (at, name) in names.by.iter().enumerate() {
        let texts: Vec<Option<String>> = sums.domains.iter().map(|d| level_text(&d[at])).collect();
        columns.push(labels(name, rows.iter().map(|row| row.domain), &texts));
    }
    let whole = |n: Option<u64>| n.map(|n| n as i64);
    columns.push(Column::new(
        "level",
        rows.iter().map(level).collect::<Vec<_>>(),
    ));
    let term = rows.iter().map(|row| row.term.as_deref());
    columns.push(Column::new("term", term.collect::<Vec<_>>()));
    columns.push(column(
        "replicate",
        rows.iter().map(|row| row.replicate.map(i64::from)),
    ));
    columns.push(column("n", rows.iter().map(|row| whole(row.n))));
    columns.push(column(
        "weighted",
        rows.iter().map(|row| whole(row.weighted)),
    ));
    let halves: [Half; 4] = [
        ("w", |row| row.w.map(|sum| sum.high)),
        ("w_low", |row| row.w.map(|sum| sum.low)),
        ("w2", |row| row.w2.map(|sum| sum.high)),
        ("w2_low", |row| row.w2.map(|sum| sum.low)),
    ];
    for (name, half) in halves {
        columns.push(Column::new(name, rows.iter().map(half).collect::<Vec<_>>()));
    }
    Frame::new(rows.len(), columns)
}

fn column<T: Into<Option<i64>>>(name: &str, values: impl Iterator<Item = T>) -> Column {
    Column::new(name, values.map(Into::into).collect::<Vec<Option<i64>>>())
}

fn labels(
    name: &str,
    places: impl Iterator<Item = Option<u32>>,
    texts: &[Option<String>],
) -> Column {
    let text = |place: Option<u32>| texts.get(place? as usize)?.as_deref();
    Column::new(name, places.map(text).collect::<Vec<Option<&str>>>())
}
