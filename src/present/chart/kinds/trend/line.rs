//! A line: its band, its waves, and what bridges the years without a survey.

use super::Wave;
use super::scale::Plot;
use crate::present::chart::marks;
use crate::present::chart::scene::{Point, Scene};
use crate::present::chart::theme::Role;

/// More years than this without a wave are bridged by a pale line.
const GAP: f64 = 3.0;
/// A little more than three years is still three: waves are not taken on the same day.
const SLACK: f64 = 0.3;

const LINE: f64 = 1.75;
const WAVE: f64 = 1.5;
const LAST: f64 = 2.75;
/// The largest disc, an open one at the end of its line.
const LARGEST: f64 = LAST + 0.75;
const BAND: f64 = 0.22;
const LONE: f64 = 0.2;
const BRIDGE: f64 = 0.4;

/// The waves in runs without a long gap.
fn runs(waves: &[Wave]) -> impl Iterator<Item = &[Wave]> {
    waves.chunk_by(|one, next| next.when - one.when <= GAP + SLACK)
}

/// The bands of a line, and the intervals of waves that stand alone.
pub(super) fn band(scene: &mut Scene, plot: &Plot, waves: &[Wave], role: Role) {
    let known = |one: &Wave, next: &Wave| one.interval.is_some() == next.interval.is_some();
    for run in runs(waves).flat_map(|run| run.chunk_by(known)) {
        let ends = run.iter().filter_map(|wave| {
            let (low, high) = wave.interval?;
            Some((plot.x(wave.when), plot.y(low), plot.y(high)))
        });
        let ends: Vec<(f64, f64, f64)> = ends.collect();
        match ends[..] {
            [] => {}
            [(x, low, high)] => {
                let corners = [
                    (x - 1.5, high),
                    (x + 1.5, high),
                    (x + 1.5, low),
                    (x - 1.5, low),
                ];
                scene.veil(corners.to_vec(), role, LONE);
            }
            _ => {
                let upper = ends.iter().map(|(x, _, high)| (*x, *high));
                let lower = ends.iter().rev().map(|(x, low, _)| (*x, *low));
                scene.veil(upper.chain(lower).collect(), role, BAND);
            }
        }
    }
}

/// The line and its waves; one without a sample size is open, unless none has one.
pub(super) fn line(scene: &mut Scene, plot: &Plot, waves: &[Wave], role: Role, is_bare: bool) {
    let at = |wave: &Wave| -> Point { (plot.x(wave.when), plot.y(wave.at)) };
    let mut before: Option<Point> = None;
    for run in runs(waves) {
        let points: Vec<Point> = run.iter().map(at).collect();
        if let (Some(from), Some(to)) = (before, points.first()) {
            scene.path(vec![from, *to], 1.0, role, BRIDGE);
        }
        before = points.last().copied();
        if points.len() > 1 {
            scene.path(points, LINE, role, 1.0);
        }
    }
    for (index, wave) in waves.iter().enumerate() {
        let radius = if index + 1 == waves.len() { LAST } else { WAVE };
        let centre = at(wave);
        if is_bare || wave.interval.is_some() {
            scene.disc(centre, radius, role);
        } else {
            scene.disc(centre, radius + 0.75, role);
            scene.disc(centre, radius - 0.5, Role::Paper);
        }
    }
}

/// Upright short lines where the mode changed.
pub(super) fn breaks(scene: &mut Scene, plot: &Plot, breaks: &[f64]) {
    for year in breaks {
        let x = plot.x(*year).floor() + 0.5;
        marks::dashes(scene, x, plot.bounds.top, plot.bounds.bottom);
    }
}

/// Every 2 px across: how high and how low line and band reach there.
pub(super) fn outline(plot: &Plot, waves: &[Wave]) -> Vec<(f64, f64, f64)> {
    let ends = |wave: &Wave| {
        let (low, high) = wave.interval.unwrap_or((wave.at, wave.at));
        let y = plot.y(wave.at);
        (
            plot.x(wave.when),
            plot.y(high).min(y - LARGEST),
            plot.y(low).max(y + LARGEST),
        )
    };
    let mut outline: Vec<(f64, f64, f64)> = waves.iter().map(ends).collect();
    for (one, next) in waves.iter().zip(waves.iter().skip(1)) {
        let ((x1, high1, low1), (x2, high2, low2)) = (ends(one), ends(next));
        let steps = ((x2 - x1) / 2.0).floor().max(0.0) as usize;
        for step in 1..=steps {
            let share = step as f64 * 2.0 / (x2 - x1);
            outline.push((
                x1 + (x2 - x1) * share,
                high1 + (high2 - high1) * share,
                low1 + (low2 - low1) * share,
            ));
        }
    }
    outline
}
