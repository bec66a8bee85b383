//! The two axes: levels cut to the data, and days named by weeks, months, quarters or years.

use super::PollsChart;
use crate::present::chart::bounds::Bounds;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::page::crisp;
use crate::present::chart::scene::{Anchor, Scene};
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;
use crate::published::figures::date::{Date, MONTHS};

/// Levels end at the next multiple of this outside of everything drawn.
const STEP: f64 = 5.0;
/// Between names of months, and between those at ticks.
const APART: f64 = 8.0;

/// The levels that the plot covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Levels {
    pub low: f64,
    pub high: f64,
    leads: bool,
}

impl Levels {
    /// The next fives outside of all dots, bands and results; per cents stay within 0 and 100.
    pub fn from_chart(chart: &PollsChart) -> Levels {
        let numbers = chart.lines.iter().flat_map(|line| {
            let days = line.days.iter().flat_map(|day| {
                let (low, high) = day.outline.unwrap_or(day.band);
                [low, high]
            });
            let dots = line.dots.iter().map(|dot| dot.at);
            days.chain(dots)
                .chain(line.results.iter().flatten().copied())
        });
        let (low, high) = numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| {
            (low.min(at), high.max(at))
        });
        let mut low = (low / STEP).floor() * STEP;
        let mut high = (high / STEP).ceil() * STEP;
        if !chart.leads {
            low = low.clamp(0.0, 100.0 - STEP);
            high = high.clamp(low + STEP, 100.0);
        }
        Levels {
            low,
            high: high.max(low + STEP),
            leads: chart.leads,
        }
    }

    /// Round levels with a line, so that there are few.
    fn ticks(self) -> Vec<f64> {
        let span = self.high - self.low;
        let steps = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0];
        let step = steps.into_iter().find(|step| span / step <= 4.0);
        let step = step.unwrap_or(span);
        let (first, last) = ((self.low / step).ceil(), (self.high / step).floor());
        (0..=(last - first).max(0.0) as i64)
            .map(|index| (first + index as f64) * step)
            .collect()
    }

    /// "40", "+5", "−5" of leads.
    pub fn label(self, level: f64) -> String {
        match level {
            level if self.leads && level > 0.0 => format!("+{level}"),
            level if level < 0.0 => format!("−{}", -level),
            level => format!("{level}"),
        }
    }
}

/// Where days and levels stand on the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axes {
    pub plot: Bounds,
    pub levels: Levels,
    pub first: f64,
    pub last: f64,
}

impl Axes {
    /// The place of a day.
    pub fn x(&self, day: f64) -> f64 {
        let share = (day - self.first) / (self.last - self.first).max(1e-9);
        self.plot.left + (self.plot.right - self.plot.left) * share
    }

    /// The place of a level.
    pub fn y(&self, level: f64) -> f64 {
        let Levels { low, high, .. } = self.levels;
        let share = (level.clamp(low, high) - low) / (high - low);
        self.plot.bottom - (self.plot.bottom - self.plot.top) * share
    }

    /// The room that the labels of the levels take at the left.
    pub fn labels_width(levels: Levels, fonts: &Fonts) -> f64 {
        let widths = levels.ticks().into_iter();
        let widest = widths.map(|level| Type::TICK.width(&levels.label(level), fonts));
        widest.fold(0.0, f64::max) + Type::TICK.width("%", fonts) + 8.0
    }

    /// Level lines with their labels, the base line.
    pub fn draw_levels(&self, scene: &mut Scene, fonts: &Fonts) {
        let ticks = self.levels.ticks();
        for level in &ticks {
            let y = crisp(self.y(*level));
            let role = match *level {
                50.0 if !self.levels.leads => Role::Half,
                0.0 if self.levels.leads => Role::Ink,
                _ => Role::Grid,
            };
            if *level > self.levels.low || role == Role::Ink {
                scene.rule(self.plot.left, self.plot.right, y, role);
            }
            let label = self.levels.label(*level);
            let width = Type::TICK.width(&label, fonts);
            let left = self.plot.left - 8.0 - Type::TICK.width("%", fonts) - width;
            let at = |x: f64| (x, y);
            scene.text(&label, at(left), Anchor::Start, Type::TICK, fonts);
            if ticks.last() == Some(level) && !self.levels.leads {
                scene.text("%", at(left + width), Anchor::Start, Type::TICK, fonts);
            }
        }
        let bottom = crisp(self.plot.bottom);
        scene.rule(self.plot.left, self.plot.right, bottom, Role::Axis);
    }

