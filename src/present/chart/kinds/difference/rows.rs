//! The rows of a difference chart, wide and narrow.

use super::axis::PointAxis;
use super::row::{Difference, DifferenceMark, DifferenceRow};
use super::{DifferenceChart, DifferenceGroup};
use crate::present::chart::bounds::Bounds;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::marks;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::scene::{Anchor, Scene};
use crate::present::chart::text::{Type, widest};
use crate::present::chart::theme::Role;

/// The label column takes at most so much of the canvas: claims are long.
const LABELS: f64 = 0.395;
const GUTTER: f64 = 18.0;
/// In a plot narrower than this, intervals are lost.
const LEAST_PLOT: f64 = 150.0;
/// Labels of more lines do not belong beside a plot.
const MOST_LINES: usize = 5;
/// A word is broken into lines rather than make the interval column wider.
const WORD: f64 = 96.0;
/// Between axis and numbers, numbers and intervals, and all three and a label above them.
const BEFORE: f64 = 14.0;
const BETWEEN: f64 = 12.0;
/// A row has at least this height.
const LEAST: f64 = 27.0;
const PADDING: f64 = 5.0;
/// The line that a mark stands on in the narrow layout.
const LINE: f64 = 19.0;
/// A chart higher than this has its axis labels again below.
const TALL: f64 = 400.0;

struct Layout<'a> {
    chart: &'a DifferenceChart,
    axis: PointAxis,
    narrow: bool,
    /// The room for labels.
    measure: f64,
    /// Where the integers of the numbers end.
    point: f64,
    /// Where the intervals begin.
    intervals: f64,
}

/// A row, measured.
struct Line<'a> {
    row: &'a DifferenceRow,
    label: Vec<String>,
    note: Vec<String>,
    words: Vec<String>,
    height: f64,
}

/// Lays out the body.
pub(super) fn lay_out(chart: &DifferenceChart, page: &mut Page) {
    let layout = Layout::new(chart, page);
    page.y += 14.0;
    if layout.narrow {
        page.y += 2.0;
        layout.column_heads(page);
        page.y += 8.0;
    } else {
        layout.axis.labels(&mut page.scene, page.y, page.fonts);
        layout.column_heads(page);
        page.y += 10.0;
    }
    for (index, group) in chart.groups.iter().enumerate() {
        if index > 0 {
            page.y += 13.0;
            page.may_break(page.y - 4.0);
        }
        head(page, group);
        layout.rows(page, group);
    }
    if layout.narrow || page.y + page.foot_height(&chart.footer) > TALL {
        page.y += 11.0;
        layout.axis.labels(&mut page.scene, page.y, page.fonts);
        page.y += 8.0;
    } else {
        page.y += 6.0;
    }
}

