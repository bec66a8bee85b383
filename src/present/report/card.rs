//! The disclosure card of a poll: what AAPOR's Transparency Initiative asks to be disclosed, with
//! what the store knows. Source: AAPOR, Survey Disclosure Checklist (April 2021).

use crate::frames::words::{and, thousands};
use crate::present::published::count;
use crate::published::figures::names::{date_in_words, period};
use crate::published::figures::store::{ALL, NKind, Poll, Sample, Sampling, Store, Wording};

/// An item to be disclosed and what the sources say of it; `None` where they say nothing.
pub struct Item {
    pub name: &'static str,
    pub disclosed: Option<String>,
}

/// What is disclosed about a poll, in the order of AAPOR's list.
pub fn card(store: &Store, poll: &Poll) -> Vec<Item> {
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let item = |name, disclosed| Item { name, disclosed };
    vec![
        item("Sponsor", filled(&poll.sponsor)),
        item("Conducted by", filled(&poll.fieldwork)),
        item("Question wording", wording(store, poll)),
        item("Population", filled(&store.poll_population(poll))),
        item("How the sample was drawn", sampling(poll)),
        item("Mode", filled(&poll.mode)),
        item("Field dates", period(poll)),
        item("Sample size", sample_size(store, poll)),
        item("Precision", precision(store, poll)),
        item("Weighting", filled(&poll.weighting)),
        item("Data processing and quality checks", None),
        item("Published", poll.published.as_ref().map(date_in_words)),
        item("Where", filled(&poll.url)),
        item("Limits and remarks", filled(&poll.note)),
    ]
}

fn wording(store: &Store, poll: &Poll) -> Option<String> {
    let questions: Vec<_> = store
        .questions
        .iter()
        .filter(|question| question.poll == poll.poll)
        .collect();
    let exact = questions
        .iter()
        .filter(|question| question.wording == Wording::Exact)
        .count();
    match (questions.len(), exact) {
        (0, _) => None,
        (all, 0) => Some(format!(
            "only in paraphrase, for {}",
            count(all, "question")
        )),
        (all, exact) => Some(format!(
            "word for word for {exact} of {}",
            count(all, "question")
        )),
    }
}

fn sampling(poll: &Poll) -> Option<String> {
    match poll.sampling {
        Sampling::Probability => Some("a probability sample".to_owned()),
        Sampling::Nonprobability => Some("not a probability sample".to_owned()),
        Sampling::Unknown => None,
    }
}

fn sample_size(store: &Store, poll: &Poll) -> Option<String> {
    let of_poll = |sample: &&Sample| sample.poll == poll.poll && sample.base == ALL;
    let mut sizes: Vec<String> = Vec::new();
    for sample in store.samples.iter().filter(of_poll) {
        let Some(n) = sample.n else { continue };
        let about = if sample.n_kind == Some(NKind::Approximate) {
            "about "
        } else {
            ""
        };
        let place = match sample.country.as_str() {
            ALL => "in all".to_owned(),
            code => store.country_name(code),
        };
        sizes.push(format!("{about}{} {place}", thousands(n as f64)));
    }
    Some(and(&sizes)).filter(|sizes| !sizes.is_empty())
}

fn precision(store: &Store, poll: &Poll) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for sample in store
        .samples
        .iter()
        .filter(|sample| sample.poll == poll.poll)
    {
        let place = store.place_and_base(&sample.country, &sample.base);
        let place = if place.is_empty() {
            "all".to_owned()
        } else {
            place
        };
        if !sample.moe_text.is_empty() {
            let level = match sample.moe_level {
                Some(level) => format!("at {level}%"),
                None => "level not stated".to_owned(),
            };
            parts.push(format!("{place}: ±{} points ({level})", sample.moe_text));
        }
    }
    let deffs = store
        .samples
        .iter()
        .filter(|sample| sample.poll == poll.poll)
        .filter_map(|sample| sample.deff);
    let (low, high) = deffs.fold((f64::INFINITY, 0.0_f64), |(low, high), deff| {
        (low.min(deff), high.max(deff))
    });
    if high > 0.0 {
        parts.push(match low == high {
            true => format!("design effect {high:.2}"),
            false => format!("design effects {low:.2} to {high:.2}"),
        });
    }
    Some(parts.join("; ")).filter(|parts| !parts.is_empty())
}

/// The words that may be used of a poll's precision. Source: AAPOR, Opt-in surveys and margin of error.
pub fn words(poll: &Poll) -> &'static str {
    match poll.sampling {
        Sampling::Probability => {
            "A probability sample: “margin of sampling error” may be used, in percentage points, with its level, \
             and for each group with that group’s own. A lead or a change has a margin of its own, about double."
        }
        Sampling::Nonprobability => {
            "Not a probability sample: no “margin of sampling error” and no “significant”. Say that sampling error \
             can’t be calculated; an interval shows what chance alone would do under a model."
        }
        Sampling::Unknown => {
            "How the sample was drawn is not stated: no “margin of sampling error” and no “significant”. An \
             interval shows what chance alone would do if it were a simple random sample."
        }
    }
}
