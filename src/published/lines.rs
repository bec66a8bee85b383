//! One line a quantity: the value that stands for it, its interval, what else was printed of it.

use crate::frames::{self, Estimate, Estimates, Flag};
use crate::published::coherence::{Possible, possible};
use crate::published::figures::quantity::{Key, Prefer, Quantity, Value, quantities};
use crate::published::figures::store::{ALL, Figure, Store};
use crate::published::figures::topline::{Intervals, printed, topline};
use crate::statistics::interval;

/// Lines under a common head.
#[derive(Clone, Debug)]
pub struct Section<'s> {
    pub head: String,
    pub note: String,
    pub lines: Vec<Line<'s>>,
}

/// One quantity as it is shown.
#[derive(Clone, Debug)]
pub struct Line<'s> {
    pub figure: &'s Figure,
    pub estimate: Estimate,
    pub quantity: Quantity<'s>,
    /// The other values that were printed of it.
    pub others: Vec<Other<'s>>,
    /// The range that other figures leave for it, where it is a joint share.
    pub possible: Option<Possible<'s>>,
}

/// Another printed value of the same quantity.
#[derive(Clone, Debug)]
pub struct Other<'s> {
    pub figure: &'s Figure,
    pub value: Value<'s>,
    pub estimate: Estimate,
}

impl Line<'_> {
    pub fn cannot_hold(&self) -> bool {
        self.estimate.flags.contains(&Flag::CannotHold)
    }

    /// How many sources printed the value that is shown, in whatever rounding.
    pub fn reporter_count(&self) -> usize {
        let value = self.quantity.value_of(self.figure);
        value.map_or(1, |value| value.reporters().len())
    }

    /// The value as printed: `62`, `≈62`.
    pub fn printed(&self) -> String {
        printed(self.figure)
    }
}

/// The line of the quantity of some figures that were asked for: `wanted` are of one quantity.
/// Where a source was named its own print is shown, else the value that stands best.
pub fn line<'s>(
    store: &'s Store,
    chosen: &[&'s Figure],
    source_named: bool,
    prefer: Prefer,
    intervals: Intervals,
) -> Result<Option<Line<'s>>, interval::Error> {
    let Some(first) = chosen.first() else {
        return Ok(None);
    };
    let all = store.figures_of(
        &first.poll,
        &first.question,
        &first.response,
        &first.country,
        &first.base,
    );
    let Some(quantity) = quantities(&all).into_iter().next() else {
        return Ok(None);
    };
    let figure = match source_named {
        true => first,
        false => standing(store, &quantity, chosen, prefer).unwrap_or(first),
    };
    let possible = possible(store, figure);
    let estimate = checked(store, figure, &quantity, intervals)?;
    let mut others = Vec::new();
    for value in quantity
        .values
        .iter()
        .filter(|value| !holds_figure(value, figure))
    {
        let figure = value.shown(prefer);
        others.push(Other {
            figure,
            value: value.clone(),
            estimate: checked(store, figure, &quantity, intervals)?,
        });
    }
    Ok(Some(Line {
        figure,
        estimate,
        others,
        quantity,
        possible,
    }))
}

fn holds_figure(value: &Value, figure: &Figure) -> bool {
    value
        .figures
        .iter()
        .any(|member| std::ptr::eq(*member, figure))
}

/// The first value that was asked for and can hold with the rest of its poll, else the first.
fn standing<'s>(
    store: &'s Store,
    quantity: &Quantity<'s>,
    chosen: &[&'s Figure],
    prefer: Prefer,
) -> Option<&'s Figure> {
    let asked = |value: &&Value| chosen.iter().any(|figure| holds_figure(value, figure));
    let shown: Vec<&Figure> = quantity
        .values
        .iter()
        .filter(asked)
        .map(|value| value.shown(prefer))
        .collect();
    let holds =
        |figure: &&&Figure| possible(store, figure).is_none_or(|possible| possible.allows(figure));
    shown.iter().find(holds).or(shown.first()).copied()
}

/// The topline of a figure; without an interval where it cannot hold with the rest of its poll.
fn checked(
    store: &Store,
    figure: &Figure,
    quantity: &Quantity,
    intervals: Intervals,
) -> Result<Estimate, interval::Error> {
    let mut estimate = topline(store, figure, quantity, intervals)?;
    if let Some(possible) = possible(store, figure).filter(|possible| !possible.allows(figure)) {
        for number in [
            &mut estimate.se,
            &mut estimate.ci_low,
            &mut estimate.ci_high,
            &mut estimate.rounding_low,
            &mut estimate.rounding_high,
        ] {
            *number = None;
        }
        estimate.flags.push(Flag::CannotHold);
        estimate.note = cannot_hold_note(store, &possible);
    }
    Ok(estimate)
}

