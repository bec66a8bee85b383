//! `opine trend`: many polls of one question, one line.

pub mod args;
pub mod fits;
mod report;

use std::path::PathBuf;

use clap::ValueEnum;

use self::args::{ModelArgs, days};
use self::fits::reconcile;
use super::failure::Failure;
use super::output::{Document, OutputArgs};
use super::streams::Session;
use crate::frames::{
    Error, Frame, backtest_frame, house_frame, poll_frame, trend_frame, variance_frame,
};
use crate::present::table::Table;
use crate::present::trends;
use crate::published::trend::{DayEstimate, Polls, Trend, Variances, backtest};

/// More days than this are no answer to a question.
const MOST_DAYS: usize = 40_000;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine trend polls.csv                                      where each answer stands
  opine trend polls.csv --response Biden,Trump --show daily --csv
  opine trend polls.csv --lead Biden-Trump --historical-error
  opine trend polls.csv --share 'Biden/(Biden+Trump)' --from 2020-09-01
  opine trend polls.csv --response Biden --show houses --level-by result=2020-11-03
  opine trend polls.csv --backtest
  opine trend polls.csv --report tracker")]
pub struct Args {
    #[command(flatten)]
    model: ModelArgs,
    /// Days between the rows of --show daily: 7d
    #[arg(long, value_name = "DAYS", value_parser = days)]
    every: Option<i64>,
    /// What to show
    #[arg(long, value_enum, default_value = "latest")]
    show: Show,
    /// What the line would have said the day before each election of the file, beside simpler averages
    #[arg(long)]
    backtest: bool,
    /// The tracker as a page, with its charts and their numbers, into a folder
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
    /// Whether --stamp is for the page.
    #[arg(skip)]
    stamps_page: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Show {
    /// Where it stands, and the change over 30 days
    Latest,
    /// Each day
    Daily,
    /// What each house prints beyond the level
    Houses,
    /// The polls beside the line, and those left out
    Polls,
    /// The standard deviations of the model
    Variance,
    /// Whether polls agree more or less than samples do
    Agreement,
}

pub fn run(mut args: Args, session: &Session) -> Result<(), Failure> {
    refuse_no_effect(&args)?;
    args.stamps_page = args.report.is_some() && args.output.stamp_of_page();
    args.output.format()?;
    let polls = args.model.read(session)?;
    if args.backtest {
        return args.output.print(&backtests(&args, &polls)?, session);
    }
    let contest = args.model.choose_contest(&polls)?;
    let trends = args.model.fit(&polls, contest, session)?;
    let all = match args.model.follows_all() {
        true => polls.responses(contest).len(),
        false => usize::MAX,
    };
    let document = match args.show {
        Show::Latest => latest(&args, &polls, contest, &trends, all, session)?,
        Show::Daily => daily(&args, contest, &trends, all)?,
        Show::Houses => listed(
            &trends,
            trends::house_rows,
            trends::house_table,
            house_frame,
        )?,
        Show::Polls => listed(&trends, trends::poll_rows, trends::poll_table, poll_frame)?,
        Show::Variance => listed(
            &trends,
            trends::variance_rows,
            trends::variance_table,
            variance_frame,
        )?,
        Show::Agreement => agreement(&trends)?,
    };
    args.output.print(&document, session)
}

fn refuse_no_effect(args: &Args) -> Result<(), Failure> {
    let of_days = matches!(args.show, Show::Latest | Show::Daily);
    let model = &args.model;
    if args.report.is_some() && (args.show != Show::Latest || args.backtest) {
        return Err(Failure::no_effect(
            "--report",
            "the page is of where it stands: leave --show and --backtest out",
        ));
    }
    let limited = model.from.or(model.to).or(model.on).is_some();
    let refused = [
        (
            args.backtest && args.show != Show::Latest,
            "--show",
            "--backtest shows elections",
        ),
        (
            args.backtest && limited,
            "--from, --to or --on",
            "a backtest takes the year before each election",
        ),
        (
            args.backtest && model.level_by.starts_with("result"),
            "--level-by result",
            "a backtest knows no result",
        ),
        (
            args.every.is_some() && args.show != Show::Daily,
            "--every",
            "it goes with --show daily",
        ),
        (
            args.every.is_some() && model.on.is_some(),
            "--every",
            "--on asks for one day",
        ),
        (
            model.on.is_some() && !of_days,
            "--on",
            "it goes with --show latest or daily",
        ),
        (
            model.historical_error.is_some() && !of_days,
            "--historical-error",
            "it goes with --show latest or daily",
        ),
        (
            args.show == Show::Agreement && model.variance != Variances::Integrated,
            "--variance",
            "agreement has a fit of its own",
        ),
        (
            args.show == Show::Agreement && model.level_by != "houses",
            "--level-by",
            "agreement is the same whatever the level",
        ),
        (
            args.show == Show::Variance && model.level_by != "houses",
            "--level-by",
            "the standard deviations are the same whatever the level",
        ),
        (
            !of_days && args.show != Show::Houses && model.level != 0.95,
            "--level",
            "there are no bands of a level in it",
        ),
    ];
    match refused.iter().find(|(is_set, ..)| *is_set) {
        Some((_, option, why)) => Err(Failure::no_effect(option, why)),
        None => Ok(()),
    }
}

/// Every result of the file, or of the contest that is named.
fn backtests(args: &Args, polls: &Polls) -> Result<Document, Failure> {
    let named = match &args.model.contest {
        Some(_) => Some(args.model.choose_contest(polls)?),
        None => None,
    };
    let outcomes = polls.outcomes.iter();
    let outcomes = outcomes.filter(|outcome| named.is_none_or(|name| outcome.contest == name));
    let mut tests = Vec::new();
    for outcome in outcomes {
        if polls.responses(&outcome.contest).is_empty() {
            continue;
        }
        let selection = args.model.selection();
        for measure in args.model.measures(polls, &outcome.contest)? {
            let options = args.model.options(polls, &outcome.contest, &measure)?;
            tests.extend(backtest(polls, outcome, &measure, &selection, &options));
        }
    }
    match tests.is_empty() {
        true => Err(Failure::Usage(format!(
            "{}: no election with polls enough before it: results are rows whose pollster is election",
            args.model.file.display()
        ))),
        false => Ok(Document {
            tables: vec![trends::backtest_table(&tests, args.model.level)],
            sentences: Vec::new(),
            frame: backtest_frame(&trends::backtest_rows(&tests)).map_err(Failure::usage)?,
        }),
    }
}

/// A table a trend, and all rows in one frame.
fn listed<'p, R: Clone>(
    trends: &[Trend<'p>],
    rows: fn(&Trend<'p>) -> Vec<R>,
    table: fn(&Trend<'p>, &[R]) -> Table,
    frame: fn(&[R]) -> Result<Frame, Error>,
) -> Result<Document, Failure> {
    let each: Vec<Vec<R>> = trends.iter().map(rows).collect();
    let tables = trends.iter().zip(&each);
    Ok(Document {
        tables: tables.map(|(trend, rows)| table(trend, rows)).collect(),
        sentences: Vec::new(),
        frame: frame(&each.concat()).map_err(Failure::usage)?,
    })
}

fn latest(
    args: &Args,
    polls: &Polls,
    contest: &str,
    trends: &[Trend],
    all: usize,
    session: &Session,
) -> Result<Document, Failure> {
    let mut days: Vec<DayEstimate> = Vec::new();
    for trend in trends {
        let day = args.model.on.unwrap_or_else(|| trend.last_poll());
        days.extend(trend.days(&[day]));
    }
    let mut pairs: Vec<(&Trend, &mut DayEstimate)> = trends.iter().zip(&mut days).collect();
    let together = reconcile(&mut pairs, all);
    let source = args.model.source();
    let rows: Vec<_> = trends
        .iter()
        .zip(&days)
        .flat_map(|(trend, day)| {
            trends::day_rows(trend, &source, contest, std::slice::from_ref(day))
        })
        .collect();
    let pairs: Vec<(&Trend, &DayEstimate)> = trends.iter().zip(&days).collect();
    if let Some(folder) = &args.report {
        let model = &args.model;
        let to = (folder.as_path(), args.stamps_page);
        report::write(to, model, polls, contest, &pairs, together, session)?;
    }
    Ok(Document {
        tables: Vec::new(),
        sentences: trends::latest(&pairs, together),
        frame: trend_frame(&rows).map_err(Failure::usage)?,
    })
}

fn daily(args: &Args, contest: &str, trends: &[Trend], all: usize) -> Result<Document, Failure> {
    let source = args.model.source();
    let chosen_days = match args.model.on {
        Some(day) => vec![day],
        None => span_of_days(args, trends)?,
    };
    let mut each: Vec<Vec<DayEstimate>> = trends
        .iter()
        .map(|trend| trend.days(&chosen_days))
        .collect();
    let mut together = false;
    for k in 0..chosen_days.len() {
        let days = each.iter_mut().filter_map(|days| days.get_mut(k));
        let mut pairs: Vec<(&Trend, &mut DayEstimate)> = trends.iter().zip(days).collect();
        together = reconcile(&mut pairs, all);
    }
    let rows: Vec<_> = trends
        .iter()
        .zip(&each)
        .map(|(trend, days)| trends::day_rows(trend, &source, contest, days))
        .collect();
    let tables = trends.iter().zip(&rows);
    Ok(Document {
        tables: tables
            .map(|(trend, rows)| trends::day_table(trend, rows, together))
            .collect(),
        sentences: Vec::new(),
        frame: trend_frame(&rows.concat()).map_err(Failure::usage)?,
    })
}

/// The days from the first poll, or `--from`, to the last one, or `--to`.
fn span_of_days(args: &Args, trends: &[Trend]) -> Result<Vec<i64>, Failure> {
    let firsts = trends.iter().map(|trend| trend.span().0.ceil() as i64);
    let lasts = trends.iter().map(Trend::last_poll);
    let first = args.model.from.or(firsts.min()).unwrap_or_default();
    let last = args.model.to.or(lasts.max()).unwrap_or_default();
    let step = args.every.unwrap_or(1) as usize;
    let days: Vec<i64> = (first..=last.max(first))
        .step_by(step)
        .take(MOST_DAYS + 1)
        .collect();
    match days.len() > MOST_DAYS {
        true => Err(Failure::Usage(format!(
            "more than {MOST_DAYS} days: name a shorter time with --from and --to, or --every 30d"
        ))),
        false => Ok(days),
    }
}

fn agreement(trends: &[Trend]) -> Result<Document, Failure> {
    let known: Vec<_> = trends.iter().filter_map(trends::agreement).collect();
    let (rows, words): (Vec<_>, Vec<String>) = known.into_iter().unzip();
    let named = rows.iter().zip(words);
    Ok(Document {
        tables: Vec::new(),
        sentences: named
            .map(|(row, words)| format!("{}: {words}", row.level))
            .collect(),
        frame: variance_frame(&rows).map_err(Failure::usage)?,
    })
}
