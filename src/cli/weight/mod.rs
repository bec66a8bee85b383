//! `opine weight`: new weights, what they do, and the respondents with them.

mod no_effect;
pub mod steps;
mod then;

use std::path::{Path, PathBuf};

use steps::{Steps, design_beside, new_weights, raking_variance};

use super::estimate::{self, DisplayArgs, EstimateArgs, refuse_no_effect};
use super::failure::Failure;
use super::output::{Document, Format, OutputArgs};
use super::paths::{SIGNATURE, is_ours};
use super::respondents::{DesignArgs, FileArgs};
use super::streams::Session;
use super::values;
use crate::files::{self, Identity};
use crate::present::chart::Style;
use crate::present::provenance::Provenance;
use crate::present::report::{self, Picture};
use crate::present::survey::{WeightingTables, weighting_estimates, weighting_groups};
use crate::survey::design::{Design, DesignUse};
use crate::survey::estimate::SurveyEstimates;
use crate::survey::expr::with_backquotes;
use crate::survey::microdata::Source;
use crate::survey::weighting::recipe::{self, RakingVariance, Step, weigh, write};

#[derive(clap::Args)]
#[command(
    before_help = "\
Examples:
  opine weight sample.csv --rake targets.csv -o weighted.csv
  opine weight sample.csv --rake targets.csv --then 'mean(x)' 'prop(q1)' --by region
  opine weight sample.csv --weights base --rake targets.csv --trim 0.2,5 --trim-unit median --strict

Targets are a table, .csv or .xlsx, with variable,level,target, as counts or shares.",
    before_long_help = "\
Examples:
  opine weight sample.csv --rake targets.csv -o weighted.csv
  opine weight sample.csv --rake targets.csv --then 'mean(x)' 'prop(q1)' --by region
  opine weight sample.csv --rake targets.csv --then 'crosstab region'   banner tables with the new weights
  opine weight sample.csv --weights base --rake targets.csv --trim 0.2,5 --trim-unit median --strict
  opine weight sample.csv --rake targets.csv --report weights --report-by region
  opine weight sample.csv --calibrate totals.csv --distance logit --bounds 0.3,3   numbers, too
  opine weight sample.csv --rake targets.csv --make-replicates bootstrap:200 -o weighted.parquet
  opine weight sample.csv --rake targets.csv -o weighted.sav   for SPSS; .sav and .dta keep their dictionary
  opine weight sample.csv --recipe recipe.toml -o weighted.csv   the steps in a file

Targets are a table, .csv or .xlsx. Each variable adds up to 1 (shares), to 100 (per cents) or all to one number (counts);
the levels of a crossing a:b are written x:y, bands of an age in years 18-34, 65+ or under 30:
  variable,level,target
  sex,female,0.51
  sex,male,0.49"
)]
pub struct Args {
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    steps: Steps,
    /// How raking enters the variance of --then: greg or projection (R's rake) [default: greg]
    #[arg(long, value_name = "WAY", value_parser = raking_variance, requires = "then")]
    raking_variance: Option<RakingVariance>,
    /// Estimate with the new weights: 'mean(x)' 'prop(q1)' …
    ///
    /// Or 'crosstab party,age': banner tables of every question. By a variance that knows of the weights; the options of opine
    /// estimate say how.
    #[arg(long, value_name = "ITEM", num_args = 1.., value_parser = values::expression)]
    then: Vec<String>,
    /// Respondents with their new weights: .csv, .parquet, .sav, .dta
    ///
    /// Or .zsav; for replicate weights also their OUT.design.toml.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Put the new weights into FILE itself
    ///
    /// It is written beside and renamed: it is as it was or as it will be.
    #[arg(long)]
    in_place: bool,
    /// A page, charts of weights and targets, and their numbers
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Groups whose design effect is shown: region
    #[arg(long, value_name = "GROUPS")]
    report_by: Option<String>,
    /// Put the command into the page and charts, or the .parquet
    ///
    /// Beside the version and the hash of what was read, which are there anyway; without outputs and folders.
    #[arg(long, hide_short_help = true)]
    stamp: bool,
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
    estimate: EstimateArgs,
    #[command(flatten)]
    display: DisplayArgs,
    #[command(flatten)]
    design: DesignArgs,
}