    /// Ticks and names of the days, in a line under the plot.
    pub fn draw_days(&self, scene: &mut Scene, fonts: &Fonts) {
        let calendar = Calendar::fitting(self, fonts);
        let bottom = crisp(self.plot.bottom);
        let y = bottom + 14.0;
        for day in &calendar.ticks {
            let x = crisp(self.x(*day));
            scene.line((x, bottom), (x, bottom + 4.0), 1.0, Role::Axis);
        }
        let mut free = f64::NEG_INFINITY;
        for (x, name) in &calendar.names {
            let half = Type::TICK.width(name, fonts) / 2.0;
            // a name at the first tick or the last one may not leave the canvas
            let x = x.clamp(2.0 + half, scene.width - 2.0 - half);
            if x - half < free {
                continue;
            }
            free = x + half + APART;
            scene.text(name, (x, y), Anchor::Middle, Type::TICK, fonts);
        }
    }
}

/// Ticks with a day each, and names with a place each.
#[derive(Debug, Default)]
struct Calendar {
    ticks: Vec<f64>,
    names: Vec<(f64, String)>,
}

impl Calendar {
    /// The finest that has room.
    fn fitting(axes: &Axes, fonts: &Fonts) -> Calendar {
        let per_day = (axes.plot.right - axes.plot.left) / (axes.last - axes.first).max(1e-9);
        let widest = Type::TICK.width("September", fonts) + APART;
        let short = Type::TICK.width("Mar", fonts) + APART;
        // where two years meet, a month alone does not say which
        let years = year_of(axes.first) != year_of(axes.last);
        let dated = Type::TICK.width("Jan 2017", fonts) + APART;
        let mut calendar = match per_day {
            p if years && p * 30.4 < dated && p * 91.3 >= dated => Calendar::quarters(axes),
            p if p * 30.4 > 4.0 * widest => Calendar::weeks(axes),
            p if p * 30.4 >= widest => Calendar::months(axes, fonts, false),
            p if p * 30.4 >= short => Calendar::months(axes, fonts, true),
            p if p * 91.3 >= Type::TICK.width("Oct 2016", fonts) + APART => {
                Calendar::quarters(axes)
            }
            p => Calendar::years(axes, p * 365.25, fonts),
        };
        for (_, name) in &mut calendar.names {
            *name = fonts.language().month(name);
        }
        calendar
    }

    /// A day a week at its tick.
    fn weeks(axes: &Axes) -> Calendar {
        let span = axes.last - axes.first;
        let step = [1.0, 2.0, 7.0].into_iter().find(|step| span / step <= 7.0);
        let step = step.unwrap_or(7.0);
        let count = (span / step).floor() as i64;
        let days = (0..=count).map(|k| axes.first.ceil() + step * k as f64);
        let days: Vec<f64> = days.filter(|day| *day <= axes.last).collect();
        Calendar {
            names: days
                .iter()
                .map(|day| (axes.x(*day), day_name(*day)))
                .collect(),
            ticks: days,
        }
    }

    /// Months named between their ticks.
    fn months(axes: &Axes, fonts: &Fonts, short: bool) -> Calendar {
        let starts = month_starts(axes.first, axes.last);
        let mut edges = vec![axes.first];
        edges.extend(starts.iter().copied().filter(|day| *day > axes.first));
        edges.push(axes.last);
        let years = year_of(axes.first) != year_of(axes.last);
        let mut calendar = Calendar {
            ticks: starts,
            names: Vec::new(),
        };
        for pair in edges.windows(2) {
            let (left, right) = (axes.x(pair[0]), axes.x(pair[1]));
            let date = Date::from_days(pair[0].floor() as i64);
            let month = month_name(date, short);
            let with_year = format!("{month} {}", date.year);
            let fits = |name: &str| Type::TICK.width(name, fonts) + 2.0 <= right - left;
            let january = date.month == Some(1) || calendar.names.is_empty();
            let name = match years && january && fits(&with_year) {
                true => with_year,
                false => month,
            };
            if fits(&name) {
                calendar.names.push(((left + right) / 2.0, name));
            }
        }
        calendar
    }

