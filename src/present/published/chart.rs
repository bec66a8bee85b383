use super::caveats::{decided, flags_of_all, method, sentences_of_all};
use super::table::is_no_answer;
use crate::frames::words::and;
use crate::frames::{Captions, Flag, Statistic};
use crate::present::chart::{DotChart, Group, Mark, Row, RowKind, Scale, Value};
use crate::published::figures::store::{ALL, Aggregate, Figure, Qualifier, Store};
use crate::published::figures::topline::{Intervals, printed};
use crate::published::lines::{Line, Section};

/// Sections as groups of dots: rows by value, what else was printed as rows under the same label.
pub fn dot_chart(
    store: &Store,
    sections: &[Section],
    captions: Captions,
    intervals: Intervals,
) -> DotChart {
    let groups = sections
        .iter()
        .map(|section| Group {
            head: Some(section.head.clone()).filter(|head| !head.is_empty()),
            note: group_note(store, section, sections.len() > 1),
            rows: ordered(rows(store, section)),
        })
        .collect();
    let lines: Vec<&Line> = sections.iter().flat_map(|section| &section.lines).collect();
    DotChart {
        title: captions.title,
        subtitle: captions.subtitle,
        groups,
        footer: footer(store, &lines, intervals),
        level: intervals.level,
        scale: Scale::Percent,
    }
}

/// Who was asked when; beside other groups also what, where the labels leave that out.
fn group_note(store: &Store, section: &Section, beside_others: bool) -> Option<String> {
    let mut parts = vec![section.note.clone()];
    if let Some(line) = section.lines.first().filter(|_| beside_others)
        && !Naming::from_lines(&section.lines).question
    {
        parts.push(store.question_title(&line.figure.poll, &line.figure.question));
    }
    parts.retain(|part| !part.is_empty());
    Some(parts.join(" · ")).filter(|note| !note.is_empty())
}

/// One row a quantity; an answer in a few countries beside other answers is one row, a mark a country.
fn rows(store: &Store, section: &Section) -> Vec<Row> {
    const FEW: usize = 4;
    let naming = Naming::from_lines(&section.lines);
    let mut rows = Vec::new();
    let mut left: Vec<&Line> = section.lines.iter().collect();
    while let Some(first) = left.first().copied() {
        let (mut same, others): (Vec<&Line>, Vec<&Line>) = left
            .into_iter()
            .partition(|line| answer(line) == answer(first));
        left = others;
        let alone = same.len() == 1;
        if naming.response && (2..=FEW).contains(&same.len()) {
            rows.push(row(
                store,
                &same,
                naming.answer(store, first),
                Some(&naming),
            ));
            same.clear();
        }
        let whole = |line: &Line| naming.whole(store, line, alone);
        let single = same
            .into_iter()
            .map(|line| row(store, &[line], whole(line), None));
        rows.extend(single);
    }
    rows
}

fn answer<'s>(line: &Line<'s>) -> [&'s str; 3] {
    [
        &line.figure.poll,
        &line.figure.question,
        &line.figure.response,
    ]
}

/// The whole poll, beside its countries.
const TOTAL: &str = "All";

/// How a total was formed, where it is no plain pool of respondents.
fn formed(figure: &Figure) -> Option<String> {
    let words = match figure.aggregate? {
        Aggregate::EqualCountries => "mean of the countries",
        Aggregate::Population => "countries weighted by population",
        Aggregate::Median => "median of the countries",
        Aggregate::Respondents | Aggregate::Unknown => return None,
    };
    Some(words.to_owned())
}

/// Which parts of an id tell the lines of a section apart: only these make their labels.
struct Naming {
    question: bool,
    response: bool,
    country: bool,
    base: bool,
}

impl Naming {
    fn from_lines(lines: &[Line]) -> Naming {
        let vary = |part: fn(&Figure) -> &str| {
            let mut parts = lines.iter().map(|line| part(line.figure));
            let first = parts.next();
            lines.len() < 2 || parts.any(|other| Some(other) != first)
        };
        let question = vary(|figure| &figure.question);
        Naming {
            question,
            response: question || vary(|figure| &figure.response),
            country: vary(|figure| &figure.country),
            base: vary(|figure| &figure.base),
        }
    }

