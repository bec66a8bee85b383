//! The chart in words, for those who cannot see it.

use super::axes::dated_name;
use super::{PollsChart, PollsLine};
use crate::frames::words::{and, thousands};

/// “Polls over time with their averages: 536 figures of Clinton and Trump, 9 Jun 2016 to 7 Nov 2016. Clinton ends at 46.8%
/// (45.1 to 48.5), result 48.5%. …”
pub(super) fn polls_chart(chart: &PollsChart) -> String {
    let names: Vec<String> = chart.lines.iter().map(|line| line.label.clone()).collect();
    let dots = || chart.lines.iter().flat_map(|line| &line.dots);
    let (first, last) = dots().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), dot| {
        (low.min(dot.day), high.max(dot.day))
    });
    let mut sentences = vec![format!(
        "Polls over time with their averages: {} figures of {}, {} to {}.",
        thousands(dots().count() as f64),
        and(&names),
        dated_name(first),
        dated_name(last)
    )];
    let unit = if chart.leads { " points" } else { "%" };
    sentences.extend(chart.lines.iter().map(|line| line_words(line, unit)));
    sentences.join(" ")
}

fn line_words(line: &PollsLine, unit: &str) -> String {
    let number = |at: f64| format!("{at:.1}").replace('-', "−");
    let mut words = match line.end() {
        Some(end) => format!(
            "{} ends at {}{unit} ({} to {})",
            line.label,
            number(end.at),
            number(end.band.0),
            number(end.band.1)
        ),
        None => format!("{}: polls without a line", line.label),
    };
    if let Some(result) = line.results.last().copied().flatten() {
        words += &format!(", result {}{unit}", number(result));
    }
    words + "."
}
