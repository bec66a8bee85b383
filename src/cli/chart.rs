use std::fs;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};

use super::data::Data;
use super::failure::Failure;
use super::figure;
use super::summary::{assumed_somewhere, figures};
use crate::chart::{Chart, DotChart, Drawing, Fonts, Style, Theme};
use crate::estimates::{Estimates, FIXED_COLUMNS, frame_to_csv};
use crate::files;
use crate::interval::Method;
use crate::summary::{self, Captions};
use crate::toplines::topline::Intervals;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Subcommand)]
enum Kind {
    /// Dots with their intervals, a row a figure
    Dot(Dot),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ThemeName {
    Light,
    Dark,
}

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine chart dot egf2023/consequences -o consequences.png
  opine chart dot 'ecfr2023/side_taiwan/neutral:*' -o neutral.svg --title 'Most would stay neutral'
  opine chart dot tonight.csv -o tonight.png          a CSV with columns label, percent and, if known, n
  opine summary egf2023 --csv | opine chart dot - -o egf.png --theme dark --width 360

The numbers that are drawn are written beside the chart as CSV.")]
struct Dot {
    /// A selector, a file or - for standard input: estimates (CSV, JSON), or a CSV with label, percent, n
    #[arg(value_name = "INPUT")]
    input: String,
    /// The chart, by its ending: .png or .svg
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Says what the figures say, in a sentence
    #[arg(long)]
    title: Option<String>,
    /// Says what is measured
    #[arg(long)]
    subtitle: Option<String>,
    /// Width in pixels; a PNG has twice as many
    #[arg(long, value_name = "PIXELS", default_value = "720")]
    width: u32,
    /// Least height in pixels: rows get more space
    #[arg(long, value_name = "PIXELS")]
    height: Option<u32>,
    #[arg(long, value_enum, default_value = "light")]
    theme: ThemeName,
    /// A font file for letters beyond Latin, Greek and Cyrillic; may be given again
    #[arg(long, value_name = "FILE")]
    font: Vec<PathBuf>,
    /// Confidence level [default: 0.95]
    #[arg(long, value_name = "LEVEL", value_parser = figure::level)]
    level: Option<f64>,
    /// Interval: wilson (default), wilson-cc, wald, agresti-coull, clopper-pearson, jeffreys, logit, asin
    #[arg(long = "ci", value_name = "METHOD", value_parser = figure::method)]
    method: Option<Method>,
    /// A sample size for figures without one; the chart says so
    #[arg(long, value_name = "N", value_parser = figure::sample_size)]
    assume_n: Option<f64>,
    #[command(flatten)]
    data: Data,
}

pub fn run(args: Args) -> Result<(), Failure> {
    match args.kind {
        Kind::Dot(dot) => dot.draw(),
    }
}

/// A chart and the numbers in it.
struct Drawn {
    chart: DotChart,
    numbers: Estimates,
}

impl Dot {
    fn draw(&self) -> Result<(), Failure> {
        let png = match ending(&self.output).as_str() {
            "png" => true,
            "svg" => false,
            _ => {
                return Err(Failure::Usage(format!(
                    "{}: a chart is written as .png or .svg",
                    self.output.display()
                )));
            }
        };
        let drawn = self.chart()?;
        let drawing = drawn.chart.draw(&self.style()?).map_err(Failure::usage)?;
        if !self.data.quiet {
            for warning in &drawing.warnings {
                eprintln!("warning: {warning}");
            }
        }
        self.write(&drawing, png, &drawn.numbers)
    }

    fn style(&self) -> Result<Style, Failure> {
        let mut fonts = Fonts::default();
        for path in &self.font {
            let bytes = fs::read(path).map_err(|error| Failure::file(path, error))?;
            fonts = fonts
                .with(bytes)
                .map_err(|error| Failure::file(path, error))?;
        }
        Ok(Style {
            width: self.width,
            min_height: self.height,
            theme: match self.theme {
                ThemeName::Light => Theme::Light,
                ThemeName::Dark => Theme::Dark,
            },
            fonts,
        })
    }

    fn intervals(&self) -> Intervals {
        let usual = Intervals::default();
        Intervals {
            method: self.method.unwrap_or(usual.method),
            level: self.level.unwrap_or(usual.level),
            assumed_n: self.assume_n,
        }
    }

