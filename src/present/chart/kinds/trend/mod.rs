//! The trend chart: small panels of lines over the years, all on the same two axes.

mod alt;
mod line;
mod names;
mod panels;
mod scale;

use crate::present::chart::arrangement::Arrangement;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::page::Page;
use crate::present::chart::paint::{Among, Named, Paint};
use crate::present::chart::scale::{MOST, Scale};
#[cfg(feature = "xlsx")]
use crate::present::chart::slides;
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;

/// More lines in each of several panels than this cross too often to be followed.
const MOST_SERIES: usize = 3;
/// The same of one panel, where each line has its name at its end.
const MOST_IN_ONE: usize = 8;
/// Bands of more lines than this lie on each other.
const MOST_BANDS: usize = 3;
/// As many lines have a colour of their own; the others are grey.
const COLOURS: usize = 6;

/// The colour of a series without a house.
fn usual(series: usize) -> Role {
    match series {
        coloured if coloured < COLOURS => Role::Category(coloured as u8),
        _ => Role::Muted,
    }
}

/// Years before and after which no poll was taken.
const YEARS: std::ops::RangeInclusive<f64> = 1000.0..=3000.0;

/// Small panels, one for each country, say, with the same series in each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrendChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// The names of the series, three at most, or eight in one panel; each has its colour in every panel.
    pub series: Vec<String>,
    /// The panels, in the order in which they are read.
    pub panels: Vec<TrendPanel>,
    /// The names of the times, where they are no plain years: months, or waves by their number. Else
    /// none, and the axis has years.
    pub moments: Vec<Moment>,
    /// Whether the foot says that no wave has a sample size: what none has sets no wave apart, so none is drawn open.
    pub has_no_sizes: bool,
    /// The paragraphs of the footer: method, what is missing, sources.
    pub footer: Vec<String>,
    /// What the figures are: per cents, or numbers.
    pub scale: Scale,
    /// What the house wants of each series; none for all as usual.
    pub paints: Vec<Paint>,
    /// Where the axis of per cents ends; at 100 without.
    pub ymax: Option<f64>,
}

/// A panel.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrendPanel {
    /// Whose answers they are.
    pub head: String,
    /// The waves of each series, in the order of the series; in any order of time.
    pub lines: Vec<Vec<Wave>>,
    /// When the mode of interview changed: waves before and after cannot be compared outright.
    pub breaks: Vec<f64>,
    /// What the house wants of it, where it has one line.
    pub paint: Paint,
}

/// A time with its name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moment {
    /// As in [`Wave::when`].
    pub when: f64,
    /// As it is written under the axis: `May 2023`, `wave 3`.
    pub name: String,
}

/// A figure at its time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wave {
    /// The year, with the part of it that had passed: 2023.3 for the end of April. Where the times have
    /// names, any number.
    pub when: f64,
    /// The figure as printed; shown for the last wave.
    pub printed: String,
    /// Where it stands, in per cent or as a number of the chart’s scale.
    pub at: f64,
    /// Its interval; none without a sample size.
    pub interval: Option<(f64, f64)>,
}

impl TrendPanel {
    /// How its head is set: it steps back with its lines.
    fn head_type(&self) -> Type {
        match self.paint.is_behind() {
            true => Type::GROUP.in_role(Role::Muted),
            false => Type::GROUP,
        }
    }

    fn waves(&self) -> impl Iterator<Item = &Wave> {
        self.lines.iter().flatten()
    }

    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let printed = self
            .lines
            .iter_mut()
            .flatten()
            .map(|wave| &mut wave.printed);
        std::iter::once(&mut self.head).chain(printed)
    }

    fn check(&self, series: usize, named: bool, measured: &Scale) -> Result<(), Error> {
        let label = || self.head.clone();
        if self.lines.len() > series {
            return Err(Error::TooManyLines {
                label: label(),
                lines: self.lines.len(),
                series,
            });
        }
        let years = self
            .waves()
            .map(|wave| wave.when)
            .chain(self.breaks.clone());
        for year in years {
            let known = if named {
                year.is_finite()
            } else {
                YEARS.contains(&year)
            };
            if !known {
                return Err(Error::NotAYear {
                    label: label(),
                    value: year,
                });
            }
        }
        self.waves().try_for_each(|wave| {
            let (low, high) = wave.interval.unwrap_or((wave.at, wave.at));
            for (what, value) in [("figure", wave.at), ("interval", low), ("interval", high)] {
                if !value.is_finite() {
                    return Err(Error::NotANumber {
                        label: label(),
                        what,
                        value,
                    });
                }
                if value.abs() > MOST {
                    return Err(Error::BeyondAxis {
                        label: label(),
                        value,
                    });
                }
            }
            if *measured == Scale::Percent && !(0.0..=100.0).contains(&wave.at) {
                return Err(Error::NotAPercent {
                    label: label(),
                    value: wave.at,
                });
            }
            if low > high {
                return Err(Error::Reversed {
                    label: label(),
                    what: "interval",
                    low,
                    high,
                });
            }
            Ok(())
        })
    }
}

