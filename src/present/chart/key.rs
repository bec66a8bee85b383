//! The key: what a mark means, for the kinds of marks that occur.

use super::bounds::Bounds;
use super::fonts::Fonts;
use super::marks;
use super::scene::{Anchor, Point, Scene};
use super::text::Type;
use super::theme::Role;

/// How a mark looks in the key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Swatch {
    Interval(Role),
    Open(Role),
    /// A dot without an interval.
    Dot(Role),
    /// Where a share should be.
    Tick,
    Cross,
    Block(Role),
    /// A bar with the end of its interval.
    Bar(Role),
    OpenBar(Role),
    /// A segment of a bar.
    Square(Role),
    /// A line with a wave.
    Line(Role),
    /// A wave without a sample size.
    OpenWave(Role),
    /// A change of mode.
    Dashes,
    /// What was not found.
    Hatch,
}

/// A mark and what it means.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeyItem {
    pub swatch: Swatch,
    pub text: String,
}

/// Between one item and the next, and where that keeps all on one line.
const GAP: f64 = 24.0;
const CLOSE_GAP: f64 = 16.0;
/// Between the lines of one text.
const UNDER: f64 = 15.0;

/// Draws the items side by side, on as many lines as it takes; where the next thing may begin.
pub(super) fn draw(
    scene: &mut Scene,
    items: &[KeyItem],
    (left, top): Point,
    right: f64,
    fonts: &Fonts,
) -> f64 {
    let width = |item: &KeyItem| item.swatch.width() + 6.0 + Type::KEY.width(&item.text, fonts);
    let all: f64 = items.iter().map(width).sum();
    let gaps = items.len().saturating_sub(1) as f64;
    let one_line = all + GAP * gaps <= right - left;
    let closer = all + CLOSE_GAP * gaps <= right - left;
    let gap = if !one_line && closer { CLOSE_GAP } else { GAP };
    let (mut x, mut y) = (left, top + Type::KEY.line / 2.0);
    for item in items {
        let width = width(item);
        if x > left && x + width > right {
            x = left;
            y += Type::KEY.line;
        }
        item.swatch.draw(scene, (x, y));
        let room = item.swatch.width() + 6.0;
        // A text longer than the page goes on under itself.
        let lines = Type::KEY.balanced(&item.text, right - x - room, fonts);
        for (index, line) in lines.iter().enumerate() {
            y += if index > 0 { UNDER } else { 0.0 };
            scene.text(line, (x + room, y), Anchor::Start, Type::KEY, fonts);
        }
        // Nothing more stands beside a text of several lines.
        x += if lines.len() > 1 { right } else { width + gap };
    }
    y + Type::KEY.line / 2.0
}

impl Swatch {
    fn width(self) -> f64 {
        match self {
            Swatch::Bar(_) | Swatch::OpenBar(_) => 20.0,
            Swatch::Line(_) => 16.0,
            Swatch::OpenWave(_) => 6.0,
            Swatch::Dashes => 3.0,
            Swatch::Interval(_) | Swatch::Block(_) => 14.0,
            Swatch::Square(_) | Swatch::Hatch => 11.0,
            Swatch::Open(_) | Swatch::Dot(_) | Swatch::Cross => 10.0,
            Swatch::Tick => 4.0,
        }
    }

    fn draw(self, scene: &mut Scene, (x, y): Point) {
        let middle = x + self.width() / 2.0;
        match self {
            Swatch::Interval(role) => marks::dot(scene, (middle, y), Some((x, x + 14.0)), role),
            Swatch::Open(role) => marks::open_dot(scene, (middle, y), role),
            Swatch::Dot(role) => marks::dot(scene, (middle, y), None, role),
            Swatch::Tick => marks::target(scene, (middle, y)),
            Swatch::Cross => marks::cross(scene, (middle, y)),
            Swatch::Bar(role) => marks::bar(scene, swatch(x, 15.0, y), (x + 9.0, x + 20.0), role),
            Swatch::OpenBar(role) => marks::open_bar(scene, swatch(x, 20.0, y), role),
            Swatch::Hatch => marks::hatch(scene, swatch(x, 11.0, y)),
            Swatch::Line(role) => {
                scene.line((x, y), (x + 16.0, y), 1.75, role);
                scene.disc((middle, y), 2.75, role);
            }
            Swatch::OpenWave(role) => {
                scene.disc((middle, y), 2.25, role);
                scene.disc((middle, y), 1.0, Role::Paper);
            }
            Swatch::Dashes => marks::dashes(scene, middle.floor() + 0.5, y - 7.0, y + 7.0),
            Swatch::Square(role) => scene.rect(swatch(x, 11.0, y), role),
            Swatch::Block(role) => {
                scene.rect(swatch(x, 14.0, y), role);
            }
        }
    }
}

/// A block of the key, on whole pixels.
fn swatch(x: f64, width: f64, y: f64) -> Bounds {
    let top = y.round() - 5.0;
    Bounds {
        left: x,
        top,
        right: x + width,
        bottom: top + 11.0,
    }
}
