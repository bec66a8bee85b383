//! The grid of panels.

use super::scale::{Measured, Plot, Years};
use super::{Moment, TrendChart, TrendPanel, Wave, line, names};
use crate::present::chart::bounds::Bounds;
use crate::present::chart::key::{KeyItem, Swatch};
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::scene::Anchor;
use crate::present::chart::text::Type;

/// Between one column of panels and the next.
const GAP: f64 = 16.0;
/// A panel is at least so wide, its last values included.
const LEAST: f64 = 130.0;
const MOST_COLUMNS: usize = 6;
/// A plot is so high, or higher where it is wide.
const PLOT: f64 = 92.0;
const HIGHEST: f64 = 240.0;
/// Between a plot and the head of the next one.
const BETWEEN: f64 = 17.0;
/// Between a head and its plot.
const UNDER_HEAD: f64 = 4.0;
/// Left of the first column, for the labels of the level lines: at least so much.
const LEVELS: f64 = 34.0;
/// The labels of the years.
const YEARS: f64 = 18.0;

/// Where panels go.
struct Grid<'c> {
    columns: usize,
    width: f64,
    /// The height of a plot.
    height: f64,
    /// Right of each plot, for the last values.
    values: f64,
    years: Years,
    measured: Measured,
    /// Left of the first column, for the labels of the level lines.
    levels: f64,
    moments: &'c [Moment],
    /// Whether each line has its name behind its last value.
    named: bool,
}

/// Names take no more of the measure.
const MOST_NAME: f64 = 0.5;

/// Lays out head and body.
pub(super) fn lay_out(chart: &TrendChart, page: &mut Page) {
    let grid = Grid::new(chart, page);
    let Some(first) = chart.panels.first() else {
        return;
    };
    // Whether the names find room does not depend on how far down the panel stands.
    let trial = grid.plot(page.left + grid.levels, 0.0);
    let direct = !grid.named && names::places(&chart.series, first, &trial, page.fonts).is_some();
    let key = key(chart, direct || grid.named);
    page.head(&chart.title, chart.subtitle.as_deref(), &key);
    page.y += 10.0;
    let count = chart.panels.len();
    for (row, panels) in chart.panels.chunks(grid.columns).enumerate() {
        let heads: Vec<Vec<String>> = panels
            .iter()
            .map(|panel| {
                panel
                    .head_type()
                    .balanced(&panel.head, grid.width, page.fonts)
            })
            .collect();
        let most = heads.iter().map(Vec::len).max().unwrap_or(0);
        if row > 0 {
            page.y += BETWEEN;
            page.may_break(page.y - 8.0);
        }
        let plot_top = crisp(page.y + Type::GROUP.line * most as f64 + UNDER_HEAD);
        let height = grid.height;
        for (column, (panel, head)) in panels.iter().zip(&heads).enumerate() {
            let left = page.left + grid.levels + (grid.width + GAP) * column as f64;
            page.y = plot_top - UNDER_HEAD - Type::GROUP.line * head.len() as f64;
            page.lines(head, left, panel.head_type());
            let plot = grid.plot(left, plot_top);
            draw(page, chart, panel, &plot, grid.named);
            if column == 0 {
                plot.level_labels(&mut page.scene, page.fonts);
            }
            // Years under the last panel of each column.
            if row * grid.columns + column + grid.columns >= count {
                plot.time_labels(&mut page.scene, page.fonts);
            }
            if row == 0
                && column == 0
                && let Some(places) = names::places(&chart.series, panel, &plot, page.fonts)
                && direct
            {
                names::draw(&mut page.scene, chart, &places, page.fonts);
            }
        }
        page.y = plot_top + height;
    }
    page.y += YEARS;
}

