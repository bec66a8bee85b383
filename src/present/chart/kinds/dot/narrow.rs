//! The narrow layout: each label above its mark, the figure beside it.

use super::beside::Beside;
use super::block::{INDENT, indent, lines};
use super::look::Look;
use super::words::words;
use super::{Body, Row, Value, plot};
use crate::present::chart::axis::LevelAxis;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::text::Type;

/// The axis is set in, so that 0% and 100% can be centred on its ends.
const INSET: (f64, f64) = (9.0, 15.0);
/// The height of the line that a mark stands on.
const LINE: f64 = 19.0;
/// Above and below a row.
const ABOVE: f64 = 5.0;
const BELOW: f64 = 6.0;
/// Half the height of a possible range.
const RANGE: f64 = 5.0;

/// Lays out the body.
pub(super) fn lay_out(chart: &Body, page: &mut Page) {
    let room = (page.left + INSET.0, page.right - INSET.1);
    let axis = chart.axis(room, INSET, page.fonts);
    page.y += 14.0;
    axis.labels(&mut page.scene, page.y, page.fonts);
    page.y += 10.0;
    for (index, group) in chart.groups.iter().enumerate() {
        page.y += if index > 0 { 10.0 } else { 0.0 };
        page.group_head(group.head.as_deref(), group.note.as_deref());
        page.y += if group.head.is_some() || group.note.is_some() {
            6.0
        } else {
            2.0
        };
        for row in &group.rows {
            draw_row(page, &axis, row);
        }
    }
    page.y += 6.0;
}

fn draw_row(page: &mut Page, axis: &LevelAxis, row: &Row) {
    let left = page.left + indent(row);
    let measure = page.right - left;
    page.y += ABOVE + page.air / 2.0;
    let kind = row.label_type(Type::LABEL);
    let label = kind.balanced(&row.label, measure, page.fonts);
    page.lines(&label, left, kind);
    if let Some(note) = &row.note {
        let note = Type::NOTE.balanced(note, measure, page.fonts);
        page.lines(&note, left, Type::NOTE);
    }
    let several = row.figures().len() > 1;
    for value in row.figures() {
        if let (true, Some(name)) = (several, &value.name) {
            let name = Type::SUB_LABEL.balanced(name, measure - INDENT, page.fonts);
            page.y = lines(
                &mut page.scene,
                &name,
                (left + INDENT, page.y + 2.0),
                Type::SUB_LABEL,
                page.fonts,
            );
        }
        draw_figure(page, axis, row, value);
    }
    page.y += BELOW + page.air / 2.0;
}

fn draw_figure(page: &mut Page, axis: &LevelAxis, row: &Row, value: &Value) {
    let beside = Beside::place(
        words(row, value, Type::VALUE),
        axis,
        row,
        value,
        page.right,
        page.fonts,
    );
    let y = crisp(page.y + LINE / 2.0);
    if value.place().is_some() {
        axis.ticked_hairline(&mut page.scene, y);
    }
    plot::possible(&mut page.scene, axis, row, y, y, RANGE);
    plot::draw(&mut page.scene, axis, row, value, y, Look::Dot);
    beside.draw(&mut page.scene, y, page.fonts);
    page.y += LINE + beside.extra_height();
}
