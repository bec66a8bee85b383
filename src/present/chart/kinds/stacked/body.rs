//! The page of a stacked chart: sections, their keys, the names over the columns.

use super::geometry::{Axis, Frame, Need, centred};
use super::pieces::pieces;
use super::response::{Response, Side};
use super::rows::{self, Setting};
use super::{Question, StackedChart, StackedSection};
use crate::present::chart::key::{self, KeyItem, Swatch};
use crate::present::chart::page::Page;
use crate::present::chart::scene::Anchor;
use crate::present::chart::text::{Type, widest};
use crate::present::chart::theme::Role;

/// The label column takes at most so much of the canvas,
const LABELS: f64 = 0.314;
/// and stands so far from the plot.
const GUTTER: f64 = 18.0;
/// In a plot narrower than this segments have no room for numbers.
const LEAST_PLOT: f64 = 160.0;
/// Labels of more lines do not belong beside a bar.
const MOST_LINES: usize = 5;
/// Between questions side by side.
const BETWEEN: f64 = 28.0;
/// A question with fewer rows is better read under another than beside it.
const MANY: usize = 8;
/// The head of the column of don’t know is broken into lines rather than be wider.
const COLUMN_HEAD: f64 = 78.0;
/// Room right of the axis for half of “100%”.
const INSET: f64 = 18.0;

/// Whether all questions of a section have the same rows, so many that they go side by side.
pub(super) fn shared_labels(section: &StackedSection) -> bool {
    let labels = |question: &Question| -> Vec<String> {
        question.rows.iter().map(|row| row.label.clone()).collect()
    };
    let Some((first, others)) = section.questions.split_first() else {
        return false;
    };
    !others.is_empty()
        && first.rows.len() >= MANY
        && others.iter().all(|other| labels(other) == labels(first))
}

struct Layout<'a> {
    chart: &'a StackedChart,
    setting: Setting,
    left: f64,
}

/// Lays out head and body.
pub(super) fn lay_out(chart: &StackedChart, page: &mut Page) {
    page.head(&chart.title, chart.subtitle.as_deref(), &[]);
    let layout = Layout::new(chart, page);
    let frames = layout.frames(page);
    for (index, section) in chart.sections.iter().enumerate() {
        if index > 0 {
            page.y += 14.0;
            page.may_break(page.y - 4.0);
        }
        let headed = section.head.is_some() || section.note.is_some();
        if headed || index > 0 {
            page.y += if index == 0 { 10.0 } else { 0.0 };
            page.group_head(section.head.as_deref(), section.note.as_deref());
        }
        if let Some(frames) = frames.get(index) {
            layout.section(page, section, frames);
        }
    }
    page.y += 2.0;
}

impl<'a> Layout<'a> {
    fn new(chart: &'a StackedChart, page: &Page) -> Self {
        let widest = chart
            .sections
            .iter()
            .map(|section| rows::widest_label(section, page))
            .fold(0.0, f64::max);
        let most = (page.scene.width * LABELS).floor();
        let measure = widest.ceil().clamp(80.0_f64.min(most), most);
        let left = page.left + measure + GUTTER;
        let too_long = |label: &String| {
            Type::PANEL_LABEL.balanced(label, measure, page.fonts).len() > MOST_LINES
        };
        let narrow = page.narrow
            || page.right - left < LEAST_PLOT
            || chart.all_rows().any(|row| too_long(&row.label));
        let setting = Setting {
            narrow,
            measure: if narrow { page.measure() } else { measure },
            air: page.air,
        };
        Layout {
            chart,
            setting,
            left: if narrow { page.left } else { left },
        }
    }

    /// How many questions of a section stand side by side.
    fn abreast(&self, section: &StackedSection, page: &Page) -> usize {
        let count = section.questions.len();
        let room = page.right - self.left + BETWEEN;
        let fits = room / count.max(1) as f64 - BETWEEN >= LEAST_PLOT + 40.0;
        if !self.setting.narrow && fits && shared_labels(section) {
            count
        } else {
            1
        }
    }

    fn diverges(&self, section: &StackedSection) -> bool {
        self.chart.diverging && section.is_scale()
    }

