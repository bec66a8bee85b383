//! The press-release table as a picture: a panel an answer, the rows the same groups in each, every value at the end of its bar.
//!
//! All panels have one scale from 0 and no axis. Where panels stand one under the other, as on a narrow canvas, each repeats
//! the names of its rows.

use super::bar::NO_SIZES;
use super::dot::{DotChart, Group, Mark, Panel, Row, Value, check};
use crate::frames::words::{capitalised, distinct};
use crate::present::chart::bounds::Bounds;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::paint::Named;
use crate::present::chart::scale::Scale;
use crate::present::chart::scene::Anchor;
#[cfg(feature = "xlsx")]
use crate::present::chart::slides;
use crate::present::chart::text::{Type, widest};
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;

/// More panels than these stand in two rows.
const MOST_PANELS: usize = 5;
/// A panel is at least so wide.
const LEAST: f64 = 96.0;
/// Between one panel and the next.
const GAP: f64 = 20.0;
/// Between labels and panels.
const GUTTER: f64 = 16.0;
/// Labels take no more of the measure.
const MOST_LABEL: f64 = 0.31;
/// A row of one line, and its bar.
const ROW: f64 = 24.0;
const BAR: f64 = 14.0;
/// Between a bar and its value.
const BESIDE: f64 = 5.0;
/// Between one row of panels and the next.
const BETWEEN: f64 = 22.0;

const VALUE: Type = Type {
    weight: crate::present::chart::fonts::Weight::Regular,
    role: Role::Ink2,
    ..Type::IN_BAR
};

/// Answers by groups as small panels of bars.
#[derive(Debug, Clone, PartialEq)]
pub struct BarPanelChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// The answers, each with the same rows in the same order.
    pub panels: Vec<Panel>,
    /// The paragraphs of the footer: method, contradictions, sources.
    pub footer: Vec<String>,
}

/// More answers than these are no panels that anybody reads across.
const MOST_ANSWERS: usize = 10;

impl BarPanelChart {
    /// The panels of rows that stand under heads, where each head has the same rows: a panel a row, a bar a head. `None` where
    /// the rows differ, or are too few or too many.
    pub fn from_groups(dots: &DotChart) -> Option<BarPanelChart> {
        let labels = |group: &Group| -> Vec<String> {
            group.rows.iter().map(|row| row.label.clone()).collect()
        };
        let answers = labels(dots.groups.first()?);
        let single = |row: &Row| row.values.len() == 1 && row.note.is_none();
        let alike = |group: &Group| {
            group.head.is_some() && labels(group) == answers && group.rows.iter().all(single)
        };
        if dots.groups.len() < 2
            || !(2..=MOST_ANSWERS).contains(&answers.len())
            || distinct(answers.iter()).len() < answers.len()
            || !dots.groups.iter().all(alike)
        {
            return None;
        }
        let panel = |(at, head): (usize, String)| Panel {
            head,
            rows: dots
                .groups
                .iter()
                .filter_map(|group| {
                    let row = group.rows.get(at)?.clone();
                    let label = group.head.clone()?;
                    Some(Row { label, ..row })
                })
                .collect(),
        };
        let panels: Vec<Panel> = answers.into_iter().enumerate().map(panel).collect();
        let values = || {
            dots.groups
                .iter()
                .flat_map(|group| &group.rows)
                .flat_map(|row| &row.values)
        };
        let half = |value: &Value| match value.mark {
            Mark::Interval { low, high } => Some((high - low) / 2.0),
            _ => None,
        };
        let mut footer = dots.footer.clone();
        let sentence = match values().filter_map(half).max_by(f64::total_cmp) {
            Some(widest) => format!(
                "Shares are within at most ±{widest:.1} points ({}%).",
                100.0 * dots.level
            ),
            None => NO_SIZES.to_owned(),
        };
        match footer.first_mut() {
            Some(first) => *first = format!("{first} {sentence}"),
            None => footer.push(sentence),
        }
        Some(BarPanelChart {
            title: dots.title.clone(),
            subtitle: dots.subtitle.clone(),
            panels,
            footer,
        })
    }

