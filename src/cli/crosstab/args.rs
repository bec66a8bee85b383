//! What is typed after `opine crosstab`, and the request that it means.

use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::cli::values::{self, parsed};
use crate::present::crosstab::Further;
use crate::statistics::adjust::Adjust;
use crate::survey::crosstab::{
    Against, BannerPart, Grid, Net, Options, Percent, PlanFile, Question, Request, Scores, SetBase,
    SetSpec, TableRequest, Test, ZeroCells,
};
use crate::survey::estimate::{Ci, DomainDf, Missing, listed};
use crate::survey::expr::{condition, with_backquotes};
use crate::survey::microdata::Codebook;

/// Whether grids are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum FindGrids {
    Auto,
    None,
}

/// Questions, banner, and what is made of their levels.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Tables")]
pub struct TableArgs {
    /// Questions, a table each: q1,q2 [default: all of the file]
    ///
    /// Or items: 'mean(therm_us)', 'Worried = prop(q1 in [...])'.
    #[arg(long, value_name = "ITEMS")]
    pub rows: Vec<String>,
    /// The banner: party,age side by side, party:sex nested
    ///
    /// 'age=cut(age, 30, 60)' is in bands; a set goes by its name.
    #[arg(long, value_name = "BANNER")]
    pub columns: Vec<String>,
    /// The variable that tells waves apart, a block of the banner: year
    ///
    /// One that all files have, or a name that none has: then its levels are the files in their order. Variables are matched by
    /// name and levels by label; what differs is named.
    #[arg(long, value_name = "NAME")]
    pub wave: Option<String>,
    /// Banner and tables as a file has them, kept from wave to wave: tabs.toml
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<PathBuf>,
    /// Write a draft of such a file
    ///
    /// Questions, sets, grids, scales in their order, don’t know placed, letters. No table is made then, unless -o names a file.
    #[arg(long, value_name = "PLAN")]
    pub write_plan: Option<PathBuf>,
    /// Subpopulation: "region == 'North' and age >= 65"
    ///
    /// The others stay in the design.
    #[arg(long = "where", value_name = "CONDITION")]
    pub condition: Option<String>,
    /// Levels added up to one: 'Agree=Strongly agree,Agree'
    ///
    /// Of all questions that have them, or of one: 'q1:Agree=Strongly agree,Agree'.
    #[arg(long = "net", value_name = "[VARIABLE:]NAME=LEVELS")]
    pub nets: Vec<String>,
    /// Columns added up to one, beside them: 'age:Under 35=18-24,25-34'
    #[arg(long = "column-net", value_name = "[BLOCK:]NAME=LEVELS")]
    pub column_nets: Vec<String>,
    /// Nets of the first and the last K answers of a scale
    #[arg(long = "box", value_name = "K", value_parser = clap::value_parser!(u8).range(1..=9))]
    pub box_size: Option<u8>,
    /// A question with several answers: 'news=n1,n2,n3:Yes'
    ///
    /// Or 'first=m1,m2,m3' where each variable holds an answer.
    #[arg(long = "set", value_name = "NAME=VARIABLES[:COUNTED]", value_parser = parsed::<SetSpec>)]
    pub sets: Vec<SetSpec>,
    /// Base of a set: answered (any of its variables), any (one answer at least) or all [default: answered]
    #[arg(long, value_name = "WHICH", value_parser = parsed::<SetBase>)]
    pub set_base: Option<SetBase>,
    /// Questions with the same answers side by side: 'Worries=q2,q4,q6'
    ///
    /// Then by the banner: a table a net, or an answer, with the questions down.
    #[arg(long = "grid", value_name = "NAME=VARIABLES", value_parser = parsed::<Grid>)]
    pub grids: Vec<Grid>,
    /// Neighbours with the same labels as grids: auto or none [default: none; with --plan auto]
    #[arg(long = "grids", value_name = "WHICH", value_enum)]
    pub find_grids: Option<FindGrids>,
    /// Numbers for levels, whose mean is shown: 'q1:4,3,2,1' in their order, or 'q1:Agree=1,Disagree=-1'
    #[arg(long, value_name = "VARIABLE:SCORES", value_parser = parsed::<Scores>)]
    pub scores: Vec<Scores>,
    /// A level that is taken off the base; the base line says how many it is
    #[arg(long, value_name = "LEVEL")]
    pub without: Vec<String>,
    /// Shares of: column (default), row, total or responses
    ///
    /// total is all of a block, responses all answers of a set.
    #[arg(long, value_name = "WHICH", value_parser = parsed::<Percent>)]
    pub percent: Option<Percent>,
    /// Further lines under each row: count, n_eff, se, ci, index, mean, sd, mentions
    #[arg(long, value_name = "LINES", value_delimiter = ',', value_parser = parsed::<Further>)]
    pub show: Vec<Further>,
    /// Answers in the order of their shares in a column: total, or a column by name
    #[arg(long, value_name = "COLUMN")]
    pub sort: Option<String>,
    /// Leave out columns that nobody is in
    ///
    /// Of a subpopulation (--where) whose banner has more levels than it has.
    #[arg(long)]
    pub drop_empty: bool,
    /// No column of the total
    #[arg(long)]
    pub no_total: bool,
    /// Decimals of per cents [default: 0]
    #[arg(long, value_name = "0..3", value_parser = clap::value_parser!(u8).range(0..=3))]
    pub decimals: Option<u8>,
    /// Flag columns on a base below N, the smaller of respondents and effective n [default: 100]
    #[arg(long, value_name = "N")]
    pub flag_base: Option<u32>,
    /// Hide counts of fewer than N respondents, and what would tell of them, over all tables
    ///
    /// What was hidden is said on standard error; csv and json have null there.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub suppress: Option<u32>,
    /// Leave columns on a base below N out of tables and tests; csv and json have them all [default: 30]
    #[arg(long, value_name = "N")]
    pub min_base: Option<u32>,
}

