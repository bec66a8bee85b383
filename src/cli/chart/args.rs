//! What every kind of chart takes: its input, its captions, its look, and where it is written.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli::data::DataArgs;
use crate::cli::failure::Failure;
use crate::cli::paths::begins;
use crate::cli::streams::Session;
use crate::cli::summary::without_of_selected;
use crate::cli::tables::{ColumnArgs, TableArgs, TableFile};
use crate::cli::values;
use crate::files;
use crate::frames::words::or;
use crate::frames::{Estimate, Estimates, Flag, Frame, Statistic};
use crate::present::chart::{Chart, Fonts, Style, Theme};
use crate::present::lists::{self, List};
use crate::present::office::{Deck, pptx};
use crate::present::published::Captions;
use crate::published::figures::store::Store;
use crate::published::figures::topline::Intervals;
use crate::statistics::interval::Method;
use crate::survey::microdata::write;
use crate::tabular;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ThemeName {
    Light,
    Dark,
}

/// How a chart looks and where it is written.
#[derive(clap::Args)]
pub struct LookArgs {
    /// The chart, by its ending: .png, .svg or .pptx (slides whose charts can be edited)
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Says what the figures say, in a sentence
    #[arg(long, allow_hyphen_values = true, value_parser = values::text)]
    pub title: Option<String>,
    /// Says what is measured
    #[arg(long, allow_hyphen_values = true, value_parser = values::text)]
    pub subtitle: Option<String>,
    /// Width in pixels; a PNG has twice as many
    ///
    /// [default: 720]
    #[arg(long, value_name = "PIXELS")]
    width: Option<u32>,
    /// Least height in pixels: rows get more space
    #[arg(long, value_name = "PIXELS")]
    height: Option<u32>,
    /// [default: light]
    #[arg(long, value_enum)]
    theme: Option<ThemeName>,
    /// A font file for letters beyond Latin, Greek and Cyrillic; may be given again
    #[arg(long, value_name = "FILE")]
    font: Vec<PathBuf>,
}

#[derive(clap::Args)]
pub struct ChartArgs {
    /// A selector, a file or - for standard input: estimates or comparisons, or a list with label, percent, n
    ///
    /// Estimates and comparisons as text in any dialect, .xlsx, .ods (a sheet as FILE.xlsx#Sheet), JSON or Parquet.
    #[arg(value_name = "INPUT")]
    pub input: String,
    #[command(flatten)]
    pub look: LookArgs,
    /// Confidence level; of estimates or comparisons that bring their intervals, the one they were made with [default: as
    /// their intervals say, else 0.95]
    #[arg(long, value_name = "LEVEL", value_parser = values::level)]
    level: Option<f64>,
    /// Interval: wilson (default), wilson-cc, wald, agresti-coull, clopper-pearson, jeffreys, logit, asin
    #[arg(long = "ci", value_name = "METHOD", value_parser = values::method)]
    method: Option<Method>,
    /// A sample size for figures without one; the chart says so
    #[arg(long, value_name = "N", value_parser = values::sample_size)]
    pub assume_n: Option<f64>,
    #[command(flatten)]
    pub table: TableArgs,
    #[command(flatten)]
    pub columns: ColumnArgs,
    /// Leave out an answer of stored figures or of a list: shares of the others; may be given again
    #[arg(long, value_name = "RESPONSE")]
    without: Vec<String>,
    #[command(flatten)]
    pub data: DataArgs,
}

impl LookArgs {
    pub fn style(&self) -> Result<Style, Failure> {
        let mut fonts = Fonts::default();
        for path in &self.font {
            let bytes = fs::read(path).map_err(|error| Failure::file(path, error))?;
            fonts = fonts
                .with(bytes)
                .map_err(|error| Failure::file(path, error))?;
        }
        Ok(Style {
            width: self.width.unwrap_or(Style::default().width),
            min_height: self.height,
            theme: match self.theme {
                Some(ThemeName::Dark) => Theme::Dark,
                Some(ThemeName::Light) | None => Theme::Light,
            },
            fonts,
        })
    }

