//! `opine chart`: figures, estimates and lists as pictures.

mod args;
mod change;
pub mod polls;
pub mod pool;

use args::{ChartArgs, Input, NO_LIST, names_in};
use clap::Subcommand;

use super::failure::Failure;
use super::streams::Session;
use super::summary::{assumed_somewhere, figures};
use super::tables::TableFile;
use super::values;
use crate::frames::{Captions, Column, Estimate, Estimates, Frame, Statistic, read_json};
use crate::present::chart::{BarChart, BarPanelChart, DotChart, Scale, TrendChart};
use crate::present::lists::{self, List};
use crate::present::published::{self, ComparisonRows, DifferenceError, Section};
use crate::present::survey::{self, MarginPicture};
use crate::published::figures::percent::Percent;
use crate::published::figures::store::Store;
use crate::published::figures::topline::Intervals;
use crate::tabular;

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
    Dot(ChartArgs),
    /// Bars from zero with their intervals
    #[command(before_help = "\
Examples:
  opine chart bar tonight.csv -o tonight.png --title 'Most would stay neutral'
  opine chart bar egf2023/challenges -o challenges.svg")]
    Bar(ChartArgs),
    /// The answers of a question stacked to 100, a bar a country or group
    #[command(before_help = "\
Examples:
  opine chart stacked ecfr2023/side_taiwan -o sides.png
  opine chart stacked pew2023/view_cn -o views.svg --diverging
  opine chart stacked answers.csv -o answers.png      a list: answers down and countries across, or a row a share
  opine chart stacked regions.csv -o regions.png      estimates: a bar a group, a section a variable
  opine crosstab poll.csv --rows q1 --columns party,age --json | opine chart stacked - -o q1.png")]
    Stacked {
        #[command(flatten)]
        args: ChartArgs,
        /// Negative answers to the left of a line, positive ones to its right
        #[arg(long)]
        diverging: bool,
    },
    /// One row of a banner table over all of its columns, the total as a line
    #[command(before_help = "\
Examples:
  opine crosstab poll.csv --rows q1 --columns party,age --against total --json > rows.json
  opine chart banner rows.json --row 'Very worried' -o worried.png
  opine chart banner rows.json --row 'q1/Very worried' -o narrow.png --theme dark --width 360

Columns that differ from the total are blue where the table was made with --against total.")]
    Banner {
        #[command(flatten)]
        args: ChartArgs,
        /// Which row: 'Very worried', or 'q1/Very worried' where several questions have it
        #[arg(long, value_name = "ROW")]
        row: Option<String>,
    },
    /// Two moments of the same answers: both shares, and the change with its interval
    #[command(before_help = "\
Examples:
  opine chart change waves.csv -o change.png          the last two dates of a list
  opine chart change waves.csv --from 2021-05 --to 2022-06 -o change.png
  opine chart change leads.csv --lead Labour-Tories -o leads.png
  opine chart change 'pew2022/view_cn/favourable:*' 'pew2023/view_cn/favourable:*' -o views.png")]
    Change(Box<change::ChangeArgs>),
    /// Differences in points against zero, from comparisons
    #[command(before_help = "\
Examples:
  opine compare 'egf2023/consequences/polarise:*' --csv | opine chart difference - -o polarise.png")]
    Difference(ChartArgs),
    /// Coefficients of a model: ratios or numbers with intervals, a block a variable
    #[command(before_help = "\
Examples:
  opine fit poll.csv \"q1 == 'Agree' ~ party + sex\" --weights weight --csv | opine chart coefficients - -o model.png
  opine fit poll.csv 'therm_us ~ party + sex' --weights weight -o model.parquet
  opine chart coefficients model.parquet -o model.png     Parquet brings weights, design and source for the foot")]
    Coefficients(ChartArgs),
    /// The same question over time, small panels, one a country or group
    #[command(before_help = "\
Examples:
  opine chart trend '*/view_cn/favourable' -o china.png
  opine chart trend '*/*/favourable:US' -o us.svg --title 'Americans on China'
  opine chart trend waves.csv -o waves.png            a list with dates: label, date, percent, n
  opine chart trend years.csv --x year -o years.png   estimates: a panel a group, a line a level

