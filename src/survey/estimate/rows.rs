//! From estimates to the rows of the table, in the order to be shown.

use super::Error;
use super::context::Context;
use super::intervals::{CriticalValues, ShareEstimate};
use super::level_names::LevelNames;
use super::levels::LevelStatistic;
use super::limits::{ItemRows, RowLimits};
use super::options::{DeffKind, DomainDf, Missing};
use super::plan::{PlannedItem, PlannedRequest, Shape};
use super::quantiles::QuantileEstimate;
use super::request::Request;
use super::scores::{PointEstimate, Scores};
use super::standardisation::{PlannedStandard, WeightedGroup};
use crate::frames::{Estimate, Flag, Statistic};
use crate::survey::microdata::Value;
use crate::survey::sums::ItemSums;

/// Of numbers whose sums have too few digits for their spread, a variance below this share of the estimate squared is one of
/// rounding errors.
const LOST_IN_ROUNDING: f64 = 1e-24;

/// A variance below this share of that of a simple random sample is one of rounding errors.
const HELD: f64 = 1e-20;

/// The rows so far, each with its scores.
pub struct Rows<'a> {
    request: &'a Request,
    context: &'a Context<'a>,
    critical: CriticalValues,
    rows: Vec<Estimate>,
    rests: Vec<f64>,
    scores: Vec<Option<Scores>>,
    /// Whether anything can be made of the scores.
    keeps_scores: bool,
    keys: Vec<RowKey>,
    /// Degrees of freedom of the domain that rows are added for, and by domain of those before that are not of one item alone.
    df: Option<f64>,
    df_by_domain: Vec<Option<Option<f64>>>,
}

/// Rows, what the float leaves of each estimate, the scores of each that has one, and what each is of.
pub type Finished = (Vec<Estimate>, Vec<f64>, Vec<Option<Scores>>, Vec<RowKey>);

