//! Direct standardisation: the estimate that a domain would have with given shares of its groups.

use std::collections::HashSet;

use super::Error;
use super::level_names::LevelNames;
use super::levels::typed::{OLDEST, TypedLevels, Years, did_you_mean};
use super::scores::{ElementSums, PointEstimate, Scores, added_by_unit};
use crate::statistics::special::Sum;
use crate::survey::expr::{
    Expr, Node, OutputKind, Verb, bind, crossed_levels, crossed_name, crossed_variables,
};
use crate::survey::microdata::{Codebook, Kind, Value};

/// The groups and the shares that they are to have: ages of a standard population.
#[derive(Clone, Debug, PartialEq)]
pub struct Standard {
    /// A variable or a crossing, as it was written.
    pub text: String,
    /// Level and share or count; they are scaled to add up to 1.
    pub shares: Vec<(String, f64)>,
}

/// A standard on the variables of a file.
pub struct PlannedStandard {
    /// As it was written.
    pub text: String,
    /// What makes the groups.
    pub expr: Expr,
    shares: Vec<(String, f64)>,
}

fn wrong(message: String) -> Error {
    Error::Request(format!("standardise: {message}"))
}

impl Standard {
    /// Looks the variables up. Shares of bands of an age, `18-34`, are those of the bands of a number.
    ///
    /// # Errors
    /// A share that is negative or no number, all 0, a level twice; an unknown variable; bands that overlap.
    pub fn planned(&self, codebook: &Codebook) -> Result<PlannedStandard, Error> {
        self.check()?;
        let variables = crossed_variables(&self.text, codebook)
            .map_err(|error| Error::Expression(error.within(&self.text)))?;
        let several = variables.len() > 1;
        let mut levels: Vec<Vec<String>> = Vec::with_capacity(self.shares.len());
        for (level, _) in &self.shares {
            let parts: Vec<String> = match several {
                false => vec![level.clone()],
                true => crossed_levels(level)
                    .into_iter()
                    .map(|(level, _)| level)
                    .collect(),
            };
            if parts.len() != variables.len() {
                return Err(wrong(format!(
                    "{} “{level}”: a level of a crossing names one of each variable, with a colon between them; one that holds a colon itself is quoted",
                    self.text
                )));
            }
            levels.push(parts);
        }
        let mut exprs = Vec::with_capacity(variables.len());
        for (at, (name, expr)) in variables.into_iter().enumerate() {
            let column = levels.iter_mut().map(|parts| &mut parts[at]);
            exprs.push(in_bands(&name, expr, column.collect(), codebook)?);
        }
        let named = |parts: Vec<String>| match several {
            false => parts.concat(),
            true => crossed_name(parts.iter().map(|part| part.trim())),
        };
        let shares = levels
            .into_iter()
            .map(named)
            .zip(self.shares.iter().map(|(_, share)| *share));
        Ok(PlannedStandard {
            text: self.text.clone(),
            shares: shares.collect(),
            expr: match exprs.len() {
                1 => exprs.swap_remove(0),
                _ => Expr {
                    node: Node::Cross(exprs),
                    span: 0..self.text.len(),
                },
            },
        })
    }

    fn check(&self) -> Result<(), Error> {
        let mut levels = HashSet::new();
        for (level, share) in &self.shares {
            if !(*share >= 0.0 && share.is_finite()) {
                return Err(wrong(format!(
                    "{} “{level}” has the share {share}: it is 0 or above",
                    self.text
                )));
            }
            if !levels.insert(level.trim()) {
                return Err(wrong(format!("{} “{level}” is there twice", self.text)));
            }
        }
        match self.shares.iter().any(|(_, share)| *share > 0.0) {
            true => Ok(()),
            false => Err(wrong(format!("all shares of {} are 0", self.text))),
        }
    }
}

