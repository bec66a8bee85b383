//! The command line: one short file a subcommand, no statistics.

mod add;
mod bounds;
mod card;
mod chart;
mod chart_request;
mod check;
mod compare;
mod compare_args;
mod compare_figures;
mod compare_options;
mod compare_rows;
mod completions;
mod data;
mod describe;
mod design;
mod estimate;
mod estimate_asked;
mod estimate_effects;
mod failure;
mod figure;
mod findings;
mod init;
mod interval;
mod list;
mod opened;
mod output;
mod progress;
mod rehearse;
mod report;
mod respondents;
mod schema;
mod schema_respondents;
mod size;
mod summary;
mod sums;
mod travelled;
mod weight;
mod weight_report;
mod weight_steps;

use std::process::ExitCode;

use failure::Failure;
pub use rehearse::rehearse;

use clap::{CommandFactory, Parser, Subcommand};

/// From a published headline to honest numbers: intervals, sources, contradictions.
#[derive(Parser)]
#[command(
    name = "opine",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  opine report                                   the headline figures: table and charts
  opine interval 63 -n 1500                      how sure is a published 63%?
  opine compare 48 45 -n 1000 --relation same-question   is that a lead?
  opine summary egf2023/consequences             published figures with intervals
  opine chart dot egf2023 -o egf.png             the same as a chart
  opine estimate poll.csv 'prop(q1)' --by region --weights weight      shares from respondents
  opine init my-polls                            an own copy of the data to add to

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
    /// Write an own copy of the data to add to
    Init(init::Args),
    /// The interval of a published percentage
    Interval(interval::Args),
    /// The difference of figures: what holds and what it does not show
    Compare(compare_args::Args),
    /// The sample it takes for a margin of error
    Size(size::Args),
    /// What a respondent file holds: variables, labels, answers, what is missing
    Describe(describe::Args),
    /// Who was sampled and how: strata, PSUs, weights, and what looks wrong with them
    Design(design::Args),
    /// Means, shares, totals, quantiles of respondents, with standard errors of the design
    Estimate(Box<estimate::Args>),
    /// Weights from a raw sample: rake, poststratify, calibrate, trim
    Weight(Box<weight::Args>),
    /// Sums without respondents, to be estimated from elsewhere; or the query that makes them in another engine
    Sums(Box<sums::Args>),
    /// Draw figures: SVG or PNG
    Chart(chart::Args),
    /// The columns of a command's output, with types and units
    Schema(schema::Args),
    /// Completions for a shell
    Completions(completions::Args),
    /// The manual page
    Man,
}

/// Parses the arguments, does what they say, prints what went wrong. The exit code of the program.
pub fn run() -> ExitCode {
    crate::files::guard::keep_quiet();
    match dispatch(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn dispatch(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Report(args) => report::run(args),
        Command::Summary(args) => summary::run(args),
        Command::List(args) => list::run(args),
        Command::Check(args) => check::run(args),
        Command::Bounds(args) => bounds::run(args),
        Command::Add(args) => add::run(args),
        Command::Init(args) => init::run(args),
        Command::Interval(args) => interval::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Size(args) => size::run(args),
        Command::Describe(args) => describe::run(args),
        Command::Design(args) => design::run(args),
        Command::Estimate(args) => estimate::run(*args),
        Command::Weight(args) => weight::run(*args),
        Command::Sums(args) => sums::run(*args),
        Command::Chart(args) => chart::run(args),
        Command::Card(args) => card::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => completions::run(args, Cli::command()),
        Command::Man => completions::man(Cli::command()),
    }
}
