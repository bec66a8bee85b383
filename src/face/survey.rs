use std::path::Path;
use std::sync::Arc;

use super::error::Error;
use super::estimates::SurveyEstimates;
use super::sums::Sums;
use super::tables::Tables;
use super::weighting::Weighting;
use crate::files;
use crate::frames::{Captions, Column, Frame, Values};
use crate::present;
use crate::statistics::interval::Method;
use crate::survey::design::Design;
use crate::survey::estimate::{self, Ci, Options, Request, RequestBuilder};
use crate::survey::microdata::{
    self, Codebook, Kind, Memory, MemoryColumn, OpenOptions, Source, Variable, write,
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
        let path = path.as_ref();
        let source = microdata::open(path, &OpenOptions::default())?;
        Ok(Survey::from_source(path, Arc::from(source)))
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
        Survey::of_memory(name, frame.columns().iter().map(memory_column).collect())
    }

    /// Respondents in a polars frame. Numbers are numbers, dates dates; categories, and whatever else polars can show as text,
    /// are texts in which null is missing.
    ///
    /// # Errors
    /// A column that polars can't give as numbers or text (`format`).
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
        let columns = microdata::from_polars(frame).map_err(|error| Error::new("format", error))?;
        Survey::of_memory(name, columns)
    }

    fn from_source(path: &Path, source: Arc<dyn Source>) -> Survey {
        let text = |part: Option<&std::ffi::OsStr>| {
            part.unwrap_or_default().to_string_lossy().into_owned()
        };
        Survey {
            name: text(path.file_stem()),
            title: text(path.file_name()),
            source,
            design: Design::default(),
        }
    }

    fn of_memory(name: &str, columns: Vec<(Variable, MemoryColumn)>) -> Result<Survey, Error> {
        let (variables, columns) = columns.into_iter().unzip();
        let codebook = Codebook {
            variables,
            ..Codebook::default()
        };
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
    /// said before. In R: `svydesign`, `svrepdesign`.
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

    /// The codebook: variables, labels, answers, what is missing.
    ///
    /// # Errors
    /// A file that can't be read to its end (`file`, `format`).
    ///
    /// ```
    /// let poll = opine::Survey::open("examples/poll.csv")?;
    /// assert!(poll.describe()?.to_string().contains("therm_us"));
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn describe(&self) -> Result<Tables, Error> {
        let description = microdata::describe(self.source.as_ref())?;
        let codebook = self.source.codebook();
        let table = present::survey::description(&description, codebook, &self.title, true);
        Ok(Tables(vec![table]))
    }

    /// Asks for an estimate, written as on the command line: `prop(q1)`, `mean(x)`, `total(y)`, `ratio(y, x)`, `median(y)`,
    /// `quantile(y, 0.25, 0.5)`, `var(y)`, `count()`, `mean(a) - mean(b)`, `Worried = prop(q1 in ['a', 'b'])`.
    pub fn estimate(&self, item: impl Into<String>) -> SurveyRequest<'_> {
        SurveyRequest {
            survey: self,
            builder: Request::builder([item]).source(self.name.as_str()),
            options: Options::default(),
            ci: None,
        }
    }

    /// Asks for weights.
    ///
    /// ```
    /// use opine::Survey;
    ///
    /// let sample = Survey::open("examples/poll.csv")?;
    /// let weighted = sample.weigh().rake("examples/targets.csv")?.run()?;
    /// println!("{}", weighted.tables());
    /// let estimates = weighted.run(sample.estimate("prop(q1)"))?;
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn weigh(&self) -> Weighting<'_> {
        Weighting::new(self)
    }

    pub(super) fn source(&self) -> &dyn Source {
        self.source.as_ref()
    }

    pub(super) fn declared(&self) -> &Design {
        &self.design
    }

    pub(super) fn title(&self) -> &str {
        &self.title
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
    ci: Option<String>,
}

impl<'s> SurveyRequest<'s> {
    /// One more item, in the same pass over the respondents.
    pub fn also(mut self, item: impl Into<String>) -> Self {
        self.builder = self.builder.item(item);
        self
    }

    /// Groups whose crossing makes the domains: `region`, `region,age`, `band=cut(age, 30, 60)`.
    pub fn by(mut self, groups: impl Into<String>) -> Self {
        self.builder = self.builder.by(groups);
        self
    }

    /// The subpopulation, a condition: `region == 'North' and age >= 65`. The others stay in the design.
    pub fn filter(mut self, condition: impl Into<String>) -> Self {
        self.builder = self.builder.filter(condition);
        self
    }

    /// Several levels added up to one, beside them.
    pub fn net<T: Into<String>>(
        mut self,
        name: impl Into<String>,
        levels: impl IntoIterator<Item = T>,
    ) -> Self {
        self.builder = self.builder.net(name, levels);
        self
    }

    /// The confidence level, 0.95 if nothing is said.
    pub fn level(mut self, level: f64) -> Self {
        self.options.level = level;
        self
    }

    /// How intervals of shares are made: `logit` if nothing is said, `wilson`, `beta`, `likelihood` …
    pub fn ci(mut self, method: impl Into<String>) -> Self {
        self.ci = Some(method.into());
        self
    }

    /// Levels as they are coded in the place of their labels.
    pub fn codes(mut self) -> Self {
        self.options.codes = true;
        self
    }

    /// Estimates all of it in one pass over the respondents.
    ///
    /// # Errors
    /// Names and types that don't fit the file (`unknown_variable`, `expression`), parts that don't go together (`request`), a
    /// design that can't be (`design`), a file that can't be read (`file`, `format`).
    pub fn run(self) -> Result<SurveyEstimates, Error> {
        let survey = self.survey;
        let request = self.build()?;
        let estimates = estimate::estimate(survey.source(), &survey.design, &request)?;
        SurveyEstimates::new(estimates, &survey.title)
    }

    /// Adds the respondents up to sums that leave them behind: they can be merged with those of others, and estimated from.
    ///
    /// # Errors
    /// Those of [`SurveyRequest::run`].
    pub fn sums(self) -> Result<Sums, Error> {
        let survey = self.survey;
        let request = self.build()?;
        Sums::from_respondents(survey.source(), &survey.design, &request)
    }

    pub(super) fn build(mut self) -> Result<Request, Error> {
        if let Some(method) = &self.ci {
            let ci: Result<Ci, _> = method.parse();
            self.options.ci = ci.map_err(Error::from)?;
        }
        let level = self.options.level;
        // any method says whether a level is one
        Method::Wilson.interval(0.5, 100.0, level)?;
        Ok(self.builder.options(self.options).build()?)
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

/// Writes rows by the ending of the file.
pub(super) fn write_frame(path: &Path, frame: &Frame, captions: &Captions) -> Result<(), Error> {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let text = match ending.to_lowercase().as_str() {
        "csv" => frame.to_csv(),
        "json" => frame.to_json(),
        "parquet" => {
            let notes = [(Captions::KEY.to_owned(), captions.to_json())];
            return Ok(write::write_frame(path, frame, &notes)?);
        }
        _ => {
            let message = format!(
                "{}: rows are written as .csv, .json or .parquet",
                path.display()
            );
            return Err(Error::new("request", message).at(path.display()));
        }
    };
    let written = files::replace(path, text.as_bytes());
    written.map_err(|error| {
        Error::new("file", format!("{}: {error}", path.display())).at(path.display())
    })
}
