//! One figure in the plot: its mark, and how far that reaches.

use super::look::Look;
use super::row::{Mark, Row, Value};
use crate::present::chart::axis::LevelAxis;
use crate::present::chart::bounds::Bounds;
use crate::present::chart::marks;
use crate::present::chart::scene::Scene;

/// Draws the mark of a figure at height `y`.
pub(super) fn draw(
    scene: &mut Scene,
    axis: &LevelAxis,
    row: &Row,
    value: &Value,
    y: f64,
    look: Look,
) {
    let Some((at, mark)) = value.place() else {
        return;
    };
    let (centre, role) = ((axis.x(at), y), row.role());
    if let Look::Bar(thick) = look {
        let (zero, end) = (axis.x(0.0), axis.x(at));
        let bar = Bounds {
            left: zero.min(end),
            top: (y - thick / 2.0).round(),
            right: zero.max(end),
            bottom: (y - thick / 2.0).round() + thick,
        };
        match mark {
            Mark::Interval { low, high } => {
                return marks::bar(scene, bar, (axis.x(low), axis.x(high)), role);
            }
            Mark::NoSampleSize => return marks::open_bar(scene, bar, role),
            Mark::Bare => return scene.rect(bar, role),
            // Up to the bound is known; the arrow says that there is more.
            Mark::AtLeast => scene.rect(bar, role),
            _ => {}
        }
    }
    match mark {
        Mark::Interval { low, high } => {
            marks::dot(scene, centre, Some((axis.x(low), axis.x(high))), role)
        }
        Mark::NoSampleSize | Mark::Bare => marks::open_dot(scene, centre, role),
        Mark::Impossible => marks::cross(scene, centre),
        Mark::AtLeast => marks::arrow(scene, centre, 1.0, role),
        Mark::AtMost => marks::arrow(scene, centre, -1.0, role),
        Mark::NotFound => {}
    }
}

/// The left and right end of a mark; `None` if there is no mark.
pub(super) fn reach(axis: &LevelAxis, value: &Value) -> Option<(f64, f64)> {
    let (at, mark) = value.place()?;
    let x = axis.x(at);
    Some(match mark {
        Mark::Interval { low, high } => (
            axis.x(low).min(x - marks::DOT),
            axis.x(high).max(x + marks::DOT),
        ),
        Mark::NoSampleSize | Mark::Bare => (x - marks::OPEN_DOT, x + marks::OPEN_DOT),
        Mark::Impossible | Mark::NotFound => (x - marks::ARM, x + marks::ARM),
        Mark::AtLeast => (x - 1.0, x + marks::ARROW),
        Mark::AtMost => (x - marks::ARROW, x + 1.0),
    })
}

/// The range that a row's figures can have at all, behind the marks from `first` to `last`.
pub(super) fn possible(
    scene: &mut Scene,
    axis: &LevelAxis,
    row: &Row,
    first: f64,
    last: f64,
    beyond: f64,
) {
    if let Some((low, high)) = row.possible {
        let (left, right) = (axis.x(low), axis.x(high));
        // A range of one value is still to be seen.
        let right = right.max(left + 3.0);
        marks::range(
            scene,
            Bounds {
                left,
                top: first - beyond,
                right,
                bottom: last + beyond,
            },
        );
    }
}
