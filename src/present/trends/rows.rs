//! Trends as rows: of days, houses, polls and standard deviations.

use super::words::{iso, relative_to};
use crate::frames::{HouseRow, PollRow, TrendRow, VarianceRow};
use crate::published::trend::{DayEstimate, Parameters, Trend, Variances};

/// Said of every day after the last poll.
const NOWCAST: &str = "after the last poll: if opinion moves as it did";

/// The rows of some days.
pub fn day_rows(trend: &Trend, source: &str, contest: &str, days: &[DayEstimate]) -> Vec<TrendRow> {
    days.iter()
        .map(|day| TrendRow {
            source: source.to_owned(),
            variable: if contest.is_empty() { "polls" } else { contest }.to_owned(),
            level: trend.measure.label(),
            date: iso(day.day),
            statistic: trend.measure.statistic().to_owned(),
            estimate: Some(day.estimate),
            se: Some(day.se),
            ci_low: Some(day.low),
            ci_high: Some(day.high),
            polls: trend.series.len() as u32,
            houses: trend.houses.len() as u32,
            last_poll: iso(trend.last_poll()),
            change_30: day.change.map(|(by, _, _)| by),
            change_30_low: day.change.map(|(_, low, _)| low),
            change_30_high: day.change.map(|(_, _, high)| high),
            probability_of_lead: day.lead_probability.map(|(alone, _)| alone),
            probability_with_historical_error: day.lead_probability.map(|(_, shared)| shared),
            historical_error: trend.options.historical_error,
            flags: if day.nowcast { "nowcast" } else { "" }.to_owned(),
            note: if day.nowcast { NOWCAST } else { "" }.to_owned(),
        })
        .collect()
}

/// The rows of the houses.
pub fn house_rows(trend: &Trend) -> Vec<HouseRow> {
    let z = trend.critical();
    trend
        .house_effects()
        .into_iter()
        .map(|effect| HouseRow {
            level: trend.measure.label(),
            house: effect.house,
            polls: effect.polls as u32,
            first: iso(effect.span.0.floor() as i64),
            last: iso(effect.span.1.floor() as i64),
            estimate: effect.estimate,
            se: effect.se,
            ci_low: effect.estimate - z * effect.se,
            ci_high: effect.estimate + z * effect.se,
            relative_to: relative_to(trend),
            flags: String::new(),
            note: match effect.polls {
                1 => "one poll: drawn towards the level".to_owned(),
                _ => String::new(),
            },
        })
        .collect()
}

/// The rows of the polls, those left out after those used.
pub fn poll_rows(trend: &Trend) -> Vec<PollRow> {
    let date = |day: Option<i64>| day.map_or_else(String::new, iso);
    let label = trend.measure.label();
    let used = trend.selection.used.iter().zip(trend.poll_fits());
    let mut rows: Vec<PollRow> = used
        .map(|(used, fit)| {
            let mut flags = Vec::new();
            if !used.poll.partisan.is_empty() {
                flags.push("partisan");
            }
            if used.assumed {
                flags.push("assumed_n");
            }
            if used.poll.coarse_date {
                flags.push("coarse_date");
            }
            if fit.z.abs() > 3.0 {
                flags.push("outlier");
            }
            PollRow {
                level: label.clone(),
                poll: used.poll.id.clone(),
                house: used.house.clone(),
                start: date(used.poll.start),
                end: date(used.poll.last_day()),
                n: Some(used.n),
                printed: Some(fit.printed),
                fitted: Some(fit.fitted),
                residual: Some(fit.printed - fit.fitted),
                z: Some(fit.z),
                weight: Some(fit.weight),
                used: true,
                flags: flags.join(" "),
                note: String::new(),
            }
        })
        .collect();
    let left_out = trend
        .selection
        .left_out
        .iter()
        .map(|(poll, reason)| PollRow {
            level: label.clone(),
            poll: poll.id.clone(),
            house: poll.pollster.clone(),
            start: date(poll.start),
            end: date(poll.last_day()),
            n: poll.n,
            printed: trend.measure.in_poll(poll).map(|(value, _)| value),
            note: reason.words(1).to_owned(),
            ..PollRow::default()
        });
    rows.extend(left_out);
    rows
}

/// The rows of the standard deviations, and of the agreement of the polls.
pub fn variance_rows(trend: &Trend) -> Vec<VarianceRow> {
    let method = match trend.options.variances {
        Variances::Integrated => "integrated",
        Variances::Reml => "reml",
        Variances::Fixed(_) => "fixed",
    };
    let mean = trend.mixture.mean();
    let range = |part: fn(&Parameters) -> f64| trend.mixture.range(part);
    let month = 30f64.sqrt();
    let row = |parameter: &str, estimate: f64, range: Option<(f64, f64)>| VarianceRow {
        level: trend.measure.label(),
        parameter: parameter.to_owned(),
        estimate,
        ci_low: range.map(|(low, _)| low),
        ci_high: range.map(|(_, high)| high),
        method: method.to_owned(),
        note: String::new(),
    };
    let sigma = range(|node| node.sigma);
    let mut rows = vec![
        row("sigma_day", mean.sigma, sigma),
        row(
            "sigma_30_days",
            month * mean.sigma,
            sigma.map(|(low, high)| (month * low, month * high)),
        ),
    ];
    if trend.houses.len() > 1 {
        rows.push(row("omega", mean.omega, range(|node| node.omega)));
    }
    rows.push(row("tau", mean.tau, range(|node| node.tau)));
    rows
}
