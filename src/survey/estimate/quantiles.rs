//! Quantiles of a weighted distribution, with Woodruff's intervals.
//!
//! Where a variable has few distinct values, its weights by value are sums like those of any levels, and one pass finds the
//! quantiles and their intervals; else the shares at or below the quantiles take a second.

use std::collections::HashMap;

use super::Error;
use super::calibration::ResidualSums;
use super::context::Context;
use super::intervals::CriticalValues;
use super::numbers::{Combination, Linear, estimate_numbers};
use super::options::QuantileRule;
use super::plan::{PlannedRequest, Shape, Thresholds};
use crate::survey::microdata::MissingValues;
use crate::survey::sums::{ItemPlan, ItemSums, Key, Sum, Sums, Weighted};

/// Finds the sums of those at or below the thresholds of each item of quantiles: from the sums of the first pass where they
/// say it, in another pass over the respondents where they don't.
pub type SecondPass<'a> = dyn Fn(&Sums, Vec<Thresholds>) -> Result<Scanned<'a>, Error> + 'a;

/// Sums, and what a calibration needs beside them.
pub type Scanned<'a> = (Sums, Option<ResidualSums<'a>>);

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
pub struct SharesBelow {
    shares: HashMap<(usize, usize), Vec<(f64, f64)>>,
}

/// Finds the quantiles of every domain, and then the shares at or below them.
///
/// R. S. Woodruff, "Confidence intervals for medians and other position measures", Journal of the American Statistical
/// Association 47 (1952); R: `svyquantile(interval.type = "mean")`.
pub fn shares_below(
    context: &Context,
    planned: &PlannedRequest,
    second: &SecondPass,
) -> Result<SharesBelow, Error> {
    let mut requests = Vec::new();
    for (at, item) in planned.items.iter().enumerate() {
        if let Shape::Quantiles(probabilities) = &item.shape {
            requests.push(Thresholds {
                item: at,
                by_domain: thresholds(context, at, probabilities),
                count: probabilities.len(),
            });
        }
    }
    let mut found = SharesBelow::default();
    if requests.is_empty() {
        return Ok(found);
    }
    let items: Vec<(usize, usize)> = requests
        .iter()
        .map(|thresholds| (thresholds.item, thresholds.count))
        .collect();
    let (sums, residual_sums) = second(context.sums, requests)?;
    let again = Context {
        sums: &sums,
        mode: context.mode,
        variance: super::scores::DesignVariance {
            design: context.variance.design,
            units: context.variance.units,
            replication: context.variance.replication,
        },
        options: context.options,
        deff: context.deff,
        // the second pass meets the same units and domains
        degrees: context.degrees,
        residuals: context.residuals,
        residual_sums: residual_sums.as_ref(),
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
                let estimated = estimate_numbers(&again, (place, numbers), &mean, domain);
                let variance = estimated
                    .scores
                    .as_ref()
                    .map(|scores| again.variance.variance(scores));
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
            let cells = context.cells(domain);
            let (values, n) = sums.distribution(context.sums, cells, domain);
            (Distribution::from_values(&values), n)
        }
        Some(ItemSums::Values(sums)) => {
            let pairs = sums.domains.get(domain).map_or(&[][..], Vec::as_slice);
            let n = pairs.iter().map(|pair| pair.count).sum();
            let distribution = match sums.by_value {
                true => {
                    let value = |entry: &Weighted| (entry.value, entry.weight);
                    Distribution::from_values(&pairs.iter().map(value).collect::<Vec<_>>())
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
                // of nobody: no answer lies at or below it
                quantile.unwrap_or(f64::NEG_INFINITY)
            };
            let key = values.iter().map(Key::from).collect();
            (key, probabilities.iter().map(quantile).collect())
        })
        .collect()
}

