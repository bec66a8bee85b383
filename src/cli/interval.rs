use super::failure::Failure;
use super::output::{Document, OutputArgs};
use super::streams::Session;
use super::values::{self, IntervalArgs, rounding_range};
use crate::frames::words::thousands;
use crate::frames::{Estimate, Estimates};
use crate::published::figures::basis::margin_note;
use crate::published::figures::effective_n::{deff_of_margin, effective_n};
use crate::published::figures::percent::Percent;
use crate::published::figures::rounding;
use crate::statistics::interval::{self, Method, Sample};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine interval 63 -n 1500
  opine interval 63 -n 1500 --deff 1.6 --ci wilson
  opine interval 63 -n 1000 --moe 4          design effect from a published margin of error
  opine interval 63 -n 1500 --rounding       a printed 63 stands for 62.5 to 63.5
  opine interval 0 -n 500 --ci clopper-pearson --level 0.99 --json")]
pub struct Args {
    /// The percentage as printed: 63 or 62.5
    #[arg(value_name = "PERCENT", value_parser = values::percent, allow_negative_numbers = true)]
    percent: Percent,
    /// Number of respondents
    #[arg(short, value_name = "N", value_parser = values::sample_size)]
    n: f64,
    /// Design effect: 1 is simple random sampling
    #[arg(long, value_name = "D", value_parser = values::positive, conflicts_with = "moe")]
    deff: Option<f64>,
    /// Published margin of error in points, from which the design effect follows
    #[arg(long, value_name = "M", value_parser = values::percent)]
    moe: Option<Percent>,
    /// Confidence level of the published margin
    #[arg(long, value_name = "LEVEL", value_parser = values::level, requires = "moe")]
    moe_level: Option<f64>,
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

/// The design effect that is used, with where it comes from.
struct Deff {
    value: Option<f64>,
    notes: Vec<String>,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    if args.df.is_some() && !uses_df(args.intervals.method) {
        return Err(Failure::Usage(format!(
            "--df has no effect on {}: it goes with wald, logit, asin or beta",
            args.intervals.method
        )));
    }
    let deff = deff(&args)?;
    let n_eff = effective_n(args.n, deff.value.unwrap_or(1.0)).map_err(Failure::usage)?;
    let sample = Sample {
        n_eff,
        respondents: Some(args.n),
        df: args.df,
    };
    let share = args.percent.value / 100.0;
    let method = args.intervals.method;
    let level = args.intervals.level;
    let bounds = match args.rounding {
        Some(step) => rounding::union(method, rounding_range(&args.percent, step)?, sample, level),
        None => interval::share(method, share, sample, level),
    }
    .map_err(Failure::usage)?;
    let mut estimate = Estimate::proportion("typed", "typed", None);
    estimate.estimate = Some(share);
    estimate.se = Some((share * (1.0 - share) / n_eff).sqrt());
    estimate.ci_low = Some(bounds.low);
    estimate.ci_high = Some(bounds.high);
    estimate.n = Some(args.n);
    estimate.n_eff = Some(n_eff);
    estimate.deff = deff.value;
    estimate.df = args.df;
    estimate.note = deff.notes.join("; ");
    let sentences = sentences(&args, &estimate, &deff);
    let frame = Estimates::from_rows(&[estimate])
        .map_err(Failure::usage)?
        .into_frame();
    args.output.print(
        &Document {
            tables: Vec::new(),
            sentences,
            frame,
        },
        session,
    )
}

fn uses_df(method: Method) -> bool {
    matches!(
        method,
        Method::Wald | Method::Logit | Method::Asin | Method::Beta
    )
}

fn deff(args: &Args) -> Result<Deff, Failure> {
    if let Some(deff) = args.deff {
        let note =
            "a design effect under 1 is taken as 1: no more precision than the respondents give";
        return Ok(Deff {
            value: Some(deff.max(1.0)),
            notes: if deff < 1.0 {
                vec![note.to_owned()]
            } else {
                Vec::new()
            },
        });
    }
    let Some(moe) = &args.moe else {
        return Ok(Deff {
            value: None,
            notes: Vec::new(),
        });
    };
    let level = args.moe_level.unwrap_or(0.95);
    let found = deff_of_margin(moe.value / 100.0, moe.unit / 200.0, args.n, level)
        .map_err(Failure::usage)?;
    Ok(Deff {
        value: Some(found.deff),
        notes: vec![margin_note(
            &moe.text,
            args.moe_level.map(|level| 100.0 * level),
            &found,
        )],
    })
}

/// What the interval is and what it leaves out, for people.
fn sentences(args: &Args, estimate: &Estimate, deff: &Deff) -> Vec<String> {
    let (low, high) = estimate.interval().unwrap_or_default();
    let level = 100.0 * args.intervals.level;
    let mut lines = vec![format!(
        "{}%, {level}% interval {:.1}–{:.1}{}",
        args.percent,
        100.0 * low,
        100.0 * high,
        if args.rounding.is_some() {
            ", rounding included"
        } else {
            ""
        },
    )];
    let n = thousands(args.n);
    let method = args.intervals.method.title();
    lines.push(match deff.value {
        Some(value) => {
            let n_eff = thousands(estimate.n_eff.unwrap_or(args.n));
            format!("{method}; n {n}, design effect {value:.2}, effective n {n_eff}.")
        }
        None => format!(
            "{method}; n {n}. No design effect given: at least that wide, sampling alone, as if a simple \
             random sample."
        ),
    });
    lines.extend(deff.notes.iter().map(|note| format!("Note: {note}.")));
    lines
}
