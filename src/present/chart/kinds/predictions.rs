//! What a model predicts over a number: a line a group with its band, names and values at the right end.

use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::scale::{Scale, Ticks};
use crate::present::chart::scene::Anchor;
#[cfg(feature = "xlsx")]
use crate::present::chart::slides;
use crate::present::chart::text::{Type, widest};
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;

/// Lines over a number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PredictionChart {
    pub title: String,
    pub subtitle: Option<String>,
    /// What lies across: `age`.
    pub x_name: String,
    pub lines: Vec<PredictionLine>,
    pub footer: Vec<String>,
    /// The confidence level of the bands.
    pub level: f64,
    pub scale: Scale,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PredictionLine {
    pub name: String,
    /// From left to right, two at least.
    pub points: Vec<PredictionPoint>,
}

/// An average at a value of the number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PredictionPoint {
    pub x: f64,
    /// In per cent, or as a number of the chart’s scale.
    pub at: f64,
    pub interval: Option<(f64, f64)>,
    pub printed: String,
}

/// More lines than this have no colours that are told apart.
const MOST_LINES: usize = 6;
const HEIGHT: f64 = 280.0;
const HEIGHT_NARROW: f64 = 220.0;
/// Names at the ends of lines stand at least so far apart.
const APART: f64 = 19.0;
/// Columns of values at the right.
const VALUES: usize = 3;
const BETWEEN: f64 = 16.0;
/// Names take at most so much of the canvas.
const NAMES: f64 = 0.24;
const BAND: f64 = 0.22;

impl PredictionChart {
    fn points(&self) -> impl Iterator<Item = &PredictionPoint> + Clone {
        self.lines.iter().flat_map(|line| &line.points)
    }

    fn reach(&self) -> (f64, f64) {
        let ends = self.points().flat_map(|point| {
            let (low, high) = point.interval.unwrap_or((point.at, point.at));
            [low.min(point.at), high.max(point.at)]
        });
        ends.fold((f64::INFINITY, f64::NEG_INFINITY), |all, end| {
            (all.0.min(end), all.1.max(end))
        })
    }

    fn across(&self) -> (f64, f64) {
        let all = self.points().map(|point| point.x);
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |all, x| {
            (all.0.min(x), all.1.max(x))
        })
    }

    /// Values of the number that all lines have, whose figures are printed: the first, one in the middle, the last.
    fn shown(&self) -> Vec<f64> {
        let Some(first) = self.lines.first() else {
            return Vec::new();
        };
        let everywhere = |x: &f64| {
            let has = |line: &PredictionLine| line.points.iter().any(|point| point.x == *x);
            self.lines.iter().all(has)
        };
        let all: Vec<f64> = first
            .points
            .iter()
            .map(|point| point.x)
            .filter(everywhere)
            .collect();
        match all.len() {
            0..=VALUES => all,
            many => vec![all[0], all[many / 2], all[many - 1]],
        }
    }
}