    fn all_rows(&self) -> impl Iterator<Item = &Row> {
        self.panels.iter().flat_map(|panel| &panel.rows)
    }
}

impl Chart for BarPanelChart {
    fn texts(&mut self) -> Vec<&mut String> {
        let panels = self.panels.iter_mut().flat_map(|panel| {
            std::iter::once(&mut panel.head).chain(panel.rows.iter_mut().flat_map(Row::texts))
        });
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(panels)
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        check(0.95, self.all_rows(), &Scale::Percent)
    }

    fn kind(&self) -> &'static str {
        "Bar chart"
    }

    fn marks(&mut self) -> Vec<Named<'_>> {
        let panels = self.panels.iter_mut();
        let marks = panels.flat_map(|panel| {
            let head = panel.head.as_str();
            let rows = panel.rows.iter_mut();
            rows.map(move |row| row.mark(Some(head)))
        });
        marks.collect()
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        self.panels
            .iter()
            .map(|panel| panel.rows.len())
            .max()
            .unwrap_or(0)
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, words: &Language) -> String {
        let mut sentences = vec![words.fill(
            "Bars of {} answers in {} groups.",
            &[
                &words.counted(self.panels.len()),
                &words.counted(self.rows()),
            ],
        )];
        for panel in &self.panels {
            let figures = panel.rows.iter().map(|row| {
                let clause =
                    row.figures()
                        .first()
                        .map_or(String::new(), |value| match value.place() {
                            Some(_) => words.value(&value.printed),
                            None => {
                                words.value(value.remark.as_deref().unwrap_or("no figure found"))
                            }
                        });
                format!("{} {clause}", row.label)
            });
            let figures: Vec<String> = figures.collect();
            sentences
                .push(words.fill("{}: {}.", &[&capitalised(&panel.head), &figures.join(", ")]));
        }
        sentences.join(" ")
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        let groups = self.panels.iter().map(|panel| Group {
            head: Some(panel.head.clone()),
            rows: panel.rows.clone(),
            ..Group::default()
        });
        let groups: Vec<Group> = groups.collect();
        Some(slides::figures(
            (&self.title, self.subtitle.as_deref()),
            &groups,
            (&Scale::Percent, &self.footer),
            self.describe(words),
        ))
    }

    fn lay_out(&self, page: &mut Page) {
        page.head(&self.title, self.subtitle.as_deref(), &[]);
        page.y += 10.0;
        let layout = Layout::new(self, page);
        for (index, panels) in self.panels.chunks(layout.columns).enumerate() {
            page.y += if index > 0 { BETWEEN } else { 0.0 };
            layout.panels(page, panels);
        }
        page.y += 6.0;
        page.foot(&self.footer);
    }
}

/// What all panels have in common.
struct Layout {
    columns: usize,
    /// The room for labels.
    label: f64,
    /// Where the first panel begins, and how wide each is.
    left: f64,
    width: f64,
    /// px a point.
    scale: f64,
}

impl Layout {
    fn new(chart: &BarPanelChart, page: &Page) -> Layout {
        let labels = chart
            .all_rows()
            .map(|row| row.label_type(Type::LABEL).width(&row.label, page.fonts));
        let most = (page.measure() * MOST_LABEL).floor();
        let label = labels.fold(0.0, f64::max).ceil().clamp(40.0, most);
        let left = crisp(page.left + label + GUTTER);
        let room = page.right - left;
        let fitting = ((room + GAP) / (LEAST + GAP)).floor().max(1.0) as usize;
        let most = fitting.min(MOST_PANELS);
        let rows = chart.panels.len().div_ceil(most);
        let columns = chart.panels.len().div_ceil(rows).max(1);
        let width = ((room - GAP * (columns as f64 - 1.0)) / columns as f64).floor();
        let values = || chart.all_rows().filter_map(|row| row.figures().first());
        let printed = values().map(|value| VALUE.width(words(value), page.fonts));
        let beside = printed.fold(0.0, f64::max) + BESIDE + 2.0;
        let highest = values().filter_map(|value| value.at).fold(1.0, f64::max);
        Layout {
            columns,
            label,
            left,
            width,
            scale: (width - beside).max(24.0) / highest,
        }
    }

