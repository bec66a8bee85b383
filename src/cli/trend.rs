//! `opine trend`: many polls of one question, one line.

use std::path::PathBuf;

use clap::ValueEnum;

use super::failure::Failure;
use super::output::{Document, OutputArgs};
use super::streams::Session;
use super::values;
use crate::frames::words::nearest;
use crate::frames::{house_frame, poll_frame, trend_frame, variance_frame};
use crate::present::trends;
use crate::published::figures::date::Date;
use crate::published::trend::{
    DayEstimate, HISTORICAL_ERROR, HousePart, LevelBy, Measure, Outcome, Parameters, Polls,
    PollsError, SelectionOptions, Trend, TrendOptions, Variances, reconciled, select,
};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine trend polls.csv                                      where each answer stands
  opine trend polls.csv --response spd,cdu_csu --show daily --csv
  opine trend polls.csv --lead Biden-Trump --historical-error
  opine trend polls.csv --response spd --show houses
  opine trend polls.csv --response spd --level-by result=2017-09-24")]
pub struct Args {
    /// Polls: contest, poll, pollster, start, end, n, response, percent, one row a poll and answer
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Answers to follow [default: all]
    #[arg(long, value_name = "ANSWERS", value_delimiter = ',')]
    response: Vec<String>,
    /// One answer less another: A-B
    #[arg(long, value_name = "A-B")]
    lead: Vec<String>,
    /// An answer among several: A/(A+B)
    #[arg(long, value_name = "A/(A+B)")]
    share: Vec<String>,
    /// Answers together: A+B
    #[arg(long, value_name = "A+B")]
    sum: Vec<String>,
    /// Which contest of the file, where it has several
    #[arg(long, value_name = "CONTEST")]
    contest: Option<String>,
    /// Polls whose fieldwork ended on this day or later
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<i64>,
    /// Polls whose fieldwork ended on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<i64>,
    /// The day to answer for; it may lie after the last poll
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<i64>,
    /// Days between the rows of --show daily: 7d
    #[arg(long, value_name = "DAYS", value_parser = days)]
    every: Option<i64>,
    /// Of one poll, the first of these populations that it has
    #[arg(
        long,
        value_name = "KINDS",
        value_delimiter = ',',
        default_value = "lv,rv,v,a",
        hide_short_help = true
    )]
    population: Vec<String>,
    /// Overlapping polls of one house: thin keeps the latest, keep all
    #[arg(long, value_enum, default_value = "thin")]
    overlap: Overlap,
    /// What makes a house: pollster, and mode, population or sponsor, as in pollster+mode
    #[arg(long, value_name = "PARTS", default_value = "pollster", value_parser = house, hide_short_help = true)]
    house: HouseParts,
    /// Leave polls out that were made for one side
    #[arg(long, value_enum, value_name = "KIND", hide_short_help = true)]
    exclude: Option<Exclude>,
    /// The level: houses, polls, pollster=NAME, result=DATE[,DATE]
    #[arg(long, value_name = "WHICH", default_value = "houses")]
    level_by: String,
    /// Standard deviations: integrated, reml, or fixed:SIGMA,OMEGA,TAU in points
    #[arg(long, value_name = "HOW", default_value = "integrated", value_parser = variances)]
    variance: Variances,
    /// Design effect of the polls, where one is known
    #[arg(long, value_name = "D", value_parser = values::positive, hide_short_help = true)]
    deff: Option<f64>,
    /// Respondents of polls that do not say how many
    #[arg(long, value_name = "N", value_parser = values::sample_size)]
    assume_n: Option<f64>,
    /// Put in the error that polls of an election share, in points at 50% [default: 1.9]
    #[arg(long, value_name = "POINTS", num_args = 0..=1, value_parser = values::positive)]
    historical_error: Option<Option<f64>>,
    /// A line of fewer than 8 polls or 3 houses
    #[arg(long, hide_short_help = true)]
    force: bool,
    /// What to show
    #[arg(long, value_enum, default_value = "latest")]
    show: Show,
    /// Confidence level of the bands: 0.95 or 95
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = values::level)]
    level: f64,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Overlap {
    Thin,
    Keep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Exclude {
    Partisan,
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

#[derive(Clone, Debug)]
struct HouseParts(Vec<HousePart>);

fn day(text: &str) -> Result<i64, String> {
    match Date::parse(text) {
        Ok(date) if date.day.is_some() => Ok(date.days()),
        Ok(_) => Err(format!("“{text}” is no day: write 2017-09-24")),
        Err(error) => Err(match error.fix {
            Some(fix) => format!("“{text}” is no day, write {fix}"),
            None => format!("“{text}” is no day: write 2017-09-24"),
        }),
    }
}

fn days(text: &str) -> Result<i64, String> {
    let number = text.strip_suffix('d').unwrap_or(text).parse::<i64>();
    match number {
        Ok(days) if (1..=3660).contains(&days) => Ok(days),
        _ => Err(format!("“{text}” is no number of days: write 7d")),
    }
}

fn house(text: &str) -> Result<HouseParts, String> {
    let part = |name: &str| match name {
        "pollster" => Ok(HousePart::Pollster),
        "mode" => Ok(HousePart::Mode),
        "population" => Ok(HousePart::Population),
        "sponsor" => Ok(HousePart::Sponsor),
        _ => Err(format!(
            "{name} is none of pollster, mode, population, sponsor"
        )),
    };
    let parts: Result<Vec<HousePart>, String> = text.split('+').map(part).collect();
    Ok(HouseParts(parts?))
}

fn variances(text: &str) -> Result<Variances, String> {
    let form = || {
        format!(
            "“{text}” is none of integrated, reml, fixed:SIGMA,OMEGA,TAU (points, as in fixed:0.2,1.5,0.8)"
        )
    };
    match text {
        "integrated" => Ok(Variances::Integrated),
        "reml" => Ok(Variances::Reml),
        _ => {
            let numbers = text.strip_prefix("fixed:").ok_or_else(form)?;
            let numbers: Result<Vec<f64>, _> = numbers.split(',').map(str::parse).collect();
            match numbers.map_err(|_| form())?.as_slice() {
                [sigma, omega, tau]
                    if [sigma, omega, tau]
                        .iter()
                        .all(|sd| (0.0..=100.0).contains(*sd)) =>
                {
                    Ok(Variances::Fixed(Parameters {
                        sigma: sigma / 100.0,
                        omega: omega / 100.0,
                        tau: tau / 100.0,
                    }))
                }
                _ => Err(form()),
            }
        }
    }
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    refuse_no_effect(&args)?;
    args.output.format()?;
    let polls = Polls::read(&args.file).map_err(|error| match error {
        PollsError::Io { .. } => Failure::File(error.to_string()),
        PollsError::Form { .. } => Failure::usage(error),
    })?;
    for (line, reason) in polls.left_out.iter().take(5) {
        session.warn(&format!(
            "{}, line {line}: left out: {reason}",
            args.file.display()
        ));
    }
    if polls.left_out.len() > 5 {
        session.warn(&format!(
            "{} rows were left out in all",
            polls.left_out.len()
        ));
    }
    let contest = contest(&args, &polls)?;
    let trends = fit_all(&args, &polls, contest, session)?;
    let document = match args.show {
        Show::Latest => latest(&args, contest, trends)?,
        Show::Daily => daily(&args, contest, &trends)?,
        Show::Houses => {
            let rows: Vec<_> = trends.iter().map(trends::house_rows).collect();
            Document {
                tables: trends
                    .iter()
                    .zip(&rows)
                    .map(|(trend, rows)| trends::house_table(trend, rows))
                    .collect(),
                sentences: Vec::new(),
                frame: house_frame(&rows.concat()).map_err(Failure::usage)?,
            }
        }
        Show::Polls => {
            let rows: Vec<_> = trends.iter().map(trends::poll_rows).collect();
            Document {
                tables: trends
                    .iter()
                    .zip(&rows)
                    .map(|(trend, rows)| trends::poll_table(trend, rows))
                    .collect(),
                sentences: Vec::new(),
                frame: poll_frame(&rows.concat()).map_err(Failure::usage)?,
            }
        }
        Show::Variance => {
            let rows: Vec<_> = trends.iter().map(trends::variance_rows).collect();
            Document {
                tables: trends
                    .iter()
                    .zip(&rows)
                    .map(|(trend, rows)| trends::variance_table(trend, rows))
                    .collect(),
                sentences: Vec::new(),
                frame: variance_frame(&rows.concat()).map_err(Failure::usage)?,
            }
        }
        Show::Agreement => {
            let found: Vec<_> = trends.iter().filter_map(trends::agreement).collect();
            let (rows, words): (Vec<_>, Vec<String>) = found.into_iter().unzip();
            let named = rows
                .iter()
                .zip(words)
                .map(|(row, words)| format!("{}: {words}", row.level));
            Document {
                tables: Vec::new(),
                sentences: named.collect(),
                frame: variance_frame(&rows).map_err(Failure::usage)?,
            }
        }
    };
    args.output.print(&document, session)
}

fn refuse_no_effect(args: &Args) -> Result<(), Failure> {
    if args.every.is_some() && args.show != Show::Daily {
        return Err(Failure::no_effect("--every", "it goes with --show daily"));
    }
    if args.every.is_some() && args.on.is_some() {
        return Err(Failure::no_effect("--every", "--on asks for one day"));
    }
    let of_days = matches!(args.show, Show::Latest | Show::Daily);
    if args.on.is_some() && !of_days {
        return Err(Failure::no_effect(
            "--on",
            "it goes with --show latest or daily",
        ));
    }
    if args.historical_error.is_some() && !of_days {
        return Err(Failure::no_effect(
            "--historical-error",
            "it goes with --show latest or daily",
        ));
    }
    if args.show == Show::Agreement && args.variance != Variances::Integrated {
        return Err(Failure::no_effect(
            "--variance",
            "agreement has a fit of its own",
        ));
    }
    Ok(())
}

/// The contest that was named, or the only one.
fn contest<'p>(args: &Args, polls: &'p Polls) -> Result<&'p str, Failure> {
    let contests = polls.contests();
    match &args.contest {
        Some(name) => {
            let found = contests.iter().find(|contest| *contest == name);
            found.copied().ok_or_else(|| {
                let near = nearest(name, contests.iter().copied());
                let hint = near.map_or_else(
                    || format!("there are {}", contests.join(", ")),
                    |near| format!("did you mean {near}?"),
                );
                Failure::Usage(format!(
                    "{}: no contest {name}; {hint}",
                    args.file.display()
                ))
            })
        }
        None => match contests.as_slice() {
            [] => Err(Failure::Usage(format!(
                "{}: there are no polls in it",
                args.file.display()
            ))),
            [only] => Ok(only),
            several => Err(Failure::Usage(format!(
                "{}: there are several contests: choose with --contest among {}",
                args.file.display(),
                several.join(", ")
            ))),
        },
    }
}