/// The head of a group, its note after it where there is room, else under it.
fn head(page: &mut Page, group: &DifferenceGroup) {
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

impl<'a> Layout<'a> {
    fn new(chart: &'a DifferenceChart, page: &Page) -> Self {
        let fonts = page.fonts;
        let words = chart.all_rows().filter(|row| row.difference.is_some());
        let lines: Vec<String> = words.flat_map(|row| wrapped(row, fonts)).collect();
        let column = widest(&lines, Type::INTERVAL, fonts)
            .max(Type::TICK.width(&interval_head(chart.level), fonts));
        let asides = chart.all_rows().filter_map(|row| row.aside.as_ref());
        let asides = asides.chain(&chart.aside);
        let aside = match widest(asides, Type::TICK, fonts) {
            0.0 => 0.0,
            width => width + BETWEEN,
        };
        let intervals = page.right - column - aside;
        let numbers = chart.all_rows().filter_map(|row| row.difference.as_ref());
        let (mut whole, mut fraction) = (Type::VALUE.width("+10", fonts), 0.0_f64);
        for number in numbers {
            let (before, after) = split(&number.printed);
            whole = whole.max(Type::VALUE.width(before, fonts));
            fraction = fraction.max(Type::VALUE.width(after, fonts));
        }
        let point = intervals - BETWEEN - fraction;
        let numbers = (point - whole).min(point + fraction - Type::TICK.width(chart.unit(), fonts));
        let labels = chart
            .all_rows()
            .map(|row| Type::LABEL.width(&row.label, fonts));
        let most = (page.scene.width * LABELS).floor();
        let measure = labels.fold(0.0, f64::max).ceil().clamp(most / 2.0, most);
        let left = page.left + measure + GUTTER;
        let right = numbers - BEFORE - PointAxis::overhang(fonts) / 2.0;
        let too_long = |row: &DifferenceRow| {
            Type::LABEL.balanced(&row.label, measure, fonts).len() > MOST_LINES
        };
        let narrow = page.narrow || right - left < LEAST_PLOT || chart.all_rows().any(too_long);
        let overhang = PointAxis::overhang(fonts);
        let beyond = match narrow {
            true => (overhang, overhang),
            false => (measure, overhang / 2.0 + BEFORE - 4.0),
        };
        let (left, right, measure) = if narrow {
            (
                page.left + overhang,
                page.right - overhang,
                numbers - 12.0 - page.left,
            )
        } else {
            (left, right, measure)
        };
        Layout {
            chart,
            axis: PointAxis::fitting(chart, (left, right), beyond, fonts),
            narrow,
            measure,
            point,
            intervals,
        }
    }

    fn column_heads(&self, page: &mut Page) {
        let (scene, fonts, y) = (&mut page.scene, page.fonts, page.y);
        let end = self.intervals - BETWEEN;
        let unit = self.chart.unit();
        scene.text(unit, (end, y), Anchor::End, Type::TICK, fonts);
        let mut all = self
            .chart
            .all_rows()
            .filter_map(|row| row.difference.as_ref());
        if all.any(|difference| difference.interval().is_some()) {
            let head = interval_head(self.chart.level);
            scene.text(&head, (self.intervals, y), Anchor::Start, Type::TICK, fonts);
        }
        self.aside(page, self.chart.aside.as_ref(), y);
    }

    /// What stands at the right edge, muted.
    fn aside(&self, page: &mut Page, text: Option<&String>, y: f64) {
        if let Some(text) = text {
            let at = (page.right, y);
            page.scene
                .text(text, at, Anchor::End, Type::TICK, page.fonts);
        }
    }

    fn rows(&self, page: &mut Page, group: &DifferenceGroup) {
        let headed = group.head.is_some() || group.note.is_some();
        let top = page.y + if headed { 2.0 } else { 0.0 };
        let lines: Vec<Line> = group.rows.iter().map(|row| self.line(row, page)).collect();
        let height: f64 = lines.iter().map(|line| line.height).sum();
        let bottom = (top + 4.0 + height).round();
        if !self.narrow {
            self.axis.grid(&mut page.scene, top.round(), bottom);
        }
        let mut y = top + 4.0;
        let mut middles = Vec::with_capacity(lines.len());
        for line in &lines {
            let middle = if self.narrow {
                y + line.height - PADDING - LINE / 2.0
            } else {
                y + line.height / 2.0
            };
            middles.push((line, y, crisp(middle)));
            y += line.height;
        }
        for (_, _, middle) in middles
            .iter()
            .filter(|(line, ..)| line.row.difference.is_some())
        {
            self.axis.hairline(&mut page.scene, *middle);
            if self.narrow {
                self.axis.grid(&mut page.scene, middle - 4.0, middle + 4.0);
                self.axis.zero(&mut page.scene, middle - 8.0, middle + 8.0);
            }
        }
        if !self.narrow {
            self.axis.zero(&mut page.scene, top.round(), bottom);
        }
        for (line, top, middle) in middles {
            self.draw(page, line, top, middle);
        }
        page.y = bottom;
    }

    fn line<'r>(&self, row: &'r DifferenceRow, page: &Page) -> Line<'r> {
        let fonts = page.fonts;
        let note = row.note.as_deref().unwrap_or_default();
        let mut line = Line {
            row,
            label: Type::LABEL.balanced(&row.label, self.measure, fonts),
            note: Type::NOTE.balanced(note, self.measure, fonts),
            words: match row.difference {
                Some(_) => wrapped(row, fonts),
                None => {
                    let room = page.right - self.axis.left - 8.0;
                    Type::REMARK.balanced(&row.words(), room, fonts)
                }
            },
            height: 0.0,
        };
        let words = Type::REMARK.line * line.words.len() as f64;
        let inner = match (self.narrow, &row.difference) {
            (true, Some(_)) => line.text_height().max(words) + LINE + 1.0,
            (true, None) => line.text_height() + words.max(LINE) + 1.0,
            (false, _) => line.text_height().max(words).max(LEAST - 2.0 * PADDING),
        };
        line.height = (inner + 2.0 * PADDING + page.air).round();
        line
    }

    fn draw(&self, page: &mut Page, line: &Line, top: f64, middle: f64) {
        let text = line.text_height();
        page.y = if self.narrow {
            top + PADDING
        } else {
            // A lone label stands on the line of its mark.
            middle - text / 2.0
        };
        let label_middle = page.y + Type::LABEL.line / 2.0;
        page.lines(&line.label, page.left, Type::LABEL);
        page.lines(&line.note, page.left, Type::NOTE);
        let (scene, fonts) = (&mut page.scene, page.fonts);
        let Some(difference) = &line.row.difference else {
            let first = if self.narrow {
                top + PADDING + text + 1.0 + Type::REMARK.line / 2.0
            } else {
                middle - Type::REMARK.line * (line.words.len() as f64 - 1.0) / 2.0
            };
            return self.missing(scene, &line.words, first, fonts);
        };
        mark(scene, &self.axis, difference, middle);
        let y = if self.narrow { label_middle } else { middle };
        let kind = Type::VALUE.in_role(difference.number_role());
        let end = self.point + kind.width(split(&difference.printed).1, fonts);
        scene.text(&difference.printed, (end, y), Anchor::End, kind, fonts);
        let kind = if line.row.remark.is_none() && difference.interval().is_some() {
            Type::INTERVAL
        } else {
            Type::REMARK
        };
        let lines = line.words.len() as f64;
        let first = if self.narrow || line.words.len() == 1 {
            y + kind.shift_to(Type::VALUE)
        } else {
            y - kind.line * (lines - 1.0) / 2.0
        };
        for (index, words) in line.words.iter().enumerate() {
            let at = (self.intervals, first + kind.line * index as f64);
            scene.text(words, at, Anchor::Start, kind, fonts);
        }
        let y = y + Type::TICK.shift_to(Type::VALUE);
        self.aside(page, line.row.aside.as_ref(), y);
    }

    /// Words in the plot, on paper, instead of a mark.
    fn missing(&self, scene: &mut Scene, words: &[String], first: f64, fonts: &Fonts) {
        for (index, line) in words.iter().enumerate() {
            let (x, y) = (
                self.axis.left + 8.0,
                first + Type::REMARK.line * index as f64,
            );
            let paper = Bounds {
                left: x - 3.0,
                top: y.floor() - 7.0,
                right: x + Type::REMARK.width(line, fonts) + 3.0,
                bottom: y.floor() + 8.0,
            };
            scene.rect(paper, Role::Paper);
            scene.text(line, (x, y), Anchor::Start, Type::REMARK, fonts);
        }
    }
}

