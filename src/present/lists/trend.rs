//! Estimates and lists from a file as trends: a panel a group, a line a series.

use super::error::Error;
use super::estimates::telling_groups;
use super::foot::foot;
use super::list::LIST;
use super::numbers::{Items, in_unit, scale_of};
use super::times::{Times, column};
use super::{NO_PART_OF_THE_LABEL, printed};
use crate::frames::words::distinct;
use crate::frames::{Captions, Estimate, Estimates, Statistic};
use crate::present::chart::{NO_SIZES, Scale, TrendChart, TrendPanel, Wave};
use crate::published::figures::topline::Intervals;

/// More series than this become panels, but in one panel more can be followed, each with its name at its end.
const MOST_SERIES: usize = 3;
const MOST_IN_ONE: usize = 8;
/// Bases under this are not drawn.
const LEAST_BASE: f64 = 30.0;

/// Shares over time, or means and other numbers on an axis of their own. `x` is the grouping column with the times; without it, one that is named year, wave,
/// date, month or period, or the only one of years or dates. The other grouping columns make the panels, variable
/// and level the series; more than three series are panels too.
///
/// # Errors
/// No times, or one only; no shares; two rows for one point.
pub fn trend_of_estimates(
    estimates: &Estimates,
    captions: Captions,
    x: Option<&str>,
    intervals: Intervals,
) -> Result<TrendChart, Error> {
    let mut rows = estimates.rows()?;
    let scale = scale_of(&rows)?;
    if scale.is_some() {
        rows = in_unit(&rows);
    }
    let is_drawn = |row: &&Estimate| scale.is_some() || row.statistic == Statistic::Proportion;
    let shares: Vec<Estimate> = rows
        .iter()
        .filter(is_drawn)
        .filter(|row| row.estimate.is_some())
        .cloned()
        .collect();
    if shares.is_empty() {
        let what = rows.first().map_or("the file", |row| row.variable.as_str());
        return Err(Error::NoShares(what.to_owned(), "chart trend"));
    }
    let column = column(&shares, x)?;
    let times = Times::from_rows(&shares, &column)?;
    let base = |row: &Estimate| {
        row.n
            .into_iter()
            .chain(row.n_eff)
            .fold(f64::INFINITY, f64::min)
    };
    let (drawn, small): (Vec<&Estimate>, Vec<&Estimate>) =
        shares.iter().partition(|row| base(row) >= LEAST_BASE);
    let items = Items::from_rows(&shares);
    let numbers = scale.is_some().then_some(&items);
    let naming = Naming::from_rows(&drawn, &column, numbers);
    let series = distinct(naming.series.iter().map(String::as_str));
    let heads = distinct(naming.heads.iter().map(String::as_str));
    let mut panels = Vec::new();
    for head in &heads {
        let mut lines = Vec::new();
        for name in &series {
            let of = |at: usize| {
                naming.heads.get(at).map(String::as_str) == Some(head)
                    && naming.series.get(at).map(String::as_str) == Some(name)
            };
            let here: Vec<&Estimate> = drawn
                .iter()
                .enumerate()
                .filter(|(at, _)| of(*at))
                .map(|(_, row)| *row)
                .collect();
            lines.push(waves(
                &here,
                &column,
                &times,
                &format!("{head} {name}"),
                numbers,
            )?);
        }
        panels.push(TrendPanel {
            head: (*head).to_owned(),
            lines,
            ..TrendPanel::default()
        });
    }
    let mut chart = TrendChart {
        title: captions.title,
        subtitle: captions.subtitle,
        series: series.iter().map(|name| (*name).to_owned()).collect(),
        panels,
        moments: times.moments,
        footer: Vec::new(),
        scale: scale.unwrap_or_default(),
        ..TrendChart::default()
    };
    let is_list = rows.iter().all(|row| row.source == LIST);
    chart.has_no_sizes = is_list && chart.lacks_intervals();
    chart.footer = footer(
        foot(&rows, intervals, &captions.foot),
        &drawn,
        small.len(),
        (intervals, chart.has_bands()),
        times.in_words,
    );
    if chart.has_no_sizes {
        chart.footer.insert(0, NO_SIZES.to_owned());
    }
    // a few low shares are read on an axis that ends above them; of several panels each has the whole
    if is_list && chart.panels.len() == 1 && chart.scale == Scale::Percent {
        let top = ((chart.highest() + 0.5) / 10.0).ceil() * 10.0;
        chart.end_axis_at(if top > 70.0 { 100.0 } else { top });
    }
    Ok(chart)
}

