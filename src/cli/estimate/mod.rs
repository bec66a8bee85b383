//! `opine estimate`: of respondents, or of the sums that `opine sums` made of them.

mod args;
mod no_effect;

use std::path::{Path, PathBuf};

pub use args::{DisplayArgs, EstimateArgs};
pub use no_effect::{note_no_effect, refuse_for_design, refuse_for_variables, refuse_no_effect};

use super::failure::Failure;
use super::output::{Document, Format, OutputArgs};
use super::respondents::{DesignArgs, FileArgs, ImputationArgs, for_sources};
use super::streams::Session;
use super::values;
use crate::files;
use crate::frames::{Comparison, Comparisons, Estimates, Frame};
use crate::present::explain;
use crate::present::survey::{self, DisplayOptions};
use crate::present::table::Table;
use crate::statistics::adjust::Adjust;
use crate::survey::design::Design;
use crate::survey::estimate::{
    self, Covariance, Imputations, MOST_OF_TABLE, Pairwise, SumsFiles, SumsOptions, SurveyEstimates,
};
use crate::survey::microdata::Source;
use crate::survey::sums::export::is_sums;

#[derive(clap::Args)]
#[command(
    before_help = "\
Examples:
  opine estimate poll.csv 'prop(q1)' --weights weight --strata stratum --psu psu
  opine estimate poll.csv 'mean(therm_us)' --by region,age --where \"party in ['Blue', 'Red']\"
  opine estimate poll.csv 'prop(q1)' --by region --csv | opine chart dot - -o q1.png",
    before_long_help = "\
Examples:
  opine estimate poll.csv 'prop(q1)' --weights weight --strata stratum --psu psu
  opine estimate poll.csv 'prop(q1)' 'mean(therm_us)' --by region --format md
  opine estimate poll.csv 'mean(therm_us)' --by region,age --where \"party in ['Blue', 'Red']\"
  opine estimate poll.csv 'prop(q1)' --net 'Worried=Very worried,Somewhat worried' --weights weight
  opine estimate poll.csv 'mean(therm_us)' --by party --pairwise --weights weight
  opine estimate poll.csv \"Worried = prop(q1 in ['Very worried', 'Somewhat worried'])\" --by age --weights weight
  opine estimate poll.csv 'prop(q1)' --by region --csv | opine chart dot - -o q1.png

Shares are printed as whole per cents with bounds to one decimal, other statistics to two digits of their
standard error; csv and json hold every digit. Estimates on a base under 100 are flagged, under 30 not shown."
)]
pub struct Args {
    #[command(flatten)]
    file: FileArgs,
    /// What to estimate: 'mean(x)' 'prop(q1)' 'total(y)' 'ratio(y, x)' 'median(y)' 'count()'
    ///
    /// Also 'quantile(y, 0.25, 0.5)', 'var(y)' and combinations, 'mean(a) - mean(b)'. Of sums all that are in them, where none
    /// is named; more files of sums may stand before the items.
    #[arg(value_name = "ITEM", value_parser = values::expression)]
    items: Vec<String>,
    #[command(flatten)]
    estimate: EstimateArgs,
    #[command(flatten)]
    imputations: ImputationArgs,
    #[command(flatten)]
    display: DisplayArgs,
    #[command(flatten)]
    design: DesignArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// How the numbers come about: design, formulas, R code; in the place of tables
    #[arg(long, help_heading = "Output")]
    explain: bool,
}

pub fn run(mut args: Args, session: &Session) -> Result<(), Failure> {
    args.estimate.decimal = args.file.decimal;
    args.file.decimal_elsewhere = args.estimate.standardise.is_some();
    match sums_and_items(&args.file.file, &args.items) {
        Some(_) if args.file.decimal.is_some() && args.estimate.standardise.is_none() => {
            Err(Failure::no_effect("--decimal", "sums hold no text"))
        }
        Some(_) if args.explain => Err(Failure::no_effect(
            "--explain",
            "sums were made before, and R reads respondents",
        )),
        Some(_) if args.imputations.named().is_some() => Err(Failure::no_effect(
            args.imputations.named().unwrap_or_default(),
            "sums were made of one file of respondents each",
        )),
        Some((files, items)) => run_sums(&args, &files, items, session),
        None => run_respondents(&args, session),
    }
}

