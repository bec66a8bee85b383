//! A trend: polls chosen, a model fitted, and what is asked of it: days, changes, houses, the weight of each poll.

use rayon::prelude::*;

use super::model::{Functional, Grid, Moments, Parameters, Series, Smoothed};
use super::notes::Base;
use super::selection::{Measure, Selection, UsedPoll};
use super::variances::{Dispersion, Mixture, Variances, dispersion};
use crate::statistics::linear::Cholesky;
use crate::statistics::special::normal;

/// With fewer polls there is no line.
pub const LEAST_POLLS: usize = 8;

/// With fewer houses the band rests on the prior of their spread, and no line is drawn.
pub const LEAST_HOUSES: usize = 3;

/// The error that all polls of an election shared, in shares at 50 %: 21 elections, 83 shares, five countries.
pub const HISTORICAL_ERROR: f64 = 0.019;

/// Days between the two moments of a change.
pub const CHANGE_DAYS: i64 = 30;

/// The variance of sampling rests on the smoothed share, which rests on it: after two passes nothing moves any more.
const SMOOTHING_PASSES: usize = 2;

/// What the level of the line is that of.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum LevelBy {
    /// Each house once.
    #[default]
    Houses,
    /// Each poll once.
    Polls,
    /// One pollster's own.
    Pollster(String),
    /// Results: the line goes through them, and all houses share an error that is not known.
    Results(Vec<(i64, f64)>),
}

/// The share p in p (1 − p)/n, the variance of sampling of a poll.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SamplingShare {
    /// That of all polls together: known before the line is, so that the fit is one pass and the variances don’t move with it.
    #[default]
    Pooled,
    /// That of the line at the poll, found in two passes: where a share moves far within the series.
    Smoothed,
}

impl SamplingShare {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            SamplingShare::Pooled => "pooled",
            SamplingShare::Smoothed => "smoothed",
        }
    }
}

/// How a trend is made.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendOptions {
    /// Which share the variance of sampling is of.
    pub sampling: SamplingShare,
    /// Where the standard deviations come from.
    pub variances: Variances,
    /// The design effect of the polls, where one is known: never guessed.
    pub deff: f64,
    /// What the level is that of.
    pub level_by: LevelBy,
    /// The shared error of elections, in shares at 50 %.
    pub historical_error: Option<f64>,
    /// Confidence level of the bands.
    pub level: f64,
    /// A line of fewer polls and houses than it takes.
    pub force: bool,
}

impl Default for TrendOptions {
    fn default() -> TrendOptions {
        TrendOptions {
            sampling: SamplingShare::Pooled,
            variances: Variances::Integrated,
            deff: 1.0,
            level_by: LevelBy::Houses,
            historical_error: None,
            level: 0.95,
            force: false,
        }
    }
}

/// Why there is no trend.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TrendError {
    /// Too few polls or houses for a line.
    #[error(
        "{label}: too few polls for a line: {polls} of {houses} {}, where it takes {LEAST_POLLS} of {LEAST_HOUSES}; {left_out}--force draws one all the same", if *.houses == 1 { "house" } else { "houses" }
    )]
    TooFew {
        /// The measure.
        label: String,
        /// Polls that could be used.
        polls: usize,
        /// Their houses.
        houses: usize,
        /// Where polls were left out: how many.
        left_out: String,
    },
    /// No house of that name.
    #[error("no pollster {name} among the polls used; there are {}", .known.join(", "))]
    NoPollster {
        /// What was written.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// The numbers allow no fit.
    #[error("{0}: the polls allow no fit")]
    NoFit(String),
}

/// A fitted trend.
#[derive(Clone, Debug)]
pub struct Trend<'p> {
    /// What is followed.
    pub measure: Measure,
    /// The polls, used and left out.
    pub selection: Selection<'p>,
    /// The houses, in alphabetical order.
    pub houses: Vec<String>,
    /// The polls as the model has them.
    pub series: Series,
    /// The possible standard deviations.
    pub mixture: Mixture,
    /// How it was made.
    pub options: TrendOptions,
    /// Who is in the base of the printed shares.
    pub base: Option<Base>,
}

