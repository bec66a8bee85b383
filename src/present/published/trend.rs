//! The same question over the years as small panels, one a country.

use super::chart::footer;
use crate::frames::Captions;
use crate::frames::words::distinct;
use crate::present::chart::{Moment, TrendChart, TrendPanel, Wave};
use crate::published::changes::moment_name;
use crate::published::figures::date::Date;
use crate::published::figures::store::{ALL, Figure, Poll, Store};
use crate::published::figures::topline::{Intervals, printed};
use crate::published::lines::{Line, Section};
use std::collections::HashSet;

#[derive(Debug, thiserror::Error)]
pub enum TrendError {
    #[error(
        "these questions are of no series: a trend needs the same question asked twice, with one id in the column series of \
         questions.csv (opine edit question {0} --series ID)"
    )]
    NoSeries(String),
    #[error(
        "these are totals over several countries, which may differ from poll to poll: a trend is of one country, as in {0}"
    )]
    Totals(String),
    #[error(
        "no country has figures of one series in two polls: a trend needs the same question asked twice, with one id in the column series of questions.csv"
    )]
    NoTrend,
}

impl TrendError {
    /// What keeps these figures from being a trend.
    fn of(countries: &Countries, lines: &[&Line]) -> TrendError {
        let store = countries.store;
        let figures = || lines.iter().map(|line| line.figure);
        let is_in_series = |line: &&&Line| key(store, line).is_some();
        if let Some(figure) = figures().next()
            && !lines.iter().any(|line| is_in_series(&line))
        {
            return TrendError::NoSeries(format!("{}/{}", figure.poll, figure.question));
        }
        let mut totals = lines.iter().filter(is_in_series);
        if let Some(first) = totals.clone().next()
            && totals.all(|line| countries.code(line.figure).is_none())
        {
            let figure = first.figure;
            let of_question = |other: &&Figure| {
                (&other.poll, &other.question) == (&figure.poll, &figure.question)
                    && other.country != ALL
            };
            let code = store.figures.iter().find(of_question);
            let code = code.map_or("KR", |figure| figure.country.as_str());
            return TrendError::Totals(format!("*/{}/{}:{code}", figure.question, figure.response));
        }
        TrendError::NoTrend
    }
}

/// A line a series and answer: polls of one `series` ask the same of comparable people, others are not joined.
/// Only everybody in a country is drawn; panels are in the order of the gap between the first two
/// lines at their last wave, and a line breaks where the mode of interview is known to change.
pub fn trend_chart(
    store: &Store,
    sections: &[Section],
    captions: Captions,
    intervals: Intervals,
) -> Result<TrendChart, TrendError> {
    let places = Countries::new(store);
    let asked: Vec<&Line> = sections.iter().flat_map(|section| &section.lines).collect();
    let lines: Vec<&Line> = { asked.iter() }
        .copied()
        .filter(|line| in_trend(&places, line))
        .collect();
    let keys = distinct(lines.iter().filter_map(|line| key(store, line)));
    let countries = lines.iter().filter_map(|line| places.code(line.figure));
    let countries = distinct(countries.map(str::to_owned));
    let mut panels: Vec<TrendPanel> = countries
        .iter()
        .map(|country| panel(&places, country, &keys, &lines))
        .collect();
    panels.retain(|panel| panel.lines.iter().any(|waves| waves.len() > 1));
    if panels.is_empty() {
        return Err(TrendError::of(&places, &asked));
    }
    // Series that only countries without a trend have are not named.
    let used: Vec<bool> = (0..keys.len())
        .map(|at| {
            panels
                .iter()
                .any(|p| p.lines.get(at).is_some_and(|w| !w.is_empty()))
        })
        .collect();
    for panel in &mut panels {
        let mut at = used.iter();
        panel.lines.retain(|_| at.next().copied().unwrap_or(false));
    }
    panels.sort_by(|a, b| gap(b).total_cmp(&gap(a)).then(a.head.cmp(&b.head)));
    let named: Vec<&(String, String)> = keys
        .iter()
        .zip(&used)
        .filter(|(_, used)| **used)
        .map(|(key, _)| key)
        .collect();
    let series = names(store, &named, &lines);
    let mut paragraphs = footer(store, &lines, intervals);
    if let Some(first) = paragraphs.first_mut() {
        *first = format!("{first} Bands are {}% intervals.", 100.0 * intervals.level);
    }
    Ok(TrendChart {
        title: captions.title,
        subtitle: captions.subtitle,
        series,
        moments: moments(store, &lines, &panels),
        panels,
        footer: paragraphs,
        ..TrendChart::default()
    })
}

