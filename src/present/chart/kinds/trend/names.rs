//! Words in a panel: the names of its lines, their last values.

use super::scale::Plot;
use super::{TrendChart, TrendPanel, Wave, line};
use crate::present::chart::apart::spread;
use crate::present::chart::bounds::Bounds;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::scene::{Anchor, Scene};
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;

/// A name keeps so far from its own line, and from the others.
const OWN: f64 = 1.0;
const OTHERS: f64 = 5.0;
/// A disc may stand so far left or right of a name and still reach under it.
const REACH: f64 = 4.0;
/// Names are tried at every so many px.
const STEP: f64 = 2.0;
/// The height of a name.
const HEIGHT: f64 = 13.0;
/// Last values stand so far apart: their boxes just do not meet.
const APART: f64 = 12.6;
/// Between the last wave and its value.
pub(super) const BEFORE: f64 = 4.5;

/// Where the names of all series stand in this panel; `None` if one finds no room.
pub(super) fn places(
    series: &[String],
    panel: &TrendPanel,
    plot: &Plot,
    fonts: &Fonts,
) -> Option<Vec<Bounds>> {
    let outlines: Vec<_> = panel
        .lines
        .iter()
        .map(|waves| line::outline(plot, waves))
        .collect();
    // Where all lines end early, their values stand within the plot.
    let column = column_left(panel, plot);
    // A value that stands among the lines takes its place first.
    let value = early(panel, plot, fonts).map(|(.., place)| place);
    let mut placed: Vec<Bounds> = Vec::new();
    for (index, name) in series.iter().enumerate() {
        let own = outlines.get(index).filter(|outline| !outline.is_empty())?;
        let others = outlines
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index);
        let others: Vec<_> = others.flat_map(|(_, outline)| outline).collect();
        let width = Type::DIRECT.width(name, fonts);
        let free = |place: &Bounds| {
            let clear = place.grown(OTHERS);
            place.lies_in(&plot.bounds)
                && place.right <= column - 2.0
                && placed
                    .iter()
                    .chain(&value)
                    .all(|other| !other.meets(&clear, 0.0))
                && !panel.breaks.iter().any(|year| {
                    let x = plot.x(*year);
                    x > place.left - 2.0 && x < place.right + 2.0
                })
                && others.iter().all(|(x, high, low)| {
                    *x < clear.left || *x > clear.right || *low < clear.top || *high > clear.bottom
                })
        };
        let steps = ((plot.bounds.right - plot.bounds.left - width) / STEP).max(-1.0);
        let best = (0..=steps.floor() as i64)
            .flat_map(|step| beside(own, plot.bounds.left + STEP * step as f64, width))
            .filter(|(place, _)| free(place))
            .min_by(|one, other| one.1.total_cmp(&other.1));
        placed.push(best?.0);
    }
    Some(placed)
}

/// The places above and below a line at this x, and how far from it they are on the whole.
fn beside(outline: &[(f64, f64, f64)], left: f64, width: f64) -> Vec<(Bounds, f64)> {
    let right = left + width;
    let near: Vec<_> = outline
        .iter()
        .filter(|(x, ..)| *x >= left - REACH && *x <= right + REACH)
        .collect();
    // The line must run along most of its name.
    if (near.len() as f64) < width / STEP * 0.7 {
        return Vec::new();
    }
    let highest = near
        .iter()
        .map(|(_, high, _)| *high)
        .fold(f64::INFINITY, f64::min);
    let lowest = near.iter().map(|(.., low)| *low).fold(0.0, f64::max);
    let count = near.len() as f64;
    [highest - OWN - HEIGHT, lowest + OWN]
        .into_iter()
        .map(|top| {
            let place = Bounds {
                left,
                top,
                right,
                bottom: top + HEIGHT,
            };
            let middle = top + HEIGHT / 2.0;
            let away = near
                .iter()
                .map(|(_, high, low)| ((high + low) / 2.0 - middle).abs());
            (place, away.sum::<f64>() / count)
        })
        .collect()
}

/// Writes the names at their places.
pub(super) fn draw(scene: &mut Scene, chart: &TrendChart, places: &[Bounds], fonts: &Fonts) {
    for (index, (name, place)) in chart.series.iter().zip(places).enumerate() {
        let at = (place.left, (place.top + place.bottom) / 2.0);
        let kind = Type::DIRECT.in_role(chart.series_role(index).as_text());
        scene.text(name, at, Anchor::Start, kind, fonts);
    }
}

/// The last value of each line, right of the last wave of all.
pub(super) fn last_values(
    scene: &mut Scene,
    (chart, panel): (&TrendChart, &TrendPanel),
    plot: &Plot,
    fonts: &Fonts,
) {
    let kind = |index| Type::DIRECT.in_role(chart.role(index, panel).as_text());
    let lasts = panel.lines.iter().enumerate();
    let mut lasts: Vec<_> = lasts
        .filter_map(|(index, waves)| Some((index, waves.last()?)))
        .collect();
    // The higher one on top; of equals the first.
    lasts.sort_by(|(_, one), (_, other)| other.at.total_cmp(&one.at));
    let x = column_left(panel, plot);
    if let Some((index, printed, place)) = early(panel, plot, fonts) {
        let at = (place.left, (place.top + place.bottom) / 2.0);
        scene.text(printed, at, Anchor::Start, kind(index), fonts);
        lasts.retain(|(other, _)| *other != index);
    }
    column(scene, &lasts, plot, x, (fonts, &kind));
}

