//! What the page is, and how much it rests on.

use super::super::own_claims::are_own;
use super::markup::escape;
use crate::frames::words::{and, thousands};
use crate::present::published::{Section, count};
use crate::published::figures::quantity::COMPUTED;
use crate::published::figures::store::Store;

/// "What the article says, and what the polls found (National Public Radio, June 2023)".
pub(super) fn title(store: &Store) -> String {
    match articles(store).as_str() {
        "" => head(store).to_owned(),
        articles => format!("{} ({articles})", head(store)),
    }
}

fn head(store: &Store) -> &'static str {
    match are_own(store) {
        true => "What the polls found",
        false => "What the article says, and what the polls found",
    }
}

fn articles(store: &Store) -> String {
    let mut names: Vec<String> = Vec::new();
    for claim in &store.claims {
        if !claim.article.is_empty() && !names.contains(&claim.article) {
            names.push(claim.article.clone());
        }
    }
    and(&names)
}

pub(super) fn masthead(store: &Store, claims: &[Section], warnings: usize) -> String {
    let computed = store
        .figures
        .iter()
        .filter(|figure| figure.reported_by == COMPUTED)
        .count();
    let printed = store.figures.len() - computed;
    let counts: String = [
        count(store.polls.len(), "poll"),
        count(store.figures.len(), "figure"),
        format!("{} printed", thousands(printed as f64)),
        format!("{} computed", thousands(computed as f64)),
        count(warnings, "warning"),
    ]
    .iter()
    .map(|text| counted(text))
    .collect();
    let article = articles(store);
    let source = match article.is_empty() {
        true => String::new(),
        false => format!(" of {article}"),
    };
    let about = match are_own(store) {
        true => format!("{} of the newest polls", count(claims.len(), "question")),
        false => format!(
            "{}{source}, each beside the figures it rests on",
            count(claims.len(), "claim")
        ),
    };
    let deck = format!(
        "{about}: how sure one can be of them, where sources disagree, and what can’t hold."
    );
    format!(
        "<header>\n<p class=\"kind-of-page\">Published poll figures, checked</p>\n<h1>{}</h1>\n\
         <p class=\"deck\">{}</p>\n<ul class=\"counts\">\n{counts}</ul>\n</header>\n",
        head(store),
        escape(&deck)
    )
}

/// "58 polls" with its number in bold.
fn counted(text: &str) -> String {
    let (number, what) = text.split_once(' ').unwrap_or((text, ""));
    format!(
        "<li><b>{}</b> {}</li>\n",
        escape(number),
        escape(what.trim())
    )
}