/// Notes on a file that is written are as many as it has variables; so many are shown.
const NOTES: usize = 20;

pub fn run(mut args: Args, session: &Session) -> Result<(), Failure> {
    args.estimate.decimal = args.file.decimal;
    args.file.decimal_elsewhere = args.steps.has_targets() || args.estimate.standardise.is_some();
    let to = args.destination()?;
    let (recipe, in_recipe) = args.steps.recipe(&args.estimate.table_options(), session)?;
    for targets in recipe.steps.iter().filter_map(Step::targets) {
        if let Some(note) = &targets.note {
            session.note(note);
        }
    }
    let design = design_beside(in_recipe, &args.design, session)?;
    if args.then.is_empty() && !(args.estimate.is_empty() && args.display.is_empty()) {
        return Err(Failure::Usage(
            "--by, --where, --ci and the like say how --then estimates, and there is no --then"
                .to_owned(),
        ));
    }
    let output = OutputArgs::printed(args.format, args.json, args.csv);
    let format = output.format()?;
    no_effect::refuse_no_effect(&args, (&recipe, &design), to, format)?;
    estimate::refuse_for_design(&args.estimate, &design)?;
    if args.then.is_empty() && args.steps.make_replicates.is_none() {
        let why = "no errors are asked for (--then, --make-replicates)";
        args.design.note_no_errors(&design, why, session);
    }
    let make = args.steps.replicates()?;
    let design_path = to
        .zip(make.as_ref())
        .map(|(to, _)| to.with_extension("design.toml"));
    if let Some(path) = &design_path {
        session.paths.beside(path, is_ours)?;
    }
    let respondents = args.file.open(session)?;
    let source: &dyn Source = &respondents;
    let weighted = weigh(source, &design, &recipe, make)?;
    for note in weighted.notes() {
        session.note(note);
    }
    args.steps.note_unused(&weighted, session);
    note_raking_variance(&args, &recipe, session);
    let diagnostics = weighted.diagnostics()?;
    let mut tables = WeightingTables::new(&diagnostics);
    if let Some(by) = &args.report_by {
        let named = with_backquotes(by, source.codebook());
        let groups = weighted.diagnose_by(source, &named)?;
        tables.groups = Some(weighting_groups(by, &groups));
    }
    let columns = then::banner(&args.then)?;
    let banner = match columns {
        None => None,
        Some(columns) => Some(then::tables(&args, columns, &weighted, &design, source)?),
    };
    let model = match columns {
        None => args.model(&weighted, source, session)?,
        Some(_) => None,
    };
    let estimates = match args.then.is_empty() || model.is_some() || columns.is_some() {
        true if columns.is_some() => None,
        true => {
            let data = DesignUse {
                missing_weights: weighted.without_weight > 0,
                // of no concern to weights
                lonely: true,
                nest: true,
            };
            args.design.note_unused(data, session);
            None
        }
        false => Some(estimated(
            &args,
            &weighted,
            &design,
            source,
            (format, session),
            &mut tables,
        )?),
    };
    let report = match &args.report {
        Some(folder) => Some(Report::new(
            folder,
            &args.file,
            &weighted,
            &diagnostics,
            &tables,
            session,
        )?),
        None => None,
    };
    let document = match &estimates {
        Some(estimates) => {
            let title = args.file.title();
            Some(estimate::document(
                estimates,
                &title,
                &args.display,
                &output,
                session,
            )?)
        }
        None => model,
    };
    // from here on files are written
    if let Some(estimates) = &estimates {
        estimate::write_covariance(estimates, &args.display)?;
    }
    if let Some(to) = to {
        let options = args.file.options();
        let from = respondents.path();
        let made_by = match is_parquet(to) {
            true => vec![(
                Provenance::KEY.to_owned(),
                session.provenance(args.stamp).text(),
            )],
            false => Vec::new(),
        };
        let notes = write(&weighted, (from, &options), &recipe.name, to, &made_by)?;
        for note in notes.iter().take(NOTES) {
            session.note(note);
        }
        if let Some(more) = notes.len().checked_sub(NOTES + 1) {
            session.note(&format!("and {} more like these", more + 1));
        }
        session.say(&format!("wrote {}", to.display()));
    }
    if let Some((path, replicates)) = design_path.zip(weighted.replicates.as_ref()) {
        let design = replicates.design(&recipe.name).to_toml();
        let text = format!("{SIGNATURE} weight: the design of the replicate weights\n{design}");
        files::replace(&path, text.as_bytes()).map_err(|error| Failure::file(&path, error))?;
        session.say(&format!("wrote {}: its --design", path.display()));
    }
    if let Some(report) = &report {
        report.write(&session.provenance(args.stamp), session)?;
    }
    if let Some(made) = &banner {
        let sentences = sentences(&diagnostics);
        return then::print(&args, made, &sentences, (&output, format), session);
    }
    let quiet_text = to.is_some() && args.then.is_empty() && session.quiet;
    match quiet_text && args.format.is_none() && !args.json && !args.csv {
        true => Ok(()),
        false => output.print(&with_diagnostics(document, tables, &diagnostics)?, session),
    }
}