/// Names at the ends of lines stand so far apart, and so far right of the last wave of all.
pub(super) const APART_ENDS: f64 = 15.0;
pub(super) const AWAY: f64 = 18.0;

/// Each line that has a wave, the highest end first, with what stands at its end: its last value and its name.
pub(super) fn ends<'a>(
    chart: &'a TrendChart,
    panel: &'a TrendPanel,
    fonts: &Fonts,
) -> Vec<(usize, &'a Wave, String)> {
    let lines = panel.lines.iter().zip(&chart.series).enumerate();
    let mut ends: Vec<(usize, &Wave, String)> = lines
        .filter_map(|(index, (waves, name))| {
            let last = waves.last()?;
            let printed = last.printed.trim_end_matches('%');
            let text = format!("{} {name}", fonts.language().numeral(printed));
            Some((index, last, text))
        })
        .collect();
    ends.sort_by(|(_, one, _), (_, other, _)| other.at.total_cmp(&one.at));
    ends
}

/// Value and name right of the plot, tied to the end of their line.
pub(super) fn draw_ends(
    scene: &mut Scene,
    chart: &TrendChart,
    panel: &TrendPanel,
    plot: &Plot,
    fonts: &Fonts,
) {
    let ends = ends(chart, panel, fonts);
    let places = ends.iter().map(|(_, wave, _)| plot.y(wave.at)).collect();
    let x = plot.bounds.right + AWAY - BEFORE;
    for ((index, wave, text), y) in ends.iter().zip(spread(places, APART_ENDS, plot.bounds)) {
        let from = (plot.x(wave.when) + BEFORE, plot.y(wave.at));
        scene.line(from, (x - 2.0, y), 0.75, Role::Half);
        let kind = Type::DIRECT.in_role(chart.role(*index, panel).as_text());
        scene.text(text, (x, y), Anchor::Start, kind, fonts);
    }
}

/// Where values stand that are one under the other: right of the last wave of all.
fn column_left(panel: &TrendPanel, plot: &Plot) -> f64 {
    let lasts = panel.lines.iter().filter_map(|waves| waves.last());
    let ends = lasts.map(|wave| plot.x(wave.when));
    ends.fold(f64::NEG_INFINITY, f64::max) + BEFORE
}

/// The one line that ended long before the others has its value where it ended, if there is room.
fn early<'a>(
    panel: &'a TrendPanel,
    plot: &Plot,
    fonts: &Fonts,
) -> Option<(usize, &'a str, Bounds)> {
    let x = column_left(panel, plot);
    let mut ended = panel.lines.iter().enumerate().filter_map(|(index, waves)| {
        let wave = waves.last()?;
        let place = early_end(panel, plot, index, wave, x, fonts)?;
        Some((index, wave.printed.trim_end_matches('%'), place))
    });
    // Two such values could meet each other.
    let one = ended.next();
    one.filter(|_| ended.next().is_none())
}

/// The place beside the last wave of a line that ended early, clear of the other lines.
fn early_end(
    panel: &TrendPanel,
    plot: &Plot,
    index: usize,
    wave: &Wave,
    column: f64,
    fonts: &Fonts,
) -> Option<Bounds> {
    let (x, y) = (plot.x(wave.when) + BEFORE, plot.y(wave.at));
    let width = Type::DIRECT.width(wave.printed.trim_end_matches('%'), fonts);
    if x + width + OTHERS > column - BEFORE {
        return None;
    }
    let half = HEIGHT / 2.0;
    let mut others = panel.lines.iter().enumerate();
    let free = others.all(|(other, waves)| {
        other == index
            || line::outline(plot, waves).iter().all(|(at, high, low)| {
                *at < x - OTHERS
                    || *at > x + width + OTHERS
                    || *low < y - half - OTHERS
                    || *high > y + half + OTHERS
            })
    });
    free.then_some(Bounds {
        left: x,
        top: y - half,
        right: x + width,
        bottom: y + half,
    })
}

/// Values one under the other, in the order of their lines.
fn column(
    scene: &mut Scene,
    lasts: &[(usize, &Wave)],
    plot: &Plot,
    x: f64,
    (fonts, kind): (&Fonts, &dyn Fn(usize) -> Type),
) {
    let places = lasts.iter().map(|(_, wave)| plot.y(wave.at)).collect();
    for ((index, wave), y) in lasts.iter().zip(spread(places, APART, plot.bounds)) {
        let printed = wave.printed.trim_end_matches('%');
        scene.text(printed, (x, y), Anchor::Start, kind(*index), fonts);
    }
}
