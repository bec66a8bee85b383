//! The disclosure card of each poll of the page.

use super::markup::{escape, is_web, link};
use crate::present::published::Section;
use crate::present::report::card::{Item, card, words};
use crate::published::figures::store::{Poll, Store};

const ABOUT: &str = "Of each poll, what the disclosure list of the American Association for Public Opinion Research \
                     asks for. “Not stated”: no source of these data states it.";

pub(super) fn cards(store: &Store, shown: &[Section]) -> String {
    let mut out = format!("<p>{ABOUT}</p>\n");
    for poll in polls(store, shown) {
        let items: String = card(store, poll).iter().map(item).collect();
        out += &format!(
            "<h3>{}</h3>\n<dl>\n{items}<dt>Words that may be used</dt><dd>{}</dd>\n</dl>\n",
            escape(&store.poll_name(&poll.poll)),
            escape(words(poll))
        );
    }
    out
}

/// The polls that figures of the page come from, in its order.
pub(super) fn polls<'s>(store: &'s Store, shown: &[Section]) -> Vec<&'s Poll> {
    let mut polls: Vec<&Poll> = Vec::new();
    for line in shown.iter().flat_map(|section| &section.lines) {
        if let Some(poll) = store.poll(&line.figure.poll)
            && !polls.iter().any(|known| known.poll == poll.poll)
        {
            polls.push(poll);
        }
    }
    polls
}

fn item(item: &Item) -> String {
    let disclosed = match &item.disclosed {
        None => "<span class=\"not-stated\">not stated</span>".to_owned(),
        Some(address) if is_web(address) => link(address, address),
        Some(text) => escape(text),
    };
    format!("<dt>{}</dt><dd>{disclosed}</dd>\n", escape(item.name))
}
