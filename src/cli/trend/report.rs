//! `opine trend … --report DIR`: the tracker as a page, with its charts and their numbers beside it.

use std::path::Path;

use super::args::ModelArgs;
use crate::cli::chart::polls::{ChartWords, Tracker, tracker};
use crate::cli::failure::Failure;
use crate::cli::paths::is_ours;
use crate::cli::streams::Session;
use crate::cli::style::note_page;
use crate::frames::house_frame;
use crate::present::chart::{Chart, Style};
use crate::present::published::Captions;
use crate::present::report::{self, Picture, TrackerPage};
use crate::present::trends::{self, DotStyle};
use crate::published::trend::{DayEstimate, Polls, Trend};

const PAGE: &str = "report.html";

/// More answers than this have their houses in tables alone.
const MOST_EFFECTS: usize = 3;

/// Writes page, charts and numbers into a folder, with the command where that is asked for, and says where they are.
pub fn write(
    (folder, stamp): (&Path, bool),
    model: &ModelArgs,
    polls: &Polls,
    contest: &str,
    latest: &[(&Trend, &DayEstimate)],
    together: bool,
    session: &Session,
) -> Result<(), Failure> {
    note_page(session);
    let words = ChartWords {
        style: DotStyle::Answers,
        title: None,
        subtitle: None,
    };
    let drawn = tracker(model, polls, contest, &words, session)?;
    let source = model.source();
    let picture = |width: u32| polls_picture(&drawn, &source, contest, width);
    let (wide, narrow) = (picture(720)?, picture(360)?);
    let mut effects = Vec::new();
    if latest.len() <= MOST_EFFECTS {
        for (trend, _) in latest {
            effects.push((
                effects_picture(trend, contest, 720)?,
                effects_picture(trend, contest, 360)?,
            ));
        }
    }
    let page = report::tracker_page(&TrackerPage {
        title: &drawn.chart.title,
        latest: latest.to_vec(),
        polls: (&wide, &narrow),
        effects,
        together,
    });
    let pictures = [wide];
    for path in report::paths(&pictures, folder) {
        session.paths.beside(&path, is_ours)?;
    }
    session.paths.beside(&folder.join(PAGE), is_ours)?;
    let provenance = session.provenance(stamp);
    let mut written = report::write(&pictures, folder, Some(&provenance))?;
    let page = report::write_page(&page, folder, PAGE, Some(&provenance));
    written.push(page?);
    for path in written {
        session.say(&path.display().to_string());
    }
    Ok(())
}

fn style(width: u32) -> Style {
    Style {
        width,
        ..Style::default()
    }
}

fn polls_picture(
    tracker: &Tracker,
    source: &str,
    contest: &str,
    width: u32,
) -> Result<Picture, Failure> {
    Ok(Picture {
        name: "polls",
        poll: None,
        drawing: tracker.chart.draw(&style(width)).map_err(Failure::usage)?,
        numbers: tracker.numbers(source, contest)?,
    })
}

fn effects_picture(trend: &Trend, contest: &str, width: u32) -> Result<Picture, Failure> {
    let rows = trends::house_rows(trend);
    let chart = trends::effects_chart(trend, contest, &rows, Captions::default());
    Ok(Picture {
        name: "effects",
        poll: None,
        drawing: chart.draw(&style(width)).map_err(Failure::usage)?,
        numbers: house_frame(&rows).map_err(Failure::usage)?,
    })
}
