//! Poll trends: many polls of one question, one line, and a band that says what these polls say and no more.
//!
//! One deterministic state-space model with house effects, its variances integrated out ([`Mixture`]). Source of the model:
//! S. Jackman, "Pooling the polls over an election campaign", Australian Journal of Political Science 40 (2005); here without
//! a sampler, with an excess error beyond sampling, and with houses as random effects whose sum is 0.

mod backtest;
mod fit;
mod import;
mod model;
mod notes;
mod polls;
mod selection;
mod stored;
mod variances;

pub use backtest::{BACKTEST_DAYS, Backtest, backtest};
pub use fit::{
    CHANGE_DAYS, DayEstimate, HISTORICAL_ERROR, HouseEffect, LEAST_HOUSES, LEAST_POLLS, LevelBy,
    PollFit, SamplingShare, Trend, TrendError, TrendOptions, pooled_series, reconciled,
};
pub use import::{Form, Imported, Shape, import};
pub use model::{Functional, Grid, Moments, Parameters, Series, Smoothed};
pub use notes::Base;
pub use polls::{COLUMNS, ELECTION, Outcome, Poll, Polls, PollsError};
pub use selection::{
    Exclusion, HousePart, LEAST_N, MOST_FIELD_DAYS, Measure, Selection, SelectionOptions, UsedPoll,
    select,
};
pub use variances::{Dispersion, Mixture, Variances, dispersion};