impl Line<'_> {
    fn text_height(&self) -> f64 {
        Type::LABEL.line * self.label.len().max(1) as f64 + Type::NOTE.line * self.note.len() as f64
    }
}

fn mark(scene: &mut Scene, axis: &PointAxis, difference: &Difference, y: f64) {
    let (centre, role) = ((axis.x(difference.points), y), difference.role());
    match difference.mark {
        DifferenceMark::Interval { low, high } => {
            marks::dot(scene, centre, Some((axis.x(low), axis.x(high))), role);
        }
        DifferenceMark::Bounds { narrow, wide } => {
            let ends = |(low, high)| (axis.x(low), axis.x(high));
            marks::bounds(scene, centre, ends(narrow), ends(wide), role);
        }
        DifferenceMark::NoSampleSize => marks::open_dot(scene, centre, role),
    }
}

fn interval_head(level: f64) -> String {
    // 0.95 × 100 is not quite 95 in binary.
    format!("{}% interval", (level * 1e6).round() / 1e4)
}

fn wrapped(row: &DifferenceRow, fonts: &Fonts) -> Vec<String> {
    Type::INTERVAL.balanced(&row.words(), WORD, fonts)
}

/// A number before its decimal point, and from it on.
fn split(number: &str) -> (&str, &str) {
    number.split_at(number.find('.').unwrap_or(number.len()))
}
