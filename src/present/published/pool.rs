//! An average of polls as a table and in words.

use crate::frames::words::thousands;
use crate::present::table::digits::{decimals, number, range};
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::published::pool::{PoolResult, PoolScale};
use crate::statistics::pool::{PoolMethod, PoolTest};
use crate::statistics::special::normal;

/// Numbers as they are printed: shares in per cent.
struct PrintedScale<'r> {
    result: &'r PoolResult,
    scale: f64,
    digits: usize,
}

impl PrintedScale<'_> {
    fn new(result: &PoolResult) -> PrintedScale<'_> {
        match result.is_share || result.in_points {
            true => PrintedScale {
                result,
                scale: 100.0,
                digits: 1,
            },
            false => PrintedScale {
                result,
                scale: 1.0,
                digits: decimals(result.se()),
            },
        }
    }

    fn number(&self, x: f64) -> String {
        number(self.scale * self.result.back(x), self.digits)
    }

    /// A bound on the scale of the polls, of shares between 0 and 100%.
    fn bound(&self, x: f64) -> f64 {
        let bound = self.result.back(x);
        self.scale
            * match (self.result.is_share, self.result.in_points) {
                (true, _) => bound.clamp(0.0, 1.0),
                (_, true) => bound.clamp(-1.0, 1.0),
                _ => bound,
            }
    }

    fn range(&self, low: f64, high: f64) -> String {
        range(self.bound(low), self.bound(high), self.digits)
    }
}

/// A row a poll with its share in the average, then the average.
pub fn pool_table(result: &PoolResult, group: Option<&str>, level: f64) -> Table {
    let shown = PrintedScale::new(result);
    let pooled = &result.pooled;
    let percent = (1e6 * level).round() / 1e4;
    let z = normal::quantile_upper(0.5 * (1.0 - level)).unwrap_or(f64::NAN);
    let digits = if result.is_share { 1 } else { shown.digits };
    // polls are on their own scale, also where the average is one of logits
    let edge = |x: f64| match (result.is_share, result.in_points) {
        (true, _) => shown.scale * x.clamp(0.0, 1.0),
        (_, true) => shown.scale * x.clamp(-1.0, 1.0),
        _ => shown.scale * x,
    };
    let rows = result
        .entries
        .iter()
        .zip(&pooled.weights)
        .map(|(entry, weight)| {
            let half = z * entry.variance.sqrt();
            Row {
                label: entry.label.clone(),
                cells: vec![
                    number(shown.scale * entry.value, digits).into(),
                    range(edge(entry.value - half), edge(entry.value + half), digits).into(),
                    entry.n.map_or_else(String::new, thousands).into(),
                    number(100.0 * weight, 0).into(),
                ],
                ..Row::default()
            }
        });
    let mut averages = vec![Row {
        label: "Average".to_owned(),
        cells: vec![
            shown.number(pooled.estimate).into(),
            shown.range(pooled.ci_low, pooled.ci_high).into(),
            Cell::from(""),
            Cell::from(""),
        ],
        ..Row::default()
    }];
    if let Some((low, high)) = pooled.prediction {
        averages.push(Row {
            label: "Another such poll".to_owned(),
            cells: vec![
                "".into(),
                shown.range(low, high).into(),
                "".into(),
                "".into(),
            ],
            ..Row::default()
        });
    }
    let block = |rows: Vec<Row>| Block {
        rows,
        ..Block::default()
    };
    Table {
        title: group.map_or_else(
            || "Polls pooled".to_owned(),
            |group| format!("Polls pooled: {group}"),
        ),
        columns: vec![
            Column::new(
                match (result.is_share, result.in_points) {
                    (true, _) => "%",
                    (_, true) => "points",
                    _ => "estimate",
                },
                Align::Decimal,
            )
            .emphasis(Emphasis::Strong),
            Column::new(&format!("{percent}% interval"), Align::Right),
            Column::new("n", Align::Right).emphasis(Emphasis::Dim),
            Column::new("weight, %", Align::Right).emphasis(Emphasis::Dim),
        ],
        blocks: vec![block(rows.collect()), block(averages)],
        foot: notes(result),
        ..Table::default()
    }
}

