use super::failure::Failure;
use super::output::{Document, Format, OutputArgs};
use super::respondents::{DesignArgs, FileArgs};
use super::streams::Session;
use crate::present::survey;
use crate::survey::estimate::Group;
use crate::survey::expr::with_backquotes;
use crate::survey::microdata;
use crate::survey::microdata::Source;
use crate::survey::testing::balance;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine describe poll.csv
  opine describe poll.csv --all
  opine describe poll.csv --json

Every variable with its label, kind, answers and what is missing by kind. Numbers are unweighted.")]
pub struct Args {
    #[command(flatten)]
    file: FileArgs,
    /// All values of every variable, not 12 at the most
    #[arg(long)]
    all: bool,
    /// Standardised differences of all variables between two groups: sex, or 'wave == 1'
    ///
    /// Second group less first, over the root of the mean of both variances, by the weights of the design.
    #[arg(long, value_name = "GROUP")]
    balance: Option<String>,
    #[command(flatten)]
    design: DesignArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    if args.all && args.output.format()?.is_exact() {
        return Err(Failure::Usage(
            "--all has no effect: csv, json and parquet have all values".to_owned(),
        ));
    }
    if let Some(group) = &args.balance {
        return print_balance(&args, group, session);
    }
    if let Some(flag) = args.design.first_set() {
        return Err(Failure::no_effect(
            flag,
            "numbers are unweighted; it goes with --balance",
        ));
    }
    if args.file.writes_codebook() {
        return write_codebook(&args, session);
    }
    let source = args.file.open(session)?;
    let description = microdata::describe(&source)?;
    for warning in description.warnings() {
        session.warn(&warning);
    }
    for note in description.notes() {
        session.note(&note);
    }
    let codebook = source.codebook();
    if args.all && !survey::is_shortened(&description) {
        session.note("--all changes nothing: no variable has more values than are listed");
    }
    let table = survey::description(&description, codebook, &args.file.title(), args.all);
    args.output.print(
        &Document {
            tables: vec![table],
            sentences: Vec::new(),
            frame: survey::description_frame(&description, codebook).map_err(Failure::usage)?,
        },
        session,
    )
}

/// How alike two groups are.
fn print_balance(args: &Args, group: &str, session: &Session) -> Result<(), Failure> {
    if args.all {
        return Err(Failure::no_effect(
            "--all",
            "--balance has a table of its own",
        ));
    }
    let design = args.design.read(session)?;
    let source = args.file.open(session)?;
    let group = Group::parse(&with_backquotes(group, source.codebook()))?;
    let found = balance(&source, &design, &group, None)?;
    for warning in &found.warnings {
        session.warn(warning);
    }
    if args.output.format()?.is_exact() {
        for note in survey::balance_notes(&found) {
            session.note(&note);
        }
    }
    args.output.print(
        &Document {
            tables: vec![survey::balance_table(&found, &args.file.title())],
            sentences: Vec::new(),
            frame: survey::balance_frame(&found).map_err(Failure::usage)?,
        },
        session,
    )
}

/// A codebook to be filled in.
fn write_codebook(args: &Args, session: &Session) -> Result<(), Failure> {
    let format = args.output.format()?;
    if args.all || !matches!(format, Format::Text | Format::Csv) {
        return Err(Failure::Usage(
            "the draft of a codebook is CSV, with values that are few".to_owned(),
        ));
    }
    let file = FileArgs {
        codebook: None,
        ..args.file.clone()
    };
    let source = file.open(session)?;
    let draft = microdata::codebook_draft(&microdata::describe(&source)?)?;
    args.output.print_exact(&draft, session)
}
