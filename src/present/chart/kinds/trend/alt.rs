//! The chart in words, for those who cannot see it.

use super::{Moment, TrendChart, TrendPanel, Wave};
use crate::frames::words::capitalised;
use crate::present::chart::kinds::dot::counted;

/// A description is heard in full: more panels than this are only counted.
const MOST_PANELS: usize = 30;

/// “Twenty small line charts of United States and China. Poland: United States from 79% (2002) to 93% (2023), …”
pub(super) fn trend_chart(chart: &TrendChart) -> String {
    let count = chart.panels.len();
    let plural = if count == 1 { "" } else { "s" };
    let series = match &chart.series[..] {
        [] => String::new(),
        [one] => format!(" of {one}"),
        [others @ .., last] => format!(" of {} and {last}", others.join(", ")),
    };
    let mut sentences = vec![format!(
        "{} small line chart{plural}{series}.",
        capitalised(&counted(count))
    )];
    let told = chart.panels.iter().take(MOST_PANELS);
    sentences.extend(told.map(|panel| in_words(chart, panel)));
    if count > MOST_PANELS {
        sentences.push(format!("And {} more.", count - MOST_PANELS));
    }
    sentences.join(" ")
}

/// A panel: where each line begins and ends, and where it is interrupted.
fn in_words(chart: &TrendChart, panel: &TrendPanel) -> String {
    let at = |wave: &Wave| at(&chart.moments, wave, chart.scale.sign());
    let lines = chart.series.iter().enumerate().map(|(index, name)| {
        let waves = panel.lines.get(index).map(Vec::as_slice);
        match waves.unwrap_or_default() {
            [] => format!("{name} no figure found"),
            [only] => format!("{name} {}", at(only)),
            [first, .., last] => format!("{name} from {} to {}", at(first), at(last)),
        }
    });
    let mut words: Vec<String> = lines.collect();
    words.extend(
        panel
            .breaks
            .iter()
            .map(|year| format!("mode of interview changed in {:.0}", year.floor())),
    );
    match panel.head.is_empty() {
        true => format!("{}.", words.join(", ")),
        false => format!("{}: {}.", panel.head, words.join(", ")),
    }
}

fn at(moments: &[Moment], wave: &Wave, sign: &str) -> String {
    let printed = wave.printed.trim_end_matches('%');
    match moments.iter().find(|moment| moment.when == wave.when) {
        Some(moment) => format!("{printed}{sign} ({})", moment.name),
        None => format!("{printed}{sign} ({:.0})", wave.when.floor()),
    }
}
