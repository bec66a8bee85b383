use std::path::{Path, PathBuf};

use super::differences::differences_picture;
use super::own_claims::are_own;
use super::picture::{Error, Picture};
use super::sides::sides_picture;
use super::trends::trends_picture;
use super::words::{headline, standing_apart};
use crate::files;
use crate::frames::Estimates;
use crate::present::chart::{self, Chart, Style};
use crate::present::provenance::Provenance;
use crate::present::published::{self, Captions, Line, Section, Spread};
use crate::published::figures::names::period;
use crate::published::figures::store::Store;
use crate::published::figures::topline::Intervals;

/// The charts of a store: the claims with what puts them in context, the first poll of the claims
/// that has figures by country, answers by country, differences, trends. A store without claims has none.
pub fn pictures(store: &Store, style: &Style, intervals: Intervals) -> Result<Vec<Picture>, Error> {
    let claims = published::claims(store, intervals)?;
    let mut pictures = Vec::new();
    pictures.extend(headline_picture(store, &claims, style, intervals)?);
    pictures.extend(country_picture(store, &claims, style, intervals)?);
    if !claims.is_empty() {
        pictures.extend(sides_picture(store, &claims, style, intervals)?);
        pictures.extend(differences_picture(store, style, intervals)?);
        pictures.extend(trends_picture(store, style, intervals)?);
    }
    Ok(pictures)
}

fn headline_picture(
    store: &Store,
    claims: &[Section],
    style: &Style,
    intervals: Intervals,
) -> Result<Option<Picture>, Error> {
    let sections = published::claims_with_context(store, intervals)?;
    if sections.is_empty() {
        return Ok(None);
    }
    let heads = claims.iter().filter_map(|section| {
        let claim = store
            .claims
            .iter()
            .find(|claim| claim.text == section.head)?;
        Some((claim.says.as_str(), section.lines.first()?))
    });
    let captions = Captions {
        title: headline(heads).unwrap_or_else(|| match are_own(store) {
            true => "What the polls found".to_owned(),
            false => "What the article says, with what its polls found".to_owned(),
        }),
        subtitle: Some(subtitle(intervals)),
        foot: Vec::new(),
    };
    let chart = published::dot_chart(store, &sections, captions, intervals);
    Ok(Some(Picture {
        name: "headline",
        poll: None,
        drawing: chart.draw(style)?,
        numbers: published::estimates(&sections)?.into_frame(),
    }))
}

fn subtitle(intervals: Intervals) -> String {
    format!(
        "Per cent of adults. Lines are {}% intervals.",
        100.0 * intervals.level
    )
}

fn country_picture(
    store: &Store,
    claims: &[Section],
    style: &Style,
    intervals: Intervals,
) -> Result<Option<Picture>, Error> {
    let polls = claims
        .iter()
        .flat_map(|section| &section.lines)
        .map(|line| line.figure.poll.as_str());
    for poll in polls {
        let captions =
            |spreads: &[Spread]| country_captions(store, poll, standing_apart(spreads), intervals);
        let Some(panels) = published::by_country(store, poll, captions, intervals)? else {
            continue;
        };
        let rows: Vec<_> = panels
            .lines
            .iter()
            .map(|line: &Line| line.estimate.clone())
            .collect();
        return Ok(Some(Picture {
            name: "by-country",
            poll: Some(poll.to_owned()),
            drawing: panels.chart.draw(style)?,
            numbers: Estimates::from_rows(&rows)?.into_frame(),
        }));
    }
    Ok(None)
}

fn country_captions(
    store: &Store,
    poll: &str,
    finding: Option<String>,
    intervals: Intervals,
) -> Captions {
    let name = store.poll_name(poll);
    let dates = store
        .poll(poll)
        .and_then(period)
        .map(|period| format!(", {period}"));
    Captions {
        title: finding.unwrap_or_else(|| format!("{name}, by country")),
        subtitle: Some(format!(
            "Per cent of adults{}. {name}. Lines are {}% intervals.",
            dates.unwrap_or_default(),
            100.0 * intervals.level
        )),
        foot: Vec::new(),
    }
}

/// The files of a picture, by their endings.
const ENDINGS: [&str; 3] = ["png", "svg", "csv"];

/// The files that [`write`] makes of pictures.
pub fn paths(pictures: &[Picture], folder: &Path) -> Vec<PathBuf> {
    let of_picture = |picture: &Picture| {
        let name = picture.name;
        ENDINGS.map(|ending| folder.join(format!("{name}.{ending}")))
    };
    pictures.iter().flat_map(of_picture).collect()
}

/// Writes each picture as SVG, PNG and CSV into the folder, with what made them, and gives the paths. Other files there stay as
/// they are.
pub fn write(
    pictures: &[Picture],
    folder: &Path,
    provenance: Option<&Provenance>,
) -> Result<Vec<PathBuf>, Error> {
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |source| Error::File { path, source }
    };
    files::create_folder(folder).map_err(failed(folder))?;
    // Making the PNGs takes nearly all of the time: one thread a picture.
    let pngs: Vec<Result<Vec<u8>, chart::Error>> = std::thread::scope(|scope| {
        let drawn: Vec<_> = pictures
            .iter()
            .map(|picture| scope.spawn(|| picture.drawing.png()))
            .collect();
        drawn
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    let paths = paths(pictures, folder);
    for ((picture, png), paths) in pictures.iter().zip(pngs).zip(paths.chunks(ENDINGS.len())) {
        let csv = picture.numbers.to_csv();
        let svg = picture.drawing.svg.as_bytes().to_vec();
        for (path, bytes) in paths.iter().zip([png?, svg, csv.into_bytes()]) {
            let bytes = match provenance {
                Some(provenance) => provenance.put_into(bytes),
                None => bytes,
            };
            files::replace(path, &bytes).map_err(failed(path))?;
        }
    }
    Ok(paths)
}
