//! Rows by their ids.

use super::read::key_of;
use super::records::{Country, Figure, Poll, Question, Response, Sample, normal_id};
use super::{Source, Store};
use std::collections::HashMap;

/// Where the rows of an id are.
#[derive(Debug, Clone, Default)]
pub struct Index {
    polls: HashMap<String, usize>,
    questions: HashMap<String, usize>,
    responses: HashMap<String, usize>,
    countries: HashMap<String, usize>,
    sources: HashMap<String, usize>,
    samples: HashMap<String, Vec<usize>>,
    figures: HashMap<String, Vec<usize>>,
}

impl Index {
    /// The index of a store whose rows do not change any more.
    pub fn new(store: &Store) -> Index {
        Index {
            polls: unique(&store.polls, |row| row.poll.clone()),
            questions: unique(&store.questions, |row| key_of([&*row.poll, &row.question])),
            responses: unique(&store.responses, |row| row.response.clone()),
            countries: unique(&store.countries, |row| row.code.clone()),
            sources: unique(&store.sources, |row| row.source.clone()),
            samples: several(&store.samples, |row| {
                key_of([&*row.poll, &row.country, &row.base])
            }),
            figures: several(&store.figures, Figure::id),
        }
    }
}

fn unique<T>(rows: &[T], key: impl Fn(&T) -> String) -> HashMap<String, usize> {
    rows.iter()
        .enumerate()
        .map(|(place, row)| (key(row), place))
        .collect()
}

fn several<T>(rows: &[T], key: impl Fn(&T) -> String) -> HashMap<String, Vec<usize>> {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        places.entry(key(row)).or_default().push(place);
    }
    places
}

fn one<'s, T>(rows: &'s [T], index: &HashMap<String, usize>, key: &str) -> Option<&'s T> {
    index.get(key).and_then(|&place| rows.get(place))
}

fn all<'s, T>(rows: &'s [T], index: &HashMap<String, Vec<usize>>, key: &str) -> Vec<&'s T> {
    let places = index.get(key).map(Vec::as_slice).unwrap_or_default();
    places.iter().filter_map(|&place| rows.get(place)).collect()
}

impl Store {
    /// The poll of that id.
    pub fn poll(&self, poll: &str) -> Option<&Poll> {
        one(&self.polls, &self.index.polls, poll)
    }

    /// The question of that id in a poll.
    pub fn question(&self, poll: &str, question: &str) -> Option<&Question> {
        one(
            &self.questions,
            &self.index.questions,
            &key_of([poll, question]),
        )
    }

    /// The response of that id. Every response that a question lists or a figure has is there.
    pub fn response(&self, response: &str) -> Option<&Response> {
        one(&self.responses, &self.index.responses, response)
    }

    /// The country or set of that code.
    pub fn country(&self, code: &str) -> Option<&Country> {
        one(&self.countries, &self.index.countries, code)
    }

    /// The outlet of that id.
    pub fn source(&self, source: &str) -> Option<&Source> {
        one(&self.sources, &self.index.sources, source)
    }

    /// The rows that describe one sample, that to be used first; none if its size is not known.
    pub fn samples_of(&self, poll: &str, country: &str, base: &str) -> Vec<&Sample> {
        all(
            &self.samples,
            &self.index.samples,
            &key_of([poll, country, base]),
        )
    }

    /// All that was printed for one quantity.
    pub fn figures_of(
        &self,
        poll: &str,
        question: &str,
        response: &str,
        country: &str,
        base: &str,
    ) -> Vec<&Figure> {
        self.figures_named(&format!("{poll}/{question}/{response}:{country}:{base}"))
    }

    /// The figures of an id such as `egf2023/worried/net:all@npr`, all sources where it names none.
    pub fn figures_named(&self, id: &str) -> Vec<&Figure> {
        let normal = normal_id(id);
        let (quantity, source) = normal.split_once('@').unzip();
        let found = all(
            &self.figures,
            &self.index.figures,
            quantity.unwrap_or(&normal),
        );
        let is_from_source =
            |figure: &&Figure| source.is_none_or(|source| figure.reported_by == source);
        found.into_iter().filter(is_from_source).collect()
    }
}
