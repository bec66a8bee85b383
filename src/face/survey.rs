use std::collections::HashSet;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::error::{Error, STOPPED};
use super::estimates::SurveyEstimates;
use super::option_of;
use super::results::Results;
use super::sums::Sums;
use super::tables::Tables;
use crate::frames::{self, Column, Frame, Values};
use crate::present;
use crate::statistics::interval::Method;
use crate::survey::design::Design;
use crate::survey::estimate::{self, NamedOption, Options, Request, RequestBuilder};
use crate::survey::expr::with_backquotes;
use crate::survey::microdata::{
    self, Batch, Codebook, ColumnRequest, Kind, Lent, LentColumns, Memory, MemoryColumn,
    OpenOptions, Source, Variable,
};

/// Respondents and how they were sampled.
///
/// ```
/// use opine::Survey;
///
/// let poll = Survey::open("examples/poll.csv")?
///     .weights("weight")
///     .strata(["stratum"])
///     .psu(["psu"]);
/// let worried = poll
///     .estimate("prop(q1)")
///     .by("party")
///     .net("Worried", ["Very worried", "Somewhat worried"])
///     .run()?;
/// println!("{}", worried.tables());
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone)]
pub struct Survey {
    /// What estimates give as their source, and what tables name in their foot.
    name: String,
    title: String,
    /// Where they can be read from again, if they came from a file.
    path: Option<PathBuf>,
    options: OpenOptions,
    source: Arc<dyn Source>,
    design: Design,
}

impl Survey {
    /// Opens a file of respondents: .csv, .tsv, .parquet, .arrow, .sav, .zsav, .por, .dta, .xpt, also within .gz or .zip.
    /// Columns are read when they are asked for.
    ///
    /// # Errors
    /// A file that can't be read (`file`), or that is of another kind than its ending says (`format`).
    pub fn open(path: impl AsRef<Path>) -> Result<Survey, Error> {
        Survey::open_with(path, &OpenOptions::default())
    }

    /// The same with what the file does not say itself: a codebook beside it, entries that are missing, encoding, separator.
    ///
    /// # Errors
    /// Those of [`Survey::open`], and options that have no effect on a file of its kind (`request`).
    ///
    /// ```
    /// use opine::{OpenOptions, Survey};
    ///
    /// let options = OpenOptions {
    ///     codebook: Some("examples/poll-codebook.csv".into()),
    ///     ..OpenOptions::default()
    /// };
    /// let poll = Survey::open_with("examples/poll.csv", &options)?;
    /// assert!(poll.describe()?.to_string().contains("How worried"));
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn open_with(path: impl AsRef<Path>, options: &OpenOptions) -> Result<Survey, Error> {
        let path = path.as_ref();
        let source = microdata::open(path, options)?;
        Ok(Survey {
            path: Some(path.to_owned()),
            options: options.clone(),
            ..Survey::from_source(path, Arc::from(source))
        })
    }

    /// The same of bytes that are at hand; the ending of `name` says what they are.
    ///
    /// # Errors
    /// Those of [`Survey::open`].
    ///
    /// ```
    /// use opine::Survey;
    ///
    /// let poll = Survey::from_bytes("poll.csv", b"q1,w\nyes,2\nno,1\nyes,1\n")?.weights("w");
    /// let rows = poll.estimate("prop(q1)").run()?;
    /// assert_eq!(rows.rows()[1].estimate, Some(0.75));
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Survey, Error> {
        let source = microdata::open_bytes(name, bytes, &OpenOptions::default())?;
        Ok(Survey::from_source(Path::new(name), Arc::from(source)))
    }

    /// Respondents in columns: texts, or numbers. `name` is what estimates give as their source.
    ///
    /// # Errors
    /// Columns of different lengths, or of one name (`table`).
    ///
    /// ```
    /// use opine::{Column, Survey};
    ///
    /// let poll = Survey::from_columns(
    ///     "tonight",
    ///     vec![
    ///         Column::new("answer", vec![Some("yes"), Some("no"), None, Some("yes")]),
    ///         Column::new("age", vec![34.0, 51.0, 28.0, 60.0]),
    ///     ],
    /// )?;
    /// let rows = poll.estimate("prop(answer)").also("mean(age)").run()?;
    /// assert_eq!(rows.rows().last().and_then(|row| row.estimate), Some(43.25));
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn from_columns(name: &str, columns: Vec<Column>) -> Result<Survey, Error> {
        let rows = columns.first().map_or(0, |column| column.values.len());
        let frame = Frame::new(rows, columns)?;
        let (variables, columns) = frame.columns().iter().map(memory_column).unzip();
        let codebook = Codebook {
            variables,
            ..Codebook::default()
        };
        Survey::from_memory(name, codebook, columns)
    }