impl<'a> Rows<'a> {
    pub fn new(
        request: &'a Request,
        context: &'a Context<'a>,
        critical: CriticalValues,
        items: &[ItemRows],
    ) -> Rows<'a> {
        let count = items.iter().map(|item| item.domains * item.parts).sum();
        Rows {
            request,
            context,
            critical,
            rows: Vec::with_capacity(count),
            rests: Vec::with_capacity(count),
            scores: Vec::new(),
            keeps_scores: RowLimits::allow_some_pair(items),
            keys: Vec::with_capacity(count),
            df: None,
            df_by_domain: vec![None; context.sums.domains.len()],
        }
    }

    /// Goes on to a domain, which may be made of several; gives the one that stands for them.
    pub fn enter(&mut self, item: &ItemLayout, groups: &[WeightedGroup]) -> Option<usize> {
        let domains: Vec<usize> = groups.iter().filter_map(|group| group.domain).collect();
        let first = domains.first().copied()?;
        let degrees = self.context.degrees;
        let find = || degrees.in_domains(&domains, item.at, item.planned.filtered);
        self.df = match degrees.kind == DomainDf::Answered || item.planned.filtered {
            true => find(),
            false => *self.df_by_domain.get_mut(first)?.get_or_insert_with(find),
        };
        Some(first)
    }

    /// Degrees of freedom of the domain that was entered last.
    pub fn df(&self) -> Option<f64> {
        self.df
    }

    pub fn finish(self) -> Finished {
        (self.rows, self.rests, self.scores, self.keys)
    }

    fn push(&mut self, key: RowKey, row: Estimate, scores: Option<Scores>) {
        self.keys.push(key);
        self.rows.push(row);
        self.rests.push(0.0);
        if self.keeps_scores {
            self.scores.push(scores);
        }
    }

    fn blank(&self, item: &ItemLayout, domain: usize, statistic: Statistic) -> Estimate {
        let values = &self.context.sums.domains[domain];
        let groups = self.request.by.iter().zip(item.by).zip(values);
        let mut row = Estimate::proportion(&self.request.source, &item.planned.variable, None);
        row.statistic = statistic;
        row.groups = groups
            .map(|((group, names), value)| (group.name.clone(), Some(names.name(value))))
            .collect();
        row
    }

    /// The share or total of a level or net.
    pub fn level(
        &mut self,
        item: &ItemLayout,
        domain: usize,
        (part, name): (Part, &str),
        estimated: PointEstimate,
        statistic: LevelStatistic,
    ) {
        let statistic = match statistic {
            LevelStatistic::Share => Statistic::Proportion,
            LevelStatistic::Total => Statistic::Total,
        };
        let mut row = self.blank(item, domain, statistic);
        row.level = Some(name.to_owned());
        row.flags.extend(net_flag(part));
        self.add(item.key(domain, part), row, estimated);
    }

    /// A level of missing answers: how many there are.
    pub fn missing(&mut self, item: &ItemLayout, domain: usize, name: &str, n: u64, weight: f64) {
        let mut row = self.blank(item, domain, Statistic::Proportion);
        row.level = Some(name.to_owned());
        row.n = Some(n as f64);
        row.weighted_n = Some(weight);
        "no answer: left out of the shares".clone_into(&mut row.note);
        self.push(item.key(domain, Part::Missing), row, None);
    }

    /// The share of an answer that a list holds, or of several of them.
    pub fn listed(
        &mut self,
        item: &ItemLayout,
        domain: usize,
        (name, net): (&str, bool),
        estimated: PointEstimate,
    ) {
        let mut row = self.blank(item, domain, Statistic::Proportion);
        row.level = Some(name.to_owned());
        let part = if net { Part::Net } else { Part::Level };
        row.flags.extend(net_flag(part));
        self.add(item.key(domain, part), row, estimated);
    }

    /// A statistic of numbers.
    pub fn number(
        &mut self,
        item: &ItemLayout,
        domain: usize,
        statistic: Statistic,
        estimated: PointEstimate,
    ) {
        let mut row = self.blank(item, domain, statistic);
        // of an entry that lists answers, one is given or not: the share is that of the level `true`
        row.level = item.planned.of_listed.then(|| "true".to_owned());
        self.add(item.key(domain, Part::Number), row, estimated);
    }

    pub fn quantile(
        &mut self,
        item: &ItemLayout,
        domain: usize,
        p: f64,
        quantile: QuantileEstimate,
    ) {
        let mut row = self.blank(item, domain, Statistic::Quantile);
        row.level = Some(p.to_string());
        row.df = self.df;
        row.n = Some(quantile.n as f64);
        row.weighted_n = Some(quantile.weight);
        row.estimate = quantile.estimate;
        row.ci_low = quantile.low;
        row.ci_high = quantile.high;
        row.note = quantile.note;
        if let (Some(low), Some(high), Some(t)) =
            (quantile.low, quantile.high, self.critical.value(self.df))
        {
            row.se = Some((high - low) / (2.0 * t));
        }
        self.flag_base(&mut row);
        self.push(item.key(domain, Part::Quantile), row, None);
    }

    fn add(&mut self, key: RowKey, mut row: Estimate, estimated: PointEstimate) {
        row.n = Some(estimated.n as f64);
        row.weighted_n = Some(estimated.weight);
        row.df = self.df;
        row.estimate = estimated.value;
        let (Some(value), Some(scores)) = (estimated.value, &estimated.scores) else {
            row.note = estimated.reason.unwrap_or_default();
            self.push(key, row, None);
            return;
        };
        let variance = self.context.variance.variance(scores);
        // an error that is rounding is none
        if let Some(lost) = &estimated.reason
            && (!variance.is_finite() || variance <= LOST_IN_ROUNDING * value * value)
        {
            row.note.clone_from(lost);
        } else if !variance.is_finite() {
            let why = match scores {
                Scores::Replicates(..) => "no variance: a replicate has nobody to estimate from",
                _ if !matches!(
                    row.statistic,
                    Statistic::Variance
                        | Statistic::StandardDeviation
                        | Statistic::Correlation
                        | Statistic::Alpha
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
        self.push(key, row, estimated.scores);
        if let Some(rest) = self.rests.last_mut() {
            *rest = estimated.rest;
        }
    }

    /// 0 for what is above or below it by rounding alone. After a calibration that is the variance of what the weights are
    /// held to: it is nothing beside that of a simple random sample.
    fn settled(&self, variance: f64, estimated: &PointEstimate) -> f64 {
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

    fn design_effect(&self, row: &mut Estimate, estimated: &PointEstimate, variance: f64) {
        let Some(spread) = estimated.spread.filter(|spread| *spread > 0.0) else {
            return;
        };
        let weight = estimated.weight;
        // the spread of an estimate is that of the variable whose weighted total it is
        let srs = |kind| self.context.srs_variance(spread, weight, estimated.n, kind);
        row.deff = srs(self.context.deff).map(|srs| variance / srs);
        row.n_eff = match (row.statistic, row.estimate) {
            _ if variance <= 0.0 => None,
            (Statistic::Proportion, Some(p)) => Some(p * (1.0 - p) / variance),
            _ => srs(DeffKind::Replace).map(|srs| estimated.n as f64 * srs / variance),
        };
    }

    fn interval(&self, row: &mut Estimate, value: f64, variance: f64, n: u64) {
        let bounds = match row.statistic {
            Statistic::Proportion => {
                let share = ShareEstimate {
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
            Statistic::Correlation => self.critical.correlation(value, variance.sqrt(), row.df),
            Statistic::Alpha => self.critical.alpha(value, variance.sqrt(), row.df),
            _ => self.critical.symmetric(value, variance.sqrt(), row.df),
        };
        if bounds.is_none() && row.note.is_empty() {
            let is_perfect = match row.statistic {
                Statistic::Correlation => value.abs() >= 1.0,
                Statistic::Alpha => value >= 1.0,
                _ => false,
            };
            row.note = match is_perfect {
                true => "one says all that the other does: no interval".to_owned(),
                false => "no degrees of freedom, so no interval".to_owned(),
            };
        }
        row.ci_low = bounds.map(|(low, _)| low);
        row.ci_high = bounds.map(|(_, high)| high);
    }
}

/// What a row is of: the place of its item among those asked for, its domain, and which part of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowKey {
    pub item: usize,
    /// The place of its sums, which is that of the item where no item is several.
    pub planned: usize,
    /// Whether the item is of some of the domain alone.
    pub filtered: bool,
    pub domain: usize,
    pub part: Part,
}

/// Which part of an item a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// A statistic of numbers.
    Number,
    Quantile,
    /// A level of a variable.
    Level,
    /// Several levels together.
    Net,
    /// A level that is no answer.
    Missing,
}

/// An item, its levels and the domains, in the order to be shown.
pub struct ItemLayout<'a> {
    pub planned: &'a PlannedItem,
    /// The place of its sums.
    pub at: usize,
    pub by: &'a [LevelNames],
    context: &'a Context<'a>,
    levels: Vec<Value>,
    /// How many of the levels have sums; the others are those of the codebook that nobody gave.
    counted: usize,
    valid: Vec<bool>,
    order: Vec<usize>,
    nets: Vec<NetLevels>,
    missing: Missing,
}

/// What tells a net from the levels that it stands beside.
fn net_flag(part: Part) -> Option<Flag> {
    matches!(part, Part::Net).then_some(Flag::Net)
}

/// A net and the places of its levels.
pub struct NetLevels {
    pub name: String,
    pub levels: Vec<usize>,
}

impl<'a> ItemLayout<'a> {
    pub fn new(
        request: &Request,
        planned: &'a PlannedRequest,
        context: &'a Context<'a>,
        item: &'a PlannedItem,
        at: usize,
    ) -> ItemLayout<'a> {
        let mut layout = ItemLayout {
            planned: item,
            at,
            by: &planned.by,
            context,
            levels: Vec::new(),
            counted: 0,
            valid: Vec::new(),
            order: Vec::new(),
            nets: Vec::new(),
            missing: request.options.missing,
        };
        if let (
            Shape::Levels {
                levels: names,
                total,
            },
            Some(ItemSums::Levels(sums)),
        ) = (&item.shape, context.sums.items.get(at))
        {
            layout.levels.clone_from(&sums.levels);
            layout.counted = sums.levels.len();
            if !total && !request.options.drop_empty {
                layout.levels.extend(names.unused(&sums.levels));
            }
            let category = request.options.missing == Missing::Category;
            let without = |value: &Value| request.without.contains(&names.name(value));
            layout.valid = layout
                .levels
                .iter()
                .map(|v| (category || names.is_answer(v)) && !without(v))
                .collect();
            layout.order = names.answers_order(&layout.levels);
            layout.nets = request
                .nets
                .iter()
                .filter_map(|net| layout.net(net))
                .collect();
        }
        layout
    }

    /// The net among these levels, if all of it is there.
    fn net(&self, net: &super::request::Net) -> Option<NetLevels> {
        let find = |name: &String| {
            self.answers()
                .find(|level| self.level_name(*level) == *name)
        };
        let levels: Option<Vec<usize>> = net.levels.iter().map(find).collect();
        levels.map(|levels| NetLevels {
            name: net.name.clone(),
            levels,
        })
    }

    pub fn key(&self, domain: usize, part: Part) -> RowKey {
        RowKey {
            item: self.planned.item,
            planned: self.at,
            filtered: self.planned.filtered,
            domain,
            part,
        }
    }

    /// Which levels with sums count as answers.
    pub fn valid(&self) -> &[bool] {
        &self.valid[..self.counted]
    }

    /// Those of some levels that have sums.
    pub fn with_sums(&self, levels: &[usize]) -> Vec<usize> {
        let levels = levels.iter().copied();
        levels.filter(|level| *level < self.counted).collect()
    }

    pub fn nets(&self) -> &[NetLevels] {
        &self.nets
    }

    /// Levels that have an estimate.
    pub fn answers(&self) -> impl Iterator<Item = usize> + '_ {
        self.order
            .iter()
            .copied()
            .filter(|level| self.valid[*level])
    }

    /// Levels that are shown without a share: missing answers, where these are to be seen.
    pub fn missing(&self) -> impl Iterator<Item = usize> + '_ {
        let shown = self.missing == Missing::Show;
        self.order
            .iter()
            .copied()
            .filter(move |level| shown && *level < self.counted && !self.valid[*level])
    }

    pub fn level_name(&self, level: usize) -> String {
        let value = &self.levels[level];
        match (&self.planned.shape, value) {
            (_, Value::Null) => "(missing)".to_owned(),
            (Shape::Levels { levels, .. }, value) => levels.name(value),
            _ => value.text(),
        }
    }

    /// The domains that have a row, in the order of their groups: each the domain itself, or with a standard its groups
    /// with the shares that they are to have.
    ///
    /// # Errors
    /// A group that has respondents and no share.
    pub fn domains(
        &self,
        standard: Option<&PlannedStandard>,
    ) -> Result<Box<dyn Iterator<Item = Vec<WeightedGroup>>>, Error> {
        let all = self.ordered();
        let Some(standard) = standard else {
            let whole = |domain| vec![WeightedGroup::whole(domain)];
            return Ok(Box::new(all.into_iter().map(whole)));
        };
        let domains = &self.context.sums.domains;
        let (Some(names), last) = (self.by.last(), self.by.len() - 1) else {
            return Ok(Box::new(std::iter::empty()));
        };
        let same = |a: &usize, b: &usize| domains[*a][..last] == domains[*b][..last];
        let of_group = |group: &[usize]| {
            let values: Vec<(usize, &Value)> = group
                .iter()
                .map(|domain| (*domain, &domains[*domain][last]))
                .collect();
            standard.weights(names, &values)
        };
        let shares: Vec<Vec<WeightedGroup>> =
            all.chunk_by(same).map(of_group).collect::<Result<_, _>>()?;
        let values: Vec<&Value> = all.iter().map(|domain| &domains[*domain][last]).collect();
        standard.check_groups(&shares, names, &values)?;
        Ok(Box::new(shares.into_iter()))
    }

    /// How many rows there will be.
    pub fn rows(&self, standard: Option<&PlannedStandard>) -> ItemRows {
        let answers = self.nets.len() + self.answers().count();
        let (parts, compared) = match &self.planned.shape {
            Shape::Levels { .. } => {
                let counted = self.answers().filter(|level| *level < self.counted);
                let compared = self.nets.len() + counted.count();
                (answers + self.missing().count(), compared)
            }
            Shape::Quantiles(probabilities) => (probabilities.len(), 0),
            _ => (1, 1),
        };
        let domains = match standard {
            Some(_) => self.domains(standard).map_or(0, Iterator::count),
            None if self.by.is_empty() => 1,
            None => {
                let domains = 0..self.context.sums.domains.len();
                let there = |domain: &usize| !self.context.cells(*domain).is_empty();
                domains.filter(there).count()
            }
        };
        ItemRows {
            domains,
            parts,
            compared,
        }
    }

    fn ordered(&self) -> Vec<usize> {
        let domains = &self.context.sums.domains;
        let ranks: Vec<Vec<usize>> = (0..self.by.len())
            .map(|group| {
                let mut values: Vec<Value> = domains.iter().map(|d| d[group].clone()).collect();
                values.sort_by(|a, b| a.order(b));
                values.dedup_by(|a, b| a.order(b).is_eq());
                let mut ranks = vec![0; values.len()];
                for (rank, place) in self.by[group].order(&values).into_iter().enumerate() {
                    ranks[place] = rank;
                }
                // there may be as many domains as respondents: a search each, not a walk
                let rank = |value: &Value| {
                    let at = values.binary_search_by(|other| other.order(value));
                    at.map_or(0, |at| ranks[at])
                };
                domains.iter().map(|domain| rank(&domain[group])).collect()
            })
            .collect();
        let mut places: Vec<usize> = (0..domains.len())
            .filter(|domain| self.by.is_empty() || !self.context.cells(*domain).is_empty())
            .collect();
        let of_domain = |domain: usize| ranks.iter().map(move |rank| rank[domain]);
        places.sort_by(|a, b| of_domain(*a).cmp(of_domain(*b)));
        places
    }
}
