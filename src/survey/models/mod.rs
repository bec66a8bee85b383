//! Regressions of respondents, with standard errors of the design: coefficients, tests of terms, margins.
//!
//! | family | link | exp(b) | R |
//! | --- | --- | --- | --- |
//! | gaussian | identity | | `svyglm(y ~ a, design)` |
//! | binomial | logit, probit, cloglog, cauchit | odds ratio, hazard ratio | `svyglm(family = quasibinomial())` |
//! | poisson | log | rate ratio; of a condition risk ratio | `svyglm(family = quasipoisson())` |
//! | gamma | inverse, log | ratio of means | `svyglm(family = Gamma("log"))` |
//! | ordinal | logit, probit, cloglog | odds ratio | `svyolr`, but for its errors |
//! | multinomial | logit | relative risk ratio | `svyVGAM::svy_vglm` |
//!
//! The road from a formula to a table, a file a step:
//!
//! 1. [`formula`](Formula): the text, its terms and factors;
//! 2. `columns`: which number each term makes of a respondent;
//! 3. [`sample`](crate::survey::sample): respondents compressed to patterns, in one pass over the file;
//! 4. `basis`: the columns made independent, so that no digit is lost;
//! 5. `likelihood`, `cumulative`, `baseline`: the maximum of the weighted likelihood;
//! 6. `fit`: the scores at the maximum, whose design variance is that of the coefficients (Binder 1983);
//! 7. `separation`, `support`, `degenerate`: what has no bound, why, and the rest from the respondents that are left;
//! 8. `limit`: what is predicted where coefficients have no bound;
//! 9. `terms`, `margins`: what is asked of a fitted model.

mod baseline;
mod basis;
mod columns;
mod cumulative;
mod degenerate;
mod family;
mod fit;
mod formula;
mod imputations;
mod likelihood;
mod limit;
mod margins;
mod prepare;
mod separation;
mod support;
mod terms;

pub use columns::{Base, Columns, Transform};
pub use family::{Family, Link, ratios};
pub use fit::{CoefficientState, Fitted, fit};
pub use formula::Formula;
pub use imputations::{combined_coefficients, combined_margins};
pub use margins::{Gap, Margin, MarginsRequest, Pair};
pub use prepare::{FitRequest, Prepared, ResponseKind, prepare, prepare_sums};
pub use terms::{TermTest, TermTestKind};

use crate::survey::estimate;

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It can't be asked so.
    #[error(transparent)]
    Estimate(#[from] estimate::Error),
    /// It can't be asked so of these data.
    #[error("{0}")]
    Usage(String),
    /// The data leave nothing to be estimated.
    #[error("{0}")]
    Data(String),
}
