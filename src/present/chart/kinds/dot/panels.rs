//! Small panels of dots: one a question, the same rows in each.

use super::beside::Beside;
use super::block::{Block, BlockStyle, indent};
use super::look::Look;
use super::row::{Row, RowKind, Value};
use super::words::{Tail, Words, is_telling, words};
use super::{alt, check, key, plot};
use crate::present::chart::arrangement::Arrangement;
use crate::present::chart::axis::LevelAxis;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::marks::RANGE;
use crate::present::chart::page::Page;
use crate::present::chart::paint::Named;
use crate::present::chart::scale::Scale;
use crate::present::chart::scene::Anchor;
use crate::present::chart::text::Type;
use crate::present::chart::words::Language;

/// Between one column of panels and the next.
const GAP: f64 = 32.0;
/// A panel is at least so wide where there are several side by side.
const LEAST: f64 = 300.0;
/// More columns than this are no longer read across.
const MOST_COLUMNS: usize = 3;
/// Between labels and plot.
const GUTTER: f64 = 18.0;
/// Room right of the axis for a number beside the last dot.
const BEYOND: f64 = 38.0;
/// The axis labels of a panel, and the gap below them.
const TICKS: f64 = 18.0;

/// Panels in sections, each panel a question, its rows the same groups of people.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// The sections, in the order in which they are drawn.
    pub sections: Vec<Section>,
    /// The paragraphs of the footer: method, contradictions, sources.
    pub footer: Vec<String>,
    /// The confidence level of the intervals.
    pub level: f64,
}

/// Panels that belong together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// Their name.
    pub head: String,
    /// What holds for all of them.
    pub note: Option<String>,
    /// The panels, in the order in which they are read.
    pub panels: Vec<Panel>,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// The question, or the answer that is counted.
    pub head: String,
    /// The rows, in the same order in every panel.
    pub rows: Vec<Row>,
}

impl PanelChart {
    pub(super) fn all_panels(&self) -> impl Iterator<Item = &Panel> + Clone {
        self.sections.iter().flat_map(|section| &section.panels)
    }

    fn all_rows(&self) -> impl Iterator<Item = &Row> + Clone {
        self.all_panels().flat_map(|panel| &panel.rows)
    }
}

impl Chart for PanelChart {
    fn texts(&mut self) -> Vec<&mut String> {
        let sections = self.sections.iter_mut().flat_map(|section| {
            let panels = section.panels.iter_mut().flat_map(|panel| {
                std::iter::once(&mut panel.head).chain(panel.rows.iter_mut().flat_map(Row::texts))
            });
            std::iter::once(&mut section.head)
                .chain(&mut section.note)
                .chain(panels)
        });
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(sections)
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        check(self.level, self.all_rows(), &Scale::Percent)
    }

    fn kind(&self) -> &'static str {
        "Dot plots in panels"
    }

    fn marks(&mut self) -> Vec<Named<'_>> {
        let panels = self
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.panels);
        let marks = panels.flat_map(|panel| {
            let head = panel.head.as_str();
            let rows = panel.rows.iter_mut();
            rows.map(move |row| row.mark(Some(head)))
        });
        marks.collect()
    }

    fn arrange(&mut self, order: Arrangement) {
        for panel in self
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.panels)
        {
            Row::arrange(&mut panel.rows, order);
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
        alt::panel_chart(self, words)
    }

    fn lay_out(&self, page: &mut Page) {
        page.head(
            &self.title,
            self.subtitle.as_deref(),
            &key(self.all_rows(), Look::Dot),
        );
        page.y += if page.narrow { 10.0 } else { 16.0 };
        let layout = Layout::new(self, page);
        for (index, section) in self.sections.iter().enumerate() {
            if index > 0 {
                page.y += 10.0;
                page.may_break(page.y - 2.0);
            }
            section_head(page, section);
            for (row, panels) in section.panels.chunks(layout.columns).enumerate() {
                if row > 0 {
                    page.may_break(page.y);
                }
                layout.panels(page, panels);
            }
        }
        page.foot(&self.footer);
    }
}

/// The head of a section, its note after it where there is room, else under it.
fn section_head(page: &mut Page, section: &Section) {
    let width = Type::GROUP.width(&section.head, page.fonts);
    let note = section.note.as_deref().filter(|note| {
        page.left + width + 10.0 + Type::GROUP_NOTE.width(note, page.fonts) <= page.right
    });
    let Some(note) = note else {
        page.group_head(Some(&section.head), section.note.as_deref());
        return;
    };
    page.group_head(Some(&section.head), None);
    let y = page.y - Type::GROUP.line / 2.0 + Type::GROUP_NOTE.shift_to(Type::GROUP);
    page.scene.text(
        note,
        (page.left + width + 10.0, y),
        Anchor::Start,
        Type::GROUP_NOTE,
        page.fonts,
    );
}

