//! Polls and their average: squares by weight with their intervals, the average as a diamond, and where another such poll
//! would lie.

use crate::present::chart::bounds::Bounds;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::scale::{MOST, Ticks, covered};
use crate::present::chart::scene::{Anchor, Scene};
#[cfg(feature = "xlsx")]
use crate::present::chart::slides;
use crate::present::chart::text::{Type, widest};
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;
use crate::present::table::digits::number;

/// Polls one under the other, their average below.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PoolChart {
    pub title: String,
    pub subtitle: Option<String>,
    /// Whether these are shares, in per cent.
    pub shares: bool,
    /// Whether these are shares less others, in points.
    pub points: bool,
    pub polls: Vec<PoolRow>,
    pub average: PoolRow,
    /// The prediction interval: its name, ends, and how they are printed.
    pub another: Option<(String, (f64, f64), String)>,
    pub footer: Vec<String>,
    /// The confidence level of the intervals.
    pub level: f64,
}

/// A poll, or the average.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PoolRow {
    pub label: String,
    pub at: f64,
    pub interval: (f64, f64),
    /// The figure and its interval as they are printed.
    pub printed: String,
    pub range: String,
    /// Respondents, as printed; empty where nobody knows.
    pub n: String,
    /// Its part of the average, from 0 to 1.
    pub weight: f64,
}

/// The label column takes at most so much of the canvas.
const LABELS: f64 = 0.26;
const GUTTER: f64 = 14.0;
const BETWEEN: f64 = 16.0;
/// Between the plot and the figures: the last label of the axis reaches into it.
const BEFORE: f64 = 28.0;
/// A row has at least this height.
const ROW: f64 = 27.0;
/// The line of a mark in the narrow layout.
const LINE: f64 = 19.0;
const LEAST_PLOT: f64 = 130.0;
/// The sides of squares: of the poll that weighs most, and of those that weigh next to nothing.
const LARGEST: f64 = 11.0;
const SMALLEST: f64 = 5.0;
/// Half the height of the diamond.
const DIAMOND: f64 = 7.0;
/// Per cents: ends are round by this, and at least so far apart.
const STEP: f64 = 5.0;
const LEAST_SPAN: f64 = 20.0;

impl PoolChart {
    fn rows_and_average(&self) -> impl Iterator<Item = &PoolRow> + Clone {
        self.polls.iter().chain(std::iter::once(&self.average))
    }

    fn reach(&self) -> (f64, f64) {
        let intervals = self.rows_and_average().map(|row| row.interval);
        let all = intervals.chain(self.another.iter().map(|(_, ends, _)| *ends));
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (a, b)| {
            (low.min(a), high.max(b))
        })
    }

    /// The ends of an axis of per cents: the next five outside of all intervals, twenty points apart at least.
    fn ends(&self) -> (f64, f64) {
        let (low, high) = self.reach();
        let (mut low, mut high) = ((low / STEP).floor() * STEP, (high / STEP).ceil() * STEP);
        let mut below = true;
        while high - low < LEAST_SPAN && (low > 0.0 || high < 100.0) {
            match below && low > 0.0 || high >= 100.0 {
                true => low -= STEP,
                false => high += STEP,
            }
            below = !below;
        }
        (low.max(0.0), high.min(100.0))
    }

    fn interval_head(&self) -> String {
        // 0.95 × 100 is not quite 95 in binary
        format!("{}% interval", (self.level * 1e6).round() / 1e4)
    }

    pub(in crate::internals::present::chart) fn unit(&self) -> &'static str {
        match (self.shares, self.points) {
            (true, _) => "%",
            (_, true) => "points",
            _ => "estimate",
        }
    }

    fn weight(row: &PoolRow) -> String {
        format!("{}%", number(100.0 * row.weight, 0))
    }
}

