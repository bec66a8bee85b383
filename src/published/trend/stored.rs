//! Stored figures as polls: one series, its houses those who did the fieldwork, else who paid.

use super::polls::{Poll, Polls};
use crate::frames::words::distinct;
use crate::published::figures::date::Date;
use crate::published::figures::store::{Figure, Store};

impl Polls {
    /// The polls of some figures of a store. An answer is named by its id, and by its country where there are several;
    /// respondents are those of the figure, else of its sample, over the design effect where one is known.
    pub fn from_figures(store: &Store, figures: &[&Figure]) -> Polls {
        let countries = distinct(figures.iter().map(|figure| figure.country.as_str()));
        let mut polls = Polls::default();
        for figure in figures {
            let Some(known) = store.poll(&figure.poll) else {
                continue;
            };
            let response = match countries.len() {
                1 => figure.response.clone(),
                _ => format!("{}:{}", figure.response, figure.country),
            };
            let id = format!("{}/{}:{}", figure.poll, figure.question, figure.country);
            let share = (response, figure.percent.value / 100.0);
            let same = polls.polls.iter_mut().find(|poll| poll.id == id);
            if let Some(poll) = same {
                match poll.shares.iter().any(|(name, _)| *name == share.0) {
                    true => polls.left_out.push((
                        figure.line as usize,
                        format!("{} was printed before: the first print stands", figure.id()),
                    )),
                    false => poll.shares.push(share),
                }
                continue;
            }
            let day = |date: &Option<Date>, first: bool| {
                let date = date.as_ref()?;
                let whole = if first {
                    date.first_day()
                } else {
                    date.last_day()
                };
                Some(whole.days())
            };
            let dates = [&known.field_start, &known.field_end, &known.published];
            let house = match known.fieldwork.is_empty() {
                true => &known.sponsor,
                false => &known.fieldwork,
            };
            polls.polls.push(Poll {
                contest: figure.question.clone(),
                id,
                pollster: house.clone(),
                sponsor: known.sponsor.clone(),
                start: day(&known.field_start, true),
                end: day(&known.field_end, false),
                published: day(&known.published, false),
                n: respondents(store, figure),
                population: String::new(),
                mode: known.mode.clone(),
                partisan: String::new(),
                tracking: false,
                shares: vec![share],
                coarse_date: dates
                    .iter()
                    .any(|date| date.is_some_and(|date| date.day.is_none())),
            });
        }
        polls
    }
}

/// The respondents behind a figure, over the design effect of their weights.
fn respondents(store: &Store, figure: &Figure) -> Option<f64> {
    let samples = store.samples_of(&figure.poll, &figure.country, &figure.base);
    let n = figure
        .n
        .or_else(|| samples.iter().find_map(|sample| sample.n))?;
    let deff = samples.iter().find_map(|sample| sample.deff);
    Some(n as f64 / deff.unwrap_or(1.0).max(1.0))
}
