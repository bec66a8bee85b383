//! `opine fit`: regressions of respondents, with the design in their errors.

use clap::FromArgMatches;

use super::estimate::sums_and_items;
use super::failure::Failure;
use super::output::{Document, OutputArgs};
use super::respondents::{DesignArgs, FileArgs, ImputationArgs, for_sources};
use super::streams::Session;
use super::values::{self, entries, parsed};
use crate::files;
use crate::frames::{Comparisons, Estimates, Test, coefficients_frame, tests_frame};
use crate::present::explain::{self, ModelParts};
use crate::present::survey::{self, ModelTables};
use crate::statistics::adjust::Adjust;
use crate::survey::design::{Design, DesignUse};
use crate::survey::estimate::{
    Calibrated, Filter, Group, Imputations, Request, SumsFiles, SumsOptions, listed,
};
use crate::survey::expr::with_backquotes;
use crate::survey::microdata::Source;
use crate::survey::models::{
    self, CoefficientState, Family, FitRequest, Fitted, Formula, Link, MarginsRequest, TermTestKind,
};
use crate::tabular;

use super::weight::steps::{design_beside, new_weights, recipe_of};
use crate::survey::sample::SumsAsRows;
use crate::survey::weighting::recipe::{RakingVariance, weigh};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine fit poll.csv \"q1 == 'Agree' ~ party + sex\" --weights weight --strata stratum --psu psu
  opine fit poll.csv 'therm_us ~ party * sex + cut(age, 30, 60)' --weights weight --terms
  opine fit poll.csv \"q1 == 'Agree' ~ party + age\" --margins party --weights weight
  opine fit poll.csv 'q1 ~ party + sex' --family ordinal --order 'Disagree,Neutral,Agree'")]