/// The series and the panel of each row.
struct Naming {
    series: Vec<String>,
    heads: Vec<String>,
}

impl Naming {
    fn from_rows(rows: &[&Estimate], column: &str, numbers: Option<&Items>) -> Naming {
        let list = rows.iter().all(|row| row.source == LIST);
        let sources = distinct(rows.iter().map(|row| row.source.as_str())).len() > 1;
        let variables = distinct(rows.iter().map(|row| row.variable.as_str())).len() > 1;
        let owned: Vec<Estimate> = rows.iter().map(|row| (*row).clone()).collect();
        let telling = telling_groups(&owned);
        let series = |row: &&Estimate| {
            if let Some(items) = numbers {
                return items.name(row);
            }
            let level = row.level.clone().unwrap_or_default();
            let mut parts = Vec::new();
            if (variables || level.is_empty()) && row.variable != LIST {
                parts.push(row.variable.clone());
            }
            parts.push(level);
            parts.retain(|part| !part.is_empty());
            parts.join(": ")
        };
        let head = |row: &&Estimate| {
            let mut parts: Vec<String> = Vec::new();
            if sources && !list {
                parts.push(row.source.clone());
            }
            let tells_apart = |name: &str| {
                let constant = list && !telling.iter().any(|known| known == name);
                name != column && !constant && !NO_PART_OF_THE_LABEL.contains(&name)
            };
            let values = row.groups.iter().filter(|(name, _)| tells_apart(name));
            parts.extend(
                values
                    .filter_map(|(_, value)| value.clone())
                    .filter(|value| !value.is_empty() && value != "all"),
            );
            parts.join(", ")
        };
        let (mut series, mut heads): (Vec<String>, Vec<String>) = (
            rows.iter().map(series).collect(),
            rows.iter().map(head).collect(),
        );
        let names = distinct(series.iter().map(String::as_str));
        let most = match distinct(heads.iter().map(String::as_str)).len() {
            1 => MOST_IN_ONE,
            _ => MOST_SERIES,
        };
        if names.len() > most {
            for (head, name) in heads.iter_mut().zip(&series) {
                *head = match head.is_empty() {
                    true => name.clone(),
                    false => format!("{head}: {name}"),
                };
            }
            series.fill(String::new());
        }
        Naming { series, heads }
    }
}

fn waves(
    rows: &[&Estimate],
    column: &str,
    times: &Times,
    what: &str,
    numbers: Option<&Items>,
) -> Result<Vec<Wave>, Error> {
    let mut waves: Vec<Wave> = Vec::new();
    for row in rows {
        let (Some(when), Some(estimate)) = (times.when(row.group(column)), row.estimate) else {
            continue;
        };
        if waves.iter().any(|wave| wave.when == when) {
            return Err(Error::TwiceAt {
                what: what.trim().to_owned(),
                when: row.group(column).to_owned(),
                hint: "rows of one line differ in time only; a column that tells them apart makes panels",
            });
        }
        let (by, printed) = match numbers {
            Some(items) => (1.0, items.printed(row, estimate)),
            None => (100.0, printed(row, 100.0 * estimate)),
        };
        waves.push(Wave {
            when,
            printed,
            at: by * estimate,
            interval: row.interval().map(|(low, high)| (by * low, by * high)),
        });
    }
    Ok(waves)
}

fn footer(
    mut paragraphs: Vec<String>,
    drawn: &[&Estimate],
    small: usize,
    (intervals, has_bands): (Intervals, bool),
    in_words: Option<String>,
) -> Vec<String> {
    let mut sentences: Vec<String> = in_words.into_iter().collect();
    let halves = drawn.iter().filter_map(|row| row.interval());
    let widest = halves
        .map(|(low, high)| 50.0 * (high - low))
        .max_by(f64::total_cmp);
    match (widest, has_bands) {
        (None, _) => {}
        (Some(_), true) => {
            sentences.push(format!("Bands are {}% intervals.", 100.0 * intervals.level));
        }
        (Some(widest), false) => sentences.push(format!(
            "Shares are within at most ±{widest:.1} points ({}%), which is not drawn.",
            100.0 * intervals.level
        )),
    }
    if small > 0 {
        sentences.push(format!(
            "{small} of {}: base under 30, not drawn.",
            small + drawn.len()
        ));
    }
    if !sentences.is_empty() {
        let sentence = sentences.join(" ");
        match paragraphs.first_mut() {
            Some(first) => *first = format!("{first} {sentence}"),
            None => paragraphs.push(sentence),
        }
    }
    paragraphs
}
