//! The axis of differences: whole tens beyond the intervals, zero always in it.

use super::DifferenceChart;
use crate::chart::fonts::Fonts;
use crate::chart::page::crisp;
use crate::chart::scene::{Anchor, Scene};
use crate::chart::text::Type;
use crate::chart::theme::Role;

/// Labels stand at least so far apart.
const LABELS_APART: f64 = 10.0;
/// Lines stand at least so far apart.
const LINES_APART: f64 = 9.0;

/// Where differences stand on the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PointAxis {
    pub left: f64,
    pub right: f64,
    low: f64,
    high: f64,
}

impl PointAxis {
    /// An axis for everything in the chart.
    pub fn fitting(chart: &DifferenceChart, left: f64, right: f64) -> Self {
        let reaches = chart
            .all_rows()
            .filter_map(|row| row.difference.as_ref())
            .map(|difference| difference.reach());
        let (low, high) = reaches.fold((0.0_f64, 0.0_f64), |all, one| {
            (all.0.min(one.0), all.1.max(one.1))
        });
        let (low, high) = ((low / 10.0).floor() * 10.0, (high / 10.0).ceil() * 10.0);
        // All at zero, or nothing found: there must be something to both sides.
        let (low, high) = if low == high {
            (-10.0, 10.0)
        } else {
            (low, high)
        };
        let left = crisp(left);
        let tens = (high - low) / 10.0;
        let width = ((right - left) / tens).floor().max(1.0) * tens;
        PointAxis {
            left,
            right: left + width,
            low,
            high,
        }
    }

    /// The place of so many points.
    pub fn x(&self, points: f64) -> f64 {
        let share = (points.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.left + (self.right - self.left) * share
    }

    /// Upright lines at every ten, zero in ink.
    pub fn grid(&self, scene: &mut Scene, top: f64, bottom: f64) {
        let step = self.step(LINES_APART, |_| 0.0);
        for points in self.multiples(step).filter(|points| *points != 0.0) {
            let x = self.x(points);
            scene.line((x, top), (x, bottom), 1.0, Role::Grid);
        }
    }

    /// The line that differences are held against.
    pub fn zero(&self, scene: &mut Scene, top: f64, bottom: f64) {
        let x = self.x(0.0);
        scene.line((x, top), (x, bottom), 1.0, Role::Ink);
    }

    /// The level hairline that leads the eye from a label to its mark.
    pub fn hairline(&self, scene: &mut Scene, y: f64) {
        scene.rule(self.left, self.right, y, Role::Grid);
    }

    /// −20, 0, +20 in a line centred on `y`, zero bold.
    pub fn labels(&self, scene: &mut Scene, y: f64, fonts: &Fonts) {
        let width = |points: f64| Type::DIRECT.width(&tick(points), fonts);
        let step = self
            .step(LABELS_APART, width)
            .max(20.0_f64.min(self.high - self.low));
        for points in self.multiples(step) {
            let kind = if points == 0.0 {
                Type::DIRECT
            } else {
                Type::TICK
            };
            let at = (self.x(points), y);
            scene.text(&tick(points), at, Anchor::Middle, kind, fonts);
        }
    }

    /// The least of 10, 20, 50, 100 that keeps what stands there apart.
    fn step(&self, apart: f64, width: impl Fn(f64) -> f64) -> f64 {
        let px = (self.right - self.left) / (self.high - self.low);
        let widest = width(-100.0).max(width(self.high)).max(width(self.low));
        [10.0, 20.0, 50.0, 100.0]
            .into_iter()
            .find(|step| step * px >= widest + apart)
            .unwrap_or(200.0)
    }

    /// The multiples of a step within the range, zero among them.
    fn multiples(&self, step: f64) -> impl Iterator<Item = f64> {
        let (first, last) = ((self.low / step).ceil(), (self.high / step).floor());
        (first as i32..=last as i32).map(move |index| f64::from(index) * step)
    }

    /// How far the outermost labels reach beyond the axis.
    pub fn overhang(fonts: &Fonts) -> f64 {
        Type::TICK.width("+100", fonts) / 2.0
    }
}

fn tick(points: f64) -> String {
    match points {
        0.0 => "0".into(),
        points if points < 0.0 => format!("−{}", -points),
        points => format!("+{points}"),
    }
}
