use std::borrow::Cow;

use super::score::Score;
use super::shares::Share;
use crate::frames::Flag;
use crate::published::figures::basis::basis;
use crate::published::figures::names::OWN_COMPUTATION;
use crate::published::figures::quantity::Prefer;
use crate::published::figures::store::{ALL, Figure, QuestionKind, Store};
use crate::published::figures::topline::Intervals;
use crate::published::lines::{Line, line};

/// One of the two figures of a comparison.
#[derive(Clone, Debug)]
pub struct Side<'s> {
    /// As in the columns `a` and `b`.
    pub id: String,
    /// For people: what sets it apart from the other figures.
    pub label: String,
    /// What all figures have in common, empty for typed ones.
    pub topic: String,
    /// As printed: `62`, `≈62`.
    pub printed: String,
    /// 0..1.
    pub share: f64,
    /// What the print may stand for, 0..1.
    pub range: (f64, f64),
    /// The sample, or why there is none to compute with.
    pub size: Result<Size, String>,
    pub interval: Option<(f64, f64)>,
    pub flags: Vec<Flag>,
    /// Who printed it, for people; empty for typed figures.
    pub source: String,
    /// The printed figure, or one that is made of several.
    pub figure: Option<Cow<'s, Figure>>,
    /// For a net score: what it is made of; `share` is then its value, −1..1.
    pub score: Option<Score>,
    /// For a mean of countries: how it was made, for people.
    pub of_countries: Option<&'static str>,
}

/// The size of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Respondents, unweighted; `None` where only a margin of error is known.
    pub n: Option<f64>,
    /// The design effect; `None` where nothing is known of it.
    pub deff: Option<f64>,
    /// n over the design effect, or what a margin of error stands for.
    pub n_eff: f64,
    /// The effective size already follows from the countries of a mean, each with its own share and n.
    pub of_countries: bool,
}

impl Size {
    /// The respondents, or where they are not known how many they are worth.
    pub(super) fn n_or_effective(&self) -> f64 {
        self.n.unwrap_or(self.n_eff)
    }

    /// Whether the effective size is that of a simple random sample for want of a design effect. A margin of error has the
    /// design effect in it.
    pub(super) fn may_be_too_large(&self) -> bool {
        self.n.is_some() && self.deff.is_none()
    }
}

impl Side<'_> {
    /// The figure behind it.
    pub fn figure(&self) -> Option<&Figure> {
        self.figure.as_deref()
    }

    /// The share with its effective size.
    pub(super) fn sampled(&self) -> Result<Share, String> {
        let size = self.size.as_ref().map_err(Clone::clone)?;
        Ok(Share {
            p: self.share,
            n: size.n_eff,
        })
    }

    /// The share with its effective size, where that is known.
    pub fn known(&self) -> Option<Share> {
        self.sampled().ok()
    }

    /// Whether the print is a whole number.
    pub fn is_whole(&self) -> bool {
        !self.printed.contains('.')
    }
}

/// A figure that was asked for.
pub enum StoredFigure<'s> {
    /// What was printed of one quantity, and whether a source was named.
    Printed(Vec<&'s Figure>, bool),
    /// One that is made of several, see [`super::combine`].
    Combined(Box<Side<'s>>),
}

/// Stored figures as sides. The print with the most decimals stands for a quantity, unless a source
/// was named.
///
/// # Errors
/// A level or an assumed n that is none.
pub fn sides<'s>(
    store: &'s Store,
    figures: Vec<StoredFigure<'s>>,
    intervals: Intervals,
) -> Result<Vec<Side<'s>>, super::Error> {
    let mut sides = Vec::new();
    for figure in figures {
        match figure {
            StoredFigure::Combined(side) => sides.push(*side),
            StoredFigure::Printed(figures, source_named) => {
                let found = line(store, &figures, source_named, Prefer::Decimals, intervals)?;
                let found = found.map(|line| side(store, &line, source_named, intervals.assumed_n));
                sides.extend(found);
            }
        }
    }
    let figures: Vec<&Figure> = sides.iter().filter_map(Side::figure).collect();
    let names = names(store, &figures);
    for (side, (topic, label)) in sides.iter_mut().zip(names) {
        side.topic = topic;
        side.label = label;
    }
    Ok(sides)
}