fn run_respondents(args: &Args, session: &Session) -> Result<(), Failure> {
    if args.items.is_empty() {
        return Err(Failure::Usage(
            "name what to estimate, as in 'prop(q1)', 'mean(x)' or 'count()'".to_owned(),
        ));
    }
    let name = args.file.name();
    let format = args.output.format()?;
    let design = args.design.read(session)?;
    refuse_for_design(&args.estimate, &design)?;
    let source = args.file.open(session)?;
    let (estimate, codebook) = (&args.estimate, source.codebook());
    let imputed = Imputations::parse(&args.items)?;
    if let Some(sources) = args.imputations.sources(&args.file, &source, session)? {
        if imputed.is_some() {
            return Err(Failure::Usage(
                "imputations are in columns, as mi() says, or in files or rows of their own: not both"
                    .to_owned(),
            ));
        }
        let imputations = for_sources(&args.items, sources.len());
        let sources: Vec<&dyn Source> = sources.iter().map(Box::as_ref).collect();
        return run_imputations(args, (&sources, &design), &imputations, session);
    }
    if let Some(imputations) = imputed {
        return run_imputations(args, (&[&source], &design), &imputations, session);
    }
    let mut request = estimate.request(&args.items, &args.display, &name, codebook, session)?;
    request.options.limits.table = !args.explain && !format.is_exact();
    refuse_no_effect(estimate, &args.display, &request, format)?;
    let estimates = estimate::estimate(&source, &design, &request)?;
    estimates.check_names()?;
    if args.explain {
        return args
            .output
            .explain(&explain::estimates(&estimates, &args.file.file), session);
    }
    print(args, estimates, session)
}

/// Items with mi() in them: from each imputation, and from all together.
fn run_imputations(
    args: &Args,
    (sources, design): (&[&dyn Source], &Design),
    imputations: &Imputations,
    session: &Session,
) -> Result<(), Failure> {
    if args.explain {
        return Err(Failure::Usage(
            "--explain writes the code of one imputation: leave the others out".to_owned(),
        ));
    }
    if args.display.pairwise || args.display.covariance.is_some() {
        return Err(Failure::Usage(
            "--pairwise and --covariance are of one answer each: estimate a difference, as in 'mean(mi(a1..a5)) - mean(mi(b1..b5))'".to_owned(),
        ));
    }
    let mut requests = Vec::new();
    for (items, source) in imputations.texts.iter().zip(sources.iter().cycle()) {
        let (name, codebook) = (args.file.name(), source.codebook());
        let estimate = &args.estimate;
        let mut request = estimate.request(items, &args.display, &name, codebook, session)?;
        request.options.limits.table = !args.output.format()?.is_exact();
        requests.push(request);
    }
    if let Some(first) = requests.first() {
        refuse_no_effect(&args.estimate, &args.display, first, args.output.format()?)?;
    }
    let estimates = estimate::estimate_imputed(sources, design, &requests, imputations)?;
    print(args, estimates, session)
}

fn print(args: &Args, estimates: SurveyEstimates, session: &Session) -> Result<(), Failure> {
    let format = args.output.format()?;
    estimates.check_names()?;
    refuse_for_variables(&args.estimate, &estimates)?;
    say_beside(&estimates, format, session);
    note_no_effect(&args.estimate, &args.display, &estimates, format, session);
    args.design.note_unused(estimates.design_use(), session);
    write_covariance(&estimates, &args.display)?;
    // what is said around rows in Parquet is that of a table
    let is_long = format.is_exact() && estimates.rows.len() > MOST_OF_TABLE;
    if args.display.pairwise || format.has_tables() && !is_long {
        let title = args.file.title();
        let document = document(&estimates, &title, &args.display, &args.output, session)?;
        return args.output.print(&document, session);
    }
    let rows = estimates.into_rows();
    let frame = Estimates::from_rows(&rows).map_err(Failure::usage)?;
    drop(rows);
    args.output
        .print(&Document::from_frame(frame.into_frame()), session)
}

/// What is said on standard error: warnings always, notes where no foot has them.
pub fn say_beside(estimates: &SurveyEstimates, format: Format, session: &Session) {
    for warning in &estimates.warnings {
        session.warn(warning);
    }
    if format.is_exact() {
        for note in survey::notes(estimates) {
            session.note(&note);
        }
    }
}