    fn chart(&self) -> Result<Drawn, Failure> {
        let path = Path::new(&self.input);
        let text = match self.input.as_str() {
            "-" => {
                let mut text = String::new();
                let read = stdin().read_to_string(&mut text);
                read.map_err(|error| Failure::File(format!("standard input: {error}")))?;
                text
            }
            _ if path.is_file() || matches!(ending(path).as_str(), "csv" | "json") => {
                fs::read_to_string(path).map_err(|error| Failure::file(path, error))?
            }
            _ => return self.of_selector(),
        };
        self.of_text(&text)
    }

    fn of_selector(&self) -> Result<Drawn, Failure> {
        let store = self.data.open_sound()?;
        let intervals = self.intervals();
        let (figures, source_named) = figures(&store, std::slice::from_ref(&self.input))?;
        let sections =
            summary::by_poll(&store, &figures, source_named, intervals).map_err(Failure::usage)?;
        if self.assume_n.is_some() {
            assumed_somewhere(&store, &sections, intervals)?;
        }
        let subject =
            summary::subject(&store, &sections).unwrap_or_else(|| "Published figures".to_owned());
        let captions = self.captions(&subject, "Per cent.");
        Ok(Drawn {
            chart: summary::dot_chart(&store, &sections, captions, intervals),
            numbers: summary::estimates(&sections).map_err(Failure::usage)?,
        })
    }

    fn of_text(&self, text: &str) -> Result<Drawn, Failure> {
        let subject = Path::new(&self.input)
            .file_stem()
            .map(|stem| stem.to_string_lossy().replace('_', " "));
        let subject = subject
            .filter(|stem| stem != "-")
            .unwrap_or_else(|| "Figures".to_owned());
        let captions = self.captions(&subject, "Per cent.");
        if summary::is_plain_list(text) {
            let list = summary::plain_list(text, self.intervals()).map_err(Failure::usage)?;
            return Ok(Drawn {
                chart: summary::chart_of_estimates(&list, captions, self.intervals())
                    .map_err(Failure::usage)?,
                numbers: list,
            });
        }
        if self.method.is_some() || self.assume_n.is_some() {
            return Err(Failure::Usage(
                "--ci and --assume-n have no effect on estimates: their intervals are drawn as they are".to_owned(),
            ));
        }
        let estimates = summary::read_estimates(text)
            .map_err(|error| Failure::Usage(format!("{}: {error}", self.input)))?;
        let chart = summary::chart_of_estimates(&estimates, captions, self.intervals())
            .map_err(Failure::usage)?;
        Ok(Drawn {
            chart,
            numbers: estimates,
        })
    }

    fn captions(&self, subject: &str, measure: &str) -> Captions {
        Captions {
            title: self.title.clone().unwrap_or_else(|| subject.to_owned()),
            subtitle: Some(self.subtitle.clone().unwrap_or_else(|| measure.to_owned())),
        }
    }

    fn write(&self, drawing: &Drawing, png: bool, numbers: &Estimates) -> Result<(), Failure> {
        let bytes = match png {
            true => drawing.png().map_err(Failure::usage)?,
            false => drawing.svg.clone().into_bytes(),
        };
        files::replace(&self.output, &bytes).map_err(|error| Failure::file(&self.output, error))?;
        let csv = frame_to_csv(numbers.frame()).map_err(Failure::usage)?;
        let beside = self.numbers_path();
        files::replace(&beside, csv.as_bytes()).map_err(|error| Failure::file(&beside, error))?;
        if !self.data.quiet {
            eprintln!(
                "{} with its numbers in {}",
                self.output.display(),
                beside.display()
            );
        }
        Ok(())
    }

    /// `chart.csv` beside `chart.png`; `chart.numbers.csv` where a file of that name is not ours to replace.
    fn numbers_path(&self) -> PathBuf {
        let plain = self.output.with_extension("csv");
        let ours = |path: &Path| {
            let head = FIXED_COLUMNS.get(..3).unwrap_or_default().join(",");
            fs::read_to_string(path).is_ok_and(|text| text.starts_with(&head))
                && path != Path::new(&self.input)
        };
        match plain.exists() && !ours(&plain) {
            true => self.output.with_extension("numbers.csv"),
            false => plain,
        }
    }
}

fn ending(path: &Path) -> String {
    path.extension()
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .unwrap_or_default()
}
