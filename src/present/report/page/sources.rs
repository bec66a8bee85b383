//! Where the figures of the page were printed.

use super::markup::{escape, host, link};
use super::methods::polls;
use crate::present::published::{Section, count};
use crate::published::figures::names::date_in_words;
use crate::published::figures::store::{Figure, Poll, Store};

/// The reports of the polls, then every page that printed a figure of them, with how many.
pub(super) fn list(store: &Store, shown: &[Section]) -> String {
    let polls = polls(store, shown);
    let mut items: Vec<String> = polls.iter().map(|poll| report(poll)).collect();
    let mut pages = pages(shown);
    pages.retain(|page| !polls.iter().any(|poll| poll.url == page.url));
    items.extend(outlets(store, &pages).iter().map(outlet));
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
    let parts: Vec<String> = sponsor.cloned().into_iter().chain(published).collect();
    match parts.is_empty() {
        true => title,
        false => format!("{title}, {}", escape(&parts.join(", "))),
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

/// An outlet with all its pages that printed figures.
struct Outlet<'p, 's> {
    name: String,
    pages: Vec<&'p Printed<'s>>,
}

/// Each outlet once, whether its pages have an address or not.
fn outlets<'p, 's>(store: &Store, pages: &'p [Printed<'s>]) -> Vec<Outlet<'p, 's>> {
    let mut outlets: Vec<Outlet> = Vec::new();
    for page in pages {
        let first = page.figures.first();
        let name = first.map_or_else(String::new, |figure| store.source_name(figure));
        match outlets.iter_mut().find(|outlet| outlet.name == name) {
            Some(outlet) => outlet.pages.push(page),
            None => outlets.push(Outlet {
                name,
                pages: vec![page],
            }),
        }
    }
    outlets
}

fn outlet(outlet: &Outlet) -> String {
    let figures: usize = outlet.pages.iter().map(|page| page.figures.len()).sum();
    let figures = count(figures, "figure");
    let with_address = || outlet.pages.iter().filter(|page| !page.url.is_empty());
    let address = |url: &str| host(url).unwrap_or(url).to_owned();
    let addresses: Vec<&str> = with_address().map(|page| page.url).collect();
    let without = outlet.pages.iter().filter(|page| page.url.is_empty());
    let without: usize = without.map(|page| page.figures.len()).sum();
    let remark = match without > 0 && !addresses.is_empty() {
        true => format!(", {without} without an address"),
        false => String::new(),
    };
    match addresses.as_slice() {
        [] => format!("{}, {figures}", escape(&outlet.name)),
        [only] => format!(
            "{}, {}, {figures}{remark}",
            link(only, &outlet.name),
            escape(&address(only))
        ),
        several => {
            let links: Vec<String> = several.iter().map(|url| link(url, &address(url))).collect();
            format!(
                "{}, {}, {figures}{remark}",
                escape(&outlet.name),
                links.join(", ")
            )
        }
    }
}
