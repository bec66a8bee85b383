//! `opine test`: whether answers differ by groups more than sampling by the design alone explains.

use std::path::{Path, PathBuf};

use super::estimate::sums_and_items;
use super::failure::Failure;
use super::output::{Document, OutputArgs};
use super::respondents::{DesignArgs, FileArgs};
use super::streams::Session;
use super::values::{self, parsed};
use crate::frames::{TEST_COLUMNS, Test, tests_frame};
use crate::present::{explain, survey};
use crate::statistics::adjust::Adjust;
use crate::survey::design::DesignUse;
use crate::survey::estimate::{Filter, Group, Request, SumsFiles, SumsOptions, listed};
use crate::survey::expr::with_backquotes;
use crate::survey::microdata::{Codebook, Source};
use crate::survey::sample::SumsAsRows;
use crate::survey::testing::{
    ChiSquareStatistic, NamedOptions, RankScore, TestItem, TestKind, TestRequest, TestResults,
    run as test, run_of_sums as test_of_sums,
};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine test poll.csv 'chisq(party, q1)' --weights weight --strata stratum --psu psu
  opine test poll.csv 'ttest(therm_us, sex)' 'ttest(therm_us - therm_cn)' --weights weight
  opine test poll.csv 'ranktest(therm_us, party)' 'anova(therm_us, party)' --by region --weights weight")]
pub struct Args {
    #[command(flatten)]
    file: FileArgs,
    /// What to test: 'chisq(a, b)' 'ttest(y, g)' 'ttest(y)' 'ttest(y - z)' 'ranktest(y, g)' 'anova(y, g)'
    #[arg(value_name = "TEST", required = true, value_parser = values::expression)]
    items: Vec<String>,
    /// Each test anew in every group: region,age
    #[arg(long, value_name = "GROUPS")]
    by: Vec<String>,
    /// Subpopulation: "region == 'North' and age >= 65"
    ///
    /// The others stay in the design.
    #[arg(long = "where", value_name = "CONDITION")]
    condition: Option<String>,
    /// Statistic of chisq [default: f]: f, chisq, wald, adjwald, lincom, saddlepoint
    ///
    /// f and chisq: Rao and Scott’s second-order and first-order corrections of Pearson’s X²; wald and adjwald: of the
    /// differences from independence; lincom and saddlepoint: X² with its own distribution, exact and approximate.
    #[arg(long, value_name = "STATISTIC", value_parser = parsed::<ChiSquareStatistic>)]
    statistic: Option<ChiSquareStatistic>,
    /// Score of ranktest [default: wilcoxon]: wilcoxon, vanderwaerden, median, kruskalwallis
    #[arg(long, value_name = "SCORE", value_parser = parsed::<RankScore>)]
    score: Option<RankScore>,
    /// Adjustment of the p-values [default: holm]: holm, hochberg, hommel, bonferroni, sidak, bh, by
    #[arg(long, value_name = "METHOD", value_parser = parsed::<Adjust>)]
    adjust: Option<Adjust>,
    /// Confidence level: 0.95 (default) or 95
    #[arg(long, value_name = "LEVEL", value_parser = values::level)]
    level: Option<f64>,
    #[command(flatten)]
    design: DesignArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// How the numbers come about: design, formulas, R and Stata code; in the place of the table
    #[arg(long, help_heading = "Output")]
    explain: bool,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    args.check_order()?;
    if let Some((files, items)) = sums_and_items(&args.file.file, &args.items) {
        return of_sums(&args, (&files, items), session);
    }
    let design = args.design.read(session)?;
    let source = args.file.open(session)?;
    let request = args.request(&args.items, source.codebook())?;
    args.refuse_no_effect(&request)?;
    let results = test(&source, &design, &request, None)?;
    let sample = &results.sample;
    let data = DesignUse::new(&sample.units, sample.without_weight);
    args.design.note_unused(data, session);
    if args.explain {
        let text = explain::tests(&results, &request, &args.file.file);
        return args.output.explain(&text, session);
    }
    args.print(&results, session)
}

