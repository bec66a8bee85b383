//! Trends in sentences: where it stands, what the band rests on and leaves out, whether polls agree.
//!
//! No sentence calls a house wrong where no result is known, none speaks of a day after the last poll as if it were known,
//! and a probability of a lead never stands without the one that knows of the errors that polls share.

use crate::frames::VarianceRow;
use crate::frames::words::{and, distinct, signed_points, thousands};
use crate::published::figures::date::Date;
#[cfg(feature = "charts")]
use crate::published::figures::date::MONTHS;
use crate::published::trend::{
    DayEstimate, Exclusion, HISTORICAL_ERROR, LEAST_HOUSES, LevelBy, Measure, Trend,
};
use crate::statistics::special::chi_square;

/// A day since 1970-01-01 as it is written.
pub(super) fn iso(day: i64) -> String {
    Date::from_days(day).to_string()
}

/// "21.7", "<1", "−2.3" of a lead: a share as it is read, in per cent or points.
pub fn share_words(value: f64, lead: bool) -> String {
    match value < 0.005 && !lead {
        true => "<1".to_owned(),
        false => format!("{:.1}", 100.0 * value).replace('-', "−"),
    }
}

/// "SPD 21.7, 95% band 20.1–23.4; 0.6 lower than 30 days ago (−2.4 to +1.2)."
pub fn day_sentence(trend: &Trend, day: &DayEstimate) -> String {
    let lead = matches!(trend.measure, Measure::Lead(..));
    let mut text = format!(
        "{} {}, {}% band {}{}{}",
        trend.measure.label(),
        share_words(day.estimate, lead),
        (1000.0 * trend.options.level).round() / 10.0,
        share_words(day.low, lead),
        if lead { " to " } else { "–" },
        share_words(day.high, lead),
    );
    text += &change_words(day);
    if day.nowcast {
        text += &format!("; on {}, if opinion moves as it did", iso(day.day));
    }
    text += ".";
    if let Measure::Lead(a, b) = &trend.measure {
        text += &format!(" {}.", lead_words(a, b, day));
    }
    if let Some((alone, shared)) = day.lead_probability {
        text += &format!(
            " Probability that {} is above 0: {} by these polls alone, {} with the errors that polls have shared.",
            trend.measure.label(),
            probability(alone),
            probability(shared)
        );
    }
    text
}

/// "; 0.6 lower than 30 days ago (−2.4 to +1.2)", with the interval of the change itself.
fn change_words(day: &DayEstimate) -> String {
    let Some((by, low, high)) = day.change else {
        return String::new();
    };
    let words = match (100.0 * by).abs() < 0.05 {
        true => "as high as".to_owned(),
        false => format!(
            "{:.1} {} than",
            100.0 * by.abs(),
            if by < 0.0 { "lower" } else { "higher" }
        ),
    };
    let (low, high) = (signed_points(100.0 * low), signed_points(100.0 * high));
    format!("; {words} 30 days ago ({low} to {high})")
}

/// The ladder of newsrooms: who leads where 0 lies outside of the band, who is apparently ahead where it lies outside of
/// half of it; else they are about even.
pub(super) fn lead_words(a: &str, b: &str, day: &DayEstimate) -> String {
    let half = (day.high - day.low) / 2.0;
    let (first, second) = if day.estimate >= 0.0 { (a, b) } else { (b, a) };
    match day.estimate.abs() {
        by if by > half => format!("In these polls {first} leads {second}"),
        by if by > half / 2.0 => {
            format!("In these polls {first} is apparently ahead of {second}")
        }
        _ => format!("In these polls {a} and {b} are about even"),
    }
}

/// Between 5 and 95%, else the bound.
fn probability(p: f64) -> String {
    match 100.0 * p {
        p if p > 95.0 => ">95%".to_owned(),
        p if p < 5.0 => "<5%".to_owned(),
        p => format!("{p:.0}%"),
    }
}

/// Where it stands, a sentence each, then what holds for all.
pub fn latest(days: &[(&Trend, &DayEstimate)], together: bool) -> Vec<String> {
    let mut sentences: Vec<String> = days
        .iter()
        .map(|(trend, day)| day_sentence(trend, day))
        .collect();
    sentences.push(String::new());
    let trends: Vec<&Trend> = days.iter().map(|(trend, _)| *trend).collect();
    sentences.extend(foot(&trends, together));
    sentences
}

