//! Two moments of the same answers: both levels on one axis, joined, and the change with its interval on another.
//!
//! Dots and no slope: at the ends of slopes the names of close shares collide, and a slope has no room for an interval.

use crate::frames::words::signed_points;
use crate::present::chart::arrangement::Arrangement;
use crate::present::chart::bounds::Bounds;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::key::{KeyItem, Swatch};
use crate::present::chart::marks;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::scene::{Anchor, Scene};
#[cfg(feature = "xlsx")]
use crate::present::chart::slides;
use crate::present::chart::text::{Type, widest};
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;

/// Labels take at most so much of the canvas.
const LABELS: f64 = 0.285;
const LABEL_GAP: f64 = 18.0;
/// Between both plots.
const PLOT_GAP: f64 = 32.0;
/// Between the plot of changes and their numbers, numbers and intervals.
const BEFORE: f64 = 14.0;
const BETWEEN: f64 = 10.0;
/// The share of the plots that the levels take.
const LEVELS: f64 = 0.7;
/// Plots narrower than this tell nothing.
const LEAST: f64 = 110.0;
/// From a dot to its value.
const BESIDE: f64 = 9.0;
/// A row of one line, and one of many.
const ROW: f64 = 27.0;
const CLOSE_ROW: f64 = 20.0;
const MANY: usize = 12;
const PADDING: f64 = 5.0;
const MOST_LINES: usize = 5;
/// The line of marks in the narrow layout.
const LINE: f64 = 20.0;
const TALL: f64 = 400.0;

/// What changed from one moment to another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChangeChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// The names of both moments, the earlier first.
    pub moments: (String, String),
    /// A row an answer, in the order in which they are drawn.
    pub rows: Vec<ChangeRow>,
    /// Whether the figures are leads, which may be below 0.
    pub are_leads: bool,
    /// The paragraphs of the footer: method, sources.
    pub footer: Vec<String>,
    /// The confidence level of the intervals.
    pub level: f64,
}

/// An answer, or a lead.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChangeRow {
    /// What it is.
    pub label: String,
    /// At the earlier moment.
    pub earlier: ChangeFigure,
    /// At the later one.
    pub later: ChangeFigure,
    /// The change in points.
    pub change: f64,
    /// Its interval, in points; where it is not known how the samples go together, at worst.
    pub interval: Option<(f64, f64)>,
    /// The interval at best.
    pub narrowest: Option<(f64, f64)>,
    /// What stands in the place of an interval.
    pub remark: Option<String>,
    /// Whether its sign is established.
    pub established: bool,
    /// What the comparison says, for those who can’t see it.
    pub sentence: String,
}

/// A share or a lead at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChangeFigure {
    /// As printed: `25.6`, `+3.6`.
    pub printed: String,
    /// In points.
    pub at: f64,
    /// Whether the sign of a lead is not established.
    pub open: bool,
}

impl ChangeRow {
    fn role(&self) -> Role {
        match self.established {
            true => Role::Category(0),
            false => Role::Muted,
        }
    }

    fn range(&self) -> String {
        match (self.interval, &self.remark) {
            (Some((low, high)), _) => format!("{} to {}", signed_points(low), signed_points(high)),
            (None, Some(remark)) => remark.clone(),
            (None, None) => "no interval".to_owned(),
        }
    }

    /// “Labour: +1.2 points (−0.4 to +2.8)”.
    #[cfg(feature = "xlsx")]
    pub(in crate::internals::present::chart) fn in_words(&self) -> String {
        let change = signed_points(self.change);
        format!("{}: {change} points ({})", self.label, self.range())
    }

    fn reach(&self) -> (f64, f64) {
        let (low, high) = self.interval.unwrap_or((self.change, self.change));
        (low.min(self.change), high.max(self.change))
    }
}