/// A level at one day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayEstimate {
    /// Days since 1970-01-01.
    pub day: i64,
    /// The share, or the lead.
    pub estimate: f64,
    /// Its standard deviation, with the historical error where that was asked for.
    pub se: f64,
    /// Its standard deviation by the polls alone.
    pub polls_se: f64,
    /// The band.
    pub low: f64,
    /// The band.
    pub high: f64,
    /// The change over 30 days with its band, where polls reach back as far.
    pub change: Option<(f64, f64, f64)>,
    /// The probability that the lead is above 0, given the polls alone and with the historical error.
    pub lead_probability: Option<(f64, f64)>,
    /// Beyond the last poll: if opinion moves as it did.
    pub nowcast: bool,
}

/// What a house prints beyond the level.
#[derive(Clone, Debug, PartialEq)]
pub struct HouseEffect {
    /// Its name.
    pub house: String,
    /// Its polls.
    pub polls: usize,
    /// First and last middle day.
    pub span: (f64, f64),
    /// The effect; with a result it is the house's error.
    pub estimate: f64,
    /// Its standard deviation.
    pub se: f64,
}

/// A poll beside the line.
#[derive(Clone, Debug, PartialEq)]
pub struct PollFit {
    /// What was printed, as a share.
    pub printed: f64,
    /// Level and house.
    pub fitted: f64,
    /// The residual over the standard deviation of a poll's noise.
    pub z: f64,
    /// Its share in the latest estimate.
    pub weight: f64,
}

