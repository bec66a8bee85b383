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
use crate::present::survey::{self, About, Look};
use crate::present::table::Table;
use crate::survey::design::Design;
use crate::survey::estimate::{self, Covariance, Pairwise, Request};
use crate::survey::microdata::{Codebook, Source};

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
    let request = args.asked.request(&args.items, &args.shown)?;
    let format = args.output.format()?;
    before(&args.asked, &args.shown, &request, format)?;
    let design = args.design.read()?;
    let source = Watched::new(Box::new(args.file.open()?), args.quiet);
    let name = args.file.name();
    let answer = estimate::estimate(&source, &name, &design, &request, None).map_err(failure)?;
    nets_were_found(&answer, &request)?;
    if !args.quiet {
        for warning in &answer.warnings {
            anstream::eprintln!("warning: {warning}");
        }
    }
    let said = Said {
        answer: &answer,
        request: &request,
        design: &design,
        file: &args.file,
        codebook: source.codebook(),
    };
    args.output
        .print(&said.presented(&args.shown, args.output.width()?)?)
}

/// What was estimated, of what.
pub struct Said<'a> {
    pub answer: &'a estimate::Answer,
    pub request: &'a Request,
    pub design: &'a Design,
    pub file: &'a File,
    pub codebook: &'a Codebook,
}

impl Said<'_> {
    /// Tables and rows; the covariance goes to its own file.
    pub fn presented(&self, shown: &Shown, width: usize) -> Result<Answer, Failure> {
        let Said {
            answer,
            request,
            design,
            ..
        } = *self;
        if let Some(path) = &shown.covariance {
            let matrix = Covariance::of(answer, design, request).and_then(|m| m.to_csv());
            let matrix = matrix.map_err(Failure::usage)?;
            files::replace(path, matrix.as_bytes()).map_err(|error| Failure::file(path, error))?;
        }
        let about = About {
            file: self.file.title(),
            codebook: self.codebook,
            design,
        };
        let look = shown.look(width);
        let mut tables = survey::tables(answer, request, &about, &look);
        let frame = match shown.pairwise {
            false => {
                let estimates = Estimates::from_rows(&answer.rows).map_err(Failure::usage)?;
                estimates.into_frame()
            }
            true => {
                let compared = Compared {
                    answer,
                    request,
                    design,
                    about: &about,
                };
                let (table, frame) = compared.pairs(shown, &look)?;
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

/// What differences of domains are made from.
struct Compared<'a> {
    answer: &'a estimate::Answer,
    request: &'a Request,
    design: &'a Design,
    about: &'a About<'a>,
}

impl Compared<'_> {
    fn pairs(&self, shown: &Shown, look: &Look) -> Result<(Table, DataFrame), Failure> {
        let adjust = shown.adjust.unwrap_or_default();
        let how = Pairwise {
            adjust,
            level: self.request.options.level,
        };
        let mut pairs = estimate::pairwise(self.answer, self.design, self.request, how)
            .map_err(Failure::usage)?;
        if pairs.is_empty() {
            return Err(Failure::Usage(
                "--pairwise has no effect: there are no two domains with an estimate to compare"
                    .to_owned(),
            ));
        }
        let table = survey::comparisons(
            &mut pairs,
            self.answer,
            self.request,
            self.about,
            look,
            adjust,
        );
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
        for warning in &travelled.answer.warnings {
            anstream::eprintln!("warning: {warning}");
        }
    }
    let said = Said {
        answer: &travelled.answer,
        request: &travelled.request,
        design: &travelled.design,
        file: &args.file,
        codebook: &travelled.codebook,
    };
    args.output
        .print(&said.presented(&args.shown, args.output.width()?)?)
}