fn measures(args: &Args, polls: &Polls, contest: &str) -> Result<Vec<Measure>, Failure> {
    let known = polls.responses(contest);
    let mut measures = Vec::new();
    for name in &args.response {
        measures.push(Measure::response(name.trim(), &known).map_err(Failure::Usage)?);
    }
    for text in &args.lead {
        measures.push(Measure::lead(text, &known).map_err(Failure::Usage)?);
    }
    for text in &args.share {
        measures.push(Measure::share(text, &known).map_err(Failure::Usage)?);
    }
    for text in &args.sum {
        measures.push(Measure::sum(text, &known).map_err(Failure::Usage)?);
    }
    if measures.is_empty() {
        measures.extend(
            known
                .iter()
                .map(|name| Measure::Response((*name).to_owned())),
        );
    }
    Ok(measures)
}

fn fit_all<'p>(
    args: &Args,
    polls: &'p Polls,
    contest: &str,
    session: &Session,
) -> Result<Vec<Trend<'p>>, Failure> {
    let selection = SelectionOptions {
        populations: args
            .population
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect(),
        keep_overlaps: args.overlap == Overlap::Keep,
        house: args.house.0.clone(),
        from: args.from,
        to: args.to,
        exclude_partisan: args.exclude.is_some(),
        assumed_n: args.assume_n,
    };
    if args.overlap == Overlap::Keep {
        session.warn("overlapping polls of one house are kept: rolling samples count their respondents more than once");
    }
    let measures = measures(args, polls, contest)?;
    let all = measures.len();
    let mut trends = Vec::new();
    for measure in measures {
        let options = TrendOptions {
            variances: args.variance,
            deff: args.deff.unwrap_or(1.0),
            level_by: level_by(args, polls, contest, &measure)?,
            historical_error: args
                .historical_error
                .map(|points| points.map_or(HISTORICAL_ERROR, |points| points / 100.0)),
            level: args.level,
            force: args.force,
        };
        let chosen = select(polls, contest, &measure, &selection);
        match Trend::fit(measure, chosen, options) {
            Ok(trend) => trends.push(trend),
            // among all answers of a file one that few polls have is no reason to say nothing of the others
            Err(error) if all > 1 && args.response.is_empty() => session.note(&error.to_string()),
            Err(error) => return Err(Failure::usage(error)),
        }
    }
    match trends.is_empty() {
        true => Err(Failure::Usage(format!(
            "{}: no answer has polls enough for a line",
            args.file.display()
        ))),
        false => Ok(trends),
    }
}