fn side<'s>(
    store: &'s Store,
    line: &Line<'s>,
    source_named: bool,
    assumed_n: Option<f64>,
) -> Side<'s> {
    let figure = line.figure;
    let question = store.question(&figure.poll, &figure.question);
    let (low, high) = match question.map(|question| question.kind) {
        Some(QuestionKind::Score) => figure.percent.on_scale(figure.qualifier),
        _ => figure.percent.stands_for(figure.qualifier),
    };
    let by = store.source_name(figure);
    Side {
        id: match source_named {
            true => figure.id_with_source(),
            false => figure.id(),
        },
        label: String::new(),
        topic: String::new(),
        printed: line.printed(),
        share: figure.percent.value / 100.0,
        range: (low / 100.0, high / 100.0),
        size: of_line(store, line, assumed_n),
        interval: line.estimate.interval(),
        flags: line.estimate.flags.clone(),
        source: match store.poll_name(&figure.poll) {
            poll if by == OWN_COMPUTATION => format!("{poll}, {by}"),
            poll => format!("{poll}, printed by {by}"),
        },
        figure: Some(Cow::Borrowed(figure)),
        score: None,
        of_countries: None,
    }
}

/// The sample of a printed figure; one that can't hold has none to compute with.
pub(super) fn of_line(store: &Store, line: &Line, assumed_n: Option<f64>) -> Result<Size, String> {
    if line.estimate.flags.contains(&Flag::CannotHold) {
        return Err(line.estimate.note.clone());
    }
    let basis = basis(store, line.figure, assumed_n).map_err(|reason| reason.to_string())?;
    Ok(Size {
        n: basis.n,
        deff: basis.deff,
        n_eff: basis.n_eff,
        of_countries: basis.of_countries,
    })
}

/// What some figures have in common, and what sets each apart: the answer, the place, the poll.
fn names(store: &Store, figures: &[&Figure]) -> Vec<(String, String)> {
    let differ = |of: fn(&Figure) -> (&str, &str)| {
        figures
            .first()
            .is_some_and(|first| figures.iter().any(|figure| of(figure) != of(first)))
    };
    let question = differ(|figure| (&figure.question, ""));
    let response = differ(|figure| (&figure.response, ""));
    let place = differ(|figure| (&figure.country, &figure.base));
    let poll = differ(|figure| (&figure.poll, ""));
    let name = |figure: &&Figure| {
        let title = store.question_title(&figure.poll, &figure.question);
        let answer = store.response_label(&figure.response);
        let at = match store.place_and_base(&figure.country, &figure.base) {
            whole if whole.is_empty() => "the whole poll".to_owned(),
            at => at,
        };
        let (mut topic, mut label) = (Vec::new(), Vec::new());
        match (question, response) {
            (true, _) => label.push(store.label(figure)),
            (false, true) => {
                topic.push(title);
                label.push(answer);
            }
            // Polls have titles of their own for the same question.
            (false, false) if !poll => topic.push(store.label(figure)),
            (false, false) => topic.push(answer),
        }
        let whole = figure.country == ALL && figure.base == ALL;
        match place {
            true if !(whole && poll) => label.push(at),
            false if !whole => topic.push(at),
            _ => {}
        }
        if poll {
            label.push(store.poll_name(&figure.poll));
        }
        if label.is_empty() {
            label.push(store.source_name(figure));
        }
        (topic.join(", "), label.join(", "))
    };
    if let [only] = figures {
        let place = store.place_and_base(&only.country, &only.base);
        let parts = [store.label(only), place];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        return vec![(String::new(), parts.join(", "))];
    }
    let names: Vec<(String, String)> = figures.iter().map(name).collect();
    distinct_names(figures, names)
}

/// Labels that are the same all the same (two polls of a sponsor in one year) get their ids.
fn distinct_names(figures: &[&Figure], names: Vec<(String, String)>) -> Vec<(String, String)> {
    let labels: Vec<String> = names.iter().map(|(_, label)| label.clone()).collect();
    let twice = |label: &String| labels.iter().filter(|other| *other == label).count() > 1;
    names
        .into_iter()
        .zip(figures)
        .map(|((topic, label), figure)| match twice(&label) {
            true => (topic, format!("{label} ({})", figure.id())),
            false => (topic, label),
        })
        .collect()
}