/// The one format of respondents with a place for what made it.
fn is_parquet(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"))
}

impl Args {
    /// A model with the new weights, where that is what --then asks for: 'fit y ~ a'.
    fn model(
        &self,
        weighted: &recipe::Weighted,
        source: &dyn Source,
        session: &Session,
    ) -> Result<Option<Document>, Failure> {
        let formula = |item: &String| Some(item.trim().strip_prefix("fit ")?.trim().to_owned());
        let formulas: Vec<String> = self.then.iter().filter_map(formula).collect();
        let formula = match (formulas.as_slice(), self.then.len()) {
            ([], _) => return Ok(None),
            ([formula], 1) => formula,
            _ => {
                return Err(Failure::Usage(
                    "--then 'fit …' stands alone: estimates and other models take a run of their own"
                        .to_owned(),
                ));
            }
        };
        if !(self.estimate.is_empty() && self.display.is_empty()) {
            return Err(Failure::Usage(
                "--by, --where, --ci and the like are of estimates; for a model with options opine fit --recipe makes the weights"
                    .to_owned(),
            ));
        }
        let args = super::fit::Args::of_formula(&self.file, formula)?;
        let raking = self.raking_variance.unwrap_or_default();
        let document = weighted.with_weights(source, raking, |source, design, weights| {
            args.document((source, design), Some(weights), session)
        });
        document.map(Some)
    }

    /// Where the respondents are written to.
    fn destination(&self) -> Result<Option<&Path>, Failure> {
        let file = self.file.file.as_path();
        match (&self.output, self.in_place) {
            (output, false) => Ok(output.as_deref()),
            (_, true) if file == Path::new("-") => Err(Failure::no_effect(
                "--in-place",
                "the respondents come from standard input",
            )),
            (None, true) => Ok(Some(file)),
            (Some(output), true) if Identity::from_path(output) == Identity::from_path(file) => {
                Ok(Some(file))
            }
            (Some(output), true) => Err(Failure::no_effect(
                "--in-place",
                &format!("-o writes to {}", output.display()),
            )),
        }
    }
}