fn level_by(
    args: &Args,
    polls: &Polls,
    contest: &str,
    measure: &Measure,
) -> Result<LevelBy, Failure> {
    let wrong = || {
        Failure::Usage(format!(
            "--level-by {}: it is houses, polls, pollster=NAME or result=DATE",
            args.level_by
        ))
    };
    match args.level_by.split_once('=') {
        None => match args.level_by.as_str() {
            "houses" => Ok(LevelBy::Houses),
            "polls" => Ok(LevelBy::Polls),
            _ => Err(wrong()),
        },
        Some(("pollster", name)) => Ok(LevelBy::Pollster(name.to_owned())),
        Some(("result", dates)) => {
            let mut results = Vec::new();
            for date in dates.split(',') {
                let day = day(date.trim()).map_err(Failure::Usage)?;
                let outcome = polls
                    .outcome(contest, day)
                    .ok_or_else(|| no_result(polls, contest, date))?;
                let share = share_of(outcome, measure).ok_or_else(|| {
                    Failure::Usage(format!(
                        "the result of {date} has no share of {}",
                        measure.label()
                    ))
                })?;
                results.push((day, share));
            }
            results.sort_by_key(|(day, _)| *day);
            results.dedup();
            Ok(LevelBy::Results(results))
        }
        Some(_) => Err(wrong()),
    }
}

