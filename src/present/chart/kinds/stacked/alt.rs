//! The chart in words, for those who cannot see it.

use super::{StackedChart, StackedRow, StackedSection};
use crate::present::chart::words::Language;

/// A description is heard in full: of more rows than this only the extremes are told.
const MOST_ROWS: usize = 12;

/// “Stacked bars. Overall view: South Korea, favourable 82.6%, the rest not published; …”
pub(super) fn stacked_chart(chart: &StackedChart, words: &Language) -> String {
    let kind = match chart.diverging {
        true => words.fill("Diverging stacked bars", &[]),
        false => words.fill("Stacked bars", &[]),
    };
    let mut sentences = vec![match chart.all_rows().count() {
        1 => words.fill("{}, one row.", &[&kind]),
        rows => words.fill("{}, {} rows.", &[&kind, &words.counted(rows)]),
    }];
    for section in &chart.sections {
        sentences.extend(section.head.as_ref().map(|head| format!("{head}.")));
        for question in &section.questions {
            let rows = question.rows.as_slice();
            let clauses: Vec<String> = match rows.len() > MOST_ROWS {
                true => extremes(section, rows, words),
                false => rows
                    .iter()
                    .map(|row| in_words(section, row, words))
                    .collect(),
            };
            let clauses = clauses.join("; ");
            sentences.push(match &question.head {
                Some(head) => words.fill("{}: {}.", &[head, &clauses]),
                None => format!("{clauses}."),
            });
        }
    }
    sentences.join(" ")
}

/// A row with every share of it.
fn in_words(section: &StackedSection, row: &StackedRow, words: &Language) -> String {
    let mut clauses: Vec<String> = row
        .known_parts()
        .filter_map(|(index, part)| {
            let response = section.responses.get(index)?;
            Some(format!(
                "{} {}",
                response.label,
                share(&part.printed, words)
            ))
        })
        .collect();
    if clauses.is_empty() {
        clauses.push(words.value("no figure found"));
    }
    if let Some(rest) = row.rest(section.responses.len()) {
        let rest = words.value(&format!("{rest:.1}%"));
        clauses.push(words.fill("{} not published", &[&rest]));
    }
    format!("{} {}", words.value(&row.label), clauses.join(", "))
}

/// The row with the most of each response, and the one with the least; the rows without a figure.
fn extremes(section: &StackedSection, rows: &[StackedRow], words: &Language) -> Vec<String> {
    let mut clauses = Vec::new();
    for (index, response) in section.responses.iter().enumerate() {
        let found = || {
            rows.iter()
                .filter_map(move |row| Some((row, row.parts.get(index)?.as_ref()?)))
        };
        // The first of equals, both ways.
        let most = found()
            .rev()
            .max_by(|a, b| a.1.percent.total_cmp(&b.1.percent));
        let least = found().min_by(|a, b| a.1.percent.total_cmp(&b.1.percent));
        if let (Some((high, most)), Some((low, least))) = (most, least) {
            let end = |row: &StackedRow, printed: &str| {
                words.fill("{} ({})", &[&share(printed, words), &row.label])
            };
            clauses.push(words.fill(
                "{} from {} to {}",
                &[
                    &response.label,
                    &end(high, &most.printed),
                    &end(low, &least.printed),
                ],
            ));
        }
    }
    let missing: Vec<&str> = rows
        .iter()
        .filter(|row| row.known_parts().next().is_none())
        .map(|row| row.label.as_str())
        .collect();
    if !missing.is_empty() {
        clauses.push(words.fill(
            "{}: {}",
            &[&words.value("no figure found"), &missing.join(", ")],
        ));
    }
    clauses
}

fn share(printed: &str, words: &Language) -> String {
    words.value(&format!("{}%", printed.trim_end_matches('%')))
}
