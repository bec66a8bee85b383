//! The banner chart: one row of a table over all of its columns, dots with their intervals, the total as a line.

use crate::present::chart::arrangement::Arrangement;
use crate::present::chart::axis::LevelAxis;
use crate::present::chart::bounds::Bounds;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::marks;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::scale::Scale;
use crate::present::chart::scene::Anchor;
#[cfg(feature = "xlsx")]
use crate::present::chart::slides;
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;

/// One row of a banner table, a block under the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BannerChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// All respondents: the first row, and a line through the others.
    pub total: Option<BannerRow>,
    /// The variables of the banner, in the order in which they are drawn.
    pub blocks: Vec<BannerBlock>,
    /// The paragraphs of the footer: what the colours mean, method, sources.
    pub footer: Vec<String>,
    /// The confidence level of the intervals.
    pub level: f64,
    /// What the figures are: per cents, or numbers.
    pub scale: Scale,
    pub subject: BannerSubject,
}

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BannerSubject {
    /// Columns of a banner table, which differ from the total or do not.
    #[default]
    Columns,
    /// Levels of the variables of a model, among which a test finds a difference or does not.
    Levels,
}

/// The columns of a variable.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BannerBlock {
    /// Its name.
    pub head: String,
    /// What a test says of it, behind the name.
    pub note: Option<String>,
    /// A column each.
    pub rows: Vec<BannerRow>,
}

/// A column of the table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BannerRow {
    /// Who is in it.
    pub label: String,
    /// A line of small print under the label.
    pub note: Option<String>,
    /// Its figure; `None` where the base is too small, or nothing is known.
    pub figure: Option<BannerFigure>,
    /// Why there is no figure: “base under 30”.
    pub remark: Option<String>,
    /// How many respondents, as printed.
    pub n: String,
    /// Whether it is more than chance that it differs from the total: blue, else grey.
    pub differs: bool,
}

/// A figure with its interval.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BannerFigure {
    /// As it is printed: `62`.
    pub printed: String,
    /// In per cent, or as a number of the chart’s scale.
    pub at: f64,
    /// The ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// The interval as printed: `58.9–65.1`.
    pub range: String,
}

/// The label column takes at most so much of the canvas.
const LABELS: f64 = 0.314;
const GUTTER: f64 = 14.0;
/// Between plot and numbers, numbers and intervals, intervals and n.
const BEFORE: f64 = 19.0;
const BETWEEN: f64 = 16.0;
const LEAST_PLOT: f64 = 150.0;
/// A row has at least this height, and so much above and below its lines.
const LEAST: f64 = 27.0;
const PADDING: f64 = 5.0;
/// The line of a mark in the narrow layout.
const LINE: f64 = 17.0;
/// A chart higher than this has its axis labels again below.
const TALL: f64 = 400.0;
/// Half the stroke that stands for the total in a narrow row.
const STROKE: f64 = 6.0;
/// From a figure to a mark beside it.
const BESIDE: f64 = 8.0;

impl BannerRow {
    fn role(&self, is_total: bool) -> Role {
        match self.differs && !is_total {
            true => Role::Category(0),
            false => Role::Muted,
        }
    }

    fn value_type(&self, is_total: bool) -> Type {
        match self.differs || is_total {
            true => Type::VALUE,
            false => Type::VALUE.in_role(Role::Ink2),
        }
    }

    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let figure = self.figure.iter_mut();
        let figure = figure.flat_map(|figure| [&mut figure.printed, &mut figure.range]);
        std::iter::once(&mut self.label)
            .chain(&mut self.note)
            .chain(&mut self.remark)
            .chain(std::iter::once(&mut self.n))
            .chain(figure)
    }

    fn check(&self, scale: &Scale) -> Result<(), Error> {
        let Some(figure) = &self.figure else {
            return Ok(());
        };
        let (low, high) = figure.interval.unwrap_or((figure.at, figure.at));
        for value in [figure.at, low, high] {
            let label = self.label.clone();
            match scale {
                _ if !value.is_finite() => {
                    let what = "figure";
                    return Err(Error::NotANumber { label, what, value });
                }
                Scale::Percent if !(0.0..=100.0).contains(&value) => {
                    return Err(Error::NotAPercent { label, value });
                }
                Scale::Numbers { .. } if value.abs() > crate::present::chart::scale::MOST => {
                    return Err(Error::BeyondAxis { label, value });
                }
                _ => {}
            }
        }
        match low > high {
            true => Err(Error::Reversed {
                label: self.label.clone(),
                what: "interval",
                low,
                high,
            }),
            false => Ok(()),
        }
    }
}