Of estimates, the column with the times is one named year, wave, date, month or period, or the only one
of years or dates, or that of --x: opine estimate … --by country,year --csv | opine chart trend - -o FILE")]
    Trend {
        #[command(flatten)]
        args: ChartArgs,
        /// The grouping column with the times, across the chart
        #[arg(long, value_name = "COLUMN")]
        x: Option<String>,
        /// Where the axis of per cents ends [default: 100, or above the lines where a list makes one panel]
        #[arg(long, value_name = "PERCENT", value_parser = values::percent, hide_short_help = true)]
        ymax: Option<Percent>,
    },
    /// Polls as dots, their averages as lines with bands, results as diamonds
    #[command(before_help = "\
Examples:
  opine chart polls polls.csv -o trend.png
  opine chart polls polls.csv --response Biden,Trump -o trend.svg --source FiveThirtyEight
  opine chart polls polls.csv --response Biden --style houses -o houses.png --theme dark
  opine chart polls polls.csv --response Biden --effects -o effects.png")]
    Polls(Box<polls::PollsArgs>),
    /// Polls of one thing and their average: squares by weight, a diamond, another such poll
    Pool(Box<pool::PoolArgs>),
    /// What a model predicts: averages by level, or lines over a number
    #[command(before_help = "\
Examples:
  opine fit poll.csv \"q1 == 'Agree' ~ party\" --margins all --json | opine chart margins - -o m.png
  opine fit poll.csv \"q1 == 'Agree' ~ party * age\" --margins party --at 'age=18,45,90' -o m.parquet
  opine chart margins m.parquet -o m.png          lines over age, one a party")]
    Margins(ChartArgs),
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    match args.kind {
        Kind::Dot(args) => draw_dots(&args, false, session),
        Kind::Bar(args) => draw_dots(&args, true, session),
        Kind::Banner { args, row } => {
            args.look
                .refuse_colours("blue is what differs from the total")?;
            draw_banner(&args, row.as_deref(), session)
        }
        Kind::Stacked { args, diverging } => draw_stacked(&args, diverging, session),
        Kind::Difference(args) => {
            args.look
                .refuse_colours("grey is a difference that sampling alone can make")?;
            draw_differences(&args, session)
        }
        Kind::Coefficients(args) => {
            args.look
                .refuse_colours("grey is a coefficient whose interval holds no effect")?;
            draw_coefficients(&args, session)
        }
        Kind::Trend { args, x, ymax } => draw_trend(&args, x.as_deref(), ymax.as_ref(), session),
        Kind::Polls(args) => polls::run(&args, session),
        Kind::Pool(args) => pool::run(&args, session),
        Kind::Margins(args) => draw_margins(&args, session),
        Kind::Change(args) => change::run(&args, session),
    }
}

/// Dots, bars, or panels of bars where a list has the same answers in several groups.
fn draw_dots(args: &ChartArgs, are_bars: bool, session: &Session) -> Result<(), Failure> {
    args.look.check()?;
    let (dots, numbers, is_list) = match args.read(session)? {
        Input::File(file) => dots_of_file(args, &file, session)?,
        Input::Frame(frame, captions) => {
            let (dots, numbers) =
                dots_of_estimates(args, estimates_in(args, frame)?, captions, session)?;
            (dots, numbers, false)
        }
        Input::Selector => {
            args.look.refuse_given()?;
            let store = args.open_store(session)?;
            let sections = selected(args, &store)?;
            let captions = args.captions(published::subject(&store, &sections), "Per cent.");
            let dots = published::dot_chart(&store, &sections, captions, args.intervals());
            let numbers = published::estimates(&sections).map_err(Failure::usage)?;
            (dots, numbers, false)
        }
    };
    let numbers = Some(numbers.frame());
    let panels = BarPanelChart::from_groups(&dots).filter(|_| are_bars && is_list);
    match (panels, are_bars) {
        (Some(panels), _) => args.write(&panels, numbers, session),
        (None, true) => args.write(&BarChart::from(dots), numbers, session),
        (None, false) => args.write(&dots, numbers, session),
    }
}

