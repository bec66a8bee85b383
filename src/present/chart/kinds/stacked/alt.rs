//! The chart in words, for those who cannot see it.

use super::{StackedChart, StackedRow, StackedSection};
use crate::present::chart::kinds::dot::counted;

/// A description is heard in full: of more rows than this only the extremes are told.
const MOST_ROWS: usize = 12;

/// “Stacked bars. Overall view: South Korea, favourable 82.6%, the rest not published; …”
pub(super) fn stacked_chart(chart: &StackedChart) -> String {
    let kind = if chart.diverging {
        "Diverging stacked bars"
    } else {
        "Stacked bars"
    };
    let rows = chart.all_rows().count();
    let plural = if rows == 1 { "" } else { "s" };
    let mut sentences = vec![format!("{kind}, {} row{plural}.", counted(rows))];
    for section in &chart.sections {
        sentences.extend(section.head.as_ref().map(|head| format!("{head}.")));
        for question in &section.questions {
            let head = question.head.as_ref();
            let head = head.map_or_else(String::new, |head| format!("{head}: "));
            let told: Vec<String> = if question.rows.len() > MOST_ROWS {
                extremes(section, &question.rows)
            } else {
                let rows = question.rows.iter();
                rows.map(|row| in_words(section, row)).collect()
            };
            sentences.push(format!("{head}{}.", told.join("; ")));
        }
    }
    sentences.join(" ")
}

/// A row with every share of it.
fn in_words(section: &StackedSection, row: &StackedRow) -> String {
    let mut words: Vec<String> = row
        .known_parts()
        .filter_map(|(index, part)| {
            let response = section.responses.get(index)?;
            Some(format!("{} {}%", response.label, bare(&part.printed)))
        })
        .collect();
    if words.is_empty() {
        words.push("no figure found".into());
    }
    if let Some(rest) = row.rest(section.responses.len()) {
        words.push(format!("{rest:.1}% not published"));
    }
    format!("{} {}", row.label, words.join(", "))
}

/// The row with the most of each response, and the one with the least; the rows without a figure.
fn extremes(section: &StackedSection, rows: &[StackedRow]) -> Vec<String> {
    let mut told = Vec::new();
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
            told.push(format!(
                "{} from {}% ({}) to {}% ({})",
                response.label,
                bare(&most.printed),
                high.label,
                bare(&least.printed),
                low.label
            ));
        }
    }
    let missing: Vec<&str> = rows
        .iter()
        .filter(|row| row.known_parts().next().is_none())
        .map(|row| row.label.as_str())
        .collect();
    if !missing.is_empty() {
        told.push(format!("no figure found: {}", missing.join(", ")));
    }
    told
}

fn bare(printed: &str) -> &str {
    printed.trim_end_matches('%')
}
