//! Where the rows of an item stand: its levels and the domains, in the order to be shown.

use super::context::Context;
use super::error::Error;
use super::level_names::LevelNames;
use super::plan::{Planned, Planning, Shape};
use super::request::{Missing, Request};
use super::standard::Standard;
use crate::survey::microdata::Value;
use crate::survey::sums::ItemSums;

/// What a row is of: the place of its item among those asked for, its domain, and which part of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowOf {
    pub item: usize,
    pub domain: usize,
    pub part: Part,
}

/// Which part of an item a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
pub struct Place<'a> {
    pub item: &'a Planned,
    pub at: usize,
    pub by: &'a [LevelNames],
    context: &'a Context<'a>,
    levels: Vec<Value>,
    valid: Vec<bool>,
    order: Vec<usize>,
    nets: Vec<NetLevels>,
    missing: Missing,
}

/// The groups of a domain and the shares that they are to have; `None` for a group that has nobody.
pub type Shares = Vec<(Option<usize>, f64)>;

/// A net and the places of its levels.
pub struct NetLevels {
    pub name: String,
    pub levels: Vec<usize>,
}

impl<'a> Place<'a> {
    pub fn new(
        request: &Request,
        planning: &'a Planning,
        context: &'a Context<'a>,
        item: &'a Planned,
        at: usize,
    ) -> Place<'a> {
        let mut place = Place {
            item,
            at,
            by: &planning.by,
            context,
            levels: Vec::new(),
            valid: Vec::new(),
            order: Vec::new(),
            nets: Vec::new(),
            missing: request.options.missing,
        };
        if let (Shape::Levels { levels: names, .. }, Some(ItemSums::Levels(sums))) =
            (&item.shape, context.sums.items.get(at))
        {
            place.levels.clone_from(&sums.levels);
            let category = request.options.missing == Missing::Category;
            place.valid = sums
                .levels
                .iter()
                .map(|v| category || names.is_answer(v))
                .collect();
            place.order = names.order(&sums.levels);
            place.nets = request
                .nets
                .iter()
                .filter_map(|net| place.net(net))
                .collect();
        }
        place
    }

    /// The net among these levels, if all of it is there.
    fn net(&self, net: &super::request::Net) -> Option<NetLevels> {
        let find = |name: &String| self.shown().find(|level| self.level_name(*level) == *name);
        let levels: Option<Vec<usize>> = net.levels.iter().map(find).collect();
        levels.map(|levels| NetLevels {
            name: net.name.clone(),
            levels,
        })
    }

    pub fn part(&self, domain: usize, part: Part) -> RowOf {
        RowOf {
            item: self.at,
            domain,
            part,
        }
    }

    /// Which levels count as answers.
    pub fn valid(&self) -> &[bool] {
        &self.valid
    }

    pub fn nets(&self) -> &[NetLevels] {
        &self.nets
    }

    /// Levels that have an estimate.
    pub fn shown(&self) -> impl Iterator<Item = usize> + '_ {
        self.order
            .iter()
            .copied()
            .filter(|level| self.valid[*level])
    }

    /// Levels that are shown without a share: missing answers, where these are to be seen.
    pub fn left_out(&self) -> impl Iterator<Item = usize> + '_ {
        let shown = self.missing == Missing::Show;
        self.order
            .iter()
            .copied()
            .filter(move |level| shown && !self.valid[*level])
    }

    pub fn level_name(&self, level: usize) -> String {
        let value = &self.levels[level];
        match (&self.item.shape, value) {
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
    pub fn domains(&self, standard: Option<&Standard>) -> Result<Vec<Shares>, Error> {
        let all = self.ordered();
        let Some(standard) = standard else {
            return Ok(all
                .into_iter()
                .map(|domain| vec![(Some(domain), 1.0)])
                .collect());
        };
        let domains = &self.context.sums.domains;
        let (Some(names), last) = (self.by.last(), self.by.len() - 1) else {
            return Ok(Vec::new());
        };
        let same = |a: &usize, b: &usize| domains[*a][..last] == domains[*b][..last];
        all.chunk_by(same)
            .map(|group| {
                let values: Vec<(usize, &Value)> = group
                    .iter()
                    .map(|domain| (*domain, &domains[*domain][last]))
                    .collect();
                standard.weights(names, &values)
            })
            .collect()
    }

    fn ordered(&self) -> Vec<usize> {
        let domains = &self.context.sums.domains;
        let ranks: Vec<Vec<usize>> = (0..self.by.len())
            .map(|group| {
                let mut values: Vec<Value> = domains.iter().map(|d| d[group].clone()).collect();
                values.sort_by(|a, b| a.order(b));
                values.dedup();
                let order = self.by[group].order(&values);
                let rank = |value: &Value| {
                    let at = values.iter().position(|other| other == value);
                    order
                        .iter()
                        .position(|place| Some(*place) == at)
                        .unwrap_or(0)
                };
                domains.iter().map(|domain| rank(&domain[group])).collect()
            })
            .collect();
        let mut places: Vec<usize> = (0..domains.len())
            .filter(|domain| self.by.is_empty() || !self.context.cells[*domain].is_empty())
            .collect();
        places.sort_by_key(|domain| ranks.iter().map(|rank| rank[*domain]).collect::<Vec<_>>());
        places
    }
}