    /// Respondents in a polars frame. Numbers are numbers, dates dates; categories, and whatever else polars can show as text,
    /// are texts in which null is missing. Nested and binary columns are left out, with a note.
    ///
    /// # Errors
    /// A column that polars can't give as numbers (`format`).
    ///
    /// ```
    /// use opine::polars::prelude::*;
    ///
    /// let frame = df!("vote" => ["Red", "Blue", "Red"], "w" => [1.0, 2.0, 1.0])?;
    /// let poll = opine::Survey::from_polars("tonight", &frame)?.weights("w");
    /// let shares = poll.estimate("prop(vote)").run()?.frame().to_polars()?;
    /// assert_eq!(shares.column("estimate")?.f64()?.get(0), Some(0.5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "frames")]
    pub fn from_polars(name: &str, frame: &polars::prelude::DataFrame) -> Result<Survey, Error> {
        let (codebook, columns) =
            microdata::from_polars(frame).map_err(|error| Error::new("format", error))?;
        Survey::from_memory(name, codebook, columns)
    }

    /// Respondents in columns of another program, which are read where they are, a batch at a time: nothing is copied that is
    /// not asked for. `name` is what estimates give as their source.
    ///
    /// # Errors
    /// Two columns of one name (`table`).
    ///
    /// ```
    /// use opine::{LentColumns, LentKind, Survey};
    ///
    /// struct Ages(Vec<u8>);
    ///
    /// impl LentColumns for Ages {
    ///     fn rows(&self) -> usize {
    ///         self.0.len()
    ///     }
    ///     fn columns(&self) -> Vec<(String, LentKind)> {
    ///         vec![("age".to_owned(), LentKind::Number)]
    ///     }
    ///     fn numbers(&self, _: usize, from: usize, out: &mut [f64]) {
    ///         for (out, age) in out.iter_mut().zip(&self.0[from..]) {
    ///             *out = f64::from(*age);
    ///         }
    ///     }
    ///     fn texts(&self, _: usize) -> Vec<Option<String>> {
    ///         Vec::new()
    ///     }
    ///     fn codes(&self, _: usize, _: usize, _: &mut [u32]) {}
    /// }
    ///
    /// let poll = Survey::from_lent("tonight", Ages(vec![34, 51, 65]))?;
    /// assert_eq!(poll.estimate("mean(age)").run()?.rows()[0].estimate, Some(50.0));
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn from_lent(name: &str, columns: impl LentColumns + 'static) -> Result<Survey, Error> {
        let mut names = HashSet::new();
        let twice = columns.columns().into_iter();
        let twice = twice
            .map(|(name, _)| name)
            .find(|name| !names.insert(name.clone()));
        if let Some(twice) = twice {
            return Err(frames::Error::Twice(twice).into());
        }
        let source = Arc::new(Lent::new(columns));
        Ok(Survey::from_source(Path::new(name), source))
    }

    fn from_source(path: &Path, source: Arc<dyn Source>) -> Survey {
        let text = |part: Option<&std::ffi::OsStr>| {
            part.unwrap_or_default().to_string_lossy().into_owned()
        };
        Survey {
            name: text(path.file_stem()),
            title: text(path.file_name()),
            path: None,
            options: OpenOptions::default(),
            source,
            design: Design::default(),
        }
    }

    fn from_memory(
        name: &str,
        codebook: Codebook,
        columns: Vec<MemoryColumn>,
    ) -> Result<Survey, Error> {
        let memory = Memory::new(codebook, columns)?;
        Ok(Survey::from_source(Path::new(name), Arc::new(memory)))
    }

    /// The column of the weights.
    pub fn weights(mut self, column: impl Into<String>) -> Survey {
        self.design.weights = Some(column.into());
        self
    }

