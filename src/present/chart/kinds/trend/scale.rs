//! The two axes that all panels share: years across, per cents or numbers up.

use super::{Moment, TrendChart};
use crate::present::chart::bounds::Bounds;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::scale::{Scale, Ticks, covered};
use crate::present::chart::scene::{Anchor, Scene};
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;

/// The first wave and the last stand so far from the ends of the axis.
const INSET: f64 = 3.0;
/// Between two labels of years.
const APART: f64 = 7.0;
/// Between two level lines.
const APART_UP: f64 = 22.0;
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
    pub fn from_chart(chart: &TrendChart) -> Self {
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
        let named = !chart.moments.is_empty() && last > first;
        let (first, last) = match last - first {
            _ if named => (first, last),
            span if span.is_nan() || span == f64::NEG_INFINITY => (2000.0, 2001.0),
            span if span < 0.2 => (first - 0.5, last + 0.5),
            _ => (first, last),
        };
        // Some eight ticks at most.
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

/// What is measured, up the side of each panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Measured {
    /// From 0 to so many.
    Percent(f64),
    Numbers(Ticks),
}

impl Measured {
    /// The round numbers over all waves of a chart whose plots are so high.
    pub fn from_chart(chart: &TrendChart, height: f64) -> Self {
        let Scale::Numbers { from_zero, .. } = &chart.scale else {
            return Measured::Percent(chart.ymax.unwrap_or(100.0));
        };
        let waves = chart.panels.iter().flat_map(|panel| panel.waves());
        let ends = waves.flat_map(|wave| {
            let (low, high) = wave.interval.unwrap_or((wave.at, wave.at));
            [low.min(wave.at), high.max(wave.at)]
        });
        let reach = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |all, end| {
            (all.0.min(end), all.1.max(end))
        });
        Measured::Numbers(Ticks::over(covered(reach, *from_zero), |ticks| {
            height / ticks.steps() >= APART_UP
        }))
    }

    /// The figures with a level line and their labels, from the highest down.
    fn lines(&self) -> Vec<(f64, String)> {
        match self {
            Measured::Percent(100.0) => [(100.0, "100%"), (50.0, "50"), (0.0, "0")]
                .map(|(percent, text)| (percent, text.to_owned()))
                .to_vec(),
            Measured::Percent(top) => {
                // four lines or so, and none that meets the one at the end
                let mut steps = [1.0, 2.0, 5.0, 10.0, 20.0, 25.0].into_iter();
                let step = steps.find(|step| top / step <= 5.0).unwrap_or(25.0);
                let below = (0..5)
                    .map(|at| f64::from(at) * step)
                    .filter(|at| top - at >= 0.7 * step);
                let mut lines: Vec<(f64, String)> = below.map(|at| (at, at.to_string())).collect();
                lines.push((*top, format!("{top}%")));
                lines.reverse();
                lines
            }
            Measured::Numbers(ticks) => {
                let mut lines: Vec<(f64, String)> = ticks
                    .values()
                    .map(|value| (value, ticks.label(value)))
                    .collect();
                lines.reverse();
                lines
            }
        }
    }

    /// How wide the labels are.
    pub fn width(&self, fonts: &Fonts) -> f64 {
        let lines = self.lines();
        let widths = lines
            .iter()
            .map(|(_, text)| Type::SMALL_TICK.width(text, fonts));
        widths.fold(0.0, f64::max)
    }
}

/// The plot of a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plot<'c> {
    pub bounds: Bounds,
    pub years: Years,
    pub measured: Measured,
    /// Times with names; none for years.
    pub moments: &'c [Moment],
}

impl Plot<'_> {
    pub fn x(&self, year: f64) -> f64 {
        let Years { first, last, .. } = self.years;
        let (left, right) = (self.bounds.left + INSET, self.bounds.right - INSET);
        left + (right - left) * (year.clamp(first, last) - first) / (last - first)
    }

    pub fn y(&self, figure: f64) -> f64 {
        let Bounds { top, bottom, .. } = self.bounds;
        match self.measured {
            Measured::Percent(end) => bottom - (bottom - top) * figure.clamp(0.0, end) / end,
            Measured::Numbers(ticks) => bottom - (bottom - top) * ticks.share(figure),
        }
    }

    /// The level lines, the axis with its ticks.
    pub fn grid(&self, scene: &mut Scene) {
        let Bounds {
            left,
            right,
            bottom: y,
            ..
        } = self.bounds;
        let lines = self.measured.lines();
        let last = lines.len().saturating_sub(1);
        for (index, (figure, _)) in lines.iter().enumerate() {
            let role = if index == last {
                Role::Axis
            } else {
                Role::Grid
            };
            scene.rule(left, right, self.y(*figure), role);
        }
        let ticks: Vec<f64> = match self.moments {
            [] => self.years.ticks().collect(),
            named => named.iter().map(|moment| moment.when).collect(),
        };
        for year in ticks {
            let x = self.x(year).floor() + 0.5;
            scene.line((x, y), (x, y + 3.5), 1.0, Role::Axis);
        }
    }

    /// 0, 50, 100%, or the round numbers, at the left.
    pub fn level_labels(&self, scene: &mut Scene, fonts: &Fonts) {
        for (figure, text) in self.measured.lines() {
            let at = (self.bounds.left - 6.0, self.y(figure));
            scene.text(&text, at, Anchor::End, Type::SMALL_TICK, fonts);
        }
    }

    /// What stands under the axis.
    pub fn time_labels(&self, scene: &mut Scene, fonts: &Fonts) {
        match self.moments {
            [] => self.year_labels(scene, fonts),
            named => self.names(named, scene, fonts),
        }
    }

    /// Names of times: every second or third where they come evenly, counted from the last; else the first and the last where
    /// they fit, then those between that do.
    fn names(&self, named: &[Moment], scene: &mut Scene, fonts: &Fonts) {
        let y = self.bounds.bottom + 12.5;
        let mut taken: Vec<(f64, f64)> = Vec::new();
        let last = named.len().saturating_sub(1);
        let order: Vec<usize> = match self.every(named, fonts) {
            Some(step) => (0..=last).rev().step_by(step).collect(),
            None => [0, last].into_iter().chain(1..last).collect(),
        };
        for moment in order.into_iter().filter_map(|at| named.get(at)) {
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

    /// Every how many of evenly spaced times have room for their names; `None` of others, months that are missing say.
    fn every(&self, named: &[Moment], fonts: &Fonts) -> Option<usize> {
        let gaps: Vec<f64> = named
            .windows(2)
            .filter_map(|pair| Some(pair.last()?.when - pair.first()?.when))
            .collect();
        let widest = gaps.iter().copied().fold(0.0, f64::max);
        let closest = gaps.iter().copied().fold(f64::INFINITY, f64::min);
        // months have 28 to 31 days
        if gaps.len() < 2 || closest <= 0.0 || widest > 1.3 * closest {
            return None;
        }
        let names = named.iter();
        let names = names.map(|moment| Type::SMALL_TICK.width(&moment.name, fonts));
        let name = names.fold(0.0, f64::max);
        // the name at an end stands within the panel, half of it nearer to the next
        let room = (name + APART).max(1.5 * name + APART - INSET - 2.0);
        let px = self.x(closest + self.years.first) - self.x(self.years.first);
        let step = (room / px.max(1e-9)).ceil().max(1.0);
        (step <= gaps.len() as f64).then_some(step as usize)
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
        let between = ticks.iter().step_by(every).skip(1);
        for year in between.filter(|year| **year != last) {
            label(*year, self.x(*year), false);
        }
    }
}
