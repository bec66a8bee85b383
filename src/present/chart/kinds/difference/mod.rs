//! The difference chart: differences in points against zero, each with its interval.

mod alt;
mod axis;
mod row;
mod rows;

use crate::present::chart::arrangement::Arrangement;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::page::Page;
use crate::present::chart::scale::Scale;
#[cfg(feature = "xlsx")]
use crate::present::chart::slides;
use crate::present::chart::words::Language;
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;

pub use row::{Difference, DifferenceMark, DifferenceRow};

/// Differences one under the other, each with its interval, zero always in the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// The groups, in the order in which they are drawn.
    pub groups: Vec<DifferenceGroup>,
    /// The paragraphs of the footer: method, what grey means, sources.
    pub footer: Vec<String>,
    /// The confidence level of the intervals.
    pub level: f64,
    /// What is compared: per cents, in points, or numbers.
    pub scale: Scale,
    /// The head of a column at the right edge, muted: how many polls, whom it counts.
    pub aside: Option<String>,
}

/// Differences of one sort.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DifferenceGroup {
    /// What is compared with what.
    pub head: Option<String>,
    /// How the two depend on each other, who was asked.
    pub note: Option<String>,
    /// The rows, in the order in which they are drawn.
    pub rows: Vec<DifferenceRow>,
}

impl DifferenceChart {
    /// What the differences are in: the head of their column.
    fn unit(&self) -> &str {
        match &self.scale {
            Scale::Percent => "points",
            Scale::Numbers { head, .. } => head,
        }
    }

    fn all_rows(&self) -> impl Iterator<Item = &DifferenceRow> + Clone {
        self.groups.iter().flat_map(|group| &group.rows)
    }
}

impl Chart for DifferenceChart {
    fn texts(&mut self) -> Vec<&mut String> {
        let groups = self.groups.iter_mut().flat_map(|group| {
            let rows = group.rows.iter_mut().flat_map(DifferenceRow::texts);
            group.head.iter_mut().chain(&mut group.note).chain(rows)
        });
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(groups)
            .chain(&mut self.footer)
            .chain(&mut self.aside)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::Level(self.level));
        }
        if self.all_rows().next().is_none() {
            return Err(Error::Empty);
        }
        self.all_rows().try_for_each(|row| row.check(&self.scale))
    }

    fn kind(&self) -> &'static str {
        "Differences"
    }

    fn arrange(&mut self, order: Arrangement) {
        for group in &mut self.groups {
            DifferenceRow::arrange(&mut group.rows, order);
        }
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        self.all_rows().count()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, words: &Language) -> String {
        alt::difference_chart(self, words)
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        Some(slides::differences(self, self.describe(words)))
    }

    fn lay_out(&self, page: &mut Page) {
        page.head(&self.title, self.subtitle.as_deref(), &[]);
        rows::lay_out(self, page);
        page.foot(&self.footer);
    }
}
