//! Stored things by words of what they say, where their ids are not known.

use super::store::{Figure, Store, folded};
use crate::frames::words::distinct;

/// Words that are looked for: all of them, in any order, without regard to case and accents.
#[derive(Clone, Debug)]
pub struct Search {
    /// Each word, `ü` as u and as ue.
    words: Vec<[String; 2]>,
}

/// A text both ways: `Müller` is muller and mueller.
fn both(text: &str) -> [String; 2] {
    [folded(text, true), folded(text, false)]
}

impl Search {
    /// From a text; `None` where it holds no letter and no digit.
    pub fn parse(text: &str) -> Option<Search> {
        let words: Vec<[String; 2]> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(both)
            .collect();
        (!words.is_empty()).then_some(Search { words })
    }

    /// Whether all words are in some texts together; a word may be part of a longer one.
    pub fn finds<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> bool {
        let texts: Vec<[String; 2]> = texts.into_iter().map(both).collect();
        let is_in = |word: &[String; 2], text: &[String; 2]| {
            let mut ways = word.iter().zip(text);
            ways.any(|(word, text)| text.contains(word.as_str()))
        };
        let mut words = self.words.iter();
        words.all(|word| texts.iter().any(|text| is_in(word, text)))
    }

    /// Whether a poll is about it: its id, title, who asked and paid, what is noted.
    pub fn finds_poll(&self, store: &Store, poll: &str) -> bool {
        self.finds(texts_of_poll(store, poll))
    }

    /// Whether a question is about it: its poll, id, title and wording, and its answers as they are labelled.
    pub fn finds_question(&self, store: &Store, poll: &str, question: &str) -> bool {
        let answers = store.question(poll, question);
        let answers: Vec<String> = answers
            .iter()
            .flat_map(|question| &question.responses)
            .map(|response| store.response_label(response))
            .collect();
        let texts = texts_of_question(store, poll, question).chain(texts_of_poll(store, poll));
        self.finds(texts.chain(answers.iter().map(String::as_str)))
    }

    /// Whether a figure is about it: its poll and question, the answer, the country, who printed it, what is noted.
    pub fn finds_figure(&self, store: &Store, figure: &Figure) -> bool {
        let names = [
            figure.response.clone(),
            store.response_label(&figure.response),
            store.country_name(&figure.country),
            figure.base.clone(),
            figure.reported_by.clone(),
            store.source_name(figure),
            figure.note.clone(),
        ];
        let texts = texts_of_question(store, &figure.poll, &figure.question);
        let texts = texts.chain(texts_of_poll(store, &figure.poll));
        self.finds(texts.chain(names.iter().map(String::as_str)))
    }

    /// Selectors of what is about it: the questions whose id, title or wording holds the words, else the polls that do.
    pub fn selectors(&self, store: &Store) -> Vec<String> {
        let found =
            |figure: &&Figure| self.finds(texts_of_question(store, &figure.poll, &figure.question));
        let questions = store.figures.iter().filter(found);
        let questions = questions.map(|figure| format!("{}/{}", figure.poll, figure.question));
        let questions = distinct(questions);
        if !questions.is_empty() {
            return questions;
        }
        let polls = store.figures.iter().map(|figure| figure.poll.as_str());
        let found = distinct(polls).into_iter();
        found
            .filter(|poll| self.finds_poll(store, poll))
            .map(str::to_owned)
            .collect()
    }
}

fn texts_of_poll<'s>(store: &'s Store, poll: &'s str) -> impl Iterator<Item = &'s str> {
    let stored = store.poll(poll).map(|row| {
        [
            &row.title,
            &row.sponsor,
            &row.fieldwork,
            &row.population,
            &row.mode,
            &row.note,
        ]
        .map(String::as_str)
    });
    stored.into_iter().flatten().chain([poll])
}

fn texts_of_question<'s>(
    store: &'s Store,
    poll: &'s str,
    question: &'s str,
) -> impl Iterator<Item = &'s str> {
    let stored = store.question(poll, question);
    let stored = stored.map(|row| [&row.title, &row.text, &row.series].map(String::as_str));
    stored.into_iter().flatten().chain([question])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_without_regard_to_case_and_accents() {
        let search = Search::parse("CHINA économie").unwrap();
        assert!(search.finds(["L’Économie de la Chine", "china"]));
        assert!(search.finds(["economies", "China’s rise"]));
        assert!(!search.finds(["China"]));
        assert!(Search::parse(" – ").is_none());
        for name in ["Müller", "muller", "MUELLER"] {
            assert!(
                Search::parse(name).unwrap().finds(["Institut Müller"]),
                "{name}"
            );
        }
        assert!(Search::parse("россия").unwrap().finds(["Россия и мир"]));
        let store = Store::embedded();
        let china = Search::parse("china").unwrap().selectors(&store);
        assert!(china.iter().any(|id| id.ends_with("view_cn")), "{china:?}");
    }
}
