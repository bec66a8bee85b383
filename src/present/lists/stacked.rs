//! Estimates and lists from a file as stacked bars.

use super::crosstab::{self, Titles, is_crosstab, without_nets};
use super::error::Error;
use super::foot::foot;
use super::list::LIST;
use super::{NO_PART_OF_THE_LABEL, group_name, printed};
use crate::frames::words::{and, distinct};
use crate::frames::{Captions, Estimate, Estimates, Statistic};
use crate::present::chart::{
    Paint, Part, Question, Response, RowKind, StackedChart, StackedRow, StackedSection, Tone,
};
use crate::present::tones::tones;
use crate::published::figures::topline::Intervals;

/// The shares of levels as bars: a section a variable with a bar a group, or, without groups, a bar
/// a variable. Levels, groups and variables keep the order of the rows; don't know comes last.
///
/// # Errors
/// No shares of levels; an interval can't be read.
pub fn stacked_of_estimates(
    estimates: &Estimates,
    captions: Captions,
    diverging: bool,
    intervals: Intervals,
) -> Result<StackedChart, Error> {
    let all = estimates.rows()?;
    let (rows, nets) = without_nets(&all);
    let of_levels: Vec<&Estimate> = rows
        .iter()
        .filter(|row| row.statistic == Statistic::Proportion)
        .filter(|row| row.level.as_ref().is_some_and(|level| !level.is_empty()))
        .collect();
    if of_levels.is_empty() {
        let what = rows.first().map_or("the file", |row| row.variable.as_str());
        return Err(Error::NoShares(what.to_owned(), "chart stacked"));
    }
    let (sections, several) = match is_crosstab(&rows) {
        true => crosstab::sections(&of_levels, &Titles::new(estimates, &all))?,
        false => {
            let split = split(&of_levels).into_iter();
            let sections = split.map(|(head, rows)| section(head, &rows));
            (sections.collect(), Vec::new())
        }
    };
    let drawn: Vec<Estimate> = of_levels.iter().map(|row| (*row).clone()).collect();
    let mut paragraphs = match is_crosstab(&rows) {
        true => foot(
            &drawn,
            intervals,
            &crosstab::without_letters(&captions.foot),
        ),
        false => foot(&rows, intervals, &captions.foot),
    };
    if !nets.is_empty() {
        let sentence = format!(
            "Nets are left out, as their parts are drawn: {}.",
            and(&nets)
        );
        paragraphs.insert(paragraphs.len().saturating_sub(1), sentence);
    }
    if !several.is_empty() {
        let sentence = format!(
            "Not drawn, as their shares are of several answers: {}.",
            and(&several)
        );
        paragraphs.insert(paragraphs.len().saturating_sub(1), sentence);
    }
    if let Some(half) = widest(&of_levels) {
        let sentence = format!(
            "Shares are within at most ±{half:.1} points ({}%).",
            100.0 * intervals.level
        );
        match paragraphs.first_mut() {
            Some(first) => *first = format!("{first} {sentence}"),
            None => paragraphs.push(sentence),
        }
    }
    Ok(StackedChart {
        title: captions.title,
        subtitle: captions.subtitle,
        sections,
        diverging,
        footer: paragraphs,
    })
}

/// The largest half-width of the intervals, in points.
fn widest(rows: &[&Estimate]) -> Option<f64> {
    let halves = rows.iter().filter_map(|row| row.interval());
    halves
        .map(|(low, high)| 50.0 * (high - low))
        .max_by(f64::total_cmp)
}

type Bar = Vec<String>;

/// The groups of a row that tell the bars apart.
fn groups(row: &Estimate) -> Bar {
    let tells_apart =
        |(name, _): &&(String, Option<String>)| !NO_PART_OF_THE_LABEL.contains(&name.as_str());
    let values = row.groups.iter().filter(tells_apart);
    values
        .map(|(_, value)| value.clone().unwrap_or_default())
        .collect()
}

