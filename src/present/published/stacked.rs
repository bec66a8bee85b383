//! The answers to single-choice questions as stacked bars, a bar a country.

use super::chart::footer;
use super::table::is_no_answer;
use crate::frames::Captions;
use crate::present::chart::{
    Paint, Part, Question as StackedQuestion, Response, RowKind, StackedChart, StackedRow,
    StackedSection, Tone,
};
use crate::present::tones;
use crate::published::figures::store::{ALL, Question, QuestionKind, Store};
use crate::published::figures::topline::{Intervals, printed};
use crate::published::lines::{Line, Section};

#[derive(Debug, thiserror::Error)]
pub enum StackedError {
    #[error(
        "several answers could be given to “{0}”, so they add up to more than 100: `chart bar` or `chart dot` draw them"
    )]
    SeveralAnswers(String),
    #[error("there are no answers of a single-choice question to stack")]
    Empty,
}

/// One section a question: its answers in the order of their scale, the whole poll first, then the
/// countries by the share of the first answer. A NET stands for its parts only where none was printed.
pub fn stacked_chart(
    store: &Store,
    sections: &[Section],
    captions: Captions,
    diverging: bool,
    intervals: Intervals,
) -> Result<StackedChart, StackedError> {
    let lines: Vec<&Line> = sections.iter().flat_map(|section| &section.lines).collect();
    let mut drawn = Vec::new();
    for question in &store.questions {
        let of_question = |line: &&&Line| {
            line.figure.poll == question.poll
                && line.figure.question == question.question
                && !line.cannot_hold()
        };
        let answers: Vec<&Line> = lines.iter().filter(of_question).copied().collect();
        match question.kind {
            _ if answers.is_empty() => {}
            QuestionKind::Multiple => {
                return Err(StackedError::SeveralAnswers(
                    store.question_title(&question.poll, &question.question),
                ));
            }
            QuestionKind::Score => {}
            QuestionKind::Single => drawn.push(section(
                store,
                question,
                &answers,
                sections.len() > 1,
                &captions.title,
            )),
        }
    }
    if drawn.is_empty() {
        return Err(StackedError::Empty);
    }
    let mut paragraphs = footer(store, &lines, intervals);
    if let (Some(first), Some(half)) = (paragraphs.first_mut(), widest(&lines)) {
        *first = format!(
            "{first} Shares are within at most ±{half:.1} points ({}%).",
            100.0 * intervals.level
        );
    }
    Ok(StackedChart {
        title: captions.title,
        subtitle: captions.subtitle,
        sections: drawn,
        diverging,
        footer: paragraphs,
    })
}

/// The largest half-width of the intervals, in points.
fn widest(lines: &[&Line]) -> Option<f64> {
    let half = |line: &&Line| {
        line.estimate
            .interval()
            .map(|(low, high)| 50.0 * (high - low))
    };
    lines.iter().filter_map(half).max_by(f64::total_cmp)
}

fn section(
    store: &Store,
    question: &Question,
    lines: &[&Line],
    name_poll: bool,
    title_above: &str,
) -> StackedSection {
    let responses = responses(question, lines);
    let title = store.question_title(&question.poll, &question.question);
    let head = match name_poll {
        true => format!("{}: {title}", store.poll_name(&question.poll)),
        false => title,
    };
    let tones = tones(store, question, &responses, lines);
    StackedSection {
        // The chart's title says it already.
        head: Some(head).filter(|head| head != title_above),
        note: Some(store.poll_note(&question.poll)).filter(|note| !note.is_empty()),
        responses: responses
            .iter()
            .zip(tones)
            .map(|(response, tone)| Response {
                label: store.response_label(response),
                tone,
                paint: Paint::Usual,
            })
            .collect(),
        questions: vec![StackedQuestion {
            head: None,
            rows: rows(store, &responses, lines),
        }],
    }
}

/// The answers that were printed, in the order of the question's scale, don't know last; no NET beside a part of it.
fn responses<'a>(question: &Question, lines: &[&'a Line]) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for line in lines {
        let printed = |id: &String| lines.iter().any(|other| other.figure.response == *id);
        if !line.figure.net_of.iter().any(printed)
            && !found.contains(&line.figure.response.as_str())
        {
            found.push(&line.figure.response);
        }
    }
    let place = |id: &str| {
        question
            .responses
            .iter()
            .position(|response| response == id)
    };
    // A NET stands where the first of its parts would.
    let of_net = |id: &str| {
        let net = lines.iter().find(|line| line.figure.response == id)?;
        net.figure
            .net_of
            .iter()
            .filter_map(|part| place(part))
            .min()
    };
    found.sort_by_key(|id| place(id).or_else(|| of_net(id)).unwrap_or(usize::MAX));
    found
}

/// Colours by what the answers say: one scale or ramp where their words are one, else a colour each.
fn tones(store: &Store, question: &Question, responses: &[&str], lines: &[&Line]) -> Vec<Tone> {
    let no_answer = |id: &str| {
        let mut lines = lines.iter();
        lines.any(|line| line.figure.response == id && is_no_answer(store, line))
    };
    // where some answers of a scale were not printed, their words still say what the others are
    let asked: Vec<&str> = question.responses.iter().map(String::as_str).collect();
    let all = match responses.iter().all(|id| asked.contains(id)) {
        true => &asked,
        false => responses,
    };
    let substantive: Vec<&str> = all.iter().copied().filter(|id| !no_answer(id)).collect();
    let labels: Vec<String> = substantive
        .iter()
        .map(|id| store.response_label(id))
        .collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let by_words = tones::tones(&labels);
    let of = |id: &&str| {
        let place = substantive.iter().position(|other| other == id);
        let tone = place.and_then(|place| by_words.get(place).copied());
        tone.unwrap_or(Tone::DontKnow)
    };
    responses.iter().map(of).collect()
}

fn rows(store: &Store, responses: &[&str], lines: &[&Line]) -> Vec<StackedRow> {
    let mut people: Vec<(&str, &str)> = Vec::new();
    for line in lines {
        let group = (line.figure.country.as_str(), line.figure.base.as_str());
        if !people.contains(&group) {
            people.push(group);
        }
    }
    let share = |(country, base): (&str, &str), response: &str| {
        let line = lines.iter().find(|line| {
            (
                line.figure.country.as_str(),
                line.figure.base.as_str(),
                line.figure.response.as_str(),
            ) == (country, base, response)
        })?;
        Some(Part {
            printed: printed(line.figure),
            percent: line.figure.percent.value,
        })
    };
    let first = |group| {
        responses
            .first()
            .and_then(|response| share(group, response))
            .map_or(-1.0, |part| part.percent)
    };
    people.sort_by(|a, b| {
        (b.0 == ALL)
            .cmp(&(a.0 == ALL))
            .then(first(*b).total_cmp(&first(*a)))
    });
    let several = people.len() > 1;
    people
        .into_iter()
        .map(|group| StackedRow {
            label: match store.place_and_base(group.0, group.1) {
                place if place.is_empty() => "All".to_owned(),
                place => place,
            },
            note: None,
            kind: match group.0 == ALL && several {
                true => RowKind::Total,
                false => RowKind::Plain,
            },
            parts: responses
                .iter()
                .map(|response| share(group, response))
                .collect(),
            paint: Paint::Usual,
        })
        .collect()
}
