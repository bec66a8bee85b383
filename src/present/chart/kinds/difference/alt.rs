//! The chart in words, for those who cannot see it.

use super::DifferenceChart;
use super::row::{Difference, DifferenceMark, DifferenceRow};
use crate::present::chart::kinds::dot::counted;
use crate::present::chart::scale::Scale;

/// A description is heard in full: more rows than this are only counted.
const MOST_ROWS: usize = 20;

/// “Ten differences against zero. Sign established: …, +15.2 points (+9.2 to +21.0); … Not: …”
pub(super) fn difference_chart(chart: &DifferenceChart) -> String {
    let all: Vec<&DifferenceRow> = chart.all_rows().collect();
    let plural = if all.len() == 1 { "" } else { "s" };
    let (within, unit) = match chart.scale {
        Scale::Percent => (" in percentage points", " points"),
        Scale::Numbers { .. } => ("", ""),
    };
    let mut sentences = vec![format!(
        "Dot plot of {} difference{plural}{within}, against zero.",
        counted(all.len())
    )];
    let known = |is: fn(&Difference) -> bool| -> Vec<String> {
        all.iter()
            .filter(|row| row.difference.as_ref().is_some_and(is))
            .map(|row| in_words(row, unit))
            .collect()
    };
    let kinds = [
        ("Sign established", known(Difference::is_established)),
        (
            "Sign not established, as zero lies in the interval",
            known(|one| !one.is_established() && one.interval().is_some()),
        ),
        (
            "Without a sample size",
            known(|one| one.mark == DifferenceMark::NoSampleSize),
        ),
        (
            "No difference found",
            all.iter()
                .filter(|row| row.difference.is_none())
                .map(|row| row.label.clone())
                .collect(),
        ),
    ];
    for (head, mut rows) in kinds {
        let more = rows.len().saturating_sub(MOST_ROWS);
        rows.truncate(MOST_ROWS);
        if more > 0 {
            rows.push(format!("{more} more"));
        }
        if !rows.is_empty() {
            sentences.push(format!("{head}: {}.", rows.join("; ")));
        }
    }
    sentences.join(" ")
}

fn in_words(row: &DifferenceRow, unit: &str) -> String {
    let printed = row.difference.as_ref().map(|one| one.printed.as_str());
    format!(
        "{}, {}{unit} ({})",
        row.label,
        printed.unwrap_or_default(),
        row.words()
    )
}
