use clap::Subcommand;
use polars::prelude::DataFrame;

use super::chart_request::{Input, Request};
use super::failure::Failure;
use super::summary::{assumed_somewhere, figures};
use crate::frames::{Captions, Estimates, frame_to_csv};
use crate::present::chart::{BarChart, Chart, DotChart};
use crate::present::lists;
use crate::present::published::{self, Section};
use crate::published::figures::store::Store;
use crate::published::figures::topline::Intervals;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Subcommand)]
enum Kind {
    /// Dots with their intervals, a row a figure
    #[command(before_help = "\
Examples:
  opine chart dot egf2023/consequences -o consequences.png
  opine chart dot 'ecfr2023/side_taiwan/neutral:*' -o neutral.svg --title 'Most would stay neutral'
  opine chart dot tonight.csv -o tonight.png          a CSV with columns label, percent and, if known, n
  opine summary egf2023 --csv | opine chart dot - -o egf.png --theme dark --width 360
  opine estimate poll.csv 'mean(therm_us)' --by region -o means.parquet
  opine chart dot means.parquet -o means.png          Parquet brings weights, design and source for the foot

The numbers that are drawn are written beside the chart as CSV.")]
    Dot(Request),
    /// Bars from zero with their intervals
    #[command(before_help = "\
Examples:
  opine chart bar tonight.csv -o tonight.png --title 'Most would stay neutral'
  opine chart bar egf2023/challenges -o challenges.svg")]
    Bar(Request),
    /// The answers of a question stacked to 100, a bar a country or group
    #[command(before_help = "\
Examples:
  opine chart stacked ecfr2023/side_taiwan -o sides.png
  opine chart stacked pew2023/view_cn -o views.svg --diverging
  opine chart stacked answers.csv -o answers.png      a CSV with columns label, response, percent and, if known, n
  opine chart stacked regions.csv -o regions.png      estimates: a bar a group, a section a variable")]
    Stacked {
        #[command(flatten)]
        request: Request,
        /// Negative answers to the left of a line, positive ones to its right
        #[arg(long)]
        diverging: bool,
    },
    /// Differences in points against zero, from comparisons
    #[command(before_help = "\
Examples:
  opine compare 'egf2023/consequences/polarise:*' --csv | opine chart difference - -o polarise.png")]
    Difference(Request),
    /// The same question over time, small panels, one a country or group
    #[command(before_help = "\
Examples:
  opine chart trend '*/view_cn/favourable' -o china.png
  opine chart trend '*/*/favourable:US' -o us.svg --title 'Americans on China'
  opine chart trend waves.csv -o waves.png            a CSV with columns label, date, percent and, if known, n
  opine chart trend years.csv --x year -o years.png   estimates: a panel a group, a line a level

Of estimates, the grouping column with the times is one that is named year, wave, date, month or period, or
the only one of years or dates, or that of --x. `opine estimate … --by country,year --csv | opine chart
trend - -o FILE` draws what respondents said.")]
    Trend {
        #[command(flatten)]
        request: Request,
        /// The grouping column with the times, across the chart
        #[arg(long, value_name = "COLUMN")]
        x: Option<String>,
    },
}

pub fn run(args: Args) -> Result<(), Failure> {
    match args.kind {
        Kind::Dot(request) => draw_dots(&request, |dots| dots),
        Kind::Bar(request) => draw_dots(&request, bars),
        Kind::Stacked { request, diverging } => draw_stacked(&request, diverging),
        Kind::Difference(request) => draw_differences(&request),
        Kind::Trend { request, x } => draw_trend(&request, x.as_deref()),
    }
}

fn bars(dots: DotChart) -> BarChart {
    BarChart {
        title: dots.title,
        subtitle: dots.subtitle,
        groups: dots.groups,
        footer: dots.footer,
        level: dots.level,
        scale: dots.scale,
    }
}

