//! Tables that a person brings, estimates and plain lists of labels and per cents, as charts: dots, stacked bars, trends.

mod crosstab;
mod error;
mod estimates;
mod foot;
mod list;
mod numbers;
mod stacked;
mod table;
mod times;
mod trend;

pub use crosstab::{banner_of_crosstab, measure_of_crosstab, without_nets};
pub use error::Error;
pub use estimates::{chart_of_estimates, subject_of_estimates};
pub use foot::level_of_intervals;
pub use list::{Input, LIST, List, read, read_estimates};
pub use numbers::measure_of;
pub use stacked::stacked_of_estimates;
pub use table::{table_of_list, with_rounding};
pub use trend::trend_of_estimates;

use crate::frames::Estimate;
use crate::present::table::digits::half_up;
use crate::published::changes::moment_name;

/// Whether figures were printed by somebody, and not computed from respondents.
fn is_printed(rows: &[Estimate]) -> bool {
    let printed = |row: &Estimate| row.groups.iter().any(|(name, _)| name == "printed");
    rows.iter().any(printed)
}

/// The figure as printed, or a computed one without decimals: `<1` where that would be nobody.
fn printed(row: &Estimate, percent: f64) -> String {
    match row.group("printed") {
        "" => match half_up(percent, 0) {
            0.0 if percent > 0.0 => "<1".to_owned(),
            whole => whole.to_string(),
        },
        printed => printed.to_owned(),
    }
}

/// Why an estimate of respondents is not shown: fewer than 30 of them, or what they are worth. What was printed is shown.
fn small_base(row: &Estimate) -> Option<String> {
    const LEAST: f64 = 30.0;
    let given = row.source == LIST || is_printed(std::slice::from_ref(row));
    let base = row
        .n
        .into_iter()
        .chain(row.n_eff)
        .fold(f64::INFINITY, f64::min);
    (!given && base < LEAST).then(|| "base under 30".to_owned())
}

/// A group as it heads rows and bars: a day or a month by its name, `May 2023` for `2023-05`.
fn group_name(value: &str) -> String {
    let is_date = value.len() >= 7 && value.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match is_date {
        true => moment_name(value),
        false => value.to_owned(),
    }
}

/// Columns that say how a figure was printed, not what it is of.
const NO_PART_OF_THE_LABEL: [&str; 11] = [
    "printed",
    "reported_by",
    "polls",
    "houses",
    "last_poll",
    "change_30",
    "change_30_low",
    "change_30_high",
    "probability_of_lead",
    "probability_with_historical_error",
    "historical_error",
];
