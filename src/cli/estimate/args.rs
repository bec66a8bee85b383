//! What can be asked of estimates and how they are shown: options that several commands share.

use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::cli::values::{self, parsed};
use crate::present::survey::{DisplayColumn, DisplayOptions};
use crate::statistics::adjust::Adjust;
use crate::survey::estimate::{
    Ci, DeffKind, DomainDf, Incomplete, Missing, NamedOption, Net, Options, QuantileRule, Request,
    RowLimits, Standard,
};
use crate::survey::expr::with_backquotes;
use crate::survey::microdata::Codebook;
use crate::survey::weighting::recipe::Targets;
use crate::tabular::{self, Decimal};

/// How the estimates are printed, and what is made of them.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Tables")]
pub struct DisplayArgs {
    /// Columns beside it: se, ci, deff, df, n, n_eff, weighted_n
    ///
    /// Without the option: ci and the bases.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', value_parser = parsed::<DisplayColumn>)]
    pub show: Vec<DisplayColumn>,
    /// Decimals of per cents [default: 0]
    #[arg(long, value_name = "0..3", value_parser = clap::value_parser!(u8).range(0..=3))]
    pub decimals: Option<u8>,
    /// Flag estimates on a base below N, the smaller of respondents and effective n [default: 100]
    #[arg(long, value_name = "N", value_parser = base)]
    pub flag_base: Option<f64>,
    /// Leave estimates on a base below N out of tables; csv and json have them all [default: 30]
    #[arg(long, value_name = "N", value_parser = base)]
    pub min_base: Option<f64>,
    /// Differences of all pairs of domains, of each item and level
    #[arg(long)]
    pub pairwise: bool,
    /// Adjustment of their p-values [default: holm]: holm, hochberg, hommel, bonferroni, sidak, bh, by
    #[arg(long, value_name = "METHOD", value_parser = parsed::<Adjust>)]
    pub adjust: Option<Adjust>,
    /// Write the covariance matrix of the estimates as CSV
    #[arg(long, value_name = "FILE")]
    pub covariance: Option<PathBuf>,
}

/// A number of respondents, 0 too.
fn base(text: &str) -> Result<f64, String> {
    match text.parse::<u32>() {
        Ok(base) => Ok(f64::from(base)),
        Err(_) => Err(format!("“{text}” is no number of respondents: write 30")),
    }
}

impl DisplayArgs {
    /// Whether nothing is said of how to print.
    pub fn is_empty(&self) -> bool {
        self.show.is_empty()
            && self.decimals.is_none()
            && self.flag_base.is_none()
            && self.min_base.is_none()
            && !self.pairwise
            && self.adjust.is_none()
            && self.covariance.is_none()
    }

    pub fn options(&self, width: usize) -> DisplayOptions {
        let usual = DisplayOptions::default();
        DisplayOptions {
            show: Some(self.show.clone()).filter(|show| !show.is_empty()),
            decimals: self.decimals.map_or(usual.decimals, usize::from),
            flag_base: self.flag_base.unwrap_or(usual.flag_base),
            min_base: self.min_base.unwrap_or(usual.min_base),
            width,
        }
    }
}

/// Groups, subpopulation and what programs decide otherwise.
#[derive(clap::Args, Clone, Debug)]
pub struct EstimateArgs {
    /// Groups that are crossed: region,age or 'band=cut(age, 30, 60)'
    #[arg(long, value_name = "GROUPS")]
    pub by: Vec<String>,
    /// Subpopulation: "region == 'North' and age >= 65"
    ///
    /// The others stay in the design.
    #[arg(long = "where", value_name = "CONDITION")]
    pub condition: Option<String>,
    /// Levels added up to one: 'Worried=Very worried,Somewhat worried'
    ///
    /// A level with a comma in it stands in double quotes: 'Yes="Yes, very","Yes, somewhat"'.
    #[arg(long = "net", value_name = "NAME=LEVELS")]
    pub nets: Vec<Net>,
    /// Shares of those who gave another answer: --without "Don't know"
    ///
    /// Several stand in double quotes: --without '"Yes, very",Refused'. One alone may have commas in it.
    #[arg(long, value_name = "ANSWER")]
    pub without: Vec<String>,
    /// Answers of text items of alpha(), lowest first: 'Low,Mid,High'
    #[arg(long, value_name = "LEVELS")]
    pub order: Option<String>,
    /// Leave out answers that are labelled and nobody gave
    #[arg(long)]
    pub drop_empty: bool,
    /// What stands between the answers of an entry, as in 2;3;5 [default: found out]
    ///
    /// For prop(q contains '3') and prop(split(q)).
    #[arg(long, value_name = "CHAR", value_parser = values::separator)]
    pub separator: Option<char>,
    /// Direct standardisation: a CSV with variable,level,target, the shares that its groups are to have in every domain
    #[arg(long, value_name = "SHARES")]
    pub standardise: Option<PathBuf>,
    /// That of the respondents is that of targets, too.
    #[arg(skip)]
    pub decimal: Option<Decimal>,
    /// Interval of proportions: logit (default), wald, wilson, beta, …
    ///
    /// Also likelihood, asin, xlogit, jeffreys, clopper-pearson, agresti-coull and wilson-cc.
    #[arg(long, value_name = "METHOD", value_parser = parsed::<Ci>)]
    pub ci: Option<Ci>,
    /// Confidence level: 0.95 (default) or 95
    #[arg(long, value_name = "LEVEL", value_parser = values::level)]
    pub level: Option<f64>,
    /// Quantile rule [default: math]: math, school, hf1 … hf9
    #[arg(long, value_name = "RULE", value_parser = parsed::<QuantileRule>)]
    pub qrule: Option<QuantileRule>,
    /// Design effects against sampling without (srs) or with replacement (replace)
    ///
    /// Without the option: srs with --fpc, or where the weights of the file add up to twice the respondents and more; else
    /// replace.
    #[arg(long, value_name = "KIND", value_parser = parsed::<DeffKind>)]
    pub deff_kind: Option<DeffKind>,
    /// Degrees of freedom: domain (default), design or answered
    ///
    /// PSUs less strata of those in which the domain has respondents (domain), of the whole design (design), or of those in
    /// which somebody of the domain answered the item (answered).
    #[arg(long, value_name = "WHICH", value_parser = parsed::<DomainDf>)]
    pub domain_df: Option<DomainDf>,
    /// Respondents without an answer: outside of the domain (domain), or left out before the design is set (drop)
    #[arg(long, value_name = "HOW", value_parser = parsed::<Incomplete>)]
    incomplete: Option<Incomplete>,
    /// Missing answers: exclude (default), show, or category
    ///
    /// show says how many there are, category gives them a share of their own.
    #[arg(long, value_name = "HOW", value_parser = parsed::<Missing>)]
    pub missing: Option<Missing>,
    /// Levels as coded instead of their labels
    #[arg(long)]
    pub codes: bool,
}