    /// What is wrong with the output and the look, before anything is read.
    pub fn check(&self) -> Result<(), Failure> {
        let options = [
            (self.width.is_some(), "--width"),
            (self.height.is_some(), "--height"),
            (self.theme.is_some(), "--theme"),
            (!self.font.is_empty(), "--font"),
        ];
        let named = options.iter().find(|(is_named, _)| *is_named);
        match (self.form()?, named) {
            (Form::Pptx, Some((_, option))) => Err(Failure::no_effect(
                option,
                "a slide has its own size, and its charts take the colours and the face of the deck",
            )),
            _ => Ok(()),
        }
    }

    fn form(&self) -> Result<Form, Failure> {
        match ending(&self.output).as_str() {
            "png" => Ok(Form::Png),
            "svg" => Ok(Form::Svg),
            "pptx" => Ok(Form::Pptx),
            _ => Err(Failure::Usage(format!(
                "{}: a chart is written as .png, .svg or .pptx",
                self.output.display()
            ))),
        }
    }

    /// The chart as slides.
    fn slides<C: Chart>(&self, chart: &C) -> Result<Vec<u8>, Failure> {
        let none = || {
            Failure::Usage(format!(
                "{}: slides have no chart of this kind; write it as .png or .svg",
                self.output.display()
            ))
        };
        chart.check().map_err(Failure::usage)?;
        let deck = Deck {
            slides: chart.slides().ok_or_else(none)?,
            ..Deck::default()
        };
        pptx(&deck).map_err(Failure::usage)
    }

    /// Writes the chart and its numbers beside it.
    pub fn write<C: Chart>(
        &self,
        chart: &C,
        numbers: Option<&Frame>,
        session: &Session,
    ) -> Result<(), Failure> {
        let (bytes, drawing) = match self.form()? {
            Form::Pptx => (self.slides(chart)?, None),
            form => {
                let drawing = chart.draw(&self.style()?).map_err(Failure::usage)?;
                let bytes = match form {
                    Form::Png => drawing.png().map_err(Failure::usage)?,
                    _ => drawing.svg.clone().into_bytes(),
                };
                (bytes, Some(drawing))
            }
        };
        let beside = match numbers {
            Some(_) => Some(self.numbers_path(session)?),
            None => None,
        };
        files::replace(&self.output, &bytes).map_err(|error| Failure::file(&self.output, error))?;
        let mut written = self.output.display().to_string();
        if let Some((numbers, beside)) = numbers.zip(beside.as_ref()) {
            let csv = numbers.to_csv();
            files::replace(beside, csv.as_bytes()).map_err(|error| Failure::file(beside, error))?;
            written += &format!(" with its numbers in {}", beside.display());
        }
        if let Some(drawing) = &drawing {
            for warning in &drawing.warnings {
                session.warn(warning);
            }
            for family in drawing.unused_fonts() {
                session.note(&format!(
                    "--font changes nothing: the chart has no letter that is taken from {family}"
                ));
            }
        }
        session.say(&written);
        Ok(())
    }

    /// `chart.csv` beside `chart.png`; `chart.numbers.csv` where a file of that name is not the numbers of such a chart.
    fn numbers_path(&self, session: &Session) -> Result<PathBuf, Failure> {
        let drawn =
            ["png", "svg", "pptx"].map(|ending| self.output.with_extension(ending).exists());
        let plain = self.output.with_extension("csv");
        let is_free = !plain.exists() || drawn.contains(&true) && is_of_chart(&plain);
        if is_free && session.paths.beside(&plain, is_of_chart).is_ok() {
            return Ok(plain);
        }
        let other = self.output.with_extension("numbers.csv");
        session.paths.beside(&other, is_of_chart)?;
        Ok(other)
    }
}

/// Why columns of a list are not named.
pub const NO_LIST: &str = "it names a column of a list";
/// What a chart is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Png,
    Svg,
    Pptx,
}

/// Where figures come from.
pub enum Input {
    Selector,
    /// A file or standard input, as it is.
    File(TableFile),
    /// A Parquet file, with what is said in it around its rows.
    Frame(Frame, Captions),
}

impl ChartArgs {
    pub fn intervals(&self) -> Intervals {
        let usual = Intervals::default();
        Intervals {
            method: self.method.unwrap_or(usual.method),
            level: self.level.unwrap_or(usual.level),
            assumed_n: self.assume_n,
        }
    }