pub struct Args {
    #[command(flatten)]
    file: FileArgs,
    /// Response and terms: 'y ~ a * b + x^2 + log(z) + cut(age, 30, 60)'
    ///
    /// The response is a number, a condition (q1 in ['Very worried', 'Somewhat worried']) or a variable with levels. Also
    /// factor(x), ref(x, 'M'), offset(log(t)), a:b, and 0 + for no constant.
    ///
    /// Of sums without respondents several files may stand before it: a.sums b.sums FORMULA.
    #[arg(value_name = "FORMULA", value_parser = values::expression, required = true)]
    formula: Vec<String>,
    /// gaussian, binomial, poisson, gamma, ordinal or multinomial
    ///
    /// Without the option a condition is binomial and a number gaussian; poisson of a condition gives risk ratios.
    #[arg(long, value_name = "FAMILY", value_parser = family)]
    family: Option<(Family, Option<String>)>,
    /// logit, probit, cloglog, cauchit, log, identity or inverse
    #[arg(long, value_name = "LINK", value_parser = parsed::<Link>)]
    link: Option<Link>,
    /// Levels of an ordinal response, lowest first: 'Low,Mid,High'
    #[arg(long, value_name = "LEVELS")]
    order: Option<String>,
    /// Reference levels: 'party=Red,sex=Female'; of a multinomial response its base
    #[arg(long, value_name = "VARIABLE=LEVEL")]
    reference: Vec<String>,
    /// Subpopulation: "region == 'North' and age >= 65"
    ///
    /// The others stay in the design.
    #[arg(long = "where", value_name = "CONDITION")]
    condition: Option<String>,
    /// A test of each term: wald (default), adjusted or lrt
    #[arg(long, value_name = "TEST", num_args = 0..=1, value_parser = parsed::<TermTestKind>)]
    terms: Option<Option<TermTestKind>>,
    /// Terms that are tested together: 'a,a:b'
    #[arg(long, value_name = "TERMS")]
    joint: Vec<String>,
    /// A linear combination of coefficients: 'partyRed - partyBlue'
    #[arg(long, value_name = "COEFFICIENTS")]
    contrast: Vec<String>,
    /// Deviance, dispersion, dAIC and pseudo-R²
    #[arg(long)]
    statistics: bool,
    /// Average predictions by variable, or all, or overall
    #[arg(long, value_name = "VARIABLES", value_delimiter = ',')]
    margins: Vec<String>,
    /// Values at which predictions are averaged: 'x=0,50,100'
    #[arg(long, value_name = "VARIABLE=VALUES")]
    at: Vec<String>,
    /// Groups of which averages are taken: region,age
    #[arg(long, value_name = "GROUPS")]
    by: Vec<String>,
    /// Differences of all pairs of margins of a variable
    #[arg(long)]
    pairwise: bool,
    /// Differences of all margins of a variable from one level
    #[arg(long, value_name = "LEVEL", conflicts_with = "pairwise")]
    against: Option<String>,
    /// Adjustment of their p-values [default: holm]: holm, hochberg, hommel, bonferroni, sidak, bh, by
    #[arg(long, value_name = "METHOD", value_parser = parsed::<Adjust>)]
    adjust: Option<Adjust>,
    /// Errors of margins: unconditional (default) or conditional
    ///
    /// unconditional counts the respondents that are averaged over as sampled; conditional takes them as fixed, as Stata and
    /// marginaleffects do.
    #[arg(long, value_name = "WHICH", value_parser = ["unconditional", "conditional"])]
    se: Option<String>,
    /// Intervals of margins that are shares: logit (default) or wald
    #[arg(long, value_name = "METHOD", value_parser = ["logit", "wald"])]
    ci: Option<String>,
    /// Information in the errors: expected (default) or observed
    #[arg(long, value_name = "WHICH", value_parser = ["expected", "observed"])]
    information: Option<String>,
    /// Defaults of another program: stata (observed information, adjusted Wald F, conditional margins) or r (these)
    ///
    /// As R’s svyglm and regTermTest are the usual ones, r is about margins alone. Options that are named go before. t stays on
    /// the degrees of freedom of the rows used less the coefficients, as in R.
    #[arg(long, value_name = "PROGRAM", value_parser = like, hide_short_help = true)]
    like: Option<Like>,
    /// Leave columns out that others say already
    #[arg(long)]
    drop_collinear: bool,
    /// Confidence level: 0.95 (default) or 95
    #[arg(long, value_name = "LEVEL", value_parser = values::level)]
    level: Option<f64>,
    /// Write the covariance matrix of the coefficients as CSV
    #[arg(long, value_name = "FILE")]
    coefficients_covariance: Option<PathBuf>,
    /// Make the weights first, by the steps of a recipe: a TOML file
    ///
    /// The errors know of them, as those of opine weight --then do.
    #[arg(long, value_name = "RECIPE")]
    recipe: Option<PathBuf>,
    #[command(flatten)]
    imputations: ImputationArgs,
    #[command(flatten)]
    design: DesignArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// How the numbers come about: terms, formulas, R and Stata code; in the place of tables
    #[arg(long, help_heading = "Output")]
    explain: bool,
}

/// A program whose defaults are to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Like {
    R,
    Stata,
}

fn like(given: &str) -> Result<Like, String> {
    match given {
        "r" | "R" => Ok(Like::R),
        "stata" | "Stata" => Ok(Like::Stata),
        "sudaan" | "sas" => Err(format!(
            "no numbers that {given} printed were there to check its defaults against"
        )),
        _ => Err(format!("“{given}” is no program that is known: stata, r")),
    }
}

