//! What a design is, as a table and as rows.

use crate::frames::{self, Column as FrameColumn, Frame};
use crate::present::table::digits::{decimals, number};
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::survey::design::Design;
use crate::survey::estimate::{DesignSummary, StageFacts, Stratum};

/// More strata than this are not listed unless all are asked for.
pub const LISTED_STRATA: usize = 20;

/// Units and weights, the strata (20 at the most, unless `all`), what looks wrong.
pub fn design_tables(
    summary: &DesignSummary,
    design: &Design,
    file: &str,
    all: bool,
) -> Vec<Table> {
    let mut blocks = vec![units(summary, design), weights(summary, design)];
    if !summary.findings.is_empty() {
        blocks.push(findings(summary));
    }
    let mut tables = vec![Table {
        title: format!("Design of {file}"),
        columns: vec![Column::new("", Align::Left).emphasis(Emphasis::Strong)],
        blocks,
        ..Table::default()
    }];
    if !design.strata.is_empty() && (all || summary.strata.len() <= LISTED_STRATA) {
        tables.push(strata(summary, design));
    } else if !design.strata.is_empty() {
        tables[0].foot.push(format!(
            "{} strata: JSON and CSV have a row each.",
            number(summary.strata.len() as f64, 0)
        ));
    }
    tables
}

fn units(summary: &DesignSummary, design: &Design) -> Block {
    let mut rows = vec![line("Respondents", number(summary.rows as f64, 0))];
    if !design.strata.is_empty() {
        rows.push(line(
            &format!("Strata ({})", design.strata.join(" x ")),
            number(summary.strata.len() as f64, 0),
        ));
    }
    for (at, stage) in summary
        .stages
        .iter()
        .enumerate()
        .filter(|(_, s)| !s.column.is_empty())
    {
        let name = if at == 0 {
            "PSUs"
        } else {
            "Units of the next stage"
        };
        rows.push(line(
            &format!("{name} ({})", stage.column),
            number(stage.units as f64, 0),
        ));
        let of = match (at, design.strata.is_empty()) {
            (0, true) => None,
            (0, false) => Some("in a stratum"),
            _ => Some("in a unit above"),
        };
        rows.extend(of.map(|of| part(of, spread(stage))));
        rows.extend(fraction(stage));
    }
    if let Some(stage) = summary
        .stages
        .first()
        .filter(|stage| stage.column.is_empty())
    {
        rows.push(line("PSUs", "every respondent is one".to_owned()));
        if !design.strata.is_empty() {
            rows.push(part("in a stratum", spread(stage)));
        }
        rows.extend(fraction(stage));
    }
    if let Some(replicates) = &summary.replicates {
        rows.push(line(
            "Replicate weights",
            format!("{}, {}", replicates.columns, replicates.rep_type),
        ));
        let of = match replicates.factors {
            true => "factors of the weight",
            false => "whole weights",
        };
        rows.push(part("columns", of.to_owned()));
        rows.push(part("scale", format!("{}", replicates.scale)));
        let (low, high) = replicates.rscales;
        let rscales = match low == high {
            true => format!("{low}"),
            false => format!("{low} to {high}"),
        };
        rows.push(part("factors of the squares", rscales));
        let about = match replicates.mse {
            true => "the full-sample estimate",
            false => "the mean of the replicates",
        };
        rows.push(part("squares about", about.to_owned()));
    }
    let lonely: Vec<&str> = summary
        .strata
        .iter()
        .filter(|stratum| stratum.lonely)
        .map(|stratum| stratum.name.as_str())
        .collect();
    if !lonely.is_empty() {
        let names = match lonely.len() {
            0..9 => lonely.join(", "),
            _ => format!("{} and {} more", lonely[..8].join(", "), lonely.len() - 8),
        };
        rows.push(line(
            "Strata with one PSU",
            format!("{} ({names})", number(lonely.len() as f64, 0)),
        ));
    }
    rows.push(line(
        "Degrees of freedom",
        summary
            .df
            .map_or_else(|| "none as it is".to_owned(), |df| number(df, 0)),
    ));
    Block {
        rows,
        ..Block::default()
    }
}