/// How an average was made, and what should be known of it.
fn notes(result: &PoolResult) -> Vec<String> {
    let mut foot = Vec::new();
    if result.entries.iter().any(|entry| !entry.knows_deff) {
        foot.push("Intervals of polls whose design effect is not known are at least so wide: sampling alone, as if simple random samples.".to_owned());
    }
    let tau = result.pooled.tau2.unwrap_or(0.0).sqrt();
    let coarse = result
        .entries
        .iter()
        .any(|entry| entry.rounding > 0.0 && entry.rounding > tau);
    if coarse && result.scale == PoolScale::Raw {
        foot.push(
            "What the polls differ by beyond sampling is less than the rounding of their print."
                .to_owned(),
        );
    }
    if is_cut(result) {
        foot.push("Bounds below 0 or above 100% are shown as these: intervals of few polls that differ are wide, and their formula knows no edge; --scale logit does.".to_owned());
    }
    let test = match result.test {
        PoolTest::Z => "normal interval",
        PoolTest::Hksj => "interval by Hartung, Knapp, Sidik and Jonkman",
        PoolTest::HksjCut => {
            "interval by Hartung, Knapp, Sidik and Jonkman, not below the normal one’s error"
        }
    };
    foot.push(format!("Average: {}; {test}.", result.method));
    foot
}

/// Whether an interval of the average of shares leaves 0 to 100%.
fn is_cut(result: &PoolResult) -> bool {
    let pooled = &result.pooled;
    let (low, high) = pooled.prediction.unwrap_or((pooled.ci_low, pooled.ci_high));
    let lowest = result.back(low.min(pooled.ci_low));
    let highest = result.back(high.max(pooled.ci_high));
    result.is_share && (lowest < 0.0 || highest > 1.0)
}

/// The same with what the polls differ by, for the foot of a chart.
pub fn pool_about(result: &PoolResult) -> Vec<String> {
    let mut about = vec![format!(
        "The polls {} Errors that all of them share are not in this.",
        differences(result)
    )];
    about.extend(notes(result));
    vec![about.join(" ")]
}

/// "may differ by more than sampling (I² 51%, p 0.056)."
fn differences(result: &PoolResult) -> String {
    let pooled = &result.pooled;
    let p = match pooled.q_p < 0.001 {
        true => "p < 0.001".to_owned(),
        false => format!("p {:.3}", pooled.q_p),
    };
    let differ = match (result.method, pooled.q_p) {
        (PoolMethod::Fixed, _) => "are taken to estimate the same",
        (_, p) if p < 0.05 => "differ by more than sampling",
        (_, p) if p < 0.2 => "may differ by more than sampling",
        _ => "differ no more than sampling explains",
    };
    format!("{differ} (I² {}%, {p}).", number(100.0 * pooled.i2, 0))
}

/// "Seven polls, 46 to 53%: 49.1% (95% interval 47.1 to 51.2; REML, HKSJ). They may differ by more than sampling (I² 51%, p 0.056):
/// another such poll would lie between 45 and 54%. Errors that all of them share are not in this."
pub fn pool_sentences(result: &PoolResult, group: Option<&str>, level: f64) -> Vec<String> {
    let shown = PrintedScale::new(result);
    let pooled = &result.pooled;
    let unit = match (result.is_share, result.in_points) {
        (true, _) => "%",
        (_, true) => " points",
        _ => "",
    };
    let values = || result.entries.iter().map(|entry| shown.scale * entry.value);
    let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
        (low.min(x), high.max(x))
    });
    let whole = values().all(|x| (x - x.round()).abs() < 1e-9);
    let digits = match (result.is_share, whole) {
        (true, true) => 0,
        (true, false) => 1,
        (false, _) => shown.digits,
    };
    let percent = (1e6 * level).round() / 1e4;
    let test = match result.test {
        PoolTest::Z => "z",
        _ => "HKSJ",
    };
    let what = if result.is_share {
        "polls"
    } else {
        "estimates"
    };
    let group = group.map_or_else(String::new, |group| format!("{group}: "));
    let mut text = format!(
        "{group}{} {what}, {} to {}{unit}: {}{unit} ({percent}% interval {} to {}; {}, {test}).",
        counted(pooled.k),
        number(low, digits),
        number(high, digits),
        shown.number(pooled.estimate),
        number(shown.bound(pooled.ci_low), shown.digits),
        number(shown.bound(pooled.ci_high), shown.digits),
        result.method
    );
    text += &format!(" They {}", differences(result).trim_end_matches('.'));
    text += &match pooled.prediction {
        Some((low, high)) => {
            let digits = if result.is_share { 0 } else { shown.digits };
            let bound = |x: f64| number(shown.bound(x), digits);
            format!(
                ": another such poll would lie between {} and {}{unit}.",
                bound(low),
                bound(high)
            )
        }
        None => ".".to_owned(),
    };
    text += " Errors that all of them share are not in this.";
    vec![text]
}

pub(super) fn counted(k: usize) -> String {
    let words = [
        "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
    ];
    k.checked_sub(2)
        .and_then(|at| words.get(at))
        .map_or_else(|| k.to_string(), |word| (*word).to_owned())
}