/// A family by its name; quasi-families are the same under weights, and it is said.
fn family(text: &str) -> Result<(Family, Option<String>), String> {
    let plain = text.strip_prefix("quasi");
    let elsewhere = match text {
        "logit" | "logistic" => Some("binomial has the link logit"),
        "probit" => Some("it is --family binomial --link probit"),
        "linear" | "ols" | "normal" => Some("it is gaussian here"),
        "ologit" | "cumulative" => Some("it is ordinal here"),
        "mlogit" | "nominal" => Some("it is multinomial here"),
        _ => None,
    };
    if let Some(instead) = elsewhere {
        return Err(format!("{text} is no family: {instead}"));
    }
    let family = parsed::<Family>(plain.unwrap_or(text))?;
    let note = plain.map(|plain| {
        format!("--family {text}: under survey weights the same estimates and errors as {plain}")
    });
    match (family, plain) {
        (Family::Binomial | Family::Poisson, _) | (_, None) => Ok((family, note)),
        _ => Err(format!(
            "there is no {text}: quasibinomial and quasipoisson"
        )),
    }
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let format = args.output.format()?;
    args.refuse_no_effect(format.is_exact())?;
    if let Some((_, Some(note))) = &args.family {
        session.note(note);
    }
    if let Some((files, formula)) = sums_and_items(&args.file.file, &args.formula) {
        let formula = only_formula(formula)?;
        if args.explain {
            return Err(Failure::Usage(
                "--explain writes code for the file of respondents, and these are sums".to_owned(),
            ));
        }
        if let Some(option) = args.imputations.named() {
            return Err(Failure::no_effect(
                option,
                "sums were made of one file of respondents each",
            ));
        }
        return of_sums(&args, (&files, formula), session);
    }
    let formula = only_formula(&args.formula)?;
    if args.explain {
        return args.explain(formula, session);
    }
    let Some(path) = &args.recipe else {
        let design = args.design.read(session)?;
        let source = args.file.open(session)?;
        let imputed = args.imputations.sources(&args.file, &source, session)?;
        let document = match imputed {
            Some(sources) => args.of_files((&sources, &design), session)?,
            None => args.document((&source, &design), None, session)?,
        };
        return args.output.print(&document, session);
    };
    if let Some(option) = args.imputations.named() {
        return Err(Failure::Usage(format!(
            "{option} and --recipe: weights are made of one file; make them for each imputation first, with opine weight"
        )));
    }
    let (recipe, in_recipe) = recipe_of(
        path,
        &tabular::Options {
            decimal: args.file.decimal,
            ..tabular::Options::default()
        },
        session,
    )?;
    let design = design_beside(in_recipe, &args.design, session)?;
    let source = args.file.open(session)?;
    let weighted = weigh(&source, &design, &recipe, None)?;
    for note in weighted.notes() {
        session.note(note);
    }
    let document = weighted.with_weights(
        &source,
        RakingVariance::default(),
        |source, design, weights| args.document((source, design), Some(weights), session),
    )?;
    args.output.print(&document, session)
}

/// A model of sums that were made elsewhere: of the shares of the response by what explains it.
fn of_sums(
    args: &Args,
    (files, formula): (&[PathBuf], &str),
    session: &Session,
) -> Result<(), Failure> {
    let settled = args.design.before_sums().or(args.file.before_sums());
    if let Some(flag) = settled {
        return Err(Failure::Usage(format!(
            "{flag} was settled when these sums were made; make them again with opine sums … {flag} …"
        )));
    }
    if args.recipe.is_some() {
        return Err(Failure::no_effect(
            "--recipe",
            "the weights of sums are made",
        ));
    }
    let (lonely, df) = args.design.after_sums();
    let options = SumsOptions {
        request: Request::default(),
        lonely,
        df,
    };
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let estimates = SumsFiles::open(&paths)?.estimate(&options)?;
    let response = Formula::parse(formula)?.response;
    let rows = SumsAsRows::new(estimates, &response.names())?;
    let request = args.request(&rows.memory, formula)?;
    let prepared = models::prepare_sums(&rows, &request)?;
    let fitted = models::fit(&prepared, &request, &args.file.name())?;
    let document = args.tables(&fitted, &request, session)?;
    args.output.print(&document, session)
}

