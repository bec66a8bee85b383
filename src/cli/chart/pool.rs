//! `opine chart pool`: polls and their average as a picture.

use std::path::PathBuf;

use super::args::LookArgs;
use super::csv_frame;
use crate::cli::failure::Failure;
use crate::cli::published::pool::PoolArgs as Polls;
use crate::cli::streams::Session;
use crate::cli::tables::TableFile;
use crate::frames::{Column, Frame, read_json};
use crate::present::published::{Captions, PooledLines, pool_about};
use crate::survey::microdata::write;
use crate::tabular;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine chart pool 48@1000 51@1512 46@820 50@2003 -o pool.png
  opine chart pool Alpha=48@1000 Beta=51@1512 Gamma=46@820 --deff 1.5 -o pool.svg
  opine pool waves.csv --json | opine chart pool - -o pool.png")]
pub struct PoolArgs {
    #[command(flatten)]
    polls: Polls,
    /// The file of the house style [default: opine.toml where there is one]
    #[arg(long, value_name = "FILE")]
    style: Option<PathBuf>,
    #[command(flatten)]
    look: LookArgs,
}

pub fn run(args: &PoolArgs, session: &Session) -> Result<(), Failure> {
    args.look.check()?;
    args.look
        .refuse_colours("squares are sized by weight, the average is blue")?;
    args.look.refuse_sort("polls stand as they were given")?;
    let lines = match rows_of(args, session)? {
        Some(frame) => {
            if let Some(option) = args.polls.named_option() {
                return Err(Failure::no_effect(option, "the average is made already"));
            }
            let input = args.polls.only().unwrap_or_default();
            PooledLines::from_frame(&frame)
                .map_err(|error| Failure::Usage(format!("{input}: {error}")))?
        }
        None => {
            let level = args.polls.level();
            let results = args.polls.results(None, session)?;
            let Some((_, result)) = results.first() else {
                return Err(Failure::Usage("there are no polls to pool".to_owned()));
            };
            PooledLines::new(result, level, pool_about(result))
        }
    };
    let usual = match (lines.shares, lines.points) {
        (true, _) => "Per cent. Lines are intervals, squares are sized by weight.",
        (_, true) => {
            "Difference of shares, in points. Lines are intervals, squares are sized by weight."
        }
        _ => "Lines are intervals, squares are sized by weight.",
    };
    let captions = Captions {
        title: args.look.title.clone().unwrap_or_else(|| lines.headline()),
        subtitle: Some(
            args.look
                .subtitle
                .clone()
                .unwrap_or_else(|| usual.to_owned()),
        ),
        foot: Vec::new(),
    };
    let numbers = numbers(&lines).map_err(Failure::usage)?;
    args.look.write(
        &lines.chart(captions),
        args.style.as_deref(),
        Some(&numbers),
        session,
    )
}

/// Rows of an average that was made before, if the only thing typed is a file of them.
fn rows_of(args: &PoolArgs, session: &Session) -> Result<Option<Frame>, Failure> {
    let Some(only) = args.polls.only() else {
        return Ok(None);
    };
    if only.ends_with(".parquet") {
        let (frame, _) = write::read_frame(std::path::Path::new(only))?;
        return Ok(Some(frame));
    }
    let is_file = only == "-" || only.ends_with(".json") || only.ends_with(".csv");
    if !is_file {
        return Ok(None);
    }
    let file = TableFile::open(only, tabular::Options::default(), session)?;
    let frame = match file.is_json() {
        true => read_json(&String::from_utf8_lossy(&file.bytes))
            .map_err(|error| Failure::Usage(format!("{only}: {error}")))?
            .into_frame(),
        false => csv_frame(&file)?,
    };
    // other rows are polls to be pooled; standard input is read once
    match frame.column("polls") {
        None if only != "-" => Ok(None),
        _ => Ok(Some(frame)),
    }
}

/// What is drawn, a row a poll.
fn numbers(lines: &PooledLines) -> Result<Frame, crate::frames::Error> {
    let all = || lines.polls.iter().chain([&lines.average]);
    let count = lines.polls.len() + 1;
    let label: Vec<Option<String>> = all().map(|line| Some(line.label.clone())).collect();
    let text = |of: &str| vec![Some(of.to_owned()); count];
    let number =
        |of: &dyn Fn(&crate::present::published::PooledLine) -> Option<f64>| -> Vec<Option<f64>> {
            all().map(of).collect()
        };
    Frame::new(
        count,
        vec![
            Column::new("source", text("pool")),
            Column::new("variable", text("average")),
            Column::new("level", label),
            Column::new("estimate", number(&|line| Some(line.estimate))),
            Column::new("ci_low", number(&|line| Some(line.interval.0))),
            Column::new("ci_high", number(&|line| Some(line.interval.1))),
            Column::new("n", number(&|line| line.n)),
            Column::new("weight", number(&|line| Some(line.weight))),
        ],
    )
}
