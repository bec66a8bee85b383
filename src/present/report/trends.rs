//! The two questions asked most often, over the years, country by country.

use std::collections::BTreeMap;

use super::picture::{Error, Picture};
use crate::frames::words::and;
use crate::present::chart::{Chart, Style};
use crate::present::published::{self, Captions, Countries};
use crate::published::figures::store::{ALL, Figure, Store};
use crate::published::figures::topline::Intervals;

/// More panels than this are no picture for a page.
const MOST_FIGURES: usize = 2_000;

/// The two series with the most figures in countries, by one answer that both have: one that the claims
/// speak of before others, then the one with the most figures.
pub(super) fn trends_picture(
    store: &Store,
    style: &Style,
    intervals: Intervals,
) -> Result<Option<Picture>, Error> {
    let mut by_series: BTreeMap<&str, BTreeMap<&str, Vec<&Figure>>> = BTreeMap::new();
    let countries = Countries::new(store);
    for figure in store
        .figures
        .iter()
        .filter(|figure| countries.code(figure).is_some() && figure.base == ALL)
    {
        if let Some(question) = store
            .question(&figure.poll, &figure.question)
            .filter(|q| !q.series.is_empty())
        {
            let answers = by_series.entry(&question.series).or_default();
            answers.entry(&figure.response).or_default().push(figure);
        }
    }
    let mut largest: Vec<BTreeMap<&str, Vec<&Figure>>> = by_series.into_values().collect();
    largest.sort_by_key(|answers| std::cmp::Reverse(answers.values().map(Vec::len).sum::<usize>()));
    largest.truncate(2);
    let Some(first) = largest.first() else {
        return Ok(None);
    };
    let shared = first
        .keys()
        .filter(|answer| largest.iter().all(|answers| answers.contains_key(*answer)));
    let named = |answer: &str| {
        let part = format!("/{answer}");
        let mut ids = store
            .claims
            .iter()
            .flat_map(|claim| claim.figures.iter().chain(&claim.beside));
        ids.any(|id| {
            id.split([':', '@'])
                .next()
                .is_some_and(|path| path.ends_with(&part))
        })
    };
    let count = |answer: &str| {
        largest
            .iter()
            .filter_map(|answers| answers.get(answer))
            .map(Vec::len)
            .sum::<usize>()
    };
    let Some(answer) = shared
        .copied()
        .max_by_key(|answer| (named(answer), count(answer)))
    else {
        return Ok(None);
    };
    let series: Vec<Vec<&Figure>> = largest
        .iter()
        .filter_map(|answers| answers.get(answer).cloned())
        .collect();
    let labels: Vec<String> = series
        .iter()
        .filter_map(|figures| figures.last())
        .map(|figure| store.label(figure))
        .collect();
    let figures: Vec<&Figure> = series.concat();
    if figures.len() > MOST_FIGURES {
        return Ok(None);
    }
    let sections = published::by_poll(store, &figures, false, intervals)?;
    let by_country = figures
        .iter()
        .any(|figure| countries.code(figure) != Some(ALL));
    let measure = match by_country {
        true => "Per cent of adults by country.",
        false => "Per cent.",
    };
    let captions = Captions {
        title: format!("{}, over the years", and(&labels)),
        subtitle: Some(measure.to_owned()),
        foot: Vec::new(),
    };
    let Ok(mut chart) = published::trend_chart(store, &sections, captions, intervals) else {
        return Ok(None);
    };
    // a few waves, or some months
    if !chart.moments.is_empty() {
        chart.title = format!("{}, over time", and(&labels));
    }
    Ok(Some(Picture {
        name: "trends",
        poll: None,
        drawing: chart.draw(style)?,
        numbers: published::estimates(&sections)?.into_frame(),
    }))
}
