use super::combination::PopulationError;
use super::relation::{Relation, Unclear};
use crate::published::figures::effective_n;
use crate::statistics::interval;

/// Why two figures can’t be compared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Unclear(#[from] Unclear),
    #[error("--relation {0} has no effect: it follows from the ids")]
    RelationFollows(Relation),
    #[error("--relation {stated} can’t be: the ids say {by_ids} ({})", .by_ids.in_words())]
    RelationContradicted { stated: Relation, by_ids: Relation },
    #[error(
        "{0} and {1} add up to more than 100%: they can’t be two answers of one question that takes one answer; \
         for several answers it is --relation same-respondents"
    )]
    Sum(String, String),
    #[error(
        "{0} and {1} have the same sample size: a part needs its share of the whole, --share 0.3, or a smaller n"
    )]
    NeedsShare(String, String),
    #[error(
        "{0} has {1} respondents and {2} has {3}: two answers of one question are given by the same people; write one size \
         for both, or --relation independent"
    )]
    TwoSizes(String, String, String, String),
    #[error(
        "{0} has no sample size: write {0}@1000, or name the margin of error that was printed with it"
    )]
    NoSize(String),
    #[error("{0} and {1} left out are more than 100%: nobody would be left to take a share of")]
    LeftOut(String, String),
    #[error(
        "{0} is a mean of countries that is made here: it is compared with independent samples alone"
    )]
    Averaged(String),
    #[error("one of {0} and {1} is a share, the other a net score: compare two of one kind")]
    ShareAndScore(String, String),
    #[error("--average population needs --population FILE, a CSV with country and population")]
    NoPopulation,
    #[error(transparent)]
    Population(#[from] PopulationError),
    #[error(transparent)]
    Difference(#[from] super::DifferenceError),
    #[error(transparent)]
    Interval(#[from] interval::Error),
    #[error(transparent)]
    Size(#[from] effective_n::Error),
    #[error(transparent)]
    Estimates(#[from] crate::frames::Error),
}