impl BannerChart {
    fn all_rows(&self) -> impl Iterator<Item = &BannerRow> + Clone {
        let blocks = self.blocks.iter().flat_map(|block| &block.rows);
        self.total.iter().chain(blocks)
    }

    fn figures(&self) -> impl Iterator<Item = (&BannerRow, &BannerFigure)> + Clone {
        self.all_rows()
            .filter_map(|row| Some((row, row.figure.as_ref()?)))
    }

    /// From the lowest to the highest place that a mark reaches.
    fn reach(&self) -> (f64, f64) {
        let ends = self.figures().flat_map(|(_, figure)| {
            let (low, high) = figure.interval.unwrap_or((figure.at, figure.at));
            [low.min(figure.at), high.max(figure.at)]
        });
        ends.fold((f64::INFINITY, f64::NEG_INFINITY), |all, end| {
            (all.0.min(end), all.1.max(end))
        })
    }

    /// The head of the column of figures.
    fn unit(&self) -> &str {
        match &self.scale {
            Scale::Percent => "%",
            Scale::Numbers { head, .. } => head,
        }
    }

    fn interval_head(&self) -> String {
        // 0.95 × 100 is not quite 95 in binary.
        format!("{}% interval", (self.level * 1e6).round() / 1e4)
    }
}