impl<'p> Trend<'p> {
    /// Fits.
    ///
    /// # Errors
    /// Fewer polls than a line takes, a level by a pollster who is not among them.
    pub fn fit(
        measure: Measure,
        selection: Selection<'p>,
        options: TrendOptions,
    ) -> Result<Trend<'p>, TrendError> {
        let (series, houses) = pooled_series(&measure, &selection, options.deff);
        let few = series.len() < LEAST_POLLS || houses.len() < LEAST_HOUSES;
        // one house alone has no effect that could be told from the level
        let enough = !few || houses.len() == 1 && series.len() >= LEAST_POLLS;
        if series.len() < 2 || !enough && !options.force {
            return Err(TrendError::TooFew {
                label: measure.label(),
                polls: series.len(),
                houses: houses.len(),
                left_out: match selection.left_out.len() {
                    0 => String::new(),
                    count => format!("{count} were left out; "),
                },
            });
        }
        if let LevelBy::Pollster(name) = &options.level_by
            && !houses.contains(name)
        {
            return Err(TrendError::NoPollster {
                name: name.clone(),
                known: houses,
            });
        }
        let no_fit = || TrendError::NoFit(measure.label());
        let mut series = series;
        let passes = match options.sampling {
            SamplingShare::Pooled => 0,
            SamplingShare::Smoothed => SMOOTHING_PASSES,
        };
        for _ in 0..passes {
            let variances = match options.variances {
                Variances::Integrated => Variances::Reml,
                other => other,
            };
            let parameters = Mixture::new(&series, variances).ok_or_else(no_fit)?.mean();
            series = smoothed_series(&measure, &selection, &series, parameters, options.deff)
                .ok_or_else(no_fit)?;
        }
        let mixture = Mixture::new(&series, options.variances).ok_or_else(no_fit)?;
        Ok(Trend {
            base: Base::new(&selection.used),
            measure,
            selection,
            houses,
            series,
            mixture,
            options,
        })
    }

    /// The middle days of the first and the last poll.
    pub fn span(&self) -> (f64, f64) {
        let times = &self.series.times;
        let first = times.iter().copied().fold(f64::INFINITY, f64::min);
        let last = times.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (first, last)
    }

    /// The last day on which one of the polls was in the field.
    pub fn last_poll(&self) -> i64 {
        let days = self
            .selection
            .used
            .iter()
            .filter_map(|used| used.poll.last_day());
        days.max().unwrap_or_default()
    }

    /// The first day on which one of the polls was in the field.
    pub fn first_poll(&self) -> i64 {
        let used = self.selection.used.iter();
        let days = used.filter_map(|used| used.poll.first_day());
        days.min().unwrap_or_default()
    }

    /// Whether the level is tied to results.
    pub fn goes_through_results(&self) -> bool {
        matches!(self.options.level_by, LevelBy::Results(_))
    }

    /// The agreement of the polls among themselves.
    pub fn dispersion(&self) -> Option<Dispersion> {
        dispersion(&self.series)
    }

    /// The estimates of some days, in their order, with their changes over 30 days.
    pub fn days(&self, days: &[i64]) -> Vec<DayEstimate> {
        self.estimates(days, true)
    }

    /// The same without changes, for a line.
    pub fn levels(&self, days: &[i64]) -> Vec<DayEstimate> {
        self.estimates(days, false)
    }

    fn estimates(&self, days: &[i64], with_changes: bool) -> Vec<DayEstimate> {
        let first = self.span().0;
        let before = |day: i64| day - CHANGE_DAYS;
        let mut times: Vec<f64> = days.iter().map(|day| *day as f64).collect();
        if with_changes {
            times.extend(days.iter().map(|day| before(*day) as f64));
        }
        let levels = times.len();
        times.extend(self.result_days());
        // `places` keeps the order of `times`: the days, those a month before, the results
        let grid = Grid::new(&self.series, &times);
        let (places, results) = grid.days().split_at(levels);
        let functions: Vec<Functional> = places
            .iter()
            .map(|place| self.level(*place, results))
            .collect();
        let changes = if with_changes { days.len() } else { 0 };
        let pairs: Vec<(usize, usize)> = (0..changes).map(|k| (k, days.len() + k)).collect();
        let moments = self.moments(&grid, &functions, &pairs, results);
        let base = self.anchor();
        let known = days.iter().enumerate();
        known
            .map(|(k, day)| {
                let reaches = with_changes && before(*day) as f64 >= first;
                let change = reaches.then(|| {
                    let back = days.len() + k;
                    let by = moments.means[k] - moments.means[back];
                    let variance = moments.variances[k] + moments.variances[back]
                        - 2.0 * moments.covariances[k];
                    let half = self.critical() * variance.max(0.0).sqrt();
                    (by, by - half, by + half)
                });
                self.day(*day, base + moments.means[k], moments.variances[k], change)
            })
            .collect()
    }

    /// The normal quantile of the bands.
    pub fn critical(&self) -> f64 {
        normal::quantile_upper((1.0 - self.options.level) / 2.0).unwrap_or(f64::NAN)
    }

    fn day(
        &self,
        day: i64,
        mean: f64,
        variance: f64,
        change: Option<(f64, f64, f64)>,
    ) -> DayEstimate {
        // b is the error at 50 %, where the variance of one respondent is a quarter
        let shared = |b: f64| 4.0 * b * b * self.unit_variance(mean);
        let total = variance + self.options.historical_error.map_or(0.0, shared);
        let (low, high) = self.band(mean, total.sqrt());
        let lead = matches!(self.measure, Measure::Lead(..));
        let probability = |variance: f64| normal::cdf(mean / variance.sqrt()).unwrap_or(f64::NAN);
        let historical = self.options.historical_error.unwrap_or(HISTORICAL_ERROR);
        DayEstimate {
            day,
            estimate: mean,
            se: total.sqrt(),
            polls_se: variance.max(0.0).sqrt(),
            low,
            high,
            change,
            lead_probability: lead.then(|| {
                (
                    probability(variance),
                    probability(variance + shared(historical)),
                )
            }),
            nowcast: day > self.last_poll(),
        }
    }

    /// p (1 − p) of a share, a + b − (a − b)² of a lead: the variance of one respondent.
    fn unit_variance(&self, mean: f64) -> f64 {
        match &self.measure {
            Measure::Lead(..) => (self.both() - mean * mean).max(0.0),
            _ => mean * (1.0 - mean),
        }
    }

    /// The pooled sum of the two shares of a lead.
    fn both(&self) -> f64 {
        pooled(&self.measure, &self.selection).1
    }

    /// A lead's band is symmetric; a share's is on the logit, so that it never leaves 0 to 1.
    pub fn band(&self, mean: f64, sd: f64) -> (f64, f64) {
        let z = self.critical();
        if matches!(self.measure, Measure::Lead(..)) || !(mean > 0.0 && mean < 1.0) {
            return (mean - z * sd, mean + z * sd);
        }
        let half = z * sd / (mean * (1.0 - mean));
        let logit = (mean / (1.0 - mean)).ln();
        let share = |logit: f64| 1.0 / (1.0 + (-logit).exp());
        (share(logit - half), share(logit + half))
    }

    /// The share that the line goes through, 0 where there is none.
    fn anchor(&self) -> f64 {
        match &self.options.level_by {
            LevelBy::Results(results) => results.first().map_or(0.0, |(_, share)| *share),
            _ => 0.0,
        }
    }

    fn result_days(&self) -> Vec<f64> {
        match &self.options.level_by {
            LevelBy::Results(results) => results.iter().map(|(day, _)| *day as f64).collect(),
            _ => Vec::new(),
        }
    }

    /// The coefficients of the houses in the level.
    fn level_houses(&self) -> Vec<f64> {
        let houses = self.houses.len();
        match &self.options.level_by {
            LevelBy::Houses | LevelBy::Results(_) => vec![0.0; houses],
            LevelBy::Polls => {
                let counts = self.series.polls_by_house();
                let all = self.series.len() as f64;
                counts.iter().map(|count| *count as f64 / all).collect()
            }
            LevelBy::Pollster(name) => self
                .houses
                .iter()
                .map(|house| f64::from(u8::from(house == name)))
                .collect(),
        }
    }

    /// The level at a place of the grid; through a result it is what lies between the two days.
    fn level(&self, place: usize, results: &[usize]) -> Functional {
        let mut times = vec![(place, 1.0)];
        if let Some(anchor) = results.first() {
            times.push((*anchor, -1.0));
        }
        Functional {
            times,
            houses: self.level_houses(),
        }
    }

    /// Moments over the possible standard deviations. Further results are conditions that the line meets.
    fn moments(
        &self,
        grid: &Grid,
        functions: &[Functional],
        pairs: &[(usize, usize)],
        results: &[usize],
    ) -> Moments {
        let anchors = match &self.options.level_by {
            LevelBy::Results(results) => results.as_slice(),
            _ => &[],
        };
        let base = self.anchor();
        let conditions: Vec<(Functional, f64)> = anchors
            .iter()
            .zip(results)
            .skip(1)
            .map(|((_, share), place)| (self.level(*place, results), share - base))
            .collect();
        let nodes: Vec<(f64, Moments)> = self
            .mixture
            .nodes
            .par_iter()
            .filter_map(|(parameters, weight)| {
                // a node without a factor drops out: `mixed` divides by the weight that is left
                let smoothed = Smoothed::new(&self.series, grid, *parameters)?;
                if conditions.is_empty() {
                    return Some((*weight, smoothed.moments(functions, pairs)));
                }
                let known = Conditioned::new(&smoothed, &conditions)?;
                let variances = functions.iter().map(|one| known.covariance(one, one));
                let covariances = pairs
                    .iter()
                    .map(|(a, b)| known.covariance(&functions[*a], &functions[*b]));
                let moments = Moments {
                    means: functions.iter().map(|one| known.mean(one)).collect(),
                    variances: variances.collect(),
                    covariances: covariances.collect(),
                };
                Some((*weight, moments))
            })
            .collect();
        mixed(&nodes, functions.len(), pairs)
    }

    /// What each house prints beyond the level: with a result, its error.
    pub fn house_effects(&self) -> Vec<HouseEffect> {
        let grid = Grid::new(&self.series, &self.result_days());
        let results = grid.days();
        let level = self.level_houses();
        let houses = self.houses.len();
        let functions: Vec<Functional> = (0..houses)
            .map(|house| {
                let mut effect = Functional::house(house, houses);
                for (c, l) in effect.houses.iter_mut().zip(&level) {
                    *c -= l;
                }
                if let Some(anchor) = results.first() {
                    effect.times.push((*anchor, 1.0)); // the error that all share
                }
                effect
            })
            .collect();
        let moments = self.moments(&grid, &functions, &[], results);
        let shift = self.anchor();
        let counts = self.series.polls_by_house();
        let effects = self.houses.iter().enumerate().map(|(k, house)| {
            let times = self.series.times.iter().zip(&self.series.houses_of);
            let own = times.filter(|(_, one)| **one == k).map(|(time, _)| *time);
            let (first, last) = own
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), time| {
                    (low.min(time), high.max(time))
                });
            HouseEffect {
                house: house.clone(),
                polls: counts[k],
                span: (first, last),
                estimate: moments.means[k] - shift,
                se: moments.variances[k].max(0.0).sqrt(),
            }
        });
        effects.collect()
    }

    /// Each poll beside the line, in the order of [`Selection::used`].
    pub fn poll_fits(&self) -> Vec<PollFit> {
        let last = self.span().1;
        let grid = Grid::new(&self.series, &[last]);
        let place = grid.days().first().copied().unwrap_or_default();
        let level = Functional {
            times: vec![(place, 1.0)],
            houses: self.level_houses(),
        };
        let polls = self.series.len();
        let (mut fitted, mut weights, mut noise) =
            (vec![0.0; polls], vec![0.0; polls], vec![0.0; polls]);
        for (parameters, weight) in &self.mixture.nodes {
            let Some(smoothed) = Smoothed::new(&self.series, &grid, *parameters) else {
                continue;
            };
            let each = smoothed
                .fitted()
                .into_iter()
                .zip(smoothed.poll_weights(&level));
            for (k, (fit, share)) in each.enumerate() {
                fitted[k] += weight * fit;
                weights[k] += weight * share;
                noise[k] += weight * (self.series.sampling[k].powi(2) + parameters.tau.powi(2));
            }
        }
        (0..polls)
            .map(|k| PollFit {
                printed: self.series.values[k],
                fitted: fitted[k],
                z: (self.series.values[k] - fitted[k]) / noise[k].sqrt(),
                weight: weights[k],
            })
            .collect()
    }
}

