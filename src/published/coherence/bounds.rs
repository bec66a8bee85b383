//! What range the printed figures of a poll leave for one that was not printed.

use super::contradictions::sound;
use super::program::{
    Believed, Cells, Component, End, Focus, People, Statement, beyond, binding, components, only,
};
use crate::frames::words::{distinct, nearest};
use crate::published::figures::quantity::COMPUTED;
use crate::published::figures::selector::{self, Selector};
use crate::published::figures::store::{ALL, Figure, QuestionKind, Store};

/// The range of one share, 0 to 1, and who sets its ends.
#[derive(Clone, Debug)]
pub struct Bounds<'s> {
    pub target: Target<'s>,
    pub low: f64,
    pub high: f64,
    /// Without one of these the low end would be lower; none where it is 0 anyway.
    pub low_set_by: Vec<&'s Figure>,
    /// Without one of these the high end would be higher; none where it is 1 anyway.
    pub high_set_by: Vec<&'s Figure>,
    /// What was printed of the share itself: it is not used.
    pub printed: Vec<&'s Figure>,
    /// Figures that can't hold with others and were left out for that.
    pub left_out: Vec<&'s Figure>,
    /// Too many shares hang together with it: the range is that of any share.
    pub too_large: bool,
    /// A search was given up: an end that was not found is that of any share, and the range may be wider than it need be.
    pub given_up: bool,
}

/// The range that other figures leave for a share: the least and the greatest that it can have if all of them
/// hold, by linear programming. Of values in conflict any may be right; of figures that can't hold together the
/// one that leads (a NET, a total, a joint share) is left out.
pub fn bounds<'s>(store: &'s Store, target: &Target<'s>) -> Bounds<'s> {
    within(store, target, None)
}

/// The same with searches that are given up after so many steps.
fn within<'s>(store: &'s Store, target: &Target<'s>, steps: Option<usize>) -> Bounds<'s> {
    let people = People {
        poll: target.poll,
        base: target.base,
        computed: target.computed,
    };
    let of_people = |figure: &&Figure| People::behind(figure) == people;
    let figures: Vec<&Figure> = store.figures.iter().filter(of_people).collect();
    let own = |figure: &&Figure| target.is(figure);
    let (printed, others): (Vec<&Figure>, Vec<&Figure>) = figures.iter().copied().partition(own);
    let mut cells = Cells::new(store, people, &figures);
    cells.add_spans(&others);
    let terms = cells.share(target.question, target.response, target.country);
    cells.add_laws();
    let question = store.question(target.poll, target.question);
    let focus = Focus {
        question: target.question,
        response: target.response,
        country: target.country,
        net_of: cells.net_of(target.question, target.response),
        joint_of: question.map_or(&[], |question| question.joint_of.as_slice()),
    };
    let mut bounds = Bounds {
        target: *target,
        low: 0.0,
        high: 1.0,
        low_set_by: Vec::new(),
        high_set_by: Vec::new(),
        printed,
        left_out: Vec::new(),
        too_large: false,
        given_up: false,
    };
    for component in components(cells, &[terms], true) {
        match component {
            Ok(mut component) => {
                if let Some(steps) = steps {
                    component.limit(steps);
                }
                bounds.fill(store, &mut component, &focus);
            }
            Err(_) => bounds.too_large = true,
        }
    }
    bounds
}

impl<'s> Bounds<'s> {
    fn fill(&mut self, store: &'s Store, component: &mut Component<'s>, focus: &Focus) {
        let Some(row) = component.target(0) else {
            return;
        };
        let believed = sound(store, component);
        let left_out = (0..believed.len()).filter(|&statement| !believed[statement]);
        self.left_out = left_out
            .flat_map(|statement| component.statements[statement].figures.clone())
            .collect();
        let low = component.extreme(&believed, row, End::Low);
        if let Some(low) = low {
            self.low = low.clamp(0.0, 100.0) / 100.0;
            self.low_set_by = setters(component, &believed, focus, row, (End::Low, low));
        }
        let high = component.extreme(&believed, row, End::High);
        if let Some(high) = high {
            self.high = high.clamp(0.0, 100.0) / 100.0;
            self.high_set_by = setters(component, &believed, focus, row, (End::High, high));
        }
        self.given_up = low.is_none() || high.is_none() || component.is_undecided();
    }

    /// The figures that set the ends, each once.
    pub fn set_by(&self) -> Vec<&'s Figure> {
        let mut all = self.low_set_by.clone();
        for figure in &self.high_set_by {
            if !all.iter().any(|known| std::ptr::eq(*known, *figure)) {
                all.push(figure);
            }
        }
        all
    }
}