/// A number of which the levels are bands of an age, as `cut` of it, its levels called as `cut` calls them; anything else as
/// it is.
fn in_bands(
    name: &str,
    expr: Expr,
    mut levels: Vec<&mut String>,
    codebook: &Codebook,
) -> Result<Expr, Error> {
    let Node::Name(variable) = &expr.node else {
        return Ok(expr);
    };
    let Ok(variable) = codebook.variable(variable) else {
        return Ok(expr);
    };
    let label = |level: &&mut String| {
        variable
            .labels
            .iter()
            .any(|(_, label)| label.trim() == level.trim())
    };
    let numbers = levels
        .iter()
        .all(|level| level.trim().parse::<f64>().is_ok());
    if variable.kind != Kind::Number || numbers || levels.iter().any(label) {
        return Ok(expr);
    }
    let bands: Option<Vec<Years>> = levels.iter().map(|level| Years::parse(level)).collect();
    let Some(bands) = bands else {
        return Ok(expr);
    };
    // an open band has no end, and the + 1 would overflow
    let above = |band: &Years| band.to.min(OLDEST) + 1;
    let mut breaks: Vec<u32> = bands
        .iter()
        .flat_map(|band| [band.from, above(band)])
        .collect();
    breaks.sort_unstable();
    breaks.dedup();
    let number = |edge: &u32| Expr {
        node: Node::Number(f64::from(*edge)),
        span: expr.span.clone(),
    };
    let arguments = std::iter::once(expr.clone())
        .chain(breaks.iter().map(number))
        .collect();
    let cut = Expr {
        node: Node::Call {
            function: "cut".to_owned(),
            arguments,
            filter: None,
        },
        span: expr.span.clone(),
    };
    let bound = bind(&cut, codebook, OutputKind::Codes).map_err(Error::Expression)?;
    let called = bound.level_order().unwrap_or_default();
    for (level, band) in levels.iter_mut().zip(&bands) {
        let place = breaks.partition_point(|edge| *edge <= band.from);
        if breaks.get(place) != Some(&above(band)) {
            return Err(wrong(format!(
                "{name} “{level}” overlaps with another band"
            )));
        }
        **level = called.get(place).map(Value::text).unwrap_or_default();
    }
    Ok(cut)
}

impl PlannedStandard {
    /// Which of the groups has which share, one entry a group with a share above 0; `None` in the place of a group that
    /// has no respondents.
    ///
    /// # Errors
    /// A level that has respondents and no share; two levels that are one to the standard.
    pub fn weights(
        &self,
        names: &LevelNames,
        groups: &[(usize, &Value)],
    ) -> Result<Vec<WeightedGroup>, Error> {
        let values: Vec<Value> = groups.iter().map(|(_, value)| (*value).clone()).collect();
        let known = TypedLevels::new(names, &values);
        let levels: Vec<&str> = self
            .shares
            .iter()
            .map(|(level, _)| level.as_str())
            .collect();
        let assigned = known
            .assigned(&levels)
            .map_err(|problem| wrong(format!("{}: {problem}", self.text)))?;
        let mut domains: Vec<Option<usize>> = vec![None; levels.len()];
        for (((domain, _), share), name) in groups.iter().zip(assigned).zip(known.names()) {
            let Some(share) = share else {
                return Err(wrong(format!(
                    "{} “{name}” has respondents and no share; give it one, 0 leaves it out",
                    self.text
                )));
            };
            if domains[share].replace(*domain).is_some() {
                return Err(wrong(format!(
                    "{}: several levels are “{}”; give each its share",
                    self.text, levels[share]
                )));
            }
        }
        let total: f64 = self.shares.iter().map(|(_, share)| share).sum();
        let shares = domains
            .into_iter()
            .zip(&self.shares)
            .filter(|(_, (_, share))| *share > 0.0);
        Ok(shares
            .map(|(domain, (level, share))| WeightedGroup {
                level: level.clone(),
                domain,
                share: share / total,
            })
            .collect())
    }

    /// Each share above 0 is that of somebody, in one domain or another.
    ///
    /// # Errors
    /// A level that nobody has, with the nearest that somebody does.
    pub fn check_groups(
        &self,
        domains: &[Vec<WeightedGroup>],
        names: &LevelNames,
        values: &[&Value],
    ) -> Result<(), Error> {
        let shares = self.shares.iter().filter(|(_, share)| *share > 0.0);
        for (at, (level, _)) in shares.enumerate() {
            let somebody = |groups: &Vec<WeightedGroup>| {
                groups.get(at).is_none_or(|group| group.domain.is_some())
            };
            if !domains.is_empty() && !domains.iter().any(somebody) {
                let mut known: Vec<String> = values.iter().map(|value| names.name(value)).collect();
                known.sort();
                known.dedup();
                return Err(wrong(format!(
                    "{} “{level}” has a share, but nobody has it: {}",
                    self.text,
                    did_you_mean(level, &known)
                )));
            }
        }
        Ok(())
    }
}

