//! From a chart to a drawing: clean the texts, check the numbers, lay out, draw.

use super::clean::clean;
use super::error::Error;
use super::fonts::Fonts;
use super::page::Page;
use super::scene::Scene;
use super::style::Style;
use super::{png, svg};
#[cfg(feature = "xlsx")]
use crate::present::office::Slide;

/// The narrowest canvas a chart can be laid out on, in px.
pub const LEAST_WIDTH: u32 = 280;

/// The widest: a PNG of it is 8,000 pixels across.
const MOST_WIDTH: u32 = 4_000;

/// More rows than this are hard to take in at a glance.
const MANY_ROWS: usize = 60;

/// A headline that is longer tells too much.
const MOST_TITLE_LINES: usize = 3;

/// A finished chart.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The SVG file, the same to the byte on every machine.
    pub svg: String,
    /// Width in px.
    pub width: u32,
    /// Height in px.
    pub height: u32,
    /// What a careful editor would object to.
    pub warnings: Vec<String>,
    /// What was drawn, place by place.
    pub scene: Scene,
    fonts: Fonts,
}

impl Drawing {
    /// Families that were added and that no letter of the chart is taken from.
    pub fn unused_fonts(&self) -> Vec<String> {
        self.fonts.unused(&self.svg)
    }

    /// The PNG file: the same picture at twice its size, to print at 192 dpi.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if the picture has more than a hundred million pixels.
    pub fn png(&self) -> Result<Vec<u8>, Error> {
        png::png(&self.svg, &self.fonts)
    }
}

/// A kind of chart.
pub trait Chart: Clone {
    /// Every text that is to be drawn; they come back cleaned.
    fn texts(&mut self) -> Vec<&mut String>;

    /// Whether the numbers can be drawn at all.
    ///
    /// # Errors
    /// Says which row is wrong and what would be right.
    fn check(&self) -> Result<(), Error>;

    /// How many rows it has.
    fn rows(&self) -> usize;

    /// The headline.
    fn title(&self) -> &str;

    /// The chart in words, for those who cannot see it.
    fn describe(&self) -> String;

    /// Puts everything in its place, from the head of the page to its foot.
    fn lay_out(&self, page: &mut Page);

    /// The same as slides whose charts can be edited; `None` of kinds that slides have no chart for.
    #[cfg(feature = "xlsx")]
    fn slides(&self) -> Option<Vec<Slide>> {
        None
    }

    /// Draws the chart.
    ///
    /// # Errors
    /// Says in words what keeps it from being drawn: a width without room, letters that no font has,
    /// numbers that are none.
    fn draw(&self, style: &Style) -> Result<Drawing, Error> {
        check_width(style.width)?;
        let chart = cleaned(self, &style.fonts)?;
        chart.check()?;
        let (mut scene, warnings) = lay_out(&chart, style);
        scene.title = chart.title().to_string();
        scene.description = chart.describe();
        let svg = svg::svg(&scene, style.theme, &style.fonts)?;
        let height = scene.height as u32;
        Ok(Drawing {
            svg,
            width: style.width,
            height,
            warnings,
            scene,
            fonts: style.fonts.clone(),
        })
    }
}

fn check_width(width: u32) -> Result<(), Error> {
    match width {
        0..LEAST_WIDTH => Err(Error::TooNarrow {
            width,
            least: LEAST_WIDTH,
        }),
        LEAST_WIDTH..=MOST_WIDTH => Ok(()),
        _ => Err(Error::TooWide {
            width,
            most: MOST_WIDTH,
        }),
    }
}

/// The chart with every text on one line, all of its letters known to be at hand.
fn cleaned<C: Chart>(chart: &C, fonts: &Fonts) -> Result<C, Error> {
    let mut chart = chart.clone();
    for text in chart.texts() {
        *text = clean(text);
        let missing = fonts.missing(text);
        if !missing.is_empty() {
            return Err(Error::MissingGlyphs {
                letters: named(&missing),
                label: text.clone(),
            });
        }
    }
    Ok(chart)
}

/// Letters with their code points, the first ten of them: some terminals cannot show them either.
fn named(letters: &str) -> String {
    let mut names: Vec<String> = letters
        .chars()
        .take(10)
        .map(|letter| format!("“{letter}” (U+{:04X})", u32::from(letter)))
        .collect();
    let more = letters.chars().count() - names.len();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

/// The scene and the warnings. Whatever height is asked for beyond need goes to the rows, each the same.
fn lay_out<C: Chart>(chart: &C, style: &Style) -> (Scene, Vec<String>) {
    let mut page = Page::new(style, 0.0);
    chart.lay_out(&mut page);
    let wanting = f64::from(style.min_height.unwrap_or(0)) - page.scene.height;
    if wanting > 0.0 {
        page = Page::new(style, wanting / chart.rows().max(1) as f64);
        chart.lay_out(&mut page);
        // Shared out by the row, the last pixel may be lacking.
        page.scene.height = page
            .scene
            .height
            .max(f64::from(style.min_height.unwrap_or(0)));
    }
    let mut warnings = Vec::new();
    if page.title_lines > MOST_TITLE_LINES {
        warnings.push(format!(
            "the title takes {} lines; a shorter one would be read",
            page.title_lines
        ));
    }
    if chart.rows() > MANY_ROWS {
        warnings.push(format!(
            "the chart has {} rows; split into charts of {MANY_ROWS} or fewer, it would be read",
            chart.rows()
        ));
    }
    (page.scene, warnings)
}