impl Chart for PoolChart {
    fn texts(&mut self) -> Vec<&mut String> {
        fn row_texts(row: &mut PoolRow) -> [&mut String; 4] {
            [&mut row.label, &mut row.printed, &mut row.range, &mut row.n]
        }
        let another = self
            .another
            .iter_mut()
            .flat_map(|(name, _, range)| [name, range]);
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(self.polls.iter_mut().flat_map(row_texts))
            .chain(row_texts(&mut self.average))
            .chain(another)
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::Level(self.level));
        }
        if self.polls.is_empty() {
            return Err(Error::Empty);
        }
        self.rows_and_average().try_for_each(|row| {
            let (low, high) = row.interval;
            let label = || row.label.clone();
            let fits = |x: f64| x.is_finite() && x.abs() <= MOST;
            match [row.at, low, high].into_iter().find(|x| !fits(*x)) {
                Some(value) => Err(Error::NotANumber {
                    label: label(),
                    what: "figure",
                    value,
                }),
                None if low > high => Err(Error::Reversed {
                    label: label(),
                    what: "interval",
                    low,
                    high,
                }),
                None => Ok(()),
            }
        })
    }

    fn kind(&self) -> &'static str {
        "Pooled average"
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        self.polls.len() + 1 + usize::from(self.another.is_some())
    }

    fn title(&self) -> &str {
        &self.title
    }

    /// “Forest plot of 7 polls and their average. Pooled: 49% (47.1–51.2). Highest: … Lowest: … Another such poll: …”
    fn describe(&self, words: &Language) -> String {
        let sign = if self.shares { "%" } else { "" };
        let in_words = |row: &PoolRow| {
            let clause = format!(
                "{} {}",
                words.value(&row.label),
                words.value(&format!("{}{sign}", row.printed))
            );
            words.fill("{} ({})", &[&clause, &words.value(&row.range)])
        };
        let mut sentences = vec![
            words.fill(
                "Forest plot of {} polls and their average.",
                &[&self.polls.len().to_string()],
            ),
            format!("{}.", in_words(&self.average)),
        ];
        let by_place = |a: &&PoolRow, b: &&PoolRow| a.at.total_cmp(&b.at);
        let highest = self.polls.iter().rev().max_by(by_place);
        sentences.extend(highest.map(|row| words.fill("Highest: {}.", &[&in_words(row)])));
        let lowest = self.polls.iter().min_by(by_place);
        sentences.extend(lowest.map(|row| words.fill("Lowest: {}.", &[&in_words(row)])));
        let another = self.another.as_ref();
        sentences.extend(another.map(|(name, _, range)| {
            words.fill("{}: {}.", &[&words.value(name), &words.value(range)])
        }));
        sentences.join(" ")
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        Some(slides::pool(self, self.describe(words)))
    }

    fn lay_out(&self, page: &mut Page) {
        page.head(&self.title, self.subtitle.as_deref(), &[]);
        let layout = Layout::new(self, page);
        layout.draw(page);
        let mut footer = self.footer.clone();
        let cut = format!(
            "The axis runs from {} to {}.",
            layout.axis.named(0),
            layout.axis.named(1)
        );
        // what else the foot says is in the language of the chart already
        let cut = page.fonts.language().text(&cut).into_owned();
        match footer.first_mut() {
            Some(first) => *first = format!("{cut} {first}"),
            None => footer.push(cut),
        }
        page.foot(&footer);
    }
}

/// An axis round the data, cut at both ends.
struct Axis {
    left: f64,
    right: f64,
    low: f64,
    high: f64,
    ticks: Vec<(f64, String)>,
    shares: bool,
}

impl Axis {
    fn new(chart: &PoolChart, (left, right): (f64, f64), fonts: &Fonts) -> Axis {
        let room = |steps: f64, widest: f64| (right - left) / steps >= widest + 12.0;
        if !chart.shares {
            let ticks = Ticks::over(covered(chart.reach(), false), |ticks| {
                room(ticks.steps(), ticks.widest(Ticks::label, fonts))
            });
            return Axis {
                left,
                right,
                low: ticks.low(),
                high: ticks.high(),
                ticks: ticks.values().map(|x| (x, ticks.label(x))).collect(),
                shares: false,
            };
        }
        let (low, high) = chart.ends();
        let widest = Type::TICK.width("100%", fonts);
        let steps = |by: f64| (high - low) / by;
        let by = [STEP, 10.0, 20.0, 25.0, 50.0];
        let by = by
            .into_iter()
            .find(|by| steps(*by) <= 6.0 && room(steps(*by), widest));
        let by = by.unwrap_or(100.0);
        let first = (low / by).ceil() as i64;
        let last = (high / by).floor() as i64;
        let at = (first..=last).map(|step| step as f64 * by);
        let label = |x: f64| match x == low || x == high {
            true => format!("{}%", number(x, 0)),
            false => number(x, 0),
        };
        Axis {
            left,
            right,
            low,
            high,
            ticks: at.map(|x| (x, label(x))).collect(),
            shares: true,
        }
    }

    /// An end in words.
    fn named(&self, end: usize) -> String {
        let x = [self.low, self.high][end.min(1)];
        let sign = if self.shares && end == 1 { "%" } else { "" };
        let ticks = self.ticks.iter();
        let printed = ticks.clone().find(|(tick, _)| *tick == x);
        let printed = printed.map(|(_, text)| text.trim_end_matches('%').to_owned());
        printed.unwrap_or_else(|| number(x, 0)) + sign
    }

    fn x(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.left + (self.right - self.left) * share
    }

