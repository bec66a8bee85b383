use std::path::PathBuf;

use clap::ValueEnum;

use super::pick::{self, RowPick};
use crate::cli::data::DataArgs;
use crate::cli::output::OutputArgs;
use crate::cli::tables::ColumnArgs;
use crate::cli::values::{self, parsed};
use crate::published::compare::{Average, DifferenceMethod, Net, Relation};
use crate::published::figures::percent::Percent;
use crate::statistics::adjust::Adjust;
use crate::tabular::Decimal;

#[derive(clap::Args)]
#[command(
    before_help = "\
Examples:
  opine compare egf2023/consequences/polarise:KR egf2023/consequences/polarise:PH
  opine compare 48 45 -n 1000 --relation same-question   the lead in one poll
  opine compare Germany=62@1004 France=58@1010           two polls, each with its name and n
  opine compare 47-39@756 46-44@805                      has a lead changed?
  opine compare 38 37 --moe 4.4 --relation same-question      of a poll with a margin and no n
  opine compare 52@1000 --against 50                     is it a majority?
  opine compare regions.csv --row region=R1 --row region=R2      two rows of estimates",
    before_long_help = "\
Examples:
  opine compare egf2023/consequences/polarise:KR egf2023/consequences/polarise:PH
  opine compare 'egf2023/consequences/polarise:*'        all pairs of countries, p-values adjusted
  opine compare 48 45 -n 1000 --relation same-question   the lead in one poll
  opine compare 90@1500 62@16168                         two polls, each with its n
  opine compare Germany=62@1004 France=58@1010           and with its name
  opine compare 47-39@756 46-44@805                      has a lead changed?
  opine compare 38 37 --moe 4.4 --relation same-question      of a poll with a margin and no n
  opine compare 52@1000 --against 50                     is it a majority?
  opine compare pew2014/view_cn/favourable-unfavourable:US pew2014/view_cn/favourable-unfavourable:DE
  opine compare egf2023/worried/worried --net worried=very,somewhat --against 50
  opine compare egf2023/view_cn/favourable:KR+PH egf2023/view_cn/favourable:SG --average equal
  opine compare regions.csv --row region=R1 --row region=R2      two rows of estimates

A figure is an id poll/question/response:country:base@source (country and base are all where left out), a
selector of several, PERCENT@N, NAME=PERCENT@N, or a bare percentage with -n or --moe; 47-39@756 is the lead
of one answer over another. Responses of a question that takes one answer
are added and subtracted, r1+r2 is a net and r1-r2 a net score; KR+PH is a mean of countries. For stored
figures the relation follows from the ids. With part-of the first is the part, unless the second has the
smaller n.

