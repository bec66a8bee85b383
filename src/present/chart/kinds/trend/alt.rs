//! The chart in words, for those who cannot see it.

use super::{Moment, TrendChart, TrendPanel, Wave};
use crate::frames::words::capitalised;
use crate::present::chart::words::Language;

/// A description is heard in full: more panels than this are only counted.
const MOST_PANELS: usize = 30;

/// “Twenty small line charts of United States and China. Poland: United States from 79% (2002) to 93% (2023), …”
pub(super) fn trend_chart(chart: &TrendChart, words: &Language) -> String {
    let count = chart.panels.len();
    let counted = capitalised(&words.counted(count));
    let series = words.list(&chart.series);
    let mut sentences = vec![match (count, chart.series.is_empty()) {
        (1, true) => words.fill("One small line chart.", &[]),
        (1, false) => words.fill("One small line chart of {}.", &[&series]),
        (_, true) => words.fill("{} small line charts.", &[&counted]),
        (_, false) => words.fill("{} small line charts of {}.", &[&counted, &series]),
    }];
    let clauses = chart.panels.iter().take(MOST_PANELS);
    sentences.extend(clauses.map(|panel| in_words(chart, panel, words)));
    if count > MOST_PANELS {
        let more = (count - MOST_PANELS).to_string();
        sentences.push(words.fill("And {} more.", &[&more]));
    }
    sentences.join(" ")
}

/// A panel: where each line begins and ends, and where it is interrupted.
fn in_words(chart: &TrendChart, panel: &TrendPanel, words: &Language) -> String {
    let at = |wave: &Wave| at(&chart.moments, wave, chart.scale.sign(), words);
    let lines = chart.series.iter().enumerate().map(|(index, name)| {
        let waves = panel.lines.get(index).map(Vec::as_slice);
        match waves.unwrap_or_default() {
            [] => format!("{name} {}", words.value("no figure found")),
            [only] => format!("{name} {}", at(only)),
            [first, .., last] => words.fill("{} from {} to {}", &[name, &at(first), &at(last)]),
        }
    });
    let mut clauses: Vec<String> = lines.collect();
    clauses.extend(panel.breaks.iter().map(|year| {
        let year = format!("{:.0}", year.floor());
        words.fill("mode of interview changed in {}", &[&year])
    }));
    let clauses = clauses.join(", ");
    match panel.head.is_empty() {
        true => format!("{clauses}."),
        false => words.fill("{}: {}.", &[&panel.head, &clauses]),
    }
}

fn at(moments: &[Moment], wave: &Wave, sign: &str, words: &Language) -> String {
    let printed = words.value(&format!("{}{sign}", wave.printed.trim_end_matches('%')));
    let moment = match moments.iter().find(|moment| moment.when == wave.when) {
        Some(moment) => words.value(&moment.name),
        None => format!("{:.0}", wave.when.floor()),
    };
    words.fill("{} ({})", &[&printed, &moment])
}