impl Chart for ChangeChart {
    fn texts(&mut self) -> Vec<&mut String> {
        let rows = self.rows.iter_mut().flat_map(|row| {
            [
                &mut row.label,
                &mut row.earlier.printed,
                &mut row.later.printed,
            ]
            .into_iter()
            .chain(&mut row.remark)
        });
        [&mut self.title, &mut self.moments.0, &mut self.moments.1]
            .into_iter()
            .chain(&mut self.subtitle)
            .chain(rows)
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::Level(self.level));
        }
        if self.rows.is_empty() {
            return Err(Error::Empty);
        }
        for row in &self.rows {
            let label = || row.label.clone();
            let least = if self.are_leads { -100.0 } else { 0.0 };
            for value in [row.earlier.at, row.later.at] {
                if !(least..=100.0).contains(&value) {
                    return Err(Error::NotAPercent {
                        label: label(),
                        value,
                    });
                }
            }
            let (low, high) = row.reach();
            for (what, value) in [
                ("change", row.change),
                ("interval", low),
                ("interval", high),
            ] {
                if !(-200.0..=200.0).contains(&value) {
                    return Err(Error::NotADifference {
                        label: label(),
                        what,
                        value,
                    });
                }
            }
        }
        Ok(())
    }

    fn kind(&self) -> &'static str {
        "Changes"
    }

    fn arrange(&mut self, order: Arrangement) {
        let names = |row: &ChangeRow| vec![row.label.clone()];
        order.arrange(&mut self.rows, names, |row| Some(row.later.at), |_| 0);
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        self.rows.len()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, words: &Language) -> String {
        let established = self
            .rows
            .iter()
            .filter(|row| row.established)
            .count()
            .to_string();
        let all = self.rows.len().to_string();
        let (earlier, later) = (words.value(&self.moments.0), words.value(&self.moments.1));
        let (one, several) = match self.are_leads {
            true => (
                "Dots of one lead, {} and {}, with the change in points; {} established.",
                "Dots of {} leads, {} and {}, with the change in points; {} of {} changes established.",
            ),
            false => (
                "Dots of one answer, {} and {}, with the change in points; {} established.",
                "Dots of {} answers, {} and {}, with the change in points; {} of {} changes established.",
            ),
        };
        let mut sentences = vec![match self.rows.len() {
            1 => words.fill(one, &[&earlier, &later, &established]),
            _ => words.fill(several, &[&all, &earlier, &later, &established, &all]),
        }];
        sentences.extend(self.rows.iter().map(|row| {
            let figures = [
                &row.earlier.printed,
                &row.later.printed,
                &signed_points(row.change),
                &row.range(),
            ];
            let [from, to, change, range] = figures.map(|figure| words.value(figure));
            words.fill(
                "{}: {} to {}, {} ({}).",
                &[&row.label, &from, &to, &change, &range],
            )
        }));
        // what compare says of it is English
        let only = self
            .rows
            .first()
            .filter(|row| self.rows.len() == 1 && !row.sentence.is_empty());
        sentences.extend(
            only.filter(|_| words.code() == "en")
                .map(|row| row.sentence.clone()),
        );
        sentences.join(" ")
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        Some(slides::change(self, self.describe(words)))
    }

    fn lay_out(&self, page: &mut Page) {
        page.head(&self.title, self.subtitle.as_deref(), &self.key());
        let layout = Layout::new(self, page);
        match layout.narrow {
            true => layout.narrow_rows(page),
            false => layout.wide_rows(page),
        }
        page.foot(&self.footer);
    }
}

impl ChangeChart {
    fn key(&self) -> Vec<KeyItem> {
        let (earlier, later) = (&self.moments.0, &self.moments.1);
        let any = |is: fn(&ChangeRow) -> bool| self.rows.iter().any(is);
        let items = [
            (true, Role::Half, earlier.clone()),
            (any(|row| row.established), Role::Category(0), later.clone()),
            (
                any(|row| !row.established),
                Role::Muted,
                match any(|row| !row.established && row.interval.is_some()) {
                    true => format!("{later}, change not established"),
                    false => later.clone(),
                },
            ),
        ];
        let occurring = items.into_iter().filter(|(occurs, ..)| *occurs);
        occurring
            .map(|(_, role, text)| KeyItem {
                swatch: Swatch::Dot(role),
                text,
            })
            .collect()
    }

    /// Whether no change has an interval, which the foot says; a column of intervals would be empty.
    fn lacks_intervals(&self) -> bool {
        let mut rows = self.rows.iter();
        rows.all(|row| row.interval.is_none() && row.remark.is_none())
    }