impl Args {
    fn is_observed(&self) -> bool {
        match self.information.as_deref() {
            Some(named) => named == "observed",
            None => self.like == Some(Like::Stata),
        }
    }

    fn is_conditional(&self) -> bool {
        match self.se.as_deref() {
            Some(named) => named == "conditional",
            None => self.like.is_some(),
        }
    }

    fn term_test(&self) -> TermTestKind {
        match (self.terms.flatten(), self.like) {
            (Some(named), _) => named,
            (None, Some(Like::Stata)) => TermTestKind::Adjusted,
            (None, _) => TermTestKind::Wald,
        }
    }

    /// A model without options, of a file that is open already.
    pub fn of_formula(file: &FileArgs, formula: &str) -> Result<Args, Failure> {
        let command = <Args as clap::Args>::augment_args(clap::Command::new("fit"));
        let matches = command.try_get_matches_from(["fit", "-", "--", formula]);
        let args = matches.and_then(|matches| Args::from_arg_matches(&matches));
        Ok(Args {
            file: file.clone(),
            ..args.map_err(Failure::usage)?
        })
    }

    /// Imputations in files or rows of their own.
    fn of_files(
        &self,
        (sources, design): (&[Box<dyn Source>], &Design),
        session: &Session,
    ) -> Result<Document, Failure> {
        if Imputations::parse(&self.formula)?.is_some() {
            return Err(Failure::Usage(
                "imputations are in columns, as mi() says, or in files or rows of their own: not both"
                    .to_owned(),
            ));
        }
        let imputations = for_sources(&self.formula, sources.len());
        let sources: Vec<&dyn Source> = sources.iter().map(Box::as_ref).collect();
        self.of_imputations((&sources, design), None, &imputations, session)
    }

    /// A model of each imputation, and what all say together.
    fn of_imputations(
        &self,
        (sources, design): (&[&dyn Source], &Design),
        new: Option<&Calibrated>,
        imputations: &Imputations,
        session: &Session,
    ) -> Result<Document, Failure> {
        let asked = [
            (self.terms.is_some() || !self.joint.is_empty(), "--terms"),
            (!self.contrast.is_empty(), "--contrast"),
            (self.statistics, "--statistics"),
            (self.pairwise || self.against.is_some(), "--pairwise"),
            (
                self.coefficients_covariance.is_some(),
                "--coefficients-covariance",
            ),
        ];
        if let Some((_, option)) = asked.into_iter().find(|(is, _)| *is) {
            return Err(Failure::Usage(format!(
                "{option} is of one imputation each: of several there are coefficients and --margins"
            )));
        }
        let each = || imputations.texts.iter().zip(sources.iter().cycle());
        let mut requests = Vec::new();
        for (texts, source) in each() {
            requests.push(self.request(*source, &texts.concat())?);
        }
        let mut prepared = Vec::new();
        for (request, (_, source)) in requests.iter().zip(each()) {
            prepared.push(models::prepare(*source, design, request, new)?);
        }
        let mut fitted = Vec::new();
        for (request, prepared) in requests.iter().zip(&prepared) {
            fitted.push(models::fit(prepared, request, &self.file.name())?);
        }
        let (Some(first), Some(request)) = (fitted.first(), requests.first()) else {
            return Err(Failure::Usage("no imputation".to_owned()));
        };
        for warning in &first.warnings {
            session.warn(warning);
        }
        let response = &request.formula.response_text;
        let each: Vec<_> = fitted
            .iter()
            .map(|one| one.coefficients(response))
            .collect();
        let coefficients = models::combined_coefficients(&each, imputations, first.level)?;
        let mut frame = coefficients_frame(&coefficients).map_err(Failure::usage)?;
        let mut tables = ModelTables::new(first, request, &self.file.title());
        tables.imputed(&imputations.as_written(response), fitted.len());
        if let Some(asked) = self.margins_request(request)? {
            let mut each = Vec::new();
            for one in &fitted {
                each.push(survey::margin_rows(one, &one.margins(&asked)?));
            }
            let how = (first.level, first.predicts_shares() && !asked.wald);
            let rows = models::combined_margins(&each, imputations, how)?;
            tables.imputed_margins(&rows);
            frame = Estimates::from_rows(&rows)
                .map_err(Failure::usage)?
                .into_frame();
        }
        Ok(Document {
            sentences: Vec::new(),
            tables: tables.finish(&coefficients),
            frame,
        })
    }

