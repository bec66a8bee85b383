//! The segments of a bar, and the numbers in them.

use super::geometry::{Axis, Frame};
use super::pieces::{Piece, Pieces};
use crate::present::chart::bounds::Bounds;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::marks;
use crate::present::chart::scene::{Anchor, Scene};
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;

/// A first number stands so far from the end of the axis.
const FIRST: f64 = 8.0;
/// Between a bar and a number outside it.
const OUTSIDE: f64 = 5.0;

/// What bars are drawn on.
pub(super) struct Pen<'a> {
    pub scene: &'a mut Scene,
    pub fonts: &'a Fonts,
    /// How thick bars are.
    pub thick: f64,
    /// How far left a number outside a bar may reach.
    pub least: f64,
}

impl Pen<'_> {
    /// Draws a row whose bar has its upper edge at `top`.
    pub fn row(&mut self, frame: &Frame, pieces: &Pieces, top: f64) {
        if pieces.is_empty() {
            return self.not_found(frame, top);
        }
        let last = pieces.bar.len().saturating_sub(1);
        for (index, piece) in pieces.bar.iter().enumerate() {
            let (left, right) = frame.ends(piece);
            let bounds = self.segment(pieces, piece, (left, right), top);
            let Some((response, part)) = piece.part else {
                continue;
            };
            let Some(kind) = self.fitting(&part.printed, right - left) else {
                let outer = (index == 0, index == last);
                self.outside(frame, &part.printed, bounds, outer);
                continue;
            };
            let kind = kind.in_role(pieces.text_role(response));
            let width = kind.width(&part.printed, self.fonts);
            let first = matches!(frame.axis, Axis::Percent(_)) && index == 0;
            let x = if first && right - left > width + 2.0 * FIRST {
                left + FIRST
            } else {
                (left + right - width) / 2.0
            };
            self.number(&part.printed, x, bounds, kind);
        }
        self.apart(frame, pieces, top);
    }

    /// Don’t know in its own column, its number beside it where it does not fit.
    fn apart(&mut self, frame: &Frame, pieces: &Pieces, top: f64) {
        let Some((piece, ends)) = pieces
            .apart
            .as_ref()
            .and_then(|piece| Some((piece, frame.apart_ends(piece)?)))
        else {
            return;
        };
        let bounds = self.segment(pieces, piece, ends, top);
        let Some((response, part)) = piece.part else {
            return;
        };
        match self.fitting(&part.printed, ends.1 - ends.0) {
            Some(kind) => {
                let width = kind.width(&part.printed, self.fonts);
                let x = (ends.0 + ends.1 - width) / 2.0;
                self.number(
                    &part.printed,
                    x,
                    bounds,
                    kind.in_role(pieces.text_role(response)),
                );
            }
            None => self.number(&part.printed, ends.1 + 4.0, bounds, Type::BESIDE_BAR),
        }
    }

    fn segment(
        &mut self,
        pieces: &Pieces,
        piece: &Piece,
        (left, right): (f64, f64),
        top: f64,
    ) -> Bounds {
        let bounds = Bounds {
            left,
            top,
            right,
            bottom: top + self.thick,
        };
        match piece.part {
            // Nobody: no bar, however thin.
            Some((_, part)) if part.percent == 0.0 => {}
            Some((response, _)) => self.scene.rect(bounds, pieces.role(response)),
            None => marks::hatch(self.scene, bounds),
        }
        bounds
    }

    /// The type in which a number fits into a segment so wide.
    fn fitting(&self, printed: &str, width: f64) -> Option<Type> {
        let low = self.thick < Type::IN_BAR.line + 1.0;
        [(Type::IN_BAR, 4.0), (Type::IN_SMALL_BAR, 1.5)]
            .into_iter()
            .skip(usize::from(low))
            .find(|(kind, padding)| kind.width(printed, self.fonts) + 2.0 * padding <= width)
            .map(|(kind, _)| kind)
    }

    /// A number outside the outermost segment, if there is room for it; else it is in the table.
    fn outside(&mut self, frame: &Frame, printed: &str, bar: Bounds, (first, last): (bool, bool)) {
        let kind = if self.thick < Type::IN_BAR.line + 1.0 {
            Type::IN_SMALL_BAR
        } else {
            Type::IN_BAR
        };
        let width = kind.width(printed, self.fonts);
        let (right_of, left_of) = (bar.right + OUTSIDE, bar.left - OUTSIDE - width);
        let diverging = matches!(frame.axis, Axis::Centre(_));
        let ends_right = last && (!diverging || bar.right > frame.origin());
        let ends_left = first && diverging && bar.left < frame.origin();
        if ends_right && right_of + width <= frame.limit() {
            self.number(printed, right_of, bar, kind);
        } else if ends_left && left_of >= self.least {
            self.number(printed, left_of, bar, kind);
        }
    }

    fn number(&mut self, printed: &str, x: f64, bar: Bounds, kind: Type) {
        let y = (bar.top + bar.bottom) / 2.0;
        self.scene
            .text(printed, (x, y), Anchor::Start, kind, self.fonts);
    }

    fn not_found(&mut self, frame: &Frame, top: f64) {
        let kind = Type::REMARK;
        let words = "no figure found";
        let width = kind.width(words, self.fonts);
        let x = (frame.origin() + FIRST)
            .min(frame.limit() - width)
            .max(frame.left);
        let y = top + self.thick / 2.0;
        let paper = Bounds {
            left: x - 3.0,
            top: y - 7.0,
            right: x + width + 3.0,
            bottom: y + 8.0,
        };
        self.scene.rect(paper, Role::Paper);
        self.scene
            .text(words, (x, y), Anchor::Start, kind, self.fonts);
    }
}
