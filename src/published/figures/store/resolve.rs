//! All tables together: rows that refer to what is not there are taken out.

use super::ResponseKind;
use super::figure_rules::FigureRules;
use super::finding::Finding;
use super::known::Known;
use super::read::{TableRead, key_of};
use super::records::{Base, Claim, Country, Figure, Poll, Question, Response, Sample, Source};
use super::references::{At, References, other_names};
use super::schema::Table;
use super::typed::label_of;
use std::collections::{BTreeSet, HashMap};

/// All tables, each read by itself.
#[derive(Debug, Default)]
pub struct Tables {
    pub polls: TableRead<Poll>,
    pub samples: TableRead<Sample>,
    pub questions: TableRead<Question>,
    pub figures: TableRead<Figure>,
    pub responses: TableRead<Response>,
    pub countries: TableRead<Country>,
    pub bases: TableRead<Base>,
    pub sources: TableRead<Source>,
    pub claims: TableRead<Claim>,
}

impl Tables {
    /// Checks every reference but those of claims. Rows that refer to what is not there are taken
    /// out; responses without a row get one whose label is made from the id.
    pub fn resolve(&mut self, findings: &mut Vec<Finding>) {
        let Tables {
            polls,
            samples,
            questions,
            figures,
            responses,
            countries,
            ..
        } = self;
        let mut references = References {
            polls: Known::of(polls, |poll| &poll.poll),
            countries: Known::of(countries, |country| &country.code),
            country_names: other_names(countries),
            responses: Known::of(responses, |response| &response.response),
            questions: HashMap::new(),
            no_questions: Known::new([], [], questions.readable),
            unlabelled: BTreeSet::new(),
            findings,
        };
        for country in countries.all_mut() {
            let at = At::new(Table::Countries, country.line, "members");
            country.members.retain(|code| references.country(at, code));
        }
        for poll in polls.all_mut() {
            let at = At::new(Table::Polls, poll.line, "countries");
            poll.countries.retain(|code| references.country(at, code));
        }
        samples.keep(|sample| references.sample(sample));
        references.questions = questions_by_poll(questions);
        let read = questions.rows.clone(); // a joint share may name any of them
        let key = |row: &Question| key_of([row.poll.as_str(), &row.question]);
        let by_key: HashMap<_, _> = read.iter().map(|row| (key(row), row)).collect();
        for question in questions.all_mut() {
            references.question(question, &by_key);
        }
        questions.keep(|question| references.polls.has(&question.poll));
        let rules = FigureRules::new(polls, samples, by_key, countries);
        let mut missing = HashMap::new();
        figures.keep(|figure| references.figure(figure, &rules, &mut missing));
        responses
            .rows
            .extend(references.unlabelled.into_iter().map(without_row));
    }
}

/// The questions of each poll.
fn questions_by_poll(questions: &TableRead<Question>) -> HashMap<String, Known> {
    let mut seen: HashMap<String, Vec<String>> = HashMap::new();
    for (poll, question) in questions
        .keys
        .keys()
        .filter_map(|key| key.split_once('\u{1f}'))
    {
        seen.entry(poll.to_string())
            .or_default()
            .push(question.to_string());
    }
    let mut usable: HashMap<String, Vec<String>> = HashMap::new();
    for question in &questions.rows {
        usable
            .entry(question.poll.clone())
            .or_default()
            .push(question.question.clone());
    }
    seen.into_iter()
        .map(|(poll, seen)| {
            let usable = usable.remove(&poll).unwrap_or_default();
            (poll, Known::new(seen, usable, true))
        })
        .collect()
}

fn without_row(id: String) -> Response {
    let label = label_of(&id);
    Response {
        response: id,
        label,
        kind: ResponseKind::Substantive,
        line: 0,
    }
}
