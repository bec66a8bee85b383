//! The rows of a question, or of several side by side: labels once, bars in every frame.

use super::bar::Pen;
use super::geometry::{Axis, Centre, Frame};
use super::pieces::{Pieces, pieces};
use super::response::Side;
use super::{Question, StackedRow, StackedSection};
use crate::present::chart::kinds::dot::RowKind;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::paint::Paint;
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;

/// Bars in general, and where many stand close.
const THICK: f64 = 20.0;
const CLOSE: f64 = 14.0;
const NARROW: f64 = 18.0;
/// From so many rows on they stand close.
const MANY: usize = 16;
/// On either side of the rule under a total.
const RULE: f64 = 8.0;

/// How the rows of a chart are set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Setting {
    pub narrow: bool,
    /// The room for labels.
    pub measure: f64,
    pub air: f64,
}

/// A row, measured.
struct Line<'a> {
    label: Vec<String>,
    note: Vec<String>,
    kind: RowKind,
    paint: Paint,
    /// One for each frame.
    pieces: Vec<Pieces<'a>>,
    /// From the top of the rows.
    top: f64,
    height: f64,
}

/// Draws the rows; the page is filled to their foot.
pub(super) fn draw(
    page: &mut Page,
    section: &StackedSection,
    columns: &[(&Question, Frame)],
    setting: Setting,
) {
    let lines = measure(page, section, columns, setting);
    let Some(last) = lines.last() else { return };
    let (top, bottom) = (page.y, page.y + last.top + last.height);
    if !setting.narrow {
        grids(page, columns, top.round() - 2.0, bottom.round());
    }
    let thick = thick(&lines, setting);
    // A middle answer lies across the centre line: the line goes under it, not through its number.
    let middle = section
        .responses
        .iter()
        .any(|response| response.tone.side() == Side::Middle);
    if middle && !setting.narrow {
        centre_lines(page, columns, top, bottom, Role::Axis);
    }
    for (index, line) in lines.iter().enumerate() {
        draw_line(page, line, columns, setting, thick, (top, index));
    }
    if !middle && !setting.narrow {
        centre_lines(page, columns, top, bottom, Role::Ink);
    }
    page.y = bottom;
}

fn grids(page: &mut Page, columns: &[(&Question, Frame)], top: f64, bottom: f64) {
    for (_, frame) in columns {
        if let Axis::Percent(axis) = frame.axis {
            axis.grid(&mut page.scene, top, bottom);
        }
    }
}

fn centre_lines(
    page: &mut Page,
    columns: &[(&Question, Frame)],
    top: f64,
    bottom: f64,
    role: Role,
) {
    for (_, frame) in columns {
        if let Axis::Centre(Centre { x, .. }) = frame.axis {
            page.scene
                .line((x, top.round()), (x, bottom.round()), 1.0, role);
        }
    }
}

fn thick(lines: &[Line], setting: Setting) -> f64 {
    match (setting.narrow, lines.len() >= MANY) {
        (true, _) => NARROW,
        (false, true) => CLOSE,
        (false, false) => THICK,
    }
}

fn measure<'a>(
    page: &Page,
    section: &'a StackedSection,
    columns: &[(&'a Question, Frame)],
    setting: Setting,
) -> Vec<Line<'a>> {
    let Some((first, _)) = columns.first() else {
        return Vec::new();
    };
    let mut lines: Vec<Line> = Vec::with_capacity(first.rows.len());
    for (index, row) in first.rows.iter().enumerate() {
        let pieces: Vec<Pieces> = columns
            .iter()
            .filter_map(|(question, frame)| {
                let diverging = matches!(frame.axis, Axis::Centre(_));
                Some(pieces(section, question.rows.get(index)?, diverging))
            })
            .collect();
        let remarks = pieces.iter().filter_map(|pieces| pieces.remark.as_ref());
        let notes: Vec<String> = row.note.iter().chain(remarks).cloned().collect();
        let label = row.paint.label(label_type(row.kind, index));
        lines.push(Line {
            label: label.balanced(&row.label, setting.measure, page.fonts),
            note: Type::NOTE.balanced(&notes.join(" · "), setting.measure, page.fonts),
            kind: row.kind,
            paint: row.paint,
            pieces,
            top: 0.0,
            height: 0.0,
        });
    }
    let thick = thick(&lines, setting);
    let close = thick == CLOSE;
    let mut y = 0.0;
    for (index, line) in lines.iter_mut().enumerate() {
        y += if close && index > 0 && index % 5 == 0 {
            5.0
        } else {
            0.0
        };
        let text = line.text_height();
        line.height = setting.air.floor()
            + match setting.narrow {
                true => text + thick + 9.0,
                false => thick.max(text - 4.0) + if close { 6.0 } else { 10.0 },
            };
        line.top = y;
        y += line.height;
        if is_head(line.kind, index) && index + 1 < first.rows.len() {
            y += RULE;
        }
    }
    lines
}