/// The mixture of the nodes' moments, merged in their order.
fn mixed(nodes: &[(f64, Moments)], functions: usize, pairs: &[(usize, usize)]) -> Moments {
    let total: f64 = nodes.iter().map(|(weight, _)| weight).sum();
    let average = |part: &dyn Fn(&Moments) -> f64| {
        nodes
            .iter()
            .map(|(weight, node)| weight / total * part(node))
            .sum::<f64>()
    };
    let means: Vec<f64> = (0..functions)
        .map(|k| average(&|node| node.means[k]))
        .collect();
    let variances = (0..functions)
        // what the means of the nodes differ by is uncertain, too (law of total variance)
        .map(|k| average(&|node| node.variances[k] + (node.means[k] - means[k]).powi(2)))
        .collect();
    let covariances = pairs
        .iter()
        .enumerate()
        .map(|(k, (a, b))| {
            average(&|node| {
                node.covariances[k] + (node.means[*a] - means[*a]) * (node.means[*b] - means[*b])
            })
        })
        .collect();
    Moments {
        means,
        variances,
        covariances,
    }
}

/// A smoothed series that is known to meet some conditions exactly.
struct Conditioned<'s, 'a> {
    smoothed: &'s Smoothed<'a>,
    conditions: &'s [(Functional, f64)],
    factor: Option<Cholesky>,
    /// C⁻¹ (r − mean).
    pull: Vec<f64>,
}

