//! A figure's words beside its mark, where there is no column for them.

use super::plot;
use super::row::{Row, Value};
use super::words::Words;
use crate::present::chart::axis::LevelAxis;
use crate::present::chart::bounds::Bounds;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::marks;
use crate::present::chart::scene::{Anchor, Scene};
use crate::present::chart::text::{Type, widest};
use crate::present::chart::theme::Role;

/// Between mark and number, number and tail.
const GAP: f64 = 6.0;
/// Paper around the words, so that no grid line crosses them.
const PAPER: f64 = 3.0;

/// Where the words go, decided before anything is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Beside {
    words: Words,
    /// Left edge of the number, or of the tail if there is no number.
    x: f64,
    /// Whether the number, too, goes under the mark: an interval may leave no room at its sides.
    down: bool,
    /// The tail in lines under the mark, where it does not fit beside it, and their left edge.
    below: Option<(Vec<String>, f64)>,
}

/// The leading of words under a mark.
const BELOW: f64 = 14.0;

impl Beside {
    /// Right of the mark if there is room before `edge`; else left of it; else the tail goes below,
    /// and if need be the number as well.
    pub fn place(
        words: Words,
        axis: &LevelAxis,
        row: &Row,
        value: &Value,
        edge: f64,
        fonts: &Fonts,
    ) -> Self {
        let Some(reach) = plot::reach(axis, value) else {
            let x = axis.left + 8.0;
            let lines = tail_lines(&words, edge - x, fonts).filter(|lines| lines.len() > 1);
            return Beside {
                words,
                x,
                down: false,
                below: lines.map(|lines| (lines, x)),
            };
        };
        let free = free(axis, row, reach, edge);
        if let Some(x) = side(reach, width(&words, fonts), free) {
            return Beside {
                words,
                x,
                down: false,
                below: None,
            };
        }
        let number = words
            .number
            .as_ref()
            .map_or(0.0, |(text, kind)| kind.width(text, fonts));
        let beside = side(reach, number, free).or_else(|| side(reach, number, (axis.left, edge)));
        let under = |wide: f64| {
            ((reach.0 + reach.1 - wide) / 2.0)
                .min(edge - wide)
                .max(axis.left)
        };
        let below = tail_lines(&words, edge - axis.left, fonts).map(|lines| {
            let wide = words
                .tail
                .as_ref()
                .map_or(0.0, |tail| widest(&lines, tail.kind(), fonts));
            (lines, under(wide))
        });
        Beside {
            x: beside.unwrap_or(under(number)),
            down: beside.is_none() && words.number.is_some(),
            words,
            below,
        }
    }

    /// How much more height it needs under the line of the mark.
    pub fn extra_height(&self) -> f64 {
        let lines = self.below.as_ref().map_or(0, |(lines, _)| lines.len());
        // Words for a missing figure begin on the line itself.
        let on_the_line = usize::from(self.words.missing).min(lines);
        match lines - on_the_line + usize::from(self.down) {
            0 => 0.0,
            lines => BELOW * lines as f64 + 2.0,
        }
    }

    /// Writes the words.
    pub fn draw(&self, scene: &mut Scene, y: f64, fonts: &Fonts) {
        let mut x = self.x;
        let mut below = if self.words.missing {
            y
        } else {
            y + BELOW + 2.0
        };
        if let Some((number, kind)) = &self.words.number {
            let y = if self.down { below } else { y };
            below += if self.down { BELOW } else { 0.0 };
            let bounds = on_paper(scene, number, (x, y), *kind, fonts);
            if self.words.struck {
                marks::strike(scene, bounds.left, bounds.right, y);
            }
            x = bounds.right + GAP;
        }
        let Some(tail) = &self.words.tail else { return };
        if let Some((lines, left)) = &self.below {
            for line in lines {
                on_paper(scene, line, (*left, below), tail.kind(), fonts);
                below += BELOW;
            }
        } else {
            // After a number its baseline holds.
            let shift = if self.words.number.is_some() {
                tail.kind().shift_to(Type::VALUE)
            } else {
                0.0
            };
            on_paper(scene, &tail.text(), (x, y + shift), tail.kind(), fonts);
        }
    }
}

/// The left edge of words so wide, right of a mark or left of it, within what is free.
fn side((low, high): (f64, f64), width: f64, (from, to): (f64, f64)) -> Option<f64> {
    let right_of = high + GAP;
    let left_of = low - GAP - width;
    if right_of + width <= to {
        Some(right_of)
    } else {
        (left_of >= from + GAP).then_some(left_of)
    }
}

/// Where words may stand: not over zero, and not over a possible range beside the mark.
fn free(axis: &LevelAxis, row: &Row, (low, high): (f64, f64), edge: f64) -> (f64, f64) {
    let Some((first, last)) = row.possible else {
        return (axis.left, edge);
    };
    let (first, last) = (axis.x(first), axis.x(last));
    let before = last <= (low + high) / 2.0;
    (
        if before { last } else { axis.left },
        if first >= high { first } else { edge },
    )
}

fn width(words: &Words, fonts: &Fonts) -> f64 {
    let number = words
        .number
        .as_ref()
        .map(|(text, kind)| kind.width(text, fonts));
    let tail = words
        .tail
        .as_ref()
        .map(|tail| tail.kind().width(&tail.text(), fonts));
    number.unwrap_or(0.0)
        + tail.unwrap_or(0.0)
        + if number.is_some() && tail.is_some() {
            GAP
        } else {
            0.0
        }
}

fn tail_lines(words: &Words, measure: f64, fonts: &Fonts) -> Option<Vec<String>> {
    words
        .tail
        .as_ref()
        .map(|tail| tail.kind().balanced(&tail.text(), measure, fonts))
}

fn on_paper(
    scene: &mut Scene,
    text: &str,
    (x, y): (f64, f64),
    kind: Type,
    fonts: &Fonts,
) -> Bounds {
    let right = x + kind.width(text, fonts) + PAPER;
    let (top, bottom) = (y.floor() - 7.0, y.floor() + 8.0);
    scene.rect(
        Bounds {
            left: x - PAPER,
            top,
            right,
            bottom,
        },
        Role::Paper,
    );
    scene.text(text, (x, y), Anchor::Start, kind, fonts)
}
