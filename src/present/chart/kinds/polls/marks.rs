//! Dots of polls, lines with their bands, diamonds of results.

use super::axes::Axes;
use super::{LineDay, PollDot, PollsChart, PollsLine};
use crate::present::chart::scene::{Point, Scene};
use crate::present::chart::theme::Role;

const DOT: f64 = 1.75;
const DOT_OPACITY: f64 = 0.35;
const HOUSE_OPACITY: f64 = 0.75;
const SQUARE: f64 = 4.5;
const OPEN_OPACITY: f64 = 0.6;
const LINE: f64 = 1.75;
const BAND: f64 = 0.22;
const DASH: f64 = 1.5;
const OUTLINE_OPACITY: f64 = 0.5;
/// The disc at the end of a line.
const END: f64 = 2.75;

/// All polls of a line.
pub(super) fn dots(scene: &mut Scene, axes: &Axes, chart: &PollsChart, index: usize) {
    let Some(line) = chart.lines.get(index) else {
        return;
    };
    for poll in &line.dots {
        dot(
            scene,
            axes,
            poll,
            chart.dot_role(index, poll),
            opacity(chart),
        );
    }
}

/// Colours of houses are to be told apart; those of answers lie under their lines.
fn opacity(chart: &PollsChart) -> f64 {
    match chart.houses.is_empty() {
        true => DOT_OPACITY,
        false => HOUSE_OPACITY,
    }
}

fn dot(scene: &mut Scene, axes: &Axes, poll: &PollDot, role: Role, opacity: f64) {
    let (x, y) = (axes.x(poll.day), axes.y(poll.at));
    if poll.partisan {
        let half = SQUARE / 2.0;
        let corners = [(-half, -half), (half, -half), (half, half), (-half, half)];
        return outline(scene, (x, y), &corners, 1.0, role);
    }
    let corners = circle(if poll.sized { DOT } else { DOT + 0.25 });
    match poll.sized {
        true => {
            let points = corners.iter().map(|(dx, dy)| (x + dx, y + dy));
            scene.veil(points.collect(), role, opacity);
        }
        false => outline(scene, (x, y), &corners, 0.8, role),
    }
}

/// A closed line around a place.
fn outline(scene: &mut Scene, (x, y): Point, corners: &[Point], width: f64, role: Role) {
    let closed = corners.iter().chain(corners.first());
    let points = closed.map(|(dx, dy)| (x + dx, y + dy));
    scene.path(points.collect(), width, role, OPEN_OPACITY);
}

/// A circle so small that twelve corners are round.
fn circle(radius: f64) -> Vec<Point> {
    (0..12)
        .map(|k| {
            let angle = std::f64::consts::TAU * f64::from(k) / 12.0;
            (radius * angle.cos(), radius * angle.sin())
        })
        .collect()
}

/// The band of a line, and the outline of the wider one.
pub(super) fn band(scene: &mut Scene, axes: &Axes, line: &PollsLine, role: Role) {
    if line.days.len() < 2 {
        return;
    }
    let at = |day: &LineDay, level: f64| (axes.x(day.day), axes.y(level));
    let upper = line.days.iter().map(|day| at(day, day.band.1));
    let lower = line.days.iter().rev().map(|day| at(day, day.band.0));
    scene.veil(upper.chain(lower).collect(), role, BAND);
    for end in [0, 1] {
        let points = line.days.iter().filter_map(|day| {
            let (low, high) = day.outline?;
            Some(at(day, if end == 0 { low } else { high }))
        });
        let points: Vec<Point> = points.collect();
        if points.len() > 1 {
            scene.path(points, 1.0, role, OUTLINE_OPACITY);
        }
    }
}

/// The line, broken beyond the last poll, and the disc at its end.
pub(super) fn line(scene: &mut Scene, axes: &Axes, line: &PollsLine, role: Role) {
    let at = |day: &LineDay| (axes.x(day.day), axes.y(day.at));
    let known: Vec<Point> = line
        .days
        .iter()
        .filter(|day| day.day <= line.last_poll)
        .map(at)
        .collect();
    let beyond = line.days.iter().filter(|day| day.day > line.last_poll);
    let beyond: Vec<Point> = known
        .last()
        .copied()
        .into_iter()
        .chain(beyond.map(at))
        .collect();
    if known.len() > 1 {
        scene.path(known, LINE, role, 1.0);
    }
    for (from, to) in dashes(&beyond) {
        scene.line(from, to, LINE, role);
    }
    if let Some(end) = line.end() {
        scene.disc(at(end), END, role);
    }
}

/// Strokes and gaps of one length along a line.
fn dashes(points: &[Point]) -> Vec<(Point, Point)> {
    let mut strokes = Vec::new();
    let mut along = 0.0;
    for pair in points.windows(2) {
        let ((x1, y1), (x2, y2)) = (pair[0], pair[1]);
        let length = (x2 - x1).hypot(y2 - y1);
        let place = |at: f64| {
            let share = if length > 0.0 { at / length } else { 0.0 };
            (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
        };
        let mut at = 0.0;
        while at < length {
            let phase: f64 = (along + at) % (2.0 * DASH);
            let is_stroke = phase < DASH;
            let rest = if is_stroke {
                DASH - phase
            } else {
                2.0 * DASH - phase
            };
            let to = (at + rest.max(0.05)).min(length);
            if is_stroke {
                strokes.push((place(at), place(to)));
            }
            at = to;
        }
        along += length;
    }
    strokes
}

/// A result.
pub(super) fn diamond(scene: &mut Scene, (x, y): Point, size: f64, role: Role) {
    let half = size / 2.0;
    let corners = vec![(x, y - half), (x + half, y), (x, y + half), (x - half, y)];
    scene.polygon(corners, role);
}