fn no_result(polls: &Polls, contest: &str, date: &str) -> Failure {
    let own = polls
        .outcomes
        .iter()
        .filter(|outcome| outcome.contest == contest);
    let days: Vec<String> = own
        .map(|outcome| Date::from_days(outcome.day).to_string())
        .collect();
    let known = match days.is_empty() {
        true => "the file has no results (rows whose pollster is election)".to_owned(),
        false => format!("there are {}", days.join(", ")),
    };
    Failure::Usage(format!(
        "--level-by result={date}: no result of that day; {known}"
    ))
}

/// A result in the terms of a measure.
fn share_of(outcome: &Outcome, measure: &Measure) -> Option<f64> {
    let share = |name: &String| {
        outcome
            .shares
            .iter()
            .find(|(one, _)| one == name)
            .map(|(_, share)| *share)
    };
    match measure {
        Measure::Response(name) => share(name),
        Measure::Lead(a, b) => Some(share(a)? - share(b)?),
        Measure::Share(name, among) => {
            let parts: Option<Vec<f64>> = among.iter().map(share).collect();
            Some(share(name)? / parts?.iter().sum::<f64>())
        }
        Measure::Sum(names) => {
            let parts: Option<Vec<f64>> = names.iter().map(share).collect();
            Some(parts?.iter().sum())
        }
    }
}

fn latest(args: &Args, contest: &str, trends: Vec<Trend>) -> Result<Document, Failure> {
    let mut pairs: Vec<(Trend, DayEstimate)> = trends
        .into_iter()
        .filter_map(|trend| {
            let day = args.on.unwrap_or_else(|| trend.last_poll());
            let estimate = trend.days(&[day]).into_iter().next()?;
            Some((trend, estimate))
        })
        .collect();
    let together = args.response.is_empty() && reconcile(&mut pairs);
    let mut sentences = trends::latest(&pairs);
    if together {
        sentences.push("The shares are moved to sum to 100, each by its variance.".to_owned());
    }
    let source = args.file.display().to_string();
    let rows: Vec<_> = pairs
        .iter()
        .flat_map(|(trend, day)| {
            trends::day_rows(trend, &source, contest, std::slice::from_ref(day))
        })
        .collect();
    Ok(Document {
        tables: Vec::new(),
        sentences,
        frame: trend_frame(&rows).map_err(Failure::usage)?,
    })
}

/// Shares of all answers are made to sum to 100 where they nearly do.
fn reconcile(pairs: &mut [(Trend, DayEstimate)]) -> bool {
    let sum: f64 = pairs.iter().map(|(_, day)| day.estimate).sum();
    let responses = pairs
        .iter()
        .all(|(trend, _)| matches!(trend.measure, Measure::Response(_)));
    if !responses || pairs.len() < 2 || !(0.985..=1.015).contains(&sum) {
        return false;
    }
    let shares: Vec<(f64, f64)> = pairs
        .iter()
        .map(|(_, day)| (day.estimate, day.se))
        .collect();
    for ((trend, day), (estimate, se)) in pairs.iter_mut().zip(reconciled(&shares)) {
        day.estimate = estimate;
        day.se = se;
        (day.low, day.high) = trend.band(estimate, se);
    }
    true
}

fn daily(args: &Args, contest: &str, trends: &[Trend]) -> Result<Document, Failure> {
    let source = args.file.display().to_string();
    let mut tables = Vec::new();
    let mut rows = Vec::new();
    for trend in trends {
        let first = args.from.unwrap_or_else(|| trend.span().0.ceil() as i64);
        let last = args.to.unwrap_or_else(|| trend.last_poll());
        let wanted: Vec<i64> = match args.on {
            Some(day) => vec![day],
            None => (first..=last.max(first))
                .step_by(args.every.unwrap_or(1) as usize)
                .collect(),
        };
        if wanted.len() > 40_000 {
            return Err(Failure::Usage(format!(
                "{} days: name a shorter time with --from and --to, or --every 30d",
                wanted.len()
            )));
        }
        let own = trends::day_rows(trend, &source, contest, &trend.days(&wanted));
        tables.push(trends::day_table(trend, &own));
        rows.extend(own);
    }
    Ok(Document {
        tables,
        sentences: Vec::new(),
        frame: trend_frame(&rows).map_err(Failure::usage)?,
    })
}
