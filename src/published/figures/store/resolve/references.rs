//! What a row says about other rows: the polls, questions, responses and countries that it names must exist.

use crate::frames::words::nearest;
use crate::published::figures::store::finding::{Finding, Severity, quoted};
use crate::published::figures::store::read::TableRead;
use crate::published::figures::store::records::{ALL, Country, Sample};
use crate::published::figures::store::rules;
use crate::published::figures::store::schema::Table;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Where a reference stands.
#[derive(Debug, Clone, Copy)]
pub struct At {
    table: Table,
    line: u64,
    column: &'static str,
}

impl At {
    /// A value of a row.
    pub fn new(table: Table, line: u64, column: &'static str) -> At {
        At {
            table,
            line,
            column,
        }
    }

    /// A finding about it.
    pub fn finding(
        self,
        rule: &'static str,
        severity: Severity,
        message: impl Into<String>,
    ) -> Finding {
        let finding = Finding::new(rule, severity, self.table.file_name(), message);
        finding.line(self.line).column(self.column)
    }
}

/// What is known while references are checked. Each check says whether the row that can be used is
/// there; where it is not, a finding is added, unless the row is there and something else is wrong
/// with it.
pub struct References<'f> {
    pub polls: Known,
    pub countries: Known,
    /// Codes by what else a country is called, in lower case.
    pub country_names: HashMap<String, String>,
    pub responses: Known,
    pub questions: HashMap<String, Known>,
    /// For a poll without questions.
    pub no_questions: Known,
    /// Responses that need a label.
    pub unlabelled: BTreeSet<String>,
    pub findings: &'f mut Vec<Finding>,
}

impl References<'_> {
    pub fn sample(&mut self, sample: &Sample) -> bool {
        let at = |column| At::new(Table::Samples, sample.line, column);
        let country = self.country(at("country"), &sample.country);
        self.poll(at("poll"), &sample.poll) && country
    }

    /// A poll. Of an id that is empty nothing is said here, nor in the checks below.
    pub fn poll(&mut self, at: At, poll: &str) -> bool {
        if self.polls.is_unknown(poll) && !poll.is_empty() {
            let message = format!("{} is no poll in polls.csv", quoted(poll));
            let fix = self.polls.did_you_mean(poll);
            let fix = fix.unwrap_or_else(|| "add the poll first: opine add poll".to_string());
            self.findings.push(
                at.finding(rules::UNKNOWN_POLL, Severity::Error, message)
                    .fix(fix),
            );
        }
        self.polls.has(poll)
    }

    /// A question of a poll. Of a poll that is not there nothing is said.
    pub fn question_of(&mut self, at: At, poll: &str, question: &str) -> bool {
        let questions = self.questions.get(poll).unwrap_or(&self.no_questions);
        if questions.is_unknown(question) && self.polls.has(poll) && !question.is_empty() {
            let message = format!("{} is no question of {poll}", quoted(question));
            let fix = questions.did_you_mean(question);
            let fix = fix.unwrap_or_else(|| "add it first: opine add question".to_string());
            let finding = at.finding(rules::UNKNOWN_QUESTION, Severity::Error, message);
            self.findings.push(finding.fix(fix));
        }
        questions.has(question)
    }

    /// Whether no row has the question at all.
    pub fn is_unknown_question(&self, poll: &str, question: &str) -> bool {
        let questions = self.questions.get(poll).unwrap_or(&self.no_questions);
        questions.is_unknown(question)
    }

    /// A code of a country or a set, or `all`.
    pub fn country(&mut self, at: At, code: &str) -> bool {
        if code == ALL {
            return true;
        }
        if self.countries.is_unknown(code) {
            let message = format!("{} is no code in countries.csv", quoted(code));
            let fix = self.meant_country(code);
            let finding = at.finding(rules::UNKNOWN_COUNTRY, Severity::Error, message);
            self.findings.push(finding.fix(fix));
        }
        self.countries.has(code)
    }

    fn meant_country(&self, code: &str) -> String {
        if code.contains([',', ';']) {
            let codes: Vec<&str> = code
                .split([',', ';'])
                .filter(|code| !code.is_empty())
                .collect();
            return format!("with a space between codes: {}", codes.join(" "));
        }
        let called = self
            .country_names
            .get(&code.to_lowercase())
            .map(String::as_str);
        let meant = called.map(|known| format!("did you mean {known}?"));
        meant
            .or_else(|| self.countries.did_you_mean(code))
            .unwrap_or_else(|| "an ISO alpha-2 code, or all".to_string())
    }
}

/// What countries are called but by their code: its small letters, the alpha-3 code, the English
/// name, and two codes that are in use but not the ISO's.
pub fn other_names(countries: &TableRead<Country>) -> HashMap<String, String> {
    let names = |country: &Country| {
        let usual = match country.code.as_str() {
            "GB" => "uk",
            "GR" => "el",
            _ => "",
        };
        let names = [&country.code, &country.alpha3, &country.name, usual].map(str::to_lowercase);
        names.map(|name| (name, country.code.clone()))
    };
    countries
        .rows
        .iter()
        .flat_map(names)
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

/// Searches for the nearest name stop after so many different misspellings.
const MOST_SEARCHES: usize = 2_000;

/// Ids of a table, those of rows that cannot be used apart.
#[derive(Debug, Default)]
pub struct Known {
    seen: HashSet<String>,
    usable: HashSet<String>,
    readable: bool,
    searched: RefCell<HashMap<String, Option<String>>>,
}

impl Known {
    /// The ids of all rows, and those of the rows that can be used. If the table could not be read,
    /// no id is unknown.
    pub fn new(
        seen: impl IntoIterator<Item = String>,
        usable: impl IntoIterator<Item = String>,
        readable: bool,
    ) -> Known {
        Known {
            seen: seen.into_iter().collect(),
            usable: usable.into_iter().collect(),
            readable,
            searched: RefCell::default(),
        }
    }

    /// The ids of a table whose key is one column.
    pub fn from_rows<T>(read: &TableRead<T>, id: impl Fn(&T) -> &String) -> Known {
        Known::new(
            read.keys.keys().cloned(),
            read.rows.iter().map(id).cloned(),
            read.readable,
        )
    }

    /// Whether a row that can be used has it.
    pub fn has(&self, id: &str) -> bool {
        self.usable.contains(id)
    }

    /// Whether no row has it at all.
    pub fn is_unknown(&self, id: &str) -> bool {
        self.readable && !self.seen.contains(id)
    }

    /// "did you mean …?", if an id is near.
    pub fn did_you_mean(&self, id: &str) -> Option<String> {
        let mut searched = self.searched.borrow_mut();
        if !searched.contains_key(id) && searched.len() >= MOST_SEARCHES {
            return None;
        }
        let search = || nearest(id, self.ids()).map(|near| format!("did you mean {near}?"));
        searched
            .entry(id.to_string())
            .or_insert_with(search)
            .clone()
    }

    /// All ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.seen.iter().map(String::as_str)
    }
}