    /// Panels side by side: heads above a rule, then the rows.
    fn panels(&self, page: &mut Page, panels: &[Panel]) {
        let heads: Vec<Vec<String>> = panels
            .iter()
            .map(|panel| Type::GROUP.balanced(&panel.head, self.width, page.fonts))
            .collect();
        let most = heads.iter().map(Vec::len).max().unwrap_or(0);
        let line = Type::LABEL.line;
        let bottom = page.y + line * most as f64;
        for (index, head) in heads.iter().enumerate() {
            page.y = bottom - line * head.len() as f64;
            let kind = Type {
                line,
                ..Type::GROUP
            };
            page.lines(head, self.x(index), kind);
        }
        page.y = crisp(bottom + 4.0);
        page.scene.rule(page.left, page.right, page.y, Role::Axis);
        page.y += 6.5;
        let top = page.y;
        let rows = panels.first().map_or(0, |panel| panel.rows.len());
        for at in 0..rows {
            self.row(page, panels, at);
            let end_of_five = rows > 15 && at % 5 == 4 && at + 1 < rows;
            page.y += if end_of_five { 5.0 } else { 0.0 };
        }
        for index in 0..panels.len() {
            let x = self.x(index) - 0.5;
            page.scene.line((x, top), (x, page.y), 1.0, Role::Axis);
        }
    }

    fn x(&self, index: usize) -> f64 {
        (self.left + (self.width + GAP) * index as f64).floor()
    }

    fn row(&self, page: &mut Page, panels: &[Panel], at: usize) {
        let Some(first) = panels.first().and_then(|panel| panel.rows.get(at)) else {
            return;
        };
        let label = first.label_type(Type::LABEL);
        let lines = label.balanced(&first.label, self.label, page.fonts);
        let text = label.line * lines.len() as f64;
        let height = (text + ROW - label.line).max(ROW) + page.air;
        let middle = page.y + height / 2.0;
        let mut y = middle - text / 2.0;
        for line in &lines {
            page.scene.text(
                line,
                (page.left, y + label.line / 2.0),
                Anchor::Start,
                label,
                page.fonts,
            );
            y += label.line;
        }
        for (index, panel) in panels.iter().enumerate() {
            let values = panel.rows.get(at).map(|row| (row, row.figures().first()));
            if let Some((row, Some(value))) = values {
                self.bar(page, row, value, (self.x(index), middle));
            }
        }
        page.y += height;
    }

    fn bar(&self, page: &mut Page, row: &Row, value: &Value, (left, middle): (f64, f64)) {
        let kind = match value.place() {
            Some(_) => VALUE,
            None => Type::REMARK,
        };
        let mut end = left;
        if let Some((at, mark)) = value.place()
            && mark != Mark::AtMost
        {
            end = left + self.scale * at;
            let top = (middle - BAR / 2.0).round();
            let bar = Bounds {
                left,
                top,
                right: end,
                bottom: top + BAR,
            };
            page.scene.rect(bar, row.role());
        }
        let text = short(
            words(value),
            left + self.width - end - BESIDE,
            kind,
            page.fonts,
        );
        page.scene.text(
            &text,
            (end + BESIDE, middle),
            Anchor::Start,
            kind,
            page.fonts,
        );
    }
}

/// What stands at the end of a bar.
fn words(value: &Value) -> &str {
    match value.place() {
        Some(_) => value.printed.trim_end_matches('%').trim_end(),
        None => value.remark.as_deref().unwrap_or("not found"),
    }
}

/// The text where it fits, else a dash: a remark may be a sentence, which the alternative text has.
fn short(text: &str, room: f64, kind: Type, fonts: &Fonts) -> String {
    let text = text.to_owned();
    match widest([&text], kind, fonts) <= room.max(24.0) {
        true => text,
        false => "–".to_owned(),
    }
}
