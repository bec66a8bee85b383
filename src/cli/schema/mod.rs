//! `opine schema`: the columns of what the commands print.

mod published;
mod respondents;
mod trends;

use clap::ValueEnum;

use self::published::{BOUNDS, CARD, CHART, CHECK, COMPARE, ESTIMATES, PUBLISHED, SIZE};
use self::respondents::{
    CROSSTAB, DESCRIBE, DESIGN, DOMAINS, FIT, MARGINS, POOL, SUMS, TEST, WEIGHT,
};
use self::trends::{TREND, TREND_BACKTEST, TREND_HOUSES, TREND_POLLS, TREND_VARIANCE};
use super::failure::Failure;
use super::output::{Document, OutputArgs};
use super::published::export;
use super::streams::Session;
use crate::frames::{Column as FrameColumn, Frame};
use crate::present::table::{Align, Block, Column, Row, Table};

/// A column, its type and what it means.
pub type Entry = (&'static str, &'static str, &'static str);

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Topic {
    Summary,
    Interval,
    Size,
    Check,
    /// One row a figure, as `opine import --into` reads it
    Export,
    Card,
    Bounds,
    Compare,
    /// Diagnostics of weights; with --then, those of estimates
    Weight,
    /// The CSV that charts are drawn from
    Chart,
    Estimate,
    /// Cells of banner tables; --pairs has the columns of compare, --tests those of test
    Crosstab,
    Design,
    Describe,
    Sums,
    /// Rows of days: latest and daily
    Trend,
    TrendHouses,
    TrendPolls,
    /// Standard deviations, and the agreement of polls
    TrendVariance,
    TrendBacktest,
    Test,
    Pool,
    /// Coefficients; --terms, --contrast and --statistics have those of test
    Fit,
    /// Rows of fit --margins
    FitMargins,
}

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine schema
  opine schema check --json
  opine schema chart                             what a CSV for a chart may have")]
pub struct Args {
    /// The command whose output is meant
    #[arg(value_enum, default_value = "summary", value_name = "COMMAND")]
    topic: Topic,
    #[command(flatten)]
    output: OutputArgs,
}

/// The foot of what charts are drawn from.
const CHART_NUMBERS: &str = "Charts are also drawn from estimates (opine schema summary), difference charts from \
                             comparisons (opine schema compare). The numbers beside a chart have the columns of estimates.";

/// The columns of a command’s rows.
pub fn entries(topic: Topic) -> Vec<Entry> {
    match topic {
        Topic::Summary => with_groups(&PUBLISHED),
        Topic::Interval => with_groups(&[]),
        Topic::Size => SIZE.to_vec(),
        Topic::Check => CHECK.to_vec(),
        Topic::Export => export::schema(),
        Topic::Card => CARD.to_vec(),
        Topic::Bounds => BOUNDS.to_vec(),
        Topic::Compare => COMPARE.to_vec(),
        Topic::Weight => WEIGHT.to_vec(),
        Topic::Chart => CHART.to_vec(),
        Topic::Estimate => of_respondents(),
        Topic::Crosstab => CROSSTAB.to_vec(),
        Topic::Design => DESIGN.to_vec(),
        Topic::Describe => DESCRIBE.to_vec(),
        Topic::Sums => SUMS.to_vec(),
        Topic::Trend => TREND.to_vec(),
        Topic::TrendHouses => TREND_HOUSES.to_vec(),
        Topic::TrendPolls => TREND_POLLS.to_vec(),
        Topic::TrendVariance => TREND_VARIANCE.to_vec(),
        Topic::TrendBacktest => TREND_BACKTEST.to_vec(),
        Topic::Test => TEST.to_vec(),
        Topic::Pool => [with_groups(&[]), POOL.to_vec()].concat(),
        Topic::Fit => FIT.to_vec(),
        Topic::FitMargins => [of_respondents(), MARGINS.to_vec()].concat(),
    }
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let entries = entries(args.topic);
    let column = |name: &str, of: fn(&Entry) -> &'static str| {
        let values: Vec<&str> = entries.iter().map(of).collect();
        FrameColumn::new(name, values)
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
        foot: (args.topic == Topic::Chart)
            .then(|| CHART_NUMBERS.to_owned())
            .into_iter()
            .collect(),
        ..Table::default()
    };
    args.output.print(
        &Document {
            tables: vec![table],
            sentences: Vec::new(),
            frame: Frame::new(entries.len(), columns).map_err(Failure::usage)?,
        },
        session,
    )
}

/// The same without what is of printed figures only.
fn of_respondents() -> Vec<Entry> {
    let mut entries = with_groups(&DOMAINS);
    entries.retain(|(name, ..)| !name.starts_with("rounding"));
    for entry in &mut entries {
        match entry.0 {
            "variable" => {
                entry.2 = "variable or expression; count() for the number of all respondents"
            }
            "level" => {
                entry.2 = "level of a share or total, probability of a quantile; null for a number"
            }
            "statistic" => {
                entry.2 = "proportion, mean, total, count, ratio, quantile, variance, standard deviation, combination, difference of shares, sum of shares";
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
