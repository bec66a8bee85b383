//! The marks that stand for figures: dot, interval, open dot, cross, arrow.

use super::scene::{Bounds, Point, Scene};
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