impl EstimateArgs {
    /// Whether nothing is said of how to estimate.
    pub fn is_empty(&self) -> bool {
        self.by.is_empty()
            && self.condition.is_none()
            && self.nets.is_empty()
            && self.standardise.is_none()
            && self.ci.is_none()
            && self.level.is_none()
            && self.qrule.is_none()
            && self.deff_kind.is_none()
            && self.domain_df.is_none()
            && self.incomplete.is_none()
            && self.missing.is_none()
            && self.without.is_empty()
            && !self.drop_empty
            && self.order.is_none()
            && self.separator.is_none()
            && !self.codes
    }

    /// The options that were named, of those that are about some items alone.
    pub fn named(&self) -> Vec<NamedOption> {
        let options = [
            (self.ci.is_some(), NamedOption::Ci),
            (self.order.is_some(), NamedOption::Order),
            (self.qrule.is_some(), NamedOption::QuantileRule),
            (self.domain_df.is_some(), NamedOption::DomainDf),
            (self.missing.is_some(), NamedOption::Missing),
            (!self.nets.is_empty(), NamedOption::Net),
            (!self.without.is_empty(), NamedOption::Without),
            (self.drop_empty, NamedOption::DropEmpty),
            (self.separator.is_some(), NamedOption::Separator),
            (self.codes, NamedOption::Codes),
        ];
        let named = options.into_iter().filter(|(is_named, _)| *is_named);
        named.map(|(_, option)| option).collect()
    }

    /// Whether it is said what becomes of respondents without an answer.
    pub fn has_incomplete(&self) -> bool {
        self.incomplete.is_some()
    }

    /// How targets are read.
    pub fn table_options(&self) -> tabular::Options {
        tabular::Options {
            decimal: self.decimal,
            ..tabular::Options::default()
        }
    }

    /// A flag that says what sums were made of, which is settled by then.
    pub fn before_sums(&self) -> Option<&'static str> {
        let flags = [
            (!self.by.is_empty(), "--by"),
            (self.condition.is_some(), "--where"),
            (self.incomplete.is_some(), "--incomplete"),
            (self.standardise.is_some(), "--standardise"),
            (self.separator.is_some(), "--separator"),
            (self.order.is_some(), "--order"),
        ];
        flags
            .into_iter()
            .find(|(is_set, _)| *is_set)
            .map(|(_, flag)| flag)
    }

    /// What is to be estimated from respondents whose columns `codebook` names.
    pub fn request(
        &self,
        items: &[String],
        display: &DisplayArgs,
        source: &str,
        codebook: &Codebook,
        session: &Session,
    ) -> Result<Request, Failure> {
        let usual = Options::default();
        let named = |text: &str| with_backquotes(text, codebook);
        let items: Vec<String> = items.iter().map(|item| named(item)).collect();
        let mut request = Request::builder(&items).source(source).options(Options {
            level: self.level.unwrap_or(usual.level),
            ci: self.ci.unwrap_or(usual.ci),
            rule: self.qrule.unwrap_or(usual.rule),
            deff: self.deff_kind,
            domain_df: self.domain_df.unwrap_or(usual.domain_df),
            incomplete: self.incomplete.unwrap_or(usual.incomplete),
            missing: self.missing.unwrap_or(usual.missing),
            codes: self.codes,
            drop_empty: self.drop_empty,
            separator: self.separator,
            flag_base: display.flag_base.unwrap_or(usual.flag_base),
            covariance: display.covariance.is_some(),
            limits: RowLimits {
                table: false,
                pairwise: display.pairwise,
                covariance: display.covariance.is_some(),
            },
        });
        for groups in &self.by {
            request = request.by(named(groups));
        }
        if let Some(condition) = &self.condition {
            request = request.filter(named(condition));
        }
        for net in &self.nets {
            request = request.net(&net.name, &net.levels);
        }
        for answer in self.without.iter().flat_map(|text| values::answers(text)) {
            request = request.without(answer);
        }
        if let Some(order) = &self.order {
            request = request.order(values::entries(order));
        }
        if let Some(path) = &self.standardise {
            request = request.standard(standard(path, &self.table_options(), session)?);
        }
        Ok(request.build()?)
    }
}

/// The shares of a standard population: a file of targets of one variable.
fn standard(
    path: &Path,
    options: &tabular::Options,
    session: &Session,
) -> Result<Standard, Failure> {
    let targets = Targets::read(path, options)?;
    if let Some(note) = &targets.note {
        session.note(note);
    }
    let (standard, note) = targets.standard()?;
    session.note(&note);
    Ok(standard)
}
