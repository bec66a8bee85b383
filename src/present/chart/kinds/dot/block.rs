//! A row measured: the lines its label takes, how high it is, where its figures stand.

use super::row::{Row, Value};
use crate::present::chart::fonts::Fonts;
use crate::present::chart::page::crisp;
use crate::present::chart::scene::{Anchor, Scene};
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;

/// How far the names of several values, and the parts of a NET, are set in.
pub(super) const INDENT: f64 = 12.0;

/// How rows are set.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlockStyle {
    pub label: Type,
    /// The room for labels.
    pub measure: f64,
    /// Above and below the lines of a row.
    pub padding: f64,
    /// The least height of a row.
    pub least: f64,
}

/// One figure of a row.
#[derive(Debug, Clone)]
pub(super) struct Figure<'a> {
    pub value: &'a Value,
    /// Who printed it, in lines; none if the row has only one figure.
    name: Vec<String>,
    /// Its middle, from the top of the row.
    middle: f64,
}

/// A row, measured.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    pub row: &'a Row,
    pub label: Vec<String>,
    pub note: Vec<String>,
    pub figures: Vec<Figure<'a>>,
    pub height: f64,
    style: BlockStyle,
    text_top: f64,
}

impl<'a> Block<'a> {
    /// Measures a row; `tail_height` is how high a figure's words are, `air` is room to add.
    pub fn new(
        row: &'a Row,
        style: BlockStyle,
        air: f64,
        fonts: &Fonts,
        tail_height: impl Fn(&Value) -> f64,
    ) -> Self {
        let measure = style.measure - indent(row);
        let label = row
            .label_type(style.label)
            .balanced(&row.label, measure, fonts);
        let note = row
            .note
            .as_ref()
            .map(|note| Type::NOTE.balanced(note, measure, fonts))
            .unwrap_or_default();
        let text =
            style.label.line * label.len().max(1) as f64 + Type::NOTE.line * note.len() as f64;
        let mut block = Block {
            row,
            label,
            note,
            figures: Vec::new(),
            height: 0.0,
            style,
            text_top: style.padding + air / 2.0,
        };
        match row.figures() {
            [value] => {
                let inner = text
                    .max(tail_height(value))
                    .max(style.least - 2.0 * style.padding);
                block.height = inner + 2.0 * style.padding + air;
                block.text_top = (block.height - text) / 2.0;
                block.figures.push(Figure {
                    value,
                    name: Vec::new(),
                    middle: block.height / 2.0,
                });
            }
            values => block.stack(values, block.text_top + text, air, fonts, tail_height),
        }
        block
    }

    /// Several figures stand under the label, one a line.
    fn stack(
        &mut self,
        values: &'a [Value],
        top: f64,
        air: f64,
        fonts: &Fonts,
        tail_height: impl Fn(&Value) -> f64,
    ) {
        let measure = self.style.measure - indent(self.row) - INDENT;
        let mut y = top;
        for value in values {
            let name = value.name.as_deref().unwrap_or_default();
            let name = Type::SUB_LABEL.balanced(name, measure, fonts);
            let height = (Type::SUB_LABEL.line * name.len() as f64 + 4.0)
                .max(tail_height(value) + 5.0)
                .max(19.0);
            self.figures.push(Figure {
                value,
                name,
                middle: y + height / 2.0 + 1.0,
            });
            y += height;
        }
        self.height = y + self.style.padding + air / 2.0;
    }

    /// The middles of its figures, when its top is at `top`.
    pub fn middles(&self, top: f64) -> impl Iterator<Item = (&'a Value, f64)> {
        self.figures
            .iter()
            .map(move |figure| (figure.value, crisp(top + figure.middle)))
    }

    /// The middles of the first figure and the last.
    pub fn span(&self, top: f64) -> Option<(f64, f64)> {
        let (first, last) = (self.figures.first()?, self.figures.last()?);
        Some((crisp(top + first.middle), crisp(top + last.middle)))
    }

    /// Label, note, and the names of several figures behind the rule that joins them.
    pub fn draw_labels(&self, scene: &mut Scene, left: f64, top: f64, fonts: &Fonts) {
        let left = left + indent(self.row);
        let kind = self.row.label_type(self.style.label);
        // A lone label stands on the line of its figure, to the tenth of a pixel.
        let nudge = match &self.figures[..] {
            [figure] => crisp(top + figure.middle) - (top + figure.middle),
            _ => 0.0,
        };
        let mut y = top + self.text_top + nudge;
        y = lines(scene, &self.label, (left, y), kind, fonts);
        if self.label.is_empty() {
            y += kind.line;
        }
        lines(scene, &self.note, (left, y), Type::NOTE, fonts);
        for figure in &self.figures {
            let half = Type::SUB_LABEL.line * figure.name.len() as f64 / 2.0;
            lines(
                scene,
                &figure.name,
                (left + INDENT, crisp(top + figure.middle) - half),
                Type::SUB_LABEL,
                fonts,
            );
        }
        if let ([first, .., last], true) = (&self.figures[..], self.figures.len() > 1) {
            let reach =
                // A figure without a name has half a line as well.
                |figure: &Figure| (Type::SUB_LABEL.line * figure.name.len() as f64 / 2.0).max(7.5);
            let (from, to) = (
                top + first.middle - reach(first),
                top + last.middle + reach(last),
            );
            let x = crisp(left + 3.0);
            scene.line((x, from.round()), (x, to.round()), 1.0, Role::Axis);
        }
    }
}

/// Lines one under the other; the foot of the last.
pub(super) fn lines(
    scene: &mut Scene,
    lines: &[String],
    (x, top): (f64, f64),
    kind: Type,
    fonts: &Fonts,
) -> f64 {
    let mut y = top;
    for line in lines {
        scene.text(line, (x, y + kind.line / 2.0), Anchor::Start, kind, fonts);
        y += kind.line;
    }
    y
}

/// How far a row is set in; deeper than four levels looks the same.
pub(super) fn indent(row: &Row) -> f64 {
    INDENT * f64::from(row.indent.min(4))
}
