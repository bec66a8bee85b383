use clap::ValueEnum;
use polars::prelude::{Column as Series, DataFrame};

use super::failure::Failure;
use super::output::{Answer, Output};
use crate::table::{Align, Block, Column, Row, Table};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    Summary,
    Interval,
    Size,
    Check,
    Card,
    Sums,
}

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine schema
  opine schema check --json")]
pub struct Args {
    /// The command whose output is meant
    #[arg(value_enum, default_value = "summary", value_name = "COMMAND")]
    of: Of,
    #[command(flatten)]
    output: Output,
}

type Entry = (&'static str, &'static str, &'static str);

const ESTIMATES: [Entry; 17] = [
    ("source", "text", "poll or file the estimate comes from"),
    ("variable", "text", "question"),
    (
        "level",
        "text",
        "response of a proportion; null for a number",
    ),
    ("statistic", "text", "proportion or mean"),
    (
        "estimate",
        "number",
        "0..1 for a proportion, else in units of the variable",
    ),
    ("se", "number", "standard error, in units of the estimate"),
    (
        "ci_low",
        "number",
        "lower bound, in units of the estimate; null where there is none",
    ),
    ("ci_high", "number", "upper bound"),
    (
        "rounding_low",
        "number",
        "lower bound with the rounding of the printed value; published figures only",
    ),
    (
        "rounding_high",
        "number",
        "upper bound with the rounding of the printed value",
    ),
    ("df", "number", "degrees of freedom; null for z"),
    (
        "deff",
        "number",
        "design effect; null where it is not known",
    ),
    ("n", "number", "unweighted respondents"),
    ("n_eff", "number", "effective sample size"),
    (
        "weighted_n",
        "number",
        "sum of weights; null where there are none",
    ),
    (
        "flags",
        "text",
        "codes separated by a space: no_n, second_hand, conflict, cannot_hold, …",
    ),
    ("note", "text", "for people: what is not known, and why"),
];

const PUBLISHED: [Entry; 4] = [
    ("country", "text", "code of a country or set, or all"),
    ("base", "text", "who of them, or all"),
    ("reported_by", "text", "who printed the value"),
    (
        "printed",
        "text",
        "the value as printed, in per cent: 62, ≈62, ≥80",
    ),
];

const SIZE: [Entry; 5] = [
    ("n", "number", "respondents it takes"),
    ("moe", "number", "margin of error, 0..1"),
    ("percent", "number", "expected share, 0..1"),
    ("deff", "number", "design effect"),
    ("level", "number", "confidence level, 0..1"),
];

const CHECK: [Entry; 8] = [
    ("rule", "text", "id of the rule"),
    ("severity", "text", "error, warning or note"),
    ("file", "text", "file of the data"),
    (
        "line",
        "number",
        "line in the file, from 1; null where it is about the whole file",
    ),
    ("column", "text", "name of the column"),
    (
        "ids",
        "list of text",
        "the figures or samples that can’t all stand, poll/question/response:country@source",
    ),
    ("message", "text", "what is wrong"),
    ("fix", "text", "what would be right"),
];

const CARD: [Entry; 3] = [
    ("poll", "text", "id of the poll"),
    ("item", "text", "what is to be disclosed"),
    (
        "disclosed",
        "text",
        "what the sources say; null where they say nothing",
    ),
];

const SUMS: [Entry; 16] = [
    (
        "opine_sums",
        "number",
        "version of the format, in every row",
    ),
    (
        "part",
        "text",
        "what the row is: spec, rows, unit, cell, level, item, moment, replicate or rank",
    ),
    (
        "item",
        "text",
        "the item as asked; # in the row of the specification",
    ),
    ("stratum_…", "text", "a column a variable of the strata"),
    ("psu_…", "text", "a column a stage"),
    (
        "fpc_low_…, fpc_high_…",
        "number",
        "smallest and largest fpc of a unit, a pair a stage",
    ),
    ("by_…", "text", "a column a group, as coded"),
    (
        "level",
        "text",
        "level or value, as coded; the specification as JSON",
    ),
    (
        "term",
        "text",
        "which sum of numbers: 1, y, y^2, or two with a comma",
    ),
    ("replicate", "number", "number of the replicate, from 1"),
    ("n", "number", "respondents"),
    (
        "weighted",
        "number",
        "respondents with a weight other than 0",
    ),
    (
        "w",
        "number",
        "sum of weights, or of weights times the term: high half",
    ),
    (
        "w_low",
        "number",
        "low half; null or absent where an engine added floats",
    ),
    ("w2", "number", "the same with squared weights: high half"),
    ("w2_low", "number", "low half"),
];

pub fn run(args: Args) -> Result<(), Failure> {
    let entries: Vec<Entry> = match args.of {
        Of::Summary => with_groups(&PUBLISHED),
        Of::Interval => with_groups(&[]),
        Of::Size => SIZE.to_vec(),
        Of::Check => CHECK.to_vec(),
        Of::Card => CARD.to_vec(),
        Of::Sums => SUMS.to_vec(),
    };
    let column = |name: &str, of: fn(&Entry) -> &'static str| {
        let values: Vec<&str> = entries.iter().map(of).collect();
        Series::new(name.into(), values)
    };
    let columns = vec![
        column("column", |entry| entry.0),
        column("type", |entry| entry.1),
        column("meaning", |entry| entry.2),
    ];
    let rows = entries.iter().map(|(name, kind, meaning)| Row {
        label: (*name).to_owned(),
        cells: vec![(*kind).into(), (*meaning).into()],
        ..Row::default()
    });
    let table = Table {
        columns: vec![
            Column::new("type", Align::Left),
            Column::new("meaning", Align::Left),
        ],
        blocks: vec![Block {
            rows: rows.collect(),
            ..Block::default()
        }],
        ..Table::default()
    };
    args.output.print(&Answer {
        tables: vec![table],
        sentences: Vec::new(),
        frame: DataFrame::new(entries.len(), columns).map_err(Failure::usage)?,
    })
}

/// The columns of estimates with the grouping columns in their place, after `level`.
fn with_groups(groups: &[Entry]) -> Vec<Entry> {
    let (before, after) = ESTIMATES.split_at(3);
    [before, groups, after].concat()
}
