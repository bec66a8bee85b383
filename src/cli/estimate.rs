use super::failure::Failure;
use super::figure;
use super::output::{Answer, Output};
use super::progress::Watched;
use super::respondents::{DesignArgs, File};
use crate::estimate::{
    self, Ci, DeffKind, DomainDf, Group, Incomplete, Missing, Net, Options, QuantileRule, Request,
};
use crate::estimates::Estimates;
use crate::expr::{Item, condition};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    file: File,
    /// What to estimate: 'mean(x)' 'prop(q1)' 'total(y)' 'ratio(y, x)' 'median(y)' 'count()' 'mean(a) - mean(b)'
    #[arg(value_name = "ITEM", required = true)]
    items: Vec<String>,
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    design: DesignArgs,
    #[command(flatten)]
    output: Output,
    /// Say nothing on standard error but errors
    #[arg(short, long)]
    quiet: bool,
}

/// Groups, subpopulation and what programs decide otherwise.
#[derive(clap::Args, Clone, Debug)]
pub struct Asked {
    /// Groups that are crossed to domains: region,age or 'band=cut(age, 30, 60)'
    #[arg(long, value_name = "GROUPS")]
    by: Vec<String>,
    /// Subpopulation: "region == 'North' and age >= 65". The others stay in the design
    #[arg(long = "where", value_name = "CONDITION")]
    condition: Option<String>,
    /// Levels added up to one, beside them: 'Favourable=Very favourable,Somewhat favourable'
    #[arg(long = "net", value_name = "NAME=LEVELS")]
    nets: Vec<Net>,
    /// Interval of proportions [default: logit]: wald, logit, likelihood, asin, beta, xlogit, wilson, …
    #[arg(long, value_name = "METHOD", value_parser = parsed::<Ci>)]
    ci: Option<Ci>,
    /// Confidence level: 0.95 or 95
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = figure::level)]
    level: f64,
    /// Quantile rule [default: math]: math, school, hf1 … hf9
    #[arg(long, value_name = "RULE", value_parser = parsed::<QuantileRule>)]
    qrule: Option<QuantileRule>,
    /// Design effects against a simple random sample without (srs) or with replacement (replace) [default: srs]
    #[arg(long, value_name = "KIND", value_parser = parsed::<DeffKind>)]
    deff_kind: Option<DeffKind>,
    /// Degrees of freedom of a domain: its own PSUs less strata (domain), or those of the design [default: domain]
    #[arg(long, value_name = "WHICH", value_parser = parsed::<DomainDf>)]
    domain_df: Option<DomainDf>,
    /// Respondents without an answer: outside of the domain (domain), or left out before the design is set (drop)
    #[arg(long, value_name = "HOW", value_parser = parsed::<Incomplete>)]
    incomplete: Option<Incomplete>,
    /// Missing answers: exclude, show (how many) or category (a share of their own) [default: exclude]
    #[arg(long, value_name = "HOW", value_parser = parsed::<Missing>)]
    missing: Option<Missing>,
    /// Levels as coded instead of their labels
    #[arg(long)]
    codes: bool,
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(given: &str) -> Result<T, String> {
    given.parse().map_err(|error: T::Err| error.to_string())
}

impl Asked {
    pub fn request(&self, items: &[String]) -> Result<Request, Failure> {
        let items: Result<Vec<Item>, _> = items.iter().map(|item| Item::parse(item)).collect();
        let mut by = Vec::new();
        for part in self.by.iter().flat_map(|groups| parts(groups)) {
            by.push(Group::parse(part).map_err(Failure::usage)?);
        }
        let condition = match &self.condition {
            None => None,
            Some(text) => Some((text.clone(), condition(text).map_err(Failure::usage)?)),
        };
        let default = Options::default();
        Ok(Request {
            items: items.map_err(Failure::usage)?,
            by,
            condition,
            nets: self.nets.clone(),
            options: Options {
                level: self.level,
                ci: self.ci.unwrap_or(default.ci),
                rule: self.qrule.unwrap_or(default.rule),
                deff: self.deff_kind.unwrap_or(default.deff),
                domain_df: self.domain_df.unwrap_or(default.domain_df),
                incomplete: self.incomplete.unwrap_or(default.incomplete),
                missing: self.missing.unwrap_or(default.missing),
                codes: self.codes,
            },
        })
    }
}

/// The parts between the commas that stand outside of parentheses and quotes.
fn parts(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut quote, mut start) = (0i32, None, 0);
    for (at, letter) in list.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(letter),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts
}

pub fn run(args: Args) -> Result<(), Failure> {
    let request = args.asked.request(&args.items)?;
    let design = args.design.read()?;
    let source = Watched::new(args.file.open()?, args.quiet);
    let name = args.file.name();
    let answer = estimate::estimate(&source, &name, &design, &request, None).map_err(failure)?;
    if !args.quiet {
        for warning in &answer.warnings {
            anstream::eprintln!("warning: {warning}");
        }
    }
    let frame = Estimates::from_rows(&answer.rows)
        .map_err(Failure::usage)?
        .into_frame();
    args.output.print(&Answer {
        tables: Vec::new(),
        sentences: Vec::new(),
        frame,
    })
}

/// A file that can't be read is another failure than a question that can't be answered.
pub fn failure(error: estimate::Error) -> Failure {
    use crate::{microdata, sums};
    match &error {
        estimate::Error::File(file) | estimate::Error::Sums(sums::Error::File(file)) => {
            match file {
                microdata::Error::NoVariable { .. } | microdata::Error::NoNumber { .. } => {
                    Failure::usage(error)
                }
                _ => Failure::File(error.to_string()),
            }
        }
        _ => Failure::usage(error),
    }
}
