//! Slides: a title, then a question each with its chart.

use super::chart::NativeChart;
use super::package::{DECLARATION, OfficeError, Package, Properties, Relation, Relations, escape};

/// Slides for a meeting, in the form of PresentationML.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deck {
    pub title: String,
    /// Under the title: who was asked, how the numbers came about. Without a title and without them there is no slide of titles.
    pub subtitle: Vec<String>,
    pub slides: Vec<Slide>,
    /// At the foot of every slide, on its layout.
    pub logo: Option<Picture>,
    /// The face of all texts, by its name; Arial without. It is not in the file: who opens it has it, or sees another.
    pub typeface: Option<String>,
    /// The language of its texts, for those who check the spelling: `de`; British English without.
    pub language: String,
}

/// A picture in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The bytes of a PNG.
    pub png: Vec<u8>,
    /// Its width for a height of 1.
    pub proportion: f64,
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub struct Slide {
    pub title: String,
    /// What is measured, and of whom.
    pub base: String,
    pub chart: NativeChart,
    /// What has to be known to read it, and the source.
    pub foot: Vec<String>,
}

const THEME: &str = include_str!("parts/theme.xml");
const MASTER: &str = include_str!("parts/slide-master.xml");
const TITLE_LAYOUT: &str = include_str!("parts/layout-title.xml");
const QUESTION_LAYOUT: &str = include_str!("parts/layout-question.xml");

const NAMESPACES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
     xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";

/// English Metric Units: 12,700 to the point. A slide is 13⅓ by 7½ inches.
const POINT: f64 = 12_700.0;
/// The room of a logo, over the number of the slide.
const LOGO: (f64, f64) = (914_340.0, 320_040.0);
const LOGO_RIGHT: f64 = 11_643_360.0;
const LOGO_BOTTOM: f64 = 6_400_800.0;
const LEFT: u32 = 548_640;
const MEASURE: u32 = 11_094_720;
const TOP: u32 = 411_480;
const BOTTOM: u32 = 6_583_680;
/// The number of the slide stands right of the foot.
const FOOT_MEASURE: u32 = 10_058_400;
/// Between title, base, chart and foot.
const GAP: u32 = 91_440;
/// A chart is never less high: a title that leaves no room for it is set smaller.
const LEAST_CHART: u32 = 2_743_200;

/// The bytes of a slide deck.
///
/// Each chart is one of the program that opens the deck, with its workbook in the file. Titles, bases and sources are
/// placeholders of the layout, so that another design moves them all. The same input gives the same bytes.
///
/// # Errors
/// A chart of more rows or columns than a sheet has room for.
pub fn pptx(deck: &Deck) -> Result<Vec<u8>, OfficeError> {
    let mut package = Package::default();
    let mut presentation = Relations::new(&[
        (Relation::SlideMaster, "slideMasters/slideMaster1.xml"),
        (Relation::Theme, "theme/theme1.xml"),
    ]);
    let mut slides = Vec::new();
    let mut add = |package: &mut Package, xml: String, relations: &Relations| {
        let number = slides.len() + 1;
        let name = format!("slides/slide{number}.xml");
        package.add(&format!("ppt/{name}"), SLIDE, xml, relations);
        slides.push(presentation.add(Relation::Slide, name));
    };
    if !deck.title.is_empty() || !deck.subtitle.is_empty() {
        let layout = Relations::new(&[(Relation::SlideLayout, "../slideLayouts/slideLayout1.xml")]);
        add(&mut package, deck.in_language(deck.title_slide()), &layout);
    }
    for (at, slide) in deck.slides.iter().enumerate() {
        let (number, mut ties) = (
            at + 1,
            Relations::new(&[(Relation::SlideLayout, "../slideLayouts/slideLayout2.xml")]),
        );
        ties.add(Relation::Chart, format!("../charts/chart{number}.xml"));
        let xml = deck.in_language(slide.xml(deck.least_foot()));
        add(&mut package, xml, &ties);
        let book = format!("../embeddings/workbook{number}.xlsx");
        package.add(
            &format!("ppt/charts/chart{number}.xml"),
            CHART,
            slide.chart.xml(),
            &Relations::new(&[(Relation::Workbook, &book)]),
        );
        package.add_bytes(
            &format!("ppt/embeddings/workbook{number}.xlsx"),
            slide.chart.workbook()?,
        );
    }
    add_design(&mut package, deck);
    package.add(
        "ppt/presentation.xml",
        PRESENTATION,
        presentation_xml(&slides),
        &presentation,
    );
    let title = match (deck.title.as_str(), deck.slides.first()) {
        ("", Some(first)) => first.title.clone(),
        (title, _) => title.to_owned(),
    };
    package.finish("ppt/presentation.xml", &Properties { title })
}

