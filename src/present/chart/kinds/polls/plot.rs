//! The body of the chart: the plot between its axes, votes, and what stands right of it.

use super::axes::{Axes, Levels, dated_name, day_name};
use super::ends::Ends;
use super::{MOST_LABELLED, PollsChart, marks};
use crate::present::chart::bounds::Bounds;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::scene::Anchor;
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;

/// How high the plot is; with many answers, and on a narrow page.
const HEIGHT: f64 = 320.0;
const HIGH: f64 = 380.0;
const LOW: f64 = 250.0;
/// From so many answers on the plot is high and its diamonds are small.
const MANY: usize = 5;
/// A plot is at least so wide.
const LEAST_PLOT: f64 = 110.0;
/// A diamond stands so far right of its vote.
const DIAMOND: f64 = 11.0;
const SMALL_DIAMOND: f64 = 9.0;

/// Lays out the body; the bands in words, where the names left no room for them.
pub(super) fn lay_out(chart: &PollsChart, page: &mut Page) -> Option<String> {
    let levels = Levels::from_chart(chart);
    let labels = Axes::labels_width(levels, page.fonts);
    let mut ends = Ends::new(chart, page.narrow, page.fonts);
    let room = page.measure() - labels;
    if !page.narrow && room - ends.width < LEAST_PLOT {
        ends = Ends::new(chart, true, page.fonts);
    }
    let right = page.right - ends.width;
    let height = match (page.narrow, chart.lines.len() >= MANY) {
        (true, false) => LOW,
        (_, true) => HIGH,
        (false, false) => HEIGHT,
    };
    let headed = chart.lines.len() > MOST_LABELLED || !chart.votes.is_empty();
    page.y += if headed { 26.0 } else { 10.0 };
    let plot = Bounds {
        left: page.left + labels,
        top: page.y,
        right: right.max(page.left + labels + LEAST_PLOT / 2.0),
        bottom: page.y + height + page.air * chart.lines.len() as f64,
    };
    let (first, last) = span(chart);
    let axes = Axes {
        plot,
        levels,
        first,
        last,
    };
    axes.draw_levels(&mut page.scene, page.fonts);
    axes.draw_days(&mut page.scene, page.fonts);
    let mut order: Vec<usize> = (0..chart.lines.len()).rev().collect();
    // what is brought out lies on the others
    order.sort_by_key(|index| !chart.lines[*index].paint.is_behind());
    for &index in &order {
        marks::dots(&mut page.scene, &axes, chart, index);
    }
    for &index in &order {
        marks::band(
            &mut page.scene,
            &axes,
            &chart.lines[index],
            band_role(chart, index),
        );
    }
    for &index in &order {
        marks::line(
            &mut page.scene,
            &axes,
            &chart.lines[index],
            chart.role(index),
        );
    }
    votes(chart, page, &axes);
    let at_end = chart.votes.last().filter(|day| **day >= last - 1e-9);
    let results: Vec<Option<f64>> = match at_end {
        Some(_) => {
            let lines = chart.lines.iter();
            lines
                .map(|line| line.results.last().copied().flatten())
                .collect()
        }
        None => Vec::new(),
    };
    ends.draw(&mut page.scene, &axes, &results, page.fonts);
    page.y = plot.bottom + 24.0;
    let words = ends.bands_in_words(page.fonts.language())?;
    Some(page.fonts.language().text(&words).into_owned())
}

/// An ink line would make its band grey like ink; the band of houses is muted.
fn band_role(chart: &PollsChart, index: usize) -> Role {
    match chart.houses.is_empty() {
        true => chart.role(index),
        false => Role::Muted,
    }
}

/// The days from the first dot or line to the last, votes included.
fn span(chart: &PollsChart) -> (f64, f64) {
    let days = chart.lines.iter().flat_map(|line| {
        let dots = line.dots.iter().map(|dot| dot.day);
        dots.chain(line.days.iter().map(|day| day.day))
    });
    let days = days.chain(chart.votes.iter().copied());
    let (first, last) = days.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), day| {
        (low.min(day), high.max(day))
    });
    match last - first {
        span if span >= 1.0 => (first, last),
        _ => (first - 1.0, first + 1.0),
    }
}

/// A hairline a vote with its date above, and the results right of it.
fn votes(chart: &PollsChart, page: &mut Page, axes: &Axes) {
    let size = match chart.lines.len() >= MANY {
        true => SMALL_DIAMOND,
        false => DIAMOND,
    };
    let several = chart.votes.len() > 1;
    let mut free = page.left;
    for (vote, day) in chart.votes.iter().enumerate() {
        let x = crisp(axes.x(*day));
        let (top, bottom) = (axes.plot.top - 4.0, axes.plot.bottom);
        page.scene.line((x, top), (x, bottom), 1.0, Role::Ink);
        let name = if several {
            dated_name(*day)
        } else {
            day_name(*day)
        };
        let kind = Type::TICK.in_role(Role::Ink2);
        let width = kind.width(&name, page.fonts);
        // on a narrow page, and before the heads of columns, the date ends at its line
        let left = match page.narrow || chart.lines.len() > MOST_LABELLED {
            true => x - width,
            false => x - width / 2.0,
        };
        if left >= free {
            let at = (left, axes.plot.top - 14.0);
            page.scene.text(&name, at, Anchor::Start, kind, page.fonts);
            free = left + width + 8.0;
        }
        for (index, line) in chart.lines.iter().enumerate() {
            if let Some(result) = line.results.get(vote).copied().flatten() {
                let at = (x + DIAMOND.min(size + 2.0), axes.y(result));
                marks::diamond(&mut page.scene, at, size, chart.role(index));
            }
        }
    }
}