/// How cells are made and compared.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Tests")]
pub struct TestArgs {
    /// What differences are tested by: design, kish (effective bases), frequencies or none [default: design]
    ///
    /// frequencies takes weights for numbers of respondents: for old letters, which are too many by it.
    #[arg(long, value_name = "HOW", value_parser = parsed::<Test>)]
    pub test: Option<Test>,
    /// Defaults of another house: quantum (kish, no adjustment) or spss (frequencies, bonferroni), 0 and 100% left out
    ///
    /// quantum as UNICOM Intelligence and Quantum test: pooled shares on effective bases, t, overlap taken off. spss as
    /// Custom Tables: z of pooled shares, t of means, one level of 5%, a family within each innermost variable. Options that
    /// are named go before.
    #[arg(long, value_name = "HOUSE", value_parser = house)]
    pub like: Option<House>,
    /// Tested against: pairs (default), rest, total, previous or a column
    #[arg(long, value_name = "WHAT", value_parser = parsed::<Against>)]
    pub against: Option<Against>,
    /// Adjustment within a row and block [default: holm]: holm, hochberg, hommel, bonferroni, sidak, bh, by, none
    #[arg(long, value_name = "METHOD", value_parser = parsed::<Adjustment>)]
    pub adjust: Option<Adjustment>,
    /// Levels of significance: capital letters up to the first, small ones up to the second [default: 0.05,0.10]
    #[arg(long, value_name = "LEVELS", value_parser = alpha)]
    pub alpha: Option<(f64, f64)>,
    /// Shares of 0 and 100 per cent: test or exclude [default: test]
    #[arg(long, value_name = "HOW", value_parser = parsed::<ZeroCells>)]
    pub zero_cells: Option<ZeroCells>,
    /// Nets of columns are tested, too
    #[arg(long)]
    pub test_nets: bool,
    /// Rows of comparisons in the place of cells
    #[arg(long, conflicts_with = "tests")]
    pub pairs: bool,
    /// Rows of the tests of whole tables in the place of cells
    #[arg(long)]
    pub tests: bool,
    /// Interval of shares [default: logit]: wald, logit, likelihood, asin, beta, xlogit, wilson, …
    #[arg(long, value_name = "METHOD", value_parser = parsed::<Ci>)]
    pub ci: Option<Ci>,
    /// Confidence level: 0.95 (default) or 95
    #[arg(long, value_name = "LEVEL", value_parser = values::level)]
    pub level: Option<f64>,
    /// Degrees of freedom: those of the columns (domain), or those of the design [default: domain]
    #[arg(long, value_name = "WHICH", value_parser = parsed::<DomainDf>)]
    pub domain_df: Option<DomainDf>,
    /// Missing answers: exclude, show (how many) or category (a share of their own) [default: exclude]
    #[arg(long, value_name = "HOW", value_parser = parsed::<Missing>)]
    pub missing: Option<Missing>,
    /// Levels as coded instead of their labels
    #[arg(long)]
    pub codes: bool,
    /// Exit 1 where a base is small, a column empty, or shares don’t add up
    #[arg(long)]
    pub strict: bool,
}

/// A house whose tables are to be had again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum House {
    Quantum,
    /// Custom Tables.
    Spss,
}

