//! What has to be said once about many figures: method, flags, notes.

use crate::frames::Flag;
use crate::frames::words::{and, capitalised, distinct};
use crate::published::figures::store::Store;
use crate::published::figures::topline::Intervals;
use crate::published::lines::Line;

/// Flags that every line has, where there are several lines: said in a sentence, not on each.
pub(super) fn flags_of_all(lines: &[&Line]) -> Vec<Flag> {
    if lines.len() < 2 {
        return Vec::new();
    }
    let of_all = |flag: &Flag| lines.iter().all(|line| line.estimate.flags.contains(flag));
    Flag::ALL.into_iter().filter(of_all).collect()
}

/// The letters that occur among some lines.
pub(super) fn legend(lines: &[&Line], of_all: &[Flag]) -> Vec<(char, String)> {
    let occurs = |flag: &Flag| lines.iter().any(|line| line.estimate.flags.contains(flag));
    Flag::ALL
        .into_iter()
        .filter(|flag| occurs(flag) && !of_all.contains(flag))
        .map(|flag| (flag.letter(), flag.legend().to_owned()))
        .collect()
}

/// Paragraphs for the foot: the method, what holds for all, notes that several lines share.
pub(super) fn caveats(
    store: &Store,
    lines: &[&Line],
    of_all: &[Flag],
    intervals: Intervals,
) -> Vec<String> {
    let mut method = vec![method(lines, intervals)];
    method.extend(decided(lines));
    method.extend(rounding(lines));
    method.extend(sentences_of_all(lines, of_all));
    method.retain(|sentence| !sentence.is_empty());
    if lines.iter().any(|line| line.reporter_count() > 1) {
        method.push("“+1” after a name: one more source printed a value that agrees.".to_owned());
    }
    let mut paragraphs = vec![method.join(" ")];
    paragraphs.extend(notes(store, lines));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// What every line has, in a sentence each; about intervals only where there are any.
pub(super) fn sentences_of_all(lines: &[&Line], of_all: &[Flag]) -> Vec<String> {
    let intervals = lines.iter().any(|line| line.estimate.interval().is_some());
    of_all
        .iter()
        .map(|flag| flag.sentence(intervals).to_owned())
        .collect()
}

/// The interval's method and what it rests on.
pub(super) fn method(lines: &[&Line], intervals: Intervals) -> String {
    let with_interval = lines
        .iter()
        .filter(|line| line.estimate.interval().is_some());
    let (known, unknown): (Vec<&&Line>, Vec<&&Line>) =
        with_interval.partition(|line| line.estimate.deff.is_some() || has_only_margin(line));
    let title = intervals.method.title();
    let margins = match known.iter().any(|line| has_only_margin(line)) {
        true => ", or what a margin of error alone stands for",
        false => "",
    };
    match (known.len(), unknown.len()) {
        (0, 0) => String::new(),
        (0, _) => format!(
            "{title} intervals on n; no design effect was published, so they are at least that wide: \
             sampling alone, as if a simple random sample."
        ),
        (_, 0) => {
            format!(
                "{title} intervals on the effective sample size, n over the design effect{margins}."
            )
        }
        (known, unknown) => format!(
            "{title} intervals: on the effective sample size where a design effect{} is known ({known} of {}), \
             else on n and then at least that wide.",
            if margins.is_empty() {
                ""
            } else {
                " or a margin of error"
            },
            known + unknown
        ),
    }
}

/// A size that follows from a margin of error, without an n.
fn has_only_margin(line: &Line) -> bool {
    line.estimate.n.is_none() && line.estimate.n_eff.is_some()
}

/// Of whom shares are where answers are left out.
pub(super) fn decided(lines: &[&Line]) -> Option<String> {
    let decided = lines.iter().filter_map(|line| line.figure.decided.as_ref());
    let without = distinct(decided.map(|decided| decided.without.clone()));
    (!without.is_empty()).then(|| {
        format!(
            "Shares of those who gave another answer than {}; n is theirs.",
            and(&without)
        )
    })
}

/// How much the rounding of print adds, at most, at either end.
fn rounding(lines: &[&Line]) -> Option<String> {
    let added = |line: &&Line| {
        let row = &line.estimate;
        let low = row.ci_low? - row.rounding_low?;
        let high = row.rounding_high? - row.ci_high?;
        Some(100.0 * low.max(high))
    };
    let most = lines.iter().filter_map(added).fold(0.0, f64::max);
    (most >= 0.05).then(|| {
        format!("The rounding of the printed values may add up to {most:.1} points at either end.")
    })
}

/// Notes of the lines, each once, with how many lines it is about.
fn notes(store: &Store, lines: &[&Line]) -> Vec<String> {
    const MOST: usize = 5;
    let mut found: Vec<(&str, Vec<&Line>)> = Vec::new();
    let held = lines.iter().filter(|line| !line.cannot_hold());
    for (line, note) in
        held.flat_map(|line| line.estimate.note.split("; ").map(move |note| (line, note)))
    {
        let said_by_flag = note == "no interval: no sample size was published"
            || note == "no interval: printed as a bound only";
        if note.is_empty() || said_by_flag {
            continue;
        }
        match found.iter_mut().find(|(known, _)| *known == note) {
            Some((_, noted)) => noted.push(line),
            None => found.push((note, vec![line])),
        }
    }
    let more = found.len().saturating_sub(MOST);
    let mut paragraphs: Vec<String> = found
        .iter()
        .take(MOST)
        .map(|(note, noted)| {
            format!(
                "{} ({}).",
                capitalised(note),
                about(store, noted, lines.len())
            )
        })
        .collect();
    if more > 0 {
        paragraphs.push(format!(
            "{more} more notes stand in the note column of the CSV and the JSON."
        ));
    }
    paragraphs
}

/// Whom a note is about: "all figures", a label, or "12 figures".
fn about(store: &Store, lines: &[&Line], all: usize) -> String {
    match lines {
        [line] if all > 1 => {
            let place = store.place_and_base(&line.figure.country, &line.figure.base);
            let comma = if place.is_empty() { "" } else { ", " };
            format!("{}{comma}{place}", store.label(line.figure))
        }
        _ if lines.len() == all => "all figures".to_owned(),
        _ => format!("{} figures", lines.len()),
    }
}