impl Chart for BannerChart {
    fn texts(&mut self) -> Vec<&mut String> {
        let blocks = self.blocks.iter_mut().flat_map(|block| {
            let rows = block.rows.iter_mut().flat_map(BannerRow::texts);
            std::iter::once(&mut block.head)
                .chain(&mut block.note)
                .chain(rows)
        });
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(self.total.iter_mut().flat_map(BannerRow::texts))
            .chain(blocks)
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::Level(self.level));
        }
        if self.figures().next().is_none() {
            return Err(Error::Empty);
        }
        self.all_rows().try_for_each(|row| row.check(&self.scale))
    }

    fn kind(&self) -> &'static str {
        "Banner chart"
    }

    fn arrange(&mut self, order: Arrangement) {
        for block in &mut self.blocks {
            let at = |row: &BannerRow| row.figure.as_ref().map(|figure| figure.at);
            order.arrange(&mut block.rows, |row| vec![row.label.clone()], at, |_| 0);
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

    /// “Dot plot of one figure over 13 columns. Total: … Highest: … Lowest: … Different from the total: …”
    fn describe(&self, words: &Language) -> String {
        let sign = self.scale.sign();
        let in_words = |(row, figure): (&BannerRow, &BannerFigure)| {
            let figure_in_words = words.value(&format!("{}{sign}", figure.printed));
            let clause = format!("{} {figure_in_words}", words.value(&row.label));
            match figure.range.is_empty() {
                true => clause,
                false => words.fill("{} ({})", &[&clause, &words.value(&figure.range)]),
            }
        };
        let columns: Vec<(&BannerRow, &BannerFigure)> = {
            let rows = self.blocks.iter().flat_map(|block| &block.rows);
            rows.filter_map(|row| Some((row, row.figure.as_ref()?)))
                .collect()
        };
        let (whole, differing_from) = match self.subject {
            BannerSubject::Columns => (
                "Dot plot of one figure over {} columns.",
                "Different from the total: {}.",
            ),
            BannerSubject::Levels => (
                "Dot plot of one figure over {} levels.",
                "Of variables whose levels differ: {}.",
            ),
        };
        let mut sentences = vec![words.fill(whole, &[&columns.len().to_string()])];
        let total = self.total.as_ref();
        let total = total.and_then(|row| Some((row, row.figure.as_ref()?)));
        sentences.extend(total.map(|total| format!("{}.", in_words(total))));
        let by_place = |a: &&(&BannerRow, &BannerFigure), b: &&(&BannerRow, &BannerFigure)| {
            a.1.at.total_cmp(&b.1.at)
        };
        // the first of equals, both ways
        let highest = columns.iter().rev().max_by(by_place);
        let lowest = columns.iter().min_by(by_place);
        sentences.extend(highest.map(|one| words.fill("Highest: {}.", &[&in_words(*one)])));
        sentences.extend(lowest.map(|one| words.fill("Lowest: {}.", &[&in_words(*one)])));
        let differing = columns.iter().filter(|(row, _)| row.differs);
        let differing: Vec<&str> = differing.map(|(row, _)| row.label.as_str()).collect();
        if !differing.is_empty() {
            sentences.push(words.fill(differing_from, &[&differing.join(", ")]));
        }
        sentences.join(" ")
    }

    #[cfg(feature = "xlsx")]
    fn slides(&self, words: &Language) -> Option<Vec<Slide>> {
        Some(slides::banner(self, self.describe(words)))
    }

    fn lay_out(&self, page: &mut Page) {
        page.head(&self.title, self.subtitle.as_deref(), &[]);
        let layout = Layout::new(self, page);
        layout.draw(page);
        page.foot(&self.footer);
    }
}

/// Where everything stands across.
struct Layout<'a> {
    chart: &'a BannerChart,
    axis: LevelAxis,
    narrow: bool,
    /// The room for labels.
    measure: f64,
    /// Where figures end, intervals begin and n ends.
    figures: f64,
    intervals: f64,
}

impl<'a> Layout<'a> {
    fn new(chart: &'a BannerChart, page: &Page) -> Layout<'a> {
        let fonts = page.fonts;
        let widest = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max);
        let n = widest(&mut chart.all_rows().map(|row| Type::TICK.width(&row.n, fonts)));
        let ranges = chart
            .figures()
            .map(|(_, figure)| Type::INTERVAL.width(&figure.range, fonts));
        let head = Type::TICK.width(&chart.interval_head(), fonts);
        let range = widest(&mut ranges.chain([head]));
        let intervals = page.right - n.max(12.0) - BETWEEN - range;
        let printed = chart
            .figures()
            .map(|(_, figure)| Type::VALUE.width(&figure.printed, fonts));
        let unit = Type::TICK.width(chart.unit(), fonts);
        let printed = widest(&mut printed.chain([unit, Type::VALUE.width("100", fonts)]));
        let figures = intervals - BETWEEN;
        let label = |row: &BannerRow| label_type(true).width(&row.label, fonts);
        let labels = widest(&mut chart.all_rows().map(label));
        let most = (page.scene.width * LABELS).floor();
        let measure = labels.ceil().clamp(most / 2.0, most);
        let room = (page.left + measure + GUTTER, figures - printed - BEFORE);
        let narrow = page.narrow || room.1 - room.0 < LEAST_PLOT;
        let (room, beyond, measure) = match narrow {
            true => (
                (page.left + 9.0, page.right - 15.0),
                (9.0, 15.0),
                page.measure(),
            ),
            false => (room, (measure, 14.0), measure),
        };
        Layout {
            chart,
            axis: LevelAxis::new(&chart.scale, chart.reach(), room, beyond, fonts),
            narrow,
            measure,
            figures,
            intervals,
        }
    }