/// A group of a domain and the share that it is to have.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedGroup {
    /// Its level of the standard; empty where there is no standard and the domain is taken as it is.
    pub level: String,
    /// `None` for a group that has nobody.
    pub domain: Option<usize>,
    pub share: f64,
}

impl WeightedGroup {
    /// A domain as it is.
    pub fn whole(domain: usize) -> WeightedGroup {
        WeightedGroup {
            level: String::new(),
            domain: Some(domain),
            share: 1.0,
        }
    }
}

/// Whether a statistic can be standardised: a mean, a share, a ratio, or a combination of these.
pub fn can_be(verb: &Verb) -> bool {
    matches!(verb, Verb::Mean(_) | Verb::Prop(_) | Verb::Ratio(..))
}

/// Σ π_g θ_g of the estimates of the groups of an expression `expr`, with its scores; the reason why there is none where a group
/// has nobody.
///
/// The groups share no respondent, so that scores of different ones never meet in a product.
///
/// Source: Korn and Graubard, Analysis of Health Surveys (1999), section 2.5 and chapter 5; R: `svystandardize`.
pub fn combined(groups: Vec<(&str, f64, Option<PointEstimate>)>, expr: &str) -> PointEstimate {
    let mut all = PointEstimate {
        rest: 0.0,
        value: None,
        reason: None,
        scores: None,
        spread: None,
        n: 0,
        weight: 0.0,
    };
    let mut value = Sum::ZERO;
    let mut parts = Vec::new();
    let mut reason = None;
    for (level, share, group) in groups {
        let Some(estimated) = group else {
            reason = Some(format!(
                "nobody with {expr} “{level}”, which the standard has"
            ));
            continue;
        };
        all.n += estimated.n;
        all.weight += estimated.weight;
        match (estimated.value, estimated.scores) {
            (Some(theta), Some(scores)) => {
                value += Sum::product(share, theta);
                parts.push((share, scores));
            }
            _ => {
                let why = estimated.reason.unwrap_or_default();
                reason = reason.or(Some(format!("of {expr} “{level}”: {why}")));
            }
        }
    }
    match reason {
        // a group without an estimate leaves the whole without one: its share can't be given to others
        None if !parts.is_empty() => {
            all.value = Some(value.value());
            all.scores = added(&parts);
        }
        reason => all.reason = reason,
    }
    all
}

/// Σ π_g u_g.
fn added(parts: &[(f64, Scores)]) -> Option<Scores> {
    match &parts.first()?.1 {
        Scores::Units(_) => {
            let mut scores: Vec<(u32, Sum)> = Vec::new();
            for (share, part) in parts {
                if let Scores::Units(units) = part {
                    scores.extend(units.iter().map(|(unit, score)| (*unit, *score * *share)));
                }
            }
            scores.sort_by_key(|(unit, _)| *unit);
            Some(Scores::Units(added_by_unit(scores.into_iter())))
        }
        Scores::Elements(_) => {
            let mut scores: Vec<(u32, ElementSums)> = Vec::new();
            for (share, part) in parts {
                if let Scores::Elements(strata) = part {
                    let scaled = |(stratum, sums): &(u32, ElementSums)| {
                        let scaled = ElementSums {
                            sum: sums.sum * *share,
                            square: sums.square * *share * *share,
                            about_mean: None,
                        };
                        (*stratum, scaled)
                    };
                    scores.extend(strata.iter().map(scaled));
                }
            }
            scores.sort_by_key(|(stratum, ..)| *stratum);
            scores.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1.sum += next.1.sum;
                    kept.1.square += next.1.square;
                }
                same
            });
            Some(Scores::Elements(scores))
        }
        Scores::Replicates(thetas, _) => {
            let mut all = vec![0.0; thetas.len()];
            let mut full = 0.0;
            for (share, part) in parts {
                if let Scores::Replicates(thetas, estimate) = part {
                    all.iter_mut()
                        .zip(thetas)
                        .for_each(|(to, theta)| *to += share * theta);
                    full += share * estimate;
                }
            }
            Some(Scores::Replicates(all, full))
        }
    }
}
