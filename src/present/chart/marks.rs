//! The marks that stand for figures: dot, interval, open dot, cross, arrow.

use super::bounds::Bounds;
use super::scene::{Point, Scene};
use super::theme::Role;

/// Radius of a dot.
pub(super) const DOT: f64 = 3.75;
/// Radius of an open dot with its stroke of 1.75.
pub(super) const OPEN_DOT: f64 = DOT + 1.75 / 2.0;
/// Arm of a cross, and half the tick that a bound starts with.
pub(super) const ARM: f64 = 4.5;
/// How far an arrow goes from its tick.
pub(super) const ARROW: f64 = 17.0;
/// Half the height of a possible range beyond its first and last figure.
pub(super) const RANGE: f64 = 7.0;

/// A figure with a sample size: a dot, on its interval where there is one.
pub(super) fn dot(scene: &mut Scene, (x, y): Point, interval: Option<(f64, f64)>, role: Role) {
    if let Some((low, high)) = interval {
        scene.line((low, y), (high, y), 2.0, role);
    }
    scene.disc((x, y), DOT, role);
}

/// A figure without a sample size. Two discs, not a stroke: a stroke is in whole tenths only.
pub(super) fn open_dot(scene: &mut Scene, centre: Point, role: Role) {
    scene.disc(centre, OPEN_DOT, role);
    scene.disc(centre, DOT - 1.75 / 2.0, Role::Paper);
}

/// Where a share should be: an upright tick.
pub(super) fn target(scene: &mut Scene, (x, y): Point) {
    scene.line((x, y - RANGE), (x, y + RANGE), 2.0, Role::Ink);
}

/// A figure that cannot be right.
pub(super) fn cross(scene: &mut Scene, (x, y): Point) {
    scene.line((x - ARM, y - ARM), (x + ARM, y + ARM), 2.0, Role::Warn);
    scene.line((x - ARM, y + ARM), (x + ARM, y - ARM), 2.0, Role::Warn);
}

/// A bound: a tick, and an arrow towards where the figure lies, `way` 1 for more and -1 for less.
pub(super) fn arrow(scene: &mut Scene, (x, y): Point, way: f64, role: Role) {
    scene.line((x, y - ARM), (x, y + ARM), 2.0, role);
    let neck = ARROW - 6.0;
    let outline = [
        (1.0, -1.0),
        (neck, -1.0),
        (neck, -4.0),
        (ARROW, 0.0),
        (neck, 4.0),
        (neck, 1.0),
        (1.0, 1.0),
    ];
    scene.polygon(
        outline
            .map(|(along, across)| (x + way * along, y + across))
            .to_vec(),
        role,
    );
}

/// The range a figure can have at all.
pub(super) fn range(scene: &mut Scene, bounds: Bounds) {
    scene.rect(bounds, Role::Possible);
}

/// The line through a number that cannot be right.
pub(super) fn strike(scene: &mut Scene, left: f64, right: f64, y: f64) {
    scene.line((left - 2.0, y), (right + 2.0, y), 1.25, Role::Warn);
}

/// A bar from 0 with its interval: the line is paper where it crosses the bar.
pub(super) fn bar(scene: &mut Scene, bounds: Bounds, (low, high): (f64, f64), role: Role) {
    let y = (bounds.top + bounds.bottom) / 2.0;
    let Bounds { left, right, .. } = bounds;
    scene.rect(bounds, role);
    scene.line((low.max(left), y), (high.min(right), y), 1.5, Role::Paper);
    if low < left {
        scene.line((low, y), (left, y), 1.5, role);
    }
    if high >= right {
        scene.line((right, y), (high, y), 1.5, role);
    }
}

/// A bar without a sample size: its outline.
pub(super) fn open_bar(scene: &mut Scene, bounds: Bounds, role: Role) {
    scene.rect(bounds, role);
    let inner = bounds.grown(-1.25);
    if inner.left < inner.right {
        scene.rect(inner, Role::Paper);
    }
}

/// How far apart the lines of a hatch are.
const HATCH: f64 = 5.0;

/// What was not found: hatched at 45 degrees within an outline.
pub(super) fn hatch(scene: &mut Scene, bounds: Bounds) {
    let Bounds {
        left,
        top,
        right,
        bottom,
    } = bounds;
    let (width, height) = (right - left, bottom - top);
    let mut along = HATCH - 1.0;
    while along < width + height {
        // From the upper edge, or the right one beyond it, down to the left edge, or the lower one.
        let from = (left + along.min(width), top + (along - width).max(0.0));
        let to = (left + (along - height).max(0.0), top + along.min(height));
        scene.line(from, to, 0.75, Role::Half);
        along += HATCH;
    }
    let (left, top, right, bottom) = (left + 0.4, top + 0.4, right - 0.4, bottom - 0.4);
    let corners = [
        (left, top),
        (right, top),
        (right, bottom),
        (left, bottom),
        (left, top),
    ];
    if left < right {
        scene.path(corners.to_vec(), 0.8, Role::Axis, 1.0);
    }
}

/// A figure of which only bounds of the interval are known: thick the least, thin the most.
pub(super) fn bounds(
    scene: &mut Scene,
    (x, y): Point,
    narrow: (f64, f64),
    wide: (f64, f64),
    role: Role,
) {
    scene.line((wide.0, y), (wide.1, y), 1.0, role);
    for end in [wide.0, wide.1] {
        scene.line((end, y - 4.0), (end, y + 4.0), 1.0, role);
    }
    scene.line((narrow.0, y), (narrow.1, y), 3.0, role);
    scene.disc((x, y), DOT, role);
}

/// An upright broken line: no pattern, so that it is the same in every viewer.
pub(super) fn dashes(scene: &mut Scene, x: f64, top: f64, bottom: f64) {
    let mut y = top;
    while y < bottom {
        scene.line((x, y), (x, (y + 2.5).min(bottom)), 1.0, Role::Axis);
        y += 5.0;
    }
}