/// What all panels have in common.
struct Layout {
    columns: usize,
    width: f64,
    style: BlockStyle,
}

impl Layout {
    fn new(chart: &PanelChart, page: &Page) -> Self {
        let fitting = ((page.measure() + GAP) / (LEAST + GAP)).floor() as usize;
        let columns = columns(chart, fitting.clamp(1, MOST_COLUMNS));
        let width = (page.measure() - GAP * (columns as f64 - 1.0)) / columns as f64;
        let label_width = |row: &Row| {
            row.label_type(Type::PANEL_LABEL)
                .width(&row.label, page.fonts)
                + indent(row)
        };
        let widest = chart.all_rows().map(label_width).fold(0.0, f64::max);
        let measure = widest.ceil().clamp(48.0, (width * 0.36).floor());
        let style = BlockStyle {
            label: Type::PANEL_LABEL,
            measure,
            padding: 2.5,
            least: 21.0,
        };
        Layout {
            columns,
            width,
            style,
        }
    }

    /// A row of panels, side by side: heads on one line, plots on one line.
    fn panels(&self, page: &mut Page, panels: &[Panel]) {
        let heads: Vec<Vec<String>> = panels
            .iter()
            .map(|panel| Type::PANEL_HEAD.balanced(&panel.head, self.width, page.fonts))
            .collect();
        let most = heads.iter().map(Vec::len).max().unwrap_or(0);
        let head_bottom = page.y + 6.0 + Type::PANEL_HEAD.line * most as f64;
        let mut bottom = head_bottom;
        for (index, (panel, head)) in panels.iter().zip(&heads).enumerate() {
            let left = page.left + (self.width + GAP) * index as f64;
            page.y = head_bottom - Type::PANEL_HEAD.line * head.len() as f64;
            page.lines(head, left, Type::PANEL_HEAD);
            page.y = head_bottom + 4.0;
            self.panel(page, panel, left);
            bottom = bottom.max(page.y);
        }
        page.y = bottom + 4.0;
    }

    fn panel(&self, page: &mut Page, panel: &Panel, left: f64) {
        let right = left + self.width;
        let axis = LevelAxis::fitting(left + self.style.measure + GUTTER, right - BEYOND);
        let top = page.y;
        let mut y = top;
        let mut placed = Vec::with_capacity(panel.rows.len());
        for (index, row) in panel.rows.iter().enumerate() {
            y += if index > 0 && row.kind == RowKind::Total {
                4.0
            } else {
                0.0
            };
            let block = Block::new(row, self.style, page.air, page.fonts, |value| {
                Type::PANEL_VALUE.line + 2.0 * beside(row, value, &axis, right, page).extra_height()
            });
            placed.push((y, block));
            y = placed.last().map_or(y, |(top, block)| top + block.height);
        }
        axis.grid(&mut page.scene, top.round(), y.round());
        for (top, block) in &placed {
            draw_row(page, &axis, block, (left, right), *top);
        }
        axis.few_labels(&mut page.scene, y + TICKS / 2.0 + 1.0, page.fonts);
        page.y = y + TICKS;
    }
}

/// As many columns as fit, fewer if that leaves fewer gaps in the last rows of the sections; but two
/// where there is room, so that a lone panel stays comparable with its like.
fn columns(chart: &PanelChart, fitting: usize) -> usize {
    let gaps = |columns: usize| -> usize {
        let counts = chart.sections.iter().map(|section| section.panels.len());
        counts
            .map(|count| count.next_multiple_of(columns) - count)
            .sum()
    };
    (fitting.min(2)..=fitting)
        .rev()
        .min_by_key(|&columns| gaps(columns))
        .unwrap_or(1)
}

fn draw_row(page: &mut Page, axis: &LevelAxis, block: &Block, (left, right): (f64, f64), top: f64) {
    for (_, y) in block
        .middles(top)
        .filter(|(value, _)| value.place().is_some())
    {
        axis.hairline(&mut page.scene, y);
    }
    if let Some((first, last)) = block.span(top) {
        plot::possible(&mut page.scene, axis, block.row, first, last, RANGE);
    }
    block.draw_labels(&mut page.scene, left, top, page.fonts);
    for (value, y) in block.middles(top) {
        let beside = beside(block.row, value, axis, right, page);
        plot::draw(&mut page.scene, axis, block.row, value, y, Look::Dot);
        beside.draw(&mut page.scene, y, page.fonts);
    }
}

/// The words beside a mark: in a panel the number alone, unless there is more to say.
fn beside(row: &Row, value: &Value, axis: &LevelAxis, right: f64, page: &Page) -> Beside {
    let words = words(row, value, Type::PANEL_VALUE);
    let tail = words
        .tail
        .filter(|tail| is_telling(tail) && !matches!(tail, Tail::Interval(..)));
    Beside::place(Words { tail, ..words }, axis, row, value, right, page.fonts)
}
