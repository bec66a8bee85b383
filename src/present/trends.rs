//! Poll trends as rows, tables and sentences: what the polls say, what each house prints, what was left out.
//!
//! No sentence calls a house wrong where no result is known, none speaks of a day after the last poll as if it were known,
//! and a probability of a lead never stands without the one that knows of the errors that polls share.

use crate::frames::words::{and, signed_points, thousands};
use crate::frames::{HouseRow, PollRow, TrendRow, VarianceRow};
use crate::present::table::{Align, Block, Cell, Column, Row, Table};
use crate::published::figures::date::Date;
use crate::published::trend::{
    DayEstimate, HISTORICAL_ERROR, LeftOut, LevelBy, Measure, Trend, Variances,
};

fn iso(day: i64) -> String {
    Date::from_days(day).to_string()
}

/// The rows of some days.
pub fn day_rows(trend: &Trend, source: &str, contest: &str, days: &[DayEstimate]) -> Vec<TrendRow> {
    days.iter()
        .map(|day| TrendRow {
            source: source.to_owned(),
            variable: contest.to_owned(),
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
            flags: if day.nowcast {
                "nowcast".to_owned()
            } else {
                String::new()
            },
            note: match day.nowcast {
                true => "after the last poll: if opinion moves as it did".to_owned(),
                false => String::new(),
            },
        })
        .collect()
}

/// `SPD 21.7, 95% band 20.1–23.4; 0.6 lower than 30 days ago (−2.4 to +1.2)`.
pub fn day_sentence(trend: &Trend, day: &DayEstimate) -> String {
    let lead = matches!(trend.measure, Measure::Lead(..));
    let share = |value: f64| match value < 0.005 && !lead {
        true => "<1".to_owned(),
        false => format!("{:.1}", 100.0 * value).replace('-', "−"),
    };
    let mut text = format!(
        "{} {}, {}% band {}{}{}",
        trend.measure.label(),
        share(day.estimate),
        (1000.0 * trend.options.level).round() / 10.0,
        share(day.low),
        if lead { " to " } else { "–" },
        share(day.high),
    );
    if let Some((by, low, high)) = day.change {
        let words = match (100.0 * by).abs() < 0.05 {
            true => "as high as".to_owned(),
            false => format!(
                "{:.1} {} than",
                100.0 * by.abs(),
                if by < 0.0 { "lower" } else { "higher" }
            ),
        };
        text += &format!(
            "; {words} 30 days ago ({} to {})",
            signed_points(100.0 * low),
            signed_points(100.0 * high)
        );
    }
    if let Some((alone, shared)) = day.lead_probability {
        text += &format!(
            "; probability that it is above 0: {} by these polls alone, {} with the errors that polls have shared",
            probability(alone),
            probability(shared)
        );
    }
    if day.nowcast {
        text += &format!("; on {}, if opinion moves as it did", iso(day.day));
    }
    text + "."
}

/// Between 5 and 95 %, else the bound.
fn probability(p: f64) -> String {
    match 100.0 * p {
        p if p > 95.0 => ">95%".to_owned(),
        p if p < 5.0 => "<5%".to_owned(),
        p => format!("{p:.0}%"),
    }
}

/// Where it stands, for several measures: a sentence each, then what holds for all.
pub fn latest(trends: &[(Trend, DayEstimate)]) -> Vec<String> {
    let mut sentences: Vec<String> = trends
        .iter()
        .map(|(trend, day)| day_sentence(trend, day))
        .collect();
    sentences.push(String::new());
    if let Some((trend, _)) = trends.first() {
        sentences.extend(foot(trend));
    }
    sentences
}

/// What the band rests on and what it leaves out.
pub fn foot(trend: &Trend) -> Vec<String> {
    let (first, last) = trend.span();
    let mut lines = vec![format!(
        "{} polls of {} houses, {} to {}. {}",
        thousands(trend.series.len() as f64),
        trend.houses.len(),
        iso(first.floor() as i64),
        iso(last.ceil() as i64),
        level_words(trend)
    )];
    lines.push(match trend.options.historical_error {
        Some(b) => format!(
            "Bands hold an error that all polls share, {:.1} points at 50%: what the average of the last day was off \
             by in 21 elections of five countries. No forecast.",
            100.0 * b
        ),
        None => format!(
            "Bands say what these polls say. An error that all of them share is left out: in 21 past elections it was \
             {:.1} points at 50% (--historical-error puts it in).",
            100.0 * HISTORICAL_ERROR
        ),
    });
    if trend.houses.len() < 3 {
        lines.push(
            "Under three houses the width of the band rests on what is usual of houses, not on these.".to_owned(),
        );
    }
    let counts: Vec<String> = trend
        .selection
        .counts()
        .iter()
        .filter(|(reason, _)| **reason != LeftOut::OutsidePeriod)
        .map(|(reason, count)| format!("{} {}", thousands(*count as f64), reason.words()))
        .collect();
    if !counts.is_empty() {
        lines.push(format!("Left out: {}.", and(&counts)));
    }
    let partisan = trend
        .selection
        .used
        .iter()
        .filter(|used| !used.poll.partisan.is_empty());
    match partisan.count() {
        0 => {}
        count => lines.push(format!(
            "{count} of the polls were made for one side (--exclude partisan leaves them out)."
        )),
    }
    lines.extend(
        trend
            .selection
            .notes
            .iter()
            .map(|note| format!("Note: {note}")),
    );
    lines
}

