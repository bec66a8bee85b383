//! The two columns at the right edge: numbers, one under the other by their decimal point, and intervals.

use super::Body;
use super::words::{Tail, Words, after_low, is_telling, words};
use crate::present::chart::fonts::Fonts;
use crate::present::chart::marks;
use crate::present::chart::scale::Scale;
use crate::present::chart::scene::{Anchor, Scene};
use crate::present::chart::text::{Type, widest};

/// Between the end of the axis and the numbers, room for half of “100%”.
const BEFORE: f64 = 19.0;
/// Between numbers and intervals, and between the points of both at the least.
const BETWEEN: f64 = 13.0;
const POINT_BETWEEN: f64 = 22.0;
/// A word is broken into lines rather than make the column wider than this.
const WORD: f64 = 84.0;

/// Where the columns stand.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// Where the plot may end.
    pub plot_right: f64,
    /// Where the numbers begin.
    pub left: f64,
    /// Where the integers of the numbers end.
    point: f64,
    /// What the numbers are, and where that ends.
    head: (String, f64),
    /// The interval column, if there is one.
    intervals: Option<Intervals>,
}

#[derive(Debug, Clone)]
struct Intervals {
    left: f64,
    /// Where the dash of an interval begins.
    dash: f64,
    head: Option<String>,
}

impl Columns {
    /// The columns of a chart whose right edge is at `right`.
    pub fn new(chart: &Body, right: f64, fonts: &Fonts) -> Self {
        let all: Vec<Words> = chart
            .all_figures()
            .map(|(row, value)| words(row, value, Type::VALUE))
            .collect();
        let (mut whole, fraction) = number_widths(&all, fonts);
        if let Scale::Numbers { head, .. } = chart.scale {
            whole = whole.max(Type::TICK.width(head, fonts) - fraction);
        }
        let found = all.iter().filter(|words| !words.missing);
        let tails: Vec<&Tail> = found.filter_map(|words| words.tail.as_ref()).collect();
        let column = tails
            .iter()
            .any(|tail| is_telling(tail))
            .then(|| interval_widths(&tails, chart, fonts));
        // The sign in the head, and the stroke through a number, reach 2 px further.
        let mut point = right - fraction.max(2.0);
        let intervals = column.map(|(width, low, head)| {
            let left = right - width;
            point = left - (BETWEEN + fraction).max(POINT_BETWEEN);
            Intervals {
                left,
                dash: left + low,
                head,
            }
        });
        Columns {
            plot_right: point - whole - BEFORE,
            left: point - whole,
            point,
            head: match chart.scale {
                Scale::Percent => ("%".to_owned(), point + 2.0),
                Scale::Numbers { head, .. } => (head.clone(), point + fraction),
            },
            intervals,
        }
    }

    /// The heads of the columns.
    pub fn heads(&self, scene: &mut Scene, y: f64, fonts: &Fonts) {
        let (head, end) = &self.head;
        scene.text(head, (*end, y), Anchor::End, Type::TICK, fonts);
        if let Some(Intervals {
            left,
            head: Some(head),
            ..
        }) = &self.intervals
        {
            scene.text(head, (*left, y), Anchor::Start, Type::TICK, fonts);
        }
    }

    /// Number and interval of a figure.
    pub fn draw(&self, scene: &mut Scene, words: &Words, y: f64, fonts: &Fonts) {
        if let Some((number, kind)) = &words.number {
            let end = self.point + kind.width(split(number).1, fonts);
            let bounds = scene.text(number, (end, y), Anchor::End, *kind, fonts);
            if words.struck {
                marks::strike(scene, bounds.left, bounds.right, y);
            }
        }
        let (Some(columns), Some(tail)) = (&self.intervals, &words.tail) else {
            return;
        };
        if let Tail::Interval(low, high) = tail {
            let y = y + Type::INTERVAL.shift_to(Type::VALUE);
            scene.text(low, (columns.dash, y), Anchor::End, Type::INTERVAL, fonts);
            // A space at the beginning of a text is not drawn.
            let after = after_low(low, high);
            let word = after.trim_start();
            let space = Type::INTERVAL.width(&after, fonts) - Type::INTERVAL.width(word, fonts);
            let at = (columns.dash + space, y);
            scene.text(word, at, Anchor::Start, Type::INTERVAL, fonts);
            return;
        }
        let lines = word_lines(tail, fonts);
        let alone = f64::from(u8::from(lines.len() == 1));
        let first = y + tail.kind().shift_to(Type::VALUE) * alone
            - tail.kind().line * (lines.len() as f64 - 1.0) / 2.0;
        for (index, line) in lines.iter().enumerate() {
            let y = first + tail.kind().line * index as f64;
            scene.text(line, (columns.left, y), Anchor::Start, tail.kind(), fonts);
        }
    }

    /// How high the words of a figure are in the interval column.
    pub fn tail_height(&self, words: &Words, fonts: &Fonts) -> f64 {
        match (&self.intervals, &words.tail) {
            (Some(_), Some(tail @ Tail::Word(_, kind))) if !words.missing => {
                kind.line * word_lines(tail, fonts).len() as f64
            }
            _ => 0.0,
        }
    }
}

/// The widest integer, at least three digits, and the widest fraction.
fn number_widths(all: &[Words], fonts: &Fonts) -> (f64, f64) {
    let mut widths = (Type::VALUE.width("100", fonts), 0.0_f64);
    for (number, kind) in all.iter().filter_map(|words| words.number.as_ref()) {
        let (whole, fraction) = split(number);
        widths.0 = widths.0.max(kind.width(whole, fonts));
        widths.1 = widths.1.max(kind.width(fraction, fonts));
    }
    widths
}

/// The width of the interval column, of the lower ends in it, and its head.
fn interval_widths(tails: &[&Tail], chart: &Body, fonts: &Fonts) -> (f64, f64, Option<String>) {
    let (mut low_width, mut high_width, mut word_width) = (0.0_f64, 0.0_f64, 0.0_f64);
    let mut head = None;
    for tail in tails {
        match tail {
            Tail::Interval(low, high) => {
                head = head.or_else(|| Some(interval_head(chart.level)));
                low_width = low_width.max(Type::INTERVAL.width(low, fonts));
                high_width = high_width.max(Type::INTERVAL.width(&after_low(low, high), fonts));
            }
            Tail::Word(_, kind) => {
                word_width = word_width.max(widest(&word_lines(tail, fonts), *kind, fonts))
            }
        }
    }
    let head_width = head
        .as_ref()
        .map_or(0.0, |head| Type::TICK.width(head, fonts));
    (
        head_width.max(low_width + high_width).max(word_width),
        low_width,
        head,
    )
}

/// “95% interval”.
fn interval_head(level: f64) -> String {
    // 0.95 × 100 is not quite 95 in binary.
    format!("{}% interval", (level * 1e6).round() / 1e4)
}

fn word_lines(tail: &Tail, fonts: &Fonts) -> Vec<String> {
    tail.kind().balanced(&tail.text(), WORD, fonts)
}

/// A number before its decimal point, and from it on.
fn split(number: &str) -> (&str, &str) {
    number.split_at(number.find('.').unwrap_or(number.len()))
}
