//! `opine compare`: figures, printed or typed in, and rows of files with estimates.

mod args;
mod figures;
mod list;
mod no_effect;
mod pick;
mod rows;

use args::With;
pub use args::{Args, AverageBy};
use figures::FigureArg;
use rows::FileRows;

use std::path::Path;

use super::failure::Failure;
use super::output::{Document, Format};
use super::streams::Session;
use super::summary::decided;
use super::values;
use crate::frames::words::and;
use crate::frames::{Comparison, Comparisons};
use crate::present::published::{self, Family};
use crate::present::table::Table;
use crate::published::compare::{
    self, Average, Difference, Options, Pair, PairOptions, Pooling, Population, PopulationError,
    Relation, Side, TypedSample,
};
use crate::published::figures::effective_n::Margin;
use crate::published::figures::percent::Percent;
use crate::published::figures::store::Store;
use crate::published::figures::topline::Intervals;
use crate::tabular::{self, Decimal};

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let format = args.output.format()?;
    if args.figures.iter().any(|text| rows::is_file(text)) {
        return files(args, format, session);
    }
    if args.shares || args.percents {
        return Err(Failure::no_effect(
            "--shares and --percents",
            "no list is read",
        ));
    }
    args.columns.refuse("no list is read")?;
    if args.decimal.is_some() && args.population.is_none() {
        return Err(Failure::no_effect(
            "--decimal",
            "no table is read: it is about --population and files of estimates",
        ));
    }
    if !args.row.is_empty() {
        return Err(Failure::no_effect(
            "--row",
            "it picks rows of a file with estimates",
        ));
    }
    let written: Vec<FigureArg> = args
        .figures
        .iter()
        .map(|text| FigureArg::parse(text))
        .collect::<Result<_, _>>()?;
    figures(&args, written, Coupling::All, format, session)
}

/// Rows of files: estimates as they are, a plain list as figures that were typed in.
fn files(mut args: Args, format: Format, session: &Session) -> Result<(), Failure> {
    let mut estimates = Vec::new();
    for path in &args.figures.clone() {
        match rows::read(path, &args, session)? {
            FileRows::Estimates(rows) => estimates.push((path.clone(), rows)),
            FileRows::List(rows) if args.figures.len() == 1 => {
                let path = path.clone();
                let rows = list::of_the_rest(&path, rows, &mut args, session)?;
                if let Some(written) = list::changes_of_list(&path, &rows, &args, session)? {
                    args.relation = args.relation.or(Some(Relation::Independent));
                    return figures(&args, written, Coupling::InTwos, format, session);
                }
                let list = list::figures_of_list(&path, &rows, &args, session)?;
                args.relation = list.relation;
                if list.coupling == Coupling::InTwos {
                    // it was heeded when the couples were made
                    args.with = None;
                }
                return figures(&args, list.figures, list.coupling, format, session);
            }
            FileRows::List(_) => {
                return Err(Failure::Usage(format!(
                    "{path} is a plain list: its rows are compared with each other, name it alone"
                )));
            }
        }
    }
    no_effect::check_rows(&args)?;
    rows::run(estimates, &args, session)
}

/// Which figures are held against each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Coupling {
    /// All pairs, or each with the first.
    All,
    /// The first with the second, the third with the fourth: the same answer then and now.
    InTwos,
}