    /// The store, of those who gave other answers where some are left out.
    pub fn open_store(&self, session: &Session) -> Result<Store, Failure> {
        let store = self.data.open_sound(session)?;
        match self.without.as_slice() {
            [] => Ok(store),
            names => {
                let selector = std::slice::from_ref(&self.input);
                without_of_selected(&store, names, selector, session)
            }
        }
    }

    /// Options that make intervals have no effect where intervals are given.
    pub fn refuse_interval_options(&self, what: &str) -> Result<(), Failure> {
        self.refuse_without(what)?;
        match self.method.is_some() || self.assume_n.is_some() {
            true => Err(Failure::Usage(format!(
                "--ci and --assume-n have no effect on {what}: their intervals are drawn as they are"
            ))),
            false => Ok(()),
        }
    }

    /// The answers that are left out.
    pub fn without(&self) -> &[String] {
        &self.without
    }

    /// The method of intervals of single shares has no effect where none are drawn.
    pub fn refuse_method(&self, why: &str) -> Result<(), Failure> {
        match self.method {
            Some(_) => Err(Failure::no_effect("--ci", why)),
            None => Ok(()),
        }
    }

    /// Leaves answers of a list out, and says so.
    pub fn leave_out(&self, list: &mut List, session: &Session) {
        let quoted: Vec<String> = self
            .without
            .iter()
            .map(|name| format!("“{name}”"))
            .collect();
        if !quoted.is_empty() {
            list.leave_out(&self.without);
            session.note(&format!(
                "shares of those who gave another answer than {}",
                or(&quoted)
            ));
        }
    }

    /// Estimates and comparisons hold no answer that could be left out.
    pub fn refuse_without(&self, what: &str) -> Result<(), Failure> {
        match self.without.is_empty() {
            true => Ok(()),
            false => Err(Failure::no_effect(
                "--without",
                &format!(
                    "it leaves out answers of a list or of stored figures, and these are {what}"
                ),
            )),
        }
    }

    /// A sample size for rows of a list that all have theirs.
    pub fn note_assumed(&self, estimates: &Estimates, session: &Session) {
        let rows = estimates.rows().unwrap_or_default();
        let assumed = |row: &Estimate| row.flags.contains(&Flag::AssumedN);
        if self.assume_n.is_some() && !rows.iter().any(assumed) {
            session.note("--assume-n changes nothing: every row has its sample size");
        }
    }

    /// Intervals of quantiles, and those of other forms, do not show their level.
    fn warn_of_level(&self, estimates: &Estimates, session: &Session) {
        let rows = estimates.rows().unwrap_or_default();
        // A list of published figures has no standard errors, and gets its intervals here.
        let brings_interval = |row: &Estimate| {
            row.interval().is_some() && row.se.is_some() && row.source != lists::LIST
        };
        if rows.iter().any(brings_interval) {
            session.warn(&format!(
                "the intervals are taken as 95% intervals: {} does not say; name another level with --level",
                self.input
            ));
        }
    }

    /// Whether the input is none of a file.
    fn is_selector(&self) -> bool {
        let path = Path::new(&self.input);
        let is_file = self.input == "-" || path.is_file() || tabular::is_table(path);
        !is_file && !matches!(ending(path).as_str(), "json" | "parquet")
    }

    /// Figures of the store, or what a file holds by itself.
    pub fn read(&self, session: &Session) -> Result<Input, Failure> {
        match self.read_with_names(session)? {
            Input::Selector => Ok(Input::Selector),
            _ if self.data.data.is_some() => Err(Failure::no_effect(
                "--data",
                &format!("{} is no figure of a store", self.input),
            )),
            input => Ok(input),
        }
    }

