//! Figures that are made from printed ones: nets, net scores, means of countries.

use super::Combination;
use super::countries::{
    Average, CombineError, Country, Pooling, Term, pooled_score, pooled_size, range, size_of,
    weights,
};
use crate::frames::Flag;
use crate::frames::words::and;
use crate::published::compare::net_score;
use crate::published::compare::side::{Side, Size};
use crate::published::figures::names::OWN_COMPUTATION;
use crate::published::figures::percent::Percent;
use crate::published::figures::quantity::Prefer;
use crate::published::figures::selector::Selector;
use crate::published::figures::store::{ALL, Figure, Qualifier, QuestionKind, Store};
use crate::published::figures::topline::Intervals;
use crate::published::lines::{Line, line};
use crate::statistics::interval;
use crate::statistics::interval::Method;
use std::borrow::Cow;

/// The figures that a combination means: one, or with `*` one for each country that has all its responses.
///
/// A net has the share `sum p_j`, a net score the value `sum c_j p_j` (see [`crate::published::compare::Score`]). A mean of countries has
/// the variance `sum w_k^2 V_k` with the weights of the average, each 1/K, n_k/n, or the people of k over those of
/// all; it speaks of these countries alone.
///
/// # Errors
/// A response that was not printed, or only as a bound; several answers; an average that was not said.
pub fn combine<'s>(
    store: &'s Store,
    combination: &Combination,
    pooling: Pooling,
    intervals: Intervals,
) -> Result<Vec<Side<'s>>, CombineError> {
    single_answer(store, combination)?;
    let codes = codes(store, combination);
    let starred = combination.countries == ["*"];
    let mut countries = Vec::new();
    for code in codes {
        match terms(store, combination, &code, intervals) {
            Ok(terms) => countries.push(Country { code, terms }),
            Err(CombineError::NotPrinted(_)) if starred => {}
            Err(error) => return Err(error),
        }
    }
    if countries.is_empty() {
        return Err(CombineError::NoCountry(combination.written.clone()));
    }
    let one = |countries: &[Country<'s>]| side(store, combination, countries, pooling, intervals);
    match starred {
        true => countries.chunks(1).map(one).collect(),
        false => Ok(vec![one(&countries)?]),
    }
}

fn single_answer(store: &Store, combination: &Combination) -> Result<(), CombineError> {
    let several = combination.plus.len() + combination.minus.len() > 1;
    let kind = store
        .question(&combination.poll, &combination.question)
        .map(|question| question.kind);
    let refused = |what| Err(CombineError::Kind(combination.written.clone(), what));
    match kind {
        Some(QuestionKind::Multiple) if several => refused("several"),
        Some(QuestionKind::Score) => refused("a number"),
        _ => Ok(()),
    }
}

/// The countries that are named; for `*` those of any figure of the question.
fn codes(store: &Store, combination: &Combination) -> Vec<String> {
    if combination.countries != ["*"] {
        return combination.countries.clone();
    }
    let mut codes: Vec<String> = Vec::new();
    for figure in &store.figures {
        let of_question =
            figure.poll == combination.poll && figure.question == combination.question;
        if of_question && figure.country != ALL && !codes.contains(&figure.country) {
            codes.push(figure.country.clone());
        }
    }
    codes
}

fn terms<'s>(
    store: &'s Store,
    combination: &Combination,
    country: &str,
    intervals: Intervals,
) -> Result<Vec<Term<'s>>, CombineError> {
    let signed = |responses: &[String], sign: f64| {
        let with_sign = responses
            .iter()
            .map(move |response| (response.clone(), sign));
        with_sign.collect::<Vec<_>>()
    };
    let signed_responses = [
        signed(&combination.plus, 1.0),
        signed(&combination.minus, -1.0),
    ];
    let mut terms: Vec<Term> = Vec::new();
    for (response, sign) in signed_responses.concat() {
        let line = printed(store, combination, &response, country, intervals)?;
        if matches!(
            line.figure.qualifier,
            Qualifier::AtLeast | Qualifier::AtMost
        ) {
            return Err(CombineError::Bound(line.figure.id_with_source()));
        }
        for term in &terms {
            overlap(term.line.figure, line.figure)?;
        }
        terms.push(Term { sign, line });
    }
    Ok(terms)
}

/// Responses of which one is part of the other, or that share a part.
fn overlap(a: &Figure, b: &Figure) -> Result<(), CombineError> {
    let parts = |figure: &Figure| {
        let own = std::iter::once(figure.response.clone());
        own.chain(figure.net_of.iter().cloned()).collect::<Vec<_>>()
    };
    let of_b = parts(b);
    match parts(a).iter().any(|part| of_b.contains(part)) {
        true => Err(CombineError::Overlap(a.id(), b.id())),
        false => Ok(()),
    }
}

fn printed<'s>(
    store: &'s Store,
    combination: &Combination,
    response: &str,
    country: &str,
    intervals: Intervals,
) -> Result<Line<'s>, CombineError> {
    let Combination {
        poll,
        question,
        base,
        source,
        ..
    } = combination;
    let by = source.as_ref().map_or(String::new(), |by| format!("@{by}"));
    let id = format!("{poll}/{question}/{response}:{country}:{base}{by}");
    let selector: Selector = id.parse()?;
    let figures = selector.figures(store)?;
    let found = line(
        store,
        &figures,
        source.is_some(),
        Prefer::Decimals,
        intervals,
    )?;
    found.ok_or(CombineError::NoCountry(id))
}

