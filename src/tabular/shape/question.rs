//! The question as asked, where a table has it in its corner or in a line above.

use super::heads::{Measure, head_and_measure};
use super::*;

/// A question that a table brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    text: String,
    /// The line above the header that it stands in; else it is the head of a column.
    above: Option<usize>,
}

impl Question {
    /// Whether it is the head of a column.
    pub(super) fn is_head(&self) -> bool {
        self.above.is_none()
    }
}

/// Words of a line above a table by which it is a note.
const NOTES: [&str; 14] = [
    "base",
    "basis",
    "source",
    "quelle",
    "note",
    "fieldwork",
    "table",
    "tabelle",
    "all figures",
    "figures",
    "n=",
    "weighted",
    "unweighted",
    "sheet",
];

fn is_asked(text: &str) -> bool {
    text.ends_with(['?', '？', '؟'])
}

/// Whether a head says more than what its column holds: it is asked, or has three words and more.
fn is_question(text: &str) -> bool {
    let known = [
        PERCENT, N, LABEL, ANSWER, ITEM, NET_OF, GROUPS, REMARKS, SUMS,
    ];
    let is_known = known.iter().any(|names| is_one_of(text, names));
    let words = text.split_whitespace().count();
    let is_name = text.to_lowercase().starts_with("name ");
    is_asked(text) || (words > 2 && !is_known && !is_name && text.chars().any(char::is_alphabetic))
}

/// Without “, %” at its end.
fn text_of(text: &str) -> String {
    match head_and_measure(text) {
        Some((text_alone, Measure::Percent)) if !is_asked(text) => text_alone,
        _ => text.trim().to_owned(),
    }
}

impl Table {
    /// The question: in the head of the column that names the rows, or in a line above the header. What is asked goes before
    /// what only sounds like it, and what is nearer before what is farther.
    pub(super) fn question(&self, stub: Option<usize>) -> Option<Question> {
        let corner = stub
            .and_then(|stub| self.names().get(stub))
            .map(|name| text_of(name))
            .filter(|name| is_question(name))
            .map(|text| Question { text, above: None });
        let is_note = |text: &str| {
            let lower = text.to_lowercase();
            let begins = |word: &str| {
                let rest = lower.strip_prefix(word);
                rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
            };
            NOTES.iter().any(|word| begins(word)) && !is_asked(text)
        };
        let lines = self.above.iter().enumerate();
        let lines: Vec<Question> = lines
            .filter(|(_, text)| text.split_whitespace().count() > 1 && !is_note(text))
            .map(|(at, text)| Question {
                text: text_of(text),
                above: Some(at),
            })
            .collect();
        let asked = |question: &Question| is_asked(&question.text);
        let in_corner = corner.clone().filter(asked);
        let asked_above = lines.iter().find(|line| asked(line)).cloned();
        in_corner
            .or(asked_above)
            .or(corner)
            .or(lines.into_iter().next())
    }
}

impl ShareTable {
    /// The question as asked, where the table has it; that it is taken for one is noted.
    pub fn take_question(&mut self) -> Option<String> {
        let Question { text, above } = self.question.take()?;
        if let Some(above) = above {
            self.table.use_line_above(above);
        }
        self.table.assume(format!("“{text}” taken as the question"));
        Some(text)
    }
}