const PRESENTATION: &str =
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";
const SLIDE: &str = "application/vnd.openxmlformats-officedocument.presentationml.slide+xml";
const CHART: &str = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";

/// Theme, master and layouts.
fn add_design(package: &mut Package, deck: &Deck) {
    let theme = match &deck.typeface {
        Some(face) => THEME.replace(
            "<a:latin typeface=\"Arial\"/>",
            &format!("<a:latin typeface=\"{}\"/>", escape(face)),
        ),
        None => THEME.to_owned(),
    };
    let none = Relations::default();
    let of_master = Relations::new(&[
        (Relation::SlideLayout, "../slideLayouts/slideLayout1.xml"),
        (Relation::SlideLayout, "../slideLayouts/slideLayout2.xml"),
        (Relation::Theme, "../theme/theme1.xml"),
    ]);
    let of_layout = Relations::new(&[(Relation::SlideMaster, "../slideMasters/slideMaster1.xml")]);
    let (mut of_question, mut question) = (
        Relations::new(&[(Relation::SlideMaster, "../slideMasters/slideMaster1.xml")]),
        QUESTION_LAYOUT.to_owned(),
    );
    if let Some(logo) = &deck.logo {
        let id = of_question.add(Relation::Image, "../media/logo.png".to_owned());
        question = question.replace("</p:spTree>", &format!("{}</p:spTree>", logo.xml(&id)));
        package.add_bytes("ppt/media/logo.png", logo.png.clone());
    }
    let parts: [(&str, &'static str, &str, &Relations); 4] = [
        (
            "ppt/slideMasters/slideMaster1.xml",
            "application/vnd.openxmlformats-officedocument.presentationml.slideMaster+xml",
            MASTER,
            &of_master,
        ),
        (
            "ppt/slideLayouts/slideLayout1.xml",
            "application/vnd.openxmlformats-officedocument.presentationml.slideLayout+xml",
            TITLE_LAYOUT,
            &of_layout,
        ),
        (
            "ppt/slideLayouts/slideLayout2.xml",
            "application/vnd.openxmlformats-officedocument.presentationml.slideLayout+xml",
            &question,
            &of_question,
        ),
        (
            "ppt/theme/theme1.xml",
            "application/vnd.openxmlformats-officedocument.theme+xml",
            &theme,
            &none,
        ),
    ];
    for (name, kind, xml, relations) in parts {
        package.add(name, kind, xml.to_owned(), relations);
    }
}

fn presentation_xml(slides: &[String]) -> String {
    // ids of slides begin at 256
    let ids = (256u32..)
        .zip(slides)
        .map(|(id, tie)| format!("<p:sldId id=\"{id}\" r:id=\"{tie}\"/>"));
    format!(
        "{DECLARATION}<p:presentation {NAMESPACES} saveSubsetFonts=\"1\">\
         <p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst><p:sldIdLst>{}</p:sldIdLst>\
         <p:sldSz cx=\"12192000\" cy=\"6858000\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/></p:presentation>",
        ids.collect::<String>()
    )
}

impl Picture {
    /// The picture on a slide, as large as its room allows.
    fn xml(&self, id: &str) -> String {
        let (width, height) = match LOGO.0 / LOGO.1 < self.proportion {
            true => (LOGO.0, LOGO.0 / self.proportion),
            false => (LOGO.1 * self.proportion, LOGO.1),
        };
        let (x, y) = (LOGO_RIGHT - width, LOGO_BOTTOM - height);
        format!(
            "<p:pic><p:nvPicPr><p:cNvPr id=\"7\" name=\"Logo\"/><p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr userDrawn=\"1\"/></p:nvPicPr>\
             <p:blipFill><a:blip r:embed=\"{id}\"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>\
             <p:spPr><a:xfrm><a:off x=\"{x:.0}\" y=\"{y:.0}\"/><a:ext cx=\"{width:.0}\" cy=\"{height:.0}\"/></a:xfrm>\
             <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>"
        )
    }
}

impl Deck {
    /// A part with the language of the deck.
    fn in_language(&self, xml: String) -> String {
        match self.language.as_str() {
            "" | "en" => xml,
            language => xml.replace("lang=\"en-GB\"", &format!("lang=\"{}\"", escape(language))),
        }
    }

    /// How high the foot is at least: the logo stands beside it.
    fn least_foot(&self) -> u32 {
        match self.logo {
            Some(_) => (f64::from(BOTTOM) - LOGO_BOTTOM + LOGO.1) as u32,
            None => 0,
        }
    }

    /// Whether any chart has an interval.
    pub fn has_intervals(&self) -> bool {
        let series = self.slides.iter().flat_map(|slide| &slide.chart.series);
        let mut points = series.flat_map(|series| &series.points);
        points.any(|point| point.interval.is_some())
    }

    fn title_slide(&self) -> String {
        slide_xml(&format!(
            "{}{}{}",
            placeholder(2, "Title", "type=\"ctrTitle\"", None, &[&self.title], None),
            placeholder(
                3,
                "Subtitle",
                "type=\"subTitle\" idx=\"1\"",
                None,
                &lines(&self.subtitle),
                None
            ),
            slide_number(4)
        ))
    }
}

/// Where something stands: x, y, width, height.
type Place = (u32, u32, u32, u32);

impl Slide {
    fn xml(&self, least_foot: u32) -> String {
        // the largest size with which title, base and foot leave a chart its room
        let sizes = [2400, 2000, 1600, 1300, 1100];
        let base_lines = wrapped(&self.base, 1400, false, MEASURE);
        let base_height = height(base_lines, 1400);
        let foot_lines: u32 = self
            .foot
            .iter()
            .map(|line| wrapped(line, 1000, false, FOOT_MEASURE))
            .sum();
        let foot_height = height(foot_lines, 1000).max(least_foot);
        let left_for_title = (BOTTOM - TOP).saturating_sub(base_height + foot_height + 3 * GAP);
        let title_height = |size: u32| height(wrapped(&self.title, size, true, MEASURE), size);
        let fits = |size: &u32| title_height(*size) + LEAST_CHART <= left_for_title;
        let size = sizes.into_iter().find(fits).unwrap_or(1100);
        let base_top = TOP + title_height(size).min(left_for_title - left_for_title / 3) + GAP;
        let chart_top = base_top + base_height + GAP;
        let foot_top = BOTTOM.saturating_sub(foot_height);
        let chart_height = foot_top
            .saturating_sub(GAP + chart_top)
            .max(LEAST_CHART / 3);
        let title = (LEFT, TOP, MEASURE, base_top - TOP - GAP);
        let base = (LEFT, base_top, MEASURE, base_height);
        let foot = (LEFT, foot_top, FOOT_MEASURE, foot_height);
        let size = (size != 2400).then_some(size);
        slide_xml(&format!(
            "{}{}{}{}{}",
            placeholder(
                2,
                "Title",
                "type=\"title\"",
                Some(title),
                &[&self.title],
                size
            ),
            placeholder(
                3,
                "Base",
                "type=\"body\" sz=\"quarter\" idx=\"13\"",
                Some(base),
                &[&self.base],
                None
            ),
            self.chart_frame((LEFT, chart_top, MEASURE, chart_height)),
            placeholder(
                5,
                "Source",
                "type=\"body\" sz=\"quarter\" idx=\"15\"",
                Some(foot),
                &lines(&self.foot),
                None
            ),
            slide_number(6),
        ))
    }

    fn chart_frame(&self, (x, y, width, height): Place) -> String {
        format!(
            "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"4\" name=\"Chart\" descr=\"{}\"/><p:cNvGraphicFramePr>\
             <a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr><p:ph type=\"chart\" idx=\"14\"/></p:nvPr></p:nvGraphicFramePr>\
             <p:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></p:xfrm>\
             <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\">\
             <c:chart xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" r:id=\"rId2\"/></a:graphicData></a:graphic></p:graphicFrame>",
            escape(&self.chart.description)
        )
    }
}

fn lines(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn slide_xml(shapes: &str) -> String {
    format!(
        "{DECLARATION}<p:sld {NAMESPACES}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>\
         <p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>\
         {shapes}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
    )
}

/// A text in its place of the layout, or in a place and size of its own.
fn placeholder(
    id: u32,
    name: &str,
    kind: &str,
    place: Option<Place>,
    paragraphs: &[&str],
    size: Option<u32>,
) -> String {
    let place = place.map_or_else(String::new, |(x, y, width, height)| {
        format!(
            "<a:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm>"
        )
    });
    let size = size.map_or_else(String::new, |size| format!(" sz=\"{size}\""));
    let paragraphs = paragraphs.iter().map(|text| match text.is_empty() {
        true => "<a:p><a:endParaRPr lang=\"en-GB\"/></a:p>".to_owned(),
        false => format!(
            "<a:p><a:r><a:rPr lang=\"en-GB\"{size}/><a:t>{}</a:t></a:r></a:p>",
            escape(text)
        ),
    });
    let paragraphs: String = paragraphs.collect();
    let paragraphs = match paragraphs.is_empty() {
        true => "<a:p><a:endParaRPr lang=\"en-GB\"/></a:p>".to_owned(),
        false => paragraphs,
    };
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>\
         <p:spPr>{place}</p:spPr><p:txBody><a:bodyPr/><a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )
}

fn slide_number(id: u32) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Slide number\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr>\
         <p:nvPr><p:ph type=\"sldNum\" sz=\"quarter\" idx=\"4\"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>\
         <a:p><a:fld id=\"{{6B8B4567-327B-23C6-643C-986966334873}}\" type=\"slidenum\"><a:rPr lang=\"en-GB\"/><a:t>‹#›</a:t></a:fld></a:p></p:txBody></p:sp>"
    )
}

/// Lines that a text takes in Arial of so many hundredths of a point, a little more than most texts need.
fn wrapped(text: &str, size: u32, bold: bool, measure: u32) -> u32 {
    let em = f64::from(size) / 100.0 * POINT;
    let letter = if bold { 0.555 } else { 0.5 };
    let of = |letter_of: char| match letter_of.len_utf8() {
        // letters beyond European ones are as wide as they are high
        1 | 2 => letter,
        _ => 1.0,
    };
    let (mut lines, mut taken) = (1u32, 0.0);
    for word in text.split_whitespace() {
        let mut width = word.chars().map(of).sum::<f64>() * em;
        let room = f64::from(measure);
        if taken > 0.0 && taken + width > room {
            lines += 1;
            taken = 0.0;
        }
        while width > room {
            lines += 1;
            width -= room;
        }
        taken += width + 0.28 * em;
    }
    lines
}

/// Of so many lines.
fn height(lines: u32, size: u32) -> u32 {
    (f64::from(lines) * f64::from(size) / 100.0 * POINT * 1.2).ceil() as u32
}
