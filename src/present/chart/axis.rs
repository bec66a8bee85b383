//! The level axis: per cents always from 0 to 100, never cut; numbers from one round number to another.

use super::fonts::Fonts;
use super::page::crisp;
use super::scale::{Scale, Ticks, covered};
use super::scene::{Anchor, Scene};
use super::text::Type;
use super::theme::Role;

/// Where the ends of the scale stand on the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LevelAxis {
    pub left: f64,
    pub right: f64,
    /// The round numbers; none for per cents.
    ticks: Option<Ticks>,
}

const QUARTERS: [f64; 5] = [0.0, 25.0, 50.0, 75.0, 100.0];
/// Labels of numbers stand at least so far apart.
const APART: f64 = 14.0;

impl LevelAxis {
    /// An axis of per cents in that room, a little less where that sets every grid line on whole pixels.
    pub fn fitting(left: f64, right: f64) -> Self {
        let left = crisp(left);
        let width = ((right - left) / 4.0).floor().max(1.0) * 4.0;
        LevelAxis {
            left,
            right: left + width,
            ticks: None,
        }
    }

    /// An axis for figures from `reach.0` to `reach.1` of the chart’s scale. Its labels may go beyond `left` and
    /// `right` by so much.
    pub fn new(
        scale: &Scale,
        reach: (f64, f64),
        (left, right): (f64, f64),
        beyond: (f64, f64),
        fonts: &Fonts,
    ) -> Self {
        let Scale::Numbers { from_zero, .. } = scale else {
            return LevelAxis::fitting(left, right);
        };
        let ends = |ticks: &Ticks| {
            let half = ticks.widest(Ticks::label, fonts) / 2.0;
            let left = crisp(left + (half - beyond.0).max(0.0).ceil());
            (left, right - (half - beyond.1).max(0.0))
        };
        let ticks = Ticks::over(covered(reach, *from_zero), |ticks| {
            let (left, right) = ends(ticks);
            let step = (right - left) / ticks.steps();
            step >= ticks.widest(Ticks::label, fonts) + APART
        });
        // Only now is it known which ticks there are, and how far their labels reach.
        let (left, right) = ends(&ticks);
        let width = ((right - left) / ticks.steps()).floor().max(1.0) * ticks.steps();
        LevelAxis {
            left,
            right: left + width,
            ticks: Some(ticks),
        }
    }

    /// The place of a figure; beyond the ends, the end.
    pub fn x(&self, figure: f64) -> f64 {
        let share = match &self.ticks {
            None => return self.left + (self.right - self.left) * figure.clamp(0.0, 100.0) / 100.0,
            Some(ticks) => ticks.share(figure),
        };
        self.left + (self.right - self.left) * share
    }

    /// Upright lines at every quarter, the middle one stronger; or at every round number, zero stronger.
    pub fn grid(&self, scene: &mut Scene, top: f64, bottom: f64) {
        let mut line = |figure: f64, strong: f64| {
            let role = if figure == strong {
                Role::Half
            } else {
                Role::Grid
            };
            let x = self.x(figure);
            scene.line((x, top), (x, bottom), 1.0, role);
        };
        match &self.ticks {
            None => QUARTERS.into_iter().for_each(|quarter| line(quarter, 50.0)),
            Some(ticks) => ticks.values().for_each(|tick| line(tick, 0.0)),
        }
    }

    /// The level hairline that leads the eye from a label to its mark.
    pub fn hairline(&self, scene: &mut Scene, y: f64) {
        scene.rule(self.left, self.right, y, Role::Grid);
    }

    /// A hairline that is its own axis: with short ticks where the grid has its lines.
    pub fn ticked_hairline(&self, scene: &mut Scene, y: f64) {
        self.hairline(scene, y);
        self.grid(scene, y - 4.0, y + 4.0);
    }

    /// 0%, 25, 50, 75, 100%, or the round numbers, in a line centred on `y`.
    pub fn labels(&self, scene: &mut Scene, y: f64, fonts: &Fonts) {
        if let Some(ticks) = &self.ticks {
            // Where not even two labels have room side by side, the first one stays.
            let mut free = f64::NEG_INFINITY;
            for value in ticks.values() {
                let (text, at) = (ticks.label(value), (self.x(value), y));
                let half = Type::TICK.width(&text, fonts) / 2.0;
                if at.0 - half >= free {
                    scene.text(&text, at, Anchor::Middle, Type::TICK, fonts);
                    free = at.0 + half + 4.0;
                }
            }
            return;
        }
        for (percent, text) in QUARTERS.into_iter().zip(["0%", "25", "50", "75", "100%"]) {
            scene.text(
                text,
                (self.x(percent), y),
                Anchor::Middle,
                Type::TICK,
                fonts,
            );
        }
    }

    /// 0, 50%, 100% for a small panel.
    pub fn few_labels(&self, scene: &mut Scene, y: f64, fonts: &Fonts) {
        for (percent, text) in [(0.0, "0"), (50.0, "50%"), (100.0, "100%")] {
            scene.text(
                text,
                (self.x(percent), y),
                Anchor::Middle,
                Type::PANEL_TICK,
                fonts,
            );
        }
    }
}