    /// Quarters named at their ticks: `Oct 2016`, `Jan 2017`, `April`, `July`.
    fn quarters(axes: &Axes) -> Calendar {
        let starts = month_starts(axes.first, axes.last).into_iter();
        let quarter = |day: &f64| {
            let month = Date::from_days(*day as i64).month.unwrap_or(1);
            month % 3 == 1
        };
        let ticks: Vec<f64> = starts.filter(quarter).collect();
        let names = ticks.iter().enumerate().map(|(index, day)| {
            let date = Date::from_days(*day as i64);
            let named = index == 0 || date.month == Some(1);
            let name = match named {
                true => format!("{} {}", month_name(date, true), date.year),
                false => month_name(date, false),
            };
            (axes.x(*day), name)
        });
        Calendar {
            names: names.collect(),
            ticks,
        }
    }

    /// Years named between their ticks, or every so many at its tick.
    fn years(axes: &Axes, px: f64, fonts: &Fonts) -> Calendar {
        let room = Type::TICK.width("2016", fonts) + APART;
        let step = [1, 2, 5, 10, 20, 50, 100, 500]
            .into_iter()
            .find(|step| f64::from(*step) * px >= room)
            .unwrap_or(1000);
        let (first, last) = (year_of(axes.first), year_of(axes.last));
        let starts = (first..=last.saturating_add(1)).filter(|year| year % step == 0);
        let within = |day: &f64| *day >= axes.first && *day <= axes.last;
        let day = |year: u16| year_start(year);
        let ticks: Vec<f64> = starts.map(day).filter(within).collect();
        if step > 1 {
            let names = ticks
                .iter()
                .map(|day| (axes.x(*day), year_of(*day).to_string()));
            return Calendar {
                names: names.collect(),
                ticks,
            };
        }
        let mut names = Vec::new();
        for year in first..=last {
            let from = year_start(year).max(axes.first);
            let to = year_start(year.saturating_add(1)).min(axes.last);
            let (left, right) = (axes.x(from), axes.x(to));
            if right - left >= room - APART {
                names.push(((left + right) / 2.0, year.to_string()));
            }
        }
        Calendar { ticks, names }
    }
}

fn year_of(day: f64) -> u16 {
    Date::from_days(day.floor() as i64).year
}

fn year_start(year: u16) -> f64 {
    let date = Date {
        year,
        month: Some(1),
        day: Some(1),
    };
    date.days() as f64
}

/// The first days of the months within two days.
fn month_starts(first: f64, last: f64) -> Vec<f64> {
    let mut starts = Vec::new();
    let date = Date::from_days(first.floor() as i64);
    let (mut year, mut month) = (date.year, date.month.unwrap_or(1));
    loop {
        let day = Date {
            year,
            month: Some(month),
            day: Some(1),
        };
        let day = day.days() as f64;
        if day > last {
            return starts;
        }
        if day >= first {
            starts.push(day);
        }
        (year, month) = match month {
            12 => (year.saturating_add(1), 1),
            month => (year, month + 1),
        };
        if year == u16::MAX {
            return starts;
        }
    }
}

fn month_name(date: Date, short: bool) -> String {
    let month = usize::from(date.month.unwrap_or(1)).saturating_sub(1);
    let name = MONTHS.get(month).copied().unwrap_or_default();
    match short {
        true => name.chars().take(3).collect(),
        false => name.to_owned(),
    }
}

/// "8 November".
pub(super) fn day_name(day: f64) -> String {
    let date = Date::from_days(day.floor() as i64);
    format!("{} {}", date.day.unwrap_or(1), month_name(date, false))
}

/// "8 Nov 2016".
pub(in crate::internals::present::chart) fn dated_name(day: f64) -> String {
    let date = Date::from_days(day.floor() as i64);
    let month = month_name(date, true);
    format!("{} {month} {}", date.day.unwrap_or(1), date.year)
}