/// Compares figures, typed in or stored.
fn figures(
    args: &Args,
    written: Vec<FigureArg>,
    coupling: Coupling,
    format: Format,
    session: &Session,
) -> Result<(), Failure> {
    no_effect::check_typed(args, &written)?;
    let store = match written.iter().all(FigureArg::is_typed) {
        true => None,
        false => Some(args.data.open_sound(session)?),
    };
    let (store, whole) = match (store, args.without.as_slice()) {
        (Some(whole), [_, ..]) => (Some(decided(&whole, &args.without)?), Some(whole)),
        (store, _) => (store, None),
    };
    let population = population(
        args.population.as_deref(),
        args.average,
        args.decimal,
        session,
    )?;
    let sides = sides(args, &written, store.as_ref(), population.as_ref()).map_err(|failure| {
        let of_all =
            |whole: &Store| sides(args, &written, Some(whole), population.as_ref()).is_ok();
        match whole.as_ref().is_some_and(of_all) {
            true => not_of_the_rest(args),
            false => failure,
        }
    })?;
    no_effect::check_sides(args, &sides)?;
    no_effect::check_relation(args, &written, &sides)?;
    let sides: Vec<&Side> = sides.iter().collect();
    // a net score by itself is held against 0: more on the one side, or on the other?
    let zero = Percent::parse("0")
        .ok()
        .filter(|_| matches!(sides.as_slice(), [only] if only.score.is_some()));
    let fixed = args.against.as_ref().or(zero.as_ref());
    let (mut compared, pairs) = match fixed {
        Some(value) => (against(args, &sides, value)?, Vec::new()),
        None => {
            let pairs = pairs(args, &sides, coupling, store.as_ref(), population.as_ref())?;
            no_effect::check_pairs(args, &pairs, format)?;
            (differences(args, &pairs)?, pairs)
        }
    };
    if args.adjust.is_some() && compared.len() < 2 {
        return Err(Failure::no_effect(
            "--adjust",
            "there is one comparison only",
        ));
    }
    let adjust = args.adjust.unwrap_or_default();
    compare::family(&mut compared, adjust);
    let family = Family {
        level: args.level,
        adjust,
        size: compared
            .iter()
            .filter(|one| one.row.p_value.is_some())
            .count(),
    };
    let fixed = fixed.map(|value| value.text.as_str());
    match fixed {
        Some(value) => {
            published::write_sentences_against(&mut compared, &sides, value, family);
        }
        None => published::write_sentences(&mut compared, &pairs, family),
    }
    let mut table = published::comparison_table(&compared, &sides, &pairs, fixed, family);
    if args.effects {
        with_effects(&mut table, &pairs, args.level)?;
    }
    let rows: Vec<Comparison> = compared.into_iter().map(|one| one.row).collect();
    args.output.print(
        &Document {
            tables: vec![table],
            sentences: Vec::new(),
            frame: Comparisons::from_rows(&rows)
                .map_err(Failure::usage)?
                .into_frame(),
        },
        session,
    )
}

/// The people of countries, for `--average population` alone.
pub fn population(
    path: Option<&Path>,
    average: Option<AverageBy>,
    decimal: Option<Decimal>,
    session: &Session,
) -> Result<Option<Population>, Failure> {
    let Some(path) = path else {
        return Ok(None);
    };
    if average != Some(AverageBy::Population) {
        return Err(Failure::no_effect(
            "--population",
            "it goes with --average population",
        ));
    }
    let options = tabular::Options {
        decimal,
        ..tabular::Options::default()
    };
    let population = Population::read(path, &options).map_err(|error| match error {
        PopulationError::Table(error) => error.into(),
        other => Failure::Usage(format!("{}: {other}", path.display())),
    })?;
    if let Some(note) = &population.note {
        session.note(note);
    }
    Ok(Some(population))
}

fn sides<'s>(
    args: &Args,
    written: &[FigureArg],
    store: Option<&'s Store>,
    population: Option<&Population>,
) -> Result<Vec<Side<'s>>, Failure> {
    let options = compare::CombinationOptions {
        nets: &args.net,
        pooling: Pooling {
            average: args.average.map(Average::from),
            population,
        },
        intervals: Intervals {
            level: args.level,
            assumed_n: args.assume_n,
            ..Intervals::default()
        },
    };
    let sample = TypedSample {
        n: args.n,
        deff: args.deff,
        margin: args.moe.clone().map(|points| Margin {
            points,
            level: args.moe_level,
        }),
        left_out: left_out(args, written)?,
    };
    let mut all = Vec::new();
    // Stored figures are named together, so that their labels say what sets them apart.
    let mut places = Vec::new();
    for figure in written {
        let FigureArg::Stored(text) = figure else {
            places.push(1);
            continue;
        };
        let store = store.ok_or_else(|| Failure::Usage(format!("“{text}” is no percentage")))?;
        let found = compare::named_figures(store, text, &options).map_err(Failure::coded)?;
        places.push(found.len());
        all.extend(found);
    }
    let mut stored = match store {
        Some(store) => compare::sides(store, all, options.intervals).map_err(Failure::coded)?,
        None => Vec::new(),
    }
    .into_iter();
    let mut sides = Vec::new();
    for (figure, count) in written.iter().zip(places) {
        match figure {
            FigureArg::Stored(_) => sides.extend(stored.by_ref().take(count)),
            FigureArg::Typed(figure) => {
                let side = figure.side(&sample, args.level);
                sides.push(side.map_err(Failure::coded)?);
            }
        }
    }
    Ok(sides)
}