    /// The frames of each section, one for each question abreast.
    fn frames(&self, page: &Page) -> Vec<Vec<Frame>> {
        let needs: Vec<Option<Need>> = self
            .chart
            .sections
            .iter()
            .map(|section| self.diverges(section).then(|| need(section, page)))
            .collect();
        // Sections under one another share scale and centre line.
        let shared: Vec<Need> = self
            .chart
            .sections
            .iter()
            .zip(&needs)
            .filter(|(section, _)| self.abreast(section, page) == 1)
            .filter_map(|(_, need)| *need)
            .collect();
        let mut shared = centred(&shared, self.left, page.right).into_iter();
        let sections = self.chart.sections.iter().zip(needs);
        sections
            .map(|(section, need)| {
                let abreast = self.abreast(section, page);
                let width = (page.right - self.left + BETWEEN) / abreast as f64 - BETWEEN;
                (0..abreast)
                    .filter_map(|index| {
                        let left = self.left + (width + BETWEEN) * index as f64;
                        match need {
                            None => Some(Frame::percent(left, left + width - INSET)),
                            Some(_) if abreast == 1 => shared.next(),
                            Some(need) => centred(&[need], left, left + width).pop(),
                        }
                    })
                    .collect()
            })
            .collect()
    }

    fn section(&self, page: &mut Page, section: &StackedSection, frames: &[Frame]) {
        let names = self.names(section, frames, page);
        let key = self.key(section, names.is_some());
        if !key.is_empty() {
            page.y += 6.0;
            let at = (page.left, page.y);
            page.y = key::draw(&mut page.scene, &key, at, page.right, page.fonts);
        }
        let abreast = frames.len().max(1);
        for (index, questions) in section.questions.chunks(abreast).enumerate() {
            page.y += if index > 0 { 10.0 } else { 0.0 };
            let columns: Vec<(&Question, Frame)> =
                questions.iter().zip(frames.iter().copied()).collect();
            self.heads(page, section, &columns, names, index == 0);
            rows::draw(page, section, &columns, self.setting);
        }
    }

