//! `opine chart polls`: a tracker as a picture.

use std::path::PathBuf;

use clap::ValueEnum;

use super::args::LookArgs;
use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::cli::trend::args::ModelArgs;
use crate::cli::trend::fits::reconcile;
use crate::frames::{Frame, house_frame, trend_frame};
use crate::present::chart::PollsChart;
use crate::present::published::Captions;
use crate::present::trends::{self, DotStyle, PollsPicture};
use crate::published::trend::{DayEstimate, Measure, Polls, Trend, TrendError, select};

/// More days than this are a finer line than a screen has pixels.
const MOST_DAYS: i64 = 350;

#[derive(clap::Args)]
pub struct PollsArgs {
    #[command(flatten)]
    model: ModelArgs,
    /// Dots in the colour of their answer, or a colour a house: the six with most polls
    #[arg(long, value_enum, default_value = "dots")]
    style: StyleName,
    /// What each house prints beyond the level, in place of the polls
    #[arg(long)]
    effects: bool,
    /// The file of the house style, --style of the other charts [default: opine.toml where there is one]
    #[arg(long, value_name = "FILE")]
    house_style: Option<PathBuf>,
    #[command(flatten)]
    look: LookArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StyleName {
    Dots,
    Houses,
}

pub fn run(args: &PollsArgs, session: &Session) -> Result<(), Failure> {
    refuse_no_effect(args)?;
    args.look.check()?;
    match (args.effects, args.style) {
        (true, _) => args
            .look
            .refuse_colours("grey is an effect that may be none")?,
        (false, StyleName::Houses) => args
            .look
            .refuse_colours("--style houses colours the houses")?,
        (false, StyleName::Dots) => {}
    }
    if !args.effects {
        args.look
            .refuse_sort("answers stand where their lines end")?;
    }
    let polls = args.model.read(session)?;
    let contest = args.model.choose_contest(&polls)?;
    if args.effects {
        let trends = args.model.fit(&polls, contest, session)?;
        return draw_effects(args, contest, &trends, session);
    }
    let words = ChartWords {
        style: match args.style {
            StyleName::Dots => DotStyle::Answers,
            StyleName::Houses => DotStyle::Houses,
        },
        title: args.look.title.as_deref(),
        subtitle: args.look.subtitle.as_deref(),
    };
    let tracker = tracker(&args.model, &polls, contest, &words, session)?;
    let source = args.model.source();
    let numbers = tracker.numbers(&source, contest)?;
    args.look.write(
        &tracker.chart,
        args.house_style.as_deref(),
        Some(&numbers),
        session,
    )
}

/// What is said on a chart of polls, in place of what the numbers make.
pub struct ChartWords<'a> {
    pub style: DotStyle,
    pub title: Option<&'a str>,
    pub subtitle: Option<&'a str>,
}

/// A chart of polls, and the trends that are drawn in it.
pub struct Tracker<'p> {
    pub chart: PollsChart,
    pub trends: Vec<Trend<'p>>,
    /// The days of each trend.
    pub days: Vec<Vec<DayEstimate>>,
}

impl Tracker<'_> {
    /// The days that are drawn, as rows.
    pub fn numbers(&self, source: &str, contest: &str) -> Result<Frame, Failure> {
        let each = self.trends.iter().zip(&self.days);
        let rows: Vec<_> = each
            .flat_map(|(trend, days)| trends::day_rows(trend, source, contest, days))
            .collect();
        trend_frame(&rows).map_err(Failure::usage)
    }
}

/// Fits and lays out. Polls that are too few for a line stay dots, and it is said.
pub fn tracker<'p>(
    model: &ModelArgs,
    polls: &'p Polls,
    contest: &str,
    words: &ChartWords,
    session: &Session,
) -> Result<Tracker<'p>, Failure> {
    let mut trends = Vec::new();
    let mut few = Vec::new();
    for (measure, selection) in model.selections(polls, contest, session)? {
        let options = model.options(polls, contest, &measure)?;
        match Trend::fit(measure.clone(), selection.clone(), options) {
            Ok(trend) => trends.push(trend),
            Err(error @ TrendError::TooFew { .. }) => {
                session.note(&error.to_string());
                few.push((measure, selection));
            }
            Err(error) => return Err(Failure::usage(error)),
        }
    }
    let few_measures = few.iter().map(|(measure, _)| measure);
    refuse_mixed(
        trends
            .iter()
            .map(|trend| &trend.measure)
            .chain(few_measures),
    )?;
    let all = match model.follows_all() {
        true => polls.responses(contest).len(),
        false => usize::MAX,
    };
    let days = drawn_days(model, &trends);
    let mut each: Vec<Vec<DayEstimate>> = trends.iter().map(|trend| trend.levels(&days)).collect();
    let mut together = false;
    for k in 0..days.len() {
        let own = each.iter_mut().filter_map(|days| days.get_mut(k));
        let mut pairs: Vec<(&Trend, &mut DayEstimate)> = trends.iter().zip(own).collect();
        together = reconcile(&mut pairs, all);
    }
    let lead = match words.title {
        Some(_) => None,
        None => lead_of_two(model, polls, contest, &trends, days.last().copied())?,
    };
    let outcomes = polls.outcomes.iter().filter(|one| one.contest == contest);
    let chart = trends::polls_chart(&PollsPicture {
        contest,
        trends: &trends,
        few: &few,
        days: &each,
        outcomes: outcomes.collect(),
        together,
        lead,
        style: words.style,
        title: words.title,
        subtitle: words.subtitle,
    });
    Ok(Tracker {
        chart,
        trends,
        days: each,
    })
}

