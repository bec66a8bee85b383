//! `opine pool`: the average of several polls or estimates, with what they differ by.

use std::path::{Path, PathBuf};

use super::data::DataArgs;
use super::summary;
use crate::cli::compare::{AverageBy, population};
use crate::cli::failure::Failure;
use crate::cli::output::{Document, OutputArgs};
use crate::cli::streams::Session;
use crate::cli::tables::TableFile;
use crate::cli::values::{self, parsed};
use crate::frames::{Column, Estimate, Estimates, Frame, Statistic};
use crate::present::lists;
use crate::present::published::{PooledLines, pool_about, pool_sentences, pool_table};
use crate::published::compare::{
    Average, Combination, Pooling, Side, TypedFigure, combine, row_label,
};
use crate::published::figures::store::ALL;
use crate::published::figures::topline::Intervals;
use crate::published::lines::{Line, by_poll};
use crate::published::pool::{PoolEntry, PoolResult, PoolScale, pool_entries};
use crate::statistics::interval::Method;
use crate::statistics::pool::{PoolMethod, PoolTest};
use crate::tabular;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine pool 48@1000 51@1512 46@820 50@2003              four polls of one question
  opine pool A=48@1000 B=51@1512 C=46@820 --deff 1.5     with names, and a design effect
  opine pool 4@410 7.5@612 2.2@980 --scale logit         small shares
  opine pool waves.csv                                   rows of estimates, or a list with label, percent and n
  opine pool pew2019/view_cn/favourable:DE+FR pew2020/view_cn/favourable:DE+FR --average equal")]
pub struct Args {
    #[command(flatten)]
    polls: PoolArgs,
    /// An average for each value of a column of the file: pollster
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Polls, and how they are averaged.
#[derive(clap::Args)]
pub struct PoolArgs {
    /// Polls: PERCENT@N, NAME=PERCENT@N, ids and selectors; or files of estimates or a list
    #[arg(value_name = "POLL", required = true)]
    polls: Vec<String>,
    /// Respondents of bare percentages
    #[arg(short, value_name = "N", value_parser = values::sample_size)]
    n: Option<f64>,
    /// Design effect of typed polls, one for all or one each: 1.5 or 1.3,1.8
    #[arg(long, value_name = "D", value_delimiter = ',', value_parser = values::positive)]
    deff: Vec<f64>,
    /// Variance between polls: reml (default), dl, pm, ml, or fixed for none
    #[arg(long, value_name = "METHOD", value_parser = parsed::<PoolMethod>)]
    method: Option<PoolMethod>,
    /// Error of the average: hksj-cut (default), hksj or z; of fixed: z
    ///
    /// Hartung, Knapp, Sidik and Jonkman’s with t on k − 1, not below that of z.
    #[arg(long, value_name = "TEST", value_parser = parsed::<PoolTest>)]
    test: Option<PoolTest>,
    /// Scale of the average: raw (default) or logit, for shares near 0 and 100%
    #[arg(long, value_name = "SCALE", value_parser = parsed::<PoolScale>)]
    scale: Option<PoolScale>,
    /// How countries of a poll are averaged (KR+PH) before polls are
    #[arg(long, value_enum, value_name = "HOW")]
    average: Option<AverageBy>,
    /// People a country, for --average population: a table with country and population
    #[arg(long, value_name = "FILE")]
    population: Option<PathBuf>,
    /// Confidence level: 0.95 (default) or 95
    #[arg(long, value_name = "LEVEL", value_parser = values::level)]
    level: Option<f64>,
    #[command(flatten)]
    data: DataArgs,
}

/// Polls that are averaged together, and what they have in common.
type PoolGroup = (Option<String>, Vec<PoolEntry>);

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    args.output.format()?;
    let results = args.polls.results(args.by.as_deref(), session)?;
    let level = args.polls.level();
    let document = Document {
        tables: results
            .iter()
            .map(|(group, result)| pool_table(result, group.as_deref(), level))
            .collect(),
        sentences: results
            .iter()
            .flat_map(|(group, result)| pool_sentences(result, group.as_deref(), level))
            .collect(),
        frame: frame(&results, args.by.as_deref(), level).map_err(Failure::usage)?,
    };
    args.output.print(&document, session)
}

impl PoolArgs {
    /// The confidence level.
    pub fn level(&self) -> f64 {
        self.level.unwrap_or(0.95)
    }

    /// What is typed as the only one, if it is: a file of rows, or standard input.
    pub fn only(&self) -> Option<&str> {
        match self.polls.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// An option that says how polls are averaged, if one was named.
    pub fn named_option(&self) -> Option<&'static str> {
        let options = [
            (self.n.is_some(), "-n"),
            (!self.deff.is_empty(), "--deff"),
            (self.method.is_some(), "--method"),
            (self.test.is_some(), "--test"),
            (self.scale.is_some(), "--scale"),
            (self.average.is_some(), "--average"),
            (self.population.is_some(), "--population"),
            (self.level.is_some(), "--level"),
            (self.data.data.is_some(), "--data"),
        ];
        let named = options.into_iter().find(|(is_named, _)| *is_named);
        named.map(|(_, option)| option)
    }

