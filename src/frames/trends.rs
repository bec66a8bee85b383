//! The tables of a poll trend: days, houses, polls, standard deviations.

use super::{Column, Error, Frame, Values};

/// A level on a day. Shares are 0..1, a lead −1..1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrendRow {
    /// The file, or the store.
    pub source: String,
    /// The contest.
    pub variable: String,
    /// The answer, or the combination of answers.
    pub level: String,
    /// The day, ISO.
    pub date: String,
    /// trend, lead, share or sum.
    pub statistic: String,
    /// The level.
    pub estimate: Option<f64>,
    /// Its standard deviation.
    pub se: Option<f64>,
    /// The band.
    pub ci_low: Option<f64>,
    /// The band.
    pub ci_high: Option<f64>,
    /// Polls used.
    pub polls: u32,
    /// Their houses.
    pub houses: u32,
    /// The last day of fieldwork.
    pub last_poll: String,
    /// Change over 30 days.
    pub change_30: Option<f64>,
    /// Its band.
    pub change_30_low: Option<f64>,
    /// Its band.
    pub change_30_high: Option<f64>,
    /// The probability that a lead is above 0, by the polls alone.
    pub probability_of_lead: Option<f64>,
    /// The same with the error that all polls of past elections shared.
    pub probability_with_historical_error: Option<f64>,
    /// The shared error in the band, as a share at 50 %.
    pub historical_error: Option<f64>,
    /// Codes.
    pub flags: String,
    /// For people.
    pub note: String,
}

/// What a house prints beyond the level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HouseRow {
    /// The answer.
    pub level: String,
    /// The house.
    pub house: String,
    /// Its polls.
    pub polls: u32,
    /// The middle day of its first poll.
    pub first: String,
    /// The middle day of its last poll.
    pub last: String,
    /// The effect.
    pub estimate: f64,
    /// Its standard deviation.
    pub se: f64,
    /// Its band.
    pub ci_low: f64,
    /// Its band.
    pub ci_high: f64,
    /// What it is relative to.
    pub relative_to: String,
    /// Codes.
    pub flags: String,
    /// For people.
    pub note: String,
}

/// A poll beside the line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PollRow {
    /// The answer.
    pub level: String,
    /// The poll, as the file calls it.
    pub poll: String,
    /// Its house.
    pub house: String,
    /// First day of fieldwork.
    pub start: String,
    /// Last day of fieldwork.
    pub end: String,
    /// Respondents.
    pub n: Option<f64>,
    /// As printed.
    pub printed: Option<f64>,
    /// Level and house.
    pub fitted: Option<f64>,
    /// Printed less fitted.
    pub residual: Option<f64>,
    /// The residual over the standard deviation of the poll's noise.
    pub z: Option<f64>,
    /// Its share in the latest estimate.
    pub weight: Option<f64>,
    /// Whether it is used.
    pub used: bool,
    /// Codes.
    pub flags: String,
    /// Why it is not used.
    pub note: String,
}

/// A standard deviation of the model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VarianceRow {
    /// The answer.
    pub level: String,
    /// sigma_day, sigma_30_days, omega, tau, phi.
    pub parameter: String,
    /// The estimate, as a share (phi: a ratio of variances).
    pub estimate: f64,
    /// Its band.
    pub ci_low: Option<f64>,
    /// Its band.
    pub ci_high: Option<f64>,
    /// integrated, reml or fixed.
    pub method: String,
    /// For people.
    pub note: String,
}

fn texts<R>(name: &str, rows: &[R], text: impl Fn(&R) -> &str) -> Column {
    super::estimates::text(name, rows, |row| Some(text(row).into()))
}

fn counts<R>(name: &str, rows: &[R], count: impl Fn(&R) -> u32) -> Column {
    let values = rows.iter().map(|row| Some(i64::from(count(row)))).collect();
    Column::new(name, Values::Integers(values))
}

fn numbers<R>(name: &str, rows: &[R], number: impl Fn(&R) -> Option<f64>) -> Column {
    Column::new(name, Values::Numbers(rows.iter().map(number).collect()))
}

/// The frame of [`TrendRow`]s.
///
/// # Errors
/// None that rows of one kind could bring.
pub fn trend_frame(rows: &[TrendRow]) -> Result<Frame, Error> {
    let columns = vec![
        texts("source", rows, |row| &row.source),
        texts("variable", rows, |row| &row.variable),
        texts("level", rows, |row| &row.level),
        texts("date", rows, |row| &row.date),
        texts("statistic", rows, |row| &row.statistic),
        numbers("estimate", rows, |row| row.estimate),
        numbers("se", rows, |row| row.se),
        numbers("ci_low", rows, |row| row.ci_low),
        numbers("ci_high", rows, |row| row.ci_high),
        counts("polls", rows, |row| row.polls),
        counts("houses", rows, |row| row.houses),
        texts("last_poll", rows, |row| &row.last_poll),
        numbers("change_30", rows, |row| row.change_30),
        numbers("change_30_low", rows, |row| row.change_30_low),
        numbers("change_30_high", rows, |row| row.change_30_high),
        numbers("probability_of_lead", rows, |row| row.probability_of_lead),
        numbers("probability_with_historical_error", rows, |row| {
            row.probability_with_historical_error
        }),
        numbers("historical_error", rows, |row| row.historical_error),
        texts("flags", rows, |row| &row.flags),
        texts("note", rows, |row| &row.note),
    ];
    Frame::new(rows.len(), columns)
}

