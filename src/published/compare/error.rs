use super::difference;
use super::population::PopulationError;
use super::relation::{Relation, Unclear};
use crate::published::figures::effective_n;
use crate::statistics::interval;

/// Why two figures can’t be compared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Unclear(#[from] Unclear),
    #[error("--relation {0} has no effect: it follows from the ids")]
    SaidAlready(Relation),
    #[error("--relation {said} can’t be: the ids say {found} ({})", .found.said())]
    SaidAgainst { said: Relation, found: Relation },
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
    Difference(#[from] difference::Error),
    #[error(transparent)]
    Interval(#[from] interval::Error),
    #[error(transparent)]
    Size(#[from] effective_n::Error),
    #[error(transparent)]
    Estimates(#[from] crate::frames::Error),
}
