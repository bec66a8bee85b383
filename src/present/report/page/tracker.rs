//! The page of a tracker: where it stands, what changed, the houses, what was left out and why, what no average can know.

use super::markup::{escape, sentence};
use super::{document, markup, part, tables};
use crate::frames::words::thousands;
use crate::present::report::picture::Picture;
use crate::present::table::{Align, Block, Cell, Column, Row, Table};
use crate::present::trends;
use crate::published::trend::{DayEstimate, Measure, Trend};

/// Everything that the page of a tracker shows.
pub struct TrackerPage<'a> {
    /// What the numbers say, in a sentence.
    pub title: &'a str,
    /// Each trend with its last day.
    pub latest: Vec<(&'a Trend<'a>, &'a DayEstimate)>,
    /// The chart of polls, wide and narrow.
    pub polls: (&'a Picture, &'a Picture),
    /// What houses print beyond the level: a chart an answer, wide and narrow.
    pub effects: Vec<(Picture, Picture)>,
    /// Whether the shares were moved to sum to 100.
    pub together: bool,
}

/// The page, one HTML file without scripts.
pub fn tracker_page(page: &TrackerPage) -> String {
    let effects = page.effects.iter();
    let effects: String = effects
        .map(|(wide, narrow)| markup::figure(wide, narrow))
        .collect();
    let houses: String = page
        .latest
        .iter()
        .map(|(trend, _)| {
            tables::with_heads(&trends::house_table(trend, &trends::house_rows(trend)))
        })
        .collect();
    let trends: Vec<&Trend> = page.latest.iter().map(|(trend, _)| *trend).collect();
    let foot = trends::foot(&trends, page.together);
    let (left_out, rests_on): (Vec<&String>, Vec<&String>) =
        foot.iter().partition(|line| line.contains("Left out"));
    let parts = [
        part(
            "stands",
            "Where it stands",
            sentences(page) + &markup::figure(page.polls.0, page.polls.1),
        ),
        part(
            "changed",
            "What changed over 30 days",
            tables::with_heads(&changes(page)),
        ),
        part("houses", "Houses", effects + &houses),
        part(
            "left-out",
            "What was left out, and why",
            match left_out.is_empty() {
                true => "<p>No poll was left out.</p>\n".to_owned(),
                false => list(&left_out),
            },
        ),
        part("rests-on", "What it rests on", list(&rests_on)),
        part(
            "not-known",
            "What no average can know",
            NOT_KNOWN.to_owned(),
        ),
    ];
    document(page.title, &masthead(page), &parts)
}

/// The sentence on errors that all polls share.
const NOT_KNOWN: &str = "<p>All polls of an election can be wrong together, and no average of them shows it. In 21 past elections \
     of five countries the average of the last day was off by an error that all polls shared: 1.9 points at 50%. The 95% bands \
     of the polls alone held 53% of the results, those with that error 94%. Further away from an election it is larger. This \
     is what these polls say; it is no forecast.</p>\n";

fn sentences(page: &TrackerPage) -> String {
    let each: Vec<String> = page
        .latest
        .iter()
        .map(|(trend, day)| trends::day_sentence(trend, day))
        .collect();
    list(&each.iter().collect::<Vec<_>>())
}

fn list(items: &[&String]) -> String {
    let items = items
        .iter()
        .map(|item| format!("<li>{}</li>\n", sentence(item)));
    format!("<ul>\n{}</ul>\n", items.collect::<String>())
}

/// Each answer now, and its change with the interval of the change itself.
fn changes(page: &TrackerPage) -> Table {
    let row = |trend: &Trend, day: &DayEstimate| {
        let lead = matches!(trend.measure, Measure::Lead(..));
        let points = |value: f64| crate::frames::words::signed_points(100.0 * value);
        let (change, interval) = match day.change {
            Some((by, low, high)) => (points(by), format!("{} to {}", points(low), points(high))),
            None => (
                String::new(),
                "the polls do not reach back so far".to_owned(),
            ),
        };
        Row {
            label: trend.measure.label(),
            cells: vec![
                Cell::from(trends::share_words(day.estimate, lead)),
                Cell::from(change),
                Cell::dim(interval),
            ],
            ..Row::default()
        }
    };
    Table {
        columns: vec![
            Column::new("now", Align::Decimal),
            Column::new("change, points", Align::Decimal),
            Column::new("its band", Align::Left),
        ],
        blocks: vec![Block {
            rows: page
                .latest
                .iter()
                .map(|(trend, day)| row(trend, day))
                .collect(),
            ..Block::default()
        }],
        ..Table::default()
    }
}

fn masthead(page: &TrackerPage) -> String {
    let largest = page
        .latest
        .iter()
        .max_by_key(|(trend, _)| trend.series.len());
    let counts: String = largest
        .iter()
        .flat_map(|(trend, _)| {
            [
                (thousands(trend.series.len() as f64), "polls"),
                (trend.houses.len().to_string(), "houses"),
                (thousands(trend.selection.left_out.len() as f64), "left out"),
            ]
        })
        .map(|(number, what)| format!("<li><b>{number}</b> {what}</li>\n"))
        .collect();
    format!(
        "<header>\n<p class=\"kind-of-page\">Polls</p>\n<h1>{}</h1>\n<ul class=\"counts\">\n{counts}</ul>\n</header>\n",
        escape(page.title)
    )
}