/// A country's figure of a question that belongs to a series, at a known time, that can hold.
fn in_trend(countries: &Countries, line: &Line) -> bool {
    let store = countries.store;
    countries.code(line.figure).is_some()
        && line.figure.base == ALL
        && !line.cannot_hold()
        && key(store, line).is_some()
        && store.poll(&line.figure.poll).and_then(when).is_some()
}

/// Which country each figure is of.
pub struct Countries<'s> {
    store: &'s Store,
    /// Polls with figures by country: what they have of all is a total.
    several: HashSet<&'s str>,
}

impl<'s> Countries<'s> {
    /// Of the figures of a store.
    pub fn new(store: &'s Store) -> Countries<'s> {
        let by_country = store.figures.iter().filter(|figure| figure.country != ALL);
        Countries {
            store,
            several: by_country.map(|figure| figure.poll.as_str()).collect(),
        }
    }

    /// The country of a figure; the one country of its poll, where it is of all who were asked. Totals over several countries have
    /// none, and a poll that names no country at all is of one population.
    pub fn code<'a>(&'a self, figure: &'a Figure) -> Option<&'a str> {
        if figure.country != ALL {
            return Some(&figure.country);
        }
        let poll = self.store.poll(&figure.poll);
        match poll.map_or(&[][..], |poll| poll.countries.as_slice()) {
            [only] => Some(only),
            [] => {
                let is_total =
                    self.several.contains(figure.poll.as_str()) || figure.aggregate.is_some();
                (!is_total).then_some(ALL)
            }
            _ => None,
        }
    }
}

/// The series and the answer; none for a question that belongs to no series.
fn key(store: &Store, line: &Line) -> Option<(String, String)> {
    let question = store.question(&line.figure.poll, &line.figure.question)?;
    (!question.series.is_empty()).then(|| (question.series.clone(), line.figure.response.clone()))
}

/// Question and answer of a series; who asked, where two series ask the same.
fn names(store: &Store, keys: &[&(String, String)], lines: &[&Line]) -> Vec<String> {
    let last = |series: &(String, String)| {
        let mut of_key = lines
            .iter()
            .rev()
            .filter(|line| key(store, line).as_ref() == Some(series));
        of_key.next().map(|line| line.figure)
    };
    let label = |key: &(String, String)| {
        last(key).map_or_else(|| key.0.clone(), |figure| store.label(figure))
    };
    let labels: Vec<String> = keys.iter().map(|key| label(key)).collect();
    let twice = |label: &String| labels.iter().filter(|other| *other == label).count() > 1;
    let who = |key: &(String, String)| {
        last(key)
            .and_then(|figure| store.poll(&figure.poll))
            .map(|poll| poll.sponsor.clone())
    };
    let named = keys.iter().zip(&labels);
    named
        .map(
            |(key, label)| match who(key).filter(|who| twice(label) && !who.is_empty()) {
                Some(who) => format!("{label} ({who})"),
                None => label.clone(),
            },
        )
        .collect()
}

fn panel(
    countries: &Countries,
    code: &str,
    keys: &[(String, String)],
    lines: &[&Line],
) -> TrendPanel {
    let store = countries.store;
    let here: Vec<&&Line> = lines
        .iter()
        .filter(|line| countries.code(line.figure) == Some(code))
        .collect();
    let waves = |series: &(String, String)| {
        let of_key = here
            .iter()
            .filter(|line| key(store, line).as_ref() == Some(series));
        of_key.filter_map(|line| wave(store, line)).collect()
    };
    TrendPanel {
        head: match code {
            ALL => String::new(),
            code => store.country_name(code),
        },
        lines: keys.iter().map(waves).collect(),
        breaks: breaks(store, &here),
        ..TrendPanel::default()
    }
}

fn wave(store: &Store, line: &Line) -> Option<Wave> {
    Some(Wave {
        when: when(store.poll(&line.figure.poll)?)?,
        printed: printed(line.figure),
        at: line.figure.percent.value,
        interval: line
            .estimate
            .interval()
            .map(|(low, high)| (100.0 * low, 100.0 * high)),
    })
}

/// Shorter than this, or where they are few, times are told by their names; else by their years.
const YEARS: f64 = 2.0;
const FEW: usize = 8;

/// The last days of the waves that are drawn, where years do not tell them.
fn moments(store: &Store, lines: &[&Line], panels: &[TrendPanel]) -> Vec<Moment> {
    let waves = panels.iter().flat_map(|panel| &panel.lines).flatten();
    let drawn: Vec<f64> = waves.map(|wave| wave.when).collect();
    let of_poll = |poll: &Poll| {
        let when = when(poll)?;
        let date = poll.field_end.or(poll.field_start).or(poll.published);
        let name = date.map_or_else(|| format!("{:.0}", when.floor()), |date| date.to_string());
        Some(Moment {
            when,
            name: moment_name(&name),
        })
    };
    let polls = distinct(lines.iter().map(|line| line.figure.poll.clone()));
    let polls = polls.iter().filter_map(|poll| of_poll(store.poll(poll)?));
    let mut moments: Vec<Moment> = polls
        .filter(|moment| drawn.contains(&moment.when))
        .collect();
    moments.sort_by(|a, b| a.when.total_cmp(&b.when));
    moments.dedup_by(|a, b| a.when == b.when);
    let span = match (moments.first(), moments.last()) {
        (Some(first), Some(last)) => last.when - first.when,
        _ => 0.0,
    };
    match span > YEARS && moments.len() > FEW {
        true => Vec::new(),
        false => moments,
    }
}

/// The middle of the fieldwork as a year with its part; the year alone stands for its middle.
fn when(poll: &Poll) -> Option<f64> {
    match (&poll.field_start, &poll.field_end) {
        (Some(start), Some(end)) => Some((day(&start.first_day()) + day(&end.last_day())) / 2.0),
        (Some(date), None) | (None, Some(date)) => {
            Some((day(&date.first_day()) + day(&date.last_day())) / 2.0)
        }
        (None, None) => {
            let digits: String = poll.poll.chars().filter(char::is_ascii_digit).collect();
            let year: f64 = digits.parse().ok()?;
            let published = poll
                .published
                .as_ref()
                .map(|date| f64::from(date.year) + 0.5);
            (digits.len() == 4).then_some(year + 0.5).or(published)
        }
    }
}

/// A day as a year with its part: months count a twelfth, days a 366th.
fn day(date: &Date) -> f64 {
    let month = f64::from(date.month.unwrap_or(1)) - 1.0;
    let day = f64::from(date.day.unwrap_or(1)) - 1.0;
    f64::from(date.year) + month / 12.0 + day / 366.0
}

/// Between two waves whose modes are both stated and differ.
fn breaks(store: &Store, lines: &[&&Line]) -> Vec<f64> {
    let mut known: Vec<(f64, &str)> = lines
        .iter()
        .filter_map(|line| store.poll(&line.figure.poll))
        .filter(|poll| !poll.mode.is_empty())
        .filter_map(|poll| Some((when(poll)?, poll.mode.as_str())))
        .collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    // A mode that differs by country says nothing of this one.
    let stated = |mode: &str| !mode.contains("by country");
    let pairs = known.windows(2);
    pairs
        .filter_map(|pair| match pair {
            [(a, from), (b, to)] if from != to && stated(from) && stated(to) => Some((a + b) / 2.0),
            _ => None,
        })
        .collect()
}

/// The first line's last value less the second's.
fn gap(panel: &TrendPanel) -> f64 {
    let last = |at: usize| {
        let waves = panel.lines.get(at)?;
        let latest = waves.iter().max_by(|a, b| a.when.total_cmp(&b.when))?;
        Some(latest.at)
    };
    last(0).unwrap_or(0.0) - last(1).unwrap_or(0.0)
}
