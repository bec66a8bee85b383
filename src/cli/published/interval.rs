//! `opine interval`: typed percentages with their intervals.

use crate::cli::failure::Failure;
use crate::cli::output::{Document, OutputArgs};
use crate::cli::streams::Session;
use crate::cli::values::{self, IntervalArgs, rounding_range};
use crate::frames::words::thousands;
use crate::frames::{Estimate, Estimates};
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::published::compare::{TypedFigure, TypedSample};
use crate::published::figures::basis::{effective_n_note, margin_note};
use crate::published::figures::effective_n::Margin;
use crate::published::figures::percent::Percent;
use crate::published::figures::rounding;
use crate::statistics::interval::{self, Method, Sample, finite_population};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine interval 63 -n 1500
  opine interval 62 58 49 -n 1000                    several figures of one poll
  opine interval Germany=62@1004 France=58@1010      each with its name and its n
  opine interval 63 -n 1500 --deff 1.6 --ci wilson
  opine interval 63 -n 1000 --moe 4                  design effect from a published margin of error
  opine interval 38 --moe 4.4                        where the margin is all that was published
  opine interval 53 -n 250 --population 400          250 of the 400 in a village
  opine interval 28 -n 1000 --without 10             of those who have an opinion
  opine interval 63 -n 1500 --rounding               a printed 63 stands for 62.5 to 63.5
  opine interval 0 -n 500 --ci clopper-pearson --level 0.99 --json")]
