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
    Estimate,
    Design,
    Describe,
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

const DOMAINS: [Entry; 1] = [(
    "GROUP",
    "text",
    "a column for each group of --by, under its name; null is never a domain",
)];

const DESIGN: [Entry; 18] = [
    (
        "stratum",
        "text",
        "values of the strata; null in the first row, which is the whole",
    ),
    (
        "psus",
        "number",
        "units of the first stage; rows where every row is one",
    ),
    ("rows", "number", "respondents"),
    ("weight", "number", "sum of the weights above 0"),
    ("weight_min", "number", "smallest weight above 0"),
    ("weight_median", "number", "of the whole"),
    ("weight_max", "number", "largest weight"),
    (
        "fpc",
        "number",
        "population count or sampling fraction of the first stage, as in the file",
    ),
    (
        "lonely",
        "true or false",
        "one PSU, and not all there are; of the whole: whether any stratum is",
    ),
    ("strata", "number", "strata, of the whole"),
    (
        "df",
        "number",
        "degrees of freedom; null where nothing would be estimated",
    ),
    ("deff", "number", "design effect of the weights by Kish"),
    ("n_eff", "number", "effective sample size by the weights"),
    ("zero_weights", "number", "respondents with weight 0"),
    ("missing_weights", "number", "respondents without a weight"),
    (
        "negative_weights",
        "number",
        "respondents with a weight below 0",
    ),
    ("replicates", "number", "columns of replicate weights"),
    (
        "findings",
        "text",
        "what looks wrong, separated by a semicolon",
    ),
];

const DESCRIBE: [Entry; 12] = [
    (
        "variable",
        "text",
        "name; a row a variable, then a row a value",
    ),
    ("label", "text", "of the variable, or of the value"),
    ("kind", "text", "number, text, date, date and time"),
    (
        "measure",
        "text",
        "nominal, ordinal, scale; where the file says it",
    ),
    (
        "level",
        "text",
        "the value; null in the row of the variable",
    ),
    (
        "n",
        "number",
        "respondents with an answer, or with this value",
    ),
    ("missing", "number", "respondents without an answer"),
    (
        "no_answer",
        "true or false",
        "the value stands for no answer",
    ),
    ("min", "number", "smallest answer; dates in days since 1970"),
    ("median", "number", "middle answer, unweighted"),
    ("mean", "number", "mean of the answers, unweighted"),
    ("max", "number", "largest answer"),
];

pub fn run(args: Args) -> Result<(), Failure> {
    let entries: Vec<Entry> = match args.of {
        Of::Summary => with_groups(&PUBLISHED),
        Of::Interval => with_groups(&[]),
        Of::Size => SIZE.to_vec(),
        Of::Check => CHECK.to_vec(),
        Of::Card => CARD.to_vec(),
        Of::Estimate => of_respondents(),
        Of::Design => DESIGN.to_vec(),
        Of::Describe => DESCRIBE.to_vec(),
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

/// The same without what is of printed figures only.
fn of_respondents() -> Vec<Entry> {
    let mut entries = with_groups(&DOMAINS);
    entries.retain(|(name, ..)| !name.starts_with("rounding"));
    for entry in &mut entries {
        match entry.0 {
            "variable" => entry.2 = "variable or expression",
            "level" => {
                entry.2 = "level of a share or total, probability of a quantile; null for a number"
            }
            "statistic" => {
                entry.2 = "proportion, mean, total, count, ratio, quantile, variance, standard deviation, combination";
            }
            "df" => entry.2 = "degrees of freedom of the domain",
            "flags" => entry.2 = "codes separated by a space: small_base",
            _ => {}
        }
    }
    entries
}

/// The columns of estimates with the grouping columns in their place, after `level`.
fn with_groups(groups: &[Entry]) -> Vec<Entry> {
    let (before, after) = ESTIMATES.split_at(3);
    [before, groups, after].concat()
}
