//! The command line: what was typed becomes a request; no statistics.
//!
//! A command is a file, or a folder where it has several: its `Args` as clap parses them, and `run(args, session)`, which
//! asks `survey` or `published`, has `present` make a [`Document`](output::Document) of it, and prints that. Everything goes
//! through the [`Streams`] of the run, so that [`run_from`] can serve another program as well as a terminal.

mod chart;
mod compare;
mod completions;
mod crosstab;
mod describe;
mod design;
mod estimate;
mod failure;
mod fit;
mod help;
#[cfg(feature = "mcp")]
mod mcp;
mod minus;
mod output;
mod paths;
mod published;
mod reference;
mod respondents;
mod schema;
mod stamp;
mod streams;
mod style;
mod sums;
mod tables;
mod test;
mod topline;
mod trend;
mod values;
mod verbs;
mod weight;

use published::{
    add, bounds, card, check, data, edit, export, import, init, interval, list, pool, report, size,
    summary,
};

use std::ffi::OsString;
use std::sync::{Mutex, Once};

use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

pub use crate::files::clear_temporaries;
pub use failure::ExitCode;
use failure::Failure;
use paths::Paths;
use streams::Session;
pub use streams::Streams;

use crate::frames::words::printable_lines;
use crate::present::table::TextOptions;

/// From a published headline to honest numbers: intervals, sources, contradictions.
#[derive(Parser)]
#[command(
    name = "opine",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = EXAMPLES
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Say nothing on standard error but errors
    #[arg(short, long, global = true, display_order = 990)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  opine interval 63 -n 1500                      how sure is a published 63%?
  opine compare 48 45 -n 1000 --relation same-question   is that a lead?
  opine summary egf2023/consequences             published figures with intervals
  opine estimate poll.csv 'prop(q1)' --by region --weights weight      shares from respondents

Exit codes: 0 fine, 1 errors in the data, 2 wrong use, 3 a file can’t be read or written";

#[derive(Subcommand)]
enum Command {
    /// The headline figures: a table, and charts and a page into a folder
    Report(report::Args),
    /// Published figures with intervals, sources and flags
    Summary(summary::Args),
    /// What the store holds: polls, samples, questions, figures
    List(list::Args),
    /// What is disclosed about a poll and what is not, and the words that may be used of it
    Card(card::Args),
    /// What is wrong in the data, or can’t hold together
    Check(check::Args),
    /// The range that the printed figures leave for one that was not printed
    Bounds(bounds::Args),
    /// Add a poll, sample, question, figure or response to an own copy of the data
    Add(add::Args),
    /// Correct a row of an own copy; what was there is kept in changes.csv
    Edit(edit::EditArgs),
    /// Take rows out of an own copy; changes.csv keeps them
    Remove(edit::RemoveArgs),
    /// Figures as one table, a row each, with poll, question, sample and source
    Export(export::Args),
    /// Write an own copy of the data to add to, or an empty store
    Init(init::Args),
    /// The interval of a published percentage
    Interval(interval::Args),
    /// The difference of figures: what holds and what it does not show
    Compare(compare::Args),
    /// Several polls of one question averaged, with what they differ by
    Pool(pool::Args),
    /// The sample it takes for a margin of error
    Size(size::Args),
    /// What a respondent file holds: variables, labels, answers, what is missing
    Describe(describe::Args),
    /// Who was sampled and how: strata, PSUs, weights, and what looks wrong with them
    Design(design::Args),
    /// Means, shares, totals, quantiles of respondents, with standard errors of the design
    Estimate(Box<estimate::Args>),
    /// Banner tables: questions by columns side by side, with letters for what differs
    Crosstab(Box<crosstab::Args>),
    /// Every question with its answers and bases, earlier waves beside it
    Topline(Box<topline::Args>),
    /// Tests of respondents: tables, means, ranks of groups, with the design in them
    Test(Box<test::Args>),
    /// Regressions of respondents: coefficients, terms, margins, by the design
    Fit(Box<fit::Args>),
    /// Weights from a raw sample: rake, poststratify, calibrate, trim
    Weight(Box<weight::Args>),
    /// Sums without respondents, or the query that makes them in another engine
    Sums(Box<sums::Args>),
    /// Polls as others publish them, made into the CSV that trends are made of
    Import(import::Args),
    /// Many polls of one question as one line, with bands, houses, what was left out
    Trend(Box<trend::Args>),
    /// Draw figures: PNG, SVG, PDF, HTML, slides
    Chart(chart::Args),
    /// The house style of charts: a file to begin with, or what is in force
    Style(style::Args),
    /// A tool server for agents, on standard input and output
    #[cfg(feature = "mcp")]
    Mcp(mcp::Args),
    /// The columns of a command's output, with types and units
    Schema(schema::Args),
    /// Completions for a shell
    Completions(completions::Args),
    /// The manual page
    Man(reference::Args),
}