/// A dot chart of the input, in the look that is asked for.
fn draw_dots<C: Chart>(request: &Request, look: impl Fn(DotChart) -> C) -> Result<(), Failure> {
    request.is_png()?;
    let (dots, numbers) = match request.read()? {
        Input::Text(text) => of_text(request, &text)?,
        Input::Frame(frame, told) => of_estimates(request, framed(request, frame)?, told)?,
        Input::Selector => {
            let store = request.data.open_sound()?;
            let sections = selected(request, &store)?;
            let captions = request.captions(published::subject(&store, &sections), "Per cent.");
            let dots = published::dot_chart(&store, &sections, captions, request.intervals());
            (
                dots,
                published::estimates(&sections).map_err(Failure::usage)?,
            )
        }
    };
    let drawing = look(dots).draw(&request.style()?).map_err(Failure::usage)?;
    request.write(&drawing, Some(numbers.frame()))
}

fn selected<'s>(request: &Request, store: &'s Store) -> Result<Vec<Section<'s>>, Failure> {
    let (figures, source_named) = figures(store, std::slice::from_ref(&request.input))?;
    let sections = published::by_poll(store, &figures, source_named, request.intervals())
        .map_err(Failure::usage)?;
    if request.assume_n.is_some() {
        assumed_somewhere(store, &sections, request.intervals())?;
    }
    Ok(sections)
}

/// A list of labels and percentages gets its intervals here; estimates bring theirs.
fn of_text(request: &Request, text: &str) -> Result<(DotChart, Estimates), Failure> {
    let wrong = |error: lists::Error| Failure::Usage(format!("{}: {error}", request.input));
    if !lists::is_plain_list(text) {
        let estimates = lists::read_estimates(text).map_err(wrong)?;
        return of_estimates(request, estimates, Captions::default());
    }
    let intervals = request.intervals();
    let estimates = lists::plain_list(text, intervals).map_err(wrong)?;
    let captions = request.captions(lists::subject_of_estimates(&estimates), "Per cent.");
    let dots = lists::chart_of_estimates(&estimates, captions, intervals).map_err(wrong)?;
    Ok((dots, estimates))
}

fn of_estimates(
    request: &Request,
    estimates: Estimates,
    told: Captions,
) -> Result<(DotChart, Estimates), Failure> {
    request.intervals_are_given("estimates")?;
    let subject = lists::subject_of_estimates(&estimates);
    let captions = request.captions_told(told, request.captions(subject, &measure(&estimates)));
    let intervals = request.intervals_of(&estimates)?;
    let dots = lists::chart_of_estimates(&estimates, captions, intervals)
        .map_err(|error| Failure::Usage(format!("{}: {error}", request.input)))?;
    Ok((dots, estimates))
}

/// What estimates are, for the line under the title.
fn measure(estimates: &Estimates) -> String {
    match lists::subject_of_estimates(estimates) {
        Some(_) => lists::measure_of(&estimates.rows().unwrap_or_default()),
        None => "Per cent.".to_owned(),
    }
}

/// The estimates in a Parquet file.
fn framed(request: &Request, frame: DataFrame) -> Result<Estimates, Failure> {
    let wrong = |what: String| Failure::Usage(format!("{}: {what}", request.input));
    match Estimates::from_frame(frame) {
        Err(error) => Err(wrong(error.to_string())),
        Ok(estimates) if estimates.is_empty() => Err(wrong(lists::Error::Empty.to_string())),
        Ok(estimates) => Ok(estimates),
    }
}

/// What was given for the kinds that need more than labels, and what came with it.
fn read_given(
    request: &Request,
    list: fn(&str, Intervals) -> Result<Estimates, lists::Error>,
) -> Result<Option<(Estimates, Captions)>, Failure> {
    match request.read()? {
        Input::Selector => Ok(None),
        Input::Text(text) => Ok(Some((given(request, &text, list)?, Captions::default()))),
        Input::Frame(frame, told) => {
            request.intervals_are_given("estimates")?;
            Ok(Some((framed(request, frame)?, told)))
        }
    }
}

