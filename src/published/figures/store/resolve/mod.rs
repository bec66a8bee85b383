//! All tables together: rows that refer to what is not there are taken out.

mod figures;
mod questions;
mod references;

use super::finding::{Finding, Severity, quoted};
use super::read::label_of;
use super::read::{TableRead, key_of};
use super::records::{
    Base, Claim, Country, Figure, Poll, Question, Response, Sample, Source, normal_id,
};
use super::schema::Table;
use super::{ResponseKind, rules};
use crate::frames::words::nearest;
use figures::FigureRules;
use references::{At, Known, References, other_names};
use std::collections::{BTreeSet, HashMap, HashSet};

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
            polls: Known::from_rows(polls, |poll| &poll.poll),
            countries: Known::from_rows(countries, |country| &country.code),
            country_names: other_names(countries),
            responses: Known::from_rows(responses, |response| &response.response),
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

/// Takes out the claims whose own figure, the first, is not in the store. What is missing is told, unless
/// the claims are the shipped ones: these are about the shipped figures, which a folder need not have.
pub fn resolve_claims(
    claims: &mut Vec<Claim>,
    figures: &[Figure],
    shipped: bool,
    findings: &mut Vec<Finding>,
) {
    let ids: HashSet<String> = figures
        .iter()
        .flat_map(|figure| [figure.id(), figure.id_with_source()])
        .collect();
    claims.retain(|claim| {
        let unknown = claim
            .figures
            .iter()
            .filter(|id| !ids.contains(&normal_id(id)));
        let unknown: Vec<&String> = unknown.collect();
        if !shipped {
            findings.extend(unknown.iter().map(|id| unknown_figure(claim, id, &ids)));
        }
        let own = claim.figures.first();
        own.is_some_and(|id| ids.contains(&normal_id(id)))
    });
}

fn unknown_figure(claim: &Claim, id: &str, ids: &HashSet<String>) -> Finding {
    let at = At::new(Table::Claims, claim.line, "figures");
    let message = format!("{} is no figure in figures.csv", quoted(id));
    let near = nearest(&normal_id(id), ids.iter().map(String::as_str));
    let fix = near.map(|near| format!("did you mean {near}?"));
    at.finding(rules::UNKNOWN_FIGURE, Severity::Warning, message)
        .maybe_fix(fix)
}