    /// Columns that are crossed to strata.
    pub fn strata<T: Into<String>>(mut self, columns: impl IntoIterator<Item = T>) -> Survey {
        self.design.strata = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Sampled units, one column a stage.
    pub fn psu<T: Into<String>>(mut self, columns: impl IntoIterator<Item = T>) -> Survey {
        self.design.psu = columns.into_iter().map(Into::into).collect();
        self
    }

    /// The whole design: also populations of strata, replicate weights, strata with one unit. It takes the place of what was
    /// said before; what is asked then refuses a part that changes nothing (`request`). In R: `svydesign`, `svrepdesign`.
    ///
    /// ```
    /// use opine::{Design, Lonely, Survey};
    ///
    /// let design = Design {
    ///     weights: Some("weight".to_owned()),
    ///     strata: vec!["stratum".to_owned()],
    ///     lonely: Lonely::Adjust,
    ///     ..Design::default()
    /// };
    /// let poll = Survey::open("examples/poll.csv")?.design(design);
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn design(mut self, design: Design) -> Survey {
        self.design = design;
        self
    }

    /// The names of the variables, in the order of the file.
    pub fn variables(&self) -> Vec<&str> {
        let variables = self.source.codebook().variables.iter();
        variables.map(|variable| variable.name.as_str()).collect()
    }

    /// What was assumed about the file that it does not say itself, a line each.
    pub fn notes(&self) -> Vec<String> {
        self.source.notes()
    }

    /// The same respondents with a flag that stops whatever reads them once it is set: it fails with the code `stopped`.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    ///
    /// let flag = Arc::new(AtomicBool::new(false));
    /// let poll = opine::Survey::open("examples/poll.csv")?.with_interrupt(Arc::clone(&flag));
    /// flag.store(true, Ordering::Relaxed);
    /// let error = poll.estimate("prop(q1)").run().err().expect("it was stopped");
    /// assert_eq!(error.code(), "stopped");
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn with_interrupt(mut self, flag: Arc<AtomicBool>) -> Survey {
        self.source = Arc::new(Watched {
            source: self.source,
            interrupt: Some(flag),
            progress: None,
        });
        self
    }

    /// The same respondents with somebody who is told how far a pass over them is: how many of all were read. It is called
    /// from several threads, once a batch.
    ///
    /// ```
    /// let poll = opine::Survey::open("examples/poll.csv")?.on_progress(|read, all| {
    ///     eprintln!("{read} of {all:?}");
    /// });
    /// poll.estimate("prop(q1)").run()?;
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn on_progress(
        mut self,
        each: impl Fn(u64, Option<u64>) + Send + Sync + 'static,
    ) -> Survey {
        self.source = Arc::new(Watched {
            source: self.source,
            interrupt: None,
            progress: Some(Box::new(each)),
        });
        self
    }

    /// The codebook: variables, labels, answers, what is missing. Numbers are unweighted.
    ///
    /// # Errors
    /// A file that can't be read to its end (`file`, `format`).
    ///
    /// ```
    /// let poll = opine::Survey::open("examples/poll.csv")?;
    /// assert!(poll.describe()?.to_string().contains("therm_us"));
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn describe(&self) -> Result<Results, Error> {
        let description = microdata::describe(self.source.as_ref())?;
        let codebook = self.source.codebook();
        let table = present::survey::description(&description, codebook, &self.title, true);
        let frame = present::survey::description_frame(&description, codebook)?;
        let tables = Tables::new(vec![table], Vec::new());
        Ok(Results::new(frame, tables, self.notes()))
    }

    /// Asks for an estimate, written as on the command line: `prop(q1)`, `mean(x)`, `total(y)`, `ratio(y, x)`, `median(y)`,
    /// `quantile(y, 0.25, 0.5)`, `var(y)`, `count()`, `mean(a) - mean(b)`, `Worried = prop(q1 in ['a', 'b'])`.
    pub fn estimate(&self, item: impl Into<String>) -> SurveyRequest<'_> {
        SurveyRequest {
            survey: self,
            builder: Request::builder([self.named(item)]).source(self.name.as_str()),
            options: Options::default(),
            named: Vec::new(),
            wrong: None,
        }
    }

    /// A text with names of the file in backquotes where they are none of the language.
    fn named(&self, text: impl Into<String>) -> String {
        with_backquotes(&text.into(), self.source.codebook())
    }

    pub(super) fn source(&self) -> &dyn Source {
        self.source.as_ref()
    }