/// "The level is that of the average house, each once."
fn level_words(trend: &Trend) -> String {
    let houses = trend.houses.len();
    match &trend.options.level_by {
        _ if houses == 1 => "The level is that of the one house.".to_owned(),
        LevelBy::Houses => format!("The level is the average of the {houses} houses, each once."),
        LevelBy::Polls => "The level is the average of the houses by their polls.".to_owned(),
        LevelBy::Pollster(name) => format!("The level is that of {name}."),
        LevelBy::Results(results) => {
            let days: Vec<String> = results.iter().map(|(day, _)| iso(*day)).collect();
            match days.as_slice() {
                [one] => format!(
                    "The level goes through the result of {one}, if the error of then still holds."
                ),
                days => format!("The level goes through the results of {}.", and(days)),
            }
        }
    }
}

/// What a house's effect is relative to.
fn relative_to(trend: &Trend) -> String {
    match &trend.options.level_by {
        LevelBy::Houses => format!("the average of the {} houses", trend.houses.len()),
        LevelBy::Polls => "the average of the polls".to_owned(),
        LevelBy::Pollster(name) => name.clone(),
        LevelBy::Results(results) => {
            let days: Vec<String> = results.iter().map(|(day, _)| iso(*day)).collect();
            format!("the result of {}", and(&days))
        }
    }
}