/// What the bands rest on and what they leave out; what holds for some of the trends names them.
pub fn foot(trends: &[&Trend], together: bool) -> Vec<String> {
    let kinds: [fn(&Trend) -> Option<String>; 6] = [
        |trend| Some(polls_words(trend)),
        base_words,
        |trend| Some(band_words(trend)),
        few_houses_words,
        left_out_words,
        partisan_words,
    ];
    let mut lines: Vec<String> = Vec::new();
    for words in kinds {
        let each = trends.iter().map(|trend| (*trend, words(trend)));
        lines.extend(by_trend(each.collect(), trends.len()));
    }
    let notes = trends.iter().flat_map(|trend| trend.selection.notes());
    let notes = distinct(notes).into_iter();
    lines.extend(notes.map(|note| match note.ends_with('?') {
        true => format!("Note: {note}"),
        false => format!("Note: {note}."),
    }));
    if together {
        lines.push("The shares are moved to sum to 100, each by its variance.".to_owned());
    }
    lines
}

/// A line of all trends, or one a group of them that says whose it is.
fn by_trend(each: Vec<(&Trend, Option<String>)>, all: usize) -> Vec<String> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (trend, words) in each {
        let Some(words) = words else { continue };
        let label = trend.measure.label();
        match groups.iter_mut().find(|(known, _)| *known == words) {
            Some((_, labels)) => labels.push(label),
            None => groups.push((words, vec![label])),
        }
    }
    groups
        .into_iter()
        .map(|(words, labels)| match labels.len() == all {
            true => words,
            false => format!("{}: {words}", labels.join(", ")),
        })
        .collect()
}

fn polls_words(trend: &Trend) -> String {
    let (first, last) = (trend.first_poll(), trend.last_poll());
    format!(
        "{} polls of {}, {} to {}. {}",
        thousands(trend.series.len() as f64),
        match trend.houses.len() {
            1 => "one house".to_owned(),
            houses => format!("{houses} houses"),
        },
        iso(first),
        iso(last),
        level_words(trend)
    )
}

pub(super) fn base_words(trend: &Trend) -> Option<String> {
    trend.base.map(|base| base.words())
}

fn band_words(trend: &Trend) -> String {
    match trend.options.historical_error {
        Some(b) => format!(
            "Bands hold an error that all polls share, {:.1} points at 50%: what the average of the last day was off by \
             in 21 elections of five countries. No forecast.",
            100.0 * b
        ),
        None => format!(
            "Bands are what these polls say; an error that all of them share is left out: in 21 past elections it was \
             {:.1} points at 50%. No forecast.",
            100.0 * HISTORICAL_ERROR
        ),
    }
}

fn few_houses_words(trend: &Trend) -> Option<String> {
    match trend.houses.len() {
        1 => Some(
            "One house alone: what it prints beyond others can’t be told from opinion.".to_owned(),
        ),
        houses if houses < LEAST_HOUSES => Some(
            "Under three houses the width of the band rests on what is usual of houses, not on these."
                .to_owned(),
        ),
        _ => None,
    }
}

fn left_out_words(trend: &Trend) -> Option<String> {
    let counts = trend.selection.counts();
    let counts = counts
        .iter()
        .filter(|(reason, _)| **reason != Exclusion::OutsidePeriod);
    let each: Vec<String> = counts
        .map(|(reason, count)| format!("{} {}", thousands(*count as f64), reason.words(*count)))
        .collect();
    (!each.is_empty()).then(|| format!("Left out: {}.", and(&each)))
}

fn partisan_words(trend: &Trend) -> Option<String> {
    let used = trend.selection.used.iter();
    match used.filter(|used| !used.poll.partisan.is_empty()).count() {
        0 => None,
        1 => Some("One of the polls was made for one side.".to_owned()),
        count => Some(format!("{count} of the polls were made for one side.")),
    }
}

