use super::chart::{footer, value};
use crate::frames::Captions;
use crate::present::chart::{
    Mark, Panel, PanelChart, Row, RowKind, Section as PanelSection, Value,
};
use crate::published::figures::quantity::Prefer;
use crate::published::figures::store::{ALL, Figure, Question, QuestionKind, Store};
use crate::published::figures::topline::Intervals;
use crate::published::lines::{Line, line};
use crate::statistics::interval;

/// A poll's questions by country, as small panels, with the lines that are drawn.
pub struct CountryPanels<'s> {
    pub chart: PanelChart,
    pub lines: Vec<Line<'s>>,
}

/// One answer in every country of its poll.
struct Answer<'s> {
    question: &'s Question,
    response: &'s str,
    /// One a country that has a figure.
    countries: Vec<Line<'s>>,
    total: Option<Line<'s>>,
}

/// The answers of a poll of which at least two countries have a figure: every answer of a question
/// with several, the best covered one of a question with a single answer (the rest is its mirror).
/// `None` where there are none.
pub fn by_country<'s>(
    store: &'s Store,
    poll: &str,
    captions: impl Fn(&[Spread]) -> Captions,
    intervals: Intervals,
) -> Result<Option<CountryPanels<'s>>, interval::Error> {
    let mut answers = Vec::new();
    for question in store
        .questions
        .iter()
        .filter(|question| question.poll == poll)
    {
        answers.extend(shown_answers(store, question, intervals)?);
    }
    answers.sort_by_key(|answer| answer.question.kind == QuestionKind::Multiple);
    let Some(first) = answers.first() else {
        return Ok(None);
    };
    let order = country_order(store, poll, first);
    let spreads: Vec<_> = answers.iter().map(|answer| spread(store, answer)).collect();
    let captions = captions(&spreads);
    let lines: Vec<Line> = answers
        .iter()
        .flat_map(|a| a.countries.iter().chain(&a.total).cloned())
        .collect();
    let mut paragraphs = footer(store, &lines.iter().collect::<Vec<_>>(), intervals);
    let note = format!(
        "Countries in the order of “{}”. Where a rounded value and one with a decimal agree, the decimal is drawn.",
        store.response_title(first.question, first.response)
    );
    if let Some(method) = paragraphs.first_mut() {
        *method = format!("{method} {note}");
    }
    Ok(Some(CountryPanels {
        chart: PanelChart {
            title: captions.title,
            subtitle: captions.subtitle,
            sections: sections(store, &answers, &order),
            footer: paragraphs,
            level: intervals.level,
        },
        lines,
    }))
}

impl Store {
    /// A panel's head: the answer of a question with several, else question and answer.
    fn response_title(&self, question: &Question, response: &str) -> String {
        let label = self.response_label(response);
        match question.kind {
            QuestionKind::Multiple => label,
            _ => self.titled(
                &self.question_title(&question.poll, &question.question),
                &label,
            ),
        }
    }
}

fn shown_answers<'s>(
    store: &'s Store,
    question: &'s Question,
    intervals: Intervals,
) -> Result<Vec<Answer<'s>>, interval::Error> {
    let mut responses: Vec<&str> = Vec::new();
    let of_question =
        |figure: &&Figure| figure.poll == question.poll && figure.question == question.question;
    for figure in store.figures.iter().filter(of_question) {
        if !responses.contains(&figure.response.as_str()) {
            responses.push(&figure.response);
        }
    }
    let mut answers = Vec::new();
    for response in responses {
        let answer = answer(store, question, response, intervals)?;
        if answer.countries.len() > 1 && question.kind != QuestionKind::Score {
            answers.push(answer);
        }
    }
    if question.kind == QuestionKind::Single {
        let covered =
            |answer: &Answer| answer.countries.len() + usize::from(answer.total.is_some());
        let most = answers.iter().map(covered).max();
        let best = answers
            .into_iter()
            .find(|answer| Some(covered(answer)) == most);
        answers = best.into_iter().collect();
    }
    Ok(answers)
}

