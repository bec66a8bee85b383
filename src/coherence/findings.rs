use super::{Possible, conflicts, possible};
use crate::toplines::names::and;
use crate::toplines::quantity::{Prefer, Quantity, Value};
use crate::toplines::store::{Figure, Finding, Severity, Store};

/// Rule: several values of one quantity were printed that can't all be right.
pub const CONFLICT: &str = "conflict";
/// Rule: a share of people who gave two answers lies outside of what the two answers leave.
pub const JOINT_SHARE: &str = "joint-share";

/// All that can't hold together in a store, as warnings in the order of its figures.
pub fn findings(store: &Store) -> Vec<Finding> {
    let mut findings: Vec<Finding> = conflicts(store)
        .iter()
        .map(|quantity| conflict(store, quantity))
        .collect();
    for figure in &store.figures {
        if let Some(possible) = possible(store, figure).filter(|possible| !possible.allows(figure))
        {
            findings.push(joint(store, figure, &possible));
        }
    }
    findings.sort_by_key(|finding| finding.line);
    findings
}

fn warning(rule: &'static str, figures: &[&Figure], message: String, fix: &str) -> Finding {
    Finding {
        rule,
        severity: Severity::Warning,
        file: "figures.csv".to_owned(),
        line: figures.first().map(|figure| figure.line),
        column: Some("percent".to_owned()),
        ids: figures
            .iter()
            .map(|figure| figure.id_with_source())
            .collect(),
        message,
        fix: Some(fix.to_owned()),
    }
}

fn conflict(store: &Store, quantity: &Quantity) -> Finding {
    // Computed values are a source of their own: they are named only where they differ among themselves.
    let printed: Vec<&Value> = quantity.printed().collect();
    let values = match printed.len() {
        0 | 1 => quantity.values.iter().collect(),
        _ => printed,
    };
    let said: Vec<String> = values.iter().map(|value| said_by(store, value)).collect();
    let shown = |value: &&Value| value.shown(Prefer::Decimals).percent.text.clone();
    let texts: Vec<String> = values.iter().map(shown).collect();
    let figures: Vec<&Figure> = values
        .iter()
        .flat_map(|value| value.figures.clone())
        .collect();
    let id = figures
        .first()
        .map(|figure| figure.id())
        .unwrap_or_default();
    let message = format!(
        "{} for one quantity: {id}\n{}",
        and(&texts),
        said.join("; ")
    );
    warning(
        CONFLICT,
        &figures,
        message,
        "kept side by side, flagged as a conflict, never averaged",
    )
}

/// "63 by NPR, Central European Times and South China Morning Post".
fn said_by(store: &Store, value: &Value) -> String {
    let mut prints: Vec<(String, Vec<String>)> = Vec::new();
    for figure in &value.figures {
        let text = crate::toplines::topline::printed(figure);
        let name = store.source_name(figure);
        match prints.iter_mut().find(|(printed, _)| *printed == text) {
            Some((_, names)) => names.push(name),
            None => prints.push((text, vec![name])),
        }
    }
    let prints: Vec<String> = prints
        .into_iter()
        .map(|(text, names)| format!("{text} by {}", and(&names)))
        .collect();
    prints.join(", ")
}

fn joint(store: &Store, figure: &Figure, possible: &Possible) -> Finding {
    let [lead, ..] = possible.against.as_slice() else {
        return warning(JOINT_SHARE, &[figure], String::new(), "");
    };
    let message = format!(
        "{} can’t hold with {} for “{}” in the same poll, if asked of the same people\n{}",
        figure.percent,
        lead.percent,
        store.label(lead),
        range_in_words(possible),
    );
    let figures: Vec<&Figure> = std::iter::once(figure)
        .chain(possible.against.iter().copied())
        .collect();
    warning(
        JOINT_SHARE,
        &figures,
        message,
        "kept, shown as printed without an interval, left out of every average",
    )
}

/// "The shares of the two answers leave 4 to 34; country by country 5.1 to 30.9 (with rounding 5.0 to 31.0)".
pub fn range_in_words(possible: &Possible) -> String {
    let number = |x: f64| {
        let text = format!("{x:.1}");
        text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
    };
    let (total, country) = (possible.by_total, possible.by_country);
    let mut words = format!(
        "The shares of the two answers leave {} to {} for both",
        number(total.low),
        number(total.high)
    );
    if country.low > 0.0 || country.high < 100.0 {
        words += &format!(
            ", country by country {:.1} to {:.1}",
            country.low, country.high
        );
    }
    words
        + &format!(
            " (with rounding {:.1} to {:.1})",
            possible.rounded.low, possible.rounded.high
        )
}