impl<'s, 'a> Conditioned<'s, 'a> {
    fn new(
        smoothed: &'s Smoothed<'a>,
        conditions: &'s [(Functional, f64)],
    ) -> Option<Conditioned<'s, 'a>> {
        let n = conditions.len();
        let mut pull: Vec<f64> = conditions
            .iter()
            .map(|(of, value)| value - smoothed.mean(of))
            .collect();
        let factor = match n {
            0 => None,
            n => {
                let entry =
                    |k: usize| smoothed.covariance(&conditions[k / n].0, &conditions[k % n].0);
                Some(Cholesky::new((0..n * n).map(entry).collect(), n)?)
            }
        };
        if let Some(factor) = &factor {
            factor.solve(&mut pull);
        }
        Some(Conditioned {
            smoothed,
            conditions,
            factor,
            pull,
        })
    }

    fn with_conditions(&self, function: &Functional) -> Vec<f64> {
        let conditions = self.conditions.iter();
        conditions
            .map(|(condition, _)| self.smoothed.covariance(function, condition))
            .collect()
    }

    fn mean(&self, function: &Functional) -> f64 {
        let known = self.smoothed.mean(function);
        let each = self.with_conditions(function);
        known + each.iter().zip(&self.pull).map(|(c, p)| c * p).sum::<f64>()
    }