/// Raking by one margin has one variance.
fn note_raking_variance(args: &Args, recipe: &recipe::Recipe, session: &Session) {
    let margins = |step: &Step| match step {
        Step::Rake { targets, .. } => targets.variables.len(),
        _ => 0,
    };
    if args.raking_variance.is_some() && recipe.steps.iter().map(margins).max() == Some(1) {
        session.note("--raking-variance changes nothing: there is one margin");
    }
}

/// The weights, or the estimates made with them beside those with the weights that came in.
fn with_diagnostics(
    estimates: Option<Document>,
    tables: WeightingTables,
    diagnostics: &recipe::Diagnostics,
) -> Result<Document, Failure> {
    let sentences = sentences(diagnostics);
    match estimates {
        None => Ok(Document {
            tables: tables.into_short(),
            sentences,
            frame: diagnostics.frame().map_err(Failure::usage)?,
        }),
        Some(mut document) => {
            document.tables.extend(tables.estimates);
            document.tables.extend(tables.groups);
            document.sentences.extend(sentences);
            Ok(document)
        }
    }
}

/// Pictures with their numbers, and a page with all of it as weighting.html.
struct Report<'a> {
    folder: &'a Path,
    pictures: Vec<Picture>,
    page: String,
}

const PAGE: &str = "weighting.html";

impl<'a> Report<'a> {
    /// Refused where a file of the user’s own would be replaced.
    fn new(
        folder: &'a Path,
        file: &FileArgs,
        weighted: &recipe::Weighted,
        diagnostics: &recipe::Diagnostics,
        tables: &WeightingTables,
        session: &Session,
    ) -> Result<Report<'a>, Failure> {
        let style = Style::default();
        let pictures = report::weighting_pictures(weighted, diagnostics, &style)?;
        for path in report::paths(&pictures, folder) {
            session.paths.beside(&path, is_ours)?;
        }
        session.paths.beside(&folder.join(PAGE), is_ours)?;
        let page = report::weighting_page(&file.name(), weighted, diagnostics, tables, &style)?;
        Ok(Report {
            folder,
            pictures,
            page,
        })
    }

    fn write(&self, made_by: &Provenance, session: &Session) -> Result<(), Failure> {
        let mut paths = report::write(&self.pictures, self.folder, Some(made_by))?;
        let page = report::write_page(&self.page, self.folder, PAGE, Some(made_by));
        paths.push(page?);
        for path in paths {
            session.say(&format!("wrote {}", path.display()));
        }
        Ok(())
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
    design: &Design,
    source: &dyn Source,
    (format, session): (Format, &Session),
    tables: &mut WeightingTables,
) -> Result<SurveyEstimates, Failure> {
    let name = args.file.name();
    let codebook = source.codebook();
    let mut request = args
        .estimate
        .request(&args.then, &args.display, &name, codebook, session)?;
    // the targets make groups depend on each other that share no respondent
    request.options.covariance |= args.display.pairwise;
    request.options.limits.table = !format.is_exact();
    refuse_no_effect(&args.estimate, &args.display, &request, format)?;
    let raking = args.raking_variance.unwrap_or_default();
    let mut estimates = weighted.estimate(source, &request, raking)?;
    estimates.check_names()?;
    estimate::refuse_for_variables(&args.estimate, &estimates)?;
    estimate::say_beside(&estimates, format, session);
    estimate::note_no_effect(&args.estimate, &args.display, &estimates, format, session);
    if !matches!(format, Format::Json | Format::Csv) || args.report.is_some() {
        let before = weighted.estimate_before(source, &request)?;
        tables.estimates = Some(weighting_estimates(&before.rows, &estimates.rows));
    }
    let data = DesignUse {
        missing_weights: weighted.without_weight > 0,
        ..estimates.design_use()
    };
    args.design.note_unused(data, session);
    let replicates = weighted.replicates.as_ref();
    estimates.design = Design {
        // the foot names the weights that were used
        weights: Some(new_weights(&design.weights)),
        replicates: replicates.map(|replicates| replicates.declared.clone()),
        ..design.clone()
    };
    Ok(estimates)
}
