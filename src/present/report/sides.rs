//! The answers to one question country by country, stacked, with the countries named that have no figure.

use super::picture::{Error, Picture};
use crate::frames::words::and;
use crate::frames::words::distinct;
use crate::present::chart::{Chart, Style};
use crate::present::published::{self, Captions, Line, Section};
use crate::published::figures::store::{ALL, Figure, Question, QuestionKind, Store};
use crate::published::figures::topline::Intervals;

/// The first question of the claims' polls with one answer each of which several answers and at least
/// three countries were printed.
pub(super) fn sides_picture(
    store: &Store,
    claims: &[Section],
    style: &Style,
    intervals: Intervals,
) -> Result<Option<Picture>, Error> {
    let claimed = claims
        .iter()
        .flat_map(|section| &section.lines)
        .map(|line| line.figure);
    let questions = claimed.filter_map(|figure| store.question(&figure.poll, &figure.question));
    for question in questions.filter(|question| question.kind == QuestionKind::Single) {
        let of_question = |figure: &&Figure| {
            figure.poll == question.poll
                && figure.question == question.question
                && figure.base == ALL
        };
        let figures: Vec<&Figure> = store.figures.iter().filter(of_question).collect();
        let sections = published::by_poll(store, &figures, false, intervals)?;
        let lines: Vec<&Line> = sections.iter().flat_map(|section| &section.lines).collect();
        if distinct(lines.iter().map(|line| line.figure.country.as_str())).len() < 4
            || distinct(lines.iter().map(|line| line.figure.response.as_str())).len() < 2
        {
            continue;
        }
        let captions = captions(store, question, &lines);
        let Ok(chart) = published::stacked_chart(store, &sections, captions, false, intervals)
        else {
            continue;
        };
        return Ok(Some(Picture {
            name: "sides",
            poll: None,
            drawing: chart.draw(style)?,
            numbers: published::estimates(&sections)?.into_frame(),
        }));
    }
    Ok(None)
}

/// "“Remain neutral” has a majority in 9 of 11 countries", and who is missing.
fn captions(store: &Store, question: &Question, lines: &[&Line]) -> Captions {
    let countries = store.countries_of(&question.poll, ALL);
    let majority = |response: &str| {
        let in_country =
            |line: &&&Line| line.figure.response == response && line.figure.country != ALL;
        lines
            .iter()
            .filter(in_country)
            .filter(|line| line.figure.percent.value > 50.0)
            .count()
    };
    let responses = distinct(lines.iter().map(|line| line.figure.response.as_str()));
    let leading = responses
        .into_iter()
        .max_by_key(|response| majority(response));
    let title = store.question_title(&question.poll, &question.question);
    let found = |code: &&str| lines.iter().any(|line| line.figure.country == **code);
    let missing: Vec<String> = countries
        .iter()
        .filter(|code| !found(code))
        .map(|code| store.country_name(code))
        .collect();
    let mut subtitle = "Per cent.".to_owned();
    if !missing.is_empty() {
        subtitle += &format!(" No figure was found for {}.", and(&missing));
    }
    Captions {
        title: match leading.filter(|response| majority(response) > 0) {
            Some(response) => format!(
                "“{}” has a majority in {} of {} countries",
                store.response_label(response),
                majority(response),
                countries.len()
            ),
            None => title,
        },
        subtitle: Some(subtitle),
        foot: Vec::new(),
    }
}
