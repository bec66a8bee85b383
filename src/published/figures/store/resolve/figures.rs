//! Rules on figures that need other rows: what they name, how large they can be, and whether their
//! sample is known.

use super::references::{At, References};
use crate::published::figures::store::finding::{Finding, Severity, quoted};
use crate::published::figures::store::read::{TableRead, key_of};
use crate::published::figures::store::records::{ALL, Country, Figure, Poll, Question, Sample};
use crate::published::figures::store::schema::Table;
use crate::published::figures::store::{QuestionKind, rules};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// The rows that figures are held against.
pub struct FigureRules<'t> {
    polls: HashMap<&'t str, &'t Poll>,
    questions: HashMap<String, &'t Question>,
    /// Every sample that has a row, with its size if one is given.
    samples: HashMap<String, Option<u64>>,
    samples_readable: bool,
    sets: HashSet<&'t str>,
}

impl<'t> FigureRules<'t> {
    /// Looks up what is needed once.
    pub fn new(
        polls: &'t TableRead<Poll>,
        samples: &TableRead<Sample>,
        questions: HashMap<String, &'t Question>,
        countries: &'t TableRead<Country>,
    ) -> FigureRules<'t> {
        let mut sizes: HashMap<String, Option<u64>> = HashMap::new();
        for key in samples.keys.keys() {
            let sample = key
                .rsplit_once('\u{1f}')
                .map_or(key.as_str(), |(sample, _source)| sample);
            sizes.insert(sample.to_string(), None);
        }
        for row in &samples.rows {
            let size = sizes
                .entry(key_of([&*row.poll, &row.country, &row.base]))
                .or_default();
            *size = size.or(row.n);
        }
        let sets = countries
            .rows
            .iter()
            .filter(|country| !country.members.is_empty());
        FigureRules {
            polls: polls
                .rows
                .iter()
                .map(|poll| (poll.poll.as_str(), poll))
                .collect(),
            questions,
            samples: sizes,
            samples_readable: samples.readable,
            sets: sets.map(|country| country.code.as_str()).collect(),
        }
    }

    fn question(&self, figure: &Figure) -> Option<&'t Question> {
        self.questions
            .get(&key_of([figure.poll.as_str(), &figure.question]))
            .copied()
    }

    fn is_one_country(&self, code: &str) -> bool {
        code != ALL && !self.sets.contains(code)
    }
}

impl References<'_> {
    /// A figure. `missing` keeps the finding of each sample without a row, so that its figures are
    /// listed there.
    pub fn figure(
        &mut self,
        figure: &Figure,
        rules: &FigureRules,
        missing: &mut HashMap<String, usize>,
    ) -> bool {
        let at = |column| At::new(Table::Figures, figure.line, column);
        let poll = self.poll(at("poll"), &figure.poll);
        let asked = self.question_of(at("question"), &figure.poll, &figure.question);
        let country = self.country(at("country"), &figure.country);
        let question = rules.question(figure);
        let answered = question.is_some_and(|question| self.responses_of(figure, question));
        // of a question that is there but cannot be used it is not known whether it is a score
        let share = question.is_none_or(|question| question.kind != QuestionKind::Score)
            && (question.is_some() || self.is_unknown_question(&figure.poll, &figure.question));
        let impossible = if share {
            out_of_range(figure, rules)
        } else {
            None
        };
        let net = net_of_itself(figure);
        let sane = impossible.is_none() && net.is_none();
        self.findings.extend(impossible.into_iter().chain(net));
        let usable = poll && asked && country && answered && sane;
        if usable {
            self.findings.extend(not_in_poll(figure, rules));
            self.findings.extend(aggregate_of_country(figure, rules));
            self.sample_of(figure, rules, missing);
        }
        usable
    }

    fn responses_of(&mut self, figure: &Figure, question: &Question) -> bool {
        let at = |column| At::new(Table::Figures, figure.line, column);
        let is_net = !figure.net_of.is_empty();
        let whole = self.response_of(at("response"), question, &figure.response, is_net);
        let mut part = |part| self.response_of(at("net_of"), question, part, false);
        // every part is looked at, also after a wrong one
        figure
            .net_of
            .iter()
            .fold(whole, |known, id| part(id) && known)
    }

    fn sample_of(
        &mut self,
        figure: &Figure,
        rules: &FigureRules,
        missing: &mut HashMap<String, usize>,
    ) {
        let sample = key_of([&*figure.poll, &figure.country, &figure.base]);
        let known = rules.samples.contains_key(&sample) || !rules.samples_readable;
        if known || figure.n.is_some() {
            return;
        }
        match missing.entry(sample) {
            Entry::Occupied(first) => {
                if let Some(finding) = self.findings.get_mut(*first.get()) {
                    finding.ids.push(figure.id_with_source());
                }
            }
            Entry::Vacant(free) => {
                free.insert(self.findings.len());
                let Figure {
                    poll,
                    country,
                    base,
                    ..
                } = figure;
                let message = format!(
                    "samples.csv has no row for {poll}, country {country}, base {base}: its size is not known, so no interval"
                );
                let fix = format!(
                    "opine add sample --poll {poll} --country {country} --base {base} --n …, without --n if no source gives it"
                );
                let at = At::new(Table::Figures, figure.line, "base");
                let finding = at.finding(rules::SAMPLE_MISSING, Severity::Warning, message);
                self.findings
                    .push(finding.id(figure.id_with_source()).fix(fix));
            }
        }
    }
}