fn selected<'s>(args: &ChartArgs, store: &'s Store) -> Result<Vec<Section<'s>>, Failure> {
    let (figures, source_named) = figures(store, std::slice::from_ref(&args.input))?;
    let sections = published::by_poll(store, &figures, source_named, args.intervals())
        .map_err(Failure::usage)?;
    if args.assume_n.is_some() {
        assumed_somewhere(store, &sections, args.intervals())?;
    }
    Ok(sections)
}

/// A list of labels and percentages gets its intervals here; estimates bring theirs. Whether it is a list.
fn dots_of_file(
    args: &ChartArgs,
    file: &TableFile,
    session: &Session,
) -> Result<(DotChart, Estimates, bool), Failure> {
    let mut list = match read_table(args, file, session)? {
        lists::Input::Estimates(estimates, _) => {
            let (dots, estimates) =
                dots_of_estimates(args, estimates, Captions::default(), session)?;
            return Ok((dots, estimates, false));
        }
        lists::Input::List(list) => list,
    };
    args.leave_out(&mut list, session);
    let intervals = args.intervals();
    let wrong = |error| failure(args, error);
    let estimates = list.plain(intervals).map_err(wrong)?;
    let captions = args.captions(question_of(args, &mut list), "Per cent.");
    note(list.note(), session);
    args.note_assumed(&estimates, session);
    let dots = lists::chart_of_estimates(&estimates, captions, intervals).map_err(wrong)?;
    Ok((dots, estimates, true))
}

/// Estimates or a list; what was assumed to read estimates is said.
fn read_table(
    args: &ChartArgs,
    file: &TableFile,
    session: &Session,
) -> Result<lists::Input, Failure> {
    let input = lists::read(&file.name, &file.bytes, &file.options);
    let input = input.map_err(|error| failure(args, error))?;
    if let lists::Input::Estimates(_, assumed) = &input {
        args.columns.refuse(NO_LIST)?;
        note(assumed.clone(), session);
    }
    Ok(input)
}

/// The question that a list brings, where something is not yet said in its place.
fn question_of(args: &ChartArgs, list: &mut List) -> Option<String> {
    match (&args.look.title, &args.look.subtitle) {
        (Some(_), Some(_)) => None,
        _ => list.take_question(),
    }
}

fn note(assumed: Option<String>, session: &Session) {
    if let Some(assumed) = assumed {
        session.note(&assumed);
    }
}

/// An error of a table names its file; the others are about the input.
fn failure(args: &ChartArgs, error: lists::Error) -> Failure {
    match error {
        lists::Error::Table(error) => error.into(),
        other => Failure::Usage(format!("{}: {other}", args.input)),
    }
}