/// Runs one command line, the name of the program first: `opine interval 63 -n 1500`.
///
/// Never ends the process: help, version and wrong use are printed like everything else, and the code says how it went.
/// Several may run at once, each with streams of its own; files are named relative to the folder of the process.
///
/// ```
/// use opine::cli::{ExitCode, Streams, run_from};
///
/// let (mut output, mut error) = (Vec::new(), Vec::new());
/// let streams = Streams::buffers(std::io::empty(), &mut output, &mut error);
/// let code = run_from(["opine", "interval", "63", "-n", "1500"], streams);
/// assert_eq!(code, ExitCode::Fine);
/// assert!(String::from_utf8_lossy(&output).starts_with("63%, 95% interval 60.5–65.4"));
/// ```
pub fn run_from<A>(args: impl IntoIterator<Item = A>, streams: Streams) -> ExitCode
where
    A: Into<OsString>,
{
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    match parse(&args, &streams) {
        Err(error) => unparsed(&error, &args, &streams),
        Ok(parsed) => {
            let (done, streams) = execute(parsed, streams);
            ended(done, &streams)
        }
    }
}

/// The same for a program that asks what went wrong, and prints it itself.
#[cfg(feature = "mcp")]
fn run_within(args: &[OsString], streams: Streams) -> Result<(), Failure> {
    match parse(args, &streams) {
        Err(error) => Err(verbs::as_failure(&error)),
        Ok(parsed) => execute(parsed, streams).0,
    }
}

/// A command line as clap takes it apart.
struct Parsed {
    cli: Cli,
    command: clap::Command,
    matches: ArgMatches,
}

fn parse(args: &[OsString], streams: &Streams) -> Result<Parsed, clap::Error> {
    // explanations are not drawn out over the whole width of a large screen
    let width = streams.output_look().width.min(100);
    let mut command = help::shortened(Cli::command()).term_width(width);
    let args = minus::set_apart(&command, args);
    let matches = command.try_get_matches_from_mut(args)?;
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => Ok(Parsed {
            cli,
            command,
            matches,
        }),
        Err(error) => Err(error.format(&mut command)),
    }
}

/// Runs a command; its streams come back for what is to be said of its end.
fn execute(parsed: Parsed, streams: Streams) -> (Result<(), Failure>, Streams) {
    crate::files::guard::keep_quiet();
    match Paths::new(&parsed.command, &parsed.matches, streams.is_process()) {
        Err(failure) => (Err(failure), streams),
        Ok(paths) => {
            let session = Session {
                streams,
                paths,
                command: stamp::command_line(&parsed.command, &parsed.matches),
                quiet: parsed.cli.quiet,
                opened: Mutex::default(),
            };
            bound_threads(&session);
            let done = dispatch(parsed.cli.command, &session);
            session.say_assumptions();
            (done, session.streams)
        }
    }
}

