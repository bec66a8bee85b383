//! From respondents to estimates with standard errors, intervals and design effects.
//!
//! [`estimate`] takes a [`Source`](crate::survey::microdata::Source), a [`Design`](crate::survey::design::Design) and a [`Request`]; one
//! pass adds up what all items need (see [`sums`](crate::survey::sums)), and everything else is worked out from the sums.
//!
//! | statistic | score of a respondent with weight w | R |
//! | --- | --- | --- |
//! | mean | w (y − ȳ)/N | `svymean` |
//! | proportion | w (1\[level\] − p)/N | `svymean(~factor)` |
//! | total, count | w y, w | `svytotal` |
//! | ratio R = Y/X | w (y − R x)/X | `svyratio` |
//! | variance s² | w ((y − ȳ)² n/(n − 1) − s²)/N | `svyvar` |
//! | quantile | Woodruff's interval | `svyquantile` |

mod bounds;
mod by_value;
mod classed;
mod context;
mod covariance;
mod design_columns;
mod error;
mod estimated;
mod first_pass;
mod level_names;
mod levels;
mod linear;
mod numbers;
mod pairwise;
mod place;
mod plan;
mod quantile;
mod request;
mod residuals;
mod rows;
mod rows_of_design;
mod run;
mod sample;
mod sample_facts;
mod sample_findings;
mod scores;
mod standard;
mod travel;
mod travel_asked;
mod woodruff;

pub use by_value::MOST_VALUES;
pub use covariance::Covariance;
pub use error::Error;
pub use level_names::LevelNames;
pub use pairwise::{Difference, Pairwise, TooMany, domain, pairwise};
pub use place::{Part, RowOf};
pub use request::{
    Ci, DeffKind, DomainDf, Group, Incomplete, Missing, Net, Options, QuantileRule, Request,
    SMALL_BASE,
};
pub use residuals::{Cells, Regression, Residuals};
pub use rows_of_design::{FirstStage, base_weights, first_stage, replicate_weights};
pub use run::{Answer, Calibrated, estimate};
pub use sample::sample;
pub use sample_facts::{Finding, ReplicateFacts, Sample, StageFacts, Stratum, WeightFacts};
pub use scores::{Scores, Variance};
pub use standard::Standard;
pub use travel::{Prepared, Travelled, Travelling, from_sums, prepare, travelling};
pub use travel_asked::Choices;