    /// The design, if every part of it that was named can have an effect.
    pub(super) fn declared(&self) -> Result<&Design, Error> {
        match self.design.without_effect() {
            Some((part, why)) => Err(Error::no_effect(part, why)),
            None => Ok(&self.design),
        }
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The file that they came from, and how it was read.
    pub(super) fn file(&self) -> Option<(&Path, &OpenOptions)> {
        Some((self.path.as_deref()?, &self.options))
    }
}

/// How far a pass is: respondents that were read, and all, where that is known.
type Progress = Box<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// Respondents whose passes can be stopped, or say how far they are.
struct Watched {
    source: Arc<dyn Source>,
    interrupt: Option<Arc<AtomicBool>>,
    progress: Option<Progress>,
}

impl Source for Watched {
    fn codebook(&self) -> &Codebook {
        self.source.codebook()
    }

    fn rows(&self) -> Option<u64> {
        self.source.rows()
    }

    fn notes(&self) -> Vec<String> {
        self.source.notes()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), microdata::Error> + Sync),
    ) -> Result<(), microdata::Error> {
        let read = AtomicU64::new(0);
        let interrupt = self.interrupt.as_deref();
        self.source.scan(requests, &|batch| {
            if interrupt.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
                return Err(microdata::Error::Stopped(STOPPED.to_owned()));
            }
            let rows = batch.rows as u64;
            each(batch)?;
            if let Some(progress) = &self.progress {
                progress(read.fetch_add(rows, Ordering::Relaxed) + rows, self.rows());
            }
            Ok(())
        })
    }
}

/// What is asked of respondents, in the making; [`SurveyRequest::run`] estimates it.
///
/// ```
/// let poll = opine::Survey::open("examples/poll.csv")?.weights("weight");
/// let older = poll
///     .estimate("prop(q1)")
///     .also("mean(therm_us)")
///     .by("party")
///     .filter("age >= 65")
///     .run()?;
/// assert!(older.rows().iter().all(|row| !row.group("party").is_empty()));
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone)]
pub struct SurveyRequest<'s> {
    pub(super) survey: &'s Survey,
    builder: RequestBuilder,
    options: Options,
    /// Options that were named and are about some items alone.
    named: Vec<NamedOption>,
    wrong: Option<Error>,
}

impl<'s> SurveyRequest<'s> {
    /// One more item, in the same pass over the respondents.
    pub fn also(mut self, item: impl Into<String>) -> Self {
        self.builder = self.builder.item(self.survey.named(item));
        self
    }

    /// Groups whose crossing makes the domains: `region`, `region,age`, `band=cut(age, 30, 60)`.
    pub fn by(mut self, groups: impl Into<String>) -> Self {
        self.builder = self.builder.by(self.survey.named(groups));
        self
    }

    /// The subpopulation, a condition: `region == 'North' and age >= 65`. The others stay in the design.
    pub fn filter(mut self, condition: impl Into<String>) -> Self {
        self.builder = self.builder.filter(self.survey.named(condition));
        self
    }

    /// Several levels added up to one, beside them.
    pub fn net<T: Into<String>>(
        mut self,
        name: impl Into<String>,
        levels: impl IntoIterator<Item = T>,
    ) -> Self {
        self.builder = self.builder.net(name, levels);
        self.named.push(NamedOption::Net);
        self
    }

    /// The confidence level, 0.95 if nothing is said.
    pub fn level(mut self, level: f64) -> Self {
        self.options.level = level;
        self
    }

    /// How intervals of shares are made: `logit` if nothing is said, `wilson`, `beta`, `likelihood` …
    pub fn ci(self, method: impl AsRef<str>) -> Self {
        self.read("ci", method.as_ref(), |options| &mut options.ci)
    }

    /// Shares of those who gave another answer: `Don't know` for the share of the decided.
    pub fn without(mut self, answer: impl Into<String>) -> Self {
        self.builder = self.builder.without(answer);
        self.named.push(NamedOption::Without);
        self
    }

    /// The answers of text items of `alpha()`, lowest first.
    pub fn order<T: Into<String>>(mut self, levels: impl IntoIterator<Item = T>) -> Self {
        self.builder = self.builder.order(levels);
        self.named.push(NamedOption::Order);
        self
    }

    /// The rule of quantiles: `math` if nothing is said, `school`, `hf1` … `hf9`.
    pub fn qrule(self, rule: &str) -> Self {
        self.read("qrule", rule, |options| &mut options.rule)
    }

    /// What design effects compare with: `srs` or `replace`, sampling without or with replacement. If nothing is said: `srs`
    /// where the weights add up to a population.
    pub fn deff_kind(mut self, kind: &str) -> Self {
        self.options.deff = option_of("deff_kind", kind, &mut self.wrong);
        self
    }

