//! The bar chart: one figure a row as a bar from 0, with its interval.

use super::dot::{BAR, Body, DotChart, Group, Look, Mark, Row, RowKind, Value};
use crate::present::chart::arrangement::Arrangement;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::page::Page;
use crate::present::chart::paint::Named;
use crate::present::chart::scale::Scale;
#[cfg(feature = "xlsx")]
use crate::present::chart::slides;
use crate::present::chart::words::Language;
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;

/// Figures one under the other, grouped (by poll, say), each a bar from 0 with its interval.
///
/// Rows and values are those of a [`DotChart`](crate::present::chart::DotChart). In each group don’t know comes last,
/// wherever it was given.
#[derive(Debug, Clone, PartialEq)]
pub struct BarChart {
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

impl From<DotChart> for BarChart {
    fn from(mut dots: DotChart) -> BarChart {
        let values = || {
            dots.groups
                .iter()
                .flat_map(|group| &group.rows)
                .flat_map(|row| &row.values)
        };
        let plain = |value: &Value| {
            value.mark == Mark::NoSampleSize && value.remark.as_deref() == Some("no n")
        };
        let marked = || values().filter(|value| value.mark != Mark::NotFound);
        // what none has sets no row apart: it is said once
        if marked().all(plain) && marked().next().is_some() {
            let rows = dots.groups.iter_mut().flat_map(|group| &mut group.rows);
            for value in rows
                .flat_map(|row| &mut row.values)
                .filter(|value| plain(value))
            {
                (value.mark, value.remark) = (Mark::Bare, None);
            }
            dots.footer.insert(0, NO_SIZES.to_owned());
        }
        BarChart {
            title: dots.title,
            subtitle: dots.subtitle,
            groups: dots.groups,
            footer: dots.footer,
            level: dots.level,
            scale: dots.scale,
        }
    }
}

/// Where no figure has a sample size, the foot says so, and no mark is set apart for it.
pub const NO_SIZES: &str = "No sample size is known, so no interval can be drawn.";

impl BarChart {
    fn body<'a>(&'a self, groups: &'a [Group]) -> Body<'a> {
        Body {
            groups,
            footer: &self.footer,
            level: self.level,
            scale: &self.scale,
            look: Look::Bar(BAR),
        }
    }

    /// The groups, don’t know last in each.
    fn ordered(&self) -> Vec<Group> {
        let mut groups = self.groups.clone();
        for group in &mut groups {
            group.rows.sort_by_key(|row| row.kind == RowKind::DontKnow);
        }
        groups
    }
}

impl Chart for BarChart {
    fn texts(&mut self) -> Vec<&mut String> {
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(self.groups.iter_mut().flat_map(Group::texts))
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        self.body(&self.groups).check()
    }

    fn kind(&self) -> &'static str {
        "Bar chart"
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
        self.body(&self.groups).all_rows().count()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, words: &Language) -> String {
        self.body(&self.groups).describe(words)
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        let captions = (self.title.as_str(), self.subtitle.as_deref());
        let measured = (&self.scale, self.footer.as_slice());
        Some(slides::figures(
            captions,
            &self.ordered(),
            measured,
            self.describe(words),
        ))
    }

    fn lay_out(&self, page: &mut Page) {
        self.body(&self.ordered())
            .lay_out(&self.title, self.subtitle.as_deref(), page);
    }
}