A plain list (label, percent and, if known, n) is compared row by row: rows that add up to 100 are answers of
one question. Rows of files with estimates (CSV or JSON): a file of two rows, one with --row once for each row, or several
files with one row each. Rows of one source have a covariance that is not in the file: the difference gets
the range of what it may be. Rows of different sources are independent."
)]
pub struct Args {
    /// Ids, selectors, PERCENT@N, percentages with -n; or files with estimates or a list
    #[arg(value_name = "FIGURE", required = true)]
    pub figures: Vec<String>,
    /// Respondents of the poll that the bare percentages share
    #[arg(short, value_name = "N", value_parser = values::sample_size)]
    pub n: Option<f64>,
    /// Design effect of typed figures: 1 is simple random sampling
    #[arg(long, value_name = "D", value_parser = values::positive, conflicts_with = "moe")]
    pub deff: Option<f64>,
    /// Margin of error in points that was printed with typed figures
    ///
    /// With n, the design effect follows from it; without, the effective n.
    #[arg(long, value_name = "M", value_parser = values::percent)]
    pub moe: Option<Percent>,
    /// Confidence level of the printed margin
    #[arg(long, value_name = "LEVEL", value_parser = values::level, requires = "moe")]
    pub moe_level: Option<f64>,
    /// Leave out an answer, “Don't know”: shares of the others; may be given again
    ///
    /// By id or label for stored figures; of typed ones the percentage whose answers are left out.
    #[arg(long, value_name = "RESPONSE")]
    pub without: Vec<String>,
    /// independent, same-question, same-respondents, part-of or panel
    ///
    /// How the figures stand to each other.
    #[arg(long, value_name = "RELATION", value_parser = parsed::<Relation>)]
    pub relation: Option<Relation>,
    /// Weight of the part in the whole, 0 to 1, for part-of
    #[arg(long, value_name = "F", value_parser = weight)]
    pub share: Option<f64>,
    /// How countries are averaged (KR+PH)
    ///
    /// Or how a total was made with which one of its countries is compared.
    #[arg(long, value_enum, value_name = "HOW", conflicts_with = "share")]
    pub average: Option<AverageBy>,
    /// People a country, for --average population: a table with country and population
    #[arg(long, value_name = "FILE")]
    pub population: Option<PathBuf>,
    /// Decimal mark of tables that are read, where 1,004 may be two numbers: . or ,
    #[arg(long, value_name = "MARK", value_parser = Decimal::parse)]
    pub decimal: Option<Decimal>,
    /// Values of a list that are at most 1 are shares: 0.485 is 48.5 per cent
    #[arg(long, conflicts_with = "percents")]
    pub shares: bool,
    /// Values of a list that are at most 1 are per cents: 0.485 is half a per cent
    #[arg(long)]
    pub percents: bool,
    /// A name for a net of responses; may be given again
    ///
    /// To be used in figures.
    #[arg(long, value_name = "NAME=R1,R2", value_parser = parsed::<Net>)]
    pub net: Vec<Net>,
    /// A sample size for figures that were published without one
    ///
    /// They are flagged.
    #[arg(long, value_name = "N", value_parser = values::sample_size)]
    pub assume_n: Option<f64>,
    /// Adjustment for several comparisons: holm (default), bonferroni, …
    ///
    /// One of holm, hochberg, hommel, bonferroni, sidak, bh, by.
    #[arg(long, value_name = "METHOD", value_parser = parsed::<Adjust>)]
    pub adjust: Option<Adjust>,
    /// Interval for independent samples: newcombe (default), wald, …
    ///
    /// One of newcombe, wald, agresti-caffo, miettinen-nurminen.
    #[arg(long = "ci", value_name = "METHOD", value_parser = parsed::<DifferenceMethod>)]
    pub method: Option<DifferenceMethod>,
    /// Confidence level: 0.95 or 95
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = values::level)]
    pub level: f64,
    /// Compare each with the first only, instead of all pairs
    #[arg(long, value_enum, value_name = "WHICH")]
    pub with: Option<With>,
    /// Compare each with a fixed percentage; a lead also with one below 0
    #[arg(long, value_name = "PERCENT", value_parser = values::fixed,
          conflicts_with_all = ["relation", "share", "method", "with", "effects"])]
    pub against: Option<Percent>,
    /// For files: the row that has these values; once for each row
    #[arg(long, value_name = "COLUMN=VALUE,…", value_parser = pick::row_pick)]
    pub row: Vec<RowPick>,
    #[command(flatten)]
    pub columns: ColumnArgs,
    /// Also ratio, odds ratio and Cohen's h
    #[arg(long)]
    pub effects: bool,
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum With {
    First,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AverageBy {
    /// Every country counts the same.
    Equal,
    /// Every respondent counts the same.
    N,
    /// Every inhabitant counts the same; needs --population.
    Population,
}

impl From<AverageBy> for Average {
    fn from(how: AverageBy) -> Average {
        match how {
            AverageBy::Equal => Average::Equal,
            AverageBy::N => Average::N,
            AverageBy::Population => Average::Population,
        }
    }
}

fn weight(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err(format!(
            "“{text}” is no share of a whole: write 0.3 for 30%"
        )),
    }
}
