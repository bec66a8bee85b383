//! Rules on questions and on the responses that they and their figures name.

use super::finding::{Finding, Severity, quoted};
use super::nearest::{nearest, nearly};
use super::read::key_of;
use super::records::Question;
use super::references::{At, References};
use super::rules;
use super::schema::Table;
use std::collections::HashMap;

impl References<'_> {
    /// A question: its poll, its responses, and the two answers of a joint share.
    pub fn question(
        &mut self,
        question: &Question,
        questions: &HashMap<String, &Question>,
    ) -> bool {
        let at = |column| At::new(Table::Questions, question.line, column);
        for response in &question.responses {
            self.listed_response(at("responses"), response);
        }
        let known_poll = self.poll(at("poll"), &question.poll);
        let joint = question.joint_of.iter().all(|(other, response)| {
            let known = self.question_of(at("joint_of"), &question.poll, other);
            let row = questions
                .get(&key_of([question.poll.as_str(), other]))
                .copied();
            if known {
                self.response_of(at("joint_of"), row, response, false);
            }
            known
        });
        known_poll && joint
    }

    /// A response that a question lists need not be in responses.csv: it gets a label. One that is nearly a known one may be
    /// a slip.
    fn listed_response(&mut self, at: At, response: &str) {
        if !self.responses.is_unknown(response) || !self.unlabelled.insert(response.to_string()) {
            return;
        }
        let near = nearly(response, self.responses.ids()).map(str::to_string);
        self.findings.push(unlabelled(at, response, near));
    }

    /// The response of a figure, a part of a NET, or one side of a joint share: in responses.csv, among those of its
    /// question, or a NET of those. Where the question lists none, any id will do.
    pub fn response_of(
        &mut self,
        at: At,
        question: Option<&Question>,
        response: &str,
        is_net: bool,
    ) {
        let listed = question.map_or(&[][..], |question| &question.responses);
        let is_listed = listed.iter().any(|known| known == response);
        if is_listed || !self.responses.is_unknown(response) || self.unlabelled.contains(response) {
            return;
        }
        let candidates = || {
            self.responses
                .ids()
                .chain(listed.iter().map(String::as_str))
        };
        let slip = nearly(response, candidates()).map(str::to_string);
        if (is_net || listed.is_empty()) && question.is_some() {
            self.findings.push(unlabelled(at, response, slip));
            self.unlabelled.insert(response.to_string());
            return;
        }
        let near = nearest(response, candidates());
        let fix = match near {
            Some(near) => format!("did you mean {near}?"),
            None => "add it to the responses of the question, or to responses.csv".to_string(),
        };
        let message = format!(
            "{} is no response of its question, nor in responses.csv",
            quoted(response)
        );
        self.findings.push(
            at.finding(rules::UNKNOWN_RESPONSE, Severity::Error, message)
                .fix(fix),
        );
    }
}

fn unlabelled(at: At, response: &str, near: Option<String>) -> Finding {
    let label = super::typed::label_of(response);
    let message = format!(
        "{} has no label in responses.csv: {} is used",
        quoted(response),
        quoted(&label)
    );
    match near {
        Some(near) => at
            .finding(rules::RESPONSE_UNLABELLED, Severity::Warning, message)
            .fix(format!("did you mean {near}?")),
        None => at
            .finding(rules::RESPONSE_UNLABELLED, Severity::Note, message)
            .fix("give it one: opine add response"),
    }
}