    /// An average of all polls, or of each group.
    pub fn results(
        &self,
        by: Option<&str>,
        session: &Session,
    ) -> Result<Vec<(Option<String>, PoolResult)>, Failure> {
        let method = self.method.unwrap_or_default();
        let test = self.test.unwrap_or(match method {
            PoolMethod::Fixed => PoolTest::Z,
            _ => PoolTest::default(),
        });
        let mut results: Vec<(Option<String>, PoolResult)> = Vec::new();
        for (group, entries) in self.groups(by, session)? {
            let named = |error| {
                Failure::Usage(match &group {
                    Some(group) => format!("{group}: {error}"),
                    None => format!("{error}"),
                })
            };
            let result = pool_entries(entries, self.scale, (method, test), self.level());
            results.push((group.clone(), result.map_err(named)?));
        }
        Ok(results)
    }

    /// The polls that are averaged together.
    fn groups(&self, by: Option<&str>, session: &Session) -> Result<Vec<PoolGroup>, Failure> {
        let is_file = |text: &String| {
            text == "-" || tabular::is_table(Path::new(text)) || text.ends_with(".json")
        };
        let (files, others): (Vec<&String>, Vec<&String>) =
            self.polls.iter().partition(|text| is_file(text));
        if by.is_some() && files.is_empty() {
            return Err(Failure::no_effect(
                "--by",
                "it is a column of a file of estimates",
            ));
        }
        let typed: Vec<&String> = others
            .iter()
            .copied()
            .filter(|text| TypedFigure::is_typed(text))
            .collect();
        if !self.deff.is_empty() && typed.is_empty() {
            return Err(Failure::no_effect("--deff", "it is of typed polls"));
        }
        if self.n.is_some() && !typed.iter().any(|text| !text.contains('@')) {
            return Err(Failure::no_effect(
                "-n",
                "no bare percentage is among the polls",
            ));
        }
        if self.deff.len() > 1 && self.deff.len() != typed.len() {
            return Err(Failure::Usage(format!(
                "--deff has {} numbers for {} typed polls: one for all, or one each",
                self.deff.len(),
                typed.len()
            )));
        }
        let mut entries = Vec::new();
        for (at, text) in typed.iter().enumerate() {
            let deff = self
                .deff
                .get(at)
                .or(self.deff.first().filter(|_| self.deff.len() == 1));
            entries.push(typed_entry(text, self.n, deff.copied())?);
        }
        let selectors: Vec<String> = others
            .iter()
            .filter(|text| !TypedFigure::is_typed(text))
            .map(|text| (*text).clone())
            .collect();
        let of_stored = [
            (self.data.data.is_some(), "--data"),
            (self.average.is_some(), "--average"),
            (self.population.is_some(), "--population"),
        ];
        let idle = of_stored.iter().find(|(is, _)| *is && selectors.is_empty());
        if let Some((_, option)) = idle {
            return Err(Failure::no_effect(option, "no stored figure is named"));
        }
        if !selectors.is_empty() {
            entries.extend(self.stored(&selectors, session)?);
        }
        let mut groups: Vec<PoolGroup> = match entries.is_empty() {
            true => Vec::new(),
            false => vec![(None, entries)],
        };
        for file in files {
            for row in rows(file, session)? {
                let group = match by {
                    None => None,
                    Some("source") => Some(row.source.clone()),
                    Some(by) if row.groups.iter().any(|(name, _)| *name == by) => {
                        Some(row.group(by).to_owned())
                    }
                    Some(by) => {
                        let known: Vec<&str> =
                            row.groups.iter().map(|(name, _)| name.as_str()).collect();
                        return Err(Failure::Usage(format!(
                            "--by {by}: {file} has no column {by}; it has source {}",
                            known.join(" ")
                        )));
                    }
                };
                let entry =
                    PoolEntry::from_estimate(&row, row_label(&row)).map_err(Failure::usage)?;
                match groups.iter_mut().find(|(own, _)| *own == group) {
                    Some((_, entries)) => entries.push(entry),
                    None => groups.push((group, vec![entry])),
                }
            }
        }
        Ok(groups)
    }