/// Shares are 0 to 100. One above may be a count: then it is told what share that is.
fn out_of_range(figure: &Figure, rules: &FigureRules) -> Option<Finding> {
    let value = figure.percent.value;
    if (0.0..=100.0).contains(&value) {
        return None;
    }
    let sample = key_of([&*figure.poll, &figure.country, &figure.base]);
    let n = figure
        .n
        .or_else(|| rules.samples.get(&sample).copied().flatten());
    let count = n.filter(|&n| figure.percent.unit == 1.0 && value > 100.0 && value <= n as f64);
    let fix = count.map(|n| {
        let share = 100.0 * value / n as f64;
        format!(
            "a count instead of a per cent? {} of {n} is {share:.1}",
            figure.percent
        )
    });
    let message = format!("{} is not between 0 and 100", quoted(&figure.percent.text));
    let at = At::new(Table::Figures, figure.line, "percent");
    Some(
        at.finding(rules::RANGE, Severity::Error, message)
            .maybe_fix(fix),
    )
}

fn net_of_itself(figure: &Figure) -> Option<Finding> {
    figure.net_of.contains(&figure.response).then(|| {
        let message = format!("{} is a part of itself", quoted(&figure.response));
        let at = At::new(Table::Figures, figure.line, "net_of");
        let finding = at.finding(rules::NET_OF_ITSELF, Severity::Error, message);
        finding.fix("name the parts alone, or leave it empty if this is no NET")
    })
}

fn not_in_poll(figure: &Figure, rules: &FigureRules) -> Option<Finding> {
    let poll = rules.polls.get(figure.poll.as_str())?;
    let asked = poll.countries.is_empty() || poll.countries.contains(&figure.country);
    (!asked && rules.is_one_country(&figure.country)).then(|| {
        let message = format!(
            "{} is not among the countries of {}",
            figure.country, poll.poll
        );
        let at = At::new(Table::Figures, figure.line, "country");
        let finding = at.finding(rules::COUNTRY_NOT_IN_POLL, Severity::Warning, message);
        finding.fix(format!("one of {}", poll.countries.join(", ")))
    })
}

fn aggregate_of_country(figure: &Figure, rules: &FigureRules) -> Option<Finding> {
    let aggregate = figure
        .aggregate
        .filter(|_| rules.is_one_country(&figure.country))?;
    let message = format!(
        "{} is one country, so nothing is put together as {aggregate}",
        figure.country
    );
    let at = At::new(Table::Figures, figure.line, "aggregate");
    let finding = at.finding(rules::AGGREGATE_OF_COUNTRY, Severity::Warning, message);
    Some(finding.fix("leave it empty"))
}