/// The files of sums that the arguments begin with, and the items after them; `None` where the first file has respondents.
pub fn sums_and_items<'a>(
    file: &Path,
    items: &'a [String],
) -> Option<(Vec<PathBuf>, &'a [String])> {
    if !is_sums(file) {
        return None;
    }
    let more = items.iter().take_while(|item| {
        let path = Path::new(item.as_str());
        is_sums(path) && (path.is_file() || !item.contains('('))
    });
    let (more, items) = items.split_at(more.count());
    let files = std::iter::once(file.to_owned()).chain(more.iter().map(PathBuf::from));
    Some((files.collect(), items))
}

/// All items in the sums, or those that are named.
fn run_sums(
    args: &Args,
    files: &[PathBuf],
    items: &[String],
    session: &Session,
) -> Result<(), Failure> {
    let settled = args
        .estimate
        .before_sums()
        .or(args.design.before_sums())
        .or(args.file.before_sums());
    if let Some(flag) = settled {
        return Err(Failure::Usage(format!(
            "{flag} was settled when these sums were made; make them again with opine sums … {flag} …"
        )));
    }
    let (lonely, df) = args.design.after_sums();
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let files = SumsFiles::open(&paths)?;
    let codebook = files.codebook();
    let mut request = args
        .estimate
        .request(items, &args.display, "", &codebook, session)?;
    request.options.limits.table = !args.output.format()?.is_exact();
    let options = SumsOptions {
        request,
        lonely,
        df,
    };
    let estimates = files.estimate(&options)?;
    let format = args.output.format()?;
    refuse_no_effect(&args.estimate, &args.display, &estimates.request, format)?;
    args.design.refuse_no_effect(&estimates.design)?;
    refuse_for_design(&args.estimate, &estimates.design)?;
    print(args, estimates, session)
}

/// The covariance matrix, where it has a file.
pub fn write_covariance(estimates: &SurveyEstimates, display: &DisplayArgs) -> Result<(), Failure> {
    let Some(path) = &display.covariance else {
        return Ok(());
    };
    let matrix = Covariance::new(estimates).and_then(|matrix| matrix.to_csv());
    let matrix = matrix.map_err(Failure::usage)?;
    files::replace(path, matrix.as_bytes()).map_err(|error| Failure::file(path, error))
}

/// Tables and rows of estimates.
pub fn document(
    estimates: &SurveyEstimates,
    title: &str,
    display: &DisplayArgs,
    output: &OutputArgs,
    session: &Session,
) -> Result<Document, Failure> {
    let options = display.options(output.width(session)?);
    let mut tables = match output.format()?.has_tables() {
        true => survey::tables(estimates, title, &options),
        // of a million groups the table would take longer than the estimates
        false => Vec::new(),
    };
    let frame = match display.pairwise {
        false => Estimates::from_rows(&estimates.rows)
            .map_err(Failure::usage)?
            .into_frame(),
        true => {
            let adjust = display.adjust.unwrap_or_default();
            let (table, frame, is_adjusted) = pairs(estimates, title, &options, adjust)?;
            if display.adjust.is_some() && !is_adjusted {
                session.note("--adjust changes nothing: no p-value is adjusted, as one difference is no family");
            }
            tables.push(table);
            frame
        }
    };
    Ok(Document {
        tables,
        sentences: Vec::new(),
        frame,
    })
}

/// Differences of all pairs of domains, and whether their p-values are adjusted.
fn pairs(
    estimates: &SurveyEstimates,
    title: &str,
    options: &DisplayOptions,
    adjust: Adjust,
) -> Result<(Table, Frame, bool), Failure> {
    let how = Pairwise {
        adjust,
        level: estimates.request.options.level,
    };
    let mut pairs = estimate::pairwise(estimates, how).map_err(Failure::usage)?;
    if pairs.is_empty() {
        return Err(Failure::Usage(
            "--pairwise has no effect: there are no two domains with an estimate to compare"
                .to_owned(),
        ));
    }
    let table = survey::comparisons(&mut pairs, estimates, title, options, adjust);
    let rows: Vec<Comparison> = pairs.into_iter().map(|one| one.row).collect();
    let is_adjusted = rows.iter().any(|row| row.p_adjusted != row.p_value);
    let frame = Comparisons::from_rows(&rows).map_err(Failure::usage)?;
    Ok((table, frame.into_frame(), is_adjusted))
}
