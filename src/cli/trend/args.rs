//! What a trend is made of and how, as it is typed; `opine trend` and `opine chart polls` take the same.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::data::DataArgs;
use crate::cli::values;
use crate::published::figures::date::Date;
use crate::published::trend::{HousePart, Parameters, SamplingShare, Variances};

/// The polls of a file, what is followed in them, and the model.
#[derive(clap::Args, Clone)]
pub struct ModelArgs {
    /// Polls: contest, poll, pollster, start, end, n, response, percent, one row a poll and answer; or a selector of figures
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Answers to follow [default: all]
    #[arg(long, value_name = "ANSWERS", value_delimiter = ',')]
    pub response: Vec<String>,
    /// One answer less another: A-B
    #[arg(long, value_name = "A-B")]
    pub lead: Vec<String>,
    /// An answer among several: A/(A+B)
    #[arg(long, value_name = "A/(A+B)")]
    pub share: Vec<String>,
    /// Answers together: A+B
    #[arg(long, value_name = "A+B")]
    pub sum: Vec<String>,
    /// Which contest of the file, where it has several
    #[arg(long, value_name = "CONTEST")]
    pub contest: Option<String>,
    /// Polls whose fieldwork ended on this day or later
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub from: Option<i64>,
    /// Polls whose fieldwork ended on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub to: Option<i64>,
    /// The day to answer for; it may lie after the last poll
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub on: Option<i64>,
    /// Of one poll, the first of these populations that it has
    #[arg(
        long,
        value_name = "KINDS",
        value_delimiter = ',',
        default_value = "lv,rv,v,a"
    )]
    pub population: Vec<String>,
    /// Overlapping polls of one house: thin keeps the latest, keep all
    #[arg(long, value_enum, default_value = "thin")]
    pub overlap: Overlap,
    /// What makes a house: pollster, and mode, population or sponsor, as in pollster+mode
    #[arg(long, value_name = "PARTS", default_value = "pollster", value_parser = house)]
    pub house: HouseParts,
    /// Leave polls out that were made for one side
    #[arg(long, value_enum, value_name = "KIND")]
    pub exclude: Option<Exclude>,
    /// The level: houses, polls, pollster=NAME, result=DATE[,DATE]
    #[arg(long, value_name = "WHICH", default_value = "houses")]
    pub level_by: String,
    /// Standard deviations: integrated, reml, or fixed:SIGMA,OMEGA,TAU in points
    #[arg(long, value_name = "HOW", default_value = "integrated", value_parser = variances)]
    pub variance: Variances,
    /// Share in the sampling variance of polls: pooled, of all polls, or smoothed, of the line
    #[arg(long, value_name = "SHARE", default_value = "pooled", value_parser = sampling, hide_short_help = true)]
    pub sampling: SamplingShare,
    /// Design effect of the polls, where one is known
    #[arg(long, value_name = "D", value_parser = values::positive)]
    pub deff: Option<f64>,
    /// Respondents of polls that do not say how many
    #[arg(long, value_name = "N", value_parser = values::sample_size)]
    pub assume_n: Option<f64>,
    /// Put in the error that polls of an election share, in points at 50% [default: 1.9]
    #[arg(long, value_name = "POINTS", num_args = 0..=1, value_parser = values::positive)]
    pub historical_error: Option<Option<f64>>,
    /// A line of fewer than 8 polls or 3 houses
    #[arg(long)]
    pub force: bool,
    /// Confidence level of the bands: 0.95 or 95
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = values::level)]
    pub level: f64,
    #[command(flatten)]
    pub data: DataArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Overlap {
    Thin,
    Keep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Exclude {
    Partisan,
}

#[derive(Clone, Debug)]
pub struct HouseParts(pub Vec<HousePart>);

/// A day as days since 1970-01-01.
pub fn day(text: &str) -> Result<i64, String> {
    match Date::parse(text) {
        Ok(date) if date.day.is_some() => Ok(date.days()),
        Ok(_) => Err(format!("“{text}” is no day: write 2017-09-24")),
        Err(error) => Err(match error.fix {
            Some(fix) => format!("“{text}” is no day, write {fix}"),
            None => format!("“{text}” is no day ({}): write 2017-09-24", error.reason),
        }),
    }
}

/// A number of days, `7d`.
pub fn days(text: &str) -> Result<i64, String> {
    let number = text.strip_suffix('d').unwrap_or(text).parse::<i64>();
    match number {
        Ok(days) if (1..=3660).contains(&days) => Ok(days),
        _ => Err(format!("“{text}” is no number of days: write 7d")),
    }
}

fn house(text: &str) -> Result<HouseParts, String> {
    let part = |name: &str| match name {
        "pollster" => Ok(HousePart::Pollster),
        "mode" => Ok(HousePart::Mode),
        "population" => Ok(HousePart::Population),
        "sponsor" => Ok(HousePart::Sponsor),
        _ => Err(format!(
            "{name} is none of pollster, mode, population, sponsor"
        )),
    };
    let parts: Result<Vec<HousePart>, String> = text.split('+').map(part).collect();
    Ok(HouseParts(parts?))
}

fn sampling(text: &str) -> Result<SamplingShare, String> {
    let known = [SamplingShare::Pooled, SamplingShare::Smoothed];
    let found = known.into_iter().find(|share| share.name() == text);
    found.ok_or_else(|| format!("“{text}” is neither pooled nor smoothed"))
}

fn variances(text: &str) -> Result<Variances, String> {
    let form = || {
        format!(
            "“{text}” is none of integrated, reml, fixed:SIGMA,OMEGA,TAU (points, as in fixed:0.2,1.5,0.8)"
        )
    };
    match text {
        "integrated" => return Ok(Variances::Integrated),
        "reml" => return Ok(Variances::Reml),
        _ => {}
    }
    let numbers = text.strip_prefix("fixed:").ok_or_else(form)?;
    let numbers: Result<Vec<f64>, _> = numbers.split(',').map(str::parse).collect();
    match numbers.map_err(|_| form())?.as_slice() {
        &[sigma, omega, tau]
            if [sigma, omega, tau]
                .iter()
                .all(|sd| (0.0..=100.0).contains(sd)) =>
        {
            Ok(Variances::Fixed(Parameters {
                sigma: sigma / 100.0,
                omega: omega / 100.0,
                tau: tau / 100.0,
            }))
        }
        _ => Err(form()),
    }
}
