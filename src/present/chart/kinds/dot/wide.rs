//! The wide layout: labels at the left, the plot, numbers and intervals in columns at the right.

use super::beside::Beside;
use super::block::{Block, BlockStyle, indent};
use super::columns::Columns;
use super::look::{CLOSE_BAR, Look, SUB_BAR};
use super::words::words;
use super::{Body, Group, Row, Value, plot};
use crate::present::chart::axis::LevelAxis;
use crate::present::chart::marks::RANGE;
use crate::present::chart::page::Page;
use crate::present::chart::text::Type;

/// The label column takes at most so much of the canvas,
const LABELS: f64 = 0.314;
/// and stands so far from the plot.
const GUTTER: f64 = 20.0;
/// The label of the last tick may go beyond the plot by so much: half of “100%”.
const BEYOND: f64 = 14.0;
/// Labels of more lines do not belong beside a plot.
const MOST_LINES: usize = 5;
/// In a plot narrower than this, intervals are lost.
const LEAST_PLOT: f64 = 180.0;
/// From so many rows on, rows of one line each stand closer.
const CLOSE: usize = 16;
/// A chart higher than this has its axis labels again below.
const TALL: f64 = 400.0;

/// What the rows of the chart have in common.
struct Layout<'a> {
    chart: &'a Body<'a>,
    axis: LevelAxis,
    columns: Columns,
    style: BlockStyle,
    close: bool,
}

/// Lays out the body; `false`, and nothing drawn, if plot or labels do not have the room they need.
pub(super) fn lay_out(chart: &Body, page: &mut Page) -> bool {
    let layout = Layout::new(chart, page);
    let groups: Vec<Vec<Block>> = chart
        .groups
        .iter()
        .map(|group| layout.measure(group, page))
        .collect();
    let cramped = layout.axis.right - layout.axis.left < LEAST_PLOT;
    if cramped
        || groups
            .iter()
            .flatten()
            .any(|block| block.label.len() > MOST_LINES)
    {
        return false;
    }
    layout.axis_labels(page);
    for (index, (group, blocks)) in chart.groups.iter().zip(&groups).enumerate() {
        if index > 0 {
            page.y += 13.0;
            page.may_break(page.y - 4.0);
        }
        layout.group(page, group, blocks);
    }
    page.y += if page.y + page.foot_height(chart.footer) > TALL {
        layout
            .axis
            .labels(&mut page.scene, page.y + 11.0, page.fonts);
        19.0
    } else {
        6.0
    };
    true
}

impl<'a> Layout<'a> {
    fn new(chart: &'a Body<'a>, page: &Page) -> Self {
        let columns = Columns::new(chart, page.right, page.fonts);
        let label_width =
            |row: &Row| row.label_type(Type::LABEL).width(&row.label, page.fonts) + indent(row);
        let widest = chart.all_rows().map(label_width).fold(0.0, f64::max);
        let most = (page.scene.width * LABELS).floor();
        // Half as wide at least, so that the charts of a report look alike.
        let measure = widest.ceil().clamp(most / 2.0, most);
        let left = page.left + measure + GUTTER;
        let beyond = (measure, BEYOND);
        let axis = chart.axis((left, columns.plot_right), beyond, page.fonts);
        let style = BlockStyle {
            label: Type::LABEL,
            measure,
            padding: 5.0,
            least: 27.0,
        };
        let mut layout = Layout {
            chart,
            axis,
            columns,
            style,
            close: false,
        };
        layout.close = layout.is_close(page);
        if layout.close {
            layout.style = BlockStyle {
                padding: 1.5,
                least: 20.0,
                ..style
            };
        }
        layout
    }

    /// Many rows, none of which needs a second line.
    fn is_close(&self, page: &Page) -> bool {
        let one_line = |row: &Row| {
            self.block(row, page).height <= self.style.least + page.air && row.values.len() < 2
        };
        self.chart.all_rows().count() >= CLOSE && self.chart.all_rows().all(one_line)
    }

    fn block<'r>(&self, row: &'r Row, page: &Page) -> Block<'r> {
        Block::new(row, self.style, page.air, page.fonts, |value| {
            let words = words(row, value, Type::VALUE);
            if words.missing {
                // The words begin at the middle of the row and go down from it.
                Type::REMARK.line + 2.0 * self.beside(row, value, page).extra_height()
            } else {
                self.columns.tail_height(&words, page.fonts)
            }
        })
    }

    /// The words for a figure that was not found: they stand in the plot.
    fn beside(&self, row: &Row, value: &Value, page: &Page) -> Beside {
        Beside::place(
            words(row, value, Type::VALUE),
            &self.axis,
            row,
            value,
            page.right,
            page.fonts,
        )
    }

    fn measure<'r>(&self, group: &'r Group, page: &Page) -> Vec<Block<'r>> {
        group.rows.iter().map(|row| self.block(row, page)).collect()
    }

    fn axis_labels(&self, page: &mut Page) {
        page.y += 14.0;
        self.axis.labels(&mut page.scene, page.y, page.fonts);
        self.columns.heads(&mut page.scene, page.y, page.fonts);
        page.y += 10.0;
    }

    fn group(&self, page: &mut Page, group: &Group, blocks: &[Block]) {
        page.group_head(group.head.as_deref(), group.note.as_deref());
        let headed = group.head.is_some() || group.note.is_some();
        let top = page.y + if headed { 2.0 } else { 0.0 };
        let mut y = top + 4.0;
        let mut tops = Vec::with_capacity(blocks.len());
        for (index, block) in blocks.iter().enumerate() {
            y += if self.close && index > 0 && index % 5 == 0 {
                5.0
            } else {
                0.0
            };
            if index > 0 && index % 5 == 0 && blocks.len() - index > 2 {
                page.may_break(y);
            }
            tops.push(y);
            y += block.height;
        }
        self.axis.grid(&mut page.scene, top.round(), y.round());
        for (block, top) in blocks.iter().zip(tops) {
            self.row(page, block, top);
        }
        page.y = y;
    }

    /// Bars are as thick as their rows allow.
    fn look(&self, figures: usize) -> Look {
        match self.chart.look {
            Look::Bar(_) if figures > 1 => Look::Bar(SUB_BAR),
            Look::Bar(_) if self.close => Look::Bar(CLOSE_BAR),
            look => look,
        }
    }

    fn row(&self, page: &mut Page, block: &Block, top: f64) {
        let (row, fonts) = (block.row, page.fonts);
        let scene = &mut page.scene;
        for (_, y) in block
            .middles(top)
            .filter(|(value, _)| value.place().is_some())
        {
            self.axis.hairline(scene, y);
        }
        if let Some((first, last)) = block.span(top) {
            let beyond = match self.chart.look {
                Look::Dot => RANGE,
                // To be seen above and below the bar.
                Look::Bar(thick) => thick / 2.0 + 4.0,
            };
            plot::possible(scene, &self.axis, row, first, last, beyond);
        }
        block.draw_labels(scene, page.left, top, fonts);
        let look = self.look(block.figures.len());
        for (value, y) in block.middles(top) {
            let words = words(row, value, Type::VALUE);
            plot::draw(&mut page.scene, &self.axis, row, value, y, look);
            if words.missing {
                self.beside(row, value, page)
                    .draw(&mut page.scene, y, fonts);
            } else {
                self.columns.draw(&mut page.scene, &words, y, fonts);
            }
        }
    }
}
