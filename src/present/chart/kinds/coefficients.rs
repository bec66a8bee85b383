//! Coefficients of a model: ratios on an axis of doublings, or numbers against zero, variables as blocks.

use crate::present::chart::arrangement::Arrangement;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::marks;
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
use crate::present::table::digits::{decimals_of_interval, number};

/// Coefficients one under the other, a block a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct CoefficientChart {
    pub title: String,
    pub subtitle: Option<String>,
    /// What the numbers are, over their column: `odds ratio`, `coefficient`.
    pub head: String,
    /// Whether these are ratios: half and double are equally far from 1.
    pub ratios: bool,
    pub groups: Vec<CoefficientGroup>,
    pub footer: Vec<String>,
    /// The confidence level of the intervals.
    pub level: f64,
}

/// The coefficients of one variable.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CoefficientGroup {
    pub head: Option<String>,
    pub note: Option<String>,
    pub rows: Vec<CoefficientRow>,
}

/// A level, or a number.
#[derive(Debug, Clone, PartialEq)]
pub struct CoefficientRow {
    pub label: String,
    pub mark: CoefficientMark,
    /// Respondents, as printed; empty where none are shown.
    pub n: String,
}

/// What is known of a coefficient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CoefficientMark {
    /// The level that others are compared with: an open dot at 1, or 0.
    Reference,
    Interval {
        value: f64,
        low: f64,
        high: f64,
    },
    /// It has no bound.
    Unbounded,
    /// Nobody has the combination, or it was left out.
    Nobody,
}

impl CoefficientChart {
    /// What a coefficient is held against.
    pub(in crate::internals::present::chart) fn neutral(&self) -> f64 {
        if self.ratios { 1.0 } else { 0.0 }
    }

