//! The chart of polls: dots of polls, their averages as lines with bands, results as diamonds, and what each line ends at.

mod alt;
mod axes;
mod ends;
mod marks;
mod plot;

#[cfg(feature = "xlsx")]
#[cfg(feature = "xlsx")]
pub(in crate::internals::present::chart) use axes::dated_name;

use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::key::{KeyItem, Swatch};
use crate::present::chart::page::Page;
use crate::present::chart::paint::{Among, Named, Paint};
use crate::present::chart::slides;
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;

/// Polls of one question over time, and what they average to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PollsChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// A line an answer, the highest first or as they are to be named.
    pub lines: Vec<PollsLine>,
    /// Days since 1970-01-01 on which there was a vote, the last one last.
    pub votes: Vec<f64>,
    /// The houses that have a colour of their own; where there are any, dots are coloured by house and the line is ink.
    pub houses: Vec<String>,
    /// Whether it is leads, in points with a sign, and no per cents.
    pub leads: bool,
    /// The confidence level of the bands.
    pub level: f64,
    /// The paragraphs of the footer: polls, level, marks, what the band leaves out, sources.
    pub footer: Vec<String>,
}

/// An answer: its polls, its average, its results.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PollsLine {
    /// The answer.
    pub label: String,
    /// A dot a poll.
    pub dots: Vec<PollDot>,
    /// The average in order of time; none where the polls are too few for a line.
    pub days: Vec<LineDay>,
    /// The last day with a poll: beyond it the line is broken.
    pub last_poll: f64,
    /// The result of each vote of the chart, where it is known.
    pub results: Vec<Option<f64>>,
    /// What the house wants of it.
    pub paint: Paint,
}

/// A poll.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PollDot {
    /// The middle of its field period, days since 1970-01-01.
    pub day: f64,
    /// What it printed, per cent or points.
    pub at: f64,
    /// Whether it says how many it asked; else it is open.
    pub sized: bool,
    /// Whether it was made for one side; then it is a hollow square.
    pub partisan: bool,
    /// Which of the houses of the chart asked.
    pub house: Option<usize>,
}

/// The average of a day, in per cent or points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LineDay {
    /// Days since 1970-01-01.
    pub day: f64,
    /// The average.
    pub at: f64,
    /// The band of these polls.
    pub band: (f64, f64),
    /// The band with the error that all polls share, where it was asked for.
    pub outline: Option<(f64, f64)>,
}

/// More lines than this have columns instead of labels.
const MOST_LABELLED: usize = 3;

/// Lines with a colour of their own; the others are grey.
const COLOURS: usize = 6;

impl PollsLine {
    /// The average of the last day.
    fn end(&self) -> Option<&LineDay> {
        self.days.last()
    }

    fn check(&self) -> Result<(), Error> {
        let wrong = |what: &'static str, value: f64| Error::NotANumber {
            label: self.label.clone(),
            what,
            value,
        };
        let days = self.days.iter();
        let numbers = days.flat_map(|day| {
            let outline = day.outline.unwrap_or(day.band);
            [
                day.day, day.at, day.band.0, day.band.1, outline.0, outline.1,
            ]
        });
        let dots = self.dots.iter().flat_map(|dot| [dot.day, dot.at]);
        let results = self.results.iter().flatten().copied();
        let mut all = numbers.chain(dots).chain(results);
        match all.find(|number| !number.is_finite() || number.abs() > 1e7) {
            Some(value) => Err(wrong("figure", value)),
            None => Ok(()),
        }
    }
}

/// The colour of a line without a house.
fn usual(line: usize) -> Role {
    match line < COLOURS {
        true => Role::Category(line as u8),
        false => Role::Muted,
    }
}

impl PollsChart {
    /// The colour of a line.
    pub(in crate::internals::present::chart) fn role(&self, line: usize) -> Role {
        match line {
            _ if !self.houses.is_empty() => Role::Ink,
            line => {
                let paint = self.lines.get(line).map(|line| line.paint);
                paint.unwrap_or_default().over(usual(line))
            }
        }
    }

    /// The colour of a dot.
    fn dot_role(&self, line: usize, dot: &PollDot) -> Role {
        match dot.house {
            _ if self.houses.is_empty() => self.role(line),
            Some(house) if house < COLOURS => Role::Category(house as u8),
            _ => Role::Muted,
        }
    }

    /// From where to where the axis runs, for the footer: “25 to 55%”.
    pub fn axis_words(&self) -> String {
        let levels = axes::Levels::from_chart(self);
        match self.leads {
            true => format!(
                "{} to {} points",
                levels.label(levels.low),
                levels.label(levels.high)
            ),
            false => format!("{} to {}%", levels.low, levels.high),
        }
    }

    fn key(&self) -> Vec<KeyItem> {
        let houses = self.houses.iter().take(COLOURS).enumerate();
        let mut items: Vec<KeyItem> = houses
            .map(|(index, house)| KeyItem {
                swatch: Swatch::Dot(Role::Category(index as u8)),
                text: house.clone(),
            })
            .collect();
        let mut dots = self.lines.iter().flat_map(|line| &line.dots);
        if !items.is_empty() && dots.any(|dot| dot.house.is_none()) {
            items.push(KeyItem {
                swatch: Swatch::Dot(Role::Muted),
                text: "other houses".to_owned(),
            });
        }
        items
    }
}

impl Chart for PollsChart {
    fn texts(&mut self) -> Vec<&mut String> {
        let labels = self.lines.iter_mut().map(|line| &mut line.label);
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(labels)
            .chain(&mut self.houses)
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::Level(self.level));
        }
        if self.lines.iter().all(|line| line.dots.is_empty()) {
            return Err(Error::Empty);
        }
        self.lines.iter().try_for_each(PollsLine::check)
    }

    fn kind(&self) -> &'static str {
        "Polls"
    }

    fn marks(&mut self) -> Vec<Named<'_>> {
        let lines = self.lines.iter_mut().enumerate();
        let named = lines.map(|(index, line)| Named {
            among: Among::Coloured,
            names: vec![line.label.clone()],
            paint: &mut line.paint,
            usual: usual(index),
        });
        match self.houses.is_empty() {
            true => named.collect(),
            false => Vec::new(),
        }
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        self.lines.len()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, words: &Language) -> String {
        alt::polls_chart(self, words)
    }

    fn for_slides(&mut self) {
        let without = "Bands, single polls and results are not on the slide.";
        self.footer.insert(0, without.to_owned());
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        Some(slides::polls(self, self.describe(words)))
    }

    fn lay_out(&self, page: &mut Page) {
        page.head(&self.title, self.subtitle.as_deref(), &self.key());
        let bands_in_foot = plot::lay_out(self, page);
        let mut footer = self.footer.clone();
        if let Some(bands) = bands_in_foot {
            match footer.first_mut() {
                Some(first) => *first = format!("{bands} {first}"),
                None => footer.push(bands),
            }
        }
        page.foot(&footer);
    }
}
