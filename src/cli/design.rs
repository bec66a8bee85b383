use super::failure::Failure;
use super::output::{Document, OutputArgs};
use super::respondents::{DesignArgs, FileArgs};
use super::streams::Session;
use crate::present::survey;
use crate::survey::estimate;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine design poll.csv --weights weight --strata stratum --psu psu
  opine design poll.csv --weights weight --json

Strata, PSUs, degrees of freedom, weights and what looks wrong. Exit code 1 where nothing would be estimated.")]
pub struct Args {
    #[command(flatten)]
    file: FileArgs,
    /// List all strata, however many
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    design: DesignArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let exact = args.output.format()?.is_exact();
    let design = args.design.read(session)?;
    if args.all && (exact || design.strata.is_empty()) {
        return Err(Failure::Usage(
            "--all has no effect: csv, json and parquet have a row for each stratum, and without strata there is none to list"
                .to_owned(),
        ));
    }
    let source = args.file.open(session)?;
    let sample = estimate::summarise_design(&source, &design)?;
    args.design.note_unused(sample.design_use, session);
    if args.all && sample.strata.len() <= survey::LISTED_STRATA {
        session.note("--all changes nothing: all strata are listed as it is");
    }
    args.output.print(
        &Document {
            tables: survey::design_tables(&sample, &design, &args.file.title(), args.all),
            sentences: Vec::new(),
            frame: survey::design_frame(&sample).map_err(Failure::usage)?,
        },
        session,
    )?;
    match sample.is_refused() {
        true => Err(Failure::Findings(String::new())),
        false => Ok(()),
    }
}
