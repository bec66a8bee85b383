use crate::cli::failure::Failure;
use crate::cli::output::{Document, OutputArgs};
use crate::cli::streams::Session;
use crate::cli::values;
use crate::frames::words::thousands;
use crate::frames::{Column, Frame};
use crate::published::figures::percent::Percent;
use crate::statistics::interval::{sample_size, sample_size_in_population};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine size --moe 3
  opine size --moe 3 --deff 1.6 --percent 20
  opine size --moe 3 --population 400        in a village of 400
  opine size --moe 2 --level 0.99 --json")]
pub struct Args {
    /// Margin of error wanted, in points: half the width of the interval
    #[arg(long, value_name = "M", value_parser = values::percent)]
    moe: Percent,
    /// Design effect expected: 1 is simple random sampling
    #[arg(long, value_name = "D", default_value = "1", value_parser = values::positive)]
    deff: f64,
    /// Percentage expected: 50 takes the most
    #[arg(long, value_name = "PERCENT", default_value = "50", value_parser = values::percent)]
    percent: Percent,
    /// People in the population, where the sample is no small part of it
    #[arg(long, value_name = "PEOPLE", value_parser = values::sample_size)]
    population: Option<f64>,
    /// Confidence level: 0.95 or 95
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = values::level)]
    level: f64,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let (moe, share) = (args.moe.value / 100.0, args.percent.value / 100.0);
    let n = match args.population {
        None => sample_size(moe, share, args.deff, args.level),
        Some(people) => sample_size_in_population(moe, share, args.deff, args.level, people),
    }
    .map_err(Failure::usage)?;
    let number = |name: &str, value: f64| Column::new(name, vec![value]);
    let mut columns = vec![
        Column::new("n", vec![i64::try_from(n).unwrap_or(i64::MAX)]),
        number("moe", moe),
        number("percent", share),
        number("deff", args.deff),
        number("level", args.level),
    ];
    columns.extend(args.population.map(|people| number("population", people)));
    let sentence = format!(
        "{} respondents{} for ±{} points at {}%, for a share near {}%{}.",
        thousands(n as f64),
        match args.population {
            Some(people) => format!(" of {} people", thousands(people)),
            None => String::new(),
        },
        args.moe,
        100.0 * args.level,
        args.percent,
        match args.deff == 1.0 {
            true => ", as a simple random sample".to_owned(),
            false => format!(", with a design effect of {}", args.deff),
        }
    );
    args.output.print(
        &Document {
            tables: Vec::new(),
            sentences: vec![sentence],
            frame: Frame::new(1, columns).map_err(Failure::usage)?,
        },
        session,
    )
}