fn part(label: &str, text: String) -> Row {
    Row {
        indent: 1,
        ..line(label, text)
    }
}

/// "2 to 14, median 5".
fn spread(stage: &StageFacts) -> String {
    match stage.fewest == stage.most {
        true => number(stage.most as f64, 0),
        false => format!(
            "{} to {}, median {}",
            number(stage.fewest as f64, 0),
            number(stage.most as f64, 0),
            stage.median
        ),
    }
}

fn fraction(stage: &StageFacts) -> Option<Row> {
    let (low, high) = stage.fraction?;
    let percent = |f: f64| match f {
        1.0 => "100%".to_owned(),
        small if small < 0.1 => format!("{}%", number(100.0 * small, 2)),
        f => format!("{}%", number(100.0 * f, 1)),
    };
    let text = match low == high {
        true => percent(low),
        false => format!("{} to {}", percent(low), percent(high)),
    };
    Some(part("sampled of all there are", text))
}

fn weights(summary: &DesignSummary, design: &Design) -> Block {
    let facts = &summary.weights;
    let digits = decimals(facts.median.unwrap_or(0.0) / 10.0);
    let written =
        |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |v| number(v, digits));
    let mut rows = vec![
        line(
            "Sum",
            number(facts.sum, if facts.sum < 1000.0 { digits } else { 0 }),
        ),
        line(
            "Smallest, median, largest",
            format!(
                "{}, {}, {}",
                written(facts.min),
                written(facts.median),
                written(facts.max)
            ),
        ),
    ];
    for (label, count) in [
        ("Zero", facts.zero),
        ("Missing", facts.missing),
        ("Negative", facts.negative),
    ] {
        if count > 0 {
            rows.push(line(label, number(count as f64, 0)));
        }
    }
    if let Some((deff, n_eff)) = facts.deff.zip(facts.n_eff) {
        rows.push(line("Design effect of the weights", number(deff, 2)));
        rows.push(line("Effective n by the weights", number(n_eff, 0)));
    }
    let head = match (&design.weights, design.fpc.is_empty()) {
        (Some(column), _) => format!("Weights ({column})"),
        (None, false) => "Weights (N/n from fpc)".to_owned(),
        (None, true) => "Weights (none: all count 1)".to_owned(),
    };
    Block {
        head: Some(head),
        note: None,
        rows,
    }
}

fn findings(summary: &DesignSummary) -> Block {
    let rows = summary.findings.iter().map(|finding| Row {
        label: match finding.refuses {
            true => "Nothing would be estimated".to_owned(),
            false => "To know".to_owned(),
        },
        notes: vec![finding.message.clone()],
        ..Row::default()
    });
    Block {
        head: Some("What looks wrong".to_owned()),
        note: None,
        rows: rows.collect(),
    }
}

fn strata(summary: &DesignSummary, design: &Design) -> Table {
    let with_fpc = summary.strata.iter().any(|stratum| stratum.fpc.is_some());
    let mut columns = vec![
        Column::new("PSUs", Align::Right),
        Column::new("respondents", Align::Right),
        Column::new("weight", Align::Right),
        Column::new("smallest", Align::Right).from_width(70),
        Column::new("largest", Align::Right).from_width(70),
    ];
    if with_fpc {
        columns.push(Column::new("fpc", Align::Right));
    }
    let digits = decimals(summary.weights.median.unwrap_or(0.0) / 10.0);
    let row = |stratum: &Stratum| {
        let bound = |of: fn((f64, f64)) -> f64| {
            let range = stratum.weight_range;
            range.map_or_else(String::new, |range| number(of(range), digits))
        };
        let mut cells: Vec<Cell> = vec![
            number(stratum.psus as f64, 0).into(),
            number(stratum.rows as f64, 0).into(),
            number(stratum.weight, 0).into(),
            bound(|range| range.0).into(),
            bound(|range| range.1).into(),
        ];
        if with_fpc {
            let fpc = stratum.fpc.map_or_else(String::new, |fpc| fpc.to_string());
            cells.push(fpc.into());
        }
        let lonely = if stratum.lonely { ", one PSU" } else { "" };
        Row {
            label: format!("{}{lonely}", stratum.name),
            cells,
            ..Row::default()
        }
    };
    Table {
        title: format!("Strata ({})", design.strata.join(" x ")),
        columns,
        blocks: vec![Block {
            rows: summary.strata.iter().map(row).collect(),
            ..Block::default()
        }],
        ..Table::default()
    }
}