/// Threads beyond some for each core slow everything down, and a machine may have no room for their stacks: a slip in the
/// variable of the pool must not take it down.
fn bound_threads(session: &Session) {
    const VARIABLE: &str = "RAYON_NUM_THREADS";
    static ONCE: Once = Once::new();
    let asked = std::env::var(VARIABLE).ok();
    let Some(asked) = asked.and_then(|text| text.parse::<usize>().ok()) else {
        return;
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let most = (4 * cores).max(16);
    if asked > most {
        ONCE.call_once(|| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(most);
            // another program that runs commands within itself may have a pool already
            if pool.build_global().is_ok() {
                session.note(&format!("{VARIABLE} is {asked}; {most} threads are taken"));
            }
        });
    }
}

/// Help and version as asked for; else what is wrong with the command line, and what it should have been.
fn unparsed(error: &clap::Error, args: &[OsString], streams: &Streams) -> ExitCode {
    let text = |look: TextOptions| match look.styled {
        true => error.render().ansi().to_string(),
        false => error.render().to_string(),
    };
    if !error.use_stderr() {
        let text = text(streams.output_look());
        return ended(streams.write_output(text.as_bytes()), streams);
    }
    if let Some(advice) = verbs::advice(error, args) {
        return ended(Err(Failure::Usage(advice)), streams);
    }
    // what was typed stands in the message, between colours that are to steer the terminal
    let typed = args.iter().map(|arg| arg.to_string_lossy());
    let look = TextOptions {
        styled: streams.error_look().styled
            && typed.into_iter().all(|arg| printable_lines(&arg) == arg),
        ..streams.error_look()
    };
    let message = text(look);
    match look.styled {
        true => streams.write_error(&message),
        false => streams.write_error(&printable_lines(&message)),
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && args.len() < 2 {
        streams.write_error(verbs::NONE);
    }
    ExitCode::Usage
}

fn ended(done: Result<(), Failure>, streams: &Streams) -> ExitCode {
    match done {
        Ok(()) => ExitCode::Fine,
        Err(_) if streams.is_interrupted() => {
            streams.write_error("stopped\n");
            ExitCode::Interrupted
        }
        Err(failure) => {
            if !failure.message().is_empty() {
                let message = failure.message();
                let message = printable_lines(&message);
                streams.write_error(&format!("error: {message}\n"));
            }
            failure.exit_code()
        }
    }
}

fn dispatch(command: Command, session: &Session) -> Result<(), Failure> {
    match command {
        Command::Report(args) => report::run(args, session),
        Command::Summary(args) => summary::run(args, session),
        Command::List(args) => list::run(args, session),
        Command::Card(args) => card::run(args, session),
        Command::Check(args) => check::run(args, session),
        Command::Bounds(args) => bounds::run(args, session),
        Command::Add(args) => add::run(args, session),
        Command::Edit(args) => edit::run_edit(args, session),
        Command::Remove(args) => edit::run_remove(args, session),
        Command::Export(args) => export::run(args, session),
        Command::Init(args) => init::run(args, session),
        Command::Interval(args) => interval::run(args, session),
        Command::Compare(args) => compare::run(args, session),
        Command::Pool(args) => pool::run(args, session),
        Command::Size(args) => size::run(args, session),
        Command::Describe(args) => describe::run(args, session),
        Command::Design(args) => design::run(args, session),
        Command::Estimate(args) => estimate::run(*args, session),
        Command::Crosstab(args) => crosstab::run(*args, session),
        Command::Topline(args) => topline::run(*args, session),
        Command::Test(args) => test::run(*args, session),
        Command::Fit(args) => fit::run(*args, session),
        Command::Weight(args) => weight::run(*args, session),
        Command::Sums(args) => sums::run(*args, session),
        Command::Import(args) => import::run(args, session),
        Command::Trend(args) => trend::run(*args, session),
        Command::Chart(args) => chart::run(args, session),
        Command::Style(args) => style::run(args, session),
        #[cfg(feature = "mcp")]
        Command::Mcp(args) => mcp::run(args, session),
        Command::Schema(args) => schema::run(args, session),
        Command::Completions(args) => completions::run(args, Cli::command(), session),
        Command::Man(args) => reference::run(args, Cli::command(), session),
    }
}
