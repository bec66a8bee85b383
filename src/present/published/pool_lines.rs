//! An average of polls as lines: what its chart is drawn from, in the rows of `opine pool`, too.

use serde_json::{Value, json};

use crate::frames::{Column, Error, Frame};
use crate::published::pool::PoolResult;
use crate::statistics::special::normal;

/// Polls with their parts of an average, the average, and where another such poll would lie.
#[derive(Clone, Debug, PartialEq)]
pub struct PooledLines {
    /// Whether these are shares.
    pub shares: bool,
    /// Whether these are shares less others, in points.
    pub points: bool,
    pub polls: Vec<PooledLine>,
    pub average: PooledLine,
    pub prediction: Option<(f64, f64)>,
    /// Of all intervals.
    pub level: f64,
    /// How it was made, and what should be known of it: sentences.
    pub about: Vec<String>,
}

/// A number with its interval, on the scale of the polls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PooledLine {
    pub label: String,
    pub estimate: f64,
    pub interval: (f64, f64),
    pub n: Option<f64>,
    /// Its part of the average.
    pub weight: f64,
}

/// Why there is no average in rows.
#[derive(Debug, thiserror::Error)]
pub enum PooledLinesError {
    #[error(
        "these are no averages with their polls: the column {0} is missing; opine pool … --json makes them"
    )]
    NoColumn(&'static str),
    #[error("{0} averages, and a chart is of one: pool them one at a time")]
    Several(usize),
    #[error("the column polls holds no polls: {0}")]
    Polls(String),
}

impl PooledLines {
    /// Of an average that was just made; `about` are its sentences.
    pub fn new(result: &PoolResult, level: f64, about: Vec<String>) -> PooledLines {
        let z = normal::quantile_upper(0.5 * (1.0 - level)).unwrap_or(f64::NAN);
        let polls = result.entries.iter().zip(&result.pooled.weights);
        let polls = polls.map(|(entry, weight)| {
            let half = z * entry.variance.sqrt();
            let (low, high) = (entry.value - half, entry.value + half);
            PooledLine {
                label: entry.label.clone(),
                estimate: entry.value,
                interval: match result.is_share {
                    true => (low.max(0.0), high.min(1.0)),
                    false => (low, high),
                },
                n: entry.n,
                weight: *weight,
            }
        });
        let pooled = &result.pooled;
        let back = |(low, high): (f64, f64)| (result.back(low), result.back(high));
        PooledLines {
            shares: result.is_share,
            points: result.in_points,
            polls: polls.collect(),
            average: PooledLine {
                label: "Pooled".to_owned(),
                estimate: result.back(pooled.estimate),
                interval: back((pooled.ci_low, pooled.ci_high)),
                n: result.entries.iter().map(|entry| entry.n).sum(),
                weight: 1.0,
            },
            prediction: pooled.prediction.map(back),
            level,
            about,
        }
    }

    /// What a row of an average says of its polls, as columns behind those of estimates: `level_of_intervals`, `shares`, `points`,
    /// `polls` (a list as JSON), `about`.
    pub fn columns(all: &[PooledLines]) -> Vec<Column> {
        let each = |field: &dyn Fn(&PooledLines) -> String| -> Vec<Option<String>> {
            all.iter().map(|lines| Some(field(lines))).collect()
        };
        let levels: Vec<Option<f64>> = all.iter().map(|lines| Some(lines.level)).collect();
        let shares: Vec<Option<bool>> = all.iter().map(|lines| Some(lines.shares)).collect();
        let points: Vec<Option<bool>> = all.iter().map(|lines| Some(lines.points)).collect();
        vec![
            Column::new("level_of_intervals", levels),
            Column::new("shares", shares),
            Column::new("points", points),
            Column::new(
                "polls",
                each(&|lines| {
                    Value::Array(lines.polls.iter().map(PooledLine::to_json).collect()).to_string()
                }),
            ),
            Column::new("about", each(&|lines| lines.about.join(" "))),
        ]
    }

    /// The frame with these columns.
    ///
    /// # Errors
    /// Another number of rows.
    pub fn beside(all: &[PooledLines], frame: &Frame) -> Result<Frame, Error> {
        let mut columns = frame.columns().to_vec();
        columns.extend(PooledLines::columns(all));
        Frame::new(frame.height(), columns)
    }

