//! The scores of an estimate, from which its variance and covariances are made.

use std::collections::BTreeSet;

use crate::survey::design::{Design, ElementScore, Lonely, Replication, Score, Units};
use crate::survey::sums::Sum;

/// Why there is no estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoEstimate {
    #[error("nobody to estimate from")]
    Nobody,
    #[error("the denominator is 0")]
    ZeroDenominator,
    #[error("a variance takes two respondents")]
    OneRespondent,
    #[error("an infinite number is among the answers")]
    Infinite,
    #[error("the answers do not vary")]
    NoVariation,
    #[error("the numbers lie too far from 0 for their spread; take a constant off them")]
    FarFromZero,
    #[error(
        "the squares of the answers are larger than a computer’s numbers; divide them by a constant"
    )]
    TooLarge,
    #[error(
        "the squares of the answers are smaller than a computer’s numbers; multiply them by a constant"
    )]
    TooSmall,
}

impl PointEstimate {
    pub fn nobody() -> PointEstimate {
        PointEstimate {
            value: None,
            rest: 0.0,
            reason: Some(NoEstimate::Nobody.to_string()),
            scores: None,
            spread: None,
            n: 0,
            weight: 0.0,
        }
    }
}

/// The linearised scores of an estimate, or its replicates: what its variance and covariances are made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Scores {
    /// Unit of the last stage and the sum of its scores, in the order of the units.
    Units(Vec<(u32, Sum)>),
    /// Of each stratum the sums of its elements.
    Elements(Vec<(u32, ElementSums)>),
    /// The estimate from each replicate, and from the full sample.
    Replicates(Vec<f64>, f64),
}

/// Scores u of the elements of a stratum, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ElementSums {
    pub sum: Sum,
    /// Σ u².
    pub square: Sum,
    /// Σ (u − ū)² over all respondents of the stratum, where u lies too far from 0 for it to follow from the two.
    pub about_mean: Option<Sum>,
}

/// The design as variances need it.
pub struct DesignVariance<'a> {
    pub design: &'a Design,
    pub units: &'a Units,
    pub replication: Option<&'a Replication>,
}

impl DesignVariance<'_> {
    /// The variance of an estimate.
    pub fn variance(&self, scores: &Scores) -> f64 {
        match scores {
            Scores::Elements(strata) => {
                let each: Vec<ElementScore> = strata
                    .iter()
                    .map(|(stratum, sums)| ElementScore {
                        stratum: *stratum,
                        a: sums.sum,
                        b: sums.sum,
                        product: sums.square,
                        about_means: sums.about_mean,
                    })
                    .collect();
                let inflation = self.inflation(scores, scores);
                self.units
                    .element_covariance(&each, self.design.lonely, inflation)
            }
            _ => self.covariance(scores, scores),
        }
    }

    /// The covariance of two estimates. Where rows are the units these are of domains that share no respondent.
    pub fn covariance(&self, one: &Scores, other: &Scores) -> f64 {
        let inflation = self.inflation(one, other);
        match (one, other) {
            (Scores::Units(one), Scores::Units(other)) => {
                self.units
                    .covariance(&side_by_side(one, other), self.design.lonely, inflation)
            }
            (Scores::Elements(one), Scores::Elements(other)) => {
                let pairs = paired(one, other, |score| score.0);
                let scores: Vec<ElementScore> = pairs
                    .map(|(stratum, one, other)| ElementScore {
                        stratum,
                        a: one.map_or(Sum::ZERO, |score| score.1.sum),
                        b: other.map_or(Sum::ZERO, |score| score.1.sum),
                        // the domains share no respondent, and so no product
                        product: Sum::ZERO,
                        about_means: None,
                    })
                    .collect();
                self.units
                    .element_covariance(&scores, self.design.lonely, inflation)
            }
            (Scores::Replicates(one, full), Scores::Replicates(other, other_full)) => {
                match self.replication {
                    Some(replication) => replication.covariance((one, *full), (other, *other_full)),
                    None => f64::NAN,
                }
            }
            _ => f64::NAN,
        }
    }

    /// What lonely strata that are averaged over multiply by. Of two estimates the geometric mean, so that no covariance
    /// is larger than its variances allow.
    fn inflation(&self, one: &Scores, other: &Scores) -> f64 {
        if self.design.lonely != Lonely::Average {
            return 1.0;
        }
        let inflation_of = |scores: &Scores| {
            let strata: BTreeSet<u32> = match scores {
                Scores::Units(units) => units
                    .iter()
                    .map(|(unit, _)| self.units.stratum(*unit))
                    .collect(),
                Scores::Elements(strata) => strata.iter().map(|(stratum, ..)| *stratum).collect(),
                Scores::Replicates(..) => return 1.0,
            };
            self.units.inflation(&strata, self.design.lonely)
        };
        match std::ptr::eq(one, other) {
            true => inflation_of(one),
            false => (inflation_of(one) * inflation_of(other)).sqrt(),
        }
    }
}

fn side_by_side(one: &[(u32, Sum)], other: &[(u32, Sum)]) -> Vec<Score> {
    paired(one, other, |score| score.0)
        .map(|(unit, one, other)| Score {
            unit,
            a: one.map_or(Sum::ZERO, |score| score.1),
            b: other.map_or(Sum::ZERO, |score| score.1),
        })
        .collect()
}

/// Goes through two ordered lists together.
fn paired<'a, T>(
    one: &'a [T],
    other: &'a [T],
    key: impl Fn(&T) -> u32 + 'a,
) -> impl Iterator<Item = (u32, Option<&'a T>, Option<&'a T>)> + 'a {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    std::iter::from_fn(move || {
        let next = match (one.peek(), other.peek()) {
            (Some(a), Some(b)) => key(a).min(key(b)),
            (Some(a), None) => key(a),
            (None, Some(b)) => key(b),
            (None, None) => return None,
        };
        let first = one.next_if(|score| key(score) == next);
        Some((next, first, other.next_if(|score| key(score) == next)))
    })
}

/// Adds neighbours of the same unit up: rows to the unit that they lie in.
pub fn added_by_unit(scores: impl Iterator<Item = (u32, Sum)>) -> Vec<(u32, Sum)> {
    let mut units: Vec<(u32, Sum)> = Vec::new();
    for (unit, score) in scores {
        match units.last_mut() {
            Some((last, sum)) if *last == unit => sum.add_sum(score),
            _ => units.push((unit, score)),
        }
    }
    units
}

/// One estimate before it is a row: the number, its scores, and what a design effect needs.
#[derive(Clone, Debug)]
pub struct PointEstimate {
    pub value: Option<f64>,
    /// What the float leaves of it: differences of numbers that lie far from 0 are made of it.
    pub rest: f64,
    /// Why there is no number; beside a number, why an error of 0 would be one of rounding.
    pub reason: Option<String>,
    pub scores: Option<Scores>,
    /// S² of the variable whose weighted total the estimate is, after linearisation.
    pub spread: Option<f64>,
    /// Respondents of the domain that answered.
    pub n: u64,
    /// Sum of their weights.
    pub weight: f64,
}
