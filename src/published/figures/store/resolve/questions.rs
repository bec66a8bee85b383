//! Rules on questions and on the responses that they and their figures name.

use super::references::{At, References};
use crate::frames::words::{nearest, nearly};
use crate::published::figures::store::finding::{Finding, Severity, quoted};
use crate::published::figures::store::read::key_of;
use crate::published::figures::store::read::label_of;
use crate::published::figures::store::records::Question;
use crate::published::figures::store::rules;
use crate::published::figures::store::schema::Table;
use std::collections::HashMap;

impl References<'_> {
    /// A question: its poll, its responses, and the two answers of a joint share, which are taken
    /// out if one is not there.
    pub fn question(&mut self, question: &mut Question, questions: &HashMap<String, &Question>) {
        let (poll, line) = (question.poll.as_str(), question.line);
        let at = |column| At::new(Table::Questions, line, column);
        for response in &question.responses {
            self.listed_response(at("responses"), response);
        }
        self.poll(at("poll"), poll);
        let mut part = |other: &str, response: &str| {
            let known = self.question_of(at("joint_of"), poll, other);
            let other = questions.get(&key_of([poll, other])).filter(|_| known);
            other.is_some_and(|other| self.response_of(at("joint_of"), other, response, false))
        };
        let parts = question.joint_of.iter();
        // every part is looked at, also after a wrong one
        if !parts.fold(true, |known, (other, response)| {
            part(other, response) && known
        }) {
            question.joint_of.clear();
        }
    }

    /// A response that a question lists need not be in responses.csv: it gets a label. One that is
    /// nearly a known one may be a slip.
    fn listed_response(&mut self, at: At, response: &str) {
        if self.responses.has(response) || !self.unlabelled.insert(response.to_string()) {
            return;
        }
        if self.responses.is_unknown(response) {
            let near = nearly(response, self.responses.ids()).map(str::to_string);
            self.findings.push(unlabelled(at, response, near));
        }
    }

    /// The response of a figure, a part of a NET, or one side of a joint share: in responses.csv,
    /// among those of its question, or a NET of those. Where the question lists none, any id will
    /// do.
    pub fn response_of(
        &mut self,
        at: At,
        question: &Question,
        response: &str,
        is_net: bool,
    ) -> bool {
        let listed = &question.responses;
        if response.is_empty() {
            return false;
        }
        if self.responses.has(response) || self.unlabelled.contains(response) {
            return true; // those that are listed have a label by now
        }
        if !self.responses.is_unknown(response) {
            return self.unlabelled.insert(response.to_string());
        }
        let candidates = || {
            self.responses
                .ids()
                .chain(listed.iter().map(String::as_str))
        };
        let slip = nearly(response, candidates()).map(str::to_string);
        if is_net || listed.is_empty() {
            self.findings.push(unlabelled(at, response, slip));
            return self.unlabelled.insert(response.to_string());
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
        let finding = at.finding(rules::UNKNOWN_RESPONSE, Severity::Error, message);
        self.findings.push(finding.fix(fix));
        false
    }
}

fn unlabelled(at: At, response: &str, near: Option<String>) -> Finding {
    let label = label_of(response);
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