impl Chart for PredictionChart {
    fn texts(&mut self) -> Vec<&mut String> {
        let lines = self.lines.iter_mut().flat_map(|line| {
            let points = line.points.iter_mut().map(|point| &mut point.printed);
            std::iter::once(&mut line.name).chain(points)
        });
        [&mut self.title, &mut self.x_name]
            .into_iter()
            .chain(&mut self.subtitle)
            .chain(lines)
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::Level(self.level));
        }
        if self.points().next().is_none() {
            return Err(Error::Empty);
        }
        for line in &self.lines {
            for point in &line.points {
                let (low, high) = point.interval.unwrap_or((point.at, point.at));
                let fits = |x: &f64| x.is_finite() && x.abs() <= crate::present::chart::scale::MOST;
                let label = || line.name.clone();
                if let Some(value) = [point.x, point.at, low, high]
                    .into_iter()
                    .find(|x| !fits(x))
                {
                    let what = "figure";
                    return Err(Error::NotANumber {
                        label: label(),
                        what,
                        value,
                    });
                }
                if low > high {
                    let what = "interval";
                    return Err(Error::Reversed {
                        label: label(),
                        what,
                        low,
                        high,
                    });
                }
            }
        }
        Ok(())
    }

    fn kind(&self) -> &'static str {
        "Predictions"
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        self.lines.len()
    }

    fn title(&self) -> &str {
        &self.title
    }

    /// “Lines over age, 18 to 90: Blue from 62% to 37%, …”
    fn describe(&self, words: &Language) -> String {
        let sign = self.scale.sign();
        let (low, high) = self.across();
        let each = self.lines.iter().filter_map(|line| {
            let (first, last) = (line.points.first()?, line.points.last()?);
            let ends = [first, last].map(|point| words.value(&format!("{}{sign}", point.printed)));
            Some(words.fill("{} from {} to {}", &[&line.name, &ends[0], &ends[1]]))
        });
        let each: Vec<String> = each.collect();
        let (low, high) = (
            words.value(&low.to_string()),
            words.value(&high.to_string()),
        );
        words.fill(
            "Lines over {}, {} to {}: {}.",
            &[&self.x_name, &low, &high, &each.join("; ")],
        )
    }

    /// A chart that can be edited has lines for intervals, and nothing is shaded.
    fn for_slides(&mut self) {
        for paragraph in &mut self.footer {
            let clauses = paragraph.split("; ");
            let kept: Vec<&str> = clauses
                .filter(|clause| !clause.starts_with("shaded: "))
                .collect();
            let kept = kept.join("; ");
            *paragraph = match kept.is_empty() || kept.ends_with('.') {
                true => kept,
                false => format!("{kept}."),
            };
        }
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        Some(slides::predictions(self, self.describe(words)))
    }

    fn lay_out(&self, page: &mut Page) {
        page.head(&self.title, self.subtitle.as_deref(), &[]);
        Layout::new(self, page).draw(page);
        page.foot(&self.footer);
    }
}

/// A plot with upright levels.
struct Layout<'a> {
    chart: &'a PredictionChart,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// Levels with what is written at them.
    levels: Vec<(f64, String)>,
    range: (f64, f64),
    /// The names of the lines, each in lines of its own.
    names: Vec<Vec<String>>,
    /// Right edges of the columns of values.
    columns: Vec<(f64, f64)>,
}