    fn levels(&self) -> (f64, f64) {
        let values = self
            .rows
            .iter()
            .flat_map(|row| [row.earlier.at, row.later.at]);
        let (low, high) = values.fold((0.0_f64, 0.0_f64), |all, at| (all.0.min(at), all.1.max(at)));
        let (low, high) = ((low / 10.0).floor() * 10.0, (high / 10.0).ceil() * 10.0);
        (low, high.max(low + 10.0))
    }

    fn changes(&self) -> (f64, f64) {
        let reaches = self.rows.iter().map(ChangeRow::reach);
        let (low, high) = reaches.fold((0.0_f64, 0.0_f64), |all, one| {
            (all.0.min(one.0), all.1.max(one.1))
        });
        let (low, high) = ((low / 5.0).floor() * 5.0, (high / 5.0).ceil() * 5.0);
        if low == high {
            (-5.0, 5.0)
        } else {
            (low, high)
        }
    }
}

/// A stretch of points on the canvas.
#[derive(Debug, Clone, Copy)]
struct Span {
    low: f64,
    high: f64,
    left: f64,
    right: f64,
    /// Whether numbers below and above 0 have their sign.
    signed: bool,
}

impl Span {
    fn new((low, high): (f64, f64), (left, right): (f64, f64), signed: bool) -> Span {
        Span {
            low,
            high,
            left: crisp(left),
            right: crisp(right),
            signed,
        }
    }

    fn x(&self, at: f64) -> f64 {
        let share = (at.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.left + (self.right - self.left) * share
    }

    fn tick(&self, at: f64) -> String {
        match (self.signed, at) {
            (true, 0.0) => "0".to_owned(),
            (true, at) if at < 0.0 => format!("−{}", -at),
            (true, at) => format!("+{at}"),
            // the sign stands at the ends
            (false, at) if at == self.low || at == self.high => format!("{at}%"),
            (false, at) => at.to_string(),
        }
    }

    fn multiples(&self, step: f64) -> impl Iterator<Item = f64> + use<> {
        let (first, last) = ((self.low / step).ceil(), (self.high / step).floor());
        (first as i32..=last as i32).map(move |index| f64::from(index) * step)
    }

    /// The least round step at which nothing so wide meets.
    fn step(&self, steps: &[f64], width: f64) -> f64 {
        let px = (self.right - self.left) / (self.high - self.low);
        steps
            .iter()
            .copied()
            .find(|step| step * px >= width)
            .unwrap_or(200.0)
    }

    fn grid(&self, scene: &mut Scene, top: f64, bottom: f64) {
        for at in self.multiples(self.step(&[5.0, 10.0, 20.0, 50.0], 24.0)) {
            let role = if at == 0.0 && self.signed {
                Role::Ink
            } else {
                Role::Grid
            };
            let x = crisp(self.x(at));
            scene.line((x, top), (x, bottom), 1.0, role);
        }
    }

    fn labels(&self, scene: &mut Scene, y: f64, fonts: &Fonts) {
        let widest = [self.low, self.high].map(|at| Type::DIRECT.width(&self.tick(at), fonts));
        let width = widest.into_iter().fold(0.0, f64::max) + 8.0;
        for at in self.multiples(self.step(&[5.0, 10.0, 20.0, 50.0, 100.0], width)) {
            let kind = if at == 0.0 && self.signed {
                Type::DIRECT
            } else {
                Type::TICK
            };
            scene.text(&self.tick(at), (self.x(at), y), Anchor::Middle, kind, fonts);
        }
    }
}

impl ChangeChart {
    /// How far values that step past the line of zero reach beyond the ends of a scale of so many pixels a point, left and
    /// right, with the gap that they keep.
    fn past_zero(&self, (low, high): (f64, f64), px: f64, fonts: &Fonts) -> (f64, f64) {
        if !self.are_leads {
            return (0.0, 0.0);
        }
        let (zero, end) = (-low * px, (high - low) * px);
        let sides = self.rows.iter().flat_map(|row| {
            let (earlier, later) = (&row.earlier, &row.later);
            let left_first = earlier.at <= later.at;
            let size = |figure: &ChangeFigure, kind: Type| kind.width(&figure.printed, fonts);
            [
                (earlier.at, size(earlier, EARLIER), left_first),
                (later.at, size(later, Type::VALUE), !left_first),
            ]
        });
        sides.fold((0.0, 0.0), |(left, right), (at, width, is_left)| {
            let beside = if is_left { -BESIDE } else { BESIDE };
            let near = (at - low) * px + beside;
            let far = near + beside.signum() * width;
            // the scale still gives way a little, and what nearly meets the line may then do so
            let meets = (near.min(far) - 16.0..near.max(far) + 16.0).contains(&zero);
            let reach = PAST_ZERO + width + marks::DOT + 4.0;
            match (meets, is_left) {
                (false, _) => (left, right),
                (true, true) => (left.max(reach - zero), right),
                (true, false) => (left, right.max(reach - (end - zero))),
            }
        })
    }
}

/// From the line of zero to a value that steps past it.
const PAST_ZERO: f64 = 7.0;

struct Layout<'a> {
    chart: &'a ChangeChart,
    narrow: bool,
    /// The room for labels.
    measure: f64,
    levels: Span,
    changes: Span,
    /// Where the numbers end, and where the intervals begin.
    numbers: f64,
    intervals: f64,
}