/// Tables from sums that were made elsewhere.
fn of_sums(
    args: &Args,
    (files, items): (&[PathBuf], &[String]),
    session: &Session,
) -> Result<(), Failure> {
    let settled = args.design.before_sums().or(args.file.before_sums());
    if let Some(flag) = settled {
        return Err(Failure::Usage(format!(
            "{flag} was settled when these sums were made; make them again with opine sums … {flag} …"
        )));
    }
    if args.explain {
        return Err(Failure::Usage(
            "--explain writes code for the file of respondents, and these are sums".to_owned(),
        ));
    }
    let (lonely, df) = args.design.after_sums();
    let options = SumsOptions {
        request: Request::default(),
        lonely,
        df,
    };
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let opened = SumsFiles::open(&paths)?;
    let request = args.request(items, &opened.codebook())?;
    args.refuse_no_effect(&request)?;
    if request.items.is_empty() {
        return Err(Failure::Usage(
            "name a test: opine test a.sums b.sums 'chisq(party, q1)'".to_owned(),
        ));
    }
    let mut rows = Vec::new();
    for item in &request.items {
        let names = item.y.names().into_iter();
        let names = names.chain(item.by.iter().flat_map(|by| by.names()));
        let names: Vec<&str> = names.collect();
        rows.push(SumsAsRows::new(opened.estimate(&options)?, &names)?);
    }
    args.print(&test_of_sums(&rows, &request)?, session)
}

impl Args {
    /// The file stands first, then what is tested.
    fn check_order(&self) -> Result<(), Failure> {
        let first = self.file.file.to_string_lossy();
        let name = first.split('(').next().unwrap_or_default();
        let is_test = TestKind::by_name(name).is_some();
        let is_file = |text: &&String| Path::new(text.as_str()).is_file();
        match self.items.iter().find(is_file) {
            Some(file) if is_test && !self.file.file.exists() => Err(Failure::Usage(format!(
                "the file comes first, and what is tested names its variables: opine test {file} '{name}(a, b)'"
            ))),
            _ => Ok(()),
        }
    }

    fn print(&self, results: &TestResults, session: &Session) -> Result<(), Failure> {
        for warning in &results.sample.warnings {
            session.warn(warning);
        }
        if self.output.format()?.is_exact() {
            for note in survey::test_notes(results) {
                session.note(&note);
            }
        }
        let rows: Vec<Test> = results.tests.iter().map(|test| test.row.clone()).collect();
        let document = Document {
            tables: vec![survey::tests_table(results, &self.file.title())],
            sentences: survey::test_sentences(results),
            frame: tests_frame(&rows).map_err(Failure::usage)?,
        };
        self.output.print(&document, session)
    }

    fn request(&self, items: &[String], codebook: &Codebook) -> Result<TestRequest, Failure> {
        let named = |text: &str| with_backquotes(text, codebook);
        let items = items.iter().map(|item| TestItem::parse(&named(item)));
        let mut by = Vec::new();
        for groups in &self.by {
            for group in listed(&named(groups)) {
                by.push(Group::parse(group)?);
            }
        }
        let taken =
            |group: &&Group| TEST_COLUMNS.contains(&group.name.as_str()) || group.name == "item";
        if let Some(group) = by.iter().find(taken) {
            let name = &group.name;
            return Err(Failure::Usage(format!(
                "--by {name}: {name} is a column of every table of tests; give it another name, as in --by my_{name}={}",
                group.text
            )));
        }
        let filter = self
            .condition
            .as_deref()
            .map(|text| Filter::parse(&named(text)));
        Ok(TestRequest {
            items: items.collect::<Result<_, _>>()?,
            by,
            filter: filter.transpose()?,
            statistic: self.statistic.unwrap_or(ChiSquareStatistic::F),
            score: self.score.unwrap_or(RankScore::Wilcoxon),
            adjust: self.adjust.unwrap_or_default(),
            level: self.level.unwrap_or(0.95),
        })
    }

    /// Options that change nothing of these tests.
    fn refuse_no_effect(&self, request: &TestRequest) -> Result<(), Failure> {
        let named = NamedOptions {
            statistic: self.statistic.is_some(),
            score: self.score.is_some(),
            adjust: self.adjust.is_some(),
            level: self.level.is_some(),
        };
        match request.without_effect(named) {
            Some((option, why)) => Err(Failure::no_effect(&format!("--{option}"), why)),
            None => Ok(()),
        }
    }
}