impl<'c> Grid<'c> {
    fn new(chart: &'c TrendChart, page: &Page) -> Self {
        let measured = Measured::from_chart(chart, PLOT);
        let levels = match measured {
            Measured::Percent(_) => LEVELS,
            Measured::Numbers(_) => (measured.width(page.fonts) + 8.0).ceil().max(LEVELS),
        };
        let room = page.measure() - levels + GAP;
        let fitting = (room / (LEAST + GAP)).floor() as usize;
        let columns = columns(chart.panels.len(), fitting.clamp(1, MOST_COLUMNS));
        let lasts = chart.panels.iter().flat_map(|panel| &panel.lines);
        let values = lasts
            .filter_map(|waves| waves.last())
            .map(|wave| Type::DIRECT.width(wave.printed.trim_end_matches('%'), page.fonts))
            .fold(Type::DIRECT.width("00", page.fonts), f64::max);
        let ends = chart
            .panels
            .iter()
            .flat_map(|panel| names::ends(chart, panel, page.fonts));
        let ends = ends.map(|(.., text)| Type::DIRECT.width(&text, page.fonts));
        let ends = names::AWAY + ends.fold(0.0, f64::max);
        let named = chart.names_at_ends() && ends <= MOST_NAME * page.measure();
        let values = if named { ends } else { names::BEFORE + values };
        let width = room / columns as f64 - GAP;
        let rows = chart.panels.len().div_ceil(columns);
        // The page shares out room by the panel; here it goes to the rows of panels.
        let air = page.air * chart.panels.len() as f64 / rows.max(1) as f64;
        let names = if named {
            chart.series.len() as f64 * names::APART_ENDS + 10.0
        } else {
            0.0
        };
        let height = (0.5 * (width - values)).clamp(PLOT, HIGHEST).max(names) + air;
        Grid {
            columns,
            width,
            height: height.round(),
            values,
            years: Years::from_chart(chart),
            measured,
            levels,
            moments: &chart.moments,
            named,
        }
    }

    fn plot(&self, left: f64, top: f64) -> Plot<'c> {
        let bounds = Bounds {
            left,
            top,
            // The last wave stands 3 px before the end.
            right: (left + self.width - self.values + 3.0).max(left + 20.0),
            bottom: top + self.height,
        };
        Plot {
            bounds,
            years: self.years,
            measured: self.measured,
            moments: self.moments,
        }
    }
}

/// As many columns as fit, or up to two fewer if that leaves fewer gaps in the last row.
fn columns(panels: usize, fitting: usize) -> usize {
    let fitting = fitting.min(panels.max(1));
    let gaps = |columns: usize| panels.next_multiple_of(columns) - panels;
    (fitting.saturating_sub(2).max(fitting.min(2)).max(1)..=fitting)
        .rev()
        .min_by_key(|columns| gaps(*columns))
        .unwrap_or(1)
}

fn draw(page: &mut Page, chart: &TrendChart, panel: &TrendPanel, plot: &Plot, named: bool) {
    let (scene, fonts) = (&mut page.scene, page.fonts);
    plot.grid(scene);
    line::breaks(scene, plot, &panel.breaks);
    // The first series is drawn last: it lies on top, and all that are brought out on those that are not.
    let mut lines: Vec<(usize, &Vec<Wave>)> = panel.lines.iter().enumerate().rev().collect();
    lines.sort_by_key(|(index, _)| !chart.is_behind(*index));
    for (index, waves) in lines.iter().filter(|_| chart.has_bands()) {
        line::band(scene, plot, waves, chart.role(*index, panel));
    }
    for (index, waves) in &lines {
        let role = chart.role(*index, panel);
        line::line(scene, plot, waves, role, chart.has_no_sizes);
    }
    match named {
        true => names::draw_ends(scene, chart, panel, plot, fonts),
        false => names::last_values(scene, (chart, panel), plot, fonts),
    }
    if panel.waves().next().is_none() {
        let at = (
            plot.bounds.left + 6.0,
            (plot.bounds.top + plot.bounds.bottom) / 2.0 - 9.0,
        );
        scene.text("no figure found", at, Anchor::Start, Type::REMARK, fonts);
    }
}

/// The series, where their names do not stand beside their lines; the other marks that occur.
fn key(chart: &TrendChart, direct: bool) -> Vec<KeyItem> {
    let named = direct || chart.series.len() < 2;
    let series = chart.series.iter().enumerate().filter(|_| !named);
    let mut key: Vec<KeyItem> = series
        .map(|(index, name)| KeyItem {
            swatch: Swatch::Line(chart.series_role(index)),
            text: name.clone(),
        })
        .collect();
    let mut waves = chart.panels.iter().flat_map(TrendPanel::waves);
    if !chart.has_no_sizes && waves.any(|wave| wave.interval.is_none()) {
        key.push(KeyItem {
            swatch: Swatch::OpenWave(chart.series_role(0)),
            text: "no sample size, no interval".into(),
        });
    }
    if chart.panels.iter().any(|panel| !panel.breaks.is_empty()) {
        key.push(KeyItem {
            swatch: Swatch::Dashes,
            text: "mode of interview changed".into(),
        });
    }
    key
}