const EARLIER: Type = Type {
    size: 12.5,
    ..Type::INTERVAL
};

impl<'a> Layout<'a> {
    fn new(chart: &'a ChangeChart, page: &Page) -> Layout<'a> {
        let fonts = page.fonts;
        let ranges: Vec<String> = chart.rows.iter().map(ChangeRow::range).collect();
        let column = widest(&ranges, Type::INTERVAL, fonts)
            .max(Type::TICK.width(&interval_head(chart.level), fonts));
        let intervals = match chart.lacks_intervals() {
            true => page.right + BETWEEN,
            false => page.right - column.ceil(),
        };
        let points: Vec<String> = chart
            .rows
            .iter()
            .map(|row| signed_points(row.change))
            .collect();
        let numbers = intervals - BETWEEN;
        let number = widest(&points, Type::VALUE, fonts).max(Type::TICK.width("points", fonts));
        let labels: Vec<String> = chart.rows.iter().map(|row| row.label.clone()).collect();
        let most = (page.scene.width * LABELS).floor();
        let mut measure = widest(&labels, Type::LABEL, fonts).ceil().clamp(60.0, most);
        let right = numbers - number - BEFORE;
        // values stand outside of both dots: where one stands at the edge it takes room of the label’s gap
        let value = chart
            .rows
            .iter()
            .flat_map(|row| {
                [
                    EARLIER.width(&row.earlier.printed, fonts),
                    Type::VALUE.width(&row.later.printed, fonts),
                ]
            })
            .fold(0.0, f64::max);
        let room = value + BESIDE + marks::DOT + 4.0;
        let (low, high) = chart.levels();
        let lowest = chart
            .rows
            .iter()
            .map(|row| row.earlier.at.min(row.later.at))
            .fold(high, f64::min);
        let highest = chart
            .rows
            .iter()
            .map(|row| row.earlier.at.max(row.later.at))
            .fold(low, f64::max);
        let plots = |measure: f64| {
            let all = right - page.left - measure;
            let width = (all - LABEL_GAP - PLOT_GAP) * LEVELS;
            let px = width / (high - low);
            let past = chart.past_zero((low, high), px, fonts);
            let before = LABEL_GAP.max(room - (lowest - low) * px).max(past.0);
            let after = PLOT_GAP.max(room + 6.0 - (high - highest) * px).max(past.1);
            let width = (all - before - after) * LEVELS;
            let left = page.left + measure + before;
            (left, left + width, left + width + after)
        };
        let (mut left, mut end, mut begin) = plots(measure);
        if end - left < 2.0 * LEAST {
            measure = measure.min((page.measure() * 0.22).floor());
            (left, end, begin) = plots(measure);
        }
        let lines = |row: &ChangeRow| Type::LABEL.balanced(&row.label, measure, fonts).len();
        let narrow = page.narrow
            || end - left < LEAST
            || chart.rows.iter().any(|row| lines(row) > MOST_LINES);
        let (levels, changes) = match narrow {
            true => {
                let left = page.left + room - 4.0;
                let end = page.right - room;
                ((left, end), (left, end))
            }
            false => ((left, end), (begin, right - 6.0)),
        };
        Layout {
            chart,
            narrow,
            measure: if narrow {
                numbers - number - 12.0 - page.left
            } else {
                measure
            },
            levels: Span::new((low, high), levels, chart.are_leads),
            changes: Span::new(chart.changes(), changes, true),
            numbers,
            intervals,
        }
    }

    fn column_heads(&self, page: &mut Page) {
        let (y, fonts) = (page.y, page.fonts);
        page.scene
            .text("points", (self.numbers, y), Anchor::End, Type::TICK, fonts);
        if self.chart.lacks_intervals() {
            return;
        }
        let head = interval_head(self.chart.level);
        page.scene
            .text(&head, (self.intervals, y), Anchor::Start, Type::TICK, fonts);
    }

    fn wide_rows(&self, page: &mut Page) {
        let fonts = page.fonts;
        page.y += 12.0;
        self.levels.labels(&mut page.scene, page.y, fonts);
        self.changes.labels(&mut page.scene, page.y, fonts);
        self.column_heads(page);
        page.y = crisp(page.y + 10.0);
        page.scene.rule(page.left, page.right, page.y, Role::Axis);
        page.y += 4.0;
        let least = if self.chart.rows.len() > MANY {
            CLOSE_ROW
        } else {
            ROW
        };
        let measured: Vec<(Vec<String>, f64)> = self
            .chart
            .rows
            .iter()
            .map(|row| {
                let label = Type::LABEL.balanced(&row.label, self.measure, fonts);
                let text = Type::LABEL.line * label.len() as f64;
                let height = (text + 2.0 * PADDING).max(least);
                (
                    label,
                    if least < ROW && text < least {
                        least
                    } else {
                        height
                    } + page.air,
                )
            })
            .collect();
        let top = page.y;
        let bottom = top + measured.iter().map(|(_, height)| height).sum::<f64>();
        self.levels.grid(&mut page.scene, top, bottom.round());
        self.changes.grid(&mut page.scene, top, bottom.round());
        for (row, (label, height)) in self.chart.rows.iter().zip(&measured) {
            let middle = crisp(page.y + height / 2.0);
            let mut y = middle - Type::LABEL.line * label.len() as f64 / 2.0;
            for line in label {
                let at = (page.left, y + Type::LABEL.line / 2.0);
                page.scene.text(line, at, Anchor::Start, Type::LABEL, fonts);
                y += Type::LABEL.line;
            }
            self.level_marks(page, row, middle);
            self.change_marks(page, row, middle);
            self.numbers(page, row, middle);
            page.y += height;
        }
        page.y += 4.0;
        if page.y + page.foot_height(&self.chart.footer) > TALL && self.chart.rows.len() > MANY {
            page.y += 9.0;
            self.levels.labels(&mut page.scene, page.y, fonts);
            self.changes.labels(&mut page.scene, page.y, fonts);
            page.y += 8.0;
        }
    }

    /// Label and numbers in a line, the levels under it.
    fn narrow_rows(&self, page: &mut Page) {
        let fonts = page.fonts;
        page.y += 12.0;
        self.column_heads(page);
        page.y = crisp(page.y + 10.0);
        page.scene.rule(page.left, page.right, page.y, Role::Axis);
        page.y += 4.0;
        for row in &self.chart.rows {
            let label = Type::LABEL.balanced(&row.label, self.measure, fonts);
            page.y += 5.0 + page.air / 2.0;
            let first = page.y + Type::LABEL.line / 2.0;
            page.lines(&label, page.left, Type::LABEL);
            self.numbers(page, row, first);
            let middle = crisp(page.y + LINE / 2.0);
            self.levels
                .grid(&mut page.scene, middle - 5.0, middle + 5.0);
            self.level_marks(page, row, middle);
            page.y += LINE + 4.0 + page.air / 2.0;
        }
        page.y += 9.0;
        self.levels.labels(&mut page.scene, page.y, fonts);
        page.y += 8.0;
    }

    fn level_marks(&self, page: &mut Page, row: &ChangeRow, y: f64) {
        let span = &self.levels;
        page.scene.rule(span.left, span.right, y, Role::Grid);
        let (from, to) = (span.x(row.earlier.at), span.x(row.later.at));
        let later = match row.later.open {
            true => Type::VALUE.in_role(Role::Ink2),
            false => Type::VALUE,
        };
        let way = |is_left: bool| if is_left { -1.0 } else { 1.0 };
        let earlier_left = from < to || (from == to && row.earlier.at <= row.later.at);
        self.value(
            page,
            &row.earlier.printed,
            (from, y),
            way(earlier_left),
            EARLIER,
        );
        self.value(page, &row.later.printed, (to, y), way(!earlier_left), later);
        page.scene.line((from, y), (to, y), 2.0, Role::Half);
        page.scene.disc((from, y), marks::DOT, Role::Half);
        page.scene.disc((to, y), marks::DOT, row.role());
    }

    /// A value beside its dot, on paper, past the line of zero where it would stand on it.
    fn value(&self, page: &mut Page, text: &str, (x, y): (f64, f64), way: f64, kind: Type) {
        let width = kind.width(text, page.fonts);
        let mut near = x + way * BESIDE;
        let zero = self.levels.x(0.0);
        let far = near + way * width;
        if self.levels.signed
            && (near.min(far) - 4.0..near.max(far) + 4.0).contains(&zero)
            && zero != x
        {
            near = zero + way * PAST_ZERO;
        }
        let left = near.min(near + way * width);
        let ground = Bounds {
            left: left - 3.0,
            top: y - kind.line / 2.0,
            right: left + width + 3.0,
            bottom: y + kind.line / 2.0,
        };
        page.scene.rect(ground, Role::Paper);
        page.scene
            .text(text, (left, y), Anchor::Start, kind, page.fonts);
    }

    fn change_marks(&self, page: &mut Page, row: &ChangeRow, y: f64) {
        let (span, role) = (&self.changes, row.role());
        page.scene.rule(span.left, span.right, y, Role::Grid);
        let zero = crisp(span.x(0.0));
        page.scene
            .line((zero, y - 6.0), (zero, y + 6.0), 1.0, Role::Ink);
        let at = (span.x(row.change), y);
        match (row.interval, row.narrowest) {
            (Some((low, high)), None) => {
                marks::dot(&mut page.scene, at, Some((span.x(low), span.x(high))), role)
            }
            (Some((low, high)), Some((least, most))) => {
                let (low, high) = (span.x(low), span.x(high));
                page.scene.line((low, y), (high, y), 1.0, role);
                for end in [low, high] {
                    page.scene.line((end, y - 4.0), (end, y + 4.0), 1.0, role);
                }
                page.scene
                    .line((span.x(least), y), (span.x(most), y), 3.0, role);
                page.scene.disc(at, marks::DOT, role);
            }
            // what none has sets no change apart
            (None, _) if self.chart.lacks_intervals() => {
                page.scene.disc(at, marks::DOT, role);
            }
            (None, _) => marks::open_dot(&mut page.scene, at, role),
        }
    }

    fn numbers(&self, page: &mut Page, row: &ChangeRow, y: f64) {
        let value = match row.established {
            true => Type::VALUE,
            false => Type::VALUE.in_role(Role::Ink2),
        };
        let fonts = page.fonts;
        page.scene.text(
            &signed_points(row.change),
            (self.numbers, y),
            Anchor::End,
            value,
            fonts,
        );
        if self.chart.lacks_intervals() {
            return;
        }
        let kind = match row.interval {
            Some(_) => Type::INTERVAL,
            None => Type::REMARK,
        };
        page.scene.text(
            &row.range(),
            (self.intervals, y),
            Anchor::Start,
            kind,
            fonts,
        );
    }
}

fn interval_head(level: f64) -> String {
    format!("{}% interval", (100.0 * level * 1e6).round() / 1e6)
}