/// "The level is the average of the 7 houses, each once."
pub fn level_words(trend: &Trend) -> String {
    let houses = trend.houses.len();
    match &trend.options.level_by {
        LevelBy::Results(results) => {
            let days: Vec<String> = results.iter().map(|(day, _)| iso(*day)).collect();
            match days.as_slice() {
                [one] => format!(
                    "The level goes through the result of {one}, if the error of then still holds."
                ),
                days => format!("The level goes through the results of {}.", and(days)),
            }
        }
        _ if houses == 1 => "The level is that of the one house.".to_owned(),
        LevelBy::Houses => format!("The level is the average of the {houses} houses, each once."),
        LevelBy::Polls => "The level is the average of the houses by their polls.".to_owned(),
        LevelBy::Pollster(name) => format!("The level is that of {name}."),
    }
}

#[cfg(feature = "charts")]
/// "9 June to 7 November 2016".
pub(super) fn date_words(first: i64, last: i64) -> String {
    let (from, to) = (Date::from_days(first), Date::from_days(last));
    let name = |date: Date| {
        let month = usize::from(date.month.unwrap_or(1)).saturating_sub(1);
        let month = MONTHS.get(month).copied().unwrap_or_default();
        format!("{} {month}", date.day.unwrap_or(1))
    };
    match from.year == to.year {
        true => format!("{} to {} {}", name(from), name(to), to.year),
        false => format!("{} {} to {} {}", name(from), from.year, name(to), to.year),
    }
}

#[cfg(feature = "charts")]
/// "level: the mean of the houses, each once", for a foot.
pub(super) fn level_clause(trend: &Trend) -> String {
    match &trend.options.level_by {
        LevelBy::Results(_) => match trend.houses.len() {
            1 => "level: that of the one house, through the result".to_owned(),
            _ => level_words(trend)
                .trim_end_matches('.')
                .replace("The level", "the level"),
        },
        _ if trend.houses.len() == 1 => "level: that of the one house".to_owned(),
        LevelBy::Houses => "level: the mean of the houses, each once".to_owned(),
        LevelBy::Polls => "level: the mean of the houses by their polls".to_owned(),
        LevelBy::Pollster(name) => format!("level: that of {name}"),
    }
}

/// What a house’s effect is relative to.
pub(super) fn relative_to(trend: &Trend) -> String {
    match &trend.options.level_by {
        LevelBy::Houses => format!("the average of the {} houses", trend.houses.len()),
        LevelBy::Polls => "the average of the polls".to_owned(),
        LevelBy::Pollster(name) => name.clone(),
        LevelBy::Results(results) => {
            let days: Vec<String> = results.iter().map(|(day, _)| iso(*day)).collect();
            format!("the result of {}", and(&days))
        }
    }
}

/// The row of φ, and the sentence that goes with it.
pub fn agreement(trend: &Trend) -> Option<(VarianceRow, String)> {
    let agreement = trend.dispersion()?;
    let p = chi_square::upper_tail(agreement.likelihood_ratio, 1.0).ok()?;
    let words = match (agreement.phi < 1.0, p < 0.05) {
        (true, true) => format!(
            "The polls differ less than random samples of their size would ({:.2} of the variance, p {}). Weighting to \
             past votes, rolling panels or adjusting to other polls can do that; this does not say which.",
            agreement.phi,
            p_words(p)
        ),
        (false, true) => format!(
            "The polls differ more than random samples of their size would ({:.2} times the variance, p {}). Design effects, \
             weighting or wording can do that; this does not say which.",
            agreement.phi,
            p_words(p)
        ),
        _ => format!(
            "The polls differ about as random samples of their size would ({:.2} of the variance, p {}).",
            agreement.phi,
            p_words(p)
        ),
    };
    let row = VarianceRow {
        level: trend.measure.label(),
        parameter: "phi".to_owned(),
        estimate: agreement.phi,
        ci_low: None,
        ci_high: None,
        method: "reml".to_owned(),
        note: format!(
            "likelihood ratio {:.2}, p {}",
            agreement.likelihood_ratio,
            p_words(p)
        ),
    };
    Some((row, words))
}

fn p_words(p: f64) -> String {
    match p < 0.001 {
        true => "< 0.001".to_owned(),
        false => format!("= {p:.3}"),
    }
}