/// Rows by section, each with its head where there are several.
fn split<'r>(rows: &[&'r Estimate]) -> Vec<(Option<String>, Vec<&'r Estimate>)> {
    let first = rows.first().map(|row| groups(row));
    let grouped = rows.iter().any(|row| Some(groups(row)) != first);
    let list = rows.iter().all(|row| row.source == LIST);
    let key = |row: &Estimate| match (list, grouped) {
        (true, _) => (row.source.clone(), String::new()),
        (false, true) => (row.source.clone(), row.variable.clone()),
        // a battery: variables with the same answers are bars of one section
        (false, false) => {
            let of_variable =
                |other: &&&Estimate| other.source == row.source && other.variable == row.variable;
            let levels: Vec<String> = rows
                .iter()
                .filter(of_variable)
                .filter_map(|row| row.level.clone())
                .collect();
            (row.source.clone(), levels.join("\n"))
        }
    };
    let mut sections: Vec<((String, String), Vec<&Estimate>)> = Vec::new();
    for row in rows {
        let key = key(row);
        match sections.iter_mut().find(|(known, _)| *known == key) {
            Some((_, rows)) => rows.push(row),
            None => sections.push((key, vec![row])),
        }
    }
    let several = sections.len() > 1;
    let sources = distinct(rows.iter().map(|row| row.source.as_str())).len() > 1;
    let head = |rows: &[&Estimate]| {
        let row = rows.first().filter(|_| several)?;
        let variables = distinct(rows.iter().map(|row| row.variable.as_str()));
        let parts = [
            Some(row.source.clone()).filter(|_| sources),
            Some(row.variable.clone()).filter(|_| variables.len() == 1),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        Some(parts.join(": ")).filter(|head| !head.is_empty())
    };
    sections
        .into_iter()
        .map(|(_, rows)| (head(&rows), rows))
        .collect()
}

fn section(head: Option<String>, rows: &[&Estimate]) -> StackedSection {
    let mut levels = distinct(rows.iter().filter_map(|row| row.level.as_deref()));
    let mut with_tones: Vec<(&str, Tone)> = levels.iter().copied().zip(tones(&levels)).collect();
    with_tones.sort_by_key(|(_, tone)| *tone == Tone::DontKnow);
    levels = with_tones.iter().map(|(level, _)| *level).collect();
    let mut bars: Vec<(&str, Bar)> = Vec::new();
    for row in rows {
        let bar = (row.variable.as_str(), groups(row));
        if !bars.contains(&bar) {
            bars.push(bar);
        }
    }
    let variables = distinct(bars.iter().map(|(variable, _)| *variable)).len() > 1;
    let only = bars.len() == 1;
    let label = |(variable, groups): &(&str, Bar)| {
        let mut parts = Vec::new();
        if variables || groups.is_empty() || (only && *variable != LIST) {
            parts.push((*variable).to_owned());
        }
        let varies = |at: usize| {
            bars.iter()
                .any(|(_, other)| other.get(at) != groups.get(at))
        };
        let values = groups.iter().enumerate();
        parts.extend(
            values
                .filter(|(at, _)| varies(*at) || (only && !variables && parts.is_empty()))
                .map(|(_, value)| group_name(value))
                .collect::<Vec<_>>(),
        );
        parts.retain(|part| !part.is_empty() && part != LIST);
        match parts.is_empty() {
            true => "All".to_owned(),
            false => parts.join(", "),
        }
    };
    let drawn = bars.iter().map(|bar| StackedRow {
        label: label(bar),
        note: None,
        kind: RowKind::Plain,
        parts: levels.iter().map(|level| part(rows, bar, level)).collect(),
        paint: Paint::Usual,
    });
    StackedSection {
        head,
        note: None,
        responses: with_tones
            .iter()
            .map(|(level, tone)| Response {
                label: (*level).to_owned(),
                tone: *tone,
                paint: Paint::Usual,
            })
            .collect(),
        questions: vec![Question {
            head: None,
            rows: drawn.collect(),
        }],
    }
}

fn part(rows: &[&Estimate], (variable, of): &(&str, Bar), level: &str) -> Option<Part> {
    let row = rows.iter().find(|row| {
        row.variable == *variable && row.level.as_deref() == Some(level) && groups(row) == *of
    })?;
    let percent = 100.0 * row.estimate?;
    Some(Part {
        printed: printed(row, percent),
        percent,
    })
}
