//! From a chart to a drawing: clean the texts, check the numbers, lay out, draw.

use super::arrangement::Arrangement;
use super::clean::clean;
use super::error::Error;
use super::fonts::Fonts;
use super::formats::{png, svg};
use super::mirror;
use super::page::Page;
use super::paint::{Among, Named, paint};
use super::scene::{Languages, Scene};
use super::style::Style;
use super::theme::Theme;
use super::words::{self, Language};
use crate::frames::words::distinct;
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

/// What the marks of a chart may be called by, in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    /// Of marks with a colour.
    pub coloured: Vec<Vec<String>>,
    /// Of rows and panels that have no colour of their own: they can be brought out.
    pub rows: Vec<Vec<String>>,
}

impl Marks {
    /// The names in a chart.
    pub fn from_chart(chart: &dyn Chart) -> Marks {
        let mut chart = chart.boxed();
        let (coloured, rows): (Vec<Named>, Vec<Named>) = chart
            .marks()
            .into_iter()
            .partition(|mark| mark.among == Among::Coloured);
        let names = |marks: Vec<Named>| marks.into_iter().map(|mark| mark.names).collect();
        Marks {
            coloured: names(coloured),
            rows: names(rows),
        }
    }
}

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
    /// What its marks may be called by.
    pub marks: Marks,
    /// Families of the machine that letters were taken from.
    pub machine_fonts: Vec<String>,
    /// Sentences of the foot that the chart’s language has no words for.
    pub untranslated: Vec<String>,
    /// Words that the chart adds by itself in English, though it is in another language.
    pub english_words: Vec<String>,
    fonts: Fonts,
    theme: Theme,
    scale: f32,
}

impl Drawing {
    /// The PDF file: the same picture in vectors, its texts in subsets of their faces; its properties name what made it.
    ///
    /// # Errors
    /// [`Error::Drawing`] if a page can’t be so large.
    #[cfg(feature = "pdf")]
    pub fn pdf(&self, made_by: &str) -> Result<Vec<u8>, Error> {
        super::formats::pdf::pdf(&self.scene, self.theme, &self.fonts, made_by)
    }

    /// Families that were added and that no letter of the chart is taken from.
    pub fn unused_fonts(&self) -> Vec<String> {
        self.fonts.unused(&self.svg)
    }

    /// The PNG file: the same picture, with the pixels to the inch that its style has.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if the picture has more than a hundred million pixels.
    pub fn png(&self) -> Result<Vec<u8>, Error> {
        png::png(&self.svg, self.scene.logo(), &self.fonts, self.scale)
    }
}

/// A chart without its type, so that what all kinds share is compiled once; every chart that can be cloned has it.
pub trait AnyChart {
    /// The chart as one of any kind.
    fn as_chart(&self) -> &dyn Chart;

    /// A copy of it.
    fn boxed(&self) -> Box<dyn Chart>;
}

impl<C: Chart + Clone + 'static> AnyChart for C {
    fn as_chart(&self) -> &dyn Chart {
        self
    }

    fn boxed(&self) -> Box<dyn Chart> {
        Box::new(self.clone())
    }
}

/// A kind of chart.
pub trait Chart: AnyChart {
    /// Every text that is to be drawn; they come back cleaned.
    fn texts(&mut self) -> Vec<&mut String>;

    /// Whether the numbers can be drawn at all.
    ///
    /// # Errors
    /// Says which row is wrong and what would be right.
    fn check(&self) -> Result<(), Error>;

    /// What such a chart is called: “Dot plot”.
    fn kind(&self) -> &'static str;

    /// Its marks by name, for those whose colours say nothing else.
    fn marks(&mut self) -> Vec<Named<'_>> {
        Vec::new()
    }

    /// Puts its rows in another order.
    fn arrange(&mut self, _order: Arrangement) {}

    /// Gives answers that form one of some scales its order and its ramp.
    fn grade(&mut self, _scales: &[Vec<String>]) {}

    /// The paragraphs of its foot, the sources last.
    fn footer(&mut self) -> &mut Vec<String>;

    /// How many rows it has.
    fn rows(&self) -> usize;

    /// The headline; empty for none.
    fn title(&self) -> &str;

    /// The chart in words, for those who cannot see it, in their language.
    fn describe(&self, words: &Language) -> String;

    /// Puts everything in its place, from the head of the page to its foot.
    fn lay_out(&self, page: &mut Page);

    /// The same as slides whose charts can be edited, described in a language; `None` of kinds that slides have no chart for.
    #[cfg(feature = "xlsx")]
    fn slides(&self, _words: &Language) -> Option<Vec<Slide>> {
        None
    }

    /// Says of its foot what holds of a chart that can be edited, before it is put in another language.
    fn for_slides(&mut self) {}

    /// Draws the chart.
    ///
    /// # Errors
    /// Says in words what keeps it from being drawn: a width without room, letters that no font has,
    /// numbers that are none.
    fn draw(&self, style: &Style) -> Result<Drawing, Error> {
        draw(self.as_chart(), style)
    }
}

/// The chart with what a house wants of it; sentences of its foot that have no words in its language.
fn furnished(mut chart: Box<dyn Chart>, style: &Style) -> (Box<dyn Chart>, Vec<String>) {
    let untranslated = furnish(&mut *chart, style);
    (chart, untranslated)
}