/// Why a figure that is there can’t be had without some answers.
fn not_of_the_rest(args: &Args) -> Failure {
    let named: Vec<String> = args
        .without
        .iter()
        .map(|name| format!("“{name}”"))
        .collect();
    Failure::Usage(format!(
        "no share of those without {} can be had of each of these figures: it was not printed beside them, or they are \
         scores or hold it",
        and(&named)
    ))
}

/// The percentage of a typed answer that is left out; stored figures bring theirs.
fn left_out(args: &Args, written: &[FigureArg]) -> Result<Option<Percent>, Failure> {
    let typed = written.iter().filter(|figure| figure.is_typed()).count();
    match args.without.as_slice() {
        [] => Ok(None),
        _ if typed == 0 => Ok(None),
        _ if typed < written.len() => Err(Failure::Usage(
            "--without names answers of stored figures, and a percentage for typed ones: compare one kind".to_owned(),
        )),
        [out] => values::percent(out).map(Some).map_err(Failure::Usage),
        _ => Err(Failure::Usage(
            "--without of typed figures is one percentage: that of all answers that are left out".to_owned(),
        )),
    }
}

fn against(args: &Args, sides: &[&Side], value: &Percent) -> Result<Vec<Difference>, Failure> {
    if value.value < 0.0
        && let Some(share) = sides.iter().find(|side| side.score.is_none())
    {
        return Err(Failure::Usage(format!(
            "--against {}: {} is a share, and no share is below 0",
            value.text, share.label
        )));
    }
    let one = |side: &&Side| {
        compare::against(side, &value.text, value.value / 100.0, args.level).map_err(Failure::coded)
    };
    sides.iter().map(one).collect()
}

/// More comparisons than anybody reads are a slip of the selector.
const MOST_FIGURES: usize = 60;

fn pairs<'p, 's>(
    args: &Args,
    sides: &[&'p Side<'s>],
    coupling: Coupling,
    store: Option<&'s Store>,
    population: Option<&Population>,
) -> Result<Vec<Pair<'p, 's>>, Failure> {
    match sides.len() {
        0 | 1 => {
            return Err(Failure::Usage(
                "one figure only: name another, a selector of several, or --against 50".to_owned(),
            ));
        }
        2 if args.with.is_some() => {
            return Err(Failure::no_effect("--with", "there are two figures only"));
        }
        many if many > MOST_FIGURES => {
            return Err(Failure::Usage(format!(
                "{many} figures would be compared in all pairs: name at most {MOST_FIGURES}"
            )));
        }
        _ => {}
    }
    let options = PairOptions {
        relation: args.relation,
        weight: args.share,
        average: args.average.map(Average::from),
        population,
    };
    let mut pairs = Vec::new();
    for (place, a) in sides.iter().enumerate() {
        let others = sides.iter().skip(place + 1);
        // each with the first: the first is what the others are measured by
        let couples: Vec<(&'p Side<'s>, &'p Side<'s>)> = match args.with {
            None if coupling == Coupling::InTwos && place % 2 == 1 => Vec::new(),
            None if coupling == Coupling::InTwos => others.take(1).map(|b| (*a, *b)).collect(),
            Some(With::First) if place > 0 => Vec::new(),
            Some(With::First) => others.map(|b| (*b, *a)).collect(),
            None => others.map(|b| (*a, *b)).collect(),
        };
        for (a, b) in couples {
            let pair = match store {
                Some(store) => Pair::stored(store, a, b, options),
                None => {
                    let relation = options.relation.unwrap_or(Relation::Independent);
                    Pair::typed(a, b, relation, options.weight)
                }
            };
            pairs.push(pair.map_err(Failure::coded)?);
        }
    }
    Ok(pairs)
}

fn differences(args: &Args, pairs: &[Pair]) -> Result<Vec<Difference>, Failure> {
    let options = Options {
        method: args.method.unwrap_or_default(),
        level: args.level,
    };
    pairs
        .iter()
        .map(|pair| pair.compare(options).map_err(Failure::coded))
        .collect()
}

fn with_effects(table: &mut Table, pairs: &[Pair], level: f64) -> Result<(), Failure> {
    let Some((a, b)) = pairs
        .first()
        .and_then(|pair| pair.a.known().zip(pair.b.known()))
    else {
        return Err(Failure::no_effect(
            "--effects",
            "a sample size is not known",
        ));
    };
    let effects = compare::effects(a, b, level).map_err(Failure::usage)?;
    table.blocks.push(published::effects_block(&effects));
    Ok(())
}