fn refuse_no_effect(args: &PollsArgs) -> Result<(), Failure> {
    let refused = [
        (
            args.effects && args.style != StyleName::Dots,
            "--style",
            "--effects draws no polls",
        ),
        (
            args.effects && args.model.on.is_some(),
            "--on",
            "effects of houses are of no day",
        ),
        (
            args.effects && args.model.historical_error.is_some(),
            "--historical-error",
            "effects of houses hold no error that all share",
        ),
    ];
    match refused.iter().find(|(is_set, ..)| *is_set) {
        Some((_, option, why)) => Err(Failure::no_effect(option, why)),
        None => Ok(()),
    }
}

/// Leads are in points and have zero in the middle: they share no axis with shares.
fn refuse_mixed<'m>(measures: impl Iterator<Item = &'m Measure>) -> Result<(), Failure> {
    let mut leads: Vec<bool> = measures
        .map(|measure| matches!(measure, Measure::Lead(..)))
        .collect();
    leads.dedup();
    match leads.len() > 1 {
        true => Err(Failure::Usage(
            "a lead is in points and shares are in per cent: draw two charts".to_owned(),
        )),
        false => Ok(()),
    }
}

/// From the first poll to the last, or to `--on`; of a long time as many days as the line needs.
fn drawn_days(model: &ModelArgs, trends: &[Trend]) -> Vec<i64> {
    let firsts = trends.iter().map(|trend| trend.span().0.ceil() as i64);
    let lasts = trends.iter().map(Trend::last_poll);
    let (Some(first), Some(last)) = (firsts.min(), lasts.max()) else {
        return Vec::new();
    };
    let last = model.on.unwrap_or(last);
    let step = (last - first) / MOST_DAYS + 1;
    let mut days: Vec<i64> = (first..last).step_by(step.max(1) as usize).collect();
    // the last poll too, so that the line is broken where it ends
    days.extend(
        trends
            .iter()
            .map(Trend::last_poll)
            .filter(|day| *day < last),
    );
    days.push(last);
    days.sort_unstable();
    days.dedup();
    days
}

/// The lead of the first of two answers over the second, for the title.
fn lead_of_two(
    model: &ModelArgs,
    polls: &Polls,
    contest: &str,
    trends: &[Trend],
    day: Option<i64>,
) -> Result<Option<(Measure, DayEstimate)>, Failure> {
    let ([first, second], Some(day)) = (trends, day) else {
        return Ok(None);
    };
    let (Measure::Response(a), Measure::Response(b)) = (&first.measure, &second.measure) else {
        return Ok(None);
    };
    let measure = Measure::Lead(a.clone(), b.clone());
    let selection = select(polls, contest, &measure, &model.selection());
    let options = model.options(polls, contest, &measure)?;
    let fitted = Trend::fit(measure.clone(), selection, options).ok();
    let estimate = fitted.and_then(|trend| trend.levels(&[day]).into_iter().next());
    Ok(estimate.map(|estimate| (measure, estimate)))
}

fn draw_effects(
    args: &PollsArgs,
    contest: &str,
    trends: &[Trend],
    session: &Session,
) -> Result<(), Failure> {
    let [trend] = trends else {
        return Err(Failure::Usage(
            "--effects draws the houses of one answer: name it with --response, --lead, --share or --sum"
                .to_owned(),
        ));
    };
    let captions = Captions {
        title: args.look.title.clone().unwrap_or_default(),
        subtitle: args.look.subtitle.clone(),
        foot: Vec::new(),
    };
    let rows = trends::house_rows(trend);
    let chart = trends::effects_chart(trend, contest, &rows, captions);
    let numbers = house_frame(&rows).map_err(Failure::usage)?;
    args.look
        .write(&chart, args.house_style.as_deref(), Some(&numbers), session)
}
