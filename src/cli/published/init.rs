use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::published::figures::store::{InitError, init};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine init                 into ./data, which every command then uses by itself
  opine init my-polls        into a folder of that name, used with --data my-polls
  opine init --empty mine    a store that holds nothing yet, for polls of your own")]
pub struct Args {
    /// The folder to write to; it is made where it is missing
    #[arg(value_name = "DIR", default_value = "data")]
    dir: PathBuf,
    /// No polls: the headers of the files, codes of countries, and answers such as don’t know
    #[arg(long)]
    empty: bool,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let written = init(&args.dir, args.empty).map_err(|error| match error {
        InitError::Exists(_) => Failure::Usage(error.to_string()),
        InitError::Io { .. } => Failure::File(error.to_string()),
    })?;
    let folder = args.dir.display();
    session.say(&format!("{} files written to {folder}", written.len()));
    session.say(&match args.empty {
        true => format!("next: opine add poll --data {folder} --poll … --title …, or opine import FILE --into {folder}"),
        false => format!("next: opine add figure --data {folder} --template"),
    });
    Ok(())
}