    fn labels(&self, scene: &mut Scene, y: f64, fonts: &Fonts) {
        for (x, text) in &self.ticks {
            scene.text(text, (self.x(*x), y), Anchor::Middle, Type::TICK, fonts);
        }
    }

    /// The level hairline that leads the eye from a label to its mark.
    fn hairline(&self, scene: &mut Scene, y: f64) {
        scene.rule(self.left, self.right, y, Role::Grid);
    }

    fn grid(&self, scene: &mut Scene, top: f64, bottom: f64) {
        for (value, _) in &self.ticks {
            let strong = if self.shares { 50.0 } else { 0.0 };
            let role = if *value == strong {
                Role::Half
            } else {
                Role::Grid
            };
            let x = crisp(self.x(*value));
            scene.line((x, top), (x, bottom), 1.0, role);
        }
    }
}

/// Where everything stands across.
struct Layout<'a> {
    chart: &'a PoolChart,
    axis: Axis,
    narrow: bool,
    labels: f64,
    figures: f64,
    intervals: f64,
    n: f64,
}

impl<'a> Layout<'a> {
    fn new(chart: &'a PoolChart, page: &Page) -> Layout<'a> {
        let fonts = page.fonts;
        let wide = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max);
        let rows = || chart.rows_and_average();
        let weight = Type::TICK
            .width("weight", fonts)
            .max(Type::TICK.width("100%", fonts));
        let n = wide(&mut rows().map(|row| Type::TICK.width(&row.n, fonts)));
        let n_right = page.right - weight - BETWEEN;
        let another = chart.another.iter().map(|(_, _, range)| range);
        let ranges = rows().map(|row| &row.range).chain(another);
        let head = Type::TICK.width(&chart.interval_head(), fonts);
        let range = widest(ranges, Type::INTERVAL, fonts).max(head);
        let intervals = n_right - n.max(12.0) - BETWEEN - range;
        let figures = intervals - BETWEEN;
        let printed = widest(rows().map(|row| &row.printed), Type::VALUE, fonts);
        let printed = printed.max(Type::TICK.width(chart.unit(), fonts));
        let names = rows().map(|row| &row.label);
        let names = names.chain(chart.another.iter().map(|(name, _, _)| name));
        let most = (page.scene.width * LABELS).floor();
        let labels = widest(names, label_type(true), fonts)
            .ceil()
            .clamp(most / 2.0, most);
        let room = (page.left + labels + GUTTER, figures - printed - BEFORE);
        let narrow = page.narrow || room.1 - room.0 < LEAST_PLOT;
        let room = match narrow {
            true => (page.left + 12.0, page.right - 16.0),
            false => room,
        };
        Layout {
            chart,
            axis: Axis::new(chart, (crisp(room.0), crisp(room.1)), fonts),
            narrow,
            labels: if narrow { page.measure() } else { labels },
            figures,
            intervals,
            n: n_right,
        }
    }

    fn draw(&self, page: &mut Page) {
        let (fonts, chart) = (page.fonts, self.chart);
        page.y += 14.0;
        self.axis.labels(&mut page.scene, page.y, fonts);
        if !self.narrow {
            let (y, kind, right) = (page.y, Type::TICK, page.right);
            let scene = &mut page.scene;
            scene.text(chart.unit(), (self.figures, y), Anchor::End, kind, fonts);
            scene.text(
                &chart.interval_head(),
                (self.intervals, y),
                Anchor::Start,
                kind,
                fonts,
            );
            scene.text("n", (self.n, y), Anchor::End, kind, fonts);
            scene.text("weight", (right, y), Anchor::End, kind, fonts);
        }
        page.y += 10.0;
        page.group_head(None, None);
        page.y += 5.0;
        let top = page.y;
        let heights: Vec<f64> = chart
            .polls
            .iter()
            .map(|row| self.height(&row.label, false, page))
            .collect();
        let of_polls: f64 = heights.iter().sum();
        let average = self.height(&chart.average.label, true, page);
        let another = chart
            .another
            .as_ref()
            .map(|(name, _, _)| self.height(name, false, page));
        let bottom = top + of_polls + 14.0 + average + another.unwrap_or(0.0);
        self.axis.grid(&mut page.scene, top, bottom);
        // the average runs up through the polls
        let x = crisp(self.axis.x(chart.average.at));
        let centre = bottom - another.unwrap_or(0.0) - average / 2.0;
        page.scene.line((x, top), (x, centre), 1.25, Role::Muted);
        let most = chart.polls.iter().map(|row| row.weight).fold(0.0, f64::max);
        for (row, height) in chart.polls.iter().zip(heights) {
            let y = self.row(page, row, height, false);
            self.axis.hairline(&mut page.scene, y);
            let side = (LARGEST * (row.weight / most).max(0.0).sqrt()).max(SMALLEST);
            self.square(&mut page.scene, row, y, side);
        }
        page.y += 6.0;
        page.group_head(None, None);
        page.y += 8.0 - (page.y - page.y.floor());
        let y = self.row(page, &chart.average, average, true);
        self.diamond(&mut page.scene, y);
        if let (Some((name, ends, range)), Some(height)) = (&chart.another, another) {
            let row = PoolRow {
                label: name.clone(),
                range: range.clone(),
                weight: f64::NAN,
                ..PoolRow::default()
            };
            let y = self.row(page, &row, height, false);
            let (low, high) = (self.axis.x(ends.0), self.axis.x(ends.1));
            let scene = &mut page.scene;
            scene.line((low, y), (high, y), 3.0, Role::Muted);
            for end in [low, high] {
                scene.line((end, y - 4.0), (end, y + 4.0), 1.0, Role::Muted);
            }
        }
        page.y += 11.0;
        if !self.narrow {
            self.axis.labels(&mut page.scene, page.y, fonts);
            page.y += 8.0;
        }
    }