/// The rows of the houses.
pub fn house_rows(trend: &Trend) -> Vec<HouseRow> {
    let z = 1.959_963_984_540_054;
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
                flags: flags.join(","),
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
            printed: trend.measure.of(poll).map(|(value, _)| value),
            note: reason.words().to_owned(),
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
    let range = |part: fn(&crate::published::trend::Parameters) -> f64| trend.mixture.range(part);
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

/// The row of φ, and the sentence that goes with it.
pub fn agreement(trend: &Trend) -> Option<(VarianceRow, String)> {
    use crate::statistics::special::chi_square;
    let agreement = trend.dispersion()?;
    let p = chi_square::upper_tail(agreement.likelihood_ratio, 1.0).ok()?;
    let words = match (agreement.phi < 1.0, p < 0.05) {
        (true, true) => format!(
            "The polls differ less than random samples of their size would ({:.2} of the variance, p {}). Weighting to \
             past votes, rolling panels or adjusting to other polls can do that; this does not say which.",
            agreement.phi,
            p_words(p)
        ),
        (false, true) => format!(
            "The polls differ more than random samples of their size would ({:.2} times the variance, p {}): by design \
             effects, weighting or wording.",
            agreement.phi,
            p_words(p)
        ),
        _ => format!(
            "The polls differ about as random samples of their size would ({:.2} of the variance, p {}).",
            agreement.phi,
            p_words(p)
        ),
    };
    let row = VarianceRow {
        level: trend.measure.label(),
        parameter: "phi".to_owned(),
        estimate: agreement.phi,
        ci_low: None,
        ci_high: None,
        method: "reml".to_owned(),
        note: format!(
            "likelihood ratio {:.2}, p {}",
            agreement.likelihood_ratio,
            p_words(p)
        ),
    };
    Some((row, words))
}

fn p_words(p: f64) -> String {
    match p < 0.001 {
        true => "< 0.001".to_owned(),
        false => format!("= {p:.3}"),
    }
}

/// Days as a table.
pub fn day_table(trend: &Trend, rows: &[TrendRow]) -> Table {
    let percent = |value: Option<f64>| {
        value.map_or_else(String::new, |value| format!("{:.1}", 100.0 * value))
    };
    let table_rows = rows.iter().map(|row| {
        let band = format!("{}–{}", percent(row.ci_low), percent(row.ci_high));
        Row {
            label: row.date.clone(),
            cells: vec![
                Cell::from(percent(row.estimate)),
                Cell::dim(band),
                Cell::from(row.note.clone()),
            ],
            ..Row::default()
        }
    });
    Table {
        title: trend.measure.label(),
        aside: "per cent, by day".to_owned(),
        columns: vec![
            Column::new("%", Align::Right),
            Column::new("band", Align::Right),
            Column::new("", Align::Left),
        ],
        blocks: vec![Block {
            rows: table_rows.collect(),
            ..Block::default()
        }],
        foot: foot(trend),
        ..Table::default()
    }
}

/// Houses as a table.
pub fn house_table(trend: &Trend, rows: &[HouseRow]) -> Table {
    let table_rows = rows.iter().map(|row| Row {
        label: row.house.clone(),
        cells: vec![
            Cell::from(row.polls.to_string()),
            Cell::from(signed_points(100.0 * row.estimate)),
            Cell::dim(format!(
                "{} to {}",
                signed_points(100.0 * row.ci_low),
                signed_points(100.0 * row.ci_high)
            )),
            Cell::from(format!("{} – {}", row.first, row.last)),
        ],
        ..Row::default()
    });
    let mut foot_lines = vec![format!("Points beyond {}.", relative_to(trend))];
    if !matches!(trend.options.level_by, LevelBy::Results(_)) {
        foot_lines.push(
            "No result is in it: that a house prints more or less says nothing about who is right."
                .to_owned(),
        );
    }
    foot_lines.extend(foot(trend));
    Table {
        title: format!("{}: what each house prints", trend.measure.label()),
        aside: "points".to_owned(),
        columns: vec![
            Column::new("polls", Align::Right),
            Column::new("effect", Align::Decimal),
            Column::new("95% band", Align::Right),
            Column::new("polled", Align::Left).from_width(80),
        ],
        blocks: vec![Block {
            rows: table_rows.collect(),
            ..Block::default()
        }],
        foot: foot_lines,
        ..Table::default()
    }
}

/// Polls as a table: those that are used.
pub fn poll_table(trend: &Trend, rows: &[PollRow]) -> Table {
    let percent = |value: Option<f64>| {
        value.map_or_else(String::new, |value| format!("{:.1}", 100.0 * value))
    };
    let table_rows = rows.iter().filter(|row| row.used).map(|row| Row {
        label: row.house.clone(),
        cells: vec![
            Cell::from(row.end.clone()),
            Cell::from(row.n.map_or_else(String::new, thousands)),
            Cell::from(percent(row.printed)),
            Cell::dim(percent(row.fitted)),
            Cell::from(
                row.z
                    .map_or_else(String::new, |z| format!("{z:.1}").replace('-', "−")),
            ),
            Cell::from(
                row.weight
                    .map_or_else(String::new, |w| format!("{:.1}%", 100.0 * w)),
            ),
        ],
        ..Row::default()
    });
    Table {
        title: format!("{}: the polls beside the line", trend.measure.label()),
        columns: vec![
            Column::new("until", Align::Left),
            Column::new("n", Align::Right),
            Column::new("printed", Align::Right),
            Column::new("fitted", Align::Right),
            Column::new("z", Align::Right),
            Column::new("weight", Align::Right).from_width(70),
        ],
        blocks: vec![Block {
            rows: table_rows.collect(),
            ..Block::default()
        }],
        foot: foot(trend),
        ..Table::default()
    }
}

/// The standard deviations as a table, in points.
pub fn variance_table(trend: &Trend, rows: &[VarianceRow]) -> Table {
    let words = |parameter: &str| {
        match parameter {
            "sigma_day" => "opinion, in a day",
            "sigma_30_days" => "opinion, in 30 days",
            "omega" => "between houses",
            "tau" => "beyond sampling and house",
            _ => "variance beside that of sampling",
        }
        .to_owned()
    };
    let table_rows = rows.iter().map(|row| {
        let scale = if row.parameter == "phi" { 1.0 } else { 100.0 };
        let band = match (row.ci_low, row.ci_high) {
            (Some(low), Some(high)) => format!("{:.2}–{:.2}", scale * low, scale * high),
            _ => String::new(),
        };
        Row {
            label: words(&row.parameter),
            cells: vec![
                Cell::from(format!("{:.2}", scale * row.estimate)),
                Cell::dim(band),
            ],
            ..Row::default()
        }
    });
    Table {
        title: format!("{}: what moves and what differs", trend.measure.label()),
        aside: "standard deviations, points".to_owned(),
        columns: vec![
            Column::new("", Align::Right),
            Column::new("95%", Align::Right),
        ],
        blocks: vec![Block {
            rows: table_rows.collect(),
            ..Block::default()
        }],
        foot: foot(trend),
        ..Table::default()
    }
}
