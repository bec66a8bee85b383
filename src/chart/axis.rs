//! The per cent axis: always from 0 to 100, never cut.

use super::fonts::Fonts;
use super::page::crisp;
use super::scene::{Anchor, Scene};
use super::text::Type;
use super::theme::Role;

/// Where 0% and 100% stand on the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PercentAxis {
    pub left: f64,
    pub right: f64,
}

const QUARTERS: [f64; 5] = [0.0, 25.0, 50.0, 75.0, 100.0];

impl PercentAxis {
    /// An axis in that room, a little less where that sets every grid line on whole pixels.
    pub fn fitting(left: f64, right: f64) -> Self {
        let left = crisp(left);
        let width = ((right - left) / 4.0).floor().max(1.0) * 4.0;
        PercentAxis {
            left,
            right: left + width,
        }
    }

    /// The place of a per cent; beyond the ends, the end.
    pub fn x(&self, percent: f64) -> f64 {
        self.left + (self.right - self.left) * percent.clamp(0.0, 100.0) / 100.0
    }

    /// Upright lines at every quarter, the middle one stronger.
    pub fn grid(&self, scene: &mut Scene, top: f64, bottom: f64) {
        for percent in QUARTERS {
            let (x, role) = (self.x(percent), line_role(percent));
            scene.line((x, top), (x, bottom), 1.0, role);
        }
    }

    /// The level hairline that leads the eye from a label to its mark.
    pub fn hairline(&self, scene: &mut Scene, y: f64) {
        scene.rule(self.left, self.right, y, Role::Grid);
    }

    /// A hairline that is its own axis: with short ticks at every quarter.
    pub fn ticked_hairline(&self, scene: &mut Scene, y: f64) {
        self.hairline(scene, y);
        self.grid(scene, y - 4.0, y + 4.0);
    }

    /// 0%, 25, 50, 75, 100% in a line centred on `y`.
    pub fn labels(&self, scene: &mut Scene, y: f64, fonts: &Fonts) {
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

fn line_role(percent: f64) -> Role {
    if percent == 50.0 {
        Role::Half
    } else {
        Role::Grid
    }
}