fn dots_of_estimates(
    args: &ChartArgs,
    estimates: Estimates,
    in_file: Captions,
    session: &Session,
) -> Result<(DotChart, Estimates), Failure> {
    args.refuse_interval_options("estimates")?;
    let names = names_in(&estimates);
    let captions = args.captions(None, &measure(&estimates));
    let captions = args.captions_with(in_file, &names, captions);
    let intervals = args.intervals_of(&estimates, session)?;
    let dots = lists::chart_of_estimates(&estimates, captions, intervals)
        .map_err(|error| Failure::Usage(format!("{}: {error}", args.input)))?;
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
fn estimates_in(args: &ChartArgs, frame: Frame) -> Result<Estimates, Failure> {
    let wrong = |what: String| Failure::Usage(format!("{}: {what}", args.input));
    match Estimates::from_frame(frame) {
        Err(error) => Err(wrong(error.to_string())),
        Ok(estimates) if estimates.is_empty() => Err(wrong(lists::Error::Empty.to_string())),
        Ok(estimates) => Ok(estimates),
    }
}

/// How a list is read for a kind of chart.
type ListReader = fn(&mut List, Intervals) -> Result<Estimates, lists::Error>;

/// The estimates in the input, with what its file says around them; `None` for figures of the store.
fn read_estimates(
    args: &ChartArgs,
    list: ListReader,
    session: &Session,
) -> Result<Option<(Estimates, Captions)>, Failure> {
    match args.read(session)? {
        Input::Selector => Ok(None),
        Input::File(file) => estimates_of_file(args, &file, list, session).map(Some),
        Input::Frame(frame, captions) => {
            args.refuse_interval_options("estimates")?;
            Ok(Some((estimates_in(args, frame)?, captions)))
        }
    }
}

/// A list, or estimates, for the kinds that need more than labels; with the question that a list brings.
fn estimates_of_file(
    args: &ChartArgs,
    file: &TableFile,
    read: ListReader,
    session: &Session,
) -> Result<(Estimates, Captions), Failure> {
    match read_table(args, file, session)? {
        lists::Input::List(mut list) => {
            args.leave_out(&mut list, session);
            let estimates =
                read(&mut list, args.intervals()).map_err(|error| failure(args, error))?;
            let captions = Captions {
                title: question_of(args, &mut list).unwrap_or_default(),
                ..Captions::default()
            };
            note(list.note(), session);
            args.note_assumed(&estimates, session);
            Ok((estimates, captions))
        }
        lists::Input::Estimates(estimates, _) => {
            args.refuse_interval_options("estimates")?;
            Ok((estimates, Captions::default()))
        }
    }
}

fn draw_stacked(args: &ChartArgs, diverging: bool, session: &Session) -> Result<(), Failure> {
    args.look.check()?;
    let (chart, numbers) = match read_estimates(args, List::of_answers, session)? {
        Some((estimates, in_file)) => {
            let (rows, nets) = lists::without_nets(&estimates.rows().map_err(Failure::usage)?);
            if !nets.is_empty() {
                let nets = nets.join(", ");
                session.note(&format!(
                    "nets are left out, as their parts are drawn: {nets}"
                ));
            }
            let drawn = Estimates::from_rows(&rows).map_err(Failure::usage)?;
            let is_share = |row: &&Estimate| row.statistic == Statistic::Proportion;
            let shares: Vec<Estimate> = rows.iter().filter(is_share).cloned().collect();
            let measure = lists::measure_of_crosstab(&estimates, &shares);
            let captions = args.captions(None, &measure);
            let captions = args.captions_with(in_file, &names_in(&drawn), captions);
            let intervals = args.intervals_of(&drawn, session)?;
            let chart = lists::stacked_of_estimates(&estimates, captions, diverging, intervals);
            let wrong = |error| Failure::Usage(format!("{}: {error}", args.input));
            (chart.map_err(wrong)?, drawn)
        }
        None => {
            args.look.refuse_given()?;
            let store = args.open_store(session)?;
            let sections = selected(args, &store)?;
            let captions = args.captions(published::subject(&store, &sections), "Per cent.");
            let chart =
                published::stacked_chart(&store, &sections, captions, diverging, args.intervals());
            let numbers = published::estimates(&sections).map_err(Failure::usage)?;
            (chart.map_err(Failure::usage)?, numbers)
        }
    };
    args.write(&chart, Some(numbers.frame()), session)
}

fn draw_banner(args: &ChartArgs, row: Option<&str>, session: &Session) -> Result<(), Failure> {
    args.look.check()?;
    let Some((estimates, in_file)) = read_estimates(args, List::of_answers, session)? else {
        return Err(Failure::Usage(lists::Error::NoBanner.to_string()));
    };
    let intervals = args.intervals_of(&estimates, session)?;
    let wrong = |error: lists::Error| Failure::Usage(format!("{}: {error}", args.input));
    let banner = lists::banner_of_crosstab(&estimates, row, in_file, intervals);
    let (mut chart, drawn) = banner.map_err(wrong)?;
    // what is drawn heads it, not what else the file holds
    let captions = args.captions(None, &lists::measure_of_crosstab(&estimates, &drawn));
    (chart.title, chart.subtitle) = (captions.title, captions.subtitle);
    let numbers = Estimates::from_rows(&drawn).map_err(Failure::usage)?;
    args.write(&chart, Some(numbers.frame()), session)
}

/// What a trend of published figures measures.
const PER_CENT_OVER_TIME: &str = "Per cent. Bands are intervals.";

fn draw_trend(
    args: &ChartArgs,
    x: Option<&str>,
    ymax: Option<&Percent>,
    session: &Session,
) -> Result<(), Failure> {
    args.look.check()?;
    let (mut chart, numbers) = match read_estimates(args, List::of_waves, session)? {
        Some((estimates, in_file)) => {
            let measure = format!("{} Bands are intervals.", measure(&estimates));
            let captions = args.captions(None, &measure);
            let captions = args.captions_with(in_file, &names_in(&estimates), captions);
            let intervals = args.intervals_of(&estimates, session)?;
            let chart = lists::trend_of_estimates(&estimates, captions, x, intervals);
            let wrong = |error| Failure::Usage(format!("{}: {error}", args.input));
            (chart.map_err(wrong)?, estimates)
        }
        None if x.is_some() => {
            return Err(Failure::Usage(
                "--x has no effect here: figures of the store have the field dates of their polls"
                    .to_owned(),
            ));
        }
        None => {
            args.look.refuse_given()?;
            let store = args.open_store(session)?;
            let sections = selected(args, &store)?;
            let captions = args.captions(published::subject(&store, &sections), PER_CENT_OVER_TIME);
            let chart = published::trend_chart(&store, &sections, captions, args.intervals());
            let numbers = published::estimates(&sections).map_err(Failure::usage)?;
            (chart.map_err(Failure::usage)?, numbers)
        }
    };
    if args.look.subtitle.is_none() && !chart.has_bands() {
        let without = |text: String| text.replace(" Bands are intervals.", "");
        chart.subtitle = chart.subtitle.take().map(without);
    }
    if let Some(ymax) = ymax {
        end_axis(&mut chart, ymax)?;
    }
    args.write(&chart, Some(numbers.frame()), session)
}

/// Ends the axis of a trend where it was asked to end.
fn end_axis(chart: &mut TrendChart, ymax: &Percent) -> Result<(), Failure> {
    if chart.scale != Scale::Percent {
        return Err(Failure::no_effect(
            "--ymax",
            "it is of per cents, and these are numbers with an axis of their own",
        ));
    }
    let highest = chart.highest();
    if ymax.value < highest || ymax.value < 1.0 {
        return Err(Failure::Usage(format!(
            "--ymax {}: the lines reach {highest:.1}%, and none is cut",
            ymax.text
        )));
    }
    // what a list has had said of its own end is said again of this one
    for paragraph in &mut chart.footer {
        if let Some(at) = paragraph.find("The axis ends at ") {
            paragraph.truncate(at);
            *paragraph = paragraph.trim_end().to_owned();
        }
    }
    chart.end_axis_at(ymax.value);
    Ok(())
}

/// Rows of `opine fit`, of whichever of its exact formats.
fn rows_of_model(
    args: &ChartArgs,
    what: &str,
    session: &Session,
) -> Result<(Frame, Captions), Failure> {
    args.refuse_interval_options(what)?;
    let refused = format!("{what} are read as opine fit writes them");
    Ok(match args.read(session)? {
        Input::Frame(frame, captions) => (frame, captions),
        Input::File(file) if file.is_json() => {
            args.table.refuse(&refused)?;
            let text = String::from_utf8_lossy(&file.bytes);
            let rows = read_json(&text)
                .map_err(|error| Failure::Usage(format!("{}: {error}", args.input)))?;
            (rows.into_frame(), Captions::default())
        }
        Input::File(file) => {
            args.table.refuse(&refused)?;
            args.columns.refuse(NO_LIST)?;
            (csv_frame(&file)?, Captions::default())
        }
        Input::Selector => {
            return Err(Failure::Usage(format!(
                "{what} are of models: opine fit … --csv | opine chart {what} - -o FILE"
            )));
        }
    })
}

fn draw_coefficients(args: &ChartArgs, session: &Session) -> Result<(), Failure> {
    args.look.check()?;
    let (frame, in_file) = rows_of_model(args, "coefficients", session)?;
    let (response, measure) = survey::coefficient_subject(&frame);
    let names: Vec<String> = response.into_iter().collect();
    let captions = args.captions(None, &measure);
    let captions = args.captions_with(in_file, &names, captions);
    let chart = survey::coefficient_chart(&frame, captions, args.intervals().level);
    let chart = chart.map_err(|error| Failure::Usage(format!("{}: {error}", args.input)))?;
    args.write(&chart, Some(&frame), session)
}

/// Averages by level, or lines over a number.
fn draw_margins(args: &ChartArgs, session: &Session) -> Result<(), Failure> {
    args.look.check()?;
    let (frame, in_file) = rows_of_model(args, "margins", session)?;
    let (response, measure) = survey::margin_subject(&frame);
    let names: Vec<String> = response.into_iter().collect();
    let usual = args.captions(None, &measure);
    let captions = args.captions_with(in_file, &names, usual);
    let picture = survey::margin_picture(&frame, captions, args.intervals().level);
    match picture.map_err(|error| Failure::Usage(format!("{}: {error}", args.input)))? {
        MarginPicture::Levels(chart) => args.write(&chart, Some(&frame), session),
        MarginPicture::Lines(chart) => args.write(&chart, Some(&frame), session),
    }
}

/// A CSV of ours as texts.
fn csv_frame(file: &TableFile) -> Result<Frame, Failure> {
    let wrong = |error: String| Failure::Usage(format!("{}: {error}", file.name));
    let mut reader = csv::Reader::from_reader(
        file.bytes
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&file.bytes),
    );
    let names: Vec<String> = reader
        .headers()
        .map_err(|error| wrong(error.to_string()))?
        .iter()
        .map(str::to_owned)
        .collect();
    let mut columns: Vec<Vec<Option<String>>> = vec![Vec::new(); names.len()];
    for record in reader.records() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        for (column, text) in columns.iter_mut().zip(record.iter()) {
            column.push(Some(text.to_owned()).filter(|text| !text.is_empty()));
        }
    }
    let rows = columns.first().map_or(0, Vec::len);
    let columns = names
        .into_iter()
        .zip(columns)
        .map(|(name, values)| Column::new(name, values));
    Frame::new(rows, columns.collect()).map_err(|error| wrong(error.to_string()))
}