fn answer<'s>(
    store: &'s Store,
    question: &'s Question,
    response: &'s str,
    intervals: Intervals,
) -> Result<Answer<'s>, interval::Error> {
    let line_of = |country: &str| {
        let figures = store.figures_of(&question.poll, &question.question, response, country, ALL);
        line(store, &figures, false, Prefer::Decimals, intervals)
    };
    let mut countries = Vec::new();
    for code in store.countries_of(&question.poll, ALL) {
        countries.extend(line_of(code)?);
    }
    Ok(Answer {
        question,
        response,
        countries,
        total: line_of(ALL)?,
    })
}

/// All countries of the poll: by value in the first panel, then those it lacks, by name.
fn country_order<'s>(store: &'s Store, poll: &str, first: &Answer<'s>) -> Vec<&'s str> {
    let mut codes = store.countries_of(poll, ALL);
    let value = |code: &str| {
        let line = first
            .countries
            .iter()
            .find(|line| line.figure.country == code);
        line.map_or(f64::NEG_INFINITY, |line| line.figure.percent.value)
    };
    codes.sort_by(|a, b| {
        value(b)
            .total_cmp(&value(a))
            .then(store.country_name(a).cmp(&store.country_name(b)))
    });
    codes
}

/// A question with several answers is a section of its own; single ones stand together in pairs.
fn sections(store: &Store, answers: &[Answer], order: &[&str]) -> Vec<PanelSection> {
    let mut sections: Vec<PanelSection> = Vec::new();
    let mut open = false;
    for answer in answers {
        let panel = Panel {
            head: store.response_title(answer.question, answer.response),
            rows: rows(store, answer, order),
        };
        let multiple = answer.question.kind == QuestionKind::Multiple;
        let head = match multiple {
            true => store.question_title(&answer.question.poll, &answer.question.question),
            false => "One answer each".to_owned(),
        };
        match sections.last_mut() {
            Some(section) if section.head == head || (!multiple && open) => {
                section.panels.push(panel)
            }
            _ => sections.push(PanelSection {
                head,
                note: multiple.then(|| "several answers possible".to_owned()),
                panels: vec![panel],
            }),
        }
        open = !multiple;
    }
    sections
}

fn rows(store: &Store, answer: &Answer, order: &[&str]) -> Vec<Row> {
    let mut rows: Vec<Row> = order
        .iter()
        .map(|code| {
            let line = answer
                .countries
                .iter()
                .find(|line| line.figure.country == *code);
            dot_row(&store.country_name(code), RowKind::Plain, line)
        })
        .collect();
    let total = match order.len() {
        2 => "Both".to_owned(),
        3 => "All three".to_owned(),
        many => format!("All {many}"),
    };
    rows.push(dot_row(&total, RowKind::Total, answer.total.as_ref()));
    rows
}

fn dot_row(label: &str, kind: RowKind, line: Option<&Line>) -> Row {
    let missing = || Value {
        name: None,
        printed: String::new(),
        at: None,
        mark: Mark::NotFound,
        ends: None,
        remark: Some("no figure found".to_owned()),
    };
    Row {
        label: label.to_owned(),
        kind,
        values: vec![line.map_or_else(missing, |line| value(line, line.figure, None))],
        ..Row::default()
    }
}

/// The countries of one panel, for the words over the chart.
pub struct Spread {
    pub head: String,
    /// Name, low and high end of the interval in per cent.
    pub countries: Vec<(String, f64, f64)>,
}

fn spread(store: &Store, answer: &Answer) -> Spread {
    let countries = answer.countries.iter().map(|line| {
        let at = line.figure.percent.value;
        let (low, high) = line
            .estimate
            .interval()
            .map_or((at, at), |(l, h)| (100.0 * l, 100.0 * h));
        (store.country_name(&line.figure.country), low, high)
    });
    Spread {
        countries: countries.collect(),
        head: store.response_title(answer.question, answer.response),
    }
}
