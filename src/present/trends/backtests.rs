//! What the line would have said before elections, as rows, a table, and the sentence that belongs to it.

use super::words::{iso, share_words};
use crate::frames::BacktestRow;
use crate::frames::words::{signed_points, thousands};
use crate::present::table::{Align, Block, Cell, Column, Row, Table};
use crate::published::trend::{Backtest, Measure};

/// A row an election and answer.
pub fn backtest_rows(tests: &[Backtest]) -> Vec<BacktestRow> {
    let rows = tests.iter().map(|one| BacktestRow {
        contest: one.contest.clone(),
        election: iso(one.election),
        level: one.measure.label(),
        result: one.result,
        model: one.model,
        se: one.se,
        covered: one.covered,
        covered_historical: one.covered_historical,
        mean_14_days: one.mean_14_days,
        loess: one.loess,
        polls: one.polls as u32,
        houses: one.houses as u32,
    });
    rows.collect()
}

/// Results beside the line, the error of each average, and whether the band held the result.
pub fn backtest_table(tests: &[Backtest], level: f64) -> Table {
    let error = |value: Option<f64>, result: f64| match value {
        Some(value) => signed_points(100.0 * (value - result)),
        None => String::new(),
    };
    let row = |one: &Backtest| {
        let lead = matches!(one.measure, Measure::Lead(..));
        Row {
            label: format!("{} {}", iso(one.election), one.measure.label()),
            cells: vec![
                Cell::from(share_words(one.result, lead)),
                Cell::from(share_words(one.model, lead)),
                Cell::from(error(Some(one.model), one.result)),
                Cell::from(error(one.mean_14_days, one.result)),
                Cell::from(error(one.loess, one.result)),
                Cell::dim(match (one.covered, one.covered_historical) {
                    (true, _) => "yes",
                    (false, true) => "with the shared error",
                    (false, false) => "no",
                }),
                Cell::dim(one.polls.to_string()),
            ],
            ..Row::default()
        }
    };
    Table {
        title: "The day before each election".to_owned(),
        aside: "per cent, errors in points".to_owned(),
        columns: vec![
            Column::new("result", Align::Decimal),
            Column::new("model", Align::Decimal),
            Column::new("error", Align::Decimal),
            Column::new("14-day mean", Align::Decimal),
            Column::new("LOESS", Align::Decimal),
            Column::new("in the band", Align::Left),
            Column::new("polls", Align::Right),
        ],
        blocks: vec![Block {
            rows: tests.iter().map(row).collect(),
            ..Block::default()
        }],
        foot: backtest_words(tests, level),
        ..Table::default()
    }
}

/// How far off on average, how often inside, and what that does not show.
fn backtest_words(tests: &[Backtest], level: f64) -> Vec<String> {
    let mean = |value: fn(&Backtest) -> Option<f64>| {
        let errors: Vec<f64> = tests
            .iter()
            .filter_map(|one| Some((value(one)? - one.result).abs()))
            .collect();
        100.0 * errors.iter().sum::<f64>() / errors.len().max(1) as f64
    };
    let count = |held: fn(&Backtest) -> bool| tests.iter().filter(|one| held(one)).count();
    let mut elections: Vec<(&str, i64)> = tests
        .iter()
        .map(|one| (one.contest.as_str(), one.election))
        .collect();
    elections.dedup();
    vec![
        format!(
            "{} results of {} elections, polls of the 365 days before. Mean absolute error: model {:.2} points, mean of the \
             last 14 days {:.2}, LOESS {:.2}.",
            thousands(tests.len() as f64),
            elections.len(),
            mean(|one| Some(one.model)),
            mean(|one| one.mean_14_days),
            mean(|one| one.loess)
        ),
        format!(
            "The {}% bands of the polls alone held {} of them, those with the error that polls have shared {}.",
            (level * 1e4).round() / 1e2,
            count(|one| one.covered),
            count(|one| one.covered_historical)
        ),
        "Over 21 elections the model foretold a house’s next poll 16% better than a mean; against results the methods can’t be \
         told apart, since the error that all polls share dominates."
            .to_owned(),
    ]
}
