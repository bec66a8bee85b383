use super::average::Average;
use super::error::Error;
use super::population::{Population, PopulationError};
use crate::published::figures::selector;
use crate::statistics::interval;

/// Why a figure can't be made.
#[derive(Debug, thiserror::Error)]
pub enum MadeError {
    #[error(transparent)]
    NotPrinted(#[from] selector::Error),
    #[error(
        "{0}: responses are added up for questions that take one answer, and this one takes {1}"
    )]
    Kind(String, &'static str),
    #[error("{0} holds {1} already: nobody counts twice")]
    Overlap(String, String),
    #[error("{0} is printed as a bound only: nothing is made from it")]
    Bound(String),
    #[error("{0}: say how the countries are averaged, --average equal, n or population")]
    HowAveraged(String),
    #[error("--average population needs --population FILE, a CSV with country and population")]
    NoPopulation,
    #[error("{0} has no size, which --average n needs")]
    NoSize(String),
    #[error("no country has all of {0}")]
    NoCountry(String),
    #[error(transparent)]
    Population(#[from] PopulationError),
    #[error(transparent)]
    Compare(#[from] Box<Error>),
}

impl From<interval::Error> for MadeError {
    fn from(error: interval::Error) -> MadeError {
        MadeError::Compare(Box::new(error.into()))
    }
}

/// How several countries become one figure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pooling<'x> {
    pub average: Option<Average>,
    pub population: Option<&'x Population>,
}
