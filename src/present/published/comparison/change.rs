//! Two moments of the same answers as a chart of changes.

use super::sentence::Family;
use crate::frames::Captions;
use crate::frames::words::{and, distinct, thousands};
use crate::present::chart::{ChangeChart, ChangeFigure, ChangeRow, NO_SIZES};
use crate::published::compare::{Difference, Relation, Side};

/// An answer at two moments, and what came of it.
pub struct ChangedFigure<'x> {
    /// What it is.
    pub label: String,
    pub earlier: &'x Side<'x>,
    pub later: &'x Side<'x>,
    /// Later less earlier, with its sentence.
    pub difference: &'x Difference,
}

/// Changes as dots, the highest later figure first; blue where zero lies outside of the interval.
pub fn change_chart(
    changed: &[ChangedFigure],
    moments: (String, String),
    captions: Captions,
    family: Family,
) -> ChangeChart {
    let are_leads = changed.iter().any(|one| one.later.score.is_some());
    let mut rows: Vec<ChangeRow> = changed.iter().filter_map(row).collect();
    // of equals by name, so that the order is stable
    rows.sort_by(|a, b| {
        b.later
            .at
            .total_cmp(&a.later.at)
            .then_with(|| a.label.cmp(&b.label))
    });
    let mut chart = ChangeChart {
        title: captions.title,
        subtitle: captions.subtitle,
        moments,
        rows,
        are_leads,
        footer: Vec::new(),
        level: family.level,
    };
    let mut sentences = vec![colours(&chart)];
    sentences.extend(method(changed));
    sentences.extend(adjusted(changed, family));
    if let [only] = changed
        && only.difference.row.interval().is_some()
    {
        sentences.insert(0, only.difference.row.sentence.clone());
    }
    sentences.retain(|sentence| !sentence.is_empty());
    chart.footer = vec![sentences.join(" ")];
    chart.footer.extend(captions.foot);
    let sources = changed
        .iter()
        .flat_map(|one| [&one.earlier.source, &one.later.source]);
    let mut sources = distinct(sources.map(|source| source.to_owned()));
    sources.retain(|source| !source.is_empty());
    match sources.len() {
        0 => {}
        1 => chart.footer.push(format!("Source: {}.", and(&sources))),
        _ => chart.footer.push(format!("Sources: {}.", and(&sources))),
    }
    chart
}

fn row(one: &ChangedFigure) -> Option<ChangeRow> {
    let found = one.difference;
    let points = |(low, high): (f64, f64)| (100.0 * low, 100.0 * high);
    let figure = |side: &Side| ChangeFigure {
        printed: side.printed.clone(),
        at: 100.0 * side.share,
        open: side.score.is_some()
            && side
                .interval
                .is_some_and(|(low, high)| low <= 0.0 && high >= 0.0),
    };
    let interval = found.row.interval().map(points);
    Some(ChangeRow {
        label: one.label.clone(),
        earlier: figure(one.earlier),
        later: figure(one.later),
        change: 100.0 * found.row.estimate?,
        interval,
        narrowest: found
            .narrowest
            .map(|narrowest| points((narrowest.low, narrowest.high))),
        remark: None,
        established: interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0),
        sentence: found.row.sentence.clone(),
    })
}

fn colours(chart: &ChangeChart) -> String {
    let open = chart
        .rows
        .iter()
        .any(|row| !row.established && row.interval.is_some());
    match (open, chart.are_leads) {
        (false, _) => String::new(),
        (true, true) => "A grey lead or change: zero lies inside its interval, so its sign is not established.".to_owned(),
        (true, false) => "Grey: zero lies inside the interval, so the sign of the change is not established; that is no \
                          evidence that nothing changed."
            .to_owned(),
    }
}

/// What the intervals are of, and how large the samples are.
fn method(changed: &[ChangedFigure]) -> Vec<String> {
    let with = || {
        changed
            .iter()
            .filter(|one| one.difference.row.interval().is_some())
    };
    let Some(first) = with().next() else {
        return vec![NO_SIZES.to_owned()];
    };
    let sides = || with().flat_map(|one| [one.earlier, one.later]);
    let mut sizes: Vec<f64> = sides()
        .filter_map(|side| side.size.as_ref().ok()?.n)
        .collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    let samples = match sizes.as_slice() {
        [] => String::new(),
        [one] => format!(" of {}", thousands(*one)),
        [a, b] => format!(" of {} and {}", thousands(*a), thousands(*b)),
        [first, .., last] => format!(" of {} to {}", thousands(*first), thousands(*last)),
    };
    let unknown = with().any(|one| {
        [one.earlier, one.later]
            .iter()
            .any(|side| side.size.as_ref().is_ok_and(|size| size.deff.is_none()))
    });
    let deff = match unknown {
        true => "; no design effect is stated, so they are at least that wide",
        false => "",
    };
    let sentence = match (first.difference.relation, first.later.score.is_some()) {
        (Relation::Independent, true) => format!(
            "Each lead has the interval of answers of the same people, each change that of two independent samples{samples}{deff}."
        ),
        (Relation::Independent, false) => {
            format!("{} intervals for two independent samples{samples}{deff}.", first.difference.method)
        }
        _ => format!(
            "The same people were asked twice (n {}): how their answers go together is not known, so the thick line is the \
             interval at best and the thin one at worst{deff}.",
            samples.trim_start_matches(" of ")
        )
        .replace(" (n )", ""),
    };
    vec![sentence]
}

/// Which changes stay established when it is counted how many were looked at.
fn adjusted(changed: &[ChangedFigure], family: Family) -> Option<String> {
    let with_p = || {
        changed
            .iter()
            .filter(|one| one.difference.row.p_value.is_some())
    };
    let count = with_p().count();
    if count < 2 {
        return None;
    }
    let alpha = 1.0 - family.level;
    let below = |p: Option<f64>| p.is_some_and(|p| p < alpha);
    let plain = with_p()
        .filter(|one| below(one.difference.row.p_value))
        .count();
    if plain == 0 {
        return None;
    }
    let kept: Vec<String> = with_p()
        .filter(|one| below(one.difference.row.p_adjusted))
        .map(|one| one.label.clone())
        .collect();
    let alpha = (alpha * 1e4).round() / 1e4;
    let result = match kept.as_slice() {
        [] => format!("none stays below {alpha}"),
        all if all.len() == plain => format!("the same ones stay below {alpha}"),
        [one] => format!("{one} alone stays below {alpha}"),
        several if several.len() <= 4 => format!("{} stay below {alpha}", and(several)),
        several => format!("{} stay below {alpha}", several.len()),
    };
    Some(format!(
        "Not adjusted for looking at {count} changes; with Holm’s adjustment {result}."
    ))
}
