//! The chart in words, for those who cannot see it.

use super::axes::dated_name;
use super::{PollsChart, PollsLine};
use crate::frames::words::thousands;
use crate::present::chart::words::Language;

/// “Polls over time with their averages: 536 figures of Clinton and Trump, 9 Jun 2016 to 7 Nov 2016. Clinton ends at 46.8%
/// (45.1 to 48.5), result 48.5%. …”
pub(super) fn polls_chart(chart: &PollsChart, words: &Language) -> String {
    let names: Vec<String> = chart.lines.iter().map(|line| line.label.clone()).collect();
    let dots = || chart.lines.iter().flat_map(|line| &line.dots);
    let (first, last) = dots().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), dot| {
        (low.min(dot.day), high.max(dot.day))
    });
    let count = words.value(&thousands(dots().count() as f64));
    let (first, last) = (
        words.value(&dated_name(first)),
        words.value(&dated_name(last)),
    );
    let mut sentences = vec![words.fill(
        "Polls over time with their averages: {} figures of {}, {} to {}.",
        &[&count, &words.list(&names), &first, &last],
    )];
    let lines = chart.lines.iter();
    sentences.extend(lines.map(|line| format!("{}.", line_words(line, chart.leads, words))));
    sentences.join(" ")
}

fn line_words(line: &PollsLine, leads: bool, words: &Language) -> String {
    let number = |at: f64| format!("{at:.1}").replace('-', "−");
    let figure = |at: f64| match leads {
        true => words.fill("{} points", &[&words.value(&number(at))]),
        false => words.value(&format!("{}%", number(at))),
    };
    let clause = match line.end() {
        Some(end) => {
            let band = format!("{} to {}", number(end.band.0), number(end.band.1));
            let values = [&line.label, &figure(end.at), &words.value(&band)];
            words.fill("{} ends at {} ({})", &values.map(String::as_str))
        }
        None => words.fill("{}: polls without a line", &[&line.label]),
    };
    match line.results.last().copied().flatten() {
        Some(result) => words.fill("{}, result {}", &[&clause, &figure(result)]),
        None => clause,
    }
}