    /// How the numbers come about, in the place of them.
    fn explain(&self, formula: &str, session: &Session) -> Result<(), Failure> {
        let imputed = Imputations::parse(&self.formula)?.is_some();
        if self.recipe.is_some() || imputed || self.imputations.named().is_some() {
            return Err(Failure::Usage(
                "--explain writes the code of one model with the weights of the file: leave out --recipe and mi()"
                    .to_owned(),
            ));
        }
        let design = self.design.read(session)?;
        let source = self.file.open(session)?;
        let request = self.request(&source, formula)?;
        let prepared = models::prepare(&source, &design, &request, None)?;
        let fitted = models::fit(&prepared, &request, &self.file.name())?;
        for warning in &fitted.warnings {
            session.warn(warning);
        }
        let parts = ModelParts {
            terms: self.terms.is_some() || !self.joint.is_empty(),
            margins: !self.margins.is_empty() || !self.at.is_empty(),
            conditional: self.is_conditional(),
        };
        let text = explain::model(&fitted, &request, parts, &self.file.file);
        self.output.explain(&text, session)
    }

    fn request(&self, source: &dyn Source, formula: &str) -> Result<FitRequest, Failure> {
        let codebook = source.codebook();
        let named = |text: &str| with_backquotes(text, codebook);
        let mut by = Vec::new();
        for groups in &self.by {
            for group in listed(&named(groups)) {
                by.push(Group::parse(group)?);
            }
        }
        let filter = self
            .condition
            .as_deref()
            .map(|text| Filter::parse(&named(text)));
        let mut references = Vec::new();
        for text in self.reference.iter().flat_map(|text| entries(text)) {
            references.push(assigned(&text, "--reference", "party=Red")?);
        }
        Ok(FitRequest {
            formula: Formula::parse(&named(formula))?,
            family: self.family.as_ref().map(|(family, _)| *family),
            link: self.link,
            order: self.order.as_deref().map(entries).unwrap_or_default(),
            references,
            filter: filter.transpose()?,
            by,
            observed_information: self.is_observed(),
            drop_collinear: self.drop_collinear,
            level: self.level.unwrap_or(0.95),
        })
    }

    fn margins_request(&self, request: &FitRequest) -> Result<Option<MarginsRequest>, Failure> {
        if self.margins.is_empty() && self.at.is_empty() {
            return Ok(None);
        }
        let mut at: Vec<(String, Vec<String>)> = Vec::new();
        for text in &self.at {
            let (name, values) = assigned(text, "--at", "meals=0,50,100")?;
            at.push((name, entries(&values)));
        }
        Ok(Some(MarginsRequest {
            variables: self.margins.clone(),
            at,
            by: request.by.iter().map(|group| group.name.clone()).collect(),
            conditional: self.is_conditional(),
            wald: self.ci.as_deref() == Some("wald"),
        }))
    }

