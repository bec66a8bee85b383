//! The narrow layout of bars: label and figure on a line, the bar under both.
//!
//! A bar fills its line from the left, so there is no room beside a long one; the figures stand
//! above, in their columns at the right edge.

use super::beside::Beside;
use super::block::{INDENT, indent, lines};
use super::columns::Columns;
use super::look::{Look, SUB_BAR};
use super::words::words;
use super::{Body, Mark, Row, Value, plot};
use crate::present::chart::axis::LevelAxis;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::text::Type;

/// The axis is set in at the right, so that 100% can be centred on its end.
const INSET: f64 = 15.0;
/// The height of the line that a bar stands on.
const LINE: f64 = 17.0;
/// Above and below a row.
const ABOVE: f64 = 5.0;
const BELOW: f64 = 5.0;
/// Half the height of a possible range.
const RANGE: f64 = 9.5;
/// Labels narrower than this stand above their numbers.
const LEAST_LABEL: f64 = 110.0;
/// Between a label and the numbers.
const GAP: f64 = 12.0;

/// Lays out the body.
pub(super) fn lay_out(chart: &Body, page: &mut Page) {
    // An upper bound near 0 has its arrow left of the axis.
    let mut values = chart.all_rows().flat_map(|row| &row.values);
    let arrow = values.any(|value| value.mark == Mark::AtMost);
    let left = page.left + if arrow { 4.0 } else { 0.0 };
    let axis = chart.axis((left, page.right - INSET), (9.0, INSET), page.fonts);
    let columns = Columns::new(chart, page.right, page.fonts);
    for (index, group) in chart.groups.iter().enumerate() {
        page.y += if index > 0 { 10.0 } else { 8.0 };
        page.group_head(group.head.as_deref(), group.note.as_deref());
        if index == 0 {
            page.y += 13.0;
            columns.heads(&mut page.scene, page.y, page.fonts);
            page.y += 6.0;
        } else {
            page.y += 4.0;
        }
        for row in &group.rows {
            draw_row(page, &axis, &columns, row);
        }
    }
    page.y += 10.0;
    axis.labels(&mut page.scene, page.y, page.fonts);
    page.y += 8.0;
}

fn draw_row(page: &mut Page, axis: &LevelAxis, columns: &Columns, row: &Row) {
    let left = page.left + indent(row);
    let measure = columns.left - GAP - left;
    page.y += ABOVE + page.air / 2.0;
    let top = page.y;
    let several = row.figures().len() > 1;
    // Several figures, or long ones, have lines of their own: the label has the whole width.
    let apart = several || measure < LEAST_LABEL;
    let room = if apart { page.right - left } else { measure };
    let kind = row.label_type(Type::LABEL);
    let label = kind.balanced(&row.label, room, page.fonts);
    page.lines(&label, left, kind);
    if let Some(note) = &row.note {
        let note = Type::NOTE.balanced(note, room, page.fonts);
        page.lines(&note, left, Type::NOTE);
    }
    for value in row.figures() {
        let y = if apart { page.y + 2.0 } else { top };
        if several {
            let name = value.name.as_deref().unwrap_or_default();
            let name = Type::SUB_LABEL.balanced(name, measure - INDENT, page.fonts);
            page.y = lines(
                &mut page.scene,
                &name,
                (left + INDENT, y),
                Type::SUB_LABEL,
                page.fonts,
            );
        }
        figure(page, axis, columns, (row, value), y);
    }
    page.y += BELOW + page.air / 2.0;
}

/// A figure, its words beside the label line that begins at `top`, and its bar below.
fn figure(
    page: &mut Page,
    axis: &LevelAxis,
    columns: &Columns,
    (row, value): (&Row, &Value),
    top: f64,
) {
    let words = words(row, value, Type::VALUE);
    if !words.missing {
        let height = columns
            .tail_height(&words, page.fonts)
            .max(Type::VALUE.line);
        columns.draw(&mut page.scene, &words, top + height / 2.0, page.fonts);
        page.y = page.y.max(top + height);
    }
    let y = crisp(page.y + 1.0 + LINE / 2.0);
    if value.place().is_some() {
        axis.ticked_hairline(&mut page.scene, y);
    }
    plot::possible(&mut page.scene, axis, row, y, y, RANGE);
    plot::draw(&mut page.scene, axis, row, value, y, Look::Bar(SUB_BAR));
    page.y += LINE + 1.0;
    if words.missing {
        let beside = Beside::place(words, axis, row, value, page.right, page.fonts);
        beside.draw(&mut page.scene, y, page.fonts);
        page.y += beside.extra_height();
    }
}
