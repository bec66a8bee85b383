//! Direct standardisation: the estimate that a domain would have with given shares of its groups.

use super::error::Error;
use super::plan::LevelNames;
use super::scores::{PointEstimate, Scores, added_by_unit};
use crate::statistics::special::Sum;
use crate::survey::expr::{Expr, Verb};
use crate::survey::microdata::Value;

/// The groups and the shares that they are to have: ages of a standard population.
#[derive(Clone, Debug, PartialEq)]
pub struct Standard {
    /// As it was written.
    pub text: String,
    pub expr: Expr,
    /// Level and share or count; they are scaled to add up to 1.
    pub shares: Vec<(String, f64)>,
}

impl Standard {
    /// Checks that the shares can be shares.
    ///
    /// # Errors
    /// One that is negative or no number, all 0, a level twice.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |message: String| Err(Error::Request(format!("standardise: {message}")));
        for (at, (level, share)) in self.shares.iter().enumerate() {
            if !(*share >= 0.0 && share.is_finite()) {
                return wrong(format!(
                    "{} “{level}” has the share {share}: it is 0 or above",
                    self.text
                ));
            }
            if self.shares[..at].iter().any(|(other, _)| other == level) {
                return wrong(format!("{} “{level}” is there twice", self.text));
            }
        }
        match self.total() > 0.0 {
            true => Ok(()),
            false => wrong(format!("all shares of {} are 0", self.text)),
        }
    }

    fn total(&self) -> f64 {
        self.shares.iter().map(|(_, share)| share).sum()
    }

    /// Which of the groups has which share, one entry a group with a share above 0.
    ///
    /// # Errors
    /// A level that has respondents and no share.
    pub fn weights(
        &self,
        names: &LevelNames,
        groups: &[(usize, &Value)],
    ) -> Result<Vec<WeightedGroup>, Error> {
        let named = |value: &Value| {
            let known = |name: &String| self.shares.iter().any(|(level, _)| level == name);
            let label = names.name(value);
            match known(&label) {
                true => label,
                false => value.text(),
            }
        };
        for (_, value) in groups {
            let name = named(value);
            if !self.shares.iter().any(|(level, _)| *level == name) {
                return Err(Error::Request(format!(
                    "standardise: {} “{name}” has respondents and no share; give it one, 0 leaves it out",
                    self.text
                )));
            }
        }
        let total = self.total();
        let shares = self.shares.iter().filter(|(_, share)| *share > 0.0);
        Ok(shares
            .map(|(level, share)| {
                let group = groups.iter().find(|(_, value)| named(value) == *level);
                WeightedGroup {
                    level: level.clone(),
                    domain: group.map(|(domain, _)| *domain),
                    share: share / total,
                }
            })
            .collect())
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

/// Σ π_g θ_g of the estimates of the groups of an expression `of`, with its scores; the reason why there is none where a group
/// has nobody.
///
/// The groups share no respondent, so that scores of different ones never meet in a product.
///
/// Source: Korn and Graubard, Analysis of Health Surveys (1999), section 2.5 and chapter 5; R: `svystandardize`.
pub fn combined(groups: Vec<(&str, f64, Option<PointEstimate>)>, of: &str) -> PointEstimate {
    let mut all = PointEstimate {
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
                "nobody with {of} “{level}”, which the standard has"
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
                reason = reason.or(Some(format!("of {of} “{level}”: {why}")));
            }
        }
    }
    match reason {
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
            let mut scores: Vec<(u32, f64)> = Vec::new();
            for (share, part) in parts {
                if let Scores::Units(units) = part {
                    scores.extend(units.iter().map(|(unit, score)| (*unit, share * score)));
                }
            }
            scores.sort_by_key(|(unit, _)| *unit);
            Some(Scores::Units(added_by_unit(scores.into_iter())))
        }
        Scores::Elements(_) => {
            let mut scores: Vec<(u32, Sum, Sum)> = Vec::new();
            for (share, part) in parts {
                if let Scores::Elements(strata) = part {
                    let scaled = |(stratum, sum, square): &(u32, Sum, Sum)| {
                        (*stratum, *sum * *share, *square * *share * *share)
                    };
                    scores.extend(strata.iter().map(scaled));
                }
            }
            scores.sort_by_key(|(stratum, ..)| *stratum);
            scores.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1 += next.1;
                    kept.2 += next.2;
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