    /// The lines of a label, in a row at least as high as its mark.
    fn height(&self, label: &str, strong: bool, page: &Page) -> f64 {
        let lines = label_type(strong).balanced(label, self.label_measure(), page.fonts);
        let lines = lines.len() as f64;
        let text = Type::LABEL.line * lines;
        let height = match self.narrow {
            true => text + LINE + 3.0,
            false => (text + 10.0).max(ROW),
        };
        height + page.air
    }

    /// In the narrow layout the figure and its interval stand right of the label.
    fn label_measure(&self) -> f64 {
        if self.narrow {
            self.labels * 0.55
        } else {
            self.labels
        }
    }

    /// Texts of a row; the place of its mark.
    fn row(&self, page: &mut Page, row: &PoolRow, height: f64, strong: bool) -> f64 {
        let (fonts, start, right) = (page.fonts, page.y, page.right);
        let kind = label_type(strong);
        let lines = kind.balanced(&row.label, self.label_measure(), fonts);
        let text = Type::LABEL.line * lines.len() as f64;
        let mark = match self.narrow {
            true => crisp(start + text + LINE / 2.0),
            false => crisp(start + height / 2.0),
        };
        page.y = if self.narrow {
            start
        } else {
            mark - text / 2.0
        };
        page.lines(&lines, page.left, kind);
        page.y = start + height;
        let level = match self.narrow {
            true => start + Type::LABEL.line / 2.0,
            false => mark,
        };
        let at = |kind: Type| level + kind.shift_to(Type::VALUE);
        let scene = &mut page.scene;
        let (figures, intervals) = match self.narrow {
            true => {
                let range = Type::INTERVAL.width(&row.range, fonts);
                (right - range - 7.0, right - range)
            }
            false => (self.figures, self.intervals),
        };
        scene.text(
            &row.printed,
            (figures, level),
            Anchor::End,
            Type::VALUE,
            fonts,
        );
        scene.text(
            &row.range,
            (intervals, at(Type::INTERVAL)),
            Anchor::Start,
            Type::INTERVAL,
            fonts,
        );
        if !self.narrow {
            scene.text(
                &row.n,
                (self.n, at(Type::TICK)),
                Anchor::End,
                Type::TICK,
                fonts,
            );
            if row.weight.is_finite() {
                let weight = PoolChart::weight(row);
                scene.text(
                    &weight,
                    (right, at(Type::TICK)),
                    Anchor::End,
                    Type::TICK,
                    fonts,
                );
            }
        }
        mark
    }

    fn square(&self, scene: &mut Scene, row: &PoolRow, y: f64, side: f64) {
        let (low, high) = (self.axis.x(row.interval.0), self.axis.x(row.interval.1));
        scene.line((low, y), (high, y), 2.0, Role::Category(0));
        let x = self.axis.x(row.at);
        let bounds = Bounds {
            left: x - side / 2.0,
            top: y - side / 2.0,
            right: x + side / 2.0,
            bottom: y + side / 2.0,
        };
        scene.rect(bounds, Role::Category(0));
    }

    fn diamond(&self, scene: &mut Scene, y: f64) {
        let row = &self.chart.average;
        let (low, high) = (self.axis.x(row.interval.0), self.axis.x(row.interval.1));
        let x = self.axis.x(row.at);
        let corners = [(low, y), (x, y - DIAMOND), (high, y), (x, y + DIAMOND)];
        scene.polygon(corners.to_vec(), Role::Ink);
    }
}

/// How the name of a poll is set, and that of the average.
fn label_type(strong: bool) -> Type {
    match strong {
        true => Type {
            weight: Type::GROUP.weight,
            ..Type::LABEL
        },
        false => Type::LABEL,
    }
}