impl TrendChart {
    /// The colour of a series in a panel.
    pub(in crate::internals::present::chart) fn role(
        &self,
        series: usize,
        panel: &TrendPanel,
    ) -> Role {
        let paint = self.paints.get(series).copied().unwrap_or_default();
        match (panel.paint, paint) {
            (Paint::Usual, own) | (own, Paint::Usual) => own.over(usual(series)),
            // a line of a panel that is brought out has its own colour there
            (Paint::Highlighted(_), own) => own.over(usual(series)),
            (of_panel, _) => of_panel.over(usual(series)),
        }
    }

    /// Whether other series are brought out before it.
    fn is_behind(&self, series: usize) -> bool {
        let paint = self.paints.get(series);
        paint.is_some_and(|paint| paint.is_behind())
    }

    /// The colour of a series in the key, and of its name.
    fn series_role(&self, series: usize) -> Role {
        let paint = self.paints.get(series).copied().unwrap_or_default();
        paint.over(usual(series))
    }

    /// The highest figure, or the highest end of an interval that is drawn.
    pub fn highest(&self) -> f64 {
        let waves = self.panels.iter().flat_map(TrendPanel::waves);
        let reach = waves.map(|wave| match (wave.interval, self.has_bands()) {
            (Some((_, high)), true) => high.max(wave.at),
            _ => wave.at,
        });
        reach.fold(0.0, f64::max)
    }

    /// Whether intervals are drawn.
    pub fn has_bands(&self) -> bool {
        self.series.len() <= MOST_BANDS && !self.has_no_sizes
    }

    /// Whether no wave has an interval.
    pub fn lacks_intervals(&self) -> bool {
        let mut waves = self.panels.iter().flat_map(TrendPanel::waves);
        waves.all(|wave| wave.interval.is_none())
    }

    /// Ends the axis of per cents there, which the footer says.
    pub fn end_axis_at(&mut self, top: f64) {
        self.ymax = Some(top).filter(|top| *top < 100.0);
        if self.ymax.is_none() {
            return;
        }
        let sentence = format!("The axis ends at {top}%.");
        match self.footer.first_mut() {
            Some(first) => *first = format!("{first} {sentence}"),
            None => self.footer.push(sentence),
        }
    }

    /// Whether each line has its name at its end: in one panel there is room.
    fn names_at_ends(&self) -> bool {
        self.panels.len() == 1 && self.series.len() > 1
    }

    /// The same chart, the waves of each line in order of time.
    fn ordered(&self) -> Self {
        let mut chart = self.clone();
        for line in chart.panels.iter_mut().flat_map(|panel| &mut panel.lines) {
            line.sort_by(|one, other| one.when.total_cmp(&other.when));
        }
        chart
    }
}

impl Chart for TrendChart {
    fn texts(&mut self) -> Vec<&mut String> {
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(&mut self.series)
            .chain(self.panels.iter_mut().flat_map(TrendPanel::texts))
            .chain(self.moments.iter_mut().map(|moment| &mut moment.name))
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        if self.panels.is_empty() {
            return Err(Error::Empty);
        }
        let most = match self.panels.len() {
            1 => MOST_IN_ONE,
            _ => MOST_SERIES,
        };
        if self.series.len() > most {
            return Err(Error::TooManySeries {
                series: self.series.len(),
                most,
            });
        }
        let (series, named) = (self.series.len(), !self.moments.is_empty());
        self.panels
            .iter()
            .try_for_each(|panel| panel.check(series, named, &self.scale))
    }

    fn kind(&self) -> &'static str {
        "Trend"
    }

    fn marks(&mut self) -> Vec<Named<'_>> {
        self.paints.resize(self.series.len(), Paint::Usual);
        let series = self.series.iter().zip(&mut self.paints).enumerate();
        let named = series.map(|(index, (name, paint))| Named {
            among: Among::Coloured,
            names: vec![name.clone()],
            paint,
            usual: usual(index),
        });
        let among = match self.series.len() {
            0 | 1 => Among::Coloured,
            _ => Among::Rows,
        };
        let panels = self
            .panels
            .iter_mut()
            .filter(|panel| !panel.head.is_empty());
        let panels = panels.map(|panel| Named {
            among,
            names: vec![panel.head.clone()],
            paint: &mut panel.paint,
            usual: Role::Category(0),
        });
        match self.series.len() {
            // one line a panel: the panels are what is named
            0 | 1 => panels.collect(),
            _ => named.chain(panels).collect(),
        }
    }

    fn arrange(&mut self, order: Arrangement) {
        let last = |panel: &TrendPanel| {
            let waves = panel.lines.first()?.iter();
            let last = waves.max_by(|a, b| a.when.total_cmp(&b.when))?;
            Some(last.at)
        };
        order.arrange(
            &mut self.panels,
            |panel| vec![panel.head.clone()],
            last,
            |_| 0,
        );
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        self.panels.len()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, words: &Language) -> String {
        alt::trend_chart(&self.ordered(), words)
    }

    fn for_slides(&mut self) {
        for text in self.subtitle.iter_mut().chain(&mut self.footer) {
            *text = text.replace("Bands are", "Error bars are");
        }
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        Some(slides::trend(self, self.describe(words)))
    }

    fn lay_out(&self, page: &mut Page) {
        panels::lay_out(&self.ordered(), page);
        page.foot(&self.footer);
    }
}