/// "can’t hold with 34 for “Overall view of China: Favourable” in the same poll; possible is 5.1–30.9".
pub(crate) fn cannot_hold_note(store: &Store, possible: &Possible) -> String {
    let lead = possible.against.first();
    let with = lead.map_or_else(
        || "other figures".to_owned(),
        |lead| format!("{} for “{}”", lead.percent, store.label(lead)),
    );
    format!(
        "can’t hold with {with} in the same poll; possible is {}",
        range(possible)
    )
}

/// "5.1–30.9 (5.0–31.0 with rounding)": the possible range in per cent.
pub(crate) fn range(possible: &Possible) -> String {
    let (printed, rounded) = (possible.printed, possible.rounded);
    format!(
        "{:.1}–{:.1} ({:.1}–{:.1} with rounding)",
        printed.low, printed.high, rounded.low, rounded.high
    )
}

/// Lines of the figures that were selected, under the polls they come from, in the order of the store.
/// With `source_named` every print is a line of its own.
pub fn by_poll<'s>(
    store: &'s Store,
    figures: &[&'s Figure],
    source_named: bool,
    intervals: Intervals,
) -> Result<Vec<Section<'s>>, interval::Error> {
    let mut lines = Vec::new();
    for chosen in grouped(figures) {
        lines.extend(line(
            store,
            &chosen,
            source_named,
            Prefer::Pollster,
            intervals,
        )?);
    }
    Ok(under_polls(store, lines))
}

/// Lines under the polls they come from, these in the order in which they first occur.
pub(crate) fn under_polls<'s>(store: &'s Store, lines: Vec<Line<'s>>) -> Vec<Section<'s>> {
    let mut sections: Vec<(&str, Section)> = Vec::new();
    for line in lines {
        let poll = line.figure.poll.as_str();
        match sections.iter_mut().find(|(id, _)| *id == poll) {
            Some((_, section)) => section.lines.push(line),
            None => sections.push((
                poll,
                Section {
                    head: store.poll_name(poll),
                    note: store.poll_note(poll),
                    lines: vec![line],
                },
            )),
        }
    }
    sections.into_iter().map(|(_, section)| section).collect()
}

/// The figures of each quantity together, in the order in which the quantities first occur.
pub(crate) fn grouped<'s>(figures: &[&'s Figure]) -> Vec<Vec<&'s Figure>> {
    let mut positions = std::collections::HashMap::new();
    let mut groups: Vec<Vec<&Figure>> = Vec::new();
    for figure in figures {
        let position = *positions
            .entry(Key::from_figure(figure))
            .or_insert(groups.len());
        match groups.get_mut(position) {
            Some(group) => group.push(figure),
            None => groups.push(vec![figure]),
        }
    }
    groups
}

/// The totals of everybody in the polls that some sections speak of: what else these polls found.
pub fn totals_behind<'s>(store: &'s Store, sections: &[Section<'s>]) -> Vec<&'s Figure> {
    let lines = sections.iter().flat_map(|section| &section.lines);
    let polls: Vec<&str> = lines.map(|line| line.figure.poll.as_str()).collect();
    let total = |figure: &&Figure| {
        polls.contains(&figure.poll.as_str()) && figure.country == ALL && figure.base == ALL
    };
    store.figures.iter().filter(total).collect()
}

/// The lines as a frame, one row a quantity; what else was printed stands in the note.
pub fn estimates(sections: &[Section]) -> Result<Estimates, frames::Error> {
    let lines = sections.iter().flat_map(|section| &section.lines);
    let rows: Vec<Estimate> = lines
        .map(|line| {
            let mut row = line.estimate.clone();
            let mut notes: Vec<String> = vec![row.note];
            notes.extend(line.others.iter().map(|other| {
                let by = other.value.reporters().join(", ");
                format!("also printed: {} by {by}", printed(other.figure))
            }));
            notes.retain(|note| !note.is_empty());
            row.note = notes.join("; ");
            row
        })
        .collect();
    Estimates::from_rows(&rows)
}