/// The frame of [`HouseRow`]s.
///
/// # Errors
/// None that rows of one kind could bring.
pub fn house_frame(rows: &[HouseRow]) -> Result<Frame, Error> {
    let columns = vec![
        texts("level", rows, |row| &row.level),
        texts("house", rows, |row| &row.house),
        counts("polls", rows, |row| row.polls),
        texts("first", rows, |row| &row.first),
        texts("last", rows, |row| &row.last),
        numbers("estimate", rows, |row| Some(row.estimate)),
        numbers("se", rows, |row| Some(row.se)),
        numbers("ci_low", rows, |row| Some(row.ci_low)),
        numbers("ci_high", rows, |row| Some(row.ci_high)),
        texts("relative_to", rows, |row| &row.relative_to),
        texts("flags", rows, |row| &row.flags),
        texts("note", rows, |row| &row.note),
    ];
    Frame::new(rows.len(), columns)
}

/// The frame of [`PollRow`]s.
///
/// # Errors
/// None that rows of one kind could bring.
pub fn poll_frame(rows: &[PollRow]) -> Result<Frame, Error> {
    let used = rows.iter().map(|row| Some(row.used)).collect();
    let columns = vec![
        texts("level", rows, |row| &row.level),
        texts("poll", rows, |row| &row.poll),
        texts("house", rows, |row| &row.house),
        texts("start", rows, |row| &row.start),
        texts("end", rows, |row| &row.end),
        numbers("n", rows, |row| row.n),
        numbers("printed", rows, |row| row.printed),
        numbers("fitted", rows, |row| row.fitted),
        numbers("residual", rows, |row| row.residual),
        numbers("z", rows, |row| row.z),
        numbers("weight", rows, |row| row.weight),
        Column::new("used", Values::Truths(used)),
        texts("flags", rows, |row| &row.flags),
        texts("note", rows, |row| &row.note),
    ];
    Frame::new(rows.len(), columns)
}

/// The frame of [`VarianceRow`]s.
///
/// # Errors
/// None that rows of one kind could bring.
pub fn variance_frame(rows: &[VarianceRow]) -> Result<Frame, Error> {
    let columns = vec![
        texts("level", rows, |row| &row.level),
        texts("parameter", rows, |row| &row.parameter),
        numbers("estimate", rows, |row| Some(row.estimate)),
        numbers("ci_low", rows, |row| row.ci_low),
        numbers("ci_high", rows, |row| row.ci_high),
        texts("method", rows, |row| &row.method),
        texts("note", rows, |row| &row.note),
    ];
    Frame::new(rows.len(), columns)
}

/// The line on the day before an election, and what came. Shares are 0..1, a lead −1..1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BacktestRow {
    /// What was voted on.
    pub contest: String,
    /// The day, ISO.
    pub election: String,
    /// The answer.
    pub level: String,
    /// The result.
    pub result: f64,
    /// The line.
    pub model: f64,
    /// Its standard deviation, by the polls alone.
    pub se: f64,
    /// Whether its band holds the result.
    pub covered: bool,
    /// Whether the band with the shared error does.
    pub covered_historical: bool,
    /// The mean of the last 14 days.
    pub mean_14_days: Option<f64>,
    /// A local line.
    pub loess: Option<f64>,
    /// Polls used.
    pub polls: u32,
    /// Their houses.
    pub houses: u32,
}

/// The frame of [`BacktestRow`]s.
///
/// # Errors
/// None that rows of one kind could bring.
pub fn backtest_frame(rows: &[BacktestRow]) -> Result<Frame, Error> {
    let truths = |name: &str, truth: fn(&BacktestRow) -> bool| {
        let values: Vec<bool> = rows.iter().map(truth).collect();
        Column::new(name, values)
    };
    let columns = vec![
        texts("contest", rows, |row| &row.contest),
        texts("election", rows, |row| &row.election),
        texts("level", rows, |row| &row.level),
        numbers("result", rows, |row| Some(row.result)),
        numbers("model", rows, |row| Some(row.model)),
        numbers("se", rows, |row| Some(row.se)),
        truths("covered", |row| row.covered),
        truths("covered_historical", |row| row.covered_historical),
        numbers("mean_14_days", rows, |row| row.mean_14_days),
        numbers("loess", rows, |row| row.loess),
        counts("polls", rows, |row| row.polls),
        counts("houses", rows, |row| row.houses),
    ];
    Frame::new(rows.len(), columns)
}
