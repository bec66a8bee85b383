//! What the line would have said the day before each election of a file, beside simpler averages.

use super::fit::{HISTORICAL_ERROR, Trend, TrendOptions};
use super::polls::{Outcome, Polls};
use super::selection::{Measure, Selection, SelectionOptions, select};

/// Days of polls before an election.
pub const BACKTEST_DAYS: i64 = 365;

/// Days of the plain mean.
const MEAN_DAYS: f64 = 14.0;

/// The share of the polls that the local line rests on.
const LOESS_SPAN: f64 = 0.3;

/// The line on the day before an election, and what came.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// What was voted on.
    pub contest: String,
    /// The day of the election.
    pub election: i64,
    /// What is followed.
    pub measure: Measure,
    /// The result.
    pub result: f64,
    /// The line.
    pub model: f64,
    /// Its standard deviation, by the polls alone.
    pub se: f64,
    /// Whether the band of the polls alone holds the result.
    pub covered: bool,
    /// Whether the band with the error that all polls share does.
    pub covered_historical: bool,
    /// The mean of the polls of the last 14 days, each once; `None` without any.
    pub mean_14_days: Option<f64>,
    /// A local line through the nearest 30% of the polls, tricube weights, at the day before the election.
    pub loess: Option<f64>,
    /// Polls used.
    pub polls: usize,
    /// Their houses.
    pub houses: usize,
}

/// Fits a measure to the polls that had ended before an election; `None` where they are too few for a line, or the result
/// lacks the answer.
pub fn backtest(
    polls: &Polls,
    outcome: &Outcome,
    measure: &Measure,
    selection: &SelectionOptions,
    options: &TrendOptions,
) -> Option<Backtest> {
    let result = measure.in_outcome(outcome)?;
    let before = SelectionOptions {
        from: Some(outcome.day - BACKTEST_DAYS),
        to: Some(outcome.day - 1),
        ..selection.clone()
    };
    let chosen = select(polls, &outcome.contest, measure, &before);
    let day = outcome.day - 1;
    let mean_14_days = mean(&chosen, measure, outcome.day as f64 - MEAN_DAYS);
    let loess = loess(&chosen, measure, day as f64);
    let options = TrendOptions {
        historical_error: Some(options.historical_error.unwrap_or(HISTORICAL_ERROR)),
        ..options.clone()
    };
    let trend = Trend::fit(measure.clone(), chosen, options).ok()?;
    let estimate = trend.levels(&[day]).into_iter().next()?;
    let (low, high) = trend.band(estimate.estimate, estimate.polls_se);
    Some(Backtest {
        contest: outcome.contest.clone(),
        election: outcome.day,
        measure: measure.clone(),
        result,
        model: estimate.estimate,
        se: estimate.polls_se,
        covered: low <= result && result <= high,
        covered_historical: estimate.low <= result && result <= estimate.high,
        mean_14_days,
        loess,
        polls: trend.series.len(),
        houses: trend.houses.len(),
    })
}

/// The middle days and the values of the polls.
fn points<'s>(
    selection: &'s Selection,
    measure: &'s Measure,
) -> impl Iterator<Item = (f64, f64)> + 's {
    let used = selection.used.iter();
    used.filter_map(|one| Some((one.middle, measure.in_poll(one.poll)?.0)))
}

fn mean(selection: &Selection, measure: &Measure, from: f64) -> Option<f64> {
    let last: Vec<f64> = points(selection, measure)
        .filter(|(day, _)| *day >= from)
        .map(|(_, value)| value)
        .collect();
    (!last.is_empty()).then(|| last.iter().sum::<f64>() / last.len() as f64)
}

/// Cleveland’s local line (Journal of the American Statistical Association 74, 1979), without its robust steps.
fn loess(selection: &Selection, measure: &Measure, at: f64) -> Option<f64> {
    let points: Vec<(f64, f64)> = points(selection, measure).collect();
    let mut distances: Vec<f64> = points.iter().map(|(day, _)| (day - at).abs()).collect();
    distances.sort_by(f64::total_cmp);
    let near = ((LOESS_SPAN * points.len() as f64).ceil() as usize).max(3);
    let reach = distances.get(near.checked_sub(1)?)? + 1e-6;
    let (mut w, mut wx, mut wy, mut wxx, mut wxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (day, value) in points {
        let x = day - at;
        let weight = (1.0 - (x.abs() / reach).powi(3)).max(0.0).powi(3);
        w += weight;
        wx += weight * x;
        wy += weight * value;
        wxx += weight * x * x;
        wxy += weight * x * value;
    }
    let spread = w * wxx - wx * wx;
    match spread > 1e-9 * w * w {
        true => Some((wxx * wy - wx * wxy) / spread),
        false => (w > 0.0).then(|| wy / w),
    }
}