    fn draw(&self, page: &mut Page) {
        page.y += 14.0;
        self.heads(page);
        page.y += 10.0;
        let at = self
            .chart
            .total
            .as_ref()
            .and_then(|row| row.figure.as_ref());
        let total = at.map(|figure| self.axis.x(figure.at));
        if let Some(row) = &self.chart.total {
            self.section(page, None, std::slice::from_ref(row), total, true);
        }
        for block in &self.chart.blocks {
            if self.chart.total.is_some() || !std::ptr::eq(block, &self.chart.blocks[0]) {
                page.y += if self.narrow { 7.0 } else { 9.0 };
            }
            self.section(page, Some(block), &block.rows, total, false);
        }
        match self.narrow || page.y + page.foot_height(&self.chart.footer) <= TALL {
            true => page.y += 6.0,
            false => {
                page.y += 11.0;
                self.axis.labels(&mut page.scene, page.y, page.fonts);
                page.y += 8.0;
            }
        }
    }

    fn heads(&self, page: &mut Page) {
        let (y, fonts) = (page.y, page.fonts);
        self.axis.labels(&mut page.scene, y, fonts);
        if self.narrow {
            return;
        }
        let (right, kind) = (page.right, Type::TICK);
        let scene = &mut page.scene;
        scene.text(
            self.chart.unit(),
            (self.figures, y),
            Anchor::End,
            kind,
            fonts,
        );
        let head = self.chart.interval_head();
        scene.text(&head, (self.intervals, y), Anchor::Start, kind, fonts);
        scene.text("n", (right, y), Anchor::End, kind, fonts);
    }

    /// A rule, a head with its note behind it, and the rows, through which the line of the total runs.
    fn section(
        &self,
        page: &mut Page,
        block: Option<&BannerBlock>,
        rows: &[BannerRow],
        total: Option<f64>,
        is_total: bool,
    ) {
        page.group_head(None, None);
        let rule = page.y;
        page.y += if self.narrow { 4.0 } else { 5.0 };
        // the line runs on behind a head that does not reach it
        let free = match block {
            None => 0.0,
            Some(block) => self.head(page, block),
        };
        let clear = total.is_none_or(|x| free < x - 6.0);
        let top = if clear { rule } else { page.y };
        let label = label_type(is_total);
        let measured = |row| self.measured(row, label, page);
        let lines: Vec<Measured> = rows.iter().map(measured).collect();
        let height: f64 = lines.iter().map(|line| line.height).sum();
        if !self.narrow {
            let grid = (page.y.round(), (page.y + height).round());
            self.axis.grid(&mut page.scene, grid.0, grid.1);
            if let Some(x) = total {
                let from = match is_total {
                    true => crisp(page.y + height / 2.0),
                    false => top,
                };
                let to = page.y + height + if is_total { 9.0 } else { 0.0 };
                let to = if is_total || self.is_last(block) {
                    to
                } else {
                    to + 9.0
                };
                page.scene.line((x, from), (x, to), 1.25, Role::Muted);
            }
        }
        for line in lines {
            match self.narrow {
                true => self.narrow_row(page, &line, total, is_total),
                false => self.wide_row(page, &line, is_total),
            }
        }
    }

    fn is_last(&self, block: Option<&BannerBlock>) -> bool {
        match (block, self.chart.blocks.last()) {
            (Some(block), Some(last)) => std::ptr::eq(block, last),
            (None, last) => last.is_none(),
            _ => false,
        }
    }