    /// Degrees of freedom: those of the `domain` if nothing is said, of the `design`, or `answered`.
    pub fn domain_df(self, which: &str) -> Self {
        self.read("domain_df", which, |options| &mut options.domain_df)
    }

    /// Respondents without an answer: outside of the `domain` if nothing is said, or `drop`, left out before the design is set.
    pub fn incomplete(self, how: &str) -> Self {
        self.read("incomplete", how, |options| &mut options.incomplete)
    }

    /// Missing answers: `exclude` if nothing is said, `show` how many, or `category`, a share of their own.
    pub fn missing(self, how: &str) -> Self {
        self.read("missing", how, |options| &mut options.missing)
    }

    /// Leaves out answers that are labelled and nobody gave.
    pub fn drop_empty(mut self) -> Self {
        self.options.drop_empty = true;
        self.named.push(NamedOption::DropEmpty);
        self
    }

    /// What stands between the answers of an entry that lists several; found out if nothing is said.
    pub fn separator(mut self, separator: char) -> Self {
        self.options.separator = Some(separator);
        self.named.push(NamedOption::Separator);
        self
    }

    /// Flags estimates on a smaller base, 100 if nothing is said.
    pub fn flag_base(mut self, base: u32) -> Self {
        self.options.flag_base = f64::from(base);
        self
    }

    /// Levels as they are coded in the place of their labels.
    pub fn codes(mut self) -> Self {
        self.options.codes = true;
        self.named.push(NamedOption::Codes);
        self
    }

    /// Estimates all of it in one pass over the respondents.
    ///
    /// # Errors
    /// Names and types that don't fit the file (`unknown_variable`, `expression`), parts that don't go together and options that
    /// can change nothing of these items (`request`), a design that can't be (`design`), a file that can't be read (`file`,
    /// `format`).
    pub fn run(self) -> Result<SurveyEstimates, Error> {
        let survey = self.survey;
        let request = self.build()?;
        let estimates = estimate::estimate(survey.source(), survey.declared()?, &request)?;
        estimates.check_names()?;
        SurveyEstimates::new(estimates, &survey.title)
    }

    /// Adds the respondents up to sums that leave them behind: they can be merged with those of others, and estimated from.
    ///
    /// # Errors
    /// Those of [`SurveyRequest::run`].
    pub fn sums(self) -> Result<Sums, Error> {
        let survey = self.survey;
        let request = self.build()?;
        Sums::from_respondents(survey.source(), survey.declared()?, &request)
    }

    fn read<T: FromStr<Err: Display>>(
        mut self,
        option: &str,
        text: &str,
        slot: fn(&mut Options) -> &mut T,
    ) -> Self {
        if let Some(value) = option_of(option, text, &mut self.wrong) {
            *slot(&mut self.options) = value;
        }
        self.named.extend(option.parse::<NamedOption>());
        self
    }

    pub(super) fn build(self) -> Result<Request, Error> {
        if let Some(error) = self.wrong {
            return Err(error);
        }
        let level = self.options.level;
        // any method says whether a level is one
        Method::Wilson.interval(0.5, 100.0, level)?;
        let request = self.builder.options(self.options).build()?;
        match request.without_effect(&self.named) {
            Some((option, why)) => Err(Error::no_effect(option.name(), why)),
            None => Ok(request),
        }
    }
}

/// The largest number up to which every whole number is an `f64` exactly.
const EXACT: u64 = 1 << 53;

/// A column as respondents in memory have it.
fn memory_column(column: &Column) -> (Variable, MemoryColumn) {
    let numbers = |numbers: Vec<f64>| (Kind::Number, MemoryColumn::Numbers(numbers));
    let (kind, values) = match &column.values {
        Values::Numbers(entries) => {
            let entries = entries.iter().map(|entry| entry.unwrap_or(f64::NAN));
            numbers(entries.collect())
        }
        Values::Integers(entries)
            if entries.iter().flatten().all(|n| n.unsigned_abs() <= EXACT) =>
        {
            let entries = entries
                .iter()
                .map(|entry| entry.map_or(f64::NAN, |n| n as f64));
            numbers(entries.collect())
        }
        // texts, truth values, and identifiers of which two must not become one number
        _ => (Kind::Text, MemoryColumn::from_texts(column.texts())),
    };
    (Variable::bare(&column.name, kind), values)
}
