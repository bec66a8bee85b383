//! Findings about figures, and the words that they share.

use crate::frames::words::and;
use crate::published::figures::store::{Figure, Finding, Severity, Store};
use crate::published::figures::topline::printed;

/// A warning about figures, at the line of the first.
pub(super) fn warning(
    rule: &'static str,
    figures: &[&Figure],
    message: String,
    fix: &str,
) -> Finding {
    let finding = Finding::new(rule, Severity::Warning, "figures.csv", message);
    Finding {
        line: figures.first().map(|figure| figure.line),
        ids: figures.iter().map(|f| f.id_with_source()).collect(),
        ..finding.column("percent").fix(fix)
    }
}

/// At most two decimals, none that say nothing.
pub(super) fn number(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// "South Korea 58.7, Philippines 41.3 and Singapore 48.6".
pub(super) fn places(store: &Store, figures: &[&Figure]) -> String {
    listed(figures, |figure| {
        let place = store.place_and_base(&figure.country, &figure.base);
        let place = if place.is_empty() {
            "the total".to_owned()
        } else {
            place
        };
        format!("{place} {}", printed(figure))
    })
}

/// Figures as they are said, with "and" before the last.
pub(super) fn listed(figures: &[&Figure], say: impl Fn(&Figure) -> String) -> String {
    let words: Vec<String> = figures.iter().map(|figure| say(figure)).collect();
    and(&words)
}