/// A row for the whole, without a stratum, then a row a stratum.
///
/// # Errors
/// None that data can cause.
pub fn design_frame(summary: &DesignSummary) -> Result<Frame, frames::Error> {
    let strata = || summary.strata.iter().filter(|_| summary.strata.len() > 1);
    let rows = 1 + strata().count();
    let numbers = |name: &str, whole: Option<f64>, of: &dyn Fn(&Stratum) -> Option<f64>| {
        let values: Vec<Option<f64>> = std::iter::once(whole).chain(strata().map(of)).collect();
        FrameColumn::new(name, values)
    };
    let only = |name: &str, whole: Option<f64>| numbers(name, whole, &|_| None);
    let names = std::iter::once(None).chain(strata().map(|stratum| Some(stratum.name.clone())));
    let facts = &summary.weights;
    let lonely = summary.strata.iter().any(|stratum| stratum.lonely);
    let lonely = std::iter::once(lonely).chain(strata().map(|stratum| stratum.lonely));
    let replicates = summary.replicates.as_ref();
    let rep_type = replicates.map(|replicates| replicates.rep_type.to_owned());
    let rep_type = std::iter::once(rep_type).chain(strata().map(|_| None));
    let mse = replicates.map(|replicates| replicates.mse);
    let mse = std::iter::once(mse).chain(strata().map(|_| None));
    let combined = replicates.map(|replicates| !replicates.factors);
    let combined = std::iter::once(combined).chain(strata().map(|_| None));
    let psus = summary.stages.first().map(|stage| stage.units as f64);
    let messages = summary
        .findings
        .iter()
        .map(|finding| finding.message.as_str());
    let messages = messages.collect::<Vec<_>>().join("; ");
    let messages = std::iter::once(Some(messages)).chain(strata().map(|_| None));
    let columns = vec![
        FrameColumn::new("stratum", names.collect::<Vec<Option<String>>>()),
        numbers("psus", psus, &|stratum| Some(stratum.psus as f64)),
        numbers("rows", Some(summary.rows as f64), &|s| Some(s.rows as f64)),
        numbers("weight", Some(facts.sum), &|stratum| Some(stratum.weight)),
        numbers("weight_min", facts.min, &|s| s.weight_range.map(|r| r.0)),
        only("weight_median", facts.median),
        numbers("weight_max", facts.max, &|s| s.weight_range.map(|r| r.1)),
        numbers("fpc", None, &|stratum| stratum.fpc),
        FrameColumn::new("lonely", lonely.collect::<Vec<bool>>()),
        only("strata", Some(summary.strata.len() as f64)),
        only("df", summary.df),
        only("deff", facts.deff),
        only("n_eff", facts.n_eff),
        only("zero_weights", Some(facts.zero as f64)),
        only("missing_weights", Some(facts.missing as f64)),
        only("negative_weights", Some(facts.negative as f64)),
        only(
            "replicates",
            replicates.map(|replicates| replicates.columns as f64),
        ),
        FrameColumn::new("rep_type", rep_type.collect::<Vec<Option<String>>>()),
        only("scale", replicates.map(|replicates| replicates.scale)),
        only(
            "rscale_min",
            replicates.map(|replicates| replicates.rscales.0),
        ),
        only(
            "rscale_max",
            replicates.map(|replicates| replicates.rscales.1),
        ),
        FrameColumn::new("combined_weights", combined.collect::<Vec<Option<bool>>>()),
        FrameColumn::new("mse", mse.collect::<Vec<Option<bool>>>()),
        FrameColumn::new("findings", messages.collect::<Vec<Option<String>>>()),
    ];
    Frame::new(rows, columns)
}

/// A label and what is said of it.
fn line(label: &str, text: String) -> Row {
    Row {
        label: label.to_owned(),
        cells: vec![Cell::from(text)],
        ..Row::default()
    }
}