    fn all_rows(&self) -> impl Iterator<Item = &CoefficientRow> + Clone {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    /// Whether an interval leaves the neutral value out.
    pub(in crate::internals::present::chart) fn is_established(
        &self,
        mark: CoefficientMark,
    ) -> bool {
        let neutral = self.neutral();
        matches!(mark, CoefficientMark::Interval { low, high, .. } if low > neutral || high < neutral)
    }

    /// Decimals of all numbers, but where an interval would not show in them: two of ratios, else as the range of the axis needs.
    pub(in crate::internals::present::chart) fn decimals(&self) -> usize {
        if self.ratios {
            return 2;
        }
        let width = self.all_rows().filter_map(|row| match row.mark {
            CoefficientMark::Interval { low, high, .. } => Some(high - low),
            _ => None,
        });
        let mut widths: Vec<f64> = width.filter(|width| *width > 0.0).collect();
        widths.sort_by(f64::total_cmp);
        match widths.get(widths.len() / 2) {
            Some(width) => (1.0 - width.log10().floor()).clamp(0.0, 6.0) as usize,
            None => 2,
        }
    }

    fn printed(&self, row: &CoefficientRow) -> String {
        match row.mark {
            CoefficientMark::Reference => number(self.neutral(), 0),
            CoefficientMark::Interval { value, low, high } => number(
                value,
                decimals_of_interval(self.decimals(), Some((low, high))),
            ),
            _ => String::new(),
        }
    }

    pub(in crate::internals::present::chart) fn words(&self, row: &CoefficientRow) -> String {
        match row.mark {
            CoefficientMark::Reference => "reference".to_owned(),
            CoefficientMark::Interval { low, high, .. } => {
                let decimals = decimals_of_interval(self.decimals(), Some((low, high)));
                let (low, high) = (number(low, decimals), number(high, decimals));
                match low.starts_with('−') || high.starts_with('−') {
                    true => format!("{low} to {high}"),
                    false => format!("{low}–{high}"),
                }
            }
            CoefficientMark::Unbounded => "no bound".to_owned(),
            CoefficientMark::Nobody => "nobody".to_owned(),
        }
    }

    fn interval_head(&self) -> String {
        // 0.95 × 100 is not quite 95 in binary
        format!("{}% interval", (self.level * 1e6).round() / 1e4)
    }
}

impl Chart for CoefficientChart {
    fn texts(&mut self) -> Vec<&mut String> {
        let groups = self.groups.iter_mut().flat_map(|group| {
            let rows = group
                .rows
                .iter_mut()
                .flat_map(|row| [&mut row.label, &mut row.n]);
            group.head.iter_mut().chain(&mut group.note).chain(rows)
        });
        [&mut self.title, &mut self.head]
            .into_iter()
            .chain(&mut self.subtitle)
            .chain(groups)
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::Level(self.level));
        }
        if self.all_rows().next().is_none() {
            return Err(Error::Empty);
        }
        self.all_rows().try_for_each(|row| {
            let CoefficientMark::Interval { value, low, high } = row.mark else {
                return Ok(());
            };
            let label = || row.label.clone();
            let fits = |x: f64| x.abs() <= MOST && (!self.ratios || x > 0.0);
            match [value, low, high].into_iter().find(|x| !fits(*x)) {
                Some(value) => Err(Error::NotANumber {
                    label: label(),
                    what: "coefficient",
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
        "Coefficients"
    }

    fn arrange(&mut self, order: Arrangement) {
        for group in &mut self.groups {
            let value = |row: &CoefficientRow| match row.mark {
                CoefficientMark::Interval { value, .. } => Some(value),
                _ => None,
            };
            // what all others are read against stands first
            let rank = |row: &CoefficientRow| u8::from(row.mark != CoefficientMark::Reference);
            order.arrange(&mut group.rows, |row| vec![row.label.clone()], value, rank);
        }
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        self.all_rows().count()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, words: &Language) -> String {
        let established: Vec<String> = self
            .all_rows()
            .filter(|row| self.is_established(row.mark))
            .take(20)
            .map(|row| {
                let (printed, range) = (
                    words.value(&self.printed(row)),
                    words.value(&self.words(row)),
                );
                words.fill(
                    "{}, {}",
                    &[&row.label, &words.fill("{} ({})", &[&printed, &range])],
                )
            })
            .collect();
        let against = match self.ratios {
            true => "1".to_owned(),
            false => words.fill("zero", &[]),
        };
        let found = match established.is_empty() {
            true => words.fill("No interval leaves {} out.", &[&against]),
            false => words.fill(
                "Intervals that leave {} out: {}.",
                &[&against, &established.join("; ")],
            ),
        };
        let count = self.rows().to_string();
        let rows = words.fill(
            "Dot plot of {} rows of a model, {} against {}.",
            &[&count, &words.value(&self.head), &against],
        );
        format!("{rows} {found}")
    }

    fn for_slides(&mut self) {
        // the axis of a chart that can be edited is even
        let even = " The axis is logarithmic: half and double are equally far from 1.";
        for text in &mut self.footer {
            *text = text.replace(even, "");
        }
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        Some(slides::coefficients(self, self.describe(words)))
    }

    fn lay_out(&self, page: &mut Page) {
        page.head(&self.title, self.subtitle.as_deref(), &[]);
        Layout::new(self, page).draw(page);
        page.foot(&self.footer);
    }
}

/// Ratios beyond 8 or under 1/8 end in an arrow: what is further is read, not seen.
const MOST_DOUBLINGS: f64 = 3.0;
/// A row has at least this height.
const ROW: f64 = 27.0;
/// The line that a mark stands on in the narrow layout.
const LINE: f64 = 19.0;
/// The label column takes at most so much of the canvas.
const LABELS: f64 = 0.34;
/// A label narrower than this is torn apart.
const LEAST_LABEL: f64 = 60.0;
/// In a plot narrower than this, intervals are lost.
const LEAST_PLOT: f64 = 130.0;

/// Where numbers stand on the canvas.
struct Axis {
    left: f64,
    right: f64,
    low: f64,
    high: f64,
    /// Numbers that have a line, with what is written at it; on the scale of the axis.
    ticks: Vec<(f64, String)>,
    ratios: bool,
}

impl Axis {
    fn new(chart: &CoefficientChart, (left, right): (f64, f64), fonts: &Fonts) -> Axis {
        let neutral = chart.neutral();
        let reach = chart.all_rows().filter_map(|row| match row.mark {
            CoefficientMark::Interval { value, low, high } => {
                Some((low.min(value), high.max(value)))
            }
            _ => None,
        });
        let (low, high) = reach.fold((neutral, neutral), |(a, b), (c, d)| (a.min(c), b.max(d)));
        if !chart.ratios {
            let ticks = Ticks::over(covered((low, high), true), |ticks| {
                let room = (right - left) / ticks.steps();
                room >= ticks.widest(|ticks, x| ticks.label(x), fonts) + 10.0
            });
            return Axis {
                left,
                right,
                low: ticks.low(),
                high: ticks.high(),
                ticks: ticks.values().map(|x| (x, ticks.label(x))).collect(),
                ratios: false,
            };
        }
        let low = low.log2().floor().clamp(-MOST_DOUBLINGS, -1.0);
        let high = high.log2().ceil().clamp(1.0, MOST_DOUBLINGS);
        let tick = |power: i32| {
            (
                f64::from(power),
                number(
                    2.0_f64.powi(power),
                    match power {
                        ..=-3 => 3,
                        -2 => 2,
                        -1 => 1,
                        _ => 0,
                    },
                ),
            )
        };
        let ticks = (low as i32..=high as i32).map(tick);
        let widest = ticks
            .clone()
            .map(|(_, text)| Type::DIRECT.width(&text, fonts))
            .fold(0.0, f64::max);
        let room = (right - left) / (high - low);
        // every doubling, or every other one, or 1 and the ends
        let step = ((widest + 8.0) / room).ceil().clamp(1.0, MOST_DOUBLINGS);
        Axis {
            left,
            right,
            low,
            high,
            ticks: ticks.filter(|(power, _)| power % step == 0.0).collect(),
            ratios: true,
        }
    }

    fn at(&self, x: f64) -> f64 {
        if self.ratios { x.log2() } else { x }
    }

    /// The place of a number on the scale of the axis.
    fn place(&self, x: f64) -> f64 {
        let share = (x.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.left + (self.right - self.left) * share
    }

    fn labels(&self, scene: &mut Scene, y: f64, fonts: &Fonts) {
        for (x, text) in &self.ticks {
            let kind = if *x == 0.0 { Type::DIRECT } else { Type::TICK };
            scene.text(text, (self.place(*x), y), Anchor::Middle, kind, fonts);
        }
    }

    fn grid(&self, scene: &mut Scene, top: f64, bottom: f64) {
        for (x, _) in self.ticks.iter().filter(|(x, _)| *x != 0.0) {
            let x = crisp(self.place(*x));
            scene.line((x, top), (x, bottom), 1.0, Role::Grid);
        }
    }

    fn neutral(&self, scene: &mut Scene, top: f64, bottom: f64) {
        let x = crisp(self.place(0.0));
        scene.line((x, top), (x, bottom), 1.0, Role::Ink);
    }

    /// A dot on its interval; what goes beyond the axis ends in an arrow.
    fn interval(&self, scene: &mut Scene, y: f64, (value, low, high): (f64, f64, f64), role: Role) {
        let [value, low, high] = [value, low, high].map(|x| self.at(x));
        let ends = (self.place(low), self.place(high));
        scene.line((ends.0, y), (ends.1, y), 2.0, role);
        let mut arrow = |x: f64, way: f64| {
            let head = [(0.0, -4.0), (6.0, 0.0), (0.0, 4.0)];
            scene.polygon(
                head.map(|(along, across)| (x + way * along, y + across))
                    .to_vec(),
                role,
            );
        };
        if low < self.low {
            arrow(self.left, -1.0);
        }
        if high > self.high {
            arrow(self.right, 1.0);
        }
        if (self.low..=self.high).contains(&value) {
            scene.disc((self.place(value), y), marks::DOT, role);
        }
    }
}

struct Layout<'c> {
    chart: &'c CoefficientChart,
    axis: Axis,
    narrow: bool,
    /// Labels stand over their numbers: beside them there is no room.
    stacked: bool,
    /// Whether respondents are counted: not where numbers take the whole width.
    counts: bool,
    measure: f64,
    /// Where numbers end, their decimals included.
    numbers: f64,
    fraction: f64,
    intervals: f64,
}

impl<'c> Layout<'c> {
    fn new(chart: &'c CoefficientChart, page: &Page) -> Layout<'c> {
        let fonts = page.fonts;
        let texts = |of: &dyn Fn(&CoefficientRow) -> String| {
            chart.all_rows().map(of).collect::<Vec<String>>()
        };
        let n = widest(&texts(&|row| row.n.clone()), Type::REMARK, fonts);
        let n = if n > 0.0 {
            n.max(Type::TICK.width("n", fonts)) + 16.0
        } else {
            0.0
        };
        let words = widest(&texts(&|row| chart.words(row)), Type::INTERVAL, fonts)
            .max(Type::TICK.width(&chart.interval_head(), fonts));
        let printed = texts(&|row| chart.printed(row));
        let width = widest(&printed, Type::VALUE, fonts).max(Type::TICK.width(&chart.head, fonts));
        let counts = n > 0.0 && page.right - n - words - 14.0 - width >= page.left;
        let intervals = page.right - if counts { n } else { 0.0 } - words;
        let numbers = intervals - 14.0;
        let fraction = widest(
            &printed
                .iter()
                .map(|text| split(text).1.to_owned())
                .collect::<Vec<_>>(),
            Type::VALUE,
            fonts,
        );
        let labels = widest(&texts(&|row| row.label.clone()), Type::LABEL, fonts).ceil();
        let most = (page.scene.width * LABELS).floor();
        let measure = labels.min(most);
        let (left, right) = (crisp(page.left + measure + 24.0), numbers - width - 24.0);
        let narrow = page.narrow || right - left < LEAST_PLOT;
        let beside = numbers - width - 12.0 - page.left;
        let stacked = narrow && beside < LEAST_LABEL;
        let (ends, measure) = match narrow {
            true => (
                (crisp(page.left + 14.0), page.right - 14.0),
                if stacked {
                    page.right - page.left
                } else {
                    beside
                },
            ),
            false => ((left, right), measure),
        };
        Layout {
            axis: Axis::new(chart, ends, fonts),
            chart,
            narrow,
            stacked,
            counts,
            measure,
            numbers,
            fraction,
            intervals,
        }
    }

    fn heads(&self, page: &mut Page) {
        let (scene, fonts, y) = (&mut page.scene, page.fonts, page.y);
        scene.text(
            &self.chart.head,
            (self.numbers, y),
            Anchor::End,
            Type::TICK,
            fonts,
        );
        scene.text(
            &self.chart.interval_head(),
            (self.intervals, y),
            Anchor::Start,
            Type::TICK,
            fonts,
        );
        if self.counts {
            scene.text("n", (page.right, y), Anchor::End, Type::TICK, fonts);
        }
    }

    fn draw(&self, page: &mut Page) {
        page.y += 14.0;
        if !self.narrow {
            self.axis.labels(&mut page.scene, page.y, page.fonts);
        }
        self.heads(page);
        page.y += 10.0;
        for (index, group) in self.chart.groups.iter().enumerate() {
            page.y += if index > 0 { 10.0 } else { 0.0 };
            self.head(page, group);
            self.group(page, group);
        }
        page.y += 11.0;
        self.axis.labels(&mut page.scene, page.y, page.fonts);
        page.y += 8.0;
    }

    /// The name of a variable, what its test says after it where there is room.
    fn head(&self, page: &mut Page, group: &CoefficientGroup) {
        let (Some(head), Some(note)) = (&group.head, &group.note) else {
            return page.group_head(group.head.as_deref(), group.note.as_deref());
        };
        let x = page.left + Type::GROUP.width(head, page.fonts) + 10.0;
        if x + Type::GROUP_NOTE.width(note, page.fonts) > page.right {
            return page.group_head(Some(head), Some(note));
        }
        page.group_head(Some(head), None);
        let y = page.y - Type::GROUP.line / 2.0 + Type::GROUP_NOTE.shift_to(Type::GROUP);
        page.scene
            .text(note, (x, y), Anchor::Start, Type::GROUP_NOTE, page.fonts);
    }

    fn group(&self, page: &mut Page, group: &CoefficientGroup) {
        let top = (page.y + 2.0).round();
        let labels: Vec<Vec<String>> = group
            .rows
            .iter()
            .map(|row| Type::LABEL.balanced(&row.label, self.measure, page.fonts))
            .collect();
        let height = |lines: &Vec<String>| {
            let text = self.lines(lines) + 10.0;
            let own = if self.narrow {
                text + LINE
            } else {
                text.max(ROW)
            };
            (own + page.air).round()
        };
        let heights: Vec<f64> = labels.iter().map(height).collect();
        let bottom = top + heights.iter().sum::<f64>();
        if !self.narrow {
            self.axis.grid(&mut page.scene, top, bottom);
        }
        let mut y = top;
        let mut middles = Vec::new();
        for (lines, height) in labels.iter().zip(&heights) {
            let text = self.lines(lines);
            let middle = match self.narrow {
                true => crisp(y + 5.0 + text + LINE / 2.0),
                false => crisp(y + height / 2.0),
            };
            middles.push((y, middle, text));
            y += height;
        }
        for (_, middle, _) in &middles {
            page.scene
                .rule(self.axis.left, self.axis.right, *middle, Role::Grid);
            if self.narrow {
                self.axis.grid(&mut page.scene, middle - 4.0, middle + 4.0);
                self.axis
                    .neutral(&mut page.scene, middle - 8.0, middle + 8.0);
            }
        }
        if !self.narrow {
            self.axis.neutral(&mut page.scene, top, bottom);
        }
        for ((row, lines), (from, middle, text)) in group.rows.iter().zip(&labels).zip(middles) {
            page.y = match self.narrow {
                true => from + 5.0,
                false => middle - text / 2.0,
            };
            let line = match (self.stacked, self.narrow) {
                (true, _) => page.y + text - Type::LABEL.line / 2.0,
                (_, true) => page.y + Type::LABEL.line / 2.0,
                _ => middle,
            };
            page.lines(lines, page.left, Type::LABEL);
            self.row(page, row, (line, middle));
        }
        page.y = bottom;
    }

    fn row(&self, page: &mut Page, row: &CoefficientRow, (line, middle): (f64, f64)) {
        let (scene, fonts, chart) = (&mut page.scene, page.fonts, self.chart);
        let established = chart.is_established(row.mark);
        match row.mark {
            CoefficientMark::Reference => {
                let x = crisp(self.axis.place(0.0));
                marks::open_dot(scene, (x, middle), Role::Muted);
            }
            CoefficientMark::Interval { value, low, high } => {
                let role = if established {
                    Role::Category(0)
                } else {
                    Role::Muted
                };
                self.axis.interval(scene, middle, (value, low, high), role);
            }
            _ => {}
        }
        let printed = chart.printed(row);
        let kind = Type::VALUE.in_role(if established { Role::Ink } else { Role::Ink2 });
        let (_, decimals) = split(&printed);
        let end = self.numbers - self.fraction + kind.width(decimals, fonts);
        scene.text(&printed, (end, line), Anchor::End, kind, fonts);
        let kind = match row.mark {
            CoefficientMark::Interval { .. } => Type::INTERVAL,
            _ => Type::REMARK,
        };
        let y = line + kind.shift_to(Type::VALUE);
        scene.text(
            &chart.words(row),
            (self.intervals, y),
            Anchor::Start,
            kind,
            fonts,
        );
        if self.counts {
            scene.text(&row.n, (page.right, y), Anchor::End, Type::REMARK, fonts);
        }
    }

    /// The height of a label, and of the line of numbers where that stands under it.
    fn lines(&self, label: &[String]) -> f64 {
        let own = usize::from(self.stacked);
        Type::LABEL.line * (label.len().max(1) + own) as f64
    }
}

/// A number before its decimal point, and from it on.
fn split(number: &str) -> (&str, &str) {
    number.split_at(number.find('.').unwrap_or(number.len()))
}
