use std::path::Path;

use super::check::is_list;
use super::data::DataArgs;
use crate::cli::failure::Failure;
use crate::cli::output::{Document, OutputArgs};
use crate::cli::streams::Session;
use crate::cli::tables::{ColumnArgs, TableArgs, TableFile};
use crate::cli::values::{self, IntervalArgs};
use crate::frames::Flag;
use crate::frames::words::and;
use crate::present::lists;
use crate::present::published::{self, Section};
use crate::present::table::Table;
use crate::published::figures::basis::basis;
use crate::published::figures::quantity::COMPUTED;
use crate::published::figures::search::Search;
use crate::published::figures::selector::Selector;
use crate::published::figures::store::{Figure, Store};
use crate::published::figures::topline;
use crate::tabular;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine summary                                  the article’s claims, then the polls behind them
  opine summary egf2023/consequences             one question, every answer and country
  opine summary 'egf2023/consequences/polarise:*' --format md
  opine summary '*/view_cn/favourable:US' --json
  opine summary ecfr2021/cold_war_own_cn --assume-n 1000
  opine summary ecfr2023/side_taiwan --without dont_know      shares of those with an opinion
  opine summary taiwan                           a word that is no id: what speaks of it
  opine summary tonight.csv                      a list or a press-release table: each figure with its interval

A selector is a leading part of poll/question/response:country:base@source; * stands for one part.")]
pub struct Args {
    /// Which figures, or one file with a list [default: the article’s claims and the polls behind them]
    #[arg(value_name = "SELECTOR|FILE")]
    selectors: Vec<String>,
    /// A sample size for figures that were published without one; such rows are flagged
    #[arg(long, value_name = "N", value_parser = values::sample_size)]
    assume_n: Option<f64>,
    /// Leave out an answer, by id or label: shares of those who gave another; may be given again
    #[arg(long, value_name = "RESPONSE")]
    without: Vec<String>,
    #[command(flatten)]
    intervals: IntervalArgs,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    tables: TableArgs,
    #[command(flatten)]
    columns: ColumnArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    args.output.format()?;
    let intervals = topline::Intervals {
        method: args.intervals.method,
        level: args.intervals.level,
        assumed_n: args.assume_n,
    };
    if args.selectors.iter().any(|text| is_list(text)) {
        return run_list(&args, intervals, session);
    }
    args.tables.refuse("no list is read")?;
    args.columns.refuse("no list is read")?;
    let store = args.data.open_sound(session)?;
    let args = Args {
        selectors: searched(&store, &args.selectors, session)?,
        ..args
    };
    let (store, selectors) = (without(store, &args, session)?, &args.selectors);
    let (sections, tables) = match selectors.as_slice() {
        [] => headline(&store, intervals)?,
        selectors => selected(&store, selectors, intervals)?,
    };
    if args.assume_n.is_some() {
        assumed_somewhere(&store, &sections, intervals)?;
    }
    args.output.print(
        &Document {
            tables,
            sentences: Vec::new(),
            frame: published::estimates(&sections)
                .map_err(Failure::usage)?
                .into_frame(),
        },
        session,
    )
}

/// Questions or polls that a word may stand for; more are listed.
const MOST_FOUND: usize = 12;

/// Selectors with the questions that a word stands for which is no id.
fn searched(store: &Store, texts: &[String], session: &Session) -> Result<Vec<String>, Failure> {
    let mut selectors = Vec::new();
    for text in texts {
        let selector: Selector = text.parse().map_err(Failure::coded)?;
        let is_word = !text.contains(['/', ':', '@', '*']);
        let search = Search::parse(text).filter(|_| is_word && selector.figures(store).is_err());
        let found = search.map_or_else(Vec::new, |search| search.selectors(store));
        let shown: Vec<String> = found.iter().take(MOST_FOUND).cloned().collect();
        match found.len() {
            0 => selectors.push(text.clone()),
            1..=MOST_FOUND => {
                session.note(&format!(
                    "“{text}” is no id; shown is what speaks of it: {}",
                    and(&shown)
                ));
                selectors.extend(found);
            }
            count => {
                return Err(Failure::Usage(format!(
                    "“{text}” is no id, and {count} questions or polls speak of it: {}, …; opine list questions --search '{text}' has them all",
                    shown.join(", ")
                )));
            }
        }
    }
    Ok(selectors)
}

