use super::contradictions::{Contradiction, contradictions};
use super::joint::{Possible, possible};
use super::program::{Component, Group, groups};
use super::words::{listed, number, places, warning};
use super::{between, checks, conflicts, rules};
use crate::frames::words::and;
use crate::published::figures::quantity::{Prefer, Quantity, Value};
use crate::published::figures::store::{Aggregate, Figure, Finding, Severity, Store};
use crate::published::figures::topline::printed;

/// All that can't hold together in a store, and what is odd in single rows and lists of them, in the order
/// of files and lines.
pub fn findings(store: &Store) -> Vec<Finding> {
    within(store, None)
}

/// The same with fewer steps for each search than are usual.
fn within(store: &Store, steps: Option<usize>) -> Vec<Finding> {
    let conflicts = conflicts(store);
    let mut findings: Vec<Finding> = conflicts.iter().map(|q| conflict(store, q)).collect();
    for group in groups(store) {
        for component in group.components() {
            match component {
                Ok(mut component) => {
                    if let Some(steps) = steps {
                        component.limit(steps);
                    }
                    let found = contradictions(store, &mut component);
                    findings.extend(found.iter().map(|c| contradiction(store, c)));
                    findings.extend(component.is_undecided().then(|| undecided(&group, &component)));
                }
                Err(large) => findings.push(
                    Finding::new(
                        rules::NOT_CHECKED,
                        Severity::Note,
                        "figures.csv",
                        format!(
                            "{} figures of {} were not checked against each other: they hang together in {} shares, too many",
                            large.figures, group.people.poll, large.cells
                        ),
                    )
                    .id(group.people.poll),
                ),
            }
        }
        findings.extend(between::findings(store, &group));
    }
    findings.extend(checks::findings(store, &conflicts));
    let order = ["polls.csv", "samples.csv", "questions.csv", "figures.csv"];
    findings.sort_by_key(|finding| {
        let file = order.iter().position(|file| *file == finding.file);
        (finding.severity, file, finding.line)
    });
    findings
}

/// A search that was given up: its figures count as possible, and that is said.
fn undecided(group: &Group, component: &Component) -> Finding {
    let figures: usize = component
        .statements
        .iter()
        .map(|statement| statement.figures.len())
        .sum();
    let message = format!(
        "whether {figures} figures of {} can hold together was not settled: the search was given up, and they count as \
         possible",
        group.people.poll
    );
    Finding::new(rules::LP_LIMIT, Severity::Note, "figures.csv", message).id(group.people.poll)
}

fn conflict(store: &Store, quantity: &Quantity) -> Finding {
    // Computed values are a source of their own: they are named only where they differ among themselves.
    let printed: Vec<&Value> = quantity.printed().collect();
    let values = match printed.len() {
        0 | 1 => quantity.values.iter().collect(),
        _ => printed,
    };
    let statements: Vec<String> = values.iter().map(|value| statement(store, value)).collect();
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
        statements.join("; ")
    );
    warning(
        rules::CONFLICT,
        &figures,
        message,
        "kept side by side, flagged as a conflict, never averaged",
    )
}

