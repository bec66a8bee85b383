//! The stacked chart: how the answers to a question share the whole, a bar a row.

mod alt;
mod bar;
mod body;
mod geometry;
mod pieces;
mod response;
mod rows;

use crate::present::chart::arrangement::Arrangement;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::page::Page;
use crate::present::chart::paint::{Among, Named, Paint};
#[cfg(feature = "xlsx")]
use crate::present::chart::slides;
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;

pub use response::Response;

use super::dot::RowKind;
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;

/// Bars of answers, from 0 to 100%, or away from a centre line if `diverging`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StackedChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// The sections, each with responses of its own, in the order in which they are drawn.
    pub sections: Vec<StackedSection>,
    /// Negative answers to the left of a line, positive ones to its right, don’t know apart. Holds for
    /// sections whose responses form a scale.
    pub diverging: bool,
    /// The paragraphs of the footer: the largest half-width of the shares, what is missing, sources.
    pub footer: Vec<String>,
}

/// Questions with the same answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StackedSection {
    /// Its name.
    pub head: Option<String>,
    /// Who was asked, when, how many.
    pub note: Option<String>,
    /// The responses, in the order in which they are stacked; don’t know always comes last.
    pub responses: Vec<Response>,
    /// The questions. Those that have the same many rows stand side by side where there is room.
    pub questions: Vec<Question>,
}

/// A question, with a bar for everyone who was asked it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    /// The question, if the section has several.
    pub head: Option<String>,
    /// The rows, in the order in which they are drawn.
    pub rows: Vec<StackedRow>,
}

/// A bar: the shares of those who gave each response.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StackedRow {
    /// Whose answers they are.
    pub label: String,
    /// A line of small print under the label.
    pub note: Option<String>,
    /// A total at the head of a question gets a rule under it.
    pub kind: RowKind,
    /// A share for each response, in the order of the responses; `None` where no figure was found.
    pub parts: Vec<Option<Part>>,
    /// What the house wants of it.
    pub paint: Paint,
}

/// A share.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// The figure as printed: `62`, `4.7`, `<1`.
    pub printed: String,
    /// How much it is, in per cent.
    pub percent: f64,
}

/// What rounding can add to a sum of so many printed shares, and a little for decimals.
fn rounding(parts: usize) -> f64 {
    0.5 * parts as f64 + 0.5
}

impl StackedRow {
    /// The shares that were found, and whose response each is.
    fn known_parts(&self) -> impl Iterator<Item = (usize, &Part)> {
        let parts = self.parts.iter().enumerate();
        parts.filter_map(|(index, part)| Some((index, part.as_ref()?)))
    }

    fn sum(&self) -> f64 {
        self.known_parts().map(|(_, part)| part.percent).sum()
    }

    /// What is left to 100, if it is more than rounding explains.
    fn rest(&self, responses: usize) -> Option<f64> {
        let (sum, found) = (self.sum(), self.known_parts().count());
        let least = if found < responses {
            0.5
        } else {
            rounding(found)
        };
        (found > 0 && 100.0 - sum > least).then_some(100.0 - sum)
    }

    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let printed = self
            .parts
            .iter_mut()
            .flatten()
            .map(|part| &mut part.printed);
        std::iter::once(&mut self.label)
            .chain(&mut self.note)
            .chain(printed)
    }

    fn check(&self, responses: usize) -> Result<(), Error> {
        let label = || self.label.clone();
        if self.parts.len() > responses {
            return Err(Error::TooManyParts {
                label: label(),
                parts: self.parts.len(),
                responses,
            });
        }
        for (_, part) in self.known_parts() {
            if !part.percent.is_finite() {
                return Err(Error::NotANumber {
                    label: label(),
                    what: "share",
                    value: part.percent,
                });
            }
            if !(0.0..=100.0).contains(&part.percent) {
                return Err(Error::NotAPercent {
                    label: label(),
                    value: part.percent,
                });
            }
        }
        let sum = self.sum();
        if sum > 100.0 + rounding(self.known_parts().count()) {
            return Err(Error::TooMuch {
                label: label(),
                sum,
            });
        }
        Ok(())
    }
}

impl StackedSection {
    fn rows(&self) -> impl Iterator<Item = &StackedRow> + Clone {
        self.questions.iter().flat_map(|question| &question.rows)
    }

    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let responses = self
            .responses
            .iter_mut()
            .map(|response| &mut response.label);
        let questions = self.questions.iter_mut().flat_map(|question| {
            let rows = question.rows.iter_mut().flat_map(StackedRow::texts);
            question.head.iter_mut().chain(rows)
        });
        self.head
            .iter_mut()
            .chain(&mut self.note)
            .chain(responses)
            .chain(questions)
    }
}

impl StackedChart {
    fn all_rows(&self) -> impl Iterator<Item = &StackedRow> {
        self.sections.iter().flat_map(StackedSection::rows)
    }
}

impl Chart for StackedChart {
    fn texts(&mut self) -> Vec<&mut String> {
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(self.sections.iter_mut().flat_map(StackedSection::texts))
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        if self.all_rows().next().is_none() {
            return Err(Error::Empty);
        }
        self.sections.iter().try_for_each(|section| {
            let responses = section.responses.len();
            section.rows().try_for_each(|row| row.check(responses))
        })
    }

    fn kind(&self) -> &'static str {
        "Stacked bars"
    }

    fn marks(&mut self) -> Vec<Named<'_>> {
        let mut marks = Vec::new();
        for section in &mut self.sections {
            marks.extend(section.responses.iter_mut().map(Response::mark));
            for question in &mut section.questions {
                let head = question.head.as_ref();
                let rows = question.rows.iter_mut();
                marks.extend(rows.map(|row| Named {
                    among: Among::Rows,
                    names: std::iter::once(&row.label).chain(head).cloned().collect(),
                    usual: Role::Ink,
                    paint: &mut row.paint,
                }));
            }
        }
        marks
    }

    fn arrange(&mut self, order: Arrangement) {
        for section in &mut self.sections {
            section.arrange(order);
        }
    }

    fn grade(&mut self, scales: &[Vec<String>]) {
        for section in &mut self.sections {
            section.grade(scales);
        }
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        // Side by side is one row to the eye.
        let counts = self.sections.iter().map(|section| {
            if body::shared_labels(section) {
                section.questions.first().map_or(0, |one| one.rows.len())
            } else {
                section.rows().count()
            }
        });
        counts.sum()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, words: &Language) -> String {
        alt::stacked_chart(self, words)
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        Some(slides::stacked(self, self.describe(words)))
    }

    fn lay_out(&self, page: &mut Page) {
        body::lay_out(self, page);
        page.foot(&self.footer);
    }
}
