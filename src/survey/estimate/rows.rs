//! From estimates to the rows of the table.

use super::bounds::{Critical, Share};
use super::context::Context;
use super::estimated::Estimated;
use super::levels::Of;
use super::place::{Part, Place, RowOf, Shares};
use super::plan::Statistic as Kind;
use super::request::{DeffKind, Request};
use super::scores::Scores;
use super::woodruff::QuantileEstimate;
use crate::frames::{Estimate, Flag, Statistic};

/// A variance below this share of that of a simple random sample is one of rounding errors.
const HELD: f64 = 1e-20;

/// The rows so far, each with its scores.
pub struct Rows<'a> {
    source: String,
    request: &'a Request,
    context: &'a Context<'a>,
    critical: Critical,
    rows: Vec<Estimate>,
    scores: Vec<Option<Scores>>,
    of: Vec<RowOf>,
    df: Vec<Option<f64>>,
}

/// Rows, the scores of each that has an estimate, and what each is of.
pub type Finished = (Vec<Estimate>, Vec<Option<Scores>>, Vec<RowOf>);

impl<'a> Rows<'a> {
    pub fn new(
        source: &str,
        request: &'a Request,
        context: &'a Context<'a>,
        critical: Critical,
    ) -> Rows<'a> {
        let domains = 0..context.sums.domains.len();
        Rows {
            source: source.to_owned(),
            request,
            context,
            critical,
            rows: Vec::new(),
            scores: Vec::new(),
            of: Vec::new(),
            df: domains.map(|domain| context.domain_df(domain)).collect(),
        }
    }

    /// A domain that is made of several has the degrees of freedom of all of them; gives the one that stands for it.
    pub fn standing_for(&mut self, groups: &Shares) -> Option<usize> {
        let domains: Vec<usize> = groups.iter().filter_map(|(domain, _)| *domain).collect();
        let first = domains.first().copied()?;
        if domains.len() > 1 {
            self.df[first] = self.context.df_of(&domains);
        }
        Some(first)
    }

    pub fn finish(self) -> Finished {
        (self.rows, self.scores, self.of)
    }

    fn push(&mut self, of: RowOf, row: Estimate, scores: Option<Scores>) {
        self.of.push(of);
        self.rows.push(row);
        self.scores.push(scores);
    }

    fn blank(&self, place: &Place, domain: usize, statistic: Statistic) -> Estimate {
        let values = &self.context.sums.domains[domain];
        let groups = self.request.by.iter().zip(place.by).zip(values);
        let mut row = Estimate::proportion(&self.source, &place.item.variable, None);
        row.statistic = statistic;
        row.groups = groups
            .map(|((group, names), value)| (group.name.clone(), Some(names.name(value))))
            .collect();
        row
    }

    /// The share or total of a level or net.
    pub fn level(
        &mut self,
        place: &Place,
        domain: usize,
        (part, name): (Part, &str),
        estimated: Estimated,
        of: Of,
    ) {
        let statistic = match of {
            Of::Share => Statistic::Proportion,
            Of::Total => Statistic::Total,
        };
        let mut row = self.blank(place, domain, statistic);
        row.level = Some(name.to_owned());
        self.add(place.part(domain, part), row, estimated);
    }

    /// A level of missing answers: how many there are.
    pub fn missing(&mut self, place: &Place, domain: usize, name: &str, n: u64, weight: f64) {
        let mut row = self.blank(place, domain, Statistic::Proportion);
        row.level = Some(name.to_owned());
        row.n = Some(n as f64);
        row.weighted_n = Some(weight);
        "no answer: left out of the shares".clone_into(&mut row.note);
        self.push(place.part(domain, Part::Missing), row, None);
    }

    /// A statistic of numbers.
    pub fn number(&mut self, place: &Place, domain: usize, kind: Kind, estimated: Estimated) {
        let statistic = match kind {
            Kind::Mean => Statistic::Mean,
            Kind::Total => Statistic::Total,
            Kind::Count => Statistic::Count,
            Kind::Proportion => Statistic::Proportion,
            Kind::Ratio => Statistic::Ratio,
            Kind::Variance => Statistic::Variance,
            Kind::Sd => Statistic::StandardDeviation,
            Kind::Combination => Statistic::Combination,
        };
        let row = self.blank(place, domain, statistic);
        self.add(place.part(domain, Part::Number), row, estimated);
    }

    pub fn quantile(&mut self, place: &Place, domain: usize, p: f64, quantile: QuantileEstimate) {
        let mut row = self.blank(place, domain, Statistic::Quantile);
        row.level = Some(p.to_string());
        row.df = self.df[domain];
        row.n = Some(quantile.n as f64);
        row.weighted_n = Some(quantile.weight);
        row.estimate = quantile.estimate;
        row.ci_low = quantile.low;
        row.ci_high = quantile.high;
        row.note = quantile.note;
        if let (Some(low), Some(high), Some(t)) = (
            quantile.low,
            quantile.high,
            self.critical.value(self.df[domain]),
        ) {
            row.se = Some((high - low) / (2.0 * t));
        }
        self.flag_base(&mut row);
        self.push(place.part(domain, Part::Quantile), row, None);
    }

    fn add(&mut self, of: RowOf, mut row: Estimate, estimated: Estimated) {
        row.n = Some(estimated.n as f64);
        row.weighted_n = Some(estimated.weight);
        row.df = self.df[of.domain];
        row.estimate = estimated.value;
        let (Some(value), Some(scores)) = (estimated.value, &estimated.scores) else {
            "nobody to estimate from".clone_into(&mut row.note);
            self.push(of, row, None);
            return;
        };
        let variance = self.context.variance.of(scores);
        if !variance.is_finite() {
            let why = match scores {
                Scores::Replicates(..) => "no variance: a replicate has nobody to estimate from",
                _ if !matches!(
                    row.statistic,
                    Statistic::Variance | Statistic::StandardDeviation
                ) =>
                {
                    "no variance: each stratum that is left has one PSU, so there is none to average"
                }
                _ => {
                    "no standard error: the numbers lie too far from 0 for their spread; take a constant off them"
                }
            };
            why.clone_into(&mut row.note);
        } else {
            let variance = self.settled(variance, &estimated);
            row.se = Some(variance.sqrt());
            self.design_effect(&mut row, &estimated, variance);
            self.interval(&mut row, value, variance, estimated.n);
        }
        self.flag_base(&mut row);
        self.push(of, row, estimated.scores);
    }

    /// 0 for what is above or below it by rounding alone. After a calibration that is the variance of what the weights are
    /// held to: it is nothing beside that of a simple random sample.
    fn settled(&self, variance: f64, estimated: &Estimated) -> f64 {
        let nothing = match (self.context.residuals, estimated.spread) {
            (Some(_), Some(spread)) => {
                let (weight, n) = (estimated.weight, estimated.n);
                let srs = self
                    .context
                    .srs_variance(spread, weight, n, DeffKind::Replace);
                HELD * srs.unwrap_or(0.0)
            }
            _ => 0.0,
        };
        if variance <= nothing { 0.0 } else { variance }
    }

    /// Flags a base that is small by the number of respondents or by what they are worth.
    fn flag_base(&self, row: &mut Estimate) {
        let base = row.n.unwrap_or(0.0).min(row.n_eff.unwrap_or(f64::INFINITY));
        if base < self.context.options.flag_base {
            row.flags.push(Flag::SmallBase);
        }
    }

    fn design_effect(&self, row: &mut Estimate, estimated: &Estimated, variance: f64) {
        let Some(spread) = estimated.spread.filter(|spread| *spread > 0.0) else {
            return;
        };
        let weight = estimated.weight;
        // the spread of an estimate is that of the variable whose weighted total it is
        let srs = |kind| self.context.srs_variance(spread, weight, estimated.n, kind);
        row.deff = srs(self.context.options.deff).map(|srs| variance / srs);
        row.n_eff = match (row.statistic, row.estimate) {
            _ if variance <= 0.0 => None,
            (Statistic::Proportion, Some(p)) => Some(p * (1.0 - p) / variance),
            _ => srs(DeffKind::Replace).map(|srs| estimated.n as f64 * srs / variance),
        };
    }

    fn interval(&self, row: &mut Estimate, value: f64, variance: f64, n: u64) {
        let bounds = match row.statistic {
            Statistic::Proportion => {
                let share = Share {
                    p: value,
                    variance,
                    n,
                    df: row.df,
                };
                match self.critical.share(share, self.context.options.ci) {
                    Ok(bounds) => Some(bounds),
                    Err(why) => {
                        row.note = why;
                        None
                    }
                }
            }
            _ => self.critical.symmetric(value, variance.sqrt(), row.df),
        };
        if bounds.is_none() && row.note.is_empty() {
            "no degrees of freedom, so no interval".clone_into(&mut row.note);
        }
        row.ci_low = bounds.map(|(low, _)| low);
        row.ci_high = bounds.map(|(_, high)| high);
    }
}