    /// Figures of the store, and means of countries: of one question, each of its own poll.
    fn stored(&self, selectors: &[String], session: &Session) -> Result<Vec<PoolEntry>, Failure> {
        let store = self.data.open_sound(session)?;
        let intervals = Intervals {
            method: Method::Wilson,
            level: self.level.unwrap_or(0.95),
            assumed_n: None,
        };
        let mut means: Vec<Combination> = Vec::new();
        let mut plain: Vec<String> = Vec::new();
        for text in selectors {
            match Combination::parse(text, &[], &store).map_err(Failure::usage)? {
                Some(mean) => means.push(mean),
                None => plain.push(text.clone()),
            }
        }
        self.refuse_for_countries(&means)?;
        if let ([mean], 1) = (means.as_slice(), self.polls.len()) {
            return Err(Failure::Usage(format!(
                "{0} is of one poll, and an average takes two and more; the mean of its countries is in opine compare {0} --average equal --against 50",
                mean.written
            )));
        }
        let sections = match plain.is_empty() {
            true => Vec::new(),
            false => {
                let (figures, source_named) = summary::figures(&store, &plain)?;
                by_poll(&store, &figures, source_named, intervals).map_err(Failure::usage)?
            }
        };
        let lines: Vec<_> = sections.iter().flat_map(|section| &section.lines).collect();
        let of_line = |line: &&Line| Origin {
            id: line.figure.id(),
            poll: line.figure.poll.clone(),
            question: line.figure.question.clone(),
            response: line.figure.response.clone(),
            country: line.figure.country.clone(),
        };
        let of_mean = |mean: &Combination| Origin {
            id: mean.written.clone(),
            poll: mean.poll.clone(),
            question: mean.question.clone(),
            response: mean.response.clone(),
            country: mean.countries.join("+"),
        };
        let origins = lines.iter().map(of_line);
        let origins: Vec<Origin> = origins.chain(means.iter().map(of_mean)).collect();
        alike(&origins, session)?;
        let entry = |line: &&Line| {
            PoolEntry::from_estimate(&line.estimate, line.figure.id()).map_err(Failure::usage)
        };
        let mut entries: Vec<PoolEntry> = lines.iter().map(entry).collect::<Result<_, _>>()?;
        let population = population(self.population.as_deref(), self.average, None, session)?;
        let pooling = Pooling {
            average: self.average.map(Average::from),
            population: population.as_ref(),
        };
        for mean in &means {
            let sides = combine(&store, mean, pooling, intervals).map_err(Failure::usage)?;
            for side in sides {
                entries.push(mean_entry(side)?);
            }
        }
        Ok(entries)
    }

    /// --average is of means of countries.
    fn refuse_for_countries(&self, means: &[Combination]) -> Result<(), Failure> {
        let several = means.iter().any(|mean| mean.countries.len() > 1);
        match self.average.is_some() && !several {
            true => Err(Failure::no_effect(
                "--average",
                "no mean of countries is named, as KR+PH",
            )),
            false => Ok(()),
        }
    }
}

/// What a stored figure is of.
struct Origin {
    id: String,
    poll: String,
    question: String,
    response: String,
    country: String,
}

/// Each poll once, of one answer; other questions and countries are said.
fn alike(origins: &[Origin], session: &Session) -> Result<(), Failure> {
    for (at, own) in origins.iter().enumerate() {
        if let Some(other) = origins[..at].iter().find(|other| other.poll == own.poll) {
            let one = |country: &str| country != ALL && !country.contains('+');
            return Err(Failure::Usage(
                match one(&own.country) && one(&other.country) && own.country != other.country {
                    true => format!(
                        "{} and {} are countries of one poll, whose mean is {}/{}/{}:{}+{} --average equal",
                        other.id,
                        own.id,
                        own.poll,
                        own.question,
                        own.response,
                        other.country,
                        own.country
                    ),
                    false => format!(
                        "{} and {} are of one poll: the same respondents count once",
                        other.id, own.id
                    ),
                },
            ));
        }
        let Some(first) = origins.first() else {
            continue;
        };
        if first.response != own.response {
            return Err(Failure::Usage(format!(
                "{} and {} are other answers: an average is of one",
                first.id, own.id
            )));
        }
        if first.question != own.question {
            session.warn(&format!(
                "{} and {} are other questions: what they differ by is in the average",
                first.id, own.id
            ));
        }
        if first.country != own.country {
            session.warn(&format!(
                "{} and {} are of other countries: what they differ by is in the average",
                first.id, own.id
            ));
        }
    }
    Ok(())
}

/// A net, or a mean of countries.
fn mean_entry(side: Side) -> Result<PoolEntry, Failure> {
    if side.score.is_some() {
        return Err(Failure::Usage(format!(
            "{}: a lead is not pooled; pool its two answers",
            side.id
        )));
    }
    let size = side
        .size
        .map_err(|why| Failure::Usage(format!("{}: {why}", side.id)))?;
    Ok(PoolEntry {
        label: side.id,
        value: side.share,
        rounding: 0.5 * (side.range.1 - side.range.0),
        variance: side.share * (1.0 - side.share) / size.n_eff,
        n: size.n,
        knows_deff: size.deff.is_some(),
        is_share: true,
        in_points: false,
    })
}

