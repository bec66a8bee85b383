use std::collections::{BTreeMap, HashMap};

use super::rules;
use crate::published::figures::store::{Figure, Finding, Poll, Severity, Store};

/// So many equal figures, and no other, are no chance.
const ENOUGH: usize = 3;

/// Polls of one sponsor at one time with the same figures: probably one poll, entered twice.
pub fn findings(store: &Store) -> Vec<Finding> {
    let mut by_sponsor: BTreeMap<&str, Vec<&Poll>> = BTreeMap::new();
    let mut figures: HashMap<&str, Vec<&Figure>> = HashMap::new();
    for poll in store.polls.iter().filter(|poll| !poll.sponsor.is_empty()) {
        by_sponsor.entry(&poll.sponsor).or_default().push(poll);
    }
    for figure in &store.figures {
        figures.entry(&figure.poll).or_default().push(figure);
    }
    let mut findings = Vec::new();
    for polls in by_sponsor.values() {
        for (place, first) in polls.iter().enumerate() {
            for second in polls
                .iter()
                .skip(place + 1)
                .filter(|poll| overlap(first, poll))
            {
                let of = |poll: &Poll| {
                    figures
                        .get(poll.poll.as_str())
                        .map_or(&[][..], Vec::as_slice)
                };
                let same = equal(of(first), of(second));
                findings.extend(same.map(|same| twice(first, second, same)));
            }
        }
    }
    findings
}

/// Whether the fieldwork of both may have been at one time, as far as it is known.
fn overlap(a: &Poll, b: &Poll) -> bool {
    let (Some(a_start), Some(a_end)) = (a.field_start, a.field_end.or(a.field_start)) else {
        return false;
    };
    let (Some(b_start), Some(b_end)) = (b.field_start, b.field_end.or(b.field_start)) else {
        return false;
    };
    !a_end.surely_before(&b_start) && !b_end.surely_before(&a_start)
}

/// How many quantities have the same print in both, if none has another.
fn equal(a: &[&Figure], b: &[&Figure]) -> Option<usize> {
    let key = |f: &&Figure| {
        let Figure {
            question,
            response,
            country,
            base,
            ..
        } = *f;
        [
            question.clone(),
            response.clone(),
            country.clone(),
            base.clone(),
        ]
    };
    let mut prints: HashMap<[String; 4], Vec<&str>> = HashMap::new();
    for figure in a {
        prints
            .entry(key(figure))
            .or_default()
            .push(&figure.percent.text);
    }
    let mut same = 0;
    for figure in b {
        match prints.get(&key(figure)) {
            Some(texts) if texts.contains(&figure.percent.text.as_str()) => same += 1,
            Some(_) => return None,
            None => {}
        }
    }
    (same >= ENOUGH).then_some(same)
}

fn twice(first: &Poll, second: &Poll, same: usize) -> Finding {
    let message = format!(
        "{} and {} are of one sponsor and one time and have {same} figures in common: one poll, entered twice?",
        first.poll, second.poll
    );
    Finding::new(rules::WAVE_TWICE, Severity::Warning, "polls.csv", message)
        .line(second.line)
        .column("poll")
        .id(&first.poll)
        .id(&second.poll)
        .fix("keep one of them")
}
