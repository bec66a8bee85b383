//! The two axes that all panels share: years across, per cents up.

use super::{Moment, TrendChart};
use crate::chart::fonts::Fonts;
use crate::chart::scene::{Anchor, Bounds, Scene};
use crate::chart::text::Type;
use crate::chart::theme::Role;

/// The first wave and the last stand so far from the ends of the axis.
const INSET: f64 = 3.0;
/// Between two labels of years.
const APART: f64 = 7.0;
/// Ticks closer than this have every other one labelled.
const CLOSE: f64 = 34.0;

/// The years that the chart covers, and which of them have ticks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Years {
    first: f64,
    last: f64,
    step: f64,
}

impl Years {
    pub fn of(chart: &TrendChart) -> Self {
        let years = chart.panels.iter().flat_map(|panel| {
            panel
                .waves()
                .map(|wave| wave.when)
                .chain(panel.breaks.clone())
        });
        let (first, last) = years.fold((f64::INFINITY, f64::NEG_INFINITY), |all, year| {
            (all.0.min(year), all.1.max(year))
        });
        // No wave at all, or all at once: a year around it.
        let (first, last) = match last - first {
            span if span.is_nan() || span == f64::NEG_INFINITY => (2000.0, 2001.0),
            span if span < 0.2 => (first - 0.5, last + 0.5),
            _ => (first, last),
        };
        let step = [
            (7.0, 1.0),
            (14.0, 2.0),
            (40.0, 5.0),
            (80.0, 10.0),
            (200.0, 25.0),
        ]
        .into_iter()
        .find(|(span, _)| last - first <= *span)
        .map_or(100.0, |(_, step)| step);
        Years { first, last, step }
    }

    /// The years with a tick.
    fn ticks(self) -> impl Iterator<Item = f64> {
        let (first, last) = (
            (self.first / self.step).ceil() as i32,
            (self.last / self.step).floor() as i32,
        );
        (first..=last).map(move |index| f64::from(index) * self.step)
    }
}

/// The plot of a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plot<'c> {
    pub bounds: Bounds,
    pub years: Years,
    /// Times with names; none for years.
    pub moments: &'c [Moment],
}

impl Plot<'_> {
    pub fn x(&self, year: f64) -> f64 {
        let Years { first, last, .. } = self.years;
        let (left, right) = (self.bounds.left + INSET, self.bounds.right - INSET);
        left + (right - left) * (year.clamp(first, last) - first) / (last - first)
    }

    pub fn y(&self, percent: f64) -> f64 {
        let Bounds { top, bottom, .. } = self.bounds;
        bottom - (bottom - top) * percent.clamp(0.0, 100.0) / 100.0
    }

    /// The level lines, the axis with its ticks.
    pub fn grid(&self, scene: &mut Scene) {
        let Bounds { left, right, .. } = self.bounds;
        for (percent, role) in [(100.0, Role::Grid), (50.0, Role::Grid), (0.0, Role::Axis)] {
            scene.rule(left, right, self.y(percent), role);
        }
        let y = self.y(0.0);
        let ticks: Vec<f64> = match self.moments {
            [] => self.years.ticks().collect(),
            named => named.iter().map(|moment| moment.when).collect(),
        };
        for year in ticks {
            let x = self.x(year).floor() + 0.5;
            scene.line((x, y), (x, y + 3.5), 1.0, Role::Axis);
        }
    }

    /// 0, 50, 100% at the left.
    pub fn percent_labels(&self, scene: &mut Scene, fonts: &Fonts) {
        for (percent, text) in [(100.0, "100%"), (50.0, "50"), (0.0, "0")] {
            let at = (self.bounds.left - 6.0, self.y(percent));
            scene.text(text, at, Anchor::End, Type::SMALL_TICK, fonts);
        }
    }

    /// What stands under the axis.
    pub fn time_labels(&self, scene: &mut Scene, fonts: &Fonts) {
        match self.moments {
            [] => self.year_labels(scene, fonts),
            named => self.names(named, scene, fonts),
        }
    }

    /// Names of times: the first and the last where they fit, then those between that do.
    fn names(&self, named: &[Moment], scene: &mut Scene, fonts: &Fonts) {
        let y = self.bounds.bottom + 12.5;
        let mut taken: Vec<(f64, f64)> = Vec::new();
        let last = named.len().saturating_sub(1);
        let inner = 1..last;
        for moment in [0, last]
            .into_iter()
            .chain(inner)
            .filter_map(|at| named.get(at))
        {
            let half = Type::SMALL_TICK.width(&moment.name, fonts) / 2.0;
            // a name at either end stays within the panel
            let (from, to) = (
                self.bounds.left + half - 2.0,
                self.bounds.right - half + 2.0,
            );
            if from > to {
                continue;
            }
            let x = self.x(moment.when).clamp(from, to);
            let free = taken
                .iter()
                .all(|(left, right)| x + half + APART <= *left || x - half - APART >= *right);
            if free {
                taken.push((x - half, x + half));
                scene.text(
                    &moment.name,
                    (x, y),
                    Anchor::Middle,
                    Type::SMALL_TICK,
                    fonts,
                );
            }
        }
    }

    /// Years under the axis: the first in full, the last always, those between that fit.
    fn year_labels(&self, scene: &mut Scene, fonts: &Fonts) {
        let y = self.bounds.bottom + 12.5;
        let px = self.years.step * (self.bounds.right - self.bounds.left)
            / (self.years.last - self.years.first);
        let every = if px < CLOSE { 2 } else { 1 };
        let last = self.years.last.floor();
        let ticks: Vec<f64> = self.years.ticks().collect();
        let first = ticks.first().copied();
        let mut taken: Vec<(f64, f64)> = Vec::new();
        let mut label = |year: f64, x: f64, full: bool| {
            let text = if full {
                format!("{year}")
            } else {
                format!("’{:02}", year.rem_euclid(100.0))
            };
            let half = Type::SMALL_TICK.width(&text, fonts) / 2.0;
            let free = taken
                .iter()
                .all(|(from, to)| x + half + APART <= *from || x - half - APART >= *to);
            if free {
                taken.push((x - half, x + half));
                scene.text(&text, (x, y), Anchor::Middle, Type::SMALL_TICK, fonts);
            }
        };
        if let Some(year) = first {
            label(year, self.x(year), true);
        }
        // A tick in the last year is its beginning; the label stands under the last wave.
        label(last, self.x(self.years.last), first.is_none());
        for year in ticks.iter().step_by(every).skip(1) {
            label(*year, self.x(*year), false);
        }
    }
}
