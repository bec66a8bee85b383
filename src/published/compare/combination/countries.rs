//! Countries as one: their weights, shares and sizes.

use super::Combination;
use super::population::{Population, PopulationError};
use crate::published::compare::error::Error;
use crate::published::compare::score::Score;
use crate::published::compare::side::{Size, of_line};
use crate::published::figures::selector;
use crate::published::figures::store::Store;
use crate::published::figures::topline::Intervals;
use crate::published::lines::Line;
use crate::statistics::interval;

/// How an average over countries was made, where the store does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Average {
    /// Every country counts the same.
    Equal,
    /// Every respondent counts the same.
    N,
    /// Every inhabitant counts the same.
    Population,
}

impl Average {
    /// For people.
    pub fn in_words(self) -> &'static str {
        match self {
            Average::Equal => "every country the same",
            Average::N => "by n",
            Average::Population => "by population",
        }
    }
}

/// Why a figure can't be made.
#[derive(Debug, thiserror::Error)]
pub enum CombineError {
    #[error(transparent)]
    NotPrinted(#[from] selector::Error),
    #[error(
        "{0}: responses are added up for questions that take one answer, and this one takes {1}"
    )]
    Kind(String, &'static str),
    #[error("{0} holds {1} already: nobody counts twice")]
    Overlap(String, String),
    #[error("{0} is printed as a bound only: nothing is made from it")]
    Bound(String),
    #[error("{0}: say how the countries are averaged, --average equal, n or population")]
    HowAveraged(String),
    #[error("--average population needs --population FILE, a CSV with country and population")]
    NoPopulation,
    #[error("{0} has no size, which --average n needs")]
    NoSize(String),
    #[error("no country has all of {0}")]
    NoCountry(String),
    #[error(transparent)]
    Population(#[from] PopulationError),
    #[error(transparent)]
    Compare(#[from] Box<Error>),
}

impl From<interval::Error> for CombineError {
    fn from(error: interval::Error) -> CombineError {
        CombineError::Compare(Box::new(error.into()))
    }
}

/// How several countries become one figure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pooling<'x> {
    pub average: Option<Average>,
    pub population: Option<&'x Population>,
}

/// A response in a country: its sign, and what was printed.
pub(super) struct Term<'s> {
    pub(super) sign: f64,
    pub(super) line: Line<'s>,
}

/// All terms of one country.
pub(super) struct Country<'s> {
    pub(super) code: String,
    pub(super) terms: Vec<Term<'s>>,
}

/// The weights of the countries, which sum to 1.
pub(super) fn weights(
    combination: &Combination,
    countries: &[Country],
    sizes: &[Result<Size, String>],
    pooling: Pooling,
) -> Result<Vec<f64>, CombineError> {
    if countries.len() == 1 {
        return Ok(vec![1.0]);
    }
    let how = pooling
        .average
        .ok_or_else(|| CombineError::HowAveraged(combination.written.clone()))?;
    let mut weights = Vec::new();
    for (country, size) in countries.iter().zip(sizes) {
        weights.push(match how {
            Average::Equal => 1.0,
            Average::N => match size {
                Ok(Size { n: Some(n), .. }) => *n,
                _ => return Err(CombineError::NoSize(country.code.clone())),
            },
            Average::Population => pooling
                .population
                .ok_or(CombineError::NoPopulation)?
                .people(&country.code)?,
        });
    }
    let all: f64 = weights.iter().sum();
    Ok(weights.into_iter().map(|weight| weight / all).collect())
}

/// The sample behind all terms of a country: that of the term with the fewest respondents.
pub(super) fn size_of(
    store: &Store,
    country: &Country,
    intervals: Intervals,
) -> Result<Size, String> {
    let mut fewest: Option<Size> = None;
    let (mut least, mut most) = (0.0, 0.0);
    for Term { sign, line } in &country.terms {
        let size = of_line(store, line, intervals.assumed_n)?;
        if fewest.is_none_or(|known| size.n_eff < known.n_eff) {
            fewest = Some(size);
        }
        let (low, high) = line.figure.percent.stands_for(line.figure.qualifier);
        // all answers together, whatever their sign: each person gave one of them
        (least, most) = (least + low, most + sign * high);
    }
    match least > 100.0 + 1e-9 || most < -100.0 - 1e-9 {
        true => Err("can’t all be right: answers of one question are more than 100%".to_owned()),
        false => fewest.ok_or_else(|| "no sample size was published".to_owned()),
    }
}

/// Shares of each response over the countries, weighted.
pub(super) fn pooled_score(countries: &[Country], weights: &[f64]) -> Score {
    let mut pooled: Vec<(String, f64, f64)> = Vec::new();
    for (country, weight) in countries.iter().zip(weights) {
        for Term { sign, line } in &country.terms {
            let share = weight * line.figure.percent.value / 100.0;
            let response = &line.figure.response;
            match pooled.iter_mut().find(|(known, _, _)| known == response) {
                Some((_, _, sum)) => *sum += share,
                None => pooled.push((response.clone(), *sign, share)),
            }
        }
    }
    Score::new(pooled)
}

/// n of all, and the effective n with which the pooled figure has the variance `sum w^2 V`.
pub(super) fn pooled_size(
    countries: &[Country],
    weights: &[f64],
    sizes: Vec<Result<Size, String>>,
) -> Result<Size, String> {
    let sizes: Vec<Size> = sizes.into_iter().collect::<Result<_, _>>()?;
    if let [only] = sizes.as_slice() {
        return Ok(*only);
    }
    let (mut variance, mut n) = (0.0, Some(0.0));
    for ((country, weight), size) in countries.iter().zip(weights).zip(&sizes) {
        let score = pooled_score(std::slice::from_ref(country), &[1.0]);
        variance += weight * weight * score.variance(size.n_eff);
        n = n.zip(size.n).map(|(all, n)| all + n);
    }
    let n_eff = pooled_score(countries, weights).variance(1.0) / variance;
    match n_eff.is_finite() && n_eff > 0.0 {
        true => Ok(Size {
            n,
            deff: sizes
                .iter()
                .all(|size| size.deff.is_some())
                .then(|| n.map(|n| n / n_eff))
                .flatten(),
            n_eff,
            of_countries: true,
        }),
        false => Err("the variance of the mean is 0".to_owned()),
    }
}

/// What the prints may stand for together.
pub(super) fn range(countries: &[Country], weights: &[f64]) -> (f64, f64) {
    let (mut low, mut high) = (0.0, 0.0);
    for (country, weight) in countries.iter().zip(weights) {
        for Term { sign, line } in &country.terms {
            let figure = line.figure;
            let (from, to) = figure.percent.stands_for(figure.qualifier);
            let ends = (weight * sign * from / 100.0, weight * sign * to / 100.0);
            (low, high) = (low + ends.0.min(ends.1), high + ends.0.max(ends.1));
        }
    }
    (low, high)
}
