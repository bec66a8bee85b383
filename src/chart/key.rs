//! The key: what a mark means, for the kinds of marks that occur.

use super::fonts::Fonts;
use super::marks;
use super::scene::{Anchor, Bounds, Point, Scene};
use super::text::Type;
use super::theme::Role;

/// How a mark looks in the key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Swatch {
    Interval(Role),
    Open(Role),
    Cross,
    Block(Role),
}

/// A mark and what it means.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeyItem {
    pub swatch: Swatch,
    pub text: &'static str,
}

/// Between one item and the next.
const GAP: f64 = 24.0;

/// Draws the items side by side, on as many lines as it takes; where the next thing may begin.
pub(super) fn draw(
    scene: &mut Scene,
    items: &[KeyItem],
    (left, top): Point,
    right: f64,
    fonts: &Fonts,
) -> f64 {
    let (mut x, mut y) = (left, top + Type::KEY.line / 2.0);
    for item in items {
        let room = item.swatch.width();
        let width = room + 6.0 + Type::KEY.width(item.text, fonts);
        if x > left && x + width > right {
            x = left;
            y += Type::KEY.line;
        }
        item.swatch.draw(scene, (x, y));
        scene.text(
            item.text,
            (x + room + 6.0, y),
            Anchor::Start,
            Type::KEY,
            fonts,
        );
        x += width + GAP;
    }
    y + Type::KEY.line / 2.0
}

impl Swatch {
    fn width(self) -> f64 {
        match self {
            Swatch::Interval(_) | Swatch::Block(_) => 14.0,
            Swatch::Open(_) | Swatch::Cross => 10.0,
        }
    }

    fn draw(self, scene: &mut Scene, (x, y): Point) {
        let middle = x + self.width() / 2.0;
        match self {
            Swatch::Interval(role) => marks::dot(scene, (middle, y), Some((x, x + 14.0)), role),
            Swatch::Open(role) => marks::open_dot(scene, (middle, y), role),
            Swatch::Cross => marks::cross(scene, (middle, y)),
            Swatch::Block(role) => {
                scene.rect(
                    Bounds {
                        left: x,
                        top: y - 5.0,
                        right: x + 14.0,
                        bottom: y + 5.0,
                    },
                    role,
                );
            }
        }
    }
}
