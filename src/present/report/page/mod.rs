//! The page of the report: one HTML file that holds all it shows, without scripts.

use super::charts::pictures;
use super::picture::Error;
use super::warnings::warnings;
use crate::files;
use crate::present::chart::{Style, Theme};
use crate::present::provenance::Provenance;
use crate::present::published::{self, Section};
use crate::published::figures::store::{Figure, Store};
use crate::published::figures::topline::Intervals;
use markup::escape;
use std::path::{Path, PathBuf};
pub use tracker::{TrackerPage, tracker_page};
pub use weighting::weighting_page;

mod cases;
mod colours;
mod markup;
mod masthead;
mod methods;
mod sources;
mod tables;
mod tracker;
mod weighting;

const CSS: &str = include_str!("page.css");

/// A part of the page: its anchor, its heading, what stands under it.
struct Part {
    id: &'static str,
    head: &'static str,
    body: String,
}

/// The page about a store's claims, drawn with the faces of the style.
///
/// # Errors
/// Says what keeps an interval or a chart from being made.
pub fn page(store: &Store, style: &Style, intervals: Intervals) -> Result<String, Error> {
    let claims = published::claims(store, intervals)?;
    let context = published::claims_with_context(store, intervals)?;
    let warnings = warnings(store, &claims);
    let figures = chart_parts(store, &claims, style, intervals)?;
    let mut shown = context;
    shown.extend(figures.sections);
    let mut parts = vec![
        part(
            "findings",
            "Key findings",
            cases::findings(store, &claims, intervals),
        ),
        part(
            "care",
            "Read with care",
            cases::warnings(store, &warnings.here, warnings.elsewhere.len()),
        ),
    ];
    parts.extend(figures.parts);
    parts.push(part("methods", "Methods", methods::cards(store, &shown)));
    parts.push(part("sources", "Sources", sources::list(store, &shown)));
    let count = warnings.here.len() + warnings.elsewhere.len();
    Ok(document(
        &masthead::title(store),
        &masthead::masthead(store, &claims, count),
        &parts,
    ))
}

fn part(id: &'static str, head: &'static str, body: String) -> Part {
    Part { id, head, body }
}

/// The charts with their tables, and the sections that these tables show.
struct Charts<'s> {
    parts: Vec<Part>,
    sections: Vec<Section<'s>>,
}

fn chart_parts<'s>(
    store: &'s Store,
    claims: &[Section<'s>],
    style: &Style,
    intervals: Intervals,
) -> Result<Charts<'s>, Error> {
    let at = |width| Style {
        width,
        min_height: None,
        theme: Theme::Light,
        ..style.clone()
    };
    let wide = pictures(store, &at(720), intervals)?;
    let narrow = pictures(store, &at(360), intervals)?;
    let mut charts = Charts {
        parts: Vec::new(),
        sections: Vec::new(),
    };
    for (wide, narrow) in wide.iter().zip(&narrow) {
        let drawn = markup::figure(wide, narrow);
        let Some(poll) = &wide.poll else {
            charts.parts.push(match wide.name {
                "headline" => {
                    let table = published::claims_table(store, claims, intervals);
                    part(
                        "headline",
                        "Headline figures",
                        drawn + &tables::table(&table),
                    )
                }
                "sides" => part("sides", "Answers by country", drawn),
                "differences" => part("differences", "Differences", drawn),
                other => part(other, "Over the years", drawn),
            });
            continue;
        };
        let of_poll: Vec<&Figure> = store
            .figures
            .iter()
            .filter(|figure| figure.poll == *poll)
            .collect();
        let sections = published::by_poll(store, &of_poll, false, intervals)?;
        let title = format!("All figures of {}", store.poll_name(poll));
        let table = published::table(store, &sections, &title, intervals);
        let body = drawn + &tables::table(&table);
        charts.parts.push(part("by-country", "By country", body));
        charts.sections.extend(sections);
    }
    Ok(charts)
}

fn document(title: &str, masthead: &str, parts: &[Part]) -> String {
    let contents: String = parts
        .iter()
        .map(|part| format!("<li><a href=\"#{}\">{}</a></li>\n", part.id, part.head))
        .collect();
    let sections: String = parts
        .iter()
        .map(|part| {
            format!(
                "<section id=\"{id}\" aria-labelledby=\"{id}-head\">\n<h2 id=\"{id}-head\">{}</h2>\n{}</section>\n",
                part.head,
                part.body,
                id = part.id
            )
        })
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{}{CSS}</style>\n</head>\n<body>\n<div class=\"page\">\n{masthead}\
         <nav aria-label=\"Contents\">\n<ol>\n{contents}</ol>\n</nav>\n<main>\n{sections}</main>\n\
         <footer>\n<p>Made with opine. The same data give the same page, byte for byte.</p>\n</footer>\n\
         </div>\n</body>\n</html>\n",
        escape(title),
        colours::css(),
    )
}

/// Writes a page beside its charts, with what made it, under a name such as `report.html`, and gives its path.
///
/// # Errors
/// Names the file that could not be written.
pub fn write_page(
    html: &str,
    folder: &Path,
    name: &str,
    provenance: Option<&Provenance>,
) -> Result<PathBuf, Error> {
    let path = folder.join(name);
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |source| Error::File { path, source }
    };
    files::create_folder(folder).map_err(failed(folder))?;
    let html = html.as_bytes().to_vec();
    let html = match provenance {
        Some(provenance) => provenance.put_into(html),
        None => html,
    };
    files::replace(&path, &html).map_err(failed(&path))?;
    Ok(path)
}