impl SharesBelow {
    /// The k-th quantile of an item in a domain: bounds are the quantiles at P −+ t SE, with P the share at or below the
    /// estimate.
    pub fn quantile(
        &self,
        context: &Context,
        (item, domain): (usize, usize),
        (k, p): (usize, f64),
        df: Option<f64>,
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
        let t = CriticalValues::new(context.options.level).value(df);
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

/// The weighted distribution of a number, ready to be asked for quantiles.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// Values in order, equal ones by weight; those without weight left out.
    rows: Vec<(f64, f64)>,
    /// Σ w up to and with each row.
    cumulated: Vec<f64>,
    /// Distinct values with Σ w up to and with each.
    steps: Vec<(f64, f64)>,
}

impl Distribution {
    /// From pairs in order. Pairs that are counted together are rows of their own where the rule needs rows.
    pub fn new(pairs: &[Weighted]) -> Distribution {
        let mut all = Distribution {
            rows: Vec::new(),
            cumulated: Vec::new(),
            steps: Vec::new(),
        };
        let mut weight = Sum::ZERO;
        for pair in pairs.iter().filter(|pair| pair.weight.high > 0.0) {
            for _ in 0..pair.count {
                weight.add_sum(pair.weight);
                all.rows.push((pair.value, pair.weight.high));
                all.cumulated.push(weight.value());
            }
            match all.steps.last_mut() {
                Some((value, cumulated)) if *value == pair.value => *cumulated = weight.value(),
                _ => all.steps.push((pair.value, weight.value())),
            }
        }
        all
    }

    /// From values in order with the weight of each: enough for the rules that look at values, not at rows.
    pub fn from_values(values: &[(f64, Sum)]) -> Distribution {
        let mut all = Distribution {
            rows: Vec::new(),
            cumulated: Vec::new(),
            steps: Vec::new(),
        };
        let mut weight = Sum::ZERO;
        for (value, of_value) in values.iter().filter(|(_, weight)| weight.value() > 0.0) {
            weight.add_sum(*of_value);
            all.rows.push((*value, of_value.value()));
            all.cumulated.push(weight.value());
            all.steps.push((*value, weight.value()));
        }
        all
    }

    pub fn weight(&self) -> f64 {
        self.cumulated.last().copied().unwrap_or(0.0)
    }

    /// The value below which the share p of the weight lies, 0 ≤ p ≤ 1; `None` for nobody.
    ///
    /// R: `svyquantile(qrule = ...)`, rows with equal values in the order of their weights.
    pub fn quantile(&self, p: f64, rule: QuantileRule) -> Option<f64> {
        match rule {
            QuantileRule::Math | QuantileRule::Hf1 => self.step(p, |_, low, _| low),
            QuantileRule::School | QuantileRule::Hf2 => {
                self.step(p, |_, low, high| f64::midpoint(low, high))
            }
            // of the two the one with an even number
            QuantileRule::Hf3 => self.step(p, |at, low, high| if at % 2 == 0 { low } else { high }),
            // position of row i with c the weight before it, w its own and W all: its share of the weight
            QuantileRule::Hf4 => self.between(p, |c, w, all, _| (c + w) / all),
            QuantileRule::Hf5 => self.between(p, |c, w, all, _| (c + w / 2.0) / all),
            QuantileRule::Hf6 => self.between(p, |c, w, all, last| (c + w) / (all + last)),
            QuantileRule::Hf7 => self.between(p, |c, _, all, last| c / (all - last)),
            QuantileRule::Hf8 => self.between(p, |c, w, all, last| {
                (c + w * 2.0 / 3.0) / (all + last / 3.0)
            }),
            QuantileRule::Hf9 => self.between(p, |c, w, all, last| {
                (c + w * 5.0 / 8.0) / (all + last / 4.0)
            }),
        }
    }

    /// The first value that has the share p of the weight at or below it; where that is met exactly, what `met` makes of
    /// its number from 1, it and the next.
    fn step(&self, p: f64, met: impl Fn(usize, f64, f64) -> f64) -> Option<f64> {
        let target = p * self.weight();
        // a share that is met but for the rounding of sums is met
        let slack = 1e-10 * self.weight();
        let at = self
            .steps
            .partition_point(|(_, cumulated)| *cumulated < target - slack);
        let (value, cumulated) = self.steps.get(at).or(self.steps.last()).copied()?;
        match self.steps.get(at + 1) {
            Some((next, _)) if (cumulated - target).abs() <= slack => {
                Some(met(at + 1, value, *next))
            }
            _ => Some(value),
        }
    }