impl Line<'_> {
    /// Whether a middle answer lies across the centre line.
    fn crosses(&self) -> bool {
        let mut bars = self.pieces.iter().flat_map(|pieces| &pieces.bar);
        bars.any(|piece| piece.from < 0.0 && piece.to > 0.0)
    }

    fn text_height(&self) -> f64 {
        Type::PANEL_LABEL.line * self.label.len().max(1) as f64
            + Type::NOTE.line * self.note.len() as f64
    }
}

/// Whether a row is a total at the head of its question.
fn is_head(kind: RowKind, index: usize) -> bool {
    kind == RowKind::Total && index == 0
}

/// A total stands out at the head, and steps back anywhere else.
fn label_type(kind: RowKind, index: usize) -> Type {
    match kind {
        RowKind::Total if index == 0 => Type {
            weight: Type::IN_BAR.weight,
            ..Type::PANEL_LABEL
        },
        RowKind::Total => Type::PANEL_LABEL.in_role(Role::Muted),
        _ => Type::PANEL_LABEL,
    }
}

fn draw_line(
    page: &mut Page,
    line: &Line,
    columns: &[(&Question, Frame)],
    setting: Setting,
    thick: f64,
    (start, index): (f64, usize),
) {
    let top = start + line.top;
    let text = line.text_height();
    let (text_top, bar_top) = if setting.narrow {
        (top, top + text + 1.0)
    } else {
        let middle = top + (line.height - setting.air.floor()) / 2.0;
        (middle - text / 2.0, middle - thick / 2.0)
    };
    let bar_top = bar_top.round();
    // A lone label stands on the line of its bar, to the tenth of a pixel.
    page.y = if setting.narrow || line.label.len() + line.note.len() > 1 {
        text_top
    } else {
        bar_top + thick / 2.0 - text / 2.0
    };
    page.lines(
        &line.label,
        page.left,
        line.paint.label(label_type(line.kind, index)),
    );
    page.lines(&line.note, page.left, Type::NOTE);
    // Labels stand above the bars in the narrow layout: lines must not run through them.
    let along = (bar_top - 3.0, bar_top + thick + 3.0);
    if setting.narrow && !line.pieces.iter().all(Pieces::is_empty) {
        grids(page, columns, along.0, along.1);
    }
    for ((_, frame), pieces) in columns.iter().zip(&line.pieces) {
        // Beside a label there is the gutter, and a little less than it is free.
        let least = if setting.narrow {
            frame.left
        } else {
            frame.left - 14.0
        };
        let mut pen = Pen {
            scene: &mut page.scene,
            fonts: page.fonts,
            thick,
            least,
        };
        pen.row(frame, pieces, bar_top);
    }
    if setting.narrow && !line.crosses() {
        centre_lines(page, columns, along.0, along.1, Role::Ink);
    }
    if is_head(line.kind, index) && columns.iter().any(|(question, _)| question.rows.len() > 1) {
        let y = crisp(top + line.height + RULE / 2.0 - 3.0);
        page.scene.rule(page.left, page.right, y, Role::Grid);
    }
}

/// The widest label of a section.
pub(super) fn widest_label(section: &StackedSection, page: &Page) -> f64 {
    let bold = label_type(RowKind::Total, 0);
    let has_total = section.rows().any(|row| row.kind == RowKind::Total);
    let width = |row: &StackedRow| {
        let kind = row
            .paint
            .label(if has_total { bold } else { Type::PANEL_LABEL });
        kind.width(&row.label, page.fonts)
    };
    section.rows().map(width).fold(0.0, f64::max)
}