    /// The name of a block, with its note behind it where that fits, else under it; how far right they reach.
    fn head(&self, page: &mut Page, block: &BannerBlock) -> f64 {
        let fonts = page.fonts;
        let lines = Type::GROUP.balanced(&block.head, page.measure(), fonts);
        let mut widths = lines.iter().map(|line| Type::GROUP.width(line, fonts));
        let widest = widths.clone().fold(0.0, f64::max);
        let last = widths.next_back().unwrap_or(0.0);
        page.lines(&lines, page.left, Type::GROUP);
        let mut reach = page.left + widest;
        if let Some(note) = &block.note {
            let (kind, start) = (Type::GROUP_NOTE, page.left + last + 10.0);
            let width = kind.width(note, fonts);
            match start + width <= page.right {
                true => {
                    let y = page.y - Type::GROUP.line / 2.0 + kind.shift_to(Type::GROUP);
                    page.scene
                        .text(note, (start, y), Anchor::Start, kind, fonts);
                    reach = reach.max(start + width);
                }
                false => {
                    let lines = kind.balanced(note, page.measure(), fonts);
                    page.lines(&lines, page.left, kind);
                    reach = page.right;
                }
            }
        }
        page.y += 4.0;
        reach
    }

    fn measured<'r>(&self, row: &'r BannerRow, kind: Type, page: &Page) -> Measured<'r> {
        let fonts = page.fonts;
        let n = match self.narrow {
            true => Type::TICK.width(&format!("n {}", row.n), fonts) + 12.0,
            false => 0.0,
        };
        let label = kind.balanced(&row.label, self.measure - n, fonts);
        let note = row.note.as_ref();
        let note = note.map(|note| Type::NOTE.balanced(note, self.measure, fonts));
        let note = note.unwrap_or_default();
        let text = Type::LABEL.line * label.len() as f64 + Type::NOTE.line * note.len() as f64;
        let (height, place) = match self.narrow {
            true => {
                let place = self.beside(row, page);
                let below = if place.is_some() {
                    0.0
                } else {
                    Type::INTERVAL.line + 3.0
                };
                (text + LINE + below, place)
            }
            false => ((text + 2.0 * PADDING).max(LEAST), None),
        };
        Measured {
            row,
            label,
            note,
            height: height + page.air,
            place,
        }
    }

    fn wide_row(&self, page: &mut Page, line: &Measured, is_total: bool) {
        let (fonts, row) = (page.fonts, line.row);
        let middle = crisp(page.y + line.height / 2.0);
        let text =
            Type::LABEL.line * line.label.len() as f64 + Type::NOTE.line * line.note.len() as f64;
        let bottom = page.y + line.height;
        page.y = middle - text / 2.0;
        let label = label_type(is_total);
        page.lines(&line.label, page.left, label);
        page.lines(&line.note, page.left, Type::NOTE);
        page.y = bottom;
        let right = page.right;
        let scene = &mut page.scene;
        self.axis.hairline(scene, middle);
        let level = |kind: Type| middle + kind.shift_to(Type::VALUE);
        scene.text(
            &row.n,
            (right, level(Type::TICK)),
            Anchor::End,
            Type::TICK,
            fonts,
        );
        match &row.figure {
            Some(figure) => {
                let interval = figure.interval;
                let interval = interval.map(|(low, high)| (self.axis.x(low), self.axis.x(high)));
                let at = (self.axis.x(figure.at), middle);
                marks::dot(scene, at, interval, row.role(is_total));
                let kind = row.value_type(is_total);
                scene.text(
                    &figure.printed,
                    (self.figures, middle),
                    Anchor::End,
                    kind,
                    fonts,
                );
                let at = (self.intervals, level(Type::INTERVAL));
                scene.text(&figure.range, at, Anchor::Start, Type::INTERVAL, fonts);
            }
            None => {
                let remark = row.remark.as_deref().unwrap_or("no figure");
                let at = (self.intervals, level(Type::REMARK));
                scene.text(remark, at, Anchor::Start, Type::REMARK, fonts);
            }
        }
    }

    /// Where the figure and its interval stand beside their mark in the narrow layout: past the total, in the room that is
    /// there; `None` where there is none.
    fn beside(&self, row: &BannerRow, page: &Page) -> Option<f64> {
        let Some(figure) = &row.figure else {
            return Some(self.axis.left);
        };
        let width = figure_width(figure, page.fonts);
        let total = self
            .chart
            .total
            .as_ref()
            .and_then(|row| row.figure.as_ref());
        let total = total.map(|figure| self.axis.x(figure.at));
        let (low, high) = figure.interval.unwrap_or((figure.at, figure.at));
        let at = self.axis.x(figure.at);
        let (low, high) = (
            self.axis.x(low).min(at - marks::DOT),
            self.axis.x(high).max(at + marks::DOT),
        );
        let meets =
            |start: f64| total.filter(|x| *x > start - BESIDE && *x < start + width + BESIDE);
        let mut start = high + BESIDE;
        if let Some(x) = meets(start) {
            start = x + BESIDE;
        }
        if start + width <= page.right {
            return Some(start);
        }
        let mut start = low - BESIDE - width;
        if let Some(x) = meets(start) {
            start = x - BESIDE - width;
        }
        (start >= page.left).then_some(start)
    }

    fn narrow_row(&self, page: &mut Page, line: &Measured, total: Option<f64>, is_total: bool) {
        let (fonts, row, right) = (page.fonts, line.row, page.right);
        let bottom = page.y + line.height;
        page.y += page.air / 2.0;
        let n = format!("n {}", row.n);
        let level = page.y + Type::LABEL.line / 2.0 + Type::TICK.shift_to(Type::LABEL);
        page.scene
            .text(&n, (right, level), Anchor::End, Type::TICK, fonts);
        let label = label_type(is_total);
        page.lines(&line.label, page.left, label);
        page.lines(&line.note, page.left, Type::NOTE);
        let y = crisp(page.y + LINE / 2.0);
        let scene = &mut page.scene;
        let Some(figure) = &row.figure else {
            let remark = row.remark.as_deref().unwrap_or("no figure");
            scene.text(
                remark,
                (self.axis.left, y),
                Anchor::Start,
                Type::REMARK,
                fonts,
            );
            page.y = bottom;
            return;
        };
        self.axis.ticked_hairline(scene, y);
        if let Some(x) = total {
            scene.line((x, y - STROKE), (x, y + STROKE), 1.25, Role::Muted);
        }
        let (start, level) = match line.place {
            Some(start) => (start, y),
            None => (self.axis.left, y + LINE / 2.0 + Type::INTERVAL.line / 2.0),
        };
        let width = figure_width(figure, fonts);
        if line.place.is_some() {
            let ground = Bounds {
                left: start,
                top: level - 6.0,
                right: start + width,
                bottom: level + 6.0,
            };
            scene.rect(ground.grown(2.0), Role::Paper);
        }
        let interval = figure.interval;
        let interval = interval.map(|(low, high)| (self.axis.x(low), self.axis.x(high)));
        marks::dot(
            scene,
            (self.axis.x(figure.at), y),
            interval,
            row.role(is_total),
        );
        let kind = row.value_type(is_total);
        scene.text(&figure.printed, (start, level), Anchor::Start, kind, fonts);
        let at = (start + width, level + Type::INTERVAL.shift_to(kind));
        scene.text(&figure.range, at, Anchor::End, Type::INTERVAL, fonts);
        page.y = bottom;
    }
}

/// A row, measured.
struct Measured<'a> {
    row: &'a BannerRow,
    label: Vec<String>,
    note: Vec<String>,
    height: f64,
    /// Where its figure begins in the narrow layout; `None`: on a line below.
    place: Option<f64>,
}

/// How the name of a column is set.
fn label_type(is_total: bool) -> Type {
    match is_total {
        true => Type {
            weight: Type::GROUP.weight,
            ..Type::LABEL
        },
        false => Type::LABEL,
    }
}

/// A figure and its interval side by side.
fn figure_width(figure: &BannerFigure, fonts: &Fonts) -> f64 {
    let range = Type::INTERVAL.width(&figure.range, fonts);
    let gap = if range > 0.0 { 7.0 } else { 0.0 };
    Type::VALUE.width(&figure.printed, fonts) + gap + range
}