fn setters<'s>(
    component: &mut Component<'s>,
    believed: &Believed,
    focus: &Focus,
    row: usize,
    end: (End, f64),
) -> Vec<&'s Figure> {
    let all = (0..believed.len())
        .filter(|&statement| believed[statement])
        .collect();
    let few = binding(component, all, focus, row, end);
    let mut setters = Vec::new();
    for &statement in &few {
        setters.extend(prints(component, &few, statement, row, end));
    }
    setters
}

/// The prints of a value that an end needs: the most precise one where it says all; all that give an end of a range
/// that spans values in conflict.
fn prints<'s>(
    component: &mut Component<'s>,
    few: &[usize],
    statement: usize,
    row: usize,
    end: (End, f64),
) -> Vec<&'s Figure> {
    let Some(value) = component.statements.get(statement).cloned() else {
        return Vec::new();
    };
    let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let same = |range: (f64, f64)| close(range.0, value.range.0) && close(range.1, value.range.1);
    let alone = value
        .figure()
        .filter(|figure| same(Statement::range(&[figure])));
    if let Some(figure) = alone {
        return vec![figure];
    }
    if !same(Statement::range(&value.figures)) {
        let gives_end = |figure: &&Figure| {
            let (low, high) = Statement::range(&[figure]);
            close(low, value.range.0) || close(high, value.range.1)
        };
        return value.figures.into_iter().filter(gives_end).collect();
    }
    let believed = only(component, few);
    let mut needed = value.figures.clone();
    // the coarsest is tried first, so that what stays is the most precise
    needed.sort_by(|a, b| b.percent.unit.total_cmp(&a.percent.unit));
    for print in needed.clone() {
        let rest: Vec<&Figure> = needed
            .iter()
            .copied()
            .filter(|f| !std::ptr::eq(*f, print))
            .collect();
        if rest.is_empty() {
            break;
        }
        // lent to the question; the range of all prints is put back below
        component.statements[statement].range = Statement::range(&rest);
        if component.stays_short(&believed, row, end.0, beyond(end)) {
            needed = rest;
        }
    }
    component.statements[statement].range = value.range;
    needed
}

/// A share that is asked about: it need not have been printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'s> {
    pub poll: &'s str,
    pub question: &'s str,
    pub response: &'s str,
    pub country: &'s str,
    pub base: &'s str,
    /// Asked of the computed rows, which are a source of their own.
    pub computed: bool,
}

/// Why nothing can be said of a share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    #[error("“{0}” is no figure: it is written poll/question/response:country:base")]
    Form(String),
    #[error("“{written}”: {whose} has no {what} “{part}”; {hint}")]
    Unknown {
        written: String,
        whose: String,
        what: &'static str,
        part: String,
        hint: String,
    },
    #[error(
        "“{0}” is a mean on a scale, not a share: its range does not follow from other figures"
    )]
    Score(String),
    #[error(transparent)]
    Selector(#[from] selector::Error),
    #[error("“{0}” selects means on a scale alone: they are no shares, and have no range")]
    Scores(String),
}

impl<'s> Target<'s> {
    /// The share that a figure is about.
    pub fn from_figure(figure: &'s Figure) -> Target<'s> {
        Target {
            poll: &figure.poll,
            question: &figure.question,
            response: &figure.response,
            country: &figure.country,
            base: &figure.base,
            computed: figure.reported_by == COMPUTED,
        }
    }

    pub(super) fn is(&self, figure: &Figure) -> bool {
        // figures asked are of its poll and base already
        figure.question == self.question
            && figure.response == self.response
            && figure.country == self.country
    }

    /// As a figure is written.
    pub fn id(&self) -> String {
        let Target {
            poll,
            question,
            response,
            country,
            base,
            ..
        } = self;
        match *base {
            ALL => format!("{poll}/{question}/{response}:{country}"),
            _ => format!("{poll}/{question}/{response}:{country}:{base}"),
        }
    }
}

/// The share that is written out, printed or not; or all shares of which a selector takes a printed figure.
///
/// # Errors
/// A text that is neither, or means no share.
pub fn targets<'s>(store: &'s Store, written: &str) -> Result<Vec<Target<'s>>, TargetError> {
    let selector: Selector = written.parse()?;
    if selector.is_one() {
        return Ok(vec![target(store, written)?]);
    }
    let is_share = |figure: &&&Figure| {
        let question = store.question(&figure.poll, &figure.question);
        question.is_none_or(|question| question.kind != QuestionKind::Score)
    };
    let figures = selector.figures(store)?;
    let targets: Vec<Target> = figures
        .iter()
        .filter(is_share)
        .map(|figure| Target::from_figure(figure))
        .collect();
    match targets.is_empty() {
        true => Err(TargetError::Scores(written.to_owned())),
        false => Ok(targets),
    }
}