/// The shares of a list, each with its interval.
fn run_list(args: &Args, intervals: topline::Intervals, session: &Session) -> Result<(), Failure> {
    let [path] = args.selectors.as_slice() else {
        return Err(Failure::Usage(
            "a list is shown by itself: name one file and nothing else".to_owned(),
        ));
    };
    if args.data.data.is_some() {
        return Err(Failure::no_effect("--data", "a list is shown by itself"));
    }
    let options = tabular::Options {
        columns: args.columns.choice(),
        ..args.tables.options()
    };
    let file = TableFile::open(path, options, session)?;
    let wrong = |error: lists::Error| match error {
        lists::Error::Table(error) => error.into(),
        other => Failure::Usage(format!("{path}: {other}")),
    };
    let mut list = match lists::read(&file.name, &file.bytes, &file.options).map_err(wrong)? {
        lists::Input::List(list) => list,
        lists::Input::Estimates(..) => {
            return Err(Failure::Usage(format!(
                "{path} holds estimates, which are rows already: opine compare compares and opine chart draws them"
            )));
        }
    };
    if !args.without.is_empty() {
        list.leave_out(&args.without);
    }
    let estimates = list.plain(intervals).map_err(wrong)?;
    let estimates = lists::with_rounding(&estimates, intervals).map_err(Failure::usage)?;
    let question = list.take_question();
    if let Some(note) = list.note() {
        session.note(&note);
    }
    let rows = estimates.rows().map_err(Failure::usage)?;
    if args.assume_n.is_some() && !rows.iter().any(|row| row.flags.contains(&Flag::AssumedN)) {
        session.note("--assume-n changes nothing: every row has its sample size");
    }
    let stem = Path::new(path)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let title = question
        .or(stem.filter(|stem| stem != "-"))
        .unwrap_or_else(|| "List".to_owned());
    let table = lists::table_of_list(&estimates, &title, intervals).map_err(Failure::usage)?;
    args.output.print(
        &Document {
            tables: vec![table],
            sentences: Vec::new(),
            frame: estimates.into_frame(),
        },
        session,
    )
}

/// The store as it is asked for: with an answer left out, the figures that are selected have to have it beside them.
fn without(store: Store, args: &Args, session: &Session) -> Result<Store, Failure> {
    match (args.without.as_slice(), args.selectors.as_slice()) {
        ([], _) => Ok(store),
        (_, []) => Err(Failure::Usage(
            "--without needs a selector: the article’s claims are of all who were asked".to_owned(),
        )),
        (names, selectors) => without_of_selected(&store, names, selectors, session),
    }
}

/// The store without some answers; warns of selected figures beside which none of them was printed.
pub fn without_of_selected(
    store: &Store,
    names: &[String],
    selectors: &[String],
    session: &Session,
) -> Result<Store, Failure> {
    let rest = store.without_responses(names).map_err(Failure::usage)?;
    let kept: Vec<u64> = rest
        .store
        .figures
        .iter()
        .map(|figure| figure.line)
        .collect();
    let (asked, _) = figures(store, selectors)?;
    let out = names.iter().map(|name| store.responses_named(name));
    let out: Vec<&str> = out
        .collect::<Result<Vec<_>, _>>()
        .map_err(Failure::usage)?
        .concat();
    let others = asked
        .iter()
        .filter(|figure| !out.contains(&figure.response.as_str()));
    let (kept, lost): (Vec<&&Figure>, Vec<&&Figure>) =
        others.partition(|figure| kept.contains(&figure.line));
    match (kept.len(), lost.len()) {
        (0, _) => Err(Failure::Usage(format!(
            "no share of those without {} can be had: it was not printed beside these figures, or they are scores or hold it",
            rest.without
        ))),
        (_, 0) => Ok(rest.store),
        (kept, lost) => {
            session.warn(&format!(
                "{lost} of {} figures are left out: {} was not printed beside them, or they are scores or hold it",
                kept + lost,
                rest.without
            ));
            Ok(rest.store)
        }
    }
}

