//! The axis of differences: whole tens, or other round numbers, beyond the intervals, zero always in it.

use super::DifferenceChart;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::page::crisp;
use crate::present::chart::scale::{Scale, Ticks, covered};
use crate::present::chart::scene::{Anchor, Scene};
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;

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
    /// The round numbers; none for points.
    ticks: Option<Ticks>,
}

impl PointAxis {
    /// An axis for everything in the chart. Labels of numbers may go beyond its ends by so much.
    pub fn fitting(
        chart: &DifferenceChart,
        (left, right): (f64, f64),
        beyond: (f64, f64),
        fonts: &Fonts,
    ) -> Self {
        let reaches = chart
            .all_rows()
            .filter_map(|row| row.difference.as_ref())
            .map(|difference| difference.reach());
        let (low, high) = reaches.fold((0.0_f64, 0.0_f64), |all, one| {
            (all.0.min(one.0), all.1.max(one.1))
        });
        match chart.scale {
            Scale::Percent => PointAxis::of_points((low, high), left, right),
            Scale::Numbers { .. } => {
                PointAxis::of_numbers(covered((low, high), true), (left, right), beyond, fonts)
            }
        }
    }

    fn of_numbers(
        range: (f64, f64),
        (left, right): (f64, f64),
        beyond: (f64, f64),
        fonts: &Fonts,
    ) -> Self {
        let ends = |ticks: &Ticks| {
            let half = ticks.widest(label, fonts) / 2.0;
            let left = crisp(left + (half - beyond.0).max(0.0).ceil());
            (left, right - (half - beyond.1).max(0.0))
        };
        let ticks = Ticks::over(range, |ticks| {
            let (left, right) = ends(ticks);
            (right - left) / ticks.steps() >= ticks.widest(label, fonts) + LABELS_APART
        });
        let (left, right) = ends(&ticks);
        let width = ((right - left) / ticks.steps()).floor().max(1.0) * ticks.steps();
        PointAxis {
            left,
            right: left + width,
            low: ticks.low(),
            high: ticks.high(),
            ticks: Some(ticks),
        }
    }

    fn of_points((low, high): (f64, f64), left: f64, right: f64) -> Self {
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
            ticks: None,
        }
    }

    /// The place of so many points.
    pub fn x(&self, points: f64) -> f64 {
        let share = (points.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.left + (self.right - self.left) * share
    }

    /// Upright lines at every ten, or every round number; zero has its own.
    pub fn grid(&self, scene: &mut Scene, top: f64, bottom: f64) {
        let lines: Vec<f64> = match &self.ticks {
            Some(ticks) => ticks.values().collect(),
            None => self.multiples(self.step(LINES_APART, |_| 0.0)).collect(),
        };
        for points in lines.into_iter().filter(|points| *points != 0.0) {
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
        if let Some(ticks) = &self.ticks {
            for value in ticks.values() {
                let kind = if value == 0.0 {
                    Type::DIRECT
                } else {
                    Type::TICK
                };
                let at = (self.x(value), y);
                scene.text(&label(ticks, value), at, Anchor::Middle, kind, fonts);
            }
            return;
        }
        let width = |points: f64| Type::DIRECT.width(&tick(points), fonts);
        let step = self
            .step(LABELS_APART, width)
            // Not at every ten, though there be room; but an axis may be shorter than twenty.
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

/// A round number with its sign.
fn label(ticks: &Ticks, value: f64) -> String {
    match value {
        0.0 => "0".into(),
        value if value > 0.0 => format!("+{}", ticks.label(value)),
        value => ticks.label(value),
    }
}

fn tick(points: f64) -> String {
    match points {
        0.0 => "0".into(),
        points if points < 0.0 => format!("−{}", -points),
        points => format!("+{points}"),
    }
}