fn house(given: &str) -> Result<House, String> {
    match given {
        "quantum" => Ok(House::Quantum),
        "spss" => Ok(House::Spss),
        _ => Err(format!(
            "“{given}” is no house that is known: quantum, spss"
        )),
    }
}

/// How p-values of a family are adjusted, if at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adjustment(pub Option<Adjust>);

impl std::str::FromStr for Adjustment {
    type Err = String;

    fn from_str(given: &str) -> Result<Adjustment, String> {
        match given {
            "none" => Ok(Adjustment(None)),
            _ => given
                .parse()
                .map(|adjust| Adjustment(Some(adjust)))
                .map_err(|error: crate::statistics::adjust::UnknownAdjust| error.to_string()),
        }
    }
}

/// The waves stand first, unless the banner has them somewhere.
fn add_wave(request: &mut Request, wave: &str) -> Result<(), Failure> {
    let part = BannerPart::parse(wave).map_err(Failure::usage)?;
    let has = |other: &BannerPart| other.factors.iter().any(|of| part.factors.contains(of));
    if !request.banner.iter().any(has) {
        request.banner.insert(0, part);
    }
    Ok(())
}

/// One level, or the stricter and the other.
fn alpha(given: &str) -> Result<(f64, f64), String> {
    let wrong = || format!("“{given}” are no levels of significance: write 0.05 or 0.05,0.10");
    let levels: Option<Vec<f64>> = given
        .split(',')
        .map(|level| level.trim().parse().ok())
        .collect();
    let inside = |level: &f64| *level > 0.0 && *level < 1.0;
    match levels.as_deref() {
        Some([one]) if inside(one) => Ok((*one, *one)),
        Some([a, b]) if inside(a) && inside(b) && a != b => Ok((a.min(*b), a.max(*b))),
        _ => Err(wrong()),
    }
}