/// "63 by NPR, Central European Times and South China Morning Post".
fn statement(store: &Store, value: &Value) -> String {
    let mut prints: Vec<(String, Vec<String>)> = Vec::new();
    for figure in &value.figures {
        let text = printed(figure);
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

/// A smallest set of figures that can't all stand, in words.
fn contradiction(store: &Store, found: &Contradiction) -> Finding {
    let [lead, others @ ..] = found.figures.as_slice() else {
        // never reached: a contradiction has a figure that leads
        return warning(found.rule, &[], String::new(), "");
    };
    let all: Vec<&Figure> = found.figures.iter().chain(&found.also).copied().collect();
    let (statements, fix) = match found.rule {
        rules::JOINT_SHARE => return joint(store, lead, found, &all),
        rules::NET_PARTS => (
            format!(
                "{} is not the sum of its parts: “{}” with {}",
                printed(lead),
                store.label(lead),
                answers(store, others)
            ),
            "correct the NET or its parts; if a part is left out of net_of, name it",
        ),
        rules::TOTAL_MIXTURE => (
            format!(
                "{} is not {} its countries: “{}” with {}",
                printed(lead),
                mean_of(lead),
                store.label(lead),
                places(store, others)
            ),
            "correct the total or a country; if the total was formed in another way, say so in aggregate",
        ),
        rules::SUM_OVER_100 => (
            format!(
                "answers of a single question add up to more than 100: “{}”{}, {}",
                store.question_title(&lead.poll, &lead.question),
                in_place(store, lead),
                answers(store, &found.figures)
            ),
            "correct an answer; if several answers could be given, the kind of the question is multiple",
        ),
        _ => (
            format!(
                "{} can’t hold with {} in the same poll",
                named(store, lead),
                listed(others, |figure| named(store, figure))
            ),
            "correct one of them",
        ),
    };
    warning(
        found.rule,
        &all,
        format!("{statements}\n{}", ranges(lead, found)),
        fix,
    )
}

fn joint(store: &Store, figure: &Figure, found: &Contradiction, all: &[&Figure]) -> Finding {
    let [_, lead, ..] = found.figures.as_slice() else {
        let message = format!("{}\n{}", named(store, figure), ranges(figure, found));
        return warning(rules::JOINT_SHARE, all, message, "correct it");
    };
    let range = match possible(store, figure).filter(|possible| !possible.allows(figure)) {
        Some(possible) => range_in_words(&possible),
        None => ranges(figure, found),
    };
    let message = format!(
        "{} can’t hold with {} for “{}”{} in the same poll, if asked of the same people\n{range}",
        figure.percent,
        lead.percent,
        store.label(lead),
        in_place(store, lead),
    );
    warning(
        rules::JOINT_SHARE,
        all,
        message,
        "kept, shown as printed without an interval, left out of every average",
    )
}

/// "90 stands for 89.5 to 90.5; the others leave 90.6 to 90.8".
fn ranges(lead: &Figure, found: &Contradiction) -> String {
    let (low, high) = lead.percent.stands_for(lead.qualifier);
    let own = format!(
        "{} stands for {} to {}",
        printed(lead),
        number(low),
        number(high)
    );
    match found.range {
        Some((low, high)) => format!(
            "{own}; the others leave {} to {}",
            number(low),
            number(high)
        ),
        None => own,
    }
}

fn mean_of(total: &Figure) -> &'static str {
    match total.aggregate {
        Some(Aggregate::EqualCountries) => "the plain mean of",
        Some(Aggregate::Respondents) => "the mean, weighted by respondents, of",
        _ => "a mean of",
    }
}

/// "Very worried 24.5 and Somewhat worried 66.2".
fn answers(store: &Store, figures: &[&Figure]) -> String {
    listed(figures, |figure| {
        format!(
            "{} {}",
            store.response_label(&figure.response),
            printed(figure)
        )
    })
}

fn named(store: &Store, figure: &Figure) -> String {
    let (label, place) = (store.label(figure), in_place(store, figure));
    format!("{} for “{label}”{place}", printed(figure))
}

fn in_place(store: &Store, figure: &Figure) -> String {
    match store.place_and_base(&figure.country, &figure.base) {
        place if place.is_empty() => place,
        place => format!(" in {place}"),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_that_is_given_up_is_said() {
        let store = Store::embedded();
        let noted = |findings: &[Finding]| findings.iter().any(|f| f.rule == rules::LP_LIMIT);
        assert!(!noted(&findings(&store)));
        let given_up = within(&store, Some(0));
        assert!(noted(&given_up));
        assert!(
            given_up
                .iter()
                .all(|f| f.rule != rules::LP_LIMIT || f.severity == Severity::Note)
        );
    }
}