    /// The same where the store gives the names of what a file holds.
    pub fn read_with_names(&self, session: &Session) -> Result<Input, Failure> {
        let path = Path::new(&self.input);
        let is_selector = self.is_selector();
        if ending(path) == "parquet" {
            self.table.refuse("a Parquet file leaves nothing open")?;
            self.columns.refuse(NO_LIST)?;
            let (frame, notes) = write::read_frame(path)?;
            let captions = notes.iter().find(|(key, _)| key == Captions::KEY);
            let captions = captions.and_then(|(_, json)| Captions::from_json(json));
            return Ok(Input::Frame(frame, captions.unwrap_or_default()));
        }
        if is_selector {
            self.table.refuse("figures of the store are drawn")?;
            self.columns.refuse(NO_LIST)?;
            return Ok(Input::Selector);
        }
        let options = tabular::Options {
            columns: self.columns.choice(),
            ..self.table.options()
        };
        let file = TableFile::open(&self.input, options, session)?;
        if file.is_json() {
            self.table.refuse("JSON leaves nothing open")?;
            self.columns.refuse(NO_LIST)?;
        }
        Ok(Input::File(file))
    }

    /// The words on the command line, else the subject, or the name of the file.
    pub fn captions(&self, subject: Option<String>, measure: &str) -> Captions {
        let stem = || {
            let stem = Path::new(&self.input)
                .file_stem()
                .map(|stem| stem.to_string_lossy().replace('_', " "));
            stem.filter(|stem| stem != "-" && !self.input.contains(['*', ':']))
                .unwrap_or_else(|| "Published figures".to_owned())
        };
        Captions {
            title: self
                .look
                .title
                .clone()
                .unwrap_or_else(|| subject.unwrap_or_else(stem)),
            subtitle: Some(
                self.look
                    .subtitle
                    .clone()
                    .unwrap_or_else(|| measure.to_owned()),
            ),
            foot: Vec::new(),
        }
    }

    /// The words on the command line, else those that stand in the file, else these.
    pub fn captions_with(&self, in_file: Captions, otherwise: Captions) -> Captions {
        let first = |typed: &Option<String>, in_file: Option<String>, otherwise: Option<String>| {
            let in_file = in_file.filter(|text| !text.is_empty());
            typed.clone().or(in_file).or(otherwise)
        };
        let title = first(&self.look.title, Some(in_file.title), Some(otherwise.title));
        Captions {
            title: title.unwrap_or_default(),
            subtitle: first(&self.look.subtitle, in_file.subtitle, otherwise.subtitle),
            foot: in_file.foot,
        }
    }

    /// How the intervals of estimates were made: at the level that was named, else that which they show.
    pub fn intervals_of(
        &self,
        estimates: &Estimates,
        session: &Session,
    ) -> Result<Intervals, Failure> {
        let found = lists::level_of_intervals(estimates);
        match (self.level, found) {
            (Some(named), Some(found)) if (named - found).abs() > 1e-6 => {
                Err(Failure::Usage(format!(
                    "{}: its intervals are {}% intervals, by its standard errors; --level {named} says otherwise",
                    self.input,
                    (found * 1e6).round() / 1e4
                )))
            }
            (None, Some(level)) => Ok(Intervals {
                level,
                ..self.intervals()
            }),
            (None, None) => {
                self.warn_of_level(estimates, session);
                Ok(self.intervals())
            }
            (Some(_), _) => Ok(self.intervals()),
        }
    }

    /// The words over estimates: their variable, where there is one and no name of a file says more.
    pub fn captions_of(&self, estimates: &Estimates, measure: &str) -> Captions {
        let rows = estimates.rows().unwrap_or_default();
        let first = rows.first().map(|row| row.variable.clone());
        let share = |row: &Estimate| row.statistic == Statistic::Proportion;
        let one = rows.iter().all(|row| {
            Some(&row.variable) == first.as_ref() && (row.level.is_some() || !share(row))
        });
        let subject = match rows.iter().any(share) {
            true => first.filter(|_| one),
            false => lists::subject_of_estimates(estimates),
        };
        self.captions(subject.filter(|_| self.input == "-"), measure)
    }
}

/// Whether a file may be the numbers of a chart.
fn is_of_chart(path: &Path) -> bool {
    begins(path, |head| {
        ["source,variable,level", "level,house,polls", "a,b,relation"]
            .iter()
            .any(|start| head.starts_with(start))
    })
}

fn ending(path: &Path) -> String {
    path.extension()
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .unwrap_or_default()
}