/// The slides of a chart in the style of a house, and sentences of their feet that have no words in its language.
#[cfg(feature = "xlsx")]
pub fn slides_in(chart: &dyn Chart, style: &Style) -> (Option<Vec<Slide>>, Vec<String>) {
    let mut chart = chart.boxed();
    chart.for_slides();
    let (chart, untranslated) = furnished(chart, style);
    let mut slides = chart.slides(&style.language.of_descriptions());
    for slide in slides.iter_mut().flatten() {
        slide.base = style.language.text(&slide.base).into_owned();
        slide.title = style.language.text(&slide.title).into_owned();
    }
    (slides, untranslated)
}

fn draw(chart: &dyn Chart, style: &Style) -> Result<Drawing, Error> {
    check_width(style.width)?;
    let (mut chart, untranslated) = furnished(chart.boxed(), style);
    let (fonts, machine_fonts) = fonts_for(&mut *chart, style);
    clean_texts(&mut *chart, &fonts)?;
    chart.check()?;
    let marks = Marks::from_chart(&*chart);
    let style = &Style {
        fonts,
        ..style.clone()
    };
    let (mut scene, warnings) = lay_out(&*chart, style);
    let from_right = mirror::reads_from_right(&scene, chart.title());
    let english_words = match from_right || style.language.brings_words() {
        true => english_words(&*chart, &scene, &style.language),
        false => Vec::new(),
    };
    if from_right {
        mirror::mirror(&mut scene);
    }
    mirror::isolate(&mut scene);
    let words = style.language.of_descriptions();
    scene.title = match chart.title() {
        "" => kind_and_subject(chart.kind(), &marks.coloured, &words),
        title => style.language.text(title).into_owned(),
    };
    scene.description = chart.describe(&words);
    scene.languages = Languages {
        of_texts: style.language.code().to_owned(),
        of_description: words.code().to_owned(),
    };
    let svg = svg::svg(&scene, style.theme, &style.fonts)?;
    let height = scene.height as u32;
    Ok(Drawing {
        svg,
        width: style.width,
        height,
        warnings,
        scene,
        marks,
        machine_fonts,
        untranslated,
        english_words,
        fonts: style.fonts.clone(),
        theme: style.theme,
        scale: style.scale,
    })
}

/// The faces for all texts of a chart; those of the machine that were needed for it, by name.
fn fonts_for(chart: &mut dyn Chart, style: &Style) -> (Fonts, Vec<String>) {
    let texts: Vec<String> = chart.texts().into_iter().map(|text| clean(text)).collect();
    let fonts = style.fonts.clone().speaking(style.language.clone());
    fonts.completed(&texts)
}

/// What the layout says in English by itself: of the texts that were drawn, those that the chart did not bring.
fn english_words(chart: &dyn Chart, scene: &Scene, language: &Language) -> Vec<String> {
    let mut chart = chart.boxed();
    let own: Vec<String> = chart.texts().into_iter().map(|text| text.clone()).collect();
    let drawn = scene.texts().map(|text| text.text.as_str());
    language.without_words(drawn.filter(|text| !own.iter().any(|own| own == text)))
}

/// What the house wants of a chart: order, scales, colours, foot, note and source. Sentences of the foot that have no words in
/// its language come back.
fn furnish(chart: &mut dyn Chart, style: &Style) -> Vec<String> {
    if !style.scales.is_empty() {
        chart.grade(&style.scales);
    }
    let order = style.arrangement();
    if order.is_any() {
        chart.arrange(order);
    }
    paint(chart.marks(), style);
    let foot = chart.footer();
    let is_source = |text: &String| text.starts_with("Source: ") || text.starts_with("Sources: ");
    // a table may say more under its source; a chart closes with it
    let mut sources: Vec<String> = foot.extract_if(.., |text| is_source(text)).collect();
    if let Some(source) = &style.source {
        sources = vec![source_line(source)];
    }
    for paragraph in foot.iter_mut() {
        *paragraph = words::for_chart(paragraph, style.foot);
    }
    let mut untranslated = Vec::new();
    for paragraph in foot.iter_mut().chain(&mut sources) {
        let (told, mut left) = style.language.paragraph(paragraph);
        *paragraph = told;
        untranslated.append(&mut left);
    }
    foot.retain(|paragraph| !paragraph.is_empty());
    foot.extend(style.note.clone());
    foot.append(&mut sources);
    foot.retain(|paragraph| !paragraph.is_empty());
    untranslated
}

/// “Source: YouGov, June 2026.”
fn source_line(source: &str) -> String {
    let line = match source.starts_with("Source") {
        true => source.to_owned(),
        false => format!("Source: {source}"),
    };
    match line.ends_with(['.', '!', '?', '…']) {
        true => line,
        false => format!("{line}."),
    }
}

/// “Bar chart: Germany, Spain, France and 4 others”, for a chart without a headline.
fn kind_and_subject(kind: &'static str, names: &[Vec<String>], words: &Language) -> String {
    const SHOWN: usize = 3;
    let kind = words.fill(kind, &[]);
    let labels = names.iter().filter_map(|names| names.first());
    let labels = distinct(labels.filter(|label| !label.is_empty()).cloned());
    let (shown, others) = labels.split_at(SHOWN.min(labels.len()));
    let some = shown.join(", ");
    match (shown, others.len()) {
        ([], _) => kind,
        (shown, 0) => words.fill("{}: {}", &[&kind, &words.list(shown)]),
        (_, 1) => words.fill("{}: {} and 1 other", &[&kind, &some]),
        (_, more) => words.fill("{}: {} and {} others", &[&kind, &some, &more.to_string()]),
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

/// Puts every text on one line; all of its letters must be at hand.
fn clean_texts(chart: &mut dyn Chart, fonts: &Fonts) -> Result<(), Error> {
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
    Ok(())
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
fn lay_out(chart: &dyn Chart, style: &Style) -> (Scene, Vec<String>) {
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
