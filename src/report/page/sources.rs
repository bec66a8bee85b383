//! Where the figures of the page were printed.

use super::markup::{escape, host, link};
use super::methods::polls;
use crate::summary::{Section, count};
use crate::toplines::names::date_in_words;
use crate::toplines::store::{Figure, Poll, Store};

/// The reports of the polls, then every page that printed a figure of them, with how many.
pub(super) fn list(store: &Store, shown: &[Section]) -> String {
    let polls = polls(store, shown);
    let mut items: Vec<String> = polls.iter().map(|poll| report(poll)).collect();
    items.extend(
        pages(shown)
            .iter()
            .filter(|page| !polls.iter().any(|poll| poll.url == page.url))
            .map(|page| printed(store, page)),
    );
    let items: String = items
        .iter()
        .map(|item| format!("<li>{item}</li>\n"))
        .collect();
    format!("<ul class=\"sources\">\n{items}</ul>\n")
}

fn report(poll: &Poll) -> String {
    let title = [&poll.title, &poll.sponsor, &poll.poll]
        .into_iter()
        .find(|name| !name.is_empty());
    let title = link(&poll.url, title.map_or("", String::as_str));
    let sponsor = Some(&poll.sponsor).filter(|name| !name.is_empty());
    let published = poll.published.as_ref().map(date_in_words);
    let said: Vec<String> = sponsor.cloned().into_iter().chain(published).collect();
    match said.is_empty() {
        true => title,
        false => format!("{title}, {}", escape(&said.join(", "))),
    }
}

/// A page of a source, with the figures that were taken from it.
struct Printed<'s> {
    url: &'s str,
    figures: Vec<&'s Figure>,
}

fn pages<'s>(shown: &[Section<'s>]) -> Vec<Printed<'s>> {
    let lines = shown.iter().flat_map(|section| &section.lines);
    let figures = lines
        .flat_map(|line| &line.quantity.values)
        .flat_map(|value| &value.figures);
    let mut pages: Vec<Printed> = Vec::new();
    for &figure in figures {
        let same = |page: &&mut Printed| {
            let first = page.figures.first();
            page.url == figure.url
                && first.is_some_and(|first| first.reported_by == figure.reported_by)
        };
        match pages.iter_mut().find(same) {
            // A quantity that stands in two tables was printed once.
            Some(page) if page.figures.iter().any(|f| std::ptr::eq(*f, figure)) => {}
            Some(page) => page.figures.push(figure),
            None => pages.push(Printed {
                url: &figure.url,
                figures: vec![figure],
            }),
        }
    }
    pages
}

fn printed(store: &Store, page: &Printed) -> String {
    let name = page
        .figures
        .first()
        .map_or_else(String::new, |figure| store.source_name(figure));
    let host = host(page.url).map_or_else(String::new, |host| format!(", {}", escape(host)));
    format!(
        "{}{host}, {}",
        link(page.url, &name),
        count(page.figures.len(), "figure")
    )
}