/// The store without some answers.
pub fn decided(store: &Store, names: &[String]) -> Result<Store, Failure> {
    Ok(store
        .without_responses(names)
        .map_err(Failure::usage)?
        .store)
}

/// The claims, then the totals of their polls; everything printed where a store has no claims.
fn headline(
    store: &Store,
    intervals: topline::Intervals,
) -> Result<(Vec<Section<'_>>, Vec<Table>), Failure> {
    let claims = published::claims(store, intervals).map_err(Failure::usage)?;
    if claims.is_empty() {
        let printed: Vec<&Figure> = store
            .figures
            .iter()
            .filter(|f| f.reported_by != COMPUTED)
            .collect();
        let sections =
            published::by_poll(store, &printed, false, intervals).map_err(Failure::usage)?;
        let table = published::table(store, &sections, "Published figures", intervals);
        return Ok((sections, vec![table]));
    }
    let totals = published::totals_behind(store, &claims);
    let polls = published::by_poll(store, &totals, false, intervals).map_err(Failure::usage)?;
    let tables = vec![
        published::claims_table(store, &claims, intervals),
        published::table(store, &polls, "The polls behind it", intervals),
    ];
    // A quantity that is in both tables is one row of the frame.
    let shown: Vec<&Figure> = claims
        .iter()
        .flat_map(|s| &s.lines)
        .map(|line| line.figure)
        .collect();
    let mut rest = polls;
    for section in &mut rest {
        section
            .lines
            .retain(|line| !shown.iter().any(|figure| figure.id() == line.figure.id()));
    }
    Ok((claims.into_iter().chain(rest).collect(), tables))
}

fn selected<'s>(
    store: &'s Store,
    selectors: &[String],
    intervals: topline::Intervals,
) -> Result<(Vec<Section<'s>>, Vec<Table>), Failure> {
    let (figures, source_named) = figures(store, selectors)?;
    let sections =
        published::by_poll(store, &figures, source_named, intervals).map_err(Failure::usage)?;
    let title =
        published::subject(store, &sections).unwrap_or_else(|| "Published figures".to_owned());
    let table = published::table(store, &sections, &title, intervals);
    Ok((sections, vec![table]))
}

/// All figures that some selectors select, each once, and whether a source was named.
pub fn figures<'s>(
    store: &'s Store,
    selectors: &[String],
) -> Result<(Vec<&'s Figure>, bool), Failure> {
    let mut figures: Vec<&Figure> = Vec::new();
    let mut source_named = false;
    for selector in selectors {
        let selector: Selector = selector.parse().map_err(Failure::coded)?;
        source_named |= selector.names_source();
        for figure in selector.figures(store).map_err(Failure::coded)? {
            if !figures.iter().any(|known| std::ptr::eq(*known, figure)) {
                figures.push(figure);
            }
        }
    }
    Ok((figures, source_named))
}

/// `--assume-n` is refused where it changes nothing: it can’t help a median, a score or a bound.
pub fn assumed_somewhere(
    store: &Store,
    sections: &[Section],
    intervals: topline::Intervals,
) -> Result<(), Failure> {
    let mut lines = sections.iter().flat_map(|section| &section.lines);
    if lines.any(|line| line.estimate.flags.contains(&Flag::AssumedN)) {
        return Ok(());
    }
    let mut lines = sections.iter().flat_map(|section| &section.lines);
    let reason = lines.find_map(|line| basis(store, line.figure, intervals.assumed_n).err());
    Err(Failure::Usage(match reason {
        Some(reason) => format!("--assume-n has no effect here: {reason}"),
        None => "--assume-n has no effect here: every sample size is published".to_owned(),
    }))
}
