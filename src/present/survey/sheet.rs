//! Estimates as items, measures and domains: the content of a table before it has a shape.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::source::TableSource;
use crate::frames::{Estimate, Statistic};
use crate::present::table::digits;
use crate::survey::estimate::{Part, Request};
use crate::survey::expr::{Item, Verb};

/// All rows of estimates by what they are of.
pub struct Sheet<'a> {
    pub rows: &'a [Estimate],
    /// The values of the groups of each domain, in the order to be shown.
    pub domains: Vec<Vec<String>>,
    pub items: Vec<SheetItem>,
}

/// An item that was asked for.
pub struct SheetItem {
    /// The question as asked, or the expression.
    pub head: String,
    /// What the numbers are: "%", "mean".
    pub unit: String,
    /// Whether it has a row a level.
    pub by_level: bool,
    pub measures: Vec<Measure>,
    /// Decimals of its numbers.
    pub decimals: usize,
}

/// One statistic of an item: a level, a NET, a mean.
pub struct Measure {
    pub label: String,
    pub indent: usize,
    pub part: Part,
    /// Its row in each domain.
    pub at: Vec<Option<usize>>,
}

impl<'a> Sheet<'a> {
    pub fn new(source: &TableSource<'a>) -> Sheet<'a> {
        let estimates = source.estimates;
        let mut places: HashMap<usize, usize> = HashMap::new();
        let mut domains = Vec::new();
        for (key, row) in estimates.keys.iter().zip(&estimates.rows) {
            if let Entry::Vacant(vacant) = places.entry(key.domain) {
                vacant.insert(domains.len());
                let named = |(_, value): &(String, Option<String>)| value.clone();
                domains.push(row.groups.iter().filter_map(named).collect());
            }
        }
        let items = estimates.request.items.iter().enumerate();
        let items = items
            .map(|(at, item)| SheetItem::new(source, (at, item), &places))
            .collect();
        Sheet {
            rows: &estimates.rows,
            domains,
            items,
        }
    }

    pub fn row(&self, measure: &Measure, domain: usize) -> Option<&'a Estimate> {
        let at = measure.at.get(domain).copied().flatten()?;
        self.rows.get(at)
    }

    /// The name of a domain from one of its groups on.
    pub fn domain_name(&self, domain: usize, from: usize) -> String {
        let names = self.domains.get(domain).and_then(|names| names.get(from..));
        names.unwrap_or_default().join(", ")
    }

    /// Groups that are crossed.
    pub fn groups(&self) -> usize {
        self.domains.first().map_or(0, Vec::len)
    }

    /// Domains that share their first group, one after the other.
    pub fn by_first_group(&self) -> Vec<Vec<usize>> {
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for domain in 0..self.domains.len() {
            let first = |domain: usize| self.domains[domain].first();
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(|last| first(*last) == first(domain)) => {
                    run.push(domain);
                }
                _ => runs.push(vec![domain]),
            }
        }
        runs
    }
}

impl SheetItem {
    /// The rows of an item, by measure and domain: `domains` says where each of the estimates stands in the sheet.
    fn new(
        source: &TableSource,
        (at, item): (usize, &Item),
        domains: &HashMap<usize, usize>,
    ) -> SheetItem {
        let estimates = source.estimates;
        let mut measures: Vec<Measure> = Vec::new();
        let mut known: HashMap<(Part, String), usize> = HashMap::new();
        let mut standard_errors = Vec::new();
        let mut statistic = None;
        let mut by_level = false;
        for (place, (key, row)) in estimates.keys.iter().zip(&estimates.rows).enumerate() {
            if key.item != at {
                continue;
            }
            statistic = statistic.or(Some(row.statistic));
            by_level |= matches!(key.part, Part::Level | Part::Net | Part::Missing);
            standard_errors.extend(row.se.filter(|se| *se > 0.0));
            let label = label(row, key.part, item, source);
            let known = match known.entry((key.part, label)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    measures.push(Measure {
                        label: new.key().1.clone(),
                        indent: 0,
                        part: key.part,
                        at: vec![None; domains.len()],
                    });
                    *new.insert(measures.len() - 1)
                }
            };
            let domain = domains.get(&key.domain);
            if let Some(entry) = domain.and_then(|domain| measures[known].at.get_mut(*domain)) {
                *entry = Some(place);
            }
        }
        standard_errors.sort_by(f64::total_cmp);
        let middle = standard_errors.get(standard_errors.len() / 2);
        SheetItem {
            head: source.head(item),
            unit: statistic.map_or_else(String::new, unit),
            by_level,
            measures: nets_by_their_parts(measures, &estimates.request),
            decimals: digits::decimals(middle.copied().unwrap_or(0.0)),
        }
    }
}

