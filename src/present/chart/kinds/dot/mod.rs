//! The dot chart: one figure a row, with its interval; and small panels of such rows.

mod alt;
mod beside;
mod block;
mod columns;
mod look;
mod narrow;
mod narrow_bars;
mod panels;
mod plot;
mod row;
mod wide;
mod words;

use crate::present::chart::arrangement::Arrangement;
use crate::present::chart::axis::LevelAxis;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::key::{KeyItem, Swatch};
use crate::present::chart::page::Page;
use crate::present::chart::paint::Named;
use crate::present::chart::scale::Scale;
#[cfg(feature = "xlsx")]
use crate::present::chart::slides;
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;

pub(super) use look::{BAR, Look};
pub use panels::{Panel, PanelChart, Section};
pub use row::{Mark, Row, RowKind, Value};

/// Figures one under the other, grouped (by poll, say), each with its interval.
#[derive(Debug, Clone, PartialEq)]
pub struct DotChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// The groups, in the order in which they are drawn.
    pub groups: Vec<Group>,
    /// The paragraphs of the footer: method, contradictions, sources.
    pub footer: Vec<String>,
    /// The confidence level of the intervals: 0.95 heads their column “95% interval”.
    pub level: f64,
    /// What the figures are: per cents, or numbers.
    pub scale: Scale,
}

/// Rows that belong together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// Their name.
    pub head: Option<String>,
    /// Who was asked, when, how many.
    pub note: Option<String>,
    /// The rows, in the order in which they are drawn.
    pub rows: Vec<Row>,
}

/// The rows of a dot chart or a bar chart, and how they are marked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body<'a> {
    pub groups: &'a [Group],
    pub footer: &'a [String],
    pub level: f64,
    pub scale: &'a Scale,
    pub look: Look,
}

impl<'a> Body<'a> {
    pub fn all_rows(self) -> impl Iterator<Item = &'a Row> + Clone {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    fn all_figures(self) -> impl Iterator<Item = (&'a Row, &'a Value)> {
        self.all_rows()
            .flat_map(|row| row.figures().iter().map(move |value| (row, value)))
    }

    /// What must hold for its numbers.
    pub fn check(self) -> Result<(), Error> {
        check(self.level, self.all_rows(), self.scale)
    }

    /// From the lowest to the highest place that a mark reaches.
    fn reach(self) -> (f64, f64) {
        let places = self.all_figures().filter_map(|(_, value)| value.place());
        let ends = places.flat_map(|(at, mark)| match mark {
            Mark::Interval { low, high } => [low.min(at), high.max(at)],
            _ => [at, at],
        });
        let reach = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |all, end| {
            (all.0.min(end), all.1.max(end))
        });
        match self.look {
            Look::Dot => reach,
            // A bar stands on zero.
            Look::Bar(_) => (reach.0.min(0.0), reach.1.max(0.0)),
        }
    }

    /// The axis for its figures in that room, labels going beyond it by so much.
    fn axis(self, room: (f64, f64), beyond: (f64, f64), fonts: &Fonts) -> LevelAxis {
        LevelAxis::new(self.scale, self.reach(), room, beyond, fonts)
    }

    /// The rows in words.
    pub fn describe(self, words: &Language) -> String {
        alt::rows(&self, words)
    }

    /// The whole page.
    pub fn lay_out(self, title: &str, subtitle: Option<&str>, page: &mut Page) {
        page.head(title, subtitle, &key(self.all_rows(), self.look));
        if page.narrow || !wide::lay_out(&self, page) {
            match self.look {
                Look::Dot => narrow::lay_out(&self, page),
                Look::Bar(_) => narrow_bars::lay_out(&self, page),
            }
        }
        page.foot(self.footer);
    }
}

impl Group {
    pub(super) fn marks(&mut self) -> Vec<Named<'_>> {
        let head = self.head.as_deref();
        self.rows.iter_mut().map(|row| row.mark(head)).collect()
    }

    pub(super) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let rows = self.rows.iter_mut().flat_map(Row::texts);
        self.head.iter_mut().chain(&mut self.note).chain(rows)
    }
}

impl DotChart {
    fn body(&self) -> Body<'_> {
        Body {
            groups: &self.groups,
            footer: &self.footer,
            level: self.level,
            scale: &self.scale,
            look: Look::Dot,
        }
    }
}

impl Chart for DotChart {
    fn texts(&mut self) -> Vec<&mut String> {
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(self.groups.iter_mut().flat_map(Group::texts))
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        self.body().check()
    }

    fn kind(&self) -> &'static str {
        "Dot plot"
    }

    fn marks(&mut self) -> Vec<Named<'_>> {
        self.groups.iter_mut().flat_map(Group::marks).collect()
    }

    fn arrange(&mut self, order: Arrangement) {
        for group in &mut self.groups {
            Row::arrange(&mut group.rows, order);
        }
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        self.body().all_rows().count()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, words: &Language) -> String {
        self.body().describe(words)
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        let captions = (self.title.as_str(), self.subtitle.as_deref());
        let measured = (&self.scale, self.footer.as_slice());
        Some(slides::figures(
            captions,
            &self.groups,
            measured,
            self.describe(words),
        ))
    }

    fn lay_out(&self, page: &mut Page) {
        self.body()
            .lay_out(&self.title, self.subtitle.as_deref(), page);
    }
}

/// What must hold for the rows of any dot chart.
pub(super) fn check<'a>(
    level: f64,
    rows: impl Iterator<Item = &'a Row>,
    scale: &Scale,
) -> Result<(), Error> {
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::Level(level));
    }
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Err(Error::Empty);
    }
    rows.try_for_each(|row| row.check(scale))
}

/// The key for the kinds of marks that occur; none where all have intervals.
fn key<'a>(rows: impl Iterator<Item = &'a Row> + Clone, look: Look) -> Vec<KeyItem> {
    let blue = Role::Category(0);
    let (known, open) = match look {
        Look::Dot => (Swatch::Interval(blue), Swatch::Open(blue)),
        Look::Bar(_) => (Swatch::Bar(blue), Swatch::OpenBar(blue)),
    };
    let any = |is: fn(&Mark) -> bool| {
        rows.clone()
            .flat_map(|row| &row.values)
            .filter_map(Value::place)
            .any(|(_, mark)| is(&mark))
    };
    // A remark of its own says that something else than the sample size is missing.
    let other_reasons = rows.clone().flat_map(|row| &row.values).any(|value| {
        let remark = value.remark.as_deref();
        value.mark == Mark::NoSampleSize && remark.is_some_and(|remark| remark != "no n")
    });
    let occurring = [
        (
            any(|mark| matches!(mark, Mark::Interval { .. })),
            known,
            "sample size known",
        ),
        (
            any(|mark| *mark == Mark::NoSampleSize),
            open,
            match other_reasons {
                true => "no interval",
                false => "no sample size, no interval",
            },
        ),
        (
            any(|mark| *mark == Mark::Impossible),
            Swatch::Cross,
            "cannot be right",
        ),
        (
            rows.clone().any(|row| row.possible.is_some()),
            Swatch::Block(Role::Possible),
            "range that is possible",
        ),
    ];
    let key: Vec<KeyItem> = occurring
        .into_iter()
        .filter(|(occurs, ..)| *occurs)
        .map(|(_, swatch, text)| KeyItem {
            swatch,
            text: text.into(),
        })
        .collect();
    // Where all marks are of the usual kind there is nothing to tell apart.
    match &key[..] {
        [
            KeyItem {
                swatch: Swatch::Interval(_) | Swatch::Bar(_),
                ..
            },
        ] => Vec::new(),
        _ => key,
    }
}
