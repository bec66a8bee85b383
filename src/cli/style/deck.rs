//! The house style on slides of tables: logo, colours by name, note and source; what they do not take is said.

use super::HouseFile;
use super::file::NAME;
use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::present::chart::{HouseColour, Logo, Theme, is_called};
use crate::present::office::{Deck, Slide};

/// Keys that slides of tables take; the others are about drawings.
const ON_DECKS: [&str; 5] = ["logo", "colours", "note", "source", "typeface"];

impl HouseFile {
    /// The deck in the style of `opine.toml`, where there is one.
    pub fn dress(deck: Deck, session: &Session) -> Result<Deck, Failure> {
        let Some(house) = HouseFile::find(None, session)? else {
            return Ok(deck);
        };
        let idle = house.keys.iter().map(String::as_str);
        let idle: Vec<&str> = idle.filter(|key| !ON_DECKS.contains(key)).collect();
        if !idle.is_empty() {
            session.note(&format!(
                "{}: {} changes nothing on slides of tables",
                house.path.display(),
                idle.join(", ")
            ));
        }
        let logo = house.logo.as_ref();
        let logo = logo.map(|logo| logo.read(Theme::Light, session));
        let mut deck = Deck {
            logo: logo.transpose()?.as_ref().and_then(Logo::to_picture),
            typeface: house.typeface.clone(),
            ..deck
        };
        for slide in &mut deck.slides {
            house.colour(slide);
            house.close(slide);
        }
        Ok(deck)
    }

    /// The face of documents that `opine.toml` names, the one key that they take.
    pub fn typeface(session: &Session) -> Result<Option<String>, Failure> {
        let usual = std::path::Path::new(NAME);
        if !usual.is_file() {
            return Ok(None);
        }
        let face = HouseFile::read(usual)?.typeface;
        if let Some(face) = &face {
            session.paths.input(usual)?;
            session.note(&format!("house style: {NAME} (typeface {face})"));
        }
        Ok(face)
    }

    /// The colours of answers and columns, whether they are series or bars of one.
    fn colour(&self, slide: &mut Slide) {
        // "Red (n 480)" is called Red
        let colour_of = |label: &str| {
            let name = label.split(" (").next().unwrap_or(label).trim();
            let names = [name.to_owned()];
            let mut colours = self.colours.iter();
            let found = colours.find(|(own, _)| is_called(&names, own));
            found.map(|(_, colour): &(String, HouseColour)| colour.light())
        };
        let bars: Vec<Option<u32>> = slide
            .chart
            .categories
            .iter()
            .map(|label| colour_of(label))
            .collect();
        let is_one = slide.chart.series.len() == 1;
        for series in &mut slide.chart.series {
            series.colour = colour_of(&series.name).unwrap_or(series.colour);
            for (point, bar) in series.points.iter_mut().zip(&bars).filter(|_| is_one) {
                point.colour = bar.or(point.colour);
            }
        }
    }

    /// Note and source at the end of the foot, the source in place of what the file says.
    fn close(&self, slide: &mut Slide) {
        if let Some(source) = &self.source {
            slide.foot.retain(|text| !text.starts_with("Source"));
            slide.foot.extend(self.note.clone());
            slide
                .foot
                .push(format!("Source: {}.", source.trim_end_matches('.')));
        } else if let Some(note) = &self.note {
            let at = slide
                .foot
                .iter()
                .position(|text| text.starts_with("Source"));
            let at = at.unwrap_or(slide.foot.len());
            slide.foot.insert(at, note.clone());
        }
    }
}

/// That a page has a look of its own, where there is a house style.
pub fn note_page(session: &Session) {
    if std::path::Path::new(NAME).is_file() {
        session.note(&format!(
            "{NAME} changes nothing here: it is for opine chart and slides, the page has a look of its own"
        ));
    }
}
