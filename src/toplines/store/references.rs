//! What a row says about other rows: the polls, questions, responses and countries that it names must exist.

use super::ResponseKind;
use super::figure_rules::FigureRules;
use super::finding::{Finding, Severity, quoted};
use super::known::Known;
use super::read::{TableRead, key_of};
use super::records::{ALL, Claim, Country, Figure, Poll, Question, Response, Sample, Source};
use super::rules;
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
    pub sources: TableRead<Source>,
    pub claims: TableRead<Claim>,
}

impl Tables {
    /// Checks every reference but those of claims. Rows that refer to what is not there are taken out; responses without
    /// a row get one whose label is made from the id.
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
            responses: Known::of(responses, |response| &response.response),
            questions: HashMap::new(),
            no_questions: Known::new([], [], questions.readable),
            unlabelled: BTreeSet::new(),
            findings,
        };
        for country in &mut countries.rows {
            let at = At::new(Table::Countries, country.line, "members");
            country.members.retain(|code| references.country(at, code));
        }
        for poll in &mut polls.rows {
            let at = At::new(Table::Polls, poll.line, "countries");
            poll.countries.retain(|code| references.country(at, code));
        }
        samples.rows.retain(|sample| {
            let at = |column| At::new(Table::Samples, sample.line, column);
            let country = references.country(at("country"), &sample.country);
            references.poll(at("poll"), &sample.poll) && country
        });
        references.questions = questions_by_poll(questions);
        let all = questions.rows.clone(); // a joint share may name any of them
        let all = all
            .iter()
            .map(|row| (key_of([row.poll.as_str(), &row.question]), row))
            .collect();
        questions
            .rows
            .retain(|question| references.question(question, &all));
        let rules = FigureRules::new(polls, samples, questions, countries);
        let mut missing = HashMap::new();
        figures
            .rows
            .retain(|figure| references.figure(figure, &rules, &mut missing));
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

/// What is known while references are checked. Each check says whether the row that can be used is there; where it is not,
/// a finding is added, unless the row is there and something else is wrong with it.
pub struct References<'f> {
    pub polls: Known,
    pub countries: Known,
    pub responses: Known,
    pub questions: HashMap<String, Known>,
    /// For a poll without questions.
    pub no_questions: Known,
    /// Responses that need a label.
    pub unlabelled: BTreeSet<String>,
    pub findings: &'f mut Vec<Finding>,
}

impl References<'_> {
    /// A poll.
    pub fn poll(&mut self, at: At, poll: &str) -> bool {
        if self.polls.is_unknown(poll) {
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
        if questions.is_unknown(question) && self.polls.has(poll) {
            let message = format!("{} is no question of {poll}", quoted(question));
            let fix = questions.did_you_mean(question);
            let fix = fix.unwrap_or_else(|| "add it first: opine add question".to_string());
            let finding = at.finding(rules::UNKNOWN_QUESTION, Severity::Error, message);
            self.findings.push(finding.fix(fix));
        }
        questions.has(question)
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
        let in_capitals = || {
            self.countries
                .ids()
                .find(|known| known.eq_ignore_ascii_case(code))
        };
        let known = common_code(code).or_else(in_capitals);
        let meant = known.map(|known| format!("did you mean {known}?"));
        meant
            .or_else(|| self.countries.did_you_mean(code))
            .unwrap_or_else(|| "an ISO alpha-2 code, or all".to_string())
    }
}

/// Codes that are in use but not the ISO's.
fn common_code(code: &str) -> Option<&'static str> {
    match code {
        "UK" => Some("GB"),
        "EL" => Some("GR"),
        _ => None,
    }
}