    /// The two answers whose names stand over their columns, if there are but two and they fit.
    fn names<'s>(
        &self,
        section: &'s StackedSection,
        frames: &[Frame],
        page: &Page,
    ) -> Option<(&'s Response, &'s Response)> {
        if !self.diverges(section) {
            return None;
        }
        let mut sides = section
            .responses
            .iter()
            .filter(|one| one.tone.side() != Side::Apart);
        let (one, other) = (sides.next()?, sides.next()?);
        let (left, right) = if one.tone.side() == Side::Left {
            (one, other)
        } else {
            (other, one)
        };
        let two = sides.next().is_none()
            && left.tone.side() == Side::Left
            && right.tone.side() == Side::Right;
        let fits = frames.iter().all(|frame| {
            let width = |one: &Response| Type::DIRECT.width(&one.label, page.fonts);
            let least = if self.setting.narrow {
                page.left
            } else {
                frame.left - GUTTER / 2.0
            };
            frame.origin() - 7.0 - width(left) >= least
                && frame.origin() + 7.0 + width(right) <= frame.limit()
        });
        (two && fits).then_some((left, right))
    }

    fn key(&self, section: &StackedSection, named: bool) -> Vec<KeyItem> {
        let diverging = self.diverges(section);
        let mut key: Vec<KeyItem> = section
            .stacking(diverging)
            .into_iter()
            .filter(|(_, one)| !(named || diverging && one.tone.side() == Side::Apart))
            .map(|(_, one)| KeyItem {
                swatch: Swatch::Square(one.role()),
                text: one.label.clone(),
            })
            .collect();
        if section
            .rows()
            .any(|row| pieces(section, row, diverging).has_rest())
        {
            key.push(KeyItem {
                swatch: Swatch::Hatch,
                text: "not published: rest to 100%".into(),
            });
        }
        key
    }

    /// What stands over the bars: the questions, the names of the columns, the ticks.
    fn heads(
        &self,
        page: &mut Page,
        section: &StackedSection,
        columns: &[(&Question, Frame)],
        names: Option<(&Response, &Response)>,
        first: bool,
    ) {
        page.y += 6.0;
        let reach = names.map(|(left, _)| 7.0 + Type::DIRECT.width(&left.label, page.fonts));
        // A question stands on the line of the names if it does not reach them.
        let beside = match (columns, reach) {
            ([(question, frame)], Some(reach)) => {
                let head = question.head.as_deref().unwrap_or_default();
                page.left + Type::PANEL_HEAD.width(head, page.fonts) + 16.0
                    <= frame.origin() - reach
            }
            _ => false,
        };
        let top = page.y;
        let mut below = top;
        for (question, frame) in columns {
            let Some(head) = &question.head else { continue };
            let (kind, left, right) = if columns.len() > 1 {
                (Type::GROUP, frame.left, frame.right)
            } else {
                (Type::PANEL_HEAD, page.left, page.right)
            };
            page.y = top;
            let lines = kind.balanced(head, right - left, page.fonts);
            page.lines(&lines, left, kind);
            below = below.max(page.y);
        }
        page.y = if beside { top } else { below };
        let column = self.column_heads(page, section, columns, names, first);
        page.y = (page.y + column).max(below) + 1.0;
    }

    /// The line of ticks, or of names; how high it is.
    fn column_heads(
        &self,
        page: &mut Page,
        section: &StackedSection,
        columns: &[(&Question, Frame)],
        names: Option<(&Response, &Response)>,
        first: bool,
    ) -> f64 {
        let mut height = 0.0_f64;
        let line = Type::DIRECT.line;
        let heads = column_head(section, page);
        let lines = heads.len().max(1) as f64;
        for (_, frame) in columns {
            let centre = match frame.axis {
                Axis::Percent(axis) => {
                    let y = page.y + line / 2.0;
                    match (first, axis.right - axis.left < 220.0) {
                        (false, _) => continue,
                        (true, true) => axis.few_labels(&mut page.scene, y, page.fonts),
                        (true, false) => axis.labels(&mut page.scene, y, page.fonts),
                    }
                    height = height.max(line);
                    continue;
                }
                Axis::Centre(centre) => centre,
            };
            if let Some((left, right)) = names {
                let y = page.y + line * (lines - 0.5);
                let at = [(left, -7.0, Anchor::End), (right, 7.0, Anchor::Start)];
                for (response, away, anchor) in at {
                    let kind = Type::DIRECT.in_role(name_role(response));
                    page.scene.text(
                        &response.label,
                        (centre.x + away, y),
                        anchor,
                        kind,
                        page.fonts,
                    );
                }
                height = height.max(line * lines);
            }
            let Some(apart) = centre.apart else { continue };
            for (index, head) in heads.iter().enumerate() {
                let y = page.y + line * (index as f64 + 0.5);
                page.scene
                    .text(head, (apart, y), Anchor::Start, Type::TICK, page.fonts);
            }
            height = height.max(line * lines);
        }
        height
    }
}

/// The colour of a name over its column: that of the column, where it can be read.
fn name_role(response: &Response) -> Role {
    match response.role() {
        role @ (Role::Diverging(0) | Role::Diverging(4)) => role,
        _ => Role::Ink,
    }
}

/// What a section needs if it diverges.
fn need(section: &StackedSection, page: &Page) -> Need {
    let column = section.apart().map(|(index, _)| {
        let numbers = section.rows().filter_map(|row| {
            let part = row.parts.get(index)?.as_ref()?;
            Some(Type::IN_BAR.width(&part.printed, page.fonts))
        });
        let widest_number = numbers.fold(0.0, f64::max);
        let head = column_head(section, page);
        // A number that does not fit into its bar stands beside it.
        widest(&head, Type::TICK, page.fonts).max(2.0 * widest_number + 8.0)
    });
    let rows = section.rows().map(|row| pieces(section, row, true));
    Need::from_rows(rows, column)
}

/// The head of the column of don’t know, in lines; none if there is no such answer.
fn column_head(section: &StackedSection, page: &Page) -> Vec<String> {
    section.apart().map_or_else(Vec::new, |(_, response)| {
        Type::TICK.balanced(&response.label, COLUMN_HEAD, page.fonts)
    })
}
