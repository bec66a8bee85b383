//! Quantiles with Woodruff's intervals.

use std::collections::HashMap;

use super::bounds::Critical;
use super::classed::Classed;
use super::context::Context;
use super::error::Error;
use super::linear::{Combination, Linear};
use super::numbers;
use super::plan::{Planning, Shape, Thresholds};
use super::quantile::Distribution;
use crate::survey::sums::{ItemSums, Key, Sums, Weighted};

/// Finds the sums of those at or below the thresholds of each item of quantiles: from the sums of the first pass where they
/// say it, in another pass over the respondents where they don't.
pub type SecondPass<'a> = dyn Fn(&Sums, Vec<Thresholds>) -> Result<Scanned<'a>, Error> + 'a;

/// Sums, and what a calibration needs beside them.
pub type Scanned<'a> = (Sums, Option<Classed<'a>>);

/// A quantile and the bounds that go with it.
pub struct QuantileEstimate {
    pub estimate: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: u64,
    pub weight: f64,
    pub note: String,
}

/// The weighted share at or below each quantile, with its standard error: by item and domain, one a probability.
#[derive(Default)]
pub struct Shares {
    shares: HashMap<(usize, usize), Vec<(f64, f64)>>,
}

/// Finds the quantiles of every domain, and then the shares at or below them.
///
/// R. S. Woodruff, "Confidence intervals for medians and other position measures", Journal of the American Statistical
/// Association 47 (1952); R: `svyquantile(interval.type = "mean")`.
pub fn shares(
    context: &Context,
    planning: &Planning,
    second: &SecondPass,
) -> Result<Shares, Error> {
    let mut wanted = Vec::new();
    for (at, item) in planning.items.iter().enumerate() {
        if let Shape::Quantiles(probabilities) = &item.shape {
            wanted.push(Thresholds {
                item: at,
                by_domain: thresholds(context, at, probabilities),
                count: probabilities.len(),
            });
        }
    }
    let mut found = Shares::default();
    if wanted.is_empty() {
        return Ok(found);
    }
    let items: Vec<(usize, usize)> = wanted.iter().map(|of| (of.item, of.count)).collect();
    let (sums, classed) = second(context.sums, wanted)?;
    let again = Context {
        sums: &sums,
        mode: context.mode,
        variance: super::scores::Variance {
            design: context.variance.design,
            units: context.variance.units,
            replication: context.variance.replication,
        },
        options: context.options,
        last_stage: context.last_stage.clone(),
        cells: context.cells.clone(),
        residuals: context.residuals,
        classed: classed.as_ref(),
        df: context.df,
    };
    for (place, (at, count)) in items.into_iter().enumerate() {
        let Some(ItemSums::Numbers(numbers)) = sums.items.get(place) else {
            continue;
        };
        for domain in 0..sums.domains.len() {
            let share = |k: usize| {
                let mean = Combination {
                    terms: vec![(1.0, Linear::Mean(k + 1))],
                    constant: 0.0,
                };
                let estimated = numbers::estimate(&again, (place, numbers), &mean, domain);
                let variance = estimated
                    .scores
                    .as_ref()
                    .map(|scores| again.variance.of(scores));
                let se = variance.map_or(f64::NAN, |variance| variance.max(0.0).sqrt());
                (estimated.value.unwrap_or(f64::NAN), se)
            };
            found
                .shares
                .insert((at, domain), (0..count).map(share).collect());
        }
    }
    Ok(found)
}

/// The distribution of an item in a domain and how many answered: from pairs of value and weight, or from the sums of
/// each value.
fn distribution(context: &Context, item: usize, domain: usize) -> (Distribution, u64) {
    match context.sums.items.get(item) {
        Some(ItemSums::Levels(sums)) => {
            let cells = context.cells[domain].clone();
            let (values, n) = sums.distribution(context.sums, cells, domain);
            (Distribution::of_values(&values), n)
        }
        Some(ItemSums::Values(sums)) => {
            let pairs = sums.domains.get(domain).map_or(&[][..], Vec::as_slice);
            let n = pairs.iter().map(|pair| pair.count).sum();
            let distribution = match sums.by_value {
                true => {
                    let value = |entry: &Weighted| (entry.value, entry.weight);
                    Distribution::of_values(&pairs.iter().map(value).collect::<Vec<_>>())
                }
                false => Distribution::new(pairs),
            };
            (distribution, n)
        }
        _ => (Distribution::new(&[]), 0),
    }
}

/// The quantiles of each domain, by the values of its groups.
fn thresholds(
    context: &Context,
    item: usize,
    probabilities: &[f64],
) -> HashMap<Vec<Key>, Vec<f64>> {
    let domains = context.sums.domains.iter().enumerate();
    domains
        .map(|(domain, values)| {
            let (distribution, _) = distribution(context, item, domain);
            let quantile = |p: &f64| {
                let quantile = distribution.quantile(*p, context.options.rule);
                quantile.unwrap_or(f64::NEG_INFINITY)
            };
            let key = values.iter().map(Key::from).collect();
            (key, probabilities.iter().map(quantile).collect())
        })
        .collect()
}

impl Shares {
    /// The k-th quantile of an item in a domain: bounds are the quantiles at P −+ t SE, with P the share at or below the
    /// estimate.
    pub fn quantile(
        &self,
        context: &Context,
        item: usize,
        domain: usize,
        k: usize,
        p: f64,
    ) -> QuantileEstimate {
        let (distribution, n) = distribution(context, item, domain);
        let rule = context.options.rule;
        let mut answer = QuantileEstimate {
            estimate: distribution.quantile(p, rule),
            low: None,
            high: None,
            n,
            weight: distribution.weight(),
            note: String::new(),
        };
        if answer.estimate.is_none() {
            "nobody to estimate from".clone_into(&mut answer.note);
            return answer;
        }
        let shares = self.shares.get(&(item, domain));
        let share = shares.and_then(|shares| shares.get(k)).copied();
        let t = Critical::new(context.options.level).value(context.domain_df(domain));
        let (Some((share, se)), Some(t)) = (share, t) else {
            "no degrees of freedom, so no interval".clone_into(&mut answer.note);
            return answer;
        };
        let bound = |share: f64| {
            let inside = (0.0..=1.0).contains(&share);
            inside.then(|| distribution.quantile(share, rule)).flatten()
        };
        answer.low = bound(share - t * se);
        answer.high = bound(share + t * se);
        if answer.low.is_none() || answer.high.is_none() {
            "a bound lies beyond the values: too few respondents for this quantile"
                .clone_into(&mut answer.note);
        }
        answer
    }
}
