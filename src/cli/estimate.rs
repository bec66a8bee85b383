use std::path::PathBuf;

use polars::prelude::DataFrame;

use super::estimate_asked::{Asked, Shown, failure};
use super::estimate_effects::{before, nets_were_found};
use super::failure::Failure;
use super::output::{Answer, Output};
use super::progress::Watched;
use super::respondents::{DesignArgs, File};
use super::travelled;
use crate::files;
use crate::frames::{Comparison, Comparisons, Estimates};
use crate::present::survey::{self, DisplayOptions};
use crate::present::table::Table;
use crate::survey::estimate::{self, Covariance, Pairwise, SurveyEstimates};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine estimate poll.csv 'prop(q1)' --weights weight --strata stratum --psu psu
  opine estimate poll.csv 'prop(q1)' 'mean(therm_us)' --by region --format md
  opine estimate poll.csv 'mean(therm_us)' --by region,age --where \"party in ['Blue', 'Red']\"
  opine estimate poll.csv 'prop(q1)' --net 'Worried=Very worried,Somewhat worried' --weights weight
  opine estimate poll.csv 'mean(therm_us)' --by party --pairwise --weights weight
  opine estimate poll.csv \"Worried = prop(q1 in ['Very worried', 'Somewhat worried'])\" --by age --weights weight
  opine estimate poll.csv 'prop(q1)' --by region --csv | opine chart dot - -o q1.png

Shares are printed as whole per cents with bounds to one decimal, other statistics to two digits of their
standard error; csv and json hold every digit. Estimates on a base under 100 are flagged, under 30 not shown.")]
pub struct Args {
    #[command(flatten)]
    file: File,
    /// What to estimate: 'mean(x)' 'prop(q1)' 'total(y)' 'ratio(y, x)' 'median(y)' 'count()' 'mean(a) - mean(b)'. Of sums
    /// all that are in them, where none is named; more files of sums may stand before the items
    #[arg(value_name = "ITEM")]
    items: Vec<String>,
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    design: DesignArgs,
    #[command(flatten)]
    output: Output,
    /// Say nothing on standard error but errors
    #[arg(short, long)]
    quiet: bool,
}

pub fn run(args: Args) -> Result<(), Failure> {
    if let Some((files, items)) = travelled::files(&args.file, &args.items) {
        return of_sums(&args, &files, &items);
    }
    if args.items.is_empty() {
        return Err(Failure::Usage(
            "name what to estimate, as in 'prop(q1)', 'mean(x)' or 'count()'".to_owned(),
        ));
    }
    let request = args
        .asked
        .request(&args.items, &args.shown, &args.file.name())?;
    let format = args.output.format()?;
    before(&args.asked, &args.shown, &request, format)?;
    let design = args.design.read()?;
    let source = Watched::new(Box::new(args.file.open()?), args.quiet);
    let answer = estimate::estimate(&source, &design, &request).map_err(failure)?;
    nets_were_found(&answer)?;
    if !args.quiet {
        for warning in &answer.warnings {
            anstream::eprintln!("warning: {warning}");
        }
    }
    let said = Said {
        estimates: &answer,
        file: &args.file,
    };
    args.output
        .print(&said.presented(&args.shown, args.output.width()?)?)
}

/// What was estimated, of what.
pub struct Said<'a> {
    pub estimates: &'a SurveyEstimates,
    pub file: &'a File,
}

impl Said<'_> {
    /// Tables and rows; the covariance goes to its own file.
    pub fn presented(&self, shown: &Shown, width: usize) -> Result<Answer, Failure> {
        let Said { estimates, file } = *self;
        if let Some(path) = &shown.covariance {
            let matrix = Covariance::new(estimates).and_then(|m| m.to_csv());
            let matrix = matrix.map_err(Failure::usage)?;
            files::replace(path, matrix.as_bytes()).map_err(|error| Failure::file(path, error))?;
        }
        let look = shown.look(width);
        let mut tables = survey::tables(estimates, &file.title(), &look);
        let frame = match shown.pairwise {
            false => {
                let estimates = Estimates::from_rows(&estimates.rows).map_err(Failure::usage)?;
                estimates.into_frame()
            }
            true => {
                let (table, frame) = self.pairs(shown, &look)?;
                tables.push(table);
                frame
            }
        };
        Ok(Answer {
            tables,
            sentences: Vec::new(),
            frame,
        })
    }
}

impl Said<'_> {
    fn pairs(&self, shown: &Shown, look: &DisplayOptions) -> Result<(Table, DataFrame), Failure> {
        let adjust = shown.adjust.unwrap_or_default();
        let how = Pairwise {
            adjust,
            level: self.estimates.request.options.level,
        };
        let mut pairs = estimate::pairwise(self.estimates, how).map_err(Failure::usage)?;
        if pairs.is_empty() {
            return Err(Failure::Usage(
                "--pairwise has no effect: there are no two domains with an estimate to compare"
                    .to_owned(),
            ));
        }
        let table =
            survey::comparisons(&mut pairs, self.estimates, &self.file.title(), look, adjust);
        let rows: Vec<Comparison> = pairs.into_iter().map(|one| one.row).collect();
        let frame = Comparisons::from_rows(&rows).map_err(Failure::usage)?;
        Ok((table, frame.into_frame()))
    }
}

/// The same from files of sums.
fn of_sums(args: &Args, files: &[PathBuf], items: &[String]) -> Result<(), Failure> {
    let travelled = travelled::estimate(
        files,
        items,
        &args.file,
        (&args.asked, &args.shown),
        &args.design,
    )?;
    let format = args.output.format()?;
    before(&args.asked, &args.shown, &travelled.request, format)?;
    if !args.quiet {
        for warning in &travelled.warnings {
            anstream::eprintln!("warning: {warning}");
        }
    }
    let said = Said {
        estimates: &travelled,
        file: &args.file,
    };
    args.output
        .print(&said.presented(&args.shown, args.output.width()?)?)
}