    fn answer(&self, store: &Store, line: &Line) -> String {
        match (self.question, self.response) {
            (true, _) => store.label(line.figure),
            (false, true) => store.response_label(&line.figure.response),
            (false, false) => String::new(),
        }
    }

    /// "South Korea", "Democrats"; "All" for everybody.
    fn place(&self, store: &Store, line: &Line) -> String {
        let country = if self.country {
            line.figure.country.as_str()
        } else {
            ALL
        };
        let base = if self.base {
            line.figure.base.as_str()
        } else {
            ALL
        };
        match store.place_and_base(country, base) {
            place if place.is_empty() => TOTAL.to_owned(),
            place => place,
        }
    }

    /// The label of a row; `alone` where no other row has the same answer.
    fn whole(&self, store: &Store, line: &Line, alone: bool) -> String {
        match (self.answer(store, line), self.place(store, line)) {
            (answer, place) if place == TOTAL && (alone || !(self.country || self.base)) => answer,
            (answer, place) if answer.is_empty() => place,
            (answer, place) => format!("{answer}, {place}"),
        }
    }
}

fn row(store: &Store, same: &[&Line], label: String, by_place: Option<&Naming>) -> Row {
    let lead = same.first();
    let mut values = Vec::new();
    for line in same {
        let place = by_place.map(|naming| naming.place(store, line));
        values.extend(values_of(store, line, place.as_deref()));
    }
    Row {
        kind: match lead {
            Some(line) if is_no_answer(store, line) => RowKind::DontKnow,
            Some(_) if label == TOTAL => RowKind::Total,
            _ => RowKind::Plain,
        },
        note: lead
            .and_then(|line| formed(line.figure))
            .filter(|_| label == TOTAL),
        label,
        possible: lead
            .and_then(|line| line.possible.as_ref())
            .map(|p| (p.printed.low, p.printed.high)),
        values,
        by_place: by_place.is_some(),
        ..Row::default()
    }
}

/// The value that is shown and the others that were printed, highest first, each named by who did.
fn values_of(store: &Store, line: &Line, place: Option<&str>) -> Vec<Value> {
    let conflicting: Vec<_> = line
        .others
        .iter()
        .filter(|other| !other.value.is_computed() && !other.value.is_bound())
        .collect();
    let name = |printed_by: Vec<&Figure>| match (place, conflicting.is_empty()) {
        (place, true) => place.map(str::to_owned),
        (Some(place), false) => Some(format!("{place}, {}", reporters(store, &printed_by))),
        (None, false) => Some(reporters(store, &printed_by)),
    };
    let own = line
        .quantity
        .value_of(line.figure)
        .map_or_else(|| vec![line.figure], |value| value.figures.clone());
    let mut values = vec![value(line, line.figure, name(own))];
    values.extend(conflicting.iter().map(|other| {
        let beside = Line {
            figure: other.figure,
            estimate: other.estimate.clone(),
            ..line.clone()
        };
        value(&beside, other.figure, name(other.value.prints()))
    }));
    values.sort_by(|a, b| b.at.unwrap_or(-1.0).total_cmp(&a.at.unwrap_or(-1.0)));
    values
}

/// "SCMP, NPR and 1 more".
fn reporters(store: &Store, figures: &[&Figure]) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in figures.iter().map(|figure| store.source_name(figure)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.as_slice() {
        [a, b, _, ..] => format!("{a}, {b} and {} more", names.len() - 2),
        few => and(few),
    }
}

