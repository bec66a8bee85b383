//! The chart in words, for those who cannot see it.

use super::DifferenceChart;
use super::row::{Difference, DifferenceMark, DifferenceRow};
use crate::present::chart::scale::Scale;
use crate::present::chart::words::Language;

/// A description is heard in full: more rows than this are only counted.
const MOST_ROWS: usize = 20;

/// “Ten differences against zero. Sign established: …, +15.2 points (+9.2 to +21.0); … Not: …”
pub(super) fn difference_chart(chart: &DifferenceChart, words: &Language) -> String {
    let all: Vec<&DifferenceRow> = chart.all_rows().collect();
    let in_points = matches!(chart.scale, Scale::Percent);
    let count = words.counted(all.len());
    let mut sentences = vec![match (all.len(), in_points) {
        (1, true) => words.fill(
            "Dot plot of one difference in percentage points, against zero.",
            &[],
        ),
        (1, false) => words.fill("Dot plot of one difference, against zero.", &[]),
        (_, true) => words.fill(
            "Dot plot of {} differences in percentage points, against zero.",
            &[&count],
        ),
        (_, false) => words.fill("Dot plot of {} differences, against zero.", &[&count]),
    }];
    let known = |is: fn(&Difference) -> bool| -> Vec<String> {
        all.iter()
            .filter(|row| row.difference.as_ref().is_some_and(is))
            .map(|row| in_words(row, in_points, words))
            .collect()
    };
    let kinds = [
        ("Sign established: {}.", known(Difference::is_established)),
        (
            "Sign not established, as zero lies in the interval: {}.",
            known(|one| !one.is_established() && one.interval().is_some()),
        ),
        (
            "Without a sample size: {}.",
            known(|one| one.mark == DifferenceMark::NoSampleSize),
        ),
        (
            "No difference found: {}.",
            all.iter()
                .filter(|row| row.difference.is_none())
                .map(|row| row.label.clone())
                .collect(),
        ),
    ];
    for (phrase, mut rows) in kinds {
        let more = rows.len().saturating_sub(MOST_ROWS);
        rows.truncate(MOST_ROWS);
        if more > 0 {
            rows.push(words.fill("{} more", &[&more.to_string()]));
        }
        if !rows.is_empty() {
            sentences.push(words.fill(phrase, &[&rows.join("; ")]));
        }
    }
    sentences.join(" ")
}

fn in_words(row: &DifferenceRow, in_points: bool, words: &Language) -> String {
    let printed = row.difference.as_ref().map(|one| one.printed.as_str());
    let printed = words.value(printed.unwrap_or_default());
    let printed = match in_points {
        true => words.fill("{} points", &[&printed]),
        false => printed,
    };
    let clause = words.fill("{} ({})", &[&printed, &words.value(&row.words())]);
    words.fill("{}, {}", &[&words.text(&row.label), &clause])
}