/// A poll as it is typed.
fn typed_entry(text: &str, n: Option<f64>, deff: Option<f64>) -> Result<PoolEntry, Failure> {
    let figure = TypedFigure::parse(text).map_err(Failure::Usage)?;
    let Some(percent) = figure.percent() else {
        return Err(Failure::Usage(format!(
            "{text}: a lead is not pooled; pool its two answers"
        )));
    };
    let Some(n) = figure.n.or(n) else {
        return Err(Failure::Usage(format!(
            "{text}: how many were asked? Write {text}@1000, or -n 1000"
        )));
    };
    let p = percent.value / 100.0;
    Ok(PoolEntry {
        label: figure.name.clone().unwrap_or_else(|| text.to_owned()),
        value: p,
        rounding: percent.unit / 200.0,
        variance: p * (1.0 - p) * deff.unwrap_or(1.0) / n,
        n: Some(n),
        knows_deff: deff.is_some(),
        is_share: true,
        in_points: false,
    })
}

/// The rows of a file of estimates, or of a list.
fn rows(file: &str, session: &Session) -> Result<Vec<Estimate>, Failure> {
    let opened = TableFile::open(file, tabular::Options::default(), session)?;
    let wrong = |error: lists::Error| match error {
        lists::Error::Table(error) => error.into(),
        other => Failure::Usage(format!("{file}: {other}")),
    };
    let (rows, note) =
        match lists::read(&opened.name, &opened.bytes, &opened.options).map_err(wrong)? {
            lists::Input::Estimates(estimates, note) => {
                let rows = estimates.rows();
                (
                    rows.map_err(|error| Failure::Usage(format!("{file}: {error}")))?,
                    note,
                )
            }
            lists::Input::List(mut list) => {
                let figures = list.figures().map_err(wrong)?;
                let row = |figure: &crate::published::lists::ListedFigure| Estimate {
                    estimate: Some(figure.percent.value / 100.0),
                    n: figure.n,
                    ..Estimate::proportion(file, &figure.label, None)
                };
                (figures.iter().map(row).collect(), list.note())
            }
        };
    if let Some(note) = note {
        session.note(&note);
    }
    Ok(rows)
}

/// A row an average, with what the polls differ by in columns of its own.
fn frame(
    results: &[(Option<String>, PoolResult)],
    by: Option<&str>,
    level: f64,
) -> Result<Frame, crate::frames::Error> {
    let row = |(group, result): &(Option<String>, PoolResult)| {
        let pooled = &result.pooled;
        let total: Option<f64> = result.entries.iter().map(|entry| entry.n).sum();
        Estimate {
            groups: by
                .map(|by| (by.to_owned(), group.clone()))
                .into_iter()
                .collect(),
            statistic: match result.method {
                PoolMethod::Fixed => Statistic::Fixed,
                _ => Statistic::Pooled,
            },
            estimate: Some(result.back(pooled.estimate)),
            se: Some(result.se()),
            ci_low: Some(result.back(pooled.ci_low)),
            ci_high: Some(result.back(pooled.ci_high)),
            df: pooled.df,
            n: total,
            note: if pooled.df.is_none() {
                "normal: df without end".to_owned()
            } else {
                String::new()
            },
            ..Estimate::proportion("pool", "average", None)
        }
    };
    let rows: Vec<Estimate> = results.iter().map(row).collect();
    let mut columns = Estimates::from_rows(&rows)?.into_frame().columns().to_vec();
    type Number = fn(&PoolResult) -> Option<f64>;
    let numbers: [(&str, Number); 9] = [
        ("k", |result| Some(result.pooled.k as f64)),
        ("tau2", |result| result.pooled.tau2),
        ("i2", |result| Some(result.pooled.i2)),
        ("i2_tau2", |result| result.pooled.i2_tau2),
        ("h2", |result| result.pooled.h2),
        ("q", |result| Some(result.pooled.q)),
        ("q_p", |result| Some(result.pooled.q_p)),
        ("prediction_low", |result| {
            result.pooled.prediction.map(|(low, _)| result.back(low))
        }),
        ("prediction_high", |result| {
            result.pooled.prediction.map(|(_, high)| result.back(high))
        }),
    ];
    for (name, of) in numbers {
        let values: Vec<Option<f64>> = results.iter().map(|(_, result)| of(result)).collect();
        columns.push(Column::new(name, values));
    }
    let lines = results.iter();
    let lines = lines.map(|(_, result)| PooledLines::new(result, level, pool_about(result)));
    let lines: Vec<PooledLines> = lines.collect();
    PooledLines::beside(&lines, &Frame::new(rows.len(), columns)?)
}