impl TableArgs {
    /// An option that says what sums are made of, which is settled by then.
    pub fn before_sums(&self) -> Option<&'static str> {
        let options = [
            (self.condition.is_some(), "--where"),
            (!self.sets.is_empty(), "--set"),
            (self.wave.is_some(), "--wave"),
            (self.set_base.is_some(), "--set-base"),
        ];
        let set = options.into_iter().find(|(is_set, _)| *is_set);
        set.map(|(_, option)| option)
    }

    /// The request; `exact`: nothing is left out for its base.
    pub fn request(
        &self,
        tests: &TestArgs,
        codebook: &Codebook,
        exact: bool,
    ) -> Result<Request, Failure> {
        let texts = |lists: &[String]| -> Vec<String> {
            let all = lists.iter().flat_map(|list| listed(list));
            all.map(|part| with_backquotes(part.trim(), codebook))
                .filter(|part| !part.is_empty())
                .collect()
        };
        let questions = texts(&self.rows);
        let questions = questions.iter().map(|text| Question::parse(text));
        let questions = questions
            .collect::<Result<Vec<_>, _>>()
            .map_err(Failure::coded)?;
        let banner = texts(&self.columns);
        let banner = banner.iter().map(|text| BannerPart::parse(text));
        let banner = banner
            .collect::<Result<Vec<_>, _>>()
            .map_err(Failure::coded)?;
        let condition = match &self.condition {
            None => None,
            Some(text) => {
                let text = with_backquotes(text, codebook);
                let parsed = condition(&text).map_err(Failure::coded)?;
                Some((text, parsed))
            }
        };
        let plan = self.plan.as_deref().map(PlanFile::read).transpose()?;
        let mut planned = Request::default();
        if let Some(plan) = &plan {
            self.check_plan(plan)?;
            plan.apply(&mut planned, codebook)?;
        }
        let asked = planned.tables.iter().map(|table| table.question.clone());
        let all: Vec<Question> = questions.iter().cloned().chain(asked).collect();
        let names = self.names(&all, codebook);
        let parts = banner.iter().chain(&planned.banner);
        let blocks: Vec<String> = parts.map(|part| part.name.clone()).collect();
        let blocks: Vec<&str> = blocks.iter().map(String::as_str).collect();
        let mut request = Request {
            nets: nets("--net", &self.nets, &names)?,
            column_nets: nets("--column-net", &self.column_nets, &blocks)?,
            tables: questions.into_iter().map(TableRequest::from).collect(),
            banner,
            condition,
            sets: self.sets.clone(),
            grids: self.grids.clone(),
            scores: self.scores.clone(),
            box_size: self.box_size.map(usize::from),
            without: self.without.clone(),
            find_grids: match self.find_grids {
                Some(which) => which == FindGrids::Auto,
                None => planned.find_grids || self.write_plan.is_some(),
            },
            letters: planned.letters,
            from_plan: plan.is_some(),
            disclosures: planned.disclosures,
            options: self.options(tests, exact),
        };
        if let Some(wave) = &self.wave {
            add_wave(&mut request, &with_backquotes(wave, codebook))?;
        }
        request.tables.extend(planned.tables);
        request.banner.extend(planned.banner);
        request.column_nets.extend(planned.column_nets);
        request.sets.extend(planned.sets);
        if self.find_grids != Some(FindGrids::None) {
            request.grids.extend(planned.grids);
        }
        Ok(request)
    }

    /// What the plan says, no option says as well.
    fn check_plan(&self, plan: &PlanFile) -> Result<(), Failure> {
        let both = [
            (
                plan.has_banner() && !self.columns.is_empty(),
                "--columns",
                "a banner",
            ),
            (
                plan.has_tables() && !self.rows.is_empty(),
                "--rows",
                "tables",
            ),
        ];
        match both.into_iter().find(|(is, ..)| *is) {
            None => Ok(()),
            Some((_, option, what)) => Err(Failure::Usage(format!(
                "the plan has {what} of its own: leave out {option}, or what the plan says of it"
            ))),
        }
    }

    /// What a net may name before a colon.
    fn names<'a>(&'a self, questions: &'a [Question], codebook: &'a Codebook) -> Vec<&'a str> {
        let own = self.sets.iter().map(|set| set.name.as_str());
        let of_grids = self.grids.iter().map(|grid| grid.name.as_str());
        let mut names: Vec<&str> = own.chain(of_grids).collect();
        match questions.is_empty() && self.grids.is_empty() {
            true => {
                names.extend(
                    codebook
                        .variables
                        .iter()
                        .map(|variable| variable.name.as_str()),
                );
                names.extend(
                    codebook
                        .sets
                        .iter()
                        .map(|set| set.name.trim_start_matches('$')),
                );
            }
            false => {
                for question in questions {
                    match question {
                        Question::Name(name) => names.push(name.trim_start_matches('$')),
                        Question::Item(item) => {
                            let arguments = item
                                .terms
                                .iter()
                                .flat_map(|term| term.statistic.arguments());
                            names.extend(item.name.as_deref());
                            names.extend(arguments.filter_map(|of| match &of.node {
                                crate::survey::expr::Node::Name(name) => Some(name.as_str()),
                                _ => None,
                            }));
                        }
                    }
                }
            }
        }
        names
    }

    fn options(&self, tests: &TestArgs, exact: bool) -> Options {
        let usual = match tests.like {
            None => Options::default(),
            Some(House::Quantum) => Options {
                test: Test::Kish,
                adjust: None,
                zero_cells: ZeroCells::Exclude,
                ..Options::default()
            },
            Some(House::Spss) => Options {
                test: Test::Frequencies,
                adjust: Some(Adjust::Bonferroni),
                nested_families: true,
                alpha: (0.05, 0.05),
                zero_cells: ZeroCells::Exclude,
                ..Options::default()
            },
        };
        let least = self.min_base.map_or(
            if exact {
                0.0
            } else {
                crate::present::survey::LEAST_BASE
            },
            f64::from,
        );
        Options {
            level: tests.level.unwrap_or(usual.level),
            ci: tests.ci.unwrap_or(usual.ci),
            domain_df: tests.domain_df.unwrap_or(usual.domain_df),
            missing: tests.missing.unwrap_or(usual.missing),
            codes: tests.codes,
            percent: self.percent.unwrap_or(usual.percent),
            test: tests.test.unwrap_or(usual.test),
            against: tests.against.clone().unwrap_or(usual.against),
            adjust: tests.adjust.map_or(usual.adjust, |adjust| adjust.0),
            nested_families: usual.nested_families,
            alpha: tests.alpha.unwrap_or(usual.alpha),
            zero_cells: tests.zero_cells.unwrap_or(usual.zero_cells),
            flag_base: self.flag_base.map_or(usual.flag_base, f64::from),
            least_base: least,
            set_base: self.set_base.unwrap_or(usual.set_base),
            test_nets: tests.test_nets,
            means: self
                .show
                .iter()
                .any(|what| matches!(what, Further::Mean | Further::StdDev)),
            mentions: self.show.contains(&Further::Mentions),
            sort: self.sort.clone(),
            total: !self.no_total,
            drop_empty: self.drop_empty,
            of_earlier_wave: false,
        }
    }
}

fn nets(option: &str, given: &[String], names: &[&str]) -> Result<Vec<Net>, Failure> {
    let parsed = given.iter().map(|text| Net::parse(text, names));
    parsed
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::Usage(format!("{option}: {error}")))
}