    /// Linear between the rows at their positions.
    fn between(&self, p: f64, position: impl Fn(f64, f64, f64, f64) -> f64) -> Option<f64> {
        let all = self.weight();
        let last = self.rows.last()?.1;
        let place = |row: usize| {
            let before = if row == 0 {
                0.0
            } else {
                self.cumulated[row - 1]
            };
            position(before, self.rows[row].1, all, last)
        };
        let rows = self.rows.len();
        let mut low = 0;
        let mut high = rows;
        while low < high {
            let middle = usize::midpoint(low, high);
            match place(middle) < p {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        if low == 0 || low == rows || rows == 1 {
            return Some(self.rows[low.min(rows - 1)].0);
        }
        let (from, to) = (place(low - 1), place(low));
        let (a, b) = (self.rows[low - 1].0, self.rows[low].0);
        Some(a + (b - a) * (p - from) / (to - from))
    }
}

/// The most distinct values of a variable whose quantiles can be found from sums.
pub const MOST_VALUES: usize = 1_000;

/// How the distributions of a plan are kept.
pub struct ValueLimits<'a> {
    /// As sums in each cell only up to so many of them.
    pub room: usize,
    /// Variables that have more values than that, or need more room: of these the weight of each value in a domain.
    pub wide: &'a [String],
}

/// Whether the quantiles of that rule need no more than the weight of each value.
pub fn looks_at_values(rule: QuantileRule) -> bool {
    QuantileRule::OF_VALUES.contains(&rule)
}

/// Whether any item is a quantile.
pub fn has_quantiles(planned: &PlannedRequest) -> bool {
    let mut items = planned.items.iter();
    items.any(|item| matches!(item.shape, Shape::Quantiles(_)))
}

/// Distributions by value, so that no pair of value and weight is kept.
pub fn keep_values(mut planned: PlannedRequest, kept: &ValueLimits) -> PlannedRequest {
    let items = std::mem::take(&mut planned.plan.items).into_iter();
    let item = |item| match item {
        ItemPlan::Values { operand, .. } if kept.wide.contains(&operand.text) => ItemPlan::Values {
            operand,
            by_value: true,
        },
        ItemPlan::Values { operand, .. } => ItemPlan::Levels {
            operand,
            missing: MissingValues::default(),
            most: MOST_VALUES,
            room: kept.room,
        },
        other => other,
    };
    planned.plan.items = items.map(item).collect();
    planned
}

/// The sums of respondents at or below thresholds: from those of each value where they are there; for the other items
/// `scan` goes over the respondents.
pub fn sums_below(
    sums: &Sums,
    thresholds: Vec<Thresholds>,
    scan: impl FnOnce(Vec<Thresholds>) -> Result<Sums, Error>,
) -> Result<Sums, Error> {
    let below = |thresholds: &Thresholds| match sums.items.get(thresholds.item) {
        Some(ItemSums::Levels(levels)) => Some(ItemSums::Numbers(levels.at_most(
            sums,
            &thresholds.by_domain,
            thresholds.count,
        ))),
        _ => None,
    };
    let found: Vec<Option<ItemSums>> = thresholds.iter().map(below).collect();
    let left: Vec<Thresholds> = thresholds
        .into_iter()
        .zip(&found)
        .filter_map(|(thresholds, found)| found.is_none().then_some(thresholds))
        .collect();
    if left.len() == found.len() {
        return scan(left);
    }
    let scanned = match left.is_empty() {
        true => Vec::new(),
        false => scan(left)?.items,
    };
    let mut scanned = scanned.into_iter();
    Ok(Sums {
        items: found
            .into_iter()
            .filter_map(|item| item.or_else(|| scanned.next()))
            .collect(),
        strata: sums.strata.clone(),
        units: sums.units.clone(),
        domains: sums.domains.clone(),
        cells: sums.cells.clone(),
        rows: sums.rows,
        ..Sums::default()
    })
}
