use std::path::PathBuf;

use super::estimate::Said;
use super::estimate_asked::{Asked, Shown};
use super::estimate_effects::{before, nets_were_found};
use super::failure::Failure;
use super::output::{Answer, Format, Output};
use super::respondents::{DesignArgs, File};
use super::weight_report;
use super::weight_steps::{Steps, failure, raking_variance};
use crate::files;
use crate::present::report::{self, WeightingTables};
use crate::survey::design::Design;
use crate::survey::microdata::Source;
use crate::survey::weighting::recipe::{self, RakingVariance, weigh, write};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine weight sample.csv --rake targets.csv -o weighted.csv
  opine weight sample.csv --rake targets.csv --then 'mean(x)' 'prop(q1)' --by region
  opine weight sample.csv --weights base --rake targets.csv --trim 0.2,5 --trim-unit median --strict
  opine weight sample.csv --rake targets.csv --report weights --report-by region
  opine weight sample.csv --calibrate totals.csv --distance logit --bounds 0.3,3   numbers, too
  opine weight sample.csv --rake targets.csv --make-replicates bootstrap:200 -o weighted.parquet
  opine weight sample.csv --rake targets.csv -o weighted.sav   for SPSS; .sav and .dta keep their dictionary
  opine weight sample.csv --recipe recipe.toml -o weighted.csv   the steps in a file

Targets are a CSV, as counts or shares; the levels of a crossing a:b are written x:y:
  variable,level,target
  sex,female,0.51
  sex,male,0.49")]
pub struct Args {
    #[command(flatten)]
    file: File,
    #[command(flatten)]
    steps: Steps,
    /// How raking enters the variance of --then: greg or projection (R's rake) [default: greg]
    #[arg(long, value_name = "WAY", value_parser = raking_variance, requires = "then")]
    raking_variance: Option<RakingVariance>,
    /// Estimate with the new weights, by a variance that knows of them: 'mean(x)' 'prop(q1)' …
    #[arg(long, value_name = "ITEM", num_args = 1..)]
    then: Vec<String>,
    /// Write the respondents with their new weights: OUT.csv, .parquet, .sav, .zsav or .dta, and for replicate weights their
    /// OUT.design.toml
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Write a page, charts of weights and targets, and their numbers into a folder
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Groups whose design effect is shown: region
    #[arg(long, value_name = "GROUPS")]
    report_by: Option<String>,
    /// Format of what is printed [default: text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// The same as --format json
    #[arg(long, conflicts_with_all = ["format", "csv"])]
    json: bool,
    /// The same as --format csv
    #[arg(long, conflicts_with = "format")]
    csv: bool,
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    design: DesignArgs,
    /// Say nothing on standard error but errors
    #[arg(short, long)]
    quiet: bool,
}

/// Notes on a file that is written are as many as it has variables; so many are shown.
const NOTES: usize = 20;

