//! `opine mcp`: the program as tools for an agent, by the Model Context Protocol over standard input and output.
//!
//! A tool is a command ([`tools`]); its arguments become a command line ([`line`]) of paths that lie in the folders the server
//! was started with ([`folders`]); what the program prints of it is the answer ([`answer`]). So a client gets the digits, the
//! notes and the refusals that a person at the terminal gets. [`server`] speaks the protocol and keeps the time.

mod answer;
mod folders;
mod line;
mod server;
mod tools;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use super::failure::Failure;
use super::streams::Session;
use super::values;
use folders::Folders;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine mcp polls                                the tools may read what is in the folder polls
  opine mcp polls ~/figures --timeout 20

In the settings of a client: {\"command\": \"opine\", \"args\": [\"mcp\", \"/home/me/polls\"]}

Tools: describe, design, estimate, crosstab, weight, interval, compare, check, bounds, figures, chart. Every answer
comes with what may be said of it. Files outside of the folders are not read, none is replaced, and a new one is
written only where a client names an output; the network is not used.")]
pub struct Args {
    /// Folders whose files the tools may read, the first for short names [default: the current one]
    #[arg(value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Longest time of an answer
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = values::positive)]
    timeout: f64,
    /// Most rows of an answer; more are written to a file, where a client names one
    #[arg(long, value_name = "N", default_value = "500", value_parser = clap::value_parser!(u32).range(1..))]
    max_rows: u32,
}

const FOR_AGENTS: &str = "opine mcp is for agents: a program starts it and talks to it over standard input and output, by the \
                          Model Context Protocol. Name it in the settings of that program: \
                          {\"command\": \"opine\", \"args\": [\"mcp\", \"FOLDER\"]}. At a terminal begin with opine --help";

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    if !session.streams.is_process() || std::io::stdin().is_terminal() {
        return Err(Failure::Usage(FOR_AGENTS.to_owned()));
    }
    let folders = Folders::enter(&args.folders)?;
    let timeout = Duration::try_from_secs_f64(args.timeout).map_err(Failure::usage)?;
    server::serve(folders, timeout, args.max_rows as usize)
}