    /// Options that change nothing of what is asked, and tables of which the exact formats hold one.
    fn refuse_no_effect(&self, is_exact: bool) -> Result<(), Failure> {
        let margins = !self.margins.is_empty() || !self.at.is_empty();
        let pairs = self.pairwise || self.against.is_some();
        let ordinal = self
            .family
            .as_ref()
            .is_some_and(|(family, _)| *family == Family::Ordinal);
        let canonical = matches!(
            self.family.as_ref().map(|(family, _)| *family),
            Some(Family::Ordinal | Family::Multinomial)
        );
        let idle = [
            (
                !self.by.is_empty() && !margins,
                "--by",
                "it takes averages of groups: name --margins",
            ),
            (
                self.pairwise && !margins,
                "--pairwise",
                "no --margins are asked for",
            ),
            (
                self.against.is_some() && !margins,
                "--against",
                "no --margins are asked for",
            ),
            (
                self.adjust.is_some() && !pairs,
                "--adjust",
                "it goes with --pairwise or --against",
            ),
            (
                self.se.is_some() && !margins,
                "--se",
                "no --margins are asked for",
            ),
            (
                self.ci.is_some() && !margins,
                "--ci",
                "no --margins are asked for",
            ),
            (
                self.ci.is_some() && pairs,
                "--ci",
                "differences have one kind of interval",
            ),
            (
                self.order.is_some() && !ordinal,
                "--order",
                "it is of an ordinal response",
            ),
            (
                self.information.is_some() && canonical,
                "--information",
                "this family has the observed one",
            ),
        ];
        if let Some((_, option, why)) = idle.into_iter().find(|(is_idle, ..)| *is_idle) {
            return Err(Failure::no_effect(option, why));
        }
        let tables = [
            (self.terms.is_some() || !self.joint.is_empty(), "--terms"),
            (!self.contrast.is_empty(), "--contrast"),
            (margins, "--margins"),
            (self.statistics, "--statistics"),
        ];
        let asked: Vec<&str> = tables
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, name)| name)
            .collect();
        match asked.as_slice() {
            [_, _, ..] if is_exact => Err(Failure::Usage(format!(
                "{} are tables of their own, and csv and json hold one: ask for one at a time",
                asked.join(" and ")
            ))),
            _ => Ok(()),
        }
    }

    /// The tables and rows of a model; with weights that were made before where there are some.
    pub fn document(
        &self,
        (source, design): (&dyn Source, &Design),
        new: Option<Option<&Calibrated>>,
        session: &Session,
    ) -> Result<Document, Failure> {
        let formula = only_formula(&self.formula)?;
        if let Some(imputations) = Imputations::parse(&self.formula)? {
            let sources = (&[source][..], design);
            return self.of_imputations(sources, new.flatten(), &imputations, session);
        }
        let request = self.request(source, formula)?;
        let mut prepared = models::prepare(source, design, &request, new.flatten())?;
        if new.is_none() {
            let sample = &prepared.sample;
            let data = DesignUse::new(&sample.units, sample.without_weight);
            self.design.note_unused(data, session);
        }
        if new.is_some() {
            prepared.sample.design.weights = Some(new_weights(&design.weights));
        }
        let fitted = models::fit(&prepared, &request, &self.file.name())?;
        self.tables(&fitted, &request, session)
    }

    /// Options that found nothing to do in these data.
    fn note_no_effect(&self, fitted: &Fitted, session: &Session) {
        if self.drop_collinear && !fitted.states.contains(&CoefficientState::Collinear) {
            session.note("--drop-collinear: no column was collinear");
        }
        let (family, link) = (fitted.prepared.family, fitted.prepared.link);
        if self.information.as_deref() == Some("observed") && family.is_canonical(link) {
            session.note(&format!(
                "--information observed: of {family} with {link} both are the same"
            ));
        }
        let margins = !self.margins.is_empty() || !self.at.is_empty();
        let tested = self.terms == Some(None) || !self.joint.is_empty();
        // errors of margins, where they are not named
        let errs = margins && self.se.is_none();
        let idle = match self.like {
            Some(Like::Stata) => {
                let same_errors = family.is_canonical(link) || self.information.is_some();
                !errs && !tested && same_errors
            }
            Some(Like::R) => !errs,
            None => false,
        };
        if idle {
            session.note(
                "--like changes nothing: what is asked for is as it is there, or named by other options",
            );
        }
        if self.ci.as_deref() == Some("wald") && !fitted.predicts_shares() {
            session.note("--ci wald: no margin is a share, and all intervals are of that kind");
        }
    }

    fn tables(
        &self,
        fitted: &Fitted,
        request: &FitRequest,
        session: &Session,
    ) -> Result<Document, Failure> {
        for warning in &fitted.warnings {
            session.warn(warning);
        }
        self.note_no_effect(fitted, session);
        let response = &request.formula.response_text;
        let coefficients = fitted.coefficients(response);
        let mut tables = ModelTables::new(fitted, request, &self.file.title());
        let mut frame = coefficients_frame(&coefficients).map_err(Failure::usage)?;
        let mut tests: Vec<Test> = Vec::new();
        if self.terms.is_some() || !self.joint.is_empty() {
            let kind = self.term_test();
            let mut asked = match self.terms.is_some() {
                true => fitted.single_terms(),
                false => Vec::new(),
            };
            for joint in &self.joint {
                asked.push(fitted.joint_terms(&entries(joint))?);
            }
            let rows = fitted.test_terms(&asked, kind);
            tables.terms(&rows, kind);
            tests.extend(rows);
        }
        for contrast in &self.contrast {
            let row = fitted.contrast(contrast)?;
            tables.contrast(&row);
            tests.push(row);
        }
        if self.statistics {
            let rows = fitted.statistics();
            tables.statistics(&rows);
            tests.extend(rows);
        }
        if !tests.is_empty() {
            frame = tests_frame(&tests).map_err(Failure::usage)?;
        }
        if let Some(asked) = self.margins_request(request)? {
            for note in fitted.beyond_observed(&asked) {
                session.note(&note);
            }
            let margins = fitted.margins(&asked)?;
            let estimates = survey::margin_rows(fitted, &margins);
            let estimates = Estimates::from_rows(&estimates).map_err(Failure::usage)?;
            let formula = request.formula.text.as_str();
            frame = survey::margin_frame(fitted, &margins, &asked, (formula, &estimates))?;
            tables.margins(&margins, asked.conditional);
            if self.pairwise || self.against.is_some() {
                let adjust = self.adjust.unwrap_or_default();
                let pairs =
                    fitted.margin_pairs(&margins, (self.against.as_deref(), adjust), &asked)?;
                if pairs.is_empty() {
                    return Err(Failure::no_effect(
                        "--pairwise",
                        "no variable of --margins has two levels",
                    ));
                }
                let rows = survey::margin_comparisons(fitted, &pairs, (response, adjust));
                tables.pairs(&pairs, adjust);
                tables
                    .sentences
                    .extend(rows.iter().map(|row| row.sentence.clone()));
                frame = Comparisons::from_rows(&rows)
                    .map_err(Failure::usage)?
                    .into_frame();
            }
        }
        if self.output.format()?.is_exact() {
            for note in survey::model_notes(fitted) {
                session.note(&note);
            }
        }
        if let Some(path) = &self.coefficients_covariance {
            let csv = survey::coefficients_covariance(fitted);
            files::replace(path, csv.as_bytes()).map_err(|error| Failure::file(path, error))?;
        }
        Ok(Document {
            sentences: std::mem::take(&mut tables.sentences),
            tables: tables.finish(&coefficients),
            frame,
        })
    }
}

/// One model at a time.
fn only_formula(formulas: &[String]) -> Result<&str, Failure> {
    match formulas {
        [one] => Ok(one),
        [one, other, ..] => Err(Failure::Usage(format!(
            "{one} and {other} are two formulas: fit one at a time"
        ))),
        [] => Err(Failure::Usage(
            "the formula is missing: opine fit a.sums b.sums 'q1 ~ party'".to_owned(),
        )),
    }
}

/// NAME=VALUE.
fn assigned(text: &str, option: &str, example: &str) -> Result<(String, String), Failure> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err(Failure::Usage(format!(
            "{option} {text}: write it as in {option} '{example}'"
        ))),
    }
}