    fn covariance(&self, a: &Functional, b: &Functional) -> f64 {
        let plain = self.smoothed.covariance(a, b);
        let Some(factor) = &self.factor else {
            return plain;
        };
        let (mut left, mut right) = (self.with_conditions(a), self.with_conditions(b));
        factor.solve_lower(&mut left);
        factor.solve_lower(&mut right);
        plain - left.iter().zip(&right).map(|(l, r)| l * r).sum::<f64>()
    }
}

/// The pooled value, and the pooled base of it: the sum of both shares of a lead, of the answers a share is among.
fn pooled(measure: &Measure, selection: &Selection) -> (f64, f64) {
    let (mut n, mut value, mut base) = (0.0, 0.0, 0.0);
    for used in &selection.used {
        if let Some((one, among)) = measure.in_poll(used.poll) {
            n += used.n;
            value += used.n * one;
            base += used.n * among;
        }
    }
    (value / n, base / n)
}

/// The standard deviation of sampling of a poll whose true value is `value`.
fn sampling(measure: &Measure, used: &UsedPoll, value: f64, both: f64, deff: f64) -> f64 {
    let among = match (measure, measure.in_poll(used.poll)) {
        (Measure::Share(..), Some((_, among))) => among,
        _ => 1.0,
    };
    let unit = match measure {
        Measure::Lead(..) => both - value * value,
        _ => value * (1.0 - value),
    };
    // a share of 0 would make its poll weigh without bound
    (deff * unit.max(1e-6) / (used.n * among)).sqrt()
}

/// The polls in the model's terms, with the pooled share in the variance of sampling; and the names of the houses.
pub fn pooled_series(measure: &Measure, selection: &Selection, deff: f64) -> (Series, Vec<String>) {
    let mut houses: Vec<String> = selection
        .used
        .iter()
        .map(|used| used.house.clone())
        .collect();
    houses.sort();
    houses.dedup();
    let (value, both) = pooled(measure, selection);
    let mut series = Series {
        times: Vec::new(),
        values: Vec::new(),
        sampling: Vec::new(),
        houses_of: Vec::new(),
        houses: houses.len(),
    };
    for used in &selection.used {
        let Some((printed, _)) = measure.in_poll(used.poll) else {
            continue;
        };
        series.times.push(used.middle);
        series.values.push(printed);
        series
            .sampling
            .push(sampling(measure, used, value, both, deff));
        let house = houses.binary_search(&used.house).unwrap_or_default();
        series.houses_of.push(house);
    }
    (series, houses)
}

/// The same with the smoothed value at each poll in the variance of sampling.
fn smoothed_series(
    measure: &Measure,
    selection: &Selection,
    series: &Series,
    parameters: Parameters,
    deff: f64,
) -> Option<Series> {
    let grid = Grid::new(series, &series.times);
    let smoothed = Smoothed::new(series, &grid, parameters)?;
    let (_, both) = pooled(measure, selection);
    let values = grid
        .days()
        .iter()
        .map(|place| smoothed.mean(&Functional::level(*place)));
    let sds = values
        .zip(&selection.used)
        .map(|(value, used)| sampling(measure, used, value, both, deff));
    Some(Series {
        sampling: sds.collect(),
        ..series.clone()
    })
}

/// Shares made to sum to 1, each moved by its variance: m + v (1 − Σm)/Σv with variance v − v²/Σv.
///
/// ```
/// use opine::internals::published::trend::reconciled;
/// let both = reconciled(&[(0.50, 0.01), (0.48, 0.01)]);
/// assert!((both[0].0 - 0.51).abs() < 1e-12 && (both[1].0 - 0.49).abs() < 1e-12);
/// ```
pub fn reconciled(shares: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let sum: f64 = shares.iter().map(|(mean, _)| mean).sum();
    let spread: f64 = shares.iter().map(|(_, sd)| sd * sd).sum();
    let move_by = |(mean, sd): &(f64, f64)| {
        let variance = sd * sd;
        let moved = mean + variance * (1.0 - sum) / spread;
        (
            moved,
            (variance - variance * variance / spread).max(0.0).sqrt(),
        )
    };
    match spread > 0.0 {
        true => shares.iter().map(move_by).collect(),
        false => shares.to_vec(),
    }
}