pub fn run(args: Args) -> Result<(), Failure> {
    let (recipe, in_recipe) = args.steps.recipe()?;
    let design = match in_recipe {
        Some(design) if args.design.is_empty() => design,
        Some(_) => {
            return Err(Failure::Usage(
                "the recipe brings its design: leave out the flags of the design, or [design] in the recipe".to_owned(),
            ));
        }
        None => args.design.read()?,
    };
    if args.then.is_empty() && !(args.asked.is_empty() && args.shown.is_empty()) {
        return Err(Failure::Usage(
            "--by, --where, --ci and the like say how --then estimates, and there is no --then"
                .to_owned(),
        ));
    }
    let make = args.steps.replicates()?;
    let opened = args.file.open()?;
    let source: &dyn Source = &opened;
    let weighted = weigh(source, &design, &recipe, make).map_err(failure)?;
    if !args.quiet {
        for note in weighted.notes() {
            anstream::eprintln!("note: {note}");
        }
    }
    let output = Output::printed(args.format, args.json, args.csv);
    let diagnostics = weighted.diagnostics().map_err(failure)?;
    let mut tables = WeightingTables::new(&diagnostics);
    if let Some(by) = &args.report_by {
        let groups = weighted.diagnose_by(source, by).map_err(failure)?;
        tables.groups = Some(report::weighting_groups(by, &groups));
    }
    let answer = match args.then.is_empty() {
        true => None,
        false => {
            let in_use = (&design, source, &output);
            Some(estimated(&args, &weighted, in_use, &mut tables)?)
        }
    };
    if let Some(to) = &args.output {
        let options = args.file.options();
        let notes = write(&weighted, opened.path(), &options, &recipe.name, to).map_err(failure)?;
        if !args.quiet {
            for note in notes.iter().take(NOTES) {
                anstream::eprintln!("note: {note}");
            }
            if let Some(more) = notes.len().checked_sub(NOTES + 1) {
                anstream::eprintln!("note: and {} more like these", more + 1);
            }
            anstream::eprintln!("wrote {}", to.display());
        }
        if let Some(made) = &weighted.replicates {
            let beside = to.with_extension("design.toml");
            let design = made.design(&recipe.name).to_toml();
            files::replace(&beside, design.as_bytes())
                .map_err(|error| Failure::file(&beside, error))?;
            if !args.quiet {
                anstream::eprintln!("wrote {}: its --design", beside.display());
            }
        }
    }
    if let Some(folder) = &args.report {
        let name = args.file.name();
        weight_report::write(folder, &name, &weighted, &diagnostics, &tables, args.quiet)?;
    }
    let answer = said(answer, tables, &diagnostics)?;
    let quiet_text = args.output.is_some() && args.then.is_empty() && args.quiet;
    match quiet_text && args.format.is_none() && !args.json && !args.csv {
        true => Ok(()),
        false => output.print(&answer),
    }
}

/// The weights, or the estimates made with them beside those with the weights that came in.
fn said(
    estimates: Option<Answer>,
    tables: WeightingTables,
    diagnostics: &recipe::Diagnostics,
) -> Result<Answer, Failure> {
    let sentences = sentences(diagnostics);
    match estimates {
        None => Ok(Answer {
            tables: tables.into_short(),
            sentences,
            frame: diagnostics.frame().map_err(Failure::usage)?,
        }),
        Some(mut answer) => {
            answer.tables.extend(tables.estimates);
            answer.tables.extend(tables.groups);
            answer.sentences.extend(sentences);
            Ok(answer)
        }
    }
}

/// What was done, then what one should know of it.
fn sentences(diagnostics: &recipe::Diagnostics) -> Vec<String> {
    let warnings = diagnostics.warnings.iter();
    let warnings = warnings.map(|warning| format!("warning: {}", warning.text));
    diagnostics.steps.iter().cloned().chain(warnings).collect()
}

/// The exact estimates; for reading, those with the weights that came in beside them.
fn estimated(
    args: &Args,
    weighted: &recipe::Weighted,
    (design, source, output): (&Design, &dyn Source, &Output),
    tables: &mut WeightingTables,
) -> Result<Answer, Failure> {
    let request = args
        .asked
        .request(&args.then, &args.shown, &args.file.name())?;
    let format = output.format()?;
    before(&args.asked, &args.shown, &request, format)?;
    let raking = args.raking_variance.unwrap_or_default();
    let mut answer = weighted
        .estimate(source, &request, raking)
        .map_err(failure)?;
    nets_were_found(&answer)?;
    if !matches!(format, Format::Json | Format::Csv) || args.report.is_some() {
        let before = weighted
            .estimate_before(source, &request)
            .map_err(failure)?;
        tables.estimates = Some(report::weighting_estimates(&before.rows, &answer.rows));
    }
    // the foot names the weights that were used
    let weights = match &design.weights {
        Some(column) => format!("new weights, made from {column}"),
        None => "new weights".to_owned(),
    };
    answer.design = Design {
        weights: Some(weights),
        replicates: weighted
            .replicates
            .as_ref()
            .map(|made| made.declared.clone()),
        ..design.clone()
    };
    let said = Said {
        estimates: &answer,
        file: &args.file,
    };
    said.presented(&args.shown, output.width()?)
}