/// A list, or estimates, for the kinds that need more than labels.
fn given(
    request: &Request,
    text: &str,
    list: fn(&str, Intervals) -> Result<Estimates, lists::Error>,
) -> Result<Estimates, Failure> {
    let wrong = |error: lists::Error| Failure::Usage(format!("{}: {error}", request.input));
    if lists::is_list(text) {
        return list(text, request.intervals()).map_err(wrong);
    }
    request.intervals_are_given("estimates")?;
    lists::read_estimates(text).map_err(wrong)
}

fn draw_stacked(request: &Request, diverging: bool) -> Result<(), Failure> {
    request.is_png()?;
    let (chart, numbers) = match read_given(request, lists::list_of_answers)? {
        Some((estimates, told)) => {
            let captions =
                request.captions_told(told, request.captions_of(&estimates, "Per cent."));
            let intervals = request.intervals_of(&estimates)?;
            let chart = lists::stacked_of_estimates(&estimates, captions, diverging, intervals);
            let wrong = |error| Failure::Usage(format!("{}: {error}", request.input));
            (chart.map_err(wrong)?, estimates)
        }
        None => {
            let store = request.data.open_sound()?;
            let sections = selected(request, &store)?;
            let captions = request.captions(published::subject(&store, &sections), "Per cent.");
            let chart = published::stacked_chart(
                &store,
                &sections,
                captions,
                diverging,
                request.intervals(),
            );
            let numbers = published::estimates(&sections).map_err(Failure::usage)?;
            (chart.map_err(Failure::usage)?, numbers)
        }
    };
    let drawing = chart.draw(&request.style()?).map_err(Failure::usage)?;
    request.write(&drawing, Some(numbers.frame()))
}

/// What a trend of published figures measures.
const PER_CENT_OVER_TIME: &str = "Per cent. Bands are intervals.";

fn draw_trend(request: &Request, x: Option<&str>) -> Result<(), Failure> {
    request.is_png()?;
    let (chart, numbers) = match read_given(request, lists::list_of_waves)? {
        Some((estimates, told)) => {
            let measure = format!("{} Bands are intervals.", measure(&estimates));
            let captions = request.captions_told(told, request.captions_of(&estimates, &measure));
            let intervals = request.intervals_of(&estimates)?;
            let chart = lists::trend_of_estimates(&estimates, captions, x, intervals);
            let wrong = |error| Failure::Usage(format!("{}: {error}", request.input));
            (chart.map_err(wrong)?, estimates)
        }
        None if x.is_some() => {
            return Err(Failure::Usage(
                "--x has no effect here: figures of the store have the field dates of their polls"
                    .to_owned(),
            ));
        }
        None => {
            let store = request.data.open_sound()?;
            let sections = selected(request, &store)?;
            let captions =
                request.captions(published::subject(&store, &sections), PER_CENT_OVER_TIME);
            let chart = published::trend_chart(&store, &sections, captions, request.intervals());
            let numbers = published::estimates(&sections).map_err(Failure::usage)?;
            (chart.map_err(Failure::usage)?, numbers)
        }
    };
    let drawing = chart.draw(&request.style()?).map_err(Failure::usage)?;
    request.write(&drawing, Some(numbers.frame()))
}

fn draw_differences(request: &Request) -> Result<(), Failure> {
    request.is_png()?;
    let (text, told) = match request.read()? {
        Input::Text(text) => (text, Captions::default()),
        Input::Frame(frame, told) => (frame_to_csv(&frame).map_err(Failure::usage)?, told),
        Input::Selector => {
            return Err(Failure::Usage(
                "chart difference draws comparisons: opine compare … --csv | opine chart difference - -o FILE".to_owned(),
            ));
        }
    };
    request.intervals_are_given("comparisons")?;
    // What is measured, points or another unit, is seen from the rows.
    let unmeasured = Captions {
        subtitle: None,
        ..request.captions(published::subject_of_comparisons(&text), "")
    };
    let captions = request.captions_told(told, unmeasured);
    let store = request.data.open_sound()?;
    let chart = published::difference_chart(&text, &store, captions, request.intervals().level);
    let drawing = chart
        .map_err(|error| Failure::Usage(format!("{}: {error}", request.input)))?
        .draw(&request.style()?)
        .map_err(Failure::usage)?;
    request.write(&drawing, None)
}
