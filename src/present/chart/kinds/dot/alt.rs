//! The chart in words, for those who cannot see it: kind, how many, the extremes, every flagged row.

use super::row::{Mark, Row, Value};
use super::words::ends;
use super::{Body, PanelChart};
use crate::frames::words::capitalised;

/// A description is heard in full: more flagged rows than this are only counted.
const MOST_FLAGS: usize = 20;

/// “Dot plot of 13 figures in three groups. Highest: … Lowest: … Flagged: …”
pub(super) fn rows(chart: &Body) -> String {
    let figures = chart
        .all_figures()
        .filter(|(_, value)| value.place().is_some())
        .count();
    let groups = match chart.groups.len() {
        0 | 1 => String::new(),
        several => format!(" in {} groups", counted(several)),
    };
    let plural = if figures == 1 { "" } else { "s" };
    let mut sentences = vec![format!(
        "{} of {figures} figure{plural}{groups}.",
        chart.look.name()
    )];
    let sign = chart.scale.sign();
    sentences.extend(extremes(chart.all_figures(), sign));
    sentences.extend(flags(chart.all_rows(), sign));
    sentences.join(" ")
}

/// “Eight small dot plots, each with …”, then every figure of every panel.
pub(super) fn panel_chart(chart: &PanelChart) -> String {
    let plots = chart.all_panels().count();
    let plural = if plots == 1 { "" } else { "s" };
    let mut sentences = vec![format!(
        "{} small dot plot{plural}, one a question.",
        capitalised(&counted(plots))
    )];
    for panel in chart.all_panels() {
        let figures: Vec<String> = panel
            .rows
            .iter()
            .map(|row| {
                let printed: Vec<String> = row.figures().iter().map(in_words).collect();
                format!("{} {}", row.label, printed.join(" or "))
            })
            .collect();
        sentences.push(format!("{}: {}.", panel.head, figures.join(", ")));
    }
    sentences.join(" ")
}

/// A figure as it is said in a list.
fn in_words(value: &Value) -> String {
    match value.place() {
        None => "not found".to_string(),
        Some((_, Mark::AtLeast)) => format!("at least {}", value.printed),
        Some((_, Mark::AtMost)) => format!("at most {}", value.printed),
        Some((_, Mark::Impossible)) => format!("{}, which cannot be right", value.printed),
        Some(_) => value.printed.clone(),
    }
}

/// The highest figure and the lowest, of those that stand for themselves.
fn extremes<'a>(figures: impl Iterator<Item = (&'a Row, &'a Value)>, sign: &str) -> Vec<String> {
    let placed: Vec<(&Row, &Value, f64)> = figures
        .filter_map(|(row, value)| {
            let (at, mark) = value.place()?;
            matches!(
                mark,
                Mark::Interval { .. } | Mark::NoSampleSize | Mark::Bare
            )
            .then_some((row, value, at))
        })
        .collect();
    // The first of equals, both ways.
    let highest = placed.iter().rev().max_by(|a, b| a.2.total_cmp(&b.2));
    let lowest = placed.iter().min_by(|a, b| a.2.total_cmp(&b.2));
    let mut sentences = Vec::new();
    for (which, extreme) in [("Highest", highest), ("Lowest", lowest)] {
        sentences.extend(extreme.map(|(row, value, _)| {
            format!("{which}: {}, {}.", row.label, with_interval(value, sign))
        }));
    }
    sentences.truncate(if placed.len() == 1 { 1 } else { 2 });
    sentences
}

/// “90% (88.4 to 91.4)”.
fn with_interval(value: &Value, sign: &str) -> String {
    let printed = value.printed.trim_end_matches('%');
    match value.mark {
        Mark::Interval { low, high } => {
            let (low, high) = ends(value, (low, high));
            format!("{printed}{sign} ({low} to {high})")
        }
        Mark::Bare => format!("{printed}{sign}"),
        _ => format!("{printed}{sign}, no sample size"),
    }
}

fn flags<'a>(rows: impl Iterator<Item = &'a Row>, sign: &str) -> Option<String> {
    let all: Vec<String> = rows.flat_map(|row| row_flags(row, sign)).collect();
    let more = all.len().saturating_sub(MOST_FLAGS);
    let mut told: Vec<String> = all.into_iter().take(MOST_FLAGS).collect();
    if more > 0 {
        told.push(format!("{more} more"));
    }
    (!told.is_empty()).then(|| format!("Flagged: {}.", told.join("; ")))
}

/// What a reader must know of a row: what cannot be right, what is missing, what sources disagree on.
fn row_flags(row: &Row, sign: &str) -> Vec<String> {
    let mut flags = Vec::new();
    let possible = row
        .figures()
        .iter()
        .filter(|value| value.mark != Mark::Impossible && value.place().is_some());
    let printed: Vec<String> = possible
        .map(|value| format!("{}{sign}", value.printed.trim_end_matches('%')))
        .collect();
    if let [others @ .., last] = &printed[..]
        && !others.is_empty()
    {
        flags.push(format!(
            "{}: {} and {last} were printed",
            row.label,
            others.join(", ")
        ));
    }
    for value in row.figures() {
        let remark = value.remark.as_deref();
        flags.extend(match value.place() {
            None => Some(format!(
                "{}: {}",
                row.label,
                remark.unwrap_or("no figure found")
            )),
            Some((_, Mark::Impossible)) => {
                let printed = value.printed.trim_end_matches('%');
                Some(format!(
                    "{}: {printed}{sign} {}",
                    row.label,
                    remark.unwrap_or("can’t be right")
                ))
            }
            Some((_, Mark::AtLeast | Mark::AtMost)) => {
                Some(format!("{}: only {} is known", row.label, in_words(value)))
            }
            Some((_, Mark::NoSampleSize)) => {
                let printed = value.printed.trim_end_matches('%');
                Some(format!(
                    "{}: {printed}{sign} {}",
                    row.label,
                    remark.unwrap_or("no n")
                ))
            }
            Some(_) => remark.map(|remark| format!("{}: {remark}", row.label)),
        });
    }
    flags
}

/// A number up to twelve in letters, as in running text.
pub(in crate::internals::present::chart) fn counted(number: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS
        .get(number)
        .map_or_else(|| number.to_string(), |word| (*word).to_string())
}
