use crate::frames::words::distinct;
use crate::frames::words::nearest;
use crate::published::figures::quantity::COMPUTED;
use crate::published::figures::store::{ALL, Figure, QuestionKind, Store};

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
}

impl<'s> Target<'s> {
    /// The share that a figure is about.
    pub fn of(figure: &'s Figure) -> Target<'s> {
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