    /// Reads a row of an average back.
    ///
    /// # Errors
    /// Rows of something else, and more than one.
    pub fn from_frame(frame: &Frame) -> Result<PooledLines, PooledLinesError> {
        let texts = |name: &'static str| {
            let column = frame.column(name).ok_or(PooledLinesError::NoColumn(name))?;
            Ok(column
                .texts()
                .into_iter()
                .next()
                .flatten()
                .unwrap_or_default())
        };
        let polls = texts("polls")?;
        if frame.height() != 1 {
            return Err(PooledLinesError::Several(frame.height()));
        }
        let number = |name: &'static str| Ok(texts(name)?.parse::<f64>().ok());
        let known = |name: &'static str| number(name)?.ok_or(PooledLinesError::NoColumn(name));
        let polls: Vec<Value> = serde_json::from_str(&polls)
            .map_err(|error| PooledLinesError::Polls(error.to_string()))?;
        let polls: Option<Vec<PooledLine>> = polls.iter().map(PooledLine::from_json).collect();
        Ok(PooledLines {
            shares: texts("shares")? == "true",
            points: texts("points").is_ok_and(|points| points == "true"),
            polls: polls
                .ok_or_else(|| PooledLinesError::Polls("a number is missing".to_owned()))?,
            average: PooledLine {
                label: "Pooled".to_owned(),
                estimate: known("estimate")?,
                interval: (known("ci_low")?, known("ci_high")?),
                n: number("n")?,
                weight: 1.0,
            },
            prediction: number("prediction_low")?.zip(number("prediction_high")?),
            level: known("level_of_intervals")?,
            about: vec![texts("about")?],
        })
    }
}

impl PooledLine {
    fn to_json(&self) -> Value {
        json!({
            "label": self.label,
            "estimate": self.estimate,
            "ci_low": self.interval.0,
            "ci_high": self.interval.1,
            "n": self.n,
            "weight": self.weight,
        })
    }

    fn from_json(value: &Value) -> Option<PooledLine> {
        let number = |name: &str| value[name].as_f64();
        Some(PooledLine {
            label: value["label"].as_str()?.to_owned(),
            estimate: number("estimate")?,
            interval: (number("ci_low")?, number("ci_high")?),
            n: number("n"),
            weight: number("weight")?,
        })
    }
}

#[cfg(feature = "charts")]
mod chart {
    use super::{PooledLine, PooledLines};
    use crate::frames::Captions;
    use crate::frames::words::thousands;
    use crate::present::chart::{PoolChart, PoolRow};
    use crate::present::table::digits::{decimals, number, range};

    impl PooledLines {
        /// The chart: a title in a sentence where none is given.
        pub fn chart(&self, captions: Captions) -> PoolChart {
            let scale = self.scale();
            let width = self.average.interval.1 - self.average.interval.0;
            let digits = match self.shares || self.points {
                true => 1,
                false => decimals(width / 4.0),
            };
            let whole = |line: &PooledLine| (scale * line.estimate).fract().abs() < 1e-9;
            let of_polls = match self.shares && self.polls.iter().all(whole) {
                true => 0,
                false => digits,
            };
            let row = |line: &PooledLine, decimals: usize| {
                let (low, high) = self.drawn(line.interval);
                PoolRow {
                    label: line.label.clone(),
                    at: scale * line.estimate,
                    interval: (low, high),
                    printed: number(scale * line.estimate, decimals),
                    range: range(low, high, digits),
                    n: line.n.map_or_else(String::new, thousands),
                    weight: line.weight,
                }
            };
            let another = self.prediction.map(|prediction| {
                let ends = self.drawn(prediction);
                (
                    "Another such poll".to_owned(),
                    ends,
                    range(ends.0, ends.1, digits),
                )
            });
            PoolChart {
                title: captions.title,
                subtitle: captions.subtitle,
                shares: self.shares,
                points: self.points,
                polls: self.polls.iter().map(|line| row(line, of_polls)).collect(),
                average: row(&self.average, of_polls),
                another,
                footer: self.about.iter().cloned().chain(captions.foot).collect(),
                level: self.level,
            }
        }

        /// An interval as it is drawn: of shares in per cent, and within 0 and 100.
        fn drawn(&self, (low, high): (f64, f64)) -> (f64, f64) {
            match (self.shares, self.points) {
                (true, _) => (100.0 * low.max(0.0), 100.0 * high.min(1.0)),
                (_, true) => (100.0 * low.max(-1.0), 100.0 * high.min(1.0)),
                _ => (low, high),
            }
        }

        fn scale(&self) -> f64 {
            match self.shares || self.points {
                true => 100.0,
                false => 1.0,
            }
        }

        /// "Seven polls put it at 49%; another such poll would lie between 45 and 54%".
        pub fn headline(&self) -> String {
            let sign = match (self.shares, self.points) {
                (true, _) => "%",
                (_, true) => " points",
                _ => "",
            };
            let digits = match self.shares || self.points {
                true => 0,
                false => decimals((self.average.interval.1 - self.average.interval.0) / 4.0),
            };
            let shown = |x: f64| number(x, digits);
            let what = if self.shares { "polls" } else { "estimates" };
            let scale = self.scale();
            let average = shown(scale * self.average.estimate);
            let count = super::super::pool::counted(self.polls.len());
            match self.prediction.map(|ends| self.drawn(ends)) {
                Some((low, high)) => format!(
                    "{count} {what} put it at {average}{sign}; another such one would lie between {} and {}{sign}",
                    shown(low),
                    shown(high)
                ),
                None => format!("{count} {what} put it at {average}{sign}"),
            }
        }
    }
}