fn draw_differences(args: &ChartArgs, session: &Session) -> Result<(), Failure> {
    args.look.check()?;
    let (file, in_file) = match args.read_with_names(session)? {
        Input::File(file) => (file, Captions::default()),
        Input::Frame(frame, captions) => {
            let file = TableFile {
                name: args.input.clone(),
                bytes: frame.to_csv().into_bytes(),
                options: tabular::Options::default(),
            };
            (file, captions)
        }
        Input::Selector => {
            return Err(Failure::Usage(
                "chart difference draws comparisons: opine compare … --csv | opine chart difference - -o FILE".to_owned(),
            ));
        }
    };
    args.refuse_interval_options("comparisons")?;
    args.columns.refuse(NO_LIST)?;
    let wrong = |error| match error {
        DifferenceError::Table(error) => error.into(),
        other => Failure::Usage(format!("{}: {other}", args.input)),
    };
    let comparisons =
        ComparisonRows::read(&file.name, &file.bytes, &file.options).map_err(wrong)?;
    note(comparisons.note.clone(), session);
    // What is measured, points or another unit, is seen from the rows.
    let unmeasured = Captions {
        subtitle: None,
        ..args.captions(None, "")
    };
    let names = comparisons.items();
    let captions = args.captions_with(in_file, &names, unmeasured);
    let store = args.data.open_sound(session)?;
    let chart = published::difference_chart(&comparisons, &store, captions, args.intervals().level);
    args.write(&chart.map_err(wrong)?, None, session)
}