/// What the numbers of a statistic are, as the head of their column.
fn unit(statistic: Statistic) -> String {
    match statistic {
        Statistic::Proportion | Statistic::ShareSum => "%".to_owned(),
        Statistic::ShareDifference => "points".to_owned(),
        Statistic::StandardDeviation => "sd".to_owned(),
        Statistic::Combination => "estimate".to_owned(),
        other => other.name().to_owned(),
    }
}

fn label(row: &Estimate, part: Part, item: &Item, source: &TableSource) -> String {
    match (part, &row.level) {
        (Part::Number, _) | (_, None) => source.name(item),
        (Part::Quantile, _) if of_one_probability(item) => source.name(item),
        (Part::Quantile, Some(p)) => match (p.as_str(), p.parse::<f64>()) {
            ("0.5", _) => "Median".to_owned(),
            (_, Ok(p)) => format!("{} percentile", ordinal(100.0 * p)),
            (p, Err(_)) => format!("quantile {p}"),
        },
        (_, Some(level)) => level.clone(),
    }
}

fn of_one_probability(item: &Item) -> bool {
    let one = |verb: &Verb| matches!(verb, Verb::Quantile(_, at) if at.len() == 1);
    item.terms.iter().all(|term| one(&term.statistic))
}

/// "25th", "1st", "2.5th".
fn ordinal(number: f64) -> String {
    let text = ((number * 1e6).round() / 1e6).to_string();
    let ending = match text.as_str() {
        teen if teen.ends_with("11") || teen.ends_with("12") || teen.ends_with("13") => "th",
        part if part.contains('.') => "th",
        one if one.ends_with('1') => "st",
        two if two.ends_with('2') => "nd",
        three if three.ends_with('3') => "rd",
        _ => "th",
    };
    format!("{text}{ending}")
}

/// Levels in their order, a NET above its parts where the first of these stands, what is no answer last.
fn nets_by_their_parts(measures: Vec<Measure>, request: &Request) -> Vec<Measure> {
    let (nets, rest): (Vec<Measure>, Vec<Measure>) = measures
        .into_iter()
        .partition(|measure| measure.part == Part::Net);
    let parts_of = |name: &str| {
        let net = request.nets.iter().find(|net| net.name == name);
        net.map(|net| net.levels.as_slice()).unwrap_or_default()
    };
    let in_net = |net: &Measure, level: &Measure| {
        level.part == Part::Level && parts_of(&net.label).contains(&level.label)
    };
    let mut placed: Vec<Measure> = Vec::new();
    let mut nets: Vec<Option<Measure>> = nets.into_iter().map(Some).collect();
    let covered: Vec<bool> = rest
        .iter()
        .map(|level| nets.iter().flatten().any(|net| in_net(net, level)))
        .collect();
    for (place, level) in rest.iter().enumerate() {
        for slot in &mut nets {
            if let Some(net) = slot.take_if(|net| in_net(net, level)) {
                let parts = rest.iter().filter(|level| in_net(&net, level));
                let parts: Vec<Measure> = parts.map(|level| copy(level, 1)).collect();
                placed.push(net);
                placed.extend(parts);
            }
        }
        if !covered[place] {
            placed.push(copy(level, 0));
        }
    }
    placed
}

fn copy(measure: &Measure, indent: usize) -> Measure {
    Measure {
        label: measure.label.clone(),
        indent,
        part: measure.part,
        at: measure.at.clone(),
    }
}