fn side<'s>(
    store: &'s Store,
    combination: &Combination,
    countries: &[Country<'s>],
    pooling: Pooling,
    intervals: Intervals,
) -> Result<Side<'s>, CombineError> {
    let sizes: Vec<Result<Size, String>> = countries
        .iter()
        .map(|country| size_of(store, country, intervals))
        .collect();
    let weights = weights(combination, countries, &sizes, pooling)?;
    let score = pooled_score(countries, &weights);
    let size = pooled_size(countries, &weights, sizes);
    let value = score.value();
    let range = range(countries, &weights);
    let lines = || {
        countries
            .iter()
            .flat_map(|c| &c.terms)
            .map(|term| &term.line)
    };
    let mut flags: Vec<Flag> = lines()
        .flat_map(|line| line.estimate.flags.clone())
        .collect();
    flags.sort();
    flags.dedup();
    let interval = match (&size, combination.is_score()) {
        (Err(_), _) => None,
        (Ok(size), true) => net_score::interval(&score, size.n_eff, intervals.level)
            .map_err(|error| CombineError::Compare(Box::new(error)))?,
        (Ok(size), false) => Some(interval::share(
            Method::Wilson,
            // roundings may add up to a little more than everybody
            value.clamp(0.0, 1.0),
            size.n_eff,
            intervals.level,
        )?),
    };
    let figure = figure(combination, countries, value);
    Ok(Side {
        id: figure.id(),
        label: String::new(),
        topic: String::new(),
        printed: figure.percent.text.clone(),
        share: match combination.is_score() {
            true => value,
            false => value.clamp(0.0, 1.0),
        },
        range,
        size,
        interval: interval.map(|interval| (interval.low, interval.high)),
        flags,
        source: source(store, combination, lines()),
        figure: Some(Cow::Owned(figure)),
        score: combination.is_score().then_some(score),
        of_countries: (countries.len() > 1).then(|| pooling.average.map_or("", Average::in_words)),
    })
}

/// The figure as if it had been printed, with as many decimals as its terms; a mean has one at least.
fn figure(combination: &Combination, countries: &[Country], value: f64) -> Figure {
    let lines = || {
        countries
            .iter()
            .flat_map(|c| &c.terms)
            .map(|term| &term.line)
    };
    let decimals = lines().map(|line| {
        let text = &line.figure.percent.text;
        text.split_once('.')
            .map_or(0, |(_, decimals)| decimals.len())
    });
    let decimals = decimals
        .max()
        .unwrap_or(0)
        .max(usize::from(countries.len() > 1));
    let points = 100.0 * value;
    let size = format!("{:.decimals$}", points.abs());
    let zero = size.chars().all(|letter| matches!(letter, '0' | '.'));
    let text = match (combination.is_score(), zero, points < 0.0) {
        // what rounds to 0 has no sign
        (false, ..) | (_, true, _) => size,
        (_, _, true) => format!("−{size}"),
        (_, _, false) => format!("+{size}"),
    };
    let about = lines().any(|line| line.figure.qualifier == Qualifier::About);
    let first = lines().next().map(|line| line.figure);
    let net_of = match combination.is_score() {
        true => Vec::new(),
        false => lines().flat_map(|line| parts(line.figure)).collect(),
    };
    Figure {
        poll: combination.poll.clone(),
        question: combination.question.clone(),
        response: combination.response.clone(),
        country: match countries {
            [only] => only.code.clone(),
            _ => combination.countries.join("+"),
        },
        base: combination.base.clone(),
        percent: Percent {
            text,
            value: points,
            unit: 10f64.powi(-i32::try_from(decimals).unwrap_or(0)),
        },
        qualifier: if about {
            Qualifier::About
        } else {
            Qualifier::Exact
        },
        aggregate: first.and_then(|figure| figure.aggregate),
        net_of,
        n: None,
        reported_by: first.map_or(String::new(), |figure| figure.reported_by.clone()),
        first_hand: Some(lines().all(|line| line.figure.first_hand == Some(true))),
        url: String::new(),
        note: String::new(),
        decided: first.and_then(|figure| figure.decided.clone()),
        line: 0,
    }
}

fn parts(figure: &Figure) -> Vec<String> {
    match figure.net_of.is_empty() {
        true => vec![figure.response.clone()],
        false => figure.net_of.clone(),
    }
}

fn source<'x, 's: 'x>(
    store: &Store,
    combination: &Combination,
    lines: impl Iterator<Item = &'x Line<'s>>,
) -> String {
    let mut by: Vec<String> = Vec::new();
    for line in lines {
        let name = store.source_name(line.figure);
        if !by.contains(&name) {
            by.push(name);
        }
    }
    let poll = store.poll_name(&combination.poll);
    match by.as_slice() {
        [own] if own == OWN_COMPUTATION => format!("{poll}, made from computed figures"),
        by => format!("{poll}, made from figures printed by {}", and(by)),
    }
}
