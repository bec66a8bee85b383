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

mod calibration;
mod context;
mod contrasts;
mod degrees;
mod design_columns;
mod design_summary;
mod engine;
mod estimates;
mod export;
mod imputations;
mod intervals;
mod level_names;
mod levels;
mod limits;
mod notices;
mod numbers;
mod options;
mod plan;
mod quantiles;
pub(super) mod request;
mod respondent_design;
mod rows;
mod scores;
mod standardisation;

pub use calibration::{Cells, Regression, Residuals};
pub use contrasts::{Covariance, Difference, Pairwise, domain, pairwise};
pub(crate) use design_columns::design_columns;
pub use design_summary::{
    DesignSummary, Finding, ReplicateFacts, StageFacts, Stratum, WeightFacts, summarise_design,
};
pub use engine::{Calibrated, estimate, estimate_calibrated};
pub(crate) use engine::{implied_weights, resolved};
pub use estimates::SurveyEstimates;
pub use export::{ExportPlan, SumsExport, SumsFiles, SumsOptions, export_sums, plan_export};
pub(in crate::internals::survey) use export::{check_compatible, merged_codebook};
pub use imputations::{Combined, Imputations, combined, combined_rows, estimate_imputed};
pub(crate) use intervals::{CriticalValues, ShareEstimate};
pub use level_names::LevelNames;
pub use levels::typed::{TypedLevels, did_you_mean};
pub use limits::{MOST_OF_TABLE, RowLimits, TooMany};
pub(crate) use notices::{check_replicate_columns, design_notes, literal_warnings};
pub(crate) use options::choices;
pub use options::{
    Ci, DeffKind, DomainDf, Incomplete, Missing, NamedOption, Options, QuantileRule, SMALL_BASE,
};
pub use plan::has_levels;
pub(crate) use quantiles::Distribution;
pub use quantiles::MOST_VALUES;
pub(crate) use request::listed;
pub use request::{Filter, Group, Net, Request, RequestBuilder};
pub use respondent_design::{FirstStage, base_weights, first_stage, replicate_weights};
pub use rows::{Part, RowKey};
pub use scores::{DesignVariance, Scores};
pub use standardisation::Standard;

use crate::frames;
use crate::survey::{design, expr, microdata, sums};

/// Why nothing can be estimated as it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An item, group or condition that does not fit the file.
    #[error("{0}")]
    Expression(expr::Error),
    /// A column of the design.
    #[error("{what}: {error}")]
    DesignColumn {
        what: String,
        error: microdata::Error,
    },
    #[error(transparent)]
    Design(#[from] design::Error),
    #[error(transparent)]
    Sums(#[from] sums::Error),
    #[error(transparent)]
    File(#[from] microdata::Error),
    #[error(transparent)]
    Frame(#[from] frames::Error),
    /// Parts of the question that don't go together.
    #[error("{0}")]
    Request(String),
}