/// Reads `poll/question/response:country:base`, country and base `all` where they are left out, `@computed` for the
/// computed rows. The question and the answer must be known to the store; the figure need not.
pub fn target<'s>(store: &'s Store, written: &str) -> Result<Target<'s>, TargetError> {
    let form = || TargetError::Form(written.to_owned());
    let (path, source) = match written.trim().split_once('@') {
        Some((path, source)) => (path, Some(source)),
        None => (written.trim(), None),
    };
    let mut groups = path.split(':');
    let names: Vec<&str> = groups.next().unwrap_or_default().split('/').collect();
    let [poll, question, response] = names.as_slice() else {
        return Err(form());
    };
    let (country, base) = (groups.next().unwrap_or(ALL), groups.next().unwrap_or(ALL));
    if groups.next().is_some() || [country, base].contains(&"") || names.contains(&"") {
        return Err(form());
    }
    let find = |whose: String, what, part: &str, known: Vec<&'s str>| {
        known
            .iter()
            .copied()
            .find(|name| *name == part)
            .ok_or_else(|| TargetError::Unknown {
                written: written.to_owned(),
                whose,
                what,
                part: part.to_owned(),
                hint: hint(part, &known),
            })
    };
    let polls = store.polls.iter().map(|row| row.poll.as_str()).collect();
    let poll = find("the store".to_owned(), "poll", poll, polls)?;
    let asked = store.questions.iter().filter(|row| row.poll == poll);
    let questions = asked.map(|row| row.question.as_str()).collect();
    let question = find(poll.to_owned(), "question", question, questions)?;
    if store
        .question(poll, question)
        .is_some_and(|row| row.kind == QuestionKind::Score)
    {
        return Err(TargetError::Score(written.to_owned()));
    }
    let whose = || format!("{poll}/{question}");
    let response = find(
        whose(),
        "response",
        response,
        responses(store, poll, question),
    )?;
    let country = find(poll.to_owned(), "country", country, countries(store, poll))?;
    let base = find(poll.to_owned(), "base", base, bases(store, poll))?;
    let printed = store.figures_of(poll, question, response, country, base);
    let only_computed =
        !printed.is_empty() && printed.iter().all(|figure| figure.reported_by == COMPUTED);
    Ok(Target {
        poll,
        question,
        response,
        country,
        base,
        computed: source.map_or(only_computed, |source| source == COMPUTED),
    })
}

fn hint(part: &str, known: &[&str]) -> String {
    match nearest(part, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => {
            let shown: Vec<&str> = known.iter().take(8).copied().collect();
            let more = if known.len() > shown.len() {
                ", …"
            } else {
                ""
            };
            format!("it has {}{more}", shown.join(", "))
        }
    }
}

/// The answers that a question lists, those that were printed of it, and the parts of its NETs.
fn responses<'s>(store: &'s Store, poll: &str, question: &str) -> Vec<&'s str> {
    let listed = store.question(poll, question).map(|row| &row.responses);
    let of_question = store
        .figures
        .iter()
        .filter(|f| f.poll == poll && f.question == question);
    let printed = of_question.flat_map(|f| f.net_of.iter().chain([&f.response]));
    distinct(
        listed
            .into_iter()
            .flatten()
            .chain(printed)
            .map(String::as_str),
    )
}

/// The countries of a poll and those that its figures name; any country where they are not all known.
fn countries<'s>(store: &'s Store, poll: &str) -> Vec<&'s str> {
    let own = store
        .poll(poll)
        .map_or(&[][..], |row| row.countries.as_slice());
    let printed = store
        .figures
        .iter()
        .filter(|f| f.poll == poll)
        .map(|f| f.country.as_str());
    let known = [ALL]
        .into_iter()
        .chain(own.iter().map(String::as_str))
        .chain(printed);
    match own.is_empty() {
        false => distinct(known),
        true => distinct(known.chain(store.countries.iter().map(|row| row.code.as_str()))),
    }
}

fn bases<'s>(store: &'s Store, poll: &str) -> Vec<&'s str> {
    let figures = store
        .figures
        .iter()
        .filter(|f| f.poll == poll)
        .map(|f| f.base.as_str());
    let samples = store
        .samples
        .iter()
        .filter(|s| s.poll == poll)
        .map(|s| s.base.as_str());
    distinct([ALL].into_iter().chain(figures).chain(samples))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_that_is_given_up_is_no_range_of_its_own() {
        let store = Store::embedded();
        let mut given_up = 0;
        for figure in store.figures.iter().step_by(23) {
            let target = Target::from_figure(figure);
            let full = bounds(&store, &target);
            assert!(!full.given_up, "{}", target.id());
            let stopped = within(&store, &target, Some(0));
            let same = (stopped.low, stopped.high) == (full.low, full.high);
            assert!(same || stopped.given_up, "{}", target.id());
            assert!(stopped.low <= full.low && stopped.high >= full.high || stopped.given_up);
            given_up += usize::from(stopped.given_up);
        }
        assert!(given_up > 0);
    }
}