pub struct Args {
    /// Percentages as printed, 63 or 62.5; with a name and their own n, Germany=62@1004
    #[arg(value_name = "PERCENT", required = true, value_parser = TypedFigure::parse, allow_negative_numbers = true)]
    figures: Vec<TypedFigure>,
    /// Number of respondents
    #[arg(short, value_name = "N", value_parser = values::sample_size)]
    n: Option<f64>,
    /// Design effect: 1 is simple random sampling
    #[arg(long, value_name = "D", value_parser = values::positive, conflicts_with = "moe")]
    deff: Option<f64>,
    /// Published margin of error in points
    ///
    /// With n, the design effect follows from it; without, the effective n.
    #[arg(long, value_name = "M", value_parser = values::percent)]
    moe: Option<Percent>,
    /// Confidence level of the published margin
    #[arg(long, value_name = "LEVEL", value_parser = values::level, requires = "moe")]
    moe_level: Option<f64>,
    /// People in the population, where the sample is no small part of it
    #[arg(long, value_name = "PEOPLE", value_parser = values::sample_size, conflicts_with = "moe")]
    population: Option<f64>,
    /// The percentage whose answers are left out: the share of the others
    #[arg(long, value_name = "PERCENT", value_parser = values::percent)]
    without: Option<Percent>,
    /// Degrees of freedom of the design: t instead of z; needed by --ci beta
    #[arg(long, value_name = "DF", value_parser = values::positive)]
    df: Option<f64>,
    /// The interval of all values that the printed one may stand for, in steps of its last digit or of STEP
    #[arg(long, value_name = "STEP", num_args = 0..=1, value_parser = values::positive)]
    rounding: Option<Option<f64>>,
    #[command(flatten)]
    intervals: IntervalArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// A figure with its interval, and what both rest on.
struct TypedEstimate {
    row: Estimate,
    /// As it is read: the percentage, or the share of the others.
    percent: Percent,
    notes: Vec<String>,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    check_options(&args)?;
    let estimates: Vec<TypedEstimate> = args
        .figures
        .iter()
        .map(|figure| estimate(&args, figure))
        .collect::<Result<_, _>>()?;
    let rows: Vec<Estimate> = estimates.iter().map(|one| one.row.clone()).collect();
    let (tables, sentences) = match estimates.as_slice() {
        [only] => (Vec::new(), sentences(&args, only)),
        several => (vec![table(&args, several)], Vec::new()),
    };
    args.output.print(
        &Document {
            tables,
            sentences,
            frame: Estimates::from_rows(&rows)
                .map_err(Failure::usage)?
                .into_frame(),
        },
        session,
    )
}

fn check_options(args: &Args) -> Result<(), Failure> {
    if args.df.is_some() && !uses_df(args.intervals.method) {
        return Err(Failure::Usage(format!(
            "--df has no effect on {}: it goes with wald, logit, asin or beta",
            args.intervals.method
        )));
    }
    if let Some(lead) = args
        .figures
        .iter()
        .find(|figure| figure.percent().is_none())
    {
        return Err(Failure::Usage(format!(
            "{0} is made of several answers: opine compare {0} has its interval",
            lead.written
        )));
    }
    if args.n.is_some() && args.figures.iter().all(|figure| figure.n.is_some()) {
        return Err(Failure::no_effect(
            "-n",
            "every figure has its own sample size",
        ));
    }
    let sized = |figure: &TypedFigure| figure.n.or(args.n).is_some() || args.moe.is_some();
    match args.figures.iter().find(|figure| !sized(figure)) {
        Some(figure) => Err(Failure::Usage(format!(
            "{0} has no sample size: name it with -n 1000 or {0}@1000, or with --moe 3 the margin of error that was \
             printed with it",
            figure.written
        ))),
        None => Ok(()),
    }
}

fn uses_df(method: Method) -> bool {
    matches!(
        method,
        Method::Wald | Method::Logit | Method::Asin | Method::Beta
    )
}

fn estimate(args: &Args, figure: &TypedFigure) -> Result<TypedEstimate, Failure> {
    let n = figure.n.or(args.n);
    let mut notes = Vec::new();
    let margin = args.moe.clone().map(|points| Margin {
        points,
        level: args.moe_level,
    });
    let sample = TypedSample {
        n,
        deff: args.deff.map(|deff| deff.max(1.0)),
        margin: margin.clone(),
        left_out: args.without.clone(),
    };
    // The side has the share and the sizes of those who are left.
    let side = figure
        .side(&sample, args.intervals.level)
        .map_err(Failure::usage)?;
    let size = side.size.clone().map_err(Failure::Usage)?;
    let deff = size.deff;
    let mut n_eff = size.n_eff;
    if let Some(population) = args.population {
        let asked = n.unwrap_or(n_eff);
        n_eff = finite_population(n_eff, asked, population).map_err(Failure::usage)?;
        notes.push(format!(
            "{} of {} people were asked: the sample is worth {} of an endless population",
            thousands(asked),
            thousands(population),
            thousands(n_eff)
        ));
    }
    if args.deff.is_some_and(|deff| deff < 1.0) {
        notes.push(
            "a design effect under 1 is taken as 1: no more precision than the respondents give"
                .to_owned(),
        );
    }
    if let Some(margin) = &margin {
        notes.push(match n {
            Some(n) => margin_note(margin, &margin.deff(n).map_err(Failure::usage)?),
            None => effective_n_note(margin, margin.effective_n().map_err(Failure::usage)?),
        });
    }
    let percent = percent_of(figure, args)?;
    let respondents = size.n;
    let sample = Sample {
        n_eff,
        respondents,
        df: args.df,
    };
    let (method, level) = (args.intervals.method, args.intervals.level);
    let bounds = match args.rounding {
        Some(step) => {
            // The margin is rounded too: the widest that was printed so has the fewest respondents behind it.
            let least = match (&margin, n) {
                (Some(margin), None) => {
                    let least = margin.least_effective_n().map_err(Failure::usage)?;
                    let printed = margin.effective_n().map_err(Failure::usage)?;
                    n_eff * least / printed
                }
                _ => n_eff,
            };
            let sample = Sample {
                n_eff: least,
                ..sample
            };
            rounding::union(method, rounding_range(&percent, step)?, sample, level)
        }
        None => interval::share(method, side.share, sample, level),
    }
    .map_err(Failure::usage)?;
    let name = match (&figure.name, args.figures.len()) {
        (Some(name), _) => name.clone(),
        (None, 1) => "typed".to_owned(),
        (None, _) => figure.written.clone(),
    };
    let mut row = Estimate::proportion("typed", &name, None);
    row.estimate = Some(side.share);
    row.se = Some((side.share * (1.0 - side.share) / n_eff).sqrt());
    row.ci_low = Some(bounds.low);
    row.ci_high = Some(bounds.high);
    row.n = respondents;
    row.n_eff = Some(n_eff);
    row.deff = deff;
    row.df = args.df;
    row.note = notes.join("; ");
    Ok(TypedEstimate {
        row,
        percent,
        notes,
    })
}

/// The percentage, or the share of those who are left.
fn percent_of(figure: &TypedFigure, args: &Args) -> Result<Percent, Failure> {
    let percent = figure.percent().cloned();
    let percent =
        percent.ok_or_else(|| Failure::Usage(format!("“{}” is no percentage", figure.written)))?;
    match &args.without {
        None => Ok(percent),
        Some(out) => percent
            .of_the_rest(&[out])
            .ok_or_else(|| Failure::Usage(format!("--without {out}: nobody would be left"))),
    }
}

/// What the interval is and what it leaves out, for people.
fn sentences(args: &Args, one: &TypedEstimate) -> Vec<String> {
    let (low, high) = one.row.interval().unwrap_or_default();
    let level = 100.0 * args.intervals.level;
    let name = match args.figures.first().and_then(|figure| figure.name.as_ref()) {
        Some(name) => format!("{name} "),
        None => String::new(),
    };
    let mut lines = vec![format!(
        "{name}{}%, {level}% interval {:.1}–{:.1}{}",
        one.percent,
        100.0 * low,
        100.0 * high,
        if args.rounding.is_some() {
            ", rounding included"
        } else {
            ""
        },
    )];
    lines.push(basis_in_words(args, &one.row));
    lines.extend(without_in_words(args));
    lines.extend(one.notes.iter().map(|note| format!("Note: {note}.")));
    lines
}

/// The method, the respondents and the design effect.
fn basis_in_words(args: &Args, row: &Estimate) -> String {
    let method = args.intervals.method.title();
    let n_eff = thousands(row.n_eff.unwrap_or_default());
    match (row.n, row.deff) {
        (None, _) => format!("{method}; effective n {n_eff}, n not known."),
        (Some(n), Some(deff)) => format!(
            "{method}; n {}, design effect {deff:.2}, effective n {n_eff}.",
            thousands(n)
        ),
        (Some(n), None) => format!(
            "{method}; n {}. No design effect given: at least that wide, sampling alone, as if a simple \
             random sample.",
            thousands(n)
        ),
    }
}

fn without_in_words(args: &Args) -> Option<String> {
    let out = args.without.as_ref()?;
    Some(format!(
        "Of those who gave another answer than the {out}% left out; n is theirs."
    ))
}

/// Several figures, a row each.
fn table(args: &Args, estimates: &[TypedEstimate]) -> Table {
    let level = 100.0 * args.intervals.level;
    let row = |one: &TypedEstimate, figure: &TypedFigure| {
        let (low, high) = one.row.interval().unwrap_or_default();
        let n = one.row.n.map(thousands);
        Row {
            label: figure
                .name
                .clone()
                .unwrap_or_else(|| format!("{}%", one.percent)),
            cells: vec![
                Cell::from(one.percent.text.as_str()),
                Cell::from(format!("{:.1}–{:.1}", 100.0 * low, 100.0 * high)),
                n.map_or_else(|| Cell::dim("unknown"), Cell::from),
                Cell::from(thousands(one.row.n_eff.unwrap_or_default())),
            ],
            ..Row::default()
        }
    };
    let rows = estimates.iter().zip(&args.figures);
    let mut foot = vec![match args.deff.is_some() || args.moe.is_some() {
        true => format!(
            "{} intervals on the effective n.",
            args.intervals.method.title()
        ),
        false => format!(
            "{} intervals. No design effect given: at least that wide, sampling alone, as if simple random samples.",
            args.intervals.method.title()
        ),
    }];
    if args.rounding.is_some() {
        foot.push(
            "Rounding included: the intervals of all values that the printed ones may stand for."
                .to_owned(),
        );
    }
    foot.push(
        "Each interval is by itself; a difference has another, see opine compare.".to_owned(),
    );
    foot.extend(without_in_words(args));
    // Notes of one margin are the same for all figures that share an n.
    let mut notes: Vec<String> = Vec::new();
    for note in estimates.iter().flat_map(|one| &one.notes) {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    foot.extend(notes.into_iter().map(|note| format!("Note: {note}.")));
    Table {
        columns: vec![
            Column::new("%", Align::Decimal).emphasis(Emphasis::Strong),
            Column::new(&format!("{level}% interval"), Align::Right),
            Column::new("n", Align::Right).emphasis(Emphasis::Dim),
            Column::new("effective", Align::Right).emphasis(Emphasis::Dim),
        ],
        blocks: vec![Block {
            rows: rows.map(|(one, figure)| row(one, figure)).collect(),
            ..Block::default()
        }],
        foot,
        ..Table::default()
    }
}