impl<'a> Layout<'a> {
    fn new(chart: &'a PredictionChart, page: &Page) -> Layout<'a> {
        let fonts = page.fonts;
        let (levels, range) = levels(chart);
        let tick = widest(levels.iter().map(|(_, text)| text), Type::TICK, fonts);
        let left = crisp(page.left + tick + 10.0);
        let measure = (page.scene.width * NAMES).floor();
        let lines = chart.lines.iter();
        let names: Vec<Vec<String>> = lines
            .map(|line| Type::DIRECT.balanced(&line.name, measure, fonts))
            .collect();
        let of_names = widest(names.iter().flatten(), Type::DIRECT, fonts);
        let mut right = page.right;
        let mut columns = Vec::new();
        if !page.narrow {
            for x in chart.shown().into_iter().rev() {
                let head = Type::TICK.width(&format!("at {x}"), fonts);
                let printed = chart
                    .points()
                    .map(|point| Type::VALUE.width(&point.printed, fonts));
                columns.push((x, right));
                right -= printed.fold(head, f64::max) + BETWEEN;
            }
            columns.reverse();
        }
        // the names have room one under the other
        let of_name = |name: &Vec<String>| (name.len() as f64 * Type::DIRECT.line).max(APART);
        let least = names.iter().map(of_name).sum::<f64>() + APART;
        let height = if page.narrow { HEIGHT_NARROW } else { HEIGHT } + page.air;
        let height = height.max(least);
        let top = crisp(page.y + 30.0);
        Layout {
            chart,
            left,
            right: crisp(right - of_names - 14.0),
            top,
            bottom: crisp(top + height),
            levels,
            range,
            names,
            columns,
        }
    }

    fn y(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        let share = (value.clamp(low, high) - low) / (high - low);
        self.bottom - (self.bottom - self.top) * share
    }

    fn x(&self, value: f64) -> f64 {
        let (low, high) = self.chart.across();
        self.left + (self.right - self.left) * (value - low) / (high - low).max(f64::MIN_POSITIVE)
    }

    fn draw(&self, page: &mut Page) {
        let fonts = page.fonts;
        let scene = &mut page.scene;
        for (value, text) in &self.levels {
            let y = crisp(self.y(*value));
            let strong = matches!(self.chart.scale, Scale::Percent) && *value == 50.0;
            let role = match (*value == self.range.0, strong) {
                (true, _) => Role::Axis,
                (_, true) => Role::Half,
                _ => Role::Grid,
            };
            scene.rule(self.left, self.right, y, role);
            scene.text(text, (self.left - 8.0, y), Anchor::End, Type::TICK, fonts);
        }
        for (at, line) in self.chart.lines.iter().enumerate() {
            let band = line
                .points
                .iter()
                .filter_map(|point| Some((point.x, point.interval?)));
            let band: Vec<(f64, (f64, f64))> = band.collect();
            let upper = band
                .iter()
                .map(|(x, (_, high))| (self.x(*x), self.y(*high)));
            let lower = band
                .iter()
                .rev()
                .map(|(x, (low, _))| (self.x(*x), self.y(*low)));
            let outline: Vec<(f64, f64)> = upper.chain(lower).collect();
            if outline.len() > 2 {
                scene.veil(outline, role(at), BAND);
            }
        }
        for (at, line) in self.chart.lines.iter().enumerate() {
            let points = line
                .points
                .iter()
                .map(|point| (self.x(point.x), self.y(point.at)));
            let points: Vec<(f64, f64)> = points.collect();
            if let Some(last) = points.last() {
                scene.disc(*last, 2.75, role(at));
            }
            scene.path(points, 1.75, role(at), 1.0);
        }
        self.ends(page, fonts);
        self.across(page, fonts);
    }

    /// Names and values right of the ends of the lines, pushed apart.
    fn ends(&self, page: &mut Page, fonts: &Fonts) {
        let mut ends: Vec<(usize, f64)> = self
            .chart
            .lines
            .iter()
            .enumerate()
            .filter_map(|(at, line)| Some((at, self.y(line.points.last()?.at))))
            .collect();
        ends.sort_by(|one, other| one.1.total_cmp(&other.1));
        let heights = ends.iter().map(|(at, _)| {
            let lines = self.names[*at].len() as f64;
            (lines * Type::DIRECT.line).max(APART)
        });
        let heights: Vec<f64> = heights.collect();
        let preferred: Vec<f64> = ends.iter().map(|(_, y)| *y).collect();
        let places = apart(&preferred, &heights, (self.top, self.bottom));
        let scene = &mut page.scene;
        for ((at, from), y) in ends.into_iter().zip(places) {
            let line = &self.chart.lines[at];
            if (y - from).abs() > 3.0 {
                scene.line(
                    (self.right + 4.0, from),
                    (self.right + 9.0, y),
                    0.75,
                    Role::Axis,
                );
            }
            let kind = Type::DIRECT.in_role(role(at));
            let name = &self.names[at];
            let first = y - (name.len() as f64 - 1.0) * kind.line / 2.0;
            for (row, text) in (0_u8..).zip(name) {
                let level = first + f64::from(row) * kind.line;
                scene.text(text, (self.right + 12.0, level), Anchor::Start, kind, fonts);
            }
            for (x, edge) in &self.columns {
                if let Some(point) = line.points.iter().find(|point| point.x == *x) {
                    let at = (*edge, y + Type::DIRECT.shift_to(Type::VALUE));
                    scene.text(&point.printed, at, Anchor::End, Type::VALUE, fonts);
                }
            }
        }
        for (x, edge) in &self.columns {
            let head = format!("at {x}");
            scene.text(
                &head,
                (*edge, self.top - 20.0),
                Anchor::End,
                Type::TICK,
                fonts,
            );
        }
    }

    /// The ends of the number and round ones between, and its name.
    fn across(&self, page: &mut Page, fonts: &Fonts) {
        let (low, high) = self.chart.across();
        let ticks = Ticks::over((low, high), |ticks| {
            (self.right - self.left) / ticks.steps() >= ticks.widest(Ticks::label, fonts) + 14.0
        });
        let y = self.bottom + 14.0;
        let mut shown: Vec<(f64, String)> = [low, high].map(|x| (x, x.to_string())).to_vec();
        let half = |text: &str| Type::TICK.width(text, fonts) / 2.0;
        for value in ticks.values().filter(|x| *x > low && *x < high) {
            let text = ticks.label(value);
            let free = shown.iter().all(|(other, named)| {
                (self.x(*other) - self.x(value)).abs() > half(named) + half(&text) + 8.0
            });
            if free {
                shown.push((value, text));
            }
        }
        let scene = &mut page.scene;
        for (value, text) in &shown {
            let x = crisp(self.x(*value));
            scene.line((x, self.bottom), (x, self.bottom + 4.0), 1.0, Role::Axis);
            scene.text(text, (x, y), Anchor::Middle, Type::TICK, fonts);
        }
        let middle = (self.left + self.right) / 2.0;
        let named = Type::TICK.balanced(&self.chart.x_name, page.measure() * 0.6, fonts);
        let half = widest(&named, Type::TICK, fonts) / 2.0;
        let centre = middle.max(page.left + half).min(page.right - half);
        for (row, text) in (0_u8..).zip(&named) {
            let level = y + 20.0 + f64::from(row) * Type::TICK.line;
            page.scene
                .text(text, (centre, level), Anchor::Middle, Type::TICK, fonts);
        }
        page.y = y + 14.0 + named.len() as f64 * Type::TICK.line;
    }
}

pub(in crate::internals::present::chart) fn role(line: usize) -> Role {
    match line < MOST_LINES {
        true => Role::Category(line as u8),
        false => Role::Muted,
    }
}

/// Levels of the axis: quarters of per cents, or round numbers.
fn levels(chart: &PredictionChart) -> (Vec<(f64, String)>, (f64, f64)) {
    if matches!(chart.scale, Scale::Percent) {
        let quarters = [0.0, 25.0, 50.0, 75.0, 100.0];
        let texts = ["0", "25", "50", "75", "100%"].map(str::to_owned);
        return (quarters.into_iter().zip(texts).collect(), (0.0, 100.0));
    }
    let ticks = Ticks::over(
        crate::present::chart::scale::covered(chart.reach(), false),
        |_| true,
    );
    let all = ticks.values().map(|x| (x, ticks.label(x))).collect();
    (all, (ticks.low(), ticks.high()))
}

/// Places for blocks of these heights, none over another, as near to those wanted as the room allows; from above to below.
fn apart(preferred: &[f64], heights: &[f64], (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut places = preferred.to_vec();
    for _ in 0..400 {
        let mut moved = false;
        for at in 1..places.len() {
            let least = (heights[at - 1] + heights[at]) / 2.0;
            let gap = places[at] - places[at - 1];
            if gap < least - 0.01 {
                let push = (least - gap) / 2.0;
                places[at - 1] -= push;
                places[at] += push;
                moved = true;
            }
        }
        // a block stays beside the plot, half a line above and below it
        let ends = |height: &f64| (top - 8.0 + height / 2.0, bottom + 8.0 - height / 2.0);
        if let (Some(first), Some((least, _))) = (places.first_mut(), heights.first().map(ends))
            && *first < least - 0.01
        {
            *first = least;
            moved = true;
        }
        if let (Some(last), Some((_, most))) = (places.last_mut(), heights.last().map(ends))
            && *last > most + 0.01
        {
            *last = most;
            moved = true;
        }
        if !moved {
            return places;
        }
    }
    // too many for the room: one under the other, from above
    let mut next = top - 8.0;
    for (place, height) in places.iter_mut().zip(heights) {
        *place = next + height / 2.0;
        next += height;
    }
    places
}