/// One mark: with its interval, open where there is no n, crossed where it cannot hold.
pub(super) fn value(line: &Line, figure: &Figure, name: Option<String>) -> Value {
    let estimate = &line.estimate;
    let score = estimate.statistic == Statistic::Mean;
    let (mark, remark) = if estimate.flags.contains(&Flag::CannotHold) {
        let lead = line
            .possible
            .as_ref()
            .and_then(|possible| possible.against.first());
        let with = lead.map_or_else(
            || "can’t hold".to_owned(),
            |lead| format!("can’t hold with {}", lead.percent),
        );
        (Mark::Impossible, Some(with))
    } else {
        match (figure.qualifier, estimate.interval()) {
            (Qualifier::AtLeast, _) => (Mark::AtLeast, Some(printed(figure))),
            (Qualifier::AtMost, _) => (Mark::AtMost, Some(printed(figure))),
            (_, Some((low, high))) => {
                let (low, high) = (100.0 * low, 100.0 * high);
                (Mark::Interval { low, high }, None)
            }
            (_, None) if estimate.flags.contains(&Flag::NoN) => {
                (Mark::NoSampleSize, Some("no n".to_owned()))
            }
            (_, None) => (Mark::NoSampleSize, Some("no interval".to_owned())),
        }
    };
    Value {
        name,
        printed: match (score, figure.qualifier) {
            (true, _) => format!("{} (score)", printed(figure)),
            (false, Qualifier::AtLeast | Qualifier::AtMost) => figure.percent.text.clone(),
            (false, _) => printed(figure),
        },
        at: Some(figure.percent.value).filter(|_| !score),
        mark,
        ends: None,
        remark,
    }
}

/// By value, descending; don't know and refused last, then the total; ties by name.
fn ordered(mut rows: Vec<Row>) -> Vec<Row> {
    // A value that can't hold does not lift its row.
    let top = |row: &Row| {
        let held = row
            .values
            .iter()
            .filter(|value| value.mark != Mark::Impossible);
        held.filter_map(|value| value.at)
            .fold(f64::NEG_INFINITY, f64::max)
    };
    rows.sort_by(|a, b| {
        let last = |row: &Row| match row.kind {
            RowKind::Plain => 0,
            RowKind::DontKnow => 1,
            RowKind::Total => 2,
        };
        last(a)
            .cmp(&last(b))
            .then(top(b).total_cmp(&top(a)))
            .then(a.label.cmp(&b.label))
    });
    rows
}

/// Method, what cannot hold, sources.
pub(super) fn footer(store: &Store, lines: &[&Line], intervals: Intervals) -> Vec<String> {
    let of_all = flags_of_all(lines);
    let mut sentences = vec![method(lines, intervals)];
    sentences.extend(decided(lines));
    sentences.extend(sentences_of_all(lines, &of_all));
    sentences.retain(|sentence| !sentence.is_empty());
    let mut paragraphs = vec![sentences.join(" ")];
    paragraphs.extend(impossible(store, lines));
    paragraphs.push(sources(store, lines));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// Each value that cannot hold, with why, once.
fn impossible(store: &Store, lines: &[&Line]) -> Vec<String> {
    let mut notes = Vec::new();
    for line in lines {
        let others = line
            .others
            .iter()
            .map(|other| (other.figure, &other.estimate));
        for (figure, estimate) in std::iter::once((line.figure, &line.estimate)).chain(others) {
            if estimate.flags.contains(&Flag::CannotHold) {
                notes.push(format!(
                    "{} for “{}” ({}) {}; it is used in no average.",
                    figure.percent,
                    store.label(figure),
                    store.source_name(figure),
                    estimate.note
                ));
            }
        }
    }
    notes.dedup();
    notes
}

/// "Sources: …": who printed what is drawn, in the order drawn.
fn sources(store: &Store, lines: &[&Line]) -> String {
    let mut names: Vec<String> = Vec::new();
    for figure in lines.iter().flat_map(|line| {
        line.quantity
            .values
            .iter()
            .flat_map(|value| value.figures.iter())
    }) {
        let name = store.source_name(figure);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.len() {
        0 => String::new(),
        1 => format!("Source: {}.", and(&names)),
        _ => format!("Sources: {}.", and(&names)),
    }
}
